"""A sample of what `make mutants` tries: mistakes in the example, and whether they are found where they were made."""

from __future__ import annotations

from mutations import run

SAMPLE = 30


def test_mutants_are_found_where_they_are() -> None:
    outcomes = run(SAMPLE)
    assert len(outcomes) == SAMPLE
    missed = [str(one.mutant) for one in outcomes if not one.there]
    assert len(missed) <= 0.1 * SAMPLE, missed
    missed = [str(one.mutant) for one in outcomes if one.by != "check"]
    assert len(missed) <= 0.2 * SAMPLE, missed
