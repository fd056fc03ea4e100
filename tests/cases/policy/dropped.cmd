# The older format has no role transitions for Xen.
cp good.xsm p.xsm
cat >> p.xsm <<'END'
role other_r of dom_t;
user other_u as system_r, other_r;
transition role system_r -> dom_t domain to other_r;
END
xsmc compile --version 24 -o /dev/null p.xsm
