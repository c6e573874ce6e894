# SPDX-License-Identifier: Apache-2.0
# fuzz.mk - every parser of outside bytes, against what it was not made for.
#
# A target is <dir>/test/<noun>_fuzz.c. Its second line names the corpus:
#	/* corpus: test/vectors/rpc test/vectors/vault */
# One whose input is what a peer says plays it by test/support/script.h.
# `make check` runs each over its corpus; `make fuzz` lets libFuzzer search.

# Whichever clang there is; FUZZ_CC=clang-19 takes another.
FUZZ_CC ?= build-fuzz/clang
FUZZ_SECONDS ?= 30
corpus = $(shell sed -n '2s,^/\* corpus: \(.*\) \*/$$,\1,p' $(1).c)

$(OUT)/%_fuzz-corpus: $(OUT)/%_fuzz.o $(OUT)/test/support/corpus.o $(OUT)/test/support/script.o $(OUT)/libmedley.a
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(LDLIBS)

# A script of the program and its corpus, so that run-unit takes it as a test.
$(OUT)/%_fuzz-test: $(OUT)/%_fuzz-corpus %_fuzz.c
	@printf '#!/bin/sh\nexec %s %s\n' '$<' '$(call corpus,$*_fuzz)' > $@
	@chmod +x $@

# The first that links libFuzzer, which Debian has in a package of its own.
build-fuzz/clang:
	@mkdir -p $(@D)
	@for cc in clang $$(ls /usr/bin | grep '^clang-[0-9]*$$' | sort -rV); do \
		echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
		$$cc -fsanitize=address,fuzzer -o build-fuzz/links -x c - 2>/dev/null && \
		exec ln -sf "$$(command -v $$cc)" $@; \
	done; \
	echo 'make fuzz needs a clang with libFuzzer. As root, run:' >&2; \
	echo '  apt-get install --no-install-recommends clang libclang-rt-dev' >&2; \
	exit 1

build-fuzz/libmedley: $(filter build-fuzz/clang,$(FUZZ_CC))
	+@$(MAKE) OUT=build-fuzz CC=$(FUZZ_CC) SAN="-fsanitize=address,undefined,fuzzer-no-link" WARN= build-fuzz/libmedley.a >/dev/null

fuzz: $(FUZZ_NAMES:%=fuzz-run/%)

fuzz-run/%: build-fuzz/libmedley
	@mkdir -p build-fuzz/$*.corpus
	$(FUZZ_CC) -std=gnu17 -g -O1 $(CPPFLAGS) -fsanitize=address,undefined,fuzzer -o build-fuzz/$*.fuzz $*.c test/support/script.c build-fuzz/libmedley.a $(LDLIBS)
	build-fuzz/$*.fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=65536 -rss_limit_mb=2048 -artifact_prefix=build-fuzz/ build-fuzz/$*.corpus $(call corpus,$*)

.PHONY: fuzz build-fuzz/libmedley
