"""Templates that were compiled once, for this process and for those after it.

What is kept on the disk (:mod:`scheduler.kept_by_key`) is code that Python runs. Each is kept under all that it was
made from; where anything of that is another the template is compiled as if nothing had been kept.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import CodeType

import jinja2
from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache

from ...kept_by_key import KeptByKey
from ...project import starter_folder

#: Under which something is kept; all of it is part of the file's name.
Key = tuple[str, ...]


class CompiledTemplates(KeptByKey, BytecodeCache):
    """Jinja asks with a checksum over the source: an edited file is compiled again, and so is one with other constants:
    they are written into what is compiled."""

    _most = 500  # in this process

    def __init__(self) -> None:
        super().__init__()
        self._codes: dict[Key, CodeType] = {}

    def find(self, key: Key, *, is_shipped: bool = False) -> CodeType | None:
        if key not in self._codes and (kept := self.read(key, is_shipped=is_shipped)) is not None:
            self._codes[key] = kept
        return self._codes.get(key)

    def keep(self, key: Key, code: CodeType, *, is_shipped: bool = False) -> None:
        if len(self._codes) >= self._most:
            self._codes.clear()
        self._codes[key] = code
        self.write(key, code, is_shipped=is_shipped)

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """The same words are compiled once, wherever their file lies."""
        bucket = _Bucket(environment, self.get_cache_key(name), self.get_source_checksum(source))
        bucket.is_shipped = _is_shipped(name, filename, source)
        self.load_bytecode(bucket)
        if bucket.code is not None and filename is not None and bucket.code.co_filename != filename:
            bucket.code = _moved(bucket.code, filename)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.find(_key(bucket), is_shipped=getattr(bucket, "is_shipped", False))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.keep(_key(bucket), bucket.code, is_shipped=getattr(bucket, "is_shipped", False))


class _Bucket(Bucket):
    is_shipped = False


def _key(bucket: Bucket) -> Key:
    return bucket.key, bucket.checksum, getattr(bucket.environment, "constants_fingerprint", ""), jinja2.__version__


def _is_shipped(name: str, filename: str | None, source: str) -> bool:
    """Whether it is the program's own page, or says what the template of that name did when the project was made."""
    if filename is not None and filename.startswith(_PACKAGE):
        return True
    try:
        with open(os.path.join(starter_folder(), "templates", name), encoding="utf-8-sig") as file:
            return file.read() == source
    except (OSError, ValueError):
        return False


_PACKAGE = os.path.join(Path(__file__).parents[2], "")


def _moved(code: CodeType, filename: str) -> CodeType:
    """The same code, in the file that an error in it has to name."""
    inner = tuple(_moved(one, filename) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=filename, co_consts=inner)


#: Those of this process.
COMPILED = CompiledTemplates()
