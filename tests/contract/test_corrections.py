"""A correction in the files stops the rest of a mailing; approved, the rest gets the new words, and nobody gets two."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import told
from scheduler.domain.outcome import Request
from scheduler.domain.reason import ReasonCode
from scheduler.domain.records import Delivery
from scheduler.engine.alert_rules import AlertContext, notices
from scheduler.errors import NeedsAPerson
from scheduler.settings import Notices
from scheduler.store import Ledger
from scheduler.store.tables import attempts, batches, deliveries, messages
from scheduler.web.staff.item import correction_draft
from tests.support.world import A_MONTH, World, a_campaign, an_approval, an_email

NINE, TEN = (datetime(2027, 1, 1, hour, tzinfo=UTC) for hour in (9, 10))


class Files:
    """The campaign's files, as the engine sees them: their times, and what they hold."""

    def __init__(self, ledger: Ledger, *, readers: int = 10) -> None:
        self.world = World(
            ledger, [an_email("day-1", text="Call 1-888-000-0000.")], now=NINE, readers=readers, batch_limit=2
        )
        self.moved = 0
        self.looks = 0
        self.world.new_tick(fingerprint=self.times)
        self.old = self.world.messages[0]
        self.new = an_email("day-1", text="Call 1-888-373-7888.")

    def times(self) -> str:
        self.looks += 1
        return str(self.moved)

    def edit(self, *messages: object) -> None:
        self.world.messages = list(messages)  # type: ignore[arg-type]
        self.moved += 1

    def after_call(self, number: int, act: object) -> None:
        """Do something while call ``number`` is under way; each call takes two seconds."""

        def on_call(request: Request) -> None:
            self.world.clock.advance(timedelta(seconds=2))
            if len(self.world.email.provider.calls) == number - 1:
                act()  # type: ignore[operator]

        self.world.email.on_call = on_call

    @property
    def delivery(self) -> Delivery:
        return self.world.ledger.deliveries.of_season("live", A_MONTH)[0]

    def bodies(self) -> list[str]:
        """The words that each accepted call carried, by digest."""
        return [str(request.body["digest"]) for request in self.world.email.provider.accepted]


@pytest.fixture
def files(ledger: Ledger) -> Files:
    return Files(ledger)


def test_an_edit_in_the_middle_stops_the_rest_and_says_what_and_how_many(files: Files) -> None:
    """The text is changed while the second of five batches is sent: the third is not."""
    files.after_call(2, lambda: files.edit(files.new))
    files.world.run_at(TEN)
    assert 2 == len(files.world.email.provider.calls)
    delivery = files.delivery
    assert (State.HELD, 4, 6) == (delivery.state, delivery.counts.accepted, delivery.counts.waiting)
    assert ReasonCode.TEXT_CHANGED == delivery.reasons[0].code
    assert "4 of 10 have it; 6 wait until midnight. Its text" in told(delivery)
    assert "changed while it went out; 4 readers have the earlier words" in told(delivery)
    season = files.world.rehearse().plan.season
    picture = AlertContext(files.world.clock.now(), a_campaign(), season, True, Notices(), deliveries=(delivery,))
    (notice,) = notices(picture)
    assert "day-1 on email stopped: its text" in notice.text
    assert "4 of 10 have it; 6 wait until midnight, and who has it has the earlier words" in notice.text


def test_approved_again_the_rest_gets_the_new_words_and_nobody_gets_two(files: Files, ledger: Ledger) -> None:
    """Under the same delivery; which readers have which words is known afterwards."""
    files.after_call(2, lambda: files.edit(files.new))
    files.world.run_at(TEN)
    ledger.approvals.record(an_approval(files.new, at=files.world.clock.now()))
    assert State.SENDING == files.delivery.state
    assert "" == told(files.delivery).partition(". ")[2], "the reason is gone with the approval"
    files.world.run_at(TEN + timedelta(minutes=42))
    delivery = files.delivery
    assert (State.SENT, 10, 4) == (delivery.state, delivery.counts.accepted, delivery.had_earlier)
    assert {1} == set(files.world.received().values())
    assert 10 == len(files.world.received())
    assert [files.old.digest] * 2 + [files.new.digest] * 3 == files.bodies()
    assert [(files.old.digest, 4), (files.new.digest, 6)] == [
        (d, n) for d, _, n in ledger.deliveries.words_sent(delivery.id)
    ]
    assert "corrected at 10:42 AM: 4 readers have the earlier words" == told(delivery)
    (event,) = ledger.events.of_kinds("delivery.corrected")
    assert (4, files.new.digest) == (event.data["had_earlier"], event.data["after"])
    assert ledger.events.verify().is_whole


def test_an_edit_between_the_preparation_and_the_call_stops_the_call(
    files: Files, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in hand is not what the files say any more: it is certainly not sent."""
    intend = ledger.batches.record_intent

    def intend_and_edit(batch_id: int, **given: Any) -> bool:
        won = intend(batch_id, **given)
        files.world.clock.advance(timedelta(seconds=2))
        files.edit(files.new)
        return won

    monkeypatch.setattr(ledger.batches, "record_intent", intend_and_edit)
    files.world.run_at(TEN)
    assert [] == files.world.email.provider.calls
    assert State.SCHEDULED == files.delivery.state


def test_files_that_cannot_be_read_any_more_stop_the_rest(files: Files) -> None:
    """A half-saved file is no text to go on with, and the old one may be what is being corrected."""

    def break_it() -> None:
        files.world.unreadable = NeedsAPerson("a bracket is missing")
        files.edit(files.new)

    files.after_call(1, break_it)
    files.world.run_at(TEN)
    assert 1 == len(files.world.email.provider.calls)
    assert {ReasonCode.CAMPAIGN_UNREADABLE} == {reason.code for reason in files.delivery.reasons}


def test_a_changed_record_beneath_stops_nothing(files: Files) -> None:
    """A help line that was tried again meanwhile: all readers get the same words, and nobody is called corrected."""
    changed = replace(files.old, rests_on={"contact:hotline-phone": "other"})
    files.after_call(3, lambda: files.edit(changed))
    files.world.run_at(TEN)
    assert 5 == len(files.world.email.provider.calls)
    assert (State.SENT, None) == (files.delivery.state, files.delivery.corrected_at)


def test_a_mailing_under_way_by_a_digest_of_version_1_ends_as_one(files: Files, ledger: Ledger) -> None:
    """The release is another one in the middle of a mailing: its first calls were made under the earlier digest."""
    files.old = replace(files.old, rests_on={"contact:hotline-phone": "0" * 64})
    files.edit(files.old)
    digest, first = files.old.digests

    def as_it_was_written_before() -> None:
        with ledger.approvals._database.write("test") as connection:
            for table in (batches, attempts, deliveries, messages):
                connection.execute(update(table).where(table.c.digest == digest).values(digest=first))

    files.after_call(3, as_it_was_written_before)
    files.world.run_at(TEN)
    assert 5 == len(files.world.email.provider.calls)
    assert (State.SENT, None) == (files.delivery.state, files.delivery.corrected_at)


def test_files_that_do_not_move_are_looked_at_once_a_second_and_rendered_once(files: Files) -> None:
    """A mailing of many quick calls costs no more looks for that."""
    files.world.run_at(TEN)
    looks, rendered = files.looks, files.world.looks
    assert 5 == len(files.world.email.provider.calls)
    assert rendered <= 2
    assert looks <= 6, "five batches within one second of the virtual clock are one look beside those of the pass"


def test_an_edit_after_all_have_it_corrects_nothing(ledger: Ledger) -> None:
    """What was sent whole before the edit is sent, and nothing is called corrected."""
    files = Files(ledger, readers=2)
    files.world.run_at(TEN)
    files.edit(files.new)
    files.world.run_at(TEN + timedelta(minutes=1))
    assert (State.SENT, None) == (files.delivery.state, files.delivery.corrected_at)


def test_the_draft_of_a_correction_is_an_item(files: Files) -> None:
    """Its head is what the loader reads, and it claims nothing by itself."""
    import tomllib

    draft = correction_draft(files.old, have_it=4)
    _, head, body = draft.text.split("+++\n")
    assert {"id", "kind", "title", "subject"} == set(tomllib.loads(head))
    assert ("# Post" in body, "# Email" in body) == (True, True)
