/* SPDX-License-Identifier: Apache-2.0 */
/* history.h - history.jsonl, a line for each operation: written while a load
 * runs, read one by one. */
#ifndef RUN_HISTORY_H
#define RUN_HISTORY_H

#include <stddef.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "run/operation.h"

/*
 * The writer keeps the file open. Lines are collected for at most a second
 * (appender.h); a driver that is killed loses the lines that it has not
 * flushed. A driver flushes before it shows how many operations have ended, so
 * that the file has all operations that were shown.
 *
 * Each writer has a number, which is part of the ids of its operations, so the
 * ids of several drivers differ. In one directory, a writer claims its number
 * with the open file, and skips numbers that others have claimed. Drivers in
 * several directories get different numbers from their caller. An operation
 * gets the next id when it starts, and is written when it has ended.
 */
#define HISTORY_FILE "history.jsonl"

struct history_writer;

/* Continues the file, or creates it. `first`: the first number to try, 0 for
 * the only driver of a run. Removes an incomplete line that a killed driver has
 * left. */
int history_open(const char *run_dir, unsigned first,
		 struct history_writer **ret, struct error *err);
/* Drops lines that are not written yet. */
void history_free(struct history_writer *w);
DEFINE_FREEP(struct history_writer, history)
/* Writes the remaining lines. Frees the writer even if that fails. */
int history_close(struct history_writer *w, struct error *err);

uint64_t history_next_id(struct history_writer *w);
/* The lines that the file had when it was opened. */
uint64_t history_before(const struct history_writer *w);
/* Texts may hold anything: '?' is written for what is not UTF-8. */
int history_write(struct history_writer *w, const struct operation *op,
		  struct error *err);
/* To be called often: writes lines that are a second old. */
int history_tick(struct history_writer *w, struct error *err);
int history_flush(struct history_writer *w, struct error *err);

/* One line by itself. */
int history_append(const char *run_dir, const struct operation *op,
		   struct error *err);

/* ---- reading ---- */

/* Memory does not grow with the file. A last line without its end is skipped,
 * and no file is one without lines. */
struct history_reader;

int history_reader_open(const char *run_dir, struct history_reader **ret,
			struct error *err);
void history_reader_free(struct history_reader *r);
DEFINE_FREEP(struct history_reader, history_reader)
/* 1 and the next operation, whose texts are the reader's until the next call; 0
 * at the end. Errors name file and line. */
int history_read(struct history_reader *r, struct operation *ret,
		 struct error *err);

/* The line of the last operation, from 1. */
unsigned history_line(const struct history_reader *r);

#endif
