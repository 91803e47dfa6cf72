"""What a program has asked: its query and its body, read strictly. What is unknown, doubled or of another form is
refused with its name and its place; what was sent is never repeated in the answer but for the names of its fields."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from ...domain.api_key import KEY_PREFIX
from ...domain.hidden import PERSONAL, hidden_in, name_of
from ...schema.field import Key
from ...schema.misfit import Misfit, Rule, words_of
from ...schema.table import values
from ..refusals import Problem
from .route_table import QUERY

#: Bytes: the longest comment in the widest way of writing it down, and some more.
LARGEST_BODY = 128 * 1024
_WHOLE = re.compile(r"-?[0-9]{1,18}")


def read_body(form: Mapping[str, Key]) -> dict[str, Any]:
    """The body of the request, if it is JSON and fits what ``form`` declares. Raises Problem."""
    in_utf8 = request.mimetype_params.get("charset", "utf-8").lower() in ("utf-8", "utf8")
    if request.mimetype != "application/json" or not in_utf8 or request.headers.get("Content-Encoding"):
        raise Problem(
            415,
            "not-json",
            "The body is not sent as JSON",
            where="header Content-Type",
            what_to_do="send Content-Type: application/json, in UTF-8, not compressed",
            headers={"Accept-Post": "application/json"},
        )
    request.max_content_length = LARGEST_BODY
    try:
        sent = request.get_data(cache=False)
        if len(sent) >= LARGEST_BODY:  # of a body that does not tell its length, no more than this is read
            raise RequestEntityTooLarge
        body = json.loads(sent.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number, parse_float=_number)
        json.dumps(body, ensure_ascii=False).encode()  # half a character (\\ud800) no database can write down
    except RequestEntityTooLarge:
        raise Problem(
            413, "too-much", "The body is too large", where="body", what_to_do=f"send less than {LARGEST_BODY:,} bytes"
        ) from None
    except json.JSONDecodeError as error:
        raise _unreadable(f"{error.msg} in line {error.lineno}, column {error.colno}") from None
    except UnicodeDecodeError:
        raise _unreadable("it is not UTF-8") from None
    except UnicodeEncodeError:
        raise _unreadable("it holds half a character (a lone surrogate)") from None
    except RecursionError:
        raise _unreadable("it is nested too deeply") from None
    except ValueError as error:
        raise _unreadable(str(error) if type(error) is _Unusable else "a number in it is too long") from None
    _fitting(form, body, "body", 422)
    _refuse_hidden(body, "body")
    return dict(body)


def _refuse_hidden(value: Any, place: str) -> None:
    if isinstance(value, str):
        found = hidden_in(value, PERSONAL)
        if found:
            raise Problem(
                422,
                "misfit",
                f"The {place} holds a hidden character",
                detail=f"{name_of(found[0].character)}, character {found[0].start + 1} of it",
                where=place,
                what_to_do="take it out, and send the rest again; spaces of any width may stay",
            )
    elif isinstance(value, list):
        for entry in value:
            _refuse_hidden(entry, place)
    elif isinstance(value, dict):
        for name, entry in value.items():
            _refuse_hidden(entry, f"{place}.{_named(name)}")


def read_query(names: Collection[str]) -> dict[str, Any]:
    """The query of the request, if each of its parts is among ``names`` and fits. Raises Problem."""
    keys = {name: QUERY[name] for name in names}
    asked: dict[str, Any] = {}
    for name, sent in request.args.lists():
        if len(sent) > 1:
            raise Problem(
                400,
                "misfit",
                "A part of the query stands there twice",
                where=f"query {_named(name)}",
                what_to_do="send it once",
            )
        whole = name in keys and keys[name].kind is int and _WHOLE.fullmatch(sent[0])
        asked[name] = int(sent[0]) if whole else sent[0]
    return _fitting(keys, asked, "query", 400)


def _fitting(keys: Mapping[str, Key], sent: Any, place: str, status: int) -> dict[str, Any]:
    """What was sent, by attribute, if it fits. Raises Problem."""
    found: list[Misfit] = []
    if not isinstance(sent, dict):
        raise _refused(place, status, [{"where": place, "what": f"{place} must be an object"}])
    fitting = values(keys, sent, found.append)
    misfits = [_misfit(one, place) for one in found if one.rule is not Rule.TWICE][:10]
    if misfits or fitting is None:
        raise _refused(place, status, misfits)
    return fitting


def _refused(place: str, status: int, misfits: list[dict[str, str]]) -> Problem:
    return Problem(
        status,
        "misfit",
        f"The {place} is not as it has to be",
        detail="; ".join(m["what"] for m in misfits),
        where=misfits[0]["where"],
        what_to_do="see /api/v1/openapi.json for what is allowed",
        misfits=misfits,
    )


def _misfit(found: Misfit, place: str) -> dict[str, str]:
    path = found.path[:-1] if found.rule in (Rule.UNKNOWN, Rule.MISSING) else found.path
    where = ".".join([place, *(_named(str(part)) for part in path)])
    return {"where": where, "what": f"{where} {_words(found)}"}


def _words(found: Misfit) -> str:
    """What is wrong, in words made from the declaration alone: what was sent is not repeated."""
    if found.rule is Rule.UNKNOWN:
        return f"has {_named(found.name)}, which is not known here; known: {_listed(found.known)}"
    if found.rule is Rule.MISSING:
        return f"lacks {_named(found.name)}"
    return words_of(found, lambda _sent: "something else", _KINDS)


_KINDS = {str: "text", int: "a whole number", bool: "true or false", dict: "an object", list: "a list"}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(_named(name) for name in names) or "none"


def _named(name: str) -> str:
    """The name of a field as it was sent, shortened; not if it is a key that went astray."""
    shown = "".join(c if c.isprintable() else "?" for c in name)
    return "[a key]" if KEY_PREFIX in shown else shown[:60] + ("..." if len(shown) > 60 else "")


class _Unusable(ValueError):
    """What JSON allows, or Python, and this address does not. The text is ours."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Unusable("a name stands twice in one object")
    return made


def _no_number(_word: str) -> Any:
    raise _Unusable("NaN and Infinity are no numbers")


def _number(text: str) -> float | int:
    """``2.0`` is the whole number 2 to JSON Schema; so it is to what comes behind."""
    value = float(text)
    return int(value) if value.is_integer() else value


def _unreadable(detail: str) -> Problem:
    title = "The body cannot be read as JSON"
    return Problem(400, "unreadable", title, detail=detail, where="body", what_to_do="correct it, and send it again")
