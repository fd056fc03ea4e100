# SPDX-License-Identifier: GPL-2.0-or-later
"""What a README shows, checked against what a run found."""

import os


def read(path):
    """The text of a file, nothing when it is not there."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as handle:
        return handle.read()


def check(path, want, bless):
    """Whether a file says what it should; written when blessing."""
    if read(path) == want:
        return True
    if bless:
        with open(path, "w", encoding="utf-8") as handle:
            handle.write(want)
        return True
    print(f"{os.path.relpath(path)} says something else; --bless writes it")
    return False
