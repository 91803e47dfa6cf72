"""Known vulnerabilities in the locked packages, from OSV's export of advisories.

    python .ci/advisories.py [--database FILE.zip]

Without a file the export is fetched, in one download; where it cannot be, the audit is skipped and says why. Ends with
1 when a locked version has a known vulnerability that nobody has looked at.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
EXPORT = "https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip"
#: Advisories that somebody has looked at: id -> why they do not concern us, and since when.
ACCEPTED: Mapping[str, str] = {}


def locked(root: Path = ROOT) -> dict[str, str]:
    """Name -> version, of all lock files."""
    pinned: dict[str, str] = {}
    for lock in LOCKS:
        for name, version in re.findall(
            r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", (root / lock).read_text(encoding="utf-8"), re.MULTILINE
        ):
            pinned[canonicalize_name(name)] = version
    return pinned


def advisories(export: bytes) -> Iterator[dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(export)) as files:
        for name in files.namelist():
            if name.endswith(".json"):
                yield json.loads(files.read(name))


def concerns(affected: Mapping[str, Any], version: str) -> bool:
    """Whether an entry speaks of this version, by its list or by its ranges."""
    if version in affected.get("versions", ()):
        return True
    return any(
        _is_within(span.get("events", ()), version)
        for span in affected.get("ranges", ())
        if span.get("type") == "ECOSYSTEM"
    )


def _is_within(events: Any, version: str) -> bool:
    ours, inside = Version(version), False
    for event in events:
        ((kind, text),) = event.items()
        try:
            bound = Version("0" if text == "0" else text)
        except InvalidVersion:
            return False  # such a range has its versions listed
        if kind == "introduced" and ours >= bound:
            inside = True
        elif (kind == "fixed" and ours >= bound) or (kind == "last_affected" and ours > bound):
            inside = False
    return inside


def known(pinned: Mapping[str, str], export: bytes) -> list[str]:
    """A line for each locked version with a vulnerability that is not withdrawn and not accepted."""
    found = set()
    for advisory in advisories(export):
        if advisory.get("withdrawn") or advisory["id"] in ACCEPTED:
            continue
        for affected in advisory.get("affected", ()):
            name = canonicalize_name(affected.get("package", {}).get("name", ""))
            if name in pinned and concerns(affected, pinned[name]):
                found.add(f"{name} {pinned[name]}: {advisory['id']} {advisory.get('summary', '')}".rstrip())
    return sorted(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", type=Path, help="the export, as a file; nothing is fetched then")
    options = parser.parse_args()
    if options.database:
        export = options.database.read_bytes()
    else:
        try:
            with urllib.request.urlopen(EXPORT, timeout=60) as answer:
                export = answer.read()
        except OSError as error:
            print(f"SKIPPED: the advisories cannot be fetched ({error}); give them with --database FILE.zip")
            return 0
    pinned = locked()
    found = known(pinned, export)
    print("\n".join(found) if found else f"{len(pinned)} locked packages, no known vulnerability.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
