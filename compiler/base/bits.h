/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of small numbers: a fixed number of bits in the arena. */
#ifndef XSMC_BITS_H
#define XSMC_BITS_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct bits {
    uint64_t *words;
    unsigned int n;     /* bits 0 .. n - 1 */
};

/* `n` bits, none set. */
struct bits bits_create(struct arena *a, unsigned int n);

static inline unsigned int bits_words(const struct bits *b)
{
    return b->n / 64 + (b->n % 64 != 0);
}

static inline void bits_set(struct bits *b, unsigned int i)
{
    b->words[i / 64] |= UINT64_C(1) << (i % 64);
}

static inline void bits_unset(struct bits *b, unsigned int i)
{
    b->words[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

static inline bool bits_test(const struct bits *b, unsigned int i)
{
    return i < b->n && (b->words[i / 64] >> (i % 64) & 1);
}

void bits_clear(struct bits *b);
void bits_copy(struct bits *to, const struct bits *from);
/* Adds, keeps only, takes away what is in `other`, which has as many bits. */
void bits_or(struct bits *b, const struct bits *other);
void bits_and(struct bits *b, const struct bits *other);
void bits_andnot(struct bits *b, const struct bits *other);
bool bits_empty(const struct bits *b);
bool bits_equal(const struct bits *a, const struct bits *b);
/* Do they have one in common? */
bool bits_meet(const struct bits *a, const struct bits *b);
unsigned int bits_count(const struct bits *b);
/* The first bit set at or after `from`, or n. For all: for (i = bits_next(b, 0); i < b->n; i = bits_next(b, i + 1)) */
unsigned int bits_next(const struct bits *b, unsigned int from);

#endif
