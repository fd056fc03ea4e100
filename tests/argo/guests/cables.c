/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Implicit destinations between guests: messages, limits, lifetimes, wrong arguments, and who may do what.
 *
 * The same test runs under each security module; a main.c says what that one allows before it includes this file:
 *
 *   LABEL           the guests' label, or NULL without Flask
 *   NOT_CONTROL     what a guest is told that tries to manage cables
 *   BETWEEN_GUESTS  whether one guest may send to another by a cable
 *   NOT_EXPLICIT    what it is told that tries to by name, or 0 if that is allowed
 */
#include "puppet.c"

#include "messages.c"

enum { A = 1, B = 2, C = 3 };

static void messages(void)
{
    /* Nothing has been said about A's port, and A is told just that. */
    expect("no cable", send(A, 1, "lost"), -XEN_ECONNREFUSED);
    expect("no cable, asking", ask(A, 1, 16), 0);

    expect("A:1 to B", cable_set(CONTROL, A, 1, B, PORT, XEN_ARGO_CABLE_FLAG_FAIL_EXIST), 0);
    expect("A:2 to control", cable_set(CONTROL, A, 2, CONTROL, PORT, 0), 0);
    expect("A:3 to A itself", cable_set(CONTROL, A, 3, A, PORT + 1, 0), 0);
    expect("B:1 to A", cable_set(CONTROL, B, 1, A, PORT, 0), 0);
    expect("control:5 to A", cable_set(CONTROL, CONTROL, 5, A, PORT, 0), 0);
    expect("a second one", cable_set(CONTROL, A, 1, C, PORT, XEN_ARGO_CABLE_FLAG_FAIL_EXIST), -XEN_EEXIST);
    expect("A's cables", cable_count(CONTROL, A), 3);

    expect("to control", send(A, 2, "please"), 6);
    expect_message("to control", CONTROL, 0, A, 2, "please");
    expect("from control", send(CONTROL, 5, "granted"), 7);
    expect_message("from control", A, 0, CONTROL, 5, "granted");
    expect("to itself", send(A, 3, "memo"), 4);
    expect_message("to itself", A, 1, A, 3, "memo");

    if (!BETWEEN_GUESTS) {
        /* The same answer as without a cable; by name it may be another. */
        expect("between guests", send(A, 1, "lost"), -XEN_ECONNREFUSED);
        expect("between guests, asking", ask(A, 1, 16), 0);
        expect("between guests, by name", send_to(A, 1, B, PORT, "lost"), NOT_EXPLICIT);
        expect_nothing("B", B, 0);
        return;
    }
    expect("to B", send(A, 1, "hello"), 5);
    expect_message("to B", B, 0, A, 1, "hello");
    expect("back to A", send(B, 1, "hello yourself"), 14);
    expect_message("back to A", A, 0, B, 1, "hello yourself");

    if (NOT_EXPLICIT)
        expect("by name", send_to(A, 1, B, PORT, "by name"), NOT_EXPLICIT);
    else {
        expect("by name", send_to(A, 1, B, PORT, "by name"), 7);
        expect_message("by name", B, 0, A, 1, "by name");
    }
    expect_nothing("B", B, 0);

    expect("moving it", cable_set(CONTROL, A, 1, C, PORT, XEN_ARGO_CABLE_FLAG_REPLACE), 0);
    expect("to C", send(A, 1, "anybody else"), 12);
    expect_message("to C", C, 0, A, 1, "anybody else");
    expect_nothing("B", B, 0);

    /* A full ring, seen by a sender who does not know whose it is */
    expect("asking", ask(A, 1, 16),
           XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_SHARED | XEN_ARGO_RING_EMPTY | XEN_ARGO_RING_SUFFICIENT);
    expect("asking for too much", ask(A, 1, 2 * RING),
           XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_SHARED | XEN_ARGO_RING_EMPTY | XEN_ARGO_RING_EMSGSIZE);
    for (unsigned int i = 0; i < RING / 32 - 1; i++)
        expect("filling", send(A, 1, "sixteen letters."), 16);
    expect("full", send(A, 1, "sixteen letters."), -XEN_EAGAIN);
    expect("full, asking", ask(A, 1, 16), XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_SHARED);
    ring_of(C, 0)->rx_ptr = ring_of(C, 0)->tx_ptr;
    expect("empty again", send(A, 1, "one more"), 8);
    expect_message("empty again", C, 0, A, 1, "one more");

    /* A port at which nobody listens is no other answer. */
    expect("moving it to nowhere", cable_set(CONTROL, A, 1, B, 4711, 0), 0);
    expect("nobody listens", send(A, 1, "lost"), -XEN_ECONNREFUSED);
    expect("nobody listens, asking", ask(A, 1, 16), 0);
}

/* Whoever is not in control can do none of it, not even to itself. */
static void guests_cannot(void)
{
    expect("guest sets", cable_set(A, A, 1, B, PORT, 0), NOT_CONTROL);
    expect("guest sets its own end", cable_set(A, A, 9, A, PORT, 0), NOT_CONTROL);
    expect("guest clears", cable_clear(A, A, 1), NOT_CONTROL);
    expect("guest lists", cable_count(A, A), NOT_CONTROL);
    expect("guest flushes from", cable_flush(A, A, XEN_ARGO_CABLE_FLUSH_FROM), NOT_CONTROL);
    expect("guest flushes to", cable_flush(A, A, XEN_ARGO_CABLE_FLUSH_TO), NOT_CONTROL);
    expect("A's cables are as before", cable_count(CONTROL, A), 3);
}

/* C dies, and another domain gets its domid. */
static void lifetimes(void)
{
    expect("A:1 to C", cable_set(CONTROL, A, 1, C, PORT, 0), 0);
    expect("C:1 to A", cable_set(CONTROL, C, 1, A, PORT, 0), 0);
    puppet_destroy(C);
    expect("the dead end", send(A, 1, "lost"), -XEN_ECONNREFUSED);
    expect("A's cables", cable_count(CONTROL, A), 2);
    puppet_create(C, LABEL, 0);
    expect("C's cables", cable_count(CONTROL, C), 0);
    expect("ring of the new C", register_ring(C, 0), 0);
    expect("the new C", send(A, 1, "lost"), -XEN_ECONNREFUSED);
    expect("from the new C", send(C, 1, "lost"), -XEN_ECONNREFUSED);
    expect_nothing("the new C", C, 0);
    expect("A:1 to the new C", cable_set(CONTROL, A, 1, C, PORT, 0), 0);
    expect("the new C", send(A, 1, "found"), BETWEEN_GUESTS ? 5 : -XEN_ECONNREFUSED);
}

static void limits(void)
{
    long full = 0;

    expect("flush", cable_flush(CONTROL, A, XEN_ARGO_CABLE_FLUSH_FROM | XEN_ARGO_CABLE_FLUSH_TO), 0);
    expect("A's cables", cable_count(CONTROL, A), 0);
    expect("B's cables", cable_count(CONTROL, B), 0);
    for (uint32_t i = 0; i < 4096 && !full; i++)
        full = cable_set(CONTROL, A, i * 1000003, B, PORT, 0);
    expect("4096 cables", full, 0);
    expect("one more from A", cable_set(CONTROL, A, 1, C, PORT, 0), -XEN_ENOSPC);
    expect("one more to B", cable_set(CONTROL, C, 1, B, PORT, 0), -XEN_ENOSPC);
    expect("4096 cables", cable_count(CONTROL, A), 4096);
    expect("the last of them", send(A, 4095u * 1000003, "far"), BETWEEN_GUESTS ? 3 : -XEN_ECONNREFUSED);
    expect("flush to B", cable_flush(CONTROL, B, XEN_ARGO_CABLE_FLUSH_TO), 0);
    expect("A's cables", cable_count(CONTROL, A), 0);
}

static void bad_arguments(void)
{
    /* Xen's own memory, and an address that is none */
    void *const xen = (void *)0xffff830000000000ul, *const no_address = (void *)0x8000000000000000ul;

    for (unsigned int cmd = XEN_ARGO_OP_cable_set; cmd <= XEN_ARGO_OP_cable_list; cmd++) {
        expect("no pointer", argo(CONTROL, cmd, NULL, NULL, 0, 0), -XEN_EFAULT);
        expect("pointer to Xen", argo(CONTROL, cmd, xen, NULL, 0, 0), -XEN_EFAULT);
        expect("no address", argo(CONTROL, cmd, no_address, NULL, 0, 0), -XEN_EFAULT);
        expect("second pointer", argo(CONTROL, cmd, &mailbox.data, &mailbox.data, 0, 0), -XEN_EINVAL);
        expect("fourth argument", argo(CONTROL, cmd, &mailbox.data, NULL, 0, 1), -XEN_EINVAL);
        expect("more than 32 bits", argo(CONTROL, cmd, &mailbox.data, NULL, 1ul << 32, 0), -XEN_EINVAL);
        memset(&mailbox.data, 0xff, sizeof(mailbox.data));
        expect("padding", argo(CONTROL, cmd, &mailbox.data, NULL, 0, 0), -XEN_EINVAL);
    }
    expect("both flags", cable_set(CONTROL, A, 1, B, PORT, 3), -XEN_EINVAL);
    expect("unknown flag", cable_set(CONTROL, A, 1, B, PORT, 4), -XEN_EINVAL);
    expect("no source", cable_set(CONTROL, 99, 1, B, PORT, 0), -XEN_ESRCH);
    expect("no destination", cable_set(CONTROL, A, 1, 99, PORT, 0), -XEN_ESRCH);
    expect("Xen as source", cable_set(CONTROL, DOMID_XEN, 1, B, PORT, 0), -XEN_ESRCH);
    expect("nothing to clear", cable_clear(CONTROL, A, 1), -XEN_ENOENT);
    expect("nothing to replace", cable_set(CONTROL, A, 1, B, PORT, XEN_ARGO_CABLE_FLAG_REPLACE), -XEN_ENOENT);
    expect("flush without a flag", cable_flush(CONTROL, A, 0), -XEN_EINVAL);
    expect("flush with an unknown flag", cable_flush(CONTROL, A, 4), -XEN_EINVAL);
    expect("flush of no domid", cable_flush(CONTROL, 0x10000 + A, 1), -XEN_EINVAL);
    expect("the next operation", argo(CONTROL, XEN_ARGO_OP_cable_flush + 1, NULL, NULL, 0, 0), -XEN_EOPNOTSUPP);
    /* Errors are negative in all 64 bits, also those of today's way of sending. */
    expect("no such domain", send_to(A, 1, 99, PORT, "lost"), -XEN_ESRCH);
    expect("half an unset destination", send_to(A, 1, XEN_ARGO_DOMID_ANY, PORT, "lost"), -XEN_ESRCH);
    expect("no such port", send_to(CONTROL, 1, A, 4711, "lost"), -XEN_ECONNREFUSED);
}

void test(void)
{
    if (is_puppet)
        puppet_main();
    puppets_init();
    for (unsigned int d = A; d <= C; d++)
        puppet_create(d, LABEL, 0);
    for (unsigned int d = 0; d <= C; d++)
        for (unsigned int ring = 0; ring < PUPPET_PAGES; ring++)
            expect("ring", register_ring(d, ring), 0);
    messages();
    guests_cannot();
    lifetimes();
    limits();
    bad_arguments();
    for (unsigned int d = A; d <= C; d++)
        puppet_destroy(d);
}
