"""The tables by which an answer becomes an outcome."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.channels import status_mapping
from scheduler.channels.sendgrid import send as sendgrid
from scheduler.channels.x import send as x
from scheduler.domain.outcome import OutcomeKind
from scheduler.domain.reason import ReasonCode

NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


def needs_money(outcome: Any) -> bool:
    return ReasonCode.NEEDS_MONEY in {reason.code for reason in outcome.reasons}


@given(st.integers(min_value=100, max_value=999))
def test_a_status_is_refused_only_where_a_table_says_so(status: int) -> None:
    """Given up or tried again is only what certainly was not sent; every status outside the tables is unknown."""
    kind = status_mapping.kind_of(status)
    certain = {
        OutcomeKind.ACCEPTED: 200 <= status < 300,
        OutcomeKind.FINAL: status in status_mapping.REFUSED,
        OutcomeKind.LATER: status in (402, 429),
    }
    assert certain.get(kind, not any(certain.values()))


@pytest.mark.parametrize("status", [408, 409, 425, 499, 500, 502, 503, 504, 520, 100, 302])
def test_doubtful_statuses_are_unknown(status: int) -> None:
    """These are also given for a request that is under way."""
    assert status_mapping.kind_of(status) is OutcomeKind.UNKNOWN


@pytest.mark.parametrize(
    ("resets", "expected"),
    [
        ([], timedelta(minutes=15)),
        ([None, ""], timedelta(minutes=15)),
        (["soon", "-", "1e9", "9" * 30], timedelta(minutes=15)),
        ([str(EPOCH + 300)], timedelta(seconds=300)),
        ([str(EPOCH + 300), str(EPOCH + 86_400), str(EPOCH + 5)], timedelta(days=1)),
        ([str(EPOCH - 300)], timedelta(seconds=60)),
        ([str(EPOCH)], timedelta(seconds=60)),
        ([(NOW + timedelta(minutes=4)).isoformat()], timedelta(minutes=4)),
        ([(NOW + timedelta(minutes=4)).isoformat().replace("+00:00", ".480Z")], timedelta(minutes=4, milliseconds=480)),
        (["2027-01-11T15:09:00", "2027-01-11"], timedelta(minutes=15)),
    ],
)
def test_the_latest_reset_counts(resets: list[str | None], expected: timedelta) -> None:
    """The latest that can be read; none: the fallback; one that is past: in a minute, not at once."""
    assert status_mapping.latest_reset(resets, now=NOW, otherwise=timedelta(minutes=15)) - NOW == expected


@given(st.text(max_size=400))
def test_words_are_safe_to_store(text: str) -> None:
    """One line of printable characters, at most 200, and no address."""
    safe = status_mapping.safe(f"{text} reader@readers.example")
    assert len(safe) <= 200
    assert safe.isprintable() or not any(c in safe for c in "\n\r\t\x00\x1b\u2028")
    assert "readers.example" not in safe


def test_words_that_may_be_a_key_are_left_out() -> None:
    """A provider may quote what it was sent."""
    said = status_mapping.safe(
        "the key SG.aaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb is not known"
    )
    assert said == "the key [...] is not known"


# -- X ------------------------------------------------------------------------------------------------

DUPLICATE = (
    b'{"detail":"You are not allowed to create a Tweet with duplicate content.","title":"Forbidden","status":403}'
)


def x_outcome(status: int, body: bytes = b"", **headers: str) -> Any:
    return x.outcome_of(status, {k.replace("_", "-"): v for k, v in headers.items()}, body, now=NOW)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (201, b'{"data":{"id":"1212092628029698048","text":"hello"}}', OutcomeKind.ACCEPTED),
        (200, b'{"data":{"id":"1212092628029698048"}}', OutcomeKind.ACCEPTED),
        (201, b'{"data":{"id":1212092628029698048}}', OutcomeKind.UNKNOWN),
        (201, b'{"data":{"id":""}}', OutcomeKind.UNKNOWN),
        (201, b'{"data":{"id":"12120926280296980481"}}', OutcomeKind.UNKNOWN),
        (201, b'{"data":[]}', OutcomeKind.UNKNOWN),
        (201, b'{"data":{"id":"12', OutcomeKind.UNKNOWN),
        (201, b"", OutcomeKind.UNKNOWN),
        (204, b"", OutcomeKind.UNKNOWN),
        (400, b'{"title":"Invalid Request"}', OutcomeKind.FINAL),
        (401, b'{"title":"Unauthorized"}', OutcomeKind.FINAL),
        (403, b'{"detail":"You are not permitted to perform this action."}', OutcomeKind.FINAL),
        (403, DUPLICATE, OutcomeKind.UNKNOWN),
        (403, b'{"errors":[{"code":187,"message":"Status is a duplicate."}]}', OutcomeKind.UNKNOWN),
        (404, b"", OutcomeKind.FINAL),
        (402, b'{"title":"CreditsDepleted"}', OutcomeKind.LATER),
        (429, b'{"errors":[{"code":88,"message":"Rate limit exceeded"}]}', OutcomeKind.LATER),
        (409, b"", OutcomeKind.UNKNOWN),
        (503, b"<html>", OutcomeKind.UNKNOWN),
    ],
)
def test_what_x_answers(status: int, body: bytes, kind: OutcomeKind) -> None:
    """Accepted is only a success that carries the id of a post; a duplicate is neither refused nor accepted."""
    outcome = x_outcome(status, body)
    assert (outcome.kind, outcome.status) == (kind, status)
    assert bool(outcome.reference) == (kind is OutcomeKind.ACCEPTED)
    assert bool(outcome.retry_at) == (kind is OutcomeKind.LATER)
    assert needs_money(outcome) == (status == 402)
    assert bool(outcome.reasons) == (kind is not OutcomeKind.ACCEPTED)


def test_x_waits_for_the_longest_limit() -> None:
    """X has a window of 15 minutes and two of a day; only one of the names is documented."""
    resets: dict[str, Any] = {
        "x_rate_limit_reset": str(EPOCH + 600),
        "x_app_limit_24hour_reset": str(EPOCH + 40_000),
        "x_user_limit_24hour_reset": str(EPOCH + 7_000),
    }
    assert x_outcome(429, **resets).retry_at - NOW == timedelta(seconds=40_000)
    for name, reset in resets.items():
        assert x_outcome(429, **{name: reset}).retry_at == datetime.fromtimestamp(int(reset), UTC)
    assert x_outcome(429).retry_at - NOW == timedelta(minutes=15)


# -- SendGrid -----------------------------------------------------------------------------------------


def sendgrid_outcome(status: int, body: bytes = b"", *, sandbox_mode: bool = False, **headers: str) -> Any:
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    wait = timedelta(minutes=2)
    return sendgrid.outcome_of(status, named, body, now=NOW, sandbox_mode=sandbox_mode, wait=wait)


@pytest.mark.parametrize(
    ("status", "body", "sandbox_mode", "kind"),
    [
        (202, b"", False, OutcomeKind.ACCEPTED),
        (200, b"", True, OutcomeKind.ACCEPTED),
        (200, b"", False, OutcomeKind.UNKNOWN),
        (202, b"", True, OutcomeKind.UNKNOWN),
        (201, b"", False, OutcomeKind.UNKNOWN),
        (400, b'{"errors":[{"message":"Bad Request"}]}', False, OutcomeKind.FINAL),
        (401, b'{"errors":[{"message":"authorization required"}]}', False, OutcomeKind.FINAL),
        (
            401,
            b'{"errors":[{"message":"Maximum credits exceeded","field":null,"help":null}]}',
            False,
            OutcomeKind.LATER,
        ),
        (402, b"", False, OutcomeKind.LATER),
        (403, b"", False, OutcomeKind.FINAL),
        (404, b"", False, OutcomeKind.FINAL),
        (405, b"", False, OutcomeKind.FINAL),
        (413, b"", False, OutcomeKind.FINAL),
        (415, b"", False, OutcomeKind.FINAL),
        (429, b"", False, OutcomeKind.LATER),
        (408, b"", False, OutcomeKind.UNKNOWN),
        (500, b"", False, OutcomeKind.UNKNOWN),
        (503, b"", False, OutcomeKind.UNKNOWN),
    ],
)
def test_what_sendgrid_answers(status: int, body: bytes, sandbox_mode: bool, kind: OutcomeKind) -> None:
    """202 is queued; 200 is checked, in sandbox mode; a 401 for want of credits is not a bad key."""
    outcome = sendgrid_outcome(status, body, sandbox_mode=sandbox_mode)
    assert (outcome.kind, outcome.status) == (kind, status)
    assert bool(outcome.retry_at) == (kind is OutcomeKind.LATER)
    assert needs_money(outcome) == (b"credits" in body or status == 402)
    assert bool(outcome.reasons) == (kind is not OutcomeKind.ACCEPTED)


def test_sendgrid_reference_and_reset() -> None:
    """The reference is X-Message-Id, when it looks like one; the reset is X-RateLimit-Reset, else the given wait."""
    assert sendgrid_outcome(202, X_Message_Id="14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0").reference == (
        "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0"
    )
    assert sendgrid_outcome(202, X_Message_Id="no such\x00id").reference == ""
    assert sendgrid_outcome(429, X_RateLimit_Reset=str(EPOCH + 90)).retry_at - NOW == timedelta(seconds=90)
    assert sendgrid_outcome(429).retry_at - NOW == timedelta(minutes=2)
