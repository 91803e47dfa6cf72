"""The code of the program's modules in one file, for the processes after this one.

A command imports two hundred and forty modules of the program. Python looks for each in three folders, compares the
times of two files and opens one; this file lies where the program's fingerprint says that none of them has changed
(:mod:`.program_folder`), and is trusted as the byte code beside it is, from which it was made.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType, ModuleType

from . import light_dataclass
from .kept_by_key import KeptByKey
from .program_folder import may_write_beside

_PACKAGE = __name__.partition(".")[0]
_ABOVE = os.path.dirname(os.path.dirname(__file__))
#: An error names the place of a file; so the same program in another place has its own.
_MODULES = "modules", _ABOVE
#: Whether it is a package, and its code.
_Kept = tuple[bool, bytes]
#: So few are looked for again by the next process before all are written once more.
_FEW = 8


class KeptCode:
    """Stands before Python's own finders from :meth:`begin` on."""

    def __init__(self) -> None:
        self._file = KeptByKey()
        self._modules: dict[str, _Kept] = {}
        self._inits = 0

    def begin(self) -> None:
        """Take what is kept."""
        self._file.keep_beside("code", "")
        if self._file.beside is None:
            return
        self._modules = self._file.read(_MODULES, is_shipped=True) or {}
        inits: dict[str, CodeType] = self._file.read("inits", is_shipped=True) or {}
        self._inits = len(light_dataclass.INITS | inits)
        light_dataclass.INITS.update(inits)
        sys.meta_path.insert(0, self)

    def end(self) -> None:
        """Write down what was imported and compiled since."""
        if self._file.beside is None:
            return
        sys.meta_path.remove(self)
        if not may_write_beside():
            return
        new = [name for name in sys.modules if name.startswith(f"{_PACKAGE}.") and name not in self._modules]
        if len(new) > _FEW:
            found = {name: _code_of(name) for name in new}
            self._modules |= {name: kept for name, kept in found.items() if kept is not None}
            self._file.write(_MODULES, self._modules, is_shipped=True)
        if len(light_dataclass.INITS) > self._inits + _FEW:
            self._file.write("inits", light_dataclass.INITS, is_shipped=True)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As Python asks each finder."""
        if (kept := self._modules.get(name)) is None:
            return None
        is_package, code = kept
        file = _file_of(name, is_package)
        folder = [os.path.dirname(file)] if is_package else None
        return spec_from_file_location(name, file, loader=_Loader(name, file, code), submodule_search_locations=folder)


class _Loader(SourceFileLoader):
    """Of one module: all but its code is Python's own."""

    def __init__(self, name: str, file: str, code: bytes) -> None:
        super().__init__(name, file)
        self._code = code

    def get_code(self, fullname: str) -> CodeType | None:
        code: CodeType = marshal.loads(self._code)  # noqa: S302 - see the top of this module
        return code


def _file_of(name: str, is_package: bool) -> str:
    place = os.path.join(_ABOVE, *name.split("."))
    return os.path.join(place, "__init__.py") if is_package else f"{place}.py"


def _code_of(name: str) -> _Kept | None:
    """None for what Python did not find as it finds the program's own."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    if spec is None or type(spec.loader) is not SourceFileLoader:
        return None
    is_package = spec.submodule_search_locations is not None
    code = spec.loader.get_code(name) if spec.origin == _file_of(name, is_package) else None
    return (is_package, marshal.dumps(code)) if code is not None else None
