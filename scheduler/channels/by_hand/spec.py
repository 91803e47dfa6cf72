"""A named person posts at its time, wherever the program cannot, and says so on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from ...domain.message import Message
from ...domain.outcome import Recipient, Request
from ...settings import setting
from ...settings.values import one_line
from ..spec import CARD_SIZE, ChannelContext, ChannelSpec, DoctorAnswer, DoctorInput, PictureRules, PostRules, Transport

_LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")
_LIMIT = 5_000


def _build(context: ChannelContext, message: Message, *, send_id: str, recipients: Sequence[Recipient]) -> Request:
    from .build import build_task

    return build_task(message, person_of(context), send_id=send_id)


def _transport(context: ChannelContext) -> Transport:
    from .send import ByHandTransport

    return ByHandTransport(context)


def person_of(context: ChannelContext) -> str:
    """Who posts on this channel; empty where nobody is named."""
    return str(context.settings.options.get("person") or "")


def _doctor(about: DoctorInput) -> Iterator[DoctorAnswer]:
    name, person = about.context.settings.name, person_of(about.context)
    if person:
        yield DoctorAnswer("by hand", "green", f"{name}: {person} posts, and says so on a page")
    else:
        to_do = f"name the person in channels.{name}.person"
        yield DoctorAnswer("by hand", "red", f"{name}: nobody is named who posts, so nothing can be handed over", to_do)


SPEC = ChannelSpec(
    name="by_hand",
    title="By hand",
    kind="post",
    help="posts that a named person makes",
    base_url="",
    schemes={},
    build=_build,
    transport=_transport,
    settings=(
        CARD_SIZE,
        setting("person", "", "Who posts: a name, as the notices say it. Must be there.", check=one_line),
        setting("handle", "", "The account's name, without @; shown in previews only.", check=one_line),
        setting("character_limit", _LIMIT, "How long a post may be, in characters.", least=1, most=100_000),
    ),
    post=PostRules(
        _LIMIT,
        count=lambda text, tlds: len(text),
        find_links=lambda text, tlds: [found.span() for found in _LINK.finditer(text)],
        section="Post: by_hand",
    ),
    media=PictureRules(("image/png", "image/jpeg"), 5_000_000),
    # What is not marked when its window closes was not posted: the person is the record, and it is complete then.
    evidence="complete",
    settle=timedelta(0),
    doctor=_doctor,
    page="channels.md#by-hand",
)
