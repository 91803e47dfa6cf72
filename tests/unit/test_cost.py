"""The forecast of cost: published prices, links counted apart, settings first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.message import Message
from scheduler.review.cost import forecast
from scheduler.settings import ChannelSettings, Mode, Organisation, Secrets, Settings
from tests.support.networks import with_picture
from tests.support.rehearsal_factory import month, post


def settings(**more: Any) -> Settings:
    channel = ChannelSettings("x", "x", True, "https://api.x.com", 20.0)
    given: dict[str, Any] = {
        "mode": Mode.REHEARSAL,
        "public_url": "https://news.example.org",
        "organisation": Organisation(
            "Example Coalition", "1 Example Street", "Example", "a@example.org", "b@example.org"
        ),
        "database_url": "sqlite:///x.db",
        "channels": {"x": channel},
        "root": Path(),
        "secrets": Secrets({}),
    }
    return Settings(**{**given, **more})


def posts(plain: int, linked: int) -> list[Message]:
    first = month().messages[1]
    return [replace(first, body=post("a", contains_url=n < linked)) for n in range(plain + linked)]


def test_a_post_with_a_link_costs_more() -> None:
    """$0.015 a post, $0.200 with a link."""
    (cost,) = forecast(posts(28, 4), settings())
    assert ("x", 32, 4, 1.22) == (cost.channel, cost.messages, cost.with_url, cost.dollars)
    assert {"28 without a link at $0.015": 0.42, "4 with a link at $0.200": 0.8} == dict(cost.lines)
    assert "$0.74 less" in cost.note


def test_an_alternative_text_has_a_price() -> None:
    """Of each picture, whatever the post costs."""
    (cost,) = forecast([with_picture(message) for message in posts(2, 1)], settings())
    assert {"2 without a link at $0.015", "1 with a link at $0.200", "3 alternative texts at $0.005"} == set(cost.lines)
    assert 0.245 == cost.dollars


def test_without_links_there_is_nothing_to_save() -> None:
    """No note and no line about links that are not there."""
    (cost,) = forecast(posts(32, 0), settings())
    assert (0.48, "") == (cost.dollars, cost.note)
    assert ["32 without a link at $0.015"] == list(cost.lines)


def test_prices_in_the_settings_come_first() -> None:
    """A coordinator can write a new price before a new release knows it."""
    dearer = ChannelSettings("x", "x", True, "https://api.x.com", 20.0, {"price_per_post": 1.0})
    (cost,) = forecast(posts(1, 1), settings(channels={"x": dearer}))
    assert 1.2 == cost.dollars


def test_a_channel_of_another_name_pays_its_transports_price() -> None:
    """Prices belong to the transport, not to the name that somebody gave the channel."""
    named = ChannelSettings("our-account", "x", True, "https://api.x.com", 20.0)
    messages = [replace(m, channel="our-account") for m in posts(2, 0)]
    assert 0.03 == forecast(messages, settings(channels={"our-account": named}))[0].dollars


def test_emails_and_free_networks_are_not_in_it() -> None:
    """No price, no line: nothing is guessed."""
    emails = [m for m in month().messages if m.channel == "email"]
    free = [replace(m, channel="mastodon") for m in posts(2, 0)]
    assert () == forecast([*emails, *free], settings())


@given(st.integers(0, 40), st.integers(0, 40))
def test_the_sum_is_the_sum_of_its_lines(plain: int, linked: int) -> None:
    """To a tenth of a cent."""
    for cost in forecast(posts(plain, linked), settings()):
        assert round(sum(cost.lines.values()), 3) == cost.dollars
        assert plain + linked == cost.messages
