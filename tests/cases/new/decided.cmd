# Everything said: the row stands as if it had been written by hand, and check has nothing to add.
run() { echo "\$ $*"; "$@"; echo "status $?"; }
xsmc fmt input/db.xsm
cp input/db.xsm old.xsm
run xsmc new hook settime_zone --args 'uint32_t zone' --object 'sid xen' --default control --permission xen:setzone --sentence 'set the time zone' --if CONFIG_X86 input/db.xsm
run xsmc new command domctl/DOMCTL_sleep --default device-model --permission domain:sleep --sentence 'put a domain to sleep' input/db.xsm
run xsmc new command domctl/DOMCTL_deep/DEEP_two --default control --flask '{ domain:pause; domain:unpause; }' --sentence 'two' input/db.xsm
run xsmc new command power_off/OFF --permission domain:pause --sentence 'off already' input/db.xsm
run xsmc new hook other --args 'struct domain *d' --default anyone --flask permit --sentence 'another' --file input/other.xsm input/db.xsm
diff -u0 old.xsm input/db.xsm | sed 1,2d
cat input/other.xsm
run xsmc fmt --check input
run xsmc check input
