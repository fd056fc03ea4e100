/* SPDX-License-Identifier: GPL-2.0-only */
struct xsm_ops {
    void (*security_domaininfo)(struct domain *d,
                                struct xen_domctl_getdomaininfo *info);

#define XSM_HOOK0(rtype, name) rtype (*name)(void);
#define XSM_HOOK2(rtype, name, type1, type2) \
    rtype (*name)(type1 arg1, type2 arg2);

#include "hooks.h"

#ifdef CONFIG_ARGO
    int (*argo_send)(const struct domain *d, const struct domain *t);
#endif
};
