/* Flask. */
static int current_has_perm(struct domain *d, uint16_t class, uint32_t perms)
{
    return avc_has_perm(domain_sid(current->domain), domain_sid(d), class, perms, NULL);
}

static int domain_has_xen(struct domain *d, uint32_t perms)
{
    return avc_has_perm(domain_sid(d), SECINITSID_XEN, SECCLASS_XEN, perms, NULL);
}

static int cf_check flask_tool(struct domain *d, unsigned int cmd)
{
    switch ( cmd )
    {
    case TOOL_pause:
    case TOOL_resume:
        return current_has_perm(d, SECCLASS_DOMAIN, DOMAIN__PAUSE);

    case TOOL_set_label:
        return current_has_perm(d, SECCLASS_DOMAIN2, DOMAIN2__SET_LABEL);

    case TOOL_get_info:
        return domain_has_xen(current->domain, XEN__INFO);

    default:
        return avc_unknown_permission("tool", cmd);
    }
}

static int cf_check flask_set_label(struct domain *d, uint32_t label)
{
    return avc_has_perm(domain_sid(d), label, SECCLASS_DOMAIN2, DOMAIN2__LABEL_TO, NULL);
}

static int cf_check flask_channel_open(struct domain *d1, struct domain *d2)
{
    return avc_has_perm(domain_sid(d1), domain_sid(d2), SECCLASS_CHANNEL, CHANNEL__OPEN, NULL);
}

static int cf_check flask_channel_close(struct domain *d)
{
    return current_has_perm(d, SECCLASS_CHANNEL, CHANNEL__CLOSE);
}

static const struct xsm_ops flask_ops = {
    .tool = flask_tool,
    .set_label = flask_set_label,
    .channel_open = flask_channel_open,
    .channel_close = flask_channel_close,
};
