/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages of a log, gathered: one entry for all that say the same of the same labels.
 */
#ifndef XSMC_AVC_DENIAL_H
#define XSMC_AVC_DENIAL_H

#include "avc/log.h"
#include "base/arena.h"
#include "base/names.h"

enum { AVC_MOST_SHOWN = 4 };    /* domains, details and numbers that an entry keeps as examples */

struct avc_denial {
    enum avc_kind kind;
    const char *class;                      /* AVC_DENIED, AVC_GRANTED; all texts are interned */
    const char *perms[AVC_MOST_PERMS];
    unsigned int n_perms;
    const char *subject, *object;           /* contexts, or "ssid=5" */
    const char *thing;                      /* AVC_UNKNOWN_* */
    unsigned long count, first, last;       /* how often; the lines of the first and the last */
    const char *examples[AVC_MOST_SHOWN];   /* "d1 to d2", "d1 to d2, device=0x10"; or the unknown number */
    unsigned int n_examples;
    bool more;                              /* there were others */
};

struct avc_denials {
    struct arena *arena;
    struct names *names;
    LIST(struct avc_denial *) items;        /* in order of first appearance */
    struct map map;
};

void avc_denials_init(struct avc_denials *d, struct arena *a, struct names *n);
/* Files a message and returns its entry; `count` is 1 if it is new. */
struct avc_denial *avc_denials_add(struct avc_denials *d, const struct avc_record *r);

#endif
