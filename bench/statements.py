"""How much program is there? Statements (`ast.stmt`) in scheduler/, by package, beside earlier commits.

    python bench/statements.py [--without scheduler/channels/bluesky] [--against COMMIT]

A statement is counted the same however it is laid out, so that a formatter changes nothing. What is new since an
earlier commit is left out of the comparison with `--without`, once for each file or folder.
"""

from __future__ import annotations

import argparse
import ast
import io
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Totals that later work is compared with: commit -> (statements, what it was).
EARLIER = {
    "c8f8d51": (27_687, "the base of the aim of 10 % fewer"),
    "80005dc": (34_042, "before the house was rearranged"),
}


def statements(source: str) -> int:
    """Statements of one module, nested ones and docstrings too."""
    return sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(source)))


def by_package(files: Iterable[tuple[str, str]], without: Iterable[str] = ()) -> Counter[str]:
    """Statements for each package of (path, source) pairs; modules beside the packages count as `scheduler`."""
    left_out = tuple(path.rstrip("/") for path in without)
    counted: Counter[str] = Counter()
    for path, source in files:
        if any(path == one or path.startswith(f"{one}/") for one in left_out):
            continue
        parts = path.split("/")
        counted[parts[1] if len(parts) > 2 else parts[0]] += statements(source)
    return counted


def in_the_folder(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((root / "scheduler").rglob("*.py")):
        yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def in_commit(root: Path, commit: str) -> Iterator[tuple[str, str]]:
    """The same from the history; an error where this copy does not have that commit."""
    archive = subprocess.run(
        ["git", "-C", str(root), "archive", "--format=tar", commit, "scheduler"], capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.name.endswith(".py") else None
            if content is not None:
                yield member.name, content.read().decode("utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without", action="append", default=[], metavar="PATH", help="leave out what is new")
    parser.add_argument("--against", metavar="COMMIT", help="one more commit, counted from the history, by package")
    options = parser.parse_args()
    now = by_package(in_the_folder(ROOT), options.without)
    then = by_package(in_commit(ROOT, options.against)) if options.against else Counter()
    for package in sorted(now.keys() | then.keys(), key=lambda name: -now[name]):
        print(f"{package:<14} {now[package]:7,}" + (f" {then[package]:7,}" if options.against else ""))
    total = now.total()
    print(f"{'all':<14} {total:7,}" + (f" {then.total():7,}" if options.against else ""))
    for commit, (count, what) in EARLIER.items():
        print(f"against {commit} {count:7,} {100 * (total - count) / count:+6.1f} %  ({what})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
