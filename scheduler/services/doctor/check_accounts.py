"""Who tries to sign in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from ...domain.formatting import counted, utc_words
from ...domain.role import FAILED
from .doctor_result import DoctorContext, DoctorResult, Status, of_ledger

if TYPE_CHECKING:
    from ...store import Ledger

WEEK = timedelta(days=7)
#: A person who has forgotten a password types fewer wrong ones.
MANY = 10


@of_ledger
def failed_sign_ins(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """Wrong passwords of the last week, by name. A network is told from another one, and not which it is."""
    failed = ledger.events.of_kinds(FAILED, since=examined.now - WEEK)
    if not failed:
        return
    by_name = Counter(str(event.data.get("name") or "") or "names that nobody has" for event in failed)
    networks = len({event.data.get("network") for event in failed})
    said = (
        f"{counted(len(failed), 'wrong password')} in the last 7 days, the last on {utc_words(failed[-1].at)}, from "
        f"{counted(networks, 'network')}: {', '.join(f'{n} for {name}' for name, n in by_name.most_common(5))}"
    )
    if len(failed) < MANY:
        yield DoctorResult("sign-ins", Status.GREEN, said)
    else:
        to_do = "ask them whether it was them; if not: people sign-out NAME, and another password"
        yield DoctorResult("sign-ins", Status.AMBER, said, to_do)
