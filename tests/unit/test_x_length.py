"""Counting as X counts. The expected numbers are those of X's published counter, twitter-text 3.1.0."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.channels.published_tlds import PUBLISHED
from scheduler.channels.x.spec import SPEC
from scheduler.channels.x.weighted_length import cashtags, find_urls, is_valid, mentions, weighted_length
from scheduler.content import top_level_domains as tlds_module
from scheduler.content.top_level_domains import top_level_domains
from scheduler.errors import ConfigurationError

assert SPEC.post is not None
LIMIT = SPEC.post.limit
TLDS = frozenset("com org info net uk museum co рф 中国 भारत name vermögensberater".split())
URL = 23
STORED = json.loads((Path(__file__).parents[1] / "data" / "post_lengths.json").read_text(encoding="utf-8"))

# Letters, digits, punctuation without a full stop, and some heavy characters: never an address, never a sequence.
WORDS = st.text(alphabet="abc XYZ09,;-\n—’“éñя€…中•", max_size=60)
SOME_TEXT = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("./:@#?=() acomé\u0301👩🏽\u200d\ufe0f")
    ),
    max_size=80,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("a" * 280, 280),
        ("é", 1),
        ("e\u0301", 1),  # one letter after composition
        ("\u1112\u1161\u11ab", 2),  # Hangul parts compose into one heavy syllable
        ("я", 1),
        ("ა", 1),  # U+10D0: the last light block
        ("ᄀ", 2),  # U+1100: just beyond it
        ("中", 2),
        ("—", 1),
        ("–", 1),
        ("‘’“”", 4),
        ("\u200b", 1),
        ("\u200d", 1),
        ("\u200e", 2),
        ("\u200f", 2),
        ("\u2010", 1),
        ("\u201f", 1),
        ("\u2020", 2),
        ("\u2032", 1),
        ("\u2037", 1),
        ("\u2038", 2),
        ("…", 2),
        ("•", 2),
        ("→", 2),
        ("€", 2),
        ("✓", 2),
        ("𝗯𝗼𝗹𝗱", 8),
        ("\u00a0", 1),
        ("\n", 1),
    ],
)
def test_characters_weigh_one_or_two(text: str, expected: int) -> None:
    """Light ranges weigh 1, everything else 2, after normalisation."""
    assert expected == weighted_length(text, TLDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("😀", 2),
        ("👍🏽", 2),
        ("❤", 2),
        ("❤️", 2),
        ("❤︎", 4),  # explicitly as text: two characters
        ("©", 1),
        ("©️", 2),
        ("1️⃣", 2),
        ("#⃣", 2),
        ("🇺🇸", 2),
        ("🇲🇫", 2),
        ("🇦🇦", 4),  # no such region: two letters
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),
        ("🏳️‍🌈", 2),
        ("🏴‍☠️", 2),
        ("👁‍🗨", 2),
        ("👩🏽‍💻", 2),
        ("👨‍⚕️", 2),
        ("🏃🏿‍♀️", 2),
        ("🕵️‍♀️", 2),
        ("👯‍♂️", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("👩‍👦‍👦", 2),
        ("👩‍❤️‍💋‍👨", 2),
        ("👨‍❤️‍👨", 2),
        ("👨‍👩", 5),  # joined, but no sequence that anybody draws
        ("🫶", 2),
        ("🫶🏽", 4),  # newer than the published counter: by its parts
        ("🐦‍🔥", 5),
        ("🧑‍🚀", 5),
        ("😀️", 4),  # already a picture; the selector counts
    ],
)
def test_an_emoji_weighs_two_even_as_a_sequence(text: str, expected: int) -> None:
    """A known sequence weighs 2; an unknown one is counted by its parts, which is never too little."""
    assert expected == weighted_length(text, TLDS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "https://example.com/a/long/path?with=query&more=1#part",
            ["https://example.com/a/long/path?with=query&more=1#part"],
        ),
        ("HTTP://EXAMPLE.COM", ["HTTP://EXAMPLE.COM"]),
        ("see x.com.", ["x.com"]),
        ("see (example.org/help), now", ["example.org/help"]),
        ("example.co.uk", ["example.co.uk"]),
        ("sub_domain.example.com", ["domain.example.com"]),
        ("https://sub_domain.example.com", ["https://sub_domain.example.com"]),
        ("https://exam_ple.com", []),
        ("info@example.com", []),
        ("first.name@example.com", []),
        ("first.last@example.com and example.org", ["example.org"]),
        ("@example.com", []),
        ("#example.com", []),
        ("$example.com", []),
        ("-example.com", []),
        ("a/example.com", []),
        ("http://127.0.0.1/", []),
        ("http://localhost/", []),
        ("http://example.unknowntld", []),
        ("example.comb", []),
        ("example.com中", ["example.com"]),
        ("中example.com", ["example.com"]),
        ("http://中文.com", ["http://中文.com"]),
        ("中文.com", []),
        ("例.中国", []),
        ("http://例.中国", ["http://例.中国"]),
        ("abc.中国", ["abc.中国"]),
        ("пример.рф", []),
        ("abc.РФ", ["abc.РФ"]),
        ("http://xn--e1afmkfd.xn--p1ai", ["http://xn--e1afmkfd.xn--p1ai"]),
        ("x.vermögensberater", ["x.vermögensberater"]),
        ("example.com:8080/x", ["example.com:8080/x"]),
        ("example.com:8080", ["example.com"]),
        ("http://example.com:8080", ["http://example.com:8080"]),
        ("example.com?x=1", ["example.com"]),
        ("http://example.com?x=1", ["http://example.com?x=1"]),
        ("https://en.wikipedia.org/wiki/Name_(place)", ["https://en.wikipedia.org/wiki/Name_(place)"]),
        ("(https://example.org/a).", ["https://example.org/a"]),
        ("https://example.org/a, b", ["https://example.org/a"]),
        ("“https://example.org/a”", ["https://example.org/a"]),
        ("https://example.org/a…", ["https://example.org/a"]),
        ("http://example.org/é", ["http://example.org/é"]),
        ("http://t.co/abc123/def", ["http://t.co/abc123"]),
        ("http://t.co/" + "a" * 41, []),
        ("http://" + "a" * 63 + ".com", ["http://" + "a" * 63 + ".com"]),
        ("http://" + "a" * 64 + ".com", []),
        ("a.com b.org c.net", ["a.com", "b.org", "c.net"]),
        ("a.comb.org", ["a.comb.org"]),
        ("end of line.com", ["line.com"]),
        ("ftp://example.com", []),
        ("mailto:info@example.com", []),
        ("No address. None at all.", []),
    ],
)
def test_addresses_are_found_as_x_finds_them(text: str, found: list[str]) -> None:
    """Addresses with a scheme, and bare domains with a known top-level domain; e-mail addresses are not addresses."""
    assert found == [text[start:end] for start, end in find_urls(text, TLDS)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://humantraffickinghotline.org/en/get-help", URL),
        ("x.com", URL),
        ("x.com y.org", 2 * URL + 1),
        ("See example.com.", 4 + URL + 1),
        ("info@example.com", 16),
        ("https://example.org/" + "a" * 300, URL),
        ("…https://example.org", 2 + URL),
        ("Help 24/7: 1-888-373-7888 / text 233733", 39),
        ("\n\nHelp 24/7: 1-888-373-7888 / text 233733", 41),
    ],
)
def test_an_address_weighs_23_whatever_its_length(text: str, expected: int) -> None:
    """Each address weighs 23."""
    assert expected == weighted_length(text, TLDS)


@pytest.mark.parametrize("row", STORED["x"], ids=lambda row: ascii(row["text"])[:40])
def test_stored_posts_weigh_what_the_published_counter_says(row: dict[str, Any]) -> None:
    """Hard cases, with the figures of twitter-text 3.1.0."""
    assert row["weight"] == weighted_length(row["text"], top_level_domains() | PUBLISHED)


@pytest.mark.parametrize("row", STORED["x_younger"], ids=lambda row: ascii(row["text"])[:40])
def test_a_younger_domain_never_weighs_less_than_the_published_counter_says(row: dict[str, Any]) -> None:
    """`.music` is no address by X's published counter and may be one for X: what fits, fits by both readings."""
    weight = weighted_length(row["text"], top_level_domains() | PUBLISHED)
    assert weight >= row["published"]
    assert row["published"] == weighted_length(row["text"], PUBLISHED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.music", URL),  # as an address
        ("https://charity.music/give/now/and/for/the/whole/year", 53),  # as words
        ("www.example.com.hotel/help", URL + len(".hotel/help")),  # as a shorter address and words
        ("a.spa b.kids/a/long/path/of/words", URL + 1 + 27),  # each for itself
        ("a.org b.music", URL + 1 + URL),
        ("a.museum/a/long/path/of/many/words", URL),  # not a younger one
    ],
)
def test_of_two_readings_the_larger_counts(text: str, expected: int) -> None:
    """What X's servers know of a younger top-level domain is not published."""
    assert expected == weighted_length(text, top_level_domains() | PUBLISHED)


YOUNG_TEXT = st.lists(
    st.sampled_from(
        "a.music x.spa/long/path https://b.kids c.org d.e.hotel/x?y=1 (f.web) 中 é 👩🏽‍💻 #g h@i.music".split()
    ),
    max_size=8,
)


@given(YOUNG_TEXT, st.sampled_from([" ", "\n", ", ", ""]))
def test_no_set_of_known_domains_gives_more(parts: list[str], between: str) -> None:
    """Whichever of the younger ones X knows, it counts no more than we do."""
    text = between.join(parts)
    ours = weighted_length(text, top_level_domains() | PUBLISHED)
    for known in (set[str](), {"music"}, {"spa", "web"}, {"music", "spa", "kids", "hotel", "web"}):
        words, at, addresses = "", 0, find_urls(text, PUBLISHED | known)
        for start, end in addresses:
            words, at = words + text[at:start], end
        words = (words + text[at:]).replace(".", "·")  # of the same weight, and never an address
        assert weighted_length(words, TLDS) + URL * len(addresses) <= ours


def test_a_post_is_valid_up_to_280_and_not_empty() -> None:
    """1 to 280 units are valid."""
    assert 280 == LIMIT
    assert not is_valid("", TLDS, LIMIT)
    assert is_valid("a" * 280, TLDS, LIMIT)
    assert not is_valid("a" * 281, TLDS, LIMIT)
    assert is_valid("中" * 140, TLDS, LIMIT)
    assert not is_valid("中" * 140 + "a", TLDS, LIMIT)


@pytest.mark.parametrize("character", ["\ufffe", "\ufeff", "\uffff", "\ud800"])
def test_unsendable_characters_make_a_post_invalid(character: str) -> None:
    """X refuses these characters anywhere in a post."""
    assert not is_valid(f"a{character}b", TLDS, LIMIT)


def test_mentions_are_names_and_not_mail_addresses_or_lists() -> None:
    """A mention stands after a space or punctuation and ends before another sign or accent."""
    assert ["one", "two", "three"] == mentions("@one, (@two) ＠three info@four.org @five/list @six@seven @ninthé")
    assert ["name"] == mentions("RT:@name")
    assert [] == mentions("a@b")


def test_cashtags_are_one_to_six_letters() -> None:
    """A dollar sign with letters is a cashtag; with digits it is money."""
    assert ["ABC", "BRK.B"] == cashtags("$ABC, $BRK.B $150 billion US$DEF $TOOLONGNAME")


@given(WORDS, WORDS)
def test_words_add_up(one: str, other: str) -> None:
    """Without addresses and sequences the weight of a whole is the sum of its parts."""
    parts = weighted_length(one, TLDS) + weighted_length(other, TLDS)
    assert parts == weighted_length(one + other, TLDS)


@given(SOME_TEXT)
def test_weight_does_not_depend_on_the_unicode_form(text: str) -> None:
    """Composed and decomposed spellings weigh the same."""
    weights = {weighted_length(unicodedata.normalize(form, text), TLDS) for form in ("NFC", "NFD")}
    assert {weighted_length(text, TLDS)} == weights


@given(SOME_TEXT, WORDS)
def test_more_words_never_weigh_less(text: str, more: str) -> None:
    """A line of words under a text adds exactly its weight."""
    assert weighted_length(text, TLDS) + 1 + weighted_length(more, TLDS) == weighted_length(f"{text}\n{more}", TLDS)


@given(SOME_TEXT)
def test_found_addresses_lie_in_order_within_the_text(text: str) -> None:
    """Spans do not overlap, are not empty and hold a full stop."""
    at = 0
    for start, end in find_urls(text, TLDS):
        assert at <= start < end <= len(text)
        assert "." in text[start:end]
        at = end


@given(SOME_TEXT)
def test_weight_is_bounded_by_characters(text: str) -> None:
    """No text weighs more than 2 a character, but for its addresses."""
    text = unicodedata.normalize("NFC", text)
    assert weighted_length(text, TLDS) <= 2 * len(text) + URL * len(find_urls(text, TLDS))


def test_top_level_domains_are_current_and_international() -> None:
    """Generic, country, wildcard and international ones are there; private suffixes are not."""
    known = top_level_domains()
    assert {"com", "org", "uk", "ck", "museum", "рф", "中国", "onion", "music"} <= known
    assert not {"co.uk", "github", "blogspot", "*", ""} & known
    assert known is top_level_domains()


def test_the_list_is_read_rule_by_rule() -> None:
    """Comments, wildcards, exceptions and the private part are told apart."""
    text = "// note\n\ncom\nco.UK\n*.ck\n!www.ck\n// ===END ICANN DOMAINS===\ngithub.io\nprivate\n"
    assert {"com", "uk", "ck"} == tlds_module.parse(text)


def test_a_missing_list_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the list nothing can be counted, and the error says what to do."""
    monkeypatch.setattr(tlds_module, "find_spec", lambda _name: None)
    top_level_domains.cache_clear()
    try:
        with pytest.raises(ConfigurationError, match="publicsuffixlist") as caught:
            top_level_domains()
    finally:
        top_level_domains.cache_clear()
    assert "install" in caught.value.hint
