# Answers with what decides them: rules, reasons, conditions, constraints.
ask() {
    echo "? $*"
    xsmc query input/small.xsm "$@"
    echo "= $?"
}
ask 'dom0_t may domain:pause on domU_t?'
ask 'who may mmu:map_write on what'
ask --bool=locked 'dom0_t may mmu:map_write on guest_t'
ask 'domU_t may mmu:map_write on dom0_t'
ask 'domU_t may mmu:{ map_read, map_write } on itself'
ask 'dom0_t may domain:{ create, transition } on domU_t'
ask 'dom0_t may domain:{ create, transition } on domU_t_self'
ask 'what may dm_t do to domain_type'
ask 'small_t may mmu:adjust on small_t'
ask 'small_t may what on what'
ask 'lax_t may mmu:what on dom0_t'
