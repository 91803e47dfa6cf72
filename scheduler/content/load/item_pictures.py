"""The picture of an item that stands in place of a card: what its front matter says of it, and its file."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from ...domain.campaign import ItemText
from ...domain.card import PictureChoice
from ..toml_file import Table
from .campaign_folder import Folder
from .references import Records
from .while_unchanged import WhileUnchanged, stamp_of

#: The folder of a campaign in which the files lie.
PICTURES = "pictures"
_DIGESTS = WhileUnchanged[str](most=256)


def read_picture(front: Table, records: Records) -> PictureChoice:
    """[picture] of a front matter."""
    table = front.optional_table("picture")
    if table is None:
        return PictureChoice()
    choice = PictureChoice(**table.read(PictureChoice, records), where=table.where("file"))
    if not choice.file:
        table.report("C011", "file is missing: [picture] names no picture", None, "name it, or leave [picture] out")
    return choice


def with_file(folder: Folder, item: ItemText | None) -> ItemText | None:
    """An item with the hash of its picture's file; without, after a finding, where it cannot be read."""
    if item is None or not item.picture.file:
        return item
    from ...cards.own_picture import LARGEST_FILE  # paid for by those who have one

    name, choice = f"{PICTURES}/{item.picture.file}", item.picture
    path = folder.path / name

    def digest() -> str:
        content = folder.read(name, LARGEST_FILE, choice.where, item.id)
        if content is None:
            raise FileNotFoundError  # so that it is told each time
        return hashlib.sha256(content).hexdigest()

    try:
        sha256 = _DIGESTS.of(path, stamp_of(path), digest)
    except FileNotFoundError:
        return item
    return replace(item, picture=replace(choice, sha256=sha256))
