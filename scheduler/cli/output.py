"""What several commands print: findings, how a season stands with its reviewers, tables; colors and progress only on a
terminal, never in a pipe, never with NO_COLOR."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from ..domain.finding import Finding, Severity, in_reading_order
from ..domain.formatting import counted
from ..domain.message import Message
from ..domain.stale_approvals import Voided, in_words
from ..domain.standing_request import StandingRequest, WaitsFor

if TYPE_CHECKING:
    from ..domain.campaign import Campaign
    from ..engine.whereabouts import Displaced
    from ..review.review_status import ReviewStatus

_STYLES = {"red": "31", "amber": "33", "info": "36", "good": "32", "bold": "1", "muted": "2"}
_WEIGHTS = {Severity.RED: "■ blocked", Severity.AMBER: "▲ needs your attention", Severity.INFO: "· note"}
#: So many items are named on one line; the rest is a number.
_NAMED = 6


def styled(text: str, style: str) -> str:
    """``text`` in a color where standard output is a terminal that shows colors."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


class Progress:
    """A bar on standard error; silent in a pipe. Call it with (done, total)."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._on = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = -1

    def __call__(self, done: int, total: int) -> None:
        percent = min(100, done * 100 // total) if total > 0 else self._shown
        if not self._on or percent == self._shown:
            return
        self._shown = percent
        width = max(10, min(40, shutil.get_terminal_size().columns - len(self._label) - 12))
        filled = percent * width // 100
        print(
            f"\r{self._label} [{'#' * filled}{'.' * (width - filled)}] {percent:3d}%",
            end="",
            file=sys.stderr,
            flush=True,
        )

    def close(self) -> None:
        if self._shown >= 0:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns padded to their widest cell; no rule lines, so that it copies well."""
    cells = [list(headings), *([str(c) for c in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells)


def displaced_lines(displaced: Displaced) -> tuple[str, str]:
    """In red: this is a copy of the ledger, or an old state of it."""
    return styled(f"NOTHING IS SENT: {displaced.message}.", "red"), f"  What to do: {displaced.hint}."


def findings_as_data(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """As findings.json has them, with the file under its own name besides."""
    from ..review.rehearsal_data import findings_as_data as as_data

    return [{**finding, "file": finding["path"]} for finding in as_data(findings)]


def finding_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Every finding: its weight, code and place, then the sentence, then what to do; once where several go alike."""
    for (_, hint), alike in groupby(findings, key=lambda f: (f.code, f.hint)):
        for finding in alike:
            yield _head(finding, str(finding.where))
            yield f"      {finding.message}" + (f" ({finding.item})" if finding.item else "")
        yield from _hint(hint)


def finding_lines_by_code(findings: Iterable[Finding]) -> Iterator[str]:
    """One entry for each code, with the first of its kind as the example: the short form of :func:`finding_lines`."""
    for first, *more in _by_code(findings):
        yield _head(first, f"{first.where}{f' and {len(more)} more like it' if more else ''}")
        yield f"      {first.message}" + (f" ({first.item})" if first.item and not more else "")
        yield from _hint(first.hint)


def findings_in_parts(findings: Iterable[Finding], *, every_place: bool, every_one: bool = False) -> Iterator[str]:
    """What to correct, then what waits for a person, then notes; each part under its heading.

    ``every_place``: each place to correct, not one example for each code. ``every_one``: what waits for a person and
    the notes are not folded by kind either.
    """
    ordered = in_reading_order(findings)
    notes = [f for f in ordered if f.severity is Severity.INFO]
    grave = [f for f in ordered if f.severity is not Severity.INFO]
    waiting = [f for f in grave if f.waits]
    if wrong := [f for f in grave if not f.waits]:
        yield _title(f"To correct in the files: {len(wrong)}")
        yield from (finding_lines if every_place else finding_lines_by_code)(wrong)
    elif waiting:
        yield _title("To correct in the files: nothing")
    if waiting:
        yield _title(f"Waiting for a person's signature, check or decision: {len(waiting)}")
        yield from (finding_lines if every_one else _waiting_lines)(waiting)
    if notes:
        yield _title(f"Worth knowing: {counted(len(notes), 'note')}")
        yield from (finding_lines if every_one else finding_lines_by_code)(notes)


def _waiting_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """A line for each kind, with how many there are and in which file; one alone says its own sentence."""
    for alike in _by_code(findings):
        if len(alike) == 1:
            yield from finding_lines(alike)
            continue
        first, files = alike[0], {f.where.path for f in alike}
        yield _head(first, f"{len(alike)} {first.waits}" + (f": {first.where.path}" if len(files) == 1 else ""))
        yield from _hint(first.hint)


def _by_code(findings: Iterable[Finding]) -> Iterable[list[Finding]]:
    by_code: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in findings:
        by_code.setdefault((finding.severity, finding.code), []).append(finding)
    return by_code.values()


def _title(text: str) -> str:
    return f"\n{styled(text, 'bold')}"


def _head(finding: Finding, place: str) -> str:
    return f"  {styled(f'{_WEIGHTS[finding.severity]:<11}', finding.severity.value)} {finding.code} {place}"


def _hint(hint: str) -> tuple[str, ...]:
    return (f"      -> {hint}",) if hint else ()


def standing_lines(standing: ReviewStatus) -> Iterator[str]:
    """First the answer, then what is missing by message, role and person."""
    yield styled(f"{standing.approved} of {standing.messages} messages are approved.", "bold")
    yield from voided_lines(standing.voided)
    for who, changes in standing.records.items():
        yield from (f"{change.sentence} {who}'s approvals of {change.where} stand." for change in changes)
        yield f"  {who} is asked to say once that they have seen it: on the page, or `approve --records --by NAME`."
    yield from request_lines(standing)
    yield from declined_lines(standing)
    for where, words, _, _ in _requests_in_words(standing.too_late, standing.time_zone):
        yield f"Asked too late: {where}: {words}."  # these hold nothing back
    lacking: dict[str, list[Message]] = {}
    for one in standing.lacking:
        for lack in one.missing:
            if lack.kind != "changes":
                lacking.setdefault(lack.words, []).append(one.message)
    for words, messages in lacking.items():
        yield f"  {counted(len(messages), 'message')}: {words}: {items_in_words(messages)}"
    if standing.by_role:
        yield "\nWaited for, by role:"
    for waited_for in standing.by_role:
        people = ", ".join(waited_for.people) or "nobody is invited"
        yield f"  {waited_for.words} ({people}): {counted(len(waited_for.messages), 'message')}"
    if standing.by_person:
        yield "\nWaited for, by person:"
    for row in standing.by_person:
        if row.invitation.declined_at is not None:
            yield f"  {row.invitation.name} ({row.invitation.role.replace('-', ' ')}): can't review"
            continue
        still = f"{counted(len(row.waits), 'message')} still to read" if row.waits else "nothing more to read"
        role = row.invitation.role.replace("-", " ")
        yield f"  {row.invitation.name} ({role}): {row.approved} approved, {still}"


def declined_lines(standing: ReviewStatus) -> Iterator[str]:
    """Who can't review, what lacks a reviewer by it, and what to do."""
    for one in standing.declined:
        yield styled(f"CAN'T REVIEW: {one.in_words()}", "amber")
        if one.messages:
            yield f"  No one else who was invited can approve {items_in_words(one.messages)}."
        name = one.invitation.handed_to or "NAME"
        yield f"  What to do: `review invite '{name}' --role {one.invitation.role}` makes a link for somebody else;"
        yield f"  `review revoke '{one.invitation.name}'` ends this one, and then nobody is asked."


def request_lines(standing: ReviewStatus) -> Iterator[str]:
    """Whose turn it is, of those that hold something back."""
    for where, words, color, to_do in _requests_in_words(standing.requests, standing.time_zone):
        yield styled(f"CHANGES ASKED: {where}: {words}.", color)
        if to_do:
            yield f"  What to do: {to_do} (`review invite`, `request-changes ITEM --settle`)."
    if standing.requests:
        yield "  `comments` says what is wanted; nothing of these goes out live before it is answered."


def _requests_in_words(requests: Iterable[StandingRequest], time_zone: str) -> Iterator[tuple[str, str, str, str]]:
    """Where, what in words, in which color, and what to do; what one person asked of an item at once on one line."""
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for one in requests:
        color = "red" if one.waits_for is WaitsFor.CHANGE else "amber"
        key = (one.request.item, one.in_words(time_zone), color, one.to_do)
        alike.setdefault(key, []).append(one.request.channel)
    for (item, words, color, to_do), channels in alike.items():
        yield f"{item} ({', '.join(channels)})", words, color, to_do


def voided_lines(gone: Iterable[Voided]) -> list[str]:
    return [styled(f"VOIDED: {sentence}.", "amber") for sentence in in_words(gone)]


def without_folder_lines(lists: Mapping[str, int]) -> Iterator[str]:
    """Readers of campaigns that have no folder."""
    if not lists:  # the common case, for which nothing more is loaded
        return
    from ..domain.subscriber import without_folder_words

    for campaign, readers in lists.items():
        said, to_do = without_folder_words(campaign, readers)
        yield f"{styled('NO FOLDER', 'amber')}: {said}.\n  What to do: {to_do}."


def items_in_words(messages: Iterable[Message]) -> str:
    """awareness-day (x, email), day-two (x) and 12 more."""
    items: dict[str, list[str]] = {}
    for message in messages:
        items.setdefault(message.item, []).append(message.channel)
    return some([f"{item} ({', '.join(channels)})" for item, channels in items.items()])


def some(names: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def source_lines(campaign: Campaign, kind: str, record_id: str) -> list[str]:
    """A claim or a help line, and where it can be checked."""
    if kind == "contact":
        line = campaign.contacts[record_id]
        return [
            f"\n{record_id}: {line.value}, {line.label}",
            *([f"  {line.purpose}"] if line.purpose else []),
            *([f"  Published at: {line.primary_source_url}"] if line.primary_source_url else []),
        ]
    claim = campaign.claims[record_id]
    source, _, passage_id = claim.source_ref.partition("#")
    stored = campaign.sources[source].passage(passage_id) if source in campaign.sources else None
    return [
        f"\n{record_id}: {claim.text}",
        f"  Source: {claim.source.label}",
        *([f"  {claim.source.url}"] if claim.source.url else []),
        *([f"  Where in it: {claim.source.locator}"] if claim.source.locator else []),
        *([f"  Stored passage {claim.source_ref}: {stored.text}"] if stored else []),
    ]
