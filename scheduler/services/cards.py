"""The picture of one item's post, to be looked at: as the post has it, or would have it with cards switched on."""

from __future__ import annotations

from ..domain.finding import Finding
from ..domain.planned_item import PlannedItem
from ..domain.post_picture import PostPicture
from ..light_dataclass import dataclass
from ..project import Project
from .seasons import plan_season, read_campaign, season_of, templates_of


@dataclass(frozen=True)
class ItemCard:
    """``picture`` is None where it cannot be made; ``findings`` say why."""

    planned: PlannedItem
    picture: PostPicture | None
    alt_text: str
    findings: tuple[Finding, ...]


def card_of(project: Project, campaign_id: str, year: int | None, item: str, size: tuple[int, int]) -> ItemCard | None:
    """``item``: its id, or its day. None: the season has no such item, and no spare one either."""
    from ..content.render.cards import picture_of
    from ..content.render.messages import spares_of
    from ..content.render.season_renderer import SeasonRenderer, Unusable
    from ..content.render.template_functions import ItemRecords
    from ..content.render.template_values import TemplateProblem

    campaign, _ = read_campaign(project, campaign_id)
    plan, _ = plan_season(project, campaign, season_of(project, campaign, year))
    all_items = (*plan.items, *spares_of(plan, project.settings))
    planned = next((p for p in all_items if item in (p.item.id, p.on.isoformat())), None)
    if planned is None:
        return None
    bench = SeasonRenderer(plan, project.settings, templates_of(project))
    alt_text, picture = "", None
    try:
        records = ItemRecords(bench.library, planned.item, campaign.block)
        alt_text, picture = picture_of(bench, planned, None, records, size)
    except TemplateProblem as problem:
        bench.report(problem, planned.item.where, planned)
    except Unusable:
        pass
    return ItemCard(planned, picture, alt_text, tuple(bench.findings))
