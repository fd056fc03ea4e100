/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SILO for Xen 4.17: a hook with a pair is asked of the dummy policy only if one of the two domains is control, or
 * the caller is, or both are the same; silo_mode_dom_check() is hand-written. A partner given by number is looked up
 * first. Source of the shapes: xen/xsm/silo.c.
 */
#include <string.h>

#include "back/gen.h"
#include "back/xen-c.h"

/* The domain as C, or NULL for a domid, which is looked up. */
static const char *silo_domain(const struct label *l)
{
    if (l->kind == LABEL_CURRENT)
        return "current->domain";
    return l->param && l->param->kind == PARAM_DOMAIN ? l->name : NULL;
}

static bool silo_possible(struct gen *g, const struct hook *h)
{
    const struct label *const sides[] = { h->silo.a, h->silo.b };
    unsigned int i, domids = 0;

    for (i = 0; i < 2; i++) {
        if (silo_domain(sides[i]))
            continue;
        if (sides[i]->param && sides[i]->param->kind == PARAM_DOMID && !domids++)
            continue;
        gen_refuse(g, sides[i]->span, "SILO compares two domains, of which one at most is given by number");
        return false;
    }
    if (strcmp(h->returns, "int")) {
        gen_refuse(g, h->silo.span, "SILO can only refuse a hook that returns int");
        return false;
    }
    return true;
}

/* A name for the domain that is looked up which no argument has. */
static const char *silo_local(const struct hook *h)
{
    static const char *const names[] = { "remote", "remote_domain", "remote_partner_domain" };
    unsigned int i, j;

    for (i = 0; i < 2; i++) {
        for (j = 0; j < h->n_params && strcmp(h->params[j].name, names[i]); j++)
            ;
        if (j == h->n_params)
            break;
    }
    return names[i];
}

static void silo_function(struct gen *g, struct buf *out, const struct hook *h)
{
    const char *a = silo_domain(h->silo.a), *b = silo_domain(h->silo.b);
    const char *domid = !a ? h->silo.a->name : !b ? h->silo.b->name : NULL, *local = silo_local(h);
    struct xen_args params = xen_params(g, h), names = xen_names(g, h), pair = { NULL, 0, 0 };
    const char *callee = arena_printf(g->arena, "xsm_%s", h->name);

    xen_args_add(g, &pair, a ? a : local);
    xen_args_add(g, &pair, b ? b : local);
    xen_comment(out, 0, h->meaning ? h->meaning : h->name);
    xen_function(out, xen_declarator(g, "static int", "cf_check", arena_printf(g->arena, "silo_%s", h->name)),
                 &params);
    if (!domid) {
        xen_call(out, 4, "if ( ", "silo_mode_dom_check", &pair, " )");
        xen_call(out, 8, "return ", callee, &names, ";");
        buf_puts(out, "\n    return -EPERM;\n}\n");
        return;
    }
    xen_line(out, 4, "int rc = -EPERM;");
    xen_line(out, 4, "struct domain *%s = rcu_lock_domain_by_any_id(%s);", local, domid);
    buf_putc(out, '\n');
    xen_line(out, 4, "if ( %s == NULL )", local);
    xen_line(out, 8, "return -ESRCH;");
    buf_putc(out, '\n');
    xen_call(out, 4, "if ( ", "silo_mode_dom_check", &pair, " )");
    xen_call(out, 8, "rc = ", callee, &names, ";");
    buf_putc(out, '\n');
    xen_line(out, 4, "rcu_unlock_domain(%s);", local);
    buf_puts(out, "\n    return rc;\n}\n");
}

void xen_silo_generate(struct gen *g)
{
    const struct hook *const *hooks = xen_hooks_by_source(g);
    struct buf out = BUF_INIT;
    struct xen_section functions = { .g = g, .out = &out, .spaced = true };
    struct xen_section table = { .g = g, .out = &out };
    unsigned int i;

    xen_header(g, &out,
               "The hooks that could let two guests reach each other, and that SILO leaves to control. All other "
               "hooks are those of the dummy policy.",
               FROM_HOOKS, false);
    xen_once_begin(&out, "XSM_SILO_HOOKS_H");
    buf_putc(&out, '\n');
    for (i = 0; i < g->model->n_hooks; i++) {
        if (hooks[i]->silo.kind != SILO_PAIR || !silo_possible(g, hooks[i]))
            continue;
        xen_section_next(&functions, hooks[i]);
        silo_function(g, &out, hooks[i]);
    }
    xen_section_end(&functions);
    buf_puts(&out, "\nstatic const struct xsm_ops __initconst_cf_clobber silo_xsm_ops = {\n");
    for (i = 0; i < g->model->n_hooks; i++) {
        if (g->model->hooks[i]->silo.kind != SILO_PAIR)
            continue;
        xen_section_next(&table, g->model->hooks[i]);
        xen_line(&out, 4, ".%s = silo_%s,", g->model->hooks[i]->name, g->model->hooks[i]->name);
    }
    xen_section_end(&table);
    buf_puts(&out, "};\n");
    xen_once_end(&out, "XSM_SILO_HOOKS_H");
    gen_add(g, "xen/xsm/silo-hooks.h", &out);
}
