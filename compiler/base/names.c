/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Open addressing with linear probing, grown at two thirds. The interning table keeps the hash beside each
 * text, so that growing it does not touch the texts; the map hashes the two pointers.
 */
#include "base/names.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct name_slot {
    const char *text;
    uint32_t hash;
    uint32_t len;
};

struct names {
    struct arena *arena;
    struct name_slot *slots;
    uint32_t n, cap;
};

struct map_slot {
    const void *scope;
    const char *name;
    void *value;
};

struct names *names_create(struct arena *a)
{
    struct names *n = ARENA_NEW(a, struct names);

    n->arena = a;
    n->cap = 1024;
    n->slots = arena_array(a, n->cap, sizeof(*n->slots));
    return n;
}

static uint32_t name_hash(const char *s, size_t len)
{
    uint64_t h = 0x9e3779b97f4a7c15u ^ len, w;

    for (; len >= 8; s += 8, len -= 8) {
        memcpy(&w, s, 8);
        h = (h ^ w) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    w = 0;
    memcpy(&w, s, len);
    h = (h ^ w) * 0xff51afd7ed558ccdu;
    return (uint32_t)(h ^ (h >> 32));
}

static void names_grow(struct names *n)
{
    uint32_t cap = n->cap * 2, i, at;
    struct name_slot *slots = arena_array(n->arena, cap, sizeof(*slots));

    for (i = 0; i < n->cap; i++) {
        if (!n->slots[i].text)
            continue;
        for (at = n->slots[i].hash & (cap - 1); slots[at].text; at = (at + 1) & (cap - 1))
            ;
        slots[at] = n->slots[i];
    }
    arena_recycle(n->arena, n->slots, n->cap * sizeof(*n->slots));
    n->slots = slots;
    n->cap = cap;
}

const char *names_intern(struct names *n, const char *text, size_t len)
{
    uint32_t hash = name_hash(text, len), at;
    struct name_slot *s;

    for (at = hash & (n->cap - 1); n->slots[at].text; at = (at + 1) & (n->cap - 1)) {
        s = &n->slots[at];
        if (s->hash == hash && s->len == len && !memcmp(s->text, text, len))
            return s->text;
    }
    s = &n->slots[at];
    s->text = arena_text(n->arena, text, len);
    s->hash = hash;
    s->len = (uint32_t)len;
    text = s->text;
    if (++n->n > n->cap / 3 * 2)
        names_grow(n);
    return text;
}

const char *names_get(struct names *n, const char *text)
{
    return names_intern(n, text, strlen(text));
}

static uint32_t map_hash(const void *scope, const char *name)
{
    uint64_t h = (uint64_t)(uintptr_t)name * 0x9e3779b97f4a7c15u;

    h ^= ((uint64_t)(uintptr_t)scope + (h >> 29)) * 0xff51afd7ed558ccdu;
    return (uint32_t)(h ^ (h >> 32));
}

static struct map_slot *map_find(const struct map *m, const void *scope, const char *name)
{
    uint32_t at = map_hash(scope, name) & (m->cap - 1);

    while (m->slots[at].value && (m->slots[at].name != name || m->slots[at].scope != scope))
        at = (at + 1) & (m->cap - 1);
    return &m->slots[at];
}

void *map_get(const struct map *m, const void *scope, const char *name)
{
    return m->cap ? map_find(m, scope, name)->value : NULL;
}

void *map_put(struct arena *a, struct map *m, const void *scope, const char *name, void *value)
{
    struct map_slot *s;

    if (m->n >= m->cap / 3 * 2) {
        struct map grown = { NULL, m->n, m->cap ? m->cap * 2 : 64 };
        unsigned int i;

        grown.slots = arena_array(a, grown.cap, sizeof(*grown.slots));
        for (i = 0; i < m->cap; i++)
            if (m->slots[i].value)
                *map_find(&grown, m->slots[i].scope, m->slots[i].name) = m->slots[i];
        arena_recycle(a, m->slots, m->cap * sizeof(*m->slots));
        *m = grown;
    }
    s = map_find(m, scope, name);
    if (!s->value) {
        *s = (struct map_slot){ scope, name, value };
        m->n++;
    }
    return s->value;
}
