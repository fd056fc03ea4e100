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

/* How the object of an operation stands to its subject. */
enum relation {
    REL_SELF,
    REL_TARGET,             /* the subject is its device model */
    REL_CONTROL,
    REL_HARDWARE,
    REL_XENSTORE,
    REL_DEVICE_MODEL,       /* one that does not serve the subject's target */
    REL_GUEST,              /* another guest */
    REL_IO,                 /* DOMID_IO */
    REL_XEN,                /* DOMID_XEN */
    REL_NONE,               /* no domain: a NULL argument */
    REL_HYPERVISOR,         /* the operation is not about a domain, but about Xen, the machine or a device */
    N_RELATIONS,
};

/* "self", "its target", "another guest", ... */
const char *relation_name(enum relation r);
/* The relation a policy calls by this one-word name: self, target, control, ..., guest, io, xen, none, hypervisor. */
bool relation_find(const char *word, enum relation *r);
const char *relation_word(enum relation r);

/* The subject of this kind; kind < N_SUBJECT_KINDS. */
const struct actor *actor_subject(enum domain_kind kind);
/*
 * The domain that stands in this relation to the subject; NULL if there can be none (only device models have a target,
 * there is one control, hardware and xenstore domain), or if the relation is not one to a domain.
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
