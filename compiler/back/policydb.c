/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The binary policy, written by libsepol. Its policydb_t is put together out of the policy's arena (sepol*.c): every
 * table is made to measure and in order of declaration, nothing is hashed, and nothing needs to be freed. Here are the
 * labels, the limits of a version, and the writing itself.
 */
#include "back/sepol.h"

#include <errno.h>
#include <sepol/debug.h>
#include <sepol/handle.h>
#include <sepol/policydb/polcaps.h>
#include <stdarg.h>
#include <stdio.h>

#include "back/policydb.h"
#include "text/diag.h"
#include "text/rules.h"

/* ---- labels ------------------------------------------------------------------------------------------------------ */

static void set_context(struct sepol *w, ocontext_t *to, const struct context *c)
{
    to->context[0].user = c->user->number + 1;
    to->context[0].role = c->role->number + 1;
    to->context[0].type = c->type->real->number + 1;
    sepol_set_range(w, &to->context[0].range, c->range);
}

static void set_resource(ocontext_t *to, enum resource_kind kind, const struct resource *r)
{
    switch (kind) {
    case RESOURCE_PIRQ:
        to->u.pirq = (uint16_t)r->low;
        break;
    case RESOURCE_IOMEM:
        to->u.iomem.low_iomem = r->low;
        to->u.iomem.high_iomem = r->high;
        break;
    case RESOURCE_IOPORT:
        to->u.ioport.low_ioport = (uint32_t)r->low;
        to->u.ioport.high_ioport = (uint32_t)r->high;
        break;
    case RESOURCE_PCI:
        to->u.device = (uint32_t)r->low;
        break;
    default:
        to->u.name = (char *)(uintptr_t)r->path;
    }
}

static void add_labels(struct sepol *w)
{
    static const int lists[] = {
        [RESOURCE_PIRQ] = OCON_XEN_PIRQ, [RESOURCE_IOMEM] = OCON_XEN_IOMEM, [RESOURCE_IOPORT] = OCON_XEN_IOPORT,
        [RESOURCE_PCI] = OCON_XEN_PCIDEVICE, [RESOURCE_DTDEV] = OCON_XEN_DEVICETREE,
    };
    const struct policy *p = w->policy;
    ocontext_t **next = &w->db->ocontexts[OCON_XEN_ISID];
    unsigned int i, kind;

    for (i = 0; i < p->sids.n; i++, next = &(*next)->next) {
        *next = ARENA_NEW(w->arena, ocontext_t);
        (*next)->sid[0] = p->sids.items[i].isid->number;
        (*next)->u.name = (char *)(uintptr_t)p->sids.items[i].isid->name;
        set_context(w, *next, p->sids.items[i].context);
    }
    for (kind = 0; kind < N_RESOURCES; kind++) {
        next = &w->db->ocontexts[lists[kind]];
        for (i = 0; i < p->resources[kind].n; i++, next = &(*next)->next) {
            *next = ARENA_NEW(w->arena, ocontext_t);
            set_resource(*next, kind, &p->resources[kind].items[i]);
            set_context(w, *next, p->resources[kind].items[i].context);
        }
    }
}

/* ---- the whole ---------------------------------------------------------------------------------------------------- */

static void add_policycaps(struct sepol *w)
{
    struct policy *p = w->policy;
    uint32_t *numbers = arena_array(w->arena, p->policycaps.n, sizeof(*numbers));
    unsigned int i, n = 0;

    for (i = 0; i < p->policycaps.n; i++) {
        int number = sepol_polcap_getnum(p->policycaps.items[i].name);

        if (number < 0)
            diag_add(p->diags, &RULE_UNKNOWN_NAME, p->policycaps.items[i].span, "there is no policy capability '%s'",
                     p->policycaps.items[i].name);
        else
            numbers[n++] = (uint32_t)number;
    }
    sepol_set_numbers(w, &w->db->policycaps, numbers, n);
}

static void check_version(struct policy *p, const struct flat *f, unsigned int version)
{
    unsigned int i;

    if (version >= POLICYDB_NEW)
        return;
    for (i = 0; i < p->resources[RESOURCE_DTDEV].n; i++)
        diag_add(p->diags, &RULE_POLICY_LIMIT, p->resources[RESOURCE_DTDEV].items[i].span,
                 "device tree labels need policy version %d", POLICYDB_NEW);
    for (i = 0; i < p->resources[RESOURCE_IOMEM].n; i++)
        if (p->resources[RESOURCE_IOMEM].items[i].high > UINT32_MAX)
            diag_add(p->diags, &RULE_POLICY_LIMIT, p->resources[RESOURCE_IOMEM].items[i].span,
                     "I/O memory above 16 TiB needs policy version %d", POLICYDB_NEW);
    for (i = 0; i < p->role_rules.n; i++)
        if (f->n_roles && p->role_rules.items[i].kind == ROLE_RULE_TRANSITION)
            diag_add(p->diags, &RULE_DROPPED, p->role_rules.items[i].span,
                     "role transitions need policy version %d and are left out", POLICYDB_NEW);
}

static void message(void *arg, sepol_handle_t *handle, const char *format, ...)
{
    struct sepol *w = arg;
    va_list ap;
    char text[256];

    (void)handle;
    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    if (w->messages.len)
        buf_puts(&w->messages, "; ");
    buf_puts(&w->messages, text);
}

/* Once to learn the length, once to write. Neither libsepol nor the buffer say in their own words that memory ran out. */
static bool write_db(struct sepol *w, struct buf *out)
{
    struct policy_file file = { .type = PF_LEN };
    bool good = false;

    errno = 0;
    file.handle = sepol_handle_create();
    if (!file.handle)
        arena_exhausted(w->arena);
    sepol_msg_set_callback(file.handle, message, w);
    if (!policydb_write(w->db, &file)) {
        size_t start = out->len;

        buf_fill(out, 0, file.len);
        file.type = PF_USE_MEMORY;
        file.data = out->data + start;
        good = !out->failed && !policydb_write(w->db, &file) && !file.len;
    }
    sepol_handle_destroy(file.handle);
    if (!good && (out->failed || errno == ENOMEM))
        arena_exhausted(w->arena);
    return good;
}

bool policydb_emit(struct policy *p, const struct flat *flat, unsigned int version, struct buf *out)
{
    static const unsigned int unknown[] = {
        [UNKNOWN_UNSET] = SEPOL_DENY_UNKNOWN, [UNKNOWN_DENY] = SEPOL_DENY_UNKNOWN,
        [UNKNOWN_ALLOW] = SEPOL_ALLOW_UNKNOWN, [UNKNOWN_REJECT] = SEPOL_REJECT_UNKNOWN,
    };
    struct sepol w = { .policy = p, .flat = flat, .arena = p->arena };
    bool good;

    w.db = ARENA_NEW(w.arena, policydb_t);
    w.db->policy_type = POLICY_KERN;
    w.db->target_platform = SEPOL_TARGET_XEN;
    w.db->policyvers = version;
    w.db->handle_unknown = unknown[p->handle_unknown];
    w.types = bits_create(w.arena, p->n_numbered);
    w.roles = bits_create(w.arena, p->n_roles);
    w.categories = bits_create(w.arena, p->n_categories);

    check_version(p, flat, version);
    add_policycaps(&w);
    sepol_declare(&w);
    sepol_rules(&w);
    add_labels(&w);
    if (diags_count(p->diags, LEVEL_ERROR))
        return false;

    good = write_db(&w, out);
    if (!good)
        diag_add(p->diags, &RULE_POLICY_LIMIT, (struct span){ 0, 0, 0 }, "libsepol cannot write the policy: %s",
                 w.messages.len ? buf_text(&w.messages) : "no reason given");
    buf_free(&w.messages);
    return good;
}
