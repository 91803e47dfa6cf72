"""What waits for a person: questions that authors left open, items that are held back, settings nobody filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlsplit

from ...domain.finding import Code, Finding, Said, Severity, Where
from ...domain.question import Asked, Question
from ...schema.field import flat
from ...settings import Mode, Organisation, Settings
from ...settings.values import is_example, is_nobodys_host
from ..codes import CODES
from .context import Material, View, ids_of
from .visible_text import fold


def check_decisions(material: Material) -> Iterator[Finding]:
    """D202; and of the month's name, of sources and of items D201, D203 and D204. Of claims: with the claims."""
    campaign, year = material.campaign, material.plan.season.year
    asked = Asked("title", str(year), campaign.title_question(year))
    yield from question_of(material, asked, campaign.where, (" on the month's name",))
    yield from _of_records_that_are_gone(material)
    for source in campaign.sources.values():
        items = ids_of([v for v in material.views if any(s.id == source.id for _, s, _ in v.quotations)])
        if items:
            asked = Asked("source", source.id, source.needs_decision)
            yield from question_of(material, asked, source.where, (f" on {source.id}",), items=items)
    for planned in material.plan.items:
        item = planned.item
        yield from question_of(material, Asked("item", item.id, item.needs_decision), item.where, item=item.id)
        held = planned.held_back
        if held is not None and planned.day is not None:
            until = planned.day.blocked_until.rstrip(".") or "a person releases it"
            yield CODES["D202"].at(
                planned.day.where,
                f"{held.id} is held back until {until}; {item.id} is planned on {planned.on}",
                item=item.id,
            )


def question_of(material: Material, asked: Asked, where: Where, on: Said = (), **about: Any) -> Iterator[Finding]:
    """What an author left open: D201 until a named person has answered it, D203 then; D204 where it was taken out of
    the file before. ``on``: what it is about, in words that follow "a person decides first"."""
    if not asked.text:
        for lost in material.questions.removed(asked.subject, asked.subject_id):
            said = f' was removed, and nobody has answered it: "{lost.text}"'
            yield CODES["D204"].at(where, ("a question", *on, said), **about)
    elif answer := material.questions.answer_to(asked):
        yield CODES["D203"].at(where, ("a person decided", *on, said_of(asked, answer)), **about)
    else:
        yield CODES["D201"].at(where, ("a person decides first", *on, f': "{asked.text}"'), **about)


def said_of(asked: Asked, answer: Question) -> str:
    """Who answered what, behind "a person decided"."""
    return f': "{asked.text}" {answer.answered_by} answered: "{answer.answer}"'


def _of_records_that_are_gone(material: Material) -> Iterator[Finding]:
    """D204 of what was deleted or renamed with its question. What stands in its place nobody can tell."""
    campaign = material.campaign
    known = {"item": campaign.items, "claim": campaign.claims, "source": campaign.sources}
    for lost in material.questions.unanswered():
        if lost.subject in known and lost.subject_id not in known[lost.subject]:
            said = f"the {lost.subject} {lost.subject_id} was removed or renamed, and nobody has answered its question"
            yield CODES["D204"].at(campaign.where, f'{said}: "{lost.text}"')


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
    shipped = {fold(value): value for value in _SHIPPED if value not in from_settings}
    own_host = urlsplit(settings.public_url).hostname or ""
    told: set[tuple[Where, str]] = set()
    for view in (*material.views, *(View(material, *one) for one in material.beside)):
        text, words = view.item, " ".join(view.blocks) if shipped else ""
        found = [value for folded, value in shipped.items() if folded in words]
        links = view.message.links
        hosts = (urlsplit(link).hostname or link.partition("?")[0].rpartition("@")[2] for link in links)
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
