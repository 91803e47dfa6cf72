"""What a channel takes: characters of a post; subject, preheader, size and address of an email."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...domain.finding import Finding
from ...domain.hidden import allowed_in, hidden_in, told
from .context import Material
from .lint import LintPack
from .phrases import first_match
from .rendered_message import View
from .visible_text import everything_sent, fold

#: Large mail programs cut a mail off at about 102,000 bytes; the renderer refuses 100,000.
NEARLY_TOO_LARGE = 80_000
LONGEST_SUBJECT = 78
#: Networks refuse a byte order mark and the two non-characters; a lone surrogate cannot be sent at all.
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSENDABLE = re.compile("[\ufeff\ufffe\uffff\ud800-\udfff]")


def check_channels(material: Material, packs: Sequence[LintPack]) -> Iterator[Finding]:
    """M101, M102, M201 to M205."""
    yield from check_hidden(material)
    for view, post in material.posts:
        if _UNSENDABLE.search(post.text):
            yield view.finding("M101", "the post holds a character that no network takes")
    cause_words = tuple(p for pack in packs for p in pack.cause_words)
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
            found = first_match(cause_words, view.headlines.get(place, ""))
            if found:
                yield view.finding("M204", f'"{found[0]}" stands in the {place}')
        for part in view.parts:
            if not all(line in part.flow for line in address):
                yield view.finding("M205", f"the {part.name} part lacks the postal address")


def check_hidden(material: Material) -> Iterator[Finding]:
    """M102, for whole messages. What stands in the item's own texts is reported there, with its line."""
    allowed = allowed_in(material.campaign.language)
    clean: set[str] = set()
    for view in material.views:
        told_already: set[str] = set()
        for text in everything_sent(view.message):
            if text in clean:
                continue
            found = hidden_in(text, allowed)
            if not found:
                clean.add(text)
                continue
            known = {h.character for own in _own_texts(view) for h in hidden_in(own, allowed)}
            for hidden in found:
                unsendable = (_SURROGATE if view.is_email else _UNSENDABLE).match(hidden.character)  # M101
                if hidden.character not in told_already | known and not unsendable:
                    told_already.add(hidden.character)
                    yield view.finding("M102", f"hidden character: {told(text, hidden)}")


def _own_texts(view: View) -> tuple[str, ...]:
    item = view.item
    return item.title, item.subject, item.preheader, item.discreet_subject, item.post, item.email
