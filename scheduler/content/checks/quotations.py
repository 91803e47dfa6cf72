"""Quotations: word for word, with their source and year, and none that nobody stored."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import accumulate

from ...domain.campaign import Campaign
from ...domain.finding import Finding
from ...domain.quotation import Passage, Source, is_verbatim
from ..codes import CODES
from .context import MENTION, Material, View, forms_of, spans_in
from .visible_text import fold

#: From this likeness on, words in quotation marks are an altered quotation and no words of their own.
NEARLY = 0.85


def check_quotations(material: Material) -> Iterator[Finding]:
    """Q101 to Q105, message by message."""
    for view in material.views:
        altered: set[str] = set()
        yield from _in_marks(view, altered)
        for pointer, source, passage in view.quotations:
            yield from _listed(view, pointer, source, passage, altered)


def check_corrections(campaign: Campaign) -> Iterator[Finding]:
    """Q106: recorded corrections that do more than mend spelling."""
    for source in campaign.sources.values():
        for passage in source.passages:
            for edit in passage.corrections:
                if _digits(edit.find) != _digits(edit.replace):
                    yield CODES["Q106"].at(
                        passage.where,
                        f'{source.id}#{passage.id}: the correction "{edit.find}" to "{edit.replace}" changes a figure',
                    )


def _digits(text: str) -> list[str]:
    return [word for word in fold(text).split() if any(c.isdigit() for c in word)]


def _listed(view: View, pointer: str, source: Source, passage: Passage, altered: set[str]) -> Iterator[Finding]:
    if not passage.quotable:
        why = f": {passage.reason}" if passage.reason else ""
        yield view.finding("Q101", f"{pointer} may not be quoted{why}", passage.text, record=pointer)
    forms = forms_of(source, passage)
    printed = all(any(fold(form) in flow for form in forms) for flow in view.flows)
    if not printed and source.id not in altered and not _in_pieces(view, forms):
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


def _in_pieces(view: View, forms: tuple[str, ...]) -> bool:
    """Whether a part of the passage, in quotation marks, is printed word for word in every part of the message."""
    return all(
        any(
            is_verbatim(span, form)
            for block in part.blocks
            for span in spans_in(block)
            if len(span.split()) > 2
            for form in forms
        )
        for part in view.parts
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


# -- words in quotation marks that no record stands behind ------------------------------------------------------


def _in_marks(view: View, altered: set[str]) -> Iterator[Finding]:
    """Q104 and Q105. Adds the ids of the sources whose words were altered to ``altered``."""
    for span in _quoted_spans(view):
        if view.material.origin_of(span) or _is_known(view, span):
            continue
        if near := _nearest(span, view.material.campaign):
            source, difference = near
            altered.add(source.id)
            yield view.finding("Q105", f'the words "{_short(span)}" are not those of {source.id}: {difference}', span)
        else:
            yield view.finding("Q104", f'the words "{_short(span)}" are quoted from no stored source', span)


def _quoted_spans(view: View) -> list[str]:
    found: list[str] = []
    for part in view.parts:
        found += (_without_attribution(view, block).strip('" ') for block in part.quoted)
        found += (span for block in part.blocks if block not in part.quoted for span in spans_in(block))
    return [span for span in dict.fromkeys(found) if len(span.split()) > MENTION]


def _without_attribution(view: View, block: str) -> str:
    """A quoted paragraph without the line that names its source, which some put into the same paragraph."""
    for source in {source.id: source for _, source, _ in view.quotations}.values():
        for name in (fold(source.attribution), fold(source.short_attribution)):
            at = block.casefold().rfind(name.casefold()) if name else -1
            if at >= 0 and len(block.casefold()) == len(block):
                block = block[:at].rstrip("\u2014 (") + block[at + len(name) :].lstrip(") .")
    return block


def _is_known(view: View, span: str) -> bool:
    """Words of a claim, a question, the name of a source or of the month: printed from a record."""
    campaign = view.material.campaign
    low = span.casefold()
    texts = [view.material.plan.title, view.item.title]
    for claim in campaign.claims.values():
        texts += (claim.text, claim.source.title, claim.caveat)
    for source in campaign.sources.values():
        texts.append(source.title)
        texts += [p.question for p in source.passages]
    return any(text and low.strip(".,?!") in fold(text).casefold() for text in texts)


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
    for tag, a, b, c, d in SequenceMatcher(None, quoted, stored, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        said, has = " ".join(quoted[a:b]), " ".join(stored[c:d])
        if said and has:
            return f'where it says "{said}", the source says "{has}"'
        after = f' after "{quoted[a - 1]}"' if a else ""
        return f'it leaves out "{has}"{after}' if has else f'it adds "{said}"{after}'
    return "the words are the same, their signs differ"
