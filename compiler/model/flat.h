/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of a policy taken apart into entries of one subject, one object and one class, sorted, as the
 * hypervisor's access vector table holds them (xen/xsm/flask/ss/avtab.h).
 *
 * A subject or object is a type or an attribute, as in the table: attributes that a rule names are kept, only sets
 * with `*`, `~` or `-`, `self`, and type transitions are resolved into types.
 */
#ifndef XSMC_FLAT_H
#define XSMC_FLAT_H

#include "model/policy.h"

struct flat_entry {
    uint64_t key;           /* FLAT_KEY(); entries are sorted by it, those of one key by rule */
    uint32_t data;          /* permissions, or the number of the resulting type */
    uint32_t rule;          /* index in policy->rules */
};

/* subject, object: type numbers (0..); class: its number (1..); kind: enum rule_kind. */
#define FLAT_KEY(subject, object, class, kind) \
    ((uint64_t)(subject) << 48 | (uint64_t)(object) << 32 | (uint64_t)(class) << 16 | (uint64_t)(kind))
#define FLAT_SUBJECT(key) ((unsigned int)((key) >> 48))
#define FLAT_OBJECT(key) ((unsigned int)((key) >> 32 & 0xffff))
#define FLAT_CLASS(key) ((unsigned int)((key) >> 16 & 0xffff))
#define FLAT_RULE_KIND(key) ((enum rule_kind)((key) & 0xffff))

struct flat {
    struct flat_entry *always;      /* of rules without a condition */
    struct flat_entry *sometimes;   /* of rules with one */
    size_t n_always, n_sometimes;
    /*
     * Transitions of ranges, in types only: data and rule are the index in policy->range_rules. And of roles: the
     * subject is the number of the role, data that of the new one, rule the index in policy->role_rules.
     */
    struct flat_entry *ranges, *roles;
    size_t n_ranges, n_roles;
};

/*
 * Takes apart the live rules of a finished policy, never-allow assertions left out. Two transitions of one subject,
 * object and class to different types, and rules that would make more entries than the hypervisor could hold, become
 * diagnostics in the policy's. Memory is the policy's arena.
 */
struct flat *policy_flatten(struct policy *p);

/* Where the entries of each subject begin in one of the first two lists: by its number, and their end behind the last. */
size_t *flat_subjects(const struct policy *p, const struct flat_entry *entries, size_t count);
/* The entries with this key: the first one, and their number in `n`. */
const struct flat_entry *flat_find(const struct flat_entry *entries, size_t count, uint64_t key, size_t *n);

#endif
