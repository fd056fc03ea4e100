/* The hooks as the rest of the hypervisor calls them. */
struct xsm_ops {
    int (*tool)(struct domain *d, unsigned int cmd);
    int (*set_label)(struct domain *d, uint32_t label);
    int (*channel_open)(struct domain *d1, struct domain *d2);
    int (*channel_close)(struct domain *d);
};

#ifdef CONFIG_XSM

static inline int xsm_tool(
    xsm_default_t def, struct domain *d, unsigned int cmd)
{
    return alternative_call(xsm_ops.tool, d, cmd);
}

static inline int xsm_set_label(
    xsm_default_t def, struct domain *d, uint32_t label)
{
    return alternative_call(xsm_ops.set_label, d, label);
}

static inline int xsm_channel_open(
    xsm_default_t def, struct domain *d1, struct domain *d2)
{
    return alternative_call(xsm_ops.channel_open, d1, d2);
}

static inline int xsm_channel_close(xsm_default_t def, struct domain *d)
{
    return alternative_call(xsm_ops.channel_close, d);
}

#else

#include <xsm/dummy.h>

#endif
