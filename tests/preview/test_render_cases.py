"""`rendered/*.json`: a variant's content and who it is for → the message, or why there is none.

`content` (as the vendor's schema has it), `data`, and if wanted `recipient`, `locale`, `tenant`, `tenants`, `batch`,
`translations` by locale; `never` are texts that no finding may hold. `expect` is written by `pytest --update`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from render_making import TenantAs, one, variant

from nac.diagnostics import Diagnostic
from nac.jsonnet import Evaluator, evaluator
from nac.preview import Preview, templated
from nac.templates import Translations
from nac.templates.template import Text

CASES = sorted((Path(__file__).parent / "rendered").glob("*.json"))


@pytest.fixture(scope="module")
def jsonnet() -> Iterator[Evaluator]:
    with evaluator() as found:
        yield found


def written(finding: Diagnostic, texts: Iterable[Text]) -> str:
    """What stands in the file at the place of a finding."""
    [source] = {text.source for text in texts if text.source.path == finding.label.path}
    assert finding.label.span is not None
    line, column, end_line, end_column = finding.label.span
    assert line == end_line
    return source.line(line)[column - 1 : end_column - 1]


def shown(preview: Preview, texts: Iterable[Text]) -> dict[str, Any]:
    """What there is to a preview, without what is empty."""
    message = asdict(preview.message) if preview.message else {}
    found = {
        "text": preview.text.split("\n") if preview.text is not None else None,
        "message": {key: value for key, value in message.items() if value not in (None, "", (), False)},
        "problems": [
            {
                "at": f"{one.label.path.rpartition('/')[2]}:{':'.join(map(str, one.label.span or ()))}",
                "written": written(one, texts),
                "says": f"{one.rule.code} {one.message}",
                **({"help": one.help} if one.help else {}),
                **({"related": [f"{each.span} {each.message}" for each in one.related]} if one.related else {}),
            }
            for one in preview.problems
        ],
        "not_sent": preview.not_sent,
        "notes": preview.notes,
    }
    return json.loads(json.dumps({key: value for key, value in found.items() if value}))  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", CASES, ids=lambda one: one.stem)
def test_rendered(path: Path, jsonnet: Evaluator, update: bool) -> None:
    case = json.loads(path.read_text("utf-8"))
    made = variant(case["channel"], case["content"])
    translations = Translations({locale: {"": said} for locale, said in case.get("translations", {}).items()})
    preview = one(
        made, case["data"], case.get("recipient", "u1"),
        locale=case.get("locale", "en"), tenant=case.get("tenant"), batch=tuple(case.get("batch", ())),
        tenants={name: TenantAs(said) for name, said in case.get("tenants", {}).items()},
        translations=translations, jsonnet=jsonnet,
    )  # fmt: skip
    texts = dict(templated(made))
    found = shown(preview, texts.values())
    for problem in preview.problems:
        assert problem.label.span is not None
        assert not any(word in f"{problem.message}{problem.help}" for word in case.get("never", ()))
        assert any(problem.label.path == text.source.path for text in texts.values())
    assert not any("{{never}}" in text.value for text in texts.values())
    if update and found != case.get("expect"):
        case["expect"] = found
        path.write_text(json.dumps(case, indent=2, ensure_ascii=False) + "\n", "utf-8", newline="\n")
    assert found == case.get("expect")
