"""A campaign's color, also where its other lines cannot be read: neutral pages have it and read nothing else."""

from __future__ import annotations

import tomllib
from pathlib import Path

from ...domain.brand import is_readable
from ...project import edition_of
from ...schema.forms import color
from .campaign_folder import LARGEST_TOML, campaign_folder


def read_accent(root: Path, campaign_id: str) -> str:
    """Empty where it names none, or none that can be read on white; a finding says so. An edition that has no [brand]
    has that of its original."""
    text = campaign_folder(root, campaign_id).read_text("campaign.toml", LARGEST_TOML)
    try:
        data = tomllib.loads(text or "")
    except tomllib.TOMLDecodeError:
        return ""
    brand, original = data.get("brand"), edition_of(root, campaign_id)
    if brand is None and original:
        return read_accent(root, original) if not edition_of(root, original) else ""
    accent = brand.get("accent") if isinstance(brand, dict) else None
    return accent if isinstance(accent, str) and accent and not color(accent) and is_readable(accent) else ""
