/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers behind constants: #defines and enumerators, computed from their texts and each other. */
#include <stdlib.h>
#include <string.h>

#include "tree/inside.h"

/* How deep a constant may be made of others and a text of parentheses, and how many operands are looked at for one. */
#define MOST_DEEP 50
#define MOST_OPERANDS 10000

struct number {
    const struct tree *t;
    const char *at;
    unsigned int depth;
    unsigned int *left;     /* operands that may still be looked at */
    bool bad;
};

static bool number_of(const struct tree *t, const char *name, long long *value, unsigned int depth,
                      unsigned int *left);
static unsigned long long sum(struct number *x, int least);

static bool take(struct number *x, const char *what)
{
    while (*x->at == ' ')
        x->at++;
    if (strncmp(x->at, what, strlen(what)))
        return false;
    x->at += strlen(what);
    return true;
}

static unsigned long long atom(struct number *x)
{
    unsigned long long v = 0;
    size_t n;

    if (x->bad || !*x->left || ++x->depth > MOST_DEEP) {
        x->bad = true;
        return 0;
    }
    --*x->left;
    if (take(x, "(")) {
        v = sum(x, 0);
        if (!take(x, ")"))
            x->bad = true;
    } else if (take(x, "~")) {
        v = ~atom(x);
    } else if (take(x, "-")) {
        v = 0 - atom(x);
    } else if ((n = tree_word_len(x->at)) && *x->at >= '0' && *x->at <= '9') {
        char *end;

        v = strtoull(x->at, &end, 0);
        while (*end && strchr("uUlL", *end))
            end++;
        if ((size_t)(end - x->at) != n)
            x->bad = true;
        x->at = end;
    } else if (n) {
        long long other = 0;
        const char *name = names_intern(x->t->names, x->at, n);

        x->at += n;
        if (*x->at == '(' || !number_of(x->t, name, &other, x->depth, x->left))
            x->bad = true;
        v = (unsigned long long)other;
    } else {
        x->bad = true;
    }
    x->depth--;
    return v;
}

/* Operators from the loosest on; `least` is the loosest that may stand here. */
static unsigned long long sum(struct number *x, int least)
{
    static const struct { const char *text; int level; } all[] = {
        { "|", 0 }, { "&", 1 }, { "<<", 2 }, { ">>", 2 }, { "+", 3 }, { "-", 3 }, { "*", 4 },
    };
    unsigned long long v = atom(x), w;
    size_t i;

again:
    for (i = 0; !x->bad && i < sizeof(all) / sizeof(all[0]); i++) {
        if (all[i].level < least || !take(x, all[i].text))
            continue;
        w = sum(x, all[i].level + 1);
        switch (all[i].text[0]) {
        case '|': v |= w; break;
        case '&': v &= w; break;
        case '<': v = w < 64 ? v << w : 0; break;
        case '>': v = w < 64 ? v >> w : 0; break;
        case '+': v += w; break;
        case '-': v -= w; break;
        default: v *= w; break;
        }
        goto again;
    }
    return v;
}

static bool text_number(const struct tree *t, struct span span, long long *value, unsigned int depth, unsigned int *left)
{
    struct number x = { .t = t, .at = tree_text(t, span), .depth = depth, .left = left };
    size_t len;
    const char *text;

    if (depth > MOST_DEEP)
        return false;
    if (!*x.at) {       /* of a directive: blanked in what was parsed */
        text = source_text(t->sources, span.file, &len);
        x.at = arena_text(t->arena, text + span.start, span.end - span.start);
        if (strstr(x.at, "/*"))
            *strstr((char *)x.at, "/*") = '\0';
        if (strstr(x.at, "//"))
            *strstr((char *)x.at, "//") = '\0';
    }
    *value = (long long)sum(&x, 0);
    while (*x.at == ' ' || *x.at == '\t' || *x.at == '\r')
        x.at++;
    return !x.bad && !*x.at;
}

static bool number_of(const struct tree *t, const char *name, long long *value, unsigned int depth, unsigned int *left)
{
    const struct tree_macro *const *macros;
    const struct tree_enumerator *const *enums;
    unsigned int i, n = tree_macros_named(t, name, &macros), k = tree_enumerators_named(t, name, &enums), found = 0;
    long long v;

    if (depth > MOST_DEEP)
        return false;
    for (i = 0; i < n; i++) {
        if (macros[i]->has_params || !text_number(t, macros[i]->body, &v, depth + 1, left) || (found++ && v != *value))
            return false;
        *value = v;
    }
    for (i = 0; i < k; i++) {
        const struct tree_enumerator *e = enums[i];
        long long more = 0;

        while (e->value.start == e->value.end && e->before) {
            e = e->before;
            more++;
        }
        if (e->value.start == e->value.end)
            v = 0;
        else if (!text_number(t, e->value, &v, depth + 1, left))
            return false;
        v += more;
        if (found++ && v != *value)
            return false;
        *value = v;
    }
    return found > 0;
}

bool tree_number(const struct tree *t, const char *name, long long *value)
{
    unsigned int left = MOST_OPERANDS;

    *value = 0;
    return number_of(t, names_get(t->names, name), value, 0, &left);
}
