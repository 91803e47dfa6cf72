"""Whether a text is an e-mail address that mail servers will take."""

from __future__ import annotations

import re

from ..errors import ObservanceError

#: RFC 5321, 4.5.3.1: 64 octets before the @; a path of 256 with its angle brackets leaves 254 for the address.
LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64

# Everyday addresses, recognised at once. It may doubt a good one, never pass a bad one: full validation takes
# nine times as long, so it is asked only where this says no. No "--": punycode and its look-alikes need the full look.
_EVERYDAY = re.compile(
    r"(?!.*--)(?=.{6,254}\Z)(?=[^@]{1,64}@)"
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)\Z)[A-Za-z]{2,63}",
    re.IGNORECASE,
)


class BadAddress(ObservanceError):
    """This is not an e-mail address."""


def checked_address(text: str) -> str:
    """The address as it will be stored: ASCII, an international domain in its ``xn--`` form.

    Raises BadAddress with the reason, which never repeats the text.
    """
    if _EVERYDAY.fullmatch(text):
        return text
    if (reason := _plain_reason(text)) is not None:
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


def _plain_reason(text: str) -> str | None:
    """What is wrong in everyday words, where that can be said without a full look."""
    local, at, host = text.rpartition("@")
    if not text:
        return "there is no address"
    if not at:
        return "the address has no @"
    if "@" in local:
        return "the address has more than one @"
    if any(c.isspace() for c in text):
        return "there is a space in the address"
    if not local or not host:
        return "the address is not whole"
    if "." not in host:
        return "the part after the @ has no dot"
    if len(text) > LONGEST_ADDRESS or len(local) > LONGEST_LOCAL_PART:
        return f"the address is longer than {LONGEST_ADDRESS} characters, or {LONGEST_LOCAL_PART} before the @"
    if not local.isascii():
        return "the part before the @ has letters that few mail servers take"
    return None
