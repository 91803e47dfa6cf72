"""From a campaign's folder to one object, strictly, with everything that is wrong in it at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from ...domain.brand import BLACK, LEAST_CONTRAST, WHITE, Brand, contrast, contrast_words, is_readable, readable_on
from ...domain.campaign import (
    BOTH,
    Campaign,
    DigestRule,
    ItemText,
    Kind,
    Lateness,
    PoolRules,
    Rhythm,
    TitleForYears,
    neutral_slug,
    topic_words,
)
from ...domain.card import CardRules
from ...domain.claim import Claim, Contact
from ...domain.dates import WEEKDAY_NAMES, DateRule
from ...domain.discreet import DiscreetHead
from ...domain.finding import Finding, Where, in_reading_order
from ...domain.hidden import EVERYWHERE, NOTHING, allowed_in, hidden_in, told
from ...domain.mail_look import MailLook
from ...domain.quotation import LARGEST_SOURCE
from ...project import edition_of
from ...schema.field import key as declare
from ...schema.field import keys_of
from ...schema.forms import time_of_day
from ...schema.toml_text import did_you_mean
from ..codes import CODES
from ..toml_file import Table, table_from
from .campaign_folder import LARGEST_TOML, Folder, campaign_folder
from .date_rules import read_lateness, read_rule
from .editions import check_translations, read_original, share, with_shared
from .item_files import read_items
from .kept_records import read_once
from .record_files import (
    read_calendar,
    read_claims,
    read_consents,
    read_contacts,
    read_hashtags,
    read_names,
    read_sources,
)
from .references import Records
from .slugs import read_slugs

T = TypeVar("T")
LARGEST_LOGO = 40 * 1024  # bytes
_OPTIONAL = ("claims.toml", "contacts.toml", "sources.toml", "hashtags.toml", "names.toml", "consents.toml")
FILES = ("campaign.toml", "calendar.toml", *_OPTIONAL)


def load_campaign(
    root: Path, campaign_id: str, overlay: Mapping[str, bytes] | None = None
) -> tuple[Campaign | None, list[Finding]]:
    """Read ``campaigns/ID`` below the project root. Never raises for what is in the files.

    ``overlay``: bytes that stand in for those of files that are there, by name within the folder.
    The campaign is None only when campaign.toml itself cannot be used. What could not be read is left out of it
    and named in ``unreadable``; the findings, in reading order, say why.
    """
    folder = campaign_folder(root, campaign_id, overlay)
    if not folder.is_inside():
        return None, folder.findings
    records = Records(folder.findings)
    is_edition = bool(edition_of(root, campaign_id))
    optional = FILES[1:] if is_edition else _OPTIONAL  # an edition has its original's calendar
    original: Campaign | None = None

    def read(name: str, reader: Callable[[Table, Records], T]) -> T | None:
        if name in optional and not folder.exists(name):
            return None
        # A campaign goes by the others, by time zones and, where it is an edition, by its original.
        goes_by_itself = not is_edition and name != "campaign.toml"
        return _read_file(folder, records, name, reader, once=goes_by_itself)

    def read_head(top: Table, records: Records) -> Campaign | None:
        nonlocal original
        original = read_original(top, root, campaign_id, load_campaign)
        if original is None and top.peek("edition_of"):
            return None
        has_contacts = folder.exists("contacts.toml") or bool(original and original.contacts)
        return _head(top, records, campaign_id, root, has_contacts, original)

    _look_around(folder, records)
    head = _with_logo(folder, read("campaign.toml", read_head))
    known: Campaign | None = original
    if is_edition and known is None:  # one finding is enough for it
        return None, in_reading_order(folder.findings)
    claims, publishers = read("claims.toml", lambda top, records: read_claims(top, records, known)) or ({}, {})
    contacts = read("contacts.toml", lambda top, records: read_contacts(top, records, known)) or {}
    registers: dict[str, Any] = {
        "calendar": read("calendar.toml", read_calendar) or (),
        "sources": read("sources.toml", lambda top, records: read_sources(top, folder, records)) or {},
        "hashtags": read("hashtags.toml", read_hashtags) or {},
        "names": read("names.toml", read_names) or (),
        "consents": read("consents.toml", read_consents) or {},
    }
    items = read_items(folder, records, head)
    findings = _checked_together(folder, records, head, known, claims, contacts, items)
    if head is None:
        return None, findings
    registers |= {"items": items, "claims": claims, "contacts": contacts, "publishers": publishers}
    own = replace(head, **registers, unreadable=frozenset(records.unreadable))
    return (own if known is None else with_shared(own, known, has_calendar=folder.exists("calendar.toml"))), findings


def _read_file(
    folder: Folder, records: Records, name: str, reader: Callable[[Table, Records], T], *, once: bool
) -> T | None:
    """``once``: what is read of it goes by the file alone, and by stored sources that it names."""
    text = folder.read_text(name, LARGEST_TOML)

    def read() -> T | None:
        top = None if text is None else table_from(folder, name, text)
        found = None if top is None else reader(top, records)
        if top is None or not top.is_usable():  # not even one [[record]]: the key may be misspelt
            records.lost_file(name)
        return found

    if text is None or not once:
        return read()
    return read_once(folder, records, name, (), read, LARGEST_SOURCE if name == "sources.toml" else 0)


def _checked_together(
    folder: Folder,
    records: Records,
    head: Campaign | None,
    original: Campaign | None,
    claims: Mapping[str, Claim],
    contacts: Mapping[str, Contact],
    items: Mapping[str, ItemText],
) -> list[Finding]:
    """All findings, with what only shows once everything was read: references to what is not there, circles, what an
    edition has not translated."""
    _look_for_hidden(folder, head, contacts, items)
    if original is not None:
        share(records, original)
        folder.findings.extend(check_translations(original, items, records))
    records.check()
    records.check_cycles("claim", {c.id: (c.superseded_by, c.where) for c in claims.values()})
    records.check_cycles("contact", {c.id: ((c.superseded_by,), c.where) for c in contacts.values()})
    return in_reading_order(folder.findings)


def _look_for_hidden(
    folder: Folder, head: Campaign | None, contacts: Mapping[str, Contact], items: Mapping[str, ItemText]
) -> None:
    """Hidden characters in all that was read. What a help line is reached by is digits or an address, and has none
    in any language."""
    allowed = allowed_in(head.language) if head is not None else EVERYWHERE
    folder.report_hidden(allowed, {i.where.path.removeprefix(f"{folder.shown}/"): i.id for i in items.values()})
    for contact in contacts.values() if allowed != NOTHING else ():
        for value in (contact.value, contact.href, *contact.find):
            for hidden in hidden_in(value)[:1]:
                message = f"hidden character in what {contact.id} is reached by: {told(value, hidden)}"
                folder.findings.append(CODES["C008"].at(contact.where, message))


def _look_around(folder: Folder, records: Records) -> None:
    """Report files whose names are nearly right: nobody would read them; and templates that lie elsewhere."""
    if folder.exists("templates"):
        folder.names("templates")
    for entry in folder.names() or ():
        if entry.name.endswith(".toml") and entry.name not in FILES:
            from difflib import get_close_matches  # paid for by mistakes alone

            near = get_close_matches(entry.name, FILES, n=1, cutoff=0.8)
            if near and not folder.exists(near[0]):
                records.lost_file(near[0])
                folder.report(
                    "C007", entry.name, f"the file is not read; {near[0]} would be", hint=f"call it {near[0]}"
                )


# -- campaign.toml ----------------------------------------------------------------------------------------------------


def _head(
    top: Table, records: Records, campaign_id: str, root: Path, has_contacts: bool, original: Campaign | None
) -> Campaign | None:
    """What campaign.toml says, without the records of the other files; None when a part without which nothing can be
    planned is missing or wrong. Where there are contacts, it must say which of them each item prints. An edition's
    rules are those of its ``original`` where it gives none; its words are its own."""
    if top.has("organisation"):  # who speaks is declared once; earlier versions asked for it here as well
        top.optional_text("organisation")
        top.report("C026", "organisation is not read here", "organisation")
    start, end = (original.start, original.end) if original and not top.has("window") else _window(top)
    titles = _titles(top, records)
    slots = original.slots if original and not top.has("slots") else _slots(top.table("slots"))
    grace = read_lateness(top) or (original.grace if original else Lateness())
    block, post_tail = _block(top, records, has_contacts, original)
    topics = original.topics if original and not top.has("topics") else _topics(top)
    pool = original.pool if original and not top.has("pool") else _pool(top, records, topics)
    waves = original.waves if original and not top.has("waves") else _waves(top)
    themes, digest = _themes(top), _digest(top, records)
    rhythm = original.rhythm if original and not top.has("rhythm") else _rhythm(top, records)
    looks = _looks(top, records, original)
    discreet = _discreet(top, records)
    values = top.read(Campaign, records, "campaign.toml") | {"topics": topics}
    language, time_zone = values["language"], _time_zone(top, values["time_zone"])
    if language and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        top.report("C034", f'language "{language[:40]}" is not a language tag', "language")
    slug = values["slug"] or neutral_slug(campaign_id)
    if others := [other for other, its in read_slugs(root).items() if its == slug and other != campaign_id]:
        top.report("C036", f'the slug "{slug}" is that of {", ".join(others)} too', "slug")
    if original is not None and language and language.casefold() == original.language.casefold():
        top.report("C071", f"the language is {language}, as that of {original.id}", "language")
    if not top.is_usable() or start is None or end is None or not titles or "default" not in slots or not time_zone:
        return None
    return Campaign(
        id=campaign_id,
        **values,
        start=start,
        end=end,
        titles=titles,
        slots=slots,
        grace=grace,
        block=block,
        post_tail=post_tail,
        calendar=(),
        pool=pool,
        items={},
        claims={},
        contacts={},
        sources={},
        hashtags={},
        where=Where(top.where().path, 1),
        themes=themes,
        digest=digest,
        rhythm=rhythm,
        waves=waves,
        **looks,
        discreet=discreet,
    )


def _window(top: Table) -> tuple[DateRule | None, DateRule | None]:
    window = top.table("window")
    edges = [window.table(edge) for edge in ("start", "end")]
    start, end = (read_rule(edge, in_window=True) if edge.is_usable() else None for edge in edges)
    window.close("[window]")
    return start, end


def _block(top: Table, records: Records, has_contacts: bool, original: Campaign | None) -> tuple[tuple[str, ...], str]:
    """The contacts that are printed in every item, and the line that closes each post."""
    table = top.table("block") if has_contacts and not original else top.named("block")
    block = table.texts("contacts")
    if original and not table.has("contacts"):
        block = original.block
    elif has_contacts and not block and not table.has("contacts"):
        table.report("C011", "contacts is missing")
    post_tail = table.optional_text("post_tail")
    table.close("[block]")
    for index, contact in enumerate(block if table.has("contacts") else ()):
        records.refer("contact", contact, table.where("contacts", index), "contacts")
    return block, post_tail


def _topics(top: Table) -> tuple[str, ...]:
    topics: tuple[str, ...] = top.take(keys_of(Campaign)["topics"])
    if BOTH in topics:
        hint = "an item names each topic that it is about; of two topics it may write both"
        top.report("C013", f'topics has "{BOTH}", which is no topic of its own', "topics", hint)
        return tuple(topic for topic in topics if topic != BOTH)
    return topics


def _time_zone(top: Table, name: str | None) -> str:
    if not name:
        return ""
    try:
        # Names without a slash (EST, Japan) are leftovers; half of them never change to summer time.
        if ("/" in name and not name.startswith("Etc/")) or name == "UTC":
            ZoneInfo(name)
            return name
    except (ValueError, OSError, KeyError):  # KeyError: ZoneInfoNotFoundError
        pass
    top.report(
        "C031",
        f'time_zone "{name[:60]}" is not known',
        "time_zone",
        did_you_mean(name, sorted(z for z in available_timezones() if "/" in z)),
    )
    return ""


def _titles(top: Table, records: Records) -> tuple[TitleForYears, ...]:
    found: list[TitleForYears] = []
    for table in top.tables("titles", required=True):
        values = table.read(TitleForYears, records)
        if not table.is_usable():
            continue
        title = TitleForYears(**values)
        first, last = title.first, title.last
        # One without a last season ends where another one begins.
        other = next((t for t in found if first <= (t.last or t.first) and t.first <= (last or first)), None)
        if last is not None and last < first:
            table.report("C032", f"the title's last season {last} is before its first {first}", "last")
        elif other:
            span = f"season {first}" if last is None else f"the seasons {first} to {last}"
            verb = "overlaps" if last is None else "overlap"
            table.report("C032", f'{span} {verb} with those of "{other.title}"', "first")
        else:
            found.append(title)
    return tuple(found)


def _slots(table: Table) -> dict[str, time]:
    if not table.has("default"):
        table.report("C011", "default is missing in [slots]")
    written = {channel: table.take(declare(channel, str, "", check=time_of_day)) for channel in table.keys()}
    return {channel: time.fromisoformat(slot) for channel, slot in written.items() if slot}


def _digest(top: Table, records: Records) -> DigestRule | None:
    table = top.optional_table("digest")
    if table is None:
        return None
    weekday = table.optional_text("weekday", allowed=WEEKDAY_NAMES)
    if not table.has("weekday"):
        table.report("C011", "weekday is missing in [digest]")
    title = table.optional_text("title")
    if not title.strip():
        # No words of the program's own: they would stand in one language whatever the campaign's is.
        code, words = ("C016", "title is empty") if table.has("title") else ("C011", "title is missing in [digest]")
        table.report(code, words)
    values = table.read(DigestRule, records)
    if not weekday or not title.strip():
        return None
    return DigestRule(WEEKDAY_NAMES.index(weekday), title=title, where=table.where(), **values)


def _waves(top: Table) -> str:
    table = top.optional_table("waves")
    if table is None:
        return "campaign"
    if not table.has("by"):
        table.report("C011", "by is missing in [waves]")
    by = table.optional_text("by", "campaign", allowed=("campaign", "reader"))
    table.close("[waves]")
    return by


def _rhythm(top: Table, records: Records) -> Rhythm:
    table = top.optional_table("rhythm")
    if table is None:
        return Rhythm()
    by_channel = table.named("channels")
    channels = {name: by_channel.texts(name, allowed=WEEKDAY_NAMES) for name in by_channel.keys()}
    rhythm = Rhythm(**table.read(Rhythm, records), channels=channels, where=table.where())
    if rhythm.most_items_a_day is not None and rhythm.most_items_a_day < rhythm.items_a_day:
        table.report("C014", "most_items_a_day is less than items_a_day", "most_items_a_day")
    return rhythm


def _looks(top: Table, records: Records, original: Campaign | None) -> dict[str, Any]:
    """How its pages, posts and emails look; an edition's are those of its original where it says nothing of them."""
    readers = {"brand": _brand, "cards": _cards, "mail": _mail}
    return {
        name: getattr(original, name) if original and not top.has(name) else read(top, records)
        for name, read in readers.items()
    }


def _brand(top: Table, records: Records) -> Brand:
    table = top.optional_table("brand")
    if table is None:
        return Brand()
    brand = Brand(**{key: value.strip() for key, value in table.read(Brand, records).items()})
    if not brand.accent or is_readable(brand.accent):
        return brand
    ratio = contrast_words(contrast(brand.accent, WHITE))
    message = (
        f'accent "{brand.accent}" has a contrast of {ratio} with white; {contrast_words(LEAST_CONTRAST)} is needed'
    )
    hint = f'choose a darker color; "{readable_on(brand.accent, WHITE, toward=BLACK)}" has it'
    table.report("C038", message, "accent", hint)
    return replace(brand, accent="")


def _with_logo(folder: Folder, head: Campaign | None) -> Campaign | None:
    """With the picture of its logo; an edition's is that of its original. Without, where the file cannot be used."""
    if head is None or not head.brand.logo or head.brand.logo_picture is not None:
        return head
    from ...cards.drawing import picture_of_file  # paid for by those who have one

    name, picture = head.brand.logo, None
    content = folder.read(name, LARGEST_LOGO, head.where)
    if content is not None:
        try:
            picture = picture_of_file(content)
        except ValueError as problem:
            folder.report("C040", name, f"the logo cannot be used: {problem}")
    return replace(head, brand=replace(head.brand, logo_picture=picture))


def _cards(top: Table, records: Records) -> CardRules:
    table = top.optional_table("cards")
    return CardRules() if table is None else CardRules(**table.read(CardRules, records))


def _mail(top: Table, records: Records) -> MailLook:
    table = top.optional_table("mail")
    return MailLook() if table is None else MailLook(**table.read(MailLook, records))


def _discreet(top: Table, records: Records) -> DiscreetHead:
    table = top.optional_table("discreet")
    if table is None:
        return DiscreetHead()
    return DiscreetHead(**{key: value.strip() for key, value in table.read(DiscreetHead, records).items()})


def _themes(top: Table) -> dict[str, str]:
    table = top.named("themes")
    found: dict[str, str] = {}
    for week in table.keys():
        if week.isascii() and week.isdigit() and 1 <= int(week) <= 53:
            found[week] = table.text(week)
        else:
            table.report("C013", f'themes has the key "{week[:40]}"; allowed are weeks, from 1', week)
    return found


def _pool(top: Table, records: Records, topics: tuple[str, ...]) -> PoolRules:
    table = top.optional_table("pool")
    if table is None:
        return PoolRules(where=top.where())
    return PoolRules(
        where=table.where(),
        max_per_kind=_limits(table, "max_per_kind", int, 366, tuple(Kind)),
        min_share_of_topic=_limits(table, "min_share_of_topic", float, 1, topic_words(topics)),
        **table.read(PoolRules, records),
    )


def _limits(table: Table, name: str, kind: type, most: float, known: Collection[str]) -> dict[str, Any]:
    """A number for each kind or topic that a table within the pool's names."""
    limits = table.named(name)
    found: dict[str, Any] = {}
    for word in limits.keys():
        number = limits.take(declare(word, kind, None, least=0, most=most))
        if word not in known:
            limits.report(
                "C013", f'{name} has "{word[:40]}"; allowed are: {", ".join(known)}', word, did_you_mean(word, known)
            )
        elif number is not None:
            found[word] = number
    return found
