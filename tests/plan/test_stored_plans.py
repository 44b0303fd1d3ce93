"""Plans on disk: written once, read back whole or not at all."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
import zstandard
from plans_made import people, stored

from nac.plan import Batch
from nac.plans import PlanError, PlanWriter, StoredPlan, open_plan
from nac.plans import writer as writing


@pytest.fixture
def made(tmp_path: Path) -> StoredPlan:
    return stored(tmp_path / "plan", people(250))


def first(made: StoredPlan) -> Path:
    return made.folder / "batches" / "000001.ndjson.zst"


def test_what_is_read_is_what_was_written(made: StoredPlan) -> None:
    made.verify()
    batches = [batch for file in made.manifest.files for batch in made.batches(file)]
    assert [len(batch.records) for batch in batches] == [100, 100, 50]
    assert [body for batch in batches for body in batch.records] == [one.body for one in people(250)]
    assert (made.manifest.records, made.manifest.recipients, made.manifest.batches) == (250, 250, 3)


def test_the_same_records_give_the_same_plan_and_others_another(tmp_path: Path, made: StoredPlan) -> None:
    assert stored(tmp_path / "again", people(250)).id == made.id
    assert stored(tmp_path / "fewer", people(249)).id != made.id
    assert stored(tmp_path / "run", people(250), run="second").id != made.id
    assert stored(tmp_path / "for", people(250), workspace="production").id != made.id


def test_many_batches_go_into_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "FILE_BATCHES", 2)
    made = stored(tmp_path / "plan", people(950))
    made.verify()
    assert [(file.first, file.last, file.records) for file in made.manifest.files] == [
        (1, 2, 200), (3, 4, 200), (5, 6, 200), (7, 8, 200), (9, 10, 150),
    ]  # fmt: skip
    numbers = [batch.number for file in made.manifest.files for batch in made.batches(file)]
    assert numbers == list(range(1, 11))


def test_a_plan_is_for_its_owner_alone(made: StoredPlan) -> None:
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    for path in (made.folder / "manifest.json", first(made)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_was_altered_cut_short_or_removed_is_refused(made: StoredPlan) -> None:
    whole = first(made).read_bytes()
    content = zstandard.ZstdDecompressor().decompress(whole)
    other = content.replace(b'user-1"', b'user-x"')
    assert len(other) == len(content)
    for altered in (
        whole[:-1], whole[: len(whole) // 2], b"", whole + b"x", whole + whole, b"x" + whole[1:],
        zstandard.ZstdCompressor().compress(other), zstandard.ZstdCompressor().compress(content + b"\n"),
        zstandard.ZstdCompressor().compress(b"x" * 100_000_000),
    ):  # fmt: skip
        first(made).write_bytes(altered)
        with pytest.raises(PlanError, match=r"000001\.ndjson\.zst was altered"):
            made.verify()
    first(made).unlink()
    with pytest.raises(PlanError, match=r"000001\.ndjson\.zst cannot be read: no such file"):
        made.verify()


def test_a_file_that_was_added_or_swapped_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: StoredPlan
) -> None:
    added = made.folder / "batches" / "000002.ndjson.zst"
    added.write_bytes(first(made).read_bytes())
    with pytest.raises(PlanError, match=r"000002\.ndjson\.zst was added"):
        made.verify()
    added.unlink()
    (made.folder / "batches/.DS_Store").write_bytes(b"")
    made.verify()
    monkeypatch.setattr(writing, "FILE_BATCHES", 1)
    several = stored(tmp_path / "several", people(200))
    one, other = (several.folder / "batches" / file.name for file in several.manifest.files)
    one.rename(tmp_path / "aside")
    other.rename(one)
    (tmp_path / "aside").rename(other)
    with pytest.raises(PlanError, match=r"000001\.ndjson\.zst was altered"):
        several.verify()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are POSIX's")
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(made: StoredPlan) -> None:
    first(made).unlink()
    os.mkfifo(first(made))
    with pytest.raises(PlanError, match="it is not a file"):
        made.verify()
    (made.folder / "manifest.json").unlink()
    os.mkfifo(made.folder / "manifest.json")
    with pytest.raises(PlanError, match="it is not a file"):
        open_plan(made.folder)


def test_a_manifest_that_was_altered_is_refused(made: StoredPlan) -> None:
    path = made.folder / "manifest.json"
    whole = path.read_text()
    for altered in (
        "", whole[: len(whole) // 2], "[]", "{}", whole.replace('"records": 250', '"records": 249'), "[" * 100_000,
        whole.replace('"plan": {', '"plan": {"more": 1,'), whole.replace(made.id, "0" * 64),
        whole.replace('"samples": false', '"workspace": "production", "samples": false'),
    ):  # fmt: skip
        path.write_text(altered)
        with pytest.raises(PlanError, match=r"manifest\.json (was altered|is cut short)"):
            open_plan(made.folder)
    for depth in range(700, 1000):  # one of which can just be read, and not be written again
        path.write_text(whole.replace('"made": {', '"made": {"more": ' + "[" * depth + "]" * depth + ", ", 1))
        with pytest.raises(PlanError, match=r"manifest\.json (was altered|is cut short)"):
            open_plan(made.folder)
    whole_of = json.loads(whole)
    whole_of["plan"]["format"] = 2
    del whole_of["made_sha256"]
    path.write_text(json.dumps(whole_of))
    with pytest.raises(PlanError, match="the plan has format 2, and this nac reads 1"):
        open_plan(made.folder)
    path.unlink()
    with pytest.raises(PlanError, match=r"there is no manifest\.json in it"):
        open_plan(made.folder)


def test_what_was_not_finished_leaves_nothing(tmp_path: Path) -> None:
    with PlanWriter(tmp_path / "plan") as writer:
        writer.add(Batch(1, "workflow", (b"{}",)))
    assert os.listdir(tmp_path) == []


def test_a_plan_is_never_written_over(tmp_path: Path, made: StoredPlan) -> None:
    with pytest.raises(PlanError, match="is there already"):
        PlanWriter(made.folder)
    (tmp_path / "empty").mkdir()
    stored(tmp_path / "empty", people(1)).verify()
    with pytest.raises(PlanError, match="cannot write"):
        PlanWriter("/proc/nac/plan")
