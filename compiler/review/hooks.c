/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How hooks are declared, answers aside: what they take and return, in which builds they exist, whose bodies are written
 * by hand, what SILO does, what is known to be wrong, and how they are described.
 */
#include "review/review.h"

#include <string.h>

#include "base/buf.h"
#include "model/print.h"
#include "review/match.h"

struct hooks {
    struct changes *out;
    const struct model *old_model, *new_model;
    const struct hook *old, *new;       /* the pair in work */
    bool wordless;
};

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static struct change *add(struct hooks *h, enum grade g, enum subject_matter about, struct span old, struct span new,
                          const char *text, const char *advice)
{
    struct change *x = change_add(h->out, g, about, (h->new ? h->new : h->old)->name);

    x->place.old = old;
    x->place.new = new;
    x->text = text;
    x->advice = advice;
    return x;
}

static const char *take(struct arena *a, struct buf *b)
{
    const char *text = arena_text(a, buf_text(b), b->len);

    buf_free(b);
    return text;
}

static const struct span nowhere = { 0, 0, 0 };

/* ---- signature, guard, bodies ---- */

static const char *signature(struct arena *a, const struct hook *h)
{
    struct buf out = BUF_INIT;
    unsigned int i;

    buf_printf(&out, "%s %s(", h->returns, h->name);
    for (i = 0; i < h->n_params; i++) {
        buf_puts(&out, i ? ", " : "");
        print_param(&out, &h->params[i]);
    }
    buf_printf(&out, "%s)", h->n_params ? "" : "void");
    return take(a, &out);
}

static const char *expr_words(struct arena *a, const struct expr *e)
{
    struct buf out = BUF_INIT;

    if (!e)
        return "every configuration";
    print_expr(&out, e, PRINT_LANGUAGE);
    return take(a, &out);
}

static bool is_conjunct(const struct expr *one, const struct expr *all)
{
    if (all && all->kind == EXPR_AND)
        return is_conjunct(one, all->a) || is_conjunct(one, all->b);
    return expr_equal(one, all);
}

/* Whether `wide` holds wherever `narrow` does, as far as can be seen: every conjunct of it is one of the other's. */
static bool guard_implied(const struct expr *wide, const struct expr *narrow)
{
    if (!wide)
        return true;
    if (wide->kind == EXPR_AND)
        return guard_implied(wide->a, narrow) && guard_implied(wide->b, narrow);
    return narrow && is_conjunct(wide, narrow);
}

static void compare_guards(struct hooks *h)
{
    struct arena *a = h->out->arena;
    const struct expr *old = h->old->guard, *new = h->new->guard;
    bool wider = guard_implied(new, old);

    if (expr_equal(old, new))
        return;
    add(h, wider ? GRADE_MOVED : GRADE_LOOSER, ABOUT_HOOK, h->old->span, h->new->span,
        arena_printf(a, "'%s' is there with %s; before with %s.", h->new->name, expr_words(a, new), expr_words(a, old)),
        wider ? NULL : "In the other builds nothing is checked any more: see that what it guards is not built there either.");
}

static const char *body(struct arena *a, const struct manual *m)
{
    if (!m->reason)
        return "generated";
    return m->function ? arena_printf(a, "written by hand as %s()", m->function) : "written by hand";
}

static void compare_body(struct hooks *h, const char *which, const struct manual *old, const struct manual *new)
{
    struct arena *a = h->out->arena;
    bool moved = !old->reason != !new->reason || !same_text(old->function, new->function);

    if (moved)
        add(h, GRADE_MOVED, ABOUT_HOOK, old->reason ? old->span : h->old->span, new->reason ? new->span : h->new->span,
            arena_printf(a, "The %s body of '%s' is %s; before it was %s.", which, h->new->name, body(a, new), body(a, old)),
            new->reason && !old->reason ? "That its C does what the row declares is for the reviewer to see." : NULL);
    else if (!h->wordless && !same_text(old->reason, new->reason))
        add(h, GRADE_TEXT, ABOUT_TEXT, old->span, new->span,
            arena_printf(a, "Why the %s body of '%s' is written by hand: \"%s\"; before \"%s\".", which, h->new->name,
                         new->reason, old->reason), NULL);
}

/* What the dummy body of a hook that asks nothing returns: 0 lets through. */
static void compare_results(struct hooks *h)
{
    const char *was = h->old->result ? h->old->result : "0", *is = h->new->result ? h->new->result : "0";
    enum grade g = !strcmp(is, "0") ? GRADE_LOOSER : !strcmp(was, "0") ? GRADE_STRICTER : GRADE_MOVED;

    if (strcmp(was, is))
        add(h, g, ABOUT_HOOK, h->old->span, h->new->span,
            arena_printf(h->out->arena, "Without a policy '%s' returns %s; before %s.", h->new->name, is, was), NULL);
}

static void compare_kinds(struct hooks *h)
{
    static const char *const names[] = {
        [HOOK_ACCESS] = "an access check", [HOOK_LIFECYCLE] = "a life-cycle hook, which checks nothing",
        [HOOK_FLASK_ONLY] = "a hook of Flask alone",
    };
    struct arena *a = h->out->arena;

    if (h->old->kind != h->new->kind)
        add(h, h->new->kind == HOOK_LIFECYCLE ? GRADE_LOOSER : h->old->kind == HOOK_LIFECYCLE ? GRADE_STRICTER : GRADE_MOVED,
            ABOUT_HOOK, h->old->span, h->new->span,
            arena_printf(a, "'%s' is %s; before it was %s.", h->new->name, names[h->new->kind], names[h->old->kind]), NULL);
    if (h->old->no_action != h->new->no_action)
        add(h, GRADE_MOVED, ABOUT_HOOK, h->old->span, h->new->span,
            arena_printf(a, "Callers of '%s' %s.", h->new->name,
                         h->new->no_action ? "no longer hand in a default action" : "now hand in a default action"),
            "Every call site changes.");
}

static void compare_signatures(struct hooks *h)
{
    struct arena *a = h->out->arena;
    const char *was = signature(a, h->old), *is = signature(a, h->new);

    if (h->old->name != h->new->name)
        add(h, GRADE_MOVED, ABOUT_HOOK, h->old->span, h->new->span,
            arena_printf(a, "'%s' is the new name of '%s'.", h->new->name, h->old->name), "Every call site changes.");
    else if (strcmp(was, is))
        add(h, GRADE_MOVED, ABOUT_HOOK, h->old->span, h->new->span,
            arena_printf(a, "'%s' is declared as '%s'; before as '%s'.", h->new->name, is, was),
            "Every call site and every body written by hand changes.");
}

/* ---- SILO ---- */

static const char *silo_words(struct arena *a, const struct silo *s)
{
    struct buf out = BUF_INIT;

    if (s->kind != SILO_PAIR)
        return "any two domains";
    buf_puts(&out, "control, and where ");
    print_label(&out, s->a);
    buf_puts(&out, " and ");
    print_label(&out, s->b);
    buf_puts(&out, " are one domain");
    return take(a, &out);
}

static void compare_silo(struct hooks *h)
{
    const struct silo *old = &h->old->silo, *new = &h->new->silo;
    struct arena *a = h->out->arena;
    struct span was = old->kind == SILO_UNSET ? h->old->span : old->span;
    struct span is = new->kind == SILO_UNSET ? h->new->span : new->span;

    if ((old->kind == SILO_PAIR) != (new->kind == SILO_PAIR) ||
        (new->kind == SILO_PAIR && (!label_equal(old->a, new->a) || !label_equal(old->b, new->b)))) {
        /* Another pair may be looser for some and stricter for others. */
        enum grade g = old->kind == SILO_PAIR ? GRADE_LOOSER : GRADE_STRICTER;

        add(h, g, ABOUT_SILO, was, is,
            arena_printf(a, "Under SILO '%s' is for %s; before for %s.", h->new->name, silo_words(a, new),
                         silo_words(a, old)),
            g == GRADE_LOOSER ? "With xsm=silo two guests may now reach each other by it, unless the default refuses."
                              : "With xsm=silo guests that work together by it no longer can.");
        return;
    }
    if (h->wordless)
        return;
    if (old->kind != new->kind || (new->kind == SILO_NONE && !same_text(old->reason, new->reason)))
        add(h, GRADE_TEXT, ABOUT_TEXT, was, is,
            new->reason ? arena_printf(a, "SILO has no rule for '%s': \"%s\"%s%s%s.", h->new->name, new->reason,
                                       old->reason ? "; before \"" : "", old->reason ? old->reason : "",
                                       old->reason ? "\"" : "")
                        : arena_printf(a, "Why SILO has no rule for '%s' is no longer said.", h->new->name), NULL);
}

/* ---- what stands beside a hook or row ---- */

static void compare_defects(struct hooks *h, const char *what, const struct defect *old, const struct defect *new,
                            struct span was, struct span is)
{
    struct arena *a = h->out->arena;
    struct buf before = BUF_INIT, after = BUF_INIT;

    if ((!old && !new) || h->wordless)
        return;
    if (old)
        was = old->span;
    if (new)
        is = new->span;
    if (!old || !new) {
        add(h, GRADE_TEXT, ABOUT_DEFECT, was, is,
            new ? arena_printf(a, "A defect of '%s' is known: %s.", what, new->text) :
                  arena_printf(a, "A defect of '%s' is no longer known: %s.", what, old->text),
            new && (new->fix_flask.set || new->fix_action != ACTION_UNSET) ?
            "`xsmc gen --fix-defects` mends it; `xsmc diff --fixed` compares what is mended." : NULL);
        return;
    }
    print_steps(&before, &old->fix_flask);
    print_steps(&after, &new->fix_flask);
    if (old->fix_action != new->fix_action || strcmp(buf_text(&before), buf_text(&after)))
        add(h, GRADE_TEXT, ABOUT_DEFECT, was, is,
            arena_printf(a, "What would be right for '%s' is %s, %s; before %s, %s.", what, print_action(new->fix_action),
                         buf_text(&after), print_action(old->fix_action), buf_text(&before)),
            "`xsmc diff --fixed` tells for whom that makes a difference.");
    else if (strcmp(old->text, new->text))
        add(h, GRADE_TEXT, ABOUT_TEXT, was, is,
            arena_printf(a, "The defect of '%s' is described as \"%s\"; before as \"%s\".", what, new->text, old->text), NULL);
    buf_free(&before);
    buf_free(&after);
}

static void compare_meanings(struct hooks *h, const char *what, const char *old, const char *new, struct span was,
                             struct span is)
{
    struct arena *a = h->out->arena;

    if (same_text(old, new) || h->wordless)
        return;
    add(h, GRADE_TEXT, ABOUT_TEXT, was, is,
        !new ? arena_printf(a, "'%s' is no longer described.", what) :
        !old ? arena_printf(a, "'%s' is described: \"%s\".", what, new) :
               arena_printf(a, "'%s' is described as \"%s\"; before as \"%s\".", what, new, old), NULL);
}

/* ---- rows ---- */

static const struct row *row_like(const struct table *t, const struct row_key *key)
{
    unsigned int i, k;

    for (i = 0; i < t->n_rows; i++) {
        const struct row *r = &t->rows[i];

        if (!key && r->star)
            return r;
        for (k = 0; key && k < r->n_keys; k++)
            if (r->keys[k].name == key->name)
                return r;
    }
    return NULL;
}

static void compare_tables(struct hooks *h, const char *above, const struct table *old, const struct table *new)
{
    struct arena *a = h->out->arena;
    unsigned int i, k;

    if (!old || !new)
        return;
    if (!expr_equal(old->on, new->on))
        add(h, GRADE_MOVED, ABOUT_HOOK, old->span, new->span,
            arena_printf(a, "'%s' looks at %s to tell commands apart; before at %s.", above, expr_words(a, new->on),
                         expr_words(a, old->on)), NULL);
    for (i = 0; i < new->n_rows; i++) {
        const struct row *is = &new->rows[i], *said = NULL;

        for (k = 0; k < (is->n_keys ? is->n_keys : 1); k++) {
            const struct row_key *key = is->n_keys ? &is->keys[k] : NULL;
            const struct row *was = row_like(old, key);
            const char *what = arena_printf(a, "%s/%s", above, key ? key->name : "*");

            /* What two rows say of all their commands is told once. */
            if (!was || was == said)
                continue;
            said = was;
            compare_meanings(h, what, was->meaning, is->meaning, was->span, is->span);
            compare_defects(h, what, was->defect, is->defect, was->span, is->span);
            if (!expr_equal(was->guard, is->guard))
                add(h, GRADE_MOVED, ABOUT_HOOK, was->span, is->span,
                    arena_printf(a, "Flask knows '%s' with %s; before with %s.", what, expr_words(a, is->guard),
                                 expr_words(a, was->guard)),
                    "In other builds Flask answers as for a command it does not know.");
            compare_tables(h, what, was->sub, is->sub);
        }
    }
}

/* ---- hooks ---- */

static void compare_notes(struct hooks *h)
{
    struct arena *a = h->out->arena;
    unsigned int i;

    if (h->old->n_defaults != h->new->n_defaults || h->wordless)
        return;
    for (i = 0; i < h->new->n_defaults; i++) {
        const struct default_clause *was = &h->old->defaults[i], *is = &h->new->defaults[i];

        if (!same_text(was->note, is->note))
            add(h, GRADE_TEXT, ABOUT_TEXT, was->span, is->span,
                arena_printf(a, "A default of '%s' is explained by \"%s\"; before by \"%s\".", h->new->name,
                             is->note ? is->note : "", was->note ? was->note : ""), NULL);
    }
}

static void compare_hooks(struct hooks *h)
{
    compare_kinds(h);
    compare_signatures(h);
    compare_guards(h);
    compare_body(h, "Flask", &h->old->flask_manual, &h->new->flask_manual);
    compare_body(h, "dummy", &h->old->dummy_manual, &h->new->dummy_manual);
    compare_results(h);
    compare_silo(h);
    compare_defects(h, h->new->name, h->old->defect, h->new->defect, h->old->span, h->new->span);
    compare_meanings(h, h->new->name, h->old->meaning, h->new->meaning, h->old->span, h->new->span);
    compare_notes(h);
    compare_tables(h, h->new->name, h->old->table, h->new->table);
    compare_tables(h, h->new->name, h->old->flask_table, h->new->flask_table);
}

/* A life-cycle hook is no operation, so nothing else tells of it. */
static void lonely(struct hooks *h)
{
    struct arena *a = h->out->arena;
    const struct hook *k = h->new ? h->new : h->old;

    if (k->kind == HOOK_LIFECYCLE)
        add(h, GRADE_MOVED, ABOUT_HOOK, h->old ? k->span : nowhere, h->new ? k->span : nowhere,
            arena_printf(a, "There is %s life-cycle hook '%s'%s.", h->new ? "a new" : "no", k->name, h->new ? "" : " any more"),
            NULL);
}

void review_hooks(struct changes *c, const struct model *old, const struct model *new, bool wordless)
{
    struct hooks h = { .out = c, .old_model = old, .new_model = new, .wordless = wordless };
    bool *known = arena_array(c->arena, new->n_hooks, sizeof(*known));
    unsigned int i, j;

    for (i = 0; i < old->n_hooks; i++) {
        h.old = old->hooks[i];
        h.new = match_hook(old, new, h.old);
        for (j = 0; h.new && j < new->n_hooks; j++)
            known[j] |= new->hooks[j] == h.new;
        if (h.new)
            compare_hooks(&h);
        else
            lonely(&h);
    }
    h.old = NULL;
    for (j = 0; j < new->n_hooks; j++) {
        h.new = new->hooks[j];
        if (!known[j])
            lonely(&h);
    }
}
