# A whole context settles what a type leaves open.
ask() {
    echo "? $*"
    xsmc query input/small.xsm "$@"
    echo "= $?"
}
ask 'domU_t may event:send on channel_t'
ask 'one_u:guest_r:domU_t may event:send on two_u:object_r:channel_t'
ask 'one_u:guest_r:domU_t may event:send on one_u:object_r:channel_t'
ask 'one_u:guest_r:small_t may domain:transition on one_u:guest_r:domU_t'
ask 'one_u:guest_r:small_t may domain:transition on system_u:system_r:domU_t'
ask 'one_u:guest_r:dm_t may what on domU_t'
ask 'one_u:system_r:domU_t may what on domU_t'
