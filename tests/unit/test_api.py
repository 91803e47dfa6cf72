"""The JSON API shows what the command line shows, and acts as it does, in the name of the key's person."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.cli.main import main
from scheduler.domain.api_key import Scope
from scheduler.domain.season_key import SeasonKey
from scheduler.services.seasons import rehearse, write_dry_run
from scheduler.web.api.request_parsing import LARGEST_BODY
from tests.support.api_factory import CAMPAIGN, ITEM, NOW, READER, Api

READ, REVIEW, OPERATE = Scope.READ, Scope.REVIEW, Scope.OPERATE


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    made = Api(tmp_path)
    yield made
    made.close()


def problem(answer) -> str:
    """The name of the error."""
    return answer.get_json()["type"].rpartition(":")[2]


# -- reading --------------------------------------------------------------------------------------------


def test_the_index_leads_to_everything_and_says_what_the_key_is(api: Api) -> None:
    """A program can begin there, and find each list by its link."""
    index = api.get("/", REVIEW)
    assert ("review", "Ben Example", "fact-reviewer") == tuple(index["key"][k] for k in ("scope", "person", "role"))
    for href in index["links"].values():
        assert 200 == api.client.get(href, headers={"Authorization": f"Bearer {api.key(READ)}"}).status_code


def test_the_plan_is_that_of_the_dry_run(api: Api, tmp_path: Path) -> None:
    """Byte for byte the same data as plan.json, but for the time of making."""
    rehearsal = rehearse(api.project, CAMPAIGN, ledger=api.ledger)
    write_dry_run(api.project, rehearsal, tmp_path / "out")
    written = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    served = api.get(f"/campaigns/{CAMPAIGN}/seasons/2027/plan")
    assert {**written, "made_at": ""} == {**served, "made_at": ""}
    assert len(served["items"]) > 4


def test_campaigns_lead_to_their_plans(api: Api) -> None:
    """With the season that comes next; one that cannot be read says so, and hides no other."""
    (api.folder / "campaigns" / "half-made").mkdir()
    broken, good = api.get("/campaigns")["campaigns"]
    assert ("half-made", False) == (broken["id"], broken["usable"])
    assert (CAMPAIGN, True, 2027) == (good["id"], good["usable"], good["season"])
    assert good["plan"].removeprefix("/api/v1") == f"/campaigns/{CAMPAIGN}/seasons/2027/plan"


def test_an_item_shows_what_goes_out_and_what_is_missing(api: Api) -> None:
    """Whole texts, digests, findings, and who has not said yes yet; a mail with its HTML."""
    item = api.get(f"/items/{ITEM}")
    by_channel = {m["channel"]: m for m in item["messages"]}
    assert {"x", "email"} == by_channel.keys()
    assert "<html" in by_channel["email"]["html"]
    message = rehearse(api.project, CAMPAIGN, ledger=api.ledger).message(ITEM, "x")
    assert message is not None
    assert (message.digest, message.body.text) == (by_channel["x"]["digest"], by_channel["x"]["text"])
    assert ["approval"] == [lack["kind"] for lack in by_channel["x"]["missing"]]


def test_findings_of_a_campaign_that_cannot_be_read_say_why(api: Api) -> None:
    """That is what one asks for findings for; other routes answer 409 with the same findings."""
    assert True is api.get("/findings")["usable"]
    api.break_campaign()
    found = api.get("/findings")
    assert (False, True) == (found["usable"], any(f["severity"] == "red" for f in found["findings"]))
    for path in (f"/campaigns/{CAMPAIGN}/seasons/2027/plan", f"/items/{ITEM}", "/status", "/report", "/deliveries"):
        answer = api.ask("GET", path)
        assert (409, "campaign-unusable") == (answer.status_code, problem(answer)), path
        assert found["findings"] == answer.get_json()["findings"]


def test_status_is_what_the_command_prints(api: Api, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """`status --json`, key by key."""
    api.plan_deliveries()
    api.ledger.holds.set("x", who="Ada", why="a doubt", now=NOW)
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(api.folder))
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", NOW.isoformat())
    main(["status", "--json"])
    printed = json.loads(capsys.readouterr().out)
    answered = api.get("/status")
    for one in (printed, answered):  # each looks at the files by itself, and says when
        assert NOW.isoformat()[:16] == one["files"].pop("looked_at")[:16]
    assert printed == answered
    main(["deliveries", "--json"])
    assert json.loads(capsys.readouterr().out) == api.get("/deliveries")["deliveries"]
    main(["subscribers", "count", "--json"])
    assert json.loads(capsys.readouterr().out) == api.get("/subscribers/count")
    main(["report", "--json"])
    assert {**json.loads(capsys.readouterr().out), "made_at": ""} == {**api.get("/report"), "made_at": ""}


def test_no_answer_holds_a_readers_address_or_name(api: Api) -> None:
    """Whatever the key: readers are counted, never named."""
    ids = api.plan_deliveries()
    api.doubt(next(d.id for d in map(api.ledger.deliveries.find, ids) if d and d.channel == "email"))
    paths = [f"/deliveries/{n}" for n in ids]
    paths += [
        "/",
        "/campaigns",
        f"/items/{ITEM}",
        "/findings",
        "/deliveries",
        "/status",
        "/report",
        "/holds",
        "/events",
        "/subscribers/count",
        f"/campaigns/{CAMPAIGN}/seasons/2027/plan",
    ]
    for scope in Scope:
        said = "".join(json.dumps(api.get(path, scope)) for path in paths)
        assert [] == [word for word in (READER, READER.partition("@")[0], "Rowan Quill") if word in said]


def test_deliveries_come_a_page_at_a_time_unknown_ones_first(api: Api) -> None:
    """Each once, in the order of the command line, whatever the size of a page."""
    ids = api.plan_deliveries()
    api.doubt(ids[-1])
    path, seen = "/deliveries?limit=3", []
    while path:
        page = api.get(path)
        assert len(page["deliveries"]) <= 3
        seen += [d["id"] for d in page["deliveries"]]
        path = (page["next"] or "").removeprefix("/api/v1")
    assert ids[-1] == seen[0]
    assert sorted(ids) == sorted(seen)
    assert [ids[-1]] == [d["id"] for d in api.get("/deliveries?state=unknown")["deliveries"]]
    assert 0 == api.get("/deliveries?mode=live")["total"]


def test_the_history_can_be_checked_by_who_reads_it(api: Api) -> None:
    """From the answers alone each hash is computed again, as the description says; pages join without a gap."""
    api.plan_deliveries()
    api.ledger.holds.set("x", who="Ädä Example", why="ein Zweifel – „so“", now=NOW)
    path, previous, number = "/events?limit=2", "0" * 64, 0
    while path:
        page = api.get(path)
        for event in page["events"]:
            number += 1
            data = json.dumps(event["data"], sort_keys=True, ensure_ascii=False)
            line = [event["id"], event["at"], event["kind"], event["who"], event["delivery"], data, event["previous"]]
            digest = hashlib.sha256(json.dumps(line, ensure_ascii=False).encode()).hexdigest()
            assert (number, previous, digest) == (event["id"], event["previous"], event["hash"])
            previous = event["hash"]
        path = (page["next"] or "").removeprefix("/api/v1")
    assert page["total"] == number
    assert number > 4


def test_a_look_that_has_not_changed_is_not_sent_again(api: Api) -> None:
    """By its ETag; the time of making does not count, a new approval does."""
    path = f"/campaigns/{CAMPAIGN}/seasons/2027/plan"
    tag = api.ask("GET", path).headers["ETag"]
    api.clock.jump(NOW.replace(minute=7))
    again = api.ask("GET", path, headers={"If-None-Match": tag})
    assert (304, b"") == (again.status_code, again.data)
    api.ask("POST", f"/items/{ITEM}/approvals", REVIEW, json={"seen": api.digests()})
    assert 200 == api.ask("GET", path, headers={"If-None-Match": tag}).status_code


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/items/no-such", 404, "no-such-item"),
        ("/items/2027-03-08", 404, "no-such-item"),
        ("/campaigns/no-such/seasons/2027/plan", 404, "no-such-campaign"),
        ("/campaigns/reading-week/seasons/1999/plan", 404, "no-such-season"),
        ("/campaigns/reading-week/seasons/now/plan", 404, "no-such-season"),
        ("/findings?season=1999", 404, "no-such-season"),
        ("/findings?season=99999", 400, "misfit"),
        ("/findings?campaign=no-such", 404, "no-such-campaign"),
        ("/findings?sesaon=2027", 400, "misfit"),
        ("/findings?season=2027&season=2028", 400, "misfit"),
        ("/holds?limit=1", 400, "misfit"),
        ("/deliveries?limit=0", 400, "misfit"),
        ("/deliveries?limit=many", 400, "misfit"),
        ("/deliveries?state=gone", 400, "misfit"),
        ("/deliveries/0", 404, "no-such-delivery"),
        ("/deliveries/99999999999999999999999", 404, "no-such-delivery"),
        ("/deliveries/-1", 404, "no-such-delivery"),
        ("/deliveries/²", 404, "no-such-delivery"),
        ("/no-such", 404, "no-such-address"),
    ],
)
def test_what_is_not_there_is_said(api: Api, path: str, status: int, name: str) -> None:
    """What, where, and what to do; never another thing in its place."""
    answer = api.ask("GET", path)
    assert (status, name) == (answer.status_code, problem(answer))
    assert answer.get_json()["what_to_do"]


def test_with_several_campaigns_one_has_to_be_named(api: Api) -> None:
    """None is guessed."""
    (api.folder / "campaigns" / "half-made").mkdir()
    answer = api.ask("GET", "/findings")
    assert (400, "which-campaign") == (answer.status_code, problem(answer))
    assert 200 == api.ask("GET", f"/findings?campaign={CAMPAIGN}").status_code


# -- reviewing ------------------------------------------------------------------------------------------


def test_an_approval_is_the_persons_in_the_keys_role_for_what_was_read(api: Api) -> None:
    """The ledger holds it as if it were given at the keyboard, and the history names the key."""
    answer = api.ask("POST", f"/items/{ITEM}/approvals", REVIEW, json={"seen": api.digests(), "comment": "Good."})
    done = answer.get_json()
    assert (200, 2, 0, "Ben Example", "fact-reviewer") == (
        answer.status_code,
        len(done["approved"]),
        done["already"],
        done["by"],
        done["role"],
    )
    given = api.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all
    assert {("Ben Example", "fact-reviewer", digest) for digest in api.digests().values()} == {
        (a.person, a.role, a.digest) for a in given
    }
    event = api.ledger.events.newest(limit=1)[0]
    assert ("approval.given", "Ben Example", "review-ben-example-fact-reviewer") == (
        event.kind,
        event.who,
        event.data["key"],
    )
    assert all(not m["missing"] for m in done["missing"])


def test_an_approval_of_one_channel_leaves_the_other(api: Api) -> None:
    """Only what was read is approved."""
    digest = api.digests()["x"]
    api.ask("POST", f"/items/{ITEM}/approvals", REVIEW, json={"seen": {"x": digest}})
    assert [("x", digest)] == [
        (a.channel, a.digest) for a in api.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all
    ]


def test_an_approval_sent_again_approves_nothing_anew(api: Api) -> None:
    """An answer that was lost is asked for again without harm."""
    body = {"seen": api.digests()}
    api.ask("POST", f"/items/{ITEM}/approvals", REVIEW, json=body)
    lines = api.ledger.events.version()
    again = api.ask("POST", f"/items/{ITEM}/approvals", REVIEW, json=body).get_json()
    assert ([], 2, lines) == (again["approved"], again["already"], api.ledger.events.version())


def test_what_changed_meanwhile_is_not_approved(api: Api) -> None:
    """Not even the channel that is as it was: the person reads again. The answer says the digests of now."""
    seen = api.digests()
    file = api.folder / "campaigns" / CAMPAIGN / "items" / f"{ITEM}.md"
    file.write_text(file.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    answer = api.ask("POST", f"/items/{ITEM}/approvals", REVIEW, json={"seen": seen})
    assert (409, "changed-meanwhile") == (answer.status_code, problem(answer))
    assert api.digests() == answer.get_json()["digests"]
    assert () == api.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all


@pytest.mark.parametrize("seen", [{"fax": "0" * 64}, {"x": "0" * 64}])
def test_an_approval_of_what_is_not_there_is_refused(api: Api, seen: dict[str, str]) -> None:
    """A channel that the item has not, a digest that is none of ours."""
    assert 409 == api.ask("POST", f"/items/{ITEM}/approvals", REVIEW, json={"seen": seen}).status_code


def test_a_role_that_does_not_approve_cannot_by_a_key_either(api: Api) -> None:
    """And may comment all the same."""
    key = api.key(REVIEW, person="Bo Example", role="board-viewer")
    answer = api.ask("POST", f"/items/{ITEM}/approvals", key, json={"seen": api.digests()})
    assert (403, "role-does-not-approve") == (answer.status_code, problem(answer))
    assert 201 == api.ask("POST", f"/items/{ITEM}/comments", key, json={"text": "Hm."}).status_code


def test_a_role_that_was_taken_out_of_the_policy_does_nothing_any_more(api: Api) -> None:
    """The policy of now decides, not that of when the key was made."""
    key = api.key(REVIEW, person="Bo Example", role="night-editor")
    for path, body in (
        ("approvals", {"seen": api.digests()}),
        ("comments", {"text": "Hm."}),
        ("change-requests", {"comment": "Hm."}),
    ):
        answer = api.ask("POST", f"/items/{ITEM}/{path}", key, json=body)
        assert (403, "role-gone") == (answer.status_code, problem(answer)), path


def test_a_request_for_changes_stands_and_is_asked_once(api: Api) -> None:
    """It takes back the person's approval; sent again, it is the same request. Its words are private."""
    api.ask("POST", f"/items/{ITEM}/approvals", REVIEW, json={"seen": api.digests()})
    body = {"comment": "The year is missing, says secret-word."}
    made = api.ask("POST", f"/items/{ITEM}/change-requests", REVIEW, json=body)
    lines = api.ledger.events.version()
    again = api.ask("POST", f"/items/{ITEM}/change-requests", REVIEW, json=body)
    assert (201, 200, lines) == (made.status_code, again.status_code, api.ledger.events.version())
    assert made.get_json() == again.get_json()
    assert 2 == len(api.ledger.change_requests.of_season(SeasonKey(CAMPAIGN, 2027)))
    assert () == api.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all
    item = api.get(f"/items/{ITEM}")
    assert (2, False) == (
        len(item["requests"]),
        "secret-word" in json.dumps([item, api.get("/events"), api.get("/status")]),
    )
    other = api.ask(
        "POST", f"/items/{ITEM}/change-requests", REVIEW, json={"comment": "And the place.", "channel": "x"}
    )
    assert (201, ["x"]) == (other.status_code, [r["channel"] for r in other.get_json()["requests"]])


def test_a_comment_is_written_once_and_answered(api: Api) -> None:
    """The same words of the same person are one comment; an answer stands below what it answers."""
    first = api.ask("POST", f"/items/{ITEM}/comments", REVIEW, json={"text": "Which year?"})
    again = api.ask("POST", f"/items/{ITEM}/comments", REVIEW, json={"text": "Which year?"})
    assert (201, 200, first.get_json()) == (first.status_code, again.status_code, again.get_json())
    ada = api.key(REVIEW, person="Ada Example", role="coordinator")
    answer = {"text": "2025.", "answers": first.get_json()["id"]}
    assert 201 == api.ask("POST", f"/items/{ITEM}/comments", ada, json=answer).status_code
    assert ["Which year?", "2025."] == [c["text"] for c in api.get(f"/items/{ITEM}/comments", REVIEW)["comments"]]
    assert (
        201
        == api.ask(
            "POST",
            f"/items/{ITEM}/comments",
            ada,
            data=b'{"text": "Really.", "answers": 1.0}',
            content_type="application/json",
        ).status_code
    )
    lost = api.ask("POST", f"/items/{ITEM}/comments", ada, json={"text": "2026.", "answers": 99})
    assert (422, 3) == (lost.status_code, len(api.ledger.comments.of_season(SeasonKey(CAMPAIGN, 2027))))


# -- operating ------------------------------------------------------------------------------------------


def test_a_hold_is_in_force_at_once_and_set_once(api: Api) -> None:
    """With who, why, and by which key; sent again it is the same hold."""
    made = api.ask("POST", "/holds", OPERATE, json={"reason": "A survivor asked us to wait.", "channel": "x"})
    again = api.ask("POST", "/holds", OPERATE, json={"reason": "A survivor asked us to wait.", "channel": "x"})
    assert (201, 200) == (made.status_code, again.status_code)
    (hold,) = api.ledger.holds.in_force()
    assert ("x", "Ben Example", "A survivor asked us to wait.") == (hold.channel, hold.who, hold.why)
    assert "operate-ben-example-fact-reviewer" == api.ledger.events.newest(limit=1)[0].data["key"]
    told = made.get_json()
    assert [] == told.pop("under_way")
    assert [told] == api.get("/holds")["holds"]
    assert 201 == api.ask("POST", "/holds", OPERATE, json={"reason": "All of it."}).status_code
    assert {"x", "*"} == {h.channel for h in api.ledger.holds.in_force()}


def test_a_release_ends_holds_and_sends_nothing(api: Api) -> None:
    """What fell due meanwhile waits, is named, and is named again when asked again; a broken campaign is in no one's way."""
    first = api.plan_deliveries()[0]
    api.ask("POST", "/holds", OPERATE, json={"reason": "Wait."})
    due = api.ledger.deliveries.find(first)
    assert due is not None
    api.clock.jump(due.due_at)
    for _ in range(2):
        waiting = api.ask("POST", "/holds/release", OPERATE, json={}).get_json()["waiting"]
        assert [(first, "held")] == [(d["id"], d["state"]) for d in waiting]
    assert () == api.ledger.holds.in_force()
    api.ask("POST", "/holds", OPERATE, json={"reason": "Wait."})
    api.break_campaign()
    for _ in range(2):
        assert 200 == api.ask("POST", "/holds/release", OPERATE, json={}).status_code
    assert () == api.ledger.holds.in_force()
    api.ask("POST", "/holds", OPERATE, json={"reason": "Wait."})
    shutil.rmtree(api.folder / "campaigns")
    for _ in range(2):
        assert 200 == api.ask("POST", "/holds/release", OPERATE, json={}).status_code
    assert ((), []) == (api.ledger.holds.in_force(), api.get("/campaigns")["campaigns"])


@pytest.mark.parametrize("path", ["/holds", "/holds/release"])
def test_a_channel_that_there_is_not_is_refused(api: Api, path: str) -> None:
    """A hold of nothing would look like a hold."""
    body = {"channel": "fax", **({"reason": "Wait."} if path == "/holds" else {})}
    answer = api.ask("POST", path, OPERATE, json=body)
    assert (422, "name one of: x, email; or leave it out, for all") == (
        answer.status_code,
        answer.get_json()["what_to_do"],
    )
    assert () == api.ledger.holds.in_force()


@pytest.mark.parametrize(("word", "state"), [("sent", "sent"), ("not-sent", "scheduled")])
def test_a_doubt_is_settled_once_by_a_person(api: Api, word: str, state: str) -> None:
    """The history keeps who said it; a second word changes nothing."""
    delivery = api.plan_deliveries()[0]
    api.doubt(delivery)
    body = {"as": word, "reference": "1789012345678901234"}
    answer = api.ask("POST", f"/deliveries/{delivery}/resolution", OPERATE, json=body)
    assert (200, state, word, "Ben Example") == (
        answer.status_code,
        *(answer.get_json()[k] for k in ("state", "settled_as", "by")),
    )
    whole = api.get(f"/deliveries/{delivery}")
    assert "Ben Example" in {e["who"] for e in whole["events"]}
    again = api.ask("POST", f"/deliveries/{delivery}/resolution", OPERATE, json={"as": "sent"})
    assert (409, "nothing-in-doubt") == (again.status_code, problem(again))


# -- what is sent ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 400, "line 1, column 2"),
        (b"", 400, "line 1"),
        (b"\xff", 400, "not UTF-8"),
        (b'{"reason": "a", "reason": "b"}', 400, "twice"),
        (b'{"reason": NaN}', 400, "no numbers"),
        (b'{"reason": "\\ud800"}', 400, "half a character"),
        (b"[" * 100_000, 400, "nested too deeply"),
        (b'{"reason": ' + b"9" * 5000 + b"}", 400, "too long"),
        (b"[]", 422, "must be an object"),
        (b"{}", 422, "lacks reason"),
        (b'{"reason": "a", "chanel": "x"}', 422, "chanel, which is not known here; known: reason, channel"),
        (b'{"reason": 1e400}', 422, "body.reason must be text"),
        (b'{"reason": 1}', 422, "body.reason must be text"),
        (b'{"reason": ""}', 422, "body.reason is empty"),
        (b'{"reason": "   "}', 422, ""),
        (b'{"reason": "a\\u0000b"}', 422, "body.reason must be of the form"),
        (b'{"reason": "' + b"a" * 501 + b'"}', 422, "at most 500"),
        (b'{"reason": "' + b"a" * LARGEST_BODY + b'"}', 413, ""),
    ],
    ids=lambda v: repr(v)[:40],
)
def test_a_body_is_read_strictly(api: Api, body: bytes, status: int, words: str) -> None:
    """What cannot be read is 400, what is not allowed 422 with its place; nothing is guessed, and nothing done."""
    answer = api.ask("POST", "/holds", OPERATE, data=body, content_type="application/json")
    assert (status, True) == (answer.status_code, words in answer.get_json().get("detail", ""))
    assert () == api.ledger.holds.in_force()


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("text/plain", {}),
        ("application/x-www-form-urlencoded", {}),
        ("", {}),
        ("application/json; charset=latin-1", {}),
        ("application/json", {"Content-Encoding": "gzip"}),
        ("application/jsonp", {}),
    ],
)
def test_only_json_is_read(api: Api, kind: str, more: dict[str, str]) -> None:
    """No form of a foreign page can be taken for a body."""
    answer = api.ask("POST", "/holds", OPERATE, data=b'{"reason": "a"}', content_type=kind, headers=more)
    assert (415, ()) == (answer.status_code, api.ledger.holds.in_force())


def test_a_body_that_does_not_say_how_long_it_is_is_cut_off_too(api: Api) -> None:
    """Nor is its beginning taken for the whole, where that would be good JSON by itself."""
    stream = io.BytesIO(b'{"reason": "a"}' + b" " * 2 * LARGEST_BODY)
    answer = api.ask(
        "POST",
        "/holds",
        OPERATE,
        input_stream=stream,
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
        headers={"Transfer-Encoding": "chunked"},
    )
    assert (413, ()) == (answer.status_code, api.ledger.holds.in_force())
