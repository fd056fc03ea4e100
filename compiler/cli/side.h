/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One side of a comparison: a database, a Xen tree, a policy, from files, folders or a git revision.
 */
#ifndef XSMC_CLI_SIDE_H
#define XSMC_CLI_SIDE_H

#include "cli/load.h"
#include "model/flat.h"

struct side {
    const char *argument;           /* as given */
    struct front *front;
    struct policy *policy;          /* NULL: none */
    struct flat *flat;
    bool tree;                      /* it was a Xen tree: what is not in C is not in it */
    const char *exported;           /* the temporary folder a revision was written to, or NULL */
};

/*
 * Reads `argument`, and `with` as well, into a front of its own: the run's if `first`, else one beside it, so that both
 * sides share names, sources and diagnostics. Returns whether there are no errors; what is wrong is a diagnostic.
 */
bool side_read(struct side *s, struct cli *c, bool first, const struct load *load, const char *argument,
               char *const *with, unsigned int n_with);
/*
 * What a tree does not say it takes from the other side, if that is a database, or else from the database `words` (NULL:
 * none). Returns whether there are no errors.
 */
bool sides_complete(struct side *a, struct side *b, struct cli *c, const char *words);
/* Removes the temporary folder. */
void side_end(struct side *s);

#endif
