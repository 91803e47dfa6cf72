"""Telephone numbers, short codes and e-mail addresses in a text, however they are written; which of them nobody knows.

Numbers are compared by their digits: 1-888-373-7888, 1-888-3737-888, (888) 373-7888 and "one eight eight ..." are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from ...domain.campaign import Campaign
from ...domain.claim import ContactStatus
from ...kept_by_key import AboutTexts
from ...light_dataclass import dataclass
from ..help_line_rules import HelpLineRules
from ..spellings import SpelledNumbers, nearest, numbers_in_words, numbers_with_other_signs, spelled_numbers
from ..text_answers import TEXTS

#: What to do where a help line's record does not agree with itself.
WRITE_ALIKE = "look at the line's own page, then write the same in `value`, `href` and `find`"
_SEP = r"[ .\u2010-\u2012-]"
PHONE = re.compile(
    r"(?=[+(\d])(?<![\w.,/@-])(?:"  # the quick look first: at most places no number begins
    rf"\+\d{{1,3}}{_SEP}?(?:\(\d{{1,4}}\)|\d{{1,4}})(?:{_SEP}?\d{{2,4}}){{1,4}}"  # +44 20 7946 0958
    rf"|(?:1{_SEP})?(?:\(\d{{3}}\) ?|\d{{3}}{_SEP})\d{{3}}{_SEP}\d{{4}}"  # 1-888-373-7888
    rf"|1{_SEP}\d{{3}}{_SEP}\d{{3,4}}{_SEP}\d{{3,4}}"  # 1-888-3737-888
    rf"|(?=[\dA-Z .-]{{0,14}}[A-Z])(?:1{_SEP})?\d{{3}}{_SEP}"  # 1-800-THE-LOST
    rf"[A-Z0-9]{{1,4}}{_SEP}?[A-Z0-9]{{3,5}}(?:{_SEP}[A-Z0-9]{{1,4}})?"
    r"|1?\d{10}"
    r")(?![\w@]|[.-]\d)"
)
#: What may be a number that a reader is told to text, and what says so within so many letters before it.
_TEXTED, _TO_TEXT, _BEFORE = (
    re.compile(r"\b\d{5,6}\b"),
    re.compile(r"\b(?:text|texting|sms|mensaje)\b[^.\d\n]{0,40}\Z", re.IGNORECASE),
    48,
)

_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_NOT_DIGIT = re.compile(r"\D")
EMAIL = re.compile(r"(?<![\w.+%-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"https?://\S+")
_SHORT_CODE = re.compile(r"(?<![\w$.,#/-])(?:\d{5,6}|\d{3}[ -]\d{3}|\d{2}[ -]\d{2}[ -]\d{2})(?![\w%]|[ .,-]\d)")
#: A number without its end, or one of a place alone.
_CUT_SHORT = re.compile(
    r"(?<![\w$.,/)-])(?<!\) )(?<!\d )"
    rf"(?:(?P<local>\d{{3}}-\d{{4}})|(?:1{_SEP})?\d{{3}}{_SEP}\d{{3}}(?:{_SEP}\d{{1,3}})?)"
    rf"(?![\w-]|{_SEP}\d)"
)
_FIGURES_AND_LETTERS = re.compile(rf"(?<![\w-])[\dOoIl|]{{1,4}}(?:{_SEP}[\dOoIl|]{{3,4}}){{2,3}}(?![\w-])")
#: Figures and capitals, in which a small letter may hide.
_VANITY = re.compile(rf"(?<![\w-])(?:1{_SEP})?8\d\d(?:{_SEP}[A-Z0-9][A-Za-z0-9]*){{1,5}}(?![\w-])")
#: A word in capitals that is to be sent to a short code.
_KEYWORD = re.compile(r"(?<!\w)[\"']?([A-Z]{3,12})[\"']? (?:to|al|a) (\d{5,6})(?!\w)")
#: Digits in groups, of about as many as a telephone number has, whatever the shape.
_ABOUT_A_NUMBER = re.compile(rf"(?<![\w$.,/@-])\+?\(?\d{{1,5}}\)?(?:{_SEP}{{1,2}}\(?\d{{1,6}}\)?){{1,5}}(?![\w%])")
#: How many slips away a number is still taken for the one that was meant.
_MOST_SLIPS = 2
_KEYWORDS = re.compile(r"[A-Z]{3,12}")
#: Words that may follow a number of three digits that somebody is to call, where "300 people" is none.
_BEHIND = (
    "if when now or and for right first at any to from with without on in by before after as because so then even "
    "tonight today anytime anyway whenever instead day night si cuando ahora y o para a de en con sin antes desde "
    "hasta al hoy siempre primero porque"
).split()
#: Known everywhere in the United States: emergencies, and the relay for people who are deaf.
_ALWAYS_KNOWN = frozenset({"911", "711"})


def _is_vanity(written: str) -> bool:
    return sum(c.isupper() for c in written) >= 3 and 10 <= sum(c.isalnum() for c in written) <= 14


@lru_cache(maxsize=4096)
def numbers_in(text: str) -> tuple[tuple[str, str], ...]:
    """(as printed, digits) of each telephone number; the country code 1 is left off."""
    if not _DIGIT.search(text):
        return ()
    found = [(m[0], digits) for m in PHONE.finditer(text) if len(digits := _digits(m[0])) >= 7]
    texted = [m[0] for m in _TEXTED.finditer(text) if _TO_TEXT.search(text, max(0, m.start() - _BEFORE), m.start())]
    return (*found, *zip(texted, texted, strict=True))


def _digits(printed: str) -> str:
    digits = _NOT_DIGIT.sub("", printed.upper().translate(_KEYS))
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


@lru_cache(maxsize=1024)
def digits_of(value: str) -> str:
    """The digits by which a contact is compared; empty for what is no number (an address, a name)."""
    plain = _NOT_DIGIT.sub("", value) if re.fullmatch(r"[\d ().+-]+", value.strip()) else ""
    return next((digits for _, digits in numbers_in(value)), plain)


@dataclass(frozen=True)
class KnownNumbers:
    """Which numbers and e-mail addresses a text may have. ``records``: the digits and addresses that have a record, and
    the organization's own."""

    campaign: Campaign
    records: frozenset[str]
    rules: tuple[HelpLineRules, ...]

    @cached_property
    def known(self) -> frozenset[str]:
        return self.records | _ALWAYS_KNOWN

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        return tuple(rules.fingerprint for rules in self.rules)

    def spelled(self, text: str) -> tuple[tuple[str, str], ...]:
        """(as written, digits) of numbers in words, and of those with unusual signs between their groups."""
        if not text:
            return ()
        return self._asked_spelled.of(text, self._spelled)

    @cached_property
    def _asked_spelled(self) -> AboutTexts:
        return TEXTS.question("spelled numbers", self.fingerprints)

    @cached_property
    def _in_languages(self) -> tuple[SpelledNumbers, ...]:
        return tuple(map(spelled_numbers, self.rules))

    def _spelled(self, text: str) -> tuple[tuple[str, str], ...]:
        words = [*numbers_in_words(text, self._in_languages)]
        return (*words, *numbers_with_other_signs(text)) if words or _DIGIT.search(text) else ()

    def unknown_in(self, block: str) -> tuple[tuple[str, str, str], ...]:
        """(as written, what is meant, what is wrong) of each that nobody knows."""
        return self._asked.of(block, self._found_in)[0]

    @cached_property
    def _asked(self) -> AboutTexts:
        lines = [(c.id, c.kind, c.value, c.label, c.purpose, c.find, c.status) for c in self.campaign.contacts.values()]
        rests_on = (sorted(self.records), lines, self.fingerprints)
        return TEXTS.question("unknown numbers", rests_on)

    def _look(self, text: str) -> Iterator[tuple[str, str, str]]:
        spelled, has_digit = self.spelled(text), _DIGIT.search(text) is not None
        numbers = (
            [*self._called(text), *((w, d) for w, d in spelled if self._is_one(d))] if has_digit or spelled else []
        )
        if has_digit:
            numbers = [*numbers_in(text), *numbers, *self._cut_short(text), *self._slips(text)]
            numbers += (
                (m[0], _digits(m[0].upper().replace("L", "I"))) for m in _VANITY.finditer(text) if _is_vanity(m[0])
            )
            yield from self._with_letters(text)
            codes = ((m[0], _NOT_DIGIT.sub("", m[0])) for m in _SHORT_CODE.finditer(text))
            numbers += [(words, digits) for words, digits in codes if self._near(digits)]
        for words, digits in numbers:
            if digits not in self.known:
                yield words, digits, f"the number {words} is no record of contacts.toml{self._instead(digits)}"
        if has_digit:
            yield from self._keywords(text)
        addresses = [(a, a.casefold().rstrip(".")) for a in (EMAIL.findall(text) if "@" in text else ())]
        for words, address in (*addresses, *self._spelled_addresses(text)):
            if address not in self.known:
                what = "an e-mail address is printed that is no record of contacts.toml"
                yield words, address, f"{what}{self._instead(address)}"

    def _cut_short(self, text: str) -> Iterator[tuple[str, str]]:
        """Numbers of which the end, or the area code, is missing."""
        for found in _CUT_SHORT.finditer(text):
            digits = _NOT_DIGIT.sub("", found[0])
            digits = digits[1:] if found[0].startswith("1") and len(digits) > 7 else digits
            if found["local"] or any(k != digits and k.startswith(digits) and len(k) == 10 for k in self.known):
                yield found[0], digits

    def _slips(self, text: str) -> Iterator[tuple[str, str]]:
        """Digits that are almost a number of a record: one more, one less, in other groups."""
        for found in _ABOUT_A_NUMBER.finditer(text):
            digits = _NOT_DIGIT.sub("", found[0])
            if len(digits) > 10 and digits.startswith("1"):
                digits = digits[1:]
            if 8 <= len(digits) <= 13 and digits not in self.known and self._nearest_long(digits):
                yield found[0], digits

    def _nearest_long(self, digits: str) -> str:
        return nearest(digits, [known for known in self.known if known.isdigit() and len(known) >= 7], _MOST_SLIPS)

    def in_words(self, block: str) -> tuple[tuple[str, str], ...]:
        """(as written, digits) of each number of a line that is written in words."""
        return self._asked.of(block, self._found_in)[1]

    def _found_in(self, block: str) -> tuple[tuple[tuple[str, str, str], ...], tuple[tuple[str, str], ...]]:
        text = _URL.sub(" ", block)
        in_words = (one for one in self.spelled(text) if one[1] in self._open and _LETTER.search(one[0]))
        return tuple(self._look(text)), tuple(in_words)

    @cached_property
    def _open(self) -> frozenset[str]:
        lines = (c for c in self.campaign.contacts.values() if c.status is ContactStatus.ACTIVE)
        return frozenset(map(digits_of, (v for c in lines for v in (c.value, *c.find)))) - _ALWAYS_KNOWN - {""}

    def _with_letters(self, text: str) -> Iterator[tuple[str, str, str]]:
        """Numbers in which a letter stands for the figure that it looks like."""
        for found in _FIGURES_AND_LETTERS.finditer(text):
            groups = re.findall(r"[\dOoIl|]+", found[0])
            if sum(c.isdigit() for c in found[0]) >= 5 and any(c in "OoIl|" for c in found[0]):
                if tuple(map(len, groups)) in ((3, 3, 4), (1, 3, 3, 4), (1, 3, 4, 3)):
                    yield found[0], found[0], f"letters stand for figures in the number {found[0]}"

    def _keywords(self, text: str) -> Iterator[tuple[str, str, str]]:
        """A keyword for a short code whose record has none."""
        for found in _KEYWORD.finditer(text):
            lines = [c for c in self.campaign.contacts.values() if c.kind == "text" and found[2] in c.value]
            told = " ".join(
                w for c in lines if c.status is ContactStatus.ACTIVE for w in (c.value, c.label, c.purpose, *c.find)
            )
            if lines and found[1] not in _KEYWORDS.findall(told):
                yield found[0], found[0], f"the keyword {found[1]} for {found[2]} is in no record of contacts.toml"

    def _is_one(self, digits: str) -> bool:
        return len(digits) == 10 or digits in self._codes or bool(self._near(digits))

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(k for k in self.known if k.isdigit() and len(k) < 7)

    def _near(self, digits: str) -> str:
        """The short code that was meant, of five or six digits."""
        codes = [code for code in self._codes if len(code) > 4]
        return nearest(digits, codes, 1) if digits not in self._codes else ""

    def _instead(self, meant: str) -> str:
        """Which record it may be meant for."""
        right = nearest(meant, self.known, 2) if len(meant) > 4 else ""
        for contact in self.campaign.contacts.values() if right else ():
            if contact.status is ContactStatus.ACTIVE and right in (digits_of(contact.value), contact.value.casefold()):
                return f"; {contact.id} is {contact.value}"
        return ""

    def _called(self, text: str) -> Iterator[tuple[str, str]]:
        """Numbers of three digits that somebody is told to call, in words too."""
        if self._call is None:
            return
        for words, digits in self.spelled(text):
            if len(digits) == 3:
                text = text.replace(words, digits)
        yield from ((m[1], m[1]) for m in self._call.finditer(text))

    @cached_property
    def _call(self) -> re.Pattern[str] | None:
        words = "|".join(re.escape(w) for rules in self.rules for w in rules.called)
        number = rf"(\d{{3}})(?=[.,;:!?)]*(?:$| [\u2014(]| (?:{'|'.join(_BEHIND)})\b|\s+[A-Z\u00bf]))"
        return re.compile(rf"\b(?i:{words})(?: (?:al|el|to|or \w+|o \w+))? {number}") if words else None

    @cached_property
    def _dots(self) -> list[tuple[HelpLineRules, list[str]]]:
        return [(rules, [word for word in rules.dot if len(word) > 1]) for rules in self.rules]

    def _spelled_addresses(self, text: str) -> Iterator[tuple[str, str]]:
        low = text.casefold()
        for rules, dots in self._dots:
            if any(map(low.__contains__, dots)):
                found = _address_in_words(rules).finditer(text)
                yield from ((m[0], f"{m[1]}@{m[2]}.{m[3]}".casefold()) for m in found)


@lru_cache(maxsize=8)
def _address_in_words(rules: HelpLineRules) -> re.Pattern[str]:
    """An address in which a word stands for each sign, as "help at example dot org"."""
    at, dot = ("|".join(map(re.escape, (w for w in words if len(w) > 1))) for words in (rules.at, rules.dot))
    sender, host, ending = r"(?<![\w@])([\w.+-]{1,40})", r"([\w-]{2,60})", r"([a-z]{2,12})(?!\w)"
    return re.compile(rf"{sender} ?(?:{at}) ?{host} ?(?:{dot}) ?{ending}", re.IGNORECASE)
