/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One character class decides where a piece ends; of punctuation only the pairs of the language are kept together. */
#include "pieces.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t word_length(const char *s, const char *end)
{
    const char *at = s;

    while (at < end && is_letter(*at))
        at++;
    /* A hyphen belongs to the word if a letter follows; after it dots do, too. */
    while (end - at > 1 && *at == '-' && (is_letter(at[1]) || at[1] == '.') && !(*s >= '0' && *s <= '9'))
        for (at++; at < end && (is_letter(*at) || *at == '.'); at++)
            ;
    return (size_t)(at - s);
}

static size_t string_length(const char *s, const char *end)
{
    const char *at = s + 1;

    while (at < end && *at != '"' && *at != '\n')
        at += *at == '\\' && at + 1 < end && at[1] != '\n' ? 2 : 1;
    return (size_t)(at - s) + (at < end && *at == '"');
}

static size_t piece_length(const char *s, const char *end)
{
    static const char pairs[][2] = { "->", "&&", "||", "==", "!=", "<=", ">=" };
    size_t i;

    if (*s == '#') {
        const char *newline = memchr(s, '\n', (size_t)(end - s));

        return (size_t)((newline ? newline : end) - s);
    }
    if (is_letter(*s))
        return word_length(s, end);
    if (*s == '"')
        return string_length(s, end);
    for (i = 0; end - s > 1 && i < sizeof(pairs) / sizeof(pairs[0]); i++)
        if (!memcmp(s, pairs[i], 2))
            return 2;
    return 1;
}

static void pieces_add(struct pieces *p, const char *text, size_t len)
{
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 64;
        p->items = realloc(p->items, p->cap * sizeof(*p->items));
        if (!p->items)
            abort();
    }
    p->items[p->n++] = (struct piece){ text, len };
}

struct pieces pieces_cut(const char *text, size_t len)
{
    struct pieces p = { NULL, 0, 0 };
    const char *at = text, *end = text + len;

    while (at < end) {
        size_t n, kept;

        if (is_blank(*at)) {
            at++;
            continue;
        }
        n = kept = piece_length(at, end);
        while (*at == '#' && is_blank(at[kept - 1]))
            kept--;
        pieces_add(&p, at, kept);
        at += n;
    }
    return p;
}

void pieces_free(struct pieces *p)
{
    free(p->items);
    *p = (struct pieces){ NULL, 0, 0 };
}

void fuzz_fail(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vfprintf(stderr, format, ap);
    va_end(ap);
    fputc('\n', stderr);
    abort();
}
