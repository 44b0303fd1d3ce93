"""Which requests and keys each `fan_out` gives; the table in docs/requests.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import nac

KEY = 'idempotency_key: "k-1"\n'
LISTED = "recipients: [{user: u0}, {user: u1}]\n"
FOUND = 'recipients: [{each: "{{ event.people }}", user: "{{ item }}"}]\n'


def compiled(root: Path, text: str, people: int = 2, size: int = 0) -> tuple[list[tuple[int, str | None]], list[str]]:
    """(people, key) of each request, and the codes of the findings."""
    folder = root / "notifications"
    folder.mkdir(exist_ok=True)
    (folder / "one.yaml").write_text(f"workflow: one\n{text}")
    loaded = nac.load(root)
    assert not loaded.diagnostics
    who: list[Any] = [{"distinct_id": f"u{n}", "note": "x" * size} if size else f"u{n}" for n in range(people)]
    done = nac.compile(loaded.project, "one", {"people": who})
    return [(len(one.people), one.key) for one in done.payloads], [one.rule.code for one in done.diagnostics]


def test_listed_people_share_the_triggers_own_key(tmp_path: Path) -> None:
    assert compiled(tmp_path, KEY + LISTED) == ([(2, "k-1")], [])


def test_found_people_get_a_request_and_a_key_each(tmp_path: Path) -> None:
    requests, _ = compiled(tmp_path, KEY + FOUND)
    assert [people for people, _ in requests] == [1, 1]
    keys = [key for _, key in requests]
    assert len(set(keys)) == 2
    assert all(key and key.startswith("k-1:") for key in keys)


def test_more_than_a_hundred_get_one_each_listed_or_not(tmp_path: Path) -> None:
    listed = "recipients: [" + ", ".join(f"{{user: u{number}}}" for number in range(101)) + "]\n"
    requests, _ = compiled(tmp_path, KEY + listed)
    assert len(requests) == 101
    assert {people for people, _ in requests} == {1}


@pytest.mark.parametrize(("people", "requests"), [(2, [2]), (100, [100]), (250, [100, 100, 50])])
def test_batches_are_as_few_as_fit(tmp_path: Path, people: int, requests: list[int]) -> None:
    found, _ = compiled(tmp_path, KEY + FOUND + "fan_out: batch\n", people)
    assert [count for count, _ in found] == requests


def test_batches_are_cut_by_size_too(tmp_path: Path) -> None:
    found, codes = compiled(tmp_path, KEY + FOUND + "fan_out: batch\n", 50, size=50_000)
    assert [count for count, _ in found] == [16, 16, 16, 2]
    assert codes == []


def test_one_request_when_it_is_asked_for(tmp_path: Path) -> None:
    assert compiled(tmp_path, KEY + FOUND + "fan_out: request\n", 100) == ([(100, "k-1")], [])
    assert compiled(tmp_path, KEY + FOUND + "fan_out: request\n", 101) == ([], ["NAC502"])


def test_without_a_key_a_few_go_out_together(tmp_path: Path) -> None:
    assert compiled(tmp_path, FOUND, 100) == ([(100, None)], [])
    assert compiled(tmp_path, FOUND, 50, size=50_000)[0] == [(16, None), (16, None), (16, None), (2, None)]
    assert compiled(tmp_path, FOUND, 101)[0] == [(1, None)] * 101


def test_one_person_over_the_limit_is_told(tmp_path: Path) -> None:
    assert compiled(tmp_path, KEY + FOUND, 2, size=900_000) == ([], ["NAC501"])


def test_an_actor_has_no_nulls_either(tmp_path: Path) -> None:
    folder = tmp_path / "notifications"
    folder.mkdir()
    actor = 'actor: {distinct_id: a, $email: "{{ event.mail }}", $sms: ["{{ event.tel }}"], note: "{{ event.mail }}"}\n'
    (folder / "one.yaml").write_text(f"workflow: one\n{actor}{LISTED}")
    done = nac.compile(nac.load(tmp_path).project, "one", {"mail": None, "tel": None})
    assert not done.diagnostics
    assert done.payloads[0].body["actor"] == {"distinct_id": "a", "note": None}
