"""The doctor's lines about what only the world outside can tell: the clock, and the way to leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.leave_page import Found, LeavePage
from scheduler.services.doctor.check_machine import compared
from scheduler.services.doctor.check_subscribers import leave_page
from scheduler.services.doctor.doctor_result import DoctorContext, Status
from scheduler.settings import Mode
from tests.support.world import some_settings

NOW = datetime(2027, 1, 5, 10, tzinfo=UTC)


def look(*, mode: Mode = Mode.LIVE, told: datetime | None = NOW, **more: Any) -> DoctorContext:
    given = {"time_tellers": ("https://api.x.com",), "online": True, **more}
    return DoctorContext(
        settings=some_settings(mode),
        root=Path(),
        env={},
        now=NOW,
        machine_now=lambda: NOW,
        time_at=lambda address: told,
        **given,
    )


@pytest.mark.parametrize(
    ("off", "light", "says"),
    [
        (timedelta(minutes=4), Status.GREEN, "it agrees with api.x.com"),
        (timedelta(days=2), Status.RED, "2 days behind the one of api.x.com"),
        (-timedelta(days=2), Status.RED, "2 days ahead of the one of api.x.com"),
        (None, Status.AMBER, "no provider said what time it is"),
    ],
)
def test_online_the_clock_is_compared(off: timedelta | None, light: Status, says: str) -> None:
    (line,) = compared(look(told=NOW + off if off is not None else None))
    assert (light, True) == (line.light, says in line.said), line


def test_by_smtp_alone_nothing_can_check_the_clock() -> None:
    (line,) = compared(look(time_tellers=()))
    assert "nothing can check the clock" in line.said
    assert not list(compared(look(mode=Mode.REHEARSAL)))
    assert not list(compared(look(pretended=True)))


@pytest.mark.parametrize(
    ("page", "light"), [(LeavePage.GOOD, Status.GREEN), (LeavePage.WRONG, Status.RED), (LeavePage.UNSEEN, Status.AMBER)]
)
def test_online_the_unsubscribe_links_are_tried(page: LeavePage, light: Status) -> None:
    (line,) = leave_page(look(leave_page=lambda: Found(page, "no answer in time")))
    assert light is line.light
    assert bool(line.to_do) == (light is not Status.GREEN)


def test_trusted_links_are_said_to_be_trusted() -> None:
    examined = look(online=False)
    trusting = replace(examined, settings=replace(examined.settings, unsubscribe_check="trust"))
    (line,) = leave_page(trusting)
    assert "not tried before a mailing" in line.said
