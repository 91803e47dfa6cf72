"""What a setting's text must look like. Each check gives what is wrong, in words that follow the key's name,
or an empty text; none repeats the value, which may be an address or a secret. A setting that is empty unless it is set
may stay so: no check is asked then."""

from __future__ import annotations

import ipaddress
import re
from datetime import date
from pathlib import PurePath
from urllib.parse import SplitResult, urlsplit

from ..domain.hidden import hidden_in
from ..schema.forms import form

#: What the shipped files say in place of a name, an address or a host, and the domains that are nobody's (RFC 2606).
_EXAMPLE = re.compile(r"example|\bEX 00000\b", re.IGNORECASE)
_NOBODYS_HOST = re.compile(r"(?<![\w.-])(?:[\w-]+\.)*example(?:\.(?:com|net|org|edu))?(?![\w-]|\.\w)", re.IGNORECASE)


def is_example(text: str) -> bool:
    """Whether a value still says what was shipped, in whole or in part."""
    return bool(_EXAMPLE.search(text))


def is_nobodys_host(host: str) -> bool:
    """Whether a host is kept for examples: example.org, news.example.com, anything.example."""
    return bool(_NOBODYS_HOST.fullmatch(host))


def leads_nowhere(host: str) -> bool:
    """Whether a public address on this host can be nobody's: kept for examples, or for tests (RFC 2606)."""
    return is_nobodys_host(host) or host.lower().rstrip(".").rpartition(".")[2] in ("test", "invalid")


email_address = form(
    r"[^\s@<>,;:\"()\[\]\\]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", "is not one email address, as news@example.org"
)
server = form(
    r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-fA-F:]{2,39}", "is not the name of a server, as mail.example.org"
)
#: A network interface to listen on.
host = form(
    r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,39}",
    "is not the name or address of a machine, as 127.0.0.1",
)
dns_label = form(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", "is not a name of the DNS, as s1")
time_or_nothing = form(r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9])?", "is not a time of day, as 12:00")
handle = form(r"[A-Za-z0-9_]{1,15}", "is not an account's name: letters, digits and _ only, no @")
_CODE = r"(?:5\.[0-9]{1,3}\.[0-9]{1,3}|5[0-9]{2})"
#: Codes by which a mail server refuses for good.
smtp_codes = form(rf"{_CODE}(?:[,\s]+{_CODE})*", "is no list of codes that begin with 5, as 5.1.1, 5.1.2, 556")
#: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
category = form(r"[ -&(-~]{0,255}", "must be at most 255 plain characters without an apostrophe")


def one_line(text: str) -> str:
    # A line break in a mail's header would start another header.
    return _printable(text, "\t\n\r")


def folder_for_output(text: str) -> str:
    """A folder that the program may write to: anywhere by its whole path, or one of its own in the project's."""
    place = PurePath(text.strip())
    if problem := one_line(text):
        return problem
    if text.strip().startswith("~"):
        return "begins with ~, which only a shell understands; write the whole path"
    if not place.is_absolute() and ".." in place.parts:
        return "leads out of the project's folder; write the whole path, from / on"
    if not place.parts or place.parts[0] in ("campaigns", "config", "templates"):
        return "is no folder of its own; name one that holds nothing else"
    return ""


def some_lines(text: str) -> str:
    return _printable(text, "\t")


def _printable(text: str, unwanted: str) -> str:
    if not text.strip():
        return "is empty"
    if found := hidden_in(text):
        return f"holds the hidden character {found[0]}; delete it and type the place again"
    return "has a line break or a control character in it" if any(sign in text for sign in unwanted) else ""


def display_name(text: str) -> str:
    return one_line(text) or ("has an @ in it; write a name, not an address" if "@" in text else "")


def ip_address(text: str) -> str:
    return "" if _ip(text) else "is not an IP address, as 127.0.0.1"


def day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        return "is not a date, as 2026-04-20"
    return ""


def public_url(text: str) -> str:
    return web_address(text) or ("must not have a ? or a # in it" if re.search(r"[?#]", text) else "")


def web_address(text: str, schemes: tuple[str, ...] = ("https", "http")) -> str:
    """An address by which a server is called."""
    parts = split_address(text)
    if parts is None or parts.scheme not in schemes or not parts.hostname:
        return f"is not a whole address that starts with {' or '.join(s + '://' for s in schemes)}"
    if "@" in parts.netloc:
        return "has a name or a password in it; secrets come from the environment"
    if parts.scheme == "http" and not is_near(parts.hostname):
        return "must start with https://; http:// is for machines in your own network only"
    return ""


def called_address(text: str) -> str:
    """An address that is called from here: encrypted, unless it is on this very machine."""
    parts = split_address(text)
    is_open = parts is not None and parts.scheme == "http" and not is_loopback(parts.hostname or "")
    return web_address(text) or ("must start with https://; http:// is for this machine only" if is_open else "")


#: Characters before the @ of a bounce address: a plus sign and a token of 46 come behind them, and 64 are allowed
#: (RFC 5321, 4.5.3.1.1).
LONGEST_BOUNCE_NAME = 17


def bounce_address(text: str) -> str:
    """An address that leaves room for a token before its @."""
    name = text.rpartition("@")[0]
    if wrong := email_address(text):
        return wrong
    if "+" in name or not re.fullmatch(r"[A-Za-z0-9._-]+", name):
        return "must have letters, digits, dots and hyphens before the @; a plus sign and a token are put behind them"
    if len(name) > LONGEST_BOUNCE_NAME:
        return f"has more than {LONGEST_BOUNCE_NAME} characters before the @; bounces@news.example.org is short enough"
    return ""


def database_url(text: str) -> str:
    if text.startswith("sqlite:///") and len(text) > len("sqlite:///"):
        file = text.removeprefix("sqlite:///")
        if file.startswith(":memory:"):
            return "names a database in memory, which forgets what was sent; allowed is sqlite:///FILE"
        if PurePath(file).name in ("", ".."):
            return "names a folder; allowed is sqlite:///FILE"
        return "has a ? in it; allowed is sqlite:///FILE" if "?" in file else ""
    parts = split_address(text)
    if parts and re.fullmatch(r"postgresql(?:\+psycopg)?", parts.scheme) and parts.path.strip("/"):
        return ""
    return "must be sqlite:///FILE or postgresql://USER@HOST/NAME"


def split_address(text: str) -> SplitResult | None:
    """The parts of an address; None of what cannot be one."""
    if re.search(r"\s", text) or not text.isprintable():
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for a port that is none
        return parts
    except ValueError:
        return None


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: localhost, 127.x.x.x, ::1."""
    address = _ip(host)
    return address.is_loopback if address else host.lower().rstrip(".") == "localhost"


def is_near(host: str) -> bool:
    """Whether a host is in one's own network: loopback, private addresses, names without a dot."""
    if address := _ip(host):
        return address.is_loopback or address.is_private
    name = host.lower().rstrip(".")
    return "." not in name or name.endswith((".localhost", ".local", ".internal", ".test", ".home.arpa"))
