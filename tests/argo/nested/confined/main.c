/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inner Xen's policy confines its guests to cables, and keeps one of them from what is up, too: what it is told is
 * what it would be told without a cable. The outer Xen knows nothing of that.
 *
 * cpu: svm
 * seconds: 240
 * xen: xsm=dummy argo=1,mac-permissive=1
 * policy: argo-confined
 * log: \(d3\) \(XEN\) Flask:  Starting in enforcing mode
 * log: \(d3\) \(XEN\) avc:  denied  \{ send \} .*scontext=system_u:system_r:domU_t
 * log: \(d3\) \(XEN\) avc:  denied  \{ send_up \} .*scontext=system_u:system_r:grounded_t
 * log: \(d3\) \(XEN\) avc:  denied  \{ receive_up \} .*scontext=system_u:system_r:grounded_t
 * log: \(d3\) \(XEN\) avc:  denied  \{ cable_source \} .*scontext=system_u:system_r:domU_t
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
    nested_create(NULL, "console=xen loglvl=all guest_loglvl=all dom0_mem=24M xsm=flask flask=enforcing "
                        "argo=1,mac-permissive=1");
    inner_start();
    puppet_create(A, NULL, 0);
    puppet_create(B, NULL, 0);
    inner_create(A, "system_u:system_r:domU_t");
    inner_create(B, "system_u:system_r:grounded_t");
    for (unsigned int d = 0; d < PUPPETS; d++)
        expect("ring", register_ring(d, 0), 0);
    for (unsigned int d = A; d <= B; d++) {
        expect("cable up", cable_up(NESTED, d, 1, XEN_ARGO_DOMID_UP, UP + d, NULL), 0);
        expect("cable down", cable_up(NESTED, XEN_ARGO_DOMID_UP, DOWN + d, d, PORT, NULL), 0);
        expect("cable from up", cable_set(CONTROL, NESTED, UP + d, B, PORT, 0), 0);
        expect("cable to down", cable_set(CONTROL, B, d, NESTED, DOWN + d, 0), 0);
    }
    expect("to each other", cable_set(NESTED, B, 2, A, PORT, 0), 0);

    expect("up", send(INNER_A, 1, "my storage"), 10);
    expect_message("up", B, 0, NESTED, UP + A, "my storage");
    expect("down", send(B, A, "your storage"), 12);
    arrive(INNER_A, 0);
    expect_message("down", INNER_A, 0, XEN_ARGO_DOMID_UP, DOWN + A, "your storage");
    expect("by name", send_to(INNER_A, 1, B, PORT, "lost"), -XEN_EACCES);
    expect("up by name", send_to(INNER_A, 1, XEN_ARGO_DOMID_UP, UP + A, "lost"), -XEN_ESRCH);
    expect("a cable of its own", cable_up(INNER_A, A, 2, XEN_ARGO_DOMID_UP, UP + 9, NULL), -XEN_EACCES);
    expect("counters", info_of(INNER_A, DOWN + A), -XEN_EACCES);

    expect("up, forbidden", send(INNER_B, 1, "lost"), -XEN_ECONNREFUSED);
    expect("up, forbidden, asking", ask(INNER_B, 1, 16), 0);
    expect("without a cable", send(INNER_B, 3, "lost"), -XEN_ECONNREFUSED);
    expect_nothing("B", B, 0);
    expect("down, forbidden", send(B, B, "lost"), 4);
    for (unsigned int tries = 0; tries < 500 && !info(DOWN + B).denied; tries++)
        pause();
    expect("denied", (long)info(DOWN + B).denied, 1);
    expect("delivered", (long)info(DOWN + B).delivered, 0);
    expect_nothing("grounded", INNER_B, 0);
    expect("to each other", send(INNER_B, 2, "around"), 6);
    expect_message("to each other", INNER_A, 0, B, 2, "around");
}
