/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings go to the terminal as text, or to standard output in the format that was asked for; to a file in addition to
 * the text, so that a job has both its log and its report. Nothing keeps a file that cannot be read from being told.
 */
#include "cli/report.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "text/rules.h"

/* Findings shown: whoever mends that many runs us again. */
enum { MOST_SHOWN = 1000 };

enum { REPORT_FORMAT = OPTION_REPORT, REPORT_TO, REPORT_RELATIVE };

const struct cli_option report_options[] = {
    { .name = "findings", .value = "FORMAT", .words = REPORT_WORDS, .id = REPORT_FORMAT,
      .help = "findings as text, sarif, gitlab, github or json; all but text go to standard output" },
    { .name = "findings-to", .value = "FILE", .id = REPORT_TO,
      .help = "write them to this file instead, and show them as text, too" },
    { .name = "quiet", .letter = 'q',
      .help = "show no findings; the exit status tells, and a report is written all the same" },
    { .name = "relative-to", .value = "DIR", .id = REPORT_RELATIVE,
      .help = "what paths in reports are relative to, if not the git repository around the working folder" },
    { 0 },
};

const struct cli_option report_main_options[] = {
    { .name = "format", .value = "FORMAT", .words = REPORT_WORDS, .id = REPORT_FORMAT,
      .help = "findings as text, sarif, gitlab, github or json; --findings is the same" },
    { .name = "output", .letter = 'o', .value = "FILE", .id = REPORT_TO,
      .help = "write them to this file, too; --findings-to is the same" },
    { 0 },
};

/* The nearest folder from `folder` up that has a .git, or NULL. */
static const char *repository_around(struct arena *a, const char *folder)
{
    char *at = arena_text(a, folder, strlen(folder)), *slash;
    struct stat st;

    for (;;) {
        if (!stat(arena_printf(a, "%s/.git", at), &st))
            return *at ? at : "/";
        slash = strrchr(at, '/');
        if (!slash)
            return NULL;
        *slash = '\0';
    }
}

void report_begin(struct cli *c)
{
    char folder[PATH_MAX];

    if (getcwd(folder, sizeof(folder)))
        diags_root(c->front->diags, folder, repository_around(c->arena, folder));
}

bool report_option(struct cli *c, int option, const char *argument)
{
    switch (option) {
    case REPORT_FORMAT:
        c->report.format = argument;
        return true;
    case REPORT_TO:
        c->report.path = argument;
        return true;
    case REPORT_RELATIVE:
        c->report.root = argument;
        return true;
    case 'q':
        c->report.quiet = true;
        return true;
    }
    return false;
}

static enum report_format report_format(const struct cli *c)
{
    enum report_format format = REPORT_TEXT;

    if (c->report.format)
        report_find(c->report.format, &format);
    return format;
}

bool report_ready(struct cli *c)
{
    char folder[PATH_MAX], root[PATH_MAX];

    if (c->report.root) {
        if (!realpath(c->report.root, root) || !getcwd(folder, sizeof(folder))) {
            cli_usage(c->command, "'%s': %s", c->report.root, strerror(errno));
            return false;
        }
        diags_root(c->front->diags, folder, root);
    }
    return true;
}

bool report_takes_output(const struct cli *c)
{
    return report_format(c) != REPORT_TEXT && (!c->report.path || !strcmp(c->report.path, "-"));
}

/* Whether every file could be read and written so far. */
static bool all_done(struct diags *d)
{
    const struct diag *list;
    unsigned int n, i;

    list = diags_sorted(d, &n);
    for (i = 0; i < n; i++)
        if (list[i].rule == &RULE_IO)
            return false;
    return true;
}

static void render_trouble(struct diags *d, struct buf *text)
{
    const struct diag *list;
    unsigned int n, i;

    list = diags_sorted(d, &n);
    for (i = 0; i < n; i++)
        if (list[i].rule == &RULE_IO)
            diag_render_text(d, text, &list[i], cli_colour(STDERR_FILENO));
}

bool report_write(struct cli *c, int status)
{
    struct diags *d = c->front->diags;
    struct buf report = BUF_INIT, text = BUF_INIT;
    const char *path = c->report.path ? c->report.path : report_takes_output(c) ? "-" : NULL;
    bool usage = status == EXIT_TROUBLE && all_done(d), good;
    struct outputs *outputs;

    /* Complaints about the command line are no findings. */
    if (path && !usage) {
        outputs = outputs_create(c);
        report_render(d, &report, report_format(c), XSMC_VERSION, all_done(d));
        outputs_add(outputs, path, cli_text(&report), report.len);
        outputs_commit(outputs, NULL);
    }
    if (c->report.quiet || report_takes_output(c))
        render_trouble(d, &text);
    else
        diags_render_text(d, &text, cli_colour(STDERR_FILENO), MOST_SHOWN);
    fwrite(cli_text(&text), 1, text.len, stderr);
    good = all_done(d);
    buf_free(&text);
    buf_free(&report);
    return good;
}
