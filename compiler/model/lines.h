/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a policy says, as sorted lines of names: two policies that say the same have the same lines, however their
 * tables are numbered and ordered and however their rules were written.
 */
#ifndef XSMC_LINES_H
#define XSMC_LINES_H

#include "model/flat.h"

struct lines {
    const char **items;
    size_t n;
};

/*
 * The lines of a finished policy without errors. `expand` resolves the attributes in rules, so that what counts is
 * who may do what, not how it is said; attributes and their members are lines of their own either way.
 */
struct lines policy_lines(struct policy *p, const struct flat *flat, bool expand);
/* All but the rules that allow or log access. */
struct lines policy_other_lines(struct policy *p, const struct flat *flat);

/* " if a b 0110": a condition by its truth table, interned: two that ask the same are one pointer. */
const char *lines_condition(struct policy *p, const struct condition *c, bool otherwise);

#endif
