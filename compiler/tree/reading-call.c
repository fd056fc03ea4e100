/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The symbolic reading, calls: permissions, labels, and the functions that ask for something or look something up. */
#include <string.h>

#include "base/buf.h"
#include "tree/inside.h"
#include "tree/reading-inside.h"

static const struct value nothing = { .kind = VALUE_NONE };

static struct value text_value(const char *text)
{
    return text ? (struct value){ .kind = VALUE_TEXT, .text = text } : nothing;
}

static struct value verdict(void)
{
    return (struct value){ .kind = VALUE_VERDICT };
}

/* ---- permissions ---- */

struct value run_permission(struct run *r, const char *name)
{
    const char *sep = strstr(name, "__");
    struct perm_part *p;
    const char *class_name;
    char *lower, *c;

    if (!sep || sep == name || !sep[2])
        return nothing;
    for (c = (char *)name; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            return nothing;
    class_name = r->w->class_of(r->w->context, arena_text(r->w->arena, name, (size_t)(sep - name)));
    if (!class_name)
        return nothing;
    lower = arena_text(r->w->arena, sep + 2, strlen(sep + 2));
    for (c = lower; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    p = ARENA_NEW(r->w->arena, struct perm_part);
    p->class_name = class_name;
    p->text = lower;
    p->single = true;
    return (struct value){ .kind = VALUE_PERMS, .parts = p, .n_parts = 1 };
}

struct value run_perms_joined(struct run *r, const struct value *a, const struct value *b)
{
    struct perm_part *p = arena_array(r->w->arena, a->n_parts + b->n_parts, sizeof(*p));

    if (a->n_parts)
        memcpy(p, a->parts, a->n_parts * sizeof(*p));
    if (b->n_parts)
        memcpy(p + a->n_parts, b->parts, b->n_parts * sizeof(*p));
    return (struct value){ .kind = VALUE_PERMS, .parts = p, .n_parts = a->n_parts + b->n_parts };
}

const char *run_choices(struct run *r, const struct tree_function *f, const char **class_name)
{
    const char *text = tree_text(r->w->tree, f->body), *found;
    struct buf out = BUF_INIT;
    unsigned int n = 0;

    while (*text) {
        size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
        struct value v = nothing;

        if (len)
            v = run_permission(r, arena_text(r->w->arena, text, len));
        if (v.kind == VALUE_PERMS) {
            buf_printf(&out, "%s%s", n++ ? ", " : "{ ", v.parts->text);
            *class_name = v.parts->class_name;
        }
        text += len ? len : 1;
        while (!len && *text && ((text[-1] >= 'a' && text[-1] <= 'z') || text[-1] == '_') &&
               (*text == '_' || (*text >= '0' && *text <= '9') || (*text >= 'A' && *text <= 'z')))
            text++;
    }
    buf_puts(&out, " }");
    found = tree_taken(r->w->arena, &out);
    return n ? found : NULL;
}

/* The class and the text of what is asked for; false if they cannot be said. */
static bool perms_text(struct run *r, const struct value *v, const char **class_name, const char **text)
{
    struct buf out = BUF_INIT;
    unsigned int i;

    if (v->kind != VALUE_PERMS || !v->n_parts)
        return false;
    *class_name = v->parts[0].class_name;
    if (v->n_parts == 1 && !v->parts[0].when) {
        *text = v->parts[0].text;
        return true;
    }
    for (i = 0; i < v->n_parts; i++) {
        const struct perm_part *p = &v->parts[i];

        if (p->class_name != *class_name && strcmp(p->class_name, *class_name)) {
            buf_free(&out);
            return false;
        }
        buf_printf(&out, "%s%s", i ? ", " : "{ ", p->text);
        if (p->when)
            buf_printf(&out, " when %s", p->when);
        if (p->otherwise)
            buf_printf(&out, " else %s", p->otherwise);
    }
    buf_puts(&out, " }");
    *text = tree_taken(r->w->arena, &out);
    return true;
}

/* ---- labels and checks ---- */

static const char *subject_text(const struct run *r, const struct value *v)
{
    switch (v->kind) {
    case VALUE_OWN:
        return tree_word_len(v->a) == strlen(v->a) ? v->a : arena_printf(r->w->arena, "own(%s)", v->a);
    case VALUE_SEEN: return arena_printf(r->w->arena, "seen(%s, %s)", v->a, v->b);
    case VALUE_LABEL: return v->text;
    case VALUE_TEXT: return arena_printf(r->w->arena, "label %s", v->text);
    default: return NULL;
    }
}

static const char *object_text(const struct run *r, const struct value *subject, const struct value *v)
{
    if (v->kind == VALUE_OWN)
        return arena_printf(r->w->arena, "own(%s)", v->a);
    if (v->kind == VALUE_SEEN && subject->kind == VALUE_OWN && !strcmp(subject->a, v->a))
        return v->b;
    return subject_text(r, v);
}

static struct value check(struct run *r, TSNode n, const struct value *args, const char *first)
{
    const char *subject = subject_text(r, &args[0]), *object = object_text(r, &args[0], &args[1]), *class_name, *perms;
    struct reading_step *s;

    if (r->quiet)
        return verdict();
    if (!subject || !object || args[2].kind != VALUE_CLASS || !perms_text(r, &args[3], &class_name, &perms)) {
        run_incomplete(r, n, "makes a check whose parts cannot be read");
        return verdict();
    }
    s = run_step(r, READING_CHECK, n);
    s->subject = subject;
    s->object = object;
    s->spelt = !r->depth && !strncmp(first, "domain_sid(current", strlen("domain_sid(current"));
    s->class_name = args[2].text;
    s->perm_class = strcmp(class_name, args[2].text) ? class_name : NULL;
    s->perms = perms;
    s->plain = (!strncmp(object, "device(", 7) || !strncmp(object, "dtdev(", 6) || !strncmp(object, "irq(", 4)) &&
        args[4].kind == VALUE_TEXT && !strcmp(args[4].text, "NULL");
    return verdict();
}

/* The variable that `&v` points to is set. */
static void set_pointed(struct run *r, TSNode n, const struct value *pointer, struct value v)
{
    if (pointer->kind == VALUE_PARTS && strstr(pointer->text, "->"))
        run_incomplete(r, n, "sets a label");
    else if (pointer->kind == VALUE_PARTS)
        run_set(r, pointer->text, v);
}

static struct value label(const struct run *r, const char *kind, const struct value *args)
{
    if (args[0].kind != VALUE_TEXT)
        return nothing;
    return (struct value){ .kind = VALUE_LABEL, .text = arena_printf(r->w->arena, "%s(%s)", kind, args[0].text) };
}

static struct value transition(struct run *r, const struct value *args)
{
    if (args[0].kind != VALUE_OWN || args[2].kind != VALUE_CLASS)
        return nothing;
    if (args[1].kind == VALUE_SEEN && !strcmp(args[1].a, args[0].a))
        return (struct value){ .kind = VALUE_LABEL, .text = arena_printf(r->w->arena, "new %s(%s, %s)", args[2].text,
                                                                         args[0].a, args[1].b) };
    return nothing;
}

static struct value default_action(struct run *r, TSNode n, const struct value *args)
{
    struct reading_step *s;

    if (args[0].kind != VALUE_TEXT || args[1].kind != VALUE_TEXT || args[2].kind != VALUE_TEXT) {
        run_incomplete(r, n, "asks for a default that cannot be read");
        return verdict();
    }
    s = run_step(r, READING_DEFAULT, n);
    s->action = args[0].text;
    s->subject = args[1].text;
    s->object = strcmp(args[2].text, "NULL") ? args[2].text : NULL;
    return verdict();
}

/* Whether every argument is what the function's own argument of that place is called. */
static const char *other_args(struct run *r, TSNode list, unsigned int k)
{
    struct buf out = BUF_INIT;
    bool same = k == r->function->n_params;
    const char *text;
    unsigned int i;

    for (i = 0; i < k; i++) {
        const char *arg = run_expr(r, ts_node_named_child(list, i));
        const struct value *v = same && r->function->params[i].name ? run_find(r, r->function->params[i].name) : NULL;

        same = same && arg && v && v->kind == VALUE_TEXT && !strcmp(v->text, arg);
        buf_printf(&out, "%s%s", i ? ", " : "", arg ? arg : "?");
    }
    text = tree_taken(r->w->arena, &out);
    return same || !k ? NULL : text;
}

enum { MOST_ARGS = 12 };

/* Calls that ask nothing and change nothing that matters here. */
static bool is_harmless(const char *name)
{
    static const char *const all[] = {
        "block_speculation", "ASSERT", "printk", "dprintk", "gprintk", "gdprintk", "rcu_unlock_domain", "put_domain",
        "AVC_AUDIT_DATA_INIT", "BUILD_BUG_ON", "ASSERT_UNREACHABLE", "LINKER_BUG_ON", "barrier", "fallthrough",
    };
    size_t i;

    for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (!strcmp(all[i], name))
            return true;
    return false;
}

static bool finds_domain(const char *name)
{
    return !strncmp(name, "rcu_lock_domain_by", 18) || !strncmp(name, "get_domain_by", 13) ||
           !strcmp(name, "rcu_lock_remote_domain_by_id");
}

/* A function that yields permissions: written out if its conditions are about its arguments, else a choice. */
static struct value chosen(struct run *r, TSNode n, const struct tree_function *f, const struct value *args, unsigned int k)
{
    const char *class_name = NULL, *choices = run_choices(r, f, &class_name), *call;
    struct perm_part *p;
    struct value v;
    unsigned int i;

    if (!choices)
        return nothing;
    v = run_call(r, f, args, k);
    for (i = 0; v.kind == VALUE_PERMS && i < v.n_parts; i++)
        if (v.parts[i].when && strchr(v.parts[i].when, '('))
            v.kind = VALUE_NONE;
    if (v.kind == VALUE_PERMS)
        return v;
    call = run_expr(r, n);
    if (!call)
        return nothing;
    p = ARENA_NEW(r->w->arena, struct perm_part);
    p->class_name = class_name;
    p->text = arena_printf(r->w->arena, "choose %s %s", call, choices);
    return (struct value){ .kind = VALUE_PERMS, .parts = p, .n_parts = 1 };
}

static bool holds_check(const struct run *r, const struct tree_function *f)
{
    unsigned int i;

    for (i = 0; i < f->n_calls; i++) {
        const char *c = f->calls[i].callee;

        if (c && (strstr(c, "has_perm") || !strncmp(c, "domain_has_", 11) || !strncmp(c, "security_", 9) ||
                  !strcmp(c, "avc_unknown_permission") || r->w->hook_of(r->w->context, c)))
            return true;
    }
    return false;
}

struct value run_ask(struct run *r, TSNode n)
{
    TSNode list = run_field(n, "arguments"), callee = run_field(n, "function");
    const char *name = run_text(r, callee), *hook, *text;
    struct value args[MOST_ARGS] = { { .kind = VALUE_NONE } };
    unsigned int i, k = ts_node_is_null(list) ? 0 : ts_node_named_child_count(list);
    const struct tree_function *f;

    if (is_harmless(name))
        return nothing;
    if (k > MOST_ARGS)
        return nothing;
    if (!strcmp(name, "evaluate_nospec") || !strcmp(name, "likely") || !strcmp(name, "unlikely"))
        return k ? run_value(r, ts_node_named_child(list, 0)) : nothing;
    if (!strcmp(name, "avc_unknown_permission")) {
        struct reading_step *s = run_step(r, READING_UNKNOWN, n);

        s->text = k ? run_text(r, ts_node_named_child(list, 0)) : "\"\"";
        return verdict();
    }
    if (!strcmp(name, "XSM_ASSERT_ACTION") && k == 1) {
        r->out->asserted = run_text(r, ts_node_named_child(list, 0));
        run_set(r, names_get(r->w->names, "action"), text_value(r->out->asserted));
        return nothing;
    }
    hook = r->w->hook_of(r->w->context, name);
    if (hook && !r->quiet && strcmp(name, r->function->name)) {
        struct reading_step *s = run_step(r, READING_AS, n);

        s->text = hook;
        s->args = other_args(r, list, k);
        return verdict();
    }
    for (i = 0; i < k; i++)
        args[i] = run_value(r, ts_node_named_child(list, i));
    if (!strcmp(name, "avc_has_perm") && k == 5)
        return check(r, n, args, run_text(r, ts_node_named_child(list, 0)));
    if (!strcmp(name, "xsm_default_action") && k == 3)
        return default_action(r, n, args);
    if (!strcmp(name, "domain_sid") && k == 1 && args[0].kind == VALUE_TEXT)
        return (struct value){ .kind = VALUE_OWN, .a = args[0].text };
    if (!strcmp(name, "domain_target_sid") && k == 2 && args[0].kind == VALUE_TEXT && args[1].kind == VALUE_TEXT)
        return (struct value){ .kind = VALUE_SEEN, .a = args[0].text, .b = args[1].text };
    if (!strcmp(name, "evtchn_sid") && k == 1 && args[0].kind == VALUE_TEXT)
        return (struct value){ .kind = VALUE_LABEL, .text = args[0].text };
    if (!strcmp(name, "security_device_sid") && k == 2)
        return set_pointed(r, n, &args[1], label(r, "device", args)), verdict();
    if (!strcmp(name, "security_devicetree_sid") && k == 2)
        return set_pointed(r, n, &args[1], label(r, "dtdev", args)), verdict();
    if ((!strcmp(name, "get_irq_sid") && k == 3) || (!strcmp(name, "security_irq_sid") && k == 2))
        return set_pointed(r, n, &args[1], label(r, "irq", args)), verdict();
    if (!strcmp(name, "security_transition_sid") && k == 4)
        return set_pointed(r, n, &args[3], transition(r, args)), verdict();
    if ((!strcmp(name, "security_iterate_iomem_sids") || !strcmp(name, "security_iterate_ioport_sids")) && k == 4) {
        const struct tree_function *each = run_callee(r, run_text(r, ts_node_named_child(list, 2)));
        struct value given[4] = { args[3] };

        run_incomplete(r, n, "asks once for every label that occurs in the range");
        if (each && args[0].kind == VALUE_TEXT && args[1].kind == VALUE_TEXT) {
            given[1] = (struct value){ .kind = VALUE_LABEL, .text = arena_printf(r->w->arena, "%s(%s, %s)",
                                       strstr(name, "iomem") ? "iomem" : "ioport", args[0].text, args[1].text) };
            run_call(r, each, given, 4);
        }
        return verdict();
    }
    if (finds_domain(name) && k >= 1 && args[0].kind == VALUE_TEXT) {
        run_incomplete(r, n, "looks up a domain by its number");
        return (struct value){ .kind = VALUE_TEXT, .text = args[0].text, .looked_up = true };
    }
    f = run_is(callee, "identifier") ? run_callee(r, name) : NULL;
    if (f && !holds_check(r, f)) {
        struct value v = chosen(r, n, f, args, k);

        if (v.kind != VALUE_NONE)
            return v;
    }
    if (f && holds_check(r, f))
        return run_call(r, f, args, k);
    text = run_expr(r, n);
    return text_value(text);
}
