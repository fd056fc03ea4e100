/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of levels.c share: the plain arrays of what there is at each level, and where ways go by them. */
#ifndef LEVELS_MODEL_H
#define LEVELS_MODEL_H

#include "levels.h"

enum {
    PORTS = 5,
    UP = DOMAINS,               /* as an end of a cable, and as a partner */
    ANY = DOMAINS + 1,          /* as a partner */
    FRAMES = 3,                 /* of a guest's ring */
    HISTORY = 64,               /* cables that one end has had since nothing moved any more */
    PERIOD = 256,               /* operations between two such times */
    MESSAGES = 1 << 23,
    MESSAGE_MAX = 6000
};

/* Where a cable leads */
struct target {
    bool there;
    unsigned d, port;           /* a domain of the same level; or UP, and the Xen's port outside */
    bool named;                 /* UP: not left to the table outside, but to */
    unsigned named_d, named_port;
    bool partner_named;         /* a cable from UP: takes messages of named_d only */
    unsigned long partner_life; /* ... of that one */
    unsigned long life;         /* of the one who has the ring at the outer level */
};

/* The cable from one port of one domain, or of UP */
struct cable {
    struct target now;
    struct target past[HISTORY];
    unsigned changes;
};

struct ring {
    bool there;
    unsigned slot;
    uint32_t size, rx;
    unsigned long life; /* differs for each ring that there has been */
};

/* Somebody who sends from a port */
struct sender {
    bool waits;
    unsigned virqs;       /* when it was told to */
    unsigned level;       /* at a ring of this level's ... */
    unsigned d, port, partner;
    unsigned long life;   /* ... with this life */
};


extern struct cable cables[LEVELS][DOMAINS + 1][PORTS];
extern struct ring rings[LEVELS][DOMAINS][PORTS][2]; /* for UP, and for any */
extern struct sender senders[LEVELS][DOMAINS][PORTS];
extern unsigned long lives[LEVELS][DOMAINS];
extern bool denied[LEVELS][ASK_COUNT][DOMAINS];
/* What is being done, for complaints */
extern const char *doing;

/* Random numbers: below n, and whether it is the one case in n */
unsigned below(unsigned n);
bool one_in(unsigned n);
/* End the test, unless the two agree. */
_Noreturn void wrong(const char *what, long got, long wanted);
void expect(const char *what, long got, long wanted);

/* What src sends to a port of d, of this level */
struct landing {
    unsigned level, src, src_port, d, port;
};

bool is_xen(unsigned level, unsigned d);
/* The ring that takes what src sends to a port of d, in rings[level][d][port]; NULL if there is none */
struct ring *guest_ring(unsigned level, unsigned src, unsigned d, unsigned port, unsigned *partner);
/* Does the Xen inside d of that level have a ring for what src sends to a port of d? */
bool xen_ring(unsigned level, unsigned src, unsigned d, unsigned port);
/* Where a message goes at once, as the cables are now; false if a cable is missing or may not be used */
bool follow(unsigned level, unsigned d, unsigned port, struct landing *landing);
/* May a message that was to land there be in a ring for port of d of that level, with that source? */
bool may_reach(const struct landing *at, unsigned level, unsigned d, unsigned port, const xen_argo_addr_t *source);

/* One random operation of a level's toolstack each */
void do_set(unsigned level);
void do_clear(unsigned level);
void do_flush(unsigned level);
void do_policy(unsigned level);
/* All cables from and to a domain are gone. */
void forget_cables(unsigned level, unsigned d);

#endif
