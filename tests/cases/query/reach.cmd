# Paths of information; a label of a domain is the domain.
ask() {
    echo "? $*"
    xsmc query input/small.xsm "$@"
    echo "= $?"
}
ask 'domU_t may reach dm_t without lax_t'
ask 'dm_t may reach dom0_t without lax_t'
ask 'dm_t may reach dom0_t without channel_t, lax_t'
ask 'domU_t may reach what without lax_t'
ask 'who may reach channel_t without lax_t'
ask 'channel_t may reach lax_t'
ask 'domU_t_self may reach lax_t'
ask 'one_u:guest_r:domU_t may reach dom0_t'
