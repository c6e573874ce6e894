# SPDX-License-Identifier: Apache-2.0
# lint.mk - what a machine can see of the conventions.

lint: lint-format lint-headers lint-layers lint-size lint-docs lint-engines lint-names lint-lists lint-waits lint-environment

# $(BATCH) N COMMAND: on each processor, with N words of the input at a time.
BATCH = xargs -P $$(nproc) -n

lint-format:
	@printf '%s\n' $(SOURCES) | $(BATCH) 40 clang-format-19 --dry-run -Werror

# Each header compiles alone.
lint-headers:
	@printf '%s\n' $(filter %.h,$(SOURCES)) | $(BATCH) 8 \
		$(CC) -std=gnu17 $(WARN) -Werror $(CPPFLAGS) -fsyntax-only -x c

# A layer includes none above it. Rooms meet through files on disk: none includes
# another. Each foreign library is included by one file.
lint-layers:
	@test/lint-layers "$(GENERIC)" "$(DOMAIN)" "$(ENGINE)" "$(ROOMS)" cli

lint-size:
	@wc -l $(filter-out %/vectors/%,$(SOURCES)) | awk '$$2 != "total" && $$1 > 500 { print $$2 ": " $$1 " lines, at most 500"; bad = 1 } END { exit bad }'

# Documents show links, commands and options that exist; words are spelt right.
lint-docs: $(OUT)/medley
	@test/lint-docs $<

# The name of an engine is compared in run/engine_names.c alone; who wants to know
# something of an engine asks there, or for a capability.
ENGINE_NAMES = $(shell sed -n 's/.*ENGINE_WORDS "\(.*\)".*/\1/p' run/engine_names.h | tr ' ' '|')
lint-engines:
	@[ -n '$(ENGINE_NAMES)' ]
	@! git grep -nE 'str[a-z]*cmp\(.*"($(ENGINE_NAMES))"' -- '*.c' '*.h' ':!*/test/*'

# A file's name, and a tag of a header, stand once.
lint-names:
	@test/lint-names

# A list has one home.
lint-lists:
	@test/lint-lists

# Nobody sleeps or polls on his own: lib/sys/wait.h and lib/net/loop.h are for
# that. The screen's thread draws on a terminal, which may block.
WAITS = nanosleep|usleep|sleep|p?poll|p?select|epoll_wait|pthread_cond_timedwait|pthread_cond_clockwait
lint-waits:
	@if git grep -nE '\b($(WAITS))\(' -- '*.c' '*.h' ':!*/test/*' ':!test' ':!bench' \
		':!lib/sys/wait.c' ':!lib/sys/process.c' ':!cli/screen.c'; then \
		echo 'see "a wait" in HACKING.md' >&2; exit 1; fi

# Each variable that medley reads is in the table of lib/sys/environment.c, from
# which docs/environment.md is made.
lint-environment:
	@for name in $$(git grep -ohE 'getenv\("[A-Za-z_]+"\)|place\(paths\[.\], "[A-Z_]+"' -- '*.c' \
		':!*/test/*' ':!test' ':!bench' | grep -oE '"[^"]+"' | tr -d '"' | sort -u); do \
		sed -n '/medley reads$$/,/^## .*starts$$/p' docs/environment.md | grep -qF "\`$$name\`" || { \
			echo "$$name: not in own_ones of lib/sys/environment.c" >&2; exit 1; }; \
	done

.PHONY: lint lint-format lint-headers lint-layers lint-size lint-docs lint-engines lint-names lint-lists lint-waits lint-environment
