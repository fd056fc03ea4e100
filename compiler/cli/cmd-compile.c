/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc compile: policies into what the hypervisor loads, or into what other compilers read. */
#include <string.h>

#include "back/cil.h"
#include "back/conf.h"
#include "back/policydb.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/report.h"
#include "text/rules.h"

enum { FORMAT = OPTION_OWN, VERSION };
enum format { FORMAT_POLICYDB, FORMAT_CIL, FORMAT_CONF };

/* Of one of the words that the option takes. */
static enum format format_of(const char *word)
{
    return !strcmp(word, "cil") ? FORMAT_CIL : !strcmp(word, "conf") ? FORMAT_CONF : FORMAT_POLICYDB;
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
        outputs_add(outputs, path, cli_text(&out), out.len);
        outputs_commit(outputs, NULL);
    }
    buf_free(&out);
}

static int run(int argc, char **argv)
{
    enum format format = FORMAT_POLICYDB;
    unsigned int version = POLICYDB_NEW;
    const char *path = "-";
    struct load load = { 0 };
    struct policy *p;
    struct cli c;
    int option;

    cli_begin(&c, &command_compile);
    while ((option = cli_option(&command_compile, argc, argv)) != -1) {
        if (load_option(&c, &load, option, optarg) || report_option(&c, option, optarg))
            continue;
        switch (option) {
        case FORMAT:
            format = format_of(optarg);
            break;
        case VERSION:
            version = !strcmp(optarg, "24") ? POLICYDB_OLD : POLICYDB_NEW;
            break;
        case 'o':
            path = optarg;
            break;
        default:
            return cli_end(&c, EXIT_TROUBLE);
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

static const struct cli_option compile_options[] = {
    { .name = "format", .value = "FORMAT", .words = "policydb cil conf", .id = FORMAT,
      .help = "policydb: the binary the hypervisor loads (default); cil: for secilc, with marks that lead its errors to your "
              "lines; conf: for checkpolicy -t Xen" },
    { .name = "version", .value = "N", .words = "30 24", .id = VERSION,
      .help = "of the policydb, 30 (default) or 24; Xen reads no other" },
    { .name = "output", .letter = 'o', .value = "FILE", .help = "where to; standard output if not given" },
    { 0 },
};

const struct command command_compile = {
    .name = "compile",
    .summary = "compile policies for the hypervisor",
    .usage = "[OPTION...] [DB...] POLICY...",
    .about =
        "Reads hook databases and policies, in the language or in the checkpolicy dialect, and writes one policy.\n"
        "Nothing is written if there is an error.\n",
    .options = { compile_options, load_options, report_options },
    .run = run,
};
