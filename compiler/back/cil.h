/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy in SELinux's Common Intermediate Language, for secilc and whatever else reads CIL. */
#ifndef XSMC_BACK_CIL_H
#define XSMC_BACK_CIL_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/policy.h"

/*
 * Writes a finished policy without errors; `secilc -t xen` makes a policydb of it that says the same as
 * policydb_emit()'s. Every rule stands under a line mark (`;;* lmx`), so that secilc's complaints name the line it
 * was written on. What CIL cannot say becomes a diagnostic in the policy's; returns whether there was none. The bytes
 * depend on the policy and the paths it was read from alone.
 */
bool cil_emit(struct policy *p, struct buf *out);

#endif
