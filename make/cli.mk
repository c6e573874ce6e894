# SPDX-License-Identifier: Apache-2.0
# cli.mk - the command's own scenarios, and the pages made from its tables.

# A script, so that run-unit takes the scenario as one more test.
$(OUT)/cli/test/%-test: cli/test/%.sh $(OUT)/medley
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nMEDLEY_HOME=%s exec %s %s\n' '$(CURDIR)' '$<' '$(OUT)/medley' > $@
	@chmod +x $@

# Unit tests hold these pages against the tables.
docs: medley
	./medley help commands > docs/commands.md
	./medley help network.yaml > docs/network-yaml.md
	./medley help expected.yaml > docs/expected-yaml.md
	./medley help environment > docs/environment.md

# Every help text and error in one file: a change of words shows in its diff.
golden: medley
	@test/words ./medley > test/words.txt

.PHONY: docs golden
