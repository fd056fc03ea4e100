/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the grammar's actions do: make the nodes of the model, still unbound, and append declarations to the
 * front end's lists. Nothing is looked up here.
 */
#include <string.h>

#include "front/lists.h"
#include "front/parse.h"

/* From the name's address, as names are interned; it is compared and never shown. */
static uint32_t likeness(const struct expr *e)
{
    uint64_t h = (uintptr_t)e->name;

    h = (h + (uint64_t)e->kind) * 0x9e3779b97f4a7c15u;
    h = (h ^ h >> 32 ^ (e->a ? e->a->likeness : 0)) * 0xc2b2ae3d27d4eb4fu;
    h = (h ^ h >> 32 ^ (e->b ? e->b->likeness : 0)) * 0x165667b19e3779f9u;
    return (uint32_t)(h >> 32);
}

struct expr *build_expr(struct parse *p, enum expr_kind kind, struct expr *a, struct expr *b, struct span where)
{
    unsigned int below = a ? a->depth : 0;
    struct expr *e;

    if (b && b->depth > below)
        below = b->depth;
    if (below >= DEEPEST) {
        if (!p->lexer_complained)
            parse_bad(p, where, "this expression is nested more than %d deep", DEEPEST);
        return a;
    }
    e = ARENA_NEW(p->arena, struct expr);
    *e = (struct expr){ .kind = kind, .depth = below + 1, .a = a, .b = b, .span = where };
    e->likeness = likeness(e);
    return e;
}

struct expr *build_named(struct parse *p, enum expr_kind kind, const char *name, struct expr *a, struct span where)
{
    struct expr *e = build_expr(p, kind, a, NULL, where);

    if (e != a) {
        e->name = name;
        e->likeness = likeness(e);
    }
    return e;
}

struct label *build_label(struct parse *p, enum label_kind kind, const char *name, struct span where)
{
    struct label *l = ARENA_NEW(p->arena, struct label);

    *l = (struct label){ .kind = kind, .name = name, .span = where };
    return l;
}

/* A domain that is named inside another label. */
static struct label *label_of_domain(struct parse *p, const struct expr *e)
{
    if (e->kind == EXPR_CURRENT)
        return build_label(p, LABEL_CURRENT, e->name, e->span);
    if (e->kind != EXPR_NAME)
        parse_bad(p, e->span, "expected the name of an argument or 'current'");
    return build_label(p, e->kind == EXPR_NAME ? LABEL_DOMAIN : LABEL_NONE, e->name, e->span);
}

struct label *build_label_call(struct parse *p, const char *word, struct span word_where, expr_list args,
                               struct span where)
{
    static const struct {
        const char *word;
        enum label_kind kind;
        unsigned int n_args;
        const char *usage;
    } calls[] = {
        { "own", LABEL_EXACT, 1, "own(domain)" },
        { "seen", LABEL_SEEN, 2, "seen(by, domain)" },
        { "device", LABEL_DEVICE, 1, "device(sbdf)" },
        { "irq", LABEL_IRQ, 1, "irq(number)" },
        { "iomem", LABEL_IOMEM, 2, "iomem(start, end)" },
        { "ioport", LABEL_IOPORT, 2, "ioport(start, end)" },
        { "dtdev", LABEL_DTDEV, 1, "dtdev(path)" },
    };
    struct label *l = build_label(p, LABEL_NONE, word, where);
    unsigned int i;

    l->args = args.items;
    l->n_args = args.n;
    for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (strcmp(calls[i].word, word))
            continue;
        if (args.n != calls[i].n_args) {
            parse_bad(p, where, "this is written %s", calls[i].usage);
            return l;
        }
        l->kind = calls[i].kind;
        if (l->kind == LABEL_EXACT && args.items[0]->kind == EXPR_NAME) {
            l->name = args.items[0]->name;
            l->n_args = 0;
        } else if (l->kind == LABEL_SEEN) {
            l->from = label_of_domain(p, args.items[0]);
            l->to = label_of_domain(p, args.items[1]);
            l->n_args = 0;
        }
        return l;
    }
    diag_help(p->diags,
              diag_add(p->diags, &RULE_UNKNOWN_NAME, word_where, "there is no label '%s()'", word),
              "labels are own(), seen(), device(), irq(), iomem(), ioport(), dtdev(), `sid NAME`, `label EXPR` and "
              "`new CLASS(from, to)`");
    return l;
}

void build_database(struct parse *p, const char *name, struct span where)
{
    struct front_lists *lists = p->front->lists;
    struct model *m = p->front->model;

    if (m->target) {
        diag_note(p->diags,
                  diag_add(p->diags, &RULE_DUPLICATE_NAME, where, "the database is already named '%s'", m->target),
                  lists->target, "here");
        return;
    }
    m->target = name;
    lists->target = where;
}

void build_class(struct parse *p, const char *name, struct span where, const char *continues, const char *meaning,
                 perm_decl_list perms)
{
    struct class *c = ARENA_NEW(p->arena, struct class);
    unsigned int i;

    *c = (struct class){ .name = name, .meaning = meaning, .span = where, .continues_name = continues,
                         .perms = perms.items, .n_perms = perms.n };
    for (i = 0; i < perms.n; i++) {
        perms.items[i].class = c;
        perms.items[i].bit = i;
    }
    *LIST_PUSH(p->arena, &p->front->lists->classes) = c;
    c->number = p->front->lists->classes.n;
}

void build_extension(struct parse *p, const char *name, struct span where, perm_decl_list perms)
{
    *LIST_PUSH(p->arena, &p->front->lists->extensions) =
        (struct extension){ .class_name = name, .span = where, .perms = perms.items, .n_perms = perms.n };
}

void build_isid(struct parse *p, const char *name, struct span where, const char *meaning)
{
    struct isid *s = ARENA_NEW(p->arena, struct isid);

    *s = (struct isid){ .name = name, .meaning = meaning, .span = where };
    *LIST_PUSH(p->arena, &p->front->lists->isids) = s;
    s->number = p->front->lists->isids.n;
}

void build_layout(struct parse *p, hook_list hooks, struct span where)
{
    struct layout *l = &p->front->model->layout;

    if (l->set) {
        diag_note(p->diags, diag_add(p->diags, &RULE_DUPLICATE_NAME, where, "there is already a layout"),
                  l->span, "here");
        return;
    }
    *l = (struct layout){ hooks.items, hooks.n, where, true };
}

const char *build_c_join(struct parse *p, const char *type, const char *more)
{
    size_t len;

    if (!type)
        return more;
    len = strlen(type);
    if (len > LONGEST_TYPE)
        return type;
    return arena_printf(p->arena, "%s%s%s", type,
                        more[0] == '(' || (more[0] == '*' && type[len - 1] == '*') || type[len - 1] == '*' ? "" : " ",
                        more);
}

void build_c_word(struct parse *p, struct c_tokens *c, const char *word, struct span where)
{
    if (c->name)
        c->type = build_c_join(p, c->type, c->name);
    c->name = word;
    c->name_span = where;
}

void build_c_type(struct parse *p, struct c_tokens *c, const char *text)
{
    if (c->name)
        c->type = build_c_join(p, c->type, c->name);
    c->name = NULL;
    c->type = build_c_join(p, c->type, text);
}

struct param *build_param(struct parse *p, const struct c_tokens *c, struct span where)
{
    struct param *param = ARENA_NEW(p->arena, struct param);
    const char *bare;

    if (!c->type && c->name && !strcmp(c->name, "void"))
        return NULL;
    if (!c->type || !c->name) {
        parse_bad(p, where, "an argument has a type and a name");
        return NULL;
    }
    if (strlen(c->type) > LONGEST_TYPE) {
        parse_bad(p, where, "the type of an argument has at most %d letters", LONGEST_TYPE);
        return NULL;
    }
    *param = (struct param){ .type = c->type, .name = c->name, .array = c->array, .span = c->name_span };
    bare = strncmp(c->type, "const ", 6) ? c->type : c->type + 6;
    if (!strcmp(bare, "struct domain *"))
        param->kind = PARAM_DOMAIN;
    else if (!strcmp(bare, "struct evtchn *") && !c->array)
        param->kind = PARAM_EVTCHN;
    else if (!strcmp(bare, "domid_t"))
        param->kind = PARAM_DOMID;
    return param;
}

struct step *build_step(struct parse *p, enum step_kind kind, struct span where)
{
    struct step *s = ARENA_NEW(p->arena, struct step);

    s->kind = kind;
    s->span = where;
    return s;
}

struct steps *build_steps(struct parse *p, struct step *step, struct span where)
{
    struct steps *s = ARENA_NEW(p->arena, struct steps);

    s->step = step;
    s->n = 1;
    s->set = true;
    s->span = where;
    return s;
}

void build_as(struct parse *p, struct step *step, const char *hook, struct span where)
{
    step->hooks = ARENA_NEW(p->arena, struct hook_ref);
    *step->hooks = (struct hook_ref){ .name = hook, .span = where };
    step->n_hooks = 1;
}

void build_hook_begin(struct parse *p, enum hook_kind kind, const char *name, struct span where, param_list params,
                      const char *returns, struct expr *guard, const char *meaning)
{
    struct hook *h = ARENA_NEW(p->arena, struct hook);

    *h = (struct hook){ .kind = kind, .name = name, .span = where, .params = params.items, .n_params = params.n,
                        .returns = returns ? returns : "int", .guard = guard, .meaning = meaning };
    p->draft = (struct hook_draft){ .hook = h };
    p->waivers = (waiver_list){ NULL, 0, 0 };
}

void build_waivers(struct parse *p, const waiver_list *waivers, struct span scope)
{
    unsigned int i;

    for (i = 0; i < waivers->n; i++) {
        waivers->items[i].scope = scope;
        *LIST_PUSH(p->arena, &p->front->lists->waivers) = waivers->items[i];
    }
}

struct within build_within(const char *name, struct span where, key_list commands)
{
    struct within w = { .kind = WITHIN_HOOK, .hook = { .name = name, .span = where }, .span = where };

    if (!commands.n && !strcmp(name, "rows"))
        w.kind = WITHIN_ROWS;
    w.commands = commands.items;
    w.n_commands = commands.n;
    if (commands.n)
        w.span = span_join(where, commands.items[commands.n - 1].span);
    return w;
}

void build_within_args(struct within *w, expr_list args)
{
    w->args = args.items;
    w->n_args = args.n;
    w->args_given = true;
}

struct within build_by(struct parse *p, const char *word, struct span word_where, struct span where)
{
    struct within w = { .kind = WITHIN_HYPERVISOR, .span = where };

    if (!strcmp(word, "hardware"))
        w.kind = WITHIN_HARDWARE;
    else if (!strcmp(word, "boot"))
        w.kind = WITHIN_BOOT;
    else if (strcmp(word, "hypervisor"))
        parse_bad(p, word_where, "expected 'boot', 'hypervisor' or 'hardware', found '%s'", word);
    return w;
}

void build_hook_end(struct parse *p, struct span where)
{
    struct hook *h = p->draft.hook;

    if (!h)
        return;
    build_waivers(p, &p->waivers, where);
    p->waivers = (waiver_list){ NULL, 0, 0 };
    h->defaults = p->draft.defaults.items;
    h->n_defaults = p->draft.defaults.n;
    *LIST_PUSH(p->arena, &p->front->lists->hooks) = h;
}

bool build_once(struct parse *p, struct span *seen, struct span where, const char *what)
{
    if (seen->file) {
        diag_note(p->diags,
                  diag_add(p->diags, &RULE_DUPLICATE_NAME, where, "a hook has one '%s' statement", what),
                  *seen, "the first is here");
        return false;
    }
    *seen = where;
    return true;
}

void build_subject(struct parse *p, struct label *label, struct span where)
{
    if (build_once(p, &p->draft.subject, where, "subject"))
        p->draft.hook->subject = label;
}

void build_object(struct parse *p, struct label *label, const char *reserve, struct span reserve_where,
                  struct span where)
{
    if (reserve && strcmp(reserve, "hypervisor"))
        parse_bad(p, reserve_where, "expected 'hypervisor', found '%s'", reserve);
    if (build_once(p, &p->draft.object, where, "object")) {
        p->draft.hook->object = label;
        p->draft.hook->object_reserved = reserve != NULL;
    }
}

void build_withins(struct parse *p, within_list withins, struct span where)
{
    if (!build_once(p, &p->draft.within, where, "within"))
        return;
    p->draft.hook->within = withins.items;
    p->draft.hook->n_within = withins.n;
}

void build_flask(struct parse *p, const struct steps *steps, struct table *table, struct span where)
{
    if (!build_once(p, &p->draft.flask, where, "flask"))
        return;
    if (table)
        p->draft.hook->flask_table = table;
    else
        p->draft.hook->flask = *steps;
}

void build_silo(struct parse *p, struct silo silo)
{
    if (build_once(p, &p->draft.hook->silo.span, silo.span, "silo"))
        p->draft.hook->silo = silo;
}
