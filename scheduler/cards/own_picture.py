"""A picture that somebody brings in place of a card: looked at, cut to a size, and left with its pixels alone.

What it is its bytes say, never its name. Each picture is decoded and encoded anew, so nothing else that a file can hold
(where it was taken, by whom, on which machine) goes out. Pillow is loaded here and nowhere else.
"""

from __future__ import annotations

import hashlib
import io
import re
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.formatting import counted
from ..domain.post_picture import PostPicture
from ..kept_by_key import KeptByKey
from ..light_dataclass import dataclass

if TYPE_CHECKING:
    from PIL.Image import Image

#: The pictures that were made before, for the processes after this one; one has up to :data:`MOST_BYTES`.
OWN_PICTURES = KeptByKey()
OWN_PICTURES.most_pieces = 200
#: Of a file, and of what it unpacks to: a telephone's photo has some 5 MB and 12 million pixels.
LARGEST_FILE, MOST_PIXELS = 12_000_000, 40_000_000
#: Of what is sent, whatever more a network takes: a photo of a card's size looks the same in more, and each post keeps
#: its picture in the ledger.
MOST_BYTES = 600_000
#: What is kept of an upload is large enough for every size, and for every focal point in it.
KEPT_SIDE, KEPT_BYTES = 2_560, 4_000_000
_TO_CHOOSE_ON = 320
JPEG, PNG = "image/jpeg", "image/png"
_QUALITIES = (90, 82, 74, 66, 58, 50, 40, 30)
_FORMATS = ("PNG", "JPEG", "WEBP")
_FOCUS = re.compile(r"(\d{1,3})% (\d{1,3})%")
_LOCK = Path(__file__).parents[2] / "requirements-pictures.lock"
_EXTRA = f"--require-hashes -r {_LOCK}" if _LOCK.is_file() else "'observance[pictures]'"


class CannotUse(Exception):
    """Why a picture cannot be used, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


@dataclass(frozen=True)
class Cut:
    """What one channel gets of a picture."""

    size: tuple[int, int]
    focus: str  # "50% 30%": what stays in view, from the left and from the top
    most_bytes: int
    media_types: tuple[str, ...]


def own_picture(read: Callable[[], bytes], digest: str, cut: Cut, words: tuple[str, ...], credit: str) -> PostPicture:
    """The picture of a post. ``read`` gives the content of its file, of which ``digest`` is the SHA-256. Raises
    CannotUse."""
    key = ("own", digest, cut.size, cut.focus, cut.most_bytes, cut.media_types)
    if (kept := OWN_PICTURES.read(key)) is not None:
        media_type, made = kept
    else:
        content = read()
        if hashlib.sha256(content).hexdigest() != digest:
            raise CannotUse("its file is being changed", "wait until it is there, and look again")
        media_type, made = _made(content, cut)
        OWN_PICTURES.write(key, (media_type, made))
    drawing = f"data:{media_type};base64,{b64encode(made).decode()}"
    sha256 = hashlib.sha256(made).hexdigest()
    return PostPicture(sha256, len(made), media_type, *cut.size, "", "", words, drawing, credit)


def kept_of_upload(content: bytes) -> tuple[str, bytes]:
    """What is kept of an uploaded file, and the ending of its name. Raises CannotUse."""
    picture, is_graphic = _opened(content)
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE))
    media_type, made = _encoded(picture, is_graphic, KEPT_BYTES, (PNG, JPEG))
    return ("png" if media_type == PNG else "jpg"), made


def smaller(content: bytes, width: int) -> tuple[str, bytes]:
    """The media type and the bytes of a small form, to find it again among others; itself without Pillow."""
    media_type = PNG if content.startswith(b"\x89PNG") else JPEG
    try:
        picture, _ = _opened(content)
    except CannotUse:
        return media_type, content
    picture.thumbnail((width, 10 * width))
    return _encoded(picture, False, MOST_BYTES, (JPEG,))


def small_and_whole(content: bytes) -> tuple[bytes, int, int]:
    """A small JPEG of it, uncut, to choose a focal point on; its width and height. Raises CannotUse."""
    picture, _ = _opened(content)
    picture.thumbnail((_TO_CHOOSE_ON, _TO_CHOOSE_ON))
    return _saved(picture, "JPEG", quality=80), *picture.size


def place_of(focus: str) -> tuple[float, float]:
    """How far from the left and from the top, 0 to 1. Raises CannotUse."""
    found = _FOCUS.fullmatch(focus)
    if found is None or max(map(int, found.groups())) > 100:
        raise CannotUse(
            f'focus is "{focus[:20]}"', 'write how far from the left and from the top, in percent: "50% 30%"'
        )
    left, top = map(int, found.groups())
    return left / 100, top / 100


def _made(content: bytes, cut: Cut) -> tuple[str, bytes]:
    (across, down), (width, height) = place_of(cut.focus), cut.size
    picture, is_graphic = _opened(content)
    from PIL.Image import Resampling

    ratio = min(picture.width / width, picture.height / height)
    if ratio < 0.5:
        raise CannotUse(
            f"it has {picture.width} by {picture.height} pixels, too few for {width} by {height}",
            f"bring it with at least {width // 2} by {height // 2} pixels: as it came from the camera, or from whoever "
            "made it",
        )
    box_width, box_height = width * ratio, height * ratio
    left = max(min(across * picture.width - box_width / 2, picture.width - box_width), 0.0)
    top = max(min(down * picture.height - box_height / 2, picture.height - box_height), 0.0)
    box = (left, top, min(left + box_width, picture.width), min(top + box_height, picture.height))
    cropped = picture.resize(cut.size, Resampling.LANCZOS, box=box)
    return _encoded(cropped, is_graphic, min(cut.most_bytes, MOST_BYTES), cut.media_types)


def _encoded(picture: Image, is_graphic: bool, most: int, media_types: tuple[str, ...]) -> tuple[str, bytes]:
    """As PNG what was one, where that is small enough: letters and lines stay sharp. Else as JPEG, in the best quality
    that is; the last one may be larger, and the check of the channel says so."""
    made = b""
    if PNG in media_types and (is_graphic or JPEG not in media_types):
        made = _saved(picture, "PNG", optimize=True)
        if len(made) <= most or JPEG not in media_types:
            return PNG, made
    for quality in _QUALITIES:
        made = _saved(picture, "JPEG", quality=quality, optimize=True)
        if len(made) <= most:
            break
    return JPEG, made


def _saved(picture: Image, form: str, **how: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def _opened(content: bytes) -> tuple[Image, bool]:
    """The pixels, upright, in the colors of screens and on white; and whether it was a PNG. Raises CannotUse."""
    if len(content) > LARGEST_FILE:
        size = f"{len(content) / 1_000_000:.1f} MB; {LARGEST_FILE // 1_000_000} MB is the most"
        raise CannotUse(f"the file has {size}", "save it smaller: 2,400 pixels across are enough for every size")
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError:
        raise CannotUse(
            "pictures of one's own need the library Pillow, which is not installed",
            f"put it beside the other packages: {sys.executable} -m pip install {_EXTRA}; "
            f"where uv made .venv: uv pip install --python {sys.executable} {_EXTRA}",
        ) from None
    Image.MAX_IMAGE_PIXELS = None  # it would warn; what is too much is asked below, before a pixel is unpacked
    _refuse_pixels(*_canvas_of_webp(content))
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            _refuse_pixels(*picture.size)
            # A photo that holds its small form beside itself (MPO) is one picture all the same.
            frames = getattr(picture, "n_frames", 1)
            if picture.format != "MPO" and frames > 1:
                raise CannotUse(
                    f"it moves: the file holds {counted(frames, 'picture')}", "save one of them as PNG or JPEG"
                )
            is_graphic = picture.format == "PNG"
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            return _on_white(_in_screen_colors(upright)), is_graphic
    except UnidentifiedImageError:
        raise CannotUse(
            f"it is no PNG, JPEG or WebP file{_guessed(content)}", "save it as JPEG or PNG, and bring that file"
        ) from None
    except CannotUse:
        raise
    except Exception as problem:  # whatever a damaged file makes of its reader
        raise CannotUse(
            f"it is damaged or cut off ({type(problem).__name__})",
            "open it in an image program, save it anew, and bring that file",
        ) from None


def _refuse_pixels(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        pixels = f"{width:,} by {height:,} pixels; {MOST_PIXELS // 1_000_000} million together are the most"
        raise CannotUse(f"it has {pixels}", "save it smaller: 2,400 pixels across are enough for every size")


def _canvas_of_webp(content: bytes) -> tuple[int, int]:
    """Width and height that a WebP file names, whose reader makes room for them at once; zeros for another file."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return 0, 0
    if content[12:16] == b"VP8X":
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if content[12:16] == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = (int.from_bytes(content[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return width, height


def _guessed(content: bytes) -> str:
    """What people bring most, beside what can be used."""
    start = content[:300].lstrip().lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")):
        return " but a drawing (SVG)"
    if content[4:8] == b"ftyp":
        return " but a photo or a film as telephones keep it (HEIC, AVIF, MP4)"
    known = {b"GIF8": " but a GIF", b"%PDF": " but a PDF", b"II*\0": " but a TIFF", b"MM\0*": " but a TIFF"}
    return known.get(content[:4], "")


def _in_screen_colors(picture: Image) -> Image:
    """In sRGB: without its profile a photo of a telephone would be paler, or louder, than it was."""
    from PIL import ImageCms

    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError, ValueError):  # a profile that nobody can read says nothing of the pixels
        return picture


def _on_white(picture: Image) -> Image:
    """Nothing shows through, and nothing but pixels is left."""
    from PIL import Image

    if picture.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        raise CannotUse("it has 16 bits for each gray", "save it as JPEG, and bring that file")
    bare = Image.new("RGB", picture.size, "white")
    if "A" in picture.getbands() or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        bare.paste(layer, mask=layer.getchannel("A"))
    else:
        bare.paste(picture.convert("RGB"))
    return bare
