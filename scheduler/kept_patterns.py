"""Regular expressions that were compiled once, for the processes after this one.

A command that works something out compiles six hundred of them, a sixth of all that it does; Python keeps compiled
modules, and no patterns. What the compiler makes of a pattern is a list of numbers, and the matcher, which checks any
such list before it takes it, is given the same one again. Kept under the pattern, its flags and the Python. An
interpreter whose library is built otherwise compiles as it always does. Those of modules and of shipped rules are the
same in each project, and lie beside the program; words of a campaign do not.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections import ChainMap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .kept_by_key import KeptByKey
from .second_process import share_notes

#: By whether they are of the program.
_NAMES = {True: "patterns of the program", False: "patterns"}
_Made = tuple[int, bytes, int, dict[str, int]]  # flags, numbers, groups, and those with a name
#: Flags as numbers: those of the standard library are put together in Python.
_ONCE = int(re.LOCALE | re.DEBUG)
_UNICODE = int(re.UNICODE)
_SAYS_OTHERS = int(re.ASCII | re.VERBOSE)
#: So few are compiled again by the next process before they are written.
_FEW = 8
_MOST = 5_000
#: So often some are added before all are written in one piece.
_MOST_ADDED = 16
_IMPORT = "<frozen importlib._bootstrap>"

_OF_THE_PROGRAM = [False]


@contextmanager
def of_the_program(is_shipped: bool) -> Iterator[None]:
    """Whether what is compiled meanwhile is made from what is shipped alone."""
    _OF_THE_PROGRAM.append(is_shipped)
    try:
        yield
    finally:
        _OF_THE_PROGRAM.pop()


def is_of_the_program() -> bool:
    return _OF_THE_PROGRAM[-1]


def _is_of_the_program() -> bool:
    if is_of_the_program():
        return True
    frame = sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename != _IMPORT:
        frame = frame.f_back
    return frame.f_code.co_filename == _IMPORT


def _in_full(pattern: Any, flags: int) -> int:
    """A text's pattern is one of Unicode without a word of it, and says so when it comes back from a pickle."""
    says_others = not isinstance(pattern, str) or pattern.startswith("(?") or flags & _SAYS_OTHERS
    return flags if says_others else flags | _UNICODE


class KeptPatterns:
    """Stands before the compiler of the standard library from :meth:`begin` to :meth:`end`."""

    def __init__(self) -> None:
        self._file = KeptByKey()
        self._known: dict[tuple[str | bytes, int], _Made] = {}
        #: By whether they are of the program: what is kept, and what came since.
        self._kept: dict[bool, dict[tuple[str | bytes, int], _Made]] = {}
        self._new: dict[bool, dict[tuple[str | bytes, int], _Made]] = {True: {}, False: {}}
        self._is_long: dict[bool, bool] = {}
        self._numbers: tuple[object, list[int]] = None, []
        self._compile: Any = None

    def begin(self, folder: Path) -> None:
        """Take what is kept in a folder, and note what is missing there."""
        compiler: Any = getattr(re, "_compiler", None)
        if not all(hasattr(compiler, name) for name in ("compile", "_code", "_sre")):
            return
        self._file.keep_in(folder, sys.version)
        self._file.keep_beside("patterns", sys.version)
        pieces = {each: self._file.read_all(_NAMES[each], is_shipped=each) for each in (True, False)}
        self._kept = {each: dict(ChainMap(*its)) for each, its in pieces.items()}
        self._is_long = {each: len(its) >= _MOST_ADDED for each, its in pieces.items()}
        self._known = self._kept[True] | self._kept[False]
        self._compile, self._code, self._matcher = compiler.compile, compiler._code, compiler._sre
        compiler.compile, compiler._code = self._find, self._noted
        share_notes(self)

    def end(self) -> None:
        """Write down what was compiled since."""
        if self._compile is None:
            return
        compiler: Any = getattr(re, "_compiler", None)
        compiler.compile, compiler._code = self._compile, self._code
        for each, new in self._new.items():
            if len(new) > _FEW:
                known = self._kept[each]
                if self._is_long[each] or len(known) > _MOST:
                    self._file.write(_NAMES[each], new if len(known) > _MOST else known | new, is_shipped=each)
                else:  # beside what another process has found meanwhile
                    self._file.write(_NAMES[each], new, is_shipped=each, adds=True)

    def begin_to_tell(self) -> None:
        self._new = {True: {}, False: {}}

    def news(self) -> Any:
        return self._new

    def hear(self, news: Any) -> None:
        for each, new in news.items():
            self._new[each] |= new

    def _find(self, pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        key = pattern, _in_full(pattern, int(flags))
        if not isinstance(pattern, str | bytes):  # parsed already
            return self._compile(pattern, flags)  # type: ignore[no-any-return]
        if made := self._known.get(key):
            if is_of_the_program() and key not in self._kept[True]:  # another program's project has it from its own
                self._new[True][key] = made
            return self._given(pattern, *made)
        compiled: re.Pattern[Any] = self._compile(pattern, flags)
        text, numbers = self._numbers
        if text is pattern and not compiled.flags & _ONCE:
            made = compiled.flags, array("I", numbers).tobytes(), compiled.groups, dict(compiled.groupindex)
            self._known[key] = self._new[_is_of_the_program()][key] = made
        return compiled

    def _noted(self, parsed: Any, flags: int) -> list[int]:
        numbers: list[int] = self._code(parsed, flags)
        self._numbers = parsed.state.str, numbers
        return numbers

    def _given(
        self, pattern: str | bytes, flags: int, numbers: bytes, groups: int, names: dict[str, int]
    ) -> re.Pattern[Any]:
        of_groups: list[str | None] = [None] * (groups + 1)
        for name, group in names.items():
            of_groups[group] = name
        code = memoryview(numbers).cast("I").tolist()
        return self._matcher.compile(pattern, flags, code, groups, names, tuple(of_groups))  # type: ignore[no-any-return]
