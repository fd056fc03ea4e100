/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Just enough of a hypervisor to compile what is generated from shapes.xsm. */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint16_t domid_t;
struct domain { bool is_console; };
struct evtchn { int state; };
struct vcpu { struct domain *domain; };
extern struct vcpu *current;
#define XEN_GUEST_HANDLE_PARAM(type) type *
#define cf_check
#define always_inline inline __attribute__((always_inline))
#define __initconst_cf_clobber
#define fallthrough __attribute__((__fallthrough__))
#define evaluate_nospec(x) (x)
#define block_speculation() ((void)0)

typedef enum { XSM_HOOK, XSM_DM_PRIV, XSM_TARGET, XSM_PRIV, XSM_XS_PRIV, XSM_OTHER } xsm_default_t;
int xsm_default_action(xsm_default_t action, struct domain *src, struct domain *target);

#ifdef CONFIG_XSM
#define XSM_INLINE __attribute__((__unused__))
#define XSM_DEFAULT_ARG /* */
#define XSM_DEFAULT_VOID void
#define XSM_ASSERT_ACTION(def) xsm_default_t action = def; (void)action
#else
#define XSM_INLINE always_inline
#define XSM_DEFAULT_ARG xsm_default_t action,
#define XSM_DEFAULT_VOID xsm_default_t action
#define XSM_ASSERT_ACTION(def) ((void)(action == (def)))
#endif

bool silo_mode_dom_check(const struct domain *a, const struct domain *b);
struct domain *rcu_lock_domain_by_any_id(domid_t id);
void rcu_unlock_domain(struct domain *d);

struct avc_audit_data { int type; unsigned long device; const char *dtdev; };
#define AVC_AUDIT_DATA_INIT(d, t) { memset((d), 0, sizeof(*(d))); (d)->type = AVC_ ## t; }
enum { AVC_DEV, AVC_DTDEV };
uint32_t domain_sid(const struct domain *d);
uint32_t domain_target_sid(const struct domain *a, const struct domain *b);
int domain_has_perm(const struct domain *a, const struct domain *b, uint16_t class, uint32_t perms);
int current_has_perm(struct domain *d, uint16_t class, uint32_t perms);
int domain_has_evtchn(struct domain *d, struct evtchn *chn, uint32_t perms);
int domain_has_xen(struct domain *d, uint32_t perms);
int avc_has_perm(uint32_t s, uint32_t t, uint16_t class, uint32_t perms, struct avc_audit_data *ad);
int avc_current_has_perm(uint32_t t, uint16_t class, uint32_t perms, struct avc_audit_data *ad);
int avc_unknown_permission(const char *name, int id);
int security_device_sid(uint32_t sbdf, uint32_t *sid);
int get_irq_sid(int irq, uint32_t *sid, struct avc_audit_data *ad);
uint32_t how_to_use(const struct domain *d);
int flask_birth(struct domain *d);
void flask_death(struct domain *d);
long do_op(void *arg);

#define alternative_call(f, ...) (f)(__VA_ARGS__)
#define alternative_vcall(f, ...) (f)(__VA_ARGS__)

enum { SECINITSID_BOOT = 1, SECINITSID_XEN };
enum { SECCLASS_XEN = 1, SECCLASS_DOMAIN, SECCLASS_EVENT, SECCLASS_RESOURCE };
enum { XEN__READ = 1, XEN__WRITE = 2, EVENT__SEND = 1 };
enum { DOMAIN__PAUSE = 1, DOMAIN__RESUME = 2, DOMAIN__DESTROY = 4 };
enum { RESOURCE__USE = 1, RESOURCE__USE_PLAIN = 2, RESOURCE__SETUP = 4 };
enum { CMD_info, CMD_pause, CMD_arch, CMD_other, CMD_nested, CMD_wrong };
enum { OP_one, OP_read, OP_write };
