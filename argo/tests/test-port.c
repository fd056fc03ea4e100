/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's side, argo/guest, beside a Xen that does no more than put messages of random lengths into its ring: each is
 * received as it was sent, around the ring's end too, and a damaged ring is noticed. What is asked of Xen is what the
 * public header demands.
 */
#include "../guest/argo-port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xen/errno.h>

enum { SIZE = 256, PORT = 70 };

static int failures;
static unsigned int notified;
static long answer;
static uint16_t flags;

#define SAME(got, wanted) same(__LINE__, #got, (long)(got), (long)(wanted))

static void same(int line, const char *what, long got, long wanted)
{
    if (got == wanted)
        return;
    fprintf(stderr, "%s:%d: %s: %ld, not %ld\n", __FILE__, line, what, got, wanted);
    failures++;
}

static long fake(struct argo_port *port, unsigned int operation, const void *arg1, const void *arg2, unsigned long arg3,
                 unsigned long arg4)
{
    const xen_argo_register_ring_t *reg = arg1;
    const xen_argo_send_addr_t *address = arg1;
    const xen_argo_iov_t *iov = arg2;
    xen_argo_ring_data_t *query = (void *)arg1;

    SAME(port->port, PORT);
    switch (operation) {
    case XEN_ARGO_OP_register_ring:
        SAME(reg->aport, PORT);
        SAME(reg->partner_id, XEN_ARGO_DOMID_ANY);
        SAME(reg->len, SIZE);
        SAME(*(const xen_argo_gfn_t *)arg2, 1234);
        SAME(arg3, 1);
        SAME(arg4, 0);
        break;
    case XEN_ARGO_OP_unregister_ring:
        SAME(((const xen_argo_unregister_ring_t *)arg1)->aport, PORT);
        SAME(((const xen_argo_unregister_ring_t *)arg1)->partner_id, XEN_ARGO_DOMID_ANY);
        SAME(arg2 != NULL || arg3 || arg4, 0);
        break;
    case XEN_ARGO_OP_sendv:
        SAME(address->src.domain_id, XEN_ARGO_DOMID_ANY);
        SAME(address->src.aport, PORT);
        SAME(address->dst.domain_id, XEN_ARGO_DOMID_ANY);
        SAME(address->dst.aport, 0xffffffff);
        SAME(address->src.pad | address->dst.pad | iov->pad, 0);
        SAME(iov->iov_len, 5);
        SAME(memcmp(iov->iov_hnd.p, "hello", 5), 0);
        SAME(arg3, 1);
        SAME(arg4, 9);
        break;
    case XEN_ARGO_OP_notify:
        notified++;
        if (!query)
            break;
        SAME(query->nent, 1);
        SAME(query->pad | query->data[0].pad | query->data[0].ring.pad, 0);
        SAME(query->data[0].ring.domain_id, XEN_ARGO_DOMID_ANY);
        SAME(query->data[0].ring.aport, PORT);
        SAME(query->data[0].space_required, 77);
        query->data[0].flags = flags;
        break;
    default:
        SAME(operation, -1);
    }
    return answer;
}

static uint8_t byte(uint32_t message, uint32_t i)
{
    return (uint8_t)(message * 31 + i * 7 + 1);
}

static void put(xen_argo_ring_t *ring, const void *from, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        ring->ring[(ring->tx_ptr + i) % SIZE] = ((const uint8_t *)from)[i];
    ring->tx_ptr = (ring->tx_ptr + length + 15) / 16 * 16 % SIZE;
}

/* Put a message in, if there is room. */
static int message_in(xen_argo_ring_t *ring, uint32_t number, uint32_t length)
{
    uint32_t used = (ring->tx_ptr - ring->rx_ptr + SIZE) % SIZE;
    struct xen_argo_ring_message_header header = { .len = length + 16, .message_type = number };
    uint8_t bytes[SIZE];

    if (used + 16 + (length + 15) / 16 * 16 >= SIZE)
        return 0;
    header.source.domain_id = 3;
    header.source.aport = length;
    for (uint32_t i = 0; i < length; i++)
        bytes[i] = byte(number, i);
    put(ring, &header, 16);
    put(ring, bytes, length);
    return 1;
}

static void test_receive(struct argo_port *port)
{
    uint32_t lengths[100000], in = 0, out = 0, state = 1;
    struct argo_port_message message;
    uint8_t bytes[SIZE];

    while (out < 100000) {
        state = state * 1664525 + 1013904223;
        if (in < 100000 && state >> 31) {
            lengths[in] = (state >> 8) % 200;
            in += (uint32_t)message_in(port->ring, in, lengths[in]);
            continue;
        }
        if (in == out) {
            SAME(argo_port_receive(port, bytes, SIZE, &message), -XEN_EAGAIN);
            if (in < 100000) { /* so that something happens */
                lengths[in] = 7;
                in += (uint32_t)message_in(port->ring, in, 7);
            }
            continue;
        }
        if (lengths[out]) {
            SAME(argo_port_receive(port, bytes, lengths[out] - 1, &message), -XEN_EMSGSIZE);
            SAME(message.length, lengths[out]);
        }
        SAME(argo_port_receive(port, bytes, lengths[out], &message), lengths[out]);
        SAME(message.type, out);
        SAME(message.source.domain_id, 3);
        SAME(message.source.aport, lengths[out]);
        for (uint32_t i = 0; i < lengths[out]; i++)
            SAME(bytes[i], byte(out, i));
        if (failures)
            return;
        out++;
    }
}

static void test_damage(struct argo_port *port)
{
    struct argo_port_message message;
    uint8_t bytes[SIZE];
    static const uint32_t bad[][3] = { { 8, 0, 32 }, { 0, 8, 32 }, { SIZE, 0, 32 }, { 0, SIZE, 32 }, { 0, 32, 15 },
                                       { 0, 32, 33 }, { 0, 16, 32 }, { 0, 32, 0xfffffff8 }, { 240, 0, 32 } };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        memset(port->ring->ring, 0, SIZE);
        port->ring->rx_ptr = bad[i][0];
        port->ring->tx_ptr = bad[i][1];
        memcpy(port->ring->ring + bad[i][0] % SIZE, &bad[i][2], 4);
        SAME(argo_port_receive(port, bytes, SIZE, &message), -XEN_EIO);
    }
}

int main(void)
{
    xen_argo_ring_t *ring = calloc(1, sizeof *ring + SIZE);
    struct argo_port port = { .hypercall = fake, .port = PORT, .ring = ring, .size = SIZE,
                              .partner = XEN_ARGO_DOMID_ANY };
    static const struct {
        uint16_t flags;
        long wanted;
    } rooms[] = {
        { 0, -XEN_ECONNREFUSED },
        { XEN_ARGO_RING_EXISTS, 0 },
        { XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_EMSGSIZE, -XEN_EMSGSIZE },
        { XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_EBUSY, -XEN_EBUSY },
        { XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_SUFFICIENT | XEN_ARGO_RING_EMPTY, 1 },
    };
    xen_argo_gfn_t frame = 1234;

    if (!ring)
        return 2;
    SAME(argo_port_open(&port, &frame, 1), 0);
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        flags = rooms[i].flags;
        SAME(argo_port_room(&port, 77), rooms[i].wanted);
    }
    answer = 5;
    SAME(argo_port_send(&port, "hello", 5, 9), 5);
    answer = 0xffffff91; /* -XEN_ECONNREFUSED as a Xen with a defect gives it */
    SAME(argo_port_send(&port, "hello", 5, 9), -XEN_ECONNREFUSED);
    answer = -XEN_EPERM;
    SAME(argo_port_room(&port, 77), -XEN_EPERM);
    answer = 0;
    notified = 0;
    SAME(argo_port_taken(&port), 0);
    SAME(notified, 1);
    SAME(argo_port_close(&port), 0);
    test_receive(&port);
    test_damage(&port);
    free(ring);
    if (failures)
        return 1;
    puts("the guest's side receives what was sent");
    return 0;
}
