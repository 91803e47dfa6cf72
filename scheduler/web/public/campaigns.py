"""Which campaign a public page is about: the one that its address names, or the only one there is."""

from __future__ import annotations

from flask import current_app, g, request, url_for
from werkzeug.exceptions import NotFound

from ...content.load.brands import read_accent
from ...content.load.slugs import read_slug
from ...light_dataclass import dataclass
from ..routing import site


@dataclass(frozen=True)
class CampaignChoice:
    """A campaign as pages show it. ``begins`` and ``ends`` are empty where no season is to come."""

    slug: str
    name: str
    speaker: str  # who sends its emails
    begins: str = ""
    ends: str = ""
    contact: str = ""


def wear_the_color() -> None:
    """Pages below ``/c/SLUG`` have that campaign's color, those without a slug that of the only one, if there is one.

    It is read from the address and the campaign's file alone, so it tells a page nothing about its reader."""
    fronts, slug = site().fronts, (request.view_args or {}).get("slug", "")
    rules = current_app.url_map.iter_rules(request.endpoint) if request.endpoint else ()
    if not any("slug" in rule.arguments for rule in rules):
        return
    campaigns = fronts.campaigns
    campaign_id = fronts.campaign_of(slug) if slug else campaigns[0] if len(campaigns) == 1 else None
    if campaign_id is not None:
        g.accent = read_accent(site().project.root, campaign_id)


def named_by(slug: str) -> str | None:
    """The campaign below ``/c/SLUG``; without a slug the only one, None where there are several or none.

    Raises NotFound for a slug that is nobody's.
    """
    if slug:
        campaign_id = site().fronts.campaign_of(slug)
        if campaign_id is None:
            raise NotFound
        return campaign_id
    campaigns = site().fronts.campaigns
    return campaigns[0] if len(campaigns) == 1 else None


def form_of(campaign_id: str | None) -> str:
    """Where a campaign's form is, None for the list of all. Empty where its pages are not served: a dead end, or the
    form of another one, is worse than none."""
    if campaign_id is None:
        return url_for("subscribe_page")
    if campaign_id not in site().fronts.campaigns:
        return ""
    return url_for("subscribe_page", slug=read_slug(site().project.root, campaign_id))


def choice_of(campaign_id: str) -> CampaignChoice:
    """How it is shown. One that cannot be read has no name to show but its slug."""
    front, slug = site().fronts.look(campaign_id), read_slug(site().project.root, campaign_id)
    if front is None:
        return CampaignChoice(slug, "", site().project.settings.organisation.name)
    season, brand = front.season, front.campaign.brand
    return CampaignChoice(
        slug,
        front.campaign.name,
        front.campaign.speaker(site().project.settings.organisation.name),
        front.day(season.start_on),
        front.day(season.end_on),
        brand.contact,
    )
