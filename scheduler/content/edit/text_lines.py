"""A text file's lines with their line ends, so that a change of some leaves the bytes of all others as they are."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

from ...light_dataclass import dataclass
from ...schema.toml_text import decode

_BOM = b"\xef\xbb\xbf"


def fingerprint(raw: bytes) -> str:
    """SHA-256 (hex) of a file's bytes."""
    return hashlib.sha256(raw).hexdigest()


@dataclass(frozen=True)
class Rows:
    """``texts`` are the lines without their ends, ``ends`` the ends: ``\\n``, ``\\r\\n``, or nothing for the last."""

    texts: tuple[str, ...]
    ends: tuple[str, ...]
    mark: bytes = b""  # the byte order mark, where there is one

    @classmethod
    def of(cls, raw: bytes) -> Rows:
        """Raises :class:`~scheduler.schema.toml_text.WrongEncoding`."""
        pieces = re.split(r"(\r?\n)", decode(raw))
        return cls(tuple(pieces[::2]), (*pieces[1::2], ""), _BOM if raw.startswith(_BOM) else b"")

    @property
    def text(self) -> str:
        """As the loader reads it: with ``\\n`` as line end."""
        return "\n".join(self.texts)

    def raw(self) -> bytes:
        """Raises UnicodeEncodeError for half a character."""
        return self.mark + "".join(map("".join, zip(self.texts, self.ends, strict=True))).encode()

    def with_lines(self, start: int, stop: int, lines: Sequence[str]) -> Rows:
        """The rows with those from ``start`` to before ``stop`` (from 0) replaced. New lines end as the others do."""
        usual = Counter(end for end in self.ends if end).most_common(1)
        end = usual[0][0] if usual else "\n"
        taken = self.ends[start:stop]
        ends = (*taken[: len(lines)], *[end] * (len(lines) - len(taken)))
        ends = (*self.ends[:start], *ends, *self.ends[stop:])
        # Only the very last line has no end, and it has none.
        ends = (*(e or end for e in ends[:-1]), "")
        return Rows((*self.texts[:start], *lines, *self.texts[stop:]), ends, self.mark)

    def with_text(self, start: int, stop: int, text: str) -> Rows:
        """As :meth:`with_lines` with the lines of ``text``; those that stay the same at both ends are not touched."""
        old, new = self.texts[start:stop], tuple(text.split("\n"))
        most = min(len(old), len(new))
        head = next((n for n in range(most) if old[n] != new[n]), most)
        tail = next((n for n in range(most - head) if old[-1 - n] != new[-1 - n]), most - head)
        return self.with_lines(start + head, stop - tail, new[head : len(new) - tail])
