/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The threat: a console log of any bytes, which guests have a hand in. It is read without a fault; what is taken from it
 * is printable; a line that bears a guest's mark yields nothing, whatever it says; every message is told, in words and as
 * JSON.
 */
#include <string.h>

#include "avc/explain.h"
#include "base/buf.h"
#include "front/front.h"
#include "judge/derive.h"
#include "pieces.h"
#include "text/json.h"

static const char source[] =
    "class domain \"d\" { create transition pause getinfo } class event \"e\" { bind send }\n"
    "sid xenboot \"b\" sid xen \"x\" sid dom0 \"0\" sid domU \"u\"\n"
    "hook domctl(struct domain *d, unsigned int cmd) \"m\" { object d; on cmd {\n"
    "XEN_DOMCTL_pausedomain control domain:pause \"p\"; * control unknown \"domctl\"; } }\n"
    "hook evtchn_send(struct domain *d, struct domain *t) \"s\" { subject d; object t; default anyone;\n"
    "flask { event:send; domain:getinfo; } silo d, t; }\n"
    "domain control dom0_t alone \"c\"; domain guest domU_t \"g\"; domain boot xenboot_t alone \"b\";\n"
    "domain hypervisor xen_t alone \"x\"; role system_r of domain_type, xen_type \"r\"; user system_u as system_r \"u\";\n"
    "label sid xenboot system_u:system_r:xenboot_t; label sid xen system_u:system_r:xen_t;\n"
    "label sid dom0 system_u:system_r:dom0_t; label sid domU system_u:system_r:domU_t;\n"
    "constrain event:send to subject.type != domU_t || object.type != dom0_t \"c\";\n"
    "never domU_t -> dom0_t domain:pause \"n\";\n";

static void check_text(const struct avc_text *t)
{
    size_t i;

    for (i = 0; i < t->len; i++)
        if (t->s[i] < ' ' || t->s[i] > '~')
            fuzz_fail("byte %02x in a text", (unsigned char)t->s[i]);
}

static void check_record(const struct avc_record *r, const char *line, size_t len)
{
    unsigned int i;

    if (len > 4 && !memcmp(line, "(d1)", 4))
        fuzz_fail("taken from a guest's line");
    for (i = 0; i < r->n_perms; i++)
        check_text(&r->perms[i]);
    check_text(&r->source);
    check_text(&r->target);
    check_text(&r->detail);
    check_text(&r->subject);
    check_text(&r->object);
    check_text(&r->class);
    check_text(&r->thing);
    if (!r->thing.len && (!r->class.len || !r->subject.len || !r->object.len))
        fuzz_fail("a message without class or labels");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(NULL);
    struct front *f = front_create(arena);
    struct avc_denials denials;
    struct avc_explainer *x;
    struct avc_record record;
    struct buf out = BUF_INIT;
    struct json j = { .out = &out };
    struct avc_log log;
    struct policy *p;
    const char *at = (const char *)data, *end = at + size, *stop;
    unsigned int i;

    front_read_text(f, "source", source, strlen(source));
    front_bind(f);
    p = policy_create(arena, f->names, f->diags, f->model);
    front_add_policy(f, p);
    derive(p, f->model);
    policy_finish(p);
    avc_log_init(&log, arena);
    avc_denials_init(&denials, arena, f->names);
    for (; at < end; at = stop + 1) {
        stop = memchr(at, '\n', (size_t)(end - at));
        if (!stop)
            stop = end;
        if (!avc_log_line(&log, at, (size_t)(stop - at), &record))
            continue;
        check_record(&record, at, (size_t)(stop - at));
        avc_denials_add(&denials, &record);
    }
    avc_log_end(&log);
    x = avc_explainer_create(p, f->model, answerer_create(p, policy_flatten(p)), f->sources);
    json_begin(&j, NULL, '[');
    for (i = 0; i < denials.items.n && i < 20; i++)
        avc_explain_json(&j, x, denials.items.items[i]);
    json_end(&j, ']');
    for (i = 0; i < denials.items.n && i < 20; i++)
        avc_explain(&out, x, denials.items.items[i]);
    avc_allow(&out, x, &denials);
    avc_log_print(&out, &log);
    if (diags_count(f->diags, LEVEL_ERROR))
        fuzz_fail("an error about the policy: %s", diags_sorted(f->diags, &(unsigned int){ 0 })->message);
    buf_free(&out);
    arena_destroy(arena);
    return 0;
}
