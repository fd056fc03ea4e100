/* SPDX-License-Identifier: GPL-2.0-only */
static int domain_has_perm(
    const struct domain *dom1, const struct domain *dom2, uint16_t class,
    uint32_t perms)
{
    struct avc_audit_data ad;
    AVC_AUDIT_DATA_INIT(&ad, NONE);
    ad.sdom = dom1;

    return avc_has_perm(domain_sid(dom1), domain_target_sid(dom1, dom2),
                        class, perms, &ad);
}

static int current_has_perm(struct domain *d, uint16_t class, uint32_t perms)
{
    return domain_has_perm(current->domain, d, class, perms);
}

static int cf_check flask_alloc_security_domain(struct domain *d)
{
    d->ssid = xzalloc(struct domain_security_struct);
    return d->ssid ? 0 : -ENOMEM;
}

static int cf_check flask_domctl(struct domain *d, unsigned int cmd)
{
    switch ( cmd )
    {
    /* asked for further in */
    case XEN_DOMCTL_attach:
#ifdef CONFIG_X86
    case XEN_DOMCTL_ports:
#endif
        return 0;

    case XEN_DOMCTL_stop:
    case XEN_DOMCTL_go:
        return current_has_perm(d, SECCLASS_DOMAIN, DOMAIN__PAUSE);

    default:
        return avc_unknown_permission("domctl", cmd);
    }
}

static int cf_check flask_widget(
    struct domain *from, struct domain *to, uint32_t how)
{
    uint32_t perms = WIDGET__READ;

    if ( !(how & WIDGET_readonly) )
        perms |= WIDGET__WRITE;

    return domain_has_perm(from, to, SECCLASS_WIDGET, perms);
}

static uint32_t use_perm(const struct domain *d)
{
    return is_iommu_enabled(d) ? WIDGET__USE_IOMMU : WIDGET__USE;
}

static int cf_check flask_attach(struct domain *d, uint32_t sbdf)
{
    uint32_t sid;
    int rc;

    if ( !d )
        return -EINVAL;

    rc = security_device_sid(sbdf, &sid);
    if ( rc )
        return rc;

    rc = current_has_perm(d, SECCLASS_DOMAIN, DOMAIN__PAUSE);
    if ( rc )
        return rc;

    return avc_has_perm(domain_sid(d), sid, SECCLASS_WIDGET, use_perm(d), NULL);
}

static int cf_check flask_console(struct domain *d, int cmd)
{
    uint32_t perm;

    switch ( cmd )
    {
    case CONSOLEIO_read:
        perm = DOMAIN__READCONSOLE;
        break;
    case CONSOLEIO_write:
        perm = DOMAIN__WRITECONSOLE;
        break;
    default:
        return -EPERM;
    }

    return avc_has_perm(domain_sid(d), SECINITSID_XEN, SECCLASS_DOMAIN, perm,
                        NULL);
}

#ifdef CONFIG_X86
static int cf_check flask_ports(
    struct domain *d, uint32_t first, uint32_t last)
{
    uint32_t port;

    for ( port = first; port <= last; port++ )
        if ( port == magic_port )
            return -EPERM;

    return current_has_perm(d, SECCLASS_DOMAIN, WIDGET__USE);
}
#endif

static const struct xsm_ops __initconst_cf_clobber flask_ops = {
    .domctl = flask_domctl,
    .widget = flask_widget,
    .attach = flask_attach,
    .alloc_security_domain = flask_alloc_security_domain,
    .console = flask_console,
#ifdef CONFIG_X86
    .ports = flask_ports,
#endif
};
