/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One side of a comparison: a database, a policy, or both, from files, folders or a git revision.
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
    const char *exported;           /* the temporary folder a revision was written to, or NULL */
};

/*
 * Reads `argument`, and `with` as well, into a front of its own: the run's if `first`, else one beside it, so that both
 * sides share names, sources and diagnostics. Returns whether there are no errors; what is wrong is a diagnostic.
 */
bool side_read(struct side *s, struct cli *c, bool first, const struct load *load, const char *argument,
               char *const *with, unsigned int n_with);
/* Removes the temporary folder. */
void side_end(struct side *s);

#endif
