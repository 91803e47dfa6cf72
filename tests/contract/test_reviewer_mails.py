"""Reviewers are told by one mail a day at most what is new for them, by a mail server that keeps what it took."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from scheduler.channels.smtp.smtp_talk import SmtpDouble
from scheduler.clock import VirtualClock
from scheduler.domain.invitation import Invitation
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.transactional_email import LetterState
from scheduler.domain.via import Via
from scheduler.errors import UsageError
from scheduler.services import invitations, signatures
from scheduler.services.approvals import settle_requests
from scheduler.services.context import Actor, Context, SeasonContext, about_season
from scheduler.services.holds import hold, resume
from scheduler.services.reviewer_mails import ReviewerMailer, reviewers_told
from scheduler.services.seasons import rehearse
from scheduler.services.subscribers import erase
from scheduler.settings import Secrets
from scheduler.store import Ledger, open_ledger
from scheduler.wiring import load_settings
from tests.support.reading_site import BEN, CAMPAIGN, FACTS, FIRST, SEASON, ReadingSite

ADDRESS = "ben.private@example.org"
LINK = re.compile(r"https://news\.safe-week\.internal(/r/[A-Za-z0-9_-]{43})")
NINE = datetime(2026, 12, 20, 14, 5, tzinfo=UTC)  # 09:05 in New York
DAY = timedelta(days=1)


class Mailed:
    """A season under review, with a mail server beside it."""

    def __init__(self, folder: Path, smtp: SmtpDouble, *, policy: str = "", **more: str) -> None:
        self.site, self.smtp = ReadingSite(folder, policy=policy), smtp
        self.use(**more)
        self.at(NINE)
        self.link = self.invite(ADDRESS)

    def at(self, now: datetime) -> None:
        self.site.clock = self.site.project.clock = VirtualClock(now)

    def use(self, **more: str) -> None:
        env = {
            "MODE": "live",
            "PUBLIC_URL": "https://news.safe-week.internal",
            "CHANNELS__EMAIL__TRANSPORT": "smtp",
            "CHANNELS__EMAIL__STARTTLS": "false",
            "CHANNELS__EMAIL__BASE_URL": self.smtp.base_url,
            **more,
        }
        settings = load_settings(self.site.folder, {f"OBSERVANCE_{name}": value for name, value in env.items()})
        self.site.project.settings = replace(settings, secrets=Secrets({"SECRET_KEY": "not-a-secret-only-a-test"}))

    @property
    def desk(self) -> SeasonContext:
        site, ada = self.site, Actor("Ada", "coordinator", Via.SIGN_IN)
        context = Context(site.project, site.ledger, site.clock, ada)
        return about_season(context, SeasonKey(CAMPAIGN, SEASON))

    def invite(self, email: str, name: str = BEN, role: str = FACTS) -> str:
        made = invitations.invite(self.desk, name, role, email=email)
        self.site.link = made.path
        return made.path

    def passes(self, at: datetime) -> list[str]:
        """What the mail server took of a pass at ``at``, by a process that was just started."""
        self.at(at)
        before = len(self.smtp.mails)
        ReviewerMailer(self.site.project, self.site.ledger, lambda: [self.rehearsal()]).after_pass()
        return [mail.text for mail in self.smtp.mails[before:]]

    def rehearsal(self) -> Rehearsal:
        return rehearse(self.site.project, CAMPAIGN, SEASON, ledger=self.site.ledger)

    def words(self) -> str:
        """What the coordinator reads of Ben's mails."""
        return next(t.words for t in reviewers_told(self.desk) if t.invitation.name == BEN)


@pytest.fixture
def smtp() -> Iterator[SmtpDouble]:
    with SmtpDouble() as double:
        yield double


@pytest.fixture
def mailed(tmp_path: Path, smtp: SmtpDouble) -> Mailed:
    return Mailed(tmp_path, smtp)


def test_one_mail_a_day_and_only_when_something_is_new(mailed: Mailed) -> None:
    """At the set hour, with the person's own link, which goes on working; the next one only for what is new."""
    assert [] == mailed.passes(NINE - timedelta(minutes=10)), "not before the hour"
    (text,) = mailed.passes(NINE)
    assert "5 items" in text
    assert "minutes" in text
    (link,) = LINK.findall(text)
    assert mailed.link == link, "the very link that Ben was given"
    assert 200 == mailed.site.get(link=link).status_code
    (mail,) = mailed.smtp.mails
    assert (ADDRESS, "Something waits for you to read") == (mail.readers[0], mail.subject)
    assert [] == mailed.passes(NINE + timedelta(hours=1)), "once a day, whichever process asks"
    assert [] == mailed.passes(NINE + DAY), "nothing is new"

    assert [] == mailed.passes(NINE + DAY + timedelta(hours=9)), "not after the hours"
    assert mailed.words().startswith("last email sent on Sunday, December 20, 2026, 9:05 AM")


def test_a_change_that_was_asked_for_is_told_first(mailed: Mailed) -> None:
    """By the name of its item; whoever was told that it waits is told again, since it is another form now."""
    mailed.passes(NINE)
    mailed.site.act(FIRST, "changes", "That figure is old.")
    assert [] == mailed.passes(NINE + DAY), "it waits for others, not for Ben"
    mailed.site.edit(FIRST, "How many", "How very many")
    (text,) = mailed.passes(NINE + 2 * DAY)
    told = text.index("What you asked for: it was changed.")
    assert told < text.index("How very many") < text.index("To read and judge: 4 items")


def test_what_was_approved_and_has_changed_is_named(mailed: Mailed) -> None:
    """Apart from what nobody has read yet: who approved it may think that all is done."""
    mailed.site.act(FIRST, "approve")
    assert "after you had your say" not in mailed.passes(NINE)[0]
    mailed.site.edit(FIRST, "How many", "How very many")
    (text,) = mailed.passes(NINE + DAY)
    assert "Of those, this one was changed after you had your say. Your page shows how." in text
    assert text.count("How very many") == 1


def test_a_request_that_is_declined_comes_back(mailed: Mailed) -> None:
    """Nothing was changed, and it waits for a word of Ben's all the same: that is new."""
    mailed.passes(NINE)
    mailed.site.act(FIRST, "changes", "That figure is old.")
    settle_requests(mailed.desk, FIRST, comment="It is the newest one.")
    assert 1 == len(mailed.passes(NINE + DAY))


def test_what_is_needed_within_two_days_is_told_again(mailed: Mailed) -> None:
    """Though it was told before; and not while there is time."""
    mailed.passes(NINE)
    due = min(m.due_at for m in mailed.rehearsal().messages)
    days = (due - NINE).days
    assert [] == mailed.passes(NINE + (days - 3) * DAY)
    (text,) = mailed.passes(NINE + (days - 1) * DAY)
    assert "The first is needed by" in text


def test_who_verifies_help_lines_is_told_when_that_counts(mailed: Mailed) -> None:
    """Fourteen days before the first day; no more once they have signed, and nobody else."""
    folder, site = mailed.site.folder / "campaigns" / CAMPAIGN, mailed.site
    file = folder / "contacts.toml"
    file.write_text(file.read_text().replace("2026-12-28", "2026-12-01"))
    (text,) = mailed.passes(NINE)
    assert "help line" not in text, "December 20 is a day too soon"
    (text,) = mailed.passes(NINE + DAY)
    assert "From now on, checking a help line counts for this season: 3 lines to try" in text
    assert "before January 4, 2027" in text
    ben = replace(mailed.desk, actor=Actor(BEN, FACTS, Via.LINK))
    for (kind, record), seen in signatures.records_in_use(mailed.rehearsal().plan.campaign, "contact").items():
        signatures.sign(ben, mailed.rehearsal().plan.campaign, kind, record, seen, opened=True)
    assert () == mailed.rehearsal().help_lines_to_verify((NINE + DAY).date())
    mailed.invite(ADDRESS, "Sam", "safety-reviewer")
    site.link = mailed.link
    assert () == next(t for t in reviewers_told(mailed.desk) if t.invitation.name == "Sam").waiting.help_lines


def test_killed_in_its_call_it_is_not_sent_twice(mailed: Mailed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mark is there before the call. What may have gone is said to the coordinator, and the next day goes on."""

    def killed(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(ReviewerMailer, "_send", killed)
        with pytest.raises(SystemExit):
            mailed.passes(NINE)
    assert [] == mailed.passes(NINE + timedelta(hours=2))
    assert "may not have arrived" in mailed.words()
    assert 1 == len(mailed.passes(NINE + DAY))


def test_of_two_processes_one_sends(ledger_url: str) -> None:
    """The row decides, on every database."""
    with closing(open_ledger(ledger_url, address_hash=str)) as ledger:
        _one_of_eight_takes(ledger)


def _one_of_eight_takes(ledger: Ledger) -> None:
    with ThreadPoolExecutor(4) as threads:
        took = list(threads.map(lambda _: ledger.reviewer_mails.take(ADDRESS, about=(), now=NINE), range(8)))
    assert 1 == sum(took)
    assert not ledger.reviewer_mails.take(ADDRESS.upper(), about=(), now=NINE + timedelta(hours=19))
    assert ledger.reviewer_mails.take(ADDRESS, about=(), now=NINE + timedelta(hours=24))
    ledger.reviewer_mails.end(ADDRESS, LetterState.WAITING, told=(), about=(), now=NINE + DAY)
    assert not ledger.reviewer_mails.take(ADDRESS, about=(), now=NINE + DAY + timedelta(minutes=5))
    assert ledger.reviewer_mails.take(ADDRESS, about=(), now=NINE + DAY + timedelta(minutes=40)), (
        "that one certainly did not go"
    )


def _switch_off(mailed: Mailed) -> None:
    invitations.choose_mail(replace(mailed.desk, actor=Actor(BEN, FACTS, Via.LINK)), off=True)


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda mailed: erase(mailed.desk, ADDRESS),
        lambda mailed: invitations.revoke(mailed.desk, BEN),
        lambda mailed: mailed.invite("ben.other@example.org"),
        _switch_off,
    ],
    ids=["erased", "taken back", "another address", "switched off"],
)
def test_a_link_that_ends_while_its_mail_is_made_is_not_mailed(
    mailed: Mailed, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Mailed], object]
) -> None:
    """What was read before the mail is marked counts no more: it is asked again in that step."""
    made_link = ReviewerMailer._link

    def overtaken(self: ReviewerMailer, invitation: Invitation) -> str:
        link = made_link(self, invitation)
        meanwhile(mailed)
        return link

    with monkeypatch.context() as patch:
        patch.setattr(ReviewerMailer, "_link", overtaken)
        assert [] == mailed.passes(NINE)
    assert mailed.site.ledger.reviewer_mails.last(ADDRESS) is None, "nor is it marked as one that went"


def test_a_clock_that_was_ahead_keeps_nobody_waiting(mailed: Mailed) -> None:
    """What it marked is in doubt, which the coordinator hears; a day later, by the clock that is right, it goes on."""
    assert 1 == len(mailed.passes(NINE + 9 * DAY))
    mailed.site.act(FIRST, "changes", "That figure is old.")
    mailed.site.edit(FIRST, "How many", "How very many")
    for looked_at in (False, True):
        mailed.at(NINE)
        if looked_at:
            assert [] == mailed.passes(NINE)
        assert "may not have arrived (the clock was ahead)" in mailed.words()
        assert next(t for t in reviewers_told(mailed.desk) if t.invitation.name == BEN).to_tell is not None
    assert [] == mailed.passes(NINE + timedelta(hours=2))
    assert 1 == len(mailed.passes(NINE + DAY))
    assert mailed.words().startswith("last email sent on Monday, December 21")


@pytest.mark.parametrize(
    ("trouble", "again"), [({"refused": [ADDRESS]}, 0), ({"greylists": True}, 1)], ids=["refused", "put off"]
)
def test_when_it_cannot_be_sent_the_coordinator_has_the_words(
    tmp_path: Path, trouble: dict[str, Any], again: int
) -> None:
    """What certainly did not go and may go later is tried again that morning; the rest is for a person."""
    with SmtpDouble(**trouble) as smtp:
        mailed = Mailed(tmp_path, smtp)
        assert [] == mailed.passes(NINE)
        (told,) = reviewers_told(mailed.desk)
        assert "cannot be reached by email" in told.words
        assert ADDRESS not in told.words
        assert told.to_tell is not None
        assert "5 items" in told.to_tell.text
        assert not LINK.search(told.to_tell.text)
        assert again == len(mailed.passes(NINE + timedelta(hours=1)))


def test_who_wants_no_mail_gets_none_and_can_take_it_back(mailed: Mailed) -> None:
    """By a button on their page. Another invitation at the same address does not begin it again."""
    assert "Stop these emails" in mailed.site.get().text
    mailed.site.client.post(mailed.link, data={"act": "mail-off"})
    assert [] == mailed.passes(NINE)
    assert "wants no emails since December 20, 2026: tell them yourself" == mailed.words()
    mailed.invite(ADDRESS.upper())
    assert [] == mailed.passes(NINE)
    mailed.site.client.post(mailed.site.link, data={"act": "mail-on"})
    assert 1 == len(mailed.passes(NINE))


def test_two_campaigns_of_one_reviewer_are_one_mail(mailed: Mailed) -> None:
    """Each with its own link; what was told of one stays told while the other has news."""
    campaigns = mailed.site.folder / "campaigns"
    shutil.copytree(campaigns / CAMPAIGN, campaigns / "calm-week")
    other = about_season(mailed.desk, SeasonKey("calm-week", SEASON))
    second = invitations.invite(other, BEN, FACTS, email=ADDRESS.title()).path
    (text,) = mailed.passes(NINE)
    assert [mailed.link, second] == LINK.findall(text)
    assert 2 == text.count("5 items")
    assert "10 things wait for you" in text
    assert [] == mailed.passes(NINE + DAY), "nothing is new of either"


def test_a_hold_of_one_campaign_keeps_its_part_alone(mailed: Mailed) -> None:
    """The rest is told; and that part the next day, when the hold is over."""
    campaigns = mailed.site.folder / "campaigns"
    shutil.copytree(campaigns / CAMPAIGN, campaigns / "calm-week")
    other = about_season(mailed.desk, SeasonKey("calm-week", SEASON))
    second = invitations.invite(other, BEN, FACTS, email=ADDRESS).path
    hold(mailed.desk, "*", "a news story", campaign="calm-week")
    (text,) = mailed.passes(NINE)
    assert [mailed.link] == LINK.findall(text)
    resume(mailed.desk, "*", campaign="calm-week")
    (text,) = mailed.passes(NINE + DAY)
    assert second in LINK.findall(text)


def test_a_reminder_by_hand_keeps_the_address(mailed: Mailed) -> None:
    """It brings another link; the mails go on, with that one."""
    mailed.at(NINE)
    done = invitations.remind(mailed.desk, BEN, ADDRESS)
    assert done.sent
    assert "is not kept" not in done.mail.text
    (text,) = mailed.passes(NINE)
    assert done.link.endswith(LINK.findall(text)[0])


def test_the_address_goes_with_the_link(mailed: Mailed) -> None:
    """Taken back, replaced, over, or erased: then it is nowhere. It never is in a record of what happened, nor logged."""
    kept = mailed.site.ledger.invitations
    invitations.revoke(mailed.desk, BEN)
    mailed.invite("")
    assert [""] * 2 == [i.email for i in kept.of_season(mailed.desk.key) if i.name == BEN][-2:]
    mailed.invite(ADDRESS)
    mailed.passes(NINE)
    erase(mailed.desk, ADDRESS.title())
    assert not [i for i in kept.of_season(mailed.desk.key) if i.email]
    assert mailed.site.ledger.reviewer_mails.last(ADDRESS) is None
    mailed.invite(ADDRESS)
    mailed.passes(NINE + timedelta(days=60))
    assert not [i for i in kept.of_season(mailed.desk.key) if i.email], "the link is over"


@pytest.mark.parametrize(
    "gone",
    [
        lambda mailed: invitations.revoke(mailed.desk, BEN),
        lambda mailed: mailed.invite(""),
        lambda mailed: mailed.passes(NINE + 60 * DAY),
        lambda mailed: (mailed.at(NINE + 60 * DAY), mailed.invite("")),
        lambda mailed: (mailed.at(NINE + 60 * DAY), invitations.revoke(mailed.desk, BEN)),
        lambda mailed: erase(mailed.desk, ADDRESS),
    ],
    ids=["taken back", "replaced", "over", "over and replaced", "over and taken back", "erased"],
)
def test_an_address_that_goes_is_in_no_file(mailed: Mailed, gone: Callable[[Mailed], object]) -> None:
    """Of the ledger, its write-ahead log, the records and whatever else the program keeps beside them; nor what the
    link is made from. It was somewhere before, and somebody else's stays."""
    mailed.invite("eve.other@example.org", "Eve")
    mailed.passes(NINE)
    mailed.use(MODE="rehearsal")
    mailed.passes(NINE + timedelta(hours=1))
    mailed.use()
    engine = mailed.site.ledger.invitations._database.engine
    event.listen(engine, "checkout", lambda raw, *_: raw.execute("PRAGMA secure_delete=OFF"))  # some builds have it on
    eve = replace(mailed.desk, actor=Actor("Eve", FACTS, Via.LINK))
    invitations.decline(eve, "I am away. " * 40)
    mailed.invite("", "Sam " * 40)
    invitations.take_up(eve)  # leaves a gap in the page: the next row that changes moves there
    (seed,) = (i.link_seed for i in mailed.desk.invitations() if i.email == ADDRESS)

    def files_with(words: str) -> list[Path]:
        files = (path for path in mailed.site.folder.rglob("*") if path.is_file())
        return [path for path in files if words.lower().encode() in path.read_bytes().lower()]

    assert files_with("ben.private")
    assert files_with(seed)
    gone(mailed)
    assert [] == files_with("ben.private")
    assert [] == files_with(seed)
    if mailed.site.clock.now() < NINE + DAY:
        assert files_with("eve.other")


@pytest.mark.parametrize("email", ["nowhere", "a@b@c", "ben@example.org, eve@example.org", "x@y.org\r\nBcc: z@y.org"])
def test_what_is_no_address_invites_nobody(mailed: Mailed, email: str) -> None:
    """It is refused before the earlier link ends, without being repeated."""
    with pytest.raises(UsageError, match="nobody was invited") as refused:
        mailed.invite(email)
    assert email not in refused.value.message
    assert 200 == mailed.site.get().status_code


def test_neither_address_nor_link_is_written_down(mailed: Mailed, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the history, the log, or anything that an invitation shows of itself."""
    caplog.set_level(logging.DEBUG)
    (text,) = mailed.passes(NINE)
    (link,) = LINK.findall(text)
    (invitation,) = [i for i in mailed.desk.invitations() if i.email]
    events = repr(mailed.site.ledger.events.newest())
    assert "reviewer-mail.sent" in events
    for secret in ("ben.private", link.removeprefix("/r/")):
        assert secret not in caplog.text
        assert secret not in repr(invitation)
        assert secret not in events


def test_a_hold_a_rehearsal_and_no_road_send_nothing(mailed: Mailed) -> None:
    """A rehearsal shows what would go; where nothing can go, the coordinator is told."""
    mailed.use(MODE="rehearsal")
    assert [] == mailed.passes(NINE)
    mailed.passes(NINE + timedelta(hours=1))
    (record,) = (mailed.site.folder / "var" / "rehearsal").glob("reviewer-*.json")
    assert "5 items" in record.read_text(), "what would go, once a day"
    assert ADDRESS not in record.read_text()
    assert not LINK.search(record.read_text())
    mailed.use(PUBLIC_URL="https://observance.example.org")
    assert [] == mailed.passes(NINE)
    assert "`public_url` is still an example" in mailed.words()
    mailed.use(NOTICES__REVIEWERS_AT="")
    assert [] == mailed.passes(NINE)
    mailed.use()
    hold(mailed.desk, "*", "a news story")
    assert [] == mailed.passes(NINE)


def test_a_rehearsal_records_once_in_an_evening(mailed: Mailed) -> None:
    """The day is that of the campaign's place: in New York the date in UTC turns at 7 PM."""
    mailed.use(MODE="rehearsal", NOTICES__REVIEWERS_AT="18:00")
    recorded = []
    for hours in (9, 10, 11, 33, 34):
        mailed.passes(NINE + timedelta(hours=hours))
        recorded.append(len(list((mailed.site.folder / "var" / "rehearsal").glob("reviewer-*.json"))))
    assert [1, 1, 1, 2, 2] == recorded


def test_a_discreet_campaign_names_no_cause(mailed: Mailed) -> None:
    """The subject never does; where the channel is discreet, nor does the rest: items are called by their day."""
    mailed.use(CHANNELS__EMAIL__DISCREET_SUBJECT="true")
    mailed.passes(NINE)
    mailed.site.act(FIRST, "changes", "That figure is old.")
    mailed.site.edit(FIRST, "How many", "How very many")
    (text,) = mailed.passes(NINE + DAY)
    assert "- Day 1\n" in text
    assert "How very many" not in text
    assert "Safe Week" not in text.replace("Safe Week Coalition", ""), "nor the campaign's title"
