/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Xen tree as a database, for the commands that take one. */
#include "cli/load.h"
#include "tree/import.h"

bool load_tree(struct front *f, const char *root, const char *name)
{
    struct tree *t = tree_create(f->arena, f->names, f->sources, f->diags);
    struct import_files files = { NULL, 0, 0 };
    bool good = tree_read(t, root, NULL) && tree_import(t, name, &files);
    unsigned int i;

    for (i = 0; good && i < files.n; i++)
        front_read_text(f, arena_printf(f->arena, "%s/%s", root, files.items[i].name), files.items[i].text,
                        files.items[i].len);
    tree_destroy(t);
    return good;
}
