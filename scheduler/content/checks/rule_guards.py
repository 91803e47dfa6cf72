"""What a rule and the words behind it guard, in terms by which a looser one is told from a stricter one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...domain.campaign import LANGUAGES_READ
from ...domain.finding import Severity
from ...domain.question import Asked
from ...domain.season_guard import EACH, Terms, mark_of, pack_guard, rule_guard, stronger
from ..phrases import Phrase
from ..sentence_patterns import Families

#: A rule is looser without one of these ...
_HOLDS = ("words", "patterns", "needs", "where", "topics", "tags", "field")
#: ... with one more of these ...
_LETS = ("allow", "unless", "denied", "not_kinds")
#: ... and with more, or less, of these.
_MOST, _LEAST = ("most", "least_words", "least_letters"), ("least",)
#: What makes it look at more where it is true.
_FLAGS = ("quotations", "mentions", "claims", "in_sources")
#: What makes a rule concern some messages alone, of which none means each.
_CONCERNS = ("kinds", "cues", "flag")
#: What of the words about quantities lets some pass.
_PASSING = frozenset({"silent", "same"})
#: Families of words that lift what a rule has found, whatever rule it is.
_LIFTING = frozenset({"not", "doubt", "doubted", "asked", "answers"})
_FAMILY = re.compile(r"\{([a-z-]+)\}")
_Values = Mapping[str, Any]


def rule_guards(
    pack: str,
    rules: Sequence[tuple[str, Severity, str, _Values]],
    families: Families,
    telling: Mapping[str, Sequence[Phrase | str]],
    passing: Mapping[str, Sequence[str]],
    quantities: object = None,
) -> Iterator[Asked]:
    """Those of a pack: of its rules, each with the values of its keys, of its own ``families`` of words, of its lists
    of words that are ``telling`` or let pass, and of its table ``quantities`` as it is written."""
    beside = quantities if isinstance(quantities, Mapping) else {}
    marks = {key: tuple(map(mark_of, _words_in(value))) for key, value in beside.items()}
    holds, lets = ({key: _listed("words", one) for key, one in of.items()} for of in (telling, passing))
    for key, words in marks.items():
        (lets if key in _PASSING else holds)[key] = words
    if rules or families or any(holds.values()) or any(lets.values()):
        yield pack_guard(pack, Terms(holds={key: words for key, words in holds.items() if words}, lets=lets))
    parts: dict[str, tuple[Severity, str, list[_Values]]] = {}
    lifting = set(_LIFTING)
    for rule_id, severity, title, values in rules:
        before, _, of_it = parts.setdefault(rule_id, (severity, title, []))
        parts[rule_id] = stronger(before, severity), title, [*of_it, values]
        lifting.update(*(_FAMILY.findall(text) for text in _texts(values["unless"])))
    for rule_id, (severity, title, of_it) in parts.items():
        yield rule_guard(pack, rule_id, severity, title, _terms_of(of_it))
    for name, words in families.items():
        marks = {"words": tuple(map(mark_of, words))}
        of_family = Terms(lets=marks) if name in lifting else Terms(holds=marks)
        yield rule_guard(pack, f"{pack}:{name}", Severity.RED, f"the family of words {name}", of_family)


def _words_in(written: object) -> Iterator[str]:
    """The texts of all lists in a table, but for sentences that are examples."""
    for key, value in written.items() if isinstance(written, Mapping) else ():
        yield from () if key in ("good", "bad") else _words_in(value)
    for one in written if isinstance(written, list) else ():
        yield from (one,) if isinstance(one, str) else _words_in(one)


def _terms_of(parts: Sequence[_Values]) -> Terms:
    """Of a rule, part by part."""
    all_holds: dict[str, tuple[str, ...]] = {}
    lets: dict[str, tuple[str, ...]] = {}
    most: dict[str, float] = {}
    least: dict[str, float] = {}
    for number, values in enumerate(parts, start=1):
        of = f" of part {number}" if number > 1 else ""
        concerns = [f"{key} {one}" for key in _CONCERNS for one in _listed(key, values[key])]
        holds = {key: _listed(key, values[key]) for key in _HOLDS} | {
            "type": (values["type"],),
            "flags": tuple(flag for flag in _FLAGS if values[flag]),
            "concerns": tuple(concerns) or (EACH,),
            "languages": values["languages"] or LANGUAGES_READ,
        }
        all_holds.update({key + of: value for key, value in holds.items() if value})
        lets.update({key + of: _listed(key, values[key]) for key in _LETS})
        most.update({key + of: values[key] for key in _MOST if values[key]})
        least.update({key + of: values[key] for key in _LEAST if values[key]})
    return Terms(all_holds, lets, most, least)


def _listed(key: str, value: Any) -> tuple[str, ...]:
    """Words that are many as marks, the rest as it is written."""
    texts = _texts(value)
    return tuple(map(mark_of, texts)) if key in ("words", "patterns", "needs", "cues", "allow", "unless") else texts


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(map(_written, value))


def _written(one: Any) -> str:
    """Of a phrase, of a regular expression, of alternatives; of a word itself."""
    if isinstance(one, tuple):
        return " | ".join(map(_written, one))
    return str(getattr(one, "written", getattr(one, "pattern", one)))
