"""Whoever is in the audience is reached, once, whatever the audience: requests, order, keys, and what a service that
honours idempotency keys makes of two runs."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nac import api
from nac.directory import Query
from nac.event import Event
from nac.identity import derived_key
from nac.limits import MAX_BYTES, MAX_KEY, MAX_RECIPIENTS
from nac.load import load
from nac.payload import Payload
from nac.project import Project
from nac.tree import TreeError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SELECTORS = {
    "each": '{each: "{{ event.people }}", as: one, user: "{{ one }}"}',
    "from": "{from: people}",
}
FAN_OUTS = ("person", "batch")


@dataclass
class Files:
    """A project in memory."""

    files_by_path: dict[str, str]

    def files(self, under: str) -> Iterator[str]:
        yield from sorted(path for path in self.files_by_path if path.startswith(f"{under}/"))

    def read(self, path: str, limit: int = 0) -> bytes:
        if path not in self.files_by_path:
            raise TreeError("there is no such file")
        return self.files_by_path[path].encode()

    def exists(self, path: str) -> bool:
        return path in self.files_by_path


@dataclass
class People:
    """A directory in memory: the rows of `people`."""

    people: list[Any]

    def rows(self, query: Query) -> Iterator[dict[str, Any]]:
        assert query.directory == "people"
        yield from ({"who": one} for one in self.people)


def project() -> Project:
    files = {"notifications/nac.yaml": 'directories: {people: {path: people.csv, user: "{{ row.who }}"}}'}
    for selector, written in SELECTORS.items():
        for fan_out in (*FAN_OUTS, "request"):
            lines = [
                "workflow: w",
                f"recipients: [{written}]",
                f"fan_out: {fan_out}",
                'data: {text: "{{ event.text }}"}',
            ]
            files[f"notifications/{selector}/{fan_out}.yaml"] = "\n".join(
                [*lines, 'idempotency_key: "{{ event.key }}"']
            )
            files[f"notifications/{selector}/{fan_out}-without-key.yaml"] = "\n".join(lines)
    files["notifications/broadcast.yaml"] = (
        "kind: broadcast\nlist_id: all\ntemplate: news\nnotification_category: promotional\n"
        'idempotency_key: "{{ event.key }}"'
    )
    loaded = load(Files(files))
    assert loaded.diagnostics == ()
    return loaded.project


PROJECT = project()


def requests(
    trigger: str, people: list[Any], key: str = "key", text: str = "", now: datetime = NOW
) -> tuple[Payload, ...]:
    event = Event("event", {"people": people, "key": key, "text": text}, now)
    result = api.compile(PROJECT, trigger, event, People(people))
    if people:
        assert result.diagnostics == ()
    else:
        assert [one.rule.name for one in result.diagnostics] == ["no-recipients"]
    return result.payloads


class Crowd:
    """People by number. The same number is the same person, though not always written in the same way."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def person(self, number: int) -> Any:
        name = self.random.choice(["", "Ann", "Özlem", "x" * self.random.randrange(2000)])
        kind = number % 4
        if kind == 0:
            return self.random.choice([f"u{number}", {"distinct_id": f"u{number}", "name": name}])
        if kind == 1:
            return {"distinct_id": f"u{number}", "$email": [f"other-{name.encode().hex()[:20]}@example.com"]}
        if kind == 2:
            return {"object_type": self.random.choice(["teams"]), "id": f"u{number}", "name": name}
        address = self.random.choice([f"u{number}@example.com", f"U{number}@Example.com"])
        return {"is_transient": True, "$email": self.random.choice([address, [address]]), "name": name}

    def people(self, numbers: Iterable[int]) -> list[Any]:
        return [self.person(number) for number in numbers]


def number_of(recipient: Any) -> int:
    """Which person of a Crowd this is."""
    if isinstance(recipient, str):
        text = recipient
    elif "object_type" in recipient:
        text = recipient["id"]
    elif "distinct_id" in recipient:
        text = recipient["distinct_id"]
    else:
        address = recipient["$email"]
        text = (address[0] if isinstance(address, list) else address).partition("@")[0].lower()
    return int(text[1:])


@st.composite
def audiences(draw: st.DrawFn, most: int = 5000) -> tuple[int, list[int]]:
    """A seed, and the numbers of the people in a list, with some of them there more than once."""
    seed = draw(st.integers(0, 2**32))
    size = draw(st.one_of(st.sampled_from([0, 1, 2, 99, 100, 101, 200, 201, 1000, most]), st.integers(0, most)))
    known = draw(st.integers(1, max(1, 2 * size)))
    chooser = random.Random(seed)
    return seed, [chooser.randrange(known) for _ in range(size)]


@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("fan_out", [*FAN_OUTS, "batch-without-key", "person-without-key"])
@given(audience=audiences())
@settings(max_examples=25, deadline=None)
def test_nobody_lost_nobody_twice_order_kept(selector: str, fan_out: str, audience: tuple[int, list[int]]) -> None:
    seed, numbers = audience
    people = Crowd(seed).people(numbers)
    made = requests(f"{selector}/{fan_out}", people)
    first: dict[int, Any] = {}
    for number, person in zip(numbers, people, strict=True):
        first.setdefault(number, person)
    assert [person for payload in made for person in payload.people] == list(first.values())
    for payload in made:
        assert 1 <= len(payload.people) <= (MAX_RECIPIENTS if fan_out != "person" else 1)
        assert payload.size <= MAX_BYTES
        assert payload.body["recipients"] == list(payload.people)
    keys = [payload.key for payload in made]
    if fan_out in FAN_OUTS:
        assert len(set(keys)) == len(keys)
        assert all(key is not None and len(key) <= MAX_KEY for key in keys)
    else:
        assert set(keys) <= {None}


@given(seed=st.integers(0, 2**32), text=st.integers(0, 700_000), size=st.integers(1, 400))
@settings(max_examples=15, deadline=None)
def test_large_people_make_small_batches(seed: int, text: int, size: int) -> None:
    """`fan_out: batch` stops at 800 KB as well as at 100 people, also where characters are several bytes."""
    chooser = random.Random(seed)
    people = [
        {"distinct_id": f"u{number}", "bio": chooser.choice("aé€😀\n") * chooser.randrange(20_000)}
        for number in range(size)
    ]
    made = requests("each/batch", people, text="x" * text)
    assert [person for payload in made for person in payload.people] == people
    assert all(payload.size <= MAX_BYTES and len(payload.people) <= MAX_RECIPIENTS for payload in made)


class Service:
    """The service as its documentation tells it: a request whose key it has seen is skipped, whole."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.reached: Counter[int] = Counter()

    def take(self, made: Iterable[Payload]) -> None:
        for payload in made:
            if payload.key is not None:
                if payload.key in self.seen:
                    continue
                self.seen.add(payload.key)
            self.reached.update(number_of(person) for person in payload.people)


@st.composite
def two_audiences(draw: st.DrawFn) -> tuple[int, list[int], list[int]]:
    """Two lists of people of whom some are in both."""
    seed = draw(st.integers(0, 2**32))
    chooser = random.Random(seed)
    sizes = st.one_of(st.sampled_from([0, 1, 2, 99, 100, 101, 200]), st.integers(0, 1500))
    known = draw(st.integers(1, 2000))
    first, second = ([chooser.randrange(known) for _ in range(draw(sizes))] for _ in range(2))
    if draw(st.booleans()):
        second += first[: draw(st.integers(0, 300))]
    return seed, first, second


@pytest.mark.parametrize("selectors", [("each", "each"), ("from", "from"), ("each", "from")])
@given(audience=two_audiences())
@settings(max_examples=20, deadline=None)
def test_two_runs_reach_everyone_exactly_once(
    selectors: tuple[str, str], audience: tuple[int, list[int], list[int]]
) -> None:
    seed, first, second = audience
    crowd, service = Crowd(seed), Service()
    service.take(requests(f"{selectors[0]}/person", crowd.people(first)))
    service.take(requests(f"{selectors[1]}/person", crowd.people(second)))
    assert service.reached == Counter(set(first) | set(second))


@given(audience=two_audiences())
@settings(max_examples=20, deadline=None)
def test_batches_skip_nobody(audience: tuple[int, list[int], list[int]]) -> None:
    """The weaker promise of `fan_out: batch`: whoever is new is reached, at the price of some who are reached again."""
    seed, first, second = audience
    crowd, service = Crowd(seed), Service()
    service.take(requests("each/batch", crowd.people(first)))
    service.take(requests("each/batch", crowd.people(second)))
    assert set(service.reached) == set(first) | set(second)
    assert set(service.reached.values()) <= {1, 2}


@pytest.mark.parametrize("fan_out", FAN_OUTS)
@given(audience=audiences(1500))
@settings(max_examples=15, deadline=None)
def test_the_same_run_again_reaches_nobody_twice(fan_out: str, audience: tuple[int, list[int]]) -> None:
    seed, numbers = audience
    service = Service()
    people = Crowd(seed).people(numbers)
    for _ in range(2):
        service.take(requests(f"each/{fan_out}", people))
    assert service.reached == Counter(set(numbers))


@given(audience=two_audiences())
@settings(max_examples=10, deadline=None)
def test_two_events_reach_everyone_twice(audience: tuple[int, list[int], list[int]]) -> None:
    """Another key is another notification."""
    seed, first, _ = audience
    service = Service()
    people = Crowd(seed).people(first)
    service.take(requests("each/person", people, key="one"))
    service.take(requests("each/person", people, key="two"))
    assert service.reached == Counter(dict.fromkeys(first, 2))


CHARACTERS = st.characters(exclude_categories=["Cs"])
KEYS = st.one_of(
    st.text(CHARACTERS, min_size=1, max_size=MAX_KEY),
    st.builds(lambda one: one * MAX_KEY, CHARACTERS),
    st.builds(lambda one, two: (one * MAX_KEY)[: MAX_KEY - 1] + two, CHARACTERS, CHARACTERS),
).filter(lambda key: key.strip(" "))


@pytest.mark.parametrize("trigger", ["each/person", "each/batch", "each/request", "broadcast"])
@given(key=KEYS, before=st.integers(0, 40), after=st.integers(0, 40))
@settings(max_examples=40, deadline=None)
def test_every_key_fits(trigger: str, key: str, before: int, after: int) -> None:
    people = Crowd(0).people(range(150)) if trigger != "each/request" else ["u1"]
    key = key.strip(" ")
    spaced = " " * before + key + " " * after
    made = requests(trigger, people, key=spaced)
    for payload in made:
        assert payload.key is not None
        assert 0 < len(payload.key) <= MAX_KEY
        assert payload.key == payload.key.strip(" ")
        payload.key.encode()
    assert [one.key for one in made] == [one.key for one in requests(trigger, people, key=key)], "spaces do not count"
    if trigger in ("each/request", "broadcast"):
        assert made[0].key == key


@pytest.mark.parametrize("key", ["", " ", " " * 300, "x" * (MAX_KEY + 1), "é" * (MAX_KEY + 1)])
def test_a_key_that_does_not_fit_is_a_finding(key: str) -> None:
    event = Event("event", {"people": ["u1"], "key": key, "text": ""}, NOW)
    result = api.compile(PROJECT, "each/person", event, People([]))
    assert result.payloads == ()
    assert [one.label.path for one in result.diagnostics] == ["notifications/each/person.yaml"]


@given(
    one=st.tuples(KEYS, st.lists(st.text(CHARACTERS, min_size=1), min_size=1, max_size=4, unique=True)),
    two=st.tuples(KEYS, st.lists(st.text(CHARACTERS, min_size=1), min_size=1, max_size=4, unique=True)),
)
@settings(max_examples=200, deadline=None)
def test_a_derived_key_is_of_one_key_and_its_people(one: tuple[str, list[str]], two: tuple[str, list[str]]) -> None:
    same = one[0] == two[0] and set(one[1]) == set(two[1])
    assert (derived_key(one[0], *one[1]) == derived_key(two[0], *two[1])) == same
    assert derived_key(one[0], *one[1]) == derived_key(one[0], *reversed(one[1]))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (("k", "a", "bc"), ("k", "ab", "c")),
        (("k", "a"), ("ka",)),
        (("k", "a", "b"), ("k", "a,b")),
        (("k", "1:a"), ("k", "1", "a")),
        (("x" * 254 + "1", "a"), ("x" * 254 + "2", "a")),
        (("é", "a"), ("e\u0301", "a")),
    ],
)
def test_keys_that_look_alike_differ(one: tuple[str, ...], two: tuple[str, ...]) -> None:
    assert derived_key(*one) != derived_key(*two)


@pytest.mark.parametrize(
    "trigger", [name for name in PROJECT.triggers if not name.endswith("-without-key")], ids=lambda name: name
)
@given(now=st.datetimes(datetime(2022, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)))
@settings(max_examples=8, deadline=None)
def test_no_key_depends_on_the_time(trigger: str, now: datetime) -> None:
    people = Crowd(1).people(range(80))
    then, later = requests(trigger, people), requests(trigger, people, now=now)
    assert [one.key for one in then] == [one.key for one in later]
    assert [one.body.get("$insert_id") for one in then] == [one.body.get("$insert_id") for one in later]


def test_too_many_for_one_request() -> None:
    event = Event("event", {"people": [f"u{number}" for number in range(101)], "key": "key", "text": ""}, NOW)
    result = api.compile(PROJECT, "each/request", event, People([]))
    assert result.payloads == ()
    assert [one.rule.name for one in result.diagnostics] == ["invalid-payload"]
    assert len(requests("each/request", [f"u{number}" for number in range(100)])) == 1
