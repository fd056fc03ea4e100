/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types that domains of a derived policy have, by Xen's conventions. */
#ifndef XSMC_TYPES_H
#define XSMC_TYPES_H

#include "judge/cast.h"
#include "model/policy.h"

/* Of one `domain` statement; by its index. */
struct domain_types {
    struct type *own;
    struct type *self;              /* TYPE_self: the domain as it sees itself; TYPE itself if it is alone */
    struct type *target;            /* TYPE_target: as its device model sees it; NULL if none serves it */
    struct type *channel;           /* TYPE_channel: its event channels; NULL for what holds none */
};

/* Declares all types, attributes and transitions of the stock; the table has one entry a domain statement. */
struct domain_types *types_declare(struct policy *p, const struct stock *stock);

/* The same table of a policy that has been derived and finished; NULL where it has no such type. */
struct domain_types *types_find(const struct policy *p, const struct stock *stock);

/* The type a SID of a cast case has; NULL if the policy does not say. */
struct type *types_of(const struct policy *p, const struct domain_types *types, const struct cast *c,
                      const struct sid *s);

#endif
