/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Actors cast with the types of a policy: a case speaks of a control domain and a guest, the policy of dom0_t and
 * domU_t. Where a kind has several types every casting is tried.
 */
#ifndef XSMC_CAST_H
#define XSMC_CAST_H

#include "judge/effective.h"
#include "model/stock.h"

struct cast_member {
    const struct actor *actor;      /* NULL: a resource */
    enum label_kind resource;
    unsigned int chosen, n;         /* index among the domains of the kind, or the types of the resource */
};

enum { CAST_MOST = 16 };

/* One casting of a case. */
struct cast {
    const struct stock *stock;
    struct cast_member members[CAST_MOST];
    unsigned int n_members;
};

/*
 * The first casting of everything in the case; false if some kind has no type in this policy, so that the case cannot
 * come up. cast_next() makes the next one, until it returns false.
 */
bool cast_first(struct cast *c, const struct stock *stock, const struct instance *i);
bool cast_next(struct cast *c);

/* The domain statement of an actor of the case, and the type of a resource. */
const struct stock_domain *cast_domain(const struct cast *c, const struct actor *a);
const char *cast_resource(const struct cast *c, enum label_kind kind);

/* The index of the domain statement, for tables of one's own. */
unsigned int cast_domain_index(const struct cast *c, const struct actor *a);

/* Whether device models of type `dm` serve domains of type `guest`. */
bool stock_serves(const struct stock_domain *dm, const struct stock_domain *guest);

/* The supposing of a policy (`with` is its struct stock). */
bool stock_decide(const void *with, const struct expr *e, const struct actor *about, bool *truth);

/* Whether the names stand on the operation's path, one right behind the other (hooks and commands alike). */
bool stock_on_path(const struct stock_path *path, const struct operation *op);

#endif
