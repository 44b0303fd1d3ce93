"""What an editor is given refuses nothing that nac reads, and says what is plainly wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from cases import read_case
from nac import api
from nac.editor_schema import SCHEMAS

ROOT = Path(__file__).parents[2]
CASES = sorted(one for name in ("broken", "rules", "expectations") for one in (ROOT / "tests" / name).rglob("*.case"))
VALID = {name: Draft202012Validator(make()) for name, make in SCHEMAS.items()}


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema_in_which_every_reference_leads_somewhere(name: str) -> None:
    schema = SCHEMAS[name]()
    Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    assert "AnySelector" not in text
    for target in {one.split('"')[0] for one in text.split('"#/$defs/')[1:]}:
        assert target in schema["$defs"]


def refused(root: Path) -> list[str]:
    """What the schemas refuse of what nac reads without a complaint about its form."""
    loaded = api.load(root)
    broken = {one.label.path for one in loaded.diagnostics}
    written = {
        "trigger": [one.written for one in loaded.project.triggers.values()],
        "settings": [loaded.project.written],
    }
    return [
        f"{one.source.path}: {error.message[:200]}"
        for name, those in written.items()
        for one in those
        if one is not None and one.source.path not in broken
        for error in VALID[name].iter_errors(one.node.value)
    ]


def test_the_shipped_project() -> None:
    assert refused(ROOT) == []
    tenants = sorted((ROOT / "notifications" / "tenants").glob("*.yaml"))
    assert tenants
    for one in tenants:
        assert [error.message for error in VALID["tenant"].iter_errors(yaml.safe_load(one.read_text("utf-8")))] == []


def test_every_project_of_the_cases(tmp_path: Path) -> None:
    assert len(CASES) > 100
    found = []
    for number, path in enumerate(CASES):
        root = tmp_path / str(number)
        root.mkdir()
        read_case(path).write(root)
        found += [f"{path.name}: {one}" for one in refused(root)]
    assert found == []


GOOD: dict[str, Any] = {"workflow": "w", "recipients": [{"user": "u1"}]}


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"recipients": []}, "recipients"),
        ({"recipients": [{"usr": "u1"}]}, "recipients"),
        ({"recipients": [{"each": "{{ event.people }}", "as": "a b"}]}, "recipients"),
        ({"fan_out": "people"}, "fan_out"),
        ({"samples": [{"name": "one", "event": []}]}, "samples"),
        ({"wrkflow": "w"}, ""),
        ({"kind": "dynamic"}, ""),
        ({"kind": "brodcast"}, "kind"),
    ],
)
def test_what_is_plainly_wrong(wrong: dict[str, Any], at: str) -> None:
    assert not list(VALID["trigger"].iter_errors(GOOD))
    places = {str(error.path[0]) if error.path else "" for error in VALID["trigger"].iter_errors({**GOOD, **wrong})}
    assert places == {at}


@pytest.mark.parametrize("more", [{"fan_out": "{{ 'batch' }}"}, {"data": "{{ event }}"}, {"metadata": None}])
def test_an_expression_may_stand_for_any_value(more: dict[str, Any]) -> None:
    assert not list(VALID["trigger"].iter_errors({**GOOD, **more}))
