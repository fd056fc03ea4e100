/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree is read as gen --xen reads it; then each place is edited, and what came out is shown as one patch. */
#include "back/patch.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "back/patch-job.h"
#include "base/buf.h"
#include "text/rules.h"

const char *patch_path(unsigned int file)
{
    static const char *const policy[] = {
        [PATCH_DOM0_TE - PATCH_POLICY] = "tools/flask/policy/modules/dom0.te",
        [PATCH_XEN_IF - PATCH_POLICY] = "tools/flask/policy/modules/xen.if",
        [PATCH_XEN_TE - PATCH_POLICY] = "tools/flask/policy/modules/xen.te",
        [PATCH_XENSTORE_TE - PATCH_POLICY] = "tools/flask/policy/modules/xenstore.te",
    };

    return file < INSTALL_FILES ? install_paths[file] : policy[file - PATCH_POLICY];
}

static const char *text_of(const struct patch *p, const char *format, va_list ap)
{
    char text[1024];

    vsnprintf(text, sizeof(text), format, ap);
    return arena_text(p->g->arena, text, strlen(text));
}

void patch_leave(struct patch *p, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    *LIST_PUSH(p->g->arena, &p->left) = text_of(p, format, ap);
    va_end(ap);
}

void patch_say(struct patch *p, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    *LIST_PUSH(p->g->arena, &p->said) = text_of(p, format, ap);
    va_end(ap);
}

void patch_add_file(struct patch *p, const char *path, const char *old, size_t old_len, const char *text, size_t len)
{
    if (!old || old_len != len || memcmp(old, text, len))
        *LIST_PUSH(p->g->arena, &p->changed) = (struct patched){ path, old, old_len, text, len };
}

/* ---- a tree with generated files ---- */

static bool patch_installed(struct patch *p)
{
    unsigned int i;

    if (!install_tree(p->g, p->files))
        return false;
    for (i = 0; i < p->g->files.n; i++) {
        const struct gen_file *f = &p->g->files.items[i];
        size_t len = 0;
        const char *old = p->read(p->with, f->path, &len);

        patch_add_file(p, f->path, old, len, f->text, f->len);
    }
    return true;
}

/* ---- a tree with hand-written hooks ---- */

static bool patch_places(struct patch *p)
{
    struct patch_job j = { .p = p };
    unsigned int before = diags_count(p->g->diags, LEVEL_ERROR), i;

    if (!install_open(&j.tree, p->old ? p->old : p->g, p->files) || !install_read_generated(p->g, j.fresh) ||
        diags_count(p->g->diags, LEVEL_ERROR) != before)
        return false;
    j.ops = operations_list(p->g->arena, p->g->model);
    j.effective = effective_create(p->g->arena, NULL, false);
    for (i = 0; i < PATCH_FILES; i++) {
        size_t len;
        const char *text = p->files[i] ? source_text(p->g->sources, p->files[i], &len) : NULL;

        if (text)
            j.edit[i] = patch_edit_begin(p->g->arena, text, len);
    }
    patch_hooks(&j);
    patch_say_operations(&j);
    patch_lists(&j);
    patch_calls(&j);
    for (i = 0; i < PATCH_FILES; i++) {
        struct buf out = BUF_INIT;
        const char *old;
        size_t len;

        if (!j.edit[i].text)
            continue;
        old = source_text(p->g->sources, p->files[i], &len);
        patch_edit_finish(&j.edit[i], &out);
        patch_add_file(p, patch_path(i), old, len, arena_text(p->g->arena, buf_text(&out), out.len),
                    out.len);
        buf_free(&out);
    }
    return diags_count(p->g->diags, LEVEL_ERROR) == before;
}

/* Whether the generated files are in the tree: its struct xsm_ops comes by #include. */
static bool is_installed(const struct patch *p)
{
    size_t len;

    return strstr(source_text(p->g->sources, p->files[INSTALL_XSM_H], &len), install_parts[PART_OPS].include) != NULL;
}

bool patch_tree(struct patch *p)
{
    unsigned int before = diags_count(p->g->diags, LEVEL_ERROR);

    install_check_version(p->g, p->files[INSTALL_MAKEFILE]);
    if (diags_count(p->g->diags, LEVEL_ERROR) != before)
        return false;
    if (is_installed(p))
        return patch_installed(p);
    install_check_numbers(p->g, p->files[INSTALL_VECTORS], p->files[INSTALL_CLASSES], p->files[INSTALL_SIDS]);
    if (diags_count(p->g->diags, LEVEL_ERROR) != before)
        return false;
    return patch_places(p);
}

/* ---- the patch as text ---- */

/* A paragraph in lines of at most 72 columns. */
static void put_paragraph(struct buf *out, const char *lead, const char *text)
{
    enum { WIDTH = 72 };
    size_t column = strlen(lead);

    buf_puts(out, lead);
    while (*text) {
        size_t len = strcspn(text, " ");

        if (column > strlen(lead) && column + 1 + len > WIDTH) {
            buf_putc(out, '\n');
            buf_fill(out, ' ', strlen(lead));
            column = strlen(lead);
        } else if (column > strlen(lead)) {
            buf_putc(out, ' ');
            column++;
        }
        buf_add(out, text, len);
        column += len;
        text += len + (text[len] == ' ');
    }
    buf_putc(out, '\n');
}

static void put_subject(const struct patch *p, struct buf *out)
{
    enum { ROOM = 50 };
    size_t begun;
    unsigned int i;

    buf_puts(out, "Subject: [PATCH] xsm: ");
    begun = out->len;
    for (i = 0; i < p->added.n && out->len - begun < ROOM; i++)
        buf_printf(out, "%s%s", i ? ", " : "add ", p->added.items[i]);
    if (i < p->added.n)
        buf_printf(out, " and %u more", p->added.n - i);
    buf_puts(out, p->added.n ? "\n" : "change what is checked\n");
}

void patch_print(const struct patch *p, struct buf *out)
{
    unsigned int i;

    if (!p->changed.n)
        return;
    put_subject(p, out);
    for (i = 0; i < p->said.n; i++) {
        buf_putc(out, '\n');
        put_paragraph(out, "", p->said.items[i]);
    }
    buf_puts(out, "\n---\n");
    if (p->left.n)
        buf_puts(out, "Left to be done by hand:\n");
    for (i = 0; i < p->left.n; i++)
        put_paragraph(out, "  - ", p->left.items[i]);
    for (i = 0; i < p->changed.n; i++) {
        const struct patched *f = &p->changed.items[i];

        if (!i)
            buf_putc(out, '\n');
        patch_diff(p->g->arena, out, f->path, f->old, f->old_len, f->text, f->len);
    }
}
