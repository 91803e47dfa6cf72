"""Forged, replayed, reordered, duplicated and truncated reports: the right state each time, over HTTP."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.channels.sendgrid.receipts import CLOCKS_DIFFER, OLDEST, SIGNATURE_HEADER
from tests.support.web_factory import NOW, Signer, Site, event, signer
from tests.unit.test_receipts import post, sent, standing

#: What SendGrid reports of three days' mails to four readers: one is well, one comes back each time, one is gone, one
#: complains after leaving.
READERS = 4
SOFT = {"type": "blocked", "status": "4.2.2"}


def a_season_of_reports(ids: Mapping[str, str]) -> list[Mapping[str, object]]:
    told: list[Mapping[str, object]] = []
    for send_id in ids.values():
        for subscriber in range(READERS):
            told += [event(kind, subscriber, send_id=send_id) for kind in ("processed", "delivered")]
        told.append(event("bounce", 1, send_id=send_id, **SOFT))
        told.append(event("deferred", 2, send_id=send_id, attempt="1"))
    last = ids["day-3"]
    told.append(event("bounce", 2, send_id=last, type="bounce", status="5.1.1"))
    told += [event("unsubscribe", 3, send_id=last), event("spamreport", 3, send_id=last)]
    return told


EXPECTED = {"0": "active", "1": "paused", "2": "bounced", "3": "complained"}


class Told:
    """A site with three mails out, and the means to report in any manner."""

    def __init__(self, folder: Path, key: str = "") -> None:
        folder.mkdir()
        self.site = Site(folder, key=key or signer().public)
        self.site.add_test_subscribers(READERS)
        _, ids = sent(self.site, ("day-1", "day-2", "day-3"))
        self.events = a_season_of_reports(ids)

    def report(self, events: Sequence[Mapping[str, object]], by: Signer | None = None) -> int:
        return int(self.site.report(events, by=by).status_code)

    def readers(self) -> dict[str, str]:
        return {str(int(r.subscriber.id, 16)): str(r.state) for r in self.site.ledger.subscribers.each("a-month")}


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    made = Told(tmp_path / "one")
    yield made
    made.site.close()


@pytest.fixture
def in_order(tmp_path: Path) -> Iterator[Told]:
    """The same season, reported once and in order: what every other manner must come to."""
    made = Told(tmp_path / "other")
    assert 200 == made.report(made.events)
    assert EXPECTED == made.readers()
    yield made
    made.site.close()


def test_forged_reports_change_nothing(told: Told, in_order: Told) -> None:
    """By another key; with a good signature of another report; with one of another time: refused, and the true ones count."""
    before = told.site.dump()
    assert 403 == told.report([event("spamreport", n) for n in range(READERS)], by=Signer())
    true, forged = (json.dumps(e).encode() for e in (told.events, [event("spamreport", 0)]))
    assert 403 == post(told.site, forged, signer().headers(true))
    headers = signer().headers(true, NOW - timedelta(hours=1))
    headers[SIGNATURE_HEADER] = signer().headers(true)[SIGNATURE_HEADER]
    assert 403 == post(told.site, true, headers)
    assert before == told.site.dump()
    told.report(told.events)
    assert standing(in_order.site) == standing(told.site)


def test_replayed_reports_change_nothing(told: Told, in_order: Told) -> None:
    """The very same bytes and signature, again at once, after hours, and after so long that they are refused."""
    body = json.dumps(told.events).encode()
    headers = signer().headers(body)
    assert 200 == post(told.site, body, headers)
    assert standing(in_order.site) == standing(told.site)
    once = told.site.dump()
    for hours, status in ((0, 200), (3, 200), (21, 200), (2, 403), (24 * 30, 403)):
        told.site.clock.advance(timedelta(hours=hours))
        assert status == post(told.site, body, headers), hours
        assert once == told.site.dump()


@pytest.mark.parametrize("seed", range(4))
def test_reordered_reports_come_to_the_same(told: Told, in_order: Told, seed: int) -> None:
    """Backwards, and in three other orders, in reports of any size."""
    events, dice = list(reversed(told.events)), random.Random(seed)
    if seed:
        dice.shuffle(events)
    while events:
        size = dice.randint(1, 5)
        assert 200 == told.report(events[:size])
        events = events[size:]
    assert EXPECTED == told.readers()
    assert standing(in_order.site) == standing(told.site)


def test_reports_that_come_46_times_count_once(told: Told, in_order: Told) -> None:
    """Each of them, mixed up with all others; the history has one line for each act."""
    events = list(told.events) * 46
    random.Random(46).shuffle(events)
    for start in range(0, len(events), 200):
        assert 200 == told.report(events[start : start + 200])
    assert standing(in_order.site) == standing(told.site)

    def acts(of: Told) -> list[str]:
        return sorted(e.kind for e in of.site.ledger.events.newest(limit=10_000) if e.kind.startswith("subscriber."))

    assert acts(in_order) == acts(told)


def test_truncated_reports_are_refused_whole_and_taken_when_they_come_again(told: Told, in_order: Told) -> None:
    """Cut anywhere, signed or not: nothing of them is handled; SendGrid sees no success, and repeats them."""
    body = json.dumps(told.events).encode()
    before = told.site.dump()
    for length in (0, 1, 2, len(body) // 3, len(body) // 2, len(body) - 1):
        assert 403 == post(told.site, body[:length], signer().headers(body))
        assert 400 == post(told.site, body[:length], signer().headers(body[:length]))
    assert before == told.site.dump()
    assert 200 == post(told.site, body, signer().headers(body))
    assert standing(in_order.site) == standing(told.site)


# -- what else comes in at that door ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 900_000,
        b"[" + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"]",
        b"[1e999999]",
        b'["\xed\xa0\x80"]',
        b"\xff\xfe[\0]\0",
    ],
    ids=["deep lists", "deep objects", "an endless number", "half a character", "another encoding"],
)
def test_malformed_and_deeply_nested_reports_hurt_nobody(told: Told, body: bytes) -> None:
    """Signed or not: a refusal or nothing new, never an error of ours; the next report is handled."""
    before = told.site.dump()
    assert 403 == post(told.site, body, {})
    assert post(told.site, body, signer().headers(body)) in (200, 400, 403)
    assert before == told.site.dump()
    assert 200 == told.report(told.events)
    assert EXPECTED == told.readers()


@pytest.mark.parametrize(
    "said",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "application/json; charset=utf-7",
    ],
)
def test_the_content_type_does_not_matter_the_signature_does(told: Told, said: str) -> None:
    """What a proxy makes of the head changes no byte of the body."""
    body = json.dumps(told.events).encode()
    headers = {**signer().headers(body), "Content-Type": said}
    assert 200 == post(told.site, body, headers)
    assert EXPECTED == told.readers()


def test_a_body_that_was_packed_on_its_way_is_not_unpacked(told: Told) -> None:
    """What was signed is the body itself; a small one that unpacks to a huge one gets nowhere."""
    packed = gzip.compress(json.dumps(told.events).encode())
    headers = {**signer().headers(packed), "Content-Encoding": "gzip"}
    assert 403 == post(told.site, packed, headers)  # no text, so nothing that SendGrid signs


@pytest.mark.parametrize(
    ("age", "status"),
    [
        (OLDEST, 200),
        (OLDEST + timedelta(seconds=1), 403),
        (-CLOCKS_DIFFER, 200),
        (-CLOCKS_DIFFER - timedelta(seconds=1), 403),
    ],
)
def test_the_age_of_a_signature_ends_to_the_second(told: Told, age: timedelta, status: int) -> None:
    """25 hours old, and five minutes ahead."""
    assert status == told.site.report(told.events, at=NOW - age).status_code


def test_after_a_new_key_the_old_one_signs_nothing_and_nothing_is_lost(tmp_path: Path, told: Told) -> None:
    """What SendGrid signs by its new key before we know it is refused, so it repeats it; afterwards it is handled."""
    new = Signer()
    assert 403 == told.report(told.events, by=new)
    renewed = Told(tmp_path / "renewed", new.public)
    assert 403 == renewed.report(renewed.events)
    assert 200 == renewed.report(renewed.events, by=new)
    assert EXPECTED == renewed.readers()
    renewed.site.close()


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch"])
def test_reports_come_by_post_alone(told: Told, method: str) -> None:
    """Whoever opens the address in a browser sees nothing."""
    act: Callable[..., object] = getattr(told.site.client, method)
    assert 405 == act("/webhooks/sendgrid").status_code  # type: ignore[attr-defined]
