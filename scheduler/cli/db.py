"""The database: bring it to the newest form (upgrade). It is made by itself on first use."""

from __future__ import annotations

import argparse

from .context import Context


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("action", choices=("upgrade",))


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    ledger = context.project.open_ledger()
    ledger.close()
    print("The database is in its newest form.")
    return 0
