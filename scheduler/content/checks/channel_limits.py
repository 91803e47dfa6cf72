"""What a channel takes: characters of a post; subject, preheader, size and address of an email; the hour; and of no
post the same words twice in one season: a network refuses them, and readers notice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import time
from difflib import SequenceMatcher

from ...domain.finding import Finding
from ...domain.formatting import time_of_day
from ...domain.hidden import PREHEADER_PADDING, allowed_in, hidden_in, told
from ...domain.slot import zone_named
from .context import Material, View
from .phrases import first_match
from .visible_text import fold

#: Large mail programs cut a mail off at about 102,000 bytes; the renderer refuses 100,000.
NEARLY_TOO_LARGE = 80_000
LONGEST_SUBJECT = 78
EVENING = time(21, 0)
MORNING = time(8, 0)
NEARLY_SAME = 0.9
#: Networks refuse a byte order mark and the two non-characters; a lone surrogate cannot be sent at all.
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSENDABLE = re.compile("[\ufeff\ufffe\uffff\ud800-\udfff]")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def check_channels(material: Material) -> Iterator[Finding]:
    """M101, M102, M201 to M205."""
    yield from check_hidden(material)
    for view, post in material.posts:
        if _UNSENDABLE.search(post.text):
            yield view.finding("M101", "the post holds a character that no network takes")
    cause_words = tuple(p for pack in material.packs for p in pack.cause_words)
    address = [fold(line) for line in material.settings.organisation.postal_address.splitlines() if line.strip()]
    for view, mail in material.emails:
        size = len(mail.html.encode("utf-8", "surrogatepass"))
        if any(_SURROGATE.search(text) for text in (mail.subject, mail.preheader, mail.text, mail.html)):
            yield view.finding("M101", "the email holds half a character, which cannot be sent")
        if size > NEARLY_TOO_LARGE:
            yield view.finding("M201", f"the HTML part has more than {size // 10_000 * 10} kB")
        if len(mail.subject) > LONGEST_SUBJECT:
            yield view.finding("M202", f"the subject has {len(mail.subject)} characters")
        if fold(mail.subject).casefold() == fold(mail.preheader).casefold() and mail.subject:
            yield view.finding("M203", "the preheader is the subject once more")
        for place in ("preheader", "discreet subject"):
            if found := first_match(cause_words, view.headlines.get(place, "")):
                yield view.finding("M204", f'"{found[0]}" stands in the {place}')
        for part in view.parts:
            if not all(line in part.flow for line in address):
                yield view.finding("M205", f"the {part.name} part lacks the postal address")


def check_hidden(material: Material) -> Iterator[Finding]:
    """M102, for whole messages. What stands in the item's own texts is reported there, with its line."""
    allowed = allowed_in(material.campaign.language)
    for view in material.views:
        found: dict[str, str] = {}
        for text in (sent.replace(PREHEADER_PADDING, "", 1) for sent in view.sent):
            for hidden in hidden_in(text, allowed):
                found.setdefault(hidden.character, told(text, hidden))
        item = view.item
        unsendable = _SURROGATE if view.is_email else _UNSENDABLE  # M101
        own_texts = (item.title, item.subject, item.preheader, item.discreet_subject, item.post, item.email)
        for character, description in found.items():
            known = any(character == hidden.character for text in own_texts for hidden in hidden_in(text, allowed))
            if not known and not unsendable.match(character):
                yield view.finding("M102", f"hidden character: {description}")


def check_hours(material: Material) -> Iterator[Finding]:
    """Z101."""
    zone = zone_named(material.campaign.time_zone)
    for view in material.views:
        local = view.message.due_at.astimezone(zone).time()
        if local >= EVENING or local < MORNING:
            yield view.finding("Z101", f"the {'email' if view.is_email else 'post'} goes out at {time_of_day(local)}")


def check_duplicates(material: Material) -> Iterator[Finding]:
    """D101 and D102, channel by channel, over posts."""
    first: dict[tuple[str, str], View] = {}
    by_channel: dict[str, list[tuple[View, str, frozenset[str]]]] = {}
    for view, body in sorted(material.posts, key=lambda post: post[0].message.due_at):
        earlier = first.setdefault((view.message.channel, folded_as_a_network_does(body.text)), view)
        if earlier.item.id != view.item.id:
            yield view.finding(
                "D101",
                f"the post says the same as that of {earlier.message.on} ({earlier.item.id})",
                hint="change the words of one of the two; on a network with a duplicate rule the second one is refused",
            )
            continue
        # Without the lines that most posts share: the help line and the tags.
        own = folded_as_a_network_does(" ".join(b for b in view.parts[0].blocks if b not in material.boilerplate))
        words = frozenset(_WORD.findall(own))
        bodies = by_channel.setdefault(view.message.channel, [])
        for other, theirs, their_words in bodies:
            if other.item.id != view.item.id and _nearly_same(own, words, theirs, their_words):
                yield view.finding("D102", f"the post is nearly that of {other.message.on} ({other.item.id})")
                break
        bodies.append((view, own, words))


def folded_as_a_network_does(text: str) -> str:
    """NFC, one case, single spaces, and every address alike: networks replace addresses by their own."""
    text = _URL.sub("https://", unicodedata.normalize("NFC", text))
    return " ".join(text.casefold().split())


def _nearly_same(own: str, words: frozenset[str], theirs: str, their_words: frozenset[str]) -> bool:
    # Most pairs share few words; comparing letters is for those that share most of them.
    if not words or len(words & their_words) < 0.75 * len(words | their_words):
        return False
    matcher = SequenceMatcher(None, own, theirs, autojunk=False)
    return matcher.quick_ratio() > NEARLY_SAME and matcher.ratio() > NEARLY_SAME
