"""The themes of the emails in a real browser: read by anybody, with the picture at the head and without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.domain.design_tokens import MAIL_THEMES
from tests.browser.test_mail_pages import CUT_OFF, HELP
from tests.browser.watched import Watched
from tests.support.themed_mails import write_mails

Look = Callable[..., Watched]
PICTURE = "document.querySelector('img') && document.querySelector('img').naturalWidth"
WORDS = "document.body.innerText"


@pytest.mark.parametrize("theme", MAIL_THEMES)
def test_anybody_can_read_a_theme(look: Look, tmp_path: Path, theme: str) -> None:
    """At 320 and 600 px, in the light and in the dark: axe finds nothing, nothing is cut off, the picture is there and
    no wider than the letter, the help line can be tapped."""
    (mail,) = write_mails(tmp_path, theme)
    for width in (320, 600):
        for dark in (False, True):
            page = look(mail.as_uri(), within=tmp_path.as_uri(), width=width, dark=dark)
            assert 1200 == page.ask(PICTURE)
            assert (0, [], []) == (page.overflow(), page.ask(CUT_OFF), page.violations()), (width, dark)
            assert "tel:+18883737888" in [href for href, _, _ in page.ask(HELP)]


@pytest.mark.parametrize("theme", MAIL_THEMES)
def test_nothing_is_lost_and_nothing_left_open_where_pictures_are_off(look: Look, tmp_path: Path, theme: str) -> None:
    """The words are the same, and the headline stands where it stands without a picture, or nearly so."""
    top = "Math.round(document.querySelector('h1').getBoundingClientRect().top)"
    (mail,) = write_mails(tmp_path, theme)
    page = look(mail.as_uri(), within=tmp_path.as_uri(), width=375)
    words = page.ask(WORDS).split()
    mail.write_text(re.sub(r'src="[^"]+"', 'src="data:,"', mail.read_text("utf-8")), "utf-8")
    page.go(mail.as_uri())
    assert words == page.ask(WORDS).split()
    without = page.ask(top)
    (mail,) = write_mails(tmp_path, theme, header="none")
    page.go(mail.as_uri())
    assert words == page.ask(WORDS).split()
    assert abs(without - page.ask(top)) <= 8
