# SPDX-License-Identifier: Apache-2.0
# hardening.mk - what makes a fault in the binary harder to use, and its check.

# Sanitizers and libFuzzer bring checks of their own.
HARDEN = $(if $(SAN),,-fPIE -fstack-protector-strong -fstack-clash-protection \
	$(HARDEN_FORTIFY) $(HARDEN_BRANCHES))
HARDEN_LD = $(if $(SAN),,-pie -Wl,-z,relro,-z,now,-z,noexecstack)
# It checks the sizes that an optimised build knows.
HARDEN_FORTIFY = $(if $(filter -O1 -O2 -O3 -Os -Ofast,$(CFLAGS)),\
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
# Where the processor can, calls and returns land where the compiler meant.
HARDEN_MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
HARDEN_BRANCHES = $(HARDEN_BRANCHES_$(HARDEN_MACHINE))
HARDEN_BRANCHES_x86_64 = -fcf-protection=full
HARDEN_BRANCHES_aarch64 = -mbranch-protection=standard

# Objects of other flags would be linked as they are.
$(OBJ): make/hardening.mk

lint: lint-hardening
lint-hardening: $(OUT)/medley
	@CC='$(CC)' FLAGS='$(ALL_CFLAGS)' test/lint-hardening $(OUT)/medley $(OBJ)

.PHONY: lint-hardening
