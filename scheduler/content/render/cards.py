"""The picture of an item's post: its card, with the records that stand on it, in the template of its kind; or the file
that somebody brought in its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ...cards.day_line import day_line
from ...cards.drawing import drawing_of
from ...domain.card import LONGEST_ALT
from ...domain.design_tokens import COATS, THEN_GROUND, THEN_INK
from ...domain.planned_item import PlannedItem
from ...domain.post_picture import USUAL_SIZE, PostPicture
from ...light_dataclass import dataclass
from .card_labels import is_at_any_hour, labels_of
from .own_pictures import brought_picture
from .template_values import ClaimView, QuotationView, RecordText

if TYPE_CHECKING:
    from ...domain.campaign import ItemText
    from ...settings import ChannelSettings
    from .season_renderer import SeasonRenderer
    from .template_functions import ItemRecords

#: (width, height) -> where words may stand: left, top, right, foot. Networks lay their own signs over a tall one.
SIZES = {(1200, 675): (72, 62, 1128, 633), (1080, 1350): (72, 84, 1008, 1278), (1080, 1920): (72, 250, 1008, 1580)}
COAT_OF_KIND = {
    "special": "blue",
    "quotation": "sand",
    "fact": "sky",
    "then-now": "sky",
    "myth-corrected": "sage",
    "help": "sky",
    "action": "lilac",
    "rest": "sage",
}
#: What stands large on a card, and below it, where the item does not choose.
_WORDS_OF_KIND = {"action": ("action", "title"), "special": ("title", "action"), "rest": ("title", "preheader")}


@dataclass(frozen=True)
class Card:
    """``told``: the words that a draft of its alternative text has."""

    picture: PostPicture
    told: tuple[str, ...]


def picture_of(
    bench: SeasonRenderer,
    planned: PlannedItem,
    channel: ChannelSettings | None,
    records: ItemRecords,
    size: tuple[int, int] = USUAL_SIZE,
) -> tuple[str, PostPicture | None]:
    """The alternative text of a post's picture, and the picture. Without one a finding says why, and the post goes
    without.

    Where nobody has written the text, it is a draft, and a finding asks for somebody's own. Raises Unusable.
    """
    is_brought = bool(planned.item.picture.file)
    told: tuple[str, ...] = ()
    with bench.printing_beside("card"):
        if is_brought:
            picture = brought_picture(bench, planned, channel, records, size)
        else:
            card = make_card(bench, planned, channel, records, size)
            picture, told = (card.picture, card.told) if card is not None else (None, ())
    with bench.printing_beside("alt"):
        written = " ".join(bench.text("alt", planned, channel, records).split())
    if picture is None:
        return "", None
    alt_text = unicodedata.normalize("NFC", written or draft_of(told))
    if is_brought and not written:
        bench.find("G103", "the picture has no alternative text", planned, channel)
    elif not written:
        bench.print_alike("card", "alt")
        bench.find("G103", f"the picture has only a draft of its alternative text: “{alt_text}”", planned, channel)
    if len(alt_text) > LONGEST_ALT:
        message = f"the alternative text has {len(alt_text):,} characters; {LONGEST_ALT:,} are allowed"
        bench.find("G105", message, planned, channel)
    return alt_text, picture


def draft_of(told: Sequence[str]) -> str:
    """An alternative text made of a card's own words: each text a sentence."""
    return " ".join(words if words.endswith((".", "!", "?", "”", "…")) else f"{words}." for words in told)


def make_card(
    bench: SeasonRenderer,
    planned: PlannedItem,
    channel: ChannelSettings | None,
    records: ItemRecords,
    size: tuple[int, int] = USUAL_SIZE,
) -> Card | None:
    """None: it cannot be made; a finding says why. What it uses is noted in ``records``. Raises TemplateProblem or
    Unusable, as a post does."""
    choice, rules = planned.item.card, bench.campaign.cards
    kind = choice.kind or planned.item.kind.value
    coat = choice.coat or rules.coat or COAT_OF_KIND[kind]
    context = _context(bench, planned, records, kind, coat, size)
    template = f"cards/{kind}.svg"
    filled = bench.template(template, context, channel)
    return draw(bench, planned, channel, template, coat, filled)


def draw(
    bench: SeasonRenderer,
    planned: PlannedItem,
    channel: ChannelSettings | None,
    template: str,
    coat: str,
    filled: str,
) -> Card | None:
    """A filled template as a picture, by whatever name its colors go. None: it cannot be; a finding says why."""
    from ...cards.layout import CannotDraw

    try:
        drawing, digest, length = drawing_of(filled)
    except CannotDraw as problem:
        where = bench.place(template) if problem.code == "G104" else planned.item.where
        bench.find(problem.code, str(problem), planned, channel, where)
        return None
    size = (drawing.width, drawing.height)
    picture = PostPicture(digest, length, "image/png", *size, template, coat, drawing.words, drawing.svg)
    return Card(picture, drawing.told)


def _context(
    bench: SeasonRenderer, planned: PlannedItem, records: ItemRecords, kind: str, coat: str, size: tuple[int, int]
) -> dict[str, Any]:
    """The variables of a card's template beside those that every message has. docs/reference/templates.md."""
    item, choice = planned.item, planned.item.card
    of_kind = _WORDS_OF_KIND.get(kind, ("title", "none"))
    words: Mapping[str, str] = {
        "title": item.title,
        "subject": item.subject,
        "action": item.action_text,
        "preheader": item.preheader,
    }
    headline = words.get(choice.headline or of_kind[0]) or item.title
    line = words.get(choice.line or of_kind[1], "")
    width, height = size
    left, top, right, foot = SIZES[size]
    quotation = _quotation(records, choice.quotation or (item.quotations[0] if kind == "quotation" else ""))
    claim = _claim(records, choice.claim or (item.claims[0] if kind == "fact" and item.claims else ""))
    now = _claim(records, item.now[0] if kind in ("then-now", "myth-corrected") and item.now else "")
    shown = now or claim
    figure, counted = _apart(shown)
    special = {p.day_number for p in bench.plan.items if p.day is not None and p.day.special}
    common = bench.context(planned, records)
    lines = [contact for contact in common["help"] if contact.kind in ("phone", "text")]
    return {
        **common,
        "labels": labels_of(bench.campaign.language, planned.day_number, bench.plan.season.days),
        "headline": headline,
        "line": line if line != headline else "",
        "claim": claim,
        "quotation": quotation,
        "unfinished": quotation is not None and not quotation.text.endswith((".", "!", "?", "…", "”")),
        "then": _claim(records, item.then[0] if kind == "then-now" and item.then else ""),
        "then_quoted": _as_it_stood(bench, records, item) if kind == "then-now" else None,
        "said_by": _page_of(bench, item.then[0] if item.then else ""),
        "now": now,
        "figure": figure,
        "counted": counted,
        "caveat_names_it": shown is not None and shown.caveat.startswith(shown.source.publisher),
        "at_any_hour": all(is_at_any_hour(contact.hours) for contact in lines),
        "digits": bench.campaign.cards.digits,
        "coat": {**asdict(COATS[coat]), "then_ink": THEN_INK, "then_ground": THEN_GROUND},
        "width": width,
        "height": height,
        "is_tall": height > width,
        "left": left,
        "top": top,
        "right": right,
        "foot": foot,
        "across": right - left,
        "marks": day_line(bench.plan.season.days, planned.day_number, special, left, right),
    }


def _claim(records: ItemRecords, claim_id: str) -> ClaimView | None:
    return records.claim(claim_id) if claim_id else None


def _page_of(bench: SeasonRenderer, claim_id: str) -> str:
    """The stored page on which a claim stood, as it is named; empty where there is none."""
    claim = bench.campaign.claims.get(claim_id)
    source = bench.campaign.sources.get(claim.source_ref.partition("#")[0]) if claim is not None else None
    return RecordText(source.attribution, "source", source.id, "attribution") if source is not None else ""


def _as_it_stood(bench: SeasonRenderer, records: ItemRecords, item: ItemText) -> QuotationView | None:
    """The passage in which the older claim stood, where the item quotes it."""
    claim = bench.campaign.claims.get(item.then[0]) if item.then else None
    return _quotation(records, claim.source_ref) if claim is not None and claim.source_ref in item.quotations else None


def _apart(claim: ClaimView | None) -> tuple[str, str]:
    """A statistic's figure, and what is counted by it: the rest of the sentence. No figure stands by itself, so one
    with which the sentence does not begin has no place of its own."""
    if claim is None:
        return "", ""
    figure, text = claim.numbers[0] if claim.numbers else "", claim.text
    if claim.kind != "statistic" or not isinstance(text, RecordText) or not text.startswith(f"{figure} "):
        return "", text
    return figure, text.made_into(text.removeprefix(figure).strip())


def _quotation(records: ItemRecords, pointer: str) -> QuotationView | None:
    if not pointer:
        return None
    records.quote(pointer)  # that the item lists it
    return records.quotation(pointer)
