"""E-mail addresses: when two of them are the same reader."""

from __future__ import annotations


def address_key(address: str) -> str:
    """What addresses are compared by: the address without regard to upper and lower case, on both sides of the @.

    RFC 5321, 2.4 lets a server tell ``Ann@`` from ``ann@``; none that matters does, and writing twice to one
    person, or once more to somebody who has left, would be the worse mistake. Dots and ``+tags`` count: whether they
    lead to the same mailbox is known to its provider alone. Two keys are equal only for equal addresses, so a key is
    as confidential as an address.
    """
    return address.casefold()
