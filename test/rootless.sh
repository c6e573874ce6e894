# SPDX-License-Identifier: Apache-2.0
# rootless.sh - a user who is not root, made for a scenario; sourced.
# shellcheck shell=sh disable=SC2034,SC2154
user=medley-rootless
comment="made by the tests of medley"
home=/home/$user
tun_mode=$(stat -c %a /dev/net/tun 2>/dev/null)
tun_opened=

# rootless_possible: succeeds, or prints why this machine cannot.
rootless_possible() {
	[ "$(id -u)" -eq 0 ] || { echo "only root can make a user"; return 1; }
	for each in useradd userdel runuser newuidmap newgidmap slirp4netns flock; do
		command -v $each >/dev/null || { echo "$each is not installed"; return 1; }
	done
	! getent passwd $user | grep -qv ":$comment:" ||
		{ echo "the user $user is somebody else's"; return 1; }
	[ -c /dev/net/tun ] || { echo "there is no /dev/net/tun"; return 1; }
	# Closed to users, it is opened while the scenario runs.
	[ "$tun_mode" = 666 ] || chmod "$tun_mode" /dev/net/tun 2>/dev/null ||
		{ echo "/dev/net/tun has mode $tun_mode, which cannot be changed"; return 1; }
	runuser -u nobody -- unshare --user true 2>/dev/null ||
		{ echo "users may not make user namespaces"; return 1; }
	printf '5.13\n%s\n' "$(uname -r)" | sort -CV || command -v fuse-overlayfs >/dev/null ||
		{ echo "Linux is older than 5.13 and fuse-overlayfs is not installed"; return 1; }
}

# as_user COMMAND...: in the user's home, as after a login, with umask 077.
as_user() {
	runuser -u $user -- env -i HOME="$home" USER=$user LOGNAME=$user \
		PATH=/usr/local/bin:/usr/bin:/bin XDG_RUNTIME_DIR="/run/user/$uid" \
		"http_proxy=${http_proxy:-}" "https_proxy=${https_proxy:-}" "no_proxy=${no_proxy:-}" \
		sh -c 'umask 077; cd; exec "$@"' sh "$@" 9>&-
}

rootless_make() {
	useradd -m -d "$home" -K HOME_MODE=0700 -c "$comment" -s /bin/sh $user || return
	uid=$(id -u $user)
	install -d -m 0755 /run/user
	install -d -m 0700 -o $user -g $user "/run/user/$uid"
	as_user sh -c 'mkdir -p .config/containers && cat >.config/containers/storage.conf' <<'END'
[storage]
driver = "overlay"
END
	# A mirror of Maven Central that this machine needs.
	[ ! -f "$HOME/.m2/settings.xml" ] ||
		as_user sh -c 'mkdir -p .m2 && cat >.m2/settings.xml' <"$HOME/.m2/settings.xml"
}

# Containers, of which each has a network, need it.
rootless_open_tun() {
	[ "$tun_mode" != 666 ] || return 0
	echo "  ...   /dev/net/tun has mode $tun_mode; 666 until this ends"
	tun_opened=yes
	chmod 666 /dev/net/tun
}

# The processes of the user, and of the ids that its containers run as.
rootless_processes() {
	range=$(sed -n "s/^$user:\([0-9]*\):\([0-9]*\)$/\1 \2/p" /etc/subuid)
	ps -e -o pid=,uid= | awk -v own="$(id -u $user)" -v first="${range% *}" -v n="${range#* }" \
		'$2 == own || (first != "" && $2 >= first + 0 && $2 < first + n) { print $1 }'
}

# The user and all that it has, also what an earlier scenario left.
rootless_remove() {
	[ -z "$tun_opened" ] || chmod "$tun_mode" /dev/net/tun
	id $user >/dev/null 2>&1 || return 0
	uid=$(id -u $user)
	for pid in $(rootless_processes); do
		kill -KILL "$pid" 2>/dev/null
	done
	until_true 10 sh -c '[ -z "$(ps -o pid= -u "$0")" ]' "$uid"
	rm -rf "/run/user/$uid" "/tmp/containers-user-$uid" "/tmp/podman-run-$uid" \
		"/tmp/storage-run-$uid"
	userdel -r $user 2>/dev/null
	ok "user and storage are gone" sh -c '! id "$0" && [ ! -e "$1" ]' $user "$home"
}
