/* SILO: guests have nothing to do with each other. */
static int cf_check silo_channel_open(struct domain *d1, struct domain *d2)
{
    if ( silo_mode_dom_check(d1, d2) )
        return xsm_channel_open(d1, d2);
    return -EPERM;
}

static const struct xsm_ops silo_xsm_ops = {
    .channel_open = silo_channel_open,
};
