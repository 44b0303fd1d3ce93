"""Whatever the text, whatever the data: a template prints text or raises HandlebarsError."""

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle_helpers import SETS

from nac import handlebars
from nac.handlebars import HandlebarsError, nodes
from nac.templates import HELPERS

# Any text, and text made of what Handlebars reads, so that templates get further than their first tag.
PIECES = (
    "{{ }} {{{ }}} {{{{ }}}} {{# {{/ {{^ {{> {{#> {{& {{! {{!-- --}} {{~ ~}} {{#*inline else if each with lookup "
    "( ) = | as |x| . .. / @ this a b a.b [ ] [a] \\ ' \" 'a' 1 -1.5 true null undefined @index @root raw \0 "
    "{{#if {{/if}} {{else}} {{#each {{/each}} {{raw}} default compare jsonPath add"
).split(" ")
TEMPLATES = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*PIECES, " ", " ", "\n", "x", "\r\n"]), max_size=25).map("".join),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.sampled_from("ab1x"), values, max_size=3),
    max_leaves=10,
)


@settings(max_examples=600, deadline=None)
@given(source=TEMPLATES, context=VALUES, strict=st.booleans())
def test_a_template_prints_or_is_refused(source: str, context: object, strict: bool) -> None:
    try:
        template = handlebars.compile(source, strict=strict, helpers=HELPERS, partials={"a": source, "b": "{{a}}"})
        for error in template.missing(context):
            str(error)
        assert isinstance(template.render(context), str)
    except HandlebarsError as error:
        str(error)


@settings(max_examples=300, deadline=None)
@given(source=TEMPLATES, helpers=st.sampled_from(sorted(SETS)), context=VALUES, strict=st.booleans())
def test_what_a_rendering_misses_is_among_what_a_template_reads(
    source: str, helpers: str, context: object, strict: bool
) -> None:
    own = SETS[helpers]
    try:
        usage = handlebars.analyse(handlebars.parse(source), helpers=own)
        template = handlebars.compile(source, strict=strict, helpers=own)
        missing = template.missing(context)
        template.render(context)
    except HandlebarsError:
        return
    read = {(one.span.start, one.span.end) for one in usage.reads}
    assert all((one.span.start, one.span.end) in read for one in missing)


@settings(max_examples=300, deadline=None)
@given(source=TEMPLATES)
def test_every_node_is_where_its_text_is(source: str) -> None:
    try:
        program = handlebars.parse(source)
    except HandlebarsError:
        return
    end = 0
    for node in program.body:
        assert end <= node.span.start <= node.span.end <= len(source)
        end = node.span.end
        if isinstance(node, nodes.Content):
            assert node.span.text.startswith(node.original)


@settings(deadline=None)
@given(name=st.text(alphabet="abcxyz$_", min_size=1), value=st.text())
def test_a_name_prints_its_value(name: str, value: str) -> None:
    template = handlebars.compile("{{{this." + name + "}}}")
    assert template.render({name: value}) == value


@settings(max_examples=300, deadline=None)
@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_a_printed_number_is_the_number(number: float) -> None:
    assert float(handlebars.compile("{{{n}}}").render({"n": number})) == number
