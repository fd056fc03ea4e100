/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A policy on its way into libsepol's policydb_t; shared by policydb.c and sepol*.c, the files that know libsepol's
 * structs. Everything lives in the policy's arena; libsepol only ever reads it. Private to them.
 */
#ifndef XSMC_SEPOL_H
#define XSMC_SEPOL_H

#include <sepol/policydb/conditional.h>
#include <sepol/policydb/constraint.h>
#include <sepol/policydb/policydb.h>

/* Has a member that is called `bool`, which <stdbool.h> below would make something else. */
static inline void cond_expr_set_bool(cond_expr_t *e, uint32_t boolean)
{
    e->bool = boolean;
}

#include "base/bits.h"
#include "base/buf.h"
#include "model/flat.h"
#include "model/policy.h"

struct sepol {
    struct policy *policy;
    const struct flat *flat;
    struct arena *arena;
    policydb_t *db;
    struct bits types, roles, categories;    /* to work in */
    struct buf messages;    /* what libsepol says */
};

/* A hash table of one slot: libsepol's writer only walks it. */
struct sepol_chain {
    hashtab_val_t *hash;
    hashtab_ptr_t *next;
};

/* ---- sepol.c: containers ---- */
void sepol_set_bits(struct sepol *w, ebitmap_t *map, const struct bits *bits);
/* The same for a few numbers, which are sorted. */
void sepol_set_numbers(struct sepol *w, ebitmap_t *map, uint32_t *numbers, unsigned int n);
struct sepol_chain sepol_chain_new(struct sepol *w);
void sepol_chain_add(struct sepol *w, struct sepol_chain *t, const void *key, void *datum);
void sepol_set_level(struct sepol *w, mls_level_t *to, const struct seclevel *level);
void sepol_set_range(struct sepol *w, mls_range_t *to, const struct secrange *range);

/* ---- the parts of a policy: sepol-declare.c, sepol-rules.c ---- */
void sepol_declare(struct sepol *w);
void sepol_rules(struct sepol *w);

#endif
