"""Items of the packet that did not change are kept: the page is that of a fresh look, and only what changed is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.domain.approval import Approvals
from scheduler.domain.comment import ChangeRequest
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.message import Message
from scheduler.domain.outcome import Request
from scheduler.domain.planned_item import PlannedItem
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.sent import Sent
from scheduler.review import packet
from scheduler.review.dry_run_files import write_dry_run
from scheduler.review.item_articles import ARTICLES, Article
from scheduler.review.item_view import ItemView, item_view
from scheduler.review.packet import packet_html
from tests.support.rehearsal_factory import MADE_AT, answered, asking, month, post, with_digests
from tests.support.two_people import ALONE
from tests.unit.test_packet_review import approvals, edited


@pytest.fixture(autouse=True)
def kept(tmp_path: Path) -> Iterator[None]:
    ARTICLES.keep_in(tmp_path, "a test")
    yield
    ARTICLES.folder = None


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The items whose pieces were made."""
    items: list[str] = []

    def noted(rehearsal: Rehearsal, planned: PlannedItem) -> ItemView:
        if len(rehearsal.plan.items) == 1:
            items.append(rehearsal.plan.items[0].item.id)
        return item_view(rehearsal, planned)

    monkeypatch.setattr("scheduler.review.packet.item_view", noted)
    return items


def requested(rehearsal: Rehearsal) -> Rehearsal:
    message = rehearsal.message("item-05", "x")
    assert message is not None
    asked = ("item-05", "x", message.digest_with_records, "Cy", "safety-reviewer", MADE_AT, 7)
    return replace(rehearsal, requests=(ChangeRequest(1, "test", 2027, *asked),))


def sent(rehearsal: Rehearsal) -> Rehearsal:
    """Of a season with digests, which tell of what went out."""
    whole = with_digests()
    on = MADE_AT + timedelta(days=50)
    gone = {
        (m.item, m.channel): Sent(m.item, m.channel, "post", m.digest, on, 1, 1, False, True) for m in whole.messages
    }
    return replace(whole, sent=gone, policy=rehearsal.policy)


def found(rehearsal: Rehearsal) -> Rehearsal:
    finding = Finding("L01", Severity.AMBER, "a word", Where("items/07.md", 3), "choose another", "item-07")
    return replace(rehearsal, findings=(*rehearsal.findings, finding))


def retold(rehearsal: Rehearsal) -> Rehearsal:
    """What stands in an item and in the first of all is known as the frame."""
    first, second, *rest = rehearsal.messages
    text = f"{first.body.text}\n\nForced labour is a crime. It is near you."
    return replace(rehearsal, messages=(replace(first, body=replace(first.body, text=text)), second, *rest))


def signed_by_nobody(rehearsal: Rehearsal) -> Rehearsal:
    return replace(rehearsal, signatures=replace(rehearsal.signatures, all=()))


CHANGES: dict[str, Callable[[Rehearsal], Rehearsal]] = {
    "edited": lambda r: edited(r, "item-03", body=post("New.")),
    "approved": lambda r: replace(r, approvals=Approvals(approvals(*r.messages))),
    "requested": requested,
    "sent": sent,
    "found": found,
    "retold": retold,
    "unsigned": signed_by_nobody,
    "asked": lambda r: asking(r, "forced-labour-2021"),
    "answered": lambda r: answered(asking(r, "forced-labour-2021")),
    "policy": lambda r: replace(r, policy=replace(ALONE, approvals=3, alone=None)),
    "quoting": lambda r: replace(r, messages=(*r.messages[:-1], replace(r.messages[-1], quotations=("speech#P1",)))),
    "renamed": lambda r: replace(r, organisation="Another house"),
    "moved": lambda r: r.between(r.plan.items[3].on, None),
    "zone": lambda r: replace(
        r, plan=replace(r.plan, campaign=replace(r.plan.campaign, time_zone="Pacific/Honolulu", language="es"))
    ),
}


def test_whatever_changes_the_page_is_that_of_a_fresh_look() -> None:
    before = packet_html(month(), made_at=MADE_AT)
    for name, change in CHANGES.items():
        changed = change(month())
        shown = packet_html(changed, made_at=MADE_AT)
        folder, ARTICLES.folder = ARTICLES.folder, None
        assert packet_html(changed, made_at=MADE_AT) == shown, name
        ARTICLES.folder = folder
        assert shown != before, name


def test_the_plan_says_the_same_by_what_was_kept(tmp_path: Path) -> None:
    def written(rehearsal: Rehearsal, name: str) -> dict[str, bytes]:
        def request(message: Message) -> Request:
            return Request("POST", "/", {})

        out = tmp_path / name
        write_dry_run(out, rehearsal, made_at=MADE_AT, requests=request, eml=lambda message: b"")
        return {name: (out / name).read_bytes() for name in ("plan.json", "plan.csv")}

    written(month(), "kept")
    for name, change in CHANGES.items():
        kept = written(change(month()), "kept")
        folder, ARTICLES.folder = ARTICLES.folder, None
        assert written(change(month()), "fresh") == kept, name
        ARTICLES.folder = folder


def test_only_the_item_that_changed_is_made_again(made: list[str]) -> None:
    packet_html(month(), made_at=MADE_AT)
    assert len(made) == len(month().plan.items)
    made.clear()
    packet_html(found(month()), made_at=MADE_AT)
    assert made == ["item-07"]
    made.clear()
    packet_html(month(), made_at=MADE_AT, handles={"x": "@house"})  # what all items share
    assert len(made) == len(month().plan.items)


def test_an_item_is_shown_without_anything_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """So what is shown rests on what it is kept under."""
    seen: list[Rehearsal] = []

    def noted(_: object, own: Rehearsal, planned: PlannedItem) -> Article:
        seen.append(own)
        return Article.of(item_view(own, planned), "")

    monkeypatch.setattr(packet, "_article", noted)
    packet_html(month(), made_at=MADE_AT)
    for own in seen:
        (planned,) = own.plan.items
        its = {planned.item.id, *(one.id for one in (planned.held_back, planned.substitute) if one is not None)}
        assert {finding.item for finding in own.findings} <= its
        assert all(text.title == "" for text in own.plan.campaign.items.values() if text.id not in its)
        assert ((), (), ()) == (own.digests, own.letters, own.guards)
