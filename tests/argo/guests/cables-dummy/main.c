/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Implicit destinations under the dummy policy: control manages cables, and everybody sends.
 *
 * xen: xsm=dummy argo=1,mac-permissive=1
 */
#define LABEL NULL
#define NOT_CONTROL -XEN_EPERM
#define BETWEEN_GUESTS 1
#define NOT_EXPLICIT 0

#include "../cables.c"
