/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SARIF 2.1.0 as GitHub's and GitLab's code scanning and editors take it: one run, the rules that found something,
 * results with a place relative to SRCROOT, other places as related locations, suppressed findings with their reason.
 * Columns count characters. Files that could not be read make the invocation unsuccessful.
 */
#include <string.h>

#include "base/buf.h"
#include "text/diags.h"
#include "text/json.h"
#include "text/report.h"

static void sarif_text(struct json *j, const char *key, const char *text)
{
    json_begin(j, key, '{');
    json_string(j, "text", text);
    json_end(j, '}');
}

/* A path as a URI reference. */
static const char *sarif_uri(struct diags *d, const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    struct buf uri = BUF_INIT;
    const char *copy;

    if (*path == '/')
        buf_puts(&uri, "file://");
    for (; *path; path++)
        if (strchr(plain, *path))
            buf_putc(&uri, *path);
        else
            buf_printf(&uri, "%%%02X", (unsigned int)(unsigned char)*path);
    copy = arena_text(d->arena, buf_text(&uri), uri.len);
    buf_free(&uri);
    return copy;
}

static void sarif_physical(struct diags *d, struct json *j, struct span span)
{
    struct place place = source_place(d->sources, span);
    const char *path = diags_path(d, span.file);

    if (!path)
        return;
    json_begin(j, "physicalLocation", '{');
    json_begin(j, "artifactLocation", '{');
    json_string(j, "uri", sarif_uri(d, path));
    if (*path != '/')
        json_string(j, "uriBaseId", "SRCROOT");
    json_end(j, '}');
    json_begin(j, "region", '{');
    json_number(j, "startLine", place.line);
    json_number(j, "startColumn", place.column);
    json_number(j, "endLine", place.end_line);
    json_number(j, "endColumn", place.end_column);
    json_end(j, '}');
    json_end(j, '}');
}

static void sarif_result(struct diags *d, struct json *j, const struct diag *g, unsigned int rule)
{
    unsigned int i;

    json_begin(j, NULL, '{');
    json_string(j, "ruleId", g->rule->id);
    json_number(j, "ruleIndex", rule);
    json_string(j, "level", level_name(g->level));
    sarif_text(j, "message", report_text(d, g->help ? arena_printf(d->arena, "%s; %s", g->message, g->help)
                                                    : g->message));
    if (g->span.file) {
        json_begin(j, "locations", '[');
        json_begin(j, NULL, '{');
        sarif_physical(d, j, g->span);
        if (g->declaration) {
            json_begin(j, "logicalLocations", '[');
            json_begin(j, NULL, '{');
            json_string(j, "name", report_text(d, g->declaration));
            json_end(j, '}');
            json_end(j, ']');
        }
        json_end(j, '}');
        json_end(j, ']');
    }
    if (g->n_notes) {
        json_begin(j, "relatedLocations", '[');
        for (i = 0; i < g->n_notes; i++) {
            json_begin(j, NULL, '{');
            json_number(j, "id", i);
            sarif_physical(d, j, g->notes[i].span);
            sarif_text(j, "message", report_text(d, g->notes[i].text));
            json_end(j, '}');
        }
        json_end(j, ']');
    }
    json_begin(j, "partialFingerprints", '{');
    json_string(j, "xsmc/v1", g->fingerprint);
    json_end(j, '}');
    json_begin(j, "suppressions", '[');
    if (g->suppressed) {
        json_begin(j, NULL, '{');
        json_string(j, "kind", g->suppressed_in_source ? "inSource" : "external");
        json_string(j, "justification", report_text(d, g->suppressed));
        json_end(j, '}');
    }
    json_end(j, ']');
    json_end(j, '}');
}

static void sarif_rule(struct json *j, const struct rule *rule)
{
    json_begin(j, NULL, '{');
    json_string(j, "id", rule->id);
    sarif_text(j, "shortDescription", rule->summary);
    sarif_text(j, "fullDescription", rule->why);
    json_begin(j, "defaultConfiguration", '{');
    json_string(j, "level", level_name(rule->level));
    json_end(j, '}');
    json_end(j, '}');
}

static void sarif_tool(struct json *j, const struct rule *const *used, unsigned int n, const char *version)
{
    unsigned int i;

    json_begin(j, "tool", '{');
    json_begin(j, "driver", '{');
    json_string(j, "name", "xsmc");
    json_string(j, "version", version);
    json_begin(j, "rules", '[');
    for (i = 0; i < n; i++)
        sarif_rule(j, used[i]);
    json_end(j, ']');
    json_end(j, '}');
    json_end(j, '}');
}

static unsigned int rule_index(const struct rule *const *used, unsigned int n, const struct rule *rule)
{
    unsigned int i;

    for (i = 0; i < n && used[i] != rule; i++)
        ;
    return i;
}

void report_sarif(struct diags *d, struct buf *out, const char *version, bool good)
{
    struct json j = { .out = out };
    const struct rule **used = arena_array(d->arena, n_rules, sizeof(*used));
    const struct diag *list;
    unsigned int n, i, n_used = 0;

    list = diags_fingerprint(d, &n);
    for (i = 0; i < n; i++)
        if (rule_index(used, n_used, list[i].rule) == n_used)
            used[n_used++] = list[i].rule;

    json_begin(&j, NULL, '{');
    json_string(&j, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_string(&j, "version", "2.1.0");
    json_begin(&j, "runs", '[');
    json_begin(&j, NULL, '{');
    sarif_tool(&j, used, n_used, version);
    json_begin(&j, "invocations", '[');
    json_begin(&j, NULL, '{');
    json_bool(&j, "executionSuccessful", good);
    json_end(&j, '}');
    json_end(&j, ']');
    json_begin(&j, "originalUriBaseIds", '{');
    json_begin(&j, "SRCROOT", '{');
    sarif_text(&j, "description", "the root of the repository");
    json_end(&j, '}');
    json_end(&j, '}');
    json_string(&j, "columnKind", "unicodeCodePoints");
    json_begin(&j, "results", '[');
    for (i = 0; i < n; i++)
        sarif_result(d, &j, &list[i], rule_index(used, n_used, list[i].rule));
    json_end(&j, ']');
    json_end(&j, '}');
    json_end(&j, ']');
    json_end(&j, '}');
}
