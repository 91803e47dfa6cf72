"""One sentence in a campaign of its own: files as a coordinator writes them, read, rendered and checked by the program.

Sentences with the same records share a folder; each is then planned, rendered and checked alone, so that none is
accused of what another says.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scheduler.content.checks import check
from scheduler.content.load.campaign_files import load_campaign
from scheduler.content.quantities.quantity_reader import quantities_in
from scheduler.content.render.messages import render
from scheduler.content.render.transactional_emails import letters_with_texts
from scheduler.domain.finding import Finding, Severity
from scheduler.domain.planned_item import Plan, PlannedItem
from scheduler.planner.season_choice import season_in
from tests.support.checks_factory import settings as some_settings
from tests.support.checks_factory import signed

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TODAY_BEFORE = 4  # days before the season's first
PACKS = MappingProxyType({"ht": ("human-trafficking",)})
#: Said of this project, whose addresses are examples.
OF_THE_SETTINGS = frozenset({"S101"})
#: What a discreet head has of the campaign and not of the item.
OF_THE_CAMPAIGN = ("From:", "List-Id:")
#: Words around a sentence that say nothing: the text beside it, and the frame of the item.
PLAIN_POST = "Thank you for reading along with us."
OTHER_MAIL = "The porch was quiet, and the light stayed on.\n\nA neighbor brought bread and went home again."
PLAIN_MAIL = "Thank you for reading along with us.\n\nWrite back if something is unclear."


@dataclass(frozen=True)
class Registers:
    """What sentences lean on, by kind and id."""

    causes: Mapping[str, dict[str, Any]]
    contacts: Mapping[str, dict[str, Any]]
    claims: Mapping[str, dict[str, Any]]
    quotations: Mapping[str, dict[str, Any]]
    people: Mapping[str, dict[str, Any]]
    own_addresses: tuple[str, ...]

    @classmethod
    def read(cls) -> Registers:
        data = tomllib.loads((HERE / "registers.toml").read_text(encoding="utf-8"))
        of = {kind: {r["id"]: r for r in data[kind]} for kind in ("cause", "contact", "claim", "quotation", "person")}
        causes, contacts, claims, quotations, people = of.values()
        return cls(causes, contacts, claims, quotations, people, tuple(data["own_addresses"]))


def read_sentences(*names: str) -> list[dict[str, Any]]:
    """All rows of these files. An id is the name of an item, too, which is in small letters."""
    found: list[dict[str, Any]] = []
    for name in names:
        for rows in tomllib.loads((HERE / name).read_text(encoding="utf-8")).values():
            found += rows if isinstance(rows, list) else []
    return [row | {"id": row["id"].lower()} for row in found]


def key_of(row: Mapping[str, Any]) -> tuple[object, ...]:
    """Rows with the same key lean on the same records."""
    lists = (tuple(row.get(k, ())) for k in ("claims", "quotations", "people", "contacts", "must_carry"))
    alone = row.get("place") == "letter" or row["sentence"].startswith(OF_THE_CAMPAIGN)
    return row["cause"], row["language"], alone and row["id"], *lists


def findings_of(rows: Iterable[Mapping[str, Any]], folder: Path) -> Iterator[tuple[Mapping[str, Any], list[Finding]]]:
    """Each row with what the program says of it, red and amber."""
    registers = Registers.read()
    groups: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(key_of(row), []).append(row)
    shutil.copytree(ROOT / "templates", folder / "templates")
    for number, group in enumerate(groups.values()):
        yield from _Group(registers, group, folder, f"month-{number}").judged()


class _Group:
    def __init__(self, registers: Registers, rows: list[Mapping[str, Any]], root: Path, name: str) -> None:
        self._registers, self._rows, self._root, self._name = registers, rows, root, name
        self._first = rows[0]
        self._cause = registers.causes[self._first["cause"]]
        self._folder = root / "campaigns" / name

    def judged(self) -> Iterator[tuple[Mapping[str, Any], list[Finding]]]:
        self._write()
        campaign, loading = load_campaign(self._root, self._name)
        assert campaign is not None, loading
        season = season_in(campaign, date.fromisoformat(self._cause["first"]).year)
        given = some_settings(root=ROOT, public_url="https://ourmonth.example")
        for row in self._rows:
            items = [campaign.items[name] for name in _names(row) if name in campaign.items]
            alone = replace(campaign, items=MappingProxyType({i.id: i for i in items}))
            first = date.fromisoformat(row["send"])
            other = first + timedelta(days=1 if first < season.end_on else -1)
            planned = tuple(
                PlannedItem((on - season.start_on).days + 1, on, item, None, 1)
                for item, on in zip(items, (first, other), strict=False)
            )
            plan = Plan(alone, season, campaign.name, planned)
            rendered = render(plan, given, self._root / "templates")
            beside: list[Any] = []
            lettering: tuple[Finding, ...] = ()
            if row["place"] == "letter":
                letters, texts, found = letters_with_texts(plan, given, self._root / "templates")
                beside, lettering = list(zip(letters, texts, strict=True)), tuple(found)
            today = date.fromordinal(season.start_on.toordinal() - TODAY_BEFORE)
            checked = check(
                plan,
                rendered.messages,
                given,
                signed(alone, today),
                ROOT / "config" / "lint",
                today=today,
                beside=beside,
            )
            mine = tuple(f"{name}.md" for name in _names(row))
            of_files = [f for f in loading if f.where.path.endswith(mine)]
            told = [*of_files, *rendered.findings, *lettering, *checked]
            yield (
                row,
                [f for f in told if f.severity in (Severity.RED, Severity.AMBER) and f.code not in OF_THE_SETTINGS],
            )

    # -- the files --------------------------------------------------------------------------------------------

    def _write(self) -> None:
        (self._folder / "items").mkdir(parents=True)
        (self._folder / "sources").mkdir()
        (self._folder / "templates" / "letters").mkdir(parents=True)
        self._file("campaign.toml", self._campaign())
        self._file("calendar.toml", "".join(self._special_days()))
        self._file("claims.toml", "".join(self._claims()))
        self._file("contacts.toml", "".join(self._contacts()))
        self._file("sources.toml", "".join(self._sources()))
        self._file("names.toml", "".join(self._named()))
        self._file("consents.toml", "".join(self._consents()))
        for row in self._rows:
            for name, text in zip(_names(row), (row["sentence"], row.get("other", "")), strict=False):
                self._file(f"items/{name}.md", self._item(row, name, text))

    def _file(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text, encoding="utf-8", newline="")

    def _campaign(self) -> str:
        cause = self._cause
        start, end = (date.fromisoformat(cause[k]) for k in ("first", "last"))
        packs = ["house", *PACKS.get(cause["id"], ())]
        return (
            f"{_line('name', self._title())}{_line('time_zone', 'America/Chicago')}{_line('language', self._first['language'])}"
            f"{_line('lint_packs', packs)}{self._slug()}[window]\n"
            f"start = {{ rule = 'fixed', month = {start.month}, day = {start.day} }}\n"
            f"end = {{ rule = 'fixed', month = {end.month}, day = {end.day} }}\n"
            f"[[titles]]\nfirst = 2020\n{_line('title', self._title())}[slots]\ndefault = '10:00'\n[lateness]\nwindow = 'same-day'\n"
            f"{self._discreet_head()}[block]\n{_line('contacts', list(self._first.get('must_carry', ())))}"
        )

    def _special_days(self) -> Iterator[str]:
        for number, day in enumerate(self._cause["special_days"]):
            on, name = date.fromisoformat(day["date"]), f"special-{number}"
            yield f"[[day]]\non = {{ rule = 'fixed', month = {on.month}, day = {on.day} }}\n"
            yield _line("item", name) + _line("special", day["name"])
            head = _line("id", name) + _line("kind", "special") + _line("title", day["name"])
            self._file(f"items/{name}.md", f"+++\n{head}+++\n\n# Post\n{PLAIN_POST}\n\n# Email\n{PLAIN_MAIL}\n")

    def _claims(self) -> Iterator[str]:
        publishers: dict[str, list[str]] = {}
        for record in (self._registers.claims[i] for i in self._first.get("claims", ())):
            host = record["url"].split("/")[2]
            publishers.setdefault(record["publisher"], []).append(host.removeprefix("www."))
            fields = ("id", "text", "measure", "population", "place", "period")
            yield "[[claim]]\n" + "".join(_line(k, str(record[k])) for k in fields if record.get(k))
            yield _line("kind", "statistic") + _line("status", record.get("status", "current"))
            yield _line("numbers", _figures(record["text"], record.get("period", "")))
            yield "[claim.source]\n" + "".join(_line(k, record[k]) for k in ("title", "publisher", "url", "dated"))
            yield "retrieved_on = 2026-11-02\nprimary_seen = true\nseen_by = 'A. Reader'\nseen_on = 2026-11-02\n"
        for record in (self._registers.quotations[i] for i in self._first.get("quotations", ())):
            publishers.setdefault(record["publisher"], []).append(record["url"].split("/")[2].removeprefix("www."))
        if publishers:
            yield "[publishers]\n" + "".join(f"{json.dumps(k)} = {json.dumps(v)}\n" for k, v in publishers.items())

    def _contacts(self) -> Iterator[str]:
        for record in (self._registers.contacts[i] for i in self._first.get("contacts", ())):
            old = [(f"{record['id']}-old-{n}", name) for n, name in enumerate(record.get("old", ()))]
            yield "[[contact]]\n" + "".join(_line(k, record[k]) for k in ("id", "kind", "value", "label", "hours"))
            yield _line("purpose", "for people who look for help") + _line("status", "active")
            yield f"verified_on = {record['verified_on']}\n" + _line("verified_by", "Ada Example")
            if record.get("url"):
                yield _line("primary_source_url", record["url"])
            if old:
                yield _line("supersedes", [i for i, _ in old])
            for old_id, name in old:
                kind, value = _old_way(record["kind"], name)
                yield "[[contact]]\n" + _line("id", old_id) + _line("kind", kind) + _line("value", value)
                yield _line("label", "A former one") + _line("purpose", "none: it is former")
                yield _line("status", "superseded") + _line("superseded_by", record["id"])

    def _sources(self) -> Iterator[str]:
        for record in (self._registers.quotations[i] for i in self._first.get("quotations", ())):
            text = record["text"]
            (self._folder / "sources" / f"{record['id']}.txt").write_text(text, encoding="utf-8", newline="")
            said = f"{record['speaker']}, {record['title']}, {record['year']}"
            yield "[[source]]\n" + _line("id", record["id"]) + _line("title", record["title"])
            yield _line("publisher", record["publisher"]) + _line("author", record["speaker"])
            yield f"year = {record['year']}\n" + _line("attribution", said) + _line("url", record["url"])
            file = f"sources/{record['id']}.txt"
            yield f"retrieved_on = 2026-11-02\n{_line('file', file)}"
            yield _line("sha256", hashlib.sha256(text.encode()).hexdigest())
            yield f"[[source.passage]]\nid = 'P1'\nstart = 0\nend = {len(text)}\n{_line('opening', text[:20])}use = 'evergreen'\n"
            if not record.get("may_be_quoted", True):
                yield "quotable = false\nreason = 'the speaker asked for it'\n"

    def _named(self) -> Iterator[str]:
        for person in (self._registers.people[i] for i in self._first.get("people", ())):
            if person["what"].startswith("named as"):
                yield (
                    "[[name]]\n"
                    + _line("name", person["name"])
                    + _line("kind", "person")
                    + _line("why", person["what"])
                )

    def _consents(self) -> Iterator[str]:
        """The register has the names, the campaign's own file has none of them."""
        for number, person in enumerate(self._registers.people[i] for i in self._first.get("people", ())):
            yield "[[consent]]\n" + _line("id", person["id"]) + _line("person", f"K-{number + 1}")
            yield _line("what", person["what"]) + _line("items", [row["id"] for row in self._rows])
            yield f"from = {person['consent_from']}\nuntil = {person['consent_until']}\n"
            yield _line("kept", "Cabinet 2.") + _line("taking_back", "By telephone, at any time.")
            if person["where"] == "mail":
                yield _line("channels", ["email"])
            if person["withdrawn_on"]:
                yield f"withdrawn_on = {person['withdrawn_on']}\n" + _line("withdrawn_how", "By telephone.")

    def _item(self, row: Mapping[str, Any], name: str, text: str) -> str:
        text = re.sub(r"(quote|attribution)\('([\w-]+)'\)", r"\1('\2#P1')", text)
        place = row["place"]
        head: dict[str, Any] = {
            "id": name,
            "kind": "special",
            "title": "What the porch light said" if name.endswith("-b") else "A note for the kitchen table",
            "preheader": "For the quiet hour." if name.endswith("-b") else "Three minutes with a cup of tea.",
        }
        head["links"] = list(self._registers.own_addresses)
        for field in ("claims", "contacts"):
            if row.get(field):
                head[field] = list(row[field])
        if row.get("people"):
            head["story_consent"] = row["people"][0]
        if row.get("quotations"):
            head["quotations"] = [f"{i}#P1" for i in row["quotations"]]
        if place in ("title", "subject"):
            head[place] = text
        if place == "post":
            head["channels"] = ["x"]
        elif place in ("mail", "subject", "title", "discreet"):
            head["channels"] = ["email"]
        if place == "discreet" and not text.startswith(OF_THE_CAMPAIGN):
            head["discreet_subject"] = text
        if place == "letter":
            welcome = (ROOT / "templates" / "letters" / "welcome.md").read_text(encoding="utf-8")
            self._file("templates/letters/welcome.md", f"{welcome}\n{text}\n")
        post = text if place == "post" else PLAIN_POST
        mail = text if place == "mail" else OTHER_MAIL if name.endswith("-b") else PLAIN_MAIL
        lines = "".join(_line(k, v) for k, v in head.items())
        return f"+++\n{lines}+++\n\n# Post\n{post}\n\n# Email\n{mail}\n"

    def _title(self) -> str:
        return f"{self._cause['name'].title()} Awareness Month"

    def _discreet_head(self) -> str:
        field, _, value = self._first["sentence"].partition(":")
        return "[discreet]\n" + _line("from_name", value.strip()) if field == "From" else ""

    def _slug(self) -> str:
        field, _, value = self._first["sentence"].partition(":")
        slug = re.sub(r"[^a-z0-9]+", "-", value.strip().partition(".")[0].casefold()).strip("-")
        return _line("slug", slug) if field == "List-Id" else ""


def _names(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (row["id"], f"{row['id']}-b") if row.get("other") else (row["id"],)


def _line(key: str, value: object) -> str:
    return f"{key} = {json.dumps(value, ensure_ascii=False)}\n"


def _figures(text: str, period: str) -> list[str]:
    """A claim's figures as its author would have listed them."""
    found = (text[q.start : q.end + text[q.end :].startswith("F")] for q in quantities_in(text, "en"))
    return [f for f in dict.fromkeys(found) if f not in period]


def _old_way(kind: str, name: str) -> tuple[str, str]:
    """Kind and value of what a help line replaced. A keyword is one only where it is texted."""
    if kind == "text":
        return "text", f"text {name}"
    if "@" in name:
        return "email", name
    return ("web" if re.fullmatch(r"[\w-]+(\.[\w-]+)+", name) else "name"), name
