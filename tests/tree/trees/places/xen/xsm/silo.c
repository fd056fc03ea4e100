/* SPDX-License-Identifier: GPL-2.0-only */
static int cf_check silo_widget(
    struct domain *a, struct domain *b, uint32_t flags)
{
    if ( silo_mode_dom_check(a, b) )
        return xsm_widget(a, b, flags);
    return -EPERM;
}

static const struct xsm_ops __initconst_cf_clobber silo_xsm_ops = {
    .widget = silo_widget,
};
