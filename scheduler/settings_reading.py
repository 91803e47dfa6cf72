"""Read config/settings.toml, config/channels.toml and the environment, strictly. Problems are collected; the
values of secrets and of addresses are never part of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from .domain.hidden import hidden_in, name_of
from .settings import ChannelSettings, Mode, Notices, Organisation, Secrets, Settings, SettingsError
from .settings_table import OTHER_VARIABLES, SECRETS, SETTINGS, ChannelFacts, KnownChannels, Setting, Value
from .settings_values import is_near, looks_secret, web_address
from .toml_lines import KeyPath
from .toml_text import TextProblem, TomlText, decode, did_you_mean, hidden_escapes, parse

SETTINGS_FILE, CHANNELS_FILE = "config/settings.toml", "config/channels.toml"
_LARGEST = 1024 * 1024
_PREFIX = "OBSERVANCE_"
_FROM_ENVIRONMENT = "environment: "
_CHANNEL = "channels.NAME."
_TOP = {s.name: s for s in SETTINGS if not s.name.startswith(_CHANNEL)}
#: Keys of a channel that are fields of ChannelSettings; all others are its options.
_FIELDS = frozenset({"transport", "enabled", "base_url", "timeout_seconds"})
_OF_A_CHANNEL = {s.name.removeprefix(_CHANNEL): s for s in SETTINGS if s.name.startswith(_CHANNEL)}


def read_settings(root: Path, env: Mapping[str, str], channels: KnownChannels) -> Settings:
    """The settings of the project in ``root``: its two files, overridden by ``env``; with the channels that there are.

    Raises :class:`SettingsError` with everything that is missing or wrong, each with its place.
    """
    return _Reading(root, env, channels).run()


class _Reading:
    def __init__(self, root: Path, env: Mapping[str, str], known: KnownChannels) -> None:
        self.root = root.absolute()
        self._known = known
        self.env = env
        self.problems: list[str] = []
        self.values: dict[str, Value] = {}  # "organisation.name", "channels.x.enabled"
        self.places: dict[str, str] = {}  # where a value was written
        self.channels: dict[str, str] = {}  # name -> transport
        self.channels_known = True

    def run(self) -> Settings:
        self._read_top()
        self._read_channels()
        in_files = dict(self.values)
        self._read_environment()
        secrets = self._read_secrets()
        channels = {name: self._channel(name) for name in self.channels}
        url = self._checked("database.url", _TOP["database.url"])
        settings = Settings(
            mode=Mode(str(self._checked("mode", _TOP["mode"]))),
            public_url=str(self._checked("public_url", _TOP["public_url"])).rstrip("/"),
            organisation=Organisation(
                *(str(self._checked(n, _TOP[n])).strip() for n in _TOP if n.startswith("organisation."))
            ),
            database_url=_below(self.root, str(url)),
            channels={c.name: c for c in channels.values() if c is not None},
            root=self.root,
            secrets=Secrets(secrets),
            contact_max_age_days=self._whole("freshness.contact_max_age_days"),
            contact_reverify_days=self._whole("freshness.contact_reverify_days"),
            statistic_max_age_months=self._whole("freshness.statistic_max_age_months"),
            log_level=str(self._checked("log_level", _TOP["log_level"])),
            web_host=str(self._checked("web.host", _TOP["web.host"])),
            web_port=self._whole("web.port"),
            quick_exit=str(self._checked("web.quick_exit", _TOP["web.quick_exit"])),
            trusted_proxy=str(self._checked("web.trusted_proxy", _TOP["web.trusted_proxy"])),
            unsubscribe_check=str(self._checked("web.unsubscribe_check", _TOP["web.unsubscribe_check"])),
            archive_noindex=bool(self._checked("web.archive_noindex", _TOP["web.archive_noindex"])),
            notices=self._notices(),
            overridden={
                name: place.removeprefix(_FROM_ENVIRONMENT)
                for name, place in self.places.items()
                if place.startswith(_FROM_ENVIRONMENT)
                and self.values[name] != in_files.get(name, self._default_of(name))
            },
            values={**{n: s.default for n, s in _TOP.items()}, **self.values},
        )
        if self.problems:
            raise SettingsError(list(dict.fromkeys(self.problems)))
        return settings

    # -- the two files

    def _open(self, name: str) -> TomlText | None:
        path = self.root / name
        try:
            if path.stat().st_size > _LARGEST:
                self.problems.append(f"{name}: the file is far too large for settings")
                return None
            text = decode(path.read_bytes()).replace("\r\n", "\n")
            toml = parse(text)
            self._look_for_hidden(name, text, toml)
            return toml
        except FileNotFoundError:
            self.problems.append(f"{name}: the file is missing. Copy it from the project's starter (`observance init`)")
        except OSError as error:
            self.problems.append(f"{name}: the file cannot be read ({error.strerror})")
        except TextProblem as problem:
            place = f"{name}:{problem.line}" if problem.line else name
            self.problems.append(f"{place}: {problem.message}" + (f"; {problem.hint}" if problem.hint else ""))
        return None

    def _look_for_hidden(self, name: str, text: str, toml: TomlText) -> None:
        """Of the words around it none is repeated: they may be a secret."""
        found = [(text.count("\n", 0, hidden.start) + 1, hidden.character) for hidden in hidden_in(text)]
        for line, character in dict.fromkeys((*found, *hidden_escapes(text, toml.data))):
            words = f"the line holds the hidden character {name_of(character)}"
            self.problems.append(f"{name}:{line}: {words}; delete it and type the place again")

    def _read_top(self) -> None:
        toml = self._open(SETTINGS_FILE)
        if toml is None:
            return
        tables = {name.partition(".")[0] for name in _TOP if "." in name}
        for path, value in _leaves(toml.data):
            place = _place(SETTINGS_FILE, toml, path)
            name = ".".join(str(part) for part in path)
            if self._is_secret(place, name, value):
                continue
            if name in _TOP:
                self._take(name, _TOP[name], value, place)
            elif name in tables:
                self.problems.append(f"{place}: {name} must be a table, started by a line [{name}]")
            elif path[0] == "channels":
                self.problems.append(f"{place}: channels stand in {CHANNELS_FILE}")
            else:
                self._unknown(place, name, list(_TOP))

    def _read_channels(self) -> None:
        toml = self._open(CHANNELS_FILE)
        if toml is None:
            self.channels_known = False
            return
        for key, value in toml.data.items():
            if key != "channels" or not isinstance(value, dict):
                place = _place(CHANNELS_FILE, toml, (key,))
                if not self._is_secret(place, key, value):
                    self.problems.append(f"{place}: {_quoted(key)} is not a channel; start one with [channels.NAME]")
        tables = toml.data.get("channels")
        for name, table in tables.items() if isinstance(tables, dict) else ():
            place = _place(CHANNELS_FILE, toml, ("channels", name))
            if self._is_secret(place, name, table):
                continue
            if not isinstance(table, dict):
                self.problems.append(f"{place}: {_quoted(name)} is not a channel; start one with [channels.NAME]")
            elif not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", name) or name == "default":
                self.problems.append(
                    f"{place}: {_quoted(name)} cannot be a channel's name: a-z, 0-9 and hyphens, and not default"
                )
            else:
                self._read_channel(toml, name, table, place)
        if not self.channels and not self.problems:
            self.problems.append(f"{CHANNELS_FILE}: there is no channel; start one with [channels.NAME]")

    def _read_channel(self, toml: TomlText, name: str, table: Mapping[str, object], place: str) -> None:
        written = table.get("transport")
        overriding = self.env.get(_variable(f"channels.{name}.transport"), "")
        transport = overriding or (written if isinstance(written, str) else "")
        self.channels[name] = transport
        self.places[f"channels.{name}"] = place
        known = self._keys_of(transport)
        for path, value in _leaves(table):
            at = _place(CHANNELS_FILE, toml, ("channels", name, *path))
            key = ".".join(str(part) for part in path)
            if self._is_secret(at, key, value):
                continue
            if key in known:
                self._take(f"channels.{name}.{key}", known[key], value, at)
            elif overriding and key in self._keys_of(str(written)):
                continue  # of the transport that the file names; the environment has put another in its place
            elif belongs := self._with_the_key(key):
                self.problems.append(f"{at}: {key} is a key of channels with the transport {' or '.join(belongs)}")
            else:
                self._unknown(at, key, list(known))
        if not transport:
            if "transport" not in table:
                self.problems.append(f"{place}: transport is missing; allowed are: {', '.join(self._known)}")

    def _is_secret(self, place: str, name: str, value: object) -> bool:
        if not looks_secret(name.rpartition(".")[2], value):
            return False
        wanted = (
            "OBSERVANCE_DATABASE__URL"
            if name == "database.url"
            else "OBSERVANCE_..., or a file named by OBSERVANCE_..._FILE"
        )
        self.problems.append(
            f"{place}: a secret stands in this file. Take it out (whoever saw the file may know it: make a new one) "
            f"and set it in the environment as {wanted}"
        )
        return True

    def _unknown(self, place: str, name: str, known: list[str]) -> None:
        near = did_you_mean(name, known) or f"known are: {', '.join(known)}"
        self.problems.append(f"{place}: unknown key {_quoted(name)}; {near}")

    # -- the environment

    def _read_environment(self) -> None:
        names = {_variable(name): (name, setting) for name, setting in _TOP.items()}
        by_transport: dict[str, list[str]] = {}
        for channel, transport in self.channels.items():
            by_transport.setdefault(transport, []).append(channel)
        for channel, transport in self.channels.items():
            for key, setting in self._keys_of(transport).items():
                if transport not in self.channels and len(by_transport[transport]) == 1:
                    names[_variable(f"channels.{transport}.{key}")] = (f"channels.{channel}.{key}", setting)
        for channel, transport in self.channels.items():
            for key, setting in self._keys_of(transport).items():
                names[_variable(f"channels.{channel}.{key}")] = (f"channels.{channel}.{key}", setting)
        others = [pattern for pattern, _ in OTHER_VARIABLES]
        secrets = [f"{_PREFIX}{name}{end}" for name in self._secret_names() for end in ("", "_FILE")]
        taken: dict[str, str] = {}
        for variable in sorted(v for v in self.env if v.startswith(_PREFIX)):
            if variable in secrets or any(fnmatchcase(variable, pattern) for pattern in others):
                continue
            if variable not in names:
                if variable.removeprefix(_PREFIX).removesuffix("_FILE") in self._secrets_of(self._known):
                    continue  # of a channel that is installed and not used here
                if self.channels_known or not variable.startswith(f"{_PREFIX}CHANNELS__"):
                    near = did_you_mean(variable, [*names, *secrets, *others])
                    self.problems.append(f"environment: {variable} is no setting" + (f"; {near}" if near else ""))
                continue
            name, setting = names[variable]
            if name in taken:
                self.problems.append(
                    f"environment: {variable} and {taken[name]} are the same setting; unset one of them"
                )
                continue
            taken[name] = variable
            self._take(name, setting, _from_text(self.env[variable], setting), f"{_FROM_ENVIRONMENT}{variable}")

    def _read_secrets(self) -> dict[str, str]:
        found = {}
        for name in self._secret_names():
            variable = _PREFIX + name
            value, file = self.env.get(variable, ""), self.env.get(f"{variable}_FILE", "")
            if value and file:
                self.problems.append(f"environment: {variable} and {variable}_FILE are both set; unset one of them")
            elif file:
                value = self._secret_in(self.root / file, f"{variable}_FILE")
            if value.strip():
                found[name] = value.strip()
        return found

    def _secret_in(self, path: Path, variable: str) -> str:
        try:
            if path.stat().st_size > _LARGEST:
                raise ValueError
            value = decode(path.read_bytes()).strip()
        except OSError as error:
            self.problems.append(f"environment: {variable} names {path}, which cannot be read ({error.strerror})")
            return ""
        except (ValueError, TextProblem):
            self.problems.append(f"environment: {variable} names {path}, which does not hold a secret as UTF-8 text")
            return ""
        if not value:
            self.problems.append(f"environment: {variable} names {path}, which is empty")
        return value

    # -- values

    def _take(self, name: str, setting: Setting, value: object, place: str) -> None:
        """Note a value if it is what the setting allows."""
        key = name if name in _TOP else name.rpartition(".")[2]
        wrong = self._wrong_transport(value) if key == "transport" else _wrong(setting, value)
        if wrong:
            self.problems.append(f"{place}: {key} {wrong}")
            return
        assert isinstance(value, (str, int, float, bool))  # noqa: S101 - _wrong refuses everything else
        self.values[name] = float(value) if setting.kind is float else value
        self.places[name] = place

    def _notices(self) -> Notices:
        said = {name: self._checked(name, _TOP[name]) for name in _TOP if name.startswith("notices.")}
        host, security = str(said["notices.smtp.host"]), str(said["notices.smtp.security"])
        if host:
            missing = [key for key in ("from", "to") if not said[f"notices.smtp.{key}"]]
            if missing:
                place = self.places["notices.smtp.host"]
                keys = " and ".join(f"notices.smtp.{key}" for key in missing)
                self.problems.append(f"{place}: notices by mail also need {keys}")
            if security == "none" and not is_near(host):
                place = self.places["notices.smtp.security"]
                self.problems.append(f"{place}: notices.smtp.security none is for servers in your own network only")
        return Notices(
            nothing_out_by=str(said["notices.nothing_out_by"]),
            unapproved_hours=self._whole("notices.unapproved_hours"),
            help_line_days=self._whole("notices.help_line_days"),
            hold_hours=self._whole("notices.hold_hours"),
            webhook_url=str(said["notices.webhook.url"]),
            webhook_style=str(said["notices.webhook.style"]),
            smtp_host=host,
            smtp_port=self._whole("notices.smtp.port"),
            smtp_security=security,
            smtp_username=str(said["notices.smtp.username"]),
            smtp_from=str(said["notices.smtp.from"]),
            smtp_to=tuple(part.strip() for part in str(said["notices.smtp.to"]).split(",") if part.strip()),
            heartbeat_url=str(said["notices.heartbeat_url"]),
        )

    def _checked(self, name: str, setting: Setting) -> Value:
        return self.values.get(name, setting.default)

    def _whole(self, name: str) -> int:
        return int(self._checked(name, _TOP[name]))

    def _channel(self, name: str) -> ChannelSettings | None:
        transport = self.channels[name]
        facts = self._known.get(transport)
        if facts is None:
            return None
        keys = self._keys_of(transport)
        said = {key: self._checked(f"channels.{name}.{key}", setting) for key, setting in keys.items()}
        base_url = (str(said["base_url"]) or facts.base_url).rstrip("/")
        wrong = web_address(base_url, tuple(facts.schemes)) if base_url or facts.schemes else ""
        if wrong:
            self.problems.append(f"{self.places.get(f'channels.{name}.base_url')}: base_url {wrong}")
        return ChannelSettings(
            name=name,
            transport=transport,
            enabled=bool(said["enabled"]),
            base_url=base_url,
            timeout_seconds=float(said["timeout_seconds"]),
            options={key: value for key, value in said.items() if key not in _FIELDS},
        )

    # -- what the channels' specs say

    def _keys_of(self, transport: str) -> dict[str, Setting]:
        """The keys of a channel with this transport; all keys where nobody knows which transport is meant."""
        facts = self._known.get(transport)
        own = (facts,) if facts is not None else self._all_facts(self._known)
        return {**_OF_A_CHANNEL, **{s.name: s for one in own for s in one.settings}}

    def _with_the_key(self, key: str) -> list[str]:
        return [one.name for one in self._all_facts(self._known) if key in {s.name for s in one.settings}]

    def _all_facts(self, names: Iterable[str]) -> list[ChannelFacts]:
        return [facts for name in names if (facts := self._known.get(name)) is not None]

    def _secrets_of(self, names: Iterable[str]) -> list[str]:
        return [secret.name for one in self._all_facts(names) for secret in one.all_secrets()]

    def _secret_names(self) -> list[str]:
        """Of the program, of the channels at hand, and of those that are used."""
        names = dict.fromkeys((*self._known.at_hand(), *self.channels.values()))
        return list(dict.fromkeys([*(name for name, _ in SECRETS), *self._secrets_of(names)]))

    def _wrong_transport(self, value: object) -> str:
        if isinstance(value, str) and self._known.get(value) is not None:
            return ""
        why = self._known.why_not(value) if isinstance(value, str) else ""
        return (
            f"is {_quoted(str(value))}, which cannot be used: {why}"
            if why
            else _wrong(replace(_OF_A_CHANNEL["transport"], allowed=tuple(self._known)), value)
        )

    def _default_of(self, name: str) -> Value:
        if name in _TOP:
            return _TOP[name].default
        _, channel, key = name.split(".")
        return self._keys_of(self.channels[channel])[key].default


def _variable(name: str) -> str:
    return _PREFIX + name.replace(".", "__").replace("-", "_").upper()


def _leaves(data: Mapping[str, object], path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """All values with their paths, into tables within tables; an empty table says nothing."""
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _place(file: str, toml: TomlText, path: KeyPath) -> str:
    line = toml.line(path)
    return f"{file}:{line}" if line else file


def _from_text(text: str, setting: Setting) -> object:
    """A variable's text as the kind of value that the setting has; the text itself when it is none."""
    if setting.kind is bool:
        return {"true": True, "false": False}.get(text, text)
    if setting.kind is int and re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    if setting.kind is float and re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", text):
        return float(text)
    return text


def _wrong(setting: Setting, value: object) -> str:
    """What is wrong with a value, or an empty text. Only what cannot be a secret is repeated."""
    if setting.kind is bool:
        return "" if isinstance(value, bool) else "must be true or false, in small letters and without quotes"
    if isinstance(value, bool):
        return f"must be {_wanted(setting)}, not true or false"
    if setting.kind in (int, float):
        if not isinstance(value, (int, float)) or (setting.kind is int and not isinstance(value, int)):
            return f"must be {_wanted(setting)}"
        low, high = setting.least, setting.most
        within = (low is None or value >= low) and (high is None or value <= high)  # false for nan
        return "" if within else f"is out of range; allowed is {low:g} to {high:g}"
    if not isinstance(value, str):
        return f"must be {_wanted(setting)}"
    if setting.allowed:
        if value in setting.allowed:
            return ""
        near = did_you_mean(value.lower(), setting.allowed)
        return f"is {_quoted(value)}; allowed are: {', '.join(setting.allowed)}" + (f"; {near}" if near else "")
    return setting.check(value) if setting.check else ""


def _wanted(setting: Setting) -> str:
    return {int: "a whole number", float: "a number", str: "a text in quotes"}[setting.kind]


def _quoted(text: str) -> str:
    """A name from a file, shortened; hidden where it might be a secret or an address."""
    plain = re.fullmatch(r"[\w. -]{0,24}", text)
    return f'"{text}"' if plain and not looks_secret("", text) else "something else"


def _below(root: Path, url: str) -> str:
    """A SQLite file named by a relative path lies below the project's folder, wherever the program was started."""
    if not url.startswith("sqlite:///"):
        return url
    return f"sqlite:///{(root / url.removeprefix('sqlite:///')).as_posix()}"
