"""Days in texts: what the calendar knows to be wrong is found, and what may stand is left alone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from scheduler.content.days import day_rules
from scheduler.content.days.day_judge import DayJudge, KnownDate, SeasonDays
from scheduler.content.days.day_positions import DayPositions
from scheduler.content.days.day_reader import DayReader
from scheduler.content.days.day_rules import load_day_rules, small
from scheduler.domain.claim import Claim
from tests.support.checks_factory import LINT, START, a_campaign, claim, codes, email, findings, item, post

KNOWN = (
    KnownDate(1865, 2, 1, "freedom-day"),
    KnownDate(1863, 1, 1, "emancipation"),
    KnownDate(2014, 0, 0, "proclamation"),
    KnownDate(2007, 0, 0, "senate"),
)
LISTED = frozenset({"freedom-day", "emancipation", "proclamation"})


@cache
def judge(language: str) -> DayJudge:
    """January 1 to February 1, 2027, an item a day."""
    rules, problems = load_day_rules(LINT, language)
    assert rules is not None
    assert not problems
    special = {"martin luther king jr. day": date(2027, 1, 18), "national freedom day": date(2027, 2, 1)}
    planned = frozenset(START + timedelta(days=n) for n in range(32))
    return DayJudge(rules, SeasonDays(START, date(2027, 2, 1), special, planned, ("prevention month",)))


def found(day: int, text: str, language: str = "en") -> list[str]:
    """Codes for a text that goes out on the ``day`` of the window."""
    return sorted({w.code for w in judge(language).judge(text, START + timedelta(days=day - 1), lambda: KNOWN, LISTED)})


WRONG = [
    # weekdays and dates that there are not
    (12, "Meet us on Monday, January 12, 2027.", "Z102"),
    (9, "See you Monday, Jan. 10.", "Z102"),
    (16, "On Sunday the 18th we rest.", "Z102"),
    (20, "Join us on February 30.", "C170"),
    (20, "Join us on the 31st of April.", "C170"),
    (20, "Join us on February thirtieth.", "C170"),
    (20, "Join us on 2/30/2027.", "C170"),
    (20, "Join us on February 29.", "C170"),
    # another day's name
    (24, "Today is National Freedom Day.", "C171"),
    (9, "Tomorrow, January 11, we wear blue.", "C171"),
    (9, "Tonight, on January 10, we light a candle.", "C171"),
    (2, "Yesterday was Wear Blue Day.", "C171"),
    (9, "Today is Sunday.", "C171"),
    (9, "Happy Monday!", "C171"),
    (8, "Tomorrow is January tenth.", "C171"),
    (5, "Monday is Martin Luther King Jr. Day.", "C171"),
    (12, "Martin Luther King Day falls on Tuesday this year.", "C171"),
    (24, "MLK Day is on January 15.", "C171"),
    (12, "This week brings National Freedom Day.", "C171"),
    (24, "Freedom Day is in five days.", "C171"),
    (24, "There are five days until Freedom Day.", "C171"),
    (11, "Today, people across the country observe National Freedom Day.", "C171"),
    (12, "MLK Day is the second Monday of January.", "C171"),
    (12, "The quiet month ends on January 30.", "C173"),
    (12, "World Water Day is March 21.", "C171"),
    (12, "Since 2027 is a leap year, we have a day more.", "C171"),
    (12, "February is Prevention Month.", "C171"),
    (12, "March is Black History Month.", "C171"),
    # counts
    (3, "Day 4 of 32", "C172"),
    (3, "Day three of thirty-one", "C172"),
    (3, "Tomorrow is day 3 of 32.", "C172"),
    (20, "Only ten days left.", "C172"),
    # where the series begins and ends
    (10, "These notes end on January 31.", "C173"),
    (5, "The campaign runs until February 2.", "C173"),
    (9, "Our campaign ends tomorrow.", "C173"),
    (9, "We end today.", "C173"),
    (30, "This is the last of these emails.", "C173"),
    (32, "See you tomorrow.", "C173"),
    # what is past
    (1, "The proclamation became effective on January 1, 1862.", "C174"),
    (32, "He signed it on February 1, 1866.", "C174"),
    (2, "The month was first proclaimed in 2007.", "C174"),
    (2, "The 2013 proclamation said so.", "C174"),
    (32, "On this day in 1863 it was signed.", "C174"),
    (4, "160 years ago today it was ratified.", "C174"),
    (20, "In January 2026 people wore blue.", "C174"),
    # the season's year
    (20, "In January 2028 people wear blue.", "C175"),
    (5, "Prevention Month 2026 has begun.", "C175"),
    (5, "Our 2026 campaign begins.", "C175"),
    (2, "Come on 1/2/2027.", "C176"),
]
RIGHT = [
    (24, "Tomorrow is another day, and National Freedom Day is February 1."),
    (10, "Tomorrow, January 11, we wear blue."),
    (15, "Monday is Martin Luther King Jr. Day."),
    (18, "Today is Martin Luther King Jr. Day. Back tomorrow."),
    (18, "Today is a Monday like any other."),
    (18, "Happy Monday!"),
    (20, "Today we prepare for National Freedom Day."),
    (20, "Juneteenth is June 19, not January 1."),
    (20, "Meet at 10 a.m. on Sunday the 24th."),
    (20, "Monday we will write again."),
    (5, "Key days are New Year's Day, January 11, MLK Day, February 1."),
    (3, "Day 3 of 32"),
    (20, "12 days left."),
    (5, "Our campaign ends on February 1."),
    (1, "That is why we begin today."),
    (5, "We end today with one question."),
    (5, "Black History Month begins February 1."),
    (31, "Tomorrow is National Freedom Day, and the last of these emails."),
    (32, "The last of these emails."),
    (31, "See you tomorrow."),
    (32, "On this day in 1865 it was signed."),
    (1, "It became effective on January 1, 1863."),
    (1, "The proclamation for 2014 says it."),
    (1, "We have done this since 2019."),
    (1, "Write to Suite 2000, 1600 Pennsylvania Avenue."),
    (1, "By Friday, March 5, 2027, tell us."),
    (1, "The hotline is open 24/7, and it may take 11 minutes."),
    (1, "The quiet month ends on February 28."),
    (1, "2028 is a leap year, and 2027 is not."),
    (1, "MLK Day is the third Monday of January."),
    (1, "January is Prevention Month, and February is Black History Month."),
    (1, "The first Monday of March is a good day to call."),
    (3, "Tomorrow is day 4 of 32, and yesterday was day two of 32."),
    (1, "In 2028 we will count again."),
]
WRONG_ES = [
    (9, "El lunes 12 de enero nos vemos.", "Z102"),
    (9, "El 30 de febrero de 2027.", "C170"),
    (24, "Hoy es el Día Nacional de la Libertad.", "C171"),
    (9, "Mañana, 11 de enero, hablamos.", "C171"),
    (9, "Mañana es lunes.", "C171"),
    (9, "Ayer fue Navidad.", "C171"),
    (9, "Día 8 de 32", "C172"),
    (9, "Quedan diez días.", "C172"),
    (9, "La campaña termina el 31 de enero.", "C173"),
    (9, "Se firmó el 1 de febrero de 1866.", "C174"),
    (9, "Ocurrió en 1999.", "C174"),
    (9, "En enero de 2028 nos vestimos de azul.", "C175"),
    (9, "El 1/2/2027.", "C176"),
]
RIGHT_ES = [
    (12, "El martes 19 abrimos a la hora de siempre."),
    (10, "Mañana, 11 de enero, nos vestimos de azul."),
    (9, "El lunes 11 de enero de 2027."),
    (9, "Por la mañana, el 12 de enero, salimos."),
    (9, "Mañana será otro día."),
    (9, "La campaña termina el 1.º de febrero."),
    (9, "Se firmó el primero de febrero de 1865."),
    (9, "Día 9 de 32"),
    (31, "Hasta mañana."),
]


@pytest.mark.parametrize(("day", "text", "code"), WRONG)
def test_what_the_calendar_knows_to_be_wrong(day: int, text: str, code: str) -> None:
    """Z102 and C170 to C176."""
    assert code in found(day, text)


@pytest.mark.parametrize(("day", "text"), RIGHT)
def test_a_day_that_fits_is_left_alone(day: int, text: str) -> None:
    """No finding of any kind."""
    assert [] == found(day, text)


@pytest.mark.parametrize(("day", "text", "code"), WRONG_ES)
def test_the_same_in_spanish(day: int, text: str, code: str) -> None:
    """By the rules of es.toml."""
    assert code in found(day, text, "es")


@pytest.mark.parametrize(("day", "text"), RIGHT_ES)
def test_a_day_that_fits_is_left_alone_in_spanish(day: int, text: str) -> None:
    """No finding of any kind."""
    assert [] == found(day, text, "es")


def dated(text: str) -> Claim:
    return claim("past", text=text)


def test_the_finding_names_the_claim_that_has_the_date() -> None:
    """A date of a claim that the item does not list, and one that differs from the claim's by its year."""
    campaign = a_campaign([item("one", claims=("past",)), item("two")], claims=[dated("It was signed on May 4, 1910")])
    assert "past says May 4, 1910" in findings(campaign, post("one", "It was signed on May 4, 1911."))[0].message
    assert "list past under claims" == findings(campaign, post("two", "It was signed on May 4, 1910."))[0].hint
    assert [] == codes(campaign, post("one", "It was signed on May 4, 1910, a Wednesday in 1910."))


def test_a_date_of_another_event_is_found_by_the_words_around_it() -> None:
    """C177: both dates are in claims of the item, and each belongs to its own event."""
    signed = claim("signed", text="On May 4, 1910, the mayor signed the charter of the harbor")
    ratified = claim("ratified", text="The council ratified the amendment on June 9, 1912")
    campaign = a_campaign([item("one", claims=("signed", "ratified"))], claims=[signed, ratified])
    found = findings(campaign, post("one", "The amendment was ratified on May 4, 1910."))
    assert ["C177"] == [f.code for f in found]
    assert "ratified (June 9, 1912)" in found[0].message
    both = "The mayor signed the charter on May 4, 1910, and the council ratified the amendment on June 9, 1912."
    assert [] == codes(campaign, post("one", both))


def test_headlines_are_read_too() -> None:
    """A wrong day in the subject is as wrong as one in the text."""
    assert ["C170"] == codes(a_campaign(), email("one", "Good morning.", subject="Come on June 31"))


def test_a_letter_of_another_script_is_found_in_a_subject() -> None:
    """C179; names in their own script are no disguise."""
    assert ["C179"] == codes(a_campaign(), email("one", "Good morning.", subject="A sm\u0430ll step"))
    assert [] == codes(a_campaign(), email("one", "Ask for \u041c\u0430\u0440\u0438\u044f."))


def test_rules_with_a_slip_are_reported(tmp_path: Path) -> None:
    """A year has twelve months in every language."""
    text = (LINT / "days" / "en.toml").read_text().replace('"May", ', "")
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "en.toml").write_text(text)
    rules, problems = load_day_rules(tmp_path, "en")
    assert rules is None
    assert ["C013"] == [p.code for p in problems]


def test_a_list_that_is_missing_is_named(tmp_path: Path) -> None:
    """A file from before a list was known reads nothing wrongly: it says what it lacks."""
    text = (LINT / "days" / "en.toml").read_text()
    at = text.index("month_is = ")
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "en.toml").write_text(text[:at] + text[text.index("\n", at) :])
    rules, problems = load_day_rules(tmp_path, "en")
    assert rules is None
    assert ["C011"] == [p.code for p in problems]
    assert "month_is" in problems[0].message


def test_a_project_without_rules_of_its_own_reads_those_that_are_shipped(tmp_path: Path) -> None:
    """A project from before there were any is not left without them; a language that has none stays so."""
    rules, _ = load_day_rules(tmp_path, "es-US")
    assert rules is not None
    assert rules.language == "es"
    assert load_day_rules(tmp_path, "ar")[0] is None


def positions(language: str, words: str, on: date) -> list[str]:
    """What is wrong of a text of June 2027, whose special day is Oceans Day, the 8th."""
    rules, _ = load_day_rules(LINT, language)
    assert rules is not None
    days = SeasonDays(
        date(2027, 6, 1), date(2027, 6, 30), {"oceans day": date(2027, 6, 8)}, frozenset(), ("sea month",)
    )
    judge = DayJudge(rules, days)
    return [w.code for w in (*judge.judge(words, on), *DayPositions(judge).judge(words, on))]


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        (10, 15, "We are halfway."),
        (10, 16, "Half of the month is over."),
        (17, 23, "We're three quarters through."),
        (17, 10, "Here we are, a third of the way through our month."),
        (10, 20, "Two thirds of June are behind us."),
        (10, 29, "Tomorrow sea month ends."),
        (2, 14, "We are in the middle of June."),
        (20, 2, "Our month has just begun."),
        (10, 28, "The month is almost over."),
        (12, 3, "These are the first days of June."),
        (10, 26, "It is the last week of the month."),
        (10, 22, "Week four of sea month"),
        (20, 9, "It is the second week of our month."),
        (3, 10, "Ten days into June, the gulls are back."),
        (10, 16, "Two weeks until July."),
        (10, 6, "Oceans Day is in two days."),
        (15, 10, "Two days since Oceans Day."),
        (10, 10, "June has thirty-one days."),
        (10, 9, "It's Wednesday, and it rains."),
        (10, 1, "Today the month begins."),
        (10, 29, "Tomorrow is the last day of the month."),
        (10, 18, "On this third Friday of June we walk."),
        (10, 5, "Oceans Day is around the corner."),
        (5, 10, "Oceans Day was on Tuesday."),
        (20, 7, "This Tuesday is Oceans Day."),
        (5, 20, "Summer begins this week."),
        (10, 10, "The class ends on 6/31."),
        (10, 12, "Note 12 of 30"),
        (10, 12, "Day twelve: nets."),
        (12, 4, "Join us on June 10."),
        (5, 12, "Thank you for coming on June 10."),
    ],
)
def test_where_in_the_month_a_text_says_that_it_stands(wrong: int, right: int, words: str) -> None:
    """C170 to C173, by the day on which it goes out."""
    assert positions("en", words, date(2027, 6, wrong)), words
    if "thirty-one" not in words and "6/31" not in words:
        assert [] == positions("en", words, date(2027, 6, right))


@pytest.mark.parametrize(
    ("on", "words", "code"),
    [
        (1, "Women's History Month begins today.", "C173"),
        (1, "Pride Month begins today.", ""),
        (29, "Black History Month is almost over.", "C172"),
        (29, "Pride Month is almost over.", ""),
        (10, "We end after three weeks.", "C173"),
        (10, "We end after four weeks.", ""),
        (10, "Our emails stop after twenty days.", "C173"),
        (10, "The class ends after three weeks.", ""),
    ],
)
def test_a_month_with_a_name_has_its_days_and_the_series_its_length(on: int, words: str, code: str) -> None:
    assert [code] * bool(code) == positions("en", words, date(2027, 6, on))


@pytest.mark.parametrize(
    "words",
    [
        "By the end of June the nets are mended.",
        "We are a third through the book.",
        "Three quarters of the flour goes into the bowl.",
        "The last week of June brings the long days.",
        "Halfway down the pier there is a bench.",
        "Are you ready for Father's Day?",
        "We start the day with coffee.",
        "Summer begins in three weeks, and the pools fill.",
        "It may rain.",
        "Before Memorial Day the pier was closed.",
        "We meet again on June 9, the day after Oceans Day.",
        "In the second half of the month we sort what we found.",
    ],
)
def test_other_times_are_nobodys_mistake(words: str) -> None:
    """A text of the first days may speak of the last."""
    assert [] == positions("en", words, date(2027, 6, 7))


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        (3, 15, "Ya estamos a mitad de mes, y la playa est\u00e1 limpia."),
        (3, 15, "Estamos a mediados de junio."),
        (3, 18, "Ya estamos a dos tercios del camino."),
        (10, 9, "Hoy es mi\u00e9rcoles."),
        (10, 29, "Ma\u00f1ana es el \u00faltimo d\u00eda del mes."),
        (12, 4, "Acomp\u00e1\u00f1enos el 10 de junio."),
        (10, 12, "D\u00eda doce: redes."),
        (20, 5, "Se acerca el D\u00eda Mundial de los Oc\u00e9anos."),
    ],
)
def test_positions_in_spanish(wrong: int, right: int, words: str) -> None:
    assert positions("es", words, date(2027, 6, wrong)), words
    assert [] == positions("es", words, date(2027, 6, right))


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        ("{now} (?:still )?in the middle of {ours}", {"middle"}),
        ("{ours} has (?:just|only) (?:begun|started)(?= today|$)", {"begun", "started"}),
        ("week {n}|{n} weeks", set()),
        ("(?:it is |the ){0,3}(?:we (?:mark|keep)|no) {name}", set()),
        ("(?P<season>summer|winter) (?:is )?weeks? off", {"summer", "winter"}),
        (r"by (?P<a>\d{1,2})/(?P<b>\d{1,2})", {"/"}),
    ],
)
def test_a_position_is_looked_for_by_letters_that_it_needs(pattern: str, letters: set[str]) -> None:
    """None that may be left out, that another choice lacks, or that only follow."""
    assert letters == set(day_rules._letters_needed(pattern))


@pytest.mark.parametrize("pattern", ["^(week {n}", "^week {n}(?: of .+)+"])
def test_a_pattern_of_a_position_that_cannot_be_used_is_reported(tmp_path: Path, pattern: str) -> None:
    text = (LINT / "days" / "en.toml").read_text().replace("'^week {n}", f"'{pattern}")
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "en.toml").write_text(text)
    assert ["C013"] == [p.code for p in load_day_rules(tmp_path, "en")[1]]


def test_rules_from_before_positions_were_known_say_so(tmp_path: Path) -> None:
    text = (LINT / "days" / "en.toml").read_text()
    begins, ends = text.index("[positions]"), text.index("[[holiday]]")
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "en.toml").write_text(text[:begins] + text[ends:])
    rules, problems = load_day_rules(tmp_path, "en")
    assert rules
    assert ["W003"] == [p.code for p in problems]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_day_is_looked_for_where_one_may_begin_and_nowhere_is_one_missed(language: str) -> None:
    """Each word and phrase of a language's file by which a day is named, in a sentence: as a look at each place finds."""
    rules, _ = load_day_rules(LINT, language)
    assert rules is not None
    reader = DayReader(rules)
    of_counts = [
        re.sub(r"\{\w\}", n, p) for many in rules.counts.values() for p in many for n in ("3", "three", "tres")
    ]
    named = [w for words in (*rules.months, *rules.weekdays) for w in words]
    years = [f"{word} 2013 law" for key in ("before_a_year", "determiners") for word in rules.words[key]]
    dates = [
        "May 4, 2027",
        "4 de mayo de 2027",
        "the 4th of May",
        "(2013)",
        "2027-01-11",
        "1/2/2027",
        "Monday the second",
    ]
    nths = [f"{nth} {named[-1]} {of} {named[0]}" for nth in rules.nths for of in ("of", "in", "de")]
    spoken = [phrase for many in (*rules.relative.values(), *rules.spans.values()) for phrase in many]
    phrases = (*of_counts, *named, *years, *dates, *nths, *spoken)
    texts = [f"Ann{sign}{one} and more." for one in (*phrases, *rules.holidays) for sign in (" ", " (", ", ")]
    found = 0
    for text in map(small, (*texts, "\u0130n 2010")):
        each = [m.span() for m in reader._at_each_word.finditer(text)]
        assert each == [m.span() for m in reader._matches(text)], text
        assert not each or "told" in judge(language)._kinds_in(text), text  # the quick look misses none
        found += bool(each)
    assert found > 400


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Come on EARTH DAY 2027.", ["EARTH DAY 2027"]),
        ("Earth Day Eve is a day of our own; 2027.", ["Earth Day Eve", "a day of our own"]),
        ("On June 8 at Sea is a boat, on Monday of the Nets none.", ["June 8", "Monday of the Nets"]),
        ("Two days before a day of our own, today.", ["Two days before", "a day of our own", "today"]),
    ],
)
def test_a_project_s_own_day_is_read_beside_those_of_the_language(text: str, read: list[str]) -> None:
    """The longer name counts, a date before a name, and a name before a day of the week."""
    rules, _ = load_day_rules(LINT, "en")
    assert rules is not None
    own = ("a day of our own", "earth day eve", "june 8 at sea", "monday of the nets")
    assert read == [told.words for told in DayReader(rules).read(text, own)]
