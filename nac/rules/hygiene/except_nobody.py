"""NAC608: an `except` that names an id which nobody has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Rule, did_you_mean
from nac.expressions import is_template
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.project import Trigger, Written
    from nac.rules.view import View

RULE = Rule("NAC608", "except-nobody", "warning")
MAX_IDS = 100
_TEXTS = frozenset({"csv", "json", "ndjson", "yaml"})


def find(view: View) -> Iterator[Diagnostic]:
    for trigger in view.triggers:
        selectors = getattr(trigger.model, "recipients", ())
        # Only where everybody who can be found stands in a file that can be read.
        if not selectors or not all(_is_plain(view, one) for one in selectors):
            continue
        everywhere = list(_literals(trigger.at("except"))) if "except" in trigger.written.node.value else []
        directories = [one.from_ for one in selectors]
        if everywhere:
            yield from _unknown(view, trigger, everywhere, directories)
        for index, selector in enumerate(selectors):
            at = trigger.at("recipients", index)
            if isinstance(at.value, dict) and "except" in at.value:
                yield from _unknown(view, trigger, list(_literals(at.below("except"))), [selector.from_])


def _is_plain(view: View, selector: Any) -> bool:
    """Whether it finds rows of a directory, whose ids are those of a column as they stand there."""
    from nac.rules.known.expressions import lone_path

    declared = view.project.settings.directories.get(getattr(selector, "from_", ""))
    if declared is None or selector.object is not None:
        return False
    user = selector.user if selector.user is not None else declared.user
    made = user.get("distinct_id") if isinstance(user, dict) else user
    return user is None or (isinstance(made, str) and (lone_path(made) or ("",))[0] == "row")


def _unknown(view: View, trigger: Trigger, ids: list[Written], directories: list[str]) -> Iterator[Diagnostic]:
    from nac.project import FOLDER

    texts = []
    for name in directories:
        declared = view.project.settings.directories.get(name)
        source = view.source(f"{FOLDER}/{declared.path}") if declared and declared.kind in _TEXTS else None
        if source is None:
            return
        texts.append(source.text)
    known = {
        person.recipient for one in view.samples(trigger) for person in one.people if isinstance(person.recipient, str)
    }
    for one in ids[:MAX_IDS]:
        value = str(one.value)
        if not any(re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", text) for text in texts):
            where = " or ".join(f"`{name[:40]}`" for name in dict.fromkeys(directories))
            message = f"nobody in {where} has the id `{value[:80]}`: nobody is left out"
            yield Diagnostic(RULE, message, one.label(), help=did_you_mean(value, sorted(known)))


def _literals(written: Written) -> Iterator[Written]:
    """The ids that are written down."""
    items = (
        [written.below(index) for index in range(len(written.value))] if isinstance(written.value, list) else [written]
    )
    yield from (one for one in items if isinstance(one.value, str) and one.value and not is_template(one.value))


CHECK = Check(RULE, find)
