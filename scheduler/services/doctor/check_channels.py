"""The channels: what they cost and ask, which of them pause; with --online, whether their providers can be reached and
what the DNS says of the sender's domain. A connection is opened and closed again, and asked whether our keys are taken;
nothing is sent.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ...channels.registry import installed, mail_channels, spec_of
from ...channels.spec import ChannelContext, DoctorInput
from ...domain.formatting import days_words, local_words
from ...domain.message import EmailBody
from ...domain.outcome import OutcomeKind, refuses_everybody
from ...domain.pause import ChannelPause, pause_in_words
from ...domain.reason import ReasonCode
from ...domain.reason_words import WORDS, advice, in_words
from ...errors import OutOfReach
from ...settings import ChannelSettings
from ..report import spending
from .doctor_result import DoctorContext, DoctorResult, Status, of_ledger

if TYPE_CHECKING:
    from dns.resolver import Resolver

    from ...store import Ledger

SECONDS = 5.0
_WEB_PORTS = {"https": 443, "http": 80}
#: Domains that are nobody's (RFC 2606).
_EXAMPLE = re.compile(r"(?:^|\.)example(?:\.(?:org|com|net))?$")


def cost(examined: DoctorContext) -> Iterator[DoctorResult]:
    """The forecast of posts, against the limit that is set."""
    for season in examined.seasons:
        for money in spending(
            (season.rehearsal.costs if season.rehearsal else ()), season.spent, examined.settings.channels
        ):
            key = f"channels.{money.channel}.spending_limit"
            if money.passes_the_limit:
                yield DoctorResult("cost", Status.AMBER, money.in_words(), f"raise {key}, or leave links out")
            else:
                yield DoctorResult(
                    "cost",
                    Status.GREEN,
                    money.in_words(),
                    (f"{key} keeps it from costing more than you have" if examined.live and not money.limit else ""),
                )


def own_questions(examined: DoctorContext) -> Iterator[DoctorResult]:
    """What each channel asks of itself, and which packages bring one that cannot be used."""
    for why in installed()[1].values():
        yield DoctorResult("channels", Status.AMBER, why, "remove the package, or install a release that fits")
    for channel in (c for c in examined.settings.channels.values() if c.enabled):
        spec = spec_of(channel)
        context = ChannelContext(spec, channel, examined.settings.secrets, public_url=examined.settings.public_url)
        for rehearsal in examined.rehearsals:
            for answer in spec.doctor(
                DoctorInput(
                    context,
                    examined.readers,
                    sum(m.channel == channel.name and isinstance(m.body, EmailBody) for m in rehearsal.messages),
                )
            ):
                yield DoctorResult(answer.check, Status(answer.level), answer.detail, answer.to_do)


def settling(examined: DoctorContext) -> Iterator[DoctorResult]:
    """How long after a doubtful call its provider is asked, against the time that an item has."""
    for name, after in examined.settle.items():
        messages = [m for rehearsal in examined.rehearsals for m in rehearsal.messages if m.channel == name]
        shortest = min((m.expires_at - m.due_at for m in messages), default=timedelta.max)
        said = f"{name}: {days_words(after)} after a doubtful call the provider's own records are believed"
        if after > shortest:
            said = f"{said}; an item with a window of {days_words(shortest)} is over by then"
            yield DoctorResult(
                "doubts",
                Status.AMBER,
                said,
                "nothing, unless you want such an item tried again: then give it a longer grace",
            )
        else:
            yield DoctorResult("doubts", Status.GREEN, said)


@of_ledger
def pauses(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """Each channel whose provider is in trouble and is left alone for a while: until when, why, how much waits."""
    zones = {rehearsal.plan.campaign.time_zone for rehearsal in examined.rehearsals}
    zone = zones.pop() if len(zones) == 1 else "UTC"
    for pause in ledger.pauses.in_force(str(examined.settings.mode), now=examined.now):
        assert pause.until_at is not None  # noqa: S101 - else it is none
        yield DoctorResult(
            f"channel {pause.channel}",
            Status.RED,
            pause_in_words(pause, local_words(pause.until_at, zone)),
            pause_to_do(pause),
        )


def pause_to_do(pause: ChannelPause) -> str:
    """What somebody can do about what is behind it."""
    codes = [reason.code for reason in pause.reasons if not pause.is_doubtful]
    advice = next(filter(None, (WORDS[code].to_do for code in codes)), WORDS[ReasonCode.CHANNEL_PAUSED].to_do)
    return advice.format(channel=pause.channel, item="ITEM", of="", only="")


def open_door(host: str, port: int, encrypted: bool, seconds: float) -> str:
    """Connect, and encrypt where ``encrypted``; then close. Empty when it worked, else why not."""
    import ssl

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
        yield DoctorResult(
            "reach", Status.GREEN, "not tried", "doctor --online opens a connection to each provider, and sends nothing"
        )
        return
    rules = examined.settings.notices
    channels = {f"channel {c.name}": c for c in examined.settings.channels.values() if c.enabled}
    doors = [_door(name, c.base_url, spec_of(c).schemes) for name, c in channels.items()]
    doors += [_door("the notices' webhook", rules.webhook_url), _door("the heartbeat", rules.heartbeat_url)]
    doors.append(("the notices' mail server", rules.smtp_host, rules.smtp_port, rules.smtp_security == "tls"))
    for name, host, port, encrypted in (door for door in doors if door[1]):
        where = f"{name}: {host}:{port}"
        if wrong := examined.connect(host, port, encrypted, SECONDS):
            yield DoctorResult(
                "reach",
                Status.RED,
                f"{where} cannot be reached: {wrong}",
                "look at this machine's network and firewall, and at the provider's status page",
                out_of_reach=True,
            )
        else:
            yield DoctorResult("reach", Status.GREEN, f"{where} answers")
            if name in channels:
                yield from _asked(examined, channels[name])


def _asked(examined: DoctorContext, channel: ChannelSettings) -> Iterator[DoctorResult]:
    """What a provider that is there says of our keys, and of how the channel is set."""
    answer = examined.ask(channel)
    if answer is None or not answer.reasons:
        return
    is_taken = answer.kind is OutcomeKind.ACCEPTED
    yield DoctorResult(
        "reach",
        Status.AMBER if is_taken else Status.RED,
        f"channel {channel.name}: {in_words(answer.reasons, answer.detail, channel=channel.name)}",
        advice(answer.reasons, item="ITEM", channel=channel.name),
        out_of_reach=not is_taken and not refuses_everybody(answer),
    )


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
        yield DoctorResult(
            "DNS", Status.AMBER, "the sender's address is still the example", "set organisation.from_address first"
        )
        return
    for check in (_spf, _dkim, _dmarc):
        try:
            yield from check(examined, channel, domain)
        except OutOfReach as problem:
            yield DoctorResult("DNS", Status.RED, problem.message, "look at this machine's network", out_of_reach=True)


def _spf(examined: DoctorContext, channel: ChannelSettings, domain: str) -> Iterator[DoctorResult]:
    dns = spec_of(channel).sender_dns
    if dns is None:
        return
    found = [r for r in examined.look_up(domain, "TXT") if r.lower().startswith("v=spf1")]
    wanted = dns.spf(channel)
    if not found:
        yield DoctorResult(
            "SPF",
            examined.grave(),
            f"{domain} has no SPF record",
            f'add the record: {domain}. TXT "v=spf1 {wanted} ~all"',
        )
    elif len(found) > 1:
        yield DoctorResult(
            "SPF",
            examined.grave(),
            f"{domain} has {len(found)} SPF records, which counts as none",
            "keep one TXT record that starts with v=spf1, with the parts of all of them",
        )
    elif dns.title and wanted not in found[0]:
        before, end = re.fullmatch(r"(.*?)(\s+[?~+-]?all)?\s*", found[0]).groups("")  # type: ignore[union-attr]
        yield DoctorResult(
            "SPF",
            Status.AMBER,
            f"{domain}'s SPF record does not name {dns.title}",
            f'change it to: {domain}. TXT "{before} {wanted}{end}"; or {dns.otherwise}',
        )
    else:
        yield DoctorResult("SPF", Status.GREEN, f"{domain}: {found[0]}")


def _dkim(examined: DoctorContext, channel: ChannelSettings, domain: str) -> Iterator[DoctorResult]:
    own, dns = str(channel.options.get("dkim_selector", "")), spec_of(channel).sender_dns
    selectors = (own,) if own else dns.selectors if dns else ()
    if not selectors:
        yield DoctorResult(
            "DKIM",
            Status.AMBER,
            "the name of the signing key is not known, so it cannot be looked up",
            f"ask who runs the mail server for the selector, and set channels.{channel.name}.dkim_selector",
        )
        return
    names = {f"{selector}._domainkey.{domain}": selector for selector in selectors}
    key = re.compile(r"(?:^|;)\s*p=[A-Za-z0-9+/]")
    missing = [name for name in names if not any(map(key.search, examined.look_up(name, "TXT")))]
    if not missing:
        yield DoctorResult("DKIM", Status.GREEN, f"{domain}: {', '.join(selectors)} hold a key")
    elif dns is not None and dns.key_record and not own:
        records = "; ".join(dns.key_record.format(selector=names[name], domain=domain) for name in missing)
        yield DoctorResult(
            "DKIM", examined.grave(), f"no key at {', '.join(missing)}", f"add the records, {dns.key_hint}: {records}"
        )
    else:
        yield DoctorResult(
            "DKIM",
            examined.grave(),
            f"no key at {missing[0]}",
            f'add the record: {missing[0]}. TXT "v=DKIM1; k=rsa; p=KEY", with the public key of the mail server',
        )


def _dmarc(examined: DoctorContext, channel: ChannelSettings, domain: str) -> Iterator[DoctorResult]:
    from publicsuffixlist import PublicSuffixList

    # Of the domain, else of the one that was registered: news.example.org belongs to example.org.
    for owner in dict.fromkeys((domain, str(PublicSuffixList().privatesuffix(domain) or domain))):
        found = [r for r in examined.look_up(f"_dmarc.{owner}", "TXT") if r.lower().startswith("v=dmarc1")]
        if found:
            yield DoctorResult("DMARC", Status.GREEN, f"{owner}: {found[0]}")
            return
    yield DoctorResult(
        "DMARC",
        examined.grave(),
        f"{domain} has no DMARC record",
        f'add the record: _dmarc.{domain}. TXT "v=DMARC1; p=none; rua=mailto:dmarc@{domain}"',
    )
