/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a file as it stands to plain C of the same length: one pass over the bytes that blanks comments, preprocessor lines
 * and attribute macros, and notes on the way which condition is in force from where on, the macros and the includes.
 *
 * Both sides of an #if are left standing, one after the other, for the parser to read both. That works as long as each side
 * is complete by itself: statements, cases, declarations, rows of a table. Where one is not (half an `if`, one of two
 * heads of a function, one of two arguments) only the first side is left, and the others are gaps.
 */
#include <string.h>

#include "base/buf.h"
#include "tree/inside.h"

/* Macros that say something to the compiler or the linker and nothing to a reader; `word` takes their place. */
static const struct attribute {
    const char *name;
    const char *word;       /* or NULL */
} attributes[] = {
    { "__aligned", NULL }, { "__attribute_const__", NULL }, { "__attribute_pure__", NULL }, { "__cold", NULL }, { "__alt_call_maybe_initdata", NULL },
    { "__constructor", NULL }, { "__exit", NULL }, { "__exitdata", NULL }, { "__exit_call", NULL },
    { "__force", NULL }, { "__hwdom_init", NULL }, { "__hwdom_initdata", NULL }, { "__init", NULL },
    { "__init_call", NULL }, { "__initconst", NULL }, { "__initconst_cf_clobber", NULL }, { "__initconstrel", NULL },
    { "__initdata", NULL }, { "__initdata_cf_clobber", NULL }, { "__initdata_recursive", NULL },
    { "__initsetup", NULL }, { "__iomem", NULL }, { "__maybe_unused", NULL }, { "__must_check", NULL },
    { "__nonnull", NULL }, { "__nonstring", NULL }, { "__nonneg", NULL }, { "__packed", NULL },
    { "__page_aligned", NULL }, { "__percpu", NULL }, { "__printf", NULL }, { "__pure", NULL },
    { "__read_mostly", NULL }, { "__ro_after_init", NULL }, { "__section", NULL }, { "__text_section", NULL },
    { "__transparent__", NULL }, { "__used", NULL }, { "__used_section", NULL }, { "__user", NULL }, { "__weak", NULL },
    { "__always_inline", "inline" }, { "__cacheline_aligned", NULL }, { "____cacheline_aligned", NULL },
    { "__inline", "inline" }, { "__inline__", "inline" }, { "__extension__", NULL },
    { "always_inline", "inline" }, { "asmlinkage", NULL }, { "cf_check", NULL }, { "efi_rt_section", NULL },
    { "flatten", NULL }, { "gnu_inline", "inline" }, { "nocall", NULL }, { "noinline", NULL }, { "noreturn", NULL },
    { "fastcall", NULL }, { "EFIAPI", NULL }, { "INIT", NULL }, { "INITDATA", NULL },
    { "XSM_DEFAULT_ARG", NULL }, { "XSM_INLINE", "inline" }, { "CDECL", NULL },
};

/* One side of an #if. */
struct side {
    uint32_t start, end;
    int net, low, braces;   /* brackets it opens less those it closes, and the least of that on the way; braces */
    char last;              /* its last character of code; 0 if it has none */
    bool skip;              /* never part of the hypervisor's C: assembler, #if 0 */
};

struct conditional {
    struct conditional *up;
    const struct tree_guard *outer;     /* in force around the #if */
    const char *denied;                 /* the conditions of the sides so far, denied; "" at first */
    LIST(struct side) sides;
    int depth, parens, braces, low;     /* at the #if */
    char last;
    bool once;                          /* the guard against double inclusion: no condition */
};

struct blanker {
    struct tree *t;
    struct tree_parsed *p;
    const char *text;
    uint32_t len, at;
    char *out;
    struct conditional *level;
    const struct tree_guard *guard;
    LIST(struct tree_region) regions;
    int depth, parens, braces, low;
    uint64_t calls;             /* the innermost 64 open brackets: a bit is set for those of a call */
    char last;
    uint32_t word_start, word_end;  /* the last word, if nothing stands behind it yet */
    char before_word;           /* what stood before it; 's': `static`, at static_at */
    uint32_t static_at;
    const char *maybe_once;     /* the last directive was #ifndef of this name, nothing since */
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static void blank(struct blanker *b, uint32_t start, uint32_t end)
{
    uint32_t i;

    for (i = start; i < end; i++)
        if (b->out[i] != '\n')
            b->out[i] = ' ';
}

/* The end of the comment that begins at `at`. */
static uint32_t comment_end(const struct blanker *b, uint32_t at)
{
    const char *end;

    if (b->text[at + 1] == '/') {
        while (at < b->len && b->text[at] != '\n')
            at++;
        return at;
    }
    for (end = b->text + at + 2; end < b->text + b->len; end++)
        if (end[0] == '*' && end[1] == '/')
            return (uint32_t)(end + 2 - b->text);
    return b->len;
}

static bool comment_begins(const struct blanker *b, uint32_t at)
{
    return b->text[at] == '/' && (b->text[at + 1] == '/' || b->text[at + 1] == '*') && at + 1 < b->len;
}

/* The end of a string or character; one that does not end in its line ends with it. */
static uint32_t string_end(const struct blanker *b, uint32_t at)
{
    char quote = b->text[at++];

    while (at < b->len && b->text[at] != quote && b->text[at] != '\n')
        at += b->text[at] == '\\' && at + 1 < b->len ? 2 : 1;
    return at < b->len && b->text[at] == quote ? at + 1 : at < b->len ? at : b->len;
}

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
    const char *text;
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
    text = names_intern(b->t->names, buf_text(&out), out.len);
    buf_free(&out);
    return text;
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
    text = names_intern(b->t->names, buf_text(&out), out.len);
    buf_free(&out);
    return text;
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

static void side_begin(struct blanker *b, uint32_t start, const char *cond)
{
    struct side *s = LIST_PUSH(b->t->arena, &b->level->sides);

    s->start = start;
    s->skip = cond && (!strcmp(cond, "0") || !strcmp(cond, "defined(__ASSEMBLY__)") ||
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

static uint32_t skip_blanks(const struct blanker *b, uint32_t at, uint32_t end)
{
    while (at < end && (is_blank(b->text[at]) || comment_begins(b, at)))
        at = comment_begins(b, at) ? comment_end(b, at) : at + 1;
    return at < end ? at : end;
}

static uint32_t word_end(const struct blanker *b, uint32_t at)
{
    while (at < b->len && is_word(b->text[at]))
        at++;
    return at;
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
    region(b, end, guard_new(b, cond, hash, end));
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
    region(b, end, l->once ? l->outer : guard_new(b, whole, hash, end));
}

/* The preprocessor line that begins with the # at `hash`; returns its end. */
static uint32_t directive(struct blanker *b, uint32_t hash)
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

/* A word of code: blanked if it is an attribute, with what stands in parentheses behind it. Returns its end. */
static uint32_t word(struct blanker *b, uint32_t at)
{
    uint32_t end = word_end(b, at), next;
    size_t n = end - at, i;
    char first = b->text[at];

    if (!strchr("_acefgnCEIX", first))
        return end;
    for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
        const struct attribute *a = &attributes[i];

        if (a->name[0] != first || strlen(a->name) != n || memcmp(a->name, b->text + at, n))
            continue;
        blank(b, at, end);
        if (a->word) {
            memcpy(b->out + at, a->word, strlen(a->word));
            return end;
        }
        next = end;
        while (next < b->len && is_blank(b->text[next]))
            next++;
        if (first == '_' && next < b->len && b->text[next] == '(' && strcmp(a->name, "__init") && strcmp(a->name, "__exit")) {
            unsigned int depth = 0;
            uint32_t close;

            for (close = next; close < b->len && close - next < 1000; close++) {
                depth += b->text[close] == '(';
                depth -= b->text[close] == ')';
                if (!depth)
                    break;
            }
            if (close < b->len && !depth) {
                blank(b, next, close + 1);
                return close + 1;
            }
        }
        return end;
    }
    return end;
}

/* ---- what is no C ---- */

static bool is_one_of(const char *text, size_t n, const char *const *all)
{
    for (; *all; all++)
        if (strlen(*all) == n && !memcmp(*all, text, n))
            return true;
    return false;
}

/* Behind which words a parenthesis is no call's, or holds types in C itself. */
static const char *const not_called[] = {
    "if", "while", "for", "switch", "return", "sizeof", "typeof", "__typeof__", "alignof", "__alignof__", "_Alignof",
    "asm", "__asm__", "volatile", "__volatile__", "__attribute__", "do", "else", "case",
    NULL,
};
/* Words with which a type begins and no expression does. */
static const char *const types[] = {
    "struct", "union", "enum", "unsigned", "signed", "const", "int", "char", "long", "short", "void", "bool", "float",
    "double", "size_t", "ssize_t", "ptrdiff_t", "intptr_t", "uintptr_t", "int8_t", "int16_t", "int32_t", "int64_t",
    "uint8_t", "uint16_t", "uint32_t", "uint64_t", "_Bool", NULL,
};

static bool is_space(char c)
{
    return is_blank(c) || c == '\n';
}

/* An argument that begins at `at` and is a type becomes one word. */
static void type_argument(struct blanker *b, uint32_t at)
{
    uint32_t start, end, i;
    bool typed, star = false;

    while (at < b->len && is_space(b->text[at]))
        at++;
    start = end = at;
    typed = is_one_of(b->text + at, word_end(b, at) - at, types);
    while (at < b->len && b->text[at] != ',' && b->text[at] != ')') {
        if (is_word(b->text[at]) && !star) {
            at = word_end(b, at);
            end = at;
        } else if (b->text[at] == '*' && end > start) {
            star = true;
            end = ++at;
        } else if (is_blank(b->text[at])) {
            at++;
        } else {
            return;
        }
    }
    if (end == start || (!typed && !star) || (b->text[start] >= '0' && b->text[start] <= '9'))
        return;
    for (i = start; i < end; i++)
        if (i == start || is_blank(b->text[i]) || b->text[i] == '*')
            b->out[i] = '_';
}

/* Behind the parenthesis that closes the one at `at`, or 0. Strings and comments in between are not expected. */
static uint32_t closed(const struct blanker *b, uint32_t at)
{
    uint32_t most = b->len - at > 2000 ? at + 2000 : b->len;
    unsigned int depth = 0;

    for (; at < most; at++) {
        depth += b->text[at] == '(';
        if (b->text[at] == ')' && !--depth)
            return at + 1;
    }
    return 0;
}

static bool holds(const char *text, size_t n, const char *what)
{
    size_t k = strlen(what), i;

    for (i = 0; i + k <= n; i++)
        if (text[i] == *what && !memcmp(text + i, what, k))
            return true;
    return false;
}

/* A parenthesis at `at` behind the last word: loops and cases that a macro makes; and whether it is one of a call. */
static bool parenthesis(struct blanker *b, uint32_t at)
{
    const char *name = b->text + b->word_start;
    size_t n = b->word_end - b->word_start;
    bool upper = true, first = strchr(";{}):", b->before_word);   /* or nothing */
    uint32_t end, next, i;

    if (b->last != 'w' || is_one_of(name, n, not_called))
        return false;
    if (n == 8 && !memcmp(name, "offsetof", n))
        b->out[b->word_start] = '_';        /* the grammar's own knows no a.b */
    for (i = b->word_start; i < b->word_end; i++)
        upper = upper && !(b->text[i] >= 'a' && b->text[i] <= 'z');
    if (b->braces > 0 && first && (upper || holds(name, n, "for_each"))) {
        end = closed(b, at);
        for (next = end; next && next < b->len && is_space(b->text[next]); next++)
            ;
        if (!upper && end && next < b->len && !strchr(";,)=.-", b->text[next])) {
            blank(b, b->word_start, b->word_end);
            memcpy(b->out + b->word_start, "while", 5);
        } else if (upper && end && next < b->len && b->text[next] == ':') {
            for (i = at; i < end; i++)
                if (!is_word(b->text[i]) && b->text[i] != '\n')
                    b->out[i] = '_';
        }
    }
    if (b->braces <= 0 && !upper)
        return false;
    if (b->before_word == 's' && upper)     /* static DEFINE_PER_CPU(type, name); */
        blank(b, b->static_at, b->static_at + 6);
    type_argument(b, at + 1);
    return true;
}

static void bracket(struct blanker *b, char c)
{
    if (strchr("([{", c)) {
        bool call = c == '(' && parenthesis(b, b->at);

        b->depth++;
        b->parens += c == '(';
        b->braces += c == '{';
        b->calls = b->calls << 1 | call;
        return;
    }
    b->depth--;
    b->parens -= c == ')';
    b->braces -= c == '}';
    b->calls >>= 1;
    if (b->level && b->depth - b->level->depth < b->low)
        b->low = b->depth - b->level->depth;
}

/* `asm volatile ( ... )` at `at`: blanked; it calls nothing by name that C could. Returns its end, or 0 if it is none. */
static uint32_t assembler(struct blanker *b, uint32_t at)
{
    static const char *const words[] = { "asm", "__asm__", "__asm", NULL };
    static const char *const between[] = { "volatile", "__volatile__", "goto", "inline", NULL };
    uint32_t start = at, end = word_end(b, at);

    if (!is_one_of(b->text + at, end - at, words))
        return 0;
    do {
        for (at = end; at < b->len && is_space(b->text[at]); at++)
            ;
        end = word_end(b, at);
    } while (end > at && is_one_of(b->text + at, end - at, between));
    end = at < b->len && b->text[at] == '(' ? closed(b, at) : 0;
    if (end)
        blank(b, start, end);
    return end;
}

/* One word, string or character of code at b->at. */
static void code(struct blanker *b)
{
    char c = b->text[b->at], before = b->last;

    b->maybe_once = NULL;
    if (is_word(c)) {
        uint32_t start = b->at, end = c == 'a' || c == '_' ? assembler(b, start) : 0;

        if (end) {
            b->at = end;
            b->last = 'w';
            return;
        }
        b->at = word(b, start);
        if (b->out[start] != ' ') {
            if (before == 'w' && b->word_end - b->word_start == 6 && !memcmp(b->text + b->word_start, "static", 6)) {
                b->static_at = b->word_start;
                before = 's';
            }
            b->before_word = before;
            b->word_start = start;
            b->word_end = word_end(b, start);
            b->last = 'w';
        }
        return;
    }
    if (c == '"' || c == '\'') {
        uint32_t end = string_end(b, b->at);

        for (; b->at < end; b->at++)
            if (b->text[b->at] == '\\' && b->at + 1 < end) {      /* the grammar knows fewer escapes than compilers do */
                b->out[b->at++] = '_';
                b->out[b->at] = b->text[b->at] == '\n' ? '\n' : '_';
            }
        b->last = c;
        return;
    }
    if (c && strchr("([{)]}", c)) {
        bracket(b, c);
    } else if (c == ',' && (b->calls & 1)) {
        type_argument(b, b->at + 1);
    } else if (c == '.' && b->text[b->at + 1] == '.' && b->text[b->at + 2] == '.' &&
               (before == 'w' || before == ')') && b->parens <= 0 && b->braces > 0) {
        memcpy(b->out + b->at, "|~~", 3);
        b->at += 2;
    }
    b->last = c;
    b->at++;
}

void tree_blank(struct tree *t, struct tree_parsed *p, const char *text)
{
    struct blanker b = { .t = t, .p = p, .text = text, .len = p->file.len };
    bool line = true;

    b.out = arena_text(t->arena, text, p->file.len);
    while (b.at < b.len) {
        char c = text[b.at];

        if (c == '\n') {
            line = true;
            b.at++;
        } else if (is_blank(c)) {
            b.at++;
        } else if (comment_begins(&b, b.at)) {
            uint32_t end = comment_end(&b, b.at);

            blank(&b, b.at, end);
            b.at = end;
        } else if (c == '#' && line) {
            b.at = directive(&b, b.at);
        } else {
            line = false;
            if (c == '\\' && (text[b.at + 1] == '\n' || text[b.at + 1] == '\r')) {
                b.out[b.at++] = ' ';
                continue;
            }
            code(&b);
        }
    }
    while (b.level) {
        tree_gap_add(t, p, b.level->sides.items[0].start, b.len, "an #if without its #endif");
        b.level = b.level->up;
    }
    p->file.text = b.out;
    p->regions = b.regions.items;
    p->n_regions = b.regions.n;
}
