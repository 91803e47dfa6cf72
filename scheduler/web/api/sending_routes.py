"""Routes about what goes out: deliveries, doubts, holds, the history, how many readers there are."""

from __future__ import annotations

from ...domain.api_key import Scope
from ...domain.records import ALL_CAMPAIGNS, ALL_CHANNELS, Delivery
from ...domain.season_key import SeasonKey
from ...services import holds as hold_acts
from ...services import reconcile
from ...services.ledger_data import (
    batch_as_data,
    delivery_as_data,
    doubts_first,
    event_as_data,
    hold_as_data,
    readers_as_data,
)
from .request import ApiAnswer, ApiRequest, link, missing
from .route_table import route
from .season_routes import OF_A_SEASON

_EVENTS_OF_A_DELIVERY = 200


@route(
    "GET",
    "/deliveries",
    scope=Scope.READ,
    summary="The ledger of a season",
    tag="sending",
    query=(*OF_A_SEASON, "mode", "state", "limit", "offset"),
    answers={200: ("Deliveries", "What is unknown first, then by time")},
    problems=(404, 409),
)
def deliveries(call: ApiRequest) -> ApiAnswer:
    """Each delivery with its state, its instants, its counts and the reason; those that need a person first. No
    address."""
    year = call.season_year()
    found = call.site.ledger.deliveries.of_season(call.mode, SeasonKey(call.campaign_id, year))
    wanted = doubts_first(d for d in found if call.query.get("state") in (None, d.state.value))
    offset, limit = call.query.get("offset", 0), call.query.get("limit", 100)
    rest, zone = offset + limit < len(wanted), call.zone_of(call.campaign_id)
    return ApiAnswer(
        {
            "campaign": call.campaign_id,
            "season": year,
            "mode": call.mode,
            "total": len(wanted),
            "deliveries": [delivery_as_data(d, zone) for d in wanted[offset : offset + limit]],
            "next": link("deliveries", **{**call.query, "offset": offset + limit, "limit": limit}) if rest else None,
        }
    )


@route(
    "GET",
    "/deliveries/{delivery}",
    scope=Scope.READ,
    summary="One delivery",
    tag="sending",
    answers={200: ("DeliveryWhole", "With its calls and its history")},
    problems=(404,),
)
def delivery(call: ApiRequest) -> ApiAnswer:
    """One delivery with its batches, one call to a provider each, and its newest events, newest first. Readers are
    counted, and not named."""
    found, ledger = _delivery(call), call.site.ledger
    zone = call.zone_of(found.campaign)
    reports = ledger.receipts.reports_by_batch(found.id) if found.kind == "email" else {}
    return ApiAnswer(
        {
            **delivery_as_data(found, zone),
            "campaign": found.campaign,
            "season": found.season,
            "mode": found.mode,
            "batches": [
                {**batch_as_data(b, zone), "reported": reports.get(b.number, 0)}
                for b in ledger.deliveries.batches(found.id)
            ],
            "events": [
                event_as_data(e) for e in ledger.events.newest(delivery_id=found.id, limit=_EVENTS_OF_A_DELIVERY)
            ],
        }
    )


@route(
    "POST",
    "/deliveries/{delivery}/resolution",
    scope=Scope.OPERATE,
    summary="Settle what is unknown",
    tag="sending",
    body="ResolutionAsked",
    answers={200: ("Resolution", "How it stands now")},
    problems=(404, 409),
    repeats="Sent again it changes nothing: what is settled is in doubt no more (409).",
)
def resolve(call: ApiRequest) -> ApiAnswer:
    """A person has looked at the provider, and says whether it went out. ``sent`` never goes out again; ``not-sent``
    goes out again while its window is open. The history keeps who said it."""
    body = call.body
    settled = reconcile.resolve(
        call.context,
        call.delivery_id(),
        sent=body["as"] == "sent",
        reference=body.get("reference", ""),
        batch=body.get("batch"),
    )
    return ApiAnswer(reconcile.settled_as_data(settled, by=call.key.person))


def _delivery(call: ApiRequest) -> Delivery:
    found = call.site.ledger.deliveries.find(call.delivery_id())
    if found is None:
        raise missing("delivery", "GET /api/v1/deliveries lists them with their numbers")
    return found


@route(
    "GET", "/holds", scope=Scope.READ, summary="What is held", tag="sending", answers={200: ("Holds", "In force now")}
)
def holds(call: ApiRequest) -> ApiAnswer:
    """Who has stopped what, since when, and why. Channel ``*`` means all of them; no campaign, every one."""
    return ApiAnswer({"holds": [hold_as_data(h) for h in call.site.ledger.holds.in_force()]})


@route(
    "POST",
    "/holds",
    scope=Scope.OPERATE,
    summary="Stop at once",
    tag="sending",
    body="HoldAsked",
    answers={
        201: ("Hold", "In force before the next call, on every machine"),
        200: ("Hold", "The same hold is in force already"),
    },
    repeats="Sent again while the same hold is in force, it sets no second one (200).",
)
def hold(call: ApiRequest) -> ApiAnswer:
    """Stop a channel, or all, of one campaign or of every one, with a reason that everybody sees who looks."""
    held = hold_acts.hold(call.context, _channel(call), call.body["reason"], _campaign(call))
    under_way = [
        {"delivery": d.id, "item": d.item, "channel": d.channel, "batch": b.number, "readers": b.called_for}
        for d, b in held.under_way
    ]
    answer = {**hold_as_data(held.hold), "under_way": under_way}
    return ApiAnswer(answer) if held.again else ApiAnswer(answer, 201, {"Location": link("holds")})


@route(
    "POST",
    "/holds/release",
    scope=Scope.OPERATE,
    summary="Go on after a hold",
    tag="sending",
    body="ReleaseAsked",
    answers={200: ("Released", "What fell due meanwhile, and waits")},
    repeats="Sent again it ends nothing more, and names what still waits.",
)
def release(call: ApiRequest) -> ApiAnswer:
    """End the holds of a channel, or all: those of a campaign where one is named, else those that were set for every
    campaign. Sends nothing by itself: what fell due meanwhile stays held until a person decides on it (``resume``)."""
    channel, campaign = _channel(call), _campaign(call)
    resumed = hold_acts.resume(call.context, channel, campaign)
    waiting = [delivery_as_data(d, call.zone_of(d.campaign)) for d in resumed.waiting]
    still = [hold_as_data(h) for h in resumed.still]
    return ApiAnswer(
        {
            "channel": channel,
            "campaign": campaign or None,
            "by": call.key.person,
            "waiting": waiting,
            "still_held": still,
            "ended": [hold_as_data(h) for h in resumed.ended],
            "pauses_ended": list(resumed.pauses),
        }
    )


def _campaign(call: ApiRequest) -> str:
    """The campaign in the body; every one, where none is named."""
    return str(call.body.get("campaign") or ALL_CAMPAIGNS)


def _channel(call: ApiRequest) -> str:
    """The channel in the body; all, where none is named."""
    return str(call.body.get("channel", ALL_CHANNELS))


@route(
    "GET",
    "/events",
    scope=Scope.READ,
    summary="The history",
    tag="sending",
    query=("after", "limit"),
    answers={200: ("Events", "In the order in which they were written")},
)
def events(call: ApiRequest) -> ApiAnswer:
    """All acts, oldest first, from the one behind ``after`` on. Each carries the hash of the one before; ``hash`` is
    SHA-256 over the JSON list [id, at, kind, who, delivery, data, previous], where data is its JSON text with sorted
    names. It holds no comment and no address."""
    ledger, after, limit = call.site.ledger, call.query.get("after", 0), call.query.get("limit", 100)
    found = ledger.events.in_order(after=after, limit=limit)
    total = ledger.events.version()
    rest = bool(found) and found[-1].id < total
    return ApiAnswer(
        {
            "total": total,
            "events": [event_as_data(e) for e in found],
            "next": link("events", **{**call.query, "after": found[-1].id, "limit": limit}) if rest else None,
        }
    )


@route(
    "GET",
    "/subscribers/count",
    scope=Scope.READ,
    summary="How many readers there are",
    tag="sending",
    answers={200: ("ReaderCounts", "By state, cadence and zone")},
)
def count_subscribers(call: ApiRequest) -> ApiAnswer:
    """Numbers alone: what ``subscribers count --json`` prints. The empty zone is the campaign's."""
    readers = call.site.ledger.subscribers
    return ApiAnswer(readers_as_data(readers, now=call.site.now()))
