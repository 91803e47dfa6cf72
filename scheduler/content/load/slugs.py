"""What stands for each campaign in public addresses, also for one whose other lines cannot be read."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from ...domain.campaign import neutral_slug
from ...project import campaign_ids
from ...schema.forms import public_slug
from .campaign_folder import LARGEST_TOML, campaign_folder

#: What this process has read, by file, under how the file was then. Each campaign that is read asks for the slugs of
#: all: without it a hundred campaigns would be read ten thousand times.
_READ: dict[Path, tuple[tuple[int, ...], str]] = {}


def read_slugs(root: Path) -> dict[str, str]:
    """The slug of each campaign in the folder, by its id. Where none can be read it is the one made from the id."""
    return {campaign_id: read_slug(root, campaign_id) for campaign_id in campaign_ids(root)}


def read_slug(root: Path, campaign_id: str) -> str:
    """The slug of one campaign, which need not be in the folder any more."""
    path = root / "campaigns" / campaign_id / "campaign.toml"
    try:
        found = os.stat(path)
    except OSError:
        return _slug_in_file(root, campaign_id)
    as_it_is = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    known = _READ.get(path)
    if known is None or known[0] != as_it_is:
        known = _READ[path] = (as_it_is, _slug_in_file(root, campaign_id))
    return known[1]


def _slug_in_file(root: Path, campaign_id: str) -> str:
    text = campaign_folder(root, campaign_id).read_text("campaign.toml", LARGEST_TOML)
    try:
        slug = tomllib.loads(text or "").get("slug")
    except tomllib.TOMLDecodeError:
        slug = None
    return slug if isinstance(slug, str) and slug and not public_slug(slug) else neutral_slug(campaign_id)
