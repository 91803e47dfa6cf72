"""Write docs/reference/findings.md from the tables of codes and the shipped lint packs.

python docs/make_findings.py          # writes the file
python docs/make_findings.py --check  # says whether it is current; exit status 1 when it is not
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "findings.md"
LINT = ROOT / "config" / "lint"

#: Heading, what the part does, its table in scheduler/content/codes.py.
PARTS = (
    ("Reading the files", "Found while a campaign's files are read.", "LOADING"),
    ("Planning", "Found while the calendar is made.", "PLANNING"),
    ("Rendering", "Found while items become messages.", "RENDERING"),
    ("Checking", "Found in the messages as they would go out.", "CHECKING"),
)

#: Headings within a part, by the first code below them.
GROUPS = {
    "G101": "Cards",
    "C101": "Claims",
    "C185": "What guards a season",
    "Q101": "Quotations",
    "C160": "People",
    "H101": "Help lines",
    "D101": "Repetition and open questions",
    "N101": "Links",
    "T101": "Hashtags",
    "M101": "What a channel takes",
    "Z101": "Hours, weekdays and dates",
    "S101": "Settings",
    "W001": "Lint packs as files",
}

INTRO = """\
# Findings

<!-- Made by docs/make_findings.py from the tables of codes and from config/lint/. Do not edit here. -->

`run.py check` lists what is to be corrected, with file and line, and then what only waits for a person's signature, check or
decision, by kind; `run.py check --all` lists each of those too. `run.py dry-run` shows all of them beside the messages they
concern.

| severity | what it does |
|---|---|
| **red** | blocks live sending until it is settled; the dry run shows the message all the same |
| **amber** | needs a person's eye; sending is possible after approval |
| **info** | worth knowing |

A code keeps its meaning. Codes that begin with L are lints: they are data, in `config/lint/`, and a campaign names the packs
that it wants in `lint_packs`.
"""


def page() -> str:
    """The whole page."""
    sys.path.insert(0, str(ROOT))
    lines = [INTRO]
    for heading, what, table in PARTS:
        lines += [f"## {heading}", "", what, "", *_part(table)]
    for path in sorted(LINT.glob("*.toml")):
        lines += _pack(path)
    for path in sorted((LINT / "quantities").glob("*.toml")):
        lines += _quantities(path)
    text = "\n".join(lines).rstrip() + "\n"
    return re.sub(r" +\n\n", "\n\n", text)


def _part(table: str) -> Iterator[str]:
    for code, entry in getattr(importlib.import_module("scheduler.content.codes"), table).items():
        if code in GROUPS:
            yield from (f"### {GROUPS[code]}", "")
        yield from _entry(code, entry.title, entry.severity, entry.explanation, entry.hint)


def _entry(code: str, title: str, severity: str, why: str, do: str) -> Iterable[str]:
    return (
        f'<a id="{code.lower()}"></a>',
        f"**{code} {title[0].upper()}{title[1:]}** ({severity})  ",
        f"{why}  ",
        f"*What to do:* {_as_code(do)}.",
        "",
    )


def _as_code(hint: str) -> str:
    """Braces of templates are set as code, so that they are not taken for the page's own."""
    return hint.rstrip(".").replace("{{", "`{{").replace("}}", "}}`")


def _pack(path: Path) -> Iterator[str]:
    from scheduler.content.checks import load_lint_pack

    pack, findings = load_lint_pack(path)
    if findings:
        raise SystemExit("\n".join(map(str, findings)))
    yield from (f"## Lints: {pack.title} (`config/lint/{path.name}`)", "")
    if pack.cause_words:
        words = ", ".join(phrase.written for phrase in pack.cause_words)
        yield from (f"Words that do not belong into a preheader or a discreet subject (M204): {words}.", "")
    if pack.discreet:
        words = ", ".join(dict.fromkeys(phrase.written for phrase in pack.discreet))
        yield from (f"Words that no discreet head shows, whatever the campaign is about (C190): {words}.", "")
    for rule_id in dict.fromkeys(rule.id for rule in pack.rules):
        rules = [rule for rule in pack.rules if rule.id == rule_id]
        severities = " or ".join(dict.fromkeys(str(rule.severity) for rule in rules))
        by_hand = ", for people: no program can check it" if rules[0].type == "advice" else ""
        yield f'<a id="{rule_id.lower()}"></a>'
        yield f"**{rule_id} {rules[0].title}** ({severities}{by_hand})  "
        for rule in rules:
            yield f"{rule.why}  "
            if rule.say:
                yield f"*Say:* {_as_code(rule.say)}. " + (f"*Not:* {_as_code(rule.avoid)}.  " if rule.avoid else " ")
        if rules[0].source:
            yield f"*Read on:* <{rules[0].source}>"
        yield ""


def _quantities(path: Path) -> Iterator[str]:
    """Of the rules about quantities what is let pass, each with a sentence, and one that is still found."""
    from scheduler.content.quantities.quantity_rules import load_quantity_rules

    rules, findings = load_quantity_rules(LINT, path.stem)
    if rules is None or findings:
        raise SystemExit("\n".join(map(str, findings)))
    yield from (f"## {rules.title} (`config/lint/quantities/{path.name}`)", "")
    yield (
        f"A statistic without a claim is [C150](#c150); of other numbers [C151](#c151) tells from {rules.number} on. These "
        "are let pass:"
    )
    yield from ("", "| what | let pass | still found |", "|---|---|---|")
    yield from (f"| {silent.name} | {silent.good[0]} | {silent.bad[0]} |" for silent in rules.words.silent)
    yield ""


def main(arguments: list[str]) -> int:
    made = page()
    if "--check" in arguments:
        current = PAGE.exists() and PAGE.read_text("utf-8") == made
        print("current" if current else "not current: run python docs/make_findings.py")
        return 0 if current else 1
    PAGE.write_text(made, "utf-8", newline="\n")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
