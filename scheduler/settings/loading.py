"""Read config/settings.toml, config/channels.toml and the environment, strictly. Problems are collected; the
values of secrets and of addresses are never part of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from ..domain.hidden import hidden_escapes, hidden_in, name_of
from ..schema.field import Field, Key, built, flat, keys_of
from ..schema.misfit import misfit, words_of
from ..schema.toml_lines import KeyPath
from ..schema.toml_text import MissingFile, TextProblem, TomlText, did_you_mean, parse, read_text
from .from_environment import OTHER_VARIABLES, PREFIX, SECRETS, looks_secret, read_secrets, value_of, variable
from .known_channels import CALL_LIMITS, ChannelFacts, KnownChannels
from .model import ChannelSettings, Settings, SettingsError
from .values import is_near, web_address

SETTINGS_FILE, CHANNELS_FILE = "config/settings.toml", "config/channels.toml"
_LARGEST = 1024 * 1024
_ENVIRONMENT = "environment: "


def read_settings(root: Path, env: Mapping[str, str], channels: KnownChannels) -> Settings:
    """The settings of the project in ``root``: its two files, overridden by ``env``; with the channels that there are.

    Raises :class:`SettingsError` with everything that is missing or wrong, each with its place.
    """
    return _Loading(root, env, channels).run()


@cache
def settings_keys() -> Mapping[str, Key]:
    """All settings but those of channels, by dotted names."""
    return flat(Settings)


class _Loading:
    def __init__(self, root: Path, env: Mapping[str, str], known: KnownChannels) -> None:
        self.root = root.absolute()
        self.known = known
        self.env = env
        self.problems: list[str] = []
        self.values: dict[str, Any] = {}  # "organisation.name", "channels.x.enabled"
        self.places: dict[str, str] = {}  # where a value was written
        self.channels: dict[str, str] = {}  # name -> transport
        self.channels_known = True

    def run(self) -> Settings:
        self._read_top()
        self._read_channels()
        in_files = dict(self.values)
        self._read_environment()
        secrets = read_secrets(self.root, self.env, self._secret_names(), self.problems)
        usual = {name: key.default for name, key in settings_keys().items()}
        channels = [c for name, transport in self.channels.items() if (c := self._channel(name, transport))]
        said = {**usual, **self.values}
        tidy = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
        tidy["public_url"] = tidy["public_url"].rstrip("/")
        kind, is_file, file = tidy["database.url"].partition("sqlite:///")
        if is_file and not kind and Path(file).name:
            # Below the project's folder, wherever the program was started; in var/, where that is.
            first, *rest = Path(file).parts
            place = self.root.joinpath(tidy["paths.var"] if first == "var" and rest else first, *rest)
            tidy["database.url"] = f"sqlite:///{place.as_posix()}"
        self._check_notices(tidy)
        if self.problems:
            raise SettingsError(list(dict.fromkeys(self.problems)))
        for name, transport in self.channels.items():
            usual |= {f"channels.{name}.{key}": each.default for key, each in self._keys_of(transport).items()}
        return built(
            Settings,
            tidy,
            channels={c.name: c for c in channels},
            root=self.root,
            secrets=secrets,
            overridden={
                name: place.removeprefix(_ENVIRONMENT)
                for name, place in self.places.items()
                if place.startswith(_ENVIRONMENT) and self.values[name] != in_files.get(name, usual[name])
            },
            values=said,
        )

    # -- the two files

    def _open(self, name: str) -> TomlText | None:
        try:
            toml = parse(read_text(self.root / name, _LARGEST))
        except MissingFile:
            self.problems.append(f"{name}: the file is missing. Copy it from the project's starter (`observance init`)")
            return None
        except TextProblem as problem:
            self.problems.append(problem.in_file(name))
            return None
        found = [(toml.text.count("\n", 0, hidden.start) + 1, hidden.character) for hidden in hidden_in(toml.text)]
        for line, character in dict.fromkeys((*found, *hidden_escapes(toml.text, toml.data))):
            # Of the words around it none is repeated: they may be a secret.
            self.problems.append(
                f"{name}:{line}: the line holds the hidden character {name_of(character)}; "
                "delete it and type the place again"
            )
        return toml

    def _read_top(self) -> None:
        toml, known = self._open(SETTINGS_FILE), settings_keys()
        if toml is None:
            return
        tables = {name.partition(".")[0] for name in known if "." in name}
        for place, name in self._unknown_in(toml, SETTINGS_FILE, toml.data, (), "", known):
            if name in tables:
                self.problems.append(f"{place}: {name} must be a table, started by a line [{name}]")
            elif name.split(".")[0] == "channels":
                self.problems.append(f"{place}: channels stand in {CHANNELS_FILE}")
            else:
                self._unknown(place, name, list(known))

    def _read_channels(self) -> None:
        toml = self._open(CHANNELS_FILE)
        if toml is None:
            self.channels_known = False
            return
        tables = toml.data.get("channels")
        written: dict[KeyPath, object] = {(key,): value for key, value in toml.data.items() if key != "channels"}
        if isinstance(tables, dict):
            written |= {("channels", name): table for name, table in tables.items()}
        elif tables is not None:
            written[("channels",)] = tables
        for path, table in written.items():
            place, name = toml.place(CHANNELS_FILE, path), str(path[-1])
            if self._is_secret(place, name, table):
                continue
            if len(path) == 1 or not isinstance(table, dict):
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
        overriding = self.env.get(variable(f"channels.{name}.transport"), "")
        transport = overriding or (written if isinstance(written, str) else "")
        self.channels[name] = transport
        self.places[f"channels.{name}"] = place
        known = self._keys_of(transport)
        for at, key in self._unknown_in(toml, CHANNELS_FILE, table, ("channels", name), f"channels.{name}.", known):
            if overriding and key in self._keys_of(str(written)):
                continue  # of the transport that the file names; the environment has put another in its place
            elif belongs := [each.name for each in self._facts(self.known) if key in self._keys_of(each.name)]:
                self.problems.append(f"{at}: {key} is a key of channels with the transport {' or '.join(belongs)}")
            else:
                self._unknown(at, key, list(known))
        if not transport and "transport" not in table:
            self.problems.append(f"{place}: transport is missing; allowed are: {', '.join(self.known)}")

    def _unknown_in(
        self, toml: TomlText, file: str, table: Mapping[str, object], at: KeyPath, prefix: str, known: Mapping[str, Key]
    ) -> Iterator[tuple[str, str]]:
        """Take the values of a table that are known; the place and the name of each that is not."""
        for path, value in _leaves(table):
            place, name = toml.place(file, (*at, *path)), ".".join(map(str, path))
            if self._is_secret(place, name, value):
                continue
            if name in known:
                self._take(prefix + name, name, known[name], value, place)
            else:
                yield place, name

    def _is_secret(self, place: str, name: str, value: object) -> bool:
        if not looks_secret(name.rpartition(".")[2], value):
            return False
        wanted = "OBSERVANCE_..., or a file named by OBSERVANCE_..._FILE" if name != "database.url" else variable(name)
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
        names = {variable(name): (name, key) for name, key in settings_keys().items()}
        transports = list(self.channels.values())
        for channel, transport in self.channels.items():
            alone = transport not in self.channels and transports.count(transport) == 1
            for called in (transport, channel) if alone else (channel,):  # by its transport, where that says which
                for key, declared in self._keys_of(transport).items():
                    names[variable(f"channels.{called}.{key}")] = (f"channels.{channel}.{key}", declared)
        secrets = [f"{PREFIX}{name}{end}" for name in self._secret_names() for end in ("", "_FILE")]
        taken: dict[str, str] = {}
        for given in sorted(v for v in self.env if v.startswith(PREFIX)):
            if given in secrets or any(fnmatchcase(given, pattern) for pattern in OTHER_VARIABLES):
                continue
            if given not in names:
                if given.removeprefix(PREFIX).removesuffix("_FILE") in self._secrets_of(self.known):
                    continue  # of a channel that is installed and not used here
                if self.channels_known or not given.startswith(f"{PREFIX}CHANNELS__"):
                    near = did_you_mean(given, [*names, *secrets, *OTHER_VARIABLES])
                    self.problems.append(f"environment: {given} is no setting" + (f"; {near}" if near else ""))
                continue
            name, declared = names[given]
            if name in taken:
                self.problems.append(f"environment: {given} and {taken[name]} are the same setting; unset one of them")
                continue
            taken[name] = given
            shown = name if name in settings_keys() else declared.name
            self._take(name, shown, declared, value_of(self.env[given], declared), f"{_ENVIRONMENT}{given}")

    # -- values

    def _take(self, name: str, shown: str, key: Key, value: object, place: str) -> None:
        """Note a value if it is what the setting allows."""
        values = [value]
        if key.many and isinstance(value, str):  # one text with commas between, as a variable has it
            values = [part.strip() for part in value.split(",")] if value.strip() else []
        elif key.many and isinstance(value, list):
            values = value
        wrong = next(filter(None, (misfit(key, each) for each in values)), None)
        words = (
            words_of(wrong, _quoted) if wrong else self._unknown_transport(str(value)) if shown == "transport" else ""
        )
        if words:
            of_many = "is a list with commas between, and a part of it " if key.many else ""
            self.problems.append(f"{place}: {shown} {of_many}{words}")
            return
        self.values[name] = tuple(values) if key.many else float(value) if key.kind is float else value  # type: ignore[arg-type]
        self.places[name] = place

    def _check_notices(self, said: Mapping[str, Any]) -> None:
        """What notices by mail need together."""
        host = said["notices.smtp.host"]
        if not host:
            return
        missing = [f"notices.smtp.{key}" for key in ("from", "to") if not said[f"notices.smtp.{key}"]]
        if missing:
            place = self.places["notices.smtp.host"]
            self.problems.append(f"{place}: notices by mail also need {' and '.join(missing)}")
        if said["notices.smtp.security"] == "none" and not is_near(host):
            place = self.places["notices.smtp.security"]
            self.problems.append(f"{place}: notices.smtp.security none is for servers in your own network only")

    def _channel(self, name: str, transport: str) -> ChannelSettings | None:
        facts = self.known.get(transport)
        if facts is None:
            return None
        prefix, keys = f"channels.{name}.", self._keys_of(transport)
        said = {k: self.values.get(prefix + k, key.default) for k, key in keys.items()}
        said["transport"] = transport
        said["base_url"] = (said["base_url"] or facts.base_url).rstrip("/")
        wrong = web_address(said["base_url"], tuple(facts.schemes)) if said["base_url"] or facts.schemes else ""
        if wrong and not said["base_url"]:
            place, scheme = self.places.get(f"{prefix}transport"), next(iter(facts.schemes))
            self.problems.append(
                f"{place}: channels.{name} needs base_url, the address of its server as {scheme}://HOST, for the "
                f"transport {transport} has none that is everybody's"
            )
        elif wrong:
            self.problems.append(f"{self.places.get(f'{prefix}base_url')}: base_url {wrong}")
        return built(
            ChannelSettings, said, name=name, options={k: said[k] for k in keys if k not in keys_of(ChannelSettings)}
        )

    # -- what the channels' specs say

    def _keys_of(self, transport: str) -> dict[str, Key]:
        """The keys of a channel with this transport; all keys where nobody knows which transport is meant."""
        own: dict[str, Key] = {}
        for key in (key for each in self._facts([transport]) or self._facts(self.known) for key in each.settings):
            # What several of them have, each by rules of its own, is judged when it is known which is meant.
            own[key.name] = replace(key, field=Field(help=key.field.help)) if key.name in own else key
        return {**keys_of(ChannelSettings), **CALL_LIMITS, **own}

    def _facts(self, names: Iterable[str]) -> list[ChannelFacts]:
        return [facts for name in names if (facts := self.known.get(name)) is not None]

    def _secrets_of(self, names: Iterable[str]) -> list[str]:
        return [secret.name for each in self._facts(names) for secret in each.all_secrets()]

    def _secret_names(self) -> list[str]:
        """Of the program, of the channels at hand, and of those that are used."""
        return list(dict.fromkeys([*SECRETS, *self._secrets_of((*self.known.at_hand(), *self.channels.values()))]))

    def _unknown_transport(self, name: str) -> str:
        if self.known.get(name) is not None:
            return ""
        if why := self.known.why_not(name):
            return f"is {_quoted(name)}, which cannot be used: {why}"
        near = did_you_mean(name.lower(), tuple(self.known))
        return f"is {_quoted(name)}; allowed are: {', '.join(self.known)}" + (f"; {near}" if near else "")


def _leaves(data: Mapping[str, object], path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """All values with their paths, into tables within tables; an empty table says nothing."""
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _quoted(text: str) -> str:
    """A name from a file, shortened; hidden where it might be a secret or an address."""
    plain = re.fullmatch(r"[\w. -]{0,24}", text)
    return f'"{text}"' if plain and not looks_secret("", text) else "something else"
