/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Classes, permissions and initial SIDs are said with their numbers, which are ABI; everything else by name alone.
 * A condition is said by its truth table, so that `!a` in an else branch is `a`.
 */
#include "model/lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

struct work {
    struct policy *policy;
    const struct flat *flat;
    struct arena *arena;
    LIST(const char *) lines;
    struct buf text;            /* of the line being made */
};

/* ---- lines and lists of names -------------------------------------------------------------------------------- */

static void end_line(struct work *w)
{
    *LIST_PUSH(w->arena, &w->lines) = arena_text(w->arena, buf_text(&w->text), w->text.len);
    w->text.len = 0;
}

#define LINE(w, ...) (buf_printf(&(w)->text, __VA_ARGS__), end_line(w))

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* " { a b c }", sorted; `names` is reordered. */
static void add_names(struct work *w, const char **names, unsigned int n)
{
    unsigned int i;

    if (n)
        qsort(names, n, sizeof(*names), by_text);
    buf_puts(&w->text, " {");
    for (i = 0; i < n; i++)
        buf_printf(&w->text, " %s", names[i]);
    buf_puts(&w->text, " }");
}

static void add_perms(struct work *w, const struct class *class, uint32_t perms)
{
    const char *names[32];
    unsigned int n = policy_perm_names(w->policy, class, perms, names);

    add_names(w, names, n);
}

static void add_types(struct work *w, const struct typeset *set)
{
    const struct policy *p = w->policy;
    struct bits bits = bits_create(w->arena, p->n_numbered);
    const char **names = arena_array(w->arena, p->n_numbered, sizeof(*names));
    unsigned int i, n = 0;

    policy_expand(p, set, &bits);
    for (i = bits_next(&bits, 0); i < bits.n; i = bits_next(&bits, i + 1))
        names[n++] = p->numbered[i]->name;
    add_names(w, names, n);
}

/* The names of the roles that are no attributes, by number. */
static const char **role_names(struct work *w)
{
    const struct policy *p = w->policy;
    const char **names = arena_array(w->arena, p->n_roles, sizeof(*names));
    unsigned int i;

    for (i = 0; i < p->roles.n; i++)
        if (!p->roles.items[i]->attribute)
            names[p->roles.items[i]->number] = p->roles.items[i]->name;
    return names;
}

static void add_roles(struct work *w, const struct bits *bits)
{
    const char **all = role_names(w), **names = arena_array(w->arena, bits->n, sizeof(*names));
    unsigned int i, n = 0;

    for (i = bits_next(bits, 0); i < bits->n; i = bits_next(bits, i + 1))
        names[n++] = all[i];
    add_names(w, names, n);
}

/* ---- levels and contexts ------------------------------------------------------------------------------------- */

static void add_level(struct work *w, const struct seclevel *level)
{
    const struct policy *p = w->policy;
    struct bits bits = bits_create(w->arena, p->n_categories);
    unsigned int i;

    policy_expand_categories(p, level, &bits);
    buf_printf(&w->text, " %s", level->sensitivity->real->name);
    for (i = 0; i < p->categories.n; i++)
        if (p->categories.items[i]->real == p->categories.items[i] && bits_test(&bits, p->categories.items[i]->number))
            buf_printf(&w->text, ",%s", p->categories.items[i]->name);
}

static void add_range(struct work *w, const struct secrange *range)
{
    if (!range || !w->policy->mls)
        return;
    add_level(w, range->low);
    buf_puts(&w->text, " -");
    add_level(w, range->high);
}

static void add_context(struct work *w, const struct context *c)
{
    buf_printf(&w->text, " %s:%s:%s", c->user->name, c->role->name, c->type->real->name);
    add_range(w, c->range);
}

/* ---- names ---------------------------------------------------------------------------------------------------- */

static void class_lines(struct work *w)
{
    struct class_default defaults[CLASS_DEFAULTS];
    const struct policy *p = w->policy;
    unsigned int i, j, n;

    for (i = 0; i < p->classes.n; i++) {
        const struct object_class *c = p->classes.items[i];

        LINE(w, "class %u %s", i + 1, c->class->name);
        for (j = 0; j < c->class->n_perms; j++)
            LINE(w, "class %s permission %u %s", c->class->name, j + 1, c->class->perms[j].name);
        n = policy_class_defaults(c, defaults);
        for (j = 0; j < n; j++)
            LINE(w, "default_%s %s %s", defaults[j].part, c->class->name, defaults[j].from);
    }
}

static void type_lines(struct work *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->types.n; i++) {
        const struct type *t = p->types.items[i];

        if (t->kind == KIND_ALIAS) {
            LINE(w, "alias %s of %s", t->name, t->real->name);
            continue;
        }
        LINE(w, "%s %s", t->kind == KIND_ATTRIBUTE ? "attribute" : "type", t->name);
        for (j = 0; j < t->n_members; j++)
            LINE(w, "attribute %s of %s", t->name, t->members[j]->name);
        if (t->bounds)
            LINE(w, "type %s bounded by %s", t->name, t->bounds->real->name);
        if (t->permissive)
            LINE(w, "permissive %s", t->name);
    }
}

static void role_lines(struct work *w)
{
    const struct policy *p = w->policy;
    struct bits types = bits_create(w->arena, p->n_numbered), dominates = bits_create(w->arena, p->n_roles);
    const char **names = role_names(w);
    unsigned int i, j;

    for (i = 0; i < p->roles.n; i++) {
        const struct role *r = p->roles.items[i];

        if (r->attribute)
            continue;
        LINE(w, "role %s", r->name);
        policy_expand_role_types(p, r, &types);
        for (j = bits_next(&types, 0); r->number && j < types.n; j = bits_next(&types, j + 1))
            LINE(w, "role %s type %s", r->name, p->numbered[j]->name);
        bits_clear(&dominates);
        for (j = 0; j < r->dominates.n; j++)
            bits_set(&dominates, r->dominates.items[j]->number);
        for (j = bits_next(&dominates, 0); j < dominates.n; j = bits_next(&dominates, j + 1))
            if (j != r->number)
                LINE(w, "role %s dominates %s", r->name, names[j]);
        if (r->bounds)
            LINE(w, "role %s bounded by %s", r->name, r->bounds->name);
    }
}

static void user_lines(struct work *w)
{
    const struct policy *p = w->policy;
    struct bits all = bits_create(w->arena, p->n_roles), roles = bits_create(w->arena, p->n_roles);
    unsigned int i, j;

    for (i = 0; i < p->users.n; i++) {
        const struct user *u = p->users.items[i];

        bits_clear(&all);
        for (j = 0; j < u->roles.n; j++) {
            policy_expand_roles(p, u->roles.items[j], &roles);
            bits_or(&all, &roles);
        }
        buf_printf(&w->text, "user %s", u->name);
        add_roles(w, &all);
        add_range(w, u->range);
        if (p->mls && u->level) {
            buf_puts(&w->text, " default");
            add_level(w, u->level);
        }
        end_line(w);
        if (u->bounds)
            LINE(w, "user %s bounded by %s", u->name, u->bounds->name);
    }
    for (i = 0; i < p->booleans.n; i++)
        if (!p->booleans.items[i]->tunable)
            LINE(w, "bool %s %s", p->booleans.items[i]->name, p->booleans.items[i]->value ? "true" : "false");
}

static void mls_lines(struct work *w)
{
    const struct policy *p = w->policy;
    unsigned int i;

    LINE(w, "mls %s", p->mls ? "on" : "off");
    for (i = 0; p->mls && i < p->sensitivities.n; i++) {
        const struct sensitivity *s = p->sensitivities.items[i];

        if (s->real != s) {
            LINE(w, "sensitivity alias %s of %s", s->name, s->real->name);
            continue;
        }
        LINE(w, "sensitivity %u %s", s->rank, s->name);
        buf_puts(&w->text, "level");
        add_level(w, s->level);
        end_line(w);
    }
    for (i = 0; p->mls && i < p->categories.n; i++) {
        const struct category *c = p->categories.items[i];

        if (c->real != c)
            LINE(w, "category alias %s of %s", c->name, c->real->name);
        else
            LINE(w, "category %s", c->name);
    }
}

/* ---- constraints ------------------------------------------------------------------------------------------------ */

/* `negate`: what is said is the opposite; `not` is drawn into a comparison for equality. */
static void add_cexpr(struct work *w, const struct cexpr *e, bool negate)
{
    static const char *const attributes[] = {
        [CX_USER] = "u", [CX_ROLE] = "r", [CX_TYPE] = "t", [CX_L1L2] = "l1 l2", [CX_L1H2] = "l1 h2", [CX_H1L2] = "h1 l2",
        [CX_H1H2] = "h1 h2", [CX_L1H1] = "l1 h1", [CX_L2H2] = "l2 h2",
    };
    static const char *const compares[] = { "eq", "neq", "dom", "domby", "incomp" };
    enum cexpr_compare compare;
    const char **names;
    struct bits roles;
    unsigned int i;

    if (e->op == CX_NOT) {
        add_cexpr(w, e->a, !negate);
        return;
    }
    if (negate && (e->op <= CX_OR || e->compare > CX_NEQ)) {
        buf_puts(&w->text, " (not");
        add_cexpr(w, e, false);
        buf_puts(&w->text, ")");
        return;
    }
    if (e->op <= CX_OR) {
        buf_puts(&w->text, e->op == CX_AND ? " (and" : " (or");
        add_cexpr(w, e->a, false);
        add_cexpr(w, e->b, false);
        buf_puts(&w->text, ")");
        return;
    }
    compare = negate ? (e->compare == CX_EQ ? CX_NEQ : CX_EQ) : e->compare;
    if (e->op == CX_ATTR) {
        buf_printf(&w->text, " (%s %s)", compares[compare], attributes[e->attr]);
        return;
    }
    buf_printf(&w->text, " (%s %s%u", compares[compare], attributes[e->attr], e->whose);
    if (e->attr == CX_TYPE) {
        add_types(w, e->types);
    } else if (e->attr == CX_ROLE) {
        roles = bits_create(w->arena, w->policy->n_roles);
        policy_expand_roles(w->policy, e->roles, &roles);
        add_roles(w, &roles);
    } else {
        names = arena_array(w->arena, e->n_users, sizeof(*names));
        for (i = 0; i < e->n_users; i++)
            names[i] = e->users[i]->name;
        add_names(w, names, e->n_users);
    }
    buf_puts(&w->text, ")");
}

static void constraint_lines(struct work *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->constraints.n; i++) {
        const struct constraint *c = &p->constraints.items[i];
        bool validate = c->kind == VALIDATETRANS || c->kind == MLSVALIDATETRANS;

        for (j = 0; j < c->n_access; j++) {
            if (!validate && !c->access[j].perms)
                continue;
            buf_printf(&w->text, "%s %s", validate ? "validatetrans" : "constrain", c->access[j].class->name);
            if (!validate)
                add_perms(w, c->access[j].class, c->access[j].perms);
            add_cexpr(w, c->expr, false);
            end_line(w);
        }
    }
}

/* ---- rules --------------------------------------------------------------------------------------------------------- */

/* A rule, the attributes in it resolved or not. */
struct said {
    uint64_t key;
    const char *when;       /* the condition as text, interned; NULL: always */
    uint32_t data;
};

static void find_booleans(const struct bool_expr *e, const struct boolean **list, unsigned int *n)
{
    unsigned int i;

    if (e->op == BOOL_NAME) {
        for (i = 0; i < *n && list[i] != e->boolean; i++)
            ;
        if (i == *n)
            list[(*n)++] = e->boolean;
        return;
    }
    find_booleans(e->a, list, n);
    if (e->b)
        find_booleans(e->b, list, n);
}

static int by_boolean_name(const void *a, const void *b)
{
    return strcmp((*(const struct boolean *const *)a)->name, (*(const struct boolean *const *)b)->name);
}

/* With the booleans of `list` having the bits of `values`. */
static bool evaluate(const struct bool_expr *e, const struct boolean *const *list, unsigned int values)
{
    unsigned int i;
    bool a, b;

    for (i = 0; e->op == BOOL_NAME; i++)
        if (list[i] == e->boolean)
            return values >> i & 1;
    a = evaluate(e->a, list, values);
    if (e->op == BOOL_NOT)
        return !a;
    b = evaluate(e->b, list, values);
    return e->op == BOOL_AND ? a && b : e->op == BOOL_OR ? a || b : (a == b) == (e->op == BOOL_EQ);
}

/* The values of the expression, from all booleans false to all true. */
const char *lines_condition(struct policy *p, const struct condition *c, bool otherwise)
{
    const struct boolean **list = arena_array(p->arena, p->booleans.n, sizeof(*list));
    struct buf text = BUF_INIT;
    unsigned int n = 0, i;
    const char *name;

    find_booleans(c->expr, list, &n);
    qsort(list, n, sizeof(*list), by_boolean_name);
    buf_puts(&text, " if");
    for (i = 0; i < n; i++)
        buf_printf(&text, " %s", list[i]->name);
    buf_putc(&text, ' ');
    if (n <= 12)
        for (i = 0; i < 1u << n; i++)
            buf_putc(&text, evaluate(c->expr, list, i) != otherwise ? '1' : '0');
    else
        buf_printf(&text, "condition %u%s", c->number, otherwise ? " else" : "");
    name = names_get(p->names, buf_text(&text));
    buf_free(&text);
    return name;
}

static unsigned int members(const struct policy *p, unsigned int number, bool expand)
{
    return expand && p->numbered[number]->kind == KIND_ATTRIBUTE ? p->numbered[number]->n_members : 1;
}

static unsigned int member(const struct policy *p, unsigned int number, bool expand, unsigned int i)
{
    return expand && p->numbered[number]->kind == KIND_ATTRIBUTE ? p->numbered[number]->members[i]->number : number;
}

static size_t say(const struct policy *p, const struct flat_entry *e, const char *when, bool expand, struct said *to)
{
    unsigned int s, o, n_s = members(p, FLAT_SUBJECT(e->key), expand), n_o = members(p, FLAT_OBJECT(e->key), expand);

    for (s = 0; to && s < n_s; s++)
        for (o = 0; o < n_o; o++)
            *to++ = (struct said){ FLAT_KEY(member(p, FLAT_SUBJECT(e->key), expand, s),
                                            member(p, FLAT_OBJECT(e->key), expand, o), FLAT_CLASS(e->key),
                                            FLAT_RULE_KIND(e->key)), when, e->data };
    return (size_t)n_s * n_o;
}

static int by_said(const void *a, const void *b)
{
    const struct said *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->when == y->when)
        return 0;
    return !x->when ? -1 : !y->when ? 1 : strcmp(x->when, y->when);
}

/* Of kinds from `least` on. */
static void rule_lines(struct work *w, bool expand, enum rule_kind least)
{
    const struct policy *p = w->policy;
    const struct flat *f = w->flat;
    const char **when = arena_array(w->arena, 2 * (size_t)p->n_conditions, sizeof(*when));
    const struct condition *c;
    size_t n = 0, i, at = 0, same;
    struct said *list;
    bool otherwise;

    for (i = 0; i < p->conditions.n; i++) {
        c = p->conditions.items[i];
        if (c->tunable || c->same != c)
            continue;
        when[2 * c->number] = lines_condition(w->policy, c, false);
        when[2 * c->number + 1] = lines_condition(w->policy, c, true);
    }
    for (i = 0; i < f->n_always + f->n_sometimes; i++) {
        const struct flat_entry *e = i < f->n_always ? &f->always[i] : &f->sometimes[i - f->n_always];

        n += FLAT_RULE_KIND(e->key) >= least ? say(p, e, NULL, expand, NULL) : 0;
    }
    list = arena_array(w->arena, n, sizeof(*list));
    for (i = 0; i < f->n_always; i++)
        at += FLAT_RULE_KIND(f->always[i].key) >= least ? say(p, &f->always[i], NULL, expand, list + at) : 0;
    for (i = 0; i < f->n_sometimes; i++) {
        const struct flat_entry *e = &f->sometimes[i];

        same = 0;
        if (FLAT_RULE_KIND(e->key) >= TE_TRANSITION)
            flat_find(f->always, f->n_always, e->key, &same);
        if (same || FLAT_RULE_KIND(e->key) < least)
            continue;
        c = policy_condition_of(&p->rules.items[e->rule], &otherwise);
        at += say(p, e, when[2 * c->number + otherwise], expand, list + at);
    }
    n = at;
    if (n)
        qsort(list, n, sizeof(*list), by_said);
    for (i = 0; i < n; i += same) {
        const struct class *class = p->classes.items[FLAT_CLASS(list[i].key) - 1]->class;
        enum rule_kind kind = FLAT_RULE_KIND(list[i].key);
        uint32_t data = list[i].data;

        for (same = 1; i + same < n && !by_said(&list[i], &list[i + same]); same++)
            data = kind >= TE_TRANSITION ? data : data | list[i + same].data;
        buf_printf(&w->text, "%s %s %s %s", policy_rule_word(kind), p->numbered[FLAT_SUBJECT(list[i].key)]->name,
                   p->numbered[FLAT_OBJECT(list[i].key)]->name, class->name);
        if (kind >= TE_TRANSITION)
            buf_printf(&w->text, " %s", p->numbered[data]->name);
        else
            add_perms(w, class, data);
        if (list[i].when)
            buf_puts(&w->text, list[i].when);
        end_line(w);
    }
}

static void transition_lines(struct work *w)
{
    const struct policy *p = w->policy;
    const struct flat *f = w->flat;
    const char **roles = role_names(w);
    struct bits from = bits_create(w->arena, p->n_roles), to = bits_create(w->arena, p->n_roles);
    unsigned int i, a, b;
    size_t t;

    for (t = 0; t < f->n_roles; t++)
        LINE(w, "role_transition %s %s %s %s", roles[FLAT_SUBJECT(f->roles[t].key)],
             p->numbered[FLAT_OBJECT(f->roles[t].key)]->name,
             p->classes.items[FLAT_CLASS(f->roles[t].key) - 1]->class->name, roles[f->roles[t].data]);
    for (i = 0; i < p->role_rules.n; i++) {
        if (p->role_rules.items[i].kind != ROLE_RULE_ALLOW)
            continue;
        policy_expand_roles(p, p->role_rules.items[i].from, &from);
        policy_expand_roles(p, p->role_rules.items[i].to, &to);
        for (a = bits_next(&from, 0); a < from.n; a = bits_next(&from, a + 1))
            for (b = bits_next(&to, 0); b < to.n; b = bits_next(&to, b + 1))
                LINE(w, "role_allow %s %s", roles[a], roles[b]);
    }
    for (t = 0; p->mls && t < f->n_ranges; t++) {
        buf_printf(&w->text, "range_transition %s %s %s", p->numbered[FLAT_SUBJECT(f->ranges[t].key)]->name,
                   p->numbered[FLAT_OBJECT(f->ranges[t].key)]->name,
                   p->classes.items[FLAT_CLASS(f->ranges[t].key) - 1]->class->name);
        add_range(w, p->range_rules.items[f->ranges[t].data].range);
        end_line(w);
    }
}

/* ---- labels ---------------------------------------------------------------------------------------------------------- */

static void label_lines(struct work *w)
{
    const struct policy *p = w->policy;
    unsigned int i, kind;

    for (i = 0; i < p->sids.n; i++) {
        if (!p->sids.items[i].context)
            continue;
        buf_printf(&w->text, "sid %u", i + 1);
        add_context(w, p->sids.items[i].context);
        end_line(w);
    }
    for (kind = 0; kind < N_RESOURCES; kind++)
        for (i = 0; i < p->resources[kind].n; i++) {
            const struct resource *r = &p->resources[kind].items[i];

            if (r->path)
                buf_printf(&w->text, "%s %s", policy_resource_word(kind), r->path);
            else
                buf_printf(&w->text, "%s 0x%llx-0x%llx", policy_resource_word(kind), (unsigned long long)r->low,
                           (unsigned long long)r->high);
            add_context(w, r->context);
            end_line(w);
        }
    for (i = 0; i < p->policycaps.n; i++)
        LINE(w, "policycap %s", p->policycaps.items[i].name);
    LINE(w, "unknown %s", policy_unknown_word(p->handle_unknown));
}

static struct lines all_lines(struct policy *p, const struct flat *flat, bool expand, enum rule_kind least)
{
    struct work w = { .policy = p, .flat = flat, .arena = p->arena };
    struct lines lines = { NULL, 0 };
    size_t i;

    class_lines(&w);
    type_lines(&w);
    role_lines(&w);
    user_lines(&w);
    mls_lines(&w);
    constraint_lines(&w);
    rule_lines(&w, expand, least);
    transition_lines(&w);
    label_lines(&w);
    buf_free(&w.text);

    lines.items = w.lines.items;
    qsort(lines.items, w.lines.n, sizeof(*lines.items), by_text);
    for (i = 0; i < w.lines.n; i++)
        if (!lines.n || strcmp(lines.items[lines.n - 1], lines.items[i]))
            lines.items[lines.n++] = lines.items[i];
    return lines;
}

struct lines policy_lines(struct policy *p, const struct flat *flat, bool expand)
{
    return all_lines(p, flat, expand, AV_ALLOW);
}

struct lines policy_other_lines(struct policy *p, const struct flat *flat)
{
    return all_lines(p, flat, true, TE_TRANSITION);
}
