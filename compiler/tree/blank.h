/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to compiler/tree. What blanking a file (tree-blank.c) and following its preprocessor lines (tree-directive.c) share. */
#ifndef XSMC_TREE_BLANK_H
#define XSMC_TREE_BLANK_H

#include "tree/inside.h"

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
    struct open_tokens {        /* tokens that the parser may have to keep, by bracket; see tree-blank.c */
        uint32_t in[1001], total;
        unsigned int level;
        bool too_many;
    } open;
    uint64_t calls;             /* the innermost 64 open brackets: a bit is set for those of a call */
    char last;
    uint32_t word_start, word_end;  /* the last word, if nothing stands behind it yet */
    char before_word;           /* what stood before it; 's': `static`, at static_at */
    uint32_t static_at;
    const char *maybe_once;     /* the last directive was #ifndef of this name, nothing since */
};

static inline bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
}

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static inline void blank(struct blanker *b, uint32_t start, uint32_t end)
{
    uint32_t i;

    for (i = start; i < end; i++)
        if (b->out[i] != '\n')
            b->out[i] = ' ';
}

/* The end of the comment that begins at `at`. */
static inline uint32_t comment_end(const struct blanker *b, uint32_t at)
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

static inline bool comment_begins(const struct blanker *b, uint32_t at)
{
    return b->text[at] == '/' && (b->text[at + 1] == '/' || b->text[at + 1] == '*') && at + 1 < b->len;
}

/* The end of a string or character; one that does not end in its line ends with it. */
static inline uint32_t string_end(const struct blanker *b, uint32_t at)
{
    char quote = b->text[at++];

    while (at < b->len && b->text[at] != quote && b->text[at] != '\n')
        at += b->text[at] == '\\' && at + 1 < b->len ? 2 : 1;
    return at < b->len && b->text[at] == quote ? at + 1 : at < b->len ? at : b->len;
}

static inline uint32_t skip_blanks(const struct blanker *b, uint32_t at, uint32_t end)
{
    while (at < end && (is_blank(b->text[at]) || comment_begins(b, at)))
        at = comment_begins(b, at) ? comment_end(b, at) : at + 1;
    return at < end ? at : end;
}

static inline uint32_t word_end(const struct blanker *b, uint32_t at)
{
    while (at < b->len && is_word(b->text[at]))
        at++;
    return at;
}

/* The preprocessor line that begins with the # at `hash`; returns its end. */
uint32_t blank_directive(struct blanker *b, uint32_t hash);
/* At the end of the file: an #if that is still open. */
void blank_finish(struct blanker *b);

#endif
