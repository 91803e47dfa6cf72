"""Stop sending at once (hold), on every machine, before the next call; go on again (resume).

resume sends nothing by itself: what was passed over is listed, and goes out only while its window is open.
"""

from __future__ import annotations

import argparse
from datetime import date

from ..errors import UsageError
from .context import Context

EPILOG = """examples:
  run.py hold --reason "The hotline's number has changed"
  run.py hold --channel x --reason "The account was taken over"
  run.py resume                                        lists what was passed over, and asks
  run.py resume --skip awareness-day
  run.py resume --move why-january=2027-01-24"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--channel", metavar="C", help="only this channel (default: all)")
    parser.add_argument("--by", default="", metavar="NAME", help="who says so (default: the name of your account)")
    if name == "hold":
        parser.add_argument("--reason", required=True, help="why; everybody who looks will see it")
    else:
        parser.add_argument(
            "--send", action="append", default=[], metavar="ITEM", help="send it, if its window is open; or: all"
        )
        parser.add_argument("--skip", action="append", default=[], metavar="ITEM", help="leave it out; or: all")
        parser.add_argument(
            "--move", action="append", default=[], metavar="ITEM=DATE", help="to another day; that day's item gives way"
        )


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    project = context.project
    by = options.by.strip() or project.login_name()
    if options.channel and options.channel not in project.settings.channels:
        raise UsageError(
            f"there is no channel {options.channel!r}", hint=f"channels: {', '.join(project.settings.channels)}"
        )
    channel = options.channel or "*"
    if name == "hold":
        if not options.reason.strip():
            raise UsageError("--reason is empty", hint="say why in a few words")
        under_way = project.hold(channel, options.reason.strip(), by)
        print(f"Held by {by}: {'all channels' if channel == '*' else channel}. Nothing goes out before `resume`.")
        for delivery, batch in under_way:
            readers = f" to {batch.called_for:,} readers" if delivery.kind == "email" else ""
            print(
                f"One call{readers} is still under way: {delivery.item} on {delivery.channel}. It had begun before the "
                "hold, and ends by itself; nothing follows it."
            )
        return 0
    moves = dict(_move_in(words) for words in options.move)
    if moves:  # before the hold is over: who moves a wrong item away does not want to see it go out instead
        project.check_moves(context.campaign_id, options.season, moves)
    passed_over = project.resume(channel, by)
    print(f"Resumed by {by}: {'all channels' if channel == '*' else channel}.")
    for item, to in moves.items():
        path = project.move(context.campaign_id, options.season, item, to, by)
        print(f"  {item}: moved to {to}, pinned in {path.name}. Its date has changed, so it has to be approved again.")
    waits = 0
    for delivery in passed_over:
        if delivery.item in moves:
            continue
        what = f"{delivery.on} {delivery.channel} {delivery.item}"
        decision = _decide(options, delivery.item, what, context.terminal)
        if decision == "send":
            project.release(delivery.id, by)
            print(f"  {what}: goes out now, if its window is still open.")
        elif decision == "skip":
            project.skip(delivery.id, by, "passed over during a hold")
            print(f"  {what}: skipped.")
        else:
            waits += 1
            print(f"  {what}: fell due during the hold, and waits.")
    if waits:
        print("Next: resume --send ITEM, --skip ITEM (or all) or --move ITEM=DATE; nothing goes out by itself.")
    return int(bool(waits))


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
