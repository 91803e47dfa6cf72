"""The addresses in each mail: by which its subscriber leaves, and chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from .. import project as project_files
from ..wiring import signing_keys

if TYPE_CHECKING:
    from ..project import Project


def unsubscribe_url(project: Project, campaign_id: str) -> Callable[[str], str]:
    """From a reader's id to the address in the mail that lets the reader leave."""
    return _make_link(project, "unsubscribe", "u", campaign_id)


def preferences_url(project: Project, campaign_id: str) -> Callable[[str], str]:
    """From a reader's id to the address in the mail of the page with the reader's choices."""
    return _make_link(project, "preferences", "preferences", campaign_id)


def _make_link(project: Project, purpose: str, path: str, campaign_id: str) -> Callable[[str], str]:
    from ..subscribers.tokens import maker

    make = maker(purpose, signing_keys(project)[0], campaign=campaign_id)
    base = f"{project.settings.public_url.rstrip('/')}/{path}"
    return lambda subscriber_id: f"{base}/{make(subscriber_id)}"


def recipient_of(
    project: Project, more_campaigns: Callable[[], Iterable[str]], purpose: str = "unsubscribe"
) -> Callable[[str], str | None]:
    """From the token of an address made for ``purpose`` to the reader it was made for; None for any other text.

    Links of all campaigns are good: those in the folder, and ``more_campaigns``, such as last year's.
    """
    from ..subscribers.tokens import read

    keys = signing_keys(project)

    def subscriber(token: str) -> str | None:
        known = {*project_files.campaign_ids(project.root), *more_campaigns()}
        found = [read(token, purpose, keys, campaign=campaign) for campaign in sorted(known)]  # all, always
        return next(filter(None, found), None)

    return subscriber
