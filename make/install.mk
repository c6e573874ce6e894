# SPDX-License-Identifier: Apache-2.0
# install.mk - `make install` and `make uninstall`, for PREFIX and DESTDIR.

# By the environment, so that the shell sees a name with blanks as one word.
install uninstall: export INTO = $(DESTDIR)$(PREFIX)

install: medley
	@make/install $(OUT)/medley "$$INTO"

uninstall:
	@make/install -u "$$INTO"

.PHONY: install uninstall
