/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The import, commands: which of them reach a hook, read off the switches of the hypervisor that carry them out, and which
 * further hooks are called there. Calls are followed by name, three functions deep; in a function that has a case for the
 * command only that case counts.
 */
#include <string.h>

#include "tree/import-inside.h"

enum { MOST_DEEP = 3, MOST_NAMESAKES = 4, MOST_VISITS = 400 };

bool import_names_hold(const struct import_names *n, const char *name)
{
    unsigned int i;

    for (i = 0; i < n->n; i++)
        if (!strcmp(n->items[i], name))
            return true;
    return false;
}

static void add(struct import *im, struct import_names *n, const char *name)
{
    if (!import_names_hold(n, name))
        *(const char **)arena_push(im->arena, (void **)&n->items, &n->n, &n->cap, sizeof(char *)) = name;
}

/* The security modules and what is compiled into them. */
static bool is_module(const struct tree_file *file)
{
    return !strncmp(file->path, "xen/xsm/", 8) || !strncmp(file->path, "xen/include/xsm/", 16);
}

void import_cases(struct import *im)
{
    const struct tree_function *const *functions;
    unsigned int i, j, k, l, n = tree_functions(im->t, &functions);

    for (i = 0; i < n; i++) {
        if (is_module(functions[i]->file))
            continue;
        for (j = 0; j < functions[i]->n_switches; j++)
            for (k = 0; k < functions[i]->switches[j]->n_cases; k++)
                for (l = 0; l < functions[i]->switches[j]->cases[k]->n_labels; l++) {
                    const struct tree_case *c = functions[i]->switches[j]->cases[k];

                    if (c->labels[l].name)
                        tree_map_add(im->t, &im->cases, c->labels[l].name, (void *)c);
                }
    }
}

static bool switch_holds(const struct tree_switch *sw, const struct import_names *names)
{
    unsigned int i, j;

    for (i = 0; i < sw->n_cases; i++)
        for (j = 0; j < sw->cases[i]->n_labels; j++)
            if (sw->cases[i]->labels[j].name && import_names_hold(names, sw->cases[i]->labels[j].name))
                return true;
    return false;
}

/* How much of the beginning all have in common, up to an underscore. */
static size_t common_prefix(const struct import_names *names)
{
    size_t n = names->n ? strlen(names->items[0]) : 0;
    unsigned int i;

    for (i = 1; i < names->n; i++) {
        size_t k = 0;

        while (k < n && names->items[i][k] == names->items[0][k])
            k++;
        n = k;
    }
    while (n && names->items[0][n - 1] != '_')
        n--;
    return n;
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* The further commands of the switches that have a case for one of those listed. */
static void siblings(struct import *im, struct import_names *listed)
{
    const struct import_names known = *listed;
    size_t prefix = common_prefix(&known);
    bool lower = true;
    unsigned int i, j, k, l;

    for (i = 0; i < known.n; i++)
        lower = lower && is_lower(known.items[i][prefix]);
    for (i = 0; prefix && i < known.n; i++) {
        const struct tree_list *cases = map_get(&im->cases, NULL, names_get(im->t->names, known.items[i]));

        for (j = 0; cases && j < cases->n; j++) {
            const struct tree_switch *sw = ((const struct tree_case *)cases->items[j])->of;

            if (switch_holds(sw, &known))
                for (k = 0; k < sw->n_cases; k++)
                    for (l = 0; l < sw->cases[k]->n_labels; l++) {
                        const char *name = sw->cases[k]->labels[l].name;

                        if (name && !strncmp(name, known.items[0], prefix) && (!lower || is_lower(name[prefix])))
                            add(im, listed, name);
                    }
        }
    }
}

bool import_handled(struct import *im, const struct import_hook *h, unsigned int param, struct import_names *listed)
{
    const struct tree_call *const *calls;
    unsigned int i, j, n = tree_calls_of(im->t, arena_printf(im->arena, "xsm_%s", h->name), &calls);
    bool all = false;

    for (i = 0; i < n; i++) {
        const struct tree_call *c = calls[i];
        unsigned int at = param + (c->n_args > h->n_params);
        const struct tree_case *in;
        const char *arg;

        if (is_module(c->function ? c->function->file : tree_file_of(im->t, c->span)) || at >= c->n_args)
            continue;
        arg = tree_text(im->t, c->args[at]);
        if (map_get(&im->cases, NULL, names_get(im->t->names, arg)) || (*arg >= 'A' && *arg <= 'Z')) {
            add(im, listed, names_get(im->t->names, arg));
            continue;
        }
        for (in = c->in; in; in = in->of->in)
            if (!strcmp(tree_text(im->t, in->of->on), arg))
                break;
        for (j = 0; in && j < in->n_labels; j++)
            if (in->labels[j].name)
                add(im, listed, in->labels[j].name);
        all = all || !in;
    }
    if (all)
        siblings(im, listed);
    return all;
}

/* ---- hooks further in ---- */

struct visit {
    struct import *im;
    const struct import_hook *from;
    const char *command;
    const struct import_names *table;
    const void *seen[MOST_VISITS];
    unsigned int n_seen;
    struct import_names found;
};

/* An access hook that a call is of, or NULL. */
static const struct import_hook *hook_called(const struct visit *v, const struct tree_call *c)
{
    const struct import_hook *h;

    if (!c->callee || c->indirect || strncmp(c->callee, "xsm_", 4))
        return NULL;
    h = map_get(&v->im->by_name, NULL, names_get(v->im->t->names, c->callee + 4));
    return h && h != v->from && h->dummy && c->n_args && !strncmp(tree_text(v->im->t, c->args[0]), "XSM_", 4) ? h : NULL;
}

static bool within(struct span inner, struct span outer)
{
    return inner.file == outer.file && inner.start >= outer.start && inner.end <= outer.end;
}

/* What is carried out for a case: its statements, and those of the next one if it goes on. */
static struct span carried_out(const struct tree_case *c)
{
    struct span span = c->body;
    unsigned int i;
    bool on = false;

    for (i = 0; i < c->of->n_cases; i++) {
        if (c->of->cases[i] == c)
            on = true;
        if (on) {
            span.end = c->of->cases[i]->body.end;
            if (!c->of->cases[i]->falls)
                break;
        }
    }
    return span;
}

/* The part of a function that a command takes: its case; nothing if others of its table have one; else all of it. */
static struct span part(const struct visit *v, const struct tree_function *f)
{
    const struct tree_switch *family = NULL;
    const struct tree_case *fallback = NULL;
    unsigned int i, j, k;

    for (i = 0; i < f->n_switches; i++)
        for (j = 0; j < f->switches[i]->n_cases; j++)
            for (k = 0; k < f->switches[i]->cases[j]->n_labels; k++) {
                const char *name = f->switches[i]->cases[j]->labels[k].name;

                if (name && !strcmp(name, v->command))
                    return carried_out(f->switches[i]->cases[j]);
                if (name && import_names_hold(v->table, name))
                    family = f->switches[i];
            }
    for (i = 0; family && i < family->n_cases; i++)
        for (k = 0; k < family->cases[i]->n_labels; k++)
            if (!family->cases[i]->labels[k].name)
                fallback = family->cases[i];
    if (fallback)
        return carried_out(fallback);
    return family ? (struct span){ f->body.file, f->body.end, f->body.end } : f->body;
}

static void look(struct visit *v, const struct tree_function *f, struct span span, unsigned int deep)
{
    unsigned int i, j, before = v->found.n;

    for (i = 0; i < f->n_calls; i++) {
        const struct import_hook *h = within(f->calls[i].span, span) ? hook_called(v, &f->calls[i]) : NULL;

        if (h)
            add(v->im, &v->found, h->name);
    }
    if (v->found.n > before || !deep)
        return;
    for (i = 0; i < f->n_calls; i++) {
        const struct tree_function *const *callees;
        unsigned int n;

        if (!within(f->calls[i].span, span) || !f->calls[i].callee || f->calls[i].indirect)
            continue;
        n = tree_functions_named(v->im->t, f->calls[i].callee, &callees);
        for (j = 0; j < n && n <= MOST_NAMESAKES; j++) {
            unsigned int k;

            for (k = 0; k < v->n_seen && v->seen[k] != callees[j]; k++)
                ;
            if (k < v->n_seen || v->n_seen == MOST_VISITS || is_module(callees[j]->file) ||
                (callees[j]->is_static && callees[j]->file != f->file && !callees[j]->is_inline))
                continue;
            v->seen[v->n_seen++] = callees[j];
            look(v, callees[j], part(v, callees[j]), deep - 1);
        }
    }
}

/* Where every place that carries a command out calls one hook and some call another first, that one is what it defers to. */
static void intersect(struct import_names *found, const struct import_names *each, unsigned int n)
{
    unsigned int i, j, kept = 0;

    for (i = 0; i < found->n; i++) {
        bool everywhere = true;

        for (j = 0; j < n; j++)
            everywhere = everywhere && (!each[j].n || import_names_hold(&each[j], found->items[i]));
        if (everywhere)
            found->items[kept++] = found->items[i];
    }
    if (kept)
        found->n = kept;
}

static ptrdiff_t position(const struct import *im, const char *hook)
{
    return import_hook(im, hook) - im->hooks.items;
}

struct import_names import_later(struct import *im, const struct import_hook *h, const struct import_names *table,
                                 const char *command)
{
    const struct tree_list *cases = map_get(&im->cases, NULL, names_get(im->t->names, command));
    struct visit *v = ARENA_NEW(im->arena, struct visit);
    struct import_names all = { 0 }, *each = arena_array(im->arena, cases ? cases->n : 0, sizeof(*each));
    unsigned int i, j;

    for (i = 0; cases && i < cases->n; i++) {
        const struct tree_case *c = cases->items[i];

        memset(v, 0, sizeof(*v));
        *v = (struct visit){ .im = im, .from = h, .command = command, .table = table };
        look(v, c->of->function, carried_out(c), MOST_DEEP);
        each[i] = v->found;
        for (j = 0; j < v->found.n; j++)
            add(im, &all, v->found.items[j]);
    }
    intersect(&all, each, cases ? cases->n : 0);
    for (i = 1; i < all.n; i++)         /* in the order of struct xsm_ops, whichever file was read first */
        for (j = i; j && position(im, all.items[j]) < position(im, all.items[j - 1]); j--) {
            const char *name = all.items[j];

            all.items[j] = all.items[j - 1];
            all.items[j - 1] = name;
        }
    return all;
}
