/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traffic through three Xens at once, from many threads, while cables are moved and domains die.
 *
 * A guest of the innermost Xen sends to one of the outermost, and that one back, each message with the next number. At
 * the Xen in between the cables are plugged out and in all the time, and the innermost one's receiver dies and is made
 * anew; a guest beside them is in nobody's way. Each Xen has two threads for its tasklets. In the end every message that
 * was taken has arrived once, in order, or has been counted as dropped, or was in the ring of a receiver that died.
 *
 * Usage: flow OBJECT ROUNDS
 */
#include "levels.h"

#include <pthread.h>
#include <sched.h>

enum {
    OUTER = 1, SENDER = 1, RECEIVER = 2, PORT = 3, RING = 4096 - 64,
    UPWARD = 0, DOWNWARD = 1
};

static atomic_bool done, stopped;
static atomic_ulong taken[2], arrived[2];
static pthread_mutex_t receiver_lock = PTHREAD_MUTEX_INITIALIZER; /* of the one who dies */

static int ask(unsigned level, enum user_question question, const struct domain *subject, const struct domain *object)
{
    (void)level, (void)question, (void)subject, (void)object;
    return 0;
}

static long set(unsigned level, unsigned from, uint32_t from_port, unsigned to, uint32_t to_port)
{
    xen_argo_cable_t cable = { .src = { .aport = from_port, .domain_id = (domid_t)from },
                               .dst = { .aport = to_port, .domain_id = (domid_t)to } };

    return levels[level].hypercall(levels[level].domains[TOOLSTACK], XEN_ARGO_OP_cable_set, &cable, NULL, 0, 0);
}

static long clear(unsigned level, unsigned from, uint32_t port)
{
    xen_argo_addr_t source = { .aport = port, .domain_id = (domid_t)from };

    return levels[level].hypercall(levels[level].domains[TOOLSTACK], XEN_ARGO_OP_cable_clear, &source, NULL, 0, 0);
}

static void register_ring(unsigned level, unsigned d, domid_t partner)
{
    xen_argo_register_ring_t reg = { .aport = PORT, .partner_id = partner, .len = RING };
    xen_argo_gfn_t frame = 0;

    ASSERT(levels[level].hypercall(levels[level].domains[d], XEN_ARGO_OP_register_ring, &reg, &frame, 1, 0) == 0);
}

static void *send_all(void *argument)
{
    unsigned way = *(unsigned *)argument, level = way == UPWARD ? 2 : 0, d = way == UPWARD ? SENDER : OUTER;
    uint64_t number = 0;
    xen_argo_iov_t iov = { .iov_len = sizeof number };

    set_xen_guest_handle(iov.iov_hnd, (uint8_t *)&number);
    while (!atomic_load(&done)) {
        xen_argo_send_addr_t address = { .src = { .aport = PORT, .domain_id = XEN_ARGO_DOMID_ANY },
                                         .dst = { .aport = XEN_ARGO_PORT_IMPLICIT, .domain_id = XEN_ARGO_DOMID_ANY } };
        long result = levels[level].hypercall(levels[level].domains[d], XEN_ARGO_OP_sendv, &address, &iov, 1, 0);

        if (result == (long)sizeof number) {
            number++;
            atomic_fetch_add(&taken[way], 1);
        } else {
            ASSERT(result == -XEN_EAGAIN || result == -XEN_ECONNREFUSED || result == -XEN_EBUSY);
            sched_yield();
        }
    }
    return NULL;
}

/* Take what is in the ring of a receiver; how many messages was it? */
static unsigned drain(unsigned level, unsigned d, uint64_t *next)
{
    xen_argo_ring_t *ring = (xen_argo_ring_t *)levels[level].domains[d]->frames[0]->bytes;
    uint32_t tx = __atomic_load_n(&ring->tx_ptr, __ATOMIC_ACQUIRE), rx = ring->rx_ptr;
    unsigned count = 0;

    for (; rx != tx; count++) {
        uint64_t number;

        rx = (rx + 16) % RING;
        memcpy(&number, ring->ring + rx, sizeof number);
        rx = (rx + 16) % RING;
        ASSERT(number >= *next); /* not found before, and in order */
        *next = number + 1;
    }
    __atomic_store_n(&ring->rx_ptr, rx, __ATOMIC_RELEASE);
    if (count)
        levels[level].hypercall(levels[level].domains[d], XEN_ARGO_OP_notify, NULL, NULL, 0, 0);
    return count;
}

static void *receive_outside(void *unused)
{
    uint64_t next = 0;

    (void)unused;
    while (!atomic_load(&stopped)) {
        unsigned count = drain(0, RECEIVER, &next);

        atomic_fetch_add(&arrived[UPWARD], count);
        if (!count)
            sched_yield();
    }
    atomic_fetch_add(&arrived[UPWARD], drain(0, RECEIVER, &next));
    return NULL;
}

static uint64_t next_inside;

static void *receive_inside(void *unused)
{
    (void)unused;
    while (!atomic_load(&stopped)) {
        unsigned count;

        pthread_mutex_lock(&receiver_lock);
        count = drain(2, RECEIVER, &next_inside);
        pthread_mutex_unlock(&receiver_lock);
        atomic_fetch_add(&arrived[DOWNWARD], count);
        if (!count)
            sched_yield();
    }
    return NULL;
}

static void *tasklets(void *argument)
{
    unsigned level = *(unsigned *)argument;

    while (!atomic_load(&stopped))
        if (!levels[level].run_tasklets())
            sched_yield();
    return NULL;
}

/* The receiver of the innermost Xen dies and another takes its place; what was in its ring is still read. */
static void replace_receiver(void)
{
    pthread_mutex_lock(&receiver_lock);
    ASSERT(levels[2].hypercall(levels[2].domains[RECEIVER], XEN_ARGO_OP_unregister_ring,
                               &(xen_argo_unregister_ring_t){ .aport = PORT, .partner_id = XEN_ARGO_DOMID_UP }, NULL, 0,
                               0) == 0);
    atomic_fetch_add(&arrived[DOWNWARD], drain(2, RECEIVER, &next_inside));
    levels[2].destroy(levels[2].domains[RECEIVER]);
    levels_create(2, RECEIVER);
    register_ring(2, RECEIVER, XEN_ARGO_DOMID_UP);
    pthread_mutex_unlock(&receiver_lock);
    ASSERT(set(2, XEN_ARGO_DOMID_UP, PORT, RECEIVER, PORT) == 0);
}

static uint64_t dropped(unsigned level)
{
    xen_argo_up_info_t info = { .aport = XEN_ARGO_PORT_IMPLICIT };

    ASSERT(levels[level].hypercall(levels[level].domains[TOOLSTACK], XEN_ARGO_OP_up_info, &info, NULL, 0, 0) == 0);
    ASSERT(!info.malformed && !info.failed && !info.too_long && !info.denied);
    return info.refused + info.discarded;
}

int main(int argc, char **argv)
{
    unsigned long rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 300;
    unsigned ways[2] = { UPWARD, DOWNWARD }, numbers[LEVELS] = { 0, 1, 2 };
    pthread_t senders[2], others[2 + 2 * LEVELS];
    uint64_t lost;
    long left;

    if (argc < 2)
        return 2;
    levels_load(argv[1], 4096, ask);
    register_ring(0, RECEIVER, XEN_ARGO_DOMID_ANY);
    register_ring(2, RECEIVER, XEN_ARGO_DOMID_UP);
    /* Up: out of the innermost by its port, out of the middle by its port, to the receiver. Down: the same way back. */
    ASSERT(set(2, SENDER, PORT, XEN_ARGO_DOMID_UP, 70) == 0 && set(1, INNER, 70, XEN_ARGO_DOMID_UP, 71) == 0 &&
           set(0, INNER, 71, RECEIVER, PORT) == 0);
    ASSERT(set(2, XEN_ARGO_DOMID_UP, PORT, RECEIVER, PORT) == 0 && set(1, XEN_ARGO_DOMID_UP, 81, INNER, PORT) == 0 &&
           set(0, OUTER, PORT, INNER, 81) == 0);
    for (unsigned i = 0; i < 2; i++)
        ASSERT(!pthread_create(&senders[i], NULL, send_all, &ways[i]));
    ASSERT(!pthread_create(&others[0], NULL, receive_outside, NULL));
    ASSERT(!pthread_create(&others[1], NULL, receive_inside, NULL));
    for (unsigned i = 0; i < 2 * LEVELS; i++)
        ASSERT(!pthread_create(&others[2 + i], NULL, tasklets, &numbers[i % LEVELS]));
    for (unsigned long round = 0; round < rounds; round++) {
        unsigned long before = atomic_load(&taken[UPWARD]) + atomic_load(&taken[DOWNWARD]);

        ASSERT(clear(1, INNER, 70) == 0);
        ASSERT(set(1, INNER, 70, XEN_ARGO_DOMID_UP, 72 + round % 2) == 0);
        ASSERT(set(0, INNER, 72 + (uint32_t)(round % 2), RECEIVER, PORT) == 0);
        if (round % 8 == 3) {
            ASSERT(clear(1, XEN_ARGO_DOMID_UP, 81) == 0);
            ASSERT(set(1, XEN_ARGO_DOMID_UP, 81, INNER, PORT) == 0);
        }
        if (round % 8 == 7)
            replace_receiver();
        while (atomic_load(&taken[UPWARD]) + atomic_load(&taken[DOWNWARD]) < before + 20)
            sched_yield();
    }
    atomic_store(&done, true);
    for (unsigned i = 0; i < 2; i++)
        pthread_join(senders[i], NULL);
    /* All that was taken gets somewhere, without anything more being sent. */
    do {
        sched_yield();
        lost = dropped(1) + dropped(2);
        left = (long)(atomic_load(&taken[0]) + atomic_load(&taken[1]) - atomic_load(&arrived[0]) -
                      atomic_load(&arrived[1]) - lost);
    } while (left > 0);
    atomic_store(&stopped, true);
    for (unsigned i = 0; i < 2 + 2 * LEVELS; i++)
        pthread_join(others[i], NULL);
    ASSERT(left == 0 && atomic_load(&arrived[UPWARD]) == atomic_load(&taken[UPWARD]));
    printf("%lu messages up, all arrived; %lu down: %lu arrived, %lu dropped\n", atomic_load(&taken[UPWARD]),
           atomic_load(&taken[DOWNWARD]), atomic_load(&arrived[DOWNWARD]), (unsigned long)lost);
    return !(atomic_load(&arrived[UPWARD]) && atomic_load(&arrived[DOWNWARD]) && lost);
}
