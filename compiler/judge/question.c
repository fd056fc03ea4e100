/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a question. Its grammar:
 *
 *     question = SIDE "may" ACCESS "on" SIDE | "what" "may" SIDE "do" "to" SIDE | SIDE "may" "reach" SIDE [without]
 *     SIDE     = "who" | "what" | "itself" | TYPE | ATTRIBUTE | USER ":" ROLE ":" TYPE [":" LEVEL ["-" LEVEL]]
 *     ACCESS   = "what" | CLASS ":" ("what" | PERM | "{" PERM { "," PERM } "}")
 *     without  = "without" TYPE { "," TYPE }
 */
#include <string.h>

#include "judge/query.h"
#include "text/diag.h"
#include "text/rules.h"

struct reader {
    struct policy *policy;
    const char *text;
    uint32_t file;
    size_t at, len;
    struct span span;       /* of the word read last, or of the place where one should be */
    const char *word;       /* interned; NULL at the end */
    bool failed;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_mark(char c)
{
    return c == ':' || c == '{' || c == '}' || c == ',' || c == '?';
}

/* Goes to the next word or mark. */
static void next(struct reader *r)
{
    size_t start;

    while (r->at < r->len && is_blank(r->text[r->at]))
        r->at++;
    start = r->at;
    if (r->at < r->len && is_mark(r->text[r->at]))
        r->at++;
    else
        while (r->at < r->len && !is_blank(r->text[r->at]) && !is_mark(r->text[r->at]))
            r->at++;
    r->span = (struct span){ r->file, (uint32_t)start, (uint32_t)r->at };
    r->word = r->at > start ? names_intern(r->policy->names, r->text + start, r->at - start) : NULL;
}

static bool is(const struct reader *r, const char *word)
{
    return r->word && !strcmp(r->word, word);
}

static void wrong(struct reader *r, const char *expected)
{
    struct diag *d;

    if (r->failed)
        return;
    r->failed = true;
    d = diag_add(r->policy->diags, &RULE_SYNTAX, r->span, "expected %s", expected);
    diag_help(r->policy->diags, d,
              "ask like 'domU_t may mmu:map_write on dom0_t', 'who may CLASS:PERM on TYPE', 'TYPE may what on TYPE' or "
              "'TYPE may reach TYPE'");
}

static void unknown(struct reader *r, const char *what)
{
    if (!r->failed)
        diag_add(r->policy->diags, &RULE_UNKNOWN_NAME, r->span, "there is no %s '%s'", what, r->word ? r->word : "");
    r->failed = true;
}

static bool take(struct reader *r, const char *word, const char *expected)
{
    if (r->failed)
        return false;
    if (!is(r, word)) {
        wrong(r, expected);
        return false;
    }
    next(r);
    return true;
}

/* ---- levels ----------------------------------------------------------------------------------------------- */

static struct category *category(struct reader *r, const char *name, size_t len)
{
    struct category *c = map_get(&r->policy->category_map, NULL, names_intern(r->policy->names, name, len));

    return c && c->declared ? c : NULL;
}

/* `len` bytes "s0:c1,c3.c5"; NULL if that is none. */
static const struct seclevel *level(struct reader *r, const char *text, size_t len)
{
    struct policy *p = r->policy;
    const char *end = text + len, *colon = memchr(text, ':', len), *at, *comma, *dot;
    struct sensitivity *s = map_get(&p->sensitivity_map, NULL,
                                    names_intern(p->names, text, (size_t)((colon ? colon : end) - text)));
    struct category_range *ranges;
    unsigned int n = 0;

    if (!s || !s->declared)
        return NULL;
    ranges = arena_array(p->arena, len, sizeof(*ranges));
    for (at = colon ? colon + 1 : end; at < end || (colon && !n); at = comma + 1) {
        comma = memchr(at, ',', (size_t)(end - at));
        comma = comma ? comma : end;
        dot = memchr(at, '.', (size_t)(comma - at));
        ranges[n].low = category(r, at, (size_t)((dot ? dot : comma) - at));
        ranges[n].high = dot ? category(r, dot + 1, (size_t)(comma - dot - 1)) : ranges[n].low;
        if (!ranges[n].low || !ranges[n].high || ranges[n].low->real->number > ranges[n].high->real->number)
            return NULL;
        n++;
    }
    return policy_level(p, s, ranges, n, r->span);
}

/* Everything up to the next blank (and, with blanks around its `-`, to the one after) is the range. */
static const struct secrange *range(struct reader *r)
{
    const char *start = r->text + r->at, *end, *dash;
    const struct seclevel *low, *high;
    size_t left;

    for (end = start; end < r->text + r->len && !is_blank(*end) && *end != '?'; end++)
        ;
    left = (size_t)(r->text + r->len - end);
    if (left > 3 && !memcmp(end, " - ", 3))
        for (end += 3; end < r->text + r->len && !is_blank(*end) && *end != '?'; end++)
            ;
    r->span = (struct span){ r->file, (uint32_t)r->at, (uint32_t)(end - r->text) };
    r->at = (size_t)(end - r->text);
    low = high = level(r, start, (size_t)(end - start));
    /* A name may hold hyphens, so every one of them is tried. */
    for (dash = start; !low && (dash = memchr(dash, '-', (size_t)(end - dash))); dash++) {
        const char *before = dash, *after = dash + 1;

        while (before > start && is_blank(before[-1]))
            before--;
        while (after < end && is_blank(*after))
            after++;
        low = level(r, start, (size_t)(before - start));
        high = low ? level(r, after, (size_t)(end - after)) : NULL;
        low = high ? low : NULL;
    }
    if (!low) {
        if (!r->failed)
            diag_add(r->policy->diags, &RULE_INVALID_CONTEXT, r->span, "this is no level or range of levels of the policy");
        r->failed = true;
        return NULL;
    }
    return policy_range(r->policy, low, high);
}

/* ---- sides -------------------------------------------------------------------------------------------------- */

static void type_bits(struct reader *r, const struct type *t, struct bits *types)
{
    policy_expand(r->policy, &t->alone, types);
}

static void context(struct reader *r, const char *user_name, struct span user_span, struct query_side *side)
{
    struct policy *p = r->policy;
    struct user *user = map_get(&p->user_map, NULL, user_name);
    struct role *role;
    struct type *type;
    struct bits roles, types;
    unsigned int i;
    struct span span = user_span;

    if (!user || !user->declared) {
        r->span = user_span;
        r->word = user_name;
        unknown(r, "user");
        return;
    }
    next(r);
    role = r->word ? map_get(&p->role_map, NULL, r->word) : NULL;
    if (!role || !role->declared || role->attribute) {
        unknown(r, "role");
        return;
    }
    next(r);
    if (!take(r, ":", "':' and the type of the context"))
        return;
    type = r->word ? policy_find_type(p, r->word) : NULL;
    if (!type || type->real->kind != KIND_TYPE) {
        unknown(r, "type");
        return;
    }
    side->types = bits_create(p->arena, p->n_numbered);
    type_bits(r, type, &side->types);
    span.end = r->span.end;
    types = bits_create(p->arena, p->n_numbered);
    roles = bits_create(p->arena, p->n_roles);
    policy_expand_role_types(p, role, &types);
    for (i = 0; i < user->roles.n; i++) {
        struct bits one = bits_create(p->arena, p->n_roles);

        policy_expand_roles(p, user->roles.items[i], &one);
        bits_or(&roles, &one);
    }
    if (role->number && (!bits_test(&types, type->real->number) || !bits_test(&roles, role->number))) {
        diag_add(p->diags, &RULE_INVALID_CONTEXT, span, "role '%s' goes with %s '%s' nowhere in the policy", role->name,
                 bits_test(&types, type->real->number) ? "user" : "type",
                 bits_test(&types, type->real->number) ? user->name : type->name);
        r->failed = true;
        return;
    }
    next(r);
    side->context = policy_context(p, user, role, type->real, is(r, ":") ? range(r) : NULL, span);
    if (side->context->range)
        next(r);
}

static void side(struct reader *r, struct query_side *side, bool object)
{
    struct policy *p = r->policy;
    const char *word = r->word;
    struct span span = r->span;
    const struct type *t;

    if (r->failed)
        return;
    side->types = bits_create(p->arena, p->n_numbered);
    if (!word || is_mark(word[0])) {
        wrong(r, object ? "an object: a type, an attribute, a context, 'itself' or 'what'"
                        : "a subject: a type, an attribute, a context or 'who'");
        return;
    }
    if (is(r, "who") || is(r, "what")) {
        side->any = true;
        bits_copy(&side->types, &p->all_types);
        next(r);
        return;
    }
    if (object && is(r, "itself")) {
        side->itself = true;
        next(r);
        return;
    }
    t = policy_find_type(p, word);
    next(r);
    if (is(r, ":")) {
        context(r, word, span, side);
        return;
    }
    if (!t || t->real->kind == KIND_UNDECLARED) {
        r->span = span;
        r->word = word;
        unknown(r, "type or attribute");
        return;
    }
    type_bits(r, t->real, &side->types);
}

/* ---- the whole ----------------------------------------------------------------------------------------------- */

static void permission(struct reader *r, struct query *q)
{
    struct perm *perm = r->word ? policy_find_perm(q->class, r->word) : NULL;

    if (r->failed)
        return;
    if (perm) {
        q->perms |= UINT32_C(1) << perm->bit;
        next(r);
        return;
    }
    if (r->word && !is_mark(r->word[0]))
        diag_note(r->policy->diags,
                  diag_add(r->policy->diags, &RULE_UNKNOWN_NAME, r->span, "class '%s' has no permission '%s'",
                           q->class->class->name, r->word),
                  q->class->class->span, "the class");
    else
        wrong(r, "a permission");
    r->failed = true;
}

static void access(struct reader *r, struct query *q)
{
    if (is(r, "what")) {
        next(r);
        return;
    }
    q->class = r->word ? policy_find_class(r->policy, r->word) : NULL;
    if (!q->class) {
        if (r->word && !is_mark(r->word[0]) && !is(r, "on") && !is(r, "do"))
            unknown(r, "class");
        else
            wrong(r, "an access, CLASS:PERM, or 'what'");
        return;
    }
    next(r);
    if (!take(r, ":", "':' and a permission"))
        return;
    if (is(r, "what")) {
        next(r);
        return;
    }
    if (!is(r, "{")) {
        permission(r, q);
        return;
    }
    do {
        next(r);
        permission(r, q);
    } while (!r->failed && is(r, ","));
    take(r, "}", "',' or '}'");
}

static void without(struct reader *r, struct query *q)
{
    struct bits one = bits_create(r->policy->arena, r->policy->n_numbered);

    do {
        const struct type *t;

        next(r);
        t = r->word ? policy_find_type(r->policy, r->word) : NULL;
        if (!t) {
            unknown(r, "type or attribute");
            return;
        }
        type_bits(r, t->real, &one);
        bits_or(&q->without, &one);
        next(r);
    } while (is(r, ","));
}

bool query_parse(struct query *q, struct policy *p, const struct sources *s, uint32_t file)
{
    struct reader r = { .policy = p, .file = file };

    r.text = source_text(s, file, &r.len);
    *q = (struct query){ .form = QUERY_MAY, .without = bits_create(p->arena, p->n_numbered) };
    while (r.len && (is_blank(r.text[r.len - 1]) || r.text[r.len - 1] == '?'))
        r.len--;
    while (r.at < r.len && is_blank(r.text[r.at]))
        r.at++;
    q->text = arena_text(p->arena, r.text + r.at, r.len - r.at);

    next(&r);
    side(&r, &q->subject, false);
    take(&r, "may", "'may'");
    if (r.failed)
        return false;
    if (is(&r, "reach")) {
        q->form = QUERY_REACH;
        next(&r);
        side(&r, &q->object, true);
        if (!r.failed && q->object.itself) {
            wrong(&r, "another object: what a domain sends itself goes nowhere");
            return false;
        }
        if (!r.failed && (q->subject.context || q->object.context)) {
            r.span = q->subject.context ? q->subject.context->span : q->object.context->span;
            wrong(&r, "a type: a path goes from type to type, whatever users and roles they come with");
            return false;
        }
        if (!r.failed && is(&r, "without"))
            without(&r, q);
    } else if (q->subject.any && !policy_find_class(p, r.word ? r.word : "") && !is(&r, "what")) {
        /* what may SUBJECT do to OBJECT */
        q->subject.any = false;
        side(&r, &q->subject, false);
        take(&r, "do", "'do to', or an access");
        take(&r, "to", "'to'");
        side(&r, &q->object, true);
    } else {
        access(&r, q);
        take(&r, "on", "'on' and an object");
        side(&r, &q->object, true);
    }
    if (!r.failed && r.word)
        wrong(&r, "the end of the question");
    return !r.failed;
}
