"""Pictures as stand-ins take them: what they look at, and one to try a channel with."""

from __future__ import annotations

import hashlib
import struct
import zlib
from datetime import datetime

from ...domain.post_picture import USUAL_SIZE, PostPicture
from ...light_dataclass import dataclass

#: How the kinds of pictures that networks take begin.
_BEGINNINGS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}


@dataclass(frozen=True)
class ShownPicture:
    """A picture as a post of the stand-in has it."""

    content: bytes
    media_type: str
    alt_text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class UploadedPicture:
    """A picture that no post has yet."""

    content: bytes
    good_until: datetime
    alt_text: str = ""

    @property
    def shown(self) -> ShownPicture:
        return ShownPicture(self.content, media_type_of(self.content), self.alt_text)


def media_type_of(content: bytes) -> str:
    """By how it begins; empty for a kind that is not known."""
    return next((name for name, beginning in _BEGINNINGS.items() if content.startswith(beginning)), "")


def png_size(content: bytes) -> tuple[int, int]:
    """Width and height by a PNG's head; (0, 0) for one that has none."""
    if media_type_of(content) != "image/png" or len(content) < 24 or content[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def picture_problems(content: bytes, media_type: str, byte_limit: int) -> list[str]:
    """All for which a network refuses an upload that is said to be of this type."""
    rules = {
        "the media is empty": content,
        f"the media is too large (at most {byte_limit} bytes)": len(content) <= byte_limit,
        "the media is not of the type that is said": media_type_of(content) == media_type != "",
        "the media breaks off": media_type != "image/png" or (0 not in png_size(content) and b"IEND" in content[-12:]),
    }
    return [problem for problem, is_kept in rules.items() if not is_kept]


def a_png(size: tuple[int, int] = USUAL_SIZE, *, shade: int = 0x80) -> bytes:
    """A gray one."""
    width, height = size

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\x00" + bytes([shade]) * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def a_picture(content: bytes) -> PostPicture:
    """What a message has of it."""
    width, height = png_size(content)
    digest = hashlib.sha256(content).hexdigest()
    return PostPicture(digest, len(content), "image/png", width, height, "cards/fact.svg", "sky", ("A fact",), "<svg/>")
