/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every rule of the compiler, once: `xsmc check --list`, the documentation and the diagnostics come from here.
 * Adding a rule is adding a row.   X(NAME, "id", LEVEL, "what it finds", "why that matters")
 */
#ifndef XSMC_RULES_H
#define XSMC_RULES_H

#include "text/diag.h"

#define XSMC_RULES(X)                                                                                          \
    X(IO, "io", ERROR, "a file cannot be read or written",                                                     \
      "nothing is compiled from half of its input, and no output is left half-written")                        \
    X(SYNTAX, "syntax", ERROR, "the text is not in the language",                                              \
      "what cannot be read cannot be judged")                                                                  \
    X(UNKNOWN_NAME, "unknown-name", ERROR, "a name that nothing declares",                                     \
      "a misspelt permission or hook would be checked by nobody")                                              \
    X(DUPLICATE_NAME, "duplicate-name", ERROR, "a name that is declared twice",                                \
      "two declarations of one thing drift apart, and only one of them counts")                                \
    X(TOO_MANY_PERMISSIONS, "too-many-permissions", ERROR, "a class with more than 32 permissions",            \
      "an access vector has 32 bits; further permissions need a continuation class")                           \
    X(SHARED_PERMISSION, "shared-permission", ERROR,                                                           \
      "a permission that an allowed and a refused operation share",                                            \
      "Flask asks the same question for both: whatever the policy says is wrong for one of them")              \
    X(UNUSED_RESOLVE, "unused-resolve", WARNING, "a resolution of what needs none",                            \
      "its reason would be believed where it does not hold")                                                   \
    X(INDISTINCT, "indistinct", ERROR, "Flask asks the same for two objects that the default tells apart",     \
      "a policy that lets a domain do this to itself lets it do the same to its like")                         \
    X(UNASKED, "unasked", ERROR, "Flask asks nothing where the default refuses somebody",                      \
      "no policy can refuse it then")                                                                          \
    X(LOOSER, "looser", ERROR, "a policy that allows what the dummy policy refuses",                           \
      "a domain would gain by switching Flask on")                                                             \
    X(STRICTER, "stricter", ERROR, "a policy that refuses what the dummy policy allows, without a reason",     \
      "what works today would fail, and nobody would know whether that is meant")                              \
    X(UNUSED_STRICTER, "unused-stricter", WARNING, "a reason for a difference that is not there",              \
      "it would hide one that comes later")                                                                    \
    X(NO_DEFAULT, "no-default", ERROR, "an access hook or command that does not say who may by default",     \
      "the default is what everybody gets who does not load a policy")                                       \
    X(DEAD_CLAUSE, "dead-clause", ERROR, "a default clause that can never decide",                           \
      "a reader takes it for the rule")                                                                      \
    X(TWO_DEFAULTS, "two-defaults", ERROR, "a default that is given twice",                                  \
      "one of them does not count, and a reader cannot see which")                                           \
    X(NO_SILO, "no-silo", ERROR, "a hook between two domains that does not say what SILO does",              \
      "a channel between guests that SILO does not know of is open under SILO")                              \
    X(TOO_MUCH_MANUAL, "too-much-manual", ERROR, "more than 20 hooks with hand-written bodies",              \
      "what is written by hand is not proven to be what the database says")                                  \
    X(UNDECLARED_CHECKS, "undeclared-checks", ERROR, "a hand-written body that does not declare its checks", \
      "neither a reviewer nor the proof can see what it asks")                                               \
    X(LIFECYCLE_CHECK, "lifecycle-check", ERROR, "a life-cycle hook that checks something",                  \
      "life-cycle hooks keep labels; nobody looks for refusals there")                                       \
    X(NO_FIX, "no-fix", WARNING, "a defect that does not say what would be right",                           \
      "the corrected sources would still have it")                                                           \
    X(DUPLICATE_COMMAND, "duplicate-command", ERROR, "a command that is listed again",                       \
      "only one of the rows counts")                                                                         \
    X(NO_STAR, "no-star", ERROR, "a dispatcher that does not say what unlisted commands get",                \
      "a new command would get whatever the compiler makes of it")                                           \
    X(MISPLACED_STAR, "misplaced-star", WARNING, "a row for all other commands that is not the last",        \
      "a reader stops there")                                                                                \
    X(UNPLACED_HOOK, "unplaced-hook", WARNING, "a hook that rows defer to, without a word on where it is called from", \
      "whether the rows' defaults count for it depends on that")                                             \
    X(WITHIN_MISMATCH, "within-mismatch", ERROR, "a row that defers to a hook which says it is not called from there", \
      "one of the two is wrong, and the effective default with it")                                          \
    X(LOOSE_DEFERRAL, "loose-deferral", ERROR, "a row that is stricter than what it defers to, and asks nothing itself", \
      "under Flask the hook's permission is all that counts, so the row pretends")                           \
    X(GUARD_MISMATCH, "guard-mismatch", ERROR, "a row that defers to a hook which is not built where the row is", \
      "the command would pass Flask unchecked there, or not build")                                          \
    X(CYCLE, "cycle", ERROR, "hooks that lead back to themselves",                                           \
      "nobody could say what is checked")                                                                    \
    X(TOO_MANY_CASES, "too-many-cases", ERROR, "an operation with more paths, stages or cases than can be judged", \
      "what is not looked at is not proven")                                                                 \
    X(NO_FLASK, "no-flask", ERROR, "an access hook or command without a Flask check",                        \
      "under Flask it would be open to everybody")                                                           \
    X(DEAD_STEP, "dead-step", ERROR, "a Flask step that is never reached",                                   \
      "a reader takes it for a check")                                                                       \
    X(NO_OBJECT, "no-object", ERROR, "a check without an object",                                            \
      "Flask cannot ask about nothing")                                                                      \
    X(WRONG_CLASS, "wrong-class", ERROR, "a permission asked for in another class than its own",             \
      "the bit means another permission there")                                                              \
    X(NO_OWNER, "no-owner", ERROR, "an event channel without a domain that holds it",                        \
      "its label follows from its holder")                                                                   \
    X(UNUSED_PERMISSION, "unused-permission", WARNING, "a permission that no hook asks for",                 \
      "a policy that grants or denies it does nothing")                                                      \
    X(UNUSED_CLASS, "unused-class", WARNING, "a class that no hook asks about",                              \
      "policy about it does nothing")                                                                        \
    X(UNUSED_SID, "unused-sid", WARNING, "an initial SID that no hook names",                                \
      "nobody can see what gets its label")                                                                  \
    X(NO_SENTENCE, "no-sentence", WARNING, "a class, permission, initial SID, hook or command without a sentence", \
      "a reviewer must be able to say that a default is right")                                              \
    X(UNUSED_WAIVER, "unused-waiver", WARNING, "a waiver that takes nothing back",                           \
      "it would hide the finding that comes later")                                                          \
    X(WRONG_KIND, "wrong-kind", ERROR, "a name that stands for something else than is needed here",            \
      "a check about the wrong kind of thing asks the wrong question")                                         \
    X(NOT_GENERATED, "not-generated", ERROR, "a row of which no C can be made",                                \
      "a hook nobody has decided on must not come out as allowed")                                             \
    X(XEN_TREE, "xen-tree", ERROR, "a Xen tree that is not what the database describes",                       \
      "code that is not recognised could hold a check that would be lost")                                     \
    X(NOT_UNDERSTOOD, "not-understood", WARNING, "a place in a Xen tree that the reader cannot read",             \
      "what stands there is not in the result; a check could be among it")                                     \
    X(NOT_CURRENT, "not-current", ERROR, "a generated file that is not what the database says",                \
      "the hypervisor would check something else than the database")                                           \
    X(CLASS_MISMATCH, "class-mismatch", ERROR, "a policy's list of classes or permissions is not the database's", \
      "numbers are ABI: the hypervisor would be asked about another permission than the policy means")        \
    X(INVALID_CONTEXT, "invalid-context", ERROR, "a security context that is not valid in the policy",         \
      "the hypervisor refuses to load a policy with such a label")                                             \
    X(MISSING_CONTEXT, "missing-context", ERROR, "an initial SID without a context",                           \
      "the hypervisor labels what exists before the policy with the initial SIDs")                             \
    X(CONFLICTING_RULES, "conflicting-rules", ERROR, "two rules that give one question two answers",           \
      "only one of them would count, and nobody could say which")                                              \
    X(POLICY_LIMIT, "policy-limit", ERROR, "more than a binary policy or the hypervisor can hold",             \
      "a policy that cannot be loaded protects nothing")                                                       \
    X(UNSUPPORTED, "unsupported", ERROR, "a statement that policies for Xen cannot hold",                      \
      "the hypervisor refuses a policy with it")                                                               \
    X(DROPPED, "dropped", WARNING, "a statement that the chosen policy version cannot hold",                   \
      "the policy that is loaded says less than its source")                                                   \
    X(BOUNDS, "bounds", ERROR, "a type, role or user that may do more than the one that bounds it",             \
      "the hypervisor would take the surplus away silently")                                                   \
    X(POLICYDB, "policydb", ERROR, "bytes that are no binary policy for Xen",                                   \
      "the hypervisor refuses to load them")                                                                   \
    X(MACRO, "macro", WARNING, "m4 complains of the macros of a policy",                                        \
      "a macro that is expanded in another way than meant grants something else")                              \
    X(NEVER, "never", ERROR, "rules that allow what a 'never' assertion or neverallow rule rules out",         \
      "the assertion was written because someone relies on it") \
    X(UNWIRED_COMMAND, "unwired-command", ERROR, "a command that a hypercall handles and Flask does not know", \
      "while Flask enforces it is refused to everybody, and works for whoever tests it without") \
    X(UNHANDLED_COMMAND, "unhandled-command", WARNING, "a command that Flask or the dummy policy decides on and no hypercall handles", \
      "a reader takes it for a check of something that exists") \
    X(UNDESCRIBED, "undescribed", ERROR, "a hook or command of the tree that the database does not describe", \
      "nothing that is proven of the database holds for it") \
    X(STALE_ROW, "stale-row", WARNING, "a hook or command of the database that the tree does not have", \
      "a reviewer judges what is not there") \
    X(MISSING_ROW, "missing-row", ERROR, "a hook that a security module's table does not list", \
      "the module falls back to the dummy policy for it, or crashes") \
    X(ACTION_MISMATCH, "action-mismatch", ERROR, "a call that hands in another default action than the dummy policy asserts", \
      "with XSM built in nothing compares them, and the call site is what reviewers read") \
    X(DEFAULT_MISMATCH, "default-mismatch", ERROR, "a default of the dummy policy that is not the database's", \
      "either the tree is looser than was reviewed, or the review is of another tree") \
    X(NULL_OBJECT, "null-object", ERROR, "a hook that is called with NULL for a domain it looks into", \
      "Flask dereferences it, or decides about nothing") \
    X(UNTYPED_ARGUMENT, "untyped-argument", WARNING, "an access hook with a void * argument", \
      "caller and hook can mean different things by it and no compiler will say so") \
    X(IGNORED_ANSWER, "ignored-answer", ERROR, "a check whose answer nobody looks at", \
      "what was refused is done all the same") \
    X(MISSING_SILO, "missing-silo", ERROR, "a hook between two domains without a SILO rule", \
      "a channel between guests that SILO does not know of is open under SILO") \
    X(GUARD_DRIFT, "guard-drift", WARNING, "a hook or command that is built under different conditions in different places", \
      "in some configuration the check is missing, or the build is") \
    X(DEAD_PERMISSION, "dead-permission", WARNING, "a permission that no code asks for", \
      "a policy that grants or denies it does nothing") \
    X(DEAD_HOOK, "dead-hook", WARNING, "an access hook that nobody calls", \
      "a reader takes it for a check") \
    X(TWO_MEANINGS, "two-meanings", WARNING, "a hook that one caller uses behind another check and another caller alone", \
      "its default was chosen for one of the two") \
    X(LATE_CHECK, "late-check", ERROR, "a check that comes after a global lock was taken or state was changed", \
      "whoever will be refused can hold up everybody, or has had an effect already") \
    X(DEFERRED_CHECK, "deferred-check", ERROR, "a command that Flask lets through to a later check, behind a global lock or a change of state", \
      "under Flask every guest gets as far as the later check, whatever the policy says") \
    X(LOST_DEFERRAL, "lost-deferral", ERROR, "a command that Flask lets through to a later check that some path does not pass", \
      "under Flask the command is open to everybody on that path") \
    X(UNCHECKED_DOMAIN, "unchecked-domain", ERROR, "a command that gets at another domain without a check", \
      "any guest may do it to any other") \
    X(UNCHECKED_STATE, "unchecked-state", WARNING, "a command that changes what belongs to no domain of the caller's without a check", \
      "any guest may do it to the whole machine") \
    X(BAD_ALLOW, "bad-allow", ERROR, "a suppression without a reason, or of a rule that does not exist", \
      "nobody can tell later whether it is still right") \
    X(STALE_ALLOW, "stale-allow", WARNING, "a suppression that takes nothing back", \
      "it would hide the finding that comes later")

#define XSMC_RULE_DECLARE(name, ...) extern const struct rule RULE_##name;
XSMC_RULES(XSMC_RULE_DECLARE)
#undef XSMC_RULE_DECLARE

#endif
