"""Characters that nobody sees, wherever they stand in a text, and those that only look like them."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.emoji import joined_emoji
from scheduler.domain.hidden import (
    EVERYWHERE,
    NOTHING,
    PERSONAL,
    allowed_in,
    bare,
    hidden_in,
    name_of,
    refuse_hidden,
    told,
    without_hidden,
)
from scheduler.domain.redact import is_plainly_seen, person, person_key
from scheduler.domain.refusals import Refusal, Refused

#: What each is there for.
EXAMPLES = {
    "override": "\u202e",
    "other override": "\u202d",
    "embedding": "\u202a",
    "end of one": "\u202c",
    "isolate": "\u2067",
    "mark": "\u200f",
    "Arabic mark": "\u061c",
    "zero width space": "\u200b",
    "joiner": "\u200d",
    "non-joiner": "\u200c",
    "word joiner": "\u2060",
    "invisible plus": "\u2064",
    "soft hyphen": "\u00ad",
    "byte order mark": "\ufeff",
    "selector": "\ufe0f",
    "later selector": "\U000e0100",
    "grapheme joiner": "\u034f",
    "filler": "\u3164",
    "half a filler": "\uffa0",
    "Mongolian": "\u180e",
    "line end": "\u2028",
    "paragraph end": "\u2029",
    "annotation": "\ufff9",
    "object": "\ufffc",
    "tag": "\U000e0041",
    "end of tags": "\U000e007f",
    "language tag": "\U000e0001",
    "private": "\ue000",
    "far private": "\U00100000",
    "no character": "\ufdd0",
    "far no character": "\U0001ffff",
    "half": "\ud800",
    "null": "\x00",
    "escape": "\x1b",
    "backspace": "\x08",
    "form feed": "\x0c",
    "delete": "\x7f",
    "C1": "\x85",
    "deprecated": "\u206a",
    "Braille blank": "\u2800",
    "shorthand": "\U0001bca0",
    "beamed": "\U0001d173",
    "return": "\r",
}

_TONE = ["", *map(chr, range(0x1F3FB, 0x1F400))]
_ROLES = "⚕️ ⚖️ ✈️ 🌾 🍳 🍼 🎓 🎤 🎨 🏫 🏭 💻 💼 🔧 🔬 🚀 🚒 🦯 🦼 🦽 🦰 🦱 🦲 🦳".split()
_GENDERED = "🏃 🏄 🏊 👮 👯 👰 👱 👳 👷 💁 💂 💆 💇 🙅 🙆 🙇 🙋 🙍 🙎 🚣 🚴 🚵 🚶 🤦 🤵 🤷 🤸 🤼 🤽 🤾 🦸 🦹 🧍 🧎 🧏 🧔 🧖 🧗 🧘 🧙 🧚 🧛 🧜 🧝 🧞 🧟".split()
#: Of Unicode's list, each kind and every joined one that is no person.
EMOJI = [
    *(f"{who}{tone}\u200d{role}" for who in "👨👩🧑" for tone in _TONE for role in _ROLES),
    *(f"{who}{tone}\u200d{role}\u200d➡️" for who in "👨👩🧑" for tone in _TONE for role in "🦯🦼🦽"),
    *(f"{who}{tone}\u200d{sign}\ufe0f" for who in _GENDERED for tone in _TONE for sign in "♀♂"),
    *(f"{who}\ufe0f\u200d{sign}\ufe0f" for who in "⛹🏋🏌🕵" for sign in "♀♂"),
    *(f"{who}{tone}\u200d➡️" for who in "🏃🚶🧎" for tone in _TONE),
    *(
        f"{a}{s}\u200d{how}\u200d{b}{t}"
        for a in "👨👩🧑"
        for b in "👨👩🧑"
        for s in _TONE
        for t in _TONE
        for how in ("❤️", "❤️\u200d💋", "🤝")
    ),
    *("👨‍👩‍👧 👨‍👩‍👧‍👦 👩‍👩‍👦‍👦 👨‍👧‍👧 👩‍👦 🧑‍🧑‍🧒 🧑‍🧑‍🧒‍🧒 🧑‍🧒 🧑‍🧒‍🧒".split()),
    *("🏳️‍🌈 🏳️‍⚧️ 🏴‍☠️ 👁️‍🗨️ 🐕‍🦺 🐈‍⬛ 🐻‍❄️ 🐦‍⬛ 🐦‍🔥 😮‍💨 😵‍💫 😶‍🌫️ ❤️‍🔥 ❤️‍🩹 🧑‍🎄 🍋‍🟩 🍄‍🟫 ⛓️‍💥 🙂‍↔️ 🙂‍↕️ 🫱🏻‍🫲🏿".split()),
    *("🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴󠁧󠁢󠁷󠁬󠁳󠁿 🇩🇪 👍🏽 1️⃣ #️⃣ *⃣ ☎️ ☎︎ ©️ ♾️ ⚧️ 😀 ✊".split()),
]
HIDDEN = st.sampled_from(sorted(EXAMPLES.values()))
#: Words of any script, without a joiner's neighbours and without what would spell something.
WORDS = st.text(
    st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Po", "Zs"], exclude_characters="&%#\u115f\u1160\u3164\uffa0")
)


@pytest.mark.parametrize("character", EXAMPLES.values(), ids=EXAMPLES)
def test_each_kind_is_found_at_the_ends_and_within(character: str) -> None:
    """With its place, and a name that says which."""
    for text in (
        character,
        f"a{character}",
        f"{character}b",
        f"Call 1-888-{character}373 now",
        f"\u00e4 {character} \u2014",
    ):
        assert [(character, text.index(character))] == [(h.character, h.start) for h in hidden_in(text)], text
        assert f"U+{ord(character):04X} " in name_of(character)


@given(WORDS, HIDDEN, WORDS)
def test_no_words_around_it_hide_one(before: str, character: str, after: str) -> None:
    """Whatever the script of the words."""
    assert character in {h.character for h in hidden_in(f"{before}x{character}y{after}")}


def test_the_list_is_that_of_unicode() -> None:
    """Every control, format, private and broken character but for line feed, tab, and signs that are seen."""
    seen = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    missed = [
        hex(point)
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point)) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        if point not in seen and chr(point) not in "\n\t" and not hidden_in(chr(point))
    ]
    assert [] == missed
    shown = [
        chr(p)
        for p in range(sys.maxunicode + 1)
        if unicodedata.category(chr(p)) in ("Zs", "Lu", "Ll", "Mc", "Sc", "Nd")
    ]
    assert [] == [hex(ord(c)) for c in shown if hidden_in(c)]


@pytest.mark.parametrize(
    "text",
    [
        "caf\u00e9 and cafe\u0301, Zu\u0308rich, \u0110\u1eb7ng",
        "\u0645\u0631\u062d\u0628\u0627 \u0643\u064e\u062a\u064e\u0628\u064e 1-888-373-7888",
        "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",
        "\u0939\u093f\u0928\u094d\u0926\u0940 \u0e44\u0e17\u0e22 \u65e5\u672c\u8a9e \ud55c\uae00 \u1112\u1161\u11ab",
        "10\u00a0km, 10\u202f%, 1\u2009000, \u3000, \u2003, \u2007",
        "one\r\ntwo\n\tthree",
        "AT&T; R&D &amp; &quot; &nbsp; &#8212; &#160; &notanentity; &# &#x; 100% of %s, 50%off, %unsubscribe_url%",
        "mailto:a@b.test?subject=Two%20words&body=One%0D%0ATwo https://a.test/caf%C3%A9/%E2%80%94?a=1&rlmx=2",
    ],
)
def test_what_is_seen_stays(text: str) -> None:
    """Accents either way, letters from right to left, spaces of any width, line ends, and what spells other things."""
    assert [] == hidden_in(text)


def test_an_emoji_of_unicodes_list_holds_nothing_hidden() -> None:
    """Alone, several in a row, and among words; without its selectors, too."""
    forms = {e: (e, f"a {e}{e} b", e.replace("\ufe0f", "") + " b") for e in EMOJI}
    assert [] == [emoji for emoji, texts in forms.items() if any(map(hidden_in, texts))]


@given(st.lists(st.sampled_from(EMOJI) | st.sampled_from(["a", "1", " ", "\u05d0"]), max_size=12).map("".join))
def test_emoji_in_any_order_hold_nothing_hidden(text: str) -> None:
    """One does not undo the next."""
    assert [] == hidden_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "a\u200db",
        "\U0001f600\u200d\U0001f600",
        "1\ufe0f8",
        "1\ufe0e",
        "a\ufe0f",
        "\U0001f3f4\U000e0075\U000e0073\U000e007f",
        "\U0001f44d\ufe0f\ufe0f",
        "\u200d\U0001f468",
        "\U0001f468\u200d",
        "\U0001f468\U0001f3fb\u200dx",
        "\U000e0067\U0001f3f4",
    ],
)
def test_what_is_no_sequence_of_the_list_is_found(text: str) -> None:
    """A joiner, a selector or a tag is fine where it makes a picture, and nowhere else; not even in digits."""
    assert hidden_in(text)


@pytest.mark.parametrize(
    ("spelling", "character"),
    [
        ("&#8238;", "\u202e"),
        ("&#x202E;", "\u202e"),
        ("&#X202e", "\u202e"),
        ("&rlm;", "\u200f"),
        ("&zwj;", "\u200d"),
        ("&ZeroWidthSpace;", "\u200b"),
        ("&NoBreak;", "\u2060"),
        ("&shy;", "\u00ad"),
        ("&shy", "\u00ad"),
        ("&#0;", "\x00"),
        ("&#917569;", "\U000e0041"),
        ("%E2%80%AE", "\u202e"),
        ("%e2%80%8b", "\u200b"),
        ("%00", "\x00"),
        ("%C2%AD", "\u00ad"),
        ("&#13;", "\r"),
        ("&#xD800;", "\ud800"),
        ("%F3%A0%81%81", "\U000e0041"),
    ],
)
def test_one_that_is_spelled_is_found_where_it_is_spelled(spelling: str, character: str) -> None:
    """As an entity, or in an address; with the words around it as they are written."""
    text = f"Call 1-888 {spelling} 373"
    (found,) = hidden_in(text)
    assert (character, spelling) == (found.character, text[found.start : found.end])
    assert f'{name_of(character)} in "Call 1-888 {spelling} 373"' == told(text, found)


def test_an_emoji_may_be_spelled() -> None:
    """Its joiner is judged among the characters that are meant."""
    assert [] == hidden_in("&#128105;&zwj;&#128187; https://a.test/%F0%9F%91%A9%E2%80%8D%F0%9F%92%BB")
    assert ["&zwj;"] == ["a&zwj;b"[h.start : h.end] for h in hidden_in("a&zwj;b")]


@pytest.mark.parametrize(
    ("language", "joiners", "marks"),
    [
        ("en", False, False),
        ("es-US", False, False),
        ("ar", True, True),
        ("he-IL", True, True),
        ("fa", True, True),
        ("hi", True, False),
        ("hi-Latn", False, False),
        ("uz-Arab", True, True),
        ("az-Latn-AZ", False, False),
        ("ur-Latn", False, False),
        ("", False, False),
        ("de", False, False),
        ("ur", True, True),
    ],
)
def test_a_language_allows_what_its_writing_needs(language: str, joiners: bool, marks: bool) -> None:
    """By the tag that the campaign is registered with."""
    assert (joiners, marks) == (allowed_in(language).joiners, allowed_in(language).marks)


def test_an_edition_from_right_to_left_has_marks_and_joiners_and_never_overrides() -> None:
    """Marks outside of numbers, joiners between letters that take them; in English none of it."""
    persian = allowed_in("fa")
    fine = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u2067abc\u2069\u200f: \u200e1-888-373-7888\u200f."
    assert [] == hidden_in(fine, persian)
    assert 5 == len(hidden_in(fine, NOTHING)) - 1
    for wrong in ("\u202e", "\u202d", "\u202a", "\u202b", "\u202c", "\u200b", "\u00ad"):
        assert hidden_in(f"\u0645{wrong}\u0646", persian)
    assert hidden_in("a\u200cb", persian)
    assert hidden_in("\u06f1\u200c\u06f2", persian)
    for number in ("1-888\u200f-373", "1-888-\u2067373\u2069", "888 \u200f 373", "88\u200e8"):
        assert hidden_in(number, EVERYWHERE), number


def test_a_checks_words_and_a_name_have_none() -> None:
    """What a check compares has lost even those of emoji; a name keeps what its letters need."""
    assert "1-888-373 \U0001f468\U0001f4bb" == bare("1-8\u200b88\u2060-373 \U0001f468\u200d\U0001f4bb\x00")
    assert "Ada \u0639\u0644\u06cc\u200c\u0631\u0636\u0627" == without_hidden(
        "A\u200bd\u202ea \u0639\u0644\u06cc\u200c\u0631\u0636\u0627"
    )
    assert "Ada Example" == person("Ada\u200b \u202eExample")
    assert person_key("Ada\u2060 Example\u200d") == person_key("ada example")


def test_what_is_typed_is_refused_with_the_place() -> None:
    """Which character, the words around it, and how many more; what to do is said where the person is."""
    with pytest.raises(Refused) as refused:
        refuse_hidden("Call \u202e7373-373-888-1\u202c now", "the comment")
    said = 'the comment holds a hidden character: U+202E RIGHT-TO-LEFT OVERRIDE in "Call [U+202E]7373-373-888-1[U+202C] now", and 1 more'
    assert said == refused.value.message
    assert Refusal.HIDDEN_CHARACTER is refused.value.code
    refuse_hidden("\u0645\u06cc\u200c\u0631\u0648\u0645, 10\u00a0km", "the comment", PERSONAL)


def test_a_sequence_ends_where_its_emoji_ends() -> None:
    """What follows it is looked at again."""
    (at,) = joined_emoji("x \U0001f468\u200d\U0001f4bb\u200d")
    assert (2, 5) == at
    assert [5] == [h.start for h in hidden_in("x \U0001f468\u200d\U0001f4bb\u200d")]


def test_the_quick_look_never_takes_what_is_hidden() -> None:
    """Each character there is, by itself and within a word; and it does take how people write."""
    taken = [c for c in map(chr, range(0x110000)) if is_plainly_seen(c)]
    assert not [c for c in taken if c not in "\t\n" and (hidden_in(c) or hidden_in(f"a{c}b"))]
    assert is_plainly_seen("Zoë Ďurišová: “où est-ce…?” – Über Łódź, гроза, Ελλάδα")
    assert not [c for c in "\t\n\r\u00ad\u200b\u202e\u2028\u115f\ufeff\u3164" if is_plainly_seen(c)]
