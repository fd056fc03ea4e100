/* SPDX-License-Identifier: GPL-2.0-only */
static XSM_INLINE void cf_check xsm_security_domaininfo(
    struct domain *d, struct xen_domctl_getdomaininfo *info)
{
    return;
}

static XSM_INLINE int cf_check xsm_domctl(
    XSM_DEFAULT_ARG struct domain *d, struct xen_domctl *op)
{
    XSM_ASSERT_ACTION(XSM_OTHER);
    switch ( op->cmd )
    {
    case XEN_DOMCTL_scheduler_op:
        return -EILSEQ;
    default:
        return xsm_default_action(XSM_PRIV, current->domain, d);
    }
}

static XSM_INLINE int cf_check xsm_resume(
    XSM_DEFAULT_ARG struct domain *d, struct xen_domctl *op)
{
    XSM_ASSERT_ACTION(XSM_PRIV);
    return xsm_default_action(action, current->domain, d);
}

#ifdef CONFIG_KEXEC
static XSM_INLINE int cf_check xsm_kexec(XSM_DEFAULT_VOID)
{
    XSM_ASSERT_ACTION(XSM_PRIV);
    return xsm_default_action(action, current->domain, NULL);
}
#endif

#ifdef CONFIG_ARGO
static XSM_INLINE int cf_check xsm_argo_send(
    const struct domain *d, const struct domain *t)
{
    return 0;
}
#endif
