/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Implicit destinations under SILO: guests send to control and control to them, and a cable does not change that.
 *
 * xen: xsm=silo argo=1,mac-permissive=1
 */
#define LABEL NULL
#define NOT_CONTROL -XEN_EPERM
#define BETWEEN_GUESTS 0
#define NOT_EXPLICIT -XEN_EPERM

#include "../cables.c"
