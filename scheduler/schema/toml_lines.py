"""The line of every key in a TOML text, which ``tomllib`` does not tell. Standard library only."""

from __future__ import annotations

import re
import tomllib

#: Keys, and the index in an array: ``("claim", 2, "source", "title")``.
KeyPath = tuple[str | int, ...]

_STRING = r'"(?:[^"\\\n]|\\.)*+"|\'[^\'\n]*+\''
_KEY = rf"(?:[A-Za-z0-9_-]++|{_STRING})"
_DOTTED = rf"{_KEY}(?:[ \t]*+\.[ \t]*+{_KEY})*+"
_STATEMENT = re.compile(
    rf"[ \t\n]*+(?:#[^\n]*+|(?P<open>\[\[?)[ \t]*+(?P<table>{_DOTTED})[^\n]*+|(?P<key>{_DOTTED})[ \t]*+=[ \t]*+)"
)
_PART = re.compile(_KEY)
_REST = r"[ \t]*+(?:#[^\n]*+)?(?=\n|\Z)"
#: A value that ends on its own line and holds no table: the usual case, and the fast way past it.
_PLAIN = re.compile(
    rf'(?:"(?!"")(?:[^"\\\n]|\\.)*+"|\'(?!\'\')[^\'\n]*+\'|[^\n"\'\[{{#]++'
    rf'|\[(?:[^\n"\'\[\]{{}}#]++|"(?!"")(?:[^"\\\n]|\\.)*+"|\'(?!\'\')[^\'\n]*+\')*+\]){_REST}'
)
_LONG = {
    '"""': re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*+"""(?:"{0,2})', re.DOTALL),
    "'''": re.compile(r"'''(?:[^']|'(?!''))*+'''(?:'{0,2})", re.DOTALL),
}
_SHORT = re.compile(_STRING)
_BARE = re.compile(r"[^,\]}\n#]*+")
_SPACE = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")


def line_index(text: str) -> dict[KeyPath, int]:
    """The line of every table and key of a text that ``tomllib`` has read without complaint."""
    return _Scanner(text).run()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[KeyPath, int] = {}
        self.counts: dict[KeyPath, int] = {}  # arrays of tables: index of the newest entry
        self._at = 0
        self._line = 1

    def run(self) -> dict[KeyPath, int]:
        text, at = self.text, 0
        here: KeyPath = ()
        while (found := _STATEMENT.match(text, at)) and found.end() > at:
            at = found.end()
            if found["table"]:
                here = self._open(_parts(found["table"]), found["open"] == "[[", self._line_of(found.start("table")))
            elif found["key"]:
                path = here
                line = self._line_of(found.start("key"))
                for part in _parts(found["key"]):
                    path = (*path, part)
                    self.lines.setdefault(path, line)
                plain = _PLAIN.match(text, at)
                at = self._skip(plain.end() if plain else self._value(at, path))
        return self.lines

    def _line_of(self, position: int) -> int:
        self._line += self.text.count("\n", self._at, position)
        self._at = position
        return self._line

    def _open(self, parts: list[str], is_array: bool, line: int) -> KeyPath:
        path: KeyPath = ()
        for number, part in enumerate(parts, 1):
            path = (*path, part)
            self.lines.setdefault(path, line)
            if number == len(parts) and is_array:
                self.counts[path] = self.counts.get(path, -1) + 1
                path = (*path, self.counts[path])
                self.lines[path] = line
            elif path in self.counts:
                path = (*path, self.counts[path])
        return path

    def _value(self, at: int, path: KeyPath) -> int:
        """The position after the value that starts at ``at``; notes the lines of what is inside it."""
        text = self.text
        head = text[at : at + 1]
        if head == "[":
            at = self._skip(at + 1)
            index = 0
            while at < len(text) and text[at] != "]":
                self.lines.setdefault((*path, index), self._line_of(at))
                at = self._after_comma(self._value(at, (*path, index)))
                index += 1
            return at + 1
        if head == "{":
            at = self._skip(at + 1)
            while (found := _INNER_KEY.match(text, at)) is not None:
                inner = path
                line = self._line_of(found.start(1))
                for part in _parts(found[1]):
                    inner = (*inner, part)
                    self.lines.setdefault(inner, line)
                at = self._after_comma(self._value(found.end(), inner))
            return at + 1
        pattern = _LONG.get(text[at : at + 3]) or (_SHORT if head in ("'", '"') else _BARE)
        found = pattern.match(text, at)
        return found.end() if found and found.end() > at else at + 1

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _after_comma(self, at: int) -> int:
        at = self._skip(at)
        return self._skip(at + 1) if self.text[at : at + 1] == "," else at


_INNER_KEY = re.compile(rf"({_DOTTED})[ \t]*+=[ \t]*+")


def _parts(dotted: str) -> list[str]:
    return [_unquoted(part) if part[0] in "\"'" else part for part in _PART.findall(dotted)]


def _unquoted(part: str) -> str:
    try:
        return str(tomllib.loads(f"k = {part}")["k"])
    except ValueError:  # only in a text that is not TOML
        return part[1:-1]
