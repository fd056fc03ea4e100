/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As much of a hypervisor as Xen's include/xsm/dummy.h looks at, so that its real text can be compiled and asked.
 * Every header that it includes is this one.
 */
#ifndef TEST_HYPERVISOR_H
#define TEST_HYPERVISOR_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef uint16_t domid_t;
typedef struct { uint64_t l1; } l1_pgentry_t;

struct domain {
    domid_t domain_id;
    bool is_privileged, is_console, is_xenstore;
    struct domain *target;
};
struct vcpu { struct domain *domain; };
struct evtchn { int state; };
struct page_info;
struct xen_domctl_getdomaininfo;
struct xen_domctl_bind_pt_irq;

extern struct vcpu *current;
extern struct domain *dom_io;

typedef enum { XSM_HOOK, XSM_TARGET, XSM_XS_PRIV, XSM_DM_PRIV, XSM_PRIV, XSM_OTHER } xsm_default_t;

#define DOMID_IDLE 0x7FFF
#define XEN_GUEST_HANDLE_PARAM(type) void *
#define always_inline inline
#define __maybe_unused __attribute__((unused))
#define cf_check
#define ASSERT(x) ((void)(x))
#define ASSERT_UNREACHABLE() ((void)0)
#define printk printf
#define evaluate_nospec(x) (x)
#define block_speculation() ((void)0)
#define is_control_domain(d) ((d)->is_privileged)
#define is_xenstore_domain(d) ((d)->is_xenstore)

#include "constants.h"

#endif
