"""The design tokens: readable in both palettes, complete in CSS."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from scheduler.domain import design_tokens
from tests.support.wcag import contrast

PALETTES = {"light": design_tokens.LIGHT, "dark": design_tokens.DARK}


@pytest.mark.parametrize("scheme", PALETTES)
@pytest.mark.parametrize("pair", [*design_tokens.TEXT_PAIRS, *design_tokens.STAFF_PAIRS], ids="-on-".join)
def test_text_is_readable(scheme: str, pair: tuple[str, str]) -> None:
    """Text has a contrast of at least 4.5:1 on its ground, in light and in dark (WCAG 2.2, 1.4.3)."""
    text, ground = (getattr(PALETTES[scheme], name) for name in pair)
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize("scheme", PALETTES)
@pytest.mark.parametrize("pair", design_tokens.EDGE_PAIRS, ids="-on-".join)
def test_controls_and_focus_can_be_seen(scheme: str, pair: tuple[str, str]) -> None:
    """The border of something that can be used, and the ring around what the keyboard is at, have at least 3:1 (WCAG
    2.2, 1.4.11)."""
    edge, ground = (getattr(PALETTES[scheme], name) for name in pair)
    assert contrast(edge, ground) >= 3.0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", design_tokens.MAIL_THEMES)
def test_a_mails_theme_is_readable(theme: str, scheme: str) -> None:
    """Each text on each ground that a mail has it on, and the edge of the help box and of a note (WCAG 2.2)."""
    palette: design_tokens.MailPalette = getattr(design_tokens.MAIL_THEMES[theme], scheme)
    for text, ground in design_tokens.MAIL_PAIRS:
        assert contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5, (text, ground)
    assert contrast(palette.accent, palette.paper) >= 3.0
    assert contrast(palette.muted, palette.paper) >= 3.0


def test_contrast_is_measured_as_wcag_defines_it() -> None:
    """Known values: black on white is 21, a colour on itself 1; the order does not matter."""
    assert [21.0, 1.0] == [contrast("#000000", "#ffffff"), contrast("#1f4e8c", "#1f4e8c")]
    assert 4.54 == pytest.approx(contrast("#767676", "#ffffff"), abs=0.01)
    assert contrast("#123456", "#fedcba") == contrast("#fedcba", "#123456")


def test_css_declares_every_token() -> None:
    """Each colour is declared twice, for light and for dark; nothing is fetched."""
    css = design_tokens.css_custom_properties()
    for field in fields(design_tokens.Palette):
        name = field.name.replace("_", "-")
        declared = re.findall(rf"--{name}:(#[0-9a-f]{{6}});", css)
        assert [getattr(design_tokens.LIGHT, field.name), getattr(design_tokens.DARK, field.name)] == declared
    assert "url(" not in css
    assert css.count("{") == css.count("}")


def test_states_have_a_shape() -> None:
    """A state is never told by color alone: each has its own shape. Its word stands beside it on each page."""
    assert len(set(design_tokens.STATE_SHAPES.values())) == len(design_tokens.STATE_SHAPES)
    assert all(
        hasattr(design_tokens.LIGHT, state) and hasattr(design_tokens.LIGHT, f"{state}_ground")
        for state in design_tokens.STATE_SHAPES
    )
