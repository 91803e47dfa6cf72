"""Links and tags of a post on Bluesky: where they stand, in bytes, and what they lead to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.channels.bluesky.facets import facets, find_tags
from scheduler.channels.web_links import find_links

TLDS = frozenset("com org net museum рф uk".split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://example.org/a/b?c=d#e now", ["https://example.org/a/b?c=d#e"]),
        ("see x.com.", ["x.com"]),
        ("(example.org/help), now", ["example.org/help"]),
        ("“https://example.org/a” ‘x.org’ «y.org»", ["https://example.org/a", "x.org", "y.org"]),
        ("https://en.wikipedia.org/wiki/Name_(place)", ["https://en.wikipedia.org/wiki/Name_(place)"]),
        ("(https://example.org/a).", ["https://example.org/a"]),
        ("https://example.org/a, b… https://example.org/b…", ["https://example.org/a", "https://example.org/b"]),
        ("my-site.org; a.b.co.uk/x", ["my-site.org", "a.b.co.uk/x"]),
        ("Line\nhttps://a.org/\nb.org", ["https://a.org/", "b.org"]),
        ("HTTPS://EXAMPLE.ORG X.MUSEUM", ["HTTPS://EXAMPLE.ORG", "X.MUSEUM"]),
        ("abc.рф", ["abc.рф"]),
        ("example.com:8080/x example.com:8080", ["example.com:8080/x", "example.com"]),
        ("http://localhost:3000/a", ["http://localhost:3000/a"]),
        ("https://example.org/#tag", ["https://example.org/#tag"]),
        ("info@example.com first.last@example.com", []),
        ("mailto:info@example.com ftp://example.com", []),
        ("a/example.com -example.com #example.com @example.com", []),
        ("example.unknown end.And e.g. 3.5", []),
        ("https:// https://… https://[bad", []),
        (f"{'x' * 64}.com https://{'y' * 64}.com", []),
        ("No address. None at all.", []),
    ],
)
def test_links_are_whole_and_without_what_closes_a_sentence(text: str, expected: list[str]) -> None:
    """With a scheme, or bare under a known top-level domain; an e-mail address is none."""
    assert expected == [text[start:end] for start, end in find_links(text, TLDS)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#a and #b2, ＃c", ["#a", "#b2", "＃c"]),
        ("#HumanTraffickingAwareness.", ["#HumanTraffickingAwareness"]),
        ("#don't #a-b #é! #中文。", ["#don't", "#a-b", "#é", "#中文"]),
        ("#1 #2027 #... #", []),
        ("#1a", ["#1a"]),
        ("a#b (#c) https://x.org/#d", []),
        ("#\ufe0f\u20e3 1\ufe0f\u20e3", []),
        ("#a\u200bb", ["#a"]),
        (f"#{'a' * 64} #{'b' * 65}", [f"#{'a' * 64}"]),
        ("#e" + "\u0301" * 330, []),  # one character, but 661 bytes
    ],
)
def test_tags_are_words(text: str, expected: list[str]) -> None:
    """A sign after a space or at the start, then something that is neither digits nor punctuation alone."""
    assert expected == [text[start:end] for start, end in find_tags(text)]


def marked(text: str, found: list[dict[str, Any]]) -> list[str]:
    """The words that each facet marks."""
    content = text.encode()
    return [content[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in found]


def test_facets_count_bytes_and_lead_somewhere() -> None:
    """Whatever stands before them: accents, a family of four. A bare address leads to https."""
    text = "Café 👨‍👩‍👧‍👦 x.org #Tág https://x.org/é"
    found: list[dict[str, Any]] = facets(text, ["x.org", "https://x.org/é"])
    assert ["x.org", "#Tág", "https://x.org/é"] == marked(text, found)
    assert [32, 38, 44] == [f["index"]["byteStart"] for f in found]
    link, tag, other = (
        [{"$type": f"app.bsky.richtext.facet#{kind}", name: value}]
        for kind, name, value in (
            ("link", "uri", "https://x.org"),
            ("tag", "tag", "Tág"),
            ("link", "uri", "https://x.org/é"),
        )
    )
    assert [link, tag, other] == [f["features"] for f in found]


def test_only_what_was_found_when_the_post_was_made_becomes_a_link() -> None:
    """Reviewers saw these links and no others; names of accounts are never one."""
    assert ["a.org"] == marked("a.org b.org @c.bsky.social", facets("a.org b.org @c.bsky.social", ["a.org"]))
    assert [] == facets("@c.bsky.social says", [])


@given(
    st.lists(
        st.sampled_from("é 👩🏽‍💻 中 a.org https://b.org/ü (c.org) #d #é. 1 “https://e.org” f@g.org …".split()),
        max_size=12,
    )
)
def test_facets_mark_whole_characters_in_order(words: list[str]) -> None:
    """What is marked is what was found, for any text."""
    text = " ".join(words)
    links = [text[start:end] for start, end in find_links(text, TLDS)]
    found = facets(text, set(links))
    tags = [text[start:end] for start, end in find_tags(text)]
    assert sorted([*links, *tags]) == sorted(marked(text, found))
    edges = [edge for f in found for edge in (f["index"]["byteStart"], f["index"]["byteEnd"])]  # type: ignore[index]
    assert edges == sorted(set(edges))
