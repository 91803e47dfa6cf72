"""``/c/SLUG/preferences/TOKEN``: what a reader can choose, from the link at the foot of each mail.

The link is signed and holds no address. GET shows what is chosen and changes nothing; each button is a form of its own.
The page names neither the address nor what the mails are about. Who is not known, whatever the reason, sees one page.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import Response, make_response, render_template, request

from ...content.load.slugs import read_slug
from ...domain.discreet import is_discreet
from ...domain.formatting import day_words, place
from ...domain.refusals import Refused
from ...domain.subscriber import Subscriber, SubscriberState, Subscription
from ...light_dataclass import dataclass
from ...services import subscribers
from ...services.context import Actor
from ...services.public_pages import Front
from ...subscribers.fields import BadAddress, known_zones
from ...subscribers.season_end import season_at
from ..refusals import what_to_do
from ..responses import here
from ..routing import Guard, get, post, site
from .campaigns import form_of
from .subscriber_forms import (
    GETS_MAIL,
    LONGEST_FIELD,
    cadence_choices,
    lists_of,
    over,
    usual_is_discreet,
    without_digest,
    zone_choices,
)


@dataclass(frozen=True)
class LinkHolder:
    """Whose page of choices it is, and about which campaign's emails."""

    subscription: Subscription

    @property
    def subscriber(self) -> Subscriber:
        return self.subscription.subscriber

    @property
    def campaign(self) -> str:
        return self.subscription.campaign

    @property
    def front(self) -> Front | None:
        """None while the campaign cannot be read, or nothing of it is to come."""
        return site().fronts.look(self.campaign)

    @property
    def is_over(self) -> bool:
        """Whether the season is over that they get the emails of, and they did not ask for the next one."""
        subscription, front = self.subscription, self.front
        if front is None:
            return subscription.is_over(site().now())
        if subscription.asked_for_more_at is not None:
            return False
        if subscription.ends_on is not None:
            return subscription.ends_on < front.today
        # Nobody named a day for those who were brought in by a list.
        running, ended = season_at(front.campaign, front.today)
        since = subscription.created_at.astimezone(ZoneInfo(front.campaign.time_zone)).date()
        return running is None and ended is not None and since <= ended.end_on

    def day(self, on: date) -> str:
        """A day as the campaign's audience writes it."""
        return self.front.day(on) if self.front is not None else day_words(on)

    @property
    def home(self) -> str:
        """The zone of those who gave none."""
        return self.front.campaign.time_zone if self.front is not None else "UTC"


@get("/preferences/<token>", who=Guard.LINK)
@get("/c/<slug>/preferences/<token>", who=Guard.LINK)
def preferences_page(token: str, slug: str = "") -> Response:
    holder = _known(token)
    return over(slug, of_choices=True) if holder is None else _choices_page(holder)


@post("/preferences/<token>", who=Guard.LINK)
@post("/c/<slug>/preferences/<token>", who=Guard.LINK)
def change(token: str, slug: str = "") -> Response:
    holder = _known(token)
    if holder is None:
        return over(slug, of_choices=True)
    act, typed = request.form.get("act", ""), request.form.get("until", "")[:40]
    try:
        sentence = _do(holder, act, typed)
    except ValueError:
        if act != "pause":
            raise
        return _choices_page(holder, error="Write the day as year, month and day.", field="until", typed=typed)
    except Refused as refused:
        hint = what_to_do(refused)
        if act == "pause":
            return _choices_page(holder, error=f"{refused.message}: {hint}.", field="until", typed=typed)
        return _choices_page(holder, error=f"{hint[:1].upper()}{hint[1:]}.", field=act)
    except BadAddress as problem:
        return _choices_page(holder, error=f"Look at the email address: {problem.message}.", field="address")
    if act in _LAST_PAGES:
        languages = act == "leave" and len(site().project.family_of(holder.campaign)) > 1
        about = {"undo": here(), "act": _UNDONE_BY.get(act, ""), "languages": languages}
        return make_response(render_template(_LAST_PAGES[act], **about))
    if act in _UNDONE_BY.values():
        form = form_of(holder.campaign if act == "come-back" else None)
        return make_response(render_template("public/back.html", is_back=bool(sentence), form=form))
    if not sentence:
        return _choices_page(holder, error="Nothing was changed. Press one of the buttons.", field="top")
    changed = _known(token)
    return over(slug, of_choices=True) if changed is None else _choices_page(changed, sentence)


#: What takes back a leaving.
_UNDONE_BY = {"leave": "come-back", "leave-all": "come-back-to-all"}
#: Acts that end with a page of their own.
_LAST_PAGES = {
    "leave": "left.html",
    "leave-all": "left.html",
    "erase": "public/erase.html",
    "erase-now": "public/erased.html",
}


def _do(holder: LinkHolder, act: str, until: str) -> str:
    """Do what a button asks for. Returns what is said of it; empty where that has a page of its own, or is nothing that
    is known here. Raises Refused, and ValueError for what is no day."""
    context, campaign, who = site().context(Actor("reader")), holder.campaign, holder.subscriber.id
    match act:
        case "cadence":
            subscribers.choose_cadence(context, campaign, who, request.form.get("cadence", "")[:40])
            return "Saved. It counts from the next email on."
        case "zone":
            subscribers.choose_zone(context, who, request.form.get("zone", "")[:80])
            return "Saved."
        case "one-a-day" | "not-one-a-day":
            subscribers.choose_one_a_day(context, who, wanted=act == "one-a-day")
            return "Saved. It counts from the next email on."
        case "discreet" | "not-discreet":
            subscribers.choose_discreet(context, who, wanted=act == "discreet")
            return "Saved. It counts from the next email on."
        case "pause":
            subscribers.pause(context, campaign, who, date.fromisoformat(until), home=holder.home)
            return "Paused. What would have come meanwhile is not sent later."
        case "resume":
            subscribers.end_pause(context, campaign, who)
            return "The pause is over. The next email comes as usual."
        case "keep" | "do-not-keep":
            subscribers.ask_for_next_season(context, campaign, who, wanted=act == "keep")
            return "Saved."
        case "leave":
            subscribers.leave(context, campaign, who, source="page of choices")
        case "leave-all":
            subscribers.leave(context, None, who, source="page of choices")
        case "come-back" | "come-back-to-all":
            which = campaign if act == "come-back" else None
            return "Back." if subscribers.come_back(context, which, who) else ""
        case "address":
            subscribers.ask_for_new_address(context, campaign, who, request.form.get("email", "")[:LONGEST_FIELD])
            site().letters.look()
            return "An email is on its way to the new address, if it can be used. Its link makes the change."
        case "erase-now":
            subscribers.erase(context, holder.subscriber.address, who)
    return ""


def _known(token: str) -> LinkHolder | None:
    owner = site().choosing(token)
    subscription = site().ledger.subscribers.get(*owner) if owner is not None else None
    known = subscription is not None and subscription.state is not SubscriberState.ERASED
    return LinkHolder(subscription) if subscription is not None and known else None


def _choices_page(holder: LinkHolder, said: str = "", error: str = "", field: str = "", typed: str = "") -> Response:
    subscription, subscriber, front, home = holder.subscription, holder.subscriber, holder.front, holder.home
    if subscription.state not in GETS_MAIL:
        complained = subscription.state is SubscriberState.COMPLAINED
        form, lists = form_of(subscription.campaign), lists_of(subscriber.id)
        return make_response(render_template("public/no_mails.html", complained=complained, form=form, lists=lists))
    now = site().now()
    if holder.is_over:
        return _ended_page(holder, said, error, field)
    at_home = ZoneInfo(subscriber.zone if subscriber.zone in known_zones() else home)
    today = now.astimezone(at_home).date()
    until = subscription.paused_until_at
    text = render_template(
        "public/preferences.html",
        said=said,
        error=error,
        field=field,
        subscription=subscription,
        typed=typed,
        paused=subscription.state is SubscriberState.PAUSED and not (until is not None and until <= now),
        until=holder.day(until.astimezone(at_home).date()) if until else "",
        earliest=today + timedelta(days=1),
        latest=today + timedelta(days=365),
        home=place(home),
        cadences=cadence_choices(front, now),
        begins=front.day(front.season.start_on) if front and front.season.start_on > front.today else "",
        discreet=is_discreet(subscription.discreet, usual=usual_is_discreet()),
        lists=lists_of(subscriber.id),
        without_digest=without_digest(subscriber.id),
        known=f"{here()}/known",
        zones=zone_choices(subscriber.zone, now),
    )
    return make_response(text, 422 if error else 200)


def _ended_page(holder: LinkHolder, said: str, error: str, field: str) -> Response:
    """Nothing is left to choose but whether to hear of the next season."""
    front, ends_on = holder.front, holder.subscription.ends_on
    text = render_template(
        "public/ended.html",
        said=said,
        error=error,
        field=field,
        ended=holder.day(ends_on) if ends_on else "",
        begins=front.day(front.season.start_on) if front and front.season.start_on > front.today else "",
        lists=lists_of(holder.subscriber.id, but=holder.campaign),
        known=f"{here()}/known",
    )
    return make_response(text, 422 if error else 200)


@get("/c/<slug>/preferences/<token>/known", who=Guard.LINK)
@get("/preferences/<token>/known", who=Guard.LINK)
def known_page(token: str, slug: str = "") -> Response:
    """What is held about a person. Neither the address nor what the mails are about: such links get forwarded."""
    holder = _known(token)
    if holder is None:
        return over(slug, of_choices=True)
    known = site().ledger.subscribers.known_of(holder.subscriber.id)
    page = render_template(
        "public/known.html",
        known=known,
        subscriber=holder.subscriber,
        discreet=any(one.discreet for one in known.subscriptions),
        address=_masked(holder.subscriber.address),
        file=f"{here()}.json",
        back=here().removesuffix("/known"),
        now=site().now(),
        words=holder.day,
    )
    return make_response(page)


@get("/c/<slug>/preferences/<token>/known.json", who=Guard.LINK)
@get("/preferences/<token>/known.json", who=Guard.LINK)
def known_file(token: str, slug: str = "") -> Response:
    """The same as a file, with every mail. It tells no cause and names nobody else."""

    def slug_of(campaign: str) -> str:
        return read_slug(site().project.root, campaign)

    holder = _known(token)
    if holder is None:
        return over(slug, of_choices=True)
    subscriber, known = holder.subscriber, site().ledger.subscribers.known_of(holder.subscriber.id)
    now = site().now()
    about = {"address": _masked(subscriber.address), "name": subscriber.name, "time_zone": subscriber.zone}
    lists = [
        {
            "list": slug_of(one.campaign),
            "state": "ended" if one.is_over(now) else one.state,
            "how_often": one.cadence,
            "since": one.created_at,
            "paused_until": one.paused_until_at,
            "until": one.ends_on,
            "discreet": one.discreet,
        }
        for one in known.subscriptions
    ]
    bars = [{"list": slug_of(of) if of else "all", "why": why, "since": since} for of, why, since in known.bars]
    data = {
        **about,
        "number": subscriber.id,
        "one_email_a_day": subscriber.one_a_day,
        "lists": lists,
        "agreed": [{"at": one.at, "how": one.how, "what": one.what} for one in known.consents],
        "mails": [{"list": slug_of(one.campaign), "on": one.on, "state": one.state} for one in known.mails],
        "not_written_to": bars,
    }
    response = Response(json.dumps(data, default=str, ensure_ascii=False, indent=2), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="what-is-held.json"'
    return response


def _masked(address: str) -> str:
    """Enough for its owner to know it again."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}\u2022\u2022\u2022@{host}"
