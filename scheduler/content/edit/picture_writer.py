"""Keep one picture in a campaign's folder of pictures: whole or not at all, and nowhere else."""

from __future__ import annotations

import os
import secrets

from ...errors import cannot_write
from ..load.campaign_folder import Folder
from ..load.item_pictures import PICTURES
from .toml_editor import CannotEdit


def write_picture(folder: Folder, name: str, content: bytes) -> None:
    """``name`` is of our own making, and names this content: what is there already is left. Raises CannotEdit where
    something else stands in the folder's place, CannotWrite when the disk refuses."""
    place = folder.path / PICTURES
    if not folder.is_inside() or place.is_symlink():
        raise CannotEdit(f"{folder.shown}/{PICTURES} is a link to another place", hint="put a folder there")
    path = place / name
    try:
        place.mkdir(exist_ok=True)
        if path.is_symlink():
            path.unlink()
        if path.is_file() and path.read_bytes() == content:
            return
        temporary = place / f".{name}.{secrets.token_hex(6)}.tmp"
        try:
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(f"{folder.shown}/{PICTURES}/{name}", error, kept="no item has changed") from error
