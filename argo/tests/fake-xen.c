/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world (see fake-xen.h) is shared memory: the file that FAKE_XEN names, or else memory of this process. One lock
 * guards it. Cables are plain arrays ordered by port, and every operation looks at all that could matter.
 */
#include "fake-xen.h"

#include "abi.h"
#include "fake-up.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <xencall.h>
#include <xenstore.h>

struct domain {
    bool alive, argo;
    char name[64], uuid[40];
    unsigned int count, inbound; /* cables from it and to it */
    struct {
        struct abi_addr src, dst, outside;
    } cables[WORLD_CABLES]; /* in the order of source ports */
};

struct world {
    pthread_mutex_t lock;
    int refused;
    struct {
        unsigned int after;
        int error;
    } fail;
    struct {
        unsigned int after;
        uint16_t domid;
        char name[64], uuid[40];
    } recycle;
    unsigned long operations, changes; /* changes: of domains and their names */
    struct domain domains[WORLD_DOMAINS + 1]; /* the last one is up */
    struct up_rings rings;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct world *the_world;

static void world_map(void)
{
    const char *path = getenv("FAKE_XEN");
    int file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    pthread_mutexattr_t attributes;
    bool fresh = true;
    void *memory;

    if (path) {
        off_t size = lseek(file, 0, SEEK_END);

        if (file < 0 || size < 0 || ftruncate(file, sizeof(struct world)))
            abort();
        fresh = size == 0;
    }
    memory = mmap(NULL, sizeof(struct world), PROT_READ | PROT_WRITE, path ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS,
                  file, 0);
    if (memory == MAP_FAILED)
        abort();
    if (file >= 0)
        close(file);
    the_world = memory;
    if (fresh) {
        pthread_mutexattr_init(&attributes);
        pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
        pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
        pthread_mutex_init(&the_world->lock, &attributes);
    }
}

static struct world *world_lock(void)
{
    pthread_once(&once, world_map);
    if (pthread_mutex_lock(&the_world->lock) == EOWNERDEAD)
        pthread_mutex_consistent(&the_world->lock);
    return the_world;
}

static void world_unlock(void)
{
    pthread_mutex_unlock(&the_world->lock);
}

/* ---- domains */

/* Where a domain is in the array, or up */
static struct domain *place(struct world *world, unsigned int domid)
{
    return &world->domains[domid == ABI_DOMID_UP ? WORLD_DOMAINS : domid];
}

static struct domain *domain(struct world *world, unsigned int domid)
{
    if (domid >= WORLD_DOMAINS && domid != ABI_DOMID_UP)
        return NULL;
    return place(world, domid)->alive ? place(world, domid) : NULL;
}

static void remove_cable(struct world *world, struct domain *d, unsigned int i)
{
    place(world, d->cables[i].dst.domain_id)->inbound--;
    if (d == place(world, ABI_DOMID_UP))
        up_rings_close(&world->rings, d->cables[i].src.aport);
    memmove(&d->cables[i], &d->cables[i + 1], (--d->count - i) * sizeof d->cables[0]);
}

static void remove_inbound(struct world *world, uint16_t domid)
{
    for (unsigned int d = 0; d <= WORLD_DOMAINS && place(world, domid)->inbound; d++)
        for (unsigned int i = world->domains[d].count; i-- > 0;)
            if (world->domains[d].cables[i].dst.domain_id == domid)
                remove_cable(world, &world->domains[d], i);
}

static void remove_outbound(struct world *world, uint16_t domid)
{
    while (place(world, domid)->count)
        remove_cable(world, place(world, domid), place(world, domid)->count - 1);
}

static void create(struct world *world, uint16_t domid, const char *name, const char *uuid, bool argo)
{
    struct domain *d = &world->domains[domid];

    memset(d, 0, sizeof *d);
    d->alive = true;
    d->argo = argo;
    snprintf(d->name, sizeof d->name, "%s", name);
    snprintf(d->uuid, sizeof d->uuid, "%s", uuid);
    world->changes++;
}

static void destroy(struct world *world, uint16_t domid)
{
    remove_inbound(world, domid);
    remove_outbound(world, domid);
    memset(&world->domains[domid], 0, sizeof world->domains[domid]);
    world->changes++;
}

void world_create(uint16_t domid, const char *name, const char *uuid, bool argo)
{
    create(world_lock(), domid, name, uuid, argo);
    world_unlock();
}

void world_nest(void)
{
    create(world_lock(), WORLD_DOMAINS, "", "", true);
    world_unlock();
}

void world_come(uint32_t port, enum world_fate fate, uint64_t count)
{
    up_rings_come(&world_lock()->rings, port, fate, count);
    world_unlock();
}

void world_rename(uint16_t domid, const char *name)
{
    struct world *world = world_lock();

    snprintf(world->domains[domid].name, sizeof world->domains[domid].name, "%s", name);
    world->changes++;
    world_unlock();
}

void world_destroy(uint16_t domid)
{
    destroy(world_lock(), domid);
    world_unlock();
}

void world_refuse(int error)
{
    world_lock()->refused = error;
    world_unlock();
}

void world_fail(unsigned int after, int error)
{
    struct world *world = world_lock();

    world->fail.after = after;
    world->fail.error = error;
    world_unlock();
}

void world_recycle(unsigned int after, uint16_t domid, const char *name, const char *uuid)
{
    struct world *world = world_lock();

    world->recycle.after = after + 1;
    world->recycle.domid = domid;
    snprintf(world->recycle.name, sizeof world->recycle.name, "%s", name);
    snprintf(world->recycle.uuid, sizeof world->recycle.uuid, "%s", uuid);
    world_unlock();
}

void world_reset(void)
{
    struct world *world = world_lock();

    memset((char *)world + sizeof world->lock, 0, sizeof *world - sizeof world->lock);
    world_unlock();
}

void world_print(void)
{
    struct world *world = world_lock();

    for (unsigned int d = 0; d <= WORLD_DOMAINS; d++)
        for (unsigned int i = 0; i < world->domains[d].count; i++) {
            const struct abi_addr *source = &world->domains[d].cables[i].src, *outside = source + 2;

            printf("%u:%u %u:%u", source->domain_id, source->aport, source[1].domain_id, source[1].aport);
            if (outside->domain_id != ABI_DOMID_ANY)
                printf(" %u:%u", outside->domain_id, outside->aport);
            putchar('\n');
        }
    printf("%lu operations\n", world->operations);
    world_unlock();
}

/* ---- the operations on cables */

/* The first cable of d whose port is not below this one */
static unsigned int position(const struct domain *d, uint64_t port)
{
    unsigned int i = 0;

    while (i < d->count && d->cables[i].src.aport < port)
        i++;
    return i;
}

/* Another cable that leads up by the same port */
static bool up_taken(const struct world *world, const struct abi_cable *cable)
{
    for (unsigned int d = 0; d < WORLD_DOMAINS; d++)
        for (unsigned int i = 0; i < world->domains[d].count; i++)
            if (world->domains[d].cables[i].dst.domain_id == ABI_DOMID_UP &&
                world->domains[d].cables[i].dst.aport == cable->dst.aport &&
                (d != cable->src.domain_id || world->domains[d].cables[i].src.aport != cable->src.aport))
                return true;
    return false;
}

static int cable_set(struct world *world, const struct abi_cable *cable, const struct abi_addr *outside,
                     unsigned long flags)
{
    bool down, up;
    struct domain *src, *dst;
    unsigned int i;
    bool there;

    if (flags > 2)
        return -EINVAL;
    if (!cable)
        return -EFAULT;
    down = cable->src.domain_id == ABI_DOMID_UP;
    up = cable->dst.domain_id == ABI_DOMID_UP;
    if (cable->src.pad || cable->dst.pad || (down && (up || cable->src.aport == ABI_PORT_IMPLICIT)))
        return -EINVAL;
    src = domain(world, cable->src.domain_id);
    dst = domain(world, cable->dst.domain_id);
    if (!src || !dst)
        return -ESRCH;
    if (!src->argo || !dst->argo)
        return -ENODEV;
    if (outside && ((!up && !down) || outside->pad || (down && outside->aport != ABI_PORT_IMPLICIT)))
        return -EINVAL;
    i = position(src, cable->src.aport);
    there = i < src->count && src->cables[i].src.aport == cable->src.aport;
    if (there && flags == ABI_SET_FAIL_EXIST)
        return -EEXIST;
    if (!there && flags == ABI_SET_REPLACE)
        return -ENOENT;
    if (!there && src->count == WORLD_CABLES)
        return -ENOSPC;
    if (there && down && src->cables[i].outside.domain_id != (outside ? outside->domain_id : ABI_DOMID_ANY))
        return -EBUSY;
    if (up && up_taken(world, cable))
        return -EADDRINUSE;
    if (!(there && src->cables[i].dst.domain_id == cable->dst.domain_id) && dst->inbound == WORLD_CABLES)
        return -ENOSPC;
    if (!there && down && !up_rings_open(&world->rings, cable->src.aport))
        return -ENOSPC;
    if (!there)
        memmove(&src->cables[i + 1], &src->cables[i], (src->count++ - i) * sizeof src->cables[0]);
    else
        place(world, src->cables[i].dst.domain_id)->inbound--;
    dst->inbound++;
    src->cables[i].src = cable->src;
    src->cables[i].dst = cable->dst;
    src->cables[i].outside = outside ? *outside : (struct abi_addr){ ABI_PORT_IMPLICIT, ABI_DOMID_ANY, 0 };
    return 0;
}

static int cable_clear(struct world *world, const struct abi_addr *source)
{
    struct domain *src;
    unsigned int i;

    if (!source)
        return -EFAULT;
    if (source->pad)
        return -EINVAL;
    src = domain(world, source->domain_id);
    if (!src)
        return -ESRCH;
    if (!src->argo)
        return -ENODEV;
    i = position(src, source->aport);
    if (i == src->count || src->cables[i].src.aport != source->aport)
        return -ENOENT;
    remove_cable(world, src, i);
    return 0;
}

static int cable_list(struct world *world, struct abi_cable_list *list, struct abi_addr *outside)
{
    const struct domain *src;
    uint32_t room, done = 0;
    unsigned int i;

    if (!list)
        return -EFAULT;
    if (list->pad || (outside && !domain(world, ABI_DOMID_UP)))
        return -EINVAL;
    src = domain(world, list->domain_id);
    if (!src)
        return -ESRCH;
    if (!src->argo)
        return -ENODEV;
    room = list->nent < ABI_PER_LIST ? list->nent : ABI_PER_LIST;
    for (i = position(src, list->cursor); i < src->count && done < room; i++) {
        bool up = src->cables[i].dst.domain_id == ABI_DOMID_UP || list->domain_id == ABI_DOMID_UP;

        if (outside)
            outside[done] = up ? src->cables[i].outside : (struct abi_addr){ 0, 0, 0 };
        list->data[done++] = (struct abi_cable){ src->cables[i].src, src->cables[i].dst };
    }
    list->nent = done;
    list->cursor = i < src->count ? src->cables[i].src.aport : ABI_LIST_END;
    return 0;
}

static int cable_flush(struct world *world, unsigned long domid, unsigned long flags)
{
    struct domain *d;

    if (domid > 0xffff || !flags || flags > 3)
        return -EINVAL;
    d = domain(world, (unsigned int)domid);
    if (!d)
        return -ESRCH;
    if (!d->argo)
        return -ENODEV;
    if (flags & ABI_FLUSH_FROM)
        remove_outbound(world, (uint16_t)domid);
    if (flags & ABI_FLUSH_TO)
        remove_inbound(world, (uint16_t)domid);
    return 0;
}

static int operate(struct world *world, uint64_t operation, uint64_t arg1, uint64_t arg2, uint64_t arg3, uint64_t arg4)
{
    void *memory = (void *)(uintptr_t)arg1, *outside = (void *)(uintptr_t)arg2;

    world->operations++;
    if (world->recycle.after && !--world->recycle.after) {
        destroy(world, world->recycle.domid);
        create(world, world->recycle.domid, world->recycle.name, world->recycle.uuid, true);
    }
    if (world->refused)
        return -world->refused;
    if (world->fail.error && !world->fail.after--) {
        int error = world->fail.error;

        world->fail.error = 0;
        return -error;
    }
    switch (operation) {
    case ABI_CABLE_SET:
        return cable_set(world, memory, outside, arg3);
    case ABI_CABLE_CLEAR:
        return cable_clear(world, memory);
    case ABI_CABLE_LIST:
        return cable_list(world, memory, outside);
    case ABI_CABLE_FLUSH:
        return cable_flush(world, arg3, arg4);
    case ABI_UP_INFO:
        if (outside || arg3 || arg4)
            return -EINVAL;
        return domain(world, ABI_DOMID_UP) ? up_rings_info(&world->rings, memory) : -EOPNOTSUPP;
    default:
        return -EOPNOTSUPP;
    }
}

/* ---- libxencall */

struct xencall_handle {
    int unused;
};

xencall_handle *xencall_open(struct xentoollog_logger *logger, unsigned int flags)
{
    (void)logger;
    (void)flags;
    return calloc(1, sizeof(xencall_handle));
}

int xencall_close(xencall_handle *call)
{
    free(call);
    return 0;
}

void *xencall_alloc_buffer(xencall_handle *call, size_t size)
{
    (void)call;
    return malloc(size);
}

void xencall_free_buffer(xencall_handle *call, void *memory)
{
    (void)call;
    free(memory);
}

int xencall_buffers_never_fault(xencall_handle *call)
{
    (void)call;
    return 0;
}

int xencall5(xencall_handle *call, unsigned int op, uint64_t arg1, uint64_t arg2, uint64_t arg3, uint64_t arg4,
             uint64_t arg5)
{
    int result;

    (void)call;
    if (op != ABI_HYPERCALL || (arg3 && arg1 != ABI_CABLE_SET && arg1 != ABI_CABLE_LIST)) {
        errno = op == ABI_HYPERCALL ? EINVAL : ENOSYS;
        return -1;
    }
    result = operate(world_lock(), arg1, arg2, arg3, arg4, arg5);
    world_unlock();
    if (result < 0) {
        errno = -result;
        return -1;
    }
    return result;
}

/* ---- libxenstore: domains' names and UUIDs, and a watch that fires whenever they may have changed */

struct xs_handle {
    int timer;
    bool watched[WORLD_DOMAINS + 2]; /* a domain's name, and the two that tell of domains */
    unsigned long seen;
};

struct xs_handle *xs_open(unsigned long flags)
{
    struct xs_handle *xs = calloc(1, sizeof *xs);
    static const struct itimerspec tick = { { 0, 10000000 }, { 0, 10000000 } };

    (void)flags;
    if (xs)
        xs->seen = world_lock()->changes, world_unlock();
    if (!xs || (xs->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) < 0 ||
        timerfd_settime(xs->timer, 0, &tick, NULL))
        abort();
    return xs;
}

void xs_close(struct xs_handle *xs)
{
    if (!xs)
        return;
    close(xs->timer);
    free(xs);
}

char **xs_directory(struct xs_handle *xs, xs_transaction_t transaction, const char *path, unsigned int *count)
{
    struct world *world = world_lock();
    char **names = malloc(WORLD_DOMAINS * (sizeof(char *) + 8));
    char *text = (char *)(names + WORLD_DOMAINS);

    (void)xs;
    (void)transaction;
    *count = 0;
    if (!names || strcmp(path, "/local/domain"))
        abort();
    for (unsigned int d = 0; d < WORLD_DOMAINS; d++)
        if (world->domains[d].alive) {
            names[(*count)++] = text;
            text += sprintf(text, "%u", d) + 1;
        }
    world_unlock();
    return names;
}

void *xs_read(struct xs_handle *xs, xs_transaction_t transaction, const char *path, unsigned int *length)
{
    struct world *world = world_lock();
    char what[8] = "", *result = NULL;
    const struct domain *d;
    unsigned int domid;

    (void)xs;
    (void)transaction;
    if (sscanf(path, "/local/domain/%u/%7s", &domid, what) != 2)
        abort();
    d = domain(world, domid);
    errno = ENOENT;
    if (d && !strcmp(what, "name") && d->name[0])
        result = strdup(d->name);
    else if (d && !strcmp(what, "vm") && d->uuid[0] && asprintf(&result, "/vm/%s", d->uuid) < 0)
        result = NULL;
    world_unlock();
    if (result && length)
        *length = (unsigned int)strlen(result);
    return result;
}

bool xs_watch(struct xs_handle *xs, const char *path, const char *token)
{
    unsigned int which = WORLD_DOMAINS + (path[1] == 'r');

    (void)token;
    sscanf(path, "/local/domain/%u", &which);
    if (which >= WORLD_DOMAINS + 2)
        abort();
    if (xs->watched[which]) {
        errno = EEXIST;
        return false;
    }
    xs->watched[which] = true;
    xs->seen = ~0UL;
    return true;
}

bool xs_unwatch(struct xs_handle *xs, const char *path, const char *token)
{
    (void)xs;
    (void)path;
    (void)token;
    return true;
}

int xs_fileno(struct xs_handle *xs)
{
    return xs->timer;
}

char **xs_check_watch(struct xs_handle *xs)
{
    struct world *world = world_lock();
    char **event = NULL;
    uint64_t ticks;

    if (xs->seen != world->changes) {
        xs->seen = world->changes;
        event = calloc(3, sizeof *event);
    }
    world_unlock();
    if (!event && read(xs->timer, &ticks, sizeof ticks) < 0)
        errno = EAGAIN;
    return event;
}
