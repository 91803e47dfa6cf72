"""Whether readers can leave: how the address in their unsubscribe links answers, or did when it was last asked."""

from __future__ import annotations

from collections.abc import Iterator

from ...channels.registry import mail_channels
from ...domain.leave_page import ASKED, CONFIRMED, LeavePage, found_words, is_confirmed, last_found
from .doctor_result import DoctorContext, DoctorResult, Status

CHECK = "unsubscribe links"


def leave_page(examined: DoctorContext) -> Iterator[DoctorResult]:
    """With --online by asking; without, by what the history has of the last time."""
    settings = examined.settings
    if not mail_channels(settings):
        return
    if settings.unsubscribe_check == "trust":
        said = 'they are not tried before a mailing (web.unsubscribe_check = "trust")'
        yield DoctorResult(CHECK, Status.GREEN, said)
    if not examined.online:
        yield from known(examined)
        return
    found = examined.leave_page()
    said, to_do = found_words(found, settings.public_url)
    if found.page is LeavePage.UNSEEN and (names := _confirmed(examined)):
        yield DoctorResult(CHECK, Status.GREEN, f"they cannot be tried from here; a person has seen the page: {names}")
    elif found.page is LeavePage.WRONG:
        yield DoctorResult(CHECK, Status.RED if examined.live else Status.AMBER, said, to_do)
    elif found.page is LeavePage.UNSEEN:
        yield DoctorResult(CHECK, Status.AMBER, said, to_do)
    else:
        yield DoctorResult(CHECK, Status.GREEN, said)


def known(examined: DoctorContext) -> Iterator[DoctorResult]:
    """What keeps emails from going, as it was found the last time."""
    settings = examined.settings
    if examined.ledger is None or not examined.live or settings.unsubscribe_check == "trust":
        return
    found = last_found(examined.ledger.events.of_kinds(ASKED), settings.public_url)
    if found is None or not found.is_bad or (found.page is LeavePage.UNSEEN and _confirmed(examined)):
        return
    said, to_do = found_words(found, settings.public_url)
    yield DoctorResult(CHECK, Status.RED, said, to_do)


def _confirmed(examined: DoctorContext) -> str:
    """The seasons for which a person has seen the page, if those are all that is looked at."""
    if examined.ledger is None:
        return ""
    events = examined.ledger.events.of_kinds(CONFIRMED)
    if examined.seasons:
        seasons = [s.rehearsal.plan.key for s in examined.seasons if s.rehearsal]
        if not all(is_confirmed(events, examined.settings.public_url, season) for season in seasons):
            return ""
    mine = [e for e in events if e.data.get("address") == examined.settings.public_url]
    return ", ".join(dict.fromkeys(f"{e.data['season']}" for e in mine))
