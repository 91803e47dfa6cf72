"""``/c/SLUG/archive``, ``/c/SLUG/archive/PLACE``, ``/c/SLUG/archive.xml``: the mails of a campaign that have gone out,
for whoever wants none of their own.

Only what the ledger says was sent is there, in the words in which it was sent; what is still to come is not found,
whoever asks. Nothing on these pages belongs to a reader.

Mails of earlier releases lead to ``/archive/PLACE``, which still finds them. ``/archive`` and ``/archive.xml`` are
those of the one campaign; of several the first lists them, and the other holds the mails of all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date
from typing import Any
from xml.etree import ElementTree

from flask import Response, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from ...content.load.brands import read_accent
from ...content.load.slugs import read_slug
from ...content.render.web_page import as_web_page
from ...domain.design_tokens import css_custom_properties
from ...domain.formatting import day_words
from ...domain.message import EmailBody, has_discreet_head
from ...domain.post_picture import PICTURES, PostPicture, picture_url
from ...light_dataclass import dataclass
from ...review.mail_view import plain_html
from ...services.archive import ArchivedMail
from ..responses import exit_script_only, own_addresses, own_file, page_policy
from ..routing import Guard, get, site
from .campaigns import CampaignChoice, choice_of, form_of, named_by

_ATOM = "http://www.w3.org/2005/Atom"
#: What programs that show feeds read of a picture beside its address: its size and its alternative text.
_MEDIA = "http://search.yahoo.com/mrss/"
#: The style of the bar above a mail.
_BAR_CSS = own_file("public/bar.css")


def _robots() -> str:
    return "noindex, nofollow, noarchive" if site().project.settings.archive_noindex or site().is_rehearsal else "all"


def _answer(text: str, mimetype: str = "text/html") -> Response:
    """It may be kept, and is asked about each time: what has gone out stays as it is, but for a correction."""
    return Response(text, mimetype=mimetype, headers={"X-Robots-Tag": _robots(), "Cache-Control": "public, no-cache"})


def _unless_known(response: Response) -> Response:
    """A short answer (304) to whoever has it already."""
    response.add_etag()
    response.make_conditional(request)
    return response


@get("/archive", who=Guard.ANYBODY)
@get("/c/<slug>/archive", who=Guard.ANYBODY)
def archive(slug: str = "") -> Response:
    campaign_id = named_by(slug)
    if campaign_id is None:
        choices = [choice_of(campaign) for campaign in site().fronts.campaigns]
        shown = {"choices": choices, "robots": _robots(), "is_rehearsal": site().is_rehearsal}
        return _unless_known(_answer(render_template("public/archives.html", **shown)))
    gone_out = site().archive.of_campaign(campaign_id)
    mails = [(mail.sent, mail.body, _day(campaign_id, mail.sent.on)) for mail in gone_out]
    page = render_template(
        "public/archive.html",
        mails=mails,
        campaign=choice_of(campaign_id),
        robots=_robots(),
        is_rehearsal=site().is_rehearsal,
    )
    return _unless_known(_answer(page))


@get("/archive/<place>", who=Guard.ANYBODY)
@get("/c/<slug>/archive/<place>", who=Guard.ANYBODY)
def archived(place: str, slug: str = "") -> Response:
    found = site().archive.find(place, slug)
    if found is None:
        raise NotFound
    mail, body = found.sent, found.body
    accent = read_accent(site().project.root, mail.campaign)
    below: dict[str, Any] = {"slug": _slug_of(mail.campaign)} if mail.campaign in site().fronts.campaigns else {}
    day = _day(mail.campaign, mail.on)
    shown = {
        "day": day,
        "robots": _robots(),
        "bar_css": Markup(css_custom_properties(accent) + _BAR_CSS),  # noqa: S704 - our own file
        "is_rehearsal": site().is_rehearsal,
        "correcting": mail.is_being_corrected,
        "corrected_at": mail.corrected_words,
        # A campaign that is not in the folder any more has no pages but those of its mails.
        "form": form_of(mail.campaign),
        "archive": url_for("archive", **below),
        "feed": url_for("feed", **below),
        "card": _address(found.card),
        "card_words": found.card_words,
        "card_credit": found.card.credit if found.card else "",
        "preview": _preview(found, day),
    }
    page = as_web_page(
        _with_own_pictures(body),
        title=f"Email of {shown['day']}",  # neutral: it stands in tabs and histories
        head=render_template("public/mail_head.html", **shown),
        before=render_template("public/mail_bar.html", **shown),
        after=render_template("public/mail_end.html", **shown),
    )
    response = _answer(page.html)
    # The mail's own styles stand in its elements; nothing else of it may do anything.
    policy = page_policy(page.styles).replace("style-src ", "style-src-elem ", 1)
    if found.card or body.head_picture or body.logo:
        policy = policy.replace("img-src data:", f"img-src data: {own_addresses(f'/{PICTURES}/')}")
    response.headers["Content-Security-Policy"] = f"{policy}; style-src-attr 'unsafe-inline'; {exit_script_only()}"
    return _unless_known(response)


def _address(picture: PostPicture | None) -> str:
    if picture is None:
        return ""
    return url_for("photo" if picture.ending == "jpg" else "picture", digest=picture.sha256)


def _with_own_pictures(body: EmailBody) -> str:
    """The mail's HTML, with its pictures by the addresses that they have today."""
    html = body.html
    for picture in filter(None, (body.logo, body.head_picture)):
        html = re.sub(rf'src="[^"]*/{picture.sha256}\.png"', f'src="{_address(picture)}"', html)
    return html


@dataclass(frozen=True)
class _Preview:
    """What is shown of a link to the page where somebody shares it. A mail that is discreet from the start says no more
    there than in an inbox: its day."""

    title: str
    address: str
    description: str = ""
    speaker: str = ""
    picture: PostPicture | None = None
    picture_words: str = ""
    base: str = ""

    @property
    def picture_address(self) -> str:
        return picture_url(self.base, self.picture) if self.picture is not None else ""


def _preview(found: ArchivedMail, day: str) -> _Preview:
    base, body, campaign_id = site().project.settings.public_url.rstrip("/"), found.body, found.sent.campaign
    address = base + found.path
    if has_discreet_head(body):
        return _Preview(f"Email of {day}", address)
    return _Preview(
        title=body.subject,
        address=address,
        description=body.preheader,
        speaker=choice_of(campaign_id).speaker if campaign_id in site().fronts.campaigns else "",
        picture=found.card or body.head_picture,
        picture_words=found.card_words if found.card else day,
        base=base,
    )


@get("/archive.xml", who=Guard.ANYBODY)
@get("/c/<slug>/archive.xml", who=Guard.ANYBODY)
def feed(slug: str = "") -> Response:
    campaign_id = named_by(slug)
    whose = site().fronts.campaigns if campaign_id is None else [campaign_id]
    mails = [mail for campaign in whose for mail in site().archive.with_pictures(campaign)]
    mails.sort(key=lambda mail: (mail.sent.on, mail.sent.is_digest), reverse=True)
    where = "" if campaign_id is None else f"/c/{_slug_of(campaign_id)}"
    about = None if campaign_id is None else choice_of(campaign_id)
    return _unless_known(_answer(_feed(mails, where, about), "application/atom+xml"))


def _day(campaign_id: str, on: date) -> str:
    """A day as the campaign's audience writes it."""
    front = site().fronts.look(campaign_id)
    return front.day(on) if front is not None else day_words(on)


def _slug_of(campaign_id: str) -> str:
    return read_slug(site().project.root, campaign_id)


def _feed(mails: Sequence[ArchivedMail], where: str, about: CampaignChoice | None) -> str:
    """RFC 4287. Addresses are absolute, and are what an entry is known by. ``where``: below which the feed stands;
    ``about``: the campaign that it is of, unless it is of all."""
    settings = site().project.settings
    speaker = settings.organisation.name if about is None else about.speaker
    base, feed = settings.public_url.rstrip("/"), ElementTree.Element("feed", {"xmlns": _ATOM, "xmlns:media": _MEDIA})
    newest = max((mail.changed_at for mail in mails), default=None)

    def add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
        made = ElementTree.SubElement(parent, name, attributes)
        made.text = text or None
        return made

    # Whoever follows a rehearsal must not take it for what subscribers got.
    add(feed, "title", f"Rehearsal: emails of {speaker}" if site().is_rehearsal else f"Emails of {speaker}")
    if about is not None and about.name:
        add(feed, "subtitle", about.name)
    add(feed, "id", f"{base}{where}/archive")
    add(feed, "link", rel="self", type="application/atom+xml", href=f"{base}{where}/archive.xml")
    add(feed, "link", rel="alternate", type="text/html", href=f"{base}{where}/archive")
    add(feed, "updated", newest.astimezone(UTC).isoformat() if newest else "1970-01-01T00:00:00+00:00")
    add(add(feed, "author"), "name", speaker)
    for mail in mails:
        sent, body, entry = mail.sent, mail.body, add(feed, "entry")
        add(entry, "title", body.subject)
        add(entry, "id", base + mail.path)  # as in the mail: whoever had it in a feed before has it once
        add(entry, "link", rel="alternate", type="text/html", href=base + mail.path)
        add(entry, "published", sent.sent_at.astimezone(UTC).isoformat())
        add(entry, "updated", mail.changed_at.astimezone(UTC).isoformat())
        if body.preheader:
            add(entry, "summary", body.preheader)
        if mail.card is not None and not has_discreet_head(body):
            _add_picture(entry, mail.card, mail.card_words, base)
        words = as_web_page(body.html, head="", before="", after="").html
        add(entry, "content", plain_html(words), type="html")
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _add_picture(entry: ElementTree.Element, picture: PostPicture, alt_text: str, base: str) -> None:
    """The picture of a day as an enclosure, and with its alternative text. Its address is the same for all readers."""
    url, media_type = picture_url(base, picture), picture.media_type
    of_file = {"rel": "enclosure", "type": media_type, "length": str(picture.byte_length), "href": url}
    ElementTree.SubElement(entry, "link", of_file)
    size = {"width": str(picture.width), "height": str(picture.height)}
    media = ElementTree.SubElement(entry, "media:content", {"url": url, "type": media_type, "medium": "image", **size})
    ElementTree.SubElement(media, "media:description", {"type": "plain"}).text = alt_text
    if picture.credit:
        ElementTree.SubElement(media, "media:credit").text = picture.credit
