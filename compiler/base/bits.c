/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Word by word; the bits past the last are never set. */
#include "base/bits.h"

#include <string.h>

#include "base/arena.h"

struct bits bits_create(struct arena *a, unsigned int n)
{
    struct bits b = { NULL, n };

    b.words = arena_array(a, bits_words(&b) ? bits_words(&b) : 1, sizeof(*b.words));
    return b;
}

void bits_clear(struct bits *b)
{
    memset(b->words, 0, bits_words(b) * sizeof(*b->words));
}

void bits_copy(struct bits *to, const struct bits *from)
{
    memcpy(to->words, from->words, bits_words(to) * sizeof(*to->words));
}

void bits_or(struct bits *b, const struct bits *other)
{
    unsigned int i;

    for (i = 0; i < bits_words(b); i++)
        b->words[i] |= other->words[i];
}

void bits_and(struct bits *b, const struct bits *other)
{
    unsigned int i;

    for (i = 0; i < bits_words(b); i++)
        b->words[i] &= other->words[i];
}

void bits_andnot(struct bits *b, const struct bits *other)
{
    unsigned int i;

    for (i = 0; i < bits_words(b); i++)
        b->words[i] &= ~other->words[i];
}

bool bits_empty(const struct bits *b)
{
    unsigned int i;

    for (i = 0; i < bits_words(b); i++)
        if (b->words[i])
            return false;
    return true;
}

bool bits_equal(const struct bits *a, const struct bits *b)
{
    return a->n == b->n && !memcmp(a->words, b->words, bits_words(a) * sizeof(*a->words));
}

bool bits_meet(const struct bits *a, const struct bits *b)
{
    unsigned int i;

    for (i = 0; i < bits_words(a); i++)
        if (a->words[i] & b->words[i])
            return true;
    return false;
}

unsigned int bits_count(const struct bits *b)
{
    unsigned int i, n = 0;

    for (i = 0; i < bits_words(b); i++)
        n += (unsigned int)__builtin_popcountll(b->words[i]);
    return n;
}

unsigned int bits_next(const struct bits *b, unsigned int from)
{
    unsigned int i = from / 64;
    uint64_t w;

    if (from >= b->n)
        return b->n;
    w = b->words[i] >> (from % 64) << (from % 64);
    while (!w) {
        if (++i >= bits_words(b))
            return b->n;
        w = b->words[i];
    }
    return i * 64 + (unsigned int)__builtin_ctzll(w);
}
