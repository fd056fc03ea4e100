/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything goes by names: a hook, command, class, permission or initial SID takes what the one of the same name says. What
 * names another hook or an argument is bound again, to the model's own.
 */
#include <string.h>

#include "base/arena.h"
#include "front/front.h"

struct borrower {
    struct front *f;
    const struct model *from;
};

static const struct hook *lender(const struct borrower *b, const struct hook *h)
{
    unsigned int i;

    for (i = 0; i < b->from->n_hooks; i++)
        if (b->from->hooks[i]->name == h->name)
            return b->from->hooks[i];
    return NULL;
}

/* ---- sentences ---- */

static const struct row *row_like(const struct table *t, const struct row *r)
{
    unsigned int i, j, k;

    for (i = 0; i < t->n_rows; i++) {
        if (r->star && t->rows[i].star)
            return &t->rows[i];
        for (j = 0; j < r->n_keys; j++)
            for (k = 0; k < t->rows[i].n_keys; k++)
                if (t->rows[i].keys[k].name == r->keys[j].name)
                    return &t->rows[i];
    }
    return NULL;
}

static void borrow_table(struct table *t, const struct table *from)
{
    unsigned int i;

    for (i = 0; t && from && i < t->n_rows; i++) {
        const struct row *r = row_like(from, &t->rows[i]);

        if (!r)
            continue;
        if (!t->rows[i].meaning)
            t->rows[i].meaning = r->meaning;
        borrow_table(t->rows[i].sub, r->sub);
    }
}

static void borrow_names(struct borrower *b)
{
    struct model *m = b->f->model;
    unsigned int i, j, k, l;

    for (i = 0; i < m->n_classes; i++)
        for (j = 0; j < b->from->n_classes; j++) {
            struct class *c = m->classes[i];
            const struct class *d = b->from->classes[j];

            if (c->name != d->name)
                continue;
            if (!c->meaning)
                c->meaning = d->meaning;
            for (k = 0; k < c->n_perms; k++)
                for (l = 0; l < d->n_perms; l++)
                    if (c->perms[k].name == d->perms[l].name && !c->perms[k].meaning)
                        c->perms[k].meaning = d->perms[l].meaning;
        }
    for (i = 0; i < m->n_isids; i++)
        for (j = 0; j < b->from->n_isids; j++)
            if (m->isids[i]->name == b->from->isids[j]->name && !m->isids[i]->meaning)
                m->isids[i]->meaning = b->from->isids[j]->meaning;
}

/* ---- where hooks are called from ---- */

/* The argument as this hook's own; false if it has none of that name. */
static bool rebind(struct borrower *b, const struct hook *h, struct expr **e)
{
    struct expr *copy;
    unsigned int i;

    if (!(*e)->param)
        return true;
    copy = ARENA_NEW(b->f->arena, struct expr);
    *copy = **e;
    copy->param = NULL;
    for (i = 0; i < h->n_params; i++)
        if (h->params[i].name == copy->name)
            copy->param = &h->params[i];
    *e = copy;
    return copy->param;
}

/* False if what it names is not there. */
static bool borrow_within(struct borrower *b, const struct hook *h, struct within *to, const struct within *from)
{
    unsigned int i;

    *to = *from;
    if (from->kind == WITHIN_HOOK) {
        to->hook.hook = front_hook(b->f, from->hook.name);
        if (!to->hook.hook)
            return false;
    }
    to->args = arena_array(b->f->arena, from->n_args, sizeof(*to->args));
    for (i = 0; i < from->n_args; i++) {
        to->args[i] = from->args[i];
        if (!rebind(b, h, &to->args[i]))
            return false;
    }
    return true;
}

static void borrow_hook(struct borrower *b, struct hook *h, const struct hook *from)
{
    unsigned int i;

    if (!h->meaning)
        h->meaning = from->meaning;
    borrow_table(h->table, from->table);
    borrow_table(h->flask_table, from->flask_table);
    h->object_reserved |= from->object_reserved;
    if (!from->n_within)
        return;
    h->n_within = 0;
    h->within = arena_array(b->f->arena, from->n_within, sizeof(*h->within));
    for (i = 0; i < from->n_within; i++)
        if (borrow_within(b, h, &h->within[h->n_within], &from->within[i]))
            h->n_within++;
}

void front_borrow(struct front *f, const struct model *from)
{
    struct borrower b = { f, from };
    unsigned int i;

    borrow_names(&b);
    for (i = 0; i < f->model->n_hooks; i++) {
        const struct hook *h = lender(&b, f->model->hooks[i]);

        if (h)
            borrow_hook(&b, f->model->hooks[i], h);
    }
}
