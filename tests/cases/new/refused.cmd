# What cannot be added is said, and no file changes.
run() { echo "\$ $*"; "$@"; echo "status $?"; }
cp input/db.xsm old.xsm
run xsmc new hook settime input/db.xsm
run xsmc new hook 'not a name' --default control --flask permit input/db.xsm
run xsmc new hook h --args 'struct domain *' input/db.xsm
run xsmc new hook h --object nobody_knows --default control --flask permit input/db.xsm
run xsmc new hook h --default everybody input/db.xsm
run xsmc new hook h --flask 'domain:nonsense' --default control input/db.xsm
run xsmc new hook h --sentence 'a "quoted" word' input/db.xsm
run xsmc new command domctl input/db.xsm
run xsmc new command domctl/DOMCTL_pause input/db.xsm
run xsmc new command settime/NOW input/db.xsm
run xsmc new command domctl/DOMCTL_pause/NOW input/db.xsm
run xsmc new command nowhere/NOW input/db.xsm
run xsmc new command power_off/OFF --default control input/db.xsm
run xsmc new permission domain:pause input/db.xsm
run xsmc new permission nowhere:pause input/db.xsm
run xsmc new permission pause input/db.xsm
run xsmc new row x input/db.xsm
run xsmc new hook h -
{ echo 'class full "full" {'; seq -f '    p%g  "x"' 32; echo '}'; } > full.xsm
run xsmc new permission full:one_more full.xsm
echo 'class more continues full "more" { }' >> full.xsm
run xsmc new permission full:one_more --sentence x full.xsm
tail -n 3 full.xsm
cmp old.xsm input/db.xsm && echo unchanged
