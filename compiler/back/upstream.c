/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layout of upstream since August 2026: xen/include/xsm/hooks.h, a list of XSM_HOOK(return type, name, argument
 * types...) that is included wherever every hook is needed once (struct xsm_ops, wrappers, tables of the dummy policy
 * and of Flask). Hooks without a default action (life cycle, Argo, Flask's own hypercall) stay outside the list. The
 * dummy policy's bodies beside it are those of xen-dummy.c; XSM_INLINE includes cf_check there.
 */
#include <string.h>

#include "back/gen.h"
#include "back/xen-c.h"

void upstream_list_generate(struct gen *g)
{
    struct buf out = BUF_INIT;
    struct xen_section section = { .g = g, .out = &out };
    unsigned int i, j, most = 5;

    xen_header(g, &out,
               "Every hook that callers hand a default action. Define XSM_HOOK0() to XSM_HOOK5() (return type, name, "
               "types), then include this file; it may be included any number of times.",
               FROM_HOOKS, false);
    buf_puts(&out,
             "#ifndef XSM_HOOK\n\n"
             "#include <xen/macros.h>\n\n"
             "/* Picks the macro by the number of arguments the hook has. */\n"
             "#define XSM_HOOK_PICK_(n, rtype, name, types...) \\\n"
             "    XSM_HOOK ## n(rtype, name, ## types)\n"
             "#define XSM_HOOK_PICK(n, rtype, name, types...) \\\n"
             "    XSM_HOOK_PICK_(n, rtype, name, ## types)\n"
             "#define XSM_HOOK(rtype, name, types...) \\\n"
             "    XSM_HOOK_PICK(count_args(types), rtype, name, ## types)\n\n"
             "#endif /* XSM_HOOK */\n\n");
    for (i = 0; i < g->model->n_hooks; i++) {
        const struct hook *h = g->model->hooks[i];
        struct xen_args args = { NULL, 0, 0 }, types = xen_types(g, h);

        if (!hook_has_action(h))
            continue;
        if (types.n > most) {
            gen_refuse(g, h->span, "'%s' has %u arguments; XSM_HOOK() takes %u", h->name, types.n, most);
            continue;
        }
        xen_args_add(g, &args, h->returns);
        xen_args_add(g, &args, h->name);
        for (j = 0; j < types.n; j++)
            xen_args_add(g, &args, types.items[j]);
        xen_section_next(&section, h);
        xen_call(&out, 0, "", "XSM_HOOK", &args, "");
    }
    xen_section_end(&section);
    buf_putc(&out, '\n');
    for (i = 0; i <= most; i++)
        buf_printf(&out, "#undef XSM_HOOK%u\n", i);
    gen_add(g, "xen/include/xsm/hooks.h", &out);
}
