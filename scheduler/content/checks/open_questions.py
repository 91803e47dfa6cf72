"""What waits for a person: questions that authors left open, items that are held back, settings nobody filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from urllib.parse import urlsplit

from ...domain.finding import Code, Finding, Severity, Where
from ...schema.field import flat
from ...settings import Mode, Organisation, Settings
from ...settings.values import is_example, is_nobodys_host
from ..codes import CODES
from .context import Material, ids_of
from .visible_text import fold


def check_decisions(material: Material) -> Iterator[Finding]:
    """D201 (of a claim: with the claims) and D202."""
    campaign = material.campaign
    if question := campaign.title_question(material.plan.season.year):
        yield CODES["D201"].at(campaign.where, f'a person decides first on the month\'s name: "{question}"')
    for source in campaign.sources.values():
        items = ids_of([v for v in material.views if any(s.id == source.id for _, s, _ in v.quotations)])
        if source.needs_decision and items:
            yield CODES["D201"].at(
                source.where, f'a person decides first on {source.id}: "{source.needs_decision}"', items=items
            )
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


def check_examples(material: Material) -> Iterator[Finding]:
    """S101: red where readers could see the example value."""
    settings = material.settings
    public = settings.mode is Mode.LIVE and not settings.ends_on_this_machine()
    code = replace(CODES["S101"], severity=Severity.RED) if public else CODES["S101"]
    for key in settings.placeholders():
        file = "channels" if key.startswith("channels.") else "settings"
        yield code.at(Where(f"config/{file}.toml"), f"{key} still holds its example value")
    yield from _in_messages(material, code)


def check_replies(material: Material) -> Iterator[Finding]:
    """S104, where there is a mail to answer."""
    missing = material.settings.organisation.missing_for_replies()
    if missing and material.emails:
        keys, words = zip(*missing, strict=True)
        message = f"mail to organisation.reply_to lacks {', '.join(words)} ({', '.join(keys)})"
        yield CODES["S104"].at(Where("config/settings.toml"), message)


def check_signature(material: Material) -> Iterator[Finding]:
    """S105, where there is a mail to sign."""
    if material.emails and not material.settings.organisation.signed_by:
        yield CODES["S105"].at(Where("config/settings.toml"), "no person signs the emails (organisation.signed_by)")


def check_local(material: Material) -> Iterator[Finding]:
    """S106."""
    for place in material.settings.organisation.local:
        if not material.campaign.help_lines_of((place,)):
            message = f"organisation.local names {place}, and no active help line of contacts.toml is for it"
            yield CODES["S106"].at(Where("config/settings.toml"), message)


#: The values that are shipped and that nobody would write but to leave them: "Example Coalition".
_SHIPPED = tuple(k.default for k in flat(Settings).values() if isinstance(k.default, str) and is_example(k.default))


def _in_messages(material: Material, code: Code) -> Iterator[Finding]:
    """Typed into a text, a record or a template. What a message has from the settings is told of there, once."""
    settings = material.settings
    from_settings = {settings.public_url, *(getattr(settings.organisation, f.name) for f in fields(Organisation))}
    shipped = [value for value in _SHIPPED if value not in from_settings]
    own_host = urlsplit(settings.public_url).hostname or ""
    texts = {**material.campaign.items, **{p.item.id: p.item for p in material.plan.items}}
    told: set[tuple[Where, str]] = set()
    of_items = ((message, texts[message.item]) for message in material.messages if message.item in texts)
    for message, text in (*of_items, *material.beside):
        words = fold(message.body.text)
        found = [value for value in shipped if fold(value) in words]
        hosts = (urlsplit(link).hostname or link.partition("?")[0].rpartition("@")[2] for link in message.links)
        found += [host for host in hosts if host != own_host and is_nobodys_host(host)]
        for value in dict.fromkeys(found):
            if (text.where, value) not in told:
                told.add((text.where, value))
                yield code.at(
                    text.where,
                    f'"{value}" is an example that is nobody\'s',
                    hint="write your own in the item, or in the record or template that it comes from",
                    item=text.id,
                )
