/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files are read with read(2) into one block of the arena. The offsets of line starts are found once, when the
 * first place in a file is asked for.
 */
#include "text/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

struct source {
    const char *path;
    char *text;
    size_t len;
    uint32_t *lines;        /* offsets of line starts; NULL until asked for */
    unsigned int n_lines;
};

struct sources {
    struct arena *arena;
    LIST(struct source) files;
};

struct sources *sources_create(struct arena *a)
{
    struct sources *s = ARENA_NEW(a, struct sources);

    s->arena = a;
    return s;
}

static uint32_t source_new(struct sources *s, const char *path, char *text, size_t len)
{
    struct source *f = LIST_PUSH(s->arena, &s->files);

    f->path = arena_text(s->arena, path, strlen(path));
    f->text = text;
    f->len = len;
    return s->files.n;
}

uint32_t source_add(struct sources *s, const char *path, const char *text, size_t len)
{
    char *copy;

    if (len >= UINT32_MAX - 2) {
        errno = EFBIG;
        return 0;
    }
    copy = arena_alloc(s->arena, len + 2);
    if (len)
        memcpy(copy, text, len);
    return source_new(s, path, copy, len);
}

uint32_t source_read(struct sources *s, const char *path)
{
    int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    size_t len = 0, cap = 64 << 10;
    uint32_t index = 0;
    struct stat st;
    char *text;
    int error = 0;

    if (fd < 0)
        return 0;
    if (!fstat(fd, &st)) {
        if (S_ISDIR(st.st_mode)) {
            error = EISDIR;
            goto out;
        }
        if (S_ISREG(st.st_mode) && st.st_size >= (off_t)UINT32_MAX - 2) {
            error = EFBIG;
            goto out;
        }
        if (S_ISREG(st.st_mode) && st.st_size > 0)
            cap = (size_t)st.st_size + 1;
    }

    text = arena_alloc(s->arena, cap + 2);
    for (;;) {
        ssize_t got;

        if (len == cap) {
            char *more;

            if (cap >= UINT32_MAX / 2) {
                error = EFBIG;
                goto out;
            }
            more = arena_alloc(s->arena, cap * 2 + 2);
            memcpy(more, text, len);
            text = more;
            cap *= 2;
        }
        got = read(fd, text + len, cap - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            error = errno;
            goto out;
        }
        if (!got)
            break;
        len += (size_t)got;
    }
    memset(text + len, 0, 2);
    index = source_new(s, path, text, len);

 out:
    if (fd != STDIN_FILENO)
        close(fd);
    if (error)
        errno = error;
    return index;
}

static struct source *source_get(const struct sources *s, uint32_t file)
{
    return file && file <= s->files.n ? &s->files.items[file - 1] : NULL;
}

const char *source_path(const struct sources *s, uint32_t file)
{
    const struct source *f = source_get(s, file);

    return f ? f->path : NULL;
}

const char *source_text(const struct sources *s, uint32_t file, size_t *len)
{
    const struct source *f = source_get(s, file);

    *len = f ? f->len : 0;
    return f ? f->text : "";
}

static void source_index(const struct sources *s, struct source *f)
{
    LIST(uint32_t) lines = { NULL, 0, 0 };
    const char *at = f->text, *end = f->text + f->len;

    *LIST_PUSH(s->arena, &lines) = 0;
    while ((at = memchr(at, '\n', (size_t)(end - at))))
        *LIST_PUSH(s->arena, &lines) = (uint32_t)(++at - f->text);
    f->lines = lines.items;
    f->n_lines = lines.n;
}

/* The index of the line that holds byte `at`. */
static unsigned int line_of(const struct sources *s, struct source *f, uint32_t at)
{
    unsigned int low = 0, high;

    if (!f->lines)
        source_index(s, f);
    for (high = f->n_lines; high - low > 1;) {
        unsigned int mid = low + (high - low) / 2;

        if (f->lines[mid] <= at)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static unsigned int column_of(const struct source *f, unsigned int line, uint32_t at)
{
    unsigned int column = 1;
    uint32_t i;

    for (i = f->lines[line]; i < at && i < f->len; i++)
        column += ((unsigned char)f->text[i] & 0xc0) != 0x80;
    return column;
}

struct place source_place(const struct sources *s, struct span span)
{
    struct source *f = source_get(s, span.file);
    struct place p = { NULL, 0, 0, 0, 0 };
    unsigned int line;

    if (!f)
        return p;
    p.path = f->path;
    line = line_of(s, f, span.start);
    p.line = line + 1;
    p.column = column_of(f, line, span.start);
    line = line_of(s, f, span.end);
    p.end_line = line + 1;
    p.end_column = column_of(f, line, span.end);
    return p;
}

const char *source_line(const struct sources *s, uint32_t file, uint32_t at, size_t *len)
{
    struct source *f = source_get(s, file);
    unsigned int line;
    const char *start, *end;

    *len = 0;
    if (!f)
        return "";
    line = line_of(s, f, at);
    start = f->text + f->lines[line];
    end = memchr(start, '\n', (size_t)(f->text + f->len - start));
    if (!end)
        end = f->text + f->len;
    if (end > start && end[-1] == '\r')
        end--;
    *len = (size_t)(end - start);
    return start;
}

struct span span_join(struct span a, struct span b)
{
    if (!a.file)
        return b;
    if (b.file == a.file && b.end > a.end)
        a.end = b.end;
    return a;
}
