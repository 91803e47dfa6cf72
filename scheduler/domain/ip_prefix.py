"""Where on the network a form came from, as coarsely as it must be known to tell a flood by."""

from __future__ import annotations

import ipaddress


def network_of(address: str | None) -> str:
    """The neighbourhood of an address: the /24 of IPv4, the /64 that one line is given of IPv6; empty for none."""
    try:
        known = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is not None:
        known = known.ipv4_mapped
    return str(ipaddress.ip_network((known, 24 if known.version == 4 else 64), strict=False))
