"""``/preferences/TOKEN``: what a reader can choose, from the link at the foot of each mail.

The link is signed and holds no address. GET shows what is chosen and changes nothing; each button is a form of its own.
The page names neither the address nor what the mails are about. Who is not known, whatever the reason, sees one page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Response, make_response, render_template, request

from ...domain.formatting import day_words, place
from ...domain.refusals import Refused
from ...domain.subscriber import Subscriber, SubscriberState
from ...services import preferences, subscribers
from ...services.context import Actor, Context
from ...subscribers.fields import known_zones
from ..refusals import what_to_do
from ..security import Guard, RoutesWithRoles
from .choices import cadence_choices, zone_choices

if TYPE_CHECKING:
    from ...project import Project
    from ...services.public_pages import FrontAtHand
    from ...store import Ledger

_GETS_MAIL = (SubscriberState.ACTIVE, SubscriberState.PAUSED, SubscriberState.PENDING)


def add_preferences(
    app: RoutesWithRoles,
    project: Project,
    ledger: Ledger,
    front_at_hand: FrontAtHand,
    reader_of: Callable[[str], str | None],
) -> None:
    """Add the routes. ``reader_of`` gives the reader whom a token was made for, or None."""
    clock = project.clock
    context = Context(project, ledger, clock, Actor("reader"))

    def known(token: str) -> Subscriber | None:
        subscriber_id = reader_of(token)
        subscriber = ledger.subscribers.get(subscriber_id) if subscriber_id is not None else None
        return subscriber if subscriber is not None and subscriber.state is not SubscriberState.ERASED else None

    def home() -> str:
        front = front_at_hand.look()
        return front.campaign.time_zone if front is not None else "UTC"

    def page(
        subscriber: Subscriber | None, said: str = "", error: str = "", field: str = "", typed: str = ""
    ) -> Response:
        if subscriber is None:
            return make_response(render_template("public/over.html"), 404)
        if subscriber.state not in _GETS_MAIL:
            complained = subscriber.state is SubscriberState.COMPLAINED
            return make_response(render_template("public/no_mails.html", complained=complained))
        front, now = front_at_hand.look(), clock.now()
        at_home = ZoneInfo(subscriber.zone if subscriber.zone in known_zones() else home())
        today = now.astimezone(at_home).date()
        paused = subscriber.state is SubscriberState.PAUSED and not subscriber.is_written_to(now)
        until = subscriber.paused_until_at.astimezone(at_home).date() if subscriber.paused_until_at else None
        text = render_template(
            "public/preferences.html",
            said=said,
            error=error,
            field=field,
            subscriber=subscriber,
            typed=typed,
            paused=paused,
            until=day_words(until) if until else "",
            earliest=today + timedelta(days=1),
            latest=today + timedelta(days=365),
            home=place(home()),
            cadences=cadence_choices(front.plan if front is not None else None),
            zones=zone_choices(subscriber.zone, now),
        )
        return make_response(text, 422 if error else 200)

    @app.get("/preferences/<token>", who=Guard.LINK)
    def preferences_page(token: str) -> Response:
        return page(known(token))

    @app.post("/preferences/<token>", who=Guard.LINK)
    def change(token: str) -> Response:
        subscriber = known(token)
        if subscriber is None:
            return page(None)
        act, who = request.form.get("act", ""), subscriber.id
        if act == "pause":
            return pause(subscriber, token)
        try:
            if act == "cadence":
                preferences.choose_cadence(context, who, request.form.get("cadence", "")[:40])
                return page(known(token), "Saved. It counts from the next email on.")
            if act == "zone":
                preferences.choose_zone(context, who, request.form.get("zone", "")[:80])
                return page(known(token), "Saved.")
        except Refused as refused:
            hint = what_to_do(refused)
            return page(subscriber, error=f"{hint[:1].upper()}{hint[1:]}.", field=act)
        if act == "resume":
            preferences.end_pause(context, who)
            return page(known(token), "The pause is over. The next email comes as usual.")
        if act in ("keep", "do-not-keep"):
            preferences.ask_for_next_season(context, who, wanted=act == "keep")
            return page(known(token), "Saved.")
        if act == "leave":
            preferences.leave(context, who, source="page of choices")
            return make_response(render_template("left.html"))
        if act == "erase":
            return make_response(render_template("public/erase.html"))
        if act == "erase-now":
            subscribers.erase(context, subscriber.address)
            return make_response(render_template("public/erased.html"))
        return page(subscriber, error="Nothing was changed. Press one of the buttons.", field="top")

    def pause(subscriber: Subscriber, token: str) -> Response:
        typed = request.form.get("until", "")[:40]
        try:
            preferences.pause(context, subscriber.id, date.fromisoformat(typed), home=home())
        except ValueError:
            return page(subscriber, error="Write the day as year, month and day.", field="until", typed=typed)
        except Refused as refused:
            error = f"{refused.message}: {what_to_do(refused)}."
            return page(subscriber, error=error, field="until", typed=typed)
        return page(known(token), "Paused. What would have come meanwhile is not sent later.")
