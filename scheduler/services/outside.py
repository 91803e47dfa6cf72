"""What is held against the world outside: the machine's clock, and the address by which readers leave."""

from __future__ import annotations

import re
import secrets as random_source
import socket
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..channels.registry import mail_channels
from ..channels.spec import TellsTime, Transport
from ..clock import SystemClock
from ..domain.clock_state import RIGHT
from ..domain.leave_page import CONFIRMED, Found, LeavePage, found_words, is_confirmed, page_address
from ..domain.outcome import Outcome
from ..domain.refusals import Refusal, Refused
from ..domain.season_key import SeasonKey
from ..engine.outside import ClockCheck, LeaveCheck
from ..errors import ConfigurationError
from ..light_dataclass import dataclass
from ..project import Project
from ..settings import ChannelSettings, Mode
from ..settings.values import is_loopback
from ..subscribers.tokens import page_code, page_proof, proves_page, same_code
from ..wiring import open_ledger, signing_keys, way_out
from .context import Context, act
from .seasons import find_season

if TYPE_CHECKING:
    from ..store import Ledger

#: Seconds that one question may take.
CLOCK_SECONDS, PAGE_SECONDS = 3.0, 5.0


#: Names that are nobody's (RFC 2606, RFC 6761).
_NOBODYS = re.compile(r"(?:^|\.)(?:example(?:\.(?:org|com|net))?|invalid|test)$")


@dataclass(frozen=True)
class OwnPage:
    """What proves that a page is this ledger's; see :mod:`scheduler.subscribers.tokens`."""

    key: bytes
    ledger_id: str
    public_url: str

    def answer_to(self, nonce: str) -> str:
        return page_proof(self.key, self.ledger_id, nonce)

    @cached_property
    def code(self) -> str:
        return page_code(self.key, self.ledger_id, self.public_url)


def may_ask(project: Project, address: str) -> bool:
    """Whether an address may be asked something: a rehearsal, a sandbox and a pretended day stay on this machine,
    and an example is nobody's."""
    host = (urlsplit(address).hostname or "").lower().rstrip(".")
    if is_loopback(host):
        return True
    stays_here = project.settings.mode is not Mode.LIVE or not project.settings.may_reach_people() or project.pretended
    return bool(host) and not stays_here and not _NOBODYS.search(host)


def make_clock_check(project: Project, ledger: Ledger) -> ClockCheck:
    """Whether the clock may be believed, for one process."""
    return ClockCheck(
        ledger,
        project.clock,
        SystemClock(),
        time_tellers(project) if project.settings.mode is Mode.LIVE else (),
        time_told_by,
        host=socket.gethostname(),
        pretended=project.pretended,
    )


def time_tellers(project: Project) -> tuple[str, ...]:
    """Providers that say what time it is, those outside first. A mail server does not say it."""
    tell = [c for c in project.settings.channels.values() if c.enabled and c.base_url.startswith("http")]
    tell.sort(key=lambda channel: channel.is_loopback)
    return tuple(c.base_url for c in tell if may_ask(project, c.base_url))


def ask_provider(project: Project, channel: ChannelSettings) -> Outcome | None:
    """Whether a channel's provider takes our keys, and what else it says when it is asked; by a call that sends
    nothing. None where it is not asked."""
    if not may_ask(project, channel.base_url):
        return None
    try:
        with closing(way_out(project, channel)) as way:
            return way.ask(now=project.clock.now())
    except ConfigurationError:  # what is missing is said elsewhere
        return None


def hear_the_time(project: Project, transports: Mapping[str, Transport], clock: ClockCheck) -> None:
    """Let each answer of a provider tell what time it is."""
    tellers = time_tellers(project)
    for name, way in transports.items():
        if isinstance(way, TellsTime) and project.settings.channels[name].base_url in tellers:
            way.tell_time_to(clock.answered)


@act
def clock_was_ahead(context: Context) -> None:
    """A person says that the clock is right now, and was ahead when the ledger's later lines were written."""
    context.ledger.events.record(RIGHT, who=context.actor.name, now=context.now(), host=socket.gethostname())


def own_page_of(project: Project, ledger: Ledger) -> OwnPage:
    """What this ledger's own page shows."""
    return OwnPage(signing_keys(project)[0], ledger.attempts.ledger_id(), project.settings.public_url)


def make_leave_check(project: Project, ledger: Ledger) -> LeaveCheck:
    """Whether the way to leave works, for one process."""
    return LeaveCheck(
        ledger,
        project.settings.public_url,
        leave_page_asker(project, ledger),
        project.clock,
        SystemClock(),
        trusted=project.settings.unsubscribe_check == "trust",
    )


def leave_page_asker(project: Project, ledger: Ledger) -> Callable[[str], Found]:
    """From a number to how the public address answers it."""
    own, address = own_page_of(project, ledger), page_address(project.settings.public_url)
    if not may_ask(project, address):
        return lambda nonce: Found(LeavePage.NOT_ASKED)
    return lambda nonce: asked_for_own_page(own, f"{address}/{nonce}", nonce)


def ask_for_leave_page(project: Project, ledger: Ledger | None) -> Found:
    """How the public address answers now; a person asks."""
    if ledger is None:  # no page can be this ledger's yet
        return Found(LeavePage.NOT_ASKED)
    return leave_page_asker(project, ledger)(random_source.token_hex(16))


def what_keeps_emails(project: Project, campaign_id: str, year: int | None) -> tuple[str, str] | None:
    """Why emails of a season would wait, and what to do, by asking the address now; None: nothing of that kind."""
    settings = project.settings
    if not mail_channels(settings) or settings.unsubscribe_check == "trust":
        return None
    season = find_season(project, campaign_id, year)
    with closing(open_ledger(project)) as ledger:
        found = ask_for_leave_page(project, ledger)
        seen = is_confirmed(ledger.events.of_kinds(CONFIRMED), settings.public_url, SeasonKey(campaign_id, season.year))
    if not found.is_bad or (found.page is LeavePage.UNSEEN and seen):
        return None
    return found_words(found, settings.public_url)


@act
def confirm_leave_page(context: Context, campaign_id: str, year: int | None, typed: str) -> int:
    """A person has opened the page from elsewhere, and typed the code that it shows. Returns the season."""
    season, address = find_season(context.project, campaign_id, year), page_address(context.project.settings.public_url)
    if not same_code(typed, own_page_of(context.project, context.ledger).code):
        raise Refused(Refusal.NOT_THE_PAGES_CODE, typed=typed, address=address)
    context.ledger.events.record(
        CONFIRMED, who=context.actor.name, now=context.now(), address=address, campaign=campaign_id, season=season.year
    )
    return season.year


def time_told_by(address: str) -> datetime | None:
    """What time it is at a web server, by the ``Date`` of its answer to one HEAD; None where it does not say."""
    from ..channels.web_question import ask

    return ask("HEAD", address, CLOCK_SECONDS, any_date=True).date


def asked_for_own_page(own: OwnPage, address: str, nonce: str) -> Found:
    """What answers at an address: this ledger's page, something else, or nobody who can be seen from here."""
    from ..channels.web_question import Ended, ask

    for method, who in (("GET", "people open"), ("POST", "mail programs post to")):
        answer = ask(method, address, PAGE_SECONDS)
        if answer.ended in (Ended.NO_NAME, Ended.NO_WAY):
            return Found(LeavePage.UNSEEN, answer.detail)
        if answer.ended is not Ended.ANSWERED:
            return Found(LeavePage.WRONG, answer.detail)
        if answer.status != 200:
            return Found(LeavePage.WRONG, f"{answer.detail} to what {who}")
        if not proves_page(answer.text.strip(), own.key, own.ledger_id, nonce):
            return Found(LeavePage.WRONG, "another page answers, or this program's with another ledger")
    return Found(LeavePage.GOOD)
