"""Whether this is the ledger that sends, or a copy of it, or an old state of it: then nothing is sent.

A ledger in a file can be copied with its folder, put back, or lose its last part, and cannot know. So what it sent last
stands outside it too: in the send journal beside it, and in a few bytes in the user's state folder, which also hold
where it is at home. A server's database has an identity of its own, which changes when it is copied or put back.
Where these do not fit together a person says what happened: ``db moved`` or ``db restored``. Host names say nothing.

What this cannot see: a whole machine that was put back or cloned, with all of these on it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.formatting import utc_words
from ..domain.reason import Reason, ReasonCode, because
from ..domain.records import LedgerHome
from ..light_dataclass import dataclass
from .replay import read_folded
from .send_journal import SUFFIX, Begun, read_pages, write_whole

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: In a mark: the last attempt and its instant come first, each of the same length always, so that they can be
#: written over.
_ATTEMPT, _AT = 32, 40
#: Calls that are under way beside each other began no further apart. What seems to have begun longer ago is no earlier
#: call, but a clock that was set back.
BESIDE = timedelta(hours=1)
_EITHER = (
    "if it was moved here and the one there sends no more: db moved --by NAME; "
    "if it was put back from an older copy: db restored --of TIME --by NAME"
)
_OLDER = "say when the copy was made: db restored --of TIME --by NAME; nothing that was due since is sent by itself"


@dataclass(frozen=True)
class Displaced:
    """Why nothing is sent from this ledger, and what somebody can do."""

    reason: Reason
    message: str
    hint: str


@dataclass(frozen=True)
class LedgerMark:
    """What the state folder holds of a ledger."""

    path: str
    home: str
    last: str = ""  # the last attempt
    last_at: datetime | None = None

    def to_bytes(self) -> bytes:
        return _head(self.last, self.last_at) + f"{self.home}\n{self.path}\n".encode()


def _head(attempt: str, at: datetime | None) -> bytes:
    return f"{attempt:<{_ATTEMPT}}\n{at.isoformat() if at else '':<{_AT}}\n".encode()


def read_mark(path: Path) -> LedgerMark | None:
    """The mark in a file; None where there is none, or none that can be read."""
    try:
        attempt, at, home, where = map(str.strip, path.read_text(encoding="utf-8").split("\n", 3))
        return LedgerMark(where, home, attempt, datetime.fromisoformat(at) if at else None)
    except (OSError, ValueError):
        return None


class Whereabouts:
    """One ledger, and what is known of it outside."""

    def __init__(self, ledger: Ledger, file: Path | None, state: Path, journal_folder: Path) -> None:
        """``file``: of a SQLite ledger; None for a server's."""
        self._ledger = ledger
        self._ledger_id = ledger.attempts.ledger_id()
        self._here = os.path.realpath(file) if file is not None else ""
        self.mark_path = state / f"{self._ledger_id}.home"
        self._journal_folder = journal_folder
        self._settled = False  # the mark is this ledger's own, and may be written to
        self._marking = threading.Lock()
        self._marked_at: datetime | None = None  # when the call began that this process marked last

    # -- looking ----------------------------------------------------------------------------------------

    def displaced(self) -> Displaced | None:
        """Why nothing may be sent from here; None: it may. Changes nothing."""
        home = self._ledger.attempts.home()
        if elsewhere := self._elsewhere(home):
            return Displaced(because(ReasonCode.LEDGER_ELSEWHERE), elsewhere, _EITHER)
        known = self._calls_outside(home)
        missing = self._ledger.attempts.missing(tuple(call.attempt for call in known))
        if not missing:
            return None
        last = max(call.at for call in known if call.attempt in missing)
        message = (
            f"this ledger is older than what went out: a call of {utc_words(last)} is not in it, so it was put "
            "back from a copy, or has lost its last part; nothing is sent"
        )
        return Displaced(because(ReasonCode.LEDGER_OLD), message, _OLDER)

    def _elsewhere(self, home: LedgerHome) -> str:
        """Why it is not known to be at home here, in words; empty where it is."""
        mark = read_mark(self.mark_path) if self._here else None
        if mark is not None and mark.path != self._here:
            return f"this ledger is at home at {mark.path}; at {self._here} it is a copy, from which nothing is sent"
        if not home.home and not home.has_sent:
            return ""  # it has never sent: it is at home wherever it begins
        if self._here and (mark is None or mark.home != home.home):
            return (
                f"this ledger has sent, and nothing on this machine knows that it is at home here "
                f"({self.mark_path} is not there, or is another one's); nothing is sent"
            )
        if not self._here and not home.home:
            return "this ledger has sent, and does not know yet in which database it is at home; nothing is sent"
        is_elsewhere = not self._here and home.home != self._ledger.attempts.place()
        there = "another database than the one that it has sent from (or that one was put back)"
        return f"this ledger is in {there}; nothing is sent" if is_elsewhere else ""

    def _calls_outside(self, home: LedgerHome) -> list[Begun]:
        """The last call of each file of the journal, and of the mark, since somebody answered for what it lacks."""
        calls = [read_folded(self._journal_folder, self._ledger_id).last]
        for path in self._journal_folder.glob(f"*{SUFFIX}"):
            with contextlib.suppress(OSError), path.open("rb") as file:
                pages = read_pages(file, ends_of=())
                calls += [pages.last] if pages.ledger_id == self._ledger_id else []
        mark = read_mark(self.mark_path) if self._here else None
        if mark is not None and mark.last and mark.last_at is not None:
            calls.append(Begun(mark.last, "", False, mark.last_at))
        answered = home.answered_at
        return [call for call in calls if call is not None and (answered is None or call.at > answered)]

    # -- writing down -----------------------------------------------------------------------------------

    def settle(self, *, now: datetime) -> Displaced | None:
        """Look, and make a ledger that has never sent be at home here. None: it may send from now on."""
        displaced = self.displaced()
        if displaced is None:
            try:
                home = self._ledger.attempts.home()
                if not home.home:
                    self._be_at_home(who="start", kind="ledger.at-home", now=now)
                elif self._here:  # it can be written to, before anything depends on it
                    os.close(os.open(self.mark_path, os.O_WRONLY))
            except OSError as problem:
                message = f"{self.mark_path.parent} cannot be written: {problem.strerror}; nothing is sent"
                hint = "let it be written to, or set OBSERVANCE_STATE to a folder outside the project that can be"
                return Displaced(because(ReasonCode.NO_STATE_FOLDER), message, hint)
            self._settled = bool(self._here)
        return displaced

    def moved(self, *, who: str, now: datetime) -> Displaced | None:
        """A person says that the ledger is at home here now. What may be in the way still: it is too old."""
        self._be_at_home(who=who, kind="ledger.moved", now=now)
        return self.displaced()

    def restored(self, *, who: str, now: datetime) -> None:
        """A person answers for what is missing in it: from here on it is this ledger that sends."""
        self._be_at_home(who=who, kind="ledger.at-home", now=now, answered=True)

    def begun(self, attempt: str, at: datetime) -> None:
        """A call is about to be made. Of several at the same time the one that began last is marked. Raises OSError."""
        if not self._settled:
            return
        with self._marking:
            before = self._marked_at
            if before is not None and timedelta(0) < before - at < BESIDE:
                return
            descriptor = os.open(self.mark_path, os.O_WRONLY)
            try:
                os.write(descriptor, _head(attempt, at))
            finally:
                os.close(descriptor)
            self._marked_at = at

    def _be_at_home(self, *, who: str, kind: str, now: datetime, answered: bool = False) -> None:
        home = secrets.token_hex(16) if self._here else self._ledger.attempts.place()
        if self._here:
            before = read_mark(self.mark_path)
            last = (before.last, before.last_at) if before is not None and not answered else ("", None)
            self.mark_path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.mark_path, LedgerMark(self._here, home, *last).to_bytes())
        self._ledger.attempts.set_home(home, who=who, kind=kind, answered=answered, now=now)
