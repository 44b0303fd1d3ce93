from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nac.limits import MAX_BYTES, MAX_RECORDS, RECORD_OVERHEAD, Kind
from nac.payload import Envelope, Payload
from nac.plan import Batch, Part, Record, plan, record, record_id

kinds = st.sampled_from(["workflow", "dynamic", "broadcast"])
sizes = st.one_of(st.integers(1, 400), st.integers(100_000, MAX_BYTES - RECORD_OVERHEAD - 2))
triggers = st.sampled_from(["a", "b"])


@given(st.lists(st.tuples(kinds, triggers, sizes), max_size=300))
def test_every_record_goes_out_once_and_within_the_limits(given: list[tuple[Kind, str, int]]) -> None:
    records = [
        Record(kind, name, str(index).encode() + b"x" * size, 3) for index, (kind, name, size) in enumerate(given)
    ]
    batches = list(plan(records))
    assert batches == list(plan(records))
    assert [batch.number for batch in batches] == list(range(1, len(batches) + 1))
    sent = [(int(body.rstrip(b"x")), batch.kind) for batch in batches for body in batch.records]
    assert sorted(sent) == [(index, one.kind) for index, one in enumerate(records)]
    parts = [part.trigger for batch in batches for part in batch.parts for _ in range(part.records)]
    assert parts == [records[index].trigger for index, _ in sent]
    for batch in batches:
        assert batch.recipients == 3 * len(batch.records)
        assert 1 <= len(batch.records) <= (1 if batch.kind == "broadcast" else MAX_RECORDS)
        if len(batch.records) > 1:
            assert len(b", ".join(batch.records)) + 2 + RECORD_OVERHEAD * len(batch.records) <= MAX_BYTES


def test_calls_are_filled() -> None:
    small = [Record("workflow", "a", b"x" * 100)] * 1000
    assert [len(batch.records) for batch in plan(small)] == [100] * 10
    large = [Record("workflow", "a", b"x" * 200_000)] * 9
    assert [len(batch.records) for batch in plan(large)] == [4, 4, 1]
    mixed = [Record("workflow", "a", b"{}", 1), Record("workflow", "b", b"{}", 2), Record("dynamic", "c", b"{}", 1)]
    assert list(plan(mixed)) == [
        Batch(1, "workflow", (b"{}", b"{}"), (Part("a", 1, 1), Part("b", 1, 2))),
        Batch(2, "dynamic", (b"{}",), (Part("c", 1, 1),)),
    ]


@pytest.mark.parametrize(
    ("sizes", "share"),
    [
        ([1_000 + index * 7_919 % 99_000 for index in range(2_000)], 0.97),
        ([1_000 + index * 7_919 % 399_000 for index in range(1_000)], 0.9),
        ([500_000 if index % 10 == 0 else 600 for index in range(2_000)], 0.97),
    ],
)
def test_records_of_mixed_sizes_fill_calls_well(sizes: list[int], share: float) -> None:
    """As many calls as the room or the large records alone would take; never much more."""
    whole = sum(size + RECORD_OVERHEAD + 2 for size in sizes)
    least = max(-(-whole // MAX_BYTES), -(-len(sizes) // MAX_RECORDS), sum(2 * size > MAX_BYTES for size in sizes))
    calls = len(list(plan(Record("workflow", "a", b"x" * size) for size in sizes)))
    assert least <= calls <= least / share


def test_a_record_without_a_key_gets_one_that_is_its_own() -> None:
    envelope = Envelope("a", "workflow", {"workflow": "w", "data": {}})
    keyed = record(Payload(envelope, ("u1",), "k"), "seed", 0)
    assert keyed.body == Payload(envelope, ("u1",), "k").encoded
    assert not keyed.made_key
    bare = Payload(envelope, ("u1",))
    made = [record(bare, seed, index) for seed, index in (("seed", 0), ("seed", 1), ("other", 0), ("seed", 0))]
    keys = [json.loads(one.body)["$idempotency_key"] for one in made]
    assert len(set(keys)) == 3
    assert keys[0] == keys[3]
    assert json.loads(made[0].body) == {**bare.body, "$idempotency_key": keys[0]}
    assert made[0].made_key
    assert record_id(made[0].body) == record_id(made[3].body) != record_id(made[1].body)


def test_an_id_is_that_of_the_key_whatever_else_is_in_the_record() -> None:
    assert record_id(b'{"$idempotency_key": "k", "a": 1}') == record_id(b'{"a": 2, "$idempotency_key": " k "}')
    assert len({record_id(b"{}"), record_id(b'{"a": 1}'), record_id(b'{"$idempotency_key": "k"}')}) == 3
