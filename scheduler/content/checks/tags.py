"""Hashtags: only those that the campaign keeps, in the season for which they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...domain.finding import Finding
from .context import Material
from .rendered_message import View

_TAG = re.compile(r"(?<![\w&/])#([^\W\d]\w*|\d+[^\W\d]\w*)")


def check_tags(material: Material) -> Iterator[Finding]:
    """T101 to T104, over posts and emails."""
    known = {tag.casefold(): record for tag, record in material.campaign.hashtags.items()}
    season = material.plan.season.year
    for view in material.views:
        for tag in _tags(view):
            record = known.get(tag.casefold())
            why = f": {record.reason.rstrip('.')}" if record and record.reason else ""
            hint = f"write #{record.replaced_by}" if record and record.replaced_by else ""
            if record is None:
                yield view.finding("T101", f"#{tag} is not in hashtags.toml", f"#{tag}")
            elif record.status == "avoid":
                yield view.finding("T103", f"#{tag} is to be avoided{why}", f"#{tag}", hint=hint)
            elif record.status == "retired":
                yield view.finding("T102", f"#{tag} is retired{why}", f"#{tag}", hint=hint)
            elif record.seasons and season not in record.seasons:
                kept = ", ".join(map(str, record.seasons))
                yield view.finding("T104", f"#{tag} is kept for {kept}, not for {season}{why}", f"#{tag}", hint=hint)


def _tags(view: View) -> list[str]:
    # A fragment of an address (https://example.org/#top) is no tag: the sign stands behind a slash or a letter.
    return list(dict.fromkeys(t for block in view.blocks if "#" in block for t in _TAG.findall(block)))
