"""A campaign's [brand]: its color, measured; its own name and contact line; and never those of another campaign."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler.content.load.campaign_files import load_campaign
from scheduler.domain.brand import WHITE, is_readable, tint_for
from scheduler.domain.design_tokens import COAT_PAIRS, MAIL_PAIRS, MAIL_THEMES, TEXT_PAIRS, mail_theme, with_accent
from scheduler.domain.subscriber import ConsentHow
from scheduler.schema.forms import contact_line, speaker
from scheduler.wiring import unsubscribe_url
from tests.support.public_factory import CAMPAIGN, PUBLIC_URL, ReadersSite
from tests.support.wcag import contrast
from tests.unit.test_public_sign_up import words_of
from tests.unit.test_two_campaigns import OTHER, OTHER_SLUG, SLUG, add_the_other, sign_up

PLUM, GREEN = "#7a1f4e", "#1d5b34"
OURS = f'[brand]\naccent = "{PLUM}"\nname = "Lantern House"\ncontact = "555 0100, weekdays 9 to 5"\n'
THEIRS = f'[brand]\naccent = "{GREEN}"\nname = "Page Turners"\ncontact = "hello@pages.test"\n'


def branded(root: Path, campaign: str, brand: str) -> None:
    head = root / "campaigns" / campaign / "campaign.toml"
    head.write_text(f"{head.read_text(encoding='utf-8')}\n{brand}", encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReadersSite]:
    """Two campaigns, each with a brand of its own."""
    made = ReadersSite(tmp_path, now=datetime(2026, 12, 20, tzinfo=UTC))
    add_the_other(made)
    branded(made.root, CAMPAIGN, OURS)
    branded(made.root, OTHER, THEIRS)
    yield made
    made.close()


@pytest.mark.parametrize("accent", [PLUM, GREEN, "#000000", "#767676", "#0000ff", "#b00020", "#1f4e8c"])
def test_a_color_that_is_taken_can_be_read_wherever_it_stands(accent: str) -> None:
    """On paper, on cards, on tints, in the light and in the dark; measured by another program than the product's."""
    assert is_readable(accent)
    for palette in with_accent(accent):
        for text, ground in TEXT_PAIRS:
            ratio = contrast(getattr(palette, text), getattr(palette, ground))
            assert 4.5 <= ratio, (text, ground, ratio)
    for theme in (mail_theme(name, accent) for name in MAIL_THEMES):
        for mail in (theme.light, theme.dark):
            for text, ground in MAIL_PAIRS:
                ratio = contrast(getattr(mail, text), getattr(mail, ground))
                assert 4.5 <= ratio, (text, ground, ratio)
        for text, ground in COAT_PAIRS:
            ratio = contrast(getattr(theme.picture, text), getattr(theme.picture, ground))
            assert 4.5 <= ratio, (text, ground, ratio)


def test_a_color_that_nobody_can_read_is_told_with_its_ratio_and_not_used(site: ReadersSite) -> None:
    head = site.root / "campaigns" / CAMPAIGN / "campaign.toml"
    head.write_text(head.read_text(encoding="utf-8").replace(PLUM, "#777777"), encoding="utf-8")
    assert 4.4 < contrast("#777777", WHITE) < 4.5
    campaign, findings = load_campaign(site.root, CAMPAIGN)
    (found,) = [f for f in findings if f.code == "C038"]
    assert '"#777777" has a contrast of 4.47:1 with white; 4.5:1 is needed' in found.message
    assert campaign is not None
    assert "" == campaign.brand.accent
    assert "#777777" not in site.client.get(f"/c/{SLUG}/subscribe").text
    better = re.search(r"#[0-9a-f]{6}", found.hint)
    assert better is not None
    assert 4.5 <= contrast(better[0], WHITE) < 6


@pytest.mark.parametrize("line", [" ", "\t", "A\r\nB", "A\x7f", "A\u2028B", "A\x85B", "x" * 201])
def test_who_speaks_is_one_line_that_says_something(line: str) -> None:
    assert speaker(line)
    assert contact_line(line)
    assert speaker("x" * 81)
    assert not speaker(" Zoë & the Lanterns ")
    assert not contact_line("x" * 200)


def test_blanks_around_who_speaks_are_not_part_of_it(site: ReadersSite) -> None:
    head = site.root / "campaigns" / CAMPAIGN / "campaign.toml"
    head.write_text(head.read_text(encoding="utf-8").replace("Lantern House", " Lantern House "), encoding="utf-8")
    campaign, _ = load_campaign(site.root, CAMPAIGN)
    assert campaign is not None
    assert "Lantern House" == campaign.brand.name


def test_a_tint_keeps_as_much_of_the_color_as_can_be_read_on() -> None:
    assert "#f3ebef" == tint_for(PLUM)
    assert 4.5 <= contrast("#767676", tint_for("#767676"))


def test_two_campaigns_show_their_own_brand_and_never_the_others(site: ReadersSite) -> None:
    """Forms, archives, feeds, letters, and the pages behind links."""
    of_both = {
        (SLUG, CAMPAIGN): (PLUM, "Lantern House", "555 0100", (GREEN, "Page Turners", "pages.test")),
        (OTHER_SLUG, OTHER): (GREEN, "Page Turners", "hello@pages.test", (PLUM, "Lantern House", "555 0100")),
    }
    for (slug, campaign), (accent, name, contact, others) in of_both.items():
        letter = sign_up(site, slug, f"{campaign}@readers.example")
        (reader,) = [s.subscriber.id for s in site.ledger.subscribers.each(campaign)]
        leave = unsubscribe_url(site.project, campaign)(reader).removeprefix(PUBLIC_URL)
        open_pages = [site.client.get(f"/c/{slug}/{page}") for page in ("subscribe", "archive")]
        neutral = [
            site.client.get(letter.link("/confirm/")),
            site.client.get(letter.link("/not-me/")),
            site.client.post(letter.link("/confirm/")),
            site.client.get(site.choices(reader, campaign)),
            site.client.get(f"{site.choices(reader, campaign)}/known"),
            site.client.get(leave),
            site.client.post(leave),
            site.client.get(f"/c/{slug}/confirm/{'x' * 43}"),
        ]
        assert [name, name] == [name for page in open_pages if name in page.text or contact in page.text]
        assert contact in open_pages[0].text
        for page in (*open_pages, *neutral):
            assert f"--blue:{accent};" in page.text, page.request.path
            assert [] == [other for other in others if other in page.text]
            (style,) = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in page.headers["Content-Security-Policy"]
        for page in neutral[:4] + neutral[5:]:  # what was agreed to names whom it was given to
            assert (name in page.text, contact in page.text) == (False, False), "such links get forwarded"
        assert f"Emails of {name}" in site.client.get(f"/c/{slug}/archive.xml").text
        agreed = [c.what for c in site.ledger.subscribers.consents(reader) if c.how is ConsentHow.CONFIRMED]
        assert [True] == [f"I ask {name} to send" in what for what in agreed]
        for mail in (letter, *site.letters()):
            assert name in mail.text
            assert contact in mail.text
            assert f"background-color:{accent}" in mail.html
            assert [] == [other for other in others if other in mail.text + mail.html]


def test_pages_of_no_campaign_are_neutral(site: ReadersSite) -> None:
    for path in ("/subscribe", "/archive", "/sign-in", "/no-such-page", "/u/x"):
        page = site.client.get(path).text
        assert [] == [own for own in (PLUM, GREEN, "Lantern", "Turners") if own in page], path


def test_an_edition_has_the_brand_of_its_original(site: ReadersSite) -> None:
    folder = site.root / "campaigns" / OTHER
    shutil.rmtree(folder)
    folder.mkdir()
    text = f'name = "Mes"\nlanguage = "es"\nslug = "{OTHER_SLUG}"\nedition_of = "{CAMPAIGN}"\ntime_zone = "UTC"\n'
    (folder / "campaign.toml").write_text(text, encoding="utf-8")
    assert f"--blue:{PLUM};" in site.client.get(f"/c/{OTHER_SLUG}/u/x").text


def test_no_title_of_a_public_page_names_the_cause(site: ReadersSite) -> None:
    """Titles stand in tabs and histories."""
    for page in ("subscribe", "archive", "u/x", f"confirm/{'x' * 43}", f"not-me/{'x' * 43}"):
        answer = site.client.get(f"/c/{OTHER_SLUG}/{page}")
        (title,) = re.findall(r"<title>(.*?)</title>", answer.text)
        assert "Reading" not in title, title
        assert title
    assert "for Reading Month, from" in words_of(site.client.get(f"/c/{OTHER_SLUG}/subscribe"))
