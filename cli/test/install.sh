#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.sh - an installed medley works without its checkout, also copied and
# renamed, and is uninstalled without a trace.
# Usage: install.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
binary=$(readlink -f "$1")
checkout=$MEDLEY_HOME
unset MEDLEY_HOME
dir=$(mktemp -d "${TMPDIR:-/tmp}/medley-install-XXXXXX") || exit 70
trap 'rm -rf "$dir"' EXIT
bad=0

# ok NAME COMMAND...
ok() {
	name=$1
	shift
	if "$@" >"$dir/output" 2>&1; then
		echo "[       OK ] $name"
	else
		echo "[  FAILED  ] $name: $*"
		cat "$dir/output"
		bad=1
	fi
}
# reports BINARY: it judges a run, for which it reads its data.
reports() {
	rm -rf "$dir/run"
	cp -r "$checkout/test/vectors/report/green" "$dir/run"
	(cd / && "$1" report "$dir/run")
}
fails() {
	! "$@"
}

ok installs "$checkout/make/install" "$binary" "$dir/usr/local"
ok installed_reports reports "$dir/usr/local/bin/medley"
ok installed_has_recipes test -s "$dir/usr/local/share/medley/build-and-publish/recipes/node/recipe.yaml"
ok installed_drafts "$dir/usr/local/bin/medley" init -f "$dir/network.yaml"
ok has_documents test -s "$dir/usr/local/share/doc/medley/docs/tutorial.md"
ok has_manual_pages test -s "$dir/usr/local/share/man/man1/medley-run.1"
ok has_page_of_keys test -s "$dir/usr/local/share/man/man5/network.yaml.5"
ok has_completion_for_bash test -s "$dir/usr/local/share/bash-completion/completions/medley"
ok has_completion_for_zsh test -s "$dir/usr/local/share/zsh/site-functions/_medley"
ok has_completion_for_fish test -s "$dir/usr/local/share/fish/vendor_completions.d/medley.fish"
ln -s "$dir/usr/local/bin/medley" "$dir/linked"
ok linked_reports reports "$dir/linked"

# A copy has its data in itself, and unpacks them into the cache. No other
# directory is read: the checkout is hidden where that can be done.
mkdir "$dir/elsewhere" "$dir/empty"
cp "$dir/usr/local/bin/medley" "$dir/elsewhere/renamed"
cp "$binary" "$dir/elsewhere/copied"
cat >"$dir/hidden" <<END
#!/bin/sh
mount --bind "$dir/empty" "$checkout" && exec "\$@"
END
chmod +x "$dir/hidden"
# alone BINARY: it reports with a new cache, and without the checkout.
alone() {
	rm -rf "$dir/run" "$dir/cache"
	cp -r "$checkout/test/vectors/report/green" "$dir/run"
	if unshare --mount true 2>/dev/null; then
		set -- unshare --mount "$dir/hidden" "$@"
	fi
	(cd / && MEDLEY_CACHE=$dir/cache "$@" report "$dir/run")
}
ok renamed_copy_reports alone "$dir/elsewhere/renamed"
cp "$binary" "$dir/elsewhere/medley-4.10"
ok copy_with_a_prefix_reports alone "$dir/elsewhere/medley-4.10"
ln -s renamed "$dir/elsewhere/medley-version"
ok link_of_a_command_does_it sh -c '"$1" | grep -q "^medley "' - "$dir/elsewhere/medley-version"
ok copy_of_a_checkout_reports alone "$dir/elsewhere/copied"
data=$(echo "$dir"/cache/data/*)
# As files of the checkout, and as private as the cache.
is_unpacked() {
	for file in $("$checkout/make/data-files"); do
		cmp "$checkout/$file" "$data/$file" || return 1
	done
	test "$(stat -c %a "$data")" = 700
}
ok data_is_unpacked is_unpacked
ok copy_drafts env MEDLEY_CACHE="$dir/cache" "$dir/elsewhere/renamed" init -f "$dir/drafted.yaml"
echo x >"$data/report/known-refusals.yaml"
# A copy with a damaged cache, and a release list of the user's beside it.
echo mine >"$dir/elsewhere/releases.txt"
drafts_again() {
	(cd "$dir/elsewhere" && MEDLEY_CACHE=$dir/cache ./renamed init -f again.yaml) &&
		cmp "$dir/drafted.yaml" "$dir/elsewhere/again.yaml" && is_unpacked
}
ok damaged_data_is_unpacked_anew drafts_again
many() {
	rm -rf "$dir/cache"
	for i in 1 2 3 4 5 6; do
		MEDLEY_CACHE=$dir/cache "$dir/elsewhere/renamed" init -f "$dir/many$i.yaml" &
	done
	wait
	for i in 1 2 3 4 5 6; do
		cmp "$dir/drafted.yaml" "$dir/many$i.yaml" || return 1
	done
	is_unpacked && test "$(ls "$dir/cache/data")" = "${data##*/}"
}
ok many_unpack_at_once many
says_what_is_wrong() {
	: >"$dir/file"
	! MEDLEY_CACHE=$dir/file "$dir/elsewhere/renamed" init -f "$dir/new.yaml" >"$dir/said" 2>&1 &&
		grep -q "^medley: unpacking medley's data files: .*MEDLEY_CACHE" "$dir/said"
}
ok cache_that_cannot_be_used_is_named says_what_is_wrong
# Commands that read no data file work without them.
works_without_data() {
	for words in version "list" "status run" "logs run database"; do
		(cd "$dir" && MEDLEY_HOME="$dir/empty" "$dir/elsewhere/renamed" $words) >"$dir/said" 2>&1
		! grep MEDLEY_HOME "$dir/said" || return 1
	done
}
ok commands_that_read_no_data_work works_without_data
names_the_wrong_home() {
	! MEDLEY_HOME="$dir/empty" "$dir/elsewhere/renamed" init -f "$dir/new.yaml" >"$dir/said" 2>&1 &&
		grep -q "^medley: MEDLEY_HOME is $dir/empty, which has no generate/node-conf.yaml" "$dir/said"
}
ok a_wrong_home_is_named names_the_wrong_home

# Whoever can write beside the binary has no say in what medley reads.
mkdir -p "$dir/open/bin"
cp "$binary" "$dir/open/bin/medley"
cp -r "$dir/usr/local/share" "$dir/open/share"
echo '- {' >"$dir/open/share/medley/report/known-refusals.yaml"
MEDLEY_CACHE=$dir/cache
export MEDLEY_CACHE
ok closed_directory_is_read fails reports "$dir/open/bin/medley"
chmod o+w "$dir/open/share/medley"
ok open_directory_is_not_read reports "$dir/open/bin/medley"

# A name with blanks is one name: nobody else's files go.
mkdir "$dir/with"
echo mine >"$dir/with/file"
ok installs_with_blanks "$checkout/make/install" "$binary" "$dir/with blanks/usr"
ok blanks_report reports "$dir/with blanks/usr/bin/medley"
ok uninstalls_with_blanks make -s -C "$checkout" uninstall DESTDIR="$dir/with blanks" PREFIX=/usr
ok nothing_is_left_with_blanks test -z "$(find "$dir/with blanks" ! -type d)"
ok nobody_elses_file_went test -s "$dir/with/file"

ok uninstalls make -s -C "$checkout" uninstall DESTDIR="$dir" PREFIX=/usr/local
ok nothing_is_left test -z "$(find "$dir/usr" ! -type d)"
exit $bad
