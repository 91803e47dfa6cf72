"""What a text says on behalf of a help line: what it does, costs, asks and promises, and when somebody answers.

By default no. A sentence whose subject is a line, who answers there or a call is asked about unless what it says is one
of the phrases that a language's file lets pass: how a line is reached, that it exists, what has been.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from ...domain.claim import Contact, ContactStatus
from ...domain.finding import Finding
from ...kept_by_key import AboutTexts
from ...light_dataclass import dataclass
from ..days.day_judge import event_words
from ..people.name_finder import PRINTED
from ..people.people_reader import Sentence
from ..phrases import made, plain
from ..promise_rules import LINE, PromiseRules, load_promise_rules
from ..rule_files import pattern_of
from ..sentence_patterns import words_in
from ..text_answers import TEXTS
from .context import Material
from .known_numbers import digits_of, numbers_in
from .visible_text import fold
from .word_rules import language_of

#: Where a statement may begin: of whoever answers no clause that describes something ("a name that nobody asks about").
_CLAUSE = "|".join(rf"(?<=\b{word} )" for word in "and but because since so y porque pero".split())
_BEGIN = rf"(?:^|(?<=[,;:(\u2014?!] )|{_CLAUSE})"
_BEGIN_OR_THAT = rf"(?:^|(?<=[,;:(\u2014?!] )|{_CLAUSE}|(?<=\bthat )|(?<=\bque ))"
#: Before a word that is let pass; before another one, and before one of those that is known for a verb.
_BLANK, _WORD, _VERB = " \t\f"
_WORD_NEXT = rf"(?<=[{_WORD}{_VERB}])[a-z][a-z']*"
_VERB_NEXT = rf"(?<={_VERB})"
#: Before who might pick up, in a sentence that says what to do then: when nobody picks up, leave your name.
_UNLESS_IF = "".join(rf"(?<!\b{word} )" for word in "when if until unless cuando si hasta".split())
#: "Who answers the phone" asks; "who answers the phone knows ..." promises.
_NO_TELEPHONE = r"(?!(?:phone|phones|telefono|telefonos)(?!\w))"
#: Names of lines in a row.
_SEVERAL = re.compile(rf"{LINE}(?: [,(]? ?{LINE})+")
#: Letters between an answer and its hours: "will answer, day or night".
_NEXT_TO = 3
_MOST_OF_IT = 0.6
#: The name of an organization, in capitals, up to its number: so many characters before that.
_FAR = 70
_NAMED_WITH = re.compile(
    r"(?<![\w'])(?P<name>(?:[A-Z]{3,6}|[A-Z][\w&'-]+(?: (?:of |and |for |the |& )?[A-Z][\w&'-]+)+))"
    r"(?: (?:is|are|answers?|picks up|takes calls|runs|operates|offices?|in town|hotline|line|number|reached|can be"
    r"|by phone|at|on|the)){0,5},? ?[(:]? ?$"
)
#: Words that many names have, and those by which one is that of a line in Spanish.
_OF_ANY_LINE = frozenset(
    "call text dial phone ask try the of and for national line hotline helpline lifeline center questions".split()
)
_TITLE = 30  # letters before a name that may belong to it
_A_LINE = frozenset("linea centro ayuda emergencia emergency".split())
#: Fields of a record that name the line. What it says of itself beside them is its own word.
_NAMES_IT = ("value", "label")


@dataclass(frozen=True)
class Promised:
    """A finding's code, the words that it is about, and what is said of them."""

    code: str
    words: str
    message: str


class LinePromises:
    """Reads sentences of one language, by the lines of one campaign."""

    def __init__(self, rules: PromiseRules, contacts: tuple[Contact, ...]) -> None:
        self._rules = rules
        active = [
            c for c in contacts if c.status is ContactStatus.ACTIVE and c.kind in ("phone", "text", "chat", "tty")
        ]
        always = frozenset(rules.words["emergency_numbers"]) | {"711"}
        self._contacts = tuple(c for c in active if digits_of(c.value) not in always)
        self._digits = {d: c for c in self._contacts if (d := digits_of(c.value))}

    @cached_property
    def asked(self) -> AboutTexts:
        told = [(c.id, c.value, c.label, c.hours, c.languages, c.kind) for c in self._contacts]
        return TEXTS.question("promises of lines", (self._rules.fingerprint, told))

    def wrong_in(self, sentence: Sentence, claims: Sequence[str] = ()) -> tuple[Promised, ...]:
        """What one sentence promises. ``claims``: texts that the item rests on."""
        if any(one.printed.kind in ("claim", "quotation", "source") for one in sentence.printed):
            return ()  # it says whose word that is
        found = self.asked.of(
            self._marked(sentence), lambda text: tuple((p.code, p.words, p.message) for p in self._look(text))
        )
        if found and any(_says_the_same(sentence.own, claim) for claim in claims):
            return ()
        return tuple(Promised(*one) for one in found)

    def _marked(self, sentence: Sentence) -> str:
        """The sentence with the values that were printed from records of lines."""
        pieces = sentence.own.split(PRINTED)
        told = (one.printed for one in sentence.printed)
        values = [one.words if one.kind == "contact" and one.field in _NAMES_IT else " " for one in told]
        return "".join(a + b for a, b in zip(pieces, (*values, *[" "] * len(pieces)), strict=False))

    def _look(self, text: str) -> Iterator[Promised]:
        numbers = numbers_in(text)
        tokens = _tokens(text)
        if self._hints.isdisjoint(tokens) and not numbers:
            return
        words, named = self._words_of(text, tokens, numbers)
        yield from self._of_emergency_numbers(text, words)
        speaks = LINE in words or self._speaks_of_calling.search(words) is not None
        said = self._statements.first_in(words, speaks=speaks)
        if not said and (speaks or self._a_call.search(words)):
            found = (m[0] for p in self._properties if (m := p.search(words)))
            said = next((one for one in found if not self._speak(one)), "")
        if said and not self._is_answered_then(words, said, named):
            said = re.sub(rf"(?:the )?{LINE}", "the line", said).strip(" ,;:")
            yield Promised("H115", text, f'"{said}" is said on behalf of a help line')
        if speaks:
            yield from self._of_hours(text, words, named)
            yield from self._of_purpose(text, words)
            yield from self._of_ways(text)
        yield from self._of_other_names(text)

    # -- the words

    def _words_of(
        self, text: str, tokens: Sequence[str], numbers: Sequence[tuple[str, str]]
    ) -> tuple[str, list[Contact]]:
        """The words of a sentence, each line as one sign, and the lines that it names by number or by label."""
        named: list[Contact] = []
        for printed, digits in numbers:
            if digits in self._digits:
                named.append(self._digits[digits])
                text = text.replace(printed, " \u2042 ")
        words = f" {' '.join(_tokens(text) if named else tokens)} "
        for label, contact in self._labels:
            if label in words:
                named.append(contact)
                words = words.replace(label, f" {LINE} ")
        for digits, contact in self._digits.items():
            if f" {digits} " in words:
                named.append(contact)
                words = words.replace(f" {digits} ", f" {LINE} ")
        standing = self._no_lines.keys() & {*words.split()}
        for _, other, in_one in sorted(pair for word in standing for pair in self._no_lines[word]):
            words = words.replace(other, in_one)
        words = self._lines.sub(f" {LINE} ", words)
        return _SEVERAL.sub(LINE, " ".join(words.split())), named

    @cached_property
    def _no_lines(self) -> Mapping[str, list[tuple[int, str, str]]]:
        """By the longest word of each."""
        found: dict[str, list[tuple[int, str, str]]] = {}
        for at, other in enumerate(self._rules.words["no_lines"]):
            found.setdefault(max(other.split(), key=len), []).append((at, f" {other} ", f" {other.replace(' ', '_')} "))
        return found

    @cached_property
    def _labels(self) -> tuple[tuple[str, Contact], ...]:
        """The labels of lines, and their ends of at least two words. What stands before a comma is an organization."""
        found: dict[str, Contact] = {}
        for contact in self._contacts:
            label = fold(contact.label)
            if "," in label and contact.kind == "phone":
                continue
            words = _tokens(label.partition(",")[0])
            for at in range(max(1, len(words) - 1)):
                found.setdefault(f" {' '.join(words[at:])} ", contact)
            if len(words) > 2:
                found.setdefault(f" {words[0]} line ", contact)
        return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))

    @cached_property
    def _lines(self) -> re.Pattern[str]:
        return pattern_of(self._rules.fingerprint, rf"(?<= )(?:{_any(self._rules.words['lines'])})(?= )")

    @cached_property
    def _hints(self) -> frozenset[str]:
        keys = ("lines", "picks_up", "calls", "reach")
        words = {max(p.split(), key=len) for key in keys for p in self._rules.words[key]}
        labels = {word for label, _ in self._labels for word in label.split() if len(word) > 3}
        numbers = self._rules.words["emergency_numbers"]
        return frozenset((*words, *labels, *numbers, *self._digits, LINE))

    # -- the sentences

    @cached_property
    def _speaks_of_calling(self) -> re.Pattern[str]:
        """What makes a sentence one about a call where it names no line."""
        w = self._rules.words
        telephones = [one for one in w["picks_up"] if " " in one]
        return pattern_of(
            self._rules.fingerprint,
            rf"\b(?:(?:{_any(w['when'])}) (?:{_any(w['who_calls'])}) (?:{_any(w['reach'])})|(?:{_any(telephones)})"
            rf"|(?:whoever|quienes?) (?:{_any(w['picks_up'])})"
            rf"|(?:{_any((*w['staff'], *w['anyone']))})(?: [a-z]+)? (?:{_any(w['at'])}) (?:{_any(w['phones'])})"
            rf"|^(?:{_any(w['to_call'])})|^(?:{_any(w['anyone'])})\b.*\b(?:{_any(w['called'])}))\b",
        )

    def _speak(self, said: str) -> bool:
        """Whether it names a language that the record of a line names, too."""
        return any(word in self._languages for word in said.split())

    @cached_property
    def _languages(self) -> frozenset[str]:
        words = (word for c in self._contacts for word in words_in(c.languages))
        return frozenset(word for word in words if len(word) > 3)

    @cached_property
    def _properties(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(made, self._rules.patterns["properties"]))

    @cached_property
    def _a_call(self) -> re.Pattern[str]:
        words = self._rules.words
        return pattern_of(self._rules.fingerprint, rf"\b(?:{_any(words['determiners'])}) (?:{_any(words['calls'])})\b")

    @property
    def _statements(self) -> _Statements:
        return _statements_of(self._rules)

    # -- hours and purposes

    def _of_hours(self, text: str, words: str, named: Sequence[Contact]) -> Iterator[Promised]:
        """Hours that no record of the lines that are meant has."""
        found = _first(self._any_hour, words)
        if found is None:
            return
        meant = self._meant(named)
        if self._is_there_at_any_hour(meant):
            return
        of = meant[0] if meant else None
        says = f"; {of.id} has {of.hours}" if of is not None and of.hours else ""
        yield Promised("H116", text, f'"{found[0].strip()}" is in no record of the line{says}')

    def _meant(self, named: Sequence[Contact]) -> Sequence[Contact]:
        return named or [c for c in self._contacts if c.kind != "tty"]

    def _is_there_at_any_hour(self, meant: Sequence[Contact]) -> bool:
        return any(hours in plain(c.hours) for c in meant for hours in self._rules.words["hours_at_any_hour"])

    def _is_answered_then(self, words: str, said: str, named: Sequence[Contact]) -> bool:
        """Whether what is said is that a line answers at any hour ("will answer, day or night"), as its record says."""
        found, behind = _first(self._any_hour, words), words.find(said) + len(said)
        if found is None or behind > found.start() or not self._is_there_at_any_hour(self._meant(named)):
            return False
        answers = (m for m in self._answers.finditer(words) if m.end() <= found.start() <= m.end() + _NEXT_TO)
        return any(m.start() - 1 <= behind <= m.end() for m in answers)

    @cached_property
    def _answers(self) -> re.Pattern[str]:
        return pattern_of(self._rules.fingerprint, rf"\b(?:{_any(self._rules.words['picks_up'])})\b")

    def _of_emergency_numbers(self, text: str, words: str) -> Iterator[Promised]:
        """911 for something that is no emergency by any word beside it."""
        found, rules = words.split(), self._rules.words
        number = next((n for n in rules["emergency_numbers"] if n in found), None)
        if number is None or LINE in words or not self._speaks_of_reaching.search(words):
            return
        if not frozenset(rules["reasons"]).isdisjoint(found) and not any(w.startswith(rules["urgent"]) for w in found):
            yield Promised("H117", text, f"{number} is named, and nothing here tells of an emergency")

    def _of_purpose(self, text: str, words: str) -> Iterator[Promised]:
        """What a line is not for."""
        if LINE not in words:
            return
        others = frozenset(self._rules.words["emergency_numbers"])
        emergency = _first(self._emergencies, words)
        if emergency is not None and others.isdisjoint(words.split()):
            yield Promised(
                "H117", text, f'a line is named for "{emergency[0].strip()}", and not {" or ".join(sorted(others))}'
            )
            return
        errand = _first(self._errands, words)
        if errand is not None and self._speaks_of_reaching.search(words):
            yield Promised("H117", text, f'"{errand[0].strip()}" may be nothing that a help line is for')

    def _of_ways(self, text: str) -> Iterator[Promised]:
        """A telephone that is to be texted, and a number for texts that is to be called. Both may be of one line."""
        low = plain(text)
        for printed, digits in (*numbers_in(text), *((d, d) for d in self._digits if len(d) < 7)):
            kinds = {c.kind for c in self._contacts if digits_of(c.value) == digits}
            at = text.find(printed)
            if at < 0 or len(kinds) != 1 or (len(digits) < 5):
                continue
            wrong = {"phone": self._texting, "text": self._calling}.get(next(iter(kinds)))
            if wrong is not None and wrong.search(low[:at]):
                yield Promised(
                    "H114", text, f"{printed} is for {'calls' if kinds == {'phone'} else 'texts'} by its record"
                )

    def _of_other_names(self, text: str) -> Iterator[Promised]:
        """The number of a line behind the name of an organization that its record does not have."""
        for printed, digits in numbers_in(text):
            line, at = self._digits.get(digits), text.find(printed)
            named = _NAMED_WITH.search(text, max(0, at - _FAR), at) if line is not None and at > 0 else None
            if line is None or named is None:
                continue
            words = {w for w in words_in(fold(named["name"])) if len(w) > 1} - _OF_ANY_LINE
            own = {w for c in self._contacts for w in words_in(fold(f"{c.label} {c.operator} {c.purpose}"))}
            around = fold(text[max(0, named.start() - _TITLE) : named.end()])  # Línea Nacional contra la Violencia
            if words and words.isdisjoint(own) and _A_LINE.isdisjoint(words_in(around)):
                yield Promised("H115", text, f"{named['name']} stands with {printed}, which is that of {line.label}")

    @cached_property
    def _texting(self) -> re.Pattern[str]:
        return pattern_of(
            self._rules.fingerprint,
            rf"\b(?:{_any(self._rules.words['texting'])})\b(?: (?!and |or |o |y )[^ ,;:]+){{0,5}} (?:to|at|al|a) $",
        )

    @cached_property
    def _calling(self) -> re.Pattern[str]:
        return pattern_of(self._rules.fingerprint, rf"\b(?:{_any(self._rules.words['calling'])}) (?:at |al |on |to )?$")

    @cached_property
    def _speaks_of_reaching(self) -> re.Pattern[str]:
        return pattern_of(
            self._rules.fingerprint, rf"(?<![\w])(?:{_any(self._rules.words['reach'])})(?![\w])|:|by phone|por telefono"
        )

    @cached_property
    def _any_hour(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(made, self._rules.patterns["at_any_hour"]))

    @cached_property
    def _emergencies(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(made, self._rules.patterns["emergencies"]))

    @cached_property
    def _errands(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(made, self._rules.patterns["errands"]))


#: Of the same lines once, whatever asks: each letter is a material of its own.
_line_promises = lru_cache(maxsize=16)(LinePromises)


class _Statements:
    """The ways in which a sentence says something of a line.

    Most of what may be said is let pass, in long lists. No pattern holds them: before each verb that is not let pass
    another sign stands than the blank between two words, and a pattern ends there.
    """

    def __init__(self, rules: PromiseRules) -> None:
        self._words = {key: f"(?:{_any(words)})".replace("{line}", LINE) for key, words in rules.words.items()}
        self._passes = _Phrases(
            (*(one.replace("{line}", LINE) for one in rules.words["plain"]), *rules.words["no_verbs"])
        )
        endings = "".join(rf"|[a-z]+{ending}" for ending in rules.words["verb_endings"])
        self._rules, self._calls = rules.fingerprint, rules.words["calls"]
        self._verb = pattern_of(self._rules, rf"(?:{_any(rules.words['verbs'])}{endings})(?!\w)")

    def first_in(self, words: str, *, speaks: bool) -> str:
        """What is said; "" where nothing is. ``speaks``: of a line, so that more than a call is looked for."""
        if not speaks and not any(map(words.__contains__, self._calls)):
            return ""
        signed = self._signed(words)
        found = _first((*(self._of_a_line if speaks else ()), self._of_a_call), signed)
        if found is None:
            return ""
        end = found.end()
        if signed[end - 1] == _VERB and (verb := self._verb.match(words, end)):
            end = verb.end()
        return words[found.start() : end]

    def _signed(self, words: str) -> str:
        """The words with the sign before each that tells whether it is let pass."""
        signs = list(words)
        at = words.find(_BLANK)
        while at >= 0:
            if not self._passes.stand_at(words, at + 1):
                signs[at] = _VERB if self._verb.match(words, at + 1) else _WORD
            at = words.find(_BLANK, at + 1)
        return "".join(signs)

    @cached_property
    def _of_a_call(self) -> re.Pattern[str]:
        """ "Your call is taped"; of calls in general only where a line is named: "calls to the hotline are taped"."""
        w = self._words
        to = rf"(?: (?:to|with|from|a|al|con) (?:the )?(?:{LINE}|[a-z]+))"
        return self._in_signs(rf"{_BEGIN}(?:{w['determiners']} {w['calls']}{to}?|{w['calls']}{to}) {_VERB_NEXT}")

    @cached_property
    def _of_a_line(self) -> tuple[re.Pattern[str], ...]:
        """Each way in which a sentence says something of a line, in order."""
        w = self._words
        does, verb = _WORD_NEXT, _VERB_NEXT
        det = rf"(?:{w['determiners']} )?"
        who = rf"{det}(?:[a-z]+ ){{0,2}}?{w['staff']}|{w['anyone']}"
        place = rf"(?: {w['at']} (?:the |that |el |la |al )?(?:{LINE}|{w['phones']}))"
        asks = f"{_NO_TELEPHONE}{does}"
        taken = rf"(?! (?:the )?(?:{w['not_taken']}|{LINE})(?!\w))"
        written = (
            rf"{_BEGIN_OR_THAT}{det}{LINE} (?:'s )?(?:[a-z]+ )?{w['staff']} {does}",
            rf"{_BEGIN_OR_THAT}{det}{LINE} {does}",
            rf"{_BEGIN_OR_THAT}{det}{LINE} , {verb}",
            rf"{_BEGIN_OR_THAT}{det}{LINE} (?:, |\( )?{w['beside']} (?:[^ ]+ ){{1,4}}?(?:[,)] )?{verb}",
            rf"(?:{who}){place}{{1,2}} {does}",
            rf"^{det}(?:(?!{w['reach']} |{w['no_verbs']} )(?:[a-z]+(?<!ed)|'s) ){{1,4}}{LINE} {verb}",
            rf"(?:whoever|who|quien|quienes) {w['picks_up']}(?: (?:at|on|en|al|the|la|el|{LINE}))* {asks}",
            rf"{_UNLESS_IF}(?:{who}) (?:(?:will|can|always) )?{w['picks_up']}{taken}",
            rf"{_BEGIN}(?:{who}|{w['outcomes']}) {verb}",
            rf"{LINE} (?:.{{0,60}}?)(?:(?:and|y|,|;|:|\u2014|because|since|so|then) )(?:{who}) {does}",
        )
        return tuple(map(self._in_signs, written))

    def _in_signs(self, pattern: str) -> re.Pattern[str]:
        """A pattern in which each blank is any of the signs that may stand there."""
        return pattern_of(self._rules, pattern.replace(_BLANK, r"\s"))


_statements_of = lru_cache(maxsize=16)(_Statements)


class _Phrases:
    """Phrases, looked up by how they begin."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for phrase in dict.fromkeys(phrases):
            self._by_start.setdefault(phrase[:2], []).append(phrase)

    def stand_at(self, words: str, at: int) -> bool:
        """Whether one begins at a place, and ends where a word does."""
        for start in (words[at : at + 2], words[at : at + 1]):
            for phrase in self._by_start.get(start, ()):
                if words.startswith(phrase, at):
                    behind = words[at + len(phrase) : at + len(phrase) + 1]
                    if not (behind.isalnum() or behind == "_"):
                        return True
        return False


def check_promises(material: Material) -> Iterator[Finding]:
    """H115 to H117."""
    if material.lint_dir is None:
        return
    usual = material.campaign.language.partition("-")[0]
    readers: dict[str, LinePromises | None] = {}
    for view in material.views:
        claims = tuple(fold(claim.text) for claim in view.listed_claims)
        told: set[tuple[str, str]] = set()
        for sentence in with_their_questions(view.own_sentences):
            language = language_of(sentence.own, usual)
            if language not in readers:
                rules, problems = load_promise_rules(material.lint_dir, language)
                contacts = tuple(material.campaign.contacts.values())
                readers[language] = _line_promises(rules, contacts) if rules else None
                yield from problems
            reader = readers[language]
            for wrong in reader.wrong_in(sentence, claims) if reader else ():
                if (wrong.code, wrong.message) not in told:
                    told.add((wrong.code, wrong.message))
                    yield view.finding(wrong.code, wrong.message, sentence.words)


def with_their_questions(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """Sentences; a question goes with what follows: "Chest pain? Call ..."."""
    question: Sentence | None = None
    for sentence in sentences:
        if question is not None:
            sentence = Sentence(f"{question.own} {sentence.own}", (*question.printed, *sentence.printed))
        question = sentence if sentence.own.rstrip().endswith("?") and question is None else None
        if question is None:
            yield sentence
    if question is not None:
        yield question


def _tokens(text: str) -> list[str]:
    """Each word, without the ending of a possessor."""
    words = words_in(text)
    if "'" not in text and "\u2042" not in text and "&" not in text:
        return words
    found: list[str] = []
    for one in words:
        word, sign, ending = one.partition("'")
        if one in ("\u2042", "&"):
            found += (LINE,) if one == "\u2042" else ()
        else:
            found += (word, "'s") if sign and ending in ("s", "") else (one,)
    return found


def _first(patterns: Iterable[re.Pattern[str]], words: str) -> re.Match[str] | None:
    return next((m for p in patterns if (m := p.search(words)) is not None), None)


def _any(words: Iterable[str]) -> str:
    """An alternation, the longest first."""
    return "|".join(re.escape(w).replace(r"\ ", " ") for w in sorted(sorted(words), key=len, reverse=True))


def _says_the_same(sentence: str, claim: str) -> bool:
    """Whether most of a sentence's words are those of a claim."""
    words = event_words(sentence)
    return len(words) >= 3 and len(words & event_words(claim)) >= _MOST_OF_IT * len(words)
