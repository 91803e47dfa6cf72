"""What the process beside the files has read, in the ledger: one row of a season, as it is now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.message import Message
from scheduler.domain.stored_rehearsal import StoredRehearsal
from scheduler.engine.rehearsal_keeper import RehearsalKeeper
from scheduler.errors import NeedsAPerson
from scheduler.store import Ledger
from tests.support.world import A_MONTH, World, a_campaign, a_post, a_rehearsal, an_email

NOW = datetime(2027, 1, 1, 8, tzinfo=UTC)
POST, MAIL = a_post(), an_email()


def keeper(ledger: Ledger, sender: str = "one") -> RehearsalKeeper:
    return RehearsalKeeper(ledger, A_MONTH.campaign, address="https://news.example.org/c/m", sender_key=sender)


def keep(by: RehearsalKeeper, *messages: Message, files: str = "f1", now: datetime = NOW, **more: object) -> None:
    by.keep(a_rehearsal(messages, **more), mode="live", files=files, events=0, now=now)  # type: ignore[arg-type]


def stored(ledger: Ledger) -> StoredRehearsal:
    found = ledger.rehearsals.of("live", A_MONTH)
    assert found is not None
    assert found[1] is not None
    return found[1]


def test_a_reading_is_written_once_and_again_when_something_changed(ledger: Ledger) -> None:
    """Reading the same files again makes no new version; another text, another day, or another process does."""
    by = keeper(ledger)
    keep(by, POST, MAIL)
    first = ledger.rehearsals.reading("live", A_MONTH)
    assert first is not None
    assert (1, "f1", "one", NOW, NOW) == (first.version, first.files, first.sender_key, first.read_at, first.changed_at)
    later = NOW + timedelta(hours=1)
    keep(by, POST, MAIL, files="f2", now=later)
    again = ledger.rehearsals.reading("live", A_MONTH)
    assert again is not None
    assert (1, "f2", later, NOW) == (again.version, again.files, again.read_at, again.changed_at)
    versions = []
    for change in (
        lambda: keep(by, a_post(text="Another one."), MAIL, now=later),
        lambda: keep(by, a_post(text="Another one."), MAIL, now=later + timedelta(days=1)),
        lambda: keep(keeper(ledger, "two"), a_post(text="Another one."), MAIL, now=later + timedelta(days=1)),
    ):
        change()
        versions.append(ledger.rehearsals.readings("live")[0].version)
    assert [2, 3, 4] == versions
    assert () == ledger.rehearsals.readings("rehearsal")


def test_the_words_are_there_before_they_are_due(ledger: Ledger) -> None:
    """By their digests; of what is due in a week they are not there yet."""
    far = a_post("day-9", on=POST.on + timedelta(days=8))
    keep(keeper(ledger), POST, MAIL, far)
    assert [POST, MAIL, None] == [ledger.lookups.sent_message(m.digest) for m in (POST, MAIL, far)]
    assert {m.digest for m in (POST, MAIL, far)} == {m.digest for m in stored(ledger).messages}


def test_files_that_cannot_be_read_are_said_and_what_was_read_stays(ledger: Ledger) -> None:
    """Until they can be read again; before the first reading there is nothing to say it of."""
    by = keeper(ledger)
    by.unreadable("campaign.toml, line 3", mode="live", now=NOW)
    assert None is ledger.rehearsals.of("live", A_MONTH)
    keep(by, POST)
    by.unreadable("campaign.toml, line 3", mode="live", now=NOW + timedelta(minutes=1))
    found = ledger.rehearsals.reading("live", A_MONTH)
    assert found is not None
    assert (2, "campaign.toml, line 3") == (found.version, found.problem)
    assert [POST.digest] == [m.digest for m in stored(ledger).messages]
    keep(by, POST, now=NOW + timedelta(minutes=2))
    assert ["", 3] == [getattr(ledger.rehearsals.readings("live")[0], name) for name in ("problem", "version")]


def test_a_process_answers_for_one_season_of_a_campaign(ledger: Ledger) -> None:
    """When the next season begins, nobody sends the last one by what was read of it."""
    keep(keeper(ledger), POST)
    next_year = a_post(on=POST.on.replace(year=2028), season=2028)
    keep(keeper(ledger, "two"), next_year, year=2028)
    assert [2027, 2028] == [r.season for r in ledger.rehearsals.readings("live")], "another process's own"
    keep(keeper(ledger), next_year, year=2028)
    assert [2028] == [r.season for r in ledger.rehearsals.readings("live")]


def test_what_was_signed_since_makes_it_outdated(ledger: Ledger) -> None:
    """Findings rest on signatures and answers; an approval is looked at by the last check itself."""
    world = World(ledger, [POST], now=NOW)
    keep(keeper(ledger), POST)
    reading = ledger.rehearsals.readings("live")[0]
    assert not ledger.rehearsals.is_outdated(reading), "approvals alone"
    ledger.events.record("record.signed", who="Ada", now=world.clock.now())
    assert ledger.rehearsals.is_outdated(reading)


def test_a_tick_keeps_what_it_reads(ledger: Ledger) -> None:
    """After each reading; findings of every weight with it, and why the files cannot be read once they cannot."""
    world = World(ledger, [POST, MAIL], now=NOW)
    world.findings.append(Finding("M001", Severity.AMBER, "it is long", Where("a.md", 1), item="day-1"))
    world.keeper = keeper(ledger)
    files = ["f1"]
    tick = world.new_tick(fingerprint=lambda: files[0])
    tick.run()
    assert tuple(world.findings) == stored(ledger).findings
    assert a_campaign().time_zone == stored(ledger).time_zone
    files[0], world.unreadable = "f2", NeedsAPerson("line 7 is wrong")
    tick.run()
    assert "line 7 is wrong" in ledger.rehearsals.readings("live")[0].problem
    world.unreadable = None
    tick.run()
    assert ("f2", "") == tuple(getattr(ledger.rehearsals.readings("live")[0], n) for n in ("files", "problem"))
