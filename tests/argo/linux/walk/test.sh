# SPDX-License-Identifier: GPL-2.0-or-later
#
# argo/README.md, from nothing to two guests that talk: its commands, word for word, in domain 0 and in two Linux guests,
# which were there before.
#
# config: x86-64-argo
# xen: argo=1,mac-permissive=1
# memory: 640
# seconds: 900
# log: hello again
. /steps

LOGS=/var/log/xen/console
touch /etc/argo-patch/services
for name in web store; do
    cat >/etc/xen/$name.cfg <<TEXT
name = "$name"
memory = 96
kernel = "/guest/vmlinux"
ramdisk = "/guest/argo"
extra = "console=hvc0 quiet role=shell"
TEXT
done

# There is no systemd here. The name is what the walk calls, the daemon what it means.
systemctl() {
    [ "$*" = "enable --now argo-patchd" ] || failed "systemctl $*"
    argo-patchd 2>/tmp/daemon.log &
    within 10 grep -q . /run/argo-patch/ruled
}
# said FILE EXPECTED: each of these lines is in it
said() {
    while read -r wanted; do
        sed 's/^ *//' "$1" | tr -d '\r' | grep -qxF "$wanted" || return 1
    done <"$2"
}
# typed GUEST FILE: a guest has done what was typed at its console, one line after the other
typed() {
    log="$LOGS/guest-$1.log"
    id=$(xl domid "$1")
    case " $ready " in
    *" $id "*) ;;
    *) within 90 grep -q 'guest is ready' "$log" ;;
    esac
    ready="$ready $id"
    : >"$log"
    lines=0
    while read -r line; do
        echo "$line" >"$(xenstore-read "/local/domain/$id/console/tty")"
        lines=$((lines + 1))
        within 60 sh -c "[ \$(grep -c 'guest has done' $log) -ge $lines ]"
    done <"$2"
    cp "$log" /tmp/out
}

ready=
trap '[ $? = 0 ] || { echo "in $step:"; cat /tmp/out; argo-patch list; tail -n 5 $LOGS/*; cat /tmp/daemon.log; }' EXIT
for step in /walk/*; do
    case $step in
    *.expected) continue ;;
    *.dom0)
        set -e
        . "$step" >/tmp/out 2>&1
        set +e
        ;;
    *) typed "${step##*.}" "$step" ;;
    esac
    cat /tmp/out
    [ ! -e "$step.expected" ] || said /tmp/out "$step.expected" || failed "$step printed something else"
done
[ -n "$step" ] || failed "no steps"
exit 0
