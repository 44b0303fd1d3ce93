from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nac.limits import MAX_BYTES, MAX_RECORDS, RECORD_OVERHEAD
from nac.plan import plan

kinds = st.sampled_from(["workflow", "dynamic", "broadcast"])
sizes = st.one_of(st.integers(1, 400), st.integers(100_000, MAX_BYTES - RECORD_OVERHEAD - 2))


@given(st.lists(st.tuples(kinds, sizes), max_size=300))
def test_every_record_goes_out_once_in_order_and_within_the_limits(records: list[tuple[str, int]]) -> None:
    given_records = [(kind, str(index).encode() + b"x" * size) for index, (kind, size) in enumerate(records)]
    batches = list(plan(given_records))  # type: ignore[arg-type]
    assert [(batch.kind, record) for batch in batches for record in batch.records] == given_records
    for batch in batches:
        assert 1 <= len(batch.records) <= (1 if batch.kind == "broadcast" else MAX_RECORDS)
        if len(batch.records) > 1:
            assert len(b", ".join(batch.records)) + 2 + RECORD_OVERHEAD * len(batch.records) <= MAX_BYTES


def test_calls_are_filled() -> None:
    small = [("workflow", b"x" * 100)] * 1000
    assert [len(batch.records) for batch in plan(small)] == [100] * 10  # type: ignore[arg-type]
    large = [("workflow", b"x" * 200_000)] * 9
    assert [len(batch.records) for batch in plan(large)] == [4, 4, 1]  # type: ignore[arg-type]
