"""One item as it will look, to stand in a page of the web: the same view and the same words as in the packet.

The web's policy allows no style but those whose hashes it names, and no attribute of style at all. So what a mail's
attributes say is said by its style elements, and the texts of these come along for the policy:

    shown = item_fragment(rehearsal, item, handles=project.handles())
    the page's own style element holds, among others, ``item_css()``
    the page prints ``shown.html``; its policy allows, besides its own style, each text of ``shown.styles``

A mail stands in a shadow tree of the page: nothing is framed, fetched or run. Headings begin at level 2.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from ..domain.formatting import short_day
from ..domain.rehearsal import Rehearsal
from ..light_dataclass import dataclass
from .item_view import Since, item_view, message_view
from .message_state import MessageState
from .packet import page_environment, page_source
from .packet_formatting import for_a_browser

_LEVEL = 2
_NOTHING = Markup()
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True)
class ShownItem:
    """``html`` for the page; ``styles``: the texts of the style elements in it, each once."""

    html: Markup
    styles: tuple[str, ...]


def item_css() -> str:
    """What the pieces of an item look like; for the style element of the page."""
    return str(page_source("item.css"))


def item_fragment(
    rehearsal: Rehearsal,
    item: str,
    *,
    handles: Mapping[str, str],
    since: Mapping[str, Since] = MappingProxyType({}),
    states: Mapping[str, MessageState] = MappingProxyType({}),
    found: Markup = _NOTHING,
    lay: bool = False,
    looks_alone: bool = False,
    stands_apart: bool = False,
) -> ShownItem:
    """A planned item, a digest or the frame of the digests, by its id. Raises KeyError when the season has none.

    ``handles``: by channel, the account's name as its network writes it. ``since``: by channel, what one
    person is told of a change; elsewhere it is told since the last approval of anybody. ``states``: by channel, how the
    messages stand, for whoever knows more than the files say; ``found``: what is told behind the messages. ``lay``: for
    somebody who reads it as its readers will: without codes, ids and findings that are not theirs to settle, and
    without the changes, which their page tells once. ``looks_alone``: of a planned item only what its readers see, for
    whoever writes it. ``stands_apart``: the page tells above it how a planned item stands, and nothing does twice.
    """
    planned = rehearsal.plan.of(item)
    digest = next((m for m in (*rehearsal.digests, *rehearsal.frames) if m.item == item), None)
    if planned is None and digest is None:
        raise KeyError(item)
    campaign = rehearsal.plan.campaign
    by_id = {p.item.id: p for p in rehearsal.plan.items}
    html = (
        page_environment()
        .get_template("item_fragment.html")
        .render(
            view=item_view(rehearsal, planned, on_page=_LEVEL, since=since, states=states) if planned else None,
            digest=message_view(rehearsal, digest, on_page=_LEVEL, since=since.get(digest.channel)) if digest else None,
            days=[short_day(by_id[part].on) for part, _ in digest.audience.parts if part in by_id] if digest else [],
            campaign=campaign,
            organisation=rehearsal.organisation,
            season=rehearsal.plan.season,
            handles=defaultdict(str, handles),
            home=f"campaigns/{campaign.id}/",
            frame_css=page_source("frame.css"),
            level=_LEVEL,
            on_paper=False,
            found=found,
            lay=lay or looks_alone,
            looks_alone=looks_alone,
            stands_apart=stands_apart and planned is not None,
            to_do=for_a_browser,
        )
    )
    return ShownItem(Markup(html), tuple(dict.fromkeys(_STYLE.findall(html))))  # noqa: S704 - escaped by the template
