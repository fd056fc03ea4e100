/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc query: questions about a policy. */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "judge/query.h"
#include "text/rules.h"

enum { JSON = OPTION_OWN, BOOL, FLOWS };

/* What follows from the command line. */
struct settings {
    struct load load;
    LIST(char *) booleans;      /* NAME=VALUE */
    bool json, flows;
};

static const struct span NOWHERE = { 0, 0, 0 };

static void set_boolean(struct cli *c, struct answerer *w, const char *setting)
{
    const char *equals = strchr(setting, '='), *value = equals ? equals + 1 : "true";
    const char *name = arena_text(c->arena, setting, equals ? (size_t)(equals - setting) : strlen(setting));
    bool on = !strcmp(value, "true") || !strcmp(value, "1");

    if (!on && strcmp(value, "false") && strcmp(value, "0"))
        diag_add(c->front->diags, &RULE_SYNTAX, NOWHERE, "--bool %s: a boolean is true or false", setting);
    else if (!answerer_set_boolean(w, name, on))
        diag_add(c->front->diags, &RULE_UNKNOWN_NAME, NOWHERE, "--bool %s: there is no boolean '%s'", setting, name);
}

/* Returns the exit status. */
static int ask(struct cli *c, const struct settings *settings, struct policy *p, const char *question)
{
    struct front *f = c->front;
    const struct query_answer *a;
    struct buf out = BUF_INIT;
    struct answerer *w;
    struct query q;
    uint32_t file;
    unsigned int i;
    bool printed;

    if (settings->flows) {
        query_flows(&out, p);
        printed = cli_print(c, cli_text(&out), out.len);
        buf_free(&out);
        return printed ? EXIT_CLEAN : EXIT_TROUBLE;
    }
    file = source_add(f->sources, "the question", question, strlen(question));
    if (!file) {
        diag_add(f->diags, &RULE_IO, NOWHERE, "the question: %s", strerror(errno));
        return EXIT_TROUBLE;
    }
    if (!query_parse(&q, p, f->sources, file))
        return EXIT_TROUBLE;
    w = answerer_create(p, policy_flatten(p));
    for (i = 0; i < settings->booleans.n; i++)
        set_boolean(c, w, settings->booleans.items[i]);
    if (diags_count(f->diags, LEVEL_ERROR))
        return EXIT_TROUBLE;
    a = answer(w, &q);
    if (!a)
        return EXIT_TROUBLE;
    (settings->json ? query_print_json : query_print)(&out, w, &q, a, f->sources);
    printed = cli_print(c, cli_text(&out), out.len);
    buf_free(&out);
    return !printed ? EXIT_TROUBLE : a->verdict == QUERY_NO ? EXIT_FINDINGS : EXIT_CLEAN;
}

static int run(int argc, char **argv)
{
    struct settings settings = { .json = false };
    struct policy *p;
    int option, n, status = EXIT_TROUBLE;
    struct cli c;

    cli_begin(&c, &command_query);
    while ((option = cli_option(&command_query, argc, argv)) != -1) {
        if (load_option(&c, &settings.load, option, optarg))
            continue;
        switch (option) {
        case JSON:
            settings.json = true;
            break;
        case BOOL:
            *LIST_PUSH(c.arena, &settings.booleans) = optarg;
            break;
        case FLOWS:
            settings.flows = true;
            break;
        default:
            return cli_end(&c, EXIT_TROUBLE);
        }
    }
    n = argc - optind - !settings.flows;
    if (n < 1)
        return cli_end(&c, cli_usage(&command_query, argc == optind ? "which policy?" : "which question, or which policy?"));
    p = load_policy(&c, &settings.load, argv + optind, n);
    if (diags_count(c.front->diags, LEVEL_ERROR))
        return cli_end(&c, EXIT_TROUBLE);
    if (p)
        status = ask(&c, &settings, p, argv[argc - 1]);
    else
        diag_add(c.front->diags, &RULE_IO, NOWHERE, "there is no policy in these files");
    return cli_end(&c, status);
}

static const struct cli_option query_options[] = {
    { .name = "json", .id = JSON, .help = "the answer as JSON" },
    { .name = "bool", .value = "NAME[=BOOL]", .id = BOOL, .help = "ask with a boolean set to true or false; true if not said" },
    { .name = "flows", .id = FLOWS, .help = "print which way each permission moves information, as `reach` takes it" },
    { 0 },
};

const struct command command_query = {
    .name = "query",
    .summary = "ask who may do what in a policy, and why",
    .usage = "[OPTION...] [DB...] POLICY... QUESTION",
    .about =
        "Answers a question about policies in the language or in the checkpolicy dialect, or about a binary policy,\n"
        "with the rules that decide it: where they stand, what they say, and the reason they give. The answer is what\n"
        "the hypervisor's security server would say: booleans, constraints, role changes, type bounds and permissive\n"
        "types count.\n\n"
        "  SUBJECT may CLASS:PERM on OBJECT           is that allowed? CLASS:{ P, Q }: all of these; CLASS:what: any\n"
        "  who may CLASS:PERM on OBJECT               which subjects\n"
        "  SUBJECT may CLASS:PERM on what             which objects\n"
        "  SUBJECT may what on OBJECT                 everything it may (or: what may SUBJECT do to OBJECT)\n"
        "  SUBJECT may reach OBJECT [without A, B]    can information get there, over any number of steps, without\n"
        "                                             passing A or B? Prints a shortest path; also who ..., ... what\n\n"
        "A SUBJECT or OBJECT is a type, an attribute (any of its types), or a context user:role:type[:range], with which\n"
        "constraints on users, roles and levels can be decided; with a type alone they may leave the answer at 'yes, if'.\n"
        "As an object `itself` is the subject under the label that Flask gives it as an object of its own.\n",
    .options = { query_options, load_options },
    .status = "0 yes (or if constraints hold), 1 no, 2 the question or the policy is wrong",
    .run = run,
};
