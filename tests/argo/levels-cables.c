/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cables of levels.c: how toolstacks change them, and where they lead. */
#include "levels-model.h"

struct cable cables[LEVELS][DOMAINS + 1][PORTS];

/* ---- ways */

bool is_xen(unsigned level, unsigned d)
{
    return d == INNER && level + 1 < LEVELS;
}

struct ring *guest_ring(unsigned level, unsigned src, unsigned d, unsigned port, unsigned *partner)
{
    struct ring *r = rings[level][d][port];

    *partner = src == UP && r[0].there ? UP : ANY;
    return src == UP && r[0].there ? &r[0] : r[1].there ? &r[1] : NULL;
}

bool xen_ring(unsigned level, unsigned src, unsigned d, unsigned port)
{
    const struct target *down = &cables[level + 1][UP][port].now;

    return down->there && down->life == lives[level][d] &&
           (!down->partner_named || (down->named_d == src && down->partner_life == lives[level][src]));
}

bool follow(unsigned level, unsigned d, unsigned port, struct landing *landing)
{
    const struct target *target = &cables[level][d][port].now;

    if (!target->there)
        return false;
    if (target->d != UP) {
        *landing = (struct landing){ level, d, port, target->d, target->port };
        return !denied[level][ASK_SEND_IMPLICIT][d];
    }
    if (denied[level][ASK_SEND_UP][d])
        return false;
    if (!target->named)
        return follow(level - 1, INNER, target->port, landing);
    *landing = (struct landing){ level - 1, INNER, target->port, target->named_d, target->named_port };
    return !denied[level - 1][ASK_SEND][INNER];
}

bool may_reach(const struct landing *at, unsigned level, unsigned d, unsigned port, const xen_argo_addr_t *source)
{
    if (!is_xen(at->level, at->d))
        return at->level == level && at->d == d && at->port == port &&
               source->domain_id == (at->src == UP ? DOMID_XEN : at->src) && source->aport == at->src_port;
    for (unsigned i = 0; i <= cables[at->level + 1][UP][at->port].changes; i++) {
        const struct cable *cable = &cables[at->level + 1][UP][at->port];
        const struct target *target = i == cable->changes ? &cable->now : &cable->past[i];
        struct landing next = { at->level + 1, UP, at->port, target->d, target->port };

        if (target->there && may_reach(&next, level, d, port, source))
            return true;
    }
    return false;
}

static void change(struct cable *cable, const struct target *to)
{
    ASSERT(cable->changes < HISTORY);
    cable->past[cable->changes++] = cable->now;
    cable->now = to ? *to : (struct target){ .there = false };
}

/* ---- what the toolstacks do */

static void sender_told(unsigned level, unsigned d, unsigned port)
{
    if (d != UP)
        senders[level][d][port].waits = false; /* since it is signalled, which model.c looks at */
}

void do_set(unsigned level)
{
    unsigned d = below(level ? DOMAINS + 1 : DOMAINS), port = below(PORTS);
    struct target to = { .there = true, .d = below(level && d != UP ? DOMAINS + 1 : DOMAINS), .port = below(PORTS) };
    xen_argo_cable_t cable = { .src = { .aport = port, .domain_id = (domid_t)(d == UP ? XEN_ARGO_DOMID_UP : d) },
                               .dst = { .aport = to.port,
                                        .domain_id = (domid_t)(to.d == UP ? XEN_ARGO_DOMID_UP : to.d) } };
    xen_argo_addr_t outside = { .domain_id = XEN_ARGO_DOMID_ANY, .aport = XEN_ARGO_PORT_IMPLICIT };
    struct cable *slot = &cables[level][d][port];
    bool give = one_in(2), taken = false;
    long result, wanted = 0;

    doing = "set";
    if (d == to.d && !is_xen(level, d))
        to.d = cable.dst.domain_id = (domid_t)((d + 1) % DOMAINS);
    if (give && to.d == UP && one_in(2)) {
        to.named = true;
        outside.domain_id = (domid_t)(to.named_d = below(DOMAINS));
        outside.aport = to.named_port = below(PORTS);
    }
    if (d == UP) {
        to.life = lives[level - 1][INNER];
        if (give && one_in(2)) {
            to.partner_named = true;
            outside.domain_id = (domid_t)(to.named_d = below(DOMAINS));
            to.partner_life = lives[level - 1][to.named_d];
        }
    }
    if (to.d == UP)
        for (unsigned other = 0; other < DOMAINS; other++)
            for (unsigned p = 0; p < PORTS; p++) {
                const struct target *t = &cables[level][other][p].now;

                taken |= (other != d || p != port) && t->there && t->d == UP && t->port == to.port;
            }
    if (slot->now.there && d == UP &&
        (slot->now.partner_named != to.partner_named || (to.partner_named && slot->now.named_d != to.named_d)))
        wanted = -XEN_EBUSY;
    else if (taken)
        wanted = -XEN_EADDRINUSE;
    result = levels[level].hypercall(levels[level].domains[TOOLSTACK], XEN_ARGO_OP_cable_set, &cable,
                                     give && (d == UP || to.d == UP) ? &outside : NULL, 0, 0);
    expect("result", result, wanted);
    if (result)
        return;
    if (slot->now.there && d == UP) {
        /* The ring stays, and is whose it was. */
        to.life = slot->now.life;
        to.partner_life = slot->now.partner_life;
    }
    change(slot, &to);
    sender_told(level, d, port);
}

/* What is in the ring of a cable from up goes with it, and the Xen counts it. */
void do_clear(unsigned level)
{
    unsigned d = below(level ? DOMAINS + 1 : DOMAINS), port = below(PORTS);
    xen_argo_addr_t source = { .aport = port, .domain_id = (domid_t)(d == UP ? XEN_ARGO_DOMID_UP : d) };
    bool was = cables[level][d][port].now.there;

    doing = "clear";
    expect("result", levels[level].hypercall(levels[level].domains[TOOLSTACK], XEN_ARGO_OP_cable_clear, &source, NULL, 0, 0),
           was ? 0 : -XEN_ENOENT);
    if (was) {
        change(&cables[level][d][port], NULL);
        sender_told(level, d, port);
    }
}

void do_flush(unsigned level)
{
    unsigned d = below(level ? DOMAINS + 1 : DOMAINS), flags = 1 + below(3);

    doing = "flush";
    expect("result", levels[level].hypercall(levels[level].domains[TOOLSTACK], XEN_ARGO_OP_cable_flush, NULL, NULL,
                                             d == UP ? XEN_ARGO_DOMID_UP : d, flags), 0);
    for (unsigned other = 0; other <= DOMAINS; other++)
        for (unsigned port = 0; port < PORTS; port++) {
            const struct target *t = &cables[level][other][port].now;

            if (t->there && (((flags & XEN_ARGO_CABLE_FLUSH_FROM) && other == d) ||
                             ((flags & XEN_ARGO_CABLE_FLUSH_TO) && t->d == d))) {
                change(&cables[level][other][port], NULL);
                sender_told(level, other, port);
            }
        }
}

void do_policy(unsigned level)
{
    static const enum user_question questions[] = { ASK_SEND, ASK_SEND_IMPLICIT, ASK_SEND_UP, ASK_RECEIVE_UP };

    for (unsigned i = 0; i < 4; i++)
        for (unsigned d = 0; d < DOMAINS; d++)
            denied[level][questions[i]][d] = !is_xen(level, d) && one_in(24);
}

void forget_cables(unsigned level, unsigned d)
{
    for (unsigned other = 0; other <= DOMAINS; other++)
        for (unsigned port = 0; port < PORTS; port++) {
            const struct target *t = &cables[level][other][port].now;

            if (t->there && (other == d || t->d == d)) {
                change(&cables[level][other][port], NULL);
                sender_told(level, other, port);
            }
        }
}
