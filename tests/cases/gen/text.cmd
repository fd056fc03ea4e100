# The text itself.
xsmc gen --target xen-4.17 -o out input/shapes.xsm
for file in xen/xsm/flask/flask-hooks.h xen/include/xsm/dummy-hooks.h xen/xsm/silo-hooks.h \
            xen/include/xsm/xsm-ops.h xen/include/xsm/xsm-wrappers.h xen/xsm/dummy-ops.h \
            xen/xsm/flask/policy/access_vectors xen/xsm/flask/policy/security_classes \
            xen/xsm/flask/policy/initial_sids; do
    echo "=== $file"
    cat out/$file
done
