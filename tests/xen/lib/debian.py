# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian's Xen source package, fetched without touching the system's apt.

The machine's own package sources are read (both the one-line and the
deb822 format), their entries for Debian bookworm's main component are
turned into entries for source or binary packages, and apt-get works on those
with lists and caches of its own below the build folder.  So mirrors, proxies, keys and
credentials are the ones the machine already uses, apt checks signatures as
always, and neither /etc nor /var changes.
"""

import os
import re
import shlex
import shutil
import subprocess
from urllib.parse import urlsplit

from workspace import Failure, file_sha256, folder, lock, progress, run

PACKAGE = "xen"
VERSION = "4.17.5+72-g01140da4e8-1"
ARCHIVE = "xen_4.17.5+72-g01140da4e8.orig.tar.xz"
SHA256 = "53922f4d0a02c577f2ea9d63f65989cd88715779eebeed879ca1d314103ee06e"

ENVIRONMENT = dict(os.environ, LC_ALL="C")

CODENAME = re.compile(r"bookworm([-/](updates|security))?$")
RELEASE = re.compile(r"(old)*stable([-/](updates|security))?$")


def is_debian(uri, suite):
    """Whether `suite` at `uri` is a part of Debian 12 itself.

    The release names (stable, oldstable) are popular with third parties,
    so those count only in an archive that is called debian.
    """
    if CODENAME.match(suite):
        return True
    path = urlsplit(uri).path.rstrip("/")
    return bool(RELEASE.match(suite)) and \
        os.path.basename(path) in ("debian", "debian-security")


def from_list(text, kind):
    """The lines for `kind` which follow from a file in the one-line format."""
    lines = []
    for line in text.splitlines():
        match = re.match(r"\s*deb(?:-src)?\s+(\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+"
                         r"([^#]*)", line)
        if match:
            options, uri, suite, components = match.groups()
            if is_debian(uri, suite) and "main" in components.split():
                lines.append(f"{kind} {options or ''}{uri} {suite} main\n")
    return "".join(dict.fromkeys(lines))


def from_deb822(text, kind):
    """The stanzas for `kind` which follow from a file in deb822 format."""
    text = re.sub(r"(?m)^#.*\n?", "", text)
    stanzas = []
    for stanza in re.split(r"\n\s*\n", text):
        fields = {name.lower(): (name, value) for name, value in
                  re.findall(r"(?m)^([^\s:]+):((?:.*\n?)(?:[ \t].*\n?)*)",
                             stanza)}

        def words(name):
            return fields.get(name, ("", ""))[1].split()

        uris = words("uris")
        suites = [s for s in words("suites")
                  if all(is_debian(u, s) for u in uris)]
        enabled = "no" not in [w.lower() for w in words("enabled")]
        if not (enabled and uris and suites and "main" in words("components")):
            continue
        chosen = {"types": f"Types: {kind}\n",
                  "suites": f"Suites: {' '.join(suites)}\n",
                  "components": "Components: main\n"}
        stanzas.append("".join(
            chosen.get(key) or f"{name}:{value.rstrip()}\n"
            for key, (name, value) in fields.items()))
    return "\n".join(dict.fromkeys(stanzas))


def source_entries(kind="deb-src"):
    """
    The machine's package sources as entries for source packages (`deb-src`)
    or binary ones (`deb`): a list of (file name, text).  Raises Failure when it has none for Debian 12.
    """
    try:
        shell = subprocess.run(
            ["apt-config", "shell", "LIST", "Dir::Etc::sourcelist/f",
             "PARTS", "Dir::Etc::sourceparts/d"],
            stdout=subprocess.PIPE, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure(f"cannot ask apt-config for the package sources "
                      f"({error}); the Xen source comes from a Debian "
                      f"mirror by apt") from error
    paths = dict(word.split("=", 1) for word in shlex.split(shell))
    parts = paths["PARTS"]
    files = [paths["LIST"]]
    if os.path.isdir(parts):
        files += [os.path.join(parts, n) for n in sorted(os.listdir(parts))]
    entries = []
    for number, path in enumerate(files):
        convert = {".list": from_list, ".sources": from_deb822}.get(
            os.path.splitext(path)[1])
        if convert is None or not os.path.isfile(path):
            continue
        with open(path, encoding="utf-8") as handle:
            text = convert(handle.read(), kind)
        if text:
            suffix = os.path.splitext(path)[1]
            entries.append((f"{number:02}{suffix}", text))
    if not entries:
        raise Failure("no entry for Debian bookworm main in the machine's "
                      "package sources (" + ", ".join(files) + "); Xen's "
                      "source is Debian's source package " + PACKAGE + " "
                      + VERSION)
    return entries


def private_apt(build_dir, kind, log, more=""):
    """
    Read the package lists of the machine's sources into a folder of our own,
    BUILD/xen/apt-KIND, and return the command that works on them and the
    folder.  `more` is configuration.
    """
    apt = folder(build_dir, "apt-" + kind)
    shutil.rmtree(apt)
    for name in ("lists/partial", "cache/archives/partial", "sources"):
        os.makedirs(os.path.join(apt, name))
    for name, text in source_entries(kind):
        with open(os.path.join(apt, "sources", name), "w",
                  encoding="utf-8") as handle:
            handle.write(text)
    # Read after the system's configuration: private folders, and none of
    # the hooks by which packages want to hear of a system-wide update.
    configuration = os.path.join(apt, "apt.conf")
    with open(configuration, "w", encoding="utf-8") as handle:
        handle.write(f'Dir::Etc::sourcelist "/dev/null";\n'
                     f'Dir::Etc::sourceparts "{apt}/sources";\n'
                     f'Dir::State::lists "{apt}/lists";\n'
                     f'Dir::Cache "{apt}/cache";\n'
                     f'#clear APT::Update::Pre-Invoke;\n'
                     f'#clear APT::Update::Post-Invoke;\n'
                     f'#clear APT::Update::Post-Invoke-Success;\n{more}')
        if os.geteuid() == 0:
            # The build folder need not be readable for user _apt.
            handle.write('APT::Sandbox::User "root";\n')
    command = ["apt-get", "-q", "-c", configuration]
    progress.say("reading the package lists")
    run(command + ["update"], log, "apt-get update", env=ENVIRONMENT)
    return command, apt


def download(build_dir):
    """Fetch the upstream archive of the source package; return its path."""
    downloads = folder(build_dir, "download")
    archive = os.path.join(downloads, ARCHIVE)
    if os.path.isfile(archive) and file_sha256(archive) == SHA256:
        return archive

    log = os.path.join(downloads, "apt.log")
    command, apt = private_apt(build_dir, "deb-src", log)
    progress.say(f"downloading {ARCHIVE}")
    try:
        run(command + ["source", "--download-only", "--tar-only",
                       f"{PACKAGE}={VERSION}"], log,
            f"fetching the source package {PACKAGE} {VERSION}",
            cwd=downloads, env=ENVIRONMENT)
    except Failure as failure:
        raise Failure(f"{failure}If the mirror no longer has that version, "
                      f"put {ARCHIVE} (SHA-256 {SHA256}) into {downloads} "
                      f"by hand.") from failure
    if not os.path.isfile(archive) or file_sha256(archive) != SHA256:
        raise Failure(f"{archive} is not the expected archive (its SHA-256 "
                      f"should be {SHA256}); remove it and try again")
    shutil.rmtree(apt)
    return archive


def source_tree(build_dir):
    """
    The unpacked source, BUILD/xen/src, fetched and unpacked when it is not
    there yet.  Nobody may write into it.
    """
    with lock(build_dir, "src"):
        root = folder(build_dir)
        tree = os.path.join(root, "src")
        stamp = os.path.join(root, "src.stamp")
        if os.path.isdir(tree) and os.path.isfile(stamp):
            with open(stamp, encoding="ascii") as handle:
                if handle.read().strip() == SHA256:
                    return tree
        archive = download(build_dir)
        progress.say(f"unpacking {ARCHIVE}")
        fresh = tree + ".new"
        for path in (fresh, tree):
            shutil.rmtree(path, ignore_errors=True)
        os.mkdir(fresh)
        run(["tar", "-x", "-f", archive, "-C", fresh, "--strip-components=1",
             "--no-same-owner"], os.path.join(root, "unpack.log"),
            f"unpacking {archive}")
        os.rename(fresh, tree)
        with open(stamp, "w", encoding="ascii") as handle:
            handle.write(SHA256 + "\n")
        return tree
