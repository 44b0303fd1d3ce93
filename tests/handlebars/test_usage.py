"""What templates use: `usage/*.yaml`, templates with what they read, call and include."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from nac import handlebars
from nac.handlebars.usage import EACH, INDEX, Call, Constant, Place, Read, Root, Section

FOLDER = Path(__file__).parent / "usage"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def analyse(case: dict[str, Any]) -> handlebars.Usage:
    options: dict[str, Any] = {name: case[name] for name in ("helpers", "defaults") if name in case}
    partials = {name: handlebars.parse(text, name) for name, text in case.get("partials", {}).items()}
    return handlebars.analyse(handlebars.parse(case["template"]), partials=partials, **options)


def line(read: Read) -> str:
    words = [name for name in ("required", "handled", "guarded") if getattr(read, name)]
    return " ".join([str(read.place), read.use.value, *words])


@pytest.mark.parametrize("case", CASES)
def test_reads(case: dict[str, Any]) -> None:
    assert [line(read) for read in analyse(case).reads] == case["reads"].splitlines()


@pytest.mark.parametrize("case", CASES)
def test_a_read_is_where_it_is_written(case: dict[str, Any]) -> None:
    for read in analyse(case).reads:
        text = read.span.text
        assert read.written in (text, text.replace("[", "").replace("]", ""))


def test_steps_are_values() -> None:
    usage = handlebars.analyse(handlebars.parse("{{#each comments as |c|}}{{c.author.name}}{{@index}}{{/each}}"))
    assert [read.place.steps for read in usage.reads] == [
        ("comments",),
        ("comments", EACH, "author", "name"),
        ("comments", INDEX),
    ]
    assert {read.place.root for read in usage.reads} == {Root.DATA}
    assert len({*usage.reads, *usage.reads}) == 3


def test_a_section_knows_the_context_around_it() -> None:
    usage = handlebars.analyse(handlebars.parse("{{#each a}}{{#b}}{{c}}{{/b}}{{/each}}"))
    around = Place(Root.DATA, ("a", EACH))
    assert usage.reads[-1].place.steps == ("a", EACH, "b", Section(around), "c")


def test_calls_have_their_arguments() -> None:
    usage = handlebars.analyse(handlebars.parse("{{#if a}}{{pad (upper name) 10 with='-'}}{{/if}}"))
    condition, upper, pad = usage.calls
    assert (condition.name, condition.block, upper.name, pad.name) == ("if", True, "upper", "pad")
    assert pad.arguments[0] == upper
    assert isinstance(pad.arguments[1], Constant)
    assert pad.arguments[1].value == 10
    assert [(name, value.value) for name, value in pad.named if isinstance(value, Constant)] == [("with", "-")]
    assert isinstance(upper.arguments[0], Read)
    assert upper.arguments[0] in usage.reads
    assert isinstance(pad, Call)
    assert (pad.span.text, pad.name_span.text) == ("pad (upper name) 10 with='-'", "pad")
    assert [str(guard.place) for guard in pad.guards] == ["a"]


def test_partials_are_told() -> None:
    text = "{{> p a x=b}}{{#> q}}{{c}}{{/q}}{{> (pick)}}{{#*inline 'i'}}{{/inline}}{{> i}}"
    usage = handlebars.analyse(handlebars.parse(text), partials={"p": handlebars.parse("{{x.y}}")})
    assert [(one.name, str(one.context), one.block, one.found) for one in usage.partials] == [
        ("p", "a", False, True),
        ("q", "this", True, False),
        (None, "this", False, False),
        ("i", "this", False, True),
    ]
    assert [one.span.text for one in usage.partials][:2] == ["{{> p a x=b}}", "{{#> q"]
    assert [str(read.place) for read in usage.reads] == ["a", "b", "b.y", "c"]


def test_partials_that_double_without_end() -> None:
    partials = {f"p{n}": handlebars.parse(f"{{{{> p{n + 1}}}}}" * 2) for n in range(40)}
    assert handlebars.analyse(handlebars.parse("{{> p0}}"), partials=partials).reads == ()
