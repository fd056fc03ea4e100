/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Argo traffic while cables change and domains die, every message accounted for.
 *
 * Domain 1 sends by its ports, each from a thread of its own and each message with the next number. One thread patches
 * port 0 over and over between two receivers: every message that was taken must arrive, once, at one of the two, in
 * order, and when the operation that moves the cable has returned nothing more may arrive by the old one. Another
 * destroys the domain that port 1 leads to and makes one of the same domid, in whose ring nothing may be found before
 * a cable leads there. A third flushes and sets cables to one domain from many ports, a fourth lists them all the time.
 * A fifth flushes the cables to another domain, from which a sixth moves one away.
 *
 * Usage: threads ROUNDS
 */
#include "user.h"

#include <sched.h>
#include <unistd.h>

#include <public/argo.h>

enum {
    TOOLSTACK, SENDER, FIRST, SECOND, VICTIM, DOMAINS,
    RING = 1024,
    RING_PORT = 10,
    MOVED = 0, DYING = 1,        /* source ports of the two senders */
    STAYING = 100,               /* source ports whose cables never change, */
    STAYS = 40,                  /* so many, */
    CROWD = 1000, CROWDED = 300, /* those that come and go, */
    FLEEING = 2000               /* and one that is moved away from a domain whose cables are flushed */
};

static struct domain *domains[DOMAINS];
static atomic_bool done;

static atomic_ulong taken[2];                 /* messages sent with success, by source port */
static atomic_ulong arrived[DOMAINS];
#define MOST (1ul << 22)
static atomic_uchar seen[MOST];               /* what port MOVED has sent: how often it arrived */

int user_ask(enum user_question question, const struct domain *subject, const struct domain *object)
{
    (void)question, (void)subject, (void)object;
    return 0;
}

static long try_cable(unsigned from, unsigned dst, unsigned to, unsigned flags)
{
    xen_argo_cable_t cable = { .src = { .aport = from, .domain_id = SENDER },
                               .dst = { .aport = to, .domain_id = (domid_t)dst } };

    return user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_cable_set, &cable, NULL, flags, 0);
}

static void set_cable(unsigned from, unsigned dst, unsigned to)
{
    ASSERT(try_cable(from, dst, to, 0) == 0);
}

static void register_ring(struct domain *d)
{
    xen_argo_register_ring_t reg = { .aport = RING_PORT, .partner_id = XEN_ARGO_DOMID_ANY, .len = RING };
    xen_argo_gfn_t frame = 0;

    ASSERT(user_hypercall(d, XEN_ARGO_OP_register_ring, &reg, &frame, 1, 0) == 0);
}

static xen_argo_ring_t *ring_of(struct domain *d)
{
    return (xen_argo_ring_t *)d->frames[0]->bytes;
}

static void *send_all(void *argument)
{
    unsigned port = *(unsigned *)argument;
    uint64_t number = 0;
    xen_argo_iov_t iov = { .iov_len = sizeof number };

    set_xen_guest_handle(iov.iov_hnd, (uint8_t *)&number);
    while (!atomic_load(&done)) {
        xen_argo_send_addr_t address = { .src = { .aport = port, .domain_id = XEN_ARGO_DOMID_ANY },
                                         .dst = { .aport = XEN_ARGO_PORT_IMPLICIT, .domain_id = XEN_ARGO_DOMID_ANY } };
        long result = user_hypercall(domains[SENDER], XEN_ARGO_OP_sendv, &address, &iov, 1, 0);

        if (result == (long)sizeof number) {
            if (++number == MOST)
                break;
            atomic_store(&taken[port], number);
        } else {
            ASSERT(result == -XEN_EAGAIN || (result == -XEN_ECONNREFUSED && port == DYING));
            sched_yield();
        }
    }
    return NULL;
}

/* Take what is in the ring of a receiver; true if there was something. */
static bool drain(unsigned d, uint64_t *last)
{
    xen_argo_ring_t *ring = ring_of(domains[d]);
    uint32_t tx = __atomic_load_n(&ring->tx_ptr, __ATOMIC_ACQUIRE), rx = ring->rx_ptr;
    bool some = rx != tx;

    while (rx != tx) {
        struct xen_argo_ring_message_header header;
        uint64_t number;

        memcpy(&header, ring->ring + rx, 16);
        ASSERT(header.len == 24 && header.source.domain_id == SENDER && header.source.aport == MOVED);
        rx = (rx + 16) % RING;
        memcpy(&number, ring->ring + rx, sizeof number);
        rx = (rx + 16) % RING;
        ASSERT(number + 1 > *last);
        *last = number + 1;
        ASSERT(number < MOST && atomic_fetch_add(&seen[number], 1) == 0);
        atomic_fetch_add(&arrived[d], 1);
    }
    __atomic_store_n(&ring->rx_ptr, rx, __ATOMIC_RELEASE);
    return some;
}

static void *receive(void *argument)
{
    unsigned d = *(unsigned *)argument;
    uint64_t last = 0;

    for (;;) {
        bool end = atomic_load(&done);

        if (drain(d, &last))
            continue;
        if (end)
            return NULL;
        user_hypercall(domains[d], XEN_ARGO_OP_notify, NULL, NULL, 0, 0);
        sched_yield();
    }
}

static void *kill_and_make(void *argument)
{
    (void)argument;
    while (!atomic_load(&done)) {
        struct domain *victim = user_domain_create(VICTIM, true);

        ASSERT(victim);
        domains[VICTIM] = victim;
        register_ring(victim);
        for (unsigned i = 0; i < 4; i++)
            sched_yield();
        /* It is another domain than the last of this domid: no cable leads to it. */
        ASSERT(__atomic_load_n(&ring_of(victim)->tx_ptr, __ATOMIC_ACQUIRE) == 0);
        set_cable(DYING, VICTIM, RING_PORT);
        for (unsigned i = 0; i < 4; i++)
            sched_yield();
        user_domain_destroy(victim);
    }
    return NULL;
}

static void *crowd(void *argument)
{
    (void)argument;
    while (!atomic_load(&done)) {
        for (unsigned i = 0; i < CROWDED; i++)
            set_cable(CROWD + i, SECOND, 1);
        ASSERT(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_cable_flush, NULL, NULL, TOOLSTACK,
                              XEN_ARGO_CABLE_FLUSH_FROM | XEN_ARGO_CABLE_FLUSH_TO) == 0);
        for (unsigned i = 0; i < CROWDED; i++) {
            xen_argo_addr_t source = { .aport = CROWD + i, .domain_id = SENDER };

            ASSERT(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_cable_clear, &source, NULL, 0, 0) == 0);
        }
    }
    return NULL;
}

static void *flush(void *argument)
{
    (void)argument;
    while (!atomic_load(&done))
        ASSERT(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_cable_flush, NULL, NULL, TOOLSTACK,
                              XEN_ARGO_CABLE_FLUSH_TO) == 0);
    return NULL;
}

/* A cable that does not lead to the domain any more is not flushed with those that do. */
static void *flee(void *argument)
{
    (void)argument;
    while (!atomic_load(&done)) {
        for (unsigned i = 0; i < 20; i++) {
            set_cable(FLEEING, TOOLSTACK, 1);
            sched_yield();
            set_cable(FLEEING, SECOND, 1);
            for (unsigned k = 2; k < 5; k++)
                ASSERT(try_cable(FLEEING, SECOND, k, XEN_ARGO_CABLE_FLAG_REPLACE) == 0);
        }
        usleep(100);
        ASSERT(try_cable(FLEEING, SECOND, 5, XEN_ARGO_CABLE_FLAG_REPLACE) == 0);
    }
    return NULL;
}

static void *list(void *argument)
{
    (void)argument;
    while (!atomic_load(&done)) {
        union {
            xen_argo_cable_list_t list;
            uint8_t space[sizeof(xen_argo_cable_list_t) + 7 * sizeof(xen_argo_cable_t)];
        } arg = { .list.domain_id = SENDER };
        uint64_t next = 0;
        unsigned stays = 0;

        do {
            arg.list.nent = 7;
            ASSERT(user_hypercall(domains[TOOLSTACK], XEN_ARGO_OP_cable_list, &arg, NULL, 0, 0) == 0);
            for (unsigned i = 0; i < arg.list.nent; i++) {
                ASSERT(arg.list.data[i].src.aport >= next);
                next = (uint64_t)arg.list.data[i].src.aport + 1;
                stays += next > STAYING && next <= STAYING + STAYS;
            }
        } while (arg.list.cursor != XEN_ARGO_CABLE_LIST_END);
        ASSERT(stays == STAYS);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : 1000;
    static unsigned ports[] = { MOVED, DYING }, receivers[] = { FIRST, SECOND };
    pthread_t threads[9];
    unsigned long sum;

    ASSERT(user_param("1,mac-permissive=1") == 0);
    for (unsigned d = 0; d < VICTIM; d++) {
        domains[d] = user_domain_create((domid_t)d, true);
        ASSERT(domains[d]);
    }
    register_ring(domains[FIRST]);
    register_ring(domains[SECOND]);
    for (unsigned i = 0; i < STAYS; i++)
        set_cable(STAYING + i, FIRST, 1);
    set_cable(MOVED, FIRST, RING_PORT);

    user_dwell = true;
    for (unsigned i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, send_all, &ports[i]);
        pthread_create(&threads[2 + i], NULL, receive, &receivers[i]);
    }
    pthread_create(&threads[4], NULL, kill_and_make, NULL);
    pthread_create(&threads[5], NULL, crowd, NULL);
    pthread_create(&threads[6], NULL, list, NULL);
    pthread_create(&threads[7], NULL, flush, NULL);
    pthread_create(&threads[8], NULL, flee, NULL);
    for (unsigned long i = 0; i < rounds; i++) {
        unsigned now = i % 2 ? FIRST : SECOND, before = FIRST + SECOND - now;
        uint32_t end;

        set_cable(MOVED, now, RING_PORT);
        end = __atomic_load_n(&ring_of(domains[before])->tx_ptr, __ATOMIC_ACQUIRE);
        for (unsigned k = 0; k < 4; k++) {
            usleep(50);
            ASSERT(__atomic_load_n(&ring_of(domains[before])->tx_ptr, __ATOMIC_ACQUIRE) == end);
        }
    }
    atomic_store(&done, true);
    for (unsigned i = 0; i < 9; i++)
        pthread_join(threads[i], NULL);

    /* The receivers may have looked for the last time before the sender's last message. */
    for (unsigned d = FIRST; d <= SECOND; d++) {
        uint64_t last = 0;

        drain(d, &last);
    }
    sum = atomic_load(&arrived[FIRST]) + atomic_load(&arrived[SECOND]);
    ASSERT(sum == atomic_load(&taken[MOVED]));
    ASSERT(atomic_load(&arrived[FIRST]) && atomic_load(&arrived[SECOND]) && atomic_load(&taken[DYING]));
    for (unsigned d = 0; d < VICTIM; d++)
        user_domain_destroy(domains[d]);
    printf("%lu messages by a cable that moved %lu times: %lu and %lu arrived\n", sum, rounds,
           atomic_load(&arrived[FIRST]), atomic_load(&arrived[SECOND]));
    return 0;
}
