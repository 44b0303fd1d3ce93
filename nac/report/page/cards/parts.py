"""What stands around a message on its card: what was measured, what went wrong, and why this variant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from markupsafe import Markup

from nac.diagnostics import Diagnostic, Label
from nac.preview.result import Fact, Preview
from nac.report.page.icons import icon
from nac.report.page.markup import NOTHING, Child, coded, h, shown
from nac.source import SourceFile
from nac.templates.choice import Choice, Step
from nac.templates.template import Condition

LONGEST_LINE = 160


def nothing() -> Markup:
    """What stands where a message has no text: an empty bubble looks as if something had gone wrong with the page."""
    return h("p", "Nothing to read", class_="unknown")


def footer(preview: Preview) -> Markup:
    facts = [fact_chip(fact) for fact in preview.facts]
    warnings = [
        h("li", icon("alert"), h("span", coded(fact.note))) for fact in preview.facts if fact.warning and fact.note
    ]
    said = [*(fact.note for fact in preview.facts if fact.note and not fact.warning), *preview.notes]
    notes = [h("li", icon("info"), h("span", coded(note))) for note in said]
    trace = why(preview.choice) if preview.choice and preview.choice.steps else None
    if not (facts or warnings or notes or trace):
        return NOTHING
    return h(
        "footer",
        h("div", facts, class_="facts") if facts else None,
        h("ul", warnings, class_="notes is-warning") if warnings else None,
        h("ul", notes, class_="notes") if notes else None,
        trace,
        class_="card-foot",
    )


@lru_cache(1024)
def fact_chip(fact: Fact) -> Markup:
    """`Subject 61 / 60`: what was measured, its value, and what it should stay under."""
    value, limit, unit = _measured(fact)
    name = fact.name.replace("_", " ").removesuffix(" length").removesuffix(" size")
    name = {"html": "HTML", "cc": "Cc"}.get(name, name[:1].upper() + name[1:])
    under = f" / {limit}" if limit else ""
    warned = h("span", ": a warning", class_="hidden") if fact.warning else None
    return h(
        "span",
        h("span", name),
        " ",
        h("b", value),
        h("span", f"{under} {unit}".rstrip()) if under or unit else None,
        warned,
        class_="fact is-warning" if fact.warning else "fact",
        title=shown(fact.note) if fact.note else None,
    )


def _measured(fact: Fact) -> tuple[str, str, str]:
    """Value, limit and unit. Characters are what everybody expects, so that they are not named; bytes are in KB."""
    if not isinstance(fact.value, int):
        return shown(fact.value), "", fact.unit
    limit = fact.limit
    if fact.unit == "bytes" and max(fact.value, limit or 0) >= 1024:
        size = "<0.1" if 0 < fact.value < 52 else f"{fact.value / 1024:,.1f}"
        return size, f"{limit / 1024:,.0f}" if limit is not None else "", "KB"
    named = limit is None and fact.unit not in fact.name
    return f"{fact.value:,}", f"{limit:,}" if limit is not None else "", fact.unit if named else ""


def dropped(preview: Preview) -> Markup:
    return h(
        "div",
        h("p", icon("alert"), h("strong", "SuprSend would drop this message"), class_="dropped-title"),
        h("ul", (h("li", finding(one, preview.choice)) for one in preview.problems), class_="findings"),
        class_="dropped",
    )


def finding(one: Diagnostic, choice: Choice | None = None) -> Markup:
    """One finding: the sentence, its place with the line itself where that is known, and what to do."""
    return h(
        "div",
        h("p", coded(one.message), class_="finding-says"),
        _place(one.label, choice),
        (_place(label, choice) for label in one.related),
        h("p", h("b", "Help "), coded(one.help), class_="finding-help") if one.help else None,
        h("p", f"{one.rule.code} {one.rule.name}", class_="finding-rule"),
        class_="finding",
    )


def _place(label: Label, choice: Choice | None) -> Markup:
    path = shown(label.path)
    where = f"{path}:{label.span.line}:{label.span.column}" if label.span else path
    note = h("span", " ", coded(label.message)) if label.message else None
    return h("div", h("p", h("code", where), note, class_="place"), _source_line(label, choice), class_="placed")


def _source_line(label: Label, choice: Choice | None) -> Markup | None:
    source = next((one for one in _sources(choice) if one.path == label.path), None)
    if source is None or label.span is None:
        return None
    line = source.line(label.span.line)
    begin = label.span.column - 1
    end = label.span.end_column - 1 if label.span.end_line == label.span.line else len(line)
    end = max(end, begin + 1)
    start = max(0, begin - LONGEST_LINE // 2) if len(line) > LONGEST_LINE else 0
    stop = start + LONGEST_LINE
    marked = "•" * 6 if label.secret else shown(line[begin : min(end, stop)])
    parts: tuple[Child, ...] = (shown(line[start:begin]), h("mark", marked), shown(line[end:stop]))
    number = h("span", str(label.span.line), class_="line-number", aria_hidden="true")
    return h(
        "pre", number, h("code", parts), class_="source", tabindex=0, role="group", aria_label=f"Line {label.span.line}"
    )


def _sources(choice: Choice | None) -> Iterator[SourceFile]:
    """The files that the variant was written in: the only ones that a preview brings along."""
    if choice is not None and choice.variant is not None:
        yield from (one.source for one in choice.variant.texts.values())
        yield choice.variant.written.source


def why(choice: Choice) -> Markup:
    """The variants that were looked at, in their order, each with its reason."""
    return h(
        "details",
        h("summary", "Why this variant" if choice.variant else "Why no variant"),
        h("ol", map(_step, choice.steps), class_="steps"),
        class_="why",
    )


def _step(step: Step) -> Markup:
    one = step.variant
    return _drawn_step(one.name, one.locale, one.tenant, one.conditions, step.chosen, step.reason)


@lru_cache(4096)
def _drawn_step(
    name: str, locale: str, tenant: str | None, conditions: tuple[Condition, ...], chosen: bool, reason: str
) -> Markup:
    """Thousands of previews are explained by a few dozen of these."""
    about = [h("span", shown(each), class_="badge") for each in (locale, tenant) if each]
    named = h("p", h("b", shown(name)), about, h("span", ": chosen" if chosen else ": not chosen", class_="hidden"))
    holds = (h("code", shown(str(one))) for one in conditions)
    return h(
        "li",
        h("span", icon("check" if chosen else "cross"), class_="step-icon"),
        h(
            "div",
            named,
            h("p", holds, class_="step-conditions") if conditions else None,
            h("p", coded(reason), class_="step-reason"),
        ),
        class_="step is-chosen" if chosen else "step",
    )


def initials(name: str | None) -> str:
    """One or two letters for a round picture of somebody."""
    words = [word for word in (name or "").replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def avatar(name: str | None, **attributes: str | None) -> Markup:
    extra = attributes.pop("class_", None)
    return h("span", initials(name), class_=f"avatar {extra or ''}".rstrip(), aria_hidden="true")


def tabs(label: str, panes: list[tuple[str, Markup]]) -> Markup:
    """Panes of which one is shown; `page.js` switches them. A single pane has no switch."""
    if len(panes) < 2:
        return joined_panes(panes)
    buttons = (
        h("button", name, type="button", data_tab=str(number), aria_pressed="false" if number else "true")
        for number, (name, _) in enumerate(panes)
    )
    return h(
        "div",
        h("div", buttons, class_="segmented tab-row", role="group", aria_label=label),
        joined_panes(panes),
        class_="tabs",
    )


def joined_panes(panes: list[tuple[str, Markup]]) -> Markup:
    return Markup("").join(
        h("div", pane, class_="pane", data_pane=str(number), hidden=number > 0)
        for number, (_, pane) in enumerate(panes)
    )
