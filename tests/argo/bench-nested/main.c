/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a message up costs its sender, beside one by name in each of the two hypervisors: the hypercall's instructions,
 * by QEMU's instruction counter, which the time stamp counter shows. Reading that one costs, too, and is taken off.
 *
 * cpu: svm
 * xen: xsm=dummy argo=1,mac-permissive=1
 * qemu: -icount shift=0
 * seconds: 300
 */
#define OUTER 3
#define INNER 3

#include "../nested/up.c"

enum { LONG_RING = 2048, ROUNDS = 20 };

static unsigned long now(void)
{
    uint32_t low, high;

    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return (unsigned long)high << 32 | low;
}

/* What asking for the time takes: much in the inner Xen, as the outer one answers that. */
static long clock_cost(void)
{
    long least = -1;

    for (unsigned int i = 0; i < 10; i++) {
        unsigned long begun = now();
        long taken = (long)(now() - begun);

        if (least < 0 || taken < least)
            least = taken;
    }
    return least;
}

/* Run by a guest: send what is in its mailbox as often as argument 1 says; the least that one took, or an error. */
static long send_some(void)
{
    long least = -1;

    for (unsigned long i = 0; i < mailbox.arguments[1]; i++) {
        unsigned long begun = now();
        long taken, result = hypercall(__HYPERVISOR_argo_op, XEN_ARGO_OP_sendv,
                                       (unsigned long)&mailbox.data.send.address,
                                       (unsigned long)&mailbox.data.send.iov, 1, 0);

        taken = (long)(now() - begun);
        if (result < 0)
            return result;
        if (least < 0 || taken < least)
            least = taken;
    }
    return least - clock_cost();
}

/* The least that a message of so many bytes takes d, which sends it to where it does arrive at `at` */
static long cost(unsigned int d, unsigned int at, domid_t dst, uint32_t port, unsigned int length)
{
    struct mailbox *mail = puppets[d].mailbox;
    long least = -1;

    for (unsigned int round = 0; round < ROUNDS; round++) {
        long result;

        memset(&mail->data.send, 0, sizeof(mail->data.send));
        mail->data.send.address.src.aport = 1;
        mail->data.send.address.src.domain_id = XEN_ARGO_DOMID_ANY;
        mail->data.send.address.dst.aport = port;
        mail->data.send.address.dst.domain_id = dst;
        mail->data.send.iov.iov_len = length;
        set_xen_guest_handle(mail->data.send.iov.iov_hnd, mailbox.data.send.message);
        result = puppet_call(d, PUPPET_CALL, (unsigned long)send_some, (LONG_RING - 16) / (length + 16), 0, 0, 0);
        if (result < 0)
            expect("sending", result, 0);
        if (ring_of(at, 0)->tx_ptr == ring_of(at, 0)->rx_ptr)
            expect("arriving", 0, 1);
        ring_of(at, 0)->rx_ptr = ring_of(at, 0)->tx_ptr;
        if (least < 0 || result < least)
            least = result;
    }
    return least;
}

static void register_long_ring(unsigned int d)
{
    puppets[d].mailbox->data.reg = (xen_argo_register_ring_t){ .aport = PORT, .partner_id = XEN_ARGO_DOMID_ANY,
                                                               .len = LONG_RING };
    puppets[d].mailbox->frame = puppets[d].page_frames[0];
    expect("ring", argo(d, XEN_ARGO_OP_register_ring, &mailbox.data, &mailbox.frame, 1, 0), 0);
}

void test(void)
{
    static const unsigned int lengths[] = { 16, 256, 1024 };
    long exit_cost;

    if (is_puppet)
        puppet_main();
    inner_main();
    puppets_init();
    nested_create(NULL, "console=xen dom0_mem=24M xsm=dummy argo=1,mac-permissive=1");
    inner_start();
    for (unsigned int d = A; d <= B; d++)
        puppet_create(d, NULL, 0);
    for (unsigned int d = A; d <= B; d++)
        inner_create(d, NULL);
    register_long_ring(B);
    register_long_ring(INNER_B);
    expect("cable up", cable_up(NESTED, A, 1, XEN_ARGO_DOMID_UP, UP + A, NULL), 0);
    expect("cable out here", cable_set(CONTROL, NESTED, UP + A, B, PORT, 0), 0);
    exit_cost = puppet_call(INNER_A, PUPPET_CALL, (unsigned long)clock_cost, 0, 0, 0, 0);
    print("COST %ld for an exit from the inner Xen to the outer one and back, to read the clock\n", exit_cost);

    for (unsigned int i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        long outside = cost(A, B, B, PORT, lengths[i]), inside = cost(INNER_A, INNER_B, B, PORT, lengths[i]);
        long up = cost(INNER_A, B, XEN_ARGO_DOMID_ANY, XEN_ARGO_PORT_IMPLICIT, lengths[i]);

        print("COST %u bytes: %ld by name in the outer Xen, %ld in the inner one, %ld up\n", lengths[i], outside,
              inside, up);
        expect("up is more than either, for it is both", up > outside && up > inside, true);
        /* Beside the two it takes an exit, and the outer Xen reads all arguments through the guest's page tables. */
        expect("but no more than that takes", up < outside + inside + 3 * exit_cost, true);
    }
}
