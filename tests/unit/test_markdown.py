"""The paragraphs of an item's email: read one by one where each stands for itself, and the same as the whole."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from scheduler.content.render import markdown
from scheduler.content.render.markdown import render_markdown
from scheduler.content.render.template_values import Rendered, TemplateProblem
from scheduler.kept_by_key import KeptOfTexts

STYLE = {"p": 'a:"b"', "h2": "c:d", "link": "e:f", "strong": "g:h"}
#: What means something at the start of a line, within one, or beyond a blank one.
PIECES = """Word|two words|- item|1. one|12) two|* star|+ plus|**bold**|*em* it|> said|# h|## h2|---|===|```|~~~|<b>
[a](https://x.example)|[a]: https://x.example|[a]|:::|::: es|&#50;027|&amp;|&NewLine;|&#10;|Q & A|\\- x|\\
    in|\tin|2027. It|A.|“Q” and (x)|: ends:|_u_|___|`c`|!|#tag|"q"|'s|x=y|é|日本|\xa0|\u2028|Word  |…""".replace(
    "\n", "|"
)


def said(source: str, whole: bool) -> object:
    try:
        return Rendered(*markdown._parsed(source, STYLE)) if whole else render_markdown(source, STYLE)
    except TemplateProblem as problem:
        return problem.code, problem.message, problem.line


def test_parts_are_read_as_the_whole_would_be() -> None:
    """Whatever stands beside and below each other."""
    chance, in_parts = random.Random(5), 0
    for _ in range(700):
        source = "".join(
            chance.choice(PIECES.split("|")) + chance.choice(["", " ", "\n", "\n\n", "\n \n\n"])
            for _ in range(chance.randint(1, 7))
        )
        assert said(source, whole=False) == said(source, whole=True), source
        in_parts += len(markdown._parts_of(source)) > 1
    assert in_parts > 20


@pytest.mark.parametrize(
    "source",
    [
        "[The line][a] helps.\n\n[a]: https://x.example\nIt is open.",
        "- One.\n\n- Two.",
        "##\n\nWords.",
        "Five*three*two.\n\nMore words.",
        "Words.  \nMore.\n\nThe end.",
        "Once.\n\n2027. It ended.\n\n3. It began.",
    ],
)
def test_what_reaches_beyond_a_paragraph_or_means_more_than_it_says(source: str) -> None:
    assert said(source, whole=False) == said(source, whole=True)


@pytest.mark.parametrize(
    ("source", "line"), [("One.\n\nTwo ![a](b).", 3), ("[x](javascript:a)", 1), ("One.\n\n**Two**\n[x](data:a)", 3)]
)
def test_a_problem_says_where_in_the_whole_it_stands(source: str, line: int) -> None:
    with pytest.raises(TemplateProblem) as told:
        render_markdown(source, STYLE)
    assert told.value.line == line


def test_who_edits_a_paragraph_has_the_others_read_already(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By an earlier process; and words alone need no parser."""
    rest = "\n\n## A heading\n\n**Bold** words, and [a link](https://x.example).\n\nThe end."
    whole = render_markdown(f"First.{rest}", STYLE)
    for first in ("First.", "Other words: two\nlines of “them”."):
        texts = KeptOfTexts()  # of a process of its own
        texts.keep_in(tmp_path / "texts", "this one")
        monkeypatch.setattr(markdown, "TEXTS", texts)
        made = render_markdown(f"{first}{rest}", STYLE)
        texts.keep()
        monkeypatch.setattr(markdown, "_parsed", None)
        assert made.html.endswith(whole.html[whole.html.index("<h2") :])
    assert made.text.startswith("Other words: two lines of “them”.\n\n")
    assert made.opening == "Other words: two lines of “them”."


def test_threads_share_a_parser_whose_rules_are_in_order() -> None:
    """It orders them when it is first asked, and whoever asks meanwhile would find none."""
    markdown.markdown_parser.cache_clear()
    parser = markdown.markdown_parser()
    rulers = parser.core.ruler, parser.block.ruler, parser.inline.ruler, parser.inline.ruler2
    assert all(ruler.__cache__ for ruler in rulers)
