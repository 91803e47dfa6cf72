"""A mail that was sent, as a page of the archive: the same words, without what belongs to one reader or to a mailbox.

The stored mail holds tokens where each reader's own links stood, so nothing personal can be in it; this takes out the
paragraphs around them, so that no link leads nowhere.
"""

from __future__ import annotations

import re
from html import escape

from ...light_dataclass import dataclass
from .season_renderer import READERS_OWN

#: Class of what is of no use on a page: why somebody gets this mail.
ONLY_IN_MAIL = "only-in-mail"

_PARAGRAPH = re.compile(r"<p\b([^>]*)>(?:(?!</?p\b).)*</p\s*>", re.IGNORECASE | re.DOTALL)
_CLASS = re.compile(rf"""\bclass\s*=\s*["'][^"']*(?<![\w-]){ONLY_IN_MAIL}(?![\w-])""", re.IGNORECASE)
_TOKEN = re.compile("|".join(map(re.escape, READERS_OWN)))
_LINK = re.compile(rf"<a\b[^>]*href\s*=\s*[\"'](?:{_TOKEN.pattern})[\"'][^>]*>(.*?)</a\s*>", re.IGNORECASE | re.DOTALL)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title\b[^>]*>[^<]*</title\s*>", re.IGNORECASE)
_HEAD_ENDS = re.compile(r"</head\s*>", re.IGNORECASE)
_BODY_BEGINS = re.compile(r"<body\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
_BODY_ENDS = re.compile(r"</body\s*>", re.IGNORECASE)


@dataclass(frozen=True)
class WebPage:
    """The whole page, and the texts of its style elements, which a policy may name."""

    html: str
    styles: tuple[str, ...]


def as_web_page(mail: str, *, head: str, before: str, after: str, title: str = "") -> WebPage:
    """``mail``: the HTML part as it was sent. ``head``, ``before`` and ``after`` are put into its head, and around its
    body; ``title`` in the place of the subject."""
    page = _PARAGRAPH.sub(lambda m: "" if _CLASS.search(m[1]) or _TOKEN.search(m[0]) else m[0], mail)
    page = _TOKEN.sub("", _LINK.sub(r"\1", page))
    if title:
        page = _TITLE.sub(f"<title>{escape(title)}</title>", page, count=1)
    page = _HEAD_ENDS.sub(lambda m: f"{head}{m[0]}", page, count=1)
    page = _BODY_BEGINS.sub(lambda m: f"{m[0]}{before}<main>", page, count=1)
    page = _BODY_ENDS.sub(lambda m: f"</main>{after}{m[0]}", page, count=1)
    return WebPage(page, tuple(_STYLE.findall(page)))
