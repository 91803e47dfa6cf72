"""What each item is asked, whatever the others say; what was found is kept for the processes after this one.

Somebody who edits an item runs the checks each time, and all other items are as they were. What is said of an item
rests on its own messages and on what all items share: the records, the calendar, the rules, some settings. A check of
an item is given these and nothing besides, so nothing else can change what it finds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from ...domain.claim import Signatures
from ...domain.finding import Finding, RecordName, Severity, UsedBy, Where
from ...kept_by_key import KeptByKey, in_full
from ...project import starter_folder
from ...second_process import MANY_ITEMS
from ...settings import Secrets, Settings
from ...what_items_share import fingerprint_of_message, fingerprint_of_plan, fingerprint_of_words
from ..rule_files import fingerprint_of
from .context import Material, View

Check = Callable[[Material], Iterator[Finding]]
_Plain = tuple[Any, ...]


class _Findings(KeptByKey):
    most_pieces = 200  # one is those of a season


#: Under all that items share: of each item, and of each text beside them, the hash of its own, and what was found.
FINDINGS = _Findings()


class KeptFindings:
    """Those of one season. What rests on rules that could not be read is not kept."""

    def __init__(self, season: Material, *, has_good_rules: bool) -> None:
        self._season = season
        self.shared = _shared(season)
        keeps = FINDINGS.folder is not None and has_good_rules
        self._key = _key_of(self.shared, season) if keeps else None
        self._known: Mapping[str, tuple[str, Sequence[_Plain]]] = FINDINGS.read(self._key) or {} if self._key else {}
        self._asked: dict[str, tuple[str, Sequence[_Plain]]] = {}
        views: dict[str, list[View]] = {}
        for view in season.views:
            views.setdefault(view.item.id, []).append(view)
        self._own = {item: _hash_of(its) if self._key is not None else "" for item, its in views.items()}
        self._new = [item for item, own in self._own.items() if own != self._known.get(item, (None, ()))[0]]
        #: What has to be looked at.
        self.new_items = self.shared.showing([*chain.from_iterable(views[item] for item in self._new)], season)

    @property
    def has_many_new_items(self) -> bool:
        return len(self._new) >= MANY_ITEMS

    def with_known(self, found: Sequence[Finding]) -> list[Finding]:
        """What was found in the items that have to be looked at, and what is known of the others."""
        same = {item: self._known[item] for item in self._own if item not in self._new}
        if all(finding.item in self._new for finding in found):
            self._asked |= same
            self._asked |= {i: (self._own[i], [_plain(f) for f in found if f.item == i]) for i in self._new}
        return [*found, *(_finding(plain) for _, plains in same.values() for plain in plains)]

    def of(self, name: str, rests_on: object, find: Callable[[], Iterable[Finding]]) -> list[Finding]:
        """What ``find`` finds, which goes by what all items share and by ``rests_on``. No item has that name."""
        own = _hashed(rests_on) if self._key is not None else ""
        if name in self._known and self._known[name][0] == own:
            self._asked[name] = self._known[name]
            return [_finding(plain) for plain in self._known[name][1]]
        found = [*find()]
        self._asked[name] = own, [_plain(f) for f in found]
        return found

    def keep(self) -> None:
        """When all was asked."""
        if self._key is not None and self._asked != self._known:
            FINDINGS.write(self._key, self._asked)


def _shared(season: Material) -> Material:
    """What all items share, without what any of them says."""
    settings = season.settings
    asked_for = {name: getattr(settings, name) for name in ("public_url", "organisation", "channels", "root")}
    return Material(
        season.plan.without_words(),
        (),
        Settings(**asked_for, secrets=Secrets({})),
        Signatures(),
        date.min,
        season.packs,
        quantity_rules=season.quantity_rules,
        lint_dir=season.lint_dir,
        people=season.people,
    )


def _key_of(shared: Material, season: Material) -> tuple[object, ...]:
    folders = filter(None, (shared.lint_dir, starter_folder() / "config" / "lint"))
    rules = fingerprint_of(file for folder in folders for file in sorted(folder.rglob("*.toml")))
    seen = in_full(
        (fingerprint_of_plan(season.plan), shared.settings, str(shared.lint_dir), season.numbers, season.boilerplate)
    )
    return seen, shared.rules_rest_on, rules


def _hash_of(views: Sequence[View]) -> str:
    return _hashed([(fingerprint_of_message(view.message), fingerprint_of_words(view.item)) for view in views])


def _hashed(value: object) -> str:
    return hashlib.sha256(in_full(value).encode(errors="surrogatepass")).hexdigest()


def _plain(finding: Finding) -> _Plain:
    f = finding
    where = f.where.path, f.where.line
    pieces = tuple(map(_plain_piece, f.pieces))
    return f.code, f.severity.value, f.message, where, f.hint, f.item, f.channel, f.items, f.waits, f.words, pieces


def _finding(plain: _Plain) -> Finding:
    code, severity, message, where, *rest, pieces = plain
    rest.append(tuple(map(_piece, pieces)))
    return Finding(code, Severity(severity), message, Where(*where), *rest)


def _plain_piece(piece: str | RecordName | UsedBy) -> _Plain:
    if isinstance(piece, RecordName):
        return piece.kind, piece.id
    return (piece.items,) if isinstance(piece, UsedBy) else (piece,)


def _piece(plain: _Plain) -> str | RecordName | UsedBy:
    if len(plain) > 1:
        return RecordName(*plain)
    return plain[0] if isinstance(plain[0], str) else UsedBy(tuple(plain[0]))
