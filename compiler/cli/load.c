/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a path is shows in its name: .xsm files and folders of them are the language, .te, .if, .cons and .spt files
 * and folders with a modules.conf the checkpolicy dialect. Binary policies are known by their first bytes.
 */
#include "cli/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "back/policydb-read.h"
#include "judge/derive.h"
#include "model/bounds.h"
#include "model/flat.h"
#include "model/never.h"
#include "text/rules.h"

enum { LOAD_TE = OPTION_LOAD, LOAD_MLS, LOAD_FLASK };

const struct cli_option load_options[] = {
    { .name = "te", .id = LOAD_TE,
      .help = "read files whose name does not end in .xsm in the checkpolicy dialect, through m4; .te, .if, .cons and .spt "
              "files and policy folders like Xen's are recognised anyway" },
    { .name = "mls", .id = LOAD_MLS, .help = "read such policies with MLS, as checkpolicy -M" },
    { .name = "flask", .value = "DIR", .id = LOAD_FLASK,
      .help = "where a policy folder finds the hypervisor's classes (xen/xsm/flask/policy), if no database gives them" },
    { .letter = 'D', .value = "NAME[=VALUE]", .help = "define an m4 macro" },
    { 0 },
};

bool load_option(struct cli *c, struct load *load, int option, const char *argument)
{
    struct te_define *d;
    const char *equals;

    switch (option) {
    case LOAD_TE:
        load->te = true;
        return true;
    case LOAD_MLS:
        load->mls = true;
        return true;
    case LOAD_FLASK:
        load->flask = argument;
        return true;
    case 'D':
        equals = strchr(argument, '=');
        d = LIST_PUSH(c->arena, &load->defines);
        d->name = equals ? arena_text(c->arena, argument, (size_t)(equals - argument)) : argument;
        d->value = equals ? equals + 1 : NULL;
        return true;
    }
    return false;
}

static bool ends(const char *path, const char *suffix)
{
    size_t len = strlen(path), n = strlen(suffix);

    return len > n && !strcmp(path + len - n, suffix);
}

static bool is_te(const struct load *load, const char *path)
{
    struct stat st;

    if (ends(path, ".te") || ends(path, ".if") || ends(path, ".cons") || ends(path, ".spt"))
        return true;
    if (!stat(path, &st) && S_ISDIR(st.st_mode))
        return te_is_folder(path);
    return load->te && !ends(path, ".xsm");
}

static void define(struct arena *a, struct te_input *input, const char *name, const char *value)
{
    *LIST_PUSH(a, &input->defines) = (struct te_define){ name, value };
}

/* The folder of the hypervisor's classes beside a policy folder in Xen's tree. */
static const char *flask_beside(struct cli *c, const char *folder)
{
    const char *flask = arena_printf(c->arena, "%s/../../../xen/xsm/flask/policy", folder);
    struct stat st;

    return !stat(arena_printf(c->arena, "%s/access_vectors", flask), &st) ? flask : NULL;
}

static bool is_file(const char *path)
{
    struct stat st;

    return !stat(path, &st) && S_ISREG(st.st_mode);
}

static bool is_binary(const char *path)
{
    FILE *file = fopen(path, "rb");
    unsigned char head[64];
    size_t len = file ? fread(head, 1, sizeof(head), file) : 0;

    if (file)
        fclose(file);
    return policydb_is(head, len);
}

/* Its bytes are kept out of the sources, where diagnostics would quote them. */
static struct policy *load_binary(struct cli *c, const char *path)
{
    struct front *f = c->front;
    struct sources *own = sources_create(c->arena);
    uint32_t file = source_read(own, path);
    const char *data;
    size_t len;

    if (!file) {
        diag_add(f->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "cannot read '%s': %s", path, strerror(errno));
        return NULL;
    }
    data = source_text(own, file, &len);
    return policydb_load(c->arena, f->names, f->diags, source_add(f->sources, path, "", 0), data, len, f->model);
}

struct policy *load_policy(struct cli *c, const struct load *load, char *const *paths, int n)
{
    struct front *f = c->front;
    struct te_input input = { { NULL, 0, 0 }, { NULL, 0, 0 } };
    struct policy *p;
    const char *binary = NULL;
    unsigned int i, n_te = 0, n_binary = 0;
    struct stat st;
    bool good = true;
    int at;

    for (at = 0; at < n; at++) {
        if (is_te(load, paths[at])) {
            n_te++;
        } else if (is_file(paths[at]) && is_binary(paths[at])) {
            n_binary++;
            binary = paths[at];
        } else {
            front_read(f, paths[at]);
        }
    }
    front_bind(f);
    if (n_binary) {
        if (n_binary == 1 && !n_te && !front_has_policy(f))
            return load_binary(c, binary);
        diag_add(f->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "'%s' is a binary policy, which is whole: nothing can "
                 "be added to it", binary);
        return NULL;
    }
    if (!n_te && !front_has_policy(f))
        return NULL;

    p = policy_create(c->arena, f->names, f->diags, f->model);
    if (load->mls)
        policy_enable_mls(p);
    if (n_te) {
        /* What Makefile.common always defines. */
        define(c->arena, &input, "self_contained_policy", NULL);
        if (load->mls)
            define(c->arena, &input, "enable_mls", NULL);
        define(c->arena, &input, "mls_num_sens", "16");
        define(c->arena, &input, "mls_num_cats", "256");
        for (i = 0; i < load->defines.n; i++)
            *LIST_PUSH(c->arena, &input.defines) = load->defines.items[i];
        for (at = 0; at < n; at++) {
            if (!is_te(load, paths[at]))
                continue;
            if (!stat(paths[at], &st) && S_ISDIR(st.st_mode))
                good &= te_folder(p, &input, paths[at],
                                  load->flask ? load->flask : f->model->n_classes ? NULL : flask_beside(c, paths[at]));
            else
                *LIST_PUSH(c->arena, &input.files) = paths[at];
        }
        if (good)
            te_read(p, f->sources, &input);
    }
    front_add_policy(f, p);
    if (!load->underived)
        derive(p, f->model);
    policy_finish(p);
    return p;
}

struct flat *load_flatten(struct cli *c, struct policy *p)
{
    struct flat *flat;

    if (diags_count(c->front->diags, LEVEL_ERROR))
        return NULL;
    flat = policy_flatten(p);
    policy_check_never(p, flat);
    policy_check_bounds(p, flat);
    return diags_count(c->front->diags, LEVEL_ERROR) ? NULL : flat;
}
