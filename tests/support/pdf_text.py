"""How large the text of a PDF is, page by page, read from the drawing itself: for files that Chromium printed."""

from __future__ import annotations

import re
import zlib
from functools import cache
from pathlib import Path

_OBJECT = re.compile(rb"(?<=[\s])(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"^(.*?)stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_TOKEN = re.compile(
    rb"<[0-9A-Fa-f\s]*>|\((?:\\.|[^\\()])*\)|\[|\]|/[^\s/\[\]<>()]+|[-+.\d]+|[A-Za-z'\"*]+\d?", re.DOTALL
)

#: What decides how large text is; most of a drawing is where its letters and lines stand.
_DECIDE = frozenset((b"q", b"Q", b"cm", b"BT", b"Tm", b"Tf", b"Tj", b"TJ", b"'", b"Do"))

_Matrix = tuple[float, float, float, float]
_ONE: _Matrix = (1.0, 0.0, 0.0, 1.0)


@cache
def sizes_by_page(pdf: Path) -> list[set[float]]:
    """For each page in order, the sizes in points of all text that is drawn on it."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf.read_bytes())}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b(?!s)", body)]
    return [_sizes(_content(objects, page), objects, page) for page in pages]


def _content(objects: dict[int, bytes], page: bytes) -> bytes:
    found = re.search(rb"/Contents\s*(\[[^\]]*\]|\d+ 0 R)", page)
    assert found, "a page without content"
    return b"\n".join(_stream(objects[int(number)]) for number in re.findall(rb"(\d+) 0 R", found[1]))


def _stream(body: bytes) -> bytes:
    parts = _STREAM.match(body)
    assert parts, "no stream"
    return zlib.decompress(parts[2]) if b"FlateDecode" in parts[1] else parts[2]


def _sizes(drawing: bytes, objects: dict[int, bytes], holder: bytes, outer: _Matrix = _ONE) -> set[float]:
    """Follows the scale of the space and of the text; forms that are drawn within are followed too."""
    scale, kept, text, size = outer, list[_Matrix](), _ONE, 0.0
    numbers: list[bytes] = []
    name = b""
    found: set[float] = set()
    for token in _TOKEN.findall(drawing):
        first = token[:1]
        if first in b"+-.0123456789":
            numbers.append(token)
            continue
        if first == b"/":
            name = token[1:]
            continue
        if token not in _DECIDE:
            if first not in b"[]<(":
                numbers = []
            continue
        if token == b"q":
            kept.append(scale)
        elif token == b"Q":
            scale = kept.pop()
        elif token == b"cm":
            scale = _times(_numbers(numbers[-6:-2]), scale)
        elif token == b"BT":
            text = _ONE
        elif token == b"Tm":
            text = _times(_numbers(numbers[-6:-2]), _ONE)
        elif token == b"Tf":
            size = float(numbers[-1])
        elif token in (b"Tj", b"TJ", b"'"):
            a, b, c, d = _times(list(text), scale)
            found.add(round(size * abs(a * d - b * c) ** 0.5, 2))
        elif token == b"Do":
            found |= _of_form(name, objects, holder, scale)
        numbers = []
    return found


def _of_form(name: bytes, objects: dict[int, bytes], holder: bytes, scale: _Matrix) -> set[float]:
    found = re.search(rb"/" + re.escape(name) + rb"\s+(\d+) 0 R", holder)
    form = objects.get(int(found[1])) if found else None
    if form is None or b"/Form" not in form.partition(b"stream")[0]:
        return set()  # a picture
    return _sizes(_stream(form), objects, form.partition(b"stream")[0], scale)


def _numbers(written: list[bytes]) -> list[float]:
    return [float(each) for each in written]


def _times(inner: list[float], outer: _Matrix) -> _Matrix:
    a, b, c, d = inner
    e, f, g, h = outer
    return (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)
