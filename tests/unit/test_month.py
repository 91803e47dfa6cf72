"""The season at hand for the pages is always the season as it stands, and is rendered no oftener than it must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from scheduler.services.seasons import rehearse
from scheduler.web.rehearsal_cache import RehearsalCache
from tests.support.review_desk import ReviewDesk, sign_all
from tests.unit.test_roles_routes import CAMPAIGN, House


class Counted(House):
    """A house that counts how often a season is rendered."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.rendered = 0
        self.months = RehearsalCache(self.project, self.ledger)

        def counted(*args: object, **options: Any) -> object:
            self.rendered += 1
            return rehearse(*args, **options)  # type: ignore[arg-type]

        self._counting = patch("scheduler.web.rehearsal_cache.rehearse", counted)
        self._counting.start()

    def desk(self) -> ReviewDesk:
        return ReviewDesk(lambda actor: self.months.context(actor, CAMPAIGN, 2027))

    def close(self) -> None:
        self._counting.stop()
        super().close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Counted]:
    made = Counted(tmp_path)
    yield made
    made.close()


def approve(house: Counted) -> None:
    house.desk().approve(["why-january"], person="Ada", role="coordinator")


def ask(house: Counted) -> None:
    house.desk().request_changes("why-january", person="Bo", role="fact-reviewer", comment="Shorter.")


def invite(house: Counted) -> None:
    house.desk().invite("Rosa", "fact-reviewer", by="Ada")


def sign(house: Counted) -> None:
    sign_all(house.project, house.ledger, CAMPAIGN, "claim", person="Mo", role="fact-reviewer")


def edit(house: Counted) -> None:
    file = house.project.root / "campaigns" / CAMPAIGN / "items" / "01-why-january.md"
    file.write_text(file.read_text(encoding="utf-8").replace("January", "This month", 3), encoding="utf-8")


def next_day(house: Counted) -> None:
    house.clock.advance(timedelta(days=1))


@pytest.mark.parametrize(
    ("act", "renders"),
    [(approve, False), (ask, False), (invite, False), (sign, True), (edit, True), (next_day, True)],
    ids=lambda v: getattr(v, "__name__", str(v)),
)
def test_the_season_at_hand_is_the_season_as_it_stands(
    house: Counted, act: Callable[[Counted], None], renders: bool
) -> None:
    """After each act it equals one that is made from nothing; only what changes texts or findings renders anew."""
    approve(house)
    first = house.months.rehearsal(CAMPAIGN, 2027)
    before = house.rendered
    act(house)
    now = house.months.rehearsal(CAMPAIGN, 2027)
    assert renders == (house.rendered > before)
    assert rehearse(house.project, CAMPAIGN, 2027, ledger=house.ledger) == now
    assert (act not in (approve, next_day)) == (now != first)


def test_nothing_is_made_again_while_nothing_happens(house: Counted) -> None:
    """The same object, as often as it is asked for."""
    first = house.months.rehearsal(CAMPAIGN, 2027)
    assert first is house.months.rehearsal(CAMPAIGN, 2027)
    assert 1 == house.rendered
