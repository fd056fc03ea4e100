/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traffic up and down at the same time, on two processors of either Xen, while cables are moved in both, receivers and
 * senders die, and their domids are used again.
 *
 * Two guests of the inner Xen send numbered messages up as fast as they can, one of the outer Xen sends such down. Each
 * number arrives once and in order, or has been refused, or is among those that the inner Xen says it has dropped.
 *
 * cpu: svm
 * cpus: 2
 * xen: xsm=dummy argo=1,mac-permissive=1
 * seconds: 400
 */
#define OUTER 4
#define INNER 5
#define NESTED_CPUS 2

#include "../up.c"
#include "../../guests/flood.c"

enum {
    SENDER = 1,                 /* out here */
    FIRST = 2, SECOND = 3,      /* out here, who get what comes up */
    INNER_FIRST = NESTED + 3, INNER_SECOND = NESTED + 4, /* in there, who get what comes down */
    MESSAGES = 500, NOWHERE = 0
};

static bool wrong;

static bool refuse(const char *what, long got, long wanted)
{
    wrong |= got != wanted;
    return got == wanted || expect(what, got, wanted);
}

/* What has come from one sender, which its messages name by a domid and a port */
static struct stream {
    domid_t domid;
    uint32_t port;
    uint32_t next;          /* all below it have arrived or never will */
    uint32_t arrived[PUPPETS];
} streams[3] = { { .domid = NESTED, .port = UP + A },
                 { .domid = NESTED, .port = UP + B },
                 { .domid = XEN_ARGO_DOMID_UP, .port = DOWN } };

enum { FROM_A, FROM_B, FROM_SENDER };

static const unsigned int sender_of[] = { INNER_A, INNER_B, SENDER };

/* Take what has arrived at a receiver, which does not run itself. */
static void take(unsigned int d)
{
    xen_argo_ring_t *ring = ring_of(d, 0);
    uint32_t tx = __atomic_load_n(&ring->tx_ptr, __ATOMIC_ACQUIRE), rx = ring->rx_ptr;

    if (rx == tx)
        return;
    while (rx != tx && !wrong) {
        struct xen_argo_ring_message_header header;
        struct stream *stream = streams;
        uint32_t message[4];

        memcpy(&header, ring->ring + rx, 16);
        memcpy(message, ring->ring + (rx + 16) % RING, 16);
        rx = (rx + 32) % RING;
        refuse("length", header.len, 32);
        refuse("type", header.message_type, 5);
        while (stream < streams + 3 && (stream->domid != header.source.domain_id || stream->port != header.source.aport))
            stream++;
        if (!refuse("a sender", stream < streams + 3, true) ||
            !refuse("up or down", (d < NESTED) == (stream->domid == NESTED), true))
            break;
        for (unsigned int w = 1; w < 4; w++)
            refuse("a whole message", message[w], message[0] + w);
        refuse("a number that has not been", message[0] >= stream->next, true);
        stream->next = message[0] + 1;
        stream->arrived[d]++;
    }
    __atomic_store_n(&ring->rx_ptr, rx, __ATOMIC_RELEASE);
    refuse("saying that there is space", argo(d, XEN_ARGO_OP_notify, NULL, NULL, 0, 0), 0);
}

static void take_all(void)
{
    take(FIRST);
    take(SECOND);
    take(INNER_FIRST);
    take(INNER_SECOND);
}

static void begin(unsigned int from, uint32_t count)
{
    unsigned int d = sender_of[from];

    memset(&puppets[d].mailbox->data, 0, sizeof(puppets[d].mailbox->data));
    puppets[d].mailbox->data.traffic.count = count;
    streams[from].next = 0;
    memset(streams[from].arrived, 0, sizeof(streams[from].arrived));
    puppet_start(d, flood);
}

static bool any_runs(void)
{
    return puppet_runs(INNER_A) || puppet_runs(INNER_B) || puppet_runs(SENDER);
}

static uint32_t arrived(unsigned int from)
{
    uint32_t sum = 0;

    for (unsigned int d = 0; d < PUPPETS; d++)
        sum += streams[from].arrived[d];
    return sum;
}

static uint64_t dropped(void)
{
    xen_argo_up_info_t all = info(XEN_ARGO_PORT_IMPLICIT);

    expect("nothing malformed", (long)all.malformed, 0);
    expect("nothing failed", (long)all.failed, 0);
    return all.refused + all.too_long + all.denied + all.discarded;
}

/*
 * Move a cable: out here, where it goes from the inner Xen's port; in there, whether there is one; or that down. What
 * went by the old one is in its receiver's ring by now, and is taken before anything that goes by the new one.
 */
static void move(unsigned int what, unsigned int to)
{
    switch (what) {
    case 0:
    case 1:
        refuse("out here", cable_set(CONTROL, NESTED, UP + A + what, to ? SECOND : FIRST, PORT, 0), 0);
        take(to ? FIRST : SECOND);
        break;
    case 2:
        if (to)
            refuse("in there", cable_up(NESTED, A, 1, XEN_ARGO_DOMID_UP, UP + A, NULL), 0);
        else
            cable_clear(NESTED, A, 1);
        break;
    default:
        refuse("down", cable_up(NESTED, XEN_ARGO_DOMID_UP, DOWN, to ? 4 : 3, PORT, NULL), 0);
        take(to ? INNER_FIRST : INNER_SECOND);
    }
}

static void moving(void)
{
    uint32_t state = 1, moves = 0, again = 0, refused = 0;
    uint64_t before = dropped();

    for (unsigned int from = 0; from < 3; from++)
        begin(from, MESSAGES);
    /* Nothing is taken until there is no room: it is crowded from the beginning, on any machine. */
    for (unsigned int from = 0; from < 3; from++)
        for (unsigned int tries = 0; tries < 5000 && !was_crowded(sender_of[from]); tries++)
            pause();
    for (unsigned int from = 0; from < 3; from++)
        expect("it was crowded", was_crowded(sender_of[from]), true);
    while (any_runs() && !wrong) {
        state = state * 1664525 + 1013904223;
        move((state >> 8) % 4, state >> 16 & 1);
        moves++;
        take_all();
    }
    for (unsigned int tries = 0; tries < 500 && info(DOWN).flags & XEN_ARGO_UP_RING_WAITING; tries++)
        take_all();
    for (unsigned int tries = 0; tries < 20; tries++) {
        pause();
        take_all();
    }
    for (unsigned int from = 0; from < 3; from++) {
        const struct mailbox *mail = puppets[sender_of[from]].mailbox;
        uint32_t lost = from == FROM_SENDER ? (uint32_t)(dropped() - before) : 0;

        expect("no other answer", mail->data.traffic.other, 0);
        expect("sent and refused", mail->data.traffic.sent + mail->data.traffic.refused, MESSAGES);
        expect("arrived", arrived(from) + lost, mail->data.traffic.sent);
        again += mail->data.traffic.again;
        refused += mail->data.traffic.refused;
    }
    print("%u moves, %u times no room, %u refused\n", moves, again, refused);
    expect("cables moved", moves > 20, true);
}

/* Those who send and receive die under traffic. */
static void deaths(void)
{
    for (unsigned int round = 0; round < 2 && !wrong; round++) {
        uint64_t before = dropped();

        move(2, 1);
        move(3, 0);
        for (unsigned int from = 0; from < 3; from++)
            begin(from, 1000000);
        for (unsigned int i = 0; i < 10; i++)
            take_all();
        inner_destroy(A);
        inner_destroy(3);
        inner_create(A, NULL);
        inner_create(3, NULL);
        expect("ring", register_ring(INNER_FIRST, 0), 0);
        take_all();
        streams[FROM_A].next = ~0u; /* nothing any more */
        for (unsigned int i = 0; i < 10; i++) {
            pause();
            take_all();
        }
        expect("what the new one got", ring_of(INNER_FIRST, 0)->tx_ptr, ring_of(INNER_FIRST, 0)->rx_ptr);
        expect("cables of the new one", cable_count(NESTED, A), 0);
        expect("the other goes on", puppets[INNER_B].mailbox->data.traffic.other, 0);
        puppet_destroy(SENDER);
        puppet_create(SENDER, NULL, 0);
        expect("cable out here", cable_set(CONTROL, SENDER, 1, NESTED, DOWN, 0), 0);
        inner_destroy(B);
        inner_create(B, NULL);
        take_all();
        move(2, 1);
        expect("cable up", cable_up(NESTED, B, 1, XEN_ARGO_DOMID_UP, UP + B, NULL), 0);
        expect("what was dropped is counted", dropped() >= before, true);
    }
    /* All is well afterwards. */
    move(2, 1);
    move(3, 1);
    for (unsigned int from = 0; from < 3; from++)
        begin(from, 20);
    while (any_runs() && !wrong)
        take_all();
    for (unsigned int tries = 0; tries < 20; tries++) {
        pause();
        take_all();
    }
    for (unsigned int from = 0; from < 3; from++)
        expect("all of the last", arrived(from), 20);
}

void test(void)
{
    if (is_puppet)
        puppet_main();
    inner_main();
    puppets_init();
    nested_create(NULL, "console=xen loglvl=all guest_loglvl=all dom0_mem=24M dom0_max_vcpus=1 xsm=dummy "
                        "argo=1,mac-permissive=1 argo-up-ring-size=4k");
    inner_start();
    for (unsigned int d = 1; d < OUTER; d++)
        puppet_create(d, NULL, 0);
    for (unsigned int d = 1; d < INNER; d++)
        inner_create(d, NULL);
    for (unsigned int d = 0; d < PUPPETS; d++)
        expect("ring", register_ring(d, 0), 0);
    expect("cable up", cable_up(NESTED, A, 1, XEN_ARGO_DOMID_UP, UP + A, NULL), 0);
    expect("cable up", cable_up(NESTED, B, 1, XEN_ARGO_DOMID_UP, UP + B, NULL), 0);
    expect("cable out here", cable_set(CONTROL, NESTED, UP + A, FIRST, PORT, 0), 0);
    expect("cable out here", cable_set(CONTROL, NESTED, UP + B, FIRST, PORT, 0), 0);
    expect("cable down", cable_up(NESTED, XEN_ARGO_DOMID_UP, DOWN, 3, PORT, NULL), 0);
    expect("cable out here", cable_set(CONTROL, SENDER, 1, NESTED, DOWN, 0), 0);
    moving();
    if (!wrong)
        deaths();
}
