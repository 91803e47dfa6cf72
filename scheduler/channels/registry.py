"""Which channels there are: those of this package, by one line each, and those of other packages that are installed.

Another package names its spec as an entry point of the group ``observance.channels``. To look for those takes time, so
it is done only for a name that no channel here has, or where all are to be listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from ..domain.post_picture import CARD_SIZES, size_named
from ..errors import ConfigurationError
from .spec import API, ChannelContext, ChannelSpec, Draw, Prices, ReturnPath

if TYPE_CHECKING:
    from ..settings import ChannelSettings, Secrets, Settings
    from .spec import Transport

#: One line for each channel of this package: a folder beside this file.
BUILT_IN = (
    "x",
    "sendgrid",
    "smtp",
    "by_hand",
    "bluesky",
    "mastodon",
)
GROUP = "observance.channels"
#: What a channel may carry.
KINDS = ("post", "email")


class Channels(Mapping[str, ChannelSpec]):
    """All specs by name, each loaded when it is asked for."""

    def __getitem__(self, name: str) -> ChannelSpec:
        return _built_in(name) if name in BUILT_IN else installed()[0][name]

    def __iter__(self) -> Iterator[str]:
        yield from (*BUILT_IN, *installed()[0])

    def __len__(self) -> int:
        return len(BUILT_IN) + len(installed()[0])

    def at_hand(self) -> tuple[str, ...]:
        """Those that need no looking for."""
        return BUILT_IN

    def why_not(self, name: str) -> str:
        """In words, why a channel that another package brings cannot be used; empty where none does."""
        return installed()[1].get(name, "")


@cache
def _built_in(name: str) -> ChannelSpec:
    spec: ChannelSpec = import_module(f".{name}.spec", __package__).SPEC
    return spec


CHANNELS = Channels()


def spec_of(channel: ChannelSettings) -> ChannelSpec:
    """The spec of a channel in the settings. Raises ConfigurationError for a transport that nobody offers."""
    try:
        return CHANNELS[channel.transport]
    except KeyError:
        raise ConfigurationError(
            f"channel {channel.name}: nobody offers the transport {channel.transport!r}",
            hint=installed()[1].get(channel.transport) or f"allowed are: {', '.join(CHANNELS)}",
        ) from None


def mail_channels(settings: Settings) -> list[ChannelSettings]:
    """The channels that mail and are switched on, by name."""
    return [c for _, c in sorted(settings.channels.items()) if c.enabled and spec_of(c).kind == "email"]


def prices_of(channel: ChannelSettings) -> Prices | None:
    """What a post costs on a channel: as it is set, else as the provider publishes it; None where it asks nothing."""
    published, options = spec_of(channel).prices, channel.options
    if published is None:
        return None
    return Prices(
        post=float(options.get("price_per_post", published.post)),
        post_with_link=float(options.get("price_per_post_with_link", published.post_with_link)),
        alt_text=float(options.get("price_per_alt_text", published.alt_text)),
    )


def card_size(channel: ChannelSettings) -> tuple[int, int]:
    """Width and height of the cards that are made for a channel."""
    return size_named(str(channel.options.get("card_size") or CARD_SIZES[0]))


def most_picture_bytes(channel: ChannelSettings) -> int:
    """How large a picture may be on a channel; 0 where it takes none."""
    media = spec_of(channel).media
    return int(channel.options.get("picture_bytes", media.byte_limit)) if media is not None else 0


def open_channel(
    settings: ChannelSettings,
    secrets: Secrets,
    *,
    return_path: ReturnPath | None = None,
    public_url: str = "",
    draw: Draw | None = None,
) -> Transport:
    """The transport of a channel. Raises ConfigurationError where it cannot be used."""
    spec = spec_of(settings)
    return spec.transport(ChannelContext(spec, settings, secrets, return_path, public_url, draw))


@cache
def installed() -> tuple[Mapping[str, ChannelSpec], Mapping[str, str]]:
    """Specs of other packages by name; and by name, in words, why one cannot be used."""
    from importlib.metadata import entry_points

    specs: dict[str, ChannelSpec] = {}
    refused: dict[str, str] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda e: (e.name, e.value)):
        package = f"the package {entry.dist.name} {entry.dist.version}" if entry.dist else "a package"
        if entry.name in specs or entry.name in BUILT_IN:
            refused[entry.name] = f"{package} brings a second channel called {entry.name}; remove one of them"
            continue
        try:
            spec = entry.load()
        except Exception as error:  # it is another's code
            words = f"{type(error).__name__}: {error}"
            refused[entry.name] = f"{package} cannot be loaded ({words}); remove it, or install one that works"
            continue
        if why := _why_not(package, entry.name, spec):
            refused[entry.name] = why
        else:
            specs[entry.name] = spec
    return specs, refused


def _why_not(package: str, name: str, spec: object) -> str:
    """Why what a package offers cannot be used, in words; empty where it can."""
    api = getattr(spec, "api", None)
    if isinstance(api, int) and api != API:
        return f"{package} speaks api {api} and this program api {API}; install a release of it for api {API}"
    if not isinstance(spec, ChannelSpec):
        return f"{package} offers {name}, but that is no ChannelSpec; its author has to correct it"
    if spec.name != name:
        return f"{package} offers {name}, but its spec is called {spec.name}; its author has to name them alike"
    if spec.kind not in KINDS:
        known = " and ".join(KINDS)
        return f"{package} offers {name} of the kind {spec.kind}; {known} are known; its author has to correct it"
    if spec.kind == "post" and spec.post is None:
        return f"{package} offers {name}, but says nothing of how a post is measured; its author has to correct it"
    return ""
