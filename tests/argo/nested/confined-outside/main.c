/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flask on both levels, each with a policy that confines guests to cables. The inner Xen is an ordinary guest out here:
 * its messages go by the outer table, and an address that a cable in there names is refused.
 *
 * cpu: svm
 * seconds: 240
 * xen: xsm=flask flask=enforcing argo=1,mac-permissive=1
 * policy: argo-confined
 * log: ^\(XEN\) Flask:  Starting in enforcing mode
 * log: ^\(XEN\) avc:  denied  \{ send \} .*source=d3 .*scontext=system_u:system_r:domU_t
 */
#define OUTER 3
#define INNER 3

#include "../up.c"

static const xen_argo_addr_t b_port = { .domain_id = B, .aport = PORT };
static const xen_argo_addr_t from_b = { .domain_id = B, .aport = XEN_ARGO_PORT_IMPLICIT };

void test(void)
{
    static const char guest[] = "system_u:system_r:domU_t";

    if (is_puppet)
        puppet_main();
    inner_main();
    puppets_init();
    nested_create(guest, "console=xen loglvl=all guest_loglvl=all dom0_mem=24M xsm=flask flask=enforcing "
                         "argo=1,mac-permissive=1");
    inner_start();
    for (unsigned int d = A; d <= B; d++) {
        puppet_create(d, guest, 0);
        inner_create(d, guest);
    }
    for (unsigned int d = 0; d < PUPPETS; d++)
        expect("ring", register_ring(d, 0), 0);

    expect("cable up", cable_up(NESTED, A, 1, XEN_ARGO_DOMID_UP, UP + A, NULL), 0);
    expect("no cable out here", send(INNER_A, 1, "lost"), -XEN_ECONNREFUSED);
    expect("cable out here", cable_set(CONTROL, NESTED, UP + A, B, PORT, 0), 0);
    expect("up", send(INNER_A, 1, "my storage"), 10);
    expect_message("up", B, 0, NESTED, UP + A, "my storage");

    /* The inner toolstack cannot lead messages to where the outer one does not. */
    expect("cable up to an address", cable_up(NESTED, B, 1, XEN_ARGO_DOMID_UP, UP + B, &b_port), 0);
    expect("up to an address", send(INNER_B, 1, "lost"), -XEN_ECONNREFUSED);
    expect("up to an address, asking", ask(INNER_B, 1, 16), 0);
    expect_nothing("B", B, 0);
    expect("inside by name", send_to(INNER_A, 1, B, PORT, "lost"), -XEN_EACCES);
    expect("outside by name", send_to(A, 1, B, PORT, "lost"), -XEN_EACCES);
    expect("outside by name, to the inner Xen", send_to(A, 1, NESTED, DOWN + A, "lost"), -XEN_EACCES);

    /* Down, from whomever the outer table says, and from B alone */
    expect("cable down", cable_up(NESTED, XEN_ARGO_DOMID_UP, DOWN + A, A, PORT, NULL), 0);
    expect("cable out here", cable_set(CONTROL, A, 1, NESTED, DOWN + A, 0), 0);
    expect("down", send(A, 1, "your storage"), 12);
    arrive(INNER_A, 0);
    expect_message("down", INNER_A, 0, XEN_ARGO_DOMID_UP, DOWN + A, "your storage");
    expect("cable down from B", cable_up(NESTED, XEN_ARGO_DOMID_UP, DOWN + B, B, PORT, &from_b), 0);
    for (unsigned int d = A; d <= B; d++)
        expect("cable out here", cable_set(CONTROL, d, 2, NESTED, DOWN + B, 0), 0);
    expect("from B", send(B, 2, "from b"), 6);
    arrive(INNER_B, 0);
    expect_message("from B", INNER_B, 0, XEN_ARGO_DOMID_UP, DOWN + B, "from b");
    expect("from A", send(A, 2, "lost"), -XEN_ECONNREFUSED);
    expect("nothing denied", (long)info(XEN_ARGO_PORT_IMPLICIT).denied, 0);
}
