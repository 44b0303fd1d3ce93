"""A tree of files → a Project, with every mistake that can be seen without an event.

Triggers are `notifications/**/*.yaml`, but for `nac.yaml` and what lies in the RESERVED folders.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from nac.diagnostics import (
    DUPLICATE_NAME,
    EMPTY_FILE,
    INVALID_VALUE,
    MISSING_KEY,
    UNDEFINED_VARIABLE,
    UNKNOWN_DIRECTORY,
    UNKNOWN_KEY,
    UNREADABLE,
    WRONG_TYPE,
    Diagnostic,
    Label,
    describe,
    did_you_mean,
    ordered,
)
from nac.model import KINDS, REMOTE_FORMATS, DirectorySettings, Settings, format_of
from nac.project import FOLDER, SETTINGS, Loaded, Project, Trigger, Written
from nac.remote_url import author_mistake
from nac.remote_url import parse as parse_url
from nac.schema import mistakes, validate
from nac.structure import NAMES, check_file, check_meaning, check_person
from nac.tenants import load_tenants
from nac.text_file import read_text
from nac.tree import Tree
from nac.yaml_reader import MAX_BYTES, read_yaml

# Folders under notifications/ that hold something other than triggers; so do those that start with `.` or `_`.
RESERVED = ("templates", "tenants", "translations", "directories", "attachments", "schemas", "samples")

# Settings that are kept where others are broken, each of them as a whole.
_ALONE = ("suprsend", "rules", "ignore", "strict", "reserved_domains")

_SETTINGS = TypeAdapter(Settings)
_KINDS = {kind: TypeAdapter(model) for kind, model in KINDS.items()}


def load(tree: Tree, only: Collection[str] | None = None) -> Loaded:
    """The project in a tree, of its triggers those named in `only` where it is given; settings and tenants always.

    Never raises for what an author wrote.
    """
    found: list[Diagnostic] = []
    paths = list(tree.files(FOLDER))
    settings, written = _load_settings(tree, found) if {SETTINGS, f"{SETTINGS}/"} & set(paths) else (Settings(), None)
    lost = _lost(written) if found else ()
    known = Project(tree, settings, {}, written)
    data = {f"{FOLDER}/{one.path}" for one in settings.directories.values()}
    paths = [path for path in paths if is_trigger(path) and path not in data]
    if only is not None:
        paths = [path for path in paths if path.removeprefix(f"{FOLDER}/").rsplit(".", 1)[0] in only]
    loaded = [_load_trigger(known, path, found) for path in paths]
    found = [one for one in found if not _follows(one, lost)]
    triggers: dict[str, Trigger] = {}
    for one in loaded:
        if one and one.name in triggers:
            first = Label(triggers[one.name].written.source.path, None, "the first is here")
            label = Label(one.written.source.path)
            found.append(Diagnostic(DUPLICATE_NAME, f"two files make a trigger `{one.name}`", label, (first,),
                                    help="rename one of them, or delete it"))  # fmt: skip
        elif one:
            triggers[one.name] = one
    tenants, problems = load_tenants(tree)
    return Loaded(Project(tree, settings, triggers, written, tenants), tuple(ordered([*found, *problems])))


def _lost(written: Written | None) -> tuple[str, ...]:
    """The parts of a broken nac.yaml of which nothing can be known."""
    value = written.node.value if written else {}
    return tuple(
        name
        for name, kinds in (("directories", dict), ("env", (dict, list)))
        if written is None or not isinstance(value.get(name, {}), kinds)
    )


def _follows(one: Diagnostic, lost: Collection[str]) -> bool:
    """Whether a finding says no more than that nac.yaml is broken, which is told there."""
    return (one.rule is UNKNOWN_DIRECTORY and "directories" in lost) or (
        one.rule is UNDEFINED_VARIABLE and one.message.startswith("`env.") and "env" in lost
    )


def is_trigger(path: str) -> bool:
    """Whether a path below notifications/ is that of a trigger, by its name alone."""
    steps = path.removeprefix(f"{FOLDER}/").rstrip("/").split("/")
    if path.rstrip("/") == SETTINGS or not steps[-1].endswith((".yaml", ".yml")):
        return False
    return not any(step.startswith((".", "_")) for step in steps) and not (len(steps) > 1 and steps[0] in RESERVED)


def _load_settings(tree: Tree, found: list[Diagnostic]) -> tuple[Settings, Written | None]:
    source = read_text(tree, SETTINGS, MAX_BYTES)
    if isinstance(source, Diagnostic):
        found.append(source)
        return Settings(), None
    node, problems = read_yaml(source)
    found.extend(one for one in problems if one.rule is not EMPTY_FILE)  # settings may all be left at their defaults
    if node is None:
        return Settings(), None
    written = Written(node, source)
    if problems := validate(_SETTINGS, written):
        found.extend(problems)
    settings = _usable(written) if problems else Settings.model_validate(node.value)
    broken = set()
    for name, directory in settings.directories.items():
        if problems := list(_check_directory(directory, written.below("directories", name), settings)):
            found.extend(problems)
            broken.add(name)
    whole = {name: one for name, one in settings.directories.items() if name not in broken}
    return settings.model_copy(update={"directories": whole}), written


def _check_directory(directory: DirectorySettings, at: Written, settings: Settings) -> Iterator[Diagnostic]:
    yield from _check_place(directory, at)
    if directory.path and directory.kind is None:
        key = "sample" if directory.is_remote else "path"
        message = f"the ending of `{directory.path}` does not say what it holds"
        help = None if directory.is_remote else "add `format: csv`, json, ndjson, yaml, parquet or sqlite"
        yield Diagnostic(INVALID_VALUE, message, at.below(key).label(), help=help)
    if directory.kind == "sqlite" and directory.table is None:
        yield Diagnostic(MISSING_KEY, "a SQLite directory needs the key `table`", at.label(key=True))
    if directory.user is not None:
        yield from check_person(at.below("user"), NAMES | {"row"}, frozenset(settings.env))


def _check_place(directory: DirectorySettings, at: Written) -> Iterator[Diagnostic]:
    """Where a directory is: in one place, which shows no secret."""
    given = {"path": directory.path_, "url": directory.url, "url_env": directory.url_env}
    places = [key for key, value in given.items() if value is not None]
    if len(places) > 1:
        message = f"a directory has a `{places[0]}` or a `{places[1]}`, not both"
        yield Diagnostic(UNKNOWN_KEY, message, at.below(places[1]).label(key=True))
    elif not places:
        yield Diagnostic(MISSING_KEY, "the key `path` is missing", at.label(key=True),
                         help="or `url`, or `url_env`, for people who are not in a file of the project")  # fmt: skip
    if directory.sample is not None and not directory.is_remote:
        yield Diagnostic(UNKNOWN_KEY, "a file of the project needs no `sample`", at.below("sample").label(key=True),
                         help="it stands in for what a `url` names")  # fmt: skip
    if directory.url is None:
        return
    label = at.below("url").label()
    if (mistake := author_mistake(directory.url)) is not None:
        message, secret = mistake
        help = "name an environment variable that holds the URL: `url_env: PEOPLE_URL`" if secret else None
        yield Diagnostic(
            INVALID_VALUE, f"the `url` cannot be used: {message}", replace(label, secret=secret), help=help
        )
        return
    url = parse_url(directory.url)
    if url.is_database and directory.table is None:
        yield Diagnostic(MISSING_KEY, "a database needs the key `table`", at.label(key=True))
    if not url.is_database and (directory.format or format_of(url.path)) not in REMOTE_FORMATS:
        message = "it is not known to be CSV or Parquet, which alone are read from elsewhere"
        yield Diagnostic(INVALID_VALUE, message, label, help="add `format: csv` or `format: parquet`")


def _usable(written: Written) -> Settings:
    """The parts of a broken nac.yaml that hold, so that one mistake there does not hide those in the triggers."""
    directories, env = written.node.value.get("directories"), written.node.value.get("env")
    named = directories if isinstance(directories, dict) else {}
    allowed = env if isinstance(env, (dict, list)) else []
    kept = [name for name in allowed if _holds({"env": [name]})]
    return Settings(
        directories={name: one for name, one in named.items() if _holds({"directories": {name: one}})},
        env={name: str(env[name]) for name in kept} if isinstance(env, dict) else kept,
        **{key: value for key, value in written.node.value.items() if key in _ALONE and _holds({key: value})},
    )


def _holds(settings: dict[str, Any]) -> bool:
    return not list(mistakes(_SETTINGS, settings))


def _load_trigger(project: Project, path: str, found: list[Diagnostic]) -> Trigger | None:
    if path.rsplit("/", 1)[-1] in ("nac.yaml", "nac.yml"):
        message = f"settings are read from {SETTINGS} alone"
        found.append(Diagnostic(UNREADABLE, message, Label(path.rstrip("/")), help="move what it says there"))
        return None
    source = read_text(project.tree, path, MAX_BYTES)
    if isinstance(source, Diagnostic):
        found.append(source)
        return None
    node, problems = read_yaml(source)
    if node is None:
        found.extend(problems)
        return None
    written = Written(node, source)
    kind = node.value.get("kind", "workflow")
    if not isinstance(kind, str) or kind not in KINDS:
        rule, what = (INVALID_VALUE, f"`{kind[:40]}`") if isinstance(kind, str) else (WRONG_TYPE, describe(kind))
        message = f"`kind` is one of {', '.join(KINDS)}, not {what}"
        help = did_you_mean(kind, KINDS) if isinstance(kind, str) else None
        found.extend([*problems, Diagnostic(rule, message, written.below("kind").label(), help=help)])
        return None
    problems += validate(_KINDS[kind], written)
    checked = list(check_file(project, written, kind))
    better = {one.label for one in checked if one.rule is UNKNOWN_KEY}
    problems = [one for one in problems if one.rule is not UNKNOWN_KEY or one.label not in better]
    told = {(one.label, one.rule) for one in problems}
    problems += [one for one in checked if (one.label, one.rule) not in told]
    trigger = None
    if not problems:
        name = path.removeprefix(f"{FOLDER}/").rsplit(".", 1)[0]
        trigger = Trigger(name, _KINDS[kind].validate_python(node.value), written)
        problems += check_meaning(project, trigger)
    found.extend(problems)
    return None if problems or not trigger or _uses_broken(project, trigger) else trigger


def _uses_broken(project: Project, trigger: Trigger) -> bool:
    """Whether it looks people up in a directory that nac.yaml gets wrong: told there, once."""
    selectors = getattr(trigger.model, "recipients", ())
    return any(getattr(one, "from_", None) not in {None, *project.settings.directories} for one in selectors)
