"""From a drawing to the bytes of a PNG; each is made once and kept under all that it was made from.

The renderer is loaded only where a picture has to be made: who finds all of them kept pays nothing for it. Another
release of it is another program, by which nothing is kept yet.
"""

from __future__ import annotations

import hashlib
import sys
from _thread import allocate_lock  # `threading` has no other, and costs its import
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any

from ..domain.post_picture import PostPicture
from ..kept_by_key import KeptByKey

if TYPE_CHECKING:
    from .layout import Drawing

#: The pictures that were made before, for the processes after this one.
PICTURES = KeptByKey()
PICTURES.most_pieces = 1000
#: Those of this process, where nothing can be kept; few, since each has 50 kB.
_AT_HAND: dict[str, bytes] = {}
_MOST_AT_HAND = 100
_LOADING = allocate_lock()


def drawing_of(filled: str) -> tuple[Drawing, str, int]:
    """A filled template as a drawing, and the SHA-256 and the length of its PNG. Raises CannotDraw."""
    from .layout import Drawing, draw  # paid for by those who have cards

    key = ("drawing", filled)
    if (kept := PICTURES.read(key)) is not None:
        svg, width, height, words, told, digest, length = kept
        return Drawing(svg, width, height, tuple(words), tuple(told)), digest, length
    made = draw(filled)
    content = png_of(made.svg)
    digest, length = hashlib.sha256(content).hexdigest(), len(content)
    PICTURES.write(key, (made.svg, made.width, made.height, made.words, made.told, digest, length))
    return made, digest, length


#: How the drawing of a PNG begins that was not drawn by this program: it holds the bytes.
AS_IT_IS = "data:image/png;base64,"


def picture_of_file(content: bytes) -> PostPicture:
    """A PNG file that somebody brings. Raises ValueError for what is none."""
    from base64 import b64encode  # this and the file's reader are paid for by those who bring a picture

    from .png_file import bare_png

    bare, width, height = bare_png(content)
    digest, drawing = hashlib.sha256(bare).hexdigest(), AS_IT_IS + b64encode(bare).decode()
    return PostPicture(digest, len(bare), "image/png", width, height, "", "", (), drawing)


def bytes_of(picture: PostPicture) -> bytes:
    """What is sent for a picture: made from its drawing, or as it was kept. Raises ValueError where this machine's
    renderer gives other bytes than those that were approved."""
    content = _brought(picture) if _is_brought(picture) else png_of(picture.drawing)
    if hashlib.sha256(content).hexdigest() != picture.sha256:
        raise ValueError("the picture is not drawn here as it was approved")
    return content


def thumbnail_of(picture: PostPicture, width: int) -> tuple[str, bytes]:
    """A small form of it, to find it again among others, with its media type; its words cannot be read."""
    if not _is_brought(picture):
        return "image/png", png_of(picture.drawing, width)
    from .own_picture import smaller

    return smaller(_brought(picture), width)


def _is_brought(picture: PostPicture) -> bool:
    return picture.drawing.startswith("data:")


def _brought(picture: PostPicture) -> bytes:
    from base64 import b64decode

    return b64decode(picture.drawing.partition(",")[2])


def png_of(svg: str, width: int = 0) -> bytes:
    """The same bytes each time, by one version of the renderer. ``width``: smaller than it is drawn; 0: as it is."""
    key = ("png", svg, *((width,) if width else ()))
    name = hashlib.sha256(f"{width}{svg}".encode()).hexdigest()
    found = _AT_HAND.get(name) or PICTURES.read(key)
    if found is None:
        found = _drawn(svg, width)
        PICTURES.write(key, found)
    if len(_AT_HAND) >= _MOST_AT_HAND:
        _AT_HAND.clear()
    _AT_HAND[name] = found
    return found


@cache
def _resvg() -> Any:
    """What the package `resvg` is made of, without itself: on its import it reads up its own version among those of all
    packages, for which Python loads what reads mails and archives. That takes as long as a picture."""
    name, found = "resvg._resvg", find_spec("resvg")
    with _LOADING:  # another thread would load it a second time
        if name not in sys.modules:
            inner: Any = PathFinder.find_spec(name, found.submodule_search_locations if found else None)
            module = module_from_spec(inner)
            inner.loader.exec_module(module)
            sys.modules[name] = module
        return sys.modules[name]


def _drawn(svg: str, width: int) -> bytes:
    from .fonts import contents

    _keep_what_is_given_back()
    resvg = _resvg()
    options = resvg.usvg.Options.default()  # for this call alone: another thread that used them would panic
    for font in contents():  # not their names: it would open the file again for each letter
        options.load_font_data(font)
    tree = resvg.usvg.Tree.from_str(svg, options)
    wide, high = tree.int_size()
    size = (width, -(-high * width // wide)) if width else (wide, high)
    return bytes(resvg.render(tree, (size[0] / wide, 0, 0, 0, size[1] / high, 0), bg_size=size))


@cache
def _keep_what_is_given_back() -> None:
    """A drawing takes some 10 MB for a moment. GNU's C library returns a block of that size to the system, and whoever
    takes it again waits until each of its pages is blank; once a larger one was given back, it keeps such blocks for
    the next drawing. Another C library does as it always does."""
    bytes(8_388_608)
