"""Findings on a terminal: what to correct in a file first, each with its place; what only waits for people, by kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from ..domain.finding import Finding, Severity, in_reading_order
from ..domain.formatting import counted
from .terminal import styled

_WORDS = {Severity.RED: "■ blocked", Severity.AMBER: "▲ needs your attention", Severity.INFO: "· note"}


def print_findings(findings: Iterable[Finding]) -> None:
    """Every finding: its weight, code and place, then the sentence, then what to do; once where several go alike."""
    for hint, alike in groupby(findings, key=lambda f: (f.code, f.hint)):
        for finding in alike:
            _print_head(finding, str(finding.where))
            print(f"      {finding.message}" + (f" ({finding.item})" if finding.item else ""))
        _print_hint(hint[1])


def print_findings_by_code(findings: Iterable[Finding]) -> None:
    """One entry for each code, with the first of its kind as the example: the short form of :func:`print_findings`."""
    for alike in _by_code(findings):
        first = alike[0]
        more = f" and {len(alike) - 1} more like it" if len(alike) > 1 else ""
        _print_head(first, f"{first.where}{more}")
        print(f"      {first.message}" + (f" ({first.item})" if first.item and len(alike) == 1 else ""))
        _print_hint(first.hint)


def print_findings_in_parts(findings: Iterable[Finding], *, every_place: bool, every_one: bool = False) -> None:
    """What to correct, then what waits for a person, then notes; each part under its heading.

    ``every_place``: each place to correct, not one example for each code. ``every_one``: what waits for a person and
    the notes are not folded by kind either.
    """
    ordered = in_reading_order(findings)
    notes = [f for f in ordered if f.severity is Severity.INFO]
    grave = [f for f in ordered if f.severity is not Severity.INFO]
    waiting = [f for f in grave if f.waits]
    wrong = [f for f in grave if not f.waits]
    if wrong:
        _print_title(f"To correct in the files: {len(wrong)}")
        (print_findings if every_place else print_findings_by_code)(wrong)
    elif waiting:
        _print_title("To correct in the files: nothing")
    if waiting:
        _print_title(f"Waiting for a person's signature, check or decision: {len(waiting)}")
        (print_findings if every_one else _print_waiting)(waiting)
    if notes:
        _print_title(f"Worth knowing: {counted(len(notes), 'note', 'notes')}")
        (print_findings if every_one else print_findings_by_code)(notes)


def _print_waiting(findings: Sequence[Finding]) -> None:
    """A line for each kind, with how many there are and in which file; one alone says its own sentence."""
    for alike in _by_code(findings):
        first = alike[0]
        if len(alike) == 1:
            print_findings(alike)
            continue
        files = {f.where.path for f in alike}
        _print_head(first, f"{len(alike)} {first.waits}" + (f": {first.where.path}" if len(files) == 1 else ""))
        _print_hint(first.hint)


def _by_code(findings: Iterable[Finding]) -> Iterable[list[Finding]]:
    by_code: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in findings:
        by_code.setdefault((finding.severity, finding.code), []).append(finding)
    return by_code.values()


def _print_title(text: str) -> None:
    print()
    print(styled(text, "bold"))


def _print_head(finding: Finding, place: str) -> None:
    label = styled(f"{_WORDS[finding.severity]:<11}", finding.severity.value)
    print(f"  {label} {finding.code} {place}")


def _print_hint(hint: str) -> None:
    if hint:
        print(f"      -> {hint}")
