"""``/subscribe`` and ``/confirm/TOKEN``: how somebody gets onto the list.

The form may stand on another site and post here: it carries nothing of the visitor's but what was typed, and leads to
one mail to the address at most. The answer is the same page whatever becomes of it, and the mail goes aside, so that
nobody learns who is on the list. Only the button behind the link in that mail puts anybody onto it.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import Response, make_response, render_template, request

from ...channels.registry import mail_channels
from ...clock import stopwatch
from ...domain.cadence import DEFAULT_CADENCE
from ...domain.formatting import day_words, place
from ...domain.ip_prefix import network_of
from ...domain.refusals import Refusal, Refused
from ...domain.subscriber import SignUpEnd
from ...domain.transactional_email import HOW_OFTEN, consent_sentence, wording_of
from ...engine.transactional_mail import TransactionalMailer
from ...services.context import Actor, Context
from ...services.sign_up import confirm, look_at_confirmation, sign_up
from ...settings import Mode
from ...subscribers.fields import BadAddress, cadence_named
from ..refusals import what_to_do
from ..security import Guard, RoutesWithRoles
from .choices import cadence_choices, zone_choices

if TYPE_CHECKING:
    from ...project import Project
    from ...services.public_pages import Front, FrontAtHand
    from ...store import Ledger

log = logging.getLogger(__name__)

#: Seconds. A form is answered no sooner than this, whatever became of it.
ANSWER_AFTER = 0.25
_LONGEST = 400  # characters of a field that are looked at


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    email: str = ""
    name: str = ""
    zone: str = ""
    cadence: str = str(DEFAULT_CADENCE)


def add_sign_up(
    app: RoutesWithRoles, project: Project, ledger: Ledger, front_at_hand: FrontAtHand, letters: TransactionalMailer
) -> None:
    """Add the routes."""
    clock = project.clock
    app.config["ANSWER_AFTER"] = ANSWER_AFTER

    context = Context(project, ledger, clock, Actor("reader"))

    def has_email() -> bool:
        return bool(mail_channels(project.settings))

    def closed() -> Response:
        return make_response(render_template("public/closed.html"), 503)

    def form(front: Front, typed: Typed, error: str = "", field: str = "") -> Response:
        ends_on = day_words(front.season.end_on)
        page = render_template(
            "public/subscribe.html",
            front=front,
            organisation=project.settings.organisation.name,
            typed=typed,
            error=error,
            field=field,
            begins=day_words(front.season.start_on),
            ends=ends_on,
            has_begun=front.season.start_on <= front.today,
            home=place(front.campaign.time_zone),
            cadences=cadence_choices(front.plan),
            zones=zone_choices(typed.zone, clock.now()),
            consent=consent_sentence(project.settings.organisation.name, ends_on),
            is_rehearsal=project.settings.mode is not Mode.LIVE,
        )
        response = make_response(page, 422 if error else 200)
        response.headers["X-Robots-Tag"] = "all"
        return response

    @app.get("/subscribe", who=Guard.ANYBODY)
    def subscribe_page() -> Response:
        front = front_at_hand.look()
        return form(front, Typed()) if front is not None and has_email() else closed()

    @app.post("/subscribe", who=Guard.ANYBODY)
    def subscribe() -> Response:
        spent = stopwatch()
        front = front_at_hand.look()
        if front is None or not has_email():
            return closed()
        typed = Typed(*(request.form.get(name, "")[:_LONGEST] for name in ("email", "name", "zone", "cadence")))
        cadence = cadence_named(typed.cadence)
        if cadence is None:
            return form(front, replace(typed, cadence=str(DEFAULT_CADENCE)), "Choose how often.", "cadence")
        sentence = consent_sentence(project.settings.organisation.name, day_words(front.season.end_on))
        network = network_of(request.remote_addr)
        try:
            done = sign_up(
                context,
                typed.email,
                what=f"{HOW_OFTEN[cadence]}. {sentence}",
                wording=wording_of(sentence),
                name=typed.name,
                zone=typed.zone,
                cadence=cadence,
                network=network,
                until=front.ends_at,
            )
        except BadAddress as problem:
            return form(front, typed, f"Look at the email address: {problem.message}.", "email")
        except Refused as refused:
            words = f"{refused.message}; {what_to_do(refused)}"
            field = "zone" if refused.code is Refusal.NO_SUCH_ZONE else "name"
            return form(front, typed, f"{words[:1].upper()}{words[1:]}.", field)
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
        letters.look()
        page = render_template("public/sent.html", is_rehearsal=project.settings.mode is not Mode.LIVE)
        # What was written to the ledger, and what was not, would show in the time by some thousandths of a second.
        threading.Event().wait(max(0.0, app.config["ANSWER_AFTER"] - spent()))
        return make_response(page)

    @app.get("/confirm/<token>", who=Guard.LINK)
    def confirm_page(token: str) -> Response:
        if look_at_confirmation(context, token) is None:
            return over()
        return make_response(render_template("public/confirm.html"))

    @app.post("/confirm/<token>", who=Guard.LINK)
    def confirm_it(token: str) -> Response:
        done = confirm(context, token)
        if done is None:
            return over()
        letters.look()
        return make_response(render_template("public/confirmed.html"))

    def over() -> Response:
        """Unknown, cut off, used, too old: nobody can tell, and none is told."""
        return make_response(render_template("public/over.html"), 404)
