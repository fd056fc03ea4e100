/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the words of a message to classes, types and operations. The class and its permissions are looked up in the
 * database, the types in the policy; operations are those whose questions, cast with the policy's types, are this one.
 */
#include "avc/meaning.h"

#include <stdlib.h>
#include <string.h>

#include "avc/explain.h"
#include "judge/answerer.h"
#include "model/never.h"

struct avc_explainer *avc_explainer_create(struct policy *p, const struct model *m, struct answerer *w,
                                           const struct sources *s)
{
    struct avc_explainer *x = ARENA_NEW(p->arena, struct avc_explainer);

    *x = (struct avc_explainer){
        .policy = p, .model = m, .answerer = w, .sources = s, .causes = avc_causes_create(p, m),
        .effective = effective_create(p->arena, NULL, false),
    };
    return x;
}

/* ---- names ---- */

/* The part of a context between colons `n` and `n + 1`, interned; NULL if there is none. */
static const char *context_part(struct avc_explainer *x, const char *context, unsigned int n)
{
    const char *end;

    for (; n; n--) {
        context = strchr(context, ':');
        if (!context)
            return NULL;
        context++;
    }
    end = strchr(context, ':');
    return names_intern(x->policy->names, context, end ? (size_t)(end - context) : strlen(context));
}

static const struct type *type_of(struct avc_explainer *x, const char *context)
{
    const char *name = context_part(x, context, 2);
    const struct type *t = name ? policy_find_type(x->policy, name) : NULL;

    return t && t->real && t->real->kind == KIND_TYPE ? t->real : NULL;
}

/* The whole context, for constraints; NULL if the policy does not know its user or role. */
static const struct context *context_of(struct avc_explainer *x, const char *text, const struct type *type)
{
    const char *user = context_part(x, text, 0), *role = context_part(x, text, 1);
    struct context *c = ARENA_NEW(x->policy->arena, struct context);

    c->user = map_get(&x->policy->user_map, NULL, user);
    c->role = role ? map_get(&x->policy->role_map, NULL, role) : NULL;
    c->type = (struct type *)type;
    return c->user && c->role && !x->policy->mls ? c : NULL;
}

static bool names_find(struct avc_explainer *x, struct avc_meaning *m, const struct avc_denial *d)
{
    struct arena *a = x->policy->arena;
    unsigned int i;

    m->class = policy_find_class(x->policy, names_get(x->policy->names, d->class));
    if (!m->class) {
        m->trouble = arena_printf(a, "there is no class '%s' here: the log is of a hypervisor with other classes, or the line is cut", d->class);
        return false;
    }
    for (i = 0; i < d->n_perms; i++) {
        const struct perm *perm = policy_find_perm(m->class, names_get(x->policy->names, d->perms[i]));

        if (!perm) {
            m->trouble = arena_printf(a, "class '%s' has no permission '%s' here: the log is of a hypervisor with another one",
                                      d->class, d->perms[i]);
            return false;
        }
        m->bits |= UINT32_C(1) << perm->bit;
    }
    m->subject = type_of(x, d->subject);
    m->object = type_of(x, d->object);
    if (!m->subject || !m->object) {
        m->trouble = arena_printf(a, "this policy has no type for '%s': the log was written under another one",
                                  m->subject ? d->object : d->subject);
        return false;
    }
    return true;
}

/* ---- the policy ---- */

static const struct query_result *ask(struct avc_explainer *x, const struct avc_lack *l, const struct context *subject,
                                      const struct context *object)
{
    struct arena *a = x->policy->arena;
    struct query q = { .form = QUERY_MAY, .text = "", .class = x->policy->classes.items[l->class->number - 1], .perms = l->bits };
    const struct query_answer *answered;

    q.subject = (struct query_side){ .types = bits_create(a, x->policy->n_numbered), .context = subject };
    q.object = (struct query_side){ .types = bits_create(a, x->policy->n_numbered), .context = object };
    bits_set(&q.subject.types, l->subject->number);
    bits_set(&q.object.types, l->object->number);
    answered = answer(x->answerer, &q);
    return answered && answered->results.n ? &answered->results.items[0] : NULL;
}

/* The permissions that are not allowed, whatever users and roles may add. */
static uint32_t refused(struct avc_explainer *x, const struct avc_lack *l)
{
    const struct query_result *r;

    if (!l->subject || !l->object)
        return 0;
    r = ask(x, l, NULL, NULL);
    return r ? l->bits & ~(r->yes | r->maybe) : l->bits;
}

static void ask_policy(struct avc_explainer *x, struct avc_meaning *m, const struct avc_denial *d)
{
    struct arena *a = x->policy->arena;
    struct avc_lack lack = { m->subject, m->object, m->class->class, m->bits };
    const struct context *subject = context_of(x, d->subject, m->subject), *object = context_of(x, d->object, m->object);
    struct query_pair pair = { .subject = m->subject, .object = m->object, .subject_context = subject, .object_context = object };
    struct query_result *then;

    m->now = ask(x, &lack, subject, object);
    m->never = policy_never(x->policy, m->subject, m->object, m->class->class, m->bits);
    if (m->subject->bounds || m->object->bounds)
        return;
    then = ARENA_NEW(a, struct query_result);
    then->subject = m->subject;
    then->object = m->object;
    then->class = m->class->class;
    answerer_restrict(x->answerer, &pair, m->class->class, m->bits, m->bits, then);
    m->then = then;
}

bool avc_rule_suffices(const struct avc_meaning *m)
{
    return !m->never && m->then && !(m->bits & ~(m->then->yes | m->then->maybe));
}

/* ---- operations ---- */

static bool is_use(const struct avc_meaning *m, const struct avc_use *u, bool any_types)
{
    return u->class == m->class->class && !(m->bits & ~u->bits) &&
           (any_types || (u->subject == m->subject && u->object == m->object));
}

static struct avc_wanted *wanted_of(struct avc_explainer *x, struct avc_meaning *m, const struct operation *op)
{
    struct avc_wanted *w;

    if (m->wanted.n && m->wanted.items[m->wanted.n - 1].op == op)
        return &m->wanted.items[m->wanted.n - 1];
    w = LIST_PUSH(x->policy->arena, &m->wanted);
    w->op = op;
    w->reach = operation_reach(x->effective, op, NULL);
    w->blocked = true;
    return w;
}

/* What the case of this use asks beside and is refused: of all cases of an operation the one that lacks least. */
static void add_also(struct avc_explainer *x, const struct avc_meaning *m, struct avc_wanted *w, unsigned int use, bool first)
{
    const struct avc_use *uses = x->causes->uses.items;
    struct avc_wanted other = { .op = w->op };
    unsigned int i, j;

    if (!first && !w->also.n)
        return;
    for (i = use; i && uses[i - 1].instance == uses[use].instance; i--)
        ;
    for (; i < x->causes->uses.n && uses[i].instance == uses[use].instance; i++) {
        struct avc_lack lack = { uses[i].subject, uses[i].object, uses[i].class, uses[i].bits };

        if (i == use)
            continue;
        if (lack.subject == m->subject && lack.object == m->object && lack.class == m->class->class)
            lack.bits &= ~m->bits;
        if (!lack.bits || !(lack.bits = refused(x, &lack)))
            continue;
        for (j = 0; j < other.also.n; j++)
            if (!memcmp(&other.also.items[j], &lack, sizeof(lack)))
                break;
        if (j == other.also.n)
            *LIST_PUSH(x->policy->arena, &other.also) = lack;
    }
    if (first || other.also.n < w->also.n) {
        w->also.items = other.also.items;
        w->also.n = other.also.n;
        w->also.cap = other.also.cap;
    }
}

static void find_operations(struct avc_explainer *x, struct avc_meaning *m)
{
    const struct avc_causes *c = x->causes;
    bool any_types;
    unsigned int i;

    for (any_types = !c->typed; ; any_types = true) {
        for (i = 0; i < c->uses.n; i++) {
            const struct avc_use *u = &c->uses.items[i];
            struct avc_wanted *w;
            bool first;

            if (!is_use(m, u, any_types))
                continue;
            w = wanted_of(x, m, u->op);
            first = !w->allowed && !w->refused;
            w->allowed |= u->allowed;
            w->refused |= !u->allowed;
            w->blocked &= !u->reached;
            if (!any_types)
                add_also(x, m, w, i, first);
        }
        if (m->wanted.n || any_types)
            break;
    }
    m->others = c->typed && any_types;
}

/* ---- what Flask does not know ---- */

static const struct step *unknown_step(const struct steps *steps, const char *thing)
{
    unsigned int i;

    for (i = 0; i < steps->n; i++)
        if (steps->step[i].kind == STEP_UNKNOWN && steps->step[i].text && !strcmp(steps->step[i].text, thing))
            return &steps->step[i];
    return NULL;
}

static const struct step *unknown_row(const struct table *t, const char *thing)
{
    const struct step *found = NULL;
    unsigned int i;

    for (i = 0; t && i < t->n_rows && !found; i++) {
        found = unknown_step(&t->rows[i].flask, thing);
        if (!found)
            found = unknown_row(t->rows[i].sub, thing);
    }
    return found;
}

static void find_unknown(struct avc_explainer *x, struct avc_meaning *m, const char *thing)
{
    unsigned int i;

    for (i = 0; i < x->model->n_hooks && !m->step; i++) {
        const struct hook *h = x->model->hooks[i];

        m->hook = h;
        m->step = unknown_step(&h->flask, thing);
        if (!m->step)
            m->step = unknown_row(h->table, thing);
        if (!m->step)
            m->step = unknown_row(h->flask_table, thing);
    }
    if (!m->step)
        m->hook = NULL;
}

struct avc_meaning *avc_meaning_of(struct avc_explainer *x, const struct avc_denial *d)
{
    struct avc_meaning *m = ARENA_NEW(x->policy->arena, struct avc_meaning);

    if (d->thing) {
        find_unknown(x, m, d->thing);
    } else if (names_find(x, m, d)) {
        find_operations(x, m);
        ask_policy(x, m, d);
    }
    return m;
}
