"""Whatever a text says, the checks end, and give findings that can be shown."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.checks_factory import a_campaign, claim, contact, email, findings, item, post, source

WORDS = "No street is free while one house is locked. My council is training every inspector this year."
PIECES = st.sampled_from(
    [
        '"',
        "\u201c",
        "\u201d",
        "'",
        "!",
        "?",
        "#",
        "@",
        "$ABC ",
        "%",
        "https://",
        "http://a.test/?utm_x=1 ",
        "://",
        "1-888-555-0142",
        "911",
        "27.6 million",
        "1 in ",
        "one out of every five ",
        "Monday, January 12",
        "30 February",
        "slaves ",
        "tráfico de personas",
        "\ufeff",
        "\u200b",
        "\u0301",
        "\n",
        "\n\n",
        "> ",
        "<p>",
        "</p>",
        "<blockquote>",
        "<!--",
        "&amp;",
        "&#0;",
        "a@b.test",
        "{{ ",
        "}}",
        "[T]",
        "\u2026",
        "No street is free",
        "My council is training every",
        "confidential",
        "Re: ",
        "(",
        "\\",
        "\ud800",
    ]
)
TEXT = st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join)

CAMPAIGN = a_campaign(
    [item("one", claims=("a",), quotations=("s#P1",), content_note="x"), item("two", "myth-corrected", then=("b",))],
    claims=[claim("a", "estimate", numbers=["27.6 million"], caveat="x"), claim("b", "debunked", numbers=["1 in 5"])],
    contacts=[
        contact("line", "1-888-555-0142"),
        contact("old", "1-888-555-0177", "superseded"),
        contact("n", "???", "superseded"),
    ],
    sources=[source("s", WORDS, {"words": WORDS}, {"words": "My council is training every inspector", "use": "dated"})],
    block=("line",),
    lint_packs=("house", "human-trafficking"),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT, TEXT, TEXT)
def test_no_text_stops_the_checks(first: str, second: str, third: str) -> None:
    """Bad input gives findings, never an exception, and each says what and where."""
    messages = [
        post("one", first, claims=("a",), quotations=("s#P1", "s", "none#1"), links=(third,), alt_text=third),
        email(
            "one",
            second,
            markup=third,
            subject=first,
            preheader=second,
            claims=("a", "gone"),
            contacts=("line", "gone"),
        ),
        post("two", second, claims=("b",)),
        email("two", third, markup=second),
    ]
    for found in findings(CAMPAIGN, *messages):
        assert found.message
        assert found.hint
        assert found.where.path.startswith(("campaigns/", "config/"))
        assert not found.message.endswith(".")
