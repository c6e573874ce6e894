#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Images behind a password: without a login, or with a wrong one, the error
# names the pod, the image and the Secret; with the user's own login nodes come
# up, and nothing shows the password.
#
# track: kubernetes
# when: generate/manifests/regsecret.yaml kube/trouble
# needs: root kubernetes
. "$(dirname "$0")/common.sh"

up --login
enter_site database cordapps:finance-4.0 node:maven:4.0
# Pods pull them from where a password is wanted.
sed -i "s,^$medley_registry/,$medley_login_registry/," "$images"
cat >network.yaml <<'END'
banks: [{release: maven:4.0, count: 2}]
notaries: [{release: maven:4.0}]
cordapps: finance-4.0
END
umask 077
echo '{"auths": {}}' >none.json
jq '.auths[].auth = ("puller:wrong" | @base64)' "$medley_login" >wrong.json
cp "$medley_login" right.json
password=$(jq -r '.auths[].auth | @base64d | split(":")[1]' right.json)

# up_with LOGIN CODE: what the user has left by `podman login` is in LOGIN.json.
up_with() {
	step "$1" "$2" env REGISTRY_AUTH_FILE="$site/$1.json" "$medley" up network.yaml \
		--engine kubernetes -n corda -s "$medley_storage_class" --context test-token \
		--docker-registry "$medley_login_registry/net"
}
refused_is_named() {
	ok "the pod is named" said "$1" 'Pod corda/database-0, container init'
	ok "and its image" said "$1" "$medley_login_registry/net/database@sha256:"
	ok "and $2" said "$1" "$2"
	sed 's/^/  ...   /' "$runs/$1.err" | tail -n 2 | cut -c 1-300
	step "down-$1" 0 "$medley" down
}
up_with none 66
ok "no Secret was generated" test ! -e runs/latest/config/network/regsecret.yaml
refused_is_named none 'without a login, the pod has no imagePullSecrets'
up_with wrong 66
refused_is_named wrong 'with Secret regsecret'

up_with right 0
is "the Secret is for its owner" "$(stat -c %a runs/latest/config/network/regsecret.yaml)" 600
is "it has this registry's login alone" "$(kubectl -n corda get secret regsecret -o json |
	jq -r '.data[".dockerconfigjson"] | @base64d | fromjson | .auths | keys[]')" "$medley_login_registry"
is "every image came through that door" "$(kubectl -n corda get pods -o json |
	jq -r '.items[].spec | (.initContainers + .containers)[].image' |
	grep -cv "^$medley_login_registry/net/")" 0
step down-right 0 "$medley" down
is "no output, log or public file shows the password" "$(grep -rlF "$password" "$runs"/*.out \
	"$runs"/*.err runs/*/logs runs/*/phases.jsonl 2>/dev/null)" ""
cd "$OLDPWD" || exit 70
down
