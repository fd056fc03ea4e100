/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the reading of bodies share. Private to them. */
#ifndef XSMC_BODY_INSIDE_H
#define XSMC_BODY_INSIDE_H

#include "tree/body.h"

enum node {
    NODE_OTHER,
    NODE_BLOCK, NODE_IF, NODE_ELSE, NODE_SWITCH, NODE_CASE, NODE_WHILE, NODE_FOR, NODE_DO, NODE_RETURN, NODE_BREAK,
    NODE_CONTINUE, NODE_GOTO, NODE_LABELED, NODE_DECLARATION, NODE_EXPRESSION, NODE_CALL, NODE_BINARY, NODE_UNARY,
    NODE_CONDITIONAL, NODE_ASSIGNMENT, NODE_UPDATE, NODE_PARENTHESES, NODE_CAST, NODE_SKIP, NODE_ERROR,
};

enum { N_WRAPPERS = 3, DEEPEST = 400 };

struct body_reader {
    struct arena *arena;
    struct names *names;
    const struct sources *sources;
    struct map read;                /* struct body by function */
    uint8_t *node_of;               /* enum node by symbol */
    unsigned int n_symbols;
    const char *wrapper[N_WRAPPERS];
    TSFieldId condition, consequence, alternative, body, value, left, right, operator, argument, function, arguments,
        label, declarator;
};

struct body_reading {
    const struct body_reader *reader;
    const char *text;
    uint32_t file;
    unsigned int depth;
    struct body *body;
};

/* A list of acts being made. */
struct acts {
    struct act *first, **end;
};
#define ACTS(list) struct acts list = { NULL, &(list).first }

enum node body_node(const struct body_reading *g, TSNode node);
struct span body_span(const struct body_reading *g, TSNode node);
/* The node's text without blanks, except between words; NULL if it is long. */
const char *body_text(const struct body_reading *g, TSNode node);
struct act *body_act(const struct body_reading *g, enum act_kind kind, TSNode node);
/* NULL adds nothing. */
void body_add(struct acts *list, struct act *act);
TSNode body_child(TSNode node, TSFieldId id);
/* The first named child that is not a comment; a null node if there is none. */
TSNode body_first(const struct body_reading *g, TSNode node);
void body_error(struct body_reading *g, TSNode node);
void body_each(struct body_reading *g, TSNode node, void (*read)(struct body_reading *, TSNode, struct acts *), struct acts *to);
/* Whether a name goes on with it. */
bool body_is_word(char c);

/* An expression as exactly one act. */
struct act *body_value(struct body_reading *g, TSNode node);
/* What an expression does that is not an act itself: the acts inside it. */
void body_inside(struct body_reading *g, TSNode node, struct acts *to);
void body_statement(struct body_reading *g, TSNode node, struct acts *to);
/* A statement as exactly one act. */
struct act *body_one(struct body_reading *g, TSNode node);

#endif
