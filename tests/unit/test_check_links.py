"""Links, tags and what a channel takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scheduler.domain.campaign import Hashtag
from scheduler.domain.finding import Where
from scheduler.settings import ChannelSettings
from tests.support.checks_factory import (
    a_campaign,
    claim,
    codes,
    contact,
    email,
    findings,
    item,
    post,
    settings,
    source,
)


def linked(*addresses: str, **more: Any) -> list[str]:
    """Codes of an email of an item that may link to institute.test."""
    campaign = a_campaign([item("one", links=("https://institute.test/a",), **more)])
    paragraphs = "".join(f'<p><a href="{a}">words</a></p>' for a in addresses)
    return codes(campaign, email("one", "Good morning.", markup=paragraphs))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://institute.test/other?page=2#top", []),
        ("https://www.institute.test/", []),
        ("https://news.coalition.test/archive", []),  # the organisation's own pages
        ("tel:+18885550142", ["H104"]),
        ("http://institute.test/a", ["N101"]),
        ("https://elsewhere.test/a", ["N102"]),
        ("https://institute.test.elsewhere.test/a", ["N110"]),
        ("https://notinstitute.test/a", ["N110"]),
        ("https://lnstitute.test/a", ["N110"]),
        ("https://institute.example/a", ["N110"]),
        ("https://institutetest.org/a", ["N110"]),
        ("https://northport.test:8443/a", ["N102", "N112"]),
        ("https://192.0.2.7/a", ["N102", "N112"]),
        ("ftp://institute.test/a", ["N101"]),
        ("https://bit.ly/x", ["N103"]),
        ("https://institute.test/a?utm_campaign=x", ["N104"]),
        ("https://institute.test/a?page=2&amp;fbclid=x", ["N104"]),
        ("https://institute.test/a?session=2&simple=3", []),
        ("https://institute.test@elsewhere.test/a", ["N102", "N105"]),
        ("https://reader:word@institute.test/a", ["N105"]),
        ("https://[institute/a", ["N102"]),
        ("%unsubscribe_url%", []),
    ],
)
def test_links_are_encrypted_known_and_untraced(address: str, expected: list[str]) -> None:
    """N101 to N105, also behind the words of a link."""
    assert expected == sorted(linked(address))


def test_a_bare_host_is_a_link_wherever_it_stands() -> None:
    """N102 in an email's text and subject; a sentence that lacks a blank names no host."""
    campaign = a_campaign([item("one", links=("https://institute.test/a",))])
    assert ["N102"] == codes(campaign, email("one", "See www.elsewhere.org today."))
    assert ["N102"] == codes(campaign, email("one", "Good morning.", subject="See elsewhere.org"))
    assert ["N102"] == codes(campaign, email("one", "See elsewhere dot org, or elsewhere[.]org."))
    picture = '<p>Good morning.</p><img src="https://elsewhere.org/x.png" alt="">'
    assert ["N102"] == codes(campaign, email("one", "Good morning.", markup=picture))
    assert [] == codes(campaign, email("one", "It ended.It began. Ask e.g. the U.S. office at 5 p.m."))


@pytest.mark.parametrize(
    ("address", "words", "expected"),
    [
        ("https://institute.test/a", "institute.test/a", []),
        ("https://institute.test/a", "the newest report", []),
        ("https://institute.test/a", "<b>other.org</b>", ["N102", "N111"]),
        ("https://institute.test/a", "https://other.org/a", ["N102", "N111"]),
        ("tel:+18885550142", "1-888-555-0142", []),
        ("tel:+18885550142", "1-888-555-0124", ["H104", "N111"]),
    ],
)
def test_a_link_says_where_it_leads(address: str, words: str, expected: list[str]) -> None:
    """N111, for sites and for telephones."""
    line = contact("line", "1-888-555-0142")
    campaign = a_campaign([item("one", links=("https://institute.test/a",))], contacts=[line])
    found = codes(campaign, email("one", "Good morning.", markup=f'<p><a href="{address}">{words}</a></p>'))
    assert expected == sorted(c for c in found if c[0] in "NH")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Source: Notes, CDC, https://institute.test/a", ["N111"]),
        ("Fuente: CDC, https://institute.test/a", ["N111"]),
        ("Source: Notes, the Institute, https://institute.test/a", []),
        ("The CDC has a page, too. More: https://institute.test/a", []),
        ("The CDC keeps its numbers at https://www.komen.org/help", ["N111"]),  # that of another one we know
        ("The CDC has it from Komen: https://www.komen.org/help", []),
    ],
)
def test_a_source_is_its_publishers(source: str, expected: list[str]) -> None:
    """N111: an address of somebody else behind the name of a publisher that readers know."""
    campaign = a_campaign([item("one", links=("https://institute.test/a",))])
    assert expected == [code for code in codes(campaign, post("one", source)) if code == "N111"]


def test_records_and_items_name_no_look_alike() -> None:
    """N110 and N111 before anybody prints it: a help line's own link, an item's action and links, a claim's source."""
    site = contact("site", "https://safeline.test", kind="web", href="https://safeline.test/help")
    assert [] == codes(a_campaign(contacts=[site]), post("one", "Good morning."))
    other = replace(site, href="https://safelines.test/help")
    assert ["N111"] == codes(a_campaign(contacts=[other]), post("one", "Good morning."))
    line = contact("line", "1-888-555-0142", href="tel:+18885550124")
    assert ["N111"] == codes(a_campaign(contacts=[line]), post("one", "Good morning."))
    two = contact("line", "1-888-555-0142", find=("1-888-555-0124",))
    assert "N111" in codes(a_campaign(contacts=[two], block=("line",)), post("one", "Good morning. 1-888-555-0142"))
    one = item("one", links=("https://safe-line.test/a",), action_url="https://safeline.example")
    assert ["N110", "N110"] == codes(a_campaign([one], contacts=[site]), post("one", "Good morning."))
    found = findings(a_campaign([one], contacts=[site]), post("one", "Good morning."))
    assert "safeline.test" in found[0].message
    for record in (other, line, two):
        printed = post("one", f"Good morning. {record.value}")
        told = findings(a_campaign(contacts=[record], block=(record.id,)), printed)
        (hint,) = {f.hint for f in told if f.code == "N111"}
        assert "write the same in `value`, `href` and `find`" in hint  # and nothing of the words of a link


def test_answers_go_to_the_organization_itself() -> None:
    """N110: a mistyped address for answers beside the one that emails come from; another domain of one's own is free."""
    usual = settings()
    for reply_to, expected in (
        ("hello@coalition.test", []),
        ("hello@coaliton.test", ["N110"]),
        ("hello@coalition.example.net", []),
        ("team@elsewhere.test", []),
    ):
        own = replace(usual.organisation, from_address="news@coalition.test", reply_to=reply_to)
        found = codes(a_campaign(), post("one", "Good morning."), settings=replace(usual, organisation=own))
        assert expected == [code for code in found if code == "N110"], reply_to


def test_records_of_the_item_say_where_its_links_may_lead() -> None:
    """Claims, help lines, quotations and the action bring their hosts; another item's do not."""
    known = claim("known", source=None)
    line = contact("line", "1-888-555-0142", href="https://line.test/chat")
    speech = source("speech", "Let us ask again and again.", {"words": "Let us ask again and again."})
    one = item("one", claims=("known",), contacts=("line",), quotations=("speech#P1",), action_url="https://act.test/x")
    campaign = a_campaign([one, item("two")], claims=[known], contacts=[line], sources=[speech])
    hosts = ("institute.test", "line.test", "northport.test", "act.test")
    markup = "".join(f'<p><a href="https://{h}/page">words</a></p>' for h in hosts)
    assert [] == codes(campaign, email("one", "Good morning.", markup=markup))
    assert ["N102"] * 4 == codes(campaign, email("two", "Good morning.", markup=markup))


def test_a_link_of_a_post_is_dear_and_its_bare_domain_counts() -> None:
    """N106 with the price; X sees an address where people see a name."""
    campaign = a_campaign([item("one", links=("https://example.org",))])
    found = findings(campaign, post("one", "See example.org for more", contains_url=True))
    assert ["N106"] == [f.code for f in found]
    assert "$0.200 instead of $0.015" in found[0].message
    one_price = ChannelSettings("x", "x", True, "", 20, {"price_per_post_with_link": 0.015})
    cheap = settings(channels={"x": one_price})
    assert [] == codes(campaign, post("one", "See example.org", contains_url=True), settings=cheap)
    assert ["N102", "N106"] == codes(a_campaign(), post("one", "See example.org", contains_url=True))


def test_mentions_and_cashtags() -> None:
    """N107 for each account, N108 for the second cashtag."""
    assert ["N107", "N107"] == codes(a_campaign(), post("one", "Thanks @ada and @ben, and @ada"))
    assert [] == codes(a_campaign(), post("one", "Ask $ABC"))
    assert ["N108"] == codes(a_campaign(), post("one", "Ask $ABC or $XYZ"))
    assert ["H104"] == codes(a_campaign(), email("one", "Write to me@elsewhere.test"))


def test_tags_have_a_record_that_holds_this_season() -> None:
    """T101 to T104; a fragment of an address and a number are no tags."""
    where = Where("campaigns/test/hashtags.toml", 1)
    tags = [
        Hashtag("Good", "active", where),
        Hashtag("Now", "active", where, seasons=(2027,)),
        Hashtag("Then", "active", where, seasons=(2026,)),
        Hashtag("Gone", "retired", where, replaced_by="Good"),
        Hashtag("Bad", "avoid", where, reason="taken over"),
    ]
    campaign = a_campaign([item("one")], hashtags={t.tag: t for t in tags})
    assert [] == codes(campaign, post("one", "#Good #now #1 https://news.coalition.test/#top"))
    found = findings(campaign, post("one", "#Then #Gone #Bad #Other"))
    assert ["T102", "T103", "T104", "T101"] == [f.code for f in found]
    assert ["write #Good"] == [f.hint for f in found if f.code == "T102"]


def test_a_post_holds_no_character_that_cannot_be_sent() -> None:
    """M101; what could be sent and is not seen is M102."""
    assert ["M101"] == codes(a_campaign(), post("one", "Good\ufeff morning"))
    assert ["M101"] == codes(a_campaign(), post("one", "Good\ud800 morning"))
    assert ["M101"] == codes(a_campaign(), email("one", "Good\udc00 morning"))
    assert ["M102"] == codes(a_campaign(), email("one", "Good\ufeff morning"))
    assert ["M102"] == codes(a_campaign(), post("one", "Good\u202e morning"))


def test_an_email_is_not_too_large_and_its_head_is_short_and_says_two_things() -> None:
    """M201, M202, M203."""
    campaign = a_campaign()

    def of_letters(number: int) -> str:
        """Two bytes each; as words they would be read by every check."""
        return f"<!-- {'é' * number} --><p>Good morning.</p>"

    assert [] == codes(campaign, email("one", "Good morning.", markup=of_letters(39_000), subject="x" * 78))
    assert ["M201"] == codes(campaign, email("one", "Good morning.", markup=of_letters(40_000)))
    assert ["M202"] == codes(campaign, email("one", "Good morning.", subject="x" * 79))
    assert ["M203"] == codes(campaign, email("one", "Good morning.", subject="Look again", preheader="look  again"))


def test_both_parts_carry_the_postal_address() -> None:
    """M205, part by part, and every line of it."""
    campaign = a_campaign()
    plain = settings().organisation
    two_lines = settings(organisation=replace(plain, name="C", postal_address="4 Harbour Road,\nOhio", from_name="C"))
    assert ["M205", "M205"] == codes(campaign, email("one", "Good morning."), settings=two_lines)
    assert [] == codes(campaign, email("one", "4 Harbour Road,\nOhio"), settings=two_lines)
