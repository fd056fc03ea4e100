/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libsepol keeps the policy it answers for in static variables, so every call first says which one is meant.
 */
#include <sepol/debug.h>
#include <sepol/handle.h>
#include <sepol/policydb/conditional.h>
#include <sepol/policydb/policydb.h>
#include <sepol/policydb/services.h>
#include <sepol/policydb/sidtab.h>

#include "judge/server.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

struct server {
    struct arena *arena;
    policydb_t db;
    sidtab_t sids;
    bool mls;
};

static void server_message(void *arg, sepol_handle_t *handle, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void server_message(void *arg, sepol_handle_t *handle, const char *format, ...)
{
    struct buf *out = arg;
    char text[256];
    va_list ap;

    (void)handle;
    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    if (out->len)
        buf_puts(out, "; ");
    buf_puts(out, text);
}

struct server *server_open(struct arena *a, const void *data, size_t len, const char **why)
{
    struct server *s = ARENA_NEW(a, struct server);
    sepol_handle_t *handle = sepol_handle_create();
    struct policy_file file;
    struct buf said = BUF_INIT;
    bool good;

    s->arena = a;
    policy_file_init(&file);
    file.type = PF_USE_MEMORY;
    file.data = (char *)data;       /* only read */
    file.len = len;
    file.handle = handle;
    errno = 0;
    if (handle)
        sepol_msg_set_callback(handle, server_message, &said);
    good = handle && !policydb_init(&s->db);
    if (good) {
        good = !policydb_read(&s->db, &file, 0) && s->db.target_platform == SEPOL_TARGET_XEN &&
               s->db.policy_type == POLICY_KERN && !policydb_load_isids(&s->db, &s->sids);
        if (!good)
            policydb_destroy(&s->db);
    }
    sepol_handle_destroy(handle);
    if (!handle || (!good && errno == ENOMEM))
        arena_exhausted(a);
    *why = good ? NULL : said.len ? arena_text(a, said.data, said.len) : "this is no binary policy for Xen";
    buf_free(&said);
    if (!good)
        return NULL;
    s->mls = s->db.mls;
    return s;
}

void server_close(struct server *s)
{
    if (!s)
        return;
    sepol_sidtab_destroy(&s->sids);
    policydb_destroy(&s->db);
}

static void server_use(struct server *s)
{
    sepol_set_policydb(&s->db);
    sepol_set_sidtab(&s->sids);
}

uint32_t server_sid(struct server *s, const char *context)
{
    sepol_security_id_t sid;

    server_use(s);
    return sepol_context_to_sid(context, strlen(context) + 1, &sid) ? 0 : sid;
}

uint32_t server_isid(struct server *s, unsigned int number)
{
    return sepol_sidtab_search(&s->sids, number) && number ? number : 0;
}

/* The SID of user, role and type (values) with the lowest level of `range`; 0 if that is no valid context. */
static uint32_t server_make(struct server *s, uint32_t user, uint32_t role, uint32_t type, context_struct_t *range)
{
    context_struct_t c;
    sepol_security_id_t sid = 0;

    context_init(&c);
    c.user = user;
    c.role = role;
    c.type = type;
    if ((!s->mls || !mls_context_cpy_low(&c, range)) && policydb_context_isvalid(&s->db, &c) &&
        sepol_sidtab_context_to_sid(&s->sids, &c, &sid))
        sid = 0;
    context_destroy(&c);
    return sid;
}

uint32_t server_type_sid(struct server *s, const char *type, unsigned int like)
{
    type_datum_t *t = hashtab_search(s->db.p_types.table, (hashtab_key_t)type);
    context_struct_t *c = sepol_sidtab_search(&s->sids, like);
    uint32_t sid, u, r;

    if (!t || t->flavor == TYPE_ATTRIB || !c)
        return 0;
    sid = server_make(s, c->user, c->role, t->s.value, c);
    for (u = 1; !sid && u <= s->db.p_users.nprim; u++)
        for (r = OBJECT_R_VAL + 1; !sid && r <= s->db.p_roles.nprim; r++)
            sid = server_make(s, u, r, t->s.value, c);
    return sid ? sid : server_make(s, c->user, OBJECT_R_VAL, t->s.value, c);
}

const char *server_context(struct server *s, uint32_t sid)
{
    sepol_security_context_t text;
    const char *copy;
    size_t len;

    server_use(s);
    if (sepol_sid_to_context(sid, &text, &len))
        return "(none)";
    copy = arena_text(s->arena, text, strlen(text));
    free(text);
    return copy;
}

const char *server_type(struct server *s, uint32_t sid)
{
    const context_struct_t *c = sepol_sidtab_search(&s->sids, sid);

    return c && c->type ? s->db.p_type_val_to_name[c->type - 1] : "(none)";
}

/* ---- what a new object is labelled ---- */

static const char domain_class[] = "domain";

static bool is_domain_class(const struct server *s, unsigned int class)
{
    return class && class <= s->db.p_classes.nprim && !strcmp(s->db.p_class_val_to_name[class - 1], domain_class);
}

static uint32_t transition_type(struct server *s, const context_struct_t *from, const context_struct_t *to,
                                unsigned int class, uint32_t otherwise)
{
    avtab_key_t key = { .source_type = (uint16_t)from->type, .target_type = (uint16_t)to->type,
                        .target_class = (uint16_t)class, .specified = AVTAB_TRANSITION };
    avtab_datum_t *datum = avtab_search(&s->db.te_avtab, &key);
    avtab_ptr_t node;

    for (node = datum ? NULL : avtab_search_node(&s->db.te_cond_avtab, &key); node && !datum;
         node = avtab_search_node_next(node, AVTAB_TRANSITION))
        if (node->key.specified & AVTAB_ENABLED)
            datum = &node->datum;
    return datum ? datum->data : otherwise;
}

static uint32_t transition_role(const struct server *s, const context_struct_t *from, const context_struct_t *to)
{
    const role_trans_t *r;

    for (r = s->db.role_tr; r; r = r->next)
        if (r->role == from->role && r->type == to->type)
            return r->new_role;
    return from->role;
}

static int transition_range(struct server *s, context_struct_t *new, context_struct_t *from,
                            const context_struct_t *to, unsigned int class, bool domain)
{
    struct range_trans key = { .source_type = from->type, .target_type = to->type, .target_class = class };
    mls_range_t *range;

    if (!s->mls)
        return 0;
    range = hashtab_search(s->db.range_tr, (hashtab_key_t)&key);
    if (range)
        return mls_level_cpy(&new->range.level[0], &range->level[0]) ||
               mls_level_cpy(&new->range.level[1], &range->level[1]);
    return domain ? mls_context_cpy(new, from) : mls_context_cpy_low(new, from);
}

uint32_t server_transition(struct server *s, uint32_t source, uint32_t target, unsigned int class)
{
    context_struct_t *from = sepol_sidtab_search(&s->sids, source), *to = sepol_sidtab_search(&s->sids, target), new;
    bool domain = is_domain_class(s, class);
    sepol_security_id_t sid = 0;

    if (!source || !target || !from || !to)
        return 0;
    context_init(&new);
    new.user = from->user;
    new.role = domain ? transition_role(s, from, to) : OBJECT_R_VAL;
    new.type = transition_type(s, from, to, class, domain ? from->type : to->type);
    if (transition_range(s, &new, from, to, class, domain) || !policydb_context_isvalid(&s->db, &new) ||
        sepol_sidtab_context_to_sid(&s->sids, &new, &sid))
        sid = 0;
    context_destroy(&new);
    return sid;
}

/* ---- access ---- */

uint32_t server_allowed(struct server *s, uint32_t source, uint32_t target, unsigned int class, uint32_t bits)
{
    struct sepol_av_decision decision;

    if (!source || !target || !class || class > s->db.p_classes.nprim)
        return 0;
    server_use(s);
    memset(&decision, 0, sizeof(decision));
    if (sepol_compute_av(source, target, (sepol_security_class_t)class, bits, &decision))
        return 0;
    return decision.allowed & bits;
}

bool server_allows_unknown(const struct server *s)
{
    return s->db.handle_unknown == SEPOL_ALLOW_UNKNOWN;
}

bool server_set_boolean(struct server *s, const char *name, bool value)
{
    cond_bool_datum_t *b = hashtab_search(s->db.p_bools.table, (hashtab_key_t)name);

    if (!b)
        return false;
    b->state = value;
    return !evaluate_conds(&s->db);
}
