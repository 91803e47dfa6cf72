"""Checks that ask the network: whether a provider's door opens, and what the DNS says of the sender's domain.

A connection is opened and closed again; nothing is sent. Only with ``--online``.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ...channels.registry import mail_channels, spec_of
from ...errors import OutOfReach
from ...settings import ChannelSettings
from .doctor_result import DoctorContext, DoctorResult, Status

if TYPE_CHECKING:
    from dns.resolver import Resolver

SECONDS = 5.0
_WEB_PORTS = {"https": 443, "http": 80}
#: Domains that are nobody's (RFC 2606).
_EXAMPLE = re.compile(r"(?:^|\.)example(?:\.(?:org|com|net))?$")


def open_door(host: str, port: int, encrypted: bool, seconds: float) -> str:
    """Connect, and encrypt where ``encrypted``; then close. Empty when it worked, else why not."""
    try:
        with socket.create_connection((host, port), timeout=seconds) as line:
            if encrypted:
                with ssl.create_default_context().wrap_socket(line, server_hostname=host):
                    pass
    except socket.gaierror:
        return "its name was not found"
    except ssl.SSLCertVerificationError as error:
        return f"its certificate is not good ({error.verify_message})"
    except ssl.SSLError:
        return "no encrypted connection (TLS)"
    except TimeoutError:
        return f"no answer within {seconds:g} seconds"
    except OSError as error:
        return f"no connection ({error.strerror or type(error).__name__})"
    return ""


def records(name: str, kind: str, resolver: Resolver | None = None) -> list[str]:
    """The DNS records of ``name``, as text; by the machine's own resolver. Raises OutOfReach when nobody answers."""
    import dns.exception
    import dns.resolver

    try:
        found = (resolver or dns.resolver.Resolver()).resolve(name, kind, lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise OutOfReach(f"the DNS did not answer for {name} ({type(error).__name__})") from None
    return ["".join(p.decode("utf-8", "replace") for p in r.strings) if kind == "TXT" else str(r) for r in found]


def reach(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether each provider's door opens from this machine."""
    if not examined.online:
        to_do = "doctor --online opens a connection to each provider, and sends nothing"
        yield DoctorResult("reach", Status.GREEN, "not tried", to_do)
        return
    rules = examined.settings.notices
    channels = [c for c in examined.settings.channels.values() if c.enabled]
    doors = [_door(f"channel {c.name}", c.base_url, spec_of(c).schemes) for c in channels]
    doors += [_door("the notices' webhook", rules.webhook_url), _door("the heartbeat", rules.heartbeat_url)]
    doors.append(("the notices' mail server", rules.smtp_host, rules.smtp_port, rules.smtp_security == "tls"))
    for name, host, port, encrypted in doors:
        if not host:
            continue
        wrong = examined.connect(host, port, encrypted, SECONDS)
        where = f"{name}: {host}:{port}"
        if wrong:
            to_do = "look at this machine's network and firewall, and at the provider's status page"
            yield DoctorResult("reach", Status.RED, f"{where} cannot be reached: {wrong}", to_do, out_of_reach=True)
        else:
            yield DoctorResult("reach", Status.GREEN, f"{where} answers")


def _door(name: str, address: str, ports: Mapping[str, int] = _WEB_PORTS) -> tuple[str, str, int, bool]:
    """What it is, host, port, and whether the line is encrypted from the start."""
    parts = urlsplit(address)
    return name, parts.hostname or "", parts.port or ports.get(parts.scheme, 443), parts.scheme.endswith("s")


def sender_domain(examined: DoctorContext) -> Iterator[DoctorResult]:
    """SPF, DKIM and DMARC of the sender's domain, with the record to add where one is missing."""
    channel = next(iter(mail_channels(examined.settings)), None)
    if not examined.online or channel is None:
        return
    domain = examined.settings.organisation.from_address.rpartition("@")[2].lower()
    if _EXAMPLE.search(domain):
        said = "the sender's address is still the example"
        yield DoctorResult("DNS", Status.AMBER, said, "set organisation.from_address first")
        return
    for check in (_spf, _dkim, _dmarc):
        try:
            yield from check(examined, channel, domain)
        except OutOfReach as problem:
            yield DoctorResult("DNS", Status.RED, problem.message, "look at this machine's network", out_of_reach=True)


def _spf(examined: DoctorContext, channel: ChannelSettings, domain: str) -> Iterator[DoctorResult]:
    found = [r for r in examined.look_up(domain, "TXT") if r.lower().startswith("v=spf1")]
    dns = spec_of(channel).sender_dns
    if dns is None:
        return
    wanted = dns.spf(channel)
    if not found:
        to_do = f'add the record: {domain}. TXT "v=spf1 {wanted} ~all"'
        yield DoctorResult("SPF", examined.grave(), f"{domain} has no SPF record", to_do)
    elif len(found) > 1:
        to_do = "keep one TXT record that starts with v=spf1, with the parts of all of them"
        yield DoctorResult(
            "SPF", examined.grave(), f"{domain} has {len(found)} SPF records, which counts as none", to_do
        )
    elif dns.title and wanted not in found[0]:
        before, end = re.fullmatch(r"(.*?)(\s+[?~+-]?all)?\s*", found[0]).groups("")  # type: ignore[union-attr]
        to_do = f'change it to: {domain}. TXT "{before} {wanted}{end}"; or {dns.otherwise}'
        yield DoctorResult("SPF", Status.AMBER, f"{domain}'s SPF record does not name {dns.title}", to_do)
    else:
        yield DoctorResult("SPF", Status.GREEN, f"{domain}: {found[0]}")


def _dkim(examined: DoctorContext, channel: ChannelSettings, domain: str) -> Iterator[DoctorResult]:
    own = str(channel.options.get("dkim_selector", ""))
    dns = spec_of(channel).sender_dns
    selectors = (own,) if own else dns.selectors if dns else ()
    if not selectors:
        to_do = f"ask who runs the mail server for the selector, and set channels.{channel.name}.dkim_selector"
        yield DoctorResult(
            "DKIM", Status.AMBER, "the name of the signing key is not known, so it cannot be looked up", to_do
        )
        return
    missing = []
    for selector in selectors:
        name = f"{selector}._domainkey.{domain}"
        keys = [r for r in examined.look_up(name, "TXT") if re.search(r"(?:^|;)\s*p=[A-Za-z0-9+/]", r)]
        if not keys:
            missing.append(name)
    if not missing:
        yield DoctorResult("DKIM", Status.GREEN, f"{domain}: {', '.join(selectors)} hold a key")
    elif dns is not None and dns.key_record and not own:
        to_add = "; ".join(dns.key_record.format(selector=name.partition(".")[0], domain=domain) for name in missing)
        to_do = f"add the records, {dns.key_hint}: {to_add}"
        yield DoctorResult("DKIM", examined.grave(), f"no key at {', '.join(missing)}", to_do)
    else:
        to_do = f'add the record: {missing[0]}. TXT "v=DKIM1; k=rsa; p=KEY", with the public key of the mail server'
        yield DoctorResult("DKIM", examined.grave(), f"no key at {missing[0]}", to_do)


def _dmarc(examined: DoctorContext, channel: ChannelSettings, domain: str) -> Iterator[DoctorResult]:
    for owner in dict.fromkeys((domain, _organisational(domain))):
        found = [r for r in examined.look_up(f"_dmarc.{owner}", "TXT") if r.lower().startswith("v=dmarc1")]
        if found:
            yield DoctorResult("DMARC", Status.GREEN, f"{owner}: {found[0]}")
            return
    to_do = f'add the record: _dmarc.{domain}. TXT "v=DMARC1; p=none; rua=mailto:dmarc@{domain}"'
    yield DoctorResult("DMARC", examined.grave(), f"{domain} has no DMARC record", to_do)


def _organisational(domain: str) -> str:
    """The domain as it was registered: news.example.org belongs to example.org."""
    from publicsuffixlist import PublicSuffixList

    return str(PublicSuffixList().privatesuffix(domain) or domain)
