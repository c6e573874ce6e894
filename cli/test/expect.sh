#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# expect.sh - medley expect: a failure is declared in the expected.yaml that the
# next run uses, and nothing else in the file changes.
# Usage: expect.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
. "$MEDLEY_HOME/cli/test/common.sh"
vectors=$MEDLEY_HOME/test/vectors/report
shown='out examples/red/expected.yaml'

# The stored run "red" is of examples/red/network.yaml; it has a red cell and a
# green one.
mkdir -p runs examples/red
cp -r "$vectors/red" runs/red
ln -s red runs/latest
echo "banks: []" >examples/red/network.yaml
file=examples/red/expected.yaml
red=4.10+finance-4.10:4.0+finance-4.0
green=4.0+finance-4.0:4.10+finance-4.10

# ---- what is refused, and nothing is written ----

expect needs_a_cell 64 'expected --cell PAYER:PAYEE:NOTARY' expect --reason x
expect needs_a_reason 64 'expected --reason TEXT' expect --cell $red
expect needs_a_text_as_reason 64 '^medley: --reason: expected TEXT, not an empty value' expect --cell $red --reason ''
expect needs_a_name_of_a_cell 64 "cell '4.0': expected PAYER:PAYEE:NOTARY or PAYER:PAYEE, such as 4.0" expect --cell 4.0 --reason x
expect no_such_payer 64 "no bank of release '4.10.finance-4.1'; did you mean '4.10.finance-4.10'" expect --cell 4.10+finance-4.1:4.0+finance-4.0 --reason x
expect no_such_payee 64 "no bank of release 'x'; it has 4.0.finance-4.0, 4.10.finance-4.10" expect --cell 4.0+finance-4.0:x --reason x
expect no_such_notary 64 "no notary of release '4.9'; did you mean '4.8'" expect --cell $red:4.9 --reason x
expect too_many_parts 64 "expected PAYER:PAYEE:NOTARY" expect --cell $red:4.8:4.8 --reason x
expect a_cell_that_passed 64 "cell $(echo $green | tr + .):4.8 passed: there is no failure" expect --cell $green:4.8 --reason x
expect a_pair_that_passed 64 "passed: there is no failure" expect --cell $green --reason x --unsupported
expect a_cell_that_was_not_run 64 "is not-run .the release has one bank.: there is no failure" expect --cell 4.0+finance-4.0:4.0+finance-4.0 --reason x
expect another_message 64 "does not contain 'no such field'; it is: not-recorded, 6 of 6" expect --cell $red --reason x --message 'no such field'
expect no_date 64 -- '--expires 31.12.2099: not a valid date; expected a date such as' expect --cell $red --reason x --expires 31.12.2099
expect a_day_that_is_over 64 -- '--expires 2020-01-01: this day is over' expect --cell $red --reason x --expires 2020-01-01
expect flaky_and_unsupported 64 'leave out --flaky' expect --cell $red --reason x --flaky --unsupported
expect no_run 64 "no run 'blue'" expect blue --cell $red --reason x
ok nothing_was_written test ! -e $file

# ---- an entry ----

expect a_known_failure 0 '^examples/red/expected.yaml:4$' expect --cell $red:4.8 --reason 'it is: #1' \
	--issue https://example.org/12 --owner anna --expires 2099-12-31
ok shows_the_entry grep -q '^    finding: not-recorded$' out
ok says_that_a_report_uses_it grep -q "'medley report runs/red' judges the run with the entry" out
cat >expected-1 <<'END'
# Cells that are known not to work. 'medley help expected.yaml' lists the keys.

known_failures:
  - payer: "4.10+finance-4.10"
    payee: "4.0+finance-4.0"
    notary: "4.8"
    reason: "it is: #1"
    issue: "https://example.org/12"
    owner: anna
    expires: 2099-12-31
    finding: not-recorded
END
ok file_is_made cmp expected-1 $file
expect report_is_green 0 '^PASS' report
expect the_same_cell_again 64 "expected.yaml:4: there is an entry about .* already; change this entry" expect --cell $red:4.8 --reason again
ok file_is_as_before cmp expected-1 $file

# ---- comments, order and mode stay ----

cat >$file <<'END'
# Ours.
unsupported:   # never meant to work
    # - payer: old
    - payer: a # first
      payee: b
      reason: |
        c
        # d

# Bugs.
known_failures:
    - {payer: a, payee: c, reason: d}
END
chmod 600 $file
cp $file before
ln -s ../examples/red/expected.yaml runs/link.yaml
expect an_unsupported_pair 0 '^runs/link.yaml:9$' expect red --cell $red --unsupported --reason 'one jar' -o runs/link.yaml
ok link_stays test -L runs/link.yaml
ok mode_stays test "$(stat -c %a $file)" = 600
ok only_lines_are_added sh -c "diff before $file | grep -c '^<' | grep -qx 0"
ok added_at_the_end_of_its_list sh -c "sed -n '8,13p' $file | tr -d '\n' | grep -q '# d    - payer: .*reason: \"one jar\"# Bugs'"
expect report_takes_both 0 'unsup' report
ok the_other_list_is_read grep -q 'note: expected.yaml:15, a -> c' out

# ---- files that medley does not change ----

echo 'unsupported: [{payer: a, payee: b, reason: c}]' >$file
cp $file before
expect a_list_in_brackets 64 "expected.yaml:1:14: medley cannot add an item to 'unsupported'" expect --cell $red --unsupported --reason x
printf 'unsuported:\n' >other.yaml
expect a_file_with_a_mistake 64 "other.yaml:1:1: unknown key 'unsuported'; did you mean 'unsupported'" expect --cell $red --reason x -o other.yaml
ok neither_has_changed cmp before $file
expect another_directory 64 'expected.yaml: .*No such file|No such file' expect --cell $red --reason x -o no/such/expected.yaml

mkfifo pipe
ok a_pipe_is_not_read sh -c "timeout -s KILL 60 '$medley' expect --cell $red --reason x -o pipe 2>&1 | grep -q 'pipe: not a regular file'"
rm pipe

# ---- a terminal ----

override=$(printf '\342\200\256')
expect a_text_with_an_override 0 'reason: "a.*b"' expect --cell $red --reason "a${override}b" -o override.yaml
ok it_is_not_printed sh -c "! grep -q '$override' out"
ok it_is_in_the_file grep -q "$override" override.yaml

# ---- runs that keep their own ----

cp $file runs/red/expected.yaml
expect of_the_next_run 0 'judged by the expected.yaml that it began with; the entry counts from the next run on' expect --cell $red --reason x -o new.yaml
rm examples/red/network.yaml
expect network_file_is_gone 64 'examples/red/network.yaml, the network file of the run, does not exist; .*--output FILE' expect --cell $red --reason x
expect output_does_without_it 0 '^new2.yaml:4' expect --cell $red --reason x -o new2.yaml

# ---- a mistake is found before the run ----

cp "$MEDLEY_HOME/examples/quickstart/network.yaml" network.yaml
printf 'known_failures:\n  - payer: a\n' >expected.yaml
expect run_reads_it_first 64 "expected.yaml:2:5: a known failure needs the key 'payee'" run network.yaml
ok no_run_is_made sh -c 'ls runs | grep -qvx "latest\|red\|link.yaml" && exit 1; exit 0'
expect validate_reads_it 64 "network.yaml: expected.yaml:2:5: a known failure needs" validate network.yaml
exit $bad
