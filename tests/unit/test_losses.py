"""What is lost waits for a person until one has seen it, and stays in the lists; what is lost later waits anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.domain.delivery import State
from scheduler.domain.records import Counts
from scheduler.domain.season_key import SeasonKey
from scheduler.services import losses
from scheduler.services.context import Actor, Context
from scheduler.services.status import SeasonStatus, season_status, status_as_data
from tests.unit.test_roles_routes import CAMPAIGN
from tests.unit.test_web_desk import ADA, ITEM, Desk
from tests.unit.test_web_desk import desk as desk

KEY = SeasonKey(CAMPAIGN, 2027)


def status(desk: Desk) -> SeasonStatus:
    return season_status(Context(desk.project, desk.ledger, desk.clock, Actor("Bo")), KEY)


def lose(desk: Desk, item: str) -> set[int]:
    """The day of an item is over. Numbers of what is lost by then."""
    desk.later(desk.delivery(item).expires_at + timedelta(minutes=1))
    desk.ledger.deliveries.expire("live", now=desk.clock.now())
    return {d.id for d in desk.ledger.deliveries.of_season("live", KEY) if d.is_lost(desk.clock.now())}


def test_what_is_lost_is_seen_once_and_what_is_lost_later_is_told_anew(desk: Desk) -> None:
    desk.plan()
    first = lose(desk, ITEM)
    assert first == {d.id for d in status(desk).lost}
    page = desk.get("/")
    assert f"cannot any more: {len(first)} messages" in page
    assert {str(number) for number in first} == set(desk.seen("/"))

    assert 303 == desk.post("/acknowledge", seen=[str(number) for number in first]).status_code
    page = desk.get("/")
    assert "cannot any more:" not in page
    now = status(desk)
    assert ([], sorted(first)) == (now.lost, status_as_data(now)["lost_seen"])
    assert not first & {d.id for d in now.waiting}
    assert [("losses.seen", ADA)] == desk.said("losses.seen")
    desk.post("/acknowledge", seen=[str(number) for number in first])
    assert 1 == len(desk.said("losses.seen"))
    assert 1 == desk.get("/deliveries?state=missed").count(f'href="/items/{ITEM}'), "its channels stand in one row"
    for address in (f"/items/{ITEM}", "/audit"):
        assert "saw that it could not go out any more" in desk.get(address)

    following = next(
        d.item
        for d in sorted(desk.ledger.deliveries.of_season("live", KEY), key=lambda d: d.due_at)
        if d.state is State.SCHEDULED
    )
    second = lose(desk, following) - first
    assert second
    assert second == {d.id for d in status(desk).lost}
    desk.post("/acknowledge", seen=["0", "x"])
    assert second == {d.id for d in status(desk).lost}, "nobody has seen what was not on their page"


def test_who_may_only_look_acknowledges_nothing(desk: Desk) -> None:
    desk.plan()
    lose(desk, ITEM)
    browser, form = desk.as_("board-viewer")
    assert 'action="/acknowledge' not in browser.get("/").get_data(as_text=True)
    assert 403 == browser.post("/acknowledge", data=form).status_code


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({}, True),
        ({"state": State.FAILED}, True),
        ({"state": State.PARTLY_SENT}, True),
        ({"state": State.SENT}, False),
        ({"state": State.HELD}, False),
        ({"counts": Counts(unknown=1)}, False),
        ({"expires_at": timedelta(hours=1)}, False),
    ],
)
def test_lost_is_what_nothing_can_be_done_about(desk: Desk, change: dict[str, object], lost: bool) -> None:
    desk.plan()
    lose(desk, ITEM)
    now, one = desk.clock.now(), desk.delivery()
    if isinstance(later := change.get("expires_at"), timedelta):
        change = {"expires_at": now + later}
    assert lost is replace(one, **change).is_lost(now)


def test_what_is_lost_once_more_is_told_once_more(desk: Desk) -> None:
    """It was put back after somebody had seen that it was lost, and was lost again."""
    desk.plan()
    lose(desk, ITEM)
    context = Context(desk.project, desk.ledger, desk.clock, Actor("Bo"))
    assert desk.delivery().id in {d.id for d in losses.acknowledge(context, KEY)}
    again = replace(desk.delivery(), changed_at=desk.clock.now() + timedelta(minutes=1))
    assert (again,) == losses.unseen(desk.ledger, [again], desk.clock.now())
