/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_faults.c - what is wrong with a file of YAML: all of it, in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "data/yaml.h"

enum { FAULTS_MAX = 1000, FAULTS_FIRST = 16 };

bool yaml_goes_on(const struct yaml_file *file, const struct error *err)
{
	return file->faults && file->faults->count < FAULTS_MAX &&
	       !error_is_memory(err);
}

static bool grow(struct yaml_faults *f)
{
	unsigned room = f->room ? 2 * f->room : FAULTS_FIRST;
	struct yaml_fault *list = arena_array(f->arena, room, sizeof(*list));

	if (!list)
		return false;
	if (f->count)
		memcpy(list, f->list, f->count * sizeof(*list));
	f->list = list;
	f->room = room;
	return true;
}

void yaml_faults_add(struct yaml_faults *f, const char *name,
		     const struct error *err)
{
	struct yaml_fault fault = { .text = err->text };
	size_t len = strlen(name);
	int used = 0;

	if (!strncmp(err->text, name, len) && err->text[len] == ':')
		fault.text =
			err->text + len + 1 + strspn(err->text + len + 1, " ");
	if (fault.text != err->text &&
	    sscanf(fault.text, "%d:%d: %n", &fault.line, &fault.column,
		   &used) == 2 &&
	    used)
		fault.text += used;
	else
		fault.line = fault.column = 0;
	fault.text = arena_strdup(f->arena, fault.text);
	if (fault.text && f->count < FAULTS_MAX &&
	    (f->count < f->room || grow(f)))
		f->list[f->count++] = fault;
}

static int by_place(const void *a, const void *b)
{
	const struct yaml_fault *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->text, y->text);
}

void yaml_faults_sort(struct yaml_faults *f)
{
	unsigned kept = 0;

	if (!f->count)
		return;
	qsort(f->list, f->count, sizeof(*f->list), by_place);
	for (unsigned i = 0; i < f->count; i++)
		if (!kept || by_place(&f->list[kept - 1], &f->list[i]))
			f->list[kept++] = f->list[i];
	f->count = kept;
}

bool yaml_faulty(const struct yaml_file *file, const struct yaml_node *at)
{
	const struct yaml_faults *f = file->faults;

	for (unsigned i = 0; f && at && i < f->count; i++)
		if (f->list[i].line == at->line &&
		    f->list[i].column == at->column)
			return true;
	return false;
}
