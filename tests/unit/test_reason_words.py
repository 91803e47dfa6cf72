"""How reasons are worded. Other tests go by codes, so that another wording is a change of this table alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.domain.reason import ReasonCode as C
from tests.support.reasons import says

AT = datetime(2027, 1, 1, 10, 15, tzinfo=UTC)
TABLE: list[tuple[tuple[C, ...], dict[str, Any], str]] = [
    ((C.NOT_ARMED,), {"season": 2027}, "season 2027 is not armed"),
    ((C.HELD,), {"who": "Ada"}, "held by Ada"),
    ((C.HELD,), {"who": "Ada", "since_at": AT, "why": "news"}, "held by Ada since January 1, 2027, 10:15 AM UTC: news"),
    ((C.WINDOW_CLOSED,), {"closed_at": AT}, "its window closed on January 1, 2027, 10:15 AM UTC"),
    ((C.NO_MESSAGE,), {}, "the campaign's files hold no message for it any more"),
    ((C.PLAN_MOVED,), {}, "the plan has it at another time"),
    ((C.NO_READERS,), {}, "there were no readers"),
    (
        (C.CLOSED_UNSENT, C.NOTHING_RAN),
        {},
        "its window closed before it could go: nothing ran, or nothing could be sent, while it was open",
    ),
    (
        (C.CLOSED_UNSENT, C.NOT_ARMED),
        {"season": 2027},
        "its window closed before it could go: season 2027 is not armed",
    ),
    ((C.CLOSED_BEFORE_START,), {}, "the window had closed before the season was started here"),
    (
        (C.RESTORED,),
        {"copied_at": AT},
        "restored from a backup of January 1, 2027, 10:15 AM UTC: it may have gone out already",
    ),
    ((C.CHANNEL_OFF,), {"channel": "email"}, "the channel email is not set up, or is switched off"),
    ((C.KEYS_REFUSED,), {}, "the keys are refused"),
    (
        (C.ALLOWS_LESS,),
        {"allows": 400, "is_set": 500},
        "it allows posts of 400 characters, and 500 are set",
    ),
    ((C.NAME_NOT_FOUND,), {}, "not sent: the server's name was not found"),
    ((C.NOT_ENCRYPTED,), {}, "not sent: no encrypted connection"),
    ((C.TOO_LATE_TO_RETRY,), {}, "it may be tried again only after its window has closed"),
    (
        (C.CALL_LIMIT,),
        {"until_at": AT, "calls": 2, "minutes": 15, "channel": "x"},
        "waits until January 1, 2027, 10:15 AM UTC: 2 calls in 15 minutes are the limit of x",
    ),
    (
        (C.PROVIDER_LIMIT,),
        {"until_at": AT, "channel": "email"},
        "waits until January 1, 2027, 10:15 AM UTC: email said of an earlier call that it was one too many (429)",
    ),
    (
        (C.SPENDING_LIMIT,),
        {"limit": 0.3, "spent": 0.2, "price": 0.015, "channel": "x"},
        "the spending limit of $0.30 for x would be passed: about $0.20 is spent this season, and this post costs $0.015",
    ),
    (
        (C.TEXT_CHANGED,),
        {"what": "Contact line", "have_it": 1},
        "Contact line changed while it went out; 1 reader has the earlier words",
    ),
    (
        (C.TEXT_CHANGED,),
        {"what": "Contact line", "have_it": 4000},
        "Contact line changed while it went out; 4,000 readers have the earlier words",
    ),
    ((C.READERS_LEFT,), {"count": 1}, "1 reader left meanwhile"),
    ((C.WAITS_FOR_PERSON,), {"person": "Ada", "until_at": AT}, "waits for Ada until 10:15 AM"),
    ((C.REHEARSED, C.NOT_ARMED), {"season": 2027}, "live would have refused: season 2027 is not armed"),
    ((C.MIXED,), {"accepted": 2, "failed": 1, "unknown": 1}, "2 accepted, 1 refused, 1 may have gone out"),
]


@pytest.mark.parametrize(("codes", "fields", "words"), TABLE, ids=lambda v: v[-1].name if isinstance(v, tuple) else "")
def test_each_reason_is_said_in_a_sentence_for_people(codes: tuple[C, ...], fields: dict[str, Any], words: str) -> None:
    """One line, its fields as people write them, without a full stop at its end."""
    assert words == says(*codes, **fields)


def test_an_instant_is_told_in_the_zone_that_was_asked_for() -> None:
    """And the end of a day is not the beginning of the next."""
    assert "its window closed on January 1, 2027, 5:15 AM" == says(
        C.WINDOW_CLOSED, zone="America/New_York", closed_at=AT
    )
    midnight = datetime(2027, 1, 2, tzinfo=UTC)
    assert "waits for Ada until midnight" == says(C.WAITS_FOR_PERSON, person="Ada", until_at=midnight)


def test_more_than_four_reasons_are_counted() -> None:
    """A sentence stays a sentence."""
    codes = (C.NO_MESSAGE, C.PLAN_MOVED, C.KEYS_REFUSED, C.NOT_ENCRYPTED, C.NO_READERS, C.FILES_CHANGED)
    assert says(*codes).endswith("; not sent: no encrypted connection; and 2 more")
