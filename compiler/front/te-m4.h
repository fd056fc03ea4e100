/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running the m4 program. Private to the front end. */
#ifndef XSMC_TE_M4_H
#define XSMC_TE_M4_H

#include "base/buf.h"
#include "front/te.h"

/*
 * Expands the files into `out`, with `#line` marks, and what m4 complains of into `complaints`. Returns its exit
 * status; -1 with errno set if it cannot be run, -2 if it was stopped because it ran away.
 */
int te_m4(struct arena *a, const struct te_input *input, struct buf *out, struct buf *complaints);

#endif
