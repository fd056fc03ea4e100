/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Xen that is a file: domains with names and UUIDs, and Argo's table of cables as the operations' descriptions in
 * xen/include/public/argo.h say it behaves. fake-xen.c implements as much of libxencall and libxenstore on it as the
 * library and the tools use, so that both can be tested without a hypervisor, also several processes on one world;
 * tests/argo/test-user runs the same tests with the real argo.c in its place.
 */
#ifndef FAKE_XEN_H
#define FAKE_XEN_H

#include <stdbool.h>
#include <stdint.h>

enum { WORLD_DOMAINS = 1024, WORLD_CABLES = 4096 };

/* The domain `domid` begins to be: it has Argo or not, and xenstore knows it by `name` and `uuid` (each may be ""). */
void world_create(uint16_t domid, const char *name, const char *uuid, bool argo);
/* From now on this Xen is a guest of another one: there is an up. */
void world_nest(void);
void world_rename(uint16_t domid, const char *name);
void world_destroy(uint16_t domid);

/* From now on the caller is told `error` by every operation (0: no more); or by the one after `after` good ones, once. */
void world_refuse(int error);
void world_fail(unsigned int after, int error);
/* Before the operation after `after` others, `domid` dies and another domain is given its domid at once. */
void world_recycle(unsigned int after, uint16_t domid, const char *name, const char *uuid);

/*
 * So many messages come from up to the port of a cable, and each has this fate; a ring is broken or lost once, whatever
 * the number. Those that wait do so for ever.
 */
enum world_fate {
    WORLD_DELIVERED,
    WORLD_REFUSED,
    WORLD_TOO_LONG,
    WORLD_DENIED,
    WORLD_FAILED,
    WORLD_MALFORMED,
    WORLD_WAITING,
    WORLD_BROKEN, /* an index that makes no sense instead of a message */
    WORLD_LOST    /* the Xen up there forgets the port's ring */
};
void world_come(uint32_t port, enum world_fate fate, uint64_t count);

/* Forget everything. */
void world_reset(void);

/* All cables and how many operations there were, to stdout. */
void world_print(void);

#endif
