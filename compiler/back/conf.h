/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy as policy.conf, the text that checkpolicy reads. */
#ifndef XSMC_BACK_CONF_H
#define XSMC_BACK_CONF_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/policy.h"

/*
 * Writes a finished policy without errors; `checkpolicy -t Xen` (with -M if it has MLS, and with -U for what it says
 * of the unknown, which the text cannot) makes a policydb of it that says the same as policydb_emit()'s. What the
 * dialect cannot say becomes a diagnostic in the policy's; returns whether there was none. The bytes depend on the
 * policy alone.
 */
bool conf_emit(struct policy *p, struct buf *out);

#endif
