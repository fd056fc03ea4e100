/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The small world in which questions are asked: one domain of each kind as the subject, and what it may meet.
 *
 * The dummy policy looks at who the subject is, whether the object is the subject itself or its target, and at
 * nothing else of the object; Flask looks at labels, and those differ by kind. So a subject and every domain it can
 * stand in relation to are enough to ask every question that either can tell apart.
 */
#ifndef XSMC_ACTOR_H
#define XSMC_ACTOR_H

#include <stdbool.h>

#include "model/kinds.h"
#include "model/model.h"

/* One domain. Two actors are the same domain only if they are the same pointer. */
struct actor {
    enum domain_kind kind;
    const struct actor *target;     /* whose device model it is, or NULL */
};

/* The subject of this kind; kind < N_SUBJECT_KINDS. */
const struct actor *actor_subject(enum domain_kind kind);
/*
 * The domain that stands in this relation to the subject; NULL if there can be none (only device models have a target,
 * there is one control, hardware and xenstore domain, the idle domain is never an object), or if the relation is not one
 * to a domain.
 */
const struct actor *actor_related(const struct actor *subject, enum relation r);
/* The relation of a domain to a subject; REL_NONE for NULL. */
enum relation actor_relation(const struct actor *subject, const struct actor *other);

/*
 * The dummy policy's answer, xsm_default_action() of Xen's include/xsm/dummy.h: may `src` do what `action` guards to
 * `target` (NULL: no domain)?
 */
bool actor_may(enum action action, const struct actor *src, const struct actor *target);

#endif
