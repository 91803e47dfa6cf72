"""Pictures as people bring them, made on the spot."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw

#: Half of it red, from the left; the other half blue.
LEFT, RIGHT = (200, 30, 30), (30, 30, 200)


def picture(width: int = 1600, height: int = 1200) -> Image.Image:
    made = Image.new("RGB", (width, height), RIGHT)
    drawn = ImageDraw.Draw(made)
    drawn.rectangle((0, 0, width // 2 - 1, height), fill=LEFT)
    drawn.line((0, height // 3, width, height // 3), fill="white", width=5)
    return made


def saved(made: Image.Image, form: str = "JPEG", **how: Any) -> bytes:
    out = io.BytesIO()
    made.save(out, form, **how)
    return out.getvalue()


def photo(width: int = 1600, height: int = 1200, **how: Any) -> bytes:
    """A JPEG file, with a white line across its upper third."""
    return saved(picture(width, height), quality=95, **how)


def telling_photo() -> bytes:
    """A photo that was held on its side, and tells where and by which device it was taken."""
    made = picture(1200, 1600)
    exif = made.getexif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    exif[0x010F] = "A telephone"
    exif.get_ifd(0x8825)[2] = (33.0, 45.0, 0.0)
    return saved(made, quality=95, exif=exif, comment=b"kitchen window")


def moving(form: str) -> bytes:
    """Two pictures in one file."""
    return saved(picture(800, 600), form, save_all=True, append_images=[Image.new("RGB", (800, 600), "white")])


def bomb() -> bytes:
    """A small file that unpacks to 48 million pixels."""
    return saved(Image.new("1", (8_000, 6_000)), "PNG")


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
