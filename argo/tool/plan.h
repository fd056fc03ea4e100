/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the cables that shall be (a config) to steps that make it so, and those steps done.
 */
#ifndef ARGO_TOOL_PLAN_H
#define ARGO_TOOL_PLAN_H

#include "argopatch.h"
#include "config.h"
#include "domains.h"
#include "report.h"

struct plan_step {
    bool set;  /* plug `cable` in (or move it), or pull it out */
    bool move; /* it is `before` until then */
    bool done, failed;
    struct argopatch_cable cable, before;
};

struct plan {
    struct plan_step *steps; /* what is set comes first */
    size_t count;
    size_t kept;    /* cables that are as they shall be */
    size_t waiting; /* and those that cannot be yet, because a domain is not there */
};

/*
 * Compare what shall be with what is. A domain that is not there is an error, or with `wait` something to wait for; and
 * with `wait` an error leaves out what it concerns and nothing else, so that the plan can be applied all the same.
 * Returns 0, or -1 when an error was reported. The caller frees the plan in either case.
 */
int plan_make(struct plan *plan, struct argopatch *handle, const struct domains *domains, const struct config *config,
              bool wait, struct report *report);

/*
 * Do all steps or, when one fails, none: those that were done are undone. `domains` is what the plan was made from; when
 * it shows that meanwhile another domain has got the domid of one of them, that counts as a failure, and so does a
 * SIGINT, SIGTERM or SIGHUP that the caller has blocked. Returns 0, or -1 when an error was reported.
 */
int plan_apply(struct plan *plan, struct argopatch *handle, struct xs_handle *xs, const struct domains *domains,
               struct report *report);

/* Do each step for itself: one that fails is reported and does not keep others from being done. Returns as above. */
int plan_apply_each(struct plan *plan, struct argopatch *handle, struct xs_handle *xs, const struct domains *domains,
                    struct report *report);

/* Whether two cables from the same port are the same: they lead to the same place, also outside. */
bool plan_same_way(const struct argopatch_cable *one, const struct argopatch_cable *other);

void plan_free(struct plan *plan);

#endif
