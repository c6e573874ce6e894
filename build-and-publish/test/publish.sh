#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Images go to real registries, once, and what a registry refuses is said. Run
# in the root.
#
# track: build
# when: always
# needs: -
. test/network/common.sh
here=$PWD/build-and-publish/test
cd "$runs" || exit 70
cache=$(dirname "$conf")/build
export GIT_CONFIG_GLOBAL=/dev/null
servers= commit=none commit_bad=none

stop_all() {
	for pid in $servers; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	for revision in "$commit" "$commit_bad"; do
		podman images -q --no-trunc \
			--filter "label=org.opencontainers.image.revision=$revision"
	done | sort -u | xargs -r podman rmi -f
}
trap 'stop_all >/dev/null 2>&1; finish' EXIT

free_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# registry NAME PORT [MORE-CONFIGURATION]: a real one; its log is NAME.log.
registry() {
	cat >"$1.yml" <<END
version: 0.1
log: {accesslog: {disabled: false}, level: error}
storage: {filesystem: {rootdirectory: $runs/data-$1}}
http:
  addr: 127.0.0.1:$2
$3
END
	# It takes REGISTRY_* for keys of its configuration.
	env -u REGISTRY_AUTH_FILE docker-registry serve "$1.yml" >>"$1.log" 2>&1 &
	servers="$servers $!"
	until_true 10 curl -sko /dev/null "127.0.0.1:$2"
}

# publish NAME WANTED-EXIT WHERE ARGS...
publish() {
	name=$1 wanted=$2 where=$3
	shift 3
	medley_run "$name" "$wanted" build --repo clone --recipes recipes \
		--json --docker-registry "$where" "$@"
}

uploads() {
	grep -cE '"(PUT|POST|PATCH) ' "$1.log"
}

image_of() {
	jq -r ".images[${2:-0}].image" "$1.out"
}

# What the registry itself says of a tag: the header of its answer.
digest_of() {
	curl -sI -H 'Accept: application/vnd.oci.image.manifest.v1+json' \
		"http://$plain/v2/a/greeting/manifests/$1" | tr -d '\r' |
		awk 'tolower($1) == "docker-content-digest:" { print $2 }'
}

# failure NAME TEXT: the first image's failure has this text.
failure() {
	jq -r '.images[0].failure' "$1.out" | grep -F -- "$2" ||
		{ cat "$1.out" && false; }
}

nothing_stays() {
	# shellcheck disable=SC2009
	! ps -eo args | grep "^skopeo .*$1" &&
		[ "$(find "$cache" -maxdepth 1 -name 'work-*' -newer began)" = "" ] &&
		! buildah containers --format '{{.ContainerName}}' | grep greeting
}

mkdir -p recipes/greeting recipes/greeting-more clone
cat >recipes/greeting/recipe.yaml <<'END'
base: base
words:
  - word: "{}"
    command: [gcc, -static, -Os, -s, -o, greeting, greeting.c]
    files: {greeting: greeting}
END
cat >recipes/greeting/Containerfile <<'END'
FROM base AS unused
FROM scratch
COPY --chmod=0755 greeting /greeting
CMD ["/greeting"]
END
printf 'base: greeting\nwords:\n  - word: "{}"\n' >recipes/greeting-more/recipe.yaml
printf 'FROM greeting\nCOPY more.txt /\n' >recipes/greeting-more/Containerfile
echo more >recipes/greeting-more/more.txt
cat >clone/greeting.c <<'END'
#include <stdio.h>
int main(void) { return puts("good day") < 0; }
END
git init -q -b main clone
git -C clone add .
git -C clone -c user.name=t -c user.email=t@t commit -q -m greeting
commit=$(git -C clone rev-parse HEAD)
git -C clone checkout -q -b bad
git -C clone -c user.name=t -c user.email=t@t commit -q --allow-empty -m bad
commit_bad=$(git -C clone rev-parse HEAD)
touch began

# Plain HTTP, no password.
plain=127.0.0.1:$(free_port)
registry plain "${plain#*:}" ""
publish first 0 "$plain/a" greeting main
image=$(image_of first)
ok "it is said to be published" holds first.out '.images[0].pushed'
tag=$(grep -o 'docker://[^ ]*greeting:main-[0-9a-f]*' built/logs/greeting-main.log |
	head -n 1 | sed 's/.*://')
is "the registry has this digest" "$(digest_of "$tag")" "${image#*@}"
is "so has the record" "$(awk '$2 == "greeting" { i = $1 } END { print i }' \
	built/node-images.txt)" "$image"
is "the image runs when pulled by it" \
	"$(podman run --rm --pull=always --tls-verify=false --network none "$image" 2>run.err)" \
	"good day"
podman untag "$image" "$image" >/dev/null 2>&1
uploaded=$(uploads plain)
began=$(date +%s%N)
publish again 0 "$plain/a" greeting main
ok "again is under 2 s" test $((($(date +%s%N) - began) / 1000000)) -lt 2000
is "again has the same digest" "$(image_of again)" "$image"
is "again uploads nothing" "$(uploads plain)" "$uploaded"
rm -rf built
publish unbuilt 0 "$plain/a" greeting main
is "without the record, neither" "$(uploads plain)" "$uploaded"
podman rmi -f "$(podman images -q --filter label=medley.component=greeting \
	--filter "label=org.opencontainers.image.revision=$commit" | head -n 1)" \
	>/dev/null 2>&1
publish rebuilt 0 "$plain/a" greeting main
ok "removed here, it is built again" holds rebuilt.out '.images[0].cached | not'
is "with the same digest" "$(image_of rebuilt)" "$image"
is "and not uploaded again" "$(uploads plain)" "$uploaded"

publish more 0 "$plain/a" greeting-more main
is "a second component uploads its own layer alone" \
	"$(grep -c '"PUT .*/a/greeting-more/blobs/uploads/' plain.log)" 2
publish both-one 0 "$plain/b" greeting main >both-one.said &
one=$!
publish both-two 0 "$plain/b" greeting main
wait "$one"
is "two at once publish the same image" "$(image_of both-one)" \
	"$(image_of both-two)"

# TLS of a CA of one's own, and a password.
password=never-shown-$$
certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 2 "$@" 2>/dev/null
}
auth_file() {
	printf '{"auths": {"%s": {"auth": "%s"}}}' "$secure" \
		"$(printf 'user:%s' "$1" | base64)"
}
mkdir ca other-ca
certificate -subj /CN=ca -keyout ca.key -out ca/ca.crt
certificate -subj /CN=other -keyout other.key -out other-ca/ca.crt
certificate -subj /CN=registry -addext subjectAltName=IP:127.0.0.1 \
	-addext basicConstraints=CA:FALSE -CA ca/ca.crt -CAkey ca.key \
	-keyout registry.key -out registry.crt
perl -e 'print "user:", crypt($ARGV[0], q($2b$05$abcdefghijklmnopqrstuu)), "\n"' \
	"$password" >htpasswd
secure=127.0.0.1:$(free_port)
registry secure "${secure#*:}" "  tls: {certificate: $runs/registry.crt, key: $runs/registry.key}
auth: {htpasswd: {realm: test, path: $runs/htpasswd}}"
auth_file "$password" >right.json
auth_file wrong-one >wrong.json
echo '{}' >none.json
echo 'no JSON' >broken.json
for how in wrong none broken; do
	began=$(date +%s)
	REGISTRY_AUTH_FILE=$runs/$how.json publish "$how" 65 "$secure/a" \
		--cert-dir ca greeting main
	ok "password $how: it says to log in" failure "$how" "log in"
	ok "at once" test $(($(date +%s) - began)) -lt 5
	ok "in a table, too" grep -q '^component  *release' "$how.err"
done
export REGISTRY_AUTH_FILE=$runs/right.json
publish stranger 65 "$secure/a" --cert-dir other-ca greeting main
ok "of another CA: it names --cert-dir" failure stranger --cert-dir

# A real node's image; all command lines are looked at meanwhile.
printf '%s\n%s\n' "$password" "$(printf 'user:%s' "$password" | base64)" >secret
start node build node maven:4.0 --json --cert-dir ca \
	--docker-registry "$secure/a"
looked=0
while kill -0 "$background" 2>/dev/null; do
	cat /proc/[0-9]*/cmdline 2>/dev/null | grep -aFf secret >>seen
	looked=$((looked + 1))
	sleep 0.1
done
wait "$background"
is "a node's image is published" "$?" 0
background=
ok "command lines were looked at ($looked times)" test "$looked" -gt 10
ok "no command line had the password" test ! -s seen
ok "no log or output has it" sh -c '! grep -rFf secret built *.out *.err'
is "the node starts when pulled by its digest" "$(podman run --rm \
	--pull=always --authfile right.json --tls-verify=false --network none \
	"$(image_of node)" 2>node-run.err | grep -c '^Version: 4.0')" 1
podman untag "$(image_of node)" "$(image_of node)" >/dev/null 2>&1

# Down: asked again, and later and later.
gone=127.0.0.1:$(free_port)
began=$(date +%s)
publish down 65 "$gone/a" greeting main
ok "a registry that is down is named" failure down "$gone"
ok "and was asked more than once" failure down "tries: 5"
ok "within half a minute" test $(($(date +%s) - began)) -lt 30
rm built/logs/greeting-main.log
start late build greeting main --repo clone --recipes recipes --json \
	--docker-registry "$gone/a"
until_true 10 grep -q 'connection refused' built/logs/greeting-main.log
registry gone "${gone#*:}" ""
wait "$background"
is "one that comes up meanwhile gets it" "$?" 0
background=

# A proxy makes it fail where a real one cannot be made to.
faulty=127.0.0.1:$(free_port)
echo pass >mode
python3 "$here/faulty.py" "${faulty#*:}" "${plain#*:}" mode 2>faulty.log &
servers="$servers $!"
until_true 10 curl -so faulty.out "$faulty/v2/"
echo "busy 3" >mode
publish busy 0 "$faulty/c" greeting main
ok "503, then all is well: published" holds busy.out '.images[0].pushed'
echo "forbid /manifests/bad-" >mode
publish forbid 65 "$faulty/d" greeting bad main
ok "403: it says so" failure forbid "not allowed to push"
ok "the release beside it is published" holds forbid.out \
	'.images[1] | .failure == null and .pushed'
echo stall >mode
touch began
began=$(date +%s)
publish stall 65 "$faulty/e" greeting main --seconds 4
ok "a stall ends with --seconds" failure stall "not finished within 4 s"
ok "in time" test $(($(date +%s) - began)) -lt 12
ok "and leaves nothing" nothing_stays "$faulty"
