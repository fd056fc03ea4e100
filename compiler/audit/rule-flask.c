/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on Flask's classes and permissions. A permission is a constant CLASS__NAME, a class SECCLASS_CLASS. What a variable
 * or a small function may hold is every such constant that is assigned or returned anywhere in it.
 */
#include <ctype.h>
#include <string.h>

#include "audit/audit-inside.h"

static bool is_flask_file(const struct tree_file *file)
{
    return !strncmp(file->path, "xen/xsm/flask/", 14) && strncmp(file->path, "xen/xsm/flask/ss/", 17);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The next constant CLASS__NAME in the text from *at on; NULL if there is none. `len` is its length. */
static const char *next_permission(const char **at, size_t *len)
{
    const char *c = *at;

    while (*c) {
        const char *start = c;

        while (is_word(*c))
            c++;
        *len = (size_t)(c - start);
        if (*len > 4 && isupper((unsigned char)*start)) {
            const char *two = strstr(start, "__");

            if (two && two > start && (size_t)(two - start) + 2 < *len) {
                *at = c;
                return start;
            }
        }
        while (*c && !is_word(*c))
            c++;
    }
    *at = c;
    return NULL;
}

/* "DOMAIN2" of "DOMAIN2__CACHEFLUSH". */
static const char *class_of(const struct audit *a, const char *permission)
{
    return names_intern(a->names, permission, (size_t)(strstr(permission, "__") - permission));
}

/* ---- what an argument may hold ---- */

struct holding {
    struct audit *audit;
    const char *variable;           /* NULL: what the function returns */
    const struct tree_function *function;
    unsigned int depth;
    void (*each)(struct holding *, const char *permission, struct span span);
    const char *class;              /* asked for */
    const struct tree_function *asker;
    struct span at;                 /* the argument */
};

static void holds_value(struct holding *h, const struct act *value);

static bool visit_assigned(const struct act *act, void *data)
{
    struct holding *h = data;
    const struct act *to = act_kid(act, 0), *from = act_kid(act, 1);

    if (h->variable) {
        if ((act->kind == ACT_ASSIGN || act->kind == ACT_MODIFY) && to && to->name == h->variable && from)
            holds_value(h, from);
        if (act->kind == ACT_DECLARE && act->name == h->variable && to)
            holds_value(h, to);
    } else if (act->kind == ACT_RETURN && to) {
        holds_value(h, to);
    }
    return true;
}

static void holds_in(struct holding *h, const struct tree_function *f, const char *variable)
{
    struct holding inner = *h;

    inner.variable = variable;
    inner.function = f;
    inner.depth++;
    if (inner.depth < 4)
        act_walk(body_of(h->audit->bodies, f)->block, visit_assigned, &inner);
}

static void holds_value(struct holding *h, const struct act *value)
{
    const struct tree_function *const *f;
    const char *at = value->name ? value->name : "", *permission;
    size_t len;
    unsigned int i, n;

    while ((permission = next_permission(&at, &len)))
        h->each(h, names_intern(h->audit->names, permission, len), value->span);
    if (value->kind == ACT_CALL && value->name) {
        n = tree_functions_named(h->audit->tree, value->name, &f);
        for (i = 0; i < n; i++)
            if (is_flask_file(f[i]->file))
                holds_in(h, f[i], NULL);
    } else if (value->kind == ACT_VALUE && value->name && islower((unsigned char)value->name[0]) &&
               !strpbrk(value->name, "->.[(")) {
        holds_in(h, h->function, value->name);
    }
}

/* ---- class against permission ---- */

static void check_class(struct holding *h, const char *permission, struct span span)
{
    struct audit *a = h->audit;
    const char *class = class_of(a, permission);
    struct diag *d;

    if (class == h->class)
        return;
    d = diag_add(a->diags, &RULE_WRONG_CLASS, h->at, "'%s' is asked for in class '%s': there its bit means another permission",
                 permission, h->class);
    diag_declare(a->diags, d, h->asker->name);
    if (span.start != h->at.start)
        diag_note(a->diags, d, span, "'%s' comes from here", permission);
    diag_help(a->diags, d, "ask in SECCLASS_%s", class);
}

/* A function that asks for its parameter in a class of its own choice: domain_has_xen(). */
struct fixed_class {
    const struct tree_function *function;
    unsigned int param;
    const char *class;
};

struct classes {
    struct audit *audit;
    LIST(struct fixed_class) fixed;
    const struct tree_function *function;
};

static const char *class_argument(const struct audit *a, const struct act *call)
{
    const struct act *kid = call->first ? call->first->next : NULL;

    for (; kid; kid = kid->next)
        if (kid->name && !strncmp(kid->name, "SECCLASS_", 9))
            return names_get(a->names, kid->name + 9);
    return NULL;
}

static bool visit_fixed(const struct act *act, void *data)
{
    struct classes *c = data;
    const struct act *kid = act->kind == ACT_CALL && act->first ? act->first->next : NULL;
    const char *class = kid ? class_argument(c->audit, act) : NULL;
    unsigned int i;

    for (; class && kid; kid = kid->next)
        for (i = 0; i < c->function->n_params; i++)
            if (kid->kind == ACT_VALUE && kid->name && kid->name == c->function->params[i].name &&
                strncmp(c->function->params[i].type, "struct", 6) && strncmp(c->function->params[i].type, "const", 5) &&
                strstr(kid->name, "perm"))
                *LIST_PUSH(c->audit->arena, &c->fixed) = (struct fixed_class){ c->function, i, class };
    return true;
}

static void check_argument(struct classes *c, const struct act *argument, const char *class)
{
    struct holding h = {
        .audit = c->audit, .function = c->function, .asker = c->function, .each = check_class, .class = class,
        .at = argument->span,
    };

    holds_value(&h, argument);
}

static bool visit_question(const struct act *act, void *data)
{
    struct classes *c = data;
    const struct act *kid = act->kind == ACT_CALL && act->first ? act->first->next : NULL;
    const char *class = kid ? class_argument(c->audit, act) : NULL;
    unsigned int i;

    for (; class && kid; kid = kid->next)
        if (!kid->name || strncmp(kid->name, "SECCLASS_", 9))
            check_argument(c, kid, class);
    for (i = 0; act->kind == ACT_CALL && i < c->fixed.n; i++)
        if (act->name == c->fixed.items[i].function->name && (kid = act_arg(act, c->fixed.items[i].param)))
            check_argument(c, kid, c->fixed.items[i].class);
    return true;
}

static void check_classes(struct audit *a)
{
    const struct tree_function *const *f;
    unsigned int i, n = tree_functions(a->tree, &f), pass;
    struct classes c = { .audit = a };

    for (pass = 0; pass < 2; pass++)
        for (i = 0; i < n; i++)
            if (is_flask_file(f[i]->file)) {
                c.function = f[i];
                act_walk(body_of(a->bodies, f[i])->block, pass ? visit_question : visit_fixed, &c);
            }
}

/* ---- permissions nobody asks for ---- */

/* Every CLASS__NAME that stands anywhere in the hypervisor's code. */
static void collect_permissions(struct audit *a, struct map *used)
{
    const struct tree_file *const *files;
    unsigned int i, n = tree_files(a->tree, &files);
    size_t len;

    for (i = 0; i < n; i++) {
        const struct tree_macro *const *macros;
        const char *at = files[i]->text, *permission;

        (void)macros;
        if (!hooks_own_file(files[i]))
            continue;
        while ((permission = next_permission(&at, &len)))
            map_put(a->arena, used, NULL, names_intern(a->names, permission, len), used);
    }
}

static const char *upper(struct audit *a, const char *class, const char *permission)
{
    char *text = arena_printf(a->arena, "%s__%s", class, permission);
    char *c;

    for (c = text; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return names_get(a->names, text);
}

/* The next word of access_vectors, its comments left out; one of { and } by itself. */
static bool vector_word(const char *text, size_t len, size_t *at, size_t *start, size_t *end)
{
    size_t i = *at;

    while (i < len && (isspace((unsigned char)text[i]) || text[i] == '#')) {
        if (text[i] == '#')
            while (i < len && text[i] != '\n')
                i++;
        else
            i++;
    }
    *start = i;
    if (i < len && (text[i] == '{' || text[i] == '}'))
        i++;
    else
        while (i < len && is_word(text[i]))
            i++;
    if (i == *start && i < len)
        i++;
    *end = *at = i;
    return *start < len;
}

static void check_vectors(struct audit *a)
{
    const char *path = arena_printf(a->arena, "%s/xen/xsm/flask/policy/access_vectors", a->root);
    uint32_t file = source_read(a->sources, path);
    const char *text, *class = NULL;
    struct map used = { 0 };
    size_t len, at = 0, start, end;
    bool inside = false, named = false;

    if (!file)
        return;     /* a tree without Flask */
    collect_permissions(a, &used);
    text = source_text(a->sources, file, &len);
    while (vector_word(text, len, &at, &start, &end)) {
        const char *word = names_intern(a->names, text + start, end - start);

        if (!strcmp(word, "{")) {
            inside = true;
        } else if (!strcmp(word, "}")) {
            inside = named = false;
        } else if (!inside && !strcmp(word, "class")) {
            named = true;
        } else if (!inside && named) {
            class = word;
        } else if (inside && class && !map_get(&used, NULL, upper(a, class, word))) {
            struct diag *d = diag_add(a->diags, &RULE_DEAD_PERMISSION,
                                      (struct span){ file, (uint32_t)start, (uint32_t)end },
                                      "no code asks for '%s:%s'", class, word);

            diag_declare(a->diags, d, class);
        }
    }
}

void audit_flask(struct audit *a)
{
    check_classes(a);
    check_vectors(a);
}
