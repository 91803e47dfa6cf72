"""Where the program keeps what rests on itself alone: beside its byte code, as Python keeps that.

A new project, and each user of a machine, find it there. Only who owns the code writes it, so it is trusted as the code
is. Who may not write there, or runs Python so that no byte code is written, keeps it as everything else is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path

from . import VERSION
from .start_notes import installed_beside, program_files

#: Programs that were here, or Pythons with other packages, whose pieces are still there.
_MOST = 3


def program_fingerprint() -> str:
    """Changes when any file of the program does: the version, and names, sizes and both times; and with what is
    installed beside it."""
    files, _ = program_files(os.path.dirname(__file__))
    return hashlib.blake2b(f"{VERSION} {files} ".encode() + installed_beside(), digest_size=16).hexdigest()


@cache
def owner_of_program() -> int:
    """Who could write another one in its place."""
    return os.stat(__file__).st_uid


def may_write_beside() -> bool:
    """Whether this process may change what lies beside the program."""
    return not sys.dont_write_bytecode and os.geteuid() == owner_of_program()


@cache
def program_folder() -> Path | None:
    """Of this program and this Python; None where there is none, and none may be made."""
    try:
        every = Path(cache_from_source(__file__)).parent / f"kept.{sys.implementation.cache_tag}"
    except NotImplementedError:  # a Python that keeps no byte code
        return None
    folder = every / program_fingerprint()
    if not folder.is_dir():
        if not may_write_beside():
            return None
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o755, parents=True)
            _make_room(every, folder)
    return folder


def _make_room(every: Path, newest: Path) -> None:
    """A program that runs without its folder is only slower."""
    others = [folder for folder in every.iterdir() if folder != newest]
    others.sort(key=lambda folder: folder.stat().st_mtime_ns, reverse=True)
    for folder in others[_MOST - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)
