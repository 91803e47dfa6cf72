"""The picture that a post has, or an email at its head; and where it is hosted."""

from __future__ import annotations

import re

from ..light_dataclass import dataclass

#: Width and height of a card where nobody chooses; and the names of all sizes that there are, this one first.
USUAL_SIZE = (1200, 675)
CARD_SIZES = ("1200x675", "1080x1350", "1080x1920")


def size_named(name: str) -> tuple[int, int]:
    """Width and height."""
    width, height = map(int, re.findall(r"\d+", name))
    return width, height


@dataclass(frozen=True)
class PostPicture:
    """What a post shows beside its words. The alternative text is the post's own: whoever hears it hears both. That of
    an email says nothing that does not stand in the email."""

    sha256: str  # of the bytes that are sent
    byte_length: int  # theirs
    media_type: str
    width: int
    height: int
    template: str
    coat: str
    words: tuple[str, ...]  # that stand on it, in order
    drawing: str  # the SVG that the bytes are made from, and made again; of one that was brought the bytes themselves
    credit: str = ""  # who made it, where somebody brought it

    @property
    def is_brought(self) -> bool:
        """Whether somebody brought it: what it shows no check has read, and nobody can approve it unseen."""
        return not self.template

    @property
    def size_name(self) -> str:
        """As :func:`size_named` reads it, in pixels."""
        return f"{self.width}x{self.height}"

    @property
    def ending(self) -> str:
        """Of the name of a file with its bytes."""
        return "jpg" if self.media_type == "image/jpeg" else self.media_type.rpartition("/")[2]


@dataclass(frozen=True)
class AttachedPicture:
    """A picture as it goes with a call. ``may_lack``: the call may go without it, should it not be taken."""

    picture: PostPicture
    alt_text: str
    may_lack: bool = False


#: Below ``public_url``. The rest of the address is the name of the bytes: it is the same for whoever asks.
PICTURES = "pictures"


def picture_path(picture: PostPicture) -> str:
    """Its place below the public address."""
    return f"{PICTURES}/{picture.sha256}.{picture.ending}"


def picture_url(public_url: str, picture: PostPicture) -> str:
    """Where a picture is fetched from, by everybody."""
    return f"{public_url.rstrip('/')}/{picture_path(picture)}"
