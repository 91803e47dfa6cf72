"""Help lines: only those that are true today, in every message, tried by somebody, and nothing promised for them.

Those that are closed, superseded or in quarantine, are found however they are written: names with dots between their
letters, addresses with "at", telephone numbers by their digits, in words too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache

from ...domain.campaign import Campaign
from ...domain.claim import Contact, ContactStatus
from ...domain.finding import Finding
from ...domain.formatting import counted
from ...light_dataclass import dataclass
from ..codes import CODES
from ..help_line_rules import HelpLineRules, load_help_line_rules
from ..hosts import host_of
from ..phrases import stands_in
from ..quantities.folding import folded
from ..spellings import other_spellings
from ..text_answers import TEXTS
from .context import Material, View, about, ids_of, longest_first
from .known_numbers import EMAIL, WRITE_ALIKE, KnownNumbers, digits_of, numbers_in
from .line_names import LineNames
from .visible_text import fold

_IN_BLOCK = re.compile(r"contact\(\s*['\"]([a-z0-9-]+)['\"]\s*\)")
_ACRONYM = re.compile(r"[A-Z]{3,6}")
#: What is in each number, code and address.
_REACHED = re.compile(r"\d\d\d|[^\W_]\.[^\W_]")
#: An address or name this short is too likely to be a word.
SHORTEST = 4


def check_contacts(material: Material) -> Iterator[Finding]:
    """H101 to H104, H108, H109, H112 and H113, message by message."""
    contacts, organisation = material.campaign.contacts, material.settings.organisation
    closed = closed_spellings(material.campaign)
    known = {d for c in contacts.values() for v in (c.value, *c.find) if (d := digits_of(v))}
    addresses = [organisation.from_address, organisation.reply_to]
    addresses += [m for c in contacts.values() for m in EMAIL.findall(c.value)]
    # How the organization itself is reached, which is no help line.
    own = material.campaign.brand.contact
    addresses += EMAIL.findall(own)
    known.update(digits for _, digits in numbers_in(own))
    known.update(address.casefold() for address in addresses)
    loaded = [load_help_line_rules(material.lint_dir, one) for one in material.languages] if material.lint_dir else []
    for _, problems in loaded:
        yield from problems
    rules = [rules for rules, _ in loaded if rules]
    judge = KnownNumbers(material.campaign, frozenset(known), tuple(rules))
    kept = TEXTS.question("closed help lines", (closed.told, judge.fingerprints))
    names = LineNames(rules, contacts.values())
    operators = _operators(material.campaign, organisation.name.casefold())
    for view in material.views:
        yield from _closed(view, closed, lambda text: kept.of(text, lambda t: closed.lines_in(t, judge.spelled(t))))
        yield from _block(view)
        yield from _unknown(view, judge)
        yield from _operator(view, operators)
        yield from _promise(view, rules)
        yield from _label_of_another(view, names)


def check_used_contacts(material: Material) -> Iterator[Finding]:
    """H105 to H107, H110 and N111, of each help line that is used."""
    contacts = material.campaign.contacts
    for contact_id, views in material.users_of(lambda view: view.contacts).items():
        if contacts[contact_id].status is ContactStatus.ACTIVE:
            yield from _verified(material, contacts[contact_id], views)


def _closed(view: View, closed: Closed, lines_in: Callable[[str], tuple[tuple[str, str], ...]]) -> Iterator[Finding]:
    """What may not be printed. ``lines_in``: the ids of the contacts that stand in a text, each with its words."""
    found: dict[Contact, str] = {}
    contacts = view.material.campaign.contacts
    for text in dict.fromkeys((*(part.flow for part in view.all_parts), *view.addresses)):
        found = {**{contacts[i]: words for i, words in lines_in(text)}, **found}
    for text in view.sent:  # the colors and sizes of HTML as it is written are digits too
        found = {**closed.found_in(text, numbers_too=False), **found}
    for contact, words in found.items():
        if contact.status is ContactStatus.QUARANTINED:
            why = f": {contact.note.rstrip('.')}" if contact.note else ""
            yield view.finding("H102", f'"{words}" ({contact.id}) is in quarantine{why}', words)
            continue
        new = successor_of(contact, view.material.campaign)
        instead = f"; today it is {new.value} ({new.id})" if new else "; no record says what replaced it"
        yield view.finding(
            "H101",
            f'"{words}" ({contact.id}) was replaced{instead}',
            words,
            hint=f"print {{{{ contact('{new.id}').value }}}} instead" if new else "",
        )


def _block(view: View) -> Iterator[Finding]:
    """What must be there."""
    campaign = view.material.campaign
    block = [c for i in campaign.block if (c := campaign.contacts.get(i)) and c.status is ContactStatus.ACTIVE]
    if not view.is_email:
        # A post has room for those alone that its closing line names, and for the telephone.
        in_tail = _IN_BLOCK.findall(campaign.post_tail)
        named = [c for c in block if c.id in in_tail or c.kind == "phone"]
        if in_tail or any(_printed(c, flow) for c in block for flow in view.flows):
            block = named
    missing = [c.id for c in block if not all(_printed(c, flow) for flow in view.flows)]
    if missing:
        yield view.finding("H103", f"the help line is missing: {', '.join(missing)}")


def _printed(contact: Contact, flow: str) -> bool:
    by_number = digits_of(contact.value) in [digits for _, digits in numbers_in(flow)]
    return by_number or stands_in(fold(contact.value).casefold(), flow.casefold())


def _unknown(view: View, judge: KnownNumbers) -> Iterator[Finding]:
    """What nobody knows."""
    seen: set[str] = set()
    addresses = tuple(a for a in view.addresses if not a.startswith("http"))
    for block in dict.fromkeys((*(b for part in view.all_parts for b in part.blocks), *addresses)):
        for words, meant, message in judge.unknown_in(block):
            if meant not in seen:
                seen.add(meant)
                yield view.finding("H104", message, words)
        for words, digits in judge.in_words(block):
            if digits not in seen:
                seen.add(digits)
                yield view.finding("H113", f'"{words}" is {digits} in words', words)


def _operator(view: View, operators: Mapping[str, Contact]) -> Iterator[Finding]:
    texts: list[tuple[str, str]] = []
    for name, contact in operators.items():
        texts = texts or [(t, t.translate(_SIGNS)) for t in (part.flow.casefold() for part in view.all_parts)]
        key = _key_of(name)
        if any(key in pieces and _other_spellings(name).search(text) for text, pieces in texts):
            yield view.finding("H108", f"the operator of {contact.id} is printed", name)
            return


def _operators(campaign: Campaign, own: str) -> dict[str, Contact]:
    """The names of those who run the lines, each with its first line; who runs its ``own`` says who it is."""
    found: dict[str, Contact] = {}
    for contact in campaign.contacts.values():
        name = re.split(r"[(,;]", fold(contact.operator))[0].strip().casefold()
        if contact.status is ContactStatus.ACTIVE and len(name) >= SHORTEST and name != own:
            found.setdefault(name, contact)
    return found


def _promise(view: View, rules: Sequence[HelpLineRules]) -> Iterator[Finding]:
    all_texts = "\n".join(map(folded, view.own_texts))
    if not any(of.secret.search(all_texts) for of in rules):
        return
    said = ((text, found) for text in view.own_texts for of in rules if (found := of.secret.search(folded(text))))
    text, found = next(said, ("", None))
    if found and not any(of.quoted.search(folded(flow)) for of in rules for flow in view.flows):
        words = text[found.start() : found.end()]
        yield view.finding("H109", f'"{words}" is promised on behalf of a help line', text[:200])


def _label_of_another(view: View, names: LineNames) -> Iterator[Finding]:
    """A number or an address that is given to another line than its own."""
    seen: set[str] = set()
    for part in view.all_parts:
        for block in part.blocks:
            if block in names.fine:
                continue
            found = names.wrong_in(block) if _REACHED.search(block) else ()
            if not found:
                names.fine.add(block)
            for words, named, its in found:
                if words not in seen:
                    seen.add(words)
                    yield view.finding("H112", f'{words} stands beside "{named}", and reaches {its}', words)


def _verified(material: Material, contact: Contact, views: Sequence[View]) -> Iterator[Finding]:
    """Who tried it, and when."""
    where, signed_on = contact.where, material.signed_on(contact)
    if signed_on is None:
        lack = material.signatures.lack_of("contact", contact.id)
        said = about(contact, "the help line ", f" {lack}", views)
        yield CODES["H105"].at(where, said, items=ids_of(views))
    others = [
        w for w in contact.find if digits_of(contact.value) and digits_of(w) not in ("", digits_of(contact.value))
    ]
    if others:
        said = about(contact, "", f" is {contact.value}, and its other spelling {others[0]} is not")
        yield CODES["N111"].at(where, said, hint=WRITE_ALIKE)
    if contact.verified_on and contact.verified_on > material.today:
        said = about(contact, "", f" was verified on {contact.verified_on}, which has not come")
        yield CODES["H110"].at(where, said, items=ids_of(views))
        return
    checked = signed_on or contact.verified_on
    unsigned = ("the newest evidence for ", f" is from {checked}, and nobody has signed it")
    before, after = ("", f" was verified last on {checked}") if signed_on else unsigned
    oldest, shortly = material.settings.contact_max_age_days, material.settings.contact_reverify_days
    stale = [v for v in views if checked is None or v.message.on - checked > timedelta(days=oldest)]
    start_on = material.plan.season.start_on
    if stale and checked is None:
        said = about(contact, "nobody has verified ", " yet", stale)
        yield CODES["H106"].at(where, said, items=ids_of(stale))
    elif stale:
        after += f"; its message of {stale[0].message.on} comes more than {counted(oldest, 'day')} later"
        yield CODES["H106"].at(where, about(contact, before, after, stale), items=ids_of(stale))
    elif checked and start_on - checked > timedelta(days=shortly):
        after += f"{', not within' if signed_on else ' in'} the {counted(shortly, 'day')} before {start_on}"
        yield CODES["H107"].at(where, about(contact, before, after), items=ids_of(views))


# -- numbers and addresses, however they are written --------------------------------------------------------------


# -- closed help lines --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spelling:
    """One way of writing a contact that is closed: text in small letters, or digits."""

    text: str
    digits: str
    contact: Contact
    #: Its longest word in one piece: where this is not in a text, nothing else of it is.
    key: str = ""

    def search(self, text: str) -> re.Match[str] | None:
        return _other_spellings(self.text).search(text)


@lru_cache(maxsize=512)
def _other_spellings(text: str) -> re.Pattern[str]:
    return re.compile(other_spellings(text), re.IGNORECASE)


@dataclass(frozen=True)
class Closed:
    """All spellings of superseded and quarantined contacts, longest first, and what must not be taken for one."""

    spellings: tuple[Spelling, ...]
    open_texts: tuple[str, ...]

    @property
    def told(self) -> tuple[object, ...]:
        """All that an answer about a text rests on."""
        return tuple((s.text, s.digits, s.contact.id) for s in self.spellings), self.open_texts

    def lines_in(self, text: str, spelled: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """The ids of the contacts that stand there, each with its words; ``spelled``: numbers in words."""
        return tuple((c.id, words) for c, words in self.found_in(text, spelled=spelled).items())

    def found_in(
        self, text: str, *, numbers_too: bool = True, spelled: Sequence[tuple[str, str]] = ()
    ) -> dict[Contact, str]:
        """The contacts that stand there, with their words as they were found; ``numbers_too``: as digits too;
        ``spelled``: numbers in words, with their digits."""
        found: dict[Contact, str] = {}
        numbers = {digits: printed for printed, digits in (*spelled, *numbers_in(text))} if numbers_too else {}
        rest = text.casefold()
        if numbers_too:  # the quick look first
            pieces = rest.translate(_SIGNS)
            near = [
                one
                for one in self.spellings
                if (one.key in pieces if not one.digits else one.digits in numbers or one.digits in rest)
            ]
        else:
            near = [one for one in self.spellings if not one.digits and one.text in rest]
        for words in self.open_texts if near else ():
            rest = rest.replace(words, " \x00 ")
        for spelling in near:
            if spelling.digits:
                if spelling.digits in numbers or stands_in(spelling.digits, rest):
                    found.setdefault(spelling.contact, numbers.get(spelling.digits, spelling.digits))
            elif (numbers_too or spelling.text in rest) and (match := spelling.search(rest)):
                found.setdefault(spelling.contact, match[0])
                rest = rest.replace(match[0], " \x00 ")
        return found


#: All ASCII signs but letters and digits, to be left out.
_SIGNS = {n: None for n in range(128) if not chr(n).isalnum()}


@lru_cache(maxsize=512)
def _key_of(text: str) -> str:
    """The longest piece of a name that is written in one way alone, without the signs between its words."""
    low = text.casefold()
    if "@" in low or "." in low:
        return max(re.findall(r"[^\W_]+", low), key=len, default="")
    runs = [""]
    for word in re.findall(r"[^\W_]+", low):
        if other_spellings(f"{word} x").endswith(f"{re.escape(word)}[\\W_]{{0,3}}x(?![^\\W_])"):
            runs[-1] += word
        else:
            runs.append("")
    return max(runs, key=len)


def closed_spellings(campaign: Campaign) -> Closed:
    """How the campaign's superseded and quarantined contacts may be written."""
    return _closed_of(tuple(campaign.contacts.values()))


@lru_cache(maxsize=4)
def _closed_of(contacts: tuple[Contact, ...]) -> Closed:
    """Of the same contacts once, whatever asks: each letter is a material of its own."""
    spellings: list[Spelling] = []
    active = [c for c in contacts if c.status is ContactStatus.ACTIVE]
    open_digits = {d for c in active for v in (c.value, *c.find) if (d := digits_of(v))}
    open_texts = {fold(t).casefold() for c in active for t in (c.value, c.label, c.href, *c.find) if t}
    for contact in (c for c in contacts if c.status is not ContactStatus.ACTIVE):
        for value in dict.fromkeys((contact.value, *contact.find)):
            if digits := digits_of(value):
                if digits not in open_digits:
                    spellings.append(Spelling(value.casefold(), digits, contact))
                continue
            written = value if _ACRONYM.fullmatch(value) else fold(value).casefold()
            texts = {written, host_of(value) if contact.kind in ("web", "chat") else ""}
            spellings += [
                Spelling(t, "", contact, _key_of(t))
                for t in texts
                if len(t) >= SHORTEST and t.casefold() not in open_texts
            ]
    return Closed(
        tuple(sorted(spellings, key=lambda s: longest_first(s.text))),
        tuple(sorted((t for t in open_texts if len(t) >= SHORTEST), key=longest_first)),
    )


def successor_of(contact: Contact, campaign: Campaign) -> Contact | None:
    """The active contact that replaced this one, directly or over others."""
    seen = {contact.id}
    while contact.status is not ContactStatus.ACTIVE:
        following = campaign.contacts.get(contact.superseded_by) or next(
            (c for c in campaign.contacts.values() if contact.id in c.supersedes), None
        )
        if following is None or following.id in seen:
            return None
        seen.add(following.id)
        contact = following
    return contact


def check_stored_contacts(campaign: Campaign) -> Iterator[Finding]:
    """H111: closed contacts in the stored editions."""
    closed = closed_spellings(campaign)
    for source in campaign.sources.values():
        for contact, words in closed.found_in(fold(source.text)).items():
            yield CODES["H111"].at(
                source.where, f'{source.id} prints "{words}" ({contact.id}), which is no longer true'
            )
