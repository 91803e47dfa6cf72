"""What was worked out once, for the processes after this one, under all that it was made from.

It lies in the state folder, outside the project, which may have come from somebody else: in a folder that only this
user writes to. What rests on the program alone lies beside the program (:mod:`.program_folder`), for all who run it.
Pieces of one kind lie in one file (:mod:`.kept_file`), of which only those that are asked for are read.
Each piece is used only if it is whole. Where anything that it was made from is another, the program itself among it, it
is made again; where it cannot be kept, that is only slower.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import marshal
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar, cast

from .kept_file import KeptFile
from .program_folder import may_write_beside, owner_of_program, program_folder
from .second_process import share_notes

T = TypeVar("T")
_Told = tuple[bytes, bool, bool]  # a piece; is it shipped, does it add
#: The latest form of plain values that does not tell which of them are one in memory: it is alike in each process.
_ALIKE = 2


def in_full(value: object) -> str:
    """All that a value is made of, alike in each process: a key for what was made from it. Unlike ``repr`` it leaves no
    field out, and no order to chance. Raises TypeError for what does not say what it is made of."""
    pieces: list[str] = []
    _spell(value, pieces.append)
    return "".join(pieces)


def _spell(value: Any, add: Callable[[str], object]) -> None:
    kind = type(value)
    if kind is str:
        add(f"{len(value)}:{value}")  # where it ends is told, so nothing in it needs to be spelled
    elif kind in _PLAIN:
        add(repr(value))
    elif fields := _fields_of(kind):
        add(kind.__qualname__)
        _spell_each(fields(value), add)
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
        if type(value) is str:  # as most are
            add(f"{len(value)}:{value},")
        else:
            _spell(value, add)
            add(",")
    add(")")


_PLAIN = frozenset((int, bool, bytes, float, type(None)))


_BARE: object = object.__repr__  # says where it lies alone
_Fields = Callable[[Any], tuple[Any, ...]]
_FIELDS: dict[type, _Fields | None] = {}


def _fields_of(kind: type) -> _Fields | None:
    """Of a record what it was given; what it was not is made of that."""
    if kind not in _FIELDS:
        fields = getattr(kind, "__dataclass_fields__", {})
        names = [name for name, field in fields.items() if field.init]
        one = attrgetter(names[0]) if len(names) == 1 else None  # which gives no tuple
        _FIELDS[kind] = (lambda value: (one(value),)) if one else attrgetter(*names) if names else None
    return _FIELDS[kind]


class KeptByKey:
    """Values of plain kinds (texts, bytes, code, numbers, tuples of these), by key.

    ``is_shipped``: what it was made from is shipped with the program, to the last sign.
    """

    most_pieces = 2_000

    def __init__(self) -> None:
        self.folder: Path | None = None  # None: nothing is kept
        self.beside: Path | None = None  # of what is shipped; None: that is kept in the other folder
        self._made_by = ""
        self._files: dict[Path, KeptFile] = {}
        self._told: dict[bytes, list[_Told]] | None = None  # None: this process writes itself

    def keep_in(self, folder: Path, made_by: str) -> None:
        """From here on in ``folder``, for as long as the program (:func:`program_fingerprint`) is the same."""
        self._made_by = f"{made_by} {importlib.util.MAGIC_NUMBER.hex()}"
        if _usable(folder, os.geteuid(), 0o700):
            self.folder = folder
            share_notes(self)

    def keep_beside(self, name: str, made_by: str) -> None:
        """From here on what is shipped in a folder of that name beside the program; ``made_by`` is as above."""
        self._made_by = f"{made_by} {importlib.util.MAGIC_NUMBER.hex()}"
        above = program_folder()
        if above is not None and _usable(above / name, owner_of_program(), 0o755):
            self.beside = above / name

    def read(self, key: object, *, is_shipped: bool = False) -> Any:
        """None for what is not kept, or not as it was written."""
        values = self.read_all(key, is_shipped=is_shipped)
        return values[-1] if values else None

    def read_all(self, key: object, *, is_shipped: bool = False) -> list[Any]:
        """What was written, with what was added to it since."""
        name = self._name(key)
        if self._told and name in self._told:
            return [marshal.loads(piece) for piece, *_ in self._told[name]]  # noqa: S302 - see the top of this module
        for file in self._asked(is_shipped):
            if pieces := file.read(name):
                with contextlib.suppress(ValueError, EOFError, TypeError):
                    return [marshal.loads(piece) for piece in pieces]  # noqa: S302 - see the top of this module
        return []

    def write(self, key: object, value: Any, *, is_shipped: bool = False, adds: bool = False) -> None:
        """In place of what is kept there, or (``adds``) beside it."""
        name, piece = self._name(key), marshal.dumps(value)
        if self._told is None:
            self._write(name, piece, is_shipped=is_shipped, adds=adds)
        else:
            self._told[name] = [*(self._told.get(name, ()) if adds else ()), (piece, is_shipped, adds)]

    def _write(self, name: bytes, piece: bytes, *, is_shipped: bool, adds: bool) -> None:
        for file in self._asked(is_shipped):
            if file.folder is self.beside and not may_write_beside():
                continue
            if file.write(name, piece, adds=adds):
                return

    def begin_to_tell(self) -> None:
        """From here on another process writes what this one is given; see :mod:`.second_process`."""
        self._told = {}

    def news(self) -> Any:
        """What that process has to write."""
        return self._told

    def hear(self, news: Any) -> None:
        for name, written in news.items():
            for piece, is_shipped, adds in written:
                self._write(name, piece, is_shipped=is_shipped, adds=adds)

    def _asked(self, is_shipped: bool) -> Iterator[KeptFile]:
        """In the order in which they are asked."""
        if is_shipped and self.beside is not None:
            yield self._file_in(self.beside, owner_of_program(), 0o644)
        if self.folder is not None:
            yield self._file_in(self.folder, os.geteuid(), 0o600)

    def _file_in(self, folder: Path, owner: int, mode: int) -> KeptFile:
        if folder not in self._files:
            self._files[folder] = KeptFile(folder, owner, mode, self.most_pieces)
        return self._files[folder]

    def _name(self, key: Any) -> bytes:
        return hashlib.sha256(marshal.dumps((self._made_by, key), _ALIKE)).digest()


class KeptOfTexts(KeptByKey):
    """What questions about a text alone found in each: most texts of a month are as they were, so what is new is added
    to what is there."""

    most_pieces = 400  # an edit adds twenty
    #: Of questions that rest on something: in a process that stays, it changes now and then.
    most_at_hand = 32

    def __init__(self) -> None:
        super().__init__()
        self._questions: dict[str, AboutTexts] = {}
        self._that_change: list[str] = []

    def question(self, name: str, rests_on: object = None) -> AboutTexts:
        """``rests_on``: all that an answer depends on beside the text and the program, in full."""
        asked = name
        if rests_on is not None:
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

    def begin_to_tell(self) -> None:
        super().begin_to_tell()
        for question in self._questions.values():
            question.new = {}

    def news(self) -> Any:
        return super().news(), {asked: each.new for asked, each in self._questions.items() if each.new}

    def hear(self, news: Any) -> None:
        written, answers = news
        super().hear(written)
        for asked, found in answers.items():
            if asked not in self._questions:
                self._questions[asked] = AboutTexts(self, asked)
                self._that_change.append(asked)
            self._questions[asked].hear(found)


class AboutTexts:
    """One question, and its answers."""

    most_texts = 10_000
    #: So often something is added before all is written in one piece.
    most_added = 16

    def __init__(self, kept: KeptOfTexts, asked: str) -> None:
        self._kept, self._asked = kept, asked
        self._folder: Path | None = None
        self._known: dict[str, Any] = {}
        #: What is kept, by the hash of each text: an answer that nobody asks for stays as it lies there.
        self._there: dict[bytes, bytes] = {}
        self._added = 0
        self.new: dict[str, Any] = {}  # found since it was kept

    def of(self, text: str, find: Callable[[str], T]) -> T:
        """The answer about a text: as it is known, or as ``find`` finds it, which nobody may change afterwards."""
        if self._folder is not self._kept.folder:
            self._look()
        if text in self._known:
            known: T = self._known[text]
            return known
        if self._there and (plain := self._there.get(_hash_of(text))) is not None:
            found: T = marshal.loads(plain)  # noqa: S302 - see the top of this module
        else:
            found = self.new[text] = find(text)
        if len(self._known) >= self.most_texts:
            self._known.clear()
        self._known[text] = found
        return found

    def of_all(self, texts: Iterable[str], find: Callable[[list[str]], Iterable[T]]) -> dict[str, T]:
        """The answers about many texts; ``find`` is asked of those together that are not known."""
        if self._folder is not self._kept.folder:
            self._look()
        wanted = dict.fromkeys(texts)
        new = [text for text in wanted if text not in self._known and _hash_of(text) not in self._there]
        found = dict(zip(new, find(new), strict=True)) if new else {}
        return {text: self.of(text, found.__getitem__) for text in wanted}

    def _look(self) -> None:
        self._folder, self._there = self._kept.folder, {}
        pieces = self._kept.read_all(self._asked)
        for piece in pieces:
            self._there |= piece
        self._added = len(pieces)

    def hear(self, found: Mapping[str, Any]) -> None:
        """What another process has found."""
        self._known |= found
        self.new |= found

    def keep(self) -> None:
        if not self.new:
            return
        new = {_hash_of(text): marshal.dumps(found) for text, found in self.new.items()}
        self.new = {}
        if len(self._there) + len(new) > self.most_texts:
            self._there = {}
        self._there |= new
        self._added = self._added + 1 if 0 < self._added < self.most_added and len(self._there) > len(new) else 1
        if self._added > 1:
            self._kept.write(self._asked, new, adds=True)
        else:
            self._kept.write(self._asked, self._there)


@lru_cache(maxsize=16384)  # many questions are asked about one text
def _hash_of(text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()


def _usable(folder: Path, owner: int, mode: int) -> bool:
    """Whether it is there, and nobody but its owner writes to it."""
    try:
        if owner == os.geteuid():
            folder.mkdir(mode=mode, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o022
