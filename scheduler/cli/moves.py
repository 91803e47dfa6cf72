"""An item on another day, or a copy of one: who changes places with whom is said before it happens."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..domain.formatting import counted, day_words
from ..review.rehearsal_data import findings_as_data
from ..services import plan_moves
from .arguments import OF_A_CAMPAIGN, argument, by, command, day
from .command_context import CommandContext
from .output import finding_lines

if TYPE_CHECKING:
    from ..planner.moves import Move

_ITEM = argument("item", metavar="ITEM", help="an item's id")
_YES = argument("--yes", action="store_true", help="do it, without asking")


@command(
    "move-item",
    _ITEM,
    argument("to", metavar="DATE", help="the day it moves to, as 2027-01-24"),
    OF_A_CAMPAIGN,
    _YES,
    by("who moves it"),
    examples="""examples:
  run.py move-item how-many-people 2027-01-24          says who gives way, then asks
  run.py move-item spare-a-day-off 2027-01-24 --yes --by "Ada Example\"""",
)
def move_item(context: CommandContext, options: argparse.Namespace) -> int:
    """Give an item another day, or give a day to one that has none.

    Where the day has no room, its item gives way: both change places, or that one has no day then. The plan is pinned,
    and what changed its day has to be approved again. A day that the calendar names by its date keeps its item.
    """
    acting, to = context.acting(), day(options.to, "DATE", "2027-01-24")
    assert to is not None  # noqa: S101 - it must be given
    (look,) = plan_moves.look_at_moves(acting, context.campaign_id, options.season, {options.item: to})
    context.say(*move_lines(look))
    if not says_yes(context, options):
        return context.answer(move_as_data(look, done=False), _not_done(), status=1)
    moved = plan_moves.move(acting, context.campaign_id, options.season, options.item, to)
    return context.answer(move_as_data(look, done=True), f"Pinned in {moved.path.name}.", *_next(look))


@command(
    "copy-item",
    _ITEM,
    argument("new_id", metavar="NEW-ID", help="the copy's own id"),
    argument("to", nargs="?", metavar="DATE", help="the day it gets (default: none, it stands ready)"),
    OF_A_CAMPAIGN,
    _YES,
    by("who copies it"),
    examples="""examples:
  run.py copy-item how-many-people how-many-again             a new file in items/, without a day
  run.py copy-item how-many-people how-many-again 2027-01-24""",
)
def copy_item(context: CommandContext, options: argparse.Namespace) -> int:
    """Make a new item with the words of another one, to be changed: the same words twice in a season are refused."""
    acting, to = context.acting(), day(options.to, "DATE", "2027-01-24")
    asked = (context.campaign_id, options.season, options.item, options.new_id, to)
    look = plan_moves.look_at_copy(acting, *asked)
    if look is not None:
        context.say(*move_lines(look))
    if look is not None and look.gives_way and not says_yes(context, options):
        return context.answer(move_as_data(look, done=False), _not_done(), status=1)
    path, moved = plan_moves.copy(acting, *asked)
    data = {"item": options.new_id, "file": path.name, "move": move_as_data(look, done=True) if look else None}
    return context.answer(
        data,
        f"Made items/{path.name}" + (f", pinned in {moved.path.name}." if moved else ", which has no day yet."),
        "Next: change its words; the same words twice in a season are refused.",
    )


def says_yes(context: CommandContext, options: argparse.Namespace) -> bool:
    """Whether --yes was given, or a person at a terminal agrees."""
    if options.yes:
        return True
    if context.json or not sys.stdin.isatty():
        return False
    return input("Do it? (yes/no) ").strip().casefold() in ("y", "yes")


def move_lines(move: Move) -> Iterator[str]:
    """What a move does, both sides of it."""
    to = day_words(move.to)
    yield f"{move.item}: " + (f"from {day_words(move.came_from)}, to {to}." if move.came_from else f"gets {to}.")
    if move.gives_way and move.to_its:
        yield f"{move.gives_way}: gives way, and goes from {to}, to {day_words(move.to_its)}."
    elif move.gives_way:
        yield f"{move.gives_way}: gives way, and has no day then."
    elif move.came_from:
        yield f"{day_words(move.came_from)} has one item less then; the pool fills it where the rhythm asks for one."
    for one in move.loses:
        left = f"goes out on {' and '.join(one.left)} alone" if one.left else "goes out nowhere"
        lost = " and ".join(one.lost)
        yield f"{one.item}: {left} then, not on {lost}, which [rhythm.channels] has on other weekdays."
        channels = ", ".join(f'"{channel}"' for channel in sorted((*one.left, *one.lost)))
        yield f"  To keep it there, first write into {one.where.path}: channels = [{channels}]"
    if move.brings:
        number = counted(len(move.brings), "thing does", "things do")
        yield f"On the new days {number} not fit, and would have to be corrected:"
        yield from finding_lines(move.brings)


def move_as_data(move: Move, *, done: bool) -> dict[str, object]:
    return {
        "item": move.item,
        "from": move.came_from,
        "to": move.to,
        "gives_way": move.gives_way or None,
        "gives_way_to": move.to_its,
        "loses_channels": {one.item: list(one.lost) for one in move.loses},
        "brings": findings_as_data(move.brings),
        "done": done,
    }


def _not_done() -> str:
    return "Nothing was changed. When you are sure: the same with --yes"


def _next(move: Move) -> Iterator[str]:
    changed = " ".join(filter(None, (move.item, move.gives_way if move.to_its else "")))
    yield f"Next: `approve {changed} --by NAME`, since the day has changed; `plan` shows the calendar."
