/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypervisor around argo.c in user space: see user.h.
 *
 * Xen frees a domain some time after nobody can hold an RCU reference to it any more. Here that is counted, and
 * user_domain_destroy() waits for it, so that the sanitizers notice every use of a domain that is gone.
 */
#include "user.h"

#include <xen/argo-parent.h>

#include <sched.h>
#include <unistd.h>

_Thread_local int user_alloc_fail;
_Thread_local bool user_wmb;
bool user_dwell;
_Thread_local struct vcpu user_current;
static struct domain xen_itself = { .domain_id = DOMID_XEN };
struct domain *const dom_xen = &xen_itself;

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct domain *list[DOMID_FIRST_RESERVED];

void user_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, what);
    abort();
}

int parse_bool(const char *s, const char *e)
{
    return e - s == 1 && (*s == '0' || *s == '1') ? *s == '1' : -1;
}

int parse_boolean(const char *name, const char *s, const char *e)
{
    size_t n = strlen(name);

    return (size_t)(e - s) == n + 2 && !strncmp(s, name, n) && s[n] == '=' ? parse_bool(s + n + 1, e) : -1;
}

void *user_alloc(size_t size, int fill)
{
    void *memory;

    if (user_alloc_fail && !--user_alloc_fail)
        return NULL;
    memory = malloc(size);
    ASSERT(memory);
    return memset(memory, fill, size);
}

/* Memory of Xen's own: a page_info before each page's worth of it would leave it in pieces, so they are apart. */
struct vmap {
    struct vmap *next;
    uint8_t *bytes;
    size_t pages;
    struct page_info infos[];
};
static struct vmap *vmaps;
static pthread_mutex_t vmap_lock = PTHREAD_MUTEX_INITIALIZER;

void *vzalloc(size_t size)
{
    size_t pages = (size + 4095) / 4096;
    struct vmap *map = user_alloc(sizeof *map + pages * sizeof map->infos[0], 0);

    if (!map)
        return NULL;
    map->pages = pages;
    map->bytes = aligned_alloc(4096, pages * 4096);
    ASSERT(map->bytes);
    memset(map->bytes, 0, pages * 4096);
    for (size_t i = 0; i < pages; i++)
        map->infos[i].bytes = map->bytes + i * 4096;
    pthread_mutex_lock(&vmap_lock);
    map->next = vmaps;
    vmaps = map;
    pthread_mutex_unlock(&vmap_lock);
    return map->bytes;
}

/* The link to the map that an address is in */
static struct vmap **vmap_find(void *address)
{
    struct vmap **link = &vmaps;

    while (*link && !((uint8_t *)address >= (*link)->bytes && (uint8_t *)address < (*link)->bytes + (*link)->pages * 4096))
        link = &(*link)->next;
    ASSERT(*link);
    return link;
}

void vfree(void *memory)
{
    struct vmap **link, *map;

    if (!memory)
        return;
    pthread_mutex_lock(&vmap_lock);
    link = vmap_find(memory);
    map = *link;
    ASSERT(memory == map->bytes);
    for (size_t i = 0; i < map->pages; i++)
        ASSERT(atomic_load(&map->infos[i].refs) == 0);
    *link = map->next;
    pthread_mutex_unlock(&vmap_lock);
    free(map->bytes);
    free(map);
}

mfn_t vmap_to_mfn(void *address)
{
    struct vmap *map;

    pthread_mutex_lock(&vmap_lock);
    map = *vmap_find(address);
    pthread_mutex_unlock(&vmap_lock);
    return page_to_mfn(&map->infos[((uint8_t *)address - map->bytes) / 4096]);
}

static struct tasklet *tasklets;
static pthread_mutex_t tasklet_lock = PTHREAD_MUTEX_INITIALIZER;

void softirq_tasklet_init(struct tasklet *tasklet, void (*function)(void *), void *data)
{
    *tasklet = (struct tasklet){ .function = function, .data = data };
}

void tasklet_schedule(struct tasklet *tasklet)
{
    struct tasklet **link = &tasklets;

    pthread_mutex_lock(&tasklet_lock);
    if (!tasklet->scheduled) {
        tasklet->scheduled = true;
        tasklet->next = NULL;
        while (*link)
            link = &(*link)->next;
        *link = tasklet;
    }
    pthread_mutex_unlock(&tasklet_lock);
}

bool user_run_tasklets(void)
{
    struct tasklet **link, *tasklet, *last = NULL;
    bool any = false;

    pthread_mutex_lock(&tasklet_lock);
    for (struct tasklet *t = tasklets; t; t = t->next)
        last = t;
    for (bool done = !last; !done;) {
        for (link = &tasklets; *link && (*link)->running && *link != last; link = &(*link)->next)
            ;
        tasklet = *link;
        done = !tasklet || tasklet == last;
        if (!tasklet || tasklet->running)
            break;
        *link = tasklet->next;
        tasklet->scheduled = false;
        tasklet->running = any = true;
        pthread_mutex_unlock(&tasklet_lock);
        user_current.domain = dom_xen; /* it works on behalf of no guest */
        tasklet->function(tasklet->data);
        pthread_mutex_lock(&tasklet_lock);
        tasklet->running = false;
    }
    pthread_mutex_unlock(&tasklet_lock);
    return any;
}

long (*user_parent)(unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4);
const struct argo_parent_handlers *user_parent_handlers;

bool argo_parent_available(void)
{
    return user_parent;
}

int argo_parent_op(unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4)
{
    struct domain *domain = user_current.domain;
    int result = user_parent ? user_parent(cmd, arg1, arg2, arg3, arg4) : -XEN_ENOSYS;

    user_current.domain = domain; /* should the parent be this very Xen */
    return result;
}

int argo_parent_bind(const struct argo_parent_handlers *handlers)
{
    if (!user_parent)
        return -XEN_ENODEV;
    ASSERT(!user_parent_handlers);
    user_parent_handlers = handlers;
    return 0;
}

domid_t argo_parent_domid(void)
{
    return DOMID_INVALID;
}

/* Dwell before a lock now and then, so that what may come between two of them does. */
static void dwell(void)
{
    static _Thread_local uint32_t state;

    if (!user_dwell)
        return;
    state = state * 1664525 + 1013904223;
    if (state >> 26 == 0)
        usleep(100);
}

void spin_lock_init(spinlock_t *lock)
{
    pthread_mutex_init(&lock->mutex, NULL);
    atomic_store(&lock->held, false);
}

void spin_lock(spinlock_t *lock)
{
    dwell();
    pthread_mutex_lock(&lock->mutex);
    atomic_store(&lock->held, true);
}

void spin_unlock(spinlock_t *lock)
{
    ASSERT(atomic_exchange(&lock->held, false));
    pthread_mutex_unlock(&lock->mutex);
}

bool spin_is_locked(spinlock_t *lock)
{
    return atomic_load(&lock->held);
}

/* Like Xen's, a waiting writer keeps new readers out: without that it starves here. */
void rwlock_init(rwlock_t *lock)
{
    static const pthread_rwlock_t fresh = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

    lock->lock = fresh;
    atomic_store(&lock->readers, 0);
    atomic_store(&lock->writer, false);
}

void read_lock(rwlock_t *lock)
{
    dwell();
    ASSERT(!pthread_rwlock_rdlock(&lock->lock));
    atomic_fetch_add(&lock->readers, 1);
}

void read_unlock(rwlock_t *lock)
{
    ASSERT(atomic_fetch_sub(&lock->readers, 1) > 0);
    pthread_rwlock_unlock(&lock->lock);
}

void write_lock(rwlock_t *lock)
{
    dwell();
    ASSERT(!pthread_rwlock_wrlock(&lock->lock));
    atomic_store(&lock->writer, true);
}

void write_unlock(rwlock_t *lock)
{
    ASSERT(atomic_exchange(&lock->writer, false));
    pthread_rwlock_unlock(&lock->lock);
}

bool rw_is_locked(rwlock_t *lock)
{
    return atomic_load(&lock->readers) > 0 || atomic_load(&lock->writer);
}

bool rw_is_write_locked(rwlock_t *lock)
{
    return atomic_load(&lock->writer);
}

int check_get_page_from_gfn(struct domain *d, gfn_t gfn, bool readonly, p2m_type_t *type, struct page_info **page)
{
    (void)readonly;
    *type = p2m_ram_rw;
    if (gfn_x(gfn) < USER_FRAMES)
        *page = d->frames[gfn_x(gfn)];
    else if (d->on_virq) /* which a Xen has */
        *page = mfn_to_page(_mfn(gfn_x(gfn)));
    else
        return -XEN_EINVAL;
    return 0;
}

struct domain *rcu_lock_domain_by_id(domid_t id)
{
    struct domain *d;

    if (id >= DOMID_FIRST_RESERVED)
        return NULL;
    pthread_mutex_lock(&list_lock);
    d = list[id];
    if (d)
        atomic_fetch_add(&d->refs, 1);
    pthread_mutex_unlock(&list_lock);
    return d;
}

struct domain *rcu_lock_domain(struct domain *d)
{
    atomic_fetch_add(&d->refs, 1);
    return d;
}

void rcu_unlock_domain(struct domain *d)
{
    ASSERT(atomic_fetch_sub(&d->refs, 1) > 0);
}

void send_guest_global_virq(struct domain *d, uint32_t virq)
{
    ASSERT(virq == VIRQ_ARGO && d != dom_xen);
    atomic_fetch_add(&d->virqs, 1);
    if (d->on_virq)
        d->on_virq(d);
}

bool user_copy(void *to, const void *from, const void *guest, size_t size)
{
    if (!size)
        return false;
    if (USER_FAULTS(guest))
        return true;
    memcpy(to, from, size);
    user_wmb = false; /* what was written now is not before that barrier */
    return false;
}

static void domain_free(struct domain *d)
{
    for (unsigned i = 0; i < USER_FRAMES; i++) {
        /* argo.c has given back every page it took */
        ASSERT(atomic_load(&d->frames[i]->refs) == 0);
        free(d->frames[i]->bytes);
        free(d->frames[i]);
    }
    free(d);
}

struct domain *user_domain_create(domid_t id, bool with_argo)
{
    struct domain *d = calloc(1, sizeof *d);

    ASSERT(d);
    d->domain_id = id;
    d->no_argo = !with_argo;
    for (unsigned i = 0; i < USER_FRAMES; i++) {
        d->frames[i] = calloc(1, sizeof *d->frames[i]);
        ASSERT(d->frames[i]);
        d->frames[i]->bytes = aligned_alloc(4096, 4096);
        ASSERT(d->frames[i]->bytes);
        memset(d->frames[i]->bytes, 0, 4096);
    }
    if (argo_init(d)) {
        domain_free(d);
        return NULL;
    }
    pthread_mutex_lock(&list_lock);
    ASSERT(!list[id]);
    list[id] = d;
    pthread_mutex_unlock(&list_lock);
    return d;
}

void user_domain_destroy(struct domain *d)
{
    d->is_dying = true;
    argo_destroy(d);
    ASSERT(!d->argo);
    pthread_mutex_lock(&list_lock);
    list[d->domain_id] = NULL;
    pthread_mutex_unlock(&list_lock);
    while (atomic_load(&d->refs))
        sched_yield();
    argo_destroy(d); /* as Xen does, once more */
    domain_free(d);
}

long user_hypercall(struct domain *d, unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4)
{
    XEN_GUEST_HANDLE(void) handle1 = { arg1 }, handle2 = { arg2 };

    user_current.domain = d;
    return do_argo_op(cmd, handle1, handle2, arg3, arg4);
}
