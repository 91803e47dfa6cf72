"""The top-level domains of the day, from the public suffix list that the package ``publicsuffixlist`` keeps current."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from ..errors import ConfigurationError
from .text_answers import TEXTS

#: Of a rule: of a line that is no remark.
_LAST_LABEL = re.compile(r"^[ \t]*(?!//)(?=\S)(?:.*\.)?([^.\n]*?)[ \t\r]*$", re.MULTILINE)
#: By the file's place, size and times.
_IN_A_FILE = TEXTS.question("top-level domains")
_END_OF_REGISTRIES = "// ===END ICANN DOMAINS==="


@cache
def top_level_domains() -> frozenset[str]:
    """All top-level domains that X may know, lower case, international ones in their own letters (``рф``, ``中国``).

    Reads the list's text, not the package's class, which would spend its time on rules that are not needed here.
    Kept for the life of the process. Raises :class:`ConfigurationError` when the list is not there.
    """
    spec = find_spec("publicsuffixlist")
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError(
            "the package publicsuffixlist is missing; without it the length of a post cannot be counted",
            hint="install Observance's requirements again",
        )
    path = Path(next(iter(spec.submodule_search_locations))) / "public_suffix_list.dat"
    try:
        found = path.stat()
        as_it_is = f"{path} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"
        return frozenset(_IN_A_FILE.of(as_it_is, lambda _: [*parse(path.read_text(encoding="utf-8"))]))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the list of top-level domains cannot be read ({path.name}: {type(error).__name__})",
            hint="install the package publicsuffixlist again",
        ) from error


def parse(text: str) -> frozenset[str]:
    """Top-level domains of a public suffix list: the last label of each rule above the private domains."""
    registries, _, _ = text.partition(_END_OF_REGISTRIES)
    # A rule may stand alone as "*.ck" or "!www.ck"; the last label is the top-level domain in each form.
    return frozenset(label.lower() for label in {*_LAST_LABEL.findall(registries)})
