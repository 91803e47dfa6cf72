"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re
from functools import lru_cache

#: It begins with a class of signs, so that Python looks at these alone, not at each letter.
_END = re.compile(
    r"[.!?\u2026\n](?:(?<=\n)|[.!?\u2026]*[\"\u201d\u2019'\u00bb)\]]*"
    r"(?=\s+[\"\u201c\u2018'\u00ab(\u00bf\u00a1\[]*[^\Wa-z\u00df-\u00f6\u00f8-\u00ff_]))"
)
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:(?:[A-Za-z]\.)+|(?:Dr|Mr|Mrs|Ms|St|No|Jr|Sr|Rev|Gen|Gov|Sen|Rep|vs|approx|dept|Jan|Feb|Mar|Apr|Aug"
    r"|Sept?|Oct|Nov|Dec|n\u00fam|mill|Sra?|Dra?|p\. ?m|a\. ?m|EE\. ?UU)\.)$"
)


@lru_cache(maxsize=8192)
def sentences_in(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of a text's sentences, without the blanks around them. A line is never part of two."""
    spans = []
    begun = 0
    for end in (*(m.end() for m in _END.finditer(text)), len(text)):
        piece = text[begun:end]
        if end < len(text) and text[end - 1] == "." and _ABBREVIATED.search(_last_two_words(piece)):
            continue
        stripped = piece.strip()
        if stripped:
            start = begun + piece.index(stripped[0])
            spans.append((start, start + len(stripped)))
        begun = end
    return tuple(spans)


def _last_two_words(text: str) -> str:
    return text[text.rfind(" ", 0, text.rfind(" ")) + 1 :]
