/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The import, hooks that dispatch: the functions are read once for every command, with the command known, and once for a
 * command that nobody names. So it does not matter how a function is written: what is alike comes out alike.
 */
#include <string.h>

#include "tree/import-inside.h"

struct reading import_reading(struct import *im, const struct import_hook *h, const struct tree_function *f,
                              const struct reading_choice *choices, unsigned int n)
{
    return f ? reading_of(&im->world, f, h->names, h->n_params, choices, n) : (struct reading){ .steps = NULL };
}

/* What the function's outermost switch is over; NULL if it has none. */
static const char *selector(struct import *im, const struct import_hook *h, const struct tree_function *f)
{
    return f && f->n_switches ? reading_text(&im->world, f, h->names, h->n_params, f->switches[0]->on) : NULL;
}

static void labels(struct import *im, const struct tree_function *f, struct import_names *names)
{
    const struct tree_switch *sw = f->switches[0];
    unsigned int i, j, k;

    for (i = 0; i < sw->n_cases; i++)
        for (j = 0; j < sw->cases[i]->n_labels; j++) {
            const char *name = sw->cases[i]->labels[j].name;

            for (k = 0; name && k < names->n && strcmp(names->items[k], name); k++)
                ;
            if (name && k == names->n)
                *(const char **)arena_push(im->arena, (void **)&names->items, &names->n, &names->cap, sizeof(char *)) = name;
        }
}

/* Where Flask's function names a command. */
static void written(const struct tree_function *f, struct import_row *r)
{
    const struct tree_switch *sw = f->switches[0];
    unsigned int i, j;

    r->guard = r->base = f->guard;
    for (i = 0; i < sw->n_cases; i++)
        for (j = 0; j < sw->cases[i]->n_labels; j++)
            if (sw->cases[i]->labels[j].name && !strcmp(sw->cases[i]->labels[j].name, r->key)) {
                r->guard = sw->cases[i]->labels[j].guard;
                r->written = sw->cases[i];
            }
}

/* "X == y" or "y == X" where y is an argument: y, and X in *constant. */
static const char *second_selector(struct import *im, const struct import_hook *h, const char *when, const char **constant)
{
    const char *op = when ? strstr(when, " == ") : NULL;
    unsigned int i;

    if (!op || strchr(op + 4, ' '))
        return NULL;
    for (i = 0; i < h->n_params; i++) {
        size_t n = strlen(h->names[i]);

        if (!strcmp(op + 4, h->names[i])) {
            *constant = arena_text(im->arena, when, (size_t)(op - when));
            return h->names[i];
        }
        if ((size_t)(op - when) == n && !memcmp(when, h->names[i], n)) {
            *constant = op + 4;
            return h->names[i];
        }
    }
    return NULL;
}

static void row(struct import *im, const struct import_hook *h, struct import_row *r, const char *on, const char *key)
{
    struct reading_choice choices[2] = { { on, key } };
    struct import_names keys = { 0 };
    unsigned int i;

    r->key = key;
    r->dummy = import_reading(im, h, h->dummy, choices, 1);
    r->flask = import_reading(im, h, h->flask, choices, 1);
    if (r->flask.open_on || r->dummy.open_on) {
        choices[1].selector = r->flask.open_on ? r->flask.open_on : r->dummy.open_on;
        for (i = 0; r->flask.open_on && i < r->flask.n_open_labels; i++)
            *(const char **)arena_push(im->arena, (void **)&keys.items, &keys.n, &keys.cap, sizeof(char *)) =
                r->flask.open_labels[i];
        for (i = 0; r->dummy.open_on && i < r->dummy.n_open_labels; i++)
            if (!import_names_hold(&keys, r->dummy.open_labels[i]))
                *(const char **)arena_push(im->arena, (void **)&keys.items, &keys.n, &keys.cap, sizeof(char *)) =
                    r->dummy.open_labels[i];
    } else if (r->dummy.n > 1) {
        const char *constant = NULL;

        choices[1].selector = second_selector(im, h, r->dummy.steps[0].when, &constant);
        if (choices[1].selector)
            *(const char **)arena_push(im->arena, (void **)&keys.items, &keys.n, &keys.cap, sizeof(char *)) = constant;
    }
    if (!choices[1].selector)
        return;
    r->sub_on = choices[1].selector;
    r->n_sub = keys.n + 1;
    r->sub = arena_array(im->arena, r->n_sub, sizeof(*r->sub));
    for (i = 0; i < r->n_sub; i++) {
        r->sub[i].key = choices[1].selected = i < keys.n ? keys.items[i] : "*";
        r->sub[i].dummy = import_reading(im, h, h->dummy, choices, 2);
        r->sub[i].flask = import_reading(im, h, h->flask, choices, 2);
    }
}

static bool is_param(const struct import_hook *h, const char *name, unsigned int *at)
{
    for (*at = 0; *at < h->n_params; ++*at)
        if (!strcmp(h->names[*at], name))
            return true;
    return false;
}

/* What Flask lets pass here, to be asked for where it is carried out; and what is asked for in both places. */
static bool may_defer(const struct import_row *r)
{
    unsigned int i;

    for (i = 0; i < r->flask.n; i++)
        if (r->flask.steps[i].kind != READING_PERMIT && r->flask.steps[i].kind != READING_CHECK)
            return false;
    return r->flask.n > 0 && !r->sub;
}

struct import_table import_table(struct import *im, const struct import_hook *h)
{
    const char *flask = selector(im, h, h->flask), *dummy = selector(im, h, h->dummy);
    struct import_table t = { .on = flask ? flask : dummy };
    struct import_names keys = { 0 };
    bool defers = false;
    unsigned int i, at;

    if (!t.on)
        return t;
    if (flask && dummy && strcmp(flask, dummy)) {
        t.on = dummy;       /* Flask's is then read as part of each row */
        flask = NULL;
    }
    if (flask)
        labels(im, h->flask, &keys);
    if (dummy)
        labels(im, h->dummy, &keys);
    if (is_param(h, t.on, &at))
        defers = import_handled(im, h, at, &keys);
    t.by_dummy = dummy != NULL;
    t.n = keys.n + 1;
    t.rows = arena_array(im->arena, t.n, sizeof(*t.rows));
    for (i = 0; i < t.n; i++) {
        struct import_row *r = &t.rows[i];

        row(im, h, r, t.on, i < keys.n ? keys.items[i] : "*");
        if (flask)
            written(h->flask, r);
        if (defers && i < keys.n && may_defer(r)) {
            unsigned int j;

            r->later = import_later(im, h, &keys, r->key);
            for (j = 0; j < r->later.n; j++)
                map_put(im->arena, &im->deferred, NULL, names_get(im->t->names, r->later.items[j]), (void *)h);
            t.by_dummy = t.by_dummy || (r->later.n && r->flask.steps[0].kind == READING_PERMIT);
        }
    }
    return t;
}
