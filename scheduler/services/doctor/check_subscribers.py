"""The readers: whether their letters go, whether they can leave, who agreed to something else, who is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ...channels.registry import mail_channels
from ...domain.formatting import counted, days_words
from ...domain.leave_page import ASKED, CONFIRMED, LeavePage, found_words, is_confirmed, last_found
from ...domain.subscriber import ConsentToExample, without_folder_words
from ...domain.transactional_email import LettersStanding
from ...project import campaign_ids
from .doctor_result import DoctorContext, DoctorResult, Status, of_ledger

if TYPE_CHECKING:
    from ...store import Ledger

#: A letter goes within minutes. One that waits longer waits for something.
LONG = timedelta(hours=1)
#: What a person does about them. Nobody else can: a program that asked by itself would write without a consent.
CONSENTS_TO_DO = (
    "`subscribers consents` lists them, and with --out FILE.csv writes their addresses to a file. Tell each of these "
    "readers who you are and ask for a yes; then `subscribers add ADDRESS` writes the yes down, and `subscribers erase "
    "ADDRESS` takes out who says no or nothing"
)
_LINKS = "unsubscribe links"


@of_ledger
def letters(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """Letters that wait long, that were given up, or that may have gone. Nothing where there was none."""
    standing = ledger.transactional_emails.status()
    light, to_do = Status.GREEN, ""
    if standing.unknown or standing.given_up:
        light = Status.AMBER
        to_do = "the history says why (letter.not-sent, letter.unknown); the form may be filled in again the next day"
    elif standing.oldest_at is not None and examined.now - standing.oldest_at >= LONG:
        light = Status.AMBER
        to_do = "`start` sends them while it serves the pages, once no hold is in force and the mail server takes them"
    if standing != LettersStanding():
        yield DoctorResult("letters", light, letters_words(standing, examined.now), to_do)


@of_ledger
def consents(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """Readers who agreed to emails of the organization that is shipped as an example."""
    if found := ledger.subscribers.consents_to_example():
        yield DoctorResult("consents", Status.AMBER, consents_words(found), CONSENTS_TO_DO)


def consents_words(found: Sequence[ConsentToExample]) -> str:
    """For one line: how many, whom they named, since when."""
    names = " and ".join(f'"{name}"' for name in dict.fromkeys(c.named for c in found))
    number = counted(len(found), "reader agreed", "readers agreed")
    return f"{number} to emails from {names}, an example that is nobody; the first on {found[0].at:%Y-%m-%d}"


def letters_words(standing: LettersStanding, now: datetime) -> str:
    """For one line: what became of the letters of the last days. Empty where there is nothing to say."""
    words = []
    if standing.oldest_at is not None:
        words.append(
            f"{counted(standing.waiting, 'letter')} to be sent, the oldest for {days_words(now - standing.oldest_at)}"
        )
    if standing.unknown:
        words.append(f"{counted(standing.unknown, 'letter')} may have gone, and will not be sent again")
    if standing.given_up:
        words.append(f"{counted(standing.given_up, 'letter')} did not go, and will not be tried again")
    return "; ".join(words)


@of_ledger
def without_folder(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """Lists of campaigns whose folder is gone, or was renamed."""
    for campaign, readers in ledger.subscribers.lists_without_folder(campaign_ids(examined.root)).items():
        said, to_do = without_folder_words(campaign, readers)
        yield DoctorResult(f"list of {campaign}", Status.AMBER, said, to_do)


@of_ledger
def dead_addresses(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """Addresses that do not exist any more: about the list, and about no mailing."""
    dead = ledger.subscribers.dead_addresses()
    if dead.addresses:
        zone = next((rehearsal.plan.campaign.time_zone for rehearsal in examined.rehearsals), "UTC")
        yield DoctorResult("list of readers", Status.GREEN, f"{dead.in_words(zone)}; nobody has to do anything")


@of_ledger
def numbers(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """Whether the numbers that pages show are what counting gives."""
    if wrong := ledger.counts.wrong(fates=False):
        yield DoctorResult(
            "numbers",
            Status.RED,
            f"{counted(len(wrong), 'number')} of readers, barred addresses or mails "
            f"{'is' if len(wrong) == 1 else 'are'} not what counting gives",
            "`db recount` counts them anew; somebody or something wrote to the database past the program",
        )


def leave_page(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether readers can leave, by the address in their unsubscribe links: with --online by asking it; without, by
    what the history has of the last time."""
    settings = examined.settings
    if not mail_channels(settings):
        return
    if settings.unsubscribe_check == "trust":
        said = 'they are not tried before a mailing (web.unsubscribe_check = "trust")'
        yield DoctorResult(_LINKS, Status.GREEN, said)
    if not examined.online:
        yield from known(examined)
        return
    found = examined.leave_page()
    said, to_do = found_words(found, settings.public_url)
    if found.page is LeavePage.UNSEEN and (names := _confirmed(examined)):
        yield DoctorResult(_LINKS, Status.GREEN, f"they cannot be tried from here; a person has seen the page: {names}")
    elif found.is_bad:
        yield DoctorResult(
            _LINKS, Status.RED if (found.page is LeavePage.WRONG and examined.live) else Status.AMBER, said, to_do
        )
    else:
        yield DoctorResult(_LINKS, Status.GREEN, said)


@of_ledger
def known(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """What keeps emails from going, as it was found the last time."""
    address = examined.settings.public_url
    if not examined.live or examined.settings.unsubscribe_check == "trust":
        return
    found = last_found(ledger.events.of_kinds(ASKED), address)
    if found is not None and found.is_bad and not (found.page is LeavePage.UNSEEN and _confirmed(examined)):
        yield DoctorResult(_LINKS, Status.RED, *found_words(found, address))


def _confirmed(examined: DoctorContext) -> str:
    """The seasons for which a person has seen the page, if those are all that is looked at."""
    address = examined.settings.public_url
    events = examined.ledger.events.of_kinds(CONFIRMED) if examined.ledger is not None else ()
    if not all(is_confirmed(events, address, rehearsal.plan.key) for rehearsal in examined.rehearsals):
        return ""
    return ", ".join(dict.fromkeys(f"{e.data['season']}" for e in events if e.data.get("address") == address))
