# Nothing said: a question stands where each decision belongs, and neither check nor gen takes the database.
run() { echo "\$ $*"; "$@"; echo "status $?"; }
xsmc fmt input/db.xsm
run xsmc new hook vcpu_time --args 'struct domain *d' input/db.xsm
cp input/db.xsm old.xsm
run xsmc new hook pair --args 'const struct domain *from, struct domain *to' input
run xsmc new hook nothing input
run xsmc new command domctl/DOMCTL_sleep input
run xsmc new permission domain:sleep input
sed '1,/^hook power_off/d' input/db.xsm
grep -B4 DOMCTL_sleep input/db.xsm
grep -B2 ' sleep' input/db.xsm
run xsmc fmt --check input
run xsmc check input 2>&1 | grep -v '^ '
xsmc gen --target xen-4.17 -o out input >/dev/null 2>&1; echo "gen: status $?"
