"""The archive: what has gone out, as it went out, and nothing of what is to come or of who got it."""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from sqlalchemy import event

from scheduler.content.render.web_page import as_web_page
from scheduler.domain.archive_link import archive_place, archive_url, read_archive_place
from scheduler.domain.cadence import Cadence
from scheduler.domain.message import EmailBody
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.season_key import SeasonKey
from scheduler.review.mail_view import plain_html
from scheduler.services.archive import sent_mails
from scheduler.services.seasons import rehearse
from scheduler.settings import Mode
from tests.contract.test_digest_pieces import THE_FRAME, a_day, a_digest
from tests.support.public_factory import CAMPAIGN, PUBLIC_URL, ReadersSite
from tests.support.world import World, an_approval, an_email
from tests.unit.test_public_sign_up import words_of
from tests.unit.test_web_leave import Page

#: Five seconds past ten in New York.
FIRST = datetime(2027, 1, 3, 15, 0, 5, tzinfo=UTC)
SLUG = "c7w4mkp"
BASE = f"{PUBLIC_URL}/c/{SLUG}"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadersSite]:
    """A rehearsal in which 3 and 4 January have gone out, and on the 4th a digest of these and of the 2nd, on which
    nothing ran. Only looked at."""
    made = ReadersSite(tmp_path_factory.mktemp("site"), now=datetime(2026, 12, 20, tzinfo=UTC), mode=Mode.REHEARSAL)
    made.add_test_subscribers(2)
    made.ledger.subscribers.set_cadence(CAMPAIGN, f"{1:032x}", Cadence.DIGEST, now=made.clock.now())
    made.send_days(FIRST, 2)
    yield made
    made.close()


def test_the_list_holds_what_has_gone_out_newest_first(site: ReadersSite) -> None:
    """With day, subject and preheader; a digest stands beside the mail of its day. What it tells of is there, though
    nobody got it by itself."""
    answer = site.client.get("/archive")
    page = Page(answer.get_data(as_text=True))
    links = [a["href"] for a in page.all("a") if str(a["href"]).startswith(f"/c/{SLUG}/archive/")]
    places = ("2027-01-04-digest", "2027-01-04", "2027-01-03", "2027-01-02")
    assert [f"/c/{SLUG}/archive/{place}" for place in places] == links
    words = words_of(answer)
    assert "Monday, January 4, 2027, several days in one" in words
    assert site.subject_of("what-trafficking-is") in words


@pytest.mark.parametrize("place", ["2027-01-03", "2027-01-04", "2027-01-04-digest"])
def test_a_mail_as_a_page_says_what_the_mail_said(site: ReadersSite, place: str) -> None:
    """The same headline, words and help lines, in the mail's own looks and language; no token and no link of anybody's."""
    answer = site.client.get(f"/archive/{place}")
    text = answer.get_data(as_text=True)
    delivery = next(
        d
        for d in site.ledger.deliveries.of_season("rehearsal", SeasonKey(CAMPAIGN, 2027))
        if d.digest and (archive_place(d.on, digest=d.item.startswith("digest-")) == place and d.kind == "email")
    )
    message = site.ledger.lookups.sent_message(delivery.digest)
    assert message is not None
    assert isinstance(message.body, EmailBody)
    told = re.findall(r"<(?:h1|h2|li|blockquote)\b[^>]*>(.*?)</", message.body.html, re.DOTALL)
    assert told
    assert [] == [words for words in told if words not in text]
    for said in (
        "tel:+18883737888",
        "1-888-373-7888",
        "sms:233733",
        '<html lang="en">',
        "This was recorded for",
        "nobody has got it",
    ):
        assert said in text
    for gone in ("_url%", "/u/", "/preferences/", "/confirm/", "because you signed up", "Stop these", "in a browser"):
        assert gone not in text
    assert 1 == text.count("<main>")
    assert 'href="https://www.weather.gov/"' in text


def test_the_address_in_a_mail_leads_to_its_page(site: ReadersSite) -> None:
    """Each mail and each digest carries the address of its own page, the same for all readers."""
    rehearsal = rehearse(site.project, CAMPAIGN, 2027)
    for message in (m for m in rehearsal.everything if isinstance(m.body, EmailBody)):
        assert isinstance(message.body, EmailBody)
        url = archive_url(PUBLIC_URL, SLUG, message.on, digest=message.audience.is_digest)
        assert (1, 1) == (message.body.html.count(f'"{url}"'), message.body.text.split().count(url)), message.item
    gone = [m for m in rehearsal.everything if date(2027, 1, 2) <= m.on <= date(2027, 1, 4)]
    assert 4 == len([m for m in gone if isinstance(m.body, EmailBody)])
    for message in gone:
        url = archive_url(PUBLIC_URL, SLUG, message.on, digest=message.audience.is_digest)
        assert 200 == site.client.get(url.removeprefix(PUBLIC_URL)).status_code


@pytest.mark.parametrize(
    "place",
    [
        "2027-01-01",
        "2027-01-05",
        "2027-02-01",
        "2027-01-03-digest",
        "2027-1-3",
        "2027-02-30",
        "2027-01-04-digest-digest",
        "x",
        "2027-01-04%0a",
        "..%2f",
        "20270104",
    ],
)
def test_what_has_not_gone_out_is_not_there(site: ReadersSite, place: str) -> None:
    """A day before the readers came, a day to come, a digest of another day, no day at all: the same page for all."""
    answer = site.client.get(f"/archive/{place}")
    assert 404 == answer.status_code
    assert site.client.get("/archive/2027-01-31").data == answer.data


def test_nothing_of_a_day_to_come_is_told(site: ReadersSite) -> None:
    """Not its title, not its subject: neither in the list nor in the feed."""
    later = [m for m in rehearse(site.project, CAMPAIGN, 2027).messages if m.on > date(2027, 1, 4)]
    texts = site.client.get("/archive").get_data(as_text=True) + site.client.get("/archive.xml").get_data(as_text=True)
    subjects = [m.body.subject for m in later if isinstance(m.body, EmailBody)]
    assert subjects
    assert [] == [subject for subject in subjects if subject in texts]


def test_looking_changes_nothing(site: ReadersSite) -> None:
    """List, page, feed; GET and HEAD."""
    before = site.dump()
    for path in ("/archive", "/archive/2027-01-04", "/archive.xml", "/archive/2027-01-31"):
        assert site.client.get(path).status_code == site.client.head(path).status_code
        assert 405 == site.client.post(path).status_code
    assert before == site.dump()


def test_a_mail_asks_the_ledger_little(site: ReadersSite) -> None:
    """A link that goes around is opened by thousands; ceilings in tests/data/ceilings.toml."""
    ceilings = tomllib.loads((Path(__file__).parents[1] / "data" / "ceilings.toml").read_text(encoding="utf-8"))
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        asked.append(statement)

    event.listen(site.ledger._database.engine, "before_cursor_execute", note)
    try:
        found = []
        for _ in range(2):
            asked.clear()
            assert 200 == site.client.get("/archive/2027-01-03").status_code
            found.append(len(asked))
    finally:
        event.remove(site.ledger._database.engine, "before_cursor_execute", note)
    most = ceilings["statements_an_archived_mail"]
    assert found[0] <= most["first"]
    assert found[1] <= most["again"]


# -- what a page of it may do -----------------------------------------------------------------------------


def test_a_page_asks_nobody_and_runs_nothing(site: ReadersSite) -> None:
    """Styles by fingerprint, and those of the mail's own elements; no script but that of the quick exit, no picture but
    that of the day's post, no cookie."""
    answer = site.client.get("/archive/2027-01-04")
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    styles = re.findall(r"<style>(.*?)</style>", answer.get_data(as_text=True), re.DOTALL)
    prints = [f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in styles]
    assert 2 == len(prints)
    assert {
        "default-src": "'none'",
        "img-src": f"data: {urlsplit(PUBLIC_URL).netloc}/pictures/ localhost/pictures/",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "style-src-elem": " ".join(prints),
        "style-src-attr": "'unsafe-inline'",
        "script-src": f"{urlsplit(PUBLIC_URL).netloc}/exit.js localhost/exit.js",
    } == policy
    page = Page(answer.get_data(as_text=True))
    loading = ("script", "img", "iframe", "object", "form", "base")
    loaded = [
        (tag, re.sub(r"[0-9a-f]{64}", "SHA256", found.get("src") or "")) for tag, found in page.tags if tag in loading
    ]
    assert [("script", "/exit.js"), ("img", "/pictures/SHA256.png")] == sorted(loaded, reverse=True)
    assert "Set-Cookie" not in answer.headers
    assert "no-referrer" == answer.headers["Referrer-Policy"]


MAIL = "<html><head><title>T</title><style>p{}</style></head><body class='x'>%s</body></html>"


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ('<p>Stay</p><p class="small only-in-mail">Go</p><p>And stay</p>', "<p>Stay</p><p>And stay</p>"),
        ('<p>Stay</p><p>x <a href="%unsubscribe_url%">Go</a></p>', "<p>Stay</p>"),
        ("<p>Go %preferences_url%</p><p>Stay</p>", "<p>Stay</p>"),
        ('<td><a class="b" href="%confirm_url%">Words</a></td>', "<td>Words</td>"),
        ("<td>%unsubscribe_url%</td>", "<td></td>"),
        ('<p class="only-in-mail-not">Stay</p>', '<p class="only-in-mail-not">Stay</p>'),
        ('<pre>Stay</pre><p title="x">Stay</p>', '<pre>Stay</pre><p title="x">Stay</p>'),
    ],
)
def test_what_belongs_to_a_reader_or_a_mailbox_is_taken_out(body: str, left: str) -> None:
    """The whole paragraph where there is one, else the link; the rest stays as it was sent."""
    page = as_web_page(MAIL % body, head="<meta>", before="<header></header>", after="<footer></footer>")
    assert (MAIL % f"<header></header><main>{left}</main><footer></footer>").replace(
        "</head>", "<meta></head>"
    ) == page.html
    assert ("p{}",) == page.styles


def test_places_are_read_as_they_are_written() -> None:
    """And nothing else is one."""
    for on, digest in ((date(2027, 1, 4), False), (date(2027, 12, 31), True)):
        assert (on, 1, digest) == read_archive_place(archive_place(on, digest=digest))


# -- the feed ---------------------------------------------------------------------------------------------


def test_the_feed_is_atom_with_absolute_addresses(site: ReadersSite) -> None:
    """RFC 4287: id, title, updated and an author for the feed; id, title, updated and a link for each entry."""
    answer = site.client.get("/archive.xml")
    assert "application/atom+xml" == answer.mimetype
    feed = ElementTree.fromstring(answer.data)
    assert f"{ATOM}feed" == feed.tag
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert {"self": f"{BASE}/archive.xml", "alternate": f"{BASE}/archive"} == links
    entries = feed.findall(f"{ATOM}entry")
    places = ["2027-01-04-digest", "2027-01-04", "2027-01-03", "2027-01-02"]
    assert [f"{BASE}/archive/{place}" for place in places] == [e.findtext(f"{ATOM}id") for e in entries]
    for element in (feed, *entries):
        assert element.findtext(f"{ATOM}title")
        at = datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "")
        assert at.tzinfo is not None
    assert max(e.findtext(f"{ATOM}updated") or "" for e in entries) == feed.findtext(f"{ATOM}updated")
    assert "2027-01-04T15:00:05+00:00" == entries[1].findtext(f"{ATOM}updated")
    assert "Example Coalition" == feed.findtext(f"{ATOM}author/{ATOM}name")
    assert {e.findtext(f"{ATOM}id") for e in entries} == {e.find(f"{ATOM}link").get("href") for e in entries}


def test_an_empty_feed_is_one_too(tmp_path: Path) -> None:
    """Before the first mail."""
    site = ReadersSite(tmp_path, now=datetime(2026, 12, 20, tzinfo=UTC))
    feed = ElementTree.fromstring(site.client.get("/archive.xml").data)
    assert [] == feed.findall(f"{ATOM}entry")
    assert feed.findtext(f"{ATOM}updated")
    assert "Nothing has gone out yet" in words_of(site.client.get("/archive"))
    site.close()


# -- live, rehearsed, found by search engines -------------------------------------------------------------


def live(tmp_path: Path, *, rests_on: Mapping[str, str] = MappingProxyType({}), **changes: Any) -> ReadersSite:
    """A live season of which one mail went to a reader, one was refused, one had nobody, and one is still to come."""
    site = ReadersSite(tmp_path, now=datetime(2026, 12, 20, tzinfo=UTC), **changes)
    mails = [an_email(f"day-{n}", campaign=CAMPAIGN, on=date(2027, 1, n)) for n in (1, 2, 3, 4)]
    mails = [
        replace(
            m, body=replace(m.body, html=f"<html><head></head><body>{m.body.html}</body></html>"), rests_on=rests_on
        )
        for m in mails
        if isinstance(m.body, EmailBody)
    ]
    world = World(site.ledger, mails)
    site.ledger.armings.arm(SeasonKey(CAMPAIGN, 2027), who="Ada", now=site.clock.now())
    (subscriber,) = site.add_test_subscribers(1)
    world.run_at(datetime(2027, 1, 1, 10, 0, 5, tzinfo=UTC))
    world.email.script = [Outcome(OutcomeKind.FINAL, detail="400")]
    world.run_at(datetime(2027, 1, 2, 10, 0, 5, tzinfo=UTC))
    site.ledger.subscribers.unsubscribe(CAMPAIGN, subscriber, reason="unsubscribed", now=world.clock.now())
    world.run_at(datetime(2027, 1, 3, 10, 0, 5, tzinfo=UTC))
    site.clock.jump(datetime(2027, 1, 3, 12, tzinfo=UTC))
    return site


def test_only_a_mail_that_somebody_got_is_in_it(tmp_path: Path) -> None:
    """What was refused, or went to nobody, is not a mail that has gone out."""
    site = live(tmp_path)
    states = [str(d.state) for d in site.ledger.deliveries.of_season("live", SeasonKey(CAMPAIGN, 2027))]
    assert ["sent", "failed"] == states[:2]
    assert [date(2027, 1, 1)] == [mail.on for mail in sent_mails(site.project, site.ledger, CAMPAIGN)]
    page = words_of(site.client.get("/archive/2027-01-01"))
    assert "This went out by email on" in page
    assert "rehearsal" not in page + site.client.get("/archive").text + site.client.get("/archive.xml").text.casefold()
    site.close()


@pytest.mark.parametrize(
    ("record", "is_there"),
    [
        ("until = 2027-02-28\n", True),
        ("until = 2027-01-02\n", False),
        ('until = 2027-02-28\nwithdrawn_on = 2027-01-03\nwithdrawn_how = "By telephone, to the keeper."\n', False),
        ("", False),
    ],
    ids=["holds", "ran out", "taken back", "no record"],
)
def test_a_story_is_there_for_as_long_as_its_consent_holds(tmp_path: Path, record: str, is_there: bool) -> None:
    """In the list, at its address and in the feed."""
    site = live(tmp_path, rests_on={"consent:paper-7": "0"})
    (item,) = list((site.root / "campaigns" / CAMPAIGN / "items").glob("*.md"))[:1]
    name = re.search(r'^id = "(.+)"$', item.read_text("utf-8"), re.MULTILINE)
    assert name is not None
    kept = 'kept = "Cabinet 2."\ntaking_back = "By telephone."\n'
    consent = f'[[consent]]\nid = "paper-7"\nperson = "K-7"\nwhat = "Her words."\nitems = ["{name[1]}"]\n{kept}'
    file = site.root / "campaigns" / CAMPAIGN / "consents.toml"
    file.write_text(f"{consent}from = 2026-12-01\n{record}" if record else "", encoding="utf-8")
    found = site.client.get("/archive/2027-01-01")
    assert (200 if is_there else 404) == found.status_code
    for path in ("/archive", "/archive.xml"):
        assert is_there == ("Subject of day-1" in site.client.get(path).get_data(as_text=True)), path
    site.close()


def test_its_days_are_written_as_its_readers_write_them(tmp_path: Path) -> None:
    site = live(tmp_path)
    site.write_in("en-GB")
    for path in ("/archive", "/archive/2027-01-01"):
        words = words_of(site.client.get(path))
        assert ("Friday 1 January 2027" in words, "January 1, 2027" in words) == (True, False), path
    site.close()


def test_a_digest_leads_to_the_mails_that_it_told_of_and_shows_nothing_else(tmp_path: Path) -> None:
    """Nobody got them by themselves. What the digest went without is nowhere."""
    site = ReadersSite(tmp_path, now=datetime(2026, 12, 20, tzinfo=UTC))
    days = [a_day(n) for n in (1, 2, 3)]
    digest = replace(a_digest(), item="digest-2027-01-03")
    mails = [replace(m, campaign=CAMPAIGN) for m in (*days, digest, THE_FRAME)]
    world = World(site.ledger, mails, approved=False)
    site.ledger.armings.arm(SeasonKey(CAMPAIGN, 2027), who="Ada", now=site.clock.now())
    for mail in (mails[0], mails[2], mails[4]):
        site.ledger.approvals.record(an_approval(mail, at=site.clock.now()))
    (subscriber,) = site.add_test_subscribers(1)
    site.ledger.subscribers.set_cadence(CAMPAIGN, subscriber, Cadence.DIGEST, now=site.clock.now())
    for day, hour in ((1, 10), (3, 10), (3, 17)):
        world.run_at(datetime(2027, 1, day, hour, 0, 5, tzinfo=UTC))
        site.clock.jump(world.clock.now())
        assert (hour == 17) == bool(sent_mails(site.project, site.ledger, CAMPAIGN))
    found = {date(2027, 1, n): site.client.get(f"/archive/2027-01-0{n}").status_code for n in (1, 2, 3)}
    assert [200, 404, 200] == [*found.values()]
    shown = words_of(site.client.get("/archive/2027-01-03-digest"))
    assert ["Story of day 1.", "Story of day 3."] == re.findall(r"Story of day \d\.", shown)
    texts = site.client.get("/archive.xml").get_data(as_text=True) + site.client.get("/archive").get_data(as_text=True)
    assert ("January 1–3: Day 1; Day 3" in texts, "day 2" in texts.casefold()) == (True, False)
    site.close()


def test_after_the_season_it_stays_until_the_next_one_runs(tmp_path: Path) -> None:
    """In December it is still last January's."""
    site = live(tmp_path)
    for now, count in ((datetime(2027, 12, 20, tzinfo=UTC), 1), (datetime(2028, 1, 1, 12, tzinfo=UTC), 0)):
        site.clock.jump(now)
        assert count == len(sent_mails(site.project, site.ledger, CAMPAIGN))
    site.close()


@pytest.mark.parametrize(
    ("noindex", "robots"), [(False, "all"), (True, "noindex, nofollow, noarchive")], ids=["default", "archive_noindex"]
)
def test_search_engines_may_find_it_unless_the_setting_says_no(tmp_path: Path, noindex: bool, robots: str) -> None:
    """In the head and in the page; what belongs to a reader is never to be found."""
    site = live(tmp_path, archive_noindex=noindex)
    for path in ("/archive", "/archive/2027-01-01"):
        answer = site.client.get(path)
        assert robots == answer.headers["X-Robots-Tag"]
        assert f'<meta name="robots" content="{robots}">' in answer.get_data(as_text=True)
    assert "noindex" in site.client.get("/preferences/x").headers["X-Robots-Tag"]
    site.close()


def test_a_rehearsed_archive_is_never_to_be_found(site: ReadersSite) -> None:
    """Nobody has got those mails, and the page says so."""
    answer = site.client.get("/archive")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "nobody has got them" in words_of(answer)
    assert timedelta(0) < site.clock.now() - FIRST


# -- what is kept, and for how long -------------------------------------------------------------------------


@pytest.mark.parametrize("path", [f"/c/{SLUG}/archive", f"/c/{SLUG}/archive/2027-01-04", f"/c/{SLUG}/archive.xml"])
def test_who_has_a_page_already_is_told_so_in_short(site: ReadersSite, path: str) -> None:
    answer = site.client.get(path)
    assert "public, no-cache" == answer.headers["Cache-Control"]
    again = site.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (304, b"") == (again.status_code, again.data)
    assert 200 == site.client.get(path, headers={"If-None-Match": '"another"'}).status_code
    assert "no-store" == site.client.get("/archive/2027-01-31").headers["Cache-Control"]


def test_for_some_seconds_the_ledger_is_not_asked(tmp_path: Path) -> None:
    """Then only whether it has a new line: until there is one, nothing is read again."""
    site = live(tmp_path)
    paths = ("/archive", "/archive/2027-01-01", "/archive.xml")
    first = [site.client.get(path).data for path in paths]
    archive = site.app.site.archive
    archive.ask_again = 60.0
    site.client.get("/archive")
    with patch.object(archive, "_ledger", None):
        assert first == [site.client.get(path).data for path in paths]
    archive.ask_again = 0.0
    with patch.object(type(site.ledger.deliveries), "of_season", side_effect=AssertionError):
        assert first == [site.client.get(path).data for path in paths]
    site.close()


def test_a_correction_is_seen_at_the_next_look(tmp_path: Path) -> None:
    site = live(tmp_path)
    assert "is being corrected" not in words_of(site.client.get("/archive/2027-01-01"))
    before = site.client.get("/archive/2027-01-01").headers["ETag"]
    (delivery,) = (d for d in site.ledger.deliveries.of_day("live", date(2027, 1, 1)) if d.channel == "email")
    with sqlite3.connect(site.file) as connection:
        connection.execute(
            "UPDATE deliveries SET corrected_at = ? WHERE id = ?", ("2027-01-01 11:00:00.000000", delivery.id)
        )
    connection.close()
    site.ledger.events.record("delivery.corrected", who="tick", now=site.clock.now())
    answer = site.client.get("/archive/2027-01-01", headers={"If-None-Match": before})
    assert 200 == answer.status_code
    assert "It was corrected at" in words_of(answer)
    feed = ElementTree.fromstring(site.client.get("/archive.xml").data)
    assert "2027-01-01T11:00:00+00:00" == feed.findtext(f"{ATOM}entry/{ATOM}updated")
    site.close()


# -- the feed's text ------------------------------------------------------------------------------------------


def test_the_feed_holds_the_text_of_each_mail_and_nobodys_link(site: ReadersSite) -> None:
    feed = ElementTree.fromstring(site.client.get(f"/c/{SLUG}/archive.xml").data)
    assert "Human Trafficking Prevention Month" == feed.findtext(f"{ATOM}subtitle")
    assert "Rehearsal: emails of Example Coalition" == feed.findtext(f"{ATOM}title")
    contents = feed.findall(f"{ATOM}entry/{ATOM}content")
    assert ["html"] * 4 == [content.get("type") for content in contents]
    for content in contents:
        text = content.text or ""
        assert '<a href="tel:+18883737888">' in text
        assert "<h1>" in text
        for gone in ("_url%", "/u/", "/preferences/", "style", "class", "<script", "<table", "because you signed up"):
            assert gone not in text


def test_nothing_of_a_mail_can_act_in_a_feed() -> None:
    """A template may hold anything."""
    made = plain_html(
        '<html><head><title>T</title><style>p{}</style></head><body onload="x()"><table><td a=">">A</td><td>B</td>'
        '</table><p onclick="x()" style="color:red">C<script>x()</script><img src="https://x.example/1.gif">'
        '<a href="javascript:x()" ping="y">D</a><a href="https://y.example/" onclick="x()">E</a></p><iframe>F</iframe>'
    )
    assert '<div>A</div><div>B</div><p>C<a>D</a><a href="https://y.example/">E</a></p>' == made


# -- what programs ask every site for -------------------------------------------------------------------------


def may_fetch(site: ReadersSite, path: str) -> bool:
    answer = site.client.get("/robots.txt")
    assert "text/plain" == answer.mimetype
    robots = RobotFileParser()
    robots.parse(answer.get_data(as_text=True).splitlines())
    return robots.can_fetch("AnyBot", PUBLIC_URL + path)


CLOSED = (
    "/",
    "/sign-in",
    "/u/token",
    "/confirm/token",
    "/preferences/token",
    "/r/token",
    f"/c/{SLUG}/u/token",
    f"/c/{SLUG}/confirm/token",
    f"/c/{SLUG}/preferences/token",
    "/c/another/archive",
)
FORMS = ("/subscribe", f"/c/{SLUG}/subscribe")
ARCHIVES = ("/archive", "/archive/2027-01-01", f"/c/{SLUG}/archive", f"/c/{SLUG}/archive/2027-01-01")


@pytest.mark.parametrize(("noindex", "found"), [(False, FORMS + ARCHIVES), (True, FORMS)])
def test_robots_may_look_at_forms_and_archives_and_at_nobodys_page(
    tmp_path: Path, noindex: bool, found: tuple[str, ...]
) -> None:
    site = ReadersSite(tmp_path, archive_noindex=noindex)
    assert list(found) == [path for path in (*CLOSED, *FORMS, *ARCHIVES) if may_fetch(site, path)]
    site.close()


def test_robots_have_no_business_in_a_rehearsal(site: ReadersSite) -> None:
    assert [] == [path for path in (*CLOSED, *FORMS, *ARCHIVES) if may_fetch(site, path)]


def test_the_icon_is_a_small_picture(site: ReadersSite) -> None:
    answer = site.client.get("/favicon.ico")
    assert ("image/x-icon", b"\0\0\1\0") == (answer.mimetype, answer.data[:4])
    assert len(answer.data) < 1_000
    assert "max-age" in answer.headers["Cache-Control"]
