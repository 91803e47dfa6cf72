"""Stories: nobody's case, name or account without a consent, and nobody accused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ...domain.consent import Consent
from ...domain.finding import Finding, UsedBy
from ...domain.formatting import counted
from ...domain.quotation_marks import quoted_in
from ..codes import CODES
from .context import Material, View, ids_of
from .quotations import TERM

#: What is found of whom, by what tells of them.
CODES_OF = {"named": "C160", "first person": "C161", "composite": "C162", "accusation": "C163", "portrait": "C167"}
_SAID = {
    "named": "names somebody by what they can be recognized by",
    "first person": "tells in the first person what somebody went through",
    "composite": "tells somebody's case",
    "accusation": "calls somebody, or a business, a criminal",
    "portrait": "tells what one person did, suffered or has",
}
#: Words of a consent to all that somebody tells; and letters of a word by which another form of it is known.
_WHOLE, _STEM = ("story", "account", "experience", "what happened", "historia", "relato", "testimonio"), 5
#: So many days before a consent runs out, its keeper is told.
DAYS_AHEAD = 30


def check_stories(material: Material) -> Iterator[Finding]:
    """C160 to C164 and C166 to C168, message by message."""
    for view in material.views:
        yield from _told(view)
        for name in _named_by(view):
            if wrong := _wrong_consent(view, name):
                yield view.finding("C164", wrong, name)


def check_consents(material: Material) -> Iterator[Finding]:
    """C165: consents that end while the season that uses them goes on, or soon after today."""
    used: dict[str, list[View]] = {}
    for view in material.views:
        for name in _named_by(view):
            if name in material.campaign.consents:
                used.setdefault(name, []).append(view)
    for name, views in used.items():
        consent = material.campaign.consents[name]
        if consent.withdrawn_on is None and (words := _ends_soon(consent, views, material)):
            yield CODES["C165"].at(consent.where, (f"the consent {name} {words}", UsedBy(ids_of(views))))


def _ends_soon(consent: Consent, views: list[View], material: Material) -> str:
    last = max(view.message.on for view in views)
    if last > consent.until:
        return ""  # said of each message that it does not hold for
    if consent.until <= material.today + timedelta(days=DAYS_AHEAD):
        left = (consent.until - material.today).days
        return f"runs out on {consent.until}, in {counted(left, 'day', 'days')}" if left >= 0 else ""
    if consent.until < material.plan.season.end_on:
        return f"runs out on {consent.until}, before the season ends"
    return ""


def _told(view: View) -> Iterator[Finding]:
    """What tells of people, once for each kind and sentence. A consent covers what its person agreed to, never an
    accusation."""
    reader = view.material.people
    if reader is None:
        return
    has_consent = bool(view.item.story_consent) and not _wrong_consent(view, view.item.story_consent)
    if has_consent:
        yield from _beyond(view)
    seen: set[tuple[str, str]] = set()
    for sentence in view.own_sentences:
        for told in reader.told_in(sentence.own):
            code, words = CODES_OF.get(told.kind), sentence.words
            if code is None or (has_consent and code != "C163") or (code, words) in seen:
                continue
            if code == "C167" and view.quotations and reader.gives_credit(sentence.own):
                continue  # whose words are printed is asked with them
            if code == "C167" and any(len(quoted.words.split()) > TERM for quoted in quoted_in(sentence.own)):
                continue  # what was typed in quotation marks is red already
            if any(before[0] == code and words in before[1] for before in seen):
                continue
            seen.add((code, words))
            yield view.finding(code, f'"{_short(words)}" {_SAID[told.kind]}', words)
    yield from () if has_consent else _strangers(view, {words for _, words in seen})


def _beyond(view: View) -> Iterator[Finding]:
    """C168: private things that the consent of an item does not name, where it is for some things alone."""
    reader, consent = view.material.people, view.material.campaign.consents.get(view.item.story_consent)
    what = consent.what.casefold() if consent is not None else ""
    if reader is None or not what or any(word in what for word in _WHOLE):
        return
    for sentence in view.own_sentences:
        beyond = [word for word in reader.private_things_in(sentence.own) if word[:_STEM] not in what]
        if beyond:
            words = f'"{_short(sentence.words)}" tells more than the consent {view.item.story_consent} names'
            yield view.finding("C168", f"{words}: {', '.join(sorted(beyond))}", sentence.words)


def _strangers(view: View, told: set[str]) -> Iterator[Finding]:
    """C166: people whom nobody knows, once each, where nothing worse was said of the sentence."""
    reader = view.material.people
    named: set[str] = set()
    for sentence in view.own_sentences if reader is not None else ():
        for name in reader.strangers_in(sentence.own) if reader else ():
            if name not in named and sentence.words not in told:
                named.add(name)
                yield view.finding("C166", f"{name} is named, and no record says who that is", name)


def _named_by(view: View) -> tuple[str, ...]:
    """The consents that a message rests on: to the story that it tells, and to the picture that it shows."""
    shown = "" if view.is_email else view.item.picture.consent
    return tuple(dict.fromkeys(filter(None, (view.item.story_consent, shown))))


def _wrong_consent(view: View, name: str) -> str:
    """Why a consent that an item names does not hold for a message; empty where it does."""
    campaign = view.material.campaign
    consent = campaign.consents.get(name)
    if consent is None:
        return "" if campaign.is_unreadable("consent", name) else f"there is no consent {name} in consents.toml"
    lacking = consent.lacks(view.item.id, view.message.channel, view.message.on)
    return f"the consent {name} {lacking}" if lacking else ""


def _short(words: str) -> str:
    pieces = words.split()
    return words if len(pieces) <= 14 else " ".join(pieces[:14]) + " \u2026"
