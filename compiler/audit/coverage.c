/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row is a command and a check it comes to; a command without one has a single row that says so. What Flask asks is read
 * off Flask's function for the hook and the command: the class and the permissions named in the call that leads to
 * avc_has_perm(), subject and object by what that function is known to take. Where calls cannot be followed, before any check
 * was passed, the row says where the trail ends.
 */
#include "audit/coverage.h"

#include <string.h>

#include "audit/audit-inside.h"
#include "base/buf.h"
#include "text/html.h"
#include "text/json.h"

enum { N_COLUMNS = 8, DEEPEST_SHOWN = 5, MOST_SHOWN_LOST = 3 };

static const char *const column_names[N_COLUMNS] = {
    "hypercall", "command", "verdict", "hook", "called at", "by default", "Flask asks", "remarks",
};

struct coverage_row {
    const char *cells[N_COLUMNS];   /* none NULL */
    bool bad;                       /* some path has no check */
};

struct rows {
    struct audit *audit;
    LIST(struct coverage_row) list;
};

static const char *const format_names[] = {
    [COVERAGE_TEXT] = "text", [COVERAGE_CSV] = "csv", [COVERAGE_JSON] = "json", [COVERAGE_HTML] = "html",
};

bool coverage_find(const char *name, enum coverage_format *format)
{
    unsigned int i;

    for (i = 0; i < sizeof(format_names) / sizeof(format_names[0]); i++)
        if (!strcmp(format_names[i], name)) {
            *format = (enum coverage_format)i;
            return true;
        }
    return false;
}

/* ---- what Flask asks ---- */

/* Functions of Flask that ask, and which of their arguments are subject and object; -1: what stands here. */
static const struct asker {
    const char *name;
    int subject, object;
    const char *who, *what;
} askers[] = {
    { "current_has_perm", -1, 0, "current", NULL },
    { "domain_has_perm", 0, 1, NULL, NULL },
    { "domain_has_xen", 0, -1, NULL, "xen" },
    { "domain_has_security", 0, -1, NULL, "security" },
    { "domain_has_evtchn", 0, 1, NULL, NULL },
    { "avc_current_has_perm", -1, 0, "current", NULL },
    { "avc_has_perm", 0, 1, NULL, NULL },
};

/* Of a call like domain_sid(d) what it is of. */
static const char *argument_text(const struct act *call, int which, const char *otherwise)
{
    const struct act *argument = which < 0 ? NULL : act_arg(call, (unsigned int)which);

    if (argument && argument->kind == ACT_CALL && act_arg(argument, 0))
        argument = act_arg(argument, 0);
    return argument && argument->name ? argument->name : otherwise ? otherwise : "?";
}

static void lower(struct buf *out, const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        buf_putc(out, text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i]);
}

/* Appends "class:permission" for every CLASS__PERMISSION in the call's arguments; returns how many. */
static unsigned int print_permissions(struct buf *out, const struct act *call)
{
    const struct act *kid = call->first ? call->first->next : NULL;
    unsigned int n = 0;

    for (; kid; kid = kid->next) {
        const char *at = kid->name ? kid->name : "", *two;

        while ((two = strstr(at, "__"))) {
            const char *start = two, *end = two;

            while (start > at && ((start[-1] >= 'A' && start[-1] <= 'Z') || (start[-1] >= '0' && start[-1] <= '9')))
                start--;
            while ((*end >= 'A' && *end <= 'Z') || (*end >= '0' && *end <= '9') || *end == '_')
                end++;
            if (start < two && end > two + 2) {
                buf_puts(out, n++ ? " " : "");
                lower(out, start, (size_t)(two - start));
                buf_putc(out, ':');
                lower(out, two + 2, (size_t)(end - two - 2));
            }
            at = end;
        }
    }
    return n;
}

/* "mmu:(map_perms)" of a call with SECCLASS_MMU and a variable behind it; the call's name if there is no class. */
static void print_variable(struct buf *out, const struct act *call)
{
    const struct act *kid = call->first ? call->first->next : NULL;

    for (; kid; kid = kid->next)
        if (kid->name && !strncmp(kid->name, "SECCLASS_", 9)) {
            lower(out, kid->name + 9, strlen(kid->name + 9));
            buf_printf(out, ":(%s)", kid->next && kid->next->name ? kid->next->name : "?");
            return;
        }
    buf_printf(out, "%s()", call->name ? call->name : "?");
}

static void print_question(struct buf *out, const struct flow_event *e)
{
    const struct flow_step *step = e->via;
    const struct act *call = step ? step->call : e->act;
    struct buf permissions = BUF_INIT;
    unsigned int i;

    /* The outermost call that names a permission: those below it only hand on. */
    while (!print_permissions(&permissions, call) && step) {
        step = step->next;
        call = step ? step->call : e->act;
    }
    if (!permissions.len && e->via)
        call = e->via->call;
    if (out->len)
        buf_puts(out, "; ");
    for (i = 0; i < sizeof(askers) / sizeof(askers[0]); i++)
        if (call->name && !strcmp(call->name, askers[i].name)) {
            const char *subject = argument_text(call, askers[i].subject, askers[i].who);
            const char *object = argument_text(call, askers[i].object, askers[i].what);

            buf_printf(out, "%s -> %s ", !strcmp(subject, "current->domain") ? "current" : subject, object);
        }
    if (permissions.len)
        buf_puts(out, buf_text(&permissions));
    else
        print_variable(out, e->via ? e->via->call : e->act);
    buf_free(&permissions);
}

static const char *flask_text(struct audit *a, const struct audit_hook *h, const char *command)
{
    struct flask_answer answer;
    struct buf out = BUF_INIT;
    const char *text;
    unsigned int i;

    if (!h->flask)
        return "as by default: no function";
    answer = hook_flask(a, h, command);
    for (i = 0; i < answer.flow->n_events; i++)
        if (answer.flow->events[i]->kind == FLOW_CHECK &&
            strcmp(answer.flow->events[i]->what, "avc_unknown_permission"))
            print_question(&out, answer.flow->events[i]);
    if (answer.unknown)
        buf_puts(&out, out.len ? "; or refuses what it does not know" : "refuses what it does not know");
    if (!out.len)
        buf_puts(&out, "nothing: a later check is meant to");
    text = names_intern(a->names, buf_text(&out), out.len);
    buf_free(&out);
    return text;
}

/* ---- rows ---- */

static unsigned int depth_of(const struct flow_event *e)
{
    const struct flow_step *step;
    unsigned int n = 0;

    for (step = e->via; step; step = step->next)
        n++;
    return n;
}

static const char *verdict(const struct command *c)
{
    const struct flow_state *end = &c->flow->end;
    unsigned int i;

    if (!end->live)
        return "never succeeds";
    if (end->checked)
        return "checked";
    if (end->lookup || end->change || end->deferred)
        return "not checked on every path";
    for (i = 0; i < c->flow->n_events; i++)
        if (c->flow->events[i]->kind == FLOW_CHECK && depth_of(c->flow->events[i]) < DEEPEST_SHOWN)
            return "checked where another domain is meant";
    return "no check: the caller's own";
}

static void remark(struct buf *out, const char *format, const char *what)
{
    struct buf text = BUF_INIT;

    buf_printf(&text, format, what);
    if (!strstr(buf_text(out), buf_text(&text)))
        buf_printf(out, "%s%s", out->len ? "; " : "", buf_text(&text));
    buf_free(&text);
}

/* Where calls could not be followed before a check was passed, and privileges that are asked for without a hook. */
static void remarks_of(struct buf *out, const struct command *c)
{
    unsigned int i, lost = 0;

    for (i = 0; i < c->flow->n_events; i++) {
        const struct flow_event *e = c->flow->events[i];

        if (e->checked || depth_of(e) >= DEEPEST_SHOWN)
            continue;
        if (e->kind == FLOW_PRIVILEGE)
            remark(out, "%s() without a hook", e->what);
        else if (e->kind == FLOW_LOST && lost++ < MOST_SHOWN_LOST)
            remark(out, "the trail ends at a call through '%s'", e->what);
    }
}

static struct coverage_row *add_row(struct rows *r, const struct command *c)
{
    struct coverage_row *row = LIST_PUSH(r->audit->arena, &r->list);
    unsigned int i;

    for (i = 0; i < N_COLUMNS; i++)
        row->cells[i] = "";
    row->cells[0] = c->of->name;
    row->cells[1] = c->name ? c->name : "";
    row->cells[2] = verdict(c);
    row->bad = c->flow->end.live && !c->flow->end.checked &&
               (c->flow->end.lookup || c->flow->end.change || c->flow->end.deferred);
    return row;
}

static const char *kept(struct audit *a, struct buf *text)
{
    const char *name = names_intern(a->names, buf_text(text), text->len);

    buf_free(text);
    return name;
}

static void add_check(struct rows *r, const struct command *c, const struct flow_event *e)
{
    struct audit *a = r->audit;
    const struct audit_hook *h = e->check;
    /* What is handed in may be the hypercall's own command, one of a sub-command, or a constant. */
    const char *command = h->command < 0 ? NULL : flow_is_constant(e->command) ? e->command
                          : e->command && !e->via && e->command == c->of->subject ? c->name : NULL;
    const char *action = hook_action(a, h, command);
    struct coverage_row *row = add_row(r, c);
    struct buf text = BUF_INIT;

    row->cells[3] = h->name;
    row->cells[4] = arena_printf(a->arena, "%s, %s()", audit_place(a, e->act->span), e->in->name);
    row->cells[5] = !h->has_action ? "XSM_HOOK" : action ? action : "depends";
    row->cells[6] = flask_text(a, h, command);
    if (e->lock)
        remark(&text, "after %s was locked", e->lock->what);
    if (e->change)
        remark(&text, "after a change of %s", e->change->what);
    row->cells[7] = kept(a, &text);
}

static void add_command(struct rows *r, const struct command *c)
{
    struct coverage_row *row;
    struct buf text = BUF_INIT;
    unsigned int i, n = 0;

    for (i = 0; i < c->flow->n_events; i++)
        if (c->flow->events[i]->kind == FLOW_CHECK && depth_of(c->flow->events[i]) < DEEPEST_SHOWN) {
            add_check(r, c, c->flow->events[i]);
            n++;
        }
    remarks_of(&text, c);
    if (!n || text.len) {
        row = add_row(r, c);
        row->cells[4] = arena_printf(r->audit->arena, "%s", audit_place(r->audit, c->span));
        row->cells[7] = kept(r->audit, &text);
    }
    buf_free(&text);
}

/* ---- formats ---- */

static void print_text(const struct rows *r, struct buf *out)
{
    const char *before = NULL, *hypercall = NULL;
    unsigned int i;

    for (i = 0; i < r->list.n; i++) {
        const char *const *cells = r->list.items[i].cells;

        if (before != cells[1] || hypercall != cells[0] || !i)
            buf_printf(out, "%s%s%s: %s\n", cells[0], *cells[1] ? "/" : "", cells[1], cells[2]);
        before = cells[1];
        hypercall = cells[0];
        if (*cells[3]) {
            buf_printf(out, "    %-24s %s, %s\n", cells[3], cells[5], cells[4]);
            buf_printf(out, "    %-24s Flask: %s\n", "", cells[6]);
        }
        if (*cells[7])
            buf_printf(out, "    %-24s %s\n", *cells[3] ? "" : "-", cells[7]);
    }
}

static void csv_cell(struct buf *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        buf_puts(out, text);
        return;
    }
    buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buf_putc(out, '"');
        buf_putc(out, *text);
    }
    buf_putc(out, '"');
}

static void print_csv(const struct rows *r, struct buf *out)
{
    unsigned int i, k;

    for (k = 0; k < N_COLUMNS; k++)
        buf_printf(out, "%s%s", k ? "," : "", column_names[k]);
    buf_puts(out, "\r\n");
    for (i = 0; i < r->list.n; i++) {
        for (k = 0; k < N_COLUMNS; k++) {
            buf_puts(out, k ? "," : "");
            csv_cell(out, r->list.items[i].cells[k]);
        }
        buf_puts(out, "\r\n");
    }
}

static void print_json(const struct rows *r, struct buf *out)
{
    struct json j = { .out = out };
    unsigned int i, k;

    json_begin(&j, NULL, '{');
    json_begin(&j, "coverage", '[');
    for (i = 0; i < r->list.n; i++) {
        json_begin(&j, NULL, '{');
        for (k = 0; k < N_COLUMNS; k++)
            json_string(&j, column_names[k], *r->list.items[i].cells[k] ? r->list.items[i].cells[k] : NULL);
        json_bool(&j, "gap", r->list.items[i].bad);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_end(&j, '}');
    buf_putc(out, '\n');
}

static void print_html(const struct rows *r, struct buf *out)
{
    unsigned int i, k;

    buf_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Checks by command</title>\n<style>\n"
                  ":root { color-scheme: light dark }\n"
                  "body { font: 14px/1.4 sans-serif; margin: 1em }\n"
                  "table { border-collapse: collapse }\n"
                  "th, td { border: 1px solid #8888; padding: .2em .5em; text-align: left; vertical-align: top }\n"
                  "th { position: sticky; top: 0; background: Canvas }\n"
                  "tr.gap td:nth-child(3) { font-weight: bold; border-left: .4em solid #c33 }\n"
                  "</style>\n</head>\n<body>\n<h1>Checks by command</h1>\n<table>\n<thead><tr>");
    for (k = 0; k < N_COLUMNS; k++)
        buf_printf(out, "<th scope=\"col\">%s</th>", column_names[k]);
    buf_puts(out, "</tr></thead>\n<tbody>\n");
    for (i = 0; i < r->list.n; i++) {
        buf_puts(out, r->list.items[i].bad ? "<tr class=\"gap\">" : "<tr>");
        for (k = 0; k < N_COLUMNS; k++) {
            buf_puts(out, "<td>");
            html_text(out, r->list.items[i].cells[k]);
            buf_puts(out, "</td>");
        }
        buf_puts(out, "</tr>\n");
    }
    buf_puts(out, "</tbody>\n</table>\n</body>\n</html>\n");
}

void coverage_print(struct audit *a, struct buf *out, enum coverage_format format)
{
    static void (*const printers[])(const struct rows *, struct buf *) = {
        [COVERAGE_TEXT] = print_text, [COVERAGE_CSV] = print_csv, [COVERAGE_JSON] = print_json,
        [COVERAGE_HTML] = print_html,
    };
    struct rows r = { .audit = a };
    unsigned int i;

    for (i = 0; i < a->commands.n; i++)
        add_command(&r, &a->commands.items[i]);
    printers[format](&r, out);
}
