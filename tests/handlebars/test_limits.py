"""No template hangs, fills the memory or overflows the stack: the named limits hold, with an error that says so."""

import sys
import time

import pytest

from nac import handlebars
from nac.handlebars import HandlebarsError, LimitError, TemplateSyntaxError, limits

MANY = limits.MAX_SOURCE // 2 - 10


@pytest.mark.parametrize(
    "source",
    [
        "{{a '" + "x" * MANY,
        '{{a "' + '\\"' * MANY,
        "{{a [" + "\\]" * MANY,
        "{{" + " " * MANY,
        "{{" * MANY,
        "{{!--" + "-" * MANY,
        "{{{{a}}}}" + "{{{{/b" * (MANY // 4),
        "{{a" + "." * MANY,
        "{{" + "(" * MANY,
        "{{#if a}}" * (MANY // 5),
        "{{#if a}}" + "{{else if a}}" * (MANY // 10),
        "{{#each a as |" + "b " * MANY + "|}}{{/each}}",
        "x" * (limits.MAX_SOURCE + 1),
    ],
    ids=lambda source: source[:14],
)
def test_a_long_mistake_is_found_soon(source: str) -> None:
    start = time.process_time()
    with pytest.raises(TemplateSyntaxError) as error:
        handlebars.parse(source)
    assert str(error.value)
    assert time.process_time() - start < 30


def test_blocks_nest_as_deep_as_the_limit() -> None:
    deep = limits.MAX_NESTING
    assert handlebars.compile("{{#if 1}}" * deep + "x" + "{{/if}}" * deep).render({}) == "x"
    with pytest.raises(TemplateSyntaxError, match="nested more than 100 deep"):
        handlebars.parse("{{#if 1}}" * (deep + 1) + "{{/if}}" * (deep + 1))


def test_sub_expressions_nest_as_deep_as_the_limit() -> None:
    deep = limits.MAX_NESTING
    assert handlebars.compile("{{lookup a " + "(lookup a " * deep + "0" + ")" * deep + "}}").render({"a": [0]}) == "0"


def test_partials_that_double_without_end() -> None:
    partials = {f"p{number}": f"{{{{> p{number + 1}}}}}" * 2 for number in range(60)}
    with pytest.raises(LimitError, match="steps"):
        handlebars.compile("{{> p0}}", partials={**partials, "p60": ""}).render({})


def test_output_that_grows_without_end() -> None:
    items = list(range(2000))
    with pytest.raises(LimitError, match="characters"):
        handlebars.compile("{{#each items}}{{@root.text}}{{/each}}").render({"items": items, "text": "x" * 100_000})


def test_output_that_grows_within_one_program() -> None:
    source = "{{{text}}}" * 2000
    with pytest.raises(LimitError, match="characters"):
        handlebars.compile(source).render({"text": "x" * 100_000})
    with pytest.raises(LimitError, match="characters"):
        handlebars.compile("{{x}}" * 12_000).render({"x": "&" * 199})


def test_a_loop_within_a_loop() -> None:
    source = "{{#each items}}{{#each @root.items}}{{/each}}{{/each}}"
    with pytest.raises(LimitError, match="steps"):
        handlebars.compile(source).render({"items": list(range(10_000))})


def test_a_list_within_itself() -> None:
    items: list[object] = []
    items.append(items)
    with pytest.raises(HandlebarsError, match="lists more than 100 deep"):
        handlebars.compile("{{items}}").render({"items": items})


def test_little_stack_is_no_recursion_error() -> None:
    source = "{{#if 1}}" * 90 + "{{/if}}" * 90
    template = handlebars.compile(source)
    before = sys.getrecursionlimit()

    def at_depth(depth: int) -> None:
        if depth:
            at_depth(depth - 1)
            return
        with pytest.raises(LimitError, match="stack"):
            template.render({})
        with pytest.raises(LimitError, match="stack"):
            handlebars.compile(source, name="another")
        with pytest.raises(LimitError, match="stack"):
            handlebars.parse(source)

    try:
        sys.setrecursionlimit(400)
        at_depth(250)
    finally:
        sys.setrecursionlimit(before)
