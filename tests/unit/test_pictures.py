"""The pictures in the docs: small, there, and made by a script that knows each of them."""

from __future__ import annotations

import importlib.util
import io
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

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


def test_a_picture_keeps_its_colors(maker: ModuleType) -> None:
    """Where they are few, each is as it was."""
    plain, taken = Image.new("RGB", (5, 7)), io.BytesIO()
    plain.putdata([(17 * x, 31 * y, 200) for y in range(7) for x in range(5)])
    plain.save(taken, "PNG")
    with Image.open(io.BytesIO(maker.with_palette(taken.getvalue()))) as made:
        assert "P" == made.mode
        assert plain.tobytes() == made.convert("RGB").tobytes()
