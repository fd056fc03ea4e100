/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running hypervisor's security server and its cache, asked through libxencall: hypercall xsm_op, struct xen_flask_op of
 * Xen's include/public/xsm/flask_op.h. Only domain 0, or whoever its policy lets, gets answers.
 *
 * Where libxencall was not there when xsmc was built, live_open() says so.
 */
#ifndef XSMC_LIVE_H
#define XSMC_LIVE_H

#include <stdbool.h>
#include <stdint.h>

struct live;

/* NULL if there is no hypervisor to be asked, with the reason in *why (constant text, or of strerror()). */
struct live *live_open(const char **why);
void live_close(struct live *l);

/* All of these return false with errno set: EPERM refused, ENOSYS no Flask, EINVAL unknown to it, ... */

struct live_table {             /* of the cache, over all CPUs */
    uint32_t entries, buckets_used, buckets, longest;
};
bool live_table(struct live *l, struct live_table *t);

struct live_cpu {
    uint32_t lookups, hits, misses, allocations, reclaims, frees;
};
/* ENOENT: there is no such CPU. EINVAL or ENOSYS: the hypervisor was built without CONFIG_XSM_FLASK_AVC_STATS. */
bool live_cpu(struct live *l, unsigned int cpu, struct live_cpu *c);

bool live_enforcing(struct live *l, bool *enforcing);

/* The SID of a context, "user:role:type". EINVAL: it is none under the policy that runs. */
bool live_sid(struct live *l, const char *context, uint32_t *sid);
/* What the security server allows, of all permissions of the class with that number. */
bool live_allowed(struct live *l, uint32_t subject, uint32_t object, unsigned int class, uint32_t *allowed);

#endif
