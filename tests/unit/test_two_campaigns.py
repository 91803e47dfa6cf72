"""Two campaigns that run at once: each has its own form, archive and feed, and old addresses mean what they meant."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from scheduler.domain.message import EmailBody, Message
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import SubscriberState
from scheduler.services.running import make_tick
from scheduler.services.seasons import rehearse
from scheduler.settings import Mode
from scheduler.web.app import make_app
from scheduler.wiring import make_transports, unsubscribe_url
from tests.support.public_factory import CAMPAIGN, PUBLIC_URL, Mail, ReadersSite
from tests.support.world import World, an_email
from tests.unit.test_public_sign_up import words_of
from tests.unit.test_web_leave import Page

OTHER = "reading-month"
SLUG, OTHER_SLUG = "c7w4mkp", "blue-door"
NAME, OTHER_NAME = "Human Trafficking Prevention Month", "Reading Month"
FIRST = datetime(2027, 1, 3, 15, 0, 5, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


def add_the_other(site: ReadersSite) -> None:
    """The shipped campaign under another name, beside itself."""
    folder = site.root / "campaigns" / OTHER
    shutil.copytree(site.root / "campaigns" / CAMPAIGN, folder)
    head = folder / "campaign.toml"
    text = head.read_text(encoding="utf-8").replace(NAME, OTHER_NAME).replace(SLUG, OTHER_SLUG)
    head.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadersSite]:
    """A rehearsal in which 3 January has gone out, of both. Only looked at."""
    made = ReadersSite(tmp_path_factory.mktemp("site"), now=datetime(2026, 12, 20, tzinfo=UTC), mode=Mode.REHEARSAL)
    add_the_other(made)
    for campaign in (CAMPAIGN, OTHER):
        made.add_test_subscribers(campaign=campaign)
    transports = make_transports(made.project)
    made.clock.jump(FIRST)
    for campaign in (CAMPAIGN, OTHER):
        make_tick(made.project, campaign, 2027, made.ledger, transports).run()
    yield made
    made.close()


def get(site: ReadersSite, path: str, status: int = 200) -> Any:
    answer = site.client.get(path)
    assert status == answer.status_code, path
    return answer


# -- the archive ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("campaign", "slug", "name", "not_its"),
    [(CAMPAIGN, SLUG, NAME, OTHER_NAME), (OTHER, OTHER_SLUG, OTHER_NAME, NAME)],
    ids=["one", "other"],
)
def test_the_link_in_a_mail_opens_that_mail(
    site: ReadersSite, campaign: str, slug: str, name: str, not_its: str
) -> None:
    """Both went out on the same day; each is in its own archive and feed alone."""
    (delivery,) = (
        d
        for d in site.ledger.deliveries.of_season("rehearsal", SeasonKey(campaign, 2027))
        if d.on == date(2027, 1, 3) and d.channel == "email" and not d.item.startswith("digest-")
    )
    message = site.ledger.lookups.sent_message(delivery.digest)
    assert message is not None
    assert isinstance(message.body, EmailBody)
    (link,) = set(re.findall(rf"{PUBLIC_URL}(/[^\s\"']*/archive/[^\s\"']+)", message.body.html))
    assert f"/c/{slug}/archive/2027-01-03" == link
    page = get(site, link).get_data(as_text=True)
    assert name in page
    assert not_its not in page
    listed = get(site, f"/c/{slug}/archive")
    assert name in words_of(listed)
    assert not_its not in words_of(listed)
    assert link in listed.get_data(as_text=True)
    feed = ElementTree.fromstring(get(site, f"/c/{slug}/archive.xml").data)
    assert [PUBLIC_URL + link] == [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert f"{PUBLIC_URL}/c/{slug}/archive" == feed.findtext(f"{ATOM}id")


def test_an_address_in_a_mail_is_looked_up_without_reading_any_campaign(
    site: ReadersSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger says whose mail it is; with more campaigns the page takes no longer."""

    def not_read(*_: object) -> None:
        raise AssertionError("a campaign was read to find one mail")

    monkeypatch.setattr("scheduler.services.archive.read_campaign", not_read)
    for slug, name in ((SLUG, NAME), (OTHER_SLUG, OTHER_NAME)):
        assert name in get(site, f"/c/{slug}/archive/2027-01-03").get_data(as_text=True)


def test_without_a_slug_the_archives_are_listed_under_a_neutral_title(site: ReadersSite) -> None:
    answer = get(site, "/archive")
    page = Page(answer.get_data(as_text=True))
    assert [f"/c/{SLUG}/archive", f"/c/{OTHER_SLUG}/archive"] == [
        a["href"] for a in page.all("a") if str(a["href"]).endswith("/archive")
    ]
    title = re.search("<title>(.*?)</title>", answer.get_data(as_text=True))
    assert title is not None
    assert "Emails of a rehearsal" == title[1]
    feed = ElementTree.fromstring(get(site, "/archive.xml").data)
    ids = {entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")}
    assert {f"{PUBLIC_URL}/c/{slug}/archive/2027-01-03" for slug in (SLUG, OTHER_SLUG)} == ids


def test_a_day_of_two_mails_that_never_had_an_address_without_slug_is_not_guessed(site: ReadersSite) -> None:
    get(site, "/archive/2027-01-03", 404)


@pytest.mark.parametrize("page", ["archive", "archive.xml", "archive/2027-01-03", "subscribe"])
def test_a_slug_that_is_nobodys_is_not_found(site: ReadersSite, page: str) -> None:
    for slug in ("nobody", CAMPAIGN, "C7W4MKP", "u"):
        get(site, f"/c/{slug}/{page}", 404)


# -- the form ---------------------------------------------------------------------------------------------


def test_each_form_asks_for_its_own_campaign(site: ReadersSite) -> None:
    for slug, name, not_its in ((SLUG, NAME, OTHER_NAME), (OTHER_SLUG, OTHER_NAME, NAME)):
        words = words_of(get(site, f"/c/{slug}/subscribe"))
        assert name in words
        assert not_its not in words


def test_without_a_slug_the_forms_are_listed_and_nothing_that_is_posted_is_done(site: ReadersSite) -> None:
    """A form on another site that names no campaign would sign somebody up for the wrong one."""
    answer = get(site, "/subscribe")
    page = Page(answer.get_data(as_text=True))
    assert [f"/c/{SLUG}/subscribe", f"/c/{OTHER_SLUG}/subscribe"] == [
        a["href"] for a in page.all("a") if str(a["href"]).endswith("/subscribe")
    ]
    words = words_of(answer)
    assert "Which emails would you like?" in words
    assert NAME in words
    assert OTHER_NAME in words
    before = site.dump()
    posted = site.fill_in()
    assert 422 == posted.status_code
    assert "Nothing was sent" in words_of(posted)
    assert before == site.dump()
    assert [] == site.letters()


def test_a_campaign_that_was_started_alone_shows_itself_alone(site: ReadersSite) -> None:
    """`start CAMPAIGN`; links in mails of the other one still let their readers leave."""
    app = make_app(site.project, site.ledger, only_campaign=OTHER)
    client = app.test_client()
    assert OTHER_NAME in words_of(client.get("/subscribe"))
    assert f"/c/{OTHER_SLUG}/archive/2027-01-03" in client.get("/archive").get_data(as_text=True)
    assert NAME not in words_of(client.get("/archive/2027-01-03"))
    for page in ("subscribe", "archive", "archive.xml", "archive/2027-01-03"):
        assert 404 == client.get(f"/c/{SLUG}/{page}").status_code
    left = unsubscribe_url(site.project, CAMPAIGN)("f" * 32).removeprefix(PUBLIC_URL)
    assert 200 == client.post(left).status_code
    app.close()


# -- links of earlier releases, and of campaigns that are over ----------------------------------------------


def sent(site: ReadersSite, campaign: str, on: date, link: str) -> str:
    """A mail of that day that says it is to be read at ``link``; its words."""
    words = f"Words of {campaign} on {on}"
    mail = an_email(f"day-{on}", campaign=campaign, on=on)
    assert isinstance(mail.body, EmailBody)
    html = f'<html><head></head><body><p>{words}</p><a href="{PUBLIC_URL}{link}">here</a></body></html>'
    mails: list[Message] = [replace(mail, body=replace(mail.body, html=html))]
    world = World(site.ledger, mails)
    site.ledger.armings.arm(SeasonKey(campaign, on.year), who="Ada", now=site.clock.now())
    if not sum(site.ledger.subscribers.count(campaign).values()):
        world.add_test_subscribers(1)
    world.run_at(datetime(on.year, on.month, on.day, 10, 0, 5, tzinfo=UTC))
    site.clock.jump(max(site.clock.now(), datetime(on.year, on.month, on.day, 12, tzinfo=UTC)))
    return words


@pytest.fixture
def live(tmp_path: Path) -> Iterator[ReadersSite]:
    made = ReadersSite(tmp_path, now=datetime(2026, 12, 20, tzinfo=UTC))
    add_the_other(made)
    yield made
    made.close()


def test_an_old_address_finds_the_mail_that_went_out_with_it(live: ReadersSite) -> None:
    old = sent(live, CAMPAIGN, date(2027, 1, 2), "/archive/2027-01-02")
    new = sent(live, OTHER, date(2027, 1, 2), f"/c/{OTHER_SLUG}/archive/2027-01-02")
    assert old in words_of(get(live, "/archive/2027-01-02"))
    assert old in words_of(get(live, f"/c/{SLUG}/archive/2027-01-02"))
    assert new in words_of(get(live, f"/c/{OTHER_SLUG}/archive/2027-01-02"))
    feed = ElementTree.fromstring(get(live, f"/c/{SLUG}/archive.xml").data)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert [f"{PUBLIC_URL}/archive/2027-01-02"] == ids  # as a feed reader knows it


def test_of_two_with_the_same_old_address_it_is_that_of_the_season_that_ends_last(live: ReadersSite) -> None:
    """As the pages of earlier releases had it."""
    head = live.root / "campaigns" / CAMPAIGN / "campaign.toml"
    text = head.read_text(encoding="utf-8")
    head.write_text(text.replace("month = 2, day = 1", "month = 2, day = 2"), encoding="utf-8")
    first = sent(live, CAMPAIGN, date(2027, 1, 2), "/archive/2027-01-02")
    sent(live, OTHER, date(2027, 1, 2), "/archive/2027-01-02")
    assert first in words_of(get(live, "/archive/2027-01-02"))
    head.write_text(text, encoding="utf-8")
    other = live.root / "campaigns" / OTHER / "campaign.toml"
    other.write_text(text.replace("month = 2, day = 1", "month = 2, day = 2"), encoding="utf-8")
    assert first not in words_of(get(live, "/archive/2027-01-02"))


def test_a_mail_stays_at_its_address_when_other_seasons_and_campaigns_begin(live: ReadersSite) -> None:
    words = sent(live, CAMPAIGN, date(2027, 1, 2), f"/c/{SLUG}/archive/2027-01-02")
    later = sent(live, OTHER, date(2027, 1, 5), f"/c/{OTHER_SLUG}/archive/2027-01-05")
    live.clock.jump(datetime(2028, 1, 2, 12, tzinfo=UTC))
    assert words in words_of(get(live, f"/c/{SLUG}/archive/2027-01-02"))
    assert "Nothing has gone out yet" in words_of(get(live, f"/c/{SLUG}/archive"))
    shutil.rmtree(live.root / "campaigns" / OTHER)
    assert later in words_of(get(live, f"/c/{OTHER_SLUG}/archive/2027-01-05"))
    get(live, f"/c/{OTHER_SLUG}/archive", 404)


def test_a_token_leaves_whatever_slug_is_before_it(live: ReadersSite) -> None:
    (subscriber,) = live.add_test_subscribers()
    token = unsubscribe_url(live.project, OTHER)(subscriber).rpartition("/")[2]
    assert 200 == live.client.post(f"/c/a-slug-of-before/u/{token}").status_code
    assert (
        200 == live.client.get(f"/c/a-slug-of-before{live.choices(subscriber).removeprefix(f'/c/{SLUG}')}").status_code
    )


# -- readers of one, of the other, of both ------------------------------------------------------------------


def test_mails_at_one_hour_are_told_with_how_many_readers_are_on_both_lists(site: ReadersSite) -> None:
    """As the ledger has it; somebody who has left one of the two is not among them."""
    found = [f.message for f in rehearse(site.project, CAMPAIGN, 2027, ledger=site.ledger).findings if f.code == "Z103"]
    assert any(
        message.startswith("mails of this campaign") and "1 reader has joined both" in message for message in found
    )


def sign_up(site: ReadersSite, slug: str, email: str) -> Mail:
    """Fill in that campaign's form; the letter that asks."""
    data = {"email": email, "name": "", "zone": "", "cadence": "daily"}
    assert 200 == site.client.post(f"/c/{slug}/subscribe", data=data).status_code
    (letter,) = site.letters()
    return letter


def lists_of(site: ReadersSite, email: str) -> dict[str, SubscriberState]:
    found = ((campaign, site.ledger.subscribers.find(campaign, email)) for campaign in (CAMPAIGN, OTHER))
    return {campaign: subscription.state for campaign, subscription in found if subscription is not None}


def test_a_form_leads_to_the_list_and_the_letters_of_its_own_campaign(live: ReadersSite) -> None:
    letter = sign_up(live, OTHER_SLUG, "one@readers.example")
    assert OTHER_NAME in letter.text
    assert NAME not in letter.text
    link = letter.link("/confirm/")
    assert link.startswith(f"/c/{OTHER_SLUG}/confirm/")
    assert 200 == live.client.post(link).status_code
    assert {OTHER: SubscriberState.ACTIVE} == lists_of(live, "one@readers.example")
    (welcome,) = live.letters()
    for page in ("/u/", "/preferences/"):
        assert welcome.link(page).startswith(f"/c/{OTHER_SLUG}{page}")


def test_a_link_leaves_its_campaign_and_one_of_an_earlier_release_leaves_all(live: ReadersSite) -> None:
    for slug in (SLUG, OTHER_SLUG):
        live.client.post(sign_up(live, slug, "both@readers.example").link("/confirm/"))
        live.letters()
        live.clock.advance(timedelta(days=2))
    assert {CAMPAIGN, OTHER} == lists_of(live, "both@readers.example").keys()
    subscription = live.ledger.subscribers.find(OTHER, "both@readers.example")
    assert subscription is not None
    link = unsubscribe_url(live.project, OTHER)(subscription.subscriber.id).removeprefix(PUBLIC_URL)
    old = link.removeprefix(f"/c/{OTHER_SLUG}")
    assert "of this list" in words_of(live.client.get(link))
    assert "none of our emails" in words_of(live.client.get(old))
    assert 200 == live.client.post(link).status_code
    assert [SubscriberState.ACTIVE, SubscriberState.LEFT] == list(lists_of(live, "both@readers.example").values())
    assert 200 == live.client.post(old).status_code
    assert [SubscriberState.LEFT] * 2 == list(lists_of(live, "both@readers.example").values())


def test_buttons_and_links_to_pages_below_keep_the_path_of_the_public_address(live: ReadersSite) -> None:
    """`public_url` may have one, as in https://example.org/news."""
    (subscriber,) = live.add_test_subscribers()
    below: Any = {"SCRIPT_NAME": "/news"}
    choices = live.choices(subscriber)
    page = live.client.get(choices, environ_overrides=below).get_data(as_text=True)
    assert f'href="/news{choices}/known"' in page
    known = live.client.get(f"{choices}/known", environ_overrides=below).get_data(as_text=True)
    assert f'href="/news{choices}/known.json"' in known
    assert f'href="/news{choices}"' in known
    leaving = unsubscribe_url(live.project, CAMPAIGN)(subscriber).removeprefix(PUBLIC_URL)
    left = live.client.post(leaving, environ_overrides=below).get_data(as_text=True)
    assert f'action="/news{leaving}/undo"' in left


def test_no_page_of_one_campaign_leads_to_the_form_of_another(live: ReadersSite) -> None:
    """A dead link leads to the form of the campaign that its address names; one of no campaign here to none."""
    forms = {"": "/subscribe", f"/c/{OTHER_SLUG}": f"/c/{OTHER_SLUG}/subscribe", "/c/gone": None}
    for below, form in forms.items():
        for dead in ("confirm", "preferences"):
            page = Page(live.client.get(f"{below}/{dead}/{'x' * 43}").text)
            assert [form] * bool(form) == [a["href"] for a in page.all("a") if "subscribe" in str(a["href"])], dead
    live.client.post(sign_up(live, OTHER_SLUG, "one@readers.example").link("/confirm/"))
    found = live.ledger.subscribers.find(OTHER, "one@readers.example")
    assert found is not None
    link = unsubscribe_url(live.project, OTHER)(found.subscriber.id).removeprefix(PUBLIC_URL)
    assert "The emails have stopped" in words_of(live.client.post(link.replace(OTHER_SLUG, "a-slug-of-before")))
    live.clock.advance(timedelta(hours=2))
    too_late = live.client.post(f"{link.replace(OTHER_SLUG, 'a-slug-of-before')}/undo").text
    assert f'href="/c/{OTHER_SLUG}/subscribe"' in too_late


def test_the_mail_of_a_campaign_that_is_gone_leads_to_no_dead_end(live: ReadersSite) -> None:
    sent(live, OTHER, date(2027, 1, 5), f"/c/{OTHER_SLUG}/archive/2027-01-05")
    shutil.rmtree(live.root / "campaigns" / OTHER)
    page = Page(live.client.get(f"/c/{OTHER_SLUG}/archive/2027-01-05").text)
    ours = [str(a["href"]) for a in page.all("a") if str(a["href"]).startswith("/")]
    assert ["/archive"] == ours
    assert [200] == [live.client.get(path).status_code for path in ours]


def test_who_leaves_one_language_is_told_that_no_other_comes_in_its_place(live: ReadersSite) -> None:
    (reader,) = live.add_test_subscribers(campaign=OTHER)
    link = unsubscribe_url(live.project, OTHER)(reader).removeprefix(PUBLIC_URL)
    assert "in any language" not in words_of(live.client.post(link))
    head = live.root / "campaigns" / OTHER / "campaign.toml"
    head.write_text(f'edition_of = "{CAMPAIGN}"\n{head.read_text(encoding="utf-8")}', encoding="utf-8")
    assert "None will follow, in any language" in words_of(live.client.post(link))
