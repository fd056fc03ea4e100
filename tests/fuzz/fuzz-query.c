/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The threat: a question of any bytes, from a web page or a script. It is answered or refused, and what is said about it
 * points into it.
 */
#include <string.h>

#include "base/buf.h"
#include "front/front.h"
#include "front/te.h"
#include "judge/query.h"
#include "pieces.h"

static const char policy_text[] =
    "class domain class event sid dom0\n"
    "class domain { create transition pause } class event { bind send status }\n"
    "sensitivity s0; sensitivity s-1; dominance { s0 s-1 } category c0; category c1; category c2;\n"
    "level s0:c0.c2; level s-1:c0.c2;\n"
    "mlsconstrain event { send bind } (l1 dom l2 or u1 == u2);\n"
    "attribute all; type a, all; type b, all; type a_self; type c; typebounds a c; permissive b; bool x true;\n"
    "type_transition a a:domain a_self;\n"
    "role r; role r types { a b c }; role q; role q types a; allow r q;\n"
    "allow all all:domain { create transition }; allow a self:event *; allow c a:domain create;\n"
    "if (x && !x) { allow a b:event send; } else { allow b a:event { send status }; }\n"
    "user u roles { r q } level s0 range s0 - s-1:c0.c2; user v roles r level s0 range s0;\n"
    "constrain domain create (r1 == r2 or t1 == b);\n"
    "sid dom0 u:r:a:s0\n";

static void check_places(const struct front *f)
{
    const struct diag *list;
    unsigned int n, i;
    size_t len;

    list = diags_sorted(f->diags, &n);
    for (i = 0; i < n; i++) {
        source_text(f->sources, list[i].span.file, &len);
        if (list[i].span.file && (list[i].span.start > list[i].span.end || list[i].span.end > len))
            fuzz_fail("'%s' is about bytes %u to %u of %zu", list[i].message, list[i].span.start, list[i].span.end, len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(NULL);
    struct front *f = front_create(arena);
    struct policy *p = policy_create(arena, f->names, f->diags, NULL);
    const struct query_answer *a;
    struct buf out = BUF_INIT;
    struct answerer *w;
    struct query q;
    uint32_t index;

    policy_enable_mls(p);
    te_parse(p, f->sources, source_add(f->sources, "policy", policy_text, strlen(policy_text)));
    policy_finish(p);
    if (diags_count(f->diags, LEVEL_ERROR))
        fuzz_fail("the policy has an error: %s", diags_sorted(f->diags, &(unsigned int){ 0 })->message);
    index = source_add(f->sources, "the question", (const char *)data, size);
    if (query_parse(&q, p, f->sources, index)) {
        w = answerer_create(p, policy_flatten(p));
        a = answer(w, &q);
        if (!a || diags_count(f->diags, LEVEL_ERROR))
            fuzz_fail("no answer to a question without a mistake");
        query_print(&out, w, &q, a, f->sources);
        query_print_json(&out, w, &q, a, f->sources);
    } else if (!diags_count(f->diags, LEVEL_ERROR)) {
        fuzz_fail("a question is refused without a word");
    }
    check_places(f);
    diags_render_text(f->diags, &out, false, 100);
    buf_free(&out);
    arena_destroy(arena);
    return 0;
}
