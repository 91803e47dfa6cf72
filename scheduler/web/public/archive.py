"""``/archive``, ``/archive/DATE``, ``/archive.xml``: the mails that have gone out, for whoever wants none of their own.

Only what the ledger says was sent is there, in the words in which it was sent; what is still to come is not found,
whoever asks. Nothing on these pages belongs to a reader.
"""

from __future__ import annotations

from datetime import UTC
from xml.etree import ElementTree

from flask import Response, render_template
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from ...content.render.web_page import as_web_page
from ...domain.archive_link import SentMail, read_archive_place
from ...domain.design_tokens import css_custom_properties
from ...domain.formatting import day_words
from ...domain.message import EmailBody
from ...services.public_pages import sent_mails
from ..responses import own_file, page_policy
from ..routing import Guard, get, site

_ATOM = "http://www.w3.org/2005/Atom"
#: The style of the bar above a mail.
_BAR_CSS = css_custom_properties() + own_file("public/bar.css")


def _mails() -> list[tuple[SentMail, EmailBody]]:
    """As they were sent, newest first; each is read from the ledger once."""
    found = []
    for mail in sent_mails(site().project, site().ledger):
        message = site().sent.get(mail.digest) or site().ledger.lookups.sent_message(mail.digest)
        if message is not None and isinstance(message.body, EmailBody):
            site().sent[mail.digest] = message
            found.append((mail, message.body))
    return found


def _robots() -> str:
    return "noindex, nofollow, noarchive" if site().project.settings.archive_noindex or site().is_rehearsal else "all"


def _answer(text: str, mimetype: str = "text/html") -> Response:
    return Response(text, mimetype=mimetype, headers={"X-Robots-Tag": _robots()})


@get("/archive", who=Guard.ANYBODY)
def archive() -> Response:
    mails = [(mail, body, day_words(mail.on)) for mail, body in _mails()]
    return _answer(
        render_template("public/archive.html", mails=mails, robots=_robots(), is_rehearsal=site().is_rehearsal)
    )


@get("/archive/<place>", who=Guard.ANYBODY)
def archived(place: str) -> Response:
    found = next((m for m in _mails() if read_archive_place(place) == (m[0].on, m[0].is_digest)), None)
    if found is None:
        raise NotFound
    mail, body = found
    shown = {
        "day": day_words(mail.on),
        "robots": _robots(),
        "bar_css": Markup(_BAR_CSS),  # noqa: S704 - our own file
        "correcting": mail.is_being_corrected,
        "corrected_at": mail.corrected_words,
    }
    page = as_web_page(
        body.html,
        head=render_template("public/mail_head.html", **shown),
        before=render_template("public/mail_bar.html", **shown),
        after=render_template("public/mail_end.html", **shown),
    )
    response = _answer(page.html)
    # The mail's own styles stand in its elements; nothing else of it may do anything.
    policy = page_policy(page.styles).replace("style-src ", "style-src-elem ", 1)
    response.headers["Content-Security-Policy"] = f"{policy}; style-src-attr 'unsafe-inline'"
    return response


@get("/archive.xml", who=Guard.ANYBODY)
def feed() -> Response:
    return _answer(_feed(_mails()), "application/atom+xml")


def _feed(mails: list[tuple[SentMail, EmailBody]]) -> str:
    """RFC 4287. Addresses are absolute, and are what an entry is known by."""
    settings = site().project.settings
    base, feed = settings.public_url.rstrip("/"), ElementTree.Element("feed", {"xmlns": _ATOM})
    newest = max((mail.sent_at for mail, _ in mails), default=None)

    def add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
        made = ElementTree.SubElement(parent, name, attributes)
        made.text = text or None
        return made

    add(feed, "title", f"Emails of {settings.organisation.name}")
    add(feed, "id", f"{base}/archive")
    add(feed, "link", rel="self", type="application/atom+xml", href=f"{base}/archive.xml")
    add(feed, "link", rel="alternate", type="text/html", href=f"{base}/archive")
    add(feed, "updated", newest.astimezone(UTC).isoformat() if newest else "1970-01-01T00:00:00+00:00")
    add(add(feed, "author"), "name", settings.organisation.name)
    for mail, body in mails:
        entry = add(feed, "entry")
        address = f"{base}/archive/{mail.place}"
        add(entry, "title", body.subject)
        add(entry, "id", address)
        add(entry, "link", rel="alternate", type="text/html", href=address)
        add(entry, "published", mail.sent_at.astimezone(UTC).isoformat())
        add(entry, "updated", mail.sent_at.astimezone(UTC).isoformat())
        if body.preheader:
            add(entry, "summary", body.preheader)
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"
