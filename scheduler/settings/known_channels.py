"""What the settings need to know of the channels that there are. Their specs are in scheduler/channels/."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from ..schema.field import Key, key, keys


def setting(name: str, default: str | int | float | bool, help: str, **rules: Any) -> Key:
    """A key of one kind of channel: its type is that of its default. ``rules``: those of a Field."""
    return key(name, type(default), default, help=help, **rules)


#: Keys of every channel, beside the fields of ChannelSettings.
CALL_LIMITS = keys(
    setting(
        "max_calls",
        0,
        "Calls in `max_calls_minutes` at most; what comes after waits. 0: what the provider publishes, else no limit.",
        least=0,
        most=1_000_000,
    ),
    setting("max_calls_minutes", 15, "The span of time that `max_calls` is for.", least=1, most=1440),
)


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
    def settings(self) -> tuple[Key, ...]: ...
    def all_secrets(self) -> Sequence[SecretFacts]: ...


class KnownChannels(Protocol):
    """Channels by what ``transport`` says. To list all takes longer than to get one, or to list those at hand."""

    def get(self, name: str) -> ChannelFacts | None: ...
    def __iter__(self) -> Iterator[str]: ...
    def at_hand(self) -> Iterable[str]: ...
    def why_not(self, name: str) -> str:
        """In words, why one that is there cannot be used; empty where none is there."""
        ...
