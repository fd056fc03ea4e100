/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc avc: what Flask's messages in a log mean, and which rules would have prevented them. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "avc/explain.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "text/json.h"
#include "text/rules.h"

enum { JSON = OPTION_OWN, FOLLOW };

/* One run. */
struct avc_run {
    struct cli cli;
    struct load load;
    bool allow, json, follow;
    const char *path;           /* of the log; "-" is standard input */
    struct avc_log log;
    struct avc_denials denials;
    struct avc_explainer *explainer;
    bool printed;               /* so far everything could be */
};

static const struct span NOWHERE = { 0, 0, 0 };

static void show(struct avc_run *r, struct buf *out)
{
    r->printed = r->printed && cli_print(&r->cli, cli_text(out), out->len);
    out->len = 0;
}

/* Following, what is new is told at once, and repeats when there are ten times as many. */
static void follow(struct avc_run *r, const struct avc_denial *d)
{
    struct buf out = BUF_INIT;
    unsigned long tens;

    for (tens = 1; tens < d->count && tens <= 100000000; tens *= 10)
        ;
    if (tens != d->count)
        return;
    avc_explain(&out, r->explainer, d);
    buf_putc(&out, '\n');
    show(r, &out);
    buf_free(&out);
}

static void take_line(struct avc_run *r, const char *line, size_t len)
{
    struct avc_record record;
    const struct avc_denial *d;

    if (!avc_log_line(&r->log, line, len, &record))
        return;
    d = avc_denials_add(&r->denials, &record);
    if (r->follow)
        follow(r, d);
}

/*
 * Reads the log piece by piece: it may be a pipe that stays open, or larger than memory. A line that does not fit the
 * buffer is too long to be one of Xen's; it is looked at as far as it fits.
 */
static bool read_log(struct avc_run *r, int fd)
{
    enum { ROOM = 1 << 16 };
    char *buffer = arena_alloc(r->cli.arena, ROOM), *end;
    size_t have = 0, at;
    bool skipping = false;
    ssize_t n = 0;

    while (r->printed && ((n = read(fd, buffer + have, ROOM - have)) > 0 || (n < 0 && errno == EINTR))) {
        if (n < 0)
            continue;
        have += (size_t)n;
        for (at = 0; (end = memchr(buffer + at, '\n', have - at)); at = (size_t)(end - buffer) + 1) {
            if (!skipping)
                take_line(r, buffer + at, (size_t)(end - buffer) - at);
            skipping = false;
        }
        memmove(buffer, buffer + at, have - at);
        have -= at;
        if (have == ROOM) {
            if (!skipping)
                take_line(r, buffer, have);
            skipping = true;
            have = 0;
        }
    }
    if (have && !skipping)
        take_line(r, buffer, have);
    avc_log_end(&r->log);
    return !r->printed || n == 0;
}

/* The commonest first, those as common in the order in which they came. */
static int by_count(const void *one, const void *two)
{
    const struct avc_denial *a = *(struct avc_denial *const *)one, *b = *(struct avc_denial *const *)two;

    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

static void print_all(struct avc_run *r)
{
    struct json j = { .out = NULL };
    struct buf out = BUF_INIT;
    unsigned int i;

    if (r->allow) {
        avc_allow(&out, r->explainer, &r->denials);
    } else if (!r->follow) {
        if (r->denials.items.n)
            qsort(r->denials.items.items, r->denials.items.n, sizeof(*r->denials.items.items), by_count);
        j.out = &out;
        if (r->json)
            json_begin(&j, NULL, '[');
        for (i = 0; i < r->denials.items.n; i++) {
            if (r->json) {
                avc_explain_json(&j, r->explainer, r->denials.items.items[i]);
                continue;
            }
            if (i)
                buf_putc(&out, '\n');
            avc_explain(&out, r->explainer, r->denials.items.items[i]);
        }
        if (r->json)
            json_end(&j, ']');
    }
    show(r, &out);
    buf_free(&out);
}

/* What the log left unclear is said apart from what it means. */
static void note_log(struct avc_run *r)
{
    struct buf out = BUF_INIT;

    avc_log_print(&out, &r->log);
    if (!r->denials.items.n && !diags_count(r->cli.front->diags, LEVEL_ERROR))
        buf_puts(&out, "there is no message of Flask's in this log\n");
    if (out.len && write(STDERR_FILENO, buf_text(&out), out.len) < 0)
        r->printed = false;
    buf_free(&out);
}

static int work(struct avc_run *r, struct policy *p, struct flat *flat)
{
    struct front *f = r->cli.front;
    bool standard = !strcmp(r->path, "-");
    int fd = standard ? STDIN_FILENO : open(r->path, O_RDONLY | O_CLOEXEC);
    unsigned int i;

    if (fd < 0) {
        diag_add(f->diags, &RULE_IO, NOWHERE, "cannot read '%s': %s", r->path, strerror(errno));
        return EXIT_TROUBLE;
    }
    r->explainer = avc_explainer_create(p, f->model, answerer_create(p, flat), f->sources);
    avc_log_init(&r->log, r->cli.arena);
    avc_denials_init(&r->denials, r->cli.arena, f->names);
    r->printed = true;
    if (!read_log(r, fd))
        diag_add(f->diags, &RULE_IO, NOWHERE, "cannot read '%s': %s", r->path, strerror(errno));
    if (!standard)
        close(fd);
    print_all(r);
    note_log(r);
    if (!r->printed)
        return EXIT_TROUBLE;
    for (i = 0; i < r->denials.items.n; i++)
        if (r->denials.items.items[i]->kind != AVC_GRANTED)
            return EXIT_FINDINGS;
    return EXIT_CLEAN;
}

static int run(int argc, char **argv)
{
    struct avc_run r = { .allow = false };
    int option, status = EXIT_TROUBLE;
    struct policy *p;
    struct flat *flat;

    cli_begin(&r.cli, &command_avc);
    while ((option = cli_option(&command_avc, argc, argv)) != -1) {
        if (load_option(&r.cli, &r.load, option, optarg))
            continue;
        if (option == JSON)
            r.json = true;
        else if (option == FOLLOW)
            r.follow = true;
        else
            return cli_end(&r.cli, EXIT_TROUBLE);
    }
    argv += optind;
    argc -= optind;
    if (!argc || (strcmp(argv[0], "explain") && strcmp(argv[0], "allow")))
        return cli_end(&r.cli, cli_usage(&command_avc, "'explain' or 'allow'?"));
    r.allow = !strcmp(argv[0], "allow");
    if (r.allow && (r.json || r.follow))
        return cli_end(&r.cli, cli_usage(&command_avc, "'allow' prints rules when it has seen all of the log"));
    if (r.json && r.follow)
        return cli_end(&r.cli, cli_usage(&command_avc, "--json needs the end of the log, which --follow does not wait for"));
    if (argc < 3)
        return cli_end(&r.cli, cli_usage(&command_avc, argc == 1 ? "which database, policy and log?" : "which log?"));
    r.path = argv[argc - 1];
    p = load_policy(&r.cli, &r.load, argv + 1, argc - 2);
    if (!p && !diags_count(r.cli.front->diags, LEVEL_ERROR))
        diag_add(r.cli.front->diags, &RULE_IO, NOWHERE, "there is no policy in these files");
    if (p && (flat = load_flatten(&r.cli, p)))
        status = work(&r, p, flat);
    return cli_end(&r.cli, status);
}

static const struct cli_option avc_options[] = {
    { .name = "follow", .id = FOLLOW, .help = "explain each message as it comes, and again when there are ten times as many; until the log ends" },
    { .name = "json", .id = JSON, .help = "the explanations as JSON" },
    { 0 },
};

const struct command command_avc = {
    .name = "avc",
    .summary = "explain what Flask refused in a log, and write the rules that allow it",
    .usage = "explain|allow [OPTION...] DB... POLICY... LOG",
    .about =
        "Reads Flask's messages from a log of Xen's console ('-': standard input), say of `xl dmesg`: denials of the access\n"
        "vector cache, and commands that Flask does not know. Only what Xen itself wrote counts, lines marked (XEN) or without\n"
        "a mark; what a guest printed does not. Messages that say the same are told once, the commonest first.\n\n"
        "  explain   who wanted what of whom, which operation of the database asks for it and who may by default, why the\n"
        "            policy refuses, which rule would allow it, what else that rule allows, and whether a `never` is broken\n"
        "  allow     the smallest rules that allow all of it, in the language, each with what it is for\n\n"
        "DB is the hypervisor's database, POLICY what it ran.\n",
    .options = { avc_options, load_options },
    .status = "0 nothing was refused, 1 something was, 2 usage or I/O",
    .run = run,
};
