"""Translations: looking a message up, filling it in, and reading the files."""

from pathlib import Path

import pytest

from nac import handlebars
from nac.handlebars import HandlebarsError
from nac.templates import HELPERS, Context, Translations, is_dropped, problems
from nac.templates.translation_files import load_translations
from nac.templates.translations import lookup_order
from nac.tree import WorkTree

FILES = Translations(
    {
        "es-mx": {"": {"hi": "Qué onda {{name}}"}},
        "es": {
            "": {"hi": "Hola {{name}}", "pl": {"zero": "cero", "one": "uno {{count}}", "other": "{{count}} muchos"},
                 "a": {"b": "nested"}, "a.c": "dotted", "raw": "{{{name}}}"},
            "auth": {"login": "Entrar"},
        },
        "en": {"": {"hi": "Hi {{name}}", "only": "Only default <b>", "pl": {"one": "one"}}},
    }
)  # fmt: skip


def render(source: str, locale: str = "es", **data: object) -> str:
    return handlebars.compile(source, helpers=HELPERS).render(Context(data, locale=locale, translations=FILES))


@pytest.mark.parametrize(
    ("source", "prints"),
    [
        ("{{t 'hi' name='Ann'}}", "Hola Ann"),
        ("{{t 'auth:login'}}", "Entrar"),
        ("{{t 'a.b'}} {{t 'a.c'}}", "nested dotted"),
        ("{{t 'only'}} {{{t 'only'}}}", "Only default &lt;b&gt; Only default <b>"),
        (
            "{{t 'hi' name='<b>'}} {{{t 'hi' name='<b>'}}} {{{t 'raw' name='<b>'}}}",
            "Hola &amp;lt;b&amp;gt; Hola &lt;b&gt; <b>",
        ),
        (
            "{{t 'pl' count=0}}, {{t 'pl'}}, {{t 'pl' count=nothing}}, {{t 'pl' count=missing}}",
            "cero, cero, cero, cero",
        ),
        ("{{t 'pl' count=1}}, {{t 'pl' count=2}}, {{t 'pl' count=1.5}}", "uno 1, 2 muchos, 1.5 muchos"),
        ("{{#each list}}{{t this name=@index}} {{/each}}", "Hola 0 "),
    ],
)
def test_prints(source: str, prints: str) -> None:
    assert render(source, nothing=None, list=["hi"]) == prints


@pytest.mark.parametrize(
    ("locale", "prints"), [("es-MX", "Qué onda A"), ("es_mx", "Qué onda A"), ("es-AR", "Hola A"), ("fr", "Hi A")]
)
def test_the_nearest_locale_that_has_the_key_counts(locale: str, prints: str) -> None:
    assert render("{{t 'hi' name='A'}}", locale) == prints


def test_lookup_order() -> None:
    assert lookup_order("zh_Hant_TW") == ["zh-hant-tw", "zh", "en"]
    assert lookup_order("en") == ["en"]


@pytest.mark.parametrize("key", ["nope", "x:y", "auth:hi", "a", "a.b.c", "auth:x:login", ""])
def test_a_missing_translation_drops_the_message(key: str) -> None:
    with pytest.raises(HandlebarsError) as error:
        render("{{t key}}", key=key)
    assert is_dropped(error.value) == bool(key)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{{t 'hi'}}", 'the translation `hi` needs `name`: write `t "hi" name=…`'),
        ("{{t 'pl' count='2'}}", "the `count` of the translation `pl` is not a number"),
        ("{{t}}", "`t` needs the key of a translation, as text"),
        ("{{t 'hi' 'there'}}", "`t` needs the key of a translation, as text"),
        ("{{t 5}}", "`t` needs the key of a translation, as text"),
    ],
)
def test_refuses(source: str, says: str) -> None:
    with pytest.raises(HandlebarsError) as error:
        render(source)
    assert error.value.message == says
    assert not is_dropped(error.value)


def test_a_plural_without_the_form() -> None:
    with pytest.raises(HandlebarsError, match="the translation `pl` has no form `other`"):
        render("{{t 'pl' count=2}}", "en")


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / "notifications" / "translations" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_files_are_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{"en.json": '{"a": {"b": "x {{y}}"}}', "auth.es_MX.json": "{}", "es__es.json": '{"k": "v"}', "README.md": ""},
    )
    translations, findings = load_translations(WorkTree(tmp_path))
    assert findings == []
    assert translations.files == {"en": {"": {"a": {"b": "x {{y}}"}}}, "es-mx": {"auth": {}}, "es": {"": {"k": "v"}}}


def test_no_folder_is_no_translations(tmp_path: Path) -> None:
    assert load_translations(WorkTree(tmp_path))[0].files == {}


@pytest.mark.parametrize(
    ("name", "text", "code", "says", "place"),
    [
        ("en.json", '{"a": 1,\n "b" "c"}', "NAC108", "this is not JSON: a `:` is missing behind the key", (2, 6)),
        ("en.json", "[]", "NAC203", "a translation file holds a mapping, not a list", None),
        ("en.json", '{"x": {"a": "b"},\r\n "y": {"a": 5}}', "NAC203", "a translation is text, not a number", (2, 8)),
        ("en.json", '{"l": [{"a": 1}],\n "a": null}', "NAC203", "a translation is text, not nothing (null)", (2, 2)),
        ("en.json", '{"a": "1",\n "a": "2"}', "NAC102", "the key `a` stands twice in one mapping", (2, 2)),
        ("en.json", '{"é": "{{x"}', "NAC310", "expected", (1, 2)),
        ("en.json", '{"a": "{{#if x}}{{/if}}"}', "NAC310", "a translation can hold placeholders", (1, 2)),
        ("en.json", '{"a": "{{../x}}"}', "NAC310", "`../x` cannot be a placeholder", (1, 2)),
        ("en.json", "[" * 100_000, "NAC107", "this JSON nests more than 64 levels deep", (1, 65)),
        ("a.b.en.json", "{}", "NAC204", "this is not the name of a translation file", None),
        ("english.json", "{}", "NAC204", "this is not the name of a translation file", None),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file(
    tmp_path: Path, name: str, text: str, code: str, says: str, place: tuple[int, int] | None
) -> None:
    write(tmp_path, **{name: text})
    found = [one for one in load_translations(WorkTree(tmp_path))[1] if says in one.message]
    assert len(found) == 1
    assert found[0].rule.code == code
    assert (found[0].label.span and found[0].label.span[:2]) == place


def test_two_files_of_the_same_locale(tmp_path: Path) -> None:
    write(tmp_path, **{"en-GB.json": "{}", "en_gb.json": "{}"})
    [found] = load_translations(WorkTree(tmp_path))[1]
    assert found.related[0].path == "notifications/translations/en-GB.json"


def test_everything_that_drops_the_message_is_found_at_once() -> None:
    source = "{{a}}{{t 'x'}}{{t 'hi' name=(t 'y')}}{{b.c}}{{t 'x'}}{{divide 'a' 1}}"
    found = problems(source, Context({}, translations=FILES))
    assert [one.message for one in found] == [
        "`a` is not in the data",
        "the translation `x` is in no file of en",
        "the translation `y` is in no file of en",
        "`b` is not in the data",
    ]
    assert all(map(is_dropped, found))
    [other] = problems("{{t 'hi' name=1}}{{divide 'a' 1}}", Context({}, translations=FILES))
    assert not is_dropped(other)
    assert problems("{{t 'hi' name=1}}", Context({}, translations=FILES)) == []
    assert len(problems("{{#if}}", Context({}))) == 1
