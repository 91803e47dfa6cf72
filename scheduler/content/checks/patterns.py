"""Regular expressions from a file that anybody may write: only those whose worst case is small.

A backtracking matcher can take exponential time on a pattern such as ``(a+)+b``. Instead of stopping it by a clock,
a pattern is taken only when the number of ways in which it can be tried at one place is small: no open repetition,
no back-references, no look-around, and a product of all choices below :data:`MOST_WAYS`.
"""

from __future__ import annotations

import re

LONGEST = 200
MOST_WAYS = 2_000
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_BOUNDS = re.compile(r"\{(?=[\d,])(\d*)(?:,(\d*))?\}")


class RefusedPattern(ValueError):
    """The pattern is not taken; the message says why."""


def bounded(pattern: str) -> re.Pattern[str]:
    """The compiled pattern (case does not matter). Raises :class:`RefusedPattern`."""
    if len(pattern) > LONGEST:
        raise RefusedPattern(f"it has {len(pattern)} characters; {LONGEST} is the most")
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise RefusedPattern(f"it is no regular expression ({error})") from None
    if _Counter(pattern).ways() > MOST_WAYS:
        raise RefusedPattern("it can be tried in too many ways at one place")
    if compiled.match(""):
        raise RefusedPattern("it also matches nothing at all")
    return compiled


class _Counter:
    """Counts in how many ways a pattern can be tried from one place, as an upper bound."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def ways(self) -> int:
        return self._choices()

    def _choices(self) -> int:
        total, here = 0, 1
        while self.at < len(self.pattern):
            character = self.pattern[self.at]
            if character == ")":
                break
            if character == "|":
                total, here = total + here, 1
                self.at += 1
                continue
            inner = self._atom(character)
            here = min(here * self._repeated(inner), MOST_WAYS + 1)
        return total + here

    def _atom(self, character: str) -> int:
        if character == "(":
            return self._group()
        if character == "[":
            found = _CLASS.match(self.pattern, self.at)
            self.at = found.end() if found else self.at + 1
        elif character == "\\":
            following = self.pattern[self.at + 1 : self.at + 2]
            if following.isdigit() and following != "0":
                raise RefusedPattern("it holds a back-reference")
            self.at += 2
        else:
            self.at += 1
        return 1

    def _group(self) -> int:
        self.at += 1
        if self.pattern.startswith("?:", self.at):
            self.at += 2
        elif self.pattern.startswith("?", self.at):
            raise RefusedPattern("groups may start with ( or (?: only")
        inner = self._choices()
        self.at += 1
        return inner

    def _repeated(self, inner: int) -> int:
        """Ways of the atom with the repetition that follows it."""
        character = self.pattern[self.at : self.at + 1]
        least, most = 1, 1
        if character in ("*", "+") and character:
            raise RefusedPattern(f"it repeats without limit ({character}); write {{0,20}} or {{1,20}}")
        if character == "?":
            least, most = 0, 1
            self.at += 1
        elif character == "{" and (bounds := _BOUNDS.match(self.pattern, self.at)):
            if bounds[2] == "":
                raise RefusedPattern("it repeats without limit; write an upper bound, as {0,20}")
            least, most = int(bounds[1] or 0), int(bounds[2] or bounds[1])
            self.at = bounds.end()
        else:
            return inner
        if self.pattern[self.at : self.at + 1] in ("?", "+"):
            self.at += 1
        if most > 1000:
            raise RefusedPattern("it repeats more than 1,000 times")
        # Each of the counts least..most is a choice, and every round can be tried in all the ways of the atom.
        per_round = min(inner, MOST_WAYS + 1) ** min(most, 20) if inner > 1 else 1
        return (most - least + 1) * per_round
