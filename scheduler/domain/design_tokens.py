"""The one set of design tokens: colors, sizes and spacing for the packet, the pages, the mails and the cards.

Every pair of text and ground that the project prints is listed in :data:`TEXT_PAIRS`; a test measures each by the
formula of WCAG 2 and asks for 4.5:1.
"""

from __future__ import annotations

from dataclasses import fields, replace

from ..light_dataclass import dataclass
from .brand import BLACK, WHITE, mixed, readable_on, tint_for

#: System fonts only: nothing is fetched.
FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
MONO = "ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace"
SERIF = "Georgia,'Times New Roman',Times,serif"


@dataclass(frozen=True)
class Palette:
    """Colors as ``#rrggbb``. ``X_ground`` is what text in color ``X`` stands on."""

    ground: str  # of the staff pages, on which cards stand out without a shadow
    paper: str
    card: str  # raised above the paper; the same as the paper where nothing is raised
    ink: str
    muted: str
    blue: str  # the campaign, links, buttons
    blue_tint: str
    on_blue: str  # text on a ground of ``blue``
    band: str  # ground of the band that carries the campaign's name
    on_band: str
    good: str
    good_ground: str
    needs_you: str
    needs_you_ground: str
    blocked: str
    blocked_ground: str
    unknown: str
    unknown_ground: str
    waiting: str  # for somebody else, or for a day
    waiting_ground: str
    focus: str  # the ring around what the keyboard is at
    control: str  # borders of things that can be used
    rule: str  # lines that only divide


LIGHT = Palette(
    ground="#f4f6f9",
    paper="#ffffff",
    card="#ffffff",
    ink="#1b2430",
    muted="#56616f",
    blue="#1f4e8c",
    blue_tint="#eaf1fb",
    on_blue="#ffffff",
    band="#1f4e8c",
    on_band="#ffffff",
    good="#1b5e35",
    good_ground="#e8f5ec",
    needs_you="#7a4f00",
    needs_you_ground="#fff4d6",
    blocked="#9b1c1c",
    blocked_ground="#fdeaea",
    unknown="#5b2a86",
    unknown_ground="#f3eafa",
    waiting="#3d4856",
    waiting_ground="#eef1f5",
    focus="#0b57d0",
    control="#7c8796",
    rule="#d5dbe3",
)

DARK = Palette(
    ground="#12171e",
    paper="#12171e",
    card="#1b222c",
    ink="#e8edf3",
    muted="#a5b0bd",
    blue="#8db8f2",
    blue_tint="#1c2c44",
    on_blue="#0f1a2a",
    band="#1f4e8c",
    on_band="#ffffff",
    good="#8fd6a8",
    good_ground="#13261a",
    needs_you="#f2c14e",
    needs_you_ground="#2b2310",
    blocked="#f5a3a3",
    blocked_ground="#301717",
    unknown="#d0b0ee",
    unknown_ground="#241830",
    waiting="#c3ccd7",
    waiting_ground="#252e3a",
    focus="#a9cbff",
    control="#7d8896",
    rule="#313b48",
)

#: (text, ground) by token name: all of them must be readable in both palettes.
TEXT_PAIRS = (
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "blue_tint"),
    ("muted", "paper"),
    ("muted", "card"),
    ("muted", "blue_tint"),
    ("blue", "paper"),
    ("blue", "card"),
    ("blue", "blue_tint"),
    ("on_blue", "blue"),
    ("on_band", "band"),
    ("good", "good_ground"),
    ("needs_you", "needs_you_ground"),
    ("blocked", "blocked_ground"),
    ("unknown", "unknown_ground"),
    ("waiting", "waiting_ground"),
)
#: The same of the staff pages, which wear no campaign's color.
STAFF_PAIRS = (("ink", "ground"), ("muted", "ground"), ("blue", "ground"))
#: What has to be seen, though it is no text: (color, ground), 3:1.
EDGE_PAIRS = (
    ("control", "paper"),
    ("control", "card"),
    ("control", "ground"),
    ("focus", "paper"),
    ("focus", "card"),
    ("focus", "ground"),
)


@dataclass(frozen=True)
class MailPalette:
    """The colors of an email. A theme is a pair of these, for light and dark; nothing else may differ."""

    ground: str  # around the letter
    paper: str  # the letter itself
    ink: str
    muted: str
    accent: str  # links, the button, the edge of the help box
    on_accent: str
    band: str  # carries the campaign's name
    on_band: str
    on_band_muted: str
    box: str  # ground of the help box
    rule: str  # lines that only divide


@dataclass(frozen=True)
class Coat:
    """The colors of a card. ``mark`` is decoration: the day stands beside the day line in words."""

    ground: str
    ink: str
    accent: str  # the kind, the day, today's mark
    muted: str
    mark: str
    lit: str  # a disc on the ground, with words in the ground's color on it


COATS = {
    "sky": Coat("#dfeaf7", "#14304f", "#1f4e8c", "#3d5673", "#a9c1e0", "#14304f"),
    "sand": Coat("#f6efe2", "#2c2a26", "#7a5210", "#5c5648", "#cdbd9b", "#2c2a26"),
    "sage": Coat("#e3efe8", "#17372c", "#1f6149", "#3f5b50", "#a3c4b4", "#17372c"),
    "lilac": Coat("#ece8f5", "#2f2745", "#54438c", "#574f70", "#c0b5de", "#2f2745"),
    "blue": Coat("#1f4e8c", "#ffffff", "#ffe2a1", "#dbe8f8", "#7f9fcb", "#ffe2a1"),
}
#: (text, ground) of a card.
COAT_PAIRS = (("ink", "ground"), ("accent", "ground"), ("muted", "ground"), ("ground", "lit"))
#: What is told as past stands on a ground of its own, on each card.
THEN_INK, THEN_GROUND = "#4b4740", "#ece5d8"


@dataclass(frozen=True)
class MailTheme:
    """A look of the emails: its colors, and what else differs from one to the other. One template serves all."""

    light: MailPalette
    dark: MailPalette
    picture: Coat  # of the header picture
    headline: str = ""  # the font of the headline; empty: that of the text
    headline_size: tuple[int, int] = (26, 31)  # px, and from line to line
    box_edge: int = 1  # px, around the help box
    band_edge: int = 0  # px of color above the band, where no picture is
    band_in_accent: bool = False  # band, ground and boxes are of the accent and its tints
    picture_in_accent: bool = False  # the ground of the header picture is the accent
    picture_inset: bool = False  # it keeps the margins of the text
    picture_first: bool = False  # it stands above the band


#: The theme of a campaign that chooses none.
USUAL_THEME = "calm"
MAIL_THEMES = {
    "calm": MailTheme(
        MailPalette(
            ground="#eaf1fb",
            paper="#ffffff",
            ink="#1b2430",
            muted="#56616f",
            accent="#1f4e8c",
            on_accent="#ffffff",
            band="#1f4e8c",
            on_band="#ffffff",
            on_band_muted="#dbe8f8",
            box="#eaf1fb",
            rule="#d5dbe3",
        ),
        MailPalette(
            ground="#12171e",
            paper="#1b222c",
            ink="#e8edf3",
            muted="#a5b0bd",
            accent="#8db8f2",
            on_accent="#0f1a2a",
            band="#1c2c44",
            on_band="#e8edf3",
            on_band_muted="#a5b0bd",
            box="#1c2c44",
            rule="#313b48",
        ),
        Coat("#dfeaf7", "#14304f", "#1f4e8c", "#1f4e8c", "#a9c1e0", "#1f4e8c"),
        band_in_accent=True,
    ),
    "warm": MailTheme(
        MailPalette(
            ground="#f3ebdc",
            paper="#fffdf8",
            ink="#2c2a26",
            muted="#635c4e",
            accent="#1d5b57",
            on_accent="#ffffff",
            band="#fffdf8",
            on_band="#1d5b57",
            on_band_muted="#635c4e",
            box="#f3ebdd",
            rule="#e2d8c4",
        ),
        MailPalette(
            ground="#1a1814",
            paper="#211e19",
            ink="#efe9dd",
            muted="#bdb4a4",
            accent="#8ccdc4",
            on_accent="#10211f",
            band="#211e19",
            on_band="#8ccdc4",
            on_band_muted="#bdb4a4",
            box="#2c2820",
            rule="#3f392e",
        ),
        Coat("#f6efe2", "#2c2a26", "#1d5b57", "#1d5b57", "#cdbd9c", "#1d5b57"),
        headline=SERIF,
        headline_size=(30, 36),
        picture_inset=True,
    ),
    "bold": MailTheme(
        MailPalette(
            ground="#f4f6f9",
            paper="#ffffff",
            ink="#1b2430",
            muted="#56616f",
            accent="#1f4e8c",
            on_accent="#ffffff",
            band="#ffffff",
            on_band="#1f4e8c",
            on_band_muted="#56616f",
            box="#ffffff",
            rule="#d5dbe3",
        ),
        MailPalette(
            ground="#0f141b",
            paper="#171d26",
            ink="#e8edf3",
            muted="#a5b0bd",
            accent="#8db8f2",
            on_accent="#0f1a2a",
            band="#171d26",
            on_band="#8db8f2",
            on_band_muted="#a5b0bd",
            box="#171d26",
            rule="#313b48",
        ),
        Coat("#1f4e8c", "#ffffff", "#ffe2a1", "#dbe8f8", "#7fa3d1", "#ffe2a1"),
        headline=SERIF,
        headline_size=(34, 40),
        box_edge=2,
        band_edge=8,
        picture_in_accent=True,
        picture_first=True,
    ),
}


def mail_theme(name: str, accent: str = "") -> MailTheme:
    """A theme with a campaign's color in place of its own; see :func:`with_accent`."""
    theme = MAIL_THEMES[name]
    if not accent:
        return theme
    light, dark, tint = theme.light, theme.dark, tint_for(accent)
    if theme.band_in_accent:
        on_band_muted = readable_on(mixed(WHITE, accent, 0.15), accent, toward=WHITE)
        light = replace(light, band=accent, on_band_muted=on_band_muted, ground=tint, box=tint)
        dark = replace(dark, **dict.fromkeys(("band", "box"), mixed(dark.paper, accent, 0.12)))
    darker = readable_on(accent, light.paper, light.box, light.ground, toward=BLACK)
    lighter = readable_on(accent, dark.ground, dark.paper, dark.box, toward=WHITE)
    light, dark = replace(light, accent=darker), replace(dark, accent=lighter)
    if not theme.band_in_accent:
        light, dark = replace(light, on_band=darker), replace(dark, on_band=lighter)
    return replace(theme, light=light, dark=dark, picture=_coat_with(theme, accent))


def _coat_with(theme: MailTheme, accent: str) -> Coat:
    of = theme.picture
    if theme.picture_in_accent:
        muted, lit = (readable_on(one, accent, toward=WHITE) for one in (of.muted, of.lit))
        return Coat(accent, WHITE, lit, muted, mixed(accent, WHITE, 0.45), lit)
    ground = tint_for(accent) if theme.band_in_accent else of.ground
    of_text = readable_on(accent, ground, toward=BLACK)
    return Coat(ground, of.ink, of_text, of_text, mixed(ground, of_text, 0.35), of_text)


#: (text, ground) of an email.
MAIL_PAIRS = (
    ("ink", "paper"),
    ("ink", "box"),
    ("muted", "paper"),
    ("muted", "box"),
    ("muted", "ground"),
    ("accent", "paper"),
    ("accent", "box"),
    ("accent", "ground"),
    ("on_accent", "accent"),
    ("on_band", "band"),
    ("on_band_muted", "band"),
)


#: A state is always color and shape and word, so that it survives gray paper and color blindness.
STATE_SHAPES = {"good": "\u2713", "needs_you": "!", "blocked": "\u2715", "unknown": "?", "waiting": "\u25f7"}

PAGE_SIZE = "17px"
MAIL_SIZE = "16px"
PRINT_SIZE = "11pt"
LINE_HEIGHT = "1.5"
MEASURE = "68ch"  # the longest line
RADIUS = "6px"  # the only radius
STEP = 4  # px; every distance is a multiple of it
MAIL_WIDTH = 600  # px


def space(steps: int) -> str:
    """A distance of ``steps`` times 4 px, as CSS."""
    return f"{steps * STEP}px"


def with_accent(accent: str) -> tuple[Palette, Palette]:
    """The two palettes with a campaign's color in place of blue; empty: as they are. It can be read on white; in the
    dark it is lightened until it can be read there."""
    if not accent:
        return LIGHT, DARK
    in_the_dark = readable_on(accent, DARK.paper, DARK.card, DARK.blue_tint, toward=WHITE)
    return (
        replace(LIGHT, blue=accent, band=accent, blue_tint=tint_for(accent)),
        replace(DARK, blue=in_the_dark, band=accent),
    )


def css_custom_properties(accent: str = "") -> str:
    """CSS that declares all tokens on ``:root`` (``--ink``, ``--needs-you-ground``, ``--radius``, ``--space-3``...).

    Dark values follow the reader's system; paper is always light. ``accent``: a campaign's color.
    """
    light_palette, dark_palette = with_accent(accent)
    constants = {
        "font": FONT,
        "mono": MONO,
        "page-size": PAGE_SIZE,
        "print-size": PRINT_SIZE,
        "line-height": LINE_HEIGHT,
        "measure": MEASURE,
        "radius": RADIUS,
        **{f"space-{n}": space(n) for n in (1, 2, 3, 4, 5, 6, 8, 10, 12)},
    }
    light = "".join(f"--{name}:{value};" for name, value in (*_css(light_palette), *constants.items()))
    dark = "".join(f"--{name}:{value};" for name, value in _css(dark_palette))
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        "@media print{:root{color-scheme:light}}\n"
    )


def _css(palette: Palette) -> tuple[tuple[str, str], ...]:
    return tuple((f.name.replace("_", "-"), str(getattr(palette, f.name))) for f in fields(palette))
