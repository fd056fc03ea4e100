/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Information flow. A permission that reads carries information from object to subject, one that writes the other way;
 * what a domain was told it may pass on. Two labels of one domain, its own and the one by which it or its device model
 * sees it, are one place. Breadth first, so a path is a shortest one; first along accesses that are certain.
 */
#include <string.h>

#include "base/buf.h"
#include "judge/answerer.h"

/*
 * Xen 4.17's permissions by what the operation moves, not by what its name suggests. "none" are those that move nothing
 * of interest: constants of the hypervisor, enabling something that other permissions then decide about, one's own set-up.
 */
static const struct {
    const char *class, *read, *write, *both, *none;
} flows[] = {
    { "xen",
      "tbufcontrol readconsole mtrr_read physinfo readapic getidle getcpuinfo heap getscheduler",
      "settime clearconsole mtrr_add mtrr_del microcode quirk writeconsole writeapic kexec sleep frequency debug "
      "setscheduler",
      "perfcontrol privprofile nonprivprofile firmware pm_op mca_op lockprof cpupool_op hypfs_op", "" },
    { "xen2",
      "psr_cmt_op psr_alloc get_symbol get_cpu_levelling_caps get_cpu_featureset", "pmu_ctrl",
      "resource_op livepatch_op coverage_op", "pmu_use" },
    { "domain",
      "getaffinity getscheduler getdomaininfo getvcpuinfo getvcpucontext getaddrsize getpodtarget getpagingmempool",
      "setvcpucontext pause unpause resume create transition max_vcpus destroy setaffinity setdomainmaxmem "
      "setdomainhandle hypercall settime set_target shutdown setaddrsize trigger setpodtarget set_misc_info "
      "set_virq_handler setpagingmempool",
      "setdebugging", "" },
    { "domain2",
      "gettsc get_vnumainfo get_cpu_policy",
      "relabelto relabelself make_priv_for set_as_target set_cpu_policy settsc setscheduler setclaim "
      "create_hardware_domain set_vnumainfo soft_reset",
      "psr_cmt_op vm_event mem_access mem_paging mem_sharing psr_alloc resource_map", "relabelfrom cacheflush" },
    { "hvm", "gethvmc getparam audit_p2m", "sethvmc setparam bind_irq altp2mhvm",
      "hvmctl mem_sharing share_mem altp2mhvm_op dm", "" },
    { "event", "status", "bind send reset", "", "create" },
    { "grant", "map_read query", "map_write transfer", "copy", "unmap setup" },
    { "mmu", "map_read pageinfo stat memorymap", "map_write adjust updatemp physmap pinpage remote_remap mmuext_op exchange",
      "target_hack", "" },
    { "shadow", "", "disable enable", "logdirty", "" },
    { "resource", "stat_device", "add remove plug unplug setup", "use use_iommu use_iommu_nointremap use_noiommu",
      "add_irq remove_irq add_ioport remove_ioport add_iomem remove_iomem add_device remove_device" },
    { "security", "", "load_policy setenforce setbool setsecparam add_ocontext del_ocontext", "",
      "compute_av compute_create compute_member check_context compute_relabel" },
    { "version", "", "", "",
      "xen_extraversion xen_compile_info xen_capabilities xen_changeset xen_pagesize xen_guest_handle xen_commandline "
      "xen_build_id" },
    { "argo", "", "send", "", "enable register_single_source register_any_source" },
};

static bool listed(const char *list, const char *name)
{
    size_t len = strlen(name);
    const char *at;

    for (at = list; (at = strstr(at, name)); at += len)
        if ((at == list || at[-1] == ' ') && (!at[len] || at[len] == ' '))
            return true;
    return false;
}

enum flow query_flow(const char *class, const char *perm)
{
    unsigned int i;

    for (i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
        if (strcmp(flows[i].class, class))
            continue;
        if (listed(flows[i].read, perm))
            return FLOW_READ;
        if (listed(flows[i].write, perm))
            return FLOW_WRITE;
        if (listed(flows[i].none, perm))
            return FLOW_NONE;
    }
    return FLOW_BOTH;
}

void query_flows(struct buf *out, const struct policy *p)
{
    static const char *const words[] = {
        [FLOW_NONE] = "none", [FLOW_READ] = "read", [FLOW_WRITE] = "write", [FLOW_BOTH] = "both",
    };
    unsigned int i, j;

    for (i = 0; i < p->classes.n; i++) {
        const struct class *c = p->classes.items[i]->class;

        for (j = 0; j < c->n_perms; j++)
            buf_printf(out, "%s %s %s\n", c->name, c->perms[j].name,
                       words[query_flow(c->name, c->perms[j].name)]);
    }
}

/* ---- the search --------------------------------------------------------------------------------------------- */

/* How a type was reached first. */
struct arrival {
    uint32_t from;              /* type number */
    const struct flat_entry *entry;     /* or NULL: */
    const struct policy_rule *rule;     /* two labels of one domain, or NULL: a permissive subject */
    bool reads, certain, seen;
};

/* Entries by one of their sides, a list for each type or attribute. */
struct index {
    uint32_t *first, *next;     /* UINT32_MAX ends */
};

struct search {
    struct answerer *w;
    const struct query *q;
    bool backwards;             /* from objects to subjects of the question */
    bool certain_only;
    uint32_t (*vectors)[2];     /* by class number: permissions that read, that write */
    const struct flat_entry **entries;
    uint32_t n_entries;
    struct index by_subject, by_object;
    struct arrival *arrivals;   /* by type number */
    uint32_t *queue, head, tail;
    struct bits members, others;
};

static void build_vectors(struct search *s)
{
    const struct policy *p = s->w->policy;
    unsigned int i, j;

    s->vectors = arena_array(s->w->arena, p->classes.n + 1, sizeof(*s->vectors));
    for (i = 0; i < p->classes.n; i++) {
        const struct class *c = p->classes.items[i]->class;

        for (j = 0; j < c->n_perms; j++) {
            enum flow flow = query_flow(c->name, c->perms[j].name);

            if (flow & FLOW_READ)
                s->vectors[i + 1][0] |= UINT32_C(1) << j;
            if (flow & FLOW_WRITE)
                s->vectors[i + 1][1] |= UINT32_C(1) << j;
        }
    }
}

static void add_entries(struct search *s, const struct flat_entry *list, size_t n)
{
    const struct policy *p = s->w->policy;
    size_t i;

    for (i = 0; i < n; i++) {
        const uint32_t *v = s->vectors[FLAT_CLASS(list[i].key)];

        if (FLAT_RULE_KIND(list[i].key) == AV_ALLOW && list[i].data & (v[0] | v[1]) &&
            answerer_active(s->w, &p->rules.items[list[i].rule]))
            s->entries[s->n_entries++] = &list[i];
    }
}

static struct index index_entries(struct search *s, bool objects)
{
    const struct policy *p = s->w->policy;
    struct index x = { arena_array(s->w->arena, p->n_numbered, sizeof(uint32_t)),
                       arena_array(s->w->arena, s->n_entries, sizeof(uint32_t)) };
    uint32_t i;

    memset(x.first, 0xff, p->n_numbered * sizeof(*x.first));
    for (i = s->n_entries; i-- > 0;) {
        uint64_t key = s->entries[i]->key;
        unsigned int at = objects ? FLAT_OBJECT(key) : FLAT_SUBJECT(key);

        x.next[i] = x.first[at];
        x.first[at] = i;
    }
    return x;
}

/* What is left of `perms` of an entry for one pair. */
static struct query_result decide(struct search *s, const struct type *subject, const struct type *object,
                                  const struct class *class, uint32_t perms, uint32_t asked)
{
    struct query_result r = { .subject = subject, .object = object, .class = class };
    struct query_pair pair = { subject, object, NULL, NULL, false };

    answerer_restrict(s->w, &pair, class, perms, asked, &r);
    r.verdict = r.yes ? QUERY_YES : r.maybe ? QUERY_IF : QUERY_NO;
    return r;
}

static void arrive(struct search *s, uint32_t at, uint32_t from, const struct flat_entry *e,
                   const struct policy_rule *rule, bool reads, bool certain)
{
    if (s->arrivals[at].seen || bits_test(&s->q->without, at))
        return;
    s->arrivals[at] = (struct arrival){ from, e, rule, reads, certain, true };
    s->queue[s->tail++] = at;
}

/* Goes over one entry with `at` as its subject or object. */
static void follow(struct search *s, uint32_t at, const struct flat_entry *e, bool as_subject)
{
    const struct policy *p = s->w->policy;
    const struct class *class = p->classes.items[FLAT_CLASS(e->key) - 1]->class;
    /* Along the flow a subject writes and an object is read; against it the other way round. */
    bool reads = as_subject == s->backwards;
    uint32_t perms = e->data & s->vectors[class->number][reads ? 0 : 1];
    unsigned int other = as_subject ? FLAT_OBJECT(e->key) : FLAT_SUBJECT(e->key), o;

    if (!perms)
        return;
    policy_expand(p, &p->numbered[other]->alone, &s->others);
    for (o = bits_next(&s->others, 0); o < s->others.n; o = bits_next(&s->others, o + 1)) {
        struct query_result r;

        if (s->arrivals[o].seen)
            continue;
        r = decide(s, p->numbered[as_subject ? at : o], p->numbered[as_subject ? o : at], class, e->data, perms);
        if (r.verdict == QUERY_YES || (r.verdict == QUERY_IF && !s->certain_only))
            arrive(s, o, at, e, NULL, reads, r.verdict == QUERY_YES);
    }
}

static void follow_index(struct search *s, uint32_t at, unsigned int number, bool as_subject)
{
    const struct index *x = as_subject ? &s->by_subject : &s->by_object;
    uint32_t i;

    for (i = x->first[number]; i != UINT32_MAX; i = x->next[i])
        follow(s, at, s->entries[i], as_subject);
}

/* The object of a transition of class `domain` and the type it results in are labels of one domain. */
static void follow_labels(struct search *s, uint32_t at)
{
    struct answerer *w = s->w;
    const struct policy *p = w->policy;
    unsigned int i, o;

    for (i = 0; i < w->n_domain_transitions; i++) {
        const struct policy_rule *r = &p->rules.items[w->domain_transitions[i]];
        uint32_t result = r->result->real->number;

        if (!answerer_active(w, r))
            continue;
        policy_expand(p, r->objects, &s->others);
        if (r->objects->self) {
            policy_expand(p, r->subjects, &s->members);
            bits_or(&s->others, &s->members);
        }
        if (bits_test(&s->others, at))
            arrive(s, result, at, NULL, r, false, true);
        for (o = bits_next(&s->others, 0); at == result && o < s->others.n; o = bits_next(&s->others, o + 1))
            arrive(s, o, at, NULL, r, false, true);
    }
}

/* A permissive subject may read and write all there is. */
static void follow_permissive(struct search *s, uint32_t at)
{
    const struct policy *p = s->w->policy;
    unsigned int o;

    for (o = bits_next(&p->all_types, 0); o < p->all_types.n; o = bits_next(&p->all_types, o + 1))
        if (p->numbered[at]->permissive || p->numbered[o]->permissive)
            arrive(s, o, at, NULL, NULL, (p->numbered[at]->permissive ? at : o) == (s->backwards ? at : o), true);
}

static void search(struct search *s)
{
    const struct policy *p = s->w->policy;
    const struct bits *start = s->backwards ? &s->q->object.types : &s->q->subject.types;
    unsigned int i, j;

    s->arrivals = arena_array(s->w->arena, p->n_numbered, sizeof(*s->arrivals));
    s->head = s->tail = 0;
    for (i = bits_next(start, 0); i < start->n; i = bits_next(start, i + 1))
        arrive(s, i, i, NULL, NULL, false, true);
    while (s->head < s->tail) {
        uint32_t at = s->queue[s->head++];
        const struct type *t = p->numbered[at];

        for (j = 0; j <= t->n_attributes; j++) {
            unsigned int number = j < t->n_attributes ? t->attributes[j]->real->number : at;

            follow_index(s, at, number, true);
            follow_index(s, at, number, false);
        }
        follow_labels(s, at);
        follow_permissive(s, at);
    }
}

/* ---- paths ---------------------------------------------------------------------------------------------------- */

static struct query_step step(struct search *s, uint32_t at)
{
    const struct policy *p = s->w->policy;
    const struct arrival *a = &s->arrivals[at];
    struct query_step step = { .from = p->numbered[s->backwards ? at : a->from],
                               .to = p->numbered[s->backwards ? a->from : at],
                               .rule = a->rule, .reads = a->reads };
    struct query_result *r;
    uint32_t perms;

    if (!a->entry) {
        if (!a->rule)
            step.permissive = a->reads ? step.to : step.from;
        return step;
    }
    perms = a->entry->data & s->vectors[FLAT_CLASS(a->entry->key)][a->reads ? 0 : 1];
    r = ARENA_NEW(s->w->arena, struct query_result);
    *r = decide(s, a->reads ? step.to : step.from, a->reads ? step.from : step.to,
                p->classes.items[FLAT_CLASS(a->entry->key) - 1]->class, a->entry->data, perms);
    *LIST_PUSH(s->w->arena, &r->reasons) = (struct query_reason){
        .kind = QUERY_RULE, .verdict = QUERY_YES, .rule = &p->rules.items[a->entry->rule], .perms = perms };
    step.access = r;
    return step;
}

static void add_path(struct search *s, uint32_t end, struct query_answer *answer)
{
    const struct policy *p = s->w->policy;
    struct query_path path = { .verdict = QUERY_YES };
    uint32_t at = end, n = 0;
    unsigned int i;

    for (; s->arrivals[at].from != at; at = s->arrivals[at].from)
        n++;
    path.steps.items = arena_array(s->w->arena, n, sizeof(*path.steps.items));
    path.steps.n = path.steps.cap = n;
    path.from = p->numbered[s->backwards ? end : at];
    path.to = p->numbered[s->backwards ? at : end];
    for (i = 0, at = end; i < n; i++, at = s->arrivals[at].from) {
        path.steps.items[s->backwards ? i : n - 1 - i] = step(s, at);
        if (!s->arrivals[at].certain)
            path.verdict = QUERY_IF;
    }
    if (path.verdict > answer->verdict)
        answer->verdict = path.verdict;
    *LIST_PUSH(s->w->arena, &answer->paths) = path;
}

void answerer_reach(struct answerer *w, const struct query *q, struct query_answer *answer)
{
    const struct policy *p = w->policy;
    struct search s = { .w = w, .q = q, .backwards = q->subject.any };
    const struct bits *goal = s.backwards ? &q->subject.types : &q->object.types;
    const struct bits *start = s.backwards ? &q->object.types : &q->subject.types;
    struct bits done = bits_create(w->arena, p->n_numbered);
    unsigned int round;
    uint32_t i;

    build_vectors(&s);
    s.entries = arena_array(w->arena, w->flat->n_always + w->flat->n_sometimes, sizeof(*s.entries));
    add_entries(&s, w->flat->always, w->flat->n_always);
    add_entries(&s, w->flat->sometimes, w->flat->n_sometimes);
    s.by_subject = index_entries(&s, false);
    s.by_object = index_entries(&s, true);
    s.queue = arena_array(w->arena, p->n_numbered, sizeof(*s.queue));
    s.members = bits_create(w->arena, p->n_numbered);
    s.others = bits_create(w->arena, p->n_numbered);

    for (round = 0; round < 2; round++) {
        s.certain_only = !round;
        search(&s);
        for (i = 0; i < s.tail; i++) {
            uint32_t at = s.queue[i];

            if (!bits_test(goal, at) || bits_test(start, at) || bits_test(&done, at))
                continue;
            bits_set(&done, at);
            add_path(&s, at, answer);
        }
    }
}
