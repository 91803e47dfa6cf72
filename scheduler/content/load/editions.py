"""An edition: a campaign in another language, which shares the claims, help lines and sources of its original."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ...domain.campaign import Campaign, ItemText
from ...domain.finding import Finding, Where
from ...project import campaign_ids, edition_of
from ...schema.toml_text import did_you_mean
from ..codes import CODES
from ..toml_file import Table
from .references import Records

#: Records that an edition shares. Its items are its own.
SHARED = ("claim", "contact", "source", "passage", "hashtag", "consent")


def read_original(
    top: Table,
    root: Path,
    campaign_id: str,
    load: Callable[[Path, str], tuple[Campaign | None, list[Finding]]],
) -> Campaign | None:
    """The campaign that ``edition_of`` in campaign.toml names; None where there is none, with a finding unless the
    campaign is no edition. ``load``: reads a campaign."""
    name = top.optional_text("edition_of")
    if not name:
        return None
    known = [other for other in campaign_ids(root) if other != campaign_id]
    hint = ""
    if name == campaign_id:
        wrong = "it is this campaign itself"
    elif name not in known:
        wrong, hint = "there is no such campaign", did_you_mean(name, known)
    elif further := edition_of(root, name):
        wrong = "it is itself an edition of " + ("this one" if further == campaign_id else further)
        hint = "" if further == campaign_id else f'write edition_of = "{further}"'
    else:
        original = load(root, name)[0]
        if original is not None:
            return original
        wrong, hint = "its campaign.toml cannot be read", f"`check {name}` says why"
    top.report("C070", f"edition_of names {name[:60]}: {wrong}", "edition_of", hint)
    return None


def share(records: Records, original: Campaign) -> None:
    """Let the edition's files name the original's records. What they say anew has been noted before."""
    own_sources = set(records.named["source"])
    for record, shared in (
        ("claim", original.claims),
        ("contact", original.contacts),
        ("source", original.sources),
        ("hashtag", original.hashtags),
        ("consent", original.consents),
    ):
        for name, one in shared.items():
            records.named[record].setdefault(name, one.where)
    for source in original.sources.values():
        for passage in source.passages if source.id not in own_sources else ():
            records.named["passage"].setdefault(f"{source.id}#{passage.id}", passage.where)
    records.unreadable |= {lost for lost in original.unreadable if lost.partition(":")[0] in SHARED}


def with_shared(own: Campaign, original: Campaign, *, has_calendar: bool) -> Campaign:
    """The edition with its original's records, and with its calendar where it has none."""
    return replace(
        own,
        calendar=own.calendar if has_calendar else original.calendar,
        claims={**original.claims, **own.claims},
        contacts={**original.contacts, **own.contacts},
        sources={**original.sources, **own.sources},
        hashtags={**original.hashtags, **own.hashtags},
        names=(*original.names, *own.names),
        consents={**original.consents, **own.consents},
        publishers={**original.publishers, **own.publishers},
    )


def check_translations(original: Campaign, items: Mapping[str, ItemText], records: Records) -> Iterator[Finding]:
    """Items of the original that the edition does not have (C072), and those whose original has moved (C073)."""
    for item in original.items.values():
        line, own = f'translated_from = "{item.text_digest()}"', items.get(item.id)
        if own is None:
            if item.id not in records.named["item"]:  # else it is there, and cannot be read
                message = f"the item {item.id} of {original.id} is not translated"
                hint = f"write items/{Path(item.where.path).name} in this campaign, with {line}"
                yield CODES["C072"].at(_file(item.where), message, item=item.id, hint=hint)
        elif own.translated_from != item.text_digest():
            moved = moved_since(own.translated_from)
            message = f"the original of {item.id} ({_file(item.where)}) {moved}"
            yield CODES["C073"].at(own.where, message, item=item.id, hint=f"compare the two, then write {line}")


def moved_since(translated_from: str) -> str:
    """What is said of an original that is not the one that was translated."""
    return "was changed since it was translated" if translated_from else "is not said to be the one translated"


def _file(where: Where) -> Where:
    return Where(where.path, 0)
