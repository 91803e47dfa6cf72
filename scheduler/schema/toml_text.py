"""TOML text, read so that a mistake can be shown with its line. Standard library only.

``tomllib`` gives the values and forgets where they stood; :mod:`.toml_lines` finds them. Its errors are put into
plain words here. What a value means is for the caller to say.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ..light_dataclass import dataclass
from .toml_lines import KeyPath, line_index

#: Stands in for a date that does not exist (30 February), so that the rest of the file can still be read.
NO_DATE = date(1, 1, 1)
_LONGEST_WORD, _MOST_WORDS = 60, 2_000  # what a hint is looked for among


class TextProblem(Exception):
    """A file's bytes or text cannot be read. ``line`` is 0 when it is not known."""

    def __init__(self, message: str, *, line: int = 0, hint: str = "") -> None:
        self.message = message
        self.line = line
        self.hint = hint
        super().__init__(message)

    def in_file(self, name: str) -> str:
        """With the file's name before it and what to do behind it."""
        place = f"{name}:{self.line}" if self.line else name
        return f"{place}: {self.message}" + (f"; {self.hint}" if self.hint else "")


class MissingFile(TextProblem):
    """There is no such file."""


class WrongEncoding(TextProblem):
    """The file is not UTF-8."""


class BrokenToml(TextProblem):
    """The text is not TOML."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is nearest; nothing where none is near. Long words, which take long, are left out."""
    from difflib import get_close_matches  # paid for by mistakes alone

    words = sorted(name for name in known if len(name) <= _LONGEST_WORD)[:_MOST_WORDS]
    return next(iter(get_close_matches(word[:_LONGEST_WORD], words, n=1)), "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``Did you mean "title"?`` or an empty text."""
    near = nearest(word, known)
    return f'did you mean "{near}"?' if near else ""


def decode(raw: bytes) -> str:
    """UTF-8 text without its byte order mark; line ends as they are. Raises :class:`WrongEncoding`."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise WrongEncoding(
            "the file is saved as UTF-16, not UTF-8 (byte offset 0)",
            line=1,
            hint="save it again and choose UTF-8 as the encoding",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # With a byte order mark Python counts from behind it.
        at = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        guess = raw[at : at + 1].decode("cp1252", "replace")
        seen = f" (in Windows-1252 it would be {guess})" if guess.isprintable() and guess != "\ufffd" else ""
        raise WrongEncoding(
            f"the byte 0x{raw[at]:02x} at offset {at} is not UTF-8{seen}",
            line=raw.count(b"\n", 0, at) + 1,
            hint="save the file again and choose UTF-8 as the encoding",
        ) from None


@dataclass(frozen=True)
class TomlText:
    """What a TOML text says, and where. ``bad_dates``: line and text of dates that do not exist, each of which
    is :data:`NO_DATE` in ``data``."""

    text: str
    data: dict[str, object]
    lines: dict[KeyPath, int]
    bad_dates: tuple[tuple[int, str], ...] = ()

    def place(self, file: str, path: KeyPath) -> str:
        """A key's place for people: the file, and the line where it is known."""
        line = self.line(path)
        return f"{file}:{line}" if line else file

    def line(self, path: KeyPath) -> int:
        """The line of a key, or of the nearest table around it; 0 for the top of the file."""
        around = (path[:length] for length in range(len(path), 0, -1))
        return next((self.lines[each] for each in around if each in self.lines), 0)


_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
#: A date that is a value of its own, not a part of a text.
_DATE = re.compile(
    r"(?:^|[=,\[])[ \t]*(\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?)"
    r"(?=[ \t]*(?:$|[,\]}#]))"
)


def parse(text: str) -> TomlText:
    """Read a TOML text. Raises :class:`BrokenToml`; a date that does not exist does not stop the reading."""
    text = text.replace("\r\n", "\n")
    bad_dates: list[tuple[int, str]] = []
    for _ in range(50):
        try:
            data = tomllib.loads(text)
            lines = line_index(text)
        except RecursionError:
            raise BrokenToml("the tables or lists are nested too deeply to be read") from None
        except ValueError as error:  # TOMLDecodeError, and what int() says of a number of 5,000 digits
            place = _PLACE.search(str(error))
            line = int(place[1]) if place and place[1] else 0
            patched = _without_bad_date(text, line, bad_dates)
            if patched is not None:
                text = patched
                continue
            raise _in_plain_words(str(error), text, place) from error
        return TomlText(text, data, lines, tuple(bad_dates))
    raise BrokenToml("there are too many dates that do not exist", line=bad_dates[0][0])


def read_text(path: Path, largest: int) -> str:
    """A file's text. Raises :class:`TextProblem`, for a file that is not there :class:`MissingFile`."""
    try:
        if path.stat().st_size > largest:
            raise TextProblem(f"the file is far too large; {largest // 1024} KiB are allowed")
        return decode(path.read_bytes())
    except FileNotFoundError:
        raise MissingFile("the file is missing") from None
    except OSError as error:
        raise TextProblem(f"the file cannot be read ({error.strerror})") from None


def _without_bad_date(text: str, line: int, bad_dates: list[tuple[int, str]]) -> str | None:
    """The text with the first date of a line that does not exist replaced by NO_DATE; None when there is none."""
    rows = text.split("\n")
    for found in _DATE.finditer(rows[line - 1]) if line else ():
        try:
            date.fromisoformat(found[1][:10])
        except ValueError:
            row = rows[line - 1]
            rows[line - 1] = row[: found.start(1)] + NO_DATE.isoformat() + row[found.end(1) :]
            bad_dates.append((line, found[1]))
            return "\n".join(rows)
    return None


#: A date as people write it, or with a digit too few: 11/24/2026, 24.11.2026, 2026-1-5.
_OTHER_DATE = re.compile(
    r"(?<![\w.])(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4}|\d{1,2}/\d{1,2}/\d\d)(?!\w)"
)
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'")

_WORDS = (
    ("Expected '=' after a key", 'a line that is neither "key = value" nor a [table]', "comments start with #"),
    ("Invalid statement", 'a line that is neither "key = value" nor a [table]', "comments start with #"),
    ("Invalid value", "the value is neither a text in quotes nor a number, a date, true, false or a [list]", ""),
    ("Cannot overwrite a value", "the same key stands here for the second time", "delete one of the two lines"),
    (
        "Cannot declare",
        "the same table stands here for the second time",
        "a list of tables has two brackets: [[claim]]",
    ),
    ("Cannot redefine", "the same table stands here for the second time", ""),
    ("Cannot mutate", "this key was already given its whole value in {...} or [...]", ""),
    ("Duplicate inline table key", "the same key stands twice between { and }", ""),
    (
        "Expected newline or end of document",
        "something follows the value on this line",
        'one key a line; a quotation mark inside a text is written \\"',
    ),
    (
        "Unterminated string",
        "a text in quotes does not end",
        'add the closing quotation mark; texts over several lines stand between """ and """',
    ),
    (
        "Illegal character '\\n'",
        "a text in quotes does not end on its line",
        'add the closing quotation mark; texts over several lines stand between """ and """',
    ),
    ("Expected \"'''\"", "a text between ''' and ''' does not end", ""),
    ("Found invalid character", "there is a control character in the text", "delete it and type the place again"),
    ("Illegal character", "there is a control character in the text", "delete it and type the place again"),
    ("Unescaped '\\'", "a backslash inside a text in quotes", "write \\\\, or put the text between single quotes"),
    (
        "Unclosed array",
        "a list that starts with [ does not end",
        "add the closing ]; its values are separated by commas",
    ),
    ("Unclosed inline table", "a table that starts with { does not end", "add the closing } on the same line"),
    (
        "Invalid initial character for a key part",
        "a key starts with a character that a key cannot have",
        "keys are a-z, 0-9, - and _",
    ),
    ("Expected ']", "the name of a table does not end with ]", ""),
    ("Expected ']]", "the name of a list of tables does not end with ]]", ""),
    ("Expected a bracket or comma", "a comma or a closing bracket is missing", ""),
    ("Escaped character is not a Unicode", "an escape such as \\u0041 names no character", ""),
    ("Invalid hex value", "an escape such as \\u0041 has a letter that is no hexadecimal digit", ""),
    ("Exceeds the limit", "a number has too many digits", ""),
)


def _in_plain_words(error: str, text: str, place: re.Match[str] | None) -> BrokenToml:
    line = int(place[1]) if place and place[1] else (text.rstrip("\n").count("\n") + 1 if place else 0)
    row = text.split("\n")[line - 1] if line else ""
    words, hint = next(
        ((words, hint) for start, words, hint in _WORDS if error.startswith(start)),
        ("the line cannot be read", ""),
    )
    key, _, value = row.partition("=")
    value = value.partition("#")[0].strip()
    if any(mark in row for mark in "\u201c\u201d\u201e\u2018\u2019") and '"' not in value:
        hint = 'the quotation marks are curly; TOML wants straight ones: "..."'
    elif row.lstrip().startswith("[") and error.startswith("Expected newline"):
        words, hint = "the brackets around the name of a table do not match", "[name] or, in a list of tables, [[name]]"
    elif "=" not in row and error.startswith("Expected '='"):
        hint = "put an = between the key and its value; a remark starts with #"
    elif "=" in row and not value:
        words, hint = f"there is no value after {key.strip()} =", 'a text that is empty is written ""'
    elif value.lower() in ("yes", "no", "on", "off"):
        hint = "write true or false"
    elif (other := _OTHER_DATE.search(_QUOTED.sub("", value))) and not _DATE.search(f"={other[0]}"):
        words = f"{other[0]} is not how a date is written here"
        hint = "write year, month and day with two hyphens, as 2027-01-11"
    elif value in ("True", "False", "TRUE", "FALSE"):
        hint = "true and false are written in small letters"
    return BrokenToml(words, line=line, hint=hint)
