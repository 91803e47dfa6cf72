"""Where a mail stands in the archive of the public pages: the link in the mail, and what a page is asked for."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import urlsplit

from ..light_dataclass import dataclass
from .delivery_words import clock_words

_PLACE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:-([2-9]|[1-9]\d)|(-digest))?", re.ASCII)


@dataclass(frozen=True)
class SentMail:
    """A mail that has gone out to at least one reader."""

    campaign: str
    on: date
    is_digest: bool
    digest: str  # by which the ledger knows it as it was sent
    sent_at: datetime  # when its sending began
    corrected_at: datetime | None = None  # since then it goes out in these words; some readers had earlier ones
    time_zone: str = "UTC"
    is_being_corrected: bool = False  # it was stopped: its words have changed, and nobody has approved them yet
    number: int = 1  # which mail of its day it is
    season: int = 0
    told: frozenset[str] = frozenset()  # of a digest: the items of which it told anybody

    @property
    def corrected_words(self) -> str:
        """When it was corrected, by the clock at the campaign's place; empty where it was not."""
        if self.corrected_at is None:
            return ""
        return clock_words(self.corrected_at, self.sent_at, self.time_zone)

    @property
    def place(self) -> str:
        """Where it stands in the archive."""
        return archive_place(self.on, self.number, digest=self.is_digest)


def campaign_url(public_url: str, slug: str) -> str:
    """Where the public pages of a campaign begin: its form, archive and feed, and its readers' own links."""
    return f"{public_url.rstrip('/')}/c/{slug}"


def archive_url(public_url: str, slug: str, on: date, number: int = 1, *, digest: bool = False) -> str:
    """The web address of a mail of that day, the first or a later one; of the day's digest with ``digest``. The same
    for all readers."""
    return f"{campaign_url(public_url, slug)}/archive/{archive_place(on, number, digest=digest)}"


def archive_path(slug: str, place: str) -> str:
    """Where a page of the archive was asked for; without a slug as in mails of earlier releases."""
    return f"/c/{slug}/archive/{place}" if slug else f"/archive/{place}"


def archive_paths_in(html: str) -> list[str]:
    """The paths of pages of an archive to which a mail links, in its order: its own is among them."""
    return _ARCHIVED.findall(html)


_ARCHIVED = re.compile(r"""href=["']https?://[^"'\s]{1,400}?((?:/c/[a-z0-9-]+)?/archive/[0-9a-z-]{1,40})["']""")


#: First parts of the paths at which this program serves pages for readers, reviewers and those who sign in.
_OWN_PAGES = frozenset({"archive", "c", "confirm", "pictures", "preferences", "r", "sign-in", "subscribe", "u"})


def is_own_page(url: str, public_url: str) -> bool:
    """Whether a web address is one of this program's own pages, and no other page of the same site."""
    try:
        base, asked = urlsplit(public_url), urlsplit(url)
    except ValueError:
        return False
    path = base.path.rstrip("/") + "/"
    same = bool(base.netloc) and base.netloc.casefold() == asked.netloc.casefold() and asked.path.startswith(path)
    return same and asked.path.removeprefix(path).partition("/")[0].removesuffix(".xml") in _OWN_PAGES


def archive_place(on: date, number: int = 1, *, digest: bool = False) -> str:
    """The last part of that address: "2027-01-11", of that day's second mail "2027-01-11-2", "2027-01-11-digest"."""
    return f"{on.isoformat()}{'-digest' if digest else f'-{number}' if number > 1 else ''}"


def read_archive_place(text: str) -> tuple[date, int, bool] | None:
    """The day, which of its mails, and whether its digest is meant; None for anything that :func:`archive_place` did
    not write."""
    match = _PLACE.fullmatch(text)
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1]), int(match[2] or 1), bool(match[3])
    except ValueError:
        return None
