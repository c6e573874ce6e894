#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The page of stored runs has no fault that axe-core finds, by day and by night,
# and its filter works, in headless Chromium.
#
# track: podman
# when: report/page report/baseline_outputs.c test/network/15-page.sh
# needs: -
. "$(dirname "$0")/common.sh"
axe_version=4.14.1
cache=${MEDLEY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/medley}/axe-core-$axe_version
axe=$cache/node_modules/axe-core/axe.min.js

skip() {
	echo "skipped: $*"
	exit 0
}

for browser in chromium chromium-browser google-chrome -; do
	! command -v "$browser" >/dev/null 2>&1 || break
done
[ "$browser" != - ] || skip "Chromium is not installed"
[ -s "$axe" ] || {
	command -v npm >/dev/null 2>&1 || skip "npm is not installed, and $axe is not there"
	mkdir -p "$cache"
	timeout 120 npm install --prefix "$cache" --ignore-scripts --no-save \
		"axe-core@$axe_version" >"$runs/npm.log" 2>&1 ||
		skip "npm cannot install axe-core@$axe_version: $(tail -n 1 "$runs/npm.log")"
}

# browse SCHEME WIDTH FILE: the document as its scripts left it; scheme 0 is
# dark, 1 is light.
browse() {
	timeout 120 "$browser" --headless=new --no-sandbox --disable-gpu \
		--user-data-dir="$runs/browser" --window-size="$2,900" \
		--blink-settings=preferredColorScheme="$1" \
		--virtual-time-budget=60000 --dump-dom "file://$3" 2>"$runs/browser.log"
}

# look PAGE SCHEME WIDTH: writes what axe-core finds to found.json, with all
# parts of the page unfolded.
look() {
	{
		cat "$1"
		echo '<script>'
		cat "$axe"
		cat <<-'END'
			</script><script>
			document.querySelectorAll('details').forEach(d => { d.open = true; });
			axe.run(document).then(r => JSON.stringify({
			  passed: r.passes.map(v => v.id),
			  violations: r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' '))
			}), e => 'failed: ' + e).then(t => { document.documentElement.textContent = '@@' + t + '@@'; });
			</script>
		END
	} >"$runs/look.html"
	browse "$2" "$3" "$runs/look.html" | sed -n 's/.*@@\(.*\)@@.*/\1/p' |
		sed 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' >"$runs/found.json"
	[ -s "$runs/found.json" ]
}

# clean PAGE SCHEME WIDTH: contrast was looked at, and nothing is wrong.
clean() {
	look "$@" || return
	jq -r '.violations[]' "$runs/found.json"
	holds "$runs/found.json" '(.violations == []) and (.passed | index("color-contrast") != null)'
}

# filtered WORDS VERDICT: how many cells of the red run match.
filtered() {
	{
		cat "$runs/red/report.html"
		echo "<script>filter.words.value = '$1'; filter.verdict.value = '$2';
			filter.dispatchEvent(new Event('input'));
			document.documentElement.textContent = '@@' + filter.count.value + '@@';</script>"
	} >"$runs/filter.html"
	browse 1 1280 "$runs/filter.html" | sed -n 's/.*@@\(.*\)@@.*/\1/p'
}

for run in green red seven; do
	cp -r "test/vectors/report/$run" "$runs/$run"
	"$medley" report "$runs/$run" >"$runs/$run.txt" 2>&1
done
"$medley" report --merge "$runs/green" -o "$runs/merged" >"$runs/merged.txt" 2>&1
cp "$runs/green/results.json" "$runs/earlier.json"
"$medley" report "$runs/red" --against "$runs/earlier.json" >"$runs/red.txt" 2>&1
for run in green red seven merged; do
	page=$runs/$run/report.html
	ok "$run by day" clean "$page" 1 1280
	ok "$run by night" clean "$page" 0 1280
	ok "$run on a telephone" clean "$page" 1 400
done
sed 's/--soft:#[0-9a-f]*/--soft:#cccccc/' "$runs/red/report.html" >"$runs/pale.html"
look "$runs/pale.html" 1 1280
ok "a pale page is found" holds "$runs/found.json" '.violations | any(startswith("color-contrast"))'
is "all cells" "$(filtered '' '')" "4 of 4 cells"
is "cells that failed" "$(filtered '' fail)" "1 of 4 cells"
is "cells with a transaction" "$(filtered 4e074085 '')" "1 of 4 cells"
is "cells with two words" "$(filtered 'not-recorded no-such-word' '')" "0 of 4 cells"
