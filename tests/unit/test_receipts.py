"""SendGrid's reports: only what it signed, each once, in any order, with the effect that the strongest word has."""

from __future__ import annotations

import base64
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.channels.sendgrid.receipts import OLDEST, SignatureCheck, Unreadable, read_events
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.receipt import Barred, Fate, Receipt, ReceiptKind, fate_from, stronger, stronger_bar
from scheduler.errors import ConfigurationError, OutOfReach
from scheduler.web.webhooks import LARGEST_REPORT
from tests.support.web_factory import NOW, Signer, Site, event, signer
from tests.support.world import A_MONTH, World, an_email

DAYS = [f"day-{n}" for n in range(1, 6)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, key=signer().public)
    made.add_test_subscribers(2)
    yield made
    made.close()


@contextmanager
def another_site() -> Iterator[Site]:
    """For rules that are tried many times in one test."""
    with TemporaryDirectory() as folder:
        made = Site(Path(folder), key=signer().public)
        made.add_test_subscribers(2)
        yield made
        made.close()


def sent(
    site: Site, items: Sequence[str] = ("day-1",), *, script: Sequence[object] = ()
) -> tuple[World, dict[str, str]]:
    """Mails of these days to both readers, one a day; returns the send ids by item."""
    first = datetime(2027, 1, 1, tzinfo=UTC)
    mails = [an_email(item, on=(first + timedelta(days=n)).date()) for n, item in enumerate(items)]
    world = World(site.ledger, mails)
    world.email.script = list(script)  # type: ignore[arg-type]
    for n in range(len(items)):
        world.run_at(first + timedelta(days=n, hours=10))
    send_ids = {}
    for delivery in site.ledger.deliveries.of_season("live", A_MONTH):
        (batch,) = site.ledger.deliveries.batches(delivery.id)
        send_ids[delivery.item] = batch.send_id
    return world, send_ids


def fates(site: Site) -> dict[tuple[str, int], tuple[str, str]]:
    """(item, reader) -> what the ledger says of the mail."""
    deliveries = {d.id: d.item for d in site.ledger.deliveries.of_season("live", A_MONTH)}
    from scheduler.store.tables import recipients

    with site.ledger._database.read() as connection:
        return {
            (deliveries[row["delivery_id"]], int(row["subscriber_id"], 16)): (row["state"], row["reason"] or "")
            for row in connection.execute(recipients.select()).mappings()
            if row["state"]
        }


def standing(site: Site) -> dict[str, object]:
    """Everything that receipts decide: the readers' states, the barred addresses, the mails' fates, the batches."""
    from scheduler.store.tables import batches, suppressions

    with site.ledger._database.read() as connection:
        barred = {r["address_key"]: r["reason"] for r in connection.execute(suppressions.select()).mappings()}
        states = [(r["number"], r["state"]) for r in connection.execute(batches.select()).mappings()]
    readers = {s.subscriber.id: s.state for s in site.ledger.subscribers.each(A_MONTH.campaign)}
    reported = Counter((item, state) for (item, _), (state, _) in fates(site).items() if state != "skipped")
    kept = {d.item: site.ledger.receipts.fates(d.id) for d in site.ledger.deliveries.of_season("live", A_MONTH)}
    assert reported == {(item, state): n for item, states in kept.items() for state, n in states.items()}
    return {"readers": readers, "barred": barred, "fates": fates(site), "batches": states}


def kinds(site: Site) -> list[str]:
    return [e.kind for e in site.ledger.events.newest(limit=1_000)]


# -- who signed it --------------------------------------------------------------------------------------


def post(site: Site, body: bytes, headers: Mapping[str, str]) -> int:
    return int(site.client.post("/webhooks/sendgrid", data=body, headers=headers).status_code)


def test_what_sendgrid_signed_is_handled(site: Site) -> None:
    """The good case, without which the refusals would mean nothing."""
    answer = site.report([event("delivered")])
    assert (200, {"new": 1, "repeated": 0}) == (answer.status_code, answer.get_json())


def _other_bytes(body: bytes) -> list[bytes]:
    again = json.dumps(json.loads(body)).encode()
    return [
        body[:-2],
        body + b" ",
        again,
        body[: len(body) // 2],
        b"",
        b"[]",
        body.replace(b"bounce", b"bounse"),
        b"\xff",
    ]


@pytest.mark.parametrize("which", range(8))
def test_a_signature_fits_the_raw_bytes_alone(site: Site, which: int) -> None:
    """Cut off, longer by a space, read and written again as JSON, one letter changed, no text at all: refused."""
    body = json.dumps([event("bounce", type="bounce")]).encode() + b"\r\n"
    headers = signer().headers(body)
    before = site.dump()
    assert 403 == post(site, _other_bytes(body)[which], headers)
    assert before == site.dump()
    assert 200 == post(site, body, headers)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: {},
        lambda headers: {k: v for k, v in headers.items() if "Signature" in k},
        lambda headers: {k: v for k, v in headers.items() if "Timestamp" in k},
        lambda headers: dict.fromkeys(headers, ""),
        lambda headers: {k: (str(int(v) + 1) if "Timestamp" in k else v) for k, v in headers.items()},
        lambda headers: {k: (v + ".0" if "Timestamp" in k else v) for k, v in headers.items()},
        lambda headers: {k: ("9" * 400 if "Timestamp" in k else v) for k, v in headers.items()},
        lambda headers: {k: ("-1" if "Timestamp" in k else v) for k, v in headers.items()},
        lambda headers: {k: ("not base64 !" if "Signature" in k else v) for k, v in headers.items()},
        lambda headers: {k: ("A" * 96 if "Signature" in k else v) for k, v in headers.items()},
        lambda headers: {k: (v[:-4] if "Signature" in k else v) for k, v in headers.items()},
        lambda headers: {
            k: (base64.b64encode(b"\0" * 64).decode() if "Signature" in k else v) for k, v in headers.items()
        },
    ],
)
def test_a_report_without_a_good_signature_is_refused(
    site: Site, spoil: Callable[[Mapping[str, str]], Mapping[str, str]]
) -> None:
    """No header, one of the two, an altered time, no base64, a signature of nothing: 403, and nothing is written."""
    body = json.dumps([event("spamreport")]).encode()
    before = site.dump()
    assert 403 == post(site, body, spoil(signer().headers(body)))
    assert before == site.dump()


def test_another_key_signs_for_nobody(site: Site) -> None:
    """Whoever has a key of the same kind is not SendGrid."""
    before = site.dump()
    assert 403 == site.report([event("spamreport")], by=Signer()).status_code
    assert before == site.dump()


@pytest.mark.parametrize(
    ("age", "status"),
    [
        (timedelta(0), 200),
        (timedelta(hours=24, minutes=30), 200),  # SendGrid's last repetition, if it does not sign anew
        (OLDEST + timedelta(seconds=1), 403),
        (timedelta(days=30), 403),
        (timedelta(minutes=-4), 200),  # its clock is ahead
        (timedelta(minutes=-6), 403),
    ],
)
def test_a_signature_has_an_age(site: Site, age: timedelta, status: int) -> None:
    """Old enough for every repetition of SendGrid's, and no older; not from the future."""
    assert status == site.report([event("delivered")], at=NOW - age).status_code


def test_a_replayed_report_changes_nothing(site: Site) -> None:
    """The very same bytes with the very same signature, hours later."""
    body = json.dumps([event("bounce", type="blocked", send_id="x")]).encode()
    headers = signer().headers(body)
    assert 200 == post(site, body, headers)
    once = site.dump()
    site.clock.advance(timedelta(hours=20))
    assert 200 == post(site, body, headers)
    assert once == site.dump()


def test_without_a_key_the_address_is_closed(tmp_path: Path) -> None:
    """As if it were not there, for good signatures too."""
    site = Site(tmp_path)
    before = site.dump()
    assert 404 == site.report([event("delivered")]).status_code
    assert before == site.dump()
    site.close()


def test_a_key_that_is_none_is_a_wrong_setting() -> None:
    """Said at the start, by the setting's name, without the key."""
    rsa_key = rsa.generate_private_key(65537, 2048).public_key()
    other_curve = ec.generate_private_key(ec.SECP384R1()).public_key()
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    for key in (
        "secret-abc",
        "",
        "AAAA",
        *(base64.b64encode(k.public_bytes(*form)).decode() for k in (rsa_key, other_curve)),
    ):
        with pytest.raises(ConfigurationError) as caught:
            SignatureCheck(key)
        assert "OBSERVANCE_SENDGRID_WEBHOOK_KEY" in caught.value.message
        assert "secret-abc" not in f"{caught.value.message}{caught.value.hint}"


def test_the_key_may_come_with_its_pem_lines() -> None:
    """As some tools show it."""
    pem = f"-----BEGIN PUBLIC KEY-----\n{signer().public[:64]}\n{signer().public[64:]}\n-----END PUBLIC KEY-----\n"
    body = b"[]"
    headers = signer().headers(body)
    assert "" == SignatureCheck(pem).refusal(body, lambda name: headers.get(name, ""), now=NOW)


# -- what cannot be read --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [b"", b"{", b"{}", b"null", b"1", b'"[]"', b"[" * 100_000, b'[{"a":' + b"9" * 5000 + b"}]"]
)
def test_a_signed_body_that_is_no_list_is_refused(site: Site, body: bytes) -> None:
    """400 and not a traceback, however deep or long."""
    assert 400 == post(site, body, signer().headers(body))


def test_a_huge_report_is_refused_before_anything_is_read(site: Site) -> None:
    """More than SendGrid ever gathers; signed or not."""
    body = json.dumps([event("delivered")]).encode().ljust(LARGEST_REPORT + 1)
    assert 413 == post(site, body, signer().headers(body))
    assert 200 == post(site, body[:LARGEST_REPORT], signer().headers(body[:LARGEST_REPORT]))


def test_one_event_that_cannot_be_read_does_not_stop_its_neighbours(site: Site) -> None:
    """R: one bad record stops itself."""
    odd: list[object] = [
        None,
        7,
        "text",
        [],
        {},
        {"event": 5, "sg_event_id": ["x"], "timestamp": "soon", "email": 3, "send_id": {"a": 1}},
        event("delivered", sg_event_id="x" * 500),
        event("delivered", timestamp=1e300, sg_event_id="t1"),
        event("delivered", timestamp=-5, sg_event_id="t2"),
        event("delivered", timestamp=True, sg_event_id="t3"),
        event("bounce", type=None, status=5, bounce_classification=[], reason={"no": "text"}, sg_event_id="t4"),
        event("delivered", subscriber_id="'; DROP TABLE subscribers; --", email="\0", sg_event_id="t5"),
    ]
    answer = site.report([*odd, event("spamreport")])
    assert 200 == answer.status_code
    assert {"active": 1, "complained": 1, "suppressed": 1} == site.ledger.subscribers.count()


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                [
                    "event",
                    "type",
                    "email",
                    "timestamp",
                    "sg_event_id",
                    "status",
                    "reason",
                    "send_id",
                    "subscriber_id",
                    "sg_message_id",
                ]
            ),
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text()
            | st.sampled_from(["bounce", "blocked", "dropped", "open"]),
        ),
        max_size=5,
    )
)
def test_any_list_of_objects_is_read(events: list[dict[str, object]]) -> None:
    """Whatever stands in the fields, the result is plain, bounded and without an address."""
    for receipt in read_events(json.dumps(events).encode(), now=NOW):
        assert receipt.at.tzinfo is not None
        assert 1 <= len(receipt.event_id) <= 128
        assert len(receipt.send_id) <= 64
        assert "@" not in receipt.detail


def test_what_is_no_list_is_unreadable() -> None:
    """Its text repeats nothing of the body."""
    with pytest.raises(Unreadable, match="not a list") as caught:
        read_events(b'{"email": "reader@readers.test"}', now=NOW)
    assert "reader@" not in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "kind", "bars"),
    [
        ({"event": "processed"}, ReceiptKind.PROCESSED, None),
        ({"event": "deferred", "response": "451 try later"}, ReceiptKind.DEFERRED, None),
        ({"event": "delivered"}, ReceiptKind.DELIVERED, None),
        ({"event": "bounce", "type": "bounce"}, ReceiptKind.HARD_BOUNCE, Barred.BOUNCED),
        ({"event": "bounce", "type": "blocked", "status": "5.7.1"}, ReceiptKind.SOFT_BOUNCE, None),
        ({"event": "blocked"}, ReceiptKind.SOFT_BOUNCE, None),
        ({"event": "bounce", "status": "5.1.1"}, ReceiptKind.HARD_BOUNCE, Barred.BOUNCED),
        ({"event": "bounce"}, ReceiptKind.SOFT_BOUNCE, None),
        ({"event": "bounce", "status": "4.2.2"}, ReceiptKind.SOFT_BOUNCE, None),
        ({"event": "dropped", "reason": "Bounced Address"}, ReceiptKind.DROPPED, Barred.BOUNCED),
        ({"event": "dropped", "reason": "Spam Reporting Address"}, ReceiptKind.DROPPED, Barred.COMPLAINED),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, ReceiptKind.DROPPED, Barred.UNSUBSCRIBED),
        ({"event": "dropped", "reason": "Invalid"}, ReceiptKind.DROPPED, Barred.BOUNCED),
        ({"event": "dropped", "reason": "Spam Content"}, ReceiptKind.DROPPED, None),
        ({"event": "spamreport"}, ReceiptKind.COMPLAINED, Barred.COMPLAINED),
        ({"event": "unsubscribe"}, ReceiptKind.UNSUBSCRIBED, Barred.UNSUBSCRIBED),
        ({"event": "group_unsubscribe"}, ReceiptKind.UNSUBSCRIBED, None),
        ({"event": "group_unsubscribe", "send_id": "ours"}, ReceiptKind.UNSUBSCRIBED, Barred.UNSUBSCRIBED),
        ({"event": "group_resubscribe", "send_id": "ours"}, ReceiptKind.RESUBSCRIBED, None),
        ({"event": "open"}, ReceiptKind.FOLLOWED, None),
        ({"event": "click"}, ReceiptKind.FOLLOWED, None),
        ({"event": "account_status_change", "type": "compliance_suspend"}, ReceiptKind.ACCOUNT, None),
        ({"event": "something_new"}, ReceiptKind.OTHER, None),
        ({}, ReceiptKind.OTHER, None),
    ],
)
def test_what_each_event_means(fields: dict[str, Any], kind: ReceiptKind, bars: Barred | None) -> None:
    """The list of SendGrid's events, and one that does not exist yet."""
    (receipt,) = read_events(json.dumps([fields]).encode(), now=NOW)
    assert (kind, bars) == (receipt.kind, receipt.bars)


def test_what_a_server_said_is_kept_without_its_sentence(site: Site) -> None:
    """The sentence beside a status code often holds the address or a name; the history and the tables hold neither."""
    reason = "550 5.1.1 <reader0@readers.test>: Robin has left the company"
    site.report(
        [event("bounce", type="bounce", status="5.1.1", bounce_classification="Invalid Address", reason=reason)]
    )
    kept = "\n".join(site.dump("receipts", "events"))
    assert "5.1.1 Invalid Address" in kept
    assert "reader0@" not in kept
    assert "Robin" not in kept


def test_events_without_an_id_are_known_by_themselves() -> None:
    """The same event again has the same id; another event has another."""
    one, again, other = read_events(
        json.dumps([{"event": "open"}, {"event": "open"}, {"event": "click"}]).encode(), now=NOW
    )
    assert one.event_id == again.event_id != other.event_id


# -- once, in any order ---------------------------------------------------------------------------------


def test_46_copies_are_one(site: Site) -> None:
    """As often as it was seen to happen: in one report, over many, mixed with others."""
    _, ids = sent(site)
    events = [
        event("bounce", type="blocked", send_id=ids["day-1"]),
        event("bounce", 1, type="bounce", send_id=ids["day-1"]),
    ]
    site.report(events)
    once = site.dump()
    for _ in range(44):
        assert 0 == site.report(events).get_json()["new"]
    assert once == site.dump()
    with another_site() as fresh:
        sent(fresh)
        assert {"new": 2, "repeated": 90} == fresh.report(events * 46).get_json()
        assert standing(site) == standing(fresh)


EVERYTHING: list[tuple[str, dict[str, Any]]] = [
    ("processed", {}),
    ("deferred", {}),
    ("delivered", {}),
    ("bounce", {"type": "blocked"}),
    ("bounce", {"type": "bounce", "sg_event_id": "hard"}),
    ("spamreport", {}),
    ("unsubscribe", {}),
    ("dropped", {"reason": "Bounced Address"}),
    ("open", {}),
    ("group_resubscribe", {}),
]


@settings(max_examples=8)
@given(st.permutations(EVERYTHING), st.data())
def test_the_order_of_reports_does_not_matter(order: list[tuple[str, dict[str, Any]]], data: st.DataObject) -> None:
    """Every kind of event about one mail, in any order, in any number of reports: one end."""
    with another_site() as in_order, another_site() as shuffled:
        _, ids = sent(in_order)
        sent(shuffled)
        as_events = [event(kind, **{"send_id": ids["day-1"], **fields}) for kind, fields in EVERYTHING]
        in_order.report(as_events)
        other = [event(kind, **{"send_id": ids["day-1"], **fields}) for kind, fields in order]
        while other:
            size = data.draw(st.integers(1, len(other)))
            shuffled.report(other[:size])
            other = other[size:]
        assert standing(in_order) == standing(shuffled)
        assert ("complained", "") == fates(shuffled)["day-1", 0]


@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_soft_bounces_and_deliveries_end_the_same_in_any_order(seed: int) -> None:
    """Five days, each delivered, bounced softly, both, or silent: the pause depends on the days, not on the order."""
    dice = random.Random(seed)
    told: list[Mapping[str, object]] = []
    with another_site() as one, another_site() as other:
        _, ids = sent(one, DAYS)
        sent(other, DAYS)
        latest: list[str] = []
        for item in DAYS:
            day = dice.choice([[], ["delivered"], ["soft"], ["soft"], ["delivered", "soft"]])
            for word in day:
                fields: dict[str, Any] = {"type": "blocked"} if word == "soft" else {}
                told.append(event("bounce" if word == "soft" else word, send_id=ids[item], **fields))
            if day:
                latest.append("soft" if "soft" in day else "delivered")
        one.report(told)
        dice.shuffle(told)
        for each in told:
            other.report([each])
        assert standing(one)["readers"] == standing(other)["readers"]
        expected = "paused" if latest[-3:] == ["soft"] * 3 else "active"
        assert expected == standing(one)["readers"]["0" * 32]  # type: ignore[index]


FATES = [None, *Fate]


def test_the_stronger_fate_is_a_lattice() -> None:
    """No order, no grouping and no repetition changes it; and what is written down is read back."""
    for one, two, three in product(FATES, repeat=3):
        assert stronger(one, two) is stronger(two, one)
        assert stronger(one, stronger(two, three)) is stronger(stronger(one, two), three)
        assert stronger(one, one) is one
    for fate in Fate:
        assert fate is fate_from(fate.state, fate.reason or None)
    assert fate_from("skipped", "unsubscribed") is None
    assert Fate.HARD_BOUNCE is stronger(Fate.HARD_BOUNCE, Fate.DELIVERED), "returned after the server had taken it"


def test_the_stronger_reason_stays() -> None:
    """Whatever order they come in; a person's own reason is not overwritten."""
    for order in permutations(Barred):
        reason = str(order[0])
        for other in order[1:]:
            reason = stronger_bar(reason, other)
        assert Barred.COMPLAINED == reason
    assert "a court's order" == stronger_bar("a court's order", Barred.COMPLAINED)


# -- effects --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "fate", "state", "barred"),
    [
        ("delivered", {}, ("delivered", ""), "active", None),
        ("bounce", {"type": "bounce"}, ("bounced", "hard bounce"), "bounced", "bounced"),
        ("bounce", {"type": "blocked"}, ("bounced", "soft bounce"), "active", None),
        ("spamreport", {}, ("complained", ""), "complained", "complained"),
        ("unsubscribe", {}, None, "left", "unsubscribed"),
        ("dropped", {"reason": "Unsubscribed Address"}, ("failed", "dropped by the provider"), "left", "unsubscribed"),
        ("dropped", {"reason": "Spam Content"}, ("failed", "dropped by the provider"), "active", None),
        ("processed", {}, None, "active", None),
        ("deferred", {}, None, "active", None),
        ("group_unsubscribe", {}, None, "left", "unsubscribed"),
        ("group_resubscribe", {}, None, "active", None),
        ("something_new", {}, None, "active", None),
    ],
)
def test_what_an_event_does(
    site: Site, kind: str, fields: dict[str, Any], fate: tuple[str, str] | None, state: str, barred: str | None
) -> None:
    """To the mail, to the reader, to the address; and to nobody else."""
    _, ids = sent(site)
    site.report([event(kind, send_id=ids["day-1"], **fields)])
    after = standing(site)
    assert ({("day-1", 0): fate} if fate else {}) == after["fates"]
    assert {"0" * 32: state, f"{1:032x}": "active"} == after["readers"]
    assert ({"reader0@readers.test": barred} if barred else {}) == after["barred"]
    told = [k for k in kinds(site) if k.startswith("subscriber.")]
    assert ([] if not barred else ["subscriber.bounced" if barred == "bounced" else "subscriber.left"]) == told


def test_whoever_is_barred_gets_nothing_more(site: Site) -> None:
    """In force at the next delivery: bounced, complained, left at the provider."""
    world, ids = sent(site)
    site.report([event("bounce", type="bounce", send_id=ids["day-1"])])
    world.messages.append(an_email("day-2", on=datetime(2027, 1, 2, tzinfo=UTC).date()))
    world.approve_all()
    world.new_tick()
    world.run_at(datetime(2027, 1, 2, 10, tzinfo=UTC))
    assert {f"day-1/{0:032x}": 1, f"day-1/{1:032x}": 1, f"day-2/{1:032x}": 1} == world.received()


def test_three_soft_bounces_in_a_row_pause_and_a_delivery_ends_it(site: Site) -> None:
    """Counted by delivery; the reader is written to again once a report shows that one arrived after all."""
    _, ids = sent(site, DAYS)
    soft = {day: event("bounce", type="blocked", send_id=ids[day]) for day in DAYS}
    site.report([soft["day-1"], soft["day-2"]])
    assert 2 == site.ledger.subscribers.count()["active"]
    site.report([soft["day-3"]])
    assert {"active": 1, "paused": 1, "suppressed": 0} == site.ledger.subscribers.count()
    assert 1 == kinds(site).count("subscriber.paused")
    site.report([event("delivered", send_id=ids["day-4"])])
    assert 2 == site.ledger.subscribers.count()["active"]
    assert 1 == kinds(site).count("subscriber.resumed")


def test_what_arrived_before_the_three_does_not_matter(site: Site) -> None:
    """Nor does a fourth: three in a row are enough."""
    _, ids = sent(site, DAYS)
    site.report([event("delivered", send_id=ids["day-1"])])
    site.report([event("bounce", type="blocked", send_id=ids[day]) for day in DAYS[1:4]])
    assert 1 == site.ledger.subscribers.count()["paused"]
    site.report([event("bounce", type="blocked", send_id=ids["day-5"])])
    assert 1 == site.ledger.subscribers.count()["paused"]


def test_a_pause_that_the_reader_asked_for_is_left_alone(site: Site) -> None:
    """Its end is the date that the reader chose, whatever arrives meanwhile."""
    _, ids = sent(site)
    site.ledger.subscribers.pause(A_MONTH.campaign, "0" * 32, until_at=NOW + timedelta(days=7), now=NOW)
    site.report([event("delivered", send_id=ids["day-1"])])
    assert 1 == site.ledger.subscribers.count()["paused"]


def test_whoever_has_left_is_not_paused_or_brought_back(site: Site) -> None:
    """A reader's own word is stronger than any count."""
    _, ids = sent(site, DAYS)
    site.client.post(site.link("0" * 32))
    site.report([event("bounce", type="blocked", send_id=ids[day]) for day in DAYS[:3]])
    site.report([event("delivered", send_id=ids["day-5"])])
    assert {"active": 1, "left": 1, "suppressed": 1} == site.ledger.subscribers.count()


def test_a_reader_who_was_left_out_of_the_call_stays_left_out(site: Site) -> None:
    """Their row says why, and a stray report does not turn it into a delivery."""
    world = World(site.ledger, [an_email()])
    world.tick.run()
    (delivery,) = site.ledger.deliveries.of_season("live", A_MONTH)
    due_at = datetime(2027, 1, 1, 10, tzinfo=UTC)
    site.ledger.recipients.freeze(delivery.id, batch_limit=1_000, now=due_at)
    site.ledger.subscribers.unsubscribe(A_MONTH.campaign, "0" * 32, reason="unsubscribed", now=due_at)
    world.run_at(due_at)
    (batch,) = site.ledger.deliveries.batches(delivery.id)
    assert {("day-1", 0): ("skipped", "left")} == fates(site)
    site.report([event("delivered", send_id=batch.send_id), event("spamreport", send_id=batch.send_id)])
    assert {("day-1", 0): ("skipped", "left")} == fates(site)


def test_a_late_bounce_without_our_arguments_finds_its_reader_by_the_address(site: Site) -> None:
    """SendGrid leaves them out of a bounce that comes after days; upper and lower case do not matter."""
    site.report([event("bounce", None, type="bounce", email="Reader0@Readers.test")])
    assert {"reader0@readers.test": "bounced"} == standing(site)["barred"]


def test_addresses_that_are_none_of_ours_are_not_kept(site: Site) -> None:
    """Other mail of the same account: its readers are nobody's business here."""
    site.report(
        [
            event("spamreport", None, email="stranger@elsewhere.test"),
            event("bounce", 7, type="bounce", email="x@y.test"),
        ]
    )
    assert {} == standing(site)["barred"]
    assert "elsewhere" not in "\n".join(site.dump())


def test_a_report_on_an_erased_reader_brings_nothing_back(site: Site) -> None:
    """Their address is gone; what is left bars it already."""
    _, ids = sent(site)
    site.ledger.subscribers.erase("reader0@readers.test", who="Ada", now=site.clock.now())
    before = site.dump("subscribers", "subscriptions", "suppressions", "hashed_suppressions")
    site.report([event("spamreport", send_id=ids["day-1"]), event("bounce", type="bounce", send_id=ids["day-1"])])
    assert before == site.dump("subscribers", "subscriptions", "suppressions", "hashed_suppressions")
    assert "reader0" not in "\n".join(site.dump())


def test_opens_and_clicks_are_not_written_down(site: Site) -> None:
    """A list of who followed a help line's link is a list of people in danger. One warning a day says why it comes."""
    _, ids = sent(site)
    before = site.dump("recipients", "subscribers", "subscriptions", "suppressions", "batches")
    clicks = [
        event("click", subscriber, url="https://help.test/", send_id=ids["day-1"], sg_event_id=f"c{n}")
        for n, subscriber in enumerate([0, 1, 0])
    ]
    for _ in range(3):
        assert 200 == site.report([*clicks, event("open")]).status_code
    assert before == site.dump("recipients", "subscribers", "subscriptions", "suppressions", "batches")
    kept = "\n".join(site.dump("receipts", "events"))
    assert "help.test" not in kept
    assert 1 == kinds(site).count("tracking.found")
    assert 1 == len(site.dump("receipts"))
    assert "0" * 32 not in "\n".join(site.dump("receipts"))
    site.clock.advance(timedelta(days=1))
    site.report(clicks, at=site.clock.now())
    assert 2 == kinds(site).count("tracking.found")


def test_a_change_of_the_account_is_written_into_the_history(site: Site) -> None:
    """A suspended account takes mails and sends none."""
    site.report([event("account_status_change", None, type="compliance_suspend")])
    told = next(e for e in site.ledger.events.newest() if e.kind == "account.changed")
    assert "compliance_suspend" == told.data["what"]


def test_a_word_that_is_not_known_is_kept_as_it_is(site: Site) -> None:
    """So that somebody can look it up."""
    site.report([event("mail_bot_seen")])
    assert "mail_bot_seen" in "\n".join(site.dump("receipts"))


def test_the_history_stays_whole_and_without_addresses(site: Site) -> None:
    """Whatever was reported."""
    _, ids = sent(site)
    site.report([event(kind, **{"send_id": ids["day-1"], **fields}) for kind, fields in EVERYTHING])
    assert site.ledger.events.verify().is_whole
    assert "@" not in "\n".join(site.dump("events", "receipts", "proofs"))


def test_a_database_out_of_reach_has_sendgrid_repeat_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """503, and then the same report is handled."""

    def out_of_reach(*_: object, **__: Any) -> None:
        raise OutOfReach("locked")

    with monkeypatch.context() as broken:
        broken.setattr(site.ledger.receipts, "record", out_of_reach)
        assert 503 == site.report([event("spamreport")]).status_code
    assert {"new": 1, "repeated": 0} == site.report([event("spamreport")]).get_json()


def test_reports_that_cannot_come_again_are_forgotten_once_their_effect_is_written(site: Site) -> None:
    """A million readers make millions of them; what bars somebody, or counts, is kept."""
    _, ids = sent(site)
    site.report([event("delivered", send_id=ids["day-1"]), event("bounce", 1, type="bounce", send_id=ids["day-1"])])
    site.clock.advance(timedelta(days=4))
    site.report([event("processed", sg_event_id="today")], at=site.clock.now())
    kept = "\n".join(site.dump("receipts"))
    assert "'delivered'" not in kept
    assert "'hard-bounce'" in kept
    assert ("delivered", "") == fates(site)["day-1", 0]


# -- doubts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("processed", {}),
        ("deferred", {}),
        ("delivered", {}),
        ("dropped", {}),
        ("bounce", {"type": "bounce"}),
        ("bounce", {"type": "blocked"}),
        ("spamreport", {}),
    ],
)
def test_a_report_settles_a_call_whose_end_nobody_knows(site: Site, kind: str, fields: dict[str, Any]) -> None:
    """SendGrid speaks of a mail of this call: it had accepted it. One mail is evidence for all of the call."""
    world, ids = sent(site, script=["accept-then-drop"])
    assert {"day-1/email": "unknown"} == world.states()
    site.report([event(kind, send_id=ids["day-1"], **fields)])
    assert {"day-1/email": "sent"} == world.states()
    (delivery,) = site.ledger.deliveries.of_season("live", A_MONTH)
    (batch,) = site.ledger.deliveries.batches(delivery.id)
    assert "msg-1" == batch.reference
    told = next(e for e in site.ledger.events.newest() if e.kind == "batch.found-sent")
    assert ("receipts", delivery.id) == (told.who, told.delivery_id)


@pytest.mark.parametrize("kind", ["open", "click", "unsubscribe", "account_status_change", "something_new"])
def test_what_proves_nothing_settles_nothing(site: Site, kind: str) -> None:
    """Nor does a report on another call."""
    world, ids = sent(site, script=["accept-then-drop"])
    site.report([event(kind, send_id=ids["day-1"]), event("delivered", send_id="of-another-list")])
    assert {"day-1/email": "unknown"} == world.states()


def test_a_report_that_comes_before_the_end_of_the_call_waits_for_it(site: Site) -> None:
    """The call is under way: its own answer decides. Only when it never comes does the report speak."""
    mail = an_email()
    world = World(site.ledger, [mail])
    reported: list[int] = []

    def early(request: object) -> None:
        site.clock.jump(world.clock.now())
        (delivery,) = site.ledger.deliveries.of_season("live", A_MONTH)
        (batch,) = site.ledger.deliveries.batches(delivery.id)
        reported.append(site.report([event("processed", send_id=batch.send_id)], at=world.clock.now()).status_code)
        assert "sending" == world.states()["day-1/email"]

    world.email.on_call = early
    world.run_at(datetime(2027, 1, 1, 10, tzinfo=UTC))
    assert ([200], {"day-1/email": "sent"}) == (reported, world.states())
    (delivery,) = site.ledger.deliveries.of_season("live", A_MONTH)
    (batch,) = site.ledger.deliveries.batches(delivery.id)
    assert "ref-1" == batch.reference, "the answer's own reference"


def test_a_report_settles_what_a_killed_sender_left_behind(site: Site) -> None:
    """Killed between the call and its outcome: the row stands as sending until its lease ends, then the report speaks."""

    class Killed(BaseException):
        """Not an Exception: nothing may catch it."""

    mail = an_email()
    world = World(site.ledger, [mail])
    world.email.script = [lambda request: (_ for _ in ()).throw(Killed())]
    with pytest.raises(Killed):
        world.run_at(datetime(2027, 1, 1, 10, tzinfo=UTC))
    (delivery,) = site.ledger.deliveries.of_season("live", A_MONTH)
    (batch,) = site.ledger.deliveries.batches(delivery.id)
    site.clock.jump(world.clock.now())
    site.report([event("delivered", send_id=batch.send_id)], at=world.clock.now())
    assert {"day-1/email": "sending"} == world.states()
    world.new_tick()
    result = world.run_at(datetime(2027, 1, 1, 10, 10, tzinfo=UTC))
    assert (1, 1) == (result.doubted, result.found_sent)
    assert {"day-1/email": "sent"} == world.states()
    assert 1 == len(world.email.provider.calls), "and nothing was sent again"


def test_a_report_stops_a_second_call(site: Site) -> None:
    """A person said that it had not gone out, and it waits to be sent again; then SendGrid speaks of it."""
    world, ids = sent(site, script=["accept-then-drop"])
    (delivery,) = site.ledger.deliveries.of_season("live", A_MONTH)
    site.ledger.lookups.resolve(delivery.id, sent=False, who="Ada", now=world.clock.now())
    assert {"day-1/email": "scheduled"} == world.states()
    site.report([event("processed", send_id=ids["day-1"])])
    assert {"day-1/email": "sent"} == world.states()
    world.run_at(datetime(2027, 1, 1, 10, 30, tzinfo=UTC))
    assert {"day-1/0" + "0" * 31: 1, "day-1/" + f"{1:032x}": 1} == world.received()


def test_a_retry_finds_the_proof_that_came_before_it(site: Site) -> None:
    """The report came while the batch stood as sending; the call then ended as certainly not sent; the proof is kept."""
    world = World(site.ledger, [an_email()])

    def early(request: object) -> Outcome:
        site.clock.jump(world.clock.now())
        (delivery,) = site.ledger.deliveries.of_season("live", A_MONTH)
        (batch,) = site.ledger.deliveries.batches(delivery.id)
        site.report([event("processed", send_id=batch.send_id)], at=world.clock.now())
        return Outcome(OutcomeKind.LATER, detail="429", retry_at=world.clock.now() + timedelta(minutes=1))

    world.email.script = [early]
    world.run_at(datetime(2027, 1, 1, 10, tzinfo=UTC))
    result = world.run_at(datetime(2027, 1, 1, 10, 2, tzinfo=UTC))
    assert (1, 1) == (result.found_sent, len(world.email.provider.calls))


def test_a_report_on_a_batch_that_was_never_called_proves_nothing(site: Site) -> None:
    """No attempt, no proof: what waits for its first call is sent."""
    world = World(site.ledger, [an_email()])
    world.tick.run()
    (delivery,) = site.ledger.deliveries.of_season("live", A_MONTH)
    site.ledger.recipients.freeze(delivery.id, batch_limit=1_000, now=datetime(2027, 1, 1, 10, tzinfo=UTC))
    (batch,) = site.ledger.deliveries.batches(delivery.id)
    site.report([event("processed", send_id=batch.send_id)])
    world.run_at(datetime(2027, 1, 1, 10, tzinfo=UTC))
    assert 1 == len(world.email.provider.accepted)


def test_the_fates_of_a_delivery_are_counted(site: Site) -> None:
    """For the report to the board: how many arrived, how many came back."""
    _, ids = sent(site)
    site.report([event("delivered", send_id=ids["day-1"]), event("bounce", 1, type="bounce", send_id=ids["day-1"])])
    (delivery,) = site.ledger.deliveries.of_season("live", A_MONTH)
    assert {"delivered": 1, "bounced": 1} == site.ledger.receipts.fates(delivery.id)


def test_a_receipt_never_shows_its_address() -> None:
    """Not in a log by accident."""
    (receipt,) = read_events(json.dumps([event("delivered")]).encode(), now=NOW)
    assert "reader0@readers.test" == receipt.address
    assert "@" not in repr(receipt)
    assert "@" not in repr(replace(receipt, event_id="x"))
    assert isinstance(receipt, Receipt)
