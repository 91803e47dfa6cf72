"""Links and tags. Links: encrypted, to hosts that somebody named, as they are shown, like no other host, and without a
trace of who clicked. Hashtags: only those that the campaign keeps, in the season for which they are kept.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from urllib.parse import parse_qsl, urlsplit

from ...channels.registry import prices_of
from ...domain.claim import ContactStatus
from ...domain.finding import Finding, Where
from ...domain.message import EmailBody, PostBody
from ..codes import CODES
from ..hosts import bare_hosts_in, host_of, hosts_of, imitated, is_within, registered_name
from ..known_publishers import KNOWN_PUBLISHERS
from ..phrases import stands_in
from ..top_level_domains import top_level_domains
from .context import Material, View, about
from .known_numbers import WRITE_ALIKE, digits_of, numbers_in
from .visible_text import fold

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
_WEB = re.compile(r"h(?:tt|xx)ps?://[^\s<>\"']+", re.IGNORECASE)
# A fragment of an address (https://example.org/#top) is no tag: the sign stands behind a slash or a letter.
_TAG = re.compile(r"(?<![\w&/])#([^\W\d]\w*|\d+[^\W\d]\w*)")


_LINK = re.compile(r"""<a\b[^>]*\bhref\s*=\s*["']([^"']+)["'][^>]*>(.*?)</a\s*>""", re.DOTALL | re.IGNORECASE)
_PICTURE = re.compile(r"""<img\b[^>]*\bsrc\s*=\s*["'](https?:[^"']+)["']""", re.IGNORECASE)
#: Who is named as a source, up to the address.
_SOURCE = re.compile(
    r"\b(?:[Ss]ources?|[Ff]uentes?|[Aa]ccording to|[Ss]eg[u\u00fa]n|[Dd]e acuerdo con)\b"
    r"(?P<told>[^\n]{1,200}?)(?P<address>https?://[^\s<>\"']+)"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
#: Where what is told before an address begins, at the most so many characters before it.
_BEGINS, _MOST_TOLD = re.compile(r"[.!?;](?=\s)|\n"), 200
_MARKUP = re.compile(r"<[^<>]*>")
#: Words that many names have.
_OF_MANY = frozenset("National American Center Society Line Hotline Lifeline Department Of The".split())
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BY_NUMBER = re.compile(r"[\d.]+|.*:.*")


def check_links(material: Material) -> Iterator[Finding]:
    """N101 to N108, N110 to N112, message by message."""
    allowed: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    registered = _registered(material)
    for view in material.views:
        key = (view.item.id, view.message.contacts)
        if key not in allowed:
            allowed[key] = _allowed_hosts(view)
        for address in _addresses(view):
            yield from _one(view, address, allowed[key], registered)
    publishers = {**KNOWN_PUBLISHERS, **material.campaign.publishers}
    owners = {own.removeprefix("www."): name for name, hosts in publishers.items() for own in hosts}
    owners |= {host_of(c.href): c.label for c in material.campaign.contacts.values() if c.href.startswith("http")}
    owners |= {host_of(c.primary_source_url): c.label for c in material.campaign.contacts.values()}
    claims, sources = material.campaign.claims.values(), material.campaign.sources.values()
    of_records = {claim.source.url: claim.source.publisher for claim in claims}
    of_records |= {source.url: source.publisher for source in sources}
    for view in material.views:
        for block in view.blocks:
            if "://" in block:
                yield from _of_another_publisher(view, block, publishers, owners, of_records)
    for view, mail in material.emails:
        yield from _shown(view, mail)
    for view, body in material.posts:
        yield from _post(view, body)


def _addresses(view: View) -> list[str]:
    """Every web address in the message, as written; bare domains of a post with ``https://`` before them."""
    found = list(view.addresses)
    if isinstance(view.message.body, EmailBody):
        found += [html.unescape(a) for a in _PICTURE.findall(view.message.body.html)]
    for text in (part.flow for part in view.all_parts):
        found += [a.rstrip(".,;:!?)") for a in _WEB.findall(text)]
        found += [f"https://{host}" for host in bare_hosts_in(_WEB.sub(" ", text))]
    rules, body = view.material.post_rules(view.message), view.message.body
    if rules is not None and isinstance(body, PostBody) and body.contains_url:
        spans = (body.text[a:b] for a, b in rules.find_links(body.text, top_level_domains()))
        found += [s if "://" in s else f"https://{s}" for s in spans]
    return list(dict.fromkeys(a for a in found if _is_web(a)))


def _is_web(address: str) -> bool:
    """Whether a link leads to a page; with a scheme that nobody reads it is looked at, too."""
    scheme = _SCHEME.match(address)
    return scheme is not None and scheme[0][:-1].lower() not in ("tel", "sms", "mailto", "cid")


def _registered(material: Material) -> frozenset[str]:
    """The hosts that records stand for: what others are held against that look like them."""
    campaign, own = material.campaign, material.settings.organisation
    active = [c for c in campaign.contacts.values() if c.status is ContactStatus.ACTIVE]
    addresses = [material.settings.public_url, f"mailto:{own.from_address}", f"mailto:{own.reply_to}"]
    addresses += [c.value for c in active if c.kind in ("web", "chat", "email")]
    addresses += [c.primary_source_url for c in active]
    addresses += [h for hosts in campaign.publishers.values() for h in hosts]
    addresses += [source.url for source in campaign.sources.values()]
    return frozenset(hosts_of(a for a in addresses if a))


def check_linked_records(material: Material) -> Iterator[Finding]:
    """N110 and N111 of what records and items name as addresses, before anybody prints it."""
    campaign, registered = material.campaign, _registered(material)
    yield from _own_addresses(material)
    for contact in campaign.contacts.values():
        if contact.status is not ContactStatus.ACTIVE:
            continue
        host = next(hosts_of([contact.href]), "") if contact.href else ""
        own = next(hosts_of([contact.value]), "") if contact.kind in ("web", "chat", "email") else ""
        if host and own and not is_within(host, own) and not is_within(own, host):
            said = about(contact, "", f" is {own}, and its link leads to {host}")
            yield CODES["N111"].at(contact.where, said, hint=WRITE_ALIKE)
        elif host and (like := imitated(host, registered)):
            yield CODES["N110"].at(contact.where, about(contact, "", f" leads to {host}, which looks like {like}"))
        elif contact.href.startswith(("tel:", "sms:")) and not _same_number(contact.value, contact.href):
            said = about(contact, "", f" is {contact.value}, and its link leads to {contact.href}")
            yield CODES["N111"].at(contact.where, said, hint=WRITE_ALIKE)
    claims = [(c.where, c.id, c.source.url) for c in campaign.claims.values()]
    for where, record, url in claims:
        if like := imitated(host_of(url), registered) if url else "":
            yield CODES["N110"].at(where, f"{record} leads to {host_of(url)}, which looks like {like}")
    for planned in material.plan.items:
        for url in dict.fromkeys((*planned.item.links, planned.item.action_url)):
            if like := imitated(host_of(url), registered) if url else "":
                message = f"the item names {host_of(url)}, which looks like {like}"
                yield CODES["N110"].at(planned.item.where, message, item=planned.item.id)


def _own_addresses(material: Material) -> Iterator[Finding]:
    """N110 of the organization's own addresses, one held against the others: a letter that was left out sends what
    readers answer to a stranger."""
    own, known = material.settings.organisation, [*chain.from_iterable(material.campaign.publishers.values())]
    at = {name: next(hosts_of([f"mailto:{getattr(own, name)}"]), "") for name in ("from_address", "reply_to")}
    answers = registered_name(at["reply_to"])
    like = imitated(answers, frozenset(filter(None, (at["from_address"], *known))))
    if like and registered_name(like).partition(".")[0] != answers.partition(".")[0]:
        message = f"organisation.reply_to is at {at['reply_to']}, which looks like {like}"
        yield CODES["N110"].at(Where("config/settings.toml"), message)


def _same_number(shown: str, address: str) -> bool:
    """Whether a link to a telephone leads to the number that is shown; what shows none may lead anywhere."""
    printed = digits_of(shown)
    leads_to = "".join(c for c in address if c.isdigit())
    return not printed or printed == leads_to or leads_to == f"1{printed}"


def _shown(view: View, mail: EmailBody) -> Iterator[Finding]:
    """Links whose words are another address than the one to which they lead."""
    for address, inner in dict.fromkeys(_LINK.findall(mail.html)):
        words, target = fold(html.unescape(_MARKUP.sub("", inner))), html.unescape(address)
        host = next(hosts_of([target]), "")
        shown = [h.lower().removeprefix("www.") for h in bare_hosts_in(words)]
        shown += [host_of(a) for a in _WEB.findall(words)]
        other = next((h for h in shown if host and h != host and not is_within(host, h)), "")
        if other:
            yield view.finding("N111", f"a link says {other} and leads to {host}", other)
        elif target.startswith(("tel:", "sms:")):
            for number, _ in numbers_in(words):
                if not _same_number(number, target):
                    yield view.finding("N111", f"a link says {number} and leads to {target}", number)


def _of_another_publisher(
    view: View,
    block: str,
    publishers: Mapping[str, Sequence[str]],
    owners: Mapping[str, str],
    of_records: Mapping[str, str],
) -> Iterator[Finding]:
    """A source that is said to be a publisher's, with an address of somebody else; and a publisher who is named in
    front of the address of another one that is known (``owners``). An address of a record is looked at with the record
    (C117); ``of_records``: whose each of them is."""
    there = [name for name in publishers if name in block]
    if not there:
        return
    told_of: set[str] = set()
    sources = ((True, found["told"], found["address"]) for found in _SOURCE.finditer(block))
    for is_source, told, whole in (*sources, *_told_before(block)):
        address = whole.rstrip(".,;:!?)")
        is_theirs = address in of_records and stands_in(of_records[address], told)
        host = "" if is_theirs else host_of(address)
        named = [name for name in there if stands_in(name, told)]
        hosts = [own.removeprefix("www.") for name in named for own in publishers[name]]
        if not host or host in told_of or not hosts or any(is_within(host, own) for own in hosts):
            continue
        if is_source:
            message = f"the source is said to be {named[0]}, and the link leads to {host}"
        elif (owner := next((owners[own] for own in owners if own and is_within(host, own)), "")) and not any(
            word in told for word in owner.split() if word[0].isupper() and word not in _OF_MANY
        ):
            message = f"{named[0]} is named, and the link leads to {host}, which is that of {owner}"
        else:
            continue
        told_of.add(host)
        yield view.finding("N111", message, host)


def _told_before(block: str) -> Iterator[tuple[bool, str, str]]:
    """What a sentence says before each address, which is not the source that it names."""
    begin = at = 0
    while found := _ADDRESS.search(block, at):
        at = found.start()
        told = _BEGINS.split(block[max(begin, at - _MOST_TOLD) : at])[-1]
        if told:
            yield False, told, found[0]
        begin, at = (found.end(), found.end()) if told else (begin, at + 1)


def _allowed_hosts(view: View) -> set[str]:
    """Hosts to which this message may link, without ``www.``."""
    campaign, item = view.material.campaign, view.item
    addresses = [view.material.settings.public_url, item.action_url, *item.links]
    # A letter or a digest lists no claims of its own: any of the campaign's holds.
    for claim in view.listed_claims if item.id in campaign.items else campaign.claims.values():
        addresses += [claim.source.url, *(c.url for c in claim.contested_by)]
    for contact in (*view.contacts, *(campaign.contacts[i] for i in item.contacts if i in campaign.contacts)):
        addresses += [contact.href, contact.primary_source_url]
        addresses += [contact.value] if contact.kind in ("web", "chat") else []
    passages = map(view.material.passage, (*view.message.quotations, *item.quotations))
    addresses += [source.url for source, _ in filter(None, passages)]
    return {host_of(a) for a in addresses if not a.startswith(("tel:", "sms:", "mailto:"))} - {""}


def _one(view: View, address: str, allowed: set[str], registered: frozenset[str]) -> Iterator[Finding]:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".").removeprefix("www.")
        user, port = parts.username, parts.port
    except ValueError:
        host = ""
    if not any(c.isalnum() for c in host):
        yield view.finding("N102", "a link cannot be read as an address", address)
        return
    shown = f"{parts.scheme}://{host}{parts.path}"
    is_own = host == host_of(view.material.settings.public_url)
    if parts.scheme != "https" and not is_own:
        yield view.finding("N101", f"the link {shown} is not https", host)
    if user is not None:
        yield view.finding("N105", f"a link to {host} carries a user name", host)
    if not is_own and (port not in (None, 443) or _BY_NUMBER.fullmatch(host)):
        yield view.finding("N112", f"the link {parts.scheme}://{parts.netloc} has a port, or a number for a name", host)
    if host in SHORTENERS:
        yield view.finding("N103", f"the link {shown} is a short one", host)
    elif like := imitated(host, registered):
        yield view.finding("N110", f"{host} looks like {like}", host, hint=f"if {like} is meant, write that")
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
