/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a finding is known by from one run to the next: its path from the root of the repository, and a fingerprint in
 * which no line number and no wording counts. The declaration around a finding is the last line before it that begins
 * with a letter: so are the language, policies and Xen's C laid out. One pass over a file finds it for all its findings.
 * The hash is FNV-1a: it has to be the same everywhere and for ever, and to tell some thousand findings apart.
 */
#define _GNU_SOURCE /* strchrnul() */
#include "text/diags.h"

#include <stdlib.h>
#include <string.h>

/* ---- paths ---- */

void diags_root(struct diags *d, const char *folder, const char *root)
{
    d->folder = arena_text(d->arena, folder, strlen(folder));
    d->root = root ? arena_text(d->arena, root, strlen(root)) : d->folder;
    d->path_of = 0;
}

/* The absolute path without `.`, `..` and doubled slashes, links not looked at. */
static char *path_absolute(struct arena *a, const char *folder, const char *path)
{
    char *whole = *path == '/' ? arena_text(a, path, strlen(path)) : arena_printf(a, "%s/%s", folder, path);
    char *to = whole;
    const char *from = whole;

    while (*from) {
        const char *end = strchrnul(from, '/');
        size_t len = (size_t)(end - from);

        if (len == 2 && !memcmp(from, "..", 2)) {
            while (to > whole && *--to != '/')
                ;
        } else if (len && !(len == 1 && *from == '.')) {
            *to++ = '/';
            memmove(to, from, len);
            to += len;
        }
        from = *end ? end + 1 : end;
    }
    *to = '\0';
    return whole;
}

/* What of `path` lies below `root`, or NULL. */
static const char *path_below(const char *root, const char *path)
{
    size_t len = strlen(root);

    if (len == 1)
        len = 0;
    return !strncmp(root, path, len) && path[len] == '/' ? path + len + 1 : NULL;
}

const char *diags_path(struct diags *d, uint32_t file)
{
    const char *path = source_path(d->sources, file), *below;
    char *real;

    if (!path || !d->root || !strcmp(path, "-"))
        return path;
    if (file == d->path_of)
        return d->path;
    below = path_below(d->root, path_absolute(d->arena, d->folder, path));
    if (!below && (real = realpath(path, NULL))) {
        below = path_below(d->root, arena_text(d->arena, real, strlen(real)));
        free(real);
    }
    d->path_of = file;
    d->path = below ? below : path;
    return d->path;
}

/* ---- declarations ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* The last name before what follows a declared name; false if the line is a label, which declares nothing. */
static bool declared(const char *line, size_t len, struct span *name)
{
    size_t at = 0, start = 0, end = 0;

    while (at < len && !strchr("({[;=\"", line[at])) {
        if (is_name(line[at])) {
            for (start = at; at < len && is_name(line[at]); at++)
                ;
            end = at;
        } else if (line[at] == ':' && start == 0 && at == end) {
            return false;
        } else {
            at++;
        }
    }
    name->start = (uint32_t)start;
    name->end = (uint32_t)end;
    return true;
}

/* Where the search for declarations is: findings come sorted. */
struct cursor {
    uint32_t file;
    size_t at;              /* of the next line */
    struct span name;       /* the declaration so far; file 0: none */
};

/* The name of the declaration around a span, or NULL. */
static const char *declaration_at(struct diags *d, struct cursor *c, struct span span)
{
    size_t len, line_len;
    const char *text = source_text(d->sources, span.file, &len), *newline;
    struct span name;

    if (c->file != span.file)
        *c = (struct cursor){ .file = span.file };
    while (c->at < len && c->at <= span.start) {
        newline = memchr(text + c->at, '\n', len - c->at);
        line_len = newline ? (size_t)(newline - text) - c->at : len - c->at;
        if (line_len && is_letter(text[c->at]) && declared(text + c->at, line_len, &name))
            c->name = (struct span){ span.file, (uint32_t)c->at + name.start, (uint32_t)c->at + name.end };
        c->at += line_len + 1;
    }
    return c->name.file ? arena_text(d->arena, text + c->name.start, c->name.end - c->name.start) : NULL;
}

/* ---- fingerprints ---- */

static void hash_add(uint64_t *hash, const void *data, size_t len)
{
    const unsigned char *at = data;

    while (len--)
        *hash = (*hash ^ *at++) * UINT64_C(0x100000001b3);
}

/* A text and an end that no text holds. */
static void hash_text(uint64_t *hash, const char *text)
{
    hash_add(hash, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* The marked text up to the end of its line, blanks folded. */
static void hash_marked(uint64_t *hash, const struct sources *sources, struct span span)
{
    size_t len;
    const char *text = source_text(sources, span.file, &len), *at = text + span.start;
    const char *end = span.end < len ? text + span.end : text + len;
    bool blank = false;

    for (; at < end && *at != '\n'; at++) {
        if (*at == ' ' || *at == '\t' || *at == '\r') {
            blank = true;
            continue;
        }
        if (blank)
            hash_add(hash, " ", 1);
        blank = false;
        hash_add(hash, at, 1);
    }
    hash_text(hash, NULL);
}

/* The names in a message: what stands in quotes that follow a blank or a bracket. */
static void hash_names(uint64_t *hash, const char *message)
{
    const char *at, *end;

    for (at = message; *at; at++) {
        if (*at != '\'' || (at > message && !strchr(" ([{,", at[-1])))
            continue;
        end = strchr(at + 1, '\'');
        if (!end)
            return;
        hash_add(hash, at, (size_t)(end - at));
        at = end;
    }
}

struct print {
    uint64_t hash;
    unsigned int index;
};

static int print_compare(const void *x, const void *y)
{
    const struct print *a = x, *b = y;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

const struct diag *diags_fingerprint(struct diags *d, unsigned int *n)
{
    struct cursor cursor = { 0 };
    struct print *prints;
    unsigned int i, ordinal = 0;

    diags_sorted(d, n);
    if (d->fingerprinted)
        return d->sorted;
    prints = arena_array(d->arena, *n, sizeof(*prints));
    for (i = 0; i < *n; i++) {
        struct diag *g = &d->sorted[i];
        uint64_t *hash = &prints[i].hash;

        if (!g->declaration)
            g->declaration = declaration_at(d, &cursor, g->span);
        *hash = UINT64_C(0xcbf29ce484222325);
        hash_text(hash, g->rule->id);
        hash_text(hash, diags_path(d, g->span.file));
        hash_text(hash, g->declaration);
        hash_marked(hash, d->sources, g->span);
        hash_names(hash, g->message);
        prints[i].index = i;
    }
    qsort(prints, *n, sizeof(*prints), print_compare);
    for (i = 0; i < *n; i++) {
        uint64_t hash = prints[i].hash;
        unsigned char bytes[4];

        ordinal = i && hash == prints[i - 1].hash ? ordinal + 1 : 0;
        bytes[0] = ordinal & 255;
        bytes[1] = ordinal >> 8 & 255;
        bytes[2] = ordinal >> 16 & 255;
        bytes[3] = ordinal >> 24;
        hash_add(&hash, bytes, sizeof(bytes));
        d->sorted[prints[i].index].fingerprint = arena_printf(d->arena, "%016llx", (unsigned long long)hash);
    }
    d->fingerprinted = true;
    return d->sorted;
}
