/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Xen below which there is whatever the test wants: argo-up.c with a parent that is scripted here. What it says is
 * mapped to what a sender may learn; who waits is told, and nobody else; what comes down is handed on or counted; a
 * parent that is wrong, or has no memory, does no harm; limits and bad arguments.
 */
#include "upward.h"

static void test_nothing_up(void)
{
    xen_argo_up_info_t about = { .aport = 1 };

    SAME(set(ONE, 1, XEN_ARGO_DOMID_UP, 1, NULL), -XEN_ESRCH);
    SAME(set(XEN_ARGO_DOMID_UP, 1, ONE, 1, NULL), -XEN_ESRCH);
    SAME(clear(XEN_ARGO_DOMID_UP, 1), -XEN_ESRCH);
    SAME(register_ring(ONE, 1, XEN_ARGO_DOMID_UP, 4096), -XEN_ESRCH);
    SAME(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_up_info, &about, NULL, 0, 0), -XEN_EOPNOTSUPP);
}

static void test_arguments(void)
{
    xen_argo_addr_t any = { .aport = XEN_ARGO_PORT_IMPLICIT, .domain_id = XEN_ARGO_DOMID_ANY },
                    some = { .aport = XEN_ARGO_PORT_IMPLICIT, .domain_id = OUTSIDE },
                    with_port = { .aport = 5, .domain_id = OUTSIDE }, padded = { .domain_id = OUTSIDE, .pad = 1 };
    xen_argo_up_info_t about = { .aport = 77 };
    struct {
        xen_argo_cable_list_t head;
        xen_argo_cable_t cables[4];
    } list = { .head = { .domain_id = ONE, .nent = 4 } };
    xen_argo_addr_t outsides[4];

    SAME(set(ONE, 1, TWO, 1, &any), -XEN_EINVAL);
    SAME(set(ONE, 1, XEN_ARGO_DOMID_UP, 1, &padded), -XEN_EINVAL);
    SAME(set(ONE, 1, XEN_ARGO_DOMID_UP, 1, (void *)8), -XEN_EFAULT);
    SAME(set(XEN_ARGO_DOMID_UP, 1, XEN_ARGO_DOMID_UP, 1, NULL), -XEN_EINVAL);
    SAME(set(XEN_ARGO_DOMID_UP, XEN_ARGO_PORT_IMPLICIT, ONE, 1, NULL), -XEN_EINVAL);
    SAME(set(XEN_ARGO_DOMID_UP, 1, ONE, 1, &with_port), -XEN_EINVAL);
    SAME(set(XEN_ARGO_DOMID_UP, 1, 50, 1, NULL), -XEN_ESRCH);
    SAME(parent.registered, 0);
    for (enum user_question q = ASK_CABLE_SOURCE; q <= ASK_CABLE_UP; q++) {
        if (q != ASK_CABLE_SOURCE && q != ASK_CABLE_DESTINATION && q != ASK_CABLE_UP)
            continue;
        refused = q;
        SAME(set(ONE, 1, XEN_ARGO_DOMID_UP, 1, NULL), q == ASK_CABLE_DESTINATION ? 0 : -XEN_EACCES);
        SAME(set(XEN_ARGO_DOMID_UP, 1, ONE, 1, NULL), q == ASK_CABLE_SOURCE ? 0 : -XEN_EACCES);
        refused = ASK_COUNT;
        clear(ONE, 1);
        clear(XEN_ARGO_DOMID_UP, 1);
    }
    SAME(parent.registered, 1);
    SAME(parent.unregistered, 1);
    refused = ASK_CABLE_UP_LIST;
    list.head.domain_id = XEN_ARGO_DOMID_UP;
    SAME(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_cable_list, &list, NULL, 0, 0), -XEN_EACCES);
    SAME(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_up_info, &about, NULL, 0, 0), -XEN_EACCES);
    refused = ASK_RECEIVE_UP;
    SAME(register_ring(ONE, 1, XEN_ARGO_DOMID_UP, 4096), -XEN_EACCES);
    refused = ASK_COUNT;
    SAME(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_up_info, &about, NULL, 0, 0), -XEN_ENOENT);
    SAME(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_up_info, NULL, NULL, 0, 0), -XEN_EFAULT);
    SAME(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_up_info, &about, &about, 0, 0), -XEN_EINVAL);

    SAME(set(ONE, 1, XEN_ARGO_DOMID_UP, 70, NULL), 0);
    SAME(set(ONE, 2, XEN_ARGO_DOMID_UP, 70, NULL), -XEN_EADDRINUSE);
    SAME(set(ONE, 2, XEN_ARGO_DOMID_UP, 71, &with_port), 0);
    SAME(set(ONE, 1, XEN_ARGO_DOMID_UP, 71, NULL), -XEN_EADDRINUSE);
    SAME(set(ONE, 3, TWO, 70, NULL), 0);
    list.head.domain_id = ONE;
    SAME(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_cable_list, &list, outsides, 0, 0), 0);
    SAME(list.head.nent, 3);
    SAME(list.cables[0].dst.domain_id, XEN_ARGO_DOMID_UP);
    SAME(list.cables[0].dst.aport, 70);
    SAME(memcmp(&outsides[0], &any, sizeof any), 0);
    SAME(memcmp(&outsides[1], &with_port, sizeof any), 0);
    SAME(memcmp(&outsides[2], &(xen_argo_addr_t){ 0 }, sizeof any), 0);
    list.head = (xen_argo_cable_list_t){ .domain_id = ONE, .nent = 4 };
    SAME(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_cable_list, &list, (void *)8, 0, 0), -XEN_EFAULT);
    SAME(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_cable_flush, NULL, NULL, XEN_ARGO_DOMID_UP,
                        XEN_ARGO_CABLE_FLUSH_TO), 0);
    SAME(clear(ONE, 1), -XEN_ENOENT);
    SAME(clear(ONE, 3), 0);

    SAME(set(XEN_ARGO_DOMID_UP, 1, ONE, 1, &some), 0);
    SAME(parent.reg_arg.partner_id, OUTSIDE);
    SAME(set(XEN_ARGO_DOMID_UP, 1, ONE, 1, NULL), -XEN_EBUSY);
    SAME(set(XEN_ARGO_DOMID_UP, 1, TWO, 2, &some), 0);
    SAME(parent.registered, 2);
    SAME(clear(XEN_ARGO_DOMID_UP, 1), 0);
    SAME(parent.unregistered, 2);
}

static void test_rings(void)
{
    static const struct {
        int parent, ours;
    } errors[] = { { -XEN_EPERM, -XEN_ENXIO }, { -XEN_ESRCH, -XEN_ENXIO }, { -XEN_EEXIST, -XEN_ENXIO },
                   { -XEN_ENOSPC, -XEN_ENOSPC }, { -XEN_ENOMEM, -XEN_ENOMEM }, { -XEN_EOPNOTSUPP, -XEN_ENXIO } };

    for (unsigned i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        parent.reg = errors[i].parent;
        SAME(set(XEN_ARGO_DOMID_UP, 1, ONE, 1, NULL), errors[i].ours);
    }
    parent.reg = 0;
    /* Whichever allocation fails, there is no cable and no ring. */
    for (int fail = 1;; fail++) {
        user_alloc_fail = fail;
        long result = set(XEN_ARGO_DOMID_UP, 1, ONE, 1, NULL);

        if (!user_alloc_fail || result) {
            SAME(result, -XEN_ENOMEM);
            SAME(clear(XEN_ARGO_DOMID_UP, 1), -XEN_ENOENT);
            continue;
        }
        SAME(result, 0);
        user_alloc_fail = 0;
        ASSERT(fail > 4);
        break;
    }
    SAME(info(XEN_ARGO_PORT_IMPLICIT).rings, 1);
    SAME(info(1).ring_len, RING);
    for (uint32_t port = 2; port < 33; port++)
        SAME(set(XEN_ARGO_DOMID_UP, port, ONE, 1, NULL), 0);
    SAME(set(XEN_ARGO_DOMID_UP, 33, ONE, 1, NULL), -XEN_ENOSPC);
    SAME(set(XEN_ARGO_DOMID_UP, 32, TWO, 1, NULL), 0);
    SAME(info(XEN_ARGO_PORT_IMPLICIT).rings, 32);
    parent.unreg = -XEN_ENOENT; /* the parent has forgotten it by itself */
    SAME(clear(XEN_ARGO_DOMID_UP, 32), 0);
    parent.unreg = -XEN_EPERM; /* or will not: the pages are lost, and nothing else */
    SAME(clear(XEN_ARGO_DOMID_UP, 31), 0);
    parent.unreg = 0;
    SAME(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_cable_flush, NULL, NULL, XEN_ARGO_DOMID_UP,
                        XEN_ARGO_CABLE_FLUSH_FROM), 0);
    SAME(info(XEN_ARGO_PORT_IMPLICIT).rings, 0);
}

static void test_sending(void)
{
    xen_argo_addr_t outside = { .aport = 5, .domain_id = OUTSIDE };
    xen_argo_iov_t iovs[8];
    uint8_t text[] = "abcdefghijklmnop";

    SAME(set(ONE, 1, XEN_ARGO_DOMID_UP, 70, NULL), 0);
    SAME(set(ONE, 2, XEN_ARGO_DOMID_UP, 71, &outside), 0);
    virqs(ONE);
    for (uint32_t len = 0; len <= 65536; len = len * 2 + 1) {
        SAME(send_len(ONE, 1, len == 131071 ? 65536 : len), len);
        SAME(parent.len, len);
        for (uint32_t i = 0; i < len; i++)
            SAME(parent.bytes[i], (uint8_t)(i * 13 + i / 251));
    }
    SAME(parent.address.src.domain_id, XEN_ARGO_DOMID_ANY);
    SAME(parent.address.src.aport, 70);
    SAME(parent.address.dst.domain_id, XEN_ARGO_DOMID_ANY);
    SAME(parent.address.dst.aport, XEN_ARGO_PORT_IMPLICIT);
    SAME(parent.type, 7);
    SAME(send_len(ONE, 1, 65536), 65536);
    SAME(send_len(ONE, 1, 65537), -XEN_EMSGSIZE);
    SAME(send_len(ONE, 2, 3), 3);
    SAME(parent.address.src.aport, 71);
    SAME(parent.address.dst.domain_id, OUTSIDE);
    SAME(parent.address.dst.aport, 5);
    SAME(send_len(ONE, 3, 3), -XEN_ECONNREFUSED);

    for (unsigned i = 0; i < 8; i++) {
        iovs[i] = (xen_argo_iov_t){ .iov_len = 2 };
        set_xen_guest_handle(iovs[i].iov_hnd, text + 2 * i);
    }
    SAME(send_iovs(ONE, 1, iovs, 8), 16);
    SAME(memcmp(parent.bytes, text, 16), 0);
    SAME(send_iovs(ONE, 1, iovs, 0), 0);
    parent.len = 99;
    iovs[7].pad = 1;
    SAME(send_iovs(ONE, 1, iovs, 8), -XEN_EINVAL);
    iovs[7].pad = 0;
    iovs[7].iov_hnd.p = (void *)8;
    SAME(send_iovs(ONE, 1, iovs, 8), -XEN_EFAULT);
    iovs[7].iov_hnd.p = (void *)1;
    SAME(send_iovs(ONE, 1, iovs, 8), -XEN_EFAULT);
    SAME(parent.len, 99); /* nothing has gone up */
    user_alloc_fail = 1;
    SAME(send_len(ONE, 1, 3), -XEN_ENOMEM);
    refused = ASK_SEND_UP;
    SAME(send_len(ONE, 1, 3), -XEN_ECONNREFUSED);
    SAME(query(ONE, 1, 1, NULL), 0);
    refused = ASK_COUNT;
    for (int error = 1; error < 140; error++) {
        parent.send = -error;
        parent.flags = XEN_ARGO_RING_EXISTS;
        SAME(send_len(ONE, 1, 3), error == XEN_EAGAIN || error == XEN_EBUSY || error == XEN_EMSGSIZE || error == XEN_ENOMEM
                                      ? -error : -XEN_ECONNREFUSED);
    }
    parent.send = 0;
    SAME(virqs(ONE), 0);
    clear(ONE, 1);
    clear(ONE, 2);
}

/* What the parent may answer about a ring that somebody waits for, each ending the wait but the last */
static const uint16_t answers[] = { XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_SUFFICIENT, 0,
                                    XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_EMSGSIZE,
                                    XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_EBUSY, XEN_ARGO_RING_EXISTS };

static void test_waiting(void)
{
    uint32_t most;

    SAME(set(ONE, 1, XEN_ARGO_DOMID_UP, 70, NULL), 0);
    virqs(ONE);
    for (unsigned now = 0; now < 5; now++)
        for (unsigned later = 0; later < 5; later++)
            for (int by_query = 0; by_query < 2; by_query++) {
                parent.send = -XEN_EAGAIN;
                parent.flags = answers[now];
                if (by_query)
                    SAME(query(ONE, 1, 100, NULL), answers[now]);
                else
                    SAME(send_len(ONE, 1, 100), -XEN_EAGAIN);
                run();
                /* Who is told to wait although there is nothing to wait for is told at once. */
                SAME(virqs(ONE), !by_query && now < 4);
                parent.flags = XEN_ARGO_RING_EXISTS;
                virq();
                SAME(virqs(ONE), 0);
                parent.flags = answers[later];
                virq();
                SAME(virqs(ONE), now == 4 && later < 4);
                virq();
                SAME(virqs(ONE), 0);
                parent.flags = XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_SUFFICIENT;
                virq();
                SAME(virqs(ONE), now == 4 && later == 4);
            }
    parent.send = 0;
    SAME(query(ONE, 1, 65536, &most), XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_SUFFICIENT);
    SAME(most, 65536);
    SAME(query(ONE, 1, 65537, &most), XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_EMSGSIZE);
    parent.query = -XEN_EPERM;
    SAME(query(ONE, 1, 10, &most), 0);
    parent.query = 0;
    /* A cable that goes away while it is waited at is signalled for that, and forgotten. */
    parent.flags = XEN_ARGO_RING_EXISTS;
    SAME(query(ONE, 1, 10, NULL), XEN_ARGO_RING_EXISTS);
    SAME(clear(ONE, 1), 0);
    SAME(virqs(ONE), 1);
    parent.flags = 0;
    virq();
    SAME(virqs(ONE), 0);
}

/* Two domains wait at what is one ring of the parent's, and the parent keeps one wait for both. */
static void test_sharing(void)
{
    SAME(set(ONE, 1, XEN_ARGO_DOMID_UP, 70, NULL), 0);
    SAME(set(TWO, 1, XEN_ARGO_DOMID_UP, 71, NULL), 0);
    SAME(set(TWO, 2, XEN_ARGO_DOMID_UP, 72, NULL), 0);
    virqs(ONE);
    virqs(TWO);
    parent.simulated = true;
    for (int order = 0; order < 2; order++) {
        parent.space = parent.pending = 0;
        SAME(send_len(order ? ONE : TWO, 1, order ? 1000 : 10), -XEN_EAGAIN);
        SAME(send_len(order ? TWO : ONE, 1, order ? 10 : 1000), -XEN_EAGAIN);
        SAME(parent.pending, 1000);
        parent.space = 100;
        virq(); /* because of a message, say */
        SAME(virqs(TWO), 1);
        SAME(virqs(ONE), 0);
        SAME(parent.pending, 1000); /* and did not forget the one for ONE */
        /* Another one's answer that there is space ends the parent's wait, and not ours. */
        SAME(query(TWO, 2, 10, NULL), XEN_ARGO_RING_EXISTS | XEN_ARGO_RING_SUFFICIENT);
        run();
        SAME(parent.pending, 1000);
        /* Nor does the parent's forgetting everything. */
        parent.pending = 0;
        user_parent_handlers->resume();
        run();
        SAME(parent.pending, 1000);
        SAME(virqs(ONE) + virqs(TWO), 0);
        parent.space = 1000;
        virq();
        SAME(virqs(ONE), 1);
        SAME(virqs(TWO), 0);
        SAME(send_len(ONE, 1, 1000), 1000);
    }
    parent.simulated = false;
    clear(ONE, 1);
    clear(TWO, 1);
    clear(TWO, 2);
}

/* Many are asked about with one hypercall; one that the parent refuses to speak about holds up none. */
static void test_many(void)
{
    xen_argo_addr_t forbidden = { .aport = 13, .domain_id = OUTSIDE };

    for (unsigned d = 10; d < 60; d++) {
        domains[d] = user_domain_create((domid_t)d, true);
        for (uint32_t port = 0; port < 4; port++)
            SAME(set(d, port, XEN_ARGO_DOMID_UP, d * 4 + port, NULL), 0);
        virqs(d);
    }
    for (int bad = 0; bad < 2; bad++) {
        parent.flags = XEN_ARGO_RING_EXISTS;
        for (unsigned d = 10; d < 60; d++)
            for (uint32_t port = 0; port < 4; port++)
                SAME(query(d, port, 10 + d, NULL), XEN_ARGO_RING_EXISTS);
        parent.queries = 0;
        virq();
        SAME(parent.queries, 4);
        if (bad) {
            SAME(set(30, 0, XEN_ARGO_DOMID_UP, 5000, NULL), 0);
            SAME(query(30, 0, 10, NULL), XEN_ARGO_RING_EXISTS);
            SAME(set(30, 1, XEN_ARGO_DOMID_UP, 5001, &forbidden), 0);
            parent.send = -XEN_EAGAIN;
            SAME(send_len(30, 1, 10), -XEN_EAGAIN); /* told at once, since nobody can ask about that */
            parent.send = 0;
            ASSERT(virqs(30) == 3);
        }
        parent.flags |= XEN_ARGO_RING_SUFFICIENT;
        virq();
        for (unsigned d = 10; d < 60; d++)
            SAME(virqs(d), bad && d == 30 ? 3 : 4);
    }
    for (unsigned d = 10; d < 60; d++) {
        user_domain_destroy(domains[d]);
        domains[d] = NULL;
    }
}

static void test_receiving(void)
{
    xen_argo_ring_t *ring = (xen_argo_ring_t *)domains[ONE]->frames[0]->bytes;
    struct xen_argo_ring_message_header header;
    xen_argo_up_info_t now;

    SAME(set(XEN_ARGO_DOMID_UP, 80, ONE, 1, NULL), 0);
    SAME(parent.reg_arg.aport, 80);
    SAME(parent.reg_arg.partner_id, XEN_ARGO_DOMID_ANY);
    put(10, 26);
    virq();
    SAME(info(80).refused, 1);
    SAME(register_ring(ONE, 1, XEN_ARGO_DOMID_UP, 1024), 0);
    parent.notified = 0;
    virqs(ONE);
    put(20, 36);
    virq();
    SAME(virqs(ONE), 1);
    SAME(parent.notified, 1);
    SAME(parent.ring->rx_ptr, parent.ring->tx_ptr);
    memcpy(&header, ring->ring, 16);
    SAME(header.len, 36);
    SAME(header.source.domain_id, XEN_ARGO_DOMID_UP);
    SAME(header.source.aport, 80);
    SAME(header.message_type, 8);
    for (unsigned i = 0; i < 20; i++)
        SAME(ring->ring[16 + i], i);
    put(0, 16);
    put(2000, 2016);
    virq();
    now = info(80);
    SAME(now.delivered, 2);
    SAME(now.too_long, 1);
    SAME(now.flags, 0);
    refused = ASK_RECEIVE_UP;
    put(1, 17);
    virq();
    refused = ASK_COUNT;
    SAME(info(80).denied, 1);
    drain(ONE);

    /* More than a turn's worth, and more than the guest has room for; round the end of both rings */
    for (int round = 0; round < 20; round++) {
        unsigned long delivered = info(80).delivered;

        for (int i = 0; i < 200; i++)
            put(3, 19);
        parent.notified = 0;
        virq();
        for (int i = 0; info(80).flags & XEN_ARGO_UP_RING_WAITING; i++) {
            ASSERT(i < 100);
            drain(ONE);
            run();
        }
        SAME(info(80).delivered - delivered, 200);
        ASSERT(parent.notified >= 7);
        drain(ONE);
        run();
    }

    /* A message waits; the ring goes; it is refused. */
    for (int i = 0; i < 40; i++)
        put(3, 19);
    virq();
    SAME(info(80).flags, XEN_ARGO_UP_RING_WAITING);
    now = info(80);
    SAME(unregister_ring(ONE, 1, XEN_ARGO_DOMID_UP), 0);
    run();
    SAME(info(80).flags, 0);
    SAME(info(80).refused + info(80).delivered - now.refused - now.delivered, 40 - (1024 / 32 - 1));

    /* What is no message */
    put(3, 8);
    put(3, 19);
    virq();
    SAME(info(80).malformed, 1);
    put(3, 5000);
    virq();
    SAME(info(80).malformed, 2);
    parent.ring->tx_ptr += 8;
    virq();
    SAME(info(80).flags & XEN_ARGO_UP_RING_BROKEN, XEN_ARGO_UP_RING_BROKEN);
    virq();
    SAME(info(80).malformed, 3);
    now = info(XEN_ARGO_PORT_IMPLICIT);
    SAME(clear(XEN_ARGO_DOMID_UP, 80), 0);
    SAME(info(XEN_ARGO_PORT_IMPLICIT).refused, now.refused); /* still there when the ring is not */

    SAME(set(XEN_ARGO_DOMID_UP, 80, ONE, 1, NULL), 0);
    parent.ring->tx_ptr = 0xfffffff0;
    virq();
    SAME(info(80).flags & XEN_ARGO_UP_RING_BROKEN, XEN_ARGO_UP_RING_BROKEN);
    SAME(clear(XEN_ARGO_DOMID_UP, 80), 0);

    /* What is in a ring when it is closed; and when the Xen is resumed */
    SAME(set(XEN_ARGO_DOMID_UP, 80, ONE, 1, NULL), 0);
    put(3, 19);
    put(3, 19);
    SAME(clear(XEN_ARGO_DOMID_UP, 80), 0);
    SAME(info(XEN_ARGO_PORT_IMPLICIT).discarded, now.discarded + 2);
    SAME(set(XEN_ARGO_DOMID_UP, 80, ONE, 1, NULL), 0);
    parent.registered = 0;
    put(3, 19);
    user_parent_handlers->resume();
    run();
    SAME(parent.registered, 1);
    SAME(info(80).refused, 1);
    parent.reg = -XEN_EPERM;
    user_parent_handlers->resume();
    run();
    parent.reg = 0;
    SAME(info(80).flags, XEN_ARGO_UP_RING_LOST);
    SAME(clear(XEN_ARGO_DOMID_UP, 80), 0);
}

/* A ring that as many domains wait for as may: a message from up waits all the same, and is dropped without memory. */
static void test_crowd(void)
{
    xen_argo_addr_t dst = { .aport = 1, .domain_id = ONE };
    struct {
        uint32_t nent, pad;
        xen_argo_ring_data_ent_t ent;
    } data = { .nent = 1, .ent = { .ring = dst, .space_required = 900 } };

    SAME(register_ring(ONE, 1, XEN_ARGO_DOMID_ANY, 1024), 0);
    SAME(set(XEN_ARGO_DOMID_UP, 80, ONE, 1, NULL), 0);
    for (int i = 0; i < 40; i++)
        put(3, 19);
    user_alloc_fail = 1;
    virq();
    SAME(user_alloc_fail, 0);
    SAME(info(80).failed, 1);
    drain(ONE);
    run();
    SAME(info(80).delivered, 39);
    for (unsigned d = 10; d < 43; d++) {
        domains[d] = user_domain_create((domid_t)d, true);
        SAME(user_hypercall(domains[d], XEN_ARGO_OP_notify, &data, NULL, 0, 0), 0);
        SAME(data.ent.flags & XEN_ARGO_RING_EBUSY, d < 42 ? 0 : XEN_ARGO_RING_EBUSY);
    }
    for (int i = 0; i < 40; i++)
        put(3, 19);
    virq();
    SAME(info(80).flags, XEN_ARGO_UP_RING_WAITING);
    drain(ONE);
    run();
    SAME(info(80).delivered, 79);
    SAME(info(80).failed, 1);
    for (unsigned d = 10; d < 43; d++) {
        user_domain_destroy(domains[d]);
        domains[d] = NULL;
    }
    SAME(unregister_ring(ONE, 1, XEN_ARGO_DOMID_ANY), 0);
    /* The receiver dies: its ring at the parent goes with the cable. */
    parent.unregistered = 0;
    put(3, 19);
    user_domain_destroy(domains[ONE]);
    SAME(parent.unregistered, 1);
    run();
}

int main(void)
{
    ASSERT(user_param("1,mac-permissive=1") == 0);
    *user_size = 5000; /* rounded up to two pages */
    for (unsigned d = TOOLSTACK; d <= TWO; d++)
        domains[d] = user_domain_create((domid_t)d, true);
    SAME(user_initcall(), 0);
    test_nothing_up();
    user_parent = parent_op;
    SAME(user_initcall(), 0);
    test_arguments();
    test_rings();
    test_sending();
    test_waiting();
    test_sharing();
    test_many();
    test_receiving();
    test_crowd();
    user_domain_destroy(domains[TOOLSTACK]);
    user_domain_destroy(domains[TWO]);
    puts("messages go up and come down as they should");
    return 0;
}
