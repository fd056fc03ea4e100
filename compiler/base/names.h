/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interned names: equal texts are one pointer. And a map from interned names to anything.
 */
#ifndef XSMC_NAMES_H
#define XSMC_NAMES_H

#include <stddef.h>

struct arena;
struct names;

struct names *names_create(struct arena *a);
/* The one NUL-terminated copy of these `len` bytes (which may hold NULs; then only the pointer identifies it). */
const char *names_intern(struct names *n, const char *text, size_t len);
/* The same for a C string. */
const char *names_get(struct names *n, const char *text);

/*
 * A map from an interned name, within a scope (any pointer, NULL for the global one), to a non-NULL value.
 * Zero-initialise the struct; memory comes from the arena handed to map_put().
 */
struct map {
    struct map_slot *slots;
    unsigned int n, cap;
};

/* The value of (scope, name), or NULL. */
void *map_get(const struct map *m, const void *scope, const char *name);
/* Binds (scope, name) unless bound already; returns what is bound afterwards. */
void *map_put(struct arena *a, struct map *m, const void *scope, const char *name, void *value);

#endif
