"""What a template's mistake is, in words of whoever writes campaign files and not of the library that reads them."""

from __future__ import annotations

import re

_WORDS = (
    (r"unexpected end of template, expected 'end of print statement'", "a {{ has no }} behind it"),
    (r"unexpected end of template, expected 'end of statement block'", "a {% has no %} behind it"),
    (r"unexpected end of template.* needs to be closed is '(\w+)'", r"a {% \1 ... %} has no {% end\1 %}"),
    (r"encountered unknown tag '(end\w+)'.* needs to be closed is '(\w+)'", r"{% \1 %} comes before {% end\2 %}"),
    (r"encountered unknown tag 'end(\w+)'", r"{% end\1 %} has no {% \1 ... %} before it"),
    (r"encountered unknown tag '(\w+)'", r"there is no {% \1 %}"),
    (r"unexpected '(.)', expected '(.)'", r"a \2 is missing before the \1"),
    (r"unexpected '(.)'", r"a \1 is one too many, or stands alone"),
    (r"unexpected char '(\"|\\?')' at \d+", "a quotation mark has no other one behind it"),
    (r"unexpected char (.+) at \d+", r"\1 cannot stand between braces"),
    (r"expected an expression, got 'end of .*'", "nothing stands between the braces"),
    (r"expected token 'end of (?:print statement|statement block)', got .*", "a word or a bracket is missing"),
    (r"missing end of comment tag", "a {# has no #} behind it"),
)


def template_mistake(message: str) -> str:
    """What the library says of a text that it cannot read; its own words where it says something rarer."""
    for pattern, words in _WORDS:
        found = re.match(pattern, message.replace('"\'"', "'''"), re.IGNORECASE)
        if found:
            return found.expand(words)
    return f"cannot be read: {message}"
