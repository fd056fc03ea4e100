/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that can be said of a database without a Xen tree. */
#ifndef XSMC_CHECK_H
#define XSMC_CHECK_H

#include "base/arena.h"
#include "model/model.h"

struct diags;
struct rule;

/*
 * Checks a model that was bound without errors. Findings become diagnostics unless a waiver takes them back; a waiver
 * that takes nothing back, or that names no rule of these, is a finding, too.
 */
void check(struct arena *a, struct diags *d, const struct model *m);

/* Whether `waive` can take back what this rule finds. */
bool check_waivable(const struct rule *rule);

#endif
