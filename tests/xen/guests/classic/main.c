/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xen enforces the policy that xsmc compiled, and domain 0 gets the answers
 * that the dummy policy would have let through, with no denial on the way.
 *
 * xen: flask=enforcing
 * policy: classic
 * log: Flask:  Starting in enforcing mode\.
 * never: avc:  denied
 */
#include "guest.h"

void test(void)
{
    static char context[128];
    struct xen_domctl op;
    struct xen_sysctl sysctl = { .cmd = XEN_SYSCTL_physinfo };

    expect("enforcing", flask_enforcing(), 1);
    expect("xen_version", xen_version(XENVER_version, NULL), (4 << 16) | 17);
    expect("getdomaininfo of domain 0", xen_domctl_on(&op, XEN_DOMCTL_getdomaininfo, 0), 0);
    expect("context of domain 0", flask_context(op.u.getdomaininfo.ssidref, context, sizeof(context)), 0);
    expect_text("context of domain 0", context, "system_u:system_r:dom0_t");
    expect("getvcpuinfo of domain 0", xen_domctl_on(&op, XEN_DOMCTL_getvcpuinfo, 0), 0);
    expect("physinfo", xen_sysctl(&sysctl), 0);

    /* Control may do it as far as the policy is concerned; Xen then finds that it makes no sense. */
    expect("pausing domain 0", xen_domctl_on(&op, XEN_DOMCTL_pausedomain, 0), -XEN_EINVAL);
}
