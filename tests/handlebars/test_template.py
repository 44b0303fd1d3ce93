"""Templates as others use them: rendering, errors as data, what is missing, helpers."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from nac import handlebars
from nac.handlebars import (
    UNDEFINED,
    HandlebarsError,
    HelperError,
    MissingVariable,
    Options,
    SafeString,
    TemplateSyntaxError,
    UnknownHelperError,
)


def test_an_error_says_where() -> None:
    with pytest.raises(MissingVariable) as error:
        handlebars.compile("Hi\n  {{{order.nmae}}}", name="body.html").render({"order": {"name": "a"}})
    found = error.value
    assert (found.template, found.line, found.column) == ("body.html", 2, 6)
    assert (found.end_line, found.end_column) == (2, 16)
    assert (found.path, found.nearest) == ("order.nmae", "order.name")
    assert found.message == "`order` has no `nmae`"


def test_a_long_line_is_cut_around_the_error() -> None:
    with pytest.raises(TemplateSyntaxError) as error:
        handlebars.parse("x" * 500 + "{{}}" + "y" * 500)
    _, line, caret = str(error.value).splitlines()
    assert len(line) < 130
    assert line[caret.index("^") :].startswith("}}yy")


def test_a_caret_stands_below_tabs() -> None:
    with pytest.raises(TemplateSyntaxError) as error:
        handlebars.parse("\t{{\t}}")
    assert str(error.value).splitlines()[1:] == ["1 | \t{{\t}}", "  | \t  \t^^"]


def test_missing_tells_everything_at_once() -> None:
    template = handlebars.compile(
        "{{a}} {{#each list}}{{b}}{{/each}}{{#if c.d}}x{{else}}{{e}}{{/if}}{{name}}{{#f}}{{g}}{{/f}}"
    )
    missing = template.missing({"list": [1, {}, {}], "name": "Ann"})
    assert [error.path for error in missing] == ["a", "b", "c", "e", "f"]
    assert all(isinstance(error, MissingVariable) for error in missing)


def test_missing_goes_on_after_other_errors() -> None:
    template = handlebars.compile("{{#if 1 2}}{{/if}}{{nope (lookup)}}{{a}}{{> nowhere}}{{b}}")
    assert [error.path for error in template.missing({})] == ["a", "b"]


def test_missing_looks_into_partials() -> None:
    template = handlebars.compile("{{> p}}", partials={"p": "{{a}}"})
    assert [(error.template, error.path) for error in template.missing({})] == [("p", "a")]


def test_nothing_is_missing() -> None:
    assert handlebars.compile("{{a}}").missing({"a": None}) == []
    assert handlebars.compile("{{a}}", strict=False).missing({}) == []


def test_a_template_renders_in_many_threads() -> None:
    template = handlebars.compile(
        "{{#each l}}{{> p}}{{@index}}{{/each}}", partials={"p": "{{this}}{{x}}"}, strict=False
    )
    contexts = [{"l": [str(number)] * 50} for number in range(100)]
    with ThreadPoolExecutor(8) as pool:
        printed = list(pool.map(template.render, contexts))
    assert printed == ["".join(f"{number}{index}" for index in range(50)) for number in range(100)]


def test_a_helper() -> None:
    def shout(args: Sequence[object], options: Options) -> object:
        if args[0] is UNDEFINED:
            raise HelperError("`shout` needs something")
        return SafeString(f"<b>{args[0]}{options.hash.get('end', '!')}</b>")

    template = handlebars.compile("{{shout name}} {{shout name end='?'}}", helpers={"shout": shout})
    assert template.render({"name": "Ann"}) == "<b>Ann!</b> <b>Ann?</b>"
    with pytest.raises(HandlebarsError, match="needs something") as error:
        template.render({})
    assert (error.value.line, error.value.column, error.value.end_column) == (1, 3, 13)


def test_a_block_helper() -> None:
    def twice(args: Sequence[object], options: Options) -> object:
        body, inverse = options.block()
        return f"{body(options.this)}{body(args[0])}{inverse(options.this)}"

    source = "{{#twice other}}[{{name}}{{../name}}]{{else}}{{@root.name}}{{/twice}}"
    template = handlebars.compile(source, helpers={"twice": twice}, strict=False)
    assert template.render({"name": "a", "other": {"name": "b"}}) == "[a][ba]a"


def test_a_helper_comes_before_a_name_of_the_data() -> None:
    template = handlebars.compile("{{name}} {{this.name}} {{./name}}", helpers={"name": lambda args, options: "helper"})
    assert template.render({"name": "data"}) == "helper data data"


def test_an_unknown_helper_tells_its_name() -> None:
    with pytest.raises(UnknownHelperError) as error:
        handlebars.compile("{{uper name}}", helpers={"upper": lambda args, options: ""}).render({"name": "a"})
    assert (error.value.name, error.value.help) == ("uper", "did you mean `upper`?")


@pytest.mark.parametrize("value", [date(2024, 1, 1), (1, 2), b"bytes", object(), {1, 2}])
@pytest.mark.parametrize("source", ["{{x}}", "{{{x}}}", "{{#x}}{{y}}{{/x}}", "{{x.real}}", "{{lookup x 'a'}}"])
def test_values_that_are_not_json_are_refused(value: object, source: str) -> None:
    with pytest.raises(HandlebarsError):
        handlebars.compile(source).render({"x": value})


@pytest.mark.parametrize("context", [None, 5, "text", True, [1, 2]])
def test_any_json_value_can_be_the_context(context: object) -> None:
    assert handlebars.compile("{{{this}}}", strict=False).render({"this": 1}) == "[object Object]"
    assert isinstance(handlebars.compile("{{{this}}}{{a}}", strict=False).render(context), str)


def test_half_a_character_is_refused() -> None:
    template = handlebars.compile("{{lookup text 0}}")
    assert template.render({"text": "a😀"}) == "a"
    with pytest.raises(HandlebarsError, match="middle of a character"):
        template.render({"text": "😀"})


def test_hooks_for_what_is_no_helper() -> None:
    def missing(args: Sequence[object], options: Options) -> object:
        return f"<{options.name} {len(args)}>"

    def block(args: Sequence[object], options: Options) -> object:
        body, _ = options.block()
        return f"({args[0]}: {body(options.this)})"

    hooks = {"helperMissing": missing, "blockHelperMissing": block}
    template = handlebars.compile("{{{nope}}} {{{nope 1}}} {{name}} {{#name}}x{{/name}}", strict=False, helpers=hooks)
    assert template.render({"name": "Ann"}) == "<nope 0> <nope 1> Ann (Ann: x)"
    strict = handlebars.compile("{{nope 1}}", helpers=hooks)
    with pytest.raises(UnknownHelperError):
        strict.render({})


def test_own_helpers_replace_those_built_in() -> None:
    def never(args: Sequence[object], options: Options) -> object:
        return options.block()[1](options.this)

    source = "{{#if 1}}a{{else}}b{{/if}}{{#unless 1}}c{{else}}d{{/unless}}"
    assert handlebars.compile(source).render({}) == "ad"
    assert handlebars.compile(source, helpers={"if": never}).render({}) == "bc"


def test_a_syntax_error_points_twice() -> None:
    with pytest.raises(TemplateSyntaxError) as error:
        handlebars.parse("{{#if a}}\n{{#each b}}\n{{/if}}")
    found = error.value
    assert (found.message, found.line, found.column) == ("`{{#each b}}` is never closed", 2, 1)
    assert [(one.message, one.span.line, one.span.text) for one in found.related] == [
        ("expected `{{/each}}` before this", 3, "{{/if}}")
    ]


def test_a_source_is_compiled_once() -> None:
    assert handlebars.compile("{{a}}!").program is handlebars.compile("{{a}}!").program
    assert handlebars.compile("{{a}}!").program is not handlebars.compile("{{a}}!", strict=False).program
