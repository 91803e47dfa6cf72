"""Hosts in texts: where one stands, what it is called, and which known one it imitates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from ..domain.canonical_text import plain_letters
from .spellings import edits
from .top_level_domains import top_level_domains

#: Second levels below which names are registered in a country.
_SECOND_LEVELS = frozenset({"ac", "co", "com", "edu", "gob", "gov", "net", "org"})
_BARE = re.compile(r"(?:(?<=^//)|(?<![\w@./-]))(?:[\w-]{1,63}\.)+([^\W\d_]{2,24})(?![\w@-])")
#: A host whose full stop is written in a word or in brackets.
_STOP = r" ?(?:\(dot\)|\[dot\]|\[\.\]|\(\.\)|(?<= )dot(?= )|(?<= )punto(?= )) ?"
_IN_WORDS = re.compile(rf"(?<![\w@])([a-z0-9-]{{3,60}}){_STOP}(com|org|net|gov|edu|info|us|co)(?!\w)", re.IGNORECASE)
#: Figures that stand for letters, and pairs of letters that look like one.
_AS_LETTERS = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("5", "s"), ("-", ""))
#: Shorter names are near to each other by chance.
_SHORTEST = 5
_LONG = 9

#: For examples, in which nobody has a site: a reader takes it for one all the same.
_RESERVED = frozenset({"example"})
_FULL_STOPS = (" dot ", " punto ", "(dot)", "[dot]", "[.]", "(.)")


@lru_cache(maxsize=4096)
def host_of(address: str) -> str:
    """The host of a web address, without ``www.``, in small letters; of bare ``example.org/x`` too."""
    try:
        host = urlsplit(address if "://" in address else f"https://{address}").hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


@lru_cache(maxsize=8192)
def bare_hosts_in(text: str) -> tuple[str, ...]:
    """Names of sites in a text that stand there without ``https://``; a missing blank behind a full stop makes none."""
    low = text.casefold()
    spelled = tuple(f"{m[1]}.{m[2]}" for m in _IN_WORDS.finditer(low)) if any(w in low for w in _FULL_STOPS) else ()
    if "." not in text:
        return spelled
    found = ((m[0], m[1]) for word in text.split() if "." in word[:-1] for m in _BARE.finditer(word))
    bare = (
        host
        for host, ending in found
        if (_is_known(ending.lower()) or host.lower().startswith("www.")) and (ending.islower() or host.isupper())
    )
    return (*bare, *spelled)


def _is_known(ending: str) -> bool:
    return ending in top_level_domains() or ending in _RESERVED


def is_within(host: str, other: str) -> bool:
    """Whether a host is the other one, or lies below it."""
    return host == other or host.endswith(f".{other}")


def registered_name(host: str) -> str:
    """The part that somebody registered: ``example.org`` of ``news.example.org``."""
    labels = host.split(".")
    long = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3 if long else -2 :])


def as_shown(host: str) -> str:
    """As a browser may show it: an international name in its own letters."""
    labels = []
    for label in host.split("."):
        try:
            labels.append(label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)


@lru_cache(maxsize=4096)
def _skeleton(label: str) -> str:
    """What a label looks like at a glance."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", label) if not unicodedata.combining(c))
    plain = plain_letters(plain).casefold()
    for written, seen in _AS_LETTERS:
        plain = plain.replace(written, seen)
    return plain


@lru_cache(maxsize=4096)
def imitated(host: str, known: frozenset[str]) -> str:
    """The known host that this one may be taken for; empty where it is known itself, or like none."""
    if any(is_within(host, registered_name(k)) for k in known):
        return ""
    shown = as_shown(host)
    own = registered_name(shown).partition(".")[0]
    below = next((k for k in sorted(known) if f".{k}." in f".{host}"), "")
    return below or next((k for k in sorted(known) if _is_like(shown, own, registered_name(k))), "")


def _is_like(host: str, own: str, registered: str) -> bool:
    """Whether a host looks like another one that is ``registered``; ``own``: the name that it has itself."""
    name, one = registered.partition(".")[0], _skeleton(own)
    if one == _skeleton(registered.replace(".", "")):
        return True  # stategov.org for state.gov
    if len(name) < _SHORTEST:
        return False
    other = _skeleton(name)
    if one == other or edits(one, other, 2 if len(other) >= _LONG else 1) <= (2 if len(other) >= _LONG else 1):
        return True
    return len(other) >= _LONG and other in _skeleton(host.replace(".", "-"))


def hosts_of(addresses: Iterable[str]) -> Iterator[str]:
    """The hosts of web addresses, and of e-mail addresses what stands behind the sign."""
    for address in addresses:
        bare = address.removeprefix("mailto:")
        host = bare.rpartition("@")[2].casefold() if "@" in bare and "/" not in bare else host_of(address)
        if host and not address.startswith(("tel:", "sms:")):
            yield host
