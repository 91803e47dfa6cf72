"""Styles of the mails, written into each element, because many mail programs drop a style sheet.

Made from the design tokens, a campaign's theme and its accent color alone. ``style_of`` is handed to the message
templates as ``style``; ``head_of`` is the small style sheet for what cannot be written inline: the dark palette and the
narrow screen.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from ...domain import design_tokens
from ...domain.design_tokens import MailPalette, MailTheme, mail_theme, space


def _unquoted(font: str) -> str:
    """Names of fonts need no quotation marks, and in an attribute those would be escaped."""
    return font.replace("'", "")


_MONO = _unquoted(design_tokens.MONO)
_BOX = f"padding:{space(4)} {space(4)} {space(1)}"
_SMALL = "font-size:14px;line-height:21px"
_SIDE = space(8)


#: Name -> value of a ``style`` attribute, with the names of colors. A class of the same name carries its dark colors,
#: where it has any.
_STYLE: dict[str, str] = {
    "page": "margin:0;padding:0;background-color:{ground};-webkit-text-size-adjust:100%",
    # What the list of an inbox shows behind the subject. Padded, so that nothing of the letter follows it there.
    "preheader": "display:none;margin:0;max-height:0;overflow:hidden;mso-hide:all",
    "outer": f"padding:{space(5)} 0",
    "wide": f"width:100%;max-width:{design_tokens.MAIL_WIDTH}px;border-collapse:separate",
    "band": f"padding:{space(5)} {_SIDE} {{band_foot}};background-color:{{band}};color:{{on_band}}",
    # A logo is made for white; it stands on white in the dark, too.
    "logo": f"padding:{space(4)} {_SIDE};background-color:#ffffff",
    "logo_itself": "display:block;height:auto;border:0;font-size:17px;line-height:22px;font-weight:bold;color:#1b2430",
    "edge": "{edge}{edge_color}",
    "band_name": "margin:0;font-size:17px;line-height:22px;font-weight:bold;color:{on_band}",
    "band_day": "margin:0;font-size:15px;line-height:22px;color:{on_band_muted}",
    "picture": "padding:{picture_padding};background-color:{band}",
    "picture_itself": "display:block;width:100%;height:auto;border:0{picture_corners}",
    "card": f"padding:{space(7)} {_SIDE} {space(2)};background-color:{{paper}};color:{{ink}};"
    "overflow-wrap:break-word;word-break:break-word",
    "eyebrow": f"margin:0 0 {space(1)};{_SMALL};color:{{muted}}",
    "h1": f"margin:0 0 {space(5)};{{headline}};font-weight:bold;color:{{ink}}",
    "h2": f"margin:{space(6)} 0 {space(2)};font-size:20px;line-height:26px;font-weight:bold;color:{{ink}}",
    "h3": f"margin:{space(5)} 0 {space(2)};font-size:17px;line-height:22px;font-weight:bold;color:{{ink}}",
    "p": f"margin:0 0 {space(4)}",
    "last": "margin:0",
    "ul": f"margin:0 0 {space(4)};padding:0 0 0 {space(6)}",
    "ol": f"margin:0 0 {space(4)};padding:0 0 0 {space(7)}",
    "li": f"margin:0 0 {space(2)}",
    "blockquote": f"margin:0 0 {space(4)};padding:0 0 0 {space(4)};border-left:4px solid {{accent}}",
    "link": "color:{accent};text-decoration:underline",
    "hr": f"margin:{space(5)} 0;border:0;border-top:1px solid {{rule}}",
    "pre": f"margin:0 0 {space(4)};white-space:pre-wrap;font-family:{_MONO};font-size:15px",
    "code": f"font-family:{_MONO};font-size:15px",
    "note": f"margin:0 0 {space(5)};padding:{space(3)} {space(4)};border:1px solid {{muted}};"
    f"border-radius:{design_tokens.RADIUS}",
    "part": f"{_BOX};border:1px solid {{rule}};border-radius:{design_tokens.RADIUS};color:{{ink}}",
    "part_now": f"{_BOX};border:1px solid {{accent}};border-radius:{design_tokens.RADIUS};color:{{ink}};"
    f"background-color:{{box}}",
    "label": f"margin:0 0 {space(2)};font-size:17px;line-height:22px;font-weight:bold",
    "gap": f"height:{space(3)};line-height:{space(3)};font-size:1px",
    "after": f"height:{space(6)};line-height:{space(6)};font-size:1px",
    "quote": f"margin:0 0 {space(2)};font-size:20px;line-height:29px;color:{{ink}}",
    "statement": f"margin:0 0 {space(1)}",
    "attribution": f"margin:0 0 {space(3)};{_SMALL};color:{{muted}}",
    "small": f"margin:0 0 {space(2)};{_SMALL};color:{{muted}}",
    "button": f"background-color:{{accent}};border-radius:{design_tokens.RADIUS};text-align:center",
    "button_link": f"display:block;padding:13px {space(6)};font-size:17px;line-height:22px;color:{{on_accent}};"
    "font-weight:bold;text-decoration:none",
    "action": f"margin:0 0 {space(5)};padding:0 0 0 {space(4)};border-left:4px solid {{accent}}",
    "signature": f"margin:0 0 {space(7)};font-size:16px;line-height:22px;color:{{ink}}",
    "signed_as": "color:{muted}",
    "help": f"padding:{space(5)} {space(6)} {space(1)};background-color:{{box}};color:{{ink}};"
    f"border:{{box_edge}}px solid {{accent}};border-radius:{design_tokens.RADIUS}",
    "help_title": f"margin:0 0 {space(2)};font-size:18px;line-height:24px;font-weight:bold;color:{{ink}}",
    "digits": "margin:0;font-size:26px;line-height:32px;font-weight:bold;color:{ink}",
    "digits_small": "margin:0;font-size:20px;line-height:27px;font-weight:bold;color:{ink}",
    "address": "margin:0;font-weight:bold",
    "help_line": "margin:0;font-size:15px;line-height:22px;color:{ink}",
    "help_hours": f"margin:0 0 {space(4)};{_SMALL};color:{{muted}}",
    "foot": f"padding:{space(5)} {_SIDE} {space(6)};{_SMALL};color:{{muted}}",
    # Each of the ways out is a target of its own for a thumb.
    "choices": "margin:0 0 10px;font-size:15px;line-height:24px",
    "choice": f"display:inline-block;padding:10px {space(5)} 10px 0;color:{{accent}};text-decoration:underline",
}

FONT_STYLE = f"font-family:{_unquoted(design_tokens.FONT)};font-size:{design_tokens.MAIL_SIZE};line-height:24px"

_DARK_RULES = {
    ".page": "background-color:{ground}",
    ".band": "background-color:{band}",
    ".edge": "{edge_color}",
    ".band_name": "color:{on_band}",
    ".band_day": "color:{on_band_muted}",
    ".card": "background-color:{paper}",
    ".card,.h1,.h2,.h3,.quote,.signature,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now": (
        "color:{ink}"
    ),
    ".eyebrow,.attribution,.small,.signed_as,.foot,.help_hours": "color:{muted}",
    ".link,.choice": "color:{accent}",
    ".blockquote,.action": "border-color:{accent}",
    ".note": "border-color:{muted}",
    ".hr,.part": "border-color:{rule}",
    ".help,.part_now": "background-color:{box};border-color:{accent}",
    ".button": "background-color:{accent}",
    ".button_link": "color:{on_accent}",
    # One picture serves both: a pale one is turned dark, with its hues kept. It has nothing that is not said in words.
    ".picture_itself": "{picture_in_the_dark}",
}

#: Names that are worth a class: those that look different in the dark.
CLASSES = frozenset(name.strip(".") for where in _DARK_RULES for name in where.split(","))
_NARROW = (
    # At 320 px the paddings of a wide screen would leave too little for a help line's digits.
    "@media (max-width:599px){.outer{padding:0!important}"
    f".band,.card,.foot{{padding-left:{space(5)}!important;padding-right:{space(5)}!important}}"
    f".help{{padding:{space(4)} {space(4)} 0!important}}.buttons{{width:100%!important}}}}"
)


@cache
def style_of(theme: str, accent: str) -> dict[str, str]:
    """The styles of a mail, by name; ``accent`` is empty where the campaign has no color of its own."""
    look = mail_theme(theme, accent)
    return {name: value.format_map(_words_of(look, look.light)) for name, value in _STYLE.items()}


@cache
def head_of(theme: str, accent: str) -> str:
    """The style sheet in a mail's head."""
    look = mail_theme(theme, accent)
    dark = _words_of(look, look.dark)
    filled = {where: rule.format_map(dark) for where, rule in _DARK_RULES.items()}
    rules = "".join(
        f"{where}{{{';'.join(f'{part}!important' for part in rule.split(';'))}}}"
        for where, rule in filled.items()
        if rule
    )
    return f"@media (prefers-color-scheme:dark){{{rules}}}{_NARROW}"


def _words_of(look: MailTheme, colors: MailPalette) -> dict[str, str]:
    """What the styles call by name."""
    (size, line), edge = look.headline_size, look.band_edge
    font = f"font-family:{_unquoted(look.headline)};" if look.headline else ""
    return {
        **asdict(colors),
        "headline": f"{font}font-size:{size}px;line-height:{line}px",
        "box_edge": str(look.box_edge),
        "edge": f"height:{edge}px;line-height:{edge}px;font-size:1px;" if edge else "",
        "edge_color": f"background-color:{colors.accent}" if edge else "",
        # The picture above it, nothing but the date stands between the name and the headline.
        "band_foot": "0" if look.picture_first else space(4),
        "picture_in_the_dark": "" if look.picture_in_accent else "filter:invert(1) hue-rotate(180deg)",
        "picture_padding": f"0 {_SIDE} {space(1)}" if look.picture_inset else "0",
        "picture_corners": f";border-radius:{design_tokens.RADIUS}" if look.picture_inset else "",
    }


def picture_width(look: MailTheme) -> int:
    """Pixels that the header picture has in a wide window."""
    return design_tokens.MAIL_WIDTH - (2 * 8 * design_tokens.STEP if look.picture_inset else 0)
