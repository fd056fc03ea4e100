# Questions nobody can answer.
ask() {
    echo "? $*"
    xsmc query "$@"
    echo "= $?"
}
ask input/small.xsm ''
ask input/small.xsm 'domU_t'
ask input/small.xsm 'domU_t can mmu:adjust on dom0_t'
ask input/small.xsm 'domU_t may mmu on dom0_t'
ask input/small.xsm 'domU_t may mmu:write on dom0_t'
ask input/small.xsm 'domU_t may mmu:{ adjust on dom0_t'
ask input/small.xsm 'domU_t may mmu:adjust on'
ask input/small.xsm 'domU_t may mmu:adjust on domO_t'
ask input/small.xsm 'domU_t may mmu:adjust on dom0_t, please'
ask input/small.xsm 'what may domU_t do about dom0_t'
ask input/small.xsm 'domU_t may reach itself'
ask input/small.xsm 'one_u:guest_r may reach dom0_t'
ask input/small.xsm 'one_u:guest_r:domU_t:s0 may reach dom0_t'
ask --bool=looked input/small.xsm 'domU_t may mmu:adjust on dom0_t'
ask --bool=locked=perhaps input/small.xsm 'domU_t may mmu:adjust on dom0_t'
ask missing.xsm 'domU_t may mmu:adjust on dom0_t'
ask 'domU_t may mmu:adjust on dom0_t'
ask
