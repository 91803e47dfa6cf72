"""What the ledger keeps of reviewers: requests for changes, comments, invitations, packets, approved forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from scheduler.domain.claim import Signature
from scheduler.domain.comment import ChangeRequest
from scheduler.domain.finding import Severity
from scheduler.domain.invitation import new_token
from scheduler.domain.packet_record import PacketRecord
from scheduler.domain.question import Asked
from scheduler.domain.season_guard import rule_guard
from scheduler.domain.season_key import SeasonKey
from scheduler.store import Ledger
from tests.support.world import A_MONTH, a_post, an_approval, an_email

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
POST, EMAIL = a_post("day-1"), an_email("day-1")


def ask(ledger: Ledger, *messages, who: str = "Ben", comment: str = "The year is wrong.", now: datetime = NOW):
    return ledger.change_requests.add(messages or (POST,), who=who, role="fact-reviewer", comment=comment, now=now)


def standing(ledger: Ledger) -> tuple[ChangeRequest, ...]:
    return ledger.change_requests.of_season(A_MONTH)


def kinds(ledger: Ledger) -> list[str]:
    return [e.kind for e in ledger.events.in_order()]


# -- questions ------------------------------------------------------------------------------------------


def test_a_season_is_shown_what_guarded_the_last_one_before_it_and_nobody_has_answered_for(ledger: Ledger) -> None:
    """Once: what this season relies on itself in the same words is not repeated, nor an earlier season's questions."""
    stood, other = rule_guard("house", "L01", Severity.RED, "One"), rule_guard("house", "L02", Severity.RED, "Two")
    oldest = rule_guard("house", "L00", Severity.RED, "None")
    years = [replace(A_MONTH, season=A_MONTH.season + n) for n in range(4)]
    ledger.questions.note(years[0], [oldest], now=NOW)
    ledger.questions.note(years[1], [stood, other, Asked("item", "day-1", "Is it so?")], now=NOW)

    def before(of: SeasonKey) -> list[tuple[int, str]]:
        return [(one.season, one.subject_id) for one in ledger.questions.of_season(of).before]

    assert [(years[1].season, "L01"), (years[1].season, "L02")] == before(years[2]) == before(years[3])
    assert [(years[0].season, "L00")] == before(years[1])
    ledger.questions.answer(years[2], stood, "It may go.", who="Ada", role="coordinator", via="page", now=LATER)
    assert [(years[1].season, "L02")] == before(years[2])
    ledger.questions.note(years[2], [other], now=LATER)
    assert [] == before(years[2])
    assert [(years[2].season, "L02")] == before(years[3])
    assert [] == before(replace(years[3], campaign="another"))


# -- requests for changes -------------------------------------------------------------------------------


def test_a_request_withdraws_that_persons_approvals_and_no_others(ledger: Ledger) -> None:
    """Whoever wants something changed has not approved it; what others said stays."""
    for person in ("Ben", "Ada"):
        for message in (POST, EMAIL):
            ledger.approvals.record(an_approval(message, person, at=NOW), message)
    (request,) = ask(ledger, POST, who=" ben ")
    read = POST.digest_with_records
    assert ("day-1", "x", "ben", read) == (request.item, request.channel, request.person, request.digest)
    left = {(a.person, a.channel) for a in ledger.approvals.of_season(A_MONTH).all}
    assert {("Ada", "x"), ("Ada", "email"), ("Ben", "email")} == left
    assert (request,) == standing(ledger)


def test_a_newer_approval_of_the_same_person_answers_it(ledger: Ledger) -> None:
    """Somebody else's does not, nor one on another channel."""
    ask(ledger, POST, EMAIL)
    ledger.approvals.record(an_approval(POST, "Ada", at=LATER), POST)
    assert 2 == len(standing(ledger))
    ledger.approvals.record(an_approval(a_post("day-1", text="new"), "BEN", at=LATER))
    assert ["email"] == [r.channel for r in standing(ledger)]
    (ended,) = [r for r in ledger.change_requests.of_season(A_MONTH, ended=True) if not r.stands]
    assert ("approved", "BEN", LATER) == (ended.how, ended.ended_by, ended.ended_at)


@pytest.mark.parametrize("how", ["withdrawn", "settled"])
def test_a_request_ends_once(ledger: Ledger, how: str) -> None:
    """Taken back or settled, with who and why; a second end finds nothing."""
    (request,) = ask(ledger)
    ends: dict[str, Any] = {"how": how, "who": "Ada", "role": "coordinator", "comment": "It stays.", "now": LATER}
    assert ledger.change_requests.end(request.id, **ends)
    assert not ledger.change_requests.end(request.id, **ends)
    assert not ledger.change_requests.end(999, **ends)
    assert () == standing(ledger)
    asked, said = ledger.comments.of_season(A_MONTH, "day-1")
    assert (f"changes-{how}", asked.id, "It stays.") == (said.about, said.answers, said.text)
    assert 1 == kinds(ledger).count(f"changes.{how}")


def test_asking_again_replaces_ones_own_request(ledger: Ledger) -> None:
    """The newest words count; one approval ends it."""
    ask(ledger)
    ask(ledger, comment="And the source.", now=LATER)
    assert 1 == len(standing(ledger))
    ask(ledger, who="Cy")
    assert {"Ben", "Cy"} == {r.person for r in standing(ledger)}


def test_the_last_check_sees_a_request_of_a_moment_ago(ledger: Ledger, open_it: Callable[[], Ledger]) -> None:
    """From another connection, for exactly this message."""
    from tests.contract.test_ledger import plan

    plan(ledger, POST, EMAIL)
    by_channel = {d.channel: d.id for d in ledger.deliveries.of_season("live", A_MONTH)}
    ask(open_it(), POST)
    seen = {channel: ledger.deliveries.snapshot(delivery) for channel, delivery in by_channel.items()}
    assert ["Ben"] == [r.person for r in seen["x"].requests]
    assert () == seen["email"].requests


def test_nothing_asked_is_nothing_done(ledger: Ledger) -> None:
    """No message, no row."""
    before = ledger.events.version()
    assert () == ledger.change_requests.add((), who="Ben", role="fact-reviewer", comment="x", now=NOW)
    assert before == ledger.events.version()


# -- approved forms -------------------------------------------------------------------------------------


def test_what_was_approved_or_read_can_be_read_again(ledger: Ledger) -> None:
    """Byte for byte, so that a later form can be compared with it; a message that is not the approved one is not kept."""
    ledger.approvals.record(an_approval(POST), POST)
    assert POST == ledger.lookups.sent_message(POST.digest)
    ask(ledger, EMAIL)
    assert EMAIL == ledger.lookups.sent_message(EMAIL.digest_with_records)
    since = replace(POST, rests_on={"claim:c": "1" * 64})
    ledger.approvals.record(an_approval(since, "Cy"), since)
    assert since == ledger.lookups.sent_message(POST.digest), "with the records beneath it as of the last yes"
    other = a_post("day-2")
    ledger.approvals.record(an_approval(other), replace(other, season=2028))
    assert ledger.lookups.sent_message(other.digest) is None


def test_one_person_may_approve_in_two_roles_and_in_each_once(ledger: Ledger) -> None:
    """A role can be what the policy asks for."""
    approval = an_approval(POST, "Ben")
    assert ledger.approvals.record(approval)
    assert ledger.approvals.record(replace(approval, role="fact-reviewer"))
    assert not ledger.approvals.record(replace(approval, role="fact-reviewer"))


def test_a_sign_off_may_have_a_last_day(ledger: Ledger) -> None:
    """It holds on its last day, not on the next; signed again without one, it holds for as long as the record stays."""
    last = date(2027, 1, 11)
    signature = Signature("claim", "c", "0" * 64, "Ada", "fact-reviewer", date(2026, 12, 1), last)
    assert ledger.signatures.add("a-month", signature, now=NOW)
    assert not ledger.signatures.add("a-month", signature, now=NOW)
    known = ledger.signatures.of_campaign("a-month")
    assert (signature,) == known.valid_on(last).of("claim", "c", "0" * 64)
    assert () == known.valid_on(last + timedelta(days=1)).all
    assert ledger.signatures.add("a-month", replace(signature, expires_on=None), now=NOW)
    assert 1 == len(ledger.signatures.of_campaign("a-month").valid_on(date(2099, 1, 1)).all)


def test_sign_offs_of_a_season_end_with_it(ledger: Ledger) -> None:
    """Those made up to its last day, of that campaign alone; one that ends before keeps its day, and a later one
    stays. The history has it, and a second time none is left to end."""
    last = date(2027, 2, 1)

    def sign(record: str, signed_on: date, expires_on: date | None = None, campaign: str = "a-month") -> None:
        signature = Signature("claim", record, "h" * 64, "Ada", "coordinator", signed_on, expires_on)
        ledger.signatures.add(campaign, signature, now=NOW)

    sign("open", date(2026, 12, 1))
    sign("longer", last, date(2028, 1, 1))
    sign("shorter", date(2026, 12, 1), date(2027, 1, 5))
    sign("later", date(2027, 2, 2))
    sign("elsewhere", date(2026, 12, 1), campaign="another")
    ends: dict[str, Any] = {"season": 2028, "pins": 0, "who": "Ada", "now": LATER}
    assert 2 == ledger.signatures.ending_with("a-month", last)
    assert [2, 0] == [ledger.signatures.end_with(A_MONTH, last, **ends) for _ in range(2)]
    expected = {"open": last, "longer": last, "shorter": date(2027, 1, 5), "later": None, "elsewhere": None}
    assert expected == {s.subject_id: s.expires_on for s in ledger.signatures.of_campaign("a-month", "another").all}
    assert "season.rolled-forward" in kinds(ledger)


# -- comments -------------------------------------------------------------------------------------------


def remark(ledger: Ledger, words: str = "Which year?", item: str = "day-1", **more: Any):
    return ledger.comments.add(A_MONTH, item, who="Ada", role="coordinator", text=words, now=NOW, **more)


def test_comments_are_kept_by_item_in_order(ledger: Ledger) -> None:
    """With channel and thread."""
    first = remark(ledger, channel="x")
    second = remark(ledger, "2021.", answers=first.id)
    remark(ledger, item="day-2")
    assert (first, second) == ledger.comments.of_season(A_MONTH, "day-1")
    assert 3 == len(ledger.comments.of_season(A_MONTH))
    assert () == ledger.comments.of_season(SeasonKey("a-month", 2028))


def test_an_answer_needs_a_comment_on_the_same_item(ledger: Ledger) -> None:
    """No thread leads from one item into another."""
    first = remark(ledger)
    before = ledger.events.version()
    assert remark(ledger, item="day-2", answers=first.id) is None
    assert remark(ledger, answers=999) is None
    assert before == ledger.events.version()


def test_no_words_of_a_reviewer_get_into_the_history_and_no_address_anywhere(ledger: Ledger) -> None:
    """Comments are private; the history is exported."""
    secret = "my own story, ann@example.org"
    remark(ledger, secret)
    (request,) = ask(ledger, comment=secret)
    ledger.change_requests.end(
        request.id, how="settled", who="ann@example.org", role="coordinator", comment=secret, now=NOW
    )
    ledger.approvals.record(replace(an_approval(POST, "ann@example.org"), comment=secret), POST)
    ledger.invitations.add(
        A_MONTH, "ann@example.org", "fact-reviewer", expires_at=LATER, who="ann@example.org", now=NOW
    )
    history = repr(ledger.events.in_order())
    assert "story" not in history
    assert "@" not in history
    everything = (
        ledger.comments.of_season(A_MONTH),
        ledger.change_requests.of_season(A_MONTH, ended=True),
    )
    assert "@" not in repr([c.text for c in everything[0]]) + repr(everything)
    assert "@" not in repr((ledger.invitations.of_season(A_MONTH), ledger.approvals.of_season(A_MONTH)))


# -- invitations ----------------------------------------------------------------------------------------


def invite(ledger: Ledger, name: str = "Ben", *, role: str = "fact-reviewer", now: datetime = NOW) -> str:
    return ledger.invitations.add(A_MONTH, name, role, expires_at=now + timedelta(days=14), who="Ada", now=now)


def test_a_token_leads_to_its_invitation_and_its_role(ledger: Ledger) -> None:
    """Two people, two links."""
    ben, cy = invite(ledger), invite(ledger, "Cy", role="board-viewer")
    assert ("Ben", "fact-reviewer") == (
        ledger.invitations.find(ben, now=NOW).name,
        ledger.invitations.find(ben, now=NOW).role,
    )
    assert "board-viewer" == ledger.invitations.find(cy, now=NOW).role


def test_unknown_expired_and_revoked_look_alike(ledger: Ledger) -> None:
    """Nobody learns from a link whether there ever was an invitation."""
    expired, revoked = invite(ledger, now=NOW - timedelta(days=14)), invite(ledger, "Cy")
    assert 1 == ledger.invitations.revoke(A_MONTH, " cy", who="Ada", now=NOW)
    for token in (
        expired,
        revoked,
        new_token(),
        "",
        "x",
        "\ud800",
        "'; DROP TABLE invitations",
        revoked[:-1],
        f" {revoked}",
    ):
        assert ledger.invitations.find(token, now=NOW) is None
    assert ["expired", "revoked"] == [i.state(NOW) for i in ledger.invitations.of_season(A_MONTH)]


def test_only_the_hash_of_a_token_is_kept(ledger: Ledger) -> None:
    """Whoever reads the database, or the history, can open nobody's page."""
    token = invite(ledger)
    with ledger._database.read() as connection:
        rows = repr(connection.execute(text("SELECT * FROM invitations")).all())
        rows += repr(connection.execute(text("SELECT * FROM events")).all())
    assert token not in rows


def test_a_new_link_ends_the_earlier_one_of_that_name(ledger: Ledger) -> None:
    """A link that was lost is replaced, not doubled."""
    first, second = invite(ledger), invite(ledger, "BEN")
    assert ledger.invitations.find(first, now=NOW) is None
    assert ledger.invitations.find(second, now=NOW) is not None
    assert 0 == ledger.invitations.revoke(A_MONTH, "Cy", who="Ada", now=NOW)


def test_looking_uses_nothing_up_and_is_noted_only_when_it_is_said(ledger: Ledger) -> None:
    """A link scanner that opens a link changes nothing; the pages say when a person has looked."""
    token = invite(ledger)
    before = ledger.events.version()
    for _ in range(3):
        found = ledger.invitations.find(token, now=NOW)
    assert (None, None) == (found.first_look_at, found.last_look_at)
    ledger.invitations.note_look(found.id, now=NOW)
    ledger.invitations.note_look(found.id, now=LATER)
    found = ledger.invitations.find(token, now=LATER)
    assert (NOW, LATER) == (found.first_look_at, found.last_look_at)
    assert before == ledger.events.version(), "reading is not an act"


# -- packets --------------------------------------------------------------------------------------------


def test_a_packet_is_remembered_once(ledger: Ledger) -> None:
    """With exactly what it held; the newest comes first."""
    packet = PacketRecord("a-month", 2027, "a" * 64, NOW, {("day-1", "x"): POST.digest})
    assert ledger.packets.record(packet)
    assert not ledger.packets.record(replace(packet, made_at=LATER))
    newer = replace(packet, edition="b" * 64, made_at=LATER)
    assert ledger.packets.record(newer)
    assert (newer, packet) == ledger.packets.of_season(A_MONTH)
    assert () == ledger.packets.of_season(SeasonKey("a-month", 2028))


def test_each_act_is_a_line_of_the_history(ledger: Ledger) -> None:
    """And the chain holds."""
    invite(ledger)
    ask(ledger)
    remark(ledger)
    ledger.approvals.record(an_approval(POST, "Ben", at=LATER), POST)
    ledger.invitations.revoke(A_MONTH, "Ben", who="Ada", now=LATER)
    assert [
        "reviewer.invited",
        "changes.asked",
        "comment.added",
        "approval.given",
        "changes.approved",
        "reviewer.revoked",
    ] == kinds(ledger)
    assert ledger.events.verify().is_whole
