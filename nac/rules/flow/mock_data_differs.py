"""NAC328: a trigger gives a value of another kind than the template's mock_data.json has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.known.worlds import Given
    from nac.rules.view import View
    from nac.templates.template import Template

RULE = Rule("NAC328", "mock-data-differs", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.flow import flow_of, values_of
    from nac.rules.known.values import NULL, kinds_of, look_up

    flow = view.once(flow_of)
    for template in view.templates:
        if not template.mock_data:
            continue
        told: set[tuple[str, Any]] = set()
        for reading in flow.uses(template).readings:
            if not reading.steps or not all(isinstance(one, str) for one in reading.steps):
                continue
            first = reading.steps[0]
            if str(first).startswith("$") and first not in ("$recipient", "$actor"):
                continue
            mock = [kinds_of(one.value) for one in look_up(template.mock_data, reading.steps) if one.gap is None]
            wanted = {kind for kinds in mock for kind in kinds or () if kind != NULL}
            for give in flow.all_given(template) if len(wanted) == 1 else ():
                if (give.trigger.name, reading.steps) in told:
                    continue
                values = [kinds_of(value) for _, value in values_of(reading, give, flow, template)]
                real = {kind for kinds in values for kind in kinds or KINDLESS if kind != NULL}
                if len(real) == 1 and real != wanted and "" not in real and not wanted & real:
                    told.add((give.trigger.name, reading.steps))
                    name = ".".join(map(str, reading.steps))
                    label = _place(give, reading.steps)
                    yield Diagnostic(
                        RULE,
                        f"`{name[:80]}` is {real.pop()} here, and {wanted.copy().pop()} in the template's mock data",
                        label or reading.label,
                        (_mock(view, template, [str(one) for one in reading.steps]), reading.label)[
                            : 2 if label else 1
                        ],
                        "whoever writes the template previews it with the mock data: one of the two is wrong",
                    )


KINDLESS = ("",)


def _place(give: Given, steps: tuple[Any, ...]) -> Label | None:
    if steps[0] == "$recipient":
        at = next(
            (one.at for one in give.selectors if one.properties and steps[1:2] and steps[1] in one.properties), None
        )
        return at.below(*steps[1:2]).label(key=True) if at else None
    if steps[0] == "$actor":
        actor = getattr(give.trigger.model, "actor", None)
        return give.trigger.at("actor", *steps[1:2]).label(key=True) if isinstance(actor, dict) else None
    return give.key_label(steps)


def _mock(view: View, template: Template, steps: list[str]) -> Label:
    """The place of a value in mock_data.json."""
    from nac.json_reader import read_json

    path = f"{template.folder}/mock_data.json"
    source = view.source(path)
    node = read_json(source)[0] if source else None
    return Label(path, node.key_span(steps) if node else None, "in the mock data")


CHECK = Check(RULE, find)
