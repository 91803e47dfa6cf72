"""Links: encrypted, to hosts that somebody named, as they are, and without a trace of who clicked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qsl, urlsplit

from ...channels.registry import prices_of, spec_of
from ...domain.finding import Finding
from ...domain.message import PostBody
from ..top_level_domains import top_level_domains
from .context import Material
from .rendered_message import View
from .retired_contacts import host_of

#: Services that hide where a link leads and count who follows it.
SHORTENERS = frozenset(
    "bit.ly bitly.com buff.ly cutt.ly dlvr.it fb.me goo.gl hubs.li is.gd j.mp lnkd.in ow.ly rb.gy rebrand.ly s.id "
    "short.io shorturl.at t.co t.ly tiny.cc tinyurl.com trib.al tr.im urlz.fr v.gd wp.me x.gd".split()
)
#: Query parameters that say who came from where. A name that ends in ``_`` stands for all that start so.
TRACKING = (
    "utm_",
    "mc_",
    "pk_",
    "mtm_",
    "hsa_",
    "vero_",
    "_hs",
    "fbclid",
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "li_fat_id",
    "mkt_tok",
    "oly_anon_id",
    "oly_enc_id",
    "s_cid",
    "wickedid",
    "_openstat",
    "_ga",
    "ref_src",
    "ref_url",
    "si",
    "trk",
    "trkcampaign",
    "sc_campaign",
    "spm",
    "rb_clickid",
)
_WEB = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


def check_links(material: Material) -> Iterator[Finding]:
    """N101 to N108."""
    allowed_by_item: dict[tuple[str, tuple[str, ...]], frozenset[str]] = {}
    for view in material.views:
        key = (view.item.id, view.message.contacts)
        if key not in allowed_by_item:
            allowed_by_item[key] = allowed_hosts(view)
        for address in _addresses(view):
            yield from _one(view, address, allowed_by_item[key])
    for view, body in material.posts:
        yield from _post(material, view, body)


def _addresses(view: View) -> list[str]:
    """Every web address in the message, as written; bare domains of a post with ``https://`` before them."""
    found = list(view.addresses)
    for text in (*view.flows, *view.headlines.values()):
        found += [a.rstrip(".,;:!?)") for a in _WEB.findall(text)]
    channel = view.material.settings.channels.get(view.message.channel)
    rules = spec_of(channel).post if channel else None
    if rules is not None and isinstance(view.message.body, PostBody) and view.message.body.contains_url:
        text = view.message.body.text
        spans = (text[a:b] for a, b in rules.find_links(text, top_level_domains()))
        found += [s if "://" in s else f"https://{s}" for s in spans]
    return list(dict.fromkeys(a for a in found if a.lower().startswith(("http://", "https://"))))


def allowed_hosts(view: View) -> frozenset[str]:
    """Hosts to which this message may link, without ``www.``."""
    campaign, item = view.material.campaign, view.item
    addresses = [view.material.settings.public_url, item.action_url, *item.links]
    listed = (*item.claims, *item.then, *item.now, *view.message.claims)
    for claim in (campaign.claims[i] for i in dict.fromkeys(listed) if i in campaign.claims):
        addresses += [claim.source.url, *(c.url for c in claim.contested_by)]
    listed_contacts = [campaign.contacts[i] for i in item.contacts if i in campaign.contacts]
    for contact in (*view.contacts, *listed_contacts):
        addresses += [contact.href, contact.primary_source_url]
        addresses += [contact.value] if contact.kind in ("web", "chat") else []
    for pointer in dict.fromkeys((*view.message.quotations, *item.quotations)):
        pair = view.material.passage(pointer)
        addresses += [pair[0].url] if pair else []
    return frozenset(filter(None, (host_of(a) for a in addresses if not a.startswith(("tel:", "sms:", "mailto:")))))


def _one(view: View, address: str, allowed: frozenset[str]) -> Iterator[Finding]:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".").removeprefix("www.")
        user = parts.username
        readable = any(c.isalnum() for c in host)
    except ValueError:
        readable = False
    if not readable:
        yield view.finding("N102", "a link cannot be read as an address", address)
        return
    own = host == host_of(view.material.settings.public_url)
    shown = f"{parts.scheme}://{host}{parts.path}"
    if parts.scheme != "https" and not own:
        yield view.finding("N101", f"the link {shown} is not https", host)
    if user is not None:
        yield view.finding("N105", f"a link to {host} carries a user name", host)
    if host in SHORTENERS:
        yield view.finding("N103", f"the link {shown} is a short one", host)
    elif host not in allowed:
        yield view.finding("N102", f"no record of this item leads to {host}", host)
    traced = _tracking(parts)
    if traced:
        yield view.finding("N104", f"the link {shown} carries {', '.join(traced)}", host)


def _tracking(parts: SplitResult) -> list[str]:
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    return [n for n in dict.fromkeys(names) if any(_is_tracking(n.lower(), t) for t in TRACKING)]


def _is_tracking(name: str, tracking: str) -> bool:
    return name.startswith(tracking) if tracking.endswith("_") or tracking == "_hs" else name == tracking


def _post(material: Material, view: View, body: PostBody) -> Iterator[Finding]:
    channel = material.settings.channels.get(view.message.channel)
    if channel is None:
        return
    prices, rules = prices_of(channel), spec_of(channel).post
    if body.contains_url and prices is not None and prices.post_with_link > prices.post:
        costs = f"${prices.post_with_link:.3f} instead of ${prices.post:.3f}"
        yield view.finding("N106", f"the post holds a link and costs {costs}")
    for code, message, piece in rules.problems(body.text) if rules else ():
        yield view.finding(code, message, piece)
