/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the audit's rules look like in code, and where they have been met. */
#ifndef XSMC_AUDIT_LORE_H
#define XSMC_AUDIT_LORE_H

#include "text/diag.h"

struct lore {
    const struct rule *rule;
    const char *example;    /* a few lines of what is found */
    const char *precedent;  /* in Xen's history: a commit or advisory and what was wrong; NULL: none is known */
};

/* Every rule of the audit, once. */
extern const struct lore audit_lore[];
extern const unsigned int n_audit_lore;

#endif
