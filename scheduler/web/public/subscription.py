"""How somebody gets onto a campaign's list (``/c/SLUG/subscribe`` and ``/c/SLUG/confirm/TOKEN``), and what they choose
then. The same addresses without ``/c/SLUG`` are those of earlier releases: ``/subscribe`` is the form of the only
campaign, of several it lists them; behind a token stands what it was made for, whatever slug is before it.

The form may stand on another site and post here: it carries nothing of the visitor's but what was typed, and leads to
one mail to the address at most. The answer is the same page whatever becomes of it, and the mail goes aside, so that
nobody learns who is on the list. Only the button behind the link in that mail puts anybody onto it.

``/c/SLUG/preferences/TOKEN``: what a reader can choose, from the link at the foot of each mail. It is signed and holds
no address. GET shows what is chosen and changes nothing; each button is a form of its own. The page names neither the
address nor what the mails are about. Who is not known, whatever the reason, sees one page.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Response, current_app, make_response, render_template, request, url_for

from ...channels.registry import mail_channels
from ...clock import stopwatch
from ...content.load.slugs import read_slug
from ...content.render.digests import digest_is_to_come
from ...content.render.season_renderer import is_daily, mail_is_to_come, mailed
from ...domain.address import network_of
from ...domain.cadence import DEFAULT_CADENCE, Cadence, digest_spans, offered
from ...domain.discreet import DiscreetHead, is_discreet
from ...domain.formatting import counted, day_words, place
from ...domain.refusals import Refusal, Refused
from ...domain.subscriber import SignUpEnd, Subscriber, SubscriberState, Subscription
from ...domain.transactional_email import consent_sentence, how_often, wording_of
from ...light_dataclass import dataclass
from ...services import subscribers
from ...services.context import Actor
from ...services.public_pages import Front
from ...services.subscribers import confirm, look_at_confirmation, sign_up
from ...subscribers.fields import BadAddress, cadence_named, known_zones
from ...subscribers.season_end import season_at
from ...wiring import preferences_url
from ..refusals import what_to_do
from ..responses import here
from ..routing import Guard, get, post, site
from .campaigns import choice_of, form_of, named_by

log = logging.getLogger(__name__)

#: Seconds. A form is answered no sooner than this, whatever became of it.
ANSWER_AFTER = 0.25
_LONGEST = 400  # characters of a field that are looked at
_EMPTY = {"email": "", "name": "", "zone": "", "cadence": str(DEFAULT_CADENCE), "discreet": ""}
#: Zones that people live in; whoever is missing takes one with the same clock, or writes to the organization.
COMMON_ZONES = (
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Denver",
    "America/Chicago",
    "America/Mexico_City",
    "America/New_York",
    "America/Bogota",
    "America/Puerto_Rico",
    "America/Halifax",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "America/St_Johns",
    "Atlantic/Azores",
    "Europe/London",
    "Africa/Lagos",
    "Europe/Berlin",
    "Africa/Cairo",
    "Europe/Athens",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Europe/Istanbul",
    "Asia/Riyadh",
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Yangon",
    "Asia/Bangkok",
    "Asia/Manila",
    "Asia/Shanghai",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Pacific/Guam",
    "Australia/Perth",
    "Australia/Adelaide",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Pago_Pago",
)
_GETS_MAIL = (SubscriberState.ACTIVE, SubscriberState.PAUSED, SubscriberState.PENDING)


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
    typed = {name: request.form.get(name, "")[:_LONGEST] for name in _EMPTY}
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
    is_address, lists = confirmed.is_address, _lists_of(confirmed.subscriber_id)
    offers_one = not is_address and lists > max(1, _without_digest(confirmed.subscriber_id))
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


def over(slug: str = "", *, of_choices: bool = False) -> Response:
    """Unknown, cut off, used, too old: nobody can tell, and none is told. The way on is the form of the campaign that
    the address names."""
    campaign_id = site().fronts.campaign_of(slug) if slug else None
    form = form_of(campaign_id) if campaign_id or not slug else ""
    return make_response(render_template("public/over.html", form=form, of_choices=of_choices), 404)


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
        usual_is_discreet=_usual_is_discreet(),
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


def _usual_is_discreet() -> bool:
    """Whether whoever has not chosen gets discreet emails."""
    channels = mail_channels(site().project.settings)
    return any(channel.options.get("discreet_subject") is True for channel in channels[:1])


@dataclass(frozen=True)
class Choice:
    """One option of a form."""

    value: str
    words: str
    hint: str = ""


def cadence_choices(front: Front | None, now: datetime) -> tuple[Choice, ...]:
    """How often, of what a season offers, with the number of mails that are to come: before it begins, of all."""
    if front is None:
        return (Choice(str(DEFAULT_CADENCE), "Every day"),)
    plan, settings = front.plan, site().project.settings
    offers, by_mail = {Cadence.DAILY, *offered(plan)}, mailed(plan, settings)
    left = [p for p in by_mail if mail_is_to_come(plan, settings, p, now)]
    spans = [span for span in digest_spans(plan) if any(p in by_mail for p in span.items)]
    digests = [span for span in spans if digest_is_to_come(plan, settings, span, now)]
    numbers = (
        (Cadence.DAILY, "Every day" if is_daily(plan, settings) else "Each email", len(left)),
        (Cadence.DIGEST, "About once a week, in one", len(digests)),
        (Cadence.KEY_DAYS, "Only on the key days", sum(p.is_key for p in left)),
    )
    hint = "still to come" if front.season.start_on <= front.today else "in all"
    return tuple(Choice(str(c), words, f"{counted(n, 'email')} {hint}") for c, words, n in numbers if c in offers)


def zone_choices(chosen: str, at: datetime) -> tuple[Choice, ...]:
    """Zones from west to east, with their distance from UTC at that instant; ``chosen`` among them, if there is such a
    zone."""
    noon = at.astimezone(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    in_order = sorted((noon.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(), zone) for zone in COMMON_ZONES)
    found = [Choice(zone, f"{place(zone)} ({_offset(zone, noon)})") for _, zone in in_order]
    if chosen in known_zones() and chosen not in COMMON_ZONES:
        found.append(Choice(chosen, f"{place(chosen)} ({_offset(chosen, at)})"))
    return tuple(found)


def _offset(zone: str, at: datetime) -> str:
    """ "UTC+05:30", with a true minus sign."""
    minutes = round((at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "\u2212" if minutes < 0 else "+"
    return f"UTC{sign}{hours:02}:{rest:02}"


# -- what a reader chooses, from the link at the foot of each mail ---------------------------------------------------


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
            subscribers.ask_for_new_address(context, campaign, who, request.form.get("email", "")[:_LONGEST])
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


def _lists_of(subscriber_id: str, *, but: str = "") -> int:
    """How many of the organization's lists somebody is on, that of one campaign left aside."""
    now = site().now()
    mine = site().ledger.subscribers.of_person(subscriber_id)
    return sum(one.campaign != but and one.state in _GETS_MAIL and not one.is_over(now) for one in mine)


def _without_digest(subscriber_id: str) -> int:
    """How many of a person's lists are of campaigns without a digest: none of their emails can wait for one."""
    now, look = site().now(), site().fronts.look
    mine = site().ledger.subscribers.of_person(subscriber_id)
    fronts = [look(one.campaign) for one in mine if one.state in _GETS_MAIL and not one.is_over(now)]
    return sum(front is not None and front.campaign.digest is None for front in fronts)


def _choices_page(holder: LinkHolder, said: str = "", error: str = "", field: str = "", typed: str = "") -> Response:
    subscription, subscriber, front, home = holder.subscription, holder.subscriber, holder.front, holder.home
    if subscription.state not in _GETS_MAIL:
        complained = subscription.state is SubscriberState.COMPLAINED
        form, lists = form_of(subscription.campaign), _lists_of(subscriber.id)
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
        discreet=is_discreet(subscription.discreet, usual=_usual_is_discreet()),
        lists=_lists_of(subscriber.id),
        without_digest=_without_digest(subscriber.id),
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
        lists=_lists_of(holder.subscriber.id, but=holder.campaign),
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
