"""The top-level domains of the day, from the public suffix list that the package ``publicsuffixlist`` keeps current."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from ..errors import ConfigurationError

# Withdrawn since X's published counter was made; it still takes them for addresses.
_WITHDRAWN = frozenset(
    (
        "abarth active adac afamilycompany aigo alfaromeo an avianca bananarepublic bentley bl blanco bnl boots bq "
        "budapest bugatti cancerresearch cartier caseih cbs ceb chloe chrysler cityeats comcast cookingchannel csc "
        "dabur dodge doha doosan duck dunlop duns eh epost esurance etisalat everbank fiat flsmidth foodnetwork "
        "frontdoor fujixerox glade goo goodhands guardian hgtv honeywell hoteles htc iinet intel iselect iveco iwc jcp "
        "jlc juniper kerrylogistics kinder ladbrokes lancaster lancia lancome liaison linde lipsy lixil loft lupin "
        "macys maserati mcd mcdonalds meo metlife mf mobily montblanc mopar movistar mtpc mutual mutuelle nadex "
        "nationwide natura newholland northwesternmutual off oldnavy onyourside orientexpress pamperedchef panerai "
        "passagens piaget pramerica qvc raid redstone rightathome rmit rocher sapo sca scjohnson scor ses shaw "
        "showtime shriram spiegel spreadbetting srt starhub statoil swiftcover symantec telecity telefonica tiffany tp "
        "travelchannel uconnect um vista vistaprint volkswagen vuelos warman wolterskluwer xfinity xperia zippo "
        "اتصالات موبايلي 大众汽车 工行 手表 珠宝 诺基亚 "
    ).split()
)
_END_OF_REGISTRIES = "// ===END ICANN DOMAINS==="


@cache
def top_level_domains() -> frozenset[str]:
    """All top-level domains that X may know, lower case, international ones in their own letters (``рф``, ``中国``).

    Reads the list's text, not the package's class, which would spend its time on rules that are not needed here.
    Kept for the life of the process. Raises :class:`ConfigurationError` when the list is not there.
    """
    path = _list_path()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the list of top-level domains cannot be read ({path.name}: {type(error).__name__})",
            hint="install the package publicsuffixlist again",
        ) from error
    return parse(text) | _WITHDRAWN


def parse(text: str) -> frozenset[str]:
    """Top-level domains of a public suffix list: the last label of each rule above the private domains."""
    registries, _, _ = text.partition(_END_OF_REGISTRIES)
    # A rule may stand alone as "*.ck" or "!www.ck"; the last label is the top-level domain in each form.
    return frozenset(
        rule.rpartition(".")[2].lower()
        for rule in map(str.strip, registries.splitlines())
        if rule and not rule.startswith("//")
    )


def _list_path() -> Path:
    spec = find_spec("publicsuffixlist")
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError(
            "the package publicsuffixlist is missing; without it the length of a post cannot be counted",
            hint="install Observance's requirements again",
        )
    return Path(next(iter(spec.submodule_search_locations))) / "public_suffix_list.dat"
