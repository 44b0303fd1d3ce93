"""What nac finds wrong on one side and not on the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from nac.diagnostics import Diagnostic
from nac.diff.causes import Causes
from nac.diff.changes import Class, FindingAdded, FindingRemoved


def compare_findings(
    trigger: str, before: Iterable[Diagnostic], after: Iterable[Diagnostic], causes: Causes
) -> Iterator[FindingAdded | FindingRemoved]:
    """A finding counts as the same wherever in its file it stands: lines move."""
    old, new = ({_key(one): one for one in reversed(list(found))} for found in (before, after))
    for key in sorted(new.keys() - old.keys()):
        one = new[key]
        error = one.severity == "error"
        cls: Class = "breaking" if error else "cosmetic"
        reason = "nac finds a mistake that was not there" if error else "nac finds something to look at"
        yield FindingAdded(trigger=trigger, cls=cls, reason=reason, causes=causes.paths, **_fields(one))
    for key in sorted(old.keys() - new.keys()):
        reason = "nac does not find this any more"
        yield FindingRemoved(trigger=trigger, cls="cosmetic", reason=reason, causes=causes.paths, **_fields(old[key]))


def _key(one: Diagnostic) -> tuple[str, str, str]:
    return one.rule.code, one.label.path, one.message


def _fields(one: Diagnostic) -> dict[str, Any]:
    return {
        "code": one.rule.code, "name": one.rule.name, "severity": one.severity, "message": one.message,
        "path": one.label.path, "line": one.label.span.line if one.label.span else None,
    }  # fmt: skip
