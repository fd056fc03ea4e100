# SPDX-License-Identifier: GPL-2.0-or-later
#
# Xen in a PVH guest of xl's, on two processors. Its domain 0 is a client that knows its own port; the outer toolstack
# connects what comes up from there with a guest of its own, by name, and the answer comes back down.
#
# xen: xsm=dummy argo=1,mac-permissive=1
# cpu: svm-linux
# seconds: 200
# log: \(XEN\) Argo of the hypervisor below: we are d\d+ there
# log: peer: store got 'ping 1 from inside' from domain \d+
# log: peer: store got 'ping 3 from inside' from domain \d+
# log: peer: inside got 'pong 3 from store'
. /steps

cat >/etc/xen/store.cfg <<'TEXT'
name = "store"
kernel = "/peer"
memory = 8
vcpus = 1
extra = "server store 9000"
TEXT
cat >/etc/xen/inner.cfg <<'TEXT'
name = "inner"
type = "pvh"
kernel = "/xen"
ramdisk = "/inner"
memory = 96
vcpus = 2
cmdline = "console=pv loglvl=all guest_loglvl=all dom0_mem=16M dom0_max_vcpus=1 xsm=dummy argo=1,mac-permissive=1 -- client inside 70"
on_poweroff = "destroy"
TEXT

try xl create -q /etc/xen/store.cfg
try xl create -q -p /etc/xen/inner.cfg
try argo-patch connect inner:70 store:9000
try argo-patch connect store:9000 inner:71
try xl unpause inner
# The client ends when it has been answered three times, and its Xen with it.
within 60 gone inner
cat /var/log/xen/console/guest-inner.log
exit 0
