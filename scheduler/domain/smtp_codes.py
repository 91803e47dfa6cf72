"""Which of a mail server's codes say that an address is dead. The policy is data; words are never read.

Basic codes: RFC 5321, 4.2.3. Enhanced codes: RFC 3463 and IANA's registry of SMTP Enhanced Status Codes. A dead address
is barred for good, so in doubt a code is left out: a refusal about *us* (reputation, size, login) or for the time being
(a full mailbox) says nothing about the address.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

#: Code -> what it says. An enhanced code goes first; a basic one counts only where the server gives no enhanced one.
#:
#: Left out on purpose: 5.1.0, 5.2.0, 5.4.0, 5.0.0 and a bare 550 ("mailbox unavailable", also "for policy reasons")
#: name no cause; 5.2.2 is a full mailbox, 5.2.3, 5.3.4 and 552 a mail that is too large; 5.1.7 and 5.1.8 are about the
#: sender, 5.5.x about the talk, 5.6.x about the content, 5.7.x about policy: relaying, spam, authentication.
DEAD_CODES: Mapping[str, str] = MappingProxyType(
    {
        "5.1.1": "no mailbox of that name (RFC 3463)",
        "5.1.2": "no domain of that name, or it takes no mail (RFC 3463)",
        "5.1.3": "not an address by that system's rules (RFC 3463)",
        "5.1.6": "the mailbox has moved, and nobody says where to (RFC 3463)",
        "5.1.10": "the domain says that it takes no mail: null MX (RFC 7505)",
        "5.2.1": "the mailbox is disabled for good (RFC 3463)",
        "5.4.4": "no route: the domain has no mail server (RFC 3463)",
        "551": "the mailbox is not there any more (RFC 5321)",
        "556": "the domain takes no mail (RFC 7504)",
    }
)

_ENHANCED = re.compile(r"\s*([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")


def enhanced_code(text: str) -> str:
    """The enhanced status code at the beginning of a server's words; empty where there is none."""
    found = _ENHANCED.match(text)
    return found[1] if found else ""


def says_dead(code: str, status: int | None = None, *, dead: Collection[str] = DEAD_CODES) -> bool:
    """Whether an enhanced ``code``, or else a basic ``status``, says that the address is dead. Permanent ones alone."""
    if status is not None and not 500 <= status < 600:
        return False
    return code in dead if code else str(status) in dead


def codes_of(setting: str) -> frozenset[str]:
    """The codes of a setting, with commas or blanks between; the table's where it names none."""
    return frozenset(filter(None, re.split(r"[,\s]+", setting))) or frozenset(DEAD_CODES)
