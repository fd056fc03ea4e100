/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions of the preprocessor as text, and as guards of the language. */
#include <string.h>

#include "base/buf.h"
#include "model/model.h"
#include "tree/inside.h"

const char *tree_guard_text(const struct tree *t, const struct tree_guard *g, const struct tree_guard *base)
{
    const char *text = "";

    for (; g && g != base; g = g->up) {
        bool many = g->up && g->up != base;
        const char *cond = strstr(g->cond, "||") && (many || *text) && g->cond[0] != '!' ?
            arena_printf(t->arena, "(%s)", g->cond) : g->cond;

        text = *text ? arena_printf(t->arena, "%s && %s", cond, text) : cond;
    }
    return text;
}

const char *tree_taken(struct arena *a, struct buf *b)
{
    const char *text;

    if (b->failed)
        arena_exhausted(a);
    text = arena_text(a, buf_text(b), b->len);
    buf_free(b);
    return text;
}

/* ---- #if expressions ---- */

struct parser {
    const struct tree *t;
    const char *at;
    unsigned int depth;
    bool bad;
};

static struct expr *parse_or(struct parser *p);

static struct expr *expr_new(struct parser *p, enum expr_kind kind, struct expr *a, struct expr *b)
{
    struct expr *e = ARENA_NEW(p->t->arena, struct expr);

    e->kind = kind;
    e->a = a;
    e->b = b;
    e->depth = 1 + (a && b ? a->depth > b->depth ? a->depth : b->depth : a ? a->depth : b ? b->depth : 0);
    if (e->depth > 1000)
        p->bad = true;
    return e;
}

static bool take(struct parser *p, const char *what)
{
    while (*p->at == ' ')
        p->at++;
    if (strncmp(p->at, what, strlen(what)))
        return false;
    p->at += strlen(what);
    return true;
}

size_t tree_word_len(const char *s)
{
    size_t n = 0;

    while ((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z') || s[n] == '_' || (s[n] >= '0' && s[n] <= '9'))
        n++;
    return n;
}

static struct expr *parse_atom(struct parser *p)
{
    struct expr *e;
    size_t n;

    if (p->bad || ++p->depth > 200) {
        p->bad = true;
        return expr_new(p, EXPR_NUMBER, NULL, NULL);
    }
    if (take(p, "!")) {
        e = expr_new(p, EXPR_NOT, parse_atom(p), NULL);
    } else if (take(p, "defined(") || take(p, "IS_ENABLED(")) {
        n = tree_word_len(p->at);
        e = expr_new(p, EXPR_NAME, NULL, NULL);
        e->name = names_intern(p->t->names, p->at, n);
        p->at += n;
        if (!n || !take(p, ")"))
            p->bad = true;
    } else if (take(p, "(")) {
        e = parse_or(p);
        if (!take(p, ")"))
            p->bad = true;
    } else {
        n = tree_word_len(p->at);
        e = expr_new(p, *p->at >= '0' && *p->at <= '9' ? EXPR_NUMBER : EXPR_NAME, NULL, NULL);
        e->name = names_intern(p->t->names, p->at, n);
        p->at += n;
        if (!n)
            p->bad = true;
    }
    p->depth--;
    return e;
}

static struct expr *parse_comparison(struct parser *p)
{
    static const struct { const char *text; enum expr_kind kind; } all[] = {
        { "==", EXPR_EQ }, { "!=", EXPR_NE }, { "<=", EXPR_LE }, { ">=", EXPR_GE }, { "<", EXPR_LT }, { ">", EXPR_GT },
    };
    struct expr *e = parse_atom(p);
    size_t i;

    for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (take(p, all[i].text))
            return expr_new(p, all[i].kind, e, parse_atom(p));
    return e;
}

static struct expr *parse_and(struct parser *p)
{
    struct expr *e = parse_comparison(p);

    while (!p->bad && take(p, "&&"))
        e = expr_new(p, EXPR_AND, e, parse_comparison(p));
    return e;
}

static struct expr *parse_or(struct parser *p)
{
    struct expr *e = parse_and(p);

    while (!p->bad && take(p, "||"))
        e = expr_new(p, EXPR_OR, e, parse_and(p));
    return e;
}

struct expr *tree_guard_expr(const struct tree *t, const struct tree_guard *g, const struct tree_guard *base, bool *said)
{
    struct parser p = { .t = t, .at = tree_guard_text(t, g, base) };
    struct expr *e;

    if (said)
        *said = true;
    if (!*p.at)
        return NULL;
    e = parse_or(&p);
    if (!p.bad && !*p.at)
        return e;
    if (said)
        *said = false;
    return NULL;
}
