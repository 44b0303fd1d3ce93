"""What the vendor's own helpers print for dates and translations: kept beside the repository, skipped without it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from nac import handlebars
from nac.handlebars import HandlebarsError
from nac.templates import HELPERS, Context, Translations

CORPUS = Path(__file__).parents[3] / "shared" / "reference" / "handlebars" / "suprsend_helpers.json"


def test_dates_and_translations() -> None:
    if not CORPUS.exists():
        pytest.skip(f"there is no reference corpus at {CORPUS}")
    corpus = json.loads(CORPUS.read_text(encoding="utf-8"))
    cases = [case for case in corpus["cases"] if re.search(r"datetime-format|[{(]t ", case["template"])]
    assert len(cases) == 340
    wrong = []
    for case in cases:
        try:
            template = handlebars.compile(case["template"], strict=case["strict"], helpers=HELPERS)
            found = template.render(context_of(corpus["contexts"][case["data"]]))
        except HandlebarsError:
            found = None
        if found != case.get("out"):
            wrong.append((case, found))
    assert wrong == []


def context_of(data: dict[str, Any]) -> Context:
    """The vendor calls the namespace of files without one `common`."""
    given = data.get("__translations", {"preferred": {}, "default": {}})
    files = {
        locale: {namespace.replace("common", ""): messages for namespace, messages in given[kind].items()}
        for locale, kind in (("es", "preferred"), ("en", "default"))
    }
    return Context(data, locale="es", translations=Translations(files))
