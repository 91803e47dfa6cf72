"""Said in red by `arm`, `start` and `db`: this is a copy of the ledger, or an old state of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .terminal import styled

if TYPE_CHECKING:
    from ..engine.whereabouts import Displaced


def print_displaced(displaced: Displaced) -> None:
    print(styled(f"NOTHING IS SENT: {displaced.message}.", "red"), flush=True)
    print(f"  What to do: {displaced.hint}.", flush=True)
