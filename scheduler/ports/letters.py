"""Letters that wait in the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from ..domain.transactional_email import LetterState, WaitingLetter


class WaitingLetters(Protocol):
    """What is done about letters. They are asked for by ``sign_up`` and ``confirm`` themselves, in one transaction.

    Raises OutOfReach when the database cannot be reached.
    """

    def next_letter(self) -> WaitingLetter | None:
        """The letter that may go first, whenever that is."""
        ...

    def take_letter(self, letter_id: int, *, token_hash: str = "", until: datetime, now: datetime) -> bool:
        """Mark a letter before its call. False when another process has it, or nobody wants it any more."""
        ...

    def put_off_letter(self, letter_id: int, *, try_at: datetime) -> None:
        """Nothing was tried; look again then."""
        ...

    def try_letter_again(self, letter_id: int, *, try_at: datetime, why: str) -> None:
        """The call certainly sent nothing."""
        ...

    def end_letter(
        self, letter_id: int, state: LetterState, *, taken: bool = True, why: str = "", now: datetime
    ) -> None:
        """Write down how a letter ended; what did not go, or may have, stands in the history too. Not ``taken``: only
        while it waits, so that nothing is said of a letter that another process has taken."""
        ...

    def drop_letter(self, letter_id: int) -> None:
        """Take out a letter that waits and that nobody wants any more."""
        ...

    def doubt_letters(self, *, now: datetime) -> int:
        """Letters whose call began and whose end nobody wrote down in time are in doubt. Returns how many."""
        ...
