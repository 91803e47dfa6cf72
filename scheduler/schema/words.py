"""What does not fit, in words for whoever edits a file of the project's configuration, or calls the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .misfit import Misfit, Rule
from .toml_text import did_you_mean

_WANTED: Mapping[type, str] = {
    str: "a text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false, in small letters and without quotes",
    dict: "a table",
    list: 'a list of texts in quotes, as ["a", "b"]',
}
_WORDS: Mapping[Rule, str] = {
    Rule.MISSING: "is missing",
    Rule.EMPTY: "is empty",
    Rule.TWICE: "names a text twice",
    Rule.TOO_SHORT: "must have at least {field.shortest} {of}",
    Rule.TOO_LONG: "must have at most {field.longest} {of}",
    Rule.PATTERN: "must be of the form {field.pattern}",
    Rule.OUT_OF_RANGE: "is out of range; allowed is {field.least:.16g} to {field.most:.16g}",
}


def _quoted(text: str) -> str:
    return f'"{text[:60]}"'


def words_of(wrong: Misfit, shown: Callable[[str], str] = _quoted, wanted: Mapping[type, str] = _WANTED) -> str:
    """What is wrong, in words that follow the key's name.

    ``shown`` quotes a text, or hides what may be secret; ``wanted`` names the kinds of values.
    """
    key, value = wrong.key, wrong.value
    if wrong.rule is Rule.UNKNOWN or key is None:
        near = did_you_mean(wrong.name, wrong.known) or f"known are: {', '.join(sorted(wrong.known))}"
        return f"is not known here; {near}"
    if wrong.rule is Rule.KIND:
        several = list if key.many else dict
        kind = several if wrong.of_several or key.is_table else str if issubclass(key.kind, str) else key.kind
        instead = ", not true or false" if isinstance(value, bool) and kind is not bool else ""
        return f"must be {wanted[kind]}{instead}"
    if wrong.rule is Rule.NOT_ALLOWED:
        near = did_you_mean(str(value).lower(), key.allowed)
        return f"is {shown(str(value))}; allowed are: {', '.join(key.allowed)}" + (f"; {near}" if near else "")
    of = "entries" if wrong.of_several else "characters"
    return wrong.words or _WORDS[wrong.rule].format(field=key.field, of=of)
