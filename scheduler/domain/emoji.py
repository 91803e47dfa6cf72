"""Emoji that are sequences of several characters: skin tones, flags, keycaps, joined people.

The tables are facts of the Unicode Consortium's emoji data, version 11 (emoji-data.txt, emoji-sequences.txt,
emoji-zwj-sequences.txt, emoji-variation-sequences.txt): the version that X's published counter knows. Later
sequences are deliberately not among those of :func:`emoji_sequences`. :func:`joined_emoji` is for another question,
whether a joiner or a selector belongs to a picture, and knows those of version 17 too.
"""

from __future__ import annotations

import re
from functools import cache

#: No sequence without one of these; a text that has none needs no closer look.
HINT_OF_SEQUENCE = re.compile("[\ufe0f\u200d\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e007f]")

_VS16 = "\ufe0f"  # "show me as a picture"
_ZWJ = "\u200d"
_TONE = "[\U0001f3fb-\U0001f3ff]"

# Characters with a text form and a picture form.
_TWO_FORMS = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23ed-\u23ef\u23f1\u23f2"
    "\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2604\u260e\u2611\u2614\u2615\u2618\u2620\u2622"
    "\u2623\u2626\u262a\u262e\u262f\u2638-\u263a\u2640\u2642\u2648-\u2653\u265f\u2660\u2663\u2665\u2666\u2668\u267b"
    "\u267f\u2692-\u2697\u2699\u269b\u269c\u26a0\u26a1\u26aa\u26ab\u26b0\u26b1\u26bd\u26be\u26c4\u26c5\u26c8\u26cf"
    "\u26d1\u26d3\u26d4\u26e9\u26ea\u26f0-\u26f5\u26f8\u26fa\u26fd\u2702\u2708\u2709\u270f\u2712\u2714\u2716\u271d"
    "\u2721\u2733\u2734\u2744\u2747\u2757\u2763\u2764\u27a1\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030"
    "\u303d\u3297\u3299\U0001f004\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f202\U0001f21a\U0001f22f\U0001f237"
    "\U0001f321\U0001f324-\U0001f32c\U0001f336\U0001f37d\U0001f396\U0001f397\U0001f399-\U0001f39b\U0001f39e\U0001f39f"
    "\U0001f3cd\U0001f3ce\U0001f3d4-\U0001f3df\U0001f3f3\U0001f3f5\U0001f3f7\U0001f43f\U0001f441\U0001f4fd\U0001f549"
    "\U0001f54a\U0001f56f\U0001f570\U0001f573\U0001f576-\U0001f579\U0001f587\U0001f58a-\U0001f58d\U0001f5a5\U0001f5a8"
    "\U0001f5b1\U0001f5b2\U0001f5bc\U0001f5c2-\U0001f5c4\U0001f5d1-\U0001f5d3\U0001f5dc-\U0001f5de\U0001f5e1\U0001f5e3"
    "\U0001f5e8\U0001f5ef\U0001f5f3\U0001f5fa\U0001f6cb\U0001f6cd-\U0001f6cf\U0001f6e0-\U0001f6e5\U0001f6e9\U0001f6f0"
    "\U0001f6f3"
)
# The same, that also take a skin tone.
_TWO_FORMS_TONED = "\u261d\u26f7\u26f9\u270c\u270d\U0001f3cb\U0001f3cc\U0001f574\U0001f575\U0001f590"
_TWO_FORMS_SINCE = "\u267e\u26a7"  # that the counter does not know
# Pictures that take a skin tone.
_TONED = (
    "\u270a\u270b\U0001f385\U0001f3c2-\U0001f3c4\U0001f3c7\U0001f3ca\U0001f442\U0001f443\U0001f446-\U0001f450"
    "\U0001f466-\U0001f469\U0001f46e\U0001f470-\U0001f478\U0001f47c\U0001f481-\U0001f483\U0001f485-\U0001f487\U0001f4aa"
    "\U0001f57a\U0001f595\U0001f596\U0001f645-\U0001f647\U0001f64b-\U0001f64f\U0001f6a3\U0001f6b4-\U0001f6b6\U0001f6c0"
    "\U0001f6cc\U0001f918-\U0001f91c\U0001f91e\U0001f91f\U0001f926\U0001f930-\U0001f939\U0001f93d\U0001f93e\U0001f9b5"
    "\U0001f9b6\U0001f9b8\U0001f9b9\U0001f9d1-\U0001f9dd"
)
# People that are joined with a sign for woman or man.
_GENDERED = (
    "\U0001f3c3\U0001f3c4\U0001f3ca\U0001f46e\U0001f471\U0001f473\U0001f477\U0001f481\U0001f482\U0001f486\U0001f487"
    "\U0001f645-\U0001f647\U0001f64b\U0001f64d\U0001f64e\U0001f6a3\U0001f6b4-\U0001f6b6\U0001f926\U0001f935"
    "\U0001f937-\U0001f939\U0001f93d\U0001f93e\U0001f9b8\U0001f9b9\U0001f9d6-\U0001f9dd"
)
_GENDERED_TWO_FORMS = "\u26f9\U0001f3cb\U0001f3cc\U0001f574\U0001f575"
_GENDERED_PLAIN = "\U0001f46f\U0001f93c\U0001f9de\U0001f9df"
# What a woman or a man is joined with to become a profession, or to get a head of hair.
_ROLE = (
    "(?:[\u2695\u2696\u2708]\ufe0f|[\U0001f33e\U0001f373\U0001f393\U0001f3a4\U0001f3a8\U0001f3eb\U0001f3ed\U0001f4bb\U0001f4bc"
    "\U0001f527\U0001f52c\U0001f680\U0001f692\U0001f9b0-\U0001f9b3])"
)
_MAN, _WOMAN, _BOY, _GIRL = "\U0001f468", "\U0001f469", "\U0001f466", "\U0001f467"
_CHILDREN = f"(?:{_BOY}{_ZWJ}{_BOY}|{_GIRL}{_ZWJ}[{_BOY}{_GIRL}]|[{_BOY}{_GIRL}])"
# Couples are written with the woman first when there is one; parents with the man first.
_HEART = f"\u2764{_VS16}{_ZWJ}(?:\U0001f48b{_ZWJ})?"
_COUPLE = f"(?:{_WOMAN}{_ZWJ}{_HEART}[{_MAN}{_WOMAN}]|{_MAN}{_ZWJ}{_HEART}{_MAN})"
_FAMILY = f"(?:{_MAN}{_ZWJ}[{_MAN}{_WOMAN}]|{_WOMAN}{_ZWJ}{_WOMAN}|[{_MAN}{_WOMAN}]){_ZWJ}{_CHILDREN}"

# Regions with a flag: first letter, then all second letters.
_REGIONS = (
    "a:cdefgilmoqrstuwxz b:abdefghijlmnoqrstvwyz c:acdfghiklmnopruvwxyz d:egjkmoz e:aceghrstu f:ijkmor "
    "g:abdefghilmnpqrstuwy h:kmnrtu i:cdelmnoqrst j:emop k:eghimnprwyz l:abcikrstuvy m:acdefghklmnopqrstuvwxyz "
    "n:acefgilopruz o:m p:aefghklmnrstwy q:a r:eosuw s:abcdeghijklmnorstvxyz t:acdfghjklmnortvwz u:agmnsyz "
    "v:aceginu w:fs x:k y:et z:amw"
)
# England, Scotland, Wales: a black flag, the region's code in tag letters, an end mark.
_NATIONS = ("gbeng", "gbsct", "gbwls")


def emoji_sequences(text: str) -> list[tuple[int, int]]:
    """Where emoji of more than one character stand in ``text``: (start, end), in order."""
    return [m.span() for m in _pattern().finditer(text)]


def joined_emoji(text: str) -> list[tuple[int, int]]:
    """Where a picture stands that is written with characters nobody sees by themselves: joiners, selectors, tags.

    The sequences of Unicode's list (Emoji 17), each also without its selectors, as many keyboards write it; and a
    character with two forms, with the selector of one of them.
    """
    return [m.span() for m in _joined().finditer(text)]


@cache
def _pattern() -> re.Pattern[str]:
    # The longest kinds first: an alternative that matches ends the search.
    gender = f"{_ZWJ}[\u2640\u2642]{_VS16}"
    return re.compile(
        "|".join(
            (
                f"[{_MAN}{_WOMAN}]{_TONE}?{_ZWJ}{_ROLE}",
                f"[{_GENDERED_TWO_FORMS}](?:{_TONE}|{_VS16}){gender}",
                f"[{_GENDERED}]{_TONE}?{gender}",
                f"[{_GENDERED_PLAIN}]{gender}",
                _COUPLE,
                _FAMILY,
                f"\U0001f3f3{_VS16}{_ZWJ}\U0001f308",
                f"\U0001f3f4{_ZWJ}\u2620{_VS16}",
                f"\U0001f441{_ZWJ}\U0001f5e8",
                f"[#*0-9]{_VS16}?\u20e3",
                f"[{_TWO_FORMS}]{_VS16}",
                f"[{_TWO_FORMS_TONED}](?:{_VS16}{_TONE}?|{_TONE})",
                f"[{_TONED}]{_TONE}",
                *_flags(),
            )
        )
    )


@cache
def _joined() -> re.Pattern[str]:
    vs, tone = f"{_VS16}?", f"{_TONE}?"
    person = f"[{_MAN}{_WOMAN}\U0001f9d1]{tone}"
    child = f"[{_BOY}{_GIRL}\U0001f9d2]"
    right = f"(?:{_ZWJ}\u27a1{vs})?"  # facing right
    gender = f"{_ZWJ}[\u2640\u2642]{vs}"
    role = (
        f"(?:[\u2695\u2696\u2708]{vs}|[\U0001f9af\U0001f9bc\U0001f9bd]{right}|[\U0001f33e\U0001f373\U0001f37c"
        "\U0001f384\U0001f393\U0001f3a4\U0001f3a8\U0001f3eb\U0001f3ed\U0001f4bb\U0001f4bc\U0001f527\U0001f52c\U0001f680"
        "\U0001f692\U0001f9b0-\U0001f9b3\U0001fa70])"
    )
    with_another = f"(?:\u2764{vs}{_ZWJ}(?:\U0001f48b{_ZWJ})?|[\U0001f91d\U0001f430\U0001faef]{_ZWJ})"
    pairs = (  # two pictures that make one
        "\U0001f3f3\ufe0f?\u200d(?:\U0001f308|\u26a7\ufe0f?)",
        "\U0001f3f4\u200d\u2620\ufe0f?",
        "\U0001f441\ufe0f?\u200d\U0001f5e8\ufe0f?",
        "\U0001f415\u200d\U0001f9ba",
        "\U0001f408\u200d\u2b1b",
        "\U0001f43b\u200d\u2744\ufe0f?",
        "\U0001f426\u200d[\u2b1b\U0001f525]",
        "\U0001f62e\u200d\U0001f4a8",
        "\U0001f635\u200d\U0001f4ab",
        "\U0001f636\u200d\U0001f32b\ufe0f?",
        "\u2764\ufe0f?\u200d[\U0001f525\U0001fa79]",
        "\U0001f34b\u200d\U0001f7e9",
        "\U0001f344\u200d\U0001f7eb",
        "\u26d3\ufe0f?\u200d\U0001f4a5",
        "\U0001f642\u200d[\u2194\u2195]\ufe0f?",
        f"\U0001faf1{_TONE}\u200d\U0001faf2{_TONE}",
    )
    gendered = f"{_GENDERED}{_GENDERED_TWO_FORMS}{_GENDERED_PLAIN}\U0001f470\U0001f9cd-\U0001f9cf\U0001f9d4"
    return re.compile(
        "|".join(
            (
                f"{person}{_ZWJ}{with_another}{person}",
                f"{person}{_ZWJ}{person}(?:{_ZWJ}{child}){{1,2}}",
                f"{person}(?:{_ZWJ}{child}){{1,2}}",
                f"{person}{_ZWJ}{role}",
                f"[{gendered}](?:{_TONE}|{_VS16})?{gender}{right}",
                f"[\U0001f3c3\U0001f6b6\U0001f9ce]{tone}{_ZWJ}\u27a1{vs}",
                *pairs,
                f"[#*0-9]{vs}\u20e3",
                f"[{_TWO_FORMS}{_TWO_FORMS_TONED}{_TWO_FORMS_SINCE}][\ufe0e\ufe0f]",
                *(flag for flag in _flags() if flag.startswith("\U0001f3f4")),
            )
        )
    )


def _flags() -> list[str]:
    def indicator(letter: str) -> str:
        return chr(0x1F1E6 + ord(letter) - ord("a"))

    def tags(code: str) -> str:
        return "".join(chr(0xE0000 + ord(letter)) for letter in code)

    regions = [
        f"{indicator(first)}[{''.join(map(indicator, second))}]"
        for first, _, second in (part.partition(":") for part in _REGIONS.split())
    ]
    return regions + [f"\U0001f3f4{tags(nation)}\U000e007f" for nation in _NATIONS]
