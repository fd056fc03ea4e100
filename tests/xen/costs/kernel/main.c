/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What operations cost (guests/lib/measure.c), as domain 0 or as a guest, on QEMU or on a machine.
 *
 * With a module that is the policy that runs, domain 0 measures each operation once more after that policy has been
 * loaded again, which empties the cache of decisions. A guest cannot ask for everything, nor can anybody where Argo
 * is not switched on: it says what it was answered.
 *
 * Its command line: rounds=N, misses=N, how often each is done; whatever else stands there is repeated in the console.
 *
 * seconds: 120
 */
#define PUPPETS 1
#define PUPPET_PAGES 2
#define PUPPET_DATA

#include "puppets.c"

#include "measure.c"
#include "operations.h"

enum { ROUNDS = 50, MISSES = 5 };

static void load_policy(void)
{
    struct xen_flask_op op = { .cmd = FLASK_LOAD };

    op.u.load.size = (uint32_t)start_info->mod_len;
    set_xen_guest_handle(op.u.load.buffer, (char *)start_info->mod_start);
    expect("loading the policy again", xen_flask(&op), 0);
}

static struct figures measure(const struct operation *operation, unsigned int rounds, bool miss)
{
    while (rounds--) {
        unsigned long begun, ended;
        long answer;

        if (operation->before)
            expect(operation->name, operation->before(), 0);
        if (miss)
            load_policy();
        begun = now();
        answer = operation->run();
        ended = now();
        expect(operation->name, answer, 0);
        figure_add(ended - begun);
        if (operation->after)
            expect(operation->name, operation->after(), 0);
    }
    return figures_take();
}

/* Make an operation ready; 0, or the error for which it cannot be measured. */
static long prepare(const struct operation *operation)
{
    long answer = operation->prepare ? operation->prepare() : 0;

    if (!answer && operation->before)
        answer = operation->before();
    if (!answer)
        answer = operation->run();
    if (!answer && operation->after)
        answer = operation->after();
    return answer;
}

void test(void)
{
    unsigned int rounds = option("rounds", ROUNDS), misses = option("misses", MISSES);

    if (!rounds || rounds > MOST_ROUNDS || !misses || misses > MOST_ROUNDS)
        error("rounds= and misses= go from 1 to 10000");
    describe();
    for (unsigned int i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        const struct operation *operation = &operations[i];
        long answer = prepare(operation);

        if (answer) {
            print("NONE %s: %ld\n", operation->name, answer);
            continue;
        }
        figures_print("COST", operation->name, measure(operation, rounds, false));
        if (is_dom0() && start_info->mod_len)
            figures_print("MISS", operation->name, measure(operation, misses, true));
    }
}
