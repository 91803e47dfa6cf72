"""What waits for a person: questions that authors left open, items that are held back, settings nobody filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from urllib.parse import urlsplit

from ...domain.campaign import ItemText
from ...domain.finding import Finding, Severity, Where
from ...domain.message import Message
from ...schema.field import flat
from ...settings import Mode, Organisation, Settings
from ...settings.values import is_example, is_nobodys_host
from ..codes import CODES
from .context import Material
from .visible_text import fold


def check_decisions(material: Material) -> Iterator[Finding]:
    """D201 and D202."""
    for planned in material.plan.items:
        item = planned.item
        if item.needs_decision:
            yield CODES["D201"].at(item.where, f'a person decides first: "{item.needs_decision}"', item=item.id)
        held = planned.held_back
        if held is not None and planned.day is not None:
            until = planned.day.blocked_until.rstrip(".") or "a person releases it"
            yield CODES["D202"].at(
                planned.day.where,
                f"{held.id} is held back until {until}; {item.id} is planned on {planned.on}",
                item=item.id,
            )


def check_examples(material: Material, beside: Sequence[tuple[Message, ItemText]] = ()) -> Iterator[Finding]:
    """S101: red where readers could see the example value."""
    settings = material.settings
    public = settings.mode is Mode.LIVE and not settings.ends_on_this_machine()
    for found in (*_in_the_settings(settings), *_in_messages(material, beside)):
        yield replace(found, severity=Severity.RED if public else found.severity)


def _in_the_settings(settings: Settings) -> Iterator[Finding]:
    for key in settings.placeholders():
        name = "config/channels.toml" if key.startswith("channels.") else "config/settings.toml"
        yield CODES["S101"].at(Where(name), f"{key} still holds its example value")


#: The values that are shipped and that nobody would write but to leave them: "Example Coalition".
_SHIPPED = tuple(k.default for k in flat(Settings).values() if isinstance(k.default, str) and is_example(k.default))


def _in_messages(material: Material, beside: Sequence[tuple[Message, ItemText]]) -> Iterator[Finding]:
    """Typed into a text, a record or a template. What a message has from the settings is told of there, once."""
    settings = material.settings
    from_settings = {settings.public_url, *(getattr(settings.organisation, f.name) for f in fields(Organisation))}
    shipped = [value for value in _SHIPPED if value not in from_settings]
    own_hosts = {urlsplit(settings.public_url).hostname or ""}
    texts = {p.item.id: p.item for p in material.plan.items}
    told: set[tuple[Where, str]] = set()
    of_items = ((m, texts.get(m.item) or material.campaign.items.get(m.item)) for m in material.messages)
    for message, text in (*of_items, *beside):
        if text is None:
            continue
        words = fold(message.body.text)
        found = [value for value in shipped if fold(value) in words]
        hosts = (urlsplit(link).hostname or link.partition("?")[0].rpartition("@")[2] for link in message.links)
        found += [host for host in hosts if host not in own_hosts and is_nobodys_host(host)]
        for value in dict.fromkeys(found):
            if (text.where, value) not in told:
                told.add((text.where, value))
                yield CODES["S101"].at(
                    text.where,
                    f'"{value}" is an example that is nobody\'s',
                    hint="write your own in the item, or in the record or template that it comes from",
                    item=text.id,
                )
