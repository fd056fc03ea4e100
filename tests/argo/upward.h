/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parent of upward.c, which says what it is told to, and what guests and toolstacks do in few words. */
#ifndef UPWARD_H
#define UPWARD_H

#include "user.h"

#include <xen/argo-parent.h>

#include <public/argo.h>

enum { TOOLSTACK, ONE, TWO, OUTSIDE = 9, RING = 4096 * 2 - 64 };

extern struct domain *domains[64];
/* The question that the security module answers with no */
extern enum user_question refused;

void expect_at(int line, const char *what, long got, long wanted);
#define SAME(got, wanted) expect_at(__LINE__, #got, (long)(got), (long)(wanted))

extern struct parent {
    int send, reg, unreg, query;     /* what it answers; a query with an entry for OUTSIDE's port 13 fails always */
    uint16_t flags;                  /* of a ring that is asked about, unless there is a simulated one */
    bool simulated;                  /* one ring with so much space, and what it waits to have for us */
    uint32_t space, pending;
    unsigned registered, unregistered, notified, queries;
    xen_argo_send_addr_t address;    /* of the last message */
    uint8_t bytes[70000];
    uint32_t len, type;
    xen_argo_ring_t *ring;           /* the ring that was registered last */
    xen_argo_register_ring_t reg_arg;
} parent;

long parent_op(unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4);

/* Run tasklets until there are none; the same after the parent has sent its VIRQ */
void run(void);
void virq(void);

/* How often a domain was signalled since the last time */
unsigned virqs(unsigned d);

/* Hypercalls; messages have bytes that depend on their place, and type 7 */
long set(unsigned from, uint32_t from_port, unsigned to, uint32_t to_port, xen_argo_addr_t *outside);
long clear(unsigned from, uint32_t port);
long send_iovs(unsigned d, uint32_t port, xen_argo_iov_t *iovs, unsigned niov);
long send_len(unsigned d, uint32_t port, uint32_t len);
uint16_t query(unsigned d, uint32_t port, uint32_t space, uint32_t *most); /* the flags */
xen_argo_up_info_t info(uint32_t port);
long register_ring(unsigned d, uint32_t port, domid_t partner, uint32_t len); /* from frame 0 on */
long unregister_ring(unsigned d, uint32_t port, domid_t partner);

/* The parent puts a message into the ring that was registered last, of len bytes though it may say something else. */
void put(uint32_t len, uint32_t said);
/* The guest whose ring is in frame 0 has read everything. */
void drain(unsigned d);

#endif
