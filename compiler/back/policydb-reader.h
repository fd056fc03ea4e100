/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that read a binary policy share. Private to them. */
#ifndef XSMC_BACK_POLICYDB_READER_H
#define XSMC_BACK_POLICYDB_READER_H

#include <setjmp.h>

#include "model/policy.h"

enum { VERSION_OLD = 24, VERSION_NEW = 30 };

/* Things by their value, 1.. ; holes are NULL. */
struct values {
    void **items;
    unsigned int n;
};

/* A symbol whose declaration waits until all of its kind are read, so that they are declared in order of value. */
struct symbol {
    const char *name;
    uint32_t bounds, properties, state, value;
    const unsigned char *more;      /* where the rest of the entry begins */
};

/* A constraint is read before the types, roles and users it names: its bytes are gone over again afterwards. */
struct constraint_read {
    unsigned int class;             /* its value less one */
    bool validate;
    const unsigned char *at;
};

struct reader {
    struct policy *policy;
    struct arena *arena;
    const unsigned char *at, *end, *start;
    struct span span;
    unsigned int version;
    struct values classes, roles, types, users, booleans, sensitivities, categories;
    LIST(uint32_t) numbers;         /* of the bitmap read last */
    LIST(struct constraint_read) constraints;
    jmp_buf bad;
};

/* ---- policydb-bytes.c ---- */

/* Adds a diagnostic and ends the reading. */
_Noreturn void reader_bad(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
const unsigned char *reader_take(struct reader *r, size_t n);
uint32_t reader_u16(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);
/* A count of things that take at least `size` bytes each. */
uint32_t reader_count(struct reader *r, size_t size, const char *what);
/* A name of that length, interned. */
const char *reader_name(struct reader *r, uint32_t len);
/* A bitmap; its numbers, which must be below `limit`, are in r->numbers afterwards. */
void reader_bitmap(struct reader *r, uint32_t limit);
void reader_skip_bitmap(struct reader *r);

/* A table of `n` empty values, the value at a number, and what it must be. */
struct values reader_values(struct reader *r, uint32_t n, const char *what);
void *reader_value(struct reader *r, const struct values *t, uint32_t value, const char *what);
struct class *reader_class(struct reader *r, uint32_t value);
struct type *reader_type(struct reader *r, uint32_t value);
/* The types and roles whose numbers were read last, as a set. */
const struct typeset *reader_types(struct reader *r);
const struct roleset *reader_roles(struct reader *r);

/* ---- policydb-names.c ---- */

/* Every table of names; the constraints in them are only found. */
void reader_names(struct reader *r);
/* A range of levels; NULL without MLS, where the bytes are there but mean nothing. */
const struct secrange *reader_range(struct reader *r);

#endif
