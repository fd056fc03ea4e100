/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The database as JSON, for other tools. */
#ifndef XSMC_DUMP_H
#define XSMC_DUMP_H

#include "model/model.h"

struct buf;

/* Appends the whole bound database; labels, checks and conditions as texts of the language. */
void dump_json(struct buf *out, const struct model *m);

#endif
