"""Templates that were compiled once, for this process and for those after it.

What is kept on the disk (:mod:`scheduler.kept_by_key`) is code that Python runs. Each is kept under all that it was
made from; where anything of that is another the template is compiled as if nothing had been kept.
"""

from __future__ import annotations

from pathlib import Path
from types import CodeType
from typing import NamedTuple

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

from ...kept_by_key import KeptByKey

#: Under which something is kept; all of it is part of the file's name.
Key = tuple[str, ...]


class Compiled(NamedTuple):
    """A template's code; of a text also the names in it, and the calls with the ids that stand in them, which are
    looked at anew for each season's records."""

    code: CodeType
    names: tuple[str, ...] = ()
    calls: tuple[tuple[str, object], ...] = ()


class CompiledTemplates(KeptByKey, BytecodeCache):
    """Jinja asks with a checksum over the source: an edited file is compiled again, and so is one with other constants:
    they are written into what is compiled."""

    _most = 500  # in this process

    def __init__(self) -> None:
        super().__init__()
        self._codes: dict[Key, Compiled] = {}

    def keep_in(self, folder: Path, made_by: str) -> None:
        super().keep_in(folder, f"{made_by} {jinja2.__version__}")

    def find(self, key: Key) -> Compiled | None:
        if key not in self._codes and (kept := self.read(key)) is not None:
            self._codes[key] = Compiled(*kept)
        return self._codes.get(key)

    def keep(self, key: Key, compiled: Compiled) -> None:
        if len(self._codes) >= self._most:
            self._codes.clear()
        self._codes[key] = compiled
        self.write(key, (compiled.code, compiled.names, compiled.calls))

    def load_bytecode(self, bucket: Bucket) -> None:
        compiled = self.find(_key(bucket))
        bucket.code = compiled.code if compiled is not None else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.keep(_key(bucket), Compiled(bucket.code))


def _key(bucket: Bucket) -> Key:
    return bucket.key, bucket.checksum, getattr(bucket.environment, "constants_fingerprint", "")


#: Those of this process.
COMPILED = CompiledTemplates()
