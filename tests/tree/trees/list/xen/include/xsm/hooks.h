/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSM_HOOK
#define XSM_HOOK(rtype, name, types...) \
    XSM_HOOK_(rtype, name, count_args(types), ## types)
#endif

XSM_HOOK(int, domctl, struct domain *, struct xen_domctl *)
#ifdef CONFIG_KEXEC
XSM_HOOK(int, kexec)
#endif
XSM_HOOK(int, resume, struct domain *, struct xen_domctl *)
XSM_HOOK(int, lost, uint32_t)
