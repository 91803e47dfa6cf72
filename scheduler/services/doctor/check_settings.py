"""Settings, secrets and files: what is missing, and who may read it. Names only; no value is ever shown."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from ...channels.registry import mail_channels, spec_of
from ...domain.formatting import counted, days_words
from .doctor_result import DoctorContext, DoctorResult, Status

#: Older than this, a secret has outlived people and machines that knew it.
OLD_SECRET = timedelta(days=365)


def mode(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether anything goes out."""
    if not examined.live:
        yield DoctorResult(
            "mode",
            Status.GREEN,
            "rehearsal: nothing leaves this machine",
            'for live sending: mode = "live" in config/settings.toml, then `arm --by NAME`',
        )
        return
    where = "" if examined.to_the_public else ", against stand-ins on this machine"
    if examined.ledger is None:
        yield DoctorResult(
            "mode",
            Status.AMBER,
            f"live{where}, and nothing is armed",
            "`check` says what has to be signed; then `arm --by NAME`",
        )
        return
    for plan in (rehearsal.plan for rehearsal in examined.rehearsals):
        name = f"season {plan.season.year} of {plan.campaign.id}"
        armed = examined.ledger.armings.find(plan.key)
        if armed is None:
            yield DoctorResult(
                "mode",
                Status.AMBER,
                f"live{where}, but {name} is not armed: nothing goes out",
                f"arm{examined.only(plan.campaign.id)} --by NAME",
            )
        else:
            yield DoctorResult("mode", Status.GREEN, f"live{where}; {name} is armed by {armed.who}")


def placeholders(examined: DoctorContext) -> Iterator[DoctorResult]:
    """What still says what was shipped."""
    names = examined.settings.placeholders()
    if names:
        yield DoctorResult(
            "settings",
            examined.grave(),
            f"{counted(len(names), 'setting')} with an example value: {', '.join(names)}",
            "write your own in config/settings.toml and config/channels.toml",
        )
    typed = [f for r in examined.rehearsals for f in r.findings if f.code == "S101" and (f.item or f.items)]
    if typed:
        number = counted(len(typed), "example stands", "examples stand")
        yield DoctorResult(
            "settings",
            examined.grave(),
            f"{number} in what readers get: {typed[0].where}, {typed[0].message}",
            "check lists them; write your own there",
        )
    if not names and not typed:
        yield DoctorResult("settings", Status.GREEN, "no example value is left")


def sender(examined: DoctorContext) -> Iterator[DoctorResult]:
    """A sender at a free mail provider is refused or filed as spam by the large mailboxes."""
    domain = examined.settings.organisation.from_address.rpartition("@")[2].lower()
    if mail_channels(examined.settings) and domain in FREE_MAIL:
        yield DoctorResult(
            "sender",
            examined.grave(),
            f"the sender's address is at {domain}; mail for it is taken from {domain}'s own servers only",
            "use an address of your own domain in organisation.from_address",
        )


FREE_MAIL = frozenset(
    "gmail.com googlemail.com yahoo.com outlook.com hotmail.com live.com aol.com icloud.com gmx.de gmx.net".split()
)


def replies(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether somebody reads what readers answer, and what they hear until then."""
    if not mail_channels(examined.settings):
        return
    organisation = examined.settings.organisation
    missing = organisation.missing_for_replies()
    if missing:
        keys, words = zip(*missing, strict=True)
        said = f"readers do answer, and people in danger do: their mail lacks {', '.join(words)}"
        yield DoctorResult("replies", Status.AMBER, said, f"set {', '.join(keys)}: docs/howto/replies.md")
    else:
        said = f"read by {organisation.replies_read_by} {organisation.replies_read}, and answered automatically"
        yield DoctorResult("replies", Status.GREEN, said)


def secrets(examined: DoctorContext) -> Iterator[DoctorResult]:
    """For each enabled channel, whether its secrets are there."""
    for channel in (c for c in examined.settings.channels.values() if c.enabled):
        names = spec_of(channel).needed_secrets(channel)
        missing = [f"OBSERVANCE_{n}" for n in names if not examined.settings.secrets.get(n)]
        check = f"secrets of {channel.name}"
        if missing:
            yield DoctorResult(
                check,
                (Status.RED if examined.live else Status.AMBER),
                f"not set: {', '.join(missing)}",
                "set them in the environment, or name a file by ..._FILE; a rehearsal needs none",
            )
        elif names:
            yield DoctorResult(check, Status.GREEN, f"set: {', '.join(f'OBSERVANCE_{n}' for n in names)}")


def secret_files(examined: DoctorContext) -> Iterator[DoctorResult]:
    """How old the files are that hold secrets or addresses, and whether others may read them."""
    files = {
        f"the file of {name}": examined.root / path
        for name, path in sorted(examined.env.items())
        if name.startswith("OBSERVANCE_") and name.endswith("_FILE") and path
    }
    files[f"{examined.settings.var}/secret.key"] = examined.settings.var_folder / "secret.key"
    if examined.database_file is not None:
        for end in ("", "-wal"):
            name = examined.database_file.name + end
            files[f"the ledger ({name})"] = examined.database_file.with_name(name)
    open_ones, old, looked_at = [], [], 0
    for name, path in files.items():
        try:
            found = path.stat()
        except OSError:
            continue
        looked_at += 1
        if found.st_mode & (stat.S_IRGRP | stat.S_IROTH):
            open_ones.append(f"{name} ({path})")
        age = examined.now - datetime.fromtimestamp(found.st_mtime, UTC)
        if name.startswith("the file of") and age > OLD_SECRET:
            old.append(f"{name} is {days_words(age)} old")
    if open_ones:
        yield DoctorResult(
            "files",
            examined.grave(),
            f"others on this machine may read {'; '.join(open_ones)}",
            "chmod 600 each of them",
        )
    if old:
        yield DoctorResult(
            "files", Status.AMBER, "; ".join(old), "make new keys at the provider, and delete the old ones there"
        )
    if looked_at and not open_ones and not old:
        yield DoctorResult(
            "files",
            Status.GREEN,
            f"{counted(looked_at, 'file')} with secrets or addresses, readable by their owner alone",
        )


def server_in_front(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether readers' networks can be told apart. The pages' own server does not encrypt, so before an address with
    https:// stands another one, from which all forms seem to come."""
    settings = examined.settings
    if urlsplit(settings.public_url).scheme != "https" or "public_url" in settings.placeholders():
        return
    if settings.trusted_proxy:
        yield DoctorResult(
            "server in front", Status.GREEN, f"where a form comes from is believed of {settings.trusted_proxy}"
        )
    else:
        yield DoctorResult(
            "server in front",
            Status.AMBER,
            "all sign-ups seem to come from one network: the server that encrypts the pages. After a busy day's first "
            "forms no more confirmations go",
            "set web.trusted_proxy to that server's address, 127.0.0.1 for one on this machine: "
            "docs/howto/readers-sign-up.md",
        )


def notices(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether anybody is told when nothing goes out."""
    rules = examined.settings.notices
    ways = rules.ways()
    light, to_do = Status.AMBER if examined.live else Status.GREEN, ""
    said = f"what needs your attention is told by {' and '.join(ways)}"
    hosts = {urlsplit(channel.base_url).hostname for channel in mail_channels(examined.settings)}
    if not ways:
        said = "nobody is told when something goes wrong"
        to_do = "set up a webhook or a mail server under [notices]: docs/howto/be-told.md"
    elif len(ways) == 1 and rules.smtp_host and rules.smtp_host in hosts:
        said = f"{said}, through the server that the readers' mail goes through"
        to_do = "name another way under [notices]: when that server fails, so do the notices"
    yield DoctorResult("notices", light if to_do else Status.GREEN, said, to_do)
    named = {"notices.before_sending_to": rules.before_sending_to, "notices.deputy": rules.deputy}
    if not rules.smtp_host and (unreached := " and ".join(key for key, people in named.items() if people)):
        said = f"who is named in {unreached} gets no email: the notices have no mail server"
        yield DoctorResult("notices", Status.AMBER, said, "set notices.smtp.host: docs/howto/be-told.md")
    if not rules.heartbeat_url and examined.to_the_public:
        said = "nobody outside notices when this machine is off"
        to_do = "set notices.heartbeat_url to a check of a service outside"
        yield DoctorResult("heartbeat", Status.AMBER, said, to_do)
