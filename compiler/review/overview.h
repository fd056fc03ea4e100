/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All operations of a database, each with who may ask for it by default and what Flask asks. */
#ifndef XSMC_OVERVIEW_H
#define XSMC_OVERVIEW_H

#include "judge/operation.h"
#include "judge/summary.h"

struct arena;
struct names;

struct overview_row {
    const struct operation *op;
    /* By kind of subject, relations as bits 1u << relation: */
    unsigned int possible[N_SUBJECT_KINDS];     /* can be asked about at all */
    unsigned int may[N_SUBJECT_KINDS];          /* allowed by default, at least in some cases */
    unsigned int sometimes[N_SUBJECT_KINDS];    /* of these, refused in others */
    const char **perms;                         /* "domain:pause", sorted, each once */
    unsigned int n_perms;
    bool unknown;                               /* Flask answers as the policy says of what it does not know */
    bool refused;                               /* Flask refuses in some case, whatever the policy says */
    enum reach reach;
};

struct overview {
    struct overview_row *rows;                    /* in the order of the operations */
    unsigned int n;
};

/* `fixed`: take what defects say is right for what the tree does. Names are interned in `n`. */
struct overview overview_make(struct arena *a, struct names *n, const struct model *m, bool fixed);

#endif
