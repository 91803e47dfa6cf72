"""Bluesky, as the rest of the program knows it. Figures: the lexicon of app.bsky.feed.post, and the limits of the
reference server (5,000 points an hour, of which a call takes 2), August 2026."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from ...domain.message import Message
from ...domain.outcome import Recipient, Request
from ...settings import setting
from ..spec import (
    CARD_SIZE,
    CallLimit,
    ChannelContext,
    ChannelSpec,
    DoctorAnswer,
    DoctorInput,
    PictureRules,
    PostRules,
    Secret,
    Simulator,
    StandIn,
    StandInOrder,
    Transport,
)

_LIMIT, _BYTE_LIMIT = 300, 3_000
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HANDLE = re.compile(rf"(?:(?:{_LABEL}\.)+[A-Za-z]{_LABEL}?)?")
_LANGUAGES = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*(?: *, *[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*){0,2}")
_APP_PASSWORD = re.compile(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}")
_MENTION = re.compile(r"(?:^|(?<=[\s(]))@([A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9])")


def _handle(text: str) -> str:
    return "" if _HANDLE.fullmatch(text) else "is not an account's name, as example.bsky.social (no @)"


def _languages(text: str) -> str:
    return "" if _LANGUAGES.fullmatch(text) else "is not one to three languages, as en or en, es"


def _build(context: ChannelContext, message: Message, *, send_id: str, recipients: Sequence[Recipient]) -> Request:
    from .build import build_post

    return build_post(message, context.settings, send_id=send_id)


def _transport(context: ChannelContext) -> Transport:
    from .send import BlueskyTransport

    return BlueskyTransport(context)


def _count(text: str, tlds: frozenset[str]) -> int:
    from ..graphemes import grapheme_length

    return grapheme_length(text)


def _find_links(text: str, tlds: frozenset[str]) -> list[tuple[int, int]]:
    from ..web_links import find_links

    return find_links(text, tlds)


def _problems(text: str) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys(_MENTION.findall(text)):
        yield "N107", f"the post addresses @{name}, which Bluesky shows as words and tells nobody of", f"@{name}"


def _doctor(about: DoctorInput) -> Iterator[DoctorAnswer]:
    password = (about.context.secrets.get("BLUESKY_APP_PASSWORD") or "").strip()
    if password and not _APP_PASSWORD.fullmatch(password):
        yield DoctorAnswer(
            "Bluesky's app password",
            "amber",
            "it does not look like one; it may be the account's own password, which opens everything",
            "make one (Settings, Privacy and security, App passwords) and set OBSERVANCE_BLUESKY_APP_PASSWORD",
        )


def _stand_in(order: StandInOrder) -> StandIn:
    from .simulator import stand_in

    return stand_in(order)


def _link(reference: str) -> str:
    account, _, key = reference.removeprefix("at://").partition("/app.bsky.feed.post/")
    return f"https://bsky.app/profile/{account}/post/{key}" if key else ""


SPEC = ChannelSpec(
    name="bluesky",
    title="Bluesky",
    kind="post",
    help="posts to one account on Bluesky",
    base_url="https://bsky.social",
    build=_build,
    transport=_transport,
    settings=(
        CARD_SIZE,
        setting(
            "handle", "", "The account's name, without @: `example.bsky.social`, or your own domain.", check=_handle
        ),
        setting(
            "languages", "en", "The language of the posts, as `en`; up to three with commas between.", check=_languages
        ),
    ),
    secrets=(Secret("BLUESKY_APP_PASSWORD", "Bluesky: an app password of the account"),),
    post=PostRules(_LIMIT, _count, _find_links, byte_limit=_BYTE_LIMIT, problems=_problems, section="Post: bluesky"),
    media=PictureRules(("image/png", "image/jpeg"), 1_000_000),
    calls=CallLimit(2_500, timedelta(hours=1)),
    evidence="complete",
    # The server writes before it answers: a minute later it has, or never will.
    settle=timedelta(minutes=1),
    doctor=_doctor,
    simulator=Simulator(_stand_in, {"": 8605}),
    link=_link,
    page="bluesky.md",
)
