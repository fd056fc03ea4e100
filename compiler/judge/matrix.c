/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One list of columns drives both formats. */
#include "judge/matrix.h"

#include <string.h>

#include "model/print.h"

enum { COLUMNS = 12 };

static const char *const columns[COLUMNS] = {
    "operation", "subject", "type", "relation", "object", "when", "others", "action", "default", "flask", "verdict", "reason",
};

static void csv_field(struct buf *out, const char *text, bool last)
{
    if (strpbrk(text, "\",\n")) {
        buf_putc(out, '"');
        for (; *text; text++) {
            if (*text == '"')
                buf_putc(out, '"');
            buf_putc(out, *text);
        }
        buf_putc(out, '"');
    } else {
        buf_puts(out, text);
    }
    buf_putc(out, last ? '\n' : ',');
}

static void matrix_row(struct matrix *m, const char *const *values)
{
    unsigned int i;

    if (m->as_json)
        json_begin(&m->json, NULL, '{');
    for (i = 0; i < COLUMNS; i++) {
        if (m->as_json)
            json_string(&m->json, columns[i], values[i]);
        else
            csv_field(&m->out, values[i], i == COLUMNS - 1);
    }
    if (m->as_json)
        json_end(&m->json, '}');
}

void matrix_begin(struct matrix *m, bool as_json)
{
    memset(m, 0, sizeof(*m));
    m->as_json = as_json;
    m->json.out = &m->out;
    if (as_json)
        json_begin(&m->json, NULL, '[');
    else
        matrix_row(m, columns);
}

/* The types of further domains and labels that the case speaks of */
static void print_others(struct buf *out, const struct answer *a)
{
    const struct instance *in = a->instance;
    const char *comma = "";
    unsigned int i;

    for (i = 0; i < in->op->n_vars; i++) {
        const struct role_var *v = &in->op->vars[i];

        if (!in->decided[i] || !in->vars[i] || v->subject || (int)i == in->op->object)
            continue;
        buf_puts(out, comma);
        if (v->expr)
            print_expr(out, v->expr, PRINT_LANGUAGE);
        else
            buf_puts(out, v->name);
        buf_printf(out, " is %s", cast_domain(a->cast, in->vars[i])->type);
        comma = ", ";
    }
}

void matrix_add(void *with, const struct answer *a)
{
    struct matrix *m = with;
    const struct instance *in = a->instance;
    const struct actor *object = in->op->object >= 0 ? in->vars[in->op->object] : NULL;
    const char *values[COLUMNS];
    struct buf when = BUF_INIT, others = BUF_INIT;
    unsigned int i = 0;

    instance_print_facts(&when, in);
    print_others(&others, a);
    values[i++] = in->op->path;
    values[i++] = domain_kind_name(in->subject->kind);
    values[i++] = cast_domain(a->cast, in->subject)->type;
    values[i++] = relation_word(in->relation);
    values[i++] = object ? cast_domain(a->cast, object)->type : "";
    values[i++] = buf_text(&when);
    values[i++] = buf_text(&others);
    values[i++] = print_action(in->action);
    values[i++] = in->allowed ? "allowed" : "refused";
    values[i++] = a->flask ? "allowed" : "refused";
    values[i++] = verdict_name(a->verdict);
    values[i++] = a->reason ? a->reason->text : "";
    matrix_row(m, values);
    buf_free(&others);
    buf_free(&when);
}

void matrix_end(struct matrix *m)
{
    if (!m->as_json)
        return;
    json_end(&m->json, ']');
    buf_putc(&m->out, '\n');
}

/* ---- for people ---- */

static void print_reasons(struct buf *out, const struct proof *p, const struct sources *s, enum verdict v)
{
    unsigned int i;

    for (i = 0; i < p->reasons.n; i++) {
        const struct proof_reason *r = p->reasons.items[i];
        struct place at;

        if (r->verdict != v)
            continue;
        at = source_place(s, r->span);
        buf_printf(out, "    %5u  %s\n           %s\n           (%s:%u)\n", r->n, r->about, r->text, at.path, at.line);
    }
}

static unsigned int count_reasons(const struct proof *p, enum verdict v)
{
    unsigned int i, n = 0;

    for (i = 0; i < p->reasons.n; i++)
        n += p->reasons.items[i]->verdict == v;
    return n;
}

void proof_print(struct buf *out, const struct proof *p, const struct sources *s)
{
    static const struct {
        enum verdict verdict;
        const char *words;
    } rest[] = {
        { VERDICT_LOOSER, "looser" },
        { VERDICT_STRICTER, "stricter" },
        { VERDICT_COVERED, "allowed because the same is allowed by another operation" },
        { VERDICT_XEN_STRICTER, "refused by Flask's own code, whatever the policy says" },
        { VERDICT_XEN_LOOSER, "that Flask's own code leaves no policy to refuse" },
    };
    unsigned int i;

    buf_printf(out, "%u answers about %u operations\n%6u as without Flask\n", p->n_answers, p->n_operations,
               p->n[VERDICT_EQUAL]);
    for (i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
        enum verdict v = rest[i].verdict;
        unsigned int reasons = count_reasons(p, v);

        buf_printf(out, "%6u %s", p->n[v], rest[i].words);
        if (reasons)
            buf_printf(out, ", for %u reason%s:", reasons, reasons == 1 ? "" : "s");
        buf_putc(out, '\n');
        print_reasons(out, p, s, v);
    }
}
