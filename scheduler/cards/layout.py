"""A filled template becomes a drawing: each text in lines of measured width, in the largest of its sizes that fits.

A template is plain SVG with a few attributes more, which the drawing has no longer:

- ``<text x y width sizes="74 66 58" lines="5">``: at most so many lines within that width, in the first of the sizes
  that fits. ``leading`` is from one line to the next, in hundredths of the size (120); ``font`` and ``weight`` name one
  of our fonts.
- ``<g stack="yes" x y width height>``: its texts stand one below the other, ``gap`` apart, and all of them within that
  height: where they do not fit, all go to their next smaller size together. ``stack="centered"``: in the middle of it.
- ``joins="yes"``: the words go on from the text before, as a figure goes on with what is counted.
- ``balance="yes"``: its lines become about equally long, as many as there are.
- ``aside="yes"``: stands on the card, and is not repeated in the draft of its alternative text.

Straight apostrophes are drawn as ’, beside the quotation marks that are curled anyway.

What does not fit in the smallest size, a letter that the font lacks, and an element that fetches or runs something are
refused. Nothing is ever cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from xml.etree import ElementTree

from ..light_dataclass import dataclass
from .fonts import ALIKE, Font, font

SVG = "{http://www.w3.org/2000/svg}"
#: Pixels on a card that is 1,200 or 1,080 wide; smaller letters cannot be read on a phone.
SMALLEST = 26
#: What a drawing may hold; nothing of it can fetch, run or hide anything.
ELEMENTS = frozenset({"svg", "g", "rect", "circle", "ellipse", "path", "line", "polygon", "polyline", "text"})
_ACTS, _FETCHES = re.compile(r"href|^on|style|class", re.IGNORECASE), re.compile(r"url\s*\(", re.IGNORECASE)
_DECLARES = re.compile(r"<[!?]")  # a document type, an entity, an instruction
_SIDE = re.compile(r"[1-9][0-9]{0,3}")
_BREAK = re.compile(r"[ \t\r\n]+")
_APOSTROPHE = re.compile(r"(?<=\w)'")
_SLACK = 0.99  # of a width that is used: kerning can make a line a hair wider than its letters


class CannotDraw(Exception):
    """``code`` is that of a finding; ``words``: the text that it is about, where it is about one."""

    def __init__(self, code: str, message: str, words: str = "") -> None:
        self.code, self.words = code, words
        super().__init__(message)


@dataclass(frozen=True)
class Drawing:
    """A card as SVG, and its words: each text whole, in the order of the template."""

    svg: str
    width: int
    height: int
    words: tuple[str, ...]
    told: tuple[str, ...]  # of these, what the draft of its alternative text says


@dataclass
class _Text:
    """A text of the template, and the size in which it is tried."""

    element: ElementTree.Element
    words: str
    drawn: str  # the same, with the apostrophes of print
    width: float
    sizes: tuple[int, ...]
    most_lines: int
    font: Font
    known: dict[int, list[str]] = field(default_factory=dict)

    def size(self, step: int) -> int:
        return self.sizes[min(step, len(self.sizes) - 1)]

    def lines(self, step: int) -> list[str]:
        if step not in self.known:
            self.known[step] = broken(self.drawn, self.font, self.size(step), self.width)
        return self.known[step]

    def drawn_lines(self, step: int) -> list[str]:
        """As :meth:`lines`, and balanced where the template wants it: as many, and none longer than need be."""
        lines = self.lines(step)
        if self.element.get("balance") is None or len(lines) < 2:
            return lines
        narrow, wide = int(self.width / len(lines)) - 1, int(self.width) + 1
        while wide - narrow > 1:
            middle = (narrow + wide) // 2
            tried = broken(self.drawn, self.font, self.size(step), middle)
            if len(tried) == len(lines) and all(self.font.width(one, self.size(step)) <= middle for one in tried):
                lines, wide = tried, middle
            else:
                narrow = middle
        return lines

    def leading(self, step: int) -> float:
        return self.size(step) * int(self.element.get("leading", "120")) / 100


def draw(filled: str) -> Drawing:
    """Raises CannotDraw."""
    root = _parsed(filled)
    words: list[str] = []
    told: list[str] = []
    _set(root, words, told)
    ElementTree.register_namespace("", SVG[1:-1])
    width, height = (int(root.get(name, "")) for name in ("width", "height"))
    return Drawing(ElementTree.tostring(root, encoding="unicode"), width, height, tuple(words), tuple(told))


def _set(parent: ElementTree.Element, words: list[str], told: list[str]) -> None:
    """Put lines in the place of each text below ``parent``, in order."""
    made: list[ElementTree.Element] = []
    for child in parent:
        child.tail = ""
        if child.tag == f"{SVG}g" and child.get("stack"):
            made += _stacked(child, words, told)
        elif child.tag == f"{SVG}text":
            made += _alone(child, words, told)
        else:
            _set(child, words, told)
            made.append(child)
    parent[:] = made
    parent.text = ""


def _parsed(filled: str) -> ElementTree.Element:
    if _DECLARES.search(filled):
        raise CannotDraw("G104", "a card's template holds no <! and no <?")
    try:
        root = ElementTree.fromstring(filled)  # noqa: S314 - nothing is declared in it, so nothing expands
    except ElementTree.ParseError as error:
        raise CannotDraw("G104", f"a card's template is no SVG: {error}") from None
    for element in root.iter():
        name = element.tag.removeprefix(SVG)
        if name not in ELEMENTS:
            raise CannotDraw("G104", f"<{name[:30]}> is not allowed in a card")
        for attribute, value in element.attrib.items():
            if _ACTS.search(attribute) or _FETCHES.search(value):
                raise CannotDraw("G104", f"{attribute[:30]} is not allowed in a card")
    if root.tag != f"{SVG}svg" or not all(_SIDE.fullmatch(root.get(name, "")) for name in ("width", "height")):
        raise CannotDraw("G104", "a card's template is an <svg> with its width and height in pixels, at most 9,999")
    return root


def _alone(element: ElementTree.Element, words: list[str], told: list[str]) -> Iterator[ElementTree.Element]:
    text = _text_of(element, element.get("width", ""))
    if text is None:
        return
    step = next((n for n in range(len(text.sizes)) if len(text.lines(n)) <= text.most_lines), None)
    if step is None or text.font.width(max(text.lines(step), key=len), text.size(step)) > text.width * 1.02:
        raise _too_long(text)
    _note(text, words, told)
    yield from _placed(text, step, float(element.get("x", "0")), float(element.get("y", "0")))


def _stacked(group: ElementTree.Element, words: list[str], told: list[str]) -> Iterator[ElementTree.Element]:
    x, y, height = (float(group.get(name, "0")) for name in ("x", "y", "height"))
    texts = [t for child in group if (t := _text_of(child, child.get("width") or group.get("width") or "")) is not None]
    steps = range(max((len(text.sizes) for text in texts), default=0))
    step = next((n for n in steps if _fits(texts, n, height)), None)
    if texts and step is None:
        raise _too_long(max(texts, key=lambda text: len(text.words)))
    top = y
    if step is not None and group.get("stack") == "centered":
        top += (height - _height(texts, step)) / 2
    for number, text in enumerate(texts):
        assert step is not None  # noqa: S101 - there is one where there is a text
        top += int(text.element.get("gap", "0")) if number else 0
        _note(text, words, told)
        yield from _placed(text, step, x, top + text.size(step) * 0.8)
        top += text.leading(step) * len(text.lines(step))


def _fits(texts: list[_Text], step: int, height: float) -> bool:
    for text in texts:
        lines = text.lines(step)
        if len(lines) > text.most_lines or any(text.font.width(line, text.size(step)) > text.width for line in lines):
            return False
    return _height(texts, step) <= height


def _height(texts: list[_Text], step: int) -> float:
    lines = sum(text.leading(step) * len(text.lines(step)) for text in texts)
    return lines + sum(int(text.element.get("gap", "0")) for text in texts[1:])


def _text_of(element: ElementTree.Element, width: str) -> _Text | None:
    """None for one without words."""
    words = " ".join(_BREAK.split("".join(element.itertext()).translate(ALIKE))).strip(" ")
    if not words:
        return None
    try:
        its_font = font(element.get("font", "Card Sans"), element.get("weight", "400"))
        sizes = tuple(map(int, element.get("sizes", "").split()))
        lines = int(element.get("lines", "1"))
        if not sizes or min(sizes) < SMALLEST or list(sizes) != sorted(sizes, reverse=True) or not float(width) > 0:
            raise ValueError
    except (KeyError, ValueError):
        raise CannotDraw(
            "G104",
            f"a text of a card needs a width, one of our fonts, and sizes from large to small, none under {SMALLEST}",
            words,
        ) from None
    drawn = _APOSTROPHE.sub("’", words)
    if missing := its_font.lacks(drawn):
        named = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:5])
        raise CannotDraw("G102", f"the card's font has no letter {named}", words)
    return _Text(element, words, drawn, float(width) * _SLACK, sizes, lines, its_font)


def _too_long(text: _Text) -> CannotDraw:
    words = text.words if len(text.words) <= 60 else f"{text.words[:57]}..."
    return CannotDraw("G101", f"“{words}” does not fit on the card, not even in its smallest letters", text.words)


def _note(text: _Text, words: list[str], told: list[str]) -> None:
    for kept in (words, told) if not text.element.get("aside") else (words,):
        if text.element.get("joins") and kept:
            kept[-1] += f" {text.words}"
        else:
            kept.append(text.words)


def _placed(text: _Text, step: int, x: float, y: float) -> Iterator[ElementTree.Element]:
    given = text.element.attrib
    for number, line in enumerate(text.drawn_lines(step)):
        made = ElementTree.Element(f"{SVG}text")
        made.set("x", _number(float(given.get("x", x))))
        made.set("y", _number(y + number * text.leading(step)))
        made.set("font-family", given.get("font", "Card Sans"))
        made.set("font-weight", given.get("weight", "400"))
        made.set("font-size", str(text.size(step)))
        for name in ("fill", "text-anchor"):
            if name in given:
                made.set(name, given[name])
        made.text = line
        yield made


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def broken(words: str, its_font: Font, size: float, width: float) -> list[str]:
    """The lines of a text. One word that is wider than a line stands on a line of its own, too wide."""
    lines: list[list[str]] = []
    space, length = its_font.length(" "), 0
    for word in words.split(" "):
        its = its_font.length(word)
        length += space + its
        if lines and length * size / its_font.units <= width:
            lines[-1].append(word)
        else:
            lines.append([word])
            length = its
    return _without_widow([" ".join(line) for line in lines], its_font, size, width)


def _without_widow(lines: list[str], its_font: Font, size: float, width: float) -> list[str]:
    """A last line of one short word gets the word before it, where that leaves no shorter line."""
    if len(lines) > 1 and " " not in lines[-1] and lines[-2].count(" ") > 1:
        rest, _, moved = lines[-2].rpartition(" ")
        longer = f"{moved} {lines[-1]}"
        if its_font.width(longer, size) <= min(width, its_font.width(rest, size)):
            return [*lines[:-2], rest, longer]
    return lines
