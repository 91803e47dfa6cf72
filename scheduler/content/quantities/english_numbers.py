"""Quantities in English: the number words, and the words that make a share, a rate or a rank of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from .figure_tokens import Token
from .lexicon import Lexicon, Number, Phrases, number_at, word_at

_UNITS = {w: n for n, w in enumerate("zero one two three four five six seven eight nine".split())}
_TEENS = {
    w: n
    for n, w in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), start=10
    )
}
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
_TENS |= {"fourty": 40, "ninty": 90}
_ONES = _UNITS | _TEENS | {"naught": 0, "nought": 0, "oh": 0}
_SCALES = {
    word: Fraction(value)
    for word, value in {
        "thousand": 10**3,
        "thou": 10**3,
        "grand": 10**3,
        "million": 10**6,
        "mil": 10**6,
        "mill": 10**6,
        "mn": 10**6,
        "mio": 10**6,
        "billion": 10**9,
        "bil": 10**9,
        "bn": 10**9,
        "trillion": 10**12,
        "tn": 10**12,
    }.items()
}
_GLUED = {"k": 10**3, "m": 10**6, "mm": 10**6, "mn": 10**6, "mil": 10**6, "b": 10**9, "bn": 10**9, "bil": 10**9}
_GLUED |= {"t": 10**12, "tn": 10**12, "million": 10**6, "billion": 10**9, "thousand": 10**3}
_GROUPS = {"dozen": 12, "score": 20, "gross": 144, "couple": 2, "pair": 2, "trio": 3, "million": 10**6}
_PARTS = {"half": Fraction(1, 2), "quarter": Fraction(1, 4), "third": Fraction(1, 3)}
_ONE = Fraction(1)


def _below_thousand(tokens: Sequence[Token], i: int) -> Number | None:
    if token := number_at(tokens, i):
        value, end = token.value, i + 1
        vulgar = number_at(tokens, end)
        if vulgar and vulgar.glued and vulgar.value < 1 and not vulgar.text[0].isdigit():  # 2½
            value, end = value + vulgar.value, end + 1
        if end < len(tokens) and tokens[end].glued and word_at(tokens, end) in _GLUED:
            scale = Fraction(_GLUED[word_at(tokens, end)])
            return Number(value * scale, end + 1, scale, token.doubts, digits=True)
        if word_at(tokens, end) == "hundred":
            return _after_hundred(tokens, Number(value * 100, end + 1, doubts=token.doubts))
        return _with_decimals(tokens, Number(value, end, doubts=token.doubts, digits=True))
    word = word_at(tokens, i)
    if word in ("a", "an") and word_at(tokens, i + 1) == "hundred":
        return _after_hundred(tokens, Number(Fraction(100), i + 2))
    if word in _ONES:
        read = Number(Fraction(_ONES[word]), i + 1, article=word == "one")
    elif word in _TENS:
        more = _UNITS.get(word_at(tokens, i + 1), 0)
        read = Number(Fraction(_TENS[word] + more), i + 2 if more else i + 1)
    else:
        return None
    if word_at(tokens, read.end) == "hundred" and read.value:
        return _after_hundred(tokens, Number(read.value * 100, read.end + 1))
    return _with_decimals(tokens, read)


def _after_hundred(tokens: Sequence[Token], hundreds: Number) -> Number:
    """hundred [and] forty-two."""
    at = hundreds.end + (word_at(tokens, hundreds.end) == "and")
    word = word_at(tokens, at)
    if word in _TENS or word in _TEENS or _UNITS.get(word):
        rest = _below_thousand(tokens, at)
        if rest and rest.value < 100:
            return replace(rest, value=hundreds.value + rest.value, doubts=hundreds.doubts, article=False)
    return hundreds


def _with_decimals(tokens: Sequence[Token], read: Number) -> Number:
    """twenty-seven point six."""
    if word_at(tokens, read.end) != "point" or (read.digits and read.value.denominator != 1):
        return read
    digits, at = "", read.end + 1
    while (word := word_at(tokens, at)) in _ONES and _ONES[word] < 10:
        digits, at = f"{digits}{_ONES[word]}", at + 1
    if not digits:
        return read
    return replace(read, value=read.value + Fraction(f"0.{digits}"), end=at, article=False)


def _and_a_part(tokens: Sequence[Token], at: int) -> tuple[Fraction, int]:
    """and a half, and three quarters; (0, at) where nothing of that kind stands."""
    if word_at(tokens, at) == "and":
        if word_at(tokens, at + 1) in ("a", "one") and (part := _PARTS.get(word_at(tokens, at + 2))):
            return part, at + 3
        if word_at(tokens, at + 1) == "three" and word_at(tokens, at + 2) == "quarters":
            return Fraction(3, 4), at + 3
    return Fraction(0), at


def cardinal(tokens: Sequence[Token], i: int) -> Number | None:
    """27.6 million, three hundred and five, half a million, a dozen, fifteen hundred."""
    part = _part_of_scale(tokens, i)
    if part:
        return part
    word = word_at(tokens, i)
    if word in ("a", "an") and (scale := _scale_or_group(word_at(tokens, i + 1))):
        if word_at(tokens, i + 1) in ("score", "gross") and word_at(tokens, i + 2) != "of":
            return None
        more, end = _and_a_part(tokens, i + 2)
        return Number(scale * (1 + more), end, scale)
    first = _below_thousand(tokens, i)
    if first is None:
        return None
    group = _GROUPS.get(word_at(tokens, first.end), 0)
    if group and group < 1000 and not (group in (2, 3) and first.article):
        return Number(first.value * group, first.end + 1, Fraction(group), first.doubts)
    return _scaled(tokens, first)


def _scaled(tokens: Sequence[Token], first: Number) -> Number:
    """[two] million [three] hundred thousand [and five]."""
    total, last, read = Fraction(0), Fraction(10**15), first
    scaled = Fraction(1)
    while True:
        more, end = _and_a_part(tokens, read.end)
        scale = _SCALES.get(word_at(tokens, end)) or _before_a_noun(tokens, end)
        if scale is None or scale >= last:
            break
        total, last = total + (read.value + more) * scale, scale
        scaled = max(scaled, scale)
        more, end = _and_a_part(tokens, end + 1)
        if more:
            return Number(total + more * scale, end, scaled, first.doubts)
        after = end + (word_at(tokens, end) == "and" and not first.digits)
        follows = _below_thousand(tokens, after)
        if follows is None or follows.digits or follows.value >= last or (follows.article and after == end):
            return Number(total, end, scaled, first.doubts)
        read = follows
    if total:
        return Number(total + read.value, read.end, scaled, first.doubts)
    return first


def _before_a_noun(tokens: Sequence[Token], at: int) -> Fraction | None:
    """1.5 M people; 3 m alone are meters."""
    is_counted = word_at(tokens, at) == "m" and number_at(tokens, at - 1) and len(word_at(tokens, at + 1)) > 3
    return Fraction(10**6) if is_counted else None


def _part_of_scale(tokens: Sequence[Token], i: int) -> Number | None:
    """half a million, a quarter of a million, three quarters of a billion, half a dozen."""
    word, at = word_at(tokens, i), i + 1
    share = _PARTS.get(word)
    if word in ("a", "one") and (share := _PARTS.get(word_at(tokens, i + 1))):
        at = i + 2
    elif word in ("two", "three") and word_at(tokens, i + 1) in ("thirds", "quarters"):
        share, at = _UNITS[word] * _PARTS[word_at(tokens, i + 1)[:-1]], i + 2
    if not share:
        return None
    at += word_at(tokens, at) == "of"
    at += word_at(tokens, at) in ("a", "an")
    scale = _scale_or_group(word_at(tokens, at))
    return Number(share * scale, at + 1, scale) if scale and scale > 3 else None


def _scale_or_group(word: str) -> Fraction:
    if word in ("mil", "mill", "mn", "grand", "bil"):
        return Fraction(0)
    return _SCALES.get(word) or Fraction(_GROUPS.get(word, 0))


_ORDINALS = {
    w: n
    for n, w in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
} | {"hundredth": 100, "thousandth": 1000, "thirtieth": 30, "fiftieth": 50}
_DENOMINATORS = {"half": 2, "quarter": 4} | {w: n for w, n in _ORDINALS.items() if n > 2}
_PLURALS = {"halves": 2, "quarters": 4} | {f"{w}s": n for w, n in _ORDINALS.items() if n > 2}
_TIME = {
    "second": "second",
    "seconds": "second",
    "sec": "second",
    "secs": "second",
    "minute": "minute",
    "minutes": "minute",
    "min": "minute",
    "mins": "minute",
    "hour": "hour",
    "hours": "hour",
    "hr": "hour",
    "hrs": "hour",
    "day": "day",
    "days": "day",
    "night": "night",
    "nights": "night",
    "week": "week",
    "weeks": "week",
    "weekend": "week",
    "month": "month",
    "months": "month",
    "year": "year",
    "years": "year",
    "yr": "year",
    "yrs": "year",
    "decade": "decade",
    "decades": "decade",
    "century": "century",
    "centuries": "century",
}
_PER_TIME = {
    f"{per} {unit}": unit
    for per in ("a", "per", "each", "every", "an")
    for unit in ("second", "minute", "hour", "day", "night", "week", "month", "year", "decade")
} | {
    "hourly": "hour",
    "daily": "day",
    "nightly": "night",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
    "per annum": "year",
    "a day": "day",
    "every single day": "day",
    "each and every day": "day",
    "every single year": "year",
}
_SIZES = (
    "largest biggest greatest highest fastest deadliest worst busiest richest hottest lowest smallest youngest poorest "
    "strongest fiercest gravest"
).split()
_MOST = (
    "common dangerous profitable lucrative trafficked violent deadly affected frequent reported likely underreported "
    "exploited abused vulnerable targeted widespread serious unsafe prevalent popular dangerous hidden neglected"
).split()
_SUPERLATIVES = """
    fastest growing | fastest expanding | fastest rising | leading cause | leading killer | main cause | leading
    source | leading form | leading type | chief cause | primary cause | top cause | top city | top state | top
    destination | top hub | leading hub | leading destination | worse than ever | more than ever | now than ever |
    than ever | higher than ever | than ever before | than at any time | than at any other time | than at any point |
    all time high | record high | record number | record numbers | highest on record | second only to | tied with |
    top ranked | most commonly | unprecedented number | unprecedented numbers
"""

ENGLISH = Lexicon(
    language="en",
    cardinal=cardinal,
    number_words=frozenset((*_ONES, *_TENS, *_PARTS, "a", "an")),
    scales=frozenset((*_SCALES, *_GROUPS, "hundred")),
    ordinals=_ORDINALS,
    denominators=Phrases(_DENOMINATORS | _PLURALS),
    articles=frozenset(("one",)),
    decimals=frozenset(("point",)),
    one=frozenset(("a", "one")),
    whole=frozenset(("full", "whole", "good", "mere", "whopping")),
    percent=Phrases.of("% | percent | per cent | pct | pc | \u066a | percents", "%"),
    points=Phrases.of("percentage points | percentage point", "%"),
    per_mille=Phrases(
        {
            "\u2030": 1000,
            "per thousand": 1000,
            "per mille": 1000,
            "per mil": 1000,
            "per million": 10**6,
            "per hundred thousand": 10**5,
            "in a million": 10**6,
            "in a thousand": 1000,
            "in a hundred": 100,
            "per hundred": 100,
            "per billion": 10**9,
        }
    ),
    out_of=Phrases.of("in | out of | of every | in every | out of every | of | for every | from every", "of"),
    per_so_many=Phrases.of("per | for every | in every | of every | out of every | per every", "per"),
    range_words=frozenset(("to", "through", "or", "and")),
    range_starts={"between": frozenset(("and", "to")), "from": frozenset(("to", "through"))},
    every=frozenset(("every", "each")),
    rates=Phrases.listed(
        "in the time it takes | in the time it takes you | by the time you finish reading | as you read this"
    ),
    time_units=_TIME,
    per_time=Phrases(_PER_TIME),
    old=Phrases.of(
        "years old | year old | years of age | year olds | yo | y / o | yr old | yrs old | year-olds", "age"
    ),
    money=Phrases(
        {
            "dollars": Fraction(1),
            "dollar": Fraction(1),
            "bucks": Fraction(1),
            "buck": Fraction(1),
            "usd": Fraction(1),
            "cents": Fraction(1, 100),
            "cent": Fraction(1, 100),
            "euros": Fraction(1),
            "euro": Fraction(1),
            "pounds sterling": Fraction(1),
            "pesos": Fraction(1),
            "$": Fraction(1),
            "\u20ac": Fraction(1),
            "us dollars": Fraction(1),
            "u . s . dollars": Fraction(1),
            "american dollars": Fraction(1),
        }
    ),
    units=frozenset(
        """
        mile miles km kilometer kilometers meter meters metre metres foot feet ft inch inches yard yards pound pounds
        lb lbs kg kilogram kilograms gram grams ounce ounces ton tons acre acres gallon gallons degree degrees \u00b0
        mph megawatts megabytes mb gb calories watts volts
        """.split()
    ),
    bounds_before=Phrases.listed("""
        about | around | roughly | some | nearly | almost | close to | up to | as many as | an estimated | estimated |
        approximately | circa | ~ | \xb1 | more than | over | at least | no fewer than | less than | under | fewer
        than | upwards of | as few as | only | just | not even | below | above | no more than | well over | just over
        | just under | as much as | no less than | \u2248 | < | > | barely | exactly | in excess of | at most |
        virtually | practically | more like | not quite
    """),
    bounds_behind=Phrases.listed("""
        + | plus | odd | or more | or so | or fewer | or less | and counting | and over | and up | and older | and
        under | or older | or younger
    """),
    factors=Phrases(
        {
            "twice as": Fraction(2),
            "twice the": Fraction(2),
            "thrice": Fraction(3),
            "doubled": Fraction(2),
            "tripled": Fraction(3),
            "quadrupled": Fraction(4),
            "quintupled": Fraction(5),
            "halved": Fraction(1, 2),
            "double the": Fraction(2),
            "triple the": Fraction(3),
            "twofold": Fraction(2),
            "threefold": Fraction(3),
            "fourfold": Fraction(4),
            "fivefold": Fraction(5),
            "sixfold": Fraction(6),
            "sevenfold": Fraction(7),
            "eightfold": Fraction(8),
            "ninefold": Fraction(9),
            "tenfold": Fraction(10),
            "hundredfold": Fraction(100),
            "thousandfold": Fraction(1000),
            "has doubled": Fraction(2),
            "have doubled": Fraction(2),
            "doubles": Fraction(2),
            "halve": Fraction(1, 2),
            "halves": Fraction(1, 2),
            "triples": Fraction(3),
            "half as": Fraction(1, 2),
            "twentyfold": Fraction(20),
        }
    ),
    times=frozenset(("times", "x", "\u00d7")),
    times_more=frozenset(
        """
        as more less higher lower greater the larger smaller likelier worse better fewer faster that what than bigger
        stronger deadlier its
        """.split()
    ),
    fold=frozenset(("fold",)),
    halves=Phrases(
        {
            "half of": Fraction(1, 2),
            "half the": Fraction(1, 2),
            "half": Fraction(1, 2),
            "one half": Fraction(1, 2),
            "half all": Fraction(1, 2),
            "by half": Fraction(1, 2),
            "in half": Fraction(1, 2),
            "half our": Fraction(1, 2),
        }
    ),
    shares=Phrases.listed("""
        most | the majority | a majority | vast majority | majority | the bulk | all | nearly all | almost all |
        virtually all | practically all | nearly every | almost every | virtually every | hardly any | virtually none
        | almost none | almost no | virtually no | none of | mostly | not one of | the minority | a minority | not a
        single | 100 percent of | the lion's share | by far the most | overwhelmingly | nearly none | all but | every
        one of | every single | a fraction of | a large share | a small share | a large part of | the greater part |
        every zip code | every state | every city | every town | every school | every county | every community | every
        neighborhood | every street | every country | every corner | tiny fraction of | small fraction of |
        a tiny fraction of | a small fraction of
    """),
    magnitudes=Phrases.listed("""
        dozens | hundreds | thousands | millions | billions | trillions | scores | tens of thousands | hundreds of
        thousands | tens of millions | hundreds of millions | tens of billions | hundreds of billions | dozens of
        thousands | thousands of millions | multi million | multi billion | multimillion | multibillion | six figure |
        seven figure | eight figure | six figures | seven figures | million strong | double digit | triple digit |
        double digits | single digit | several hundred | several thousand | several million | several billion | a few
        hundred | a few thousand | a few million | many thousands | many millions | countless | untold | few hundred |
        few thousand | several dozen | a few dozen | thousands upon thousands | hundreds upon hundreds | droves |
        swarms | armies | throngs | many hundreds | innumerable | an army
    """),
    superlatives=Phrases.listed("|".join((_SUPERLATIVES, *_SIZES, *(f"most {word}" for word in _MOST)))),
    ranks=Phrases.listed("""
        number one | number two | number three | no . 1 | no 1 | # 1 | no . 2 | no . 3 | # 2 | # 3 | no 2 | no 3 |
        ranks first | ranked first | top ten | top five | top three | top 10 | top 5 | top 3 | in the lead | as young
        as | as old as | than any other | leads the nation | lead the nation | led the nation | leads the country |
        leads the world | heads the list | tops the list
    """),
    ranked_by=frozenset((*_SIZES, "most", "leading")),
    rank_verbs=frozenset("ranks ranked rank ranking place placed places".split()),
    averages=Phrases.listed("""
        on average | life expectancy | average | the average | an average | averages | averaging | averaged | median |
        the median | the mean | mean age | typical | typically | a typical | the typical | avg
    """),
    vague=Phrases.listed("""
        many | few | a few | several | numerous | often | rarely | usually | some | a handful | a number of | more and
        more | plenty | lots | seldom | sometimes
    """),
    aged=Phrases.listed("""
        aged | ages | age | age of | the ages of | ages of | at age | ages from
    """),
    of="of",
    weekdays=frozenset("monday tuesday wednesday thursday friday saturday sunday weekend".split()),
    not_shared=frozenset(
        """
        right over along around about day night year week time in but alone by through too set along ready you we
        day's sorts kinds likely often recently importantly important recent
        """.split()
    ),
    stops=frozenset(
        """
        twice once
        is are was were be been being am has have had do does did will would can could may might must shall should in
        on at to from by with for about into under over near who whom that which when while because than as if but so
        not never through during after before since until against between among around without within via then there
        also still just here today now says say said report reports reported come comes came go goes went live lived
        know knows tell tells told get gets got take takes took begin begins start starts want wants need needs happen
        happens whether if unless though although both either neither ever always already later once deserve deserves
        it they we you he she i this and or where how why what happened end ends ended help helps a an every each
        according per make makes made find finds found
        """.split()
    ),
    joining=frozenset(("and", "or")),
    fillers=frozenset("of the all these those them our their its his her my your such whole entire other a an".split()),
    every_nth_also={"other": 2},
)
