"""The pictures in the docs: small, there, and made by a script that knows each of them."""

from __future__ import annotations

import importlib.util
import re
import struct
import sys
import zlib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_pictures", ROOT / "docs" / "make_pictures.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_every_picture_is_made_by_the_script_and_small(maker: ModuleType) -> None:
    """A page of the docs loads over a slow line, and no picture is left that nobody can make again."""
    assert {picture.name for picture in maker.PICTURES} == {path.stem for path in IMAGES.iterdir()}
    assert [] == [path.name for path in IMAGES.iterdir() if path.stat().st_size > maker.LARGEST]


def test_every_picture_that_a_page_shows_is_there() -> None:
    """And says in words what it shows."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    shown = [(p, m) for p in pages for m in re.finditer(r"!\[([^\]]*)\]\(([^)]+)\)", p.read_text(encoding="utf-8"))]
    assert shown
    assert [] == [f"{p.name}: {m[0]}" for p, m in shown if "://" not in m[2] and not (p.parent / m[2]).is_file()]
    assert [] == [f"{p.name}: {m[0]}" for p, m in shown if len(m[1]) < 20]


def test_a_picture_keeps_its_colours(maker: ModuleType) -> None:
    """Few colours are kept as they are, whatever filter the rows were written with."""
    width, height = 5, 7
    colours = [bytes((17 * x, 31 * y, 200)) for y in range(height) for x in range(width)]
    plain = [b"".join(colours[y * width : (y + 1) * width]) for y in range(height)]
    rows, before = [], bytes(3 * width)
    for y, row in enumerate(plain):
        filtered = bytearray()
        for at, value in enumerate(row):
            left, up = (row[at - 3] if at >= 3 else 0), before[at]
            corner = before[at - 3] if at >= 3 else 0
            guesses = (0, left, up, (left + up) // 2, maker._paeth(left, up, corner))
            filtered.append((value - guesses[y % 5]) & 255)
        rows.append(bytes([y % 5]) + filtered)
        before = row
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        maker._chunk(name, data)
        for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    )
    made = dict(maker._chunks(maker.with_palette(png)))
    assert struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0) == made[b"IHDR"]
    body = zlib.decompress(made[b"IDAT"])
    numbers = [body[y * (width + 1) + 1 + x] for y in range(height) for x in range(width)]
    assert colours == [made[b"PLTE"][3 * n : 3 * n + 3] for n in numbers]
