"""Channels whose provider is in trouble and is left alone for a while."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.formatting import local_words
from ...domain.pause import ChannelPause, pause_in_words
from ...domain.reason import ReasonCode
from ...domain.reason_words import WORDS
from .doctor_result import DoctorContext, DoctorResult, Status


def pauses(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Each of them: until when, why, how much waits for it."""
    if examined.ledger is None:
        return
    zones = {s.rehearsal.plan.campaign.time_zone for s in examined.seasons if s.rehearsal is not None}
    zone = zones.pop() if len(zones) == 1 else "UTC"
    for pause in examined.ledger.pauses.in_force(str(examined.settings.mode), now=examined.now):
        assert pause.until_at is not None  # noqa: S101 - else it is none
        said = pause_in_words(pause, local_words(pause.until_at, zone))
        yield DoctorResult(f"channel {pause.channel}", Status.RED, said, what_to_do(pause))


def what_to_do(pause: ChannelPause) -> str:
    """What somebody can do about what is behind it."""
    codes = [reason.code for reason in pause.reasons] if not pause.is_doubtful else []
    advice = next((WORDS[code].to_do for code in codes if WORDS[code].to_do), WORDS[ReasonCode.CHANNEL_PAUSED].to_do)
    return advice.format(channel=pause.channel, item="ITEM")
