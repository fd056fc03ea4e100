# What m4 complains of is passed on.
cat > p.te <<'END'
class domain
sid xen
class domain { pause }
errprint(`something odd
')dnl
type xen_t;
role r;
role r types xen_t;
allow xen_t xen_t:domain pause;
user u roles r;
sid xen u:r:xen_t
END
xsmc check p.te
