/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Three layouts of the same records, worst first, each grade under its own heading. */
#include "review/print.h"

#include <string.h>

#include "base/buf.h"
#include "review/words.h"
#include "text/json.h"

enum { WIDTH = 100, MOST_LISTED = 12 };

static unsigned int shown(const struct print_job *j)
{
    unsigned int i, n = 0;

    for (i = 0; i < j->changes->items.n; i++)
        n += j->changes->items.items[i].grade >= j->least;
    return n;
}

/* ---- places ---- */

/* The path as whoever asked knows it. */
static void print_path(struct buf *out, const struct print_job *j, const char *path)
{
    const char *names[2] = { j->old, j->new };
    unsigned int i;

    for (i = 0; i < 2; i++) {
        size_t len = j->exported[i] ? strlen(j->exported[i]) : 0;

        if (!len || strncmp(path, j->exported[i], len))
            continue;
        buf_puts(out, names[i]);
        path += len;
        break;
    }
    buf_puts(out, path);
}

void place_print(struct buf *out, const struct print_job *j, struct span s)
{
    struct place at = source_place(j->sources, s);
    size_t len;

    print_path(out, j, at.path);
    /* A binary policy has no lines. */
    source_text(j->sources, s.file, &len);
    if (len)
        buf_printf(out, ":%u:%u", at.line, at.column);
}

static void print_places(struct buf *out, const struct print_job *j, const struct change *c)
{
    if (c->place.new.file && c->place.old.file == c->place.new.file && c->place.old.start == c->place.new.start) {
        place_print(out, j, c->place.new);
        return;
    }
    if (c->place.new.file)
        place_print(out, j, c->place.new);
    else
        buf_puts(out, "gone");
    if (c->place.old.file) {
        buf_puts(out, ", before ");
        place_print(out, j, c->place.old);
    } else {
        buf_puts(out, ", new");
    }
}

/* ---- terminal ---- */

static const char *grade_colour(const struct print_job *j, enum grade g)
{
    static const char *const colours[N_GRADES] = {
        [GRADE_SAME] = "", [GRADE_TEXT] = "\033[2m", [GRADE_MOVED] = "\033[36m", [GRADE_STRICTER] = "\033[33m",
        [GRADE_LOOSER] = "\033[1;31m",
    };

    return j->colour ? colours[g] : "";
}

/* Words after `indent`, broken where a line is full; the first line begins at `column`. */
static void print_wrapped(struct buf *out, const char *text, unsigned int column, unsigned int indent)
{
    while (*text) {
        size_t len = strcspn(text, " \n");

        if (column > indent && column + 1 + len > WIDTH) {
            buf_putc(out, '\n');
            buf_fill(out, ' ', indent);
            column = indent;
        } else if (column > indent) {
            buf_putc(out, ' ');
            column++;
        }
        buf_add(out, text, len);
        column += (unsigned int)len;
        text += len;
        text += strspn(text, " \n");
    }
    buf_putc(out, '\n');
}

static const char *pair_name(const struct operation_pair *p)
{
    return operation_told(p)->path;
}

static void print_operations(struct buf *out, const struct change *c)
{
    unsigned int i, n = c->pairs.n;

    for (i = 0; n > 1 && i < n && i < MOST_LISTED; i++) {
        const struct operation_pair *p = &c->pairs.items[i];

        buf_printf(out, "        %s: ", pair_name(p));
        print_wrapped(out, operation_meaning(operation_told(p)), 10 + (unsigned int)strlen(pair_name(p)), 12);
    }
    if (n > MOST_LISTED)
        buf_printf(out, "        and %u more\n", n - MOST_LISTED);
}

static void print_change(struct buf *out, const struct print_job *j, const struct change *c)
{
    const char *end = j->colour ? "\033[0m" : "";

    buf_printf(out, "\n%s%s%s  %s", grade_colour(j, c->grade), grade_name(c->grade), end, c->name);
    if (c->pairs.n > 1)
        buf_printf(out, " and %u more", c->pairs.n - 1);
    buf_puts(out, "\n    ");
    print_wrapped(out, c->text ? c->text : "", 4, 4);
    print_operations(out, c);
    if (c->advice) {
        buf_puts(out, "    ");
        print_wrapped(out, c->advice, 4, 4);
    }
    if (c->place.old.file || c->place.new.file) {
        buf_puts(out, "    ");
        print_places(out, j, c);
        buf_putc(out, '\n');
    }
}

static void print_counts(struct buf *out, const struct print_job *j)
{
    const char *comma = "";
    int g;

    for (g = GRADE_LOOSER; g > GRADE_SAME; g--) {
        if (!j->changes->n[g])
            continue;
        buf_printf(out, "%s%u %s", comma, j->changes->n[g], grade_name((enum grade)g));
        if (g != GRADE_TEXT)
            buf_printf(out, " (%s)", grade_meaning((enum grade)g));
        else
            buf_puts(out, " only");
        comma = ", ";
    }
    buf_puts(out, comma[0] ? "" : "no difference");
}

void changes_print_text(struct buf *out, const struct print_job *j)
{
    unsigned int i;

    for (i = 0; i < j->changes->items.n; i++)
        if (j->changes->items.items[i].grade >= j->least)
            print_change(out, j, &j->changes->items.items[i]);
    if (shown(j))
        buf_putc(out, '\n');
    print_counts(out, j);
    buf_putc(out, '\n');
}

/* ---- Markdown ---- */

/* Text in which nothing is markup: a name may hold `_` and `*`. */
static void print_plain(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_{}[]<>#|~", *text))
            buf_putc(out, '\\');
        buf_putc(out, *text == '\n' ? ' ' : *text);
    }
}

static void markdown_change(struct buf *out, const struct print_job *j, const struct change *c)
{
    unsigned int i;

    buf_printf(out, "- **`%s`**%s ", c->name, c->pairs.n > 1 ? " and others:" : ":");
    print_plain(out, c->text ? c->text : "");
    buf_putc(out, '\n');
    for (i = 0; c->pairs.n > 1 && i < c->pairs.n; i++) {
        const struct operation_pair *p = &c->pairs.items[i];

        buf_printf(out, "  - `%s`: ", pair_name(p));
        print_plain(out, operation_meaning(operation_told(p)));
        buf_putc(out, '\n');
    }
    if (c->advice) {
        buf_puts(out, "\n  _Policies:_ ");
        print_plain(out, c->advice);
        buf_putc(out, '\n');
    }
    if (c->place.old.file || c->place.new.file) {
        buf_puts(out, "\n  `");
        print_places(out, j, c);
        buf_puts(out, "`\n");
    }
}

void changes_print_markdown(struct buf *out, const struct print_job *j)
{
    enum grade heading = GRADE_SAME;
    unsigned int i;

    buf_puts(out, "# From `");
    buf_printf(out, "%s` to `%s`\n\n", j->old, j->new);
    print_counts(out, j);
    buf_puts(out, ".\n");
    for (i = 0; i < j->changes->items.n; i++) {
        const struct change *c = &j->changes->items.items[i];

        if (c->grade < j->least)
            continue;
        if (c->grade != heading) {
            heading = c->grade;
            buf_printf(out, "\n## %c%s: %s\n\n", grade_name(heading)[0] - 'a' + 'A', grade_name(heading) + 1,
                       grade_meaning(heading));
        }
        markdown_change(out, j, c);
    }
}

/* ---- JSON ---- */

static void json_place(struct json *out, const char *key, const struct print_job *j, struct span s)
{
    struct buf path = BUF_INIT;
    struct place at;

    if (!s.file) {
        json_string(out, key, NULL);
        return;
    }
    at = source_place(j->sources, s);
    print_path(&path, j, at.path);
    json_begin(out, key, '{');
    json_string(out, "path", buf_text(&path));
    buf_free(&path);
    json_number(out, "line", at.line);
    json_number(out, "column", at.column);
    json_end(out, '}');
}

static void json_list(struct json *out, const char *key, const char *const *items, unsigned int n)
{
    unsigned int i;

    json_begin(out, key, '[');
    for (i = 0; i < n; i++)
        json_string(out, NULL, items[i]);
    json_end(out, ']');
}

static void json_access(struct json *out, const struct access_told *a)
{
    json_begin(out, "access", '{');
    json_string(out, "kind", a->kind);
    json_bool(out, "added", a->added);
    json_list(out, "subjects", a->subjects, a->n_subjects);
    json_list(out, "objects", a->objects, a->n_objects);
    json_string(out, "class", a->class);
    json_list(out, "permissions", a->perms, a->n_perms);
    json_string(out, "condition", a->condition);
    json_bool(out, "otherwise", a->otherwise);
    json_end(out, '}');
}

static void json_operation(struct json *out, const struct change *c)
{
    unsigned int i;

    json_begin(out, "operations", '[');
    for (i = 0; i < c->pairs.n; i++) {
        const struct operation_pair *p = &c->pairs.items[i];

        json_begin(out, NULL, '{');
        json_string(out, "old", p->old ? p->old->path : NULL);
        json_string(out, "new", p->new ? p->new->path : NULL);
        json_string(out, "meaning", operation_meaning(operation_told(p)));
        json_end(out, '}');
    }
    json_end(out, ']');
    json_begin(out, "answers", '[');
    for (i = 0; i < c->answers.n; i++) {
        const struct answer_change *a = &c->answers.items[i];

        json_begin(out, NULL, '{');
        json_string(out, "subject", domain_kind_name(a->subject));
        json_string(out, "relation", relation_word(a->relation));
        json_bool(out, "allowed", a->allowed);
        json_string(out, "when", a->when);
        json_string(out, "build", a->build);
        json_end(out, '}');
    }
    json_end(out, ']');
    json_begin(out, "flask", '{');
    json_string(out, "grade", grade_name(c->flask.grade));
    json_list(out, "dropped", c->flask.dropped, c->flask.n_dropped);
    json_list(out, "added", c->flask.added, c->flask.n_added);
    json_list(out, "kept", c->flask.kept, c->flask.n_kept);
    json_string(out, "build", c->flask.build);
    json_end(out, '}');
}

void changes_print_json(struct buf *out, const struct print_job *j)
{
    struct json json = { .out = out };
    unsigned int i;
    int g;

    json_begin(&json, NULL, '{');
    json_string(&json, "old", j->old);
    json_string(&json, "new", j->new);
    json_begin(&json, "counts", '{');
    for (g = GRADE_LOOSER; g > GRADE_SAME; g--)
        json_number(&json, grade_name((enum grade)g), j->changes->n[g]);
    json_end(&json, '}');
    json_begin(&json, "changes", '[');
    for (i = 0; i < j->changes->items.n; i++) {
        const struct change *c = &j->changes->items.items[i];

        if (c->grade < j->least)
            continue;
        json_begin(&json, NULL, '{');
        json_string(&json, "grade", grade_name(c->grade));
        json_string(&json, "about", matter_name(c->about));
        json_string(&json, "name", c->name);
        json_string(&json, "text", c->text);
        json_string(&json, "advice", c->advice);
        json_place(&json, "old", j, c->place.old);
        json_place(&json, "new", j, c->place.new);
        if (c->about == ABOUT_OPERATION)
            json_operation(&json, c);
        if (c->access)
            json_access(&json, c->access);
        json_end(&json, '}');
    }
    json_end(&json, ']');
    json_end(&json, '}');
}
