"""What was worked out once, for the processes after this one, under all that it was made from.

It lies in the state folder, outside the project, which may have come from somebody else: in a folder that only this
user writes to. What rests on the program alone lies beside the program (:mod:`.program_folder`), for all who run it.
Each piece is used only if it is whole. Where anything that it was made from is another, the program itself among it, it
is made again; where it cannot be kept, that is only slower.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import marshal
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar, cast

from .folders import open_own
from .program_folder import may_write_beside, owner_of_program, program_folder

T = TypeVar("T")
_CHECK = hashlib.sha256().digest_size


def in_full(value: object) -> str:
    """All that a value is made of, alike in each process: a key for what was made from it. Unlike ``repr`` it leaves no
    field out, and no order to chance. Raises TypeError for what does not say what it is made of."""
    pieces: list[str] = []
    _spell(value, pieces.append)
    return "".join(pieces)


def _spell(value: Any, add: Callable[[str], object]) -> None:
    kind = type(value)
    if kind in _PLAIN:
        add(repr(value))
    elif names := _fields_of(kind):
        add(kind.__qualname__)
        _spell_each([getattr(value, name) for name in names], add)
    elif isinstance(value, Mapping):
        add("of")
        _spell_each([*chain.from_iterable(value.items())], add)
    elif isinstance(value, tuple | list):
        _spell_each(value, add)
    elif isinstance(value, frozenset | set):
        add(f"any {sorted(map(in_full, value))}")
    elif _BARE is cast(object, kind.__repr__):
        raise TypeError(f"{kind.__qualname__} does not say what it is made of")
    else:
        add(f"{kind.__qualname__} {value!r}")


def _spell_each(values: Iterable[Any], add: Callable[[str], object]) -> None:
    add("(")
    for value in values:
        if type(value) in _PLAIN:
            add(repr(value))
        else:
            _spell(value, add)
        add(",")
    add(")")


_PLAIN = frozenset((str, int, bool, bytes, float, type(None)))


_BARE: object = object.__repr__  # says where it lies alone
_FIELDS: dict[type, tuple[str, ...]] = {}


def _fields_of(kind: type) -> tuple[str, ...]:
    """Of a record what it was given; what it was not is made of that."""
    if kind not in _FIELDS:
        fields = getattr(kind, "__dataclass_fields__", {})
        _FIELDS[kind] = tuple(name for name, field in fields.items() if field.init)
    return _FIELDS[kind]


class KeptByKey:
    """Values of plain kinds (texts, bytes, code, numbers, tuples of these), by key.

    ``is_shipped``: what it was made from is shipped with the program, to the last sign.
    """

    most_files = 2000

    def __init__(self) -> None:
        self.folder: Path | None = None  # None: nothing is kept
        self.beside: Path | None = None  # of what is shipped; None: that is kept in the other folder
        self._made_by = ""
        self._there = 0  # files, at most; 0: it has not looked

    def keep_in(self, folder: Path, made_by: str) -> None:
        """From here on in ``folder``, for as long as the program (:func:`program_fingerprint`) is the same."""
        self._made_by = f"{made_by} {importlib.util.MAGIC_NUMBER.hex()}"
        if _usable(folder, os.geteuid(), 0o700):
            self.folder, self._there = folder, 0

    def keep_beside(self, name: str, made_by: str) -> None:
        """From here on what is shipped in a folder of that name beside the program; ``made_by`` is as above."""
        self._made_by = f"{made_by} {importlib.util.MAGIC_NUMBER.hex()}"
        above = program_folder()
        if above is not None and _usable(above / name, owner_of_program(), 0o755):
            self.beside = above / name

    def read(self, key: object, *, is_shipped: bool = False) -> Any:
        """None for what is not kept, or not as it was written."""
        for folder, owner, _ in self._folders(is_shipped):
            with contextlib.suppress(OSError, ValueError, EOFError, TypeError):
                return _read(folder / self._name(key), owner)
        return None

    def write(self, key: object, value: object, *, is_shipped: bool = False) -> None:
        for folder, _, mode in self._folders(is_shipped):
            if folder is self.beside and not may_write_beside():
                continue
            with contextlib.suppress(OSError):
                if folder is self.folder:
                    self._make_room(folder)
                _write(folder / self._name(key), value, mode)
                return

    def _folders(self, is_shipped: bool) -> Iterator[tuple[Path, int, int]]:
        """In the order in which they are asked: each with who alone may have written it, and the mode of its files."""
        if is_shipped and self.beside is not None:
            yield self.beside, owner_of_program(), 0o644
        if self.folder is not None:
            yield self.folder, os.geteuid(), 0o600

    def _name(self, key: object) -> str:
        return hashlib.sha256(repr((self._made_by, key)).encode(errors="surrogatepass")).hexdigest()

    def _make_room(self, folder: Path) -> None:
        """What was not asked for is of earlier words, mostly; it is not worth knowing which."""
        self._there += 1
        if 1 < self._there <= self.most_files:
            return
        names = os.listdir(folder)
        self._there = len(names) + 1  # some of what was written took the place of another
        if self._there > self.most_files:
            for name in names:
                (folder / name).unlink(missing_ok=True)
            self._there = 1


class KeptOfTexts(KeptByKey):
    """What questions about a text alone found in each, all texts of a question in one file: most texts of a month are
    as they were, and a file for each would cost more than it saves."""

    most_files = 100
    #: Of questions that rest on something: in a process that stays, it changes now and then.
    most_at_hand = 32

    def __init__(self) -> None:
        super().__init__()
        self._questions: dict[str, AboutTexts] = {}
        self._that_change: list[str] = []

    def question(self, name: str, rests_on: object = None) -> AboutTexts:
        """``rests_on``: all that an answer depends on beside the text and the program, in full."""
        asked = hashlib.sha256(repr((name, rests_on)).encode(errors="surrogatepass")).hexdigest()
        if asked not in self._questions:
            self._questions[asked] = AboutTexts(self, asked)
            if rests_on is not None:
                self._that_change.append(asked)
                if len(self._that_change) > self.most_at_hand:
                    self._questions.pop(self._that_change.pop(0)).keep()
        return self._questions[asked]

    def keep(self) -> None:
        """Write down what has been found since."""
        for question in list(self._questions.values()):
            question.keep()


class AboutTexts:
    """One question, and its answers."""

    most_texts = 10_000

    def __init__(self, kept: KeptOfTexts, asked: str) -> None:
        self._kept, self._asked = kept, asked
        self._folder: Path | None = None
        self._known: dict[str, Any] = {}
        self._is_news = False

    def of(self, text: str, find: Callable[[str], T]) -> T:
        """The answer about a text: as it is known, or as ``find`` finds it, which nobody may change afterwards."""
        if self._folder is not self._kept.folder:
            self._folder = self._kept.folder
            self._known |= self._kept.read(self._asked) or {}
        if text in self._known:
            known: T = self._known[text]
            return known
        if len(self._known) >= self.most_texts:
            self._known.clear()
        found = self._known[text] = find(text)
        self._is_news = True
        return found

    def keep(self) -> None:
        if self._is_news:
            self._is_news = False
            self._kept.write(self._asked, dict(self._known))


def _usable(folder: Path, owner: int, mode: int) -> bool:
    """Whether it is there, and nobody but its owner writes to it."""
    try:
        if owner == os.geteuid():
            folder.mkdir(mode=mode, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o022


def _read(file: Path, owner: int) -> Any:
    """Raises OSError, ValueError, EOFError or TypeError for one that is not there, or not as it was written."""
    with open(open_own(file, owner), "rb") as opened:
        content = opened.read()
    if hashlib.sha256(content[_CHECK:]).digest() != content[:_CHECK]:
        raise ValueError("it is not whole")
    return marshal.loads(content[_CHECK:])  # noqa: S302 - see the top of this module


def _write(file: Path, value: Any, mode: int) -> None:
    payload = marshal.dumps(value)
    beside = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(descriptor, "wb") as opened:
        opened.write(hashlib.sha256(payload).digest() + payload)
    os.replace(beside, file)
