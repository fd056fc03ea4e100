# SPDX-License-Identifier: GPL-2.0-or-later
"""The schema of SARIF 2.1.0, which is not ours to carry: it is taken from where it is published, once, and kept in the
build folder. It is the one that Microsoft's matchers for SARIF are built on, as JSON Schema Store has it."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile

PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
MEMBER = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
SHA256 = "2d99159ae54a3eea97f81781cff48780548657c35949f4b7f25e99a2ba4de4f8"


class NoSchema(Exception):
    """It cannot be had here."""


def schema(build):
    """The schema; from the file $XSMC_SARIF_SCHEMA if that is set."""
    named = os.environ.get("XSMC_SARIF_SCHEMA")
    kept = pathlib.Path(named) if named else build / "sarif-2.1.0.json"
    if not kept.exists():
        kept.write_bytes(fetch())
    content = kept.read_bytes()
    if not named and hashlib.sha256(content).hexdigest() != SHA256:
        raise NoSchema(f"{kept} is not the schema it should be; remove it")
    return json.loads(content)


def fetch():
    if not shutil.which("npm"):
        raise NoSchema("npm is needed to fetch the schema, or $XSMC_SARIF_SCHEMA with the place of a copy")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, capture_output=True, text=True, check=False,
                              timeout=120)
        if done.returncode:
            raise NoSchema(f"npm cannot fetch {PACKAGE}: {done.stderr.strip()[-500:]}")
        with tarfile.open(next(pathlib.Path(folder).glob("*.tgz"))) as archive:
            return archive.extractfile(MEMBER).read()
