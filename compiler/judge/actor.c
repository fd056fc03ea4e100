/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The actors and the dummy policy's five default actions. */
#include "judge/actor.h"

#include <stddef.h>

static const struct actor served = { .kind = DOMAIN_GUEST };
static const struct actor served_by_another = { .kind = DOMAIN_GUEST };

static const struct actor subjects[N_SUBJECT_KINDS] = {
    [DOMAIN_CONTROL] = { .kind = DOMAIN_CONTROL },
    [DOMAIN_HARDWARE] = { .kind = DOMAIN_HARDWARE },
    [DOMAIN_XENSTORE] = { .kind = DOMAIN_XENSTORE },
    [DOMAIN_DEVICE_MODEL] = { .kind = DOMAIN_DEVICE_MODEL, .target = &served },
    [DOMAIN_GUEST] = { .kind = DOMAIN_GUEST },
    [DOMAIN_BOOT] = { .kind = DOMAIN_BOOT },
    [DOMAIN_HYPERVISOR] = { .kind = DOMAIN_HYPERVISOR },
};

static const struct actor others[N_RELATIONS] = {
    [REL_CONTROL] = { .kind = DOMAIN_CONTROL },
    [REL_HARDWARE] = { .kind = DOMAIN_HARDWARE },
    [REL_XENSTORE] = { .kind = DOMAIN_XENSTORE },
    [REL_DEVICE_MODEL] = { .kind = DOMAIN_DEVICE_MODEL, .target = &served_by_another },
    [REL_GUEST] = { .kind = DOMAIN_GUEST },
    [REL_IO] = { .kind = DOMAIN_IO },
    [REL_XEN] = { .kind = DOMAIN_XEN },
};

const struct actor *actor_subject(enum domain_kind kind)
{
    return &subjects[kind];
}

const struct actor *actor_related(const struct actor *subject, enum relation r)
{
    switch (r) {
    /* The idle domain is no object: no domid finds it. */
    case REL_SELF:
        return subject->kind == DOMAIN_BOOT || subject->kind == DOMAIN_HYPERVISOR ? NULL : subject;

    case REL_TARGET:
        return subject->target;

    case REL_CONTROL:
    case REL_HARDWARE:
    case REL_XENSTORE:
        return others[r].kind == subject->kind ? NULL : &others[r];

    case REL_DEVICE_MODEL:
    case REL_GUEST:
    case REL_IO:
    case REL_XEN:
        return &others[r];

    case REL_NONE:
    case REL_HYPERVISOR:
    case N_RELATIONS:
        break;
    }
    return NULL;
}

enum relation actor_relation(const struct actor *subject, const struct actor *other)
{
    unsigned int r;

    if (!other)
        return REL_NONE;
    for (r = 0; r < REL_NONE; r++)
        if (actor_related(subject, (enum relation)r) == other)
            return (enum relation)r;
    return REL_NONE;
}

/* is_control_domain(): the idle domain is privileged until set_system_active(). */
static bool actor_privileged(const struct actor *a)
{
    return a->kind == DOMAIN_CONTROL || a->kind == DOMAIN_BOOT;
}

bool actor_may(enum action action, const struct actor *src, const struct actor *target)
{
    switch (action) {
    case ACTION_ANYONE:
        return true;

    /*
     * In the C text the label of XSM_XS_PRIV stands inside XSM_TARGET's if, behind its return: XSM_TARGET never asks
     * whether the subject is the xenstore domain.
     */
    case ACTION_SELF_OR_TARGET:
        if (src == target)
            return true;
        break;

    case ACTION_XENSTORE:
        if (src->kind == DOMAIN_XENSTORE)
            return true;
        break;

    case ACTION_DEVICE_MODEL:
        break;

    case ACTION_CONTROL:
        return actor_privileged(src);

    case ACTION_NOBODY:
    case ACTION_UNSET:
        return false;
    }
    return (target && src->target == target) || actor_privileged(src);
}
