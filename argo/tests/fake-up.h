/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rings of the cables that come down into the fake Xen: how many messages wait in them, what became of others. */
#ifndef FAKE_UP_H
#define FAKE_UP_H

#include "abi.h"
#include "fake-xen.h"

#include <stdbool.h>

enum { UP_RINGS = 32, UP_RING_BYTES = 69568 }; /* as by default: 17 pages, less the indexes */

struct up_ring {
    bool open;
    struct abi_up_info info;
    uint64_t waiting;
};

struct up_rings {
    struct up_ring list[UP_RINGS];
    struct abi_up_info past; /* of rings that are no more */
};

/* The ring of a port's cable; false when there are as many as may be. */
bool up_rings_open(struct up_rings *rings, uint32_t port);
void up_rings_close(struct up_rings *rings, uint32_t port);
/* The operation up_info, where there is an up */
int up_rings_info(const struct up_rings *rings, struct abi_up_info *info);
/* See world_come(). */
void up_rings_come(struct up_rings *rings, uint32_t port, enum world_fate fate, uint64_t count);

#endif
