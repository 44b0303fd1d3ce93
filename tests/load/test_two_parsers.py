"""Where PyYAML was built without libyaml, ruamel.yaml's own parser reads: the same values, at the same places."""

from pathlib import Path

import pytest
import yaml

from cases import cases
from nac.diagnostics import INVALID_YAML, Diagnostic
from nac.source import Node, SourceFile
from nac.yaml_reader import read_yaml

LARGEST = 20_000  # characters; ruamel.yaml needs a second for ten thousand lines

HERE = Path(__file__).parent


def _files() -> dict[str, SourceFile]:
    found = {}
    for case in cases(HERE.parent / "broken"):
        for path, data in case.files.items():
            if path.endswith((".yaml", ".yml")) and len(data) <= LARGEST:
                try:
                    found[f"{case.path.stem}-{path.rsplit('/')[-1]}"] = SourceFile(path, data.decode("utf-8-sig"))
                except UnicodeDecodeError:
                    continue
    return found


FILES = _files()


def read(source: SourceFile) -> tuple[Node | None, list[Diagnostic]]:
    return read_yaml(source, allow_list=True)


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML was built without libyaml")
@pytest.mark.parametrize("name", FILES)
def test_both_read_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    node, found = read(FILES[name])
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    other, others = read(FILES[name])
    assert other == node
    assert [one.rule for one in others] == [one.rule for one in found]
    # Of what is no YAML at all, each parser speaks in its own words, and notices it at its own place.
    told, found = ([one for one in each if one.rule is not INVALID_YAML] for each in (others, found))
    assert told == found


def test_there_are_many() -> None:
    assert len(FILES) > 100
