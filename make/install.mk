# SPDX-License-Identifier: Apache-2.0
# install.mk - `make install` and `make uninstall`, for PREFIX and DESTDIR.

INSTALLED = $(addprefix $(DESTDIR)$(PREFIX)/,bin/medley share/medley share/doc/medley)

install: medley
	@make/install $(OUT)/medley $(DESTDIR)$(PREFIX)
	@echo 'installed: $(INSTALLED)'

uninstall:
	@rm -rf $(INSTALLED)

.PHONY: install uninstall
