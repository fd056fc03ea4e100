/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc compile: policies into what the hypervisor loads, or into what other compilers read. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "back/cil.h"
#include "back/conf.h"
#include "back/policydb.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/report.h"
#include "text/rules.h"

enum format { FORMAT_POLICYDB, FORMAT_CIL, FORMAT_CONF };

static bool format_find(const char *word, enum format *format)
{
    static const char *const words[] = {
        [FORMAT_POLICYDB] = "policydb", [FORMAT_CIL] = "cil", [FORMAT_CONF] = "conf",
    };
    unsigned int i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (!strcmp(words[i], word)) {
            *format = i;
            return true;
        }
    return false;
}

static void compile(struct cli *c, struct policy *p, enum format format, unsigned int version, const char *path)
{
    struct buf out = BUF_INIT;
    struct outputs *outputs;
    struct flat *flat;

    flat = load_flatten(c, p);
    if (!flat)
        return;
    switch (format) {
    case FORMAT_POLICYDB:
        policydb_emit(p, flat, version, &out);
        break;
    case FORMAT_CIL:
        cil_emit(p, &out);
        break;
    case FORMAT_CONF:
        conf_emit(p, &out);
        break;
    }
    if (!diags_count(c->front->diags, LEVEL_ERROR)) {
        outputs = outputs_create(c);
        outputs_add(outputs, path, buf_text(&out), out.len);
        outputs_commit(outputs, NULL);
    }
    buf_free(&out);
}

static int run(int argc, char **argv)
{
    enum { FORMAT = REPORT_NEXT, VERSION };
    static const struct option options[] = {
        LOAD_OPTIONS,
        REPORT_OPTIONS,
        { "format", required_argument, NULL, FORMAT },
        { "version", required_argument, NULL, VERSION },
        { "output", required_argument, NULL, 'o' },
        { NULL, 0, NULL, 0 },
    };
    enum format format = FORMAT_POLICYDB;
    unsigned int version = POLICYDB_NEW;
    const char *path = "-";
    struct load load = { 0 };
    struct policy *p;
    struct cli c;
    int option;

    cli_begin(&c, &command_compile);
    while ((option = getopt_long(argc, argv, LOAD_SHORT REPORT_SHORT "o:", options, NULL)) != -1) {
        if (load_option(&c, &load, option, optarg) || report_option(&c, option, optarg))
            continue;
        switch (option) {
        case FORMAT:
            if (!format_find(optarg, &format))
                return cli_end(&c, cli_usage(&command_compile, "there is no format '%s'", optarg));
            break;
        case VERSION:
            version = (unsigned int)strtoul(optarg, NULL, 10);
            if (version != POLICYDB_OLD && version != POLICYDB_NEW)
                return cli_end(&c, cli_usage(&command_compile, "Xen reads policies of version %d and %d", POLICYDB_OLD,
                                 POLICYDB_NEW));
            break;
        case 'o':
            path = optarg;
            break;
        default:
            return cli_end(&c, cli_bad_option(&command_compile));
        }
    }
    if (!report_ready(&c))
        return cli_end(&c, EXIT_TROUBLE);
    if (!strcmp(path, "-") && report_takes_output(&c))
        return cli_end(&c, cli_usage(&command_compile, "the policy and its findings cannot both go to standard output: "
                                     "name a file with -o or --findings-to"));
    if (optind == argc)
        return cli_end(&c, cli_usage(&command_compile, "which files?"));
    p = load_policy(&c, &load, argv + optind, argc - optind);
    if (p)
        compile(&c, p, format, version, path);
    else if (!diags_count(c.front->diags, LEVEL_ERROR))
        diag_add(c.front->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "there is no policy in these files");
    return cli_end(&c, EXIT_CLEAN);
}

const struct command command_compile = {
    .name = "compile",
    .summary = "compile policies for the hypervisor",
    .usage = "[OPTION...] [DB...] POLICY...",
    .help =
        "Reads hook databases and policies, in the language or in the checkpolicy dialect, and writes one policy.\n"
        "Nothing is written if there is an error.\n\n"
        "  --format FORMAT  policydb: the binary the hypervisor loads (default); cil: for secilc, with marks that\n"
        "                   lead its errors to your lines; conf: for checkpolicy -t Xen\n"
        "  --version N      of the policydb, 30 (default) or 24\n"
        "  -o FILE          where to; standard output if not given\n"
        LOAD_HELP
        REPORT_FORMAT_HELP
        REPORT_HELP,
    .run = run,
};
