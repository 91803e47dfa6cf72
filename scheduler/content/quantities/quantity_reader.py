"""The reader of quantities: every quantity of a sentence, whatever its script, spelling and notation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache
from itertools import chain

from ...kept_by_key import AboutTexts
from ...light_dataclass import dataclass
from ..text_answers import TEXTS
from .english_numbers import ENGLISH
from .figure_tokens import VULGAR, Kind, Token, tokens_of, words_in
from .folding import folded
from .lexicon import Lexicon, Number, number_at, sign_at, word_at
from .no_quantities import no_quantities_in
from .quantity import AGE, MONEY, PERCENT, RATIO, Doubt, Form, Quantity
from .spanish_numbers import SPANISH

LEXICONS = {"en": ENGLISH, "es": SPANISH}
_CURRENCY = {"$": Fraction(1), "\u20ac": Fraction(1), "\u00a3": Fraction(1)}
_CURRENCY_WORDS = frozenset(("usd", "eur", "mxn"))
_ROMAN_LETTERS = frozenset("ivxlc")
_ROMAN = re.compile(r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})|C{1,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_PAIR = re.compile("[IVXLC][IVXLC]")
#: Digits, what stands for them, what makes a number of a word (one %, $ one), and hashtags: their words stand together.
_SIGNS = re.compile(rf"[\d\U0001f4af{VULGAR}#%\u2030\u066a\xd7$\u20ac\u00a3]")
_LETTERS = re.compile(r"\bloo+(?!\w)")
_ROMAN_SIGNS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_IN_A_NAME = 1000
_NOUN_WORDS = 6
_DASHES = frozenset("-\u2013\u2014\u2012\u2010")
_CLOSED = frozenset('.,;:!?()[]"\u201c\u201d\u00ab\u00bb\u2026\n|/\u2022')


def can_read(language: str) -> bool:
    """Whether there is a grammar of quantities for the language of an edition."""
    return language.partition("-")[0].casefold() in LEXICONS


@lru_cache(maxsize=16384)
def quantities_in(text: str, language: str) -> tuple[Quantity, ...]:
    """The quantities of a text (:func:`~scheduler.domain.canonical_text.countable`), in order."""
    lexicon, kept = _grammar_of(language)
    return tuple(map(Quantity.of_plain, kept.of(text, lambda text: tuple(q.plain() for q in _read(text, lexicon)))))


@cache
def _grammar_of(language: str) -> tuple[Lexicon, AboutTexts]:
    """With what was read by it before."""
    base = language.partition("-")[0].casefold()
    return LEXICONS[base], TEXTS.question(f"quantities {base}")


def _read(text: str, lexicon: Lexicon) -> Iterator[Quantity]:
    """Of most texts one look, or a second one without their dates and help lines, tells that there is nothing."""
    if not may_hold(text, lexicon.language):
        return iter(())
    masks = no_quantities_in(text, folded(text))
    if masks and not may_hold(_without(masks, text), lexicon.language):
        return iter(())
    return _Reader(text, lexicon, masks).read()


def _without(masks: Iterable[tuple[int, int]], text: str) -> str:
    """With blanks in their places."""
    for start, end in masks:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def may_hold(text: str, language: str) -> bool:
    """The quick look: a number in digits or in Roman letters, or words that make a quantity together."""
    low = folded(text)
    if _SIGNS.search(low) or _ROMAN_PAIR.search(text) or ("loo" in low and _LETTERS.search(low)):
        return True
    words, (phrases, pairs) = frozenset(words_in(low)), _needed_of(language)
    if any(others <= words for word in phrases.keys() & words for others in phrases[word]):
        return True
    return any(not (words.isdisjoint(one) or words.isdisjoint(other)) for one, other in pairs)


def digits_in(text: str) -> tuple[Quantity, ...]:
    """The figures of a text in a language without a grammar: digits of any script alone, with a percent sign. Its words
    a person has to read."""
    tokens = (*tokens_of(text, "en", no_quantities_in(text, folded(text))),)
    found = []
    for at, token in enumerate(tokens):
        if token.kind is Kind.NUMBER:
            share = sign_at(tokens, at + 1) in ("%", "\u066a", "\uff05")
            form, unit = (Form.PERCENT, PERCENT) if share else (Form.PLAIN, "")
            written = text[token.start : token.end]
            found.append(Quantity(written, token.start, token.end, form, (token.value,), unit))
    return tuple(found)


@dataclass(frozen=True)
class _Found:
    """What was read from the token ``start`` on; ``end`` is the token behind it."""

    form: Form
    start: int
    end: int
    values: tuple[Fraction, ...] = ()
    unit: str = ""
    per: str = ""
    doubts: tuple[Doubt, ...] = ()


#: Ways to read a quantity, each by the phrases with which it begins.
_BY_PHRASES = {
    "_every": "rates",
    "_superlative": "superlatives",
    "_rank": "ranks",
    "_average": "averages",
    "_factor_word": "factors",
    "_magnitude": "magnitudes",
    "_share": "shares",
    "_of_so_many": "out_of",
    "_one_in_so_many": "",
    "_numbered": "",
    "_roman": "",
    "_fraction": "halves",
    "_vague": "vague",
}
#: Those that begin with a number in digits, and with one such as 3rd.
_OF_NUMBERS, _OF_ORDINALS = ("_one_in_so_many", "_numbered"), ("_rank",)


@cache
def ways_of(language: str) -> Mapping[str, tuple[str, ...]]:
    """By the word or sign with which it begins, the ways to read a quantity, in order: of most words there is none.
    Numbers in digits and in Roman letters stand in no list."""
    lexicon = LEXICONS[language]
    numbers = frozenset((*lexicon.number_words, "a", "an"))
    begin: dict[str, Iterable[str]] = {
        "_every": lexicon.every,
        "_rank": (*lexicon.ordinals, *lexicon.rank_verbs, "top"),
        "_one_in_so_many": numbers,
        "_numbered": (*numbers, *_CURRENCY, *_CURRENCY_WORDS, "us"),
        "_fraction": lexicon.one,
    }
    found: dict[str, list[str]] = {}
    for way, phrases in _BY_PHRASES.items():
        firsts = getattr(lexicon, phrases).firsts if phrases else ()
        for word in dict.fromkeys((*firsts, *begin.get(way, ()))):
            found.setdefault(word, []).append(way)
    return {word: tuple(ways) for word, ways in found.items()}


@cache
def _needed_of(language: str) -> tuple[Mapping[str, Sequence[frozenset[str]]], Sequence[tuple[frozenset[str], ...]]]:
    """Of what stands here a quantity without digits has something: a word with all of the others (the longest word of a
    phrase, a number word alone), or one of two kinds each."""
    lexicon = LEXICONS[language]
    names = (*filter(None, _BY_PHRASES.values()), "denominators")
    whole = chain.from_iterable(getattr(lexicon, name).phrases for name in names if name != "out_of")
    phrases: dict[str, list[frozenset[str]]] = {}
    for words in (*whole, *((word,) for word in (*lexicon.number_words, *lexicon.scales))):
        longest = max(words, key=len)
        if longest not in ("a", "an", *lexicon.articles) and not any(map(str.isdigit, words)):
            phrases.setdefault(longest, []).append(frozenset(filter(str.isalpha, words)))
    measures = (lexicon.percent, lexicon.points, lexicon.per_mille, lexicon.per_time)
    last_of = frozenset(words[-1] for each in measures for words in each.phrases)
    return phrases, (
        (lexicon.every, frozenset((*lexicon.ordinals, *lexicon.every_nth_also, *lexicon.time_units))),
        (frozenset(lexicon.ordinals), lexicon.ranked_by | lexicon.rank_verbs),
        (lexicon.articles, last_of | lexicon.fold | lexicon.times | lexicon.decimals),
    )


@cache
def amounts_of(language: str) -> frozenset[str]:
    """Single words that say how many, without articles."""
    lexicon = LEXICONS.get(language)
    if lexicon is None:
        return frozenset()
    phrases = (lexicon.percent, lexicon.factors, lexicon.halves, lexicon.magnitudes)
    longest = (max(words, key=len) for each in phrases for words in each.phrases)
    return frozenset((*lexicon.number_words, *lexicon.scales, *longest)) - {"a", "an", "un", "una"}


class _Reader:
    def __init__(self, text: str, lexicon: Lexicon, masks: Sequence[tuple[int, int]]) -> None:
        """``masks``: where no quantity is to be read."""
        self.text, self.lexicon = text, lexicon
        self.tokens: Sequence[Token] = (*tokens_of(text, lexicon.language, masks),)

    def read(self) -> Iterator[Quantity]:
        end, by_word = 0, ways_of(self.lexicon.language)
        for at, token in enumerate(self.tokens):
            if at < end or token.kind is Kind.MASKED:
                continue
            ways = by_word.get(token.text, ())
            if token.kind is Kind.NUMBER:
                ways += _OF_NUMBERS
            elif token.kind is Kind.ORDINAL:
                ways += _OF_ORDINALS
            elif _ROMAN_LETTERS.issuperset(token.text):
                ways += ("_roman",)
            for way in ways:
                if found := getattr(self, way)(at):
                    yield self._quantity(found)
                    end = found.end
                    break

    def _quantity(self, found: _Found) -> Quantity:
        after = self.lexicon.bounds_behind.at(self.tokens, found.end)
        noun, behind = self._noun(after[1] if after else found.end)
        per, form = found.per, found.form
        if not per and (time := self.lexicon.per_time.at(self.tokens, behind)):
            per = time[0]
        if per and form is Form.PLAIN and not found.unit and (not found.values or max(found.values) > 2 or noun):
            form = Form.RATE
        bound, start = "", found.start
        if before := self.lexicon.bounds_before.before(self.tokens, start):
            bound, start = before
        elif after:
            bound = after[0]
        unit = found.unit
        if form is Form.PLAIN and not unit and self._is_age(found):
            unit = AGE
        first, last = self.tokens[found.start].start, self.tokens[found.end - 1].end
        return Quantity(self.text[first:last], first, last, form, found.values, unit, per, bound, noun, found.doubts)

    def _is_age(self, found: _Found) -> bool:
        return self.lexicon.aged.before(self.tokens, found.start) is not None

    def _noun(self, at: int) -> tuple[str, int]:
        """The words that are counted, and the token behind them."""
        tokens, lexicon = self.tokens, self.lexicon
        while word_at(tokens, at) in lexicon.fillers and not lexicon.per_time.at(tokens, at):
            at += 1
        words: list[str] = []
        while at < len(tokens) and len(words) < _NOUN_WORDS:
            token = tokens[at]
            goes_on = words and token.text in lexicon.joining and self._begins_noun(at + 1)
            if token.kind is not Kind.WORD or (token.text in lexicon.stops and not goes_on):
                break
            if lexicon.per_time.at(tokens, at):
                break
            words.append(token.text)
            at += 1
        return " ".join(words), at

    # -- forms that begin with a word ---------------------------------------------------------------------------

    def _every(self, i: int) -> _Found | None:
        """every third girl, every 30 seconds, every minute."""
        tokens, lexicon = self.tokens, self.lexicon
        if found := lexicon.rates.at(tokens, i):
            return _Found(Form.RATE, i, found[1])
        if word_at(tokens, i) not in lexicon.every:
            return None
        at = i + 1 + (word_at(tokens, i + 1) in ("single", "solo", "sola"))
        word = word_at(tokens, at)
        unit = lexicon.time_units.get(word)
        nth = lexicon.ordinals.get(word) or lexicon.every_nth_also.get(word)
        if at < len(tokens) and tokens[at].kind is Kind.ORDINAL:
            nth = int(tokens[at].value)
        is_date = word_at(tokens, at + 1) in lexicon.time_units or word_at(tokens, at + 1) in lexicon.weekdays
        if nth and is_date:
            return None  # every second Tuesday
        if nth and nth > 1 and self._begins_noun(at + 1):
            return _Found(Form.RATIO, i, at + 1, (Fraction(1, nth),), RATIO)
        if unit in ("second", "minute", "hour"):
            return _Found(Form.RATE, i, at + 1, (Fraction(1),), unit)
        few = lexicon.vague.at(tokens, at)
        number = None if few else lexicon.cardinal(tokens, at)
        end = few[1] if few else number.end if number else at
        unit = lexicon.time_units.get(word_at(tokens, end), "")
        if unit and (few or number):
            values = (number.value,) if number else ()
            doubts = number.doubts if number else ()
            return _Found(Form.RATE, i, end + 1, values, unit, doubts=doubts)
        return None

    def _begins_noun(self, at: int) -> bool:
        word = word_at(self.tokens, at)
        return bool(word) and word not in self.lexicon.stops

    def _superlative(self, i: int) -> _Found | None:
        found = self.lexicon.superlatives.at(self.tokens, i)
        share = self.lexicon.shares.at(self.tokens, i)
        if found is None or (share and share[1] > found[1]):  # la mayor parte
            return None
        return _Found(Form.SUPERLATIVE, i, found[1])

    def _rank(self, i: int) -> _Found | None:
        """second largest, 3rd most common, ranks third, number one, top 14."""
        tokens, lexicon = self.tokens, self.lexicon
        if found := lexicon.ranks.at(tokens, i):
            if found[1] < len(tokens) and tokens[found[1]].glued and tokens[found[1]].kind is Kind.WORD:
                return None  # #1in3
            return _Found(Form.RANK, i, found[1])
        word = word_at(tokens, i)
        nth = self._nth(i)
        if nth and word_at(tokens, i + 1) in lexicon.ranked_by:
            more = word_at(tokens, i + 1) in ("most", "mas") and self._begins_noun(i + 2)
            return _Found(Form.RANK, i, i + 3 if more else i + 2, (Fraction(nth),))
        behind = i + 1 + (word_at(tokens, i + 1) in lexicon.one)
        if word in lexicon.rank_verbs and (nth := self._nth(behind)):
            return _Found(Form.RANK, i, behind + 1, (Fraction(nth),))
        if word == "top" and (number := lexicon.cardinal(tokens, i + 1)):
            return _Found(Form.RANK, i, number.end, (number.value,))
        return None

    def _nth(self, i: int) -> int:
        if 0 <= i < len(self.tokens) and self.tokens[i].kind is Kind.ORDINAL:
            return int(self.tokens[i].value)
        return self.lexicon.ordinals.get(word_at(self.tokens, i), 0)

    def _average(self, i: int) -> _Found | None:
        found = self.lexicon.averages.at(self.tokens, i)
        return _Found(Form.AVERAGE, i, found[1]) if found else None

    def _factor_word(self, i: int) -> _Found | None:
        found = self.lexicon.factors.at(self.tokens, i)
        return _Found(Form.FACTOR, i, found[1], (found[0],), RATIO) if found else None

    def _magnitude(self, i: int) -> _Found | None:
        found = self.lexicon.magnitudes.at(self.tokens, i)
        return _Found(Form.MAGNITUDE, i, found[1]) if found else None

    def _share(self, i: int) -> _Found | None:
        """most, the majority, hardly any. Not "the most", "all 50", "all-day"."""
        tokens, found = self.tokens, self.lexicon.shares.at(self.tokens, i)
        if found is None:
            return None
        behind = found[1]
        follows = tokens[behind] if behind < len(tokens) else None
        if follows and (
            follows.joined or follows.kind is Kind.NUMBER or word_at(tokens, behind) in self.lexicon.not_shared
        ):
            return None
        if tokens[i].text == "most" and word_at(tokens, i - 1) in ("the", "at", "a"):
            return None
        return _Found(Form.SHARE, i, behind)

    def _roman(self, i: int) -> _Found | None:
        """XXVII victims: in capitals, before a word that it counts, and no part of a name."""
        token = self.tokens[i]
        written = self.text[token.start : token.end]
        if token.kind is not Kind.WORD or not _ROMAN.fullmatch(written) or not written.strip("C"):
            return None
        if len(written) < 2:
            return None
        before = self.tokens[i - 1] if i else None
        if before and self.text[before.start].isupper():
            return None
        if not self._begins_noun(i + 1) or self.text[self.tokens[i + 1].start].isupper():
            return None
        signs = [_ROMAN_SIGNS[c] for c in written]
        value = sum(-n if any(m > n for m in signs[k + 1 : k + 2]) else n for k, n in enumerate(signs))
        return _Found(Form.PLAIN, i, i + 1, (Fraction(value),))

    def _vague(self, i: int) -> _Found | None:
        found = self.lexicon.vague.at(self.tokens, i)
        return _Found(Form.VAGUE, i, found[1]) if found else None

    def _fraction(self, i: int) -> _Found | None:
        """half of, a third, la tercera parte."""
        tokens, lexicon = self.tokens, self.lexicon
        found = lexicon.halves.at(tokens, i)
        if found and word_at(tokens, i - 1) == "the" and word_at(tokens, i + 1) != "of":
            found = None  # the half that is left out
        if found and not self._ends_a_number(i):
            if points := lexicon.points.at(tokens, found[1]):
                return _Found(Form.PERCENT, i, points[1], (found[0],), PERCENT)
            return _Found(Form.FRACTION, i, found[1], (found[0],), RATIO)
        if word_at(tokens, i) not in lexicon.one:
            return None
        at = i + 1 + (word_at(tokens, i + 1) in lexicon.whole)
        part = lexicon.denominators.at(tokens, at)
        if part is None or part[0] < 3:
            return None
        if part[1] - at == 1 and self._begins_noun(part[1]) and word_at(tokens, part[1]) != lexicon.of:
            return None  # a third person, un cuarto piso
        return _Found(Form.FRACTION, i, part[1], (Fraction(1, part[0]),), RATIO)

    def _ends_a_number(self, i: int) -> bool:
        """a century and a half, siglo y medio"""
        at = i - 1 - (word_at(self.tokens, i - 1) == "a")
        return word_at(self.tokens, at) in ("and", "y")

    # -- forms that begin with a number -------------------------------------------------------------------------

    def _numbered(self, i: int) -> _Found | None:
        tokens, start = self.tokens, i
        if i and tokens[i].glued and tokens[i - 1].kind is Kind.WORD and tokens[i].value < _IN_A_NAME:
            return None  # Love146
        money = sign_at(tokens, i) in _CURRENCY or word_at(tokens, i) in _CURRENCY_WORDS
        if not money and word_at(tokens, i) == "us" and sign_at(tokens, i + 1) in _CURRENCY:
            money, i = True, i + 1
        if money:
            i += 1
        number = self.lexicon.cardinal(tokens, i)
        if number is None:
            return None
        if sign_at(tokens, number.end) == "(":  # eighty (80) percent
            again = self.lexicon.cardinal(tokens, number.end + 1)
            if again and again.value == number.value and sign_at(tokens, again.end) == ")":
                number = replace(number, end=again.end + 1)
        found = _Found(Form.PLAIN, start, number.end, (number.value,), MONEY if money else "", doubts=number.doubts)
        if (
            number.value < 1
            and number.end == i + 1
            and not tokens[i].text[0].isdigit()
            and tokens[i].kind is Kind.NUMBER
        ):
            found = replace(found, form=Form.FRACTION, unit=RATIO)  # ⅔ of
        is_percent = self.lexicon.percent.at(tokens, number.end)
        if not is_percent and (of_whole := self._part_of_whole(found, number)):
            return of_whole
        found, number = self._range(found, number)
        measured = self._measured(found)
        if measured and measured.form is not Form.PLAIN:
            return measured
        alone = number.article and len(found.values) == 1 and not money
        return None if alone else measured or found

    def _below(self, i: int) -> Token | None:
        """What stands below the stroke: 1/3, 1/3rd."""
        token = self.tokens[i] if i < len(self.tokens) else None
        return token if token and token.kind in (Kind.NUMBER, Kind.ORDINAL) else None

    def _of_so_many(self, i: int) -> _Found | None:
        """Out of 10 victims, 8; of every ten, eight; de cada diez, ocho."""
        tokens, lexicon = self.tokens, self.lexicon
        between = lexicon.out_of.at(tokens, i)
        whole = lexicon.cardinal(tokens, between[1]) if between and between[1] - i > 1 else None
        if whole is None:
            return None
        at, words = whole.end, 0
        while words < 3 and self._begins_noun(at):
            at, words = at + 1, words + 1
        part = lexicon.cardinal(tokens, at + 1) if sign_at(tokens, at) == "," else None
        if part is None or part.value >= whole.value:
            return None
        return _Found(Form.RATIO, i, part.end, (part.value / whole.value,), RATIO, doubts=whole.doubts + part.doubts)

    def _one_in_so_many(self, i: int) -> _Found | None:
        """a woman in eight, one kid in 5, una mujer de cada ocho."""
        tokens, lexicon = self.tokens, self.lexicon
        word, number = word_at(tokens, i), lexicon.cardinal(tokens, i)
        if number and number.value < 10:
            at, value = number.end, number.value
        elif word in ("a", "an"):
            at, value = i + 1, Fraction(1)
        else:
            return None
        words = 0
        while words < 2 and self._begins_noun(at) and not lexicon.out_of.at(tokens, at):
            at, words = at + 1, words + 1
        between = lexicon.out_of.at(tokens, at) if words else None
        whole = lexicon.cardinal(tokens, between[1]) if between else None
        if between is None or whole is None or (between[1] - at == 1 and word_at(tokens, at) not in ("in", "en")):
            return None
        is_bare = between[1] - at == 1
        if (
            (is_bare and self._begins_noun(whole.end))
            or whole.value <= value
            or whole.scale > 1
            or tokens[between[1]].is_year
        ):
            return None
        return _Found(Form.RATIO, i, whole.end, (value / whole.value,), RATIO, doubts=whole.doubts)

    def _part_of_whole(self, found: _Found, number: Number) -> _Found | None:
        """one in three, 3 of every 1,000, two thirds, 2/3, three to one."""
        tokens, lexicon = self.tokens, self.lexicon
        value, end = number.value, number.end
        if value == 50 and (again := lexicon.cardinal(tokens, end)) and again.value == 50 and tokens[end].joined:
            return replace(found, form=Form.FRACTION, end=again.end, values=(Fraction(1, 2),), unit=RATIO)
        if part := lexicon.denominators.at(tokens, end):
            denominator, behind = part
            several = tokens[behind - 1].text.endswith("s")
            free = behind - end > 1 or several or not self._begins_noun(behind) or word_at(tokens, behind) == lexicon.of
            if value < denominator and several == (value != 1) and free and denominator > 1:
                return replace(found, form=Form.FRACTION, end=behind, values=(value / denominator,), unit=RATIO)
        if sign_at(tokens, end) in ("/", "\u2044", "\u2215") and (below := self._below(end + 1)):
            behind = end + 2 + (word_at(tokens, end + 2) in ("ths", "rds"))
            is_whole = tokens[end].glued and below.glued and value < below.value
            if is_whole and word_at(tokens, behind) not in ("", "at", "on"):
                return replace(found, form=Form.FRACTION, end=behind, values=(value / below.value,), unit=RATIO)
        if sign_at(tokens, end) == ":" and (below := number_at(tokens, end + 1)) and below.glued and below.value:
            return replace(found, form=Form.RATIO, end=end + 2, values=(value / below.value,), unit=RATIO)
        if word_at(tokens, end) in ("to", "a") and word_at(tokens, end + 1) in ("one", "uno") and value > 1:
            return replace(found, form=Form.RATIO, end=end + 2, values=(value,), unit=RATIO)
        for phrases in (lexicon.out_of, lexicon.per_so_many):
            if (between := phrases.at(tokens, end)) and (whole := lexicon.cardinal(tokens, between[1])):
                plain = tokens[end].text in ("of", "de", "por", "per") and between[1] == end + 1
                spelled = plain and phrases is lexicon.out_of and not (number.digits and whole.digits)
                if spelled and not self._begins_noun(whole.end):
                    continue
                timed = word_at(tokens, whole.end) in lexicon.time_units
                if value < whole.value and whole.value > 1 and not timed and not tokens[between[1]].is_year:
                    values, doubts = (value / whole.value,), found.doubts + whole.doubts
                    form = Form.FRACTION if spelled else Form.RATIO  # three of four steps are no statistic
                    return replace(found, form=form, end=whole.end, values=values, unit=RATIO, doubts=doubts)
        return None

    def _range(self, found: _Found, number: Number) -> tuple[_Found, Number]:
        """12 to 14, between 12 and 14, 20-40 million, one or two. They share the scale and the unit."""
        tokens, lexicon = self.tokens, self.lexicon
        at = number.end
        first_unit = lexicon.percent.at(tokens, at)
        if first_unit:
            at = first_unit[1]
        word, begun = word_at(tokens, at), word_at(tokens, found.start - 1)
        if begun in ("los", "las"):
            begun = word_at(tokens, found.start - 2)
        joined = number_at(tokens, at)
        if joined and joined.joined and not joined.glued and not joined.is_year:
            behind = at
        elif sign_at(tokens, at) in _DASHES and number_at(tokens, at + 1):
            behind = at + 1
        elif word in lexicon.range_starts.get(begun, ()) or (word in lexicon.range_words and word not in ("and", "y")):
            behind = at + 1
        else:
            return found, number
        behind += sign_at(tokens, behind) in _CURRENCY or word_at(tokens, behind) in ("los", "las")
        second = lexicon.cardinal(tokens, behind)
        if second is None:
            return found, number
        low = number.value
        if number.scale == 1 and second.scale >= 1000 and low < second.value / second.scale:
            low *= second.scale
        if not low < second.value or (word in ("a", "to") and second.article):
            return found, number
        values = (low, second.value)
        return replace(found, end=second.end, values=values, doubts=found.doubts + second.doubts), second

    def _measured(self, found: _Found) -> _Found | None:
        """With the unit behind it."""
        tokens, lexicon, end = self.tokens, self.lexicon, found.end
        if share := self._share_of(found):
            return share
        word = word_at(tokens, end)
        if word in lexicon.fold:
            return replace(found, form=Form.FACTOR, end=end + 1, unit=RATIO)
        if word in lexicon.times or sign_at(tokens, end) in lexicon.times:
            if per := lexicon.per_time.at(tokens, end + 1):
                form = Form.RATE if max(found.values) > 2 else Form.VAGUE
                return replace(found, form=form, end=per[1], per=per[0])
            more = word_at(tokens, end + 1)
            if more in lexicon.times_more or word not in ("veces", "times"):
                less = more in ("less", "fewer", "menos", "menor", "menores")
                values = tuple(1 / value for value in found.values if value) if less else found.values
                return replace(found, form=Form.FACTOR, end=end + 1, values=values, unit=RATIO)
            return replace(found, end=end + 1)
        if old := lexicon.old.at(tokens, end):
            return replace(found, end=old[1], unit=AGE)
        if unit := lexicon.time_units.get(word):
            per = lexicon.per_time.at(tokens, end + 1)
            return replace(found, end=per[1] if per else end + 1, unit=unit, per=per[0] if per else "")
        if word in lexicon.units or sign_at(tokens, end) in lexicon.units:
            return replace(found, end=end + 1, unit=word or sign_at(tokens, end))
        if per := lexicon.per_time.at(tokens, end):
            form = Form.RATE if found.form is Form.PLAIN and not found.unit else found.form
            return replace(found, form=form, end=per[1], per=per[0])
        return None

    def _share_of(self, found: _Found) -> _Found | None:
        """percent, percentage points, per thousand, dollars."""
        tokens, lexicon, end = self.tokens, self.lexicon, found.end
        for phrases in (lexicon.percent, lexicon.points):
            if (percent := phrases.at(tokens, end)) and found.unit != MONEY:
                return replace(found, form=Form.PERCENT, end=percent[1], unit=PERCENT)
        if whole := lexicon.per_mille.at(tokens, end):
            values = tuple(value / whole[0] for value in found.values)
            return replace(found, form=Form.RATIO, end=whole[1], values=values, unit=RATIO)
        after = end + (word_at(tokens, end) == "de")
        money = lexicon.money.at(tokens, after)
        if money:
            values = tuple(value * money[0] for value in found.values)
            return replace(found, end=money[1], values=values, unit=MONEY)
        return None
