/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What something of a database is, in words: an operation, a hook, a class, a permission, a rule.
 */
#ifndef XSMC_EXPLAIN_H
#define XSMC_EXPLAIN_H

#include "base/arena.h"
#include "model/model.h"

struct buf;
struct diags;
struct nearest;
struct rule;

/* What an explanation was about, for those who know more of it. */
struct explained {
    LIST(const struct hook *) hooks;    /* each once */
    LIST(const struct rule *) rules;
};

/*
 * Appends all that `what` can mean: the path of an operation (as `xsmc summary` writes it), a command, a hook, a class,
 * CLASS:PERMISSION or a permission, the id of a rule. Returns what it was about; nothing if it means nothing. `d` is where
 * places are looked up.
 */
struct explained explain(struct buf *out, struct arena *a, struct diags *d, const struct model *m, const char *what);
/* Tries every name that could have been meant. */
void explain_nearest(struct nearest *n, struct arena *a, const struct model *m);

#endif
