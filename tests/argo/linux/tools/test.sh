# SPDX-License-Identifier: GPL-2.0-or-later
#
# The tools of argo/ on the real hypervisor: argo-patch, and argo-patchd while guests are made, end and are made again, and
# the daemon is killed. The guests are tests/argo/linux/peer, the second pair built for 32 bits.
#
# config: x86-64-argo
# xen: argo=1,mac-permissive=1
# log: error: there is no domain 'web'
# log: error: there is no domain '77'
# log: error: cannot connect 0:1: there is a cable from this port already
# log: \{"source": \{"domid": 0, "name": "Domain-0", "uuid": null, "port": 1, "service": null\}
# log: error: cannot disconnect 0:1: there is no cable from this port
# log: peer: web is there, 64 bits
# log: peer: store got 300 others before
# log: peer: store got 'ping 1 from web' from domain \d+
# log: peer: web got 'pong 3 from store'
# log: peer: store is there, 32 bits
# log: peer: shop is there, 32 bits
# log: peer: store got 'ping 1 from shop' from domain \d+
# log: peer: shop got 'pong 3 from store'
# log: connected shop:storage store:9000
# log: ending; the cables stay
. /steps

cables_are() {
    [ "$(argo-patch list)" = "$1" ]
}
# not COMMAND...: which says why it cannot
not() {
    if "$@"; then
        failed "it should not have worked: $*"
    fi
}
# guest ROLE NAME PORT KERNEL [LINE]: its configuration
guest() {
    printf 'name = "%s"\nkernel = "%s"\nmemory = 8\nvcpus = 1\nextra = "%s %s %s"\non_poweroff = "destroy"\n%s\n' \
        "$2" "$4" "$1" "$2" "$3" "${5-}" >"/etc/xen/$2.cfg"
}

printf 'storage 70\nlog 0x202\n' >/etc/argo-patch/services

# The command by itself
try argo-patch list
not argo-patch connect web:storage store:9000
not argo-patch connect 0:1 77:1
try argo-patch connect --new 0:1 0:2
not argo-patch connect --new 0:1 0:3
try argo-patch connect 0:1 Domain-0:log
try cables_are "Domain-0:1 Domain-0:log"
try argo-patch list --json
try argo-patch disconnect 0:1
not argo-patch disconnect 0:1

guest server store 9000 /peer
guest flood web 70 /peer 'argo_cables = [ "storage store:9000" ]'
guest client shop 70 /peer32
printf 'xl /etc/xen/web.cfg\ncable shop:storage store:9000\ncable store:9000 web:storage\n' >/etc/argo-patch/cables
argo-patchd 2>/tmp/daemon.log &
daemon=$!

# The client ends when it has been answered three times. Before that it floods the server, and sleeps when there is no
# room for more; so nobody forgets to wake it.
try xl create -q /etc/xen/store.cfg
try xl create -q /etc/xen/web.cfg
within 10 grep -q "connected web:storage store:9000" /tmp/daemon.log
within 20 gone web

# The server again, in 32 bits; the daemon killed, its file changed; another client
kill -9 $daemon
try xl destroy store
guest server store 9000 /peer32
sed -i 's/web:storage$/shop:storage/' /etc/argo-patch/cables
argo-patchd 2>>/tmp/daemon.log &
daemon=$!
try xl create -q /etc/xen/store.cfg
try xl create -q /etc/xen/shop.cfg
within 20 gone shop
within 10 cables_are ""
kill $daemon
wait $daemon || failed "argo-patchd ended with $?"
cat /tmp/daemon.log
exit 0
