"""The month that is shipped, approved by weeks from a reviewer's link: in how many taps."""

from __future__ import annotations

import hashlib
import html
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from scheduler.clock import VirtualClock
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.via import Via
from scheduler.project import Project
from scheduler.services import invitations, questions
from scheduler.services.context import Actor, Context, about_season
from scheduler.settings import Secrets
from scheduler.store import open_ledger
from scheduler.web.app import make_app
from scheduler.wiring import load_settings

ROOT = Path(__file__).parents[2]
MOST = 20
NOW = datetime(2026, 12, 28, 15, tzinfo=UTC)
_FIELD = re.compile(r'<input type="(hidden|checkbox)" name="([^"]+)" value="([^"]*)"')
_FORM = re.compile(r'<form method="post" id="week">(.*?)</form>', re.DOTALL)


def test_thirty_two_days_take_at_most_twenty_taps(tmp_path: Path) -> None:
    """Start, then one button for each week; what nobody had a question about needs no page of its own."""
    for part in ("campaigns", "templates", "config"):
        shutil.copytree(ROOT / part, tmp_path / part)
    settings = replace(load_settings(tmp_path, {}), secrets=Secrets({"SECRET_KEY": "not-a-secret-only-a-test"}))
    project = Project(tmp_path, settings, {}, VirtualClock(NOW))
    (tmp_path / "var").mkdir(exist_ok=True)
    ledger = open_ledger(
        f"sqlite:///{tmp_path / 'var' / 'observance.db'}", address_hash=lambda t: hashlib.sha256(t.encode()).hexdigest()
    )
    ada = Actor("Ada Example", "coordinator", Via.SIGN_IN)
    season = about_season(Context(project, ledger, project.clock, ada), SeasonKey("human-trafficking-prevention", 2027))
    for asked in questions.open_questions(season):
        questions.decide(season, asked.subject, asked.subject_id, "The board says so.")
    link = invitations.invite(season, "Ben Example", "fact-reviewer").path
    client = make_app(project, ledger).test_client()
    page, at, taps = client.get(link).get_data(as_text=True), f"{link}/weeks/1", 1
    assert f'href="{at}"' in page, "one tap leads to the first week"
    while "/weeks/" in at:
        page = client.get(at).get_data(as_text=True)
        form = _FORM.findall(page)
        assert form, f"nothing to approve together at {at}"
        fields: dict[str, list[str]] = {"act": ["approve"]}
        for _, name, value in _FIELD.findall(form[-1]):
            fields.setdefault(name, []).append(html.unescape(value))
        answer = client.post(at, data=fields)
        assert 303 == answer.status_code, answer.get_data(as_text=True)
        at, taps = answer.headers["Location"], taps + 1
    assert taps <= MOST
    (ben,) = about_season(Context(project, ledger, project.clock, ada), season.key).how_it_stands().by_person
    assert () == ben.waits
    ledger.close()
