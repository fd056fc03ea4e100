/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preprocessor lines: the condition in force, the macros and the includes. Where one of several sides of an #if is not
 * complete by itself, only the first side stays, see tree-blank.c.
 */
#include <string.h>

#include "base/buf.h"
#include "tree/blank.h"

/* The end of the preprocessor line at `at`, continuations and comments that reach over lines included. */
static uint32_t directive_end(const struct blanker *b, uint32_t at)
{
    while (at < b->len && b->text[at] != '\n') {
        if (comment_begins(b, at)) {
            at = comment_end(b, at);
        } else if (b->text[at] == '\\') {
            at++;
            while (at < b->len && b->text[at] == '\r')
                at++;
            at += at < b->len;
        } else if (b->text[at] == '"') {
            uint32_t end = string_end(b, at);

            at = end > at && b->text[end - 1] == '"' ? end : at + 1;
        } else {
            at++;
        }
    }
    return at < b->len ? at : b->len;
}

/* [start, end) without comments, continuations and blanks; with `spaced`, one blank between words that need it. */
static const char *condensed(struct blanker *b, uint32_t start, uint32_t end)
{
    struct buf out = BUF_INIT;
    bool gap = false;
    uint32_t at;

    for (at = start; at < end; at++) {
        char c = b->text[at];

        if (comment_begins(b, at)) {
            at = comment_end(b, at) - 1;
            gap = true;
        } else if (is_blank(c) || c == '\n' || c == '\\') {
            gap = true;
        } else {
            if (gap && out.len && is_word(out.data[out.len - 1]) && is_word(c))
                buf_putc(&out, ' ');
            buf_putc(&out, c);
            gap = false;
        }
    }
    return names_get(b->t->names, tree_taken(b->t->arena, &out));
}

/* A condition as it is kept: `defined X` as defined(X). */
static const char *condition(struct blanker *b, uint32_t start, uint32_t end)
{
    const char *text = condensed(b, start, end), *from;
    struct buf out = BUF_INIT;

    if (!strstr(text, "defined "))
        return text;
    while ((from = strstr(text, "defined "))) {
        size_t n = 0;

        buf_add(&out, text, (size_t)(from - text));
        text = from + strlen("defined ");
        while (is_word(text[n]))
            n++;
        buf_printf(&out, "defined(%.*s)", (int)n, text);
        text += n;
    }
    buf_puts(&out, text);
    return names_get(b->t->names, tree_taken(b->t->arena, &out));
}

/* Whether the condition is one call or word, possibly denied, so that it can be denied without parentheses. */
static bool is_atom(const char *cond)
{
    unsigned int depth = 0;

    for (cond += *cond == '!'; *cond; cond++) {
        if (*cond == '(') {
            depth++;
        } else if (*cond == ')') {
            if (!depth || (!--depth && cond[1]))
                return false;
        } else if (!depth && !is_word(*cond)) {
            return false;
        }
    }
    return !depth;
}

static const char *denied(struct blanker *b, const char *cond)
{
    const char *text;

    if (is_atom(cond))
        text = *cond == '!' ? cond + 1 : arena_printf(b->t->arena, "!%s", cond);
    else
        text = arena_printf(b->t->arena, "!(%s)", cond);
    return names_get(b->t->names, text);
}

static void region(struct blanker *b, uint32_t start, const struct tree_guard *guard)
{
    struct tree_region *r = LIST_PUSH(b->t->arena, &b->regions);

    r->start = start;
    r->guard = b->guard = guard;
}

static const struct tree_guard *guard_new(struct blanker *b, const char *cond, uint32_t start, uint32_t end)
{
    struct tree_guard *g = ARENA_NEW(b->t->arena, struct tree_guard);

    g->up = b->level->outer;
    g->cond = cond;
    g->span = (struct span){ b->p->file.source, start, end };
    return g;
}

/* The side of a tree's own choice between generated and hand-written hooks that is read: as if there were no #if. */
static bool is_chosen(const struct blanker *b, const char *cond)
{
    return !strcmp(cond, b->t->with_database ? "defined(CONFIG_XSM_DATABASE)" : "!defined(CONFIG_XSM_DATABASE)");
}

static bool is_refused(const struct blanker *b, const char *cond)
{
    return !strcmp(cond, b->t->with_database ? "!defined(CONFIG_XSM_DATABASE)" : "defined(CONFIG_XSM_DATABASE)");
}

static void side_begin(struct blanker *b, uint32_t start, const char *cond)
{
    struct side *s = LIST_PUSH(b->t->arena, &b->level->sides);

    s->start = start;
    s->skip = cond && (!strcmp(cond, "0") || is_refused(b, cond) || !strcmp(cond, "defined(__ASSEMBLY__)") ||
                       !strcmp(cond, "defined(__ASSEMBLER__)") || !strcmp(cond, "defined(__cplusplus)"));
    b->depth = b->level->depth;
    b->parens = b->level->parens;
    b->braces = b->level->braces;
    b->low = 0;
    b->last = 0;
}

static void side_finish(struct blanker *b, uint32_t end)
{
    struct side *s = &b->level->sides.items[b->level->sides.n - 1];

    s->end = end;
    s->net = b->depth - b->level->depth;
    s->braces = b->braces - b->level->braces;
    s->low = b->low;
    s->last = b->last;
    if (s->skip) {
        blank(b, s->start, s->end);
        s->last = 0;
        s->net = s->braces = 0;
    }
}

static bool is_complete(const struct conditional *l, const struct side *s)
{
    return !s->net && s->low >= 0 && l->parens <= 0 && strchr(";}:,", s->last);
}

/* At an #endif: where one of several sides is not complete only the first stays. */
static void level_settle(struct blanker *b)
{
    struct conditional *l = b->level;
    const struct side *first = NULL;
    unsigned int i, full = 0, full_last = 0;
    bool complete = true;

    for (i = 0; i < l->sides.n; i++) {
        const struct side *s = &l->sides.items[i];

        if (!s->last)
            continue;
        full++;
        full_last = i;
        complete = complete && is_complete(l, s);
        if (!first)
            first = s;
    }
    b->depth = l->depth + (first ? first->net : 0);
    b->parens = l->parens;
    b->braces = l->braces + (first ? first->braces : 0);
    b->low = l->low;
    b->last = first ? l->sides.items[full_last].last : l->last;
    if (full < 2 || complete)
        return;
    for (i = 0; i < l->sides.n; i++) {
        const struct side *s = &l->sides.items[i];

        if (!s->last || s == first)
            continue;
        blank(b, s->start, s->end);
        tree_gap_add(b->t, b->p, s->start, s->end, "a side of an #if that is not complete by itself");
    }
}

static void macro(struct blanker *b, uint32_t hash, uint32_t at, uint32_t end)
{
    struct tree_macro *m = ARENA_NEW(b->t->arena, struct tree_macro);
    uint32_t name_end = word_end(b, at);
    LIST(const char *) params = { 0 };

    if (name_end == at)
        return;
    m->name = names_intern(b->t->names, b->text + at, name_end - at);
    m->file = &b->p->file;
    m->span = (struct span){ b->p->file.source, hash, end };
    m->guard = b->guard;
    at = name_end;
    if (at < end && b->text[at] == '(') {
        m->has_params = true;
        for (at++; at < end && b->text[at] != ')'; at++) {
            if (is_word(b->text[at])) {
                name_end = word_end(b, at);
                *LIST_PUSH(b->t->arena, &params) = names_intern(b->t->names, b->text + at, name_end - at);
                at = name_end - 1;
            } else if (b->text[at] == '.' && b->text[at + 1] == '.') {
                *LIST_PUSH(b->t->arena, &params) = names_get(b->t->names, "...");
                at += 2;
            }
        }
        at += at < end;
    }
    m->params = params.items;
    m->n_params = params.n;
    at = skip_blanks(b, at, end);
    while (end > at && (is_blank(b->text[end - 1]) || b->text[end - 1] == '\n'))
        end--;
    m->body = (struct span){ b->p->file.source, at, end };
    tree_list_add(b->t, &b->t->macros, m);
    tree_map_add(b->t, &b->t->macros_by_name, m->name, m);
}

static void include(struct blanker *b, uint32_t hash, uint32_t at, uint32_t end)
{
    struct tree_include *i;
    uint32_t stop = at + 1;
    char close = b->text[at] == '<' ? '>' : '"';

    if (at >= end || (b->text[at] != '<' && b->text[at] != '"'))
        return;
    while (stop < end && b->text[stop] != close)
        stop++;
    i = ARENA_NEW(b->t->arena, struct tree_include);
    i->path = names_intern(b->t->names, b->text + at + 1, stop - at - 1);
    i->quoted = close == '"';
    i->file = &b->p->file;
    i->span = (struct span){ b->p->file.source, hash, end };
    i->guard = b->guard;
    tree_list_add(b->t, &b->t->includes, i);
}

static void if_begin(struct blanker *b, const char *cond, uint32_t hash, uint32_t end, const char *once)
{
    struct conditional *l = ARENA_NEW(b->t->arena, struct conditional);

    l->up = b->level;
    l->outer = b->guard;
    l->denied = denied(b, cond);
    l->depth = b->depth;
    l->parens = b->parens;
    l->braces = b->braces;
    l->low = b->low;
    l->last = b->last;
    b->level = l;
    b->maybe_once = once;
    side_begin(b, end, cond);
    region(b, end, is_chosen(b, cond) ? l->outer : guard_new(b, cond, hash, end));
}

static void if_else(struct blanker *b, const char *cond, uint32_t hash, uint32_t end)
{
    struct conditional *l = b->level;
    const char *whole = l->denied;

    side_finish(b, hash);
    if (cond && *cond) {
        whole = names_get(b->t->names, arena_printf(b->t->arena, strstr(cond, "||") && !is_atom(cond) ? "%s&&(%s)" :
                                                    "%s&&%s", l->denied, cond));
        l->denied = names_get(b->t->names, arena_printf(b->t->arena, "%s&&%s", l->denied, denied(b, cond)));
    }
    side_begin(b, end, whole);
    region(b, end, l->once || is_chosen(b, whole) ? l->outer : guard_new(b, whole, hash, end));
}

uint32_t blank_directive(struct blanker *b, uint32_t hash)
{
    uint32_t end = directive_end(b, hash), at = skip_blanks(b, hash + 1, end), stop = word_end(b, at);
    const char *once = b->maybe_once;
    size_t n = stop - at;
    const char *word = b->text + at;
    uint32_t rest = skip_blanks(b, stop, end);

#define IS(name) (n == sizeof(name) - 1 && !memcmp(word, name, n))
    b->maybe_once = NULL;
    if (IS("define")) {
        if (once && b->level && word_end(b, rest) - rest == strlen(once) && !memcmp(b->text + rest, once, strlen(once))) {
            b->level->once = true;
            region(b, end, b->level->outer);
        }
        macro(b, hash, rest, end);
    } else if (IS("include")) {
        include(b, hash, rest, end);
    } else if (IS("ifdef") || IS("ifndef")) {
        const char *name = names_intern(b->t->names, b->text + rest, word_end(b, rest) - rest);
        bool not = IS("ifndef");

        if_begin(b, names_get(b->t->names, arena_printf(b->t->arena, not ? "!defined(%s)" : "defined(%s)", name)), hash,
                 end, not ? name : NULL);
    } else if (IS("if")) {
        const char *cond = condition(b, rest, end);
        size_t len = strlen(cond);
        bool not = !strncmp(cond, "!defined(", 9) && is_atom(cond);

        if_begin(b, cond, hash, end, not ? names_intern(b->t->names, cond + 9, len - 10) : NULL);
    } else if ((IS("else") || IS("elif")) && b->level) {
        if_else(b, IS("elif") ? condition(b, rest, end) : NULL, hash, end);
    } else if (IS("endif") && b->level) {
        side_finish(b, hash);
        level_settle(b);
        region(b, end, b->level->outer);
        b->level = b->level->up;
    } else if (IS("else") || IS("elif") || IS("endif")) {
        tree_gap_add(b->t, b->p, hash, end, "a preprocessor line without its #if");
    }
#undef IS
    blank(b, hash, end);
    return end;
}

void blank_finish(struct blanker *b)
{
    for (; b->level; b->level = b->level->up)
        tree_gap_add(b->t, b->p, b->level->sides.items[0].start, b->len, "an #if without its #endif");
}
