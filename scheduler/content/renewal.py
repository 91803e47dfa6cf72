"""What of a campaign belongs to the season before, and has to be looked at anew for the next: texts that hold a date,
records that run out, rules and tags without that year.

A search is no reading: it finds years in every language, and the names of months and weekdays in English only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from ..domain.campaign import Campaign, Season
from ..domain.claim import ContactStatus
from ..domain.dates import DateRule, RuleKind, describe
from ..domain.finding import Where
from ..domain.formatting import MONTHS, WEEKDAYS
from ..light_dataclass import dataclass
from .render.template_folders import folder_with, template_folders


class RenewalKind(StrEnum):
    """Why something has to be looked at."""

    TITLE = "title"  # nobody has confirmed the season's title
    NO_DATE = "no-date"  # a rule's table has no date for the season
    DUE = "due"  # a claim's review or its end, or the end of a consent, falls before the season's last day
    HASHTAG = "hashtag"  # it is for other seasons
    OLD_YEAR = "old-year"  # the year of the season before
    DAY = "day"  # a day of a month or of the week
    RELATIVE = "relative"  # this year, 162 years ago
    YEAR = "year"  # another year: most often history, which stays


#: What is said of each kind; ``{season}`` is the one to come.
HEADINGS = {
    RenewalKind.TITLE: "The month's title, which nobody has confirmed for {season} (campaign.toml, [[titles]])",
    RenewalKind.NO_DATE: "Rules without a date for {season}",
    RenewalKind.DUE: "Claims and consents whose review, or end, falls before the season's last day",
    RenewalKind.HASHTAG: "Hashtags of other seasons",
    RenewalKind.OLD_YEAR: "Texts with a year of the season before",
    RenewalKind.DAY: "Texts with a day of a month or of the week",
    RenewalKind.RELATIVE: "Texts that count from a year",
    RenewalKind.YEAR: "Texts with another year, most often history",
}


@dataclass(frozen=True)
class Renewal:
    """One place to look at. ``words``: as they stand there."""

    kind: RenewalKind
    record: str  # "item", "claim", "consent", "contact", "source", "hashtag", "letter", "campaign", "calendar"
    id: str
    field: str
    words: str
    where: Where


_MONTH = "|".join(f"{m}|{m[:3]}" for m in MONTHS) + "|Sept"
_WEEKDAY = "|".join(WEEKDAYS)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?\b"
_DATED = re.compile(
    rf"(?P<day>\b(?:(?:{_WEEKDAY}),? )?(?:the )?(?:{_DAY}(?: of)? (?:{_MONTH})\b\.?|(?:{_MONTH})\b\.? {_DAY})"
    r"(?:,? (?P<of_year>\d{4})\b)?"
    r"|\b(?P<iso>\d{4})-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\bon the \d{1,2}(?:st|nd|rd|th)\b"
    rf"|\b(?:{_WEEKDAY})\b)"
    rf"|(?P<relative>(?i:\b(?:this|last|next|the coming|the past) (?:year|season|{'|'.join(MONTHS)})\b"
    r"|\b[\w-]+ years ago\b|\b\d+(?:st|nd|rd|th) anniversary\b))"
    r"|(?<![\w.,/#$&=?-])(?P<year>1[5-9]\d\d|20\d\d)(?![\w-]|[.,]\d)"
)
_ITEM_FIELDS = ("title", "subject", "preheader", "discreet_subject", "content_note", "action_text", "action_url")
#: What a template fills in is right each year.
_FILLED_IN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ADDRESS = re.compile(r"https?://\S+")


def to_renew(root: Path, campaign: Campaign, season: Season, before: Season | None) -> tuple[Renewal, ...]:
    """Everything of ``campaign`` that has to be looked at for ``season``, by file and line. ``before``: the season
    that the texts were written for. ``root``: the project's, whose ``templates/letters`` are read too."""
    found = [*_of_the_season(campaign, season), *_of_texts(root, campaign, season, before)]
    order = list(RenewalKind)
    return tuple(sorted(found, key=lambda r: (order.index(r.kind), r.where.path, r.where.line, r.field)))


def dates_in(text: str, *, new: Collection[int], old: Collection[int]) -> Iterator[tuple[RenewalKind, str, int]]:
    """(kind, words, place) of each date in a text, in order. ``old``: years of the season before; those of ``new``,
    the season's own, are as they should be."""
    plain = _FILLED_IN.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for year in old:  # also within an address or a tag
        for match in re.finditer(rf"(?<!\d){year}(?!\d)", plain):
            yield RenewalKind.OLD_YEAR, _around(plain, match), match.start()
    plain = _ADDRESS.sub(lambda match: " " * len(match[0]), plain)
    for match in _DATED.finditer(plain):
        named = match["year"] or match["of_year"] or match["iso"]
        if named and int(named) in (*new, *old):
            continue
        kind = RenewalKind.YEAR if named else RenewalKind.RELATIVE if match["relative"] else RenewalKind.DAY
        yield kind, match[0], match.start()


def _around(text: str, match: re.Match[str]) -> str:
    """The word, or the date, that a year stands in."""
    whole = next((m for m in _DATED.finditer(text) if m.start() <= match.start() < m.end()), None)
    if whole is not None:
        return whole[0]
    start, end = match.span()
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[start:end]


def _of_the_season(campaign: Campaign, season: Season) -> Iterator[Renewal]:
    """Title, rules, claims and tags."""
    if not campaign.title_is_confirmed(season.year):
        title = campaign.title_in(season.year) or campaign.name
        yield Renewal(RenewalKind.TITLE, "campaign", campaign.id, "titles", title, campaign.where)
    for line in campaign.calendar:
        for rule in _chain(line.rule):
            if rule.kind in (RuleKind.TABLE, RuleKind.ANNOUNCED) and season.year not in rule.table:
                yield Renewal(RenewalKind.NO_DATE, "calendar", line.item, "on", describe(rule), line.where)
    for claim in campaign.claims.values():
        for field in ("review_by", "hard_expires"):
            day = getattr(claim, field)
            if day is not None and day <= season.end_on:
                yield Renewal(RenewalKind.DUE, "claim", claim.id, field, day.isoformat(), claim.where)
    for consent in campaign.consents.values():
        field, day = ("withdrawn_on", consent.withdrawn_on) if consent.withdrawn_on else ("until", consent.until)
        if day is not None and day <= season.end_on:
            yield Renewal(RenewalKind.DUE, "consent", consent.id, field, day.isoformat(), consent.where)
    for tag in campaign.hashtags.values():
        if tag.status == "active" and tag.seasons and season.year not in tag.seasons:
            seasons = ", ".join(map(str, tag.seasons))
            yield Renewal(RenewalKind.HASHTAG, "hashtag", tag.tag, "seasons", seasons, tag.where)


def _chain(rule: DateRule | None) -> Iterator[DateRule]:
    while rule is not None:
        yield rule
        rule = rule.of


def _of_texts(root: Path, campaign: Campaign, season: Season, before: Season | None) -> Iterator[Renewal]:
    new = {season.start_on.year, season.end_on.year}
    old = {before.start_on.year, before.end_on.year} - new if before is not None else set()
    for record, name, field, text, where in _texts(root, campaign):
        seen: set[tuple[str, int]] = set()
        for kind, words, place in dates_in(text, new=new, old=old):
            at = Where(where.path, where.line + text.count("\n", 0, place)) if where.line else where
            if (words, at.line) not in seen:
                seen.add((words, at.line))
                yield Renewal(kind, record, name, field, words, at)


def _texts(root: Path, campaign: Campaign) -> Iterator[tuple[str, str, str, str, Where]]:
    """(record, id, field, text, where its first line is) of everything that people read."""
    for item in campaign.items.values():
        yield from _fields("item", item.id, item, _ITEM_FIELDS, item.where)
        parts = [("post", item.post, item.post_line), ("email", item.email, item.email_line), *item.own_posts]
        for field, text, first in parts:
            yield "item", item.id, field, text, Where(item.where.path, first)
    folders = template_folders(root / "templates", campaign.id)
    for name in sorted({path.name for folder in folders for path in (folder.path / "letters").glob("*.md")}):
        folder = folder_with(folders, f"letters/{name}")
        text = (folder.path / "letters" / name).read_text("utf-8", errors="replace")
        yield "letter", name.removesuffix(".md"), "text", text, Where(f"{folder.shown}/letters/{name}", 1)
    for contact in campaign.contacts.values():
        if contact.status is not ContactStatus.SUPERSEDED:
            yield from _fields("contact", contact.id, contact, ("label", "purpose", "hours"), contact.where)
    for claim in campaign.claims.values():
        yield from _fields("claim", claim.id, claim, ("text", "period", "caveat"), claim.where)
    for source in campaign.sources.values():
        yield from _fields("source", source.id, source, ("attribution", "short_attribution"), source.where)
    for tag in campaign.hashtags.values():
        if tag.status == "active":
            yield "hashtag", tag.tag, "tag", tag.tag, tag.where
    yield from _fields("campaign", campaign.id, campaign, ("name", "cover_note", "post_tail"), campaign.where)
    for week, theme in campaign.themes.items():
        yield "campaign", campaign.id, f"theme {week}", theme, campaign.where
    if campaign.digest is not None:
        yield from _fields("campaign", campaign.id, campaign.digest, _ITEM_FIELDS[:4], campaign.digest.where)
    for line in campaign.calendar:
        yield from _fields("calendar", line.item, line, ("special", "theme"), line.where)


def _fields(
    record: str, name: str, holder: object, fields: Iterable[str], where: Where
) -> Iterator[tuple[str, str, str, str, Where]]:
    for field in fields:
        if text := getattr(holder, field):
            yield record, name, field, text, where
