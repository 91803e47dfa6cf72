"""Addresses: when two of them are the same reader, what is kept of one, where on the network one is."""

from __future__ import annotations

import hashlib
import ipaddress


def address_key(address: str) -> str:
    """What addresses are compared by: the address without regard to upper and lower case, on both sides of the @.

    RFC 5321, 2.4 lets a server tell ``Ann@`` from ``ann@``; none that matters does, and writing twice to one
    person, or once more to somebody who has left, would be the worse mistake. Dots and ``+tags`` count: whether they
    lead to the same mailbox is known to its provider alone. Two keys are equal only for equal addresses, so a key is
    as confidential as an address.
    """
    return address.casefold()


def keyed_hash(text: str, key: bytes) -> str:
    """What is kept of an address, or of a network address, that must be known again and not be read: 64 hex digits.

    Keyed BLAKE2b (RFC 7693): without the key, a list of all addresses in the world is of no help in finding which one
    it was. ``key`` has at most 64 bytes.
    """
    return hashlib.blake2b(text.encode(), key=key, digest_size=32, person=b"observance-addr").hexdigest()


def network_of(address: str | None) -> str:
    """The neighborhood of an address: the /24 of IPv4, the /64 that one line is given of IPv6; empty for none."""
    try:
        known = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is not None:
        known = known.ipv4_mapped
    return str(ipaddress.ip_network((known, 24 if known.version == 4 else 64), strict=False))
