/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An assertion looks only at the entries of subjects that it is about, of which the sorted tables give the places; of
 * those most fail at once because of class and permissions.
 */
#include "model/never.h"

#include <string.h>

#include "base/buf.h"
#include "text/diag.h"
#include "text/rules.h"

/* Of one assertion so many rules are shown, the others are counted. */
enum { MOST_SHOWN = 10 };

/* One of the two tables, and where the entries of each subject begin. */
struct entries {
    const struct flat_entry *items;
    size_t *first;              /* by number of the subject; one more at the end */
};

struct work {
    struct policy *policy;
    struct entries tables[2];
    struct bits subjects, objects;      /* of the assertion, types only */
    struct bits rules;                  /* that were shown for it */
    uint32_t *perms;                    /* by number of the class */
    bool self;
    unsigned int shown, more;
    struct diag *last;
};

/* The first type that a number stands for and that is in `set`; n if there is none. */
static unsigned int first_in(const struct policy *p, unsigned int number, const struct bits *set)
{
    const struct type *t = p->numbered[number];
    unsigned int i;

    if (t->kind == KIND_TYPE)
        return bits_test(set, number) ? number : set->n;
    for (i = 0; i < t->n_members; i++)
        if (bits_test(set, t->members[i]->number))
            return t->members[i]->number;
    return set->n;
}

/* Does a number stand for this type? */
static bool stands_for(const struct policy *p, unsigned int number, unsigned int type)
{
    const struct type *t = p->numbered[number];
    unsigned int low = 0, high = t->n_members;

    if (t->kind == KIND_TYPE)
        return number == type;
    while (low < high) {
        unsigned int mid = low + (high - low) / 2;

        if (t->members[mid]->number < type)
            low = mid + 1;
        else
            high = mid;
    }
    return low < t->n_members && t->members[low]->number == type;
}

/* The first subject of the assertion that both numbers stand for. */
static unsigned int first_self(const struct work *w, unsigned int subject, unsigned int object)
{
    const struct type *s = w->policy->numbered[subject];
    unsigned int i, one;

    for (i = 0; i < (s->kind == KIND_TYPE ? 1 : s->n_members); i++) {
        one = s->kind == KIND_TYPE ? subject : s->members[i]->number;
        if (bits_test(&w->subjects, one) && stands_for(w->policy, object, one))
            return one;
    }
    return w->subjects.n;
}

static void show(struct work *w, const struct policy_rule *never, const struct flat_entry *e, unsigned int subject,
                 unsigned int object)
{
    struct policy *p = w->policy;
    const struct policy_rule *rule = &p->rules.items[e->rule];
    const struct class *class = p->classes.items[FLAT_CLASS(e->key) - 1]->class;
    const char *names[32];
    struct buf perms = BUF_INIT;
    unsigned int i, n;

    if (bits_test(&w->rules, e->rule))
        return;
    bits_set(&w->rules, e->rule);
    if (w->shown == MOST_SHOWN) {
        w->more++;
        return;
    }
    w->shown++;
    n = policy_perm_names(p, class, e->data & w->perms[class->number], names);
    for (i = 0; i < n; i++)
        buf_printf(&perms, "%s%s", i ? ", " : "", names[i]);
    w->last = diag_add(p->diags, &RULE_NEVER, rule->span, "this lets '%s' on '%s' do %s:%s%s%s%s, which must never be",
                       p->numbered[subject]->name, p->numbered[object]->name, class->name, n > 1 ? "{ " : "",
                       buf_text(&perms), n > 1 ? " }" : "", rule->condition ? " if its condition holds" : "");
    buf_free(&perms);
    if (rule->origin)
        diag_note(p->diags, w->last, rule->origin->span, "the rule follows from %s", rule->origin->text);
    if (never->reason)
        diag_note(p->diags, w->last, never->span, "ruled out here: %s", never->reason);
    else
        diag_note(p->diags, w->last, never->span, "ruled out here");
}

static void check_entries(struct work *w, const struct policy_rule *never, const struct entries *t, unsigned int number)
{
    const struct policy *p = w->policy;
    size_t i;

    for (i = t->first[number]; i < t->first[number + 1]; i++) {
        const struct flat_entry *e = &t->items[i];
        unsigned int object = FLAT_OBJECT(e->key), subject_type, object_type;

        if (FLAT_RULE_KIND(e->key) != AV_ALLOW || !(e->data & w->perms[FLAT_CLASS(e->key)]))
            continue;
        subject_type = first_in(p, number, &w->subjects);
        object_type = first_in(p, object, &w->objects);
        if (object_type < w->objects.n) {
            show(w, never, e, subject_type, object_type);
        } else if (w->self) {
            subject_type = first_self(w, number, object);
            if (subject_type < w->subjects.n)
                show(w, never, e, subject_type, subject_type);
        }
    }
}

static void check_never(struct work *w, const struct policy_rule *never)
{
    struct policy *p = w->policy;
    const struct typeset *objects = never->objects;
    unsigned int i;

    policy_expand(p, never->subjects, &w->subjects);
    bits_clear(&w->objects);
    if (!(objects->self && !objects->n_in && !objects->all && !objects->complement))
        policy_expand(p, objects, &w->objects);
    w->self = objects->self;
    for (i = 0; i < never->n_access; i++)
        w->perms[never->access[i].class->number] |= never->access[i].perms;
    w->shown = w->more = 0;

    for (i = 0; i < p->n_numbered; i++) {
        if (w->tables[0].first[i] == w->tables[0].first[i + 1] && w->tables[1].first[i] == w->tables[1].first[i + 1])
            continue;
        if (first_in(p, i, &w->subjects) == w->subjects.n)
            continue;
        check_entries(w, never, &w->tables[0], i);
        check_entries(w, never, &w->tables[1], i);
    }
    if (w->more)
        diag_help(p->diags, w->last, "%u more rules break this assertion", w->more);
    if (w->shown)
        bits_clear(&w->rules);
    for (i = 0; i < never->n_access; i++)
        w->perms[never->access[i].class->number] = 0;
}

void policy_check_never(struct policy *p, const struct flat *flat)
{
    struct work w = { .policy = p };
    bool ready = false;
    unsigned int i;

    for (i = 0; i < p->rules.n; i++) {
        if (p->rules.items[i].kind != AV_NEVERALLOW)
            continue;
        if (!ready) {
            w.tables[0] = (struct entries){ flat->always, flat_subjects(p, flat->always, flat->n_always) };
            w.tables[1] = (struct entries){ flat->sometimes, flat_subjects(p, flat->sometimes, flat->n_sometimes) };
            w.subjects = bits_create(p->arena, p->n_numbered);
            w.objects = bits_create(p->arena, p->n_numbered);
            w.rules = bits_create(p->arena, p->rules.n);
            w.perms = arena_array(p->arena, (size_t)p->classes.n + 1, sizeof(*w.perms));
            ready = true;
        }
        check_never(&w, &p->rules.items[i]);
    }
}

const struct policy_rule *policy_never(const struct policy *p, const struct type *subject, const struct type *object,
                                       const struct class *class, uint32_t perms)
{
    struct bits set = bits_create(p->arena, p->n_numbered);
    unsigned int i, j;

    for (i = 0; i < p->rules.n; i++) {
        const struct policy_rule *r = &p->rules.items[i];
        uint32_t ruled_out = 0;

        if (r->kind != AV_NEVERALLOW)
            continue;
        for (j = 0; j < r->n_access; j++)
            if (r->access[j].class == class)
                ruled_out |= r->access[j].perms;
        if (!(ruled_out & perms))
            continue;
        policy_expand(p, r->subjects, &set);
        if (!bits_test(&set, subject->number))
            continue;
        if (r->objects->self && subject == object)
            return r;
        if (r->objects->self && !r->objects->n_in && !r->objects->all && !r->objects->complement)
            continue;
        policy_expand(p, r->objects, &set);
        if (bits_test(&set, object->number))
            return r;
    }
    return NULL;
}
