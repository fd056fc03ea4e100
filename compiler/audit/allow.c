/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See allow.h. All are read first and then held against all findings, so that one that takes nothing back is known. */
#define _GNU_SOURCE     /* memmem() */
#include "audit/allow.h"

#include <errno.h>
#include <string.h>

#include "audit/audit-inside.h"
#include "base/buf.h"

struct allow {
    const struct rule *rule;
    const char *reason;
    struct span span;
    bool used;
    /* of a comment: */
    uint32_t file;                      /* 0: it is of a file */
    unsigned int first, last;           /* lines it is good for */
    /* of a file: */
    const char *path, *about;
};

struct allows {
    struct audit *audit;
    LIST(struct allow) list;
};

static const char marker[] = "xsmc: allow";

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of the text, and moves behind it; "" at the end. */
static const char *next_word(const struct audit *a, const char *text, size_t *at, size_t end)
{
    size_t start;

    while (*at < end && is_blank(text[*at]))
        ++*at;
    for (start = *at; *at < end && !is_blank(text[*at]); ++*at)
        ;
    return names_intern(a->names, text + start, *at - start);
}

/* The rest of the text, blanks folded. */
static const char *rest(const struct audit *a, const char *text, size_t at, size_t end)
{
    struct buf out = BUF_INIT;
    const char *copy;

    for (; at < end; at++)
        if (text[at] == '\n' || is_blank(text[at])) {
            if (out.len && out.data[out.len - 1] != ' ')
                buf_putc(&out, ' ');
        } else {
            buf_putc(&out, text[at]);
        }
    while (out.len && (out.data[out.len - 1] == ' ' || out.data[out.len - 1] == '*'))
        out.len--;
    copy = arena_text(a->arena, buf_text(&out), out.len);
    buf_free(&out);
    return copy;
}

/* Whether findings of the rule are looked for in this run: otherwise nothing is said of what takes them back. */
static bool is_judged(const struct audit *a, const struct rule *rule)
{
    return !a->rows_only || rule == &RULE_UNDESCRIBED || rule == &RULE_STALE_ROW || rule == &RULE_DEAD_HOOK;
}

/* Whether it is one that may be used; else that is a finding. */
static bool is_good(struct audit *a, struct span span, const struct rule *rule, const char *id, const char *reason)
{
    struct diag *d;

    if (!is_judged(a, rule))
        return false;
    if (!rule) {
        d = diag_add(a->diags, &RULE_BAD_ALLOW, span, "there is no rule '%s'", id);
        diag_help(a->diags, d, "`xsmc audit --list` shows them");
    } else if (!*reason) {
        d = diag_add(a->diags, &RULE_BAD_ALLOW, span, "no reason is given why '%s' does not count here", id);
        diag_help(a->diags, d, "write it behind the name of the rule");
    }
    return rule && *reason;
}

/* ---- comments ---- */

static void read_comment(struct allows *l, const struct tree_file *file, const char *text, size_t len, size_t at)
{
    struct audit *a = l->audit;
    size_t start = at, end, after;
    struct span span;
    const char *id, *reason, *close;
    const struct rule *rule;

    while (start && is_blank(text[start - 1]))
        start--;
    if (start < 2 || text[start - 2] != '/' || (text[start - 1] != '*' && text[start - 1] != '/'))
        return;     /* said of it, not said */
    if (text[start - 1] == '/')
        close = memchr(text + at, '\n', len - at);
    else
        close = memmem(text + at, len - at, "*/", 2);
    end = close ? (size_t)(close - text) : len;
    after = close && *close == '*' ? end + 2 : end;
    span = (struct span){ file->source, (uint32_t)at, (uint32_t)(at + strlen(marker)) };
    at += strlen(marker);
    id = next_word(a, text, &at, end);
    reason = rest(a, text, at, end);
    rule = rule_find(id);
    if (!is_good(a, span, rule, id, reason))
        return;
    *LIST_PUSH(a->arena, &l->list) = (struct allow){
        .rule = rule, .reason = reason, .span = span, .file = file->source,
        .first = source_place(a->sources, span).line,
        .last = source_place(a->sources, (struct span){ file->source, (uint32_t)after, (uint32_t)after }).line + 1,
    };
}

static void read_comments(struct allows *l)
{
    const struct tree_file *const *files;
    unsigned int i, n = tree_files(l->audit->tree, &files);

    for (i = 0; i < n; i++) {
        size_t len;
        const char *text = source_text(l->audit->sources, files[i]->source, &len), *found = text;

        while ((found = memmem(found, len - (size_t)(found - text), marker, strlen(marker)))) {
            read_comment(l, files[i], text, len, (size_t)(found - text));
            found++;
        }
    }
}

/* ---- files ---- */

static uint32_t read_file(struct audit *a, const char *path)
{
    uint32_t file = source_read(a->sources, path);

    if (!file)
        diag_add(a->diags, &RULE_IO, (struct span){ 0 }, "'%s': %s", path, strerror(errno));
    return file;
}

/* Calls `read` for every line that says something. */
static void each_line(struct allows *l, uint32_t file, void (*read)(struct allows *, const char *, size_t, struct span))
{
    size_t len, at = 0;
    const char *text = source_text(l->audit->sources, file, &len);

    while (at < len) {
        const char *newline = memchr(text + at, '\n', len - at);
        size_t end = newline ? (size_t)(newline - text) : len;

        while (at < end && is_blank(text[at]))
            at++;
        if (at < end && text[at] != '#')
            read(l, text + at, end - at, (struct span){ file, (uint32_t)at, (uint32_t)end });
        at = end + 1;
    }
}

static void read_line(struct allows *l, const char *line, size_t len, struct span span)
{
    struct audit *a = l->audit;
    size_t at = 0;
    const char *id = next_word(a, line, &at, len), *path = next_word(a, line, &at, len), *about = next_word(a, line, &at, len);
    const char *reason = rest(a, line, at, len);
    const struct rule *rule = rule_find(id);

    if (is_good(a, span, rule, id, reason))
        *LIST_PUSH(a->arena, &l->list) = (struct allow){
            .rule = rule, .reason = reason, .span = span, .path = path, .about = about,
        };
}

/* ---- findings ---- */

static bool quotes(const char *message, const char *name)
{
    size_t len = strlen(name);
    const char *at = message;

    if (!strcmp(name, "*"))
        return true;
    while ((at = strchr(at, '\''))) {
        if (!strncmp(at + 1, name, len) && at[len + 1] == '\'')
            return true;
        at++;
    }
    return false;
}

static bool covers(const struct audit *a, const struct allow *allow, const struct diag *d)
{
    const struct tree_file *file;
    unsigned int line;

    if (allow->rule != d->rule || !d->span.file)
        return false;
    if (allow->file) {
        if (allow->file != d->span.file)
            return false;
        line = source_place(a->sources, d->span).line;
        return line >= allow->first && line <= allow->last;
    }
    file = tree_file_of(a->tree, d->span);
    if (!file) {
        const char *path = source_path(a->sources, d->span.file);
        size_t len = strlen(path), want = strlen(allow->path);

        return len >= want && !strcmp(path + len - want, allow->path) && quotes(d->message, allow->about);
    }
    return !strcmp(file->path, allow->path) && quotes(d->message, allow->about);
}

bool audit_allow(struct audit *a, const char *const *files, unsigned int n_files)
{
    struct allows l = { .audit = a };
    const struct diag *list;
    unsigned int i, k, n;
    bool good = true;

    read_comments(&l);
    for (i = 0; i < n_files; i++) {
        uint32_t file = read_file(a, files[i]);

        good = good && file;
        if (file)
            each_line(&l, file, read_line);
    }
    list = diags_sorted(a->diags, &n);
    for (i = 0; i < n; i++)
        for (k = 0; k < l.list.n; k++)
            if (covers(a, &l.list.items[k], &list[i])) {
                l.list.items[k].used = true;
                if (!list[i].suppressed)
                    diags_suppress(a->diags, i, l.list.items[k].file, l.list.items[k].reason);
            }
    for (k = 0; k < l.list.n; k++)
        if (!l.list.items[k].used && is_judged(a, l.list.items[k].rule)) {
            struct diag *d = diag_add(a->diags, &RULE_STALE_ALLOW, l.list.items[k].span,
                                      "there is no finding of '%s' here to be taken back", l.list.items[k].rule->id);

            diag_help(a->diags, d, "delete it");
        }
    return good;
}

static void read_entry(struct allows *l, const char *line, size_t len, struct span span)
{
    size_t at = 0;

    *LIST_PUSH(l->audit->arena, &l->list) = (struct allow){
        .about = next_word(l->audit, line, &at, len), .reason = rest(l->audit, line, at, len), .span = span,
    };
}

bool audit_baseline(struct audit *a, const char *path)
{
    struct allows l = { .audit = a };
    uint32_t file = read_file(a, path);
    const struct diag *list;
    struct map listed = { 0 };
    unsigned int i, n;

    if (!file)
        return false;
    each_line(&l, file, read_entry);
    for (i = 0; i < l.list.n; i++)
        map_put(a->arena, &listed, NULL, l.list.items[i].about, &l.list.items[i]);
    list = diags_fingerprint(a->diags, &n);
    for (i = 0; i < n; i++) {
        struct allow *entry = map_get(&listed, NULL, names_get(a->names, list[i].fingerprint));

        if (!entry)
            continue;
        entry->used = true;
        if (!list[i].suppressed)
            diags_suppress(a->diags, i, false, "in the baseline");
    }
    for (i = 0; i < l.list.n; i++)
        if (!l.list.items[i].used) {
            struct diag *d = diag_add(a->diags, &RULE_STALE_ALLOW, l.list.items[i].span,
                                      "the baseline lists '%s', which is no longer found", l.list.items[i].about);

            diag_help(a->diags, d, "write a new one with --write-baseline");
        }
    return true;
}

void audit_print_baseline(struct audit *a, struct buf *out)
{
    unsigned int i, n;
    const struct diag *list = diags_fingerprint(a->diags, &n);

    buf_puts(out, "# What xsmc audit found when this was written: fingerprint, rule, file.\n");
    for (i = 0; i < n; i++) {
        const char *path = diags_path(a->diags, list[i].span.file);

        if (!list[i].suppressed)
            buf_printf(out, "%s %s %s\n", list[i].fingerprint, list[i].rule->id, path ? path : "-");
    }
}
