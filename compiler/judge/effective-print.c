/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases and questions in words. */
#include "base/buf.h"
#include "judge/effective.h"
#include "model/print.h"

void instance_print_facts(struct buf *out, const struct instance *in)
{
    const char *comma = "";
    unsigned int i;

    for (i = 0; i < in->op->n_vars; i++) {
        const struct role_var *v = &in->op->vars[i];

        if (!in->decided[i] || v->subject || (int)i == in->op->object)
            continue;
        buf_puts(out, comma);
        if (v->expr)
            print_expr(out, v->expr, PRINT_LANGUAGE);
        else
            buf_puts(out, v->name);
        buf_printf(out, " is %s", v->kind == VAR_LABEL ? domain_kind_name(in->vars[i]->kind) :
                                  relation_name(actor_relation(in->subject, in->vars[i])));
        comma = ", ";
    }
    for (i = 0; i < in->n_facts; i++) {
        const struct fact *f = &in->facts[i];
        bool plain = f->choice || f->expr->kind == EXPR_NAME || f->expr->kind == EXPR_CALL || f->expr->kind == EXPR_ARROW ||
                     f->expr->kind == EXPR_DOT;

        if (f->given)
            continue;
        buf_puts(out, comma);
        comma = ", ";
        if (f->choice) {
            buf_printf(out, "%s() is %s", f->chooser, f->choice);
            continue;
        }
        if (!f->truth)
            buf_puts(out, plain ? "!" : "!(");
        print_expr(out, f->expr, PRINT_LANGUAGE);
        if (!f->truth && !plain)
            buf_putc(out, ')');
    }
}

void question_print(struct buf *out, const struct question *q)
{
    bool several = q->bits & (q->bits - 1);
    const char *comma = "";
    unsigned int i;

    buf_printf(out, "%s:%s", q->class->name, several ? "{ " : "");
    for (i = 0; i < 32; i++) {
        if (!(q->bits & ((uint32_t)1 << i)))
            continue;
        if (i < q->class->n_perms)
            buf_printf(out, "%s%s", comma, q->class->perms[i].name);
        else
            buf_printf(out, "%sbit %u", comma, i);
        comma = ", ";
    }
    if (several)
        buf_puts(out, " }");
}
