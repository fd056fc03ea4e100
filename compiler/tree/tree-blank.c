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

#include "tree/blank.h"

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
static const char *const type_operators[] = { "typeof", "__typeof__", "__typeof", NULL };
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

    if (b->last != 'w')
        return false;
    if (is_one_of(name, n, type_operators)) {       /* a type, and nothing in it is carried out */
        end = closed(b, at);
        for (i = b->word_start; i < end; i++)
            if ((!is_word(b->text[i]) || i == b->word_start) && b->text[i] != '\n')
                b->out[i] = '_';
        return false;
    }
    if (is_one_of(name, n, not_called))
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

/*
 * Counts the tokens of what is begun and not ended. tree-sitter 0.20 counts the children of a node in 16 bits, and what is
 * unfinished at the end of a file becomes children of one node: such a file would break it and is not given to it. No
 * real source comes near.
 */
static void keep_count(struct blanker *b, char c)
{
    struct open_tokens *o = &b->open;

    o->in[o->level]++;
    o->total++;
    if (c && strchr("([{", c)) {
        o->too_many = o->too_many || o->level + 1 >= sizeof(o->in) / sizeof(o->in[0]);
        if (!o->too_many)
            o->in[++o->level] = 0;
    } else if (c && strchr(")]}", c) && o->level) {
        o->total -= o->in[o->level--];
    }
    if (c == ';' || (c == '}' && b->depth <= 0)) {
        if (b->depth <= 0)
            o->level = o->total = o->in[0] = 0;
        o->total -= o->in[o->level];
        o->in[o->level] = 0;
    }
    o->too_many = o->too_many || o->total > 30000;
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

        keep_count(b, 0);
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
        keep_count(b, 0);
        return;
    }
    if (c && strchr("([{)]}", c))
        bracket(b, c);
    keep_count(b, c);
    if (c == ',' && (b->calls & 1)) {
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
            b.at = blank_directive(&b, b.at);
        } else {
            line = false;
            if (c == '\\' && (text[b.at + 1] == '\n' || text[b.at + 1] == '\r')) {
                b.out[b.at++] = ' ';
                continue;
            }
            code(&b);
        }
    }
    blank_finish(&b);
    if (b.open.too_many) {
        blank(&b, 0, b.len);
        tree_gap_add(t, p, 0, b.len, "C that is nested too deep to be read");
    }
    p->file.text = b.out;
    p->regions = b.regions.items;
    p->n_regions = b.regions.n;
}
