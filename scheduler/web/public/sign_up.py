"""How somebody gets onto a campaign's list: ``/c/SLUG/subscribe`` and ``/c/SLUG/confirm/TOKEN``. The same addresses
without ``/c/SLUG`` are those of earlier releases: ``/subscribe`` is the form of the only campaign, of several it lists
them; behind a token stands what it was made for, whatever slug is before it.

The form may stand on another site and post here: it carries nothing of the visitor's but what was typed, and leads to
one mail to the address at most. The answer is the same page whatever becomes of it, and the mail goes aside, so that
nobody learns who is on the list. Only the button behind the link in that mail puts anybody onto it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace

from flask import Response, current_app, make_response, render_template, request, url_for

from ...channels.registry import mail_channels
from ...clock import stopwatch
from ...content.render.season_renderer import is_daily
from ...domain.address import network_of
from ...domain.cadence import DEFAULT_CADENCE
from ...domain.discreet import DiscreetHead
from ...domain.formatting import place
from ...domain.refusals import Refusal, Refused
from ...domain.subscriber import SignUpEnd
from ...domain.transactional_email import consent_sentence, how_often, wording_of
from ...services import subscribers
from ...services.context import Actor
from ...services.public_pages import Front
from ...services.subscribers import confirm, look_at_confirmation, sign_up
from ...subscribers.fields import BadAddress, cadence_named
from ...wiring import preferences_url
from ..refusals import what_to_do
from ..routing import Guard, get, post, site
from .campaigns import choice_of, named_by
from .subscriber_forms import (
    LONGEST_FIELD,
    cadence_choices,
    lists_of,
    over,
    usual_is_discreet,
    without_digest,
    zone_choices,
)

log = logging.getLogger(__name__)

#: Seconds. A form is answered no sooner than this, whatever became of it.
ANSWER_AFTER = 0.25
_EMPTY = {"email": "", "name": "", "zone": "", "cadence": str(DEFAULT_CADENCE), "discreet": ""}


@get("/subscribe", who=Guard.ANYBODY)
@get("/c/<slug>/subscribe", who=Guard.ANYBODY)
def subscribe_page(slug: str = "") -> Response:
    front = _open_front(slug)
    return _sign_up_form(front, _EMPTY) if front is not None else _no_form(slug)


@post("/subscribe", who=Guard.ANYBODY)
@post("/c/<slug>/subscribe", who=Guard.ANYBODY)
def subscribe(slug: str = "") -> Response:
    spent = stopwatch()
    front = _open_front(slug)
    if front is None:
        return _no_form(slug)
    typed = {name: request.form.get(name, "")[:LONGEST_FIELD] for name in _EMPTY}
    cadence = cadence_named(typed["cadence"])
    if cadence is None:
        return _sign_up_form(front, typed | {"cadence": str(DEFAULT_CADENCE)}, "Choose how often.", "cadence")
    sentence = _consent(front)
    try:
        done = sign_up(
            site().context(Actor("reader")),
            front.campaign.id,
            typed["email"],
            what=f"{how_often(cadence, is_daily=is_daily(front.plan, site().project.settings))}. {sentence}",
            wording=wording_of(sentence),
            name=typed["name"],
            zone=typed["zone"],
            cadence=cadence,
            network=network_of(request.remote_addr),
            discreet=bool(typed["discreet"]),
            ends_on=front.season.end_on,
            until=front.ends_at,
        )
    except BadAddress as problem:
        return _sign_up_form(front, typed, f"Look at the email address: {problem.message}.", "email")
    except Refused as refused:
        words = f"{refused.message}; {what_to_do(refused)}"
        field = "zone" if refused.code is Refusal.NO_SUCH_ZONE else "name"
        return _sign_up_form(front, typed, f"{words[:1].upper()}{words[1:]}.", field)
    if done.end is SignUpEnd.FLOOD:
        log.warning(
            "more forms than allowed came from one network within a day; where a server stands in front, "
            "web.trusted_proxy tells them apart",
            extra={"action": "sign_up_flood"},
        )
    if done.end is SignUpEnd.FULL:
        log.error(
            "a form led to no letter, since too many wait to be sent; look at the mail server, and at holds",
            extra={"action": "letters_full"},
        )
    site().letters.look()
    page = render_template("public/sent.html", is_rehearsal=site().is_rehearsal)
    # What was written to the ledger, and what was not, would show in the time by some thousandths of a second.
    threading.Event().wait(max(0.0, current_app.config["ANSWER_AFTER"] - spent()))
    return make_response(page)


@get("/confirm/<token>", who=Guard.LINK)
@get("/c/<slug>/confirm/<token>", who=Guard.LINK)
def confirm_page(token: str, slug: str = "") -> Response:
    context = site().context(Actor("reader"))
    not_me = url_for("not_me_page", slug=slug, token=token) if slug else ""
    if subscribers.is_for_new_address(context, token):
        return make_response(render_template("public/new_address.html", not_me=not_me))
    if look_at_confirmation(context, token) is None:
        return over(slug)
    return make_response(render_template("public/confirm.html", not_me=not_me))


@post("/confirm/<token>", who=Guard.LINK)
@post("/c/<slug>/confirm/<token>", who=Guard.LINK)
def confirm_it(token: str, slug: str = "") -> Response:
    confirmed = confirm(site().context(Actor("reader")), token)
    if confirmed is None:
        return over(slug)
    site().letters.look()
    is_address, lists = confirmed.is_address, lists_of(confirmed.subscriber_id)
    offers_one = not is_address and lists > max(1, without_digest(confirmed.subscriber_id))
    choices = preferences_url(site().project, confirmed.campaign)(confirmed.subscriber_id)
    page = render_template(
        "public/confirmed.html", is_address=is_address, lists=lists, choices=choices if offers_one else ""
    )
    return make_response(page)


@get("/c/<slug>/not-me/<token>", who=Guard.ANYBODY)
def not_me_page(slug: str, token: str) -> str:
    """As the page to leave by: it is the same for everybody, and reads nothing."""
    return render_template("public/not_me.html", done=False)


@post("/c/<slug>/not-me/<token>", who=Guard.ANYBODY)
def not_me(slug: str, token: str) -> Response:
    """I did not sign up: what the form brought in is deleted. Mail programs post here too (RFC 8058)."""
    subscribers.refuse_sign_up(site().context(Actor("reader")), token)
    return make_response(render_template("public/not_me.html", done=True))


def _open_front(slug: str) -> Front | None:
    """The month that newcomers sign up for: that of the address, else the only one. None while they cannot."""
    if not mail_channels(site().project.settings):
        return None
    if slug:
        campaign_id = named_by(slug)
        return site().fronts.look(campaign_id) if campaign_id is not None else None
    fronts = site().fronts.all()
    return fronts[0] if len(fronts) == 1 else None


def _no_form(slug: str) -> Response:
    """Several campaigns to choose from, or none that anybody could sign up for."""
    fronts = site().fronts.all() if not slug and mail_channels(site().project.settings) else ()
    if not fronts:
        archive = url_for("archive", slug=slug) if slug else url_for("archive")
        return make_response(render_template("public/closed.html", archive=archive), 503)
    choices = [choice_of(front.campaign.id) for front in fronts]
    # A form that was posted here names none of them, and nothing was done with it.
    asked = request.method == "POST"
    page = render_template("public/choose.html", choices=choices, organisation=_organisation(), asked=asked)
    response = make_response(page, 422 if asked else 200)
    response.headers["X-Robots-Tag"] = "all"
    return response


def _organisation(front: Front | None = None) -> str:
    """Who sends: all of the emails, or a campaign's."""
    name = site().project.settings.organisation.name
    return front.campaign.speaker(name) if front is not None else name


def _consent(front: Front) -> str:
    return consent_sentence(_organisation(front), front.day(front.season.end_on))


def _sign_up_form(front: Front, typed: Mapping[str, str], error: str = "", field: str = "") -> Response:
    page = render_template(
        "public/subscribe.html",
        front=front,
        organisation=_organisation(front),
        typed=typed,
        error=error,
        field=field,
        begins=front.day(front.season.start_on),
        ends=front.day(front.season.end_on),
        has_begun=front.season.start_on <= front.today,
        home=place(front.campaign.time_zone),
        cadences=cadence_choices(front, site().now()),
        zones=zone_choices(typed["zone"], site().now()),
        consent=_consent(front),
        is_daily=is_daily(front.plan, site().project.settings),
        help_lines=site().fronts.help(front, site().ledger),
        inbox=_discreet_row(front),
        usual_is_discreet=usual_is_discreet(),
        is_rehearsal=site().is_rehearsal,
    )
    response = make_response(page, 422 if error else 200)
    response.headers["X-Robots-Tag"] = "all"
    return response


def _discreet_row(front: Front) -> DiscreetHead:
    """What an inbox shows of a discreet email, as on the first day that one can come."""
    head, language = front.campaign.discreet.in_language(front.campaign.language), front.campaign.language
    on = max(front.today, front.season.start_on)
    return replace(head, subject=head.subject_on(on, language))
