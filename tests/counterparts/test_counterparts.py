"""Ours against what others publish: X's own counter, the counter and the link finder of Bluesky, its reference server.

They are JavaScript and are fetched by `.ci/counterparts`; elsewhere these tests are skipped.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from scheduler.channels.bluesky.facets import facets
from scheduler.channels.bluesky.send import BlueskyTransport
from scheduler.channels.bluesky.spec import SPEC
from scheduler.channels.contract.standin_pictures import a_picture, a_png
from scheduler.channels.graphemes import grapheme_length
from scheduler.channels.published_tlds import PUBLISHED
from scheduler.channels.spec import ChannelContext
from scheduler.channels.web_links import find_links
from scheduler.channels.x.weighted_length import is_valid, weighted_length
from scheduler.content.top_level_domains import top_level_domains
from scheduler.domain.message import Message, PostBody
from scheduler.domain.outcome import OutcomeKind, Verdict
from scheduler.domain.reason import ReasonCode
from scheduler.settings import ChannelSettings, Secrets

HERE = Path(__file__).parent
NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
TEXTS = 20_000
KNOWN_TO_X = top_level_domains() | PUBLISHED
STORED = json.loads((HERE.parent / "data" / "post_lengths.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(
    not os.environ.get("OBSERVANCE_TEST_COUNTERPARTS"),
    reason="the counterparts may be absent; .ci/counterparts fetches them",
)


def counterpart(kind: str, texts: Sequence[str]) -> list[Any]:
    """What the counterpart makes of each text."""
    answer = subprocess.run(
        ["node", "--preserve-symlinks", "-e", (HERE / "count.cjs").read_text(encoding="utf-8")],
        cwd=os.environ["OBSERVANCE_TEST_COUNTERPARTS"],
        input=json.dumps([kind, texts]),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[Any] = json.loads(answer.stdout)
    return answers


X_WORDS = (
    "Help |is near, |— |… |👩🏽‍💻 |❤️ |🇺🇸 |中文 |e\u0301 |https://charity.{tld}/give/now/for/the/whole/year |charity.{tld} "
    "|a.com.{tld}/x |x.com |http://x.{tld} |(example.org/help) |info@a.{tld} |@name |#tag |$ABC |https://example.org/a?b=c "
    "|\n|a.co.{tld}.org |. |http://a.b.{tld}?q=1 |c.{tld}:80/y |a/b.{tld}|-x.{tld}"
).split("|")


def posts(tlds: Sequence[str], seed: int) -> list[str]:
    """Posts of awkward words, half of them filled up to about the limit."""
    chance, made = random.Random(seed), list[str]()
    for number in range(TEXTS):
        text = "".join(chance.choice(X_WORDS).format(tld=chance.choice(tlds)) for _ in range(chance.randint(1, 14)))
        if number % 2:
            text += " " + "x" * max(0, chance.randint(278, 283) - weighted_length(text, KNOWN_TO_X) - 1)
        made.append(text)
    return made


def test_posts_weigh_what_xs_own_counter_says() -> None:
    """For the top-level domains that it knows."""
    texts = [*posts(["org", "museum", "co.uk", "рф"], 1), *(row["text"] for row in STORED["x"])]
    ours = [[weighted_length(text, KNOWN_TO_X), is_valid(text, KNOWN_TO_X, 280)] for text in texts]
    assert [] == [(t, o, x) for t, o, x in zip(texts, ours, counterpart("x", texts), strict=True) if o != x]


def test_posts_with_younger_domains_never_weigh_less_than_xs_own_counter_says() -> None:
    """What fits here fits there."""
    younger = sorted(KNOWN_TO_X - PUBLISHED)
    texts = [*posts(younger, 2), *(row["text"] for row in STORED["x_younger"])]
    for text, (weight, valid) in zip(texts, counterpart("x", texts), strict=True):
        assert weighted_length(text, KNOWN_TO_X) >= weight, text
        assert valid or not is_valid(text, KNOWN_TO_X, 280), text


AWKWARD = "a1 é\u0301\r\n\t\u200b\u200d\ufe0f\u20e3❤👩👨👧🏽🇺🇸🇲\u1100\u1161\u11a8각가क\u094dষিাกำ\u00ad\U000e0067\U000e007f🏴中ñ—…"


def test_characters_are_counted_as_the_reference_server_counts_them() -> None:
    """By Node.js itself; whatever stands beside whatever."""
    chance = random.Random(3)
    texts = ["".join(chance.choice(AWKWARD) for _ in range(chance.randint(1, 30))) for _ in range(TEXTS)]
    texts += [row["text"] for row in STORED["bluesky"]]
    for text, count in zip(texts, counterpart("graphemes", texts), strict=True):
        assert grapheme_length(text) == count, ascii(text)


POST_WORDS = (
    "Help|is near,|é|👩🏽‍💻|中文|a.org|example.com/a?b=c#d|https://b.org/ü|(c.org)|#tag|#Tág.|#1|(see https://x.org/y).|"
    "info@d.org|x.co.uk,|https://e.org/Name_(place)|http://f.com!|#a-b|1.5|e.g.|https://g.org/a.|#don't|＃wide|…|“quoted”"
).split("|")


def test_links_and_tags_stand_where_blueskys_own_finder_puts_them() -> None:
    """The same bytes, the same addresses."""
    chance = random.Random(4)
    texts = [
        chance.choice(" \n").join(chance.choice(POST_WORDS) for _ in range(chance.randint(1, 10))) for _ in range(TEXTS)
    ]
    for text, expected in zip(texts, counterpart("facets", texts), strict=True):
        links = {text[start:end] for start, end in find_links(text, top_level_domains())}
        assert sorted(expected, key=lambda facet: facet["index"]["byteStart"]) == facets(text, links), text


# -- the reference server -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    """The reference server with one account, on this machine."""
    process = subprocess.Popen(
        ["node", str(HERE / "pds.mjs")],
        cwd=os.environ["OBSERVANCE_TEST_COUNTERPARTS"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told = next(line for line in process.stdout if line.startswith("{"))
    yield json.loads(told)
    process.stdin.close()
    process.wait(60)
    process.stdout.close()


@pytest.fixture
def transport(server: dict[str, str]) -> Iterator[BlueskyTransport]:
    made = BlueskyTransport(context(server))
    yield made
    made.close()


def context(server: dict[str, str], **changed: str) -> ChannelContext:
    account = {**server, **changed}
    settings = ChannelSettings("bluesky", "bluesky", True, account["url"], 20.0, {"handle": account["handle"]})
    secrets = Secrets({"BLUESKY_APP_PASSWORD": account["password"]})
    return ChannelContext(SPEC, settings, secrets, draw=DRAWN.__getitem__)


def post(text: str, links: tuple[str, ...] = ()) -> Message:
    body = PostBody(text, len(text), 300, bool(links))
    return Message(
        "january", 2027, "help", "bluesky", "help", date(2027, 1, 11), NOW, NOW + timedelta(hours=9), body, links=links
    )


#: By picture: its bytes.
DRAWN = {a_picture(content): content for content in (a_png(), a_png(shade=1), a_png((1080, 1350)))}


def test_a_picture_is_taken_with_its_words(transport: BlueskyTransport, server: dict[str, str]) -> None:
    """Under the name that we give its bytes; the record is as it was made, and the server gives the same bytes back. The
    same call again changes nothing. A post that may go without its picture is found without it, too."""
    for number, (picture, content) in enumerate(DRAWN.items()):
        body = PostBody(
            f"With a picture {number}", 16, 300, False, "A gray card", picture, may_lack_picture=number == 2
        )
        request = transport.build(replace(post(""), body=body), send_id=f"picture-{number}")
        first, again = transport.send(request, now=NOW), transport.send(request, now=NOW)
        assert (OutcomeKind.ACCEPTED, (), first) == (first.kind, first.reasons, again)
        assert Verdict.SENT is transport.look_up(request, since=NOW, now=NOW).verdict
        name = request.body["record"]["embed"]["images"][0]["image"]["ref"]["$link"]
        there = f"{server['url']}/xrpc/com.atproto.sync.getBlob?did={server['did']}&cid={name}"
        with urlopen(there, timeout=20) as answer:
            assert content == answer.read()


def test_a_picture_goes_missing_and_the_post_is_found(transport: BlueskyTransport) -> None:
    """Its bytes cannot be made here, and its item lets it go without."""
    picture = replace(next(iter(DRAWN)), sha256="0" * 64)
    body = PostBody("Without its picture", 19, 300, False, "A gray card", picture, may_lack_picture=True)
    request = transport.build(replace(post(""), body=body), send_id="without")
    outcome = transport.send(request, now=NOW)
    assert (OutcomeKind.ACCEPTED, [ReasonCode.PICTURE_LEFT_OUT]) == (outcome.kind, [r.code for r in outcome.reasons])
    evidence = transport.look_up(request, since=NOW, now=NOW)
    assert (Verdict.SENT, True) == (evidence.verdict, "without its picture" in evidence.detail)


def test_a_post_is_taken_once(transport: BlueskyTransport) -> None:
    """Absent, sent, there; the same call again changes nothing, and another text overwrites nothing."""
    text = "Help & hope 👨‍👩‍👧‍👦: https://humantraffickinghotline.org/en/ #Help"
    request = transport.build(post(text, ("https://humantraffickinghotline.org/en/",)), send_id="once")
    assert Verdict.NOT_SENT is transport.look_up(request, since=NOW, now=NOW).verdict
    first, again = transport.send(request, now=NOW), transport.send(request, now=NOW)
    assert (OutcomeKind.ACCEPTED, first) == (first.kind, again)
    evidence = transport.look_up(request, since=NOW, now=NOW)
    assert (Verdict.SENT, first.reference) == (evidence.verdict, evidence.reference)
    mended = transport.build(post("Mended"), send_id="once")
    assert [ReasonCode.DUPLICATE] == [reason.code for reason in transport.send(mended, now=NOW).reasons]
    assert Verdict.CANNOT_TELL is transport.look_up(mended, since=NOW, now=NOW).verdict
    assert Verdict.SENT is transport.look_up(request, since=NOW, now=NOW).verdict


@pytest.mark.parametrize("row", STORED["bluesky"], ids=lambda row: ascii(row["text"])[:40])
def test_the_server_takes_what_fits_and_no_more(transport: BlueskyTransport, row: dict[str, Any]) -> None:
    """Each hard case, filled up to the limit by our count is taken, and one character more is not."""
    filling = SPEC.post.limit - row["graphemes"] - 1 if SPEC.post else 0
    if filling < 0 or row["bytes"] + filling > 2_900:
        pytest.skip("longer than the limit by itself; such texts may be absent here")
    fits = row["text"] + "\n" + "a" * filling
    for text, kind in ((fits, OutcomeKind.ACCEPTED), (fits + "b", OutcomeKind.FINAL)):
        assert kind is transport.send(transport.build(post(text), send_id=text), now=NOW).kind


def test_3000_bytes_are_taken_and_no_more(transport: BlueskyTransport) -> None:
    """120 families are 120 characters, and 3,000 bytes."""
    ends = [transport.send(transport.build(post("👨‍👩‍👧‍👦" * n), send_id=str(n)), now=NOW).kind for n in (120, 121)]
    assert [OutcomeKind.ACCEPTED, OutcomeKind.FINAL] == ends


def test_a_session_that_the_server_does_not_know_is_made_anew(transport: BlueskyTransport) -> None:
    """As after two hours."""
    transport.send(transport.build(post("first"), send_id="a"), now=NOW)
    assert transport._session is not None
    transport._session = replace(transport._session, headers={"Authorization": "Bearer spoilt"})
    assert OutcomeKind.ACCEPTED is transport.send(transport.build(post("second"), send_id="b"), now=NOW).kind


@pytest.mark.parametrize("changed", [{"password": "else-else-else-else"}, {"handle": "nobody.test"}])
def test_who_is_not_known_is_refused(server: dict[str, str], changed: dict[str, str]) -> None:
    """Keys refused; nothing is in doubt."""
    stranger = BlueskyTransport(context(server, **changed))
    outcome = stranger.send(stranger.build(post("hello"), send_id="c"), now=NOW)
    assert (OutcomeKind.FINAL, [ReasonCode.KEYS_REFUSED]) == (outcome.kind, [r.code for r in outcome.reasons])
    stranger.close()


def test_the_server_can_be_asked_without_posting(transport: BlueskyTransport) -> None:
    """For `doctor`, and after a pause."""
    answer = transport.ask(now=NOW)
    assert answer is not None
    assert OutcomeKind.ACCEPTED is answer.kind
