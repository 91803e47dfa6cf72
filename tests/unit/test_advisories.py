"""The audit of the locked packages, against an export that is made here."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("advisories", ROOT / ".ci" / "advisories.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def export(*entries: dict[str, object]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as into:
        for entry in entries:
            into.writestr(f"{entry['id']}.json", json.dumps(entry))
    return file.getvalue()


def advisory(name: str, **affected: Any) -> dict[str, object]:
    return {
        "id": "GHSA-1",
        "summary": "Bad",
        "affected": [{"package": {"name": name, "ecosystem": "PyPI"}, **affected}],
    }


def span(*events: tuple[str, str]) -> dict[str, object]:
    return {"ranges": [{"type": "ECOSYSTEM", "events": [{kind: version} for kind, version in events]}]}


@pytest.mark.parametrize(
    ("affected", "is_known"),
    [
        ({"versions": ["1.9", "2.0"]}, True),
        ({"versions": ["1.9"]}, False),
        (span(("introduced", "0"), ("fixed", "2.0.1")), True),
        (span(("introduced", "0"), ("fixed", "2.0")), False),
        (span(("introduced", "2.1")), False),
        (span(("introduced", "1.0"), ("last_affected", "2.0")), True),
        (span(("introduced", "1.0"), ("last_affected", "1.9")), False),
        (span(("introduced", "0"), ("fixed", "1.5"), ("introduced", "1.8"), ("fixed", "2.2")), True),
    ],
)
def test_a_locked_version_is_found_by_list_and_by_range(
    audit: ModuleType, affected: dict[str, object], is_known: bool
) -> None:
    """Whatever way an advisory names its versions, ours is compared as a version and not as text."""
    found = audit.known({"some-package": "2.0"}, export(advisory("Some_Package", **affected)))
    assert (["some-package 2.0: GHSA-1 Bad"] if is_known else []) == found


def test_what_is_withdrawn_or_looked_at_is_left_out(audit: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """An advisory that its authors took back, or that somebody has looked at, fails nothing."""
    entry = advisory("some-package", versions=["2.0"])
    assert [] == audit.known({"some-package": "2.0"}, export({**entry, "withdrawn": "2026-01-01T00:00:00Z"}))
    monkeypatch.setattr(audit, "ACCEPTED", {"GHSA-1": "we do not call it, 2026-11"})
    assert [] == audit.known({"some-package": "2.0"}, export(entry))


def test_all_locked_packages_are_looked_at(audit: ModuleType) -> None:
    """Both lock files, each package once."""
    pinned = audit.locked()
    for lock in ("requirements.lock", "requirements-dev.lock"):
        named = re.findall(r"^([a-z0-9-]+)==", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert set(named) <= set(pinned)
        assert len(named) > 30
    assert {"sqlalchemy", "flask", "pytest"} <= set(pinned)


def test_without_the_export_it_says_that_it_was_skipped(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A machine without a way out is told so, in place of an empty "all is well"."""

    def refuse(*_: object, **__: Any) -> None:
        raise OSError("no way out")

    monkeypatch.setattr(audit.urllib.request, "urlopen", refuse)
    monkeypatch.setattr("sys.argv", ["advisories.py"])
    assert 0 == audit.main()
    assert "SKIPPED" in capsys.readouterr().out


def test_a_vulnerability_ends_with_1(audit: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the run that asks is red."""
    file = tmp_path / "all.zip"
    file.write_bytes(export(advisory("flask", **span(("introduced", "0")))))
    monkeypatch.setattr("sys.argv", ["advisories.py", "--database", str(file)])
    assert 1 == audit.main()
