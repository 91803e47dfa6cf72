"""Links and tags. Links: encrypted, to hosts that somebody named, as they are, and without a trace of who clicked.
Hashtags: only those that the campaign keeps, in the season for which they are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from ...channels.registry import prices_of
from ...domain.finding import Finding
from ...domain.message import PostBody
from ..top_level_domains import top_level_domains
from .context import Material, View
from .help_lines import host_of

#: Services that hide where a link leads and count who follows it.
SHORTENERS = frozenset(
    "bit.ly bitly.com buff.ly cutt.ly dlvr.it fb.me goo.gl hubs.li is.gd j.mp lnkd.in ow.ly rb.gy rebrand.ly s.id "
    "short.io shorturl.at t.co t.ly tiny.cc tinyurl.com trib.al tr.im urlz.fr v.gd wp.me x.gd".split()
)
#: Query parameters that say who came from where, and how others begin that do.
TRACKING = frozenset(
    "fbclid gclid dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id mkt_tok oly_anon_id "
    "oly_enc_id s_cid wickedid _openstat _ga ref_src ref_url si trk trkcampaign sc_campaign spm rb_clickid".split()
)
TRACKING_STARTS = ("utm_", "mc_", "pk_", "mtm_", "hsa_", "vero_", "_hs")
_WEB = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
# A fragment of an address (https://example.org/#top) is no tag: the sign stands behind a slash or a letter.
_TAG = re.compile(r"(?<![\w&/])#([^\W\d]\w*|\d+[^\W\d]\w*)")


def check_links(material: Material) -> Iterator[Finding]:
    """N101 to N108."""
    allowed: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for view in material.views:
        key = (view.item.id, view.message.contacts)
        if key not in allowed:
            allowed[key] = _allowed_hosts(view)
        for address in _addresses(view):
            yield from _one(view, address, allowed[key])
    for view, body in material.posts:
        yield from _post(view, body)


def _addresses(view: View) -> list[str]:
    """Every web address in the message, as written; bare domains of a post with ``https://`` before them."""
    found = list(view.addresses)
    for text in (*view.flows, *view.headlines.values()):
        found += [a.rstrip(".,;:!?)") for a in _WEB.findall(text)]
    rules, body = view.material.post_rules(view.message), view.message.body
    if rules is not None and isinstance(body, PostBody) and body.contains_url:
        spans = (body.text[a:b] for a, b in rules.find_links(body.text, top_level_domains()))
        found += [s if "://" in s else f"https://{s}" for s in spans]
    return list(dict.fromkeys(a for a in found if a.lower().startswith(("http://", "https://"))))


def _allowed_hosts(view: View) -> set[str]:
    """Hosts to which this message may link, without ``www.``."""
    campaign, item = view.material.campaign, view.item
    addresses = [view.material.settings.public_url, item.action_url, *item.links]
    for claim in view.listed_claims:
        addresses += [claim.source.url, *(c.url for c in claim.contested_by)]
    for contact in (*view.contacts, *(campaign.contacts[i] for i in item.contacts if i in campaign.contacts)):
        addresses += [contact.href, contact.primary_source_url]
        addresses += [contact.value] if contact.kind in ("web", "chat") else []
    passages = map(view.material.passage, (*view.message.quotations, *item.quotations))
    addresses += [source.url for source, _ in filter(None, passages)]
    return {host_of(a) for a in addresses if not a.startswith(("tel:", "sms:", "mailto:"))} - {""}


def _one(view: View, address: str, allowed: set[str]) -> Iterator[Finding]:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".").removeprefix("www.")
        user = parts.username
    except ValueError:
        host = ""
    if not any(c.isalnum() for c in host):
        yield view.finding("N102", "a link cannot be read as an address", address)
        return
    shown = f"{parts.scheme}://{host}{parts.path}"
    if parts.scheme != "https" and host != host_of(view.material.settings.public_url):
        yield view.finding("N101", f"the link {shown} is not https", host)
    if user is not None:
        yield view.finding("N105", f"a link to {host} carries a user name", host)
    if host in SHORTENERS:
        yield view.finding("N103", f"the link {shown} is a short one", host)
    elif host not in allowed:
        yield view.finding("N102", f"no record of this item leads to {host}", host)
    names = {name: name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    traced = [name for name, low in names.items() if low in TRACKING or low.startswith(TRACKING_STARTS)]
    if traced:
        yield view.finding("N104", f"the link {shown} carries {', '.join(traced)}", host)


def _post(view: View, body: PostBody) -> Iterator[Finding]:
    channel = view.material.settings.channels.get(view.message.channel)
    if channel is None:
        return
    prices, rules = prices_of(channel), view.material.post_rules(view.message)
    if body.contains_url and prices is not None and prices.post_with_link > prices.post:
        costs = f"${prices.post_with_link:.3f} instead of ${prices.post:.3f}"
        yield view.finding("N106", f"the post holds a link and costs {costs}")
    for code, message, piece in rules.problems(body.text) if rules else ():
        yield view.finding(code, message, piece)


def check_tags(material: Material) -> Iterator[Finding]:
    """T101 to T104, over posts and emails."""
    known = {tag.casefold(): record for tag, record in material.campaign.hashtags.items()}
    season = material.plan.season.year
    for view in material.views:
        for tag in dict.fromkeys(f"#{tag}" for block in view.blocks if "#" in block for tag in _TAG.findall(block)):
            record = known.get(tag[1:].casefold())
            if record is None:
                yield view.finding("T101", f"{tag} is not in hashtags.toml", tag)
                continue
            why = f": {record.reason.rstrip('.')}" if record.reason else ""
            hint = f"write #{record.replaced_by}" if record.replaced_by else ""
            if record.status == "avoid":
                yield view.finding("T103", f"{tag} is to be avoided{why}", tag, hint=hint)
            elif record.status == "retired":
                yield view.finding("T102", f"{tag} is retired{why}", tag, hint=hint)
            elif record.seasons and season not in record.seasons:
                kept = ", ".join(map(str, record.seasons))
                yield view.finding("T104", f"{tag} is kept for {kept}, not for {season}{why}", tag, hint=hint)
