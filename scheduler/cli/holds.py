"""Stop at once, and go on. Alone here: whoever stops something does not wait for what other commands need."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from ..domain.formatting import counted
from ..domain.records import ALL_CHANNELS, Delivery
from ..domain.refusals import Refused
from ..errors import UsageError
from ..services import holds
from ..services.context import Context as Acting
from ..services.ledger_data import hold_as_data
from .arguments import OF_A_CAMPAIGN, argument, by, command
from .context import Context

_HOLDS = {
    "about": """
Stop sending at once (hold), on every machine, before the next call; go on again (resume).

resume sends nothing by itself: what was passed over is listed, and goes out only while its window is open.""",
    "examples": """examples:
  run.py hold --reason "The hotline's number has changed"
  run.py hold --channel email --reason "The account was taken over"
  run.py resume                                        lists what was passed over, and asks
  run.py resume --skip awareness-day
  run.py resume --move why-january=2027-01-24""",
}
_CHANNEL = argument("--channel", metavar="C", help="only this channel (default: all)")
_BY = by("who says so")


@command(
    "hold",
    _CHANNEL,
    _BY,
    argument("--reason", required=True, help="why; everybody who looks will see it"),
    **_HOLDS,
)
def hold(context: Context, options: argparse.Namespace) -> int:
    acting = context.acting()
    held = holds.hold(acting, options.channel or ALL_CHANNELS, options.reason)
    who, where = acting.actor.name, _channel_words(options.channel)
    lines = [
        f"{who} had held {where} already, for the same reason. Nothing goes out before `resume`."
        if held.again
        else f"Held by {who}: {where}. Nothing goes out before `resume`."
    ]
    for delivery, batch in held.under_way:
        readers = f" to {counted(batch.called_for, 'reader')}" if delivery.kind == "email" else ""
        begun = f"One call{readers} is still under way: {delivery.item} on {delivery.channel}."
        lines += [f"{begun} It had begun before the hold, and ends by itself; nothing follows it."]
    under_way = [
        {"delivery": d.id, "item": d.item, "channel": d.channel, "batch": b.number, "readers": b.called_for}
        for d, b in held.under_way
    ]
    return context.answer({**hold_as_data(held.hold), "already": held.again, "under_way": under_way}, *lines)


@command(
    "resume",
    _CHANNEL,
    _BY,
    OF_A_CAMPAIGN,
    argument("--send", action="append", default=[], metavar="ITEM", help="send it, if its window is open; or: all"),
    argument("--skip", action="append", default=[], metavar="ITEM", help="leave it out; or: all"),
    argument(
        "--move", action="append", default=[], metavar="ITEM=DATE", help="to another day; that day's item gives way"
    ),
    **_HOLDS,
)
def resume(context: Context, options: argparse.Namespace) -> int:
    if context.named_campaign and not options.move:
        raise UsageError("--campaign goes with --move here", hint="leave it out: a hold ends for all campaigns at once")
    acting, channel = context.acting(), options.channel or ALL_CHANNELS
    moves = dict(_move_in(words) for words in options.move)
    if moves:  # before the hold is over: who moves a wrong item away does not want to see it go out instead
        holds.check_moves(acting, context.campaign_id, options.season, moves)
    resumed = holds.resume(acting, channel)
    context.say(f"Resumed by {acting.actor.name}: {_channel_words(options.channel)}.")
    moved = []
    for item, to in moves.items():
        path = holds.move(acting, context.campaign_id, options.season, item, to)
        moved += [{"item": item, "to": to, "pinned_in": path.name}]
        context.say(
            f"  {item}: moved to {to}, pinned in {path.name}. Its date has changed, so it has to be approved again."
        )
    decisions = [_decided(context, acting, d) for d in resumed.waiting if d.item not in moves]
    waits = any(one["decision"] == "wait" for one in decisions)
    return context.answer(
        {"channel": channel, "by": acting.actor.name, "moved": moved, "deliveries": decisions},
        "Next: resume --send ITEM, --skip ITEM (or all) or --move ITEM=DATE; nothing goes out by itself."
        if waits
        else None,
        status=int(waits),
    )


def _channel_words(channel: str | None) -> str:
    return "all channels" if channel in (None, ALL_CHANNELS) else str(channel)


def _move_in(words: str) -> tuple[str, date]:
    item, _, day = words.partition("=")
    try:
        return item, date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"--move {words!r} is not ITEM=DATE", hint="write --move how-many-people=2027-01-24") from None


def _decided(context: Context, acting: Acting, delivery: Delivery) -> dict[str, object]:
    """What happens to an item that fell due during the hold. One that it is too late for waits, and the others are
    decided all the same."""
    what = f"{delivery.on} {delivery.channel} {delivery.item}"
    decision, problem = _decide(context, delivery.item, what), None
    if decision == "send":
        try:
            holds.let_go(acting, delivery.id)
        except Refused as refused:
            decision, problem = "wait", refused.message
            context.say(f"  {what}: {problem}.")
    elif decision == "skip":
        holds.skip(acting, [delivery.id], holds.PASSED_OVER)
    words = {"send": "goes out now", "skip": "skipped", "wait": "fell due during the hold, and waits"}[decision]
    context.say(f"  {what}: {words}.")
    return {
        "delivery": delivery.id,
        "date": delivery.on,
        "channel": delivery.channel,
        "item": delivery.item,
        "decision": decision,
        "problem": problem,
    }


def _decide(context: Context, item: str, what: str) -> str:
    """Send, skip or wait. On a terminal a person is asked."""
    options = context.options
    for word, named in (("send", options.send), ("skip", options.skip)):
        if item in named or "all" in named:
            return word
    can_be_asked = sys.stdin.isatty() and sys.stdout.isatty() and not context.json
    if not can_be_asked or options.send or options.skip:
        return "wait"
    answer = input(f"  {what} fell due during the hold. Send, skip or leave it waiting? [send/skip/WAIT] ")
    return answer.strip().lower() if answer.strip().lower() in ("send", "skip") else "wait"
