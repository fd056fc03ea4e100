# SPDX-License-Identifier: GPL-2.0-or-later
"""A Xen that is a file, and the tools run on it, for the tests here.

A test is a file test-NAME: functions test_*(world), run one after the other
on a fresh World each; it is called with the folder of the programs.
"""

import os
import subprocess
import sys
import tempfile
import traceback

WEB, STORE, LOG = (f"{d}0000000-0000-4000-8000-00000000000{d}" for d in "123")


class World:
    """Domains web (1), store (2) and log (3), beside domain 0."""

    def __init__(self, programs, folder):
        self.programs = programs
        self.folder = folder
        self.processes = []
        self.environment = dict(os.environ, LC_ALL="C",
                                FAKE_XEN=os.path.join(folder, "xen"))
        self.write("services", "storage 9000  # a disk\nlog 0x202\n")
        self.change("create", 0, "Domain-0", "")
        self.change("create", 1, "web", WEB)
        self.change("create", 2, "store", STORE)
        self.change("create", 3, "log", LOG)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        """Write a file, whole at once: a daemon may be about to read it."""
        with open(self.path(name) + ".new", "w", encoding="utf-8") as handle:
            handle.write(text)
        os.replace(self.path(name) + ".new", self.path(name))
        return self.path(name)

    def change(self, *words):
        return subprocess.run([os.path.join(self.programs, "argopatch-world")]
                              + [str(word) for word in words], check=True,
                              env=self.environment, text=True,
                              stdout=subprocess.PIPE).stdout

    def command(self, tool, *words):
        return [os.path.join(self.programs, "fake-" + tool), "--run-dir",
                self.path("run"), "--services", self.path("services"),
                *[str(word) for word in words]]

    def patch(self, *words, status=0, says=None):
        """
        Run argo-patch; demand its exit status and, in what it says on
        standard error, the text `says` (or, with status 0 and no text, that
        there is no error); return its output.
        """
        done = subprocess.run(self.command("argo-patch", *words), text=True,
                              env=self.environment, capture_output=True,
                              check=False, timeout=60)
        what = f"argo-patch {' '.join(map(str, words))}:\n{done.stdout}{done.stderr}"
        assert done.returncode == status, f"status {done.returncode}: {what}"
        if says is not None:
            assert says in done.stderr, f"not '{says}': {what}"
        elif status == 0:
            assert "error" not in done.stderr, what
        return done.stdout

    def start(self, tool, *words, environment=None, **options):
        """Start a tool that runs on; what is left at the test's end is killed."""
        process = subprocess.Popen(self.command(tool, *words), text=True,
                                   env=dict(self.environment, **environment or {}), **options)
        self.processes.append(process)
        return process

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()

    def cables(self):
        """All cables, as Xen has them: `1:9000 2:80`, ..."""
        return self.change("print").splitlines()[:-1]


def main(functions):
    failed = 0
    tests = [(name, function) for name, function in functions.items()
             if name.startswith("test_")]
    for name, function in tests:
        with tempfile.TemporaryDirectory() as folder:
            world = World(os.path.abspath(sys.argv[1]), folder)
            try:
                function(world)
            except Exception:  # pylint: disable=broad-except
                failed += 1
                print(f"{name}:", file=sys.stderr)
                traceback.print_exc()
            world.close()
    if not tests:
        sys.exit("no tests")
    print(f"{len(tests) - failed} of {len(tests)} succeeded")
    sys.exit(1 if failed else 0)
