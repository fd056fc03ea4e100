/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cases are copied out of the evaluation, compared in step first, since most operations do not change, and all against
 * all only if that finds a difference.
 */
#include "review/cases.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/names.h"
#include "model/print.h"

void cases_init(struct cases *c, struct arena *a, struct names *n)
{
    memset(c, 0, sizeof(*c));
    c->arena = a;
    c->names = n;
}

/* ---- what Flask asks ---- */

/* domain_target_sid() yields a domain's own SID for any that is neither the looker itself nor its target. */
static bool is_plain(const struct sid *s)
{
    return s->kind == SID_OWN || (s->kind == SID_SEEN && s->a != s->b && s->a->target != s->b);
}

static void print_actor(struct buf *out, const struct instance *in, const struct actor *a)
{
    enum relation r = actor_relation(in->subject, a);

    if (a == in->subject)
        buf_puts(out, "the subject");
    else if (a == in->subject->target)
        buf_puts(out, "its target");
    else if (r != REL_NONE)
        buf_puts(out, relation_name(r));
    else
        buf_puts(out, domain_kind_name(a->kind));
}

static void print_sid(struct buf *out, const struct instance *in, const struct sid *s)
{
    static const char *const resources[] = {
        [LABEL_DEVICE] = "a device", [LABEL_IRQ] = "an interrupt", [LABEL_IOMEM] = "I/O memory",
        [LABEL_IOPORT] = "I/O ports", [LABEL_DTDEV] = "a device tree node",
    };

    switch (s->kind) {
    case SID_OWN:
    case SID_SEEN:
        print_actor(out, in, s->kind == SID_OWN ? s->a : s->b);
        if (is_plain(s))
            break;
        buf_puts(out, " as seen by ");
        print_actor(out, in, s->a);
        break;

    case SID_ISID:
        buf_printf(out, "sid %s", s->isid ? s->isid->name : "?");
        break;

    case SID_CREATED:
        buf_puts(out, "a label for ");
        print_actor(out, in, s->a);
        break;

    case SID_NEW:
        buf_printf(out, "new %s(", s->class ? s->class->name : "?");
        print_sid(out, in, s->from);
        buf_puts(out, ", ");
        print_sid(out, in, s->to);
        buf_putc(out, ')');
        break;

    case SID_RESOURCE:
        buf_puts(out, resources[s->resource]);
        break;
    }
}

static void add_atom(struct cases *c, const char *perm, const char *whole)
{
    struct atom *atom = LIST_PUSH(c->arena, &c->atoms);

    atom->perm = names_get(c->names, perm);
    atom->whole = names_get(c->names, whole);
}

static void add_question(struct cases *c, const struct instance *in, const struct question *q)
{
    struct buf sides = BUF_INIT, perm = BUF_INIT;
    unsigned int bit;

    print_sid(&sides, in, &q->subject);
    buf_puts(&sides, " -> ");
    print_sid(&sides, in, &q->object);
    for (bit = 0; bit < 32; bit++) {
        if (!(q->bits & (uint32_t)1 << bit))
            continue;
        perm.len = 0;
        if (bit < q->class->n_perms)
            buf_printf(&perm, "%s:%s", q->class->name, q->class->perms[bit].name);
        else
            buf_printf(&perm, "%s:bit %u", q->class->name, bit);
        add_atom(c, buf_text(&perm), arena_printf(c->arena, "%s %s", buf_text(&sides), buf_text(&perm)));
    }
    buf_free(&sides);
    buf_free(&perm);
}

static int atom_compare(const void *a, const void *b)
{
    const struct atom *x = a, *y = b;

    return x->whole == y->whole ? 0 : strcmp(x->whole, y->whole);
}

static void sort_atoms(struct cases *c, struct kept_case *k)
{
    struct atom *atoms = c->atoms.items + k->atoms;
    unsigned int i, n = 0;

    k->n_atoms = c->atoms.n - k->atoms;
    if (!k->n_atoms)
        return;
    qsort(atoms, k->n_atoms, sizeof(*atoms), atom_compare);
    for (i = 0; i < k->n_atoms; i++)
        if (!n || atoms[n - 1].whole != atoms[i].whole)
            atoms[n++] = atoms[i];
    k->n_atoms = n;
    c->atoms.n = k->atoms + n;
}

/* ---- collecting ---- */

static void keep(void *with, const struct instance *in)
{
    struct cases *c = with;
    struct kept_case k = {
        .facts = c->facts.n, .n_facts = in->n_facts, .vars = c->vars.n, .atoms = c->atoms.n, .allowed = in->allowed,
        .ending = in->ending,
    };
    unsigned int i;

    for (i = 0; i < in->n_facts; i++)
        *LIST_PUSH(c->arena, &c->facts) = in->facts[i];
    for (i = 0; i < in->op->n_vars; i++) {
        const struct role_var *v = &in->op->vars[i];

        if (!in->decided[i] || v->subject || (int)i == in->op->object)
            continue;
        *LIST_PUSH(c->arena, &c->vars) = (struct kept_var){ v->name, v->expr, in->vars[i], v->kind == VAR_LABEL };
    }
    k.n_vars = c->vars.n - k.vars;
    for (i = 0; i < in->n_questions; i++)
        add_question(c, in, &in->questions[i]);
    if (in->ending == END_UNKNOWN)
        add_atom(c, "(unknown)", "(unknown)");
    sort_atoms(c, &k);
    *LIST_PUSH(c->arena, &c->items) = k;
}

static void clear(struct cases *c, const struct operation *op)
{
    c->op = op;
    c->items.n = c->facts.n = c->vars.n = c->atoms.n = 0;
    c->cut = false;
}

void cases_collect(struct cases *c, struct effective *e, const struct operation *op, enum domain_kind subject,
                   enum relation r)
{
    clear(c, op);
    if (op->object < 0)
        r = REL_HYPERVISOR;
    c->cut = !effective_each(e, op, subject, r, keep, c);
}

void cases_constant(struct cases *c, bool allowed)
{
    clear(c, NULL);
    *LIST_PUSH(c->arena, &c->items) = (struct kept_case){ .allowed = allowed, .ending = END_ALLOWED };
}

/* ---- contradictions ---- */

static const struct hook *scope_hook(const struct operation *op, unsigned int scope)
{
    return op && scope < op->n_stages ? op->stages[scope].hook : NULL;
}

static bool has_hook(const struct operation *op, const struct hook *h)
{
    unsigned int i;

    for (i = 0; op && i < op->n_stages; i++)
        if (op->stages[i].hook->name == h->name)
            return true;
    return false;
}

/*
 * Whether the same words are about the same thing on both sides: in the same hook, or in one that the other side does
 * not have on the path at all.
 */
static bool same_scope(const struct cases *x, const struct fact *a, const struct cases *y, const struct fact *b)
{
    const struct hook *h = scope_hook(x->op, a->scope), *g = scope_hook(y->op, b->scope);

    if (!h || !g || h->name == g->name)
        return true;
    return !has_hook(y->op, h) && !has_hook(x->op, g);
}

static bool is_equality(const struct expr *e)
{
    return e && (e->kind == EXPR_EQ || e->kind == EXPR_NE);
}

static bool knows_choice(const struct cases *c, const struct fact *f)
{
    unsigned int i;

    for (i = 0; i < c->facts.n; i++)
        if (c->facts.items[i].chooser == f->chooser && c->facts.items[i].choice == f->choice)
            return true;
    return false;
}

static bool facts_contradict(const struct cases *x, const struct fact *a, const struct cases *y, const struct fact *b)
{
    bool ta, tb;

    if (a->choice || b->choice)
        return a->choice && b->choice && a->chooser == b->chooser && a->choice != b->choice && knows_choice(y, a) &&
               knows_choice(x, b);
    if (a->about || b->about)
        return a->about && b->about && a->about == b->about && a->expr->name == b->expr->name && a->truth != b->truth;
    if (!same_scope(x, a, y, b))
        return false;
    if (!is_equality(a->expr) || !is_equality(b->expr))
        return a->truth != b->truth && expr_equal(a->expr, b->expr);
    if (!expr_equal(a->expr->a, b->expr->a))
        return false;
    ta = a->truth == (a->expr->kind == EXPR_EQ);
    tb = b->truth == (b->expr->kind == EXPR_EQ);
    /* One thing is equal to one constant at most. */
    return expr_equal(a->expr->b, b->expr->b) ? ta != tb : ta && tb;
}

/* Whether a row on the other side's path decides `what == CONSTANT` against the fact. */
static bool row_contradicts(const struct operation *op, const struct fact *f)
{
    unsigned int i, r, k;

    if (!op || f->choice || f->about || !is_equality(f->expr) || f->expr->b->kind != EXPR_NAME)
        return false;
    for (i = 0; i < op->n_stages; i++) {
        const struct stage *s = &op->stages[i];

        for (; s && s->row; s = s->outer) {
            bool equal = f->truth == (f->expr->kind == EXPR_EQ);

            if (!expr_equal(s->row->table->on, f->expr->a))
                continue;
            if (s->key)
                return (s->key->name == f->expr->b->name) != equal;
            for (r = 0; equal && r < s->row->table->n_rows; r++)
                for (k = 0; k < s->row->table->rows[r].n_keys; k++)
                    if (s->row->table->rows[r].keys[k].name == f->expr->b->name)
                        return true;
        }
    }
    return false;
}

static bool vars_contradict(const struct kept_var *a, const struct kept_var *b)
{
    if (a->label != b->label || (a->expr || b->expr ? !expr_equal(a->expr, b->expr) : a->name != b->name))
        return false;
    if (a->actor && b->actor && a->label)
        return a->actor->kind != b->actor->kind;
    return a->actor != b->actor;
}

static bool contradict(const struct cases *x, const struct kept_case *a, const struct cases *y, const struct kept_case *b)
{
    unsigned int i, j;

    for (i = 0; i < a->n_vars; i++)
        for (j = 0; j < b->n_vars; j++)
            if (vars_contradict(&x->vars.items[a->vars + i], &y->vars.items[b->vars + j]))
                return true;
    for (i = 0; i < a->n_facts; i++) {
        const struct fact *f = &x->facts.items[a->facts + i];

        if (row_contradicts(y->op, f))
            return true;
        for (j = 0; j < b->n_facts; j++)
            if (facts_contradict(x, f, y, &y->facts.items[b->facts + j]))
                return true;
    }
    for (j = 0; j < b->n_facts; j++)
        if (row_contradicts(x->op, &y->facts.items[b->facts + j]))
            return true;
    return false;
}

/* ---- conditions in words ---- */

struct literals {
    LIST(const char *) when, build;
};

static bool is_build(const struct fact *f)
{
    return !f->choice && f->expr->kind == EXPR_NAME && !strncmp(f->expr->name, "CONFIG_", 7);
}

static void add_literal(const struct cases *c, struct literals *l, bool build, const char *text)
{
    unsigned int i, n = build ? l->build.n : l->when.n;
    const char *const *known = build ? l->build.items : l->when.items;

    text = names_get(c->names, text);
    for (i = 0; i < n; i++)
        if (known[i] == text)
            return;
    if (build)
        *LIST_PUSH(c->arena, &l->build) = text;
    else
        *LIST_PUSH(c->arena, &l->when) = text;
}

static void fact_literal(const struct cases *c, struct literals *l, const struct fact *f)
{
    bool plain = f->choice || f->expr->kind == EXPR_NAME || f->expr->kind == EXPR_CALL || f->expr->kind == EXPR_ARROW ||
                 f->expr->kind == EXPR_DOT;
    struct buf out = BUF_INIT;

    if (f->choice) {
        buf_printf(&out, "%s() is %s", f->chooser, f->choice);
    } else {
        if (!f->truth)
            buf_puts(&out, plain ? "!" : "!(");
        print_expr(&out, f->expr, PRINT_LANGUAGE);
        if (!f->truth && !plain)
            buf_putc(&out, ')');
    }
    add_literal(c, l, is_build(f), buf_text(&out));
    buf_free(&out);
}

static void case_literals(const struct cases *c, const struct kept_case *k, struct literals *l,
                          const struct actor *subject)
{
    unsigned int i;

    for (i = 0; i < k->n_vars; i++) {
        const struct kept_var *v = &c->vars.items[k->vars + i];
        struct buf out = BUF_INIT;

        if (v->expr)
            print_expr(&out, v->expr, PRINT_LANGUAGE);
        else
            buf_puts(&out, v->name);
        buf_printf(&out, " is %s", v->label ? domain_kind_name(v->actor->kind) :
                                   relation_name(actor_relation(subject, v->actor)));
        add_literal(c, l, false, buf_text(&out));
        buf_free(&out);
    }
    for (i = 0; i < k->n_facts; i++)
        fact_literal(c, l, &c->facts.items[k->facts + i]);
}

/* Keeps of `list` what is in `other`, too. */
static unsigned int intersect(const char **list, unsigned int n, const char *const *other, unsigned int m)
{
    unsigned int i, j, kept = 0;

    for (i = 0; i < n; i++)
        for (j = 0; j < m; j++)
            if (list[i] == other[j]) {
                list[kept++] = list[i];
                break;
            }
    return kept;
}

static void outcome_add(struct outcome *o, const struct literals *l)
{
    if (!o->n++) {
        o->when = l->when.items;
        o->n_when = l->when.n;
        o->build = l->build.items;
        o->n_build = l->build.n;
        return;
    }
    o->n_when = intersect(o->when, o->n_when, l->when.items, l->when.n);
    o->n_build = intersect(o->build, o->n_build, l->build.items, l->build.n);
}

const char *literals_text(struct arena *a, const char *const *literals, unsigned int n)
{
    struct buf out = BUF_INIT;
    const char *text;
    unsigned int i;

    if (!n)
        return NULL;
    for (i = 0; i < n; i++)
        buf_printf(&out, "%s%s", i ? ", " : "", literals[i]);
    text = arena_text(a, buf_text(&out), out.len);
    buf_free(&out);
    return text;
}

/* ---- comparing ---- */

/* Who is asked for what: a check that is dropped is looser, one that is added stricter, anything else another check. */
static enum grade flask_grade(const struct cases *x, const struct kept_case *a, const struct cases *y,
                              const struct kept_case *b)
{
    unsigned int i = 0, j = 0, dropped = 0, added = 0;

    if (a->ending == END_REFUSED || b->ending == END_REFUSED) {
        if (a->ending == b->ending)
            return GRADE_SAME;
        return a->ending == END_REFUSED ? GRADE_LOOSER : GRADE_STRICTER;
    }
    while (i < a->n_atoms || j < b->n_atoms) {
        const char *p = i < a->n_atoms ? x->atoms.items[a->atoms + i].whole : NULL;
        const char *q = j < b->n_atoms ? y->atoms.items[b->atoms + j].whole : NULL;
        int order = !p ? 1 : !q ? -1 : p == q ? 0 : strcmp(p, q);

        dropped += order < 0;
        added += order > 0;
        i += order <= 0;
        j += order >= 0;
    }
    if (!dropped && !added)
        return GRADE_SAME;
    return !added ? GRADE_LOOSER : !dropped ? GRADE_STRICTER : GRADE_MOVED;
}

static bool facts_equal(const struct fact *a, const struct fact *b)
{
    if (a->truth != b->truth || a->scope != b->scope || a->about != b->about || a->chooser != b->chooser ||
        a->choice != b->choice)
        return false;
    return expr_equal(a->expr, b->expr);
}

/* Whether both sides have the same cases with the same answers, one after the other. */
static bool equal_in_step(const struct cases *x, const struct cases *y)
{
    unsigned int i, j;

    if (x->items.n != y->items.n)
        return false;
    for (i = 0; i < x->items.n; i++) {
        const struct kept_case *a = &x->items.items[i], *b = &y->items.items[i];

        if (a->n_facts != b->n_facts || a->n_vars != b->n_vars || a->allowed != b->allowed ||
            flask_grade(x, a, y, b) != GRADE_SAME)
            return false;
        for (j = 0; j < a->n_facts; j++)
            if (!facts_equal(&x->facts.items[a->facts + j], &y->facts.items[b->facts + j]))
                return false;
        for (j = 0; j < a->n_vars; j++)
            if (x->vars.items[a->vars + j].name != y->vars.items[b->vars + j].name ||
                vars_contradict(&x->vars.items[a->vars + j], &y->vars.items[b->vars + j]))
                return false;
    }
    return true;
}

static void compare_two(struct comparison *out, const struct cases *x, const struct kept_case *a, const struct cases *y,
                        const struct kept_case *b, const struct actor *subject)
{
    enum grade flask = flask_grade(x, a, y, b);
    struct literals l = { { NULL, 0, 0 }, { NULL, 0, 0 } };

    out->n++;
    if (a->allowed == b->allowed && flask == GRADE_SAME)
        return;
    case_literals(x, a, &l, subject);
    case_literals(y, b, &l, subject);
    if (flask != GRADE_SAME) {
        struct literals own = { { NULL, 0, 0 }, { NULL, 0, 0 } };

        case_literals(x, a, &own, subject);
        case_literals(y, b, &own, subject);
        outcome_add(&out->flask[flask], &own);
    }
    if (a->allowed != b->allowed)
        outcome_add(b->allowed ? &out->looser : &out->stricter, &l);
}

void cases_compare(struct comparison *out, const struct cases *old, const struct cases *new, const struct actor *subject)
{
    enum { MOST_PAIRS = 1 << 22 };
    unsigned int i, j;

    memset(out, 0, sizeof(*out));
    out->n = 1;
    out->incomplete = old->cut || new->cut;
    if (equal_in_step(old, new))
        return;
    out->n = 0;
    if ((size_t)old->items.n * new->items.n > MOST_PAIRS) {
        out->incomplete = true;
        return;
    }
    for (i = 0; i < old->items.n; i++)
        for (j = 0; j < new->items.n; j++)
            if (!contradict(old, &old->items.items[i], new, &new->items.items[j]))
                compare_two(out, old, &old->items.items[i], new, &new->items.items[j], subject);
}
