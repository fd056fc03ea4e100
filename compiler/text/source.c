/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files are read with read(2) into one block of the arena. The offsets of line starts are found once, when the
 * first place in a file is asked for.
 */
#define _GNU_SOURCE /* memmem() */
#include "text/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

struct source_mark {
    uint32_t start, of;
    unsigned int line;
};

/* Places are 32 bits and the lexer counts in int. */
enum { LARGEST_SOURCE = INT32_MAX - 2 };

struct source {
    const char *path;
    char *text;
    size_t len;
    uint32_t *lines;        /* offsets of line starts; NULL until asked for */
    unsigned int n_lines;
    LIST(struct source_mark) marks;
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

    if (len > LARGEST_SOURCE) {
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
        if (S_ISREG(st.st_mode) && st.st_size > LARGEST_SOURCE) {
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

            if (cap > LARGEST_SOURCE) {
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
    enum { LONG_LINE = 64 << 10 };
    unsigned int column = 1;
    uint32_t i;

    if (at - f->lines[line] > LONG_LINE)
        return at - f->lines[line] + 1;
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
    end = line + 1 < f->n_lines ? f->text + f->lines[line + 1] - 1 : f->text + f->len;
    if (end > start && end[-1] == '\r')
        end--;
    *len = (size_t)(end - start);
    return start;
}

void source_map_line(struct sources *s, uint32_t file, uint32_t start, uint32_t of, unsigned int line)
{
    struct source *f = source_get(s, file);

    if (f)
        *LIST_PUSH(s->arena, &f->marks) = (struct source_mark){ start, of, line };
}

struct span source_line_span(const struct sources *s, uint32_t file, unsigned int line)
{
    struct source *f = source_get(s, file);
    struct span span = { file, 0, 0 };
    const char *text;
    size_t len, skip;

    if (!f)
        return (struct span){ 0, 0, 0 };
    line_of(s, f, 0);
    if (line < 1 || line > f->n_lines)
        line = f->n_lines;
    text = source_line(s, file, f->lines[line - 1], &len);
    for (skip = 0; skip < len && (text[skip] == ' ' || text[skip] == '\t'); skip++)
        ;
    span.start = (uint32_t)((size_t)(text - f->text) + skip);
    span.end = (uint32_t)((size_t)(text - f->text) + len);
    return span;
}

/* How often `word` stands in the `len` bytes at `text`; stops at the `nth` (from 1) and tells where. */
static unsigned int find_nth(const char *text, size_t len, const char *word, size_t word_len, unsigned int nth,
                             const char **at)
{
    const char *end = text + len, *found;
    unsigned int n = 0;

    while (n < nth && (found = memmem(text, (size_t)(end - text), word, word_len))) {
        n++;
        *at = found;
        text = found + 1;
    }
    return n;
}

/* The text from a line on up to the end of the macro call that begins on it: the line where all parentheses are closed. */
static const char *call_end(const struct source *f, const char *line)
{
    const char *end = f->text + f->len;
    unsigned int depth = 0;

    for (; line < end; line++) {
        if (*line == '(')
            depth++;
        else if (*line == ')' && depth)
            depth--;
        else if (*line == '\n' && !depth)
            break;
    }
    return line;
}

/* The span of `word` in the text from `from` to `to`, as a word of its own. */
static bool find_word(const struct source *f, const char *from, const char *to, const char *word, size_t len,
                      struct span *span)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    for (; (from = memmem(from, (size_t)(to - from), word, len)); from++) {
        if ((from > f->text && from[-1] && strchr(letters, from[-1])) || (from[len] && strchr(letters, from[len])))
            continue;
        span->start = (uint32_t)(from - f->text);
        span->end = span->start + (uint32_t)len;
        return true;
    }
    return false;
}

struct span source_written(const struct sources *s, struct span span)
{
    struct source *f = source_get(s, span.file), *of;
    const struct source_mark *m;
    const char *line, *word, *written, *at = NULL;
    size_t line_len, word_len, first_len, written_len;
    unsigned int low = 0, high, number, nth;
    struct span found;

    if (!f || !f->marks.n || span.start < f->marks.items[0].start)
        return span;
    for (high = f->marks.n; high - low > 1;) {
        unsigned int mid = low + (high - low) / 2;

        if (f->marks.items[mid].start <= span.start)
            low = mid;
        else
            high = mid;
    }
    m = &f->marks.items[low];
    of = source_get(s, m->of);
    if (!of)
        return span;
    number = m->line + line_of(s, f, span.start) - line_of(s, f, m->start);
    found = source_line_span(s, m->of, number);
    written = source_line(s, m->of, found.start, &written_len);

    /* The words up to the end of their line, in the same place among equal ones. */
    line = source_line(s, span.file, span.start, &line_len);
    word = f->text + span.start;
    word_len = span.end - span.start;
    if (word_len > (size_t)(line + line_len - word))
        word_len = (size_t)(line + line_len - word);
    if (!word_len)
        return found;
    nth = find_nth(line, (size_t)(word - line), word, word_len, UINT32_MAX, &at) + 1;
    if (find_nth(written, written_len, word, word_len, nth, &at)) {
        found.start = (uint32_t)(at - of->text);
        found.end = found.start + (uint32_t)word_len;
        return found;
    }
    /* Or all of them, or the first, in the macro call that they come from. */
    first_len = word_len;
    for (nth = 0; nth < word_len && word[nth] != ' ' && word[nth] != '\t'; nth++)
        first_len = nth + 1;
    if (!find_word(of, written, call_end(of, written), word, word_len, &found))
        find_word(of, written, call_end(of, written), word, first_len, &found);
    return found;
}

struct span span_join(struct span a, struct span b)
{
    if (!a.file)
        return b;
    if (b.file == a.file && b.end > a.end)
        a.end = b.end;
    return a;
}
