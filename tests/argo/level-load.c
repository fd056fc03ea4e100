/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads the instances, see levels.h, and connects each to the one outside of it. */
#include "levels.h"

#include <dlfcn.h>
#include <unistd.h>

struct level levels[LEVELS];

static int (*question)(unsigned level, enum user_question question, const struct domain *subject,
                       const struct domain *object);

_Noreturn void user_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, what);
    abort();
}

/* For each level what it has to be told from here, since a callback has no room to say which it is */
#define LEVEL(n)                                                                                                       \
    static int ask_##n(enum user_question q, const struct domain *subject, const struct domain *object)                \
    {                                                                                                                  \
        return question(n, q, subject, object);                                                                        \
    }                                                                                                                  \
    /* A hypercall to level n, by the Xen of the next one */                                                           \
    static long parent_##n(unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4)           \
    {                                                                                                                  \
        struct domain *inner = levels[n].domains[INNER];                                                               \
                                                                                                                       \
        return inner ? levels[n].hypercall(inner, cmd, arg1, arg2, arg3, arg4) : -XEN_ENOSYS;                          \
    }                                                                                                                  \
    static void virq_##n(struct domain *d)                                                                             \
    {                                                                                                                  \
        (void)d;                                                                                                       \
        if (*levels[n + 1].handlers)                                                                                   \
            (*levels[n + 1].handlers)->virq();                                                                         \
    }
LEVEL(0)
LEVEL(1)
static int ask_2(enum user_question q, const struct domain *subject, const struct domain *object)
{
    return question(2, q, subject, object);
}

static void *symbol(void *object, const char *name)
{
    void *found = dlsym(object, name);

    if (!found) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return found;
}

static void *load_copy(const char *object, unsigned level)
{
    char path[4096], command[8400];
    void *found;

    snprintf(path, sizeof path, "%s.%u", object, level);
    snprintf(command, sizeof command, "cp '%s' '%s'", object, path);
    ASSERT(system(command) == 0);
    found = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!found) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    unlink(path);
    return found;
}

void levels_create(unsigned level, unsigned d)
{
    static void (*const virqs[])(struct domain *) = { virq_0, virq_1 };

    levels[level].domains[d] = levels[level].create((domid_t)d, true);
    ASSERT(levels[level].domains[d]);
    if (d == INNER && level + 1 < LEVELS)
        levels[level].domains[d]->on_virq = virqs[level];
}

void levels_load(const char *object, unsigned long ring_size,
                 int (*ask)(unsigned level, enum user_question question, const struct domain *subject,
                            const struct domain *object))
{
    static int (*const asks[])(enum user_question, const struct domain *, const struct domain *) = { ask_0, ask_1, ask_2 };
    static long (*const parents[])(unsigned int, void *, void *, unsigned long, unsigned long) = { parent_0, parent_1 };

    question = ask;
    for (unsigned n = 0; n < LEVELS; n++) {
        struct level *level = &levels[n];
        void *copy = load_copy(object, n);
        int (**param)(const char *) = symbol(copy, "user_param");
        int (**initcall)(void) = symbol(copy, "user_initcall");
        unsigned long **size = symbol(copy, "user_size");
        void **parent = symbol(copy, "user_parent");

        *(void **)&level->create = symbol(copy, "user_domain_create");
        *(void **)&level->destroy = symbol(copy, "user_domain_destroy");
        *(void **)&level->hypercall = symbol(copy, "user_hypercall");
        *(void **)&level->run_tasklets = symbol(copy, "user_run_tasklets");
        level->handlers = symbol(copy, "user_parent_handlers");
        level->ask = symbol(copy, "level_ask");
        *level->ask = asks[n];
        ASSERT((*param)("1,mac-permissive=1") == 0);
        **size = ring_size;
        if (n)
            *parent = *(void *const *)&parents[n - 1];
        ASSERT((*initcall)() == 0);
        for (unsigned d = 0; d < DOMAINS; d++)
            levels_create(n, d);
    }
}
