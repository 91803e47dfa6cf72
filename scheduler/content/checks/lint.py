"""Lint packs: rules about words, tags, pictures and shares, as data in config/lint/*.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ...domain.campaign import Kind
from ...domain.finding import Finding, Severity, Where
from ..codes import CODES
from ..load.campaign_folder import LARGEST_TOML, Folder
from ..load.hidden_text import report_hidden
from ..toml_file import Table, table_from
from .patterns import RefusedPattern, bounded
from .phrases import Phrase, UnusablePhrase, compiled

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
    words: tuple[Phrase, ...] = ()
    patterns: tuple[object, ...] = ()  # re.Pattern[str]
    allow: tuple[Phrase, ...] = ()
    allowed_words: frozenset[str] = frozenset()
    where: tuple[str, ...] = PLACES
    quotations: bool = False  # look inside quotations too
    mentions: bool = False  # look at words in quotation marks too
    claims: bool = True  # look at the words of claims too
    languages: tuple[str, ...] = ()
    in_sources: bool = False  # list what stored sources have of it
    needs: tuple[tuple[Phrase, ...], ...] = ()
    cues: tuple[Phrase, ...] = ()
    kinds: tuple[str, ...] = ()
    not_kinds: tuple[str, ...] = ()
    flag: str = ""
    field: str = ""
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    least: float = 0.0
    most: float = 0.0
    least_words: int = 60
    least_letters: int = 5

    @property
    def hint(self) -> str:
        """What to do, in one line: what to say, and why."""
        if self.say and self.avoid:
            return f"say: {self.say}; not: {self.avoid}"
        return f"say: {self.say}" if self.say else self.why


@dataclass(frozen=True, slots=True)
class LintPack:
    """The rules of one file, and the words that do not belong where others may read them."""

    id: str
    title: str
    rules: tuple[Rule, ...] = ()
    cause_words: tuple[Phrase, ...] = ()


class _LintFolder(Folder):
    def __init__(self, path: Path, shown: str) -> None:
        super().__init__(path, "")
        self.path = path
        self.shown = shown


def load_lint_pack(path: Path, *, shown: str = "config/lint") -> tuple[LintPack, list[Finding]]:
    """Read one pack, strictly. Every problem is a finding with file and line; the good rules are kept.

    ``shown``: how the folder is called in findings, relative to the project root.
    """
    folder = _LintFolder(path.parent, shown)
    text = folder.read_text(path.name, LARGEST_TOML)
    table = None if text is None else table_from(folder, path.name, text)
    report_hidden(folder)
    if table is None:
        return LintPack(path.stem, path.stem), folder.findings
    title = table.text("title")
    reader = _Reader(folder)
    cause_words = reader.phrases(table, "cause_words")
    rules = [rule for entry in table.tables("rule") if (rule := reader.rule(entry)) is not None]
    table.close("the lint pack")
    _same_title(rules, folder.findings)
    return LintPack(path.stem, title, tuple(rules), cause_words), folder.findings


def load_lint_packs(
    names: Iterable[str], lint_dir: Path, *, shown: str = "config/lint"
) -> tuple[list[LintPack], list[Finding]]:
    """All packs that a campaign names."""
    packs: list[LintPack] = []
    findings: list[Finding] = []
    owner: dict[str, str] = {}
    for name in dict.fromkeys(names):
        pack, found = load_lint_pack(lint_dir / f"{name}.toml", shown=shown)
        findings += found
        for rule in pack.rules:
            other = owner.setdefault(rule.id, name)
            if other != name:
                findings.append(CODES["W002"].at(rule.line, f"{rule.id} is a rule of the pack {other} too"))
        packs.append(pack)
    return packs, findings


def _same_title(rules: list[Rule], findings: list[Finding]) -> None:
    first: dict[str, Rule] = {}
    for rule in rules:
        other = first.setdefault(rule.id, rule)
        if other.title != rule.title:
            findings.append(CODES["W002"].at(rule.line, f'{rule.id} is called "{other.title}" and "{rule.title}"'))


class _Reader:
    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def rule(self, table: Table) -> Rule | None:
        """One ``[[rule]]``; None after a finding that leaves nothing to apply."""
        rule_id, title, why = table.text("id"), table.text("title"), table.text("why")
        if rule_id and not _ID.fullmatch(rule_id):
            hint = "letters and one or two digits, as L01; a letter and three digits are the program's own codes"
            table.report("C013", f'the id "{rule_id}" is malformed', "id", hint)
            return None
        kind = table.text("type", allowed=tuple(TYPES))
        severity = table.text("severity", allowed=[s.value for s in Severity])
        required, optional = TYPES.get(kind, (frozenset(), frozenset()))
        values = {key: self._value(table, key, needed=key in required) for key in sorted(required | optional)}
        say, avoid, source = (table.optional_text(k) for k in ("say", "avoid", "source"))
        if kind not in TYPES:
            return None
        table.close(f"a rule of type {kind}")
        if not table.is_usable():
            return None
        if kind == "words" and not values["words"] and not values["patterns"]:
            table.report("C011", "the rule has neither words nor patterns", "type", "write words = [...]")
            return None
        known = {k: v for k, v in values.items() if v is not None}
        if kind == "capitals":
            known["allowed_words"] = frozenset(p.written for p in values.pop("allow") or ())  # type: ignore[attr-defined]
        return Rule(
            rule_id,
            kind,
            title,
            Severity(severity),
            why,
            table.where(),
            say,
            avoid,
            source,
            **known,  # type: ignore[arg-type]  # the readers below give each field its type
        )

    def _value(self, table: Table, key: str, *, needed: bool) -> object:
        if needed and not table.has(key):
            table.text(key)  # reports that it is missing
            return None
        if key in ("words", "allow", "cues"):
            return self.phrases(table, key)
        if key == "needs":
            return self._groups(table, key)
        if key == "patterns":
            return self._patterns(table, key)
        if key in ("quotations", "mentions", "claims", "in_sources"):
            return table.boolean(key, default=key == "claims")
        if key in ("least", "most"):
            return table.optional_number(key, least=0, most=1000)
        if key in ("least_words", "least_letters"):
            return table.optional_integer(key, least=1, most=10_000)
        if key in ("field", "flag"):
            return table.optional_text(key, allowed=FIELDS)
        allowed = {"where": PLACES, "languages": LANGUAGES, "kinds": tuple(Kind), "not_kinds": tuple(Kind)}.get(key, ())
        return (table.texts(key, allowed=allowed) or None) if key == "where" else table.texts(key, allowed=allowed)

    def phrases(self, table: Table, key: str) -> tuple[Phrase, ...]:
        found = []
        for index, written in enumerate(table.texts(key)):
            try:
                found.append(compiled(written))
            except UnusablePhrase as problem:
                table.report("C013", f'"{written}" cannot be looked for: {problem}', key, index=index)
        return tuple(found)

    def _groups(self, table: Table, key: str) -> tuple[tuple[Phrase, ...], ...]:
        """``needs = ["a | b", "c"]``: of each text one of its alternatives must be printed."""
        found = []
        for written in table.texts(key):
            alternatives = [w.strip() for w in written.split("|") if w.strip()]
            try:
                found.append(tuple(compiled(w) for w in alternatives))
            except UnusablePhrase as problem:
                table.report("C013", f'"{written}" cannot be looked for: {problem}', key)
        return tuple(filter(None, found))

    def _patterns(self, table: Table, key: str) -> tuple[object, ...]:
        found: list[object] = []
        for index, written in enumerate(table.texts(key)):
            try:
                found.append(bounded(written))
            except RefusedPattern as problem:
                where = table.where(key, index)
                self.folder.findings.append(CODES["W001"].at(where, f"a pattern is refused: {problem}"))
        return tuple(found)
