"""Which campaign a public page is about: the one that its address names, or the only one there is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from werkzeug.exceptions import NotFound

from ...content.load.slugs import read_slug
from ...domain.formatting import day_words
from ..routing import site


@dataclass(frozen=True, slots=True)
class CampaignChoice:
    """A campaign as a list of several shows it. ``begins`` and ``ends`` are empty where no season is to come."""

    slug: str
    name: str
    begins: str = ""
    ends: str = ""


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
        return CampaignChoice(slug, "")
    season = front.season
    return CampaignChoice(slug, front.campaign.name, day_words(season.start_on), day_words(season.end_on))
