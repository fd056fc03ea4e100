/* What stands where: functions, calls, guards. */
#include <xen/sched.h>
#ifndef FILE_H
#define FILE_H

static always_inline int cf_check one(XSM_DEFAULT_ARG struct domain *d, const uint32_t sizes[])
{
    return two(d, sizes[0]) ?: d->ops->three(1);
}

#ifdef CONFIG_X86
struct vcpu *__init two(void)
{
    struct vcpu *v = xzalloc_array(struct vcpu *, 3), *w;

    for_each_vcpu ( current->domain, w )
        touch(w);
#if defined(CONFIG_PV) || defined CONFIG_HVM
    use(v);
#else
    drop(v);
#endif
    asm volatile ( "call hidden_call(%0)" : : "r" (v) );
    return v;
}
#elif defined(CONFIG_ARM)
struct vcpu *two(void)
{
#ifdef CONFIG_A
    if ( a() )
#else
    if ( b() )
#endif
        return NULL;
    return c();
}
#endif

static DEFINE_PER_CPU(struct vcpu *, last);
static const struct ops __initconst_cf_clobber table = {
    .one = one,
#ifdef CONFIG_X86
    .two = &two,
#endif
    [__HYPERVISOR_event] = three,
    .number = 3,
};
#endif
