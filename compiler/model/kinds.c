/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of the kinds of domains and of their relations. */
#include "model/kinds.h"

#include <string.h>

static const char *const names[N_DOMAIN_KINDS] = {
    [DOMAIN_CONTROL] = "control",
    [DOMAIN_HARDWARE] = "hardware",
    [DOMAIN_XENSTORE] = "xenstore",
    [DOMAIN_DEVICE_MODEL] = "device-model",
    [DOMAIN_GUEST] = "guest",
    [DOMAIN_BOOT] = "boot",
    [DOMAIN_HYPERVISOR] = "hypervisor",
    [DOMAIN_IO] = "io",
    [DOMAIN_XEN] = "xen",
};

const char *domain_kind_name(enum domain_kind kind)
{
    return names[kind];
}

bool domain_kind_find(const char *name, enum domain_kind *kind)
{
    unsigned int i;

    for (i = 0; i < N_DOMAIN_KINDS; i++) {
        if (strcmp(names[i], name))
            continue;
        *kind = (enum domain_kind)i;
        return true;
    }
    return false;
}

static const struct {
    const char *name, *word;
} relations[N_RELATIONS] = {
    [REL_SELF] = { "self", "self" },
    [REL_TARGET] = { "its target", "target" },
    [REL_CONTROL] = { "control", "control" },
    [REL_HARDWARE] = { "hardware", "hardware" },
    [REL_XENSTORE] = { "xenstore", "xenstore" },
    [REL_DEVICE_MODEL] = { "another device model", "device-model" },
    [REL_GUEST] = { "another guest", "guest" },
    [REL_IO] = { "DOMID_IO", "io" },
    [REL_XEN] = { "DOMID_XEN", "xen" },
    [REL_NONE] = { "no domain", "none" },
    [REL_HYPERVISOR] = { "the hypervisor", "hypervisor" },
};

const char *relation_name(enum relation r)
{
    return relations[r].name;
}

const char *relation_word(enum relation r)
{
    return relations[r].word;
}

bool relation_find(const char *word, enum relation *r)
{
    unsigned int i;

    for (i = 0; i < N_RELATIONS; i++) {
        if (strcmp(relations[i].word, word))
            continue;
        *r = (enum relation)i;
        return true;
    }
    return false;
}
