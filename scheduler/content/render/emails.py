"""An email: the item's Markdown in the template of its kind, as HTML and as plain text that says the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ...domain.campaign import TELLS_OF_THE_PAST, Kind
from ...domain.finding import Where
from ...domain.message import EmailBody, Piece, SecondHead, digest_subject
from ...domain.planned_item import PlannedItem
from ...domain.post_picture import PostPicture, picture_url
from ...light_dataclass import dataclass
from ...settings import ChannelSettings
from .head_pictures import draw_head_picture, logo_of, logo_view, view_of, without_pictures, words_missing_in
from .season_renderer import (
    READERS_OWN,
    UNSUBSCRIBE,
    Opening,
    SeasonRenderer,
    Unusable,
    line_of,
)
from .template_functions import ItemRecords
from .template_values import FIELDS, ClaimSourceView, ClaimView, TemplateProblem

#: What a mail's frame prints beside the body, where there is nothing of it.
NOTHING_BESIDE: Mapping[str, tuple[()]] = dict.fromkeys(("then", "now", "quotations", "attributions", "sources"), ())
#: Bytes of the HTML part. Gmail cuts a mail off at about 102,000, and the footer is at its end.
LARGEST_HTML = 100_000

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BRACES = re.compile(r"\{\{|\{%|\{#")
_ELEMENTS = r"<(?:img|script|link|iframe|frame|object|embed|video|audio|source|base|input|svg|picture)\b"
_ATTRIBUTES = r"\s(?:src|srcset|background|poster|ping)\s*="
_FETCHES = re.compile(
    rf"{_ELEMENTS}|<[^>]*{_ATTRIBUTES}|<[^>]*http-equiv\s*=\s*[\"']?refresh"
    r"|<[^>]*\burl\s*\(|<style[^>]*>[^<]*(?:\burl\s*\(|@import)",
    re.IGNORECASE,
)
#: Without any of these, in small letters, nothing fetches: found in a tenth of the time.
_MAY_FETCH = [*map(re.compile, (_ELEMENTS, _ATTRIBUTES.removeprefix(r"\s"), "http-equiv", r"url\s*\(", "@import"))]
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def make_email(
    bench: SeasonRenderer, planned: PlannedItem, channel: ChannelSettings, records: ItemRecords
) -> tuple[EmailBody, tuple[str, ...]]:
    """The email and the web addresses in it. Raises Unusable when it cannot be made."""
    from markupsafe import Markup

    from .markdown import render_markdown, sentences

    item = planned.item
    heads = heads_of(bench, planned, channel)
    source = bench.text("email", planned, channel, records)
    try:
        body = render_markdown(source, bench.style)
    except TemplateProblem as problem:
        # Only while the functions added no line does a line of the result say where the mistake stands.
        line = problem.line if source.count("\n") == item.email.count("\n") else 0
        bench.report(problem, line_of(item, "email", line), planned, channel)
        raise Unusable from problem
    if not body.text.strip():
        raise bench.unusable("R017", "there is no text for the email", planned, channel)
    context = _context(bench, planned, records)
    markup = Markup(body.html)  # noqa: S704  the parser's own output: raw HTML is off and every word escaped
    forms = {"body": markup}, {"body": body.text}
    picture = draw_head_picture(bench, planned, channel, context)
    heads = replace(heads, picture=picture)
    html, text, second = filled(bench, f"email/{item.kind.value}", planned, context, channel, heads, *forms)
    # Of a mail that begins with somebody's words in a block of their own, a digest repeats these.
    blocks = [f"“{words.text}” ({words.attribution})" for words in context["quotations"]]
    bench.openings[item.id, channel.name] = Opening(
        heads.usual.subject, context["item"].content_note, tuple(blocks[:1]) or tuple(sentences(body.opening))
    )
    return finished(bench, html, text, planned, channel, heads, second)


@dataclass(frozen=True)
class Head:
    """What an inbox shows of a mail, and what stands at its top."""

    is_discreet: bool
    subject: str  # of a digest: what it is made from
    preheader: str
    from_name: str
    list_id: str
    first_line: str
    page_title: str


@dataclass(frozen=True)
class Heads:
    """Both heads of a mail: the one for whoever has chosen none, and the other one."""

    own: Head
    second: Head
    shared: Mapping[str, Any]  # fields of a mail that both have
    logo: PostPicture | None = None  # at the top of the usual one
    picture: PostPicture | None = None  # likewise

    @property
    def usual(self) -> Head:
        """The one that is not discreet."""
        return self.second if self.own.is_discreet else self.own


def filled(
    bench: SeasonRenderer,
    name: str,
    planned: PlannedItem,
    context: Mapping[str, Any],
    channel: ChannelSettings,
    heads: Heads,
    in_html: Mapping[str, object],
    in_text: Mapping[str, object],
    begins: str = "",
) -> tuple[str, str, SecondHead]:
    """HTML and text of a mail by the templates of that name, and its second head. ``begins``: what the text of the mail
    begins with; left out, it is its body.

    The templates are filled with each head. From where both come out the same to the end, they are one mail; what
    stands before is the head, and nothing of the text may. Raises Unusable.
    """

    def form(head: Head) -> tuple[str, str]:
        item = replace(context["item"], preheader=head.preheader)
        picture = None if head.is_discreet else view_of(bench, heads.picture)
        logo = None if head.is_discreet else logo_view(bench, heads.logo)
        names = {"discreet": head.is_discreet, "first_line": head.first_line, "head_picture": picture}
        own = {**names, "logo": logo, "subject": head.page_title, "item": item}
        html = bench.template(f"{name}.html", {**context, **own, **in_html}, channel)
        text = bench.template(f"{name}.txt", {**context, **own, **in_text}, channel)
        return compact(html), tidy(text) + "\n"

    html, text = form(heads.own)
    with bench.printing_again():
        second_html, second_text = form(heads.second)
    places = []
    for one, other, texts in ((html, second_html, in_html), (text, second_text, in_text)):
        end, other_end = _heads_end(one, other)
        start = begins or _first_line(str(texts["body"]))
        if start in one[:end] and start not in one[end:]:
            message = "the templates print something else below the head for readers who want it discreet"
            raise bench.unusable("R027", message, planned, channel)
        places.append((other[:other_end], end))
    second = heads.second
    return (
        html,
        text,
        SecondHead(
            second.is_discreet,
            *(second.subject, second.preheader, second.from_name, second.list_id),
            *places[0],
            *places[1],
        ),
    )


def _heads_end(one: str, other: str) -> tuple[int, int]:
    """Where, in each, the lines begin that both have in common to their end."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one.endswith(other[len(other) - middle :]):
            low = middle
        else:
            high = middle - 1
    end = one.find("\n", len(one) - low) + 1 if one[: len(one) - low] else 0
    end = end or len(one) - low
    return end, len(other) - (len(one) - end)


def _first_line(text: str) -> str:
    return next(filter(None, map(str.strip, text.splitlines())), "\n")


def _context(bench: SeasonRenderer, planned: PlannedItem, records: ItemRecords) -> dict[str, Any]:
    """What the template prints beside the body: past and present, quotations, sources, help lines.

    What the body tells itself is not told twice: a quotation stands in a block of its own only where the body has
    not quoted it, and gets an attribution below the body only where the body gave none; past and present stand in
    their two boxes only where the body has not told the past already.
    """
    item, used = planned.item, records.used
    by_body, told = tuple(used.claims), set(used.told)
    quoted, attributed = tuple(used.quotations), set(used.attributed)
    # A past claim is told by the body in its own words, or by quoting the page that carried it.
    carried = {i for i, claim in bench.campaign.claims.items() if claim.source_ref in quoted}
    boxes = item.kind in TELLS_OF_THE_PAST and not {*told, *carried}.intersection(item.then)
    then = tuple(map(records.past, item.then)) if boxes else ()
    now = tuple(map(records.claim, item.now)) if boxes else ()
    sources = [i for i in by_body if not boxes or i not in (*item.then, *item.now)]
    sources += [i for i in item.now if not boxes and i not in sources]
    blocks = _longest(bench, item.quotations, quoted) if item.kind is Kind.QUOTATION else []
    quotations = tuple(records.quotation(q) for q in blocks)
    bench.use_in_mail(item, records)
    # A line below the text that says something new: figures always, other claims once for each source.
    lines: dict[object, ClaimView] = {}
    for claim in map(bench.library.claim, sources):
        source = tuple(getattr(claim.source, name) for name in sorted(FIELDS[ClaimSourceView]))
        lines.setdefault(claim.id if claim.kind == "statistic" else (claim.caveat, source), claim)
    return {
        **bench.context(planned, records),
        "then": then,
        "now": now,
        "quotations": quotations,
        "attributions": tuple(records.quotation(q) for q in quoted if q not in attributed),
        "sources": tuple(lines.values()),
    }


def _longest(bench: SeasonRenderer, pointers: tuple[str, ...], quoted: tuple[str, ...]) -> list[str]:
    """What the body has not quoted; of a passage and a part of it, which a post may have, the whole alone."""
    lengths = {q: (p.end - p.start) for q in pointers for _, p in (bench.library.passage(q),)}
    found: list[str] = []
    for pointer in sorted(pointers, key=lambda q: -lengths[q]):
        if not _is_quoted(bench, pointer, (*quoted, *found)):
            found.append(pointer)
    return [q for q in pointers if q in found]


def _is_quoted(bench: SeasonRenderer, pointer: str, quoted: tuple[str, ...]) -> bool:
    """Whether the body has these words already: the passage itself, or a longer one that holds it."""
    source, passage = bench.library.passage(pointer)
    return any(
        other.id == source.id and p.start <= passage.start and passage.end <= p.end
        for other, p in map(bench.library.passage, quoted)
    )


def is_discreet(channel: ChannelSettings) -> bool:
    """Whether its mails may not name the cause where somebody else would see it: in the subject, at their head."""
    return channel.options.get("discreet_subject") is True


def heads_of(bench: SeasonRenderer, planned: PlannedItem, channel: ChannelSettings, *, page_title: str = "") -> Heads:
    """Subject, sender and headers. A character that could begin another header stops the message. ``page_title``: where
    it is not the subject."""
    item, sender, campaign = planned.item, bench.settings.organisation, bench.campaign
    # RFC 2919: ``Name <campaign.host>``. The host is that of the public pages, which the organization owns.
    host = urlsplit(bench.settings.public_url).hostname or sender.from_address.rpartition("@")[2] or "localhost"
    label, list_id = re.sub(r'[<>"\\]', "", campaign.name), f"<{campaign.id}.{host}>"
    list_id = f"{label} {list_id}" if label.isascii() else list_id
    subject = item.subject or item.title
    usual = Head(False, subject, item.preheader, sender.from_name, list_id, campaign.name, page_title or subject)
    words = campaign.discreet.in_language(campaign.language)
    # The names of a digest's items are of the other head.
    subject = item.discreet_subject.replace("{items}", "{dates}")
    if not subject:
        of_day, of_days = words.subject_on(planned.on, campaign.language), words.subject.replace("{date}", "{dates}")
        subject = of_days if page_title else of_day
    title = words.from_name if page_title else subject
    # A name of the list that says nothing and stays: whatever the campaign's files are called.
    name_of_list = hashlib.sha256(campaign.id.encode()).hexdigest()[:12]
    list_id, first_line = f"<list-{name_of_list}.{host}>", words.first_line or words.from_name
    discreet = Head(True, subject, words.preheader, words.from_name, list_id, first_line, title)
    before = len(bench.findings)
    printed = (("subject", usual.subject), ("title", item.title), ("preheader", item.preheader))
    for name, value in (*printed, *((f"discreet {name}", getattr(discreet, name)) for name in _OF_DISCREET)):
        if _CONTROL.search(value):
            bench.find("R009", f"the {name} holds a line break or a control character", planned, channel)
        if _BRACES.search(value):
            bench.find("R019", f"the {name} holds braces, which would be printed as they stand", planned, channel)
    settings = {name: getattr(sender, name) for name in ("from_name", "from_address", "reply_to")}
    for name, value in (*settings.items(), ("public_url", usual.list_id)):
        if _CONTROL.search(value):
            message = f"{name} holds a line break or a control character"
            bench.find("R009", message, None, channel, Where("config/settings.toml"))
    if len(bench.findings) > before:
        raise Unusable
    own, second = (discreet, usual) if is_discreet(channel) else (usual, discreet)
    headers = {
        "List-Id": own.list_id,
        "Auto-Submitted": "auto-generated",
        "Feedback-ID": feedback_id(bench.campaign.id, bench.plan.season.year, item.id, sender.from_address),
    }
    shared = {"from_address": sender.from_address, "reply_to": sender.reply_to, "headers": headers}
    return Heads(own, second, shared, logo_of(bench))


_OF_DISCREET = ("subject", "preheader", "from_name", "first_line")


def feedback_id(campaign: str, season: int, item: str, from_address: str) -> str:
    """What Gmail counts complaints by, for whoever verified the sending domain in its Postmaster Tools: which mailing,
    which campaign, which season, whose. It names no reader and no cause: it shows in the source of each mail.

    The form is Google's, ``a:b:c:SenderId``, the last of 5 to 15 characters and the same for all mail of a sender
    (https://support.google.com/mail/answer/6254652). SendGrid passes it on: it is none of the headers that its API
    keeps for itself (https://docs.sendgrid.com/api-reference/mail-send/mail-send).
    """

    def short(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()[:10]

    sender = short(from_address.rpartition("@")[2].lower())
    return f"{short(f'{campaign}/{item}')}:{short(campaign)}:{season}:{sender}"


def finished(
    bench: SeasonRenderer,
    html: str,
    text: str,
    planned: PlannedItem,
    channel: ChannelSettings,
    heads: Heads,
    second: SecondHead,
    pieces: tuple[Piece, ...] = (),
    subject_pattern: str = "",
) -> tuple[EmailBody, tuple[str, ...]]:
    """The mail and its web addresses, once what must hold does, whoever edited the templates. Raises Unusable."""
    from .markdown import SAFE_LINK, links_of

    bench.refuse_halves((html, text, second.html, second.text), planned, channel)  # before the size is measured
    url = bench.settings.public_url
    of_heads = [without_pictures(part, (heads.logo, heads.picture), url) for part in (html, second.html)]
    if fetched := next(filter(None, map(_fetched, of_heads)), None):
        what = fetched[0] if len(fetched[0]) < 60 else fetched[0][:30] + "..."
        raise bench.unusable("R012", f"the mail's HTML holds {what!r}", planned, channel)
    size = max(len(html.encode()), len((second.html + html[second.html_to :]).encode()))
    if size > LARGEST_HTML:
        raise bench.unusable("R013", f"the mail's HTML has {size:,} bytes, at most {LARGEST_HTML:,}", planned, channel)
    targets = links_of(html)
    if UNSUBSCRIBE not in targets or UNSUBSCRIBE not in text:
        raise bench.unusable("R021", "the mail has no link by which a reader can leave", planned, channel)
    targets = [target for target in targets if target not in READERS_OWN]
    for target in targets:
        if not SAFE_LINK.match(target):
            raise bench.unusable("R011", f"the link {target[:60]!r} may not be printed", planned, channel)
    web = [target for target in targets if _WEB.match(target)]
    for target in web:
        if target not in text:
            bench.find("R018", f"the link {target[:80]} is not in the plain text", planned, channel)
    printed = (url if url in web else url.rstrip(").,;:") for url in _WEB.findall(text))
    # What the channel fills in for each reader; the way out stands in the mail's head too.
    printed_in = (html, text, second.html, second.text)
    tokens = tuple(t for t in READERS_OWN if t == UNSUBSCRIBE or any(t in part for part in printed_in))
    own = heads.own
    usual = (html, text)
    if own is not heads.usual:
        usual = second.html + html[second.html_to :], second.text + text[second.text_to :]
    logo, picture = _pictures_shown(bench, *usual, planned, channel, heads)
    body = EmailBody(
        subject=digest_subject(subject_pattern, [(p.on, p.name) for p in pieces]) if subject_pattern else own.subject,
        preheader=own.preheader,
        text=text,
        html=html,
        from_name=own.from_name,
        list_id=own.list_id,
        tokens=tokens,
        pieces=pieces,
        subject_pattern=subject_pattern,
        second_head=second,
        head_picture=picture,
        logo=logo,
        **heads.shared,
    )
    return body, tuple(dict.fromkeys((*web, *printed)))


def _fetched(html: str) -> re.Match[str] | None:
    """What a mail program would fetch for this HTML, the first of it."""
    small = html.lower()
    return _FETCHES.search(html) if any(sign.search(small) for sign in _MAY_FETCH) else None


def _pictures_shown(
    bench: SeasonRenderer, html: str, text: str, planned: PlannedItem, channel: ChannelSettings, heads: Heads
) -> tuple[PostPicture | None, PostPicture | None]:
    """The logo and the picture, as far as the campaign's own frame has a place for them. Raises Unusable for a picture
    that says what the text does not."""
    url, both = bench.settings.public_url, (heads.logo, heads.picture)
    logo, picture = (one if one is not None and picture_url(url, one) in html else None for one in both)
    if picture is not None and (missing := words_missing_in(text, picture)):
        message = f"the header picture says “{missing[0][:60]}”, and the email's text does not"
        raise bench.unusable("R029", message, planned, channel)
    return logo, picture


def tidy(text: str) -> str:
    """No white space at line ends, one blank line at most in a row, none at the ends."""
    lines = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def compact(html: str) -> str:
    """Without indentation and blank lines, which only cost bytes; left alone where white space is shown."""
    lines = [html.strip()] if "<pre" in html else filter(None, map(str.strip, html.splitlines()))
    return "\n".join(lines) + "\n"
