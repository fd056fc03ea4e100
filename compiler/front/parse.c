/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading one file: runs the grammar over it and turns what lexer and grammar complain of into diagnostics.
 */
#include "front/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "front/lists.h"
#include "parser.h"

const char *parse_name(struct parse *p, const char *text, size_t len, struct span where)
{
    enum { LONGEST_NAME = 255 };

    if (len > LONGEST_NAME) {
        parse_bad(p, where, "a name has at most %d letters, this one has %zu", LONGEST_NAME, len);
        len = LONGEST_NAME;
    }
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

int parse_word(struct parse *p, const char *text, size_t len, struct span where, union XSMC_PARSE_STYPE *value)
{
    const char *name = parse_name(p, text, len, where);
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

void parse_follow(struct parse *p, int token, struct span where)
{
    p->words.last = token;
    switch (token) {
    case '{':
        if (!p->words.depth++)
            p->words.block = where;
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

/* How many bytes from the start on are printable ASCII or tabs, eight of them at a time as long as they are printable. */
static size_t plain_length(const char *text, size_t len)
{
    const uint64_t ones = ~UINT64_C(0) / 255, high = ones * 0x80;
    size_t i = 0;

    for (; len - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
        uint64_t w;

        memcpy(&w, text + i, sizeof(w));
        /* The high bit of a byte is set if it is above 0x7e, or below 0x20. */
        if ((w | (w + ones) | (w - ones * 0x20)) & high)
            break;
    }
    while (i < len && ((text[i] >= 0x20 && text[i] < 0x7f) || text[i] == '\t'))
        i++;
    return i;
}

bool parse_text(struct parse *p, const char *text, size_t len, uint32_t start)
{
    size_t i = 0, n;
    uint32_t code;

    while ((i += plain_length(text + i, len - i)) < len) {
        struct span at = { p->file, start + (uint32_t)i, start + (uint32_t)i + 1 };

        n = utf8_decode(text + i, len - i, &code);
        at.end = at.start + (n ? (uint32_t)n : 1);
        if (!n)
            parse_bad(p, at, "byte 0x%02x is not UTF-8", (unsigned char)text[i]);
        else if (code == '\r')
            parse_bad(p, at, "a carriage return that does not end a line");
        else if (utf8_is_control(code))
            parse_bad(p, at, "a control character (0x%02x) cannot stand in a text", code);
        else if (utf8_is_bidirectional(code))
            parse_bad(p, at, "U+%04X turns the direction of what is shown around it: a reader would be misled", code);
        else {
            i += n;
            continue;
        }
        return false;
    }
    return true;
}

const char *parse_string(struct parse *p, const char *text, size_t len, struct span where)
{
    const char *from = text + 1, *end = text + len - 1, *plain;
    char *out, *to;
    size_t n;

    if (!parse_text(p, from, (size_t)(end - from), where.start + 1))
        return "";
    out = to = arena_alloc(p->arena, len);
    while (from < end) {
        if (*from == '\\') {
            uint32_t at = where.start + (uint32_t)(from - text);

            from++;
            if (*from != '"' && *from != '\\' && *from != 'n') {
                parse_bad(p, (struct span){ where.file, at, at + 2 },
                          "a string knows only \\\", \\\\ and \\n after a backslash");
                return "";
            }
            *to++ = *from == 'n' ? '\n' : *from;
            from++;
            continue;
        }
        plain = memchr(from, '\\', (size_t)(end - from));
        n = (size_t)((plain ? plain : end) - from);
        memcpy(to, from, n);
        to += n;
        from += n;
    }
    *to = '\0';
    return out;
}

void parse_comment(struct parse *p, const char *text, size_t len, struct span where)
{
    bool complained = p->lexer_complained;

    if (len && text[len - 1] == '\r')
        len--;
    parse_text(p, text, len, where.start);
    p->lexer_complained = complained;   /* the statement around it is as good as before */
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
    uint32_t code;

    if (c >= 0x20 && c < 0x7f)
        parse_bad(p, where, "'%c' has no meaning here", c);
    else if (c >= 0x80 && utf8_decode(bytes, len, &code))
        parse_bad(p, where, "letters outside ASCII may stand in strings and comments only");
    else
        parse_bad(p, where, "byte 0x%02x cannot stand in a source text", c);
}

void parse_lexer_failed(const char *message)
{
    /* Only errors of flex's own come here; they leave no state to go on from. */
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

void parse_unexpected(struct parse *p, struct span where, bool semicolon, const char *expected, const char *nearest)
{
    const struct recovery *r = &p->recovery;
    struct span before = { p->file, r->error_after, r->error_after };
    int len = where.end - where.start > 40 ? 40 : (int)(where.end - where.start);
    const char *found = len ? arena_printf(p->arena, "'%.*s'", len, p->text + where.start) : "the end of the file";
    struct diag *d;

    if (r->unclosed.file)
        d = diag_add(p->diags, &RULE_SYNTAX, where, "expected '}', found %s", found);
    else if (semicolon && (p->text[where.start] == '}' || memchr(p->text + before.end, '\n', where.start - before.end)))
        d = diag_add(p->diags, &RULE_SYNTAX, before, "a ';' is missing here");
    else if (expected[0])
        d = diag_add(p->diags, &RULE_SYNTAX, where, "expected %s, found %s", expected, found);
    else
        d = diag_add(p->diags, &RULE_SYNTAX, where, "%s cannot stand here", found);
    if (r->unclosed.file)
        diag_note(p->diags, d, r->unclosed, "this block is not closed");
    else if (nearest)
        diag_help(p->diags, d, "did you mean '%s'?", nearest);
    p->lexer_complained = true;
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
    struct parse p = { .front = f, .arena = f->arena, .written = f->lists->written, .names = f->names,
                       .diags = f->diags, .file = index, .recovery = { .reported = UINT32_MAX }, .notes = notes };
    unsigned int errors = diags_count(f->diags, LEVEL_ERROR);
    size_t len;
    const char *nul;

    p.text = source_text(f->sources, index, &len);
    /* Whatever has one, it is not a text; and the lexer goes over a word again at each NUL in it. */
    p.len = (uint32_t)len;
    nul = memchr(p.text, '\0', len);
    if (nul) {
        uint32_t at = (uint32_t)(nul - p.text);

        parse_bad(&p, (struct span){ index, at, at + 1 }, "byte 0x00: this is not a text");
        return;
    }
    if (notes)
        notes->marks = arena_alloc(f->arena, len + 1);
    /* The lexer writes a NUL behind the current token and takes it back; the text is ours to lend. */
    p.scanner = parse_lex_begin(&p, (char *)p.text, len);
    if ((xsmc_parse_parse(&p) || p.recovery.happened) && diags_count(f->diags, LEVEL_ERROR) == errors)
        parse_bad(&p, p.recovery.last, "this cannot stand here");
}
