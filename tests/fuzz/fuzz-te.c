/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The threat: a policy in the checkpolicy dialect, as m4 leaves it, of any bytes. It must be read without a fault in bounded
 * time, and one without errors must come out as a binary policy that says the same when it is read back.
 */
#include <string.h>

#include "back/policydb-read.h"
#include "back/policydb.h"
#include "front/front.h"
#include "front/te.h"
#include "model/lines.h"
#include "pieces.h"

static void round_trip(struct front *f, struct policy *p)
{
    struct flat *flat = policy_flatten(p);
    struct buf out = BUF_INIT;
    struct policy *back;
    struct lines a, b;
    size_t i;

    if (!diags_count(f->diags, LEVEL_ERROR) && policydb_emit(p, flat, POLICYDB_NEW, &out)) {
        back = policydb_load(f->arena, f->names, f->diags, 1, out.data, out.len, NULL);
        if (!back)
            fuzz_fail("the binary policy cannot be read back");
        a = policy_lines(p, flat, true);
        b = policy_lines(back, policy_flatten(back), true);
        for (i = 0; i < a.n && i < b.n; i++)
            if (strcmp(a.items[i], b.items[i]) && strncmp(a.items[i], "sid ", 4))
                fuzz_fail("written '%s', read back '%s'", a.items[i], b.items[i]);
        if (a.n != b.n)
            fuzz_fail("written %zu lines, read back %zu", a.n, b.n);
    }
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(NULL);
    struct front *f = front_create(arena);
    struct policy *p = policy_create(arena, f->names, f->diags, NULL);
    uint32_t index = source_add(f->sources, "input.conf", (const char *)data, size);
    struct buf text = BUF_INIT;
    size_t len;

    if (strstr(source_text(f->sources, index, &len), "sensitivity"))
        policy_enable_mls(p);
    te_parse(p, f->sources, index);
    policy_finish(p);
    if (!diags_count(f->diags, LEVEL_ERROR))
        round_trip(f, p);
    diags_render_text(f->diags, &text, false, 100);
    buf_free(&text);
    arena_destroy(arena);
    return 0;
}
