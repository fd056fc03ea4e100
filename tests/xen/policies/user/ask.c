/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks Flask's security server everything that it can be asked, whatever its policy says.
 *
 * Each class is asked about with some pair of SIDs and each SID with some class, for all decisions and the transitions of each
 * kind; pairs beyond these are drawn by a seed. What an accepted policy must answer, it must answer: a decision for its
 * classes, the context of a SID, and the SID of that context.
 */
#include "ask.h"

#include <stdlib.h>

#include "conditional.h"
#include "flask.h"
#include "policydb.h"
#include "security.h"

extern bool flask_enforcing;
extern int ss_initialized;
extern struct policydb policydb;

/* SIDs that are asked about: those there are from the beginning, none, one that nobody has, and what transitions make */
enum { MADE = 24, SIDS = SECINITSID_NUM + 2 + MADE };

struct sids {
    u32 sid[SIDS];
    unsigned int count;
};

void restart(bool enforcing)
{
    user_free_all();
    ss_initialized = 0;
    flask_mls_enabled = 0;
    flask_enforcing = enforcing;
    memset(&policydb, 0, sizeof(policydb));
}

void deny_missing(bool deny)
{
    flask_missing = deny ? FLASK_MISSING_DENY : FLASK_MISSING_REFUSE;
}

int load(const uint8_t *policy, size_t length)
{
    /* A copy of its own, so that the sanitizer sees what is read past the end. */
    uint8_t *copy = malloc(length);
    int answer;

    memcpy(copy, policy, length);
    answer = security_load_policy(copy, length);
    free(copy);
    ASSERT(user_locks == 0);
    return answer;
}

uint32_t random_number(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

static void label(const char *type, const char *level, const char *category)
{
    char context[200];
    u32 sid;
    int length = snprintf(context, sizeof(context), "%s:object_r:%s", policydb.p_user_val_to_name[0], type);

    if (level)
        length += snprintf(context + length, sizeof(context) - length, ":%s%s%s", level, category ? ":" : "",
                           category ? category : "");
    security_context_to_sid(context, length + 1, &sid);
}

void label_everything(void)
{
    for (u32 type = 0; type < policydb.p_types.nprim; type++)
        if (policydb.p_type_val_to_name[type])
            label(policydb.p_type_val_to_name[type], flask_mls_enabled ? policydb.p_sens_val_to_name[0] : NULL, NULL);
    for (u32 level = 0; flask_mls_enabled && level < policydb.p_levels.nprim; level++)
        for (u32 category = 0; category < policydb.p_cats.nprim; category++)
            if (policydb.p_sens_val_to_name[level] && policydb.p_cat_val_to_name[category])
                label("unlabeled_t", policydb.p_sens_val_to_name[level], policydb.p_cat_val_to_name[category]);
}

static void made(struct sids *sids, u32 sid)
{
    for (unsigned int i = 0; i < sids->count; i++)
        if (sids->sid[i] == sid)
            return;
    if (sids->count < SIDS)
        sids->sid[sids->count++] = sid;
}

static void ask_pair(struct sids *sids, u32 source, u32 target, u16 class, u32 third)
{
    struct av_decision decision;
    int answer = security_compute_av(source, target, class, ~0u, &decision);
    u32 sid;

    ASSERT(answer == 0 || !class || class > policydb.p_classes.nprim);
    security_validate_transition(source, target, third, class);
    if (!class || class > policydb.p_classes.nprim)
        return; /* hooks make SIDs for classes that Xen has */
    if (!security_transition_sid(source, target, class, &sid))
        made(sids, sid);
    if (!security_change_sid(source, target, class, &sid))
        made(sids, sid);
    if (!security_member_sid(source, target, class, &sid))
        made(sids, sid);
}

static void ask_pairs(struct sids *sids, uint64_t *state)
{
    unsigned int classes = policydb.p_classes.nprim;

    if (classes > 2 * SECCLASS_ARGO)
        classes = 2 * SECCLASS_ARGO; /* and there is nothing in most of them */
    for (unsigned int class = 0; class <= classes + 1; class++)
        ask_pair(sids, SECINITSID_DOM0, SECINITSID_DOMU, class, SECINITSID_DOM0);
    for (unsigned int i = 0; i < sids->count; i++)
        ask_pair(sids, sids->sid[i], sids->sid[(i + 1) % sids->count], SECCLASS_DOMAIN, sids->sid[0]);
    for (unsigned int i = 0; i < 40; i++) {
        u32 source = sids->sid[random_number(state) % sids->count];
        u32 target = random_number(state) % 4 ? sids->sid[random_number(state) % sids->count] : source;

        ask_pair(sids, source, target, random_number(state) % (classes + 1), sids->sid[random_number(state) % sids->count]);
    }
}

/* The attributes of a type are types: a rule has 16 bits for one, and with more it would be another's. */
static void look_at_attributes(void)
{
    for (u32 type = 0; type < policydb.p_types.nprim; type++) {
        struct ebitmap_node *node;
        unsigned int bit;

        ebitmap_for_each_positive_bit(&policydb.type_attr_map[type], node, bit)
            ASSERT(bit < policydb.p_types.nprim);
    }
}

/* Every SID has a context; a context has a SID or is refused. */
static void ask_contexts(const struct sids *sids)
{
    static const char *const odd[] = {
        "", ":", "::", ":::", "system_u", "system_u:system_r", "system_u:system_r:", "system_u:object_r:domU_t",
        "system_u:system_r:domU_t:", "system_u:system_r:domU_t:s0:c0.c3,blue-s1", "system_u:system_r:domU_t:secret-secret:blue",
        "system_u:system_r:domU_t:s0:c3.c0", "system_u:object_r:domU_t:s1:c0.blue", "admin_u:admin_r:first_t",
        "system_u:system_r:first_t:secret:blue.c3", "system_u:object_r:guest", "admin_u:object_r:nobody:s0-",
    };
    char *context;
    u32 length, sid;

    for (unsigned int i = 0; i < sids->count; i++) {
        int answer = security_sid_to_context(sids->sid[i], &context, &length);

        ASSERT(answer == 0);
        ASSERT(strlen(context) < length);
        security_context_to_sid(context, length, &sid);
        security_context_to_sid(context, length - 1, &sid);
        user_free(context);
    }
    for (unsigned int i = 0; i < ARRAY_SIZE(odd); i++)
        security_context_to_sid((char *)odd[i], strlen(odd[i]), &sid);
}

static int count_range(void *data, u32 sid, unsigned long start, unsigned long end)
{
    unsigned int *ranges = data;

    ++*ranges;
    return 0;
}

static void ask_devices(void)
{
    static const unsigned long places[] = { 0, 33, 0x3f8, 0x3ff, 0xc800, 0xecc0, 0xffff, 0xfebd9, 0xfebe0, 0xfebff, 0xffffffff };
    static const char *const paths[] = { "", "/soc/serial", "/soc" };
    unsigned int ranges = 0;
    u32 sid;

    for (unsigned int i = 0; i < ARRAY_SIZE(places); i++) {
        security_irq_sid((int)places[i], &sid);
        security_iomem_sid(places[i], &sid);
        security_ioport_sid((u32)places[i], &sid);
        security_device_sid((u32)places[i], &sid);
        security_iterate_iomem_sids(places[i], places[i] + 0x10000, count_range, &ranges);
        security_iterate_ioport_sids((u32)places[i], (u32)places[i] | 0xffff, count_range, &ranges);
    }
    security_iterate_iomem_sids(0, ~0ul, count_range, &ranges);
    security_iterate_ioport_sids(0, ~0u, count_range, &ranges);
    for (unsigned int i = 0; i < ARRAY_SIZE(paths); i++)
        security_devicetree_sid(paths[i], &sid);
}

/* Labels that the toolstack gives devices and takes away, between those of the policy */
static void label_devices(void)
{
    char *path = user_alloc(1, 5, 0);

    for (u32 ocon = OCON_ISID; ocon < OCON_NUM; ocon++)
        for (unsigned long low = 0x3f0; low < 0x400; low += 8) {
            int added = security_ocontext_add(ocon, low, low, SECINITSID_DOMU);

            if (!added)
                security_ocontext_del(ocon, low, low);
        }
    memcpy(path, "/soc", 5);
    security_devicetree_setlabel(path, SECINITSID_DOMU);
    ask_devices();
}

static void ask_booleans(uint64_t *state)
{
    int count, *values;
    char **names;
    size_t longest;
    int answer = security_get_bools(&count, &names, &values, &longest);

    ASSERT(answer == 0);
    for (int i = 0; i < count; i++) {
        char *name = security_get_bool_name(i);

        ASSERT(name && !strcmp(name, names[i]) && strlen(name) <= longest);
        ASSERT(security_find_bool(name) >= 0 && security_get_bool_value(i) == values[i]);
        user_free(name);
        user_free(names[i]);
    }
    ASSERT(!security_get_bool_name(count));
    for (unsigned int turn = 0; turn < 3 && count; turn++) {
        for (int i = 0; i < count; i++)
            values[i] = random_number(state) & 1;
        security_set_bools(count, values);
    }
    user_free(names);
    user_free(values);
}

void ask(uint32_t seed)
{
    struct sids sids = { .count = 0 };
    uint64_t state = seed;

    for (u32 sid = 0; sid <= SECINITSID_NUM; sid++)
        sids.sid[sids.count++] = sid;
    sids.sid[sids.count++] = 0x10000;
    look_at_attributes();
    ask_pairs(&sids, &state);
    ask_contexts(&sids);
    ask_devices();
    label_devices();
    ask_booleans(&state);
    ask_pairs(&sids, &state);
    ASSERT(user_locks == 0);
}

uint64_t answers(void)
{
    static const u32 sids[] = { SECINITSID_DOM0, SECINITSID_DOMU, SECINITSID_XEN };
    struct av_decision decision;
    uint64_t sum = 0;
    int count, *values;

    for (unsigned int i = 0; i < ARRAY_SIZE(sids) * ARRAY_SIZE(sids); i++)
        for (u16 class = 1; class <= SECCLASS_ARGO; class++) {
            security_compute_av(sids[i % 3], sids[i / 3], class, ~0u, &decision);
            sum = sum * 31 + decision.allowed;
            sum = sum * 31 + decision.auditdeny;
        }
    if (!security_get_bools(&count, NULL, &values, NULL)) {
        for (int i = 0; i < count; i++)
            sum = sum * 31 + values[i];
        user_free(values);
    }
    return sum;
}
