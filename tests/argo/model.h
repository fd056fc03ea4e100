/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the model of Argo share: its plain arrays, and the comparison with what the real argo.c says. */
#ifndef MODEL_H
#define MODEL_H

#include "user.h"

#include <public/argo.h>

enum {
    DOMAINS = 6,       /* domids 0 to 5 */
    PORTS = 7,         /* indexes into ports[] */
    ANY = DOMAINS,     /* as a partner: the wildcard */
    SLOTS = 4,         /* of 4 frames each, for rings of a domain */
    RING_MAX = 3 * 16384 / 16 * 16,
    CHECK_EVERY = 64   /* operations between two looks at everything */
};

struct ring {
    bool there;
    uint32_t size;
    unsigned slot;
    uint32_t tx;
    /* waiting[d]: that domain waits for so much space, if waits[d] */
    bool waits[DOMAINS];
    uint32_t waiting[DOMAINS];
};

struct cable {
    bool there;
    unsigned dst, port;
};

struct model {
    struct domain *real;
    bool alive, argo;
    unsigned long life;
    struct ring rings[PORTS][DOMAINS + 1]; /* by port and partner */
    struct cable cables[PORTS];
    unsigned virqs;
};

extern const uint32_t ports[PORTS];
extern struct model domains[DOMAINS];
/* What the security module answers, by question, subject and object. */
extern bool allowed[ASK_COUNT][DOMAINS][DOMAINS];
/* What is being done, for complaints. */
extern const char *doing;

/* Random numbers: below n, and whether it is the one case in n. */
unsigned below(unsigned n);
bool one_in(unsigned n);
/* Ends the test unless the two agree. */
void expect(const char *what, long got, long wanted);
/* The cable of that domain and port is removed, and its owner told. */
void cable_gone(unsigned d, unsigned port);

/* One random operation by `caller` each. */
void do_cable_set(unsigned caller);
void do_cable_clear(unsigned caller);
void do_cable_flush(unsigned caller);
void do_cable_list(unsigned caller);

#endif
