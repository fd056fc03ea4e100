/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expressions are printed by precedence: an operand is put in parentheses when it binds less tightly than its
 * place asks for. C and the language differ in one point, `a & b == c`, where C needs the parentheses that the
 * language does not; C also gets them around `&&` inside `||`, which compilers ask for.
 */
#include "model/print.h"

#include <string.h>

#include "base/buf.h"

const char *print_action(enum action action)
{
    static const char *const words[] = {
        [ACTION_UNSET] = "(unset)",
        [ACTION_ANYONE] = "anyone",
        [ACTION_SELF_OR_TARGET] = "self-or-target",
        [ACTION_XENSTORE] = "xenstore",
        [ACTION_DEVICE_MODEL] = "device-model",
        [ACTION_CONTROL] = "control",
        [ACTION_NOBODY] = "nobody",
    };

    return words[action];
}

const char *print_action_c(enum action action)
{
    static const char *const names[] = {
        [ACTION_ANYONE] = "XSM_HOOK",
        [ACTION_SELF_OR_TARGET] = "XSM_TARGET",
        [ACTION_XENSTORE] = "XSM_XS_PRIV",
        [ACTION_DEVICE_MODEL] = "XSM_DM_PRIV",
        [ACTION_CONTROL] = "XSM_PRIV",
        [ACTION_NOBODY] = NULL,
    };

    return names[action];
}

/* ---- expressions ---- */

enum precedence { PREC_OR, PREC_AND, PREC_COMPARE, PREC_BITAND, PREC_NOT, PREC_POSTFIX };

static const struct {
    const char *text;
    enum precedence precedence;
} operators[] = {
    [EXPR_NAME] = { NULL, PREC_POSTFIX },
    [EXPR_NUMBER] = { NULL, PREC_POSTFIX },
    [EXPR_CURRENT] = { NULL, PREC_POSTFIX },
    [EXPR_ARROW] = { "->", PREC_POSTFIX },
    [EXPR_DOT] = { ".", PREC_POSTFIX },
    [EXPR_CALL] = { NULL, PREC_POSTFIX },
    [EXPR_NOT] = { "!", PREC_NOT },
    [EXPR_AND] = { " && ", PREC_AND },
    [EXPR_OR] = { " || ", PREC_OR },
    [EXPR_EQ] = { " == ", PREC_COMPARE },
    [EXPR_NE] = { " != ", PREC_COMPARE },
    [EXPR_LT] = { " < ", PREC_COMPARE },
    [EXPR_LE] = { " <= ", PREC_COMPARE },
    [EXPR_GT] = { " > ", PREC_COMPARE },
    [EXPR_GE] = { " >= ", PREC_COMPARE },
    [EXPR_BITAND] = { " & ", PREC_BITAND },
};

static bool needs_parentheses(const struct expr *e, enum precedence least, enum expr_kind around,
                              enum print_style style)
{
    if (operators[e->kind].precedence < least)
        return true;
    if (style == PRINT_C && e->kind == EXPR_BITAND)
        return operators[around].precedence == PREC_COMPARE || around == EXPR_AND || around == EXPR_OR;
    return style == PRINT_C && e->kind == EXPR_AND && around == EXPR_OR;
}

static void print_operand(struct buf *out, const struct expr *e, enum precedence least, enum expr_kind around,
                          enum print_style style)
{
    bool parentheses = needs_parentheses(e, least, around, style);

    if (parentheses)
        buf_putc(out, '(');
    print_expr(out, e, style);
    if (parentheses)
        buf_putc(out, ')');
}

void print_expr(struct buf *out, const struct expr *e, enum print_style style)
{
    enum precedence p = operators[e->kind].precedence;
    unsigned int i;

    switch (e->kind) {
    case EXPR_NAME:
    case EXPR_NUMBER:
        buf_puts(out, e->name);
        break;

    case EXPR_CURRENT:
        buf_puts(out, style == PRINT_C ? "current->domain" : "current");
        break;

    case EXPR_ARROW:
    case EXPR_DOT:
        print_operand(out, e->a, PREC_POSTFIX, e->kind, style);
        buf_puts(out, operators[e->kind].text);
        buf_puts(out, e->name);
        break;

    case EXPR_CALL:
        if (style == PRINT_C && !strcmp(e->name, "nospec"))
            buf_puts(out, "evaluate_");
        buf_puts(out, e->name);
        buf_putc(out, '(');
        for (i = 0; i < e->n_args; i++) {
            if (i)
                buf_puts(out, ", ");
            print_expr(out, e->args[i], style);
        }
        buf_putc(out, ')');
        break;

    case EXPR_NOT:
        buf_putc(out, '!');
        print_operand(out, e->a, PREC_NOT, e->kind, style);
        break;

    case EXPR_AND:
    case EXPR_OR:
    case EXPR_EQ:
    case EXPR_NE:
    case EXPR_LT:
    case EXPR_LE:
    case EXPR_GT:
    case EXPR_GE:
    case EXPR_BITAND:
        /* All of them group to the left, and comparisons do not chain at all. */
        print_operand(out, e->a, p == PREC_COMPARE ? PREC_BITAND : p, e->kind, style);
        buf_puts(out, operators[e->kind].text);
        print_operand(out, e->b, p + 1, e->kind, style);
        break;
    }
}

static void print_exprs(struct buf *out, struct expr *const *list, unsigned int n)
{
    unsigned int i;

    for (i = 0; i < n; i++) {
        if (i)
            buf_puts(out, ", ");
        print_expr(out, list[i], PRINT_LANGUAGE);
    }
}

void print_param(struct buf *out, const struct param *p)
{
    size_t len = strlen(p->type);

    buf_printf(out, "%s%s%s%s", p->type, len && p->type[len - 1] == '*' ? "" : " ", p->name, p->array ? "[]" : "");
}

/* ---- guards ---- */

static void print_guard_operand(struct buf *out, const struct expr *e, enum precedence least, enum expr_kind around)
{
    bool parentheses = needs_parentheses(e, least, around, PRINT_C);

    if (parentheses)
        buf_putc(out, '(');
    print_guard(out, e);
    if (parentheses)
        buf_putc(out, ')');
}

void print_guard(struct buf *out, const struct expr *guard)
{
    if (!guard)
        return;
    switch (guard->kind) {
    case EXPR_NAME:
        buf_printf(out, "defined(%s)", guard->name);
        break;

    case EXPR_NOT:
        buf_putc(out, '!');
        print_guard_operand(out, guard->a, PREC_NOT, guard->kind);
        break;

    case EXPR_AND:
    case EXPR_OR:
        print_guard_operand(out, guard->a, operators[guard->kind].precedence, guard->kind);
        buf_puts(out, operators[guard->kind].text);
        print_guard_operand(out, guard->b, operators[guard->kind].precedence + 1, guard->kind);
        break;

    default:
        print_expr(out, guard, PRINT_C);
        break;
    }
}

void print_guard_open(struct buf *out, const struct expr *guard)
{
    if (guard->kind == EXPR_NAME) {
        buf_printf(out, "#ifdef %s\n", guard->name);
    } else if (guard->kind == EXPR_NOT && guard->a->kind == EXPR_NAME) {
        buf_printf(out, "#ifndef %s\n", guard->a->name);
    } else {
        buf_puts(out, "#if ");
        print_guard(out, guard);
        buf_putc(out, '\n');
    }
}

void print_guard_close(struct buf *out, const struct expr *guard, bool comment)
{
    buf_puts(out, "#endif");
    if (comment) {
        buf_puts(out, " /* ");
        print_expr(out, guard, PRINT_C);
        buf_puts(out, " */");
    }
    buf_putc(out, '\n');
}

/* ---- labels, checks, steps ---- */

void print_label(struct buf *out, const struct label *l)
{
    static const char *const calls[] = {
        [LABEL_DEVICE] = "device", [LABEL_IRQ] = "irq",     [LABEL_IOMEM] = "iomem",
        [LABEL_IOPORT] = "ioport", [LABEL_DTDEV] = "dtdev",
    };

    if (!l)
        return;
    switch (l->kind) {
    case LABEL_NONE:
        buf_puts(out, "none");
        break;

    case LABEL_CURRENT:
        buf_puts(out, "current");
        break;

    case LABEL_DOMAIN:
    case LABEL_EVTCHN:
        buf_puts(out, l->name);
        break;

    case LABEL_EXACT:
        buf_puts(out, "own(");
        if (l->n_args)
            print_exprs(out, l->args, l->n_args);
        else
            buf_puts(out, l->name);
        buf_putc(out, ')');
        break;

    case LABEL_SEEN:
        buf_printf(out, "seen(%s, %s)", l->from->name, l->to->name);
        break;

    case LABEL_ISID:
        buf_printf(out, "sid %s", l->name);
        break;

    case LABEL_ARG:
        buf_puts(out, "label ");
        if (l->args[0]->kind == EXPR_NAME || l->args[0]->kind == EXPR_DOT) {
            print_expr(out, l->args[0], PRINT_LANGUAGE);
        } else {
            buf_putc(out, '(');
            print_expr(out, l->args[0], PRINT_LANGUAGE);
            buf_putc(out, ')');
        }
        break;

    case LABEL_NEW:
        buf_printf(out, "new %s(", l->name);
        print_label(out, l->from);
        buf_puts(out, ", ");
        print_label(out, l->to);
        buf_putc(out, ')');
        break;

    case LABEL_DEVICE:
    case LABEL_IRQ:
    case LABEL_IOMEM:
    case LABEL_IOPORT:
    case LABEL_DTDEV:
        buf_printf(out, "%s(", calls[l->kind]);
        print_exprs(out, l->args, l->n_args);
        buf_putc(out, ')');
        break;
    }
}

static void print_perm_use(struct buf *out, const struct perm_use *u)
{
    unsigned int i;

    for (;; u = u->otherwise) {
        if (u->choose) {
            buf_printf(out, "choose %s(", u->choose);
            print_exprs(out, u->choose_args, u->n_choose_args);
            buf_puts(out, ") { ");
            for (i = 0; i < u->n_choices; i++)
                buf_printf(out, "%s%s", i ? ", " : "", u->choices[i].name);
            buf_puts(out, " }");
        } else {
            buf_puts(out, u->name);
        }
        if (u->when) {
            buf_puts(out, " when ");
            print_expr(out, u->when, PRINT_LANGUAGE);
        }
        if (!u->otherwise)
            return;
        buf_puts(out, " else ");
    }
}

void print_perms(struct buf *out, const struct check *c)
{
    bool braces = c->n_perms != 1 || c->perms[0].when;
    unsigned int i;

    if (braces)
        buf_puts(out, "{ ");
    for (i = 0; i < c->n_perms; i++) {
        if (i)
            buf_puts(out, ", ");
        print_perm_use(out, &c->perms[i]);
    }
    if (braces)
        buf_puts(out, " }");
}

void print_check(struct buf *out, const struct check *c)
{
    if (c->subject) {
        print_label(out, c->subject);
        buf_putc(out, ' ');
    }
    if (c->object) {
        buf_puts(out, "-> ");
        print_label(out, c->object);
        buf_putc(out, ' ');
    }
    buf_printf(out, "%s:", c->class_name);
    if (c->perm_class_name)
        buf_printf(out, "%s:", c->perm_class_name);
    print_perms(out, c);
    if (c->audit_plain)
        buf_puts(out, " audit plain");
}

void print_step(struct buf *out, const struct step *s)
{
    unsigned int i;

    if (s->when) {
        buf_puts(out, "when ");
        print_expr(out, s->when, PRINT_LANGUAGE);
        buf_putc(out, ' ');
    }
    switch (s->kind) {
    case STEP_CHECK:
        print_check(out, &s->check);
        break;

    case STEP_PERMIT:
        buf_puts(out, "permit");
        break;

    case STEP_REFUSE:
        buf_printf(out, "refuse%s%s", s->text ? " " : "", s->text ? s->text : "");
        break;

    case STEP_UNKNOWN:
        buf_printf(out, "unknown \"%s\"", s->text);
        break;

    case STEP_THEN:
        buf_puts(out, "then hook ");
        for (i = 0; i < s->n_hooks; i++)
            buf_printf(out, "%s%s", i ? ", " : "", s->hooks[i].name);
        break;

    case STEP_AS:
        buf_printf(out, "as hook %s", s->hooks[0].name);
        if (s->args_given) {
            buf_putc(out, '(');
            print_exprs(out, s->args, s->n_args);
            buf_putc(out, ')');
        }
        break;
    }
}

void print_steps(struct buf *out, const struct steps *s)
{
    unsigned int i;

    if (s->n == 1) {
        print_step(out, &s->step[0]);
        return;
    }
    buf_puts(out, "{ ");
    for (i = 0; i < s->n; i++) {
        print_step(out, &s->step[i]);
        buf_puts(out, "; ");
    }
    buf_putc(out, '}');
}

/* ---- equality: names are interned, so equal names are one pointer ---- */

static bool exprs_equal(struct expr *const *a, unsigned int n, struct expr *const *b, unsigned int m)
{
    unsigned int i;

    if (n != m)
        return false;
    for (i = 0; i < n; i++)
        if (!expr_equal(a[i], b[i]))
            return false;
    return true;
}

bool expr_same(const struct expr *a, const struct expr *b)
{
    return a->kind == b->kind && a->name == b->name && exprs_equal(a->args, a->n_args, b->args, b->n_args) &&
           expr_equal(a->a, b->a) && expr_equal(a->b, b->b);
}

bool label_equal(const struct label *a, const struct label *b)
{
    if (!a || !b)
        return a == b;
    return a->kind == b->kind && (a->kind == LABEL_CURRENT || a->name == b->name) &&
           exprs_equal(a->args, a->n_args, b->args, b->n_args) && label_equal(a->from, b->from) &&
           label_equal(a->to, b->to);
}

static bool perm_use_equal(const struct perm_use *a, const struct perm_use *b)
{
    unsigned int i;

    for (; a && b; a = a->otherwise, b = b->otherwise) {
        if (a->name != b->name || a->choose != b->choose || a->n_choices != b->n_choices ||
            !expr_equal(a->when, b->when) ||
            !exprs_equal(a->choose_args, a->n_choose_args, b->choose_args, b->n_choose_args))
            return false;
        for (i = 0; i < a->n_choices; i++)
            if (a->choices[i].name != b->choices[i].name)
                return false;
    }
    return a == b;
}

bool check_equal(const struct check *a, const struct check *b)
{
    unsigned int i;

    if (a->class != b->class || a->perm_class != b->perm_class || a->n_perms != b->n_perms ||
        a->audit_plain != b->audit_plain || !label_equal(a->subject, b->subject) ||
        !label_equal(a->object, b->object))
        return false;
    for (i = 0; i < a->n_perms; i++)
        if (!perm_use_equal(&a->perms[i], &b->perms[i]))
            return false;
    return true;
}

static bool step_equal(const struct step *a, const struct step *b)
{
    unsigned int i;

    if (a->kind != b->kind || !expr_equal(a->when, b->when) || a->text != b->text || a->n_hooks != b->n_hooks ||
        !exprs_equal(a->args, a->n_args, b->args, b->n_args))
        return false;
    for (i = 0; i < a->n_hooks; i++)
        if (a->hooks[i].name != b->hooks[i].name)
            return false;
    return a->kind != STEP_CHECK || check_equal(&a->check, &b->check);
}

bool steps_equal(const struct steps *a, const struct steps *b)
{
    unsigned int i;

    if (a->n != b->n)
        return false;
    for (i = 0; i < a->n; i++)
        if (!step_equal(&a->step[i], &b->step[i]))
            return false;
    return true;
}
