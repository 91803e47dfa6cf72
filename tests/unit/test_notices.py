"""What people are told, rule by rule: when, in which words, and not again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.approval import Approvals
from scheduler.domain.campaign import Campaign, Season
from scheduler.domain.claim import Contact, ContactStatus, Signature, Signatures
from scheduler.domain.delivery import State
from scheduler.domain.leave_page import Found, LeavePage
from scheduler.domain.pause import ChannelPause
from scheduler.domain.reason import HoldReason, ReasonCode, because
from scheduler.domain.records import SOMETHING_TERRIBLE, Counts, Delivery, Hold
from scheduler.domain.sender import Sender
from scheduler.engine.alert_rules import (
    AlertContext,
    CampaignProblem,
    Notice,
    interrupted_notice,
    notices,
    one_text,
    problem_notice,
    without_repeats,
)
from scheduler.settings import Notices
from tests.support.factories import item
from tests.support.reasons import says
from tests.support.world import HERE, a_campaign, a_post, an_approval

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SEASON = Season(2027, date(2027, 1, 1), date(2027, 1, 31))


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def a_delivery(day: int = 11, channel: str = "x", **more: Any) -> Delivery:
    given: dict[str, Any] = {
        "id": day * 10 + (channel == "email"),
        "mode": "live",
        "campaign": "a-month",
        "season": 2027,
        "item": f"day-{day}",
        "channel": channel,
        "kind": "email" if channel == "email" else "post",
        "on": date(2027, 1, day),
        "due_at": at(day),
        "expires_at": at(day, 0) + timedelta(days=1),
        "state": State.SCHEDULED,
        "changed_at": at(1, 0),
    }
    if "note" in more:  # said in words alone
        given |= {"detail": more.pop("note"), "reasons": (because(ReasonCode.UNCLASSIFIED),)}
    if "why" in more:
        given["reasons"] = (more.pop("why"),)
    return Delivery(**{**given, **more})


def a_line(**more: Any) -> Contact:
    given: dict[str, Any] = {
        "id": "line",
        "kind": "phone",
        "value": "1-888-373-7888",
        "label": "Hotline",
        "purpose": "help",
        "status": ContactStatus.ACTIVE,
        "where": HERE,
        "verified_on": date(2026, 11, 1),
    }
    return Contact(**{**given, **more})


def a_picture(now: datetime, deliveries: Iterable[Delivery] = (), **more: Any) -> AlertContext:
    campaign: Campaign = more.pop("campaign", a_campaign())
    return AlertContext(
        now, campaign, SEASON, more.pop("live", True), more.pop("rules", Notices()), tuple(deliveries), **more
    )


def said(picture: AlertContext) -> list[str]:
    return [n.text for n in notices(picture)]


def keys(found: Sequence[Notice]) -> frozenset[str]:
    return frozenset(key for n in found for key in n.keys)


# -- before it goes out ---------------------------------------------------------------------------------


MORNING_MESSAGE = Notices(before_sending="09:00", before_sending_to=("ada@example.org",))


def before(now: datetime, deliveries: Iterable[Delivery], **more: Any) -> list[Notice]:
    picture = a_picture(now, deliveries, **{"rules": MORNING_MESSAGE, **more})
    return [n for n in notices(picture) if n.code == "before-sending"]


def test_the_morning_says_what_goes_and_when() -> None:
    """One message, to who wants it, with its own title; once, and the next day again."""
    (notice,) = before(at(11, 9), [a_delivery(), a_delivery(channel="email"), a_delivery(12)])
    assert "Goes at 10:00 AM, approved, all green: day-11 on x, day-11 on email." == notice.text
    assert ("ada@example.org",) == notice.to
    title, text = one_text([notice])
    assert "Observance: Monday, January 11, 2027: goes at 10:00 AM, approved, all green" == title
    assert "doctor" not in text
    assert [] == before(at(11, 9), [a_delivery()], told=frozenset(notice.keys))
    assert 1 == len(before(at(12, 9), [a_delivery(12)], told=frozenset(notice.keys)))


@pytest.mark.parametrize(
    ("now", "more"),
    [
        (at(11, 8, 59), {}),  # too early
        (at(11, 10), {}),  # it is due: from now on the other rules tell
        (at(10, 9), {}),  # a day with nothing due
        (at(11, 9), {"live": False}),
        (at(11, 9), {"rules": Notices()}),  # off, unless somebody wants it
    ],
)
def test_the_morning_is_quiet_where_there_is_nothing_to_say(now: datetime, more: dict[str, Any]) -> None:
    assert [] == before(now, [a_delivery()], **more)


def test_the_morning_says_what_is_in_the_way() -> None:
    """Never green where it is not: what the last check would say, a pause, a page to leave by that is not there."""
    two = [a_delivery(), a_delivery(channel="email")]
    (notice,) = before(at(11, 9), two, in_the_way=lambda d: "nobody has approved it" if d.channel == "x" else "")
    assert "day-11 on x: nobody has approved it. The other 1 message of today: approved, all green." in notice.text
    assert "Goes at" not in notice.text
    assert "Observance: Monday, January 11, 2027: not all of it will go" == one_text([notice])[0]
    (paused,) = before(at(11, 9), [a_delivery()], pauses=(ChannelPause("x", 3, at(11, 8), at(11, 11)),))
    assert "all green" not in paused.text
    (no_page,) = before(at(11, 9), two, leave_page=Found(LeavePage.WRONG, "no answer"))
    assert "day-11 on email: " in no_page.text


def test_what_was_all_green_and_is_not_any_more_is_told_once() -> None:
    """Whoever read "all green" at nine is told when something gets in the way before ten; and not the other way round."""
    two = [a_delivery(), a_delivery(channel="email")]
    (green,) = before(at(11, 9), two)
    told = frozenset(green.keys)
    assert [] == before(at(11, 9, 10), two, told=told)
    held: dict[str, Any] = {"in_the_way": lambda d: "Ada holds x" if d.channel == "x" else ""}
    (other,) = before(at(11, 9, 20), two, told=told, **held)
    assert other.text.startswith("This morning all was green, and now it is not. Due today from 10:00 AM on")
    assert "day-11 on x: Ada holds x" in other.text
    assert green.to == other.to
    assert [] == before(at(11, 9, 30), two, told=told.union(other.keys), **held)
    (wrong,) = before(at(11, 9), two, **held)
    assert [] == before(at(11, 9, 10), two, told=frozenset(wrong.keys))


def test_a_terrible_day_is_told_at_once_and_to_the_deputy() -> None:
    """The hold with the ready reason; any other hold only when it lasts."""
    words, terrible = f"{SOMETHING_TERRIBLE} A fire in the city.", HoldReason.SOMETHING_TERRIBLE
    hold = Hold(1, "*", "Ada", words, at(11, 9), reason=terrible)
    picture = a_picture(at(11, 9), rules=Notices(deputy=("dee@example.org",)), holds=(hold,))
    usual, deputy = (n for n in notices(picture) if n.code == "terrible")
    assert "Ada holds everything" in usual.text
    assert "A fire in the city." in usual.text
    assert () == usual.to
    assert ("dee@example.org",) == deputy.to
    assert usual.text == deputy.text
    typed = replace(hold, reason=HoldReason.BY_A_PERSON)
    assert [] == [n for n in notices(replace(picture, holds=(typed,))) if n.code == "terrible"], "the same words alone"


# -- nothing went out -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("hour", "minute", "told"), [(11, 59, False), (12, 0, True), (23, 59, True)])
def test_nothing_has_gone_out_by_the_hour(hour: int, minute: int, told: bool) -> None:
    """From noon on, by the campaign's own clock, until midnight."""
    picture = a_picture(
        at(11, hour, minute), [a_delivery(note=says(ReasonCode.NOT_ARMED, season=2027)), a_delivery(channel="email")]
    )
    picture = replace(picture, told=frozenset({"waiting:110"}))
    expected = (
        "Nothing has gone out today (Monday, January 11, 2027) by 12:00 PM: "
        f"day-11 on email is scheduled; day-11 on x is scheduled: {says(ReasonCode.NOT_ARMED, season=2027)}."
    )
    assert ([expected] if told else []) == said(picture)


def test_one_silent_channel_is_named_and_a_day_that_went_out_is_not() -> None:
    """Both sent: nothing. The post alone: the mail is missed."""
    post = a_delivery(state=State.SENT)
    assert [] == said(a_picture(at(11, 12), [post, a_delivery(channel="email", state=State.SENT)]))
    (text,) = said(a_picture(at(11, 12), [post, a_delivery(channel="email")]))
    assert text.startswith("Nothing has gone out on email today")


def test_a_day_with_nothing_due_yet_is_quiet() -> None:
    """A slot after the hour gets its half hour; a day that was taken out, and one of before the start, are none."""
    late = a_delivery(due_at=at(11, 14))
    assert [] == said(a_picture(at(11, 14, 29), [late]))
    assert 1 == len(said(a_picture(at(11, 14, 30), [late])))
    quiet = [
        a_delivery(state=State.CANCELLED),
        a_delivery(channel="email", state=State.MISSED, why=because(ReasonCode.CLOSED_BEFORE_START)),
    ]
    assert [] == said(a_picture(at(11, 13), quiet))


def test_the_hour_is_that_of_the_campaigns_place() -> None:
    """Noon in New York is 17:00 UTC in January."""
    there = replace(a_campaign(), time_zone="America/New_York")
    delivery = a_delivery(due_at=at(11, 15))
    assert [] == said(a_picture(at(11, 16, 59), [delivery], campaign=there))
    assert 1 == len(said(a_picture(at(11, 17), [delivery], campaign=there)))


def test_a_mailing_that_is_under_way_has_gone_out() -> None:
    """A part of it is with the provider."""
    under_way = a_delivery(channel="email", state=State.SENDING, counts=Counts(2000, accepted=1000, waiting=1000))
    assert [] == said(a_picture(at(11, 12), [under_way]))


# -- due and does not go --------------------------------------------------------------------------------


def test_what_is_due_and_refused_is_told_while_it_can_still_be_helped() -> None:
    """Five minutes after its instant, with the reason and how long there is."""
    refused = a_delivery(note="it changed after it was approved")
    assert [] == said(a_picture(at(11, 10, 4), [refused]))
    (text,) = said(a_picture(at(11, 10, 5), [refused]))
    assert (
        "day-11 on x is due and does not go: it changed after it was approved. "
        "It can still go out until Tuesday, January 12, 2027, 12:00 AM (UTC)." == text
    )


@pytest.mark.parametrize("code", [ReasonCode.HELD, ReasonCode.CALL_LIMIT, ReasonCode.PROVIDER_LIMIT, None])
def test_what_waits_by_intention_is_not_told(code: ReasonCode | None) -> None:
    """The one who holds knows; a limit of calls needs nobody."""
    reasons = (because(code),) if code else ()
    assert [] == said(a_picture(at(11, 10, 30), [a_delivery(reasons=reasons)]))


def test_a_mailing_that_stands_still_halfway_is_told_and_one_that_goes_on_is_not() -> None:
    """Its first readers have it, the others wait for a person; a note of an earlier batch alone says nothing."""
    halfway = a_delivery(
        channel="email", state=State.SENDING, note="nobody has approved it", counts=Counts(6, accepted=2, waiting=4)
    )
    assert [] == said(a_picture(at(11, 10, 30), [halfway]))
    (text,) = said(a_picture(at(11, 10, 30), [halfway], stuck=frozenset({halfway.id})))
    assert (
        "day-11 on email is due and does not go (2 of 6 have it; 4 wait until midnight): nobody has approved it. "
        "It can still go out until Tuesday, January 12, 2027, 12:00 AM (UTC)." == text
    )


def test_a_rehearsal_needs_nobodys_approval() -> None:
    """Neither what is refused nor what lacks approval is told then."""
    picture = a_picture(
        at(11, 10, 30),
        [a_delivery(note="not armed"), a_delivery(12)],
        messages=(a_post("day-12", on=date(2027, 1, 12)),),
    )
    assert 2 == len(said(picture))
    assert [] == said(replace(picture, live=False))


# -- approvals ------------------------------------------------------------------------------------------


def test_what_is_due_soon_and_not_approved_is_named() -> None:
    """Within 48 hours; approved items, sent ones, and those further off are not."""
    posts = [a_post(f"day-{d}", on=date(2027, 1, d)) for d in range(11, 16)]
    deliveries = [a_delivery(d) for d in range(11, 16)]
    approvals = Approvals((an_approval(posts[1]),))
    picture = a_picture(at(11, 9), deliveries, messages=tuple(posts), approvals=approvals)
    assert ["1 item due within 48 hours lacks approval: day-11 on x (Jan 11)."] == said(picture)
    assert "2 items due within 48 hours lack approval" in said(replace(picture, approvals=Approvals()))[0]
    strict = replace(picture, unmet=lambda message: True)
    assert "2 items due within 48 hours lack approval" in said(strict)[0], "where the policy wants more than one"
    sent = [replace(d, state=State.SENT) for d in deliveries]
    assert [] == said(replace(picture, deliveries=tuple(sent)))
    assert [] == said(replace(picture, rules=Notices(unapproved_hours=0)))


def test_an_item_is_named_by_its_headline_and_a_help_line_by_its_name() -> None:
    """With what commands take behind it."""
    post, line = a_post("day-11", on=date(2027, 1, 11)), a_line(verified_on=None)
    known = replace(item("day-11"), title="Blue day")
    campaign = replace(a_campaign(), items={"day-11": known}, contacts={"line": line})
    picture = replace(a_picture(at(11, 9), [a_delivery(11)], messages=(post,)), campaign=campaign)
    assert "lacks approval: “Blue day” (day-11) on x (Jan 11)." in said(picture)[0]
    (notice,) = notices(replace(picture, deliveries=(), help_lines=("line", "other")))
    assert f"Left to try: {line.label} (line), other." in notice.text


def test_a_void_approval_is_none() -> None:
    """One changed comma, and it lacks approval."""
    post = a_post("day-12", on=date(2027, 1, 12))
    changed = a_post("day-12", on=date(2027, 1, 12), text="The post of day-12, changed.")
    approvals = Approvals((an_approval(post),))
    picture = a_picture(at(11, 11), [a_delivery(12)], messages=(post,), approvals=approvals)
    assert [] == said(picture)
    assert 1 == len(said(replace(picture, messages=(changed,))))


def test_an_approval_that_ends_on_the_day_is_told_at_once() -> None:
    """Not only the next morning, when it would have been due; with whoever has to look again; once for each form."""
    post, other = a_post("day-11", on=date(2027, 1, 11)), a_post("day-12", on=date(2027, 1, 12))
    changed, again = (a_post("day-11", on=date(2027, 1, 11), text=f"The post of day-11, {n}.") for n in ("one", "two"))
    approvals = Approvals((an_approval(post),))
    picture = a_picture(at(11, 9), [a_delivery(11), a_delivery(12)], messages=(post, other), approvals=approvals)
    (morning,) = notices(picture)
    assert morning.text.endswith("1 item due within 48 hours lacks approval: day-12 on x (Jan 12).")
    later = replace(picture, told=frozenset(morning.keys), messages=(changed, other))
    (lapsed,) = notices(later)
    assert lapsed.text == (
        "Changed since Ada approved it: day-11 on x (Jan 11). It goes out once it is approved again as it stands now; "
        "the first is due Monday, January 11, 2027, 10:00 AM (UTC)."
    )
    known = replace(later, told=later.told | set(lapsed.keys))
    assert () == notices(known)
    assert 1 == len(notices(replace(known, messages=(again, other))))
    twice = replace(later, approvals=Approvals((an_approval(post), an_approval(changed))), unmet=lambda m: True)
    assert () == notices(twice), "who approved it has said yes to this form, too"
    assert "Changed since Ada approved it" in notices(replace(later, told=frozenset()))[0].text


# -- help lines -----------------------------------------------------------------------------------------


def tried_on(contact: Contact, day: date) -> Signature:
    return Signature("contact", contact.id, contact.record_hash(), "Ada", "safety", day)


def with_line(now: datetime, contact: Contact, last_day: int = 31, **more: Any) -> AlertContext:
    campaign = replace(a_campaign(), contacts={"line": contact})
    messages = tuple(
        replace(a_post(f"day-{d}", on=date(2027, 1, d)), contacts=("line",)) for d in range(1, last_day + 1)
    )
    return a_picture(now, campaign=campaign, messages=messages, live=False, **more)


def test_a_help_line_is_told_when_its_verification_ends_before_its_messages() -> None:
    """Verified on 20 October, good for 90 days until 18 January: told from 14 days before, once."""
    contact = a_line()
    tried = Signatures((tried_on(contact, date(2026, 10, 20)),))
    assert [] == said(with_line(at(3), contact, signatures=tried))
    (notice,) = notices(with_line(at(4), contact, signatures=tried))
    assert "line (Hotline) was last verified on October 20, 2026; that ends in 14 days" in notice.text
    assert [] == said(with_line(at(5), contact, told=frozenset(notice.keys), signatures=tried))
    assert [] == said(with_line(at(4), contact, last_day=18, signatures=tried))


def test_a_sign_off_verifies_it_anew() -> None:
    """Of this very record; of an earlier form of it, it does not."""
    contact = a_line(verified_on=date(2026, 10, 20))
    signed = Signatures((tried_on(contact, date(2027, 1, 2)),))
    assert [] == said(with_line(at(10), contact, signatures=signed))
    moved = replace(contact, verified_on=date(2027, 1, 10))
    (notice,) = notices(with_line(at(10), moved, signatures=signed))
    assert "was changed since Ada signed it on 2027-01-02, and messages with it are not sent. Try it" in notice.text
    again = replace(moved, verified_by="Ada")
    assert 1 == len(said(with_line(at(10), again, signatures=signed, told=frozenset(notice.keys)))), "another change"


def test_a_line_that_ended_or_was_never_tried_says_so() -> None:
    """Over, today, never; that nobody ever tried it is told once, too, and not each morning anew."""
    contact = a_line()
    tried = Signatures((tried_on(contact, date(2026, 10, 20)),))
    assert "that ended on January 18, 2027" in said(with_line(at(25), contact, signatures=tried))[0]
    assert "that ends today" in said(with_line(at(18), contact, signatures=tried))[0]
    never = with_line(at(4), a_line(verified_on=None))
    assert "is not signed yet, and messages with it are not sent. Try it" in said(never)[0]
    assert [] == said(replace(with_line(at(5), a_line(verified_on=None)), told=keys(notices(never))))
    assert [] == said(with_line(at(4), a_line(verified_on=None, status=ContactStatus.SUPERSEDED)))
    assert [] == said(with_line(at(4), a_line(verified_on=None), rules=Notices(help_line_days=0)))


def test_it_is_told_once_when_a_check_of_help_lines_begins_to_count() -> None:
    """With what is left to try; off with the other word about help lines."""
    picture = a_picture(at(1, 9), help_lines=("line", "text-line"))
    (notice,) = notices(picture)
    assert "From now on, checking a help line counts for season 2027" in notice.text
    assert "Left to try: line, text-line." in notice.text
    assert [] == said(replace(picture, told=frozenset(notice.keys)))
    assert [] == said(replace(picture, help_lines=()))
    assert [] == said(replace(picture, rules=Notices(help_line_days=0)))


# -- unknown, missed, failed ----------------------------------------------------------------------------


def test_a_doubt_is_told_when_the_records_should_have_settled_it() -> None:
    """Three minutes for X, and five of grace; then each morning until somebody settles it."""
    doubt = a_delivery(state=State.UNKNOWN, changed_at=at(11), note="no answer", counts=Counts(1, unknown=1))
    settle = {"x": timedelta(minutes=3)}
    rules = Notices(nothing_out_by="")
    picture = a_picture(at(11, 10, 7), [doubt], settle=settle, rules=rules)
    assert [] == said(picture)
    (of_mail,) = said(replace(picture, now=at(11, 10, 8), deliveries=(replace(doubt, channel="email", kind="email"),)))
    assert "look in the log of your mail server or the activity of your email provider whether it went out" in of_mail
    (notice,) = notices(replace(picture, now=at(11, 10, 8)))
    assert (
        "day-11 on x (Jan 11) is unknown: it may have gone out: no answer. "
        "To settle it, look at your account on X whether it went out, then: resolve 110 --as sent, or --as not-sent; "
        "if you cannot tell, say sent: twice is worse than once." == notice.text
    )
    told = frozenset(notice.keys)
    assert [] == said(replace(picture, now=at(12, 8, 59), told=told))
    assert 1 == len(said(replace(picture, now=at(12, 9), told=told)))


def test_missed_days_are_told_once_and_many_of_them_in_one_line() -> None:
    """Two are named; more are counted, by their reason."""
    note = f"{says(ReasonCode.CLOSED_UNSENT)}: nothing ran"
    few = [a_delivery(5, state=State.MISSED, note=note), a_delivery(5, "email", state=State.MISSED, note=note)]
    assert [f"day-5 on x and day-5 on email were missed: {note}."] == said(a_picture(at(6), few))
    many = [a_delivery(d, c, state=State.MISSED, note=note) for d in (3, 4, 5) for c in ("x", "email")]
    found = notices(a_picture(at(6), many))
    assert [f"6 items of Jan 3 to Jan 5 (3 email, 3 x) were missed: {note}."] == [n.text for n in found]
    assert [] == said(a_picture(at(20), many, told=keys(found)))
    more = [*many, a_delivery(7, state=State.MISSED, note=note)]
    assert [f"day-7 on x (Jan 7) was missed: {note}."] == said(a_picture(at(8), more, told=keys(found)))


def test_a_mailing_that_did_not_get_to_all_is_told_with_its_part() -> None:
    """It stands as partly sent; those whom the closed window left out are said, once."""
    counts = Counts(6, accepted=2, skipped=4, missed=4)
    mail = a_delivery(5, "email", state=State.PARTLY_SENT, note=says(ReasonCode.CLOSED_UNSENT), counts=counts)
    (notice,) = notices(a_picture(at(6), [mail]))
    assert (
        f"day-5 on email (Jan 5) is partly sent: 2 of 6 have it; 4 have not got it. {says(ReasonCode.CLOSED_UNSENT).capitalize()}."
        == notice.text
    )
    assert [] == said(a_picture(at(7), [mail], told=frozenset(notice.keys)))
    restored = replace(mail, reasons=(because(ReasonCode.RESTORED, copied_at=at(4, 3)),))
    assert 1 == len(said(a_picture(at(6), [restored]))), "told as restored alone"


def test_what_a_backup_held_back_is_told_and_what_came_before_the_start_is_not() -> None:
    """The first needs a person, the second never will."""
    restored = a_delivery(5, state=State.MISSED, why=because(ReasonCode.RESTORED, copied_at=at(4, 3)))
    before = a_delivery(4, state=State.MISSED, why=because(ReasonCode.CLOSED_BEFORE_START))
    (text,) = said(a_picture(at(6), [restored, before]))
    assert "restored from a backup" in text


def test_a_failure_is_told_with_its_part() -> None:
    """A post, or some readers' batches of a mailing."""
    post = a_delivery(5, state=State.FAILED, note="400: no such account")
    mail = a_delivery(5, "email", state=State.PARTLY_SENT, counts=Counts(3000, accepted=2000, failed=1000), note="413")
    assert [
        "day-5 on x (Jan 5) has failed: 400: no such account.",
        "day-5 on email (Jan 5) is partly sent: 2,000 of 3,000 have it; 1,000 have not got it. 413.",
    ] == said(a_picture(at(6), [post, mail]))
    (text,) = said(a_picture(at(5, 11), [mail]))
    assert text.endswith(
        "When its cause is gone, it can be tried once more: retry 51, until Wednesday, January 6, 2027, 12:00 AM (UTC)."
    )


def test_a_mailing_is_told_once_whatever_kept_it_from_whom() -> None:
    """Refused for some and too late for others is one notice; while the rest goes out within minutes it is none yet."""
    both = Counts(6, accepted=2, failed=1, skipped=3, missed=3)
    mail = a_delivery(5, "email", state=State.PARTLY_SENT, note="413", counts=both)
    (notice,) = notices(a_picture(at(6), [mail]))
    assert "2 of 6 have it; 4 have not got it" in notice.text
    assert [] == said(a_picture(at(7), [mail], told=frozenset(notice.keys)))
    under_way = replace(mail, state=State.SENDING, counts=Counts(6, accepted=2, failed=1, waiting=3))
    assert [] == said(a_picture(at(5, 10, 4), [under_way]))
    (text,) = said(a_picture(at(5, 10, 5), [under_way]))
    assert text.startswith(
        "day-5 on email (Jan 5) is sending: 2 of 6 have it; 3 wait until midnight; 1 has not got it."
    )


def test_a_hold_names_the_mailing_that_it_stopped_halfway() -> None:
    """In the numbers that stand everywhere; hours are those of the campaign's place."""
    hold = Hold(3, "email", "Ada", "a storm", at(5, 10))
    counts = Counts(6, accepted=2, waiting=4)
    mail = a_delivery(
        5, "email", state=State.HELD, why=because(ReasonCode.HELD, who="Ada", since_at=at(5)), counts=counts
    )
    (text,) = said(a_picture(at(5, 22), [mail], holds=(hold,)))
    assert "day-5 on email is held: 2 of 6 have it; 4 wait until midnight. To go on: resume." in text
    there = replace(a_campaign(), time_zone="America/New_York")
    late = replace(mail, state=State.MISSED, counts=Counts(6, skipped=6, missed=6))
    assert "held by Ada since January 5, 2027, 5:00 AM" in said(a_picture(at(6), [late], campaign=there))[0]


# -- holds and money ------------------------------------------------------------------------------------


def test_a_hold_is_brought_to_mind_after_hours_and_then_each_morning() -> None:
    """Twelve hours by default."""
    hold = Hold(3, "*", "Ada", "a storm", at(11, 18))
    picture = a_picture(at(12, 5, 59), holds=(hold,))
    assert [] == said(picture)
    (notice,) = notices(replace(picture, now=at(12, 6)))
    assert "A hold of everything by Ada has been in force for 12 hours: a storm. To go on: resume." == notice.text
    told = frozenset(notice.keys)
    assert [] == said(replace(picture, now=at(12, 8, 59), told=told))
    assert 1 == len(said(replace(picture, now=at(12, 9), told=told)))
    assert [] == said(replace(picture, now=at(12, 6), rules=Notices(hold_hours=0)))


def test_want_of_money_is_told_by_channel() -> None:
    """Not as something that waits for a person besides."""
    waiting = [a_delivery(d, why=because(ReasonCode.NEEDS_MONEY), detail="402: credits are used up") for d in (11, 12)]
    (text,) = said(a_picture(at(11, 10, 30), waiting))
    assert "x needs money; 2 items waiting: 402: credits are used up." == text


# -- the message ----------------------------------------------------------------------------------------


def test_several_things_are_one_message() -> None:
    """With a title that counts them, and no more than twenty lines."""
    assert (
        "Observance: something needs your attention" == one_text([problem_notice("the disk is full", "2027-01-11")])[0]
    )
    title, text = one_text([Notice((str(n),), f"thing {n}") for n in range(30)])
    assert "Observance: 30 things need your attention" == title
    assert "- and 10 more" in text
    assert text.endswith("`doctor` says what to do.")


NOT_ARMED, MONEY = (because(ReasonCode.NOT_ARMED),), (because(ReasonCode.NEEDS_MONEY),)


@given(st.text(alphabet="abc@. \n<>'", max_size=60))
def test_no_text_carries_an_address(words: str) -> None:
    """Whatever a note or a reason says."""
    hold = Hold(1, "x", "Ada", f"ask reader@readers.example {words}", at(1))
    notes = [a_delivery(5, state=State.FAILED, note=f"{words} reader@readers.example")]
    title, text = one_text(notices(a_picture(at(11), notes, holds=(hold,))))
    assert "reader@readers.example" not in title + text


def test_an_interruption_names_the_process_and_when_it_was_last_seen() -> None:
    """Its key is of that process alone: a number of a process comes again."""
    lost = Sender(
        key="abc",
        kind="start",
        pid=14,
        host="north",
        version="1",
        mode="live",
        settings_fingerprint="",
        campaigns=(),
        started_at=at(1),
        last_seen_at=at(2),
    )
    notice = interrupted_notice(lost, "America/New_York")
    assert ("interrupted:abc",) == notice.keys
    assert "started on Friday, January 1, 2027, 5:00 AM (New York) (process 14 on north) ended" in notice.text
    assert "last seen on Saturday, January 2, 2027, 5:00 AM (New York)" in notice.text


@given(
    st.lists(
        st.tuples(st.integers(1, 31), st.sampled_from(["x", "email"]), st.sampled_from(list(State)), st.integers(0, 2)),
        unique_by=lambda t: t[:2],
        max_size=12,
    ),
    st.integers(0, 40 * 24),
)
def test_what_was_told_is_not_told_again_at_the_same_instant(
    rows: list[tuple[int, str, State, int]], hours: int
) -> None:
    """Whatever the deliveries are: after telling all of it, there is nothing left to tell."""
    deliveries = [
        a_delivery(d, c, state=s, reasons=((), NOT_ARMED, MONEY)[n], counts=Counts(1, unknown=s == "unknown"))
        for d, c, s, n in rows
    ]
    picture = a_picture(at(1, 0) + hours * HOUR, deliveries)
    found = notices(picture)
    assert len(found) == len({n.keys for n in found})
    assert () == notices(replace(picture, told=keys(found)))


@pytest.mark.parametrize("page", [LeavePage.WRONG, LeavePage.UNSEEN])
def test_links_by_which_nobody_can_leave_are_told_each_morning(page: LeavePage) -> None:
    """While a mail is to come, live: what is found, and what to do."""
    now = datetime(2027, 1, 11, 9, 40, tzinfo=UTC)
    mail = a_delivery(11, "email", state=State.SCHEDULED)
    more: dict[str, Any] = {"leave_page": Found(page, "no answer in time"), "public_url": "https://news.coalition.net"}
    (told,) = (n for n in notices(a_picture(now, [mail], **more)) if n.keys[0].startswith("leave-page"))
    assert "https://news.coalition.net/c/u/check" in told.text
    assert "What to do" in told.text
    for other in (
        a_picture(now, [mail], told=keys([told]), **more),
        a_picture(now, [mail], live=False, **more),
        a_picture(now, [replace(mail, state=State.SENT)], **more),
        a_picture(now, [mail], leave_page=None),
    ):
        assert not [n for n in notices(other) if n.keys[0].startswith("leave-page")]


def test_a_notice_of_one_campaign_does_not_stand_for_anothers() -> None:
    """Two campaigns print a line of the same name: each is told, by its own name, with what its remedy needs."""
    texts: list[str] = []
    seen: set[str] = set()
    for name in ("one", "two"):
        picture = with_line(at(5), a_line(verified_on=None), told=frozenset(seen))
        campaign = replace(picture.campaign, id=name)
        (notice,) = notices(replace(picture, campaign=campaign))
        seen |= set(notice.keys)
        texts.append(notice.in_words)
        assert f"sign contact line --campaign {name} --by NAME" in notice.text
    assert ["one: The help line", "two: The help line"] == [text[:18] for text in texts]


def test_one_campaigns_bad_night_does_not_hide_anothers() -> None:
    """Each has its share of the message, and is counted by itself."""
    many = [Notice((f"a{n}",), f"number {n}", campaign="one") for n in range(30)]
    _, text = one_text([*many, Notice(("b",), "the only one", campaign="two")])
    assert "- and 20 more of one" in text
    assert "- two: the only one" in text


def test_a_hold_is_of_all_campaigns_and_names_none() -> None:
    """It is told once, however many campaigns it holds up."""
    hold = Hold(1, "*", "Ada", "a storm", at(1))
    (notice,) = notices(a_picture(at(3), holds=(hold,)))
    assert ("", ("hold:1:2027-01-03",)) == (notice.campaign, notice.keys)


def test_a_hold_of_one_campaign_is_told_of_that_one_with_the_command_that_ends_it() -> None:
    """Another campaign has nothing to say of it."""
    hold = Hold(1, "*", "Ada", "a storm", at(1), campaign="a-month")
    picture = a_picture(at(3), holds=(hold,))
    (notice,) = notices(picture)
    assert "a-month: A hold of everything of a-month by Ada has been" in notice.in_words
    assert notice.text.endswith("To go on: resume a-month.")
    assert () == notices(replace(picture, campaign=replace(picture.campaign, id="another")))


def test_a_hold_that_stopped_mailings_of_two_campaigns_halfway_names_both() -> None:
    """One campaign's numbers do not swallow another's, and the hold is not told a third time for what it stops."""
    hold = Hold(1, "*", "Ada", "a storm", at(1))
    mail = a_delivery(2, "email", state=State.HELD, counts=Counts(6, accepted=2, waiting=4))
    pictures = [
        replace(
            a_picture(at(3), [replace(mail, id=10 + n, item=f"of-{name}")] if name != "quiet" else [], holds=(hold,)),
            campaign=replace(a_campaign(), id=name),
        )
        for n, name in enumerate(("quiet", "one", "two"))
    ]
    found = without_repeats(n for picture in pictures for n in notices(picture) if n.code == "hold")
    assert ["one", "two"] == [n.campaign for n in found]
    assert all(f"of-{n.campaign} on email is held: 2 of 6 have it" in n.text for n in found)
    told = keys(found)
    assert [] == [n for picture in pictures for n in notices(replace(picture, told=told)) if n.code == "hold"]


def test_a_provider_in_trouble_is_no_one_campaigns() -> None:
    """Two campaigns wait for the same account: told once, in neither's name."""
    pause = ChannelPause("x", 2, at(2), until_at=at(3), reasons=(because(ReasonCode.NO_CONNECTION),))
    pictures = [replace(a_picture(at(2), pauses=(pause,)), campaign=replace(a_campaign(), id=n)) for n in "ab"]
    (notice,) = without_repeats(n for picture in pictures for n in notices(picture))
    assert "" == notice.campaign


def test_what_is_wrong_with_one_campaigns_files_is_told_of_that_one() -> None:
    """Two whose files cannot be read, by the same words: neither stands for the other, nor for everything."""
    one, two = (problem_notice(CampaignProblem.of(n, "a bracket is missing"), "2027-01-11") for n in ("one", "two"))
    assert one.keys != two.keys
    assert "one: Nothing of it can be sent: a bracket is missing." == one.in_words


@pytest.mark.parametrize(
    ("campaigns", "words"), [((), "`status`"), (("a",), "--campaign a`"), (("a", "b"), "--campaign NAME`")]
)
def test_the_last_line_is_a_command_that_works_where_there_are_several(campaigns: tuple[str, ...], words: str) -> None:
    """`status` is about one campaign."""
    assert words in one_text([Notice((name,), "something", campaign=name) for name in campaigns or ("",)])[1]


def test_a_remedy_names_the_campaign() -> None:
    """What a notice says to type works as it stands, where there are several campaigns."""
    changed = because(ReasonCode.TEXT_CHANGED, what="its text", have_it=2)
    mail = a_delivery(5, "email", state=State.HELD, why=changed, counts=Counts(6, accepted=2, waiting=4))
    more: dict[str, Any] = {"leave_page": Found(LeavePage.UNSEEN), "public_url": "https://news.coalition.net"}
    text = " ".join(said(a_picture(at(5, 10, 30), [mail], **more)))
    assert "approve day-5 --campaign a-month --by NAME" in text
    assert "links confirm CODE --campaign a-month --by NAME" in text


def test_help_lines_of_a_season_far_away_are_nobodys_business_yet() -> None:
    """From thirty days before its first day on."""
    first = datetime(2027, 1, 1, 10, tzinfo=UTC)
    early = with_line(first - timedelta(days=31), a_line(verified_on=None))
    assert [] == said(early)
    assert 1 == len(said(replace(early, now=first - timedelta(days=30))))


def test_an_example_that_nobody_means_to_run_says_nothing_of_its_preparation() -> None:
    """Not that a help line was never verified, nor that something lacks approval; that something failed, it does."""
    example = replace(with_line(at(5), a_line(verified_on=None)), is_example=True)
    assert [] == said(example)
    failed = replace(example, deliveries=(a_delivery(5, state=State.FAILED),))
    assert 1 == len(said(failed))
