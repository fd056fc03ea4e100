/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The symbolic reading, values: what is known of an expression, and what is left of it where two ways meet. */
#include <string.h>

#include "tree/reading-inside.h"

static const struct value nothing = { .kind = VALUE_NONE };

static struct value text_value(const char *text)
{
    return text ? (struct value){ .kind = VALUE_TEXT, .text = text } : nothing;
}

static const char *name_of(const struct run *r, TSNode n)
{
    return names_get(r->w->names, run_text(r, n));
}

static struct value field_value(struct run *r, TSNode n)
{
    TSNode base = run_bare(run_field(n, "argument"));
    const char *field = run_text(r, run_field(n, "field")), *text = run_text(r, n);
    const struct value *v;
    struct value b;

    if (!strcmp(text, "current->domain"))
        return text_value("current");
    v = run_find(r, names_get(r->w->names, text));
    if (v)
        return *v;
    if (strlen(text) > 15 && !strcmp(text + strlen(text) - 15, ".ssid.flask_sid"))
        return nothing;
    if (!strcmp(field, "flask_sid")) {
        TSNode ssid = base, chn = run_is(ssid, "field_expression") ? run_field(ssid, "argument") : ssid;
        const char *label_name = run_expr(r, chn);

        return label_name ? (struct value){ .kind = VALUE_LABEL, .text = label_name } : nothing;
    }
    b = run_value(r, base);
    if (b.kind == VALUE_PARTS) {
        v = run_find(r, names_get(r->w->names, arena_printf(r->w->arena, "%s.%s", b.text, field)));
        return v ? *v : text_value(arena_printf(r->w->arena, "%s.%s", b.text, field));
    }
    if (b.kind == VALUE_SSID && (!strcmp(field, "sid") || !strcmp(field, "self_sid")))
        return (struct value){ .kind = VALUE_OWN, .a = b.a };
    if (b.kind == VALUE_TEXT && !strcmp(field, "ssid"))
        return (struct value){ .kind = VALUE_SSID, .a = b.text };
    if (b.kind == VALUE_TEXT && b.text)
        return text_value(arena_printf(r->w->arena, "%s%s%s", b.text, strstr(text, "->") &&
                          !strcmp(run_text(r, ts_node_child(n, 1)), "->") ? "->" : ".", field));
    return nothing;
}

static struct value identifier(struct run *r, TSNode n)
{
    const char *name = name_of(r, n), *found;
    const struct value *v = run_find(r, name);
    struct value p;

    if (v)
        return *v;
    if (!strncmp(name, "SECCLASS_", 9)) {
        found = r->w->class_of(r->w->context, name + 9);
        return found ? (struct value){ .kind = VALUE_CLASS, .text = found } : nothing;
    }
    if (!strncmp(name, "SECINITSID_", 11)) {
        found = r->w->sid_of(r->w->context, name + 11);
        return found ? (struct value){ .kind = VALUE_LABEL, .text = arena_printf(r->w->arena, "sid %s", found) } : nothing;
    }
    p = run_permission(r, name);
    return p.kind == VALUE_PERMS ? p : text_value(name);
}

static struct value ternary(struct run *r, TSNode n)
{
    const char *text;
    enum truth t = run_truth(r, run_field(n, "condition"), &text);
    struct value a, b;

    if (t != IS_OPEN)
        return run_value(r, run_field(n, t == IS_TRUE ? "consequence" : "alternative"));
    a = run_value(r, run_field(n, "consequence"));
    b = run_value(r, run_field(n, "alternative"));
    if (text && (a.kind == VALUE_PERMS || b.kind == VALUE_PERMS))
        return run_joined(r, text, &a, &b);
    return text_value(a.kind == VALUE_TEXT && b.kind == VALUE_TEXT ? run_expr(r, n) : NULL);
}

static struct value value(struct run *r, TSNode n)
{
    n = run_bare(n);
    if (run_is(n, "identifier"))
        return identifier(r, n);
    if (run_is(n, "null"))
        return text_value("NULL");
    if (run_is(n, "number_literal")) {
        const char *text = run_text(r, n);

        return !strcmp(text, "0") ? (struct value){ .kind = VALUE_NUMBER, .text = "0" } : text_value(text);
    }
    if (run_is(n, "unary_expression") && !strcmp(run_text(r, ts_node_child(n, 0)), "-")) {
        const char *text = run_text(r, run_field(n, "argument"));

        return text[0] == 'E' ? (struct value){ .kind = VALUE_NUMBER, .text = text } : nothing;
    }
    if (run_is(n, "call_expression"))
        return run_ask(r, n);
    if (run_is(n, "field_expression"))
        return field_value(r, n);
    if (run_is(n, "conditional_expression"))
        return ternary(r, n);
    if (run_is(n, "pointer_expression") && !strcmp(run_text(r, ts_node_child(n, 0)), "&"))
        return (struct value){ .kind = VALUE_PARTS, .text = names_get(r->w->names, run_text(r, run_field(n, "argument"))) };
    if (run_is(n, "binary_expression") && !strcmp(run_text(r, ts_node_child(n, 1)), "|")) {
        struct value a = run_value(r, run_field(n, "left")), b = run_value(r, run_field(n, "right"));

        return a.kind == VALUE_PERMS && b.kind == VALUE_PERMS ? run_perms_joined(r, &a, &b) : nothing;
    }
    return text_value(run_expr(r, n));
}

struct value run_value(struct run *r, TSNode n)
{
    struct value v;

    if (ts_node_is_null(n) || !run_enter(r, n))
        return nothing;
    v = value(r, n);
    run_left(r);
    return v;
}

/* ---- joining ---- */

static bool same(const struct value *a, const struct value *b)
{
#define EQUAL(x) ((a->x == b->x) || (a->x && b->x && !strcmp(a->x, b->x)))
    return a->kind == b->kind && EQUAL(text) && EQUAL(a) && EQUAL(b) && a->n_parts == b->n_parts &&
           (a->parts == b->parts || a->kind != VALUE_PERMS);
#undef EQUAL
}

static bool same_part(const struct perm_part *a, const struct perm_part *b)
{
    return !strcmp(a->text, b->text) && (a->when == b->when || (a->when && b->when && !strcmp(a->when, b->when)));
}

struct value run_joined(struct run *r, const char *cond, const struct value *a, const struct value *b)
{
    static const struct perm_part none[1];
    struct value empty = { .kind = VALUE_PERMS, .parts = none };
    struct perm_part *p;
    unsigned int i;

    if (same(a, b))
        return *a;
    if (a->kind == VALUE_VERDICT || b->kind == VALUE_VERDICT)
        return (struct value){ .kind = VALUE_VERDICT };
    if (a->kind == VALUE_PERMS && b->kind == VALUE_NUMBER)
        b = &empty;
    if (b->kind == VALUE_PERMS && a->kind == VALUE_NUMBER)
        a = &empty;
    if (a->kind != VALUE_PERMS || b->kind != VALUE_PERMS || !cond)
        return (struct value){ .kind = VALUE_NONE };
    if (a->n_parts < b->n_parts) {
        const struct value *swap = a;

        a = b;
        b = swap;
        cond = run_not(r, cond);
    }
    for (i = 0; i < b->n_parts; i++)
        if (!same_part(&a->parts[i], &b->parts[i]))
            break;
    p = arena_array(r->w->arena, a->n_parts, sizeof(*p));
    memcpy(p, a->parts, a->n_parts * sizeof(*p));
    if (i == b->n_parts) {
        for (; i < a->n_parts; i++)
            p[i].when = run_and(r, cond, p[i].when);
    } else if (a->n_parts == 1 && b->n_parts == 1 && !a->parts->when && !b->parts->when) {
        p->when = cond;
        p->otherwise = b->parts->text;
    } else {
        return (struct value){ .kind = VALUE_NONE };
    }
    return (struct value){ .kind = VALUE_PERMS, .parts = p, .n_parts = a->n_parts };
}
