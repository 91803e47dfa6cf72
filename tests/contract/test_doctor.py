"""The doctor, check by check: what is so, what to do, and that no secret and no reader is in it."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
import zoneinfo
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scheduler.content.codes import CODES
from scheduler.domain.approval import Approvals, Cost
from scheduler.domain.claim import Contact, ContactStatus, Signature, Signatures
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.formatting import counted, days_words
from scheduler.domain.message import Message
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.reason import ReasonCode, because
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.sender import Sender
from scheduler.domain.subscriber import ConsentToExample, SubscriberState
from scheduler.errors import NeedsAPerson, OutOfReach
from scheduler.services.doctor import (
    CHECKS,
    check_channels,
    check_machine,
    check_season,
    check_senders,
    check_settings,
    check_subscribers,
    examine,
    exit_status,
)
from scheduler.services.doctor.doctor_result import DoctorContext, DoctorResult, DoctorSeason, Status
from scheduler.services.report import dollars
from scheduler.settings import ChannelSettings, Mode, Notices, Organisation, Secrets, Settings
from scheduler.store import Ledger
from tests.support.world import A_MONTH, HERE, World, a_post, a_rehearsal, an_approval, an_email, some_settings

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
RED, AMBER, GREEN = Status.RED, Status.AMBER, Status.GREEN


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2027, 1, day, hour, tzinfo=UTC)


def the_settings(mode: Mode = Mode.LIVE, *, public: bool = True, **more: Any) -> Settings:
    """Settings whose channels lead to the providers, or, not ``public``, to this machine."""
    settings = some_settings(mode)
    if public:
        hosts = {"x": "https://api.x.com", "email": "https://api.sendgrid.com"}
        channels = {name: replace(c, base_url=hosts[name]) for name, c in settings.channels.items()}
        settings = replace(settings, channels=channels)
    return replace(settings, **more)


def with_channel(settings: Settings, name: str, **more: Any) -> Settings:
    return replace(settings, channels={**settings.channels, name: replace(settings.channels[name], **more)})


def posts(*days: int) -> list[Message]:
    return [a_post(f"day-{d}", on=date(2027, 1, d)) for d in days]


def look(
    settings: Settings | None = None, rehearsal: Rehearsal | None = None, *, root: Path = Path("."), **more: Any
) -> DoctorContext:
    seasons = (DoctorSeason("a-month", rehearsal, spent=more.pop("spent", {})),) if rehearsal else ()
    given = {"settings": settings or the_settings(), "root": root, "env": {}, "now": NOW, "seasons": seasons, **more}
    return DoctorContext(**given)


def found(lines: Iterable[DoctorResult]) -> list[tuple[Status, str]]:
    return [(line.light, line.said) for line in lines]


def only(lines: Iterable[DoctorResult]) -> DoctorResult:
    (line,) = lines
    return line


OWN = Organisation("C", "1 Street", "C", "n@coalition.net", "n@coalition.net")


# -- mode, settings, secrets ----------------------------------------------------------------------------


def test_mode_says_whether_anything_goes_out(ledger: Ledger) -> None:
    """A rehearsal, live without a person's word, live with it, live against stand-ins."""
    rehearsal = a_rehearsal(posts(12))
    assert "nothing leaves this machine" in only(check_settings.mode(look(the_settings(Mode.REHEARSAL)))).said
    assert "not armed: nothing goes out" in only(check_settings.mode(look(None, rehearsal, ledger=ledger))).said
    ledger.armings.arm(A_MONTH, who="Ada", now=NOW)
    line = only(check_settings.mode(look(None, rehearsal, ledger=ledger)))
    assert (GREEN, "live; season 2027 of a-month is armed by Ada") == (line.light, line.said)
    near = look(the_settings(public=False), rehearsal, ledger=ledger)
    assert "against stand-ins on this machine" in only(check_settings.mode(near)).said
    assert AMBER == only(check_settings.mode(look(None, rehearsal))).light


def test_an_armed_season_needs_a_process_that_sends_it(ledger: Ledger) -> None:
    """From a day ahead on. One of other campaigns is none; one that only begins, and has no row yet, is one."""
    rehearsal = a_rehearsal(posts(12))  # due at ten: in 25 hours
    sender = Sender(
        key="one",
        kind="start",
        pid=14,
        host="north",
        version="0.1.0",
        mode="live",
        settings_fingerprint="",
        campaigns=("another",),
        started_at=NOW,
        last_seen_at=NOW,
    )
    soon = NOW + timedelta(hours=2)

    def lines(settings: Settings | None = None, now: datetime = soon, **more: Any) -> list[Status]:
        looked = look(settings, rehearsal, ledger=ledger, now=now, **more)
        return [line.light for line in check_senders.nobody(looked)]

    assert [] == lines(), "not armed"
    ledger.armings.arm(A_MONTH, who="Ada", now=NOW)
    assert [RED] == lines()
    assert [] == lines(now=NOW), "there is more than a day left"
    assert [] == lines(the_settings(Mode.REHEARSAL)), "nothing is meant to go out"
    assert [RED] == lines(senders=(sender,))
    assert [] == lines(senders=(replace(sender, campaigns=("another", "a-month")),))
    assert [] == lines(held_by="process 14 on north")
    assert [] == lines(now=NOW + timedelta(days=3)), "nothing is to come any more"
    ledger.armings.disarm(A_MONTH, who="Ada", now=soon)
    assert [] == lines()


def test_example_values_block_only_what_leaves_the_machine() -> None:
    """The same placeholder is a reminder before, and a barrier when live."""
    assert RED == only(check_settings.placeholders(look())).light
    assert AMBER == only(check_settings.placeholders(look(the_settings(Mode.REHEARSAL)))).light
    assert AMBER == only(check_settings.placeholders(look(the_settings(public=False)))).light
    own = replace(
        the_settings(public_url="https://news.coalition.net"),
        organisation=replace(
            the_settings().organisation,
            name="C",
            from_name="C",
            from_address="n@coalition.net",
            reply_to="n@coalition.net",
        ),
    )
    assert GREEN == only(check_settings.placeholders(look(own))).light


def test_an_example_that_was_typed_into_a_text_is_found_too() -> None:
    """The settings may be right, and an item still speaks of nobody."""
    settings = replace(the_settings(), organisation=OWN, public_url="https://news.coalition.net")
    typed = CODES["S101"].at(Where("campaigns/m/items/01.md", 2), '"Example Coalition" is an example', item="one")
    rehearsal = replace(a_rehearsal(posts(12)), findings=(typed,))
    line = only(check_settings.placeholders(look(settings, rehearsal)))
    assert (RED, True) == (line.light, "items/01.md:2" in line.said)
    assert GREEN == only(check_settings.placeholders(look(settings, a_rehearsal(posts(12))))).light


def test_consents_that_name_the_example_are_a_line(ledger: Ledger) -> None:
    """How many, since when, and what a person does about them."""
    assert [] == list(check_subscribers.consents(look(None)))
    assert [] == list(check_subscribers.consents(look(None, ledger=ledger)))
    consent = ConsentToExample(A_MONTH.campaign, "0" * 32, NOW, SubscriberState.ACTIVE, "Example Coalition")
    subscribers = SimpleNamespace(consents_to_example=lambda: (consent,))
    line = only(check_subscribers.consents(look(None, ledger=SimpleNamespace(subscribers=subscribers))))
    assert AMBER == line.light
    assert '1 reader agreed to emails from "Example Coalition"' in line.said
    assert f"{NOW:%Y-%m-%d}" in line.said
    assert "subscribers consents" in line.to_do


def test_a_sender_at_a_free_provider_is_pointed_out_without_the_address() -> None:
    """gmail.com is nobody's to send from."""
    settings = the_settings()
    free = replace(settings, organisation=replace(settings.organisation, from_address="secret.name@gmail.com"))
    line = only(check_settings.sender(look(free)))
    assert RED == line.light
    assert "secret.name" not in line.said + line.to_do
    assert [] == list(check_settings.sender(look(settings)))


def test_nobody_who_reads_replies_is_pointed_out() -> None:
    """By the keys that are missing; one that mails nobody has nothing to arrange."""
    settings = the_settings()
    line = only(check_settings.replies(look(settings)))
    assert AMBER == line.light
    for key in ("organisation.replies_read_by", "organisation.replies_read", "organisation.automatic_answer"):
        assert key in line.to_do
    half = replace(settings.organisation, replies_read_by="Robin Reader", automatic_answer=True)
    line = only(check_settings.replies(look(replace(settings, organisation=half))))
    assert (AMBER, "set organisation.replies_read: docs/howto/replies.md") == (line.light, line.to_do)
    whole = replace(settings, organisation=replace(half, replies_read="on weekdays"))
    assert GREEN == only(check_settings.replies(look(whole))).light
    posts_alone = replace(settings, channels={"x": settings.channels["x"]})
    assert [] == list(check_settings.replies(look(posts_alone)))


def test_secrets_are_told_by_name_alone() -> None:
    """What is missing for each enabled channel; never a value."""
    there = ("X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN_SECRET", "SENDGRID_API_KEY")
    settings = the_settings(secrets=Secrets(dict.fromkeys(there, "very-secret")))
    lines = list(check_settings.secrets(look(settings)))
    assert [
        (RED, "not set: OBSERVANCE_X_ACCESS_TOKEN"),
        (GREEN, "set: OBSERVANCE_SENDGRID_API_KEY"),
    ] == found(lines)
    assert "very-secret" not in repr(lines)
    rehearsing = replace(settings, mode=Mode.REHEARSAL)
    assert AMBER == next(iter(check_settings.secrets(look(rehearsing)))).light
    off = with_channel(settings, "x", enabled=False)
    assert ["secrets of email"] == [line.check for line in check_settings.secrets(look(off))]
    plain = with_channel(off, "email", transport="smtp")
    assert [] == list(check_settings.secrets(look(plain)))
    named = with_channel(off, "email", transport="smtp", options={"username": "news"})
    assert "OBSERVANCE_SMTP_PASSWORD" in only(check_settings.secrets(look(named))).said


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in another way; may be absent")
def test_files_that_others_may_read_and_old_keys_are_pointed_out(tmp_path: Path) -> None:
    """By name and path; the content is not opened."""
    key = tmp_path / "sendgrid.key"
    key.write_text("very-secret")
    key.chmod(0o600)
    aged = (NOW - timedelta(days=400)).timestamp()
    env = {"OBSERVANCE_SENDGRID_API_KEY_FILE": "sendgrid.key", "OBSERVANCE_NOT_THERE_FILE": "gone", "HOME_FILE": "x"}
    database = tmp_path / "observance.db"
    database.write_text("")
    database.chmod(0o640)
    examined = look(replace(the_settings(), root=tmp_path), root=tmp_path, env=env, database_file=database)
    line = only(check_settings.secret_files(examined))
    assert RED == line.light
    assert "the ledger (observance.db)" in line.said
    database.chmod(0o600)
    assert (GREEN, "2 files with secrets or addresses, readable by their owner alone") == found(
        check_settings.secret_files(examined)
    )[0]
    os.utime(key, (aged, aged))
    old = only(check_settings.secret_files(examined))
    assert (AMBER, "the file of OBSERVANCE_SENDGRID_API_KEY_FILE is 400 days old") == (old.light, old.said)


def test_who_is_told_and_by_another_way() -> None:
    """Nobody, by the same server, by its own way; and whether a dead machine is noticed."""
    assert AMBER == next(iter(check_settings.notices(look()))).light
    assert GREEN == next(iter(check_settings.notices(look(the_settings(Mode.REHEARSAL))))).light
    mail = with_channel(the_settings(), "email", transport="smtp", base_url="smtp://mail.example.org:587")
    same = replace(mail, notices=Notices(smtp_host="mail.example.org"))
    assert (
        "through the server that the readers' mail goes through" in next(iter(check_settings.notices(look(same)))).said
    )
    both = replace(same, notices=replace(same.notices, webhook_url="https://hooks.example.org/secret"))
    lines = list(check_settings.notices(look(both)))
    assert (GREEN, "what needs your attention is told by webhook and smtp") == found(lines)[0]
    assert "heartbeat" == lines[1].check
    assert "secret" not in repr(lines)
    whole = replace(both, notices=replace(both.notices, heartbeat_url="https://h.example.org/x"))
    assert 1 == len(list(check_settings.notices(look(whole))))
    people = replace(whole.notices, deputy=("dee@example.org",), before_sending_to=("ada@example.org",))
    assert 1 == len(list(check_settings.notices(look(replace(whole, notices=people)))))
    nowhere = look(replace(whole, notices=replace(people, smtp_host="")))
    unreached = found(list(check_settings.notices(nowhere)))[1]
    said = "who is named in notices.before_sending_to and notices.deputy gets no email: the notices have no mail server"
    assert (AMBER, said) == unreached


def test_the_server_in_front_is_to_be_named() -> None:
    """Before an encrypted address stands a server of which all forms seem to come; an example is nobody's address, and
    a page on this machine has none before it."""
    settings = the_settings(public_url="https://news.coalition.org")
    line = only(check_settings.server_in_front(look(settings)))
    assert AMBER is line.light
    assert "web.trusted_proxy" in line.to_do
    (known,) = found(check_settings.server_in_front(look(replace(settings, trusted_proxy="127.0.0.1"))))
    assert (GREEN, "where a form comes from is believed of 127.0.0.1") == known
    for address in ("https://news.example.org", "http://127.0.0.1:8080"):
        assert [] == list(check_settings.server_in_front(look(the_settings(public_url=address))))


# -- money ----------------------------------------------------------------------------------------------


def costs(dollars_: float) -> Rehearsal:
    return replace(a_rehearsal([*posts(12), an_email("day-12")]), costs=(Cost("x", 32, 30, dollars_),))


@pytest.mark.parametrize(
    ("limit", "light", "words"),
    [(0, GREEN, "no limit is set"), (10, GREEN, "the limit is $10.00"), (5, AMBER, "the limit of $5.00 stops it")],
)
def test_the_forecast_stands_beside_the_limit(limit: float, light: Status, words: str) -> None:
    """And beside what is spent so far."""
    settings = with_channel(the_settings(), "x", options={"spending_limit": limit})
    line = only(check_channels.cost(look(settings, costs(6.03), spent={"x": 0.215})))
    assert light == line.light
    assert line.said.startswith("x: about $6.03 for the season, $0.215 spent so far")
    assert words in line.said


def test_the_plan_of_mails_is_counted() -> None:
    """Readers times days; beyond the trial's hundred a day it says what to look at."""
    few = only(check_channels.own_questions(look(None, costs(1), readers=99)))
    assert "99 readers, 99 mails in 1 day; SendGrid's trial allows 100 a day" in few.said
    many = only(check_channels.own_questions(look(None, costs(1), readers=1200)))
    assert "allows 1,200 mails a day" in many.to_do
    assert [] == list(
        check_channels.own_questions(look(with_channel(the_settings(), "email", enabled=False), costs(1)))
    )


def test_a_doubt_is_measured_against_the_window() -> None:
    """Three minutes are well inside a day, forty-five are outside half an hour."""
    short = replace(a_post("day-12", on=date(2027, 1, 12)), expires_at=at(12) + timedelta(minutes=30))
    examined = look(None, a_rehearsal([short]), settle={"x": timedelta(minutes=45), "email": timedelta(minutes=45)})
    x, email = check_channels.settling(examined)
    assert (AMBER, GREEN) == (x.light, email.light)
    assert "a window of 30 minutes is over by then" in x.said
    assert "45 minutes after a doubtful call" in email.said


# -- clock, zones, disk ---------------------------------------------------------------------------------


def test_a_clock_behind_the_ledger_is_red(ledger: Ledger, tmp_path: Path) -> None:
    """What is written down cannot lie in the future."""
    ledger.events.record("x", who="x", now=NOW + timedelta(hours=3))
    line = only(check_machine.clock(look(ledger=ledger, root=tmp_path)))
    assert (RED, True) == (line.light, "3 hours behind the ledger" in line.said)
    assert GREEN == only(check_machine.clock(look(ledger=ledger, root=tmp_path, now=NOW + timedelta(hours=3)))).light


def test_a_clock_behind_the_files_is_amber_and_one_before_this_program_is_red(tmp_path: Path) -> None:
    """Files may carry the time of another machine."""
    (tmp_path / "config").mkdir()
    file = tmp_path / "config" / "settings.toml"
    file.write_text("")
    ahead = (NOW + timedelta(days=2)).timestamp()
    os.utime(file, (ahead, ahead))
    line = only(check_machine.clock(look(root=tmp_path)))
    assert (AMBER, True) == (line.light, "2 days in the future" in line.said)
    assert RED == only(check_machine.clock(look(root=tmp_path, now=datetime(2020, 1, 1, tzinfo=UTC)))).light
    pretended = only(check_machine.clock(look(root=tmp_path, pretended=True)))
    assert "OBSERVANCE_PRETEND_NOW is set" in pretended.said


def test_the_edition_of_the_zones_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's data go first; old ones are pointed out, and none that cannot be told are taken for good."""
    (tmp_path / "America").mkdir()
    (tmp_path / "America" / "New_York").write_text("")
    (tmp_path / "tzdata.zi").write_text("# version 2026c\n")
    monkeypatch.setattr(zoneinfo, "TZPATH", (str(tmp_path / "none"), str(tmp_path)))
    assert ("2026c", str(tmp_path)) == check_machine.zone_data()
    assert GREEN == only(check_machine.zones(look())).light
    (tmp_path / "tzdata.zi").write_text("# version 2019a\n")
    assert AMBER == only(check_machine.zones(look())).light
    (tmp_path / "tzdata.zi").unlink()
    assert "not known" in only(check_machine.zones(look())).said
    monkeypatch.setattr(zoneinfo, "TZPATH", ())
    version, source = check_machine.zone_data()
    assert (True, "the package tzdata") == (version[:2] == "20" and version[4:].isalpha(), source)


@pytest.mark.parametrize(("free", "light"), [(50_000_000, RED), (500_000_000, AMBER), (5_000_000_000, GREEN)])
def test_the_room_on_the_disk(free: int, light: Status, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A full disk stops sending."""

    class Usage:
        def __init__(self, free: int) -> None:
            self.free = free

    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(free))
    assert light == only(check_machine.room(look(root=tmp_path, database_file=tmp_path / "var" / "x.db"))).light


# -- the ledger -----------------------------------------------------------------------------------------


def with_ledger(ledger: Ledger, settings: Settings | None = None, **more: Any) -> DoctorContext:
    return look(settings, ledger=ledger, facts=ledger.facts(), **more)


def test_a_ledger_that_is_well_says_how_it_is_kept(ledger: Ledger) -> None:
    """Schema, durability, and who sends from it."""
    kept = replace(ledger.facts(), durable=True)  # a server for tests may be set to forget
    lines = list(check_machine.database(look(ledger=ledger, facts=kept, held_by="process 7 on here")))
    assert [GREEN, GREEN] == [line.light for line in lines]
    assert "in use: process 7 on here" in lines[0].said
    assert "what is written stays written" in lines[1].said
    loose = replace(ledger.facts(), durable=False, durability="synchronous 1")
    assert RED == list(check_machine.database(look(ledger=ledger, facts=loose)))[1].light


def test_no_ledger_and_one_that_cannot_be_used() -> None:
    """The first is no fault; the second ends with status 4."""
    assert GREEN == only(check_machine.database(look())).light
    away = only(check_machine.database(look(ledger_problem=OutOfReach("the disk is full", hint="make room"))))
    assert (RED, True, "make room") == (away.light, away.out_of_reach, away.to_do)
    older = only(check_machine.database(look(ledger_problem=NeedsAPerson("from an earlier release"))))
    assert (RED, False) == (older.light, older.out_of_reach)


def test_a_backup_that_was_put_back_is_named(ledger: Ledger) -> None:
    """Before anything is sent from it."""
    ledger.backups.mark_as_copy(copied_at=at(9), who="Ada", now=NOW)
    line = list(check_machine.database(with_ledger(ledger)))[-1]
    assert (AMBER, True) == (line.light, "this is a backup of January 9, 2027, 10:00 AM UTC" in line.said)


def test_a_history_that_was_changed_is_red(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole, and with a line cut off."""
    ledger.events.record("x", who="x", now=NOW)
    assert GREEN == only(check_machine.chain(with_ledger(ledger))).light
    report = replace(ledger.events.verify(), broken_at=1, reason="event 1 was changed after it was written")
    monkeypatch.setattr(ledger.events, "verify", lambda: report)
    line = only(check_machine.chain(with_ledger(ledger)))
    assert (RED, True) == (line.light, "event 1 was changed" in line.said)


def test_the_age_of_the_newest_backup(ledger: Ledger) -> None:
    """Never, old, fresh; a server's database has its own."""
    facts = replace(ledger.facts(), is_sqlite=True)
    assert (AMBER, "no backup was ever made") == found(check_machine.backup(look(ledger=ledger, facts=facts)))[0]
    ledger.events.record("ledger.copied", who="Ada", now=NOW - timedelta(days=3))
    assert (AMBER, "the newest backup is 3 days old") == found(check_machine.backup(look(ledger=ledger, facts=facts)))[
        0
    ]
    ledger.events.record("ledger.copied", who="Ada", now=NOW - timedelta(hours=5))
    assert (GREEN, "the newest backup is 5 hours old") == found(check_machine.backup(look(ledger=ledger, facts=facts)))[
        0
    ]
    server = replace(facts, is_sqlite=False)
    assert "pg_dump" in only(check_machine.backup(look(ledger=ledger, facts=server))).said


def test_what_is_in_doubt_or_did_not_go_is_listed(ledger: Ledger) -> None:
    """Unknown, in want of money, failed; and once all is settled, one good line."""
    world = World(ledger, posts(9, 10, 11))
    broke = Outcome(
        OutcomeKind.LATER, detail="402", retry_at=at(11, 20), reasons=(because(ReasonCode.NEEDS_MONEY, status=402),)
    )
    world.x.script = ["lost", Outcome(OutcomeKind.FINAL, detail="403: no"), broke]
    for day in (9, 10, 11):
        world.run_at(at(day))
    lines = list(check_season.deliveries(with_ledger(ledger, rehearsal=world.rehearse(), now=at(11, 11))))
    assert [AMBER, RED, AMBER] == [line.light for line in lines]
    assert "1 (day-9 on x)" in lines[0].said
    assert "x needs money; 1 delivery waits for it" == lines[1].said
    assert "did not go out, or not to everybody: 2 (day-10 on x)" in lines[2].said
    later = list(check_season.deliveries(with_ledger(ledger, rehearsal=a_rehearsal(posts(9)), now=at(30))))
    assert [AMBER, RED] == [line.light for line in later]


def test_what_is_due_and_does_not_go_is_told_with_its_reason(ledger: Ledger) -> None:
    """Two for one reason are one line; one that is on hold has the hold's line alone."""
    world = World(ledger, [*posts(11), a_post("evening", on=date(2027, 1, 11))])
    refused = Outcome(
        OutcomeKind.LATER, detail="403", retry_at=at(11, 12), reasons=(because(ReasonCode.PICTURE_REFUSED, status=403),)
    )
    world.x.script = [refused, refused]
    world.run_at(at(11))
    examined = with_ledger(ledger, rehearsal=world.rehearse(), now=at(11, 11))
    line = only(check_season.deliveries(examined))
    assert AMBER is line.light
    assert "2 deliveries are due and do not go: 1 (day-11 on x), 2 (evening on x): " in line.said
    assert "picture" in line.said
    ledger.holds.set("*", who="Ben Example", why="the line moves", now=at(11, 11))
    world.run_at(at(11, 12))
    examined = with_ledger(ledger, rehearsal=world.rehearse(), now=at(11, 12))
    assert not [line for line in check_season.deliveries(examined) if "not go" in line.said]


def test_a_mailing_that_did_not_get_to_all_is_listed(ledger: Ledger) -> None:
    """It stands as sent; its second batch was left out when the day was over."""
    world = World(ledger, [an_email("mail", on=date(2027, 1, 10))], readers=4, batch_limit=2)
    world.email.script = ["accept", Outcome(OutcomeKind.LATER, detail="503", retry_at=at(20))]
    world.run_at(at(10))
    examined = with_ledger(ledger, rehearsal=world.rehearse(), now=at(11, 9))
    line = only(check_season.deliveries(examined))
    assert AMBER is line.light
    assert "1 delivery of the last week did not go out, or not to everybody: 1 (mail on email)" == line.said


def test_all_sent_is_one_good_line(ledger: Ledger) -> None:
    """So many of so many."""
    world = World(ledger, posts(11, 12))
    world.run_at(at(11))
    examined = with_ledger(ledger, rehearsal=world.rehearse(), now=at(11, 11))
    assert [(GREEN, "1 of 2 are sent; nothing is in doubt")] == found(check_season.deliveries(examined))


def test_a_hold_is_named_with_who_and_why(ledger: Ledger) -> None:
    """And since when."""
    ledger.holds.set("*", who="Ada", why="a storm", now=NOW - timedelta(hours=5))
    line = only(check_season.holds(with_ledger(ledger)))
    assert (AMBER, "everything is held by Ada since 5 hours ago: a storm") == (line.light, line.said)


# -- the week ahead -------------------------------------------------------------------------------------


def test_a_week_of_approved_messages_is_good() -> None:
    """And says until when."""
    messages = posts(12, 15, 25)
    rehearsal = replace(a_rehearsal(messages), approvals=Approvals(tuple(map(an_approval, messages[:2]))))
    line = only(check_season.week_ahead(look(None, rehearsal)))
    assert (GREEN, "all 2 messages until Friday, January 15, 2027, 10:00 AM (UTC) may go") == (line.light, line.said)


def test_what_lacks_approval_within_a_week_is_named() -> None:
    """Red when the first is due within two days, amber before; amber in a rehearsal."""
    rehearsal = a_rehearsal(posts(12, 15))
    line = only(check_season.week_ahead(look(None, rehearsal)))
    assert RED == line.light
    assert "2 of 2 messages due within a week lack approval: day-12 on x (Jan 12), day-15 on x (Jan 15)" == line.said
    assert AMBER == only(check_season.week_ahead(look(None, a_rehearsal(posts(15))))).light
    assert AMBER == only(check_season.week_ahead(look(the_settings(Mode.REHEARSAL), rehearsal))).light


def test_what_blocks_the_week_is_named_and_what_blocks_another_is_not() -> None:
    """A red finding of the campaign or of an item of the week; waived codes do not count."""
    messages = posts(12, 25)
    approvals = Approvals(tuple(map(an_approval, messages)))
    mine = Finding("C109", Severity.RED, "the claim one is not signed yet", HERE, "sign it", item="day-12")
    other = replace(mine, item="day-25", message="the claim two is not signed yet")
    rehearsal = replace(a_rehearsal(messages, [mine, other]), approvals=approvals)
    line = only(check_season.week_ahead(look(None, rehearsal)))
    assert ("what is due within a week is blocked: the claim one is not signed yet", "sign it") == (
        line.said,
        line.to_do,
    )
    assert GREEN == only(check_season.week_ahead(look(None, rehearsal, waived=frozenset({"C109"})))).light
    assert "2 findings block live sending" in only(check_season.blocked(look(None, rehearsal))).said
    assert GREEN == only(check_season.blocked(look(None, rehearsal, waived=frozenset({"C109"})))).light


def test_a_week_without_anything_says_what_comes() -> None:
    """Before the season, and after it."""
    assert (
        "the first item goes Monday, January 25"
        in only(check_season.week_ahead(look(None, a_rehearsal(posts(25))))).said
    )
    assert "season 2027 is over" == only(check_season.week_ahead(look(None, a_rehearsal(posts(10))))).said


def test_a_campaign_that_cannot_be_read_is_a_line() -> None:
    """The other checks go on without it."""
    examined = look(seasons=(DoctorSeason("a-month", None, "a bracket is missing"),))
    assert (RED, "a bracket is missing") == found(check_season.readable(examined))[0]
    assert [] == [line for line in examine(examined) if "could not be made" in line.said]


def test_help_lines_that_end_before_their_last_message() -> None:
    """Ninety days from the last verification; until somebody has signed a line, its record's own day is nobody's word."""
    contact = Contact(
        "line", "phone", "1", "Hotline", "help", ContactStatus.ACTIVE, Where("x"), verified_on=date(2026, 10, 20)
    )
    messages = [replace(m, contacts=("line",)) for m in posts(12, 31)]
    rehearsal = a_rehearsal(messages)
    plan = replace(rehearsal.plan, campaign=replace(rehearsal.plan.campaign, contacts={"line": contact}))
    rehearsal = replace(rehearsal, plan=plan)
    line = only(check_season.help_lines(look(None, rehearsal)))
    assert (AMBER, "1 help line is not verified yet, since nobody has signed: line") == (line.light, line.said)
    signed = Signature("contact", "line", contact.record_hash(), "Ada", "safety", date(2026, 10, 20))
    old = replace(rehearsal, signatures=Signatures((signed,)))
    line = only(check_season.help_lines(look(None, old)))
    assert (AMBER, True) == (line.light, line.said.endswith("line (until January 18, 2027)"))
    signed = replace(signed, signed_on=date(2027, 1, 5))
    fresh = replace(rehearsal, signatures=Signatures((signed,)))
    assert (GREEN, "all 1 are verified until their last message") == found(check_season.help_lines(look(None, fresh)))[
        0
    ]


def test_claims_that_are_due_for_review() -> None:
    """By the findings of the checks."""
    due = Finding(
        "C110", Severity.AMBER, "the claim one was to be reviewed by 2026-12-15", HERE, "look for a newer edition"
    )
    line = only(check_season.claims(look(None, a_rehearsal(posts(12), [due]))))
    assert (AMBER, "look for a newer edition") == (line.light, line.to_do)
    assert GREEN == only(check_season.claims(look(None, a_rehearsal(posts(12))))).light


# -- the network ----------------------------------------------------------------------------------------


def test_without_online_no_door_is_tried() -> None:
    """Nothing leaves the machine without being asked to."""

    def never(*_: object) -> Any:
        raise AssertionError("the network was asked")

    examined = look(connect=never, look_up=never)
    assert "not tried" == only(check_channels.reach(examined)).said
    assert [] == list(check_channels.sender_domain(examined))


def test_each_door_is_tried_once_and_a_closed_one_is_out_of_reach() -> None:
    """Channels, hook, heartbeat and the notices' mail server; by host alone, for the path may be a secret."""
    tried: list[tuple[str, int, bool]] = []

    def connect(host: str, port: int, encrypted: bool, seconds: float) -> str:
        tried.append((host, port, encrypted))
        return "no connection" if host == "api.x.com" else ""

    rules = Notices(
        webhook_url="https://hooks.example.org/secret",
        heartbeat_url="https://h.example.org:8443/secret",
        smtp_host="mail.example.org",
    )
    lines = list(check_channels.reach(look(the_settings(notices=rules), online=True, connect=connect)))
    assert [
        ("api.x.com", 443, True),
        ("api.sendgrid.com", 443, True),
        ("hooks.example.org", 443, True),
        ("h.example.org", 8443, True),
        ("mail.example.org", 587, False),
    ] == tried
    assert [RED, GREEN, GREEN, GREEN, GREEN] == [line.light for line in lines]
    assert 4 == exit_status(lines)
    assert "secret" not in repr(lines)


@pytest.mark.parametrize(
    ("answer", "light", "says", "status"),
    [
        (None, None, "", 0),
        (Outcome(OutcomeKind.ACCEPTED, status=200), None, "", 0),
        (
            Outcome(OutcomeKind.ACCEPTED, reasons=(because(ReasonCode.ALLOWS_LESS, allows=400, is_set=500),)),
            AMBER,
            "channel x: it allows posts of 400 characters, and 500 are set",
            1,
        ),
        (
            Outcome(OutcomeKind.FINAL, detail="401: no", reasons=(because(ReasonCode.KEYS_REFUSED, status=401),)),
            RED,
            "channel x: the keys are refused: 401: no",
            1,
        ),
        (
            Outcome(OutcomeKind.LATER, reasons=(because(ReasonCode.TAKES_NONE, status=503),)),
            RED,
            "channel x: it takes nothing from anybody now",
            4,
        ),
    ],
)
def test_a_provider_that_is_there_is_asked_whether_it_takes_the_keys(
    answer: Outcome | None, light: Status | None, says: str, status: int
) -> None:
    """Nothing more is said where it does; what it allows less than is set, and what it refuses, is."""
    asked: list[str] = []

    def ask(channel: ChannelSettings) -> Outcome | None:
        asked.append(channel.name)
        return answer if channel.name == "x" else None

    examined = look(the_settings(), online=True, connect=lambda *door: "", ask=ask)
    lines = list(check_channels.reach(examined))
    assert ["x", "email"] == asked
    more = [line for line in lines if "answers" not in line.said]
    assert [(light, says)] * (light is not None) == [(line.light, line.said) for line in more]
    assert all(line.to_do for line in more)
    assert status == exit_status(lines)
    asked.clear()
    list(check_channels.reach(look(the_settings(), online=True, connect=lambda *door: "closed", ask=ask)))
    assert [] == asked, "who is not there is not asked"


def test_a_door_on_this_machine(tmp_path: Path) -> None:
    """Open, closed, and one that does not speak TLS."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def rude() -> None:
            for _ in range(2):
                line, _ = server.accept()
                line.close()

        thread = threading.Thread(target=rude, daemon=True)
        thread.start()
        assert "" == check_channels.open_door("127.0.0.1", port, False, 5)
        assert check_channels.open_door("127.0.0.1", port, True, 5) != ""
        thread.join(60)
    assert "no connection" in check_channels.open_door("127.0.0.1", port, False, 5)


def domain_settings(transport: str = "sendgrid", **options: Any) -> Settings:
    settings = the_settings()
    settings = replace(settings, organisation=replace(settings.organisation, from_address="n@news.coalition.net"))
    base = {"sendgrid": "https://api.sendgrid.com", "smtp": "smtp://mail.coalition.net:587"}[transport]
    return replace(settings, channels={"email": ChannelSettings("email", transport, True, base, 20, options)})


def dns(records: dict[str, list[str]]) -> Callable[[str, str], list[str]]:
    return lambda name, kind: records.get(name, [])


WELL = {
    "news.coalition.net": ["v=spf1 include:sendgrid.net ~all", "google-site-verification=x"],
    "s1._domainkey.news.coalition.net": ["k=rsa; t=s; p=MIGfMA0"],
    "s2._domainkey.news.coalition.net": ["v=DKIM1; p=MIGfMA0"],
    "_dmarc.coalition.net": ["v=DMARC1; p=reject"],
}


def asked(records: dict[str, list[str]], settings: Settings | None = None) -> dict[str, DoctorResult]:
    examined = look(settings or domain_settings(), online=True, look_up=dns(records))
    return {line.check: line for line in check_channels.sender_domain(examined)}


def test_a_domain_that_is_set_up_is_good() -> None:
    """DMARC may stand at the registered domain above."""
    assert {"SPF": GREEN, "DKIM": GREEN, "DMARC": GREEN} == {name: line.light for name, line in asked(WELL).items()}


def test_each_missing_record_comes_with_the_one_to_add() -> None:
    """Word for word, as it goes into the zone."""
    lines = asked({})
    assert {RED} == {line.light for line in lines.values()}
    assert 'news.coalition.net. TXT "v=spf1 include:sendgrid.net ~all"' in lines["SPF"].to_do
    assert "s1._domainkey.news.coalition.net. CNAME s1.domainkey." in lines["DKIM"].to_do
    assert '_dmarc.news.coalition.net. TXT "v=DMARC1; p=none; rua=mailto:' in lines["DMARC"].to_do


@pytest.mark.parametrize(
    ("record", "better"),
    [
        ("v=spf1 mx -all", "v=spf1 mx include:sendgrid.net -all"),
        ("v=spf1 mx", "v=spf1 mx include:sendgrid.net"),
        ("v=spf1 all", "v=spf1 include:sendgrid.net all"),
    ],
)
def test_an_spf_record_is_completed_not_replaced(record: str, better: str) -> None:
    """What is there stays, and the end stays the end."""
    line = asked({**WELL, "news.coalition.net": [record]})["SPF"]
    assert AMBER == line.light
    assert f'"{better}"' in line.to_do


def test_two_spf_records_count_as_none() -> None:
    """RFC 7208, 4.5: more than one is an error."""
    line = asked({**WELL, "news.coalition.net": ["v=spf1 mx -all", "v=spf1 include:sendgrid.net -all"]})["SPF"]
    assert (RED, True) == (line.light, "2 SPF records" in line.said)


def test_a_revoked_key_is_no_key() -> None:
    """RFC 6376, 3.6.1: an empty p= says that the key was taken back."""
    assert RED == asked({**WELL, "s2._domainkey.news.coalition.net": ["v=DKIM1; p="]})["DKIM"].light


def test_another_mail_server_needs_its_own_selector() -> None:
    """Without it nobody knows where the key stands; with it, it is looked up."""
    lines = asked({}, domain_settings("smtp"))
    assert 'TXT "v=spf1 a:mail.coalition.net ~all"' in lines["SPF"].to_do
    assert "channels.email.dkim_selector" in lines["DKIM"].to_do
    there = {"k1._domainkey.news.coalition.net": ["v=DKIM1; p=MIGf"]}
    assert GREEN == asked(there, domain_settings("smtp", dkim_selector="k1"))["DKIM"].light
    assert (
        "k1._domainkey.news.coalition.net. TXT" in asked({}, domain_settings("smtp", dkim_selector="k1"))["DKIM"].to_do
    )


def test_a_dns_that_does_not_answer_is_out_of_reach_and_an_example_is_not_asked_for() -> None:
    """The first is status 4."""

    def silent(name: str, kind: str) -> list[str]:
        raise OutOfReach(f"the DNS did not answer for {name}")

    lines = list(check_channels.sender_domain(look(domain_settings(), online=True, look_up=silent)))
    assert {True} == {line.out_of_reach for line in lines}
    assert "example" in only(check_channels.sender_domain(look(the_settings(), online=True, look_up=silent))).said


def test_records_are_read_from_a_name_server() -> None:
    """Texts in several parts are one; no such name is no record; silence is out of reach."""
    import dns.flags
    import dns.message
    import dns.rcode
    import dns.resolver
    import dns.rrset

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def answer() -> None:
            for _ in range(2):
                wire, where = server.recvfrom(4096)
                query = dns.message.from_wire(wire)
                reply = dns.message.make_response(query)
                name = query.question[0].name
                if str(name) == "here.coalition.net.":
                    reply.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", '"v=spf1 " "-all"'))
                else:
                    reply.set_rcode(dns.rcode.NXDOMAIN)
                server.sendto(reply.to_wire(), where)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.getsockname()[1]
        assert ["v=spf1 -all"] == check_channels.records("here.coalition.net", "TXT", resolver)
        assert [] == check_channels.records("gone.coalition.net", "TXT", resolver)
        thread.join(60)
        resolver.lifetime = resolver.timeout = 0.05
    with pytest.raises(OutOfReach, match="did not answer"):
        check_channels.records("here.coalition.net", "TXT", resolver)


# -- all of it ------------------------------------------------------------------------------------------


def test_a_check_that_fails_is_a_line_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of an error nobody foresaw are not shown."""

    def broken(examined: DoctorContext) -> Iterable[DoctorResult]:
        raise KeyError("reader@readers.example")

    def away(examined: DoctorContext) -> Iterable[DoctorResult]:
        raise OutOfReach("the database cannot be used")

    monkeypatch.setitem(CHECKS, "mode", broken)
    monkeypatch.setitem(CHECKS, "cost", away)
    lines = examine(look())
    assert "this check could not be made (KeyError)" == lines[0].said
    assert "reader@readers.example" not in repr(lines)
    assert any(line.out_of_reach for line in lines)
    assert len({line.check for line in lines}) > 8


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([DoctorResult("a", GREEN, "")], 0),
        ([DoctorResult("a", GREEN, ""), DoctorResult("b", AMBER, "")], 1),
        ([DoctorResult("a", RED, "")], 1),
        ([DoctorResult("a", AMBER, ""), DoctorResult("b", RED, "", out_of_reach=True)], 4),
        ([], 0),
    ],
)
def test_the_exit_status_is_that_of_the_contract(lines: list[DoctorResult], status: int) -> None:
    """0 good, 1 needs a person, 4 out of reach."""
    assert status == exit_status(lines)


def test_words_of_measure() -> None:
    """Days before hours, cents where there are some."""
    assert ["2 days", "1 hour", "3 minutes", "20 seconds"] == [
        days_words(timedelta(**d)) for d in ({"hours": 49}, {"minutes": 61}, {"seconds": 199}, {"seconds": 20})
    ]
    assert ("$6.00", "$0.015", "1 reader", "1,200 readers") == (
        dollars(6),
        dollars(0.015),
        counted(1, "reader"),
        counted(1200, "reader"),
    )


def test_sqlite_is_kept_so_that_a_power_cut_takes_nothing_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write-ahead log that is flushed at each commit."""
    from scheduler.store import open_ledger
    from scheduler.store.plain_sql import PRAGMAS

    monkeypatch.setattr("scheduler.store.database.PRAGMAS", PRAGMAS)
    facts = open_ledger(f"sqlite:///{tmp_path / 'observance.db'}").facts()
    assert (True, True) == (facts.is_sqlite, facts.durable)
    assert "journal_mode wal, synchronous full" == facts.durability
    assert facts.size > 0
