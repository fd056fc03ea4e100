/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One row for each subject, object and class, with the permissions of all denials about them, in order of first
 * appearance; above it what they are for.
 */
#include <string.h>

#include "avc/explain.h"
#include "avc/meaning.h"
#include "base/buf.h"
#include "model/print-policy.h"

struct avc_row {
    struct avc_lack lack;
    struct buf why;
};

struct rows {
    LIST(struct avc_row) items;
    struct buf hopeless;        /* comments on what no rule allows */
    unsigned int n_hopeless;
};

static struct avc_row *row_of(struct avc_explainer *x, struct rows *rows, const struct avc_meaning *m)
{
    struct avc_row *r;
    unsigned int i;

    for (i = 0; i < rows->items.n; i++) {
        r = &rows->items.items[i];
        if (r->lack.subject == m->subject && r->lack.object == m->object && r->lack.class == m->class->class)
            return r;
    }
    r = LIST_PUSH(x->policy->arena, &rows->items);
    r->lack = (struct avc_lack){ m->subject, m->object, m->class->class, 0 };
    return r;
}

static void add_why(struct buf *out, const struct avc_denial *d, const struct avc_meaning *m)
{
    unsigned int i;

    buf_printf(out, "# %s:%s", d->class, d->n_perms == 1 ? "" : "{ ");
    for (i = 0; i < d->n_perms; i++)
        buf_printf(out, "%s%s", i ? ", " : "", d->perms[i]);
    buf_printf(out, "%s, denied %lu time%s", d->n_perms == 1 ? "" : " }", d->count, d->count == 1 ? "" : "s");
    if (d->n_examples)
        buf_printf(out, " (%s%s)", d->examples[0], d->n_examples > 1 ? ", ..." : "");
    buf_puts(out, ":\n");
    for (i = 0; i < m->wanted.n; i++)
        buf_printf(out, "#   %s; by default %s%s\n", m->wanted.items[i].op->path,
                   m->wanted.items[i].reach == REACH_DEPENDS ? "" : "for ", reach_asked_by(m->wanted.items[i].reach));
    if (!m->wanted.n)
        buf_puts(out, "#   which no operation of the database asks for\n");
}

static void add_hopeless(struct avc_explainer *x, struct rows *rows, const struct avc_denial *d, const struct avc_meaning *m)
{
    struct buf *out = &rows->hopeless;
    struct place at;
    unsigned int i;

    rows->n_hopeless++;
    if (d->thing) {
        buf_printf(out, "# %s %s%s: Flask does not know it\n", d->thing, d->n_examples ? d->examples[0] : "", d->more ? ", ..." : "");
        return;
    }
    buf_printf(out, "# %s on %s, %s:%s%s: ", d->subject, d->object, d->class, d->n_perms ? d->perms[0] : "nothing",
               d->n_perms > 1 ? ", ..." : "");
    if (m->trouble) {
        buf_printf(out, "%s\n", m->trouble);
    } else if (m->never) {
        at = source_place(x->sources, m->never->span);
        buf_printf(out, "ruled out at %s:%u\n", at.path, at.line);
    } else if (!m->then) {
        buf_puts(out, "the types that bound these have to be allowed the same first\n");
    } else {
        buf_puts(out, "a rule is not enough\n");
        for (i = 0; i < m->then->reasons.n; i++) {
            buf_puts(out, "#   ");
            query_print_reason(out, x->answerer, x->sources, &m->then->reasons.items[i], m->then->class);
            buf_putc(out, '\n');
        }
    }
}

void avc_allow(struct buf *out, struct avc_explainer *x, const struct avc_denials *d)
{
    struct rows rows = { .hopeless = BUF_INIT };
    unsigned int i;

    for (i = 0; i < d->items.n; i++) {
        const struct avc_denial *e = d->items.items[i];
        const struct avc_meaning *m;
        struct avc_row *r;

        if (e->kind != AVC_DENIED && e->kind != AVC_UNKNOWN_DENIED)
            continue;
        m = avc_meaning_of(x, e);
        if (m->now && m->now->yes == m->bits)
            continue;
        if (e->thing || m->trouble || !avc_rule_suffices(m)) {
            add_hopeless(x, &rows, e, m);
            continue;
        }
        r = row_of(x, &rows, m);
        r->lack.bits |= m->bits;
        add_why(&r->why, e, m);
    }
    for (i = 0; i < rows.items.n; i++) {
        struct avc_row *r = &rows.items.items[i];

        buf_printf(out, "%s%sallow %s -> %s ", i ? "\n" : "", buf_text(&r->why), r->lack.subject->name, r->lack.object->name);
        print_access(out, x->policy, r->lack.class, r->lack.bits);
        buf_puts(out, ";\n");
        buf_free(&r->why);
    }
    if (rows.n_hopeless)
        buf_printf(out, "%s# No rule allows what follows.\n%s", rows.items.n ? "\n" : "", buf_text(&rows.hopeless));
    buf_free(&rows.hopeless);
}
