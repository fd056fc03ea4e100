/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Meanings in words, and as JSON. */
#include "avc/explain.h"

#include <string.h>

#include "avc/meaning.h"
#include "base/buf.h"
#include "model/print-policy.h"
#include "text/json.h"

enum { MOST_OPERATIONS = 6 };

/* ---- parts ---- */

static void access_text(struct buf *out, const struct avc_denial *d)
{
    unsigned int i;

    buf_printf(out, "%s:%s", d->class, d->n_perms == 1 ? "" : d->n_perms ? "{ " : "nothing");
    for (i = 0; i < d->n_perms; i++)
        buf_printf(out, "%s%s", i ? ", " : "", d->perms[i]);
    if (d->n_perms > 1)
        buf_puts(out, " }");
}

/* "domU_t" of a context; what is no context as it is. */
static const char *label_text(const struct type *t, const char *context)
{
    return t ? t->name : context;
}

static void times(struct buf *out, const struct avc_denial *d)
{
    if (d->count == 1)
        buf_printf(out, "once, in line %lu", d->first);
    else
        buf_printf(out, "%lu times, in lines %lu to %lu", d->count, d->first, d->last);
}

static void examples(struct buf *out, const struct avc_denial *d)
{
    unsigned int i;

    for (i = 0; i < d->n_examples; i++)
        buf_printf(out, "%s%s", i ? "; " : "", d->examples[i]);
    if (d->more)
        buf_puts(out, "; and others");
}

static void place_text(struct buf *out, const struct avc_explainer *x, struct span span)
{
    struct place at = source_place(x->sources, span);

    buf_printf(out, "%s:%u:%u", at.path, at.line, at.column);
}

/* A line's heading in its column. */
static void heading(struct buf *out, const char *word)
{
    buf_printf(out, "    %-9s ", word);
}

static void rule_text(struct buf *out, const struct avc_explainer *x, const struct avc_lack *l)
{
    buf_printf(out, "allow %s -> %s ", l->subject->name, l->object->name);
    print_access(out, x->policy, l->class, l->bits);
    buf_putc(out, ';');
}

/* ---- operations ---- */

/* Who may, and whether this one is among them. */
static void print_default(struct buf *out, const struct avc_wanted *w)
{
    const char *this_one = w->allowed && w->refused ? "this one in some cases" : w->allowed ? "this one may" : "this one may not";

    if (w->reach == REACH_DEPENDS)
        buf_printf(out, "by default it depends on more than who asks; %s", this_one);
    else if (w->reach == REACH_NOBODY)
        buf_puts(out, "by default no one may");
    else
        buf_printf(out, "by default for %s; %s", reach_asked_by(w->reach), this_one);
}

static void print_wanted(struct buf *out, const struct avc_explainer *x, const struct avc_meaning *m)
{
    unsigned int i, n = m->wanted.n < MOST_OPERATIONS ? m->wanted.n : MOST_OPERATIONS;

    if (!m->wanted.n) {
        heading(out, "wanted");
        buf_puts(out, "no operation of the database asks for it\n");
        return;
    }
    for (i = 0; i < n; i++) {
        const struct avc_wanted *w = &m->wanted.items[i];
        const char *words = operation_meaning(w->op);

        heading(out, i ? "or" : m->others ? "like" : "wanted");
        buf_printf(out, "%s: \"%s\" (", w->op->path, words);
        place_text(out, x, w->op->span);
        buf_puts(out, ")\n");
        heading(out, "");
        print_default(out, w);
        buf_puts(out, w->blocked ? "; Flask's own code refuses it\n" : "\n");
    }
    if (n < m->wanted.n) {
        heading(out, "");
        buf_printf(out, "or one of %u more: Flask has one permission for all of them\n", m->wanted.n - n);
    }
    if (m->others) {
        heading(out, "");
        buf_puts(out, "the policy does not say which kind of domain has these labels\n");
    }
}

/* ---- why, and what to do ---- */

/* What forbids it beside the lack of a rule. */
static unsigned int print_reasons(struct buf *out, const struct avc_explainer *x, const struct query_result *r, const char *word)
{
    unsigned int i, n = 0;

    for (i = 0; r && i < r->reasons.n; i++) {
        if (r->reasons.items[i].kind == QUERY_RULE || r->reasons.items[i].kind == QUERY_PERMISSIVE)
            continue;
        heading(out, n++ ? "" : word);
        query_print_reason(out, x->answerer, x->sources, &r->reasons.items[i], r->class);
        buf_putc(out, '\n');
    }
    return n;
}

static void print_never(struct buf *out, const struct avc_explainer *x, const struct policy_rule *never)
{
    buf_puts(out, "no rule may: ruled out at ");
    place_text(out, x, never->span);
    if (never->reason)
        buf_printf(out, ", \"%s\"", never->reason);
    buf_putc(out, '\n');
}

/* What the rule opens beside the one operation that was asked for. */
static void print_opened(struct buf *out, const struct avc_meaning *m)
{
    const char *to = m->wanted.n ? "to " : "";

    heading(out, "");
    if (m->wanted.n > 1)
        buf_printf(out, "which allows these %u operations at once, ", m->wanted.n);
    else
        buf_puts(out, m->wanted.n ? "which allows nothing else, " : "which holds for ");
    if (m->subject == m->object)
        buf_printf(out, "%severy domain of type %s on every other\n", to, m->subject->name);
    else
        buf_printf(out, "%severy %s on every %s\n", to, m->subject->name, m->object->name);
}

static void print_also(struct buf *out, const struct avc_explainer *x, const struct avc_meaning *m)
{
    unsigned int i;

    if (m->wanted.n != 1)
        return;
    for (i = 0; i < m->wanted.items[0].also.n; i++) {
        heading(out, i ? "" : "and");
        rule_text(out, x, &m->wanted.items[0].also.items[i]);
        buf_puts(out, i ? "\n" : "  # the operation asks for this, too\n");
    }
}

static void print_remedy(struct buf *out, const struct avc_explainer *x, const struct avc_meaning *m)
{
    const struct avc_lack lack = { m->subject, m->object, m->class->class, m->bits };
    unsigned int said;

    if (m->now && m->now->yes == m->bits) {
        heading(out, "but");
        buf_puts(out, "the policy given here allows it: the hypervisor ran another one, or other booleans\n");
        return;
    }
    said = print_reasons(out, x, m->now, "because");
    if (!said) {
        heading(out, "because");
        buf_puts(out, "no rule allows it\n");
    }
    heading(out, "to allow");
    if (m->never) {
        print_never(out, x, m->never);
    } else if (m->then && !avc_rule_suffices(m)) {
        buf_puts(out, "no rule is enough: what forbids it has to change\n");
        if (!said)
            print_reasons(out, x, m->then, "");
    } else {
        rule_text(out, x, &lack);
        buf_putc(out, '\n');
        if (!m->then) {
            heading(out, "");
            buf_puts(out, "and the same for the types that bound these\n");
        }
        print_opened(out, m);
        print_also(out, x, m);
    }
}

static void print_unknown(struct buf *out, const struct avc_explainer *x, const struct avc_denial *d,
                          const struct avc_meaning *m)
{
    buf_printf(out, "%s that Flask does not know, %s ", d->thing, d->kind == AVC_UNKNOWN_DENIED ? "refused" : "let through");
    times(out, d);
    buf_puts(out, "\n");
    heading(out, "which");
    examples(out, d);
    buf_putc(out, '\n');
    heading(out, "because");
    if (m->hook) {
        buf_printf(out, "hook '%s' has no row for it (", m->hook->name);
        place_text(out, x, m->step->span);
        buf_puts(out, ")\n");
    } else {
        buf_puts(out, "the hypervisor asks for something that no hook of this database has\n");
    }
    heading(out, "to allow");
    buf_puts(out, d->kind == AVC_UNKNOWN_DENIED
                  ? "no policy rule can: the hypervisor needs a row for it, or it is no command at all\n"
                  : "nothing: Flask is permissive, or the policy allows what it does not know; when enforcing it is refused\n");
}

void avc_explain(struct buf *out, struct avc_explainer *x, const struct avc_denial *d)
{
    const struct avc_meaning *m = avc_meaning_of(x, d);

    if (d->thing) {
        print_unknown(out, x, d, m);
        return;
    }
    access_text(out, d);
    buf_printf(out, " by %s on %s, %s ", label_text(m->subject, d->subject), label_text(m->object, d->object),
               d->kind == AVC_DENIED ? "denied" : "granted and audited");
    times(out, d);
    buf_putc(out, '\n');
    if (d->n_examples) {
        heading(out, "who");
        examples(out, d);
        buf_putc(out, '\n');
    }
    if (m->trouble) {
        heading(out, "unclear");
        buf_printf(out, "%s\n", m->trouble);
        return;
    }
    print_wanted(out, x, m);
    if (d->kind == AVC_DENIED)
        print_remedy(out, x, m);
}

/* ---- JSON ---- */

static void json_remedy(struct json *j, const struct avc_explainer *x, const struct avc_meaning *m)
{
    const struct avc_lack lack = { m->subject, m->object, m->class->class, m->bits };
    bool allowed = m->now && m->now->yes == m->bits;
    struct buf text = BUF_INIT;
    unsigned int i;

    json_bool(j, "allowed_here", allowed);
    json_begin(j, "because", '[');
    for (i = 0; m->now && !allowed && i < m->now->reasons.n; i++) {
        text.len = 0;
        query_print_reason(&text, x->answerer, x->sources, &m->now->reasons.items[i], m->now->class);
        json_string(j, NULL, buf_text(&text));
    }
    json_end(j, ']');
    text.len = 0;
    rule_text(&text, x, &lack);
    json_string(j, "rule", allowed ? NULL : buf_text(&text));
    json_bool(j, "rule_suffices", !allowed && avc_rule_suffices(m));
    text.len = 0;
    if (m->never)
        place_text(&text, x, m->never->span);
    json_string(j, "never", m->never ? buf_text(&text) : NULL);
    buf_free(&text);
}

static void json_wanted(struct json *j, const struct avc_explainer *x, const struct avc_meaning *m)
{
    struct buf text = BUF_INIT;
    unsigned int i, k;

    json_begin(j, m->others ? "like" : "wanted", '[');
    for (i = 0; i < m->wanted.n; i++) {
        const struct avc_wanted *w = &m->wanted.items[i];

        text.len = 0;
        place_text(&text, x, w->op->span);
        json_begin(j, NULL, '{');
        json_string(j, "operation", w->op->path);
        json_string(j, "meaning", operation_meaning(w->op));
        json_string(j, "place", buf_text(&text));
        json_string(j, "default", reach_asked_by(w->reach));
        json_string(j, "without_flask", w->allowed && w->refused ? "depends" : w->allowed ? "allowed" : "refused");
        json_begin(j, "needs_too", '[');
        for (k = 0; k < w->also.n; k++) {
            text.len = 0;
            rule_text(&text, x, &w->also.items[k]);
            json_string(j, NULL, buf_text(&text));
        }
        json_end(j, ']');
        json_end(j, '}');
    }
    json_end(j, ']');
    buf_free(&text);
}

void avc_explain_json(struct json *j, struct avc_explainer *x, const struct avc_denial *d)
{
    static const char *const kinds[] = {
        [AVC_DENIED] = "denied", [AVC_GRANTED] = "granted",
        [AVC_UNKNOWN_DENIED] = "unknown denied", [AVC_UNKNOWN_ALLOWED] = "unknown allowed",
    };
    const struct avc_meaning *m = avc_meaning_of(x, d);
    unsigned int i;

    json_begin(j, NULL, '{');
    json_string(j, "message", kinds[d->kind]);
    json_number(j, "count", (long long)d->count);
    json_number(j, "first_line", (long long)d->first);
    json_number(j, "last_line", (long long)d->last);
    json_begin(j, d->thing ? "numbers" : "domains", '[');
    for (i = 0; i < d->n_examples; i++)
        json_string(j, NULL, d->examples[i]);
    json_end(j, ']');
    json_bool(j, "more", d->more);
    if (d->thing) {
        json_string(j, "thing", d->thing);
        json_string(j, "hook", m->hook ? m->hook->name : NULL);
    } else {
        json_string(j, "subject", d->subject);
        json_string(j, "object", d->object);
        json_string(j, "class", d->class);
        json_begin(j, "permissions", '[');
        for (i = 0; i < d->n_perms; i++)
            json_string(j, NULL, d->perms[i]);
        json_end(j, ']');
        json_string(j, "unclear", m->trouble);
        if (!m->trouble)
            json_wanted(j, x, m);
        if (!m->trouble && d->kind == AVC_DENIED)
            json_remedy(j, x, m);
    }
    json_end(j, '}');
}

/* ---- the log itself ---- */

void avc_log_print(struct buf *out, const struct avc_log *log)
{
    if (log->cut)
        buf_printf(out, "%lu message%s of Flask's %s not whole, the last in line %lu\n", log->cut, log->cut == 1 ? "" : "s",
                   log->cut == 1 ? "is" : "are", log->last_cut);
    if (log->foreign)
        buf_printf(out, "%lu line%s look%s like a message of Flask's, but Xen did not write %s; the last is line %lu\n", log->foreign,
                   log->foreign == 1 ? "" : "s", log->foreign == 1 ? "s" : "", log->foreign == 1 ? "it" : "them", log->last_foreign);
}
