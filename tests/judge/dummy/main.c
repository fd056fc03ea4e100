/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks Xen's own dummy policy, function by function, what judge/effective.c says it answers: for every operation, subject
 * and relation, in every case. calls.c, which a script writes, holds the functions (compiled from the tree's dummy.h) and
 * the numbers of the commands.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "front/front.h"
#include "hypervisor.h"
#include "judge/effective.h"

/* calls.c: the answer of xsm_NAME() to these arguments, one of `domains` and `numbers` each; false if there is no such. */
bool dummy_call(const char *name, struct domain *const *domains, const unsigned long *numbers, long *answer);
/* The number of a command; 0 for what the tree's dummy.h does not know. */
unsigned long dummy_constant(const char *name);

static struct vcpu vcpu;
struct vcpu *current = &vcpu;
static struct domain io;
struct domain *dom_io = &io;

enum { MOST_PARAMS = 16, MOST_ACTORS = 32 };

static struct {
    const struct actor *actor;
    struct domain domain;
} world[MOST_ACTORS];
static unsigned int n_world;

struct counts {
    unsigned int asked, wrong, operations;
};

/* The domain an actor is, with its target; made when it is first met in a case. */
static struct domain *domain_of(const struct actor *a)
{
    struct domain *d;
    unsigned int i;

    if (!a)
        return NULL;
    if (a->kind == DOMAIN_IO)
        return dom_io;
    for (i = 0; i < n_world; i++)
        if (world[i].actor == a)
            return &world[i].domain;
    world[n_world].actor = a;
    d = &world[n_world++].domain;
    *d = (struct domain){
        .domain_id = a->kind == DOMAIN_BOOT || a->kind == DOMAIN_HYPERVISOR ? DOMID_IDLE : (domid_t)n_world,
        .is_privileged = a->kind == DOMAIN_CONTROL || a->kind == DOMAIN_BOOT,
        .is_xenstore = a->kind == DOMAIN_XENSTORE,
    };
    d->target = domain_of(a->target);
    return d;
}

/* What an argument that is switched over is: the number of the row's command, or one that no row lists. */
static unsigned long number_of(const struct stage *s, const struct param *p)
{
    enum { UNLISTED = 999 };

    for (; s && s->row; s = s->outer)
        if (s->row->table->on->kind == EXPR_NAME && s->row->table->on->param == p)
            return s->key ? dummy_constant(s->key->name) : UNLISTED;
    return 0;
}

/* The facts that the dummy policy looks at; the others are Flask's alone. */
static void apply_facts(const struct instance *in)
{
    unsigned int i;

    for (i = 0; i < in->n_facts; i++)
        if (in->facts[i].about && !strcmp(in->facts[i].expr->name, "is_console"))
            domain_of(in->facts[i].about)->is_console = in->facts[i].truth;
}

static void ask(void *with, const struct instance *in)
{
    struct counts *n = with;
    struct buf facts = BUF_INIT;
    bool allowed = true;
    unsigned int i, j;

    n_world = 0;
    vcpu.domain = domain_of(in->subject);
    for (i = 0; i < in->op->n_vars; i++)
        if (in->decided[i] && in->op->vars[i].kind == VAR_DOMAIN)
            domain_of(in->vars[i]);
    apply_facts(in);
    for (i = 0; i < in->op->n_stages; i++) {
        const struct stage *s = &in->op->stages[i];
        struct domain *domains[MOST_PARAMS] = { NULL };
        unsigned long numbers[MOST_PARAMS] = { 0 };
        long answer;

        if (s->hook->kind != HOOK_ACCESS)
            return;
        for (j = 0; j < s->hook->n_params; j++) {
            if (s->bind[j] >= 0 && in->decided[s->bind[j]])
                domains[j] = domain_of(in->vars[s->bind[j]]);
            else if (s->bind[j] >= 0 && in->op->vars[s->bind[j]].subject)
                domains[j] = vcpu.domain;
            numbers[j] = number_of(s, &s->hook->params[j]);
        }
        if (!dummy_call(s->hook->name, domains, numbers, &answer)) {
            printf("%s: the tree has no such function\n", s->hook->name);
            n->wrong++;
            return;
        }
        allowed &= !answer;
    }
    n->asked++;
    if (allowed == in->allowed)
        return;
    n->wrong++;
    instance_print_facts(&facts, in);
    printf("%s: %s on %s (%s): Xen %s, xsmc says %s\n", in->op->path, domain_kind_name(in->subject->kind),
           relation_name(in->relation), buf_text(&facts), allowed ? "allows" : "refuses",
           in->allowed ? "allowed" : "refused");
    buf_free(&facts);
}

/* A release build: what CONFIG_VERBOSE_DEBUG would change is compiled in or not. */
static bool decide(const void *with, const struct expr *e, const struct actor *about, bool *truth)
{
    (void)about;
    *truth = with;
    return e->kind == EXPR_NAME && !strcmp(e->name, "CONFIG_VERBOSE_DEBUG");
}

int main(int argc, char **argv)
{
#ifdef CONFIG_VERBOSE_DEBUG
    struct supposing supposing = { decide, "" };
#else
    struct supposing supposing = { decide, NULL };
#endif
    struct arena *arena = arena_create(NULL);
    struct front *f = front_create(arena);
    struct operations ops;
    struct effective *e;
    struct counts n = { 0, 0, 0 };
    unsigned int i, kind, r;

    if (argc != 2)
        return 2;
    front_read(f, argv[1]);
    if (!front_bind(f))
        return 2;
    ops = operations_list(arena, f->model);
    e = effective_create(arena, &supposing, false);
    for (i = 0; i < ops.n; i++) {
        unsigned int before = n.asked;

        for (kind = 0; kind < N_SUBJECT_KINDS; kind++)
            for (r = 0; r < N_RELATIONS; r++)
                effective_each(e, &ops.items[i], (enum domain_kind)kind, (enum relation)r, ask, &n);
        n.operations += n.asked > before;
    }
    printf("%u answers about %u operations compared with Xen's dummy policy, %u wrong\n", n.asked, n.operations, n.wrong);
    arena_destroy(arena);
    return n.wrong || n.operations < 200;
}
