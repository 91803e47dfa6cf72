"""Templates and letters of a campaign's own stand before the project's, file by file; findings name the file that counts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.content.load.campaign_files import load_campaign
from scheduler.content.renewal import to_renew
from scheduler.domain.message import EmailBody, Message
from scheduler.domain.rehearsal import Rehearsal
from scheduler.services.seasons import find_season, read_campaign, rehearse
from tests.support.public_factory import CAMPAIGN, ReadersSite
from tests.unit.test_two_campaigns import OTHER, add_the_other


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReadersSite]:
    made = ReadersSite(tmp_path)
    add_the_other(made)
    yield made
    made.close()


def own(site: ReadersSite, name: str, text: str | None = None, *, campaign: str = OTHER) -> Path:
    """A template of the campaign's own; without a text a copy of the project's."""
    path = site.root / "campaigns" / campaign / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        shutil.copy(site.root / "templates" / name, path)
    else:
        path.write_text(text, encoding="utf-8")
    return path


def html_of(rehearsal: Rehearsal, kind: str) -> str:
    item = next(p.item.id for p in rehearsal.plan.items if p.item.kind == kind)
    body = next(m.body for m in rehearsal.messages if m.item == item and isinstance(m.body, EmailBody))
    return body.html


def letter(rehearsal: Rehearsal, kind: str) -> Message:
    return next(m for m in rehearsal.letters if m.item == f"letter-{kind}")


def test_a_template_of_its_own_counts_for_that_campaign_alone(site: ReadersSite) -> None:
    """The others are the project's still, also where its own extend or import them."""
    base = '{% extends "email/base.html" %}{% block day %}<p>Of our own</p>{% endblock %}'
    own(site, "email/help.html", base)
    theirs, others = rehearse(site.project, OTHER, 2027), rehearse(site.project, CAMPAIGN, 2027)
    assert "Of our own" in html_of(theirs, "help")
    assert "Of our own" not in html_of(theirs, "fact")
    assert "Of our own" not in html_of(others, "help")


def test_words_that_a_macro_made_are_escaped_once(site: ReadersSite) -> None:
    """Also where they are trimmed, or put into capitals."""
    words = "{% macro said() %}{{ 'the state & more' }} {% endmacro %}"
    mine = (
        "{% block day %}<p>{{ said()|trim }}</p><p>{{ said()|capitalize }}</p><p>{{ said()|lower }}</p>{% endblock %}"
    )
    own(site, "email/help.html", f'{{% extends "email/base.html" %}}{words}{mine}')
    html = html_of(rehearse(site.project, OTHER, 2027), "help")
    assert ["the", "The", "the"] == re.findall(r"<p>(the) state &amp; more ?</p>", html, re.IGNORECASE)
    assert "&amp;amp;" not in html


def test_the_projects_templates_take_its_own_pieces(site: ReadersSite) -> None:
    """`email/base.html` of the project imports the pieces; its own pieces are taken then."""
    path = own(site, "email/base.html")
    path.write_text(path.read_text(encoding="utf-8").replace(">Help</h2>", ">Who helps</h2>"), encoding="utf-8")
    assert ">Who helps</h2>" in html_of(rehearse(site.project, OTHER, 2027), "fact")  # whose file is the project's
    assert ">Who helps</h2>" not in html_of(rehearse(site.project, CAMPAIGN, 2027), "fact")


def test_a_mistake_is_told_of_the_file_that_counts(site: ReadersSite) -> None:
    own(site, "email/help.html", '{% extends "email/base.html" %}\n{% block day %}{{ no_such_name }}{% endblock %}')
    found = {str(f.where) for f in rehearse(site.project, OTHER, 2027).reds() if f.code == "R002"}
    assert {f"campaigns/{OTHER}/templates/email/help.html:2"} == found
    assert [] == [f for f in rehearse(site.project, CAMPAIGN, 2027).findings if f.code == "R002"]


def test_the_sandbox_is_the_same_for_its_own(site: ReadersSite, tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    path = own(site, "email/help.html", "")
    path.unlink()
    path.symlink_to(tmp_path / "secret.html")
    found = {f.code for f in rehearse(site.project, OTHER, 2027).reds()}
    assert "R005" in found


def test_a_letter_of_its_own_has_its_own_words_and_findings(site: ReadersSite) -> None:
    path = own(site, "letters/welcome.md")
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\nWelcome to the reading.\n", encoding="utf-8")
    theirs, others = rehearse(site.project, OTHER, 2027), rehearse(site.project, CAMPAIGN, 2027)
    assert "Welcome to the reading." in letter(theirs, "welcome").body.text
    assert "Welcome to the reading." not in letter(others, "welcome").body.text
    path.write_text(text + "\n{{ no_such_name }}\n", encoding="utf-8")
    found = {f.where.path for f in rehearse(site.project, OTHER, 2027).reds() if f.item == "letter-welcome"}
    assert {f"campaigns/{OTHER}/templates/letters/welcome.md"} == found


def test_dated_words_in_a_letter_of_its_own_are_listed_for_the_next_season(site: ReadersSite) -> None:
    path = own(site, "letters/welcome.md")
    path.write_text(path.read_text(encoding="utf-8") + "\nSee you on 5 January 2027.\n", encoding="utf-8")
    campaign, _ = read_campaign(site.project, OTHER)
    season = find_season(site.project, OTHER, 2028)
    found = {r.where.path for r in to_renew(site.root, campaign, season, None) if r.record == "letter"}
    assert f"campaigns/{OTHER}/templates/letters/welcome.md" in found
    assert "templates/letters/welcome.md" not in found


def test_templates_that_lie_elsewhere_are_refused(site: ReadersSite, tmp_path: Path) -> None:
    (site.root / "campaigns" / OTHER / "templates").symlink_to(site.root / "templates")
    _, findings = load_campaign(site.root, OTHER)
    assert ["C006"] == [f.code for f in findings if "templates" in f.message]


def test_a_template_of_its_own_makes_the_season_anew(site: ReadersSite) -> None:
    """Pages and the alarm rehearse again when it changes."""
    months = site.app.site.months
    before = months.rehearsal(OTHER, 2027)
    assert months.rehearsal(OTHER, 2027) is before
    own(site, "email/help.html", '{% extends "email/base.html" %}')
    assert months.rehearsal(OTHER, 2027) is not before
