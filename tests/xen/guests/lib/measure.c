/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What something costs, in steps of the time stamp counter: instructions under QEMU's instruction counter, where
 * tests/xen/lib/counting.py runs a kernel, cycles (of the counter's, not always the core's) on a machine.
 *
 * It is done many times. The least says what it costs when nothing comes between; the quartiles say how often that is.
 *
 * Included by a test.
 */
#include "guest.h"

enum { MOST_ROUNDS = 10000 };

struct figures {
    unsigned long least, lower, median, upper;
};

/* The figures of the rounds so far */
static unsigned long taken[MOST_ROUNDS];
static unsigned int rounds_taken;

/* Nothing before it is still under way, and nothing after it has begun. */
static inline __attribute__((always_inline)) unsigned long now(void)
{
    uint32_t low, high;

    asm volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
    return (unsigned long)high << 32 | low;
}

static void figure_add(unsigned long value)
{
    taken[rounds_taken++] = value;
}

/* The figures of the rounds, which are forgotten */
static struct figures figures_take(void)
{
    unsigned int count = rounds_taken;

    for (unsigned int gap = count / 2; gap; gap /= 2)
        for (unsigned int i = gap; i < count; i++) {
            unsigned long value = taken[i];
            unsigned int j = i;

            for (; j >= gap && taken[j - gap] > value; j -= gap)
                taken[j] = taken[j - gap];
            taken[j] = value;
        }
    rounds_taken = 0;
    return (struct figures){ taken[0], taken[count / 4], taken[count / 2], taken[count - 1 - count / 4] };
}

/* A line that tests/xen/lib/counting.py reads */
static void figures_print(const char *kind, const char *name, struct figures figures)
{
    print("%s %s: %lu %lu %lu %lu\n", kind, name, figures.least, figures.lower, figures.median, figures.upper);
}

/* The number that the kernel's command line gives for `name=`, or `otherwise` */
static unsigned int option(const char *name, unsigned int otherwise)
{
    const char *text = (const char *)start_info->cmd_line;

    for (; *text; text++) {
        unsigned int length = 0, value = 0;

        while (name[length] && text[length] == name[length])
            length++;
        if (name[length] || text[length] != '=')
            continue;
        for (text += length + 1; *text >= '0' && *text <= '9'; text++)
            value = value * 10 + (unsigned int)(*text - '0');
        return value;
    }
    return otherwise;
}

/* What a reader of the figures wants to know */
static void describe(void)
{
    uint32_t brand[13] = { 0 };
    xen_extraversion_t extra = "";
    long release = xen_version(XENVER_version, NULL);

    for (uint32_t i = 0; i < 3; i++)
        asm volatile("cpuid" : "=a"(brand[4 * i]), "=b"(brand[4 * i + 1]), "=c"(brand[4 * i + 2]),
                     "=d"(brand[4 * i + 3]) : "a"(0x80000002 + i), "c"(0));
    xen_version(XENVER_extraversion, extra);
    print("ABOUT options: %s\n", (const char *)start_info->cmd_line);
    print("ABOUT processor: %s\n", (const char *)brand);
    print("ABOUT Xen: %ld.%ld%s\n", release >> 16, release & 0xffff, extra);
    print("ABOUT Flask: %s\n", flask_enforcing() == -XEN_ENOSYS ? "no" : "yes");
    print("ABOUT domain: %s\n", is_dom0() ? "0" : "a guest");
}
