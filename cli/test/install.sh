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

# Where nothing is around it, a copy looks where `make install` puts the data:
# seen in a mount namespace whose /usr/local is empty, then the test's.
mkdir "$dir/elsewhere" "$dir/empty"
cp "$dir/usr/local/bin/medley" "$dir/elsewhere/renamed"
cat >"$dir/bound" <<END
#!/bin/sh
mount --bind "\$BOUND" /usr/local && exec "$dir/elsewhere/renamed" "\$@"
END
chmod +x "$dir/bound"
# bound DIRECTORY: the copy reports, with the directory as /usr/local.
bound() {
	BOUND=$1
	export BOUND
	rm -rf "$dir/run"
	cp -r "$checkout/test/vectors/report/green" "$dir/run"
	(cd / && unshare --mount "$dir/bound" report "$dir/run")
}
says_what_to_do() {
	! bound "$dir/empty" >"$dir/said" 2>&1 &&
		grep -q "^medley: medley's data files .* run 'make install', or set MEDLEY_HOME" "$dir/said"
}
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
if unshare --mount true 2>/dev/null; then
	ok copy_without_data_fails fails bound "$dir/empty"
	ok copy_without_data_says_what_to_do says_what_to_do
	ok renamed_copy_reports bound "$dir/usr/local"
fi

# Whoever can write beside the binary has no say in what medley reads.
mkdir -p "$dir/open/bin"
cp "$binary" "$dir/open/bin/medley"
cp -r "$dir/usr/local/share" "$dir/open/share"
ok closed_directory_is_read reports "$dir/open/bin/medley"
chmod o+w "$dir/open/share/medley"
ok open_directory_is_not_read fails reports "$dir/open/bin/medley"

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
