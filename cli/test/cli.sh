#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cli.sh - plain runs of medley with bad input, and with a run from disk: exit
# codes, what is said, and that nothing is made.
# Usage: cli.sh MEDLEY   Prints a line an assertion, as cmocka does.
set -u
. "$MEDLEY_HOME/cli/test/common.sh"

expect no_arguments 0 '^  run +perform all steps' 
expect help 0 '^usage: medley run NETWORK.yaml' help run
expect help_option 0 '^usage: medley logs' logs --help
expect top_help_option 0 '^  run ' --help
expect version 0 '^medley [0-9]' version
expect version_option 0 '^medley [0-9]' --version
expect keys 0 'banks\[\]\.release' help network.yaml
expect help_environment 0 '^\| `MEDLEY_CACHE` \|' help environment
expect help_help 0 'one of four pages: commands .all' help help
expect unknown_command 64 "did you mean 'check'" chekc
expect unknown_option 64 "did you mean '--keep'" run --kep x.yaml
expect usage 64 'usage: medley run NETWORK.yaml' run
expect unknown_topic 64 "did you mean 'run'" help rn
expect no_file 64 'medley: none.yaml: No such file' run none.yaml
expect no_run 64 "there is no run 'runs/latest'" status
expect no_run_named 64 "there is no run 'here' here or in runs; 'medley list'" report here
expect list_nothing 0 "no runs in runs; 'medley run' makes one" list
expect no_tx 64 'at least 4 hex digits' show tx xyz
expect what_to_show 64 "medley show has no verb 'nod'; did you mean 'node'" show nod abcd
expect nothing_to_build 64 'nothing to build' build
expect no_releases_file 64 'none.txt: No such file' build -f none.txt

expect build_component 64 'no component "nodes"; did you mean "node"' build nodes maven:4.0
expect build_wordless 64 'the component database has no releases; remove "maven:4.0"' build database maven:4.0
expect build_registry 64 'registry "Reg/UP": expected HOST' build node maven:4.0 --docker-registry Reg/UP
expect health_target 64 'expected rpc://USER@HOST:PORT or tcp://' health localhost:1
expect health_absent 0 '^ok .*/optional .*skipped: no address in DNS' health tcp://a..b:1/optional
expect health_there 1 '^FAIL .*refused' health tcp://127.0.0.1:1/optional
expect health_nobody 1 '^FAIL  tcp://127.0.0.1:1 .*refused' health tcp://127.0.0.1:1
expect build_seconds 64 '--seconds: expected 1 to 86400, not 0' build --seconds 0 node maven:4.0
expect version_letter 0 '^commit +[0-9a-f]{40}' -V
expect version_libraries 0 '^libraries +libgit2 [0-9.]+, yaml' version
expect version_hardening 0 '^hardening +.' version
expect version_json 0 '"commit": "[0-9a-f]{40}"' version --json
expect option_first 0 '^medley [0-9]' --no-color -v version
expect option_alone 64 "expected a command after '-v'" -v
expect option_first_of_command 64 "medley has no option '--seed'" --seed 7 run network.yaml
expect help_first 0 '^usage: medley doorman approve' --help doorman approve
expect help_groups 0 '^Look at runs$' help
expect help_examples 0 '^  medley run network.yaml --keep$' help run
expect help_verb 0 '^usage: medley doorman approve ID' help doorman approve
expect help_verb_option 0 '^  --reason TEXT' doorman reject --help
expect help_verb_own_options 64 'medley doorman approve takes no --reason' doorman approve ab --reason x
expect help_unknown_verb 64 "medley doorman has no verb 'aprove'; did you mean 'approve'" help doorman aprove
expect help_no_verb 64 "medley run has no verb 'up'" help run up
# A mistyped --state does not make the keys of another network.
printf 'notaries: []\n' >parameters.yaml
for verb in list "approve ab" "reject ab" "forget ab" "forget --from 10.0.0.1" flag-day \
	"parameters parameters.yaml" "publish parameters.yaml" "truststore trust.jks"; do
	expect "doorman_${verb%% *}_of_no_state" 64 "^medley: e does not have the state of a doorman .*'medley doorman serve' makes it, --state DIR names another" doorman $verb --state e
done
expect doorman_list_of_no_state_by_default 64 '^medley: doorman-state does not have the state' doorman list
mkdir -m 0700 e
expect doorman_list_of_another_directory 64 '^medley: e does not have the state' doorman list --state e
rmdir e
rm parameters.yaml
expect doorman_listen 64 'is not an address to listen at' doorman --listen here --state d
expect doorman_option_before_verb 64 'no request begins with "abcd"' doorman --state d approve abcd
expect doorman_mistyped_option 64 "medley doorman list has no option '--jsn'; did you mean '--json'" doorman list --jsn
expect doorman_no_value 64 '--from needs a value: ADDRESS' doorman forget --from
for empty in "run x --runs" "status x --runs" "up x --kubeconfig" "up x --context" "generate --namespace" \
	"generate --output" "generate --file" "build --repo" "build --recipes" "build --docker-registry" "drive --load" \
	"clean --older-than" "doorman list --state" "doorman list --database" "doorman reject ab --reason" "doorman --listen"; do
	expect "empty_--${empty##*--}" 64 "^medley: --${empty##*--}: expected [][a-zA-Z:/]+, not an empty value$" $empty=
done
expect empty_engine 64 "^medley: --engine: expected podman or kubernetes, not ''$" up x --engine=
expect empty_letter 64 "^medley: --namespace: expected NAME, not an empty value$" generate -n ''
expect empty_number 64 "^medley: --seed: expected a whole number, not ''$" run x --seed=
expect no_such_recipes 64 '^medley: --recipes none: there is no such directory' build --recipes none node maven:4.0
expect doorman_bound 64 '--rate: expected 1 to 1000000, not 0' doorman --rate 0
expect doorman_hour 64 'certify the key of O=Raft, L=London, C=GB, for 3600 s at most' doorman request http://127.0.0.1:1 "O=Raft, L=London, C=GB" no.key out.jks
expect doorman_verb 64 "did you mean 'approve'" doorman aprove
expect doorman_usage 64 'usage: medley doorman approve ID' doorman approve
expect doorman_other_option 64 'medley doorman list takes no --seconds' doorman list --seconds 5 --state d
expect doorman_mode 64 "expected auto or hand, not 'ask'" doorman --approve ask
expect doorman_password 64 'the password in \$PGPASSWORD' doorman list --database postgresql://u:p@h/d
expect doorman_password_in_query 64 'the password in \$PGPASSWORD' doorman list --database 'postgresql://h/d?pass%77ord=p'
expect doorman_user_at 70 '127.0.0.1.*refused' doorman list --database 'postgresql://127.0.0.1:1/d?user=doorman@tenant'
expect doorman_uri 64 'expected postgresql://USER@HOST' doorman list --database 'http://127.0.0.1:1/d'
expect doorman_none 64 'no request begins with "abcd"' doorman approve abcd --state d
expect doorman_forget_none 64 'no request begins with "abcd"' doorman forget abcd --state d
expect doorman_forget_what 64 'forget: expected ID... or --from ADDRESS' doorman forget --state d
expect doorman_forget_both 64 'forget: expected ID... or --from ADDRESS' doorman forget abcd --from 10.0.0.1 --state d
expect doorman_forget_from 0 '^forgot 0 requests of 10.0.0.1$' doorman forget --from 10.0.0.1 --state d
expect doorman_forget_nobody 64 '"here": expected an address' doorman forget --from here --state d
expect doorman_from 64 'medley doorman list takes no --from' doorman list --from 10.0.0.1 --state d
expect doorman_no_update 64 'there is no update' doorman flag-day --state d
expect doorman_no_file 64 'none.yaml: No such file' doorman parameters none.yaml --state d
expect doorman_no_key 64 'no.key: No such file' doorman request http://127.0.0.1:1 "O=Raft, L=London, C=GB" no.key out.jks
expect doorman_odd_name 64 "the service's name: O has the character <" doorman request http://127.0.0.1:1 "O=A<b>, L=London, C=GB" no.key out.jks
expect doorman_list 0 '^parameters -' doorman list --state d
chmod 755 d
expect doorman_open_state 64 'other users have rights for d .mode 0755.; remove them with: chmod go= d' doorman list --state d
chmod 700 d
rm -rf d
printf '# one\n-x\n' >releases.txt
expect bad_word 64 'releases.txt:2: "-x": the name of a release must not begin' build -f releases.txt
printf '\357\273\277-x\n' >releases.txt
expect word_behind_a_mark 64 'releases.txt:1: "-x": the name of a release must not begin' build -f releases.txt
printf '\377\376m\000' >releases.txt
expect releases_utf16 64 'releases.txt: the file is UTF-16; save it as UTF-8' build -f releases.txt
printf '\357\273\277banks: []\nnotaries: []\n' >network.yaml
expect no_banks_behind_a_mark 64 '1:8: banks: expected a list' run network.yaml
printf 'banks: []\nnotaries: []\n' >network.yaml
expect no_banks 64 '1:8: banks: expected a list of 1 to 100, not a list of 0' run network.yaml
printf 'banks:\n\t- release: maven:4.0\n' >network.yaml
expect tab 64 '^medley: network.yaml:2:1: a tab; YAML allows only spaces for indentation' run network.yaml
printf 'banks: [{release: mavn:4.10, count: 2}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\n' >network.yaml
expect mistyped_maven 64 '^medley: network.yaml:1:19: release: "mavn:4.10" is not a release; did you mean "maven:4.10"' run network.yaml
expect mistyped_maven_to_build 64 '"mavn:4.10" is not a release; did you mean "maven:4.10"' build node mavn:4.10
head -c 17000000 /dev/zero | tr '\0' a >network.yaml
expect huge 64 'network.yaml: larger than 16777216 bytes' run network.yaml
printf 'banks:\n  - releas: maven:4.0\nnotaries: []\n' >network.yaml
expect bad_key 64 "network.yaml:2:5: unknown key 'releas'; did you mean 'release'" run network.yaml
expect bad_key_generate 64 'network.yaml:2:5: unknown key' generate network.yaml
expect bad_key_json 64 'network.yaml:2:5: unknown key' run --json network.yaml
printf 'banks:\n  - releas: maven:4.0\n    count: 0\nnotaries: []\n' >network.yaml
expect validate_key 64 "^network.yaml:2:5: unknown key 'releas'; did you mean 'release'" validate network.yaml
expect validate_count 64 '^network.yaml:3:12: count: expected a whole number' validate network.yaml
expect validate_line 64 '^      count: 0$' validate network.yaml
expect validate_caret 64 '^             [\^]$' validate network.yaml
expect validate_sum 64 '^medley: network.yaml has 3 errors$' validate network.yaml
expect validate_json 64 '"line": 3' validate network.yaml --json
expect validate_no_file 64 'none.yaml: No such file' validate none.yaml
expect validate_example 0 'quickstart/network.yaml is valid: 4 nodes, 4.0 4.5 4.10 around notary 4.8' validate "$MEDLEY_HOME/examples/quickstart/network.yaml"
git init -q clone && git -C clone -c user.name=x -c user.email=x@example.com commit -q --allow-empty -m x
printf 'banks: [{release: HEAD}, {release: nowhere}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\nrepo: clone\n' >network.yaml
expect validate_commit_ish 64 "^network.yaml:1:36: release: .*nowhere" validate network.yaml
rm network.yaml
expect init 0 '^network.yaml$' init
expect init_is_valid 0 'network.yaml is valid: 4 nodes, 4.0 4.5 4.10 around notary 4.10' validate network.yaml
expect init_overwrites_nothing 64 'network.yaml exists already; -f names another file' init
expect init_named 0 '^two.yaml$' init maven:4.8 maven:4.9 -f two.yaml
expect init_named_is_valid 0 'two.yaml is valid: 3 nodes, 4.8 4.9 around notary 4.9' validate two.yaml
expect init_commit_without_clone 64 "'HEAD' is a commit, branch or tag; name its clone with --repo" init HEAD -f other.yaml
expect init_commit 0 '^other.yaml$' init HEAD maven:4.9 --repo clone -f other.yaml
expect init_commit_is_valid 0 'other.yaml is valid: 3 nodes' validate other.yaml
expect init_no_directory 64 'none/network.yaml: No such file' init -f none/network.yaml
rm two.yaml other.yaml
printf 'banks: [{release: HEAD}, {release: nowhere}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\nrepo: clone\n' >network.yaml
expect bad_commit_ish 64 'network.yaml:1:36: release: .*nowhere' run network.yaml
rm -rf clone
printf 'banks: [{release: maven:4.0, count: 2}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\nidentity: doorman\n' >network.yaml
expect podman_doorman 64 'network.yaml:4:11: identity: doorman is for clusters' run network.yaml
expect podman_doorman_generate 64 'network.yaml:4:11: identity: doorman is for clusters' generate network.yaml
printf 'maven:4.0 maven:4.1\n' >releases.txt
expect two_a_line 64 'releases.txt:1: expected one release per line' build -f releases.txt
rm -f network.yaml
expect cluster_no_images 64 "built/node-images.txt does not exist; build images first" generate -n corda
expect cluster_bad_file 64 'none.yaml: No such file' generate -f none.yaml
made=$(ls -A | grep -vxE 'network.yaml|releases.txt|out')
if [ -z "$made" ]; then
	echo "[       OK ] nothing_is_made"
else
	echo "made: $made"
	echo "[  FAILED  ] nothing_is_made"
	bad=1
fi

# What medley generate writes for a cluster, of images as a build notes them.
mkdir -p built
cp "$MEDLEY_HOME/test/vectors/images/node-images.txt" built/
# holds NAME COMMAND...: it must succeed.
holds() {
	name=$1
	shift
	if "$@" >out 2>&1; then
		echo "[       OK ] $name"
	else
		cat out
		echo "[  FAILED  ] $name: $*"
		bad=1
	fi
}

"$medley" doorman --listen 127.0.0.1:0 --state d >&- 2>doorman.log &
doorman=$!
for i in $(seq 200); do
	[ ! -e d/lock ] || break
	sleep 0.05
done
holds doorman_without_stdout test "$(readlink "/proc/$doorman/fd/1")" = /dev/null
kill "$doorman"
wait "$doorman" || true
rm -rf d doorman.log
modes() {
	find "$1" -type f ! -perm 0600
}
expect cluster_namespace 64 "--namespace: expected lower-case letters.*not 'Corda_1'" generate -n Corda_1
expect cluster_class 64 "--storage-class: expected the name of a StorageClass, not 'a b'" generate -s 'a b'
expect cluster_registry 64 "--docker-registry: expected host\[:port\]\[/path\], not 'http://r'" generate --docker-registry http://r
expect cluster_format 64 "--format: expected plain, helm or kustomize, not 'yaml'" generate --format yaml
expect up_engine 64 "--engine: expected podman or kubernetes, not 'docker'" up --engine docker "$MEDLEY_HOME/examples/quickstart/network.yaml"
# The kubeconfig is looked at before anything is built.
printf 'banks: [{release: maven:4.0, count: 2}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\nengine: kubernetes\nregistry: r.example:5000\n' >clustered.yaml
printf 'apiVersion: v1\nkind: Config\ncontexts: [{name: lab, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]\n' >labs
expect up_registry 64 "a cluster pulls images from a registry, and none is named" up --engine kubernetes --kubeconfig labs --context lab "$MEDLEY_HOME/examples/quickstart/network.yaml"
rm -rf runs
for command in "up clustered.yaml" "run clustered.yaml"; do
	expect "missing_kubeconfig_of_${command%% *}" 64 'none of the files exists: gone' $command --kubeconfig gone
	expect "missing_context_of_${command%% *}" 64 'labs.*context' $command --kubeconfig labs --context lap
done
holds nothing_was_begun_without_a_cluster test ! -e runs
expect cluster_argument 64 "'x.yaml': with these options, name the network file with -f" generate -n corda x.yaml
expect cluster_not_published 64 'no node image of maven:4.0 in r.example:5000; build it: medley build --docker-registry r.example:5000 node maven:4.0' generate -f "$MEDLEY_HOME/test/network/two-releases.yaml" --docker-registry r.example:5000
printf 'banks: [{release: maven:4.9, count: 2}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\n' >network.yaml
expect cluster_no_image 64 'node-images.txt: no node image of maven:4.9; build it: medley build node maven:4.9' generate -n corda
printf 'banks: [{release: a/b}, {release: a.b}, {release: a-b}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\nrepo: .\n' >network.yaml
expect cluster_collision 64 "releases a.b and a-b both get the name 'bank-a-b'|releases a/b and a.b both" generate -n corda
printf 'banks: [{release: maven:4.0, count: 2}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\nidentity: doorman\n' >network.yaml
expect cluster_no_doorman 64 'node-images.txt: no doorman image; build it: medley build doorman' generate -n corda
rm network.yaml
cp built/node-images.txt all-images.txt
sed -i '/\tcordapps\t/d' built/node-images.txt
expect cluster_no_cordapps 64 'no cordapps image; build it: medley build cordapps finance-4.0$' generate -n corda
mv all-images.txt built/node-images.txt
holds nothing_is_made_of_bad_input test ! -e config
expect cluster 0 '^config/bank-4-10$' generate -n corda -s fast
expect cluster_next 0 'kubectl --context lab -n corda scale statefulset bank-4-0 --replicas=1' generate -n corda -s fast --context lab
holds cluster_secrets_are_the_owners test -z "$(modes config)"
cp -r config before
printf 'apiVersion: v1\nkind: Config\n' >kubeconfig
export KUBECONFIG="$dir/kubeconfig"
expect up_other_namespace 64 "--namespace other: the run has corda, and this cannot be changed" up config -n other
expect up_other_engine 64 "--engine podman: the run has kubernetes, and this cannot be changed" up config --engine podman
holds up_refused_begins_no_run test ! -e runs
expect up_no_context 64 "context" up config --context lab
holds up_says_where_it_is test -L runs/latest/config
unset KUBECONFIG
rm -rf runs
# The entry point, beside the program that is tested.
mkdir bin
cp "$MEDLEY_HOME/bin/generate_config" bin/
ln -s "$medley" medley
holds cluster_entry_point bin/generate_config -n corda -s fast
holds cluster_same_bytes diff -r -x resolved before config
expect cluster_two 0 '^config/bank-4-10$' generate -n corda -f "$MEDLEY_HOME/test/network/two-releases.yaml"
holds cluster_stale_is_removed test ! -e config/bank-4-5
holds cluster_keys_stay diff before/bank-4-0/bank-4-0-keys.yaml config/bank-4-0/bank-4-0-keys.yaml
holds cluster_entry_point_again bin/generate_config -n corda -s fast
holds cluster_who_comes_again_is_the_same diff -r -x identities.jks -x resolved before config
printf '{"auths":{"r.example:5000":{"auth":"dTpw"},"other.example":{"auth":"dTpw"}}}' >auth.json
sed 's,localhost/medley,r.example:5000/net,' <built/node-images.txt >new && mv new built/node-images.txt
export REGISTRY_AUTH_FILE="$dir/auth.json"
expect cluster_login 0 'files, regsecret' generate -n corda -o login --docker-registry r.example:5000/net
holds cluster_login_alone test "$(sed -n 's/^  .dockerconfigjson: //p' login/network/regsecret.yaml | tr -d '"' | base64 -d)" = '{"auths":{"r.example:5000":{"auth":"dTpw"}}}'
holds cluster_login_named grep -q '^        - name: regsecret$' login/bank-4-10/bank-4-10.yaml
printf 'banks: [{release: maven:4.0, count: 2}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\nkubernetes: {prefix: red}\n' >red.yaml
expect cluster_prefix_bad 64 "red.yaml:4:22: prefix: expected at most 12 lower-case letters, digits and '-', a letter first and '-' last, such as red-, not 'red'" generate -n corda -f red.yaml
sed -i 's/red}/red-}/' red.yaml
expect cluster_prefix 0 '^red/red-bank-4-0$' generate -n corda -f red.yaml -o red --docker-registry r.example:5000/net
holds cluster_prefix_login grep -q '^        - name: red-regsecret$' red/red-bank-4-0/red-bank-4-0.yaml
holds cluster_prefix_secret grep -q '^  name: red-regsecret$' red/network/regsecret.yaml
holds cluster_prefix_run grep -q '^    medley.run: "red-corda"$' red/network/database.yaml
expect cluster_prefix_chart 0 'helm install red-medley redchart' generate -n corda -f red.yaml -o redchart --format helm --docker-registry r.example:5000/net
holds cluster_prefix_pull grep -q 'pullSecrets: \[{name: red-regsecret}\]' redchart/values.yaml
mkdir helpers
printf '#!/bin/sh\necho "{\\"Username\\":\\"hu\\",\\"Secret\\":\\"hp\\"}"\n' >helpers/docker-credential-desktop.exe
chmod +x helpers/docker-credential-desktop.exe
printf '{"auths":{"r.example:5000":{"auth":"dTpw"}},"credHelpers":{"r.example:5000":"desktop.exe"}}' >auth.json
path=$PATH
PATH="$dir/helpers:$PATH"
expect cluster_helper 0 'files, regsecret' generate -n corda -o login --docker-registry r.example:5000/net
PATH=$path
holds cluster_helper_before_entry test "$(sed -n 's/^  .dockerconfigjson: //p' login/network/regsecret.yaml | tr -d '"' | base64 -d)" = '{"auths":{"r.example:5000":{"auth":"aHU6aHA="}}}'
export REGISTRY_AUTH_FILE="$dir/none.json"
expect cluster_no_login 0 ' files ' generate -n corda -o login
holds cluster_no_login_left test ! -e login/network/regsecret.yaml
expect init_built 0 '^drafted.yaml$' init -f drafted.yaml
expect init_built_generates 0 ' files' generate -n corda -o drafted -f drafted.yaml
expect cluster_chart 0 '^chart$' generate -n corda -o chart --format helm
holds cluster_chart_names grep -q '^name: medley' chart/Chart.yaml
expect cluster_base 0 '^base$' generate -n corda -o base --format kustomize
holds cluster_base_names grep -q '^  - bank-4-10/bank-4-10.yaml' base/kustomization.yaml
# What git takes as a branch, build and generate take as a release.
cp built/node-images.txt all-images.txt
sed -n "s,\tmaven:4.10\t,\tfehler/größe\t,p; s,\tmaven:4.5\t,\to'brien\t,p" all-images.txt >>built/node-images.txt
printf "banks: [{release: fehler/größe}, {release: o'brien}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\nrepo: .\n" >network.yaml
expect cluster_word 0 '^words/bank-fehler-gr-e-[0-9a-f]{6}$' generate -n corda -f network.yaml -o words
expect cluster_words_of_the_record 0 '^words/bank-o-brien$' generate -n corda -o words
mv all-images.txt built/node-images.txt
rm network.yaml

mkdir -p runs/one
ln -s one runs/latest
cat >runs/one/network.resolved.yaml <<'END'
medley: "0"
file: "network.yaml"
engine: "podman"
namespace: "medley"
seed: 1
releases:
  - {label: "4.0", word: "maven:4.0", cordapps: "finance-4.0"}
nodes:
  - {name: bank-4.0-0, role: bank, release: 0, legal_name: "O=b", set: b,
     ordinal: 0, pod: b-0, host: b, database: b_0, validating: false}
END
cat >runs/one/history.jsonl <<'END'
{"id":1,"kind":"pay","payer":"bank-4.0-0","payee":"bank-4.0-0","notary":null,"amount":12345,"currency":"USD","intended_us":1,"sent_us":1795247412000000,"done_us":0,"outcome":"unknown","error_class":"X","error_text":"late","flow":null,"tx":"ABCDEF0123"}
END
echo '{"op":1,"tx":"ABCDEF0123","payer_has":true,"payee_has":false,"notary_has":true}' >runs/one/settlements.jsonl
echo '{"kind":"not-recorded","note":false,"tx":"ABCDEF0123","op":1,"node":"bank-4.0-0","summary":"it is not there","evidence":{"jar":"J1"}}' >runs/one/findings.jsonl
expect show_payment 0 '^payment 1: 123.45 USD, outcome unknown' show tx abcd
expect show_party 0 'payee +bank-4.0-0 +4.0 +does NOT have the transaction' show tx abcd runs/one
expect show_finding 0 '^finding not-recorded at bank-4.0-0 \(4.0\)' show tx ABCDEF runs/latest
expect show_evidence 0 '"jar": "J1"' show tx ABCDEF
expect show_none 64 'runs/one has no transaction that begins with 9999' show tx 9999
expect logs_of_nobody 64 "has no node 'bank-4.0-1'; did you mean 'bank-4.0-0'" logs bank-4.0-1
expect no_own_log 64 'saves it when the network goes down' logs bank-4.0-0.node.log
mkdir -p runs/one/logs
echo stack >runs/one/logs/bank-4.0-0.node.log
expect own_log 0 '^stack$' logs bank-4.0-0.node.log
expect own_log_of_nobody 64 "has no node 'bank-4.0-1.node.log'" logs bank-4.0-1.node.log
expect own_log_of_a_path 64 'has no node' logs ../bank-4.0-0.node.log
# Whoever reads a part of it has what he wants.
seq 300000 >runs/one/logs/bank-4.0-0.node.log
first_line() {
	{ "$medley" "$@" 2>said; echo $? >code; } | head -n 1 >out
}
first_line logs bank-4.0-0.node.log
holds part_of_a_log test "$(cat out)" = 1
holds part_of_a_log_is_no_error test ! -s said
holds part_of_a_log_ends_by_signal test "$(cat code)" = 141
"$medley" help commands >/dev/full 2>said
holds full_disk_is_an_error test $? = 70
rm -r runs/one/logs code said
# So of what is printed when the command is done: its exit code counts.
first_line help commands
first_line help network.yaml
holds part_of_a_page_is_no_error test ! -s said
rm code said

cp -r runs/one before-drive
printf 'load: {count: 9}\nbanks: 2\n' >load.yaml
expect drive_load_other_key 64 "load.yaml:2:1: unknown key 'banks'; a file of a load has: load, timeouts" drive --load load.yaml
printf 'load:\n  cuont: 9\n' >load.yaml
expect drive_load_key 64 "load.yaml:2:3: unknown key 'cuont'; did you mean 'count'" drive runs/one --load load.yaml
printf 'load: {count: 9}\ntimeouts: {flow: 0}\n' >load.yaml
expect drive_load_flow 64 'load.yaml:2:18: flow: expected a whole number from 1 to 86400' drive --load load.yaml
printf 'load: {count: 9}\ntimeouts: {settle: 5}\n' >load.yaml
expect drive_load_settle 64 "load.yaml:2:12: unknown key 'settle'" drive --load load.yaml
printf 'timeouts: {flow: 5}\n' >load.yaml
expect drive_load_missing 64 "load.yaml:1:1: a file of a load needs the key 'load'" drive --load load.yaml
printf 'load: {count: 0}\n' >load.yaml
expect drive_load_endless 64 'load.yaml:1:7: load: no limit is set; expected count or seconds above 0' drive --load load.yaml
expect drive_load_none 64 'none.yaml: No such file' drive --load none.yaml
holds bad_load_changes_nothing diff -r before-drive runs/one

expect check_after_down 64 "no endpoints.json; 'medley up' writes it" check runs/one
expect ask_after_down 64 "no bank of runs/one is up; 'medley up runs/one' boots" check --ask-nodes runs/one
if [ -e runs/one/phases.jsonl ]; then
	echo "[  FAILED  ] old_run_keeps_its_phases"
	bad=1
else
	echo "[       OK ] old_run_keeps_its_phases"
fi
# A directory that cannot be used is named with the reason, and is the user's to
# mend: no "bug of medley".
with() {
	set_to=$1 name=$2
	shift 2
	medley="env -u MEDLEY_CACHE -u XDG_CACHE_HOME $set_to $medley"
	expect "$name" "$@"
	medley=${medley##* }
}
printf 'banks: [{release: maven:4.0, count: 2}]\nnotaries: [{release: maven:4.8}]\ncordapps: finance-4.0\n' >network.yaml
touch plain
for unusable in "HOME=$dir/plain" "XDG_CACHE_HOME=$dir/plain" "MEDLEY_CACHE=$dir/plain" HOME=/proc/none; do
	with "$unusable" "doctor_with_$unusable" 1 '^FAIL +cache .*: (Not a directory|No such file)' doctor
	with "$unusable" "clean_with_$unusable" 64 'cache .MEDLEY_CACHE names another directory.*: (Not a directory|No such file)' clean --dry-run
	with "$unusable" "build_with_$unusable" 64 'cache .MEDLEY_CACHE names another directory.*: (Not a directory|No such file)' build base
done
with TMPDIR=/none doctor_without_tmpdir 1 '^FAIL +temporary +/none: No such file' doctor
# Where there is no podman, no run is begun.
mkdir stub none
with "PATH=$dir/none" no_podman 65 'podman is not installed: run ./setup; nothing was made' run network.yaml
holds no_podman_no_run sh -c "! ls -d runs/2*"
printf '#!/bin/sh\n' >stub/podman
chmod +x stub/podman
with "PATH=$dir/stub:$PATH" runs_is_a_file 64 'plain: Not a directory' run network.yaml --runs plain
with "PATH=$dir/stub:$PATH" runs_cannot_be_made 64 '/proc/none[^ ]*: No such file' run network.yaml --runs /proc/none
expect state_is_a_file 64 'plain.*: Not a directory' doorman serve --state plain --listen 127.0.0.1:0
expect state_cannot_be_made 64 '/proc/none.*: No such file' doorman serve --state /proc/none --listen 127.0.0.1:0
expect output_is_a_file 64 'plain.*: Not a directory' generate -n corda -o plain
expect output_cannot_be_made 64 '/proc/none.*: No such file' generate -n corda -o /proc/none
# However long an argument is, the error says what is wrong with it.
long=$(head -c 4096 /dev/zero | tr '\0' a)
deep=$(printf '%041d/' $(seq 100))
expect long_command 64 "no command 'a+…a+'; 'medley help' lists them" "$long"
expect long_option 64 "has no option '--a+…a+'; see 'medley help run'" run "--$long"
expect long_engine 64 "--engine: expected podman or kubernetes, not 'a+…a+'$" run network.yaml --engine "$long"
expect long_file 64 'a+…a+: (No such file|File name too long)' run "$long"
with "PATH=$dir/stub:$PATH" long_runs 64 'a+…a+: File name too long' run network.yaml --runs "$long"
expect long_run 64 "there is no run 'a+…a+' here or in runs; 'medley list' lists the runs" status "$long"
expect long_address 64 '"a+…a+".* is not an address to listen at|"a+…a+": expected' doorman --listen "$long" --state d
expect long_state 64 '…[0-9a/]*: File name too long' doorman list --state "$deep"
with "MEDLEY_CACHE=$dir/$deep" long_cache 64 'a path that is empty or too long: File name too long' clean --dry-run
rm -rf d plain stub none network.yaml
# A run that somebody else has sent: what it names beside its own stays.
mkdir -p fake victim/inner runs/sent/engine
printf '#!/bin/sh\necho "$*" >>"%s/asked"\n' "$dir" >fake/podman
chmod +x fake/podman
cp runs/one/network.resolved.yaml runs/sent/
printf medley-20261121-075012-3f1a >runs/sent/engine/prefix
for thing in "pod --all" "pod -a" "container --all" "volume --all" \
	"secret --all" "network podman" "pod other" "directory $dir/victim" \
	"pod medley-20261121-075012-3f1a-bank"; do
	echo "{\"kind\":\"${thing% *}\",\"name\":\"${thing#* }\"}"
done >runs/sent/inventory.jsonl
cp -r runs/sent runs/other
path=$PATH PATH="$dir/fake:$PATH"
expect down_of_a_strangers_run 0 '8 objects in inventory.jsonl do not belong to this run' down runs/sent
holds down_removes_no_directory test -d victim/inner
holds down_removes_only_its_own test "$(grep -w rm asked)" = 'pod rm --force --time 0 -- medley-20261121-075012-3f1a-bank'
# A pod that does not go is removed in three rounds; whose the network is, is
# asked once.
rm asked
echo '[ "$1 $2" != "pod ps" ] || echo medley-20261121-075012-3f1a-bank' >>fake/podman
cp runs/other/inventory.jsonl runs/sent/
expect down_of_a_pod_that_stays 68 '1 object is left, the first is pod medley-20261121-075012-3f1a-bank' down runs/sent
holds down_has_three_rounds test "$(grep -c '^pod rm' asked)" = 3
holds down_asks_once_for_the_network test "$(grep -c '^network inspect' asked)" = 1
# A podman that says nothing, or something else than it should, is an error of
# the machine: nobody's file is wrong.
cp fake/podman kept-podman
printf '#!/bin/sh\n' >fake/podman
expect clean_with_a_silent_podman 70 'podman, asked for each pod printed nothing; expected JSON' clean --dry-run
expect build_with_a_silent_podman 70 'podman images printed nothing; expected JSON' build database
printf '#!/bin/sh\necho ready\n' >fake/podman
expect clean_with_a_podman_of_another_kind 70 'output of podman, asked for each pod:1:5: invalid token near .ready.' clean --dry-run
printf '#!/bin/sh\nexit 3\n' >fake/podman
expect clean_with_a_podman_that_fails 70 'podman pod: exit 3: it printed no reason' clean --dry-run
mv kept-podman fake/podman
# An id that no run has is an error; a run that has left nothing is none.
cat >fake/podman <<'EOF'
#!/bin/sh
case $* in
"volume ls"*) cat volumes ;;
*json) echo '[]' ;;
esac
EOF
echo '[]' >volumes
expect clean_nothing 0 '^no run has left anything' clean
expect clean_of_no_run 64 "no run has the id '20261121-075013', and none has left anything in podman" clean 20261121-075013
expect clean_of_a_clean_run 0 '^these runs have not left anything' clean one
expect clean_of_latest 64 "no run has the id 'latest'" clean latest
echo '[{"Name":"medley-20261121-075012-3f1a-data","CreatedAt":"2026-11-21T07:50:12Z"}]' >volumes
expect clean_of_a_typo 64 "no run has the id '20261121-075021'; did you mean '20261121-075012'. Runs that have left something: 20261121-075012" clean --dry-run 20261121-075021
expect clean_of_another 64 "no run has the id 'x'; runs that have left something: 20261121-075012" clean one x
expect clean_of_one 0 '^20261121-075012 +podman .*would be removed' clean --dry-run 20261121-075012
expect clean_of_one_that_stays 68 'medley: 1 object is left, the first is ' clean --older-than 0s 20261121-075012
printf -- --all >runs/other/engine/prefix
expect down_of_a_foreign_prefix 64 'engine/prefix: expected medley-RUN-' down runs/other
sed -i 's/pod: b-0/pod: ..\/..\/b/' runs/other/network.resolved.yaml
expect down_of_foreign_names 64 'a name of node 0 is not valid' down runs/other
PATH=$path
# Its kubeconfig is not read, let alone the program in it run.
cp -r runs/one runs/cluster
sed -i 's/^engine:.*/engine: kubernetes/' runs/cluster/network.resolved.yaml
mkdir -p runs/cluster/engine runs/cluster/config
cat >runs/cluster/engine/kubeconfig <<END
current-context: c
contexts: [{name: c, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: "$dir/plugin"}}}]
END
printf '#!/bin/sh\ntouch "%s/plugin-ran"\n' "$dir" >plugin
chmod +x plugin
cp runs/cluster/engine/kubeconfig runs/cluster/engine/shared
record() {
	printf '{"kubeconfig":"%s","context":"c","server":"https://127.0.0.1:1","namespace":"%s","run":"x"}' "$1" "${2:-medley}" \
		>runs/cluster/engine/cluster.json
}
echo '{"kind":"Namespace","name":"medley"}' >runs/cluster/inventory.jsonl
record "$dir/runs/cluster/engine/kubeconfig"
for command in "logs runs/cluster bank-4.0-0" "down runs/cluster" "status runs/cluster"; do
	expect "strangers_kubeconfig_${command%% *}" 64 'engine/cluster.json: the run names the kubeconfig .*, which is inside the directory of a run; if that file is yours, name it with --kubeconfig' $command
done
cp runs/cluster/engine/kubeconfig shared
chmod 0620 shared
record "$dir/shared"
expect kubeconfig_that_others_write 64 'which can be written by other users' down runs/cluster
record ../shared
expect kubeconfig_of_no_place 64 'which is not an absolute path' down runs/cluster
record "$dir/gone"
expect kubeconfig_that_is_gone 64 'does not exist: .*/gone; name a kubeconfig with --kubeconfig' down runs/cluster
chmod 0600 shared
record "$dir/shared"
expect record_of_another_machine 64 'the run was not deployed by this user with this cache, and names the kubeconfig .*/shared; if that file is yours, name it with --kubeconfig' down runs/cluster
expect clean_of_the_named_cluster 64 'none of the files exists: gone' clean --kubeconfig gone
holds no_plugin_was_run test ! -e plugin-ran
sed -i 's,127.0.0.1:1",127.0.0.1:2",' shared
expect kubeconfig_given 64 "in the cluster at https://127.0.0.1:1, but context 'c' is now https://127.0.0.1:2" down runs/cluster --kubeconfig shared
sed -i 's/"server":"[^"]*",//' runs/cluster/engine/cluster.json
expect record_without_a_server 64 'cluster.json: no server' down runs/cluster --kubeconfig shared
record "$dir/shared" ..
expect record_of_foreign_names 64 'run or namespace: expected letters' down runs/cluster --kubeconfig shared
rm runs/cluster/engine/cluster.json
mkdir runs/linked elsewhere
cp runs/sent/network.resolved.yaml runs/linked
ln -s ../../stolen runs/linked/phases.jsonl
expect down_of_a_run_with_links 64 'phases.jsonl is a symbolic link' down runs/linked
rm runs/linked/phases.jsonl
ln -s ../../elsewhere runs/linked/logs
expect report_of_a_run_with_links 64 'logs is a symbolic link' report runs/linked
rm runs/linked/logs
ln -s ../../elsewhere runs/linked/config
expect report_of_a_run_of_given_manifests 64 'has no cells to judge' report runs/linked
holds nothing_was_written_elsewhere sh -c 'test ! -e stolen && test -z "$(ls elsewhere)"'
echo x >file
expect file_as_run 64 'file is a file; expected the directory of a run' report file

ln -s "$medley" medley-show
medley=./medley-show
expect by_name_of_link 0 '^payment 1' tx abcd
echo '{"op":' >>runs/one/findings.jsonl
expect torn_line 64 'one/findings.jsonl:2:6: ' tx abcd
exit $bad
