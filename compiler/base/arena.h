/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A region of memory that is released as one.
 *
 * Everything a run makes (texts, model, diagnostics) lives in one arena, so nothing is freed piecemeal and
 * nothing can dangle. Running out of memory is reported once, by the `fail` function handed to arena_create();
 * it must not return (the command line exits with status 2, a fuzzer longjmps).
 */
#ifndef XSMC_ARENA_H
#define XSMC_ARENA_H

#include <stddef.h>

struct arena;

/* An empty arena. `fail` is called when memory runs out; NULL means abort(). NULL if not even that fits. */
struct arena *arena_create(void (*fail)(void));
void arena_destroy(struct arena *a);

/* `size` zeroed bytes aligned for any object. Never NULL; size 0 yields a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);
/* `n` objects of `size` bytes, zeroed; an overflowing product counts as out of memory. */
void *arena_array(struct arena *a, size_t n, size_t size);
/* A NUL-terminated copy of `len` bytes. */
char *arena_text(struct arena *a, const char *s, size_t len);
/* printf into the arena. */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Gives back memory that arena_alloc() or arena_array() returned and nothing points to any more; later allocations of
 * about that size use it again. `size` is what was asked for.
 */
void arena_recycle(struct arena *a, void *p, size_t size);

/* A further arena, which fails like `a` and is destroyed with it. */
struct arena *arena_child(struct arena *a);

/* How far an arena is used. arena_release() takes back everything that was allocated since, or given back since. */
struct arena_mark {
    void *blocks;
    char *at, *end;
    size_t next_size, used;
};
struct arena_mark arena_mark(struct arena *a);
void arena_release(struct arena *a, struct arena_mark mark);

/* Memory ran out elsewhere: calls `fail` just the same, and does not return. */
void arena_exhausted(const struct arena *a) __attribute__((noreturn));

/* How many bytes callers have asked for so far. */
size_t arena_used(const struct arena *a);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))

/*
 * A list that grows by doubling inside the arena. `items` is the array, `n` its length, `cap` what is
 * allocated; returns the address of a new zeroed last item. Used through LIST_PUSH.
 */
void *arena_push(struct arena *a, void **items, unsigned int *n, unsigned int *cap, size_t size);
#define LIST(type) struct { type *items; unsigned int n, cap; }
#define LIST_PUSH(a, list) \
    ((list)->n < (list)->cap ? &(list)->items[(list)->n++] : \
     (__typeof__((list)->items))arena_push((a), (void **)&(list)->items, &(list)->n, &(list)->cap, \
                                           sizeof(*(list)->items)))

/*
 * Room for at least `want` items in all, where nobody holds one: the items move, and their old memory is given back.
 */
void arena_reserve(struct arena *a, void **items, unsigned int n, unsigned int *cap, size_t size, unsigned int want);
#define LIST_RESERVE(a, list, want) \
    arena_reserve((a), (void **)&(list)->items, (list)->n, &(list)->cap, sizeof(*(list)->items), (want))

#endif
