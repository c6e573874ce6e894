# SPDX-License-Identifier: Apache-2.0
# faults.mk - tests in which the nth allocation or file operation fails.

# They take the place of the C library's own calls, so only those tests have
# them. Compiled without sanitizers: they run before a sanitizer is ready.
# "override", since make asan gives SAN on the command line.
FAULT_SRC := $(wildcard test/support/faults/*.c)
FAULTS := $(FAULT_SRC:%.c=$(OUT)/%.o)
$(FAULTS): override SAN =
$(FAULTS): ALL_CFLAGS += -fno-builtin -fno-omit-frame-pointer

# Arenas and buffers of few allocations hide where memory may end.
FINE := $(OUT)/test/support/faults/fine-arena.o $(OUT)/test/support/faults/fine-buf.o
$(FINE): $(OUT)/test/support/faults/fine-%.o: lib/base/%.c
	@mkdir -p $(@D)
	@echo '  CC $< (fine)'
	@$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -DARENA_BLOCK=0 -DBUF_STEP=64 -MMD -MP -c -o $@ $<

$(OUT)/%_fault_test: $(OUT)/%_fault_test.o $(FAULTS) $(FINE) $(OUT)/libsupport.a $(OUT)/libmedley.a
	@$(CC) $(ALL_CFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

-include $(FAULTS:.o=.d) $(FINE:.o=.d)
