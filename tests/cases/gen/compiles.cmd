# What is generated compiles: with and without XSM, with and without what is conditional, and as mended.
set -e
for fix in '' --fix-defects; do
    rm -rf out
    xsmc gen --target xen-4.17 $fix -o out input/shapes.xsm
    cat > policy.c <<'C'
#include "input/stubs.h"
#include "out/xen/include/xsm/xsm-ops.h"
#ifdef CONFIG_XSM
#include "out/xen/include/xsm/dummy-hooks.h"
#include "out/xen/xsm/dummy-ops.h"
#include "out/xen/xsm/silo-hooks.h"
#include "out/xen/xsm/flask/flask-hooks.h"
const struct xsm_ops *const tables[] = { &dummy_ops, &silo_xsm_ops, &flask_ops };
#else
#include "out/xen/include/xsm/dummy-hooks.h"
#endif
C
    cat > caller.c <<'C'
#include "input/stubs.h"
#include "out/xen/include/xsm/xsm-ops.h"
extern struct xsm_ops xsm_ops;
#include "out/xen/include/xsm/xsm-wrappers.h"
C
    for guards in '' '-DCONFIG_A -DCONFIG_DEBUG' '-DCONFIG_A -DCONFIG_B' '-DCONFIG_B'; do
        for xsm in '' -DCONFIG_XSM; do
            cc -std=gnu99 -O2 -Wall -Wextra -Wimplicit-fallthrough -Wdeclaration-after-statement -Wno-unused-parameter \
                -Wno-unused-function -Wshadow -Werror $guards $xsm -I. -c policy.c -o policy.o
        done
        cc -std=gnu99 -O2 -Wall -Wextra -Wno-unused-parameter -Werror $guards -I. -c caller.c -o caller.o
    done
done
echo compiled
