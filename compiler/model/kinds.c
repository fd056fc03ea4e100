/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of the kinds of domains. */
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
