/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What lexer, grammar and actions share while one file is read. Private to the front end.
 */
#ifndef XSMC_PARSE_H
#define XSMC_PARSE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/names.h"
#include "front/front.h"
#include "model/model.h"
#include "model/statement.h"
#include "text/diag.h"
#include "text/rules.h"


union XSMC_PARSE_STYPE;

typedef LIST(struct expr *) expr_list;
typedef LIST(struct perm_use) perm_list;
typedef LIST(struct param) param_list;
typedef LIST(struct hook_ref) hook_list;
typedef LIST(struct row_key) key_list;
typedef LIST(struct row) row_list;
typedef LIST(struct step) step_list;
typedef LIST(struct perm) perm_decl_list;
typedef LIST(struct within) within_list;
typedef LIST(struct waiver) waiver_list;

typedef LIST(struct written_name) written_list;
typedef LIST(struct written_access) access_list;
typedef LIST(struct statement *) statement_list;

enum {
    DEEPEST = 1000,         /* levels of an expression; whoever walks one may recurse */
    LONGEST_TYPE = 1000,    /* bytes of an argument's C type */
};

/* A C declaration as its tokens: everything but the last word is the type. */
struct c_tokens {
    const char *type;
    const char *name;
    struct span name_span;
    bool array;
};

/* A hook under construction: the statements add to it. */
struct hook_draft {
    struct hook *hook;
    LIST(struct default_clause) defaults;
    struct span subject, object, within, table, action, flask;
};

/* What the formatter works from: every token in order, and a mark for each byte of the text. */
struct layout_token {
    uint32_t start, end;
};
struct layout_notes {
    LIST(struct layout_token) tokens;
    unsigned char *marks;
};

/* Between a syntax error and the token from which on the grammar is right again: see recover.c. */
struct recovery {
    struct span last, before;       /* the last two tokens read */
    int last_token;
    const char *last_value;
    bool in_statement;              /* until its `;` */
    const char *made_up;            /* tokens to hand out before any other */
    bool is_made_up;                /* the one handed out last was */
    bool again;                     /* the last token read is to be handed out once more */
    bool happened;                  /* there was a syntax error, reported or not */
    bool at_top;                    /* the last error was outside of blocks */
    struct span unclosed;           /* the brace that was still open at the last error and should not; file 0: none */
    uint32_t reported;              /* start of the token it was at */
    uint32_t error_after;           /* end of the token before that one */
    unsigned int repeated;          /* how often it was at that one before */
};

struct parse {
    struct front *front;
    struct arena *arena;
    struct arena *written;          /* for policy statements: good until build_top() */
    struct names *names;
    struct diags *diags;
    uint32_t file;
    const char *text;
    uint32_t len;
    void *scanner;
    bool lexer_complained;          /* in this statement: what the grammar makes of it is no news */
    bool statement_over;
    struct layout_notes *notes;     /* for the formatter, or NULL */
    struct recovery recovery;
    struct hook_draft draft;
    struct {
        int last;                   /* the token before */
        unsigned int depth;         /* of braces */
        struct span block;          /* the outermost one of them that is open */
        unsigned int blocks;        /* how many of them are blocks of policy statements */
        bool inside;                /* in a policy statement */
        bool conditional;           /* in an `if` of the policy, before its block */
    } words;
    waiver_list waivers;            /* in the hook or class being read: their scope is not known yet */
};

/* ---- from the lexer ---- */
void *parse_lex_begin(struct parse *p, char *text, size_t len);
int xsmc_lex(union XSMC_PARSE_STYPE *value, struct span *where, void *scanner);

/* ---- for the lexer ---- */
/* The interned name; one of more than 255 bytes is an error and cut off. */
const char *parse_name(struct parse *p, const char *text, size_t len, struct span where);
/* The token of a word: a keyword's own, T_WORD, or T_HYPHENATED; the value is the interned name. */
int parse_word(struct parse *p, const char *text, size_t len, struct span where, union XSMC_PARSE_STYPE *value);
/* Every token passes here after the lexer made it: keeps track of where policy statements begin and end. */
void parse_follow(struct parse *p, int token, struct span where);
/*
 * Complains of the first thing in a string or comment that cannot stand there: what is not UTF-8, a control character,
 * what turns the direction of writing. `start` is the place of `text`. Returns whether there is nothing.
 */
bool parse_text(struct parse *p, const char *text, size_t len, uint32_t start);
void parse_comment(struct parse *p, const char *text, size_t len, struct span where);
/* The text between the quotes, escapes undone; bad ones are reported. */
const char *parse_string(struct parse *p, const char *text, size_t len, struct span where);
void parse_bad(struct parse *p, struct span where, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Tells the parser that the lexer returns `token` (which ends a statement, or not). */
void parse_token(struct parse *p, int token, struct span where);
void parse_bad_bytes(struct parse *p, struct span where, const char *bytes, size_t len);
/* A token as people know it: `;` for "';'", a name, the end of the file. */
const char *parse_token_name(struct parse *p, const char *name);
/* ---- recover.c ---- */
/* The next token for the grammar. */
int recover_next(struct parse *p, union XSMC_PARSE_STYPE *value, struct span *where);
/*
 * After a syntax error at the token last handed out, where a `;` could have stood or not. Returns whether the error is worth
 * a word: it does not only follow from another.
 */
bool recover_begin(struct parse *p, bool semicolon);

/*
 * Complains of a token that cannot stand where it does, after recover_begin(). `semicolon`: a `;` could; `expected` is a
 * list of what could, or ""; `nearest` is a keyword that is meant perhaps, or NULL.
 */
void parse_unexpected(struct parse *p, struct span where, bool semicolon, const char *expected, const char *nearest);
void parse_lexer_failed(const char *message) __attribute__((noreturn));

/*
 * What the formatter must know of a token and cannot see: set while the grammar reads. Marking the span of something
 * absent does nothing. Tokens without a mark are simply set apart by blanks.
 */
enum mark {
    MARK_LINE = 1,      /* begins a line of its own though no `;` or `{` stands before it */
    MARK_STATEMENT,     /* begins a statement of a hook: its first word is padded */
    MARK_CELL,          /* begins a column of a row */
    MARK_FIELD,         /* the arrow of an expression: no blanks around it */
    MARK_INLINE,        /* a brace that stays on its line */
    MARK_BODY,          /* what follows a step's condition: set apart by two blanks */
    MARK_STEPS,         /* a brace around steps */
    MARK_CELL_STEPS,    /* one that begins a column of a row: the steps stay on the line if they fit */
    MARK_FIX,           /* a brace around a fix: the same */
    MARK_KEY,           /* a further command of a row: on a line of its own if they get too wide */
    MARK_BELOW,         /* begins an indented line below the row */
};
void parse_mark(struct parse *p, struct span where, enum mark mark);

/* ---- for the grammar: see build.c ---- */
struct expr *build_expr(struct parse *p, enum expr_kind kind, struct expr *a, struct expr *b, struct span where);
struct expr *build_named(struct parse *p, enum expr_kind kind, const char *name, struct expr *a, struct span where);
struct label *build_label(struct parse *p, enum label_kind kind, const char *name, struct span where);
struct label *build_label_call(struct parse *p, const char *word, struct span word_where, expr_list args,
                               struct span where);
void build_class(struct parse *p, const char *name, struct span where, const char *continues, const char *meaning,
                 perm_decl_list perms);
void build_extension(struct parse *p, const char *name, struct span where, perm_decl_list perms);
void build_isid(struct parse *p, const char *name, struct span where, const char *meaning);
void build_database(struct parse *p, const char *name, struct span where);
void build_layout(struct parse *p, hook_list hooks, struct span where);
/* Two parts of a type, set apart as in C; of one that is too long already only the first. */
const char *build_c_join(struct parse *p, const char *type, const char *more);
/* C declarations: another word, or something that ends a type ("*", "(void)"). */
void build_c_word(struct parse *p, struct c_tokens *c, const char *word, struct span where);
void build_c_type(struct parse *p, struct c_tokens *c, const char *text);
/* NULL for a lone `void`. */
struct param *build_param(struct parse *p, const struct c_tokens *c, struct span where);
struct step *build_step(struct parse *p, enum step_kind kind, struct span where);
struct steps *build_steps(struct parse *p, struct step *step, struct span where);
void build_as(struct parse *p, struct step *step, const char *hook, struct span where);
/* Begins a hook; the statements that follow go to p->draft. */
void build_hook_begin(struct parse *p, enum hook_kind kind, const char *name, struct span where, param_list params,
                      const char *returns, struct expr *guard, const char *meaning);
void build_hook_end(struct parse *p, struct span where);
struct within build_within(const char *name, struct span where, key_list commands);
void build_within_args(struct within *w, expr_list args);
/* `by WORD`: boot, hypervisor or hardware. */
struct within build_by(struct parse *p, const char *word, struct span word_where, struct span where);
/* Statements of the hook that was begun, each of which may stand once. */
void build_subject(struct parse *p, struct label *label, struct span where);
/* `reserve`, if not NULL, is the word that must be `hypervisor`; `label` is NULL for `object none`. */
void build_object(struct parse *p, struct label *label, const char *reserve, struct span reserve_where,
                  struct span where);
void build_withins(struct parse *p, within_list withins, struct span where);
/* Steps, or a table of its own. */
void build_flask(struct parse *p, const struct steps *steps, struct table *table, struct span where);
void build_silo(struct parse *p, struct silo silo);
/* ---- policy statements: see build-policy.c ---- */
struct statement *build_statement(struct parse *p, enum statement_kind kind, const char *text, struct span where);
/* A statement about one name. */
struct statement *build_about(struct parse *p, enum statement_kind kind, const char *name, struct span name_where,
                              const char *text, struct span where);
struct statement *build_type(struct parse *p, const char *name, struct span name_where, const written_list *aliases,
                             struct written_set *is, const char *text, struct span where);
struct statement *build_user(struct parse *p, const char *name, struct span name_where, struct written_set *roles,
                             struct written_level *level, struct written_range *range, const char *text,
                             struct span where);
struct statement *build_accesses(struct parse *p, enum statement_kind kind, const access_list *accesses,
                                 const char *text, struct span where);
struct statement *build_transition(struct parse *p, enum statement_kind kind, struct written_set *subjects,
                                   struct written_set *objects, struct written_set *classes, const char *text,
                                   struct span where);
/* A condition from its end: what holds otherwise (NULL: there is no `else`), then the rest of it. */
struct statement *build_else(struct parse *p, const statement_list *otherwise, struct span where);
struct statement *build_if(struct parse *p, struct statement *otherwise, struct expr *expr, const statement_list *then,
                           struct span where);
struct statement_more *build_more(struct parse *p, struct statement *s);
struct written_set *build_set(struct parse *p, const written_list *names, struct span where);
/* The set between the braces `open` and `close`. */
struct written_set *build_braced(struct parse *p, struct span open, const written_list *names, struct span close,
                                 struct span where);
/* The set of one name. */
struct written_set *build_single(struct parse *p, const char *name, struct span where);
struct written_context *build_context(struct parse *p, const char *user, struct span user_where, const char *role,
                                      struct span role_where, const char *type, struct span type_where,
                                      struct written_range *range, struct span where);
/* A range of categories, to the list that build_level() takes. */
void build_category_range(struct parse *p, written_list *categories, const char *low, struct span low_where,
                          const char *high, struct span high_where);
/* `high` may be NULL: both are the same. */
struct written_range *build_range(struct parse *p, struct written_level *low, struct written_level *high);
/* `categories` as the grammar collects them: one marked `out` ends the range that the one before begins; or NULL. */
struct written_level *build_level(struct parse *p, const char *sensitivity, struct span where,
                                  const written_list *categories);
struct statement *build_rule(struct parse *p, unsigned int rule, struct written_set *subjects,
                             struct written_set *objects, const access_list *accesses, const char *text,
                             struct span where);
void build_names(struct parse *p, struct statement *s, const char *first, struct span first_where, const char *second,
                 struct span second_where);
/* `sensitivity first alias ...`, or `sensitivity first.last`. */
struct statement *build_numbered(struct parse *p, enum statement_kind kind, const char *first, struct span first_where,
                                 const char *last, struct span last_where, const written_list *aliases,
                                 struct span where);
/* `unknown WORD`: allow, deny or reject. */
struct statement *build_unknown(struct parse *p, const char *word, struct span word_where, struct span where);
/* A resource label; `word` is pci, irq, ioport, iomem or dtdev. */
struct statement *build_resource(struct parse *p, const char *word, struct span word_where, const char *low,
                                 const char *high, bool quoted, struct span value_where, struct written_context *context,
                                 const char *text, struct span where);
/* A statement of the file itself, not of a block. */
void build_top(struct parse *p, struct statement *s);
/* The waivers of something that ends here cover `scope`. */
void build_waivers(struct parse *p, const waiver_list *waivers, struct span scope);
/* Complains when a statement that may stand once stands again; `seen` remembers the first. */
bool build_once(struct parse *p, struct span *seen, struct span where, const char *what);

#endif
