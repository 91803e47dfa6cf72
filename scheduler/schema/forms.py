"""Checks of texts: each gives what is wrong, in words that follow the field's name, or an empty text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import urlsplit


def form(pattern: str, words: str) -> Callable[[str], str]:
    """A check of the whole text against a pattern."""
    fits = re.compile(pattern).fullmatch
    return lambda text: "" if fits(text) else words


record_id = form(r"[a-z0-9]+(?:-[a-z0-9]+)*", "is malformed")
digest_subject = form(r"(?:[^{}]|\{(?:dates|items)\})*", "may hold {dates} and {items}, and no other braces")
time_of_day = form(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", "is not a time")


def _printed_line(longest: int) -> Callable[[str], str]:
    """One line for people to read, which may stand in a mail's header."""

    def check(text: str) -> str:
        if not text.strip():
            return "holds nothing but spaces"
        if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text.strip()):
            return "holds a line break or another control character"
        return f"is longer than {longest} characters" if len(text.strip()) > longest else ""

    return check


speaker = _printed_line(80)
contact_line = _printed_line(200)

png_name = form(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}\.png", "is not the name of a PNG file, as logo.png")
color = form(r"#[0-9A-Fa-f]{6}", "is not a color")


#: Parts of public addresses that a campaign may not be called by: each means something on these pages.
RESERVED_SLUGS = frozenset(
    "all api archive check confirm favicon feed help leave preferences r robots sign-in subscribe u unsubscribe".split()
)


def public_slug(text: str) -> str:
    """What stands for a campaign in the addresses of its public pages."""
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", text) or len(text) > 40:
        return "is malformed"
    return "is reserved: these pages use the word themselves" if text in RESERVED_SLUGS else ""


def is_address(text: str) -> bool:
    """Whether this is a whole web address: scheme, host, no white space."""
    if re.search(r"[\s<>\"]", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def contact_link(text: str) -> str:
    return "" if is_address(text) or re.fullmatch(r"(?:tel|sms|mailto):[^\s<>\"]+", text) else "is not a link"


def web_link(text: str) -> str:
    return "" if is_address(text) else "is not a whole web address"
