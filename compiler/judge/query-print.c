/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers for a person, and as JSON for programs. */
#include "base/buf.h"
#include "judge/query.h"
#include "model/print-policy.h"
#include "text/json.h"

struct printer {
    struct buf *out;
    const struct answerer *w;
    const struct policy *policy;
    const struct query *q;
    const struct sources *sources;
};

/* "!(a || b)" of the branch a rule stands in; nothing for a rule that always counts. */
static void condition(struct buf *out, const struct policy_rule *r)
{
    bool otherwise;
    const struct condition *c = policy_condition_of(r, &otherwise);

    if (!c)
        return;
    if (otherwise)
        buf_puts(out, c->expr->op == BOOL_NAME ? "!" : "!(");
    print_bool_expr(out, c->expr);
    if (otherwise && c->expr->op != BOOL_NAME)
        buf_putc(out, ')');
}

static struct span reason_span(const struct query_reason *r)
{
    switch (r->kind) {
    case QUERY_RULE:
    case QUERY_RULE_OFF:
        return r->rule->span;
    case QUERY_CONSTRAINT:
        return r->constraint->span;
    case QUERY_PERMISSIVE:
        return r->type->permissive_span;
    default:
        return (struct span){ 0, 0, 0 };
    }
}

static const char *reason_words(const struct query_reason *r)
{
    return r->kind == QUERY_CONSTRAINT ? r->constraint->reason : r->rule ? r->rule->reason : NULL;
}

/* What decides, in the spelling of the language. */
static void reason_text(const struct printer *p, struct buf *out, const struct query_reason *r,
                        const struct class *class)
{
    switch (r->kind) {
    case QUERY_RULE:
    case QUERY_RULE_OFF:
        print_rule(out, p->policy, r->rule, class, r->perms);
        break;
    case QUERY_CONSTRAINT:
        buf_puts(out, "constrain ");
        print_access(out, p->policy, class, r->perms);
        buf_puts(out, " to ");
        print_cexpr(out, p->policy, r->constraint->expr, r->constraint->kind);
        break;
    case QUERY_ROLES:
        buf_puts(out, "the roles: a domain may change its own only where 'allow role' says so");
        break;
    case QUERY_BOUND:
        buf_printf(out, r->verdict == QUERY_IF ? "the bounding type %s, which may perhaps not "
                                               : "the bounding type %s, which may not ", r->type->name);
        print_access(out, p->policy, class, r->perms);
        break;
    case QUERY_PERMISSIVE:
        buf_printf(out, "permissive %s", r->type->name);
        break;
    }
}

/* Rules of a binary policy have a file, but no place in it. */
static bool has_place(const struct printer *p, struct span span)
{
    size_t len;

    source_text(p->sources, span.file, &len);
    return len != 0;
}

/* ---- for a person ------------------------------------------------------------------------------------------- */

static void place(const struct printer *p, struct span span)
{
    struct place at;

    if (!span.file)
        return;
    if (!has_place(p, span)) {
        buf_printf(p->out, "%s: ", source_path(p->sources, span.file));
        return;
    }
    at = source_place(p->sources, source_written(p->sources, span));
    buf_printf(p->out, "%s:%u:%u: ", at.path, at.line, at.column);
}

static void print_reason(const struct printer *p, const struct query_reason *r, const struct class *class)
{
    const char *words = reason_words(r);
    bool is_rule = r->kind == QUERY_RULE || r->kind == QUERY_RULE_OFF;
    struct buf when = BUF_INIT;

    if (r->kind == QUERY_CONSTRAINT || r->kind == QUERY_ROLES || r->kind == QUERY_BOUND)
        buf_puts(p->out, r->verdict == QUERY_IF ? "depends on " : "forbidden by ");
    place(p, reason_span(r));
    reason_text(p, p->out, r, class);
    if (words)
        buf_printf(p->out, " \"%s\"", words);
    if (is_rule && r->rule->origin)
        buf_printf(p->out, " (%s)", r->rule->origin->text);
    if (is_rule)
        condition(&when, r->rule);
    if (when.len)
        buf_printf(p->out, r->kind == QUERY_RULE_OFF ? ", but it counts only if %s" : ", as %s", buf_text(&when));
    buf_free(&when);
}

static void print_reason_line(const struct printer *p, const struct query_reason *r, const struct class *class)
{
    buf_puts(p->out, "      ");
    print_reason(p, r, class);
    buf_putc(p->out, '\n');
}

void query_print_reason(struct buf *out, const struct answerer *w, const struct sources *s, const struct query_reason *r,
                        const struct class *class)
{
    struct printer p = { .out = out, .w = w, .policy = answerer_policy(w), .sources = s };

    print_reason(&p, r, class);
}

static void print_reasons(const struct printer *p, const struct query_result *r)
{
    unsigned int i;

    for (i = 0; i < r->reasons.n; i++)
        print_reason_line(p, &r->reasons.items[i], r->class);
}

static void access_line(const struct printer *p, const struct query_result *r, uint32_t perms, const char *words)
{
    if (!perms)
        return;
    buf_printf(p->out, "  %s -> %s ", r->subject->name, r->object->name);
    print_access(p->out, p->policy, r->class, perms);
    buf_printf(p->out, "%s\n", words);
}

/* Those that say yes; if nobody does, those where something stands in the way. */
static void print_results(const struct printer *p, const struct query_answer *a)
{
    unsigned int i, n = 0;

    for (i = 0; i < a->results.n; i++) {
        const struct query_result *r = &a->results.items[i];

        if (a->verdict > QUERY_NO && r->verdict == QUERY_NO)
            continue;
        access_line(p, r, r->yes, "");
        access_line(p, r, r->maybe, ", if constraints hold");
        access_line(p, r, a->verdict == QUERY_NO ? r->no : 0, ": no");
        print_reasons(p, r);
        n++;
    }
    if (!n)
        buf_puts(p->out, "  no rule allows it\n");
}

static void print_path(const struct printer *p, const struct query_path *path)
{
    unsigned int i;

    for (i = 0; i < path->steps.n; i++) {
        const struct query_step *s = &path->steps.items[i];

        buf_printf(p->out, "  %s => %s", s->from->name, s->to->name);
        if (s->permissive) {
            struct query_reason lax = { .kind = QUERY_PERMISSIVE, .type = s->permissive };

            buf_printf(p->out, s->reads ? ": %s may read anything\n" : ": %s may write anything\n", s->permissive->name);
            print_reason_line(p, &lax, NULL);
            continue;
        }
        if (s->rule) {
            struct query_reason label = { .kind = QUERY_RULE, .rule = s->rule };

            buf_puts(p->out, " are labels of one domain\n");
            print_reason_line(p, &label, NULL);
            continue;
        }
        buf_printf(p->out, s->reads ? ": %s reads by " : ": %s writes by ", s->access->subject->name);
        print_access(p->out, p->policy, s->access->class, s->access->yes | s->access->maybe);
        buf_puts(p->out, s->access->verdict == QUERY_IF ? ", if constraints hold\n" : "\n");
        print_reasons(p, s->access);
    }
}

static void print_chain(const struct printer *p, const struct query_path *path)
{
    unsigned int i;

    buf_printf(p->out, "  %s", path->from->name);
    for (i = 0; i < path->steps.n; i++)
        buf_printf(p->out, " => %s", path->steps.items[i].to->name);
    buf_puts(p->out, path->verdict == QUERY_IF ? ", if constraints hold\n" : "\n");
}

void query_print(struct buf *out, const struct answerer *w, const struct query *q, const struct query_answer *a,
                 const struct sources *s)
{
    static const char *const words[] = {
        [QUERY_NO] = "no", [QUERY_IF] = "yes, if constraints hold", [QUERY_YES] = "yes",
    };
    struct printer p = { out, w, answerer_policy(w), q, s };
    unsigned int i;

    buf_printf(out, "%s\n", words[a->verdict]);
    if (q->form == QUERY_MAY)
        print_results(&p, a);
    else if (a->paths.n == 1)
        print_path(&p, &a->paths.items[0]);
    else
        for (i = 0; i < a->paths.n; i++)
            print_chain(&p, &a->paths.items[i]);
    if (q->form == QUERY_REACH && !a->paths.n)
        buf_puts(out, "  there is no path\n");
}

/* ---- for programs ------------------------------------------------------------------------------------------- */

static const char *const verdict_words[] = { [QUERY_NO] = "no", [QUERY_IF] = "if", [QUERY_YES] = "yes" };

static void json_perms(const struct printer *p, struct json *j, const char *key, const struct class *class,
                       uint32_t perms)
{
    const char *names[32];
    unsigned int n = policy_perm_names(p->policy, class, perms, names), i;

    json_begin(j, key, '[');
    for (i = 0; i < n; i++)
        json_string(j, NULL, names[i]);
    json_end(j, ']');
}

static void json_reason(const struct printer *p, struct json *j, const struct query_reason *r,
                        const struct class *class)
{
    static const char *const kinds[] = {
        [QUERY_RULE] = "rule", [QUERY_RULE_OFF] = "rule-off", [QUERY_CONSTRAINT] = "constraint",
        [QUERY_ROLES] = "roles", [QUERY_BOUND] = "bound", [QUERY_PERMISSIVE] = "permissive",
    };
    struct span span = reason_span(r);
    struct buf text = BUF_INIT, when = BUF_INIT;

    json_begin(j, NULL, '{');
    json_string(j, "kind", kinds[r->kind]);
    json_string(j, "answer", verdict_words[r->verdict]);
    if (span.file && !has_place(p, span)) {
        json_string(j, "file", source_path(p->sources, span.file));
    } else if (span.file) {
        struct place at = source_place(p->sources, source_written(p->sources, span));

        json_string(j, "file", at.path);
        json_number(j, "line", at.line);
        json_number(j, "column", at.column);
    }
    reason_text(p, &text, r, class);
    json_string(j, "text", buf_text(&text));
    if (reason_words(r))
        json_string(j, "reason", reason_words(r));
    if (r->rule && r->rule->origin)
        json_string(j, "origin", r->rule->origin->text);
    if (r->rule)
        condition(&when, r->rule);
    if (when.len)
        json_string(j, "condition", buf_text(&when));
    if (class)
        json_perms(p, j, "permissions", class, r->perms);
    json_end(j, '}');
    buf_free(&text);
    buf_free(&when);
}

static void json_result(const struct printer *p, struct json *j, const char *key, const struct query_result *r)
{
    unsigned int i;

    json_begin(j, key, '{');
    json_string(j, "subject", r->subject->name);
    json_string(j, "object", r->object->name);
    json_string(j, "class", r->class->name);
    json_string(j, "answer", verdict_words[r->verdict]);
    json_perms(p, j, "allowed", r->class, r->yes);
    json_perms(p, j, "if", r->class, r->maybe);
    json_perms(p, j, "refused", r->class, r->no);
    json_begin(j, "because", '[');
    for (i = 0; i < r->reasons.n; i++)
        json_reason(p, j, &r->reasons.items[i], r->class);
    json_end(j, ']');
    json_end(j, '}');
}

static void json_path(const struct printer *p, struct json *j, const struct query_path *path)
{
    unsigned int i;

    json_begin(j, NULL, '{');
    json_string(j, "from", path->from->name);
    json_string(j, "to", path->to->name);
    json_string(j, "answer", verdict_words[path->verdict]);
    json_begin(j, "steps", '[');
    for (i = 0; i < path->steps.n; i++) {
        const struct query_step *s = &path->steps.items[i];

        json_begin(j, NULL, '{');
        json_string(j, "from", s->from->name);
        json_string(j, "to", s->to->name);
        json_string(j, "by", s->permissive ? "permissive" : s->rule ? "labels" : s->reads ? "read" : "write");
        if (s->access) {
            json_result(p, j, "access", s->access);
        } else {
            struct query_reason label = { .kind = s->rule ? QUERY_RULE : QUERY_PERMISSIVE, .rule = s->rule,
                                          .type = s->permissive, .verdict = QUERY_YES };

            json_begin(j, "because", '[');
            json_reason(p, j, &label, NULL);
            json_end(j, ']');
        }
        json_end(j, '}');
    }
    json_end(j, ']');
    json_end(j, '}');
}

void query_print_json(struct buf *out, const struct answerer *w, const struct query *q, const struct query_answer *a,
                      const struct sources *s)
{
    struct printer p = { out, w, answerer_policy(w), q, s };
    struct json j = { .out = out };
    unsigned int i;

    json_begin(&j, NULL, '{');
    json_string(&j, "question", q->text);
    json_string(&j, "answer", verdict_words[a->verdict]);
    json_begin(&j, "results", '[');
    for (i = 0; i < a->results.n; i++)
        json_result(&p, &j, NULL, &a->results.items[i]);
    json_end(&j, ']');
    json_begin(&j, "paths", '[');
    for (i = 0; i < a->paths.n; i++)
        json_path(&p, &j, &a->paths.items[i]);
    json_end(&j, ']');
    json_end(&j, '}');
}
