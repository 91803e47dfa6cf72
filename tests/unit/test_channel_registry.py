"""Channels are found by name, and cost nothing before they are needed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.channels.registry import BUILT_IN, CHANNELS, spec_of
from scheduler.errors import ConfigurationError
from scheduler.settings import ChannelSettings, SettingsError
from scheduler.wiring import load_settings

ROOT = Path(__file__).parents[2]
#: What a command that sends nothing has no use for.
HEAVY = ("tweepy", "sendgrid", "requests", "urllib3", "importlib.metadata", "email.message", "pytest")


@pytest.mark.parametrize("command", [["--help"], ["status"], ["hold", "--help"]], ids=" ".join)
def test_a_quick_command_loads_no_provider(command: list[str], tmp_path: Path) -> None:
    """Nor does it look for other packages' channels."""
    code = (
        "import sys\nfrom scheduler.cli.main import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    for folder in ("config", "campaigns", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    run = [sys.executable, "-c", code, *command, "--project", str(tmp_path)]
    done = subprocess.run(run, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert "[]" == done.stderr.splitlines()[-1], done.stderr


def test_an_unknown_transport_is_refused_in_words(tmp_path: Path) -> None:
    """With what is allowed, and what was probably meant."""
    (tmp_path / "config").mkdir()
    for name in ("settings.toml", "channels.toml"):
        text = (ROOT / "config" / name).read_text("utf-8")
        (tmp_path / "config" / name).write_text(text.replace('"sendgrid"', '"sendgird"'), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, {})
    (problem,) = caught.value.problems
    assert f'transport is "sendgird"; allowed are: {", ".join(CHANNELS)}' in problem
    assert 'did you mean "sendgrid"?' in problem
    with pytest.raises(ConfigurationError, match="nobody offers the transport 'sendgird'"):
        spec_of(ChannelSettings("email", "sendgird", True, "", 20.0))


def test_every_spec_is_whole() -> None:
    """Each has words for people, keys with help, and a page that is there."""
    page = (ROOT / "docs" / "reference" / "channels.md").read_text("utf-8")
    places = {line.lstrip("# ").lower().replace(" ", "-") for line in page.splitlines() if line.startswith("## ")}
    for name in BUILT_IN:
        spec = CHANNELS[name]
        assert spec.title, name
        assert spec.help, name
        assert all(key.field.help for key in spec.settings), name
        file, _, place = spec.page.partition("#")
        assert (ROOT / "docs" / "reference" / file).is_file(), name
        assert not place or place in places, name
        assert name == spec.name
