"""Quotations: word for word and printed from what is stored, with its speaker and year; and none that was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

from ...domain.campaign import Campaign
from ...domain.finding import Finding
from ...domain.printed import PrintedAt
from ...domain.quotation import Passage, Source
from ...domain.quotation_marks import Quoted, quoted_in
from ...domain.sentences import sentences_in
from ..codes import CODES
from ..people.name_finder import PRINTED
from ..people.people_reader import Sentence
from ..people.word_rows import tokens_of
from ..phrases import Phrase
from ..quantities.folding import folded
from .context import Material, View, forms_of
from .visible_text import Part, fold

#: From this likeness on, words in quotation marks are an altered quotation and no words of their own.
NEARLY = 0.85
#: So many words in quotation marks may be a term that is spoken of; so many offered to the reader to say; so many what
#: people say and the sentence denies.
TERM, OFFERED, DENIED = 3, 14, 7
#: Words of a consent to what its person says of themselves.
_SPEAKING = ("own words", "says", "tells", "story", "account", "propias palabras", "dice", "cuenta", "relato")
_ELLIPSIS = re.compile(r"\.\.|\. \.|\u2026")
_YEAR = re.compile(r"(?<![\w.,/$-])(?:1[5-9]|20)\d\d(?![\w-]|[.,]\d)")
_LEFT_OUT = re.compile(r"[^\W\d_]+(?:'t\b)?")
#: A line behind a quotation with more words than this says something else than who said it.
_LONGEST_ATTRIBUTION = 14


def check_quotations(material: Material) -> Iterator[Finding]:
    """Q101 to Q105 and Q110 to Q115, message by message."""
    for view in material.views:
        found = dict.fromkeys((*_typed(view), *_in_own_words(view)))
        yield from found
        altered = {f.message for f in found if f.code == "Q105"}
        for pointer, source, passage in view.quotations:
            is_altered = any(f"those of {source.id}:" in message for message in altered)
            yield from _listed(view, pointer, source, passage, is_altered)
        yield from dict.fromkeys(f for part in view.parts for f in _attributed(view, part))
        yield from _given_elsewhere(view)


def check_corrections(campaign: Campaign) -> Iterator[Finding]:
    """Q106: recorded corrections that do more than mend spelling. Q114: passages that leave out words."""
    for source in campaign.sources.values():
        for passage in source.passages:
            for edit in passage.corrections:
                if _digits(edit.find) != _digits(edit.replace):
                    yield CODES["Q106"].at(
                        passage.where,
                        f'{source.id}#{passage.id}: the correction "{edit.find}" to "{edit.replace}" changes a figure',
                    )
            if passage.quotable and not passage.shortened and (what := _leaves_out(source, passage)):
                yield CODES["Q114"].at(
                    passage.where, f"{source.id}#{passage.id} {what}, and `shortened` does not say why"
                )


def _digits(text: str) -> list[str]:
    return [word for word in fold(text).split() if any(c.isdigit() for c in word)]


def _leaves_out(source: Source, passage: Passage) -> str:
    """What a passage does not carry of its sentences; empty where it carries them whole."""
    before, words, after = source.text[: passage.start].rstrip(), passage.text.strip(), source.text[passage.end :]
    between = source.text[len(before) : passage.start]
    if words[:1].islower() or ("\n\n" not in between and (before[-1:].isalnum() or before[-1:] in (",", ";"))):
        return "begins within a sentence"
    follows = after.lstrip()
    ends = words.rstrip("\"')\u2019\u201d")[-1:] in (".", "!", "?", ":", "\u2026")
    if not ends and follows[:1] and not after.startswith(("\n\n", "\r\n\r\n")) and follows[:1] not in ".!?":
        return "ends within a sentence"
    return "holds an ellipsis" if _ELLIPSIS.search(words) else ""


def _listed(view: View, pointer: str, source: Source, passage: Passage, is_altered: bool) -> Iterator[Finding]:
    if not passage.quotable:
        why = f": {passage.reason}" if passage.reason else ""
        yield view.finding("Q101", f"{pointer} may not be quoted{why}", passage.text, record=pointer)
    if _is_on_picture_alone(view, source, passage):
        return
    forms = forms_of(source, passage)
    if not is_altered and not all(any(fold(form) in flow for form in forms) for flow in view.flows):
        yield view.finding(
            "Q102",
            f"the words of {pointer} are not in the {'email' if view.is_email else 'post'} as they are stored",
            passage.text,
            record=pointer,
            hint=f"print them with {{{{ quote('{pointer}') }}}}; the renderer copies them",
        )
    # Of a dated passage lint L20 asks more: its year beside it.
    if passage.use != "dated" and not _says_who_and_when(view, source):
        lacking = "year" if str(source.year) not in view.flows[0] else "source"
        yield view.finding(
            "Q103",
            f"{pointer} is quoted without its {lacking}; {source.short_attribution or source.attribution} is expected",
            passage.text,
            record=pointer,
        )


def _is_on_picture_alone(view: View, source: Source, passage: Passage) -> bool:
    """A post's picture has the words, and who said them and when, and its text has none of them."""
    card = " ".join(part.flow for part in view.headline_parts if part.name == "card").casefold()
    words = [fold(form).casefold() for form in forms_of(source, passage)]
    said_by = (source.attribution, source.short_attribution)
    return (
        any(form in card for form in words)
        and any(by and str(source.year) in by and fold(by).casefold() in card for by in said_by)
        and not any(form in flow for form in words for flow in view.flows_cf)
    )


def _says_who_and_when(view: View, source: Source) -> bool:
    """Each part prints an attribution with its year, or the year and the author, publisher or title."""
    attribution = source.short_attribution or source.attribution
    if view.says(attribution) and str(source.year) in attribution:
        return True
    names = [n for n in (source.attribution, source.author, source.publisher, source.title) if n]
    return all(
        str(source.year) in flow and (source.own_words or any(fold(n).casefold() in flow for n in names))
        for flow in view.flows_cf
    )


# -- who said it, and when, beside words that were printed ------------------------------------------------------


def _attributed(view: View, part: Part) -> Iterator[Finding]:
    """Q112: another name or another year beside a printed quotation than its source has. Q115: two passages that an
    ellipsis joins, and what was left out between them turns the sense round."""
    quotations = [p for p in part.records_in_words if (p.printed.kind, p.printed.field) == ("quotation", "text")]
    for first, second in pairwise(quotations):
        if words := _turned_round(view, part, first, second):
            yield view.finding("Q115", f'the ellipsis leaves out "{_short(words)}"', record=second.printed.id)
    for one in quotations:
        found = view.material.passage(one.printed.id)
        if found is None:
            continue
        source = found[0]
        beside = " ".join(_beside(part, one))
        known = fold(f"{source.attribution} {source.short_attribution} {source.author} {source.title}")
        for year in _YEAR.findall(beside):
            if int(year) != source.year and year not in known:
                yield view.finding(
                    "Q112", f"{year} stands beside {one.printed.id}; its source is of {source.year}", year
                )
        reader = view.material.people
        for name in reader.people_in(beside) if reader else ():
            if not set(_names_words(name)) <= set(_names_words(known)):
                by = source.author or source.publisher
                yield view.finding("Q112", f"{name} stands beside {one.printed.id}; its source says {by}", name)


def _given_elsewhere(view: View) -> Iterator[Finding]:
    """Q112, Q116: printed words that a sentence anywhere else, on a card or in its alternative text, gives to somebody
    whom no source of the message names."""
    reader = view.material.people
    sources = [source for _, source, _ in view.quotations]
    if reader is None or not sources or any(source.own_words for source in sources):
        return
    known = fold(" ".join(f"{s.attribution} {s.short_attribution} {s.author} {s.title} {s.publisher}" for s in sources))
    by = sources[0].author or sources[0].publisher
    for sentence in view.own_sentences:
        if PRINTED in sentence.own or not reader.gives_credit(sentence.own):
            continue
        names = reader.people_in(sentence.own)
        if any(_is_named(name, known) for name in names):
            continue
        role = "" if names else reader.role_in(sentence.own)
        pointer = view.quotations[0][0]
        if names:
            words = f"{names[0]} is said to have said what is printed from {pointer}; its source says {by}"
            yield view.finding("Q112", words, names[0])
        elif role and not reader.is_title(role, known, sentence.own):
            words = f'"{_short(sentence.words)}" gives the words of {pointer} to a {role}; its source says {by}'
            yield view.finding("Q116", words, sentence.words)


def _is_named(name: str, known: str) -> bool:
    """Whether a name, with whatever title, is that of a source."""
    words = _names_words(name)
    return bool(words) and words[-1] in _names_words(known)


def _names_words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]{2,}", text.casefold())


def _beside(part: Part, one: PrintedAt) -> Iterator[str]:
    """What was typed where a reader looks for who said it: before the words, in their sentence, behind them on the same
    line, and on the next one where that is short."""
    text, records = part.words, part.records_in_words
    start = text.rfind("\n", 0, one.start) + 1
    stop = text.find("\n", one.end)
    stop = len(text) if stop < 0 else stop
    before = text[start : one.start]
    last = sentences_in(before)[-1:] if before.strip() else ()
    yield from (_without(records, text, start + a, start + b) for a, b in last)
    behind = sentences_in(text[one.end : stop])[:1]
    yield from (_without(records, text, one.end + a, one.end + b) for a, b in behind)
    end = text.find("\n", stop + 1)
    following = _without(records, text, stop + 1, len(text) if end < 0 else end)
    if 0 < len(following.split()) <= _LONGEST_ATTRIBUTION and (
        following[:1] in "\u2014-~(" or len(following.split()) <= 6 or _YEAR.search(following)
    ):
        yield following


def _without(records: tuple[PrintedAt, ...], text: str, start: int, end: int) -> str:
    """A piece of a text without what was printed from records."""
    pieces, at = [], start
    for one in records:
        if one.end > at and one.start < end:
            pieces.append(text[at : max(at, one.start)])
            at = one.end
    return " ".join((*pieces, text[at:end])) if at < end else " ".join(pieces)


def _turned_round(view: View, part: Part, first: PrintedAt, second: PrintedAt) -> str:
    """What an ellipsis between two passages of one source leaves out, where it holds a "not"."""
    between = part.words[first.end : second.start]
    if not _ELLIPSIS.search(between) or any(c.isalnum() for c in between):
        return ""
    one, other = view.material.passage(first.printed.id), view.material.passage(second.printed.id)
    if one is None or other is None or one[0] is not other[0]:
        return ""
    left_out = one[0].text[one[1].end : other[1].start]
    words = {folded(word) for word in _LEFT_OUT.findall(fold(left_out))}
    known = map(view.material.quantity_rules.of, view.material.languages)
    return left_out.strip() if any(rules and not rules.denials.isdisjoint(words) for rules in known) else ""


# -- words that were typed --------------------------------------------------------------------------------------


def _typed(view: View) -> Iterator[Finding]:
    """Q101, Q104, Q105, Q110, Q113: words in quotation marks, or set as a quotation, that no template printed."""
    seen: set[str] = set()
    for part in view.all_parts:
        text = part.words
        for quoted in quoted_in(text):
            words = _typed_within(part, quoted)
            if words and words not in seen:
                seen.add(words)
                yield from _of_typed(view, part, quoted, words)
            elif not words and (found := _ellipsis_within(view, part, quoted)):
                yield found
        for block in part.quoted:
            start = text.find(block)
            typed = _without_attribution(view, _without(part.records_in_words, text, start, start + len(block)))
            if sum(c.isalnum() for c in typed) > 2 and typed not in seen and not quoted_in(typed):
                seen.add(typed)
                yield from _of_words(view, typed.strip("\" '\u2014"))


def _typed_within(part: Part, quoted: Quoted) -> str:
    """The words between two marks where some of them were typed; empty where a record printed them all."""
    left = _without(part.records_in_words, part.words, quoted.start, quoted.end)
    return quoted.words.strip("\"' ") if any(c.isalnum() for c in left) else ""


def _ellipsis_within(view: View, part: Part, quoted: Quoted) -> Finding | None:
    """Q114: an ellipsis among printed words whose records do not say that they are shortened."""
    left = _without(part.records_in_words, part.words, quoted.start, quoted.end)
    if not _ELLIPSIS.search(left):
        return None
    for one in part.records_in_words:
        if one.start < quoted.end and quoted.start < one.end and one.printed.kind == "quotation":
            found = view.material.passage(one.printed.id)
            if found and not found[1].shortened:
                message = f"an ellipsis stands beside {one.printed.id}, and `shortened` of the passage does not say why"
                return view.finding("Q114", message, record=one.printed.id)
    return None


def _of_typed(view: View, part: Part, quoted: Quoted, words: str) -> Iterator[Finding]:
    if _is_title(view, words):
        return
    count, reader = len(words.split()), view.material.people
    start, end = next((s for s in sentences_in(part.words) if s[0] <= quoted.start < s[1]), (0, len(part.words)))
    is_said = reader is not None and any(told.kind == "speaker" for told in reader.told_in(part.words[start:end]))
    if not is_said and reader is not None:
        before, behind = (w.casefold() for w in (part.words[start : quoted.start], part.words[quoted.end : end]))
        if count <= TERM and (reader.is_term(words) or reader.is_mentioned(before, behind) or _is_listed(view, words)):
            return
        around = " ".join(_outside(part.words[start:end]))
        if count == 1 and (_is_repeated(words, part.words[start:end]) or reader.is_lettered(around)):
            return
        is_safe = view.material.stored_in(words) is None and _nearest(words, view.material.campaign) is None
        if count <= OFFERED and is_safe and reader.is_offered(before):
            return
        if count <= DENIED and is_safe and reader.is_denied(around):
            return
    if count <= TERM and not is_said:
        yield view.finding(
            "Q113", f'"{words}" stands in quotation marks, and is no term that the campaign knows', words
        )
        return
    yield from _of_words(view, words)


def _of_words(view: View, words: str) -> Iterator[Finding]:
    """What is wrong with words that were typed as somebody's."""
    material = view.material
    stored = material.stored_in(words)
    if stored is not None and not stored[1].quotable:
        yield _closed(view, *stored, words)
    elif source := material.origin_of(words):
        yield view.finding("Q110", f'the words "{_short(words)}" of {source.id} were typed', words)
    elif near := _nearest(words, material.campaign):
        yield view.finding("Q105", f'the words "{_short(words)}" are not those of {near[0].id}: {near[1]}', words)
    else:
        yield view.finding("Q104", f'the words "{_short(words)}" are quoted from no stored source', words)


def _closed(view: View, source: Source, passage: Passage, words: str) -> Finding:
    why = f": {passage.reason}" if passage.reason else ""
    message = f'"{_short(words)}" says what {source.id}#{passage.id} says, which may not be quoted{why}'
    return view.finding("Q101", message, words)


def _in_own_words(view: View) -> Iterator[Finding]:
    """Q101, Q110, Q111: words of stored sources, and of people who are named, without quotation marks."""
    material, reader = view.material, view.material.people
    seen: set[str] = set()
    may_speak = _may_speak(view)
    for sentence in view.own_sentences:
        words = sentence.words
        if words in seen or (len(words) > 1 and any(words in before for before in seen)):
            continue
        unmarked = "".join(_outside(words))
        stored = material.stored_in(unmarked)
        if stored is not None:
            seen.add(words)
            source, passage = stored
            if not passage.quotable:
                yield _closed(view, source, passage, unmarked)
            else:
                yield view.finding("Q110", f'the words "{_short(words)}" of {source.id}#{passage.id} were typed', words)
        elif reader is not None:
            for told in reader.told_in(sentence.own):
                if told.kind == "speaker" and not may_speak and not _is_theirs(view, sentence, told.name):
                    seen.add(words)
                    yield view.finding(
                        "Q111", f'"{_short(words)}" says what somebody said, and no template printed it', words
                    )
                    break


def _outside(words: str) -> Iterator[str]:
    """A sentence without what stands in quotation marks in it."""
    at = 0
    for quoted in quoted_in(words):
        yield words[at : quoted.start]
        at = quoted.end
    yield words[at:]


def _may_speak(view: View) -> bool:
    """Whether the consent on which an item rests is to what its person says of themselves."""
    item, message = view.item, view.message
    consent = view.material.campaign.consents.get(item.story_consent)
    if consent is None or consent.lacks(item.id, message.channel, message.on):
        return False
    return any(word in consent.what.casefold() for word in _SPEAKING)


def _is_theirs(view: View, sentence: Sentence, name: str) -> bool:
    """Whether what a sentence with a speaker's name is about was printed from a source of that speaker."""
    reader = view.material.people
    if PRINTED not in sentence.own and not sentence.own.rstrip().endswith(":"):
        if reader is None or not reader.gives_credit(sentence.own):
            return False
    named = set(_names_words(name))
    sources = [source for _, source, _ in view.quotations]
    return any(named & set(_names_words(f"{s.author} {s.attribution} {s.publisher}")) for s in sources)


def _is_title(view: View, words: str) -> bool:
    """Whether words are the name of a source, of the month, or a question that a stored page answers."""
    campaign = view.material.campaign
    low = fold(words).casefold().strip(".,?! ")
    texts = [view.material.plan.title, view.item.title, campaign.name]
    texts += [claim.source.title for claim in campaign.claims.values()]
    texts += [source.title for source in campaign.sources.values()]
    return any(text and low == fold(text).casefold().strip(".,?! ") for text in texts)


def _is_repeated(word: str, sentence: str) -> bool:
    """Whether a sentence that quotes a word has it outside of its marks, too: 'Fine' isn't always fine."""
    quoted = word.casefold().strip(".,?!;: ")
    return any(quoted in tokens_of(outside.casefold()) for outside in _outside(sentence))


def _is_listed(view: View, words: str) -> bool:
    """Whether a lint pack of the campaign names the words: as those to use, or those to leave alone."""
    low = words.casefold().strip(".,?!;: ")
    for pack in view.material.packs:
        for rule in pack.rules:
            phrases = (phrase for phrase in rule.words if isinstance(phrase, Phrase) and phrase.rarest in low)
            if low in rule.say.casefold() or any(phrase.matches_in(low) for phrase in phrases):
                return True
    return False


def _without_attribution(view: View, block: str) -> str:
    """A quoted paragraph without the line that names its source, which some put into the same paragraph."""
    for source in {source.id: source for _, source, _ in view.quotations}.values():
        for name in (fold(source.attribution), fold(source.short_attribution)):
            at = block.casefold().rfind(name.casefold()) if name else -1
            if at >= 0 and len(block.casefold()) == len(block):
                block = block[:at].rstrip("\u2014 (") + block[at + len(name) :].lstrip(") .")
    return block


def _short(span: str) -> str:
    words = span.split()
    return span if len(words) <= 12 else " ".join(words[:12]) + " \u2026"


def _nearest(span: str, campaign: Campaign) -> tuple[Source, str] | None:
    """The source of the stored words that ``span`` nearly matches, and where the two part; None when there is none."""
    quoted = fold(span).split()
    windows = [(source, *_best_window(quoted, fold(source.text).split())) for source in campaign.sources.values()]
    source, likeness, window = max(windows, key=lambda found: found[1], default=(None, 0.0, []))
    return (source, _first_difference(quoted, window)) if source and likeness > NEARLY else None


def _best_window(quoted: list[str], words: list[str]) -> tuple[float, list[str]]:
    """The likeness (of letters, 0 to 1) of the run of ``words`` most like ``quoted``, and that run."""
    from difflib import SequenceMatcher  # paid for where something is quoted in other words

    size = len(quoted)
    wanted = {_bare(word) for word in quoted}
    shared = [0, *accumulate(_bare(word) in wanted for word in words)]
    starts = range(max(1, len(words) - size + 1))
    scores = [(shared[min(start + size, len(words))] - shared[start], start) for start in starts]
    best: tuple[float, list[str]] = (0.0, [])
    for count, start in sorted(scores, key=lambda s: (-s[0], s[1]))[:6]:
        if count < size * 0.6:
            break
        for length in (size, size - 1, size + 1, size - 2, size + 2, size + 3):
            window = words[start : start + length]
            matcher = SequenceMatcher(None, " ".join(quoted), " ".join(window), autojunk=False)
            if matcher.quick_ratio() > NEARLY and (ratio := matcher.ratio()) > best[0]:
                best = (ratio, window)
    return best


def _bare(word: str) -> str:
    return word.strip(".,;:!?'\"()\u2014").casefold()


def _first_difference(quoted: list[str], stored: list[str]) -> str:
    """Where two runs of words part, in words for a person."""
    from difflib import SequenceMatcher

    for tag, a, b, c, d in SequenceMatcher(None, quoted, stored, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        said, has = " ".join(quoted[a:b]), " ".join(stored[c:d])
        if said and has:
            return f'where it says "{said}", the source says "{has}"'
        after = f' after "{quoted[a - 1]}"' if a else ""
        return f'it leaves out "{has}"{after}' if has else f'it adds "{said}"{after}'
    return "the words are the same, their signs differ"
