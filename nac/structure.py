"""What can be seen to be wrong with a trigger file without an event: literal values, names in expressions,
selectors, and what it refers to in the project."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from pydantic import TypeAdapter

from nac.diagnostics import (
    DUPLICATE_NAME,
    INVALID_VALUE,
    MISSING_KEY,
    UNDEFINED_VARIABLE,
    UNKNOWN_DIRECTORY,
    UNKNOWN_FILE,
    UNKNOWN_KEY,
    UNKNOWN_TEMPLATE,
    WRONG_TYPE,
    Diagnostic,
    Label,
    did_you_mean,
)
from nac.event import parse_now
from nac.expressions import ExpressionError, check_names, is_template, templates
from nac.model import AUTHORS_OWN, KINDS, PROJECT_PATH, RESERVED_NAMES, DynamicTrigger, WorkflowTrigger
from nac.payload import REQUESTS
from nac.people import Object, User
from nac.project import FOLDER, Project, Trigger, Written
from nac.schema import validate
from nac.source import Node
from nac.templates.library import has_template, vendor_folder

_USER, _OBJECT = TypeAdapter(User), TypeAdapter(Object)
NAMES = frozenset({"event", "env", "now"})


def check_file(project: Project, written: Written, kind: str) -> Iterator[Diagnostic]:
    """The literal values and the expressions of one file, whatever else is wrong with it."""
    env = frozenset(project.settings.env)
    yield from _check_literals(written, kind)
    for key in written.node.value:
        if key not in ("recipients", "samples", "description", "kind", "event_schema"):
            yield from check_expressions(written.below(key), NAMES, env)
    recipients = written.node.value.get("recipients")
    for index, selector in enumerate(recipients if isinstance(recipients, list) else ()):
        if isinstance(selector, dict):
            yield from _check_selector(project, written.below("recipients", index), selector)
    yield from _check_keys(written)
    yield from _check_attachments(project, written)
    yield from _check_event_schema(project, written)
    yield from _check_samples(project, written)


def _check_keys(written: Written) -> Iterator[Diagnostic]:
    """Keys are sent as they are written: an expression in one would go out with its braces."""
    top = written.node.value
    pending: list[tuple[tuple[str | int, ...], object]]
    pending = [((key,), value) for key, value in top.items() if key not in ("samples", "event_schema")]
    while pending:
        path, value = pending.pop()
        if is_template(path[-1]):
            help = 'give the whole mapping by one expression: `data: "{{ event.data }}"`'
            message = "an expression is not evaluated in a key"
            yield Diagnostic(INVALID_VALUE, message, written.below(*path).label(key=True), help=help)
        if isinstance(value, dict):
            pending.extend(((*path, key), one) for key, one in value.items())
        elif isinstance(value, list):
            pending.extend(((*path, index), one) for index, one in enumerate(value))


def _check_literals(written: Written, kind: str) -> Iterator[Diagnostic]:
    """What goes out as written, against the request it goes out in."""
    node = written.node
    names = {field.alias or name for name, field in KINDS[kind].model_fields.items()} - AUTHORS_OWN
    if kind == "workflow":
        names.discard("template")
    wire = {name: "$idempotency_key" if name == "idempotency_key" else name for name in node.value if name in names}
    body = {wire[name]: _trimmed(name, node.value[name]) for name in wire}
    stand_ins: dict[str, Any] = {
        "recipients": ["x"], "users": [{"distinct_id": "x"}], "$insert_id": "x" * 36, "$time": 1_700_000_000_000,
    }  # fmt: skip
    fields = {field.alias or name for name, field in REQUESTS[kind]._type.model_fields.items()}
    body.update({name: value for name, value in stand_ins.items() if name in fields})
    body["data"] = body.get("data") or {}
    assert isinstance(node.children, dict)
    view = Node(body, node.span, {wire[name]: node.children[name] for name in wire},
                {wire[name]: (node.keys or {})[name] for name in wire})  # fmt: skip
    for one in validate(REQUESTS[kind], Written(view, written.source), ignore_templates=True):
        if one.rule is not MISSING_KEY or not one.message.endswith("is missing"):  # the trigger's own model says those
            yield one


def _trimmed(name: str, value: Any) -> Any:
    return value.strip(" ") if name.endswith("_key") and isinstance(value, str) else value


def check_expressions(written: Written, names: frozenset[str], env: frozenset[str]) -> Iterator[Diagnostic]:
    """Every expression below a value: whether it is one, and whether what it starts from can exist there."""
    for path, text in templates(written.value):
        try:
            error = check_names(text, names, env)
        except ExpressionError as raised:
            error = raised
        if error:
            yield written.below(*path).error(error)


def check_person(written: Written, names: frozenset[str], env: frozenset[str]) -> Iterator[Diagnostic]:
    """An inline user or object: its literal parts, and its expressions."""
    if isinstance(written.value, dict):
        adapter = _OBJECT if written.path[-1] == "object" else _USER
        yield from validate(adapter, written, ignore_templates=True)
    yield from check_expressions(written, names, env)


def _check_selector(project: Project, written: Written, selector: dict[str, Any]) -> Iterator[Diagnostic]:
    env, inner = frozenset(project.settings.env), NAMES
    if "from" in selector:
        inner = NAMES | {"row"}
        yield from _check_directory(project, written, selector)
    elif "each" in selector:
        alias = selector.get("as", "item")
        inner = NAMES | ({alias} if isinstance(alias, str) else frozenset())
        if alias in RESERVED_NAMES:
            yield Diagnostic(INVALID_VALUE, f"`{alias}` has a meaning of its own", written.below("as").label(),
                             help="call the item something else, e.g. `person`")  # fmt: skip
        if isinstance(selector["each"], str) and not is_template(selector["each"]):
            yield Diagnostic(WRONG_TYPE, "`each` takes an expression that gives a list", written.below("each").label(),
                             help='e.g. `each: "{{ event.people }}"`')  # fmt: skip
        if "user" not in selector and "object" not in selector:
            yield Diagnostic(MISSING_KEY, "`each` needs a `user` (or `object`) that says who each item is",
                             written.below("each").label(key=True),
                             help=f'e.g. `user: "{{{{ {alias}.id }}}}"`')  # fmt: skip
    if "user" in selector and "object" in selector:
        yield Diagnostic(UNKNOWN_KEY, "a selector has a `user` or an `object`, not both",
                         written.below("object").label(key=True))  # fmt: skip
    for key in selector:
        if key in ("user", "object"):
            yield from check_person(written.below(key), inner, env)
        elif key not in ("where", "order_by"):
            yield from check_expressions(written.below(key), NAMES, env)


def _check_directory(project: Project, written: Written, selector: dict[str, Any]) -> Iterator[Diagnostic]:
    known, name = project.settings.directories, selector["from"]
    if isinstance(name, str) and name not in known and name not in declared(project):
        help = did_you_mean(name, declared(project)) or "declare it under `directories:` in notifications/nac.yaml"
        label = written.below("from").label()
        yield Diagnostic(UNKNOWN_DIRECTORY, f"there is no directory `{name[:80]}`", label, help=help)
    for key in ("where", "order_by"):
        if is_template(selector.get(key)):
            yield Diagnostic(INVALID_VALUE, "an expression is never pasted into SQL", written.below(key).label(),
                             help="write `$name` here and give its value under `params:`")  # fmt: skip


def declared(project: Project) -> Collection[str]:
    """The directories that nac.yaml names, those included that are wrong there."""
    names = project.written.node.value.get("directories") if project.written else None
    return names if isinstance(names, dict) else ()


def check_meaning(project: Project, trigger: Trigger) -> Iterator[Diagnostic]:
    """What a well-formed trigger says that cannot be: templates, and who a kind cannot go to."""
    model = trigger.model
    template = model.template if isinstance(model, WorkflowTrigger) else None
    if template is not None and not has_template(project.tree, template, project.settings.suprsend):
        other = vendor_folder(template, project.settings.suprsend)
        message = f"there is no folder {FOLDER}/templates/{template}" + (f", and no {other}" if other else "")
        yield Diagnostic(UNKNOWN_TEMPLATE, message, trigger.at("template").label())
    for index, selector in enumerate(model.recipients if isinstance(model, DynamicTrigger) else ()):
        if getattr(selector, "object", None) is not None:
            label = trigger.at("recipients", index, "object").label(key=True)
            yield Diagnostic(INVALID_VALUE, "a dynamic workflow takes users, not objects", label)


def _mappings(written: Written, key: str) -> Iterator[tuple[Written, dict[str, Any]]]:
    """The mappings in the list `key`, whatever else is in it."""
    found = written.node.value.get(key)
    for index, one in enumerate(found if isinstance(found, list) else ()):
        if isinstance(one, dict):
            yield written.below(key, index), one


def _check_attachments(project: Project, written: Written) -> Iterator[Diagnostic]:
    for at, attachment in _mappings(written, "attachments"):
        file = attachment.get("file")
        if file is not None and attachment.get("url") is not None:
            label = at.below("url").label(key=True)
            yield Diagnostic(INVALID_VALUE, "an attachment has a `file` or a `url`, not both", label)
        elif file is None and attachment.get("url") is None:
            yield Diagnostic(MISSING_KEY, "an attachment has a `file` or a `url`", at.label())
        elif isinstance(file, str) and re.fullmatch(PROJECT_PATH, file) and not is_template(file):
            if attachment.get("ignore_if_error") is True:
                continue
            exists = project.tree.exists(f"{FOLDER}/{file}")
            message = f"there is no file `{file[:80]}` under notifications/"
            yield from () if exists else [Diagnostic(UNKNOWN_FILE, message, at.below("file").label())]


def schema_paths(name: str, suprsend: str) -> tuple[str, ...]:
    """Where the event schema of that name may lie: below notifications/, or in the vendor's folder by its slug."""
    here = f"{FOLDER}/{name}"
    there = f"{suprsend}/schemas/{name}"
    return (here,) if "/" in name else (here, f"{there}/schema.json", f"{there}.json")


def _check_event_schema(project: Project, written: Written) -> Iterator[Diagnostic]:
    name = written.node.value.get("event_schema")
    if not isinstance(name, str) or not re.fullmatch(PROJECT_PATH, name):
        return
    paths = schema_paths(name, project.settings.suprsend)
    if not any(project.tree.exists(path) for path in paths):
        message = f"there is no event schema `{name[:80]}`"
        help = f"looked for {', '.join(path[:120] for path in paths)}"
        yield Diagnostic(UNKNOWN_FILE, message, written.below("event_schema").label(), help=help)


def _check_samples(project: Project, written: Written) -> Iterator[Diagnostic]:
    names: dict[str, Label] = {}
    for at, sample in _mappings(written, "samples"):
        name, now, env = sample.get("name"), sample.get("now"), sample.get("env")
        if isinstance(name, str) and name:
            label = at.below("name").label()
            if name in names:
                first = Label(names[name].path, names[name].span, "the first is here")
                yield Diagnostic(DUPLICATE_NAME, f"two samples are called `{name[:80]}`", label, (first,))
            names.setdefault(name, label)
        if isinstance(now, str) and now and parse_now(now) is None:
            yield Diagnostic(INVALID_VALUE, f"`{now[:40]}` is not a time", at.below("now").label(),
                             help="write it as 2026-01-31T09:00:00Z")  # fmt: skip
        for variable in env if isinstance(env, dict) else ():
            if variable not in project.settings.env:
                label = at.below("env", variable).label(key=True)
                help = did_you_mean(variable, project.settings.env)
                yield Diagnostic(UNDEFINED_VARIABLE, f"`env.{variable[:80]}` is not allowed", label,
                                 help=help or "list it under `env:` in nac.yaml to allow it")  # fmt: skip
