/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Damages good policies everywhere, loads them into Flask's security server, and asks it everything.
 *
 * A case is a policy, where it is damaged and how, when it is loaded, whether Flask enforces, and what becomes of what a
 * policy lacks:
 *
 * - later: the good policy runs. If the damaged one is refused, the good one answers as before, no memory is lost, and it can
 *   be loaded again; if it is taken, everything is asked, and the good one takes its place.
 * - first: there is no policy. If the damaged one is taken, everything is asked; if it is refused, the good one is taken.
 *
 * The cases of a policy are numbered: each byte changed in four ways, each place overwritten with 32-bit numbers that are
 * often wrong to believe, the policy cut off at each place, and several bytes changed at random. --all tries each of them,
 * else some are drawn, by a seed and so the same ones each time: most of what replaces a number, little of what changes
 * names; --more draws so many times as many.
 *
 * When a case is loaded, and what else is in force, is drawn as well, once for each.
 *
 * Cases run in child processes, so that one that crashes is told and the others go on. One that takes long counts as a crash.
 *
 * The policies after --taken are good ones as well, which have to be taken and are not damaged.
 *
 * --only runs one case and prints what Xen says of it.
 *
 * usage: policies [--all] [--more TIMES] [--seed NUMBER] [--only CASE] POLICY... [--taken POLICY...]
 */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sanitizer/common_interface_defs.h>

#include "ask.h"

enum { POLICIES = 16, WORKERS = 2, RANDOM = 4000, PATIENCE = 20, TOLD = 40 };
enum mode { LATER, LATER_PERMISSIVE, FIRST, FIRST_PERMISSIVE, MODES };

static const char *const mode_names[MODES] = { "later", "later, permissive", "first", "first, permissive" };
static const uint32_t words[] = { 0, 1, 2, 31, 33, 0x100, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };

enum { BYTES = 4, WORDS = sizeof(words) / sizeof(words[0]) + 2, WAYS = BYTES + WORDS + 1 };

struct policy {
    const char *path;
    uint8_t *good, *damaged;
    size_t length, classes; /* the table of classes ends there: it is long, and the same in all */
    uint64_t answers[2]; /* not enforcing, enforcing */
};

static struct policy policies[POLICIES];
static unsigned int policy_count;
static uint64_t seed = 1;
static unsigned int more = 1;
static bool all;

/* What the workers tell */
struct told {
    unsigned long at[WORKERS], taken, refused;
    char damage[WORKERS][200];
};

static struct told *told;
static unsigned int worker;

_Noreturn void user_failed(const char *file, int line, const char *what)
{
    const char *slash = strrchr(file, '/');

    fprintf(stderr, "%s:%d: %s\n", slash ? slash + 1 : file, line, what);
    __sanitizer_print_stack_trace();
    _exit(1);
}

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    /* Memory is counted by user.c; the policies are small, and little is kept of what was freed. */
    return "detect_leaks=0:quarantine_size_mb=4:malloc_context_size=4";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
    return "print_stacktrace=1";
}

static bool read_policy(struct policy *policy, const char *path)
{
    FILE *file = fopen(path, "rb");
    long length;

    if (!file || fseek(file, 0, SEEK_END) || (length = ftell(file)) <= 0)
        return false;
    rewind(file);
    policy->path = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    policy->length = (size_t)length;
    policy->good = malloc(policy->length);
    policy->damaged = malloc(policy->length);
    if (fread(policy->good, 1, policy->length, file) != policy->length)
        return false;
    policy->classes = (uint8_t *)memmem(policy->good, policy->length, "object_r", 8) - policy->good;
    return fclose(file) == 0;
}

static unsigned long cases_of(const struct policy *policy)
{
    return policy->length * WAYS + RANDOM;
}

static uint64_t mix(uint64_t number)
{
    number = (number ^ seed) * 0x9e3779b97f4a7c15u;
    number = (number ^ number >> 29) * 0xbf58476d1ce4e5b9u;
    return number ^ number >> 32;
}

/* Of how many cases like this one is drawn? */
static unsigned int rarity(const struct policy *policy, unsigned long number)
{
    size_t place = number / WAYS;
    unsigned int way = number % WAYS;
    uint32_t word = 0;

    if (place >= policy->length)
        return 6;
    if (way == WAYS - 1)
        return 16;
    if (way < BYTES)
        return isalpha(policy->good[place]) || policy->good[place] == '_' ? 200 : place < policy->classes ? 64 : 8;
    if (place + sizeof(word) <= policy->length)
        memcpy(&word, policy->good + place, sizeof(word));
    if (word && word < 4096)
        return place < policy->classes ? 32 : 1;
    return word || place < policy->classes ? 200 : 50;
}

/* Damage the policy as the case says; return the length that is left. */
static size_t damage(const struct policy *policy, unsigned long number, char *text, size_t size)
{
    static const uint8_t flips[] = { 0xff, 0x01, 0x80 };
    size_t place = number / WAYS;
    unsigned int way = number % WAYS;
    uint8_t *bytes = policy->damaged;
    uint32_t word;

    memcpy(bytes, policy->good, policy->length);
    if (place >= policy->length) {
        uint64_t state = mix(number);
        unsigned int count = 2 + random_number(&state) % 6;
        int used = snprintf(text, size, "%u bytes at random:", count);

        while (count--) {
            place = random_number(&state) % policy->length;
            bytes[place] = random_number(&state) % 3 ? random_number(&state) % 40 : random_number(&state);
            used += snprintf(text + used, size - used, " %zu=%#x", place, bytes[place]);
        }
        return policy->length;
    }
    if (way < BYTES) {
        bytes[place] = way < 3 ? bytes[place] ^ flips[way] : 0;
        snprintf(text, size, "byte %zu is %#x", place, bytes[place]);
        return policy->length;
    }
    if (way == WAYS - 1) {
        snprintf(text, size, "cut off at %zu", place);
        return place;
    }
    if (place + sizeof(word) > policy->length)
        place = policy->length - sizeof(word);
    memcpy(&word, bytes + place, sizeof(word));
    way -= BYTES;
    word = way == 0 ? word + 1 : way == 1 ? word - 1 : words[way - 2];
    memcpy(bytes + place, &word, sizeof(word));
    snprintf(text, size, "the word at %zu is %#x", place, word);
    return policy->length;
}

#define DEMAND(x) ((x) ? (void)0 : user_failed(__FILE__, __LINE__, #x))

/* Whether the good policy runs, and as what; a case that leaves it so need not load it again */
static const struct policy *running;
static bool running_enforcing;

static void run_good(const struct policy *policy, bool enforcing)
{
    if (running == policy && running_enforcing == enforcing)
        return;
    restart(enforcing);
    DEMAND(load(policy->good, policy->length) == 0);
    label_everything();
    running = policy;
    running_enforcing = enforcing;
}

static bool try(const struct policy *policy, size_t length, enum mode mode, uint32_t ask_seed)
{
    bool enforcing = mode == LATER || mode == FIRST;
    size_t before;
    int answer;

    if (mode >= FIRST) {
        running = NULL;
        restart(enforcing);
        answer = load(policy->damaged, length);
        if (answer == 0) {
            ask(ask_seed);
            return true;
        }
        DEMAND(user_allocated == 0);
        run_good(policy, enforcing);
        DEMAND(answers() == policy->answers[enforcing]);
        return false;
    }
    run_good(policy, enforcing);
    before = user_allocated;
    answer = load(policy->damaged, length);
    if (answer == 0) {
        running = NULL;
        ask(ask_seed);
        DEMAND(load(policy->good, policy->length) == 0);
        if (mix(ask_seed) % 8 == 0)
            ask(ask_seed);
        return true;
    }
    DEMAND(user_allocated == before);
    DEMAND(answers() == policy->answers[enforcing]);
    if (mix(ask_seed) % 16 == 0)
        DEMAND(load(policy->good, policy->length) == 0);
    return false;
}

static unsigned long run_case(unsigned long number, unsigned int *taken)
{
    const struct policy *policy = policies;
    char text[160];
    unsigned long rest = number;
    uint64_t chance = mix(number);
    enum mode mode = chance % MODES;
    size_t length;

    for (; rest >= cases_of(policy); policy++)
        rest -= cases_of(policy);
    if (!all && (chance >> 16) % rarity(policy, rest) >= more)
        return 0;
    length = damage(policy, rest, text, sizeof(text));
    if (length == policy->length && !memcmp(policy->good, policy->damaged, length))
        return 0;
    snprintf(told->damage[worker], sizeof(told->damage[worker]), "case %lu: %s, %s, loaded %s", number, policy->path, text,
             mode_names[mode]);
    deny_missing(chance >> 12 & 1);
    alarm(PATIENCE);
    *taken = try(policy, length, mode, (uint32_t)number);
    alarm(0);
    return 1;
}

/* Every WORKERS-th of the cases, from number `from` on */
static void work(unsigned long from, unsigned long count)
{
    for (unsigned long number = from; number < count; number += WORKERS) {
        unsigned int taken = 0;

        told->at[worker] = number;
        if (run_case(number, &taken))
            __atomic_fetch_add(taken ? &told->taken : &told->refused, 1, __ATOMIC_RELAXED);
    }
    _exit(0);
}

/* What a worker has written, which the parent prints when it fails */
static FILE *logs[WORKERS];

static void print_log(FILE *log)
{
    int c;

    rewind(log);
    while ((c = getc(log)) != EOF)
        putc(c, stderr);
    rewind(log);
    ftruncate(fileno(log), 0);
}

static pid_t begin(unsigned int which, unsigned long from, unsigned long count)
{
    pid_t child;

    fflush(NULL);
    if (!logs[which])
        logs[which] = tmpfile();
    child = fork();
    if (child == 0) {
        worker = which;
        dup2(fileno(logs[which]), STDERR_FILENO);
        work(from, count);
    }
    return child;
}

/* Run all cases; return how many crashed. */
static unsigned long run(unsigned long count)
{
    pid_t children[WORKERS];
    unsigned long crashes = 0, running_now = 0;

    for (unsigned int i = 0; i < WORKERS; i++, running_now++)
        children[i] = begin(i, i, count);
    while (running_now) {
        int status;
        pid_t child = wait(&status);
        unsigned int which = 0;

        while (which < WORKERS && children[which] != child)
            which++;
        if (WIFEXITED(status) && !WEXITSTATUS(status)) {
            running_now--;
            continue;
        }
        print_log(logs[which]);
        fprintf(stderr, "%s: %s\n", WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? "takes too long" : "fails",
                told->damage[which]);
        if (++crashes == TOLD) {
            fprintf(stderr, "these are enough\n");
            for (unsigned int i = 0; i < WORKERS; i++)
                kill(children[i], SIGKILL);
            return crashes;
        }
        children[which] = begin(which, told->at[which] + WORKERS, count);
    }
    return crashes;
}

/* One with levels that says it has none, or the reverse, whole or not, leaves nothing behind when it is refused. */
static void confuse_levels(const struct policy *policy)
{
    memcpy(policy->damaged, policy->good, policy->length);
    policy->damaged[20] ^= 1;
    for (size_t length = policy->length; length + 2 > policy->length; length--) {
        restart(true);
        if (load(policy->damaged, length) == 0)
            continue;
        DEMAND(user_allocated == 0);
        DEMAND(load(policy->good, policy->length) == 0);
    }
}

/* The good policies are taken, first and later, and answer everything. */
static void prepare(struct policy *policy)
{
    for (int enforcing = 0; enforcing < 2; enforcing++) {
        restart(enforcing);
        DEMAND(load(policy->good, policy->length) == 0);
        policy->answers[enforcing] = answers();
        label_everything();
        ask(1);
        DEMAND(load(policy->good, policy->length) == 0);
        ask(2);
    }
    restart(true);
    DEMAND(user_allocated == 0);
}

int main(int argc, char **argv)
{
    unsigned long total = 0, crashes;
    const char *only = NULL;
    int i;

    told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (i = 1; i < argc && argv[i][0] == '-'; i++)
        if (!strcmp(argv[i], "--all"))
            all = true;
        else if (!strcmp(argv[i], "--more") && argv[i + 1])
            more = strtoul(argv[++i], NULL, 0);
        else if (!strcmp(argv[i], "--seed") && argv[i + 1])
            seed = strtoul(argv[++i], NULL, 0);
        else if (!strcmp(argv[i], "--only") && argv[i + 1])
            only = argv[++i], user_talks = true;
    for (bool damaged = true; i < argc; i++) {
        struct policy *policy = &policies[policy_count];

        if (!strcmp(argv[i], "--taken")) {
            damaged = false;
            continue;
        }
        if (policy_count == POLICIES || !read_policy(policy, argv[i])) {
            fprintf(stderr, "%s cannot be read\n", argv[i]);
            return 2;
        }
        fprintf(stderr, "%s\n", policy->path);
        prepare(policy);
        confuse_levels(policy);
        running = NULL;
        if (damaged) {
            total += cases_of(policy);
            policy_count++;
        }
    }
    if (only) {
        unsigned int taken = 0;

        all = true;
        run_case(strtoul(only, NULL, 0), &taken);
        printf("%s: %s\n", told->damage[0], taken ? "taken" : "refused");
        return 0;
    }
    crashes = run(total);
    printf("%u policies, %lu damaged ones refused and %lu taken, %lu of them badly\n", policy_count, told->refused, told->taken,
           crashes);
    return crashes != 0;
}
