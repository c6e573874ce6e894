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
 * The writer keeps the file open. Lines are collected for a second at most
 * (appender.h); a driver that is killed loses those that it has not flushed. A
 * driver flushes before it shows how many operations ended, so that what was
 * shown is in the file.
 *
 * Each writer has a number, which its operations have in their ids: so the ids
 * of several drivers differ, in one directory or in several. In one directory
 * the open file is claimed by this number; one that is taken is passed over.
 * Drivers of several directories are given numbers that lie apart. An operation
 * that begins gets the next id; it is written when it has ended.
 */
#define HISTORY_FILE "history.jsonl"

struct history_writer;

/* Continues the file, or makes it; `first`: the number to begin with, 0 for the
 * one driver of a run. The half line of a killed driver is cut off. */
int history_open(const char *run_dir, unsigned first,
		 struct history_writer **ret, struct error *err);
/* Without writing what is left. */
void history_free(struct history_writer *w);
DEFINE_FREEP(struct history_writer, history)
/* Writes what is left. The writer is gone also when that fails. */
int history_close(struct history_writer *w, struct error *err);

uint64_t history_next_id(struct history_writer *w);
/* The lines that the file had when it was opened. */
uint64_t history_before(const struct history_writer *w);
/* Texts may hold anything: '?' is written for what is not UTF-8. */
int history_write(struct history_writer *w, const struct operation *op,
		  struct error *err);
/* To be called often: writes what is a second old. */
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
