/* SPDX-License-Identifier: GPL-2.0-only */
long arch_do_domctl(struct xen_domctl *op, struct domain *d)
{
    return -ENOSYS;
}
