/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libxencall on the real argo.c: with this in place of argo/tests/fake-xen.c, the library's own tests show that it does
 * what its header says on the hypervisor's code, and so that the fake Xen behaves as the real one. The Xen outside
 * writes messages into the rings that it is told of, and what is done here gives them the fate that a test wants.
 *
 * Here is also where the library's copy of the operations is held to the patched tree's header.
 */
#include "user.h"

#include <xen/argo-parent.h>

#include <public/argo.h>

#include "abi.h"
#include "fake-xen.h"

#include <errno.h>
#include <xencall.h>

_Static_assert(ABI_HYPERCALL == __HYPERVISOR_argo_op, "hypercall");
_Static_assert(ABI_CABLE_SET == XEN_ARGO_OP_cable_set && ABI_CABLE_CLEAR == XEN_ARGO_OP_cable_clear &&
               ABI_CABLE_LIST == XEN_ARGO_OP_cable_list && ABI_CABLE_FLUSH == XEN_ARGO_OP_cable_flush &&
               ABI_UP_INFO == XEN_ARGO_OP_up_info, "operations");
_Static_assert(ABI_SET_FAIL_EXIST == XEN_ARGO_CABLE_FLAG_FAIL_EXIST && ABI_SET_REPLACE == XEN_ARGO_CABLE_FLAG_REPLACE &&
               ABI_FLUSH_FROM == XEN_ARGO_CABLE_FLUSH_FROM && ABI_FLUSH_TO == XEN_ARGO_CABLE_FLUSH_TO &&
               ABI_RING_WAITING == XEN_ARGO_UP_RING_WAITING && ABI_RING_BROKEN == XEN_ARGO_UP_RING_BROKEN &&
               ABI_RING_LOST == XEN_ARGO_UP_RING_LOST && ABI_DOMID_UP == XEN_ARGO_DOMID_UP &&
               ABI_DOMID_ANY == XEN_ARGO_DOMID_ANY && ABI_PORT_IMPLICIT == XEN_ARGO_PORT_IMPLICIT &&
               ABI_LIST_END == XEN_ARGO_CABLE_LIST_END && ABI_FIRST_RESERVED == DOMID_FIRST_RESERVED, "constants");
#define SAME_FIELD(ours, theirs, field, their_field) \
    _Static_assert(offsetof(struct ours, field) == offsetof(struct theirs, their_field) && \
                   sizeof(((struct ours *)0)->field) == sizeof(((struct theirs *)0)->their_field), #ours "." #field)
SAME_FIELD(abi_addr, xen_argo_addr, aport, aport);
SAME_FIELD(abi_addr, xen_argo_addr, domain_id, domain_id);
SAME_FIELD(abi_addr, xen_argo_addr, pad, pad);
SAME_FIELD(abi_cable, xen_argo_cable, src, src);
SAME_FIELD(abi_cable, xen_argo_cable, dst, dst);
SAME_FIELD(abi_cable_list, xen_argo_cable_list, domain_id, domain_id);
SAME_FIELD(abi_cable_list, xen_argo_cable_list, pad, pad);
SAME_FIELD(abi_cable_list, xen_argo_cable_list, nent, nent);
SAME_FIELD(abi_cable_list, xen_argo_cable_list, cursor, cursor);
SAME_FIELD(abi_up_info, xen_argo_up_info, aport, aport);
SAME_FIELD(abi_up_info, xen_argo_up_info, flags, flags);
SAME_FIELD(abi_up_info, xen_argo_up_info, rings, rings);
SAME_FIELD(abi_up_info, xen_argo_up_info, ring_len, ring_len);
SAME_FIELD(abi_up_info, xen_argo_up_info, delivered, delivered);
SAME_FIELD(abi_up_info, xen_argo_up_info, refused, refused);
SAME_FIELD(abi_up_info, xen_argo_up_info, too_long, too_long);
SAME_FIELD(abi_up_info, xen_argo_up_info, denied, denied);
SAME_FIELD(abi_up_info, xen_argo_up_info, failed, failed);
SAME_FIELD(abi_up_info, xen_argo_up_info, discarded, discarded);
SAME_FIELD(abi_up_info, xen_argo_up_info, malformed, malformed);
_Static_assert(offsetof(struct abi_cable_list, data) == offsetof(struct xen_argo_cable_list, data), "data");
_Static_assert(sizeof(struct abi_addr) == sizeof(struct xen_argo_addr) &&
               sizeof(struct abi_cable) == sizeof(struct xen_argo_cable) &&
               sizeof(struct abi_up_info) == sizeof(struct xen_argo_up_info), "sizes");

static struct domain *domains[WORLD_DOMAINS];
static int refused, fail_error;
static unsigned int fail_after;
static bool denied; /* receiving from up */

int user_ask(enum user_question question, const struct domain *subject, const struct domain *object)
{
    (void)object;
    if (question == ASK_RECEIVE_UP)
        return denied ? -XEN_EACCES : 0;
    return subject->domain_id == 0 ? 0 : -XEN_EPERM;
}

void world_create(uint16_t domid, const char *name, const char *uuid, bool argo)
{
    (void)name;
    (void)uuid;
    domains[domid] = user_domain_create(domid, argo);
}

void world_destroy(uint16_t domid)
{
    user_domain_destroy(domains[domid]);
    domains[domid] = NULL;
}

void world_refuse(int error)
{
    refused = error;
}

void world_fail(unsigned int after, int error)
{
    fail_after = after;
    fail_error = error;
}

void world_reset(void)
{
    user_param("1"); /* argo=1 */
    world_create(0, "", "", true);
}

/* The rings that the Xen outside was told of, one for each port */
static struct outside_ring {
    xen_argo_ring_t *ring;
    uint32_t port, len;
} rings[32];
static const struct outside_ring *forgotten;

static struct outside_ring *find_ring(uint32_t port)
{
    unsigned int i = 0;

    while (i < 31 && rings[i].ring && rings[i].port != port)
        i++;
    return &rings[i];
}

/* A Xen outside that agrees to everything, but for a ring that it has forgotten */
static long outside(unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4)
{
    const xen_argo_register_ring_t *reg = arg1;
    const xen_argo_gfn_t *gfns = arg2;

    (void)arg3, (void)arg4;
    if (cmd == XEN_ARGO_OP_register_ring) {
        struct outside_ring *ring = find_ring(reg->aport);

        if (ring == forgotten)
            return -XEN_EPERM;
        *ring = (struct outside_ring){ (xen_argo_ring_t *)((struct page_info *)gfns[0])->bytes, reg->aport, reg->len };
    }
    return 0;
}

/* A message with so many bytes behind its header, which says that it is so long */
static void put(const struct outside_ring *to, uint32_t bytes, uint32_t said)
{
    struct xen_argo_ring_message_header header = { .len = said, .source = { .aport = 5, .domain_id = 9 } };

    memcpy(to->ring->ring + to->ring->tx_ptr, &header, sizeof header);
    to->ring->tx_ptr = (to->ring->tx_ptr + (uint32_t)sizeof header + ((bytes + 15) & ~15u)) % to->len;
}

static void run(void)
{
    for (int i = 0; user_run_tasklets(); i++)
        ASSERT(i < 1000);
}

/* Where the cable from this port comes down */
static xen_argo_addr_t receiver(uint32_t port)
{
    struct {
        xen_argo_cable_list_t head;
        xen_argo_cable_t cable;
    } list = { .head = { .domain_id = XEN_ARGO_DOMID_UP, .nent = 1, .cursor = port } };

    ASSERT(user_hypercall(domains[0], XEN_ARGO_OP_cable_list, &list, NULL, 0, 0) == 0);
    ASSERT(list.head.nent == 1 && list.cable.src.aport == port);
    return list.cable.dst;
}

/* The receiver has a ring of 1024 bytes, which is empty or full, or none. */
static void receive(uint32_t port, bool ring, bool full)
{
    xen_argo_addr_t at = receiver(port);
    struct domain *d = domains[at.domain_id];
    xen_argo_ring_t *pages = (xen_argo_ring_t *)d->frames[0]->bytes;
    xen_argo_unregister_ring_t unreg = { .aport = at.aport, .partner_id = XEN_ARGO_DOMID_UP };
    xen_argo_register_ring_t reg = { .aport = at.aport, .partner_id = XEN_ARGO_DOMID_UP, .len = 1024 };
    xen_argo_gfn_t frame = 0;

    user_hypercall(d, XEN_ARGO_OP_unregister_ring, &unreg, NULL, 0, 0);
    pages->rx_ptr = 0;
    pages->tx_ptr = full ? 1024 - 16 : 0;
    ASSERT(!ring || user_hypercall(d, XEN_ARGO_OP_register_ring, &reg, &frame, 1, 0) == 0);
}

void world_come(uint32_t port, enum world_fate fate, uint64_t count)
{
    const struct outside_ring *ring = find_ring(port);

    if (fate == WORLD_LOST) {
        forgotten = ring;
        user_parent_handlers->resume();
        run();
        forgotten = NULL;
        return;
    }
    receive(port, fate != WORLD_REFUSED, fate == WORLD_WAITING || fate == WORLD_FAILED);
    denied = fate == WORLD_DENIED;
    for (; count--;) {
        if (fate == WORLD_BROKEN)
            ring->ring->tx_ptr += 8;
        else if (fate == WORLD_MALFORMED)
            put(ring, 3, 8);
        else
            put(ring, fate == WORLD_TOO_LONG ? 2000 : 3, fate == WORLD_TOO_LONG ? 2016 : 19);
        /* The memory is that of a note of who waits. */
        user_alloc_fail = fate == WORLD_FAILED;
        user_parent_handlers->virq();
        run();
        ASSERT(!user_alloc_fail);
    }
    denied = false;
    if (fate != WORLD_WAITING)
        receive(port, false, false);
}

void world_nest(void)
{
    user_parent = outside;
    user_initcall();
}

struct xencall_handle {
    int unused;
};

xencall_handle *xencall_open(struct xentoollog_logger *logger, unsigned int flags)
{
    (void)logger;
    (void)flags;
    return calloc(1, sizeof(xencall_handle));
}

int xencall_close(xencall_handle *call)
{
    free(call);
    for (unsigned int d = 0; d < WORLD_DOMAINS; d++)
        if (domains[d])
            world_destroy((uint16_t)d);
    return 0;
}

void *xencall_alloc_buffer(xencall_handle *call, size_t size)
{
    (void)call;
    return malloc(size);
}

void xencall_free_buffer(xencall_handle *call, void *memory)
{
    (void)call;
    free(memory);
}

int xencall_buffers_never_fault(xencall_handle *call)
{
    (void)call;
    return 0;
}

int xencall5(xencall_handle *call, unsigned int op, uint64_t arg1, uint64_t arg2, uint64_t arg3, uint64_t arg4,
             uint64_t arg5)
{
    long result;

    (void)call;
    if (op != __HYPERVISOR_argo_op)
        result = -XEN_ENOSYS;
    else if (refused)
        result = -refused;
    else if (fail_error && !fail_after--) {
        result = -fail_error;
        fail_error = 0;
    } else
        result = user_hypercall(domains[0], (unsigned int)arg1, (void *)(uintptr_t)arg2, (void *)(uintptr_t)arg3,
                                (unsigned long)arg4, (unsigned long)arg5);
    if (result < 0) {
        errno = (int)-result;
        return -1;
    }
    return (int)result;
}
