"""Any mapping, written in any of YAML's styles, reads back as it was, and each part stands where it was written."""

import string
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nac.source import Node, SourceFile
from nac.yaml_reader import read_yaml

# What may stand in a file. Left out: surrogates, which are no text, and ends of lines, those of YAML 1.1 too, at which
# PyYAML's dumper folds.
MARKS = " .,:;#-_'\"{}[]&*!|>%@`?$~=<éß利🚀\t"
PLAIN = st.text(string.ascii_letters + string.digits + MARKS, max_size=12)
KEYS = st.text(string.ascii_letters + "$_é利🚀 :#'", min_size=1, max_size=8).filter(lambda key: key != "<<")
SCALARS = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | PLAIN
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)
MAPPINGS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)
STYLES = st.sampled_from([None, True, False])


class _Dumper(yaml.SafeDumper):
    """Writes every value out: what is there twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def text(self, data: str) -> yaml.Node:
        # What YAML 1.1 takes for text and YAML 1.2 for a number, such as 0E0.
        style = '"' if data[:1] in "+-.0123456789" else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(str, _Dumper.text)


def dump(value: dict[str, Any], flow: bool | None, width: int = 10_000) -> str:
    return yaml.dump(value, Dumper=_Dumper, default_flow_style=flow, allow_unicode=True, width=width, sort_keys=False)


def read(text: str) -> tuple[Node, SourceFile]:
    source = SourceFile("x.yaml", text)
    node, found = read_yaml(source)
    assert found == []
    assert node is not None
    return node, source


def cut(source: SourceFile, node: Node) -> str:
    line, column, end_line, end_column = node.span
    lines = source.lines[line - 1 : end_line]
    lines[-1] = lines[-1][: end_column - 1]
    lines[0] = lines[0][column - 1 :]
    return "\n".join(lines)


@given(MAPPINGS, STYLES, st.sampled_from([20, 10_000]))
@settings(max_examples=70)
def test_it_reads_back_as_it_was(value: dict[str, Any], flow: bool | None, width: int) -> None:
    node, _ = read(dump(value, flow, width))
    assert node.value == value


@given(MAPPINGS, STYLES)
@settings(max_examples=70)
def test_every_value_stands_where_it_was_written(value: dict[str, Any], flow: bool | None) -> None:
    """The text of each scalar's span says that scalar again; that of a flow collection, that collection."""
    node, source = read(dump(value, flow))
    pending = [node]
    while pending:
        one = pending.pop()
        written = cut(source, one)
        if one.children is None or written[:1] in ("{", "["):
            again, _ = read(f"x: {written}\n")
            assert again.value["x"] == one.value
        pending.extend(one.children.values() if isinstance(one.children, dict) else one.children or ())


@given(MAPPINGS, STYLES)
@settings(max_examples=70)
def test_every_key_stands_where_it_was_written(value: dict[str, Any], flow: bool | None) -> None:
    node, source = read(dump(value, flow))
    pending = [node]
    while pending:
        one = pending.pop()
        for key, span in (one.keys or {}).items():
            again, _ = read(f"{cut(source, Node(None, span))}: 1\n")
            assert list(again.value) == [key]
        pending.extend(one.children.values() if isinstance(one.children, dict) else one.children or ())


@given(MAPPINGS)
@settings(max_examples=40)
def test_crlf_and_lf_give_the_same_places(value: dict[str, Any]) -> None:
    text = dump(value, flow=False)
    one, two = read(text)[0], read(text.replace("\n", "\r\n"))[0]
    assert one == two
