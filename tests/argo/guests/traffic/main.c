/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cables that move and domains that die under full traffic, on several processors.
 *
 * Four guests send numbered messages by their cables as fast as they can. Domain 0 moves the cables between two
 * receivers, pulls them out and plugs them in again, and takes what arrives. Each number has to arrive once, at the
 * receiver to which the cable leads, or to have been refused; once an operation on a cable has returned, nothing comes
 * by the old one; and a third domain gets nothing.
 *
 * xen: xsm=dummy argo=1,mac-permissive=1
 * cpus: 2
 * seconds: 120
 */
#define PUPPETS 8

#include "../puppet.c"
#include "../flood.c"

enum {
    SENDERS = 4,
    FIRST = SENDERS + 1, SECOND, THIRD, /* the receivers, and the one that gets nothing */
    MESSAGES = 1000,                    /* from each sender */
    NOWHERE = 0
};

static unsigned int leads_to[SENDERS + 1];      /* where a sender's cable leads, or NOWHERE */
static uint32_t next_number[SENDERS + 1];       /* all below it have arrived or never will */
static uint32_t arrived[SENDERS + 1][SECOND + 1];
static bool wrong;

static bool refuse(const char *what, long got, long wanted)
{
    wrong |= got != wanted;
    return got == wanted || expect(what, got, wanted);
}

/* A receiver: its ring is domain 0's to read, so that it need not run any more. */
static void receiver_create(unsigned int d)
{
    puppet_create(d, NULL, 0);
    expect("ring", register_ring(d, 0), 0);
    memset(&domctl, 0, sizeof(domctl));
    must("pausedomain", control(XEN_DOMCTL_pausedomain, (domid_t)d));
}

/* Take what has arrived at a receiver. */
static void take(unsigned int d)
{
    xen_argo_ring_t *ring = ring_of(d, 0);
    uint32_t tx = __atomic_load_n(&ring->tx_ptr, __ATOMIC_ACQUIRE), rx = ring->rx_ptr;

    while (rx != tx && !wrong) {
        struct xen_argo_ring_message_header header;
        uint32_t message[4], source;

        memcpy(&header, ring->ring + rx, 16);
        memcpy(message, ring->ring + (rx + 16) % RING, 16);
        rx = (rx + 32) % RING;
        source = header.source.domain_id;
        refuse("length", header.len, 32);
        refuse("type", header.message_type, 5);
        refuse("source port", header.source.aport, 1);
        if (!refuse("a sender", source >= 1 && source <= SENDERS, true) ||
            !refuse("the receiver", d, leads_to[source]))
            break;
        for (unsigned int w = 1; w < 4; w++)
            refuse("a whole message", message[w], message[0] + w);
        /* In the order of numbers, with a gap for each that was refused */
        refuse("a number that has not been", message[0] >= next_number[source], true);
        next_number[source] = message[0] + 1;
        arrived[source][d]++;
    }
    __atomic_store_n(&ring->rx_ptr, rx, __ATOMIC_RELEASE);
}

/* Move a sender's cable while it sends. */
static void move(unsigned int s, unsigned int to)
{
    unsigned int from = leads_to[s];

    if (to == NOWHERE)
        refuse("clear", cable_clear(CONTROL, s, 1), from ? 0 : -XEN_ENOENT);
    else
        refuse("set", cable_set(CONTROL, s, 1, to, PORT, from ? XEN_ARGO_CABLE_FLAG_REPLACE : 0), 0);
    if (from && from != to) {
        /*
         * What went by the old cable is in its ring by now, and counts before anything that goes by the new one. At
         * the old receiver there are other senders' messages, too, whose cables have not moved.
         */
        take(from);
    }
    leads_to[s] = to;
}

static void begin(unsigned int s, uint32_t count)
{
    memset(&puppets[s].mailbox->data, 0, sizeof(puppets[s].mailbox->data));
    puppets[s].mailbox->data.traffic.count = count;
    next_number[s] = 0;
    for (unsigned int r = 0; r <= SECOND; r++)
        arrived[s][r] = 0;
    puppet_start(s, flood);
}

static bool any_runs(void)
{
    bool any = false;

    for (unsigned int s = 1; s <= SENDERS; s++)
        any |= puppets[s].alive && puppet_runs(s);
    return any;
}

/* All that a sender has sent arrived, and nothing else. */
static void account(unsigned int s)
{
    expect("no other answer", puppets[s].mailbox->data.traffic.other, 0);
    expect("sent and refused", puppets[s].mailbox->data.traffic.sent + puppets[s].mailbox->data.traffic.refused,
           puppets[s].mailbox->data.traffic.count);
    expect("arrived", arrived[s][FIRST] + arrived[s][SECOND], puppets[s].mailbox->data.traffic.sent);
}

static void moving(void)
{
    static const unsigned int places[] = { FIRST, SECOND, FIRST, SECOND, NOWHERE, SECOND, FIRST, FIRST };
    uint32_t state = 1, moves = 0, again = 0, refused = 0, first = 0, second = 0;

    for (unsigned int s = 1; s <= SENDERS; s++)
        move(s, FIRST);
    for (unsigned int s = 1; s <= SENDERS; s++)
        begin(s, MESSAGES);
    /* Nothing is taken until there is no room: it is crowded from the beginning, on any machine. */
    for (unsigned int s = 1; s <= SENDERS; s++) {
        for (unsigned int tries = 0; tries < 100000 && !was_crowded(s); tries++)
            yield();
        expect("it was crowded", was_crowded(s), true);
    }
    while (any_runs() && !wrong) {
        state = state * 1664525 + 1013904223;
        if (state >> 29 == 0) {
            move(1 + (state >> 8) % SENDERS, places[(state >> 16) % 8]);
            moves++;
        }
        take(FIRST);
        take(SECOND);
    }
    if (wrong)
        return;
    take(FIRST);
    take(SECOND);
    for (unsigned int s = 1; s <= SENDERS; s++) {
        account(s);
        again += puppets[s].mailbox->data.traffic.again;
        refused += puppets[s].mailbox->data.traffic.refused;
        first += arrived[s][FIRST];
        second += arrived[s][SECOND];
    }
    print("%u moves: %u messages to one, %u to the other, %u refused, %u times no room\n", moves, first, second,
          refused, again);
    /* Otherwise this has shown nothing. */
    expect("cables moved", moves > 100, true);
    expect("all happened", first && second && refused, true);
}

/* Four guests flood one that takes nothing: they are told to come back, and its ring is whole. */
static void flooding(void)
{
    uint32_t before, sent = 0;

    for (unsigned int s = 1; s <= SENDERS; s++)
        move(s, FIRST);
    take(FIRST);
    before = ring_of(FIRST, 0)->rx_ptr;
    for (unsigned int s = 1; s <= SENDERS; s++)
        begin(s, 100);
    for (unsigned int tries = 0; tries < 5000; tries++)
        yield();
    expect("what is in the ring", (ring_of(FIRST, 0)->tx_ptr - before) % RING, RING - 32);
    for (unsigned int s = 1; s <= SENDERS; s++)
        sent += puppets[s].mailbox->data.traffic.sent;
    expect("what went out", sent, RING / 32 - 1);
    while (any_runs() && !wrong)
        take(FIRST);
    take(FIRST);
    for (unsigned int s = 1; s <= SENDERS; s++) {
        account(s);
        expect("none refused", puppets[s].mailbox->data.traffic.refused, 0);
    }
}

/* A receiver dies under traffic, and its domid is another's at once; then so does a sender. */
static void deaths(void)
{
    for (unsigned int round = 0; round < 2; round++) {
        for (unsigned int s = 1; s <= SENDERS; s++) {
            move(s, FIRST);
            begin(s, 1000000);
        }
        for (unsigned int i = 0; i < 200; i++)
            take(FIRST);
        puppet_destroy(FIRST);
        receiver_create(FIRST);
        expect("its cables", cable_count(CONTROL, FIRST), 0);
        for (unsigned int s = 1; s <= SENDERS; s++) {
            expect("a sender's cables", cable_count(CONTROL, s), 0);
            leads_to[s] = NOWHERE;
        }
        for (unsigned int tries = 0; tries < 100; tries++)
            yield();
        expect("what the new one got", ring_of(FIRST, 0)->tx_ptr, ring_of(FIRST, 0)->rx_ptr);
        for (unsigned int s = 1; s <= SENDERS; s++)
            expect("refused", puppets[s].mailbox->data.traffic.refused != 0, true);

        move(1, SECOND);
        for (unsigned int i = 0; i < 200; i++)
            take(SECOND);
        for (unsigned int s = 1; s <= SENDERS; s++)
            puppet_destroy(s);
        take(SECOND);
        for (unsigned int s = 1; s <= SENDERS; s++) {
            puppet_create(s, NULL, 0);
            expect("a new sender's cables", cable_count(CONTROL, s), 0);
            leads_to[s] = NOWHERE;
            begin(s, 10);
        }
        while (any_runs())
            yield();
        for (unsigned int s = 1; s <= SENDERS; s++)
            expect("refused to the new ones", puppets[s].mailbox->data.traffic.refused, 10);
        expect("what came of them", ring_of(SECOND, 0)->tx_ptr, ring_of(SECOND, 0)->rx_ptr);
    }
}

void test(void)
{
    if (is_puppet)
        puppet_main();
    puppets_init();
    for (unsigned int d = FIRST; d <= THIRD; d++)
        receiver_create(d);
    for (unsigned int s = 1; s <= SENDERS; s++)
        puppet_create(s, NULL, 0);
    moving();
    print("flooding\n");
    if (!wrong)
        flooding();
    print("deaths\n");
    if (!wrong)
        deaths();
    expect("what the third got", ring_of(THIRD, 0)->tx_ptr, 0);
    for (unsigned int d = 1; d < PUPPETS; d++)
        puppet_destroy(d);
}
