/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of the checkpolicy dialect, as far as policies for Xen can use it. Statements may stand in any order;
 * checkpolicy wants sections. Every statement calls the policy's builder at once (te-build.c), nothing is kept. After
 * an error the parser goes on at the next `;` or `}`.
 */
%define api.pure full
%define api.prefix {xsmc_te_}
%define api.location.type {struct span}
%define parse.error custom
%locations
%param { struct te_parse *p }
%expect 0

%code requires {
#include "front/te-parse.h"
}

%code {
#include <ctype.h>
#include <string.h>

#define YYLLOC_DEFAULT(now, rhs, n)                                                         \
    do {                                                                                    \
        if (n)                                                                              \
            (now) = span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n));                          \
        else                                                                                \
            (now) = (struct span){ YYRHSLOC(rhs, 0).file, YYRHSLOC(rhs, 0).end, YYRHSLOC(rhs, 0).end }; \
    } while (0)

static int yylex(YYSTYPE *value, YYLTYPE *where, struct te_parse *p)
{
    return xsmc_te_token(value, where, p->scanner);
}

static void yyerror(const YYLTYPE *where, struct te_parse *p, const char *message)
{
    if (strstr(message, "memory"))
        te_bad(p, *where, "this is nested too deeply to be read");
    else
        te_bad(p, *where, "%s", message);
}

/* The statement is done with its names. */
#define DONE() (p->queue.n = 0)
}

%union {
    const char *name;
    struct te_set set;
    struct te_level level;
    struct te_range range;
    struct cexpr *cexpr;
    struct bool_expr *bool_expr;
    struct role *role;
    const struct context *context;
    struct { struct role **items; unsigned int n, cap; } roles;
    struct { const char *name; struct span span; } type;
    unsigned int number;
    bool truth;
}

%token <name> T_NAME "name" T_NUMBER "number" T_PATH "path" T_FILENAME "file name" T_BLOCK "block"
%token T_EQ "==" T_NE "!="
%token <name> T_UNSUPPORTED "statement for SELinux only"

%token
    K_ALIAS "alias" K_ALLOW "allow" K_AND "and" K_ATTRIBUTE "attribute" K_ATTRIBUTE_ROLE "attribute_role"
    K_AUDITALLOW "auditallow" K_AUDITDENY "auditdeny" K_BOOL "bool" K_CATEGORY "category" K_CLASS "class"
    K_COMMON "common" K_CONSTRAIN "constrain" K_DEFAULT_RANGE "default_range" K_DEFAULT_ROLE "default_role"
    K_DEFAULT_TYPE "default_type" K_DEFAULT_USER "default_user" K_DEVICETREECON "devicetreecon" K_DOM "dom"
    K_DOMBY "domby" K_DOMINANCE "dominance" K_DONTAUDIT "dontaudit" K_ELSE "else" K_EXPANDATTRIBUTE "expandattribute"
    K_FALSE "false" K_H1 "h1" K_H2 "h2" K_HIGH "high" K_IF "if" K_INCOMP "incomp" K_INHERITS "inherits"
    K_IOMEMCON "iomemcon" K_IOPORTCON "ioportcon" K_L1 "l1" K_L2 "l2" K_LEVEL "level" K_LOW "low"
    K_LOW_HIGH "low-high" K_MLSCONSTRAIN "mlsconstrain" K_MLSVALIDATETRANS "mlsvalidatetrans"
    K_NEVERALLOW "neverallow" K_NOT "not" K_OPTIONAL "optional" K_OR "or" K_PCIDEVICECON "pcidevicecon"
    K_PERMISSIVE "permissive" K_PIRQCON "pirqcon" K_POLICYCAP "policycap" K_R1 "r1" K_R2 "r2" K_R3 "r3"
    K_RANGE "range" K_RANGE_TRANSITION "range_transition" K_REQUIRE "require" K_ROLE "role"
    K_ROLE_TRANSITION "role_transition" K_ROLEATTRIBUTE "roleattribute" K_ROLES "roles" K_SAMEUSER "sameuser"
    K_SENSITIVITY "sensitivity" K_SID "sid" K_SOURCE "source" K_T1 "t1" K_T2 "t2" K_T3 "t3" K_TARGET "target"
    K_TRUE "true" K_TUNABLE "tunable" K_TYPE "type" K_TYPE_CHANGE "type_change" K_TYPE_MEMBER "type_member"
    K_TYPE_TRANSITION "type_transition" K_TYPEALIAS "typealias" K_TYPEATTRIBUTE "typeattribute"
    K_TYPEBOUNDS "typebounds" K_TYPES "types" K_U1 "u1" K_U2 "u2" K_U3 "u3" K_USER "user"
    K_VALIDATETRANS "validatetrans" K_XOR "xor"

%left K_OR
%left K_XOR
%left K_AND
%right K_NOT
%left T_EQ T_NE

%type <set> names nested nested_list element commas list aliases
%type <number> from range_from av_kind te_kind op mls_op require_kind
%type <truth> truth
%type <bool_expr> cond
%type <cexpr> cexpr compare
%type <level> level
%type <range> range
%type <role> role_below
%type <roles> roles_below
%type <context> context

%%

text:
    %empty
  | text statement      { DONE(); }
  ;

statement:
    ';'
  | declaration
  | mls
  | types
  | roles
  | rule
  | conditional
  | constraint
  | labels
  | K_OPTIONAL T_BLOCK
        { te_optional(p, @2, (struct span){ 0, 0, 0 }); }
  | K_OPTIONAL T_BLOCK K_ELSE T_BLOCK[otherwise]
        { te_optional(p, @2, @otherwise); }
  | K_REQUIRE '{' requires '}'
  | T_UNSUPPORTED error ';'     { yyerrok; }
  | error ';'           { yyerrok; }
  | error '}'           { yyerrok; }
  ;

/* ---- classes and initial SIDs ---- */

declaration:
    K_CLASS T_NAME
        { te_class(p, $2, @2); }
  | K_CLASS T_NAME '{' list '}'
        { te_vector(p, $2, @2, NULL, @2, &$list); }
  | K_CLASS T_NAME K_INHERITS T_NAME[common]
        { te_vector(p, $2, @2, $common, @common, NULL); }
  | K_CLASS T_NAME K_INHERITS T_NAME[common] '{' list '}'
        { te_vector(p, $2, @2, $common, @common, &$list); }
  | K_COMMON T_NAME '{' list '}'
        { te_common(p, $2, @2, $list); }
  | K_SID T_NAME
        { te_sid(p, $2, @2); }
  | K_DEFAULT_USER names from ';'       { te_default(p, TE_DEFAULT_USER, $2, $3); }
  | K_DEFAULT_ROLE names from ';'       { te_default(p, TE_DEFAULT_ROLE, $2, $3); }
  | K_DEFAULT_TYPE names from ';'       { te_default(p, TE_DEFAULT_TYPE, $2, $3); }
  | K_DEFAULT_RANGE names range_from ';'    { te_default(p, TE_DEFAULT_RANGE, $2, $3); }
  | K_POLICYCAP T_NAME ';'              { policy_add_policycap(p->policy, $2, @2); }
  ;

from:
    K_SOURCE            { $$ = FROM_SOURCE; }
  | K_TARGET            { $$ = FROM_TARGET; }
  ;

range_from:
    K_SOURCE K_LOW      { $$ = RANGE_SOURCE_LOW; }
  | K_SOURCE K_HIGH     { $$ = RANGE_SOURCE_HIGH; }
  | K_SOURCE K_LOW_HIGH { $$ = RANGE_SOURCE_LOW_HIGH; }
  | K_TARGET K_LOW      { $$ = RANGE_TARGET_LOW; }
  | K_TARGET K_HIGH     { $$ = RANGE_TARGET_HIGH; }
  | K_TARGET K_LOW_HIGH { $$ = RANGE_TARGET_LOW_HIGH; }
  ;

/* ---- MLS ---- */

mls:
    K_SENSITIVITY T_NAME ';'            { te_sensitivity(p, $2, @2, NULL); }
  | K_SENSITIVITY T_NAME aliases ';'    { te_sensitivity(p, $2, @2, &$3); }
  | K_DOMINANCE T_NAME                  { te_dominance(p, te_push(p, $2, @2, false)); }
  | K_DOMINANCE '{' list '}'            { te_dominance(p, $list); }
  | K_CATEGORY T_NAME ';'               { te_category(p, $2, @2, NULL); }
  | K_CATEGORY T_NAME aliases ';'       { te_category(p, $2, @2, &$3); }
  | K_LEVEL level ';'                   { te_level(p, $2); }
  ;

level:
    T_NAME              { $$ = (struct te_level){ $1, { p->queue.n, 0, false, false, @1 }, @$ }; }
  | T_NAME ':' commas   { $$ = (struct te_level){ $1, $commas, @$ }; }
  ;

range:
    level               { $$ = (struct te_range){ $1, $1, false }; }
  | level '-' level     { $$ = (struct te_range){ $1, $3, true }; }
  ;

/* ---- types ---- */

types:
    K_ATTRIBUTE T_NAME ';'
        { policy_declare_attribute(p->policy, $2, @2); }
  | K_TYPE T_NAME ';'                           { te_type(p, $2, @2, NULL, NULL); }
  | K_TYPE T_NAME ',' commas ';'                { te_type(p, $2, @2, NULL, &$commas); }
  | K_TYPE T_NAME aliases ';'                   { te_type(p, $2, @2, &$aliases, NULL); }
  | K_TYPE T_NAME aliases ',' commas ';'        { te_type(p, $2, @2, &$aliases, &$commas); }
  | K_TYPEALIAS T_NAME aliases ';'              { te_typealias(p, $2, @2, $aliases); }
  | K_TYPEATTRIBUTE T_NAME commas ';'           { te_typeattribute(p, $2, @2, $commas); }
  | K_EXPANDATTRIBUTE names truth ';'           { te_expandattribute(p, $2, $3); }
  | K_TYPEBOUNDS T_NAME commas ';'              { te_typebounds(p, $2, @2, $commas); }
  | K_PERMISSIVE T_NAME ';'                     { te_permissive(p, $2, @2); }
  | K_BOOL T_NAME truth ';'                     { te_bool(p, $2, @2, $3, false); }
  | K_TUNABLE T_NAME truth ';'                  { te_bool(p, $2, @2, $3, true); }
  | K_RANGE_TRANSITION names names range ';'
        { te_range_transition(p, $2, $3, NULL, $4, @$); }
  | K_RANGE_TRANSITION names names ':' names range ';'
        { te_range_transition(p, $2, $3, &$5, $6, @$); }
  | K_NEVERALLOW names names ':' names names ';'
        { te_rule(p, AV_NEVERALLOW, false, $2, $3, $5, $6, @$); }
  ;

aliases:
    K_ALIAS names       { $$ = $2; }
  ;

truth:
    K_TRUE              { $$ = true; }
  | K_FALSE             { $$ = false; }
  ;

/* ---- rules, which may also depend on a condition ---- */

rule:
    av_kind names names ':' names names ';'
        { te_rule(p, $1, false, $2, $3, $5, $6, @$); }
  | K_ALLOW names names ':' names names ';'
        { te_rule(p, AV_ALLOW, false, $2, $3, $5, $6, @$); }
  | K_AUDITDENY names names ':' names names ';'
        { te_rule(p, AV_DONTAUDIT, true, $2, $3, $5, $6, @$); }
  | te_kind names names ':' names T_NAME ';'
        { te_transition(p, $1, $2, $3, $5, $6, @6, @$); }
  | te_kind names names ':' names T_NAME T_FILENAME ';'
        { te_unsupported(p, @7, "a transition by the name of a file"); }
  ;

av_kind:
    K_AUDITALLOW        { $$ = AV_AUDITALLOW; }
  | K_DONTAUDIT         { $$ = AV_DONTAUDIT; }
  ;

te_kind:
    K_TYPE_TRANSITION   { $$ = TE_TRANSITION; }
  | K_TYPE_MEMBER       { $$ = TE_MEMBER; }
  | K_TYPE_CHANGE       { $$ = TE_CHANGE; }
  ;

conditional:
    K_IF cond '{'
        { p->condition = policy_condition(p->policy, $2, @2); p->otherwise = false; DONE(); }
    branch '}' else_part
        { p->condition = NULL; p->otherwise = false; }
  ;

else_part:
    %empty
  | K_ELSE '{'          { p->otherwise = true; }
    branch '}'
  ;

branch:
    %empty
  | branch rule         { DONE(); }
  | branch K_REQUIRE '{' requires '}'   { DONE(); }
  | branch error ';'    { yyerrok; DONE(); }
  ;

cond:
    '(' cond ')'        { $$ = $2; }
  | K_NOT cond          { $$ = policy_bool_expr(p->policy, BOOL_NOT, NULL, $2, NULL); }
  | cond K_AND cond     { $$ = policy_bool_expr(p->policy, BOOL_AND, NULL, $1, $3); }
  | cond K_OR cond      { $$ = policy_bool_expr(p->policy, BOOL_OR, NULL, $1, $3); }
  | cond K_XOR cond     { $$ = policy_bool_expr(p->policy, BOOL_XOR, NULL, $1, $3); }
  | cond T_EQ cond      { $$ = policy_bool_expr(p->policy, BOOL_EQ, NULL, $1, $3); }
  | cond T_NE cond      { $$ = policy_bool_expr(p->policy, BOOL_NEQ, NULL, $1, $3); }
  | T_NAME
        { $$ = policy_bool_expr(p->policy, BOOL_NAME, policy_boolean(p->policy, $1, @1), NULL, NULL); }
  ;

/* ---- roles and users ---- */

roles:
    K_ATTRIBUTE_ROLE T_NAME ';'
        { policy_declare_role_attribute(p->policy, $2, @2); }
  | K_ROLE T_NAME ';'                   { te_role(p, $2, @2, NULL); }
  | K_ROLE T_NAME ',' commas ';'        { te_role(p, $2, @2, &$commas); }
  | K_ROLE T_NAME K_TYPES names ';'     { te_role_types(p, $2, @2, $names); }
  | K_ROLEATTRIBUTE T_NAME commas ';'   { te_roleattribute(p, $2, @2, $commas); }
  | K_DOMINANCE '{' roles_below '}'
  | K_ALLOW names names ';'             { te_role_allow(p, $2, $3, @$); }
  | K_ROLE_TRANSITION names names T_NAME ';'
        { te_role_transition(p, $2, $3, NULL, $4, @4, @$); }
  | K_ROLE_TRANSITION names names ':' names T_NAME ';'
        { te_role_transition(p, $2, $3, &$5, $6, @6, @$); }
  | K_USER T_NAME K_ROLES names ';'     { te_user(p, $2, @2, $names, NULL, NULL); }
  | K_USER T_NAME K_ROLES names K_LEVEL level K_RANGE range ';'
        { te_user(p, $2, @2, $names, &$level, &$range); }
  ;

roles_below:
    role_below
        { $$.items = NULL; $$.n = $$.cap = 0; *LIST_PUSH(p->arena, &$$) = $1; }
  | roles_below role_below
        { $$ = $1; *LIST_PUSH(p->arena, &$$) = $2; }
  ;

role_below:
    K_ROLE T_NAME ';'                   { $$ = te_role_dominance(p, $2, @2, NULL, 0); }
  | K_ROLE T_NAME '{' roles_below '}'   { $$ = te_role_dominance(p, $2, @2, $4.items, $4.n); }
  ;

/* ---- constraints ---- */

constraint:
    K_CONSTRAIN names names cexpr ';'           { te_constraint(p, CONSTRAIN, $2, &$3, $4, @$); }
  | K_MLSCONSTRAIN names names cexpr ';'        { te_constraint(p, MLSCONSTRAIN, $2, &$3, $4, @$); }
  | K_VALIDATETRANS names cexpr ';'             { te_constraint(p, VALIDATETRANS, $2, NULL, $3, @$); }
  | K_MLSVALIDATETRANS names cexpr ';'          { te_constraint(p, MLSVALIDATETRANS, $2, NULL, $3, @$); }
  ;

cexpr:
    '(' cexpr ')'       { $$ = $2; }
  | K_NOT cexpr         { $$ = te_cexpr(p, CX_NOT, $2, NULL, @$); }
  | cexpr K_AND cexpr   { $$ = te_cexpr(p, CX_AND, $1, $3, @$); }
  | cexpr K_OR cexpr    { $$ = te_cexpr(p, CX_OR, $1, $3, @$); }
  | compare
  ;

compare:
    K_U1 op K_U2        { $$ = te_compare(p, CX_USER, $2, @$); }
  | K_R1 mls_op K_R2    { $$ = te_compare(p, CX_ROLE, $2, @$); }
  | K_T1 op K_T2        { $$ = te_compare(p, CX_TYPE, $2, @$); }
  | K_L1 mls_op K_L2    { $$ = te_compare(p, CX_L1L2, $2, @$); }
  | K_L1 mls_op K_H2    { $$ = te_compare(p, CX_L1H2, $2, @$); }
  | K_H1 mls_op K_L2    { $$ = te_compare(p, CX_H1L2, $2, @$); }
  | K_H1 mls_op K_H2    { $$ = te_compare(p, CX_H1H2, $2, @$); }
  | K_L1 mls_op K_H1    { $$ = te_compare(p, CX_L1H1, $2, @$); }
  | K_L2 mls_op K_H2    { $$ = te_compare(p, CX_L2H2, $2, @$); }
  | K_U1 op names       { $$ = te_names(p, CX_USER, 1, $2, $3, @$); }
  | K_U2 op names       { $$ = te_names(p, CX_USER, 2, $2, $3, @$); }
  | K_U3 op names       { $$ = te_names(p, CX_USER, 3, $2, $3, @$); }
  | K_R1 op names       { $$ = te_names(p, CX_ROLE, 1, $2, $3, @$); }
  | K_R2 op names       { $$ = te_names(p, CX_ROLE, 2, $2, $3, @$); }
  | K_R3 op names       { $$ = te_names(p, CX_ROLE, 3, $2, $3, @$); }
  | K_T1 op names       { $$ = te_names(p, CX_TYPE, 1, $2, $3, @$); }
  | K_T2 op names       { $$ = te_names(p, CX_TYPE, 2, $2, $3, @$); }
  | K_T3 op names       { $$ = te_names(p, CX_TYPE, 3, $2, $3, @$); }
  | K_SAMEUSER          { $$ = te_compare(p, CX_USER, CX_EQ, @$); }
  | K_SOURCE K_ROLE names   { $$ = te_names(p, CX_ROLE, 1, CX_EQ, $3, @$); }
  | K_TARGET K_ROLE names   { $$ = te_names(p, CX_ROLE, 2, CX_EQ, $3, @$); }
  | K_ROLE mls_op       { $$ = te_compare(p, CX_ROLE, $2, @$); }
  | K_SOURCE K_TYPE names   { $$ = te_names(p, CX_TYPE, 1, CX_EQ, $3, @$); }
  | K_TARGET K_TYPE names   { $$ = te_names(p, CX_TYPE, 2, CX_EQ, $3, @$); }
  ;

op:
    T_EQ                { $$ = CX_EQ; }
  | T_NE                { $$ = CX_NEQ; }
  ;

mls_op:
    op
  | K_DOM               { $$ = CX_DOM; }
  | K_DOMBY             { $$ = CX_DOMBY; }
  | K_INCOMP            { $$ = CX_INCOMP; }
  ;

/* ---- labels ---- */

labels:
    K_SID T_NAME context
        { policy_sid_context(p->policy, $2, $context, @$); }
  | K_PIRQCON T_NUMBER context
        { te_resource(p, RESOURCE_PIRQ, $2, $2, @2, $context, @$); }
  | K_IOMEMCON T_NUMBER context
        { te_resource(p, RESOURCE_IOMEM, $2, $2, @2, $context, @$); }
  | K_IOMEMCON T_NUMBER '-' T_NUMBER[high] context
        { te_resource(p, RESOURCE_IOMEM, $2, $high, span_join(@2, @high), $context, @$); }
  | K_IOPORTCON T_NUMBER context
        { te_resource(p, RESOURCE_IOPORT, $2, $2, @2, $context, @$); }
  | K_IOPORTCON T_NUMBER '-' T_NUMBER[high] context
        { te_resource(p, RESOURCE_IOPORT, $2, $high, span_join(@2, @high), $context, @$); }
  | K_PCIDEVICECON T_NUMBER context
        { te_resource(p, RESOURCE_PCI, $2, $2, @2, $context, @$); }
  | K_DEVICETREECON T_PATH context
        { policy_add_resource(p->policy, RESOURCE_DTDEV, 0, 0, $2, $context, @$); }
  ;

context:
    T_NAME[user] ':' T_NAME[role] ':' T_NAME[type]
        { $$ = te_context(p, $user, @user, $role, @role, $type, @type, NULL, @$); }
  | T_NAME[user] ':' T_NAME[role] ':' T_NAME[type] ':' range
        { $$ = te_context(p, $user, @user, $role, @role, $type, @type, &$range, @$); }
  ;

/* ---- what an optional block needs ---- */

requires:
    require
  | requires require
  ;

require:
    K_CLASS T_NAME names ';'            { te_require(p, TE_REQUIRE_PERM, $2, $names); }
  | require_kind commas ';'             { te_require(p, $1, NULL, $commas); }
  | error ';'                           { yyerrok; }
  ;

require_kind:
    K_ROLE              { $$ = TE_REQUIRE_ROLE; }
  | K_TYPE              { $$ = TE_REQUIRE_TYPE; }
  | K_ATTRIBUTE         { $$ = TE_REQUIRE_ATTRIBUTE; }
  | K_ATTRIBUTE_ROLE    { $$ = TE_REQUIRE_ROLE; }
  | K_USER              { $$ = TE_REQUIRE_USER; }
  | K_BOOL              { $$ = TE_REQUIRE_BOOL; }
  | K_TUNABLE           { $$ = TE_REQUIRE_BOOL; }
  | K_SENSITIVITY       { $$ = TE_REQUIRE_SENSITIVITY; }
  | K_CATEGORY          { $$ = TE_REQUIRE_CATEGORY; }
  ;

/* ---- sets ---- */

names:
    T_NAME              { $$ = te_push(p, $1, @1, false); }
  | nested
  | '*'                 { $$ = (struct te_set){ p->queue.n, 0, true, false, @$ }; }
  | '~' T_NAME          { $$ = te_push(p, $2, @2, false); $$.complement = true; $$.span = @$; }
  | '~' nested          { $$ = $2; $$.complement = true; $$.span = @$; }
  | T_NAME '-' T_NAME[out]
        { $$ = te_join(te_push(p, $1, @1, false), te_push(p, $out, @out, true)); }
  ;

nested:
    '{' nested_list '}' { $$ = $2; $$.span = @$; }
  ;

nested_list:
    element
  | nested_list element { $$ = te_join($1, $2); }
  ;

element:
    T_NAME              { $$ = te_push(p, $1, @1, false); }
  | '-' T_NAME          { $$ = te_push(p, $2, @2, true); }
  | nested
  ;

list:
    T_NAME              { $$ = te_push(p, $1, @1, false); }
  | list T_NAME         { $$ = te_join($1, te_push(p, $2, @2, false)); }
  ;

commas:
    T_NAME              { $$ = te_push(p, $1, @1, false); }
  | commas ',' T_NAME   { $$ = te_join($1, te_push(p, $3, @3, false)); }
  ;

%%

/* In small letters; each may also be written in large ones. */
static const struct keyword {
    const char *text;
    int token;
} keywords[] = {
    { "alias", K_ALIAS }, { "allow", K_ALLOW }, { "and", K_AND }, { "attribute", K_ATTRIBUTE },
    { "attribute_role", K_ATTRIBUTE_ROLE }, { "auditallow", K_AUDITALLOW }, { "auditdeny", K_AUDITDENY },
    { "bool", K_BOOL }, { "category", K_CATEGORY }, { "class", K_CLASS }, { "common", K_COMMON },
    { "constrain", K_CONSTRAIN }, { "default_range", K_DEFAULT_RANGE }, { "default_role", K_DEFAULT_ROLE },
    { "default_type", K_DEFAULT_TYPE }, { "default_user", K_DEFAULT_USER }, { "devicetreecon", K_DEVICETREECON },
    { "dom", K_DOM }, { "domby", K_DOMBY }, { "dominance", K_DOMINANCE }, { "dontaudit", K_DONTAUDIT },
    { "else", K_ELSE }, { "eq", T_EQ }, { "expandattribute", K_EXPANDATTRIBUTE }, { "false", K_FALSE },
    { "h1", K_H1 }, { "h2", K_H2 }, { "high", K_HIGH }, { "if", K_IF }, { "incomp", K_INCOMP },
    { "inherits", K_INHERITS }, { "iomemcon", K_IOMEMCON }, { "ioportcon", K_IOPORTCON }, { "l1", K_L1 },
    { "l2", K_L2 }, { "level", K_LEVEL }, { "low", K_LOW }, { "low-high", K_LOW_HIGH },
    { "mlsconstrain", K_MLSCONSTRAIN }, { "mlsvalidatetrans", K_MLSVALIDATETRANS }, { "neverallow", K_NEVERALLOW },
    { "not", K_NOT }, { "optional", K_OPTIONAL }, { "or", K_OR }, { "pcidevicecon", K_PCIDEVICECON },
    { "permissive", K_PERMISSIVE }, { "pirqcon", K_PIRQCON }, { "policycap", K_POLICYCAP }, { "r1", K_R1 },
    { "r2", K_R2 }, { "r3", K_R3 }, { "range", K_RANGE }, { "range_transition", K_RANGE_TRANSITION },
    { "require", K_REQUIRE }, { "role", K_ROLE }, { "role_transition", K_ROLE_TRANSITION },
    { "roleattribute", K_ROLEATTRIBUTE }, { "roles", K_ROLES }, { "sameuser", K_SAMEUSER },
    { "sensitivity", K_SENSITIVITY }, { "sid", K_SID }, { "source", K_SOURCE }, { "t1", K_T1 }, { "t2", K_T2 },
    { "t3", K_T3 }, { "target", K_TARGET }, { "true", K_TRUE }, { "tunable", K_TUNABLE }, { "type", K_TYPE },
    { "type_change", K_TYPE_CHANGE }, { "type_member", K_TYPE_MEMBER }, { "type_transition", K_TYPE_TRANSITION },
    { "typealias", K_TYPEALIAS }, { "typeattribute", K_TYPEATTRIBUTE }, { "typebounds", K_TYPEBOUNDS },
    { "types", K_TYPES }, { "u1", K_U1 }, { "u2", K_U2 }, { "u3", K_U3 }, { "user", K_USER },
    { "validatetrans", K_VALIDATETRANS }, { "xor", K_XOR },
    /* Nothing that a policy for Xen can hold: the hypervisor, or checkpolicy for it, refuses them. */
    { "allowxperm", T_UNSUPPORTED }, { "auditallowxperm", T_UNSUPPORTED }, { "dontauditxperm", T_UNSUPPORTED },
    { "neverallowxperm", T_UNSUPPORTED }, { "fscon", T_UNSUPPORTED }, { "fs_use_task", T_UNSUPPORTED },
    { "fs_use_trans", T_UNSUPPORTED }, { "fs_use_xattr", T_UNSUPPORTED }, { "genfscon", T_UNSUPPORTED },
    { "ibendportcon", T_UNSUPPORTED }, { "ibpkeycon", T_UNSUPPORTED }, { "module", T_UNSUPPORTED },
    { "netifcon", T_UNSUPPORTED }, { "nodecon", T_UNSUPPORTED }, { "portcon", T_UNSUPPORTED },
};

void te_keywords(struct te_parse *p)
{
    unsigned int i, j;

    for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
        char *large = arena_text(p->arena, keywords[i].text, strlen(keywords[i].text));

        for (j = 0; large[j]; j++)
            large[j] = (char)toupper((unsigned char)large[j]);
        map_put(p->arena, p->keywords, NULL, names_get(p->policy->names, keywords[i].text), (void *)&keywords[i]);
        map_put(p->arena, p->keywords, NULL, names_get(p->policy->names, large), (void *)&keywords[i]);
    }
}

int te_keyword(const struct te_parse *p, const char *name)
{
    const struct keyword *keyword = map_get(p->keywords, NULL, name);

    return keyword ? keyword->token : T_NAME;
}

static int yyreport_syntax_error(const yypcontext_t *context, struct te_parse *p)
{
    enum { MOST = 5 };
    yysymbol_kind_t expected[MOST], found = yypcontext_token(context);
    int n = yypcontext_expected_tokens(context, expected, MOST), i;
    const char *list = "";

    for (i = 0; i < n; i++)
        list = arena_printf(p->arena, "%s%s%s", list, !i ? "" : i == n - 1 ? " or " : ", ",
                            te_token_name(p, yysymbol_name(expected[i])));
    te_unexpected(p, *yypcontext_location(context), found == YYSYMBOL_YYEOF, list);
    return 0;
}
