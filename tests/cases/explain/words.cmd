# Every kind of thing, what means several things, and what means nothing.
xsmc fmt input/db.xsm
run() { echo "\$ $*"; "$@"; echo "status $?"; }
for what in DOMCTL_pause domctl/DOMCTL_deep/DEEP_one domctl settime pause domain:pause domain power_off no-default; do
    run xsmc explain input/db.xsm $what
done
run xsmc explain no-default
run xsmc explain input/db.xsm DOMCTL_pauze
run xsmc explain input/db.xsm ''
run xsmc explain
# Whatever a rule is called, it is explained without a database.
for rule in $(xsmc check --list | sed -n 's/^\([a-z-]*\) (.*/\1/p'); do
    xsmc explain "$rule" | grep -q "^rule $rule: " || echo "$rule is not explained"
done
