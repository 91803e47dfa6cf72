"""Mails of the shipped month in another theme, with a picture at their head, as files that a browser can open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from scheduler.cards.drawing import bytes_of
from scheduler.clock import VirtualClock
from scheduler.content.render.messages import render
from scheduler.domain.mail_look import MailLook
from scheduler.domain.message import EmailBody, with_head
from scheduler.domain.planned_item import Plan
from scheduler.domain.post_picture import picture_url
from scheduler.project import Project
from scheduler.services.seasons import plan_season, read_campaign, season_of
from scheduler.wiring import load_settings

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = "human-trafficking-prevention"
PUBLIC_URL = "https://news.harbor-light.internal"


@cache
def _month() -> tuple[Project, Plan]:
    project = Project(ROOT, load_settings(ROOT, {}), {}, VirtualClock(datetime(2026, 12, 28, 15, tzinfo=UTC)))
    campaign, _ = read_campaign(project, CAMPAIGN)
    return project, plan_season(project, campaign, season_of(project, campaign, 2027))[0]


def write_mails(
    folder: Path, theme: str, *, days: Sequence[int] = (11,), header: str = "picture", discreet: bool = False
) -> list[Path]:
    """The pages of these days of the season, numbered from 1. They fetch nothing but the pictures beside them."""
    project, plan = _month()
    organisation = replace(
        project.settings.organisation, name="Harbor Light Coalition", signed_by="Carla Moreno", signed_as="director"
    )
    settings = replace(project.settings, public_url=PUBLIC_URL, organisation=organisation)
    plan = replace(plan, campaign=replace(plan.campaign, mail=MailLook(theme, header)))
    items = [planned for planned in plan.items if planned.day_number in days]
    paths = []
    for message in render(plan, settings, ROOT / "templates", items=items).messages:
        body = with_head(message, discreet=True).body if discreet else message.body
        if isinstance(body, EmailBody):
            html, picture = body.html, body.head_picture
            if picture is not None:
                (folder / f"{picture.sha256}.png").write_bytes(bytes_of(picture))
                html = html.replace(picture_url(PUBLIC_URL, picture), f"{picture.sha256}.png")
            paths.append(folder / f"{theme}-{message.on}.html")
            paths[-1].write_text(html, "utf-8")
    return paths
