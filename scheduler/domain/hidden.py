"""Characters that nobody sees, or that show a text in another order than it has: the one list of them, how they are
found, and how they are told.

Such a character lets a false help line past a check, a name pass for another one, or a filter overlook a word. So it
stands in no text: what is loaded with one is a red finding, what is typed with one is refused. They are looked for in
the text as it is written, also where it spells them: ``&rlm;``, ``&#8238;``, ``%E2%80%AE``.

Spaces are not among them, whatever their width (U+00A0, U+2009, U+202F, U+3000 ...): they show as the space that they
are, and good typography needs them. Line feeds and tabs lay out the text that people edit.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from html.entities import html5

from ..light_dataclass import dataclass
from .emoji import joined_emoji

_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_LINE_ENDS = "\u2028\u2029"  # a line feed is the line end of every text here; a return before it belongs to it
#: Unicode's Default_Ignorable_Code_Point: soft hyphen, joiners, marks of direction, fillers, selectors, tags ...
_IGNORABLE_BMP = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufff8"
)
_IGNORABLE = _IGNORABLE_BMP + "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
_ANNOTATION = "\ufff9-\ufffc"
_BLANK = "\u2800"  # the empty pattern of Braille: no space, and nothing to see
_FORMATS = "\U00013430-\U0001343f"  # what arranges hieroglyphs
_SURROGATES = "\ud800-\udfff"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_NO_CHARACTERS = "\ufdd0-\ufdef\ufffe\uffff" + "".join(
    chr(plane + end) for plane in range(0x10000, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)
)
_HIDDEN = re.compile(
    f"[{_CONTROLS}{_LINE_ENDS}{_IGNORABLE}{_ANNOTATION}{_BLANK}{_FORMATS}{_SURROGATES}{_PRIVATE}{_NO_CHARACTERS}]"
)
#: What may be one of them: all of the first plane, and everything beyond it. One class that is quick to look through.
_SUSPECT = re.compile(
    f"[{_CONTROLS}{_LINE_ENDS}{_IGNORABLE_BMP}{_ANNOTATION}{_BLANK}{_SURROGATES}\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"
    "\U00010000-\U0010ffff]"
)
_IN_ASCII = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONE_RETURN = re.compile(r"\r(?!\n)")
#: What a page, a mail program or a browser turns into the character itself.
_ENTITY = re.compile(r"&(?:#(?:[0-9]{1,8}|[xX][0-9A-Fa-f]{1,7});?|[A-Za-z][A-Za-z0-9]{1,30};|shy\b)")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*")
_SPELLED = re.compile(f"{_ENTITY.pattern}|{_PERCENT.pattern}")

#: Behind the preheader of a mail: spaces of a digit's width, each with a mark of no width that keeps mail programs from
#: running them together. They show nothing, and what follows is beyond what the list of an inbox shows. The one place
#: where such a character stands on purpose.
PREHEADER_PADDING = "\u2007\ufeff" * 120

_IN_EMOJI = re.compile("[\u200d\ufe0e\ufe0f\U000e0020-\U000e007f]")
_JOINERS = "\u200c\u200d"
_MARKS = "\u061c\u200e\u200f\u2066-\u2069"
#: A mark within a number puts its groups into another order; it is needed before or behind one at most.
_IN_A_NUMBER = re.compile(rf"(?<=\d)([\s().+/-]{{0,3}})[{_MARKS}]+(?=[\s().+/{_MARKS}-]{{0,6}}\d)")
#: Letters that join, or stand apart, by a joiner: Arabic and its kin, the scripts of India and of its neighbors.
_JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\ufb50-\ufdff\ufe70-\ufefc]")

_RIGHT_TO_LEFT = frozenset("ar arc azb ckb dv fa glk he ks lrc mzn nqo pnb ps sd syr ug ur yi".split())
_RIGHT_TO_LEFT_SCRIPTS = frozenset("adlm arab hebr mand nkoo rohg samr syrc thaa".split())
_NEEDS_JOINERS = frozenset("as bn bho gu hi kn kok mai ml mr my ne or pa sa sat si ta te".split())

_NAMES = {
    0x00: "NULL",
    0x07: "BELL",
    0x08: "BACKSPACE",
    0x0B: "LINE TABULATION",
    0x0C: "FORM FEED",
    0x0D: "CARRIAGE RETURN",
    0x1B: "ESCAPE",
    0x7F: "DELETE",
    0x85: "NEXT LINE",
}
_SHOWN_AROUND = 20


@dataclass(frozen=True)
class Allowed:
    """What the texts of a language may hold beyond emoji. ``joiners``: between letters that take them. ``marks``: of
    direction, and isolates; never overrides and embeddings, and never within a number."""

    joiners: bool = False
    marks: bool = False


#: An edition from left to right, and everything that is not in the language of an edition.
NOTHING = Allowed()
#: Words of a person, who may write Persian or Hindi wherever they are: joiners, where letters take them.
PERSONAL = Allowed(joiners=True)
#: What some edition may hold, where nothing says yet which one it is.
EVERYWHERE = Allowed(joiners=True, marks=True)


@cache
def allowed_in(language: str) -> Allowed:
    """By the language that an edition is registered with, a tag such as ``en``, ``fa-IR``, ``uz-Arab``."""
    first, *others = language.casefold().split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    if script:
        right_to_left = script in _RIGHT_TO_LEFT_SCRIPTS
        return Allowed(right_to_left or (first in _NEEDS_JOINERS and script != "latn"), right_to_left)
    right_to_left = first in _RIGHT_TO_LEFT
    return Allowed(right_to_left or first in _NEEDS_JOINERS, right_to_left)


@dataclass(frozen=True)
class Hidden:
    """One such character. ``start`` and ``end``: where the text spells it."""

    character: str
    start: int
    end: int

    def __str__(self) -> str:
        return name_of(self.character)


def name_of(character: str) -> str:
    """``U+202E RIGHT-TO-LEFT OVERRIDE``."""
    point = ord(character)
    words = unicodedata.name(character, "") or _NAMES.get(point, "")
    if not words:
        kind = unicodedata.category(character)
        words = {"Cc": "a control character", "Cs": "half a character", "Co": "a private character"}.get(
            kind, "no character"
        )
        if 0xE0000 <= point <= 0xE0FFF:
            words = "a tag character"
    return f"U+{point:04X} {words}"


def is_plain(text: str) -> bool:
    """Whether a text is of nothing but the letters, signs and spaces of ASCII, and cannot spell another character: as
    most lines and names are."""
    return text.isascii() and text.isprintable() and "&" not in text and "%" not in text


def hidden_in(text: str, allowed: Allowed = NOTHING) -> list[Hidden]:
    """All hidden characters of a text, in order."""
    if is_plain(text):
        return []
    found = [Hidden(m[0], m.start(), m.end()) for m in _literal(text)]
    if found:
        found = [h for h, fine in zip(found, _fine(text, [h.start for h in found], allowed), strict=True) if not fine]
    if any(_spells_hidden(m[0]) for pattern in (_ENTITY, _PERCENT) for m in pattern.finditer(text)):
        found += _spelled(text, allowed)
        found.sort(key=lambda h: h.start)
    return found


def _literal(text: str) -> Iterator[re.Match[str]]:
    if text.isascii():
        yield from _IN_ASCII.finditer(text)
    else:
        yield from (m for m in _SUSPECT.finditer(text) if m[0] <= "\uffff" or _HIDDEN.match(m[0]))
    if "\r" in text:
        yield from _LONE_RETURN.finditer(text)


def _fine(text: str, places: list[int], allowed: Allowed) -> Iterator[bool]:
    """Of each of these places, whether the character may stand there."""
    spans = joined_emoji(text) if any(_IN_EMOJI.match(text[at]) for at in places) else []
    begins = [start for start, _ in spans]
    in_numbers = [m.span() for m in _IN_A_NUMBER.finditer(text)] if allowed.marks else []
    for at in places:
        sign = text[at]
        if _IN_EMOJI.match(sign) and (n := bisect_right(begins, at)) and at < spans[n - 1][1]:
            yield True
        elif allowed.joiners and sign in _JOINERS:
            yield _takes_joiners(text, at)
        elif allowed.marks and re.match(f"[{_MARKS}]", sign):
            yield not any(start <= at < end for start, end in in_numbers)
        else:
            yield False


def _takes_joiners(text: str, at: int) -> bool:
    before = text[at - 1 : at]
    return bool(_JOINING.match(before)) and unicodedata.category(before)[0] in "LM"


# -- characters that are spelled ----------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _spells_hidden(spelling: str) -> bool:
    meant = _meant(spelling)
    return _HIDDEN.search(meant) is not None or (spelling[0] == "&" and meant == "\r")


def _meant(spelling: str) -> str:
    """What an entity, or a run of percent signs, stands for; itself where it stands for nothing."""
    if spelling[0] == "%":
        return bytes.fromhex(spelling.replace("%", "")).decode("utf-8", "replace")
    body = spelling[1:].rstrip(";")
    if body[0] == "#":
        point = int(body[2:], 16) if body[1] in "xX" else int(body[1:])
        return chr(point) if point <= 0x10FFFF else spelling
    return html5.get(f"{body};", spelling)


def _spelled(text: str, allowed: Allowed) -> list[Hidden]:
    """The hidden characters that are spelled: looked at among the characters that stand around them."""
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []  # of each character of the text as it is meant
    spelled: set[int] = set()
    at = 0
    for found in _SPELLED.finditer(text):
        pieces.append(text[at : found.start()])
        spans += ((n, n + 1) for n in range(at, found.start()))
        meant = _meant(found[0])
        if found[0][0] == "%":  # line ends are part of many an address (mailto:)
            meant = re.sub("[\r\n\t]", " ", meant)
        spelled |= set(range(len(spans), len(spans) + len(meant)))
        pieces.append(meant)
        spans += [found.span()] * len(meant)
        at = found.end()
    pieces.append(text[at:])
    meant = "".join(pieces)
    places = [m.start() for m in _literal(meant) if m.start() in spelled]
    return [
        Hidden(meant[n], *spans[n]) for n, fine in zip(places, _fine(meant, places, allowed), strict=True) if not fine
    ]


# -- how they are told --------------------------------------------------------------------------------------------


def told(text: str, hidden: Hidden) -> str:
    """``U+202E RIGHT-TO-LEFT OVERRIDE in "Call [U+202E]7373-373 now"``: what it is, and the words around it."""
    before = text[max(0, hidden.start - _SHOWN_AROUND) : hidden.start].rpartition("\n")[2]
    after = text[hidden.end : hidden.end + _SHOWN_AROUND].partition("\n")[0]
    spelling = text[hidden.start : hidden.end]
    mark = _mark(hidden.character) if spelling == hidden.character else spelling[:40]
    return f'{name_of(hidden.character)} in "{_shown(before).lstrip()}{mark}{_shown(after).rstrip()}"'


def without_hidden(text: str, allowed: Allowed = PERSONAL) -> str:
    """The text without them. For what is not typed here and is still needed, as the name of a login."""
    if text.isascii() and text.isprintable():
        return text
    pieces, at = [], 0
    for hidden in hidden_in(text, allowed):
        pieces.append(text[at : hidden.start])
        at = max(at, hidden.end)
    return "".join((*pieces, text[at:]))


def bare(text: str) -> str:
    """The text as a check reads it: without anything hidden, in emoji or not, as if it had never been there."""
    if not _SUSPECT.search(text):
        return text
    return _SUSPECT.sub(lambda m: "" if _HIDDEN.match(m[0]) else m[0], text)


def refuse_hidden(text: str, what: str, allowed: Allowed = PERSONAL) -> None:
    """For what a person has typed. Raises Refused that says which character, and where."""
    found = hidden_in(text, allowed)
    if found:
        from .refusals import Refusal, Refused  # the words of all of them, for one that hardly anybody meets

        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise Refused(Refusal.HIDDEN_CHARACTER, what=what, character=f"{told(text, found[0])}{more}")


def _mark(character: str) -> str:
    return f"[U+{ord(character):04X}]"


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else " " if c.isspace() else _mark(c) for c in text)


_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT_ESCAPES = {"b": "\b", "f": "\f", "r": "\r"}


def hidden_escapes(text: str, data: Mapping[str, object], allowed: Allowed = NOTHING) -> Iterator[tuple[int, str]]:
    """The line of each escape (``\\u202e``) that puts a hidden character into a value, and the character."""
    if "\\" not in text:
        return
    escapes = []
    for found in _ESCAPE.finditer(text):
        character = chr(int(found[1] or found[2], 16)) if not found[3] else _SHORT_ESCAPES.get(found[3], "")
        if hidden_in(character):
            escapes.append((found.start(), character))
    if not escapes:
        return
    # Between single quotes a backslash is a backslash: only what has become part of a value counts.
    kept = {hidden.character for value in _texts_in(data) for hidden in hidden_in(value, allowed)}
    yield from ((text.count("\n", 0, at) + 1, character) for at, character in escapes if character in kept)


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for entry in value:
            yield from _texts_in(entry)
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield str(key)
            yield from _texts_in(entry)
