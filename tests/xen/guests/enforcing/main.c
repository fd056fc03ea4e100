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

static struct xen_flask_op flask;
static struct xen_domctl domctl;

/* The domctl `cmd` on `domain` without arguments. */
static long domain_op(uint32_t cmd, domid_t domain)
{
    memset(&domctl, 0, sizeof(domctl));
    domctl.cmd = cmd;
    domctl.domain = domain;
    return xen_domctl(&domctl);
}

static void check_label(void)
{
    static char context[128];
    uint32_t sid;

    expect("getdomaininfo of domain 0", domain_op(XEN_DOMCTL_getdomaininfo, 0), 0);
    expect("the domain found", domctl.u.getdomaininfo.domain, 0);
    sid = domctl.u.getdomaininfo.ssidref;

    memset(&flask, 0, sizeof(flask));
    flask.cmd = FLASK_SID_TO_CONTEXT;
    flask.u.sid_context.sid = sid;
    flask.u.sid_context.size = sizeof(context);
    set_xen_guest_handle(flask.u.sid_context.context, context);
    expect("context of domain 0", xen_flask(&flask), 0);
    expect_text("context of domain 0", context, "system_u:system_r:dom0_t");

    memset(&flask, 0, sizeof(flask));
    flask.cmd = FLASK_CONTEXT_TO_SID;
    flask.u.sid_context.size = strlen(context);
    set_xen_guest_handle(flask.u.sid_context.context, context);
    expect("SID of that context", xen_flask(&flask), 0);
    expect("SID of that context", flask.u.sid_context.sid, sid);
}

void test(void)
{
    static char line[] = "a line through console_io\n";

    expect("xen_version", xen_version(XENVER_version, NULL), (4 << 16) | 17);
    expect("console_io", hypercall(__HYPERVISOR_console_io, CONSOLEIO_write, sizeof(line) - 1, (unsigned long)line,
                                   0, 0), 0);

    memset(&flask, 0, sizeof(flask));
    flask.cmd = FLASK_GETENFORCE;
    expect("enforcing", xen_flask(&flask), 1);

    check_label();
    expect("getvcpuinfo of domain 0", domain_op(XEN_DOMCTL_getvcpuinfo, 0), 0);
    expect("getdomaininfo of a domain that is not there", domain_op(XEN_DOMCTL_getvcpuinfo, 7), -XEN_ESRCH);

    /* Xen itself would answer EINVAL: no domain pauses itself. */
    expect("pausing domain 0", domain_op(XEN_DOMCTL_pausedomain, 0), -XEN_EACCES);
    /* A command nobody knows is refused before anybody looks for its code. */
    expect("an unknown domctl", domain_op(9999, 0), -XEN_EPERM);
}
