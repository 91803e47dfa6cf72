"""``/c/SLUG/u/TOKEN``: the address in each mail by which its reader leaves. The token alone says whom it is about and
which campaign; the slug may be any. Mails of earlier releases lead to ``/u/TOKEN``.

Programs that look at links (mail scanners, previews) fetch them: GET and HEAD do not even read the token, and show
everybody the same page. POST leaves, in one step, without a cookie: the page's button, and RFC 8058, section 3.2,
where the mail program posts ``List-Unsubscribe=One-Click``.

``/c/u/check`` lies below the same path and is no reader's: by it the program, and a person, see that these addresses
lead to this ledger's pages. It neither reads nor changes anything.
"""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from ..domain.subscriber import ON_THE_LIST
from ..services.context import Actor
from ..services.subscribers import come_back as undo_leaving
from ..services.subscribers import leave as leave_list
from ..subscribers.tokens import NONCE
from .public.campaigns import form_of
from .responses import here
from .routing import Guard, get, post, site


@get("/u/check", who=Guard.ANYBODY)
@get("/c/u/check", who=Guard.ANYBODY)
def own_page() -> str:
    return render_template("own_page.html", code=site().own_page.code)


@get("/u/check/<number>", who=Guard.ANYBODY)
@post("/u/check/<number>", who=Guard.ANYBODY)
@get("/c/u/check/<number>", who=Guard.ANYBODY)
@post("/c/u/check/<number>", who=Guard.ANYBODY)
def own_answer(number: str) -> Response:
    if not NONCE.fullmatch(number):
        return make_response(render_template("no_such_link.html"), 404)
    return Response(site().own_page.answer_to(number), mimetype="text/plain")


@get("/u/<token>", who=Guard.ANYBODY)
@get("/c/<slug>/u/<token>", who=Guard.ANYBODY)
def leave_page(token: str, slug: str = "") -> str:
    return render_template("leave.html", of_all=not slug)


@post("/u/<token>", who=Guard.LINK)
@post("/c/<slug>/u/<token>", who=Guard.LINK)
def leave(token: str, slug: str = "") -> Response:
    # The body decides nothing: whoever posts here holds the link, and leaving must not fail for a form's sake.
    if (request.content_length or 0) > (request.max_content_length or 0):
        raise RequestEntityTooLarge
    owner = site().leaving(token)
    if owner is None:  # forged, of another purpose, cut off by a mail program: nobody can tell, and none is told
        return make_response(render_template("no_such_link.html"), 404)
    campaign, subscriber_id = owner
    # A link without a slug is from when there was one list for all campaigns: it leaves all of them.
    leave_list(site().context(Actor("reader")), campaign if slug else None, subscriber_id, source="link in a mail")
    return _left(f"{here()}/undo", campaign if slug else None)


def _left(undo: str, campaign: str | None) -> Response:
    languages = campaign is not None and len(site().project.family_of(campaign)) > 1
    return make_response(render_template("left.html", undo=undo, act="", languages=languages))


@get("/u/<token>/undo", who=Guard.LINK)
@get("/c/<slug>/u/<token>/undo", who=Guard.LINK)
def undo_page(token: str, slug: str = "") -> Response:
    """Who comes here again, by Back or by the address, sees how it stands. It changes nothing."""
    owner = site().leaving(token)
    if owner is None:
        return make_response(render_template("no_such_link.html"), 404)
    campaign, subscriber_id = owner
    mine = site().ledger.subscribers.of_person(subscriber_id)
    if any(one.state in ON_THE_LIST and (not slug or one.campaign == campaign) for one in mine):
        return make_response(render_template("public/back.html", is_back=True))
    return _left(here(), campaign if slug else None)


@post("/u/<token>/undo", who=Guard.LINK)
@post("/c/<slug>/u/<token>/undo", who=Guard.LINK)
def come_back(token: str, slug: str = "") -> Response:
    """The button on the page that says that the emails have stopped."""
    owner = site().leaving(token)
    if owner is None:
        return make_response(render_template("no_such_link.html"), 404)
    campaign, subscriber_id = owner
    which = campaign if slug else None
    is_back = undo_leaving(site().context(Actor("reader")), which, subscriber_id)
    return make_response(render_template("public/back.html", is_back=is_back, form=form_of(which)))
