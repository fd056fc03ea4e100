# The command line, and where files cannot go.
run() { echo "\$ xsmc $*"; xsmc "$@" 2>&1; echo "status $?"; }
run gen input/shapes.xsm
run gen -o out
run gen -o out --xen tree input/shapes.xsm
run gen --xen tree --flat input/shapes.xsm
run gen --target warp -o out input/shapes.xsm
run gen --target upstream --xen tree input/shapes.xsm
run gen -o out input/shapes.xsm
run gen --xen tree input/shapes.xsm
touch file
run gen --target xen-4.17 -o file input/shapes.xsm
run gen --target xen-4.17 --check -o out input/shapes.xsm
run gen --target xen-4.17 -o out input/shapes.xsm
run gen --target xen-4.17 --check -o out input/shapes.xsm
echo >> out/xen/xsm/dummy-ops.h
run gen --target xen-4.17 --check -o out input/shapes.xsm
rm -r out
run gen --target xen-4.17 --flat -o flat input/shapes.xsm
run gen --target xen-4.17 --flat --check -o flat input/shapes.xsm
ls flat
trap '' XFSZ
(ulimit -f 4; run gen --target xen-4.17 -o out input/shapes.xsm)
test -e out || echo "nothing was left behind"
