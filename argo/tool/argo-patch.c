/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command argo-patch: options, and the table of its commands. */
#include "commands.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { JSON = 256, DRY_RUN, NEW, REPLACE, ALL, INTERVAL, SERVICES, RUN_DIR, VERSION, HELP };

static const struct command {
    const char *name, *arguments, *help;
    command_function *function;
    int min, max;
    bool alone; /* needs no Xen */
    int options[4];
} commands[] = {
    { "connect", "[--new | --replace] SOURCE:PORT DESTINATION:PORT",
      "plug a cable in, or move the one that is there\n"
      "  --new      fail if there is one from this port\n"
      "  --replace  fail if there is none",
      command_connect, 2, 2, false, { NEW, REPLACE } },
    { "disconnect", "SOURCE:PORT... | --all DOMAIN...",
      "pull cables out\n"
      "  --all      all cables from these domains, and all to them",
      command_disconnect, 1, -1, false, { ALL } },
    { "list", "[--json] [DOMAIN...]", "list the cables from these domains, or from all", command_list, 0, -1, false,
      { JSON } },
    { "show", "[--json] DOMAIN", "show a domain: the cables from it, and those to it", command_show, 1, 1, false,
      { JSON } },
    { "watch", "[--json] [--interval SECONDS]",
      "list all cables, and then say what changes, until it is interrupted\n"
      "  --interval SECONDS  how often to look (default 1)",
      command_watch, 0, 0, false, { JSON, INTERVAL } },
    { "up", "[--json] [PORT...]",
      "show what became of messages from up, the Xen that this one is a guest of: by each cable with one of these\n"
      "ports of this Xen's own up there, or by all. A cable that leads up has no numbers: its sender is told itself.\n"
      "  delivered  messages that were handed to the domain\n"
      "and those that were dropped:\n"
      "  refused    the domain had no ring for them: does its program run, and receive at the cable's end, from up?\n"
      "  too-long   its ring is too small for them: give it a larger one, or send less at a time\n"
      "  denied     the security policy does not let it receive from up: `xl dmesg` says so, after `avc:`\n"
      "  failed     Xen was out of memory\n"
      "  discarded  they were waiting when the cable was pulled out, or when the domain ended\n"
      "  malformed  how often what came was no message; what was behind it is dropped, too: the Xen up there is wrong\n"
      "The ring is where messages wait for the domain:\n"
      "  ok         none does\n"
      "  waiting    the domain has no space for the next one: it does not read, or not fast enough\n"
      "  broken     the Xen up there spoilt it: disconnect the cable and connect it again\n"
      "  lost       the Xen up there does not know it any more: likewise",
      command_up, 0, -1, false, { JSON } },
    { "apply", "[--dry-run] FILE",
      "make the cables what FILE says, all of them or, if one cannot be, none; FILE rules over the domains it names as\n"
      "sources, others are left alone\n"
      "  --dry-run  only say what would be done",
      command_apply, 1, 1, false, { DRY_RUN } },
    { "save", "", "write all cables as a file that apply takes", command_save, 0, 0, false, { 0 } },
    { "check", "FILE", "find what is wrong in a file, without asking Xen", command_check, 1, 1, true, { 0 } },
    { "complete", "domains | ports | services | cables | up", "list the words that a shell may complete", command_complete,
      1, 1, true, { 0 } },
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void usage(FILE *out)
{
    fputs("argo-patch: plug the cables by which Xen's domains send Argo messages without naming a destination\n\n"
          "usage: argo-patch [OPTION...] COMMAND [ARGUMENT...]\n\n", out);
    for (int i = 0; i < COMMANDS; i++)
        fprintf(out, "  argo-patch %s%s%s\n", commands[i].name, *commands[i].arguments ? " " : "", commands[i].arguments);
    fputs("\nA domain is a name, a UUID or a domid; a port is a number or a service's name.\n\n"
          "  --services FILE  names for ports (default " SERVICES_FILE ")\n"
          "  --run-dir DIR    where the tools' lock is (default " RUN_FOLDER ")\n"
          "  --help           this, or with a COMMAND more about it\n"
          "  --version        the version\n\n"
          "Exit status: 0 done; 1 it could not be done, or a file is wrong; 2 usage, or Xen cannot be reached.\n", out);
}

static int wrong_usage(const char *text, const char *what)
{
    fprintf(stderr, "argo-patch: %s%s%s\n    help: `argo-patch --help`\n", text, what ? " " : "", what ? what : "");
    return 2;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "json", no_argument, NULL, JSON },           { "dry-run", no_argument, NULL, DRY_RUN },
        { "new", no_argument, NULL, NEW },             { "replace", no_argument, NULL, REPLACE },
        { "all", no_argument, NULL, ALL },             { "interval", required_argument, NULL, INTERVAL },
        { "services", required_argument, NULL, SERVICES }, { "run-dir", required_argument, NULL, RUN_DIR },
        { "version", no_argument, NULL, VERSION },     { "help", no_argument, NULL, HELP },
        { NULL, 0, NULL, 0 },
    };
    struct session session = { .report = { .out = stderr }, .run_folder = RUN_FOLDER, .services_file = SERVICES_FILE,
                               .lock = -1 };
    struct options chosen = { .interval = 1 };
    const struct command *command = NULL;
    int option, status = 2, used[16], used_count = 0;
    bool help = false;
    char *end;

    report_handles();
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case JSON: chosen.json = true; break;
        case DRY_RUN: chosen.dry_run = true; break;
        case NEW: chosen.is_new = true; break;
        case REPLACE: chosen.replace = true; break;
        case ALL: chosen.all = true; break;
        case SERVICES: session.services_file = optarg; continue;
        case RUN_DIR: session.run_folder = optarg; continue;
        case INTERVAL:
            chosen.interval = strtod(optarg, &end);
            if (*end || end == optarg || !(chosen.interval >= 0.01 && chosen.interval <= 1e6))
                return wrong_usage("not an interval in seconds:", optarg);
            break;
        case VERSION: puts("argo-patch " TOOL_VERSION); return 0;
        case HELP:
        case 'h': help = true; continue;
        default: return 2;
        }
        if (used_count < 16)
            used[used_count++] = option;
    }
    if (optind == argc) {
        usage(help ? stdout : stderr);
        return help ? 0 : 2;
    }
    for (int i = 0; i < COMMANDS; i++)
        if (!strcmp(commands[i].name, argv[optind]))
            command = &commands[i];
    if (!command)
        return wrong_usage("no such command:", argv[optind]);
    if (help) {
        printf("usage: argo-patch %s%s%s\n\n%s\n", command->name, *command->arguments ? " " : "", command->arguments,
               command->help);
        return 0;
    }
    for (int i = 0; i < used_count; i++) {
        bool known = false;

        for (int k = 0; k < 4; k++)
            known |= command->options[k] == used[i];
        for (const struct option *o = options; !known && o->name; o++)
            if (o->val == used[i]) {
                fprintf(stderr, "argo-patch: %s does not take --%s\n    help: `argo-patch %s --help`\n", command->name,
                        o->name, command->name);
                return 2;
            }
    }
    optind++;
    if (argc - optind < command->min || (command->max >= 0 && argc - optind > command->max)) {
        fprintf(stderr, "argo-patch: usage: argo-patch %s %s\n", command->name, command->arguments);
        return 2;
    }
    if (chosen.is_new && chosen.replace)
        return wrong_usage("--new and --replace exclude each other", NULL);
    if (command->alone || session_open(&session) == 0)
        status = command->function(&session, &chosen, argc - optind, argv + optind);
    session_close(&session);
    if (fflush(stdout) || ferror(stdout)) {
        perror("argo-patch: cannot write");
        return 2;
    }
    return status;
}
