"""SMTP in a project: what the settings lead to, in a rehearsal and live."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scheduler.channels.recording import RecordingTransport
from scheduler.channels.smtp.send import SmtpTransport
from scheduler.errors import ConfigurationError
from scheduler.project import Project
from scheduler.services.seasons import SAMPLE_READERS, sample_request
from scheduler.subscribers.tokens import read_return_path, token_key, tokens_in
from scheduler.wiring import make_transports, open_project
from tests.support.world import an_email

ROOT = Path(__file__).parents[2]
SMTP = {
    "OBSERVANCE_CHANNELS__EMAIL__TRANSPORT": "smtp",
    "OBSERVANCE_CHANNELS__EMAIL__BASE_URL": "smtp://127.0.0.1:8603",
    "OBSERVANCE_CHANNELS__EMAIL__STARTTLS": "false",
    "OBSERVANCE_CHANNELS__X__ENABLED": "false",
}


def project(folder: Path, **more: str) -> Project:
    shutil.copytree(ROOT / "config", folder / "config")
    return open_project(folder, {**SMTP, **{f"OBSERVANCE_{name}": value for name, value in more.items()}}, folder)


def test_live_it_is_the_mail_server(tmp_path: Path) -> None:
    """With the size of a batch that was set."""
    way = make_transports(project(tmp_path, MODE="live", CHANNELS__EMAIL__BATCH_SIZE="20"))["email"]
    assert isinstance(way, SmtpTransport)
    assert ("email", 20) == (way.kind, way.batch_limit)
    way.close()


def test_in_a_rehearsal_it_is_a_folder_in_batches_of_the_same_size(tmp_path: Path) -> None:
    """What is rehearsed is what would go out, as often as it would."""
    here = project(tmp_path)
    way = make_transports(here)["email"]
    assert isinstance(way, RecordingTransport)
    assert ("email", 200) == (way.kind, way.batch_limit)


def test_the_dry_run_shows_the_call_by_smtp(tmp_path: Path) -> None:
    """The sender, the mail as a form, and what is filled in for each sample reader; as JSON."""
    request = sample_request(project(tmp_path), an_email())
    assert "SMTP" == request.method
    shown = json.loads(json.dumps(request.body))
    assert {"sender", "mail", "recipients"} == set(shown)
    assert ["reader.one@readers.example", "reader.two@readers.example"] == [r["to"] for r in shown["recipients"]]


def test_a_bounce_address_stands_in_each_envelope_and_in_the_rehearsal(tmp_path: Path) -> None:
    """Signed by the project's key; what a dry run shows is signed by none."""
    here = project(tmp_path, CHANNELS__EMAIL__BOUNCE_ADDRESS="bounces@news.example.org", MODE="live")
    way = make_transports(here)["email"]
    request = way.build(an_email(), send_id="0" * 32, recipients=SAMPLE_READERS)
    way.close()
    shown = sample_request(here, an_email())
    key = token_key((tmp_path / "var" / "secret.key").read_text())
    paths = [[r["return_path"] for r in one.body["recipients"]] for one in (request, shown)]
    found = [[read_return_path(tokens_in(path)[0], key) for path in some] for some in paths]
    assert [r.subscriber_id for r in SAMPLE_READERS] == [one.subscriber_id for one in found[0] if one]
    assert [None, None] == found[1]
    assert {"sender", "mail", "recipients"} == set(request.body)


def test_a_user_name_without_a_password_is_said_at_the_start(tmp_path: Path) -> None:
    """Not at the first mail of the season."""
    with pytest.raises(ConfigurationError, match="not set: OBSERVANCE_SMTP_PASSWORD"):
        make_transports(project(tmp_path, MODE="live", CHANNELS__EMAIL__USERNAME="news"))
