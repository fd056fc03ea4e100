/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flask's hook functions and their table for Xen 4.17. They are #included into xen/xsm/flask/hooks.c, below the
 * helpers and the hand-written hooks, so that all of it stays one translation unit.
 */
#include <string.h>

#include "back/gen.h"
#include "back/xen-flask.h"
#include "model/print.h"

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
    struct xen_section functions = { .g = g, .out = &out, .spaced = true };
    struct xen_section table = { .g = g, .out = &out };
    unsigned int i;

    xen_header(g, &out,
               "What Flask asks for each hook. Hooks whose bodies are programs are in hooks.c, and so are the helpers.",
               FROM_HOOKS, false);
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
