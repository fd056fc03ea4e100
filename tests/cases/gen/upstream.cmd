# The list of hooks, and that it expands to just those the other target has with a default action.
xsmc gen --target upstream -o out input/shapes.xsm
cat out/xen/include/xsm/hooks.h
mkdir -p include/xen
cat > include/xen/macros.h <<'C'
#define count_args_(dot, a1, a2, a3, a4, a5, a6, a7, a8, x, ...) x
#define count_args(args...) count_args_(., ## args, 8, 7, 6, 5, 4, 3, 2, 1, 0)
C
cat > list.c <<'C'
#define XSM_HOOK0(rtype, name) @ rtype name
#define XSM_HOOK1(rtype, name, t1) XSM_HOOK0(rtype, name) : t1
#define XSM_HOOK2(rtype, name, t1, t2) XSM_HOOK1(rtype, name, t1), t2
#define XSM_HOOK3(rtype, name, t1, t2, t3) XSM_HOOK2(rtype, name, t1, t2), t3
#define XSM_HOOK4(rtype, name, t1, t2, t3, t4) XSM_HOOK3(rtype, name, t1, t2, t3), t4
#define XSM_HOOK5(rtype, name, t1, t2, t3, t4, t5) XSM_HOOK4(rtype, name, t1, t2, t3, t4), t5
#include "out/xen/include/xsm/hooks.h"
C
cc -E -P -Iinclude -I. list.c | tr '@' '\n' | sed 's/ *$//' | grep .
cat > policy.c <<'C'
#include "input/stubs.h"
#include "out/xen/include/xsm/dummy-hooks.h"
C
for xsm in '' -DCONFIG_XSM; do
    cc -std=gnu99 -O2 -Wall -Wextra -Wno-unused-parameter -Werror $xsm -DCONFIG_A -I. -c policy.c -o policy.o && echo compiles
done
! grep cf_check out/xen/include/xsm/dummy-hooks.h
