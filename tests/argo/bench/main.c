/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a message costs: the hypercall's instructions, by QEMU's instruction counter, which the time stamp counter shows.
 *
 * xen: xsm=dummy argo=1,mac-permissive=1
 */
#include "../guests/puppet.c"

enum { PORT = 10, RING = 2048, TRIES = 100, MOST = 4096 };

static unsigned long now(void)
{
    uint32_t low, high;

    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return (unsigned long)high << 32 | low;
}

/* The least that a message of so many bytes takes, by name or by the cable from a port */
static unsigned long cost(bool implicit, uint32_t from, unsigned int length)
{
    xen_argo_send_addr_t *address = &mailbox.data.send.address;
    xen_argo_ring_t *ring = ring_of(0, 0);
    unsigned long least = ~0ul;

    memset(&mailbox.data.send, 0, sizeof(mailbox.data.send));
    address->src.aport = from;
    address->src.domain_id = XEN_ARGO_DOMID_ANY;
    address->dst.aport = implicit ? XEN_ARGO_PORT_IMPLICIT : PORT;
    address->dst.domain_id = implicit ? XEN_ARGO_DOMID_ANY : 0;
    mailbox.data.send.iov.iov_len = length;
    set_xen_guest_handle(mailbox.data.send.iov.iov_hnd, mailbox.data.send.message);
    for (unsigned int i = 0; i < TRIES; i++) {
        unsigned long begun = now(), taken;
        long result = argo(0, XEN_ARGO_OP_sendv, address, &mailbox.data.send.iov, 1, 0);

        taken = now() - begun;
        if (taken < least)
            least = taken;
        if (result != (long)length)
            expect("sendv", result, length);
        ring->rx_ptr = ring->tx_ptr;
    }
    return least;
}

static void plug(uint32_t from)
{
    mailbox.data.cable = (xen_argo_cable_t){ .src.aport = from, .dst.aport = PORT };
    must("cable_set", argo(0, XEN_ARGO_OP_cable_set, &mailbox.data, NULL, 0, 0));
}

void test(void)
{
    static const unsigned int lengths[] = { 16, 64, 256, 1024 };
    unsigned long one = 0;
    unsigned int cables = 0;

    if (is_puppet)
        puppet_main();
    puppets_init();
    mailbox.data.reg = (xen_argo_register_ring_t){ .aport = PORT, .partner_id = XEN_ARGO_DOMID_ANY, .len = RING };
    mailbox.frame = puppets[0].page_frames[0];
    expect("ring", argo(0, XEN_ARGO_OP_register_ring, &mailbox.data, &mailbox.frame, 1, 0), 0);

    plug(cables++);
    for (unsigned int i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        unsigned long named = cost(false, 0, lengths[i]), by_cable = cost(true, 0, lengths[i]);

        print("COST %u bytes: %lu by name, %lu by cable\n", lengths[i], named, by_cable);
        expect("not more than 1 % above", by_cable * 100 <= named * 101, true);
    }
    for (unsigned int count = 1; count <= MOST; count *= 4) {
        unsigned long most = 0;

        while (cables < count)
            plug(cables++);
        for (unsigned int i = 0; i < 16; i++) {
            unsigned long taken = cost(true, i * count / 16, 16);

            if (taken > most)
                most = taken;
        }
        if (!one)
            one = most;
        print("COST %u cables: %lu\n", count, most);
        /* A few instructions for each cable that shares the bucket */
        expect("flat", most <= one + 40, true);
    }
}
