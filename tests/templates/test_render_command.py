"""`nac render`, as a process."""

import json
from pathlib import Path

import pytest

from command_line import Nac

TEMPLATE = "Hi {{$recipient.name}}, {{length seats}} seats since {{datetime-format 'now' 'D MMMM'}}\n"
DATA = json.dumps({"$recipient": {"name": "Siobhán"}, "seats": [1, 2]})


def test_prints_the_template_and_nothing_else(nac: Nac, tmp_path: Path) -> None:
    (tmp_path / "sms.hbs").write_text(TEMPLATE)
    (tmp_path / "data.json").write_text(DATA)
    done = nac("render", "sms.hbs", "--data", "data.json", "--now", "2026-01-31")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Hi Siobhán, 2 seats since 31 January", "")


def test_either_file_can_come_from_stdin(nac: Nac, tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text('{"a": "<1>"}')
    assert nac("render", "-", "--data", "data.json", stdin="{{a}}").stdout == "&lt;1&gt;"
    (tmp_path / "a.hbs").write_text("{{{a}}}")
    assert nac("render", "a.hbs", "--data", "-", stdin='{"a": "<1>"}').stdout == "<1>"


def test_without_data_and_without_a_time(nac: Nac) -> None:
    assert nac("render", "-", stdin="{{#if (datetime-format 'now' 'YYYY')}}now{{/if}}").stdout == "now"


def test_everything_missing_is_told_at_once_with_its_place(nac: Nac) -> None:
    done = nac("render", "-", "--data", "-", stdin="")
    assert done.returncode == 2
    done = nac("render", "-", stdin="{{a}}\n{{#if true}}\t{{b.c}}{{/if}}{{t 'x'}}")
    assert done.returncode == 1
    assert done.stdout == ""
    assert [line for line in done.stderr.split("\n") if "-->" in line] == [
        "  --> stdin:1:3",
        "  --> stdin:2:16",
        "  --> stdin:2:30",
    ]
    assert "error[NAC311 message-dropped]: SuprSend would drop this message: `a` is not in the data" in done.stderr
    assert "the translation `x` is in no file of en" in done.stderr
    assert "     |   ^\n" in done.stderr


def test_lenient_prints_nothing_for_it(nac: Nac) -> None:
    done = nac("render", "-", "--lenient", stdin="[{{a}}{{b.c}}]")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]", "")


@pytest.mark.parametrize("source", ["{{#if}}", "{{nope 1}}", "{{divide 'a' 1}}", "{{datetime-format 'x' 'y'}}"])
def test_a_broken_template_is_a_finding(nac: Nac, source: str) -> None:
    done = nac("render", "-", stdin=source)
    assert (done.returncode, done.stdout) == (1, "")
    assert "error[NAC310 invalid-template]" in done.stderr


@pytest.mark.parametrize(
    ("args", "stdin", "says"),
    [
        (["missing.hbs"], "", "missing.hbs: no such file or directory"),
        (["-", "--data", "missing.json"], "", "missing.json: no such file or directory"),
        (["-", "--data", "-"], "", "only one of the template and --data can come from stdin"),
        (["-", "--now", "noon"], "", "write it as 2026-01-31T09:00:00Z"),
        (["-", "--engine", "jinja"], "", "is not one of 'nac', 'pybars3'"),
        (["-"], b"\xff", "stdin: the byte 0xff is not UTF-8"),
    ],
)
def test_usage(nac: Nac, args: list[str], stdin: str | bytes, says: str) -> None:
    done = nac("render", *args, stdin=stdin)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("data", ["[1]", "{", '{"a": 1, "a": 2}', '{"a": NaN}'])
def test_data_that_is_no_object(nac: Nac, tmp_path: Path, data: str) -> None:
    (tmp_path / "data.json").write_text(data)
    done = nac("render", "-", "--data", "data.json", stdin="x")
    assert done.returncode == 2
    assert "data.json: " in done.stderr


def test_a_file_gets_the_output_byte_for_byte(nac: Nac, tmp_path: Path) -> None:
    stdin = "a\r\n\x1b[31m\u202e"
    assert nac("render", "-", "-o", "out.txt", stdin=stdin).stdout == ""
    assert (tmp_path / "out.txt").read_bytes() == stdin.encode()
    assert nac("render", "-", stdin=stdin).stdout == stdin


def test_a_terminal_gets_no_control_characters(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    import os
    import subprocess
    import sys

    (tmp_path / "a.hbs").write_text("a\x1b[31mb\n")
    controller, terminal = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "nac", "render", "a.hbs"], cwd=tmp_path, stdout=terminal, timeout=180, check=True
    )
    os.close(terminal)
    assert os.read(controller, 1000) == b"a\\x1b[31mb\r\n"
    os.close(controller)


def test_no_output_file_appears_where_something_is_missing(nac: Nac, tmp_path: Path) -> None:
    assert nac("render", "-", "-o", "out.txt", stdin="{{a}}").returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_translations_of_the_project_are_printed(nac: Nac, tmp_path: Path) -> None:
    folder = tmp_path / "site" / "notifications" / "translations"
    folder.mkdir(parents=True)
    (folder / "en.json").write_text('{"hi": "Hi {{name}}"}')
    (folder / "es.json").write_text('{"hi": "Hola {{name}}"}')
    args = ["render", "-", "--project", "site", "--locale"]
    assert nac(*args, "es_MX", stdin="{{t 'hi' name='Ann'}}").stdout == "Hola Ann"
    assert nac(*args, "fr", stdin="{{t 'hi' name='Ann'}}").stdout == "Hi Ann"
    (folder / "de.json").write_text('{"hi": 5}')
    done = nac(*args, "fr", stdin="{{t 'hi' name='Ann'}}")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--> notifications/translations/de.json:1:2" in done.stderr
    assert nac(*args, "fr", stdin="no translation").returncode == 0


def test_pybars3_is_refused_dangerous_templates(nac: Nac) -> None:
    pytest.importorskip("pybars")
    assert nac("render", "-", "--engine", "pybars3", stdin="[{{a}}]").stdout == "[]"
    evil = "{{a.[x') or __import__('os').getpid() or resolve(context, u'y]}}"
    done = nac("render", "-", "--engine", "pybars3", stdin=evil)
    assert (done.returncode, done.stdout) == (1, "")
    assert "--> stdin:1:3" in done.stderr
    done = nac("render", "-", "--engine", "pybars3", stdin="{{divide 'a' 1}}")
    assert (done.returncode, done.stderr) == (
        1,
        "Error: stdin: `divide` needs numbers; one argument is “a”, which is text\n",
    )


def test_pybars3_that_is_not_installed(nac: Nac, tmp_path: Path) -> None:
    (tmp_path / "pybars.py").write_text("raise ImportError('not here')")
    done = nac("render", "-", "--engine", "pybars3", stdin="a")
    assert done.returncode == 2
    assert "--engine pybars3 needs pybars3: pip install 'nac[pybars3]'" in done.stderr
