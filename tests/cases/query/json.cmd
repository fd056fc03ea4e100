# For programs: the same, and a binary policy, whose rules have no place.
xsmc query --json input/small.xsm 'dom0_t may mmu:map_write on domU_t'
xsmc compile -o small.policy input/small.xsm
xsmc query --json small.policy 'dm_t may reach domU_t_self'
xsmc query input/small.xsm small.policy 'dm_t may reach domU_t_self'
