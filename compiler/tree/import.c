/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The import: everything is read, then written by subject, one file each, as hooks-db has it. */
#include "tree/import.h"

#include <string.h>

#include "text/rules.h"
#include "tree/import-inside.h"

/* Which hooks stand in which file, by how their names begin; the first that fits. */
static const struct subject {
    const char *begins, *file;
} subjects[] = {
    { "domctl_scheduler_op", "domains" }, { "domctl", "domctl" }, { "sysctl", "sysctl" }, { "page_offline", "sysctl" },
    { "hypfs_op", "sysctl" }, { "platform_op", "platform" }, { "resource_plug_core", "platform" },
    { "resource_unplug_core", "platform" }, { "do_mca", "platform" }, { "kexec", "platform" }, { "apic", "platform" },
    { "domain_create", "domains" }, { "init_hardware_domain", "domains" }, { "getdomaininfo", "domains" },
    { "set_target", "domains" }, { "schedop_shutdown", "domains" }, { "evtchn_close_post", "labels" },
    { "evtchn_", "event-channels" }, { "grant_", "grants" }, { "argo_", "argo" }, { "memory_", "memory" },
    { "claim_pages", "memory" }, { "get_pod_target", "memory" }, { "set_pod_target", "memory" },
    { "get_vnumainfo", "memory" }, { "add_to_physmap", "memory" }, { "remove_from_physmap", "memory" },
    { "map_gmfn_foreign", "memory" }, { "domain_resource_map", "memory" }, { "machine_memory_map", "memory" },
    { "domain_memory_map", "memory" }, { "mem_", "memory" }, { "mmu_update", "page-tables" },
    { "mmuext_op", "page-tables" }, { "update_va_mapping", "page-tables" }, { "priv_mapping", "page-tables" },
    { "shadow_control", "page-tables" }, { "hvm_", "hvm" }, { "vm_event_control", "hvm" }, { "dm_op", "hvm" },
    { "console_io", "console" }, { "readconsole", "console" }, { "profile", "profiling" }, { "pmu_op", "profiling" },
    { "xen_version", "version" }, { "do_xsm_op", "flask" }, { "do_compat_op", "flask" },
    { "set_system_active", "labels" }, { "security_", "labels" }, { "alloc_security_", "labels" },
    { "free_security_", "labels" }, { "show_", "labels" }, { "map_domain_", "devices" }, { "unmap_domain_", "devices" },
    { "bind_", "devices" }, { "unbind_", "devices" }, { "irq_", "devices" }, { "io", "devices" }, { "pci_", "devices" },
    { "get_device_group", "devices" }, { "assign_", "devices" }, { "deassign_", "devices" }, { "resource_", "devices" },
    { "", "other" },
};

static const char *subject_of(const char *hook)
{
    const struct subject *s = subjects;

    while (strncmp(hook, s->begins, strlen(s->begins)))
        s++;
    return s->file;
}

bool tree_import_needs(const char *path)
{
    static const char *const folders[] = { "xen/include/xsm/", "xen/xsm/", "xen/include/public/" };
    size_t i;

    for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        if (!strncmp(path, folders[i], strlen(folders[i])))
            return true;
    return false;
}

static const char *hook_of(void *context, const char *function)
{
    struct import *im = context;
    const struct import_hook *h = map_get(&im->by_flask, NULL, names_get(im->t->names, function));

    return h && h->flask ? h->name : NULL;
}

static const char *class_of(void *context, const char *upper)
{
    struct import *im = context;
    unsigned int i;

    for (i = 0; i < im->classes.n; i++)
        if (!strcmp(im->classes.items[i].upper, upper))
            return im->classes.items[i].name;
    return NULL;
}

static const char *sid_of(void *context, const char *upper)
{
    struct import *im = context;
    unsigned int i;

    for (i = 0; i < im->sids.n; i++)
        if (!strcmp(im->sids.items[i].upper, upper))
            return im->sids.items[i].name;
    return NULL;
}

/* The security modules' own code. */
static bool is_module(const char *path, void *context)
{
    (void)context;
    return !strncmp(path, "xen/xsm/", 8) || !strncmp(path, "xen/include/xsm/", 16);
}

/* What could not be read and may hide a check: in the modules, and in functions that call one of their hooks. */
static void say_gaps(struct import *im)
{
    static const struct tree_filter modules = { .wanted = is_module };
    const struct tree_gap *const *gaps;
    unsigned int i, j, n = tree_gaps(im->t, &gaps);

    tree_say_gaps(im->t, &modules);
    for (i = 0; i < n; i++) {
        const struct tree_function *f = gaps[i]->function;

        for (j = 0; f && !is_module(f->file->path, NULL) && j < f->n_calls; j++)
            if (f->calls[j].callee && !strncmp(f->calls[j].callee, "xsm_", 4)) {
                diag_add(im->diags, &RULE_NOT_UNDERSTOOD, gaps[i]->span, "%s, in '%s', which calls hook '%s'",
                         gaps[i]->what, f->name, f->calls[j].callee + 4);
                break;
            }
    }
}

static void file_add(struct import *im, struct import_files *files, const char *name, struct buf *text)
{
    struct import_file *f = arena_push(im->arena, (void **)&files->items, &files->n, &files->cap, sizeof(*f));

    f->name = arena_printf(im->arena, "%s.xsm", name);
    f->len = text->len;
    f->text = tree_taken(im->arena, text);
}

static void write_hooks(struct import *im, struct import_files *files)
{
    const struct subject *s, *before;
    struct buf ignored = BUF_INIT;
    unsigned int i;

    for (i = 0; i < im->hooks.n; i++)       /* to learn which hooks are called behind others */
        import_print_hook(im, &im->hooks.items[i], &ignored);
    buf_free(&ignored);

    for (s = subjects; s < subjects + sizeof(subjects) / sizeof(subjects[0]); s++) {
        struct buf out = BUF_INIT;

        for (before = subjects; strcmp(before->file, s->file); before++)
            ;
        if (before < s)
            continue;
        for (i = 0; i < im->hooks.n; i++)
            if (!strcmp(subject_of(im->hooks.items[i].name), s->file))
                import_print_hook(im, &im->hooks.items[i], &out);
        if (out.len)
            file_add(im, files, s->file, &out);
        else
            buf_free(&out);
    }
}

bool tree_import(struct tree *t, const char *name, struct import_files *files)
{
    struct import *im = ARENA_NEW(t->arena, struct import);
    struct buf classes = BUF_INIT, sids = BUF_INIT, layout = BUF_INIT;
    unsigned int i;

    im->t = t;
    im->arena = t->arena;
    im->diags = t->diags;
    im->world = (struct reading_world){ .tree = t, .arena = t->arena, .names = t->names, .hook_of = hook_of,
                                        .class_of = class_of, .sid_of = sid_of, .context = im };
    if (!import_policy(im) || !import_hooks(im))
        return false;
    say_gaps(im);
    import_cases(im);
    buf_printf(&classes, "database %s\n\n", name);
    import_print_policy(im, &classes, &sids);
    file_add(im, files, "classes", &classes);
    file_add(im, files, "sids", &sids);
    buf_puts(&layout, "layout {\n");
    for (i = 0; i < im->hooks.n; i++)
        buf_printf(&layout, "%s%s", im->hooks.items[i].name, i + 1 < im->hooks.n ? " " : "\n");
    buf_puts(&layout, "}\n");
    file_add(im, files, "layout", &layout);
    write_hooks(im, files);
    return true;
}
