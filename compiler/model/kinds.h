/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kinds of domains: what the dummy policy tells apart, and what a policy that is derived from it gives types to.
 */
#ifndef XSMC_KINDS_H
#define XSMC_KINDS_H

#include <stdbool.h>

enum domain_kind {
    DOMAIN_CONTROL,         /* is_privileged: the toolstack's domain, dom0 */
    DOMAIN_HARDWARE,        /* the hardware domain, where it is not control */
    DOMAIN_XENSTORE,        /* XEN_DOMCTL_CDF_xs_domain */
    DOMAIN_DEVICE_MODEL,    /* has a target */
    DOMAIN_GUEST,           /* any other */
    DOMAIN_BOOT,            /* the idle domain until set_system_active(): privileged */
    DOMAIN_HYPERVISOR,      /* the idle domain afterwards */
    DOMAIN_IO,              /* DOMID_IO, owner of I/O memory: an object only */
    DOMAIN_XEN,             /* DOMID_XEN, owner of pages the hypervisor shares out: an object only */
    N_DOMAIN_KINDS,
    N_SUBJECT_KINDS = DOMAIN_IO,
};

/* "control", "device-model", ... */
const char *domain_kind_name(enum domain_kind kind);
/* The kind of that name. Returns whether there is one. */
bool domain_kind_find(const char *name, enum domain_kind *kind);

#endif
