/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Going on after a syntax error, so that one run reports every independent one and none that only follows from another.
 *
 * The grammar goes on at the next `;` of the list of statements it was reading. That is right as long as nothing but the
 * statement is wrong; so the tokens pass through here on their way to it, and some are made up:
 *
 * - After an error outside of braces (a broken head) the rest of that declaration is passed over, its block too.
 * - Where a `;` is missing before a `}`, or a declaration ends before the error was got over, there is a `;`.
 * - Where a word that begins declarations stands at the beginning of a line inside a block, a `}` was forgotten: there is
 *   one.
 *
 * What the grammar says of made-up tokens is never reported.
 */
#include "front/parse.h"

#include <stdlib.h>

#include "parser.h"

/* What stands in a block only: at the top it is left over from a block whose brace did not count. */
static bool stands_in_block(int token)
{
    switch (token) {
    case K_SUBJECT: case K_OBJECT: case K_DEFAULT: case K_ALSO: case K_FLASK: case K_ON: case K_SILO: case K_ACTION:
    case K_RESULT: case K_MANUAL: case K_DEFECT: case K_WAIVE: case K_WITHIN: case '}': case ';':
        return true;
    default:
        return false;
    }
}

static bool begins_declaration(const struct parse *p, int token)
{
    uint32_t at = p->recovery.last.start;

    if (at && p->text[at - 1] != '\n')
        return false;
    switch (token) {
    case K_CLASS: case K_DATABASE: case K_EXTEND: case K_FLASK_ONLY: case K_HOOK: case K_LAYOUT: case K_LIFECYCLE:
    case K_SID:
        return true;
    default:
        return false;
    }
}

static int recover_read(struct parse *p, union XSMC_PARSE_STYPE *value, struct span *where)
{
    struct recovery *r = &p->recovery;
    int token = xsmc_lex(value, where, p->scanner);

    parse_token(p, token, *where);
    parse_follow(p, token, *where);
    r->before = r->last;
    r->last = *where;
    r->last_token = token;
    r->last_value = value->name;
    return token;
}

/* Hands out `made_up`, then the token that was read last, once more. */
static void recover_insert(struct parse *p, const char *made_up)
{
    p->recovery.in_statement = false;
    p->recovery.made_up = made_up;
    p->recovery.again = true;
}

int recover_next(struct parse *p, union XSMC_PARSE_STYPE *value, struct span *where)
{
    struct recovery *r = &p->recovery;
    int token;

    r->is_made_up = r->made_up && *r->made_up;
    if (r->is_made_up) {
        *where = (struct span){ p->file, r->last.start, r->last.start };
        return *r->made_up++;
    }
    if (r->again) {
        r->again = p->lexer_complained = p->statement_over = false;
        value->name = r->last_value;
        *where = r->last;
        return r->last_token;
    }
    token = recover_read(p, value, where);
    if (r->in_statement && token == '}' && !p->words.depth) {
        r->reported = r->last.start;
        recover_insert(p, ";");
        return recover_next(p, value, where);
    }
    if (token == ';')
        r->in_statement = false;
    return token;
}

bool recover_begin(struct parse *p, bool semicolon)
{
    enum { MOST_REPEATED = 8 };     /* levels of blocks that can be left by one token */
    struct recovery *r = &p->recovery;
    bool news = !p->lexer_complained && r->last.start != r->reported;
    int token = r->last_token;
    union XSMC_PARSE_STYPE value;
    struct span where;

    r->happened = true;
    if (r->is_made_up)
        return false;
    r->unclosed = p->words.depth && (!token || begins_declaration(p, token)) ? p->words.block : (struct span){ 0, 0, 0 };
    r->error_after = r->before.end;
    if (!token)
        return news;
    r->repeated = r->last.start == r->reported ? r->repeated + 1 : 0;
    r->reported = r->last.start;
    r->at_top = !p->words.depth || (p->words.depth == 1 && token == '{');
    if (semicolon && token == '}' && !r->repeated) {
        recover_insert(p, ";");
    } else if (begins_declaration(p, token) && r->repeated < MOST_REPEATED) {
        p->words.depth = 0;
        recover_insert(p, ";}");
    } else if (r->at_top) {
        for (;;) {
            bool over = !p->words.depth && (token == ';' || token == '}');

            token = recover_read(p, &value, &where);
            if (!token || (over && !stands_in_block(token)) || (!p->words.depth && begins_declaration(p, token)))
                break;
        }
        recover_insert(p, ";}");
    } else {
        r->in_statement = token != ';';
    }
    return news;
}
