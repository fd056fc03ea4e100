/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts that statements of policy.conf are made of: words, sets, levels, contexts. */
#define _GNU_SOURCE
#include "back/conf-text.h"

#include <string.h>

/* ---- words --------------------------------------------------------------------------------------------------------- */

void conf_add_blank(struct conf *w)
{
    const char *text = buf_text(w->out), *line = memrchr(text, '\n', w->out->len);

    buf_putc(w->out, (size_t)(text + w->out->len - (line ? line : text)) > CONF_LONG_LINE ? '\n' : ' ');
}

void conf_add_word(struct conf *w, const char *prefix, const char *word)
{
    conf_add_blank(w);
    buf_puts(w->out, prefix);
    buf_puts(w->out, word);
}

/* ---- sets ---------------------------------------------------------------------------------------------------------- */

void conf_add_types(struct conf *w, const struct typeset *set, bool wild)
{
    const struct policy *p = w->policy;
    bool expand = (set->all || set->complement) && !wild;
    unsigned int i;

    if (!expand && !set->self && set->n_in + set->n_out == 1 && !set->all) {
        buf_printf(w->out, "%s%s", set->complement ? "~" : "", set->in[0]->real->name);
        return;
    }
    if (set->all && wild && !set->n_out && !set->self) {
        buf_putc(w->out, '*');
        return;
    }
    /* `*` with something taken away cannot be said in so many words. */
    if (set->all && wild && !set->self) {
        buf_puts(w->out, "~{");
        for (i = 0; i < set->n_out; i++)
            conf_add_word(w, "", set->out[i]->real->name);
        buf_puts(w->out, " }");
        return;
    }
    if (set->all || (set->complement && (expand || set->self)))
        expand = true;
    buf_puts(w->out, set->complement && !expand ? "~{" : "{");
    if (expand) {
        policy_expand(p, set, &w->types);
        for (i = bits_next(&w->types, 0); i < w->types.n; i = bits_next(&w->types, i + 1))
            conf_add_word(w, "", p->numbered[i]->name);
    } else {
        for (i = 0; i < set->n_in; i++)
            conf_add_word(w, "", set->in[i]->real->name);
        for (i = 0; i < set->n_out; i++)
            conf_add_word(w, "-", set->out[i]->real->name);
    }
    if (set->self)
        buf_puts(w->out, " self");
    buf_puts(w->out, " }");
}

bool conf_set_empty(struct conf *w, const struct typeset *set)
{
    if (set->self || (set->n_in && !set->n_out && !set->complement && !set->all))
        return false;
    policy_expand(w->policy, set, &w->types);
    return bits_empty(&w->types);
}

/* Role attributes are kept as written; what is taken away from a set is not something the dialect can say. */
void conf_add_roles(struct conf *w, const struct roleset *set)
{
    const struct policy *p = w->policy;
    struct bits bits = bits_create(p->arena, p->n_roles);
    bool expand = set->all || set->complement || set->n_out;
    unsigned int i;

    buf_puts(w->out, "{");
    for (i = 0; !expand && i < set->n_in; i++)
        conf_add_word(w, "", set->in[i]->name);
    if (expand)
        policy_expand_roles(p, set, &bits);
    for (i = 0; i < p->roles.n; i++)
        if (!p->roles.items[i]->attribute && bits_test(&bits, p->roles.items[i]->number))
            conf_add_word(w, "", p->roles.items[i]->name);
    buf_puts(w->out, " }");
}

void conf_add_perms(struct conf *w, const struct access *a)
{
    const char *names[32];
    unsigned int n = policy_perm_names(w->policy, a->class, a->perms, names), i;

    if (n == 1) {
        buf_puts(w->out, names[0]);
        return;
    }
    buf_putc(w->out, '{');
    for (i = 0; i < n; i++)
        conf_add_word(w, "", names[i]);
    buf_puts(w->out, " }");
}

/* ---- levels and contexts --------------------------------------------------------------------------------------------- */

void conf_add_level(struct conf *w, const struct seclevel *level)
{
    unsigned int i;

    buf_puts(w->out, level->sensitivity->real->name);
    for (i = 0; i < level->n_ranges; i++) {
        const struct category_range *r = &level->ranges[i];

        buf_putc(w->out, i ? ',' : ':');
        if (i)
            conf_add_word(w, "", r->low->real->name);
        else
            buf_puts(w->out, r->low->real->name);
        if (r->low->real != r->high->real)
            buf_printf(w->out, ".%s", r->high->real->name);
    }
}

void conf_add_range(struct conf *w, const struct secrange *range)
{
    conf_add_level(w, range->low);
    if (range->high != range->low) {
        buf_puts(w->out, " -");
        conf_add_blank(w);
        conf_add_level(w, range->high);
    }
}

void conf_add_context(struct conf *w, const struct context *c)
{
    buf_printf(w->out, "%s:%s:%s", c->user->name, c->role->name, c->type->real->name);
    if (w->policy->mls && c->range) {
        buf_putc(w->out, ':');
        conf_add_range(w, c->range);
    }
    buf_putc(w->out, '\n');
}
