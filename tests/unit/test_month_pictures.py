"""The calendar's small pictures: of the cards where items have some, one request each, and nothing lost without them."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from html import unescape

import pytest

from tests.support.editing_site import EditingSite
from tests.support.reading_site import ITEMS


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EditingSite]:
    made = EditingSite(tmp_path_factory.mktemp("site"))
    with made.path("campaign.toml").open("a", encoding="utf-8") as file:
        file.write("\n[cards]\non = true\n")
    yield made
    made.ledger.close()


def pictures(site: EditingSite) -> list[str]:
    page = site.client.get("/calendar/2027").get_data(as_text=True)
    return re.findall(r"<img [^>]*>", page)


def test_each_item_has_its_picture_small_and_loaded_when_it_comes_into_view(site: EditingSite) -> None:
    """With its size, so that nothing jumps; without words, for they stand beside it."""
    found = pictures(site)
    assert len(ITEMS) == len(found)
    for one in found:
        assert {'width="256"', 'height="144"', 'alt=""', 'loading="lazy"'} <= set(one.split())
    page = site.client.get("/calendar/2027").get_data(as_text=True)
    assert all(f'href="/items/{item}"' in page for item in ITEMS)


def test_a_picture_is_small_and_kept_by_the_browser(site: EditingSite) -> None:
    """Its address is made of its bytes; nobody else may keep it."""
    address = unescape(re.search(r'src="([^"]*)"', pictures(site)[0])[1])
    answer = site.client.get(address)
    assert (200, "image/png") == (answer.status_code, answer.mimetype)
    assert (256, 144) == struct.unpack(">II", answer.data[16:24])
    assert len(answer.data) < 20_000
    assert "private, max-age=86400, immutable" == answer.headers["Cache-Control"]
    assert 404 == site.client.get("/thumbnails/" + "0" * 64 + ".png").status_code
    assert 303 == site.app.test_client().get(address).status_code


def test_only_the_calendar_may_load_pictures_of_ours(site: EditingSite) -> None:
    """Other pages have theirs in themselves."""
    policies = {
        page: site.client.get(page).headers["Content-Security-Policy"] for page in ("/calendar/2027", "/claims")
    }
    assert "img-src data: 'self';" in policies["/calendar/2027"]
    assert "img-src data:;" in policies["/claims"]


def test_an_item_without_a_picture_has_the_color_of_its_kind(site: EditingSite) -> None:
    text = site.path("campaign.toml").read_text(encoding="utf-8")
    try:
        site.path("campaign.toml").write_text(text.replace("on = true", "on = false"), encoding="utf-8")
        assert [] == pictures(site)
        assert 'class="title coat-sky"' in site.client.get("/calendar/2027").get_data(as_text=True)
    finally:
        site.path("campaign.toml").write_text(text, encoding="utf-8")
