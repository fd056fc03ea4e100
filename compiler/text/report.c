/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The short formats, each after its documentation: GitLab's "Code Quality report format", GitHub's "Workflow commands"
 * (whose messages and properties have an escape of their own), and our JSON, which holds all that is known of a finding.
 */
#include "text/report.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "text/diags.h"
#include "text/json.h"

bool report_find(const char *name, enum report_format *format)
{
    static const char *const names[] = {
        [REPORT_TEXT] = "text", [REPORT_SARIF] = "sarif", [REPORT_GITLAB] = "gitlab", [REPORT_GITHUB] = "github",
        [REPORT_JSON] = "json",
    };
    unsigned int i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (!strcmp(names[i], name)) {
            *format = i;
            return true;
        }
    return false;
}

const char *report_text(struct diags *d, const char *text)
{
    struct buf shown = BUF_INIT;
    const char *copy;

    if (!text)
        return NULL;
    utf8_show(&shown, text, strlen(text));
    copy = arena_text(d->arena, buf_text(&shown), shown.len);
    buf_free(&shown);
    return copy;
}

/* ---- GitLab ---- */

static void report_gitlab(struct diags *d, struct buf *out)
{
    static const char *const severities[] = {
        [LEVEL_NOTE] = "info", [LEVEL_WARNING] = "minor", [LEVEL_ERROR] = "major",
    };
    struct json j = { .out = out };
    const struct diag *list;
    unsigned int n, i;

    list = diags_fingerprint(d, &n);
    json_begin(&j, NULL, '[');
    for (i = 0; i < n; i++) {
        const struct diag *g = &list[i];
        struct place place = source_place(d->sources, g->span);

        if (g->suppressed)
            continue;
        json_begin(&j, NULL, '{');
        json_string(&j, "description", report_text(d, g->message));
        json_string(&j, "check_name", g->rule->id);
        json_string(&j, "fingerprint", g->fingerprint);
        json_string(&j, "severity", severities[g->level]);
        json_begin(&j, "location", '{');
        /* A place is required, even of what is about no file. */
        json_string(&j, "path", place.path ? report_text(d, diags_path(d, g->span.file)) : ".");
        json_begin(&j, "lines", '{');
        json_number(&j, "begin", place.path ? place.line : 1);
        json_end(&j, '}');
        json_end(&j, '}');
        json_end(&j, '}');
    }
    json_end(&j, ']');
}

/* ---- GitHub ---- */

/* As the runner reads it back: properties are ended by `,` and `:`. */
static void github_escape(struct buf *out, const char *text, bool property)
{
    for (; *text; text++)
        if (strchr("%\r\n", *text) || (property && strchr(":,", *text)))
            buf_printf(out, "%%%02X", (unsigned int)(unsigned char)*text);
        else
            buf_putc(out, *text);
}

static void report_github(struct diags *d, struct buf *out)
{
    static const char *const commands[] = {
        [LEVEL_NOTE] = "notice", [LEVEL_WARNING] = "warning", [LEVEL_ERROR] = "error",
    };
    const struct diag *list;
    unsigned int n, i;

    list = diags_fingerprint(d, &n);
    for (i = 0; i < n; i++) {
        const struct diag *g = &list[i];
        struct place place = source_place(d->sources, g->span);

        if (g->suppressed)
            continue;
        buf_printf(out, "::%s ", commands[g->level]);
        if (place.path) {
            buf_puts(out, "file=");
            github_escape(out, report_text(d, diags_path(d, g->span.file)), true);
            buf_printf(out, ",line=%u,endLine=%u,", place.line, place.end_line);
            /* Columns are taken on one line only. */
            if (place.line == place.end_line)
                buf_printf(out, "col=%u,endColumn=%u,", place.column, place.end_column);
        }
        buf_puts(out, "title=");
        github_escape(out, g->rule->id, true);
        buf_puts(out, "::");
        github_escape(out, report_text(d, g->message), false);
        if (g->help) {
            buf_puts(out, "%0A");
            github_escape(out, report_text(d, g->help), false);
        }
        buf_putc(out, '\n');
    }
}

/* ---- JSON ---- */

static void json_place(struct diags *d, struct json *j, struct span span)
{
    struct place place = source_place(d->sources, span);

    if (!place.path)
        return;
    json_string(j, "path", report_text(d, diags_path(d, span.file)));
    json_number(j, "line", place.line);
    json_number(j, "column", place.column);
    json_number(j, "end_line", place.end_line);
    json_number(j, "end_column", place.end_column);
}

static void json_finding(struct diags *d, struct json *j, const struct diag *g)
{
    unsigned int i;

    json_begin(j, NULL, '{');
    json_string(j, "rule", g->rule->id);
    json_string(j, "level", level_name(g->level));
    json_string(j, "message", report_text(d, g->message));
    json_string(j, "help", report_text(d, g->help));
    json_string(j, "why", g->rule->why);
    json_place(d, j, g->span);
    json_string(j, "declaration", report_text(d, g->declaration));
    json_string(j, "fingerprint", g->fingerprint);
    json_string(j, "suppressed", report_text(d, g->suppressed));
    json_begin(j, "notes", '[');
    for (i = 0; i < g->n_notes; i++) {
        json_begin(j, NULL, '{');
        json_string(j, "message", report_text(d, g->notes[i].text));
        json_place(d, j, g->notes[i].span);
        json_end(j, '}');
    }
    json_end(j, ']');
    json_end(j, '}');
}

static void report_json(struct diags *d, struct buf *out, bool good)
{
    struct json j = { .out = out };
    const struct diag *list;
    unsigned int n, i;

    list = diags_fingerprint(d, &n);
    json_begin(&j, NULL, '{');
    json_number(&j, "version", 1);
    json_bool(&j, "complete", good);
    json_number(&j, "errors", diags_count(d, LEVEL_ERROR));
    json_number(&j, "warnings", diags_count(d, LEVEL_WARNING));
    json_begin(&j, "findings", '[');
    for (i = 0; i < n; i++)
        json_finding(d, &j, &list[i]);
    json_end(&j, ']');
    json_end(&j, '}');
}

void report_render(struct diags *d, struct buf *out, enum report_format format, const char *version, bool good)
{
    switch (format) {
    case REPORT_TEXT:
        diags_render_text(d, out, false, UINT32_MAX);
        break;
    case REPORT_SARIF:
        report_sarif(d, out, version, good);
        break;
    case REPORT_GITLAB:
        report_gitlab(d, out);
        break;
    case REPORT_GITHUB:
        report_github(d, out);
        break;
    case REPORT_JSON:
        report_json(d, out, good);
        break;
    }
}
