"""The stages beyond reading: a scenario's project walked from its files to a plan, to messages, to checked messages.

Unless the project says otherwise in ``people.toml`` (``today``, ``claims_signed_on``, ``unsigned``, ``by_one``), every claim and
help line is signed by two people, one of them in the role of expert. Templates and lint packs are those that
are shipped; a file of that name in the project takes the place of the shipped one.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from scheduler.content.checks import check
from scheduler.content.load.campaign_files import load_campaign
from scheduler.content.render.digests import digest_text
from scheduler.content.render.messages import render
from scheduler.content.render.season_renderer import suits_channels
from scheduler.content.render.transactional_emails import letters_with_texts
from scheduler.domain.campaign import Campaign
from scheduler.domain.claim import Signature, Signatures
from scheduler.domain.finding import Finding
from scheduler.domain.planned_item import Plan
from scheduler.domain.via import Via
from scheduler.planner.pin import pin_path, read_pinned
from scheduler.planner.season_choice import season_in
from scheduler.planner.season_plan import make_plan
from scheduler.project import campaign_ids, the_campaign
from scheduler.services.neighbors import neighbors_of
from scheduler.wiring import load_settings

REPOSITORY = Path(__file__).parents[2]
SEASON = 2027
PEOPLE = (("A. Reader", "fact"), ("B. Expert", "expert"))


def plan_only(root: Path) -> Iterator[Finding]:
    """What is found up to the plan of season 2027."""
    campaign, loading = load_campaign(root, the_campaign(root, None))
    yield from loading
    if campaign is not None:
        yield from _planned(root, campaign)[1]


def render_only(root: Path) -> Iterator[Finding]:
    """What is found up to the messages of season 2027, before anything is asked of them."""
    return check_all(root, checked=False)


def check_all(root: Path, *, checked: bool = True) -> Iterator[Finding]:
    """Everything that is found on the way from the files to the messages of season 2027."""
    lint = ("config/lint", *(f"config/lint/{name}" for name in ("quantities", "days", "stories")))
    for folder in ("templates/post", "templates/email", "templates/letters", "templates/cards", *lint):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for shipped in (REPOSITORY / folder).iterdir():
            if shipped.is_file() and not (root / folder / shipped.name).exists():
                shutil.copy(shipped, root / folder)
    settings = load_settings(root, {})
    campaign, loading = load_campaign(root, campaign_ids(root)[0])
    yield from loading
    if campaign is None:
        return
    plan, planning = _planned(root, campaign)
    yield from planning
    rendered = render(plan, settings, root / "templates")
    yield from rendered.findings
    letters, texts, lettering = letters_with_texts(plan, settings, root / "templates")
    yield from lettering
    if not checked:
        return
    people = _people(root)
    yield from check(
        plan,
        rendered.messages,
        settings,
        sign_offs(campaign, people),
        root / "config" / "lint",
        today=people.get("today", date(SEASON - 1, 12, 28)),
        beside=[
            *((m, digest_text(campaign.digest, m.item)) for m in rendered.digests if campaign.digest),
            *zip(letters, texts, strict=True),
        ],
        neighbors=neighbors_of(root, settings, campaign, plan.season),
    )


def _planned(root: Path, campaign: Campaign) -> tuple[Plan, list[Finding]]:
    """The plan, under the pinned one where the project has one."""
    pinned, reading = read_pinned(pin_path(root, campaign.id, SEASON), campaign)
    suits = suits_channels(load_settings(root, {}), campaign.rhythm)
    plan, planning = make_plan(campaign, season_in(campaign, SEASON), pinned=pinned, suits=suits)
    return plan, [*reading, *planning]


def _people(root: Path) -> dict[str, Any]:
    path = root / "people.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def sign_offs(campaign: Campaign, people: dict[str, Any]) -> Signatures:
    """Two sign-offs of each record, but for those in ``unsigned`` (none) and ``by_one`` (the first person alone)."""
    lately, found = date(SEASON - 1, 12, 28), []
    for subject, records in (("claim", campaign.claims), ("contact", campaign.contacts)):
        on = people.get("claims_signed_on", lately) if subject == "claim" else lately
        for record_id, record in records.items():
            name = f"{subject}:{record_id}"
            if name in people.get("unsigned", ()):
                continue
            signing = PEOPLE[:1] if name in people.get("by_one", ()) else PEOPLE
            found += [
                Signature(subject, record_id, record.record_hash(), who, role, on, via=Via.LINK)
                for who, role in signing
            ]
    return Signatures(tuple(found))
