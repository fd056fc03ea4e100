/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output that appears whole or not at all: everything is written under temporary names first, with fsync, and renamed
 * only when all of it is on the disk. If a rename fails the earlier ones are undone from hard links kept aside.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "cli/cli.h"
#include "text/rules.h"

struct output {
    const char *path;
    const char *data;
    size_t len;
    char *temporary;    /* written, not yet renamed */
    char *kept;         /* the old file under another name while others are being renamed */
    bool renamed;
};

struct outputs {
    struct cli *cli;
    LIST(struct output) files;
};

struct outputs *outputs_create(struct cli *c)
{
    struct outputs *o = ARENA_NEW(c->arena, struct outputs);

    o->cli = c;
    return o;
}

void outputs_add(struct outputs *o, const char *path, const char *data, size_t len)
{
    *LIST_PUSH(o->cli->arena, &o->files) = (struct output){ .path = path, .data = data, .len = len };
}

static bool output_failed(const struct outputs *o, const struct output *f, int error)
{
    diag_add(o->cli->front->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "cannot write '%s': %s", f->path,
             strerror(error));
    return false;
}

static bool output_unchanged(const struct output *f)
{
    char block[1 << 16];
    size_t at = 0;
    bool same = false;
    struct stat st;
    int fd = open(f->path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return false;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size != (off_t)f->len)
        goto out;
    for (;;) {
        ssize_t got = read(fd, block, sizeof(block));

        if (got < 0)
            goto out;
        if (!got)
            break;
        if (at + (size_t)got > f->len || memcmp(block, f->data + at, (size_t)got))
            goto out;
        at += (size_t)got;
    }
    same = at == f->len;

 out:
    close(fd);
    return same;
}

static bool make_folders(const struct outputs *o, const char *path)
{
    char *copy = arena_text(o->cli->arena, path, strlen(path)), *at;

    for (at = copy + 1; (at = strchr(at, '/')); *at++ = '/') {
        *at = '\0';
        if (mkdir(copy, 0777) && errno != EEXIST)
            return false;
    }
    return true;
}

static bool output_write(const struct outputs *o, struct output *f)
{
    char *name = arena_printf(o->cli->arena, "%s.XXXXXX", f->path);
    size_t at = 0;
    mode_t mask;
    int fd, error = 0;
    struct stat st;

    if (!make_folders(o, f->path))
        return output_failed(o, f, errno);
    if (!stat(f->path, &st) && S_ISDIR(st.st_mode))
        return output_failed(o, f, EISDIR);
    fd = mkstemp(name);
    if (fd < 0)
        return output_failed(o, f, errno);
    f->temporary = name;
    while (at < f->len && !error) {
        ssize_t put = write(fd, f->data + at, f->len - at);

        if (put >= 0)
            at += (size_t)put;
        else if (errno != EINTR)
            error = errno;
    }
    mask = umask(0);
    umask(mask);
    if (!error && fchmod(fd, !stat(f->path, &st) ? st.st_mode & 07777 : 0666 & ~mask))
        error = errno;
    if (!error && fsync(fd) && errno != EINVAL)
        error = errno;
    if (close(fd) && !error)
        error = errno;
    return error ? output_failed(o, f, error) : true;
}

/* A device or pipe is written to, not replaced. */
static bool output_special(const struct output *f)
{
    struct stat st;

    return !stat(f->path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static bool output_stream(const struct outputs *o, const struct output *f)
{
    FILE *out;
    bool good;

    if (!strcmp(f->path, "-"))
        return cli_print(o->cli, f->data, f->len);
    out = fopen(f->path, "we");
    if (!out)
        return output_failed(o, f, errno);
    good = fwrite(f->data, 1, f->len, out) == f->len;
    if (fclose(out))
        good = false;
    return good ? true : output_failed(o, f, errno);
}

static bool output_rename(const struct outputs *o, struct output *f)
{
    char *kept = arena_printf(o->cli->arena, "%s.old", f->temporary);

    if (!link(f->path, kept))
        f->kept = kept;
    if (rename(f->temporary, f->path))
        return output_failed(o, f, errno);
    f->renamed = true;
    return true;
}

bool outputs_commit(struct outputs *o, unsigned int *changed)
{
    unsigned int i, n = 0;
    bool good = true;
    struct output *f;

    for (i = 0; good && i < o->files.n; i++) {
        f = &o->files.items[i];
        if (strcmp(f->path, "-") && !output_special(f) && !output_unchanged(f))
            good = output_write(o, f);
    }
    for (i = 0; good && i < o->files.n; i++) {
        f = &o->files.items[i];
        if (f->temporary) {
            good = output_rename(o, f);
            n++;
        } else if (!strcmp(f->path, "-") || output_special(f)) {
            good = output_stream(o, f);
            n++;
        }
    }
    for (i = 0; i < o->files.n; i++) {
        f = &o->files.items[i];
        if (!good && f->renamed && f->kept)
            rename(f->kept, f->path);
        else if (!good && f->renamed)
            unlink(f->path);
        if (f->kept)
            unlink(f->kept);
        if (f->temporary && !f->renamed)
            unlink(f->temporary);
    }
    if (changed)
        *changed = n;
    return good;
}
