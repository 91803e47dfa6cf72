"""``/archive``, ``/archive/DATE``, ``/archive.xml``: the mails that have gone out, for whoever wants none of their own.

Only what the ledger says was sent is there, in the words in which it was sent; what is still to come is not found,
whoever asks. Nothing on these pages belongs to a reader.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from flask import Response, make_response, render_template, url_for
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from ...content.render.web_page import as_web_page
from ...domain.archive_link import SentMail, read_archive_place
from ...domain.formatting import day_words
from ...domain.message import EmailBody, Message
from ...services.public_pages import sent_mails
from ...settings import Mode
from ..responses import page_policy
from ..security import Guard, RoutesWithRoles

if TYPE_CHECKING:
    from ...project import Project
    from ...store import Ledger

_ATOM = "http://www.w3.org/2005/Atom"


class _Shelf:
    """Mails as they were sent, read from the ledger once each: they never change."""

    def __init__(self, project: Project, ledger: Ledger) -> None:
        self._project, self._ledger = project, ledger
        self._kept: dict[str, Message] = {}

    def mails(self) -> list[tuple[SentMail, EmailBody]]:
        """Newest first."""
        found = []
        for mail in sent_mails(self._project, self._ledger):
            message = self._kept.get(mail.digest) or self._ledger.lookups.sent_message(mail.digest)
            if message is not None and isinstance(message.body, EmailBody):
                self._kept[mail.digest] = message
                found.append((mail, message.body))
        return found


def add_archive(app: RoutesWithRoles, project: Project, ledger: Ledger, bar_css: str) -> None:
    """Add the routes. ``bar_css``: the style of the bar above a mail."""
    shelf = _Shelf(project, ledger)
    base = project.settings.public_url.rstrip("/")

    def is_rehearsal() -> bool:
        return project.settings.mode is not Mode.LIVE

    def robots() -> str:
        return "noindex, nofollow, noarchive" if project.settings.archive_noindex or is_rehearsal() else "all"

    def answer(text: str, policy: str = "") -> Response:
        response = make_response(text)
        response.headers["X-Robots-Tag"] = robots()
        if policy:
            response.headers["Content-Security-Policy"] = policy
        return response

    @app.get("/archive", who=Guard.ANYBODY)
    def archive() -> Response:
        mails = [(mail, body, day_words(mail.on)) for mail, body in shelf.mails()]
        return answer(render_template("public/archive.html", mails=mails, robots=robots(), is_rehearsal=is_rehearsal()))

    @app.get("/archive/<place>", who=Guard.ANYBODY)
    def archived(place: str) -> Response:
        wanted = read_archive_place(place)
        found = next((m for m in shelf.mails() if wanted == (m[0].on, m[0].is_digest)), None)
        if found is None:
            raise NotFound
        mail, body = found
        shown = {
            "day": day_words(mail.on),
            "robots": robots(),
            "bar_css": Markup(bar_css),  # noqa: S704 - our own file
            "correcting": mail.is_being_corrected,
            "corrected_at": mail.corrected_words,
        }
        page = as_web_page(
            body.html,
            head=render_template("public/mail_head.html", **shown),
            before=render_template("public/mail_bar.html", **shown),
            after=render_template("public/mail_end.html", **shown),
        )
        # The mail's own styles stand in its elements; nothing else of it may do anything.
        policy = page_policy(page.styles).replace("style-src ", "style-src-elem ", 1)
        return answer(page.html, f"{policy}; style-src-attr 'unsafe-inline'")

    @app.get("/archive.xml", who=Guard.ANYBODY)
    def feed() -> Response:
        mails = shelf.mails()
        response = answer(_feed(base, project.settings.organisation.name, mails, url_for("archive")))
        response.mimetype = "application/atom+xml"
        return response


def _feed(base: str, author: str, mails: list[tuple[SentMail, EmailBody]], path: str) -> str:
    """RFC 4287. Addresses are absolute, and are what an entry is known by."""
    feed = ElementTree.Element("feed", {"xmlns": _ATOM})
    newest = max((mail.sent_at for mail, _ in mails), default=None)

    def add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
        made = ElementTree.SubElement(parent, name, attributes)
        made.text = text or None
        return made

    add(feed, "title", f"Emails of {author}")
    add(feed, "id", f"{base}/archive")
    add(feed, "link", rel="self", type="application/atom+xml", href=f"{base}/archive.xml")
    add(feed, "link", rel="alternate", type="text/html", href=f"{base}/archive")
    add(feed, "updated", newest.astimezone(UTC).isoformat() if newest else "1970-01-01T00:00:00+00:00")
    add(add(feed, "author"), "name", author)
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
