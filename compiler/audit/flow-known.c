/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions known by name, and which others lead to a check. */
#include <string.h>

#include "audit/flow-inside.h"

static const struct known {
    const char *name;
    enum callee callee;
} known[] = {
    { "spin_lock", CALLEE_LOCK }, { "spin_lock_irq", CALLEE_LOCK }, { "spin_lock_irqsave", CALLEE_LOCK },
    { "spin_lock_recursive", CALLEE_LOCK }, { "rspin_lock", CALLEE_LOCK }, { "spin_trylock", CALLEE_LOCK },
    { "spin_trylock_recursive", CALLEE_LOCK }, { "rspin_trylock", CALLEE_LOCK }, { "write_lock", CALLEE_LOCK },
    { "write_trylock", CALLEE_LOCK }, { "write_lock_irqsave", CALLEE_LOCK }, { "percpu_write_lock", CALLEE_LOCK },
    { "spin_lock_cb", CALLEE_LOCK },
    { "spin_unlock", CALLEE_UNLOCK }, { "spin_unlock_irq", CALLEE_UNLOCK }, { "spin_unlock_irqrestore", CALLEE_UNLOCK },
    { "spin_unlock_recursive", CALLEE_UNLOCK }, { "rspin_unlock", CALLEE_UNLOCK }, { "write_unlock", CALLEE_UNLOCK },
    { "write_unlock_irqrestore", CALLEE_UNLOCK }, { "percpu_write_unlock", CALLEE_UNLOCK },
    { "rcu_lock_domain_by_id", CALLEE_LOOKUP }, { "rcu_lock_domain_by_any_id", CALLEE_LOOKUP },
    { "get_domain_by_id", CALLEE_LOOKUP }, { "get_pg_owner", CALLEE_LOOKUP },
    { "knownalive_domain_from_domid", CALLEE_LOOKUP },
    { "rcu_lock_remote_domain_by_id", CALLEE_LOOKUP_OUT }, { "rcu_lock_live_remote_domain_by_id", CALLEE_LOOKUP_OUT },
    { "is_control_domain", CALLEE_PRIVILEGE }, { "is_hardware_domain", CALLEE_PRIVILEGE },
    { "is_idle_domain", CALLEE_SYSTEM }, { "is_system_domain", CALLEE_SYSTEM },
    { "is_xenstore_domain", CALLEE_PRIVILEGE }, { "is_priv_domain", CALLEE_PRIVILEGE },
    { "domain_pause", CALLEE_CHANGE }, { "domain_pause_nosync", CALLEE_CHANGE }, { "domain_kill", CALLEE_CHANGE },
    { "domain_pause_by_systemcontroller", CALLEE_CHANGE }, { "domain_shutdown", CALLEE_CHANGE },
    { "vcpu_pause", CALLEE_CHANGE }, { "vcpu_pause_by_systemcontroller", CALLEE_CHANGE },
    { "put_domain", CALLEE_STOP }, { "rcu_unlock_domain", CALLEE_STOP }, { "put_pg_owner", CALLEE_STOP },
    { "put_page", CALLEE_STOP }, { "put_page_and_type", CALLEE_STOP }, { "call_rcu", CALLEE_STOP },
    { "domain_destroy", CALLEE_STOP }, { "_domain_destroy", CALLEE_STOP }, { "domain_teardown", CALLEE_STOP },
    { "arch_domain_destroy", CALLEE_STOP }, { "arch_vcpu_destroy", CALLEE_STOP }, { "evtchn_destroy", CALLEE_STOP }, { "domain_crash", CALLEE_STOP }, { "printk", CALLEE_STOP },
    { "gprintk", CALLEE_STOP }, { "gdprintk", CALLEE_STOP }, { "dprintk", CALLEE_STOP }, { "panic", CALLEE_STOP },
    { "domain_unpause", CALLEE_STOP }, { "vcpu_unpause", CALLEE_STOP },
    { "hypercall_create_continuation", CALLEE_STOP }, { "hypercall_preempt_check", CALLEE_STOP },
    { "process_pending_softirqs", CALLEE_STOP }, { "do_softirq", CALLEE_STOP }, { "vcpu_kick", CALLEE_STOP },
    { "vcpu_wake", CALLEE_STOP }, { "xmalloc", CALLEE_STOP }, { "xfree", CALLEE_STOP }, { "xvfree", CALLEE_STOP },
    { "alternative_call", CALLEE_CALL_FIRST }, { "alternative_vcall", CALLEE_CALL_FIRST },
    { "iommu_call", CALLEE_CALL_SECOND }, { "iommu_vcall", CALLEE_CALL_SECOND },
};
enum { N_KNOWN = sizeof(known) / sizeof(known[0]) };

enum callee flow_callee(const struct flow_reader *r, const char *name)
{
    const struct known *k = name ? map_get(&r->kinds, NULL, name) : NULL;

    return k ? k->callee : CALLEE_NONE;
}

bool flow_is_privilege(const struct flow_reader *r, const char *name)
{
    return flow_callee(r, name) == CALLEE_PRIVILEGE;
}

bool flow_returns_error(const struct flow_reader *r, const char *name)
{
    const struct tree_function *const *f;

    return name && flow_callee(r, name) == CALLEE_NONE && tree_functions_named(r->tree, name, &f) && f[0]->returns &&
           (!strcmp(f[0]->returns, "int") || !strcmp(f[0]->returns, "long"));
}

/* ---- which functions lead somewhere ---- */

/* The functions that may be behind `.field`, none if there are too many. */
unsigned int flow_targets(const struct flow_reader *r, const char *field, const struct tree_pointer *const **list)
{
    unsigned int n = tree_pointers_of(r->tree, field, list);

    return n > MOST_TARGETS ? 0 : n;
}

static void reach(struct flow_reader *r, const char *name, const char **queue, unsigned int *n, unsigned int cap)
{
    if (!name || *n == cap || flow_callee(r, name) == CALLEE_STOP || map_get(&r->reaching, NULL, name))
        return;
    map_put(r->arena, &r->reaching, NULL, name, r);
    queue[(*n)++] = name;
}

static void find_reaching(struct flow_reader *r)
{
    const struct tree_function *const *f;
    const struct tree_call *const *calls;
    const struct tree_pointer *const *pointers;
    unsigned int n = tree_functions(r->tree, &f), n_pointers = tree_pointers(r->tree, &pointers), i, k, done;
    const char **queue = arena_array(r->arena, n + n_pointers + 1, sizeof(*queue));
    unsigned int n_queue = 0, cap = n + n_pointers;
    struct map fields = { 0 };

    for (i = 0; i < n; i++)
        for (k = 0; k < f[i]->n_calls; k++) {
            const char *callee = f[i]->calls[k].callee;
            enum callee c = flow_callee(r, callee);

            if (callee && (c == CALLEE_LOOKUP || c == CALLEE_LOOKUP_OUT || r->checks.find(r->checks.context, callee)))
                reach(r, f[i]->name, queue, &n_queue, cap);
        }
    /* Who is called through a member, by name of the function. */
    for (i = 0; i < n_pointers; i++)
        map_put(r->arena, &fields, NULL, pointers[i]->target, (void *)pointers[i]->field);
    for (done = 0; done < n_queue; done++) {
        const char *field = map_get(&fields, NULL, queue[done]);
        unsigned int n_calls = tree_calls_of(r->tree, queue[done], &calls);

        for (i = 0; i < n_calls; i++)
            if (calls[i]->function)
                reach(r, calls[i]->function->name, queue, &n_queue, cap);
        if (!field || !flow_targets(r, field, &pointers))
            continue;
        n_calls = tree_calls_of(r->tree, field, &calls);
        for (i = 0; i < n_calls; i++)
            if (calls[i]->indirect && calls[i]->function)
                reach(r, calls[i]->function->name, queue, &n_queue, cap);
    }
}

void flow_calls_create(struct flow_reader *r)
{
    unsigned int i;

    for (i = 0; i < N_KNOWN; i++)
        map_put(r->arena, &r->kinds, NULL, names_get(r->names, known[i].name), (void *)&known[i]);
    find_reaching(r);
}
