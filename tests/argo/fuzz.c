/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a program of hypercalls by a few domains, on the real argo.c: what it reads of requests that make no sense
 * must not go wrong, nor leave anything behind.
 *
 * Each operation is taken from the input, with pointers to a request that is made of the input too, to nothing, or to
 * where guest memory faults. Domains also write over their rings, die, come back and are reset. There is no model here:
 * the sanitizers, argo.c's own assertions, and those of user.c (no page is kept, every lock is free) are the judges.
 */
#include "user.h"

#include <public/argo.h>

enum { DOMAINS = 4, REQUEST = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct domain *domains[DOMAINS];
static const uint8_t *at, *end;
static uint8_t denied; /* a bit for each question */

/* What guests see: requests, messages as long as they may be, and a bit beyond. */
static union {
    uint8_t bytes[REQUEST];
    xen_argo_register_ring_t reg;
    xen_argo_unregister_ring_t unreg;
    xen_argo_send_addr_t send;
    xen_argo_ring_data_t query;
    xen_argo_cable_t cable;
    xen_argo_addr_t address;
    xen_argo_cable_list_t list;
} first;
static union {
    uint8_t bytes[REQUEST];
    xen_argo_gfn_t frames[REQUEST / sizeof(xen_argo_gfn_t)];
    xen_argo_iov_t iovs[REQUEST / sizeof(xen_argo_iov_t)];
} second;
static uint8_t message[(1 << 24) + 4096];

static uint8_t byte(void)
{
    return at < end ? *at++ : 0;
}

static uint32_t number(void)
{
    uint32_t value = 0;

    for (int i = byte() & 3; i >= 0; i--)
        value = value << 8 | byte();
    return value;
}

static uint32_t port(void)
{
    uint8_t b = byte();

    return b == 255 ? number() : b == 254 ? 0xffffffff : b & 1;
}

static domid_t domid(void)
{
    uint8_t b = byte();

    return b == 255 ? (domid_t)number() : b & 64 ? XEN_ARGO_DOMID_ANY : b & (DOMAINS - 1);
}

static void address(xen_argo_addr_t *to)
{
    to->aport = port();
    to->domain_id = domid();
    to->pad = byte() == 255;
}

/* A pointer to the request, most of the time */
static void *pointer(void *request)
{
    uint8_t b = byte();

    return b < 250 ? request : b < 252 ? NULL : (void *)(uintptr_t)(b - 250);
}

static void fill(uint32_t operation, unsigned long *arg3, unsigned long *arg4)
{
    uint32_t count;

    *arg3 = *arg4 = 0;
    switch (operation) {
    case XEN_ARGO_OP_register_ring:
        first.reg.aport = port();
        first.reg.partner_id = domid();
        first.reg.pad = byte() == 255;
        first.reg.len = byte() & 1 ? number() : (byte() & 31) * 64u + 48;
        *arg3 = byte() & 1 ? number() : (first.reg.len + 4095 + 64) / 4096;
        for (count = 0; count < *arg3 && count < USER_FRAMES; count++)
            second.frames[count] = byte() == 255 ? number() : (count + byte()) % USER_FRAMES;
        *arg4 = byte() & 1;
        break;
    case XEN_ARGO_OP_unregister_ring:
        first.unreg.aport = port();
        first.unreg.partner_id = domid();
        first.unreg.pad = byte() == 255;
        break;
    case XEN_ARGO_OP_sendv:
        address(&first.send.src);
        address(&first.send.dst);
        if (byte() & 1) /* the destination left unset */
            first.send.dst = (xen_argo_addr_t){ .aport = XEN_ARGO_PORT_IMPLICIT, .domain_id = XEN_ARGO_DOMID_ANY };
        if (byte() & 1)
            first.send.src.domain_id = XEN_ARGO_DOMID_ANY;
        *arg3 = byte() & 7 ? byte() & 1 : byte() % 10;
        for (count = 0; count < *arg3; count++) {
            second.iovs[count].iov_hnd.p = pointer(message);
            second.iovs[count].iov_len = byte() & 7 ? byte() & 63 : number();
            second.iovs[count].pad = byte() == 255;
        }
        *arg4 = number();
        break;
    case XEN_ARGO_OP_notify:
        first.query.nent = byte() == 255 ? number() : byte() & 15;
        first.query.pad = byte() == 255;
        for (count = 0; count < first.query.nent && count < 16; count++) {
            address(&first.query.data[count].ring);
            first.query.data[count].flags = byte();
            first.query.data[count].pad = byte() == 255;
            first.query.data[count].space_required = number();
        }
        break;
    case XEN_ARGO_OP_cable_set:
        address(&first.cable.src);
        address(&first.cable.dst);
        *arg3 = byte() & 7;
        break;
    case XEN_ARGO_OP_cable_clear:
        address(&first.address);
        break;
    case XEN_ARGO_OP_cable_list:
        first.list.domain_id = domid();
        first.list.pad = byte() == 255;
        first.list.nent = number();
        first.list.cursor = byte() & 1 ? 0 : (uint64_t)number() << (byte() & 32) | number();
        break;
    case XEN_ARGO_OP_cable_flush:
        *arg3 = byte() == 255 ? number() : domid();
        *arg4 = byte() & 7;
        break;
    }
    if (byte() == 255) {
        *arg3 = (unsigned long)number() << (byte() & 32);
        *arg4 = (unsigned long)number() << (byte() & 32);
    }
}

int user_ask(enum user_question question, const struct domain *subject, const struct domain *object)
{
    (void)subject;
    (void)object;
    return denied >> question & 1 ? -XEN_EACCES : 0;
}

static void hypercall(struct domain *d)
{
    uint32_t operation = byte() & 15;
    unsigned long arg3, arg4;
    void *arg1, *arg2 = NULL;
    long result;

    if (operation > 9)
        operation = XEN_ARGO_OP_sendv; /* which is what there is most of */
    fill(operation, &arg3, &arg4);
    arg1 = operation == XEN_ARGO_OP_cable_flush ? NULL : pointer(&first);
    if (operation == XEN_ARGO_OP_register_ring || operation == XEN_ARGO_OP_sendv)
        arg2 = pointer(&second);
    if (byte() == 255)
        arg2 = pointer(&second);
    if (byte() == 255)
        user_alloc_fail = 1 + (byte() & 3);
    result = user_hypercall(d, operation, arg1, arg2, arg3, arg4);
    user_alloc_fail = 0;
    /* An error is one of Xen's, and only sending answers with more than zero. */
    ASSERT(result >= -200 && (result <= 0 || operation == XEN_ARGO_OP_sendv));
}

/* Write somewhere into the domain's rings, as it may at any time. */
static void scribble(struct domain *d)
{
    struct page_info *frame = d->frames[byte() % USER_FRAMES];
    unsigned int offset = byte() & 1 ? byte() % 16 : byte() * 16u;

    for (int i = byte() & 7; i >= 0; i--)
        frame->bytes[offset++] = byte();
}

/* Where a program begins: everybody receives at port 0, and has cables to the others. */
static void prepare(void)
{
    for (unsigned int d = 0; d < DOMAINS; d++)
        domains[d] = user_domain_create((domid_t)d, true);
    for (unsigned int d = 0; d < DOMAINS; d++) {
        xen_argo_register_ring_t reg = { .partner_id = XEN_ARGO_DOMID_ANY, .len = 128 };
        xen_argo_gfn_t frame = d;

        ASSERT(user_hypercall(domains[d], XEN_ARGO_OP_register_ring, &reg, &frame, 1, 0) == 0);
        for (unsigned int p = 0; p < 2; p++) {
            xen_argo_cable_t cable = { .src = { .domain_id = (domid_t)d, .aport = p },
                                       .dst = { .domain_id = (domid_t)((d + p + 1) % DOMAINS) } };

            ASSERT(user_hypercall(domains[0], XEN_ARGO_OP_cable_set, &cable, NULL, 0, 0) == 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;

    if (!ready)
        ASSERT(user_param("1,mac-permissive=1") == 0);
    ready = true;
    at = data;
    end = data + size;
    denied = 0;
    prepare();
    while (at < end) {
        unsigned int d = byte() % DOMAINS;

        switch (byte() & 31) {
        case 0:
            user_domain_destroy(domains[d]);
            domains[d] = user_domain_create((domid_t)d, byte() != 255);
            break;
        case 1:
            argo_soft_reset(domains[d]);
            break;
        case 2:
        case 3:
        case 4:
            scribble(domains[d]);
            break;
        case 5:
            denied = byte() & byte();
            break;
        default:
            hypercall(domains[d]);
        }
    }
    for (unsigned int d = 0; d < DOMAINS; d++)
        user_domain_destroy(domains[d]);
    return 0;
}
