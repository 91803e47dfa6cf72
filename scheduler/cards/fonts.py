"""The fonts that cards are set in, and the widths of their letters, from the files' own tables.

Nothing else is drawn with: the renderer's system fonts are off, so that a card is the same on each machine.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

from ..light_dataclass import dataclass

FOLDER = Path(__file__).parent / "fonts"
#: By the family's name and weight in a template.
FILES = {
    ("Card Sans", "400"): FOLDER / "card-sans-400.ttf",
    ("Card Sans", "600"): FOLDER / "card-sans-600.ttf",
    ("Card Serif", "400"): FOLDER / "card-serif-400.ttf",
    ("Card Serif", "600"): FOLDER / "card-serif-600.ttf",
}
#: What looks the same, for letters that the fonts lack: a hyphen and a space that do not break.
ALIKE = str.maketrans({"\u2010": "-", "\u2011": "-", "\u202f": "\u00a0"})


@dataclass(frozen=True)
class Font:
    """Widths in units of which ``units`` make one em, by the letter's code point."""

    units: int
    widths: dict[int, int]

    def width(self, text: str, size: float) -> float:
        """In pixels, without kerning: never less than it is drawn, but for a hair."""
        return self.length(text) * size / self.units

    def length(self, text: str) -> int:
        """The same in units, which can be added up."""
        known, unknown = self.widths.get, self.units
        return sum([known(letter, unknown) for letter in map(ord, text)])

    def lacks(self, text: str) -> str:
        """The letters of a text that it cannot draw, each once."""
        return "".join(dict.fromkeys(letter for letter in text if ord(letter) not in self.widths))


@cache
def contents() -> tuple[bytes, ...]:
    """All of them, as their files are."""
    return tuple(path.read_bytes() for path in FILES.values())


@cache
def font(family: str, weight: str) -> Font:
    """Raises KeyError for one that is not among :data:`FILES`."""
    return _read(FILES[family, weight].read_bytes())


def _read(data: bytes) -> Font:
    tables = {}
    for number in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * number)
        tables[tag] = offset
    units = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    metrics = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]
    advances = struct.unpack_from(f">{2 * metrics}H", data, tables[b"hmtx"])[::2]
    glyphs = _glyphs(data, tables[b"cmap"])
    return Font(units, {code: advances[min(glyph, metrics - 1)] for code, glyph in glyphs.items()})


def _glyphs(data: bytes, table: int) -> dict[int, int]:
    """Code point to glyph, from the table's part of format 4, which each of these fonts has."""
    for number in range(struct.unpack_from(">H", data, table + 2)[0]):
        at = table + struct.unpack_from(">L", data, table + 8 + 8 * number)[0]
        if struct.unpack_from(">H", data, at)[0] == 4:
            break
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts_at = at + 16 + 2 * count
    starts = struct.unpack_from(f">{count}H", data, starts_at)
    deltas = struct.unpack_from(f">{count}h", data, starts_at + 2 * count)
    ranges_at = starts_at + 4 * count
    ranges = struct.unpack_from(f">{count}H", data, ranges_at)
    found = {}
    for n, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                glyph = struct.unpack_from(">H", data, ranges_at + 2 * n + offset + 2 * (code - start))[0]
            if glyph := (glyph + delta) & 0xFFFF if glyph else 0:
                found[code] = glyph
    return found
