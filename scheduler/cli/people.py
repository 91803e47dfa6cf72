"""Who may sign in to the pages: coordinators, those who may hold, board viewers, reviewers with a place of their own.

A link signs its person in once, within half an hour. Send it yourself, by a way that only they read.
"""

from __future__ import annotations

import argparse
import getpass
import sys

from ..domain.formatting import counted, local_words
from ..domain.redact import person
from ..domain.role import LINK_SPAN, Person
from ..services import accounts
from ..services.context import Context as Acting
from ..services.seasons import read_campaign
from .context import Context
from .terminal import table

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
    acts = {"add": _add, "link": _link, "password": _password, "sign-out": _sign_out, "remove": _remove, "list": _list}
    with context.acting() as acting:
        return acts[options.act](context, acting, options)


def _add(context: Context, acting: Acting, options: argparse.Namespace) -> int:
    made = accounts.add(acting, options.name, options.role)
    if context.json:
        context.print_json({"name": made.name, "role": made.role})
    else:
        print(f"{made.name} may sign in as {made.role.replace('-', ' ')}.")
        print(f'Next: people link "{made.name}" makes a link that signs them in once.')
    return 0


def _link(context: Context, acting: Acting, options: argparse.Namespace) -> int:
    from ..services.shown_links import shown_link

    token = accounts.make_link(acting, options.name)
    shown = shown_link(context.project, acting.ledger, f"/sign-in/{token}")
    who = accounts.name_as_written(acting, options.name)
    if context.json:
        about = {"on_this_machine": shown.here, "served": shown.is_served, "public": bool(shown.public)}
        context.print_json({"name": who, "link": shown.best, **about, "expires_at": acting.now() + LINK_SPAN})
    else:
        print(f"For {who}, good once and for {_MINUTES} minutes. It is not shown again:")
        print(f"  {shown.best}")
        for note in shown.notes:
            print(note)
    return 0


def _password(context: Context, acting: Acting, options: argparse.Namespace) -> int:
    if sys.stdin.isatty():
        password = getpass.getpass(f"New password of {person(options.name)}: ")
        again = getpass.getpass("Once more: ")
    else:
        password = again = sys.stdin.readline().rstrip("\n")
    accounts.set_password(acting, options.name, password, again)
    return _say(context, acting, options.name, "has a new password. Earlier sign-ins have ended.")


def _sign_out(context: Context, acting: Acting, options: argparse.Namespace) -> int:
    ended = accounts.sign_out(acting, options.name)
    places = counted(ended, "place")
    return _say(
        context, acting, options.name, f"is signed out everywhere ({places}); links that waited have ended too."
    )


def _remove(context: Context, acting: Acting, options: argparse.Namespace) -> int:
    accounts.remove(acting, options.name)
    return _say(context, acting, options.name, "cannot sign in any more. What they approved and did stays.")


def _say(context: Context, acting: Acting, name: str, words: str) -> int:
    who = accounts.name_as_written(acting, name)
    if context.json:
        context.print_json({"name": who, "did": words})
    else:
        print(f"{who} {words}")
    return 0


def _list(context: Context, acting: Acting, options: argparse.Namespace) -> int:
    found = [p for p in acting.ledger.accounts.all() if p.is_active]
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
        zone = read_campaign(context.project, context.project.campaigns()[0])[0].time_zone
        print(table(("name", "role", "password", "last look"), [_row(p, zone) for p in found]))
    return 0


def _row(p: Person, zone: str) -> tuple[str, ...]:
    looked = local_words(p.last_look_at, zone) if p.last_look_at else "never"
    return p.name, p.role.replace("-", " "), "yes" if p.has_password else "no", looked
