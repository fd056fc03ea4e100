# SPDX-License-Identifier: GPL-2.0-or-later
"""The programs that the policy tests run: xsmc, its comparator, and checkpolicy."""
import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parents[2]
ROOT = TESTS.parent


def parser(text):
    p = argparse.ArgumentParser(description=text.split("\n")[0])
    p.add_argument("--xsmc", type=pathlib.Path, required=True)
    p.add_argument("--compare", type=pathlib.Path, help="the program policy-compare")
    p.add_argument("--seed", type=int, default=0, help="of the first random policy")
    p.add_argument("--count", type=int, default=100, help="of random policies")
    return p


def need(*programs):
    """Ends the test as skipped, loudly, when a program is not there."""
    missing = [p for p in programs if not shutil.which(p)]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed")
        sys.exit(77)


def run(*command, **more):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, errors="replace", timeout=300,
                          **({} if "input" in more else {"stdin": subprocess.DEVNULL}), **more)


def folder():
    """A temporary folder that goes away by itself."""
    holder = tempfile.TemporaryDirectory(prefix="xsmc-policy-")
    path = pathlib.Path(holder.name)
    return holder, path


class Report:
    """Counts, prints what failed at once, and ends the test."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, good, what, detail=""):
        if good:
            self.passed += 1
            return
        self.failed += 1
        print(f"FAIL {what}")
        if detail:
            print("     " + detail.strip()[:2000].replace("\n", "\n     "))
        if self.failed >= 10:
            print("too many failures, giving up")
            self.end()

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed or not self.passed else 0)


def xen_tree(build):
    """The folder of the unpacked Xen source, which tests/xen/fetch provides."""
    done = run(TESTS / "xen" / "fetch", "--build-dir", build)
    if done.returncode:
        print(done.stdout + done.stderr)
        sys.exit(done.returncode)
    return pathlib.Path(done.stdout.strip().splitlines()[-1])


def checkpolicy(source, output, mls=False, version=30):
    return run("checkpolicy", "-t", "Xen", "-c", version, *(["-M"] if mls else []), "-o", output, source)


def compare(args, report, a, b, what):
    done = run(args.compare, a, b)
    report.check(done.returncode == 0, what, done.stdout + done.stderr)
