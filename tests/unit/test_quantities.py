"""Quantities are read by value in English and Spanish, whatever their script, spelling and notation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.content.quantities import no_quantities, quantity_reader
from scheduler.content.quantities.lexicon import Phrases
from scheduler.content.quantities.quantity import Doubt, Form, Quantity
from scheduler.content.quantities.quantity_reader import can_read, digits_in, quantities_in
from scheduler.domain.canonical_text import PlainText, countable, seen_in_post


def read(text: str, language: str = "en") -> tuple[Quantity, ...]:
    return quantities_in(countable(seen_in_post(PlainText(text))).text, language)


def meanings(text: str, language: str = "en") -> list[tuple[float, str]]:
    units = {"money": ""}
    return [
        (round(float(value), 6), units.get(q.unit, q.unit)) for q in read(text, language) for value, _ in q.meanings
    ]


M, B = 10**6, 10**9
THIRD, TWO_THIRDS = 0.333333, 0.666667


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("27600000 people", [27_600_000]),
        ("27,600,000", [27_600_000]),
        ("27 600 000", [27_600_000]),
        ("27\u2009600\u2009000", [27_600_000]),
        ("27\u202f600\u202f000", [27_600_000]),
        ("27'600'000; 27.600.000", [27_600_000] * 2),
        ("27.6 million", [27_600_000]),
        ("27.6M, 27.6m, 27.6mn, 27.6 mil, 27.6MM", [27_600_000] * 5),
        ("300K, 300k, 300 thou", [300_000] * 3),
        ("$236B, $236bn, $236 bil, US$236 billion, USD 236 billion, 236 billion dollars", [236 * B] * 6),
        ("three hundred thousand", [300_000]),
        ("three hundred and five", [305]),
        ("twenty-seven", [27]),
        ("27 point six million; twenty-seven point six", [27_600_000, 27.6]),
        ("3 hundred", [300]),
        ("half a million; two and a half million; a million and a half", [500_000, 2_500_000, 1_500_000]),
        ("a quarter of a million; three quarters of a billion", [250_000, 750_000_000]),
        ("a hundred, a thousand, a million", [100, 1000, M]),
        ("fifteen hundred", [1500]),
        ("a dozen; two dozen; half a dozen; three score; a gross of pins", [12, 24, 6, 60, 144]),
        ("2.76e7, 2.76 × 10^7, 3 × 10⁷", [27_600_000, 27_600_000, 30_000_000]),
        ("XXVII victims", [27]),
        ("two hundred bucks; ten cents; five grand", [200, 0.1, 5000]),
        ("12 to 14; 12-14; 12–14; between 12 and 14; from 12 through 14", [12, 14] * 5),
        ("100 to 300 thousand; 20-40M; between $5 and $10 million", [100_000, 300_000, 20 * M, 40 * M, 5 * M, 10 * M]),
        ("one or two; 5 or 6", [1, 2, 5, 6]),
        ("#27Million, #40MillionSlaves", [27 * M, 40 * M]),
        ("300,**000** and 27.<b>6", [300_000, 27, 6]),  # a post shows the tag as it is
        ("In 2014 300 people came", [300]),
        ("two million three hundred thousand and five", [2_300_005]),
    ],
)
def test_counts_in_english(text: str, expected: list[float]) -> None:
    assert [(value, "") for value in expected] == meanings(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("23%; 23 %; 23 percent; 23 per cent; 23 pct; twenty-three percent", [(23, "%")] * 6),
        ("ninety-nine point six percent; oh point four percent", [(99.6, "%"), (0.4, "%")]),
        ("up 3 percentage points", [(3, "%")]),
        ("5 to 10 percent; 20% to 30%", [(5, "%"), (10, "%"), (20, "%"), (30, "%")]),
        ("3.5‰; 3.5 per thousand; 5.4 of every 1,000 people", [(0.0035, "ratio")] * 2 + [(0.0054, "ratio")]),
        ("1 in 3; 3 in 10; one in three; nine in ten", [(v, "ratio") for v in (THIRD, 0.3, THIRD, 0.9)]),
        ("one out of three; three of every ten; 9 of 10", [(v, "ratio") for v in (THIRD, 0.3, 0.9)]),
        ("1 in 4, he said", [(0.25, "ratio")]),
        ("every third girl; every second child", [(THIRD, "ratio"), (0.5, "ratio")]),
        ("a third; two thirds; three-quarters; a fifth", [(v, "ratio") for v in (THIRD, TWO_THIRDS, 0.75, 0.2)]),
        ("Out of 10 victims, 8; of every ten, eight", [(0.8, "ratio")] * 2),
        ("a woman in eight; one kid in 5 goes", [(0.125, "ratio"), (0.2, "ratio")]),
        ("eighty (80) percent; 80 (eighty) percent", [(80, "%")] * 2),
        ("1/3rd of; 3/4ths of", [(THIRD, "ratio"), (0.75, "ratio")]),
        ("2/3 of victims; ½ of them", [(TWO_THIRDS, "ratio"), (0.5, "ratio")]),
        ("half; one half; half of; half the", [(0.5, "ratio")] * 4),
        ("3:1; three to one; fifty-fifty", [(3, "ratio"), (3, "ratio"), (0.5, "ratio")]),
        ("1-in-4; one-in-four; a full quarter of; fully half", [(0.25, "ratio")] * 3 + [(0.5, "ratio")]),
        ("a one in a million chance; #1in3", [(0.000001, "ratio"), (THIRD, "ratio")]),
        ("twice as many; thrice; three times more; 3x; threefold; 32-fold",
         [(v, "ratio") for v in (2, 3, 3, 3, 3, 32)]),
        ("doubled, tripled, quadrupled, halved", [(v, "ratio") for v in (2, 3, 4, 0.5)]),
        ("every 30 seconds; every two minutes; each minute", [(30, "second"), (2, "minute"), (1, "minute")]),
        ("aged 12 to 14; 12-year-old; twelve years old; at age 13; 13 y/o; a 15yo",
         [(v, "age") for v in (12, 14, 12, 12, 13, 13, 15)]),
        ("within 48 hours; for seven years", [(48, "hour"), (7, "year")]),
    ],
)  # fmt: skip
def test_shares_and_rates_in_english(text: str, expected: list[tuple[float, str]]) -> None:
    assert expected == meanings(text)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("most victims", Form.SHARE),
        ("the vast majority", Form.SHARE),
        ("nearly every girl", Form.SHARE),
        ("hardly any calls", Form.SHARE),
        ("tens of thousands of women", Form.MAGNITUDE),
        ("a multi-billion-dollar business", Form.MAGNITUDE),
        ("six-figure profits", Form.MAGNITUDE),
        ("the second largest criminal industry", Form.RANK),
        ("the 3rd most profitable crime", Form.RANK),
        ("Florida ranks third", Form.RANK),
        ("number one; No. 1; #1", Form.RANK),
        ("among the top 14 cities", Form.RANK),
        ("the fastest-growing crime", Form.SUPERLATIVE),
        ("more than ever", Form.SUPERLATIVE),
        ("on average", Form.AVERAGE),
        ("the median age", Form.AVERAGE),
        ("79 a day", Form.RATE),
        ("ten times a night", Form.RATE),
        ("many", Form.VAGUE),
        ("several", Form.VAGUE),
        ("a few", Form.VAGUE),
    ],
)
def test_forms_in_english(text: str, form: Form) -> None:
    found = read(text)
    assert found
    assert {form} == {q.form for q in found}


@pytest.mark.parametrize(
    "text",
    [
        "January 11, 2027",
        "on 2027-01-11, 1/11/2027 and the 1st of February",
        "since 2014, in the 1990s, by 1863",
        "at 10:05 a.m., 9 p.m. and 10 o'clock",
        "call 1-888-373-7888 or (888) 373-7888",
        "text 233733",
        "call or text 988",
        "open 24/7",
        "the 13th Amendment",
        "section 7102 of title 22, 18 U.S.C. 1591, 124 Stat. 4583",
        "a 501(c)(3) organization",
        "day 12 of 32",
        "page 3, figure 2, grade 6, Psalm 23",
        "Suite 200, 12 Main Street, Atlanta, GA 30303",
        "UTF-8, MP3, 5G, COVID-19",
        "https://example.org/300000 and info25@example.org",
        "World War II, Super Bowl LIV, Chapter IV",
        "a third person, the third day, every second Tuesday",
        "a one-time gift",
        "all day, all-time, the most important thing",
        "CC the board",
    ],
)
def test_what_is_no_quantity_in_english(text: str) -> None:
    assert [] == [q.words for q in read(text) if q.form is not Form.VAGUE]


#: docs say which forms of Spanish are read: these sixty.
SPANISH = [
    ("27.6 millones de personas", [27_600_000], ""),
    ("27,6 millones", [27_600_000], ""),
    ("27,600,000 personas", [27_600_000], ""),
    ("27\u00a0600\u00a0000", [27_600_000], ""),
    ("27.600.000", [27_600_000], ""),
    ("veintisiete millones", [27 * M], ""),
    ("27 millones 600 mil", [27_600_000], ""),
    ("medio millón", [500_000], ""),
    ("millón y medio", [1_500_000], ""),
    ("dos millones y medio", [2_500_000], ""),
    ("un cuarto de millón", [250_000], ""),
    ("un millón", [M], ""),
    ("1 millón", [M], ""),
    ("mil millones", [B], ""),
    ("236 mil millones de dólares", [236 * B], ""),
    ("US$236,000 millones", [236 * B], ""),
    ("$236 000 millones", [236 * B], ""),
    ("236.000 millones", [236 * B], ""),
    ("un millardo", [B], ""),
    ("1.2 billones", [1_200 * B], ""),
    ("12 mil", [12_000], ""),
    ("doce mil", [12_000], ""),
    ("12,345 personas", [12_345], ""),
    ("12.345 personas", [12_345], ""),
    ("12 345 personas", [12_345], ""),
    ("dos mil", [2000], ""),
    ("mil doscientas personas", [1200], ""),
    ("quinientas mil", [500_000], ""),
    ("veintiún mil", [21_000], ""),
    ("ciento veinte mil", [120_000], ""),
    ("38%", [38], "%"),
    ("38 %", [38], "%"),
    ("38 por ciento", [38], "%"),
    ("treinta y ocho por ciento", [38], "%"),
    ("el 38 por 100", [38], "%"),
    ("42.5%", [42.5], "%"),
    ("42,5 %", [42.5], "%"),
    ("el cien por ciento", [100], "%"),
    ("medio punto porcentual", [0.5], "%"),
    ("0.5 por ciento", [0.5], "%"),
    ("uno de cada cuatro", [0.25], "ratio"),
    ("una de cada tres mujeres", [THIRD], "ratio"),
    ("1 de cada 5", [0.2], "ratio"),
    ("dos de cada tres", [TWO_THIRDS], "ratio"),
    ("2 de cada 5 hombres, dicen", [0.4], "ratio"),
    ("cuatro de cada diez", [0.4], "ratio"),
    ("1 de 3", [THIRD], "ratio"),
    ("la mitad", [0.5], "ratio"),
    ("un tercio", [THIRD], "ratio"),
    ("la tercera parte", [THIRD], "ratio"),
    ("dos tercios", [TWO_THIRDS], "ratio"),
    ("dos terceras partes", [TWO_THIRDS], "ratio"),
    ("tres cuartas partes", [0.75], "ratio"),
    ("una cuarta parte", [0.25], "ratio"),
    ("la décima parte", [0.1], "ratio"),
    ("5.4 por cada 1,000 personas", [0.0054], "ratio"),
    ("3 por mil", [0.003], "ratio"),
    ("el doble", [2], "ratio"),
    ("entre 20 y 30 millones", [20 * M, 30 * M], ""),
    ("de 30 a 40 %", [30, 40], "%"),
]


@pytest.mark.parametrize(("text", "values", "unit"), SPANISH)
def test_sixty_figures_in_spanish(text: str, values: list[float], unit: str) -> None:
    assert [(value, unit) for value in values] == meanings(text, "es")


def test_accents_may_be_left_out() -> None:
    """Many people type without them."""
    assert [(500_000, ""), (0.1, "ratio")] == meanings("medio millon, la decima parte", "es")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tres cuartas partes de un millón; medio centenar; media docena", [750_000, 50, 6]),
        ("veinte y cinco; ventiuno; treinta y una; ciento una", [25, 21, 31, 101]),
        ("veintisiete coma seis millones", [27_600_000]),
        ("27 600,5; 27'600,5", [27_600.5] * 2),
        ("27 M; 27 mill.; 300 mil; 300 K", [27 * M, 27 * M, 300_000, 300_000]),
        ("236 mil mdd; 236 mmd", [236 * B, 236 * B]),
        ("entre los 12 y los 14; 20 o 30; siete u ocho", [12, 14, 20, 30, 7, 8]),
        ("#27Millones", [27 * M]),
    ],
)
def test_more_counts_in_spanish(text: str, expected: list[float]) -> None:
    assert [(value, "") for value in expected] == meanings(text, "es")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("la gran mayoría", Form.SHARE),
        ("casi todas las víctimas", Form.SHARE),
        ("la mayor parte", Form.SHARE),
        ("cientos de miles", Form.MAGNITUDE),
        ("miles de personas", Form.MAGNITUDE),
        ("el segundo más grande", Form.RANK),
        ("el n.º 1", Form.RANK),
        ("el crimen de más rápido crecimiento", Form.SUPERLATIVE),
        ("más que nunca", Form.SUPERLATIVE),
        ("la edad promedio", Form.AVERAGE),
        ("cada 30 segundos", Form.RATE),
        ("diez veces por noche", Form.RATE),
        ("el triple; diez veces más", Form.FACTOR),
        ("#UnaDeCadaTres; una entre mil; cada segundo niño", Form.RATIO),
        ("muchos; varios; a menudo", Form.VAGUE),
    ],
)
def test_forms_in_spanish(text: str, form: Form) -> None:
    assert {form} == {q.form for q in read(text, "es")}


@pytest.mark.parametrize(
    "text",
    [
        "11 de enero de 2027",
        "en 1865 y los años noventa",
        "1-888-373-7888 o texto al 233733",
        "911, 988, 711 y 24/7",
        "a las 10:00 a.m., a las dos",
        "la 13.ª Enmienda, artículo 3, Título 18, Ley Pública 100-402, página 12",
        "siglo XXI, Juan Pablo II",
        "una persona, un día, unos días",
        "primera, segundo, tercera edad, Tercer Mundo",
        "el lunes 11, 11/01",
    ],
)
def test_what_is_no_quantity_in_spanish(text: str) -> None:
    assert [] == [q.words for q in read(text, "es")]


@pytest.mark.parametrize(
    ("text", "language", "value", "doubt"),
    [
        ("12.345 personas", "es", 12_345, Doubt.SEPARATOR),
        ("1.2 billones", "es", 1_200 * B, Doubt.BILLON),
        ("27,6 million", "en", 27_600_000, Doubt.SEPARATOR),
        ("27 600,5 people", "en", 27_600.5, Doubt.SEPARATOR),
        ("٢٧ people", "en", 27, Doubt.OTHER_DIGITS),
        ("𝟐𝟕 people", "en", 27, Doubt.OTHER_DIGITS),
        ("２７ personas", "es", 27, Doubt.OTHER_DIGITS),
        ("②⑦ people", "en", 27, Doubt.OTHER_DIGITS),
        ("3️⃣0️⃣0️⃣ people", "en", 300, Doubt.OTHER_DIGITS),
        ("2O0 people", "en", 200, Doubt.LETTERS),
        ("l00 people", "en", 100, Doubt.LETTERS),
        ("3OO,OOO people", "en", 300_000, Doubt.LETTERS),
        ("3 0 0 , 0 0 0 people", "en", 300_000, Doubt.SPACED),
        ("3_00_000 people", "en", 300_000, Doubt.SPACED),
        ("10² people", "en", 10, Doubt.SUPERSCRIPT),
    ],
)
def test_what_cannot_be_read_for_sure_says_so(text: str, language: str, value: int, doubt: Doubt) -> None:
    """It is read as it is most likely meant, and a person looks."""
    (found,) = read(text, language)
    assert ((Fraction(value),), (doubt,)) == (found.values, found.doubts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30\u200b0,000 people", (300_000, "")),
        ("300\u00ad,000 people", (300_000, "")),
        ("\u202e300,000\u202c people", (300_000, "")),
        ("300\U000e0041,000 people", (300_000, "")),
        ("50 \u0440er\u0441ent", (50, "%")),  # two Cyrillic letters
        ("fifty p\u00e9rcent", (50, "%")),
        ("𝐟𝐢𝐟𝐭𝐲 percent", (50, "%")),
        ("ﬁfty percent", (50, "%")),
        ("50\uff05", (50, "%")),
        ("50 &#37;", (50, "")),  # a post shows the entity as it is
    ],
)
def test_no_disguise_hides_a_figure(text: str, expected: tuple[int, str]) -> None:
    assert expected == meanings(text)[0]


def test_certain_figures_raise_no_doubt() -> None:
    assert [] == [q.words for q in read("27.6 million of 1,234,567; 23.5% and 1,000", "en") if q.doubts]
    assert [] == [q.words for q in read("236.000 millones, 27.600.000, 12,345 y 42,5 %", "es") if q.doubts]


def test_what_it_counts_and_what_stands_before_it() -> None:
    """The noun, the bound and the time are kept beside the value."""
    people, money, rate = read("More than 27.6 million trafficked people were counted; $5 a day; 40 men each night.")
    assert ("more than", "trafficked people") == (people.bound, people.noun)
    assert ("money", "day") == (money.unit, money.per)
    assert (Form.RATE, "night", "men") == (rate.form, rate.per, rate.noun)
    (share,) = read("casi 38 % de las víctimas detectadas fueron menores", "es")
    assert ("casi", "victimas detectadas") == (share.bound, share.noun)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("We found 300000 children on the street", 300_000),
        ("This text says 300000 children are sold", 300_000),
        ("We helped 30000", 30_000),
        ("911 girls were found", 911),
        ("more than 2000.", 2000),
        ("2000 trafficked girls", 2000),
        ("nearly 1900 victims", 1900),
        ("title 18,000,000 people", 18_000_000),
        ("step 12 million people", 12_000_000),
        ("Day 3 million people", 3_000_000),
        ("at 10.30 million", 10_300_000),
    ],
)
def test_a_figure_does_not_hide_as_something_else(text: str, value: int) -> None:
    assert value in [v for q in read(text) for v in q.values]


def test_languages_without_a_grammar_are_known() -> None:
    assert can_read("en")
    assert can_read("es-US")
    assert not can_read("ar")


def test_digits_are_read_in_any_language() -> None:
    """To be compared with the claim's; a person reads the words, and nothing here is a disguise."""
    found = digits_in("في عام ٢٠٢١ كان ٢٧٬٦٠٠٬٠٠٠ شخص، أي ٤٢٫٥٪")
    assert [(27_600_000, ""), (Fraction("42.5"), "%")] == [q.meanings[0] for q in found if q.values[0] != 2021]
    assert [] == [q for q in found if q.doubts]


# -- numbers written in words ---------------------------------------------------------------------------------------

_EN = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_EN_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
_ES = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve".split()
_ES_TENS = "- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_ES_HUNDREDS = (
    "- ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos".split()
)


def in_english(n: int) -> str:
    for scale, word in ((B, "billion"), (M, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= scale:
            rest = f" {in_english(n % scale)}" if n % scale else ""
            return f"{in_english(n // scale)} {word}{rest}"
    if n < 20:
        return _EN[n]
    return _EN_TENS[n // 10] + (f"-{_EN[n % 10]}" if n % 10 else "")


def in_spanish(n: int, *, short: bool = False) -> str:
    if n >= M:
        head = "un millón" if n // M == 1 else f"{in_spanish(n // M, short=True)} millones"
        return head + (f" {in_spanish(n % M, short=short)}" if n % M else "")
    if n >= 1000:
        head = "mil" if n // 1000 == 1 else f"{in_spanish(n // 1000, short=True)} mil"
        return head + (f" {in_spanish(n % 1000, short=short)}" if n % 1000 else "")
    if n == 100:
        return "cien"
    if n > 100:
        return _ES_HUNDREDS[n // 100] + (f" {in_spanish(n % 100, short=short)}" if n % 100 else "")
    if short and n in (1, 21):
        return "un" if n == 1 else "veintiún"
    if short and n > 30 and n % 10 == 1:
        return f"{_ES_TENS[n // 10]} y un"
    if n < 30:
        return _ES[n]
    return _ES_TENS[n // 10] + (f" y {_ES[n % 10]}" if n % 10 else "")


_NUMBERS = st.one_of(st.integers(2, 130), st.integers(2, 10**6), st.integers(2, 10**9 - 1))


@given(_NUMBERS)
def test_english_number_words_are_read_back(n: int) -> None:
    assert [(float(n), "")] == [
        (float(v), q.unit) for q in read(f"{in_english(n)} people were counted") for v in q.values
    ]


@given(_NUMBERS)
def test_spanish_number_words_are_read_back(n: int) -> None:
    found = read(f"se contaron {in_spanish(n)} personas", "es")
    assert [(float(n), "")] == [(float(v), q.unit) for q in found for v in q.values]


@given(st.integers(1000, 10**12), st.sampled_from([",", "\u202f", " ", "'"]), st.sampled_from(["en", "es"]))
def test_groups_of_digits_make_no_difference(n: int, mark: str, language: str) -> None:
    words = f"{n:,} people".replace(",", mark)
    assert [(float(n), "")] == meanings(words, language)


@given(st.text(max_size=80), st.sampled_from(["en", "es"]))
def test_any_text_is_read_without_harm(text: str, language: str) -> None:
    """Whatever is typed: spans are in order, and each is the words that it says."""
    seen = countable(seen_in_post(PlainText(text))).text
    end = 0
    for found in quantities_in(seen, language):
        assert end <= found.start < found.end <= len(seen)
        assert seen[found.start : found.end] == found.words
        end = found.end


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_word_that_is_passed_over_begins_no_quantity(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every word of the grammar, before others: read with a look at each word, nothing more is found."""
    lexicon = quantity_reader.LEXICONS[language]
    own = {word for field in vars(lexicon).values() for word in _words_of(field)}
    texts = [f"{one} {two} million 3 of ten." for one in sorted(own) for two in ("second", "the", "media")]

    def read() -> list[tuple[Quantity, ...]]:
        return [tuple(quantity_reader._Reader(text, lexicon, ()).read()) for text in texts]

    quickly = read()
    every_way = dict.fromkeys(own, tuple(quantity_reader._BY_PHRASES))
    monkeypatch.setattr(quantity_reader, "ways_of", lambda _: every_way)
    assert quickly == read()


@pytest.mark.parametrize("language", ["en", "es"])
def test_where_the_quick_look_sees_nothing_there_is_no_quantity(language: str) -> None:
    """Each phrase of the grammar alone, and each of its words behind an article and another word."""
    lexicon = quantity_reader.LEXICONS[language]
    phrases = {
        " ".join(words)
        for field in vars(lexicon).values()
        if isinstance(field, Phrases)
        for group in field._by_first.values()
        for words, _ in group
    }
    own = phrases | {word for field in vars(lexicon).values() for word in _words_of(field)}
    texts = [f"{before}{one} people" for one in sorted(own) for before in ("", "a ", "one ", "each ", "the most ")]
    found = [text for text in texts if any(quantity_reader._Reader(text, lexicon, ()).read())]
    assert [] == [text for text in found if not quantity_reader.may_hold(text, language)]
    assert len(found) > 300
    assert not quantity_reader.may_hold("a quiet sentence", language)


def test_of_words_that_make_a_quantity_together_one_alone_is_none() -> None:
    for text in ("One was asked. Each one is someone's call.", "Not even the number is known."):
        assert not quantity_reader.may_hold(text, "en")
    for text in ("#OneInThree girls", "one percent", "$ one", "one point one", "ranks first", "every second girl"):
        assert quantity_reader.may_hold(text, "en"), text
        assert read(text, "en"), text


@pytest.mark.parametrize("text", ["Call 1-888-373-7888.", "On May 5, at 10:30 a.m.", "In 2021, one person called 911."])
def test_a_sentence_without_its_dates_and_help_lines_is_looked_at_again(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(quantity_reader._Reader, "read")
    assert () == read(text, "en")


def _words_of(field: object) -> Iterable[str]:
    if isinstance(field, Phrases):
        return (word for words in field._by_first.values() for phrase, _ in words for word in phrase)
    return (str(one) for one in field) if isinstance(field, frozenset | Mapping) else ()


def test_without_a_digit_only_some_kinds_are_no_quantities() -> None:
    """The others each hold one."""
    kinds = [kind for kind in no_quantities._PATTERNS if kind not in no_quantities.WITHOUT_DIGITS]
    assert len(kinds) > 5
    for kind in kinds:
        assert _always_has_a_digit(re._parser.parse(no_quantities._PATTERNS[kind])), kind


def _always_has_a_digit(pattern: Iterable[tuple[Any, Any]]) -> bool:
    """Whether each way to match a parsed pattern takes a digit."""
    for kind, taken in pattern:
        match str(kind):
            case "LITERAL" if chr(taken).isdecimal():
                return True
            case "IN" if all(_is_digits(*one) for one in taken):
                return True
            case "SUBPATTERN" if _always_has_a_digit(taken[-1]):
                return True
            case "BRANCH" if all(map(_always_has_a_digit, taken[1])):
                return True
            case "MAX_REPEAT" | "MIN_REPEAT" if taken[0] and _always_has_a_digit(taken[2]):
                return True
            case "ASSERT" if _always_has_a_digit(taken[1]):
                return True
    return False


def _is_digits(kind: object, given: Any) -> bool:
    match str(kind):
        case "CATEGORY":
            return str(given) == "CATEGORY_DIGIT"
        case "RANGE":
            return chr(given[0]).isdecimal() and chr(given[1]).isdecimal()
        case _:
            return str(kind) == "LITERAL" and chr(given).isdecimal()
