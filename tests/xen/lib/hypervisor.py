# SPDX-License-Identifier: GPL-2.0-or-later
"""Hypervisors built from a source tree, out of the way and once only.

A build is a copy of the tree with the objects in it, BUILD/xen/out/NAME-KEY,
where the key is made from all that decides the outcome: every file's content,
the configuration, the tools' versions and the arguments of make.  Dates and
names of people and machines are fixed, and the tree is built in place, where
Xen's makefiles use relative paths throughout, so two builds of equal input
are equal byte for byte.

A tree that differs in a few files from one that is built already starts from
a copy of that build: make then compiles what depends on those files, exactly
as it would for somebody who edited them, and every other object is the same
file in both builds.
"""

import glob
import hashlib
import os
import re
import shutil
import subprocess

from workspace import HERE, Failure, folder, lock, progress, run

CONFIGS = os.path.join(HERE, "configs")
KEEP = 3    # builds of one configuration that stay when newer ones come

# What the architecture is called by Xen's makefiles and by the tools.
ARCHITECTURES = {"x86-64": ("x86_64", "x86_64"),
                 "arm64": ("arm64", "aarch64")}

# Clang 14's own assembler does not know all that Xen writes for arm64.
INTEGRATED = {"x86-64": [], "arm64": ["-no-integrated-as"]}

# Xen compiles these into itself; the PE image is a second link of the very
# same objects, which takes longer than many a compilation.
ARGUMENTS = ["XEN_WHOAMI=xsmc", "XEN_DOMAIN=invalid", "XEN_BUILD_HOST=xsmc",
             "XEN_BUILD_DATE=Thu Jan  1 00:00:00 UTC 1970",
             "XEN_BUILD_TIME=00:00:00", "XEN_VENDORVERSION=",
             "XEN_BUILD_PE=n"]


def architecture(name):
    """The architecture of a configuration, by its name or path; or None."""
    name = os.path.basename(name)
    return next((arch for arch in ARCHITECTURES
                 if name.startswith(arch + "-")), None)


class Config:
    """
    A named configuration: a fragment in configs/ whose name begins with the
    architecture and whose first line says what it is laid over,
    `# base: alldefconfig` (Xen's defaults) or `# base: allnoconfig`.  The
    path of such a fragment elsewhere will do as well.

    `# compiler: clang` has it built by clang, and `# from the series:
    CONFIG_NAME` says of an option that only a patch of the series brings it.
    """

    def __init__(self, name):
        self.path = os.path.abspath(name) if name.endswith(".config") else \
            os.path.join(CONFIGS, name + ".config")
        self.name = name = os.path.basename(self.path)[:-len(".config")]
        try:
            with open(self.path, encoding="ascii") as handle:
                self.text = handle.read()
        except OSError as error:
            raise Failure(f"no configuration {name}: {error.strerror} "
                          f"({self.path}); there are "
                          + ", ".join(config_names())) from error
        base = re.match(r"# base: (alldefconfig|allnoconfig)\n", self.text)
        self.arch = architecture(name)
        if not base or not self.arch:
            raise Failure(f"{self.path}: the name must begin with one of "
                          + ", ".join(ARCHITECTURES) + " and the first line "
                          "must be '# base: alldefconfig' or '# base: "
                          "allnoconfig'")
        self.base = base.group(1)
        target, machine = ARCHITECTURES[self.arch]
        self.prefix = "" if os.uname().machine == machine \
            else f"{machine}-linux-gnu-"
        self.make = ["make", "-C", "xen", f"XEN_TARGET_ARCH={target}",
                     f"CROSS_COMPILE={self.prefix}"] + ARGUMENTS
        self.compiler = self.prefix + "gcc"
        named = re.search(r"(?m)^# compiler: (\S+)$", self.text)
        if named and named.group(1) != "clang":
            raise Failure(f"{self.path}: the compiler can be clang, not "
                          f"'{named.group(1)}'")
        if named:
            self.compiler = "clang"
            self.make += ["clang=y", "CC=" + " ".join(
                ["clang", f"--target={machine}-linux-gnu"]
                + INTEGRATED[self.arch])]
        self.later = set(re.findall(r"(?m)^# from the series: (CONFIG_\w+)$",
                                    self.text))

    def wanted(self):
        """The options the fragment sets: name -> value."""
        return dict(re.findall(r"(?m)^(CONFIG_\w+)=(.*)$", self.text))

    def toolchain(self):
        """The versions of the tools which determine the objects."""
        versions = []
        for tool in (self.compiler, self.prefix + "ld", "checkpolicy"):
            option = "-V" if tool == "checkpolicy" else "--version"
            try:
                text = subprocess.run([tool, option], stdout=subprocess.PIPE,
                                      check=True, text=True).stdout
            except (OSError, subprocess.CalledProcessError) as error:
                raise Failure(f"{tool} does not run ({error}); building Xen "
                              f"for {self.arch} needs it") from error
            versions.append(text.splitlines()[0])
        return "\n".join(versions)


def config_names():
    """The names of all configurations, in order."""
    return sorted(os.path.basename(path)[:-len(".config")]
                  for path in glob.glob(os.path.join(CONFIGS, "*.config")))


def series_configs():
    """The paths of those that only the patch series is built in, in order."""
    return sorted(glob.glob(os.path.join(CONFIGS, "series", "*.config")))


def environment():
    """An environment in which only the arguments decide the outcome."""
    keep = ("PATH", "HOME", "TMPDIR")
    chosen = {name: os.environ[name] for name in keep if name in os.environ}
    return dict(chosen, LC_ALL="C", TZ="UTC", SOURCE_DATE_EPOCH="0")


def scan(tree):
    """
    The content of a source tree: relative path -> SHA-256 of the content, or
    "-> target" for a link.
    """
    if not os.path.isfile(os.path.join(tree, "xen", "Makefile")):
        raise Failure(f"{tree} is no Xen source tree (it has no xen/Makefile)")
    if os.path.exists(os.path.join(tree, "xen", ".config")):
        raise Failure(f"{tree} has been configured or built in; give the "
                      f"plain source")
    content = {}
    for where, folders, files in os.walk(tree):
        folders[:] = [f for f in folders if f not in (".git", ".pc")]
        for name in files + [f for f in folders
                             if os.path.islink(os.path.join(where, f))]:
            path = os.path.join(where, name)
            if os.path.islink(path):
                value = "-> " + os.readlink(path)
            else:
                with open(path, "rb") as handle:
                    value = hashlib.sha256(handle.read()).hexdigest()
                if os.access(path, os.X_OK):
                    value += " x"
            content[os.path.relpath(path, tree)] = value
    return content


def manifest_text(content):
    """The manifest of a tree: one line a file, sorted."""
    return "".join(f"{path}\t{value}\n"
                   for path, value in sorted(content.items()))


def read_manifest(output):
    """The content, as from scan(), of the tree that `output` was built from."""
    with open(os.path.join(output, "manifest"), encoding="utf-8") as handle:
        return dict(line.rstrip("\n").split("\t", 1) for line in handle)


def changed_files(old, new):
    """The paths which are different in, or only in one of, two contents."""
    return sorted(path for path in old.keys() | new.keys()
                  if old.get(path) != new.get(path))


def copy_tree(tree, fresh, content):
    """Copy the files of `content`, with their times, from `tree`."""
    for path in content:
        target = os.path.join(fresh, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy2(os.path.join(tree, path), target, follow_symlinks=False)


def bring(fresh, old, tree, content):
    """
    Bring the sources in the build folder `fresh`, which are those of the
    content `old`, to those of `tree`; return the paths that change.  They
    get the present time, so make sees that they are newer.
    """
    changed = changed_files(old, content)
    for path in changed:
        target = os.path.join(fresh, path)
        if os.path.lexists(target):
            os.unlink(target)
        if path in content:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(os.path.join(tree, path), target,
                        follow_symlinks=False)
    return changed


def known(fresh, option):
    """Whether a Kconfig file of the source in `fresh` declares the option."""
    declared = re.compile(rf"(?m)^config {option.removeprefix('CONFIG_')}$")
    for where, _, names in os.walk(os.path.join(fresh, "xen")):
        for name in names:
            if name.startswith("Kconfig"):
                with open(os.path.join(where, name),
                          encoding="utf-8") as handle:
                    if declared.search(handle.read()):
                        return True
    return False


def configure(config, fresh, log):
    """
    Make xen/.config.  An unchanged one keeps its time, and an option of the
    fragment which does not come through is an error: Kconfig drops what it
    does not know or cannot satisfy without a word.
    """
    path = os.path.join(fresh, "xen", ".config")
    before = None
    if os.path.exists(path):
        with open(path, "rb") as handle:
            before = (handle.read(), os.stat(path))
    run(config.make + [f"KCONFIG_ALLCONFIG={config.path}", config.base], log,
        f"configuring {config.name}", cwd=fresh, env=environment())
    with open(path, "rb") as handle:
        after = handle.read()
    if before and before[0] == after:
        os.utime(path, ns=(before[1].st_atime_ns, before[1].st_mtime_ns))
    got = dict(re.findall(r"(?m)^(CONFIG_\w+)=(.*)$", after.decode()))
    for name, value in config.wanted().items():
        if got.get(name, "n") != value and \
                not (name in config.later and not known(fresh, name)):
            raise Failure(f"{config.path}: {name}={value} was asked for but "
                          f"this Xen makes it {got.get(name, 'n')}")


def prune(build_dir, config, keep):
    """Remove the oldest builds of a configuration, but not those in `keep`."""
    builds = [path for path in glob.glob(
        os.path.join(folder(build_dir, "out"), config.name + "-*"))
        if re.fullmatch(re.escape(config.name) + "-[0-9a-f]{16}",
                        os.path.basename(path))]
    builds.sort(key=lambda path: os.stat(path).st_mtime, reverse=True)
    for path in [p for p in builds if p not in keep][KEEP:]:
        shutil.rmtree(path)


def place(build_dir, config, content, key=""):
    """Where the build of a tree with this content is or will be."""
    recipe = "\0".join([manifest_text(content), config.text,
                        config.toolchain()] + config.make
                       + ([key] if key else []))
    digest = hashlib.sha256(recipe.encode()).hexdigest()[:16]
    return os.path.join(folder(build_dir, "out"), f"{config.name}-{digest}")


def build(build_dir, tree, name, base=None, arguments=(), key=""):
    """
    Build the source `tree` in configuration `name`; return the build's
    folder, whose xen/ holds the hypervisor and all objects.

    `base` is the folder of an earlier build in the same configuration of a
    similar tree to start from, or None.  `arguments` are more of make's, and
    `key` is a text that tells builds apart which these do not.
    """
    config = Config(name)
    if re.search(r"[\s:]", os.path.abspath(build_dir)):
        raise Failure(f"{build_dir}: Xen's makefiles take no blank and no "
                      f"colon in the path of the folder they build in")
    content = scan(tree)
    config.make += arguments
    output = place(build_dir, config, content, key)
    name = config.name
    with lock(build_dir, f"build-{name}"):
        if os.path.isdir(output):
            os.utime(output)
            return output
        fresh = os.path.join(folder(build_dir, "out"), f"{name}.new")
        log = os.path.join(folder(build_dir, "log"),
                           os.path.basename(output) + ".log")
        shutil.rmtree(fresh, ignore_errors=True)
        if os.path.exists(log):
            os.unlink(log)
        what = f"building Xen, {name}"
        progress.say(what + ": copying")
        if base:
            shutil.copytree(base, fresh, symlinks=True)
            bring(fresh, read_manifest(base), tree, content)
        else:
            copy_tree(tree, fresh, content)
        progress.say(what + ": configuring")
        configure(config, fresh, log)
        progress.say(what)
        jobs = len(os.sched_getaffinity(0))
        run(config.make + [f"-j{jobs}"], log, what, cwd=fresh,
            env=environment())
        with open(os.path.join(fresh, "manifest"), "w",
                  encoding="utf-8") as handle:
            handle.write(manifest_text(content))
        os.rename(fresh, output)
        os.utime(output)
        prune(build_dir, config, {output, base})
        return output


def rewritten(old, new):
    """
    The source files, relative to xen/ as the compiler is given them, whose
    text is not the same in the trees of two builds.
    """
    changed = changed_files(read_manifest(old), read_manifest(new))
    return [path.removeprefix("xen/") for path in changed
            if path.startswith("xen/")]


def objects(output):
    """
    The objects that make up the hypervisor of a build, as paths relative to
    its xen/ folder: what is linked, and not what may lie around beside it.
    """
    root = os.path.join(output, "xen")
    found, todo = set(), ["prelink.o"]
    while todo:
        path = todo.pop()
        where, name = os.path.split(path)
        command = os.path.join(root, where, f".{name}.cmd")
        if not os.path.exists(command):
            raise Failure(f"{output}: {path} was linked but there is no "
                          f"record of its making ({command})")
        with open(command, encoding="utf-8") as handle:
            first = handle.readline()
        words = re.findall(r"\S+\.[oa](?=\s|$)", first.partition(":=")[2])
        if name in ("prelink.o", "built_in.o", "lib.a"):
            todo += [w for w in words if w != path]
        else:
            found.add(path)
    return sorted(found)
