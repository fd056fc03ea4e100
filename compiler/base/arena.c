/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bump allocation out of malloc'ed blocks that double in size up to 8 MiB. Large requests get a block of their own,
 * so that the current one is not thrown away half empty.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 16 << 10, LAST_BLOCK = 8 << 20 };

struct block {
    struct block *next;
    max_align_t data[];
};

struct arena {
    struct block *blocks;
    char *at, *end;
    size_t next_size;
    size_t used;
    void (*fail)(void);
};

static void arena_fail(const struct arena *a)
{
    if (a->fail)
        a->fail();
    abort();
}

struct arena *arena_create(void (*fail)(void))
{
    struct arena *a = calloc(1, sizeof(*a));

    if (!a)
        return NULL;
    a->fail = fail;
    a->next_size = FIRST_BLOCK;
    return a;
}

void arena_destroy(struct arena *a)
{
    struct block *b, *next;

    if (!a)
        return;
    for (b = a->blocks; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

static char *arena_block(struct arena *a, size_t size)
{
    struct block *b;

    if (size > SIZE_MAX - sizeof(*b))
        arena_fail(a);
    b = malloc(sizeof(*b) + size);
    if (!b)
        arena_fail(a);
    b->next = a->blocks;
    a->blocks = b;
    return (char *)b->data;
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    char *p;

    if (size > SIZE_MAX - align)
        arena_fail(a);
    size = (size + align - 1) / align * align;
    if (!size)
        size = align;
    a->used += size;

    if ((size_t)(a->end - a->at) < size) {
        if (size > a->next_size / 4)
            return memset(arena_block(a, size), 0, size);
        a->at = arena_block(a, a->next_size);
        a->end = a->at + a->next_size;
        if (a->next_size < LAST_BLOCK)
            a->next_size *= 2;
    }
    p = a->at;
    a->at += size;
    return memset(p, 0, size);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(n, size, &total))
        arena_fail(a);
    return arena_alloc(a, total);
}

char *arena_text(struct arena *a, const char *s, size_t len)
{
    char *p = arena_alloc(a, len + 1);

    memcpy(p, s, len);
    p[len] = '\0';
    return p;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list ap;
    char *p;
    int len;

    va_start(ap, format);
    len = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    if (len < 0)
        arena_fail(a);
    p = arena_alloc(a, (size_t)len + 1);
    va_start(ap, format);
    vsnprintf(p, (size_t)len + 1, format, ap);
    va_end(ap);
    return p;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

void *arena_push(struct arena *a, void **items, unsigned int *n, unsigned int *cap, size_t size)
{
    if (*n == *cap) {
        unsigned int more = *cap ? *cap * 2 : 4;
        void *grown;

        if (more < *cap)
            arena_fail(a);
        grown = arena_array(a, more, size);
        if (*n)
            memcpy(grown, *items, *n * size);
        *items = grown;
        *cap = more;
    }
    return (char *)*items + size * (*n)++;
}
