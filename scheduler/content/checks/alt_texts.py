"""G110: whoever hears a picture's alternative text learns what its card shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...domain.campaign import Kind
from ...domain.finding import Finding
from ...domain.message import PostBody
from ...domain.post_picture import PostPicture
from ..codes import CODES
from .context import Material, View
from .visible_text import fold

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
#: What a card says of a claim, and not of where it comes from: that stands in the post, or is a title.
_OF_A_CLAIM = ("text", "numbers", "caveat")
_LONGEST = 60


def check_alt_texts(material: Material) -> Iterator[Finding]:
    """What somebody wrote is looked at; a draft is the card's own words."""
    told: set[tuple[str, str]] = set()
    for view, post in material.posts:
        if post.picture is None or not view.item.alt:
            continue
        for words in _not_said(view, post, post.picture):
            if (view.item.id, words) not in told:  # on each channel it is the same picture
                told.add((view.item.id, words))
                shown = words if len(words) <= _LONGEST else f"{words[:_LONGEST].rpartition(' ')[0]} \u2026"
                message = f'the card shows "{shown}", and its alternative text does not say it'
                yield CODES["G110"].at(view.item.where, message, item=view.item.id, words=words)


def _not_said(view: View, post: PostBody, picture: PostPicture) -> Iterator[str]:
    """Figures and quoted words that the alternative text lacks; help lines and typed figures that the post lacks, too:
    whoever hears one hears both. The help lines at the foot of each card are those of the post."""
    alt = fold(post.alt_text).casefold()
    of_alt, of_both = ({*_NUMBER.findall(text)} for text in (alt, f"{alt} {fold(post.text)}"))
    for one in view.message.printed.get("card", ()):
        words = fold(one.words)
        if one.kind == "quotation" and one.field == "text" and words.casefold().rstrip(" .") not in alt:
            yield words
        elif one.kind == "claim" and one.field in _OF_A_CLAIM:
            claim = view.material.campaign.claims.get(one.id)
            figures = claim.numbers if claim else ()
            for number in (n for n in _NUMBER.findall(words) if n not in of_alt):
                yield next((figure for figure in figures if number in figure), number)
        elif (one.kind, one.field, view.item.shown_as) == ("contact", "value", Kind.HELP):
            yield from () if of_both.issuperset(_NUMBER.findall(words)) else (words,)
    item, on_it = view.item, {*map(fold, picture.words)}
    for typed in map(fold, (item.title, item.subject, item.preheader, item.action_text)):
        if typed in on_it:
            yield from (number for number in _NUMBER.findall(typed) if number not in of_both)
