"""Leaving: anybody may look, only a POST acts, and nothing on the page tells what the mails were about."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from scheduler.channels.sendgrid.build import build_mail
from scheduler.clock import VirtualClock
from scheduler.domain.message import EmailBody
from scheduler.domain.outcome import Recipient
from scheduler.domain.records import Wanted
from scheduler.domain.season_key import SeasonKey
from scheduler.errors import OutOfReach
from scheduler.project import Project
from scheduler.services.seasons import rehearse
from scheduler.store import open_ledger
from scheduler.subscribers.tokens import make, token_key
from scheduler.wiring import load_settings, preferences_url, unsubscribe_url
from tests.support.web_factory import CAMPAIGN, PUBLIC_URL, ROOT, Site
from tests.support.world import World, an_email

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()


@pytest.fixture
def subscriber(site: Site) -> str:
    return site.add_test_subscribers(2)[0]


class Page(HTMLParser):
    """What a page holds: tags with their attributes, and the visible words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


# -- looking --------------------------------------------------------------------------------------------


def test_no_link_of_any_mail_of_the_month_changes_anything_when_it_is_fetched(tmp_path: Path) -> None:
    """Mail scanners fetch every link. All 32 rendered mails, each link in them and in their headers, GET and HEAD."""
    site = Site(tmp_path)
    readers = site.add_test_subscribers(2)
    env = {"OBSERVANCE_PUBLIC_URL": PUBLIC_URL, "OBSERVANCE_DATABASE__URL": f"sqlite:///{tmp_path}/none.db"}
    month = Project(ROOT, load_settings(ROOT, env), {}, VirtualClock(datetime(2026, 12, 1, tzinfo=UTC)))
    (campaign,) = month.campaigns()
    mails = [m for m in rehearse(month, campaign, 2027).messages if isinstance(m.body, EmailBody)]
    address_of, choices_of = unsubscribe_url(site.project, CAMPAIGN), preferences_url(site.project, CAMPAIGN)
    recipients = [Recipient(r, f"{r}@readers.test", "", address_of(r), choices_of(r)) for r in readers]
    links: set[str] = set()
    for mail in mails:
        body = build_mail(mail, month.settings.channels["email"], send_id="s", recipients=recipients).body
        for envelope in body["personalizations"]:
            whole = str(body) + str(envelope["headers"])
            for token, value in envelope["substitutions"].items():
                whole = whole.replace(token, value)
            found = [url for url in re.findall(r"https?://[^\s\"'<>\\]+", whole) if url.startswith(PUBLIC_URL)]
            assert any(url.startswith(f"{PUBLIC_URL}/c/") and "/u/" in url for url in found), (
                f"{mail.item} cannot be left"
            )
            links.update(found)
    assert 32 == len(mails)
    before = site.dump()
    for link in sorted(links):
        path = link.removeprefix(PUBLIC_URL)
        assert site.client.get(path).status_code in (200, 404), link
        assert site.client.head(path).status_code in (200, 404), link
    assert before == site.dump()
    site.client.post(address_of(readers[0]).removeprefix(PUBLIC_URL), data=ONE_CLICK)
    assert before != site.dump(), "the comparison would not have seen a change"
    site.close()


def test_everybody_who_looks_sees_the_same_page(site: Site, subscriber: str) -> None:
    """GET does not even read the token: good, forged and impossible ones show byte for byte the same."""
    good = site.client.get(site.link(subscriber))
    place = site.link(subscriber).rpartition("/")[0]
    for path in (f"{place}/forged", f"{place}/" + "A" * 44, f"{place}/%00", site.link(subscriber)[:-1]):
        other = site.client.get(path)
        assert (good.status_code, good.data, dict(good.headers)) == (other.status_code, other.data, dict(other.headers))


def test_the_page_names_neither_reader_nor_cause(site: Site, subscriber: str) -> None:
    """Somebody may look over the reader's shoulder, or into the history."""
    pages = [
        site.client.get(site.link(subscriber)),
        site.client.post(site.link(subscriber)),
        site.client.post("/u/forged"),
    ]
    organisation = site.project.settings.organisation
    for page in pages:
        text = page.get_data(as_text=True).lower()
        for word in ("reader0", "robin", subscriber, "traffick", "slavery", "month", "awareness", "coalition", "@"):
            assert word not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL), word
        assert organisation.name.lower() not in text


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_asks_nobody_else_and_runs_nothing(site: Site, subscriber: str, method: str) -> None:
    """No script but the one of the exit, no request to anybody, no cookie; one style, by its fingerprint; the exit tells nobody where from."""
    answer = getattr(site.client, method)(site.link(subscriber))
    page = Page(answer.get_data(as_text=True))
    assert "en" == page.all("html")[0]["lang"]
    assert [("script", {"src": "/exit.js", "defer": None})] == [
        t for t in page.tags if t[0] in ("script", "img", "iframe", "object", "embed", "base")
    ]
    assert [{"rel": "icon", "href": "data:,"}] == page.all("link")
    (way_out,) = page.all("a")
    assert way_out["href"] == "https://www.weather.gov/"
    assert {"noreferrer", "noopener"} <= set((way_out["rel"] or "").split())
    assert "Set-Cookie" not in answer.headers
    assert "no-referrer" == answer.headers["Referrer-Policy"]
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" == answer.headers["Cache-Control"]
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    style = re.search(r"<style>(.*)</style>", answer.get_data(as_text=True), re.DOTALL)
    assert style is not None
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()}'" == policy.pop(
        "style-src"
    )
    assert {
        "script-src": f"{urlsplit(PUBLIC_URL).netloc}/exit.js localhost/exit.js",
        "default-src": "'none'",
        "img-src": "data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    } == policy


def test_the_exits_script_is_the_same_for_everybody(site: Site, subscriber: str) -> None:
    """Kept by the browser, so that its request tells of no page; and a request's host puts nothing into the policy."""
    site.client.get(site.link(subscriber))
    answer = site.client.get("/exit.js")
    assert "public, max-age=3600" == answer.headers["Cache-Control"]
    assert {"Set-Cookie", "Vary"}.isdisjoint(answer.headers.keys())
    assert answer.data == site.client.get("/exit.js", headers={"User-Agent": "another"}).data
    odd = site.client.get("/nowhere", headers={"Host": "x;script-src *"})
    assert odd.headers["Content-Security-Policy"].endswith(f"; script-src {urlsplit(PUBLIC_URL).netloc}/exit.js")


def test_the_page_leaves_with_one_button_and_no_more(site: Site, subscriber: str) -> None:
    """A form without an address posts to the page's own; there is nothing to fill in."""
    page = Page(site.client.get(site.link(subscriber)).get_data(as_text=True))
    assert [{"method": "post"}] == page.all("form")
    assert 1 == len(page.all("button"))
    assert [] == page.all("input")


# -- leaving --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [
        {"data": ONE_CLICK},
        {"data": ONE_CLICK, "content_type": "multipart/form-data"},
        {"data": ""},
        {"data": b"\xff\xfe", "content_type": "text/plain"},
    ],
    ids=["one-click", "one-click as multipart", "the page's button", "something else"],
)
def test_one_post_leaves(site: Site, subscriber: str, how: dict[str, object]) -> None:
    """RFC 8058: one step, no cookie, no form token, no redirect."""
    answer = site.client.post(site.link(subscriber), **how)
    assert 200 == answer.status_code
    assert "The emails have stopped" in answer.get_data(as_text=True)
    assert {"active": 1, "left": 1, "suppressed": 1} == site.ledger.subscribers.count()


def test_leaving_twice_is_leaving_once(site: Site, subscriber: str) -> None:
    """The second answer is the same, and nothing is written."""
    first = site.client.post(site.link(subscriber), data=ONE_CLICK)
    once = site.dump()
    site.clock.advance(timedelta(days=1))
    second = site.client.post(site.link(subscriber), data=ONE_CLICK)
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert once == site.dump()


def test_whoever_is_gone_already_is_told_the_truth(site: Site, subscriber: str) -> None:
    """A good link whose reader was deleted with the list: no mail goes there, and that is what the page says."""
    gone = site.link("f" * 32)
    before = site.dump()
    assert 200 == site.client.post(gone, data=ONE_CLICK).status_code
    assert before == site.dump()


def test_the_next_batch_leaves_out_who_left_meanwhile(tmp_path: Path) -> None:
    """Between two batches, and whichever process serves the page."""
    site = Site(tmp_path)
    world = World(site.ledger, [an_email()], batch_limit=1)
    first, second, third = world.add_test_subscribers(3)
    elsewhere = open_ledger(site.project.settings.database_url)

    def leave(request: object) -> None:
        if len(world.email.provider.calls) == 1:
            assert 200 == site.client.post(site.link(third), data=ONE_CLICK).status_code
            elsewhere.subscribers.unsubscribe(CAMPAIGN, second, reason="unsubscribed", now=world.clock.now())

    world.email.on_call = leave
    world.run_at(datetime(2027, 1, 1, 10, tzinfo=UTC))
    world.run_at(datetime(2027, 1, 1, 10, 5, tzinfo=UTC))
    assert {f"day-1/{first}": 1, f"day-1/{second}": 1} == world.received(), "the second was under way"
    elsewhere.close()
    site.close()


def test_links_of_last_years_campaign_still_let_their_readers_leave(site: Site, subscriber: str) -> None:
    """Its folder is gone, the ledger remembers it; a campaign that never was is not known."""
    path = site.link(subscriber, "last-year")
    assert 404 == site.client.post(path).status_code
    mail = an_email()
    day = Wanted(mail.item, mail.channel, "email", mail.on, mail.due_at, mail.expires_at)
    site.ledger.deliveries.follow_plan("live", SeasonKey("last-year", 2026), [day], now=site.clock.now())
    assert 200 == site.client.post(path).status_code


# -- not leaving ----------------------------------------------------------------------------------------


def test_all_links_that_are_none_look_alike(site: Site, subscriber: str) -> None:
    """Forged, cut off, made for another purpose, another campaign or by another key: one answer, nothing changed."""
    key = token_key("not-a-secret-only-a-test")
    good = site.link(subscriber).rpartition("/")[2]
    flipped = good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1]
    tokens = [
        "forged",
        "A" * 44,
        good[:-1],
        good + "A",
        flipped,
        good.swapcase(),
        "%00%ff",
        "é" * 30,
        "a" * 5000,
        make("preferences", subscriber, key, campaign=CAMPAIGN),
        make("unsubscribe", subscriber, key, campaign="another"),
        make("unsubscribe", subscriber, token_key("another secret altogether"), campaign=CAMPAIGN),
    ]
    before = site.dump()
    answers = [site.client.post(f"/u/{token}", data=ONE_CLICK) for token in tokens]
    assert {404} == {a.status_code for a in answers}
    assert 1 == len({(a.data, tuple(a.headers)) for a in answers})
    assert before == site.dump()


def test_a_large_body_is_refused_and_nobody_leaves(site: Site, subscriber: str) -> None:
    """A page that takes one button needs no kilobytes."""
    before = site.dump()
    assert 413 == site.client.post(site.link(subscriber), data=b"x" * 5000).status_code
    assert before == site.dump()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_told_which_ones_there_are(site: Site, subscriber: str, method: str) -> None:
    """405 with the methods that work."""
    answer = site.client.open(site.link(subscriber), method=method)
    assert 405 == answer.status_code
    assert {"GET", "HEAD", "POST"} == set(answer.headers["Allow"].split(", "))
    assert "no-referrer" == answer.headers["Referrer-Policy"]


def test_when_the_ledger_cannot_be_written_the_reader_is_told_to_try_again(
    site: Site, subscriber: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody may believe to have left who has not; and the log does not get the link."""

    def out_of_reach(*_: object, **__: Any) -> bool:
        raise OutOfReach("the database /srv/secret/observance.db: the disk is full")

    monkeypatch.setattr(site.ledger.subscribers, "unsubscribe", out_of_reach)
    answer = site.client.post(site.link(subscriber), data=ONE_CLICK)
    assert (503, "60") == (answer.status_code, answer.headers["Retry-After"])
    assert "nothing was changed" in answer.get_data(as_text=True)
    assert "/srv/secret" not in answer.get_data(as_text=True)
    assert "disk is full" in caplog.text
    assert site.link(subscriber) not in caplog.text


def test_an_error_nobody_foresaw_tells_its_kind_alone(
    site: Site, subscriber: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its text may hold an address, the request's path holds a link: neither is logged or shown."""

    def broken(*_: object, **__: Any) -> bool:
        raise RuntimeError("reader0@readers.test")

    monkeypatch.setattr(site.ledger.subscribers, "unsubscribe", broken)
    with caplog.at_level(logging.DEBUG):
        answer = site.client.post(site.link(subscriber), data=ONE_CLICK)
    assert 500 == answer.status_code
    assert "RuntimeError in test_web_leave.py" in caplog.text
    for told in (caplog.text, answer.get_data(as_text=True)):
        assert "reader0@" not in told
        assert site.link(subscriber) not in told


def test_no_address_leads_a_reader_anywhere_else(site: Site) -> None:
    """No redirect that the request's own host or a second slash could turn elsewhere."""
    for path in ("//evil.example/u/x", "/u//evil.example", "/u/x/", "/u/", "//u/x"):
        for method in ("GET", "POST"):
            given = {"PATH_INFO": path}  # the test client would take the second slash for another host
            answer = site.client.open("/", method=method, headers={"Host": "evil.example"}, environ_overrides=given)
            assert answer.status_code in (200, 404), path
            assert "Location" not in answer.headers
            assert "evil.example" not in answer.get_data(as_text=True)
