/* A build that can generate its hooks: what is hand-written is read, as if it stood there alone. */
#ifdef CONFIG_XSM_DATABASE
#include <generated/xsm/hooks.h>
#else /* CONFIG_XSM_DATABASE */
int written(void)
{
    return 1;
}
#endif

#ifndef CONFIG_XSM_DATABASE

#ifdef CONFIG_X86
int on_x86(void)
{
    return written();
}
#endif

#else

int generated(void)
{
    return 0;
}

#endif /* !CONFIG_XSM_DATABASE */
