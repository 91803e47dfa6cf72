"""``/robots.txt`` and ``/favicon.ico``, what programs ask every site for; the script of the pages for readers, and the
font of the private ones."""

from __future__ import annotations

from importlib.resources import files
from urllib.parse import urlsplit

from flask import Response

from ...content.load.slugs import read_slug
from ...domain.post_picture import PICTURES
from ..responses import script
from ..routing import Guard, get, site

_HOUR, _WEEK = 3_600, 604_800  # seconds


@get("/robots.txt", who=Guard.ANYBODY)
def robots() -> Response:
    """Everything is closed but the forms, and the archives unless they are not to be found. Whose address holds a token
    is nobody's to look at. Each path in full: not every program knows patterns."""
    settings, project = site().project.settings, site().project
    prefix = urlsplit(settings.public_url).path.rstrip("/")
    open_pages = ["subscribe"] if settings.archive_noindex else ["subscribe", "archive"]
    places = ["", *(f"/c/{read_slug(project.root, campaign)}" for campaign in site().fronts.campaigns)]
    allowed = (
        [] if site().is_rehearsal else [f"Allow: {prefix}{place}/{page}" for place in places for page in open_pages]
    )
    if allowed and not settings.archive_noindex:  # whoever shows a link to a mail shows its picture
        allowed.append(f"Allow: {prefix}/{PICTURES}/")
    text = "\n".join(("User-agent: *", *allowed, f"Disallow: {prefix}/", ""))
    return Response(text, mimetype="text/plain", headers={"Cache-Control": f"public, max-age={_HOUR}"})


@get("/exit.js", who=Guard.ANYBODY)
def exit_script() -> Response:
    """What makes the way to leave a page quickly quicker."""
    response = script("public/exit.js")
    response.headers["Cache-Control"] = f"public, max-age={_HOUR}"
    return response


@get("/public-sans.woff2", who=Guard.ANYBODY)
def staff_font() -> Response:
    """The letters of the private pages; those for readers use the system's own."""
    font = (files("scheduler.review") / "pages" / "public-sans.woff2").read_bytes()
    return Response(font, mimetype="font/woff2", headers={"Cache-Control": f"public, max-age={_WEEK}"})


@get("/favicon.ico", who=Guard.ANYBODY)
def favicon() -> Response:
    """The same for every campaign, and neutral: it stands in tabs and histories."""
    picture = (files("scheduler.web") / "pages" / "favicon.ico").read_bytes()
    return Response(picture, mimetype="image/x-icon", headers={"Cache-Control": f"public, max-age={_WEEK}"})
