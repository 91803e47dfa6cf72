"""Lint packs: rules about words, tags, pictures and shares, as data in config/lint/*.toml."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

from ...domain.campaign import Kind
from ...domain.finding import Finding, Severity, Where
from ...domain.question import Asked
from ...kept_by_key import KeptByKey
from ...kept_patterns import of_the_program
from ...light_dataclass import dataclass
from ...project import starter_folder
from ...schema.field import Field, keys_of
from ..codes import CODES
from ..load.campaign_folder import Folder
from ..load.while_unchanged import Stamp, WhileUnchanged, stamp_of
from ..phrases import Phrase, RefusedPattern, UnusablePhrase, bounded, compiled, plain
from ..quantities.quantity_rules import QuantityWords, quantity_words
from ..sentence_patterns import (
    Alternative,
    Families,
    Phrases,
    SentencePattern,
    denying_phrases,
    is_pattern,
    plain_words,
)
from ..toml_file import Table, open_toml

_ID = re.compile(r"[A-Z]{1,4}\d{1,2}")

#: Where a rule may look: the two bodies, the lines of a mail's head, the item's title, the words for a picture.
PLACES = ("post", "email", "subject", "preheader", "discreet subject", "title", "alt text")
LANGUAGES = ("en", "es")
#: What lifts a finding: a "not" that stands before the words and reaches them; a "not" or a doubt in their sentence,
#: beside them; the same, also among them; a doubt alone.
DENIED = ("before", "sentence", "anywhere", "doubt")
#: How the source of a rule was seen: opened; in somebody else's words; not at all, which may not block.
SEEN = ("read", "second hand", "believed")
FIELDS = ("action", "story_consent", "content_note", "about_signs", "author")

#: What each type of rule needs beyond id, title, severity, why; and what it may have.
TYPES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "words": (
        frozenset(),
        frozenset(
            "words patterns allow where quotations mentions claims languages in_sources not_kinds denied unless seen "
            "bad good".split()
        ),
    ),
    "requires": (frozenset({"needs"}), frozenset({"kinds", "cues", "flag"})),
    "needs-field": (frozenset({"field"}), frozenset({"kinds", "cues"})),
    "share": (frozenset({"topics", "least"}), frozenset()),
    "image-tags": (frozenset({"tags"}), frozenset()),
    "content-note": (frozenset(), frozenset({"most"})),
    "alt-text": (frozenset(), frozenset({"words"})),
    "hashtag-case": (frozenset(), frozenset()),
    "typed-contact": (frozenset(), frozenset()),
    "dated-quotation": (frozenset(), frozenset()),
    "reading-grade": (frozenset({"most"}), frozenset({"least_words"})),
    "exclamation-marks": (frozenset({"most"}), frozenset()),
    "capitals": (frozenset(), frozenset({"allow", "least_letters"})),
    "advice": (frozenset(), frozenset()),
}


@dataclass(frozen=True)
class Denials:
    """Single words that lift a finding: a "not", a doubt; what an open question, and a denying answer, begins with.
    ``phrases``: before the words of a rule, what denies or forbids all that follows."""

    nots: frozenset[str]
    doubts: frozenset[str]
    asked: frozenset[str]
    answers: frozenset[str]
    phrases: tuple[Alternative, ...]

    @classmethod
    def of(cls, families: Families, how: str) -> Denials:
        """``how``: a rule is denied."""
        phrases = (*families.get("denying", ()), *(families.get("forbidding", ()) if how else ()))
        return _denials(*(families.get(name, ()) for name in ("not", "doubt", "asked", "answers")), phrases)


@lru_cache(maxsize=64)
def _denials(*families: tuple[str, ...]) -> Denials:
    """One for all rules that have the same words: they are kept once."""
    nots, doubts, asked, answers = map(plain_words, families[:4])
    return Denials(nots, doubts, asked, answers, denying_phrases(families[4]))


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule of a pack. ``say`` and ``avoid`` are for people; the type decides which other fields count."""

    id: str
    type: str
    title: str
    severity: Severity
    why: str
    line: Where
    say: str = ""
    avoid: str = ""
    source: str = ""
    words: Annotated[Sequence[Phrase | SentencePattern], Field("phrases, and patterns of a sentence (below)")] = ()
    patterns: Annotated[
        tuple[object, ...],
        Field("regular expressions with bounds: no `*`, no `+`, no back-references; `{0,20}` instead"),
    ] = ()
    allow: Annotated[
        tuple[Phrase, ...], Field("phrases within which a match does not count: names of laws, of organizations")
    ] = ()
    where: Annotated[tuple[str, ...], Field("of " + ", ".join(f"`{place}`" for place in PLACES), allowed=PLACES)] = (
        PLACES
    )
    quotations: Annotated[bool, Field("look into quoted words too")] = False
    mentions: Annotated[bool, Field("look at words in quotation marks too")] = False
    claims: Annotated[bool, Field("look at the words of claims too")] = True
    languages: Annotated[
        tuple[str, ...], Field("only in paragraphs of these languages: `en`, `es`", allowed=LANGUAGES)
    ] = ()
    in_sources: Annotated[bool, Field("list what the stored sources have of it, as a note")] = False
    denied: Annotated[
        str,
        Field(
            "a word of the family `not` lifts the finding: `before` the words, where it reaches them; anywhere in "
            "their `sentence`, and there a word of the family `doubt` does too; `anywhere`: also among the words; "
            "`doubt`: that one alone. All but the first also let pass what is asked (family `asked`) and what the next "
            "sentence denies (family `answers`)",
            allowed=DENIED,
        ),
    ] = ""
    unless: Annotated[
        Sequence[Phrase | SentencePattern],
        Field("phrases and patterns that lift the finding of a sentence in which they stand"),
    ] = ()
    bad: Annotated[tuple[str, ...], Field("sentences that the rule must find, for its tests")] = ()
    good: Annotated[tuple[str, ...], Field("sentences like them that no rule may find, for its tests")] = ()
    seen: Annotated[
        str, Field("how the source was seen: a rule that is only `believed` never blocks", allowed=SEEN)
    ] = ""
    denials: Denials | None = None
    needs: Annotated[tuple[tuple[Phrase, ...], ...], Field("texts that must be printed; `a | b` means either")] = ()
    cues: Annotated[tuple[Phrase, ...], Field("phrases that make the rule concern a message")] = ()
    kinds: Annotated[tuple[str, ...], Field("kinds of items that the rule is about", allowed=tuple(Kind))] = ()
    not_kinds: Annotated[tuple[str, ...], Field("kinds of items in which the rule is silent", allowed=tuple(Kind))] = ()
    flag: Annotated[str, Field("a field of the item that is true", allowed=FIELDS)] = ""
    field: Annotated[str, Field("a field that the item must have", allowed=FIELDS)] = ""
    topics: Annotated[tuple[str, ...], Field("topics that are counted")] = ()
    tags: Annotated[tuple[str, ...], Field("image tags that are looked for")] = ()
    least: Annotated[float, Field("so much at least", least=0, most=1000)] = 0.0
    most: Annotated[float, Field("so much at most", least=0, most=1000)] = 0.0
    least_words: Annotated[int, Field("shorter texts are let pass", least=1, most=10_000)] = 60
    least_letters: Annotated[int, Field("shorter words are let pass", least=1, most=10_000)] = 5

    @property
    def hint(self) -> str:
        """What to do, in one line: what to say, and why."""
        if self.say and self.avoid:
            return f"say: {self.say}; not: {self.avoid}"
        return f"say: {self.say}" if self.say else self.why

    def values(self) -> dict[str, Any]:
        """Of the keys that depend on its type, and the type."""
        return {"type": self.type} | {key: getattr(self, key) for key in keys_of(Rule)}

    def at(
        self, where: Where, message: str, *, hint: str = "", item: str = "", channel: str = "", words: str = ""
    ) -> Finding:
        """A finding by this rule, as one of a code."""
        return Finding(self.id, self.severity, message, where, hint or self.hint, item, channel, words=words)


@dataclass(frozen=True, eq=False)
class LintPack:
    """The rules of one file, and the words that do not belong where others may read them.

    ``discreet``: words by which a discreet head would give away one cause or another, whatever the campaign's is.
    ``neutral``: words that one may hold without a question.
    ``includes``: packs that come with it. ``families``: its own families of words, and those of the packs it includes.
    """

    id: str
    title: str
    rules: tuple[Rule, ...] = ()
    cause_words: tuple[Phrase, ...] = ()
    discreet: tuple[Phrase, ...] = ()
    neutral: frozenset[str] = frozenset()
    quantities: QuantityWords | None = None
    includes: tuple[str, ...] = ()
    families: Families = field(default_factory=dict)
    fingerprint: str = ""  # of its file
    guards: tuple[Asked, ...] = ()  # its rules and families, as the ledger remembers them


def load_lint_pack(path: Path, *, shown: str = "config/lint") -> tuple[LintPack, list[Finding]]:
    """Read one pack, strictly. Every problem is a finding with file and line; the good rules are kept.

    ``shown``: how the folder is called in findings, relative to the project root.
    """
    reader = _PackReader(path.parent, shown)
    return reader.pack(path.stem), reader.findings


def load_lint_packs(
    names: Iterable[str], lint_dir: Path, *, shown: str = "config/lint"
) -> tuple[list[LintPack], list[Finding]]:
    """All packs that a campaign names, and those that they include. What was read before is not read again while the
    files are the same: by this process by their stamps, by the ones after it by what they hold."""
    wanted = (lint_dir, shown, tuple(names))
    packs, findings = _KEPT.of(wanted, _stamps(lint_dir), lambda: _packs_of(*wanted))
    return list(packs), list(findings)


#: For the processes after this one: packs without a finding, under the texts of all files beside them.
PACKS = KeptByKey()
_KEPT = WhileUnchanged[tuple[list[LintPack], list[Finding]]]()


def _stamps(lint_dir: Path) -> tuple[tuple[str, Stamp | None], ...]:
    """Of each file that a pack could come from."""
    try:
        found = [(e.name, stamp_of(e)) for e in os.scandir(lint_dir) if e.name.endswith(".toml")]
    except OSError:
        return ()
    return tuple(sorted(found))


def _packs_of(lint_dir: Path, shown: str, names: Iterable[str]) -> tuple[list[LintPack], list[Finding]]:
    key = shown, names, _texts(lint_dir)
    is_shipped = _shipped().issuperset(key[-1])
    with of_the_program(is_shipped):
        if known := PACKS.read(key, is_shipped=is_shipped):
            with contextlib.suppress(Exception):  # whatever it is, the files say it again
                return pickle.loads(known), []  # noqa: S301 - it is in our own folder, see kept_by_key
        packs, findings = _read_packs(lint_dir, shown, names)
    if not findings:
        PACKS.write(key, pickle.dumps(packs), is_shipped=is_shipped)
    return packs, findings


@cache
def _shipped() -> frozenset[tuple[str, str]]:
    """The packs of the program and of its examples, as in :func:`_texts`."""
    examples = Path(__file__).parents[2] / "examples"
    folders = [starter_folder(), *(examples / name for name in os.listdir(examples))]
    return frozenset(chain.from_iterable(_texts(folder / "config/lint") for folder in folders))


def are_shipped(packs: Iterable[LintPack]) -> bool:
    """Whether these are the program's, to the last sign."""
    return _shipped().issuperset((f"{pack.id}.toml", pack.fingerprint) for pack in packs)


def _texts(lint_dir: Path) -> tuple[tuple[str, str], ...]:
    """The hash of each file that a pack could come from; a file that cannot be read keeps nothing."""
    found = []
    for name, _ in _stamps(lint_dir):
        try:
            found.append((name, hashlib.sha256((lint_dir / name).read_bytes()).hexdigest()))
        except OSError:
            found.append((name, secrets.token_hex(8)))
    return tuple(found)


def _read_packs(lint_dir: Path, shown: str, names: Iterable[str]) -> tuple[list[LintPack], list[Finding]]:
    reader = _PackReader(lint_dir, shown)
    for name in names:
        reader.pack(name)
    packs = list(reader.packs.values())
    owner: dict[str, str] = {}
    for pack in packs:
        for rule in pack.rules:
            other = owner.setdefault(rule.id, pack.id)
            if other != pack.id:
                found = CODES["W002"].at(rule.line, f"{rule.id} is a rule of the pack {other} too")
                reader.findings.append(found)
    return packs, reader.findings


class _PackReader:
    """Reads packs, each once, with those that they include before them."""

    def __init__(self, lint_dir: Path, shown: str) -> None:
        self._dir, self._shown = lint_dir, shown
        self.packs: dict[str, LintPack] = {}
        self.findings: list[Finding] = []

    def pack(self, name: str) -> LintPack:
        if name in self.packs:
            return self.packs[name]
        self.packs[name] = LintPack(name, name)  # so that two that include each other come to an end
        folder = Folder(self._dir, self._shown)
        table = open_toml(folder, f"{name}.toml")
        folder.report_hidden()
        if table is not None:
            self.packs[name] = self._read(table, folder, name)
        self.findings += folder.findings
        return self.packs[name]

    def _read(self, table: Table, folder: Folder, name: str) -> LintPack:
        from .rule_guards import rule_guards  # who has kept packs does without

        title, includes = table.text("title"), table.texts("includes")
        families: dict[str, tuple[str, ...]] = {}
        for other in includes:
            families.update(self.pack(other).families)
        own = table.named("families")
        families.update({family: own.texts(family) for family in own.keys()})
        cause_words = _compiled(table, "cause_words", compiled)
        discreet = _discreet(table)
        neutral = _neutral(table)
        rules = [rule for entry in table.tables("rule") if (rule := _rule(entry, families)) is not None]
        quantities = _quantities(table)
        table.close("the lint pack")
        titles: dict[str, str] = {}
        for rule in rules:
            other = titles.setdefault(rule.id, rule.title)
            if other != rule.title:
                folder.findings.append(CODES["W002"].at(rule.line, f'{rule.id} is called "{other}" and "{rule.title}"'))
        fingerprint = hashlib.sha256(folder.tomls[0][2].encode()).hexdigest()
        own_families = {family: families[family] for family in own.keys()}
        lists = {"cause_words": cause_words, "discreet": discreet}, {"neutral": sorted(neutral)}
        of_rules = [(r.id, r.severity, r.title, r.values()) for r in rules]
        guards = tuple(rule_guards(name, of_rules, own_families, *lists, table.peek("quantities")))
        words = (cause_words, discreet, neutral, quantities, includes, families)
        return LintPack(name, title, tuple(rules), *words, fingerprint, guards)


def _discreet(table: Table) -> tuple[Phrase, ...]:
    """The words of all families of ``[discreet]``, one family a cause."""
    inner = table.named("discreet")
    return tuple(phrase for family in inner.keys() for phrase in _compiled(inner, family, compiled))


def _neutral(table: Table) -> frozenset[str]:
    """The words of all families of ``[neutral]``, without accents."""
    inner = table.named("neutral")
    return frozenset(plain(word) for family in inner.keys() for word in inner.texts(family))


def _quantities(table: Table) -> QuantityWords | None:
    inner = table.optional_table("quantities")
    if inner is None:
        return None
    words = quantity_words(inner)
    inner.close("the words about quantities")
    return words


def _rule(table: Table, families: Families) -> Rule | None:
    """One ``[[rule]]``; None after a finding that leaves nothing to apply."""
    rule_id, title, why = table.text("id"), table.text("title"), table.text("why")
    if rule_id and not _ID.fullmatch(rule_id):
        table.report(
            "C013",
            f'the id "{rule_id}" is malformed',
            "id",
            "letters and one or two digits, as L01; a letter and three digits are the program's own codes",
        )
        return None
    kind = table.text("type", allowed=tuple(TYPES))
    severity = table.text("severity", allowed=[s.value for s in Severity])
    required, optional = TYPES.get(kind, (frozenset(), frozenset()))
    in_sentences = table.has("denied") or table.has("unless")

    def phrase(written: str) -> Phrase | SentencePattern:
        return SentencePattern(written, families) if in_sentences or is_pattern(written) else compiled(written)

    def lifting(written: str) -> SentencePattern:
        return SentencePattern(written, families, is_looked_up=False)

    makers = _COMPILED | {"words": phrase, "unless": lifting}
    values = {name: _value(table, name, makers, needed=name in required) for name in sorted(required | optional)}
    known: dict[str, Any] = {key: table.optional_text(key) for key in ("say", "avoid", "source")}
    if kind not in TYPES:
        return None
    table.close(f"a rule of type {kind}")
    if not table.is_usable():
        return None
    if kind == "words" and not values["words"] and not values["patterns"]:
        table.report("C011", "the rule has neither words nor patterns", "type", "write words = [...]")
        return None
    if values.get("seen") == "believed" and severity == Severity.RED:
        table.report("C013", "a rule whose source nobody has opened may not block", "seen", 'severity = "amber"')
    known.update({name: value for name, value in values.items() if value is not None})
    if known.get("denied"):
        missing = next((name for name in ("not", "doubt") if name not in families), "")
        if missing:
            table.report("C013", f"no family of words is called {missing}", "denied", 'includes = ["words"]')
        if known["denied"] != "before" and "doubted" in families:
            known["unless"] = (*known.get("unless", ()), lifting("{doubted}"))
    known["denials"] = Denials.of(families, known.get("denied", ""))
    known |= {name: Phrases(known[name]) for name in ("words", "unless") if known.get(name)}
    return Rule(rule_id, kind, title, Severity(severity), why, table.where(), **known)


def _value(table: Table, name: str, makers: Mapping[str, Callable[[str], Any]], *, needed: bool) -> object:
    if needed and not table.has(name):
        table.text(name)  # reports that it is missing
        return None
    if name in makers:
        return _compiled(table, name, makers[name])
    value = table.take(keys_of(Rule)[name])
    return value or PLACES if name == "where" else value


def _alternatives(written: str) -> tuple[Phrase, ...]:
    """``a | b``: one of them must be printed."""
    return tuple(compiled(phrase) for phrase in map(str.strip, written.split("|")) if phrase)


#: What the texts of a key are made into.
_COMPILED: dict[str, Callable[[str], Any]] = {
    "words": compiled,  # but for the rules of type words
    "allow": compiled,
    "cues": compiled,
    "needs": _alternatives,
    "patterns": bounded,
}


def _compiled(table: Table, key: str, make: Callable[[str], Any]) -> tuple[Any, ...]:
    made = []
    for index, written in enumerate(table.texts(key)):
        try:
            made.append(make(written))
        except UnusablePhrase as problem:
            table.report(
                "C013", f'"{written}" cannot be looked for: {problem}', key, index=None if key == "needs" else index
            )
        except RefusedPattern as problem:
            table.report("W001", f"a pattern is refused: {problem}", key, index=index)
    return tuple(filter(None, made))
