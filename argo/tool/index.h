/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the elements of an array by what they are called: a hash table of their numbers. What is equal but for the hash
 * is the caller's to tell: it goes through those that have it.
 *
 *     for (size_t at = 0, i; (i = index_next(&index, index_hash(name, 0), &at)) != INDEX_END;)
 *         if (!strcmp(array[i].name, name))
 */
#ifndef ARGO_TOOL_INDEX_H
#define ARGO_TOOL_INDEX_H

#include <stddef.h>
#include <stdint.h>

#define INDEX_END SIZE_MAX

struct index_slot {
    uint64_t hash;
    size_t element; /* its number plus 1, or 0 */
};

/* Zeros are an empty one. */
struct index {
    struct index_slot *slots;
    size_t room, count; /* room: a power of two, or 0 */
};

/* The hash of a text and a number that goes with it, such as a port. */
uint64_t index_hash(const char *text, uint32_t number);
void index_add(struct index *index, uint64_t hash, size_t element);
/* The next element with this hash; `*at` is 0 at first. INDEX_END: there are no more. */
size_t index_next(const struct index *index, uint64_t hash, size_t *at);
void index_free(struct index *index);

#endif
