"""A post: the item's text, the line that closes each post, the tags."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ...channels.registry import spec_of
from ...domain.campaign import ItemText
from ...domain.message import PostBody
from ...domain.planned_item import PlannedItem
from ...settings import ChannelSettings
from .season_renderer import SeasonRenderer
from .template_functions import ItemRecords


def make_post(
    bench: SeasonRenderer, planned: PlannedItem, channel: ChannelSettings, records: ItemRecords
) -> tuple[PostBody, tuple[str, ...]]:
    """The post and its addresses. One that is too long is made all the same, with a red finding, so that a
    reviewer sees it; nothing is ever cut off. Raises Unusable when it cannot be made."""
    item = planned.item
    body = bench.item_text("post", planned, channel, records).strip()
    if not body:
        raise bench.unusable("R017", "there is no text for the post", planned, channel)
    tail = bench.post_tail(planned, records)
    bench.use_always(item, records)
    context = {
        **bench.context(planned, records),
        "body": body,
        "tail": tail,
        "hashtags": tuple(f"#{tag}" for tag in _tags(bench, item)),
    }
    text = unicodedata.normalize("NFC", tidy(bench.template(f"post/{item.kind.value}.txt", context, channel)))
    rules = spec_of(channel).post
    if rules is None:
        raise bench.unusable("R017", "the channel says nothing of how a post is measured", planned, channel)
    characters, limit = rules.count(text, bench.tlds), int(channel.options.get("character_limit", rules.limit))
    if characters > limit:
        over = characters - limit
        message = f"the post is {over} character{'s'[: over > 1]} too long ({characters} of {limit})"
        bench.find("R008", message, planned, channel)
    size = len(text.encode("utf-8", "surrogatepass"))
    if rules.byte_limit and size > rules.byte_limit:
        bench.find("R008", f"the post has {size:,} bytes; {rules.byte_limit:,} are allowed", planned, channel)
    links = tuple(dict.fromkeys(text[start:end] for start, end in rules.find_links(text, bench.tlds)))
    return PostBody(text, characters, limit, bool(links)), links


def tidy(text: str) -> str:
    """No white space at line ends, one blank line at most in a row, none at the ends."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text + "\n")).strip()


def _tags(bench: SeasonRenderer, item: ItemText) -> Iterator[str]:
    """The item's tags; one that belongs to other seasons alone is left out."""
    for tag in item.hashtags:
        record = bench.campaign.hashtags.get(tag)
        if record is None or not record.seasons or bench.plan.season.year in record.seasons:
            yield tag.lstrip("#")
