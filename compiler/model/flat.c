/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two passes over the rules: the first counts, the second fills arrays of just that size. They are then sorted by
 * their keys, 16 bits at a time from the lowest up, which is linear and keeps the order of rules.
 */
#include "model/flat.h"

#include <string.h>

#include "text/diag.h"
#include "text/rules.h"

/* More would be a table of over a gigabyte in the hypervisor. */
static const size_t MAX_ENTRIES = 40000000;

struct work {
    struct policy *policy;
    struct flat *flat;
    struct bits subjects, objects;
    uint32_t *list_subjects, *list_objects;     /* their numbers, room for every type */
    unsigned int n_subjects, n_objects;
    bool filling;
};

/* The numbers to write for a set: types and attributes as named, or types only. */
static unsigned int numbers(struct work *w, const struct typeset *set, bool expand, struct bits *bits, uint32_t *list)
{
    unsigned int i, n = 0;

    if (set->n_in == 1 && !set->n_out && !set->all && !set->complement &&
        (set->in[0]->real->kind == KIND_TYPE || (!expand && !set->in[0]->real->expand))) {
        list[0] = set->in[0]->real->number;
        return 1;
    }
    if (expand || set->all || set->complement || set->n_out) {
        policy_expand(w->policy, set, bits);
    } else {
        bits_clear(bits);
        for (i = 0; i < set->n_in; i++) {
            const struct type *t = set->in[i]->real;
            unsigned int j;

            for (j = 0; t->expand && j < t->n_members; j++)
                bits_set(bits, t->members[j]->number);
            if (!t->expand)
                bits_set(bits, t->number);
        }
    }
    for (i = bits_next(bits, 0); i < bits->n; i = bits_next(bits, i + 1))
        list[n++] = i;
    return n;
}

static void add(struct work *w, const struct policy_rule *r, const struct access *a, uint32_t subject, uint32_t object)
{
    struct flat *f = w->flat;
    struct flat_entry *e = r->condition && !r->condition->tunable ? &f->sometimes[f->n_sometimes++]
                                                                  : &f->always[f->n_always++];

    e->key = FLAT_KEY(subject, object, a->class->number, r->kind);
    e->data = r->kind < TE_TRANSITION ? a->perms : r->result->number;
    e->rule = (uint32_t)(r - w->policy->rules.items);
}

/* How many entries the rule makes; they are added on the second pass. */
static uint64_t rule_entries(struct work *w, const struct policy_rule *r)
{
    bool expand = r->kind >= TE_TRANSITION || r->objects->self;
    unsigned int i, s, o, n_access = 0;
    bool self = r->objects->self;

    for (i = 0; i < r->n_access; i++)
        n_access += r->access[i].perms || r->kind >= TE_TRANSITION;
    w->n_subjects = numbers(w, r->subjects, expand, &w->subjects, w->list_subjects);
    w->n_objects = self && !r->objects->n_in && !r->objects->all && !r->objects->complement
                       ? 0 : numbers(w, r->objects, expand, &w->objects, w->list_objects);
    if (!w->filling)
        return (uint64_t)w->n_subjects * (w->n_objects + self) * n_access;
    for (i = 0; i < r->n_access; i++) {
        if (!r->access[i].perms && r->kind < TE_TRANSITION)
            continue;
        for (s = 0; s < w->n_subjects; s++) {
            if (self)
                add(w, r, &r->access[i], w->list_subjects[s], w->list_subjects[s]);
            for (o = 0; o < w->n_objects; o++)
                add(w, r, &r->access[i], w->list_subjects[s], w->list_objects[o]);
        }
    }
    return 0;
}

static void sort(struct arena *arena, struct flat_entry **entries, size_t n)
{
    struct flat_entry *from = *entries, *to;
    uint32_t *count;
    unsigned int shift;
    size_t i, at;
    bool sorted = true;

    for (i = 1; i < n && sorted; i++)
        sorted = from[i - 1].key <= from[i].key;
    if (sorted)
        return;
    to = arena_array(arena, n, sizeof(*to));
    count = arena_array(arena, 65536, sizeof(*count));
    for (shift = 0; shift < 64; shift += 16) {
        memset(count, 0, 65536 * sizeof(*count));
        for (i = 0; i < n; i++)
            count[from[i].key >> shift & 0xffff]++;
        if (count[from[0].key >> shift & 0xffff] == n)
            continue;
        for (i = 0, at = 0; i < 65536; i++) {
            size_t here = count[i];

            count[i] = (uint32_t)at;
            at += here;
        }
        for (i = 0; i < n; i++)
            to[count[from[i].key >> shift & 0xffff]++] = from[i];
        *entries = to;
        to = from;
        from = *entries;
    }
}

static void conflict(struct policy *p, const struct flat_entry *a, const struct flat_entry *b)
{
    const struct policy_rule *first = &p->rules.items[a->rule], *second = &p->rules.items[b->rule];
    struct diag *d = diag_add(p->diags, &RULE_CONFLICTING_RULES, second->span,
                              a->data == b->data ? "%s of '%s' on '%s', class '%s', depends on two conditions"
                                                 : "%s of '%s' on '%s', class '%s', results in '%s' here and in '%s' "
                                                   "elsewhere",
                              policy_rule_word(second->kind), p->numbered[FLAT_SUBJECT(b->key)]->name,
                              p->numbered[FLAT_OBJECT(b->key)]->name,
                              p->classes.items[FLAT_CLASS(b->key) - 1]->class->name, p->numbered[b->data]->name,
                              p->numbered[a->data]->name);

    diag_note(p->diags, d, first->span, "the other rule");
}

/*
 * One subject, object and class has one transition, whatever conditions say: the hypervisor refuses a second one
 * except in the other branch of the same condition (cond_insertf() in ss/conditional.c). What is said twice is fine.
 */
static void check_transitions(struct policy *p, const struct flat *f)
{
    size_t i, j, n;
    const struct flat_entry *e;

    for (i = 1; i < f->n_always; i++) {
        e = &f->always[i];
        if (e[0].key == e[-1].key && FLAT_RULE_KIND(e->key) >= TE_TRANSITION && e[0].data != e[-1].data)
            conflict(p, &e[-1], e);
    }
    for (i = 0; i < f->n_sometimes; i++) {
        const struct flat_entry *same;
        bool branch, other_branch;
        const struct condition *c, *other;

        e = &f->sometimes[i];
        if (FLAT_RULE_KIND(e->key) < TE_TRANSITION)
            continue;
        same = flat_find(f->always, f->n_always, e->key, &n);
        if (n && same->data != e->data) {
            conflict(p, same, e);
            continue;
        }
        c = policy_condition_of(&p->rules.items[e->rule], &branch);
        for (j = i; j-- > 0 && f->sometimes[j].key == e->key;) {
            other = policy_condition_of(&p->rules.items[f->sometimes[j].rule], &other_branch);
            if (other != c || (branch == other_branch && f->sometimes[j].data != e->data)) {
                conflict(p, &f->sometimes[j], e);
                break;
            }
        }
    }
}

/* ---- transitions of ranges and roles ---------------------------------------------------------------------- */

/* Adds `subjects` x `objects` x classes to a list; both passes, as above. */
static void add_product(struct work *w, struct flat_entry *list, size_t *n, const struct bits *subjects,
                        const struct bits *objects, struct class *const *classes, unsigned int n_classes, uint32_t data,
                        uint32_t rule)
{
    unsigned int s, o, c;

    if (!w->filling) {
        *n += (size_t)bits_count(subjects) * bits_count(objects) * n_classes;
        return;
    }
    for (s = bits_next(subjects, 0); s < subjects->n; s = bits_next(subjects, s + 1))
        for (o = bits_next(objects, 0); o < objects->n; o = bits_next(objects, o + 1))
            for (c = 0; c < n_classes; c++)
                list[(*n)++] = (struct flat_entry){ FLAT_KEY(s, o, classes[c]->number, 0), data, rule };
}

static void flatten_ranges(struct work *w)
{
    const struct policy *p = w->policy;
    struct flat *f = w->flat;
    unsigned int i;

    f->n_ranges = 0;
    for (i = 0; i < p->range_rules.n; i++) {
        const struct range_rule *r = &p->range_rules.items[i];

        policy_expand(p, r->subjects, &w->subjects);
        policy_expand(p, r->objects, &w->objects);
        add_product(w, f->ranges, &f->n_ranges, &w->subjects, &w->objects, r->classes, r->n_classes, i, i);
    }
}

static void flatten_roles(struct work *w)
{
    const struct policy *p = w->policy;
    struct bits roles = bits_create(p->arena, p->n_roles);
    struct flat *f = w->flat;
    unsigned int i;

    f->n_roles = 0;
    for (i = 0; i < p->role_rules.n; i++) {
        const struct role_rule *r = &p->role_rules.items[i];

        if (r->kind != ROLE_RULE_TRANSITION)
            continue;
        policy_expand_roles(p, r->from, &roles);
        policy_expand(p, r->types, &w->objects);
        add_product(w, f->roles, &f->n_roles, &roles, &w->objects, r->classes, r->n_classes, r->to->in[0]->number, i);
    }
}

/* Which levels are the same cannot be told from where they were written, so their categories are compared. */
static bool same_level(const struct policy *p, const struct seclevel *a, const struct seclevel *b)
{
    struct bits x, y;

    if (a == b)
        return true;
    if (a->sensitivity->real != b->sensitivity->real)
        return false;
    x = bits_create(p->arena, p->n_categories);
    y = bits_create(p->arena, p->n_categories);
    policy_expand_categories(p, a, &x);
    policy_expand_categories(p, b, &y);
    return bits_equal(&x, &y);
}

static bool same_range(const struct policy *p, uint32_t a, uint32_t b)
{
    const struct secrange *x = p->range_rules.items[a].range, *y = p->range_rules.items[b].range;

    return same_level(p, x->low, y->low) && same_level(p, x->high, y->high);
}

/* Drops what is said twice and reports what is said in two ways. */
static void check_ranges(struct policy *p, struct flat *f)
{
    size_t i, n = 0;

    for (i = 0; i < f->n_ranges; i++) {
        const struct flat_entry *e = &f->ranges[i], *last = n ? &f->ranges[n - 1] : NULL;

        if (!last || last->key != e->key) {
            f->ranges[n++] = *e;
        } else if (last->rule != e->rule && !same_range(p, last->rule, e->rule)) {
            struct diag *d = diag_add(p->diags, &RULE_CONFLICTING_RULES, p->range_rules.items[e->rule].span,
                                      "'%s' on '%s' results in two ranges", p->numbered[FLAT_SUBJECT(e->key)]->name,
                                      p->numbered[FLAT_OBJECT(e->key)]->name);

            diag_note(p->diags, d, p->range_rules.items[last->rule].span, "the other rule");
        }
    }
    f->n_ranges = n;
}

static void check_roles(struct policy *p, struct flat *f)
{
    size_t i, n = 0;

    for (i = 0; i < f->n_roles; i++) {
        const struct flat_entry *e = &f->roles[i], *last = n ? &f->roles[n - 1] : NULL;

        if (!last || last->key != e->key) {
            f->roles[n++] = *e;
        } else if (last->data != e->data) {
            struct diag *d = diag_add(p->diags, &RULE_CONFLICTING_RULES, p->role_rules.items[e->rule].span,
                                      "a role on '%s' changes to two roles", p->numbered[FLAT_OBJECT(e->key)]->name);

            diag_note(p->diags, d, p->role_rules.items[last->rule].span, "the other rule");
        }
    }
    f->n_roles = n;
}

static void flatten_transitions(struct work *w)
{
    struct flat *f = w->flat;
    struct policy *p = w->policy;

    w->filling = false;
    flatten_ranges(w);
    flatten_roles(w);
    f->ranges = arena_array(p->arena, f->n_ranges, sizeof(*f->ranges));
    f->roles = arena_array(p->arena, f->n_roles, sizeof(*f->roles));
    w->filling = true;
    flatten_ranges(w);
    flatten_roles(w);
    sort(p->arena, &f->ranges, f->n_ranges);
    sort(p->arena, &f->roles, f->n_roles);
    check_ranges(p, f);
    check_roles(p, f);
}

/* ---- all of them ---------------------------------------------------------------------------------------------- */

struct flat *policy_flatten(struct policy *p)
{
    struct work w = { .policy = p };
    uint64_t n_always = 0, n_sometimes = 0, n;
    unsigned int i;

    w.flat = ARENA_NEW(p->arena, struct flat);
    w.subjects = bits_create(p->arena, p->n_numbered);
    w.objects = bits_create(p->arena, p->n_numbered);
    w.list_subjects = arena_array(p->arena, p->n_numbered, sizeof(*w.list_subjects));
    w.list_objects = arena_array(p->arena, p->n_numbered, sizeof(*w.list_objects));
    for (i = 0; i < p->rules.n; i++) {
        const struct policy_rule *r = &p->rules.items[i];

        if (!r->live || r->kind == AV_NEVERALLOW)
            continue;
        n = rule_entries(&w, r);
        if (n + n_always + n_sometimes > MAX_ENTRIES) {
            struct diag *d = diag_add(p->diags, &RULE_POLICY_LIMIT, r->span,
                                      "the rules make more than %zu entries of the access vector table", MAX_ENTRIES);

            diag_help(p->diags, d, "sets with '*', '~' or '-' are resolved into types: use attributes");
            return w.flat;
        }
        *(r->condition && !r->condition->tunable ? &n_sometimes : &n_always) += n;
    }
    w.flat->always = arena_array(p->arena, n_always, sizeof(*w.flat->always));
    w.flat->sometimes = arena_array(p->arena, n_sometimes, sizeof(*w.flat->sometimes));
    w.filling = true;
    for (i = 0; i < p->rules.n; i++)
        if (p->rules.items[i].live && p->rules.items[i].kind != AV_NEVERALLOW)
            rule_entries(&w, &p->rules.items[i]);
    sort(p->arena, &w.flat->always, w.flat->n_always);
    sort(p->arena, &w.flat->sometimes, w.flat->n_sometimes);
    check_transitions(p, w.flat);
    flatten_transitions(&w);
    return w.flat;
}

size_t *flat_subjects(const struct policy *p, const struct flat_entry *entries, size_t count)
{
    size_t *first = arena_array(p->arena, (size_t)p->n_numbered + 1, sizeof(*first)), i;

    for (i = 0; i < count; i++)
        first[FLAT_SUBJECT(entries[i].key) + 1]++;
    for (i = 0; i < p->n_numbered; i++)
        first[i + 1] += first[i];
    return first;
}

const struct flat_entry *flat_find(const struct flat_entry *entries, size_t count, uint64_t key, size_t *n)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (entries[mid].key < key)
            low = mid + 1;
        else
            high = mid;
    }
    for (*n = 0; low + *n < count && entries[low + *n].key == key;)
        ++*n;
    return &entries[low];
}
