"""Mail scanners: whatever fetches the links of our mails, however it does, changes nothing; a mail program's one click
does.

All mails of the season, its digests and the letters, built by the channel as they would be sent to readers of this very
list; every address in their texts, their HTML and their heads that leads to our pages is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, select, text

from scheduler.channels.mime import to_mime
from scheduler.channels.sendgrid.build import build_mail
from scheduler.domain.message import EmailBody, Message
from scheduler.domain.outcome import Recipient
from scheduler.domain.subscriber import SubscriberState
from scheduler.domain.transactional_email import ASKS, letter_id
from scheduler.services.public_pages import own_links
from scheduler.services.seasons import rehearse
from scheduler.store.tables import metadata
from scheduler.wiring import unsubscribe_url
from tests.support.public_factory import CAMPAIGN, NOW, PUBLIC_URL, ReadersSite

_ADDRESS = re.compile(r"https?://[^\s\"'<>\\)]+")
#: RFC 8058, 3.1: as a form, or as its parts.
ONE_CLICK: tuple[Mapping[str, Any], ...] = (
    {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"},
    {"data": {"List-Unsubscribe": "One-Click"}, "content_type": "multipart/form-data"},
)
#: What scanners, previews and browsers that fetch ahead say of themselves. None of it may matter.
FETCHERS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("GET", {}),
    ("HEAD", {}),
    ("GET", {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "X-Moz": "prefetch"}),
    ("GET", {"User-Agent": "Barracuda Sentinel (EE)", "Accept": "*/*", "Range": "bytes=0-1023"}),
    ("OPTIONS", {"Origin": "https://mail.example"}),
)


@pytest.fixture
def site(tmp_path: Path, ledger_url: str) -> Iterator[ReadersSite]:
    made = ReadersSite(tmp_path, database_url=ledger_url)
    yield made
    made.close()


def dump(url: str) -> dict[str, list[str]]:
    """Every row of every table."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        rows = {
            table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in metadata.sorted_tables
        }
        rows["versions"] = sorted(map(repr, connection.execute(text("SELECT version_num FROM alembic_version")).all()))
    engine.dispose()
    return rows


def without_number(rows: dict[str, list[str]]) -> dict[str, list[str]]:
    """Without the ledger's own row: on PostgreSQL its number of departures grows with a statement that changes nothing."""
    return {name: of for name, of in rows.items() if name != "ledger"}


def whole_mail(message: Message, site: ReadersSite, subscriber: Recipient) -> str:
    """All that reaches the reader, by either way out: texts and head, with everything filled in."""
    body: Any = build_mail(message, site.settings.channels["email"], send_id="s", recipients=[subscriber]).body
    (envelope,) = body["personalizations"]
    sent = "\n".join((*envelope["headers"].values(), *(part["value"] for part in body["content"])))
    for token, value in envelope["substitutions"].items():
        sent = sent.replace(token, value)
    links = {"%preferences_url%": subscriber.preferences_url, "%confirm_url%": subscriber.confirm_url}
    mime = to_mime(
        message,
        to=subscriber.address,
        unsubscribe_url=subscriber.unsubscribe_url,
        message_id="1@news.harbour.test",
        date=NOW,
        links=links,
    )
    return sent + "\n" + mime.replace(b"=\r\n", b"").replace(b"=3D", b"=").decode()


def our_paths(mail: str) -> set[str]:
    """The addresses of our pages in a mail."""
    return {
        url.removeprefix(PUBLIC_URL).replace("&amp;", "&")
        for url in _ADDRESS.findall(mail)
        if url.startswith(PUBLIC_URL)
    }


def test_nothing_that_fetches_the_links_of_our_mails_changes_anything(site: ReadersSite, ledger_url: str) -> None:
    """32 mails, 6 digests and 4 letters; one reader of each state; every link, by all the ways in which links are
    fetched. The database is the same afterwards, row by row; then one click leaves, and is seen to be a change."""
    readers = site.add_test_subscribers(4)
    site.ledger.subscribers.pause(CAMPAIGN, readers[1], until_at=NOW + timedelta(days=5), now=NOW)
    site.ledger.subscribers.unsubscribe(CAMPAIGN, readers[2], reason="unsubscribed", now=NOW)
    site.ledger.subscribers.erase("reader3@readers.example", who="reader", now=NOW)
    site.fill_in("waiting@readers.example")
    (asking,) = site.letters()
    waiting = site.ledger.subscribers.find(CAMPAIGN, "waiting@readers.example")
    assert waiting is not None
    token = asking.link("/confirm/").rpartition("/")[2]

    rehearsal = rehearse(site.project, CAMPAIGN, 2027)
    mails = [m for m in (*rehearsal.everything, *rehearsal.letters) if isinstance(m.body, EmailBody)]
    assert (32, 6, 4) == (len(mails) - 10, len(rehearsal.digests), len(rehearsal.letters))
    paths: set[str] = set()
    for subscriber_id in (*readers, waiting.subscriber.id):
        for mail in mails:
            asks = mail.item in map(letter_id, ASKS)
            own = own_links(site.project, CAMPAIGN, subscriber_id, token=token if asks else "")
            links = (own.unsubscribe_url, own.preferences_url, own.confirm_url)
            found = our_paths(whole_mail(mail, site, Recipient(subscriber_id, "a@readers.example", "", *links)))
            way_out = "/not-me/" if asks else "/u/"
            assert any(way_out in path for path in found), f"{mail.item} cannot be left"
            paths |= found
    assert all(path.startswith("/c/c7w4mkp/") for path in paths)
    kinds = {urlsplit(path).path.split("/")[3] for path in paths}
    assert {"u", "preferences", "confirm", "not-me", "archive"} == kinds
    pages = ("/subscribe", "/archive", "/archive.xml")  # and where those pages lead
    paths |= {*pages, *(f"/c/c7w4mkp{page}" for page in pages)}
    assert 5 * 2 + 1 + 1 + 38 + 6 == len(paths)

    before = dump(ledger_url)
    for path in sorted(paths):
        for method, headers in FETCHERS:
            status = site.client.open(path, method=method, headers=headers).status_code
            assert status in ((405,) if method == "OPTIONS" else (200, 404)), (method, path)
            assert "/archive/" in path or "/preferences/" in path or status != 404, path
    assert before == dump(ledger_url)

    way_out = unsubscribe_url(site.project, CAMPAIGN)(readers[0]).removeprefix(PUBLIC_URL)
    assert 200 == site.client.post(way_out, **ONE_CLICK[0]).status_code
    assert before != dump(ledger_url), "the comparison would not have seen a change"


@pytest.mark.parametrize("click", ONE_CLICK, ids=["form", "multipart"])
def test_a_mail_programs_one_click_leaves_in_one_step_twice_without_harm(
    site: ReadersSite, ledger_url: str, click: Mapping[str, Any]
) -> None:
    """RFC 8058: no cookie, no page in between, no redirect. The address is that of the mail's head, of any mail."""
    (subscriber,) = site.add_test_subscribers(1)
    own = own_links(site.project, CAMPAIGN, subscriber)
    message = rehearse(site.project, CAMPAIGN, 2027).messages[-1]
    messages = [m for m in (message, *rehearse(site.project, CAMPAIGN, 2027).messages) if isinstance(m.body, EmailBody)]
    recipient = Recipient(subscriber, "a@readers.example", "", own.unsubscribe_url, own.preferences_url)
    body: Any = build_mail(messages[0], site.settings.channels["email"], send_id="s", recipients=[recipient]).body
    headers = body["personalizations"][0]["headers"]
    assert "List-Unsubscribe=One-Click" == headers["List-Unsubscribe-Post"]
    path = headers["List-Unsubscribe"].strip("<>").removeprefix(PUBLIC_URL)

    answer = site.client.post(path, **click)
    assert 200 == answer.status_code
    assert "Set-Cookie" not in answer.headers
    left = site.ledger.subscribers.get(CAMPAIGN, subscriber)
    assert left is not None
    assert SubscriberState.LEFT is left.state
    once = dump(ledger_url)
    site.clock.advance(timedelta(days=1))
    assert answer.data == site.client.post(path, **click).data
    assert without_number(once) == without_number(dump(ledger_url))
