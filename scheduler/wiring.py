"""The one module that knows which classes stand behind what: the channels, the ledger, its keys.

Heavy parts (the store, the providers' libraries) are imported when they are first needed, so that a dry run pays for
none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .channels.registry import CHANNELS, spec_of
from .channels.spec import ChannelContext, ReceiptReader, ReturnPath, Transport
from .content.load.slugs import read_slug
from .domain.address import keyed_hash
from .domain.archive_link import campaign_url
from .domain.post_picture import PostPicture
from .errors import NeedsAPerson, ObservanceError
from .key_files import make_key, read_keys
from .project import Project, campaign_ids, clock_for, find_root, state_folder
from .settings import ChannelSettings, Mode, Settings, read_settings
from .start_notes import read_note, stamp_of, write_note
from .subscribers import tokens

if TYPE_CHECKING:
    from .engine.whereabouts import Displaced, Whereabouts
    from .store import Ledger

#: Stands for the key of a ledger from before keys were noted in it.
UNNOTED_KEY = "of-an-earlier-release"


def open_ledger(project: Project, failpoint: Callable[[str], None] | None = None) -> Ledger:
    """The ledger, made or migrated when needed. Raises OutOfReach with what to do."""
    from .engine.replay import keep_erasure
    from .store import open_ledger as open_store

    options: dict[str, Callable[[str], None]] = {} if failpoint is None else {"failpoint": failpoint}
    ledger = open_store(
        project.settings.database_url,
        address_hash=partial(address_hash, project),
        old_address_hashes=lambda text: tuple(keyed_hash(text, key) for key in signing_keys(project)[1:]),
        erased=lambda ledger_id, hashed, at: keep_erasure(project.journal_folder(), ledger_id, hashed, at),
        **options,
    )
    try:
        _compare_keys(project, ledger)
    except BaseException:
        ledger.close()
        raise
    settings, schema = project.settings, ledger.schema
    write_note(
        str(project.root),
        project.env,
        stamp=project.stamp,
        channels=list(settings.channels),
        database=settings.database_url,
        revision=schema.revision,
        columns=schema.fingerprint,
    )
    return ledger


def open_ledger_to_look(project: Project) -> Ledger:
    """The same for who only asks. Where the last start found a ledger in a file as it is now, SQLAlchemy is not loaded
    for that; what cannot be asked so opens the whole ledger."""
    from .store.plain_ledger import open_plainly

    note = read_note(str(project.root), project.env)
    found = (str(note["revision"]), str(note["columns"])) if note is not None else None
    ledger = found and open_plainly(project.settings.database_url, found, partial(open_ledger, project))
    if not ledger:
        return open_ledger(project)
    try:
        _compare_keys(project, ledger)
    except BaseException:
        ledger.close()
        raise
    return ledger


def _compare_keys(project: Project, ledger: Ledger) -> None:
    """See that all keys that the ledger needs are there; make the first one of a new ledger.

    What is missing is said by :meth:`signing_keys`: looking at a ledger goes on without.
    """
    project.keys, project.keys_problem = (), None
    needed = ledger.secret_keys.all()
    try:
        if not needed and not read_keys(project.settings):
            if ledger.secret_keys.has_used_another_key():
                needed = frozenset({UNNOTED_KEY})
            else:
                make_key(project.settings)
        given = {tokens.fingerprint(key): key for key in map(tokens.token_key, read_keys(project.settings))}
    except ObservanceError as problem:
        project.keys_problem = problem
        return
    if missing := needed - given.keys():
        key_file = f"{project.settings.var}/secret.key"
        project.keys_problem = NeedsAPerson(
            f"the secret key is not the one that this ledger's links and erasures were made with ({len(missing)} "
            f"of {len(needed)} missing: {', '.join(sorted(one[:8] for one in missing))}); nothing is sent, added "
            "or erased without it",
            hint=f"put {key_file} (and {key_file}.old) back from where you keep it, or set "
            "OBSERVANCE_SECRET_KEY (and OBSERVANCE_SECRET_KEY_OLD) as before; only if it is lost for good: "
            "`db lost-key --by NAME`",
        )
        return
    project.keys = tuple(given.values())
    if not given.keys() <= needed:
        ledger.secret_keys.note([one for one in given if one not in needed], now=project.clock.now())


def signing_keys(project: Project) -> tuple[bytes, ...]:
    """The key that signs, then those that did. Raises NeedsAPerson where one that the ledger needs is missing."""
    if not project.keys and project.keys_problem is None:
        if project.ledger_exists():
            open_ledger(project).close()
        else:
            if not read_keys(project.settings):
                make_key(project.settings)
            project.keys = tuple(map(tokens.token_key, read_keys(project.settings)))
    if project.keys_problem is not None:
        raise project.keys_problem
    return project.keys


def whereabouts_of(project: Project, ledger: Ledger) -> Whereabouts:
    """What is known outside the ledger about it."""
    from .engine.whereabouts import Whereabouts

    return Whereabouts(ledger, project.database_file(), state_folder(project.env), project.journal_folder())


def find_displaced(project: Project, ledger: Ledger) -> Displaced | None:
    """Why nothing is sent from this ledger, live: it is a copy, or an old state. A rehearsal sends nothing real."""
    return whereabouts_of(project, ledger).displaced() if project.settings.mode is Mode.LIVE else None


def why_displaced(project: Project) -> Displaced | None:
    """The same whatever the mode is, of the ledger that is there; None where there is none."""
    if not project.ledger_exists():
        return None
    with closing(open_ledger(project)) as ledger:
        return whereabouts_of(project, ledger).displaced()


def address_hash(project: Project, text: str) -> str:
    """What is kept of an address that is not to be read any more; see docs/explanation/readers.md."""
    return keyed_hash(text, signing_keys(project)[0])


def return_path_of(project: Project, channel: ChannelSettings) -> Callable[[str, str], str] | None:
    """From send id and reader's id to the address that the mail comes back to; None where none is set."""
    address = str(channel.options.get("bounce_address") or "")
    return tokens.return_path_maker(address, signing_keys(project)[0]) if address else None


def load_settings(root: Path, env: Mapping[str, str]) -> Settings:
    """The settings of the project in ``root``, with the channels that are there. Raises SettingsError."""
    return read_settings(root, env, CHANNELS)


def open_project(explicit: Path | None, env: Mapping[str, str], cwd: Path) -> Project:
    """Find the project and read its settings. Raises ConfigurationError with all that is wrong."""
    root = find_root(explicit, env, cwd)
    try:
        stamp = stamp_of(str(root), env)
    except OSError:  # said with all else that is wrong
        stamp = ""
    settings = load_settings(root, env)
    return Project(root, settings, env, clock_for(settings, env), stamp)


def handles_of(project: Project) -> dict[str, str]:
    """By channel, the account's name on the network, as its network writes it."""
    named = ((c, str(c.options.get("handle") or "")) for c in project.settings.channels.values())
    return {c.name: f"{spec_of(c).preview.account_sign}{handle}" for c, handle in named if handle}


def receipt_readers(project: Project) -> dict[str, ReceiptReader | None]:
    """By channel's code, what its provider's reports are checked and read by; None while the key is not set."""
    used = {*CHANNELS.at_hand(), *(c.transport for c in project.settings.channels.values())}
    offered = {name: receipts for name in sorted(used) if (receipts := CHANNELS[name].receipts) is not None}
    keys = {name: project.settings.secrets.get(receipts.key.name) for name, receipts in offered.items()}
    return {name: offered[name].subscriber(key) if key else None for name, key in keys.items()}


def channel_context(
    project: Project, channel: ChannelSettings, comes_back_to: ReturnPath | None = None
) -> ChannelContext:
    """A channel with its spec, as its build and its transport get it."""
    settings = project.settings
    return ChannelContext(spec_of(channel), channel, settings.secrets, comes_back_to, settings.public_url, _draw)


def _draw(picture: PostPicture) -> bytes:
    """What channels get for the bytes of a picture: they know nothing of cards."""
    from .cards.drawing import bytes_of

    return bytes_of(picture)


def make_transports(project: Project) -> dict[str, Transport]:
    """The ways out for the present mode: the providers when live, recording ones in a rehearsal."""
    return {name: way_out(project, c) for name, c in project.settings.channels.items() if c.enabled}


def way_out(project: Project, channel: ChannelSettings, *, live: bool | None = None) -> Transport:
    """One way out for the present mode. ``live``: whatever the mode is; a person asked for it by name."""
    from .channels.recording import RecordingTransport

    context = channel_context(project, channel, return_path_of(project, channel))
    if project.settings.mode is Mode.LIVE if live is None else live:
        return context.spec.transport(context)
    return RecordingTransport(context, project.settings.var_folder / "rehearsal")


def unsubscribe_url(project: Project, campaign_id: str, address: str = "") -> Callable[[str], str]:
    """From a reader's id to the address in the mail that lets the reader leave. ``address``: where the campaign's
    public pages begin; empty: as its files say."""
    return _make_link(project, "unsubscribe", "u", campaign_id, address)


def preferences_url(project: Project, campaign_id: str, address: str = "") -> Callable[[str], str]:
    """From a reader's id to the address in the mail of the page with the reader's choices. ``address`` likewise."""
    return _make_link(project, "preferences", "preferences", campaign_id, address)


def public_address(project: Project, campaign_id: str) -> str:
    """Where a campaign's public pages begin. The campaign need not be readable, nor in the folder any more."""
    return campaign_url(project.settings.public_url, read_slug(project.root, campaign_id))


def _make_link(project: Project, purpose: str, path: str, campaign_id: str, address: str) -> Callable[[str], str]:
    base = f"{address or public_address(project, campaign_id)}/{path}/"
    return tokens.LinkMaker(base, purpose, signing_keys(project)[0], campaign=campaign_id)


def recipient_of(
    project: Project, more_campaigns: Callable[[], Iterable[str]], purpose: str = "unsubscribe"
) -> Callable[[str], tuple[str, str] | None]:
    """From the token of an address made for ``purpose`` to the campaign and the reader it was made for; None for any
    other text.

    Links of all campaigns are good: those in the folder, and ``more_campaigns``, such as last year's.
    """
    keys = signing_keys(project)

    def owner(token: str) -> tuple[str, str] | None:
        known = sorted({*campaign_ids(project.root), *more_campaigns()})
        found = [(campaign, tokens.read(token, purpose, keys, campaign=campaign)) for campaign in known]  # all, always
        return next(((campaign, subscriber) for campaign, subscriber in found if subscriber), None)

    return owner
