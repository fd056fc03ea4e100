/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the statements of CIL are made of: line marks, names, sets and levels. CIL wants one name on each side of a rule.
 * A plain list of names becomes a rule for each; a set with `*`, `~` or `-`, and a long list, gets an attribute of its own
 * that secilc is told to resolve and forget.
 */
#include "back/cil-text.h"

#include <ctype.h>
#include <string.h>

#include "text/diag.h"
#include "text/rules.h"

/* A plain list of this many rules is written out, a longer one gets an attribute. */
enum { MOST_RULES = 64 };

/* ---- line marks ------------------------------------------------------------------------------------------------- */

void cil_end_mark(struct cil *w)
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

void cil_mark(struct cil *w, struct span span)
{
    const struct sources *s = diags_sources(w->policy->diags);
    struct place place;

    span = source_written(s, span);
    if (!span.file) {
        cil_end_mark(w);
        return;
    }
    place = source_place(s, span);
    if (span.file == w->marked_file && place.line == w->marked_line)
        return;
    cil_end_mark(w);
    if (!can_mark(place.path))
        return;
    buf_printf(w->out, ";;* lmx %u \"%s\"\n", place.line, place.path);
    w->marked_file = span.file;
    w->marked_line = place.line;
}

/* Where a derived rule comes from, said once for all in a row. */
void cil_comment(struct cil *w, const struct origin *origin)
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
void cil_check_name(struct cil *w, const char *name, const char *what, struct span span)
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
    d = diag_add(w->policy->diags, &RULE_UNSUPPORTED, span, "CIL cannot have a %s called '%s'", what, name);
    diag_help(w->policy->diags, d, "names in CIL begin with a letter, go on with letters, digits, '_' and '-', and are "
                                   "none of its operators");
}

void cil_perms(struct cil *w, const struct access *a)
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
static const char *made_for(struct cil *w, const struct typeset *set)
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
    cil_end_mark(w);
    buf_printf(w->out, "(typeattribute %s)\n(expandtypeattribute (%s) true)\n(typeattributeset %s %s)\n", name, name,
               name, expr);
    return name;
}

struct cil_sides cil_sides(struct cil *w, const struct typeset *set, bool as_one)
{
    bool others = set->n_in || set->all || set->complement, list = is_plain(set) && !as_one;
    struct cil_sides s = { arena_array(w->arena, set->n_in + 2, sizeof(*s.names)), 0 };
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

void cil_both_sides(struct cil *w, const struct typeset *subjects, const struct typeset *objects, struct cil_sides *s,
                       struct cil_sides *o)
{
    bool as_one = (uint64_t)subjects->n_in * objects->n_in > MOST_RULES;

    *s = cil_sides(w, subjects, as_one);
    *o = cil_sides(w, objects, as_one);
}

/* ---- levels and contexts ------------------------------------------------------------------------------------------- */

void cil_categories(struct cil *w, const struct seclevel *level)
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

void cil_level(struct cil *w, const struct seclevel *level)
{
    if (!w->policy->mls || !level) {
        buf_puts(w->out, "(s0)");
        return;
    }
    buf_printf(w->out, "(%s", level->sensitivity->real->name);
    if (level->n_ranges) {
        buf_puts(w->out, " (");
        cil_categories(w, level);
        buf_putc(w->out, ')');
    }
    buf_putc(w->out, ')');
}

void cil_range(struct cil *w, const struct secrange *range)
{
    buf_putc(w->out, '(');
    cil_level(w, range ? range->low : NULL);
    buf_putc(w->out, ' ');
    cil_level(w, range ? range->high : NULL);
    buf_putc(w->out, ')');
}

void cil_context(struct cil *w, const struct context *c)
{
    buf_printf(w->out, "(%s %s %s ", c->user->name, c->role->name, c->type->real->name);
    cil_range(w, c->range);
    buf_putc(w->out, ')');
}

/* The names of the roles in a set. */
struct cil_sides cil_role_sides(struct cil *w, const struct roleset *set)
{
    const struct policy *p = w->policy;
    struct bits bits = bits_create(w->arena, p->n_roles);
    struct cil_sides s = { arena_array(w->arena, p->n_roles, sizeof(*s.names)), 0 };
    unsigned int i;

    policy_expand_roles(p, set, &bits);
    for (i = 0; i < p->roles.n; i++)
        if (!p->roles.items[i]->attribute && bits_test(&bits, p->roles.items[i]->number))
            s.names[s.n++] = p->roles.items[i]->name;
    return s;
}
