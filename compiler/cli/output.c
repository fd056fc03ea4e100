/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output that appears whole or not at all: everything is written under temporary names first, with fsync, and renamed
 * only when all of it is on the disk. If a rename fails the earlier ones are undone from hard links kept aside. Signals
 * wait meanwhile, so that an interrupt leaves nothing behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
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
    const char *place;      /* what is written: `path`, or where that symbolic link leads; NULL: nothing to do */
    char *temporary;        /* written, not yet renamed */
    char *kept;             /* the old file under another name while others are being renamed */
    bool renamed;
};

struct outputs {
    struct cli *cli;
    LIST(struct output) files;
    LIST(char *) folders;   /* made for them, outermost first */
    struct map places;      /* folder and name -> output */
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

/* ---- streams: standard output, devices and pipes are written to, not replaced ---- */

static bool is_stream(const struct output *f)
{
    struct stat st;

    return !strcmp(f->path, "-") || (!stat(f->path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode));
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

/* ---- files ---- */

static bool make_folders(struct outputs *o, const char *path)
{
    char *copy = arena_text(o->cli->arena, path, strlen(path)), *at;

    for (at = copy + 1; (at = strchr(at, '/')); *at++ = '/') {
        *at = '\0';
        if (!mkdir(copy, 0777))
            *LIST_PUSH(o->cli->arena, &o->folders) = arena_text(o->cli->arena, copy, strlen(copy));
        else if (errno != EEXIST)
            return false;
    }
    return true;
}

static const char *arena_take(const struct outputs *o, char *text)
{
    const char *copy = text ? arena_text(o->cli->arena, text, strlen(text)) : NULL;

    free(text);
    return copy;
}

/* The folder part of a path without its last `/`; `name` is the rest. */
static const char *split(const struct outputs *o, const char *path, const char **name)
{
    const char *slash = strrchr(path, '/');

    *name = slash ? slash + 1 : path;
    return !slash ? "." : slash == path ? "/" : arena_text(o->cli->arena, path, (size_t)(slash - path));
}

static bool is_unchanged(const struct output *f)
{
    char block[1 << 16];
    size_t at = 0;
    bool same = false;
    struct stat st;
    int fd = open(f->place, O_RDONLY | O_CLOEXEC);

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

/* Finds out what is to be written, if anything. Links are followed, and stay. */
static bool output_locate(struct outputs *o, struct output *f)
{
    const char *folder, *name;
    const struct output *first;
    struct stat st;

    if (!make_folders(o, f->path))
        return output_failed(o, f, errno);
    f->place = f->path;
    if (!lstat(f->path, &st) && S_ISLNK(st.st_mode)) {
        f->place = arena_take(o, realpath(f->path, NULL));
        if (!f->place)
            return output_failed(o, f, errno);
    }
    if (!stat(f->place, &st)) {
        if (S_ISDIR(st.st_mode))
            return output_failed(o, f, EISDIR);
        /* Renaming would do away with the protection of a file that may not be written. */
        if (faccessat(AT_FDCWD, f->place, W_OK, AT_EACCESS))
            return output_failed(o, f, errno);
    }
    folder = arena_take(o, realpath(split(o, f->place, &name), NULL));
    if (!folder)
        return output_failed(o, f, errno);
    first = map_put(o->cli->arena, &o->places, names_get(o->cli->front->names, folder),
                    names_get(o->cli->front->names, name), f);
    if (first != f) {
        if (first->len != f->len || memcmp(first->data, f->data, f->len)) {
            diag_add(o->cli->front->diags, &RULE_IO, (struct span){ 0, 0, 0 },
                     "two different outputs are to be written to '%s'", f->path);
            return false;
        }
        f->place = NULL;
    } else if (is_unchanged(f)) {
        f->place = NULL;
    }
    return true;
}

static bool output_write(const struct outputs *o, struct output *f)
{
    const char *base, *folder = split(o, f->place, &base);
    char *name = arena_printf(o->cli->arena, "%s/.xsmc-XXXXXX", folder);
    size_t at = 0;
    mode_t mask;
    int fd, error = 0;
    struct stat st;

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
    if (stat(f->place, &st))
        st.st_mode = 0666 & ~mask;
    else if (fchown(fd, st.st_uid, st.st_gid))
        st.st_mode &= 0777;     /* not ours to give away: then without set-id bits */
    if (!error && fchmod(fd, st.st_mode & 07777))
        error = errno;
    if (!error && fsync(fd) && errno != EINVAL)
        error = errno;
    if (close(fd) && !error)
        error = errno;
    return error ? output_failed(o, f, error) : true;
}

static bool output_rename(const struct outputs *o, struct output *f)
{
    char *kept = arena_printf(o->cli->arena, "%s.old", f->temporary);

    /* A file system without hard links has the old file out of its place for a moment. */
    if (!link(f->place, kept) || (errno != ENOENT && !rename(f->place, kept)))
        f->kept = kept;
    else if (errno != ENOENT)
        return output_failed(o, f, errno);
    if (rename(f->temporary, f->place))
        return output_failed(o, f, errno);
    f->renamed = true;
    return true;
}

/* Takes away what is no longer needed, or all that was done. */
static void outputs_settle(struct outputs *o, bool good)
{
    unsigned int i;

    for (i = 0; i < o->files.n; i++) {
        struct output *f = &o->files.items[i];

        if (!good && f->kept)
            rename(f->kept, f->place);
        else if (!good && f->renamed)
            unlink(f->place);
        if (f->kept)
            unlink(f->kept);
        if (f->temporary && !f->renamed)
            unlink(f->temporary);
    }
    if (!good)
        for (i = o->folders.n; i-- > 0;)
            rmdir(o->folders.items[i]);
}

static void signals_to_wait(sigset_t *old)
{
    static const int those[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM };
    sigset_t set;
    size_t i;

    sigemptyset(&set);
    for (i = 0; i < sizeof(those) / sizeof(those[0]); i++)
        sigaddset(&set, those[i]);
    sigprocmask(SIG_BLOCK, &set, old);
}

bool outputs_commit(struct outputs *o, unsigned int *changed)
{
    unsigned int i, n = 0;
    bool good = true;
    sigset_t signals;

    /* Streams first, since they cannot be undone, and may be waited for. */
    for (i = 0; good && i < o->files.n; i++)
        if (is_stream(&o->files.items[i])) {
            good = output_stream(o, &o->files.items[i]);
            n++;
        }

    signals_to_wait(&signals);
    for (i = 0; good && i < o->files.n; i++)
        if (!is_stream(&o->files.items[i]))
            good = output_locate(o, &o->files.items[i]);
    for (i = 0; good && i < o->files.n; i++)
        if (o->files.items[i].place)
            good = output_write(o, &o->files.items[i]);
    for (i = 0; good && i < o->files.n; i++)
        if (o->files.items[i].place) {
            good = output_rename(o, &o->files.items[i]);
            n++;
        }
    outputs_settle(o, good);
    sigprocmask(SIG_SETMASK, &signals, NULL);
    if (changed)
        *changed = n;
    return good;
}
