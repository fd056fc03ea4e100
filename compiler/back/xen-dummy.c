/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dummy policy: one function a hook, which asks xsm_default_action() with the row's default. Without XSM these
 * are what the hypervisor calls, and XSM_ASSERT_ACTION() compares the default that callers hand in; with XSM they
 * are the dummy module. Source of the shapes and of XSM_OTHER for hooks with several defaults: xen/include/xsm/dummy.h.
 *
 * A default nobody decided is never generated: it is refused with its place.
 */
#include <string.h>

#include "back/gen.h"
#include "back/xen-c.h"
#include "model/print.h"

/* What a function of the dummy policy does for one command. */
struct answer {
    enum action action;
    bool barrier;               /* nobody checks: only a speculation barrier */
};

struct dummy {
    struct gen *g;
    struct buf *out;
    const struct hook *hook;
    const struct default_clause *defaults;  /* the hook's, or its defect's fix */
    unsigned int n_defaults;
    const char *subject;
    enum action asserted;       /* the hook's only default, or ACTION_UNSET: several */
};

static bool answer_equal(struct answer a, struct answer b)
{
    return a.action == b.action && a.barrier == b.barrier;
}

/* ---- whom it is about ---- */

/* A domain as C; NULL if the label is none (an event channel, a resource, an initial SID). */
static const char *domain_expr(struct gen *g, const struct label *l)
{
    if (!l)
        return NULL;
    if (l->kind == LABEL_CURRENT)
        return "current->domain";
    if (l->kind != LABEL_DOMAIN && l->kind != LABEL_EXACT)
        return NULL;
    if (!l->param || l->param->kind != PARAM_DOMAIN) {
        gen_refuse(g, l->span, "the dummy policy needs a domain here, not its number: name the domain in `default ... "
                               "on`, or mark the hook `manual dummy`");
        return NULL;
    }
    return l->name;
}

static const char *object_expr(struct gen *g, const struct label *l)
{
    const char *c = domain_expr(g, l);

    return c ? c : "NULL";
}

/* ---- questions ---- */

static void dummy_undecided(const struct dummy *d, struct span span, const char *what)
{
    diag_help(d->g->diags, gen_refuse(d->g, span, "nobody has decided who may do %s", what),
              "give it a default: anyone, self-or-target, device-model, xenstore, control or nobody");
}

/* `lead` and the question: "return xsm_default_action(XSM_PRIV, current->domain, d);". */
static void dummy_ask(const struct dummy *d, unsigned int indent, const char *lead, struct answer a,
                      const struct label *object)
{
    struct xen_args args = { NULL, 0, 0 };

    if (a.barrier) {
        xen_line(d->out, indent, "/* Answered without any check. */");
        xen_line(d->out, indent, "block_speculation();");
        xen_line(d->out, indent, "%s0;", lead);
        return;
    }
    if (a.action == ACTION_NOBODY || a.action == ACTION_UNSET) {
        xen_line(d->out, indent, "%s-EPERM;", lead);
        return;
    }
    xen_args_add(d->g, &args, a.action == d->asserted ? "action" : print_action_c(a.action));
    xen_args_add(d->g, &args, d->subject);
    xen_args_add(d->g, &args, object_expr(d->g, object));
    xen_call(d->out, indent, lead, "xsm_default_action", &args, ";");
}

/* ---- default clauses ---- */

static const struct label *clause_object(const struct dummy *d, const struct default_clause *c)
{
    return c->on ? c->on : d->hook->object;
}

/* Clauses of which the first that holds decides. Returns whether one of them always does. */
static bool dummy_clauses(const struct dummy *d, const struct default_clause *c, unsigned int n)
{
    bool decided = false;
    unsigned int i;

    for (i = 0; i < n && !decided; i++) {
        struct answer a = { c[i].action, false };
        bool always = !c[i].when;

        if (c[i].guard)
            print_guard_open(d->out, c[i].guard);
        if (c[i].note)
            xen_comment(d->out, 4, c[i].note);
        if (!always)
            xen_if(d->out, 4, xen_expr(d->g, c[i].when));
        dummy_ask(d, always ? 4 : 8, "return ", a, clause_object(d, &c[i]));
        if (c[i].guard && always) {
            buf_puts(d->out, "#else\n");
            decided = dummy_clauses(d, c + i + 1, n - i - 1);
            print_guard_close(d->out, c[i].guard, false);
            return decided;
        }
        if (c[i].guard)
            print_guard_close(d->out, c[i].guard, false);
        decided = always;
    }
    return decided;
}

/* Clauses that must all allow: each `also` is asked when all before it have allowed. */
static void dummy_conjunction(const struct dummy *d)
{
    unsigned int i;

    for (i = 0; i < d->n_defaults; i++) {
        const struct default_clause *c = &d->defaults[i];
        struct answer a = { c->action, false };
        const char *when = c->when ? xen_expr(d->g, c->when) : NULL;

        if (c->guard)
            print_guard_open(d->out, c->guard);
        if (c->note)
            xen_comment(d->out, 4, c->note);
        if (i && !c->also) {
            gen_refuse(d->g, c->span, "'default' after the first and 'also' cannot be combined: mark the hook `manual "
                                      "dummy`");
        } else if (when && i) {
            bool loose = c->when->kind == EXPR_OR;

            xen_if(d->out, 4, arena_printf(d->g->arena, "%s%s%s && !rc", loose ? "(" : "", when, loose ? ")" : ""));
        } else if (when || i) {
            xen_if(d->out, 4, when ? when : "!rc");
        }
        dummy_ask(d, when || i ? 8 : 4, "rc = ", a, clause_object(d, c));
        if (c->guard)
            print_guard_close(d->out, c->guard, false);
    }
    xen_line(d->out, 4, "return rc;");
}

/* Whether several clauses must allow. */
static bool has_also(const struct dummy *d)
{
    unsigned int i;

    for (i = 0; i < d->n_defaults; i++)
        if (d->defaults[i].also)
            return true;
    return false;
}

/* ---- tables ---- */

static struct answer row_answer(const struct gen *g, const struct row *r)
{
    const struct steps *s = gen_steps(g, &r->flask, r->defect);
    struct answer a = { gen_action(g, r->action, r->defect), false };

    a.barrier = a.action == ACTION_ANYONE && s->set && s->n == 1 && s->step[0].kind == STEP_PERMIT &&
                !s->step[0].when;
    return a;
}

/* Whether every command of the table gets the same answer, and which. Reports what nobody decided. */
static bool table_answer(const struct dummy *d, const struct table *t, struct answer *only)
{
    bool same = true, first = true, star = false;
    unsigned int i;

    for (i = 0; i < t->n_rows; i++) {
        const struct row *r = &t->rows[i];
        struct answer a;

        star |= r->star;
        if (r->sub)
            same &= table_answer(d, r->sub, &a);
        else
            a = row_answer(d->g, r);
        if (a.action == ACTION_UNSET)
            dummy_undecided(d, r->span, r->star ? "what is not listed" : "this");
        if (first)
            *only = a;
        same &= answer_equal(a, *only);
        first = false;
    }
    if (!star)
        dummy_undecided(d, t->span, "what is not listed (a row for '*' is missing)");
    if (first)
        *only = (struct answer){ ACTION_NOBODY, false };
    return same && star;
}

/* Adds every default of the table to `seen`. */
static void table_actions(const struct dummy *d, const struct table *t, bool *seen)
{
    unsigned int i;

    for (i = 0; i < t->n_rows; i++) {
        if (t->rows[i].sub)
            table_actions(d, t->rows[i].sub, seen);
        else
            seen[row_answer(d->g, &t->rows[i]).action] = true;
    }
}

static void dummy_table(const struct dummy *d, unsigned int indent, const struct table *t);

static void dummy_row(const struct dummy *d, unsigned int indent, const struct row *r)
{
    if (r->sub)
        dummy_table(d, indent, r->sub);
    else
        dummy_ask(d, indent, "return ", row_answer(d->g, r), d->hook->object);
}

/* Where a group stands in its switch: in the order in which the language lists the defaults, tables behind. */
static int group_rank(const struct dummy *d, const struct xen_group *group)
{
    static const int ranks[] = {
        [ACTION_ANYONE] = 1,  [ACTION_SELF_OR_TARGET] = 2, [ACTION_DEVICE_MODEL] = 3,
        [ACTION_XENSTORE] = 4, [ACTION_CONTROL] = 5,        [ACTION_NOBODY] = 6,
    };
    struct answer a;

    if (group->items[0]->sub)
        return ranks[ACTION_NOBODY] + 1;
    a = row_answer(d->g, group->items[0]);
    return a.barrier ? 0 : ranks[a.action];
}

/* Rows with one answer stand together; a row that is a table itself stands alone. */
static struct xen_group *dummy_groups(const struct dummy *d, const struct table *t, unsigned int *n)
{
    struct xen_group *groups = arena_array(d->g->arena, t->n_rows, sizeof(*groups)), moved;
    unsigned int of[2][ACTION_NOBODY + 1], i, j;

    for (i = 0; i <= ACTION_NOBODY; i++)
        of[0][i] = of[1][i] = t->n_rows;
    *n = 0;
    for (i = 0; i < t->n_rows; i++) {
        const struct row *r = &t->rows[i];
        struct answer a = row_answer(d->g, r);
        unsigned int *group = r->sub ? NULL : &of[a.barrier][a.action];
        unsigned int at = group && *group < t->n_rows ? *group : (*n)++;

        *LIST_PUSH(d->g->arena, &groups[at]) = r;
        groups[at].star |= r->star;
        if (group)
            *group = at;
    }
    for (i = 1; i < *n; i++) {
        moved = groups[i];
        for (j = i; j && group_rank(d, &groups[j - 1]) > group_rank(d, &moved); j--)
            groups[j] = groups[j - 1];
        groups[j] = moved;
    }
    return groups;
}

/* if ( op == X ) for a table of one command and the rest, else a switch. */
static void dummy_table(const struct dummy *d, unsigned int indent, const struct table *t)
{
    const char *on = xen_expr(d->g, t->on);
    struct xen_group *groups;
    unsigned int i, n;

    if (t->n_rows == 2 && t->rows[0].n_keys == 1 && t->rows[1].star && t->parent) {
        xen_if(d->out, indent, arena_printf(d->g->arena, "%s == %s", on, t->rows[0].keys[0].name));
        dummy_row(d, indent + 4, &t->rows[0]);
        dummy_row(d, indent, &t->rows[1]);
        return;
    }
    groups = dummy_groups(d, t, &n);
    xen_line(d->out, indent, "switch ( %s )", on);
    xen_line(d->out, indent, "{");
    for (i = 0; i < n; i++) {
        if (groups[i].star)
            continue;
        xen_cases(d->out, indent, &groups[i], false);
        dummy_row(d, indent + 4, groups[i].items[0]);
        buf_putc(d->out, '\n');
    }
    for (i = 0; i < n; i++) {
        if (!groups[i].star)
            continue;
        xen_line(d->out, indent, "default:");
        dummy_row(d, indent + 4, groups[i].items[0]);
    }
    xen_line(d->out, indent, "}");
}

/* ---- functions ---- */

/* The one default of the hook, or ACTION_UNSET if it has several. */
static enum action dummy_asserted(const struct dummy *d)
{
    bool seen[ACTION_NOBODY + 1] = { false };
    enum action a, only = ACTION_UNSET;
    unsigned int i;

    for (i = 0; i < d->n_defaults; i++)
        seen[d->defaults[i].action] = true;
    if (!d->n_defaults && d->hook->table)
        table_actions(d, d->hook->table, seen);
    for (a = ACTION_ANYONE; a <= ACTION_NOBODY; a++) {
        if (!seen[a])
            continue;
        if (only != ACTION_UNSET)
            return ACTION_UNSET;
        only = a;
    }
    return only == ACTION_NOBODY ? ACTION_UNSET : only;
}

/* What a hook without a check answers. */
static void dummy_result(const struct dummy *d)
{
    const struct hook *h = d->hook;

    if (!strcmp(h->returns, "void")) {
        xen_line(d->out, 4, "return;");
    } else if (h->result) {
        xen_line(d->out, 4, "return %s;", h->result);
    } else {
        diag_help(d->g->diags,
                  gen_refuse(d->g, h->span, "nobody has decided what '%s' answers in the dummy policy", h->name),
                  "write `result \"...\";`, or `manual dummy \"why\";`");
    }
}

/* The default clauses: where a defect's fix gives a default it takes the place of all of them. */
static void dummy_defaults(struct dummy *d)
{
    const struct hook *h = d->hook;
    struct default_clause *fixed;

    d->defaults = h->defaults;
    d->n_defaults = h->n_defaults;
    if (gen_action(d->g, ACTION_UNSET, h->defect) == ACTION_UNSET)
        return;
    fixed = ARENA_NEW(d->g->arena, struct default_clause);
    fixed->action = h->defect->fix_action;
    fixed->span = h->defect->span;
    d->defaults = fixed;
    d->n_defaults = 1;
}

static void dummy_access(struct dummy *d)
{
    const struct hook *h = d->hook;
    struct answer only;

    dummy_defaults(d);
    d->subject = h->subject ? domain_expr(d->g, h->subject) : "current->domain";
    if (!d->subject) {
        gen_refuse(d->g, h->subject->span, "the dummy policy can only ask about a domain as the subject");
        return;
    }
    if (has_also(d))
        xen_line(d->out, 4, "int rc = 0;\n");
    if (hook_has_action(h)) {
        d->asserted = dummy_asserted(d);
        xen_line(d->out, 4, "XSM_ASSERT_ACTION(%s);",
                 d->asserted == ACTION_UNSET ? "XSM_OTHER" : print_action_c(d->asserted));
        if (d->n_defaults > 1 || (!d->n_defaults && d->asserted == ACTION_UNSET))
            buf_putc(d->out, '\n');
    }
    if (has_also(d)) {
        dummy_conjunction(d);
    } else if (d->n_defaults) {
        /* Hooks without an action ask nobody; with one, callers' defaults are compared even so. */
        if (!hook_has_action(h) && !d->defaults[0].when && !d->defaults[0].guard &&
            d->defaults[0].action == ACTION_ANYONE)
            xen_line(d->out, 4, "return 0;");
        else if (!dummy_clauses(d, d->defaults, d->n_defaults))
            dummy_undecided(d, d->defaults[d->n_defaults - 1].span, "this in all other cases");
    } else if (h->table) {
        if (table_answer(d, h->table, &only))
            dummy_ask(d, 4, "return ", only, h->object);
        else
            dummy_table(d, 4, h->table);
    } else {
        dummy_undecided(d, h->span, arena_printf(d->g->arena, "'%s'", h->name));
    }
}

static void dummy_function(struct gen *g, struct buf *out, const struct hook *h, const char *attributes)
{
    struct dummy d = { .g = g, .out = out, .hook = h };
    struct xen_args params = xen_params(g, h);

    if (hook_has_action(h) && params.n)
        params.items[0] = arena_printf(g->arena, "XSM_DEFAULT_ARG %s", params.items[0]);
    else if (hook_has_action(h))
        xen_args_add(g, &params, "XSM_DEFAULT_VOID");
    xen_comment(out, 0, h->meaning ? h->meaning : h->name);
    xen_function(out,
                 xen_declarator(g, arena_printf(g->arena, "static XSM_INLINE %s", h->returns), attributes,
                                arena_printf(g->arena, "xsm_%s", h->name)),
                 &params);
    if (h->kind == HOOK_ACCESS)
        dummy_access(&d);
    else
        dummy_result(&d);
    buf_puts(out, "}\n");
}

static void dummy_file(struct gen *g, const char *attributes)
{
    const struct hook *const *hooks = xen_hooks_by_source(g);
    struct buf out = BUF_INIT;
    struct xen_section section = { .g = g, .out = &out, .spaced = true };
    unsigned int i;

    xen_header(g, &out, "The dummy policy: what each hook allows when there is no security module.", FROM_HOOKS, false);
    xen_once_begin(&out, "XSM_DUMMY_HOOKS_H");
    buf_putc(&out, '\n');
    for (i = 0; i < g->model->n_hooks; i++) {
        if (hooks[i]->dummy_manual.reason)
            continue;
        xen_section_next(&section, hooks[i]);
        dummy_function(g, &out, hooks[i], attributes);
    }
    xen_section_end(&section);
    xen_once_end(&out, "XSM_DUMMY_HOOKS_H");
    gen_add(g, "xen/include/xsm/dummy-hooks.h", &out);
}

void xen_dummy_generate(struct gen *g)
{
    dummy_file(g, "cf_check");
}

void upstream_dummy_generate(struct gen *g)
{
    dummy_file(g, "");
}
