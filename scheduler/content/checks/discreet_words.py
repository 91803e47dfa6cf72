"""C190 to C193: whether what others see of a discreet email says what the campaign is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from html import unescape

from ...domain.campaign import Campaign
from ...domain.finding import Finding, Where
from ...domain.hidden import PREHEADER_PADDING
from ...domain.inbox import behind_subject
from ...domain.message import DIGEST, FRAME, EmailBody, has_discreet_head, with_head
from ...what_items_share import fingerprint_of_message
from ..codes import CODES
from ..phrases import first_match, plain
from ..text_answers import TEXTS
from .context import Material, View
from .slug_words import SAYS_NOTHING
from .visible_text import fold

#: Of an email's HTML, and of its text.
_Parts = tuple[str, str]
#: Languages whose neutral words are listed.
_READ = ("en", "es")
_WORD = re.compile(r"[^\W\d_]+")
_VOWEL = re.compile("[aeiouy]")
_CAPITAL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_NOT_SHOWN = re.compile(r"<style.*?</style>|<!--.*?-->|<[^>]*>", re.DOTALL)
#: Words of many campaigns' names that tell none from another in a sentence either.
_TELLS_NOTHING = SAYS_NOTHING | frozenset("action awareness human observance people prevention remembrance".split())
#: Letters; of a longer word its beginning tells as much as the whole.
_WHOLE = 5


def check_discreet(material: Material) -> Iterator[Finding]:
    """C190, in all that a discreet head shows: of each item's subject there, of the campaign's words once."""
    words = _CauseWords(material)
    seen: set[str] = set()
    for view, mail in material.emails:
        if mail.second_head is None:
            continue
        for place, found in words.found_in_mail(view, mail):
            if place != "subject" and found in seen:
                continue
            message = f'"{found}" in the {place} of the discreet head tells what the emails are about'
            seen.add(found)  # a subject is printed in the first lines too
            if place != "subject":
                yield CODES["C190"].at(material.campaign.where, message)
            else:
                yield view.finding("C190", message)


def check_headlines(material: Material) -> Iterator[Finding]:
    """C193: a discreet email has the headline once less than the usual one. What its author's own text says stands in
    both."""
    for view, mail in material.emails:
        second, is_of_days = mail.second_head, view.message.kind in (DIGEST, FRAME)
        if second is None or is_of_days:
            continue
        heads = (mail.html[: second.html_to], mail.text[: second.text_to]), (second.html, second.text)
        of_usual, of_discreet = heads if second.is_discreet else (heads[1], heads[0])
        behind = mail.html[second.html_to :], mail.text[second.text_to :]
        planned = material.plan.of(view.item.id)
        special = planned.day.special if planned and planned.day else ""
        own = f"{view.item.email} {second.subject if second.is_discreet else mail.subject}"
        for words, what in ((view.item.title, "headline"), (special, "special day")):
            if words and words not in own and _stays(words, of_usual, of_discreet, behind):
                yield view.finding("C193", f"the item's {what} stands in the discreet form of its email")
                break


def _stays(words: str, usual: _Parts, discreet: _Parts, behind: _Parts) -> bool:
    """Whether words stand in a discreet form as often as in the usual one, of the HTML or of the text."""
    for head, discreet_head, rest in zip(usual, discreet, behind, strict=True):
        before, now = (
            unescape(" ".join(one[one.find("<body") + 1 :].split())).count(words) for one in (head, discreet_head)
        )
        if before == now and (now or words in unescape(" ".join(rest.split()))):
            return True
    return False


def check_neutral(material: Material) -> Iterator[Finding]:
    """C192: words in a discreet head, or in the public address, that are not on the list of neutral ones."""
    campaign, settings = material.campaign, material.settings
    listed = frozenset().union(*(pack.neutral for pack in material.packs))
    if not listed or campaign.language.partition("-")[0].casefold() not in _READ:
        return
    own = {*_plain_words(settings.organisation.name), *_plain_words(settings.public_url)}
    known, tells = listed | own, _CauseWords(material)
    head = campaign.discreet
    of_campaign = {
        "sender's name": head.from_name,
        "subject": head.subject.replace("{date}", ""),
        "preheader": head.preheader,
        "first line": head.first_line,
        # Letters that are no word say nothing.
        "slug": " ".join(part for part in campaign.slug.split("-") if part.isalpha() and _VOWEL.search(part)),
    }
    for place, text in of_campaign.items():
        if (unknown := _not_in(known, text)) and not tells.found_in(text):
            yield CODES["C192"].at(campaign.where, f"nobody knows whether {unknown} in the {place} says nothing")
    for view, mail in material.emails:
        subject = view.item.discreet_subject if mail.second_head is not None else ""
        unknown = _not_in(known, re.sub(r"\{\w+\}", "", subject))
        if unknown and not tells.found_in(subject):  # that is C190
            yield view.finding("C192", f"nobody knows whether {unknown} in the discreet subject says nothing", subject)


def _not_in(known: frozenset[str] | set[str], text: str) -> str:
    """The words that are not among them, as a list; those of a plural with its word."""
    unknown = [w for w in dict.fromkeys(_plain_words(text)) if w not in known and w.removesuffix("s") not in known]
    return " and ".join(f'"{word}"' for word in unknown)


def _plain_words(text: str) -> list[str]:
    return [word.removesuffix("'s") for word in re.findall(r"[^\W\d_]+(?:'s\b)?", plain(fold(text)))]


def check_sender(material: Material) -> Iterator[Finding]:
    """C191: the sender's address and the server of the links, which every head shows."""
    words, settings = _CauseWords(material), material.settings
    addresses = {
        "organisation.from_address": settings.organisation.from_address,
        "organisation.reply_to": settings.organisation.reply_to,
        "public_url": settings.public_url,
    }
    for name, address in addresses.items():
        if material.emails and (found := words.found_within(address)):
            where = Where("config/settings.toml")
            yield CODES["C191"].at(where, f'{name} holds "{found}", and every email shows it, also a discreet one')


def _shown(view: View, mail: EmailBody) -> dict[str, str]:
    """By its place, what an inbox and the top of the mail show."""
    turned = with_head(view.message, discreet=True).body
    assert isinstance(turned, EmailBody)  # noqa: S101 - a mail stays one
    second = turned.second_head
    assert second is not None and has_discreet_head(turned)  # noqa: S101, PT018
    head = turned.html[: second.html_to].replace(PREHEADER_PADDING, "")
    return {
        "subject": turned.subject,
        "sender's name": turned.from_name,
        "preheader": turned.preheader,
        "line behind the subject": behind_subject(turned.html),
        "first lines": f"{_NOT_SHOWN.sub(' ', head)} {turned.text[: second.text_to]}",
    }


class _CauseWords:
    """The words by which one would know the campaign."""

    def __init__(self, material: Material) -> None:
        self._phrases = tuple(phrase for pack in material.packs for phrase in pack.cause_words)
        self._of_any_cause = tuple(phrase for pack in material.packs for phrase in pack.discreet)
        campaign = material.campaign
        self._names = tuple(_names(campaign))
        #: They tell as a whole.
        self._labels = *(day.special for day in campaign.calendar), *(c.label for c in campaign.contacts.values())
        rests_on = material.rules_rest_on, self._names, self._labels
        self._found = TEXTS.question("discreet words", rests_on)
        self._found_in_mails = TEXTS.question("discreet words of mails", rests_on)

    @cached_property
    def _telling(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """How long words of the names begin, and the short ones with their plurals."""
        words = dict.fromkeys(word for text in self._names for word in _words(fold(text)))
        found = [_beginning(word) for word in words if word not in _TELLS_NOTHING and len(word) > 2]
        short = [word for word in found if len(word) < _WHOLE]
        return tuple(word for word in found if len(word) >= _WHOLE), frozenset((*short, *(f"{w}s" for w in short)))

    @cached_property
    def _whole(self) -> tuple[str, ...]:
        """Names of special days, and of help lines."""
        words = map(_words, map(fold, self._labels))
        return tuple(dict.fromkeys(f" {' '.join(name)} " for name in words if len(name) > 1))

    def found_in_mail(self, view: View, mail: EmailBody) -> list[tuple[str, str]]:
        """Where one of them stands in what a discreet head shows, and which."""

        def find(_: str) -> list[tuple[str, str]]:
            found = ((place, self.found_in(text)) for place, text in _shown(view, mail).items())
            return [(place, words) for place, words in found if words]

        return self._found_in_mails.of(fingerprint_of_message(view.message), find)

    def found_in(self, text: str) -> str:
        """The first of them in a text; empty when there is none."""
        return self._found.of(text, self._look)

    def _look(self, text: str) -> str:
        folded = fold(text)
        if match := first_match(self._phrases, folded) or first_match(self._of_any_cause, folded):
            return match[0]
        words, (beginnings, short) = _words(folded), self._telling
        for word in words:
            if word.startswith(beginnings) or word in short:
                return word
        joined = f" {' '.join(words)} "
        return next((name.strip() for name in self._whole if name in joined), "")

    def found_within(self, address: str) -> str:
        """The same, in an address, whose words stand together."""
        letters = fold(address).casefold()
        if match := first_match(self._phrases, re.sub(r"[^\w]+", " ", letters)):
            return match[0]
        found = next((b for b in self._telling[0] if b in letters), "")
        whole = re.search(rf"[^\W\d_]*{found}[^\W\d_]*", letters) if found else None
        return whole[0] if whole else ""


def _names(campaign: Campaign) -> Iterator[str]:
    yield from (campaign.name, campaign.id, *(title.title for title in campaign.titles), *campaign.topics)
    yield from (_CAPITAL.sub(" ", tag) for tag in campaign.hashtags)


def _words(folded: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(folded)]


def _beginning(word: str) -> str:
    return word[: max(_WHOLE, len(word) - 3)]
