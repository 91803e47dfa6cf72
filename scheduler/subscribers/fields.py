"""A reader's address, name, zone and cadence: what may stand in them, wherever they come from."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ..domain.cadence import DEFAULT_CADENCE, Cadence
from ..domain.hidden import PERSONAL, hidden_in, is_plain, without_hidden
from ..errors import ObservanceError

#: RFC 5321, 4.5.3.1: 64 octets before the @; a path of 256 with its angle brackets leaves 254 for the address.
LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64

# Everyday addresses, recognized at once. It may doubt a good one, never pass a bad one: full validation takes
# nine times as long, so it is asked only where this says no. No "--": punycode and its look-alikes need the full look.
_EVERYDAY = re.compile(
    r"(?!.*--)(?=.{6,254}\Z)(?=[^@]{1,64}@)"
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)\Z)[A-Za-z]{2,63}",
    re.IGNORECASE,
)

LONGEST_NAME = 200
#: Around a field; other white space is a control character or belongs to the text.
BLANKS = " \t\u00a0"


def hidden_in_name(name: str) -> str:
    """The first character that a name must not hold; empty when there is none. A name stands on one line."""
    if is_plain(name):
        return ""
    found = [(hidden.start, hidden.character) for hidden in hidden_in(name, PERSONAL)]
    found += [(name.index(sign), sign) for sign in "\t\n\r" if sign in name]
    return min(found)[1] if found else ""


def without_hidden_in_name(name: str) -> str:
    """The name without them; empty when nothing else was there."""
    return " ".join(without_hidden(name).split("\t")).strip(BLANKS)


@cache
def known_zones() -> frozenset[str]:
    """IANA names, read once. "localtime" would mean another zone on each machine."""
    from zoneinfo import available_timezones

    return frozenset(available_timezones() - {"localtime", "posixrules", "Factory"})


@lru_cache(maxsize=256)
def cadence_named(word: str) -> Cadence | None:
    """The cadence that a word means, as written in a list or a form; the default for none, None for another word."""
    plain = word.strip(BLANKS).casefold().replace("_", "-").replace(" ", "-")
    return DEFAULT_CADENCE if not plain else _CADENCES.get(plain)


_CADENCES = {str(cadence): cadence for cadence in Cadence} | {"weekly": Cadence.DIGEST}


class BadAddress(ObservanceError):
    """This is not an e-mail address."""


def checked_address(text: str) -> str:
    """The address as it will be stored: ASCII, an international domain in its ``xn--`` form.

    Raises BadAddress with the reason, which never repeats the text.
    """
    if _EVERYDAY.fullmatch(text):
        return text
    if reason := _plain_reason(text):
        raise BadAddress(reason)
    from email_validator import EmailNotValidError, validate_email  # lazily: it brings idna with it

    try:
        valid = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        # Its own message quotes parts of the address.
        raise BadAddress("the address is not one that mail servers take") from None
    address = valid.ascii_email
    if address is None or len(address) > LONGEST_ADDRESS:
        raise BadAddress(f"the address is longer than {LONGEST_ADDRESS} characters")
    return address


def _plain_reason(text: str) -> str:
    """What is wrong in everyday words, where that can be said without a full look."""
    local, at, host = text.rpartition("@")
    reasons = {
        "there is no address": not text,
        "the address has no @": not at,
        "the address has more than one @": "@" in local,
        "there is a space in the address": any(c.isspace() for c in text),
        "the address is not whole": not local or not host,
        "the part after the @ has no dot": "." not in host,
        f"the address is longer than {LONGEST_ADDRESS} characters, or {LONGEST_LOCAL_PART} before the @": (
            len(text) > LONGEST_ADDRESS or len(local) > LONGEST_LOCAL_PART
        ),
        "the part before the @ has letters that few mail servers take": not local.isascii(),
    }
    return next((reason for reason, is_wrong in reasons.items() if is_wrong), "")
