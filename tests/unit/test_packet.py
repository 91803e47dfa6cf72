"""The packet: whole, offline, printable, readable by everybody, and safe whatever a record holds."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from enum import Enum
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import pytest

from scheduler.channels.contract.standin_pictures import a_picture, a_png
from scheduler.domain.approval import Approval, Approvals
from scheduler.domain.design_tokens import DARK, LIGHT
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.message import Message, PostBody
from scheduler.domain.packet_record import edition_hash
from scheduler.domain.quotation import Passage
from scheduler.domain.rehearsal import Rehearsal
from scheduler.review.item_html import item_fragment
from scheduler.review.item_view import quotation_row
from scheduler.review.message_state import GOOD, NEEDS_YOU
from scheduler.review.packet import finding_groups, packet_html, page_source
from scheduler.review.packet_formatting import colored, with_code
from scheduler.review.reviewer_queue import ReviewerQueue
from tests.support.rehearsal_factory import MADE_AT, answered, asking, month, post
from tests.support.wcag import contrast

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}
EVIL = "<script>alert(1)</script>\"'><b onclick=x>&"


class Page(HTMLParser):
    """The page as a list of elements with their texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.headings: list[tuple[int, str]] = []
        self.scripts: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}))
        if tag in VOID:
            return
        self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if "script" in self.open:
            self.scripts[-1] += data
        elif "style" not in self.open:
            self.words.append(data)
        if (
            self.open
            and re.fullmatch("h[1-6]|span", self.open[-1])
            and any(re.fullmatch("h[1-6]", t) for t in self.open)
        ):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@cache
def html() -> str:
    return packet_html(month(), made_at=MADE_AT)


@cache
def page() -> Page:
    return Page(html())


def test_it_says_that_nothing_was_sent() -> None:
    """The first thing on the cover, and at the foot of each printed page."""
    assert "NOTHING WAS SENT" in page().text
    assert 'content:"Nothing was sent"' in html()


def test_the_cover_names_campaign_season_edition_and_both_times() -> None:
    """A signature on paper can be tied to exactly these messages."""
    cover = page().text[: page().text.index("2. What needs a person")]
    for words in (
        "National Slavery and Human Trafficking Prevention Month 2027",
        "Friday, January 1, 2027, to Monday, February 1, 2027, 32 days",
        edition_hash(month().messages),
        "November 24, 2026, 12:30 PM UTC",
        "Tuesday, November 24, 2026, 7:30 AM (New York)",
        "Figures were researched in November 2026.",
        "X 32 en $1.22",
        "Email 32 en",
    ):
        assert words in cover


def test_the_edition_changes_with_one_comma() -> None:
    """And with nothing else."""
    rehearsal = month()
    first = rehearsal.messages[1]
    assert isinstance(first.body, PostBody)
    other = replace(first, body=replace(first.body, text=first.body.text + ","))
    assert edition_hash(rehearsal.messages) == edition_hash(month().messages)
    assert edition_hash(rehearsal.messages) != edition_hash([rehearsal.messages[0], other, *rehearsal.messages[2:]])


def test_the_time_of_making_stands_on_the_cover_alone() -> None:
    """Two runs over the same files differ in that line and nowhere else."""
    later = packet_html(month(), made_at=MADE_AT + timedelta(days=1, minutes=7))
    differing = [(a, b) for a, b in zip(html().splitlines(), later.splitlines(), strict=True) if a != b]
    assert 1 == len(differing)
    assert "Made" in differing[0][0]


def test_headings_are_in_order() -> None:
    """One h1; no level is left out on the way down; the eight parts are there."""
    levels = [level for level, _ in page().headings]
    assert 1 == levels[0]
    assert 1 == levels.count(1)
    assert all(after <= before + 1 for before, after in pairwise(levels))
    parts = [text[:2] for level, text in page().headings if level == 2]
    assert [f"{n}." for n in range(1, 9)] == parts


def test_every_item_is_there_with_post_and_mail() -> None:
    """Each day has its article, its counter, its subject line and its plain text."""
    articles = [a["id"] for a in page().all("article")]
    assert [f"day-{n}" for n in range(1, 33)] == articles
    for p in month().plan.items:
        assert p.item.title in page().text
    counters = [a for a in page().all("p") if "counter" in a.get("class", "")]
    assert 33 == len(counters)  # 32 days and the item that is held back
    assert 32 == len([a for a in page().all("template") if a.get("shadowrootmode") == "open"])
    assert 33 == len([a for a in page().all("pre") if a.get("class") == "plain"])


def test_each_mail_is_embedded_once_for_both_widths() -> None:
    """The narrow view is made from the wide one, so the file stays small."""
    assert 1 == html().count("Prevention Month. Day 11 of 32</td>")
    assert 32 == html().count('class="frame desk"') == html().count('class="frame phone"')
    css = str(page_source("item.css") + page_source("packet.css"))
    assert ".desk{width:600px}" in css
    assert ".phone{width:375px}" in css


def test_nothing_is_fetched() -> None:
    """No address but in links; a policy that forbids every request and every other script."""
    for tag, attributes in page().elements:
        for name, value in attributes.items():
            if (tag, name) != ("a", "href"):
                assert "//" not in value
            assert not name.startswith("on")
    css = html()[html().index("<style>") : html().index("</style>")]
    assert 1 == css.count("url(") == css.count("url(data:font/woff2;base64,")  # the font stands in the page
    assert "@import" not in css
    policy = next(a["content"] for a in page().all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert 1 == len(page().scripts)


def test_inner_links_lead_somewhere() -> None:
    """Each #place exists once."""
    ids = [a["id"] for _, a in page().elements if "id" in a]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in page().all("a") if a.get("href", "").startswith("#")}
    assert targets <= set(ids)
    assert {f"day-{n}" for n in range(1, 33)} <= targets


def test_it_can_be_read_with_a_screen_reader_and_a_keyboard() -> None:
    """Language, skip link, table headers with scope, labels, scrolling parts that can be focused."""
    assert [{"lang": "en"}] == page().all("html")
    assert "skip" == page().all("a")[0].get("class")
    assert all(a.get("scope") in ("col", "row", "rowgroup") for a in page().all("th"))
    labels = {a["for"] for a in page().all("label")}
    assert {a["id"] for a in page().all("input")} <= labels
    for attributes in page().all("div") + page().all("pre"):
        if attributes.get("class") in ("scroll", "plain"):
            assert "0" == attributes["tabindex"]
            assert attributes["aria-label"]
    assert [] == page().wrong


def test_every_state_is_shape_and_word() -> None:
    """Colour alone says nothing: each badge holds a sign for the eye and a word for all."""
    badges = re.findall(r'<span class="badge[^"]*"><span aria-hidden="true">([^<]*)</span>([^<]*)</span>', html())
    assert len(badges) == html().count('class="badge ') + html().count('class="badge"')
    assert all(shape.strip() and word.strip() for shape, word in badges)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_its_colours_can_be_read(palette: Any) -> None:
    """Only tokens are used; wherever a rule sets text on a ground, the pair has 4.5:1, and the plain text too."""
    sheets = (str(page_source(name)) for name in ("item.css", "packet.css"))
    css = "".join(re.sub(r"@media print\{.*", "", sheet, flags=re.DOTALL) for sheet in sheets)
    fixed = {colour for rule in re.findall(r"\{([^{}]*)\}", css) for colour in re.findall(r"#[0-9a-f]{3,6}\b", rule)}
    assert {"#fff", "#1b2430", "#12171e", "#e8edf3"} == fixed  # what a mail stands on
    pairs = {("ink", "paper"), ("muted", "paper"), ("blue", "paper"), ("muted", "card"), ("blue", "card")}
    for rule in re.findall(r"\{([^{}]*)\}", css):
        text = re.search(r"(?<![-\w])color:var\(--([a-z-]+)\)", rule)
        ground = re.search(r"background:var\(--([a-z-]+)\)", rule)
        if text and ground:
            pairs.add((text[1], ground[1]))
    assert len(pairs) > 10
    for text_name, ground_name in pairs:
        colours = getattr(palette, text_name.replace("-", "_")), getattr(palette, ground_name.replace("-", "_"))
        assert contrast(*colours) >= 4.5, (text_name, ground_name)


def test_it_prints() -> None:
    """A page an item, both paper sizes, a running head with the packet's hash, addresses of links, large type."""
    css = str(page_source("packet.css"))
    paper = css[css.index("@media print") :]
    assert ".item{break-before:page" in paper
    assert 'content:" (" attr(href) ")"' in paper
    assert "#large-type:checked" in paper
    assert "counter(page)" in html()
    assert f'content:"packet {edition_hash(month().messages)[:12]}"' in html()
    assert not re.search(r"size:\s*(A4|letter)", html(), re.IGNORECASE)


def test_what_needs_a_person_is_grouped_and_says_what_to_do() -> None:
    """Findings of one kind stand together; each has its place and its advice."""
    groups = finding_groups(month().findings)
    assert ["N001", "N020", "N010", "N106"] == [g.code for g in groups]
    assert 2 == len(groups[1].findings)
    for finding in month().findings:
        assert finding.message in page().text
        assert finding.hint in page().text
        assert str(finding.where).removeprefix("campaigns/test/") in page().text


def test_what_to_correct_stands_before_what_only_waits_for_a_person() -> None:
    """Each part under its heading, in the summary and in detail; an amber mistake before a red signature."""
    where = Where("campaigns/test/claims.toml", 3)
    unsigned = Finding("C109", Severity.RED, "not signed yet", where, "read it", waits="claims are not signed yet")
    mistake = Finding("P004", Severity.AMBER, "day 40 lies outside", Where("campaigns/test/z.toml", 9), "give it a day")
    note = Finding("H111", Severity.INFO, "an old number", where, "nothing to do")
    found = (note, unsigned, mistake)
    assert ["P004", "C109", "H111"] == [g.code for g in finding_groups(found)]
    text = Page(packet_html(month(findings=found), made_at=MADE_AT)).text
    parts = ["To correct in the files", "Waiting for a person's signature, check or decision", "Worth knowing"]
    at = [[i for i in range(len(text)) if text.startswith(part, i)] for part in parts]
    assert [2, 2, 2] == [len(places) for places in at]
    assert sorted(a for places in at for a in places) == [places[n] for n in (0, 1) for places in at]


def test_missing_and_lost_approvals_are_told() -> None:
    """63 of 64 messages have none; one was approved in an earlier form."""
    text = page().text
    assert "63 messages lack approval" in text
    assert "changed since it was approved" in text
    assert "approved by B. Chair (coordinator, on the command line)" in text


def test_a_month_that_is_all_approved_and_clean_says_so() -> None:
    """Good news has words too."""
    rehearsal = month(findings=())
    yes = tuple(
        Approval(m.campaign, m.season, m.item, m.channel, m.digest, "B. Chair", "coordinator", MADE_AT)
        for m in rehearsal.messages
    )
    text = Page(packet_html(replace(rehearsal, approvals=Approvals(yes)), made_at=MADE_AT)).text
    assert "nothing was found" in text
    assert "every message is approved" in text
    assert "not approved" not in text.replace("0 ◷ not approved", "").replace("means not approved", "")


def test_the_held_back_item_stands_beside_what_replaces_it() -> None:
    """Both are there to be read, with what has to be settled first."""
    text = page().text
    assert "held back until a reviewer in Georgia says who leads today" in text
    assert "Held back: Who leads in Georgia, then and now" in text


def test_registers_show_status_source_and_who_signed() -> None:
    """Claims that are used and claims that are not, contacts with their day, quotations with their check."""
    text = page().text[page().text.index("5. Registers") :]
    for words in (
        "A. Reader (fact reviewer), 2026-12-01",
        "debunked",
        "nobody yet",
        "July 13, 2026",
        "replaced by hotline-phone",
        "word for word",
        "#FreedomDay",
        "instead: #NationalFreedomDay",
    ):
        assert words in text


def test_a_quotation_that_was_changed_is_seen() -> None:
    """One wrong word in the message, or in the record, and the badge says so."""
    rehearsal = month()
    source = rehearsal.plan.campaign.sources["proclamation-2014"]
    wrong: Passage = replace(source.passages[0], text=source.passages[0].text.replace("fuels", "feeds"))
    other = replace(source, passages=(wrong,))
    plan = replace(rehearsal.plan, campaign=replace(rehearsal.plan.campaign, sources={source.id: other}))
    assert "differs from the stored source" in packet_html(replace(rehearsal, plan=plan), made_at=MADE_AT)
    shorter = tuple(
        replace(m, body=post("Slavery tears at our fabric.")) if m.quotations and m.channel == "x" else m
        for m in rehearsal.messages
    )
    assert "not whole in: X" in packet_html(replace(rehearsal, messages=shorter), made_at=MADE_AT)


def test_the_calendar_marks_special_days_gaps_and_crowds() -> None:
    """A day without an item and a day with two of a channel are both seen."""
    rehearsal = month()
    gap = replace(rehearsal, plan=replace(rehearsal.plan, items=rehearsal.plan.items[:-1]))
    assert "no item" in Page(packet_html(gap, made_at=MADE_AT)).text
    assert "no item" not in page().text
    twice = replace(rehearsal.messages[1], on=rehearsal.messages[3].on)
    crowd = replace(rehearsal, messages=(rehearsal.messages[0], twice, *rehearsal.messages[2:]))
    assert "two on one day" in Page(packet_html(crowd, made_at=MADE_AT)).text
    assert "two on one day" not in page().text


@pytest.mark.parametrize(
    ("zone", "language", "first"),
    [("America/New_York", "en", "Sunday"), ("Europe/Berlin", "de", "Monday"), ("Europe/Berlin", "en-US", "Sunday")],
)
def test_weeks_begin_as_the_readers_calendars_do(zone: str, language: str, first: str) -> None:
    """Sunday first where calendars are printed so, Monday elsewhere."""
    rehearsal = month()
    campaign = replace(rehearsal.plan.campaign, time_zone=zone, language=language)
    text = packet_html(replace(rehearsal, plan=replace(rehearsal.plan, campaign=campaign)), made_at=MADE_AT)
    assert first == next(a["title"] for a in Page(text).all("abbr"))


def test_a_post_that_is_too_long_is_seen_at_once() -> None:
    """By how much, in words."""
    rehearsal = month()
    long = replace(rehearsal.messages[1], body=post("a" * 291))
    text = Page(packet_html(replace(rehearsal, messages=(long, *rehearsal.messages[2:])), made_at=MADE_AT)).text
    assert "291/280" in text
    assert "11 too many" in text


def test_links_tags_and_names_in_a_post_are_colored() -> None:
    """As the network does; everything else is plain and escaped."""
    text = colored("Go to help.example.org/a & ask @us. #EndTrafficking <b>", ["help.example.org/a"])
    assert (
        'Go to <span class="marked">help.example.org/a</span> &amp; ask <span class="marked">@us</span>. '
        '<span class="marked">#EndTrafficking</span> &lt;b&gt;'
    ) == text


def test_names_between_backticks_are_set_as_code() -> None:
    """And everything in them is escaped; a lone backtick stays one."""
    assert "delete <code>a&lt;b</code> &amp; go" == with_code("delete `a<b` & go")
    assert "it`s" == with_code("it`s")


def _with_evil(value: Any) -> Any:
    """The same object with an evil end on every text in it, ids and what has a meaning for the program aside."""
    if isinstance(value, Enum):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        kept = {
            "id",
            "item",
            "channel",
            "campaign",
            "time_zone",
            "subject_id",
            "subject",
            "record_hash",
            "digest",
            "path",
        }
        kept |= {"quotations", "claims", "contacts", "source_id", "passage_id", "substitute", "language"}
        if isinstance(value, Message | Finding | Where):
            kept |= {"code"}
        changes = {
            f.name: _with_evil(getattr(value, f.name))
            for f in fields(value)
            if f.init
            and (f.name not in kept or is_dataclass(getattr(value, f.name)) or isinstance(getattr(value, f.name), dict))
        }
        return replace(value, **changes)
    if isinstance(value, dict):
        return {k: _with_evil(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return tuple(_with_evil(v) for v in value)
    return value + EVIL if isinstance(value, str) else value


def test_whatever_a_record_holds_it_is_shown_as_text() -> None:
    """A script in a title, a claim, a source, a name, a hint, a mail: no element comes of it."""
    rehearsal = _with_evil(month())
    findings = (*rehearsal.findings, Finding("N1", Severity.RED, EVIL, Where(EVIL, 1), EVIL, EVIL, EVIL))
    parsed = Page(packet_html(replace(rehearsal, findings=findings), made_at=MADE_AT, handles={"x": EVIL}))
    assert 1 == len(parsed.scripts)
    assert "alert" not in parsed.scripts[0]
    assert [] == parsed.wrong
    assert not [a for _, a in parsed.elements for name in a if name.startswith("on")]
    assert parsed.text.count("alert(1)") > 500


def test_an_address_that_is_no_web_address_is_not_linked() -> None:
    """A javascript: address in a source's record stays out of every link."""
    rehearsal = month()
    claims = {
        k: replace(c, source=replace(c.source, url="javascript:alert(1)"))
        for k, c in rehearsal.plan.campaign.claims.items()
    }
    plan = replace(rehearsal.plan, campaign=replace(rehearsal.plan.campaign, claims=claims))
    links = Page(packet_html(replace(rehearsal, plan=plan), made_at=MADE_AT)).all("a")
    assert all(a["href"].startswith(("#", "https://", "http://")) for a in links if "href" in a)
    assert all(a["role"] == "link" and a["title"] for a in links if "href" not in a)


def test_it_is_made_without_a_heavy_library() -> None:
    """A dry run pays for no database and no provider."""
    code = (
        "import sys; import scheduler.review.dry_run_files, scheduler.review.cost;"
        "heavy={'sqlalchemy','tweepy','sendgrid','requests','apscheduler','jinja2'}&{m.split('.')[0] for m in sys.modules};"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "" == done.stderr


def test_an_answer_stands_in_the_place_of_the_question() -> None:
    """In the full edition, on the page of a day, and in what a reviewer is still asked."""
    asked = asking(month(), "forced-labour-2021")
    done = answered(asked)
    day = next(p.item.id for p in asked.plan.items if p.item.needs_decision)
    messages = tuple(m for m in asked.messages if m.item == day)
    resting = tuple(replace(m, claims=("forced-labour-2021",)) for m in messages)

    def still_asked(rehearsal: Rehearsal) -> tuple[str, ...]:
        reading = object.__new__(ReviewerQueue)  # what is asked comes from the rehearsal alone
        reading.rehearsal = rehearsal
        return reading.questions(cast(Any, SimpleNamespace(item=day, messages=resting)))

    said = "Decided by Ada on November 24, 2026: Yes."
    for shown in (
        lambda one: packet_html(one, made_at=MADE_AT),
        lambda one: item_fragment(replace(one, messages=resting), day, handles={}).html,
    ):
        before, after = shown(asked), shown(done)
        for question in ("Who reads it first?", "Is there a newer one?"):
            assert f"<b>Needs a decision:</b> {question}" in before
            assert f"{question}&#34;." not in before  # a sentence that ends in a question has no second end
            assert f'{said} <span class="small muted">(The question was: {question})</span>' in after
        assert said not in before
        assert "Needs a decision:" not in after
    assert ("Who reads it first?", "Is there a newer one?") == still_asked(asked)
    assert () == still_asked(done)


def test_a_quotation_that_stands_on_the_picture_is_whole() -> None:
    """What readers see of a post is its picture, too."""
    made = month()
    quoting = next(m for m in made.messages if m.quotations and isinstance(m.body, PostBody))
    (pointer, *_) = quoting.quotations
    words = quotation_row(made, pointer, [quoting]).words
    for on_it, kind in (((words,), GOOD), ((), NEEDS_YOU)):
        picture = replace(a_picture(a_png()), words=on_it)
        body = replace(cast("PostBody", quoting.body), text="Look.", picture=picture)
        assert kind == quotation_row(made, pointer, [replace(quoting, body=body)]).badge.kind
