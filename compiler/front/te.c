/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading policies in the checkpolicy dialect: which files, through m4, and into the policy. The text that m4 makes
 * is a source of its own, whose lines are marked with the places they come from.
 */
#include "front/te.h"

#include <errno.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "front/te-m4.h"
#include "front/te-parse.h"
#include "te-parser.h"

static const struct span NOWHERE = { 0, 0, 0 };

/* ---- what lexer and grammar complain of ----------------------------------------------------------------------- */

void te_bad(struct te_parse *p, struct span where, const char *format, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    diag_add(p->diags, &RULE_SYNTAX, where, "%s", text);
}

void te_bad_byte(struct te_parse *p, struct span where, unsigned char byte)
{
    p->bad_end = where.end;
    if (byte > 0x20 && byte < 0x7f)
        te_bad(p, where, "'%c' has no meaning here", byte);
    else
        te_bad(p, where, "byte 0x%02x cannot stand in a policy", byte);
}

void te_unsupported(struct te_parse *p, struct span where, const char *what)
{
    diag_add(p->diags, &RULE_UNSUPPORTED, where, "%s cannot be in a policy for Xen", what);
}

const char *te_token_name(struct te_parse *p, const char *name)
{
    if (strlen(name) == 3 && name[0] == '\'')
        return name;
    if (!strcmp(name, "name") || !strcmp(name, "number") || !strcmp(name, "path") || !strcmp(name, "block"))
        return arena_printf(p->arena, "a %s", name);
    return arena_printf(p->arena, "'%s'", name);
}

void te_unexpected(struct te_parse *p, struct span where, bool at_end, const char *expected)
{
    size_t len;
    const char *text = source_text(diags_sources(p->diags), where.file, &len);
    uint32_t at = p->bad_end;
    const char *found = at_end ? "the end of the text" :
                        arena_printf(p->arena, "'%.*s'", (int)(where.end - where.start > 40 ? 40 : where.end - where.start),
                                     text + where.start);

    /* Right behind a byte that means nothing: that was it. */
    while (at && at < where.start && (text[at] == ' ' || text[at] == '\t'))
        at++;
    if (at && at == where.start)
        return;
    if (expected[0])
        te_bad(p, where, "expected %s, found %s", expected, found);
    else
        te_bad(p, where, "%s cannot stand here", found);
}

void te_lexer_failed(const char *message)
{
    /* Only flex's internal errors and its running out of memory come here; neither leaves a state to go on from. */
    (void)message;
    abort();
}

/* ---- reading a text and its optional blocks ---------------------------------------------------------------------- */

static void parse_part(struct te_parse *p, struct span part)
{
    size_t len;
    char *text = (char *)(uintptr_t)source_text(diags_sources(p->diags), part.file, &len);
    bool whole = !part.start && part.end == len;

    p->file = part.file;
    p->from = part.start;
    p->skip = p->skipped = false;
    p->queue.n = 0;
    p->condition = NULL;
    p->scanner = te_lex_begin(p, text + part.start, part.end - part.start, !whole);
    if (!p->scanner)
        te_lexer_failed("no memory");
    xsmc_te_parse(p);
    te_lex_end(p->scanner);
}

static bool declared(const struct policy *p, const struct te_require *r)
{
    const struct object_class *c;
    const struct type *t;
    const struct role *role;
    const struct user *u;
    const struct boolean *b;
    const struct sensitivity *s;
    const struct category *cat;

    switch (r->kind) {
    case TE_REQUIRE_PERM:
        c = policy_find_class(p, r->class);
        return c && (!r->name || policy_find_perm(c, r->name));
    case TE_REQUIRE_TYPE:
        t = policy_find_type(p, r->name);
        return t && t->kind != KIND_ATTRIBUTE;
    case TE_REQUIRE_ATTRIBUTE:
        t = policy_find_type(p, r->name);
        return t && t->kind == KIND_ATTRIBUTE;
    case TE_REQUIRE_ROLE:
        role = map_get(&p->role_map, NULL, r->name);
        return role && role->declared;
    case TE_REQUIRE_USER:
        u = map_get(&p->user_map, NULL, r->name);
        return u && u->declared;
    case TE_REQUIRE_BOOL:
        b = map_get(&p->boolean_map, NULL, r->name);
        return b && b->declared;
    case TE_REQUIRE_SENSITIVITY:
        s = map_get(&p->sensitivity_map, NULL, r->name);
        return s && s->declared;
    case TE_REQUIRE_CATEGORY:
        cat = map_get(&p->category_map, NULL, r->name);
        return cat && cat->declared;
    }
    return false;
}

/* Reads a part into a policy of its own that is thrown away, just to see its `require` statements. */
static bool satisfied(struct te_parse *p, struct span part)
{
    struct te_parse trial = *p;
    unsigned int i;

    trial.diags = diags_create(p->arena, diags_sources(p->diags));
    trial.policy = policy_create(p->arena, p->policy->names, trial.diags, NULL);
    trial.policy->mls = p->policy->mls;
    trial.trial = true;
    trial.requires.n = 0;
    trial.requires.cap = 0;
    parse_part(&trial, part);
    for (i = 0; i < trial.requires.n; i++)
        if (!declared(p->policy, &trial.requires.items[i]))
            return false;
    return true;
}

/*
 * A block counts if all it requires is declared, perhaps by another block that counts; when no more can be found to
 * count, the others have their `else` parts.
 */
static void read_blocks(struct te_parse *p)
{
    bool progress = true;
    unsigned int i, part;

    while (progress) {
        progress = false;
        for (part = 0; part < 2 && !progress; part++)
            for (i = 0; i < p->blocks.n; i++) {
                struct te_block b = p->blocks.items[i];

                if (b.done || !b.part[part].file || !satisfied(p, b.part[part]))
                    continue;
                p->blocks.items[i].done = true;
                parse_part(p, b.part[part]);
                progress = true;
            }
    }
}

void te_parse(struct policy *policy, struct sources *s, uint32_t index)
{
    struct map keywords = { NULL, 0, 0 };
    struct te_parse p = { .policy = policy, .arena = policy->arena, .diags = policy->diags, .keywords = &keywords };
    size_t len;

    source_text(s, index, &len);
    p.self = names_get(policy->names, "self");
    te_keywords(&p);
    /* While it scans in place the lexer hides a byte, perhaps the end of a line: now is the time to count lines. */
    source_place(s, (struct span){ index, 0, 0 });
    parse_part(&p, (struct span){ index, 0, (uint32_t)len });
    read_blocks(&p);
    te_finish_roles(&p);
}

/* ---- m4 ------------------------------------------------------------------------------------------------------------ */

/* The sources that m4 read, by path. */
struct written {
    struct policy *policy;
    struct sources *sources;
    struct map files;           /* interned path -> its index, as a pointer */
};

static uint32_t written_file(struct written *w, const char *path, size_t len)
{
    const char *name = names_intern(w->policy->names, path, len);
    uintptr_t index = (uintptr_t)map_get(&w->files, NULL, name);

    if (!index) {
        index = source_read(w->sources, name);
        if (!index)
            index = source_add(w->sources, name, "", 0);
        map_put(w->policy->arena, &w->files, NULL, name, (void *)index);
    }
    return (uint32_t)index;
}

/* Marks the lines of source `index` by the `#line N "FILE"` in it; m4 leaves the file out when it is the same. */
static void mark_lines(struct written *w, uint32_t index)
{
    size_t len;
    const char *text = source_text(w->sources, index, &len), *at = text, *end = text + len;
    uint32_t of = 0;

    while (at < end) {
        const char *next = memchr(at, '\n', (size_t)(end - at));

        next = next ? next + 1 : end;
        if (end - at > 6 && !memcmp(at, "#line ", 6)) {
            char *after;
            unsigned long line = strtoul(at + 6, &after, 10);

            if (next - after > 3 && after[0] == ' ' && after[1] == '"') {
                const char *quote = memchr(after + 2, '"', (size_t)(next - after - 2));

                if (quote)
                    of = written_file(w, after + 2, (size_t)(quote - after - 2));
            }
            if (of)
                source_map_line(w->sources, index, (uint32_t)(next - text), of, (unsigned int)line);
        }
        at = next;
    }
}

/* "m4:FILE:LINE: text", or any other line. */
static void complain(struct written *w, const char *line, size_t len, bool failed)
{
    const char *colon, *number;
    struct span where = NOWHERE;

    if (len > 3 && !memcmp(line, "m4:", 3)) {
        line += 3;
        len -= 3;
        colon = memchr(line, ':', len);
        number = colon ? memchr(colon + 1, ':', len - (size_t)(colon + 1 - line)) : NULL;
        if (number) {
            uint32_t file = written_file(w, line, (size_t)(colon - line));
            unsigned long n = strtoul(colon + 1, NULL, 10);

            where = source_line_span(w->sources, file, (unsigned int)n);
            len -= (size_t)(number + 1 - line);
            line = number + 1;
        }
    }
    while (len && *line == ' ') {
        line++;
        len--;
    }
    if (len)
        diag_add(w->policy->diags, failed ? &RULE_SYNTAX : &RULE_MACRO, where, "m4: %.*s", (int)len, line);
}

static void complain_all(struct written *w, const struct buf *complaints, bool failed)
{
    const char *at = buf_text(complaints), *end = at + complaints->len;

    while (at < end) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((next ? next : end) - at);

        complain(w, at, len > 400 ? 400 : len, failed);
        at += len + 1;
    }
}

void te_read(struct policy *p, struct sources *s, const struct te_input *input)
{
    struct written w = { .policy = p, .sources = s };
    struct buf out = BUF_INIT, complaints = BUF_INIT;
    int status = te_m4(p->arena, input, &out, &complaints);
    uint32_t index;

    complain_all(&w, &complaints, status != 0);
    if (status == -1)
        diag_add(p->diags, &RULE_IO, NOWHERE, "cannot run m4: %s", strerror(errno));
    else if (status == -2)
        diag_add(p->diags, &RULE_SYNTAX, NOWHERE, "m4 was stopped: the macros take too much time or memory, perhaps one "
                                                  "expands for ever");
    else if (status && !complaints.len)
        diag_add(p->diags, &RULE_SYNTAX, NOWHERE, "m4 failed with status %d", status);
    if (!status) {
        index = source_add(s, "the output of m4", buf_text(&out), out.len);
        if (index) {
            mark_lines(&w, index);
            te_parse(p, s, index);
        } else {
            diag_add(p->diags, &RULE_IO, NOWHERE, "the output of m4: %s", strerror(errno));
        }
    }
    buf_free(&out);
    buf_free(&complaints);
}

/* ---- a policy folder ---------------------------------------------------------------------------------------------- */

static bool exists(const char *path)
{
    struct stat st;

    return !stat(path, &st) && S_ISREG(st.st_mode);
}

bool te_is_folder(const char *folder)
{
    char path[4096];

    return snprintf(path, sizeof(path), "%s/modules/modules.conf", folder) < (int)sizeof(path) && exists(path);
}

struct folder {
    struct policy *policy;
    struct te_input *input;
    const char *path;
    bool good;
};

static void add(struct folder *f, const char *folder, const char *name, bool needed)
{
    const char *path = arena_printf(f->policy->arena, "%s/%s", folder, name);

    if (exists(path)) {
        *LIST_PUSH(f->policy->arena, &f->input->files) = path;
    } else if (needed) {
        diag_add(f->policy->diags, &RULE_IO, NOWHERE, "the policy folder has no '%s'", path);
        f->good = false;
    }
}

static void add_support(struct folder *f)
{
    glob_t found;
    size_t i;

    if (!glob(arena_printf(f->policy->arena, "%s/policy/support/*.spt", f->path), 0, NULL, &found)) {
        for (i = 0; i < found.gl_pathc; i++)
            *LIST_PUSH(f->policy->arena, &f->input->files) =
                arena_text(f->policy->arena, found.gl_pathv[i], strlen(found.gl_pathv[i]));
        globfree(&found);
    }
}

typedef LIST(const char *) name_list;

/* `NAME = on` in modules.conf, as Makefile.common's awk reads it: words apart by blanks, names in small letters. */
static void read_modules(struct folder *f, name_list *modules)
{
    FILE *in = fopen(arena_printf(f->policy->arena, "%s/modules/modules.conf", f->path), "re");
    char *line = NULL, *word[3], *rest;
    size_t size = 0;
    unsigned int n;

    if (!in) {
        diag_add(f->policy->diags, &RULE_IO, NOWHERE, "cannot read '%s/modules/modules.conf': %s", f->path,
                 strerror(errno));
        f->good = false;
        return;
    }
    while (getline(&line, &size, in) >= 0) {
        for (n = 0, rest = line; n < 3; n++) {
            word[n] = strtok_r(n ? NULL : line, " \t\n", &rest);
            if (!word[n])
                break;
        }
        if (n == 3 && word[0][0] >= 'a' && word[0][0] <= 'z' && !strcmp(word[2], "on"))
            *LIST_PUSH(f->policy->arena, modules) = arena_text(f->policy->arena, word[0], strlen(word[0]));
    }
    free(line);
    fclose(in);
}

static void add_modules(struct folder *f, const name_list *modules, const char *suffix, bool needed)
{
    unsigned int i;

    for (i = 0; i < modules->n; i++)
        add(f, f->path, arena_printf(f->policy->arena, "modules/%s%s", modules->items[i], suffix), needed);
}

bool te_folder(struct policy *p, struct te_input *input, const char *path, const char *flask)
{
    struct folder f = { p, input, path, true };
    name_list modules = { NULL, 0, 0 };

    read_modules(&f, &modules);
    if (flask)
        add(&f, flask, "security_classes", true);
    add(&f, path, "policy/security_classes", false);
    if (flask) {
        add(&f, flask, "initial_sids", true);
        add(&f, flask, "access_vectors", true);
    }
    add(&f, path, "policy/access_vectors", false);
    add_support(&f);
    add(&f, path, "policy/mls", false);
    add_modules(&f, &modules, ".if", false);
    add(&f, path, "policy/global_tunables", false);
    add_modules(&f, &modules, ".te", true);
    add(&f, path, "policy/users", false);
    add_modules(&f, &modules, ".cons", false);
    add(&f, path, "policy/initial_sids", true);
    add(&f, path, "policy/device_contexts", false);
    return f.good;
}
