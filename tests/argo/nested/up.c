/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes up and comes down between guests of the inner Xen and guests of the outer one.
 *
 * Included by a test, which may define LABEL, the label of inner guests.
 */
#include "nested.c"

#include <xen/event_channel.h>

#ifndef LABEL
#define LABEL NULL
#endif

/* Guests of the outer Xen, and two of the inner one */
enum { A = 1, B = 2, INNER_A = NESTED + A, INNER_B = NESTED + B };

/* The inner Xen's ports at the outer one: guest d of the inner one sends from UP + d, and is reached at DOWN + d. */
enum { UP = 100, DOWN = 200 };

static evtchn_port_t virqs[PUPPETS];

/* A cable with an end up, set by the inner domain 0, or another inner domain that tries to */
static long cable_up(unsigned int caller, unsigned int src, uint32_t from, unsigned int dst, uint32_t to,
                     const xen_argo_addr_t *parent)
{
    struct mailbox *mail = puppets[caller].mailbox;

    mail->data.up.cable = (xen_argo_cable_t){ .src = { .aport = from, .domain_id = (domid_t)src },
                                              .dst = { .aport = to, .domain_id = (domid_t)dst } };
    if (parent)
        mail->data.up.parent = *parent;
    return argo(caller, XEN_ARGO_OP_cable_set, &mailbox.data.up.cable, parent ? &mailbox.data.up.parent : NULL, 0, 0);
}

/* What has become of the messages that came down at one of our ports, or at all of them */
static long info_of(unsigned int caller, uint32_t aport)
{
    puppets[caller].mailbox->data.info = (xen_argo_up_info_t){ .aport = aport };
    return argo(caller, XEN_ARGO_OP_up_info, &mailbox.data.info, NULL, 0, 0);
}

static xen_argo_up_info_t __attribute__((unused)) info(uint32_t aport)
{
    expect("up_info", info_of(NESTED, aport), 0);
    return puppets[NESTED].mailbox->data.info;
}

/* Let a puppet be told by events. */
static void __attribute__((unused)) bind_virq(unsigned int d)
{
    struct evtchn_bind_virq *bind = (struct evtchn_bind_virq *)puppets[d].mailbox->data.bytes;

    *bind = (struct evtchn_bind_virq){ .virq = VIRQ_ARGO };
    expect("binding VIRQ_ARGO", puppet_call(d, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_virq,
                                            (unsigned long)mailbox.data.bytes, 0, 0, 0), 0);
    virqs[d] = bind->port;
}

/* Whether an inner guest has been told something since the last time; wait a while for it. */
static bool __attribute__((unused)) told(unsigned int n)
{
    const unsigned long bit = 1ul << virqs[NESTED + n] % 64;
    unsigned long *word = &inner_shared[n]->evtchn_pending[virqs[NESTED + n] / 64];

    for (unsigned int tries = 0; tries < 50; tries++) {
        if (__atomic_fetch_and(word, ~bit, __ATOMIC_SEQ_CST) & bit)
            return true;
        pause();
    }
    return false;
}

/* Wait until there is a message in a ring, which takes a while if it comes from the other Xen. */
static void __attribute__((unused)) arrive(unsigned int d, unsigned int ring)
{
    for (unsigned int tries = 0; tries < 500 && ring_of(d, ring)->tx_ptr == ring_of(d, ring)->rx_ptr; tries++)
        pause();
}

/* Forget what is in a ring, and let those know that wait for space. */
static void __attribute__((unused)) drain(unsigned int d, unsigned int ring)
{
    ring_of(d, ring)->rx_ptr = ring_of(d, ring)->tx_ptr;
    expect("saying that there is space", argo(d, XEN_ARGO_OP_notify, NULL, NULL, 0, 0), 0);
}
