/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What xen/common/argo.c needs of the hypervisor around it, in user space.
 *
 * The test takes argo.c, the public headers, lists and red-black trees from the patched Xen tree as they are, and puts
 * this file in the place of every other header. A domain is a malloc'd struct with guest frames of its own, `current`
 * is thread-local, locks are those of pthreads with just enough of a record for argo.c's assertions on them, and XSM's
 * answers, allocation failures and faults on guest memory are the test's to choose.
 */
#ifndef ARGO_TEST_USER_H
#define ARGO_TEST_USER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <public/errno.h>
#include <public/xen.h>

/* compiler, lib, nospec, param */
#define cf_check
#define __init
#define __initcall(function) int (*const user_initcall)(void) = (function)
extern int (*const user_initcall)(void); /* argo-up.c's */
#define __read_mostly
#define always_inline inline __attribute__((__always_inline__))
#define unlikely(x) __builtin_expect(!!(x), 0)
#define likely(x) __builtin_expect(!!(x), 1)
#define prefetch(x) ((void)(x))
#define EXPORT_SYMBOL(x)
#define BUILD_BUG_ON(x) _Static_assert(!(x), #x)
#define container_of(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))
#define min(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ < b_ ? a_ : b_; })
#define max(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define ROUNDUP(x, a) (((x) + (a) - 1) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)
#define array_index_nospec(i, n) ((void)(n), (i))
#define barrier() atomic_signal_fence(memory_order_seq_cst)
/*
 * The thread sanitizer does not see fences. So a store after smp_wmb() is one that releases, and one without is not;
 * a load acquires, for Xen relies on the control dependency between a guest's index and what it writes thereafter.
 */
extern _Thread_local bool user_wmb;
#define smp_wmb() (user_wmb = true)
#define smp_mb() smp_wmb() /* before an index is written that lets others write */
#define smp_rmb() ((void)0)
#define read_atomic(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define write_atomic(p, x) \
    (user_wmb ? __atomic_store_n(p, x, __ATOMIC_RELEASE) : __atomic_store_n(p, x, __ATOMIC_RELAXED), user_wmb = false)

_Noreturn void user_failed(const char *file, int line, const char *what);
#define ASSERT(x) ((x) ? (void)0 : user_failed(__FILE__, __LINE__, #x))
#define BUG_ON(x) ASSERT(!(x))
#define ASSERT_UNREACHABLE() user_failed(__FILE__, __LINE__, "unreachable")

#define XENLOG_ERR ""
#define XENLOG_WARNING ""
#define printk_ratelimit() false
#define PRI_mfn "lx"
#define PRI_gfn "lx"
#define printk(...) ((void)0)
/* The arguments count as used, and are not evaluated. */
#define gprintk(level, ...) ((void)sizeof(printf(__VA_ARGS__)))

int parse_bool(const char *s, const char *e);
int parse_boolean(const char *name, const char *s, const char *e);
#define custom_param(name, function) int (*const user_param)(const char *) = (function)
extern int (*const user_param)(const char *);
#define integer_param(name, variable) unsigned int *const user_integer = &(variable)
#define size_param(name, variable) unsigned long *const user_size = &(variable)
extern unsigned int *const user_integer; /* argo-up-rings */
extern unsigned long *const user_size;   /* argo-up-ring-size */

/* xmalloc */
void *user_alloc(size_t size, int fill);  /* each byte is `fill`; NULL when user_alloc_fail says so */
extern _Thread_local int user_alloc_fail; /* counts down to the allocation that fails; 0: none does */
#define xzalloc(type) ((type *)user_alloc(sizeof(type), 0))
#define xmalloc(type) ((type *)user_alloc(sizeof(type), 0xa5))
#define xzalloc_array(type, n) ((type *)user_alloc(sizeof(type) * (n), 0))
#define xmalloc_array(type, n) ((type *)user_alloc(sizeof(type) * (n), 0xa5))
#define xfree(p) free(p)
#define XFREE(p) (free(p), (p) = NULL)
void *vzalloc(size_t size); /* NULL when user_alloc_fail says so */
void vfree(void *memory);   /* no page of it may be in use any more */

/* spinlock, rwlock */
typedef struct spinlock {
    pthread_mutex_t mutex;
    atomic_bool held;
} spinlock_t;
typedef struct rwlock {
    pthread_rwlock_t lock;
    atomic_int readers;
    atomic_bool writer;
} rwlock_t;
#define DEFINE_SPINLOCK(name) spinlock_t name = { .mutex = PTHREAD_MUTEX_INITIALIZER }
#define DEFINE_RWLOCK(name) rwlock_t name = { .lock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP }
extern bool user_dwell; /* set it before there are threads: they dwell before a lock now and then */
void spin_lock_init(spinlock_t *lock);
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
bool spin_is_locked(spinlock_t *lock);
void rwlock_init(rwlock_t *lock);
void read_lock(rwlock_t *lock);
void read_unlock(rwlock_t *lock);
void write_lock(rwlock_t *lock);
void write_unlock(rwlock_t *lock);
bool rw_is_locked(rwlock_t *lock);
bool rw_is_write_locked(rwlock_t *lock);

/* tasklet: a CPU runs one by user_run_tasklets() */
struct tasklet {
    void (*function)(void *);
    void *data;
    bool scheduled, running; /* under a lock of user.c's */
    struct tasklet *next;
};
#define DECLARE_SOFTIRQ_TASKLET(name, f, d) struct tasklet name = { .function = (f), .data = (d) }
void softirq_tasklet_init(struct tasklet *tasklet, void (*function)(void *), void *data);
void tasklet_schedule(struct tasklet *tasklet);
#define tasklet_schedule_on_cpu(tasklet, cpu) ((void)(cpu), tasklet_schedule(tasklet))
bool user_run_tasklets(void); /* each that is scheduled now and not running, once; was there any? */

/* smp, cpumask */
#define nr_cpu_ids 4u
#define cpu_online(cpu) ((void)(cpu), true)
#define cpumask_cycle(last, mask) (((last) + 1) % nr_cpu_ids)

/* mm, p2m, domain_page: a frame of a guest is also the machine frame */
#define PAGE_SHIFT 12
#define PAGE_SIZE 4096L
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_ALIGN(x) (((x) + PAGE_SIZE - 1) & PAGE_MASK)
#define PFN_UP(x) (((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
struct page_info {
    atomic_int refs; /* argo.c's: taken as writable */
    uint8_t *bytes;
};
typedef struct {
    uintptr_t m;
} mfn_t;
typedef struct {
    unsigned long g;
} gfn_t;
typedef enum { p2m_ram_rw = 1, p2m_ram_ro } p2m_type_t;
#define PGT_writable_page 1
#define _mfn(x) ((mfn_t){ x })
#define mfn_x(x) ((x).m)
#define mfn_eq(a, b) ((a).m == (b).m)
#define INVALID_MFN _mfn(~(uintptr_t)0)
#define _gfn(x) ((gfn_t){ x })
#define gfn_x(x) ((x).g)
#define page_to_mfn(p) _mfn((uintptr_t)(p))
#define mfn_to_page(x) ((struct page_info *)(x).m)
#define mfn_valid(x) ((x).m != 0)
#define get_page_and_type(p, d, type) (atomic_fetch_add(&(p)->refs, 1) >= 0)
#define put_page(p) ((void)(p))
#define put_page_and_type(p) ((void)atomic_fetch_sub(&(p)->refs, 1))
#define map_domain_page_global(x) ((void *)mfn_to_page(x)->bytes)
#define unmap_domain_page_global(p) ((void)(p))
mfn_t vmap_to_mfn(void *address); /* in memory of vzalloc()'s */

/* sched, domain, event */
/* A guest's frames; a higher number is that of a frame of a Xen's which is itself a guest, by vmap_to_mfn(). */
#define USER_FRAMES 32
struct domain {
    domid_t domain_id;
    bool is_dying;
    bool no_argo; /* what xsm_argo_enable() says */
    struct argo_domain *argo;
    atomic_uint virqs; /* how often VIRQ_ARGO was sent */
    atomic_int refs;   /* RCU references */
    void (*on_virq)(struct domain *d); /* called for each of them, unless it is NULL */
    struct page_info *frames[USER_FRAMES];
};
extern struct domain *const dom_xen;
struct vcpu {
    struct domain *domain;
};
extern _Thread_local struct vcpu user_current;
#define current (&user_current)

int check_get_page_from_gfn(struct domain *d, gfn_t gfn, bool readonly, p2m_type_t *type, struct page_info **page);
struct domain *rcu_lock_domain_by_id(domid_t id);
struct domain *rcu_lock_domain(struct domain *d);
void rcu_unlock_domain(struct domain *d);
void send_guest_global_virq(struct domain *d, uint32_t virq);

/* guest_access: guests see the test's own memory; the first page, and only that, faults */
#undef XEN_GUEST_HANDLE_PARAM
#define XEN_GUEST_HANDLE_PARAM(name) XEN_GUEST_HANDLE(name)
#define USER_FAULTS(p) ((uintptr_t)(p) < 4096)
bool user_copy(void *to, const void *from, const void *guest, size_t size); /* true: faulted */
#define guest_handle_is_null(h) ((h).p == NULL)
#define guest_handle_okay(h, n) ((h).p != (void *)1)
#define guest_handle_cast(h, type) ((XEN_GUEST_HANDLE(type)){ (type *)(h).p })
/* A guest's address counts on from nothing, too. */
#define USER_AT(p, i) ((__typeof__(p))((uintptr_t)(p) + (i) * sizeof(*(p))))
#define guest_handle_add_offset(h, n) ((h).p = USER_AT((h).p, n))
#define guest_handle_for_field(h, type, field) \
    ((XEN_GUEST_HANDLE(type)){ (void *)((char *)(h).p + offsetof(__typeof__(*(h).p), field)) })
#define copy_from_guest(to, h, n) user_copy(to, (h).p, (h).p, sizeof(*(to)) * (n))
#define __copy_from_guest copy_from_guest
#define copy_to_guest(h, from, n) user_copy((h).p, from, (h).p, sizeof(*(from)) * (n))
#define __copy_from_guest_offset(to, h, i, n) user_copy(to, USER_AT((h).p, i), (h).p, sizeof(*(to)) * (n))
#define __copy_to_guest_offset(h, i, from, n) user_copy(USER_AT((h).p, i), from, (h).p, sizeof(*(from)) * (n))
#define __copy_field_to_guest(h, from, field) \
    user_copy(&(h).p->field, &(from)->field, (h).p, sizeof((from)->field))

/* xsm: each hook asks the test */
typedef enum { XSM_HOOK, XSM_PRIV } xsm_default_t;
enum user_question {
    ASK_REGISTER_SINGLE,
    ASK_REGISTER_ANY,
    ASK_SEND,
    ASK_SEND_IMPLICIT,
    ASK_CABLE_SOURCE,
    ASK_CABLE_DESTINATION,
    ASK_CABLE_LIST,
    ASK_SEND_UP,
    ASK_RECEIVE_UP,
    ASK_CABLE_UP,
    ASK_CABLE_UP_LIST,
    ASK_COUNT
};
int user_ask(enum user_question question, const struct domain *subject, const struct domain *object);
#define xsm_argo_enable(d) ((d)->no_argo ? -XEN_EPERM : 0)
#define xsm_argo_register_single_source(d, t) user_ask(ASK_REGISTER_SINGLE, d, t)
#define xsm_argo_register_any_source(d) user_ask(ASK_REGISTER_ANY, d, d)
#define xsm_argo_send(d, t) user_ask(ASK_SEND, d, t)
#define xsm_argo_send_implicit(d, t) user_ask(ASK_SEND_IMPLICIT, d, t)
#define xsm_argo_cable_source(action, d) user_ask(ASK_CABLE_SOURCE, current->domain, d)
#define xsm_argo_cable_destination(action, d) user_ask(ASK_CABLE_DESTINATION, current->domain, d)
#define xsm_argo_cable_list(action, d) user_ask(ASK_CABLE_LIST, current->domain, d)

#define xsm_argo_send_up(d, t) user_ask(ASK_SEND_UP, d, t)
#define xsm_argo_receive_up(d, t) user_ask(ASK_RECEIVE_UP, d, t)
#define xsm_argo_cable_up(action) user_ask(ASK_CABLE_UP, current->domain, dom_xen)
#define xsm_argo_cable_up_list(action) user_ask(ASK_CABLE_UP_LIST, current->domain, dom_xen)

/* What argo.c offers. The handle is that of a void pointer, as a structure of one pointer. */
int argo_init(struct domain *d);
void argo_destroy(struct domain *d);
void argo_soft_reset(struct domain *d);
long do_argo_op(unsigned int cmd, XEN_GUEST_HANDLE(void) arg1, XEN_GUEST_HANDLE(void) arg2, unsigned long arg3,
                unsigned long arg4);

#include <xen/list.h>
#include <xen/rbtree.h>

/* For the tests */
/*
 * The Xen that this one is a guest of: its Argo hypercall, by which argo_parent_op() is answered, or NULL, and what that
 * one has to be told of its VIRQ_ARGO. Set it before user_initcall().
 */
struct argo_parent_handlers;
extern long (*user_parent)(unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4);
extern const struct argo_parent_handlers *user_parent_handlers;
struct domain *user_domain_create(domid_t id, bool with_argo); /* NULL when argo_init() fails */
void user_domain_destroy(struct domain *d);
/* A hypercall by domain d */
long user_hypercall(struct domain *d, unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4);

#endif
