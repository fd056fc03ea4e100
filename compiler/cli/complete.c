/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completion for bash, zsh and fish. What is written is plain: every command with its options and their values stands in
 * it, and nothing runs xsmc when a key is pressed.
 */
#include <string.h>

#include "cli/cli.h"
#include "cli/manual.h"

static bool is_end(const struct cli_option *o)
{
    return !o->name && !o->letter;
}

static bool is_folder(const struct cli_option *o)
{
    return !strcmp(o->value, "DIR") || !strcmp(o->value, "TREE");
}

static bool is_path(const struct cli_option *o)
{
    return !strcmp(o->value, "FILE") || is_folder(o);
}

/* The names of all commands, between blanks. */
static void put_commands(struct buf *out)
{
    const struct command *const *c;

    for (c = commands; *c; c++)
        buf_printf(out, "%s%s", c == commands ? "" : " ", (*c)->name);
}

/* What a list shows of a help text: as far as its first clause. */
static size_t brief(const char *help)
{
    size_t i;

    for (i = 0; help[i] && help[i] != ';' && help[i] != '\n' && !(help[i] == '.' && help[i + 1] == ' '); i++)
        ;
    return i;
}

/* A text inside a string in single quotes; `special` are letters that get a backslash. */
static void put_quoted(struct buf *out, const char *text, size_t len, const char *special, const char *quote)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (text[i] == '\'') {
            buf_puts(out, quote);
            continue;
        }
        if (strchr(special, text[i]))
            buf_putc(out, '\\');
        buf_putc(out, text[i]);
    }
}

/* ---- bash ------------------------------------------------------------------------------------------------- */

static void bash_spellings(struct buf *out, const struct cli_option *o, const char *between)
{
    if (o->name)
        buf_printf(out, "--%s%s", o->name, o->letter ? between : "");
    if (o->letter)
        buf_printf(out, "-%c", o->letter);
}

static void bash_command(struct buf *out, const struct command *command)
{
    const struct cli_option *const *table, *o;

    buf_printf(out, "    %s)\n        case $prev in\n", command->name);
    for (table = command->options; *table; table++)
        for (o = *table; !is_end(o); o++) {
            if (!o->value)
                continue;
            buf_puts(out, "        ");
            bash_spellings(out, o, " | ");
            if (o->words)
                buf_printf(out, ") COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", o->words);
            else if (is_folder(o))
                buf_puts(out, ") compopt -o dirnames; return ;;\n");
            else if (is_path(o))
                buf_puts(out, ") compopt -o default; return ;;\n");
            else
                buf_puts(out, ") return ;;\n");
        }
    buf_puts(out, "        esac\n        options='");
    for (table = command->options; *table; table++)
        for (o = *table; !is_end(o); o++) {
            bash_spellings(out, o, " ");
            buf_putc(out, ' ');
        }
    buf_puts(out, "--help'\n");
    if (command->operands) {
        buf_puts(out, "        operands='");
        if (strcmp(command->operands, "COMMANDS"))
            buf_puts(out, command->operands);
        else
            put_commands(out);
        buf_puts(out, "'\n");
    }
    if (command->first)
        buf_printf(out, "        [ \"$COMP_CWORD\" = 2 ] && operands='%s'\n", command->first);
    buf_puts(out, "        ;;\n");
}

void complete_bash(struct buf *out)
{
    const struct command *const *c;

    buf_puts(out, "# bash completion for xsmc, made by `xsmc completion bash`\n"
                  "_xsmc()\n"
                  "{\n"
                  "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} options= operands=\n"
                  "\n"
                  "    COMPREPLY=()\n"
                  "    # --option=value comes as three words.\n"
                  "    if [ \"$cur\" = = ]; then\n"
                  "        cur=\n"
                  "    elif [ \"$prev\" = = ]; then\n"
                  "        prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
                  "    fi\n"
                  "    if [ \"$COMP_CWORD\" = 1 ]; then\n"
                  "        COMPREPLY=($(compgen -W '");
    put_commands(out);
    buf_puts(out, " help --help --version' -- \"$cur\"))\n"
                  "        return\n"
                  "    fi\n"
                  "    case ${COMP_WORDS[1]} in\n"
                  "    help) operands='");
    put_commands(out);
    buf_puts(out, "' ;;\n");
    for (c = commands; *c; c++)
        bash_command(out, *c);
    buf_puts(out, "    esac\n"
                  "    case $cur in\n"
                  "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$cur\")) ;;\n"
                  "    *)\n"
                  "        if [ -n \"$operands\" ]; then\n"
                  "            COMPREPLY=($(compgen -W \"$operands\" -- \"$cur\"))\n"
                  "        else\n"
                  "            compopt -o default\n"
                  "        fi\n"
                  "        ;;\n"
                  "    esac\n"
                  "}\n"
                  "complete -F _xsmc xsmc\n");
}

/* ---- zsh -------------------------------------------------------------------------------------------------- */

static void zsh_text(struct buf *out, const char *text, size_t len)
{
    put_quoted(out, text, len, "\\[]:", "'\\''");
}

/* What follows the option in its specification. */
static void zsh_rest(struct buf *out, const struct cli_option *o)
{
    buf_puts(out, "'[");
    zsh_text(out, o->help, brief(o->help));
    buf_putc(out, ']');
    if (o->value) {
        buf_putc(out, ':');
        zsh_text(out, o->value, strlen(o->value));
        if (o->words)
            buf_printf(out, ":(%s)", o->words);
        else if (is_folder(o))
            buf_puts(out, ":_path_files -/");
        else
            buf_puts(out, is_path(o) ? ":_files" : ": ");
    }
    buf_puts(out, "' \\\n");
}

static void zsh_command(struct buf *out, const struct command *command)
{
    const struct cli_option *const *table, *o;

    buf_printf(out, "        %s)\n            _arguments -s -S \\\n", command->name);
    for (table = command->options; *table; table++)
        for (o = *table; !is_end(o); o++) {
            if (o->letter) {
                buf_printf(out, "                '*-%c%s'", o->letter, o->value ? "+" : "");
                zsh_rest(out, o);
            }
            if (o->name) {
                buf_printf(out, "                '*--%s%s'", o->name, o->value ? "=" : "");
                zsh_rest(out, o);
            }
        }
    buf_puts(out, "                '(- *)--help[print what the command does]' \\\n                '");
    if (command->first)
        buf_printf(out, "1:argument:(%s)' '", command->first);
    buf_puts(out, "*:");
    if (!command->operands) {
        buf_puts(out, "path:_files");
    } else {
        buf_puts(out, "argument:(");
        if (strcmp(command->operands, "COMMANDS"))
            buf_puts(out, command->operands);
        else
            put_commands(out);
        buf_putc(out, ')');
    }
    buf_puts(out, "'\n            ;;\n");
}

void complete_zsh(struct buf *out)
{
    const struct command *const *c;

    buf_puts(out, "#compdef xsmc\n"
                  "# zsh completion for xsmc, made by `xsmc completion zsh`\n"
                  "_xsmc()\n"
                  "{\n"
                  "    local curcontext=$curcontext state line\n"
                  "    local -a known\n"
                  "\n"
                  "    known=(\n");
    for (c = commands; *c; c++) {
        buf_printf(out, "        '%s:", (*c)->name);
        zsh_text(out, (*c)->summary, strlen((*c)->summary));
        buf_puts(out, "'\n");
    }
    buf_puts(out, "        'help:tell about a command'\n"
                  "    )\n"
                  "    _arguments -C -A \"-*\" '(- *)--help[list the commands]' '(- *)--version[print the version]' \\\n"
                  "        '1:command:->command' '*::argument:->argument'\n"
                  "    case $state in\n"
                  "    command) _describe -t commands 'command of xsmc' known ;;\n"
                  "    argument)\n"
                  "        case $words[1] in\n"
                  "        help) _arguments '1:command:(");
    put_commands(out);
    buf_puts(out, ")' ;;\n");
    for (c = commands; *c; c++)
        zsh_command(out, *c);
    buf_puts(out, "        esac\n"
                  "        ;;\n"
                  "    esac\n"
                  "}\n"
                  "if [[ $funcstack[1] = _xsmc ]]; then\n"
                  "    _xsmc \"$@\"\n"
                  "else\n"
                  "    compdef _xsmc xsmc\n"
                  "fi\n");
}

/* ---- fish ------------------------------------------------------------------------------------------------- */

static void fish_text(struct buf *out, const char *text, size_t len)
{
    put_quoted(out, text, len, "\\", "\\'");
}

static void fish_option(struct buf *out, const struct command *command, const struct cli_option *o)
{
    buf_printf(out, "complete -c xsmc -n '__xsmc_is %s'", command->name);
    if (o->letter)
        buf_printf(out, " -s %c", o->letter);
    if (o->name)
        buf_printf(out, " -l %s", o->name);
    if (o->value && o->words)
        buf_printf(out, " -x -a '%s'", o->words);
    else if (o->value && is_folder(o))
        buf_puts(out, " -x -a '(__fish_complete_directories)'");
    else if (o->value)
        buf_puts(out, is_path(o) ? " -r -F" : " -x");
    buf_puts(out, " -d '");
    fish_text(out, o->help, brief(o->help));
    buf_puts(out, "'\n");
}

static void fish_operands(struct buf *out, const char *command, const char *operands)
{
    buf_printf(out, "complete -c xsmc -n '__xsmc_is %s'", command);
    if (!operands) {
        buf_puts(out, " -F\n");
        return;
    }
    buf_puts(out, " -a '");
    if (strcmp(operands, "COMMANDS"))
        buf_puts(out, operands);
    else
        put_commands(out);
    buf_puts(out, "'\n");
}

void complete_fish(struct buf *out)
{
    const struct cli_option *const *table, *o;
    const struct command *const *c;

    buf_puts(out, "# fish completion for xsmc, made by `xsmc completion fish`\n"
                  "function __xsmc_none\n"
                  "    test (count (commandline -opc)) -eq 1\n"
                  "end\n"
                  "function __xsmc_is\n"
                  "    set -l words (commandline -opc)\n"
                  "    test (count $words) -ge 2; and test $words[2] = $argv[1]\n"
                  "end\n"
                  "complete -c xsmc -f\n"
                  "complete -c xsmc -n __xsmc_none -l version -d 'print the version'\n"
                  "complete -c xsmc -l help -d 'print what the command does'\n"
                  "complete -c xsmc -n __xsmc_none -a help -d 'tell about a command'\n");
    fish_operands(out, "help", "COMMANDS");
    for (c = commands; *c; c++) {
        buf_printf(out, "complete -c xsmc -n __xsmc_none -a %s -d '", (*c)->name);
        fish_text(out, (*c)->summary, strlen((*c)->summary));
        buf_puts(out, "'\n");
        for (table = (*c)->options; *table; table++)
            for (o = *table; !is_end(o); o++)
                fish_option(out, *c, o);
        fish_operands(out, (*c)->name, (*c)->operands);
        if ((*c)->first)
            buf_printf(out, "complete -c xsmc -n '__xsmc_is %s; and test (count (commandline -opc)) -eq 2' -a '%s'\n",
                       (*c)->name, (*c)->first);
    }
}
