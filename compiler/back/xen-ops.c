/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plumbing of Xen 4.17: struct xsm_ops, the wrappers through which the hypervisor asks, and the dummy policy's
 * table. Source of the shapes: xen/include/xsm/xsm.h and xen/xsm/dummy.c.
 */
#include <string.h>

#include "back/gen.h"
#include "back/xen-c.h"

void xen_ops_generate(struct gen *g)
{
    struct buf out = BUF_INIT;
    struct xen_section section = { .g = g, .out = &out };
    unsigned int i;

    xen_header(g, &out,
               "The hooks of the security modules. xsm_fixup_ops() walks this structure as an array: it may hold "
               "nothing but pointers to functions that stay after boot.",
               FROM_HOOKS | FROM_LAYOUT, false);
    xen_once_begin(&out, "XSM_XSM_OPS_H");
    buf_puts(&out, "\nstruct xsm_ops {\n");
    for (i = 0; i < g->model->n_hooks; i++) {
        const struct hook *h = g->model->hooks[i];
        struct xen_args params = xen_params(g, h);

        if (!params.n)
            xen_args_add(g, &params, "void");
        xen_section_next(&section, h);
        xen_call(&out, 4, xen_declarator(g, h->returns, "", ""), arena_printf(g->arena, "(*%s)", h->name), &params,
                 ";");
    }
    xen_section_end(&section);
    buf_puts(&out, "};\n");
    xen_once_end(&out, "XSM_XSM_OPS_H");
    gen_add(g, "xen/include/xsm/xsm-ops.h", &out);
}

void xen_wrappers_generate(struct gen *g)
{
    const struct hook *const *hooks = xen_hooks_by_source(g);
    struct buf out = BUF_INIT;
    struct xen_section section = { .g = g, .out = &out, .spaced = true };
    unsigned int i, j;

    xen_header(g, &out,
               "How the hypervisor asks the security module. The default action that callers hand in counts only "
               "where there is no security module.",
               FROM_HOOKS, false);
    xen_once_begin(&out, "XSM_XSM_WRAPPERS_H");
    buf_putc(&out, '\n');
    for (i = 0; i < g->model->n_hooks; i++) {
        const struct hook *h = hooks[i];
        struct xen_args params = { NULL, 0, 0 }, own = xen_params(g, h), args = { NULL, 0, 0 },
                        names = xen_names(g, h);
        bool nothing = !strcmp(h->returns, "void");

        if (hook_has_action(h))
            xen_args_add(g, &params, "xsm_default_t def");
        xen_args_add(g, &args, arena_printf(g->arena, "xsm_ops.%s", h->name));
        for (j = 0; j < own.n; j++) {
            xen_args_add(g, &params, own.items[j]);
            xen_args_add(g, &args, names.items[j]);
        }
        xen_section_next(&section, h);
        xen_function(&out,
                     xen_declarator(g, arena_printf(g->arena, "static inline %s", h->returns), "",
                                    arena_printf(g->arena, "xsm_%s", h->name)),
                     &params);
        xen_call(&out, 4, nothing ? "" : "return ", nothing ? "alternative_vcall" : "alternative_call", &args, ";");
        buf_puts(&out, "}\n");
    }
    xen_section_end(&section);
    xen_once_end(&out, "XSM_XSM_WRAPPERS_H");
    gen_add(g, "xen/include/xsm/xsm-wrappers.h", &out);
}

void xen_dummy_table_generate(struct gen *g)
{
    struct buf out = BUF_INIT;
    struct xen_section section = { .g = g, .out = &out };
    size_t widest = 0;
    unsigned int i;

    for (i = 0; i < g->model->n_hooks; i++)
        if (strlen(g->model->hooks[i]->name) > widest)
            widest = strlen(g->model->hooks[i]->name);
    xen_header(g, &out, "The dummy policy's functions, which also stand in for what another security module leaves out.",
               FROM_HOOKS | FROM_LAYOUT, false);
    xen_once_begin(&out, "XSM_DUMMY_OPS_H");
    buf_puts(&out, "\nstatic const struct xsm_ops __initconst_cf_clobber dummy_ops = {\n");
    for (i = 0; i < g->model->n_hooks; i++) {
        const struct hook *h = g->model->hooks[i];

        xen_section_next(&section, h);
        xen_line(&out, 4, ".%-*s = xsm_%s,", (int)widest, h->name, h->name);
    }
    xen_section_end(&section);
    buf_puts(&out, "};\n");
    xen_once_end(&out, "XSM_DUMMY_OPS_H");
    gen_add(g, "xen/xsm/dummy-ops.h", &out);
}
