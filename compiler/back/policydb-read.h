/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A binary policy, read back into the model: for questions about it, and to compare it with another. */
#ifndef XSMC_BACK_POLICYDB_READ_H
#define XSMC_BACK_POLICYDB_READ_H

#include "model/policy.h"

/* Whether these bytes begin like a policydb. */
bool policydb_is(const void *data, size_t len);

/*
 * Reads a policydb for Xen, version 24 or 30, into a finished policy. Bytes that the hypervisor would refuse, and any
 * others that are no policy, become a diagnostic, and NULL is returned. `file` is the source that diagnostics name;
 * rules have no place in it. A policydb knows initial SIDs by number: their names are the model's, if there is one,
 * else `sid1` and so on. What the writer resolved stays resolved: sets with `*` or `-` are the types they stood for.
 */
struct policy *policydb_load(struct arena *a, struct names *n, struct diags *d, uint32_t file, const void *data,
                             size_t len, const struct model *model);

#endif
