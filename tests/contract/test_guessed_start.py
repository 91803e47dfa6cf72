"""A season whose start is announced each year: rehearsed by a guess, refused live until the date is there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from scheduler.cli.main import main
from tests.scenarios.harness import HERE, build
from tests.support.two_people import declare_alone

REPOSITORY = Path(__file__).parents[2]
GUESS = '{ rule = "weekday-near", weekday = "monday", on_or_after = { month = 1, day = 4 } }'
START = f'{{ rule = "announced", dates = {{ 2026 = 2026-01-05 }}, guess = {GUESS} }}'


def test_a_guess_is_rehearsed_and_never_armed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything else is ready; the one date is what is missing, and is said."""
    root = build(HERE / "ok-three-a-week", tmp_path)
    for part in ("templates", "config/lint"):
        shutil.copytree(REPOSITORY / part, root / part, dirs_exist_ok=True)
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(root))
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2026-12-28T12:00:00-05:00")
    head = root / "campaigns" / "safe-week" / "campaign.toml"
    text = re.sub(r"(?m)^start = .*$", f"start = {START}", head.read_text())
    head.write_text(re.sub(r"(?m)^end = .*$", f'end = {{ rule = "offset", days = 13, of = {START} }}', text))

    main(["dry-run"])
    said = capsys.readouterr().out
    assert "7 days, 3 emails, 7 X posts, from 2027-01-04 to 2027-01-15." in said
    assert "not announced yet: planned for a guess (2027-01-04 to 2027-01-17)" in said
    assert 1 == main(["arm", "--by", "Ada Example"])
    assert "P016" in capsys.readouterr().out

    head.write_text(head.read_text().replace("2026 = 2026-01-05", "2026 = 2026-01-05, 2027 = 2027-01-11"))
    declare_alone(root)
    main(["approve", "--all", "--by", "Ada Example"])
    assert 0 == main(["arm", "--by", "Ada Example"])
    main(["plan"])
    assert "January 11 to January 24, 2027" in capsys.readouterr().out
