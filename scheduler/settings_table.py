"""Every setting, with its default and what it means. docs/reference/settings.md says the same; a test compares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from . import settings_values as values

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One key. ``name`` is its path with dots; in the environment it is ``OBSERVANCE_`` + the path joined by ``__``.

    ``check`` gives what is wrong with a value, or an empty text; it never repeats the value. The keys of one kind of
    channel stand in its spec (scheduler/channels/NAME/spec.py), and are named there without their path.
    """

    name: str
    default: Value
    help: str
    allowed: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    check: Callable[[str], str] | None = None

    @property
    def kind(self) -> type:
        return type(self.default)


class SecretFacts(Protocol):
    """A channel's secret: its variable without ``OBSERVANCE_``."""

    @property
    def name(self) -> str: ...


class ChannelFacts(Protocol):
    """What reading the settings needs of a channel's spec (scheduler/channels/spec.py)."""

    @property
    def name(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def schemes(self) -> Mapping[str, int]: ...
    @property
    def settings(self) -> tuple[Setting, ...]: ...
    def all_secrets(self) -> Sequence[SecretFacts]: ...


class KnownChannels(Protocol):
    """Channels by what ``transport`` says. To list all takes longer than to get one, or to list those at hand."""

    def get(self, name: str) -> ChannelFacts | None: ...
    def __iter__(self) -> Iterator[str]: ...
    def at_hand(self) -> Iterable[str]: ...
    def why_not(self, name: str) -> str:
        """In words, why one that is there cannot be used; empty where none is there."""
        ...


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "mode",
        "rehearsal",
        "`rehearsal`: nothing leaves the machine, but for a `send-test` that names its channel. `live`: items go out, "
        "once a person has also armed the season.",
        allowed=("rehearsal", "live"),
    ),
    Setting(
        "public_url",
        "https://news.example.org",
        "Where readers reach the pages: sign-up, preferences, unsubscribing, archive.",
        check=values.public_url,
    ),
    Setting(
        "log_level",
        "info",
        "How much is logged. Addresses and secrets never are.",
        allowed=("debug", "info", "warning", "error"),
    ),
    Setting("organisation.name", "Example Coalition", "Who speaks; printed in each email.", check=values.one_line),
    Setting(
        "organisation.postal_address",
        "1 Example Street, Example Town, EX 00000",
        "A postal address that reaches you; many countries demand it in each email.",
        check=values.some_lines,
    ),
    Setting(
        "organisation.from_name",
        "Example Coalition",
        "The sender's name, as mail programs show it.",
        check=values.display_name,
    ),
    Setting(
        "organisation.from_address",
        "news@example.org",
        "The sender's address. Its domain must be set up at the email provider (SPF, DKIM, DMARC).",
        check=values.email_address,
    ),
    Setting(
        "organisation.reply_to",
        "hello@example.org",
        "Where answers go. Somebody should read them: people in danger do answer.",
        check=values.email_address,
    ),
    Setting(
        "database.url",
        "sqlite:///var/observance.db",
        "The ledger. `sqlite:///FILE` (a relative FILE is below the project's folder) or "
        "`postgresql://USER@HOST/NAME`. An address with a password belongs into the environment.",
        check=values.database_url,
    ),
    Setting(
        "web.host",
        "127.0.0.1",
        "Where `start` serves the pages. The default is this machine alone; a server that speaks HTTPS to readers "
        "stands in front.",
        check=values.host,
    ),
    Setting("web.port", 8080, "The port of the pages. `start --port` goes first.", least=1, most=65535),
    Setting(
        "web.quick_exit",
        "https://www.weather.gov/",
        "Where a reader's page leads who has to leave it quickly: any site that raises no question.",
        check=values.web_address,
    ),
    Setting(
        "web.trusted_proxy",
        "",
        "The IP address of the server in front, as this machine sees it: `127.0.0.1` for one on the same machine. Its "
        "`X-Forwarded-For` then tells where a sign-up form or a wrong password came from, so that a flood is told from "
        "a busy day. Empty: nobody's is believed.",
        check=values.ip_address_or_nothing,
    ),
    Setting(
        "web.unsubscribe_check",
        "wait",
        "`wait`: emails wait while the address in their unsubscribe links does not lead to this program's pages, or "
        "cannot be reached from here and nobody has looked (`links`). `trust`: it is not asked.",
        allowed=("wait", "trust"),
    ),
    Setting(
        "web.archive_noindex",
        False,
        "`true`: search engines are asked to leave out the mails that have gone out (`/archive`).",
    ),
    Setting(
        "freshness.contact_max_age_days",
        90,
        "A help line that was verified longer ago than this is not sent.",
        least=1,
        most=366,
    ),
    Setting(
        "freshness.contact_reverify_days",
        14,
        "A help line must have been verified within this many days before the window's first day.",
        least=1,
        most=366,
    ),
    Setting(
        "freshness.statistic_max_age_months",
        24,
        "A statistic whose source is older than this is pointed out.",
        least=1,
        most=240,
    ),
    Setting(
        "notices.nothing_out_by",
        "12:00",
        "Say so when nothing has gone out on a day with something due by this time (campaign's zone). Empty: never.",
        check=values.time_or_nothing,
    ),
    Setting(
        "notices.unapproved_hours",
        48,
        "Say so when something due within so many hours lacks approval. 0: never.",
        least=0,
        most=720,
    ),
    Setting(
        "notices.help_line_days",
        14,
        "Say so when the verification of a help line ends within so many days, from 30 days before the season's first "
        "day on. 0: never.",
        least=0,
        most=90,
    ),
    Setting(
        "notices.hold_hours",
        12,
        "Say so when a hold has been in force for so many hours. 0: never.",
        least=0,
        most=720,
    ),
    Setting(
        "notices.webhook.url",
        "",
        "Where notices are posted to. Whoever knows such an address can often write to it: it is better set in the "
        "environment, as `OBSERVANCE_NOTICES__WEBHOOK__URL`.",
        check=values.web_address_or_nothing,
    ),
    Setting(
        "notices.webhook.style",
        "json",
        '`json`: a body `{"text": ...}`, as Slack and Mattermost take it. `text`: plain text, as ntfy takes it. '
        "`ping`: plain text to the address and `/fail`, by which a check of Healthchecks raises the alarm.",
        allowed=("json", "text", "ping"),
    ),
    Setting(
        "notices.smtp.host",
        "",
        "The mail server that notices go through; better not the one that the readers' mail goes through. Empty: none.",
        check=values.host_or_nothing,
    ),
    Setting("notices.smtp.port", 587, "Its port: 587 with `starttls`, 465 with `tls`.", least=1, most=65535),
    Setting(
        "notices.smtp.security",
        "starttls",
        "How the line is encrypted. `none` is for this machine and one's own network only.",
        allowed=("starttls", "tls", "none"),
    ),
    Setting(
        "notices.smtp.username",
        "",
        "Account on that server; its password is the secret `OBSERVANCE_NOTICES_SMTP_PASSWORD`, else "
        "`OBSERVANCE_SMTP_PASSWORD`.",
        check=values.one_line_or_nothing,
    ),
    Setting("notices.smtp.from", "", "The sender's address of notices.", check=values.email_address_or_nothing),
    Setting(
        "notices.smtp.to",
        "",
        "Who gets notices: one address, or several with commas between.",
        check=values.email_addresses_or_nothing,
    ),
    Setting(
        "notices.heartbeat_url",
        "",
        "Called after each pass of `start` and `tick`, so that a service outside (Healthchecks and the like) notices "
        "silence. Better set in the environment, as `OBSERVANCE_NOTICES__HEARTBEAT_URL`.",
        check=values.web_address_or_nothing,
    ),
    Setting(
        "channels.NAME.transport",
        "",
        "The channel's code: see [channels](channels.md). Must be there.",
    ),
    Setting("channels.NAME.enabled", True, "`false`: no item is made for this channel."),
    Setting(
        "channels.NAME.base_url",
        "",
        "Where the provider is reached. Left out: the provider's own address. A local stand-in has another.",
    ),
    Setting(
        "channels.NAME.timeout_seconds",
        20.0,
        "How long one call may take. After it nobody knows whether the item went out.",
        least=1,
        most=120,
    ),
    Setting(
        "channels.NAME.max_calls",
        0,
        "Calls in `max_calls_minutes` at most; what comes after waits. 0: what the provider publishes, else no limit.",
        least=0,
        most=1_000_000,
    ),
    Setting(
        "channels.NAME.max_calls_minutes",
        15,
        "The span of time that `max_calls` is for.",
        least=1,
        most=1440,
    ),
)

#: Secrets that belong to no channel, and what they are for; each is ``OBSERVANCE_`` + its name, or a file named by the
#: same with ``_FILE``.
SECRETS: tuple[tuple[str, str], ...] = (
    ("SECRET_KEY", "signs the addresses in emails (unsubscribe, preferences); made by itself when not given"),
    ("SECRET_KEY_OLD", "earlier secret keys, with commas between them: what they signed stays good"),
    ("NOTICES_SMTP_PASSWORD", "mail server of the notices: the account's password"),
)

#: Variables that are no settings; ``*`` stands for anything.
OTHER_VARIABLES: tuple[tuple[str, str], ...] = (
    ("OBSERVANCE_PROJECT", "the project's folder, when `--project` is not given"),
    ("OBSERVANCE_VENV", "where `run.py` puts the packages; default: `.venv` beside it"),
    ("OBSERVANCE_STATE", "a folder outside the project that knows where a ledger is at home; else the system's own"),
    ("OBSERVANCE_PRETEND_NOW", "start the clock at this instant: for watching January in November"),
    ("OBSERVANCE_LOG_FORMAT", "`json`: the log as one JSON object a line, for machines"),
    ("OBSERVANCE_FAILPOINT*", "crash tests: where the program is to stop"),
    ("OBSERVANCE_REQUIRE*", "tests: what must not be skipped"),
    ("OBSERVANCE_SEEDS", "tests: seeds of the random ones"),
    ("OBSERVANCE_READERS", "tests: how many readers the large season has"),
    ("OBSERVANCE_TEST_*", "tests: a PostgreSQL to use, for example"),
    ("OBSERVANCE_LIVE_*", "live tests: accounts to use"),
    ("OBSERVANCE_*_SPEC", "tests: a provider's description of its API, as a file"),
)
