"""Printing by a browser: which one, how it is called, and what is said when it does not print."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from scheduler.errors import CannotWrite, NeedsAPerson, UsageError
from scheduler.review import pdf
from scheduler.review.pdf import find_browser, print_pdf, usual_paper

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins for a browser are shell scripts")


def stand_in(folder: Path, script: str, name: str = "chromium") -> str:
    """A program that does what the script says. ``$PDF`` is where it should print to."""
    program = folder / name
    find = 'for a in "$@"; do case "$a" in --print-to-pdf=*) PDF="${a#--print-to-pdf=}";; esac; done\n'
    program.write_text(f"#!/bin/sh\n{find}{script}\n")
    program.chmod(0o755)
    return str(program)


def test_the_first_known_browser_on_the_path_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chromium before the others; by name or by path when one is named."""
    monkeypatch.setenv("PATH", str(tmp_path))
    edge = stand_in(tmp_path, "true", "microsoft-edge")
    assert edge == find_browser()
    assert stand_in(tmp_path, "true", "chromium") == find_browser()
    assert edge == find_browser("microsoft-edge") == find_browser(edge)


def test_without_a_browser_it_is_said_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit status 1, and a way that always works."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pdf, "_ELSEWHERE", ())
    with pytest.raises(NeedsAPerson) as caught:
        find_browser()
    assert 1 == caught.value.exit_status
    assert "apt install chromium" in caught.value.hint
    assert "open the packet in any browser and print it" in caught.value.hint
    with pytest.raises(UsageError, match="there is no such program"):
        find_browser("no-such-browser")


def test_the_browser_has_no_network_and_nothing_of_its_user(tmp_path: Path) -> None:
    """A profile that is thrown away, no name resolved, a proxy that is shut; no sandbox only where it cannot be."""
    kept = tmp_path / "arguments"
    browser = stand_in(tmp_path, f'printf "%s\\n" "$@" > {kept}; printf "%%PDF-1.7" > "$PDF"')
    print_pdf("<p>x", tmp_path / "out.pdf", browser=browser)
    called = kept.read_text().splitlines()
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in called
    assert "--proxy-server=http://127.0.0.1:9" in called
    assert ("--no-sandbox" in called) == (os.geteuid() == 0)
    (profile,) = [a.removeprefix("--user-data-dir=") for a in called if a.startswith("--user-data-dir=")]
    assert str(Path.home()) not in profile
    assert not Path(profile).parent.exists()
    assert called[-1].startswith("file:///")


def test_only_as_root_it_goes_without_its_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways, whoever runs the tests."""
    for user, without in ((0, True), (1000, False)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        command = pdf._command("chromium", tmp_path, tmp_path / "a", tmp_path / "b")
        assert without == ("--no-sandbox" in command)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 3", "printed nothing: it ended with status 3"),
        ("true", "printed nothing"),
        ('printf "<html>" > "$PDF"', "printed nothing"),
        ("exec sleep 60", "printed nothing within 1 seconds"),
    ],
)
def test_an_older_file_stays_when_nothing_is_printed(tmp_path: Path, script: str, said: str) -> None:
    """And the reason is told, with another way."""
    target = tmp_path / "packet.pdf"
    target.write_bytes(b"older")
    with pytest.raises(NeedsAPerson) as caught:
        print_pdf("<p>x", target, browser=stand_in(tmp_path, script), patience=1.0)
    assert said in caught.value.message
    assert "print it from there" in caught.value.hint
    assert b"older" == target.read_bytes()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """What is in the way is a file."""
    (tmp_path / "file").write_text("x")
    browser = stand_in(tmp_path, 'printf "%%PDF-1.7" > "$PDF"')
    with pytest.raises(CannotWrite):
        print_pdf("<p>x", tmp_path / "file" / "out.pdf", browser=browser)


def test_a_browser_that_does_not_start_is_told(tmp_path: Path) -> None:
    """Such as one for another machine."""
    program = tmp_path / "chromium"
    program.write_bytes(b"\x7fELF nonsense")
    program.chmod(0o755)
    with pytest.raises(NeedsAPerson, match="it does not start"):
        print_pdf("<p>x", tmp_path / "out.pdf", browser=str(program))


@pytest.mark.parametrize(
    ("zone", "size"),
    [
        ("America/New_York", "letter"),
        ("Pacific/Honolulu", "letter"),
        ("America/Sao_Paulo", "a4"),
        ("Europe/Vienna", "a4"),
        ("Asia/Manila", "a4"),
        ("UTC", "a4"),
    ],
)
def test_the_paper_is_what_lies_in_the_printer(zone: str, size: str) -> None:
    """By the campaign's clock; --paper says otherwise."""
    assert size == usual_paper(zone)
