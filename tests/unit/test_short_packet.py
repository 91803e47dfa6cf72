"""The short edition: every word of every mail is in it once, what is in all of them too, and what is signed is counted."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from scheduler.domain.claim import Signature, Signatures
from scheduler.domain.message import EmailBody, Message, PostBody
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.review_policy import Role
from scheduler.review.mail_words import key_of, mail_pieces, own_pieces, shared_pieces
from scheduler.review.packet import tick_list
from scheduler.review.short_packet import day_line, short_packet_html
from tests.support.rehearsal_factory import MADE_AT, answered, asking, month
from tests.unit.test_packet import Page


def html(rehearsal: Rehearsal) -> str:
    return short_packet_html(rehearsal, made_at=MADE_AT)


def with_mail(rehearsal: Rehearsal, item: str, old: str, new: str) -> Rehearsal:
    """One mail's HTML changed."""

    def change(message: Message) -> Message:
        if message.item != item or not isinstance(message.body, EmailBody):
            return message
        assert old in message.body.html
        return replace(message, body=replace(message.body, html=message.body.html.replace(old, new)))

    return replace(rehearsal, messages=tuple(change(m) for m in rehearsal.messages))


def test_a_mail_is_cut_into_its_paragraphs_headings_and_entries() -> None:
    """Marks that matter stay; links are underlined and told; nothing that looks or acts comes along."""
    pieces = mail_pieces(
        '<body><table><tr><td style="color:red">Head<h1>Title</h1><p>One <b>bold</b> &lt;i&gt;<br>line, '
        '<a href="https://a.example/">there</a>.</p><ul><li>first</li><li>second</li></ul>'
        "<blockquote><p>said</p></blockquote>&nbsp;<script>x</script></td></tr></table></body>"
    )
    assert [("p", "Head"), ("h", "Title"), ("p", "One bold <i> line, there."), ("li", "first"), ("li", "second")] == [
        (p.kind, p.words) for p in pieces[:5]
    ]
    assert ("blockquote", "said") == (pieces[5].kind, pieces[5].words)
    assert 6 == len(pieces)
    assert "One <b>bold</b> &lt;i&gt;<br>line, <u>there</u>." == str(pieces[2].html)
    assert ("https://a.example/",) == pieces[2].links


def test_no_word_of_a_mail_is_lost() -> None:
    """Each piece stands in the list of what all have, or with its day, or is the title that the sheet prints."""
    rehearsal = month()
    mails = [m for m in rehearsal.messages if isinstance(m.body, EmailBody)]
    shared = shared_pieces(mails)
    assert {"1-888-373-7888", "Read more", "You get this because you asked for it. Leave"} < {
        piece.words for piece in shared.values()
    }
    for mail in mails:
        planned = rehearsal.plan.of(mail.item)
        assert planned is not None
        own = own_pieces(mail, shared, (planned.item.title,))
        left = [p for p in mail_pieces(mail.body.html) if key_of(mail, p) not in shared and p not in own]  # type: ignore[union-attr]
        assert {planned.item.title} == {p.words for p in left}


def test_a_digit_that_differs_on_one_day_stands_with_that_day() -> None:
    """A wrong help line among 32 right ones must not be taken for the one that all have; nor one that is missing."""
    without = "Without, of what stands in every email"
    before = html(month()).count(without)
    wrong = html(with_mail(month(), "item-07", "1-888-373-7888", "1-888-373-7889"))
    (day,) = re.findall(r'<article class="day" aria-label="Day 7">.*?</article>', wrong, re.DOTALL)
    assert "1-888-373-7889" in day
    assert f"{without}:</b> 1-888-373-7888" in day
    assert before + 1 == wrong.count(without)
    # A link that leads elsewhere is another one, too, though its words are the same.
    elsewhere = html(with_mail(month(), "item-07", "humantraffickinghotline.org/en/get-help", "example.org"))
    assert before + 1 == elsewhere.count(without)


def test_each_day_has_its_number_id_boxes_and_remarks() -> None:
    """And what was sent has none to check; a question stands on its sheet."""
    text = html(month())
    days = re.findall(r'<article class="day" aria-label="Day (\S+)">(.*?)</article>', text, re.DOTALL)
    assert [p.place for p in month().plan.items] == [number for number, _ in days]
    for (_, day), planned in zip(days, month().plan.items, strict=True):
        assert planned.item.id in day
        assert 2 == day.count('<i class="box"></i>')
        assert "Remarks" in day
    assert [] == Page(text).wrong


def test_a_picture_is_told_once_for_its_channels_where_there_is_room() -> None:
    """In the shorter of the two columns, as is the room for remarks: the other one says how long the day is."""
    season = with_mail(
        month(), month().plan.items[0].item.id, "</body>", 20 * f"<p>{'Words of a mail. ' * 20}</p>" + "</body>"
    )
    first, about = next((m, m.body) for m in season.messages if isinstance(m.body, PostBody))
    for post in ("Short.", "A long line of a post. " * 300):
        body = replace(about, text=post, alt_text="A card & its words")
        both = (replace(first, body=body), replace(first, body=body, channel="elsewhere"))
        text = html(replace(season, messages=(*both, *(m for m in season.messages if m is not first))))
        (day,) = re.findall(r'<article class="day" aria-label="Day 1">.*?</article>', text, re.DOTALL)
        for words in ("Picture on Elsewhere, X:</b> A card &amp; its words", ">Remarks<"):
            assert 1 == day.count(words)
            assert (day.index(words) > day.index('class="right"')) == (post != "Short.")


def test_the_sheet_counts_what_can_be_approved_and_by_whom() -> None:
    """All messages; a line for each role whose approval counts, and none for who reads alone or holds."""
    rehearsal = month()
    tally = tick_list(rehearsal)
    assert len(rehearsal.everything) == tally.messages
    assert "32 emails, 32 X posts" == tally.counts
    assert [p.item.id for p in rehearsal.plan.items] == [row.item for row in tally.rows]
    assert {"coordinator", "fact-reviewer"} <= {role.id for role in tally.roles}
    assert not {"deputy", "hold-holder", "board-viewer"} & {role.id for role in tally.roles}
    own = {**rehearsal.policy.roles, "printer": Role("printer", "the paper")}
    assert "printer" in {r.id for r in tick_list(replace(rehearsal, policy=replace(rehearsal.policy, roles=own))).roles}


def test_a_question_stands_with_its_day_until_it_is_answered() -> None:
    """One that belongs to a statement stands at the front."""
    claim = "forced-labour-2021"
    asked = asking(month(), claim)
    assert 1 == html(asked).count("<b>Answer first:</b> Who reads it first?")
    assert "that needs an answer first:</b> 5." in html(asked)
    assert f"<li>{claim}: Is there a newer one?</li>" in html(asked)
    done = html(answered(asked))
    assert "needs an answer first" not in done
    assert "Is there a newer one?" not in done


def test_a_help_line_that_nobody_signed_is_not_said_to_be_verified() -> None:
    """Whatever day its record has."""
    rehearsal = month()
    contacts = rehearsal.plan.campaign.contacts.values()
    signed = [Signature("contact", c.id, c.record_hash(), "Ada", "safety", date(2026, 12, 1)) for c in contacts]
    assert {"Verified: not yet."} == set(re.findall(r"Verified: [^<]+", html(rehearsal)))
    verified = html(replace(rehearsal, signatures=Signatures(tuple(signed))))
    assert {"Verified: Tuesday, December 1, 2026."} == set(re.findall(r"Verified: [^<]+", verified))


def test_large_type_and_paper_are_said_in_the_page() -> None:
    """One class, and a size that the printer is told."""
    assert "size:" not in html(month()).split("@page{", 1)[1].split("}", 1)[0].rpartition("}")[2]
    large = short_packet_html(month(), made_at=MADE_AT, paper="A4", large_type=True)
    assert '<html lang="en" class="large">' in large
    assert "size:A4" in large


def test_whatever_a_record_holds_it_is_text() -> None:
    """No element comes of a title, an id or a post."""
    rehearsal = month()
    evil = "<script>alert(1)</script>"
    items = tuple(replace(p, item=replace(p.item, title=evil, needs_decision=evil)) for p in rehearsal.plan.items)
    campaign = replace(rehearsal.plan.campaign, items={p.item.id: p.item for p in items})
    page = Page(html(replace(rehearsal, plan=replace(rehearsal.plan, items=items, campaign=campaign, title=evil))))
    assert [] == page.scripts
    assert page.text.count("alert(1)") > 60


def test_the_line_of_days_marks_the_special_ones() -> None:
    """A mark for each day; diamonds on four."""
    line = str(day_line(month().plan.items, 32))
    assert (28, 4) == (line.count("<circle"), line.count("<path"))
