"""Hidden characters in the files of a folder: looked for in each text as it is written, before it is rendered."""

from __future__ import annotations

from collections.abc import Mapping

from ...domain.formatting import counted
from ...domain.hidden import NOTHING, Allowed, hidden_escapes, hidden_in, name_of, told
from ..codes import CODES
from .campaign_folder import Folder

#: Findings of one file; how many lines more there are stands in the last of them.
MOST_LINES = 20
_OF_A_SOURCE = (
    "leave the stored file as it is; store the text again without the character, as a file with a hash of its own, and "
    "let the record name that one"
)


def report_hidden(folder: Folder, allowed: Allowed = NOTHING, items: Mapping[str, str] | None = None) -> None:
    """C008 for each line of the texts that were read. ``items``: ids of items by the name of their file."""
    for name, text in folder.texts.items():
        lines: dict[int, list[str]] = {}
        at, line = 0, 1
        for hidden in hidden_in(text, allowed):
            line += text.count("\n", at, hidden.start)
            at = hidden.start
            lines.setdefault(line, []).append(told(text, hidden))
        for own, first, toml, data in folder.tomls:
            for line, character in hidden_escapes(toml, data, allowed) if own == name else ():
                lines.setdefault(line + first - 1, []).append(f"{name_of(character)}, written as an escape")
        _report(folder, name, lines, (items or {}).get(name, ""))


def _report(folder: Folder, name: str, lines: Mapping[int, list[str]], item: str) -> None:
    shown = sorted(lines)[:MOST_LINES]
    for line in shown:
        message = f"hidden character: {lines[line][0]}"
        if len(lines[line]) > 1:
            message += f", and {len(lines[line]) - 1} more on this line"
        if line == shown[-1] and len(lines) > len(shown):
            message += (
                f"; {counted(len(lines) - len(shown), 'more line of the file has', 'more lines of the file have')} some"
            )
        hint = _OF_A_SOURCE if name in folder.stored else ""
        folder.findings.append(CODES["C008"].at(folder.where(name, line), message, hint=hint, item=item))
