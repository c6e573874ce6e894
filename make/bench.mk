# SPDX-License-Identifier: Apache-2.0
# bench.mk - what is measured, side by side with its peer or limit.

BENCH_SRC := $(wildcard bench/*.c)
BENCH := $(BENCH_SRC:%.c=$(OUT)/%)

$(OUT)/bench/%: $(OUT)/bench/%.o $(OUT)/libmedley.a
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(LDLIBS)

# P="rpc check" measures these parts only; the part `write` writes docs/benchmarks.md.
bench: setup medley $(BENCH) $(OUT)/kube/test/client_live
	@bench/run $(P)

-include $(BENCH:=.d)

.PHONY: bench
