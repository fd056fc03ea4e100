/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything is a look-up by a text: the path, then the keys below, from the closest to the farthest. Texts of the old
 * side are made with the new names of its hooks.
 */
#include "review/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "model/print.h"

/* ---- hooks ---- */

static const struct hook *hook_named(const struct model *m, const char *name)
{
    unsigned int i;

    for (i = 0; i < m->n_hooks; i++)
        if (m->hooks[i]->name == name)
            return m->hooks[i];
    return NULL;
}

static bool same_signature(const struct hook *a, const struct hook *b)
{
    unsigned int i;

    if (a->kind != b->kind || a->n_params != b->n_params)
        return false;
    for (i = 0; i < a->n_params; i++)
        if (a->params[i].name != b->params[i].name || strcmp(a->params[i].type, b->params[i].type))
            return false;
    return true;
}

const struct hook *match_hook(const struct model *old_model, const struct model *new_model, const struct hook *old)
{
    const struct hook *found = hook_named(new_model, old->name);
    unsigned int i, n = 0;

    if (found || !old->meaning)
        return found;
    /* Renamed: the only new hook that says the same of itself and takes the same. */
    for (i = 0; i < new_model->n_hooks; i++) {
        const struct hook *h = new_model->hooks[i];

        if (!h->meaning || strcmp(h->meaning, old->meaning) || !same_signature(h, old) || hook_named(old_model, h->name))
            continue;
        found = h;
        n++;
    }
    return n == 1 ? found : NULL;
}

/* ---- keys ---- */

enum { COMMANDS, STAR, LAST, OUTERMOST, PREFIX, N_KEYS };

/* An operation with its texts. */
struct entry {
    const struct operation *op;
    const char *path;
    /*
     * The entry and all commands, if there are any; the same with `*` for the last command; the last check and its
     * commands; the entry and its outermost command; the path without its last check. NULL: it has none.
     */
    const char *keys[N_KEYS];
    bool taken;
};

struct side {
    struct entry *items;
    unsigned int n;
};

static const char *const askers[] = { [ASKED_BY_ANYONE] = "", [ASKED_BY_BOOT] = "(boot)",
                                      [ASKED_BY_HYPERVISOR] = "(hypervisor)", [ASKED_BY_HARDWARE] = "(hardware)" };

enum { DEEPEST = 256 };

/* The commands of a stage, outermost first, into `out`; their number. */
static unsigned int stage_commands(const struct stage *s, const char **out, unsigned int room)
{
    unsigned int n = 0, i;

    for (; s && s->row && n < room; s = s->outer)
        out[n++] = s->key ? s->key->name : "*";
    for (i = 0; i < n / 2; i++) {
        const char *swap = out[i];

        out[i] = out[n - 1 - i];
        out[n - 1 - i] = swap;
    }
    return n;
}

static const char *join(struct arena *a, const char *first, const char *const *rest, unsigned int n)
{
    struct buf out = BUF_INIT;
    const char *text;
    unsigned int i;

    buf_puts(&out, first);
    for (i = 0; i < n; i++)
        buf_printf(&out, "/%s", rest[i]);
    text = arena_text(a, buf_text(&out), out.len);
    buf_free(&out);
    return text;
}

static const char *stage_name(const struct stage *s, const struct model *from, const struct model *to)
{
    const struct hook *h = s->alias ? s->alias : s->hook, *renamed = to ? match_hook(from, to, h) : h;

    return renamed ? renamed->name : h->name;
}

/* `to`: the names that hooks have on the new side count; NULL for the new side itself. */
static void entry_fill(struct arena *a, struct entry *e, const struct operation *op, const struct model *from,
                       const struct model *to)
{
    const char *commands[DEEPEST], *first, *last, *path = askers[op->asker];
    unsigned int n = 0, i, own;

    e->op = op;
    for (i = 0; i < op->n_stages; i++) {
        own = stage_commands(&op->stages[i], commands + n, DEEPEST - n);
        if (i && i + 1 == op->n_stages)
            e->keys[PREFIX] = path;
        path = join(a, arena_printf(a, "%s/%s", path, stage_name(&op->stages[i], from, to)), commands + n, own);
        n += own;
    }
    e->path = path;
    first = arena_printf(a, "%s %s", askers[op->asker], stage_name(&op->stages[0], from, to));
    e->keys[COMMANDS] = n ? join(a, first, commands, n) : NULL;
    if (n && strcmp(commands[n - 1], "*")) {
        const char *command = commands[n - 1];

        commands[n - 1] = "*";
        e->keys[STAR] = join(a, first, commands, n);
        commands[n - 1] = command;
    }
    own = stage_commands(operation_last(op), commands, DEEPEST);
    last = stage_name(operation_last(op), from, to);
    e->keys[LAST] = join(a, last, commands, own);
    own = stage_commands(&op->stages[0], commands, DEEPEST);
    e->keys[OUTERMOST] = own ? join(a, first, commands, 1) : NULL;
}

static struct side side_make(struct arena *a, const struct operations *ops, const struct model *from,
                             const struct model *to)
{
    struct side s = { arena_array(a, ops->n, sizeof(struct entry)), ops->n };
    unsigned int i;

    for (i = 0; i < ops->n; i++)
        entry_fill(a, &s.items[i], &ops->items[i], from, to);
    return s;
}

/* ---- pairing ---- */

/* One text of one entry. */
struct handle {
    const char *text;
    struct entry *entry;
};

static int handle_compare(const void *a, const void *b)
{
    const struct handle *x = a, *y = b;
    int order = strcmp(x->text, y->text);

    return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

struct index {
    struct handle *items;
    unsigned int n;
};

/* All entries of a side by their path (which < 0) or one of their keys. */
static struct index index_make(struct arena *a, const struct side *s, int which)
{
    struct index x = { arena_array(a, s->n, sizeof(struct handle)), 0 };
    unsigned int i;

    for (i = 0; i < s->n; i++) {
        const char *text = which < 0 ? s->items[i].path : s->items[i].keys[which];

        if (text)
            x.items[x.n++] = (struct handle){ text, &s->items[i] };
    }
    if (x.n)
        qsort(x.items, x.n, sizeof(*x.items), handle_compare);
    return x;
}

/* The first of the entries with this text, and their number. */
static const struct handle *index_find(const struct index *x, const char *text, unsigned int *n)
{
    unsigned int low = 0, high = x->n;

    *n = 0;
    while (low < high) {
        unsigned int middle = low + (high - low) / 2;

        if (strcmp(x->items[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + *n < x->n && !strcmp(x->items[low + *n].text, text))
        ++*n;
    return &x->items[low];
}

/* The indices of one side. */
struct indices {
    struct index paths, keys[N_KEYS];
};

static struct indices indices_make(struct arena *a, const struct side *s)
{
    struct indices x = { .paths = index_make(a, s, -1) };
    int k;

    for (k = 0; k < N_KEYS; k++)
        x.keys[k] = index_make(a, s, k);
    return x;
}

/* Pairs with all entries of that text, or only with those that are left over as well. Returns whether there is one. */
static bool pair_with(struct arena *a, struct match *out, const struct entry *e, bool is_old, const struct index *x,
                      const char *text, bool left_over)
{
    const struct handle *found;
    unsigned int i, n;
    bool any = false;

    if (!text)
        return false;
    found = index_find(x, text, &n);
    for (i = 0; i < n; i++) {
        if (left_over && found[i].entry->taken)
            continue;
        any = true;
        *LIST_PUSH(a, &out->pairs) = is_old ? (struct operation_pair){ e->op, found[i].entry->op } :
                                              (struct operation_pair){ found[i].entry->op, e->op };
    }
    return any;
}

/*
 * The counterparts of a left over entry, the closest there are. A check that is gone leaves those before it; a check that is
 * new behind others is a new operation, unless what was before it is none by itself any more.
 */
static bool pair_closest(struct arena *a, struct match *out, const struct entry *e, bool is_old, const struct indices *x)
{
    return pair_with(a, out, e, is_old, &x->keys[COMMANDS], e->keys[COMMANDS], false) ||
           /* A row of its own is what `*` was for; the other way round `*` put in is looked for among the whole ones. */
           pair_with(a, out, e, is_old, &x->keys[COMMANDS], e->keys[STAR], false) ||
           pair_with(a, out, e, is_old, &x->keys[LAST], e->keys[LAST], false) ||
           pair_with(a, out, e, is_old, &x->paths, e->keys[PREFIX], !is_old) ||
           pair_with(a, out, e, is_old, &x->keys[PREFIX], e->path, true) ||
           pair_with(a, out, e, is_old, &x->keys[OUTERMOST], e->keys[OUTERMOST], false);
}

static int pair_compare(const void *a, const void *b)
{
    const struct operation_pair *x = a, *y = b;
    unsigned int p = x->old ? x->old->number + 1 : 0, q = y->old ? y->old->number + 1 : 0;

    if (p != q)
        return p < q ? -1 : 1;
    p = x->new ? x->new->number + 1 : 0;
    q = y->new ? y->new->number + 1 : 0;
    return (p > q) - (p < q);
}

static void pairs_unique(struct match *m)
{
    unsigned int i, n = 0;

    if (m->pairs.n)
        qsort(m->pairs.items, m->pairs.n, sizeof(*m->pairs.items), pair_compare);
    for (i = 0; i < m->pairs.n; i++)
        if (!n || pair_compare(&m->pairs.items[n - 1], &m->pairs.items[i]))
            m->pairs.items[n++] = m->pairs.items[i];
    m->pairs.n = n;
}

static void pair_left_over(struct arena *a, struct match *out, const struct side *s, bool is_old,
                           const struct indices *other)
{
    unsigned int i;

    for (i = 0; i < s->n; i++) {
        const struct entry *e = &s->items[i];

        if (!e->taken && !pair_closest(a, out, e, is_old, other))
            *LIST_PUSH(a, &out->pairs) = is_old ? (struct operation_pair){ e->op, NULL } :
                                                  (struct operation_pair){ NULL, e->op };
    }
}

void match_operations(struct match *out, struct arena *a, const struct model *old_model, const struct operations *old,
                      const struct model *new_model, const struct operations *new)
{
    struct side s = side_make(a, old, old_model, new_model), t = side_make(a, new, new_model, NULL);
    struct indices x = indices_make(a, &s), y = indices_make(a, &t);
    unsigned int i, n;

    memset(out, 0, sizeof(*out));
    for (i = 0; i < s.n; i++) {
        const struct handle *found = index_find(&y.paths, s.items[i].path, &n);

        if (!n)
            continue;
        found->entry->taken = s.items[i].taken = true;
        *LIST_PUSH(a, &out->pairs) = (struct operation_pair){ s.items[i].op, found->entry->op };
    }
    pair_left_over(a, out, &s, true, &y);
    pair_left_over(a, out, &t, false, &x);
    pairs_unique(out);
}
