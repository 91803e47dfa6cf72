"""Settings are read strictly: two files, then the environment, with every problem at once."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.channels.registry import CHANNELS, prices_of, spec_of
from scheduler.channels.spec import Prices
from scheduler.schema.field import flat
from scheduler.settings import Mode, Secrets, Settings, SettingsError
from scheduler.settings.from_environment import OTHER_VARIABLES, looks_secret
from scheduler.settings.from_environment import SECRETS as OWN_SECRETS
from scheduler.settings.values import database_url, email_address, is_loopback, is_near, web_address
from scheduler.wiring import load_settings

ROOT = Path(__file__).parents[2]
SECRETS = [*OWN_SECRETS, *(secret.name for spec in CHANNELS.values() for secret in spec.all_secrets())]
SECRET = "SG.abcdefghijklmnop.0123456789"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the shipped settings."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path


def problems(project: Path, env: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(project, env or {})
    assert 3 == caught.value.exit_status
    return list(caught.value.problems)


def write(project: Path, settings: str = "", channels: str = "[channels.x]\ntransport = 'x'\n") -> None:
    (project / "config" / "settings.toml").write_text(settings, "utf-8")
    (project / "config" / "channels.toml").write_text(channels, "utf-8")


def test_the_shipped_files_are_a_rehearsal_with_placeholders(project: Path) -> None:
    """A fresh project works without an account, says who it is not yet, and can send nothing."""
    settings = load_settings(project, {})
    assert Mode.REHEARSAL is settings.mode
    assert f"sqlite:///{project.as_posix()}/var/observance.db" == settings.database_url
    assert {"x": "https://api.x.com", "email": "https://api.sendgrid.com"} == {
        c.name: c.base_url for c in settings.channels.values()
    }
    assert {"x": "post", "email": "email"} == {c.name: spec_of(c).kind for c in settings.channels.values()}
    assert Prices(post=0.015, post_with_link=0.2, alt_text=0.005) == prices_of(settings.channels["x"])
    assert [
        "public_url",
        "organisation.name",
        "organisation.postal_address",
        "organisation.from_name",
        "organisation.from_address",
        "organisation.reply_to",
        "channels.x.handle",
    ] == settings.placeholders()


def test_a_key_that_is_filled_in_is_no_placeholder_any_more(project: Path) -> None:
    """What the organisation wrote itself is left alone."""
    env = {"OBSERVANCE_ORGANISATION__NAME": "Harbour Legal Aid", "OBSERVANCE_CHANNELS__X__HANDLE": "harbouraid"}
    left = load_settings(project, env).placeholders()
    assert "organisation.name" not in left
    assert "channels.x.handle" not in left


@pytest.mark.parametrize(
    ("variable", "value", "name"),
    [
        ("ORGANISATION__REPLY_TO", "desk@example.com", "organisation.reply_to"),
        ("ORGANISATION__POSTAL_ADDRESS", "12 Harbour Road, Northport, EX 00000", "organisation.postal_address"),
        ("PUBLIC_URL", "https://news.harbour.example", "public_url"),
        ("NOTICES__SMTP__TO", "ada@harbour.test, you@example.org", "notices.smtp.to"),
        ("NOTICES__SMTP__HOST", "mail.example.org", "notices.smtp.host"),
        ("NOTICES__WEBHOOK__URL", "https://hooks.example.org/services/1", "notices.webhook.url"),
        ("NOTICES__HEARTBEAT_URL", "https://hc.example.org/ping/1", "notices.heartbeat_url"),
        ("DATABASE__URL", "postgresql://observance@db.example.org/observance", "database.url"),
        ("WEB__QUICK_EXIT", "https://example.org/", "web.quick_exit"),
        ("CHANNELS__X__BASE_URL", "https://x.example.org", "channels.x.base_url"),
        ("CHANNELS__EMAIL__CATEGORY", "Example Coalition", "channels.email.category"),
    ],
)
def test_an_example_is_found_wherever_the_settings_take_a_text(
    project: Path, variable: str, value: str, name: str
) -> None:
    """Each is named, and none is repeated: some of them are secrets."""
    env = {
        **{f"OBSERVANCE_ORGANISATION__{k}": "Harbour" for k in ("NAME", "POSTAL_ADDRESS", "FROM_NAME")},
        **{f"OBSERVANCE_ORGANISATION__{k}": "a@harbour.test" for k in ("FROM_ADDRESS", "REPLY_TO")},
        "OBSERVANCE_PUBLIC_URL": "https://harbour.test",
        "OBSERVANCE_CHANNELS__X__HANDLE": "harbour",
        "OBSERVANCE_NOTICES__SMTP__FROM": "a@harbour.test",
        "OBSERVANCE_NOTICES__SMTP__TO": "a@harbour.test",
    }
    assert [] == load_settings(project, env).placeholders()
    assert [name] == load_settings(project, {**env, f"OBSERVANCE_{variable}": value}).placeholders()


def test_the_shipped_files_say_the_defaults(project: Path) -> None:
    """What stands in the shipped files is what holds when they are empty."""
    shipped = load_settings(project, {"OBSERVANCE_CHANNELS__X__HANDLE": "h"})
    write(project, "", "[channels.x]\ntransport='x'\nhandle='h'\n[channels.email]\ntransport='sendgrid'\n")
    empty = load_settings(project, {})
    assert repr(shipped) == repr(empty)
    assert (shipped.database_url, shipped.organisation) == (empty.database_url, empty.organisation)


def test_every_key_can_be_overridden_by_the_environment(project: Path) -> None:
    """OBSERVANCE_ and the path joined by two underscores."""
    settings = load_settings(
        project,
        {
            "OBSERVANCE_MODE": "live",
            "OBSERVANCE_PUBLIC_URL": "https://news.harbour.org/",
            "OBSERVANCE_DATABASE__URL": "postgresql://o:hidden@db/observance",
            "OBSERVANCE_FRESHNESS__CONTACT_MAX_AGE_DAYS": "30",
            "OBSERVANCE_CHANNELS__X__ENABLED": "false",
            "OBSERVANCE_CHANNELS__EMAIL__TIMEOUT_SECONDS": "2.5",
            "OBSERVANCE_CHANNELS__EMAIL__SANDBOX_MODE": "true",
        },
    )
    assert Mode.LIVE is settings.mode
    assert "https://news.harbour.org" == settings.public_url
    assert "postgresql://o:hidden@db/observance" == settings.database_url
    assert 30 == settings.contact_max_age_days
    assert settings.channels["x"].enabled is False
    assert 2.5 == settings.channels["email"].timeout_seconds
    assert settings.channels["email"].options["sandbox_mode"] is True


def test_the_environment_may_put_another_transport_in_the_place_of_the_files(project: Path) -> None:
    """SMTP instead of SendGrid for one run: keys of the file that only SendGrid has are left aside, others are not."""
    env = {
        "OBSERVANCE_CHANNELS__EMAIL__TRANSPORT": "smtp",
        "OBSERVANCE_CHANNELS__EMAIL__BASE_URL": "smtp://127.0.0.1:8603",
    }
    channel = load_settings(project, env).channels["email"]
    assert ("smtp", "email", True) == (channel.transport, spec_of(channel).kind, channel.is_loopback)
    assert "category" not in channel.options
    write(project, "", "[channels.email]\ntransport = 'sendgrid'\nhandle = 'a'\n")
    assert [
        "config/channels.toml:3: handle is a key of channels with the transport x or by_hand or bluesky or mastodon"
    ] == problems(project, env)


def test_the_mail_server_that_is_shipped_as_a_remark_works_when_it_is_none_any_more(project: Path) -> None:
    """Take out the #, and the settings are good; they say the defaults."""
    text = (project / "config" / "channels.toml").read_text("utf-8")
    remark = text[text.index("#\n# [channels.email]") :]
    write(project, "", re.sub("^# ?", "", remark, flags=re.MULTILINE))
    channel = load_settings(project, {}).channels["email"]
    write(project, "", "[channels.email]\ntransport = 'smtp'\n")
    empty = load_settings(project, {}).channels["email"]
    assert "smtp://mail.example.org:587" == channel.base_url
    assert {**empty.options, "username": "news"} == channel.options


@pytest.mark.parametrize("handle", ["example_org", "example.bsky.social"])
def test_a_key_of_several_transports_is_not_judged_while_nobody_knows_which_is_meant(
    project: Path, handle: str
) -> None:
    """What one network calls a name is none to another: the unknown transport is all that is wrong."""
    write(project, "", f"[channels.x]\ntransport = 'y'\nhandle = '{handle}'\n")
    (only,) = problems(project)
    assert 'transport is "y"' in only


@pytest.mark.parametrize(
    ("name", "next_one", "placeholders"),
    [
        ("bluesky", "# Mastodon", {"handle": "example.bsky.social"}),
        ("mastodon", "[channels.email]", {"handle": "example@social.example.org"}),
    ],
)
def test_the_other_networks_that_are_shipped_as_remarks_work_when_they_are_none_any_more(
    project: Path, name: str, next_one: str, placeholders: dict[str, str]
) -> None:
    """Take out the #: a channel beside the others, and the keys say the defaults but for placeholders."""
    text = (project / "config" / "channels.toml").read_text("utf-8")
    remark = text[text.index(f"# [channels.{name}]") : text.index(next_one)]
    write(project, "", re.sub("^# ?", "", remark, flags=re.MULTILINE))
    channel = load_settings(project, {}).channels[name]
    write(project, "", f"[channels.{name}]\ntransport = '{name}'\nbase_url = '{channel.base_url}'\n")
    empty = load_settings(project, {}).channels[name]
    assert {**empty.options, **placeholders} == channel.options
    assert (empty.base_url, empty.timeout_seconds) == (channel.base_url, channel.timeout_seconds)


def test_a_setting_that_is_not_a_channels_can_be_named_in_the_environment(project: Path) -> None:
    """Each name of the table is a variable that is understood."""
    for name, key in flat(Settings).items():
        text = (
            str(key.default).lower() if key.kind is bool else ", ".join(key.default) if key.many else str(key.default)
        )
        load_settings(project, {"OBSERVANCE_" + name.replace(".", "__").upper(): text})


def test_a_channel_may_be_named_by_its_transport_when_it_is_the_only_one(project: Path) -> None:
    """SENDGRID means the one channel that uses SendGrid; with two of them it is refused."""
    variable = "OBSERVANCE_CHANNELS__SENDGRID__BASE_URL"
    settings = load_settings(project, {variable: "http://127.0.0.1:8099"})
    assert "http://127.0.0.1:8099" == settings.channels["email"].base_url
    with (project / "config" / "channels.toml").open("a", encoding="utf-8") as file:
        file.write('[channels.digest]\ntransport = "sendgrid"\n')
    assert [f"environment: {variable} is no setting"] == [
        p.split(";")[0] for p in problems(project, {variable: "http://127.0.0.1:8099"})
    ]


def test_the_two_names_of_one_channel_cannot_both_be_set(project: Path) -> None:
    """Nobody can say which of the two would win."""
    (found,) = problems(
        project,
        {
            "OBSERVANCE_CHANNELS__SENDGRID__BASE_URL": "http://127.0.0.1:1",
            "OBSERVANCE_CHANNELS__EMAIL__BASE_URL": "http://127.0.0.1:2",
        },
    )
    assert "are the same setting" in found


def test_a_channel_with_a_hyphen_in_its_name(project: Path) -> None:
    """A hyphen becomes an underscore in the environment."""
    write(project, channels="[channels.x-news]\ntransport = 'x'\n")
    settings = load_settings(project, {"OBSERVANCE_CHANNELS__X_NEWS__HANDLE": "news"})
    assert "news" == settings.channels["x-news"].options["handle"]


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("OBSERVANCE_MODE", "liv", 'mode is "liv"; allowed are: rehearsal, live; did you mean "live"?'),
        ("OBSERVANCE_CHANNELS__X__ENABLED", "yes", "enabled must be true or false"),
        ("OBSERVANCE_CHANNELS__X__ENABLED", "True", "enabled must be true or false"),
        ("OBSERVANCE_CHANNELS__X__ENABLED", "1", "enabled must be true or false"),
        ("OBSERVANCE_CHANNELS__EMAIL__TIMEOUT_SECONDS", "soon", "timeout_seconds must be a number"),
        ("OBSERVANCE_CHANNELS__EMAIL__TIMEOUT_SECONDS", "nan", "timeout_seconds must be a number"),
        ("OBSERVANCE_CHANNELS__EMAIL__TIMEOUT_SECONDS", "0", "is out of range; allowed is 1 to 120"),
        ("OBSERVANCE_FRESHNESS__CONTACT_MAX_AGE_DAYS", "90.5", "contact_max_age_days must be a whole number"),
        ("OBSERVANCE_PUBLIC_URL", "news.example.org", "is not a whole address"),
        ("OBSERVANCE_PUBLIC_URL", "http://news.example.org", "must start with https://"),
        ("OBSERVANCE_PUBLIC_URL", "", "is not a whole address"),
        ("OBSERVANCE_DATABASE__URL", "sqlite:///:memory:", "forgets what was sent"),
        ("OBSERVANCE_DATABASE__URL", "mysql://h/d", "must be sqlite:///FILE or postgresql://"),
        ("OBSERVANCE_CHANNELS__X__BASE_URL", "https://key:word@api.x.com", "secrets come from the environment"),
        ("OBSERVANCE_CHANNELS__X__BASE_URL", "ftp://api.x.com", "starts with https:// or http://"),
        ("OBSERVANCE_ORGANISATION__FROM_NAME", "A\r\nBcc: b@c.de", "has a line break"),
        ("OBSERVANCE_ORGANISATION__FROM_NAME", "a@b.example", "has an @ in it"),
        ("OBSERVANCE_ORGANISATION__POSTAL_ADDRESS", " ", "is empty"),
        ("OBSERVANCE_CHANNELS__X__TRANSPORT", "twitter", 'transport is "twitter"; allowed are: x, sendgrid, smtp'),
        ("OBSERVANCE_CHANNELS__X__PRICES_DATED", "April", "is not a date"),
        ("OBSERVANCE_MODES", "live", 'is no setting; did you mean "OBSERVANCE_MODE"?'),
        ("OBSERVANCE_CHANNELS__BLUESKY__BASE_URL", "https://bsky.social", "is no setting"),
        ("OBSERVANCE_CHANNELS__X__CATEGORY", "a", "is no setting"),
        ("OBSERVANCE_SENDGRID_APIKEY", SECRET, 'did you mean "OBSERVANCE_SENDGRID_API_KEY"?'),
    ],
)
def test_a_vague_or_unknown_variable_is_refused(project: Path, variable: str, value: str, said: str) -> None:
    """The problem names the variable and what is allowed; it never repeats a text that may be secret."""
    (found,) = problems(project, {variable: value})
    assert found.startswith(f"environment: {variable}")
    assert said in found
    assert SECRET not in found


def test_variables_that_are_no_settings_are_let_pass(project: Path) -> None:
    """The documented others, and everything that does not start with OBSERVANCE_."""
    env = {pattern.replace("*", "_X"): "1" for pattern in OTHER_VARIABLES} | {"OBSERVANT": "1", "PATH": "/bin"}
    load_settings(project, env)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('\nmod = "live"', 'config/settings.toml:2: unknown key "mod"; did you mean "mode"?'),
        ("[organisation]\n\nname = 3", "config/settings.toml:3: organisation.name must be a text in quotes"),
        (
            'organisation = "x"',
            "config/settings.toml:1: organisation must be a table, started by a line [organisation]",
        ),
        ("[freshness]\ncontact_max_age_days = true", "must be a whole number, not true or false"),
        ('[freshness]\ncontact_max_age_days = "90"', "must be a whole number"),
        ("[channels.x]\nenabled = true", "config/settings.toml:2: channels stand in config/channels.toml"),
        ('mode = "live\n', "config/settings.toml:1: a text in quotes does not end on its line"),
        ("mode = live", "config/settings.toml:1: the value is neither a text in quotes"),
        ("[organisation]\nfrom_address = 'a@b'", "is not one email address"),
        ("[database]\nurl = 'postgresql://u:hidden@h/d'", "config/settings.toml:2: a secret stands in this file"),
        ("[database]\nurl = 'sqlite:///./'", "config/settings.toml:2: database.url names a folder"),
        ("[paths]\nvar = '../beside'", "config/settings.toml:2: paths.var leads out of the project's folder"),
        ("[paths]\nvar = '~/var'", "config/settings.toml:2: paths.var begins with ~"),
        ("[paths]\nbuild = 'config/build'", "config/settings.toml:2: paths.build is no folder of its own"),
        ("[paths]\nbuild = '.'", "config/settings.toml:2: paths.build is no folder of its own"),
    ],
)
def test_a_wrong_line_of_settings_toml_is_named(project: Path, settings: str, said: str) -> None:
    """File, line, what is wrong."""
    write(project, settings)
    (found,) = problems(project)
    assert said in found
    assert "hidden" not in found
    assert "a@b" not in found


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        ("", "config/channels.toml: there is no channel"),
        ("[x]\ntransport='x'", 'config/channels.toml:1: "x" is not a channel; start one with [channels.NAME]'),
        ("channels = 3", '"channels" is not a channel'),
        ("[channels]\nx = 3", 'config/channels.toml:2: "x" is not a channel'),
        (
            "[channels.x]\nenabled = true",
            "config/channels.toml:1: transport is missing; allowed are: x, sendgrid, smtp",
        ),
        (
            "[channels.x]\ntransport = 'y'\nhandle='a'",
            'config/channels.toml:2: transport is "y"; allowed are: x, sendgrid',
        ),
        ("[channels.x]\ntransport = 3", "config/channels.toml:2: transport must be a text in quotes"),
        ("[channels.X]\ntransport = 'x'", '"X" cannot be a channel\'s name'),
        ("[channels.default]\ntransport = 'x'", '"default" cannot be a channel\'s name'),
        ("[channels.x]\ntransport='x'\nenabeld = true", 'unknown key "enabeld"; did you mean "enabled"?'),
        ("[channels.x]\ntransport='x'\nenabled = 'yes'", "config/channels.toml:3: enabled must be true or false"),
        ("[channels.x]\ntransport='x'\ncategory = 'c'", "category is a key of channels with the transport sendgrid"),
        (
            "[channels.x]\ntransport='x'\nbase_url = 'http://api.x.com'",
            "config/channels.toml:3: base_url must start with",
        ),
        ("[channels.m]\ntransport='smtp'\nbase_url = 'https://m.org'", "starts with smtp:// or smtps://"),
        (
            "[channels.m]\ntransport='mastodon'",
            "config/channels.toml:2: channels.m needs base_url, the address of its server as https://HOST",
        ),
        ("[channels.x]\ntransport='x'\ntimeout_seconds = nan", "is out of range; allowed is 1 to 120"),
    ],
)
def test_a_wrong_line_of_channels_toml_is_named(project: Path, channels: str, said: str) -> None:
    """One problem for one mistake, with file, line and what is allowed."""
    write(project, channels=channels)
    (found,) = problems(project)
    assert said in found


def test_all_problems_come_at_once(project: Path) -> None:
    """Both files and the environment in one go; the message shows each on its line."""
    write(project, "mode = 'x'\nfoo = 1\n", "[channels.x]\ntransport='x'\nenabled=1\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(project, {"OBSERVANCE_LOG_LEVEL": "loud", "OBSERVANCE_X_CONSUMER_KEY_FILE": "/not/there"})
    assert 5 == len(caught.value.problems)
    assert caught.value.message.startswith("5 settings are missing or wrong:\n  config/settings.toml:1: ")
    assert 6 == len(caught.value.message.splitlines())


def test_a_file_that_is_missing_broken_or_no_file_is_a_problem_of_its_own(project: Path) -> None:
    """And nothing else is reported because of it."""
    (project / "config" / "channels.toml").unlink()
    (found,) = problems(project, {"OBSERVANCE_CHANNELS__X__ENABLED": "true"})
    assert found.startswith("config/channels.toml: the file is missing")
    (project / "config" / "channels.toml").mkdir()
    (found,) = problems(project)
    assert found.startswith("config/channels.toml: the file cannot be read")
    (project / "config" / "channels.toml").rmdir()
    (project / "config" / "channels.toml").write_bytes(b"# caf\xe9\n")
    (found,) = problems(project)
    assert "config/channels.toml:1: the byte 0xe9 at offset 5 is not UTF-8" in found


def test_secrets_come_from_the_environment_or_a_file(project: Path) -> None:
    """White space around them is dropped; an empty variable counts as not set."""
    (project / "key").write_text(f"{SECRET}\n", "utf-8")
    settings = load_settings(
        project,
        {
            "OBSERVANCE_SENDGRID_API_KEY_FILE": "key",
            "OBSERVANCE_SECRET_KEY": " abc ",
            "OBSERVANCE_X_CONSUMER_KEY": "",
        },
    )
    assert SECRET == settings.secrets.get("SENDGRID_API_KEY")
    assert "abc" == settings.secrets.get("SECRET_KEY")
    assert settings.secrets.get("X_CONSUMER_KEY") is None


@pytest.mark.parametrize("name", SECRETS)
def test_a_secrets_file_that_is_missing_or_empty_is_loud(project: Path, name: str) -> None:
    """Going on without the key would only fail later, on the day."""
    (project / "empty").write_text(" \n", "utf-8")
    for file, said in (("missing", "is missing"), ("empty", "is empty"), ("config", "cannot be read")):
        (found,) = problems(project, {f"OBSERVANCE_{name}_FILE": file})
        assert said in found
        assert name in found


def test_a_secret_and_its_file_at_once_are_refused(project: Path) -> None:
    """Nobody can say which of the two would win."""
    (project / "key").write_text("one", "utf-8")
    (found,) = problems(project, {"OBSERVANCE_SMTP_PASSWORD": SECRET, "OBSERVANCE_SMTP_PASSWORD_FILE": "key"})
    assert "are both set" in found
    assert SECRET not in found


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("settings.toml", f"secret_key = '{SECRET}'"),
        ("settings.toml", f"[secrets]\nx_access_token = '{SECRET}'"),
        ("settings.toml", f"mode = '{SECRET}'"),
        ("settings.toml", f"anything = ['{SECRET}']"),
        ("channels.toml", f"[channels.x]\ntransport = 'x'\napi_key = '{SECRET}'"),
        ("channels.toml", f"[channels.x]\ntransport = 'x'\nhandle = '{SECRET}'"),
        ("channels.toml", f"[channels.x]\ntransport = 'x'\nsmtp_password = '{SECRET}'"),
        ("channels.toml", f"password = '{SECRET}'\n[channels.x]\ntransport = 'x'"),
    ],
)
def test_a_secret_in_a_file_is_refused_and_not_shown(project: Path, file: str, text: str) -> None:
    """Files are committed, mailed and copied."""
    write(project)
    (project / "config" / file).write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(project, {})
    assert "a secret stands in this file" in caught.value.message
    assert SECRET not in str(caught.value) + repr(caught.value)
    assert 1 == len(caught.value.problems)


def test_nothing_secret_is_in_a_repr(project: Path) -> None:
    """Secrets, a database's password and addresses stay out of logs that print an object."""
    env = {
        "OBSERVANCE_SENDGRID_API_KEY": SECRET,
        "OBSERVANCE_DATABASE__URL": "postgresql://u:hidden@h/d",
        "OBSERVANCE_ORGANISATION__REPLY_TO": "somebody@harbour.org",
    }
    shown = repr(load_settings(project, env))
    assert "SENDGRID_API_KEY" in shown
    for hidden in (SECRET, "hidden", "somebody@", "news@"):
        assert hidden not in shown


def test_a_relative_database_file_lies_below_the_project(project: Path) -> None:
    """Wherever the program is started, it opens the same ledger."""
    there = project / "elsewhere" / "l.db"
    for written, expected in (("data/l.db", project / "data" / "l.db"), (there.as_posix(), there)):
        settings = load_settings(project, {"OBSERVANCE_DATABASE__URL": f"sqlite:///{written}"})
        assert f"sqlite:///{expected.as_posix()}" == settings.database_url


def test_whether_a_project_ends_on_this_machine(project: Path) -> None:
    """All enabled channels must lead to loopback."""

    def ends(**addresses: str) -> bool:
        env = {f"OBSERVANCE_CHANNELS__{name.upper()}__BASE_URL": url for name, url in addresses.items()}
        return load_settings(project, env).ends_on_this_machine()

    assert ends(x="http://127.0.0.1:8099/x", email="http://[::1]:8099") is True
    assert ends(x="http://localhost:8099") is False
    assert ends(x="http://10.0.0.7", email="http://localhost") is False
    env = {"OBSERVANCE_CHANNELS__X__ENABLED": "false", "OBSERVANCE_CHANNELS__EMAIL__BASE_URL": "http://localhost:1"}
    assert load_settings(project, env).ends_on_this_machine() is True


@pytest.mark.parametrize(
    ("host", "loopback", "near"),
    [
        ("localhost", True, True),
        ("LOCALHOST.", True, True),
        ("127.8.9.1", True, True),
        ("::1", True, True),
        ("10.1.2.3", False, True),
        ("fake-x", False, True),
        ("mail.internal", False, True),
        ("api.x.com", False, False),
        ("8.8.8.8", False, False),
        ("localhost.example.com", False, False),
        ("127.0.0.1.example.com", False, False),
    ],
)
def test_which_hosts_are_this_machine_and_which_are_near(host: str, loopback: bool, near: bool) -> None:
    """Only what is near may be called without encryption."""
    assert (loopback, near) == (is_loopback(host), is_near(host))
    assert near == (web_address(f"http://{'[' + host + ']' if ':' in host else host}:80/") == "")


@given(st.text())
def test_checks_take_any_text(text: str) -> None:
    """No text makes a check fail, and a check never repeats the text."""
    for check in (database_url, email_address, web_address):
        check(text)
        assert "snowman" not in check(f"{text}snowman")
    looks_secret(text, text)


@given(st.dictionaries(st.sampled_from(["MODE", "PUBLIC_URL", "DATABASE__URL", "CHANNELS__X__ENABLED"]), st.text()))
def test_any_environment_gives_settings_or_problems(env: dict[str, str]) -> None:
    """Never anything else."""
    try:
        found = load_settings(ROOT, {f"OBSERVANCE_{k}": v for k, v in env.items()})
    except SettingsError:
        return
    assert isinstance(found, Settings)


def test_secrets_show_their_names_only() -> None:
    """The object may be printed."""
    assert "Secrets(A, B)" == repr(Secrets({"B": "x", "A": "y"}))


@pytest.mark.parametrize("written", ['["US-GA", "US-OH"]', '"US-GA, US-OH"'], ids=["list", "text"])
def test_several_values_are_a_list_or_a_text_with_commas(project: Path, written: str) -> None:
    """Each part of either is held to what one value is; nothing at all is an empty list."""
    write(project, f"[organisation]\nlocal = {written}\n")
    assert ("US-GA", "US-OH") == load_settings(project, {}).organisation.local
    write(project, '[organisation]\nlocal = ["US-GA", 7]\n')
    assert "organisation.local is a list with commas between, and a part of it must be a text" in problems(project)[0]
    write(project, "[organisation]\nlocal = []\n")
    assert () == load_settings(project, {}).organisation.local


# -- the reference --------------------------------------------------------------------------------------


def test_the_reference_lists_what_is_declared() -> None:
    """Whoever changes a setting, a secret or a transport runs python docs/make_tables.py."""
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "make_tables.py", "--check"], check=False, capture_output=True
    )
    assert (0, b"") == (done.returncode, done.stdout)


def test_the_notices_that_are_shipped_as_a_remark_work_when_they_are_none_any_more(project: Path) -> None:
    """Take out the #, and each key is known; what the lines say is what the reference says."""
    text = (project / "config" / "settings.toml").read_text("utf-8")
    write(project, re.sub(r"^# (?=\[|[a-z]+ = )", "", text, flags=re.MULTILINE))
    notices = load_settings(project, {"OBSERVANCE_NOTICES__WEBHOOK__URL": "https://hooks.harbour.test/1"}).notices
    assert ("webhook", "smtp") == notices.ways()
    assert ("you@example.org", "deputy@example.org") == notices.smtp_to


def test_the_example_environment_names_every_secret_and_holds_none() -> None:
    """config/env.example is a list to fill in."""
    lines = (ROOT / "config" / "env.example").read_text("utf-8").splitlines()
    assert [] == [line for line in lines if line.strip() and not line.startswith("#")]
    offered = {line.removeprefix("#").rstrip("=") for line in lines if line.endswith("=")}
    assert {f"OBSERVANCE_{name}" for name in SECRETS} == offered
