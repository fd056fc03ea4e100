# SPDX-License-Identifier: GPL-2.0-or-later
"""Test kernels: how they are built, booted as domain 0 and judged.

A test is a folder in guests/ with a main.c, whose opening comment holds
`key: value` lines:

    config: NAME     the hypervisor's configuration (default x86-64-boot)
    xen: OPTIONS     more of Xen's command line
    policy: WHICH    the Flask policy module: `reference` is the reference
                     policy of the source that the hypervisor was built from,
                     any other name a file in the project's policy/, or
                     several with `+` between, which xsmc compiles together
                     (default: none)
    log: REGEX       a line that the console must show; may be repeated
    never: REGEX     a line that it must not show; may be repeated
    seconds: N       the time limit (default 60)
    cpus: N          how many processors there are (default 1)
    cpu: MODEL       on x86-64, the processor where qemu64 will not do: one
                     of PROCESSORS, or what QEMU calls it
    qemu: OPTIONS    more of QEMU's command line, such as devices

The kernel is linked with guests/lib and boots under QEMU's own processor
emulation.  It ends through a debug port, so that its outcome is QEMU's exit
status; anything else, such as a reboot after a panic, is a crash.
"""

import os
import re
import shlex
import subprocess

from hypervisor import Config, architecture, environment
from workspace import HERE, REPOSITORY, Failure, folder, progress, run

GUESTS = os.path.join(HERE, "guests")
DATABASE = os.path.join(REPOSITORY, "hooks-db", "xen-4.17")
KEYS = ("config", "xen", "policy", "log", "never", "seconds", "cpu", "cpus",
        "qemu")

# Processors that run guests in virtual machines, under emulation.  Instructions
# are left out that Xen's interpreter or QEMU's virtual machines get wrong: for
# Linux SMAP, and AVX, whose registers get lost now and then between processes.
SVM = "EPYC,+svm,+npt,-rdtscp,-monitor"
PROCESSORS = {
    "svm": SVM,
    "svm-linux": SVM + ",-smap,+rdrand,-xsave,-xsaveopt,-xgetbv1,-avx,-avx2,"
                       "-f16c,-fma",
}

SUCCESS, FAILURE, ERROR, SKIP = "success", "failure", "error", "skip"
# Twice the number that guests/lib/guest.c writes to the port, plus one.
STATUSES = {33: SUCCESS, 35: FAILURE, 37: ERROR, 39: SKIP}

# What a person looks for in the console of a test that did not succeed.
TELLING = re.compile(r"FAIL|SKIP|ERROR|avc:|[Pp]anic|Assertion|BUG|FATAL|"
                     r"Hardware Dom0|crash")

WARNINGS = ["-Wall", "-Wextra", "-Wshadow", "-Wmissing-prototypes",
            "-Wstrict-prototypes", "-Werror"]
FLAGS = ["-std=gnu11", "-O2", "-ffreestanding", "-nostdlib", "-static",
         "-no-pie", "-mgeneral-regs-only", "-fno-stack-protector",
         "-fno-asynchronous-unwind-tables", "-Wl,--build-id=none",
         "-Wl,-z,max-page-size=4096", "-Wl,--no-warn-rwx-segments"]
X86_FLAGS = ["-m64", "-fno-pic", "-mcmodel=kernel", "-fcf-protection=none"]
# Without an MMU memory takes no unaligned accesses.
ARM64_FLAGS = ["-fpie", "-mstrict-align", "-mno-outline-atomics"]
# Architecture -> options of the compiler, and what is linked of guests/lib
# beside guest.c
KERNELS = {
    "x86-64": (X86_FLAGS, ["x86-64.S", "x86.c"]),
    "arm64": (ARM64_FLAGS, ["arm64.S", "arm64.c"]),
}


def processor(name):
    """What QEMU is to emulate for a `cpu:` line."""
    return PROCESSORS.get(name, name)


class Test:
    """A test's folder and what its opening comment asks for."""

    def __init__(self, name, root=GUESTS):
        self.name = name
        self.folder = os.path.join(root, name)
        path = os.path.join(self.folder, "main.c")
        try:
            with open(path, encoding="utf-8") as handle:
                text = handle.read()
        except OSError as error:
            raise Failure(f"{path}: {error.strerror}") from error
        comments = re.findall(r"/\*.*?\*/", text, re.S)
        lines = re.findall(r"(?m)^ \* (\w+): (.*)$", "\n".join(comments[:2]))
        self.values = self.take(lines, path, KEYS)

    def take(self, lines, path, keys):
        """Set what the lines (key, value) ask for; return them as a dict."""
        for key, _ in lines:
            if key not in keys:
                raise Failure(f"{path}: unknown key '{key}'; there are "
                              + ", ".join(keys))
        values = dict(lines)
        self.config = values.get("config", "x86-64-boot")
        self.options = values.get("xen", "")
        self.policy = values.get("policy", "none")
        self.log = [value for key, value in lines if key == "log"]
        self.never = [value for key, value in lines if key == "never"]
        self.seconds = int(values.get("seconds", "60"))
        self.cpus = int(values.get("cpus", "1"))
        self.cpu = processor(values.get("cpu", "qemu64"))
        # What a script may set: a file for the kernel, and the database that
        # policies are compiled with.
        self.qemu = shlex.split(values.get("qemu", ""))
        self.initrd = None
        self.database = DATABASE
        return values


def test_names(root=GUESTS):
    """The names of all tests in a folder, in order."""
    return sorted(name for name in os.listdir(root)
                  if os.path.isfile(os.path.join(root, name, "main.c")))


def build_kernel(work, test, source):
    """
    Compile a test against the public headers of the tree `source`, in the
    folder `work`; return the kernel.
    """
    include = os.path.join(work, "include")
    os.makedirs(include, exist_ok=True)
    link = os.path.join(include, "xen")
    if os.path.islink(link):
        os.unlink(link)
    os.symlink(os.path.join(source, "xen", "include", "public"), link)
    library = os.path.join(GUESTS, "lib")
    config = Config(test.config)
    flags, parts = KERNELS[config.arch]
    kernel = os.path.join(work, "kernel")
    log = os.path.join(work, "build.log")
    if os.path.exists(log):
        os.unlink(log)
    sources = [os.path.join(library, name) for name in parts + ["guest.c"]]
    sources += sorted(os.path.join(test.folder, name)
                      for name in os.listdir(test.folder)
                      if name.endswith((".c", ".S")))
    run([config.prefix + "gcc", *FLAGS, *flags, *WARNINGS,
         "-isystem", include, "-I", library,
         "-T", os.path.join(library, config.arch + ".ld"), "-o", kernel,
         *sources],
        log, f"building the test kernel {test.name}", env=environment())
    if config.arch == "arm64":
        run([config.prefix + "objcopy", "-O", "binary", kernel], log,
            f"making an image of the test kernel {test.name}",
            env=environment())
    return kernel


def find_policy(work, test, output, xsmc):
    """
    The file of the policy that a test asks for, or None; one of ours is
    compiled into the folder `work`.
    """
    if test.policy == "none":
        return None
    if test.policy == "reference":
        return os.path.join(output, "xen", "xsm", "flask", "policy.bin")
    return compile_policy(work, "policy", xsmc, [
        os.path.join(REPOSITORY, "policy", name + ".xsm")
        for name in test.policy.split("+")], test.database)


def compile_policy(work, name, xsmc, sources, database=DATABASE):
    """Compile `sources` into the file `name` in the folder `work`."""
    policy = os.path.join(work, name)
    log = os.path.join(work, name + ".log")
    if os.path.exists(log):
        os.unlink(log)
    run([xsmc, "compile", "-o", policy, database] + sources, log,
        f"compiling the policy {name}")
    return policy


def report(name, outcome):
    """Print how a test fared, and what matters if it did not succeed."""
    progress.done()
    print(f"{outcome.kind:8} {name}"
          + (f": {outcome.why}" if outcome.why else ""), flush=True)
    if outcome.kind != SUCCESS:
        for line in outcome.lines:
            print(f"    {line}")
        print(f"    console: {outcome.log}", flush=True)


def status_of(kinds):
    """The exit status for the kinds of outcomes that there were."""
    if ERROR in kinds:
        return 2
    if FAILURE in kinds:
        return 1
    if SKIP in kinds:
        return 1 if os.environ.get("CI") else 77
    return 0


class Outcome:
    """
    How a boot ended: SUCCESS, FAILURE (Xen is wrong), ERROR (the test or
    the machine is) or SKIP; why, in words; the console log; and the lines of
    it that matter.
    """

    def __init__(self, kind, why, log, lines):
        self.kind = kind
        self.why = why
        self.log = log
        self.lines = lines


def run_test(build_dir, test, output, source, xsmc, policy=None,
             flavour="guests"):
    """
    Build a test's kernel against the tree `source` and boot it on the
    hypervisor of the build `output`, with the policy file `policy` or the
    one the test asks for; return the Outcome.  Kernel and console log are
    below BUILD/xen/`flavour`.  `xsmc` is the compiler to use, if the test
    needs it.
    """
    work = folder(build_dir, flavour, test.name)
    kernel = build_kernel(work, test, source)
    policy = policy or find_policy(work, test, output, xsmc)
    progress.say(f"booting {test.name}")
    return boot(work, test, output,
                [kernel] + ([test.initrd] if test.initrd else []), policy)


def machine(program, kind, cpu, test, memory):
    """What QEMU's command line has in common on all architectures."""
    return [program, "-M", kind, "-accel", "tcg", "-cpu", cpu, "-smp",
            str(test.cpus), "-m", str(memory), "-nodefaults", "-no-reboot",
            "-display", "none", "-serial", "stdio", *test.qemu]


def x86_machine(test, xen, modules, memory):
    """QEMU's command line for boot(), on x86-64."""
    options = ("com1=115200,8n1 console=com1 loglvl=all guest_loglvl=all "
               f"dom0_mem={memory[1]}M " + test.options)
    return machine("qemu-system-x86_64", "q35", test.cpu, test, memory[0]) + [
        "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
        "-kernel", xen, "-append", options, "-initrd", ",".join(modules)]


def arm64_machine(test, xen, modules, memory):
    """
    The same on arm64, where the one module is domain 0's kernel.  Xen takes
    options for its own if that has some, too, and domain 0's memory is at
    least one piece of 64 MiB.  QEMU puts its device tree at 128 MiB.
    """
    if len(modules) != 1:
        raise Failure(f"{test.name}: on arm64 there is no other module than "
                      "the kernel, and so no policy but the built-in one")
    options = ("console=dtuart dtuart=/pl011@9000000 loglvl=all "
               f"guest_loglvl=all dom0_mem={max(memory[1], 64)}M "
               + test.options)
    return machine("qemu-system-aarch64",
                   "virt,virtualization=on,gic-version=2", "cortex-a57", test,
                   max(memory[0], 512)) + [
        "-semihosting-config", "enable=on,target=native",
        "-kernel", xen, "-append", options, "-device",
        f"guest-loader,addr=0x49000000,kernel={modules[0]},bootargs=-"]


MACHINES = {"x86-64": x86_machine, "arm64": arm64_machine}


def boot(work, test, output, modules, policy, memory=(256, 32)):
    """
    Boot with `modules` (the kernel of domain 0 first, with its arguments) and
    the policy, if there is one, in a machine with `memory` MiB in all and in
    domain 0; return the Outcome.
    """
    log = os.path.join(work, "console.log")
    modules = modules + ([policy] if policy else [])
    for module in modules:
        if "," in module:
            raise Failure(f"{module}: QEMU takes no comma in a module")
    command = MACHINES[architecture(test.config)](
        test, os.path.join(output, "xen", "xen"), modules, memory)
    with open(log, "wb") as handle:
        try:
            status = subprocess.run(command, stdin=subprocess.DEVNULL,
                                    stdout=handle, stderr=handle, check=False,
                                    timeout=test.seconds).returncode
        except subprocess.TimeoutExpired:
            status = None
        except FileNotFoundError as error:
            raise Failure(f"{command[0]} is not installed") from error
    with open(log, encoding="utf-8", errors="replace") as handle:
        lines = [line.rstrip() for line in handle]
    matter = [line for line in lines if TELLING.search(line)] or lines[-15:]
    if status is None:
        return Outcome(FAILURE, f"it was not done after {test.seconds} s", log,
                       lines[-15:])
    kind = STATUSES.get(status)
    if kind is None:
        return Outcome(FAILURE, f"it crashed: QEMU ended with status {status}"
                       f" ({shlex.join(command)})", log, matter)
    missing = [regex for regex in test.log + (
        [r"Policy len .* start at"] if policy else [])
        if not any(re.search(regex, line) for line in lines)]
    if kind == SUCCESS and missing:
        return Outcome(FAILURE, "the console never said "
                       + ", ".join(missing), log, matter)
    wrong = [line for line in lines
             if any(re.search(regex, line) for regex in test.never)]
    if kind == SUCCESS and wrong:
        return Outcome(FAILURE, "the console says what it must not", log,
                       wrong)
    return Outcome(kind, "", log, matter)
