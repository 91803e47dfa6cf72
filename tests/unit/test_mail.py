"""The final bytes of a mail: what a reader sees, what a mail program fetches (nothing), what both parts say."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.content.render.emails import LARGEST_HTML
from scheduler.content.render.markdown import escaped, render_markdown
from scheduler.content.render.messages import RenderResult, render
from scheduler.domain.campaign import ItemText, Kind
from scheduler.domain.claim import Claim, ContactStatus
from scheduler.domain.finding import Severity
from scheduler.domain.hidden import PREHEADER_PADDING
from scheduler.domain.message import EmailBody, Message, with_head
from scheduler.settings import ChannelSettings
from tests.support.render_factory import (
    CLAIMS,
    CONTACTS,
    TEMPLATES,
    claim,
    contact,
    item,
    one,
    plan,
    rendered,
    settings,
)
from tests.support.wcag import contrast

EVERYTHING: dict[str, Any] = {
    "claims": ("forced-labour", "law"),
    "quotations": ("proclamation#P1", "page#F4"),
    "contacts": ("tipline", "other"),
    "content_note": "child sexual exploitation",
    "action_text": "Read the guide",
    "action_url": "https://guide.example.org/a?b=1&c=2",
    "email": (
        "About **{{ number('forced-labour') }}** people, see [the law](https://law.example.org/x_y).\n\n"
        "## What it is\n\n{{ claim('law').text }}.\n\n- one *thing*\n- two\n  1. inner\n  2. list\n\n"
        "> {{ quote('page#F4') }}\n\nCall [{{ contact('hotline-phone').value }}]({{ contact('hotline-phone').href }}) "
        "or write to <mailto:a@b.example>.  \nSecond line.\n\n---\n\n```\ncode  here\n```\n"
    ),
}


def item_of(kind: Kind) -> ItemText:
    """An item of that kind that uses everything it can."""
    more: dict[str, Any] = {}
    if kind is Kind.THEN_NOW:
        more = {"then": ("old-number",), "now": ("forced-labour",), "quotations": ("proclamation#P1",)}
        more["email"] = EVERYTHING["email"].replace("> {{ quote('page#F4') }}", "> words")
    elif kind is Kind.MYTH_CORRECTED:
        more = {"then": ("made-up",), "now": ("forced-labour",)}
    return item(kind.value, **{**EVERYTHING, "kind": kind, **more})


MAILS = {kind: one(rendered(item_of(kind), special="A special day"), "email") for kind in Kind}
each_kind = pytest.mark.parametrize("kind", list(Kind))


def body_of(message: Message) -> EmailBody:
    assert isinstance(message.body, EmailBody)
    return message.body


def mail(**changes: Any) -> EmailBody:
    return body_of(one(rendered(item(**changes)), "email"))


class Page(HTMLParser):
    """An HTML page as a browser takes it apart: elements with their attributes, and the texts with their colours."""

    VOID = frozenset({"meta", "br", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, list[dict[str, str]]]] = []  # text, attributes of all elements around it
        self.open: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        assert [] == self.open, "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag not in self.VOID:
            self.open.append((tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:  # "<br />" is told as an end as well
            assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.open]
        if data.strip() and "style" not in tags and "title" not in tags:
            self.texts.append((data, [attributes for _, attributes in self.open]))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def words(self) -> str:
        return " ".join(" ".join(text for text, _ in self.texts).split())


# -- no one is tracked, nothing is fetched ----------------------------------------------------------------------


@each_kind
def test_a_mail_fetches_nothing(kind: Kind) -> None:
    """No picture, script, style sheet, font, frame or form: opening a mail makes no request to any server."""
    page = Page(body_of(MAILS[kind]).html)
    allowed = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "table",
        "tr",
        "td",
        "div",
        "p",
        "h1",
        "h2",
        "h3",
        "a",
        "strong",
        "em",
        "ul",
        "ol",
        "li",
        "blockquote",
        "br",
        "hr",
        "pre",
        "code",
        "span",
    }
    assert {tag for tag, _ in page.elements} <= allowed
    names = {name for _, attributes in page.elements for name in attributes}
    assert names <= {
        "lang",
        "charset",
        "name",
        "content",
        "class",
        "style",
        "role",
        "width",
        "cellpadding",
        "cellspacing",
        "border",
        "align",
        "href",
        "start",
    }
    assert not re.search(r"url\s*\(|@import|@font-face|expression", body_of(MAILS[kind]).html)


@each_kind
def test_no_address_but_the_listed_ones(kind: Kind) -> None:
    """Every http(s) address anywhere in the mail is one of Message.links, as it was written: nothing is rewritten."""
    message = MAILS[kind]
    body = body_of(message)
    in_html = re.findall(r"https?://[^\s\"'<>]+", body.html.replace("&amp;", "&"))
    in_text = [url.rstrip(").,") for url in re.findall(r"https?://[^\s<>]+", body.text)]
    assert set(in_html) <= set(message.links)
    assert set(in_text) <= set(message.links)
    assert set(message.links) <= {*in_html, *in_text}
    assert "https://guide.example.org/a?b=1&c=2" in message.links


def test_nothing_is_hidden_but_the_line_for_the_inbox() -> None:
    """The preheader alone is hidden, padded so that no word of the letter follows it in an inbox; no other text is."""
    hides = re.compile(r"display:\s*none|visibility:\s*hidden|opacity:\s*0|max-height:\s*0|mso-hide")
    for message in MAILS.values():
        html = body_of(message).html
        texts = Page(html).texts
        hidden = [text for text, around in texts if hides.search(around[-1].get("style", ""))]
        assert ["Two minutes to read." + PREHEADER_PADDING] == hidden
        assert hidden[0] == texts[0][0], "an inbox would show something else"
        assert 1 == len([a for _, a in Page(html).elements if hides.search(a.get("style", ""))])
    assert "mso-hide" not in mail(preheader="").html


# -- both parts say the same -------------------------------------------------------------------------------------


@each_kind
def test_every_link_number_and_contact_is_in_the_text(kind: Kind) -> None:
    """A reader of the plain text misses no link, no number and no way to reach help."""
    body = body_of(MAILS[kind])
    page = Page(body.html)
    links = [a["href"] for a in page.all("a")]
    for link in links:
        scheme, _, rest = link.partition(":")
        wanted = rest.lstrip("+1") if scheme in ("tel", "sms") else rest if scheme == "mailto" else link
        assert wanted in body.text or wanted in body.text.replace("-", ""), link
    assert set(re.findall(r"\d[\d.,]*\d|\d", page.words)) <= set(re.findall(r"\d[\d.,]*\d|\d", body.text))
    for contact_id in MAILS[kind].contacts:
        assert CONTACTS[contact_id].value in body.text
        assert CONTACTS[contact_id].value in page.words
        purpose = CONTACTS[contact_id].purpose if contact_id != "emergency" else "In danger now"
        assert purpose[1:] in " ".join(body.text.split())


@each_kind
def test_the_parts_have_the_same_words(kind: Kind) -> None:
    """Word for word: what the HTML shows is in the text, apart from the two words that stand for an address there."""
    body = body_of(MAILS[kind])
    words = set(re.findall(r"\w+", Page(body.html).words))
    assert words - set(re.findall(r"\w+", body.text)) <= {"source", "read", "it"}


@each_kind
def test_the_text_is_fit_for_reading(kind: Kind) -> None:
    """Lines of at most 72 characters but for whole addresses; no tags, no entities, no double blank lines."""
    text = body_of(MAILS[kind]).text
    for line in text.splitlines():
        assert len(line) <= 72 or "://" in line, line
        assert line == line.rstrip()
    assert "\n\n\n" not in text
    assert not re.search(r"&\w+;|<\w+[ >]|\{\{|\}\}", text)
    assert text.endswith("\n")


# -- what a mail holds -------------------------------------------------------------------------------------------


@each_kind
def test_the_frame_is_accessible(kind: Kind) -> None:
    """A language, a title, one h1, layout tables that say so, link words that mean something."""
    body = body_of(MAILS[kind])
    page = Page(body.html)
    assert [{"lang": "en"}] == page.all("html")
    assert "en" == page.all("table")[0]["lang"]  # some programs drop <html>
    assert "<!--[if mso]><table" in body.html
    assert 2 == body.html.count("<!--[if mso]>") == body.html.count("<![endif]-->")
    assert f"<title>{body.subject}</title>" in body.html
    assert 1 == len(page.all("h1"))
    assert {"presentation"} == {table["role"] for table in page.all("table")}
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert not re.search(r">\s*(click here|here|more)\s*</a>", body.html, re.IGNORECASE)


@each_kind
def test_the_plain_text_begins_with_the_preheader(kind: Kind) -> None:
    """So that an inbox that reads the plain text shows it, and not the campaign's name."""
    assert body_of(MAILS[kind]).text.startswith("Two minutes to read.\n")


@each_kind
def test_band_note_help_and_footer(kind: Kind) -> None:
    """Name and day, the content note, help by phone, text, relay and emergency, why, until when, how to leave, who."""
    message = MAILS[kind]
    page = Page(body_of(message).html)
    for words in (
        "Prevention Month",
        "Day 1 of 32, Friday, January 1, 2027",
        "A special day",
        "Content note: child sexual exploitation",
        "Text 233733",
        "711",
        "911",
        "1-888-373-7888",
        "National Hotline.",
        "24 hours a day.",
        "You get this email because",
        "The series ends on Monday, February 1, 2027.",
        "use a safer device",
        "A reply reaches Example Coalition. It is not a help line",
        "1 Main Street",
        "Springfield, GA 30000",
        "Robin Example program director, Example Coalition",
        "Get fewer emails, or pause",
        "Unsubscribe",
    ):
        assert words in page.words, words
        assert words in " ".join(body_of(message).text.split()), words
    hrefs = {a["href"] for a in page.all("a")}
    assert {"tel:+18883737888", "sms:233733", "tel:711", "tel:911", "%unsubscribe_url%"} <= hrefs
    assert 1 == body_of(message).html.count("%unsubscribe_url%") == body_of(message).text.count("%unsubscribe_url%")
    assert "Never Printed" not in body_of(message).html + body_of(message).text


def test_emergency_services_come_first() -> None:
    """Whoever is in danger now reads the number to call before all others, though only the item lists it."""
    words = {"html": Page(mail(**EVERYTHING).html).words, "text": mail(**EVERYTHING).text}
    for part, said in words.items():
        box = said[said.rindex("Help") :]
        assert "In danger now: call 911" in box, part
        assert box.index("911") < box.index("1-888-373-7888") < box.index("Text 233733"), part
        assert box.index("Text 233733") < box.index("If someone checks this inbox"), part
        assert CONTACTS["emergency"].label not in box, part  # "in danger now" says it


def test_help_of_the_organizations_own_places() -> None:
    """Where the settings name a place, the campaign's help lines for it stand below the others, in both parts, and are
    held to be verified as those are. A post has none, and no place is named unless somebody names it."""
    own = contact("own", "phone", "1-800-555-0100", label="Georgia Line", locale="US-GA")
    lines = {
        **CONTACTS,
        "own": own,
        "old": replace(own, id="old", value="1-800-555-0199", status=ContactStatus.QUARANTINED),
    }
    there = settings(organisation=replace(settings().organisation, local=("US-GA",)))
    for chosen, shown in ((settings(), False), (there, True)):
        result = render(plan(item(), contacts=lines), chosen, TEMPLATES)
        message = one(result, "email")
        body = body_of(message)
        for part in (Page(body.html).words, " ".join(body.text.split())):
            assert shown == ("Local help" in part) == ("Georgia Line." in part)
            assert not shown or part.index("Text 233733") < part.index("Local help") < part.index("1-800-555-0100")
            assert "0199" not in part
        assert shown == ("own" in message.contacts) == ("contact:own" in message.rests_on)
        assert "own" not in one(result, "x").contacts
    listed = render(plan(item(contacts=("own",)), contacts=lines), there, TEMPLATES)
    assert 1 == body_of(one(listed, "email")).text.count("1-800-555-0100")


def test_a_mail_that_nobody_signs_says_nobody() -> None:
    """The name, then the role where there is one, then the organization; nothing at all without a name."""
    for by, role, said in (
        ("Robin Example", "", "Robin Example\nExample Coalition\n"),
        ("Robin Example", "program director", "Robin Example\nprogram director, Example Coalition\n"),
    ):
        signed = settings(organisation=replace(settings().organisation, signed_by=by, signed_as=role))
        body = body_of(one(render(plan(item()), signed, TEMPLATES), "email"))
        assert said in body.text
        assert " ".join(said.split()) in Page(body.html).words
    unsigned = settings(organisation=replace(settings().organisation, signed_by="", signed_as="program director"))
    body = body_of(one(render(plan(item()), unsigned, TEMPLATES), "email"))
    assert "program director" not in body.html + body.text
    assert 'class="signature"' not in body.html


def test_a_part_in_another_language_says_so() -> None:
    """Between ``::: es`` and ``:::`` the words are Spanish to a screen reader; the marks are printed in neither part."""
    spanish = "Hello.\n\n::: es\n## En espa\u00f1ol\n\n- [{{ contact('hotline-phone').value }}]({{ contact('hotline-phone').href }})\n:::\n\nBye."
    body = mail(email=spanish)
    around = {text.strip(): attributes for text, attributes in Page(body.html).texts}
    for words in ("En espa\u00f1ol", "1-888-373-7888"):
        inside = [a["lang"] for a in next(a for t, a in Page(body.html).texts if t.strip() == words) if "lang" in a]
        assert ["en", "en", "es"] == inside
    assert ["en", "en"] == [a["lang"] for a in around["Bye."] if "lang" in a]
    assert ":::" not in body.html + body.text
    assert "En espa\u00f1ol\n----------\n\n- 1-888-373-7888\n\nBye." in body.text


def test_a_mail_says_when_a_reply_is_read() -> None:
    """In both parts, where somebody has said when; that it is no help line stands there in any case."""
    organisation = replace(
        settings().organisation, replies_read="on weekdays from 9 to 5", replies_read_by="Quinn Reader"
    )
    said = "A reply reaches Example Coalition and is read on weekdays from 9 to 5. It is not a help line and may be read late"
    body = body_of(one(render(plan(item()), settings(organisation=organisation), TEMPLATES), "email"))
    assert said in Page(body.html).words
    assert said in " ".join(body.text.split())
    assert "Quinn" not in body.html + body.text


@each_kind
def test_a_mail_is_small(kind: Kind) -> None:
    """Far below the size at which Gmail cuts a mail off."""
    assert len(body_of(MAILS[kind]).html.encode()) < 25_000


def test_headers_of_list_mail() -> None:
    """List-Id of the organisation's host, Auto-Submitted, sender from the settings; the same for all items."""
    body = body_of(MAILS[Kind.FACT])
    own = dict(body.headers)
    feedback = own.pop("Feedback-ID")
    assert {"List-Id": "Prevention Month <test.news.example.org>", "Auto-Submitted": "auto-generated"} == own
    assert re.fullmatch(r"[0-9a-f]{10}:[0-9a-f]{10}:2027:[0-9a-f]{10}", feedback), (
        "names the cause, or cannot be counted"
    )
    others = {kind: body_of(message).headers["Feedback-ID"].split(":") for kind, message in MAILS.items()}
    assert len(MAILS) == len({mailing for mailing, *_ in others.values()}), "two mailings cannot be told apart"
    assert 1 == len({tuple(rest) for _, *rest in others.values()})
    assert ["Example", "news@example.org", "reply@example.org"] == [body.from_name, body.from_address, body.reply_to]
    accented = rendered(item(), name="Pr\u00e9vention")
    assert "<test.news.example.org>" == body_of(one(accented, "email")).list_id


def test_subject_falls_back_and_can_be_discreet() -> None:
    """The subject is the item's, else its title; a channel can ask for the discreet one."""
    assert "Forced labour is near" == mail(subject="").subject
    quiet = ChannelSettings("email", "smtp", True, "", 10, {"discreet_subject": True})
    for discreet, subject in (("A daily note", "A daily note"), ("", "Your note for January 1")):
        result = render(plan(item(discreet_subject=discreet)), settings(channels={"email": quiet}), TEMPLATES)
        assert subject == body_of(result.messages[0]).subject
        for part in (Page(body_of(result.messages[0]).html).words, body_of(result.messages[0]).text):
            top = part[: part.index("Day 1 of 32")]
            assert "Day by day: forced labour" == body_of(with_head(result.messages[0], discreet=False)).subject
            assert ("Your notes" in top, "Prevention Month" in top) == (True, False), "who looks on reads the cause"
    assert "Day by day: forced labour" == mail(discreet_subject="A daily note").subject


# -- the parts that a kind brings --------------------------------------------------------------------------------


def test_then_and_now() -> None:
    """Then is what the page said, with its year; now is the claim that holds, with caveat and source."""
    body = mail(kind=Kind.THEN_NOW, then=("old-number",), now=("forced-labour",), email="Words.")
    words = Page(body.html).words
    assert words.index("Then \u201c27 Million people are currently enslaved.\u201d Our page, 2014") < words.index(
        "Now 27.6 million people were in forced labour on any given day in 2021. ILO estimate for 2021. Source: "
        "Global Estimates of Modern Slavery"
    )
    assert "27.6 million: " not in words


def test_then_without_a_page_tells_the_claim() -> None:
    """A past claim that no stored page carries, or whose words may not be quoted, is told by its own text and year."""
    bare = replace(CLAIMS["old-number"], source_ref="", period="1999")
    result = rendered(
        item(kind=Kind.THEN_NOW, then=("old-number",), now=("forced-labour",), email="Words."),
        claims={**CLAIMS, "old-number": bare},
    )
    assert "Then 27 million people are enslaved. 1999 Now" in Page(body_of(one(result, "email")).html).words


def test_what_the_text_tells_is_not_told_twice() -> None:
    """Where the text tells the past itself, the boxes are left out, and the sources of now stand below."""
    for email in ("{{ claim('old-number').text }}.", "> {{ quote('page#F4') }}"):
        body = mail(
            kind=Kind.THEN_NOW, then=("old-number",), now=("forced-labour",), quotations=("page#F4",), email=email
        )
        words = Page(body.html).words
        assert "Now" not in words.split()
        assert "27.6 million: people in forced labour, worldwide, 2021 (ILO estimate for 2021). Source: " in words
    only_number = mail(
        kind=Kind.THEN_NOW, then=("old-number",), now=("forced-labour",), email="{{ number('old-number') }}"
    )
    assert "Now" in Page(only_number.html).words.split()


def test_a_myth_is_told_after_what_is_known_and_in_no_headline() -> None:
    """What is known comes first; the debunked figure stands once, below, with the reason; no heading holds it."""
    body = mail(kind=Kind.MYTH_CORRECTED, then=("made-up",), now=("forced-labour",), email="Words.", title="A number")
    words = Page(body.html).words
    assert words.index("What is known") < words.index("What does not hold") < words.index("9.8 billion")
    assert "No report has this figure. The report never gave a figure, June 2015" in words
    assert 1 == words.count("9.8 billion")
    headings = re.findall(r"<h\d[^>]*>(.*?)</h\d>|<title>(.*?)</title>", body.html, re.DOTALL)
    assert not any("9.8" in part for heading in headings for part in heading)
    assert "https://example.com/fact-check" in body.text


def test_a_quotation_has_its_attribution_with_the_year() -> None:
    """The template prints the quotation and who, what, when; a text that quotes itself still gets the attribution."""
    for email in ("Words.", "> {{ quote('proclamation#P1') }}"):
        body = mail(kind=Kind.QUOTATION, quotations=("proclamation#P1",), email=email)
        words = Page(body.html).words
        assert 1 == words.count("Slavery tears at our social fabric")
        assert 1 == words.count("President Barack Obama, proclamation of December 2013, 2014")
    own = "> {{ quote('proclamation#P1') }}\n>\n> {{ attribution('proclamation#P1') }}"
    for kind in (Kind.QUOTATION, Kind.SPECIAL):
        body = mail(kind=kind, quotations=("proclamation#P1",), email=own)
        assert 1 == Page(body.html).words.count("proclamation of December 2013, 2014")
    body = mail(kind=Kind.SPECIAL, quotations=("proclamation#P1",), email="> {{ quote('proclamation#P1') }}")
    assert 1 == Page(body.html).words.count("proclamation of December 2013, 2014")


def test_figures_have_their_source_line() -> None:
    """Each claim that the text uses has a line with figure, as-of date, caveat and a link to the source."""
    body = mail(claims=("forced-labour", "law"), email="{{ number('forced-labour') }} {{ claim('law').text }}")
    words = Page(body.html).words
    assert (
        "27.6 million: people in forced labour, worldwide, 2021 (ILO estimate for 2021). Source: Global Estimates of "
        "Modern Slavery" in words
    )
    assert 2 == words.count("Source: ")
    assert 0 == Page(mail(claims=("forced-labour",), email="None.").html).words.count("Source:")


def test_one_source_is_named_once() -> None:
    """Two definitions from one source share a line; figures have a line each, since each has its own date."""
    more = {**CLAIMS, "law-2": claim("law-2", kind="legal", text="The law protects every child", caveat="", period="")}
    texts = " ".join(f"{{{{ claim('{i}').text }}}}" for i in ("law", "law-2", "forced-labour"))
    result = rendered(item(claims=("law", "law-2", "forced-labour"), email=texts), claims=more)
    assert 2 == Page(body_of(one(result, "email")).html).words.count("Source: ")


def test_content_note_of_a_record_is_printed_when_the_item_has_none() -> None:
    """A note that belongs to a claim follows it into every message that uses it."""
    noted: dict[str, Claim] = {**CLAIMS, "forced-labour": claim(content_note="child sexual exploitation")}
    result = rendered(item(), claims=noted)
    assert "Content note: child sexual exploitation" in Page(body_of(one(result, "email")).html).words
    assert "Content note: child sexual exploitation." in one(result, "x").body.text


def test_an_action_without_a_link_is_no_button() -> None:
    """Something that cannot be pressed does not look as if it could."""
    body = mail(action_text="Talk to one person")
    assert "What you can do: Talk to one person." in Page(body.html).words
    assert 'class="button"' not in body.html


# -- every field is escaped --------------------------------------------------------------------------------------

NASTY = (
    "<script>alert(1)</script> & \"q\" *b* [x](https://evil.example) ![i](https://evil.example/p.png) 'z' <img src=x>"
)


def test_every_field_stays_text() -> None:
    """Markup in a record, a title or a setting is shown as it is and never becomes an element or a link."""
    nasty_claim = claim(
        text=NASTY,
        caveat=NASTY,
        numbers=(NASTY,),
        period=NASTY,
        status_reason=NASTY,
        source=replace(claim().source, title=NASTY, publisher=NASTY, dated=NASTY),
    )
    nasty_line = contact("hotline-phone", "phone", "1", label=NASTY, purpose=NASTY, hours=NASTY, languages=NASTY)
    made = item(
        title=NASTY,
        subject=NASTY,
        preheader=NASTY,
        content_note=NASTY,
        action_text=NASTY,
        action_url="https://a.example",
        kind=Kind.THEN_NOW,
        then=("old-number",),
        now=("forced-labour",),
        email="{{ claim('forced-labour').text }} {{ contact('hotline-phone').label }}",
    )
    result = render(
        plan(
            made,
            special=NASTY,
            claims={**CLAIMS, "forced-labour": nasty_claim},
            contacts={**CONTACTS, "hotline-phone": nasty_line},
            name=NASTY,
        ),
        settings(organisation=replace(settings().organisation, name=NASTY, postal_address=NASTY)),
        TEMPLATES,
    )
    body = body_of(one(result, "email"))
    page = Page(body.html)
    assert {"script", "img"}.isdisjoint(tag for tag, _ in page.elements)
    assert not any("evil" in a["href"] for a in page.all("a"))
    assert page.words.count('<script>alert(1)</script> & "q" *b* [x](https://evil.example)') >= 12
    assert NASTY in body.text.replace("\n", " ")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1, max_size=60))
def test_a_records_words_survive_markdown(words: str) -> None:
    """Whatever a record says is shown letter by letter, in a paragraph, in bold and as link words."""
    expected = " ".join(words.split())
    if not expected:
        return
    for frame in ("{}", "a {} b", "[{}](https://a.example)", "- {}", "## {} x"):
        shown = Page(render_markdown(frame.format(escaped(words.strip())), {}).html).words
        assert expected in " ".join(shown.split()), frame


@pytest.mark.parametrize(
    ("email", "code", "line"),
    [
        ("One\n\n![pixel](https://a.example/p.png)", "R010", 32),
        ("One\n\n![](https://a.example/p.png)", "R010", 32),
        ("[x](javascript:alert(1))", "R011", 30),
        ("[x](JaVaScRiPt:alert(1))", "R011", 30),
        ("[x](data:text/html,hi)", "R011", 30),
        ("a\n\n[x](/relative)", "R011", 32),
        ("[x](www.example.org)", "R011", 30),
        ("[x](https:///nowhere)", "R011", 30),
        ("<javascript:alert(1)>", "R011", 30),
        ("[x][y]\n\n[y]: vbscript:x", "R011", 30),
        ("   ", "R017", 1),
        ("{# nothing #}", "R017", 1),
    ],
)
def test_what_a_text_may_not_link_to_or_show(email: str, code: str, line: int) -> None:
    """Pictures and addresses that run code, or that only a page would understand, stop the email, with their line."""
    result = rendered(item(email=email))
    assert [(code, line)] == [(f.code, f.where.line) for f in result.findings if f.channel == "email"]
    assert ["x"] == [m.channel for m in result.messages]


def test_a_records_link_is_checked_as_well() -> None:
    """An address that runs code is refused wherever it comes from: a claim's source, an action, a contact."""
    bad = claim(source=replace(claim().source, url="javascript:alert(1)"))
    for result in (
        rendered(item(), claims={**CLAIMS, "forced-labour": bad}),
        rendered(item(action_text="Go", action_url="javascript:alert(1)")),
        rendered(item(), contacts={**CONTACTS, "relay": contact("relay", "web", "x", href="javascript:alert(1)")}),
    ):
        assert ["R011"] == [f.code for f in result.findings]
        assert ["x"] == [m.channel for m in result.messages]


# -- headers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["a\nBcc: x@y", "a\r\nX: y", "a\x00b", "a\tb", "a\u2028b", "a\x85b", "a\x7fb"])
@pytest.mark.parametrize("field", ["subject", "preheader", "title"])
def test_no_header_can_be_smuggled_in(field: str, bad: str) -> None:
    """A line break or control character in what becomes a header stops the email."""
    result = rendered(item(**{field: bad}))
    assert {"R009"} == {f.code for f in result.findings}
    assert ["x"] == [m.channel for m in result.messages]


@pytest.mark.parametrize("field", ["from_name", "from_address", "reply_to"])
def test_no_header_from_the_settings_either(field: str) -> None:
    """The sender's fields are held to the same; the mistake is one finding, at the settings' file."""
    injected: dict[str, Any] = {field: "a\r\nBcc: secret@example.org"}
    bad = settings(organisation=replace(settings().organisation, **injected))
    result = render(plan(item("one"), item("two")), bad, TEMPLATES)
    assert [("R009", "config/settings.toml")] == [(f.code, f.where.path) for f in result.findings]
    assert "secret" not in str(result.findings[0])
    assert {"x"} == {m.channel for m in result.messages}


def test_braces_in_a_subject_are_told() -> None:
    """Titles and subjects are no templates: braces there would be printed."""
    result = rendered(item(subject="Day {{ day_number }}"))
    assert ["R019"] == [f.code for f in result.findings]


# -- a coordinator's templates -----------------------------------------------------------------------------------


def with_base(tmp_path: Path, old: str, new: str, name: str = "email/base.html") -> RenderResult:
    import shutil

    folder = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return rendered(item(**{**EVERYTHING, "claims": ("forced-labour", "law")}), templates=folder)


@pytest.mark.parametrize(
    "added",
    [
        '<img src="https://t.example/p.gif" alt="">',
        "<IMG SRC=x>",
        "<script>1</script>",
        '<link rel="stylesheet" href="https://a.example/s.css">',
        "<style>@import 'https://a.example/s.css';</style>",
        "<style>p{background:url(https://a.example/p.png)}</style>",
        '<p style="background:url(https://a.example/p.png)">x</p>',
        '<td background="https://a.example/p.png">',
        '<iframe src="https://a.example"></iframe>',
        '<meta http-equiv="refresh" content="0;https://a.example">',
        '<a href="https://a.example" ping="https://t.example">x</a>',
        '<video poster="https://a.example/p.png"></video>',
    ],
)
def test_an_edited_template_cannot_bring_a_pixel_in(tmp_path: Path, added: str) -> None:
    """Whatever is added to a template: a mail that would fetch something is not made."""
    result = with_base(tmp_path, "{{ body }}", "{{ body }}" + added)
    assert ["R012"] == [f.code for f in result.findings if f.severity is Severity.RED]
    assert ["x"] == [m.channel for m in result.messages]


def test_words_about_pictures_are_no_pictures() -> None:
    """Text that only looks like such markup stays allowed."""
    assert [] == list(rendered(item(email="Write `<img src=x>` or url(x) or @import, src = 5.")).findings)


@pytest.mark.parametrize("name", ["email/base.html", "email/base.txt"])
def test_the_way_out_cannot_be_edited_away(tmp_path: Path, name: str) -> None:
    """A mail without its link to leave, in either part, is not made."""
    result = with_base(tmp_path, "unsubscribe_url", "campaign.name", name)
    assert "R021" in {f.code for f in result.findings}
    assert ["x"] == [m.channel for m in result.messages]


def test_a_link_that_the_text_lacks_is_pointed_out(tmp_path: Path) -> None:
    """Both parts say the same; a link in the HTML alone is amber, and the mail is made."""
    result = with_base(tmp_path, "{{ body }}", '{{ body }}<a href="https://only.example/here">x</a>')
    assert [("R018", Severity.AMBER)] == [(f.code, f.severity) for f in result.findings]
    assert 2 == len(result.messages)


def test_a_mail_that_gmail_would_cut_is_refused(tmp_path: Path) -> None:
    """100,000 bytes of HTML are the most: beyond that the footer, and the way out, would be cut off."""
    filler = "<p>" + "x" * 991 + "</p>\n"
    result = with_base(tmp_path, "{{ body }}", "{% for a in help %}" + filler * 24 + "{% endfor %}")
    assert {"R013"} == {f.code for f in result.findings}
    assert 100_000 == LARGEST_HTML


# -- colours -----------------------------------------------------------------------------------------------------


def _declared(style: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in style.split(";") if ":" in part)
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def _dark_rules(html: str) -> dict[str, dict[str, str]]:
    block = re.search(r"prefers-color-scheme:dark\)\{((?:[^{}]+\{[^{}]*\})*)\}", html)
    assert block
    rules: dict[str, dict[str, str]] = {}
    for names, style in re.findall(r"([^{}]+)\{([^{}]*)\}", block[1]):
        for name in names.split(","):
            rules.setdefault(name.strip().lstrip("."), {}).update(_declared(style))
    return rules


@each_kind
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_is_readable(kind: Kind, dark: bool) -> None:
    """Each visible text has at least 4.5:1 against the ground that it really stands on, in both schemes."""
    html = body_of(MAILS[kind]).html
    rules = _dark_rules(html) if dark else {}
    for text, around in (pair for pair in Page(html).texts if PREHEADER_PADDING not in pair[0]):
        colour, ground = "", ""
        for attributes in around:
            style = _declared(attributes.get("style", "")) | rules.get(attributes.get("class", ""), {})
            colour, ground = style.get("color", colour), style.get("background-color", ground)
        assert contrast(colour, ground) >= 4.5, (text, colour, ground)


def test_no_text_is_small_and_no_picture_is_needed() -> None:
    """Nothing below 14 px is printed, in the element or around it; what keeps a distance alone may be smaller."""
    for message in MAILS.values():
        for text, around in Page(body_of(message).html).texts:
            sizes = [s["font-size"] for a in around if "font-size" in (s := _declared(a.get("style", "")))]
            assert not text.strip(" \xa0\n") or float(sizes[-1].removesuffix("px")) >= 14, (text, sizes)


def test_dark_rules_have_an_element() -> None:
    """Every class of the style sheet's dark half is used by some mail; no rule is left over."""
    used = {a.get("class", "") for message in MAILS.values() for _, a in Page(body_of(message).html).elements}
    plain = mail(action_text="Talk to one person")
    used |= {a.get("class", "") for _, a in Page(plain.html).elements}
    assert set(_dark_rules(plain.html)) - used <= {"h3", "picture_itself"}
