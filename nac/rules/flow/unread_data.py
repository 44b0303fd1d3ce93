"""NAC323: data that no template reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule, nearest
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.known.uses import Reading
    from nac.rules.view import View

RULE = Rule("NAC323", "unread-data", "warning")
_NONE: frozenset[str] = frozenset()


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.flow import flow_of

    flow = view.once(flow_of)
    slugs = frozenset(view.all_slugs)
    for trigger in view.triggers:
        data = trigger.model.data
        if not isinstance(data, dict) or not data or not view.template(trigger.template).variants:
            continue
        words = view.once(words_of_workflows)
        # A workflow may send other templates too.
        every = [view.template(one) for one in sorted({trigger.template, *(slugs & words.get(trigger.runs, _NONE))})]
        uses = [flow.uses(one) for one in every]
        if any(one.opaque for one in uses) or any(view.library.load(one.slug)[1] for one in every):
            continue
        readings = [one for each in uses for one in each.readings]
        for key in data:
            if key.startswith("$") or any(_reads(one, key) for one in readings):
                continue
            if key in words.get(trigger.runs, _NONE):
                continue
            readers = {str(one.steps[0]): one.label for one in reversed(readings) if one.steps}
            near = nearest(key, readers.keys() - set(data))
            reader = readers[near] if near else None
            yield Diagnostic(
                RULE,
                f"no variant of the template `{trigger.template}` reads `{key[:80]}`",
                trigger.at("data", key).label(key=True),
                (Label(reader.path, reader.span, f"this reads `{near}`"),) if reader else (),
                help=f"did you mean `{near}`?" if near else "take it out, or ignore this where the workflow reads it",
            )


def _reads(reading: Reading, key: str) -> bool:
    """Whether a path leads into this key of the data: by its name, as one of all, or with everything."""
    if not reading.steps:
        return reading.whole
    first = reading.steps[0]
    return first == key or not isinstance(first, str)


def words_of_workflows(view: View) -> dict[str, frozenset[str]]:
    """Every word in the files of a workflow that lies in the vendor's folder, by its slug: it may read data too."""
    found: dict[str, set[str]] = {}
    folder = f"{view.suprsend}/workflows/"
    for path in view.all_files:
        if path.startswith(folder) and (source := view.source(path)):
            slug = path.removeprefix(folder).split("/")[0].removesuffix(".json")
            found.setdefault(slug, set()).update(re.findall(r"[\w$-]+", source.text))
    return {slug: frozenset(words) for slug, words in found.items()}


CHECK = Check(RULE, find)
