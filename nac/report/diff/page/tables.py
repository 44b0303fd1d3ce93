"""What is no message, as tables: the payload, who gets it, how many are reached, findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from markupsafe import Markup

from nac.diff.changes import (
    Change,
    CountChanged,
    DataKeyRemoved,
    EventFieldRequired,
    FieldChanged,
    FindingAdded,
    FindingRemoved,
    RecipientAdded,
    RecipientMoved,
    RecipientRemoved,
)
from nac.diff.words import words
from nac.report.diff.wording import count as counted
from nac.report.diff.wording import named
from nac.report.diff.wording import people as _people
from nac.report.page.icons import icon
from nac.report.page.markup import Child, coded, h, shown

MAX_ROWS = 500


def fields(changes: Sequence[Change]) -> Markup | None:
    """What a request says, before and after."""
    found = [one for one in changes if isinstance(one, (FieldChanged, DataKeyRemoved, EventFieldRequired))]
    return table("Fields", ("Class", "Field", "Before", "After", "Why", "Samples"), found, _field)


def _field(change: Change) -> Iterator[Child]:
    match change:
        case FieldChanged():
            yield h("code", shown(change.path))
            yield from _values(change.before, change.after)
        case DataKeyRemoved():
            yield h("code", shown(change.path))
            yield h("del", shown(change.path.rpartition(".")[2]))
            yield h("ins", shown(change.renamed_to.rpartition(".")[2])) if change.renamed_to else _none("removed")
        case EventFieldRequired():
            yield h("code", shown(change.path or "event"))
            yield _none("not needed")
            yield h("ins", "required")
    yield h("span", coded(change.reason))
    yield h("span", shown(named(sorted({one.sample for one in change.where if one.sample}))) or "–")


def _values(before: str | None, after: str | None) -> Iterator[Markup]:
    """Both values, and in each what the other does not have."""
    if before is None or after is None:
        for tag, text in (("del", before), ("ins", after)):
            yield h("span", h(tag, shown(text)), class_="value") if text is not None else _none("not there")
        return
    parts = words(before, after)
    for tag, kind in (("del", "removed"), ("ins", "added")):
        made = (h(tag, shown(one.text)) if one.kind == kind else shown(one.text)
                for one in parts if one.kind in ("same", kind))  # fmt: skip
        yield h("span", made, class_="value")


def _none(why: str) -> Markup:
    return h("span", why, class_="muted")


def people(changes: Sequence[Change]) -> Markup | None:
    """Who came, went, or is found by another selector."""
    found = [one for one in changes if isinstance(one, (RecipientAdded, RecipientRemoved, RecipientMoved))]
    return table("People", ("Class", "Who", "What", "Found by", "Channels", "Why"), found, _person)


def _person(change: Change) -> Iterator[Child]:
    yield h("span", shown(_people(change.where)))
    match change:
        case RecipientAdded():
            yield h("ins", "gets it now")
            yield h("code", shown(change.via))
            yield h("span", shown(", ".join(change.channels)) or "–")
        case RecipientRemoved():
            yield h("del", "does not get it any more")
            yield h("code", shown(change.via))
            yield h("span", "–")
        case RecipientMoved():
            yield h("span", "another selector")
            yield h("span", h("del", shown(change.before)), " → ", h("ins", shown(change.after)))
            yield h("span", "–")
    yield h("span", coded(change.reason))


def counts(changes: Iterable[Change]) -> Markup | None:
    """How many people each selector reaches, as bars: before above, after below."""
    found = [one for one in changes if isinstance(one, CountChanged)][:MAX_ROWS]
    if not found:
        return None
    most = max(max(one.before, one.after) for one in found) or 1
    rows = (
        h(
            "li",
            h(
                "p",
                h("b", shown(one.via)),
                h("span", shown(one.tenant), class_="badge", title="Tenant") if one.tenant else None,
                h("span", shown(one.trigger), class_="muted"),
                h("span", _growth(one), class_=f"growth is-{'more' if one.after > one.before else 'less'}"),
                class_="reach-name",
            ),
            _bar(one.before, most, "before"),
            _bar(one.after, most, "after"),
            h("p", coded(one.reason), class_="over") if one.allowed is not None else None,
            class_="reach is-over" if one.allowed is not None else "reach",
        )
        for one in found
    )
    return h("ul", rows, class_="reaches", aria_label="People reached")


def _growth(one: CountChanged) -> str:
    by = one.after - one.before
    percent = f" ({by / one.before * 100:+,.0f} %)" if one.before else ""
    return f"{by:+,}{percent}"


def _bar(value: int, most: int, side: str) -> Markup:
    share = f"{value / most * 100:.2f}%"
    return h(
        "div",
        h("span", side, class_="bar-side"),
        h("svg", h("rect", width=share, height="100%", rx="3"), class_="bar", aria_hidden="true"),
        h("b", f"{value:,}"),
        class_=f"bar-row is-{side}",
    )


def findings(changes: Sequence[Change]) -> Markup | None:
    found = [one for one in changes if isinstance(one, (FindingAdded, FindingRemoved))]
    return table("Findings", ("Class", "", "Finding", "Where"), found, _finding)


def _finding(change: Change) -> Iterator[Child]:
    assert isinstance(change, (FindingAdded, FindingRemoved))
    gone = isinstance(change, FindingRemoved)
    yield h("span", icon("check" if gone else "alert"), "gone" if gone else f"new {change.severity}",
            class_=f"finding-state is-{'gone' if gone else change.severity}")  # fmt: skip
    rule = h("small", shown(f"{change.code} {change.name}"), class_="muted")
    yield h("span", coded(change.message), " ", rule)
    yield h("code", shown(change.path + (f":{change.line}" if change.line else "")))


def table(
    name: str, heads: Sequence[str], found: Sequence[Change], cells: Callable[[Change], Iterable[Child]]
) -> Markup | None:
    """One row for each change, in its own class, so that the page can leave out the others."""
    if not found:
        return None
    rows = (
        h(
            "tr",
            h("td", h("span", one.cls, class_=f"class is-{one.cls}")),
            (h("td", each) for each in cells(one)),
            data_class=one.cls,
        )
        for one in found[:MAX_ROWS]
    )
    more = counted(len(found) - MAX_ROWS, "more change")
    return h(
        "div",
        h(
            "table",
            h("caption", name, class_="hidden"),
            h("thead", h("tr", (h("th", each, scope="col") if each else h("td") for each in heads))),
            h("tbody", rows),
            class_="table",
        ),
        h("p", more, class_="more") if len(found) > MAX_ROWS else None,
        class_="scroll",
        tabindex=0,
        role="group",
        aria_label=name,
    )
