"""A channel is named in its own folder alone: everybody else goes by its spec."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from scheduler.channels.registry import BUILT_IN, CHANNELS

ROOT = Path(__file__).parents[2]
SCHEDULER = ROOT / "scheduler"
#: Not held to it: the channels themselves, migrations (what has landed stays), and passwords, which people choose after
#: the places where they have an account.
OUTSIDE = ("channels", "store/migrations", "domain/common_passwords.py")
#: Words by which a provider is meant, beside the channels' own names and titles.
OTHER_WORDS = ("tweet", "tweets", "tweepy", "twitter", "bluesky", "atproto", "mastodon", "twilio")
#: SMTP is also the protocol by which a notice is mailed, a bounce reports and a reply is numbered: none of them is the
#: channel. x is also a letter: times, a Roman ten, a digit that is left out, a place on a picture. File -> the words that mean it.
PROTOCOL = {
    "settings": r"notices\.smtp[.\w]*|smtp_\w+|OBSERVANCE_(NOTICES_)?SMTP_PASSWORD|NOTICES_SMTP_PASSWORD|^smtp$",
    "services/doctor/check": r"smtp_(host|port|security)",
    "content/checks/guards": r"^smtp(\.host)?$",
    "subscribers/bounces": r"smtp_codes|\\s\*smtp\\s",
    "services/bounces": r"smtp_codes",
    "content/quantities": r"[xX]",
    "content/checks/help_lines": r"x",
    "content/days/day_rules": r"x",
    "cards/": r"^x$",  # from the left
    "domain/post_picture": r"^x$",  # 1200x675
    "web/editing/form": r"^x$",  # where somebody clicked
    "cli/cards": r"^x$",  # 1200x675
}


@cache
def names() -> re.Pattern[str]:
    """The names and titles of all channels as words, and the words beside them."""
    words = {*CHANNELS, *(CHANNELS[name].title for name in CHANNELS), *OTHER_WORDS}
    joined = "|".join(sorted(re.escape(word.replace("_", " ")).replace(r"\ ", "[ _-]") for word in words))
    # X-Robots-Tag, 0x and x.gd are no channel; nor is a letter in a table of letters.
    return re.compile(rf"(?<![A-Za-z0-9\\.])(?:{joined})(?![A-Za-z0-9]|[-.:]\w)", re.IGNORECASE)


def said(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Each string constant but docstrings, and each name of anything, with its line."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield line, node.value
        elif isinstance(node, ast.Attribute):
            yield line, node.attr
        elif isinstance(node, ast.Name):
            yield line, node.id
        elif isinstance(node, ast.arg | ast.keyword) and node.arg:
            yield line, node.arg
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield line, node.name
        elif isinstance(node, ast.ImportFrom | ast.Import):
            modules = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            yield from ((line, part) for module in modules for part in module.split("."))


def plain(text: str) -> str:
    """``SendGridTransport`` and ``smtp_host`` as words."""
    if text == "X_OK":  # of the module os
        return ""
    if re.fullmatch(r"\w{3,}", text):
        return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", re.sub(r"SendGrid", "sendgrid ", text))
    return text


def named_in(path: Path, source: str) -> list[str]:
    """Where a file names a channel."""
    inner = path.relative_to(SCHEDULER).as_posix()
    protocol = [re.compile(pattern) for start, pattern in PROTOCOL.items() if inner.startswith(start)]
    found = []
    for line, text in said(ast.parse(source)):
        rest = text
        for pattern in protocol:
            rest = pattern.sub("", rest)
        if names().search(plain(rest)):
            found.append(f"{inner}:{line}: {text[:80]}")
    return found


FILES = sorted(
    path
    for path in SCHEDULER.rglob("*.py")
    if not path.relative_to(SCHEDULER).as_posix().startswith(OUTSIDE) and "starter" not in path.parts
)


def test_nobody_else_names_a_channel() -> None:
    """No string and no name outside scheduler/channels/ says which channels there are."""
    assert len(FILES) > 250
    assert [] == [place for path in FILES for place in named_in(path, path.read_text("utf-8"))]


@pytest.mark.parametrize(
    "source",
    [
        'a = "x"',
        "a.sendgrid",
        "def smtp(): ...",
        "class SendGridThing: ...",
        'f(f"to X now")',
        "from .channels import x",
        "import scheduler.channels.smtp",
        "f(bluesky=1)",
        'a = "CHANNELS__SENDGRID__KEY"',
        "tweet_id = 1",
    ],
)
def test_the_search_finds_a_name(source: str) -> None:
    """Each way of naming one is found."""
    assert named_in(SCHEDULER / "engine" / "any.py", source)


def test_one_line_for_each_channel_of_this_package() -> None:
    """The folders and the list are the same."""
    folders = {path.parent.name for path in (SCHEDULER / "channels").glob("*/spec.py")}
    assert folders == set(BUILT_IN)
    assert all(name == CHANNELS[name].name for name in BUILT_IN)
