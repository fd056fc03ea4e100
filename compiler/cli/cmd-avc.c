/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xsmc avc: what Flask's messages in a log mean, and which rules would have prevented them. What asks the running
 * hypervisor is in avc-live.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "avc/explain.h"
#include "base/buf.h"
#include "cli/avc.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "text/json.h"
#include "text/rules.h"

enum { JSON = OPTION_OWN, FOLLOW, WATCH };

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

/* What can be asked for, and which options go with it. */
enum { EXPLAIN, ALLOW, STATS, ASK };
static const struct {
    const char *name, *wanted;      /* and what it wants to be given */
    int operands;                   /* at least */
    bool json, follow, watch;
} modes[] = {
    [EXPLAIN] = { "explain", "which database, policy and log?", 2, .json = true, .follow = true },
    [ALLOW] = { "allow", "which database, policy and log?", 2, .json = false },
    [STATS] = { "stats", NULL, 0, .json = true, .watch = true },
    [ASK] = { "ask", "which database, policy and question?", 2, .json = false },
};

/* Returns the mode of that name, or -1. */
static int mode_find(const char *name)
{
    unsigned int i;

    for (i = 0; i < sizeof(modes) / sizeof(*modes); i++)
        if (name && !strcmp(modes[i].name, name))
            return (int)i;
    return -1;
}

/* Reads the policy, and does what it is for. */
static int with_policy(struct avc_run *r, int mode, char **paths, int n)
{
    struct front *f = r->cli.front;
    struct policy *p = load_policy(&r->cli, &r->load, paths, n - 1);
    struct flat *flat;

    r->path = paths[n - 1];
    if (!p && !diags_count(f->diags, LEVEL_ERROR))
        diag_add(f->diags, &RULE_IO, NOWHERE, "there is no policy in these files");
    flat = p ? load_flatten(&r->cli, p) : NULL;
    if (!flat)
        return EXIT_TROUBLE;
    return mode == ASK ? avc_ask(&r->cli, p, flat, r->path) : work(r, p, flat);
}

static int run(int argc, char **argv)
{
    struct avc_run r = { .allow = false };
    unsigned int watch = 0;
    int option, mode;
    char *end;

    cli_begin(&r.cli, &command_avc);
    while ((option = cli_option(&command_avc, argc, argv)) != -1) {
        if (load_option(&r.cli, &r.load, option, optarg))
            continue;
        if (option == JSON) {
            r.json = true;
        } else if (option == FOLLOW) {
            r.follow = true;
        } else if (option == WATCH) {
            errno = 0;
            watch = (unsigned int)strtoul(optarg, &end, 10);
            if (errno || *end || !watch || watch > 86400)
                return cli_end(&r.cli, cli_usage(&command_avc, "--watch %s: from 1 to 86400 seconds", optarg));
        } else {
            return cli_end(&r.cli, EXIT_TROUBLE);
        }
    }
    argv += optind;
    argc -= optind;
    mode = mode_find(argc ? argv[0] : NULL);
    if (mode < 0)
        return cli_end(&r.cli, cli_usage(&command_avc, "'explain', 'allow', 'stats' or 'ask'?"));
    if ((r.json && !modes[mode].json) || (r.follow && !modes[mode].follow) || (watch && !modes[mode].watch))
        return cli_end(&r.cli, cli_usage(&command_avc, "--%s does not go with '%s'", watch && !modes[mode].watch ? "watch"
                                         : r.follow && !modes[mode].follow ? "follow" : "json", modes[mode].name));
    if (r.json && (r.follow || watch))
        return cli_end(&r.cli, cli_usage(&command_avc, "--json is for what has an end"));
    if (argc - 1 < modes[mode].operands)
        return cli_end(&r.cli, cli_usage(&command_avc, "%s", modes[mode].wanted));
    if (mode == STATS)
        return cli_end(&r.cli, argc > 1 ? cli_usage(&command_avc, "'stats' takes no operand") : avc_stats(&r.cli, watch, r.json));
    r.allow = mode == ALLOW;
    return cli_end(&r.cli, with_policy(&r, mode, argv + 1, argc - 1));
}

static const struct cli_option avc_options[] = {
    { .name = "follow", .id = FOLLOW, .help = "with explain: explain each message as it comes, and again when there are ten times as many; until the log ends" },
    { .name = "watch", .value = "SECONDS", .id = WATCH, .help = "with stats: go on, and tell every so many seconds what happened in them" },
    { .name = "json", .id = JSON, .help = "explanations or figures as JSON" },
    { 0 },
};

const struct command command_avc = {
    .name = "avc",
    .summary = "explain what Flask refused, write rules that allow it, ask the running hypervisor",
    .usage = "explain|allow [OPTION...] DB... POLICY... LOG, or stats, or ask DB... POLICY... QUESTION",
    .about =
        "Reads Flask's messages from a log of Xen's console ('-': standard input), say of `xl dmesg`: denials of the access\n"
        "vector cache, and commands that Flask does not know. Only what Xen itself wrote counts, lines marked (XEN) or without\n"
        "a mark; what a guest printed does not. Messages that say the same are told once, the commonest first.\n\n"
        "  explain   who wanted what of whom, which operation of the database asks for it and who may by default, why the\n"
        "            policy refuses, which rule would allow it, what else that rule allows, and whether a `never` is broken\n"
        "  allow     the smallest rules that allow all of it, in the language, each with what it is for\n\n"
        "DB is the hypervisor's database, POLICY what it ran. In domain 0, through libxencall, the running hypervisor says\n\n"
        "  stats     how its access vector cache fares: hit rate, entries and chains, by CPU and in total\n"
        "  ask       what its security server answers to a question as `xsmc query` takes it ('SUBJECT may CLASS:PERM on\n"
        "            OBJECT?', one subject and one object), and whether the policy given here says the same\n",
    .options = { avc_options, load_options },
    .first = "explain allow stats ask",
    .status = "0 nothing was refused (ask: the two agree), 1 something was (they do not), 2 usage or I/O",
    .run = run,
};
