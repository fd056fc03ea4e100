/* SPDX-License-Identifier: GPL-2.0-only */
long do_domctl(XEN_GUEST_HANDLE_PARAM(xen_domctl_t) u_domctl)
{
    ret = xsm_domctl(XSM_OTHER, d, op->cmd);
    if ( ret )
        goto out;

    switch ( op->cmd )
    {
    case XEN_DOMCTL_stop:
        domain_pause(d);
        break;
    case XEN_DOMCTL_go:
        domain_unpause(d);
        break;
    case XEN_DOMCTL_forgotten:
        forget(d);
        break;
    case XEN_DOMCTL_attach:
        ret = attach(d, op->u.attach.sbdf);
        break;
    default:
        ret = arch_do_domctl(op, d);
    }
 out:
    return ret;
}

static int attach(struct domain *d, uint32_t sbdf)
{
    return xsm_attach(XSM_HOOK, d, sbdf) ?: really_attach(d, sbdf);
}
