"""Change one value in a TOML text and leave everything else as somebody wrote it: comments, order, spaces, quotes.

tomlkit writes the value in the style that it had; where it stands is known to
:mod:`scheduler.schema.toml_lines`. Whatever either of them thinks, the result is read again: a text that says
anything else than what was meant is refused.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from copy import deepcopy
from datetime import date
from difflib import SequenceMatcher
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, InlineTable, Item, String, Table

from ...errors import NeedsAPerson
from ...schema.toml_lines import KeyPath, line_index

#: What a TOML value can be made of here.
TomlValue = str | bool | date | list[str] | dict[str, str]

_ASSIGNMENT = re.compile(r"[ \t]*(?:[A-Za-z0-9_\-. \t]|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')+?=[ \t]*")


class CannotEdit(NeedsAPerson):
    """The file is written in a way that a form cannot change without changing more; an editor can."""


def with_value(text: str, path: KeyPath, value: TomlValue | None, order: Sequence[str] = ()) -> str:
    """The text with the value at ``path`` changed; None takes the key out, and keeps the remark beside it.

    ``order``: the keys of the table in the order in which people write them, for a key that is new. Lines end in
    ``\\n``. Raises :class:`CannotEdit`; ValueError where the text is not TOML.
    """
    before = tomllib.loads(text)
    wanted = deepcopy(before)
    _put(wanted, path, value)
    if wanted == before:
        return text
    for plain in (False, True):  # the style that it had; where that cannot hold the value, the plainest
        try:
            after = _spliced(text, path, value, order, plain=plain)
            if tomllib.loads(after) == wanted:
                return after
        except (TOMLKitError, ValueError, KeyError, IndexError, TypeError, RecursionError):
            pass
    name = ".".join(part for part in path if isinstance(part, str))
    raise CannotEdit(
        f"{name} stands in the file in a way that a form cannot change",
        hint="change it in the file itself, with a text editor",
    )


def _put(data: dict[str, Any], path: KeyPath, value: TomlValue | None) -> None:
    *parents, key = path
    table: Any = data
    for part in parents:
        table = table[part] if isinstance(part, int) else table.setdefault(part, {})
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def _spliced(text: str, path: KeyPath, value: TomlValue | None, order: Sequence[str], *, plain: bool) -> str:
    lines = line_index(text)
    document: Any = tomlkit.parse(text)
    parents, key = path[:-1], cast(str, path[-1])
    holder = _at(document, parents)
    if isinstance(holder, InlineTable):
        old = holder.as_string()
        if value is None:
            del holder[key]
        else:
            holder[key] = _item(value, holder.get(key), plain=plain)
        new = holder.as_string()
        if old.startswith("{ ") and not new.endswith(" }"):  # it forgets the space behind what is new
            new = new[:-1] + " }"
        return _replace(text, lines[parents], old, new)
    if holder is None or key not in holder:
        if value is None:
            return text
        if holder is None:  # the table around it is not there either: written on one line
            return _inserted(text, lines, document, path[:-2], cast(str, path[-2]), {key: str(value)}, order)
        return _inserted(text, lines, document, parents, key, value, order)
    there = _child(holder, key)
    old = there.as_string()
    if value is None:
        return _without(text, lines[path], old)
    if isinstance(there, Array) and isinstance(value, list) and not plain:
        _rewrite(there, value)
        return _replace(text, lines[path], old, there.as_string())
    return _replace(text, lines[path], old, _item(value, there, plain=plain).as_string())


def _at(document: Any, parents: KeyPath) -> Any:
    table = document
    for part in parents:
        if isinstance(part, str) and part not in table:
            return None
        table = table[part] if isinstance(part, int) else _child(table, part)
        if not isinstance(table, (MutableMapping, AoT, Array)):
            return None
    return table


def _child(table: Any, key: str) -> Any:
    """The item itself, which knows how it was written; some of these come unwrapped otherwise."""
    return table.item(key) if hasattr(table, "item") else table[key]


def _item(value: TomlValue, there: Any, *, plain: bool) -> Item:
    if isinstance(value, str):
        if isinstance(there, String) and not plain:
            return _string_like(value, there.as_string())
        return tomlkit.string(value)
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update(value)
        # It writes {a = 1}; people write { a = 1 }.
        return tomlkit.value("{ " + table.as_string().strip("{}") + " }") if value else table
    return tomlkit.item(value)


def _string_like(value: str, written: str) -> Item:
    """A text in the quotes that another one has."""
    mark = '"""' if written.startswith('"""') else "'''" if written.startswith("'''") else written[:1]
    if len(mark) == 3 and ("\n" not in value or any(line.rstrip() == "+++" for line in value.split("\n"))):
        mark = mark[0]
    made = tomlkit.string(value, literal=mark[0] == "'", multiline=len(mark) == 3)
    if len(mark) == 3 and written[3:4] == "\n":
        return tomlkit.value(mark + "\n" + made.as_string()[3:])
    return made


def _rewrite(array: Array, wanted: Sequence[str]) -> None:
    """Make the list another one and leave the entries that stay, with their remarks, where they are."""
    there = [str(entry) for entry in array]
    changes = SequenceMatcher(None, there, list(wanted), autojunk=False).get_opcodes()
    for tag, a, b, c, d in reversed(changes):
        if tag == "equal":
            continue
        kept = min(b - a, d - c)
        for offset in range(kept):
            array[a + offset] = wanted[c + offset]
        for position in reversed(range(a + kept, b)):
            del array[position]
        for offset, entry in enumerate(wanted[c + kept : d]):
            array.insert(a + kept + offset, entry)


# -- places in the text ---------------------------------------------------------------------------------


def _start(text: str, line: int) -> int:
    """Where a line (from 1) begins."""
    return sum(len(row) + 1 for row in text.split("\n")[: line - 1])


def _value_at(text: str, line: int, old: str) -> int:
    found = _ASSIGNMENT.match(text, _start(text, line))
    if found is None or not text.startswith(old, found.end()):
        raise ValueError("the value does not stand where it was looked for")
    return found.end()


def _replace(text: str, line: int, old: str, new: str) -> str:
    at = _value_at(text, line, old)
    return text[:at] + new + text[at + len(old) :]


def _without(text: str, line: int, old: str) -> str:
    start, behind = _start(text, line), _value_at(text, line, old) + len(old)
    end = text.find("\n", behind)
    end = len(text) if end < 0 else end
    if remark := text[behind:end].strip():
        return text[:start] + remark + text[end:]
    if end < len(text):
        return text[:start] + text[end + 1 :]
    return text[: max(0, start - 1)]


def _inserted(
    text: str,
    lines: Mapping[KeyPath, int],
    document: Any,
    parents: KeyPath,
    key: str,
    value: TomlValue,
    order: Sequence[str],
) -> str:
    """A new key, on a line of its own: behind the nearest that people write before it."""
    table = _at(document, parents)
    new = f"{tomlkit.key(key).as_string()} = {_item(value, None, plain=True).as_string()}"
    place = list(order).index(key) if key in order else len(order)
    items = {k: _child(table, k) for k in table if (*parents, k) in lines}
    own = {k: v for k, v in items.items() if isinstance(v, Item) and not isinstance(v, (Table, AoT))}
    earlier = [k for k in own if k in order and list(order).index(k) < place]
    if own:
        # Without one that is known to come before it: behind the table's first.
        behind = max(earlier, key=list(order).index) if earlier else next(iter(own))
        old = own[behind].as_string()
        end = text.find("\n", _value_at(text, lines[*parents, behind], old) + len(old))
    elif parents:
        end = text.find("\n", _start(text, lines[parents]))
    else:
        return new + "\n" + text
    end = len(text) if end < 0 else end
    return text[:end] + "\n" + new + text[end:]
