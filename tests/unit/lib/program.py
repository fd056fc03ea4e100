# SPDX-License-Identifier: GPL-2.0-or-later
"""Running xsmc under test, and what every run of it must hold: an exit status of 0, 1 or 2, and no word from a sanitizer."""
import os
import pathlib
import resource
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
DATABASE = ROOT / "hooks-db" / "xen-4.17"
POLICY = ROOT / "policy" / "classic.xsm"
XSMC = pathlib.Path(os.environ.get("XSMC", ROOT / "build" / "compiler" / "xsmc"))
BUILD = pathlib.Path(os.environ.get("XSMC_BUILD", ROOT / "build"))
# A sanitizer needs address space and makes everything slower.
SANITIZED = bool(os.environ.get("XSMC_SANITIZE"))
MIB = 1 << 20


class Result:
    def __init__(self, done, used):
        self.status = done.returncode
        self.out = done.stdout or b""
        self.err = done.stderr or b""
        self.seconds = used.ru_utime + used.ru_stime
        self.bytes = used.ru_maxrss * 1024
        # Too little address space for the libraries even: it was not xsmc that ended.
        self.unloaded = self.status == 127 and b"error while loading shared libraries" in self.err

    def __repr__(self):
        return f"status {self.status}, out {self.out[:2000]!r}, err {self.err[:2000]!r}"


def prepare(limits, closed):
    """What the child does before it becomes xsmc: lives within `limits` and without the streams in `closed`."""
    def apply():
        for what, value in limits.items():
            resource.setrlimit(what, (value, value))
        for fd in closed:
            os.close(fd)
    return apply if limits or closed else None


class Program(unittest.TestCase):
    """A test in a folder of its own, which is the working folder of what it runs."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="xsmc-test-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def files(self):
        """Everything in the folder: path -> content, None for a folder, the target for a link."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if path.is_symlink():
                found[name] = os.readlink(path)
            elif path.is_dir():
                found[name] = None
            elif path.is_file():
                found[name] = path.read_bytes()
        return found

    def shared(self, path):
        """A copy of a file or folder that every user can read, wherever the checkout is."""
        temporary = tempfile.TemporaryDirectory(prefix="xsmc-test-")
        self.addCleanup(temporary.cleanup)
        os.chmod(temporary.name, 0o755)
        copy = pathlib.Path(temporary.name, path.name)
        shutil.copytree(path, copy) if path.is_dir() else shutil.copy(path, copy)
        return copy

    def run_xsmc(self, *arguments, limits=(), closed=(), timeout=120, user=None, **more):
        more.setdefault("stdin", subprocess.DEVNULL)
        more.setdefault("stdout", subprocess.PIPE)
        more.setdefault("stderr", subprocess.PIPE)
        env = {**os.environ, "LC_ALL": "C", **more.pop("env", {})}
        if "input" in more:
            del more["stdin"]
        program = XSMC if user is None else self.shared(XSMC)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([program, *map(str, arguments)], cwd=self.folder, env=env, timeout=timeout, check=False,
                              preexec_fn=prepare(dict(limits), closed), user=user, **more)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        after = resource.struct_rusage([a - b if i != 2 else a for i, (a, b) in enumerate(zip(after, before))])
        result = Result(done, after)
        if not result.unloaded:
            self.assertIn(result.status, (0, 1, 2), f"{arguments}: {result}")
        self.assertNotIn(b"Sanitizer", result.err)
        self.assertNotIn(b"runtime error", result.err)
        return result

    def assert_findings(self, result, *parts):
        """Status 1, nothing on stdout, and these texts in the diagnostics, in this order."""
        self.assertEqual(result.status, 1, result)
        self.assert_said(result, *parts)

    def assert_trouble(self, result, *parts):
        """Status 2 and these texts in the diagnostics, in this order."""
        self.assertEqual(result.status, 2, result)
        self.assert_said(result, *parts)

    def assert_said(self, result, *parts):
        text, at = result.err.decode(errors="replace"), 0
        for part in parts:
            found = text.find(part, at)
            self.assertGreaterEqual(found, 0, f"'{part}' is not said in\n{text[:4000]}")
            at = found + len(part)

    def assert_accepted(self, result):
        """No errors; there may be warnings."""
        self.assertEqual(result.status, 0, result)
        self.assertNotIn(b"error:", result.err)

    def assert_clean(self, result):
        self.assertEqual((result.status, result.err), (0, b""), result)
