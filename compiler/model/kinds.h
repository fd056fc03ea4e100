/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kinds of domains, and how they stand to each other: what the dummy policy tells apart, and what a policy that is
 * derived from it gives types to.
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

#endif
