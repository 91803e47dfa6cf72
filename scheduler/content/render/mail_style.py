"""Styles of the mails, written into each element, because many mail programs drop a style sheet.

Made from the design tokens alone. ``STYLE`` is handed to the message templates as ``style``; ``HEAD`` is the small
style sheet for what cannot be written inline: the dark palette and the narrow screen.
"""

from __future__ import annotations

from ...domain import design_tokens
from ...domain.design_tokens import DARK, LIGHT, space

_WIDE = f"width:100%;max-width:{design_tokens.MAIL_WIDTH}px"
_MONO = design_tokens.MONO.replace("'", "")
_BOX = f"padding:{space(4)} {space(4)} {space(1)}"
_SMALL = "font-size:14px;line-height:1.5"

#: Name -> value of a ``style`` attribute. A class of the same name carries its dark colors, where it has any.
STYLE: dict[str, str] = {
    "page": f"margin:0;padding:0;background-color:{LIGHT.blue_tint};-webkit-text-size-adjust:100%",
    "outer": f"padding:{space(2)} {space(2)} {space(8)}",
    "wide": f"{_WIDE};border-collapse:separate",
    "lead": f"padding:{space(2)} {space(4)};{_SMALL};color:{LIGHT.muted}",
    "band": f"padding:{space(4)} {space(6)};background-color:{LIGHT.band};color:{LIGHT.on_band};"
    f"border-radius:{design_tokens.RADIUS} {design_tokens.RADIUS} 0 0",
    "band_name": f"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:{LIGHT.on_band}",
    "band_day": f"margin:{space(1)} 0 0;font-size:15px;line-height:1.4;color:{LIGHT.on_band}",
    "card": f"padding:{space(6)} {space(6)} {space(2)};background-color:{LIGHT.card};color:{LIGHT.ink};"
    f"border-radius:0 0 {design_tokens.RADIUS} {design_tokens.RADIUS};overflow-wrap:break-word;word-break:break-word",
    "eyebrow": f"margin:0 0 {space(1)};{_SMALL};color:{LIGHT.muted}",
    "h1": f"margin:0 0 {space(4)};font-size:26px;line-height:1.25;font-weight:bold;color:{LIGHT.ink}",
    "h2": f"margin:{space(6)} 0 {space(2)};font-size:20px;line-height:1.3;font-weight:bold;color:{LIGHT.ink}",
    "h3": f"margin:{space(5)} 0 {space(2)};font-size:17px;line-height:1.3;font-weight:bold;color:{LIGHT.ink}",
    "p": f"margin:0 0 {space(4)}",
    "last": "margin:0",
    "ul": f"margin:0 0 {space(4)};padding:0 0 0 {space(6)}",
    "ol": f"margin:0 0 {space(4)};padding:0 0 0 {space(7)}",
    "li": f"margin:0 0 {space(2)}",
    "blockquote": f"margin:0 0 {space(4)};padding:0 0 0 {space(4)};border-left:4px solid {LIGHT.blue}",
    "link": f"color:{LIGHT.blue};text-decoration:underline",
    "hr": f"margin:{space(5)} 0;border:0;border-top:1px solid {LIGHT.rule}",
    "pre": f"margin:0 0 {space(4)};white-space:pre-wrap;font-family:{_MONO};font-size:15px",
    "code": f"font-family:{_MONO};font-size:15px",
    "note": f"margin:0 0 {space(5)};padding:{space(3)} {space(4)};border:1px solid {LIGHT.control};"
    f"border-radius:{design_tokens.RADIUS}",
    "part": f"{_BOX};border:1px solid {LIGHT.rule};border-radius:{design_tokens.RADIUS};color:{LIGHT.ink}",
    "part_now": f"{_BOX};border:1px solid {LIGHT.blue};border-radius:{design_tokens.RADIUS};color:{LIGHT.ink};"
    f"background-color:{LIGHT.blue_tint}",
    "label": f"margin:0 0 {space(2)};font-size:17px;line-height:1.3;font-weight:bold",
    "gap": f"height:{space(3)};line-height:{space(3)};font-size:1px",
    "after": f"height:{space(5)};line-height:{space(5)};font-size:1px",
    "quote": f"margin:0 0 {space(2)};font-size:20px;line-height:1.45;color:{LIGHT.ink}",
    "statement": f"margin:0 0 {space(1)}",
    "attribution": f"margin:0 0 {space(3)};{_SMALL};color:{LIGHT.muted}",
    "small": f"margin:0 0 {space(2)};{_SMALL};color:{LIGHT.muted}",
    "button": f"background-color:{LIGHT.blue};border-radius:{design_tokens.RADIUS}",
    "button_link": f"display:block;padding:{space(3)} {space(5)};color:{LIGHT.on_blue};font-weight:bold;"
    "text-decoration:underline",
    "action": f"margin:0 0 {space(5)};padding:0 0 0 {space(4)};border-left:4px solid {LIGHT.blue}",
    "help": f"padding:{space(5)} {space(5)} {space(1)};background-color:{LIGHT.blue_tint};color:{LIGHT.ink};"
    f"border:2px solid {LIGHT.blue};border-radius:{design_tokens.RADIUS}",
    "help_title": f"margin:0 0 {space(3)};font-size:20px;line-height:1.3;font-weight:bold;color:{LIGHT.ink}",
    "digits": f"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:{LIGHT.ink}",
    "digits_small": f"margin:0;font-size:20px;line-height:1.35;font-weight:bold;color:{LIGHT.ink}",
    "address": "margin:0;font-weight:bold",
    "help_line": f"margin:0;font-size:15px;line-height:1.45;color:{LIGHT.ink}",
    "help_hours": f"margin:0 0 {space(4)};{_SMALL};color:{LIGHT.muted}",
    "foot": f"padding:{space(5)} {space(4)} 0;{_SMALL};color:{LIGHT.muted}",
}

# Names of fonts need no quotation marks, and in an attribute those would be escaped.
_FONT = design_tokens.FONT.replace("'", "")
FONT_STYLE = f"font-family:{_FONT};font-size:{design_tokens.MAIL_SIZE};line-height:{design_tokens.LINE_HEIGHT}"

_DARK_RULES = {
    ".page": f"background-color:{DARK.paper}",
    ".card": f"background-color:{DARK.card}",
    ".card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now": f"color:{DARK.ink}",
    ".lead,.eyebrow,.attribution,.small,.foot,.help_hours": f"color:{DARK.muted}",
    ".link": f"color:{DARK.blue}",
    ".blockquote,.action": f"border-color:{DARK.blue}",
    ".note": f"border-color:{DARK.control}",
    ".hr,.part": f"border-color:{DARK.rule}",
    ".help,.part_now": f"background-color:{DARK.blue_tint};border-color:{DARK.blue}",
    ".button": f"background-color:{DARK.blue}",
    ".button_link": f"color:{DARK.on_blue}",
}

#: Names that are worth a class: those that look different in the dark.
CLASSES = frozenset(name.strip(".") for where in _DARK_RULES for name in where.split(","))

HEAD = (
    "@media (prefers-color-scheme:dark){"
    + "".join(
        f"{where}{{{';'.join(f'{part}!important' for part in rule.split(';'))}}}" for where, rule in _DARK_RULES.items()
    )
    + "}"
    # At 320 px the paddings of a wide screen would leave too little for a help line's digits.
    + f"@media (max-width:480px){{.outer{{padding:0 0 {space(6)}!important}}"
    + f".band,.card{{padding-left:{space(4)}!important;padding-right:{space(4)}!important;border-radius:0!important}}"
    + f".help{{padding:{space(4)} {space(4)} 0!important}}}}"
)
