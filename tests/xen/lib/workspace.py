# SPDX-License-Identifier: GPL-2.0-or-later
"""The harness's folder under the build folder, and how its scripts talk.

Everything the harness makes lies in BUILD/xen.  Whatever is expensive is
made under a temporary name and renamed once it is complete, under a lock,
so that two scripts may run side by side and an interrupted one leaves
nothing that a later one would take for a result.

Results go to standard output, one path or table; progress goes to standard
error and only when that is a terminal.  Exit codes are the project's: 0
clean, 1 findings, 2 usage or I/O.
"""

import argparse
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))


ERRORS = re.compile(r"error:|undefined reference|^E: |Error: ")


class Failure(Exception):
    """The harness cannot go on; the text says why and what to do."""


class Progress:
    """One status line on a terminal, rewritten in place; silent elsewhere."""

    def __init__(self, stream=sys.stderr):
        self.stream = stream
        self.live = stream.isatty()
        self.start = time.monotonic()
        self.width = 0

    def say(self, text):
        """Replace the status line by `text`."""
        if not self.live:
            return
        columns = shutil.get_terminal_size().columns
        line = f"[{time.monotonic() - self.start:4.0f} s] {text}"[:columns - 1]
        self.stream.write("\r" + line.ljust(self.width))
        self.stream.flush()
        self.width = len(line)

    def done(self):
        """Remove the status line."""
        if self.live and self.width:
            self.stream.write("\r" + " " * self.width + "\r")
            self.stream.flush()
            self.width = 0


progress = Progress()


def parser(description):
    """An argument parser with the options every script of the harness has."""
    p = argparse.ArgumentParser(description=description)
    p.add_argument("-B", "--build-dir", metavar="DIR",
                   default=os.path.join(REPOSITORY, "build"),
                   help="the project's build folder (default: build/ in the "
                        "checkout); the harness uses xen/ below it")
    return p


def main(function):
    """Run `function()` and exit with its status, failures being status 2."""
    try:
        status = function()
    except Failure as failure:
        progress.done()
        name = os.path.basename(sys.argv[0])
        print(f"{name}: {failure}", file=sys.stderr)
        status = 2
    except KeyboardInterrupt:
        progress.done()
        status = 2
    progress.done()
    sys.exit(status)


def folder(build_dir, *parts):
    """The path of a folder below BUILD/xen, made when missing."""
    path = os.path.join(os.path.abspath(build_dir), "xen", *parts)
    os.makedirs(path, exist_ok=True)
    return path


@contextlib.contextmanager
def lock(build_dir, name):
    """Hold the lock `name` of the harness's folder."""
    path = os.path.join(folder(build_dir, "locks"), name)
    with open(path, "w", encoding="ascii") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.say(f"waiting for another run that holds {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def file_sha256(path):
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def run(command, log, what, **kwargs):
    """
    Run `command` with its output going to the file `log`.

    On failure raise a Failure which names `what`, the log, and its lines
    about errors: under a parallel make those are not the last ones.
    """
    with open(log, "ab") as handle:
        handle.write(("+ " + " ".join(command) + "\n").encode())
        handle.flush()
        try:
            status = subprocess.run(command, stdin=subprocess.DEVNULL,
                                    stdout=handle, stderr=handle,
                                    check=False, **kwargs).returncode
        except FileNotFoundError as error:
            raise Failure(f"{what}: {command[0]} is not installed") from error
    if status != 0:
        with open(log, encoding="utf-8", errors="replace") as handle:
            lines = handle.readlines()
        errors = [line for line in lines if ERRORS.search(line)]
        raise Failure(f"{what} failed (status {status}); from {log}:\n"
                      + "".join("    " + line
                                for line in errors[:15] or lines[-15:]))
