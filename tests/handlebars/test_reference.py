"""The reference corpora: what handlebars.js printed for templates that are not ours.

They are kept beside the repository, not in it; without them these tests are skipped.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from nac import handlebars
from nac.handlebars import HandlebarsError, nodes
from nac.handlebars.values import UNDEFINED
from nac.templates import HELPERS

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "handlebars"
# Cases that need helpers which are not supported yet.
UNSUPPORTED = {"suprsend_helpers": 340}


def read(name: str) -> Any:
    path = REFERENCE / f"{name}.json"
    if not path.exists():
        pytest.skip(f"there is no reference corpus at {path}")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "name",
    ["probes", "fuzz_real_strict", "fuzz_real_lenient", "fuzz_wild_strict", "fuzz_wild_lenient", "suprsend_helpers"],
)
def test_prints_what_handlebars_js_prints(name: str) -> None:
    corpus = read(name)
    skipped = 0
    wrong = []
    for case in corpus["cases"]:
        template, context = case["template"], corpus["contexts"][case["data"]]
        if name == "suprsend_helpers" and calls_unsupported(template):
            skipped += 1
            continue
        helpers = HELPERS if name == "suprsend_helpers" else {}
        partials = case.get("partials", corpus.get("partials"))
        strict = case.get("strict", name.endswith("_strict"))
        try:
            out = handlebars.compile(template, strict=strict, helpers=helpers, partials=partials).render(context)
        except HandlebarsError as error:
            if "err" not in case:
                wrong.append((template, case["out"], str(error)))
        else:
            if case.get("out") != out:
                wrong.append((template, case.get("out", case.get("err")), out))
    assert wrong == []
    assert skipped == UNSUPPORTED.get(name, 0)


def calls_unsupported(template: str) -> bool:
    return "datetime-format" in template or any(call in template for call in ("{{t ", "{{{t ", "(t "))


def test_reads_what_handlebars_js_reads() -> None:
    wrong = []
    for case in read("ast"):
        try:
            tree = shape(handlebars.parse(case["template"]))
        except HandlebarsError as error:
            if "err" not in case:
                wrong.append((case["template"], str(error)))
        else:
            if "err" in case or tree != without_defaults(case["ast"]):
                wrong.append((case["template"], case.get("err", "another tree")))
    assert wrong == []


TYPES = {
    "Mustache": "MustacheStatement",
    "Block": "BlockStatement",
    "Partial": "PartialStatement",
    "PartialBlock": "PartialBlockStatement",
    "Content": "ContentStatement",
    "Comment": "CommentStatement",
    "Path": "PathExpression",
}
LITERALS = {str: "StringLiteral", float: "NumberLiteral", bool: "BooleanLiteral", type(None): "NullLiteral"}
RENAMED = {
    "block_params": "blockParams",
    "open_strip": "openStrip",
    "inverse_strip": "inverseStrip",
    "close_strip": "closeStrip",
}
NO_STRIP = {"open": False, "close": False}


def shape(node: Any) -> Any:
    """A tree of ours in the shape of the reference."""
    if isinstance(node, list):
        return [shape(item) for item in node]
    if isinstance(node, nodes.Strip):
        return {"open": node.open, "close": node.close}
    if not hasattr(node, "__slots__"):
        return node
    fields = {name: getattr(node, name) for name in node.__slots__}
    span = fields.pop("span")
    out = {RENAMED.get(name, name): shape(value) for name, value in fields.items()}
    out["type"] = TYPES.get(type(node).__name__, type(node).__name__)
    out["loc"] = {
        "start": {"line": span.line, "column": span.column - 1},
        "end": {"line": span.end_line, "column": span.end_column - 1},
    }
    if isinstance(node, nodes.Literal):
        undefined = node.value is UNDEFINED
        out["type"] = "UndefinedLiteral" if undefined else LITERALS[type(node.value)]
        out["original"] = out["value"] = None if undefined else node.value
    return without_defaults(out)


def without_defaults(tree: Any) -> Any:
    """A tree without the fields that say nothing: either side leaves out others."""
    if isinstance(tree, list):
        return [without_defaults(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    out = {name: without_defaults(value) for name, value in tree.items() if name not in NOTES}
    if out.get("type") == "Program":
        out.pop("strip", None)
        if not out.get("body"):
            out.pop("loc", None)
    return {name: value for name, value in out.items() if value not in (None, [], {}, NO_STRIP, False)}


NOTES = ("leftStripped", "rightStripped", "left_stripped", "right_stripped")
