/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar, one text for bison. Actions only call build*.c or fill in a struct; names are bound later (resolve.c), so that
 * declarations may stand in any order. After an error the parser goes on at the next `;` or `}`.
 */
%define api.pure full
%define api.prefix {xsmc_parse_}
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%locations
%param { struct parse *p }
%expect 0

%code requires {
#include "front/parse.h"
}

%code provides {
/* Every keyword: its spelling and its token. */
struct parse_keyword {
    const char *text;
    int token;
    enum {
        KEYWORD_ANYWHERE,
        KEYWORD_DATABASE,       /* a name inside policy statements */
        KEYWORD_POLICY,         /* only inside policy statements */
        KEYWORD_STARTS_POLICY,  /* there, and where a statement can begin: one begins */
        KEYWORD_STARTS_BOTH,    /* a keyword anywhere; where a statement can begin, a policy statement begins */
    } where;
};
extern const struct parse_keyword parse_keywords[];
}

%code {
#include <string.h>

#include "base/nearest.h"
#include "model/policy.h"

#define YYLLOC_DEFAULT(now, rhs, n)                                                         \
    do {                                                                                    \
        if (n)                                                                              \
            (now) = span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n));                          \
        else                                                                                \
            (now) = (struct span){ YYRHSLOC(rhs, 0).file, YYRHSLOC(rhs, 0).end, YYRHSLOC(rhs, 0).end }; \
    } while (0)

static int yylex(YYSTYPE *value, YYLTYPE *where, struct parse *p)
{
    return recover_next(p, value, where);
}

static void yyerror(const YYLTYPE *where, struct parse *p, const char *message)
{
    if (strstr(message, "memory"))
        parse_bad(p, *where, "this is nested too deeply to be read");
    else
        parse_bad(p, *where, "%s", message);
}

/* Symbols on the stack; whoever walks what was read may recurse. */
#define YYMAXDEPTH 4000

#define PUSH(list) LIST_PUSH(p->arena, (list))
/* The same for what policy statements are made of. */
#define PUSH_WRITTEN(list) LIST_PUSH(p->written, (list))
/* Moves a node into a list; its own memory is used again, and that of a list outgrown: the grammar holds no items. */
#define PUSH_NODE(list, node)                                   \
    do {                                                        \
        if ((list)->n && (list)->n == (list)->cap)              \
            LIST_RESERVE(p->arena, (list), (list)->n * 2);      \
        *PUSH(list) = *(node);                                  \
        arena_recycle(p->arena, (node), sizeof(*(node)));       \
    } while (0)
}

%union {
    const char *name;
    enum action action;
    enum hook_kind kind;
    struct expr *expr;
    struct label *label;
    struct perm_use *perm;
    struct step *step;
    struct steps *steps;
    struct row *row;
    struct table *table;
    struct defect *defect;
    struct default_clause *clause;
    struct param *param;
    struct c_tokens *c;
    expr_list exprs;
    perm_list perms;
    param_list params;
    hook_list hooks;
    key_list keys;
    row_list rows;
    step_list step_list;
    perm_decl_list perm_decls;
    within_list withins;
    waiver_list waivers;
    struct statement *statement;
    struct written_set *set;
    struct written_access access;
    struct written_level *level;
    struct written_range *range;
    struct written_context *context;
    written_list written;
    access_list accesses;
    statement_list statements;
    unsigned int number;
}

%token <name> T_WORD "name" T_HYPHENATED "hyphenated name" T_NUMBER "number" T_STRING "string"
%token T_ARROW "->" T_MEMBER "-> of a member" T_AND "&&" T_OR "||" T_EQ "==" T_NE "!=" T_LE "<=" T_GE ">="

%token <name>
    K_ACTION "action" K_ALSO "also" K_ANYONE "anyone" K_AS "as" K_AUDIT "audit" K_BY "by" K_CHOOSE "choose" K_CLASS "class"
    K_CONTINUES "continues" K_CONTROL "control" K_CURRENT "current" K_DATABASE "database" K_DEFAULT "default"
    K_DEFECT "defect" K_DEVICE_MODEL "device-model" K_DUMMY "dummy" K_ELSE "else" K_EXTEND "extend" K_FIX "fix" K_FLASK "flask"
    K_FLASK_ONLY "flask-only" K_HOOK "hook" K_IF "if" K_LABEL "label" K_LAYOUT "layout" K_LIFECYCLE "lifecycle"
    K_MANUAL "manual" K_NEW "new" K_NOBODY "nobody" K_NONE "none" K_OBJECT "object" K_ON "on" K_OR "or" K_PERMIT "permit"
    K_PLAIN "plain" K_REFUSE "refuse" K_RESULT "result" K_RETURNS "returns" K_SELF_OR_TARGET "self-or-target"
    K_SID "sid" K_SILO "silo" K_SUBJECT "subject" K_THEN "then" K_UNKNOWN "unknown" K_WAIVE "waive"
    K_WHEN "when" K_WITHIN "within" K_XENSTORE "xenstore"

/* Keywords only where a policy statement begins, and inside one; names everywhere else. */
%token <name>
    K_ALONE "alone" K_DOMAIN "domain" K_LIKE "like" K_RESOLVE "resolve" K_RESOURCE "resource" K_SERVES "serves"
    K_STRICTER "stricter" K_SUPPOSE "suppose"
    K_ALIAS "alias" K_ALLOW "allow" K_ATTRIBUTE "attribute" K_AUDITALLOW "auditallow" K_BOOL "bool" K_BOUND "bound"
    K_CATEGORY "category" K_CHANGE "change" K_CONSTRAIN "constrain" K_DONTAUDIT "dontaudit" K_FALSE "false" K_FOR "for"
    K_IS "is" K_LEVEL "level" K_MEMBER "member" K_NEVER "never" K_OF "of" K_PERMISSIVE "permissive"
    K_POLICYCAP "policycap" K_RANGE "range" K_ROLE "role" K_SENSITIVITY "sensitivity" K_TO "to"
    K_TRANSITION "transition" K_TRUE "true" K_TYPE "type" K_USER "user" K_VALIDATE "validate"

%type <name> rule_name word any_word keyword text_opt continues_opt returns_opt errno_opt c_group
%type <action> action action_opt
%type <kind> hook_kind
%type <expr> expr expr_and expr_cmp expr_bit expr_not expr_post guard_opt when_opt label_expr
%type <exprs> exprs exprs_opt
%type <label> label on_opt
%type <perm> perm_item perm_base
%type <perms> perms perm_items perm_names
%type <step> step step_body check check_tail
%type <steps> steps steps_opt step_block
%type <step_list> step_list
%type <row> row row_end
%type <rows> rows
%type <keys> keys commands
%type <withins> withins within by
%type <waivers> waivers waiver
%type <table> table
%type <defect> defect_opt fix_opt fixes
%type <clause> clause
%type <params> params param_list
%type <param> param
%type <c> c_tokens
%type <hooks> hooks hook_names
%type <perm_decls> perm_decls
%type <name> member pname policy_word
%type <statement> policy_statement rule_statement else_part
%type <statements> rule_statements
%type <set> set objects perm_set role_names class_set is_opt of_opt
%type <written> path path_words kinds
%type <name> kind
%type <number> alone_opt
%type <set> for_opt on_kinds_opt serves_opt
%type <written> set_items pnames aliases_opt categories
%type <access> access
%type <accesses> accesses access_list
%type <level> level level_opt
%type <range> range range_opt
%type <context> context
%type <number> av_kind te_kind truth

%%

file:
    %empty
  | file declaration    { parse_mark(p, @2, MARK_LINE); yyerrok; }
  ;

declaration:
    K_DATABASE database_name text_opt semicolon_opt
        { p->front->model->target_meaning = $text_opt; }
  | K_CLASS any_word continues_opt text_opt waivers '{' perm_decls '}'
        {
            build_class(p, $any_word, @any_word, $continues_opt, $text_opt, $perm_decls);
            build_waivers(p, &$waivers, @$);
        }
  | K_EXTEND K_CLASS any_word '{' perm_decls '}'
        { build_extension(p, $any_word, @any_word, $perm_decls); }
  | K_SID any_word text_opt waivers semicolon_opt
        { build_isid(p, $any_word, @any_word, $text_opt); build_waivers(p, &$waivers, @any_word); }
  | K_LAYOUT '{' hook_names '}'
        { build_layout(p, $hook_names, @$); }
  | hook_head '{' statements '}'
        { build_hook_end(p, @$); }
  | policy_statement
        { build_top(p, $1); }
  | error ';'     { yyerrok; }
  | error '}'     { yyerrok; }
  ;

database_name:
    T_HYPHENATED    { build_database(p, $1, @1); }
  | word            { build_database(p, $1, @1); }
  ;

semicolon_opt: %empty | ';' ;

continues_opt:
    %empty              { $$ = NULL; }
  | K_CONTINUES any_word    { $$ = $any_word; }
  ;

text_opt:
    %empty      { $$ = NULL; }
  | T_STRING
  ;

perm_decls:
    %empty      { $$ = (perm_decl_list){ NULL, 0, 0 }; }
  | perm_decls any_word text_opt waivers
        {
            parse_mark(p, @any_word, MARK_LINE);
            parse_mark(p, @text_opt, MARK_CELL);
            $$ = $1;
            *PUSH(&$$) = (struct perm){ .name = $any_word, .span = @any_word, .meaning = $text_opt };
            build_waivers(p, &$waivers, @any_word);
        }
  | perm_decls error
  ;

/* Findings taken back, with the reason. */
waivers:
    %empty              { $$ = (waiver_list){ NULL, 0, 0 }; }
  | waivers waiver      { parse_mark(p, @2, MARK_BELOW); $$ = $1; *PUSH(&$$) = $2.items[0]; }
  ;

waiver:
    K_WAIVE rule_name T_STRING
        {
            $$ = (waiver_list){ NULL, 0, 0 };
            *PUSH(&$$) = (struct waiver){ .rule = $rule_name, .reason = $3, .span = span_join(@1, @rule_name) };
        }
  ;

rule_name: T_WORD | T_HYPHENATED | keyword ;

hook_names:
    %empty      { $$ = (hook_list){ NULL, 0, 0 }; }
  | hook_names any_word
        { parse_mark(p, @2, MARK_LINE); $$ = $1; *PUSH(&$$) = (struct hook_ref){ .name = $2, .span = @2 }; }
  ;

/* ---- policy ---- */

policy_statement:
    rule_statement
  | K_TYPE pname aliases_opt is_opt text_opt ';'
        { $$ = build_type(p, $pname, @pname, &$aliases_opt, $is_opt, $text_opt, @$); }
  | K_ALIAS pname K_FOR pname[real] ';'
        { $$ = build_statement(p, STATEMENT_ALIAS, NULL, @$); build_names(p, $$, $2, @2, $real, @real); }
  | K_ATTRIBUTE pname of_opt text_opt ';'
        { $$ = build_about(p, STATEMENT_ATTRIBUTE, $pname, @pname, $text_opt, @$); $$->set = $of_opt; }
  | K_BOUND pname K_BY pname[by] ';'
        { $$ = build_statement(p, STATEMENT_BOUND, NULL, @$); build_names(p, $$, $2, @2, $by, @by); }
  | K_PERMISSIVE pname text_opt ';'
        { $$ = build_about(p, STATEMENT_PERMISSIVE, $pname, @pname, $text_opt, @$); }
  | K_ROLE pname of_opt text_opt ';'
        { $$ = build_about(p, STATEMENT_ROLE, $pname, @pname, $text_opt, @$); $$->set = $of_opt; }
  | K_USER pname K_AS role_names level_opt range_opt text_opt ';'
        { $$ = build_user(p, $pname, @pname, $role_names, $level_opt, $range_opt, $text_opt, @$); }
  | K_ALLOW K_ROLE set T_ARROW set ';'
        { $$ = build_statement(p, STATEMENT_ROLE_ALLOW, NULL, @$); $$->set = $3; $$->objects = $5; }
  | K_TRANSITION K_ROLE set T_ARROW set class_set K_TO pname ';'
        {
            $$ = build_transition(p, STATEMENT_ROLE_TRANSITION, $3, $5, $class_set, NULL, @$);
            build_names(p, $$, $pname, @pname, NULL, @pname);
        }
  | K_TRANSITION K_RANGE set T_ARROW set class_set K_TO range ';'
        {
            $$ = build_transition(p, STATEMENT_RANGE, $3, $5, $class_set, NULL, @$);
            build_more(p, $$)->range = $8;
        }
  | K_BOOL pname truth text_opt ';'
        { $$ = build_about(p, STATEMENT_BOOL, $pname, @pname, $text_opt, @$); $$->rule = $truth; }
  | K_IF expr '{' rule_statements '}' else_part
        { $$ = build_if(p, $else_part, $expr, &$rule_statements, @$); }
  | K_SENSITIVITY pname aliases_opt ';'
        { $$ = build_numbered(p, STATEMENT_SENSITIVITY, $pname, @pname, NULL, @pname, &$aliases_opt, @$); }
  | K_SENSITIVITY pname '.' pname[last] ';'
        { $$ = build_numbered(p, STATEMENT_SENSITIVITY, $2, @2, $last, @last, NULL, @$); }
  | K_CATEGORY pname aliases_opt ';'
        { $$ = build_numbered(p, STATEMENT_CATEGORY, $pname, @pname, NULL, @pname, &$aliases_opt, @$); }
  | K_CATEGORY pname '.' pname[last] ';'
        { $$ = build_numbered(p, STATEMENT_CATEGORY, $2, @2, $last, @last, NULL, @$); }
  | K_LEVEL level ';'
        { $$ = build_statement(p, STATEMENT_LEVEL, NULL, @$); build_more(p, $$)->level = $level; }
  | K_CONSTRAIN accesses K_TO expr text_opt ';'
        {
            $$ = build_accesses(p, STATEMENT_CONSTRAIN, &$accesses, $text_opt, @$);
            build_more(p, $$)->expr = $expr;
        }
  | K_VALIDATE class_set K_TO expr text_opt ';'
        {
            $$ = build_statement(p, STATEMENT_VALIDATE, $text_opt, @$);
            $$->classes = $class_set;
            build_more(p, $$)->expr = $expr;
        }
  | K_LABEL K_SID any_word context text_opt ';'
        {
            $$ = build_about(p, STATEMENT_LABEL_SID, $any_word, @any_word, $text_opt, @$);
            build_more(p, $$)->context = $context;
        }
  | K_LABEL T_WORD T_NUMBER context text_opt ';'
        { $$ = build_resource(p, $2, @2, $3, NULL, false, @3, $context, $text_opt, @$); }
  | K_LABEL T_WORD T_NUMBER '-' T_NUMBER[high] context text_opt ';'
        { $$ = build_resource(p, $2, @2, $3, $high, false, span_join(@3, @high), $context, $text_opt, @$); }
  | K_LABEL T_WORD T_STRING[path] context text_opt ';'
        { $$ = build_resource(p, $2, @2, $path, NULL, true, @path, $context, $text_opt, @$); }
  | K_UNKNOWN word ';'
        { $$ = build_unknown(p, $word, @word, @$); }
  | K_UNKNOWN K_ALLOW ';'
        { $$ = build_unknown(p, $2, @2, @$); }
  | K_POLICYCAP pname ';'
        { $$ = build_about(p, STATEMENT_POLICYCAP, $pname, @pname, NULL, @$); }
  | K_DOMAIN kind pnames alone_opt serves_opt text_opt ';'
        {
            $$ = build_about(p, STATEMENT_DOMAIN, $kind, @kind, $text_opt, @$);
            $$->set = build_set(p, &$pnames, @pnames);
            $$->objects = $serves_opt;
            $$->rule = $alone_opt;
        }
  | K_RESOURCE word pnames text_opt ';'
        {
            $$ = build_about(p, STATEMENT_RESOURCE, $word, @word, $text_opt, @$);
            $$->set = build_set(p, &$pnames, @pnames);
        }
  | K_RESOLVE accesses T_STRING ';'
        { $$ = build_accesses(p, STATEMENT_RESOLVE, &$accesses, $3, @$); }
  | K_RESOLVE accesses K_OF path_words[of] on_kinds_opt K_LIKE path_words[like] T_STRING ';'
        {
            parse_mark(p, @3, MARK_BELOW);
            $$ = build_accesses(p, STATEMENT_RESOLVE, &$accesses, $8, @$);
            $$->names = $like.items;
            $$->n_names = $like.n;
            $$->objects = $on_kinds_opt;
            build_more(p, $$)->aliases = $of.items;
            $$->more->n_aliases = $of.n;
        }
  | K_STRICTER path for_opt on_kinds_opt T_STRING ';'
        {
            $$ = build_statement(p, STATEMENT_STRICTER, $5, @$);
            $$->names = $path.items;
            $$->n_names = $path.n;
            $$->set = $for_opt;
            $$->objects = $on_kinds_opt;
        }
  | K_SUPPOSE expr for_opt T_STRING ';'
        {
            $$ = build_statement(p, STATEMENT_SUPPOSE, $4, @$);
            build_more(p, $$)->expr = $expr;
            $$->set = $for_opt;
        }
  ;

/* ---- policy: what is derived from the database ---- */

kind: pname | K_DEVICE_MODEL ;

kinds:
    kind                { $$ = (written_list){ build_single(p, $1, @1)->names, 1, 1 }; }
  | kinds ',' kind      { $$ = $1; *PUSH_WRITTEN(&$$) = (struct written_name){ $3, @3, false }; }
  ;

alone_opt:
    %empty              { $$ = false; }
  | K_ALONE             { $$ = true; }
  ;

serves_opt:
    %empty              { $$ = NULL; }
  | K_SERVES pnames     { $$ = build_set(p, &$pnames, @pnames); }
  ;

/* The path of operations; `*` is every operation. */
path:
    '*'                 { $$ = (written_list){ NULL, 0, 0 }; }
  | path_words
  ;

path_words:
    word                { $$ = (written_list){ build_single(p, $1, @1)->names, 1, 1 }; }
  | path_words word     { $$ = $1; *PUSH_WRITTEN(&$$) = (struct written_name){ $2, @2, false }; }
  | path_words '*'      { $$ = $1; *PUSH_WRITTEN(&$$) = (struct written_name){ NULL, @2, false }; }
  ;

for_opt:
    %empty              { $$ = NULL; }
  | K_FOR kinds         { $$ = build_set(p, &$kinds, @kinds); }
  ;

on_kinds_opt:
    %empty              { $$ = NULL; }
  | K_ON kinds          { $$ = build_set(p, &$kinds, @kinds); }
  ;

/* What may also stand under a condition. */
rule_statement:
    av_kind set T_ARROW objects accesses text_opt ';'
        { $$ = build_rule(p, $av_kind, $set, $objects, &$accesses, $text_opt, @$); }
  | te_kind set T_ARROW set class_set K_TO pname text_opt ';'
        {
            $$ = build_transition(p, STATEMENT_TRANSITION, $2, $4, $class_set, $text_opt, @$);
            build_names(p, $$, $pname, @pname, NULL, @pname);
            $$->rule = $te_kind;
        }
  ;

rule_statements:
    %empty                              { $$ = (statement_list){ NULL, 0, 0 }; }
  | rule_statements rule_statement      { $$ = $1; *PUSH_WRITTEN(&$$) = $2; }
  | rule_statements error ';'     { yyerrok; }
  ;

else_part:
    %empty
        { $$ = build_else(p, NULL, @$); }
  | K_ELSE '{' rule_statements '}'
        { $$ = build_else(p, &$rule_statements, @$); }
  ;

av_kind:
    K_ALLOW         { $$ = AV_ALLOW; }
  | K_AUDITALLOW    { $$ = AV_AUDITALLOW; }
  | K_DONTAUDIT     { $$ = AV_DONTAUDIT; }
  | K_NEVER         { $$ = AV_NEVERALLOW; }
  ;

te_kind:
    K_TRANSITION    { $$ = TE_TRANSITION; }
  | K_MEMBER        { $$ = TE_MEMBER; }
  | K_CHANGE        { $$ = TE_CHANGE; }
  ;

truth:
    K_TRUE          { $$ = true; }
  | K_FALSE         { $$ = false; }
  ;

aliases_opt:
    %empty              { $$ = (written_list){ NULL, 0, 0 }; }
  | K_ALIAS pnames      { $$ = $pnames; }
  ;

is_opt:
    %empty              { $$ = NULL; }
  | K_IS pnames         { $$ = build_set(p, &$pnames, @pnames); }
  ;

of_opt:
    %empty              { $$ = NULL; }
  | K_OF pnames         { $$ = build_set(p, &$pnames, @pnames); }
  | K_OF '{' set_items '}'  { $$ = build_braced(p, @2, &$set_items, @4, @$); }
  ;

role_names:
    pnames              { $$ = build_set(p, &$pnames, @$); }
  ;

pnames:
    pname               { $$ = (written_list){ build_single(p, $1, @1)->names, 1, 1 }; }
  | pnames ',' pname    { $$ = $1; *PUSH_WRITTEN(&$$) = (struct written_name){ $3, @3, false }; }
  ;

set:
    pname                       { $$ = build_single(p, $1, @1); }
  | '*'                         { $$ = build_set(p, NULL, @$); $$->all = true; }
  | '{' set_items '}'           { $$ = build_braced(p, @1, &$2, @3, @$); }
  | '~' pname                   { $$ = build_single(p, $2, @2); $$->complement = true; $$->span = @$; }
  | '~' '{' set_items '}'       { $$ = build_braced(p, @2, &$3, @4, @$); $$->complement = true; }
  ;

objects: set ;

set_items:
    pname                       { $$ = (written_list){ build_single(p, $1, @1)->names, 1, 1 }; }
  | set_items ',' pname         { $$ = $1; *PUSH_WRITTEN(&$$) = (struct written_name){ $3, @3, false }; }
  | set_items ',' '-' pname     { $$ = $1; *PUSH_WRITTEN(&$$) = (struct written_name){ $4, @4, true }; }
  ;

accesses:
    access
        { $$ = (access_list){ ARENA_NEW(p->written, struct written_access), 1, 1 }; $$.items[0] = $1; }
  | '{' access_list '}'         { $$ = $2; }
  ;

access_list:
    access ';'                  { $$ = (access_list){ NULL, 0, 0 }; *PUSH_WRITTEN(&$$) = $1; }
  | access_list access ';'      { $$ = $1; *PUSH_WRITTEN(&$$) = $2; }
  ;

access:
    pname ':' perm_set
        { $$ = (struct written_access){ { $1, @1, false }, *$3 }; }
  ;

perm_set: set ;

class_set: set ;

level_opt:
    %empty                      { $$ = NULL; }
  | K_LEVEL level               { $$ = $2; }
  ;

range_opt:
    %empty                      { $$ = NULL; }
  | K_RANGE range               { $$ = $2; }
  ;

range:
    level                       { $$ = build_range(p, $1, NULL); }
  | level '-' level             { $$ = build_range(p, $1, $3); }
  ;

level:
    pname                       { $$ = build_level(p, $1, @1, NULL); $$->span = @$; }
  | pname ':' categories        { $$ = build_level(p, $1, @1, &$3); $$->span = @$; }
  ;

/* A single category, or a pair: low and, marked `out`, high. */
categories:
    pname
        { $$ = (written_list){ NULL, 0, 0 }; *PUSH_WRITTEN(&$$) = (struct written_name){ $1, @1, false }; }
  | pname '.' pname[last]
        { $$ = (written_list){ NULL, 0, 0 }; build_category_range(p, &$$, $1, @1, $last, @last); }
  | categories ',' pname
        { $$ = $1; *PUSH_WRITTEN(&$$) = (struct written_name){ $3, @3, false }; }
  | categories ',' pname '.' pname[last]
        { $$ = $1; build_category_range(p, &$$, $3, @3, $last, @last); }
  ;

context:
    pname ':' pname ':' pname
        { $$ = build_context(p, $1, @1, $3, @3, $5, @5, NULL, @$); }
  | pname ':' pname ':' pname ':' range
        { $$ = build_context(p, $1, @1, $3, @3, $5, @5, $7, @$); }
  ;

member: any_word | policy_word | K_ROLE | K_RANGE ;

/* Names in policies; the two words that begin a second form of a statement are none. */
pname: any_word | policy_word | T_HYPHENATED ;

policy_word:
    K_ALIAS | K_ALLOW | K_ALONE | K_ATTRIBUTE | K_AUDITALLOW | K_BOOL | K_BOUND | K_CATEGORY | K_CHANGE | K_CONSTRAIN | K_DOMAIN
  | K_DONTAUDIT | K_FALSE | K_FOR | K_IS | K_LEVEL | K_LIKE | K_MEMBER | K_NEVER | K_OF | K_PERMISSIVE | K_POLICYCAP | K_RESOLVE
  | K_RESOURCE | K_SENSITIVITY | K_SERVES | K_STRICTER | K_SUPPOSE | K_TO | K_TRANSITION | K_TRUE | K_TYPE | K_USER | K_VALIDATE
  ;

/* ---- hooks ---- */

hook_kind:
    K_HOOK                  { $$ = HOOK_ACCESS; }
  | K_LIFECYCLE K_HOOK      { $$ = HOOK_LIFECYCLE; }
  | K_FLASK_ONLY K_HOOK     { $$ = HOOK_FLASK_ONLY; }
  ;

hook_head:
    hook_kind any_word '(' params ')' returns_opt guard_opt text_opt
        { build_hook_begin(p, $hook_kind, $any_word, @any_word, $params, $returns_opt, $guard_opt, $text_opt); }
  ;

returns_opt:
    %empty              { $$ = NULL; }
  | K_RETURNS T_STRING  { $$ = $2; }
  | K_RETURNS word      { $$ = $2; }
  ;

guard_opt:
    %empty      { $$ = NULL; }
  | K_IF expr   { $$ = $expr; }
  ;

params:
    %empty      { $$ = (param_list){ NULL, 0, 0 }; }
  | param_list
  ;

param_list:
    param                   { $$ = (param_list){ NULL, 0, 0 }; if ($1) PUSH_NODE(&$$, $1); }
  | param_list ',' param    { $$ = $1; if ($3) PUSH_NODE(&$$, $3); }
  ;

param:
    c_tokens    { $$ = build_param(p, $1, @1); }
  ;

/* A C declaration: the last word seen is the name, all before it the type. */
c_tokens:
    any_word
        { $$ = ARENA_NEW(p->arena, struct c_tokens); $$->name = $1; $$->name_span = @1; }
  | c_tokens any_word
        { $$ = $1; build_c_word(p, $$, $2, @2); }
  | c_tokens '*'
        { $$ = $1; build_c_type(p, $$, "*"); }
  | c_tokens '(' c_group ')'
        { $$ = $1; build_c_type(p, $$, arena_printf(p->arena, "(%s)", $c_group)); }
  | c_tokens '[' ']'
        { $$ = $1; $$->array = true; }
  ;

c_group:
    any_word
  | c_group any_word    { $$ = build_c_join(p, $1, $2); }
  | c_group '*'         { $$ = build_c_join(p, $1, "*"); }
  ;

statements:
    %empty
  | statements statement    { parse_mark(p, @2, MARK_STATEMENT); }
  ;

statement:
    K_SUBJECT label ';'
        { build_subject(p, $label, @$); }
  | K_OBJECT label ';'
        { build_object(p, $label, NULL, @$, @$); }
  | K_OBJECT label K_OR word ';'
        { build_object(p, $label, $word, @word, @$); }
  | K_WITHIN withins ';'
        { build_withins(p, $withins, @$); }
  | waiver ';'
        { *PUSH(&p->waivers) = $1.items[0]; }
  | K_OBJECT K_NONE ';'
        { build_object(p, NULL, NULL, @$, @$); }
  | K_DEFAULT clause ';'
        { PUSH_NODE(&p->draft.defaults, $clause); }
  | K_ALSO clause ';'
        { $clause->also = true; PUSH_NODE(&p->draft.defaults, $clause); }
  | K_FLASK step ';'
        { build_flask(p, build_steps(p, $step, @step), NULL, @$); }
  | K_FLASK step_block semicolon_opt
        { build_flask(p, $step_block, NULL, @$); }
  | K_FLASK table
        { build_flask(p, NULL, $table, @$); }
  | table
        {
            if (build_once(p, &p->draft.table, @$, "on"))
                p->draft.hook->table = $table;
        }
  | K_SILO label ',' label ';'
        { build_silo(p, (struct silo){ SILO_PAIR, $2, $4, NULL, @$ }); }
  | K_SILO K_NONE T_STRING ';'
        { build_silo(p, (struct silo){ SILO_NONE, NULL, NULL, $3, @$ }); }
  | K_ACTION K_NONE ';'
        {
            if (build_once(p, &p->draft.action, @$, "action"))
                p->draft.hook->no_action = true;
        }
  | K_RESULT T_STRING ';'
        { p->draft.hook->result = $2; }
  | K_MANUAL K_FLASK T_STRING ';'
        { p->draft.hook->flask_manual = (struct manual){ $3, NULL, @$ }; }
  | K_MANUAL K_FLASK T_STRING T_STRING ';'
        { p->draft.hook->flask_manual = (struct manual){ $4, $3, @$ }; }
  | K_MANUAL K_DUMMY T_STRING ';'
        { p->draft.hook->dummy_manual = (struct manual){ $3, NULL, @$ }; }
  | K_MANUAL K_DUMMY T_STRING T_STRING ';'
        { p->draft.hook->dummy_manual = (struct manual){ $4, $3, @$ }; }
  | K_DEFECT T_STRING fix_opt ';'
        { $fix_opt->text = $2; $fix_opt->span = @$; p->draft.hook->defect = $fix_opt; }
  | error ';'     { yyerrok; }
  ;

withins:
    within
  | withins ',' within  { $$ = $1; *PUSH(&$$) = $3.items[0]; }
  ;

within:
    word commands
        { $$ = (within_list){ NULL, 0, 0 }; *PUSH(&$$) = build_within($word, @word, $commands); }
  | word commands '(' exprs_opt ')'
        {
            $$ = (within_list){ NULL, 0, 0 };
            *PUSH(&$$) = build_within($word, @word, $commands);
            build_within_args($$.items, $exprs_opt);
        }
  | by
  | by '(' exprs_opt ')'
        { $$ = $1; build_within_args($$.items, $exprs_opt); }
  ;

by:
    K_BY word
        { $$ = (within_list){ NULL, 0, 0 }; *PUSH(&$$) = build_by(p, $word, @word, @$); }
  ;

commands:
    %empty          { $$ = (key_list){ NULL, 0, 0 }; }
  | commands word   { $$ = $1; *PUSH(&$$) = (struct row_key){ $2, @2 }; }
  ;

clause:
    action on_opt when_opt guard_opt text_opt
        {
            $$ = ARENA_NEW(p->arena, struct default_clause);
            *$$ = (struct default_clause){ $1, $2, $3, $4, false, $5, @$ };
        }
  ;

action:
    K_ANYONE            { $$ = ACTION_ANYONE; }
  | K_SELF_OR_TARGET    { $$ = ACTION_SELF_OR_TARGET; }
  | K_DEVICE_MODEL      { $$ = ACTION_DEVICE_MODEL; }
  | K_XENSTORE          { $$ = ACTION_XENSTORE; }
  | K_CONTROL           { $$ = ACTION_CONTROL; }
  | K_NOBODY            { $$ = ACTION_NOBODY; }
  ;

action_opt:
    %empty      { $$ = ACTION_UNSET; }
  | action
  ;

on_opt:
    %empty      { $$ = NULL; }
  | K_ON label  { $$ = $label; }
  ;

when_opt:
    %empty      { $$ = NULL; }
  | K_WHEN expr { $$ = $expr; }
  ;

/* ---- labels ---- */

label:
    K_CURRENT                           { $$ = build_label(p, LABEL_CURRENT, $1, @$); }
  | word                                { $$ = build_label(p, LABEL_DOMAIN, $1, @$); }
  | word '(' exprs ')'                  { $$ = build_label_call(p, $1, @1, $exprs, @$); }
  | K_SID any_word                          { $$ = build_label(p, LABEL_ISID, $2, @2); }
  | K_LABEL label_expr
        {
            $$ = build_label(p, LABEL_ARG, NULL, @$);
            $$->args = arena_array(p->arena, 1, sizeof(*$$->args));
            $$->args[0] = $label_expr;
            $$->n_args = 1;
        }
  | K_NEW any_word '(' label ',' label ')'
        {
            $$ = build_label(p, LABEL_NEW, $any_word, @$);
            $$->from = $4;
            $$->to = $6;
        }
  ;

label_expr:
    word                    { $$ = build_named(p, EXPR_NAME, $1, NULL, @$); }
  | label_expr '.' any_word { $$ = build_named(p, EXPR_DOT, $any_word, $1, @$); }
  | label_expr T_MEMBER any_word
        { parse_mark(p, @2, MARK_FIELD); $$ = build_named(p, EXPR_ARROW, $any_word, $1, @$); }
  | '(' expr ')'            { $$ = $expr; }
  ;

/* ---- Flask ---- */

steps:
    step            { $$ = build_steps(p, $step, @$); }
  | step_block
  ;

steps_opt:
    %empty          { $$ = NULL; }
  | steps
  ;

step_block:
    '{' step_list '}'
        {
            parse_mark(p, @1, MARK_STEPS);
            parse_mark(p, @3, MARK_STEPS);
            $$ = ARENA_NEW(p->arena, struct steps);
            *$$ = (struct steps){ $2.items, $2.n, @$, true };
        }
  ;

step_list:
    %empty              { $$ = (step_list){ NULL, 0, 0 }; }
  | step_list step ';'  { $$ = $1; PUSH_NODE(&$$, $step); }
  | step_list error ';'     { yyerrok; }
  ;

step:
    step_body
  | K_WHEN expr step_body   { parse_mark(p, @3, MARK_BODY); $$ = $3; $$->when = $expr; $$->span = @$; }
  ;

step_body:
    check
  | K_PERMIT            { $$ = build_step(p, STEP_PERMIT, @$); }
  | K_REFUSE errno_opt  { $$ = build_step(p, STEP_REFUSE, @$); $$->text = $2; }
  | K_UNKNOWN T_STRING  { $$ = build_step(p, STEP_UNKNOWN, @$); $$->text = $2; }
  | K_THEN K_HOOK hooks
        {
            $$ = build_step(p, STEP_THEN, @$);
            $$->hooks = $hooks.items;
            $$->n_hooks = $hooks.n;
        }
  | K_AS K_HOOK any_word
        { $$ = build_step(p, STEP_AS, @$); build_as(p, $$, $any_word, @any_word); }
  | K_AS K_HOOK any_word '(' exprs_opt ')'
        {
            $$ = build_step(p, STEP_AS, @$);
            build_as(p, $$, $any_word, @any_word);
            $$->args = $exprs_opt.items;
            $$->n_args = $exprs_opt.n;
            $$->args_given = true;
        }
  ;

errno_opt:
    %empty      { $$ = NULL; }
  | T_WORD
  ;

hooks:
    any_word            { $$ = (hook_list){ NULL, 0, 0 }; *PUSH(&$$) = (struct hook_ref){ .name = $1, .span = @1 }; }
  | hooks ',' any_word  { $$ = $1; *PUSH(&$$) = (struct hook_ref){ .name = $3, .span = @3 }; }
  ;

check:
    check_tail
  | T_ARROW label check_tail            { $$ = $3; $$->check.object = $2; $$->span = @$; }
  | label T_ARROW label check_tail
        { $$ = $4; $$->check.subject = $1; $$->check.object = $3; $$->span = @$; }
  | check K_AUDIT K_PLAIN               { $$ = $1; $$->check.audit_plain = true; $$->span = @$; }
  ;

check_tail:
    word ':' perms
        {
            $$ = build_step(p, STEP_CHECK, @$);
            $$->check = (struct check){ .class_name = $1, .perms = $perms.items, .n_perms = $perms.n };
        }
  | word ':' word ':' perms
        {
            $$ = build_step(p, STEP_CHECK, @$);
            $$->check = (struct check){ .class_name = $1, .perm_class_name = $3,
                                        .perms = $perms.items, .n_perms = $perms.n };
        }
  ;

perms:
    perm_item           { $$ = (perm_list){ NULL, 0, 0 }; PUSH_NODE(&$$, $1); }
  | '{' perm_items '}'  { $$ = $2; parse_mark(p, @1, MARK_INLINE); parse_mark(p, @3, MARK_INLINE); }
  ;

perm_items:
    perm_item                   { $$ = (perm_list){ NULL, 0, 0 }; PUSH_NODE(&$$, $1); }
  | perm_items ',' perm_item    { $$ = $1; PUSH_NODE(&$$, $3); }
  ;

perm_item:
    perm_base
  | perm_base K_WHEN expr                   { $$ = $1; $$->when = $expr; }
  | perm_base K_WHEN expr K_ELSE perm_item  { $$ = $1; $$->when = $expr; $$->otherwise = $5; }
  ;

perm_base:
    any_word
        {
            $$ = ARENA_NEW(p->arena, struct perm_use);
            *$$ = (struct perm_use){ .name = $1, .span = @1 };
        }
  | K_CHOOSE word '(' exprs_opt ')' '{' perm_names '}'
        {
            parse_mark(p, @6, MARK_INLINE);
            parse_mark(p, @8, MARK_INLINE);
            $$ = ARENA_NEW(p->arena, struct perm_use);
            *$$ = (struct perm_use){ .name = $word, .choose = $word, .span = @$,
                                     .choose_args = $exprs_opt.items, .n_choose_args = $exprs_opt.n,
                                     .choices = $perm_names.items, .n_choices = $perm_names.n };
        }
  ;

perm_names:
    any_word
        { $$ = (perm_list){ NULL, 0, 0 }; *PUSH(&$$) = (struct perm_use){ .name = $1, .span = @1 }; }
  | perm_names ',' any_word
        { $$ = $1; *PUSH(&$$) = (struct perm_use){ .name = $3, .span = @3 }; }
  ;

/* ---- rows ---- */

table:
    K_ON expr '{' rows '}'
        {
            $$ = ARENA_NEW(p->arena, struct table);
            *$$ = (struct table){ .on = $expr, .rows = $rows.items, .n_rows = $rows.n, .span = @$ };
        }
  ;

rows:
    %empty          { $$ = (row_list){ NULL, 0, 0 }; }
  | rows row        { $$ = $1; PUSH_NODE(&$$, $row); }
  | rows error ';'    { yyerrok; }
  ;

row:
    keys row_end
        { $$ = $2; $$->keys = $keys.items; $$->n_keys = $keys.n; $$->span = @keys; }
  | '*' row_end
        { $$ = $2; $$->star = true; $$->span = @1; }
  ;

row_end:
    action_opt steps_opt guard_opt text_opt defect_opt waivers ';'
        {
            build_waivers(p, &$waivers, span_join(@0, @$));
            parse_mark(p, @1, MARK_CELL);
            parse_mark(p, @2, MARK_CELL);
            parse_mark(p, @4, MARK_CELL);
            parse_mark(p, @5, MARK_BELOW);
            $$ = ARENA_NEW(p->arena, struct row);
            *$$ = (struct row){ .action = $1, .action_span = @1, .guard = $3, .meaning = $4, .defect = $5 };
            if ($2)
                $$->flask = *$2;
        }
  | table text_opt semicolon_opt
        {
            $$ = ARENA_NEW(p->arena, struct row);
            $$->sub = $1;
            $$->meaning = $2;
        }
  ;

keys:
    word            { $$ = (key_list){ NULL, 0, 0 }; *PUSH(&$$) = (struct row_key){ $1, @1 }; }
  | keys ',' word   { parse_mark(p, @3, MARK_KEY); $$ = $1; *PUSH(&$$) = (struct row_key){ $3, @3 }; }
  ;

defect_opt:
    %empty          { $$ = NULL; }
  | K_DEFECT T_STRING fix_opt
        { $$ = $fix_opt; $$->text = $2; $$->span = @$; }
  ;

fix_opt:
    %empty                      { $$ = ARENA_NEW(p->arena, struct defect); }
  | K_FIX '{' fixes '}'         { $$ = $fixes; parse_mark(p, @2, MARK_FIX); parse_mark(p, @4, MARK_FIX); }
  ;

fixes:
    %empty                      { $$ = ARENA_NEW(p->arena, struct defect); }
  | fixes K_DEFAULT action ';'  { $$ = $1; $$->fix_action = $action; }
  | fixes K_FLASK step ';'      { $$ = $1; $$->fix_flask = *build_steps(p, $step, @step); }
  | fixes K_FLASK step_block semicolon_opt  { $$ = $1; $$->fix_flask = *$step_block; }
  ;

/* ---- expressions ---- */

exprs_opt:
    %empty          { $$ = (expr_list){ NULL, 0, 0 }; }
  | exprs
  ;

exprs:
    expr            { $$ = (expr_list){ NULL, 0, 0 }; *PUSH(&$$) = $1; }
  | exprs ',' expr  { $$ = $1; *PUSH(&$$) = $3; }
  ;

expr:
    expr_and
  | expr T_OR expr_and          { $$ = build_expr(p, EXPR_OR, $1, $3, @$); }
  ;

expr_and:
    expr_cmp
  | expr_and T_AND expr_cmp     { $$ = build_expr(p, EXPR_AND, $1, $3, @$); }
  ;

expr_cmp:
    expr_bit
  | expr_bit T_EQ expr_bit      { $$ = build_expr(p, EXPR_EQ, $1, $3, @$); }
  | expr_bit T_NE expr_bit      { $$ = build_expr(p, EXPR_NE, $1, $3, @$); }
  | expr_bit '<' expr_bit       { $$ = build_expr(p, EXPR_LT, $1, $3, @$); }
  | expr_bit T_LE expr_bit      { $$ = build_expr(p, EXPR_LE, $1, $3, @$); }
  | expr_bit '>' expr_bit       { $$ = build_expr(p, EXPR_GT, $1, $3, @$); }
  | expr_bit T_GE expr_bit      { $$ = build_expr(p, EXPR_GE, $1, $3, @$); }
  ;

expr_bit:
    expr_not
  | expr_bit '&' expr_not       { $$ = build_expr(p, EXPR_BITAND, $1, $3, @$); }
  ;

expr_not:
    expr_post
  | '!' expr_not                { $$ = build_expr(p, EXPR_NOT, $2, NULL, @$); }
  ;

expr_post:
    word                        { $$ = build_named(p, EXPR_NAME, $1, NULL, @$); }
  | T_NUMBER                    { $$ = build_named(p, EXPR_NUMBER, $1, NULL, @$); }
  | K_CURRENT                   { $$ = build_named(p, EXPR_CURRENT, $1, NULL, @$); }
  | expr_post T_MEMBER member   { parse_mark(p, @2, MARK_FIELD); $$ = build_named(p, EXPR_ARROW, $3, $1, @$); }
  | expr_post '.' member        { $$ = build_named(p, EXPR_DOT, $3, $1, @$); }
  | word '(' exprs_opt ')'
        {
            $$ = build_named(p, EXPR_CALL, $1, NULL, @$);
            $$->args = $exprs_opt.items;
            $$->n_args = $exprs_opt.n;
        }
  | '(' expr ')'                { $$ = $expr; }
  ;

word:
    T_WORD
  ;

/* A name in a place where no keyword can stand: there keywords are names. */
any_word:
    T_WORD
  | keyword
  ;

keyword:
    K_ACTION | K_ALSO | K_ANYONE | K_AS | K_AUDIT | K_BY | K_CHOOSE | K_CLASS | K_CONTINUES | K_CONTROL
  | K_CURRENT | K_DATABASE | K_DEFAULT | K_DEFECT | K_DUMMY | K_ELSE | K_EXTEND | K_FIX | K_FLASK | K_HOOK
  | K_IF | K_LABEL | K_LAYOUT | K_LIFECYCLE | K_MANUAL | K_NEW | K_NOBODY | K_NONE | K_OBJECT | K_ON | K_OR
  | K_PERMIT | K_PLAIN | K_REFUSE | K_RESULT | K_RETURNS | K_SID | K_SILO | K_SUBJECT | K_THEN
  | K_UNKNOWN | K_WHEN | K_WITHIN | K_XENSTORE
  ;

%%

static bool is_keyword(yysymbol_kind_t symbol)
{
    return symbol > YYSYMBOL_T_STRING && yysymbol_name(symbol)[0] >= 'a' && yysymbol_name(symbol)[0] <= 'z';
}

/* The tokens that could stand here, as far as a list of them helps, and the keyword that is meant perhaps. */
static const char *expected_list(struct parse *p, yysymbol_kind_t *expected, int n, struct nearest *nearest)
{
    enum { MOST = 6 };
    bool name = false;
    const char *list = "";
    int i, kept = 0;

    for (i = 0; i < n; i++) {
        name |= expected[i] == YYSYMBOL_T_WORD;
        if (is_keyword(expected[i]))
            nearest_try(nearest, yysymbol_name(expected[i]));
    }
    /* Where a name can stand most keywords can stand as one. */
    for (i = 0; i < n; i++)
        if (!(name && n > MOST && is_keyword(expected[i])))
            expected[kept++] = expected[i];
    if (kept > MOST)
        return p->recovery.at_top ? "a declaration" : "";
    for (i = 0; i < kept; i++)
        list = arena_printf(p->arena, "%s%s%s", list, !i ? "" : i == kept - 1 ? " or " : ", ",
                            parse_token_name(p, yysymbol_name(expected[i])));
    return list;
}

static int yyreport_syntax_error(const yypcontext_t *context, struct parse *p)
{
    yysymbol_kind_t expected[YYNTOKENS], found = yypcontext_token(context);
    const struct span where = *yypcontext_location(context);
    struct nearest nearest;
    bool semicolon = false;
    const char *list;
    int n, i;

    /* Asking what could stand here is what takes time. */
    n = diags_full(p->diags) ? 0 : yypcontext_expected_tokens(context, expected, YYNTOKENS);
    for (i = 0; i < n; i++)
        semicolon |= expected[i] == YYTRANSLATE(';');
    if (recover_begin(p, semicolon) && n) {
        nearest = nearest_to(arena_text(p->arena, p->text + where.start, where.end - where.start));
        list = expected_list(p, expected, n, &nearest);
        parse_unexpected(p, where, semicolon, list, found <= YYSYMBOL_T_HYPHENATED ? nearest.best : NULL);
    }
    return 0;
}
