/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One pass over the tokens. At depth zero a definition ends at `;` or, for a function, with its body; a function is a
 * `{` that directly follows a `)`, and its name stands before the matching `(`. Conditions are a stack; inside of a
 * definition they must be balanced.
 */
#include "back/xen-source.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "text/rules.h"

/* ---- tokens ---- */

bool xen_is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool line_begins(const char *text, uint32_t at)
{
    while (at && (text[at - 1] == ' ' || text[at - 1] == '\t'))
        at--;
    return !at || text[at - 1] == '\n';
}

/* Behind a comment or string that begins here; 0 if it never ends. */
static uint32_t comment_end(const char *text, uint32_t len, uint32_t at)
{
    if (text[at + 1] == '/') {
        while (at < len && text[at] != '\n')
            at++;
        return at;
    }
    for (at += 2; at + 1 < len; at++)
        if (text[at] == '*' && text[at + 1] == '/')
            return at + 2;
    return 0;
}

static uint32_t string_end(const char *text, uint32_t len, uint32_t at)
{
    char quote = text[at];

    for (at++; at < len && text[at] != '\n'; at++) {
        if (text[at] == '\\')
            at++;
        else if (text[at] == quote)
            return at + 1;
    }
    return 0;
}

static bool comment_begins(const char *text, uint32_t len, uint32_t at)
{
    return text[at] == '/' && at + 1 < len && (text[at + 1] == '*' || text[at + 1] == '/');
}

/* To the end of the line; a backslash or a comment carries on over it. */
static uint32_t directive_end(const char *text, uint32_t len, uint32_t at)
{
    while (at < len && text[at] != '\n') {
        if (comment_begins(text, len, at) && text[at + 1] == '*') {
            at = comment_end(text, len, at);
            if (!at)
                return 0;
        } else if (text[at] == '\\' && at + 1 < len && text[at + 1] == '\n') {
            at += 2;
        } else {
            at++;
        }
    }
    return at;
}

struct xen_token xen_token(const char *text, uint32_t len, uint32_t *at)
{
    struct xen_token t = { XEN_BROKEN, *at, len, '\0' };
    uint32_t end;

    for (;;) {
        while (*at < len && isspace((unsigned char)text[*at]))
            ++*at;
        t.start = *at;
        if (*at >= len)
            return (struct xen_token){ XEN_END, len, len, '\0' };
        if (!comment_begins(text, len, *at))
            break;
        end = comment_end(text, len, *at);
        if (!end) {
            *at = len;
            return t;
        }
        *at = end;
    }
    if (text[*at] == '#' && line_begins(text, *at)) {
        t.kind = XEN_DIRECTIVE;
        end = directive_end(text, len, *at);
    } else if (text[*at] == '"' || text[*at] == '\'') {
        t.kind = XEN_OTHER;
        end = string_end(text, len, *at);
    } else if (xen_is_word(text[*at])) {
        t.kind = isdigit((unsigned char)text[*at]) ? XEN_OTHER : XEN_WORD;
        for (end = *at; end < len && xen_is_word(text[end]); end++)
            ;
    } else {
        t.kind = XEN_OTHER;
        end = *at + 1;
    }
    t.c = text[*at];
    if (!end) {
        t.kind = XEN_BROKEN;
        end = len;
    }
    *at = t.end = end;
    return t;
}

bool xen_token_is(const char *text, struct xen_token t, const char *what)
{
    size_t len = strlen(what);

    return t.kind != XEN_END && t.end - t.start == len && !memcmp(text + t.start, what, len);
}

/* The word behind the # of a preprocessor line. */
static struct xen_token directive_word(const char *text, struct xen_token t, uint32_t *at)
{
    *at = t.start + 1;
    return xen_token(text, t.end, at);
}

enum xen_directive xen_directive(const char *text, struct xen_token t)
{
    uint32_t at;
    struct xen_token w = directive_word(text, t, &at);

    if (xen_token_is(text, w, "if") || xen_token_is(text, w, "ifdef") || xen_token_is(text, w, "ifndef"))
        return XEN_IF;
    if (xen_token_is(text, w, "else") || xen_token_is(text, w, "elif"))
        return XEN_ELSE;
    return xen_token_is(text, w, "endif") ? XEN_ENDIF : XEN_NOT_CONDITIONAL;
}

const char *xen_condense(struct names *names, const char *text, uint32_t start, uint32_t end)
{
    struct buf out = BUF_INIT;
    bool word = false;
    const char *copy;

    for (;;) {
        struct xen_token t = xen_token(text, end, &start);

        if (t.kind == XEN_END || t.kind == XEN_BROKEN)
            break;
        if (word && xen_is_word(t.c))
            buf_putc(&out, ' ');
        buf_add(&out, text + t.start, t.end - t.start);
        word = xen_is_word(text[t.end - 1]);
    }
    copy = names_intern(names, buf_text(&out), out.len);
    buf_free(&out);
    return copy;
}

/* ---- conditions ---- */

void xen_source_refuse(struct xen_source *s, uint32_t start, uint32_t end, const char *what)
{
    diag_add(s->diags, &RULE_XEN_TREE, xen_source_span(s, start, end), "%s", what);
}

struct span xen_source_span(const struct xen_source *s, uint32_t start, uint32_t end)
{
    return (struct span){ s->file, start, end };
}

static const char *condition(struct xen_source *s, struct xen_token t)
{
    uint32_t at;
    struct xen_token w = directive_word(s->text, t, &at);
    const char *rest = xen_condense(s->names, s->text, at, t.end), *cond = rest;

    if (xen_token_is(s->text, w, "ifdef"))
        cond = arena_printf(s->arena, "defined(%s)", rest);
    else if (xen_token_is(s->text, w, "ifndef"))
        cond = arena_printf(s->arena, "!defined(%s)", rest);
    return names_get(s->names, cond);
}

bool xen_source_follow(struct xen_reader *r, struct xen_token t)
{
    struct xen_source *s = r->s;
    struct xen_guard *g, *other;

    switch (xen_directive(s->text, t)) {
    case XEN_NOT_CONDITIONAL:
        return true;

    case XEN_IF:
        g = ARENA_NEW(s->arena, struct xen_guard);
        *g = (struct xen_guard){ r->guard, condition(s, t), 0 };
        r->guard = g;
        return true;

    case XEN_ELSE:
        if (!r->guard)
            return false;
        other = ARENA_NEW(s->arena, struct xen_guard);
        *other = (struct xen_guard){ r->guard->up, NULL, 0 };
        other->cond = xen_condense(s->names, s->text, t.start + 1, t.end);
        other->cond = names_get(s->names, strncmp(other->cond, "elif", 4)
                                              ? arena_printf(s->arena, "!(%s)", r->guard->cond)
                                              : arena_printf(s->arena, "!(%s)&&(%s)", r->guard->cond,
                                                             other->cond + 4));
        r->guard->end = t.end;
        r->guard = other;
        return true;

    case XEN_ENDIF:
        if (!r->guard)
            return false;
        r->guard->end = t.end;
        r->guard = r->guard->up;
        return true;
    }
    return false;
}

/* What is hand-written in a tree that can build generated hooks in its place: that choice is no condition of a hook's. */
static bool is_choice(const struct xen_guard *g)
{
    return !strcmp(g->cond, "!defined(CONFIG_XSM_DATABASE)") || !strcmp(g->cond, "!(defined(CONFIG_XSM_DATABASE))");
}

const char *xen_guard_text(struct arena *a, struct names *names, const struct xen_guard *g,
                           const struct xen_guard *base)
{
    const char *text = "";

    for (; g && g != base; g = g->up)
        if (!is_choice(g))
            text = *text ? arena_printf(a, "%s&&%s", g->cond, text) : g->cond;
    return names_get(names, text);
}

/* ---- definitions ---- */

/* What has been seen of a definition so far. */
struct definition {
    unsigned int parentheses, braces, conditions;
    struct xen_token word;          /* the last word at depth zero */
    struct xen_token before_open;   /* the word before the last ( at depth zero */
    bool closed;                    /* the last token was the ) of that ( */
    bool assigned, odd;             /* an = was seen; something a function's head does not have was seen */
    bool in_struct;
};

static void definition_open(struct definition *d, struct xen_item *item, const struct xen_source *s,
                            struct xen_token t)
{
    if (d->braces++)
        return;
    if (item->body)
        d->odd = true;
    item->body = t.start;
    if (d->assigned) {
        item->kind = XEN_ITEM_TABLE;
    } else if (d->closed) {
        item->kind = XEN_ITEM_FUNCTION;
        d->word = d->before_open;
    } else if (d->in_struct) {
        item->kind = XEN_ITEM_STRUCT;
    }
    if (item->kind != XEN_ITEM_REST) {
        item->name = names_intern(s->names, s->text + d->word.start, d->word.end - d->word.start);
        item->name_start = d->word.start;
    }
}

/* Reads one definition or declaration. */
static bool read_definition(struct xen_reader *r, struct xen_item *item)
{
    struct xen_source *s = r->s;
    struct definition d = { .parentheses = 0 };

    *item = (struct xen_item){ .kind = XEN_ITEM_REST, .start = r->at, .guard = r->guard };
    for (;;) {
        struct xen_token t = xen_token(s->text, s->len, &r->at);
        bool top = !d.parentheses && !d.braces;

        if (t.kind == XEN_END || t.kind == XEN_BROKEN) {
            xen_source_refuse(s, item->start, item->start + 1, "this definition does not end");
            return false;
        }
        if (t.kind == XEN_DIRECTIVE) {
            enum xen_directive what = xen_directive(s->text, t);

            d.conditions += what == XEN_IF;
            if (what == XEN_ENDIF && !d.conditions--) {
                xen_source_refuse(s, t.start, t.end, "a condition ends inside of a definition");
                return false;
            }
            if (what == XEN_ELSE && !d.conditions) {
                xen_source_refuse(s, t.start, t.end, "a condition ends inside of a definition");
                return false;
            }
            continue;
        }
        if (t.kind == XEN_WORD && top) {
            item->is_static |= xen_token_is(s->text, t, "static");
            d.in_struct |= xen_token_is(s->text, t, "struct");
            d.word = t;
        } else if (t.kind == XEN_OTHER) {
            switch (t.c) {
            case '(':
                if (top) {
                    d.odd |= d.closed || d.before_open.end;
                    d.before_open = d.word;
                }
                d.parentheses++;
                break;

            case ')':
                if (!d.parentheses--) {
                    xen_source_refuse(s, t.start, t.end, "this parenthesis closes nothing");
                    return false;
                }
                break;

            case '{':
                if (!d.parentheses)
                    definition_open(&d, item, s, t);
                break;

            case '}':
                if (d.parentheses)
                    break;
                if (!d.braces--) {
                    xen_source_refuse(s, t.start, t.end, "this brace closes nothing");
                    return false;
                }
                break;

            case '=':
                if (top)
                    d.assigned = true;
                break;

            case '*':
            case ';':
                break;

            default:
                if (top)
                    d.odd = true;
                break;
            }
        }
        if (!d.parentheses && !d.braces && t.kind == XEN_OTHER &&
            (t.c == ';' || (t.c == '}' && item->kind == XEN_ITEM_FUNCTION))) {
            item->end = t.end;
            break;
        }
        d.closed = t.kind == XEN_OTHER && t.c == ')' && !d.parentheses && !d.braces;
    }
    if (d.conditions) {
        xen_source_refuse(s, item->start, item->start + 1, "a condition that begins in this definition does not end in it");
        return false;
    }
    if (item->kind == XEN_ITEM_FUNCTION && d.odd) {
        xen_source_refuse(s, item->name_start, item->name_start + (uint32_t)strlen(item->name),
               "the head of this function cannot be read");
        return false;
    }
    return true;
}

/* Whether nothing but one line end lies between a comment and what follows. */
static bool follows_at_once(const char *text, uint32_t len, uint32_t at)
{
    unsigned int lines = 0;

    for (; at < len && isspace((unsigned char)text[at]); at++)
        lines += text[at] == '\n';
    return at < len && lines == 1;
}

bool xen_source_read(struct xen_source *s, uint32_t file, const char *text, size_t len)
{
    struct xen_reader r = { .s = s };

    s->file = file;
    s->text = text;
    s->len = (uint32_t)len;
    if (memchr(s->text, '\0', len)) {
        xen_source_refuse(s, 0, 0, "this is not a text");
        return false;
    }
    for (;;) {
        struct xen_item *item;

        while (r.at < s->len && isspace((unsigned char)s->text[r.at]))
            r.at++;
        if (r.at >= s->len)
            break;
        item = LIST_PUSH(s->arena, &s->items);
        if (comment_begins(s->text, s->len, r.at)) {
            uint32_t end = comment_end(s->text, s->len, r.at);

            *item = (struct xen_item){ .kind = XEN_ITEM_COMMENT, .start = r.at, .end = end, .guard = r.guard };
            if (!end) {
                xen_source_refuse(s, r.at, r.at + 2, "this comment does not end");
                return false;
            }
            item->attached = follows_at_once(s->text, s->len, end);
            r.at = end;
        } else if (s->text[r.at] == '#' && line_begins(s->text, r.at)) {
            struct xen_token t = xen_token(s->text, s->len, &r.at);

            if (t.kind == XEN_BROKEN || !xen_source_follow(&r, t)) {
                xen_source_refuse(s, t.start, t.end, "this line belongs to no #if");
                return false;
            }
            *item = (struct xen_item){ .kind = XEN_ITEM_DIRECTIVE, .start = t.start, .end = t.end,
                                       .guard = r.guard };
        } else if (!read_definition(&r, item)) {
            return false;
        }
    }
    if (r.guard) {
        xen_source_refuse(s, s->len, s->len, "an #if does not end");
        return false;
    }
    return true;
}
