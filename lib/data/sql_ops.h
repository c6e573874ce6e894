/* SPDX-License-Identifier: Apache-2.0 */
/* sql_ops.h - the operations that each kind of database of sql.h implements. */
#ifndef DATA_SQL_OPS_H
#define DATA_SQL_OPS_H

#include "data/sql.h"

struct sql_ops {
	int (*each)(struct sql *db, const char *text, const char *const *values,
		    unsigned count, sql_row_fn *fn, void *ctx,
		    struct error *err);
	const char *(*text)(const struct sql_row *row, int column);
	int64_t (*integer)(const struct sql_row *row, int column, int64_t null);
	bool (*damaged)(const struct sql *db);
	void (*close)(struct sql *db);
};

/* The first member of the struct of each kind of database. */
struct sql {
	const struct sql_ops *ops;
};

struct sql_row {
	const struct sql_ops *ops;
	void *row; /* the database's own */
};

#endif
