"""A pytest plugin: fixtures to compile, preview and send to a stand-in, and the samples of the triggers as tests.

```ini
[tool.pytest.ini_options]
nac_project = "."       # the directory that holds notifications/, relative to pytest's rootdir; "." if left out
nac_collect = true      # notifications/**/*.yaml are tests too, as with --nac
```
Nothing of nac is imported before a fixture or a sample is used.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from nac.api import Compiled
    from nac.api.testing import Runner
    from nac.diagnostics import Diagnostic
    from nac.event import Event
    from nac.expectations import Outcome
    from nac.preview.result import Previewed
    from nac.project import Loaded, Project, Trigger
    from nac.sandbox import Sandbox

FOLDER = "notifications"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("nac").addoption(
        "--nac", action="store_true", dest="nac_collect", help="run the samples of notifications/**/*.yaml as tests"
    )
    parser.addini("nac_project", "the directory that holds notifications/, relative to rootdir", default=".")
    parser.addini("nac_collect", "run the samples of notifications/**/*.yaml as tests", type="bool", default=False)


class _Used:
    """A project and what is open of it, from its first use to the end of the session."""

    def __init__(self, root: Path) -> None:
        from nac import api
        from nac.api.testing import Runner

        try:
            self.loaded: Loaded = api.load(root)
        except api.NacError as error:
            raise pytest.UsageError(f"{str(error).partition(':')[0]}: set `nac_project` in pytest's settings") from None
        self.runner: Runner = Runner(self.loaded.project, strict=os.environ.get("CI", "") not in ("", "0", "false"))

    def trigger(self, name: str) -> Trigger:
        """Raises NacError, with the findings of a trigger that has some."""
        from nac import api

        found = self.findings(f"{FOLDER}/{name}.yaml") + self.findings(f"{FOLDER}/{name}.yml")
        if found:
            raise api.NacError(f"the trigger `{name}` has mistakes:\n{self.text(found)}")
        return api.find(self.loaded.project, name)

    def findings(self, path: str) -> list[Diagnostic]:
        return [one for one in self.loaded.diagnostics if one.label.path == path]

    def line(self, path: str, number: int) -> str | None:
        from nac.source import SourceFile
        from nac.text_file import read_text

        source = read_text(self.loaded.project.tree, path, 1 << 20)
        return source.line(number) if isinstance(source, SourceFile) else None

    def text(self, found: Iterable[Diagnostic]) -> str:
        from nac.report.findings import findings_text

        return findings_text(found, self.line)

    def event(self, trigger: Trigger, event: Any, now: datetime | None, env: Mapping[str, str]) -> Event:
        """A sample by its name, or a mapping at the time of samples and with their environment."""
        from nac import api
        from nac.event import SAMPLE_NOW, Event, sample_event

        settings = self.loaded.project.settings
        if isinstance(event, Event):
            return event
        if isinstance(event, str):
            samples = {one.name: one for one in trigger.model.samples}
            if event not in samples:
                raise api.NacError(f"{trigger.name} has no sample `{event}`: it has {', '.join(samples) or 'none'}")
            return sample_event(samples[event], settings, now)
        declared = settings.env if isinstance(settings.env, dict) else {}
        return Event("event", event, now or SAMPLE_NOW, {**declared, **env})


_USED = pytest.StashKey[_Used]()


def _root(config: pytest.Config) -> Path:
    return (config.rootpath / str(config.getini("nac_project") or ".")).resolve()


def _used(config: pytest.Config) -> _Used:
    if _USED not in config.stash:
        config.stash[_USED] = _Used(_root(config))
    return config.stash[_USED]


def pytest_unconfigure(config: pytest.Config) -> None:
    if _USED in config.stash:
        config.stash[_USED].runner.close()
        del config.stash[_USED]


class CompileTrigger(Protocol):
    def __call__(
        self, trigger: str, event: Any = ..., *, now: datetime | None = ..., env: Mapping[str, str] = ...
    ) -> Compiled: ...


class PreviewTrigger(Protocol):
    def __call__(
        self,
        trigger: str,
        event: Any = ...,
        *,
        now: datetime | None = ...,
        env: Mapping[str, str] = ...,
        **options: Any,
    ) -> Previewed: ...


@pytest.fixture(scope="session")
def nac_project(pytestconfig: pytest.Config) -> Project:
    """The project that `nac_project` names in pytest's settings, by default the one at rootdir."""
    return _used(pytestconfig).loaded.project


@pytest.fixture
def nac_compile(pytestconfig: pytest.Config) -> CompileTrigger:
    """`nac_compile(trigger, event)` gives the requests of one event, a mapping or a sample's name; see `nac.compile`.

    Expressions see the time of samples (`now` gives another) and the environment of nac.yaml (`env` adds to it).
    """

    def compiled(
        trigger: str,
        event: Any = None,
        *,
        now: datetime | None = None,
        env: Mapping[str, str] = {},
    ) -> Compiled:
        from nac import api

        used = _used(pytestconfig)
        found = used.trigger(trigger)
        one = used.event(found, {} if event is None else event, now, env)
        return api.compile(used.loaded.project, found, one, used.runner.where)

    return compiled


@pytest.fixture
def nac_preview(pytestconfig: pytest.Config) -> PreviewTrigger:
    """`nac_preview(trigger, event, channel="sms")` gives what recipients read; see `nac.preview` for the options."""

    def previewed(
        trigger: str,
        event: Any = None,
        *,
        now: datetime | None = None,
        env: Mapping[str, str] = {},
        **options: Any,
    ) -> Previewed:
        from nac import api

        used = _used(pytestconfig)
        found = used.trigger(trigger)
        one = used.event(found, {} if event is None else event, now, env)
        options.setdefault("templates", used.runner.templates)
        return api.preview(used.loaded.project, found, one, used.runner.where, **options)

    return previewed


@pytest.fixture
def nac_sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A stand-in for SuprSend's hub on a free port, with its address and credentials in the environment.

    `nac_sandbox.requests` holds what it received, `nac_sandbox.deliveries` who would have been notified.
    """
    from nac.sandbox import Sandbox

    with Sandbox() as sandbox:
        monkeypatch.setenv("SUPRSEND_BASE_URL", sandbox.url)
        monkeypatch.setenv("SUPRSEND_WORKSPACE_KEY", "sandbox")
        monkeypatch.setenv("SUPRSEND_WORKSPACE_SECRET", "sandbox-secret")
        monkeypatch.setenv("SUPRSEND_API_KEY", "sandbox-key")
        yield sandbox


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    config = parent.config
    if file_path.suffix not in (".yaml", ".yml") or not (config.option.nac_collect or config.getini("nac_collect")):
        return None
    root = _root(config)
    if not file_path.is_relative_to(root / FOLDER):
        return None
    from nac.load import is_trigger

    path = file_path.relative_to(root).as_posix()
    settings = _used(config).loaded.project.settings
    data = {f"{FOLDER}/{one.path}" for one in settings.directories.values()}
    return _TriggerFile.from_parent(parent, path=file_path) if is_trigger(path) and path not in data else None


class _TriggerFile(pytest.File):
    """The samples of one trigger; of one with mistakes, a test that tells them."""

    def collect(self) -> Iterable[pytest.Item]:
        used = _used(self.config)
        path = self.path.relative_to(_root(self.config)).as_posix()
        trigger = used.loaded.project.triggers.get(path.removeprefix(f"{FOLDER}/").rsplit(".", 1)[0])
        if trigger is None or trigger.written.source.path != path:
            yield _Sample.from_parent(self, name="(loads)", trigger=None, place=0)
            return
        for index, sample in enumerate(trigger.model.samples):
            span = trigger.at("samples", index, "name").label().span
            yield _Sample.from_parent(self, name=sample.name, trigger=trigger, place=span.line - 1 if span else 0)


class _SampleFailed(Exception):  # noqa: N818 - it is not an error, but what a test found
    pass


class _Sample(pytest.Item):
    def __init__(self, *, trigger: Trigger | None, place: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.trigger, self.place = trigger, place

    def runtest(self) -> None:
        used = _used(self.config)
        if self.trigger is None:
            path = self.path.relative_to(_root(self.config)).as_posix()
            found = used.findings(path)
            raise _SampleFailed(used.text(found or used.loaded.diagnostics))
        for outcome in used.runner.run(self.trigger, {self.name}):
            if not outcome.passed:
                raise _SampleFailed(self._text(outcome))

    def _text(self, outcome: Outcome) -> str:
        from nac._version import __version__
        from nac.report.tested import Tested, render

        return render("text", Tested([outcome], [], _used(self.config).line, __version__))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **more: Any) -> Any:
        if isinstance(excinfo.value, _SampleFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **more)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.place, f"{self.path.name}: {self.name}"
