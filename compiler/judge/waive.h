/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waivers: findings taken back in place, with a reason. */
#ifndef XSMC_WAIVE_H
#define XSMC_WAIVE_H

#include "model/model.h"
#include "text/diag.h"

/* The waiver that takes back what `rule` finds at `where`, or NULL. */
const struct waiver *waiver_find(const struct model *m, const struct rule *rule, struct span where);

#endif
