"""Read config/review.toml strictly: all problems at once, each with its line and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ..domain.review_policy import ReviewPolicy
from ..errors import ConfigurationError
from ..schema.misfit import Misfit, Rule, words_of
from ..schema.table import read
from ..schema.toml_lines import KeyPath
from ..schema.toml_text import MissingFile, TextProblem, did_you_mean, parse, read_text

POLICY_FILE = "config/review.toml"
_LARGEST = 256 * 1024
_NAME = re.compile(r"(?=.{1,60}$)[a-z0-9]+(?:-[a-z0-9]+)*")
#: What an entry of these is, where it is none that is known.
_NOUNS = {"when": "condition", "kinds": "kind", "channels": "channel", "campaigns": "campaign", "roles": "role"}


class PolicyError(ConfigurationError):
    """The review policy is wrong."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        count = "One line is" if len(problems) == 1 else f"{len(problems)} lines are"
        super().__init__(
            f"The review policy cannot be used; nothing goes out live. {count} wrong:\n"
            + "\n".join(f"  {problem}" for problem in problems),
            hint="docs/reference/review-policy.md lists every key with what is allowed",
        )


def read_policy(root: Path, channels: Collection[str], campaigns: Collection[str] = ()) -> ReviewPolicy:
    """The policy of the project in ``root``; without the file, what :class:`ReviewPolicy` says by itself.

    ``channels`` and ``campaigns`` are the names that a rule may use. Raises :class:`PolicyError` with all that
    is wrong.
    """
    try:
        toml = parse(read_text(root / POLICY_FILE, _LARGEST))
    except MissingFile:
        return ReviewPolicy()
    except TextProblem as problem:
        raise PolicyError([problem.in_file(POLICY_FILE)]) from None
    wrong: list[tuple[KeyPath, str]] = []

    def note(found: Misfit) -> None:
        if found.rule is not Rule.TWICE:  # it says no more than once
            wrong.append((found.path, _words(found)))

    policy = read(ReviewPolicy, toml.data, note) or ReviewPolicy()
    wrong += _together(policy, toml.data, channels, campaigns, refused={path for path, _ in wrong})
    if wrong:
        raise PolicyError([f"{toml.place(POLICY_FILE, path)}: {words}" for path, words in wrong])
    return policy


def _together(
    policy: ReviewPolicy,
    data: Mapping[str, Any],
    channels: Collection[str],
    campaigns: Collection[str],
    refused: Collection[KeyPath],
) -> list[tuple[KeyPath, str]]:
    """What is wrong with values that fit by themselves. ``refused``: where something is wrong already."""
    wrong: list[tuple[KeyPath, str]] = [
        (("roles", name), f'"{name[:40]}" cannot be the name of a role: a-z, 0-9 and single hyphens only')
        for name in policy.roles
        if not _NAME.fullmatch(name)
    ]
    if not any(role.approves for role in policy.roles.values()):
        wrong.append((("roles",), "no role may approve, so that nothing could ever go out"))
    for number, rule in enumerate(policy.rules):
        path: KeyPath = ("rule", number)
        table = data["rule"][number]
        before = len(wrong)
        for key in ("kinds", "channels", "campaigns", "roles"):
            if table.get(key) == []:
                wrong.append(((*path, key), f"{key} is empty; leave the line out when it does not matter"))
        for key, known in (("channels", channels), ("campaigns", campaigns), ("roles", policy.roles)):
            for index, word in enumerate(table.get(key, ())) if getattr(rule, key) else ():
                if word not in known:
                    wrong.append(((*path, key, index), _no_such(key, word, known)))
                elif key == "roles" and not policy.roles[word].approves:
                    said = f"the role {word} may not approve, so that the rule could never be met"
                    wrong.append(((*path, key, index), said))
        quiet = before == len(wrong) and not any(other[:2] == path for other in refused)
        if quiet and not rule.approvals and not rule.roles:
            wrong.append((path, "the rule asks for nothing; give it approvals = 2, or roles = [...]"))
    return wrong


def _words(found: Misfit) -> str:
    if found.rule is Rule.UNKNOWN:
        near = did_you_mean(found.name, found.known) or f"known are: {', '.join(sorted(found.known))}"
        return f'there is no key "{found.name[:60]}"; {near}'
    if found.rule is Rule.NOT_ALLOWED and found.key is not None:
        return _no_such(found.name, found.value, found.key.allowed)
    if found.key is not None and found.key.is_table:
        if found.key.many:
            return "each rule must start with a line [[rule]], with two brackets"
        if len(found.path) == 1:
            return "roles must be tables, each started by a line [roles.NAME]"
        return f"roles.{found.name} must be a table, started by a line [roles.{found.name}]"
    return f"{found.name} {words_of(found)}"


def _no_such(key: str, word: str, known: Collection[str]) -> str:
    near = did_you_mean(word, list(known)) or f"known are: {', '.join(known)}"
    return f'there is no {_NOUNS[key]} "{word[:60]}"; {near}'
