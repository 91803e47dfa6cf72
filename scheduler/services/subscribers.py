"""The list of subscribers: brought in, written out, added to, erased from, deleted after its season; and what each of
them does about it, by the form and by the links in each mail.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ..domain.cadence import DEFAULT_CADENCE, Cadence
from ..domain.campaign import Season
from ..domain.hidden import name_of
from ..domain.refusals import Refusal, Refused
from ..domain.season_key import SeasonKey
from ..domain.subscriber import Added, Confirmed, Erased, NewSubscriber, SeasonClosed, SignUpEnd, Subscription
from ..errors import UsageError
from ..light_dataclass import dataclass
from ..project import Project, campaign_ids
from ..subscribers.csv_import import ImportResult, import_csv
from ..subscribers.csv_rows import export_csv
from ..subscribers.fields import BLANKS, LONGEST_NAME, cadence_named, checked_address, hidden_in_name, known_zones
from ..subscribers.season_end import ListDue, season_at
from ..wiring import signing_keys
from .context import Context, act
from .seasons import read_campaign

if TYPE_CHECKING:
    from ..store import Ledger

Progress = Callable[[int, int], None]


@act
def add(
    context: Context,
    campaign: str,
    address: str,
    *,
    name: str = "",
    zone: str = "",
    cadence: Cadence = DEFAULT_CADENCE,
    asked_back: bool = False,
) -> Added:
    """Add one subscriber who asked for it; written down as added by the actor."""
    context.project.campaign_id(campaign)  # a name that is none makes no list
    return context.ledger.subscribers.add(
        campaign,
        new_subscriber(address, name, zone, cadence, ""),
        who=context.actor.name,
        asked_back=asked_back,
        instead_of=other_editions(context.project, campaign),
        now=context.now(),
    )


@act
def import_file(
    context: Context,
    campaign: str,
    path: Path,
    report: Path,
    *,
    despite_lost_key: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Put the subscribers in a CSV file on a campaign's list; good rows are kept, bad ones reported by line."""
    signing_keys(context.project)  # by hashes with it, whoever was erased is known again
    context.project.campaign_id(campaign)
    unknown = context.ledger.secret_keys.barred_by_lost_keys()
    if unknown and not despite_lost_key:
        raise Refused(Refusal.ERASED_CANNOT_BE_KNOWN, number=unknown)
    family = other_editions(context.project, campaign)
    return import_csv(
        path, context.ledger, campaign, family=family, now=context.now(), progress=progress, report_path=report
    )


@act
def export_file(
    context: Context, campaign: str, path: Path, *, everybody: bool = False, progress: Progress | None = None
) -> int:
    """Write the list to a file that the account alone can read. Returns how many."""
    ledger, now = context.ledger, context.now()
    total = sum(n for state, n in ledger.subscribers.count(campaign).items() if state != "suppressed")
    count = export_csv(
        path,
        ledger.subscribers.each(campaign),
        everybody=everybody,
        with_heads=ledger.subscribers.is_any_head_chosen(campaign),
        now=now,
        progress=(lambda done: progress(done, total)) if progress else None,
    )
    about: dict[str, Any] = {"campaign": campaign, "readers": count, "everybody": everybody}
    ledger.events.record("subscribers.exported", who=context.actor.name, now=now, **about)
    return count


@act
def export_wrong_consents(context: Context, path: Path) -> int:
    """Write the addresses of those whose consent names the example organization, to ask them again."""
    ledger, now = context.ledger, context.now()
    wrong = ledger.subscribers.consents_to_example()
    found = (ledger.subscribers.get(consent.campaign, consent.subscriber_id) for consent in wrong)
    count = export_csv(path, filter(None, found), everybody=True, now=now)
    ledger.events.record("subscribers.exported", who=context.actor.name, now=now, readers=count, everybody=False)
    return count


@act
def erase(context: Context, address: str, subscriber_id: str = "") -> Erased:
    """Take an address out wherever it stands, for good. ``subscriber_id``: of whoever asks for it themselves."""
    signing_keys(context.project)
    who, now = context.actor.name, context.now()
    return context.ledger.subscribers.erase(checked_address(address), who=who, subscriber_id=subscriber_id, now=now)


@act
def close_season(
    context: Context, campaign_id: str, year: int | None, *, keep_who_asked: bool = False, everybody: bool = False
) -> tuple[Season, SeasonClosed]:
    """Delete the list, after the season's last day. ``everybody``: those too who asked to hear of the next season."""
    signing_keys(context.project)
    season, ledger = season_to_close(context.project, campaign_id, year), context.ledger
    key, who, now = SeasonKey(campaign_id, season.year), context.actor.name, context.now()
    end = ledger.subscribers.end_of_season(key)
    if end is None:
        raise Refused(Refusal.NOTHING_OF_THAT_SEASON, campaign=campaign_id, season=season.year)
    if keep_who_asked and everybody:
        raise Refused(Refusal.BOTH_KEPT_AND_DELETED)
    asked = ledger.subscribers.kept_on_request(campaign_id)
    if asked and not (keep_who_asked or everybody):
        raise Refused(Refusal.SOME_ASKED_TO_STAY, number=asked)
    return season, ledger.subscribers.close_season(
        key, keep_who_asked=keep_who_asked, came_before=end, who=who, now=now
    )


def new_subscriber(address: str, name: str, zone: str, cadence: Cadence, source: str) -> NewSubscriber:
    """What is written down of somebody who comes, if it can be. Raises Refused, and BadAddress for the address."""
    name, zone = name.strip(BLANKS), zone.strip(BLANKS)
    if len(name) > LONGEST_NAME:
        raise Refused(Refusal.TEXT_TOO_LONG, what="the name", limit=LONGEST_NAME)
    if character := hidden_in_name(name):
        raise Refused(Refusal.HIDDEN_CHARACTER, what="the name", character=name_of(character))
    if zone and zone not in known_zones():
        raise Refused(Refusal.NO_SUCH_ZONE)
    return NewSubscriber(checked_address(address.strip(BLANKS)), name, zone or None, source, cadence=cadence)


def lists_without_folder(project: Project, ledger: Ledger) -> Mapping[str, int]:
    """Campaigns that readers are on the list of, and that have no folder here: how many readers each."""
    return ledger.subscribers.lists_without_folder(campaign_ids(project.root))


def list_due(project: Project, campaign_id: str, ledger: Ledger) -> ListDue | None:
    """The season whose list of readers was to be deleted by now."""
    from ..subscribers.season_end import list_due

    campaign, _ = read_campaign(project, campaign_id)
    return list_due(campaign, project.today(campaign), ledger)


def season_to_close(project: Project, campaign_id: str, year: int | None) -> Season:
    """The season that has ended. Raises UsageError while one of the campaign runs: the list is its own."""
    campaign, _ = read_campaign(project, campaign_id)
    running, ended = season_at(campaign, project.today(campaign))
    if running is not None:
        raise UsageError(
            f"the season of {campaign_id} runs until {running.end_on}; its readers are on the list",
            hint="close the list after that day",
        )
    if ended is None or year not in (None, ended.year):
        raise UsageError(
            f"{campaign_id} has no season{f' {year}' if year else ''} that has ended",
            hint="the list is closed after a season's last day",
        )
    return ended


#: A pause that is longer is as good as leaving.
LONGEST_PAUSE = timedelta(days=366)
#: Why somebody is not written to any more who left.
LEFT = "unsubscribed"
#: What a subscriber agreed to by the button of that name.
KEEP_WORDS = "to be kept on the list for the next season"


@act
def choose_cadence(context: Context, campaign: str, subscriber_id: str, cadence: str) -> None:
    """How often mails come; it counts from the next one on."""
    known = cadence_named(cadence)
    if known is None:
        raise Refused(Refusal.NO_SUCH_CADENCE)
    context.ledger.subscribers.set_cadence(campaign, subscriber_id, known, now=context.now())


@act
def choose_zone(context: Context, subscriber_id: str, zone: str) -> None:
    """Where the subscriber's days begin; empty: where the campaign's do."""
    if zone and zone not in known_zones():
        raise Refused(Refusal.NO_SUCH_ZONE)
    context.ledger.subscribers.set_zone(subscriber_id, zone, now=context.now())


@act
def choose_one_a_day(context: Context, subscriber_id: str = "", *, address: str = "", wanted: bool) -> bool | None:
    """At most one mail a day, of all the subscriber's lists together; the others come in digests. ``address``: of who
    asked a named person for it, in place of their id. False when it is so already, None when nobody is there."""
    lists, who = context.ledger.subscribers, "reader"
    if address:
        subscriber_id, who = lists.who_gets_mail_at(checked_address(address)), context.actor.name
    return lists.set_one_a_day(subscriber_id, wanted, who=who, now=context.now()) if subscriber_id else None


@act
def choose_discreet(context: Context, subscriber_id: str = "", *, address: str = "", wanted: bool) -> bool | None:
    """Whether the emails of all the subscriber's lists come with the head that tells nothing of the cause. ``address``:
    of who asked a named person for it, in place of their id. False when it is so already, None when nobody is there."""
    lists, who = context.ledger.subscribers, "reader"
    if address:
        subscriber_id, who = lists.who_gets_mail_at(checked_address(address)), context.actor.name
    return lists.set_discreet(subscriber_id, wanted, who=who, now=context.now()) if subscriber_id else None


@act
def pause(context: Context, campaign: str, subscriber_id: str, until: date, *, home: str) -> bool:
    """Silence until that date begins where the subscriber is. ``home``: the zone of those who gave none."""
    ledger, now = context.ledger, context.now()
    subscription = ledger.subscribers.get(campaign, subscriber_id)
    if subscription is None:
        return False
    zone = subscription.subscriber.zone
    begins = datetime.combine(until, time(), tzinfo=ZoneInfo(zone if zone in known_zones() else home))
    until_at = begins.astimezone(UTC)
    if until_at <= now:
        raise Refused(Refusal.PAUSE_IS_OVER, day=until)
    if until_at > now + LONGEST_PAUSE:
        raise Refused(Refusal.PAUSE_TOO_LONG, day=until)
    return ledger.subscribers.pause(campaign, subscriber_id, until_at=until_at, now=now)


@act
def end_pause(context: Context, campaign: str, subscriber_id: str) -> None:
    """The next mail comes as usual."""
    context.ledger.subscribers.resume(campaign, subscriber_id, now=context.now())


@act
def ask_for_next_season(context: Context, campaign: str, subscriber_id: str, *, wanted: bool) -> None:
    """Whether to stay on the campaign's list when the season is over."""
    what = KEEP_WORDS if wanted else ""
    context.ledger.subscribers.ask_for_more(campaign, subscriber_id, wanted, what=what, now=context.now())


@act
def leave(context: Context, campaign: str | None, subscriber_id: str, *, source: str) -> None:
    """No mail of the campaign comes any more; with None, none of any. Who had left before sees the same."""
    context.ledger.subscribers.unsubscribe(campaign, subscriber_id, reason=LEFT, now=context.now(), source=source)


@act
def come_back(context: Context, campaign: str | None, subscriber_id: str) -> bool:
    """Take back that one has just left. False when it is too late for that: then by the form."""
    return context.ledger.subscribers.come_back(campaign, subscriber_id, now=context.now())


@act
def ask_for_new_address(context: Context, campaign: str, subscriber_id: str, address: str) -> None:
    """The mails are to come to another address; a letter goes there, and its link decides. Raises BadAddress.

    Whatever becomes of it, the subscriber is told the same: nobody learns whose address is known.
    """
    now, checked = context.now(), checked_address(address.strip(BLANKS))
    context.ledger.subscribers.ask_new_address(
        campaign, subscriber_id, checked, token_hash=new_token()[1], expires_at=now + CONFIRM_WITHIN, now=now
    )


#: How long a confirmation link works.
CONFIRM_WITHIN = timedelta(days=7)
#: Where a subscriber comes from who filled in the form.
FORM = "form"


@dataclass(frozen=True)
class SignUp:
    """How a form ended. After CONFIRM, ``token`` opens ``/confirm/TOKEN`` until the letter that asks is sent, which has
    a token of its own (:func:`new_token`)."""

    end: SignUpEnd
    subscriber_id: str = ""  # after CONFIRM and ALREADY_THERE
    token: str = field(default="", repr=False)
    expires_at: datetime | None = None


# A page answers a form with the same words however it ended (SignUpEnd), so that nobody learns who is on the list.
# A token is random, goes out by mail and nowhere else, is kept as a hash, expires and works once. Looking (GET) and
# acting (POST) are different functions: mail scanners open every link.


@act
def sign_up(
    context: Context,
    campaign: str,
    address: str,
    *,
    what: str,
    wording: str,
    name: str = "",
    zone: str = "",
    cadence: Cadence = DEFAULT_CADENCE,
    network: str = "",
    discreet: bool = False,
    ends_on: date | None = None,
    until: datetime | None = None,
) -> SignUp:
    """A form was sent. The subscriber is pending until they confirm.

    ``ends_on``: the last day of what they agree to; ``until``: when that is over at the campaign's place. A yes that
    comes later would be to something else.

    ``discreet``: whether they ask for the head that tells nothing of the cause, from the first letter on.

    ``what`` they agreed to, in words, and ``wording``, the version of the page that said it, go into the consent
    history once they confirm. ``network`` is where the form came from; it is hashed at once.
    Raises BadAddress (with a reason that may be shown), and Refused for a name or a zone that cannot be.
    """
    new, now = new_subscriber(address, name, zone, cadence, FORM), context.now()
    new = replace(new, ends_on=ends_on, discreet=discreet or None)
    token, token_hash = new_token()
    expires_at = min(now + CONFIRM_WITHIN, until) if until is not None else now + CONFIRM_WITHIN
    end, subscriber_id = context.ledger.subscribers.sign_up(
        campaign,
        new,
        token_hash=token_hash,
        expires_at=expires_at,
        what=what,
        wording=wording,
        network=network,
        now=now,
    )
    if end is SignUpEnd.CONFIRM:
        return SignUp(end, subscriber_id, token, expires_at)
    return SignUp(end, subscriber_id if end is SignUpEnd.ALREADY_THERE else "")


def new_token() -> tuple[str, str]:
    """A token for one confirmation link, and the hash that is kept of it."""
    token = secrets.token_urlsafe(32)
    return token, _hash(token)


def look_at_confirmation(context: Context, token: str) -> Subscription | None:
    """For the page behind the link (GET): whom it is for. None when it is unknown, used or expired, all alike."""
    return (
        context.ledger.subscribers.waiting_confirmation(_hash(token), now=context.now())
        if _may_be_a_token(token)
        else None
    )


def is_for_new_address(context: Context, token: str) -> bool:
    """For the page behind the link (GET): whether it is for somebody who wants the mails at another address."""
    return _may_be_a_token(token) and context.ledger.subscribers.waiting_address(_hash(token), now=context.now())


@act
def confirm(context: Context, token: str) -> Confirmed | None:
    """The subscriber says yes (POST). A second time gives the same answer and changes nothing; None for a bad link."""
    if not _may_be_a_token(token):
        return None
    waiting = look_at_confirmation(context, token)
    instead_of = other_editions(context.project, waiting.campaign) if waiting is not None else ()
    return context.ledger.subscribers.confirm(_hash(token), instead_of=instead_of, now=context.now())


def other_editions(project: Project, campaign_id: str) -> tuple[str, ...]:
    """The same campaign in other languages; a reader has one of them."""
    return tuple(name for name in project.family_of(campaign_id) if name != campaign_id)


@act
def refuse_sign_up(context: Context, token: str) -> bool:
    """Whoever got the letter that asks did not sign up: nothing is kept of them. Whether there was something."""
    return _may_be_a_token(token) and context.ledger.subscribers.refuse(_hash(token), now=context.now())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _may_be_a_token(text: str) -> bool:
    return 16 <= len(text) <= 200 and text.isascii()
