"""Mastodon, as the rest of the program knows it. Figures: the defaults of Mastodon's own server, docs.joinmastodon.org,
August 2026. An instance may have others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from ...domain.message import Message
from ...domain.outcome import Recipient, Request
from ...schema.forms import form
from ...settings import setting
from ..spec import (
    CARD_SIZE,
    CallLimit,
    ChannelContext,
    ChannelSpec,
    PictureRules,
    PostRules,
    Secret,
    Simulator,
    StandIn,
    StandInOrder,
    Transport,
)

_LIMIT, _PICTURE_BYTES = 500, 16_777_216
_handle = form(
    r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?:@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)?",
    "is not an account's name, as example or example@social.example.org (no @ before it)",
)
_language = form(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", "is not a language, as en or pt-BR")


def _build(context: ChannelContext, message: Message, *, send_id: str, recipients: Sequence[Recipient]) -> Request:
    from .build import build_post

    return build_post(message, context.settings, send_id=send_id)


def _transport(context: ChannelContext) -> Transport:
    from .send import MastodonTransport

    return MastodonTransport(context)


def _count(text: str, tlds: frozenset[str]) -> int:
    from .length import status_length

    return status_length(text)


def _count_warning(text: str) -> int:
    from ..graphemes import grapheme_length

    return grapheme_length(text)


def _find_links(text: str, tlds: frozenset[str]) -> list[tuple[int, int]]:
    from ..web_links import find_links

    return find_links(text, frozenset())  # bare ones stay words


def _problems(text: str) -> Iterator[tuple[str, str, str]]:
    from .length import mentions

    for name in dict.fromkeys(mentions(text)):
        yield "N107", f"the post addresses @{name}", f"@{name}"


def _stand_in(order: StandInOrder) -> StandIn:
    from .simulator import stand_in

    return stand_in(order)


SPEC = ChannelSpec(
    name="mastodon",
    title="Mastodon",
    kind="post",
    help="posts to one account on Mastodon",
    base_url="",  # each account has an instance of its own
    build=_build,
    transport=_transport,
    settings=(
        CARD_SIZE,
        setting("handle", "", "The account's name, without @ before it; shown in previews only.", check=_handle),
        setting(
            "visibility",
            "public",
            "Who sees a post: `public`, everybody; `unlisted`, everybody, but it is in no public timeline.",
            allowed=("public", "unlisted"),
        ),
        setting("language", "en", "The language of the posts, as `en`.", check=_language),
        setting(
            "character_limit",
            _LIMIT,
            "How long a post may be, as Mastodon counts. What the instance allows, `doctor --online` compares.",
            least=1,
            most=100_000,
        ),
        setting(
            "picture_bytes",
            _PICTURE_BYTES,
            "How large a picture may be, in bytes. What the instance allows, `doctor --online` compares.",
            least=1,
            most=100_000_000,
        ),
    ),
    secrets=(Secret("MASTODON_ACCESS_TOKEN", "Mastodon: an access token of the account"),),
    post=PostRules(
        _LIMIT, _count, _find_links, problems=_problems, section="Post: mastodon", count_warning=_count_warning
    ),
    media=PictureRules(("image/png", "image/jpeg"), _PICTURE_BYTES),
    calls=CallLimit(300, timedelta(minutes=5)),
    # The account's own statuses, for 50 minutes. An instance may answer from a copy of its database that is behind: the
    # key, which it keeps for an hour, then stands between a second try and a second post. After that nothing does.
    evidence="complete",
    settle=timedelta(minutes=2),
    simulator=Simulator(_stand_in, {"": 8606}),
    link=lambda reference: reference if reference.startswith("https://") else "",
    page="mastodon.md",
)
