"""The length of a text as people see it: in grapheme clusters, as several networks count; and in bytes of UTF-8.

A grapheme cluster is what a person takes for one character: a letter with its accents, a flag, a family of four. The
rules are those of Unicode's annex 29 (extended grapheme clusters, version 15.1, GB3 to GB999); the classes are made
from the standard library's character database and from the few facts that it lacks. A character that is younger than
the database counts for itself, so a count can only be too much, never too little.
https://www.unicode.org/reports/tr29/#Grapheme_Cluster_Boundary_Rules
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache


def _code_points(ranges: str) -> frozenset[int]:
    """Of ``"9be b57 cc7-cc8"``."""
    ends = (part.partition("-") for part in ranges.split())
    return frozenset(n for first, _, last in ends for n in range(int(first, 16), int(last or first, 16) + 1))


# Where Grapheme_Cluster_Break is not what the general category lets one expect (GraphemeBreakProperty.txt).
_PREPENDED = _code_points("600-605 6dd 70f 890-891 8e2 d4e 110bd 110cd 111c2-111c3 1193f 11941 11a84-11a89 11d46")
_EXTENDING = _code_points(  # spacing marks that extend, the non-joiner, half-width voice marks, skin tones, tags
    "9be 9d7 b3e b57 bbe bd7 cc0 cc2 cc7-cc8 cca-ccb cd5-cd6 d3e d57 dcf ddf 1715 1734 1b35 1b3b 1b3d 1b43-1b44 1baa "
    "1bf2-1bf3 200c 302e-302f a953 a9c0 ff9e-ff9f 111c0 11235 1133e 1134d 11357 114b0 114bd 115af 116b6 11930 1193d "
    "16ff0-16ff1 1d165-1d166 1d16d-1d172 1f3fb-1f3ff e0020-e007f"
)
_SPACING = _code_points("e33 eb3 1171e")
_NOT_SPACING = _code_points(
    "102b-102c 1038 1062-1064 1067-106d 1083 1087-108c 108f 109a-109c 1a61 1a63-1a64 aa7b aa7d 11720-11721"
)
_IGNORED = _code_points("2065 fff0-fff8 e0000 e0002-e001f e0080-e00ff e01f0-e0fff")  # not assigned, and never shown
# Extended_Pictographic (emoji-data.txt).
_PICTURES = _code_points(
    "a9 ae 203c 2049 2122 2139 2194-2199 21a9-21aa 231a-231b 2328 2388 23cf 23e9-23f3 23f8-23fa 24c2 25aa-25ab 25b6 "
    "25c0 25fb-25fe 2600-2605 2607-2612 2614-2685 2690-2705 2708-2712 2714 2716 271d 2721 2728 2733-2734 2744 2747 "
    "274c 274e 2753-2755 2757 2763-2767 2795-2797 27a1 27b0 27bf 2934-2935 2b05-2b07 2b1b-2b1c 2b50 2b55 3030 303d "
    "3297 3299 1f000-1f0ff 1f10d-1f10f 1f12f 1f16c-1f171 1f17e-1f17f 1f18e 1f191-1f19a 1f1ad-1f1e5 1f201-1f20f 1f21a "
    "1f22f 1f232-1f23a 1f23c-1f23f 1f249-1f3fa 1f400-1f53d 1f546-1f64f 1f680-1f6ff 1f774-1f77f 1f7d5-1f7ff "
    "1f80c-1f80f 1f848-1f84f 1f85a-1f85f 1f888-1f88f 1f8ae-1f8ff 1f90c-1f93a 1f93c-1f945 1f947-1faff 1fc00-1fffd"
)
# Indic_Conjunct_Break: what joins two consonants, and the consonants (DerivedCoreProperties.txt).
_LINKERS = _code_points("94d 9cd acd b4d c4d d4d")
_CONSONANTS = _code_points(
    "915-939 958-95f 978-97f 995-9a8 9aa-9b0 9b2 9b6-9b9 9dc-9dd 9df 9f0-9f1 a95-aa8 aaa-ab0 ab2-ab3 ab5-ab9 af9 "
    "b15-b28 b2a-b30 b32-b33 b35-b39 b5c-b5d b5f b71 c15-c28 c2a-c39 c58-c5a d15-d3a"
)
_NON_JOINER = "\u200c"
_HANGUL = (  # conjoining letters; syllables are reckoned from their number
    *((n, "L") for n in _code_points("1100-115f a960-a97c")),
    *((n, "V") for n in _code_points("1160-11a7 d7b0-d7c6")),
    *((n, "T") for n in _code_points("11a8-11ff d7cb-d7fb")),
)
_CLASSES = {
    0x0D: "CR",
    0x0A: "LF",
    0x200D: "ZWJ",
    **dict.fromkeys(_PREPENDED, "Prepend"),
    **dict.fromkeys(_EXTENDING, "Extend"),
    **dict.fromkeys(_SPACING, "SpacingMark"),
    **dict.fromkeys(_NOT_SPACING, "Any"),
    **dict.fromkeys(_IGNORED, "Control"),
    **dict.fromkeys(_PICTURES, "Picture"),
    **dict.fromkeys(_CONSONANTS, "Consonant"),
    **dict.fromkeys(range(0x1F1E6, 0x1F200), "Flag"),
    **dict(_HANGUL),
}
_BY_CATEGORY = {
    "Mn": "Extend",
    "Me": "Extend",
    "Mc": "SpacingMark",
    **dict.fromkeys(("Cc", "Cf", "Cs", "Zl", "Zp"), "Control"),
}
_SYLLABLES, _SYLLABLES_A_PAIR = range(0xAC00, 0xD7A4), 28
#: GB6 to GB8, and GB9b but for controls: what stays together whatever came before.
_TOGETHER = frozenset(tuple(pair.split()) for pair in "CR LF,L L,L V,L LV,L LVT,LV V,LV T,V V,V T,LVT T,T T".split(","))
_ALONE = frozenset(("CR", "LF", "Control"))
_APPENDED = frozenset(("Extend", "ZWJ", "SpacingMark"))


def grapheme_length(text: str) -> int:
    """How many characters a reader sees."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return sum(1 for _ in graphemes(text))


def byte_length(text: str) -> int:
    """How many bytes it takes. Half a character, which cannot be sent, counts as three."""
    return len(text.encode("utf-8", "surrogatepass"))


def graphemes(text: str) -> Iterator[str]:
    """The characters that a reader sees, in order. Joined they are the text."""
    start, before = 0, ""
    state = _State()
    for at, character in enumerate(text):
        kind = _class_of(character)
        if at and not _holds_together(before, kind, state):
            yield text[start:at]
            start, state = at, _State()
        state.take(character, kind)
        before = kind
    if text:
        yield text[start:]


class _State:
    """What of the cluster so far the next boundary depends on."""

    __slots__ = ("consonant", "flags", "joins", "linked", "pictured")

    def __init__(self) -> None:
        self.flags = 0  # regional indicators at the end
        self.pictured = self.joins = False  # it ends in: a picture, then what extends it; and then one joiner
        self.consonant = self.linked = False  # it ends in: an Indic consonant, then marks, a linker among them

    def take(self, character: str, kind: str) -> None:
        self.flags = self.flags + 1 if kind == "Flag" else 0
        self.joins = kind == "ZWJ" and self.pictured
        self.pictured = kind == "Picture" or (self.pictured and kind == "Extend")
        marks = kind in ("Extend", "ZWJ") and character != _NON_JOINER
        self.consonant = kind == "Consonant" or (self.consonant and marks)
        self.linked = self.consonant and kind != "Consonant" and (self.linked or ord(character) in _LINKERS)


def _holds_together(before: str, after: str, state: _State) -> bool:
    """Whether there is no boundary between two classes of characters."""
    if (before, after) in _TOGETHER:  # GB3, GB6 to GB8
        return True
    if before in _ALONE or after in _ALONE:  # GB4, GB5
        return False
    if after in _APPENDED or before == "Prepend":  # GB9, GB9a, GB9b
        return True
    if after == "Consonant":  # GB9c
        return state.linked
    if after == "Picture":  # GB11
        return state.joins
    return after == "Flag" and state.flags % 2 == 1  # GB12, GB13; all else: GB999


@cache
def _class_of(character: str) -> str:
    number = ord(character)
    if number in _SYLLABLES:
        return "LV" if (number - _SYLLABLES.start) % _SYLLABLES_A_PAIR == 0 else "LVT"
    return _CLASSES.get(number) or _BY_CATEGORY.get(unicodedata.category(character), "Any")
