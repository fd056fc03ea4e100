/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc new: begins a hook, a command or a permission, and says what is left to be decided. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "front/draft.h"

enum { ARGS = OPTION_OWN, OBJECT, DEFAULT, FLASK, PERMISSION, MEANING, WITHIN, GUARD, INTO };

struct new_run {
    struct cli cli;
    struct decided decided;
    const char *permission;     /* CLASS:NAME, to be made and asked for */
};

/* CLASS:NAME into its two halves; NULL if it is none. */
static const char *split_permission(struct new_run *r, const char *text, const char **name)
{
    const char *colon = strchr(text, ':');

    *name = colon + 1;
    return colon && colon != text && colon[1] ? arena_text(r->cli.arena, text, (size_t)(colon - text)) : NULL;
}

/* Adds the permission unless it is there already, and has the new row ask for it. Returns whether it worked. */
static bool add_permission(struct new_run *r, struct draft *d)
{
    const char *name, *class = split_permission(r, r->permission, &name);
    const struct class *c = front_class(r->cli.front, class);

    if (!c || !front_perm(r->cli.front, c, names_get(r->cli.front->names, name)))
        c = draft_permission(d, class, name, r->decided.meaning);
    if (!c)
        return false;
    r->decided.flask = arena_printf(r->cli.arena, "%s:%s", c->name, name);
    return true;
}

static bool add(struct new_run *r, struct draft *d, const char *kind, const char *name)
{
    const char *perm, *class;

    if (!strcmp(kind, "permission")) {
        class = split_permission(r, name, &perm);
        return draft_permission(d, class, perm, r->decided.meaning) != NULL;
    }
    if (r->permission && !add_permission(r, d))
        return false;
    return !strcmp(kind, "hook") ? draft_hook(d, name, &r->decided) : draft_command(d, name, &r->decided);
}

static void new_write(struct new_run *r, struct draft *d)
{
    struct outputs *outputs = outputs_create(&r->cli);
    struct buf text = BUF_INIT;
    struct draft_file *files;
    unsigned int n, i;

    r->cli.front = draft_finish(d, &files, &n);
    if (!n)
        return;
    for (i = 0; i < n; i++) {
        outputs_add(outputs, files[i].path, files[i].text, files[i].len);
        buf_printf(&text, "%s:%u: written\n", files[i].path, files[i].line);
    }
    for (i = 0; i < d->questions.n; i++)
        buf_printf(&text, "%s %s\n", i ? "                 " : "to be decided, there:", d->questions.items[i]);
    if (outputs_commit(outputs, NULL))
        cli_print(&r->cli, cli_text(&text), text.len);
    buf_free(&text);
}

static int new_usage(struct new_run *r, const char *why)
{
    return cli_end(&r->cli, cli_usage(&command_new, "%s", why));
}

static int run(int argc, char **argv)
{
    struct new_run r = { .permission = NULL };
    struct draft d = { .front = NULL };
    const char *kind, *name, *half;
    int option, i;

    cli_begin(&r.cli, &command_new);
    while ((option = cli_option(&command_new, argc, argv)) != -1)
        switch (option) {
        case ARGS:
            r.decided.args = optarg;
            break;
        case OBJECT:
            r.decided.object = optarg;
            break;
        case DEFAULT:
            r.decided.action = optarg;
            break;
        case FLASK:
            r.decided.flask = optarg;
            break;
        case PERMISSION:
            r.permission = optarg;
            break;
        case MEANING:
            r.decided.meaning = optarg;
            break;
        case WITHIN:
            r.decided.within = optarg;
            break;
        case GUARD:
            r.decided.guard = optarg;
            break;
        case INTO:
            r.decided.file = optarg;
            break;
        default:
            return cli_end(&r.cli, EXIT_TROUBLE);
        }
    if (argc - optind < 3)
        return new_usage(&r, "what is to be added, what is it called, and to which database?");
    kind = argv[optind];
    name = argv[optind + 1];
    if (strcmp(kind, "hook") && strcmp(kind, "command") && strcmp(kind, "permission"))
        return new_usage(&r, "what is added is a hook, a command or a permission");
    if (r.permission && r.decided.flask)
        return new_usage(&r, "--permission is short for --flask: give one of them");
    if (!strcmp(kind, "permission") && !split_permission(&r, name, &half))
        return new_usage(&r, "a permission is CLASS:NAME");
    if (r.permission && !split_permission(&r, r.permission, &half))
        return new_usage(&r, "--permission takes CLASS:NAME");
    if (strcmp(kind, "hook") && (r.decided.args || r.decided.object || r.decided.within || r.decided.file))
        return new_usage(&r, "--args, --object, --within and --file are for hooks");
    if (!strcmp(kind, "permission") && (r.decided.action || r.decided.flask || r.permission || r.decided.guard))
        return new_usage(&r, "of a permission only the sentence can be decided here");
    for (i = optind + 2; i < argc; i++)
        if (!strcmp(argv[i], "-"))
            return new_usage(&r, "a database that is to be changed cannot come from standard input");
    if (cli_load(&r.cli, argv + optind + 2, argc - optind - 2)) {
        d.front = r.cli.front;
        if (add(&r, &d, kind, name))
            new_write(&r, &d);
    }
    return cli_end(&r.cli, EXIT_CLEAN);
}

static const struct cli_option new_options[] = {
    { .name = "args", .value = "ARGUMENTS", .id = ARGS, .help = "of a hook, as in C: 'struct domain *d, uint32_t op'" },
    { .name = "object", .value = "LABEL", .id = OBJECT, .help = "what a hook is about; the domain among its arguments if there is one" },
    { .name = "default", .value = "ACTION", .id = DEFAULT,
      .words = "anyone self-or-target device-model xenstore control nobody", .help = "who may ask for it by default" },
    { .name = "flask", .value = "STEPS", .id = FLASK, .help = "what Flask asks: 'domain2:vcputime', 'then hook vcpu_time'" },
    { .name = "permission", .value = "CLASS:NAME", .id = PERMISSION,
      .help = "what Flask asks for; the permission is added if it is not there, to a class that continues this one if it is full" },
    { .name = "sentence", .value = "TEXT", .id = MEANING, .help = "what it does, for whoever reviews the default" },
    { .name = "within", .value = "PLACE", .id = WITHIN,
      .help = "where a hook is called from, if not from anywhere: 'rows' for behind the commands that say `then hook` of it" },
    { .name = "if", .value = "CONFIG", .id = GUARD, .help = "it is there only in such a build: CONFIG_X86" },
    { .name = "file", .value = "FILE", .id = INTO,
      .help = "where a hook goes; else to the hooks that are called most alike, or to a file of its own" },
    { 0 },
};

const struct command command_new = {
    .name = "new",
    .summary = "begin a hook, a command or a permission in a database",
    .usage = "hook NAME | command HOOK/COMMAND | permission CLASS:NAME [OPTION...] DB...",
    .about =
        "Writes the declaration into the file of the database where it belongs, in canonical layout. What the options do not\n"
        "say is not guessed: a comment in its place asks for it, and `xsmc check` and `xsmc gen` refuse the database until it\n"
        "is decided. A command of a command is HOOK/COMMAND/COMMAND. A permission gets the next free bit. Nothing is written\n"
        "if the result could not be read, or if the name is taken.\n",
    .options = { new_options },
    .first = "hook command permission",
    .run = run,
};
