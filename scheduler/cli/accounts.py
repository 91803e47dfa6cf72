"""Who may come in: people who sign in to the pages, and keys for programs."""

from __future__ import annotations

import argparse
import getpass
import sys

from ..domain.api_key import ApiKey, Scope
from ..domain.formatting import counted, day_words, local_words
from ..domain.redact import person
from ..domain.role import LINK_SPAN, Person
from ..services import accounts, api_keys
from ..services.context import Context
from ..services.seasons import read_campaign
from .arguments import argument, by, command, group, lasts
from .command_context import CommandContext
from .output import table

_MINUTES = int(LINK_SPAN.total_seconds() // 60)
_NAME = argument("name", metavar="NAME", help="the person's name, as the history shall call them")
_BY = by("who does it")

group(
    "people",
    about="""
Who may sign in to the pages: coordinators, those who may hold, board viewers, reviewers with a place of their own.

A link signs its person in once, within half an hour. Send it yourself, by a way that only they read.""",
    examples="""examples:
  run.py people add "Ada Example" --role coordinator
  run.py people link "Ada Example"
  run.py people password "Ada Example"
  run.py people sign-out "Ada Example"
  run.py people remove "Ada Example"
  run.py people list
Reviewers need no account: `review invite NAME --role R` makes their private link.""",
)


@command(
    "people add",
    _NAME,
    _BY,
    argument("--role", required=True, metavar="R", help="coordinator, hold-holder, deputy, board-viewer ..."),
)
def add_person(context: CommandContext, options: argparse.Namespace) -> int:
    """Let a person sign in: add NAME --role R."""
    made = accounts.add(context.acting(), options.name, options.role)
    return context.answer(
        {"name": made.name, "role": made.role},
        f"{made.name} may sign in as {made.role.replace('-', ' ')}.",
        f'Next: `people link "{made.name}"` makes a link that signs them in once.',
    )


@command(
    "people link",
    _NAME,
    _BY,
    about=f"A link that signs a person in once, within {_MINUTES} minutes; shown once.",
)
def link(context: CommandContext, options: argparse.Namespace) -> int:
    from ..services.senders import shown_link

    acting = context.acting()
    shown = shown_link(context.project, acting.ledger, f"/sign-in/{accounts.make_link(acting, options.name)}")
    name = accounts.name_as_written(acting, options.name)
    return context.answer(
        {
            "name": name,
            "link": shown.best,
            "on_this_machine": shown.here,
            "served": shown.is_served,
            "public": bool(shown.public),
            "expires_at": acting.now() + LINK_SPAN,
        },
        f"For {name}, good once and for {_MINUTES} minutes. It is not shown again:",
        f"  {shown.best}",
        *shown.notes,
    )


@command("people password", _NAME, _BY)
def password(context: CommandContext, options: argparse.Namespace) -> int:
    """Ask for a new password of a person, here; on the pages each person can choose their own."""
    acting = context.acting()
    if sys.stdin.isatty():
        first = getpass.getpass(f"New password of {person(options.name)}: ")
        again = getpass.getpass("Once more: ")
    else:
        first = again = sys.stdin.readline().rstrip("\n")
    accounts.set_password(acting, options.name, first, again)
    return _did(context, acting, "has a new password. Earlier sign-ins have ended.")


@command("people sign-out", _NAME, _BY)
def sign_out(context: CommandContext, options: argparse.Namespace) -> int:
    """End all sign-ins of a person, and links that wait."""
    acting = context.acting()
    places = counted(accounts.sign_out(acting, options.name), "place")
    return _did(context, acting, f"is signed out everywhere ({places}); links that waited have ended too.")


@command("people remove", _NAME, _BY)
def remove(context: CommandContext, options: argparse.Namespace) -> int:
    """Let a person sign in no more; what they did stays in the history."""
    acting = context.acting()
    accounts.remove(acting, options.name)
    return _did(context, acting, "cannot sign in any more. What they approved and did stays.")


def _did(context: CommandContext, acting: Context, words: str) -> int:
    name = accounts.name_as_written(acting, context.options.name)
    return context.answer({"name": name, "did": words}, f"{name} {words}")


@command("people list")
def list_people(context: CommandContext, options: argparse.Namespace) -> int:
    """Who may sign in, as what, and when they last looked."""
    people = [p for p in context.acting().ledger.accounts.all() if p.is_active]
    lines = ["Nobody may sign in yet.", 'Next: `people add "YOUR NAME" --role coordinator`']
    if people and not context.json:
        zone = read_campaign(context.project, context.project.campaigns()[0])[0].time_zone
        lines = [table(("name", "role", "password", "last look"), [_row(p, zone) for p in people])]
    return context.answer(
        [
            {
                "name": p.name,
                "role": p.role,
                "password": p.has_password,
                "last_look_at": p.last_look_at,
                "added_by": p.created_by,
            }
            for p in people
        ],
        *lines,
    )


def _row(p: Person, zone: str) -> tuple[str, ...]:
    looked = local_words(p.last_look_at, zone) if p.last_look_at else "never"
    return p.name, p.role.replace("-", " "), "yes" if p.has_password else "no", looked


group(
    "keys",
    about="""
Keys for programs that use the JSON API: make one (add), see who has which (list), end one at once (revoke).

A key is shown once, when it is made; the ledger keeps its hash. It has one scope:

  read      plan, findings, items, deliveries, status, report, history; changes nothing
  review    reads, and approves, comments and asks for changes as one person in one role
  operate   reads, and holds, ends holds, settles what is unknown

No key reads an address of a reader, arms a season, imports readers, or makes another key.""",
    examples="""examples:
  run.py keys add board-calendar --scope read --expires 30d
  run.py keys add ben-phone --scope review --person "Ben Example" --role fact-reviewer
  run.py keys list
  run.py keys revoke ben-phone""",
)


@command(
    "keys add",
    argument("name", metavar="NAME", help="what it is for: board-calendar, ben-phone"),
    argument("--scope", required=True, choices=[s.value for s in Scope], help="what it allows"),
    argument("--person", default="", metavar="NAME", help="in whose name it acts (default: yours)"),
    argument("--role", default="", help="with --scope review: as what the person reviews"),
    argument("--expires", default="90d", metavar="SPAN", help="36h, 14d, 4w; at most 366d (default: 90d)"),
    _BY,
)
def add_key(context: CommandContext, options: argparse.Namespace) -> int:
    """Make a key, and show it once."""
    span, scope = lasts(options.expires), Scope(options.scope)
    made = api_keys.add(context.acting(), options.name, scope, person=options.person, role=options.role, lasts=span)
    key, role = made.key, made.key.role.replace("-", " ")
    return context.answer(
        {**_as_data(key, "good"), "key": made.token},
        f"A key for {key.name}; it {scope.words}.",
        f"  {made.token}",
        f"It acts in the name of {_whose(key)}, is good until {day_words(key.expires_at.date())}, and is not shown",
        "again: keep it where only that program reads it.",
        f"An approval as {role} does not count: the key reads, comments and asks for changes."
        if scope is Scope.REVIEW and not made.approves
        else None,
        f"Next: send it as `Authorization: Bearer {made.token[:8]}...` to /api/v1/ (docs/reference/api.md).",
        f"To end it: keys revoke {key.name}",
    )


@command("keys list")
def list_keys(context: CommandContext, options: argparse.Namespace) -> int:
    """All keys: for what, whose, until when, last used on which day."""
    now = context.project.clock.now()
    keys = context.acting().ledger.api_keys.all() if context.project.ledger_exists() else ()
    rows = [
        (k.name, k.scope.value, _whose(k), k.state(now), k.expires_at.date(), k.last_used_on or "never", k.made_by)
        for k in keys
    ]
    return context.answer(
        [_as_data(k, k.state(now)) for k in keys],
        table(("name", "scope", "acts for", "state", "until", "last used", "made by"), rows)
        if keys
        else "There is no key yet: keys add NAME --scope read makes one.",
    )


@command("keys revoke", argument("name", metavar="NAME", help="the key's name, as `keys list` shows it"), _BY)
def revoke(context: CommandContext, options: argparse.Namespace) -> int:
    """End a key at once."""
    name = options.name
    ended = api_keys.revoke(context.acting(), name)
    return context.answer(
        {"name": name, "revoked": ended},
        f"The key {name} no longer works. What was done with it stays done."
        if ended
        else f"The key {name} was revoked before.",
    )


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
        "made_at": key.made_at,
        "expires_at": key.expires_at,
        "last_used_on": key.last_used_on,
        "revoked_at": key.revoked_at,
        "revoked_by": key.revoked_by or None,
    }
