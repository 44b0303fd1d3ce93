"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest
from outside import SIMPLE

pytest_plugins = ["pytester"]

# An installation that is older than the plugin does not announce it yet; a second name for it would be an error.
_ANNOUNCED = bool(entry_points(group="pytest11", name="nac"))
ARGUMENTS = ("-p", "no:cacheprovider", *(() if _ANNOUNCED else ("-p", "nac.pytest_plugin")))


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    for path, text in SIMPLE.items():
        (pytester.path / path).parent.mkdir(parents=True, exist_ok=True)
        (pytester.path / path).write_text(text, "utf-8")
    return pytester


def test_fixtures(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import os
        import pytest
        from nac import NacError
        from nac.dispatch import Bearer, Client

        EVENT = {"city": "Lyon", "people": [{"id": "u1", "name": "Ana"}]}

        def test_project(nac_project):
            assert set(nac_project.triggers) == {"hello"}

        def test_compile(nac_compile):
            compiled = nac_compile("hello", EVENT)
            assert not compiled.diagnostics
            assert compiled.payloads[0].body["data"] == {"city": "Lyon"}
            assert nac_compile("hello", {}).diagnostics

        def test_sample_by_name(nac_compile):
            assert len(nac_compile("hello", "two people").payloads[0].people) == 2
            with pytest.raises(NacError, match="it has two people"):
                nac_compile("hello", "nobody")

        def test_unknown(nac_compile):
            with pytest.raises(NacError, match="did you mean `hello`"):
                nac_compile("helo", {})

        def test_preview(nac_preview):
            shown = nac_preview("hello", EVENT, channel="sms")
            assert [one.text for one in shown.readers[0].previews] == ["Hello Ana in Lyon"]

        def test_sandbox(nac_sandbox, nac_compile):
            assert os.environ["SUPRSEND_BASE_URL"] == nac_sandbox.url
            payload = nac_compile("hello", EVENT).payloads[0]
            with Client(Bearer(os.environ["SUPRSEND_API_KEY"]), base_url=nac_sandbox.url) as client:
                client.send("workflow", [payload.encoded])
            assert [one.recipient for one in nac_sandbox.deliveries] == ["u1"]

        def test_sandbox_is_gone(nac_project):
            assert "SUPRSEND_BASE_URL" not in os.environ
        """
    )
    done = project.runpytest_subprocess(*ARGUMENTS, "-W", "error")
    done.assert_outcomes(passed=7)


def test_trigger_with_mistakes_is_told(project: pytest.Pytester) -> None:
    (project.path / "notifications/broken.yaml").write_text("workflo: x\n")
    project.makepyfile("def test_it(nac_compile):\n    nac_compile('broken', {})\n")
    done = project.runpytest_subprocess(*ARGUMENTS)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*the trigger `broken` has mistakes:*", "*unknown-key*"])


def test_samples_are_collected(project: pytest.Pytester) -> None:
    file = project.path / "notifications/hello.yaml"
    file.write_text(
        file.read_text() + "    expect: {previews: [{channel: sms, recipient: u1, equals: Hello Bo in Lyon}]}\n"
    )
    (project.path / "notifications/broken.yaml").write_text("workflo: x\n")
    done = project.runpytest_subprocess(*ARGUMENTS, "--nac", "-rf")
    done.assert_outcomes(failed=2)
    done.stdout.fnmatch_lines(
        [
            "*notifications/hello.yaml:9:*",
            "*Hello [[]-Bo-[]]{+Ana+} in Lyon*",
            "FAILED notifications/hello.yaml::two people*",
        ]
    )
    done.stdout.fnmatch_lines(["*unknown-key*"])
    assert "Traceback" not in done.stdout.str()


def test_samples_are_collected_by_the_setting(project: pytest.Pytester) -> None:
    inner = project.path / "inner"
    inner.mkdir()
    (project.path / "notifications").rename(inner / "notifications")
    project.makeini("[pytest]\nnac_project = inner\nnac_collect = true\naddopts = --strict-config --strict-markers\n")
    project.runpytest_subprocess(*ARGUMENTS).assert_outcomes(passed=1)
    done = project.runpytest_subprocess(*ARGUMENTS, "inner/notifications/hello.yaml::two people", "-v")
    done.assert_outcomes(passed=1)


def test_nothing_is_loaded_where_it_is_not_used(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("data.yaml").write_text("a: [\n")
    pytester.makepyfile(
        """
        import sys

        def test_it():
            loaded = {one for one in sys.modules if one.startswith("nac.")}
            assert loaded == {"nac._version", "nac.pytest_plugin"} or loaded == {"nac.pytest_plugin"}, loaded
            assert not {"duckdb", "pydantic", "jinja2", "httpx"} & set(sys.modules)
        """
    )
    pytester.runpytest_subprocess(*ARGUMENTS).assert_outcomes(passed=1)


def test_no_project(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(nac_project):\n    pass\n")
    done = pytester.runpytest_subprocess(*ARGUMENTS)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*there is no folder `notifications`*set `nac_project`*"])
