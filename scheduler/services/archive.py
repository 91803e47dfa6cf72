"""The mails that have gone out, as the public archive of each campaign shows them.

Nothing that is still to come is among them. A mail that nobody got by itself is there once a digest has told of it: the
digest leads to it. Of a digest only what it told anybody is shown. A mail with somebody's story is there for as long
as their consent holds. In a rehearsal: what was recorded as sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING

from ..clock import stopwatch
from ..content.load.slugs import read_slug
from ..domain.archive_link import SentMail, archive_path, archive_paths_in, read_archive_place
from ..domain.message import EmailBody, PostBody, consents_of, shown_of
from ..domain.post_picture import PostPicture
from ..domain.reason import ReasonCode
from ..domain.records import Delivery
from ..domain.season_key import SeasonKey
from ..errors import ObservanceError
from ..light_dataclass import dataclass
from ..project import Project, files_fingerprint
from ..subscribers.season_end import season_at
from .public_pages import FrontsAtHand
from .seasons import read_campaign, season_of

if TYPE_CHECKING:
    from ..store import Ledger


@dataclass(frozen=True)
class ArchivedMail:
    """A mail that has gone out, with its words."""

    sent: SentMail
    body: EmailBody
    path: str  # at which it is read, as it says itself: of mails of earlier releases without a slug
    card: PostPicture | None = None  # that its item's post went out with
    card_words: str = ""  # for whoever does not see it

    @property
    def changed_at(self) -> datetime:
        """Since when its words are as they are."""
        return self.sent.corrected_at or self.sent.sent_at


#: Seconds for which nobody asks whether the ledger has changed.
ASK_AGAIN = 2.0


class Archive:
    """What has gone out of a project. The words of a mail never change, so they are read from the ledger once; what
    else is shown is read again only when the ledger has a new line, and for some seconds not even that is asked."""

    def __init__(self, project: Project, ledger: Ledger, fronts: FrontsAtHand) -> None:
        self._project = project
        self._ledger = ledger
        self._fronts = fronts
        self._words: dict[str, tuple[EmailBody, int, tuple[str, ...]]] = {}  # with its number and its consents
        self.ask_again = ASK_AGAIN
        self._version: object = None
        self._asked: Callable[[], float] | None = None
        self._lists: dict[str, tuple[ArchivedMail, ...]] = {}
        self._pictured: dict[str, tuple[ArchivedMail, ...]] = {}  # likewise, with pictures
        self._cards: dict[str, tuple[PostPicture | None, str, tuple[str, ...]]] = {}  # of posts, as the words of mails
        self._found: dict[str, ArchivedMail] = {}
        self._reading = Lock()

    def of_campaign(self, campaign_id: str) -> tuple[ArchivedMail, ...]:
        """Newest first: of the season that runs, else of the latest one."""
        with self._reading:
            self._forget_what_changed()
            return self._list_of(campaign_id)

    def with_pictures(self, campaign_id: str) -> tuple[ArchivedMail, ...]:
        """The same, each with the picture that its item's post went out with."""
        with self._reading:
            self._forget_what_changed()
            if campaign_id not in self._pictured:
                days, mode = self._ledger.deliveries, self._project.settings.mode.value
                mails = self._list_of(campaign_id)
                of_days = {on: days.of_day(mode, on) for on in {mail.sent.on for mail in mails}}
                self._pictured[campaign_id] = tuple(self._with_card(mail, of_days[mail.sent.on]) for mail in mails)
            return self._pictured[campaign_id]

    def _list_of(self, campaign_id: str) -> tuple[ArchivedMail, ...]:
        if campaign_id not in self._lists:
            self._lists[campaign_id] = self._with_words(sent_mails(self._project, self._ledger, campaign_id))
        return self._lists[campaign_id]

    def find(self, place: str, slug: str) -> ArchivedMail | None:
        """The mail that was asked for at ``/c/SLUG/archive/PLACE``, of whatever season; without a slug at
        ``/archive/PLACE``.

        It is the one that went out with this very address; else the one of the campaign that has it now, if that is
        one alone.
        """
        day, path = read_archive_place(place), archive_path(slug, place)
        if day is None:
            return None
        with self._reading:
            self._forget_what_changed()
            found = self._found.get(path) or self._look(day[0], place, slug, path)
            if found is not None:  # of addresses that lead nowhere nobody keeps a list
                self._found[path] = found
            return found

    def _look(self, on: date, place: str, slug: str, path: str) -> ArchivedMail | None:
        """The ledger alone says almost always which mail it is; a campaign's files are read where it does not."""
        mode = self._project.settings.mode.value
        of_day = self._ledger.deliveries.of_day(mode, on)
        mails = self._with_words(_as_sent(self._ledger, mode, of_day))
        there = [m for m in mails if m.sent.place == place and self._fronts.serves(m.sent.campaign)]
        whose = [self._fronts.campaign_of(slug)] if slug else self._fronts.campaigns
        own = [mail for mail in there if mail.sent.campaign in whose]
        if named := [mail for mail in there if mail.path == path]:
            found = named[0] if len(named) == 1 else max(named, key=self._rank(whose))
        elif len({mail.sent.campaign for mail in own}) == 1:
            found = max(own, key=self._rank(whose))
        else:
            return None
        found = self._with_card(found, of_day)
        if found.sent.corrected_at is None:
            return found
        return replace(found, sent=replace(found.sent, time_zone=self._season_of(found)[1]))

    def _with_card(self, mail: ArchivedMail, of_day: Sequence[Delivery]) -> ArchivedMail:
        """With the picture of its item's post, once that has gone out; of several sizes the widest."""
        items = {(d.season_key, d.item) for d in of_day if d.kind == "email" and d.digest == mail.sent.digest}
        sent = [d for d in of_day if d.kind == "post" and d.digest and d.counts.accepted]
        cards = []
        for delivery in sent:
            if (delivery.season_key, delivery.item) not in items:
                continue
            picture, alt_text, consents = self._card_of(delivery.digest)
            if picture is not None and may_be_told(self._project, delivery.campaign, consents):
                cards.append((picture, alt_text))
        if not cards:
            return mail
        card, words = max(cards, key=lambda pair: pair[0].width / pair[0].height)
        return replace(mail, card=card, card_words=words)

    def _card_of(self, digest: str) -> tuple[PostPicture | None, str, tuple[str, ...]]:
        """The picture of a post, without what it is made from; its alternative text, and the consents of the post."""
        if digest not in self._cards:
            post = self._ledger.lookups.sent_message(digest)
            body = post.body if post is not None else None
            picture = body.picture if isinstance(body, PostBody) else None
            if post is None or not isinstance(body, PostBody) or picture is None:
                self._cards[digest] = None, "", ()
            else:
                self._cards[digest] = replace(picture, drawing=""), body.alt_text, consents_of(post)
        return self._cards[digest]

    def _rank(self, whose: Sequence[str | None]) -> Callable[[ArchivedMail], tuple[bool, date, str]]:
        """Of several: a mail of the campaign that has the address now, then of the season that ends last."""
        return lambda mail: (mail.sent.campaign in whose, self._season_of(mail)[0], mail.sent.campaign)

    def _season_of(self, mail: ArchivedMail) -> tuple[date, str]:
        """The last day of a mail's season, and the zone of its campaign; its own day where the files are gone."""
        try:
            campaign, _ = read_campaign(self._project, mail.sent.campaign)
            return season_of(self._project, campaign, mail.sent.season).end_on, campaign.time_zone
        except ObservanceError:
            return mail.sent.on, "UTC"

    def _forget_what_changed(self) -> None:
        """In UTC: a day that begins between two looks only means reading again."""
        if self._asked is not None and self._asked() < self.ask_again:
            return
        project = self._project
        version = (self._ledger.events.version(), f"{project.clock.now():%Y-%m-%d %H}", project.settings, self._files())
        if version != self._version:
            self._lists.clear()
            self._pictured.clear()
            self._found.clear()
        self._version, self._asked = version, stopwatch()

    def _files(self) -> tuple[str, ...]:
        return tuple(files_fingerprint(self._project.root, campaign) for campaign in self._fronts.campaigns)

    def _with_words(self, mails: Iterable[SentMail]) -> tuple[ArchivedMail, ...]:
        found = []
        for mail in mails:
            if mail.digest not in self._words:
                message = self._ledger.lookups.sent_message(mail.digest)
                if message is not None and isinstance(message.body, EmailBody):
                    self._words[mail.digest] = message.body, message.number, consents_of(message)
            if mail.digest in self._words:
                body, number, consents = self._words[mail.digest]
                if not may_be_told(self._project, mail.campaign, consents):
                    continue
                numbered = replace(mail, number=number)
                body = shown_of(body, mail.told) if body.pieces else body
                found.append(ArchivedMail(numbered, body, self._path_of(numbered, body)))
        return tuple(found)

    def _path_of(self, mail: SentMail, body: EmailBody) -> str:
        own = f"/archive/{mail.place}"
        named = next((path for path in archive_paths_in(body.html) if path.endswith(own)), "")
        return named or archive_path(read_slug(self._project.root, mail.campaign), mail.place)


def may_be_told(project: Project, campaign_id: str, consents: Sequence[str]) -> bool:
    """Whether each consent to a story holds today; where nobody can say, it does not."""
    if not consents:
        return True
    try:
        campaign, _ = read_campaign(project, campaign_id)
    except ObservanceError:
        return False
    today = project.today(campaign)
    found = [campaign.consents.get(name) for name in consents]
    return all(consent is not None and consent.holds_on(today) for consent in found)


def sent_mails(project: Project, ledger: Ledger, campaign_id: str) -> tuple[SentMail, ...]:
    """The mails of a campaign that have gone out to anybody, newest first: of its season that runs, else of its latest
    one."""
    try:
        campaign, _ = read_campaign(project, campaign_id)
    except ObservanceError:
        return ()
    running, ended = season_at(campaign, project.today(campaign))
    season = running or ended
    if season is None:
        return ()
    mode = project.settings.mode.value
    deliveries = ledger.deliveries.of_season(mode, SeasonKey(campaign.id, season.year))
    found = _as_sent(ledger, mode, deliveries, campaign.time_zone)
    return tuple(sorted(found, key=lambda mail: (mail.on, mail.is_digest, mail.sent_at), reverse=True))


def _as_sent(ledger: Ledger, mode: str, deliveries: Sequence[Delivery], zone: str = "UTC") -> list[SentMail]:
    by_mail = [d for d in deliveries if d.kind == "email" and d.digest]
    told = {key: ledger.recipients.told_by_digests(mode, key) for key in {d.season_key for d in by_mail}}
    since = {
        (key, item): min(at for at, items in digests.values() if item in items)
        for key, digests in told.items()
        for item in frozenset[str]().union(*(items for _, items in digests.values()))
    }
    found: dict[tuple[SeasonKey, str], SentMail] = {}
    for delivery in by_mail:
        # By channel, each item once: the words are the same.
        name = delivery.season_key, delivery.item
        sent_at = delivery.opened_at if delivery.counts.accepted else since.get(name)
        if sent_at is not None:
            mail = SentMail(
                delivery.campaign,
                delivery.on,
                delivery.item == f"digest-{delivery.on}",
                delivery.digest,
                sent_at,
                delivery.corrected_at,
                zone,
                delivery.has(ReasonCode.TEXT_CHANGED),
                season=delivery.season_key.season,
                told=told[delivery.season_key].get(delivery.id, (sent_at, frozenset()))[1],
            )
            found.setdefault(name, mail)
    return list(found.values())
