/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random traffic through three Xens inside one another, every message accounted for.
 *
 * Guests at all levels send by cables that lead to other guests, up, and down, while cables are moved, domains die and
 * others get their domids, rings come and go, a Xen is resumed by one that has forgotten it, and policies change. Each
 * message has a number. Where its way goes is looked up here, in plain arrays, as far as it goes at once; a message that
 * waits in a Xen's ring may go by any cable that there has been since. So for each message that is found in a ring it is
 * known whether it may be there and what it must say of its source; none may be found twice; and those that were taken
 * and are not found have to be as many as those which the Xens say they have dropped.
 *
 * Now and then everybody receives all there is until nothing moves any more. Then nothing may be left in a Xen's ring,
 * and every sender that had to wait for a ring which is still there must have been told.
 *
 * Usage: levels OBJECT OPERATIONS SEED
 */
#include "levels-model.h"

struct ring rings[LEVELS][DOMAINS][PORTS][2];
struct sender senders[LEVELS][DOMAINS][PORTS];
unsigned long lives[LEVELS][DOMAINS];
static unsigned long life = 1;
bool denied[LEVELS][ASK_COUNT][DOMAINS];

static struct message {
    uint8_t level, d, port;
    bool found;
    uint16_t len;
} *messages;
static uint32_t sent, found, told;
static unsigned long operation;
const char *doing;

/* ---- random numbers, complaints */

static uint64_t random_state;

unsigned below(unsigned n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(((random_state >> 32) * n) >> 32);
}

bool one_in(unsigned n)
{
    return below(n) == 0;
}

_Noreturn void wrong(const char *what, long got, long wanted)
{
    fprintf(stderr, "operation %lu (%s): %s: %ld, not %ld\n", operation, doing, what, got, wanted);
    abort();
}

void expect(const char *what, long got, long wanted)
{
    if (got != wanted)
        wrong(what, got, wanted);
}

static int ask(unsigned level, enum user_question question, const struct domain *subject, const struct domain *object)
{
    (void)object;
    return subject->domain_id < DOMAINS && denied[level][question][subject->domain_id] ? -XEN_EPERM : 0;
}

/* ---- what the guests do */

static xen_argo_ring_t *memory(unsigned level, unsigned d, const struct ring *ring)
{
    return (xen_argo_ring_t *)levels[level].domains[d]->frames[ring->slot * FRAMES]->bytes;
}

static void read_bytes(unsigned level, unsigned d, const struct ring *ring, uint32_t offset, void *to, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        uint32_t at = (offset + i) % ring->size + (uint32_t)sizeof(xen_argo_ring_t);

        ((uint8_t *)to)[i] = levels[level].domains[d]->frames[ring->slot * FRAMES + at / 4096]->bytes[at % 4096];
    }
}

static uint8_t pattern(uint32_t number, uint32_t i)
{
    return (uint8_t)(number * 31 + i * 7 + i / 256);
}

static struct landing *landings; /* of each message */

/* Take up to so many messages from a ring. How many were there? */
static unsigned drain(unsigned level, unsigned d, unsigned port, struct ring *ring, unsigned most)
{
    static uint8_t bytes[MESSAGE_MAX];
    uint32_t tx = memory(level, d, ring)->tx_ptr;
    unsigned count = 0;

    for (; ring->rx != tx && count < most; count++) {
        struct xen_argo_ring_message_header header;
        struct message *message;
        uint32_t number, len;

        read_bytes(level, d, ring, ring->rx, &header, sizeof header);
        len = header.len - (uint32_t)sizeof header;
        if (len < 4 || len > MESSAGE_MAX)
            wrong("length of a message", (long)len, MESSAGE_MAX);
        read_bytes(level, d, ring, ring->rx + (uint32_t)sizeof header, bytes, len);
        memcpy(&number, bytes, 4);
        if (number >= sent)
            wrong("number of a message", (long)number, (long)sent);
        message = &messages[number];
        expect("message type", (long)header.message_type, (long)(number ^ 0x5a5a5a5a));
        expect("bytes of a message", (long)len, message->len);
        for (uint32_t i = 4; i < len; i++)
            expect("byte of a message", bytes[i], pattern(number, i));
        expect("message found before", message->found, false);
        if (!may_reach(&landings[number], level, d, port, &header.source))
            wrong("message found where it should not be, by number", (long)number, -1);
        message->found = true;
        found++;
        ring->rx = (ring->rx + ((header.len + 15) & ~15u)) % ring->size;
    }
    memory(level, d, ring)->rx_ptr = ring->rx;
    return count;
}

static void forget_ring(unsigned level, unsigned d, unsigned port, struct ring *ring)
{
    if (ring->there)
        drain(level, d, port, ring, ~0u);
    memset(ring, 0, sizeof *ring);
}

static void do_register(unsigned level, unsigned d)
{
    unsigned port = below(PORTS), which = below(2);
    struct ring *ring = &rings[level][d][port][which];
    static const uint32_t sizes[] = { 512, 2048, 8192, FRAMES * 4096 - 64 };
    xen_argo_register_ring_t reg = { .aport = port, .partner_id = which ? XEN_ARGO_DOMID_ANY : XEN_ARGO_DOMID_UP,
                                     .len = sizes[below(4)] };
    unsigned slot = port * 2 + which;
    xen_argo_gfn_t frames[FRAMES] = { slot * FRAMES, slot * FRAMES + 1, slot * FRAMES + 2 };
    bool may = which || (level && !denied[level][ASK_RECEIVE_UP][d]);
    long result;

    doing = "register";
    if (is_xen(level, d) || ring->there || (which && denied[level][ASK_REGISTER_ANY][d]))
        return;
    memset(levels[level].domains[d]->frames[slot * FRAMES]->bytes, 0, sizeof(xen_argo_ring_t));
    result = levels[level].hypercall(levels[level].domains[d], XEN_ARGO_OP_register_ring, &reg, frames,
                                     (reg.len + 64 + 4095) / 4096, XEN_ARGO_REGISTER_FLAG_FAIL_EXIST);
    expect("result", result, may ? 0 : level ? -XEN_EPERM : -XEN_ESRCH);
    if (!may)
        return;
    *ring = (struct ring){ .there = true, .slot = slot, .size = reg.len, .life = life++ };
}

static void do_unregister(unsigned level, unsigned d)
{
    unsigned port = below(PORTS), which = below(2);
    xen_argo_unregister_ring_t unreg = { .aport = port, .partner_id = which ? XEN_ARGO_DOMID_ANY : XEN_ARGO_DOMID_UP };
    struct ring *ring = &rings[level][d][port][which];

    doing = "unregister";
    if (!ring->there)
        return;
    drain(level, d, port, ring, ~0u);
    memset(ring, 0, sizeof *ring);
    expect("result", levels[level].hypercall(levels[level].domains[d], XEN_ARGO_OP_unregister_ring, &unreg, NULL, 0, 0), 0);
}

/* Remember that a sender was told to wait at the ring where its messages land */
static void remember_wait(unsigned level, unsigned d, unsigned port, unsigned virqs)
{
    struct sender *sender = &senders[level][d][port];
    struct landing at;
    struct ring *ring;

    sender->waits = false;
    if (!follow(level, d, port, &at))
        return;
    sender->level = at.level;
    sender->d = at.d;
    sender->port = at.port;
    sender->virqs = virqs;
    if (is_xen(at.level, at.d)) {
        if (!xen_ring(at.level, at.src, at.d, at.port))
            return;
        sender->life = lives[at.level][at.d];
    } else {
        ring = guest_ring(at.level, at.src, at.d, at.port, &sender->partner);
        if (!ring)
            return;
        sender->life = ring->life;
    }
    sender->waits = true;
}

static void do_send(unsigned level, unsigned d)
{
    static uint8_t bytes[MESSAGE_MAX];
    unsigned port = below(PORTS), parts = 1 + below(3), partner;
    uint32_t number = sent, len = 4 + (one_in(3) ? below(MESSAGE_MAX - 4) : below(200)), at = 0;
    xen_argo_send_addr_t address = { .src = { .aport = port, .domain_id = XEN_ARGO_DOMID_ANY },
                                     .dst = { .aport = XEN_ARGO_PORT_IMPLICIT, .domain_id = XEN_ARGO_DOMID_ANY } };
    struct sender *sender = &senders[level][d][port];
    unsigned virqs = atomic_load(&levels[level].domains[d]->virqs);
    struct landing landing;
    xen_argo_iov_t iovs[3];
    bool leads;
    long result;

    doing = "send";
    if (is_xen(level, d) || sent == MESSAGES)
        return;
    memcpy(bytes, &number, 4);
    for (uint32_t i = 4; i < len; i++)
        bytes[i] = pattern(number, i);
    for (unsigned i = 0; i < parts; i++) {
        uint32_t size = i + 1 == parts ? len - at : below(len - at + 1);

        iovs[i] = (xen_argo_iov_t){ .iov_len = size };
        set_xen_guest_handle(iovs[i].iov_hnd, bytes + at);
        at += size;
    }
    leads = follow(level, d, port, &landing);
    if (leads)
        leads = is_xen(landing.level, landing.d) ? xen_ring(landing.level, landing.src, landing.d, landing.port)
                                                 : guest_ring(landing.level, landing.src, landing.d, landing.port,
                                                              &partner) != NULL;
    result = levels[level].hypercall(levels[level].domains[d], XEN_ARGO_OP_sendv, &address, iovs, parts,
                                     number ^ 0x5a5a5a5a);
    if (result == (long)len) {
        expect("message taken without a way", leads, true);
        messages[number] = (struct message){ .level = (uint8_t)level, .d = (uint8_t)d, .port = (uint8_t)port,
                                             .len = (uint16_t)len };
        landings[number] = landing;
        sent++;
        sender->waits = false;
        return;
    }
    if (result == -XEN_EAGAIN) {
        expect("told to wait without a way", leads, true);
        remember_wait(level, d, port, virqs);
    } else if (result == -XEN_EMSGSIZE)
        expect("too long without a way", leads, true);
    else {
        expect("result", result, -XEN_ECONNREFUSED);
        expect("refused with a way", leads, false);
    }
}

static void do_notify(unsigned level, unsigned d)
{
    struct {
        uint32_t nent, pad;
        xen_argo_ring_data_ent_t ent;
    } data = { .nent = 1 };
    unsigned port = below(PORTS), virqs = atomic_load(&levels[level].domains[d]->virqs);

    doing = "notify";
    if (is_xen(level, d))
        return;
    if (one_in(2)) {
        for (unsigned p = 0; p < PORTS; p++)
            for (unsigned which = 0; which < 2; which++)
                if (rings[level][d][p][which].there)
                    drain(level, d, p, &rings[level][d][p][which], 1 + below(8));
        expect("result", levels[level].hypercall(levels[level].domains[d], XEN_ARGO_OP_notify, NULL, NULL, 0, 0), 0);
        return;
    }
    data.ent = (xen_argo_ring_data_ent_t){ .ring = { .aport = port, .domain_id = XEN_ARGO_DOMID_ANY },
                                           .space_required = below(9000) };
    expect("result", levels[level].hypercall(levels[level].domains[d], XEN_ARGO_OP_notify, &data, NULL, 0, 0), 0);
    if (data.ent.flags & XEN_ARGO_RING_SUFFICIENT)
        senders[level][d][port].waits = false;
    else if ((data.ent.flags & XEN_ARGO_RING_EXISTS) &&
             !(data.ent.flags & (XEN_ARGO_RING_EMSGSIZE | XEN_ARGO_RING_EBUSY)))
        remember_wait(level, d, port, virqs);
}

/* A domain dies, and another gets its domid. If it is a Xen it goes on, having been resumed elsewhere. */
static void do_replace(unsigned level, unsigned d)
{
    doing = "replace";
    if (d == TOOLSTACK)
        return;
    for (unsigned port = 0; port < PORTS; port++)
        for (unsigned which = 0; which < 2; which++)
            forget_ring(level, d, port, &rings[level][d][port][which]);
    forget_cables(level, d);
    memset(senders[level][d], 0, sizeof senders[level][d]);
    levels[level].destroy(levels[level].domains[d]);
    levels[level].domains[d] = NULL;
    levels_create(level, d);
    lives[level][d] = life++;
    if (is_xen(level, d)) {
        (*levels[level + 1].handlers)->resume();
        while (levels[level + 1].run_tasklets())
            ;
        /* All rings are there again that may be: those for a domain that is. */
        for (unsigned port = 0; port < PORTS; port++) {
            struct target *t = &cables[level + 1][UP][port].now;

            if (t->there) {
                t->life = lives[level][d];
                if (t->partner_named)
                    t->partner_life = lives[level][t->named_d];
            }
        }
    }
}

/* ---- all together */

static bool run_all(void)
{
    bool any = false;

    for (unsigned level = 0; level < LEVELS; level++)
        any |= levels[level].run_tasklets();
    return any;
}

static xen_argo_up_info_t info_of(unsigned level, xen_argo_port_t port)
{
    xen_argo_up_info_t info = { .aport = port };

    expect("up_info", levels[level].hypercall(levels[level].domains[TOOLSTACK], XEN_ARGO_OP_up_info, &info, NULL, 0, 0), 0);
    return info;
}

/* Receive until nothing moves any more, and settle the accounts. */
static void settle(void)
{
    uint64_t dropped = 0;
    bool any;

    doing = "settle";
    do {
        any = false;
        while (run_all())
            any = true;
        for (unsigned level = 0; level < LEVELS; level++)
            for (unsigned d = 0; d < DOMAINS; d++) {
                for (unsigned port = 0; port < PORTS; port++)
                    for (unsigned which = 0; which < 2; which++)
                        if (rings[level][d][port][which].there)
                            any |= drain(level, d, port, &rings[level][d][port][which], ~0u) != 0;
                if (!is_xen(level, d))
                    expect("result", levels[level].hypercall(levels[level].domains[d], XEN_ARGO_OP_notify, NULL, NULL, 0,
                                                             0), 0);
            }
    } while (any);
    for (unsigned level = 1; level < LEVELS; level++) {
        xen_argo_up_info_t info = info_of(level, XEN_ARGO_PORT_IMPLICIT);

        expect("flags: messages left in a ring", (long)info.flags & ~(long)XEN_ARGO_UP_RING_LOST, 0);
        expect("malformed", (long)info.malformed, 0);
        expect("failed", (long)info.failed, 0);
        dropped += info.refused + info.too_long + info.denied + info.discarded;
    }
    expect("messages found and dropped", (long)(found + dropped), (long)sent);
    for (unsigned level = 0; level < LEVELS; level++)
        for (unsigned d = 0; d < DOMAINS; d++)
            for (unsigned port = 0; port < PORTS; port++) {
                struct sender *s = &senders[level][d][port];
                struct landing at;

                if (!s->waits)
                    continue;
                /* The way may have come to an end in a manner that Argo tells nobody about. */
                if (is_xen(s->level, s->d) ? lives[s->level][s->d] != s->life || !follow(level, d, port, &at) ||
                                                 !xen_ring(at.level, at.src, at.d, at.port)
                                           : rings[s->level][s->d][s->port][s->partner == ANY].life != s->life)
                    s->waits = false;
                else if (atomic_load(&levels[level].domains[d]->virqs) == s->virqs)
                    wrong("waits for ever, domain", (long)(level * 10 + d), (long)port);
                else
                    told += s->level < level;
                s->waits = false;
            }
    for (unsigned level = 0; level < LEVELS; level++)
        for (unsigned d = 0; d <= DOMAINS; d++)
            for (unsigned port = 0; port < PORTS; port++)
                cables[level][d][port].changes = 0;
}

int main(int argc, char **argv)
{
    unsigned long operations = argc > 2 ? strtoul(argv[2], NULL, 10) : 100000;
    uint64_t dropped[6] = { 0 }, delivered = 0;

    if (argc < 2)
        return 2;
    random_state = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;
    messages = calloc(MESSAGES, sizeof *messages);
    landings = calloc(MESSAGES, sizeof *landings);
    ASSERT(messages && landings);
    levels_load(argv[1], 2 * 4096, ask);
    for (operation = 0; operation < operations && sent < MESSAGES; operation++) {
        unsigned level = below(LEVELS), d = below(DOMAINS), what = below(100);

        if (what < 55)
            do_send(level, d);
        else if (what < 70)
            do_notify(level, d);
        else if (what < 78)
            do_register(level, d);
        else if (what < 79)
            do_unregister(level, d);
        else if (what < 90)
            do_set(level);
        else if (what < 92)
            do_clear(level);
        else if (what < 98)
            run_all();
        else if (one_in(6))
            do_flush(level);
        else if (one_in(4))
            do_policy(level);
        else if (one_in(6))
            do_replace(level, d);
        if (operation % PERIOD == PERIOD - 1)
            settle();
    }
    settle();
    for (unsigned level = 1; level < LEVELS; level++) {
        xen_argo_up_info_t info = info_of(level, XEN_ARGO_PORT_IMPLICIT);

        delivered += info.delivered;
        dropped[0] += info.refused;
        dropped[1] += info.too_long;
        dropped[2] += info.denied;
        dropped[3] += info.discarded;
    }
    printf("%lu operations, %u messages: %u found, %llu handed down; dropped: %llu refused, %llu too long, %llu denied, "
           "%llu discarded; %u told of space outside\n", operations, sent, found, (unsigned long long)delivered, (unsigned long long)dropped[0],
           (unsigned long long)dropped[1], (unsigned long long)dropped[2], (unsigned long long)dropped[3], told);
    /* A test in which one of these does not occur tests less than it says. */
    return !(delivered && dropped[0] && dropped[1] && dropped[2] && dropped[3] && told);
}
