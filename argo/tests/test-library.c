/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The library's calls with every error they promise, on whichever Xen this is linked with: the fake one, and by
 * tests/argo/test-user the real argo.c. Then random operations by several threads, each with a domain of its own and a
 * copy of what that domain's cables must be.
 */
#include "argopatch.h"
#include "fake-xen.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

static void expect_at(int line, const char *what, long got, long wanted)
{
    if (got == wanted)
        return;
    fprintf(stderr, "%s:%d: %s: %ld, not %ld\n", __FILE__, line, what, got, wanted);
    failures++;
}

/* That a call succeeds, or fails with an error (0: none) */
#define CALL(error, call) (errno = 0, expect_at(__LINE__, #call, (call) ? errno ? errno : -1 : 0, error))
#define SAME(got, wanted) expect_at(__LINE__, #got, (long)(got), (long)(wanted))

static struct argopatch_cable cable(uint16_t from, uint32_t from_port, uint16_t to, uint32_t to_port)
{
    return (struct argopatch_cable){ .source = { from_port, from }, .destination = { to_port, to } };
}

static void test_set(struct argopatch *h)
{
    struct argopatch_cable one = cable(1, 10, 2, 20), other = cable(1, 10, 3, 30), *list;
    size_t count;

    CALL(ENOENT, argopatch_set(h, &one, ARGOPATCH_SET_REPLACE));
    CALL(0, argopatch_set(h, &one, ARGOPATCH_SET_NEW));
    CALL(EEXIST, argopatch_set(h, &one, ARGOPATCH_SET_NEW));
    CALL(0, argopatch_set(h, &one, 0));
    CALL(0, argopatch_set(h, &other, ARGOPATCH_SET_REPLACE));
    CALL(EINVAL, argopatch_set(h, &one, ARGOPATCH_SET_NEW | ARGOPATCH_SET_REPLACE));
    CALL(EINVAL, argopatch_set(h, &one, 4));
    CALL(0, argopatch_list(h, 1, &list, &count));
    SAME(count, 1);
    SAME(list[0].source.domid, 1);
    SAME(list[0].source.port, 10);
    SAME(list[0].destination.domid, 3);
    SAME(list[0].destination.port, 30);
    free(list);

    one.destination.domid = 9;
    CALL(ESRCH, argopatch_set(h, &one, 0));
    one = cable(9, 1, 1, 1);
    CALL(ESRCH, argopatch_set(h, &one, 0));
    one = cable(0x7ff0, 1, 1, 1);
    CALL(ESRCH, argopatch_set(h, &one, 0));
    one = cable(1, 11, 4, 1);
    CALL(ENODEV, argopatch_set(h, &one, 0));
    one = cable(4, 11, 1, 1);
    CALL(ENODEV, argopatch_set(h, &one, 0));

    CALL(0, argopatch_clear(h, &other.source));
    CALL(ENOENT, argopatch_clear(h, &other.source));
    CALL(ESRCH, argopatch_clear(h, &(struct argopatch_address){ 1, 9 }));
    CALL(ENODEV, argopatch_clear(h, &(struct argopatch_address){ 1, 4 }));
    CALL(0, argopatch_list(h, 1, &list, &count));
    SAME(count, 0);
    SAME(list != NULL, 0);
}

static void test_list(struct argopatch *h)
{
    struct argopatch_cable *list = (void *)1, some[100], one;
    size_t count = 77;
    uint64_t cursor = 0;
    unsigned int seen = 0;

    CALL(ESRCH, argopatch_list(h, 9, &list, &count));
    CALL(ENODEV, argopatch_list(h, 4, &list, &count));
    SAME(count, 77);
    SAME(list == (void *)1, 1);
    for (uint32_t i = 0; i < ARGOPATCH_CABLES_MAX; i++) {
        one = cable(1, i * 0x100000u, 2, i);
        CALL(0, argopatch_set(h, &one, ARGOPATCH_SET_NEW));
    }
    one = cable(1, 7, 3, 1);
    CALL(ENOSPC, argopatch_set(h, &one, 0));
    one = cable(3, 7, 2, 1);
    CALL(ENOSPC, argopatch_set(h, &one, 0));
    CALL(0, argopatch_list(h, 1, &list, &count));
    SAME(count, ARGOPATCH_CABLES_MAX);
    for (size_t i = 0; i < count; i++)
        if (list[i].source.port != i * 0x100000u || list[i].destination.port != i) {
            SAME(list[i].source.port, i * 0x100000u);
            break;
        }
    free(list);

    CALL(EINVAL, argopatch_list_some(h, 1, &cursor, some, 0, &count));
    while (cursor != ARGOPATCH_LIST_END) {
        CALL(0, argopatch_list_some(h, 1, &cursor, some, 100, &count));
        seen += count;
        if (!count)
            break;
    }
    SAME(seen, ARGOPATCH_CABLES_MAX);
    CALL(EINVAL, argopatch_list_some(h, 1, &cursor, some, 100, &count));
}

static void test_flush(struct argopatch *h)
{
    struct argopatch_cable one = cable(2, 7, 1, 1), *list;
    size_t count;

    CALL(EINVAL, argopatch_flush(h, 1, 0));
    CALL(EINVAL, argopatch_flush(h, 1, 4));
    CALL(ESRCH, argopatch_flush(h, 9, ARGOPATCH_FLUSH_FROM));
    CALL(ENODEV, argopatch_flush(h, 4, ARGOPATCH_FLUSH_TO));
    CALL(0, argopatch_set(h, &one, 0));
    CALL(0, argopatch_flush(h, 1, ARGOPATCH_FLUSH_FROM));
    CALL(0, argopatch_list(h, 1, &list, &count));
    SAME(count, 0);
    CALL(0, argopatch_list(h, 2, &list, &count));
    SAME(count, 1);
    free(list);
    CALL(0, argopatch_flush(h, 1, ARGOPATCH_FLUSH_FROM | ARGOPATCH_FLUSH_TO));
    CALL(0, argopatch_list(h, 2, &list, &count));
    SAME(count, 0);
}

/* A domid is given to another domain: nothing is left of the one before. */
static void test_lifetime(struct argopatch *h)
{
    struct argopatch_cable from = cable(3, 1, 1, 1), to = cable(1, 1, 3, 1), *list;
    size_t count;

    CALL(0, argopatch_set(h, &from, 0));
    CALL(0, argopatch_set(h, &to, 0));
    world_destroy(3);
    CALL(ESRCH, argopatch_list(h, 3, &list, &count));
    world_create(3, "three", "", true);
    CALL(0, argopatch_list(h, 3, &list, &count));
    SAME(count, 0);
    CALL(0, argopatch_list(h, 1, &list, &count));
    SAME(count, 0);
}

/* Cables that lead up and come down, where there is an up */
static void test_up(struct argopatch *h)
{
    struct argopatch_cable up = cable(1, 10, ARGOPATCH_UP, 70), down = cable(ARGOPATCH_UP, 80, 2, 20), one, *list;
    struct argopatch_up_info info;
    size_t count;

    CALL(ESRCH, argopatch_set(h, &up, 0));
    CALL(ESRCH, argopatch_set(h, &down, 0));
    CALL(ESRCH, argopatch_clear(h, &down.source));
    CALL(ESRCH, argopatch_list(h, ARGOPATCH_UP, &list, &count));
    CALL(ESRCH, argopatch_flush(h, ARGOPATCH_UP, ARGOPATCH_FLUSH_FROM));
    CALL(ESRCH, argopatch_up_info(h, 80, &info));
    CALL(ESRCH, argopatch_up_info(h, ARGOPATCH_UP_ALL, &info));
    world_nest();

    CALL(0, argopatch_list(h, ARGOPATCH_UP, &list, &count));
    SAME(count, 0);
    one = cable(1, 9, 2, 9);
    CALL(0, argopatch_set(h, &one, 0));
    one.has_outside = true;
    CALL(EINVAL, argopatch_set(h, &one, 0));
    CALL(0, argopatch_set(h, &up, ARGOPATCH_SET_NEW));
    one = up;
    one.source.port = 11;
    CALL(EADDRINUSE, argopatch_set(h, &one, 0));
    one.destination.port = 71;
    one.has_outside = true;
    one.outside = (struct argopatch_address){ 9000, 5 };
    CALL(0, argopatch_set(h, &one, 0));
    CALL(0, argopatch_list(h, 1, &list, &count));
    SAME(count, 3);
    SAME(list[0].has_outside, false);
    SAME(list[1].destination.domid, ARGOPATCH_UP);
    SAME(list[1].destination.port, 70);
    SAME(list[1].has_outside, false);
    SAME(list[2].has_outside, true);
    SAME(list[2].outside.domid, 5);
    SAME(list[2].outside.port, 9000);
    free(list);
    one.has_outside = false; /* the same cable with another outside is another cable */
    CALL(0, argopatch_set(h, &one, ARGOPATCH_SET_REPLACE));
    CALL(0, argopatch_list(h, 1, &list, &count));
    SAME(list[2].has_outside, false);
    free(list);

    CALL(0, argopatch_set(h, &down, 0));
    one = down;
    one.destination.port = 21;
    CALL(0, argopatch_set(h, &one, 0));
    one.has_outside = true;
    one.outside.domid = 5;
    CALL(EBUSY, argopatch_set(h, &one, 0));
    one.source.port = 81;
    CALL(0, argopatch_set(h, &one, 0));
    one = cable(ARGOPATCH_UP, 1, ARGOPATCH_UP, 1);
    CALL(EINVAL, argopatch_set(h, &one, 0));
    one = cable(ARGOPATCH_UP, 0xffffffff, 1, 1);
    CALL(EINVAL, argopatch_set(h, &one, 0));
    CALL(0, argopatch_list(h, ARGOPATCH_UP, &list, &count));
    SAME(count, 2);
    SAME(list[0].source.domid, ARGOPATCH_UP);
    SAME(list[0].source.port, 80);
    SAME(list[0].destination.port, 21);
    SAME(list[0].has_outside, false);
    SAME(list[1].has_outside, true);
    SAME(list[1].outside.domid, 5);
    free(list);
    CALL(0, argopatch_clear(h, &down.source));
    CALL(ENOENT, argopatch_clear(h, &down.source));
    CALL(0, argopatch_flush(h, ARGOPATCH_UP, ARGOPATCH_FLUSH_FROM | ARGOPATCH_FLUSH_TO));
    CALL(0, argopatch_list(h, 1, &list, &count));
    SAME(count, 1);
    free(list);
    CALL(0, argopatch_flush(h, 1, ARGOPATCH_FLUSH_FROM));
}

/* What messages from up come to: each fate shows in its own place, and nowhere else. */
static void test_up_info(struct argopatch *h)
{
    static const struct {
        enum world_fate fate;
        unsigned int count;
        struct argopatch_up_info info;
    } steps[] = {
        { WORLD_DELIVERED, 3, { .delivered = 3 } },
        { WORLD_REFUSED, 5, { .refused = 5 } },
        { WORLD_TOO_LONG, 2, { .too_long = 2 } },
        { WORLD_DENIED, 7, { .denied = 7 } },
        { WORLD_FAILED, 6, { .failed = 6 } },
        { WORLD_MALFORMED, 4, { .malformed = 4 } },
        { WORLD_LOST, 1, { .lost = true } },
        { WORLD_WAITING, 8, { .waiting = true } },
        /* what made no sense is waiting, too, and will for ever */
        { WORLD_BROKEN, 1, { .malformed = 1, .waiting = true, .broken = true } },
    };
    struct argopatch_cable down = cable(ARGOPATCH_UP, 80, 2, 20), other = cable(ARGOPATCH_UP, 81, 3, 30);
    struct argopatch_up_info info, sum = { 0 };

    info.rings = 99;
    CALL(ENOENT, argopatch_up_info(h, 80, &info));
    SAME(info.rings, 99);
    CALL(0, argopatch_set(h, &other, 0));
    world_come(81, WORLD_DELIVERED, 10);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct argopatch_up_info *wanted = &steps[i].info;

        CALL(0, argopatch_set(h, &down, ARGOPATCH_SET_NEW));
        world_come(80, steps[i].fate, steps[i].count);
        down.destination.port++;
        CALL(0, argopatch_set(h, &down, ARGOPATCH_SET_REPLACE)); /* forgets nothing */
        CALL(0, argopatch_up_info(h, 80, &info));
        SAME(info.rings, 1);
        SAME(info.ring_bytes, 17 * 4096 - 64);
        SAME(info.waiting, wanted->waiting);
        SAME(info.broken, wanted->broken);
        SAME(info.lost, wanted->lost);
        SAME(info.delivered, wanted->delivered);
        SAME(info.refused, wanted->refused);
        SAME(info.too_long, wanted->too_long);
        SAME(info.denied, wanted->denied);
        SAME(info.failed, wanted->failed);
        SAME(info.discarded, 0);
        SAME(info.malformed, wanted->malformed);
        CALL(0, argopatch_up_info(h, ARGOPATCH_UP_ALL, &info));
        SAME(info.rings, 2);
        SAME(info.ring_bytes, 2 * (17 * 4096 - 64));
        SAME(info.waiting, wanted->waiting);
        SAME(info.broken, wanted->broken);
        SAME(info.lost, wanted->lost);
        CALL(0, argopatch_clear(h, &down.source));
        CALL(ENOENT, argopatch_up_info(h, 80, &info));
        sum.refused += wanted->refused;
        sum.too_long += wanted->too_long;
        sum.denied += wanted->denied;
        sum.failed += wanted->failed;
        sum.malformed += wanted->malformed;
    }
    CALL(0, argopatch_up_info(h, 81, &info));
    SAME(info.delivered, 10);
    SAME(info.refused, 0);
    /* All together, those that are gone too */
    CALL(0, argopatch_up_info(h, ARGOPATCH_UP_ALL, &info));
    SAME(info.rings, 1);
    SAME(info.waiting, false);
    SAME(info.broken, false);
    SAME(info.lost, false);
    SAME(info.delivered, 13);
    SAME(info.refused, sum.refused);
    SAME(info.too_long, sum.too_long);
    SAME(info.denied, sum.denied);
    SAME(info.failed, sum.failed);
    SAME(info.discarded, 8); /* they were waiting */
    SAME(info.malformed, sum.malformed);

    /* A cable that only leads up has nothing to tell. */
    down = cable(1, 10, ARGOPATCH_UP, 82);
    CALL(0, argopatch_set(h, &down, 0));
    CALL(ENOENT, argopatch_up_info(h, 82, &info));
    /* There are as many rings as there may be. */
    for (uint32_t port = 100; port < 131; port++) {
        down = cable(ARGOPATCH_UP, port, 2, port);
        CALL(0, argopatch_set(h, &down, 0));
    }
    down.source.port = 131;
    CALL(ENOSPC, argopatch_set(h, &down, 0));
    CALL(0, argopatch_up_info(h, ARGOPATCH_UP_ALL, &info));
    SAME(info.rings, 32);
    CALL(0, argopatch_flush(h, ARGOPATCH_UP, ARGOPATCH_FLUSH_FROM | ARGOPATCH_FLUSH_TO));

    /* To be asked again, and no operation of this Xen's */
    world_fail(0, EFAULT);
    CALL(0, argopatch_up_info(h, ARGOPATCH_UP_ALL, &info));
    SAME(info.rings, 0);
    world_fail(0, EOPNOTSUPP);
    CALL(ESRCH, argopatch_up_info(h, ARGOPATCH_UP_ALL, &info));
}

static void test_refusals(struct argopatch *h)
{
    static const int errors[] = { EPERM, EACCES, EOPNOTSUPP, ENOSYS, ENOMEM, EFAULT };
    struct argopatch_cable one = cable(1, 1, 2, 2), *list;
    struct argopatch_up_info info;
    size_t count;

    CALL(0, argopatch_probe(h));
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        world_refuse(errors[i]);
        CALL(errors[i], argopatch_probe(h));
        CALL(errors[i], argopatch_set(h, &one, 0));
        CALL(errors[i], argopatch_clear(h, &one.source));
        CALL(errors[i], argopatch_list(h, 1, &list, &count));
        CALL(errors[i], argopatch_flush(h, 1, ARGOPATCH_FLUSH_FROM));
        CALL(errors[i], argopatch_up_info(h, ARGOPATCH_UP_ALL, &info));
    }
    world_refuse(0);
    /* A page that is away for a moment does not show. */
    world_fail(0, EFAULT);
    CALL(0, argopatch_set(h, &one, ARGOPATCH_SET_NEW));
    world_fail(0, EFAULT);
    CALL(0, argopatch_clear(h, &one.source));
    /* The second page of a list fails: nothing is handed out. */
    for (uint32_t i = 0; i < 600; i++) {
        one = cable(1, i, 2, i);
        CALL(0, argopatch_set(h, &one, 0));
    }
    list = (void *)1;
    world_fail(1, ESRCH);
    CALL(ESRCH, argopatch_list(h, 1, &list, &count));
    SAME(list == (void *)1, 1);
    CALL(0, argopatch_flush(h, 1, ARGOPATCH_FLUSH_FROM));
    argopatch_close(NULL);
}

struct worker {
    struct argopatch *handle;
    uint16_t domid;
    int failures;
};

static void *work(void *argument)
{
    enum { PORTS = 300 };
    struct worker *me = argument;
    uint32_t expected[PORTS] = { 0 }, state = me->domid;

    for (int i = 0; i < 5000; i++) {
        struct argopatch_cable one, *list;
        size_t count, there = 0;

        state = state * 1664525 + 1013904223;
        one = cable(me->domid, (state >> 8) % PORTS, (uint16_t)(1 + (state >> 20) % 3), state | 1);
        switch (state >> 30) {
        case 0:
        case 1:
            me->failures += argopatch_set(me->handle, &one, 0) != 0;
            expected[one.source.port] = one.destination.port;
            break;
        case 2:
            errno = 0;
            me->failures += (argopatch_clear(me->handle, &one.source) ? errno : 0) !=
                            (expected[one.source.port] ? 0 : ENOENT);
            expected[one.source.port] = 0;
            break;
        default:
            if (i % 16)
                break;
            if (argopatch_list(me->handle, me->domid, &list, &count)) {
                me->failures++;
                break;
            }
            for (uint32_t p = 0; p < PORTS; p++)
                if (expected[p]) {
                    me->failures += there == count || list[there].source.port != p ||
                                    list[there].destination.port != expected[p];
                    there += there < count;
                }
            me->failures += there != count;
            free(list);
        }
    }
    return NULL;
}

static void test_threads(struct argopatch *h)
{
    struct worker workers[3];
    pthread_t threads[3];

    for (unsigned int i = 0; i < 3; i++) {
        workers[i] = (struct worker){ h, (uint16_t)(i + 1), 0 };
        if (pthread_create(&threads[i], NULL, work, &workers[i]))
            abort();
    }
    for (unsigned int i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        SAME(workers[i].failures, 0);
        CALL(0, argopatch_flush(h, (uint16_t)(i + 1), ARGOPATCH_FLUSH_FROM));
    }
}

int main(void)
{
    struct argopatch *h = argopatch_open(NULL);

    if (!h) {
        perror("argopatch_open");
        return 1;
    }
    world_reset();
    world_create(1, "one", "", true);
    world_create(2, "two", "", true);
    world_create(3, "three", "", true);
    world_create(4, "four", "", false);
    test_set(h);
    test_list(h);
    test_flush(h);
    test_lifetime(h);
    test_up(h);
    test_up_info(h);
    test_refusals(h);
    test_threads(h);
    argopatch_close(h);
    if (failures)
        return 1;
    puts("the library does what its header says");
    return 0;
}
