"""Write docs/reference/states.md from the table of moves: `python docs/make_states.py`, or `--check` to compare."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scheduler.domain.delivery import FINAL, MOVES, State, Verb  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "states.md"

VERBS = {
    Verb.TAKE: "the intent is written down, before the call",
    Verb.ACCEPT: "the provider accepted it",
    Verb.POSTPONE: "certainly not sent; tried again inside its window",
    Verb.FAIL: "certainly not sent, and trying again is of no use",
    Verb.DOUBT: "nobody can tell how the call ended",
    Verb.EXPIRE: "its window closed",
    Verb.HOLD: "a person stopped it",
    Verb.RELEASE: "a person lets it go again",
    Verb.SKIP: "a person or a rule leaves it out",
    Verb.CANCEL: "it is no longer in the plan",
    Verb.FOUND_SENT: "evidence, or a person, says that it went out",
    Verb.FOUND_NOT_SENT: "evidence, or a person, says that it did not",
    Verb.SET_ASIDE: "it stopped the program several times before the call; the others go on",
    Verb.LEAVE_OUT: "nobody of the call can be written to: their addresses are dead",
    Verb.REINSTATE: "the plan holds it again",
    Verb.RETRY: "a person asks for another try",
    Verb.REOPEN: "the clock alone had missed it, and its window is still to come",
}


def page() -> str:
    lines = [
        "# States of a delivery",
        "",
        "Made from the table of moves in `scheduler/domain/delivery.py`; what is not in it cannot happen.",
        "What each state means stands in the [glossary](../glossary.md).",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> scheduled",
    ]
    lines += [f"    {before} --> {after}: {verb}" for (before, verb), after in MOVES.items()]
    lines += [f"    {state} --> [*]" for state in State if state in FINAL]
    lines += ["```", "", "| from | what happens | to | |", "|---|---|---|---|"]
    lines += [f"| `{before}` | {verb} | `{after}` | {VERBS[verb]} |" for (before, verb), after in MOVES.items()]
    return "\n".join(lines) + "\n"


def main() -> int:
    if "--check" in sys.argv:
        return int(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
