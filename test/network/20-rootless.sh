#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A user who is not root builds all images of a small network and runs it, from
# a home that is closed to all others (mode 0700) and with umask 077, in an
# empty cache. The user is made for that, and goes with everything afterwards.
#
# track: podman
# when: always
# needs: rootless
. "$(dirname "$0")/common.sh"
. test/rootless.sh

# One at a time on a machine. Daemons of the user must not inherit the lock.
exec 9>/run/lock/medley-rootless
flock -w 900 9 || exit 70
trap 'rootless_remove; finish' EXIT
rootless_remove
rootless_make || exit 70

# What medley reads, as a user has it who cloned the project.
tar -c medley "$(readlink medley)" releases.txt build-and-publish/recipes \
	generate/manifests ./*/*.yaml |
	as_user sh -c 'mkdir medley && tar -x --no-same-permissions -C medley'
cat >"$runs/network.yaml" <<'END'
banks:
  - release: maven:4.8
    count: 2
notaries:
  - release: maven:4.8
cordapps: finance-4.8
jvm: fast
seed: 5
load: {count: 4, in_flight: 2}
gates: {settled: 2}
END
as_user sh -c 'cat >network.yaml' <"$runs/network.yaml"

# checked NAME: state of a check of the doctor's.
checked() {
	jq -r --arg n "$1" '.checks[] | select(.name == $n) | .state' "$runs/doctor.json"
}

as_user medley/medley doctor --json >"$runs/doctor.json"
[ "$tun_mode" = 666 ] || is "doctor finds that /dev/net/tun is closed" "$(checked tun)" fail
rootless_open_tun
as_user medley/medley doctor --json >"$runs/doctor.json"
is "then nothing fails" "$(jq -r '.checks[] | select(.state == "fail") | .name' "$runs/doctor.json")" ""
is "the home is closed to all others" "$(stat -c %a "$home")" 700

echo "  ...   medley run"
as_user timeout 900 medley/medley run network.yaml >"$runs/run.out" 2>"$runs/run.err"
code=$?
[ "$code" -eq 0 ] || tail -n 30 "$runs/run.err" "$runs/run.out"
is "a network is built, boots and passes" "$code" 0
cp -rL "$home/runs/latest" "$runs/result"
for each in base database node cordapps; do
	ok "the image $each is the user's own" as_user podman image exists \
		"$(as_user podman images -q "localhost/medley/$each" | head -n 1)"
done
ok "both banks paid" holds "$runs/result/results.json" '[.cells[].verdict] == ["pass"]'

notes='[.phases[] | select(.phase == "deploy") | .details.notes // [] | .[]]'
if [ "$(checked cgroup)" = ok ]; then
	ok "memory was limited" holds "$runs/result/results.json" "$notes == []"
else
	ok "the record tells that no memory limit could be set" holds \
		"$runs/result/results.json" "$notes | any(test(\"limit of memory\"))"
	ok "so does the answer" grep -q "^note: .*limit of memory" "$runs/run.out"
	ok "so does the page" grep -q "limit of memory" "$runs/result/report.html"
fi

is "podman has nothing of the run" "$(as_user sh -c 'podman ps -aq; podman pod ls -q
	podman volume ls -q; podman secret ls -q; podman network ls -q --filter label=medley.run')" ""
ok "a killed build left files of subordinate ids" as_user sh -c \
	'mkdir .cache/medley/build/work-dead && cd .cache/medley/build/work-dead &&
	podman unshare sh -c "mkdir x && touch x/y && chown -R 5:5 x && chmod 700 x" &&
	! rm -rf x 2>/dev/null'
ok "the next build removes them" as_user sh -c \
	'medley/medley build database && [ -z "$(ls -d .cache/medley/build/work-* 2>/dev/null)" ]'
