"""claims.toml, contacts.toml, hashtags.toml, calendar.toml, sources.toml, names.toml and consents.toml: tables of
records, one under the other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from ...domain.campaign import CalendarDay, Campaign, Hashtag
from ...domain.claim import TOLD_AS_PRESENT, Claim, ClaimWords, Contact, ContactStatus, ContactWords, words_digest
from ...domain.consent import Consent, Name
from ...domain.dates import DateRule, RuleKind
from ...domain.quotation import LARGEST_SOURCE, Passage, Source, normalise
from ...schema.field import key as declare
from ..toml_file import Table
from .campaign_folder import Folder
from .date_rules import read_rule
from .editions import moved_since
from .references import HOMES, Records

_PASSAGE_ID = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")
R = TypeVar("R", Claim, Contact, Hashtag)
W = TypeVar("W", Claim, Contact)


def read_claims(
    top: Table, records: Records, original: Campaign | None = None
) -> tuple[dict[str, Claim], dict[str, tuple[str, ...]]]:
    """The claims that could be read, by id, and the hosts of each publisher: its own sites, each with all below it.
    ``original``: the campaign that this one is an edition of."""
    table = top.named("publishers")
    publishers = {name: table.texts(name) for name in table.keys()}
    for name, hosts in publishers.items():
        for index, host in enumerate(hosts):
            if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+", host):
                hint = "write the host alone, in small letters, as example.org"
                table.report("C021", f'"{host[:60]}" is not a host', name, hint, index)

    tables: dict[str, Table] = {}

    def checked_id(table: Table, values: dict[str, Any]) -> str:
        tables[values["id"] or ""] = table
        return values["id"] or ""

    found = _records(top, "claim", Claim, records, checked_id, original.claims if original else {})
    for old in found.values():
        newer = [new for new in old.superseded_by if not (new in found and old.id in found[new].superseded_by)]
        if newer and old.status in TOLD_AS_PRESENT and old.id in tables:  # two that replace each other are a circle
            _replaced_yet_in_use(tables[old.id], "claim", newer[0], str(old.status))
    return found, publishers


def read_contacts(top: Table, records: Records, original: Campaign | None = None) -> dict[str, Contact]:
    """The contacts that could be read, by id. ``original``: as for claims."""
    tables: dict[str, Table] = {}

    def checked_id(table: Table, values: dict[str, Any]) -> str:
        tables[str(values["id"])] = table
        if values["status"] is ContactStatus.ACTIVE:
            # What a line is for is seen by readers; a record that is kept only to be found in texts may leave it out.
            table.text("purpose")
            if values["superseded_by"]:
                _replaced_yet_in_use(table, "contact", values["superseded_by"], "active")
        return str(values["id"] or "")

    found = _records(top, "contact", Contact, records, checked_id, original.contacts if original else {})
    for newer in found.values():
        for old_id in newer.supersedes:
            old = found.get(old_id)
            if old is not None and old.status is ContactStatus.ACTIVE and not old.superseded_by and old_id in tables:
                _replaced_yet_in_use(tables[old_id], "contact", newer.id, "active", "status")
    return found


def _replaced_yet_in_use(table: Table, kind: str, newer: str, status: str, key: str = "superseded_by") -> None:
    table.report("C024", f"the {kind} was replaced by {newer[:60]}, and is {status}", key)


def read_hashtags(top: Table, records: Records) -> dict[str, Hashtag]:
    """The tags that could be read, by their text without #."""

    def checked_tag(table: Table, values: dict[str, Any]) -> str:
        tag = values["tag"] or ""
        if not tag or (re.fullmatch(r"\w+", tag) and not tag.isdigit()):
            return tag
        hint = "write the tag without #" if tag.startswith("#") else "letters, digits and _ only, not digits alone"
        table.report("C017", f'tag "{tag[:60]}" cannot be a hashtag', "tag", hint)
        return ""

    return _records(top, "hashtag", Hashtag, records, checked_tag)


def _records(
    top: Table,
    name: str,
    kind: type[R],
    records: Records,
    checked_id: Callable[[Table, dict[str, Any]], str],
    originals: Mapping[str, R] = MappingProxyType({}),
) -> dict[str, R]:
    """The records of ``[[name]]`` that could be read. ``checked_id``: of a record; empty where it has none.

    A record with an id of ``originals`` gives that one other words.
    """
    found: dict[str, R] = {}
    if not top.has(name) and any(key != "publishers" for key in top.keys()):
        records.lost(name)  # the key may be misspelt
    for table in top.tables(name):
        original = originals.get(str(table.peek("id")))
        if isinstance(original, Claim | Contact):
            said = in_other_words(table, original, records)
            if records.keeps(name, original.id, table.where("id"), usable=True):
                found[original.id] = said
            continue
        values = table.read(kind, records)
        record_id = checked_id(table, values)
        where = table.where("tag" if name == "hashtag" else "id")
        if records.keeps(name, record_id, where, usable=table.is_usable()):
            found[record_id] = kind(**values, where=table.where())
    top.close(HOMES[name])
    return found


def in_other_words(table: Table, original: W, records: Records) -> W:
    """A record of the original with what an edition says anew of it."""
    translated_from = table.optional_text("translated_from")
    said = table.read(ClaimWords if isinstance(original, Claim) else ContactWords, records, "an edition's record")
    digest = words_digest(original)
    if translated_from != digest:
        moved = moved_since(translated_from)
        hint = f'read it again, then write translated_from = "{digest}"'
        table.report("C073", f"the original of {original.id} ({original.where}) {moved}", None, hint)
    return replace(original, **{word: value for word, value in said.items() if table.has(word)}, where=table.where())


def read_names(top: Table, records: Records) -> tuple[Name, ...]:
    """The names that could be read, in the order of the file."""
    found = []
    for table in top.tables("name"):
        values = table.read(Name, records)
        if table.is_usable():
            found.append(Name(**values, where=table.where()))
    top.close("names.toml")
    return tuple(found)


def read_consents(top: Table, records: Records) -> dict[str, Consent]:
    """The consents that could be read, by id."""
    found: dict[str, Consent] = {}
    for table in top.tables("consent"):
        values = table.read(Consent, records)
        if values["withdrawn_on"] and not values["withdrawn_how"]:
            hint = "say how, and who took note"
            table.report("C011", "withdrawn_how is missing: the consent was withdrawn", None, hint)
        if records.keeps("consent", values["id"], table.where("id"), usable=table.is_usable()):
            found[values["id"]] = Consent(**values, where=table.where())
    top.close("consents.toml")
    return found


def read_calendar(top: Table, records: Records) -> tuple[CalendarDay, ...]:
    """The lines of the calendar that could be read, in the order of the file."""
    days = [_day(table, records) for table in top.tables("day")]
    top.close("calendar.toml")
    return tuple(day for day in days if day is not None)


def _day(table: Table, records: Records) -> CalendarDay | None:
    rule: DateRule | None = None
    number = table.take(declare("day", int, None, least=1, most=366))
    on = table.optional_table("on")
    if table.has("day") and table.has("on"):
        table.report("C023", "the line has both day and on", "on")
    elif on is not None:
        rule = read_rule(on, in_window=False)
    elif number is not None:
        rule = DateRule(RuleKind.DAY_OF_WINDOW, day=number)
    elif not table.has("day") and not table.has("on"):
        table.report("C023", "the line has neither day nor on", None, "write day = 4, or on = { rule = ... }")
    values = table.read(CalendarDay, records)
    if values["key"] and values["quiet"]:
        table.report("C025", "the line has both key and quiet", "key")
    return CalendarDay(rule=rule, where=table.where(), **values) if rule is not None and table.is_usable() else None


# -- sources: stored editions, their hashes, and the passages in them --------------------------------------------------


def read_sources(top: Table, folder: Folder, records: Records) -> dict[str, Source]:
    """The sources that could be read, with their texts, by id."""
    found: dict[str, Source] = {}
    for table in top.tables("source"):
        source_id = table.id()
        is_new = bool(source_id) and source_id not in records.named["source"]
        source = _source(table, source_id, folder, records if is_new else Records([]))
        if records.keeps("source", source_id, table.where("id"), usable=source is not None) and source is not None:
            found[source_id] = source
        elif not source_id:
            records.lost("passage")
    top.close("sources.toml")
    return found


def _source(table: Table, source_id: str, folder: Folder, records: Records) -> Source | None:
    file, sha256 = table.text("file"), table.text("sha256")
    text, is_whole = _stored(table, folder, file, sha256)
    own_words = bool(table.take(declare("own_words", bool, False)))
    passages = [
        _passage(entry, source_id, text if is_whole else None, own_words, records) for entry in table.tables("passage")
    ]
    values = table.read(Source, records)
    if text is None or not table.is_usable():
        return None
    values["path"] = f"{folder.shown}/{file}"
    values["short_attribution"] = values["short_attribution"] or values["attribution"]
    return Source(**values, text=text, passages=tuple(filter(None, passages)), where=table.where())


def _stored(table: Table, folder: Folder, file: str, sha256: str) -> tuple[str | None, bool]:
    """The stored text, and whether it is byte for byte the one that was recorded."""
    raw = folder.read(file, LARGEST_SOURCE, at=table.where("file")) if file else None
    text = None if raw is None else folder.decoded(file, raw)
    if raw is None or text is None:
        return None, False
    folder.stored.add(file)
    actual = hashlib.sha256(raw).hexdigest()
    if not sha256 or actual == sha256.lower():
        return text, True
    hint = ""
    if hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest() == sha256.lower():
        hint = "only the line ends differ: git or an editor changed them; write `* -text` into sources/.gitattributes"
    elif not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        hint = f"a SHA-256 has 64 hexadecimal digits; that of this file is {actual}"
    table.report("C050", f"{file} is not the file that was recorded (its SHA-256 is {actual[:12]}...)", "sha256", hint)
    return text, False


def _passage(table: Table, source_id: str, text: str | None, own_words: bool, records: Records) -> Passage | None:
    opening = table.text("opening")
    quotable = table.take(declare("quotable", bool, not table.has("quotable")))  # a vague value is a no
    values = table.read(Passage, records) | {"quotable": quotable}
    passage_id = values["id"]
    if not quotable and not values["reason"]:
        table.report("C011", "reason is missing: the passage is not quotable", None, "say why it is not")
    if values["use"] == "faq":
        table.text("question")
    if passage_id and not _PASSAGE_ID.fullmatch(passage_id):
        table.report("C053", f'the passage id "{passage_id[:60]}" is malformed', "id")
        passage_id = None
    if not passage_id:
        records.lost("passage", f"{source_id}#*")
        return None
    reference = f"{source_id}#{passage_id}"
    if not records.add("passage", reference, table.where("id")):
        return None
    if text is None or not table.is_usable() or not _fits(table, text, opening, values):
        records.lost("passage", reference)
        return None
    words = text[values["start"] : values["end"]]
    for index, edit in enumerate(values["corrections"]):
        if not own_words:
            table.report(
                "C054", f"{passage_id} is corrected, and these are not the organization's own words", "corrections"
            )
            break
        if edit.find not in words:
            table.report("C055", f'{passage_id} does not hold "{_start(edit.find)}"', "corrections", index=index)
    return Passage(**values, text=words, where=table.where())


def _fits(table: Table, text: str, opening: str, values: Mapping[str, Any]) -> bool:
    """Whether a passage lies within its source, and starts with the words that it says."""
    name, start, end = values["id"], values["start"], values["end"]
    if not start < end <= len(text):
        message = f"{name} reaches from {start} to {end}; the source has the characters 0 to {len(text)}"
        table.report("C051", message, "end")
        return False
    words, begin = text[start:end], opening.rstrip(" .\u2026")
    if normalise(words).startswith(normalise(begin)):
        return True
    at = text.find(begin)
    hint = f"those words start at character {at}; start = {at} and end = {at + end - start} would fit"
    message = f'{name} starts with "{_start(words)}", not with "{_start(opening)}"'
    table.report("C052", message, "opening", hint if at >= 0 else "")
    return False


def _start(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 40 else words[:40] + "..."
