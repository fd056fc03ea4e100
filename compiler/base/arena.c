/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bump allocation out of zeroed blocks that double in size up to 32 MiB. Large requests get a block of their own, so
 * that the current one is not thrown away half empty. Big blocks come straight from the kernel, which hands out zeroed
 * pages, in huge pages where it can: reading 50 MB of source is then half as much system time.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FIRST_BLOCK = 16 << 10, LAST_BLOCK = 32 << 20, HUGE_PAGE = 2 << 20 };

struct block {
    struct block *next;
    size_t mapped;          /* bytes from mmap(); 0: from calloc() */
    max_align_t data[];
};

/* Memory that was given back, at the start of itself. */
struct spare {
    struct spare *next;
};

/* Small spares are kept by their size in units of alignment, larger ones by the power of two they reach. */
enum { UNIT = alignof(max_align_t), SMALL_UNITS = 32, POWERS = 64 };

struct arena {
    struct spare *small[SMALL_UNITS + 1], *large[POWERS];
    bool has_spares;
    struct block *blocks;
    char *at, *end;
    size_t next_size;
    size_t used;
    struct arena *children, *sibling;
    void (*fail)(void);
};

void arena_exhausted(const struct arena *a)
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

struct arena *arena_child(struct arena *a)
{
    struct arena *child = arena_create(a->fail);

    if (!child)
        arena_exhausted(a);
    child->sibling = a->children;
    a->children = child;
    return child;
}

/* Releases the blocks down to `last`. */
static void blocks_free(struct arena *a, const struct block *last)
{
    while (a->blocks != last) {
        struct block *b = a->blocks;

        a->blocks = b->next;
        if (b->mapped)
            munmap(b, b->mapped);
        else
            free(b);
    }
}

void arena_destroy(struct arena *a)
{
    if (!a)
        return;
    while (a->children) {
        struct arena *child = a->children;

        a->children = child->sibling;
        arena_destroy(child);
    }
    blocks_free(a, NULL);
    free(a);
}

struct arena_mark arena_mark(struct arena *a)
{
    if (!a->blocks)
        arena_alloc(a, 1);
    return (struct arena_mark){ a->blocks, a->at, a->end, a->next_size, a->used };
}

void arena_release(struct arena *a, struct arena_mark mark)
{
    /* What was used behind the mark: to where it is now, or all if there is another block by now. */
    memset(mark.at, 0, (size_t)((a->end == mark.end ? a->at : mark.end) - mark.at));
    blocks_free(a, mark.blocks);
    a->at = mark.at;
    a->end = mark.end;
    a->next_size = mark.next_size;
    a->used = mark.used;
    if (a->has_spares) {
        memset(a->small, 0, sizeof(a->small));
        memset(a->large, 0, sizeof(a->large));
        a->has_spares = false;
    }
}

static struct block *block_map(size_t size)
{
    struct block *b = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (b == MAP_FAILED)
        return NULL;
    madvise(b, size, MADV_HUGEPAGE);
    b->mapped = size;
    return b;
}

/* A zeroed block with room for `size` bytes. */
static char *arena_block(struct arena *a, size_t size)
{
    struct block *b;

    if (size > SIZE_MAX - sizeof(*b) - HUGE_PAGE)
        arena_exhausted(a);
    size += sizeof(*b);
    b = size >= HUGE_PAGE ? block_map((size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE) : calloc(1, size);
    if (!b)
        arena_exhausted(a);
    b->next = a->blocks;
    a->blocks = b;
    return (char *)b->data;
}

static unsigned int power_below(size_t size)
{
    return 63 - (unsigned int)__builtin_clzll(size);
}

/* A spare of at least `size` bytes, a multiple of UNIT; NULL if there is none. */
static char *arena_spare(struct arena *a, size_t size)
{
    struct spare **list, *s;

    list = size <= SMALL_UNITS * UNIT ? &a->small[size / UNIT] :
           size > (size_t)1 << 40 ? NULL : &a->large[power_below(size - 1) + 1];
    s = list ? *list : NULL;
    if (s)
        *list = s->next;
    return (char *)s;
}

void arena_recycle(struct arena *a, void *p, size_t size)
{
    struct spare *s = p, **list;

    size = (size + UNIT - 1) / UNIT * UNIT;
    if (!size)
        return;
    list = size <= SMALL_UNITS * UNIT ? &a->small[size / UNIT] : &a->large[power_below(size)];
    s->next = *list;
    *list = s;
    a->has_spares = true;
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    char *p;

    if (size > SIZE_MAX - align)
        arena_exhausted(a);
    size = (size + align - 1) / align * align;
    if (!size)
        size = align;
    a->used += size;
    p = arena_spare(a, size);
    if (p)
        return memset(p, 0, size);

    if ((size_t)(a->end - a->at) < size) {
        if (size > a->next_size / 4)
            return arena_block(a, size);
        a->at = arena_block(a, a->next_size);
        a->end = a->at + a->next_size;
        if (a->next_size < LAST_BLOCK)
            a->next_size *= 2;
    }
    p = a->at;
    a->at += size;
    return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(n, size, &total))
        arena_exhausted(a);
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
        arena_exhausted(a);
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
        unsigned int more = *cap ? *cap * 2 : 1;
        void *grown;

        if (more < *cap)
            arena_exhausted(a);
        grown = arena_array(a, more, size);
        /* The old items stay as they are: somebody may still hold one. */
        if (*n)
            memcpy(grown, *items, *n * size);
        *items = grown;
        *cap = more;
    }
    return (char *)*items + size * (*n)++;
}

void arena_reserve(struct arena *a, void **items, unsigned int n, unsigned int *cap, size_t size, unsigned int want)
{
    void *moved;

    if (want <= *cap)
        return;
    moved = arena_array(a, want, size);
    if (n)
        memcpy(moved, *items, n * size);
    arena_recycle(a, *items, *cap * size);
    *items = moved;
    *cap = want;
}
