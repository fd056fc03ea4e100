# SPDX-License-Identifier: GPL-2.0-or-later
#
# Two Linux guests that talk by cable, one paravirtualised and one not, through all that changes their domids: reboot,
# end and beginning, save and restore, migration; with argo-patchd killed again and again meanwhile. After each step a
# message goes there and back, and Xen's table has the declared cables and no others.
#
# config: x86-64-argo
# xen: xsm=dummy argo=1,mac-permissive=1
# cpu: svm-linux
# seconds: 900
# memory: 768
# log: ending; the cables stay
# never: BUG:
. /steps

WEB=00000000-0000-4000-8000-000000000001
STORE=00000000-0000-4000-8000-000000000002
LOGS=/var/log/xen/console
gone=

# linux NAME TYPE ROLE PORT UUID: a guest's configuration
linux() {
    cat >"/etc/xen/$1.cfg" <<TEXT
name = "$1"
uuid = "$5"
type = "$2"
memory = 96
kernel = "/guest/vmlinux"
ramdisk = "/guest/argo"
extra = "console=hvc0 quiet role=$3 port=$4"
on_reboot = "restart"
TEXT
}
# up NAME N: it has come up for the Nth time
up() {
    [ "$(cat "$LOGS/guest-$1"* | grep -c 'guest is up')" -ge "$2" ]
}
# other NAME DOMID: it is there, and has another domid
other() {
    now=$(xl domid "$1") && [ "$now" != "$2" ]
}
declared() {
    [ "$(argo-patch list | sort)" = "$(printf 'store:9000 web:storage\nweb:storage store:9000')" ]
}
empty() {
    [ -z "$(argo-patch list)" ]
}
# step WHAT WHO: after something was done with a guest, whose domid was $old: it has the cables and nobody else has, and
# a message gets through
step() {
    within 20 other "$2" "$old"
    within 20 declared
    gone="$gone $old"
    for old in $gone; do
        refused argo-patch list "$old"
    done
    tty=$(xenstore-read "/local/domain/$(xl domid web)/console/tty")
    echo "$1" >"$tty"
    # While a guest is migrated it has another name, and so has its log.
    within 40 grep -q "guest got $1" $LOGS/guest-web*
    echo "$1: web is $(xl domid web), store is $(xl domid store), $(cut -d ' ' -f 1 /proc/uptime) s"
    try declared
}

# What a person wants to see when it fails
trap '[ $? = 0 ] || { argo-patch list; tail -n 3 $LOGS/*; tail -n 10 /tmp/daemon.log; }' EXIT

echo 'storage 70' >/etc/argo-patch/services
linux web pv client 70 $WEB
linux store pvh server 9000 $STORE
cat >/etc/argo-patch/cables <<TEXT
cable web:storage  $STORE:9000
cable $STORE:9000  web:storage
TEXT

# The daemon does not live for long.
touch /tmp/killing
(
    delay=5
    kills=0
    while [ -e /tmp/killing ]; do
        argo-patchd 2>>/tmp/daemon.log &
        usleep $((delay * 1000))
        kill -9 $! && kills=$((kills + 1))
        wait $!
        usleep 100000
        delay=$(((delay * 7 + 13) % 491 + 5))
    done
    echo $kills >/tmp/kills
) 2>/dev/null &
killer=$!

old=none
try xl create -q /etc/xen/web.cfg
try xl create -q /etc/xen/store.cfg
within 60 up web 1
within 60 up store 1
grep -q 'guest is up: PV' $LOGS/guest-web.log && grep -q 'guest is up: PVH' $LOGS/guest-store.log ||
    failed "the guests are not of the types they should be"
step created web

for guest in web store; do
    old=$(xl domid $guest)
    try xl reboot $guest
    within 60 up $guest 2
    step "$guest-rebooted" $guest

    old=$(xl domid $guest)
    try xl save $guest /tmp/image
    try xl restore /tmp/image
    rm /tmp/image
    step "$guest-restored" $guest

    old=$(xl domid $guest)
    try xl migrate -s '' $guest 'xl migrate-receive'
    step "$guest-migrated" $guest
done

rm /tmp/killing
wait $killer
echo "argo-patchd was killed $(cat /tmp/kills) times"
[ "$(cat /tmp/kills)" -gt 50 ] || failed "too seldom to show anything"

# A daemon that lives: one that goes leaves nothing, and when it is back all is as it was.
argo-patchd 2>>/tmp/daemon.log &
daemon=$!
old=$(xl domid store)
try xl destroy store
within 10 empty
try xl create -q /etc/xen/store.cfg
within 60 up store 3
step store-replaced store
kill $daemon
wait $daemon || failed "argo-patchd ended with $?"
tail -n 20 /tmp/daemon.log
exit 0
