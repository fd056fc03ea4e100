/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages from a guest of the inner Xen to a guest of the outer one, and back: neither knows more than its own port.
 *
 * cpu: svm
 * seconds: 240
 * xen: xsm=dummy argo=1,mac-permissive=1
 */
#define OUTER 3
#define INNER 3

#include "../up.c"

static const xen_argo_addr_t b_port = { .domain_id = B, .aport = PORT };

/* Up: the cable in there, that out here, or either missing */
static void sending(void)
{
    expect("no cable", send(INNER_A, 1, "lost"), -XEN_ECONNREFUSED);
    expect("cable up", cable_up(NESTED, A, 1, XEN_ARGO_DOMID_UP, UP + A, NULL), 0);
    expect("no cable out here", send(INNER_A, 1, "lost"), -XEN_ECONNREFUSED);
    expect("no cable out here, asking", ask(INNER_A, 1, 16), 0);
    expect("cable out here", cable_set(CONTROL, NESTED, UP + A, B, PORT, 0), 0);
    expect("up", send(INNER_A, 1, "my storage"), 10);
    expect_message("up", B, 0, NESTED, UP + A, "my storage");
    expect("by name", send_to(INNER_A, 1, XEN_ARGO_DOMID_UP, UP + A, "lost"), -XEN_ESRCH);

    /* The address at the parent may be said in there, too. */
    expect("cable up", cable_up(NESTED, B, 1, XEN_ARGO_DOMID_UP, UP + B, &b_port), 0);
    expect("up to an address", send(INNER_B, 1, "b to b"), 6);
    expect_message("up to an address", B, 0, NESTED, UP + B, "b to b");
    expect("one port for two", cable_up(NESTED, B, 2, XEN_ARGO_DOMID_UP, UP + A, NULL), -XEN_EADDRINUSE);
    expect_nothing("B", B, 0);
}

/* Down: a message comes when the inner Xen has been told that there is one. */
static void receiving(void)
{
    expect("nobody in there", send_to(B, 1, NESTED, DOWN + A, "lost"), -XEN_ECONNREFUSED);
    expect("cable down", cable_up(NESTED, XEN_ARGO_DOMID_UP, DOWN + A, A, PORT, NULL), 0);
    expect("cable out here", cable_set(CONTROL, B, 1, NESTED, DOWN + A, 0), 0);
    expect("down", send(B, 1, "your storage"), 12);
    arrive(INNER_A, 0);
    expect_message("down", INNER_A, 0, XEN_ARGO_DOMID_UP, DOWN + A, "your storage");
    expect("delivered", (long)info(DOWN + A).delivered, 1);

    expect("there", send(INNER_A, 1, "marco"), 5);
    expect_message("there", B, 0, NESTED, UP + A, "marco");
    expect("and back", send(B, 1, "polo"), 4);
    arrive(INNER_A, 0);
    expect_message("and back", INNER_A, 0, XEN_ARGO_DOMID_UP, DOWN + A, "polo");
    expect("being told", told(A), true);
    expect_nothing("B of the inner Xen", INNER_B, 0);
}

/* A does not read: what is sent to it waits, then its sender does; B gets its own nevertheless. */
static void slow(void)
{
    unsigned int sent = 0, got = 0;
    long result;

    expect("cable down to B", cable_up(NESTED, XEN_ARGO_DOMID_UP, DOWN + B, B, PORT, NULL), 0);
    expect("cable out here", cable_set(CONTROL, B, 2, NESTED, DOWN + B, 0), 0);
    while (sent < 10000 && (result = send(B, 1, "sixteen letters.")) == 16)
        sent++;
    expect("until all is full", result, -XEN_EAGAIN);
    expect("more than a ring full", sent > RING / 32, true);
    for (unsigned int i = 0; i < 3; i++) {
        expect("past the slow one", send(B, 2, "quick"), 5);
        arrive(INNER_B, 0);
        expect_message("past the slow one", INNER_B, 0, XEN_ARGO_DOMID_UP, DOWN + B, "quick");
    }
    expect("waiting", info(DOWN + A).flags, XEN_ARGO_UP_RING_WAITING);

    /* A reads: each message comes once. */
    while (got < sent) {
        arrive(INNER_A, 0);
        if (ring_of(INNER_A, 0)->tx_ptr == ring_of(INNER_A, 0)->rx_ptr)
            break;
        got += (RING + ring_of(INNER_A, 0)->tx_ptr - ring_of(INNER_A, 0)->rx_ptr) % RING / 32;
        drain(INNER_A, 0);
    }
    expect("all that were sent", got, sent);
    expect("the sender is told", ask(B, 1, 16) & XEN_ARGO_RING_SUFFICIENT, XEN_ARGO_RING_SUFFICIENT);
    expect("delivered", (long)info(DOWN + A).delivered, (long)sent + 2);
    expect("nothing waits", info(DOWN + A).flags, 0);
}

/* What nobody takes is counted. */
static void dropping(void)
{
    expect("cable to a port without a ring", cable_up(NESTED, XEN_ARGO_DOMID_UP, DOWN + B, B, 4711, NULL), 0);
    expect("to nobody", send(B, 2, "lost"), 4);
    for (unsigned int tries = 0; tries < 500 && !info(DOWN + B).refused; tries++)
        pause();
    expect("refused", (long)info(DOWN + B).refused, 1);
    expect("delivered before", (long)info(DOWN + B).delivered, 3);
    expect_nothing("B of the inner Xen", INNER_B, 0);
    expect("cable back", cable_up(NESTED, XEN_ARGO_DOMID_UP, DOWN + B, B, PORT, NULL), 0);
}

/* Back pressure: B does not read, and A is told when it does. */
static void pressure(void)
{
    unsigned int sent = 0;

    while (sent < 1000 && send(INNER_A, 1, "sixteen letters.") == 16)
        sent++;
    expect("until it is full", sent, RING / 32 - 1);
    expect("full", send(INNER_A, 1, "sixteen letters."), -XEN_EAGAIN);
    expect("full, asking", ask(INNER_A, 1, 16), XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_SHARED);
    expect("full for the other", send(INNER_B, 1, "sixteen letters."), -XEN_EAGAIN);
    told(A);
    told(B);
    drain(B, 0);
    expect("being told", told(A), true);
    expect("the other, too", told(B), true);
    expect("again", send(INNER_A, 1, "again"), 5);
    expect_message("again", B, 0, NESTED, UP + A, "again");
}

/* Whose port it was that dies, and its domid is used again. */
static void dying(void)
{
    inner_destroy(A);
    inner_create(A, LABEL);
    expect("ring", register_ring(INNER_A, 0), 0);
    expect("the new A", send(INNER_A, 1, "lost"), -XEN_ECONNREFUSED);
    expect("cables of the new A", cable_count(NESTED, A), 0);
    expect("to the new A", send(B, 1, "lost"), -XEN_ECONNREFUSED);
    expect_nothing("B", B, 0);
    expect("the port is free", cable_up(NESTED, A, 1, XEN_ARGO_DOMID_UP, UP + A, NULL), 0);
    expect("by a new cable", send(INNER_A, 1, "new"), 3);
    expect_message("by a new cable", B, 0, NESTED, UP + A, "new");
    expect("cable down", cable_up(NESTED, XEN_ARGO_DOMID_UP, DOWN + A, A, PORT, NULL), 0);
    expect("down", send(B, 1, "new, too"), 8);
    arrive(INNER_A, 0);
    expect_message("down", INNER_A, 0, XEN_ARGO_DOMID_UP, DOWN + A, "new, too");
}

void test(void)
{
    if (is_puppet)
        puppet_main();
    inner_main();
    puppets_init();
    nested_create(NULL, "console=xen loglvl=all guest_loglvl=all dom0_mem=24M xsm=dummy argo=1,mac-permissive=1");
    inner_start();
    for (unsigned int d = A; d <= B; d++)
        puppet_create(d, NULL, 0);
    for (unsigned int d = A; d <= B; d++) {
        inner_create(d, LABEL);
        bind_virq(NESTED + d);
    }
    for (unsigned int d = 0; d < PUPPETS; d++)
        expect("ring", register_ring(d, 0), 0);
    sending();
    pressure();
    receiving();
    slow();
    dropping();
    dying();
}
