/* Switches, cases, macros that are cases, and numbers. */
#define XEN_DOMCTL_a 1
#define XEN_DOMCTL_b (XEN_DOMCTL_a + 1) /* two */
#define XEN_DOMCTL_loop XEN_DOMCTL_loop
#define PICK(x, ...) (x)
#ifdef CONFIG_X86
# define VARIES 1
#else
# define VARIES 2
#endif
enum kind { FIRST, SECOND = 0x10, THIRD, FOURTH = 1 << 5 | FIRST };

long do_domctl(XEN_GUEST_HANDLE_PARAM(xen_domctl_t) u_domctl)
{
    switch ( op->cmd )
    {
    case XEN_DOMCTL_a:
    case XEN_DOMCTL_b:
        ret = first(PICK(1));
        break;

#ifdef CONFIG_X86
    case 1 ... 3:
        switch ( op->u.mode ) {
        case FIRST: return inner();
        default: goto out;
        }
#endif
    case FOURTH:
        falls();
    PROGRESS(tee):
        tee();
        if ( x )
            break;
        else
            return 1;
    default:
        ret = arch_do_domctl(op, d, u_domctl);
        break;
    }
 out:
    return ret;
}
