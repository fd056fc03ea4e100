/* SPDX-License-Identifier: GPL-2.0-only */
static int current_has_perm(struct domain *d, uint16_t class, uint32_t perms)
{
    return avc_has_perm(domain_sid(current->domain),
                        domain_target_sid(current->domain, d), class, perms,
                        NULL);
}

static int flask_domctl_scheduler_op(struct domain *d, int op)
{
    switch ( op )
    {
    case XEN_DOMCTL_SCHEDOP_put:
        return current_has_perm(d, SECCLASS_DOMAIN2, DOMAIN2__SETSCHEDULER);
    case XEN_DOMCTL_SCHEDOP_get:
        return current_has_perm(d, SECCLASS_DOMAIN, DOMAIN__GETSCHEDULER);
    default:
        return avc_unknown_permission("domctl_scheduler_op", op);
    }
}

static int cf_check flask_domctl(struct domain *d, struct xen_domctl *op)
{
    switch ( op->cmd )
    {
    case XEN_DOMCTL_createdomain:
        return avc_has_perm(domain_sid(current->domain),
                            op->u.createdomain.ssidref, SECCLASS_DOMAIN,
                            DOMAIN__CREATE, NULL);

    case XEN_DOMCTL_scheduler_op:
        return flask_domctl_scheduler_op(d, op->u.scheduler_op.cmd);

    case XEN_DOMCTL_readconsole:
        return current_has_perm(d, SECCLASS_DOMAIN,
                                DOMAIN__GETSCHEDULER |
                                (op->u.clear ? DOMAIN__CREATE : 0));

    default:
        return avc_unknown_permission("domctl", op->cmd);
    }
}

#define flask_resume flask_domctl

#ifdef CONFIG_KEXEC
static int cf_check flask_kexec(void)
{
    return avc_has_perm(domain_sid(current->domain), SECINITSID_XEN,
                        SECCLASS_DOMAIN, DOMAIN__CREATE, NULL);
}
#endif

#ifdef CONFIG_ARGO
static int cf_check flask_argo_send(
    const struct domain *d, const struct domain *t)
{
    return avc_has_perm(domain_sid(d), domain_target_sid(d, t),
                        SECCLASS_DOMAIN2, DOMAIN2__SETSCHEDULER, NULL);
}
#endif
