"""Stop at once, and go on. Alone here: whoever stops something does not wait for what other commands need."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date

from ..domain.formatting import channel_words, counted, local_words
from ..domain.hold_words import ALL_CAMPAIGNS, ALL_CHANNELS, ANY_CAMPAIGN, said_of_hold, scope_words
from ..domain.records import Delivery
from ..domain.refusals import Refused
from ..errors import ObservanceError, UsageError
from ..services import holds, plan_moves
from ..services.context import Context
from ..services.ledger_data import hold_as_data
from .arguments import argument, by, campaign, command
from .command_context import CommandContext
from .moves import move_lines, says_yes

_HOLDS = {
    "about": """
Stop sending at once (hold), on every machine, before the next call; go on again (resume).

Without a campaign's name hold stops every campaign, and resume ends what stops every campaign. A hold of one campaign
ends by its name, or by resume --all.
resume sends nothing by itself: what was passed over is listed, and goes out only while its window is open.""",
    "examples": """examples:
  run.py hold --reason "The hotline's number has changed"
  run.py hold --channel email --reason "The account was taken over"
  run.py hold awareness-month --reason "Its partner has withdrawn"
  run.py hold --something-terrible
  run.py resume                                        lists what was passed over, and asks
  run.py resume awareness-month
  run.py resume --all                                  every hold, whatever it stops
  run.py resume --skip awareness-day
  run.py resume --move why-january=2027-01-24""",
}
_CHANNEL = argument("--channel", metavar="C", help="only this channel (default: all)")
_BY = by("who says so")


@command(
    "hold",
    campaign,
    _CHANNEL,
    _BY,
    argument("--reason", default="", help="why; everybody who looks will see it"),
    argument(
        "--something-terrible",
        action="store_true",
        help="the reason that stands ready for a terrible day; shows what is due next and what each would say",
    ),
    **_HOLDS,
)
def hold(context: CommandContext, options: argparse.Namespace) -> int:
    acting, of, is_terrible = context.acting(), context.named_campaign or ALL_CAMPAIGNS, options.something_terrible
    if not options.reason and not is_terrible:
        raise UsageError(
            "say why: --reason is missing", hint='--reason "..."; on a terrible day --something-terrible is enough'
        )
    held = holds.hold(acting, options.channel or ALL_CHANNELS, options.reason, of, is_terrible=is_terrible)
    lines = [said_of_hold(acting.actor.name, options.channel or ALL_CHANNELS, of, again=held.again)]
    for delivery, batch in held.under_way:
        readers = f" to {counted(batch.called_for, 'reader')}" if delivery.kind == "email" else ""
        begun = f"One call{readers} is still under way: {delivery.item} on {delivery.channel}."
        lines += [f"{begun} It had begun before the hold, and ends by itself; nothing follows it."]
    under_way = [
        {"delivery": d.id, "item": d.item, "channel": d.channel, "batch": b.number, "readers": b.called_for}
        for d, b in held.under_way
    ]
    comes: dict[str, object] = {}
    if is_terrible:  # the hold is in force by now, whatever can be read of the campaigns
        comes, of_what_comes = _what_comes(context, of)
        lines += of_what_comes
    return context.answer({**hold_as_data(held.hold), "already": held.again, "under_way": under_way, **comes}, *lines)


def _what_comes(context: CommandContext, of: str) -> tuple[dict[str, object], list[str]]:
    """What would have gone out next, and what could stand in its place; of a campaign that cannot be read, why."""
    from ..services.seasons import rehearse

    lines: list[str] = []
    rows: list[dict[str, object]] = []
    gentle: dict[str, list[str]] = {}
    for name in [of] if of else context.project.campaigns():
        try:
            rehearsal = rehearse(context.project, name, None)
        except ObservanceError as problem:
            lines.append(f"What is due next of {name} cannot be shown: {problem.message.splitlines()[0]}.")
            continue
        due = holds.due_next(rehearsal, context.project.clock.now())
        lines.append(f"\nDue next{f' of {name}' if not of else ''}, and what it would say:" if due else "")
        for one in due:
            lines += [f"  {local_words(one.due_at, one.zone)}: {one.planned.item.title} ({one.planned.item.id})"]
            lines += [f"    {channel_words(m.channel)}: {holds.beginning(m)}" for m in one.messages]
            rows += [
                {"campaign": name, "item": m.item, "channel": m.channel, "due_at": m.due_at, "says": m.body.text}
                for m in one.messages
            ]
        spares, first = holds.gentle_spares(rehearsal), next((one for one in due if one.may_give_way), None)
        gentle[name] = [spare.id for spare in spares]
        if spares and first is not None:
            gentle_words = " or ".join(f"{spare.id} ({spare.title})" for spare in spares)
            lines += [
                f"\nA gentle item stands ready: {gentle_words}. To put it in place of {first.planned.item.title}:",
                f"  move-item {spares[0].id} {first.planned.on} --campaign {name} --by NAME",
                "It has to be approved, like everything whose date has changed; then `resume`.",
            ]
    return {"due_next": rows, "gentle": gentle}, [line for line in lines if line]


@command(
    "resume",
    campaign,
    _CHANNEL,
    _BY,
    argument("--all", action="store_true", help="end every hold, also those of one campaign"),
    argument("--send", action="append", default=[], metavar="ITEM", help="send it, if its window is open; or: all"),
    argument("--skip", action="append", default=[], metavar="ITEM", help="leave it out; or: all"),
    argument(
        "--move", action="append", default=[], metavar="ITEM=DATE", help="to another day; that day's item gives way"
    ),
    argument("--yes", action="store_true", help="move without asking"),
    **_HOLDS,
)
def resume(context: CommandContext, options: argparse.Namespace) -> int:
    named = context.named_campaign
    if named and options.all and not options.move:
        raise UsageError("--all ends every hold", hint=f"leave it out to end those of {named} alone, or leave that out")
    acting, channel = context.acting(), options.channel or ALL_CHANNELS
    of = ANY_CAMPAIGN if options.all else named or ALL_CAMPAIGNS
    if named and options.move and not options.all and not holds.held_alone(acting, named):
        of = ALL_CAMPAIGNS  # the name says whose item moves; it has no hold of its own that could be meant
    moves = dict(_move_in(words) for words in options.move)
    if moves:  # before the hold is over: who moves a wrong item away does not want to see it go out instead
        looked_at = plan_moves.look_at_moves(acting, context.campaign_id, options.season, moves)
        context.say(*(line for move in looked_at for line in move_lines(move)))
        can_be_asked = sys.stdin.isatty() and sys.stdout.isatty() and not context.json
        if can_be_asked and not says_yes(context, options):
            return context.answer({"moved": []}, "Nothing was changed; the hold is in force.", status=1)
    resumed = holds.resume(acting, channel, of)
    context.say(*_ended_lines(context, acting, resumed, options.channel, of))
    context.say(*(f"Still held by {h.who}: {h.words}. To end it: {h.ended_by}." for h in resumed.still))
    moved = []
    for item, to in moves.items():
        made = plan_moves.move(acting, context.campaign_id, options.season, item, to)
        path, other = made.path, made.move.gives_way or None
        moved += [
            {"item": item, "to": to, "pinned_in": path.name, "gives_way": other, "gives_way_to": made.move.to_its}
        ]
        context.say(
            f"  {item}: moved to {to}, pinned in {path.name}. Its date has changed, so it has to be approved again."
        )
    several = len({d.campaign for d in resumed.waiting}) > 1
    decisions = [_decided(context, acting, d, several) for d in resumed.waiting if d.item not in moves]
    waits = any(one["decision"] == "wait" for one in decisions)
    idle = sorted({*options.send, *options.skip} - {"all"} - {d.item for d in resumed.waiting})
    context.say(*(f"  {item} waits for no decision: nothing was done about it." for item in idle))
    return context.answer(
        {
            "channel": channel,
            "campaign": of or None,
            "by": acting.actor.name,
            "ended": [hold_as_data(h) for h in resumed.ended],
            "pauses_ended": list(resumed.pauses),
            "still_held": [hold_as_data(h) for h in resumed.still],
            "moved": moved,
            "deliveries": decisions,
        },
        f"Next: `resume{f' {of}' if of else ''} --send ITEM`, --skip ITEM (or all) or --move ITEM=DATE; nothing goes "
        "out by itself."
        if waits
        else None,
        status=int(waits or bool(idle)),
    )


def _ended_lines(
    context: CommandContext, acting: Context, resumed: holds.Resumed, channel: str | None, of: str
) -> Iterator[str]:
    """Exactly which holds and pauses this has ended; and where there was none, that."""
    known = context.project.campaigns()
    for hold in resumed.ended:
        every = f" of every campaign ({', '.join(known)})" if hold.campaign == ALL_CAMPAIGNS and len(known) > 1 else ""
        yield f"Resumed by {acting.actor.name}: {hold.words}{every} (held by {hold.who}: {hold.why})."
    for name in resumed.pauses:
        yield f"Resumed by {acting.actor.name}: {name}, which had paused after failed calls."
    if not resumed.ended and not resumed.pauses:
        other = "No such hold was in force" if resumed.still else "Nothing was on hold"
        yield f"{other}: {scope_words(channel or ALL_CHANNELS, of)}. Nothing was changed."


def _move_in(words: str) -> tuple[str, date]:
    item, _, day = words.partition("=")
    try:
        return item, date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"--move {words!r} is not ITEM=DATE", hint="write --move how-many-people=2027-01-24") from None


def _decided(context: CommandContext, acting: Context, delivery: Delivery, several: bool) -> dict[str, object]:
    """What happens to an item that fell due during the hold. One that it is too late for waits, and the others are
    decided all the same."""
    what = f"{delivery.on} {delivery.channel} {delivery.item}{f' of {delivery.campaign}' if several else ''}"
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
        "campaign": delivery.campaign,
        "date": delivery.on,
        "channel": delivery.channel,
        "item": delivery.item,
        "decision": decision,
        "problem": problem,
    }


def _decide(context: CommandContext, item: str, what: str) -> str:
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
