"""The page by which readers leave, as it was found at the public address, and what the history holds of that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING

from ..light_dataclass import dataclass
from .season_key import SeasonKey

if TYPE_CHECKING:
    from .records import Event

#: What the history holds: how the address answered, each time that this changed; and a person's word that it works.
ASKED, CONFIRMED = "leave-page.asked", "leave-page.confirmed"


class LeavePage(StrEnum):
    """How the public address was found."""

    GOOD = "good"
    WRONG = "wrong"  # nothing there, or not this ledger's page
    UNSEEN = "unseen"  # it cannot be reached from here, which says nothing of others
    NOT_ASKED = "not-asked"  # it is nobody's, or leads off this machine while nothing else does


@dataclass(frozen=True)
class Found:
    """How it was found. ``detail`` is for people: "it answered 404"."""

    page: LeavePage
    detail: str = ""

    @property
    def is_bad(self) -> bool:
        return self.page in (LeavePage.WRONG, LeavePage.UNSEEN)


def last_found(events: Iterable[Event], address: str) -> Found | None:
    """How the address answered the last time that it was asked; None: never, or always well."""
    mine = [e for e in events if e.kind == ASKED and e.data.get("address") == address]
    return Found(LeavePage(str(mine[-1].data["found"])), str(mine[-1].data.get("detail", ""))) if mine else None


def is_confirmed(events: Iterable[Event], public_url: str, key: SeasonKey) -> bool:
    """Whether a person has seen the page where links now lead, for this season."""
    wanted = {"address": page_address(public_url), **asdict(key)}
    return any(e.kind == CONFIRMED and wanted.items() <= e.data.items() for e in events)


def page_address(public_url: str) -> str:
    """Where a person finds it: below the same path as each reader's own link."""
    return f"{public_url.rstrip('/')}/c/u/check"


def found_words(found: Found, public_url: str, *, campaign: str = "") -> tuple[str, str]:
    """What is so, and what to do; without full stops. ``campaign``: whose emails wait, where that is one's."""
    of = f" --campaign {campaign}" if campaign else ""
    address, detail = page_address(public_url), f": {found.detail}" if found.detail else ""
    if found.page is LeavePage.WRONG:
        return (
            f"readers cannot leave: {address} is not this ledger's page{detail}; emails wait",
            (
                "let `start` run, and the server in front lead to it; see public_url in config/settings.toml "
                '(web.unsubscribe_check = "trust" lets emails go all the same)'
            ),
        )
    if found.page is LeavePage.UNSEEN:
        to_do = f"open {address} on a phone without Wi-Fi, then type the code that it shows"
        return (
            f"nobody knows whether readers can leave: {address} cannot be reached from here{detail}; emails wait",
            f"{to_do}: links confirm CODE{of} --by NAME",
        )
    if found.page is LeavePage.GOOD:
        return f"{address} is this ledger's page, and takes what mail programs post", ""
    return f"{address} is not asked from here", ""
