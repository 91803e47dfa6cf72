"""Lint packs: rules about words, tags, pictures and shares, as data in config/lint/*.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from ...domain.campaign import Kind
from ...domain.finding import Finding, Severity, Where
from ...schema.field import Field, keys_of
from ..codes import CODES
from ..load.campaign_folder import Folder
from ..toml_file import Table, open_toml
from .phrases import Phrase, RefusedPattern, UnusablePhrase, bounded, compiled

_ID = re.compile(r"[A-Z]{1,4}\d{1,2}")

#: Where a rule may look: the two bodies, the lines of a mail's head, the item's title.
PLACES = ("post", "email", "subject", "preheader", "discreet subject", "title")
LANGUAGES = ("en", "es")
FIELDS = ("action", "story_consent", "content_note", "about_signs", "author")

#: What each type of rule needs beyond id, title, severity, why; and what it may have.
TYPES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "words": (
        frozenset(),
        frozenset("words patterns allow where quotations mentions claims languages in_sources not_kinds".split()),
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


@dataclass(frozen=True, slots=True)
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
    words: Annotated[tuple[Phrase, ...], Field("phrases")] = ()
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

    def at(self, where: Where, message: str, *, hint: str = "", item: str = "", channel: str = "") -> Finding:
        """A finding by this rule, as one of a code."""
        return Finding(self.id, self.severity, message, where, hint or self.hint, item, channel)


#: The keys whose meaning depends on the type of the rule.
KEYS = keys_of(Rule)


@dataclass(frozen=True, slots=True)
class LintPack:
    """The rules of one file, and the words that do not belong where others may read them."""

    id: str
    title: str
    rules: tuple[Rule, ...] = ()
    cause_words: tuple[Phrase, ...] = ()


def load_lint_pack(path: Path, *, shown: str = "config/lint") -> tuple[LintPack, list[Finding]]:
    """Read one pack, strictly. Every problem is a finding with file and line; the good rules are kept.

    ``shown``: how the folder is called in findings, relative to the project root.
    """
    folder = Folder(path.parent, shown)
    table = open_toml(folder, path.name)
    folder.report_hidden()
    if table is None:
        return LintPack(path.stem, path.stem), folder.findings
    title = table.text("title")
    cause_words = _compiled(table, "cause_words", compiled)
    rules = [rule for entry in table.tables("rule") if (rule := _rule(entry)) is not None]
    table.close("the lint pack")
    titles: dict[str, str] = {}
    for rule in rules:
        other = titles.setdefault(rule.id, rule.title)
        if other != rule.title:
            folder.findings.append(CODES["W002"].at(rule.line, f'{rule.id} is called "{other}" and "{rule.title}"'))
    return LintPack(path.stem, title, tuple(rules), cause_words), folder.findings


def load_lint_packs(
    names: Iterable[str], lint_dir: Path, *, shown: str = "config/lint"
) -> tuple[list[LintPack], list[Finding]]:
    """All packs that a campaign names."""
    packs: list[LintPack] = []
    findings: list[Finding] = []
    owner: dict[str, str] = {}
    for name in dict.fromkeys(names):
        pack, in_pack = load_lint_pack(lint_dir / f"{name}.toml", shown=shown)
        packs.append(pack)
        findings += in_pack
        for rule in pack.rules:
            other = owner.setdefault(rule.id, name)
            if other != name:
                findings.append(CODES["W002"].at(rule.line, f"{rule.id} is a rule of the pack {other} too"))
    return packs, findings


def _rule(table: Table) -> Rule | None:
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
    values = {name: _value(table, name, needed=name in required) for name in sorted(required | optional)}
    known: dict[str, Any] = {key: table.optional_text(key) for key in ("say", "avoid", "source")}
    if kind not in TYPES:
        return None
    table.close(f"a rule of type {kind}")
    if not table.is_usable():
        return None
    if kind == "words" and not values["words"] and not values["patterns"]:
        table.report("C011", "the rule has neither words nor patterns", "type", "write words = [...]")
        return None
    known.update({name: value for name, value in values.items() if value is not None})
    return Rule(rule_id, kind, title, Severity(severity), why, table.where(), **known)


def _value(table: Table, name: str, *, needed: bool) -> object:
    if needed and not table.has(name):
        table.text(name)  # reports that it is missing
        return None
    if name in _COMPILED:
        return _compiled(table, name, _COMPILED[name])
    value = table.take(KEYS[name])
    return value or PLACES if name == "where" else value


def _alternatives(written: str) -> tuple[Phrase, ...]:
    """``a | b``: one of them must be printed."""
    return tuple(compiled(phrase) for phrase in map(str.strip, written.split("|")) if phrase)


#: What the texts of a key are made into.
_COMPILED: dict[str, Callable[[str], Any]] = {
    "words": compiled,
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
