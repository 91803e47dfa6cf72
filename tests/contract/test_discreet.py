"""Readers who chose it get each mail with the head that tells nothing of the cause: once, by either way out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scheduler.channels.registry import open_channel
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.smtp.smtp_talk import SmtpDouble
from scheduler.clock import VirtualClock
from scheduler.domain.address import keyed_hash
from scheduler.domain.message import EmailBody, Message, SecondHead, with_head
from scheduler.domain.outcome import OutcomeKind, Recipient
from scheduler.project import Project
from scheduler.services.seasons import rehearse
from scheduler.settings import ChannelSettings, Secrets, Settings
from scheduler.store import Ledger, open_ledger
from scheduler.wiring import load_settings
from tests.support import world as world_module
from tests.support.world import A_MONTH, World, an_email

ROOT = Path(__file__).parents[2]
DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)
READERS = 7
CHOSEN = {1, 2, 5}
NAME = "human-trafficking-prevention"
TELLS = re.compile(
    r"traffick|slave|exploit|victim|survivor|abuse|sex|violence|rescue|hotline|forced|labou?r|prevention|polaris|awareness",
    re.IGNORECASE,
)


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    ledger = open_ledger(ledger_url, address_hash=partial(keyed_hash, key=b"k" * 32))
    yield ledger
    ledger.close()


def with_two_heads(message: Message) -> Message:
    body = message.body
    assert isinstance(body, EmailBody)
    text, html = f"The cause\n{body.text}", f"<title>The cause</title>\n{body.html}"
    head = SecondHead(
        True, "A note", "Quiet", "Notes", "<quiet.example.org>", "<title>A note</title>\n", 25, "Quiet\n", 10
    )
    return replace(message, body=replace(body, text=text, html=html, headers={"List-Id": "<c>"}, second_head=head))


@pytest.fixture(params=["smtp", "sendgrid"])
def provider(request: pytest.FixtureRequest) -> Iterator[Any]:
    with SmtpDouble() if request.param == "smtp" else SendGridDouble(api_key=SENDGRID_KEY) as running:
        yield running


def way_out(provider: Any) -> Any:
    kind = "smtp" if isinstance(provider, SmtpDouble) else "sendgrid"
    options = {"starttls": False} if kind == "smtp" else {}
    channel = ChannelSettings("email", kind, True, provider.base_url, 5.0, options)
    return open_channel(channel, Secrets({"SENDGRID_API_KEY": SENDGRID_KEY}))


def number_of(mail: Any) -> int:
    (address,) = {mail.recipient} if hasattr(mail, "recipient") else mail.readers
    return int(address.removeprefix("reader").split("@")[0])


def choose(ledger: Ledger, number: int, wanted: bool = True) -> None:
    assert ledger.subscribers.set_discreet(f"r{number:07d}", wanted, now=DUE - timedelta(hours=1))


# -- through the engine -----------------------------------------------------------------------------------


def test_each_reader_gets_the_head_that_they_chose_once(ledger: Ledger, provider: Any) -> None:
    """Frozen together, sent in two calls; what stands below the head is the same for all."""
    world = World(ledger, [with_two_heads(an_email("day-1"))], readers=READERS)
    world.email = way_out(provider)
    world.new_tick()
    for number in CHOSEN:
        choose(ledger, number)
    choose(ledger, 5, wanted=False)
    choose(ledger, 5)
    for minute in (0, 1):
        world.run_at(DUE + timedelta(minutes=minute))
    world.email.close()

    got: dict[str, set[int]] = {}
    for mail in provider.mails:
        readers = [mail.recipient] if isinstance(provider, SmtpDouble) else mail.readers
        assert (mail.subject == "A note", mail.from_name == "Notes", "The cause" in mail.text + mail.html) in (
            (True, True, False),
            (False, False, True),
        )
        got.setdefault(mail.subject, set()).update(int(r.removeprefix("reader").split("@")[0]) for r in readers)
    assert {"A note": CHOSEN, "Subject of day-1": set(range(READERS)) - CHOSEN} == got
    (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
    assert (READERS, READERS, 0, 0) == (
        delivery.counts.frozen,
        delivery.counts.accepted,
        delivery.counts.unknown,
        delivery.counts.waiting,
    )
    assert 2 == len(ledger.deliveries.batches(delivery.id))


def test_who_has_not_chosen_gets_the_channels_head(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """With discreet_subject a mail's own head is the discreet one; who chose the other gets that."""
    mail = with_head(with_two_heads(an_email("day-1")), discreet=True)
    usual = world_module.some_settings

    def discreet(*words: Any) -> Settings:
        channel = ChannelSettings("email", "smtp", True, "", 5.0, {"discreet_subject": True})
        return replace(usual(*words), channels={**usual(*words).channels, "email": channel})

    monkeypatch.setattr(world_module, "some_settings", discreet)
    with SmtpDouble() as server:
        world = World(ledger, [mail], readers=3)
        world.email = way_out(server)
        world.new_tick()
        choose(ledger, 1, wanted=False)
        world.run_at(DUE)
        world.email.close()
        got = {number_of(one): one.subject for one in server.mails}
    assert {0: "A note", 1: "Subject of day-1", 2: "A note"} == got


# -- all that a season sends --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def season() -> tuple[Message, ...]:
    settings = replace(load_settings(ROOT, {}), public_url="https://news.example.org")
    project = Project(ROOT, settings, {}, VirtualClock(datetime(2026, 12, 28, 15, tzinfo=UTC)))
    found = rehearse(project, NAME, 2027)
    return tuple(m for m in (*found.everything, *found.letters) if isinstance(m.body, EmailBody))


def test_below_the_head_both_forms_are_the_same(season: tuple[Message, ...]) -> None:
    """Each mail of the month, digest and letter: from the first word of the text on, to the byte."""
    assert {"digest", "letter", "fact"} <= {m.kind for m in season}
    for message in season:
        usual, discreet = message.body, with_head(message, discreet=True).body
        assert isinstance(usual, EmailBody)
        assert isinstance(discreet, EmailBody)
        title = "</h1>"
        assert usual.html[usual.html.index(title) :] == discreet.html[discreet.html.index(title) :]
        below = [part.partition("\n==")[2].lstrip("=") for part in (usual.text, discreet.text)]
        assert below[0] == below[1] != ""
        for piece in discreet.pieces:
            assert discreet.html[piece.html_from : piece.html_to] in usual.html
        assert not any(token in discreet.html[: discreet.html.index(title)] for token in discreet.tokens)


def test_no_header_of_a_discreet_mail_tells_the_cause(season: tuple[Message, ...], provider: Any) -> None:
    """All that is delivered beside the text: each header, the title, and what an inbox shows behind the subject."""
    transport = way_out(provider)
    links = (f"https://news.example.org/c/x7/{page}/token" for page in ("u", "preferences", "confirm"))
    reader = Recipient("s-1", "reader1@readers.example", "", *links)
    for number, message in enumerate(season):
        quiet = with_head(message, discreet=True)
        request = transport.build(quiet, send_id=f"send-{number}", recipients=[reader])
        assert transport.send(request, now=DUE).kind is OutcomeKind.ACCEPTED
        if not isinstance(provider, SmtpDouble):
            told = {name: request.body[name] for name in ("from", "reply_to", "subject", "headers")}
            told["envelope"] = request.body["personalizations"][0]["headers"]
            assert not (found := TELLS.search(str(told))), (message.item, found)
    transport.close()
    assert len(season) == len(provider.mails)
    for mail in provider.mails:
        if isinstance(provider, SmtpDouble):
            headers = "\n".join(f"{name}: {value}" for name, value in mail.parsed.items())
            assert not (found := TELLS.search(headers)), found
            assert "<list-" in headers
        html = mail.html[: mail.html.index("</h1>")]
        html = re.sub(r"<style>.*?</style>|<!--.*?-->", "", html, flags=re.DOTALL)
        assert not (found := TELLS.search(html)), found
        assert not (found := TELLS.search(mail.text.partition("\n==")[0])), found
