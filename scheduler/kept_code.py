"""The code of the program's modules that a command loads in one piece, for the processes after this one.

A command imports two hundred and forty modules of the program. Python looks for each in three folders, compares the
times of two files and opens one; this file lies where the program's fingerprint says that none of them has changed
(:mod:`.program_folder`), and is trusted as the byte code beside it is, from which it was made.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import cache_from_source
from types import CodeType, ModuleType

from . import light_dataclass
from .kept_by_key import KeptByKey
from .program_folder import may_write_beside

_PACKAGE = f"{__name__.partition('.')[0]}."
_ABOVE = os.path.dirname(os.path.dirname(__file__))
#: So few are looked for or compiled again by the next process before all are written once more.
_FEW = 8
#: So many that a first run alone has loaded are not loaded by the next ones.
_MANY = 24
#: Whether it is a package, and its code.
_Kept = tuple[bool, CodeType]


class KeptCode:
    """Stands before Python's own finders from :meth:`begin` on. ``command``: each loads its own at once."""

    def __init__(self, command: str) -> None:
        self._file = KeptByKey()
        self._key = "modules", _ABOVE, command  # an error names a file; so the same program elsewhere has its own
        self._modules: dict[str, _Kept] = {}  # that nobody has asked for yet
        self._names: set[str] = set()  # of all that are kept
        self._before: set[str] = set()  # modules that are there before this is
        self._compiled = 0

    def begin(self) -> None:
        """Take what is kept."""
        self._file.keep_beside("code", "")
        if self._file.beside is None:
            return
        self._modules = self._all()
        self._names = {*self._modules}
        known: dict[str, CodeType] = self._file.read("of records", is_shipped=True) or {}
        self._compiled = len(light_dataclass.COMPILED | known)
        light_dataclass.COMPILED.update(known)
        self._before = {*sys.modules}
        sys.meta_path.insert(0, self)

    def end(self) -> None:
        """Write down what was imported and compiled since."""
        if self._file.beside is None:
            return
        sys.meta_path.remove(self)
        if not may_write_beside():
            return
        there = {name for name in sys.modules if name.startswith(_PACKAGE)} - self._before
        if len(there - self._names) > _FEW or len(self._names - there) > _MANY:
            known = self._all()
            found = {name: known.get(name) or _code_of(name) for name in sorted(there)}
            self._file.write(self._key, {name: kept for name, kept in found.items() if kept}, is_shipped=True)
        if len(light_dataclass.COMPILED) > self._compiled + _FEW:
            self._file.write("of records", light_dataclass.COMPILED, is_shipped=True)

    def _all(self) -> dict[str, _Kept]:
        kept: dict[str, _Kept] | None = self._file.read(self._key, is_shipped=True)
        return kept or {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As Python asks each finder."""
        if (kept := self._modules.pop(name, None)) is None:
            return None
        is_package, code = kept
        file = _file_of(name, is_package)
        spec = ModuleSpec(name, _Loader(name, file, code), origin=file, is_package=is_package)
        spec.has_location, spec.cached = True, _byte_code_of(file)
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(os.path.dirname(file))
        return spec


class _Loader(SourceFileLoader):
    """Of one module: all but its code is Python's own. It is run once, and then no longer held in memory."""

    def __init__(self, name: str, file: str, code: CodeType) -> None:
        super().__init__(name, file)
        self._code: CodeType | None = code

    def get_code(self, fullname: str) -> CodeType | None:
        code, self._code = self._code, None
        return code if code is not None else super().get_code(fullname)


def _file_of(name: str, is_package: bool) -> str:
    place = os.path.join(_ABOVE, *name.split("."))
    return os.path.join(place, "__init__.py") if is_package else f"{place}.py"


def _byte_code_of(file: str) -> str:
    """As Python says it, which takes the whole path apart for each module."""
    if sys.pycache_prefix is not None:
        return cache_from_source(file)
    folder, name = os.path.split(file)
    return f"{folder}/__pycache__/{name[:-2]}{sys.implementation.cache_tag}.pyc"


def _code_of(name: str) -> _Kept | None:
    """None for what Python did not find as it finds the program's own."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    if spec is None or type(spec.loader) is not SourceFileLoader:
        return None
    is_package = spec.submodule_search_locations is not None
    code = spec.loader.get_code(name) if spec.origin == _file_of(name, is_package) else None
    return (is_package, code) if code is not None else None
