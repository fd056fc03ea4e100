/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Implicit destinations under a policy that confines guests to them: each reaches its peers by cable, and none by name.
 *
 * xen: xsm=flask flask=enforcing argo=1,mac-permissive=1
 * policy: argo-confined
 * log: avc:  denied  \{ send \} .*scontext=system_u:system_r:domU_t tcontext=system_u:system_r:domU_t tclass=argo
 */
#define LABEL "system_u:system_r:domU_t"
#define NOT_CONTROL -XEN_EACCES
#define BETWEEN_GUESTS 1
#define NOT_EXPLICIT -XEN_EACCES

#include "../cables.c"
