"""N109: whether the slug in a campaign's public addresses says what the campaign is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from ...domain.campaign import Campaign
from ...domain.finding import Finding
from ..codes import CODES
from ..phrases import Phrase, first_match
from ..text_answers import TEXTS
from .context import Material
from .lint import LintPack
from .visible_text import fold

#: Words that stand in many campaigns' names and tell none from another.
SAYS_NOTHING = frozenset(
    "a an and at by campaign class club community company day days emails for from in into international january "
    "february march april may june july august september october november december list mail mails monday tuesday "
    "wednesday thursday friday saturday sunday month monthly months national news of on one our project season series "
    "spring summer autumn fall winter test the to two week weekly weeks with world year years your".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = 4  # letters; shorter words count only where they are a part of the slug


def check_slug(material: Material) -> Iterator[Finding]:
    """N109: once, with the first word of the cause that the slug holds."""
    campaign = material.campaign
    in_packs = TEXTS.question("words of packs in a slug", material.rules_rest_on)
    of_packs, of_any_cause = in_packs.of(
        campaign.slug, lambda slug: ([*_of_packs(slug, material.packs)], [*_of_any_cause(slug, material.packs)])
    )
    for words, whose in chain(of_packs, _of_its_names(campaign), of_any_cause):
        yield CODES["N109"].at(campaign.where, f'the slug "{campaign.slug}" holds "{words}", {whose}')
        return


def _of_packs(slug: str, packs: Iterable[LintPack]) -> Iterator[tuple[str, str]]:
    spaced = slug.replace("-", " ")
    for pack in packs:
        rules = [rule for rule in pack.rules if rule.type == "words"]
        whose = f"a word that the lint pack {pack.id} looks for"
        for phrase in chain(pack.cause_words, *(rule.words for rule in rules)):
            if isinstance(phrase, Phrase) and _holds_phrase(slug, phrase):
                yield phrase.written, whose
        for pattern in chain.from_iterable(rule.patterns for rule in rules):
            if isinstance(pattern, re.Pattern) and (match := pattern.search(spaced)):
                yield match[0], whose


def _of_any_cause(slug: str, packs: Iterable[LintPack]) -> Iterator[tuple[str, str]]:
    """What gives another cause away, or this one in a word that none of its names has."""
    spaced = slug.replace("-", " ")
    for pack in packs:
        if told := first_match(pack.discreet, spaced):
            yield told[0], f"a word that the lint pack {pack.id} keeps out of discreet heads"


def _holds_phrase(slug: str, phrase: Phrase) -> bool:
    letters = "".join(re.findall(r"[^\W_]+", fold(phrase.written).casefold()))
    if phrase.written.endswith("*") and len(letters) < _SHORT:
        return any(part.startswith(letters) for part in slug.split("-"))
    return _holds(slug, letters)


def _of_its_names(campaign: Campaign) -> Iterator[tuple[str, str]]:
    for text in dict.fromkeys((campaign.name, campaign.id, *(title.title for title in campaign.titles))):
        words = [word.casefold() for word in _WORD.findall(fold(text))]
        for word in words:
            # Without its ending: "violent" says as much as "violence".
            if word not in SAYS_NOTHING and _holds(campaign.slug, word[: max(_SHORT, len(word) - 3)]):
                yield word, "a word of the campaign's own name, title or id"
        initials = "".join(word[0] for word in words)
        if len(words) > 2 and initials in campaign.slug.split("-"):
            yield initials, "the first letters of the campaign's own name, title or id"


def _holds(slug: str, letters: str) -> bool:
    return letters in slug.replace("-", "") if len(letters) >= _SHORT else letters in slug.split("-")
