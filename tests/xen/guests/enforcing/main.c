/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flask enforces the policy it was given at boot: it says so, it names the
 * initial domain as the policy does, allows what that domain needs and
 * denies what the policy does not grant.
 *
 * xen: flask=enforcing
 * policy: reference
 * log: Flask:  Starting in enforcing mode\.
 * log: avc:  denied  \{ pause \} .*scontext=system_u:system_r:dom0_t
 */
#include "guest.h"

static void check_label(void)
{
    static char context[128];
    struct xen_domctl op;
    uint32_t own, sid = 0;

    expect("getdomaininfo of domain 0", xen_domctl_on(&op, XEN_DOMCTL_getdomaininfo, 0), 0);
    expect("the domain found", op.u.getdomaininfo.domain, 0);
    own = op.u.getdomaininfo.ssidref;

    expect("context of domain 0", flask_context(own, context, sizeof(context)), 0);
    expect_text("context of domain 0", context, "system_u:system_r:dom0_t");
    expect("SID of that context", flask_sid(context, &sid), 0);
    expect("SID of that context", sid, own);
}

void test(void)
{
    static char line[] = "a line through console_io\n";
    struct xen_domctl op;

    expect("xen_version", xen_version(XENVER_version, NULL), (4 << 16) | 17);
    expect("console_io", hypercall(__HYPERVISOR_console_io, CONSOLEIO_write, sizeof(line) - 1, (unsigned long)line,
                                   0, 0), 0);
    expect("enforcing", flask_enforcing(), 1);
    check_label();
    expect("getvcpuinfo of domain 0", xen_domctl_on(&op, XEN_DOMCTL_getvcpuinfo, 0), 0);
    expect("getvcpuinfo of a domain that is not there", xen_domctl_on(&op, XEN_DOMCTL_getvcpuinfo, 7), -XEN_ESRCH);

    /* Without Flask the answer would be EINVAL: no domain can pause itself. */
    expect("pausing domain 0", xen_domctl_on(&op, XEN_DOMCTL_pausedomain, 0), -XEN_EACCES);
    /* A command nobody knows is refused before anybody looks for its code. */
    expect("an unknown domctl", xen_domctl_on(&op, 9999, 0), -XEN_EPERM);
}
