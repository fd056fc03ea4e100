/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CIL wants one name on each side of a rule. A plain list of names becomes a rule for each; a set with `*`, `~` or
 * `-`, and a long list, gets an attribute of its own that secilc is told to resolve and forget.
 */
#include "back/cil.h"

#include <ctype.h>
#include <string.h>

#include "text/diag.h"
#include "text/rules.h"

struct work {
    struct policy *policy;
    struct arena *arena;
    struct buf *out;
    struct map made;            /* the expression of a set -> the attribute made for it */
    unsigned int n_made;
    uint32_t marked_file;       /* the line mark that is open, 0: none */
    unsigned int marked_line;
    const struct origin *origin;
};

/* A plain list of this many rules is written out, a longer one gets an attribute. */
enum { MOST_RULES = 64 };

/* ---- line marks ------------------------------------------------------------------------------------------------- */

static void end_mark(struct work *w)
{
    if (w->marked_file)
        buf_puts(w->out, ";;* lme\n");
    w->marked_file = 0;
}

/* A path with a quote or a control character cannot be said in a mark. */
static bool can_mark(const char *path)
{
    for (; *path; path++)
        if (*path == '"' || (unsigned char)*path < ' ')
            return false;
    return true;
}

static void mark(struct work *w, struct span span)
{
    const struct sources *s = diags_sources(w->policy->diags);
    struct place place;

    span = source_written(s, span);
    if (!span.file) {
        end_mark(w);
        return;
    }
    place = source_place(s, span);
    if (span.file == w->marked_file && place.line == w->marked_line)
        return;
    end_mark(w);
    if (!can_mark(place.path))
        return;
    buf_printf(w->out, ";;* lmx %u \"%s\"\n", place.line, place.path);
    w->marked_file = span.file;
    w->marked_line = place.line;
}

/* Where a derived rule comes from, said once for all in a row. */
static void comment(struct work *w, const struct origin *origin)
{
    const char *at;

    if (origin == w->origin)
        return;
    w->origin = origin;
    if (!origin || !origin->text)
        return;
    buf_puts(w->out, "; ");
    for (at = origin->text; *at; at++)
        buf_putc(w->out, (unsigned char)*at < ' ' ? ' ' : *at);
    buf_putc(w->out, '\n');
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

/* cil_verify_name() of libsepol's cil_verify.c. */
static void check_name(struct work *w, const char *name, const char *what, struct span span)
{
    static const char *const reserved[] = { "all", "and", "eq", "neq", "not", "or", "range", "self", "xor" };
    struct diag *d;
    const char *at;
    unsigned int i;

    for (at = name; isalnum((unsigned char)*at) || (at > name && (*at == '_' || *at == '-')); at++)
        ;
    for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]) && strcmp(reserved[i], name); i++)
        ;
    if (isalpha((unsigned char)name[0]) && !*at && i == sizeof(reserved) / sizeof(reserved[0]))
        return;
    d = diag_add(w->policy->diags, &RULE_UNSUPPORTED, span, "CIL cannot have a %s called `%s`", what, name);
    diag_help(w->policy->diags, d, "names in CIL begin with a letter, go on with letters, digits, `_` and `-`, and are "
                                   "none of its operators");
}

static void add_perms(struct work *w, const struct access *a)
{
    const char *names[32];
    unsigned int n = policy_perm_names(w->policy, a->class, a->perms, names), i;

    buf_printf(w->out, "(%s (", a->class->name);
    for (i = 0; i < n; i++)
        buf_printf(w->out, "%s%s", i ? " " : "", names[i]);
    buf_puts(w->out, "))");
}

static void set_text(struct buf *text, const struct typeset *set)
{
    unsigned int i;

    if (set->complement)
        buf_puts(text, "(not ");
    if (set->n_out)
        buf_puts(text, "(and ");
    if (set->all)
        buf_puts(text, "(all)");
    for (i = 0; !set->all && i < set->n_in; i++)
        buf_printf(text, "%s%s", i ? " " : "(", set->in[i]->real->name);
    if (!set->all)
        buf_puts(text, ")");
    if (set->n_out) {
        buf_puts(text, " (not (");
        for (i = 0; i < set->n_out; i++)
            buf_printf(text, "%s%s", i ? " " : "", set->out[i]->real->name);
        buf_puts(text, ")))");
    }
    if (set->complement)
        buf_putc(text, ')');
}

static bool is_plain(const struct typeset *set)
{
    return !set->all && !set->complement && !set->n_out;
}

/* The attribute that stands for a set that is no plain name; made when it is first asked for. */
static const char *made_for(struct work *w, const struct typeset *set)
{
    struct buf text = BUF_INIT;
    const char *expr, *name;

    set_text(&text, set);
    expr = names_get(w->policy->names, buf_text(&text));
    buf_free(&text);
    name = map_get(&w->made, NULL, expr);
    if (name)
        return name;
    do
        name = names_get(w->policy->names, arena_printf(w->arena, "xsmc_set_%u", ++w->n_made));
    while (map_get(&w->policy->type_map, NULL, name));
    map_put(w->arena, &w->made, NULL, expr, (void *)(uintptr_t)name);
    end_mark(w);
    buf_printf(w->out, "(typeattribute %s)\n(expandtypeattribute (%s) true)\n(typeattributeset %s %s)\n", name, name,
               name, expr);
    return name;
}

/* The names that a set is written as: its own, or the one made for it, and `self`. */
struct sides {
    const char **names;
    unsigned int n;
};

static struct sides sides(struct work *w, const struct typeset *set, bool as_one)
{
    bool others = set->n_in || set->all || set->complement, list = is_plain(set) && !as_one;
    struct sides s = { arena_array(w->arena, set->n_in + 2, sizeof(*s.names)), 0 };
    unsigned int i;

    if (others && !list && !(is_plain(set) && set->n_in == 1))
        s.names[s.n++] = made_for(w, set);
    else
        for (i = 0; i < set->n_in; i++)
            s.names[s.n++] = set->in[i]->real->name;
    if (set->self)
        s.names[s.n++] = "self";
    return s;
}

static void both_sides(struct work *w, const struct typeset *subjects, const struct typeset *objects, struct sides *s,
                       struct sides *o)
{
    bool as_one = (uint64_t)subjects->n_in * objects->n_in > MOST_RULES;

    *s = sides(w, subjects, as_one);
    *o = sides(w, objects, as_one);
}

/* ---- levels and contexts ------------------------------------------------------------------------------------------- */

static void add_categories(struct work *w, const struct seclevel *level)
{
    unsigned int i;

    for (i = 0; i < level->n_ranges; i++) {
        const struct category_range *r = &level->ranges[i];

        if (i)
            buf_putc(w->out, ' ');
        if (r->low->real == r->high->real)
            buf_puts(w->out, r->low->real->name);
        else
            buf_printf(w->out, "(range %s %s)", r->low->real->name, r->high->real->name);
    }
}

static void add_level(struct work *w, const struct seclevel *level)
{
    if (!w->policy->mls || !level) {
        buf_puts(w->out, "(s0)");
        return;
    }
    buf_printf(w->out, "(%s", level->sensitivity->real->name);
    if (level->n_ranges) {
        buf_puts(w->out, " (");
        add_categories(w, level);
        buf_putc(w->out, ')');
    }
    buf_putc(w->out, ')');
}

static void add_range(struct work *w, const struct secrange *range)
{
    buf_putc(w->out, '(');
    add_level(w, range ? range->low : NULL);
    buf_putc(w->out, ' ');
    add_level(w, range ? range->high : NULL);
    buf_putc(w->out, ')');
}

static void add_context(struct work *w, const struct context *c)
{
    buf_printf(w->out, "(%s %s %s ", c->user->name, c->role->name, c->type->real->name);
    add_range(w, c->range);
    buf_putc(w->out, ')');
}

/* ---- declarations ----------------------------------------------------------------------------------------------------- */

static void write_classes(struct work *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->commons.n; i++) {
        const struct common *c = p->commons.items[i];

        check_name(w, c->name, "common", c->span);
        buf_printf(w->out, "(common %s (", c->name);
        for (j = 0; j < c->n_perms; j++)
            buf_printf(w->out, "%s%s", j ? " " : "", c->perms[j]);
        buf_puts(w->out, "))\n");
    }
    for (i = 0; i < p->classes.n; i++) {
        const struct object_class *oc = p->classes.items[i];
        unsigned int first = oc->common ? oc->common->n_perms : 0;

        check_name(w, oc->class->name, "class", oc->class->span);
        buf_printf(w->out, "(class %s (", oc->class->name);
        for (j = first; j < oc->class->n_perms; j++) {
            check_name(w, oc->class->perms[j].name, "permission", oc->class->perms[j].span);
            buf_printf(w->out, "%s%s", j > first ? " " : "", oc->class->perms[j].name);
        }
        buf_puts(w->out, "))\n");
        if (oc->common)
            buf_printf(w->out, "(classcommon %s %s)\n", oc->class->name, oc->common->name);
    }
    buf_puts(w->out, "(classorder (");
    for (i = 0; i < p->classes.n; i++)
        buf_printf(w->out, "%s%s", i ? " " : "", p->classes.items[i]->class->name);
    buf_puts(w->out, "))\n");
    for (i = 0; i < p->sids.n; i++) {
        check_name(w, p->sids.items[i].isid->name, "initial SID", p->sids.items[i].isid->span);
        buf_printf(w->out, "(sid %s)\n", p->sids.items[i].isid->name);
    }
    buf_puts(w->out, "(sidorder (");
    for (i = 0; i < p->sids.n; i++)
        buf_printf(w->out, "%s%s", i ? " " : "", p->sids.items[i].isid->name);
    buf_puts(w->out, "))\n");
}

static void write_defaults(struct work *w)
{
    static const char *const froms[] = { "", "source", "target" };
    static const char *const ranges[] = {
        "", "source low", "source high", "source low-high", "target low", "target high", "target low-high",
    };
    const struct policy *p = w->policy;
    unsigned int i;

    for (i = 0; i < p->classes.n; i++) {
        const struct object_class *c = p->classes.items[i];

        if (c->user_from)
            buf_printf(w->out, "(defaultuser %s %s)\n", c->class->name, froms[c->user_from]);
        if (c->role_from)
            buf_printf(w->out, "(defaultrole %s %s)\n", c->class->name, froms[c->role_from]);
        if (c->type_from)
            buf_printf(w->out, "(defaulttype %s %s)\n", c->class->name, froms[c->type_from]);
        if (c->range_from)
            buf_printf(w->out, "(defaultrange %s %s)\n", c->class->name, ranges[c->range_from]);
    }
}

static void write_sensitivities(struct work *w)
{
    const struct policy *p = w->policy;
    const char **by_rank = arena_array(w->arena, p->n_ranked, sizeof(*by_rank));
    unsigned int i;

    for (i = 0; i < p->sensitivities.n; i++) {
        const struct sensitivity *s = p->sensitivities.items[i];

        check_name(w, s->name, "sensitivity", s->span);
        if (s->real == s) {
            buf_printf(w->out, "(sensitivity %s)\n", s->name);
            by_rank[s->rank] = s->name;
        } else {
            buf_printf(w->out, "(sensitivityalias %s)\n(sensitivityaliasactual %s %s)\n", s->name, s->name, s->real->name);
        }
    }
    buf_puts(w->out, "(sensitivityorder (");
    for (i = 0; i < p->n_ranked; i++)
        buf_printf(w->out, "%s%s", i ? " " : "", by_rank[i]);
    buf_puts(w->out, "))\n");
}

static void write_mls(struct work *w)
{
    const struct policy *p = w->policy;
    const char **names = arena_array(w->arena, p->n_categories, sizeof(*names));
    unsigned int i;

    if (!p->mls) {
        /* CIL wants a level in any case. */
        buf_puts(w->out, "(mls false)\n(sensitivity s0)\n(sensitivityorder (s0))\n");
        return;
    }
    buf_puts(w->out, "(mls true)\n");
    write_sensitivities(w);
    for (i = 0; i < p->categories.n; i++) {
        const struct category *c = p->categories.items[i];

        check_name(w, c->name, "category", c->span);
        if (c->real == c) {
            buf_printf(w->out, "(category %s)\n", c->name);
            names[c->number] = c->name;
        } else {
            buf_printf(w->out, "(categoryalias %s)\n(categoryaliasactual %s %s)\n", c->name, c->name, c->real->name);
        }
    }
    if (p->n_categories) {
        buf_puts(w->out, "(categoryorder (");
        for (i = 0; i < p->n_categories; i++)
            buf_printf(w->out, "%s%s", i ? " " : "", names[i]);
        buf_puts(w->out, "))\n");
    }
    for (i = 0; i < p->sensitivities.n; i++) {
        const struct sensitivity *s = p->sensitivities.items[i];

        if (s->real != s || !s->level->n_ranges)
            continue;
        buf_printf(w->out, "(sensitivitycategory %s (", s->name);
        add_categories(w, s->level);
        buf_puts(w->out, "))\n");
    }
}

static void write_types(struct work *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->n_numbered; i++) {
        const struct type *t = p->numbered[i];

        check_name(w, t->name, t->kind == KIND_TYPE ? "type" : "attribute", t->span);
        buf_printf(w->out, "(%s %s)\n", t->kind == KIND_TYPE ? "type" : "typeattribute", t->name);
    }
    for (i = 0; i < p->types.n; i++) {
        const struct type *t = p->types.items[i];

        if (t->kind != KIND_ALIAS)
            continue;
        check_name(w, t->name, "type", t->span);
        buf_printf(w->out, "(typealias %s)\n(typealiasactual %s %s)\n", t->name, t->name, t->real->name);
    }
    for (i = 0; i < p->n_numbered; i++) {
        const struct type *t = p->numbered[i];

        if (t->kind == KIND_ATTRIBUTE) {
            if (t->n_members) {
                buf_printf(w->out, "(typeattributeset %s (", t->name);
                for (j = 0; j < t->n_members; j++)
                    buf_printf(w->out, "%s%s", j ? " " : "", t->members[j]->name);
                buf_puts(w->out, "))\n");
            }
            /* Left alone, secilc drops small and unused attributes. */
            buf_printf(w->out, "(expandtypeattribute (%s) %s)\n", t->name, t->expand ? "true" : "false");
        }
        if (t->bounds)
            buf_printf(w->out, "(typebounds %s %s)\n", t->bounds->real->name, t->name);
        if (t->permissive)
            buf_printf(w->out, "(typepermissive %s)\n", t->name);
    }
}

static void write_role_types(struct work *w, const struct role *r, const struct role *of)
{
    struct sides s;
    unsigned int i, j;

    for (i = 0; i < of->types.n; i++) {
        s = sides(w, of->types.items[i], false);
        for (j = 0; j < s.n; j++)
            buf_printf(w->out, "(roletype %s %s)\n", r->name, s.names[j]);
    }
}

static void write_roles(struct work *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->roles.n; i++) {
        const struct role *r = p->roles.items[i];

        if (r->attribute)
            continue;
        check_name(w, r->name, "role", r->span);
        buf_printf(w->out, "(role %s)\n", r->name);
        write_role_types(w, r, r);
        for (j = 0; j < r->attributes.n; j++)
            write_role_types(w, r, r->attributes.items[j]);
        if (r->bounds)
            buf_printf(w->out, "(rolebounds %s %s)\n", r->bounds->name, r->name);
        if (r->dominates.n)
            diag_add(p->diags, &RULE_UNSUPPORTED, r->span, "CIL cannot say that role `%s` dominates another", r->name);
    }
}

/* The names of the roles in a set. */
static struct sides role_sides(struct work *w, const struct roleset *set)
{
    const struct policy *p = w->policy;
    struct bits bits = bits_create(w->arena, p->n_roles);
    struct sides s = { arena_array(w->arena, p->n_roles, sizeof(*s.names)), 0 };
    unsigned int i;

    policy_expand_roles(p, set, &bits);
    for (i = 0; i < p->roles.n; i++)
        if (!p->roles.items[i]->attribute && bits_test(&bits, p->roles.items[i]->number))
            s.names[s.n++] = p->roles.items[i]->name;
    return s;
}

static void write_users(struct work *w)
{
    const struct policy *p = w->policy;
    struct sides s;
    unsigned int i, j, k;

    for (i = 0; i < p->users.n; i++) {
        const struct user *u = p->users.items[i];

        check_name(w, u->name, "user", u->span);
        /* Every user has object_r: said nowhere else, but secilc wants to be told. */
        buf_printf(w->out, "(user %s)\n(userrole %s object_r)\n", u->name, u->name);
        for (j = 0; j < u->roles.n; j++) {
            s = role_sides(w, u->roles.items[j]);
            for (k = 0; k < s.n; k++)
                buf_printf(w->out, "(userrole %s %s)\n", u->name, s.names[k]);
        }
        buf_printf(w->out, "(userlevel %s ", u->name);
        add_level(w, u->level);
        buf_printf(w->out, ")\n(userrange %s ", u->name);
        add_range(w, u->range);
        buf_puts(w->out, ")\n");
        if (u->bounds)
            buf_printf(w->out, "(userbounds %s %s)\n", u->bounds->name, u->name);
    }
    for (i = 0; i < p->booleans.n; i++) {
        const struct boolean *b = p->booleans.items[i];

        if (b->tunable)
            continue;
        check_name(w, b->name, "boolean", b->span);
        buf_printf(w->out, "(boolean %s %s)\n", b->name, b->value ? "true" : "false");
    }
}

/* ---- rules -------------------------------------------------------------------------------------------------------------- */

static void write_rule(struct work *w, const struct policy_rule *r)
{
    static const char *const words[] = {
        [AV_ALLOW] = "allow", [AV_AUDITALLOW] = "auditallow", [AV_DONTAUDIT] = "dontaudit",
        [AV_NEVERALLOW] = "neverallow", [TE_TRANSITION] = "typetransition", [TE_MEMBER] = "typemember",
        [TE_CHANGE] = "typechange",
    };
    struct sides s, o;
    unsigned int i, j, k;

    both_sides(w, r->subjects, r->objects, &s, &o);
    if (!r->condition || r->condition->tunable)
        mark(w, r->span.file || !r->origin ? r->span : r->origin->span);
    comment(w, r->origin);
    for (i = 0; i < r->n_access; i++) {
        if (r->kind < TE_TRANSITION && !r->access[i].perms)
            continue;
        for (j = 0; j < s.n; j++)
            for (k = 0; k < o.n; k++) {
                buf_printf(w->out, "(%s %s %s ", words[r->kind], s.names[j], o.names[k]);
                if (r->kind < TE_TRANSITION)
                    add_perms(w, &r->access[i]);
                else
                    buf_printf(w->out, "%s %s", r->access[i].class->name, r->result->name);
                buf_puts(w->out, ")\n");
            }
    }
}

static void add_bool_expr(struct work *w, const struct bool_expr *e)
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

static struct branches sort_branches(struct work *w)
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

static void write_branch(struct work *w, const struct branches *b, unsigned int which, const char *word)
{
    unsigned int i;

    if (b->first[which] == b->first[which + 1])
        return;
    buf_printf(w->out, "(%s\n", word);
    for (i = b->first[which]; i < b->first[which + 1]; i++)
        write_rule(w, b->rules[i]);
    buf_puts(w->out, ")\n");
}

static void write_conditions(struct work *w)
{
    const struct policy *p = w->policy;
    struct branches b = sort_branches(w);
    unsigned int i;

    for (i = 0; i < p->conditions.n; i++) {
        const struct condition *c = p->conditions.items[i];
        struct sides s, o;
        unsigned int j;

        if (c->tunable || c->same != c)
            continue;
        if (b.first[2 * c->number] == b.first[2 * c->number + 2])
            continue;
        /* Attributes cannot be declared inside. */
        for (j = b.first[2 * c->number]; j < b.first[2 * c->number + 2]; j++)
            both_sides(w, b.rules[j]->subjects, b.rules[j]->objects, &s, &o);
        /* Nor can there be marks: the statement has that of its condition. */
        mark(w, c->span);
        buf_puts(w->out, "(booleanif ");
        add_bool_expr(w, c->expr);
        buf_putc(w->out, '\n');
        write_branch(w, &b, 2 * c->number, "true");
        write_branch(w, &b, 2 * c->number + 1, "false");
        buf_puts(w->out, ")\n");
    }
    end_mark(w);
}

static void write_rules(struct work *w)
{
    const struct policy *p = w->policy;
    unsigned int i;
    bool otherwise;

    for (i = 0; i < p->rules.n; i++)
        if (p->rules.items[i].live && !policy_condition_of(&p->rules.items[i], &otherwise))
            write_rule(w, &p->rules.items[i]);
    end_mark(w);
    write_conditions(w);
}

static void write_role_rules(struct work *w)
{
    const struct policy *p = w->policy;
    struct sides from, to, types;
    unsigned int i, a, b, c;

    for (i = 0; i < p->role_rules.n; i++) {
        const struct role_rule *r = &p->role_rules.items[i];

        from = role_sides(w, r->from);
        to = role_sides(w, r->to);
        if (r->kind == ROLE_RULE_ALLOW) {
            mark(w, r->span);
            for (a = 0; a < from.n; a++)
                for (b = 0; b < to.n; b++)
                    buf_printf(w->out, "(roleallow %s %s)\n", from.names[a], to.names[b]);
            continue;
        }
        types = sides(w, r->types, false);
        mark(w, r->span);
        for (a = 0; a < from.n; a++)
            for (b = 0; b < types.n; b++)
                for (c = 0; c < r->n_classes; c++)
                    buf_printf(w->out, "(roletransition %s %s %s %s)\n", from.names[a], types.names[b],
                               r->classes[c]->name, to.names[0]);
    }
    for (i = 0; p->mls && i < p->range_rules.n; i++) {
        const struct range_rule *r = &p->range_rules.items[i];

        both_sides(w, r->subjects, r->objects, &from, &to);
        mark(w, r->span);
        for (a = 0; a < from.n; a++)
            for (b = 0; b < to.n; b++)
                for (c = 0; c < r->n_classes; c++) {
                    buf_printf(w->out, "(rangetransition %s %s %s ", from.names[a], to.names[b], r->classes[c]->name);
                    add_range(w, r->range);
                    buf_puts(w->out, ")\n");
                }
    }
    end_mark(w);
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

static void add_names(struct work *w, const struct cexpr *e)
{
    struct sides s = { NULL, 0 };
    unsigned int i;

    if (e->attr == CX_TYPE) {
        s = sides(w, e->types, false);
    } else if (e->attr == CX_ROLE) {
        s = role_sides(w, e->roles);
    } else {
        s = (struct sides){ arena_array(w->arena, e->n_users, sizeof(*s.names)), e->n_users };
        for (i = 0; i < e->n_users; i++)
            s.names[i] = e->users[i]->name;
    }
    buf_putc(w->out, '(');
    for (i = 0; i < s.n; i++)
        buf_printf(w->out, "%s%s", i ? " " : "", s.names[i]);
    buf_putc(w->out, ')');
}

static void add_cexpr(struct work *w, const struct cexpr *e)
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
static void make_sets(struct work *w, const struct cexpr *e)
{
    if (e->op <= CX_OR) {
        make_sets(w, e->a);
        if (e->op != CX_NOT)
            make_sets(w, e->b);
    } else if (e->op == CX_NAMES && e->attr == CX_TYPE) {
        sides(w, e->types, false);
    }
}

static void write_constraints(struct work *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->constraints.n; i++) {
        const struct constraint *c = &p->constraints.items[i];
        bool validate = c->kind == VALIDATETRANS || c->kind == MLSVALIDATETRANS;

        make_sets(w, c->expr);
        mark(w, c->span);
        for (j = 0; j < c->n_access; j++) {
            if (!validate && !c->access[j].perms)
                continue;
            buf_printf(w->out, "(%s%s ", compares_levels(c->expr) ? "mls" : "", validate ? "validatetrans" : "constrain");
            if (validate)
                buf_puts(w->out, c->access[j].class->name);
            else
                add_perms(w, &c->access[j]);
            buf_putc(w->out, ' ');
            add_cexpr(w, c->expr);
            buf_puts(w->out, ")\n");
        }
    }
    end_mark(w);
}

/* ---- labels --------------------------------------------------------------------------------------------------------------- */

/* And so has object_r the types it is used with. */
static void object_types(struct work *w, const struct context *c, struct bits *done)
{
    if (c->role->number || bits_test(done, c->type->real->number))
        return;
    bits_set(done, c->type->real->number);
    buf_printf(w->out, "(roletype object_r %s)\n", c->type->real->name);
}

static void write_object_types(struct work *w)
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

static void write_labels(struct work *w)
{
    static const char *const words[] = {
        [RESOURCE_PIRQ] = "pirqcon", [RESOURCE_IOMEM] = "iomemcon", [RESOURCE_IOPORT] = "ioportcon",
        [RESOURCE_PCI] = "pcidevicecon", [RESOURCE_DTDEV] = "devicetreecon",
    };
    const struct policy *p = w->policy;
    unsigned int i, kind;

    for (i = 0; i < p->sids.n; i++) {
        mark(w, p->sids.items[i].span);
        buf_printf(w->out, "(sidcontext %s ", p->sids.items[i].isid->name);
        add_context(w, p->sids.items[i].context);
        buf_puts(w->out, ")\n");
    }
    for (kind = 0; kind < N_RESOURCES; kind++)
        for (i = 0; i < p->resources[kind].n; i++) {
            const struct resource *r = &p->resources[kind].items[i];

            mark(w, r->span);
            buf_printf(w->out, "(%s ", words[kind]);
            if (r->path)
                buf_printf(w->out, "\"%s\"", r->path);
            else if (r->low == r->high)
                buf_printf(w->out, "%llu", (unsigned long long)r->low);
            else
                buf_printf(w->out, "(%llu %llu)", (unsigned long long)r->low, (unsigned long long)r->high);
            buf_putc(w->out, ' ');
            add_context(w, r->context);
            buf_puts(w->out, ")\n");
        }
    end_mark(w);
}

bool cil_emit(struct policy *p, struct buf *out)
{
    static const char *const unknown[] = {
        [UNKNOWN_UNSET] = "deny", [UNKNOWN_DENY] = "deny", [UNKNOWN_ALLOW] = "allow", [UNKNOWN_REJECT] = "reject",
    };
    struct work w = { .policy = p, .arena = p->arena, .out = out };
    unsigned int i, errors = diags_count(p->diags, LEVEL_ERROR);

    buf_printf(out, "(handleunknown %s)\n", unknown[p->handle_unknown]);
    write_classes(&w);
    write_mls(&w);
    write_defaults(&w);
    for (i = 0; i < p->policycaps.n; i++)
        buf_printf(out, "(policycap %s)\n", p->policycaps.items[i].name);
    write_types(&w);
    write_roles(&w);
    write_users(&w);
    write_rules(&w);
    write_role_rules(&w);
    write_constraints(&w);
    write_object_types(&w);
    write_labels(&w);
    return diags_count(p->diags, LEVEL_ERROR) == errors;
}
