#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# start.sh - registers a node with a doorman, once, and runs it: a notary when
# $ROLE says so, else a bank. May be killed and started again at any moment.
#
#	LEGAL_NAME	"O=Bank A, L=London, C=GB"
#	P2P_ADDRESS	host:port at which other nodes reach it
#	DOORMAN_URL	http://doorman:8080
#	RPC_PASSWORD	of the user $RPC_USER (medley)
# and, where the default in brackets does not do:
#	ROLE		notary or bank (bank)
#	SERVICE_NAME	a notary's service, from 4.6 on, and of every cluster
#	CLUSTER		raft: the notary is one of several nodes; its service's
#			key is in $BASE/service.jks (medley doorman request)
#	RAFT_ADDRESS	host:port at which the others of them reach it, and
#	RAFT_FIRST	the one with which the cluster begins
#	VALIDATING	true or false (false)
#	NETWORK_MAP_URL	($DOORMAN_URL)
#	TRUSTSTORE	file with the network's root; without it the one that
#			the doorman serves is believed
#	TRUSTSTORE_PASSWORD (trustpass), KEYSTORE_PASSWORD (cordacadevpass)
#	DATABASE_URL, DATABASE_USER, DATABASE_PASSWORD, DATABASE_CLASS
#			PostgreSQL instead of H2
#	PLATFORM	the node's platform version (asks the jar)
#	BASE		the node's directory (/var/lib/corda)
#	WAIT_SECONDS	bound of each wait for the doorman (900)
set -eu
umask 077
home=$(cd "$(dirname "$0")" && pwd)
jar=${CORDA_JAR:-/opt/corda/corda.jar}
base=${BASE:-/var/lib/corda}

say() {
	echo "start.sh: $*" >&2
}

fail() {
	say "$*"
	exit 1
}

needed="LEGAL_NAME P2P_ADDRESS DOORMAN_URL RPC_PASSWORD"
if [ -n "${CLUSTER:-}" ]; then
	[ "${ROLE:-}" = notary ] || fail "CLUSTER is for ROLE=notary"
	needed="$needed SERVICE_NAME RAFT_ADDRESS RAFT_FIRST"
fi
for name in $needed; do
	eval "[ -n \"\${$name:-}\" ]" || fail "$name is not set"
done
: "${ROLE:=bank}" "${VALIDATING:=false}" "${NETWORK_MAP_URL:=$DOORMAN_URL}"
: "${RPC_USER:=medley}" "${KEYSTORE_PASSWORD:=cordacadevpass}"
: "${TRUSTSTORE_PASSWORD:=trustpass}" "${WAIT_SECONDS:=900}"
if [ -n "${DATABASE_URL:-}" ]; then
	: "${DATABASE_CLASS:=org.postgresql.ds.PGSimpleDataSource}"
	export DATABASE_CLASS
fi
export LEGAL_NAME P2P_ADDRESS DOORMAN_URL NETWORK_MAP_URL RPC_USER RPC_PASSWORD
export VALIDATING KEYSTORE_PASSWORD TRUSTSTORE_PASSWORD
# The first begins the cluster, the others join it there.
if [ "${RAFT_FIRST:-}" != "${RAFT_ADDRESS:-}" ]; then
	export RAFT_JOIN="$RAFT_FIRST"
fi
cd "$base"

# http URL FILE [BODY]: GET, or POST the file BODY; the answer is in FILE.
# Prints the status, 0 without an answer. One request, at most 30 s.
http() {
	perl -MIO::Socket::INET -e '
		my ($url, $to, $from) = @ARGV;
		my ($host, $port, $path) = $url =~ m{^http://([^/:]+)(?::(\d+))?(/.*)$}
			or die "no http URL: $url\n";
		$SIG{ALRM} = sub { print 0; exit };
		alarm 30;
		my $s = IO::Socket::INET->new(PeerAddr => $host,
			PeerPort => $port || 80, Proto => "tcp") or print(0), exit;
		my $body = "";
		if (defined $from) {
			open(my $f, "<", $from) or die "$from: $!\n";
			binmode $f; local $/; $body = <$f>;
		}
		binmode $s;
		print $s (defined $from ? "POST" : "GET") . " $path HTTP/1.0\r\n" .
			"Host: $host\r\nContent-Length: " . length($body) . "\r\n" .
			"Content-Type: application/octet-stream\r\n\r\n", $body;
		my $all = do { local $/; <$s> };
		$all =~ s/^HTTP\S+ (\d+).*?\r\n\r\n//s or print(0), exit;
		my $status = $1;
		open(my $f, ">", $to) or die "$to: $!\n";
		binmode $f; print $f $all; close $f;
		print $status;
	' "$@"
}

# until_200 WHAT URL FILE [BODY]: asks again until it is there, bounded.
until_200() {
	what=$1
	shift
	end=$(($(date +%s) + WAIT_SECONDS))
	told=
	until status=$(http "$@") && [ "$status" = 200 ]; do
		case $status in
		0 | 5*) ;;
		*) fail "$what: $1 answers $status: $(head -c 300 "$2")" ;;
		esac
		[ "$(date +%s)" -lt "$end" ] ||
			fail "$what: still $status after $WAIT_SECONDS s from $1"
		[ -n "$told" ] || say "waiting for $what"
		told=1
		sleep 1
	done
}

# facts WORD [PLATFORM]: what releases.txt says of it for the node's platform.
facts() {
	of=${2:-$PLATFORM}
	while IFS='	' read -r from to word text; do
		case $from in '' | '#'*) continue ;; esac
		if [ "$word" = "$1" ] && [ "$of" -ge "$from" ] &&
			[ "$of" -le "$to" ]; then
			printf '%s\n' "$text"
		fi
	done <"$home/releases.txt"
}

# What the database was made by: the node and its CorDapps.
fingerprint() {
	cat "$jar" cordapps/*.jar 2>/dev/null | cksum
}

corda() {
	java -jar "$jar" "$@" --base-directory="$base" \
		--config-file="$base/node.conf"
}

learn_platform() {
	[ -z "${PLATFORM:-}" ] || return 0
	PLATFORM=$(java -jar "$jar" --version |
		sed -n 's/^Platform Version: *\([0-9]*\).*/\1/p')
	[ -n "$PLATFORM" ] || fail "$jar does not tell its platform version"
}

# The platform with which it registered: a notary keeps the identity of then.
born() {
	cat certificates/registered 2>/dev/null || echo "$PLATFORM"
}

write_conf() {
	{
		cat "$home/node.conf"
		facts conf
		[ "$ROLE" != notary ] || facts "${CLUSTER:-notary}" "$(born)"
	} >node.conf.tmp
	if [ -n "${CLUSTER:-}" ]; then
		[ -f service.jks ] || fail "no $base/service.jks"
		grep -q "^notary .*$CLUSTER" node.conf.tmp ||
			fail "this release has no notary of several nodes by $CLUSTER"
	fi
	case $(cat node.conf.tmp) in
	*SERVICE_NAME*)
		[ -n "${SERVICE_NAME:-}" ] ||
			fail "SERVICE_NAME is not set: this release needs it"
		export SERVICE_NAME
		;;
	esac
	mv node.conf.tmp node.conf
}

# The network's root: as given, or, trusting the network in between, as served.
fetch_truststore() {
	mkdir -p certificates
	if [ -n "${TRUSTSTORE:-}" ]; then
		cp "$TRUSTSTORE" root.tmp
	else
		until_200 "the trust store" \
			"$DOORMAN_URL/network-root-truststore.jks" root.tmp
	fi
	mv root.tmp certificates/network-root-truststore.jks
}

# A registration that was broken off goes on with the key it made, but for a
# notary's service: that key is taken for registered. Then all begins anew. The
# key of a cluster is registered indeed: the node asks for its own alone.
forget_half() {
	if [ -n "${CLUSTER:-}" ]; then
		[ -f certificates/nodekeystore.jks ] && return
		cp service.jks certificates/nodekeystore.tmp
		mv certificates/nodekeystore.tmp certificates/nodekeystore.jks
		return
	fi
	if [ -f certificates/registering-service ]; then
		say "an earlier registration broke off: beginning anew"
		rm -f certificates/nodekeystore.jks \
			certificates/certificate-request-id.txt
	fi
	case $(facts notary) in
	*serviceLegalName*)
		[ "$ROLE" != notary ] || : >certificates/registering-service
		;;
	esac
}

# One attempt; what the node says is in registration.log, too.
initial_registration() {
	{
		rc=0
		corda initial-registration \
			--network-root-truststore=certificates/network-root-truststore.jks \
			--network-root-truststore-password="$TRUSTSTORE_PASSWORD" ||
			rc=$?
		echo "$rc" >answer.tmp
	} 2>&1 | tee registration.log
	[ "$(cat answer.tmp)" = 0 ]
}

# A node that waits for its approval gives up when it is refused a connection
# once. That is no answer of the doorman's, so it is asked again.
doorman_was_away() {
	grep -Eq 'Connection (refused|reset)|timed out|No route to host|unreachable|Unexpected end of file|UnknownHost' \
		registration.log
}

register() {
	[ ! -f certificates/registered ] || return 0
	fetch_truststore
	end_of_tries=$(($(date +%s) + WAIT_SECONDS))
	while :; do
		forget_half
		until_200 "the doorman" "$DOORMAN_URL/healthz" answer.tmp
		say "registering $LEGAL_NAME"
		initial_registration && break
		doorman_was_away || fail "the registration failed"
		[ "$(date +%s)" -lt "$end_of_tries" ] ||
			fail "the doorman was away for $WAIT_SECONDS s"
		say "the doorman was away: registering again"
	done
	set -- nodeInfo-*
	[ -f "$1" ] || fail "the registration left no node info"
	fingerprint >migrated
	rm -f certificates/registering-service registration.log
	echo "$PLATFORM" >registered.tmp
	mv registered.tmp certificates/registered
}

# The doorman learns a notary's key from it, before there are parameters.
publish() {
	[ ! -f certificates/published ] || return 0
	set -- nodeInfo-*
	until_200 "the network map" "$NETWORK_MAP_URL/network-map/publish" \
		answer.tmp "$1"
	: >certificates/published
}

migrate() {
	words=$(facts migrate)
	[ -n "$words" ] || return 0
	now=$(fingerprint)
	[ "$now" != "$(cat migrated 2>/dev/null)" ] || return 0
	say "migrating the database"
	# shellcheck disable=SC2086
	corda $words || fail "the migration failed"
	echo "$now" >migrated
}

learn_platform
write_conf
register
publish
migrate
until_200 "network parameters" "$NETWORK_MAP_URL/network-map" answer.tmp
rm -f answer.tmp
exec java -jar "$jar" --no-local-shell --base-directory="$base" \
	--config-file="$base/node.conf"
