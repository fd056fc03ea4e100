# Policies: in the language, binary, and in revisions; a database and what is derived from it.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
cat >rest.xsm <<'END'
type xen_t; type dom0_t; type guest_t; type other_t;
attribute all of dom0_t, guest_t, other_t;
role system_r of { xen_t, dom0_t, guest_t, other_t };
user system_u as system_r;
label sid xen system_u:system_r:xen_t;
label sid dom0 system_u:system_r:dom0_t;
END
cat rest.xsm - >old.xsm <<'END'
allow dom0_t -> all domain:{ pause, destroy };
allow guest_t -> other_t domain2:look;
bool b true;
END
cat rest.xsm - >new.xsm <<'END'
allow dom0_t -> { guest_t, other_t } domain:{ pause, destroy };
allow { guest_t, other_t } -> dom0_t domain:pause;
bool b false;
if b { allow guest_t -> other_t domain2:look; }
constrain domain:read to subject.user == object.user;
dontaudit guest_t -> xen_t domain:destroy;
END
xsmc diff --with same.old.xsm old.xsm new.xsm
echo "--"
xsmc compile -o old.policy same.old.xsm old.xsm && xsmc compile -o new.policy same.old.xsm new.xsm
git init -q --initial-branch=main r && cp old.policy r/ && cd r && git add . &&
    git -c user.name=x -c user.email=x@example.org commit -qm first
xsmc diff --fail-on any HEAD:old.policy ../old.policy
xsmc diff --least stricter HEAD:old.policy ../new.policy
xsmc diff ../old.policy ../same.old.xsm
