"""A process that takes a form or sends letters, to be killed: ``letters.py FOLDER ask|confirm|send [WHERE]``.

WHERE is ``before_NAME_commit`` or ``after_NAME_commit`` of a change of the ledger, or ``after_call``. The mail's way
remembers in FOLDER/provider.jsonl.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from scheduler.clock import VirtualClock
from scheduler.domain.address import keyed_hash
from scheduler.domain.outcome import Outcome, Request
from scheduler.domain.subscriber import NewSubscriber, Subscription
from scheduler.domain.transactional_email import WaitingLetter
from scheduler.engine.transactional_mail import Ready, TransactionalMailer
from scheduler.store import Ledger, open_ledger
from tests.crash.driver import RememberingTransport

NOW = datetime(2026, 12, 20, 9, tzinfo=UTC)


def open_at(folder: Path, failpoint: Callable[[str], None] = lambda name: None) -> Ledger:
    key = partial(keyed_hash, key=b"k" * 32)
    return open_ledger(f"sqlite:///{folder / 'observance.db'}", failpoint=failpoint, address_hash=key)


def act(folder: Path, what: str, where: str, now: datetime) -> None:
    """Do it, and die there."""

    def failpoint(name: str) -> None:
        if name == where:
            os.kill(os.getpid(), signal.SIGKILL)

    class Way(RememberingTransport):
        def send(self, request: Request, *, now: datetime) -> Outcome:
            outcome = super().send(request, now=now)
            failpoint("after_call")
            return outcome

    way = Way("email", folder / "provider.jsonl")

    def ready(letter: WaitingLetter, subscription: Subscription) -> Ready:
        request = Request("POST", "/", {"readers": [subscription.subscriber.address]}, fingerprint=str(letter.kind))
        return Ready("email", way, request, f"hash of a token for {letter.kind}")

    ledger = open_at(folder, failpoint)
    if what == "ask":
        ledger.subscribers.sign_up(
            "a-month",
            NewSubscriber("ann@readers.example"),
            token_hash="first",
            expires_at=now + timedelta(days=7),
            what="mails",
            wording="1",
            network="",
            now=now,
        )
    elif what == "confirm":
        ledger.subscribers.confirm("hash of a token for confirm", now=now)
    else:
        TransactionalMailer(ready, ledger, VirtualClock(now)).work_off()
    ledger.close()


def main(arguments: Sequence[str]) -> None:
    folder, what, where, now = arguments
    act(Path(folder), what, where, datetime.fromisoformat(now))


if __name__ == "__main__":
    main(sys.argv[1:])
