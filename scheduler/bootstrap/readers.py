"""Readers: their links, the end of their list, the mail house's reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from .. import project as project_files
from ..domain.campaign import Season
from ..errors import UsageError
from ..settings import ChannelSettings
from .planning import Planning

if TYPE_CHECKING:
    from ..channels.spec import ReceiptReader
    from ..store import Ledger
    from ..subscribers.season_end import ListDue


class Readers(Planning):
    """A project, and its readers."""

    def list_due(self, campaign_id: str, ledger: Ledger) -> ListDue | None:
        """The season whose list of readers was to be deleted by now."""
        from ..subscribers.season_end import list_due

        campaign, _ = self.load(campaign_id)
        return list_due(campaign, self.today(campaign), ledger)

    def season_to_close(self, campaign_id: str, year: int | None) -> Season:
        """The season that has ended. Raises UsageError while a season of any campaign runs: the list is theirs too."""
        from ..subscribers.season_end import season_at

        for other in self.campaigns():
            campaign, _ = self.load(other)
            running, _ = season_at(campaign, self.today(campaign))
            if running is not None:
                raise UsageError(
                    f"the season of {other} runs until {running.end_on}; its readers are on the list",
                    hint="close the list after that day",
                )
        campaign, _ = self.load(campaign_id)
        _, ended = season_at(campaign, self.today(campaign))
        if ended is None or year not in (None, ended.year):
            raise UsageError(
                f"{campaign_id} has no season{f' {year}' if year else ''} that has ended",
                hint="the list is closed after a season's last day",
            )
        return ended

    def unsubscribe_url(self, campaign_id: str) -> Callable[[str], str]:
        """From a reader's id to the address in the mail that lets the reader leave."""
        return self._link("unsubscribe", "u", campaign_id)

    def preferences_url(self, campaign_id: str) -> Callable[[str], str]:
        """From a reader's id to the address in the mail of the page with the reader's choices."""
        return self._link("preferences", "preferences", campaign_id)

    def _link(self, purpose: str, path: str, campaign_id: str) -> Callable[[str], str]:
        from ..subscribers.tokens import maker

        make = maker(purpose, self.signing_keys()[0], campaign=campaign_id)
        base = f"{self.settings.public_url.rstrip('/')}/{path}"
        return lambda subscriber_id: f"{base}/{make(subscriber_id)}"

    def recipient_of(
        self, more_campaigns: Callable[[], Iterable[str]], purpose: str = "unsubscribe"
    ) -> Callable[[str], str | None]:
        """From the token of an address made for ``purpose`` to the reader it was made for; None for any other text.

        Links of all campaigns are good: those in the folder, and ``more_campaigns``, such as last year's.
        """
        from ..subscribers.tokens import read

        keys = self.signing_keys()

        def subscriber(token: str) -> str | None:
            known = {*project_files.campaign_ids(self.root), *more_campaigns()}
            found = [read(token, purpose, keys, campaign=campaign) for campaign in sorted(known)]  # all, always
            return next(filter(None, found), None)

        return subscriber

    def return_path(self, channel: ChannelSettings) -> Callable[[str, str], str] | None:
        """From send id and reader's id to the address that the mail comes back to; None where none is set."""
        address = str(channel.options.get("bounce_address") or "")
        if not address:
            return None
        from ..subscribers.return_path import maker

        return maker(address, self.signing_keys()[0])

    def receipt_readers(self) -> dict[str, ReceiptReader | None]:
        """By channel's code, what its provider's reports are checked and read by; None while the key is not set."""
        from ..channels.registry import CHANNELS

        used = {*CHANNELS.at_hand(), *(c.transport for c in self.settings.channels.values())}
        offered = {name: receipts for name in sorted(used) if (receipts := CHANNELS[name].receipts) is not None}
        keys = {name: self.settings.secrets.get(receipts.key.name) for name, receipts in offered.items()}
        return {name: offered[name].subscriber(key) if key else None for name, key in keys.items()}
