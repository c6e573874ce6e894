# SPDX-License-Identifier: Apache-2.0
# check.mk - unit tests and what keeps the code clean.

# The scenarios of the command itself; see cli.mk.
CLI_TESTS = $(OUT)/cli/test/cli-test $(OUT)/cli/test/bisect-test $(OUT)/cli/test/clones-test $(OUT)/cli/test/expect-test $(OUT)/cli/test/stored-test $(OUT)/cli/test/install-test $(OUT)/cli/test/logs-test $(OUT)/cli/test/tables-test $(OUT)/cli/test/completion-test $(OUT)/cli/test/runs-test $(OUT)/cli/test/history-test $(OUT)/cli/test/schemas-test $(OUT)/cli/test/words-test

# Scripts about scripts: a sanitizer would see nothing in them.
SCRIPT_TESTS = $(if $(SAN),,test/runner-test.sh)

# Quick, needs no network: every unit test; ends with "N passed, N failed".
check: $(TESTS) $(FUZZ_TESTS) $(CLI_TESTS) $(OUT)/medley
	@test/run-unit $(SCRIPT_TESTS) $(TESTS) $(FUZZ_TESTS) $(CLI_TESTS)

# One test, by part of its name: make check-one T=buf
check-one: $(foreach t,$(TESTS),$(if $(findstring $(T),$(t)),$(t)))
	@test/run-unit $^

# -O1 compiles in a quarter less of the time than -O2. Warnings are errors here
# always: an object of the plain build may be older than WERROR.
asan:
	+@$(MAKE) --no-print-directory OUT=build-asan WERROR=-Werror CFLAGS="-O1 -g" SAN="-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined" check

tsan:
	+@$(MAKE) --no-print-directory OUT=build-tsan SAN="-fsanitize=thread" check

SOURCES = $(shell git ls-files '*.c' '*.h')
format:
	clang-format-19 -i $(SOURCES)

.PHONY: check check-one asan tsan format
