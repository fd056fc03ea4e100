/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy as the binary that the hypervisor loads. */
#ifndef XSMC_BACK_POLICYDB_H
#define XSMC_BACK_POLICYDB_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/flat.h"

/* The versions that Xen's hypervisor reads: 30 adds device tree labels and I/O memory above 16 TiB. */
enum { POLICYDB_OLD = 24, POLICYDB_NEW = 30 };

/*
 * Writes a finished policy without errors, and its entries, as a policydb for Xen of that version into `out`. What
 * the version cannot hold becomes a diagnostic in the policy's; returns whether there was none. The bytes depend on
 * the policy alone.
 */
bool policydb_emit(struct policy *p, const struct flat *flat, unsigned int version, struct buf *out);

#endif
