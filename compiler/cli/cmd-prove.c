/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc prove: what a policy answers, operation by operation, against what Xen does without Flask. */
#include <stdio.h>
#include <string.h>

#include "back/policydb.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/report.h"
#include "judge/matrix.h"
#include "judge/server.h"
#include "text/rules.h"

enum { BINARY = OPTION_OWN, UNDERIVED, FIXED, BOOLEAN, MATRIX };

struct prove_run {
    struct cli cli;
    struct load load;
    const char *binary;             /* a policy to be asked instead of the one that is compiled, or NULL */
    const char *matrix;             /* "csv", "json" or NULL */
    const char *path;               /* where the matrix goes */
    LIST(const char *) booleans;    /* "name=true" */
    bool fixed;
};

/* The bytes to be asked; false if there are none. */
static bool prove_bytes(struct prove_run *r, struct policy *p, struct buf *own, const char **data, size_t *len)
{
    struct front *f = r->cli.front;
    struct flat *flat;
    uint32_t file;

    if (r->binary) {
        file = source_read(f->sources, r->binary);
        if (!file) {
            diag_add(f->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "cannot read '%s': %m", r->binary);
            return false;
        }
        *data = source_text(f->sources, file, len);
        return true;
    }
    if (!p) {
        diag_add(f->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "there is no policy in these files");
        return false;
    }
    flat = load_flatten(&r->cli, p);
    if (!flat || !policydb_emit(p, flat, POLICYDB_NEW, own))
        return false;
    *data = own->data;
    *len = own->len;
    return true;
}

static bool prove_set_booleans(struct prove_run *r, struct server *s)
{
    unsigned int i;

    for (i = 0; i < r->booleans.n; i++) {
        const char *text = r->booleans.items[i], *equals = strchr(text, '=');
        const char *name = arena_text(r->cli.arena, text, (size_t)(equals - text));

        if (server_set_boolean(s, name, !strcmp(equals, "=true")))
            continue;
        diag_add(r->cli.front->diags, &RULE_UNKNOWN_NAME, (struct span){ 0, 0, 0 }, "the policy has no boolean '%s'", name);
        return false;
    }
    return true;
}

static void prove_ask(struct prove_run *r, struct policy *p, struct server *s)
{
    struct prove_options options = { .fixed = r->fixed, .policy = r->binary ? NULL : p };
    struct front *f = r->cli.front;
    struct buf text = BUF_INIT;
    struct outputs *outputs;
    struct matrix matrix;
    struct proof proof;

    if (r->matrix) {
        matrix_begin(&matrix, !strcmp(r->matrix, "json"));
        options.each = matrix_add;
        options.with = &matrix;
    }
    prove(&proof, r->cli.arena, f->diags, f->model, s, &options);
    if (proof.n_answers)
        proof_print(&text, &proof, f->sources);
    if (r->matrix && proof.n_answers) {
        matrix_end(&matrix);
        outputs = outputs_create(&r->cli);
        outputs_add(outputs, r->path, cli_text(&matrix.out), matrix.out.len);
        outputs_commit(outputs, NULL);
        buf_free(&matrix.out);
    }
    if (r->cli.report.quiet)
        ;
    else if ((r->matrix && !strcmp(r->path, "-")) || report_takes_output(&r->cli))
        fwrite(cli_text(&text), 1, text.len, stderr);
    else
        cli_print(&r->cli, cli_text(&text), text.len);
    buf_free(&text);
}

static void prove_all(struct prove_run *r, char *const *paths, int n)
{
    struct front *f = r->cli.front;
    struct policy *p = NULL;
    struct buf own = BUF_INIT;
    struct server *s = NULL;
    const char *data, *why;
    size_t len;

    if (r->binary)
        cli_load(&r->cli, paths, n);
    else
        p = load_policy(&r->cli, &r->load, paths, n);
    if (!diags_count(f->diags, LEVEL_ERROR) && prove_bytes(r, p, &own, &data, &len)) {
        s = server_open(r->cli.arena, data, len, &why);
        if (!s)
            diag_add(f->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "%s: %s", r->binary ? r->binary : "the compiled policy",
                     why);
        else if (prove_set_booleans(r, s))
            prove_ask(r, p, s);
    }
    server_close(s);
    buf_free(&own);
}

static int run(int argc, char **argv)
{
    struct prove_run r = { .path = "-" };
    const char *equals;
    int option;

    cli_begin(&r.cli, &command_prove);
    while ((option = cli_option(&command_prove, argc, argv)) != -1) {
        if (load_option(&r.cli, &r.load, option, optarg) || report_option(&r.cli, option, optarg))
            continue;
        switch (option) {
        case BINARY:
            r.binary = optarg;
            break;
        case UNDERIVED:
            r.load.underived = true;
            break;
        case FIXED:
            r.fixed = true;
            break;
        case BOOLEAN:
            equals = strchr(optarg, '=');
            if (!equals || (strcmp(equals, "=true") && strcmp(equals, "=false")))
                return cli_end(&r.cli, cli_usage(&command_prove, "--bool takes NAME=true or NAME=false"));
            *LIST_PUSH(r.cli.arena, &r.booleans) = optarg;
            break;
        case MATRIX:
            r.matrix = optarg;
            break;
        case 'o':
            r.path = optarg;
            break;
        default:
            return cli_end(&r.cli, EXIT_TROUBLE);
        }
    }
    if (!report_ready(&r.cli))
        return cli_end(&r.cli, EXIT_TROUBLE);
    if (r.matrix && !strcmp(r.path, "-") && report_takes_output(&r.cli))
        return cli_end(&r.cli, cli_usage(&command_prove, "the matrix and the findings cannot both go to standard output: "
                                         "name a file with -o or --findings-to"));
    if (optind == argc)
        return cli_end(&r.cli, cli_usage(&command_prove, "which files?"));
    prove_all(&r, argv + optind, argc - optind);
    return cli_end(&r.cli, EXIT_CLEAN);
}

static const struct cli_option prove_command_options[] = {
    { .name = "binary", .value = "FILE", .id = BINARY,
      .help = "ask this binary policy; of policies, which must be .xsm files, only what they say about kinds, resolutions and "
              "reasons counts" },
    { .name = "underived", .id = UNDERIVED,
      .help = "derive no rules from the `domain` statements: the policy is complete without" },
    { .name = "fixed", .id = FIXED,
      .help = "prove it for a hypervisor whose known defects are fixed (xsmc gen --fix-defects)" },
    { .name = "bool", .value = "NAME=true", .id = BOOLEAN, .help = "set a boolean of the policy first (or =false)" },
    { .name = "matrix", .value = "FORMAT", .words = "csv json", .id = MATRIX,
      .help = "write every single answer as csv or json" },
    { .name = "output", .letter = 'o', .value = "FILE",
      .help = "where to; standard output if not given, the counts then go to standard error" },
    { 0 },
};

const struct command command_prove = {
    .name = "prove",
    .summary = "compare a policy with what Xen does without Flask",
    .usage = "[OPTION...] DB... POLICY...",
    .about =
        "For every operation in the database, every kind of domain as the subject and every relation to the object, asks\n"
        "the compiled policy what Flask would ask, and compares the answer with the default. What the policy allows and\n"
        "the default does not is an error; what it refuses and the default does not is one unless the policy says why.\n"
        "The policy's `domain` and `resource` statements say which types stand for the kinds of domains.\n",
    .options = { prove_command_options, load_options, report_options },
    .run = run,
};
