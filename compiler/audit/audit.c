/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See audit.h: the parts in their order. */
#include "audit/audit.h"

#include "audit/audit-inside.h"

const TSLanguage *tree_sitter_c(void);

struct audit *audit(const struct audit_input *in)
{
    struct audit *a = ARENA_NEW(in->arena, struct audit);

    *a = (struct audit){
        .arena = in->arena, .names = in->names, .sources = in->sources, .diags = in->diags, .tree = in->tree,
        .model = in->model, .root = in->root, .rows_only = in->rows_only && in->model,
    };
    a->bodies = body_reader_create(a->arena, a->names, a->sources, tree_sitter_c());
    hooks_read(a);
    if (a->rows_only) {
        audit_wiring(a);
        return a;
    }
    commands_read(a);
    audit_wiring(a);
    audit_defaults(a);
    audit_flask(a);
    audit_arguments(a);
    audit_paths(a);
    return a;
}
