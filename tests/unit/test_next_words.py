"""What `start` says is next: in the zone of the campaign that it belongs to, by its name where it serves several."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from scheduler.cli.running import _what_is_next
from tests.support.world import a_campaign


def running(*ticks: tuple[str, str, datetime | None]) -> Any:
    """A process with a tick for each of these campaigns: name, zone, next instant."""
    return SimpleNamespace(
        ticks=[
            SimpleNamespace(
                campaign=name,
                rehearsal=SimpleNamespace(plan=SimpleNamespace(campaign=replace(a_campaign(), time_zone=zone))),
                next_instants=lambda at=at: () if at is None else (at,),
            )
            for name, zone, at in ticks
        ]
    )


def test_it_is_told_in_the_zone_of_the_campaign_that_it_belongs_to() -> None:
    """Of three, two of which share a zone, the one that comes first is named."""
    ten, nine = (datetime(2027, 10, 1, hour, tzinfo=UTC) for hour in (15, 13))
    three = running(
        ("chicago", "America/Chicago", ten), ("york", "America/New_York", nine), ("lakes", "America/Chicago", None)
    )
    assert "Next: Friday, October 1, 2027, 9:00 AM (New York): york." == _what_is_next(three)
    both = running(("one", "America/Chicago", ten), ("two", "America/Chicago", ten))
    assert "Next: Friday, October 1, 2027, 10:00 AM (Chicago): one and two." == _what_is_next(both)


def test_a_single_campaign_is_not_named() -> None:
    """Nor is anything said of what another one in the ledger has to come."""
    ten = datetime(2027, 10, 1, 15, tzinfo=UTC)
    assert "Next: Friday, October 1, 2027, 10:00 AM (Chicago)." == _what_is_next(
        running(("one", "America/Chicago", ten))
    )
    assert "Nothing is due any more." == _what_is_next(running(("one", "America/Chicago", None)))
