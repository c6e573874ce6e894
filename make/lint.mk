# SPDX-License-Identifier: Apache-2.0
# lint.mk - what a machine can see of the conventions.

lint: lint-format lint-headers lint-rooms lint-size

# $(BATCH) N COMMAND: on each processor, with N words of the input at a time.
BATCH = xargs -P $$(nproc) -n

lint-format:
	@printf '%s\n' $(SOURCES) | $(BATCH) 40 clang-format-19 --dry-run -Werror

# Each header compiles alone.
lint-headers:
	@printf '%s\n' $(filter %.h,$(SOURCES)) | $(BATCH) 8 \
		$(CC) -std=gnu17 $(WARN) -Werror $(CPPFLAGS) -fsyntax-only -x c

# Rooms meet through files on disk: none includes another, lib includes none;
# each foreign library is included by one file.
lint-rooms:
	@test/lint-rooms $(ROOMS)

lint-size:
	@wc -l $(filter-out %/vectors/%,$(SOURCES)) | awk '$$2 != "total" && $$1 > 500 { print $$2 ": " $$1 " lines, at most 500"; bad = 1 } END { exit bad }'

.PHONY: lint lint-format lint-headers lint-rooms lint-size
