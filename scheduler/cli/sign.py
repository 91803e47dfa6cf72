"""Sign claims and help lines: a named person has read the record and stands for it.

A signature holds for exactly these words; a changed letter needs a new one. Signing a help line says that it was
tried or looked up on the day of signing.
"""

from __future__ import annotations

import argparse

from ..errors import UsageError
from .context import Context

EPILOG = """examples:
  run.py sign claim forced-labour-2021 --by "Ada Example"
  run.py sign contact --all --by "Ada Example"
  run.py sign --all --by "Ada Example" """


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument(
        "subject", nargs="?", choices=("claim", "contact"), help="what to sign; left out with --all: both"
    )
    parser.add_argument("ids", nargs="*", metavar="ID")
    parser.add_argument("--all", action="store_true", help="every record that is not signed yet")
    parser.add_argument("--by", required=True, metavar="NAME", help="who signs")
    parser.add_argument("--role", default="fact reviewer", help="as what (default: fact reviewer)")
    parser.add_argument("--campaign", metavar="NAME")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    if not options.all and not (options.subject and options.ids):
        raise UsageError("say what to sign", hint="sign claim ID --by NAME, or sign --all --by NAME")
    if not options.by.strip():
        raise UsageError("--by is empty", hint="give the name of the person who signs")
    signed = context.project.sign(
        context.campaign_id,
        subject=options.subject,
        ids=None if options.all else options.ids,
        person=options.by.strip(),
        role=options.role,
    )
    if context.json:
        context.print_json({"signed": [{"subject": s, "id": i} for s, i in signed], "by": options.by})
    elif not signed:
        print("Everything was signed already.")
    else:
        claims = sum(s == "claim" for s, _ in signed)
        print(f"{options.by} signed {claims} claims and {len(signed) - claims} help lines.")
        print("Next: approve the messages (approve --all --by NAME), then arm.")
    return 0
