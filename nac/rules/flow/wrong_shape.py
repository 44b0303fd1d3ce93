"""NAC322: a value of a kind that what the template does with it does not suit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.known.flow import Flow
    from nac.rules.known.suits import Misfit
    from nac.rules.known.uses import Reading
    from nac.rules.known.worlds import Given
    from nac.rules.view import View
    from nac.templates.template import Template

RULE = Rule("NAC322", "wrong-shape")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.flow import flow_of

    flow = view.once(flow_of)
    for template in view.templates:
        every = flow.all_given(template)
        readings = [one for one in flow.uses(template).readings if one.rendered and one.steps] if every else []
        lists = {one.steps for one in readings if _is_of_list(one)}
        for reading in readings:
            for give in every:
                for one in (_misfit(reading, give, flow, template, lists), _nameless(reading, give, flow, template)):
                    if one and not flow.is_told(one.label, template, around=True):
                        yield one


def _is_of_list(reading: Reading) -> bool:
    from nac.handlebars.usage import Use

    return reading.use is Use.LOOP or (
        reading.call is not None
        and reading.position == 0
        and reading.call.name in ("join", "itemAt", "list-agg", "unique")
    )


def _misfit(reading: Reading, give: Given, flow: Flow, template: Template, lists: set[Any]) -> Diagnostic | None:
    from nac.handlebars.usage import Use
    from nac.rules.known.flow import values_of
    from nac.rules.known.suits import list_misfit, misfits, test_misfit
    from nac.rules.known.values import LIST, NULL, TEXT, kinds_of

    suits = misfits(reading)
    prints = reading.use is Use.PRINT and not any(LIST in one.kinds for one in suits)
    tests = reading.use is Use.TEST
    if not suits and not prints and not tests:
        return None
    fits = False
    found: tuple[str, frozenset[str], Misfit] | None = None
    for sample, value in values_of(reading, give, flow, template):
        kinds = kinds_of(value)
        real = None if kinds is None else kinds - {NULL}
        if not real:
            continue
        each = (
            (*suits, list_misfit(value)) if prints and LIST in real else (*suits, test_misfit(value) if tests else None)
        )
        one = next((one for one in each if one is not None and real <= one.kinds), None)
        if one is None:
            fits = True
        elif found is None:
            found = sample, real, one
    if found is None:
        return None
    sample, real, misfit = found
    level = misfit.level
    if level == "info" and real == {TEXT}:  # `length` of a text is right where the text is meant
        if reading.steps not in lists:
            return None
        level = "warning"
    if fits and level == "warning" and "never" in misfit.what:
        return None
    kind = " or ".join(sorted(real))
    where = f" with “{sample[:60]}”" if sample else ""
    message = f"`{reading.name[:80]}` is {kind}{where}: {misfit.what}"
    related = (_made(reading, give),) if _made(reading, give) else ()
    return Diagnostic(RULE, message, reading.label, tuple(one for one in related if one), misfit.help, level=level)


def _nameless(reading: Reading, give: Given, flow: Flow, template: Template) -> Diagnostic | None:
    """A name that is looked up in a text or a number."""
    from nac.handlebars.usage import EACH
    from nac.rules.known.flow import holder_is_wrong
    from nac.rules.known.values import kinds_of

    if str(reading.steps[0]).startswith("$") or len(reading.steps) < 2:
        return None
    verdict = flow.verdict(reading, give, template)
    gap = verdict.gap or verdict.elsewhere
    if gap is None or gap.gap is None or not holder_is_wrong(gap):
        return None
    above = ".".join(str(one) for one in reading.steps[: gap.gap] if isinstance(one, str)) or "this"
    above = f"{'an item of ' if reading.steps[gap.gap - 1] is EACH else ''}`{above[:80]}`"
    kind = " or ".join(sorted(kinds_of(gap.holder) or ()))
    where = f" with “{verdict.lacks[0][:60]}”" if verdict.lacks else ""
    message = f"`{reading.name[:80]}`: {above} is {kind}{where}, and has no `{str(reading.steps[gap.gap])[:40]}`"
    return Diagnostic(RULE, message, reading.label, (give.key_label(reading.steps[: gap.gap], "it is made here"),))


def _made(reading: Reading, give: Given) -> Label | None:
    """Where the value comes from."""
    first = reading.steps[0]
    if first == "$actor":
        label = give.trigger.at("actor", *_names(reading.steps[1:])).label(key=True)
    elif first == "$recipient":
        known = [one for one in give.selectors if one.properties and _names(reading.steps[1:2])[0] in one.properties]
        if not known:
            return None
        label = known[0].at.below(*_names(reading.steps[1:])).label(key=True)
    elif isinstance(first, str) and first.startswith("$"):
        return None
    else:
        return give.key_label(reading.steps, "it is made here")
    from nac.diagnostics import Label as Place

    return Place(label.path, label.span, "it is made here")


def _names(steps: tuple[Any, ...]) -> list[str]:
    return [one for one in steps if isinstance(one, str)][:1] or [""]


CHECK = Check(RULE, find)
