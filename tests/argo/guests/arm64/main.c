/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Implicit destinations on arm64: domain 0 sends to itself by name and by cable, until its ring is full and again when
 * there is space.
 *
 * config: arm64-xsm
 * xen: xsm=dummy argo=1
 * seconds: 120
 */
#include "guest.h"

#include <xen/argo.h>

enum { OURS = 1, PORT = 10, LENGTH = 1024, SLOT = 32 };

static uint8_t page[4096] __attribute__((aligned(4096)));
static xen_argo_ring_t *const ring = (xen_argo_ring_t *)page;
static xen_argo_cable_t cable = { .src.aport = OURS, .dst.aport = PORT };

static long argo(unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4)
{
    return hypercall(__HYPERVISOR_argo_op, cmd, (unsigned long)arg1, (unsigned long)arg2, arg3, arg4);
}

/* Send 16 bytes that begin with a number, naming a destination or nothing but our own port. */
static long send(domid_t dst, uint32_t to, uint32_t number)
{
    uint32_t message[4] = { number, number + 1, number + 2, number + 3 };
    xen_argo_send_addr_t address = { .src = { .aport = OURS, .domain_id = XEN_ARGO_DOMID_ANY },
                                     .dst = { .aport = to, .domain_id = dst } };
    xen_argo_iov_t iov = { .iov_len = sizeof(message) };

    set_xen_guest_handle(iov.iov_hnd, (uint8_t *)message);
    return argo(XEN_ARGO_OP_sendv, &address, &iov, 1, 5);
}

static long send_by_cable(uint32_t number)
{
    return send(XEN_ARGO_DOMID_ANY, XEN_ARGO_PORT_IMPLICIT, number);
}

/* Take the next message, which must be that one. */
static void expect_message(uint32_t number)
{
    uint32_t tx = __atomic_load_n(&ring->tx_ptr, __ATOMIC_ACQUIRE);
    struct xen_argo_ring_message_header header;
    uint32_t message[4];

    if (!expect("a message", tx != ring->rx_ptr, true))
        return;
    memcpy(&header, ring->ring + ring->rx_ptr, 16);
    memcpy(message, ring->ring + (ring->rx_ptr + 16) % LENGTH, 16);
    expect("length", header.len, SLOT);
    expect("source", header.source.domain_id, 0);
    expect("source port", header.source.aport, OURS);
    expect("type", header.message_type, 5);
    for (uint32_t i = 0; i < 4; i++)
        expect("its text", message[i], number + i);
    __atomic_store_n(&ring->rx_ptr, (ring->rx_ptr + SLOT) % LENGTH, __ATOMIC_RELEASE);
}

void test(void)
{
    xen_argo_register_ring_t request = { .aport = PORT, .len = LENGTH };
    xen_argo_gfn_t frame = (unsigned long)page >> 12;
    xen_argo_ring_data_t *query;
    static uint8_t asking[sizeof(*query) + sizeof(query->data[0])] __attribute__((aligned(8)));
    uint32_t sent;

    query = (xen_argo_ring_data_t *)asking;
    expect("nobody receives", send(0, PORT, 1), -XEN_ECONNREFUSED);
    expect("a domain that is not there", send(7, PORT, 1), -XEN_ESRCH);
    expect("ring", argo(XEN_ARGO_OP_register_ring, &request, &frame, 1, 0), 0);
    expect("by name", send(0, PORT, 100), 16);
    expect_message(100);
    expect("without a cable", send_by_cable(1), -XEN_ECONNREFUSED);
    expect("half of it unset", send(XEN_ARGO_DOMID_ANY, PORT, 1), -XEN_ESRCH);
    expect("cable", argo(XEN_ARGO_OP_cable_set, &cable, NULL, XEN_ARGO_CABLE_FLAG_FAIL_EXIST, 0), 0);
    expect("another one", argo(XEN_ARGO_OP_cable_set, &cable, NULL, XEN_ARGO_CABLE_FLAG_FAIL_EXIST, 0), -XEN_EEXIST);
    expect("by cable", send_by_cable(200), 16);
    expect_message(200);

    for (sent = 0; sent < 100 && send_by_cable(300 + sent) == 16; sent++)
        ;
    expect("until it is full", sent, LENGTH / SLOT - 1);
    expect("full", send_by_cable(1), -XEN_EAGAIN);
    for (uint32_t i = 0; i < sent; i++)
        expect_message(300 + i);
    query->nent = 1;
    query->data[0].ring = (xen_argo_addr_t){ .aport = OURS, .domain_id = XEN_ARGO_DOMID_ANY };
    query->data[0].space_required = 16;
    expect("asking for space", argo(XEN_ARGO_OP_notify, query, NULL, 0, 0), 0);
    expect("space", query->data[0].flags & XEN_ARGO_RING_SUFFICIENT, XEN_ARGO_RING_SUFFICIENT);
    expect("again", send_by_cable(400), 16);
    expect_message(400);
    expect("clear", argo(XEN_ARGO_OP_cable_clear, &cable.src, NULL, 0, 0), 0);
    expect("without it", send_by_cable(1), -XEN_ECONNREFUSED);
    expect("nothing came of it", ring->tx_ptr, ring->rx_ptr);
}
