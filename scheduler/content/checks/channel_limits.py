"""What a channel takes: characters and marks of a message; subject, preheader, size, address of an email; the hour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

from ...channels.registry import most_picture_bytes, spec_of
from ...domain.finding import Finding
from ...domain.formatting import counted, time_of_day
from ...domain.hidden import PREHEADER_PADDING, allowed_in, hidden_in, told
from ...domain.message import PostBody
from ...domain.slot import zone_named
from ..codes import CODES
from ..phrases import first_match
from .context import Material
from .visible_text import fold

#: Large mail programs cut a mail off at about 102,000 bytes; the renderer refuses 100,000.
NEARLY_TOO_LARGE = 80_000
LONGEST_SUBJECT = 78
EVENING = time(21, 0)
MORNING = time(8, 0)
#: Networks refuse a byte order mark and the two non-characters; a lone surrogate cannot be sent at all.
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSENDABLE = re.compile("[\ufeff\ufffe\uffff\ud800-\udfff]")
#: Meant for the program; a reader would see them.
BRACES = re.compile(r"\{[ {]*[^{}\n]*[ }]*\}|[{}]")
MARKDOWN = re.compile(
    r"""
      \*\*(?=\S)[^*\n]+?\*\* | (?<!\w)\*\*(?=\w) | (?<=[^\W\d])\*\*(?!\w)  # **bold**, and half of it
    | (?<![\w*])\*(?=\w)[^*\n]+?(?<=[\w.!?])\*(?![\w*])        # *leaning*
    | (?<![^\s(])__?(?=\w)[^_\n]+?(?<=[\w.!?])__?(?![\w/])     # _leaning_; never within an address or a name
    | \[[^\]\n]+\][ ]?\((?:[a-z]+:|/)[^\s)]*\)?                # [words](address), also with a space between
    | ^\#{1,6}[ ](?=\w)                                        # a heading
    | `
    """,
    re.MULTILINE | re.VERBOSE,
)
#: What subjects of digests are filled with.
_FILLED = frozenset({"{date}", "{dates}", "{items}"})
_NAMED = {"text": "email's plain text", "html": "email"}


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
        if found := first_match(cause_words, view.headlines.get("preheader", "")):
            yield view.finding("M204", f'"{found[0]}" stands in the preheader')
        for part in view.parts:
            if not all(line in part.flow for line in address):
                yield view.finding("M205", f"the {part.name} part lacks the postal address")


def check_pictures(material: Material) -> Iterator[Finding]:
    """G106, once a channel, and G107."""
    lacking: dict[str, int] = {}
    for view, post in material.posts:
        channel, picture = material.settings.channels.get(view.message.channel), post.picture
        if picture is None or channel is None:
            continue
        spec, most = spec_of(channel), most_picture_bytes(channel)
        if spec.media is None or picture.media_type not in spec.media.media_types:
            lacking[spec.title] = lacking.get(spec.title, 0) + 1
        elif picture.byte_length > most:
            large = picture.byte_length // 10_000 * 10
            yield view.finding("G107", f"the picture has more than {large} kB; {spec.title} takes {most:,} bytes")
    for title, posts in sorted(lacking.items()):
        message = f"{title} takes no pictures from here: {counted(posts, 'post')} would go out without the one shown"
        yield CODES["G106"].at(material.campaign.where, message)


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


def check_leftover_marks(material: Material) -> Iterator[Finding]:
    """M103, M104: each once a text, whoever typed it."""
    for view in material.views:
        for part in view.all_parts:
            named, text = _NAMED.get(part.name, part.name), "\n".join(part.seen)
            if isinstance(view.message.body, PostBody) and part.name == "post":
                text = view.message.body.text  # what is seen of it is compared without such marks
            for found in sorted({*BRACES.findall(text)} - _FILLED):
                yield view.finding("M103", f"the {named} shows {found}", found)
            if part.name == "text":  # is written with such marks
                continue
            for found in dict.fromkeys(map(str.strip, MARKDOWN.findall(text))):
                yield view.finding("M104", f"the {named} shows {found}", found)


def check_hours(material: Material) -> Iterator[Finding]:
    """Z101."""
    zone = zone_named(material.campaign.time_zone)
    for view in material.views:
        local = view.message.due_at.astimezone(zone).time()
        if local >= EVENING or local < MORNING:
            yield view.finding("Z101", f"the {'email' if view.is_email else 'post'} goes out at {time_of_day(local)}")
