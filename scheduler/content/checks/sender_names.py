"""The names by which readers know who speaks: they stand in no text, so no check of a message reads them.

A sender who is called like a help line is taken for one, and a name can hold a myth, a figure or a number as well as a
sentence can. Each name is asked what the words of a post are asked, and H118.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

from ...domain.campaign import ItemText, Kind
from ...domain.finding import Finding, Severity, Where
from ...domain.message import Message, PostBody
from ...light_dataclass import dataclass
from ..codes import CODES
from ..phrases import plain
from ..promise_rules import PromiseRules, load_promise_rules
from .claimed_figures import check_figures
from .context import Material
from .foreign_letters import check_foreign_letters
from .guards import place_of_setting
from .help_lines import check_contacts
from .known_numbers import digits_of
from .line_promises import check_promises
from .visible_text import fold
from .word_rules import check_words

_OF_WORDS = (check_figures, check_promises, check_foreign_letters, check_words, check_contacts)
#: What a name cannot have.
_NOT_ASKED = frozenset({"H103"})
#: Kinds of records that somebody calls, writes to or names.
_LINES = frozenset({"phone", "text", "tty", "chat", "name"})
#: A name of one word is that of many things.
_LEAST_WORDS = 2
#: A shorter one may be a part of any word.
_LEAST_LETTERS = 7
_WORD = re.compile(r"[^\W\d_]+|\d+")
#: Where the words of a name that is written without spaces begin.
_BEGINS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class SenderName:
    """One name. ``key``: of the setting that has it; ``is_words``: it is written as people write."""

    key: str
    text: str
    is_words: bool = True


def names_of(material: Material) -> tuple[SenderName, ...]:
    """All that are not empty."""
    organisation, campaign = material.settings.organisation, material.campaign
    handles = ((c.name, str(c.options.get("handle") or "")) for c in material.settings.channels.values())
    addresses = ("from_address", organisation.from_address), ("reply_to", organisation.reply_to)
    found = (
        SenderName("organisation.name", organisation.name),
        SenderName("organisation.from_name", organisation.from_name),
        *(SenderName(f"organisation.{key}", address.partition("@")[0], False) for key, address in addresses),
        *(SenderName(f"channels.{name}.handle", handle, False) for name, handle in handles),
        SenderName("titles", material.plan.title),
        SenderName("brand.name", campaign.brand.name),
        SenderName("discreet.from_name", campaign.discreet.from_name),
    )
    return tuple(one for one in found if one.text.strip())


def check_names(material: Material, names: Sequence[SenderName]) -> Iterator[Finding]:
    """H118, and what is wrong with the words."""
    lines = _LineNames(material)
    for name in names:
        if line := lines.finding_of(name):
            message = f'{name.key} is "{name.text}": {line.message}'
            yield replace(line, where=_place(material, name.key), message=message)
    posts = _as_posts(material, [name for name in names if name.is_words])
    for look in _OF_WORDS:
        for found in look(posts):
            if found.item and found.code not in _NOT_ASKED:
                message = f"{found.item}, read as a post: {found.message}"
                yield replace(
                    found, where=_place(material, found.item), item="", channel="", message=message, pieces=()
                )


def _place(material: Material, key: str) -> Where:
    is_campaigns = key == "titles" or key.startswith(("brand.", "discreet."))
    return material.campaign.where if is_campaigns else place_of_setting(material.settings, key)


def _as_posts(material: Material, names: Sequence[SenderName]) -> Material:
    """A season that says nothing but these."""
    season, messages = material.plan.season, []
    at = datetime.combine(season.start_on, time(12), UTC)
    for name in names:
        body = PostBody(name.text, len(name.text), len(name.text), contains_url=False)
        of = (material.campaign.id, season.year, name.key, "#name", Kind.REST)
        messages.append(Message(*of, season.start_on, at, at, body))
    texts = {n.key: ItemText(n.key, Kind.REST, "", "", "", n.text, "", Where("")) for n in names}
    return material.instead(messages=tuple(messages), texts=texts)


class _LineNames:
    """What help lines are called: in the records, but for a line of one's own, and in each language that is read."""

    def __init__(self, material: Material) -> None:
        own = material.settings.organisation.name.casefold()
        contacts = material.campaign.contacts.values()
        lines = [c for c in contacts if not (own and c.operator.casefold().startswith(own))]
        labels = {fold(line.label).partition(",")[0] for line in lines if line.kind in _LINES}
        self._labels = {
            _spaced(label): label for label in sorted(labels) if len(_spaced(label).split()) >= _LEAST_WORDS
        }
        self._numbers = {digits for line in contacts if (digits := digits_of(line.value))}
        self._words: tuple[str, ...] = ()
        for language in dict.fromkeys((material.campaign.language.partition("-")[0], "en", "es")):
            rules = load_promise_rules(material.lint_dir, language)[0] if material.lint_dir else None
            self._words += tuple(_of_names(rules)) if rules else ()

    def finding_of(self, name: SenderName) -> Finding | None:
        """Red where it is the name of another's line."""
        said, code = _spaced(name.text), CODES["H118"]
        label = next(
            (label for words, label in self._labels.items() if words in said or self._is_part(said, words)), ""
        )
        if label:
            return replace(code, severity=Severity.RED).at(Where(""), f"it reads as {label}")
        letters = "" if name.is_words else said.replace(" ", "")
        words = next((words.strip() for words in self._words if words in said or _is_within(words, letters)), "")
        if words or self._numbers.intersection(said.split()):
            return code.at(Where(""), f'"{words or "a number of a help line"}" in it makes it read as a help line')
        return None

    def _is_part(self, said: str, label: str) -> bool:
        return len(said.split()) >= _LEAST_WORDS and said in label and any(words in said for words in self._words)


def _is_within(words: str, letters: str) -> bool:
    """Of what is written without spaces, as addresses and accounts are."""
    joined = words.replace(" ", "")
    return len(joined) >= _LEAST_LETTERS and joined in letters


def _of_names(rules: PromiseRules) -> Iterator[str]:
    """Not "the line", which is one only where it was named before; numbers that are called in any danger."""
    determiners, lines = {"the", *rules.words["determiners"]}, [*map(_spaced, rules.words["lines"])]
    for words in lines:
        begins_others = any(other != words and other.startswith(words) for other in lines)
        if words.split()[0] not in determiners and not begins_others:  # "linea" is many a thing
            yield words
    yield from map(_spaced, rules.words["emergency_numbers"])


def _spaced(text: str) -> str:
    """Its words with a space around each, to be looked for."""
    return f" {' '.join(_WORD.findall(plain(_BEGINS.sub(' ', fold(text)))))} "
