/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Implicit destinations under Flask with the patched tree's reference policy: domain 0 manages cables, everybody sends.
 *
 * xen: xsm=flask flask=enforcing argo=1,mac-permissive=1
 * policy: reference
 * log: avc:  denied  \{ cable_source \} .*scontext=system_u:system_r:domU_t tcontext=system_u:system_r:domU_t_self
 * log: avc:  denied  \{ cable_list \} .*scontext=system_u:system_r:domU_t
 */
#define LABEL "system_u:system_r:domU_t"
#define NOT_CONTROL -XEN_EACCES
#define BETWEEN_GUESTS 1
#define NOT_EXPLICIT 0

#include "../cables.c"
