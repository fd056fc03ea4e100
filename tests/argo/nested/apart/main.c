/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xen in a guest of Xen, and nobody has said that messages go up: the guests of each talk among themselves alone, by
 * the same domids and ports, and the inner Xen is one more domain to the outer one.
 *
 * cpu: svm
 * seconds: 240
 * xen: xsm=dummy argo=1,mac-permissive=1
 * log: \(XEN\) Argo of the hypervisor below: we are d3 there
 */
#define OUTER 3
#define INNER 3

#include "../nested.c"

enum { A = 1, B = 2, INNER_A = NESTED + A, INNER_B = NESTED + B };

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
    for (unsigned int d = A; d <= B; d++)
        inner_create(d, NULL);
    for (unsigned int d = 0; d < PUPPETS; d++)
        expect("ring", register_ring(d, 0), 0);

    expect("cable out here", cable_set(CONTROL, A, 1, B, PORT, 0), 0);
    expect("nothing of it in there", cable_count(NESTED, A), 0);
    expect("no cable in there", send(INNER_A, 1, "lost"), -XEN_ECONNREFUSED);
    expect("cable in there", cable_set(NESTED, A, 1, B, PORT, 0), 0);
    expect("in there", send(INNER_A, 1, "inside"), 6);
    expect_nothing("out here", B, 0);
    expect_message("in there", INNER_B, 0, A, 1, "inside");
    expect("out here", send(A, 1, "outside"), 7);
    expect_nothing("in there", INNER_B, 0);
    expect_message("out here", B, 0, A, 1, "outside");
    expect("from the inner domain 0", send_to(NESTED, 1, A, PORT, "down"), 4);
    expect_message("from the inner domain 0", INNER_A, 0, 0, 1, "down");
    expect("to a domain that there is outside only", send_to(INNER_A, 1, NESTED, PORT, "lost"), -XEN_ESRCH);
    expect("to the inner Xen, which has no ring", send_to(A, 1, NESTED, PORT, "lost"), -XEN_ECONNREFUSED);

    /* A domain in there dies, and its domid is used again. */
    inner_destroy(B);
    expect("to the dead", send(INNER_A, 1, "lost"), -XEN_ECONNREFUSED);
    inner_create(B, NULL);
    expect("ring", register_ring(INNER_B, 0), 0);
    expect("to another B", send(INNER_A, 1, "lost"), -XEN_ECONNREFUSED);
    expect_nothing("another B", INNER_B, 0);
    expect("out here", send(A, 1, "as before"), 9);
    expect_message("out here", B, 0, A, 1, "as before");
}
