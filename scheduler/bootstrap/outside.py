"""What is held against the world outside: the machine's clock, and the address by which readers leave."""

from __future__ import annotations

import re
import secrets as random_source
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..channels.registry import mail_channels
from ..clock import SystemClock
from ..domain.clock_state import RIGHT
from ..domain.leave_page import CONFIRMED, Found, LeavePage, found_words, is_confirmed, page_address
from ..errors import UsageError
from ..settings import Mode
from ..settings_values import is_loopback
from .readers import Readers

if TYPE_CHECKING:
    from ..engine.clock_check import ClockCheck
    from ..engine.leave_check import LeaveCheck
    from ..ports import Transport
    from ..store import Ledger

#: Seconds that one question may take.
CLOCK_SECONDS, PAGE_SECONDS = 3.0, 5.0
#: Names that are nobody's (RFC 2606, RFC 6761).
_NOBODYS = re.compile(r"(?:^|\.)(?:example(?:\.(?:org|com|net))?|invalid|test)$")


@dataclass(frozen=True)
class OwnPage:
    """What proves that a page is this ledger's; see :mod:`scheduler.subscribers.own_page`."""

    key: bytes
    ledger_id: str
    public_url: str

    def answer_to(self, nonce: str) -> str:
        from ..subscribers.own_page import proof

        return proof(self.key, self.ledger_id, nonce)

    @cached_property
    def code(self) -> str:
        from ..subscribers.own_page import code

        return code(self.key, self.ledger_id, self.public_url)


class Outside(Readers):
    """A project, and what can be seen of it from outside."""

    @property
    def pretended(self) -> bool:
        """Whether the clock by which things are due is not the machine's."""
        return not isinstance(self.clock, SystemClock)

    def may_ask(self, address: str) -> bool:
        """Whether an address may be asked something: a rehearsal, a sandbox and a pretended day stay on this machine,
        and an example is nobody's."""
        host = (urlsplit(address).hostname or "").lower().rstrip(".")
        if is_loopback(host):
            return True
        stays_here = self.settings.mode is not Mode.LIVE or not self.settings.may_reach_people() or self.pretended
        return bool(host) and not stays_here and not _NOBODYS.search(host)

    # -- the clock --------------------------------------------------------------------------------------

    def clock_check(self, ledger: Ledger) -> ClockCheck:
        """Whether the clock may be believed, for one process."""
        from ..engine.clock_check import ClockCheck

        return ClockCheck(
            ledger,
            self.clock,
            SystemClock(),
            self.time_tellers() if self.settings.mode is Mode.LIVE else (),
            time_told_by,
            host=socket.gethostname(),
            pretended=self.pretended,
        )

    def time_tellers(self) -> tuple[str, ...]:
        """Providers that say what time it is, those outside first. A mail server does not say it."""
        tell = [c for c in self.settings.channels.values() if c.enabled and c.base_url.startswith("http")]
        tell.sort(key=lambda channel: channel.is_loopback)
        return tuple(c.base_url for c in tell if self.may_ask(c.base_url))

    def hear_the_time(self, transports: Mapping[str, Transport], clock: ClockCheck) -> None:
        """Let each answer of a provider tell what time it is."""
        from ..ports import TellsTime

        tellers = self.time_tellers()
        for name, way in transports.items():
            if isinstance(way, TellsTime) and self.settings.channels[name].base_url in tellers:
                way.tell_time_to(clock.answered)

    def clock_was_ahead(self, by: str) -> None:
        """A person says that the clock is right now, and was ahead when the ledger's later lines were written."""
        ledger = self.open_ledger()
        try:
            ledger.record(RIGHT, who=by, now=self.clock.now(), host=socket.gethostname())
        finally:
            ledger.close()

    # -- the page by which readers leave ----------------------------------------------------------------

    def own_page(self, ledger: Ledger) -> OwnPage:
        """What this ledger's own page shows."""
        return OwnPage(self.signing_keys()[0], ledger.ledger_id(), self.settings.public_url)

    def leave_check(self, ledger: Ledger) -> LeaveCheck:
        """Whether the way to leave works, for one process."""
        from ..engine.leave_check import LeaveCheck

        return LeaveCheck(
            ledger,
            self.settings.public_url,
            self.leave_page_asker(ledger),
            self.clock,
            SystemClock(),
            trusted=self.settings.unsubscribe_check == "trust",
        )

    def leave_page_asker(self, ledger: Ledger) -> Callable[[str], Found]:
        """From a number to how the public address answers it."""
        own, address = self.own_page(ledger), page_address(self.settings.public_url)
        if not self.may_ask(address):
            return lambda nonce: Found(LeavePage.NOT_ASKED)
        return lambda nonce: asked_for_own_page(own, f"{address}/{nonce}", nonce)

    def ask_for_leave_page(self, ledger: Ledger | None) -> Found:
        """How the public address answers now; a person asks."""
        if ledger is None:  # no page can be this ledger's yet
            return Found(LeavePage.NOT_ASKED)
        return self.leave_page_asker(ledger)(random_source.token_hex(16))

    def what_keeps_emails(self, campaign_id: str, year: int | None) -> tuple[str, str] | None:
        """Why emails of a season would wait, and what to do, by asking the address now; None: nothing of that kind."""
        settings = self.settings
        if not mail_channels(settings):
            return None
        if settings.unsubscribe_check == "trust":
            return None
        season, ledger = self.season(campaign_id, year), self.open_ledger()
        try:
            found = self.ask_for_leave_page(ledger)
            seen = is_confirmed(ledger.history(CONFIRMED), settings.public_url, campaign_id, season.year)
        finally:
            ledger.close()
        if not found.is_bad or (found.page is LeavePage.UNSEEN and seen):
            return None
        return found_words(found, settings.public_url)

    def confirm_leave_page(self, campaign_id: str, year: int | None, typed: str, by: str) -> int:
        """A person has opened the page from elsewhere, and typed the code that it shows. Returns the season.

        Raises UsageError for another code.
        """
        from ..subscribers.own_page import same_code

        season, ledger = self.season(campaign_id, year), self.open_ledger()
        try:
            if not same_code(typed, self.own_page(ledger).code):
                raise UsageError(
                    f"{typed!r} is not the code that this ledger's page shows, so nothing was written down",
                    hint=f"open {page_address(self.settings.public_url)} on a phone without Wi-Fi. Another code there "
                    "means that another program answers, or one that was started with another public_url",
                )
            ledger.record(
                CONFIRMED,
                who=by,
                now=self.clock.now(),
                address=self.settings.public_url,
                campaign=campaign_id,
                season=season.year,
            )
        finally:
            ledger.close()
        return season.year


def time_told_by(address: str) -> datetime | None:
    """What time it is at a web server, by the ``Date`` of its answer to one HEAD; None where it does not say."""
    from ..channels.web_question import ask

    return ask("HEAD", address, CLOCK_SECONDS, any_date=True).date


def asked_for_own_page(own: OwnPage, address: str, nonce: str) -> Found:
    """What answers at an address: this ledger's page, something else, or nobody who can be seen from here."""
    from ..channels.web_question import Ended, ask
    from ..subscribers.own_page import proves

    for method, who in (("GET", "people open"), ("POST", "mail programs post to")):
        said = ask(method, address, PAGE_SECONDS)
        if said.ended in (Ended.NO_NAME, Ended.NO_WAY):
            return Found(LeavePage.UNSEEN, said.detail)
        if said.ended is not Ended.ANSWERED:
            return Found(LeavePage.WRONG, said.detail)
        if said.status != 200:
            return Found(LeavePage.WRONG, f"{said.detail} to what {who}")
        if not proves(said.text.strip(), own.key, own.ledger_id, nonce):
            return Found(LeavePage.WRONG, "another page answers, or this program's with another ledger")
    return Found(LeavePage.GOOD)
