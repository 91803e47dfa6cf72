"""Who may sign in to the pages: coordinators, those who may hold, board viewers, reviewers with a place of their own.

A link signs its person in once, within half an hour. Send it yourself, by a way that only they read.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from ..domain.formatting import local_words
from ..domain.redact import person, person_key
from ..domain.role import LINK_SPAN, Person, password_problem
from ..errors import UsageError
from .context import Context
from .terminal import table

if TYPE_CHECKING:
    from ..store import Ledger

EPILOG = """examples:
  run.py people add "Ada Example" --role coordinator
  run.py people link "Ada Example"
  run.py people password "Ada Example"
  run.py people sign-out "Ada Example"
  run.py people remove "Ada Example"
  run.py people list
Reviewers need no account: `review invite NAME --role R` makes their private link."""

_MINUTES = int(LINK_SPAN.total_seconds() // 60)


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    helps = {
        "add": "let a person sign in: add NAME --role R",
        "link": f"a link that signs a person in once, within {_MINUTES} minutes; shown once",
        "password": "ask for a new password of a person, here; on the pages each person can choose their own",
        "sign-out": "end all sign-ins of a person, and links that wait",
        "remove": "let a person sign in no more; what they did stays in the history",
        "list": "who may sign in, as what, and when they last looked",
    }
    for act, words in helps.items():
        one = acts.add_parser(act, help=words)
        if act != "list":
            one.add_argument("name", metavar="NAME", help="the person's name, as the history shall call them")
            one.add_argument("--by", default="", metavar="NAME", help="who does it (default: the name of your account)")
        if act == "add":
            roles = "coordinator, hold-holder, deputy, board-viewer ..."
            one.add_argument("--role", required=True, metavar="R", help=roles)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    ledger = context.project.open_ledger()
    try:
        if options.act == "list":
            return _list(context, ledger)
        acts = {"add": _add, "link": _link, "password": _password, "sign-out": _sign_out, "remove": _remove}
        return acts[options.act](context, ledger, options.name, options)
    finally:
        ledger.close()


def _by(context: Context, options: argparse.Namespace) -> str:
    return options.by.strip() or context.project.login_name()


def _add(context: Context, ledger: Ledger, name: str, options: argparse.Namespace) -> int:
    if not name.strip() or "@" in name or len(name) > 200:
        raise UsageError(
            "a person needs a name, not an address",
            hint='give the name that approvals and the history shall carry: people add "Ada Example" --role R',
        )
    policy = context.project.policy()
    role = policy.role(options.role)
    if role is None:
        raise UsageError(f"there is no role {options.role!r}", hint=f"roles: {', '.join(policy.roles)}")
    made = ledger.add_person(name, role.id, who=_by(context, options), now=context.project.clock.now())
    if made is None:
        raise UsageError(
            f"{person(name)} may sign in already", hint=f"people remove {person(name)!r} first, to change the role"
        )
    if context.json:
        context.print_json({"name": made.name, "role": made.role})
    else:
        print(f"{made.name} may sign in as {role.words}.")
        print(f'Next: people link "{made.name}" makes a link that signs them in once.')
    return 0


def _link(context: Context, ledger: Ledger, name: str, options: argparse.Namespace) -> int:
    from ..bootstrap.links import shown_link

    project = context.project
    now = project.clock.now()
    token = ledger.make_sign_in_link(name, who=_by(context, options), now=now)
    if token is None:
        raise _nobody(ledger, name)
    shown = shown_link(project, ledger, f"/sign-in/{token}")
    who = _as_written(ledger, name)
    if context.json:
        about = {"on_this_machine": shown.here, "served": shown.is_served, "public": bool(shown.public)}
        context.print_json({"name": who, "link": shown.best, **about, "expires_at": now + LINK_SPAN})
    else:
        print(f"For {who}, good once and for {_MINUTES} minutes. It is not shown again:")
        print(f"  {shown.best}")
        for note in shown.notes:
            print(note)
    return 0


def _password(context: Context, ledger: Ledger, name: str, options: argparse.Namespace) -> int:
    if sys.stdin.isatty():
        password = getpass.getpass(f"New password of {person(name)}: ")
        if getpass.getpass("Once more: ") != password:
            raise UsageError("the two are not the same; nothing was changed", hint="run the command again")
    else:
        password = sys.stdin.readline().rstrip("\n")
    problem = password_problem(password, name)
    if problem:
        raise UsageError(f"{problem}; nothing was changed", hint="run the command again with another one")
    if not ledger.set_password(name, password, who=_by(context, options), now=context.project.clock.now()):
        raise _nobody(ledger, name)
    return _say(context, ledger, name, "has a new password. Earlier sign-ins have ended.")


def _sign_out(context: Context, ledger: Ledger, name: str, options: argparse.Namespace) -> int:
    ended = ledger.sign_out_everywhere(name, who=_by(context, options), now=context.project.clock.now())
    if ended is None:
        raise _nobody(ledger, name)
    places = f"{ended} {'place' if ended == 1 else 'places'}"
    return _say(context, ledger, name, f"is signed out everywhere ({places}); links that waited have ended too.")


def _remove(context: Context, ledger: Ledger, name: str, options: argparse.Namespace) -> int:
    if not ledger.remove_person(name, who=_by(context, options), now=context.project.clock.now()):
        raise _nobody(ledger, name)
    return _say(context, ledger, name, "cannot sign in any more. What they approved and did stays.")


def _say(context: Context, ledger: Ledger, name: str, words: str) -> int:
    who = _as_written(ledger, name)
    if context.json:
        context.print_json({"name": who, "did": words})
    else:
        print(f"{who} {words}")
    return 0


def _as_written(ledger: Ledger, name: str) -> str:
    """The name as it was given when the person was added."""
    return next((p.name for p in ledger.people() if person_key(p.name) == person_key(name)), person(name))


def _list(context: Context, ledger: Ledger) -> int:
    found = [p for p in ledger.people() if p.is_active]
    if context.json:
        context.print_json(
            [
                {
                    "name": p.name,
                    "role": p.role,
                    "password": p.has_password,
                    "last_look_at": p.last_look_at.isoformat() if p.last_look_at else None,
                    "added_by": p.created_by,
                }
                for p in found
            ]
        )
    elif not found:
        print("Nobody may sign in yet.")
        print('Next: people add "YOUR NAME" --role coordinator')
    else:
        zone = context.project.load(context.project.campaigns()[0])[0].time_zone
        print(table(("name", "role", "password", "last look"), [_row(p, zone) for p in found]))
    return 0


def _row(p: Person, zone: str) -> tuple[str, ...]:
    looked = local_words(p.last_look_at, zone) if p.last_look_at else "never"
    return p.name, p.role.replace("-", " "), "yes" if p.has_password else "no", looked


def _nobody(ledger: Ledger, name: str) -> UsageError:
    known = [p.name for p in ledger.people() if p.is_active]
    removed = any(person_key(p.name) == person_key(name) for p in ledger.people())
    said = f"{person(name)} may not sign in any more" if removed else f"there is nobody called {person(name)!r}"
    return UsageError(said, hint=f"there are: {', '.join(known)}" if known else "people add NAME --role R")
