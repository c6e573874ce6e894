# SPDX-License-Identifier: Apache-2.0
# cli.mk - the command's own scenario, and the pages made from its tables.

# A script, so that run-unit takes the scenario as one more test.
$(OUT)/cli/test/cli-test: cli/test/cli.sh $(OUT)/medley
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nMEDLEY_HOME=%s exec cli/test/cli.sh %s\n' '$(CURDIR)' '$(OUT)/medley' > $@
	@chmod +x $@

# Unit tests hold these pages against the tables.
docs: medley
	./medley help commands > docs/commands.md
	./medley help network.yaml > docs/network-yaml.md

.PHONY: docs
