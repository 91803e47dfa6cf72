"""``/preferences/TOKEN``: what a reader can choose, from the link at the foot of each mail.

The link is signed and holds no address. GET shows what is chosen and changes nothing; each button is a form of its own.
The page names neither the address nor what the mails are about. Who is not known, whatever the reason, sees one page.
"""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import Response, make_response, render_template, request

from ...domain.formatting import day_words, place
from ...domain.refusals import Refused
from ...domain.subscriber import Subscriber, SubscriberState
from ...services import preferences, subscribers
from ...services.context import Actor
from ...subscribers.fields import known_zones
from ..refusals import what_to_do
from ..routing import Guard, get, post, site
from .sign_up import cadence_choices, over, zone_choices

_GETS_MAIL = (SubscriberState.ACTIVE, SubscriberState.PAUSED, SubscriberState.PENDING)


@get("/preferences/<token>", who=Guard.LINK)
def preferences_page(token: str) -> Response:
    subscriber = _known(token)
    return over() if subscriber is None else _page(subscriber)


@post("/preferences/<token>", who=Guard.LINK)
def change(token: str) -> Response:
    subscriber = _known(token)
    if subscriber is None:
        return over()
    act, typed = request.form.get("act", ""), request.form.get("until", "")[:40]
    try:
        sentence = _do(subscriber, act, typed)
    except ValueError:
        if act != "pause":
            raise
        return _page(subscriber, error="Write the day as year, month and day.", field="until", typed=typed)
    except Refused as refused:
        hint = what_to_do(refused)
        if act == "pause":
            return _page(subscriber, error=f"{refused.message}: {hint}.", field="until", typed=typed)
        return _page(subscriber, error=f"{hint[:1].upper()}{hint[1:]}.", field=act)
    if act in _LAST_PAGES:
        return make_response(render_template(_LAST_PAGES[act]))
    if not sentence:
        return _page(subscriber, error="Nothing was changed. Press one of the buttons.", field="top")
    changed = _known(token)
    return over() if changed is None else _page(changed, sentence)


#: Acts that end with a page of their own.
_LAST_PAGES = {"leave": "left.html", "erase": "public/erase.html", "erase-now": "public/erased.html"}


def _do(subscriber: Subscriber, act: str, until: str) -> str:
    """Do what a button asks for. Returns what is said of it; empty where that has a page of its own, or is nothing that
    is known here. Raises Refused, and ValueError for what is no day."""
    context, who = site().context(Actor("reader")), subscriber.id
    match act:
        case "cadence":
            preferences.choose_cadence(context, who, request.form.get("cadence", "")[:40])
            return "Saved. It counts from the next email on."
        case "zone":
            preferences.choose_zone(context, who, request.form.get("zone", "")[:80])
            return "Saved."
        case "pause":
            preferences.pause(context, who, date.fromisoformat(until), home=_home())
            return "Paused. What would have come meanwhile is not sent later."
        case "resume":
            preferences.end_pause(context, who)
            return "The pause is over. The next email comes as usual."
        case "keep" | "do-not-keep":
            preferences.ask_for_next_season(context, who, wanted=act == "keep")
            return "Saved."
        case "leave":
            preferences.leave(context, who, source="page of choices")
        case "erase-now":
            subscribers.erase(context, subscriber.address)
    return ""


def _known(token: str) -> Subscriber | None:
    subscriber_id = site().choosing(token)
    subscriber = site().ledger.subscribers.get(subscriber_id) if subscriber_id is not None else None
    return subscriber if subscriber is not None and subscriber.state is not SubscriberState.ERASED else None


def _home() -> str:
    front = site().front.look()
    return front.campaign.time_zone if front is not None else "UTC"


def _page(subscriber: Subscriber, said: str = "", error: str = "", field: str = "", typed: str = "") -> Response:
    if subscriber.state not in _GETS_MAIL:
        complained = subscriber.state is SubscriberState.COMPLAINED
        return make_response(render_template("public/no_mails.html", complained=complained))
    front, now = site().front.look(), site().now()
    at_home = ZoneInfo(subscriber.zone if subscriber.zone in known_zones() else _home())
    today = now.astimezone(at_home).date()
    until = subscriber.paused_until_at
    text = render_template(
        "public/preferences.html",
        said=said,
        error=error,
        field=field,
        subscriber=subscriber,
        typed=typed,
        paused=subscriber.state is SubscriberState.PAUSED and not subscriber.is_written_to(now),
        until=day_words(until.astimezone(at_home).date()) if until else "",
        earliest=today + timedelta(days=1),
        latest=today + timedelta(days=365),
        home=place(_home()),
        cadences=cadence_choices(front.plan if front is not None else None),
        zones=zone_choices(subscriber.zone, now),
    )
    return make_response(text, 422 if error else 200)
