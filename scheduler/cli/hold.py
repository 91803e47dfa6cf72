"""Stop sending at once (hold), on every machine, before the next call; go on again (resume).

resume sends nothing by itself: what was passed over is listed, and goes out only while its window is open.
"""

from __future__ import annotations

import argparse
from datetime import date

from ..domain.formatting import counted
from ..domain.records import ALL_CHANNELS, Delivery
from ..domain.refusals import Refused
from ..errors import UsageError
from ..services import holds, plan_moves
from ..services.context import Context as Acting
from .arguments import add_campaign
from .context import Context

EPILOG = """examples:
  run.py hold --reason "The hotline's number has changed"
  run.py hold --channel email --reason "The account was taken over"
  run.py resume                                        lists what was passed over, and asks
  run.py resume --skip awareness-day
  run.py resume --move why-january=2027-01-24"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--channel", metavar="C", help="only this channel (default: all)")
    parser.add_argument("--by", default="", metavar="NAME", help="who says so (default: the name of your account)")
    if name == "hold":
        parser.add_argument("--reason", required=True, help="why; everybody who looks will see it")
    else:
        add_campaign(parser, word=False)
        parser.add_argument(
            "--send", action="append", default=[], metavar="ITEM", help="send it, if its window is open; or: all"
        )
        parser.add_argument("--skip", action="append", default=[], metavar="ITEM", help="leave it out; or: all")
        parser.add_argument(
            "--move", action="append", default=[], metavar="ITEM=DATE", help="to another day; that day's item gives way"
        )


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    if name == "resume" and context.named_campaign and not options.move:
        raise UsageError("--campaign goes with --move here", hint="leave it out: a hold ends for all campaigns at once")
    channel = options.channel or ALL_CHANNELS
    with context.acting() as acting:
        if name == "hold":
            return _hold(acting, channel, options.reason)
        return _resume(context, acting, channel, options)


def _hold(acting: Acting, channel: str, reason: str) -> int:
    held = holds.hold(acting, channel, reason)
    where, by = _words(channel), acting.actor.name
    if held.again:
        print(f"{by} had held {where} already, for the same reason. Nothing goes out before `resume`.")
    else:
        print(f"Held by {by}: {where}. Nothing goes out before `resume`.")
    for delivery, batch in held.under_way:
        readers = f" to {counted(batch.called_for, 'reader')}" if delivery.kind == "email" else ""
        print(
            f"One call{readers} is still under way: {delivery.item} on {delivery.channel}. It had begun before the "
            "hold, and ends by itself; nothing follows it."
        )
    return 0


def _resume(context: Context, acting: Acting, channel: str, options: argparse.Namespace) -> int:
    moves = dict(_move_in(words) for words in options.move)
    if moves:  # before the hold is over: who moves a wrong item away does not want to see it go out instead
        plan_moves.check_moves(acting, context.campaign_id, options.season, moves)
    resumed = holds.resume(acting, channel)
    print(f"Resumed by {acting.actor.name}: {_words(channel)}.")
    for item, to in moves.items():
        path = plan_moves.move(acting, context.campaign_id, options.season, item, to)
        print(f"  {item}: moved to {to}, pinned in {path.name}. Its date has changed, so it has to be approved again.")
    waits = 0
    for delivery in resumed.waiting:
        if delivery.item in moves:
            continue
        what = f"{delivery.on} {delivery.channel} {delivery.item}"
        decision = _decide(options, delivery.item, what, context.terminal)
        if decision == "send" and _let_go(acting, delivery, what):
            print(f"  {what}: goes out now.")
        elif decision == "skip":
            holds.skip(acting, [delivery.id], holds.PASSED_OVER)
            print(f"  {what}: skipped.")
        else:
            waits += 1
            print(f"  {what}: fell due during the hold, and waits.")
    if waits:
        print("Next: resume --send ITEM, --skip ITEM (or all) or --move ITEM=DATE; nothing goes out by itself.")
    return int(bool(waits))


def _let_go(acting: Acting, delivery: Delivery, what: str) -> bool:
    """False, and said, where it is too late for it: the others are decided all the same."""
    try:
        holds.let_go(acting, delivery.id)
    except Refused as refused:
        print(f"  {what}: {refused.message}.")
        return False
    return True


def _words(channel: str) -> str:
    return "all channels" if channel == ALL_CHANNELS else channel


def _move_in(words: str) -> tuple[str, date]:
    item, _, day = words.partition("=")
    try:
        return item, date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"--move {words!r} is not ITEM=DATE", hint="write --move how-many-people=2027-01-24") from None


def _decide(options: argparse.Namespace, item: str, what: str, terminal: bool) -> str:
    """What happens to an item that fell due during the hold. On a terminal a person is asked."""
    for word, named in (("send", options.send), ("skip", options.skip)):
        if item in named or "all" in named:
            return word
    if not terminal or options.send or options.skip:
        return "wait"
    answer = (
        input(f"  {what} fell due during the hold. Send, skip or leave it waiting? [send/skip/WAIT] ").strip().lower()
    )
    return answer if answer in ("send", "skip") else "wait"
