"""JSONNET from outside: what it prints, where its mistakes are, and that its process neither leaks nor breaks."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nac.jsonnet import Evaluator, child, evaluator, limits
from nac.jsonnet.program import TEXTS
from nac.templates import Context, Translations
from nac.templates.jsonnet import JsonnetError
from nac.templates.problems import jsonnet_problems

DATA: dict[str, Any] = {
    "name": "Ann",
    "order": {"title": "T", "lines": [{"n": 1.5}]},
    "$recipient": {"name": "Zoë"},
    "nothing": None,
    "big": 2**53 + 1,
}
MESSAGES = Translations({"en": {"": {"hi": "Hi {{name}}", "n": {"one": "one", "other": "{{count}}", "zero": "none"}}}})


@pytest.fixture(scope="module")
def jsonnet() -> Iterator[Evaluator]:
    with evaluator() as found:
        yield found


def mistake(jsonnet: Evaluator, source: str, data: dict[str, Any] | None = None) -> JsonnetError:
    with pytest.raises(JsonnetError) as caught:
        jsonnet(source, DATA if data is None else data, MESSAGES, "en")
    return caught.value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{a: data.name, b:: 1}", {"a": "Ann"}),
        ('data["$recipient"].name', "Zoë"),
        ("local data = {name: 1}; data.name", 1),
        ("null", None),
        ('"a\\u2028b\\u0000😀"', "a\u2028b\0😀"),
        ("|||\n  two\n  lines\n|||", "two\nlines\n"),
        ("data.big", 2**53),
        ("data.order.lines[0].n", 1.5),
        ('t("hi", {name: data.name})', "Hi Ann"),
        ('[t("n", {count: c}) for c in [0, 1, 5]]', ["none", "one", "5"]),
        ('std.join(", ", std.map(function(x) std.asciiUpper(x), ["a", "b"]))', "A, B"),
        ('{blocks: [x for x in [1, 2, 3] if x > 1]} + {n: std.get(data, "no", 7)}', {"blocks": [2, 3], "n": 7}),
        ("# a comment\n{a: 1} // another", {"a": 1}),
    ],
)
def test_value(jsonnet: Evaluator, source: str, value: Any) -> None:
    assert jsonnet(source, DATA, MESSAGES, "en") == value
    assert jsonnet(source, DATA, MESSAGES, "en") == value


@pytest.mark.parametrize(
    ("source", "written", "message", "missing", "help"),
    [
        ("{a: data.nmae}", "data.nmae", "`data.nmae` is not in the data", "nmae", "did you mean `name`?"),
        ('{a: "éé😀" + data.zzz}', "data.zzz", "`data.zzz` is not in the data", "zzz", None),
        ('{\n  // é\n  "é": data.order.titel,\n}', "data.order.titel", "`data.order.titel` is not", "titel", "`title`"),
        ('data["$recipient"]["nam"]', 'data["$recipient"]["nam"]', "is not in the data", "nam", "`name`"),
        ("data.order.\n  titel", "data.order. titel", "`data.order. titel` is not in the data", "titel", "`title`"),
        ("std.map(function(x) x.m, data.order.lines)", "x.m", "there is no field `m` in `x.m`", "m", None),
        ("data.nothing.x", "data.nothing.x", "`data.nothing.x` reads a field of null", "data.nothing.x", None),
        ('"a" + t("nope")', 't("nope")', "the translation `nope` is in no file of en", "nope", None),
        ('t("hi", {})', 't("hi", {})', "the translation `hi` needs `name`", None, None),
        ("t(5)", "t(5)", "`t` needs the key of a translation", None, None),
        ('t("hi", 5)', 't("hi", 5)', "the second argument of `t` is a mapping", None, None),
        ("{a: name}", "name", "there is no variable `name`", None, "the data is in `data`: write `data.name`"),
        ("std.joinn([])", "std.joinn", "`std` has no function `joinn`", None, None),
        ("{a: [1,}", "}", 'unexpected: "}"', None, None),
        ('{a: "x', '"', "unterminated string", None, None),
        ("1 +", "", "unexpected end of file", None, None),
        ("", "", "unexpected end of file", None, None),
        ("1)+(2", ")", "did not expect", None, None),
        ('error "no way"', 'error "no way"', "no way", None, None),
        ("{a: 0/0}", "0/0", "division by zero", None, None),
        ("1e308*10", "1e308*10", "overflow", None, None),
    ],
)
def test_mistake(
    jsonnet: Evaluator, source: str, written: str, message: str, missing: str | None, help: str | None
) -> None:
    error = mistake(jsonnet, source)
    assert error.asked(source) == written
    assert message in error.message
    assert error.missing == missing
    assert (help or "") in (error.help or "")
    assert (error.help is None) == (help is None)


HOSTILE = {
    "endless calls": "local f(x) = f(x) + 1; f(1)",
    "endless loop": "local f(x) = f(x) tailstrict; f(1)",
    "many calls": "local s(n) = if n == 0 then 1 else s(n - 1) + s(n - 1); s(60)",
    "an array": "std.length(std.makeArray(1e9, function(i) i))",
    "a range": "std.range(1, 1e9)",
    "a giant text": 'std.foldl(function(a, b) a + a, std.range(1, 60), "x")',
    "repeated": 'std.repeat("x", 1e9)',
    "a large result": 'std.foldl(function(a, b) a + a, std.range(1, 23), "x")',
    "deep": "local f(n) = if n == 0 then {} else {a: f(n - 1)}; f(1e6)",
    "brackets": "[" * 100_000,
    "a file": 'importstr "/etc/passwd"',
    "a module": 'import "0"',
    "the program": 'import "/text/0"',
    "a library": 'import "std.jsonnet"',
    "the pipe": 'std.native("next")(0)',
    "an answer": '(std + {n: super.native}).n("answer")("[1]")',
    "outer variables": 'std.extVar("data")',
    "a function": "function(x) x",
    "half a character": '"\\ud800"',
    "too long": "1 + " * 300_000 + "1",
    "two values": '{["a"]: 1, ["a"]: 2}',
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile(jsonnet: Evaluator, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SECONDS", 2)
    jsonnet("1", {}, MESSAGES, "en")
    start = time.monotonic()
    error = mistake(jsonnet, source)
    assert time.monotonic() - start < 60
    assert error.message
    assert "\n" not in error.message
    assert "root:" not in error.message
    assert len(error.message) < 400
    assert jsonnet("data.name", DATA, MESSAGES, "en") == "Ann"


def test_files_cannot_be_imported(jsonnet: Evaluator) -> None:
    for source in ('import "a.libsonnet"', 'importstr "/etc/passwd"', 'importbin "/etc/passwd"'):
        error = mistake(jsonnet, source)
        assert (error.message, error.asked(source)) == ("JSONNET here cannot import files", source)


def test_the_time_is_said(jsonnet: Evaluator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SECONDS", 1)
    assert mistake(jsonnet, HOSTILE["endless loop"]).message == "evaluating this takes longer than 1 seconds"


def test_what_is_broken_off_leaves_nothing_behind(jsonnet: Evaluator, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Translations, "message", interrupted)
        with pytest.raises(KeyboardInterrupt):
            jsonnet('t("hi")', {}, MESSAGES, "en")
    assert jsonnet("2", {}, MESSAGES, "en") == 2


@pytest.mark.parametrize(
    "data",
    [{"a": float("nan")}, {"a": float("inf")}, {"a": "\ud800"}, {"a": {1}}, {"a": 10**400}, {"a": [datetime.now(UTC)]}],
    ids=["nan", "infinite", "half a character", "a set", "a huge number", "a date"],
)
def test_data_that_is_not_json(jsonnet: Evaluator, data: dict[str, Any]) -> None:
    assert "data" in mistake(jsonnet, "1", data).message
    assert jsonnet("1", {}, MESSAGES, "en") == 1


def test_data_that_nests_deeply(jsonnet: Evaluator) -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    assert "nests too deeply" in mistake(jsonnet, "1", {"a": deep}).message


def test_more_texts_than_one_program_knows(jsonnet: Evaluator) -> None:
    for number in range(TEXTS + 5):
        assert jsonnet(f"data.n + {number}", {"n": 1}, MESSAGES, "en") == number + 1
    assert jsonnet("data.n + 0", {"n": 1}, MESSAGES, "en") == 1


def test_threads_share_one(jsonnet: Evaluator) -> None:
    found: dict[int, Any] = {}

    def work(number: int) -> None:
        for _ in range(20):
            found[number] = jsonnet("data.n", {"n": number}, MESSAGES, "en")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: number for number in range(4)}


def test_the_process_ends_with_the_evaluator_and_begins_again() -> None:
    with evaluator() as one:
        assert one("1", {}, MESSAGES, "en") == 1
        assert one._child is not None
        process = one._child._process
        assert process.poll() is None
    assert process.returncode is not None
    assert one("2", {}, MESSAGES, "en") == 2
    one.close()


def test_the_process_sees_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SHELL", "x")
    with evaluator() as one:
        one("1", {}, MESSAGES, "en")
        assert one._child is not None
        environment = Path(f"/proc/{one._child._process.pid}/environ")
        if not environment.exists():
            pytest.skip("this system does not show a process's environment")
        assert b"SECRET" not in environment.read_bytes()


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child.importlib.util, "find_spec", lambda _: None)
    with evaluator() as one:
        error = mistake(one, "1")
    assert error.help == 'pip install "nac[jsonnet]"'
    assert "_jsonnet" not in sys.modules


def test_every_missing_field_and_translation(jsonnet: Evaluator) -> None:
    source = '{a: data.aa, b: data.order.bb, c: t("cc") + t("dd"), d: data.order.bb, e: std.length(5)}'
    context = Context(DATA, locale="en", translations=MESSAGES)
    found = jsonnet_problems(source, context, jsonnet, mistake(jsonnet, source))
    assert [one.asked(source) for one in found] == ["data.aa", "data.order.bb", 't("cc")', 't("dd")']
