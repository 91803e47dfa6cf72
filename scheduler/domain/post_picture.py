"""The picture that a post has."""

from __future__ import annotations

from ..light_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class PostPicture:
    """What a post shows beside its words. The alternative text is the post's own: whoever hears it hears both."""

    sha256: str  # of the bytes that are sent
    media_type: str
    width: int
    height: int
    template: str
    coat: str
    words: tuple[str, ...]  # that stand on it, in order
    drawing: str  # the SVG that the bytes are made from, and made again
