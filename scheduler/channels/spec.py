"""What a channel says of itself, once: everything that the rest of the program knows of it.

A channel is a folder: ``spec.py`` with a :class:`ChannelSpec` named ``SPEC``, ``build.py`` (pure), ``send.py`` (the
only part that talks to a provider), ``simulator.py`` (a stand-in on this machine) and a page of documentation. Nobody
outside the folder names it: :mod:`~scheduler.channels.registry` finds it by what ``transport`` says in the settings.

A spec is loaded with the settings, so its module imports no provider's library and nothing heavy: functions import
what they need when they are called.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, runtime_checkable

from ..clock import Clock
from ..domain.message import Message, PostBody
from ..domain.outcome import Evidence, Outcome, Recipient, Request, Verdict
from ..domain.post_picture import CARD_SIZES, PostPicture
from ..errors import ConfigurationError
from ..light_dataclass import dataclass
from ..schema.field import Key
from ..settings import ChannelSettings, Organisation, Secrets, setting
from ..settings.values import dns_label
from .staff_mail import Note

if TYPE_CHECKING:
    from ..domain.receipt import Receipt

#: The form of :class:`ChannelSpec`. One that was written for another form is refused in words.
API = 1

#: ``repeat_safe_for`` of a provider that recognizes a repeated call for ever.
ALWAYS = timedelta.max

#: "none": the provider cannot be asked. "finds": what is found in its records was sent, and nothing found proves
#: nothing. "complete": what is not found there was not sent.
Evidencing: TypeAlias = Literal["none", "finds", "complete"]

#: From a picture to its bytes.
Draw: TypeAlias = Callable[[PostPicture], bytes]

#: From send id and subscriber id to where a subscriber's mail comes back to.
ReturnPath: TypeAlias = Callable[[str, str], str]


@dataclass(frozen=True)
class Secret:
    """A secret: its environment variable without ``OBSERVANCE_``, and what it is for.

    ``with_option``: needed only where the channel has this option set.
    """

    name: str
    help: str
    with_option: str = ""


@dataclass(frozen=True)
class CallLimit:
    """So many calls in any span of this length."""

    calls: int
    span: timedelta


@dataclass(frozen=True)
class Prices:
    """US dollars for a post, as the provider publishes them, and for the alternative text of its picture. Failed calls
    are not billed."""

    post: float
    post_with_link: float
    alt_text: float = 0.0

    def of(self, body: PostBody) -> float:
        """Of one post."""
        return (self.post_with_link if body.contains_url else self.post) + (self.alt_text if body.picture else 0.0)


@dataclass(frozen=True)
class PostRules:
    """How a network measures and reads a post.

    ``count`` measures a text against ``limit``, ``find_links`` gives (start, end) of each address that the network
    sees, in order; both get the top-level domains that are known, in lower case and Unicode form. ``problems`` gives
    what else it takes amiss: a finding's code, what is wrong, and the piece of the text that it is about. ``section``:
    the name of a section in an item's file that stands in for "Post" on this channel; empty: there is none.
    ``count_warning``: of a network that shows a content warning before a post, by how much that makes it longer; where
    there is none, the content note stands in the text.
    """

    limit: int
    count: Callable[[str, frozenset[str]], int]
    find_links: Callable[[str, frozenset[str]], list[tuple[int, int]]]
    byte_limit: int = 0  # of the text as UTF-8; 0: none
    problems: Callable[[str], Iterable[tuple[str, str, str]]] = lambda text: ()
    section: str = ""
    count_warning: Callable[[str], int] | None = None


@dataclass(frozen=True)
class PictureRules:
    """What a network takes for a picture: of which kinds, and of how many bytes, unless the channel's option
    ``picture_bytes`` says otherwise. In which size a card is made its option ``card_size`` says (:data:`CARD_SIZE`)."""

    media_types: tuple[str, ...]
    byte_limit: int


@dataclass(frozen=True)
class Preview:
    """How packet and pages show a post: the sign before the account's name."""

    account_sign: str = "@"


@dataclass(frozen=True)
class ChannelContext:
    """One channel of a project, as its ``build`` and its transport get it.

    ``return_path``: where a subscriber's mail comes back to, where that is of its own. ``public_url``: where this
    program's own pages are. ``draw``: makes a picture's bytes; raises ValueError where it cannot.
    """

    spec: ChannelSpec
    settings: ChannelSettings
    secrets: Secrets
    return_path: ReturnPath | None = None
    public_url: str = ""
    draw: Draw | None = None

    @property
    def base_url(self) -> str:
        """Where the provider is reached."""
        return self.settings.base_url or self.spec.base_url

    @property
    def batch_size(self) -> int:
        """How many recipients a call may have; 0 for posts."""
        return int(self.settings.options.get("batch_size") or self.spec.batch_size)

    @property
    def settle_after(self) -> timedelta | None:
        """How long after a doubtful call began the provider's own records can be believed."""
        settle = self.spec.settle
        return None if settle is None else timedelta(seconds=self.settings.timeout_seconds) + settle

    def secret_values(self) -> list[str]:
        """The secrets that it needs, in the spec's order. Raises ConfigurationError that names what is missing."""
        values = {name: (self.secrets.get(name) or "").strip() for name in self.spec.needed_secrets(self.settings)}
        missing = [f"OBSERVANCE_{name}" for name, value in values.items() if not value]
        if missing:
            raise ConfigurationError(
                f"channel {self.settings.name}: not set: {', '.join(missing)}",
                hint=f"set each in the environment, or name a file that holds it by {missing[0]}_FILE",
            )
        return list(values.values())

    def build_note(self, note: Note, organisation: Organisation, *, send_id: str) -> Request:
        """The call for a mail to one person who helps to run the campaign. Raises ObservanceError for an address or a
        subject that cannot stand in a mail, and where the channel mails nobody alone."""
        if self.spec.note is None:
            raise ConfigurationError(
                f"channel {self.settings.name}: {self.spec.title} has no way to mail one person",
                hint="switch on another email channel",
            )
        return self.spec.note(self, note, organisation, send_id=send_id)


class Transport(ABC):
    """What calls a provider: one implementation a channel. What the spec says already is said here."""

    def __init__(self, context: ChannelContext) -> None:
        self._context = context
        self.kind = context.spec.kind  # "post" | "email"
        self.batch_limit = context.batch_size  # recipients a call; 0 for posts

    def build(self, message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        """The request for this message. Pure: the same input gives the same bytes."""
        return self._context.spec.build(self._context, message, send_id=send_id, recipients=recipients)

    def get_ready(self, request: Request) -> Request:
        """The same request, with what of its one call can be done a moment before it may be made. Sends nothing."""
        return request

    @abstractmethod
    def send(self, request: Request, *, now: datetime) -> Outcome:
        """One call, never repeated by itself. Never raises: what is not foreseen is UNKNOWN."""

    def settle_after(self) -> timedelta | None:
        """How long after a doubtful call the provider's own records can be believed; None: it cannot be asked."""
        return self._context.settle_after

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        """What the provider says of a call whose end we do not know. Never raises.

        Where readers of one call fared differently, ``request`` holds those in doubt alone: evidence is about them.
        """
        return Evidence(Verdict.CANNOT_TELL, detail="it cannot be asked")

    def ask(self, *, now: datetime) -> Outcome | None:
        """Whether the provider is there and takes our keys, by a call that sends nothing and costs nothing; ACCEPTED
        when it is. None where there is no such call. Never raises."""
        return None

    def close(self) -> None:  # noqa: B027 - a channel without a connection has nothing to do
        """Let go of connections."""


class UploadsFirst(Transport):
    """A way out that uploads a picture before it posts: meanwhile a hold may come."""

    def send(self, request: Request, *, now: datetime) -> Outcome:
        """One call. Never raises."""
        return self.send_after_upload(request, now=now, may_go_on=lambda: True)

    @abstractmethod
    def send_after_upload(self, request: Request, *, now: datetime, may_go_on: Callable[[], bool]) -> Outcome:
        """The same as ``send``. ``may_go_on`` is asked between an upload and the post: after a no it is not begun
        (LATER, NOT_BEGUN, at once)."""


class SendsEach(Transport):
    """A way out whose provider answers for each reader: what it knows is not lost with the process that called."""

    def send(self, request: Request, *, now: datetime) -> Outcome:
        """One mail to each reader of the call, each at most once. Never raises."""
        return self.send_each(request, now=now, report=lambda subscriber_id, end: None, may_go_on=lambda: True)

    @abstractmethod
    def send_each(
        self,
        request: Request,
        *,
        now: datetime,
        report: Callable[[str, Outcome], None],
        may_go_on: Callable[[], bool],
    ) -> Outcome:
        """The same as ``send``. ``report`` is told the end of each reader, in the order of the request, before the
        content of the next one's mail goes; when it raises, no other mail goes. ``may_go_on`` is asked before the
        content of each mail, and costs next to nothing: after a no that mail and those behind it are not begun
        (LATER, NOT_BEGUN, at once)."""


@runtime_checkable
class TellsTime(Protocol):
    """A way out whose provider says with each answer what time it is there."""

    def tell_time_to(self, listener: Callable[[datetime], None]) -> None:
        """From now on, tell the listener."""
        ...


class Build(Protocol):
    """From a message to the call. Pure: the same input gives the same bytes; needs no account and no secret."""

    def __call__(
        self, context: ChannelContext, message: Message, *, send_id: str, recipients: Sequence[Recipient]
    ) -> Request: ...


class BuildNote(Protocol):
    """From a mail to one person who helps to run the campaign to the call. Pure."""

    def __call__(self, context: ChannelContext, note: Note, organisation: Organisation, *, send_id: str) -> Request: ...


@dataclass(frozen=True)
class SenderDns:
    """What the DNS of the sender's domain has to say for a provider's mail to be believed; ``doctor`` looks it up.

    ``spf`` gives the mechanism that names the provider's servers; where ``title`` is there, a record without it is
    pointed out, with ``otherwise`` as the provider's other way. ``selectors``: the names of its signing keys where the
    settings name none; ``key_record`` and ``key_hint``: what to add for a missing one (``{selector}`` stands for it).
    """

    spf: Callable[[ChannelSettings], str]
    title: str = ""
    otherwise: str = ""
    selectors: tuple[str, ...] = ()
    key_record: str = ""
    key_hint: str = ""


@dataclass(frozen=True)
class DoctorAnswer:
    """The answer to one of a channel's own questions. ``level``: green, amber or red."""

    check: str
    level: str
    detail: str
    to_do: str = ""


@dataclass(frozen=True)
class DoctorInput:
    """What a channel's own questions may rest on: it, and for a season how many subscribers get how many mails each."""

    context: ChannelContext
    subscribers: int
    mails: int


class Startable(Protocol):
    """A server on this machine. ``start`` raises OSError when its port is taken."""

    def start(self) -> object: ...
    def stop(self) -> None: ...


@dataclass(frozen=True)
class StandIn:
    """A stand-in that can be started: its servers by name, the first of them under an empty one.

    The functions are asked while it runs: ``settings`` gives the channel's keys that lead there, ``secrets`` what it
    takes for keys, ``page`` where a person looks at what it got, ``received`` how many of what that was, ``pictures``
    the SHA-256 and the alternative text of each picture that a post has, oldest first.
    """

    servers: Mapping[str, Startable]
    page: Callable[[], str]
    settings: Callable[[], Mapping[str, str]]
    secrets: Callable[[], Mapping[str, str]]
    received: Callable[[], Mapping[str, int]]
    notes: Callable[[], Iterable[str]] = lambda: ()
    pictures: Callable[[], Sequence[tuple[str, str]]] = lambda: ()


@dataclass(frozen=True)
class StandInOrder:
    """What a stand-in is made with. ``options``: as the simulator's ``options`` name them; empty where not given."""

    ports: Mapping[str, int]
    clock: Clock
    out: Callable[[str], None]
    faults: Any
    tlds: frozenset[str]
    options: Mapping[str, str]


@dataclass(frozen=True)
class Simulator:
    """How `run.py sandbox` makes a channel's stand-in. ``ports``: server's name -> where it usually is. ``options``:
    (name, what stands for its value, help)."""

    make: Callable[[StandInOrder], StandIn]
    ports: Mapping[str, int]
    options: tuple[tuple[str, str, str], ...] = ()


class ReceiptReader(Protocol):
    """Reads a provider's reports."""

    def refusal(self, body: bytes, header: Callable[[str], str], *, now: datetime) -> str:
        """Why the body is not to be believed, or an empty text. ``header`` gives one by its name, in any case."""
        ...

    def read(self, body: bytes, *, now: datetime) -> Sequence[Receipt]:
        """The reports in a body that is believed. Raises ValueError, in words without the body's, for one that is no
        report."""
        ...


@dataclass(frozen=True)
class Receipts:
    """A webhook by which the provider reports what became of a mail, at ``/webhooks/`` and the channel's name.

    It is open while the secret ``key`` is set, which ``reader`` gets. Raises ConfigurationError for one that is none.
    """

    key: Secret
    subscriber: Callable[[str], ReceiptReader]


@dataclass(frozen=True, kw_only=True, eq=False)
class ChannelSpec:
    """A channel. See the fields' own words, and docs/howto/add-a-channel.md."""

    name: str  # what ``transport`` says
    title: str  # for people: "X"
    kind: str  # "post" or "email"
    help: str  # "posts to one account on X"
    base_url: str  # the provider's own address; empty where there is none
    schemes: Mapping[str, int] = field(default_factory=lambda: {"https": 443, "http": 80})  # with ports
    build: Build
    transport: Callable[[ChannelContext], Transport]
    api: int = API
    settings: tuple[Key, ...] = ()  # keys of this channel alone
    secrets: tuple[Secret, ...] = ()
    post: PostRules | None = None
    preview: Preview = field(default_factory=Preview)
    prices: Prices | None = None
    calls: CallLimit | None = None
    batch_size: int = 0  # recipients a call; 0 for posts; the option of the same name wins
    lines_in_flight: int = 1  # calls at the same time at most
    evidence: Evidencing = "none"  # what the provider's records say of a doubtful call
    settle: timedelta | None = None  # beyond a call's timeout, until a doubt is looked into; None: never
    repeat_safe_for: timedelta | None = None  # how long the very same call does no harm; see ALWAYS
    receipts: Receipts | None = None
    bounces: bool = False  # mails come back, to be read by ``bounces``
    media: PictureRules | None = None  # of posts with a picture; None: it takes none
    sender_dns: SenderDns | None = None
    doctor: Callable[[DoctorInput], Iterable[DoctorAnswer]] = lambda about: ()
    note: BuildNote | None = None  # a mail to one person who helps to run the campaign
    simulator: Simulator | None = None
    link: Callable[[str], str] = lambda reference: ""  # where a post can be seen, by the provider's reference
    page: str = ""  # of its documentation, in docs/reference/ or on the web

    def needed_secrets(self, settings: ChannelSettings) -> tuple[str, ...]:
        """Names of the secrets without which a channel cannot send."""
        return tuple(s.name for s in self.secrets if not s.with_option or settings.options.get(s.with_option))

    def all_secrets(self) -> tuple[Secret, ...]:
        """Those to send, and the one by which reports are believed."""
        return (*self.secrets, *((self.receipts.key,) if self.receipts else ()))

    def port_option(self, server: str) -> str:
        """What `sandbox` calls the port of this server of its stand-in."""
        return f"{self.name}-{server}-port" if server else f"{self.name}-port"


#: More calls of a channel than this are never in flight at the same time, whatever is set.
MOST_IN_FLIGHT = 32

#: A key of every channel that takes pictures.
CARD_SIZE: Key = setting(
    "card_size",
    CARD_SIZES[0],
    "Width and height of the cards that are made for it: lying, upright, or as tall as a telephone.",
    allowed=CARD_SIZES,
)

#: Keys of every channel that mails.
MAIL_SETTINGS: tuple[Key, ...] = (
    setting(
        "dkim_selector",
        "",
        "The name under which the mail's signing key stands in the DNS (`SELECTOR._domainkey.DOMAIN`); for `doctor` "
        "alone. Left out: what the provider uses, where that is known.",
        check=dns_label,
    ),
    setting(
        "discreet_subject",
        False,
        "`true`: who has not chosen gets emails whose sender, subject and first lines tell nothing of the cause, for "
        "readers whose inbox others see.",
    ),
    setting(
        "max_in_flight",
        8,
        "Calls at the same time at most, of each campaign; by SMTP each has a line to the server of its own. A mailing "
        "begins with one and takes one more with each good answer. `1`: one after the other, as posts always go.",
        least=1,
        most=MOST_IN_FLIGHT,
    ),
)
