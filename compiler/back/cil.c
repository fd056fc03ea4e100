/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A policy in CIL: declarations (cil-declare.c), then rules, constraints and labels, each written as its parts
 * (cil-text.c) with a mark of the line it comes from.
 */
#include "back/cil.h"

#include "back/cil-text.h"
#include "text/diag.h"

/* ---- rules -------------------------------------------------------------------------------------------------------------- */

static void write_rule(struct cil *w, const struct policy_rule *r)
{
    static const char *const words[] = {
        [AV_ALLOW] = "allow", [AV_AUDITALLOW] = "auditallow", [AV_DONTAUDIT] = "dontaudit",
        [AV_NEVERALLOW] = "neverallow", [TE_TRANSITION] = "typetransition", [TE_MEMBER] = "typemember",
        [TE_CHANGE] = "typechange",
    };
    struct cil_sides s, o;
    unsigned int i, j, k;

    cil_both_sides(w, r->subjects, r->objects, &s, &o);
    if (!r->condition || r->condition->tunable)
        cil_mark(w, r->span.file || !r->origin ? r->span : r->origin->span);
    cil_comment(w, r->origin);
    for (i = 0; i < r->n_access; i++) {
        if (r->kind < TE_TRANSITION && !r->access[i].perms)
            continue;
        for (j = 0; j < s.n; j++)
            for (k = 0; k < o.n; k++) {
                buf_printf(w->out, "(%s %s %s ", words[r->kind], s.names[j], o.names[k]);
                if (r->kind < TE_TRANSITION)
                    cil_perms(w, &r->access[i]);
                else
                    buf_printf(w->out, "%s %s", r->access[i].class->name, r->result->name);
                buf_puts(w->out, ")\n");
            }
    }
}

static void add_bool_expr(struct cil *w, const struct bool_expr *e)
{
    static const char *const words[] = {
        [BOOL_NOT] = "not", [BOOL_AND] = "and", [BOOL_OR] = "or", [BOOL_XOR] = "xor", [BOOL_EQ] = "eq", [BOOL_NEQ] = "neq",
    };

    if (e->op == BOOL_NAME) {
        buf_puts(w->out, e->boolean->name);
        return;
    }
    buf_printf(w->out, "(%s ", words[e->op]);
    add_bool_expr(w, e->a);
    if (e->b) {
        buf_putc(w->out, ' ');
        add_bool_expr(w, e->b);
    }
    buf_putc(w->out, ')');
}

/* The conditional rules by condition and branch: `first` has where each begins in `rules`. */
struct branches {
    const struct policy_rule **rules;
    unsigned int *first;
};

static struct branches sort_branches(struct cil *w)
{
    const struct policy *p = w->policy;
    unsigned int n = 2 * p->n_conditions, i, total = 0, *at;
    struct branches b = { NULL, arena_array(w->arena, (size_t)n + 1, sizeof(*b.first)) };
    const struct condition *c;
    bool otherwise;

    for (i = 0; i < p->rules.n; i++)
        if (p->rules.items[i].live && (c = policy_condition_of(&p->rules.items[i], &otherwise))) {
            b.first[2 * c->number + otherwise + 1]++;
            total++;
        }
    at = arena_array(w->arena, (size_t)n + 1, sizeof(*at));
    for (i = 0; i < n; i++) {
        b.first[i + 1] += b.first[i];
        at[i] = b.first[i];
    }
    b.rules = arena_array(w->arena, total, sizeof(*b.rules));
    for (i = 0; i < p->rules.n; i++)
        if (p->rules.items[i].live && (c = policy_condition_of(&p->rules.items[i], &otherwise)))
            b.rules[at[2 * c->number + otherwise]++] = &p->rules.items[i];
    return b;
}

static void write_branch(struct cil *w, const struct branches *b, unsigned int which, const char *word)
{
    unsigned int i;

    if (b->first[which] == b->first[which + 1])
        return;
    buf_printf(w->out, "(%s\n", word);
    for (i = b->first[which]; i < b->first[which + 1]; i++)
        write_rule(w, b->rules[i]);
    buf_puts(w->out, ")\n");
}

static void write_conditions(struct cil *w)
{
    const struct policy *p = w->policy;
    struct branches b = sort_branches(w);
    unsigned int i;

    for (i = 0; i < p->conditions.n; i++) {
        const struct condition *c = p->conditions.items[i];
        struct cil_sides s, o;
        unsigned int j;

        if (c->tunable || c->same != c)
            continue;
        if (b.first[2 * c->number] == b.first[2 * c->number + 2])
            continue;
        /* Attributes cannot be declared inside. */
        for (j = b.first[2 * c->number]; j < b.first[2 * c->number + 2]; j++)
            cil_both_sides(w, b.rules[j]->subjects, b.rules[j]->objects, &s, &o);
        /* Nor can there be marks: the statement has that of its condition. */
        cil_mark(w, c->span);
        buf_puts(w->out, "(booleanif ");
        add_bool_expr(w, c->expr);
        buf_putc(w->out, '\n');
        write_branch(w, &b, 2 * c->number, "true");
        write_branch(w, &b, 2 * c->number + 1, "false");
        buf_puts(w->out, ")\n");
    }
    cil_end_mark(w);
}

static void write_rules(struct cil *w)
{
    const struct policy *p = w->policy;
    unsigned int i;
    bool otherwise;

    for (i = 0; i < p->rules.n; i++)
        if (p->rules.items[i].live && !policy_condition_of(&p->rules.items[i], &otherwise))
            write_rule(w, &p->rules.items[i]);
    cil_end_mark(w);
    write_conditions(w);
}

static void write_role_rules(struct cil *w)
{
    const struct policy *p = w->policy;
    struct cil_sides from, to, types;
    unsigned int i, a, b, c;

    for (i = 0; i < p->role_rules.n; i++) {
        const struct role_rule *r = &p->role_rules.items[i];

        from = cil_role_sides(w, r->from);
        to = cil_role_sides(w, r->to);
        if (r->kind == ROLE_RULE_ALLOW) {
            cil_mark(w, r->span);
            for (a = 0; a < from.n; a++)
                for (b = 0; b < to.n; b++)
                    buf_printf(w->out, "(roleallow %s %s)\n", from.names[a], to.names[b]);
            continue;
        }
        types = cil_sides(w, r->types, false);
        cil_mark(w, r->span);
        for (a = 0; a < from.n; a++)
            for (b = 0; b < types.n; b++)
                for (c = 0; c < r->n_classes; c++)
                    buf_printf(w->out, "(roletransition %s %s %s %s)\n", from.names[a], types.names[b],
                               r->classes[c]->name, to.names[0]);
    }
    for (i = 0; p->mls && i < p->range_rules.n; i++) {
        const struct range_rule *r = &p->range_rules.items[i];

        cil_both_sides(w, r->subjects, r->objects, &from, &to);
        cil_mark(w, r->span);
        for (a = 0; a < from.n; a++)
            for (b = 0; b < to.n; b++)
                for (c = 0; c < r->n_classes; c++) {
                    buf_printf(w->out, "(rangetransition %s %s %s ", from.names[a], to.names[b], r->classes[c]->name);
                    cil_range(w, r->range);
                    buf_puts(w->out, ")\n");
                }
    }
    cil_end_mark(w);
}

/* ---- constraints ------------------------------------------------------------------------------------------------------- */

static bool compares_levels(const struct cexpr *e)
{
    if (e->op == CX_NOT)
        return compares_levels(e->a);
    if (e->op == CX_AND || e->op == CX_OR)
        return compares_levels(e->a) || compares_levels(e->b);
    return e->attr >= CX_L1L2;
}

static void add_names(struct cil *w, const struct cexpr *e)
{
    struct cil_sides s = { NULL, 0 };
    unsigned int i;

    if (e->attr == CX_TYPE) {
        s = cil_sides(w, e->types, false);
    } else if (e->attr == CX_ROLE) {
        s = cil_role_sides(w, e->roles);
    } else {
        s = (struct cil_sides){ arena_array(w->arena, e->n_users, sizeof(*s.names)), e->n_users };
        for (i = 0; i < e->n_users; i++)
            s.names[i] = e->users[i]->name;
    }
    buf_putc(w->out, '(');
    for (i = 0; i < s.n; i++)
        buf_printf(w->out, "%s%s", i ? " " : "", s.names[i]);
    buf_putc(w->out, ')');
}

static void add_cexpr(struct cil *w, const struct cexpr *e)
{
    static const char *const pairs[] = {
        [CX_USER] = "u1 u2", [CX_ROLE] = "r1 r2", [CX_TYPE] = "t1 t2", [CX_L1L2] = "l1 l2", [CX_L1H2] = "l1 h2",
        [CX_H1L2] = "h1 l2", [CX_H1H2] = "h1 h2", [CX_L1H1] = "l1 h1", [CX_L2H2] = "l2 h2",
    };
    static const char *const compares[] = { "eq", "neq", "dom", "domby", "incomp" };

    switch (e->op) {
    case CX_NOT:
        buf_puts(w->out, "(not ");
        add_cexpr(w, e->a);
        break;
    case CX_AND:
    case CX_OR:
        buf_puts(w->out, e->op == CX_AND ? "(and " : "(or ");
        add_cexpr(w, e->a);
        buf_putc(w->out, ' ');
        add_cexpr(w, e->b);
        break;
    case CX_ATTR:
        buf_printf(w->out, "(%s %s", compares[e->compare], pairs[e->attr]);
        break;
    case CX_NAMES:
        buf_printf(w->out, "(%s %c%u ", compares[e->compare], pairs[e->attr][0], e->whose);
        add_names(w, e);
        break;
    }
    buf_putc(w->out, ')');
}

/* Sets that need an attribute get it before the expression is written. */
static void make_sets(struct cil *w, const struct cexpr *e)
{
    if (e->op <= CX_OR) {
        make_sets(w, e->a);
        if (e->op != CX_NOT)
            make_sets(w, e->b);
    } else if (e->op == CX_NAMES && e->attr == CX_TYPE) {
        cil_sides(w, e->types, false);
    }
}

static void write_constraints(struct cil *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->constraints.n; i++) {
        const struct constraint *c = &p->constraints.items[i];
        bool validate = c->kind == VALIDATETRANS || c->kind == MLSVALIDATETRANS;

        make_sets(w, c->expr);
        cil_mark(w, c->span);
        for (j = 0; j < c->n_access; j++) {
            if (!validate && !c->access[j].perms)
                continue;
            buf_printf(w->out, "(%s%s ", compares_levels(c->expr) ? "mls" : "", validate ? "validatetrans" : "constrain");
            if (validate)
                buf_puts(w->out, c->access[j].class->name);
            else
                cil_perms(w, &c->access[j]);
            buf_putc(w->out, ' ');
            add_cexpr(w, c->expr);
            buf_puts(w->out, ")\n");
        }
    }
    cil_end_mark(w);
}

/* ---- labels --------------------------------------------------------------------------------------------------------------- */

/* And so has object_r the types it is used with. */
static void object_types(struct cil *w, const struct context *c, struct bits *done)
{
    if (c->role->number || bits_test(done, c->type->real->number))
        return;
    bits_set(done, c->type->real->number);
    buf_printf(w->out, "(roletype object_r %s)\n", c->type->real->name);
}

static void write_object_types(struct cil *w)
{
    const struct policy *p = w->policy;
    struct bits done = bits_create(w->arena, p->n_numbered);
    unsigned int i, kind;

    for (i = 0; i < p->sids.n; i++)
        object_types(w, p->sids.items[i].context, &done);
    for (kind = 0; kind < N_RESOURCES; kind++)
        for (i = 0; i < p->resources[kind].n; i++)
            object_types(w, p->resources[kind].items[i].context, &done);
}

static void write_labels(struct cil *w)
{
    const struct policy *p = w->policy;
    unsigned int i, kind;

    for (i = 0; i < p->sids.n; i++) {
        cil_mark(w, p->sids.items[i].span);
        buf_printf(w->out, "(sidcontext %s ", p->sids.items[i].isid->name);
        cil_context(w, p->sids.items[i].context);
        buf_puts(w->out, ")\n");
    }
    for (kind = 0; kind < N_RESOURCES; kind++)
        for (i = 0; i < p->resources[kind].n; i++) {
            const struct resource *r = &p->resources[kind].items[i];

            cil_mark(w, r->span);
            buf_printf(w->out, "(%s ", policy_resource_word(kind));
            if (r->path)
                buf_printf(w->out, "\"%s\"", r->path);
            else if (r->low == r->high)
                buf_printf(w->out, "%llu", (unsigned long long)r->low);
            else
                buf_printf(w->out, "(%llu %llu)", (unsigned long long)r->low, (unsigned long long)r->high);
            buf_putc(w->out, ' ');
            cil_context(w, r->context);
            buf_puts(w->out, ")\n");
        }
    cil_end_mark(w);
}

bool cil_emit(struct policy *p, struct buf *out)
{
    struct cil w = { .policy = p, .arena = p->arena, .out = out };
    unsigned int errors = diags_count(p->diags, LEVEL_ERROR);

    buf_printf(out, "(handleunknown %s)\n", policy_unknown_word(p->handle_unknown));
    cil_declare(&w);
    write_rules(&w);
    write_role_rules(&w);
    write_constraints(&w);
    write_object_types(&w);
    write_labels(&w);
    return diags_count(p->diags, LEVEL_ERROR) == errors;
}
