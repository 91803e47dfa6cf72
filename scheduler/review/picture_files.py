"""How the files of posts' pictures are called in a dry run's folder."""

from __future__ import annotations

from collections.abc import Mapping

from ..domain.message import PostBody
from ..domain.post_picture import PostPicture
from ..domain.rehearsal import Rehearsal
from .atomic_folder import safe_name


def picture_files(rehearsal: Rehearsal) -> Mapping[tuple[str, str], tuple[str, PostPicture]]:
    """By item and channel: ``cards/DATE.png``; where a day has several, the item's id is added, and the channel's where
    one item has. Posts with one picture share a file."""
    found: dict[str, PostPicture] = {}
    of_posts: dict[tuple[str, str], tuple[str, PostPicture]] = {}
    for message in rehearsal.messages:
        picture = message.body.picture if isinstance(message.body, PostBody) else None
        if picture is not None:
            day = f"cards/{message.on.isoformat()}"
            of_item = f"{day}-{safe_name(message.item)}"
            names = (f"{name}.png" for name in (day, of_item, f"{of_item}-{safe_name(message.channel)}"))
            name = next((name for name in names if found.get(name, picture).sha256 == picture.sha256), "")
            name = name or f"{of_item}-{picture.sha256[:12]}.png"
            found[name] = picture
            of_posts[message.item, message.channel] = name, picture
    return of_posts
