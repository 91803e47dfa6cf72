"""What guards a season beside its words: lint packs, their rules, limits of age, the stored texts of its sources, and
what its records bar.

Whoever approves relies on them. So the ledger remembers what stood when somebody approved, armed or made a packet,
beside the questions of that moment, and what was taken out or loosened since is a question that a person answers.

A guard is kept as a text: a line for people, ``amber house: Title``, whose first word says how much it forbids; and in
the lines after it its terms, by which a looser one is told from a stricter one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import lru_cache
from itertools import chain

from ..light_dataclass import dataclass
from .claim import ClaimStatus, ContactStatus
from .finding import Severity
from .formatting import counted
from .question import GUARDED, Asked, Question, Questions
from .quotation import Source

PACK, RULE, STORED, BARRED = GUARDED
_ASKED = "its rules are asked"
#: How much the first word of a guard forbids, beside the others of its kind.
_STRENGTH: Mapping[str, int] = {
    str(word): strength
    for ladder in (
        (Severity.INFO, Severity.AMBER, Severity.RED),
        (ClaimStatus.CURRENT, ClaimStatus.ESTIMATE, ClaimStatus.CONTESTED, ClaimStatus.OUTDATED),
        ("", "", "", ClaimStatus.SUPERSEDED, ClaimStatus.UNSOURCED, ClaimStatus.DEBUNKED),
        (ContactStatus.ACTIVE, "", "", ContactStatus.QUARANTINED),
        ("active", "kept", "retired", "avoid"),
        ("given", "withdrawn"),
        ("open", "closed"),
        ("own", "somebody-else's"),
    )
    for strength, word in enumerate(ladder)
    if word
}
_SIGN, _MARK = "~", 6
#: So much of long words is kept beside their mark; and so many of what is gone are named.
_BEGINNING, _NAMED, _ALL = 20, 3, 10_000
_HASHED, _OF, _SETTINGS = "SHA-256 ", ":", "settings"
#: Among what lets pass: the file was the project's own. Never told as such, see :func:`_is_own`.
_OWN = "a file of one's own"
_in_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
#: Alone in a list of what lets pass: whatever there is.
EACH = "each"
Limit = float | str


def mark_of(words: str) -> str:
    """Stands for words that may be long: enough to see whether they are still there, and to name them."""
    if len(words) <= _BEGINNING and not words.startswith(_SIGN):
        return words
    return f"{_hashed(words)} {words[:_BEGINNING].rstrip()}"


def _hashed(words: str) -> str:
    """By which two are the same: of a mark itself, of words their mark; an older ledger has such alone."""
    if words.startswith(_SIGN):
        return words[: len(_SIGN) + _MARK]
    return f"{_SIGN}{hashlib.sha256(words.encode()).hexdigest()[:_MARK]}"


@dataclass(frozen=True)
class Terms:
    """By what a guard is looser than another one: without something that it ``holds``, with something more that it
    ``lets`` pass, with a limit that is more than ``most`` or less than ``least``, or without one."""

    holds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    most: Mapping[str, Limit] = field(default_factory=dict)
    least: Mapping[str, Limit] = field(default_factory=dict)

    def loosened_to(self, now: Terms, *, in_a_year: bool = False, names: int = _NAMED) -> Iterator[str]:
        """What ``now`` has less of, or lets pass beside it, in words. ``names``: so many are named of what is gone.

        ``in_a_year`` days move on, and the program's rules come in other words: then no more than lists that have lost
        their larger part, and limits that are no days.
        """
        for name, stood in self.holds.items():
            gone = _beyond(stood, now.holds.get(name, ()))
            if gone and (not in_a_year or 2 * len(gone) > len(stood)):
                yield f"does not have {_many(gone, f' of {len(stood)}', names)} under {name} any more"
        for name, stood in () if in_a_year else self.lets.items():
            if tuple(stood) != (EACH,) and (new := _beyond(now.lets.get(name, ()), stood)):
                yield f"lets pass {_many(new, ' more', names)} under {name}"
        for stood_by, by_now, is_less in ((self.most, now.most, False), (self.least, now.least, True)):
            for name, limit in stood_by.items():
                other = by_now.get(name)
                if in_a_year and isinstance(limit, str):
                    continue
                if other is None:
                    yield f"has no {name} any more, which was {limit}"
                elif other != limit and (_in_order(other) < _in_order(limit)) is is_less:
                    yield f"has {name} {other}, which was {limit}"

    def beside(self, other: Terms) -> Terms:
        """As strict as both of them are."""
        holds = {
            name: (*self.holds.get(name, ()), *_beyond(other.holds.get(name, ()), self.holds.get(name, ())))
            for name in (*self.holds, *other.holds)
        }
        lets = {**other.lets, **self.lets}
        for name in self.lets.keys() & other.lets.keys():
            ours, theirs = self.lets[name], other.lets[name]
            both = tuple(one for one in ours if not _beyond((one,), theirs))
            lets[name] = theirs if tuple(ours) == (EACH,) else ours if tuple(theirs) == (EACH,) else both
        most, least = (
            {name: pick((of[name] for of in limits if name in of), key=_in_order) for name in chain(*limits)}
            for pick, limits in ((min, (self.most, other.most)), (max, (self.least, other.least)))
        )
        return Terms(holds, lets, most, least)


def _beyond(values: Sequence[str], others: Sequence[str]) -> list[str]:
    """Those that the others do not have."""
    known = frozenset(others)
    left = [one for one in values if one not in known]
    marks = {_hashed(one) for one in known} if left else ()
    return [one for one in left if _hashed(one) not in marks]


def _many(values: list[str], of: str, names: int) -> str:
    """The first of them by name, the others by their number. ``of``: behind the number of those that have no name, as
    an older ledger kept them."""
    named = [name for name in map(_name_of, values) if name][:names]
    left = len(values) - len(named)
    if not named:
        return f"{left}{of}"
    others = f" and {counted(left, 'other', 'others')}" if left else ""
    return ", ".join(named) + others


def _name_of(value: str) -> str:
    if not value.startswith(_SIGN):
        return f'"{value}"'
    beginning = value.partition(" ")[2]
    return f'"{beginning} \u2026"' if beginning else ""


def _in_order(limit: Limit) -> tuple[float, str]:
    return (0.0, limit) if isinstance(limit, str) else (limit, "")


def guard(subject: str, subject_id: str, head: str, terms: Terms | None = None) -> Asked:
    """As the ledger keeps it; ``head`` is the line for people."""
    named = ((name, getattr(terms, name)) for name in ("holds", "lets", "most", "least")) if terms else ()
    kept = {name: value for name, value in named if value}
    line = " ".join(head.split())
    return Asked(subject, subject_id, f"{line}\n{_in_json(kept)}" if kept else line)


def pack_guard(pack: str, terms: Terms | None = None) -> Asked:
    return guard(PACK, pack, _ASKED, terms)


def rule_guard(pack: str, rule: str, severity: Severity, title: str, terms: Terms | None = None) -> Asked:
    """Another pack may hold it one day: rules are known by their ids alone."""
    return guard(RULE, rule, f"{severity} {pack}: {title}", terms)


def setting_guard(name: str, severity: Severity, title: str, terms: Terms) -> Asked:
    """A rule of no pack: of the settings, the review policy, the plan."""
    return rule_guard(_SETTINGS, name, severity, title, terms)


def stronger(one: Severity, other: Severity) -> Severity:
    return max(one, other, key=lambda severity: _STRENGTH[severity])


def bars(status: str) -> bool:
    """Whether a record of this status is barred, in one way or another."""
    return _STRENGTH.get(status, 0) > 0


def guards_anything(one: Asked) -> bool:
    """Of records that bar nothing what they are now is known too, so that one that was barred is not missed."""
    return one.subject != BARRED or "\n" in one.text or _strength(one) > 0


def stored_guard(source: Source) -> Asked:
    return Asked(STORED, source.id, f"{_HASHED}{hashlib.sha256(source.text.encode()).hexdigest()}")


def file_guard(folder: str, name: str, fingerprint: str, *, is_own: bool) -> Asked:
    """A file of rules below ``config/lint`` in which no word tells whether more of it, or less, forbids more."""
    found = Asked(PACK, f"{folder}{_OF}{name}", f"{_HASHED}{fingerprint}")
    return of_own_file(found) if is_own else found


def of_own_file(one: Asked) -> Asked:
    """One from a file of the project's own, which no release of the program changes. The ledger knows it of packs and
    files, so that it is known of the next one when that file is gone."""
    text = one.text
    if one.subject == PACK:
        terms = _terms(text)
        text = guard(PACK, one.subject_id, one.words, replace(terms, lets={**terms.lets, _OWN: (EACH,)})).text
    return replace(one, text=text, is_own=True)


def file_of(one: Asked) -> str:
    """The file that such a guard is about; empty for another one."""
    is_file = one.subject == PACK and _OF in one.subject_id
    return f"config/lint/{one.subject_id.replace(_OF, '/')}.toml" if is_file else ""


def relied_on(asked: Iterable[Asked], guards: Iterable[Asked]) -> tuple[Asked, ...]:
    """What the ledger is to remember when somebody approves: the questions, and what guards the season."""
    return *asked, *filter(guards_anything, guards)


@dataclass(frozen=True)
class LostGuard:
    """What stood once and does not stand now. ``stood``: as the ledger has it; ``now``: what stands, where anything
    does; ``season``: the earlier one in which it stood, 0 for this one; ``in_a_year``: single words are not compared;
    ``terms``: how strict it was; ``beside``: the same one, as the last season had it."""

    stood: Asked
    now: Asked | None
    season: int = 0
    in_a_year: bool = False
    terms: Terms = field(default_factory=Terms)
    beside: LostGuard | None = None

    @property
    def words(self) -> str:
        """What happened, in a sentence without its end."""
        return self._words(_NAMED)

    @property
    def in_full(self) -> str:
        """The same, with each name: what somebody agrees to who answers for it."""
        return self._words(_ALL)

    def loosened(self, names: int = _NAMED) -> Iterator[str]:
        """What it has less of, or lets pass, where it still stands."""
        if self.now is not None:
            yield from self.terms.loosened_to(_terms(self.now.text), in_a_year=self.in_a_year, names=names)

    def with_later(self, later: LostGuard) -> LostGuard:
        """Both as one, under what stood later: whoever answers that has answered all."""
        if (self.season, self.in_a_year) != (later.season, later.in_a_year):
            return replace(later, beside=self)
        head = max(later.stood, self.stood, key=_strength).words
        return replace(later, stood=replace(later.stood, said=head), terms=self.terms.beside(later.terms))

    def _words(self, names: int) -> str:
        of = f" of {self.season}" if self.season else ""
        name, when = self.stood.subject_id, f"when the season{of} was last approved"
        if file_of(self.stood):
            words = self._of_file(of)
        elif self.stood.subject == PACK and self.now is None:
            words = f"the lint pack {name} was asked {when}, and is not any more"
        elif self.stood.subject == STORED:
            words = f"the stored text of {name} is not the one that stood {when}"
        else:
            words = self._of_its_head(names) + (f", against how it stood {when}" if self.season else "")
        return words if self.beside is None else f"{words}; and {self.beside._words(names)}"

    def _of_file(self, of: str) -> str:
        file, when = file_of(self.stood), f"by which the season{of} was last approved"
        if self.now is None or (_is_own(self.stood) and not self.now.is_own):
            instead = "" if self.now is None else ": the program's own stand in its place"
            return f"{file}, {when}, was taken away{instead}"
        return f"the rules of {file} are not those {when}"

    def _of_its_head(self, names: int) -> str:
        name = self.stood.subject_id
        grade, owner, title = _of_head(self.stood)
        noun = "setting" if owner == _SETTINGS and "." in name else "rule"
        what = {RULE: f'the {noun} {name} ("{title}")', PACK: f"the lint pack {name}"}.get(
            self.stood.subject, f'the {owner} {name.partition(":")[2]} ("{title}")'
        )
        if self.now is None and self.stood.subject == RULE:
            return f"{what} was taken out of the lint pack {owner}"
        if self.now is None:
            return f"{what} was {grade}, and was taken away"
        if _strength(self.now) < _strength(self.stood):
            return f"{what} was {grade}, and is {_of_head(self.now)[0]}"
        return f"{what} {'; it '.join(self.loosened(names))}"


def lost_guards(questions: Questions, standing: Iterable[Asked]) -> tuple[LostGuard, ...]:
    """What the ledger remembers of a season and its files do not hold any more, while nobody has answered for it: each
    guard once, however often it was loosened, as one answer is for all of that.

    Of a pack that is gone its rules are not told one by one, and of a source that is gone nothing: what it guarded is
    gone with it.
    """
    now = {(one.subject, one.subject_id): one for one in standing}
    settled = {(question.subject, question.subject_id) for question in questions.all if question.is_answered}
    own = {question.subject_id for question in questions.before if question.subject == PACK and _is_own(question)}
    lost: dict[tuple[str, str], LostGuard] = {}
    of_before = ((question, question.season) for question in questions.before)
    for question, season in (*of_before, *((question, 0) for question in questions.unanswered())):
        key = question.subject, question.subject_id
        if question.subject not in GUARDED or (season and key in settled):
            continue
        stood, at_hand = Asked(*key, question.text), now.get(key)
        if at_hand is not None and stood.text == at_hand.text:
            continue
        one = LostGuard(stood, at_hand, season, in_a_year=bool(season) and _changes_by_itself(stood, at_hand, own))
        if _is_missed(stood, now) if at_hand is None else _is_looser(one, at_hand):
            one = replace(one, terms=_terms(stood.text))
            lost[key] = lost[key].with_later(one) if key in lost else one
    return tuple(lost.values())


def _changes_by_itself(stood: Asked, now: Asked | None, own: Container[str]) -> bool:
    """From one season to the next: with the year, and with the program. Settings and files of the project's own are
    changed by nothing but a hand; that one of these is gone, too."""
    owner = stood.subject_id if stood.subject == PACK else _of_head(stood)[1]
    return owner != _SETTINGS and owner not in own and not (now is not None and now.is_own)


def _is_missed(stood: Asked, now: Mapping[tuple[str, str], Asked]) -> bool:
    if stood.subject == RULE:
        return (PACK, _of_head(stood)[1]) in now
    if stood.subject == BARRED:
        kind, _, record = stood.subject_id.partition(":")
        of_source = kind in ("quotation", "source")
        return _strength(stood) > 0 and (not of_source or (STORED, record.partition("#")[0]) in now)
    return stood.subject == PACK


def _is_looser(lost: LostGuard, now: Asked) -> bool:
    stood = lost.stood
    if file_of(stood):  # of two of the program's own a release has changed one
        return stood.words != now.words and (_is_own(stood) or now.is_own)
    if stood.text.startswith(_HASHED) or _strength(now) < _strength(stood):
        return True
    has_terms = "\n" in stood.text  # an older ledger has none
    return has_terms and any(replace(lost, terms=_terms(stood.text)).loosened())


def _is_own(one: Asked | Question) -> bool:
    return f'"{_OWN}"' in one.text


def _of_head(one: Asked) -> tuple[str, str, str]:
    """Its first word; whose it is, a pack's or a record's kind; its title."""
    head, _, title = one.words.partition(": ")
    grade, _, owner = head.partition(" ")
    return grade, owner, title


def _strength(one: Asked) -> int:
    return _STRENGTH.get(_of_head(one)[0], 0)


@lru_cache(maxsize=64)  # only of what has changed
def _terms(text: str) -> Terms:
    kept = text.partition("\n")[2]
    data = json.loads(kept) if kept.startswith("{") else {}
    for name in ("holds", "lets"):
        data[name] = {key: tuple(values) for key, values in data.get(name, {}).items()}
    return Terms(**data)
