"""The last check: each reason alone stops a live send, and says so in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.approval import Approvals
from scheduler.domain.delivery import State
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.message import Message
from scheduler.domain.reason import ReasonCode
from scheduler.domain.reason_words import in_words
from scheduler.domain.records import ALL_CHANNELS, Arming, Delivery, Hold, SendSnapshot
from scheduler.engine.preflight import Lease, PreflightResult, check_before_send
from scheduler.settings import Mode
from tests.support.reasons import says
from tests.support.world import a_post, a_rehearsal, an_approval

MESSAGE = a_post("day-1")
NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)


def a_delivery(message: Message = MESSAGE, mode: str = "live") -> Delivery:
    return Delivery(
        id=1,
        mode=mode,
        campaign=message.campaign,
        season=message.season,
        item=message.item,
        channel=message.channel,
        kind="post",
        on=message.on,
        due_at=message.due_at,
        expires_at=message.expires_at,
        state=State.SCHEDULED,
    )


def a_standing(message: Message = MESSAGE, **changes: Any) -> SendSnapshot:
    good = SendSnapshot(
        delivery=a_delivery(message),
        batch=None,
        armed=Arming("a-month", 2027, "Ada", NOON),
        holds=(),
        approvals=Approvals((an_approval(message),)),
    )
    return replace(good, **changes)


def check(
    message: Message | None = MESSAGE,
    standing: SendSnapshot | None = None,
    findings: tuple[Finding, ...] = (),
    *,
    mode: Mode = Mode.LIVE,
    now: datetime = NOON,
    waived: tuple[str, ...] = (),
    lease: Lease | None = None,
) -> PreflightResult:
    rehearsal = a_rehearsal([MESSAGE], findings)
    return check_before_send(
        message, standing or a_standing(), rehearsal, mode=mode, now=now, waived=waived, lease=lease
    )


def red(code: str = "C001", **where: Any) -> Finding:
    return Finding(code, Severity.RED, f"what {code} says", Where("campaigns/a-month/x.toml", 1), **where)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        *((code, ReasonCode.UNDECIDED) for code in ("D201", "D204")),
        *((code, ReasonCode.UNSIGNED) for code in ("C103", "C109", "H105", "H107")),
    ],
)
def test_what_a_signature_or_an_answer_takes_away_has_a_code_of_its_own(code: str, reason: ReasonCode) -> None:
    """By it the reason is forgotten as soon as somebody has signed, or answered."""
    assert [reason] == [one.code for one in check(findings=(red(code),)).refused]


def test_what_is_armed_approved_and_due_goes() -> None:
    """With nothing in the way the verdict is empty."""
    assert PreflightResult() == check()


HELD = Hold(1, ALL_CHANNELS, "Ben", "a sad day", NOON)
LIVE_ONLY: dict[str, tuple[dict[str, Any], str]] = {
    "rehearsal delivery": ({"standing": a_standing(delivery=a_delivery(mode="rehearsal"))}, says(ReasonCode.NOT_LIVE)),
    "not armed": ({"standing": a_standing(armed=None)}, says(ReasonCode.NOT_ARMED, season=2027)),
    "not approved": ({"standing": a_standing(approvals=Approvals())}, "nobody has approved it"),
    "changed": (
        {"standing": a_standing(approvals=Approvals((replace(an_approval(MESSAGE), digest="0" * 64),)))},
        "it changed after it was approved",
    ),
    "red of the campaign": ({"findings": (red(),)}, "C001: what C001 says"),
    "red of the item": ({"findings": (red(item="day-1"),)}, "C001: what C001 says"),
    "red of the item on this channel": ({"findings": (red(item="day-1", channel="x"),)}, "C001: what C001 says"),
    "red of this channel": ({"findings": (red(channel="x"),)}, "C001: what C001 says"),
}
ALWAYS: dict[str, tuple[dict[str, Any], str]] = {
    "held": ({"standing": a_standing(holds=(HELD,))}, "held by Ben since January 1, 2027, 12:00 PM UTC: a sad day"),
    "too early": ({"now": NOON - timedelta(hours=3)}, "not due before January 1, 2027, 10:00 AM UTC"),
    "too late": ({"now": NOON + timedelta(hours=12)}, says(ReasonCode.WINDOW_CLOSED, closed_at=MESSAGE.expires_at)),
    "no message": ({"message": None}, says(ReasonCode.NO_MESSAGE)),
    "moved": (
        {"message": replace(MESSAGE, due_at=MESSAGE.due_at - timedelta(hours=1))},
        says(ReasonCode.PLAN_MOVED),
    ),
    "lease": ({"lease": Lease(100, 51)}, says(ReasonCode.LEASE_SPENT, seconds=51)),
    "left": ({"standing": a_standing(newly_left=2)}, "2 readers left meanwhile"),
}


@pytest.mark.parametrize("name", [*LIVE_ONLY, *ALWAYS])
def test_each_reason_alone_stops_a_live_send(name: str) -> None:
    """One reason is enough, and the words name it."""
    arguments, words = {**LIVE_ONLY, **ALWAYS}[name]
    verdict = check(**arguments)
    assert verdict.refused
    assert words in in_words(verdict.refused)


@pytest.mark.parametrize("name", LIVE_ONLY)
def test_a_rehearsal_goes_on_and_records_what_live_would_refuse(name: str) -> None:
    """Approvals, arming and red findings do not stop a rehearsal; they are written down."""
    arguments, words = LIVE_ONLY[name]
    verdict = check(**arguments, mode=Mode.REHEARSAL)
    assert not verdict.refused
    assert words in in_words(verdict.live_would_refuse)


@pytest.mark.parametrize("name", ALWAYS)
def test_a_rehearsal_is_stopped_by_what_holds_in_every_mode(name: str) -> None:
    """A hold, the window and a missing message count in a rehearsal too, or it would show another month."""
    arguments, words = ALWAYS[name]
    assert words in in_words(check(**arguments, mode=Mode.REHEARSAL).refused)


def test_the_window_is_closed_on_the_instant_of_its_end_and_open_on_that_of_its_beginning() -> None:
    """due_at <= now < expires_at."""
    assert not check(now=MESSAGE.due_at).refused
    assert check(now=MESSAGE.expires_at).refused
    assert not check(now=MESSAGE.expires_at - timedelta(microseconds=1)).refused


@pytest.mark.parametrize(
    "finding",
    [
        red(item="day-2"),
        red(item="day-1", channel="email"),
        red(channel="email"),
        Finding("C001", Severity.AMBER, "amber", Where("x")),
        Finding("C001", Severity.INFO, "info", Where("x")),
    ],
)
def test_findings_of_others_and_lesser_ones_do_not_stop(finding: Finding) -> None:
    """Another item's red, another channel's red, and amber let this one go."""
    assert not check(findings=(finding,)).refused


def test_a_waived_code_does_not_stop_and_another_does() -> None:
    """A sandbox waives the codes it names and no others."""
    assert not check(findings=(red("H109"),), waived=("H109",)).refused
    assert "C001" in in_words(check(findings=(red("H109"), red("C001")), waived=("H109",)).refused)


def test_a_red_of_the_message_itself_stops() -> None:
    """Findings may hang on the message instead of the list."""
    message = replace(MESSAGE, findings=(red("C014", item="day-1"),))
    assert "C014" in in_words(check(message, a_standing(message)).refused)


def test_an_approval_of_another_channel_does_not_count() -> None:
    """The approval names the channel it was given for."""
    other = replace(an_approval(MESSAGE), channel="email")
    assert check(standing=a_standing(approvals=Approvals((other,)))).refused


def test_half_a_lease_is_still_good() -> None:
    """The call may begin within the first half of its lease."""
    assert not check(lease=Lease(100, 50)).refused


def test_all_reasons_come_at_once() -> None:
    """Nobody has to correct one thing to learn of the next."""
    verdict = check(standing=a_standing(holds=(HELD,), armed=None, approvals=Approvals()), findings=(red(),))
    assert 4 == len(verdict.refused)


def test_a_record_at_fault_stops_the_items_that_use_it_and_no_others() -> None:
    """An unsigned claim of one day is no reason to be silent on all others."""
    assert check(findings=(red(items=("day-1", "day-9")),)).refused
    assert not check(findings=(red(items=("day-9",)),)).refused
