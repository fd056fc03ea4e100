/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flask's hook functions and their table for Xen 4.17. They are #included into xen/xsm/flask/hooks.c, below the
 * helpers and the hand-written hooks, so that all of it stays one translation unit.
 *
 * Steps become statements in their order; steps next to each other under one condition share an `if`. A table
 * becomes a switch in which rows that do the same share their cases. When all rows that ask, ask the same subject
 * about the same object and class, the question stands once: behind the switch, which then only picks the
 * permission; or, where SIDs are passed, with the subject's SID looked up before it.
 */
#include <string.h>

#include "back/gen.h"
#include "back/xen-ask.h"
#include "model/print.h"

/* How the questions of a table are put. */
struct shape {
    bool behind;                /* once, behind the switch; rows go there by `break` */
    const struct check *check;  /* that question */
    const char *perm;           /* the local its permission is picked into, or NULL: always the same */
};

struct flask {
    struct ask ask;
    struct gen *g;
    struct shape shape;
    struct buf *before;         /* functions of its own that this one needs */
    unsigned int n_cases;       /* of them */
};

/* ---- steps ---- */

static bool step_ends(const struct step *s)
{
    return s->kind != STEP_CHECK;
}

static void flask_as(struct flask *f, unsigned int indent, const struct step *s)
{
    const struct hook *callee = s->hooks[0].hook, *h = f->ask.hook;
    struct xen_args args = { NULL, 0, 0 };
    unsigned int i, j;

    if (!callee || !hook_has_flask(callee)) {
        gen_refuse(f->g, s->span, "hook '%s' has no Flask function to share", s->hooks[0].name);
        return;
    }
    if (s->args_given) {
        for (i = 0; i < s->n_args; i++)
            xen_args_add(f->g, &args, xen_expr(f->g, s->args[i]));
    } else {
        for (i = 0; i < callee->n_params; i++) {
            for (j = 0; j < h->n_params && h->params[j].name != callee->params[i].name; j++)
                ;
            if (j == h->n_params) {
                diag_help(f->g->diags,
                          gen_refuse(f->g, s->span, "'%s' has no argument '%s' to hand to hook '%s'", h->name,
                                     callee->params[i].name, callee->name),
                          "write the arguments: as hook %s(...)", callee->name);
                return;
            }
            xen_args_add(f->g, &args, callee->params[i].name);
        }
    }
    if (args.n != callee->n_params)
        gen_refuse(f->g, s->span, "hook '%s' takes %u arguments, not %u", callee->name, callee->n_params, args.n);
    xen_call(f->ask.out, indent, "return ", hook_flask_function(f->g, callee), &args, ";");
}

/* A step that ends the matter; `on` is what the command is called in the innermost switch, or NULL. */
static void flask_end(struct flask *f, unsigned int indent, const struct step *s, const struct expr *on)
{
    switch (s->kind) {
    case STEP_PERMIT:
    case STEP_THEN:
        xen_line(f->ask.out, indent, "return 0;");
        break;

    case STEP_REFUSE:
        xen_line(f->ask.out, indent, "return -%s;", s->text ? s->text : "EPERM");
        break;

    case STEP_UNKNOWN: {
        struct xen_args args = { NULL, 0, 0 };
        struct buf text = BUF_INIT;
        const char *at;

        buf_putc(&text, '"');
        for (at = s->text; *at; at++) {
            if (*at == '"' || *at == '\\')
                buf_putc(&text, '\\');
            if ((unsigned char)*at < 0x20 || *at == 0x7f)
                buf_printf(&text, "\\%03o", (unsigned int)(unsigned char)*at);
            else
                buf_putc(&text, *at);
            /* The name is an argument of printk(), but no format; and `??` would begin a trigraph. */
            if (*at == '?' && at[1] == '?')
                buf_puts(&text, "\"\"");
        }
        buf_putc(&text, '"');
        xen_args_add(f->g, &args, arena_text(f->g->arena, buf_text(&text), text.len));
        xen_args_add(f->g, &args, on ? xen_expr(f->g, on) : "0");
        buf_free(&text);
        xen_call(f->ask.out, indent, "return ", "avc_unknown_permission", &args, ";");
        break;
    }

    case STEP_AS:
        flask_as(f, indent, s);
        break;

    case STEP_CHECK:
        break;
    }
}

/*
 * The steps of one condition, [0, n). `last`: nothing follows, so the last check is the answer; also when the next
 * step permits. Returns whether control never leaves them at the end.
 */
static bool flask_run(struct flask *f, unsigned int indent, const struct step *s, unsigned int n, bool last,
                      const struct expr *on)
{
    unsigned int i;

    for (i = 0; i < n; i++) {
        bool permit = i + 1 < n && (s[i + 1].kind == STEP_PERMIT || s[i + 1].kind == STEP_THEN);

        if (step_ends(&s[i])) {
            flask_end(f, indent, &s[i], on);
            return true;
        }
        ask_print(&f->ask, indent, &s[i].check, NULL, permit || (last && i + 1 == n));
        if (permit || (last && i + 1 == n))
            return true;
    }
    return false;
}

/* Whether a run of steps always ends the function, so that what is behind it needs no answer of it. */
static bool run_ends(const struct step *s, unsigned int n)
{
    unsigned int i;

    for (i = 0; i < n; i++)
        if (step_ends(&s[i]))
            return true;
    return false;
}

static unsigned int run_length(const struct step *s, unsigned int n)
{
    unsigned int i;

    for (i = 1; i < n && expr_equal(s[i].when, s[0].when); i++)
        ;
    return i;
}

/* ---- which arguments steps use ---- */

static void expr_params(const struct hook *h, const struct expr *e, bool *used)
{
    unsigned int i;

    for (; e; e = e->b) {
        if (e->param)
            used[e->param - h->params] = true;
        for (i = 0; i < e->n_args; i++)
            expr_params(h, e->args[i], used);
        expr_params(h, e->a, used);
    }
}

static void label_params(const struct hook *h, const struct label *l, bool *used)
{
    unsigned int i;

    if (!l)
        return;
    if (l->param)
        used[l->param - h->params] = true;
    for (i = 0; i < l->n_args; i++)
        expr_params(h, l->args[i], used);
    label_params(h, l->from, used);
    label_params(h, l->to, used);
}

static void perm_params(const struct hook *h, const struct perm_use *u, bool *used)
{
    unsigned int i;

    for (; u; u = u->otherwise) {
        expr_params(h, u->when, used);
        for (i = 0; i < u->n_choose_args; i++)
            expr_params(h, u->choose_args[i], used);
    }
}

static void run_params(const struct flask *f, const struct step *s, unsigned int n, const struct expr *on, bool *used)
{
    const struct hook *h = f->ask.hook;
    unsigned int i, j;

    for (i = 0; i < n; i++) {
        for (j = 0; j < s[i].n_args; j++)
            expr_params(h, s[i].args[j], used);
        if (s[i].kind == STEP_UNKNOWN)
            expr_params(h, on, used);
        if (s[i].kind == STEP_AS && !s[i].args_given)
            for (j = 0; j < h->n_params; j++)
                used[j] = true;
        if (s[i].kind != STEP_CHECK)
            continue;
        label_params(h, ask_subject(&f->ask, &s[i].check), used);
        label_params(h, ask_object(&f->ask, &s[i].check), used);
        for (j = 0; j < s[i].check.n_perms; j++)
            perm_params(h, &s[i].check.perms[j], used);
    }
}

/*
 * Steps under one condition that end the function and look something up: a function of their own, so that what they
 * need is not in the way of the rest.
 */
static void flask_case(struct flask *f, unsigned int indent, const struct step *s, unsigned int n,
                       const struct expr *on)
{
    const struct hook *h = f->ask.hook;
    const char *name = arena_printf(f->g->arena, "%s_case", hook_flask_function(f->g, h));
    bool *used = arena_array(f->g->arena, h->n_params, sizeof(*used));
    struct xen_args all = xen_params(f->g, h), params = { NULL, 0, 0 }, args = { NULL, 0, 0 };
    struct buf body = BUF_INIT;
    struct flask inner = { .g = f->g, .ask = { .g = f->g, .hook = h, .out = &body } };
    unsigned int i;

    if (++f->n_cases > 1)
        name = arena_printf(f->g->arena, "%s%u", name, f->n_cases);
    run_params(f, s, n, on, used);
    for (i = 0; i < h->n_params; i++) {
        if (!used[i])
            continue;
        xen_args_add(f->g, &params, all.items[i]);
        xen_args_add(f->g, &args, h->params[i].name);
    }
    flask_run(&inner, 4, s, n, false, on);
    xen_comment(f->before, 0, arena_printf(f->g->arena, "%s() when %s", hook_flask_function(f->g, h),
                                           xen_expr(f->g, s->when)));
    xen_function(f->before, arena_printf(f->g->arena, "static int %s", name), &params);
    ask_print_locals(&inner.ask, f->before);
    buf_add(f->before, buf_text(&body), body.len);
    buf_puts(f->before, "}\n\n");
    f->before->failed |= body.failed;
    buf_free(&body);
    xen_call(f->ask.out, indent, "return ", name, &args, ";");
}

static bool run_looks_up(const struct flask *f, const struct step *s, unsigned int n)
{
    unsigned int i;

    for (i = 0; i < n; i++)
        if (s[i].kind == STEP_CHECK && !ask_simple(&f->ask, &s[i].check))
            return true;
    return false;
}

/* Steps under one condition. */
static void flask_when(struct flask *f, unsigned int indent, const struct step *s, unsigned int n,
                       const struct expr *on)
{
    struct buf *out = f->ask.out;
    bool ends = run_ends(s, n), apart = ends && run_looks_up(f, s, n), braces = !apart && (n > 1 || !step_ends(s));
    unsigned int n_kept = f->ask.sids.n, i;
    struct ask_sid *kept = arena_array(f->g->arena, n_kept, sizeof(*kept));

    xen_if(out, indent, xen_expr(f->g, s->when));
    if (n == 1 && !ends && ask_simple(&f->ask, &s->check)) {
        f->ask.rc_zero = true;
        ask_print_into_rc(&f->ask, indent + 4, &s->check);
        xen_line(out, indent, "if ( %s )", f->ask.rc);
        xen_line(out, indent + 4, "return %s;\n", f->ask.rc);
        return;
    }
    if (n_kept)
        memcpy(kept, f->ask.sids.items, n_kept * sizeof(*kept));
    if (braces)
        xen_line(out, indent, "{");
    if (apart)
        flask_case(f, indent + 4, s, n, on);
    else
        flask_run(f, indent + 4, s, n, false, on);
    while (braces && out->len > 1 && out->data[out->len - 1] == '\n' && out->data[out->len - 2] == '\n')
        out->len--;
    if (braces)
        xen_line(out, indent, "}");
    buf_putc(out, '\n');

    /* What was looked up under the condition is not there without it. */
    for (i = 0; i < f->ask.sids.n; i++) {
        f->ask.sids.items[i].looked_up = i < n_kept && kept[i].looked_up;
        f->ask.sids.items[i].audited = i < n_kept && kept[i].audited;
    }
}

/* Steps in their order. `last`: they are all that the function does from here on. */
static void flask_steps(struct flask *f, unsigned int indent, const struct step *s, unsigned int n, bool last,
                        const struct expr *on)
{
    bool ended = false, leading = last;
    unsigned int i, len, j;

    for (i = 0; i < n && !ended; i += len) {
        bool end = i + (len = run_length(s + i, n - i)) == n;

        /* What a function picks is asked for once, as soon as its arguments are known to be there. */
        if (leading && !(s[i].when && run_ends(s + i, len))) {
            for (j = i; j < n; j++)
                if (!s[j].when && s[j].kind == STEP_CHECK)
                    ask_choose_early(&f->ask, indent, &s[j].check);
            leading = false;
        }
        if (!s[i].when)
            ended = flask_run(f, indent, s + i, len, last && end, on);
        else
            flask_when(f, indent, s + i, len, on);
    }
    if (last && !ended)
        xen_line(f->ask.out, indent, "return 0;");
}

/* ---- tables ---- */

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
        if (step_ends(&s->step[n++]) && !s->step[n - 1].when)
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
              "write the permission, or `permit`, `refuse`, `unknown \"...\"`, `then hook ...`");
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

static void flask_shape(struct flask *f, const struct table *t)
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

static bool flask_table(struct flask *f, unsigned int indent, const struct table *t);

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

    return f->shape.behind || f->ask.subject_sid || key == rest || (s->n && step_ends(&s->step[0]));
}

/*
 * The rows of a table in groups that share a body. Where rows ask about different things, those that ask keep bodies
 * of their own: commands that belong together stand in one row. Cases of different guards share a body only if it is there in any build, because one of
 * them, or the default, has no guard.
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
    if (!fall)
        return flask_row(f, indent, rest) || behind;
    xen_line(f->ask.out, indent, "fallthrough;");
    return behind;
}

static void flask_note(struct flask *f, unsigned int indent, const struct xen_group *group)
{
    unsigned int i;

    for (i = 0; i < group->n; i++) {
        const struct row *r = group->items[i];

        if (r->defect && !f->g->options.fix_defects)
            xen_comment(f->ask.out, indent,
                        arena_printf(f->g->arena, "Known defect of %s: %s", r->n_keys ? r->keys[0].name : "the rest",
                                     r->defect->text));
    }
    for (i = 0; i < group->n; i++) {
        const struct steps *s = gen_steps(f->g, &group->items[i]->flask, group->items[i]->defect);

        if (s->n == 1 && s->step[0].kind == STEP_THEN) {
            xen_line(f->ask.out, indent, "/* Checked further by a hook of their own. */");
            return;
        }
    }
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

/* Returns whether some row goes on behind the outermost switch. */
static bool flask_table(struct flask *f, unsigned int indent, const struct table *t)
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
                  "add a row for `*`");
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

/* ---- functions ---- */

static void flask_body(struct flask *f)
{
    const struct hook *h = f->ask.hook;
    const struct table *t = h->flask_table ? h->flask_table : h->table;
    const struct steps *s = gen_steps(f->g, &h->flask, h->defect);

    if (t && !s->set) {
        flask_shape(f, t);
        if (flask_table(f, 4, t)) {
            buf_putc(f->ask.out, '\n');
            ask_print(&f->ask, 4, f->shape.check, f->shape.perm, true);
        }
    } else if (s->n) {
        flask_steps(f, 4, s->step, s->n, true, NULL);
    } else {
        diag_help(f->g->diags, gen_refuse(f->g, h->span, "nobody has decided what Flask asks for '%s'", h->name),
                  "write `flask class:permission;`, or `flask permit;`");
    }
}

static const char *flask_head(struct gen *g, const struct hook *h)
{
    return xen_declarator(g, arena_printf(g->arena, "static %s", h->returns), "cf_check",
                          hook_flask_function(g, h));
}

static void flask_function(struct gen *g, struct buf *out, const struct hook *h)
{
    struct xen_args params = xen_params(g, h);
    struct buf body = BUF_INIT;
    struct flask f = { .g = g, .ask = { .g = g, .hook = h, .out = &body }, .before = out };

    if (strcmp(h->returns, "int"))
        diag_help(g->diags, gen_refuse(g, h->span, "a check answers int, but '%s' returns %s", h->name, h->returns),
                  "write its body by hand and mark the hook `manual flask \"why\";`");
    flask_body(&f);
    if (h->defect && !g->options.fix_defects)
        xen_comment(out, 0, arena_printf(g->arena, "%s. Known defect: %s", h->meaning ? h->meaning : h->name,
                                         h->defect->text));
    else
        xen_comment(out, 0, h->meaning ? h->meaning : h->name);
    xen_function(out, flask_head(g, h), &params);
    ask_print_locals(&f.ask, out);
    buf_add(out, buf_text(&body), body.len);
    buf_puts(out, "}\n");
    out->failed |= body.failed;
    buf_free(&body);
}

/* ---- functions that are called before they are defined ---- */

struct early {
    struct gen *g;
    const unsigned int *place;  /* of each hook among the functions, by its order */
    unsigned int at;            /* the function that is looked at */
    bool *wanted;               /* by order */
};

static void early_steps(struct early *e, const struct steps *s, const struct defect *d)
{
    unsigned int i;

    s = gen_steps(e->g, s, d);
    for (i = 0; i < s->n; i++) {
        const struct hook *callee = s->step[i].kind == STEP_AS ? s->step[i].hooks[0].hook : NULL;

        if (callee && !callee->flask_manual.reason && e->place[callee->order] > e->at)
            e->wanted[callee->order] = true;
    }
}

static void early_table(struct early *e, const struct table *t)
{
    unsigned int i;

    for (i = 0; t && i < t->n_rows; i++) {
        early_steps(e, &t->rows[i].flask, t->rows[i].defect);
        early_table(e, t->rows[i].sub);
    }
}

static void flask_prototypes(struct gen *g, struct buf *out, const struct hook *const *list)
{
    unsigned int *place = arena_array(g->arena, g->model->n_hooks, sizeof(*place));
    struct early e = { .g = g, .place = place,
                       .wanted = arena_array(g->arena, g->model->n_hooks, sizeof(*e.wanted)) };
    struct xen_section section = { .g = g, .out = out };
    unsigned int i;

    for (i = 0; i < g->model->n_hooks; i++)
        place[list[i]->order] = i;
    for (e.at = 0; e.at < g->model->n_hooks; e.at++) {
        const struct hook *h = list[e.at];

        if (h->flask_manual.reason)
            continue;
        early_steps(&e, &h->flask, h->defect);
        early_table(&e, h->table);
        early_table(&e, h->flask_table);
    }
    for (i = 0; i < g->model->n_hooks; i++) {
        struct xen_args params = { NULL, 0, 0 };

        if (!e.wanted[list[i]->order])
            continue;
        params = xen_params(g, list[i]);
        if (!params.n)
            xen_args_add(g, &params, "void");
        xen_section_next(&section, list[i]);
        xen_call(out, 0, "", flask_head(g, list[i]), &params, ";");
    }
    xen_section_end(&section);
    if (section.begun)
        buf_putc(out, '\n');
}

/* ---- the file ---- */

void xen_flask_generate(struct gen *g)
{
    const struct hook *const *hooks = xen_hooks_by_source(g);
    struct buf out = BUF_INIT;
    struct xen_section functions = { .g = g, .out = &out, .name_files = true, .spaced = true };
    struct xen_section table = { .g = g, .out = &out };
    unsigned int i;

    xen_header(g, &out,
               "What Flask asks for each hook. Hooks whose bodies are programs are in hooks.c, and so are the helpers.",
               false);
    xen_once_begin(&out, "XSM_FLASK_HOOKS_H");
    buf_putc(&out, '\n');
    flask_prototypes(g, &out, hooks);
    for (i = 0; i < g->model->n_hooks; i++) {
        const struct hook *h = hooks[i];

        if (h->flask_manual.reason)
            continue;
        if (!hook_has_flask(h)) {
            if (h->kind == HOOK_ACCESS)
                diag_help(g->diags, gen_refuse(g, h->span, "nobody has decided what Flask asks for '%s'", h->name),
                          "write `flask class:permission;`, or `flask permit;`");
            continue;
        }
        xen_section_next(&functions, h);
        flask_function(g, &out, h);
    }
    xen_section_end(&functions);
    buf_puts(&out, "\nstatic const struct xsm_ops __initconst_cf_clobber flask_ops = {\n");
    for (i = 0; i < g->model->n_hooks; i++) {
        const struct hook *h = g->model->hooks[i];

        if (!hook_has_flask(h))
            continue;
        xen_section_next(&table, h);
        xen_line(&out, 4, ".%s = %s,", h->name, hook_flask_function(g, h));
    }
    xen_section_end(&table);
    buf_puts(&out, "};\n");
    xen_once_end(&out, "XSM_FLASK_HOOKS_H");
    gen_add(g, "xen/xsm/flask/flask-hooks.h", &out);
}
