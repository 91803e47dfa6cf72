"""The processes that send: which run, and what is wrong with them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ObservanceError
from .readers import Readers

if TYPE_CHECKING:
    from ..domain.sender import Sender
    from ..operating.doctor_result import DoctorResult
    from ..store import Ledger


class Senders(Readers):
    """A project, and the processes that send from it."""

    def running_senders(self, ledger: Ledger) -> tuple[Sender, ...]:
        """The processes that send now, the latest seen first."""
        from ..domain.sender import running

        return running(ledger.senders(), self.clock.now(), locked=self._locked())

    def senders_at_work(self, ledger: Ledger) -> tuple[Sender, ...]:
        """The same, and ticks that ended a moment ago."""
        from ..domain.sender import at_work

        return at_work(ledger.senders(), self.clock.now(), locked=self._locked())

    def sender_trouble(self, ledger: Ledger) -> tuple[DoctorResult, ...]:
        """What is wrong with the processes that send: above all that they rehearse while a season is armed."""
        from ..operating.check_senders import senders
        from ..operating.doctor_result import DoctorContext, Status

        examined = DoctorContext(
            settings=self.settings,
            root=self.root,
            env=self.env,
            now=self.clock.now(),
            ledger=ledger,
            senders=self.senders_at_work(ledger),
        )
        return tuple(line for line in senders(examined) if line.light is Status.RED)

    def _locked(self) -> bool | None:
        """Whether a process holds the SQLite file; None: there is no such file."""
        file = self._database_file()
        try:
            return None if file is None else bool(self._who_sends(file))
        except ObservanceError:
            return None

    def _held_by(self) -> str:
        """Who holds the SQLite file, in words; empty: nobody, or it cannot be known."""
        try:
            return self._who_sends(self._database_file())
        except ObservanceError:
            return ""

    def served_address(self, ledger: Ledger) -> str:
        """host:port at which `start` serves the pages now, as it was bound; empty: it serves none."""
        return next((s.pages_address for s in self.running_senders(ledger) if s.pages_address), "")

    def who_sends(self, ledger: Ledger | None) -> str | None:
        """The processes that send, in words; empty: none does. None where that cannot be known: no ledger, and no
        file that would be held."""
        try:
            rows = self.running_senders(ledger) if ledger is not None else ()
            if rows:
                return "; ".join(self._in_words(s) for s in rows)
            file = self._database_file()
            if file is None:
                return None if ledger is None else ""
            return self._who_sends(file)
        except ObservanceError:
            return None

    def _in_words(self, sender: Sender) -> str:
        def at(instant: datetime) -> str:
            return f"{instant:%Y-%m-%d %H:%M} UTC"

        passed = f", last pass {at(sender.last_pass_at)}" if sender.last_pass_at else ", no pass yet"
        return f"{sender.name} ({sender.mode}), since {at(sender.started_at)}{passed}"

    def _who_sends(self, file: Path | None) -> str:
        from ..engine.process_lock import lock_holder

        return (lock_holder(file) or "") if file is not None and file.exists() else ""
