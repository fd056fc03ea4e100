/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a command and prints its exit status, its CPU time in seconds (user and system, with what it waited for) and the
 * peak memory in KB of its largest process. Small itself, because a child counts as large as its parent until it has
 * become the command.   measure COMMAND [ARGUMENT...]
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
    posix_spawn_file_actions_t actions;
    struct rusage use;
    pid_t child;
    int status;

    if (argc < 2) {
        fputs("usage: measure COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    if (posix_spawn_file_actions_init(&actions) ||
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ||
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) ||
        posix_spawnp(&child, argv[1], &actions, NULL, argv + 1, environ)) {
        perror("measure");
        return 2;
    }
    if (wait4(child, &status, 0, &use) < 0) {
        perror("measure");
        return 2;
    }
    printf("%d %.6f %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128, seconds(use.ru_utime) + seconds(use.ru_stime),
           use.ru_maxrss);
    return 0;
}
