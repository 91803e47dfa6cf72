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
from scheduler.domain.reader import ConsentHow, Reader, ReaderState
from scheduler.store.tables import subscribers
from scheduler.subscribers.tokens import make, token_key
from tests.unit.public_factory import ADDRESS, CAMPAIGN, NOW, ReadersSite
from tests.unit.test_public_sign_up import CAUSE_WORDS, words_of
from tests.unit.test_web_leave import Page


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReadersSite]:
    made = ReadersSite(tmp_path)
    yield made
    made.close()


@pytest.fixture
def reader(site: ReadersSite) -> str:
    return site.confirmed()


def act(site: ReadersSite, reader: str, what: str, **fields: str) -> Any:
    return site.client.post(site.choices(reader), data={"act": what, **fields})


def now_of(site: ReadersSite, reader: str) -> Reader:
    found = site.ledger.reader(reader)
    assert found is not None
    return found


def test_looking_changes_nothing_and_shows_what_is_chosen(site: ReadersSite, reader: str) -> None:
    """GET and HEAD; the cadence that is in force is the one that is marked."""
    act(site, reader, "cadence", cadence="key-days")
    before = site.dump()
    answer = site.client.get(site.choices(reader))
    site.client.head(site.choices(reader))
    assert before == site.dump()
    page = Page(answer.get_data(as_text=True))
    assert ["key-days"] == [i["value"] for i in page.all("input") if "checked" in i]
    fields = {f["id"] for tag in ("input", "select") for f in page.all(tag)}
    assert fields == {label["for"] for label in page.all("label")}


def test_reading_less_counts_from_the_next_mail_on(site: ReadersSite, reader: str) -> None:
    """And back; the page says so."""
    for cadence in (Cadence.DIGEST, Cadence.KEY_DAYS, Cadence.DAILY):
        assert "counts from the next email" in words_of(act(site, reader, "cadence", cadence=str(cadence)))
        assert cadence is now_of(site, reader).cadence


def test_a_pause_lasts_until_a_day_begins_where_the_reader_is(site: ReadersSite, reader: str) -> None:
    """It is shown with its end, and ended by a button."""
    act(site, reader, "zone", zone="Asia/Tokyo")
    answer = act(site, reader, "pause", until="2027-01-20")
    assert datetime(2027, 1, 19, 15, tzinfo=UTC) == now_of(site, reader).paused_until_at
    assert "Paused until Wednesday 20 January 2027" in words_of(answer)
    assert "End the pause now" in words_of(answer)
    answer = act(site, reader, "resume")
    assert ReaderState.ACTIVE is now_of(site, reader).state
    assert "End the pause now" not in words_of(answer)


def test_a_pause_that_is_over_is_not_shown_as_one(site: ReadersSite, reader: str) -> None:
    """It ends by itself."""
    act(site, reader, "pause", until="2027-01-20")
    site.clock.jump(datetime(2027, 1, 21, 12, tzinfo=UTC))
    assert "End the pause now" not in words_of(site.client.get(site.choices(reader)))


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
    site: ReadersSite, reader: str, what: str, fields: dict[str, str], said: str
) -> None:
    """422, with the error linked to its field."""
    before = site.dump()
    answer = act(site, reader, what, **fields)
    assert 422 == answer.status_code
    assert said in words_of(answer)
    text = answer.get_data(as_text=True)
    (target,) = re.findall(r'<p><a href="#([a-z]+)">', text)
    assert f'id="{target}"' in text
    assert before == site.dump()


def test_an_empty_zone_is_the_senders(site: ReadersSite, reader: str) -> None:
    """As a reader who never chose one."""
    act(site, reader, "zone", zone="Asia/Tokyo")
    act(site, reader, "zone", zone="")
    assert "" == now_of(site, reader).zone


def test_a_zone_that_is_not_among_the_common_ones_is_kept(site: ReadersSite, reader: str) -> None:
    """An import may have brought it; saving the page must not lose it."""
    site.ledger.set_zone(reader, "America/Indiana/Knox", now=NOW)
    page = Page(site.client.get(site.choices(reader)).get_data(as_text=True))
    assert ["America/Indiana/Knox"] == [o["value"] for o in page.all("option") if "selected" in o]


def test_a_reader_may_be_kept_for_the_next_season_and_take_that_back(site: ReadersSite, reader: str) -> None:
    """Both are lines of the consent history."""
    act(site, reader, "keep")
    assert now_of(site, reader).asked_for_more_at is not None
    act(site, reader, "do-not-keep")
    assert now_of(site, reader).asked_for_more_at is None
    said = [c.what for c in site.ledger.consents(reader) if c.how is ConsentHow.CHANGED]
    assert ["to be kept on the list for the next season", "not to be kept after the season"] == said


def test_leaving_takes_one_button(site: ReadersSite, reader: str) -> None:
    """As by the other link; afterwards the page says that no mails come, and offers to delete."""
    answer = act(site, reader, "leave")
    assert "The mails have stopped" in words_of(answer)
    assert ReaderState.LEFT is now_of(site, reader).state
    later = site.client.get(site.choices(reader))
    assert "No emails come to this address" in words_of(later)
    assert ["erase"] == [b["value"] for b in Page(later.get_data(as_text=True)).all("button")]


@pytest.mark.parametrize("state", ["left", "bounced", "complained"])
def test_who_gets_no_mails_is_told_how_to_get_them_again(site: ReadersSite, reader: str, state: str) -> None:
    """By the form, but for those who complained: a form brings them nothing."""
    with site.ledger._database.write("test") as connection:
        connection.execute(update(subscribers).where(subscribers.c.id == reader).values(state=state))
    page = words_of(site.client.get(site.choices(reader)))
    assert (state != "complained") is ("fill in the form" in page)
    assert (state == "complained") is ("write to those who sent them" in page)


def test_deleting_is_asked_twice(site: ReadersSite, reader: str) -> None:
    """The first button says what it means and changes nothing; the second takes address, name and zone out."""
    before = site.dump()
    asked = act(site, reader, "erase")
    assert "Nothing has been deleted yet" in words_of(asked)
    assert before == site.dump()
    done = act(site, reader, "erase-now")
    assert "It is deleted" in words_of(done)
    assert ReaderState.ERASED is now_of(site, reader).state
    assert ADDRESS not in "".join(site.dump())


def test_a_reader_who_left_can_be_deleted_too(site: ReadersSite, reader: str) -> None:
    """The link in an old mail still serves for it."""
    act(site, reader, "leave")
    act(site, reader, "erase-now")
    assert ADDRESS not in "".join(site.dump())


def test_links_that_belong_to_nobody_look_alike(site: ReadersSite, reader: str) -> None:
    """Forged, cut off, of another purpose or key, of a deleted reader, of one who never was: one page, nothing written."""
    gone = site.confirmed("gone@readers.example")
    act(site, gone, "erase-now")
    good = site.choices(reader)
    key = token_key("not-a-secret-only-a-test")
    tokens = [
        "forged", "A" * 44, "%00", good.removeprefix("/preferences/")[:-1],
        make("unsubscribe", reader, key, campaign=CAMPAIGN),
        make("preferences", reader, token_key("another secret altogether"), campaign=CAMPAIGN),
        make("preferences", reader, key, campaign="a-month-that-never-was"),
        make("preferences", "f" * 32, key, campaign=CAMPAIGN),
        make("preferences", gone, key, campaign=CAMPAIGN),
    ]  # fmt: skip
    before = site.dump()
    answers = [site.client.get(f"/preferences/{token}") for token in tokens]
    for what in ("leave", "erase-now", "cadence"):
        answers += [site.client.post(f"/preferences/{token}", data={"act": what}) for token in tokens]
    assert {404} == {a.status_code for a in answers}
    assert 1 == len({(a.data, tuple(a.headers)) for a in answers})
    assert before == site.dump()


def test_the_way_out_alone_does_not_open_the_choices(site: ReadersSite, reader: str) -> None:
    """The address in the mail's head passes through many hands; it lets its holder do one thing."""
    way_out = site.project.unsubscribe_url(CAMPAIGN)(reader).rpartition("/")[2]
    assert 404 == site.client.post(f"/preferences/{way_out}", data={"act": "erase-now"}).status_code
    choices = site.choices(reader).rpartition("/")[2]
    assert 404 == site.client.post(f"/u/{choices}").status_code


def test_the_page_names_neither_reader_nor_cause(site: ReadersSite) -> None:
    """Whatever is pressed."""
    reader = site.confirmed("other@readers.example", name="Robin")
    pages = [site.client.get(site.choices(reader))]
    steps: list[tuple[str, dict[str, str]]] = [
        ("cadence", {"cadence": "digest"}), ("pause", {"until": "2027-01-20"}), ("pause", {"until": "x"}), ("resume", {}),
        ("keep", {}), ("zone", {"zone": ""}), ("erase", {}), ("leave", {}),
    ]  # fmt: skip
    pages += [act(site, reader, what, **fields) for what, fields in steps]
    pages += [site.client.get(site.choices(reader)), act(site, reader, "erase-now"), act(site, reader, "erase-now")]
    for page in pages:
        words = words_of(page).lower()
        assert [] == [w for w in (*CAUSE_WORDS, "robin", "coalition", "@", "awareness", reader) if w in words]
        assert "Set-Cookie" not in page.headers
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert 'href="https://www.weather.gov/"' in page.get_data(as_text=True)


def test_the_link_works_while_no_campaign_can_be_read(site: ReadersSite, reader: str) -> None:
    """A coordinator's mistake must not keep anybody on the list."""
    path = site.choices(reader)
    (site.root / "campaigns" / CAMPAIGN / "campaign.toml").write_text("broken", "utf-8")
    assert 200 == site.client.get(path).status_code
    assert 200 == site.client.post(path, data={"act": "leave"}).status_code
    assert ReaderState.LEFT is now_of(site, reader).state


def test_pausing_without_end_is_shown_as_what_it_is(site: ReadersSite, reader: str) -> None:
    """After soft bounces a reader is paused until a mail arrives; the page says why."""
    from sqlalchemy import update

    from scheduler.store.tables import subscribers

    with site.ledger._database.write("test") as connection:
        connection.execute(update(subscribers).where(subscribers.c.id == reader).values(state="paused"))
    site.clock.advance(timedelta(minutes=1))
    assert "could not be delivered" in words_of(site.client.get(site.choices(reader)))
