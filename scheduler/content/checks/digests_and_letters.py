"""The same checks over mails that are no item: the words that a digest brings itself, and the letters.

A digest repeats stories that were looked at with the mails of their days, and all mails share a frame; so of both kinds
only what stands in no mail of a day is read for words. Whether the help lines, the address and the way out are there
is asked of the whole mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...domain.campaign import ItemText
from ...domain.finding import Finding
from ...domain.message import Message
from .channel_limits import check_channels, check_hidden
from .context import Material
from .help_lines import check_contacts
from .link_targets import check_links
from .lint import LintPack
from .numbers import check_numbers
from .quotations import check_quotations
from .share_rules import check_rules
from .visible_text import Part
from .word_rules import WordRules

#: Said of a help line once, with the items that print it.
_OF_RECORDS = frozenset({"H105", "H106", "H107", "H110"})
#: What a digest can lack as a whole.
_OF_THE_WHOLE = frozenset({"H103", "M101", "M201", "M202", "M203", "M204", "M205"})


def check_beside(
    material: Material, packs: Sequence[LintPack], beside: Sequence[tuple[Message, ItemText]]
) -> Iterator[Finding]:
    """Findings about digests and letters, each with the message that it is about in place of an item."""
    told = frozenset(block for view, _ in material.emails for block in view.blocks)
    digests: dict[str, list[tuple[Message, ItemText]]] = {}
    for message, text in beside:
        if message.audience.is_digest:
            digests.setdefault(message.channel, []).append((message, text))
        else:
            yield from _of_one(material, packs, message, text, told, is_digest=False)
    for alike in digests.values():
        # But for what hides in one: a template may print it on some days alone.
        of_one_channel = replace(material, messages=[m for m, _ in alike], texts={t.id: t for _, t in alike})
        yield from check_hidden(of_one_channel)
        # All digests have the same words of their own: one is read, and what is wrong with it concerns them all.
        ids = tuple(text.id for _, text in alike)
        for finding in _of_one(material, packs, *alike[0], told, is_digest=True):
            yield replace(finding, items=ids)


def _of_one(
    material: Material,
    packs: Sequence[LintPack],
    message: Message,
    text: ItemText,
    told: frozenset[str],
    *,
    is_digest: bool,
) -> Iterator[Finding]:
    plan = replace(material.plan, items=())  # no share of the season's items is asked of it
    whole = replace(material, plan=plan, messages=(message,), texts={text.id: text})
    its_own = replace(message, claims=(), quotations=()) if is_digest else message  # those are its stories'
    own = replace(material, plan=plan, messages=(its_own,), texts={text.id: text})
    for view in own.views:
        view.parts = tuple(_without(part, told) for part in view.parts)
    for found in (check_contacts(whole), check_channels(whole, packs)):
        yield from (f for f in found if (f.code in _OF_THE_WHOLE if is_digest else f.code not in _OF_RECORDS))
    if not is_digest:
        yield from check_links(whole)
    yield from check_numbers(own)
    yield from check_quotations(own)
    yield from WordRules(own, packs).findings()
    yield from check_rules(own, packs)


def _without(part: Part, told: frozenset[str]) -> Part:
    return replace(
        part,
        blocks=tuple(block for block in part.blocks if block not in told),
        quoted=tuple(block for block in part.quoted if block not in told),
    )
