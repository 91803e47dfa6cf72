"""The shipped month with its pages, a clock that stands still, and a mail house that writes down what it is given."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient

from scheduler.channels.sendgrid.build import build_mail
from scheduler.clock import VirtualClock
from scheduler.content.load.campaign_files import load_campaign
from scheduler.domain.message import Message
from scheduler.domain.outcome import Evidence, Outcome, OutcomeKind, Recipient, Request, Verdict
from scheduler.domain.subscriber import NewSubscriber
from scheduler.project import Project
from scheduler.services.running import make_tick
from scheduler.settings import ChannelSettings, Mode, Secrets, Settings
from scheduler.store import Ledger, open_ledger
from scheduler.web.app import make_app
from scheduler.web.routing import Pages
from scheduler.wiring import address_hash, load_settings, make_transports, preferences_url, way_out
from tests.support.two_people import declare_alone
from tests.support.web_factory import _migrated

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = "human-trafficking-prevention"
PUBLIC_URL = "https://news.harbour.test"
#: 10 January 2027, 11:00 in New York: in the middle of the season.
NOW = datetime(2027, 1, 10, 16, tzinfo=UTC)
ADDRESS = "robin@readers.example"


@dataclass
class Mail:
    """One letter as the mail house was given it."""

    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    item: str

    def link(self, path: str) -> str:
        """The address in it whose path begins so behind the campaign's slug, without the site."""
        found = re.findall(rf"{re.escape(PUBLIC_URL)}((?:/c/[a-z0-9-]+)?{re.escape(path)}[^\s\"'<>]+)", self.text)
        assert len(set(found)) == 1, f"{path}: {found}"
        return str(found[0])


@dataclass
class MailHouse:
    """Builds as SendGrid's channel does, and ends as ``script`` says; else it accepts."""

    channel: ChannelSettings
    script: list[Outcome | Exception] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    kind: str = "email"
    batch_limit: int = 1_000

    def build(self, message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        return build_mail(message, self.channel, send_id=send_id, recipients=recipients)

    def send(self, request: Request, *, now: datetime) -> Outcome:
        body: Any = request.body
        self.requests.append(request)
        for envelope in body["personalizations"]:
            text, html = (part["value"] for part in body["content"])
            for token, value in envelope["substitutions"].items():
                text, html = text.replace(token, value), html.replace(token, value)
            headers = {**body["headers"], **envelope["headers"]}
            item = envelope["custom_args"]["item"]
            self.mails.append(Mail(envelope["to"][0]["email"], body["subject"], text, html, headers, item))
        end = self.script.pop(0) if self.script else Outcome(OutcomeKind.ACCEPTED, reference="ref")
        if isinstance(end, Exception):
            raise end
        return end

    def ask(self, *, now: datetime) -> Outcome | None:
        """There is no call that sends nothing."""
        return None

    def settle_after(self) -> timedelta:
        return timedelta(minutes=3)

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        return Evidence(Verdict.CANNOT_TELL)

    def close(self) -> None:
        """Nothing is kept open."""


#: By project. Several sites may stand side by side, each with a mail house of its own.
_SITES: dict[Path, ReadersSite] = {}


def _house_or_way_out(project: Project, channel: ChannelSettings) -> Any:
    site = _SITES[project.root]
    return site.house if site.settings.mode is Mode.LIVE else way_out(project, channel)


class ReadersSite:
    """The shipped campaign in a folder of its own, served. Letters go when :meth:`letters` is asked for."""

    def __init__(
        self,
        folder: Path,
        *,
        now: datetime = NOW,
        mode: Mode = Mode.LIVE,
        database_url: str = "",
        public_url: str = PUBLIC_URL,
        **changes: Any,
    ) -> None:
        for part in ("config", "campaigns", "templates"):
            shutil.copytree(ROOT / part, folder / part)
        declare_alone(folder)
        (folder / "var").mkdir()
        self.root = folder
        self.file = folder / "var" / "observance.db"
        if not database_url:
            shutil.copy(_migrated(), self.file)
        settings = replace(
            load_settings(folder, {}),
            mode=mode,
            public_url=public_url,
            secrets=Secrets({"SECRET_KEY": "not-a-secret-only-a-test"}),
            **changes,
        )
        if database_url:
            settings = replace(settings, database_url=database_url)
        self.settings: Settings = settings
        self.clock = VirtualClock(now)
        self.project = Project(folder, settings, {}, self.clock)
        self.house = MailHouse(settings.channels["email"])
        _SITES[folder] = self
        self._wired = patch("scheduler.services.public_pages.way_out", _house_or_way_out)
        self._wired.start()
        self.ledger: Ledger = open_ledger(settings.database_url, address_hash=partial(address_hash, self.project))
        self.app: Pages = make_app(self.project, self.ledger)
        self.app.letters.only_when_called = True
        self.app.config["ANSWER_AFTER"] = 0.0
        self.app.site.archive.ask_again = 0.0
        self.client: FlaskClient = self.app.test_client()

    def letters(self) -> list[Mail]:
        """The letters that went since this was asked last."""
        before = len(self.house.mails)
        self.app.letters.work_off()
        return self.house.mails[before:]

    def fill_in(self, email: str = ADDRESS, *, network: str = "203.0.113.7", **fields: str) -> Any:
        """Send the form as a browser does that shows the page."""
        data = {"email": email, "name": "", "zone": "", "cadence": "daily", **fields}
        return self.client.post("/subscribe", data=data, environ_base={"REMOTE_ADDR": network})

    def confirmed(self, email: str = ADDRESS, **fields: str) -> str:
        """Sign up, say yes, and return the reader's id. Leaves no letter waiting."""
        self.fill_in(email, **fields)
        (mail,) = self.letters()
        assert 200 == self.client.post(mail.link("/confirm/")).status_code
        self.letters()
        subscriber = self.ledger.subscribers.find(CAMPAIGN, email)
        assert subscriber is not None
        return subscriber.subscriber.id

    def add_test_subscribers(self, count: int = 1, campaign: str = CAMPAIGN) -> list[str]:
        rows = [NewSubscriber(f"reader{n}@readers.example", "", subscriber_id=f"{n:032x}") for n in range(count)]
        self.ledger.subscribers.add_many(campaign, rows, now=self.clock.now() - timedelta(days=30))
        return [row.subscriber_id for row in rows]

    def choices(self, subscriber_id: str, campaign: str = CAMPAIGN) -> str:
        """The path of a reader's page of choices."""
        return preferences_url(self.project, campaign)(subscriber_id).removeprefix(PUBLIC_URL)

    def subject_of(self, item: str) -> str:
        """What the campaign in the folder writes above that mail."""
        campaign, _ = load_campaign(self.project.root, CAMPAIGN)
        assert campaign
        return campaign.items[item].subject

    def write_in(self, language: str) -> None:
        """Let the campaign be in that language."""
        path = self.root / "campaigns" / CAMPAIGN / "campaign.toml"
        text = re.sub(r'^language = ".*"$', f'language = "{language}"', path.read_text("utf-8"), flags=re.MULTILINE)
        path.write_text(text, "utf-8")

    def send_days(self, first: datetime, days: int) -> None:
        """Let the days from ``first`` on go out, in the present mode, one pass at that time each day."""
        tick = make_tick(self.project, CAMPAIGN, 2027, self.ledger, make_transports(self.project))
        for day in range(days):
            self.clock.advance(first + timedelta(days=day) - self.clock.now())
            tick.run()

    def dump(self) -> list[str]:
        """The database as SQL."""
        with sqlite3.connect(self.file) as connection:
            lines = list(connection.iterdump())
        connection.close()
        return lines

    def close(self) -> None:
        self._wired.stop()
        self.ledger.close()
