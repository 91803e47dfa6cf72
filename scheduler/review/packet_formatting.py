"""Texts as the packet writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from markupsafe import Markup, escape

from ..domain.message import EmailBody, PostBody

_MARKED = re.compile(r"https?://[^\s<>]*[\w/=&#-]|(?<![\w&])[#@]\w+")

#: A command in a finding's hint: run: `sign claim ID --by NAME --role safety`.
_SIGN = re.compile(r"run: `sign (?:claim|contact) ID --by NAME --role (\w+)`")
#: What only the command line or a file has, and what a page has in its place.
_ON_PAGES = (
    ("`decide text ITEM --answer TEXT`, or the page Questions", "answer it on the page Questions"),
    ("`decide`, or the page Questions; the line in the file may stay", "on the page Questions"),
    ("`decide`, or the page Questions", "on the page Questions"),
    ("signs for it with `decide`", "signs for it on the page Questions"),
    ("move `review_by` or", "write a later day on its page, or"),
)
_SIGNERS = {"expert": " as a subject expert", "safety": ", best as a safety reviewer"}

#: When a mail goes out that comes in each reader's morning.
OWN_ZONES = "in each reader's own zone"


def weeks_begin_on_sunday(time_zone: str, language: str) -> bool:
    """Most of the Americas print calendars from Sunday on, most others from Monday on."""
    region = language.replace("_", "-").partition("-")[2].upper()
    if region:
        return region in {"US", "CA", "MX", "BR"}
    return time_zone.startswith(("America/", "US/", "Pacific/Honolulu"))


def weekday_names(*, sunday_first: bool) -> list[str]:
    names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    return [names[-1], *names[:-1]] if sunday_first else names


def calendar_weeks(first: date, last: date, *, sunday_first: bool) -> list[list[date]]:
    """The days from ``first`` to ``last``, filled up to whole weeks."""
    start = first - timedelta(days=(first.weekday() + (1 if sunday_first else 0)) % 7)
    return [[start + timedelta(days=n + day) for day in range(7)] for n in range(0, (last - start).days + 1, 7)]


def colored(text: str, links: Iterable[str]) -> Markup:
    """A post with its links, tags and names colored as networks do. ``links``: as they stand in the text."""
    marks: list[tuple[int, int]] = []
    longest_first = sorted(links, key=len, reverse=True)
    for found in (*(f for one in longest_first for f in re.finditer(re.escape(one), text)), *_MARKED.finditer(text)):
        if not any(start < found.end() and found.start() < end for start, end in marks):
            marks.append(found.span())
    out, at = [], 0
    for start, end in sorted(marks):
        out += [escape(text[at:start]), Markup('<span class="marked">{}</span>').format(text[start:end])]
        at = end
    return Markup("").join([*out, escape(text[at:])])


def for_a_browser(hint: str) -> str:
    """What to do, for somebody who reads it in a browser: they sign on a page, and have no command to run."""
    for command, words in _ON_PAGES:
        hint = hint.replace(command, words)
    return _SIGN.sub(lambda command: f"sign it{_SIGNERS.get(command[1], '')}", hint)


def sentence(text: str) -> str:
    """What a finding or a cause says, as a sentence begins."""
    return text[:1].upper() + text[1:]


def with_code(text: str) -> Markup:
    """Advice in which `a name of a file's key` stands between backticks."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:  # an odd backtick is only a backtick
        return escape(text)
    marked = [Markup("<code>{}</code>").format(p) if n % 2 else escape(p) for n, p in enumerate(pieces)]
    return Markup("").join(marked)


def with_stop(words: Markup) -> Markup:
    """With a full stop, unless it ends with one or with a question, in quotation marks or without."""
    ends = str(words.unescape()).rstrip('"”').endswith((".", "?", "!", "…"))
    return words if ends else words + "."


def with_own_links(body: EmailBody | PostBody) -> str:
    """A message's plain text for somebody who reads it here: what is put in for each reader, in words."""
    if not isinstance(body, EmailBody):
        return body.whole_text
    text = body.text
    for token in body.tokens:
        text = text.replace(token, "[each reader's own link]")
    return text
