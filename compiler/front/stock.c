/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Binds the statements about derivation: kinds, relations, permissions; types are names until they are derived. */
#include <string.h>

#include "front/front.h"
#include "front/lists.h"
#include "model/statement.h"
#include "model/stock.h"
#include "text/rules.h"

struct gather {
    struct front *front;
    LIST(struct stock_domain) domains;
    LIST(struct stock_resource) resources;
    LIST(struct stock_resolve) resolves;
    LIST(struct stock_stricter) stricters;
    LIST(struct stock_suppose) supposes;
};

static bool bind_kind(struct gather *g, const struct written_name *n, enum domain_kind *kind)
{
    if (domain_kind_find(n->name, kind))
        return true;
    diag_help(g->front->diags, diag_add(g->front->diags, &RULE_UNKNOWN_NAME, n->span, "there is no kind of domain '%s'",
                                        n->name),
              "kinds are control, hardware, xenstore, device-model, guest, boot, hypervisor, io and xen");
    return false;
}

static uint32_t bind_kinds(struct gather *g, const struct written_set *set)
{
    enum domain_kind kind;
    uint32_t mask = 0;
    unsigned int i;

    for (i = 0; set && i < set->n; i++)
        if (bind_kind(g, &set->names[i], &kind))
            mask |= (uint32_t)1 << kind;
    return set ? mask : ~(uint32_t)0;
}

static uint32_t bind_relations(struct gather *g, const struct written_set *set)
{
    enum relation r;
    uint32_t mask = 0;
    unsigned int i;

    for (i = 0; set && i < set->n; i++) {
        if (relation_find(set->names[i].name, &r))
            mask |= (uint32_t)1 << r;
        else
            diag_help(g->front->diags, diag_add(g->front->diags, &RULE_UNKNOWN_NAME, set->names[i].span,
                                                "there is no relation '%s'", set->names[i].name),
                      "relations are self, target, control, hardware, xenstore, device-model, guest, io, xen, none and "
                      "hypervisor");
    }
    return set ? mask : ~(uint32_t)0;
}

static struct stock_path bind_path(struct gather *g, const struct written_name *names, unsigned int n)
{
    struct stock_path path = { arena_array(g->front->arena, n, sizeof(*path.names)), n };
    unsigned int i;

    for (i = 0; i < n; i++)
        path.names[i] = names[i].name;
    return path;
}

static void gather_domain(struct gather *g, const struct statement *s)
{
    struct stock_domain d = { .alone = s->rule, .meaning = s->text };
    unsigned int i;

    if (!bind_kind(g, &s->names[0], &d.kind))
        return;
    if (s->objects && d.kind != DOMAIN_DEVICE_MODEL)
        diag_add(g->front->diags, &RULE_WRONG_KIND, s->objects->span, "only a device model serves others");
    if (!s->objects && d.kind == DOMAIN_DEVICE_MODEL)
        diag_help(g->front->diags, diag_add(g->front->diags, &RULE_WRONG_KIND, s->names[0].span,
                                            "a device model serves some type of guest"),
                  "write `domain device-model %s serves TYPE`", s->set->names[0].name);
    d.n_serves = s->objects ? s->objects->n : 0;
    d.serves = arena_array(g->front->arena, d.n_serves, sizeof(*d.serves));
    for (i = 0; i < d.n_serves; i++)
        d.serves[i] = s->objects->names[i].name;
    for (i = 0; i < s->set->n; i++) {
        d.type = s->set->names[i].name;
        d.span = s->set->names[i].span;
        *LIST_PUSH(g->front->arena, &g->domains) = d;
    }
}

static void gather_resource(struct gather *g, const struct statement *s)
{
    static const struct {
        const char *word;
        enum label_kind kind;
    } words[] = {
        { "pci", LABEL_DEVICE }, { "irq", LABEL_IRQ }, { "iomem", LABEL_IOMEM }, { "ioport", LABEL_IOPORT },
        { "dtdev", LABEL_DTDEV },
    };
    unsigned int i, j;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].word, s->names[0].name))
            continue;
        for (j = 0; j < s->set->n; j++)
            *LIST_PUSH(g->front->arena, &g->resources) =
                (struct stock_resource){ words[i].kind, s->set->names[j].name, s->set->names[j].span };
        return;
    }
    diag_help(g->front->diags, diag_add(g->front->diags, &RULE_UNKNOWN_NAME, s->names[0].span,
                                        "there is no kind of resource '%s'", s->names[0].name),
              "resources are pci, irq, iomem, ioport and dtdev");
}

static void gather_resolve(struct gather *g, const struct statement *s)
{
    unsigned int i, j;

    for (i = 0; i < s->n_accesses; i++) {
        const struct written_access *a = &s->accesses[i];
        struct stock_resolve r = { .like = bind_path(g, s->names, s->n_names), .reason = s->text,
                                   .relations = bind_relations(g, s->objects), .span = a->class.span };

        if (s->more)
            r.of = bind_path(g, s->more->aliases, s->more->n_aliases);
        r.class = front_class(g->front, a->class.name);
        if (!r.class) {
            diag_add(g->front->diags, &RULE_UNKNOWN_NAME, a->class.span, "there is no class '%s'", a->class.name);
            continue;
        }
        for (j = 0; j < a->perms.n; j++) {
            const struct perm *p = front_perm(g->front, r.class, a->perms.names[j].name);

            r.span = span_join(r.span, a->perms.names[j].span);
            if (p && p->bit < 32)
                r.perms |= (uint32_t)1 << p->bit;
            else
                diag_add(g->front->diags, &RULE_UNKNOWN_NAME, a->perms.names[j].span,
                         "class '%s' has no permission '%s'", a->class.name, a->perms.names[j].name);
        }
        *LIST_PUSH(g->front->arena, &g->resolves) = r;
    }
}

static void gather_suppose(struct gather *g, const struct statement *s)
{
    struct stock_suppose u = { .truth = true, .kinds = bind_kinds(g, s->set), .reason = s->text };
    const struct expr *e = s->more->expr;

    u.span = e->span;
    for (; e->kind == EXPR_NOT; e = e->a)
        u.truth = !u.truth;
    u.field = e->kind == EXPR_ARROW && e->a->kind == EXPR_NAME;
    if (!u.field && (e->kind != EXPR_NAME || strncmp(e->name, "CONFIG_", 7))) {
        diag_add(g->front->diags, &RULE_WRONG_KIND, e->span,
                 "only what a domain is ('d->is_console') or how Xen is built ('CONFIG_X') can be supposed");
        return;
    }
    u.name = e->name;
    *LIST_PUSH(g->front->arena, &g->supposes) = u;
}

void front_bind_stock(struct front *f)
{
    struct gather g = { .front = f };
    struct stock *stock;
    unsigned int i;

    for (i = 0; i < f->lists->statements.n; i++) {
        const struct statement *s = f->lists->statements.items[i];

        switch (s->kind) {
        case STATEMENT_DOMAIN:
            gather_domain(&g, s);
            break;
        case STATEMENT_RESOURCE:
            gather_resource(&g, s);
            break;
        case STATEMENT_RESOLVE:
            gather_resolve(&g, s);
            break;
        case STATEMENT_STRICTER:
            *LIST_PUSH(f->arena, &g.stricters) =
                (struct stock_stricter){ bind_path(&g, s->names, s->n_names), bind_kinds(&g, s->set), bind_relations(&g, s->objects),
                                         s->text, s->span };
            break;
        case STATEMENT_SUPPOSE:
            gather_suppose(&g, s);
            break;
        default:
            break;
        }
    }
    if (!g.domains.n && !g.resources.n && !g.resolves.n && !g.stricters.n && !g.supposes.n)
        return;
    stock = ARENA_NEW(f->arena, struct stock);
    *stock = (struct stock){ g.domains.items, g.domains.n, g.resources.items, g.resources.n, g.resolves.items,
                             g.resolves.n, g.stricters.items, g.stricters.n, g.supposes.items, g.supposes.n };
    f->model->stock = stock;
}
