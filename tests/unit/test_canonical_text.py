"""One text for every check: what a reader sees, folded, with the place of each character in the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.canonical_text import (
    MappedText,
    PlainText,
    comparable,
    countable,
    look_alikes_in,
    seen_in_html,
    seen_in_markdown,
    seen_in_post,
    seen_in_text,
)
from scheduler.domain.hidden import bare
from scheduler.domain.quotation import normalise


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (seen_in_post(MappedText.of("300,**000** people\nand _more_")), "300,000 people\nand more"),
        (seen_in_post(MappedText.of("a snake_case name, 2 * 3")), "a snake_case name, 2 * 3"),
        (
            seen_in_text(MappedText.of("One\nline.\n\n> quoted\n> words\n\nA heading\n---------")),
            "One line.\nquoted words\nA heading",
        ),
        (
            seen_in_html(MappedText.of("<title>x</title><p>27.<b>6</b> million &amp; more<p>Two")),
            "27.6 million & more\nTwo",
        ),
        (seen_in_html(MappedText.of("<style>p{}</style><td>one</td><td>two</td><!-- three -->")), "one\ntwo"),
        (seen_in_html(MappedText.of("fewer than 5 < 6 > 4")), "fewer than 5 < 6 > 4"),
        (
            seen_in_markdown(MappedText.of("# Post\nSee [the **page**](https://x.test/a).\n- one\n- two")),
            "Post\nSee the page.\none\ntwo",
        ),
        (seen_in_markdown(MappedText.of("1\\. &frac12; of <b>it</b>, `300,`**000**")), "1. ½ of it, 300,000"),
    ],
)
def test_what_a_reader_sees(seen: MappedText, expected: str) -> None:
    """Markup is resolved; a block stands on a line of its own."""
    assert expected == countable(seen).text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("“It’s” a «test» – it is", '"It\'s" a "test" — it is'),
        ("traf\u00adfick\u200bing", "trafficking"),
        ("non\u2011binding", "non-binding"),
        ("ｆｕｌｌ width", "full width"),
        ("сhild and trаfficking", "child and trafficking"),  # Cyrillic c and a
        ("ЅОЅ, she wrote in haste", "SOS, she wrote in haste"),
        ("Москва is where Анна lives", "Москва is where Анна lives"),
        ("Это просто текст, Ανάγκη", "Это просто текст, Ανάγκη"),
        ("  two \u00a0 blanks \n\n lines ", "two blanks\nlines"),
    ],
)
def test_words_are_compared_in_one_spelling(typed: str, expected: str) -> None:
    """What cannot be seen, what looks the same and how a printer sets it make no difference."""
    assert expected == comparable(MappedText.of(typed)).text


def test_figures_keep_their_meaning() -> None:
    """NFKC would make 102 of 10², and 2o of 2.º."""
    assert "10² 2½ 2.º é" == countable(MappedText.of("10²  2½\u202f2.º e\u0301")).text


def test_figures_are_read_in_plain_letters() -> None:
    """However they are set, and whatever they only look like."""
    assert (
        "fifty percent, million, 2o0, 1.ª, ١٠" == countable(MappedText.of("ﬁfty реrcent, 𝐦𝐢𝐥𝐥𝐢𝐨𝐧, 2о0, 1.ª, ١٠")).text
    )


def test_each_character_knows_where_it_comes_from() -> None:
    """So that a finding shows the line and the words that a person typed."""
    source = "<p>She said &ldquo;27.<b>6</b> mil\u00adlion&rdquo;</p>"
    folded = comparable(seen_in_html(MappedText.of(source)))
    at = folded.text.index("27.6 million")
    start, end = folded.place(at, at + len("27.6 million"))
    assert "27.<b>6</b> mil\u00adlion" == source[start:end]
    quote = folded.text.index('"')
    assert "&ldquo;" == source[slice(*folded.place(quote, quote + 1))]


def test_words_with_foreign_letters_are_named() -> None:
    """A check of names and addresses reports them."""
    assert ["сhild"] == [word[0] for word in look_alikes_in("a сhild in Москва")]
    assert [] == list(look_alikes_in("Это текст"))


_ANY = st.text(max_size=60)
_ODD = st.text(
    st.sampled_from("aeо с½²º\u0301\u0327\u200b\u00ad-–—\"“'’ \n\u00a0ﬁ１가각ㄱㅏｶﾞ가\u1100\u1161\u11a8é<&;*_x"),
    max_size=30,
)


@given(_ANY | _ODD)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = comparable(MappedText.of(text)).text
    assert once == comparable(MappedText.of(once)).text
    counted = countable(MappedText.of(text)).text
    assert counted == countable(MappedText.of(counted)).text


@given(
    st.text(st.characters(categories=["Lo", "Lm", "Mn", "Mc", "Nd", "No", "Po", "Zs"]), max_size=40)
    | st.text(st.sampled_from("aeo½²º\u0301\u0327 가각ㄱㅏｶﾞ가\u1100\u1161\u11a8é\u09c7\u09be"), max_size=30)
)
def test_clusters_are_normalized_as_the_whole(text: str) -> None:
    """Nothing that Unicode composes is cut apart."""
    whole = " ".join(unicodedata.normalize("NFC", bare(text)).split())
    assert whole == " ".join(countable(MappedText.of(text)).text.split())


@given(st.text(st.sampled_from("abc é½ﬁ“”‘’–—-'\" .\u00a0\u2009\u200b１"), max_size=40))
def test_quotations_are_folded_as_before(text: str) -> None:
    """In Latin letters on one line: as stored quotations are compared, which the campaign's passages rely on."""
    assert normalise(bare(text)) == comparable(MappedText.of(text)).text


@given(_ANY | _ODD, st.sampled_from([seen_in_post, seen_in_text, seen_in_html, seen_in_markdown]))
def test_places_lie_in_the_original_and_in_order(text: str, seen_in) -> None:
    """And without places the text is the same."""
    for fold in (comparable, countable):
        folded = fold(seen_in(MappedText.of(text)))
        assert folded.text == fold(seen_in(PlainText(text))).text
        assert len(folded.text) == len(folded.starts) == len(folded.ends)
        assert all(0 <= start <= end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))
        assert list(folded.starts) == sorted(folded.starts)


@given(st.text(st.sampled_from("abc def.\u00a0é"), max_size=40))
def test_plain_words_map_to_themselves(text: str) -> None:
    folded = countable(MappedText.of(text))
    for at, sign in enumerate(folded.text):
        if sign.isalpha():
            assert sign == text[slice(*folded.place(at, at + 1))]
