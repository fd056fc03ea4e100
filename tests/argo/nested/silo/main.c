/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SILO on both levels: what is up is no control domain of the inner Xen's, so that only its domain 0 sends there and
 * receives from there; and the inner Xen is a guest of the outer one, which talks to domain 0 out here and to nobody
 * else.
 *
 * cpu: svm
 * seconds: 240
 * xen: xsm=silo argo=1,mac-permissive=1
 */
#define OUTER 3
#define INNER 3

#include "../up.c"

void test(void)
{
    if (is_puppet)
        puppet_main();
    inner_main();
    puppets_init();
    nested_create(NULL, "console=xen loglvl=all guest_loglvl=all dom0_mem=24M xsm=silo argo=1,mac-permissive=1");
    inner_start();
    for (unsigned int d = A; d <= B; d++) {
        puppet_create(d, NULL, 0);
        inner_create(d, NULL);
    }
    for (unsigned int d = 0; d < PUPPETS; d++)
        expect("ring", register_ring(d, 0), 0);
    /* Each of the inner domains has a cable to domain 0 out here, and one from there. */
    for (unsigned int n = 0; n < INNER; n++) {
        expect("cable up", cable_up(NESTED, n, 1, XEN_ARGO_DOMID_UP, UP + n, NULL), 0);
        expect("cable out here", cable_set(CONTROL, NESTED, UP + n, CONTROL, PORT, 0), 0);
        expect("cable down", cable_up(NESTED, XEN_ARGO_DOMID_UP, DOWN + n, n, PORT, NULL), 0);
        expect("cable to down", cable_set(CONTROL, CONTROL, DOWN + n, NESTED, DOWN + n, 0), 0);
    }

    /* A guest is not told that it has a cable. */
    expect("up, from a guest", send(INNER_A, 1, "lost"), -XEN_ECONNREFUSED);
    expect("up, from a guest, asking", ask(INNER_A, 1, 16), 0);
    expect("up, without a cable", send(INNER_A, 2, "lost"), -XEN_ECONNREFUSED);
    expect_nothing("from a guest", CONTROL, 0);
    expect("up, from domain 0", send(NESTED, 1, "my storage"), 10);
    expect_message("up, from domain 0", CONTROL, 0, NESTED, UP, "my storage");
    expect("out here to a guest", cable_set(CONTROL, NESTED, UP, B, PORT, 0), 0);
    expect("up, to a guest", send(NESTED, 1, "lost"), -XEN_ECONNREFUSED);
    expect_nothing("up, to a guest", B, 0);

    expect("down, to domain 0", send(CONTROL, DOWN, "your storage"), 12);
    arrive(NESTED, 0);
    expect_message("down, to domain 0", NESTED, 0, XEN_ARGO_DOMID_UP, DOWN, "your storage");
    expect("down, to a guest", send(CONTROL, DOWN + A, "lost"), 4);
    for (unsigned int tries = 0; tries < 5000 && !info(DOWN + A).denied; tries++)
        pause();
    expect("denied", (long)info(DOWN + A).denied, 1);
    expect("delivered", (long)info(DOWN + A).delivered, 0);
    expect_nothing("down, to a guest", INNER_A, 0);
    expect("cable from a guest out here", cable_set(CONTROL, B, 1, NESTED, DOWN, 0), 0);
    expect("down, from a guest", send(B, 1, "lost"), -XEN_ECONNREFUSED);
    expect_nothing("down, from a guest", NESTED, 0);
}
