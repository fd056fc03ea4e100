/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libsepol's containers, put together in the arena: bitmaps, hash tables, levels. */
#include "back/sepol.h"

#include <stdlib.h>

void sepol_set_bits(struct sepol *w, ebitmap_t *map, const struct bits *bits)
{
    ebitmap_node_t **next = &map->node;
    unsigned int i;

    for (i = 0; i < bits_words(bits); i++) {
        if (!bits->words[i])
            continue;
        *next = ARENA_NEW(w->arena, ebitmap_node_t);
        (*next)->startbit = i * MAPSIZE;
        (*next)->map = bits->words[i];
        map->highbit = (i + 1) * MAPSIZE;
        next = &(*next)->next;
    }
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* The same for a few numbers, which are sorted. */
void sepol_set_numbers(struct sepol *w, ebitmap_t *map, uint32_t *numbers, unsigned int n)
{
    ebitmap_node_t **next = &map->node, *last = NULL;
    unsigned int i;

    if (n)
        qsort(numbers, n, sizeof(*numbers), by_number);
    for (i = 0; i < n; i++) {
        uint32_t start = numbers[i] / MAPSIZE * MAPSIZE;

        if (!last || last->startbit != start) {
            last = *next = ARENA_NEW(w->arena, ebitmap_node_t);
            last->startbit = start;
            map->highbit = start + MAPSIZE;
            next = &last->next;
        }
        last->map |= MAPBIT << (numbers[i] - start);
    }
}

struct sepol_chain sepol_chain_new(struct sepol *w)
{
    struct sepol_chain t = { ARENA_NEW(w->arena, hashtab_val_t), NULL };

    t.hash->htable = ARENA_NEW(w->arena, hashtab_ptr_t);
    t.hash->size = 1;
    t.next = t.hash->htable;
    return t;
}

void sepol_chain_add(struct sepol *w, struct sepol_chain *t, const void *key, void *datum)
{
    hashtab_node_t *node = ARENA_NEW(w->arena, hashtab_node_t);

    node->key = (hashtab_key_t)(uintptr_t)key;
    node->datum = datum;
    *t->next = node;
    t->next = &node->next;
    t->hash->nel++;
}

void sepol_set_level(struct sepol *w, mls_level_t *to, const struct seclevel *level)
{
    if (!level)
        return;
    to->sens = level->sensitivity->real->rank + 1;
    policy_expand_categories(w->policy, level, &w->categories);
    sepol_set_bits(w, &to->cat, &w->categories);
}

void sepol_set_range(struct sepol *w, mls_range_t *to, const struct secrange *range)
{
    if (!range || !w->policy->mls)
        return;
    sepol_set_level(w, &to->level[0], range->low);
    sepol_set_level(w, &to->level[1], range->high);
}
