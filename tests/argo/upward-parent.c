/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See upward.h. */
#include "upward.h"

struct domain *domains[64];

void expect_at(int line, const char *what, long got, long wanted)
{
    if (got == wanted)
        return;
    fprintf(stderr, "line %d: %s: %ld, not %ld\n", line, what, got, wanted);
    abort();
}

enum user_question refused = ASK_COUNT;

int user_ask(enum user_question question, const struct domain *subject, const struct domain *object)
{
    (void)subject, (void)object;
    return question == refused ? -XEN_EACCES : 0;
}

/* ---- the parent */

struct parent parent;

struct query {
    uint32_t nent, pad;
    xen_argo_ring_data_ent_t data[];
};

static long parent_query(struct query *query)
{
    parent.queries++;
    if (parent.query)
        return parent.query;
    ASSERT(query->nent <= 256 && !query->pad);
    for (uint32_t i = 0; i < query->nent; i++) {
        xen_argo_ring_data_ent_t *ent = &query->data[i];

        ASSERT(!ent->pad);
        if (ent->ring.domain_id == OUTSIDE && ent->ring.aport == 13)
            return -XEN_EPERM;
        ent->max_message_size = 100000;
        ent->flags = parent.flags;
        if (!parent.simulated)
            continue;
        ent->flags = XEN_ARGO_RING_EXISTS;
        if (parent.space >= ent->space_required) {
            ent->flags |= XEN_ARGO_RING_SUFFICIENT;
            parent.pending = 0;
        } else if (parent.pending < ent->space_required)
            parent.pending = ent->space_required;
    }
    return 0;
}

long parent_op(unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4)
{
    const xen_argo_iov_t *iov = arg2;
    xen_argo_gfn_t *gfns = arg2;

    switch (cmd) {
    case XEN_ARGO_OP_sendv:
        parent.address = *(xen_argo_send_addr_t *)arg1;
        parent.type = (uint32_t)arg4;
        ASSERT(arg3 <= 1);
        parent.len = arg3 ? iov->iov_len : 0;
        if (arg3)
            memcpy(parent.bytes, iov->iov_hnd.p, iov->iov_len);
        if (parent.simulated) {
            if (parent.len <= parent.space)
                return parent.len;
            if (parent.pending < parent.len)
                parent.pending = parent.len;
            return -XEN_EAGAIN;
        }
        return parent.send ? parent.send : (long)parent.len;
    case XEN_ARGO_OP_notify:
        if (arg1)
            return parent_query(arg1);
        parent.notified++;
        return 0;
    case XEN_ARGO_OP_register_ring:
        if (parent.reg)
            return parent.reg;
        parent.registered++;
        parent.reg_arg = *(xen_argo_register_ring_t *)arg1;
        SAME(arg3, (parent.reg_arg.len + 64 + 4095) / 4096);
        parent.ring = (xen_argo_ring_t *)((struct page_info *)gfns[0])->bytes;
        return 0;
    case XEN_ARGO_OP_unregister_ring:
        parent.unregistered++;
        return parent.unreg;
    default:
        ASSERT_UNREACHABLE();
    }
}

void run(void)
{
    for (int i = 0; user_run_tasklets(); i++)
        ASSERT(i < 1000);
}

void virq(void)
{
    user_parent_handlers->virq();
    run();
}

/* ---- guests and toolstack */

unsigned virqs(unsigned d)
{
    return atomic_exchange(&domains[d]->virqs, 0);
}

long set(unsigned from, uint32_t from_port, unsigned to, uint32_t to_port, xen_argo_addr_t *outside)
{
    xen_argo_cable_t cable = { .src = { .aport = from_port, .domain_id = (domid_t)from },
                               .dst = { .aport = to_port, .domain_id = (domid_t)to } };

    return user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_cable_set, &cable, outside, 0, 0);
}

long clear(unsigned from, uint32_t port)
{
    xen_argo_addr_t source = { .aport = port, .domain_id = (domid_t)from };

    return user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_cable_clear, &source, NULL, 0, 0);
}

long send_iovs(unsigned d, uint32_t port, xen_argo_iov_t *iovs, unsigned niov)
{
    xen_argo_send_addr_t address = { .src = { .aport = port, .domain_id = XEN_ARGO_DOMID_ANY },
                                     .dst = { .aport = XEN_ARGO_PORT_IMPLICIT, .domain_id = XEN_ARGO_DOMID_ANY } };

    return user_hypercall(domains[d], XEN_ARGO_OP_sendv, &address, iovs, niov, 7);
}

long send_len(unsigned d, uint32_t port, uint32_t len)
{
    static uint8_t bytes[70000];
    xen_argo_iov_t iov = { .iov_len = len };

    for (uint32_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(i * 13 + i / 251);
    set_xen_guest_handle(iov.iov_hnd, bytes);
    return send_iovs(d, port, &iov, 1);
}

uint16_t query(unsigned d, uint32_t port, uint32_t space, uint32_t *most)
{
    struct {
        uint32_t nent, pad;
        xen_argo_ring_data_ent_t ent;
    } data = { .nent = 1, .ent = { .ring = { .aport = port, .domain_id = XEN_ARGO_DOMID_ANY }, .space_required = space } };

    SAME(user_hypercall(domains[d], XEN_ARGO_OP_notify, &data, NULL, 0, 0), 0);
    if (most)
        *most = data.ent.max_message_size;
    return data.ent.flags;
}

xen_argo_up_info_t info(uint32_t port)
{
    xen_argo_up_info_t result = { .aport = port };

    SAME(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_up_info, &result, NULL, 0, 0), 0);
    return result;
}

long register_ring(unsigned d, uint32_t port, domid_t partner, uint32_t len)
{
    xen_argo_register_ring_t reg = { .aport = port, .partner_id = partner, .len = len };
    xen_argo_gfn_t frames[4] = { 0, 1, 2, 3 };

    memset(domains[d]->frames[0]->bytes, 0, 64);
    return user_hypercall(domains[d], XEN_ARGO_OP_register_ring, &reg, frames, (len + 64 + 4095) / 4096, 0);
}

long unregister_ring(unsigned d, uint32_t port, domid_t partner)
{
    xen_argo_unregister_ring_t unreg = { .aport = port, .partner_id = partner };

    return user_hypercall(domains[d], XEN_ARGO_OP_unregister_ring, &unreg, NULL, 0, 0);
}

void put(uint32_t len, uint32_t said)
{
    struct xen_argo_ring_message_header header = { .len = said, .source = { .aport = 5, .domain_id = OUTSIDE },
                                                   .message_type = 8 };
    uint32_t at = parent.ring->tx_ptr;

    memcpy(parent.ring->ring + at, &header, 16);
    for (uint32_t i = 0; i < len; i++)
        parent.ring->ring[(at + 16 + i) % RING] = (uint8_t)i;
    parent.ring->tx_ptr = (at + 16 + ((len + 15) & ~15u)) % RING;
}

void drain(unsigned d)
{
    xen_argo_ring_t *ring = (xen_argo_ring_t *)domains[d]->frames[0]->bytes;

    ring->rx_ptr = ring->tx_ptr;
    SAME(user_hypercall(domains[d], XEN_ARGO_OP_notify, NULL, NULL, 0, 0), 0);
}
