"""Before each private route: who asks, whether their role allows it, and whether a form came from our own page.

A session is a random token in a cookie. The cookie is no other site's to send along with a form (SameSite=Lax: a link
in a notice still finds its person signed in, and a GET changes nothing), each form carries a token that is made of the
session's, and the browser's word about where a form comes from has to be ours.
"""

from __future__ import annotations

from typing import cast
from urllib.parse import quote, urlsplit

from flask import Response, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from ...domain.invitation import same_hash
from ...domain.refusals import Refusal, Refused
from ...domain.role import FRESH_SPAN, LONGEST_SESSION, Right, Session, form_token, rights_of
from ...domain.via import Via
from ...errors import ConfigurationError
from ...light_dataclass import dataclass
from ...services.context import Actor
from ...services.seasons import review_policy
from ..responses import page_policy, staff_css
from ..routing import Pages, site

COOKIE = "observance-session"
FORM_FIELD = "form-token"
#: Fields of forms that nobody types: they are chosen, or travel along.
_NOT_TYPED = frozenset(
    (FORM_FIELD, *"act answers channel delivery fingerprint lasts next role seen sure to username verdict what".split())
)
#: Bytes: the longest comment in any alphabet, as a form writes it, and what a form adds to it.
LARGEST_FORM = 160 * 1024
#: What may be typed into any form; what is larger is a file beside it.
LARGEST_TEXT = 1024 * 1024


@dataclass(frozen=True)
class Visitor:
    """Who is signed in, for the length of one request."""

    session: Session
    rights: frozenset[Right]
    form_token: str
    actor: Actor

    @property
    def name(self) -> str:
        return self.session.person.name

    def refuse_stale(self) -> None:
        """Before what gives somebody more: only soon after a sign-in."""
        if not self.session.is_fresh(site().now()):
            raise Refused(Refusal.SIGN_IN_AGAIN, minutes=int(FRESH_SPAN.total_seconds() // 60))

    @property
    def role(self) -> str:
        return self.session.person.role

    def may(self, right: str) -> bool:
        return right in self.rights


def visitor() -> Visitor:
    """The signed-in person; only within a route that asks for a right."""
    return cast(Visitor, g.visitor)


def enforce() -> AnyResponse | None:
    """Before each request: what its route has declared."""
    app = cast(Pages, current_app)
    if request.endpoint is None:  # there is no such page; that is told elsewhere
        return None
    needed = app.who_may(request.endpoint)
    largest = app.largest.get(request.endpoint, LARGEST_FORM if isinstance(needed, Right) else None)
    if largest is not None:
        text = min(largest, LARGEST_TEXT)
        request.max_content_length = largest if request.mimetype == "multipart/form-data" else text
        request.max_form_memory_size = text
    if not isinstance(needed, Right):
        return None
    g.private = True
    token, project = request.cookies.get(COOKIE, ""), site().project
    session = site().ledger.accounts.session_of(token, now=project.clock.now()) if token else None
    if session is None:
        return ask_to_sign_in()
    try:
        policy = review_policy(project)
    except ConfigurationError:
        policy = None  # told by each page that needs it; the hold does not
    person = session.person
    rights = rights_of(person.role, policy)
    g.visitor = Visitor(session, rights, form_token(token), Actor(person.name, person.role, Via.SIGN_IN))
    if needed not in g.visitor.rights:
        raise Forbidden
    if request.method not in ("GET", "HEAD"):
        refuse_foreign()
        if not same_hash(request.form.get(FORM_FIELD, ""), g.visitor.form_token):
            raise Forbidden
    return None


def private(response: Response) -> Response:
    """Of a private page its own server may know the address: without that a browser would not say where its forms come
    from. Its style is another one than that of the pages for readers; a page that holds more style elements names their
    texts in ``g.styles``, one that runs a script says in ``g.scripts`` what the policy allows it, and one that shows
    pictures of ours by their addresses sets ``g.pictures``. Routes that ask for no right, and show a private page all
    the same, set ``g.private`` themselves."""
    if g.get("private"):
        response.headers.setdefault("Referrer-Policy", "same-origin")
        styles = [staff_css(request.script_root), *g.get("styles", ())]
        policy = page_policy(styles, own_pictures=g.get("pictures", False), own_font=True)
        policy += g.get("scripts", "")
        response.headers.setdefault("Content-Security-Policy", policy)
    return response


def ask_to_sign_in() -> AnyResponse:
    """Where somebody is sent who is not signed in, or not any more. What they had typed is shown to them again."""
    if request.method in ("GET", "HEAD"):
        wanted = request.full_path.rstrip("?") if request.query_string else request.path
        return redirect(url_for("sign_in_page") + ("" if wanted == "/" else f"?next={quote(wanted, safe='/')}"), 303)
    typed = {
        name.removeprefix("f.").replace("_", " "): text
        for name, text in request.form.items()
        if text.strip() and name not in _NOT_TYPED and "password" not in name
    }
    return make_response(render_template("security/signed_out.html", typed=typed), 403)


def refuse_foreign(*, but: str | None = None) -> None:
    """Raise Forbidden for a form that another site's page has sent here, as far as the browser tells.

    A program that tells nothing is no browser, and has no cookie but one that it was given. ``but``: an origin that is
    no other site's. Pages whose address is the secret give no referrer away, and of them a browser writes "null".
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Forbidden
    origin = request.headers.get("Origin")
    ours = (request.host, urlsplit(site().project.settings.public_url).netloc)
    if origin is not None and origin != but and urlsplit(origin).netloc not in ours:
        raise Forbidden


def set_session(response: AnyResponse, token: str) -> AnyResponse:
    """Give the browser its token, for this site's pages alone, where no script reads it."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=LONGEST_SESSION,
        path=request.script_root or "/",
        secure=is_encrypted(),
        httponly=True,
        samesite="Lax",
    )
    return response


def is_encrypted() -> bool:
    """Whether the browser reached us by HTTPS. It says so itself; a server in front may have changed the host."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return (origin.scheme or urlsplit(site().project.settings.public_url).scheme) == "https"
