"""The forecast says when the limit stops the season before its end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.review.cost import forecast
from tests.support.world import a_post, some_settings


@pytest.mark.parametrize(("limit", "said"), [(0, False), (0.03, False), (0.02, True)])
def test_a_forecast_beyond_the_limit_is_said_in_the_dry_run(limit: float, said: bool) -> None:
    """Two posts at $0.015; 0 is no limit."""
    settings = some_settings()
    x = replace(settings.channels["x"], options={"spending_limit": limit})
    settings = replace(settings, channels={**settings.channels, "x": x})
    (cost,) = forecast([a_post("day-1"), a_post("day-2")], settings)
    assert said == cost.note.startswith("The spending limit of $0.02 stops it before its end.")
