"""Pictures that people bring in place of cards: what is taken, what goes out of it, and what it is a part of."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scheduler.cards import own_picture
from scheduler.cards.drawing import bytes_of, thumbnail_of
from scheduler.cards.own_picture import CannotUse, Cut, kept_of_upload
from scheduler.content.render.messages import RenderResult, render
from scheduler.domain.card import CardRules, PictureChoice
from scheduler.domain.consent import Consent
from scheduler.domain.finding import Where
from scheduler.domain.message import Message, PostBody, from_text, to_text
from scheduler.domain.post_picture import PostPicture
from scheduler.settings import ChannelSettings
from tests.support.photos import LEFT, RIGHT, bomb, moving, opened, photo, picture, saved, telling_photo
from tests.support.render_factory import TEMPLATES, item, plan, settings

BOTH = ("image/png", "image/jpeg")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
CHOICE = PictureChoice("door.jpg", credit="Kim Doe", license="own", people="none")


def made(content: bytes, size: tuple[int, int] = (1200, 675), focus: str = "50% 50%", most: int = 10**6) -> PostPicture:
    digest = hashlib.sha256(content).hexdigest()
    return own_picture.own_picture(lambda: content, digest, Cut(size, focus, most, BOTH), (), "")


def color_at(content: bytes, across: float) -> tuple[int, ...]:
    shown: Any = opened(content).convert("RGB")
    return shown.getpixel((int(across * (shown.width - 1)), shown.height // 2))


def is_near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


# -- what is taken ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (lambda: b"", "no PNG, JPEG or WebP", "JPEG"),
        (lambda: b"Dear all,", "no PNG, JPEG or WebP file$", "JPEG"),
        (lambda: SVG, r"a drawing \(SVG\)", "JPEG"),
        (lambda: saved(picture(800, 600), "GIF"), "a GIF", "JPEG"),
        (lambda: b"\0\0\0\x18ftypheic" + bytes(200), "HEIC", "JPEG"),
        (lambda: moving("PNG"), "it moves: the file holds 2 pictures", "one of them"),
        (lambda: moving("WEBP"), "it moves", "one of them"),
        (lambda: photo()[:9_000], "damaged or cut off", "anew"),
        (lambda: saved(picture(), "PNG").replace(b"IDAT", b"IDAT\xff", 1), "damaged or cut off", "anew"),
        (bomb, "8,000 by 6,000 pixels; 40 million", "smaller"),
        (lambda: bytes(12_000_001), "12.0 MB; 12 MB is the most", "smaller"),
        (lambda: photo(500, 300), "500 by 300 pixels, too few for 1200 by 675", "600 by 337"),
        (lambda: saved(Image.new("I;16", (1200, 675)), "PNG"), "16 bits", "JPEG"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(content: Callable[[], bytes], message: str, hint: str) -> None:
    """By what its bytes are; nothing of it is unpacked that is too large."""
    with pytest.raises(CannotUse, match=message) as refused:
        made(content())
    assert hint in refused.value.hint


def test_a_webp_file_that_claims_to_be_huge_is_not_opened() -> None:
    """Its reader would make room for all of it at once."""
    content = bytearray(saved(Image.new("RGBA", (700, 400), (0, 0, 0, 9)), "WEBP"))
    content[24:30] = (16_000).to_bytes(3, "little") * 2
    with pytest.raises(CannotUse, match="16,001 by 16,001 pixels"):
        made(bytes(content))


@pytest.mark.parametrize("focus", ["middle", "50%,50%", "50% 101%", "-1% 5%", "50.5% 1%"])
def test_a_focal_point_is_two_numbers_of_percent(focus: str) -> None:
    with pytest.raises(CannotUse, match="focus is"):
        made(photo(), focus=focus)


def test_without_the_library_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was made before is sent and shown all the same: by another process, without it."""
    shown, other = made(photo()), photo(1400, 1000)
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(CannotUse, match="Pillow, which is not installed") as refused:
        made(other)
    assert "requirements-pictures.lock" in refused.value.hint
    assert hashlib.sha256(bytes_of(shown)).hexdigest() == shown.sha256
    assert thumbnail_of(shown, 200) == ("image/jpeg", bytes_of(shown))


# -- what goes out ---------------------------------------------------------------------------------------------------


def test_a_photo_goes_out_upright_and_tells_nothing_of_where_it_was_taken() -> None:
    """The file's left half is on top when it is held upright."""
    content = telling_photo()
    for told in (b"A telephone", b"kitchen window", b"Exif"):
        assert told in content
    sent = bytes_of(made(content))
    upright = bytes_of(made(content, (1080, 1350)))
    assert not any(told in sent for told in (b"A telephone", b"kitchen window", b"Exif"))
    assert (1200, 675) == opened(sent).size
    assert not opened(sent).getexif()
    turned: Any = opened(upright).convert("RGB")
    assert is_near(LEFT, turned.getpixel((540, 20)))
    assert is_near(RIGHT, turned.getpixel((540, 1330)))
    assert opened(kept_of_upload(content)[1]).size == (1600, 1200)  # it was 1200 wide


def test_it_is_the_same_bytes_each_time() -> None:
    content = photo()
    assert made(content).sha256 == made(content).sha256


@pytest.mark.parametrize("size", [(1200, 675), (1080, 1350), (1080, 1920)])
def test_the_focal_point_stays_in_view(size: tuple[int, int]) -> None:
    """Left in the picture is red, right is blue; an upright cut of a wide picture shows one of them."""
    wide = photo(3000, 1000)
    left, right = (bytes_of(made(wide, size, focus)) for focus in ("0% 50%", "100% 50%"))
    assert size == opened(left).size == opened(right).size
    assert is_near(LEFT, color_at(left, 0.02))
    assert is_near(RIGHT, color_at(right, 0.98))


def test_it_weighs_what_its_network_takes() -> None:
    """A photo full of detail loses quality until it does; a drawing stays a PNG while that is small."""
    noise = saved(Image.effect_noise((1200, 675), 120).convert("RGB"), quality=95)
    assert made(noise, most=300_000).byte_length <= 300_000
    drawing = made(saved(picture(), "PNG"))
    assert ("image/png", "png") == (drawing.media_type, drawing.ending)
    loud = made(saved(Image.effect_noise((1200, 675), 120).convert("RGB"), "PNG"))
    assert ("image/jpeg", "jpg") == (loud.media_type, loud.ending)
    assert loud.byte_length <= own_picture.MOST_BYTES


def test_what_can_be_seen_through_stands_on_white() -> None:
    clear = saved(Image.new("RGBA", (1200, 675), (0, 0, 0, 0)), "PNG")
    assert (255, 255, 255) == color_at(bytes_of(made(clear)), 0.5)


def test_a_file_that_is_changed_meanwhile_is_not_taken_for_the_one_that_was_read() -> None:
    with pytest.raises(CannotUse, match="being changed"):
        own_picture.own_picture(photo, "0" * 64, Cut((1200, 675), "50% 50%", 10**6, BOTH), (), "")


# -- what it is a part of ---------------------------------------------------------------------------------------------


CONSENT = Consent(
    "photo-1",
    "P1",
    "a photo",
    ("item-1",),
    date(2026, 1, 1),
    date(2027, 12, 31),
    "with us",
    "by letter",
    Where("campaigns/test/consents.toml", 1),
)


def rendered(
    tmp_path: Path, choice: PictureChoice = CHOICE, content: bytes | None = None, **changes: Any
) -> RenderResult:
    """A day with a picture that somebody brought, and one with a card, on two networks and by mail."""
    content = photo() if content is None else content
    file = tmp_path / "campaigns" / "test" / "pictures" / "door.jpg"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    choice = replace(choice, sha256=hashlib.sha256(content).hexdigest())
    its = {"alt": "A blue door.", **changes.pop("of_item", {})}
    month = plan(
        item(id="item-1", picture=choice, **its), item(id="item-2", alt="A card"), cards=CardRules(on=True), **changes
    )
    own = settings(root=tmp_path)
    upright = ChannelSettings("upright", "mastodon", True, "", 10, options={"card_size": "1080x1350"})
    return render(month, replace(own, channels={**own.channels, "upright": upright}), TEMPLATES)


def digests(result: RenderResult) -> dict[tuple[str, str], str]:
    return {(m.item, m.channel): m.digest for m in result.messages}


def body_of(message: Message) -> PostBody:
    assert isinstance(message.body, PostBody)
    return message.body


OF_ITS_POSTS = {("item-1", "x"), ("item-1", "upright")}


@pytest.mark.parametrize(
    ("change", "voided"),
    [
        ({"content": photo(1600, 1201)}, OF_ITS_POSTS),
        ({"choice": replace(CHOICE, focus="50% 40%")}, {("item-1", "x")}),  # the upright cut shows its whole height
        ({"choice": replace(CHOICE, focus="40% 50%")}, {("item-1", "upright")}),
        ({"choice": replace(CHOICE, credit="Kim Roe")}, OF_ITS_POSTS),
        ({"choice": replace(CHOICE, words=("Open house",))}, OF_ITS_POSTS),
        ({"choice": replace(CHOICE, people="recognizable", consent="photo-1")}, OF_ITS_POSTS),
        ({"of_item": {"alt": "A green door."}}, OF_ITS_POSTS),
        ({"choice": replace(CHOICE, license="bought")}, set()),  # readers get the same
        ({"choice": PictureChoice()}, OF_ITS_POSTS),  # the card again
    ],
)
def test_a_change_voids_exactly_what_shows_it(
    tmp_path: Path, change: dict[str, Any], voided: set[tuple[str, str]]
) -> None:
    """Its bytes, its focal point, its credit, its words: of the posts that have it, and of nothing else."""
    consents: dict[str, Any] = {"consents": {"photo-1": CONSENT}}
    before, after = digests(rendered(tmp_path, **consents)), digests(rendered(tmp_path, **change, **consents))
    assert voided == {key for key in before if before[key] != after[key]}
    assert digests(rendered(tmp_path, **consents)) == before


def test_it_is_there_without_the_campaigns_cards(tmp_path: Path) -> None:
    """Whoever brings one picture need not have cards for all other days."""
    messages = {(m.item, m.channel): m for m in rendered(tmp_path).messages}
    shown = body_of(messages["item-1", "x"])
    assert shown.picture is not None
    assert ("A blue door.", "Kim Doe", "") == (shown.alt_text, shown.picture.credit, shown.picture.template)
    again = from_text(to_text(messages["item-1", "x"]))
    assert again == messages["item-1", "x"]
    assert again.digest == messages["item-1", "x"].digest


def test_nobody_drafts_the_words_for_a_picture_that_no_program_sees(tmp_path: Path) -> None:
    result = rendered(tmp_path, of_item={"alt": ""})
    found = [(f.code, f.message) for f in result.findings]
    assert [("G103", "the picture has no alternative text")] * 2 == found


def test_a_license_that_asks_for_the_credit_has_it_in_the_post(tmp_path: Path) -> None:
    """In the campaign's language; it is no stranger whom a check has to ask about."""
    for language, label in (("en", "Picture"), ("es", "Imagen"), ("fr", "Picture")):
        result = rendered(tmp_path, replace(CHOICE, license="cc-by"), language=language)
        post = next(m for m in result.messages if (m.item, m.channel) == ("item-1", "x"))
        assert f"\n{label}: Kim Doe, CC BY\n" in body_of(post).text
        assert f"{label}: Kim Doe, CC BY" in [p.words for p in post.printed["txt"]]
    assert "Kim Doe" not in body_of(one_of(rendered(tmp_path))).text


def one_of(result: RenderResult) -> Message:
    return next(m for m in result.messages if (m.item, m.channel) == ("item-1", "x"))


def test_a_file_that_cannot_be_used_is_a_finding_and_no_crash(tmp_path: Path) -> None:
    """The day stays, with a red finding, once for all channels; a post without its picture goes nowhere."""
    result = rendered(tmp_path, content=SVG)
    (found,) = result.findings
    assert ("G108", "item-1", "") == (found.code, found.item, found.channel)
    assert body_of(one_of(result)).picture is None


def test_where_somebody_can_be_recognized_a_consent_is_named(tmp_path: Path) -> None:
    codes = [f.code for f in rendered(tmp_path, replace(CHOICE, people="recognizable")).findings]
    assert ["G109"] == codes
    assert 3 == len(rendered(tmp_path, PictureChoice("door.jpg")).findings)
