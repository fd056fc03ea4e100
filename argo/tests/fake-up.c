/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See fake-up.h. No message is kept: a test says what becomes of those that come, and here that is counted. */
#include "fake-up.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static struct up_ring *find(struct up_rings *rings, uint32_t port)
{
    for (unsigned int i = 0; i < UP_RINGS; i++)
        if (rings->list[i].open && rings->list[i].info.aport == port)
            return &rings->list[i];
    return NULL;
}

static void add(struct abi_up_info *to, const struct abi_up_info *info)
{
    to->flags |= info->flags;
    to->rings += info->rings;
    to->ring_len += info->ring_len;
    to->delivered += info->delivered;
    to->refused += info->refused;
    to->too_long += info->too_long;
    to->denied += info->denied;
    to->failed += info->failed;
    to->discarded += info->discarded;
    to->malformed += info->malformed;
}

bool up_rings_open(struct up_rings *rings, uint32_t port)
{
    for (unsigned int i = 0; i < UP_RINGS; i++)
        if (!rings->list[i].open) {
            rings->list[i] = (struct up_ring){
                .open = true, .info = { .aport = port, .rings = 1, .ring_len = UP_RING_BYTES }
            };
            return true;
        }
    return false;
}

void up_rings_close(struct up_rings *rings, uint32_t port)
{
    struct up_ring *ring = find(rings, port);

    ring->info.flags = ring->info.rings = ring->info.ring_len = 0;
    ring->info.discarded += ring->waiting;
    add(&rings->past, &ring->info);
    ring->open = false;
}

int up_rings_info(const struct up_rings *rings, struct abi_up_info *info)
{
    struct abi_up_info sum = { .aport = ABI_PORT_IMPLICIT };

    if (!info)
        return -EFAULT;
    if (info->aport != ABI_PORT_IMPLICIT) {
        const struct up_ring *ring = find((struct up_rings *)rings, info->aport);

        if (ring)
            *info = ring->info;
        return ring ? 0 : -ENOENT;
    }
    add(&sum, &rings->past);
    for (unsigned int i = 0; i < UP_RINGS; i++)
        if (rings->list[i].open)
            add(&sum, &rings->list[i].info);
    *info = sum;
    return 0;
}

void up_rings_come(struct up_rings *rings, uint32_t port, enum world_fate fate, uint64_t count)
{
    struct up_ring *ring = find(rings, port);

    if (!ring)
        abort();
    switch (fate) {
    case WORLD_DELIVERED: ring->info.delivered += count; break;
    case WORLD_REFUSED: ring->info.refused += count; break;
    case WORLD_TOO_LONG: ring->info.too_long += count; break;
    case WORLD_DENIED: ring->info.denied += count; break;
    case WORLD_FAILED: ring->info.failed += count; break;
    case WORLD_MALFORMED: ring->info.malformed += count; break;
    case WORLD_WAITING:
        ring->waiting += count;
        ring->info.flags |= ABI_RING_WAITING;
        break;
    case WORLD_BROKEN:
        /* The index that makes no sense is not that up to which was read. */
        ring->info.malformed++;
        ring->info.flags |= ABI_RING_BROKEN | ABI_RING_WAITING;
        break;
    case WORLD_LOST: ring->info.flags |= ABI_RING_LOST; break;
    }
}
