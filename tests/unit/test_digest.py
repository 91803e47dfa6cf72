"""The digest: the stories of several days in one mail, cut from the mails of those days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.content.render.messages import RenderResult, render
from scheduler.domain.audience import EVERYBODY, Audience
from scheduler.domain.cadence import Cadence
from scheduler.domain.campaign import DigestRule
from scheduler.domain.message import EmailBody, Message, from_item, from_text, to_text
from scheduler.domain.planned_item import Plan
from scheduler.wiring import load_settings
from tests.scenarios.checking import REPOSITORY
from tests.scenarios.test_shipped_cadence import plan_of
from tests.support.world import an_email

RULE = DigestRule(0, key_days=True, days_apart=3, title="The days", subject="", preheader="All of them.")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(2027)


@pytest.fixture(scope="module")
def made(plan: Plan) -> RenderResult:
    return render(plan, load_settings(REPOSITORY, {}), REPOSITORY / "templates")


def rendered(plan: Plan, templates: Path = REPOSITORY / "templates", **changes: Any) -> RenderResult:
    month = replace(plan.campaign, **changes)
    return render(replace(plan, campaign=month), load_settings(REPOSITORY, {}), templates)


def body(message: Message) -> EmailBody:
    assert isinstance(message.body, EmailBody)
    return message.body


def test_each_day_is_told_in_the_digest_as_in_its_own_mail(made: RenderResult) -> None:
    """Every paragraph of the story, with its sources and its headline; nothing is told anew."""
    mails = {m.item: body(m) for m in made.messages if m.channel == "email"}
    told = 0
    for digest in made.digests:
        paragraphs = set(re.findall(r"<p\b.*?</p>", body(digest).html, re.DOTALL))
        for item, _ in digest.audience.parts:
            story = mails[item].html.split('<td class="card"', 1)[1].split('class="help"', 1)[0]
            own = re.findall(r"<p\b.*?</p>", story, re.DOTALL)
            assert set(own) <= paragraphs, item
            headline = re.search(r"<h1[^>]*>(.*?)</h1>", story, re.DOTALL)
            assert headline
            assert f">{headline[1]}</h2>" in body(digest).html
            told += 1
    assert 32 == told


def test_a_digest_has_one_headline_one_help_box_and_one_way_out(made: RenderResult) -> None:
    """It is one mail, not seven."""
    for digest in made.digests:
        html = body(digest).html
        assert [1, 1] == [html.count("<h1"), html.count('<td class="help"')]
        assert 1 == html.count('href="%unsubscribe_url%"')
        assert "\x02" not in html + body(digest).text
        assert not re.search("[\x00-\x08\x0b-\x1f]", html + body(digest).text)


def test_a_mail_of_a_day_holds_no_mark(made: RenderResult) -> None:
    """The marks of the story are taken out of every mail."""
    for message in made.messages:
        texts = (body(message).html, body(message).text) if message.channel == "email" else ()
        assert not [t for t in texts if re.search("[\x00-\x08\x0b-\x1f]", t)]


def test_a_digest_cut_to_a_later_day_is_what_a_digest_from_that_day_would_be(plan: Plan, made: RenderResult) -> None:
    """Byte for byte, but for help lines of the days before, which do no harm."""
    digest = made.digests[2]
    for n, (item, _) in enumerate(digest.audience.parts[1:], start=1):
        days = plan.items[4 + n : 11]
        shorter = render(
            replace(
                plan, items=days, campaign=replace(plan.campaign, digest=replace(plan.campaign.digest, key_days=False))
            ),
            load_settings(REPOSITORY, {}),
            REPOSITORY / "templates",
        ).digests[0]
        cut = from_item(digest, item)
        assert body(shorter).text.split("\nHelp\n")[0] == body(cut).text.split("\nHelp\n")[0]
        assert body(shorter).html.split('<td class="help"')[0] == body(cut).html.split('<td class="help"')[0]


def test_a_cut_keeps_the_digest_of_what_was_approved(made: RenderResult) -> None:
    """Nothing but whole days is cut off, so the approval holds for it; and nothing else than a known day is cut at."""
    digest = made.digests[1]
    first, second, *_ = (item for item, _, _ in body(digest).parts)
    assert digest is from_item(digest, "")
    assert body(digest).html == body(from_item(digest, first)).html
    cut = from_item(digest, second)
    assert digest.digest == cut.digest
    assert len(body(cut).html) < len(body(digest).html)
    for where in ("other", "digest-2027-01-04"):
        with pytest.raises(ValueError, match="has no part"):
            from_item(digest, where)
    with pytest.raises(ValueError, match="has no part"):
        from_item(an_email(), "day-1")


def test_a_digest_rests_on_all_that_its_days_rest_on(made: RenderResult) -> None:
    """A claim that changes voids the approval of the digest as it voids that of the day."""
    mails = {m.item: m for m in made.messages if m.channel == "email"}
    for digest in made.digests:
        days = [mails[item] for item, _ in digest.audience.parts]
        assert {k: v for m in days for k, v in m.rests_on.items()} == dict(digest.rests_on)
        assert {c for m in days for c in m.claims} == set(digest.claims)
        assert {c for m in days for c in m.contacts} == set(digest.contacts)


def test_who_gets_what_is_part_of_what_is_approved(made: RenderResult) -> None:
    """Daily mails for daily readers, key days for both, digests for theirs; posts for everybody."""
    found = {(m.channel, m.audience.cadences) for m in made.messages}
    both = frozenset({Cadence.DAILY, Cadence.KEY_DAYS})
    assert {("x", frozenset()), ("email", frozenset({Cadence.DAILY})), ("email", both)} == found
    assert {frozenset({Cadence.DIGEST})} == {d.audience.cadences for d in made.digests}
    assert made.digests[0].digest != replace(made.digests[0], audience=EVERYBODY).digest


def test_a_digest_is_due_at_the_slot_and_not_before_its_last_item(plan: Plan) -> None:
    """Else somebody could switch to daily mails in between, and get that item twice."""
    late = {i: replace(t, email_slot="18:00") if i == "awareness-day" else t for i, t in plan.campaign.items.items()}
    items = tuple(replace(p, item=late[p.item.id]) for p in plan.items)
    digests = render(replace(plan, items=items), load_settings(REPOSITORY, {}), REPOSITORY / "templates").digests
    assert [15, 15, 23, 15, 15, 15] == [d.due_at.hour for d in digests]
    assert all(d.due_at >= due for d in digests for _, due in d.audience.parts)


def test_a_campaign_without_a_digest_writes_to_everybody_every_day(plan: Plan) -> None:
    """But for its key days, whose readers asked for those alone."""
    made = rendered(plan, digest=None)
    assert () == made.digests
    assert all(Cadence.DIGEST in m.audience.cadences for m in made.messages if m.audience.cadences)


def test_each_readers_own_morning_opens_the_mail_around_the_world(plan: Plan) -> None:
    """From ten o'clock furthest east to midnight furthest west; posts stay at their slot."""
    made = rendered(plan, waves="reader")
    mail, post = (next(m for m in made.messages if (m.item, m.channel) == ("awareness-day", c)) for c in ("email", "x"))
    assert (datetime(2027, 1, 10, 20, tzinfo=UTC), datetime(2027, 1, 12, 12, tzinfo=UTC)) == (
        mail.due_at,
        mail.expires_at,
    )
    assert (time(10), "America/New_York") == (mail.audience.local_time, mail.audience.home)
    assert (datetime(2027, 1, 11, 15, tzinfo=UTC), EVERYBODY) == (post.due_at, post.audience)
    assert {time(10)} == {d.audience.local_time for d in made.digests}


def test_a_frame_without_marks_makes_no_digest_and_all_other_mails(plan: Plan, tmp_path: Path) -> None:
    """Somebody's own template of the mails may know nothing of digests; that is said once."""
    for source in (REPOSITORY / "templates").rglob("*.*"):
        target = tmp_path / source.relative_to(REPOSITORY / "templates")
        target.parent.mkdir(exist_ok=True)
        target.write_text(source.read_text(encoding="utf-8").replace("{{ story_begins }}", ""), encoding="utf-8")
    made = rendered(plan, tmp_path)
    assert ((), 64) == (made.digests, len(made.messages))
    assert ["R023"] == [f.code for f in made.findings]
    assert not [m for m in made.messages if "\x03" in str(m.body)]


def test_a_day_that_cannot_be_made_takes_its_digest_along(plan: Plan) -> None:
    """And no other; the finding stands at the item."""
    broken = replace(plan.campaign.items["better-words"], email="{{ nothing")
    items = tuple(replace(p, item=broken) if p.item.id == "better-words" else p for p in plan.items)
    made = render(replace(plan, items=items), load_settings(REPOSITORY, {}), REPOSITORY / "templates")
    assert [date(2027, 1, 11)] == sorted({date(2027, 1, 11)} - {d.on for d in made.digests})
    assert 5 == len(made.digests)


def test_a_digest_survives_the_ledger(made: RenderResult) -> None:
    """Kept as text and read back it has the same digest, and can be cut."""
    digest = made.digests[1]
    back = from_text(to_text(digest))
    assert (digest.digest, digest.audience, body(digest).parts) == (back.digest, back.audience, body(back).parts)
    item = digest.audience.parts[1][0]
    assert body(from_item(digest, item)).html == body(from_item(back, item)).html


def test_parts_and_audience_name_the_same_days(made: RenderResult) -> None:
    """One list says who gets what, the other where it stands."""
    for digest in made.digests:
        assert [i for i, _ in digest.audience.parts] == [i for i, _, _ in body(digest).parts]
        places = [(h, t) for _, h, t in body(digest).parts]
        assert sorted(places) == places
        assert Audience.from_text(digest.audience.to_text()) == digest.audience
        assert digest.expires_at - digest.due_at >= timedelta(hours=1)
