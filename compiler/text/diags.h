/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The collection of diagnostics, as the files that keep and mark them share it. Private to them. */
#ifndef XSMC_DIAGS_H
#define XSMC_DIAGS_H

#include "base/arena.h"
#include "text/diag.h"

struct diags {
    struct arena *arena;
    const struct sources *sources;
    LIST(struct diag *) list;
    struct diag overflow;       /* takes what is added past the most that are kept */
    struct diag *sorted;
    unsigned int n_sorted;      /* without repetitions */
    unsigned int sorted_of;     /* list.n when it was sorted */
    bool fingerprinted;         /* what is sorted */
    unsigned int count[LEVEL_ERROR + 1];
    const char *folder, *root;  /* diags_root() */
    uint32_t path_of;           /* the file that `path` is of */
    const char *path;
};

#endif
