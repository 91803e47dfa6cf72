"""send-test: one mail to one address, and nothing else is touched."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.content.top_level_domains import top_level_domains
from tests.contract.test_live_road import ROOT, Road, copy_project
from tests.support.five_days import keep_days

AT = "2027-01-05T12:00:00-05:00"
TO = "ada@readers.example"


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    """A project in which nothing was signed, approved or armed."""
    copy_project(ROOT, tmp_path)
    keep_days(tmp_path, 5, 11)
    with XDouble(secrets=X_SECRETS, tlds=top_level_domains()) as x, SendGridDouble(api_key=SENDGRID_KEY) as sendgrid:
        yield Road(tmp_path, x, sendgrid)


def rows(road: Road, table: str) -> list[str]:
    with sqlite3.connect(road.root / "var" / "observance.db") as connection:
        found = [line for line in connection.iterdump() if f'INTO "{table}"' in line]
    connection.close()
    return found


@pytest.mark.parametrize(
    ("item", "subject"),
    [
        ("awareness-day", "TEST: Today: learn one thing, tell one person"),
        ("2027-01-11", "TEST: Today: learn one thing, tell one person"),
        ("digest-2027-01-11", "TEST: January 5–11: "),
        ("letter-welcome", "TEST: You are on the list"),
    ],
)
def test_one_mail_goes_to_one_address_marked_as_a_test(road: Road, item: str, subject: str) -> None:
    """Whatever is approved, signed or armed; a date means the day's own mail. All tracking is off, as always."""
    said = road.good("send-test", item, "--to", TO, at=AT)
    assert "to one address" in said
    assert TO not in said
    (mail,) = road.sendgrid.mails
    assert mail.subject.startswith(subject)
    assert [TO] == [e.address for e in mail.envelopes]
    assert () == mail.warnings
    assert 0 == len(road.x.posts)


@pytest.mark.parametrize(
    ("item", "subject"), [("awareness-day", "TEST: Your note"), ("letter-welcome", "TEST: You are on the list")]
)
def test_the_discreet_head_can_be_tried(road: Road, item: str, subject: str) -> None:
    """As readers get it who chose it: nothing of the cause in the sender or the subject, and the same body beneath."""
    road.good("send-test", item, "--to", TO, at=AT)
    road.good("send-test", item, "--to", TO, "--discreet", at=AT)
    usual, discreet = road.sendgrid.mails
    assert discreet.subject.startswith(subject)
    heads = [mail.html.partition("<h1")[0] for mail in (usual, discreet)]
    assert [True, False] == ["Trafficking" in head for head in heads]
    assert usual.html[-2_000:] == discreet.html[-2_000:]


def test_its_links_let_nobody_do_anything(road: Road) -> None:
    """They lead to our pages, which know no such link."""
    road.good("send-test", "awareness-day", "--to", TO, at=AT)
    (envelope,) = road.sendgrid.mails[0].envelopes
    assert {
        "%unsubscribe_url%": "https://news.example.org/c/c7w4mkp/u/this-is-a-test",
        "%preferences_url%": "https://news.example.org/c/c7w4mkp/preferences/this-is-a-test",
    } == dict(envelope.substitutions)
    assert "<https://news.example.org/c/c7w4mkp/u/this-is-a-test>" == envelope.headers["List-Unsubscribe"]


def test_it_touches_no_delivery_and_keeps_no_address(road: Road) -> None:
    """The history says who sent which mail, and how it ended."""
    road.good("send-test", "awareness-day", "--to", TO, "--by", "Ada Example", at=AT)
    for table in ("deliveries", "batches", "attempts", "subscribers", "recipients"):
        assert [] == rows(road, table)
    (event,) = rows(road, "events")
    for said in ("message.tested", "Ada Example", "awareness-day", "accepted"):
        assert said in event
    assert "readers.example" not in (road.root / "var" / "observance.db").read_bytes().decode("latin-1")


def test_in_a_rehearsal_it_goes_only_where_the_channel_is_named(road: Road) -> None:
    """Nothing leaves the machine unless a person says which way."""
    road.environment["OBSERVANCE_MODE"] = "rehearsal"
    refused = road.run("send-test", "awareness-day", "--to", TO)
    assert (1, True) == (refused.returncode, "--via email" in refused.stderr)
    assert [] == list(road.sendgrid.mails)
    road.good("send-test", "awareness-day", "--to", TO, "--via", "email")
    assert 1 == len(road.sendgrid.mails)
    assert not (road.root / "var" / "rehearsal").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("awarenes-day", "--to", TO), "did you mean awareness-day"),
        (("awareness-day", "--to", "nobody"), "--to is not an address"),
        (("awareness-day", "--to", TO, "--via", "x"), "no channel that sends emails"),
        (("awareness-day", "--to", TO, "--via", "pigeon"), "say --via email"),
    ],
)
def test_what_cannot_be_tested_is_said(road: Road, arguments: tuple[str, ...], said: str) -> None:
    """With what to do; exit status 2."""
    done = road.run("send-test", *arguments, at=AT)
    assert (2, True) == (done.returncode, said in done.stderr), done.stderr
    assert [] == list(road.sendgrid.mails)
    assert "readers.example" not in done.stderr


def test_a_post_has_no_test(road: Road) -> None:
    """Where an item has posts alone, it is said why, and what to do instead."""
    road.environment["OBSERVANCE_CHANNELS__EMAIL__ENABLED"] = "false"
    done = road.run("send-test", "awareness-day", "--to", TO, at=AT)
    assert 2 == done.returncode
    assert "a network has no test of one" in done.stderr
    assert "show awareness-day" in done.stderr


def test_what_the_provider_refuses_is_said(road: Road) -> None:
    """Exit status 4, with the provider's words; the history has it too."""
    road.environment["OBSERVANCE_SENDGRID_API_KEY"] = "SG.another"
    done = road.run("send-test", "awareness-day", "--to", TO, "--json", at=AT)
    assert 4 == done.returncode
    answer = json.loads(done.stdout)
    assert ("awareness-day", "email", "final") == (answer["item"], answer["channel"], answer["outcome"])
    assert "401" in answer["detail"]
    (event,) = rows(road, "events")
    assert "final" in event
