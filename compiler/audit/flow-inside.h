/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What flow.c and flow-call.c share. Private to them. */
#ifndef XSMC_AUDIT_FLOW_INSIDE_H
#define XSMC_AUDIT_FLOW_INSIDE_H

#include "audit/flow.h"

enum {
    MOST_SUBJECTS = 4,
    DEEPEST_NESTING = 300,
};

struct flow_reader {
    struct arena *arena;
    struct names *names;
    const struct tree *tree;
    struct body_reader *bodies;
    struct flow_checks checks;
    struct map flows;               /* struct flow_result, by function and what is known */
    struct map reaching;            /* names of functions that lead to a check or a lookup */
    struct map kinds;               /* enum callee of the names that are known, as pointers */
    struct map jumping;             /* names of macros that jump out of what they stand in; or not */
};

/* What is so on the paths to a point: those on which `variable` holds an error are kept apart. */
struct states {
    struct flow_state good, bad;
    const char *variable;
};

/* A switch or loop around what is walked. */
struct walk_jump {
    struct walk_jump *up;
    bool is_switch, known, matched, saw_default;
    struct states entry, broken, continued;
};

struct walk_label {
    const char *name;
    struct states states;           /* of the jumps to it so far */
    struct walk_label *next;
};

/* A set of names of one function. */
struct walk_names {
    const char **items;
    unsigned int n, cap;
};

struct walk {
    struct flow_reader *reader;
    const struct tree_function *function;
    const struct body *body;
    struct flow_result *flow;
    const char *command;
    const char *subjects[MOST_SUBJECTS];
    unsigned int n_subjects;
    unsigned int level;             /* calls from where the walk began */
    const char *arch;               /* that the calls so far belong to, NULL: any */
    unsigned int depth;             /* of statements */
    const struct act *failed;       /* the last call of a function that never succeeds */
    struct walk_jump *jump;
    struct walk_label *labels;
    unsigned int given_domains;     /* arguments that are, a bit each */
    struct walk_names locals, statics, domains;     /* domains: variables with a domain that was looked up */
};

void walk_statement(struct walk *w, const struct act *act, struct states *s);

/* What is so where paths meet. */
struct flow_state state_join(struct flow_state a, struct flow_state b);
struct states states_join(struct states a, struct states b);
bool states_live(const struct states *s);

/* Something happens here, in these states; the same event if that was so before. */
struct flow_event *walk_event(struct walk *w, enum flow_kind kind, const char *what, const struct act *act,
                              const struct states *s);
/* Something happens in a function that is called here. */
struct flow_event *walk_new_event(struct walk *w, enum flow_kind kind, const char *what, const struct act *act,
                                  const struct states *s);
void walk_lock(struct walk *w, struct states *s, const struct act *act, const char *what);
void walk_unlock(struct states *s, const char *what);
void walk_change(struct walk *w, struct states *s, const struct act *act, const char *what, bool of_domain);
void walk_lookup(struct walk *w, struct states *s, const struct act *act, const char *what);
void walk_privilege(struct walk *w, struct states *s, const struct act *act, const char *what);
void walk_check(struct walk *w, struct states *s, const struct act *act, const void *check, const char *what);
/* The variable is NULL from here on, or is not. */
void walk_null(struct states *s, const char *name, bool is_null);
bool walk_is_subject(const struct walk *w, const char *text);

struct flow_result *flow_walk(struct flow_reader *r, const struct tree_function *f, const char *subject, const char *command,
                       unsigned int domains, unsigned int nulls, unsigned int level, const char *arch);

/* flow-idiom.c */
/* Splits `a==b` and `a!=b`; *equal says which it is. */
bool flow_comparison(struct walk *w, const char *text, const char **a, const char **b, bool *equal);
/* Whether a variable of that name by convention holds 0 or an error. */
bool flow_is_status(const char *name);
/* `if ( needed != checked ) { check; checked = needed; }`: who does not go in has been checked before. */
bool flow_remembers_check(struct walk *w, const struct act *act);

/* flow-known.c */
enum callee {
    CALLEE_NONE,
    CALLEE_LOCK,            /* argument 0 is locked */
    CALLEE_UNLOCK,
    CALLEE_LOOKUP,          /* returns a domain */
    CALLEE_LOOKUP_OUT,      /* stores a domain in argument 1 */
    CALLEE_PRIVILEGE,       /* tells whether a domain is privileged */
    CALLEE_SYSTEM,          /* tells whether a domain is the hypervisor's own: no caller's, and nobody's to ask for */
    CALLEE_CHANGE,          /* changes the domain or vCPU that is argument 0 */
    CALLEE_STOP,            /* not followed: what it leads to is not done on behalf of the caller */
    CALLEE_CALL_FIRST,      /* calls argument 0 */
    CALLEE_CALL_SECOND,     /* calls member argument 1 of argument 0 */
};
enum {
    MOST_TARGETS = 12,          /* of a call through a member: more say nothing */
};
enum callee flow_callee(const struct flow_reader *r, const char *name);
/* The functions that may be behind `.field`, none if there are too many. */
unsigned int flow_targets(const struct flow_reader *r, const char *field, const struct tree_pointer *const **list);

/* flow-call.c */
/* How the callee calls what the caller calls `subject`; NULL if it does not get it. */
const char *flow_handed_on(const struct walk *w, const struct act *call, const struct tree_function *f, unsigned int first,
                           const char *subject);
void flow_calls_create(struct flow_reader *r);
void walk_call(struct walk *w, const struct act *call, struct states *s);
/* Fills in the body and the names declared in it; bit n of `domains`: argument n is a domain that was looked up. */
void flow_locals(struct walk *w, unsigned int domains);
void flow_note_domain(struct walk *w, const char *to, const struct act *value);
/* Whether what is assigned to belongs to more than this call: a global, or a domain that was looked up. */
bool flow_is_shared(const struct walk *w, const char *text, bool *of_domain);
/* Whether the variable holds a domain that was looked up. */
bool flow_is_domain(const struct walk *w, const char *name);
/* Whether a function of that name returns 0 or an error, by its type. */
bool flow_returns_error(const struct flow_reader *r, const char *name);
bool flow_is_privilege(const struct flow_reader *r, const char *name);
bool flow_loops_over_domains(struct walk *w, const struct act *loop);

#endif
