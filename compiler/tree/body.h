/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the body of a C function does, as a tree of acts: calls with their arguments, branches, loops, assignments, returns.
 *
 * This is all that is needed to walk the paths of a function; types, precedence and spelling are gone. Parentheses, casts
 * and the wrappers of conditions (likely(), unlikely(), evaluate_nospec()) are looked through. Names are interned and texts
 * are without blanks, so that equal ones are one pointer.
 */
#ifndef XSMC_BODY_H
#define XSMC_BODY_H

#include "tree/tree.h"

enum act_kind {
    ACT_BLOCK,      /* kids: statements in order */
    ACT_IF,         /* kids: condition, statement, and the other one if there is an else */
    ACT_SWITCH,     /* kids: subject, statement */
    ACT_CASE,       /* a label inside a switch, its statements follow it; kids: value, and the last one of a range */
    ACT_DEFAULT,    /* likewise */
    ACT_LOOP,       /* kids: what the head does, the body last; name: "for_each_domain" of such a macro, else NULL */
    ACT_DO,         /* kids: body, condition */
    ACT_RETURN,     /* kids: the value, if any */
    ACT_BREAK,
    ACT_CONTINUE,
    ACT_GOTO,       /* name: where to */
    ACT_LABEL,      /* name; what follows it is in the same list */
    ACT_DECLARE,    /* name: a local variable; kids: its first value, if any */
    ACT_VALUE,      /* any other expression; kids: what is done inside it */
    ACT_CALL,       /* kids: callee, arguments; name: the callee as written ("f", "a->b"), NULL if it is computed */
    ACT_AND,        /* kids: two */
    ACT_OR,         /* kids: two */
    ACT_NOT,        /* kids: one */
    ACT_CHOICE,     /* a ? b : c; kids: three */
    ACT_ASSIGN,     /* kids: to, from */
    ACT_MODIFY,     /* +=, ++ and so on; kids: to, and from if there is one */
};

struct act {
    enum act_kind kind;
    bool is_static;             /* ACT_DECLARE */
    struct span span;
    const char *name;           /* see above; of an expression: its text, NULL if that is long */
    struct act *first, *next;   /* the first kid, the next sibling */
};

struct body {
    struct act *block;
    unsigned int n_errors;      /* places the grammar could not make sense of: what they do is not in here */
    struct span error;          /* the first */
};

/* What the reading of bodies takes, and the bodies read so far: one for a run. */
struct body_reader;
struct body_reader *body_reader_create(struct arena *a, struct names *names, const struct sources *sources,
                                       const TSLanguage *language);

/* What the function does; read when first asked for. Both sides of every #if are in it, one after the other. */
const struct body *body_of(struct body_reader *r, const struct tree_function *f);

/* The n-th kid, NULL if there are fewer. */
const struct act *act_kid(const struct act *act, unsigned int n);
/* The n-th argument of a call, NULL if there are fewer. */
static inline const struct act *act_arg(const struct act *call, unsigned int n)
{
    return act_kid(call, n + 1);
}
unsigned int act_n_args(const struct act *call);

/*
 * Calls `visit` for the act and everything inside it, in order of the text; the kids of an act are left out if it returns
 * false for it.
 */
void act_walk(const struct act *act, bool (*visit)(const struct act *, void *), void *data);

#endif
