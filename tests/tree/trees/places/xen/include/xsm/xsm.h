/* SPDX-License-Identifier: GPL-2.0-only */
struct xsm_ops {
    int (*domctl)(struct domain *d, unsigned int cmd);
    int (*widget)(struct domain *d1, struct domain *d2, uint32_t flags);
    int (*attach)(struct domain *d, uint32_t sbdf);
    int (*alloc_security_domain)(struct domain *d);
    int (*console)(struct domain *d, int cmd);
#ifdef CONFIG_X86
    int (*ports)(struct domain *d, uint32_t first, uint32_t last);
#endif
};
