"""``reply-text``: what a reader hears who answers a mail, before anybody has read it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from scheduler.cli.main import main
from scheduler.content.checks import load_lint_pack
from scheduler.content.phrases import first_match
from scheduler.services.replies import SUBJECT

ROOT = Path(__file__).parents[2]
CAMPAIGN = "human-trafficking-prevention"
OTHER = "another-month"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for part in ("campaigns", "templates", "config"):
        shutil.copytree(ROOT / part, tmp_path / part)
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(tmp_path))
    return tmp_path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert 1 == text.count(old), old
    file.write_text(text.replace(old, new), encoding="utf-8")


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert 0 == main(["reply-text", *words])
    return capsys.readouterr().out


def test_it_names_the_emergency_number_and_the_help_lines_of_the_mails(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the records; of others that the campaign has too, none."""
    said = answer(capsys)
    assert "in danger now, call 911." in said
    assert "\n1-888-373-7888\n  National Human Trafficking Hotline. 24 hours a day, every day.\n" in said
    assert "\nText 233733\n" in said
    assert "not a help line" in said
    assert "1-800-843-5678" not in said
    assert "Example Coalition\n1 Example Street" in said


def test_the_subject_gives_nothing_away(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No word of a cause, of any pack, and not who sends: the list of mails is seen by whoever stands behind."""
    subject, text = json.loads(answer(capsys, "--json")).values()
    assert SUBJECT == subject
    packs = [load_lint_pack(path)[0] for path in sorted((ROOT / "config" / "lint").glob("*.toml"))]
    causes = tuple(phrase for pack in packs if pack for phrase in pack.cause_words)
    assert first_match(causes, text), "the packs find the cause where it stands"
    assert not first_match(causes, subject)
    assert "Coalition" not in subject


def test_it_says_when_somebody_reads_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not who: the name stays with the organization."""
    assert "It may be read late." in answer(capsys)
    settings = project / "config" / "settings.toml"
    change(settings, 'replies_read_by = ""', 'replies_read_by = "Robin Reader"')
    change(settings, 'replies_read = ""', 'replies_read = "on weekdays from 9 to 5"')
    said = answer(capsys)
    assert "It is read on weekdays from 9 to 5." in said
    assert "Robin" not in said


def test_a_help_line_that_is_closed_is_not_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As in no mail."""
    contacts = project / "campaigns" / CAMPAIGN / "contacts.toml"
    text = contacts.read_text(encoding="utf-8")
    start = text.index('id = "hotline-text"')
    record = text[start:].replace('status = "active"', 'status = "quarantined"', 1)
    contacts.write_text(text[:start] + record, encoding="utf-8")
    said = answer(capsys)
    assert "233733" not in said
    assert "1-888-373-7888" in said


def test_several_campaigns_share_a_mailbox_or_have_one_each(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a name the answer has the lines of all, each once; 911 where a campaign has no number of its own."""
    shutil.copytree(project / "campaigns" / CAMPAIGN, project / "campaigns" / OTHER)
    contacts = project / "campaigns" / OTHER / "contacts.toml"
    text = contacts.read_text(encoding="utf-8").replace("1-888-373-7888", "1-800-555-0100")
    contacts.write_text(re.sub(r'(id = "emergency"\nkind = ")emergency', r"\1phone", text), encoding="utf-8")
    both = answer(capsys)
    assert "in danger now, call 911." in both
    assert [1, 1, 1] == [both.count(number) for number in ("1-888-373-7888", "1-800-555-0100", "233733")]
    one = answer(capsys, OTHER)
    assert ("1-888-373-7888" in one, "1-800-555-0100" in one) == (False, True)
    text = contacts.read_text(encoding="utf-8").replace(
        'kind = "phone"\nvalue = "911"', 'kind = "emergency"\nvalue = "112"'
    )
    contacts.write_text(text, encoding="utf-8")
    assert "in danger now, call 112." in answer(capsys, OTHER)
    assert "in danger now, call 112 or 911." in answer(capsys)
