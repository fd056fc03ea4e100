/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random Argo operations on the real argo.c, each foretold by a model that knows nothing of locks, hashes or trees.
 *
 * A few domids, ports and frames make everything collide: domains come and go under the same domid, rings and cables
 * are set over one another, policies change, allocations fail. The model says what each hypercall must answer and what
 * every domain must see of it: the message, byte for byte, in the one ring it belongs to, and which domains are sent
 * VIRQ_ARGO. What the model keeps is in plain arrays, and where an operation fails, nothing in them changes.
 *
 * Usage: model OPERATIONS SEED
 */
#include "model.h"

const uint32_t ports[PORTS] = { 0, 1, 2, 0x12345678, 0x80000000, 0xfffffffe, 0xffffffff };

/* ---- the model */

struct model domains[DOMAINS];
bool allowed[ASK_COUNT][DOMAINS][DOMAINS];
static unsigned long operation;
const char *doing = "start";

static uint64_t random_state;

static uint32_t random32(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 32);
}

unsigned below(unsigned n)
{
    return (unsigned)(((uint64_t)random32() * n) >> 32);
}

bool one_in(unsigned n)
{
    return below(n) == 0;
}

_Noreturn static void wrong(const char *what, long got, long wanted)
{
    fprintf(stderr, "operation %lu (%s): %s: %ld, not %ld\n", operation, doing, what, got, wanted);
    abort();
}

void expect(const char *what, long got, long wanted)
{
    if (got != wanted)
        wrong(what, got, wanted);
}

int user_ask(enum user_question question, const struct domain *subject, const struct domain *object)
{
    return allowed[question][subject->domain_id][object->domain_id] ? 0 : -XEN_EACCES;
}

/* ---- what real and model must agree on */

static xen_argo_ring_t *ring_memory(unsigned d, unsigned slot)
{
    /* Only the first frame of a slot holds the indexes; a ring's bytes are read frame by frame. */
    return (xen_argo_ring_t *)domains[d].real->frames[slot * 4]->bytes;
}

static void check_everything(void)
{
    for (unsigned d = 0; d < DOMAINS; d++) {
        struct model *m = &domains[d];

        if (!m->alive)
            continue;
        expect("VIRQs", (long)atomic_load(&m->real->virqs), (long)m->virqs);
        for (unsigned port = 0; port < PORTS; port++)
            for (unsigned partner = 0; partner <= DOMAINS; partner++)
                if (m->rings[port][partner].there)
                    expect("ring's tx_ptr", (long)ring_memory(d, m->rings[port][partner].slot)->tx_ptr,
                           (long)m->rings[port][partner].tx);
    }
}

/* ---- what the operations have in common */

static uint32_t roundup(uint32_t n)
{
    return (n + 15) & ~15u;
}

/* The room in a ring in bytes, message headers included, as a receiver that has read up to rx sees it */
static uint32_t ring_room(const struct ring *ring, unsigned d)
{
    uint32_t rx = ring_memory(d, ring->slot)->rx_ptr;

    return rx == ring->tx ? ring->size : (rx + ring->size - ring->tx) % ring->size;
}

static uint32_t ring_payload(const struct ring *ring, unsigned d)
{
    uint32_t room = ring_room(ring, d);

    return room < 32 ? 0 : room - 32;
}

/* The ring of dst that takes what src sends to port, or NULL */
static struct ring *ring_for(unsigned src, unsigned dst, unsigned port)
{
    struct ring *rings = domains[dst].rings[port];

    return rings[src].there ? &rings[src] : rings[ANY].there ? &rings[ANY] : NULL;
}

static void forget_ring(struct ring *ring)
{
    memset(ring, 0, sizeof *ring);
}

/* A cable from d has changed, or gone */
void cable_gone(unsigned d, unsigned port)
{
    domains[d].cables[port].there = false;
    domains[d].virqs++;
}

/* Everything that d has registered or waits for, and the rings others hold for it alone */
static void forget_traffic(unsigned d)
{
    for (unsigned port = 0; port < PORTS; port++)
        for (unsigned other = 0; other < DOMAINS; other++) {
            forget_ring(&domains[other].rings[port][d]);
            domains[other].rings[port][ANY].waits[d] = false;
        }
    memset(domains[d].rings, 0, sizeof domains[d].rings);
}

/* Bytes of d's ring at an offset from where messages begin */
static uint8_t ring_byte(unsigned d, const struct ring *ring, uint32_t offset)
{
    uint32_t at = (offset % ring->size) + (uint32_t)sizeof(xen_argo_ring_t);

    return domains[d].real->frames[ring->slot * 4 + at / 4096]->bytes[at % 4096];
}

/* ---- domains */

static void do_create(unsigned d)
{
    bool argo = !one_in(8);

    doing = "create";
    if (domains[d].alive)
        return;
    if (argo && one_in(16)) {
        user_alloc_fail = 1;
        if (user_domain_create((domid_t)d, true))
            wrong("domain made without memory", 1, 0);
        expect("allocation", user_alloc_fail, 0);
        return;
    }
    memset(&domains[d], 0, sizeof domains[d]);
    domains[d].real = user_domain_create((domid_t)d, argo);
    domains[d].alive = true;
    domains[d].argo = argo;
    domains[d].life = operation;
}

static void do_destroy(unsigned d)
{
    doing = "destroy";
    if (!domains[d].alive)
        return;
    check_everything();
    forget_traffic(d);
    for (unsigned other = 0; other < DOMAINS; other++)
        for (unsigned port = 0; port < PORTS; port++)
            if (other != d && domains[other].cables[port].there && domains[other].cables[port].dst == d)
                cable_gone(other, port);
    user_domain_destroy(domains[d].real);
    memset(&domains[d], 0, sizeof domains[d]);
}

static void do_soft_reset(unsigned d)
{
    doing = "soft reset";
    if (!domains[d].alive)
        return;
    forget_traffic(d);
    argo_soft_reset(domains[d].real);
}

static void do_policy(void)
{
    doing = "policy";
    for (unsigned q = 0; q < ASK_COUNT; q++)
        for (unsigned s = 0; s < DOMAINS; s++)
            for (unsigned o = 0; o < DOMAINS; o++)
                allowed[q][s][o] = !one_in(8);
}

/* ---- rings */

static void do_register(unsigned d)
{
    static const uint32_t sizes[] = { 48, 64, 256, 4096 - 64, 4096, 12288 };
    struct model *m = &domains[d];
    unsigned port = below(PORTS), partner = below(DOMAINS + 1), slot = below(SLOTS), flags = one_in(4);
    uint32_t size = sizes[below(6)];
    unsigned pages = (size + 64 + 4095) / 4096;
    xen_argo_register_ring_t reg = {
        .aport = ports[port],
        .partner_id = partner == ANY ? XEN_ARGO_DOMID_ANY : (domid_t)partner,
        .len = size,
    };
    xen_argo_gfn_t frames[4] = { slot * 4, slot * 4 + 1, slot * 4 + 2, slot * 4 + 3 };
    struct ring *ring = &m->rings[port][partner];
    bool bad_frame = one_in(8);
    long wanted = 0;
    xen_argo_ring_t *memory = ring_memory(d, slot);

    doing = "register";
    /* No two rings of a domain in one slot, or the model would have to know what they do to one another. */
    for (unsigned p = 0; p < PORTS; p++)
        for (unsigned q = 0; q <= DOMAINS; q++)
            if (m->rings[p][q].there && m->rings[p][q].slot == slot && &m->rings[p][q] != ring)
                return;
    if (bad_frame)
        frames[pages - 1] = USER_FRAMES;

    if (!m->argo)
        wanted = -XEN_EPERM;
    else if (partner == ANY)
        wanted = allowed[ASK_REGISTER_ANY][d][d] ? 0 : -XEN_EACCES;
    else if (!domains[partner].alive)
        wanted = -XEN_ESRCH;
    else if (!allowed[ASK_REGISTER_SINGLE][d][partner])
        wanted = -XEN_EACCES;
    else if (!domains[partner].argo)
        wanted = -XEN_ECONNREFUSED;
    if (!wanted && ring->there && (flags || ring->size != size))
        wanted = -XEN_EEXIST;
    bool reached = !wanted;
    if (!wanted && bad_frame)
        wanted = -XEN_EINVAL;

    /* Xen takes the ring's end from the memory if it can use it. */
    if (reached) {
        memory->tx_ptr = one_in(2) ? 0 : random32();
        memory->rx_ptr = memory->tx_ptr;
    }
    uint32_t tx = memory->tx_ptr;
    expect("register", user_hypercall(m->real, XEN_ARGO_OP_register_ring, &reg, frames, pages, flags), wanted);

    if (reached && wanted)
        forget_ring(ring);
    if (wanted)
        return;
    if (tx >= size || tx % 16) {
        tx = roundup(tx);
        if (tx >= size)
            tx = 0;
    }
    if (!ring->there)
        memset(ring, 0, sizeof *ring);
    ring->there = true;
    ring->size = size;
    ring->slot = slot;
    ring->tx = tx;
    memory->rx_ptr = tx;
}

static void do_unregister(unsigned d)
{
    struct model *m = &domains[d];
    unsigned port = below(PORTS), partner = below(DOMAINS + 1);
    xen_argo_unregister_ring_t unreg = {
        .aport = ports[port],
        .partner_id = partner == ANY ? XEN_ARGO_DOMID_ANY : (domid_t)partner,
    };
    long wanted = !m->argo ? -XEN_EPERM : m->rings[port][partner].there ? 0 : -XEN_ENOENT;

    doing = "unregister";
    expect("unregister", user_hypercall(m->real, XEN_ARGO_OP_unregister_ring, &unreg, NULL, 0, 0), wanted);
    if (!wanted)
        forget_ring(&m->rings[port][partner]);
}

/* ---- messages */

/* What sending must do once the ring is known: the answer, and the change in the model */
static long foretell_send(unsigned src, unsigned dst, struct ring *ring, uint32_t length)
{
    if (ring->size <= 16 + roundup(length))
        return -XEN_EMSGSIZE;
    if (roundup(length) + 16 >= ring_room(ring, dst)) {
        if (!ring->waits[src] || ring->waiting[src] < length)
            ring->waiting[src] = length;
        ring->waits[src] = true;
        return -XEN_EAGAIN;
    }
    domains[dst].virqs++;
    return (long)length;
}

static void do_send(unsigned src, bool implicit)
{
    static uint8_t bytes[4096];
    struct model *m = &domains[src];
    unsigned from = below(PORTS), dst = below(DOMAINS), to = below(PORTS);
    uint32_t length = one_in(8) ? below(4096) : below(96), first = below(length + 1), type = random32();
    xen_argo_iov_t iovs[2] = { { .iov_len = first }, { .iov_len = length - first } };
    xen_argo_send_addr_t address = {
        .src = { .aport = ports[from], .domain_id = one_in(2) ? XEN_ARGO_DOMID_ANY : (domid_t)src },
        .dst = { .aport = ports[to], .domain_id = (domid_t)dst },
    };
    struct ring *ring = NULL;
    long wanted;

    doing = implicit ? "send implicitly" : "send";
    if (implicit) {
        struct cable *cable = &m->cables[from];

        address.dst.domain_id = XEN_ARGO_DOMID_ANY;
        address.dst.aport = XEN_ARGO_PORT_IMPLICIT;
        dst = cable->dst;
        to = cable->port;
        /* All that is wrong with the peer is one answer. */
        wanted = -XEN_ECONNREFUSED;
        if (!m->argo)
            wanted = -XEN_EPERM;
        else if (cable->there && allowed[ASK_SEND_IMPLICIT][src][dst])
            ring = ring_for(src, dst, to);
    } else {
        wanted = -XEN_ECONNREFUSED;
        if (!m->argo)
            wanted = -XEN_EPERM;
        else if (!domains[dst].alive)
            wanted = -XEN_ESRCH;
        else if (!allowed[ASK_SEND][src][dst])
            wanted = -XEN_EACCES;
        else if (domains[dst].argo)
            ring = ring_for(src, dst, to);
    }
    if (ring)
        wanted = foretell_send(src, dst, ring, length);

    for (uint32_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)random32();
    set_xen_guest_handle(iovs[0].iov_hnd, bytes);
    set_xen_guest_handle(iovs[1].iov_hnd, bytes + first);
    expect("send", user_hypercall(m->real, XEN_ARGO_OP_sendv, &address, iovs, 2, type), wanted);
    if (wanted < 0)
        return;

    /* The message lies where the ring ended, from whom it came. */
    union {
        struct xen_argo_ring_message_header header;
        uint8_t bytes[16];
    } got;

    for (uint32_t i = 0; i < 16; i++)
        got.bytes[i] = ring_byte(dst, ring, ring->tx + i);
    expect("message's length", (long)got.header.len, (long)length + 16);
    expect("message's sender", got.header.source.domain_id, (long)src);
    expect("message's port", (long)got.header.source.aport, (long)ports[from]);
    expect("message's type", (long)got.header.message_type, (long)type);
    for (uint32_t i = 0; i < length; i++)
        expect("message's byte", ring_byte(dst, ring, ring->tx + 16 + i), bytes[i]);
    ring->tx = (ring->tx + 16 + roundup(length)) % ring->size;
    expect("tx_ptr", (long)ring_memory(dst, ring->slot)->tx_ptr, (long)ring->tx);
}

static void do_receive(unsigned d)
{
    struct ring *ring = &domains[d].rings[below(PORTS)][below(DOMAINS + 1)];

    doing = "receive";
    if (ring->there)
        ring_memory(d, ring->slot)->rx_ptr = ring->tx;
}

/* What a domain is told of a ring, and what that changes */
static uint16_t foretell_query(unsigned src, unsigned dst, struct ring *ring, uint32_t wanted, uint32_t *size)
{
    uint32_t space = ring_payload(ring, dst);
    uint16_t flags = XEN_ARGO_RING_EXISTS;

    *size = ring->size - 32;
    if (ring == &domains[dst].rings[0][ANY] || ((size_t)(ring - &domains[dst].rings[0][0]) % (DOMAINS + 1)) == ANY)
        flags |= XEN_ARGO_RING_SHARED;
    if (wanted > *size)
        flags |= XEN_ARGO_RING_EMSGSIZE;
    else if (space >= wanted) {
        flags |= XEN_ARGO_RING_SUFFICIENT;
        ring->waits[src] = false;
    } else {
        if (!ring->waits[src] || ring->waiting[src] < wanted)
            ring->waiting[src] = wanted;
        ring->waits[src] = true;
    }
    if (space == *size)
        flags |= XEN_ARGO_RING_EMPTY;
    return flags;
}

static void do_notify(unsigned d)
{
    enum { ENTRIES = 4 };
    struct model *m = &domains[d];
    union {
        xen_argo_ring_data_t data;
        uint8_t space[8 + ENTRIES * sizeof(xen_argo_ring_data_ent_t)];
    } query = { .data.nent = below(ENTRIES + 1) };
    xen_argo_ring_data_ent_t expected[ENTRIES];
    bool none = one_in(4);
    long wanted = m->argo ? 0 : -XEN_EPERM;
    unsigned done = query.data.nent;

    doing = "notify";
    if (!wanted) {
        /* Those who wait for space in rings of d that have it now */
        for (unsigned port = 0; port < PORTS; port++)
            for (unsigned partner = 0; partner <= DOMAINS; partner++) {
                struct ring *ring = &m->rings[port][partner];
                uint32_t space = ring->there ? ring_payload(ring, d) : 0;

                for (unsigned src = 0; src < DOMAINS && space; src++)
                    if (ring->waits[src] && space >= ring->waiting[src]) {
                        ring->waits[src] = false;
                        domains[src].virqs++;
                    }
            }
    }
    for (unsigned i = 0; i < query.data.nent; i++) {
        xen_argo_ring_data_ent_t *entry = &query.data.data[i];
        bool implicit = one_in(2);
        unsigned dst = below(DOMAINS), port = below(PORTS), asked = port;
        struct ring *ring = NULL;

        *entry = (xen_argo_ring_data_ent_t){ .space_required = one_in(4) ? below(16384) : below(256),
                                             .max_message_size = 99, .flags = 0xffff };
        entry->ring.aport = ports[port];
        entry->ring.domain_id = implicit ? XEN_ARGO_DOMID_ANY : (domid_t)dst;
        expected[i] = *entry;
        if (wanted || none)
            continue;
        expected[i].flags = 0;
        if (implicit) {
            struct cable *cable = &m->cables[asked];

            dst = cable->dst;
            if (cable->there && allowed[ASK_SEND_IMPLICIT][d][dst])
                ring = ring_for(d, dst, cable->port);
        } else if (domains[dst].alive && domains[dst].argo) {
            if (!allowed[ASK_SEND][d][dst]) {
                /* It ends here, and says so. */
                wanted = -XEN_EACCES;
                expected[i] = *entry;
                done = i;
                continue;
            }
            ring = ring_for(d, dst, port);
        }
        if (ring)
            expected[i].flags = foretell_query(d, dst, ring, entry->space_required, &expected[i].max_message_size);
    }
    (void)done;
    expect("notify", user_hypercall(m->real, XEN_ARGO_OP_notify, none ? NULL : &query, NULL, 0, 0), wanted);
    for (unsigned i = 0; i < query.data.nent; i++) {
        expect("notify's flags", query.data.data[i].flags, expected[i].flags);
        expect("notify's size", (long)query.data.data[i].max_message_size, (long)expected[i].max_message_size);
    }
}

int main(int argc, char **argv)
{
    unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 0) : 1000000;

    random_state = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
    expect("options", user_param("1,mac-permissive=1"), 0);
    do_policy();
    for (operation = 1; operation <= count; operation++) {
        unsigned d = below(DOMAINS), what = below(64);

        if (!domains[d].alive)
            do_create(d);
        else if (what < 1 && one_in(4))
            do_destroy(d);
        else if (what < 1 && one_in(4))
            do_soft_reset(d);
        else if (what < 1 && one_in(8))
            do_policy();
        else if (what < 6)
            do_register(d);
        else if (what < 8)
            do_unregister(d);
        else if (what < 16)
            do_send(d, false);
        else if (what < 32)
            do_send(d, true);
        else if (what < 36)
            do_receive(d);
        else if (what < 42)
            do_notify(d);
        else if (what < 54)
            do_cable_set(d);
        else if (what < 58)
            do_cable_clear(d);
        else if (what < 59 && one_in(4))
            do_cable_flush(d);
        else
            do_cable_list(d);
        if (operation % CHECK_EVERY == 0)
            check_everything();
    }
    for (unsigned d = 0; d < DOMAINS; d++)
        if (domains[d].alive)
            do_destroy(d);
    printf("%lu operations as foretold\n", count);
    return 0;
}
