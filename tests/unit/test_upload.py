"""A picture is uploaded beside the text, by whoever runs the campaign: kept, seen, named; or refused, and nothing that
was typed is lost."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from scheduler.cards import own_picture
from scheduler.domain.message import PostBody
from scheduler.domain.role import form_token
from scheduler.domain.stale_approvals import voided
from scheduler.review.short_packet import short_packet_html
from scheduler.web.security.guard import FORM_FIELD
from tests.support.editing_site import ADDRESS, ITEM, EditingSite, fields_of
from tests.support.photos import opened, photo, telling_photo
from tests.support.reading_site import BEN, FACTS

SAID = {
    "f.alt": "A door, half red and half blue.",
    "f.picture.credit": "Kim Doe",
    "f.picture.license": "own",
    "f.picture.people": "none",
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[EditingSite]:
    made = EditingSite(tmp_path)
    yield made
    made.ledger.close()


def send(site: EditingSite, form: dict[str, str], content: bytes | None, act: str = "preview") -> TestResponse:
    data: dict[str, object] = {**form, "act": act, FORM_FIELD: form_token(site.session)}
    if content is not None:
        data["upload"] = (io.BytesIO(content), "..\\IMG 1.HEIC")  # what a browser calls it means nothing
    return site.client.post(ADDRESS, data=data, content_type="multipart/form-data")


def kept(site: EditingSite) -> list[Path]:
    return sorted(site.path("pictures").glob("*"))


def test_a_picture_is_uploaded_looked_at_and_saved_in_the_form_that_holds_the_text(site: EditingSite) -> None:
    """The file is kept without where it was taken; the item names it once it is saved; approvals of what shows it end,
    and no other."""
    site.desk().approve([ITEM], person=BEN, role=FACTS)
    looked = send(site, {**site.opened(), "f.title": "Another headline"}, telling_photo())
    page = looked.get_data(as_text=True)
    assert 200 == looked.status_code
    (file,) = kept(site)
    assert re.fullmatch(rf"{ITEM}-[0-9a-f]{{12}}\.jpg", file.name)
    assert (1600, 1200) == opened(file.read_bytes()).size
    assert b"A telephone" not in file.read_bytes()
    form = fields_of(looked)
    assert ("Another headline", file.name) == (form["f.title"], form["f.picture.file"])
    assert "somebody on it" in page  # what must be said of it is found at once
    assert "Your picture: click what must stay in view" in page
    assert "picture" not in site.path().read_text("utf-8")  # nothing is saved yet
    saved = send(site, {**fields_of(looked), **SAID, "f.title": site.opened()["f.title"]}, None, "save")
    assert 303 == saved.status_code
    front = tomllib.loads(site.path().read_text("utf-8").split("+++")[1])
    assert {"file": file.name, "credit": "Kim Doe", "license": "own", "people": "none"} == front["picture"]
    rehearsal = site.desk().rehearsal
    shown = next(m.body for m in rehearsal.messages if m.item == ITEM and isinstance(m.body, PostBody))
    assert shown.picture is not None
    assert {(ITEM, m.channel) for m in rehearsal.messages if m.item == ITEM and isinstance(m.body, PostBody)} == {
        (v.message.item, v.message.channel) for v in voided(rehearsal)
    }


def test_nobody_approves_it_unseen(site: EditingSite) -> None:
    """No check has read what it shows: where a whole week is approved, and on paper, it stands beside the words."""
    send(site, {**fields_of(send(site, site.opened(), photo())), **SAID}, None, "save")
    for page in (
        site.get("/weeks/1").get_data(as_text=True),
        short_packet_html(site.desk().rehearsal, made_at=site.clock.now()),
    ):
        assert 1 == page.count("data:image/jpeg;base64,")
        assert "Picture: Kim Doe" in page


def test_a_click_says_what_stays_in_view(site: EditingSite) -> None:
    """By the picture itself, which needs no script; the Enter key is no click."""
    looked = send(site, {**site.opened(), **SAID}, photo())
    form = {**fields_of(looked), "focus.width": "320", "focus.height": "240"}
    assert "75% 25%" == fields_of(send(site, {**form, "focus.x": "240", "focus.y": "60"}, None))["f.picture.focus"]
    assert "" == fields_of(send(site, {**form, "focus.x": "0", "focus.y": "0"}, None))["f.picture.focus"]
    assert "" == fields_of(send(site, {**form, "focus.x": "9e9", "focus.y": "1"}, None))["f.picture.focus"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "it is no PNG, JPEG or WebP file but a drawing (SVG)"),
        (photo()[:5_000], "damaged or cut off"),
        (b"\xff\xd8\xff" + bytes(400_000), "0.4 MB; 0 MB is the most"),
    ],
)
@pytest.mark.parametrize("act", ["preview", "save"])
def test_what_is_refused_loses_nothing_that_was_typed(
    site: EditingSite, monkeypatch: pytest.MonkeyPatch, content: bytes, said: str, act: str
) -> None:
    """The page says why and what to do, and has every field as it was typed; nothing is written."""
    monkeypatch.setattr(own_picture, "LARGEST_FILE", 400_000)
    before = site.path().read_bytes()
    answer = send(site, {**site.opened(), **SAID, "f.post": "Quite other words."}, content, act)
    page, form = answer.get_data(as_text=True), fields_of(answer)
    assert 409 == answer.status_code
    assert said in page
    assert "What to do" in page
    assert "Quite other words." == form["f.post"]
    assert SAID.items() <= form.items()
    assert (before, []) == (site.path().read_bytes(), kept(site))


def test_nothing_is_written_where_a_link_stands_in_the_folders_place(site: EditingSite, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    site.path("pictures").symlink_to(elsewhere)
    answer = send(site, {**site.opened(), "f.post": "Quite other words."}, photo())
    assert "is a link to another place" in answer.get_data(as_text=True)
    assert "Quite other words." == fields_of(answer)["f.post"]
    assert [] == list(elsewhere.iterdir())


def test_the_card_is_back_when_the_file_is_taken_out(site: EditingSite) -> None:
    send(site, {**fields_of(send(site, site.opened(), photo())), **SAID}, None, "save")
    assert "picture" in site.path().read_text("utf-8")
    gone = {f"f.picture.{name}": "" for name in ("file", "focus", "credit", "license", "people")}
    assert 303 == send(site, {**site.opened(), **gone}, None, "save").status_code
    assert "picture" not in site.path().read_text("utf-8")
    assert 1 == len(kept(site))  # what somebody brought is nobody's to delete
