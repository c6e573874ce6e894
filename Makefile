# SPDX-License-Identifier: Apache-2.0
# Makefile - builds medley; `make run` and `make test` are all a user needs.

CC ?= gcc
# The layers, each above the one before it: `make lint` holds the includes
# against them.
GENERIC = $(addprefix lib/,base data sys proto net stats)
DOMAIN = corda kube run
ENGINE = engine engine/podman engine/kubernetes
ROOMS = build-and-publish generate deploy driver vault report doorman
CODE = $(GENERIC) $(DOMAIN) $(ENGINE) $(ROOMS) cli
PKGS = libgit2 yaml-0.1 jansson libcurl libpq sqlite3 openssl libuv libarchive libmicrohttpd
CPPFLAGS += -D_GNU_SOURCE -iquote lib -iquote . $(shell pkg-config --cflags $(PKGS))
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
       -Wformat=2 -Wno-format-nonliteral -Wvla -Wpointer-arith -Wundef
CFLAGS ?= -O2 -g
# Wherever it is built: the same bytes.
ALL_CFLAGS = -std=gnu17 -ffile-prefix-map=$(CURDIR)=. $(WARN) $(WERROR) $(HARDEN) $(CFLAGS) $(SAN)
LDLIBS = $(HARDEN_LD) $(shell pkg-config --libs $(PKGS)) -lsnappy -lz -lm -lpthread
# Each kind of build (plain, asan, tsan …) has objects of its own.
OUT ?= build
# Where `make install` puts it.
PREFIX ?= /usr/local
VERSION := $(shell make/version)
COMMIT := $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
COMMIT_DATE := $(shell git log -1 --format=%cs 2>/dev/null || echo unknown)

SRC := $(wildcard $(CODE:%=%/*.c))
# The data files are a part of the program, too.
HOME_DATA = $(OUT)/lib/sys/home_data
OBJ := $(SRC:%.c=$(OUT)/%.o) $(HOME_DATA).o
NO_MAIN := $(filter-out $(OUT)/cli/main.o,$(OBJ))
# A unit test stands beside its noun: lib/base/test/buf_test.c
TEST_SRC := $(wildcard $(CODE:%=%/test/*_test.c))
TESTS := $(TEST_SRC:%.c=$(OUT)/%)
# What tests share; corpus.c is the main of fuzz targets.
SUPPORT := $(patsubst %.c,$(OUT)/%.o,$(filter-out test/support/corpus.c,$(wildcard test/support/*.c)))
FUZZ_SRC := $(wildcard $(CODE:%=%/test/*_fuzz.c))
FUZZ_NAMES := $(FUZZ_SRC:%.c=%)
FUZZ_TESTS := $(FUZZ_NAMES:%=$(OUT)/%-test)

.DELETE_ON_ERROR:
.SECONDARY:

medley: $(OUT)/medley
	@ln -sf $< $@

$(OUT)/medley: $(OBJ)
	@echo '  LD $@'
	@$(CC) $(ALL_CFLAGS) -o $@ $^ $(LDLIBS)

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC $<'
	@$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

DATA_FILES := $(shell make/data-files)
$(HOME_DATA).c: make/data-table make/data-files $(DATA_FILES) $(OUT)/data-list
	@make/data-table > $@
$(HOME_DATA).o: $(HOME_DATA).c
	@echo '  CC $<'
	@$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<
$(OUT)/data-list: always
	@mkdir -p $(OUT)/lib/sys
	@echo '$(DATA_FILES)' | cmp -s - $@ || echo '$(DATA_FILES)' > $@

# What the program knows of its build; compiled anew when that changes.
BUILD_FACTS = $(VERSION) $(COMMIT) $(CC) $(CFLAGS) $(HARDEN) $(HARDEN_LD) $(LIBRARIES)
LIBRARIES := $(shell for p in $(PKGS); do echo "$$p $$(pkg-config --modversion $$p),"; done)
$(OUT)/build-facts: always
	@mkdir -p $(@D)
	@echo '$(BUILD_FACTS)' | cmp -s - $@ || echo '$(BUILD_FACTS)' > $@
$(OUT)/lib/base/version.o: $(OUT)/build-facts
$(OUT)/lib/base/version.o: CPPFLAGS += -DMEDLEY_VERSION='"$(VERSION)"' \
	-DMEDLEY_COMMIT='"$(COMMIT)"' -DMEDLEY_DATE='"$(COMMIT_DATE)"' \
	-DMEDLEY_LIBRARIES='"$(LIBRARIES)"' \
	-DMEDLEY_BUILD='"$(CC) " __VERSION__ ", $(strip $(CFLAGS))"' \
	-DMEDLEY_HARDENING='"$(strip $(HARDEN) $(HARDEN_LD))"'

$(OUT)/libmedley.a: $(NO_MAIN)
	@rm -f $@
	@ar rcs $@ $^

$(OUT)/libsupport.a: $(SUPPORT)
	@rm -f $@
	@ar rcs $@ $^

$(OUT)/%_test: $(OUT)/%_test.o $(OUT)/libsupport.a $(OUT)/libmedley.a
	@$(CC) $(ALL_CFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

-include $(OBJ:.o=.d) $(TESTS:=.d) $(FUZZ_NAMES:%=$(OUT)/%.d) $(SUPPORT:.o=.d)

clean:
	rm -rf build build-asan build-tsan build-fuzz build-bench build-deb medley

-include make/*.mk

.PHONY: always clean
