"""The digest: a piece for each item, cut from the item's own mail, in a frame that is approved once a season."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from operator import ne
from pathlib import Path
from typing import Any

import pytest

from scheduler.content.render.digests import _with_earlier
from scheduler.content.render.markdown import render_markdown, sentences
from scheduler.content.render.messages import RenderResult, render
from scheduler.domain.audience import EVERYBODY, Audience
from scheduler.domain.cadence import Cadence
from scheduler.domain.campaign import DigestRule
from scheduler.domain.message import (
    EmailBody,
    Message,
    cut_to,
    digest_subject,
    from_text,
    items_for,
    shown_of,
    to_text,
)
from scheduler.domain.planned_item import Plan
from scheduler.what_items_share import fingerprint_of_message
from scheduler.wiring import load_settings
from tests.scenarios.checking import REPOSITORY
from tests.scenarios.test_shipped_cadence import plan_of
from tests.support.long_form import many
from tests.support.world import an_email

RULE = DigestRule(0, key_days=True, days_apart=3, title="The days", subject="", preheader="All of them.")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(2027)


@pytest.fixture(scope="module")
def made(plan: Plan) -> RenderResult:
    return render(plan, load_settings(REPOSITORY, {}), REPOSITORY / "templates")


def rendered(plan: Plan, templates: Path = REPOSITORY / "templates", **changes: Any) -> RenderResult:
    month = replace(plan.campaign, **changes)
    return render(replace(plan, campaign=month), load_settings(REPOSITORY, {}), templates)


def body(message: Message) -> EmailBody:
    assert isinstance(message.body, EmailBody)
    return message.body


def words(html: str) -> str:
    """As a reader sees it."""
    shown = " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())
    return re.sub(r" ([.,;:!?”])", r"\1", shown).replace("“ ", "“")


def piece_of(digest: Message, item: str) -> tuple[str, str]:
    """What a digest tells of an item, in HTML and in text."""
    (piece,) = (piece for piece in body(digest).pieces if piece.item == item)
    html, text = body(digest).html, body(digest).text
    return html[piece.html_from : piece.html_to], text[piece.text_from : piece.text_to]


def test_a_piece_says_nothing_that_the_items_own_mail_does_not_say(made: RenderResult) -> None:
    """Its title, its first paragraph or the beginning of it, and its address in the archive: each stands in the mail
    that was approved."""
    mails = {m.item: body(m) for m in made.messages if m.channel == "email"}
    told = 0
    for digest in made.digests:
        for item, _ in digest.audience.parts:
            html, text = piece_of(digest, item)
            own = words(mails[item].html)
            on, title, *paragraphs, link = re.findall(r"<(?:p|h2)\b[^>]*>(.*?)</(?:p|h2)>", html, re.DOTALL)
            told_words = [words(one) for one in (title, *paragraphs)]
            for one in told_words:
                # A quotation's words and who said them stand in two lines of the mail.
                parts = re.fullmatch(r"(“.*”) \((.*)\)", one)
                assert all(part in own for part in (parts.groups() if parts else (one,))), (item, one)
                assert " ".join(one.split()) in " ".join(text.split()), (item, one)
            (url,) = re.findall('href="([^"]+)"', link)
            assert f'href="{url}"' in mails[item].html
            assert url in text
            assert on.split()[0] in text
            told += 1
    assert 32 == told


#: In the long form of the test January begins on each weekday more than once.
_YEARS = many((2027, 2030, 2032), tuple(range(2027, 2046)))


@pytest.mark.parametrize("year", _YEARS)
def test_a_digest_has_at_most_600_words_whatever_it_tells_of(year: int) -> None:
    """And says of each of its items something."""
    found = render(plan_of(year), load_settings(REPOSITORY, {}), REPOSITORY / "templates")
    assert not [f for f in found.findings if f.code == "R026"]
    for digest in found.digests:
        assert len(body(digest).text.split()) <= 600, (digest.on, len(body(digest).text.split()))


def test_paragraphs_are_shortened_evenly_by_whole_sentences(plan: Plan) -> None:
    """A month in one digest: the titles and the links stay, then as many first sentences as there is room for."""
    rule = replace(plan.campaign.digest, key_days=False)
    one = replace(plan, campaign=replace(plan.campaign, digest=rule), items=plan.items[:14])
    (first, second, *_) = render(one, load_settings(REPOSITORY, {}), REPOSITORY / "templates").digests
    full = render(plan, load_settings(REPOSITORY, {}), REPOSITORY / "templates")
    whole = {p.item: piece_of(d, p.item)[1] for d in full.digests for p in body(d).pieces}
    for digest in (first, second):
        for piece in body(digest).pieces:
            html, text = piece_of(digest, piece.item)
            assert f"/archive/{piece.on}" in html
            assert " ".join(text.split())[:60] == " ".join(whole[piece.item].split())[:60]


def test_a_digest_that_cannot_be_short_enough_is_a_finding(plan: Plan) -> None:
    """Even without a single paragraph: forty items in one mail."""
    long_title = replace(plan.items[0].item, title=("word " * 90).strip())
    items = tuple(replace(p, item=replace(long_title, id=f"item-{n}")) for n, p in enumerate(plan.items))
    rule = DigestRule(0, title="The days", days_apart=1)
    month = replace(plan.campaign, digest=rule, items={p.item.id: p.item for p in items})
    found = render(
        replace(plan, items=items, campaign=month),
        load_settings(REPOSITORY, {}),
        REPOSITORY / "templates",
    )
    assert "R026" in {f.code for f in found.findings}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One of these is it. Two of them are not.", 2),
        ("Now. 27.6 million people were in forced labor. The rest is known.", 2),  # a word or two are no sentence
        ("The U.S. Department of State said so. It ended at 5 p.m. Then Dr. King spoke to them.", 2),
        ("He said: “We will go there. We will not wait.” Then they went there.", 2),  # never within somebody's words
        ("Some (it is so. Really it is.) came here early. Others came later on.", 2),
        ("¿Quién gana con esto hoy? ¡Nadie gana con esto!", 2),
    ],
)
def test_a_paragraph_is_cut_only_where_a_sentence_ends(text: str, parts: int) -> None:
    """In doubt two stay one."""
    found = sentences(text)
    assert parts == len(found), found
    assert text == " ".join(found)


@pytest.mark.parametrize(
    ("source", "opening"),
    [
        ("First of all this.\n\nThen that.", "First of all this."),
        (
            "Then, on our own page:\n\n> 27 million people.\n\n**Now.** It is *another* number.",
            "Now. It is another number.",
        ),
        ("It is a fair question. Then, on our own page:\n\n> Words.", "It is a fair question."),
        ("- a list\n- of things\n\nCall [the line](tel:+1888) now\nor later.", "Call the line now or later."),
        ("## Only a headline", ""),
    ],
)
def test_what_a_digest_repeats_stands_by_itself(source: str, opening: str) -> None:
    """No quotation of an old page without what is true, and nothing that only announces what follows."""
    assert opening == render_markdown(source, {}).opening


def test_a_digest_is_another_one_where_one_before_it_is(made: RenderResult) -> None:
    """It has the earlier pieces with it; kept pieces of the packet go by its fingerprint."""
    first, *others = made.digests
    other = replace(first, body=replace(body(first), subject="Another"))
    before, after = _with_earlier(made.digests), _with_earlier([other, *others])
    assert before[1:] == after[1:]
    assert all(map(ne, map(fingerprint_of_message, before), map(fingerprint_of_message, after)))
    assert [*map(fingerprint_of_message, before)] == [*map(fingerprint_of_message, _with_earlier(made.digests))]


def test_each_subject_says_which_days_and_what(made: RenderResult) -> None:
    """No two alike, and none too long."""
    subjects = [body(d).subject for d in made.digests]
    assert len(set(subjects)) == len(subjects) == 6
    assert all(len(subject) <= 78 for subject in subjects)
    assert subjects[2].startswith("January 5–11: ")
    assert subjects[5].startswith("January 26–February 1: ")
    mails = {m.item: body(m).subject for m in made.messages if m.channel == "email"}
    assert subjects[0] == f"January 1: {mails['why-january']}"


@pytest.mark.parametrize(
    ("pattern", "subject"),
    [
        ("{dates}: {items}", "January 5–7: One; Two; Three"),
        ("The days, {dates}", "The days, January 5–7"),
        (DigestRule(0, subject="The days").subject_pattern, "The days, January 5–7: One; Two; Three"),
        ("{items}" + "x" * 70, "One …" + "x" * 70),
        ("x" * 76 + "{items}", "x" * 76 + "O…"),
    ],
)
def test_a_subject_is_made_from_its_pattern(pattern: str, subject: str) -> None:
    """With as many names as there is room for."""
    told = [("2027-01-05", "One"), ("2027-01-06", "Two"), ("2027-01-07", "Three")]
    assert subject == digest_subject(pattern, told)


def test_a_digest_has_one_headline_one_help_box_and_one_way_out(made: RenderResult) -> None:
    """It is one mail, not seven."""
    for digest in made.digests:
        html = body(digest).html
        assert [1, 1] == [html.count("<h1"), html.count('<td class="help"')]
        assert 1 == html.count('href="%unsubscribe_url%"')
        assert "\x02" not in html + body(digest).text
        assert not re.search("[\x00-\x08\x0b-\x1f]", html + body(digest).text)


def test_a_mail_of_a_day_holds_no_mark(made: RenderResult) -> None:
    """The marks of the story are taken out of every mail."""
    for message in made.messages:
        texts = (body(message).html, body(message).text) if message.channel == "email" else ()
        assert not [t for t in texts if re.search("[\x00-\x08\x0b-\x1f]", t)]


def test_a_digest_cut_to_some_items_is_what_a_digest_of_them_would_be(plan: Plan, made: RenderResult) -> None:
    """Byte for byte, with its subject: what is left out leaves no trace."""
    digest = made.digests[2]
    items = [item for item, _ in digest.audience.parts]
    for kept in (items[3:], items[:1], [items[0], items[2], items[6]]):
        days = tuple(p for p in plan.items if p.item.id in kept)
        rule = replace(plan.campaign.digest, key_days=False)
        only = replace(plan, items=days, campaign=replace(plan.campaign, digest=rule))
        shorter = render(only, load_settings(REPOSITORY, {}), REPOSITORY / "templates").digests[0]
        cut = cut_to(digest, "" if kept[0] == items[0] else kept[0], set(items[items.index(kept[0]) :]) - set(kept))
        assert kept == [item for item, _ in cut.audience.parts] == [piece.item for piece in body(cut).pieces]
        assert body(shorter).subject == body(cut).subject
        for piece in body(cut).pieces:
            whole = piece_of(digest, piece.item)
            assert whole == piece_of(cut, piece.item)
            if len(days) > 3 or piece.item in items[:1]:
                assert whole[0] in body(shorter).html
        shell = body(digest).html[: body(digest).pieces[0].html_from]
        assert body(cut).html.startswith(shell)
        assert digest.digest == cut.digest


def test_a_cut_knows_its_items_and_never_leaves_nothing(made: RenderResult) -> None:
    """Nothing else than a known item is cut at, and a digest of nothing is none."""
    digest = made.digests[1]
    items = [item for item, _ in digest.audience.parts]
    assert digest is cut_to(digest)
    assert body(digest).html == body(cut_to(digest, items[0])).html
    for where in ("other", "digest-2027-01-04"):
        with pytest.raises(ValueError, match="has no part"):
            cut_to(digest, where)
    with pytest.raises(ValueError, match="has no part"):
        cut_to(an_email(), "day-1")
    with pytest.raises(ValueError, match="would be empty"):
        cut_to(digest, items[1], items[1:])


def test_a_digest_tells_of_earlier_items_as_the_earlier_one_did(made: RenderResult) -> None:
    """For readers who were to have them then. Byte for byte, before its own pieces; what is gone goes unsaid."""
    before, digest = made.digests[1], made.digests[3]
    earlier, own = before.audience.parts[0], digest.audience.parts[-1]
    cut = cut_to(digest, only={earlier[0], own[0], "no-longer-there"})
    assert cut.audience.parts == (earlier, own)
    assert [piece_of(before, earlier[0]), piece_of(digest, own[0])] == [piece_of(cut, i) for i in (earlier[0], own[0])]
    first, last = body(digest).pieces[0], body(digest).pieces[-1]
    around = body(digest).html[: first.html_from], body(digest).html[last.html_to :]
    assert (
        "".join((around[0], piece_of(before, earlier[0])[0], piece_of(digest, own[0])[0], around[1])) == body(cut).html
    )
    names = [(piece.on, piece.name) for piece in body(cut).pieces]
    assert digest_subject(body(digest).subject_pattern, names) == body(cut).subject
    assert (digest.digest, ()) == (cut.digest, body(cut).earlier)
    assert cut == cut_to(from_text(to_text(digest)), only={earlier[0], own[0]})
    assert {earlier[0], own[0]} == items_for(digest, {earlier[0], own[0], "no-longer-there"})
    assert body(cut_to(digest, only={earlier[0]})) == shown_of(body(digest), {earlier[0]})
    assert body(cut_to(digest, only={own[0]})) == shown_of(body(digest), {earlier[0], own[0]})
    assert cut_to(an_email(), only={"day-1"}) == an_email()


def test_what_earlier_digests_told_is_part_of_what_goes_out(made: RenderResult) -> None:
    """The first has nothing before it; a changed word of an earlier piece is another digest."""
    assert () == body(made.digests[0]).earlier
    told = [piece.item for digest in made.digests[:2] for piece in body(digest).pieces]
    third = made.digests[2]
    assert told == [piece.item for piece in body(third).earlier]
    other = tuple(piece._replace(text="Another word.") for piece in body(third).earlier)
    assert third.digest != replace(third, body=replace(body(third), earlier=other)).digest


def test_a_digest_of_an_earlier_release_is_cut_as_it_was(made: RenderResult) -> None:
    """Off its beginning: it says where each letter begins, and not where it ends."""
    text = "Hello.\nOne.\nTwo.\nBye.\n"
    parts = (("one", 7, 7), ("two", 12, 12))
    audience = Audience(parts=tuple((item, made.digests[0].due_at) for item in ("one", "two")))
    old = replace(an_email("old"), audience=audience)
    old = replace(old, body=replace(body(old), text=text, html=text, parts=parts))
    assert "Hello.\nTwo.\nBye.\n" == body(cut_to(old, "two")).text
    assert old.digest == cut_to(old, "two").digest


def test_the_frame_is_in_each_digest_and_changes_with_nothing_else(plan: Plan, made: RenderResult) -> None:
    """Other words of an item change the digest and leave the approval of the frame; other words around the pieces, of
    the subject or of a help line void it."""
    (frame,) = made.frames
    assert ("digest-frame", "digest-frame", "email") == (frame.item, frame.kind, frame.channel)
    assert 1 == sum(key.startswith("frame:") for key in frame.rests_on)
    for line in body(frame).text.splitlines():
        if line and "2027" not in line and not line.startswith(("[", "-------")):
            assert all(line in body(d).text for d in made.digests), line
    other = replace(plan.items[1].item, email="Another text.", title="Another title")
    changed = render(
        replace(plan, items=tuple(replace(p, item=other) if p.item.id == other.id else p for p in plan.items)),
        load_settings(REPOSITORY, {}),
        REPOSITORY / "templates",
    )
    assert changed.digests[1].digest != made.digests[1].digest
    assert changed.frames[0].digest == frame.digest
    changes: list[dict[str, Any]] = [{"title": "Other"}, {"subject": "{dates}"}, {"preheader": "Other"}]
    for words_of_rule in changes:
        rule = replace(plan.campaign.digest, **words_of_rule)
        assert rendered(plan, digest=rule).frames[0].digest != frame.digest, words_of_rule


def test_a_template_cannot_say_something_else_in_a_later_digest(plan: Plan, tmp_path: Path) -> None:
    """What stands around the pieces is approved as it is in each digest, not only in the one that is shown."""
    shutil.copytree(REPOSITORY / "templates", tmp_path, dirs_exist_ok=True)
    template = tmp_path / "email" / "digest.html"
    before = rendered(plan, tmp_path).frames[0].digest
    words_in = template.read_text(encoding="utf-8")
    sly = words_in.replace("{% block before %}", "{% block before %}{% if day_number > 20 %}<p>Buy.</p>{% endif %}")
    template.write_text(sly, encoding="utf-8")
    assert before != rendered(plan, tmp_path).frames[0].digest


def test_a_digest_rests_on_all_that_its_days_rest_on(made: RenderResult) -> None:
    """And prints the help lines of the campaign whole."""
    (frame,) = made.frames
    mails = {m.item: m for m in made.messages if m.channel == "email"}
    for digest in made.digests:
        days = [mails[item] for item, _ in digest.audience.parts]
        assert {k: v for m in days for k, v in m.rests_on.items()} == dict(digest.rests_on)
        assert {c for m in days for c in m.claims} == set(digest.claims)
        assert {"emergency", "hotline-phone", "hotline-text"} == set(digest.contacts)
        help_box = body(frame).html.split('<td class="help"')[1].split("</table>")[0]
        assert help_box == body(digest).html.split('<td class="help"')[1].split("</table>")[0]
        assert all(number in help_box for number in ("911", "1-888-373-7888", "233733"))


def test_who_gets_what_is_part_of_what_is_approved(made: RenderResult) -> None:
    """Daily mails for daily readers, key days for both, digests for theirs; posts for everybody."""
    found = {(m.channel, m.audience.cadences) for m in made.messages}
    both = frozenset({Cadence.DAILY, Cadence.KEY_DAYS})
    assert {("x", frozenset()), ("email", frozenset({Cadence.DAILY})), ("email", both)} == found
    assert {frozenset({Cadence.DIGEST})} == {d.audience.cadences for d in made.digests}
    assert made.digests[0].digest != replace(made.digests[0], audience=EVERYBODY).digest


def test_a_digest_is_due_at_the_slot_and_not_before_its_last_item(plan: Plan) -> None:
    """Else somebody could switch to daily mails in between, and get that item twice."""
    late = {i: replace(t, email_slot="18:00") if i == "awareness-day" else t for i, t in plan.campaign.items.items()}
    items = tuple(replace(p, item=late[p.item.id]) for p in plan.items)
    digests = render(replace(plan, items=items), load_settings(REPOSITORY, {}), REPOSITORY / "templates").digests
    assert [15, 15, 23, 15, 15, 15] == [d.due_at.hour for d in digests]
    assert all(d.due_at >= due for d in digests for _, due in d.audience.parts)


def test_a_campaign_without_a_digest_writes_to_everybody_every_day(plan: Plan) -> None:
    """But for its key days, whose readers asked for those alone."""
    made = rendered(plan, digest=None)
    assert () == made.digests
    assert all(Cadence.DIGEST in m.audience.cadences for m in made.messages if m.audience.cadences)


def test_each_readers_own_morning_opens_the_mail_around_the_world(plan: Plan) -> None:
    """From ten o'clock furthest east to midnight furthest west; posts stay at their slot."""
    made = rendered(plan, waves="reader")
    mail, post = (next(m for m in made.messages if (m.item, m.channel) == ("awareness-day", c)) for c in ("email", "x"))
    assert (datetime(2027, 1, 10, 20, tzinfo=UTC), datetime(2027, 1, 12, 12, tzinfo=UTC)) == (
        mail.due_at,
        mail.expires_at,
    )
    assert (time(10), "America/New_York") == (mail.audience.local_time, mail.audience.home)
    assert (datetime(2027, 1, 11, 15, tzinfo=UTC), EVERYBODY) == (post.due_at, post.audience)
    assert {time(10)} == {d.audience.local_time for d in made.digests}


@pytest.mark.parametrize("mark", ["{{ one.begins }}", "{{ one.ends }}"])
@pytest.mark.parametrize("form", ["html", "txt"])
def test_a_template_without_marks_makes_no_digest_and_all_other_mails(
    plan: Plan, tmp_path: Path, mark: str, form: str
) -> None:
    """Somebody's own template of the digest may have lost them; that is said once."""
    shutil.copytree(REPOSITORY / "templates", tmp_path, dirs_exist_ok=True)
    template = tmp_path / "email" / f"digest.{form}"
    template.write_text(template.read_text(encoding="utf-8").replace(mark, ""), encoding="utf-8")
    made = rendered(plan, tmp_path)
    assert ((), (), 64) == (made.digests, made.frames, len(made.messages))
    assert ["R023"] == [f.code for f in made.findings]
    assert not [m for m in made.messages if "\x11" in str(m.body)]


def test_a_day_that_cannot_be_made_takes_its_digest_along(plan: Plan) -> None:
    """And no other; the finding stands at the item."""
    broken = replace(plan.campaign.items["better-words"], email="{{ nothing")
    items = tuple(replace(p, item=broken) if p.item.id == "better-words" else p for p in plan.items)
    made = render(replace(plan, items=items), load_settings(REPOSITORY, {}), REPOSITORY / "templates")
    assert [date(2027, 1, 11)] == sorted({date(2027, 1, 11)} - {d.on for d in made.digests})
    assert 5 == len(made.digests)


def test_a_digest_survives_the_ledger(made: RenderResult) -> None:
    """Kept as text and read back it has the same digest, and can be cut."""
    digest = made.digests[1]
    back = from_text(to_text(digest))
    assert (digest.digest, digest.audience, body(digest).pieces) == (back.digest, back.audience, body(back).pieces)
    item = digest.audience.parts[1][0]
    assert body(cut_to(digest, item)).html == body(cut_to(back, item)).html


def test_pieces_and_audience_name_the_same_items(made: RenderResult) -> None:
    """One list says who gets what, the other where it stands."""
    for digest in made.digests:
        assert [i for i, _ in digest.audience.parts] == [piece.item for piece in body(digest).pieces]
        places = [(p.html_from, p.text_from, p.html_to, p.text_to) for p in body(digest).pieces]
        assert sorted(places) == places
        assert Audience.from_text(digest.audience.to_text()) == digest.audience
        assert digest.expires_at - digest.due_at >= timedelta(hours=1)


def test_a_mail_that_is_no_digest_has_the_fingerprint_that_it_always_had() -> None:
    """What only digests have is no part of it: approvals of an earlier release hold."""
    assert an_email().has("e6a7cf9cc477022c720de25c352816997496dd810c1461abcab7827b2687c407"), "that of version 1"
    assert "cfbe41f15f1a008042c75e76990754e767ab29c2a679afd1cdfe722e18e38689" == an_email().digest
    assert (
        replace(an_email(), body=replace(body(an_email()), pieces=(), subject_pattern="")).digest == an_email().digest
    )
