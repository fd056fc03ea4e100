/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a message costs (guests/lib/measure.c): by name, that is to a domain and port that the sender knows, and by the
 * cable from a port of its own; of all sizes, among up to 4096 cables, and from up to four senders at a time.
 *
 * One message is sent by domain 0 to itself, which is the hypercall and nothing else. Several senders are guests, which
 * send as fast as they can until all has arrived, and what is measured is the whole of it: the hypercalls, the switches
 * between the domains where they share processors, and domain 0, which sleeps until a message comes, and makes room again.
 *
 * Its command line: rounds=N, messages=N.
 *
 * xen: xsm=dummy argo=1,mac-permissive=1
 * seconds: 120
 */
#define PUPPETS 5
#include "../guests/puppet.c"

#include <xen/event_channel.h>

#include "measure.c"

enum {
    ROUNDS = 50, MESSAGES = 2000,
    RUNS = 11,                                  /* of several senders */
    SENDERS = PUPPETS - 1,
    LARGEST = 64 << 10,
    LENGTH = 2 * LARGEST,                       /* of the ring */
    PAGES = LENGTH / PAGE + 1,
    SLOT = 32,                                  /* what 16 bytes take of it */
    CABLES = 4096, SAMPLE = 16,
    FAR = 1000000                               /* the ports of senders are beyond those of the cables */
};

static uint8_t inbox[PAGES][PAGE] __attribute__((aligned(4096)));
static uint8_t outbox[LARGEST] __attribute__((aligned(4096)));
static uint8_t shared_page[PAGE] __attribute__((aligned(4096)));
static xen_argo_ring_t *const ring = (xen_argo_ring_t *)inbox;

static xen_argo_send_addr_t address_of(bool by_cable, uint32_t from)
{
    return (xen_argo_send_addr_t){
        .src = { .aport = from, .domain_id = XEN_ARGO_DOMID_ANY },
        .dst = { .aport = by_cable ? XEN_ARGO_PORT_IMPLICIT : PORT, .domain_id = by_cable ? XEN_ARGO_DOMID_ANY : 0 },
    };
}

/* Make room for new messages; how many bytes of the ring that were */
static uint32_t take(void)
{
    uint32_t from = ring->rx_ptr, to = __atomic_load_n(&ring->tx_ptr, __ATOMIC_ACQUIRE);

    __atomic_store_n(&ring->rx_ptr, to, __ATOMIC_RELEASE);
    return (to + LENGTH - from) % LENGTH;
}

/* An empty ring, in which the messages of every measurement lie at the same places */
static void empty(void)
{
    static xen_argo_register_ring_t request = { .aport = PORT, .partner_id = XEN_ARGO_DOMID_ANY, .len = LENGTH };
    static xen_argo_unregister_ring_t old = { .aport = PORT, .partner_id = XEN_ARGO_DOMID_ANY };
    static xen_argo_gfn_t places[PAGES];
    static bool there;

    for (unsigned int i = 0; i < PAGES; i++)
        places[i] = own_frame(inbox[i]);
    if (there)
        must("unregister", hypercall(__HYPERVISOR_argo_op, XEN_ARGO_OP_unregister_ring, (unsigned long)&old, 0, 0, 0));
    ring->rx_ptr = ring->tx_ptr = 0;
    must("register", hypercall(__HYPERVISOR_argo_op, XEN_ARGO_OP_register_ring, (unsigned long)&request,
                               (unsigned long)places, PAGES, 0));
    there = true;
}

static struct figures measure(bool by_cable, uint32_t from, uint32_t length, unsigned int rounds)
{
    static xen_argo_send_addr_t address;
    static xen_argo_iov_t iov;

    address = address_of(by_cable, from);
    iov.iov_len = length;
    set_xen_guest_handle(iov.iov_hnd, outbox);
    empty();
    /* One more, which fetches what is needed */
    for (unsigned int i = 0; i <= rounds; i++) {
        unsigned long begun = now(), ended;
        long result = hypercall(__HYPERVISOR_argo_op, XEN_ARGO_OP_sendv, (unsigned long)&address, (unsigned long)&iov,
                                1, 0);

        ended = now();
        if (i)
            figure_add(ended - begun);
        if (result != (long)length)
            expect("sendv", result, length);
        take();
    }
    return figures_take();
}

/* Not a hypercall: Xen is asked to emulate the instruction. */
static struct figures measure_cpuid(unsigned int rounds)
{
    while (rounds--) {
        uint32_t leaf = 1, b, c, d;
        unsigned long begun = now();

        asm volatile("ud2a; .ascii \"xen\"; cpuid" : "+a"(leaf), "=b"(b), "=c"(c), "=d"(d));
        figure_add(now() - begun);
    }
    return figures_take();
}

/* In a sender: so many messages, each until it has gone out */
static long flood(void)
{
    uint32_t length = mailbox.data.traffic.iov.iov_len;

    while (mailbox.data.traffic.sent < mailbox.data.traffic.count) {
        long result = hypercall(__HYPERVISOR_argo_op, XEN_ARGO_OP_sendv, (unsigned long)&mailbox.data.traffic.address,
                                (unsigned long)&mailbox.data.traffic.iov, 1, 0);

        if (result == (long)length)
            mailbox.data.traffic.sent++;
        else if (result == -XEN_EAGAIN)
            yield();
        else {
            mailbox.data.traffic.other = result;
            break;
        }
    }
    return 0;
}

static evtchn_port_t virq;

static void virq_bind(void)
{
    struct evtchn_bind_virq bind = { .virq = VIRQ_ARGO };

    map(shared_page, start_info->shared_info >> 12, DOMID_SELF);
    must("bind_virq", hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_bind_virq, (unsigned long)&bind, 0, 0, 0));
    virq = bind.port;
}

static void virq_close(void)
{
    struct evtchn_close close = { .port = virq };

    must("close", hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_close, (unsigned long)&close, 0, 0, 0));
}

/* Sleep until a message has arrived since the last time. */
static void virq_wait(void)
{
    struct sched_poll poll = { .nr_ports = 1 };

    set_xen_guest_handle(poll.ports, &virq);
    must("poll", hypercall(__HYPERVISOR_sched_op, SCHEDOP_poll, (unsigned long)&poll, 0, 0, 0));
    __atomic_fetch_and(&((struct shared_info *)shared_page)->evtchn_pending[virq / 64], ~(1ul << virq % 64),
                       __ATOMIC_SEQ_CST);
}

/* What a message of so many senders takes, everything included */
static unsigned long throughput(bool by_cable, unsigned int senders, uint32_t count)
{
    uint32_t left = senders * count * SLOT;
    unsigned long begun;

    empty();
    for (unsigned int s = 1; s <= senders; s++) {
        struct mailbox *box = puppets[s].mailbox;

        memset(&box->data, 0, sizeof(box->data));
        box->data.traffic.address = address_of(by_cable, FAR);
        box->data.traffic.iov.iov_len = sizeof(box->data.traffic.message);
        set_xen_guest_handle(box->data.traffic.iov.iov_hnd, (uint8_t *)mailbox.data.traffic.message);
        box->data.traffic.count = count;
    }
    begun = now();
    for (unsigned int s = 1; s <= senders; s++)
        puppet_start(s, flood);
    while (left) {
        virq_wait();
        left -= take();
    }
    begun = now() - begun;
    for (unsigned int s = 1; s <= senders; s++) {
        while (puppet_runs(s))
            yield();
        expect("no other answer", puppets[s].mailbox->data.traffic.other, 0);
        expect("all sent", puppets[s].mailbox->data.traffic.sent, count);
    }
    return begun / (senders * count);
}

static void show(unsigned int number, const char *name, struct figures figures)
{
    print("COST %u %s: %lu %lu %lu %lu\n", number, name, figures.least, figures.lower, figures.median, figures.upper);
}

static void plug(unsigned int source, uint32_t from)
{
    must("cable_set", cable_set(CONTROL, source, from, 0, PORT, 0));
}

static void prepare(void)
{
    puppets_init();
    for (unsigned int s = 1; s <= SENDERS; s++) {
        puppet_create(s, NULL, 0);
        plug(s, FAR);
    }
}

void test(void)
{
    unsigned int rounds = option("rounds", ROUNDS), messages = option("messages", MESSAGES), cables = 0;

    if (is_puppet)
        puppet_main();
    if (!rounds || rounds > MOST_ROUNDS)
        error("rounds= goes from 1 to 10000");
    describe();
    prepare();

    figures_print("COST", "CPUID exit", measure_cpuid(rounds));
    plug(0, cables++);
    for (uint32_t length = 16; length <= LARGEST; length *= 4)
        for (int by_cable = 0; by_cable <= 1; by_cable++)
            show(length, by_cable ? "bytes by cable" : "bytes by name", measure(by_cable, 0, length, rounds));
    virq_bind();
    for (unsigned int senders = 1; senders <= SENDERS; senders++)
        for (int by_cable = 0; by_cable <= 1; by_cable++) {
            for (unsigned int run = 0; run < RUNS; run++)
                figure_add(throughput(by_cable, senders, messages));
            show(senders, by_cable ? "senders by cable" : "senders by name", figures_take());
        }
    virq_close();

    /* The most that a domain can have, to one domain */
    for (unsigned int s = 1; s <= SENDERS; s++)
        must("cable_clear", cable_clear(CONTROL, s, FAR));
    for (unsigned int count = 1; count <= CABLES; count *= 8) {
        struct figures dearest = { .least = 0 };

        while (cables < count)
            plug(0, cables++);
        for (unsigned int i = 0; i < SAMPLE; i++) {
            struct figures figures = measure(true, i * count / SAMPLE, 16, rounds);

            if (figures.median > dearest.median)
                dearest = figures;
        }
        show(count, "cables, the dearest of 16", dearest);
    }
}
