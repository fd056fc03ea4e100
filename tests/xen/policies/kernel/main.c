/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads policies that should not be loaded, and sees whether the running one survives.
 *
 * tests/xen/test-policies hands in an archive, as the module that a kernel would take for its initial file system: for
 * each policy its name and what is to come of it, the length, and the bytes. The first is the one that runs. It is also cut
 * off and damaged everywhere; what is taken of that in permissive mode is asked for decisions and labels.
 *
 * seconds: 300
 */
#include "guest.h"

#include <xen/memory.h>

/* The archive's entries, each padded to a multiple of 8 */
struct entry {
    char name[40];
    char outcome[16];    /* "loaded", "refused", or "denied": loaded, and what it lacks is denied */
    uint64_t length;
    uint8_t bytes[];
};

enum { LARGEST = 256 << 10, CLASSES = 13, SIDS = 13 };

/* What one domain may do to another, class by class: the policy in short */
struct answers {
    uint32_t allowed[4][CLASSES + 1];
    long told[4][CLASSES + 1];
};

static uint8_t copy[LARGEST];

static long load(const void *bytes, uint64_t length)
{
    struct xen_flask_op op = { .cmd = FLASK_LOAD };

    op.u.load.size = (uint32_t)length;
    set_xen_guest_handle(op.u.load.buffer, (char *)bytes);
    return xen_flask(&op);
}

static void look(struct answers *answers)
{
    static const char *const labels[] = { "system_u:system_r:dom0_t", "system_u:system_r:domU_t" };
    struct xen_flask_op op = { .cmd = FLASK_ACCESS };
    uint32_t sids[2];

    memset(answers, 0, sizeof(*answers));
    for (unsigned int i = 0; i < 2; i++)
        if (flask_sid(labels[i], &sids[i]))
            return;
    for (unsigned int i = 0; i < 4; i++)
        for (uint32_t class = 1; class <= CLASSES; class++) {
            op.u.access.ssid = sids[i & 1];
            op.u.access.tsid = sids[i >> 1];
            op.u.access.tclass = class;
            op.u.access.req = ~0u;
            answers->told[i][class] = xen_flask(&op);
            answers->allowed[i][class] = op.u.access.allowed;
        }
}

static bool alike(const struct answers *one, const struct answers *other)
{
    const uint8_t *a = (const uint8_t *)one, *b = (const uint8_t *)other;

    for (size_t i = 0; i < sizeof(*one); i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static struct answers before, after;

/* After a refusal nothing is different; the good policy replaces what was loaded. */
static bool survived(const char *what, const struct entry *good, long answer)
{
    if (answer == 0)
        return expect("the good policy again", load(good->bytes, good->length), 0);
    look(&after);
    return expect(what, alike(&before, &after), true);
}

static void load_each(const struct entry *entry, const uint8_t *end)
{
    const struct entry *good = entry;

    for (; (const uint8_t *)entry < end;
         entry = (const struct entry *)(entry->bytes + (entry->length + 7) / 8 * 8)) {
        long answer = load(entry->bytes, entry->length);
        bool refused = strcmp(entry->outcome, "refused") == 0;

        print("POLICY %s: %ld\n", entry->name, answer);
        expect(entry->name, refused ? answer < 0 : answer, refused ? true : 0);
        survived(entry->name, good, answer);
    }
}

/* The good one cut off everywhere */
static void cut(const struct entry *good)
{
    for (uint64_t length = 0; length < good->length; length += length < 512 ? 1 : 7)
        if (!expect("a short policy is refused", load(good->bytes, length) < 0, true) ||
            !survived("after a short policy", good, -1))
            return;
}

/*
 * The good one with a wrong byte, everywhere. Some of these make sense, and under some of them domain 0 may not do anything,
 * load another policy least of all; so where Flask enforces the last byte is cut off besides.
 */
static void corrupt(const struct entry *good, uint8_t wrong)
{
    unsigned int loaded = 0;

    memcpy(copy, good->bytes, good->length);
    for (uint64_t place = 0; place < good->length; place += 2) {
        long answer;

        copy[place] ^= wrong;
        answer = load(copy, good->length - 1);
        copy[place] ^= wrong;
        if (answer == 0)
            loaded++;
        if (!survived("after a corrupt policy", good, answer))
            return;
    }
    /* A smaller count can make what is left complete. */
    expect("hardly any is taken", loaded < 4, true);
}

/* Whatever the policy says, Flask answers, with whichever error. */
static void ask(void)
{
    static const uint32_t makes[] = { FLASK_CREATE, FLASK_RELABEL, FLASK_MEMBER };
    static char context[256];
    struct xen_flask_op op;

    for (uint32_t sid = 1; sid <= SIDS + 1; sid++) {
        flask_context(sid, context, sizeof(context));
        for (uint32_t class = 0; class <= CLASSES + 1; class++) {
            uint32_t target = class % 2 ? sid : (sid + class) % SIDS + 1;

            op = (struct xen_flask_op){ .cmd = FLASK_ACCESS };
            op.u.access.ssid = sid;
            op.u.access.tsid = target;
            op.u.access.tclass = class;
            op.u.access.req = ~0u;
            xen_flask(&op);
            op = (struct xen_flask_op){ .cmd = makes[class % 3] };
            op.u.transition.ssid = sid;
            op.u.transition.tsid = target;
            op.u.transition.tclass = class;
            xen_flask(&op);
        }
    }
}

/* The good one with a wrong byte, whole. Nobody is refused anything here, so the good one can always take its place. */
static void damage(const struct entry *good, uint8_t wrong)
{
    unsigned int loaded = 0, refused = 0;

    memcpy(copy, good->bytes, good->length);
    for (uint64_t place = wrong & 1; place < good->length; place += 2) {
        long answer;

        copy[place] ^= wrong;
        answer = load(copy, good->length);
        copy[place] ^= wrong;
        if (answer == 0) {
            loaded++;
            ask();
        } else
            refused++;
        if (!survived("after a damaged policy", good, answer)) {
            print("byte %lu was wrong\n", place);
            return;
        }
    }
    print("DAMAGED by %x: %u loaded, %u refused\n", wrong, loaded, refused);
    expect("some are taken", loaded > 0, true);
    expect("some are refused", refused > 0, true);
}

void test(void)
{
    const uint8_t *archive = (const uint8_t *)start_info->mod_start;
    const struct entry *good = (const struct entry *)archive;

    if (!start_info->mod_len)
        error("there are no policies");
    expect("the good policy", load(good->bytes, good->length), 0);
    look(&before);
    expect("it lets control do something to guests", before.allowed[2][3] != 0, true);
    load_each(good, archive + start_info->mod_len);
    if (flask_enforcing() == 0) {
        damage(good, 0xff);
        damage(good, 0x02);
        return;
    }
    cut(good);
    corrupt(good, 0xff);
    corrupt(good, 0x01);
}
