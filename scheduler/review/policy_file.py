"""Read config/review.toml strictly: all problems at once, each with its line and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from ..domain.campaign import Kind
from ..domain.hidden import hidden_in
from ..domain.review_policy import CONDITIONS, ROLES, ReviewPolicy, Role, Rule
from ..errors import ConfigurationError
from ..toml_lines import KeyPath
from ..toml_text import TextProblem, TomlText, decode, did_you_mean, parse

POLICY_FILE = "config/review.toml"
MOST_APPROVALS = 9
_LARGEST = 256 * 1024
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: Each key with its default and what it says, table by table. docs/reference/review-policy.md says the same.
KEYS: Mapping[str, tuple[object, str]] = {
    "approvals": (1, "How many people must have approved each message."),
    "author_may_be_alone": (True, "Whether the person who wrote an item may be the only one who approved it."),
    "late_approvals": (True, "Whether an approval counts that came after the message was due."),
    "roles.NAME.says": ("", "What this role looks at."),
    "roles.NAME.approves": (True, "Whether approvals given in this role count."),
    "roles.NAME.settles": (False, "Whether this role may settle a request for changes that somebody else made."),
    "rule.when": ("", "What must be true of the message."),
    "rule.kinds": ((), "Only items of these kinds."),
    "rule.channels": ((), "Only messages on these channels."),
    "rule.approvals": (0, "So many people must have approved it."),
    "rule.roles": ((), "Of these roles, at least one approval each."),
}


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


def read_policy(root: Path, channels: Collection[str]) -> ReviewPolicy:
    """The policy of the project in ``root``; without the file, what :class:`ReviewPolicy` says by itself.

    ``channels`` are the names that a rule may use. Raises :class:`PolicyError` with all that is wrong.
    """
    path = root / POLICY_FILE
    try:
        if path.stat().st_size > _LARGEST:
            raise PolicyError([f"{POLICY_FILE}: the file is far too large for a policy"])
        toml = parse(decode(path.read_bytes()))
    except FileNotFoundError:
        return ReviewPolicy()
    except OSError as error:
        raise PolicyError([f"{POLICY_FILE}: the file cannot be read ({error.strerror})"]) from None
    except TextProblem as problem:
        place = f"{POLICY_FILE}:{problem.line}" if problem.line else POLICY_FILE
        raise PolicyError([f"{place}: {problem.message}" + (f"; {problem.hint}" if problem.hint else "")]) from None
    return _Reading(toml, channels).run()


class _Reading:
    def __init__(self, toml: TomlText, channels: Collection[str]) -> None:
        self.toml = toml
        self.channels = tuple(channels)
        self.problems: list[str] = []

    def run(self) -> ReviewPolicy:
        data = self.toml.data
        self._known((), data, {"approvals", "author_may_be_alone", "late_approvals", "roles", "rule"})
        usual = ReviewPolicy()
        roles = self._roles()
        policy = ReviewPolicy(
            roles=roles,
            approvals=self._number((), data, "approvals", usual.approvals, least=1),
            author_may_be_alone=self._flag((), data, "author_may_be_alone", usual.author_may_be_alone),
            late_approvals=self._flag((), data, "late_approvals", usual.late_approvals),
            rules=self._rules(roles),
        )
        if not any(role.approves for role in roles.values()):
            self._problem(("roles",), "no role may approve, so that nothing could ever go out")
        if self.problems:
            raise PolicyError(self.problems)
        return policy

    def _roles(self) -> dict[str, Role]:
        roles = dict(ROLES)
        for name, table, path in self._tables("roles"):
            if not _NAME.fullmatch(name) or len(name) > 60:
                self._problem(path, f'"{name[:40]}" cannot be the name of a role: a-z, 0-9 and single hyphens only')
                continue
            self._known(path, table, {"says", "approves", "settles"})
            usual = ROLES.get(name, Role(name))
            roles[name] = replace(
                usual,
                says=self._text(path, table, "says", usual.says),
                approves=self._flag(path, table, "approves", usual.approves),
                settles=self._flag(path, table, "settles", usual.settles),
            )
        return roles

    def _tables(self, key: str) -> list[tuple[str, dict[str, object], KeyPath]]:
        value = self.toml.data.get(key, {})
        if not isinstance(value, dict):
            self._problem((key,), f"{key} must be tables, each started by a line [{key}.NAME]")
            return []
        found: list[tuple[str, dict[str, object], KeyPath]] = []
        for name, table in value.items():
            if isinstance(table, dict):
                found.append((name, table, (key, name)))
            else:
                self._problem((key, name), f"{key}.{name} must be a table, started by a line [{key}.{name}]")
        return found

    def _rules(self, roles: Mapping[str, Role]) -> tuple[Rule, ...]:
        value = self.toml.data.get("rule", [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self._problem(("rule",), "each rule must start with a line [[rule]], with two brackets")
            return ()
        return tuple(self._rule(table, ("rule", number), roles) for number, table in enumerate(value))

    def _rule(self, table: dict[str, object], path: KeyPath, roles: Mapping[str, Role]) -> Rule:
        self._known(path, table, {"when", "kinds", "channels", "approvals", "roles"})
        before = len(self.problems)
        when = self._text(path, table, "when", "")
        if when and when not in CONDITIONS:
            self._no_such((*path, "when"), "condition", when, list(CONDITIONS))
        rule = Rule(
            when=when,
            kinds=self._names(path, table, "kinds", [str(k) for k in Kind], "kind"),
            channels=self._names(path, table, "channels", self.channels, "channel"),
            approvals=self._number(path, table, "approvals", 0, least=1),
            roles=self._names(path, table, "roles", list(roles), "role"),
        )
        for number, name in enumerate(rule.roles):
            if name in roles and not roles[name].approves:
                said = f"the role {name} may not approve, so that the rule could never be met"
                self._problem((*path, "roles", number), said)
        if before == len(self.problems) and not rule.approvals and not rule.roles:
            self._problem(path, "the rule asks for nothing; give it approvals = 2, or roles = [...]")
        return rule

    # -- values

    def _text(self, path: KeyPath, table: Mapping[str, object], key: str, usual: str) -> str:
        value = table.get(key, usual)
        if not isinstance(value, str):
            self._problem((*path, key), f"{key} must be a text in quotes")
            return usual
        if "\n" in value or "\t" in value or hidden_in(value):
            self._problem((*path, key), f"{key} has a line break or a hidden character in it")
            return usual
        return value

    def _flag(self, path: KeyPath, table: Mapping[str, object], key: str, usual: bool) -> bool:
        value = table.get(key, usual)
        if not isinstance(value, bool):
            self._problem((*path, key), f"{key} must be true or false")
            return usual
        return value

    def _number(self, path: KeyPath, table: Mapping[str, object], key: str, usual: int, *, least: int) -> int:
        if key not in table:
            return usual
        value = table[key]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST_APPROVALS:
            self._problem((*path, key), f"{key} must be a whole number from {least} to {MOST_APPROVALS}")
            return usual
        return value

    def _names(
        self, path: KeyPath, table: Mapping[str, object], key: str, known: Collection[str], what: str
    ) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self._problem((*path, key), f'{key} must be a list of texts in quotes, as ["a", "b"]')
            return ()
        if key in table and not value:
            self._problem((*path, key), f"{key} is empty; leave the line out when it does not matter")
        for number, entry in enumerate(value):
            if entry not in known:
                self._no_such((*path, key, number), what, entry, list(known))
        return tuple(dict.fromkeys(value))

    # -- problems

    def _known(self, path: KeyPath, table: Mapping[str, object], known: Collection[str]) -> None:
        for key in table:
            if key not in known:
                self._no_such((*path, key), "key", key, sorted(known))

    def _no_such(self, path: KeyPath, what: str, word: str, known: list[str]) -> None:
        near = did_you_mean(word, known) or f"known are: {', '.join(known)}"
        self._problem(path, f'there is no {what} "{word[:60]}"; {near}')

    def _problem(self, path: KeyPath, message: str) -> None:
        line = self.toml.line(path)
        self.problems.append(f"{POLICY_FILE}:{line}: {message}" if line else f"{POLICY_FILE}: {message}")
