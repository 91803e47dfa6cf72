"""Cards: words set by measured widths in our own fonts, nothing cut off, the same bytes each time."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from platform import libc_ver
from resource import RUSAGE_SELF, getrusage
from shutil import copytree
from typing import Any

import pytest
from PIL import Image

from scheduler.cards import drawing, fonts
from scheduler.cards.day_line import day_line
from scheduler.cards.drawing import bytes_of, png_of
from scheduler.cards.layout import SMALLEST, CannotDraw, broken, draw
from scheduler.channels.registry import CHANNELS, card_size, spec_of
from scheduler.channels.spec import CARD_SIZE, PictureRules
from scheduler.cli.main import main
from scheduler.content.checks import channel_limits
from scheduler.content.render.card_labels import labels_of
from scheduler.content.render.cards import SIZES
from scheduler.domain.brand import LEAST_CONTRAST, contrast
from scheduler.domain.campaign import Kind
from scheduler.domain.card import CARD_KINDS, CardChoice, CardRules
from scheduler.domain.design_tokens import COAT_PAIRS, COATS, THEN_GROUND, THEN_INK
from scheduler.domain.message import Message, PostBody, from_text, to_text
from scheduler.domain.post_picture import CARD_SIZES, USUAL_SIZE, size_named
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.word_diff import Mark
from scheduler.review.dry_run_files import write_dry_run
from scheduler.review.item_html import item_fragment
from scheduler.review.item_view import since_then
from scheduler.review.packet import packet_html
from scheduler.settings import ChannelSettings
from tests.scenarios import harness
from tests.support.rehearsal_factory import MADE_AT, eml, month, request
from tests.support.render_factory import CLAIMS, CONTACTS, TEMPLATES, claim, item, one, rendered

ON = CardRules(on=True)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="80">{}</svg>'
TEXT = '<text x="10" y="50" width="280" sizes="40 30" weight="600">{}</text>'


def body_of(message: Message) -> PostBody:
    assert isinstance(message.body, PostBody)
    return message.body


def post(*changes: Any, templates: Path = TEMPLATES, cards: CardRules = ON, **of_item: Any) -> Message:
    return one(rendered(item(alt="A card", **of_item), templates=templates, cards=cards), "x")


def inked(svg: str) -> Image.Image:
    """White wherever something is on the picture."""
    with Image.open(io.BytesIO(png_of(svg))) as drawn:
        return drawn.getchannel("A").point(lambda opacity: 255 * (opacity > 128))


def ink(svg: str) -> int:
    """How many pixels have something on them."""
    return inked(svg).histogram()[255]


@pytest.mark.parametrize(("family", "weight"), sorted(fonts.FILES))
def test_each_font_draws_its_words(family: str, weight: str) -> None:
    """A renderer that does not find a font draws a card without a letter, and says nothing."""
    text = f'<text x="10" y="50" width="280" sizes="40" font="{family}" weight="{weight}">Hamburg</text>'
    drawn = ink(draw(SVG.format(text)).svg)
    assert 1_000 < drawn < 8_000
    assert ink(draw(SVG.format("")).svg) == 0


def test_a_line_is_as_wide_as_it_was_measured() -> None:
    words = "Slavery tears at our fabric"
    for family, weight in fonts.FILES:
        text = f'<text x="0" y="50" width="295" sizes="26" lines="3" font="{family}" weight="{weight}">{words}</text>'
        svg = draw(SVG.format(text)).svg
        (_, _, right, _) = inked(svg).getbbox() or (0, 0, 0, 0)
        lines = re.findall(r">([^<]+)</text>", svg)
        widest = max(fonts.font(family, weight).width(line, 26) for line in lines)
        assert widest - 8 < right < widest + 2, (family, weight)


def test_any_thread_draws_and_a_small_form_is_whole() -> None:
    """Pages draw in whichever thread serves them. Half a row of pixels at the foot is drawn as one."""
    whole = SVG.replace('height="80"', 'height="81"').format('<rect width="300" height="81"/>')
    with ThreadPoolExecutor(1) as other:
        drawn = [png_of(whole, 100), other.submit(png_of, whole, 50).result()]
    for content, size in zip(drawn, [(100, 27), (50, 14)], strict=True):
        with Image.open(io.BytesIO(content)) as small:
            assert (size, (255, 255)) == (small.size, small.getchannel("A").getextrema())


@pytest.mark.skipif(libc_ver()[0] != "glibc", reason="other C libraries keep what is given back, or never do")
def test_a_drawing_uses_the_memory_of_the_one_before() -> None:
    """Each of its 3 million bytes would be asked for anew, in 1,600 pages."""
    card = SVG.replace('300" height="80', '1200" height="675').format('<rect width="9" height="9" x="{}"/>')
    png_of(card.format(0))
    asked = []
    for number in range(1, 4):
        before = getrusage(RUSAGE_SELF).ru_minflt
        png_of(card.format(number))
        asked.append(getrusage(RUSAGE_SELF).ru_minflt - before)
    assert min(asked) < 800


def test_the_system_has_no_say() -> None:
    plain = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="80"><text y="50" font-size="40">A</text></svg>'
    assert ink(plain.replace("<text", '<text font-family="DejaVu Sans"')) == 0


def test_words_go_to_the_next_smaller_size_and_are_never_cut() -> None:
    short, longer = draw(SVG.format(TEXT.format("One line"))), draw(SVG.format(TEXT.format("One line, longer")))
    assert 'font-size="40"' in short.svg
    assert 'font-size="30"' in longer.svg
    with pytest.raises(CannotDraw, match="does not fit") as refused:
        draw(SVG.format(TEXT.format("One line that is longer than it may be")))
    assert refused.value.code == "G101"


def test_one_word_that_is_too_wide_is_refused() -> None:
    with pytest.raises(CannotDraw, match="does not fit"):
        draw(SVG.format(TEXT.format("Incomprehensibilities")))


def test_texts_of_a_stack_shrink_together_until_all_fit() -> None:
    stack = (
        '<g stack="yes" x="10" y="0" width="280" height="{}"><text sizes="40 26" lines="2">First</text>'
        '<text sizes="30 28 26" lines="2" gap="4">Second</text></g>'
    )
    sizes = [re.findall(r'font-size="(\d+)"', draw(SVG.format(stack.format(height))).svg) for height in (100, 80)]
    assert sizes == [["40", "30"], ["26", "28"]]
    with pytest.raises(CannotDraw, match="does not fit"):
        draw(SVG.format(stack.format(40)))


def test_a_centered_stack_stands_in_the_middle_of_its_height() -> None:
    stack = '<g stack="{}" y="0" width="280" height="200"><text sizes="40">First</text></g>'
    usual, centered = (
        float(re.findall(r' y="([\d.]+)"', draw(SVG.format(stack.format(how))).svg)[0]) for how in ("yes", "centered")
    )
    assert (200 - 40 * 1.2) / 2 == pytest.approx(centered - usual)


def test_lines_keep_every_word_and_their_width() -> None:
    words = "When someone under 18 is used for commercial sex, it is trafficking even without force"
    serif = fonts.font("Card Serif", "600")
    for width in (200, 320, 500):
        lines = broken(words, serif, 30, width)
        assert " ".join(lines) == words
        assert all(serif.width(line, 30) <= width for line in lines)


def test_a_headlines_lines_are_balanced_and_apostrophes_are_those_of_print() -> None:
    """As many lines as before, the longest no longer than it must be; what checks read stays as it was written."""
    words = "What the hotline is for, and what it isn't for"
    text = '<text x="0" y="40" width="500" sizes="30" lines="3"{}>' + words + "</text>"
    plain, balanced = (draw(SVG.format(text.format(how))) for how in ("", ' balance="yes"'))
    lines, even = (re.findall(r">([^<]+)</text>", drawing.svg) for drawing in (plain, balanced))
    assert len(lines) == len(even) == 2
    assert max(map(len, even)) < max(map(len, lines))
    assert " ".join(even) == words.replace("'", "’")
    assert balanced.words == (words,)


def test_a_letter_that_the_font_lacks_is_refused() -> None:
    with pytest.raises(CannotDraw, match=r"no letter ☂ \(U\+2602\)") as refused:
        draw(SVG.format(TEXT.format("Rain ☂")))
    assert refused.value.code == "G102"
    assert draw(SVG.format(TEXT.format("¿Qué, Łódź?"))).words == ("¿Qué, Łódź?",)
    assert draw(SVG.format(TEXT.format("a\u2011b"))).words == ("a-b",)  # looks the same


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="file:///etc/hostname"/>',
        "<script>1</script>",
        '<use href="#a"/>',
        '<rect fill="url(#a)"/>',
        '<rect style="fill:red"/>',
        '<rect onclick="1"/>',
        '<foreignObject width="10"/>',
        TEXT.replace("40 30", f"40 {SMALLEST - 1}"),
        TEXT.replace("40 30", "30 40"),
        TEXT.replace(' width="280"', ""),
        '<text x="1" y="1" width="9" sizes="26" font="Arial">a</text>',
        "<g>",
        "<!-- a -->",
    ],
)
def test_what_fetches_runs_or_cannot_be_read_is_refused(inside: str) -> None:
    with pytest.raises(CannotDraw) as refused:
        draw(SVG.format(inside.replace("{}", "words")))
    assert refused.value.code == "G104"


@pytest.mark.parametrize("root", [SVG.replace("300", "0"), SVG.replace("300", "30%"), f"<g>{SVG}</g>"])
def test_a_template_without_a_size_is_refused_before_it_is_drawn(root: str) -> None:
    """The renderer would end the program's thread with it."""
    with pytest.raises(CannotDraw, match="width and height"):
        draw(root.format(""))


def test_no_entity_is_expanded() -> None:
    with pytest.raises(CannotDraw):
        draw('<!DOCTYPE svg [<!ENTITY a "aaa">]>' + SVG.format(TEXT.format("&a;")))


def test_each_coat_can_be_read() -> None:
    for name, coat in COATS.items():
        for text, ground in COAT_PAIRS:
            colors = asdict(coat)
            assert contrast(colors[text], colors[ground]) >= LEAST_CONTRAST, (name, text)
    assert contrast(THEN_INK, THEN_GROUND) >= LEAST_CONTRAST


def test_the_day_line_has_a_mark_a_day_and_of_a_long_window_one_a_week() -> None:
    marks = day_line(32, 11, {1, 11, 18}, 72, 1128)
    assert [m["shape"] for m in marks].count("day") == 29
    assert marks[10]["shape"] == "today"
    assert marks[17]["shape"] == "special"
    assert float(marks[0]["x"]) - 17 == 72
    assert float(marks[-1]["x"]) + 17 == 1128
    weeks = day_line(60, 11, {1}, 72, 1128)
    assert [m["shape"] for m in weeks[:3]] == ["special", "today", "day"]
    assert len(weeks) == 9
    assert len(day_line(1, 1, (), 72, 1128)) == 1


# -- a post's card --------------------------------------------------------------------------------------------------


def test_the_same_words_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = body_of(post()).picture
    first = bytes_of(picture)
    monkeypatch.setattr(drawing, "_AT_HAND", {})
    assert bytes_of(picture) == first
    assert first[:8] == b"\x89PNG\r\n\x1a\n"
    assert (picture.width, picture.height) == Image.open(io.BytesIO(first)).size == (1200, 675)
    with pytest.raises(ValueError, match="not drawn here as it was approved"):
        bytes_of(replace(picture, drawing=picture.drawing.replace("people", "persons")))


def test_a_statistic_stands_with_what_is_counted_and_whose_it_is() -> None:
    words = body_of(post()).picture.words
    assert "27.6 million people were in forced labour on any given day in 2021." in words
    assert "ILO estimate for 2021. Source: ILO, Walk Free and IOM, September 2022" in words


@pytest.mark.parametrize("kind", CARD_KINDS)
@pytest.mark.parametrize("size", ["", "1080x1350", "1080x1920"])
def test_each_kind_has_a_card_in_each_size(kind: str, size: str) -> None:
    from scheduler.content.render.cards import make_card
    from scheduler.content.render.season_renderer import SeasonRenderer
    from scheduler.content.render.template_functions import ItemRecords
    from tests.support.render_factory import plan, settings

    records: dict[str, Any] = {
        "quotation": {"quotations": ("proclamation#P1",)},
        "then-now": {"then": ("old-number",), "now": ("forced-labour",)},
        "myth-corrected": {"then": ("made-up",), "now": ("law",)},
    }
    made = item(kind=Kind(kind), action_text="Tell one person", **records.get(kind, {}))
    season = plan(made, cards=ON)
    bench = SeasonRenderer(season, settings(), TEMPLATES)
    wanted = next((s for s in SIZES if size == f"{s[0]}x{s[1]}"), USUAL_SIZE)
    card = make_card(bench, season.items[0], None, ItemRecords(bench.library, made, season.campaign.block), wanted)
    assert card is not None, bench.findings
    assert (card.picture.width, card.picture.height) == wanted
    assert "Example Coalition" in card.picture.words
    assert not any("9.8" in words for words in card.picture.words)  # what was debunked stands on no card


def test_no_figure_stands_large_where_its_sentence_does_not_go_on_from_it() -> None:
    """It would be said twice, and the first time without its noun."""
    text = "Of all people in forced labour, 27.6 million were counted in 2021"
    words = body_of(one(rendered(item(), cards=ON, claims={"forced-labour": claim(text=text)}), "x")).picture.words
    assert f"{text}." in words
    assert item().title in words
    assert "27.6 million" not in words


def test_what_was_said_before_stands_with_who_said_it() -> None:
    """In quotation marks where the item quotes the page, and then with a strip below that says why the two differ."""
    records: dict[str, Any] = {"kind": Kind.THEN_NOW, "then": ("old-number",), "now": ("forced-labour",)}
    told = body_of(post(**records)).picture.words
    assert ("27 million people are enslaved.", "Our page, 2014") == told[3:5]
    card = CardChoice(line="preheader")
    quoted = body_of(post(**records, quotations=("page#F4",), card=card)).picture.words
    assert ("Our page, 2014 said:", "“27 Million people are currently enslaved.”") == quoted[3:5]
    assert ("Source: ILO, Walk Free and IOM, 2022-09" in quoted, "Two minutes to read." in quoted) == (False, True)


@pytest.mark.parametrize(
    ("hours", "said"),
    [("24 hours a day, every day", "Help 24/7: "), ("24 hours a day on weekdays", "Help: "), ("", "Help: ")],
)
def test_a_card_says_round_the_clock_where_each_record_does(hours: str, said: str) -> None:
    """The number for emergencies first, and apart from the others."""
    lines = {i: replace(c, hours=hours if c.kind == "text" else "24/7") for i, c in CONTACTS.items() if i != "tipline"}
    words = body_of(one(rendered(item(), cards=ON, contacts=lines), "x")).picture.words
    assert words[-1] == f"In danger: 911. {said}1-888-373-7888 / text 233733"


def test_digits_of_help_lines_are_a_setting() -> None:
    for kind in (Kind.FACT, Kind.HELP):
        posts = [post(kind=kind, cards=rules) for rules in (ON, replace(ON, digits=False))]
        with_digits, without = (" ".join(body_of(message).picture.words) for message in posts)
        assert "1-888-373-7888" in with_digits
        assert not re.search(r"888|233733|911", without)
        assert "National Hotline" in without


def test_a_card_changes_the_message_of_its_item_alone(tmp_path: Path) -> None:
    """One word on it, its alternative text, its coat and its template are what was approved: of the posts that show
    it, and of no email."""
    templates = copytree(TEMPLATES, tmp_path / "templates")
    of_kind = templates / "cards" / "fact.svg"
    of_kind.write_text(of_kind.read_text("utf-8").replace("38 36", "37 36"), "utf-8")

    def digests(templates: Path = TEMPLATES, cards: CardRules = ON, **changes: Any) -> dict[tuple[str, str], str]:
        of_one = item(**{"alt": "A card", **changes})
        other = item("two", kind=Kind.REST, alt="Another card", title="A quiet day")
        made = rendered(of_one, other, templates=templates, cards=cards).messages
        return {(m.item, m.channel): m.digest for m in made}

    before = digests()

    def changes_of(changed: dict[tuple[str, str], str]) -> set[tuple[str, str]]:
        return {key for key in before if before[key] != changed[key]}

    both = {("one", "x"), ("one", "email")}  # a word that the email has, too
    assert both == changes_of(digests(title="Forced labour is nearby", kind=Kind.ACTION))
    for changed in (
        digests(alt="A card."),
        digests(card=CardChoice(coat="lilac")),
        digests(card=CardChoice(claim="forced-labour", headline="subject", kind="rest")),
        digests(templates=templates),
    ):
        assert {("one", "x")} == changes_of(changed)
    assert {("one", "x"), ("two", "x")} == changes_of(digests(cards=replace(ON, coat="blue")))
    assert set() == changes_of(digests())


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ("Day 1 of 32", "Source: ")), ("es-US", ("Día 1 de 32", "Fuente: ")), ("fr", ("Day 1 of 32", "Source: "))],
)
def test_the_words_of_the_programs_own_are_in_the_campaigns_language(language: str, said: tuple[str, str]) -> None:
    """In English where it knows no others; each that it has in one language it has in all."""
    day, source = said
    records = {**CLAIMS, "forced-labour": replace(CLAIMS["forced-labour"], caveat="")}
    words = body_of(one(rendered(item(alt="A card"), cards=ON, language=language, claims=records), "x")).picture.words
    assert day in words
    assert any(word.startswith(source) for word in words)
    assert len({frozenset(labels_of(tag, 1, 32)) for tag in ("en", "es")}) == 1


def test_whether_a_post_may_go_without_its_picture_is_approved(tmp_path: Path) -> None:
    """As the item says; without a picture it says nothing."""
    waits, without = post(), post(picture_missing="without")
    assert [False, True] == [body_of(message).may_lack_picture for message in (waits, without)]
    assert waits.digest != without.digest
    assert not body_of(post(picture_missing="without", cards=CardRules())).may_lack_picture


def test_each_channel_has_a_size_of_its_own() -> None:
    """As its settings say; left out, the usual one. All that there are have a place for words."""
    upright = ChannelSettings("ours", "by_hand", True, "", 20.0, {"card_size": "1080x1350"})
    assert [(1080, 1350), USUAL_SIZE] == [card_size(channel) for channel in (upright, replace(upright, options={}))]
    assert set(map(size_named, CARD_SIZES)) == set(SIZES)
    taking = [spec for spec in CHANNELS.values() if spec.media is not None]
    assert taking
    assert all(CARD_SIZE in spec.settings for spec in taking)


@pytest.mark.parametrize("media", [None, PictureRules(("image/webp",), 1_000_000)])
def test_a_channel_that_takes_no_such_pictures_blocks(
    media: PictureRules | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for all its posts: they would go out without what was approved."""
    project = harness.build(harness.HERE / "g107-too-large-for-its-channel", tmp_path)
    monkeypatch.setattr(channel_limits, "spec_of", lambda channel: replace(spec_of(channel), media=media))
    (found,) = [finding for finding in harness.STAGES["check"](project) if finding.code[0] == "G"]
    assert ("G106", True) == (found.code, "5 posts" in found.message)


def test_a_message_goes_to_the_ledger_and_back_with_its_picture() -> None:
    message = post()
    again = from_text(to_text(message))
    assert again.digest == message.digest
    assert again.body == message.body


def test_without_alternative_text_there_is_a_draft_and_a_finding() -> None:
    result = rendered(item(), cards=ON)
    assert [f.code for f in result.findings] == ["G103"]
    assert body_of(one(result, "x")).alt_text == (
        "27.6 million people were in forced labour on any given day in 2021. "
        "ILO estimate for 2021. Source: ILO, Walk Free and IOM, September 2022."
    )


def test_the_alternative_text_may_call_records() -> None:
    message = one(rendered(item(alt="{{ number('forced-labour') }} people"), cards=ON), "x")
    assert body_of(message).alt_text == "27.6 million people"
    assert [p.words for p in message.printed["alt"]] == ["27.6 million"]
    assert "27.6 million" in [p.words for p in message.printed["card"]]


def test_cards_are_off_unless_a_campaign_wants_them() -> None:
    body = body_of(post(cards=CardRules()))
    assert body.picture is None
    assert body.alt_text == ""


def test_the_command_writes_a_picture_and_says_its_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "card.png"
    assert main(["card", "2027-01-11", "--season", "2027", "--out", str(out), "--size", "1080x1350"]) == 0
    assert Image.open(io.BytesIO(out.read_bytes())).size == (1080, 1350)
    assert "National Human Trafficking Awareness Day" in capsys.readouterr().out
    assert main(["card", "no-such-item"]) == 2


# -- where it is seen -----------------------------------------------------------------------------------------------


def a_month_with(body: PostBody) -> Rehearsal:
    """A season whose first post has the picture of ``body``, on each of two channels."""
    season = month()
    first = next(m for m in season.messages if isinstance(m.body, PostBody))
    shown = replace(first, body=replace(body_of(first), picture=body.picture, alt_text="A card & its words"))
    others = tuple(m for m in season.messages if m is not first)
    return replace(season, messages=(shown, replace(shown, channel="elsewhere"), *others))


def test_packet_page_and_folder_show_it_with_its_words(tmp_path: Path) -> None:
    picture = body_of(post()).picture
    season = a_month_with(body_of(post()))
    content = f"data:image/png;base64,{b64encode(bytes_of(picture)).decode()}"
    item_id = season.messages[0].item
    fragment = item_fragment(season, item_id, handles={}, lay=True).html
    for page in (packet_html(season, made_at=MADE_AT), fragment):  # once for both channels, the words with each
        assert page.count(content) == page.count("The same picture as on Elsewhere.") == 1
        assert page.count("A card &amp; its words") == 2
    files = write_dry_run(tmp_path / "out", season, made_at=MADE_AT, requests=request, eml=eml)
    day = season.messages[0].on
    assert [p.name for p in (files.folder / "cards").iterdir()] == [f"{day}.png"]
    assert (files.folder / "cards" / f"{day}.png").read_bytes() == bytes_of(picture)


def test_a_day_with_two_pictures_has_two_files(tmp_path: Path) -> None:
    season = a_month_with(body_of(post()))
    other = body_of(post(kind=Kind.REST))
    first, second, *rest = season.messages
    season = replace(
        season, messages=(first, replace(second, body=replace(body_of(second), picture=other.picture)), *rest)
    )
    files = write_dry_run(tmp_path / "out", season, made_at=MADE_AT, requests=request, eml=eml)
    names = sorted(p.name for p in (files.folder / "cards").iterdir())
    assert names == [f"{first.on}-{first.item}.png", f"{first.on}.png"]
    page = packet_html(season, made_at=MADE_AT)
    assert page.count("data:image/png") == 2
    assert "The same picture" not in page


def test_a_picture_that_is_drawn_otherwise_here_is_not_shown() -> None:
    body = body_of(post())
    season = a_month_with(replace(body, picture=replace(body.picture, sha256="0" * 64)))
    page = packet_html(season, made_at=MADE_AT)
    assert "data:image/png" not in page
    assert page.count("draws the picture in another way than it was approved") == 1
    assert page.count("The same picture as on Elsewhere.") == 1


def test_a_reviewer_is_shown_what_changed_on_a_picture() -> None:
    before, after = post(), post(card=CardChoice(coat="lilac"))
    (change,) = since_then("", before, after).difference
    assert change.label == "the picture"
    assert [(p.mark, p.words.strip()) for p in change.pieces if p.mark is not Mark.KEPT] == [
        (Mark.REMOVED, "(sky)"),
        (Mark.ADDED, "(lilac)"),
    ]
    otherwise = replace(
        before, body=replace(body_of(before), picture=replace(body_of(before).picture, sha256="0" * 64))
    )
    since = since_then("", before, otherwise)
    assert (since.difference, since.beside) == ((), ("how the picture looks",))
