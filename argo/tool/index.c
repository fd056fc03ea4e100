/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See index.h. Open addressing, at most half full. */
#include "index.h"

#include "report.h"

#include <stdlib.h>
#include <string.h>

uint64_t index_hash(const char *text, uint32_t number)
{
    uint64_t hash = 0xcbf29ce484222325 ^ number; /* FNV-1a, and then some mixing for the low bits */

    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        hash = (hash ^ *c) * 0x100000001b3;
    hash = (hash ^ (hash >> 32)) * 0x9e3779b97f4a7c15;
    return hash ^ (hash >> 29);
}

static void insert(struct index *index, struct index_slot slot)
{
    size_t at = slot.hash & (index->room - 1);

    while (index->slots[at].element)
        at = (at + 1) & (index->room - 1);
    index->slots[at] = slot;
}

void index_add(struct index *index, uint64_t hash, size_t element)
{
    if (2 * (index->count + 1) > index->room) {
        struct index old = *index;

        index->room = old.room ? 2 * old.room : 16;
        index->slots = memory_grow(NULL, index->room, sizeof *index->slots);
        memset(index->slots, 0, index->room * sizeof *index->slots);
        for (size_t i = 0; i < old.room; i++)
            if (old.slots[i].element)
                insert(index, old.slots[i]);
        free(old.slots);
    }
    index->count++;
    insert(index, (struct index_slot){ hash, element + 1 });
}

size_t index_next(const struct index *index, uint64_t hash, size_t *at)
{
    while (index->room) {
        const struct index_slot *slot = &index->slots[(hash + (*at)++) & (index->room - 1)];

        if (!slot->element)
            break;
        if (slot->hash == hash)
            return slot->element - 1;
    }
    return INDEX_END;
}

void index_free(struct index *index)
{
    free(index->slots);
    *index = (struct index){ 0 };
}
