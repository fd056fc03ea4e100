/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The canonical layout of a source text.
 */
#ifndef XSMC_FORMAT_H
#define XSMC_FORMAT_H

#include <stdbool.h>

#include "front/front.h"

struct buf;

/*
 * Appends the canonical form of file `index` of f->sources to `out`. Comments, blank lines between lines (at most one in
 * a row) and the order of everything stay; formatting the result again yields the result. A text with syntax errors
 * is not touched: they become diagnostics and false is returned.
 */
bool format_source(struct front *f, uint32_t index, struct buf *out);

#endif
