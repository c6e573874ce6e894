#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tables.sh - tables on a terminal of 60 columns: no line is wider, and through a
# pipe they are as ever.
# Usage: tables.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
. "$MEDLEY_HOME/cli/test/common.sh"
LC_ALL=C.UTF-8
export LC_ALL

shown=seen
# shows COLUMNS WORDS...: what a terminal of so many columns shows, in `seen`.
shows() {
	columns=$1
	shift
	script -qec "stty cols $columns; '$medley' $*" /dev/null </dev/null 2>&1 |
		tr -d '\r' | sed "s/$(printf '\033')\[[0-9;]*m//g" >seen
}
# fits COLUMNS: no line is wider.
fits() {
	[ -s seen ] && [ "$(wc -L <seen)" -le "$1" ]
}
# has PATTERN; pipes PATTERN WORDS...
has() {
	grep -qE -- "$1" seen
}
pipes() {
	pattern=$1
	shift
	"$medley" "$@" >seen 2>&1
	grep -qE -- "$pattern" seen
}

mkdir -p built fake runs/one/engine
cp "$MEDLEY_HOME/test/vectors/images/node-images.txt" built/
printf 'banks: [{release: maven:4.0, count: 2}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\n' >network.yaml
"$medley" generate -n corda -f network.yaml >out 2>&1 || exit 70
cp -r config runs/one/
sed 's/^engine:.*/engine: podman/' config/.medley/resolved >runs/one/network.resolved.yaml
echo '{"rpc_user":"u","rpc_password":"p","database_user":"u","database_password":"p"}' >runs/one/secrets.json
ln -s one runs/latest
printf medley-one-3f1a >runs/one/engine/prefix
cat >fake/podman <<'EOF2'
#!/bin/sh
case $* in
"volume ls"*) echo '[{"Name":"medley-20261121-075012-3f1a-data","CreatedAt":"2026-11-21T07:50:12Z"}]' ;;
"ps "*"name="*) echo '[{"Names":["medley-one-3f1a-bank-4-0-0-node"],"State":"exited","ExitCode":143,"Ports":[]}]' ;;
*json) echo '[]' ;;
esac
EOF2
chmod +x fake/podman
PATH=$dir/fake:$PATH
export PATH

# A run of a long name, and many releases.
mkdir listed
cp -r "$MEDLEY_HOME/test/vectors/report/red" "listed/a-run-of-a-name-that-is-longer-than-others"
cp -r "$MEDLEY_HOME/test/vectors/report/green" listed/green
"$medley" report listed/green >out 2>&1
shows 60 list --runs listed
ok list_fits fits 60
ok list_has_a_head has '^run +answer +network +age +releases$'
ok list_cuts_names has '^a-run-…thers  not judged  down '
ok list_has_columns has '^ {37,}[^ ].*$'
ok list_through_a_pipe pipes '^a-run-of-a-name-that-is-longer-than-others  not judged     down     ' list --runs listed
ok list_through_a_pipe_has_columns pipes '^green                 PASS           down      +[0-9]+ s  4.0 4.5 4.10 around notary 4.8$' list --runs listed
rm -r listed

shows 60 build --list
ok build_list_fits fits 60
ok build_list_has_a_head has '^component  release      built       image$'
ok build_list_has_rows has '^node       maven:4.10   2026-11-26  localhost'
ok build_list_through_a_pipe pipes '^localhost/medley/base@sha256:[0-9a-f]{64}	base	-	' build --list
shows 120 build --list
ok build_list_is_whole has ' localhost/medley/base@sha256:[0-9a-f]{64}$'

shows 60 status
ok status_fits fits 60
ok status_is_narrow has '^bank-4.0-0    exited   not ready  exit code 143$'
ok status_through_a_pipe pipes '^bank-4.0-0                    exited    not ready  exit code 143$' status

shows 60 clean --dry-run
ok clean_fits fits 60
ok clean_is_narrow has '^20261121-075012 podman [0-9]+ d +1  would be removed$'
ok clean_through_a_pipe pipes '^20261121-075012      podman                   [0-9]+ d ' clean --dry-run

shows 60 doctor
ok doctor_fits fits 60
ok doctor_has_rows has '^ok    data         medley'

target=rpc://medley@bank-4-0-0.bank-4-0.a-namespace-of-a-long-name.svc.invalid:1/optional
shows 60 health tcp://127.0.0.1:1/optional $target
ok health_fits fits 60
ok health_says_why has 'refused'
ok health_cuts_the_middle has '^.*rpc://medley@bank.*…'
ok health_through_a_pipe pipes "$target  [0-9]+ ms  " health $target
LC_ALL=C shows 60 health $target
ok health_in_ascii has '~'

# A doorman that has certified a key.
"$medley" doorman --listen 127.0.0.1:0 --state d >served 2>&1 &
doorman=$!
for i in $(seq 200); do
	! grep -q ', port ' served || break
	sleep 0.05
done
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -outform DER 2>seen |
	openssl pkcs8 -inform DER -topk8 -nocrypt -outform DER -out a.key
"$medley" doorman request "http://127.0.0.1:$(sed -n 's/.*, port //p' served)" \
	'O=A notary of a long name, L=London, C=GB' a.key a.jks --seconds 20 >seen 2>&1
kill $doorman
wait $doorman
shows 60 doorman list --state d
ok doorman_list_fits fits 60
ok doorman_list_has_columns has '^ {37}name, L=London, C=GB$'
ok doorman_list_through_a_pipe pipes '^approved  [0-9A-F]{16}  service  O=A notary of a long name, L=London, C=GB$' doorman list --state d
exit $bad
