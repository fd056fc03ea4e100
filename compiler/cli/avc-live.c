/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xsmc avc stats, xsmc avc ask: figures and answers of the running hypervisor. CPUs are tried one after the other, since
 * nobody says how many there are and those that are switched off leave gaps.
 */
#include "cli/avc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "judge/query.h"
#include "live/live.h"
#include "model/print-policy.h"
#include "text/json.h"
#include "text/rules.h"

enum { MOST_CPUS = 4096 };  /* what Xen can be built for */

static const struct span NOWHERE = { 0, 0, 0 };

static int trouble(struct cli *c, const char *what, const char *why)
{
    diag_add(c->front->diags, &RULE_IO, NOWHERE, "%s: %s", what, why);
    return EXIT_TROUBLE;
}

/* ---- figures ---- */

struct cpu {
    unsigned int number;
    struct live_cpu now, before;
};

struct figures {
    struct live_table table;
    LIST(struct cpu) cpus;
    bool counted;               /* the hypervisor keeps counts by CPU */
};

static bool read_cpus(struct cli *c, struct live *l, struct figures *f)
{
    struct live_cpu figures;
    unsigned int i;

    for (i = 0; i < MOST_CPUS; i++) {
        if (!live_cpu(l, i, &figures)) {
            if (errno == ENOENT)
                continue;
            /* The command is unknown to a hypervisor that does not count. */
            return !i && (errno == ENOSYS || errno == EINVAL || errno == EPERM || errno == EACCES);
        }
        f->counted = true;
        *LIST_PUSH(c->arena, &f->cpus) = (struct cpu){ .number = i, .now = figures };
    }
    return true;
}

static bool read_again(struct live *l, struct figures *f)
{
    unsigned int i;

    for (i = 0; i < f->cpus.n; i++) {
        f->cpus.items[i].before = f->cpus.items[i].now;
        if (!live_cpu(l, f->cpus.items[i].number, &f->cpus.items[i].now) && errno != ENOENT)
            return false;
    }
    return live_table(l, &f->table);
}

/* The counters run over; the difference is right all the same. */
static struct live_cpu since(const struct cpu *cpu)
{
    return (struct live_cpu){
        cpu->now.lookups - cpu->before.lookups, cpu->now.hits - cpu->before.hits, cpu->now.misses - cpu->before.misses,
        cpu->now.allocations - cpu->before.allocations, cpu->now.reclaims - cpu->before.reclaims,
        cpu->now.frees - cpu->before.frees,
    };
}

static void print_row(struct buf *out, const char *name, uint64_t lookups, uint64_t hits, uint64_t misses,
                      uint64_t allocations, uint64_t reclaims, uint64_t frees)
{
    buf_printf(out, "%-6s %12llu %12llu", name, (unsigned long long)lookups, (unsigned long long)hits);
    if (lookups)
        buf_printf(out, " %7.2f %%", 100.0 * (double)hits / (double)lookups);
    else
        buf_puts(out, "         -");
    buf_printf(out, " %10llu %12llu %10llu %10llu\n", (unsigned long long)misses, (unsigned long long)allocations,
               (unsigned long long)reclaims, (unsigned long long)frees);
}

static void print_figures(struct buf *out, const struct figures *f)
{
    uint64_t sum[6] = { 0 };
    unsigned int i;

    buf_printf(out, "%u entries, %u of %u chains used, the longest has %u\n", f->table.entries, f->table.buckets_used,
               f->table.buckets, f->table.longest);
    if (!f->counted) {
        buf_puts(out, "no counts: the hypervisor was built without CONFIG_XSM_FLASK_AVC_STATS\n");
        return;
    }
    buf_printf(out, "%-6s %12s %12s %9s %10s %12s %10s %10s\n", "CPU", "lookups", "hits", "rate", "misses", "allocations",
               "reclaims", "frees");
    for (i = 0; i < f->cpus.n; i++) {
        struct live_cpu d = since(&f->cpus.items[i]);
        char name[16];

        snprintf(name, sizeof(name), "%u", f->cpus.items[i].number);
        print_row(out, name, d.lookups, d.hits, d.misses, d.allocations, d.reclaims, d.frees);
        sum[0] += d.lookups;
        sum[1] += d.hits;
        sum[2] += d.misses;
        sum[3] += d.allocations;
        sum[4] += d.reclaims;
        sum[5] += d.frees;
    }
    print_row(out, "all", sum[0], sum[1], sum[2], sum[3], sum[4], sum[5]);
}

static void print_figures_json(struct buf *out, const struct figures *f, bool enforcing)
{
    struct json j = { .out = out };
    unsigned int i;

    json_begin(&j, NULL, '{');
    json_bool(&j, "enforcing", enforcing);
    json_number(&j, "entries", f->table.entries);
    json_number(&j, "chains", f->table.buckets);
    json_number(&j, "chains_used", f->table.buckets_used);
    json_number(&j, "longest_chain", f->table.longest);
    json_begin(&j, "cpus", '[');
    for (i = 0; i < f->cpus.n; i++) {
        const struct live_cpu *n = &f->cpus.items[i].now;

        json_begin(&j, NULL, '{');
        json_number(&j, "cpu", f->cpus.items[i].number);
        json_number(&j, "lookups", n->lookups);
        json_number(&j, "hits", n->hits);
        json_number(&j, "misses", n->misses);
        json_number(&j, "allocations", n->allocations);
        json_number(&j, "reclaims", n->reclaims);
        json_number(&j, "frees", n->frees);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_end(&j, '}');
}

int avc_stats(struct cli *c, unsigned int watch, bool json)
{
    struct figures f = { .counted = false };
    struct buf out = BUF_INIT;
    bool enforcing, printed;
    const char *why;
    struct live *l = live_open(&why);
    int status = EXIT_TROUBLE;

    if (!l)
        return trouble(c, "cannot reach the hypervisor", why);
    if (!live_enforcing(l, &enforcing) || !live_table(l, &f.table) || !read_cpus(c, l, &f)) {
        status = trouble(c, "the hypervisor does not say", errno == ENOSYS ? "Flask is not what it runs" : strerror(errno));
        goto out;
    }
    if (json) {
        print_figures_json(&out, &f, enforcing);
    } else {
        buf_printf(&out, "Flask is %s; ", enforcing ? "enforcing" : "permissive");
        print_figures(&out, &f);
    }
    printed = cli_print(c, cli_text(&out), out.len);
    while (printed && watch) {
        sleep(watch);
        if (!read_again(l, &f)) {
            status = trouble(c, "the hypervisor does not say", strerror(errno));
            goto out;
        }
        out.len = 0;
        buf_printf(&out, "\nin %u s: ", watch);
        print_figures(&out, &f);
        printed = cli_print(c, cli_text(&out), out.len);
    }
    status = printed ? EXIT_CLEAN : EXIT_TROUBLE;
out:
    buf_free(&out);
    live_close(l);
    return status;
}

/* ---- answers ---- */

/* The one type that a side of the question names; NULL if it is not one. */
static const struct type *only_type(const struct policy *p, const struct query_side *side)
{
    unsigned int first = side->any || side->itself ? side->types.n : bits_next(&side->types, 0);

    return first < side->types.n && bits_next(&side->types, first + 1) == side->types.n ? p->numbered[first] : NULL;
}

/* A context for it: the one in the question, or with a user and a role that may have the type. */
static const char *context_text(struct cli *c, const struct policy *p, const struct query_side *side, const struct type *t)
{
    struct bits types = bits_create(c->arena, p->n_numbered), roles = bits_create(c->arena, p->n_roles);
    unsigned int i, j, k;

    if (side->context)
        return arena_printf(c->arena, "%s:%s:%s", side->context->user->name, side->context->role->name, t->name);
    for (i = 0; i < p->roles.n; i++) {
        const struct role *role = p->roles.items[i];

        if (role->attribute)
            continue;
        policy_expand_role_types(p, role, &types);
        for (j = 0; bits_test(&types, t->number) && j < p->users.n; j++)
            for (k = 0; k < p->users.items[j]->roles.n; k++) {
                policy_expand_roles(p, p->users.items[j]->roles.items[k], &roles);
                if (bits_test(&roles, role->number))
                    return arena_printf(c->arena, "%s:%s:%s", p->users.items[j]->name, role->name, t->name);
            }
    }
    return p->users.n ? arena_printf(c->arena, "%s:object_r:%s", p->users.items[0]->name, t->name) : NULL;
}

static void print_answer(struct buf *out, const struct policy *p, const char *who, const struct object_class *class,
                         uint32_t allowed, uint32_t asked)
{
    buf_printf(out, "  %-15s ", who);
    if (allowed && allowed != asked) {
        buf_puts(out, "in part: ");
        print_access(out, p, class->class, allowed);
    } else {
        buf_puts(out, allowed ? "yes" : "no");
    }
    buf_putc(out, '\n');
}

static int compare(struct cli *c, struct live *l, struct policy *p, struct flat *flat, const struct query *q)
{
    const struct type *subject = only_type(p, &q->subject), *object = only_type(p, &q->object);
    const char *from = subject ? context_text(c, p, &q->subject, subject) : NULL;
    const char *to = object ? context_text(c, p, &q->object, object) : NULL;
    const struct query_answer *answered;
    uint32_t s, o, live, own = 0;
    struct buf out = BUF_INIT;
    bool printed;

    if (q->form != QUERY_MAY || !q->class || !q->perms || !from || !to)
        return trouble(c, "the question", "the hypervisor answers about one subject, one object and permissions of one class");
    if (!live_sid(l, from, &s))
        return trouble(c, from, errno == EINVAL ? "the policy that runs has no such context" : strerror(errno));
    if (!live_sid(l, to, &o))
        return trouble(c, to, errno == EINVAL ? "the policy that runs has no such context" : strerror(errno));
    if (!live_allowed(l, s, o, q->class->class->number, &live))
        return trouble(c, "the hypervisor does not say", strerror(errno));
    answered = answer(answerer_create(p, flat), q);
    if (!answered)
        return EXIT_TROUBLE;
    if (answered->results.n)
        own = answered->results.items[0].yes | answered->results.items[0].maybe;
    live &= q->perms;
    own &= q->perms;
    buf_printf(&out, "%s may ", from);
    print_access(&out, p, q->class->class, q->perms);
    buf_printf(&out, " on %s?\n", to);
    print_answer(&out, p, "the hypervisor", q->class, live, q->perms);
    print_answer(&out, p, "this policy", q->class, own, q->perms);
    if (live != own)
        buf_puts(&out, "it runs another policy, or other booleans\n");
    printed = cli_print(c, cli_text(&out), out.len);
    buf_free(&out);
    return !printed ? EXIT_TROUBLE : live == own ? EXIT_CLEAN : EXIT_FINDINGS;
}

int avc_ask(struct cli *c, struct policy *p, struct flat *flat, const char *question)
{
    struct front *f = c->front;
    uint32_t file = source_add(f->sources, "the question", question, strlen(question));
    struct live *l;
    const char *why;
    struct query q;
    int status;

    if (!file)
        return trouble(c, "the question", strerror(errno));
    if (!query_parse(&q, p, f->sources, file))
        return EXIT_TROUBLE;
    l = live_open(&why);
    if (!l)
        return trouble(c, "cannot reach the hypervisor", why);
    status = compare(c, l, p, flat, &q);
    live_close(l);
    return status;
}
