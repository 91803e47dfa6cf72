"""Keys for programs that use the JSON API: make one (add), see who has which (list), end one at once (revoke).

A key is shown once, when it is made; the ledger keeps its hash. It has one scope:

  read      plan, findings, items, deliveries, status, report, history; changes nothing
  review    reads, and approves, comments and asks for changes as one person in one role
  operate   reads, and holds, ends holds, settles what is unknown

No key reads an address of a reader, arms a season, imports readers, or makes another key.
"""

from __future__ import annotations

import argparse

from ..domain.api_key import ApiKey, Scope
from ..domain.formatting import day_words
from ..domain.invitation import LONGEST_SPAN, span
from ..errors import UsageError
from ..services import api_keys
from .context import Context
from .terminal import table

EPILOG = """examples:
  run.py keys add board-calendar --scope read --expires 30d
  run.py keys add ben-phone --scope review --person "Ben Example" --role fact-reviewer
  run.py keys list
  run.py keys revoke ben-phone"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="add|list|revoke")
    add = acts.add_parser("add", help="make a key, and show it once")
    add.add_argument("name", metavar="NAME", help="what it is for: board-calendar, ben-phone")
    add.add_argument("--scope", required=True, choices=[s.value for s in Scope], help="what it allows")
    add.add_argument("--person", default="", metavar="NAME", help="in whose name it acts (default: yours)")
    add.add_argument("--role", default="", help="with --scope review: as what the person reviews")
    add.add_argument("--expires", default="90d", metavar="SPAN", help="36h, 14d, 4w; at most 366d (default: 90d)")
    acts.add_parser("list", help="all keys: for what, whose, until when, last used on which day")
    revoke = acts.add_parser("revoke", help="end a key at once")
    revoke.add_argument("name", metavar="NAME", help="the key's name, as `keys list` shows it")
    for act in (add, revoke):
        act.add_argument("--by", default="", metavar="NAME", help="who does it (default: your account's name)")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    return {"add": _add, "list": _list, "revoke": _revoke}[options.act](context, options)


def _add(context: Context, options: argparse.Namespace) -> int:
    lasts = span(options.expires)
    if lasts is None:
        raise UsageError(
            f"--expires {options.expires!r} is not a span of time, or too long",
            hint=f"write 36h, 14d or 4w; at most {LONGEST_SPAN.days}d",
        )
    with context.acting() as acting:
        made = api_keys.add(
            acting, options.name, Scope(options.scope), person=options.person, role=options.role, lasts=lasts
        )
    key = made.key
    if context.json:
        context.print_json({**_as_data(key, "good"), "key": made.token})
        return 0
    print(f"A key for {key.name}; it {key.scope.words}.")
    print(f"  {made.token}")
    print(f"It acts in the name of {_whose(key)}, is good until {day_words(key.expires_at.date())}, and is not shown")
    print("again: keep it where only that program reads it.")
    if key.scope is Scope.REVIEW and not made.approves:
        role = key.role.replace("-", " ")
        print(f"An approval as {role} does not count: the key reads, comments and asks for changes.")
    print(f"Next: send it as `Authorization: Bearer {made.token[:8]}...` to /api/v1/ (docs/reference/api.md).")
    print(f"To end it: keys revoke {key.name}")
    return 0


def _list(context: Context, options: argparse.Namespace) -> int:
    now = context.project.clock.now()
    found: tuple[ApiKey, ...] = ()
    if context.project.ledger_exists():
        with context.acting() as acting:
            found = acting.ledger.api_keys.all()
    if context.json:
        context.print_json([_as_data(k, k.state(now)) for k in found])
    elif not found:
        print("There is no key yet: keys add NAME --scope read makes one.")
    else:
        rows = [
            (k.name, k.scope.value, _whose(k), k.state(now), k.expires_at.date(), k.last_used_on or "never", k.made_by)
            for k in found
        ]
        print(table(("name", "scope", "acts for", "state", "until", "last used", "made by"), rows))
    return 0


def _revoke(context: Context, options: argparse.Namespace) -> int:
    with context.acting() as acting:
        ended = api_keys.revoke(acting, options.name)
    if context.json:
        context.print_json({"name": options.name, "revoked": ended})
    elif ended:
        print(f"The key {options.name} no longer works. What was done with it stays done.")
    else:
        print(f"The key {options.name} was revoked before.")
    return 0


def _whose(key: ApiKey) -> str:
    return f"{key.person} ({key.role.replace('-', ' ')})" if key.role else key.person


def _as_data(key: ApiKey, state: str) -> dict[str, object]:
    """Without the key itself, which nobody knows."""
    return {
        "name": key.name,
        "scope": key.scope.value,
        "person": key.person,
        "role": key.role or None,
        "state": state,
        "made_by": key.made_by,
        "made_at": key.made_at.isoformat(),
        "expires_at": key.expires_at.isoformat(),
        "last_used_on": key.last_used_on.isoformat() if key.last_used_on else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
        "revoked_by": key.revoked_by or None,
    }
