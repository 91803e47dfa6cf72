"""Settings of notices: what is needed together, and what may not be written in clear."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.settings import Notices, SettingsError
from scheduler.wiring import load_settings

ROOT = Path(__file__).parents[2]
MAIL = {
    "SMTP__HOST": "mail.example.org",
    "SMTP__FROM": "alerts@example.org",
    "SMTP__TO": "a@example.org, b@example.org",
}


def read(**settings: str) -> Notices:
    return load_settings(ROOT, {f"OBSERVANCE_NOTICES__{k}": v for k, v in settings.items()}).notices


def problems(**settings: str) -> str:
    with pytest.raises(SettingsError) as raised:
        read(**settings)
    return str(raised.value)


def test_without_a_word_nothing_is_told_anywhere() -> None:
    """The shipped settings name no way out."""
    assert () == read().ways()
    assert Notices() == read()


def test_a_mail_server_needs_a_sender_and_a_reader() -> None:
    """All that is missing is named at once."""
    said = problems(SMTP__HOST="mail.example.org")
    assert "notices.smtp.from and notices.smtp.to" in said
    assert ("smtp",) == read(**MAIL).ways()
    assert ("a@example.org", "b@example.org") == read(**MAIL).smtp_to


def test_an_open_line_is_for_near_servers_only() -> None:
    """A password never crosses the network in clear."""
    assert "own network only" in problems(**MAIL, SMTP__SECURITY="none")
    assert "none" == read(**{**MAIL, "SMTP__HOST": "127.0.0.1"}, SMTP__SECURITY="none").smtp_security


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("NOTHING_OUT_BY", "noon"),
        ("NOTHING_OUT_BY", "24:00"),
        ("UNAPPROVED_HOURS", "-1"),
        ("WEBHOOK__URL", "hooks.example.org"),
        ("WEBHOOK__URL", "http://hooks.example.org/x"),
        ("WEBHOOK__STYLE", "slack"),
        ("SMTP__HOST", "mail.example.org:587"),
        ("SMTP__SECURITY", "ssl"),
        ("SMTP__TO", "a@example.org;b@example.org"),
        ("HEARTBEAT_URL", "ftp://example.org"),
    ],
)
def test_a_vague_value_is_refused(key: str, value: str) -> None:
    """Nothing is guessed; an address is not repeated."""
    said = problems(**{key: value})
    assert key.split("__")[0].lower() in said
    assert "b@example.org" not in said


def test_addresses_and_hooks_are_not_in_the_repr() -> None:
    """The object may be printed in an error."""
    hook = {
        "WEBHOOK__URL": "https://hooks.example.org/services/T0/B0/secret",
        "HEARTBEAT_URL": "https://h.example.org/x",
    }
    said = repr(read(**MAIL, **hook))
    for hidden in ("@", "services", "h.example.org"):
        assert hidden not in said
