/* SPDX-License-Identifier: GPL-2.0-only */
long arch_do_domctl(struct xen_domctl *op, struct domain *d)
{
    switch ( op->cmd )
    {
    case XEN_DOMCTL_ports:
        return xsm_ports(XSM_PRIV, d, op->u.ports.first, op->u.ports.last);
    }
    return -ENOSYS;
}
