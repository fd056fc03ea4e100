/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every operation is evaluated for every subject and relation; answers become bits, questions names. */
#include "review/overview.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/names.h"
#include "judge/effective.h"

struct overview_work {
    struct arena *arena;
    struct names *names;
    struct overview_row *row;
    LIST(const char *) perms;
    bool allowed, refused;
};

static void note_case(void *with, const struct instance *in)
{
    struct overview_work *w = with;
    struct buf text = BUF_INIT;
    unsigned int i, bit;

    if (in->allowed)
        w->allowed = true;
    else
        w->refused = true;
    w->row->unknown |= in->ending == END_UNKNOWN;
    w->row->refused |= in->ending == END_REFUSED;
    for (i = 0; i < in->n_questions; i++)
        for (bit = 0; bit < 32; bit++) {
            const struct question *q = &in->questions[i];

            if (!(q->bits >> bit & 1) || bit >= q->class->n_perms)
                continue;
            text.len = 0;
            buf_printf(&text, "%s:%s", q->class->name, q->class->perms[bit].name);
            *LIST_PUSH(w->arena, &w->perms) = names_get(w->names, buf_text(&text));
        }
    buf_free(&text);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void keep_perms(struct overview_work *w)
{
    unsigned int i;

    if (w->perms.n)
        qsort(w->perms.items, w->perms.n, sizeof(*w->perms.items), by_text);
    w->row->perms = arena_array(w->arena, w->perms.n, sizeof(*w->row->perms));
    for (i = 0; i < w->perms.n; i++)
        if (!i || w->perms.items[i - 1] != w->perms.items[i])
            w->row->perms[w->row->n_perms++] = w->perms.items[i];
    w->perms.n = 0;
}

struct overview overview_make(struct arena *a, struct names *n, const struct model *m, bool fixed)
{
    struct operations ops = operations_list(a, m);
    struct effective *e = effective_create(a, NULL, fixed);
    struct overview s = { arena_array(a, ops.n, sizeof(*s.rows)), ops.n };
    struct overview_work w = { .arena = a, .names = n };
    unsigned int i, k, r;

    for (i = 0; i < ops.n; i++) {
        w.row = &s.rows[i];
        w.row->op = &ops.items[i];
        for (k = 0; k < N_SUBJECT_KINDS; k++)
            for (r = 0; r < N_RELATIONS; r++) {
                if (!effective_relation(w.row->op, (enum domain_kind)k, (enum relation)r))
                    continue;
                w.allowed = w.refused = false;
                effective_each(e, w.row->op, (enum domain_kind)k, (enum relation)r, note_case, &w);
                w.row->possible[k] |= 1u << r;
                w.row->may[k] |= (unsigned int)w.allowed << r;
                w.row->sometimes[k] |= (unsigned int)(w.allowed && w.refused) << r;
            }
        keep_perms(&w);
        w.row->reach = operation_reach(e, w.row->op, NULL);
    }
    return s;
}
