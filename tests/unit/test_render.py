"""From items to messages: what the texts may do, what is refused and where, and what a message says of itself."""

from __future__ import annotations

import shutil
import tracemalloc
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduler.clock import stopwatch
from scheduler.content.codes import RENDERING
from scheduler.content.render.emails import _context
from scheduler.content.render.messages import RenderResult, render
from scheduler.content.render.season_renderer import SeasonRenderer
from scheduler.content.render.template_functions import ItemRecords
from scheduler.content.render.template_values import FIELDS
from scheduler.domain.campaign import Hashtag, ItemText, Kind, Lateness
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.message import EmailBody, PostBody
from scheduler.settings import ChannelSettings
from tests.support.render_factory import (
    CLAIMS,
    CONTACTS,
    SOURCES,
    TEMPLATES,
    campaign,
    claim,
    contact,
    item,
    one,
    plan,
    rendered,
)
from tests.support.render_factory import settings as made_settings

#: Seconds. What goes on without end never comes to it, and no machine is so slow.
SOON = 60


def post_of(text: str, **changes: Any) -> str:
    body = one(rendered(item(post=text, **changes)), "x").body
    assert isinstance(body, PostBody)
    return body.text.split("\n\nHelp 24/7")[0]


def email_of(text: str, **changes: Any) -> EmailBody:
    body = one(rendered(item(email=text, **changes)), "email").body
    assert isinstance(body, EmailBody)
    return body


def refused(result: RenderResult, channel: str = "x") -> Finding:
    """The only finding of that channel; its message was not made."""
    assert [] == [m for m in result.messages if m.channel == channel]
    found = [f for f in result.findings if f.channel in (channel, "")]
    assert len(found) == 1, [str(f) for f in found]
    assert Severity.RED is found[0].severity
    return found[0]


# -- the functions of an item's texts ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("{{ claim('forced-labour').text }}", "27.6 million people were in forced labour on any given day in 2021"),
        ("{{ claim('forced-labour').caveat }}", "ILO estimate for 2021"),
        ("{{ claim('forced-labour').period }}", "2021"),
        ("{{ claim('forced-labour').numbers|join(', ') }}", "27.6 million"),
        ("{{ claim('forced-labour').numbers[0] }}", "27.6 million"),
        ("{{ claim('forced-labour').source.title }}", "Global Estimates of Modern Slavery"),
        ("{{ claim('forced-labour').source.publisher }}", "ILO, Walk Free and IOM"),
        ("{{ claim('forced-labour').source.dated }}", "September 2022"),
        ("{{ number('forced-labour') }}", "27.6 million"),
        (
            "{{ quote('proclamation#P1') }}",
            "Slavery tears at our social fabric \u2014 and debases our common humanity.\n\u2014 Presidential proclamation, 2014",
        ),
        ("{{ quote('page#F4') }}", "27 Million people are currently enslaved.\n\u2014 Our page, 2014"),
        ("In 2014: {{ quote('page#F4') }}", "In 2014: 27 Million people are currently enslaved."),
        ("{{ attribution('page#F4') }}", "Our page, 2014"),
        ("{{ short_attribution('proclamation#P1') }}", "Presidential proclamation, 2014"),
        ("{{ question('page#F4') }}", "How many people?"),
        ("{{ contact('hotline-phone').value }}", "1-888-373-7888"),
        (
            "{{ contact('hotline-phone').label }}: {{ contact('hotline-phone').hours }}",
            "National Hotline: 24 hours a day",
        ),
        ("{{ contact('relay').href }}", "tel:711"),
        ("{{ title }}, {{ season }}", "National Prevention Month, 2027"),
        ("Day {{ day_number }} of {{ days }}", "Day 1 of 32"),
        ("{{ on }}", "Friday, January 1, 2027"),
        ("{{ on.month }} {{ on.day }}, {{ on.year }}", "January 1, 2027"),
        ("{% if day_number == 1 %}First{% else %}Later{% endif %}", "First"),
        ("{% for n in claim('forced-labour').numbers %}<{{ n }}>{% endfor %}", "<27.6 million>"),
        ("{% set c = claim('forced-labour') %}{{ c.period }}", "2021"),
    ],
)
def test_functions_give_what_the_reference_says(text: str, printed: str) -> None:
    """Each function and field of docs/reference/campaign-files.md gives the record's own words."""
    assert printed == post_of(text, quotations=("proclamation#P1", "page#F4"))


def test_the_words_of_others_are_never_corrected() -> None:
    """Recorded corrections are applied in the organisation's own text alone."""
    theirs = replace(SOURCES["page"], own_words=False)
    text = "{{ quote('page#F4') }}"
    result = rendered(item(post=text, quotations=("page#F4",)), sources={**SOURCES, "page": theirs})
    body = one(result, "x").body
    assert body.text.startswith("27 Million people are currrently enslaved.")


@pytest.mark.parametrize(
    ("text", "code", "line", "word"),
    [
        ("{{ nonsense }}", "R002", 20, "nonsense"),
        ("a\nb\n{{ nonsense }}", "R002", 22, "nonsense"),
        ("{{ claim('forced-labour').txt }}", "R002", 20, "txt"),
        ("a\n{{ claim('forced-labour').txt }}", "R002", 21, "txt"),
        ("a\n{% if claim('forced-labour').nope %}x{% endif %}", "R002", 21, "nope"),
        ("{{ claim('unlisted').text }}", "R003", 20, "unlisted"),
        ("a\n\n{{ number('unlisted') }}", "R003", 22, "unlisted"),
        ("{{ claim('forced-labor').text }}", "R004", 20, "did you mean forced-labour"),
        ("{{ quote('proclamation#P1') }}", "R003", 20, "proclamation#P1"),
        ("{{ contact('other').value }}", "R003", 20, "other"),
        ("{{ contact('nobody').value }}", "R004", 20, "nobody"),
        ("{{ quotes('proclamation#P1') }}", "R002", 20, "quotes"),
        ("a\n{{ claim('forced-labour').text", "R001", 21, "a {{ has no }} behind it"),
        ("a\n{% if day_number %}", "R001", 21, "a {% if ... %} has no {% endif %}"),
        ("{{ claim('forced-labour' }}", "R001", 20, "a ) is missing before the }"),
        ("{{ title|shout }}", "R002", 20, "shout"),
        ("{{ claim('forced-labour') }}", "R005", 20, "a claim"),
        ("{{ claim('forced-labour').source }}", "R005", 20, "source"),
        ("{{ claim('forced-labour').numbers }}", "R005", 20, "a list"),
        ("{{ claim() }}", "R005", 20, ""),
        ("{{ number(title) }}", "R004", 20, "National"),
        ("", "R017", 1, "no text"),
    ],
)
def test_a_mistake_is_a_finding_with_its_line(text: str, code: str, line: int, word: str) -> None:
    """What a text cannot have stops its message and is told with file, line and name; the post starts at line 20."""
    found = refused(rendered(item(post=text)))
    assert [code, Where("campaigns/test/items/one.md", line)] == [found.code, found.where]
    assert word in found.message
    assert ["one", "x"] == [found.item, found.channel]
    assert found.hint


def test_number_of_a_claim_without_numbers() -> None:
    """A record that lacks what the text asks it for is named."""
    assert "R007" == refused(rendered(item(post="{{ number('law') }}", claims=("law",)))).code


def test_an_item_that_names_an_unknown_help_line_takes_its_own_messages_away() -> None:
    """The post's as the email's; the other items are rendered all the same."""
    result = rendered(item(contacts=("nobody",)), item("two"))
    assert {("x", "R004"), ("email", "R004")} == {(found.channel, found.code) for found in result.findings}
    assert {("two", "x"), ("two", "email")} == {(message.item, message.channel) for message in result.messages}


def test_a_record_that_cannot_be_read_is_not_said_to_be_missing() -> None:
    """It is there; what is wrong with it is a finding of its own. No other record is proposed in its place."""
    without = {claim_id: kept for claim_id, kept in CLAIMS.items() if claim_id != "forced-labour"}
    text = item(post="{{ claim('forced-labour').text }}", email="Words.")
    found = refused(rendered(text, claims=without, unreadable=frozenset({"claim:forced-labour"})))
    assert ("R004", "the claim forced-labour cannot be read") == (found.code, found.message)
    assert "correct that claim first" in found.hint


def test_a_file_that_cannot_be_read_is_told_once_and_not_for_each_text() -> None:
    """What has to be corrected is that file; who prints its records has nothing to do."""
    texts = [item(name, post="{{ claim('forced-labour').text }}", email="Words.") for name in ("one", "two", "three")]
    result = rendered(*texts, claims={}, unreadable=frozenset({"claim:*"}))
    (found,) = result.findings
    assert ("R004", "", True) == (found.code, found.item, found.where.path.endswith("/claims.toml"))
    assert {("email", name) for name in ("one", "two", "three")} == {(m.channel, m.item) for m in result.messages}


def test_all_mistakes_of_a_text_come_at_once() -> None:
    """Unknown names and unlisted records are found together, each with its line, and not one a run."""
    result = rendered(item(post="{{ one }}\n{{ claim('unlisted').text }}\n{{ two }}"))
    assert [("R002", 20), ("R002", 22), ("R003", 21)] == sorted((f.code, f.where.line) for f in result.findings)


def test_one_broken_item_takes_only_its_own_message_away() -> None:
    """A mistake in one text stops one message: the item's email and all other items are made."""
    result = rendered(item("one", post="{{ nonsense }}"), item("two"))
    assert [("one", "email"), ("two", "email"), ("two", "x")] == [(m.item, m.channel) for m in result.messages]
    assert 1 == len(result.findings)


# -- the sandbox ------------------------------------------------------------------------------------------------

HOSTILE = [
    ("{{ ''.__class__ }}", "R005"),
    ("{{ title.__class__.__mro__ }}", "R005"),
    ("{{ claim('forced-labour').__init__.__globals__ }}", "R005"),
    ("{{ claim('forced-labour')['__class__'] }}", "R005"),
    ("{{ claim.__globals__ }}", "R005"),
    ("{{ claim('forced-labour').source.__dict__ }}", "R005"),
    ("{{ title|attr('__class__') }}", "R002"),
    ("{{ title.upper() }}", "R005"),
    ("{{ title.format }}", "R005"),
    ("{{ '{0.__class__}'.format(title) }}", "R005"),
    ("{{ self }}", "R005"),
    ("{{ _x }}", "R005"),
    ("{{ cycler }}{{ lipsum() }}{{ namespace() }}", "R002"),
    ('{% include "/etc/passwd" %}', "R005"),
    ('{% include "post/fact.txt" %}', "R005"),
    ('{% import "/etc/passwd" as x %}', "R005"),
    ('{% from "post/fact.txt" import x %}', "R005"),
    ('{% extends "post/base.txt" %}', "R005"),
    ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "R005"),
    ("{% autoescape true %}x{% endautoescape %}", "R005"),
    ("{{ 'a' * 1000000000 }}", "R005"),
    ("{{ 9 ** 9 ** 9 ** 9 }}", "R005"),
    ("{{ '%1000000000d' % 1 }}", "R005"),
    ("{{ [1] * 1000000000 }}", "R005"),
    ("{{ {'a': 1} }}", "R005"),
    ("{{ title[0:5] }}", "R005"),
    ("{% for i in range(1000000000) %}x{% endfor %}", "R006"),
    ("{% for i in range(1000) %}x{% endfor %}", "R002"),
    ("{% for a in 'ab' %}{% for b in 'ab' %}x{% endfor %}{% endfor %}", "R006"),
    ("{% for a in claim('forced-labour').numbers recursive %}{{ loop(a) }}{% endfor %}", "R006"),
    ("{% for a in title %}x{% endfor %}", "R005"),
    ("{% set x = title %}" + "{% set x = x ~ x %}" * 60 + "{{ x }}", "R006"),
    ("{% set x = title %}" + "{% set x = x + x %}" * 60 + "{{ x }}", "R006"),
    ("{% set x = title %}" + "{% set x = [x, x] %}" * 60 + "{{ x }}", "R005"),
    ("{% set x = title %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 60, "R005"),
    ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "R006"),
    ("{{ " + "not " * 3000 + "1 }}", "R006"),
    ("{% if 1 %}" * 3000 + "{% endif %}" * 3000, "R006"),
    ("{{ " + "1" * 6000 + " }}", "R020"),
    ("x" * 60_000 + "{{ title }}", "R006"),
    ("{{ title }}" * 4000, "R006"),
    ("{% for a in [1] %}{% set x = a %}{% endfor %}", "R006"),
    ("{% for a in [1] %}{% if a %}{% set x = a %}{% endif %}{% endfor %}", "R006"),
    ("{% for a in [1] %}{% for b in a.numbers %}x{% endfor %}{% endfor %}", "R006"),
    ("{% for n in [1] %}" + "{% if n in [1] %}{% endif %}" * 100 + "{% endfor %}", "R006"),
    ("{% for n in [1] %}{% if n in title %}x{% endif %}{% endfor %}", "R006"),
    ("{% for n in [" + "1," * 51 + "] %}x{% endfor %}", "R006"),
    (("{% for n in [" + "1," * 50 + "] %}{% if n %}{% endif %}{% endfor %}") * 41, "R006"),
    ("{{ " + "title ~ " * 51 + "title }}", "R006"),
    ("{% set x = title ~ title %}" * 1300, "R006"),
    (
        "{% set x = '"
        + "y" * 15_000
        + "' %}{% set x = x ~ x ~ x ~ x ~ x ~ x ~ x ~ x ~ x %}"
        + "{% set y = x ~ x %}" * 900,
        "R006",
    ),
    ("{% set x = '" + "y" * 15_000 + "' %}" + "{% if x|upper %}{% endif %}" * 100, "R006"),
    ("{{ ['a', 'b']|join('" + "x" * 101 + "') }}", "R006"),
    ("{% set " + "a" * 20_000 + " = 1 %}{{ " + "a" * 19_000 + "b }}", "R002"),
    ("".join(f"{{% set a{n} = 1 %}}" for n in range(700)) + "".join(f"{{{{ b{n} }}}}" for n in range(700)), "R002"),
    ("".join(f"{{{{ claim('b{n}') }}}}" for n in range(900)), "R004"),
    ("x" * 64_001, "R006"),
    ("{{ contact }}", "R005"),
    ("{{ contact('relay').operator }}", "R002"),
    ("{{ loop }}", "R002"),
    ("{% do 1 %}", "R001"),
    ("{% raw %}{{ x }}", "R001"),
]


@pytest.mark.parametrize(("text", "code"), HOSTILE, ids=[t[:40] for t, _ in HOSTILE])
@pytest.mark.parametrize("part", ["post", "email"])
def test_no_text_gets_out_or_goes_on_without_end(part: str, text: str, code: str) -> None:
    """Nothing inside Python, no file, no other template, no endless or exploding text; each ends soon, as a finding."""
    seconds = stopwatch()
    found = [f for f in rendered(item(**{part: text})).findings if f.channel == ("x" if part == "post" else "email")]
    assert code in {f.code for f in found}, [str(f) for f in found]
    assert "passwd" not in "".join(f.message for f in found if f.code != "R005")
    assert seconds() < SOON


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "{{",
                "}}",
                "{%",
                "%}",
                "{#",
                "#}",
                "for a in ",
                "if ",
                "endif",
                "endfor",
                "set x = ",
                "title",
                "claim('forced-labour')",
                ".text",
                ".numbers",
                "|join",
                "|first",
                "~",
                "+",
                "-",
                "[0]",
                "(",
                ")",
                "'",
                "\n",
                " ",
                "loop",
                "*",
                "a",
                "x",
                "1",
            ]
        ),
        max_size=25,
    ).map("".join)
)
@example("{{ title }}{# ")
@example("{%- for a in claim('forced-labour').numbers -%}{{ loop.index }}{{ a }}{%- endfor -%}")
def test_any_text_ends_in_a_message_or_in_findings(text: str) -> None:
    """No text whatsoever raises: there is a post, or there is a red finding about it."""
    result = rendered(item(post=text))
    made = [m for m in result.messages if m.channel == "x"]
    reds = [f for f in result.findings if f.severity is Severity.RED and f.channel == "x"]
    assert made or reds


@pytest.mark.parametrize("part", ["post", "email"])
@pytest.mark.parametrize("half", [r"\ud800", r"\udfff", r"\ud83d and \ude00"])
def test_half_a_character_stops_the_message(part: str, half: str) -> None:
    """What cannot be written in UTF-8 cannot be sent: one finding, and the item's other message is made."""
    result = rendered(item(**{part: '{{ "' + half + '" }}'}))
    assert ["R022"] == [f.code for f in result.findings]
    assert [{"post": "email", "email": "x"}[part]] == [m.channel for m in result.messages]


def test_half_a_character_in_a_title_stops_the_email() -> None:
    """Wherever it stands in the message; the post does not print the title and is made."""
    result = rendered(item(title="Half \ud83d"))
    assert [("R022", "email")] == [(f.code, f.channel) for f in result.findings]
    assert ["x"] == [m.channel for m in result.messages]


# -- the templates' folder ---------------------------------------------------------------------------------------


@pytest.fixture
def own_templates(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


def test_a_coordinators_template_is_used(own_templates: Path) -> None:
    """The folder that is given is the one that counts, whatever the shipped one says."""
    (own_templates / "post" / "fact.txt").write_text("{{ body }}\n--\n{{ tail }}\n", encoding="utf-8")
    body = one(rendered(item(post="Short."), templates=own_templates), "x").body
    assert "Short.\n--\nHelp 24/7: 1-888-373-7888 / text 233733" == body.text


def test_an_edited_template_counts_at_once(own_templates: Path) -> None:
    """Compiled templates are kept for the life of the process; an edit is seen all the same."""
    for words in ("one", "two"):
        (own_templates / "post" / "fact.txt").write_text(words + " {{ tail }}", encoding="utf-8")
        body = one(rendered(item(), templates=own_templates), "x").body
        assert body.text.startswith(f"{words} Help")


BROKEN_TEMPLATES = [
    ("a\n{{ nope }}", "R002", 2),
    ("a\n{{ item.nope }}", "R002", 2),
    ("a\n{{ body", "R001", 2),
    ('{% include "../../../etc/passwd" %}', "R005", 1),
    ('{% include "/etc/passwd" %}', "R005", 1),
    ('a\n{% include "secret.txt" %}', "R005", 2),
    ('{% include "not-there.txt" %}', "R014", 1),
    ("{% include body %}", "R005", 1),
    ('{% include "post/fact.txt" %}', "R006", 1),
    ('{% extends "post/fact.txt" %}', "R006", 1),
    ("{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}", "R006", 1),
    ("{% macro m() %}{{ k() }}{% endmacro %}{% macro k() %}{{ m() }}{% endmacro %}{{ m() }}", "R006", 1),
    ("{% macro m(x) %}{{ x }}{{ x }}{% endmacro %}{{ " + "m(" * 40 + "body" + ")" * 40 + " }}", "R006", 1),
    ("{% set x = body %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 60, "R006", 1),
    ("{% set x = body %}" + "{% set x = x ~ x %}" * 60, "R006", 1),
    ("{% for a in help %}{% for b in help %}{% for c in help %}x{% endfor %}{% endfor %}{% endfor %}", "R006", 1),
    ("{{ body.__class__ }}", "R005", 1),
    ("{{ body|attr('__class__') }}", "R002", 1),
    ("{{ [].append(1) }}", "R005", 1),
    ("{{ help.append(1) }}", "R005", 1),
    ("{{ item.__class__ }}", "R005", 1),
    ("{{ look() }}", "R002", 1),
    ("{{ body|safe }}", "R002", 1),
    ("{% autoescape false %}{{ body }}{% endautoescape %}", "R005", 1),
    ("{% for i in range(100000) %}x{% endfor %}", "R006", 1),
    ("a\n{% for a in help %}{% for b in help %}x{% endfor %}{% endfor %}", "R006", 2),
    ("{% for a in help %}{% call m() %}{% for b in help %}x{% endfor %}{% endcall %}{% endfor %}", "R006", 1),
    (
        "{% macro m() %}{% for a in help %}x{% endfor %}{% endmacro %}{% for a in help %}{{ m() }}{% endfor %}",
        "R006",
        1,
    ),
    ("{% for a in help %}\n{% set x = a %}{% endfor %}", "R006", 2),
    ("{% for a in help %}{% set x %}{{ a.id }}{% endset %}{% endfor %}", "R006", 1),
    ("{% for a in help %}{% with x = a %}{% endwith %}{% endfor %}", "R006", 1),
    ('{% for a in help %}{% include "post/base.txt" %}{% endfor %}', "R006", 1),
    ("{% for a in help %}{% block row %}{% endblock %}{% endfor %}", "R006", 1),
    ("{% for a in help %}" + "{{ a.id }}" * 160 + "{% endfor %}", "R006", 1),
    ("{% set x %}{% for a in [" + "1," * 50 + "] %}" + "x" * 30_000 + "{% endfor %}{% endset %}", "R006", 1),
    (
        "{% macro m() %}{% for a in [" + "1," * 50 + "] %}" + "x" * 30_000 + "{% endfor %}{% endmacro %}{{ m() }}",
        "R006",
        1,
    ),
    ("{% macro m() %}" + "{{ body }}" * 310 + "{% endmacro %}", "R006", 1),
    ("{% macro m() %}x{% endmacro %}{% call m() %}" + "{{ body }}" * 310 + "{% endcall %}", "R006", 1),
    (
        "{% macro m0() %}x{% endmacro %}"
        + "".join(f"{{% macro m{n}() %}}{{{{ m{n - 1}() }}}}{{{{ m{n - 1}() }}}}{{% endmacro %}}" for n in range(1, 30))
        + "{{ m29() }}",
        "R006",
        1,
    ),
    (
        "{% macro m() %}{{ caller() }}{{ caller() }}{% endmacro %}"
        + "{% call m() %}" * 20
        + "x"
        + "{% endcall %}" * 20,
        "R006",
        1,
    ),
    ("{% macro m(f) %}{{ f(f) }}{{ f(f) }}{% endmacro %}{{ m(m) }}", "R006", 1),
    ("{% extends 'post/base.txt' %}{% block body %}" + "{{ super() }}" * 500 + "{% endblock %}", "R006", 1),
    ("{% filter upper %}" * 20 + "{{ body }}" * 2000 + "{% endfilter %}" * 20, "R006", 1),
    (
        "{% set x = body ~ body ~ body ~ body ~ body ~ body ~ body ~ body ~ body ~ body %}{{ 'a b'|wrap('', x) }}",
        "R006",
        1,
    ),
    ("a\n" + "x" * 63_999, "R006", 2),
    ("{{ help|upper }}", "R005", 1),
    ("{{ help|listed(-1000) }}", "R002", 1),
    ("{{ help|e }}", "R005", 1),
    ("{% if body %}" * 2_000 + "{% endif %}" * 2_000, "R006", 1),
    ("{% if body %}{% endif %}" * 2_600, "R006", 1),
]


@pytest.mark.parametrize(("text", "code", "line"), BROKEN_TEMPLATES, ids=[t[:40] for t, _, _ in BROKEN_TEMPLATES])
def test_a_broken_template_is_found_with_its_own_line(own_templates: Path, text: str, code: str, line: int) -> None:
    """A template is held to the same rules: it reads nothing outside its folder, ends, and is named with its line."""
    secret = own_templates.parent / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    (own_templates / "secret.txt").symlink_to(secret)
    (own_templates / "post" / "fact.txt").write_text(text, encoding="utf-8")
    seconds = stopwatch()
    found = refused(rendered(item(), templates=own_templates))
    assert [code, "templates/post/fact.txt"] == [found.code, found.where.path]
    assert found.where.line in (line, 0) if code == "R006" else line == found.where.line
    assert seconds() < SOON


LARGE = "x" * 60_000
PRINTED_TWICE = [
    # What is under and what is over a limit, and stands in files of its own or in records.
    ("{% include 'post/much.txt' %}" * 4 + "x" * 16_000, True),
    ("{% include 'post/much.txt' %}" * 4 + "x" * 16_001, False),
    ("{% set x %}" + "{% include 'post/much.txt' %}" * 4 + "{% endset %}y", True),
    ("{% set x %}" + "{% include 'post/much.txt' %}" * 4 + "{% endset %}{{ x }}", False),
    (
        '{% import "post/pieces.txt" as p %}' + "{% for a in help %}{{ p.twice(p.twice(p.twice(body))) }}{% endfor %}",
        True,
    ),
    ('{% import "post/pieces.txt" as p %}{{ ' + "p.twice(" * 20 + "body" + ")" * 20 + " }}", False),
    ('{% import "post/pieces.txt" as p %}' + "{% for a in help %}{{ p.looping(help) }}{% endfor %}", True),
    (
        '{% import "post/pieces.txt" as p %}{% for a in help %}' + "{{ p.looping(help) }}" * 40 + "{% endfor %}" * 1,
        False,
    ),
    ("{% include 'post/round.txt' %}", False),
]


@pytest.mark.parametrize(("text", "goes"), PRINTED_TWICE, ids=[t[-40:] for t, _ in PRINTED_TWICE])
def test_what_several_files_make_together_has_an_end_too(own_templates: Path, text: str, goes: bool) -> None:
    """No file alone shows it: it is bounded while it runs, and what stays below is printed whole."""
    post = own_templates / "post"
    (post / "much.txt").write_text(LARGE, encoding="utf-8")
    (post / "pieces.txt").write_text(
        "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}"
        "{% macro looping(list) %}{% for a in list %}{{ twice(a.id) }}{{ twice(a.id) }}{% endfor %}{% endmacro %}",
        encoding="utf-8",
    )
    (post / "round.txt").write_text("{% include 'post/about.txt' %}", encoding="utf-8")
    (post / "about.txt").write_text("{% include 'post/round.txt' %}", encoding="utf-8")
    (post / "fact.txt").write_text(text, encoding="utf-8")
    seconds = stopwatch()
    contacts = {f"c{n}": contact(f"c{n}", "phone", "1") for n in range(6)}
    result = rendered(item(), templates=own_templates, contacts={**CONTACTS, **contacts}, block=(*CONTACTS, *contacts))
    codes = [f.code for f in result.findings if f.channel in ("x", "")]
    assert goes == ("R006" not in codes), codes
    assert set(codes) <= {"R006", "R008"}
    assert seconds() < SOON


def test_one_template_without_end_leaves_the_others_theirs(own_templates: Path) -> None:
    """What one message has used up is not taken from the next."""
    (own_templates / "post" / "fact.txt").write_text("{% extends 'post/fact.txt' %}", encoding="utf-8")
    (own_templates / "post" / "help.txt").write_text(
        "{% macro m() %}{{ caller() }}{{ caller() }}{% endmacro %}" + "{% call m() %}" * 20 + "x" + "{% endcall %}" * 20
    )
    kinds = [item("one"), item("two", kind=Kind.HELP), item("three", kind=Kind.ACTION)]
    result = rendered(*kinds, templates=own_templates)
    assert ["three"] == [m.item for m in result.messages if m.channel == "x"]


@pytest.mark.parametrize(
    "text",
    [
        "{% set x = '"
        + "y" * 15_000
        + "' %}{% set x = x ~ x ~ x ~ x ~ x ~ x ~ x ~ x ~ x %}"
        + "".join(f"{{% set a{n} = x ~ x %}}" for n in range(900)),
        "{% set x = '" + "y" * 15_000 + "' %}{% set x = x ~ x ~ x ~ x ~ x ~ x ~ x ~ x ~ x %}{{ " + "x ~ " * 49 + "x }}",
        "{% set x = title %}" + "{% set x = x + x %}" * 60 + "{{ x }}",
    ],
)
def test_a_text_takes_little_memory(text: str) -> None:
    """A small machine has 512 MB: no text may take a tenth of it."""
    tracemalloc.start()
    try:
        assert "R006" == refused(rendered(item(post=text))).code
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_a_record_that_is_far_too_long_is_no_riddle() -> None:
    """Comparing and joining take as long as the records are: a list or a text that no message could print is refused."""
    for made in (claim("law", numbers=("1",) * 1_001), claim("law", text="x" * 200_001)):
        result = rendered(
            item(post="{% if claim('law').numbers|join == claim('law').text %}x{% endif %}y", claims=("law",)),
            claims={**CLAIMS, "law": made},
        )
        assert "R006" == refused(result).code


def test_a_mistake_in_a_shared_file_is_one_finding(own_templates: Path) -> None:
    """Where all posts share a broken base, one finding names the base; it is not repeated for each day."""
    base = own_templates / "post" / "base.txt"
    base.write_text(base.read_text(encoding="utf-8").replace("{{ tail }}", "{{ tall }}"), encoding="utf-8")
    result = rendered(item("one"), item("two"), templates=own_templates)
    found = [f for f in result.findings if f.channel == "x"]
    assert [("R002", "templates/post/base.txt")] == [(f.code, f.where.path) for f in found]
    line = base.read_text(encoding="utf-8").splitlines()[found[0].where.line - 1]
    assert "tall" in line
    assert ["email", "email"] == [m.channel for m in result.messages]


def test_a_missing_template_is_named(own_templates: Path) -> None:
    """A kind without its template has no message; the finding says which file is missing."""
    (own_templates / "email" / "fact.txt").unlink()
    found = refused(rendered(item(), templates=own_templates), "email")
    assert ["R014", "templates/email/fact.txt"] == [found.code, found.where.path]


def test_a_broken_closing_line_is_one_finding() -> None:
    """post_tail belongs to the campaign: a mistake in it is told once, at campaign.toml, and it may use block contacts only."""
    result = rendered(item("one"), item("two"), post_tail="{{ contact('tipline').value }} {{ nope }}")
    assert ["R002", "R003"] == sorted(f.code for f in result.findings)
    assert {Where("campaigns/test/campaign.toml")} == {f.where for f in result.findings}
    assert {"email"} == {m.channel for m in result.messages}
    listed = rendered(item(contacts=("tipline",)), post_tail="{{ contact('tipline').value }}")
    assert ["R003"] == [f.code for f in listed.findings], "it belongs to no item that could list it"


# -- posts --------------------------------------------------------------------------------------------------------


def test_a_post_is_note_body_help_line_and_tags() -> None:
    """The order of a post: content note, the item's text, the campaign's closing line, the tags."""
    body = one(rendered(item(post="Words.", content_note="child sexual exploitation")), "x").body
    assert (
        "Content note: child sexual exploitation.\n\nWords.\n\n"
        "Help 24/7: 1-888-373-7888 / text 233733\n#EndTrafficking" == body.text
    )


def test_words_of_a_record_are_not_changed_in_a_post() -> None:
    """A post is plain text: nothing is escaped, and a record's line breaks become spaces."""
    odd = claim(text="<b>& *five*\nmillion</b>")
    result = rendered(item(post="{{ claim('forced-labour').text }}"), claims={**CLAIMS, "forced-labour": odd})
    assert one(result, "x").body.text.startswith("<b>& *five* million</b>\n")


def test_a_post_that_is_too_long_says_by_how_much() -> None:
    """Nothing is cut: the post stays whole, red, and the finding counts the characters too many."""
    fits = one(rendered(item(post="x")), "x").body
    assert isinstance(fits, PostBody)
    room = fits.limit - fits.characters
    assert [] == list(rendered(item(post="x" * (room + 1))).findings)
    result = rendered(item(post="x" * (room + 13)))
    body = one(result, "x").body
    assert isinstance(body, PostBody)
    assert body.text.endswith("Help 24/7: 1-888-373-7888 / text 233733\n#EndTrafficking")
    assert [("R008", "the post is 12 characters too long (292 of 280)")] == [
        (f.code, f.message) for f in result.findings
    ]
    assert [292, 280] == [body.characters, body.limit]


def test_a_channels_own_limit_counts() -> None:
    """A network with another limit says so in its table of channels.toml."""
    roomy = ChannelSettings("x", "x", True, "", 10, {"character_limit": 500})
    result = render(plan(item(post="x" * 300)), made_settings(channels={"x": roomy}), TEMPLATES)
    assert [] == list(result.findings)


def test_links_of_a_post_are_those_that_x_sees() -> None:
    """A bare domain counts as a link, because the network makes it one."""
    message = one(rendered(item(post="See https://a.example.org/x?y=1, or example.com.")), "x")
    assert ("https://a.example.org/x?y=1", "example.com") == message.links
    assert isinstance(message.body, PostBody)
    assert message.body.contains_url
    assert () == one(rendered(item()), "x").links


def test_a_tag_of_another_season_is_left_out() -> None:
    """A tag may belong to seasons; in the others it is not printed."""
    tags = {
        "A2027": Hashtag("A2027", "active", Where(""), (2027,)),
        "A2026": Hashtag("A2026", "active", Where(""), (2026,)),
    }
    text = one(rendered(item(hashtags=("A2027", "A2026", "#Plain")), hashtags=tags), "x").body.text
    assert text.endswith("\n#A2027 #Plain")


def test_post_is_in_composed_form() -> None:
    """The text is in Unicode form NFC, as the network counts and stores it."""
    assert "caf\u00e9" == post_of("cafe\u0301")


# -- times --------------------------------------------------------------------------------------------------------


def test_due_at_the_campaigns_slot_and_open_until_the_days_end() -> None:
    """Due at local wall-clock time, in UTC; same-day means until the local midnight."""
    message = one(rendered(item()), "x")
    assert [date(2027, 1, 1), datetime(2027, 1, 1, 15, tzinfo=UTC)] == [message.on, message.due_at]
    assert datetime(2027, 1, 2, 5, tzinfo=UTC) == message.expires_at


def test_slots_by_channel_and_by_item() -> None:
    """The item's own slot wins over the channel's, the channel's over the default; minutes of grace count from due."""
    slots = {"default": time(10), "email": time(7, 30)}
    result = rendered(item(post_slot="12:15"), slots=slots, grace=Lateness(90))
    assert datetime(2027, 1, 1, 17, 15, tzinfo=UTC) == one(result, "x").due_at
    assert datetime(2027, 1, 1, 12, 30, tzinfo=UTC) == one(result, "email").due_at
    assert datetime(2027, 1, 1, 18, 45, tzinfo=UTC) == one(result, "x").expires_at


def test_no_slot_is_a_finding() -> None:
    """Without a time, or with one that cannot be read, there is no message."""
    assert "R015" == refused(rendered(item(), slots={"email": time(10)})).code
    assert "R015" == refused(rendered(item(post_slot="noonish"))).code


def test_a_time_that_the_clocks_skip_is_told() -> None:
    """A slot in the hour that is skipped moves on and is pointed out, for information."""
    base = plan(item())
    moved = replace(base, items=tuple(replace(p, on=date(2027, 3, 14)) for p in base.items))
    moved = replace(moved, campaign=replace(base.campaign, slots={"default": time(2, 30)}))
    result = render(moved, made_settings(), TEMPLATES)
    assert {("R016", Severity.INFO)} == {(f.code, f.severity) for f in result.findings}
    assert "3:30 AM" in result.findings[0].message
    assert datetime(2027, 3, 14, 7, 30, tzinfo=UTC) == one(result, "x").due_at


# -- what a message says of itself --------------------------------------------------------------------------------


def test_a_message_names_what_it_uses() -> None:
    """Claims, quotations and contacts are those that are really printed, with then, now and the help lines of the block."""
    both = item(
        kind=Kind.THEN_NOW,
        claims=("forced-labour", "law"),
        then=("old-number",),
        now=("forced-labour",),
        contacts=("tipline",),
        post="{{ number('forced-labour') }}",
        email="Text.",
    )
    result = rendered(both)
    post, email = one(result, "x"), one(result, "email")
    assert ("forced-labour", "old-number") == post.claims
    assert ("old-number", "forced-labour") == email.claims
    assert ("page#F4",) == email.quotations
    assert ("hotline-phone", "hotline-text", "relay", "emergency", "tipline") == email.contacts
    assert "law" not in post.claims + email.claims


def test_a_message_rests_on_its_records() -> None:
    """rests_on holds the hash of each record and stored source; what readers do not see of it makes no other digest."""
    quoting = item(post="{{ quote('proclamation#P1') }}", quotations=("proclamation#P1",))
    message = one(rendered(quoting), "x")
    assert SOURCES["proclamation"].sha256 == message.rests_on["source:proclamation"]
    assert CONTACTS["relay"].record_hash() == message.rests_on["contact:relay"]
    assert {"source:proclamation", *(f"contact:{c}" for c in message.contacts)} == set(message.rests_on)
    noted = contact("relay", "tty", "711", note="asked again")
    other = one(rendered(quoting, contacts={**CONTACTS, "relay": noted}), "x")
    assert message.body == other.body
    assert message.rests_on != other.rests_on
    assert message.digest == other.digest


def test_the_same_files_give_the_same_bytes() -> None:
    """Rendering twice gives equal messages: nothing of the present time goes in."""
    assert rendered(item(), item("two")) == rendered(item(), item("two"))


def test_only_enabled_channels_and_progress() -> None:
    """Channels that are off get nothing; progress is told after each item."""
    told: list[tuple[int, int]] = []
    result = render(plan(item("one"), item("two")), made_settings(), TEMPLATES, progress=lambda *n: told.append(n))
    assert {"x", "email"} == {m.channel for m in result.messages}
    assert [(1, 2), (2, 2)] == told
    assert sorted(result.messages, key=lambda m: (m.on, m.channel)) == list(result.messages)


def test_substitutes_and_held_back_items_are_rendered_beside() -> None:
    """Reviewers see the item that is held back and the substitute that waits, on the same day; the plan itself does not."""
    base = plan(item("planned"))
    beside = replace(base.items[0], substitute=item("waiting"), held_back=item("held"))
    both = render(replace(base, items=(beside,)), made_settings(), TEMPLATES)
    assert ({"planned"}, {"waiting", "held"}) == tuple({m.item for m in some} for some in (both.messages, both.beside))
    missing = replace(base.items[0], substitute=item("waiting", post="{{ claim('none') }}"))
    assert not render(replace(base, items=(missing,)), made_settings(), TEMPLATES).findings, "it is in no plan"
    same = replace(base.items[0], substitute=base.items[0].item)
    assert () == render(replace(base, items=(same,)), made_settings(), TEMPLATES).beside


def test_items_can_be_chosen() -> None:
    """With ``items`` only those are rendered."""
    whole = plan(item("one"), item("two"))
    assert {"two"} == {m.item for m in render(whole, made_settings(), TEMPLATES, items=whole.items[1:]).messages}


def test_every_code_is_explained() -> None:
    """A code has its own number, a hint and an explanation, each a sentence for a person."""
    for name, code in RENDERING.items():
        assert name == code.code
        assert name.startswith(("R0", "G1"))
        assert code.title
        assert code.hint
        assert code.explanation.endswith(".")


def test_the_reference_names_everything_a_template_can_use() -> None:
    """docs/reference/templates.md lists every field of every record, every variable and every filter."""
    text = (TEMPLATES.parent / "docs" / "reference" / "templates.md").read_text(encoding="utf-8")
    fields = {name for names in FIELDS.values() for name in names} - {"claim"}
    bench = SeasonRenderer(plan(item()), made_settings(), TEMPLATES)
    records = ItemRecords(bench.library, item(), ())
    variables = {*bench.context(bench.plan.items[0], records), *_context(bench, bench.plan.items[0], records)}
    for name in fields | variables | {"body", "tail", "hashtags", "subject", "wrap", "heading", "capitalize"}:
        assert f"`{name}" in text, name


def test_every_kind_has_its_templates() -> None:
    """Each kind of item has three templates, and each of them makes a message."""
    for kind in Kind:
        made: ItemText = item(kind=kind)
        assert {"x", "email"} == {m.channel for m in rendered(made).messages}, kind
    assert campaign((item(),)).items


def test_an_item_may_have_its_own_window() -> None:
    """The item's lateness wins over the campaign's, for both channels."""
    result = rendered(item(lateness=Lateness(1)), grace=Lateness(None))
    assert {timedelta(minutes=1)} == {m.expires_at - m.due_at for m in result.messages}


def test_a_part_of_what_the_body_quotes_gets_no_block_of_its_own() -> None:
    """A post quotes the first part of a passage, the email the whole: the email does not print the part again."""
    of = next(iter(SOURCES))
    whole = next(p for p in SOURCES[of].passages if p.quotable and len(p.text.split()) > 4)
    part = replace(
        whole, id="part", end=whole.start + len(whole.text.rsplit(" ", 1)[0]), text=whole.text.rsplit(" ", 1)[0]
    )
    source = replace(SOURCES[of], passages=(*SOURCES[of].passages, part))
    quoting = item(
        kind=Kind.QUOTATION,
        quotations=(f"{of}#{whole.id}", f"{of}#part"),
        email=f"> {{{{ quote('{of}#{whole.id}') }}}}",
    )
    made = rendered(quoting, sources={**SOURCES, of: source})
    (mail,) = (m.body for m in made.messages if isinstance(m.body, EmailBody))
    assert 1 == " ".join(mail.text.replace(">", " ").split()).count(part.text)
