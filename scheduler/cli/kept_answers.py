"""An answer that would be the same again is not worked out again: of a dry run when nothing has changed, and `status`.

A kept answer is printed only while everything is as it was that it rests on: each file of the project that a message is
made from, the settings and variables, the program and what is installed beside it, the ledger's file, the files that
were written, the words that were typed, and where they are printed; and only for as long as its command says, because
some of it goes by the clock. A command that wants this says so (:meth:`.context.Context.keep_answer`). Where in doubt
it is worked out: a ledger on a server is not looked at like this at all.

It lies in the state folder, readable by this user alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from datetime import datetime
from itertools import chain, pairwise

from ..clock import clock_of
from ..errors import ObservanceError
from ..folders import find_root, open_own, state_folder
from ..start_notes import database_of, program_files, read_note, stamp_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

#: The commands that may keep theirs.
KEPT = ("dry-run", "status")
_CONTENT = ("campaigns", "templates", "config")
_TERMINAL = ("COLUMNS", "LINES", "TERM", "NO_COLOR", "FORCE_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "PYTHONIOENCODING")
_KEYS = ("var/secret.key", "var/secret.key.old")
_KEYS_IN_WORDS = ("OBSERVANCE_SECRET_KEY", "OBSERVANCE_SECRET_KEY_OLD")
_MOST = 50  # answers of one user
_TICK_NS = 20_000_000  # two changes within so short a time may leave a file with the same times


class Watched:
    """All that every answer rests on, as it was at one moment."""

    def __init__(self, root: str, env: Mapping[str, str]) -> None:
        """Raises OSError or ValueError where that cannot be said."""
        program, self.newest_ns = program_files(os.path.dirname(os.path.dirname(__file__)))
        self._digest = hashlib.sha256(f"{stamp_of(root, env)} {program}".encode())
        own = (value for name, value in env.items() if name.startswith("OBSERVANCE_") and name.endswith("_FILE"))
        folders = (os.path.join(root, name) for name in (*_CONTENT, *_KEYS))
        self._add(self._digest, (*folders, *_homes(env), *(os.path.join(root, value) for value in own if value)))

    def with_files(self, more: Iterable[str]) -> str:
        """A fingerprint of it, and of what one answer rests on besides; in the order of their names."""
        digest = self._digest.copy()
        self._add(digest, sorted(more))
        return digest.hexdigest()

    def _add(self, digest: hashlib._Hash, paths: Iterable[str]) -> None:
        for line in chain.from_iterable(map(self._lines, paths)):
            digest.update(line.encode(errors="surrogateescape"))

    def _lines(self, path: str) -> Iterator[str]:
        """Name, size and times of a file, or of all that is below a folder."""
        try:
            found = os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            yield f"{path} is not there\n"
            return
        if not stat.S_ISDIR(found.st_mode):
            if found.st_size or not path.endswith("-wal"):  # an empty log is there while somebody looks
                self.newest_ns = max(self.newest_ns, found.st_mtime_ns, found.st_ctime_ns)
                yield f"{path} {found.st_mode} {found.st_ino} {found.st_size} {_times(found)}\n"
            return
        yield f"{path}/\n"
        with os.scandir(path) as entries:
            below = sorted((entry for entry in entries if entry.name != "__pycache__"), key=lambda entry: entry.name)
        for entry in below:
            if entry.is_symlink() and entry.is_dir():
                raise ValueError("what is below a link is not followed")
            yield from self._lines(entry.path)


def _times(found: os.stat_result) -> str:
    return f"{found.st_mtime_ns} {found.st_ctime_ns}"


class KeptQuestion:
    """A command that was typed, in one place."""

    def __init__(self, name: str, words: Sequence[str], env: Mapping[str, str]) -> None:
        """Raises ObservanceError where there is no project."""
        self._env = env
        explicit = next((after for word, after in pairwise(words) if word == "--project"), None)
        explicit = next((w.partition("=")[2] for w in words if w.startswith("--project=")), explicit)
        self.root = find_root(explicit, env, os.getcwd())
        self._keys = {os.path.join(self.root, name) for name in _KEYS}
        out = sys.stdout
        where = [env.get(each, "") for each in _TERMINAL]
        where += [str(out.isatty()), str(getattr(out, "encoding", "")), _size_of(out), os.path.basename(sys.argv[0])]
        asked = json.dumps([self.root, os.getcwd(), name, *words, *where])
        self._path = os.path.join(_folder(env), hashlib.sha256(os.fsencode(asked)).hexdigest()[:32] + ".json")
        self._now = clock_of(env).now()
        self._before = self._database = ""
        self._at_first: Watched | None = None
        self._until: datetime | None = None
        self._room = 0
        self._written: list[str] = []
        self._is_good, self._is_vouched_for = True, False

    def answer(self) -> int | None:
        """Print the answer that is kept, and return its status. None: there is none that would be the same."""
        try:
            with open(open_own(self._path), encoding="utf-8") as file:
                kept = json.load(file)
            since, until = map(datetime.fromisoformat, kept["good"])
            if not since <= self._now < until:
                return None
            if self._watched().with_files(kept["watched"]) != kept["fingerprint"]:
                return None
            if kept["room"] and _free_at(kept["database"]) < kept["room"]:
                return None
            if kept["database"]:
                from ..store.plain_drivers import OnSqlite

                OnSqlite(kept["database"], patience_ms=0).close()  # that it can be written to is a part of the answer
            text, status = str(kept["text"]), int(kept["status"])
        except Exception:  # whatever it is, the command meets it too, and explains it
            return None
        print(text, end="")
        return status

    def _watched(self) -> Watched:
        """Before anything was worked out. Raises OSError or ValueError where that cannot be said."""
        if self._at_first is None:
            self._at_first = Watched(self.root, self._env)
        return self._at_first

    def look(self) -> None:
        """Before the answer is worked out: what changes from here on may not be in it any more."""
        try:
            note = read_note(self.root, self._env)
            url = database_of(note, self._env) if note is not None else ""
            self._database = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else ""
            self._before = self._watched().with_files(_files_of(self._database))
        except (OSError, ValueError):
            self._is_good = False

    def rests_on(
        self,
        *,
        until: datetime,
        database: str | None,
        written: Sequence[str] = (),
        keys: Sequence[str] = (),
        room: int = 0,
    ) -> None:
        """What the command says of (a part of) its answer: how long it is good, the ledger's file (None: it is on a
        server), what was written with it, where its secret keys are (elsewhere than usual they were not watched from
        the start), and how many bytes have to be free beside the ledger for it to be good."""
        self._until = until if self._until is None else min(until, self._until)
        self._written += written
        self._room = max(room, self._room)
        self._is_vouched_for = True
        is_elsewhere = database is None or (database != self._database and os.path.exists(database))
        if is_elsewhere or not self._keys.issuperset(keys):
            self.forget()
        else:
            self._database = str(database)

    def part_has_ended(self) -> None:
        """The answer about one campaign of several: each has to be vouched for."""
        if not self._is_vouched_for:
            self.forget()
        self._is_vouched_for = False

    def forget(self) -> None:
        """The answer is for this once."""
        self._is_good = False

    def keep(self, text: str, status: int) -> None:
        """When all is closed. A folder that cannot be written to only makes the next time slower."""
        if self._until is None or not self._is_good or status not in (0, 1):
            return
        beside = f"{self._path}.{os.getpid()}"
        try:
            files = _files_of(self._database)
            there = files if os.path.exists(self._database) else ()
            now, watched = Watched(self.root, self._env), sorted((*files, *self._written))
            if now.with_files(there) != self._before:
                return
            newest_ns = now.newest_ns
            kept = {
                "good": [self._now.replace(microsecond=0).isoformat(), self._until.isoformat()],
                "watched": watched,
                "fingerprint": now.with_files(watched),
                "database": self._database if os.path.exists(self._database) else "",
                "room": self._room,
                "text": text,
                "status": status,
            }
            os.makedirs(_folder(self._env), mode=0o700, exist_ok=True)
            _make_room(_folder(self._env))
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(kept, file)
            if os.stat(beside).st_mtime_ns - newest_ns < _TICK_NS:
                os.unlink(beside)
            else:
                os.replace(beside, self._path)
        except (OSError, ValueError):
            return


class OutputCopy:
    """What is printed, beside where it goes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._pieces: list[str] = []

    def write(self, text: str) -> int:
        self._pieces.append(text)
        return self._out.write(text)

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def __getattr__(self, name: str) -> object:
        return getattr(self._out, name)


def question_of(name: str, words: Sequence[str], env: Mapping[str, str]) -> KeptQuestion | None:
    """None where no answer is kept. With a key from the environment there is none: what it is now is not written down
    anywhere, to be compared."""
    if name not in KEPT or {"-h", "--help", "--open"} & {*words} or any(env.get(each) for each in _KEYS_IN_WORDS):
        return None
    try:
        return KeptQuestion(name, words, env)
    except (ObservanceError, OSError, ValueError):
        return None


def _folder(env: Mapping[str, str]) -> str:
    return os.path.join(state_folder(env), "answers")


def _files_of(database: str) -> tuple[str, ...]:
    """The log lies beside the file that a link leads to."""
    return (database, f"{os.path.realpath(database)}-wal") if database else ()


def _homes(env: Mapping[str, str]) -> Iterator[str]:
    """What this machine knows of where ledgers are at home (:mod:`scheduler.engine.whereabouts`)."""
    folder = state_folder(env)
    names = os.listdir(folder) if os.path.isdir(folder) else ()
    return (os.path.join(folder, name) for name in sorted(names) if name.endswith(".home"))


def _free_at(database: str) -> int:
    found = os.statvfs(os.path.dirname(database))
    return found.f_bavail * found.f_frsize


def _make_room(folder: str) -> None:
    names = os.listdir(folder)
    if len(names) >= _MOST:
        for name in names:
            os.unlink(os.path.join(folder, name))


def _size_of(out: TextIO) -> str:
    try:
        return str(os.get_terminal_size(out.fileno()))
    except (OSError, ValueError, AttributeError):
        return ""
