/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One hypercall, in a buffer that the hypervisor can read and write. */
#define __XEN_TOOLS__ 1
#include "live/live.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifdef XSMC_XENCALL

#include <stdio.h>

#include <xencall.h>
#include <xentoollog.h>

#include <xen/xen.h>
#include <xen/xsm/flask_op.h>

struct live {
    xentoollog_logger_stdiostream *logger;  /* silent: what went wrong is in errno */
    xencall_handle *handle;
    struct xen_flask_op *op;
};

struct live *live_open(const char **why)
{
    struct live *l = calloc(1, sizeof(*l));

    if (l)
        l->logger = xtl_createlogger_stdiostream(stderr, XTL_CRITICAL, 0);
    if (l && l->logger)
        l->handle = xencall_open((xentoollog_logger *)l->logger, 0);
    if (l && l->handle)
        l->op = xencall_alloc_buffer(l->handle, sizeof(*l->op));
    if (l && l->op)
        return l;
    *why = strerror(l ? errno : ENOMEM);
    live_close(l);
    return NULL;
}

void live_close(struct live *l)
{
    if (!l)
        return;
    if (l->op)
        xencall_free_buffer(l->handle, l->op);
    if (l->handle)
        xencall_close(l->handle);
    if (l->logger)
        xtl_logger_destroy((xentoollog_logger *)l->logger);
    free(l);
}

/* An empty question of this kind. */
static struct xen_flask_op *begin(struct live *l, uint32_t command)
{
    memset(l->op, 0, sizeof(*l->op));
    l->op->cmd = command;
    l->op->interface_version = XEN_FLASK_INTERFACE_VERSION;
    return l->op;
}

/* libxencall returns -1 with errno, Flask the rest. */
static int call(struct live *l)
{
    return xencall1(l->handle, __HYPERVISOR_xsm_op, (uintptr_t)l->op);
}

bool live_table(struct live *l, struct live_table *t)
{
    const struct xen_flask_op *op = begin(l, FLASK_AVC_HASHSTATS);

    if (call(l) < 0)
        return false;
    *t = (struct live_table){ op->u.hash_stats.entries, op->u.hash_stats.buckets_used, op->u.hash_stats.buckets_total,
                              op->u.hash_stats.max_chain_len };
    return true;
}

bool live_cpu(struct live *l, unsigned int cpu, struct live_cpu *c)
{
    struct xen_flask_op *op = begin(l, FLASK_AVC_CACHESTATS);

    op->u.cache_stats.cpu = cpu;
    if (call(l) < 0)
        return false;
    *c = (struct live_cpu){ op->u.cache_stats.lookups, op->u.cache_stats.hits, op->u.cache_stats.misses,
                            op->u.cache_stats.allocations, op->u.cache_stats.reclaims, op->u.cache_stats.frees };
    return true;
}

bool live_enforcing(struct live *l, bool *enforcing)
{
    int answer;

    begin(l, FLASK_GETENFORCE);
    answer = call(l);
    *enforcing = answer > 0;
    return answer >= 0;
}

bool live_sid(struct live *l, const char *context, uint32_t *sid)
{
    struct xen_flask_op *op = begin(l, FLASK_CONTEXT_TO_SID);
    size_t len = strlen(context);
    char *text = xencall_alloc_buffer(l->handle, len + 1);
    bool good = false;

    if (!text)
        return false;
    memcpy(text, context, len + 1);
    op->u.sid_context.size = (uint32_t)len;
    set_xen_guest_handle(op->u.sid_context.context, text);
    if (call(l) >= 0) {
        *sid = op->u.sid_context.sid;
        good = true;
    }
    xencall_free_buffer(l->handle, text);
    return good;
}

bool live_allowed(struct live *l, uint32_t subject, uint32_t object, unsigned int class, uint32_t *allowed)
{
    struct xen_flask_op *op = begin(l, FLASK_ACCESS);

    op->u.access.ssid = subject;
    op->u.access.tsid = object;
    op->u.access.tclass = class;
    op->u.access.req = UINT32_MAX;
    if (call(l) < 0)
        return false;
    *allowed = op->u.access.allowed;
    return true;
}

#else

struct live *live_open(const char **why)
{
    *why = "xsmc was built without libxencall (Debian: libxen-dev)";
    return NULL;
}

void live_close(struct live *l)
{
    (void)l;
}

static bool nothing(void)
{
    errno = ENOSYS;
    return false;
}

bool live_table(struct live *l, struct live_table *t)
{
    (void)l, (void)t;
    return nothing();
}

bool live_cpu(struct live *l, unsigned int cpu, struct live_cpu *c)
{
    (void)l, (void)cpu, (void)c;
    return nothing();
}

bool live_enforcing(struct live *l, bool *enforcing)
{
    (void)l, (void)enforcing;
    return nothing();
}

bool live_sid(struct live *l, const char *context, uint32_t *sid)
{
    (void)l, (void)context, (void)sid;
    return nothing();
}

bool live_allowed(struct live *l, uint32_t subject, uint32_t object, unsigned int class, uint32_t *allowed)
{
    (void)l, (void)subject, (void)object, (void)class, (void)allowed;
    return nothing();
}

#endif
