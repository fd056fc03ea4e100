/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of a policydb_t: access vectors and transitions, conditional ones by condition and branch, roles, ranges. */
#include "back/sepol.h"

#include <string.h>

static void set_key(avtab_key_t *key, uint64_t from)
{
    static const uint16_t kinds[] = {
        [AV_ALLOW] = AVTAB_ALLOWED, [AV_AUDITALLOW] = AVTAB_AUDITALLOW, [AV_DONTAUDIT] = AVTAB_AUDITDENY,
        [AV_NEVERALLOW] = 0, [TE_TRANSITION] = AVTAB_TRANSITION, [TE_MEMBER] = AVTAB_MEMBER, [TE_CHANGE] = AVTAB_CHANGE,
    };

    key->source_type = (uint16_t)(FLAT_SUBJECT(from) + 1);
    key->target_type = (uint16_t)(FLAT_OBJECT(from) + 1);
    key->target_class = (uint16_t)FLAT_CLASS(from);
    key->specified = kinds[FLAT_RULE_KIND(from)];
}

/* What the `n` entries of one key say together. */
static uint32_t united(const struct flat_entry *e, size_t n)
{
    uint32_t data = e->data;
    enum rule_kind kind = FLAT_RULE_KIND(e->key);

    if (kind >= TE_TRANSITION)
        return data + 1;
    while (--n)
        data |= e[n].data;
    return kind == AV_DONTAUDIT ? ~data : data;
}

static void add_rules(struct sepol *w)
{
    const struct flat *f = w->flat;
    struct avtab_node *nodes, *node;
    size_t i, n, count = 0;

    for (i = 0; i < f->n_always; i++)
        count += !i || f->always[i].key != f->always[i - 1].key;
    node = nodes = arena_array(w->arena, count, sizeof(*nodes));
    for (i = 0; i < f->n_always; i += n, node++) {
        for (n = 1; i + n < f->n_always && f->always[i + n].key == f->always[i].key;)
            n++;
        set_key(&node->key, f->always[i].key);
        node->datum.data = united(&f->always[i], n);
        node->next = node + 1;
    }
    if (count)
        nodes[count - 1].next = NULL;
    w->db->te_avtab.htable = ARENA_NEW(w->arena, avtab_ptr_t);
    *w->db->te_avtab.htable = count ? nodes : NULL;
    w->db->te_avtab.nslot = 1;
    w->db->te_avtab.nel = (uint32_t)count;
}

/* Appends the expression, operands first. */
static cond_expr_t **add_bool_expr(struct sepol *w, cond_expr_t **next, const struct bool_expr *e)
{
    static const uint32_t ops[] = {
        [BOOL_NAME] = COND_BOOL, [BOOL_NOT] = COND_NOT, [BOOL_AND] = COND_AND, [BOOL_OR] = COND_OR,
        [BOOL_XOR] = COND_XOR, [BOOL_EQ] = COND_EQ, [BOOL_NEQ] = COND_NEQ,
    };
    cond_expr_t *c;

    if (e->a)
        next = add_bool_expr(w, next, e->a);
    if (e->b)
        next = add_bool_expr(w, next, e->b);
    c = *next = ARENA_NEW(w->arena, cond_expr_t);
    c->expr_type = ops[e->op];
    if (e->op == BOOL_NAME)
        cond_expr_set_bool(c, e->boolean->number + 1);
    return &c->next;
}

/* The rules of one branch of one condition while they are collected. */
struct branch {
    cond_av_list_t **end;
    struct avtab_node *last;
};

/* Entries of one key and branch of one condition become one; the entries come sorted by key. */
static void add_conditional_rules(struct sepol *w, struct branch *branches)
{
    const struct policy *p = w->policy;
    const struct flat *f = w->flat;
    size_t i, same;

    for (i = 0; i < f->n_sometimes; i++) {
        const struct flat_entry *e = &f->sometimes[i];
        enum rule_kind kind = FLAT_RULE_KIND(e->key);
        bool otherwise;
        const struct condition *c = policy_condition_of(&p->rules.items[e->rule], &otherwise);
        struct branch *b = &branches[2 * c->number + otherwise];
        avtab_key_t key = { 0 };

        set_key(&key, e->key);
        if (c->value != otherwise)
            key.specified |= AVTAB_ENABLED;
        if (b->last && !memcmp(&b->last->key, &key, sizeof(key))) {
            if (kind == AV_DONTAUDIT)
                b->last->datum.data &= ~e->data;
            else if (kind < TE_TRANSITION)
                b->last->datum.data |= e->data;
            continue;
        }
        if (kind >= TE_TRANSITION) {
            flat_find(f->always, f->n_always, e->key, &same);
            if (same)
                continue;
        }
        b->last = ARENA_NEW(w->arena, struct avtab_node);
        b->last->key = key;
        b->last->datum.data = united(e, 1);
        b->last->parse_context = w;     /* not NULL: in use */
        *b->end = ARENA_NEW(w->arena, cond_av_list_t);
        (*b->end)->node = b->last;
        b->end = &(*b->end)->next;
    }
}

static void add_conditions(struct sepol *w)
{
    const struct policy *p = w->policy;
    cond_node_t *nodes = arena_array(w->arena, p->n_conditions, sizeof(*nodes));
    struct branch *branches = arena_array(w->arena, 2 * (size_t)p->n_conditions, sizeof(*branches));
    unsigned int i;

    for (i = 0; i < p->conditions.n; i++) {
        const struct condition *c = p->conditions.items[i];
        cond_node_t *n = &nodes[c->number];

        if (c->tunable || c->same != c)
            continue;
        n->cur_state = c->value;
        add_bool_expr(w, &n->expr, c->expr);
        if (c->number + 1 < p->n_conditions)
            n->next = n + 1;
        branches[2 * c->number].end = &n->true_list;
        branches[2 * c->number + 1].end = &n->false_list;
    }
    add_conditional_rules(w, branches);
    w->db->cond_list = p->n_conditions ? nodes : NULL;
}

static void add_role_rules(struct sepol *w)
{
    const struct policy *p = w->policy;
    role_trans_t **transition = &w->db->role_tr;
    role_allow_t **allow = &w->db->role_allow;
    struct bits to = bits_create(w->arena, p->n_roles), *done;
    unsigned int i, j, k;
    size_t t;

    for (t = 0; t < w->flat->n_roles; t++) {
        const struct flat_entry *e = &w->flat->roles[t];

        *transition = ARENA_NEW(w->arena, role_trans_t);
        (*transition)->role = FLAT_SUBJECT(e->key) + 1;
        (*transition)->type = FLAT_OBJECT(e->key) + 1;
        (*transition)->tclass = FLAT_CLASS(e->key);
        (*transition)->new_role = e->data + 1;
        transition = &(*transition)->next;
    }

    done = arena_array(w->arena, p->n_roles, sizeof(*done));
    for (i = 0; i < p->role_rules.n; i++) {
        const struct role_rule *r = &p->role_rules.items[i];

        if (r->kind != ROLE_RULE_ALLOW)
            continue;
        policy_expand_roles(p, r->from, &w->roles);
        policy_expand_roles(p, r->to, &to);
        for (j = bits_next(&w->roles, 0); j < w->roles.n; j = bits_next(&w->roles, j + 1)) {
            if (!done[j].words)
                done[j] = bits_create(w->arena, p->n_roles);
            for (k = bits_next(&to, 0); k < to.n; k = bits_next(&to, k + 1)) {
                if (bits_test(&done[j], k))
                    continue;
                bits_set(&done[j], k);
                *allow = ARENA_NEW(w->arena, role_allow_t);
                (*allow)->role = j + 1;
                (*allow)->new_role = k + 1;
                allow = &(*allow)->next;
            }
        }
    }
}

static void add_ranges(struct sepol *w)
{
    struct sepol_chain t = sepol_chain_new(w);
    size_t i;

    for (i = 0; w->policy->mls && i < w->flat->n_ranges; i++) {
        const struct flat_entry *e = &w->flat->ranges[i];
        range_trans_t *key = ARENA_NEW(w->arena, range_trans_t);
        mls_range_t *range = ARENA_NEW(w->arena, mls_range_t);

        key->source_type = FLAT_SUBJECT(e->key) + 1;
        key->target_type = FLAT_OBJECT(e->key) + 1;
        key->target_class = FLAT_CLASS(e->key);
        sepol_set_range(w, range, w->policy->range_rules.items[e->rule].range);
        sepol_chain_add(w, &t, key, range);
    }
    w->db->range_tr = t.hash;
}

void sepol_rules(struct sepol *w)
{
    add_rules(w);
    add_conditions(w);
    add_role_rules(w);
    add_ranges(w);
}
