/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading one file: runs the grammar over it and turns what lexer and grammar complain of into diagnostics.
 */
#include "front/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "front/lists.h"
#include "parser.h"

const char *parse_name(struct parse *p, const char *text, size_t len)
{
    return names_intern(p->names, text, len);
}

/*
 * Policy statements have keywords of their own, which are ordinary names in hooks: many arguments are called `allow`
 * or `type`. A policy statement can begin where a declaration can, and in the blocks of an `if` that is one.
 */
static bool parse_begins(const struct parse *p)
{
    int last = p->words.last;

    if (p->words.depth == p->words.blocks)
        return !last || last == ';' || last == '}' || last == '{' || (last == T_STRING && !p->words.inside);
    return false;
}

int parse_word(struct parse *p, const char *text, size_t len, union XSMC_PARSE_STYPE *value)
{
    const char *name = names_intern(p->names, text, len);
    const struct parse_keyword *keyword = map_get(&p->front->lists->keywords, NULL, name);
    int none = memchr(text, '-', len) ? T_HYPHENATED : T_WORD;

    value->name = name;
    if (!keyword)
        return none;
    switch (keyword->where) {
    case KEYWORD_ANYWHERE:
        break;
    case KEYWORD_DATABASE:
        return p->words.inside ? none : keyword->token;
    case KEYWORD_POLICY:
        return p->words.inside ? keyword->token : none;
    case KEYWORD_STARTS_POLICY:
        if (!p->words.inside && !parse_begins(p))
            return none;
        /* fall through */
    case KEYWORD_STARTS_BOTH:
        if (!p->words.inside && parse_begins(p)) {
            p->words.inside = true;
            p->words.conditional = keyword->token == K_IF;
        }
        break;
    }
    return keyword->token;
}

void parse_follow(struct parse *p, int token)
{
    p->words.last = token;
    switch (token) {
    case '{':
        p->words.depth++;
        if (p->words.inside && p->words.conditional && p->words.depth == p->words.blocks + 1) {
            p->words.blocks++;
            p->words.inside = p->words.conditional = false;
        }
        break;
    case '}':
        if (p->words.depth)
            p->words.depth--;
        if (p->words.blocks > p->words.depth) {
            p->words.blocks = p->words.depth;
            p->words.inside = false;
        }
        break;
    case ';':
        if (p->words.depth == p->words.blocks)
            p->words.inside = p->words.conditional = false;
        break;
    case K_ELSE:
        if (p->words.depth == p->words.blocks && !p->words.inside)
            p->words.inside = p->words.conditional = true;
        break;
    }
}

/* The length of the UTF-8 character at `s`, 0 if it is none. */
static size_t utf8_length(const unsigned char *s, size_t left)
{
    size_t len = s[0] < 0x80 ? 1 : (s[0] & 0xe0) == 0xc0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 :
                 (s[0] & 0xf8) == 0xf0 ? 4 : 0, i;

    if (!len || len > left || s[0] == 0xc0 || s[0] == 0xc1)
        return 0;
    for (i = 1; i < len; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return len;
}

const char *parse_string(struct parse *p, const char *text, size_t len, struct span where)
{
    const unsigned char *from = (const unsigned char *)text + 1, *end = (const unsigned char *)text + len - 1;
    char *out = arena_alloc(p->arena, len), *to = out;

    while (from < end) {
        size_t n = utf8_length(from, (size_t)(end - from));
        struct span at = { where.file, where.start + (uint32_t)(from - (const unsigned char *)text), 0 };

        at.end = at.start + 1;
        if (!n) {
            parse_bad(p, at, "byte 0x%02x is not UTF-8", from[0]);
            return "";
        }
        if (from[0] < 0x20 && from[0] != '\t') {
            parse_bad(p, at, "a control character (0x%02x) cannot stand in a string", from[0]);
            return "";
        }
        if (from[0] == '\\') {
            from++;
            if (from[0] != '"' && from[0] != '\\' && from[0] != 'n') {
                at.end++;
                parse_bad(p, at, "a string knows only \\\", \\\\ and \\n after a backslash");
                return "";
            }
            *to++ = from[0] == 'n' ? '\n' : (char)from[0];
            from++;
            continue;
        }
        memcpy(to, from, n);
        to += n;
        from += n;
    }
    *to = '\0';
    return out;
}

static void parse_report(struct parse *p, struct span where, const char *format, va_list ap)
{
    char text[512];

    vsnprintf(text, sizeof(text), format, ap);
    diag_add(p->diags, &RULE_SYNTAX, where, "%s", text);
}

void parse_bad(struct parse *p, struct span where, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    parse_report(p, where, format, ap);
    va_end(ap);
    p->lexer_complained = true;
}

void parse_token(struct parse *p, int token, struct span where)
{
    if (p->statement_over)
        p->lexer_complained = false;
    p->statement_over = token == ';' || token == '}';
    if (p->notes && token)
        *LIST_PUSH(p->arena, &p->notes->tokens) = (struct layout_token){ where.start, where.end };
}

void parse_bad_bytes(struct parse *p, struct span where, const char *bytes, size_t len)
{
    unsigned char c = (unsigned char)bytes[0];

    if (c >= 0x20 && c < 0x7f)
        parse_bad(p, where, "'%c' has no meaning here", c);
    else if (c >= 0x80 && utf8_length((const unsigned char *)bytes, len))
        parse_bad(p, where, "letters outside ASCII may stand in strings and comments only");
    else
        parse_bad(p, where, "byte 0x%02x cannot stand in a source text", c);
}

void parse_lexer_failed(const char *message)
{
    /* Only flex's internal errors and its running out of memory come here; neither leaves a state to go on from. */
    (void)message;
    abort();
}

const char *parse_token_name(struct parse *p, const char *name)
{
    size_t len = strlen(name);

    if (len == 3 && name[0] == '\'' && name[2] == '\'')
        return name;
    if (!strcmp(name, "name") || !strcmp(name, "hyphenated name") || !strcmp(name, "number") ||
        !strcmp(name, "string"))
        return arena_printf(p->arena, "a %s", name);
    return arena_printf(p->arena, "'%s'", name);
}

void parse_unexpected(struct parse *p, struct span where, bool at_end, const char *expected)
{
    const char *found;

    if (p->lexer_complained)
        return;
    found = at_end ? "the end of the file" :
                        arena_printf(p->arena, "'%.*s'", (int)(where.end - where.start > 40 ? 40 : where.end - where.start),
                         p->text + where.start);

    if (expected[0])
        parse_bad(p, where, "expected %s, found %s", expected, found);
    else
        parse_bad(p, where, "%s cannot stand here", found);
}

void parse_mark(struct parse *p, struct span where, enum mark mark)
{
    unsigned char *at;

    if (!p->notes || where.start == where.end)
        return;
    at = &p->notes->marks[where.start];
    if (*at == MARK_STEPS && mark == MARK_CELL)
        *at = MARK_CELL_STEPS;
    else if (!*at)
        *at = (unsigned char)mark;
}

void front_parse(struct front *f, uint32_t index, struct layout_notes *notes)
{
    struct parse p = { .front = f, .arena = f->arena, .names = f->names, .diags = f->diags, .file = index,
                       .notes = notes };
    size_t len;

    p.text = source_text(f->sources, index, &len);
    if (notes)
        notes->marks = arena_alloc(f->arena, len + 1);
    /* The lexer writes a NUL behind the current token and takes it back; the text is ours to lend. */
    p.scanner = parse_lex_begin(&p, (char *)p.text, len);
    if (!p.scanner) {
        diag_add(f->diags, &RULE_IO, (struct span){ index, 0, 0 }, "not enough memory to read this file");
        return;
    }
    xsmc_parse_parse(&p);
    parse_lex_end(p.scanner);
}
