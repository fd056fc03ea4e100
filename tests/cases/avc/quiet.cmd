# Nothing was refused; nothing can be read.
try() {
    xsmc avc "$@"
    echo "= $?"
}
echo '(XEN) all is well' | try explain input/db.xsm input/policy.xsm -
try explain input/db.xsm input/policy.xsm no-such.log
try explain input/db.xsm input/policy.xsm .
try explain input/db.xsm input/console.log
try
try forbid x y z
try allow --json x y z
