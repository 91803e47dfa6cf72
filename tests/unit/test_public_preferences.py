"""The page of a reader's choices: it shows, its buttons act, and it tells nobody who the reader is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from scheduler.domain.cadence import Cadence
from scheduler.domain.subscriber import ConsentHow, NewSubscriber, SubscriberState, Subscription
from scheduler.store.tables import subscriptions
from scheduler.subscribers.tokens import make, token_key
from scheduler.wiring import unsubscribe_url
from tests.support.public_factory import ADDRESS, CAMPAIGN, NOW, ReadersSite
from tests.unit.test_public_sign_up import CAUSE_WORDS, words_of
from tests.unit.test_web_leave import Page


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReadersSite]:
    made = ReadersSite(tmp_path)
    yield made
    made.close()


@pytest.fixture
def subscriber(site: ReadersSite) -> str:
    return site.confirmed()


def act(site: ReadersSite, subscriber: str, what: str, **fields: str) -> Any:
    return site.client.post(site.choices(subscriber), data={"act": what, **fields})


def now_of(site: ReadersSite, subscriber: str) -> Subscription:
    found = site.ledger.subscribers.get(CAMPAIGN, subscriber)
    assert found is not None
    return found


def test_looking_changes_nothing_and_shows_what_is_chosen(site: ReadersSite, subscriber: str) -> None:
    """GET and HEAD; the cadence that is in force is the one that is marked."""
    act(site, subscriber, "cadence", cadence="key-days")
    before = site.dump()
    answer = site.client.get(site.choices(subscriber))
    site.client.head(site.choices(subscriber))
    assert before == site.dump()
    page = Page(answer.get_data(as_text=True))
    assert ["key-days"] == [i["value"] for i in page.all("input") if "checked" in i]
    fields = {f["id"] for tag in ("input", "select") for f in page.all(tag)}
    assert fields == {label["for"] for label in page.all("label")}


def test_reading_less_counts_from_the_next_mail_on(site: ReadersSite, subscriber: str) -> None:
    """And back; the page says so."""
    for cadence in (Cadence.DIGEST, Cadence.KEY_DAYS, Cadence.DAILY):
        assert "counts from the next email" in words_of(act(site, subscriber, "cadence", cadence=str(cadence)))
        assert cadence is now_of(site, subscriber).cadence


def test_a_pause_lasts_until_a_day_begins_where_the_reader_is(site: ReadersSite, subscriber: str) -> None:
    """It is shown with its end, and ended by a button."""
    act(site, subscriber, "zone", zone="Asia/Tokyo")
    answer = act(site, subscriber, "pause", until="2027-01-20")
    assert datetime(2027, 1, 19, 15, tzinfo=UTC) == now_of(site, subscriber).paused_until_at
    assert "Paused until Wednesday, January 20, 2027" in words_of(answer)
    assert "End the pause now" in words_of(answer)
    answer = act(site, subscriber, "resume")
    assert SubscriberState.ACTIVE is now_of(site, subscriber).state
    assert "End the pause now" not in words_of(answer)


def test_a_pause_that_is_over_is_not_shown_as_one(site: ReadersSite, subscriber: str) -> None:
    """It ends by itself."""
    act(site, subscriber, "pause", until="2027-01-20")
    site.clock.jump(datetime(2027, 1, 21, 12, tzinfo=UTC))
    assert "End the pause now" not in words_of(site.client.get(site.choices(subscriber)))


@pytest.mark.parametrize(
    ("what", "fields", "said"),
    [
        ("pause", {"until": "2027-01-10"}, "has begun already"),
        ("pause", {"until": "2029-01-10"}, "more than a year off"),
        ("pause", {"until": "soon"}, "year, month and day"),
        ("pause", {}, "year, month and day"),
        ("cadence", {"cadence": "hourly"}, "Choose how often"),
        ("zone", {"zone": "Mars/Olympus"}, "one of the time zones"),
        ("nothing", {}, "Nothing was changed"),
        ("", {}, "Nothing was changed"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    site: ReadersSite, subscriber: str, what: str, fields: dict[str, str], said: str
) -> None:
    """422, with the error linked to its field."""
    before = site.dump()
    answer = act(site, subscriber, what, **fields)
    assert 422 == answer.status_code
    assert said in words_of(answer)
    text = answer.get_data(as_text=True)
    (target,) = re.findall(r'<p><a href="#([a-z]+)">', text)
    assert f'id="{target}"' in text
    assert before == site.dump()


def test_an_empty_zone_is_the_senders(site: ReadersSite, subscriber: str) -> None:
    """As a reader who never chose one."""
    act(site, subscriber, "zone", zone="Asia/Tokyo")
    act(site, subscriber, "zone", zone="")
    assert "" == now_of(site, subscriber).subscriber.zone


def test_a_zone_that_is_not_among_the_common_ones_is_kept(site: ReadersSite, subscriber: str) -> None:
    """An import may have brought it; saving the page must not lose it."""
    site.ledger.subscribers.set_zone(subscriber, "America/Indiana/Knox", now=NOW)
    page = Page(site.client.get(site.choices(subscriber)).get_data(as_text=True))
    assert ["America/Indiana/Knox"] == [o["value"] for o in page.all("option") if "selected" in o]


def test_a_reader_may_be_kept_for_the_next_season_and_take_that_back(site: ReadersSite, subscriber: str) -> None:
    """Both are lines of the consent history."""
    act(site, subscriber, "keep")
    assert now_of(site, subscriber).asked_for_more_at is not None
    act(site, subscriber, "do-not-keep")
    assert now_of(site, subscriber).asked_for_more_at is None
    said = [c.what for c in site.ledger.subscribers.consents(subscriber) if c.how is ConsentHow.CHANGED]
    assert ["to be kept on the list for the next season", "not to be kept after the season"] == said


def test_leaving_takes_one_button(site: ReadersSite, subscriber: str) -> None:
    """As by the other link; afterwards the page says that no mails come, and offers to delete."""
    answer = act(site, subscriber, "leave")
    assert "The emails have stopped" in words_of(answer)
    assert SubscriberState.LEFT is now_of(site, subscriber).state
    later = site.client.get(site.choices(subscriber))
    assert "These emails have stopped" in words_of(later)
    assert ["erase"] == [b["value"] for b in Page(later.get_data(as_text=True)).all("button")]


@pytest.mark.parametrize("state", ["left", "bounced", "complained"])
def test_who_gets_no_mails_is_told_how_to_get_them_again(site: ReadersSite, subscriber: str, state: str) -> None:
    """By the form, but for those who complained: a form brings them nothing."""
    with site.ledger._database.write("test") as connection:
        connection.execute(update(subscriptions).where(subscriptions.c.subscriber_id == subscriber).values(state=state))
    page = words_of(site.client.get(site.choices(subscriber)))
    assert (state != "complained") is ("fill in the form" in page)
    assert (state == "complained") is ("write to those who sent them" in page)


def test_deleting_is_asked_twice(site: ReadersSite, subscriber: str) -> None:
    """The first button says what it means and changes nothing; the second takes address, name and zone out."""
    before = site.dump()
    asked = act(site, subscriber, "erase")
    assert "Nothing has been deleted yet" in words_of(asked)
    assert before == site.dump()
    done = act(site, subscriber, "erase-now")
    assert "It is deleted" in words_of(done)
    assert SubscriberState.ERASED is now_of(site, subscriber).state
    assert ADDRESS not in "".join(site.dump())


def test_a_reader_who_left_can_be_deleted_too(site: ReadersSite, subscriber: str) -> None:
    """The link in an old mail still serves for it."""
    act(site, subscriber, "leave")
    act(site, subscriber, "erase-now")
    assert ADDRESS not in "".join(site.dump())


def test_links_that_belong_to_nobody_look_alike(site: ReadersSite, subscriber: str) -> None:
    """Forged, cut off, of another purpose or key, of a deleted reader, of one who never was: one page, nothing written."""
    gone = site.confirmed("gone@readers.example")
    act(site, gone, "erase-now")
    good = site.choices(subscriber)
    key = token_key("not-a-secret-only-a-test")
    tokens = [
        "forged",
        "A" * 44,
        "%00",
        good.rpartition("/")[2][:-1],
        make("unsubscribe", subscriber, key, campaign=CAMPAIGN),
        make("preferences", subscriber, token_key("another secret altogether"), campaign=CAMPAIGN),
        make("preferences", subscriber, key, campaign="a-month-that-never-was"),
        make("preferences", "f" * 32, key, campaign=CAMPAIGN),
        make("preferences", gone, key, campaign=CAMPAIGN),
    ]
    before = site.dump()
    answers = [site.client.get(f"/preferences/{token}") for token in tokens]
    for what in ("leave", "erase-now", "cadence"):
        answers += [site.client.post(f"/preferences/{token}", data={"act": what}) for token in tokens]
    assert {404} == {a.status_code for a in answers}
    assert 1 == len({(a.data, tuple(a.headers)) for a in answers})
    assert before == site.dump()


def test_the_way_out_alone_does_not_open_the_choices(site: ReadersSite, subscriber: str) -> None:
    """The address in the mail's head passes through many hands; it lets its holder do one thing."""
    way_out = unsubscribe_url(site.project, CAMPAIGN)(subscriber).rpartition("/")[2]
    assert 404 == site.client.post(f"/preferences/{way_out}", data={"act": "erase-now"}).status_code
    choices = site.choices(subscriber).rpartition("/")[2]
    assert 404 == site.client.post(f"/u/{choices}").status_code


def test_the_page_names_neither_reader_nor_cause(site: ReadersSite) -> None:
    """Whatever is pressed."""
    subscriber = site.confirmed("other@readers.example", name="Robin")
    pages = [site.client.get(site.choices(subscriber))]
    steps: list[tuple[str, dict[str, str]]] = [
        ("cadence", {"cadence": "digest"}),
        ("pause", {"until": "2027-01-20"}),
        ("pause", {"until": "x"}),
        ("resume", {}),
        ("keep", {}),
        ("zone", {"zone": ""}),
        ("erase", {}),
        ("leave", {}),
    ]
    pages += [act(site, subscriber, what, **fields) for what, fields in steps]
    pages += [
        site.client.get(site.choices(subscriber)),
        act(site, subscriber, "erase-now"),
        act(site, subscriber, "erase-now"),
    ]
    for page in pages:
        words = words_of(page).lower()
        assert [] == [w for w in (*CAUSE_WORDS, "robin", "coalition", "@", "awareness", subscriber) if w in words]
        assert "Set-Cookie" not in page.headers
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert 'href="https://www.weather.gov/"' in page.get_data(as_text=True)


def test_the_link_works_while_no_campaign_can_be_read(site: ReadersSite, subscriber: str) -> None:
    """A coordinator's mistake must not keep anybody on the list."""
    path = site.choices(subscriber)
    (site.root / "campaigns" / CAMPAIGN / "campaign.toml").write_text("broken", "utf-8")
    assert 200 == site.client.get(path).status_code
    assert 200 == site.client.post(path, data={"act": "leave"}).status_code
    assert SubscriberState.LEFT is now_of(site, subscriber).state


def test_pausing_without_end_is_shown_as_what_it_is(site: ReadersSite, subscriber: str) -> None:
    """After soft bounces a reader is paused until a mail arrives; the page says why."""
    with site.ledger._database.write("test") as connection:
        connection.execute(
            update(subscriptions).where(subscriptions.c.subscriber_id == subscriber).values(state="paused")
        )
    site.clock.advance(timedelta(minutes=1))
    assert "could not be delivered" in words_of(site.client.get(site.choices(subscriber)))


# -- after the season -------------------------------------------------------------------------------------

AFTER = datetime(2027, 2, 2, 17, tzinfo=UTC)


@pytest.mark.parametrize("by_a_list", [False, True])
def test_after_the_season_the_page_says_that_it_is_over_and_what_can_be_done(
    site: ReadersSite, by_a_list: bool
) -> None:
    """It counts nothing of the next season, which nobody has asked for; one button asks for it."""
    reader = site.add_test_subscribers()[0] if by_a_list else site.confirmed()
    site.clock.jump(AFTER)
    page = site.client.get(site.choices(reader))
    words = words_of(page)
    assert "This series is over" in words
    assert "begins on Saturday, January 1, 2028" in words
    assert "in all" not in words
    assert ["keep", "erase"] == [b["value"] for b in Page(page.text).all("button")]
    kept = words_of(act(site, reader, "keep"))
    assert "32 emails in all" in kept
    assert "This series is over" not in kept
    assert "The series begins on Saturday, January 1, 2028" in kept
    assert "This series is over" in words_of(act(site, reader, "do-not-keep"))


def test_who_signed_up_for_the_next_season_has_their_choices(site: ReadersSite) -> None:
    site.clock.jump(AFTER)
    words = words_of(site.client.get(site.choices(site.confirmed())))
    assert "32 emails in all" in words
    assert "The series begins on" in words


def test_on_the_last_day_itself_it_is_not_over(site: ReadersSite) -> None:
    reader = site.confirmed()
    site.clock.jump(datetime(2027, 2, 2, 4, 30, tzinfo=UTC))  # half past eleven at night in New York
    assert "This series is over" not in words_of(site.client.get(site.choices(reader)))


def test_a_list_that_is_over_is_no_list_that_somebody_is_on(site: ReadersSite) -> None:
    """Of two, the page speaks of the one that is left."""
    reader = site.confirmed()
    site.ledger.subscribers.add_many("other-month", [NewSubscriber(ADDRESS)], now=NOW)
    assert "Leave both lists" in words_of(site.client.get(site.choices(reader)))
    site.clock.jump(AFTER + timedelta(days=1))
    assert "You are on 1 other list of ours" in words_of(site.client.get(site.choices(reader)))
    known = words_of(site.client.get(f"{site.choices(reader)}/known"))
    assert "It is over, and is deleted when the list is closed" in known
    held = site.client.get(f"{site.choices(reader)}/known.json").get_json()
    assert ["ended", "active"] == [one["state"] for one in held["lists"]]


def test_who_is_on_two_lists_may_have_one_email_a_day(site: ReadersSite) -> None:
    """For all lists at once; the page says what becomes of the others, and names none of them."""
    reader = site.confirmed()
    assert "one-a-day" not in [b.get("value") for b in Page(site.client.get(site.choices(reader)).text).all("button")]
    site.ledger.subscribers.add_many("other-month", [NewSubscriber(ADDRESS)], now=NOW)
    words = words_of(site.client.get(site.choices(reader)))
    assert "A later digest of that series covers the other" in words
    assert "On the last day of a series you may still get two" in words
    assert "You get at most one email a day" in words_of(act(site, reader, "one-a-day"))
    assert [True, True] == [s.subscriber.one_a_day for s in site.ledger.subscribers.of_person(reader)]
    assert "At most one email a day" in words_of(site.client.get(f"{site.choices(reader)}/known"))
    assert site.client.get(f"{site.choices(reader)}/known.json").get_json()["one_email_a_day"] is True
    assert [{"subscriber": reader, "after": True}] == [
        event.data for event in site.ledger.events.newest(limit=50) if event.kind == "subscriber.one-a-day"
    ]
    assert "You get at most one email a day" not in words_of(act(site, reader, "not-one-a-day"))
    assert [False, False] == [s.subscriber.one_a_day for s in site.ledger.subscribers.of_person(reader)]


def test_whoever_wants_it_discreet_says_so_for_all_lists(site: ReadersSite) -> None:
    """The emails of all lists come into one inbox. A list that is joined later begins as the others are."""
    reader = site.confirmed()
    site.ledger.subscribers.add_many("other-month", [NewSubscriber(ADDRESS)], now=NOW)
    assert "Sender and subject may tell" in words_of(site.client.get(site.choices(reader)))
    assert "The emails come discreetly" in words_of(act(site, reader, "discreet"))
    assert [True, True] == [s.discreet for s in site.ledger.subscribers.of_person(reader)]
    assert "come discreetly, as you chose" in words_of(site.client.get(f"{site.choices(reader)}/known"))
    held = site.client.get(f"{site.choices(reader)}/known.json").get_json()
    assert [True, True] == [one["discreet"] for one in held["lists"]]
    assert [{"subscriber": reader, "after": True}] == [
        event.data for event in site.ledger.events.newest(limit=50) if event.kind == "subscriber.discreet"
    ]
    site.ledger.subscribers.add("third-month", NewSubscriber(ADDRESS), who="Ada", now=NOW)
    assert "Sender and subject may tell" in words_of(act(site, reader, "not-discreet"))
    assert [False, False, False] == [s.discreet for s in site.ledger.subscribers.of_person(reader)]


def test_who_confirms_a_second_list_is_told_of_that_choice(site: ReadersSite) -> None:
    site.ledger.subscribers.add_many("other-month", [NewSubscriber(ADDRESS)], now=NOW)
    site.fill_in(ADDRESS)
    (mail,) = site.letters()
    page = site.client.post(mail.link("/confirm/"))
    assert "You are on 2 of our lists now" in words_of(page)
    (link,) = [a["href"] for a in Page(page.text).all("a") if "/preferences/" in a["href"]]
    assert "At most one email a day" in words_of(site.client.get(link))


# -- how many are to come ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "emails", "digests"),
    [
        (datetime(2027, 1, 1, 12, tzinfo=UTC), 32, 6),  # seven in the morning of the first day: its own has not left
        (datetime(2027, 1, 1, 17, tzinfo=UTC), 31, 5),
        (datetime(2027, 2, 1, 12, tzinfo=UTC), 1, 1),
        (datetime(2027, 2, 1, 17, tzinfo=UTC), 0, 0),
    ],
)
def test_an_email_is_to_come_until_it_is_due(site: ReadersSite, now: datetime, emails: int, digests: int) -> None:
    """Who joins before the hour of the day's own email gets it."""
    site.clock.jump(now)
    words = words_of(site.client.get("/subscribe"))
    assert f"Every day ({emails} email{'s' * (emails != 1)} still to come)" in words
    assert f"About once a week, in one ({digests} email{'s' * (digests != 1)} still to come)" in words
