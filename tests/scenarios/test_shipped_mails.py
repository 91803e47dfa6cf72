"""All mails of the season that is shipped, days and digests, as a reader's program gets them.

Taken apart by a parser of another family (mailparse, in Rust) and a strict HTML parser, which share nothing with what
made them.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from fast_mail_parser import parse_email
from tinyhtml5.parser import HTMLParser

from scheduler.clock import VirtualClock
from scheduler.project import Project
from scheduler.services.seasons import rehearse, write_dry_run
from scheduler.wiring import load_settings
from tests.scenarios.checking import REPOSITORY, SEASON
from tests.scenarios.test_shipped_cadence import NAME, plan_of

#: Gmail cuts a mail off at 102 kB.
LARGEST = 100_000

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
#: What a mail is made of: nothing that is fetched, runs, or is filled in.
ALLOWED = frozenset(
    "html head meta title style body table tbody tr td div p h1 h2 h3 a strong em ul ol li blockquote br hr span".split()
)
ADDRESS = re.compile(r"https?://[^\s<>]+")
UNSUBSCRIBE = "https://readers.example/c/sample/u/sample-1"


class Page:
    """HTML as the standard reads it, with everything that the standard calls a parse error."""

    def __init__(self, html: str) -> None:
        parser = HTMLParser(namespace_html_elements=False)
        self.root = parser.parse(html)
        self.errors = [f"line {place[0]}: {what}" for place, what, _ in parser.errors]

    def all(self, *names: str) -> list[Element]:
        """The elements of these names, in their order; without names, all."""
        return [e for e in self.root.iter() if isinstance(e.tag, str) and (not names or e.tag in names)]


def _texts(element: Element) -> Iterator[str]:
    """All text below an element but for what comments hold."""
    yield (element.text or "") if isinstance(element.tag, str) else ""
    for child in element if isinstance(element.tag, str) else ():
        yield from _texts(child)
        yield child.tail or ""


@dataclass(frozen=True)
class Mail:
    """One .eml file, and what stands beside it in the dry run."""

    path: Path
    is_digest: bool

    @property
    def on(self) -> date:
        return date.fromisoformat(self.path.stem)

    @cached_property
    def raw(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def parsed(self) -> Any:
        return parse_email(self.raw)

    @property
    def text(self) -> str:
        return str(self.parsed.text_plain[0]).replace("\r\n", "\n")

    @property
    def html(self) -> str:
        return str(self.parsed.text_html[0]).replace("\r\n", "\n")

    @cached_property
    def page(self) -> Page:
        return Page(self.html)

    @cached_property
    def request(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.path.with_suffix(".sendgrid.json").read_text(encoding="utf-8"))
        return found

    def sibling(self, kind: str) -> str:
        return self.path.with_suffix(kind).read_text(encoding="utf-8")

    @property
    def own_links(self) -> dict[str, str]:
        """Token -> what stands in its place for this reader."""
        found: dict[str, str] = self.request["personalizations"][0]["substitutions"]
        return found

    def filled(self, kind: str) -> str:
        """A file of the dry run with this reader's links in it."""
        words = self.sibling(kind)
        for token, link in self.own_links.items():
            words = words.replace(token, link)
        return words

    @property
    def seen(self) -> str:
        """What a reader of the HTML sees, in the inbox and in the mail: no comments, which speak to classic Outlook."""
        (body,) = self.page.all("body")
        return " ".join(_texts(body))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("season")
    for part in ("campaigns", "templates", "config"):
        shutil.copytree(REPOSITORY / part, root / part)
    project = Project(root, load_settings(root, {}), {}, VirtualClock(datetime(2026, 12, 28, 15, tzinfo=UTC)))
    return write_dry_run(project, rehearse(project, NAME, SEASON), root / "packet").folder


@pytest.fixture(scope="module")
def mails(folder: Path) -> list[Mail]:
    days = [Mail(path, False) for path in sorted((folder / "emails").glob("*.eml"))]
    return [*days, *(Mail(path, True) for path in sorted((folder / "digests").glob("*.eml")))]


def test_there_are_32_mails_and_6_digests(mails: list[Mail]) -> None:
    """Otherwise the tests below would look at less than they say."""
    assert {False: 32, True: 6} == Counter(mail.is_digest for mail in mails)


def test_an_independent_parser_finds_what_was_meant(mails: list[Mail]) -> None:
    """Both parts whole, text first, nothing attached, in UTF-8; the reader's own link in place of the token."""
    for mail in mails:
        parsed = mail.parsed
        assert (1, 1, []) == (len(parsed.text_plain), len(parsed.text_html), list(parsed.attachments)), mail.path
        assert mail.filled(".txt") == mail.text, mail.path
        assert mail.filled(".html") == mail.html, mail.path
        assert not re.search(r"%[a-z_]+%", mail.text + mail.html), mail.path
        assert mail.raw.index(b"text/plain") < mail.raw.index(b"text/html")


def test_the_head_is_what_bulk_senders_must_send(mails: list[Mail]) -> None:
    """Each header once; a way out by one click that survives folding; one sender for all; no accents lost."""
    for mail in mails:
        head = mail.parsed.headers
        assert {1} == {len(values) for values in head.values()}, mail.path
        assert [f"<{UNSUBSCRIBE}>"] == head["List-Unsubscribe"]
        assert ["List-Unsubscribe=One-Click"] == head["List-Unsubscribe-Post"]
        assert f"\r\nList-Unsubscribe: <{UNSUBSCRIBE}>\r\n".encode() in mail.raw
        assert mail.request["subject"] == mail.parsed.subject
        assert re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", head["Message-ID"][0])
    assert 1 == len({(m.parsed.headers["From"][0], m.parsed.headers["List-Id"][0]) for m in mails})
    assert len(mails) == len({m.parsed.headers["Message-ID"][0] for m in mails})


def test_the_html_is_valid_and_small_enough(mails: list[Mail]) -> None:
    """No parse error by the standard's own list, and far below the size at which Gmail cuts."""
    for mail in mails:
        assert [] == mail.page.errors, mail.path
        assert len(mail.html.encode()) < LARGEST, mail.path


@pytest.mark.parametrize(
    "broken",
    [
        "<p>x</p>",
        "<!doctype html><a b=1 b=2>x</a>",
        "<!doctype html><table><p>x</table>",
        "<!doctype html><p>a</div>",
        "<!doctype html><b><i>x</b></i>",
        "<!doctype html>&bogus;",
    ],
)
def test_a_page_that_is_not_valid_is_found(broken: str) -> None:
    """The test above could not fail otherwise."""
    assert Page(broken).errors


def test_nobody_is_followed_in_the_final_bytes(mails: list[Mail], folder: Path) -> None:
    """No element that fetches, no address but the campaign's own links and the reader's, tracking off in each call."""
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    listed = {link for item in (*plan["items"], *plan["digests"]) for link in item["links"]}
    for mail in mails:
        own = set(mail.own_links.values())
        assert {e.tag for e in mail.page.all()} <= ALLOWED, mail.path
        assert not re.search(r"url\s*\(|@import|background=|srcset", mail.html)
        hrefs = {a.attrib["href"] for a in mail.page.all("a")}
        assert {h for h in hrefs if not re.match(r"tel:|sms:|mailto:", h)} <= listed | own, mail.path
        assert {a.rstrip(").,;") for a in ADDRESS.findall(mail.text)} <= listed | own, mail.path
        assert {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        } == mail.request["tracking_settings"]
        parts = {part["type"]: part["value"] for part in mail.request["content"]}
        assert {"text/plain": mail.sibling(".txt"), "text/html": mail.sibling(".html")} == parts


def test_both_parts_say_the_same_in_the_same_order(mails: list[Mail]) -> None:
    """Word for word, but for addresses, which the text spells out, and the words that stand for them in the HTML."""
    for mail in mails:
        text, html = _words(mail.text), _words(mail.seen)
        more, less = Counter(text) - Counter(html), Counter(html) - Counter(text)
        assert set(less) <= {"source", "read", "it", "page"}, (mail.path, less)
        assert {w for w in more if not w.isdigit()} == set(), (mail.path, more)
        assert SequenceMatcher(None, text, html, autojunk=False).ratio() > 0.97, mail.path


def _words(said: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(ADDRESS.sub(" ", said))]


def test_each_mail_says_who_why_until_when_and_how_to_stop(mails: list[Mail]) -> None:
    """In both parts: the postal address, why you get this, when the series ends, the way out, help, and safety."""
    organisation = load_settings(REPOSITORY, {}).organisation
    for mail in mails:
        for part in (mail.seen, mail.text):
            said = " ".join(part.split())
            for words in (
                *organisation.postal_address.splitlines(),
                "You get this email because",
                "The series ends on Monday, February 1, 2027",
                "use a safer device",
                "is not a help line",
                "1-888-373-7888",
                "233733",
            ):
                assert " ".join(words.split()) in said, (mail.path, words)
        assert UNSUBSCRIBE in {a.attrib["href"] for a in mail.page.all("a")}
        assert UNSUBSCRIBE in mail.text


def test_content_notes_stand_before_the_story(mails: list[Mail]) -> None:
    """Every item that has one prints it, between the headline and the first words; the digest before that day."""
    noted = [p for p in plan_of(SEASON).items if p.item.content_note]
    assert noted
    for planned in noted:
        day = next(m for m in mails if m.on == planned.on and not m.is_digest)
        digest = next(m for m in mails if m.on >= planned.on and m.is_digest)
        for mail in (day, digest):
            for part in (mail.seen, mail.text):
                said = " ".join(part.split())
                find = said.rindex if mail.is_digest else said.index
                after = said[find(planned.item.title) + len(planned.item.title) :].lstrip(" =-")
                assert after.startswith(f"Content note: {planned.item.content_note}"), (mail.path, planned.item.id)


# -- designs --------------------------------------------------------------------------------------------


def outline(mail: Mail) -> list[str]:
    """The pieces of the story in their order, without their words."""
    (card,) = [e for e in mail.page.all("td") if e.get("class") == "card"]
    pieces = [
        f"{e.tag}.{e.get('class', '')}"
        for e in card.iter()
        if e.tag in ("h1", "h2", "h3", "blockquote")
        or e.get("class") in ("eyebrow", "small", "button", "label", "blockquote")
    ]
    return pieces[: pieces.index("h2.help_title")]


def test_each_design_can_be_told_from_the_others(mails: list[Mail]) -> None:
    """A quotation begins with its words, an older figure has a part of its own and what holds has its source;
    a special day says which it is, a fact names its source, a digest has a headline for each day: five designs."""
    planned = {p.on: p for p in plan_of(SEASON).items}
    seen: Counter[str] = Counter()
    for mail in mails:
        pieces, day = outline(mail), planned[mail.on]
        design = "digest" if mail.is_digest else str(day.item.kind)
        seen[design] += 1
        if design == "quotation":
            assert ["h1.h1", "td.blockquote"] == pieces[:2], mail.path
        elif design == "then-now":
            assert {"h2.h2", "p.small"} <= set(pieces), mail.path
        elif design == "special":
            assert day.day
            assert day.day.special in mail.seen
            assert ("eyebrow" in pieces[0]) == (day.day.special != day.item.title), mail.path
        elif design == "fact":
            assert "p.small" in pieces, mail.path
            assert "blockquote.blockquote" not in pieces, mail.path
        elif design == "digest":
            assert pieces.count("h2.h2") == pieces.count("p.eyebrow") >= 1, mail.path
    assert {"quotation", "then-now", "special", "fact", "digest"} <= set(seen)


# -- the inbox of somebody who is watched ---------------------------------------------------------------


def test_with_discreet_subjects_no_inbox_tells_what_it_is_about(tmp_path: Path) -> None:
    """Every item and every digest has one; subject, preheader and sender's name are free of the cause's words."""
    for part in ("campaigns", "templates", "config"):
        shutil.copytree(REPOSITORY / part, tmp_path / part)
    environment = {"OBSERVANCE_CHANNELS__EMAIL__DISCREET_SUBJECT": "true"}
    project = Project(
        tmp_path,
        load_settings(tmp_path, environment),
        environment,
        VirtualClock(datetime(2026, 12, 28, 15, tzinfo=UTC)),
    )
    folder = write_dry_run(project, rehearse(project, NAME, SEASON), tmp_path / "packet").folder
    told = re.compile(
        r"traffick|slave|exploit|victim|survivor|abuse|sex|violence|rescue|escape|hotline|forced|labor", re.IGNORECASE
    )
    heads = [
        parse_email(p.read_bytes()) for p in sorted(folder.glob("emails/*.eml")) + sorted(folder.glob("digests/*.eml"))
    ]
    assert 38 == len(heads)
    for head in heads:
        preheader = head.text_plain[0].strip().splitlines()[0]
        assert not told.search(f"{head.subject} {preheader} {head.headers['From'][0]}"), (head.subject, preheader)
        assert head.subject.strip()
