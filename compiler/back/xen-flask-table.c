/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table becomes a switch. When all rows that ask, ask the same subject about the same object and class, the question
 * stands once: behind the switch, which then only picks the permission; or, where SIDs are passed, with the subject's
 * SID looked up before it.
 */
#include <string.h>

#include "back/xen-flask.h"
#include "base/buf.h"
#include "model/print.h"

static const struct steps *row_steps(const struct flask *f, const struct row *r)
{
    return gen_steps(f->g, &r->flask, r->defect);
}

/*
 * How many of a row's steps count: what stands behind the end does not, nor a permit behind an answer.
 */
static unsigned int row_length(const struct steps *s)
{
    unsigned int n = 0;

    while (n < s->n)
        if (flask_step_ends(&s->step[n++]) && !s->step[n - 1].when)
            break;
    if (n > 1 && (s->step[n - 1].kind == STEP_PERMIT || s->step[n - 1].kind == STEP_THEN) &&
        !s->step[n - 1].when && s->step[n - 2].kind == STEP_CHECK && !s->step[n - 2].when)
        n--;
    return n;
}

/* A row's steps as far as they differ in C, as an interned text: `then hook` is `permit` there. */
static const char *row_key(struct flask *f, const struct row *r)
{
    const struct steps *s = row_steps(f, r);
    unsigned int i, n = row_length(s);
    struct buf text = BUF_INIT;
    const char *key;

    for (i = 0; i < n; i++) {
        struct step step = s->step[i];

        if (step.kind == STEP_THEN)
            step.kind = STEP_PERMIT;
        print_step(&text, &step);
        buf_puts(&text, "; ");
    }
    key = names_intern(f->g->names, buf_text(&text), text.len);
    f->ask.out->failed |= text.failed;
    buf_free(&text);
    return key;
}

static bool row_decided(struct flask *f, const struct row *r)
{
    const struct steps *s = row_steps(f, r);

    if (s->set && s->n)
        return true;
    diag_help(f->g->diags, gen_refuse(f->g, r->span, "nobody has decided what Flask asks here"),
              "write the permission, or 'permit', 'refuse', `unknown \"...\"`, `then hook ...`");
    return false;
}

/* The check a row ends with, or NULL. */
static const struct check *row_question(const struct flask *f, const struct row *r)
{
    const struct steps *s = row_steps(f, r);
    const struct step *last = s->n ? &s->step[row_length(s) - 1] : NULL;

    return last && last->kind == STEP_CHECK && !last->when ? &last->check : NULL;
}

struct survey {
    const struct check *first;
    unsigned int n;             /* rows that ask, those that do the same counted once */
    bool agree;                 /* about subject, object, class and audit, and permissions are plain */
    bool same_perms;
    struct map seen;
};

static bool same_question(const struct ask *a, const struct check *x, const struct check *y)
{
    return x->class == y->class && x->audit_plain == y->audit_plain &&
           label_equal(ask_subject(a, x), ask_subject(a, y)) && label_equal(ask_object(a, x), ask_object(a, y));
}

static void table_survey(struct flask *f, const struct table *t, struct survey *v)
{
    unsigned int i;

    for (i = 0; i < t->n_rows; i++) {
        const struct check *c;

        if (t->rows[i].sub) {
            table_survey(f, t->rows[i].sub, v);
            continue;
        }
        c = row_question(f, &t->rows[i]);
        if (!c)
            continue;
        if (!v->first)
            v->first = c;
        v->agree &= ask_plain(c) && same_question(&f->ask, v->first, c);
        v->same_perms &= !strcmp(ask_perms(&f->ask, v->first), ask_perms(&f->ask, c));
        if (map_put(f->g->arena, &v->seen, NULL, row_key(f, &t->rows[i]), &t->rows[i]) == &t->rows[i])
            v->n++;
    }
}

void flask_shape(struct flask *f, const struct table *t)
{
    struct survey v = { .agree = true, .same_perms = true };
    enum ask_kind kind;

    table_survey(f, t, &v);
    if (!v.first || !v.agree || v.n < 2)
        return;
    kind = ask_kind(&f->ask, v.first);
    if (kind == ASK_RAW) {
        f->ask.subject_sid = ask_local(&f->ask, "uint32_t", "dsid", ask_subject_sid(&f->ask, v.first));
        return;
    }
    /* Questions that the caller itself is asked about the hypervisor stand in their rows, as in flask_sysctl(). */
    if (kind == ASK_HAS_XEN && ask_subject(&f->ask, v.first)->kind == LABEL_CURRENT)
        return;
    f->shape.behind = true;
    f->shape.check = v.first;
    if (!v.same_perms)
        f->shape.perm = ask_local(&f->ask, "uint32_t", "perm", NULL);
}

/* What a row does. Returns whether it goes on behind the switch. */
static bool flask_row(struct flask *f, unsigned int indent, const struct row *r)
{
    const struct steps *s = row_steps(f, r);
    const struct check *c;

    if (r->sub)
        return flask_table(f, indent, r->sub);
    c = row_question(f, r);
    if (!c || !f->shape.behind) {
        flask_steps(f, indent, s->step, s->n, true, r->table->on);
        return false;
    }
    flask_steps(f, indent, s->step, row_length(s) - 1, false, r->table->on);
    if (f->shape.perm)
        xen_line(f->ask.out, indent, "%s = %s;", f->shape.perm, ask_perms(&f->ask, c));
    xen_line(f->ask.out, indent, "break;");
    return true;
}

/*
 * Whether a row shares its body: it ends the matter without asking, it does what the rest does, or all rows ask about
 * the same.
 */
static bool row_shares(struct flask *f, const struct row *r, const char *key, const char *rest)
{
    const struct steps *s = row_steps(f, r);

    return f->shape.behind || f->ask.subject_sid || key == rest || (s->n && flask_step_ends(&s->step[0]));
}

/*
 * The rows of a table in groups that share a body. Where rows ask about different things, those that ask keep bodies
 * of their own: commands that belong together stand in one row. Cases of different guards share a body only if it is
 * there in any build, because one of them, or the default, has no guard.
 */
static struct xen_group *flask_groups(struct flask *f, const struct table *t, unsigned int *n)
{
    struct xen_group *groups = arena_array(f->g->arena, t->n_rows, sizeof(*groups)), *group;
    struct map always = { NULL, 0, 0 }, all = { NULL, 0, 0 };
    const char *rest = NULL;
    unsigned int i;

    for (i = 0; i < t->n_rows; i++) {
        if (t->rows[i].star && !t->rows[i].sub)
            rest = row_key(f, &t->rows[i]);
        if (!t->rows[i].sub && (!t->rows[i].guard || t->rows[i].star))
            map_put(f->g->arena, &always, NULL, row_key(f, &t->rows[i]), groups);
    }
    *n = 0;
    for (i = 0; i < t->n_rows; i++) {
        const struct row *r = &t->rows[i];

        if (!r->sub && !row_decided(f, r))
            continue;
        if (r->star && r->guard)
            gen_refuse(f->g, r->span, "what is not listed has to be decided in every build");
        group = &groups[*n];
        if (!r->sub && row_shares(f, r, row_key(f, r), rest)) {
            const char *key = row_key(f, r);
            struct buf guarded = BUF_INIT;

            if (!map_get(&always, NULL, key)) {
                print_guard(&guarded, r->guard);
                buf_printf(&guarded, " %s", key);
                key = names_intern(f->g->names, buf_text(&guarded), guarded.len);
                buf_free(&guarded);
            }
            group = map_put(f->g->arena, &all, NULL, key, group);
        }
        if (group == &groups[*n])
            ++*n;
        *LIST_PUSH(f->g->arena, group) = r;
        group->star |= r->star;
    }
    return groups;
}

/* A table in a row that is written as an `if`: one command, and the rest. */
static bool is_if_table(const struct table *t)
{
    return t && t->parent && t->n_rows == 2 && t->rows[0].n_keys == 1 && !t->rows[0].sub && !t->rows[0].guard &&
           t->rows[1].star && !t->rows[1].sub;
}

/*
 * The group whose body the rest of this one's `if` repeats, if that is more than a statement: it stands next, and is
 * fallen into.
 */
static unsigned int flask_falls(struct flask *f, const struct xen_group *groups, unsigned int n, unsigned int i)
{
    const struct table *t = groups[i].items[0]->sub;
    unsigned int j;

    if (!is_if_table(t) || row_length(row_steps(f, &t->rows[1])) < 2)
        return n;
    for (j = 0; j < n; j++)
        if (!groups[j].star && !groups[j].items[0]->sub && !groups[j].items[0]->guard &&
            row_key(f, groups[j].items[0]) == row_key(f, &t->rows[1]))
            return j;
    return n;
}

/* `fall`: the rest is the body of the next case. Returns whether a row goes on behind the switch. */
static bool flask_if_table(struct flask *f, unsigned int indent, const struct table *t, bool fall)
{
    const struct row *one = &t->rows[0], *rest = &t->rows[1];
    bool braces = f->shape.perm || row_length(row_steps(f, one)) > 1, behind;

    if (!row_decided(f, one) || !row_decided(f, rest))
        return false;
    xen_if(f->ask.out, indent,
           arena_printf(f->g->arena, "%s == %s", xen_expr(f->g, t->on), one->keys[0].name));
    if (braces)
        xen_line(f->ask.out, indent, "{");
    behind = flask_row(f, indent + 4, one);
    if (braces)
        xen_line(f->ask.out, indent, "}");
    if (!fall) {
        buf_putc(f->ask.out, '\n');
        return flask_row(f, indent, rest) || behind;
    }
    xen_line(f->ask.out, indent, "fallthrough;");
    return behind;
}

/* The commands of the group that share a defect, once; empty if it was told at an earlier row. */
static void note_defect(struct flask *f, unsigned int indent, const struct xen_group *group, unsigned int first)
{
    const struct defect *defect = group->items[first]->defect;
    struct buf text = BUF_INIT;
    unsigned int i, j, n = 0;

    for (i = 0; i < first; i++)
        if (group->items[i]->defect && !strcmp(group->items[i]->defect->text, defect->text))
            return;
    buf_puts(&text, "Known defect of ");
    for (i = first; i < group->n; i++) {
        const struct row *r = group->items[i];

        if (!r->defect || strcmp(r->defect->text, defect->text))
            continue;
        for (j = 0; j < r->n_keys; j++)
            buf_printf(&text, "%s%s", n++ ? ", " : "", r->keys[j].name);
        if (r->star)
            buf_printf(&text, "%severything else", n++ ? ", " : "");
    }
    buf_printf(&text, ": %s", defect->text);
    xen_comment(f->ask.out, indent, buf_text(&text));
    f->ask.out->failed |= text.failed;
    buf_free(&text);
}

static void flask_note(struct flask *f, unsigned int indent, const struct xen_group *group)
{
    unsigned int i;

    for (i = 0; i < group->n; i++)
        if (group->items[i]->defect && !f->g->options.fix_defects)
            note_defect(f, indent, group, i);
    for (i = 0; i < group->n && !group->items[i]->sub; i++) {
        const struct steps *s = row_steps(f, group->items[i]);

        if (s->n != 1 || s->step[0].kind != STEP_THEN)
            return;
    }
    if (i == group->n)
        xen_line(f->ask.out, indent, "/* Checked further by a hook of their own. */");
}

static bool flask_group(struct flask *f, unsigned int indent, const struct xen_group *group, bool fall)
{
    const struct expr *open;
    unsigned int i;
    bool behind;

    flask_note(f, indent, group);
    open = xen_cases(f->ask.out, indent, group, true);
    for (i = 0; i < f->ask.sids.n; i++)
        f->ask.sids.items[i].looked_up = f->ask.sids.items[i].audited = false;
    behind = fall ? flask_if_table(f, indent + 4, group->items[0]->sub, true)
                  : flask_row(f, indent + 4, group->items[0]);
    if (open)
        print_guard_close(f->ask.out, open, false);
    if (!group->star)
        buf_putc(f->ask.out, '\n');
    return behind;
}

bool flask_table(struct flask *f, unsigned int indent, const struct table *t)
{
    struct xen_group *groups;
    bool behind = false, *printed;
    unsigned int i, j, n, star;

    if (is_if_table(t))
        return flask_if_table(f, indent, t, false);
    groups = flask_groups(f, t, &n);
    printed = arena_array(f->g->arena, n, sizeof(*printed));
    for (star = 0; star < n && !groups[star].star; star++)
        ;
    if (star == n)
        diag_help(f->g->diags, gen_refuse(f->g, t->span, "nobody has decided about commands that are not listed"),
                  "add a row for '*'");
    xen_line(f->ask.out, indent, "switch ( %s )", xen_expr(f->g, t->on));
    xen_line(f->ask.out, indent, "{");
    for (i = 0; i < n; i++) {
        if (i == star || printed[i])
            continue;
        j = flask_falls(f, groups, n, i);
        if (j < n && !printed[j]) {
            behind |= flask_group(f, indent, &groups[i], true);
            behind |= flask_group(f, indent, &groups[j], false);
            printed[j] = true;
        } else {
            behind |= flask_group(f, indent, &groups[i], false);
        }
    }
    if (star < n)
        behind |= flask_group(f, indent, &groups[star], false);
    xen_line(f->ask.out, indent, "}");
    if (t->parent && behind)
        xen_line(f->ask.out, indent, "break;");
    return behind;
}
