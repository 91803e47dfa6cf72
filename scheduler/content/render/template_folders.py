"""Where the templates of messages and the words of letters are looked for: first in the campaign's own folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...light_dataclass import dataclass


@dataclass(frozen=True)
class TemplateFolder:
    """A folder that may hold them."""

    path: Path
    shown: str  # how findings call it


def template_folders(templates: Path, campaign_id: str) -> tuple[TemplateFolder, ...]:
    """``templates``: the project's. A file of the same name in ``campaigns/ID/templates`` stands before it."""
    own = templates.parent / "campaigns" / campaign_id / "templates"
    return TemplateFolder(own, f"campaigns/{campaign_id}/templates"), TemplateFolder(templates, templates.name)


def folder_with(folders: Sequence[TemplateFolder], name: str) -> TemplateFolder:
    """The folder whose file of that name counts; where none has it, the project's."""
    return next((folder for folder in folders if (folder.path / name).exists()), folders[-1])
