from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from command_line import TRIGGER, Nac


def test_compile_prints_results_to_stdout_and_nothing_else(nac: Nac) -> None:
    done = nac("compile", "--format", "ndjson")
    assert done.returncode == 0
    assert done.stderr == ""
    keys = [json.loads(line)["$idempotency_key"] for line in done.stdout.splitlines()]
    assert keys == ["hello-1", "hello-2"]


def test_json_is_one_array_of_the_same_requests(nac: Nac) -> None:
    lines = [json.loads(line) for line in nac("compile", "--format", "ndjson").stdout.splitlines()]
    assert json.loads(nac("compile", "--format", "json").stdout) == lines


def test_a_sample_and_a_time_can_be_chosen(nac: Nac) -> None:
    done = nac("compile", "hello", "--sample", "second", "--format", "ndjson", "--now", "2026-05-01T08:00:00+02:00")
    assert json.loads(done.stdout)["data"]["at"] == "2026-05-01T06:00:00Z"


def test_an_event_comes_from_a_file_or_stdin(nac: Nac, project: Path) -> None:
    event = json.dumps({"id": 7, "user": "u7"})
    (project / "event.json").write_text(event)
    environ = {"APP_URL": "https://live.example.com"}
    from_file = nac("compile", "hello", "--event", "event.json", "--format", "ndjson", "--now", "2026-05-01", **environ)
    piped = nac("compile", "hello", "--event", "-", "--format", "ndjson", "--now", "2026-05-01", stdin=event, **environ)
    assert from_file.stdout == piped.stdout
    assert json.loads(piped.stdout)["data"]["url"] == "https://live.example.com"


def test_a_sample_never_sees_the_environment(nac: Nac) -> None:
    done = nac("compile", "--format", "ndjson", APP_URL="https://secret.example.com")
    assert "secret" not in done.stdout


def test_an_event_without_the_environment_it_needs_is_a_finding(nac: Nac) -> None:
    done = nac("compile", "hello", "--event", "-", stdin='{"id": 1, "user": "u"}')
    assert done.returncode == 1
    assert "`env.APP_URL` is not defined" in done.stderr


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["complie"], "did you mean 'compile'?"),
        (["compile", "helo"], "did you mean `hello`?"),
        (["compile", "--sample", "frist"], "did you mean `first`?"),
        (["compile", "--project", "nowhere"], "run `nac init`"),
        (["compile", "--now", "yesterday"], "2026-01-31T09:00:00Z"),
        (["compile", "--event", "nothing.json", "hello"], "no such file"),
        (["compile", "--event", "x.json"], "exactly one trigger"),
        (["compile", "--event", "-", "--sample", "first", "hello"], "exclude each other"),
        (["compile", "--directory", "people", "hello"], "NAME=FILE"),
        (["compile", "--directory", "people=x.csv", "hello"], "there is no directory 'people'"),
        (["preview", "--channel", "emial"], "did you mean `email`?"),
        (["dispatch", "hello"], "--event FILE"),
        (["dispatch", "hello", "--sample", "first", "--yes"], "a sample is not sent to people"),
        (["dispatch", "hello", "--sample", "first", "--yes", "--hub", "http://127.0.0.1:9/"], "SUPRSEND_API_KEY"),
        (["sandbox", "--port", "99999"], "99999"),
    ],
)
def test_wrong_usage_says_what_to_do_and_exits_2(nac: Nac, args: list[str], says: str) -> None:
    done = nac(*args)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert says in re.sub(r"\s+", " ", done.stderr)


@pytest.mark.parametrize("event", ["", "[]", "{", '{"a": NaN}', '{"a": 1, "a": 2}', '{"a": "\\ud800"}', "[" * 100_000])
def test_an_event_that_is_none_is_told(nac: Nac, event: str) -> None:
    done = nac("compile", "hello", "--event", "-", stdin=event)
    assert done.returncode == 2
    assert "stdin: " in done.stderr
    assert "Traceback" not in done.stderr


def test_findings_exit_1_and_the_rest_is_still_compiled(nac: Nac, project: Path) -> None:
    (project / "notifications" / "broken.yaml").write_text("workflow: [1]\nrecipients: []\n")
    done = nac("compile", "--format", "ndjson")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    assert "2 findings" in done.stderr
    assert nac("compile", "hello").returncode == 0


def test_output_replaces_the_file_only_when_all_went_well(nac: Nac, project: Path) -> None:
    out = project / "out.ndjson"
    assert nac("compile", "--format", "ndjson", "-o", "out.ndjson").returncode == 0
    before = out.read_text()
    assert len(before.splitlines()) == 2
    (project / "notifications" / "hello.yaml").write_text(TRIGGER.replace("event.user }}", "event.usr }}"))
    assert nac("compile", "--format", "ndjson", "-o", "out.ndjson").returncode == 1
    assert out.read_text() == before
    assert [path.name for path in project.iterdir() if "out" in path.name] == ["out.ndjson"]
    assert nac("compile", "-o", "no/such/folder/out").returncode == 2


def test_a_device_is_written_to_not_replaced(nac: Nac) -> None:
    nac("compile", "-o", os.devnull)
    assert not Path(os.devnull).is_file()


def test_recipients_name_their_selector(nac: Nac) -> None:
    done = nac("recipients", "hello", "--sample", "first")
    assert "u1                              user (notifications/hello.yaml:4)" in done.stdout
    rows = json.loads(nac("recipients", "hello", "--sample", "first", "--format", "json").stdout)
    assert rows[0]["recipient"]["$email"] == ["ana@example.com"]
    assert rows[0]["selector"] == "user"


def test_preview_as_json_and_narrowed_down(nac: Nac) -> None:
    rows = json.loads(nac("preview", "--format", "json", "--recipient", "u2").stdout)["previews"]
    assert [(row["channel"], row["text"], row["event"]) for row in rows] == [("sms", "Hello Ana", "second")]


def test_a_dropped_message_is_a_finding_in_its_template(nac: Nac, project: Path) -> None:
    (project / "notifications/templates/hello/email.hbs").write_text("<p>{{$recipient.nmae}} {{urll}}</p>\n")
    done = nac("preview", "--sample", "first")
    assert done.returncode == 1
    assert "Hello Ana" in done.stdout  # the other channel still shows
    assert done.stderr.count("SuprSend would drop this message") == 2
    assert "notifications/templates/hello/email.hbs:1:6" in done.stderr
    assert "did you mean `$recipient.name`?" in done.stderr


def test_list_as_json(nac: Nac) -> None:
    [row] = json.loads(nac("list", "--format", "json").stdout)
    assert (row["name"], row["kind"], row["runs"], row["samples"]) == (
        "hello",
        "workflow",
        "hello",
        ["first", "second"],
    )


def test_nothing_from_a_file_can_drive_the_terminal(nac: Nac, project: Path) -> None:
    hostile = "\\e]0;owned\\a\\e[2J\\u202e"
    trigger = TRIGGER.replace("workflow: hello", f'workflow: hello\ndescription: "{hostile}"')
    trigger = trigger.replace("name: first", f'name: "{hostile}"').replace("name: Ana", f'name: "{hostile}"')
    (project / "notifications/hello.yaml").write_text(trigger)
    (project / "notifications/templates/hello/sms.hbs").write_text("\x1b[2J\x9b31m{{$recipient.name}}\u202e")
    evil = '"\\e[2J\\u202e": 1\nworkflow: x\nrecipients: [{user: "\\e[31m"}]\n'
    (project / "notifications/evil.yaml").write_text(evil)
    for command in ("list", "compile", "recipients", "preview"):
        done = nac(command)
        for text in (done.stdout, done.stderr):
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text), command


def test_colour_only_where_somebody_looks(nac: Nac) -> None:
    assert "\x1b[" not in nac("compile").stdout
    assert "\x1b[" in nac("compile", FORCE_COLOR="1").stdout
    assert "\x1b[" not in nac("compile", FORCE_COLOR="1", NO_COLOR="1").stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(nac: Nac, shell: str) -> None:
    assert "_NAC_COMPLETE" in nac("completion", shell).stdout


def test_trigger_names_complete(nac: Nac) -> None:
    done = nac(COMP_WORDS="nac preview he", COMP_CWORD="2", _NAC_COMPLETE="bash_complete")
    assert done.stdout.strip() == "plain,hello"


MANY = """\
workflow: many
recipients: [{each: "{{ event.people }}", user: "{{ item }}"}]
"""


def test_version_is_quick_to_import() -> None:
    code = (
        "import sys; from nac.cli import main\n"
        "try: main(['--version'])\n"
        "except SystemExit: pass\n"
        "heavy = {'duckdb', 'httpx', 'jinja2', 'pydantic', 'yaml', 'ruamel'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("nac ")


def test_what_a_command_does_not_need_is_not_imported(project: Path) -> None:
    code = (
        "import sys; from nac.cli import main\n"
        "try: main(['compile', '--format', 'ndjson'])\n"
        "except SystemExit as e: assert not e.code, e\n"
        "heavy = {'duckdb', 'httpx'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_closed_pipe_is_quiet(project: Path) -> None:
    event = {"people": [f"user-{number}" for number in range(50_000)]}
    (project / "many.json").write_text(json.dumps(event))
    (project / "notifications/many.yaml").write_text(
        'workflow: many\nrecipients: [{each: "{{ event.people }}", user: "{{ item }}"}]\n'
    )
    script = f"{sys.executable} -m nac compile many --event many.json --format ndjson | head -n 1; "
    done = subprocess.run(["bash", "-c", script], cwd=project, capture_output=True, text=True, check=False)
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_a_bug_in_nac_is_an_internal_error_without_a_traceback(project: Path) -> None:
    code = (
        "import nac.api.triggers\n"
        "def broken(*_): raise RuntimeError('a secret value')\n"
        "nac.api.triggers.load_tree = broken\n"
        "from nac.cli import main\n"
        "main(['list'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "internal error: RuntimeError" in done.stderr
    assert "secret" not in done.stderr


def test_interrupted_is_130(project: Path) -> None:
    code = (
        "import nac.api.triggers\n"
        "def stop(*_): raise KeyboardInterrupt\n"
        "nac.api.triggers.load_tree = stop\n"
        "from nac.cli import main\n"
        "main(['list'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 130


def test_init_writes_once(nac: Nac, tmp_path: Path) -> None:
    target = tmp_path / "new"
    assert nac("init", str(target)).returncode == 0
    assert nac("preview", "--project", str(target)).returncode == 0
    again = nac("init", str(target))
    assert again.returncode == 2
    assert "nothing was written" in again.stderr


def test_init_where_it_cannot_write(nac: Nac, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "notifications").write_text("a file in the way")
    done = nac("init", str(tmp_path / "taken"))
    assert done.returncode == 2
    assert "cannot write" in done.stderr


def test_a_request_that_lacks_somebody_is_not_made(nac: Nac, project: Path) -> None:
    (project / "notifications/two.yaml").write_text(
        'workflow: two\nrecipients: [{user: u1}, {user: "{{ event.x }}"}]\nsamples: [{name: one}]\n'
    )
    done = nac("compile", "two", "--format", "ndjson")
    assert done.returncode == 1
    assert done.stdout == ""


def test_terminated_half_way_leaves_nothing_behind(project: Path) -> None:
    # The event never ends, so the command is in the middle of its work when the signal comes.
    command = [sys.executable, "-m", "nac", "compile", "hello", "--event", "-", "-o", "out.ndjson"]
    with subprocess.Popen(command, cwd=project, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 60
        while not any(path.name.startswith(".out.ndjson") for path in project.iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=180)
    assert process.returncode == 143
    assert not [path for path in project.iterdir() if "out" in path.name]


@pytest.mark.parametrize("more", [["--event", "-"], ["--sample", "first"]])
def test_a_broken_trigger_is_told_whatever_it_is_run_with(nac: Nac, project: Path, more: list[str]) -> None:
    (project / "notifications" / "broken.yaml").write_text("workflow: [1]\nrecipients: []\n")
    done = nac("compile", "broken", *more, stdin="{}")
    assert done.returncode == 1
    assert "2 findings" in done.stderr
