# SPDX-License-Identifier: Apache-2.0
# deb.mk - `make deb` makes a Debian package, whose files are below /usr.

deb:
	@$(MAKE) --no-print-directory OUT=build-deb build-deb/medley
	@make/deb build-deb/medley build-deb

.PHONY: deb
