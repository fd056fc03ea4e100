/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps become statements in their order; steps next to each other under one condition share an `if`. A permission
 * that a function of the hypervisor picks is asked for at the beginning, once its arguments are known to be there.
 */
#include <string.h>

#include "back/xen-flask.h"
#include "model/print.h"

bool flask_step_ends(const struct step *s)
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

        if (flask_step_ends(&s[i])) {
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
        if (flask_step_ends(&s[i]))
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

/* Steps under one condition. `last`: nothing follows. Returns whether the function ends with them. */
static bool flask_when(struct flask *f, unsigned int indent, const struct step *s, unsigned int n, bool last,
                       const struct expr *on)
{
    struct buf *out = f->ask.out;
    bool ends = run_ends(s, n), apart = ends && run_looks_up(f, s, n), braces = !apart && (n > 1 || !flask_step_ends(s));
    unsigned int n_kept = f->ask.sids.n, i;
    struct ask_sid *kept = arena_array(f->g->arena, n_kept, sizeof(*kept));

    xen_if(out, indent, xen_expr(f->g, s->when));
    if (n == 1 && !ends && ask_simple(&f->ask, &s->check)) {
        f->ask.rc_zero = true;
        ask_print_into_rc(&f->ask, indent + 4, &s->check);
        if (last) {
            xen_line(out, indent, "return %s;", f->ask.rc);
            return true;
        }
        xen_line(out, indent, "if ( %s )", f->ask.rc);
        xen_line(out, indent + 4, "return %s;\n", f->ask.rc);
        return false;
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
    return false;
}

void flask_steps(struct flask *f, unsigned int indent, const struct step *s, unsigned int n, bool last,
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
            ended = flask_when(f, indent, s + i, len, last && end, on);
    }
    if (last && !ended)
        xen_line(f->ask.out, indent, "return 0;");
}
