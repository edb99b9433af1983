"""Make `.venv` and install the locked dependencies; run by the system's own Python.

Needs nothing but Python 3.11, which the Makefile looks for, and its venv module. uv does the installing when it can be had, pip
otherwise; either refuses a file whose hash is not in the lock.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main(lock):
    """Install what the lock file names, and say in one sentence when that can't be."""
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian puts both into a package of their own
        import venv  # noqa: PLC0415
    except ImportError:
        name = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        sys.exit(
            f"This Python has no venv module: install it (Debian, Ubuntu: apt-get install {name}) "
            "and try again."
        )
    if not _works():
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, with_pip=True)
    if not _install(ROOT / lock):
        sys.exit(
            "The dependencies could not be installed: check that this machine reaches a Python "
            "package index, and try again."
        )


def _works():
    """Say whether there is an environment that runs: it breaks when its Python is removed."""
    return PYTHON.exists() and _run(PYTHON, "-m", "pip", "--version", quiet=True)


def _install(lock):
    with_pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    with_pip += ("--require-hashes",)
    uv = VENV / "bin" / "uv"
    has_uv = uv.exists() or _run(*with_pip, "-r", ROOT / "requirements-uv.txt", quiet=True)
    with_uv = (uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes")
    return (has_uv and _run(*with_uv, "-r", lock)) or _run(*with_pip, "-r", lock)


def _run(*command, quiet=False):
    output = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(
            [str(part) for part in command],
            check=False,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Between file systems uv copies anyway; it need not warn about it.
            env=os.environ | {"UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "copy")},
        )
    except OSError:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main(sys.argv[1])
