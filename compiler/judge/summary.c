/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every operation is asked for by a guest, a device model, the xenstore domain and control, on every object each can
 * stand in relation to; who is let through names its reach.
 */
#include "judge/summary.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "text/diag.h"
#include "text/rules.h"

/* The answers seen for one subject and relation: a bit for refused, a bit for allowed. */
struct tally {
    unsigned int seen;
};
enum { REFUSED = 1, ALLOWED = 2, MIXED = REFUSED | ALLOWED };

static void tally_one(void *with, const struct instance *i)
{
    struct tally *t = with;

    t->seen |= i->allowed ? ALLOWED : REFUSED;
}

/* What the kind is answered when the object stands in any of these relations; clears `whole` if that is not all. */
static unsigned int asked(struct effective *e, const struct operation *op, enum domain_kind kind,
                          const enum relation *relations, unsigned int n, bool *whole)
{
    struct tally t = { 0 };
    unsigned int i;

    if (!operation_asked_by(op, kind))
        return 0;
    for (i = 0; i < n; i++)
        if (effective_relation(op, kind, relations[i]))
            *whole &= effective_each(e, op, kind, relations[i], tally_one, &t);
    return t.seen;
}

enum reach operation_reach(struct effective *e, const struct operation *op, bool *whole)
{
    static const enum relation others[] = { REL_GUEST, REL_HYPERVISOR, REL_NONE };
    static const enum relation self[] = { REL_SELF }, target[] = { REL_TARGET };
    bool all = true;
    unsigned int guest = asked(e, op, DOMAIN_GUEST, others, 3, &all);
    unsigned int own = asked(e, op, DOMAIN_GUEST, self, 1, &all);
    unsigned int served = asked(e, op, DOMAIN_DEVICE_MODEL, target, 1, &all);
    unsigned int store = asked(e, op, DOMAIN_XENSTORE, others, 3, &all);
    unsigned int control = asked(e, op, DOMAIN_CONTROL, others, 3, &all);

    if (whole)
        *whole = all;
    if (guest == MIXED || own == MIXED || control == MIXED)
        return REACH_DEPENDS;
    if (guest == ALLOWED)
        return REACH_ANYONE;
    if (own == ALLOWED)
        return REACH_SELF;
    if (store == ALLOWED)
        return REACH_XENSTORE;
    if (served == ALLOWED)
        return REACH_DEVICE_MODEL;
    if (control == ALLOWED)
        return REACH_CONTROL;
    return op->asker == ASKED_BY_ANYONE ? REACH_NOBODY : REACH_HYPERVISOR;
}

/* Who may, in a list and in a sentence. */
static const struct {
    const char *asked_by, *words;
} reaches[N_REACHES] = {
    [REACH_ANYONE] = { "every domain", "every domain" },
    [REACH_SELF] = { "the domain itself, its device model, control",
                     "only the domain itself, its device model and the control domain" },
    [REACH_DEVICE_MODEL] = { "the domain's device model, control", "only the domain's device model and the control domain" },
    [REACH_XENSTORE] = { "the xenstore domain, the domain's device model, control",
                         "only the xenstore domain, the domain's device model and the control domain" },
    [REACH_CONTROL] = { "control", "only the control domain" },
    [REACH_HYPERVISOR] = { "Xen itself, on its own behalf", "only Xen itself" },
    [REACH_NOBODY] = { "no one", "no one" },
    [REACH_DEPENDS] = { "it depends on more than who asks", "it depended on more than who asks" },
};

const char *reach_asked_by(enum reach r)
{
    return reaches[r].asked_by;
}

const char *reach_words(enum reach r)
{
    return reaches[r].words;
}

struct summary summarise(struct arena *a, struct diags *d, const struct model *m)
{
    struct operations ops = operations_list(a, m);
    struct effective *e = effective_create(a, NULL, false);
    struct summary s = { .n_operations = ops.n };
    unsigned int i, r;
    bool whole;

    if (ops.cut)
        diag_add(d, &RULE_TOO_MANY_CASES, ops.cut->span, "there are too many ways to hook '%s', or too long ones",
                 ops.cut->name);
    for (r = 0; r < N_REACHES; r++)
        s.paths[r] = arena_array(a, ops.n, sizeof(*s.paths[r]));
    for (i = 0; i < ops.n; i++) {
        r = operation_reach(e, &ops.items[i], &whole);
        if (!whole)
            diag_add(d, &RULE_TOO_MANY_CASES, ops.items[i].span, "'%s' has too many cases to say for sure who may",
                     ops.items[i].path);
        s.paths[r][s.n[r]++] = ops.items[i].path;
    }
    return s;
}

/* Names after `indent`, as many as two lines hold, then how many more. */
static void print_some(struct buf *out, const char *const *names, unsigned int n, unsigned int indent, unsigned int width)
{
    unsigned int column = indent, lines = 1, i;

    buf_fill(out, ' ', indent);
    for (i = 0; i < n; i++) {
        size_t len = strlen(names[i]) + 2;

        if (column > indent && column + len + (lines == 2 ? 16 : 0) > width) {
            if (lines++ == 2)
                break;
            buf_putc(out, '\n');
            buf_fill(out, ' ', indent);
            column = indent;
        }
        buf_printf(out, "%s%s%s", column > indent ? " " : "", names[i], i + 1 < n ? "," : "");
        column += (unsigned int)len;
    }
    if (i < n)
        buf_printf(out, " and %u more", n - i);
    buf_putc(out, '\n');
}

static unsigned int count_defects(const struct table *t)
{
    unsigned int n = 0, i;

    for (i = 0; t && i < t->n_rows; i++)
        n += (t->rows[i].defect != NULL) + count_defects(t->rows[i].sub);
    return n;
}

void summary_print(struct buf *out, struct arena *a, struct diags *d, const struct model *m, unsigned int width)
{
    struct summary s = summarise(a, d, m);
    unsigned int kinds[3] = { 0 }, manual = 0, defects = 0, perms = 0, i, r;

    for (i = 0; i < m->n_classes; i++)
        perms += m->classes[i]->n_perms;
    for (i = 0; i < m->n_hooks; i++) {
        const struct hook *h = m->hooks[i];

        kinds[h->kind]++;
        manual += h->flask_manual.reason != NULL;
        defects += (h->defect != NULL) + count_defects(h->table) + count_defects(h->flask_table);
    }
    buf_printf(out, "%s: %u hooks (%u access checks, %u that keep labels, %u of Flask alone; %u have a hand-written body)\n",
               m->target_meaning ? m->target_meaning : m->target ? m->target : "the database", m->n_hooks,
               kinds[HOOK_ACCESS], kinds[HOOK_LIFECYCLE], kinds[HOOK_FLASK_ONLY], manual);
    buf_printf(out, "%u classes, %u permissions, %u initial SIDs, %u places where the tree is wrong\n", m->n_classes, perms,
               m->n_isids, defects);
    buf_printf(out, "\n%u operations. By default, everything on the way considered, each may be asked for by\n",
               s.n_operations);
    for (r = 0; r < N_REACHES; r++) {
        if (!s.n[r])
            continue;
        buf_printf(out, "\n  %4u  %s\n", s.n[r], reach_asked_by(r));
        print_some(out, s.paths[r], s.n[r], 8, width);
    }
}
