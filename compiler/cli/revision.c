/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * git is asked by its plumbing commands, never through a shell; what it prints goes into memory. Its own message is the
 * reason when something fails.
 */
#define _GNU_SOURCE     /* pipe2() */
#include "cli/revision.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

bool revision_is(const char *argument)
{
    const char *colon = strchr(argument, ':');
    struct stat st;

    return colon && colon != argument && argument[0] != '-' && stat(argument, &st);
}

/* ---- running programs ---- */

/* Starts argv with the two ends as its output and error; -1 with errno. `in` may be -1: nothing to read. */
static pid_t start(char *const *argv, int in, int out, int err)
{
    pid_t pid = fork();
    int null;

    if (pid)
        return pid;
    null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(in >= 0 ? in : null, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execvp(argv[0], argv);
    _exit(127);
}

/* Reads both until they end. */
static void drain(int out, struct buf *text, int err, struct buf *message)
{
    struct pollfd fds[2] = { { .fd = out, .events = POLLIN }, { .fd = err, .events = POLLIN } };
    struct buf *to[2] = { text, message };
    unsigned int open_fds = (out >= 0) + (err >= 0), i;
    char piece[16384];

    while (open_fds) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            break;
        for (i = 0; i < 2; i++) {
            ssize_t got;

            if (fds[i].fd < 0 || !(fds[i].revents & (POLLIN | POLLHUP | POLLERR)))
                continue;
            got = read(fds[i].fd, piece, sizeof(piece));
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0) {
                fds[i].fd = -1;
                open_fds--;
            } else {
                buf_add(to[i], piece, (size_t)got);
            }
        }
    }
}

static bool finished(struct arena *a, pid_t pid, const char *program, struct buf *message, const char **why)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) {
            *why = arena_printf(a, "%s: %s", program, strerror(errno));
            return false;
        }
    if (WIFEXITED(status) && !WEXITSTATUS(status))
        return true;
    while (message->len && message->data[message->len - 1] == '\n')
        message->data[--message->len] = '\0';
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        *why = arena_printf(a, "cannot run %s", program);
    else
        *why = message->len ? arena_text(a, buf_text(message), message->len) : arena_printf(a, "%s failed", program);
    return false;
}

/* Runs git and takes what it prints. */
static bool git(struct arena *a, char *const *argv, struct buf *text, const char **why)
{
    struct buf message = BUF_INIT;
    int out[2], err[2];
    bool good;
    pid_t pid;

    if (pipe2(out, O_CLOEXEC)) {
        *why = strerror(errno);
        return false;
    }
    if (pipe2(err, O_CLOEXEC)) {
        *why = strerror(errno);
        close(out[0]);
        close(out[1]);
        return false;
    }
    pid = start(argv, -1, out[1], err[1]);
    close(out[1]);
    close(err[1]);
    if (pid < 0) {
        *why = strerror(errno);
        good = false;
    } else {
        drain(out[0], text, err[0], &message);
        good = finished(a, pid, "git", &message, why);
    }
    close(out[0]);
    close(err[0]);
    buf_free(&message);
    return good;
}

/* ---- what is there ---- */

enum revision_kind revision_kind(struct arena *a, const char *argument, const char **why)
{
    char *const argv[] = { "git", "cat-file", "-t", (char *)argument, NULL };
    enum revision_kind kind = REVISION_NONE;
    struct buf text = BUF_INIT;

    if (!git(a, argv, &text, why))
        kind = REVISION_NONE;
    else if (!strcmp(buf_text(&text), "blob\n"))
        kind = REVISION_FILE;
    else if (!strcmp(buf_text(&text), "tree\n"))
        kind = REVISION_FOLDER;
    else
        *why = "neither a file nor a folder";
    buf_free(&text);
    return kind;
}

const char *revision_read(struct arena *a, const char *argument, size_t *len, const char **why)
{
    char *const argv[] = { "git", "cat-file", "blob", (char *)argument, NULL };
    struct buf text = BUF_INIT;
    const char *copy = NULL;

    if (git(a, argv, &text, why)) {
        copy = arena_text(a, buf_text(&text), text.len);
        *len = text.len;
    }
    buf_free(&text);
    return copy;
}

const char **revision_list(struct arena *a, const char *argument, unsigned int *n, const char **why)
{
    char *const argv[] = { "git", "ls-tree", "-z", (char *)argument, NULL };
    LIST(const char *) names = { NULL, 0, 0 };
    struct buf text = BUF_INIT;
    const char *at, *end;

    *n = 0;
    if (!git(a, argv, &text, why)) {
        buf_free(&text);
        return NULL;
    }
    /* "MODE TYPE OBJECT\tNAME\0" */
    for (at = buf_text(&text), end = at + text.len; at < end; at += strlen(at) + 1) {
        const char *tab = strchr(at, '\t'), *type = strchr(at, ' ');

        if (tab && type)
            *LIST_PUSH(a, &names) = arena_printf(a, "%s%s", tab + 1, strncmp(type + 1, "tree", 4) ? "" : "/");
    }
    buf_free(&text);
    *n = names.n;
    return names.items ? names.items : arena_array(a, 1, sizeof(*names.items));
}

bool revision_export(struct arena *a, const char *argument, const char *into, const char **why)
{
    char *const pack[] = { "git", "archive", "--format=tar", (char *)argument, NULL };
    char *const unpack[] = { "tar", "-xf", "-", "-C", (char *)into, NULL };
    struct buf message = BUF_INIT, none = BUF_INIT;
    int data[2], err[2];
    pid_t packer, unpacker;
    bool good;

    if (pipe2(data, O_CLOEXEC)) {
        *why = strerror(errno);
        return false;
    }
    if (pipe2(err, O_CLOEXEC)) {
        *why = strerror(errno);
        close(data[0]);
        close(data[1]);
        return false;
    }
    packer = start(pack, -1, data[1], err[1]);
    unpacker = start(unpack, data[0], err[1], err[1]);
    close(data[0]);
    close(data[1]);
    close(err[1]);
    drain(-1, &none, err[0], &message);
    close(err[0]);
    good = packer > 0 && finished(a, packer, "git", &message, why);
    if (unpacker > 0)
        good = finished(a, unpacker, "tar", &message, why) && good;
    if (packer <= 0 || unpacker <= 0)
        *why = "cannot start another program";
    buf_free(&message);
    buf_free(&none);
    return good && packer > 0 && unpacker > 0;
}
