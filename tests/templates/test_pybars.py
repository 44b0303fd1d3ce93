"""pybars3 behind the adapter: what it prints, and that no template becomes code of its own choice."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nac.handlebars import HandlebarsError
from nac.templates import HELPERS, Context
from nac.templates import pybars as adapter
from nac.templates.pybars import EngineError, compile_pybars

pybars = pytest.importorskip("pybars")

DATA = {
    "$recipient": {"name": "Ann", "first name": "A"}, "items": [{"n": 1}, {"n": 2}], "list": ["b", "a", "b"], "n": 3,
    "f": 2.5, "html": "<b>", "flag": True, "empty": "", "at": "2023-09-26T00:00:00Z", "nothing": None,
}  # fmt: skip


def render(source: str, data: dict[str, object] | None = None) -> str:
    return compile_pybars(source, helpers=HELPERS).render(Context(DATA if data is None else data))


@pytest.mark.parametrize(
    ("source", "prints"),
    [
        ("Hi {{$recipient.name}} {{{$recipient.[first name]}}}{{@root.$recipient.name}}", "Hi Ann AAnn"),
        ("{{#each items}}{{@index}}:{{n}}{{#unless @last}}, {{/unless}}{{/each}}", "0:1, 1:2"),
        ("{{#with $recipient}}{{name}}{{/with}}{{#each items}}{{../n}}{{/each}}", "Ann33"),
        ("{{#if flag}}a{{else}}b{{/if}}{{^nothing}}c{{/nothing}}", "ac"),
        ("{{html}} {{{html}}} {{uppercase html}}", "&lt;b&gt; <b> &lt;B&gt;"),
        ("{{add n 1}} {{divide 5 2}} {{round f}} {{length list}}", "4 2.5 3 3"),
        ("{{itemAt (unique list) 1}} {{join list '-'}} {{join (unique list)}}", "a b-a-b b, a"),
        ("{{#compare n '>' 2}}{{n}} is more{{else}}less{{/compare}}", "3 is more"),
        ("{{default missing 'x'}} {{default nothing $recipient.name}}", "x Ann"),
        ("{{datetime-format at 'D MMM YYYY' 'Asia/Kolkata'}}", "26 Sep 2023"),
        ("{{{jsonStringify items}}} {{jsonStringify list}}", '[{"n":1},{"n":2}] ["b","a","b"]'),
        ("{{missing}}{{missing.deeper}}{{html.upper}}{{n.real}}{{items.clear}}", None),
        ("{{! a comment }}{{!-- with dashes --}}", ""),
    ],
)
def test_prints_what_pybars3_prints(source: str, prints: str | None) -> None:
    if prints is None:
        with pytest.raises(EngineError, match="invalid literal"):
            render(source)
    else:
        assert render(source) == prints


def test_no_name_leads_to_an_attribute_of_python() -> None:
    assert render("[{{html.upper}}{{n.real}}{{f.hex}}{{o.keys}}{{o.clear}}]", {**DATA, "o": {}}) == "[]"
    assert render("{{#each o}}{{@key}}{{this.title}}{{/each}}", {"o": {"a": "b"}}) == "a"


def test_differences_that_the_documentation_names() -> None:
    assert render("{{#if empty}}1{{else if flag}}2{{else}}3{{/if}}") == "3"
    assert render("{{list}} {{f}} {{x}}", {"list": [1, "a"], "f": 3.0, "x": "a=b"}) == "[1, &#x27;a&#x27;] 3.0 a=b"
    with pytest.raises(EngineError):
        render("{{#if flag}}1{{else if empty}}2{{/if}}")


EVIL = "x') or __import__('os').getpid() or resolve(context, u'y"


def test_pybars3_alone_executes_a_template() -> None:
    import os

    assert str(pybars.Compiler().compile("{{a.[" + EVIL + "]}}")({})) == str(os.getpid())


@pytest.mark.parametrize(
    "source",
    [
        "{{a.[%s]}}", "{{{a.[%s]}}}", "{{#if a.[%s]}}{{/if}}", "{{a b=c.[%s]}}", "{{a (b c.[%s])}}", "{{@[%s]}}",
        "{{#each [%s]}}{{/each}}", "{{> a [%s]}}", "{{> [%s]}}", "\\{{a.[%s]}}", "{{!-- }} {{a.[%s]}} --}}",
        "{{! {{a.[%s]}}", "{{{{raw}}}}{{a.[%s]}}{{{{/raw}}}}", "{{a '}}{{b.[%s]}}'}}", '{{a "%s"}}', "{{'%s'}}",
        "{{~a.[%s]~}}", "{{&a.[%s]}}", "{{#with a as |%s|}}{{/with}}", "{{[%s].a}}", "{{a [%s]=1}}",
        "{\n{{~!x~}}\n{a.[%s]}}",
    ],
)  # fmt: skip
def test_no_template_becomes_code(source: str) -> None:
    with pytest.raises(HandlebarsError):
        render(source.replace("%s", EVIL))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{{a.__class__}}", "the name `__class__`"),
        ("{{a.[b\\c]}}", "the name `b\\c`"),
        ("{{a 'it\"s'}}", "a text with quotes"),
        ('{{a "\\\\"}}', "a text with quotes"),
        ("{{a class=1}}", "an argument named `class`"),
        ("{{a b-c=1}}", "an argument named `b-c`"),
        ("{{#$recipient}}{{/$recipient}}", "no blocks of names with `$`"),
        ("{{#each a as |b|}}{{/each}}", "no block parameters"),
        ("{{#> a}}{{/a}}", "no partial blocks"),
        ("{{#*inline 'a'}}{{/inline}}", "no partial blocks and no inline partials"),
        ("{{#if a}}", "is never closed"),
    ],
)
def test_what_is_refused_and_where(source: str, says: str) -> None:
    with pytest.raises(HandlebarsError) as error:
        render(f"ok\n {source}")
    assert says in str(error.value)
    assert error.value.line == 2


HARMLESS = (
    "{{a}}{{{b cc=(d e) ff='g'}}}{{#h i}}j{{else}}k{{/h}}{{^l}}m{{/l}}{{> n o pp=q}} {{r 1}}{{&s}}{{t true}}{{u null}}"
)


def words(code: str) -> set[str]:
    """The names and attributes that Python code speaks of."""
    nodes = list(ast.walk(ast.parse(code)))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and not node.id.startswith("block_")}
    return names | {f".{node.attr}" for node in nodes if isinstance(node, ast.Attribute)}


PIECES = [
    "{{", "}}", "{{{", "}}}", "{", "}", "a", "b.c", "[x]", "[", "]", "'", '"', "(", ")", "|", "=", "\\", " ", "\n",
    "/if", "#", "/", "^", "!", "!--", "--", "~", "&", ">", "else", "as", "$d", "@", "../", "__", "1", "os", ",", "'s'",
    '"t"', "\u2028", "\r", "{{#if a}}", "{{/if}}", "{{!", "](", "('", "') or evil(u'", '") or evil("',
    "[') or evil(u']", '"+evil("', "'+evil('",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@cache
def harmless() -> set[str]:
    return words(pybars.Compiler().precompile(HARMLESS))


@settings(max_examples=150)
@given(TEXTS | TEXTS.map(lambda text: "{{a." + text + "}}"))
def test_whatever_is_let_through_is_harmless_code(source: str) -> None:
    seen: list[str] = []
    original = pybars.Compiler._generate_code

    def spy(self: object, text: str) -> object:
        made = original(self, text)
        seen.append(made.full_code)
        return made

    pybars.Compiler._generate_code = spy
    try:
        compile_pybars(source, helpers={})
    except (HandlebarsError, EngineError):
        pass
    finally:
        pybars.Compiler._generate_code = original
    assert all(words(code) <= harmless() for code in seen)


def test_without_pybars3(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pybars", None)
    adapter._compiled.cache_clear()
    assert not adapter.is_installed()
    with pytest.raises(EngineError, match=r"pip install 'nac\[pybars3\]'"):
        compile_pybars("a", helpers={})


def test_data_that_is_no_json() -> None:
    with pytest.raises(EngineError, match="not a JSON value"):
        render("a", {"a": object()})
